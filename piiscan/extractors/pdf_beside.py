"""What a PDF says beside its pages: alternative texts of tagged pictures, reasons of signatures, scripts (ISO 32000-1 §14.9, 12.8, 12.6.4)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from piiscan.extractors.pkcs7 import names

__all__ = ["alternative_texts", "choices", "scripts", "signatures"]

_ELEMENTS = 2_000  # of the structure of one page
_SIGNATURES, _SCRIPTS, _CHOICES = 200, 200, 1_000
_LARGEST = 1 << 20


def _wide(call: Callable[[Any, int], int]) -> str:
    """UTF-16 text from one of PDFium's calls: its size first, then its bytes."""
    size = call(None, 0)
    if not 2 < size <= _LARGEST:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace").strip()


def alternative_texts(page: pdfium.PdfPage) -> Iterator[str]:
    """What stands in for pictures and the like, each once."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return
    try:
        queue = [raw.FPDF_StructTree_GetChildAtIndex(tree, i) for i in range(max(raw.FPDF_StructTree_CountChildren(tree), 0))]
        seen: set[str] = set()
        for count, element in enumerate(queue):  # grows while it is walked
            if count >= _ELEMENTS:
                return
            if not element:
                continue
            for call in (raw.FPDF_StructElement_GetAltText, raw.FPDF_StructElement_GetExpansion):
                text = _wide(partial(call, element))
                if text and text not in seen:
                    seen.add(text)
                    yield text
            children = min(max(raw.FPDF_StructElement_CountChildren(element), 0), _ELEMENTS)
            queue += [raw.FPDF_StructElement_GetChildAtIndex(element, i) for i in range(children)]
    finally:
        raw.FPDF_StructTree_Close(tree)


def signatures(document: pdfium.PdfDocument) -> Iterator[str]:
    """The reason that each signer gave, and the names in the certificates."""
    for i in range(min(max(raw.FPDF_GetSignatureCount(document), 0), _SIGNATURES)):
        signature = raw.FPDF_GetSignatureObject(document, i)
        if not signature:
            continue
        if text := _wide(partial(raw.FPDFSignatureObj_GetReason, signature)):
            yield text
        size = raw.FPDFSignatureObj_GetContents(signature, None, 0)
        if 0 < size <= _LARGEST:
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFSignatureObj_GetContents(signature, buffer, size)
            yield from names(buffer.raw[:size])


def scripts(document: pdfium.PdfDocument) -> Iterator[str]:
    """Source text of the document's scripts; nothing is run."""
    for i in range(min(max(raw.FPDFDoc_GetJavaScriptActionCount(document), 0), _SCRIPTS)):
        action = raw.FPDFDoc_GetJavaScriptAction(document, i)
        if not action:
            continue
        try:
            text = _wide(partial(raw.FPDFJavaScriptAction_GetScript, action))
        finally:
            raw.FPDFDoc_CloseJavaScriptAction(action)
        if text:
            yield text


def choices(form: Any, annotation: Any) -> list[str]:
    """Entries of a form's list."""
    count = min(max(raw.FPDFAnnot_GetOptionCount(form, annotation), 0), _CHOICES)
    found = (_wide(partial(raw.FPDFAnnot_GetOptionLabel, form, annotation, i)) for i in range(count))
    return [text for text in found if text]
