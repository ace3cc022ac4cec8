"""A PDF as a file: its password, its cipher, and what is done when its end is missing."""

from __future__ import annotations

import io
import re
from typing import BinaryIO

import pypdfium2 as pdfium
from pypdfium2 import raw

from piiscan.extractors.base import Reading, problem
from piiscan.problems import Problem, ProblemKind

__all__ = ["algorithm", "ends", "is_cut", "mended", "open_document"]

_END = 4_096  # readers look for the end mark in the last kilobyte (ISO 32000-2 annex I); some programs write more behind it


def open_document(reading: Reading, source: bytes | BinaryIO) -> tuple[pdfium.PdfDocument, str] | Problem:
    """The document and the password that opened it, or why it does not open."""
    fault = problem(ProblemKind.BROKEN)
    for password in dict.fromkeys(("", *reading.passwords)):
        try:
            return pdfium.PdfDocument(source, password=password or None), password
        except pdfium.PdfiumError as error:
            code = getattr(error, "err_code", None)
            if code == raw.FPDF_ERR_SECURITY:
                return problem(ProblemKind.ENCRYPTED, "unsupported security handler")
            if code != raw.FPDF_ERR_PASSWORD:
                return problem(ProblemKind.BROKEN, f"PDFium error {code}")
            fault = problem(ProblemKind.ENCRYPTED, "password")
        if reading.budget.expired():
            break
    return fault


def mended(data: bytes) -> bytes:
    """A file that lost its end with a new one, which lists every page object there still is; empty when there is none.

    Pages inside object streams (PDF 1.5) cannot be found in this way, nor can those of encrypted files be read.
    """
    if b"/Encrypt" in data:
        return b""
    pages: list[bytes] = []
    highest = 0
    for match in re.finditer(rb"\b(\d{1,8}) (\d{1,5}) obj\b", data):
        highest = max(highest, int(match.group(1)))
        end = data.find(b"endobj", match.end(), match.end() + 20_000)
        if end > 0 and re.search(rb"/Type\s*/Page\b(?!s)", data[match.end() : end]):
            pages.append(b"%s %s R" % match.groups())
    pages = list(dict.fromkeys(pages))
    if not pages:
        return b""
    root, tree = highest + 1, highest + 2
    return data + (
        b"\nendobj\n%d 0 obj\n<< /Type /Catalog /Pages %d 0 R >>\nendobj\n" % (root, tree)
        + b"%d 0 obj\n<< /Type /Pages /Kids [%s] /Count %d >>\nendobj\n" % (tree, b" ".join(pages), len(pages))
        + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n0\n%%%%EOF\n" % (tree + 1, root)
    )


def is_cut(data: bytes) -> bool:
    """Whether the end mark is missing, or objects follow the last one (a later revision that lost its end)."""
    at = data.rfind(b"%%EOF", -_END)
    return at < 0 or re.search(rb"\d obj\b", data[at:]) is not None


def ends(file: BinaryIO) -> bytes:
    """First and last megabyte: where the encryption dictionary of a large file is likely to be."""
    file.seek(0)
    head = file.read(1 << 20)
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - (1 << 20)))
    return head + file.read()


def algorithm(data: bytes) -> str:
    """Cipher of the standard security handler (ISO 32000-2 table 20), when its dictionary can be seen."""
    for match in re.finditer(rb"/Filter\s*/Standard\b", data):
        around = data[max(0, match.start() - 1500) : match.end() + 1500]
        method = re.search(rb"/CFM\s*/(AESV3|AESV2|V2)\b", around)
        if method:
            return {b"AESV3": "AES-256", b"AESV2": "AES-128", b"V2": "RC4"}[method.group(1)]
        version = re.search(rb"/V\s+(\d)", around)
        if version:
            return {b"1": "RC4-40", b"2": "RC4", b"5": "AES-256"}.get(version.group(1), "")
    return ""
