"""Signatures and certificates (CMS/PKCS #7, X.509): what was signed, and the names of who signed.

A mail may travel inside its own signature (``smime.p7m``); certificates of persons hold names, mail addresses and, those of
Japan's 個人番号カード, the address and the date of birth. Nothing is verified.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.segments import cut
from piiscan.model import Part, Role
from piiscan.problems import ProblemKind

__all__ = ["DOC", "ENVELOPED", "MEDIA_TYPES", "NAME", "SIGNED", "SUFFIXES", "extract", "names"]

NAME = "pkcs7"
MEDIA_TYPES = ("application/pkcs7-signature", "application/pkcs7-mime", "application/pkix-cert", "application/x-pkcs12")
SUFFIXES = (".p7s", ".p7m", ".p7b", ".p7c", ".cer", ".der", ".p12", ".pfx")
DOC = FormatDoc(
    description="Signature or certificate (CMS/PKCS #7, X.509)",
    description_ja="電子署名・電子証明書（CMS／PKCS #7、X.509）",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=("what was signed, where it is inside (read as a file of its own)", "names, addresses and other texts of the certificates"),
    sees_ja=("署名された中身（含まれていれば、別のファイルとして読みます）", "証明書にある氏名・住所などの文字"),
    limitations=("what is enveloped (encrypted) and key stores (PKCS #12) are reported as encrypted", "signatures are not verified"),
    limitations_ja=("暗号化されたものと鍵ストア（PKCS #12）は「暗号化」と報告します", "署名は検証しません"),
    references=("RFC 5652", "RFC 5280", "ITU-T X.690"),
)

SIGNED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
ENVELOPED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
#: attributes that hold a name: common name, surname, given name
_NAMES = frozenset({b"\x55\x04\x03", b"\x55\x04\x04", b"\x55\x04\x2a"})
_OCTETS, _OID, _EXPLICIT = 0x04, 0x06, 0xA0
_STRINGS = {0x0C: "utf-8", 0x12: "ascii", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1A: "ascii", 0x1E: "utf-16-be"}
_DEPTH, _NODES, _LARGEST = 40, 50_000, 64 << 20


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of BER: its tag byte, where its content begins and ends, and where the next one begins."""

    tag: int
    start: int
    end: int
    after: int


class _BerError(ValueError):
    """No BER, or cut off."""


def extract(reading: Reading) -> Iterator[Piece]:
    """The content, then the texts."""
    if reading.size > _LARGEST:
        yield problem(ProblemKind.LIMIT, f"{reading.size} bytes; {_LARGEST} are read")
        return
    with reading.open() as file:
        data = file.read()
    if ENVELOPED in data[:64] or _is_key_store(data):
        yield problem(ProblemKind.ENCRYPTED, "PKCS #12" if _is_key_store(data) else "CMS")
        return
    walk = _Walk(data)
    try:
        walk.all(0, len(data), 0)
    except _BerError:
        walk.cut = True
    if walk.content:
        yield reading.spool("content.eml" if b":" in walk.content[:200] else "content", bytes(walk.content))
    yield from cut(Part("certificates"), "\n".join(walk.texts), Role.METADATA)
    if walk.cut:
        yield problem(ProblemKind.BROKEN_PART if walk.texts or walk.content else ProblemKind.BROKEN, "it ends early")


def names(data: bytes) -> list[str]:
    """The texts of the certificates in a signature."""
    walk = _Walk(data)
    with contextlib.suppress(_BerError):
        walk.all(0, len(data), 0)
    return list(walk.texts)


def _is_key_store(data: bytes) -> bool:
    return b"\x02\x01\x03\x30" in (data[3:7], data[4:8])


class _Walk:
    """Goes through all values, whatever they are for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._nodes = 0
        self._signed = False  # the next value holds what was signed
        self._label = ""
        self.cut = False  # a value says that it is longer than what there is
        self.content = bytearray()
        self.texts: dict[str, None] = {}

    def all(self, at: int, end: int, depth: int) -> None:
        """The values side by side in a stretch.

        :raises _BerError: when one reaches beyond it.
        """
        while at < end and self._data[at : at + 2] != b"\0\0":
            node = self._node(at, end, depth)
            if self._signed and node.tag == _EXPLICIT:
                self._octets(node.start, node.end, depth)
            elif node.tag & 0x20:
                if depth < _DEPTH:
                    self.all(node.start, node.end, depth + 1)
            elif node.tag == _OCTETS:
                self._inside(node, depth)
            elif node.tag in _STRINGS:
                self._text(self._label, self._data[node.start : node.end].decode(_STRINGS[node.tag], "replace"))
            elif node.tag in {0x81, 0x82} and self._data[node.start : node.end].isascii():  # mail address, host
                self._text("", self._data[node.start : node.end].decode("ascii"))
            told = self._data[node.start : node.end] if node.tag == _OID else b""
            self._signed = told == _DATA and not self.content
            self._label = "name: " if told in _NAMES else ""
            at = node.after

    def _node(self, at: int, end: int, depth: int, *, strict: bool = False) -> _Node:
        self._nodes += 1
        if self._nodes > _NODES or at + 2 > end:
            raise _BerError
        tag, size = self._data[at], self._data[at + 1]
        start = at + 2
        if size == 0x80:  # until two zero bytes
            place = start
            while self._data[place : place + 2] != b"\0\0":
                if depth >= _DEPTH:
                    raise _BerError
                place = self._node(place, end, depth + 1).after
            return _Node(tag, start, place, place + 2)
        if size > 0x80:
            count = size & 0x7F
            size = int.from_bytes(self._data[start : start + count], "big")
            start += count
        if start + size > end:
            if strict:
                raise _BerError
            self.cut = True
            return _Node(tag, start, end, end)
        return _Node(tag, start, start + size, start + size)

    def _octets(self, at: int, end: int, depth: int) -> None:
        """Strings of bytes, also in parts, one after the other."""
        while at < end and depth < _DEPTH:
            node = self._node(at, end, depth)
            if node.tag & 0x20:
                self._octets(node.start, node.end, depth + 1)
            elif node.tag == _OCTETS:
                self.content += self._data[node.start : node.end]
            at = node.after

    def _inside(self, node: _Node, depth: int) -> None:
        """Extensions of certificates are values wrapped as bytes."""
        if self._data[node.start : node.start + 1] == b"\x30" and depth < _DEPTH:
            try:
                if self._node(node.start, node.end, depth, strict=True).after == node.end:
                    self.all(node.start, node.end, depth + 1)
            except _BerError:
                pass  # bytes that only look so

    def _text(self, label: str, text: str) -> None:
        text = text.strip("\0 ")
        if len(text) > 1 and text.isprintable():
            self.texts[label + text] = None
