"""What a PDF says beside the text of its pages: annotations, fields, bookmarks, metadata, signatures, scripts, attachments.

Also alternative texts of tagged pictures (ISO 32000-1 §14.9, 12.8, 12.6.4).
"""

from __future__ import annotations

import ctypes
import html
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from piiscan.extractors import xmp
from piiscan.extractors.base import Piece, Reading, problem
from piiscan.extractors.pkcs7 import names
from piiscan.model import Page, Part, Role, Segment
from piiscan.problems import ProblemKind

__all__ = ["alternative_texts", "beside_pages", "cut_at_lines", "file_name", "page_annotations"]

_BLOCK = 12_000
_ELEMENTS = 2_000  # of the structure of one page
_SIGNATURES, _SCRIPTS, _CHOICES = 200, 200, 1_000
_LARGEST = 1 << 20


def cut_at_lines(location: Page | Part, text: str, role: Role = Role.BODY) -> Iterator[Segment]:
    """A text of any length at one place, cut at line ends."""
    start = 0
    while start < len(text):
        end = start + _BLOCK
        if end < len(text):
            line_end = text.rfind("\n", start + _BLOCK // 2, end)
            end = line_end + 1 if line_end > 0 else end
        if text[start:end].strip():
            yield Segment(location, text[start:end], role, offset=start)
        start = end


def page_annotations(reading: Reading, document: pdfium.PdfDocument, page: pdfium.PdfPage, number: int) -> Iterator[Piece]:
    """Notes, values of fields, targets of links, and attached files of one page."""
    count = raw.FPDFPage_GetAnnotCount(page)
    if count <= 0:
        return
    notes: list[str] = []
    fields: dict[str, None] = {}
    targets: list[str] = []
    form = document.formenv
    for index in range(count):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            subtype = raw.FPDFAnnot_GetSubtype(annotation)
            if subtype == raw.FPDF_ANNOT_POPUP:
                continue
            for key in (b"T", b"Subj", b"Contents"):
                if subtype == raw.FPDF_ANNOT_WIDGET and key == b"T":
                    continue  # there it is the name of the field
                text = _string(annotation, key)
                if text.strip():
                    notes.append(text)
            if subtype == raw.FPDF_ANNOT_WIDGET:
                for line in (_field(form, annotation), *(choices(form, annotation) if form is not None else ())):
                    if line:
                        fields[line] = None
            elif subtype == raw.FPDF_ANNOT_LINK:
                target = _link(document, annotation)
                if target:
                    targets.append(target)
            elif subtype == raw.FPDF_ANNOT_FILEATTACHMENT:
                attachment = raw.FPDFAnnot_GetFileAttachment(annotation)
                if attachment:
                    yield from _attachment(reading, pdfium.PdfAttachment(attachment, document))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    yield from cut_at_lines(Page(number), "\n".join(fields))
    yield from cut_at_lines(Page(number), "\n".join(notes), Role.COMMENT)
    yield from cut_at_lines(Page(number), "\n".join(dict.fromkeys(targets)), Role.METADATA)


def _string(annotation: Any, key: bytes) -> str:
    return _text_of(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, key, buffer, size))


def _field(form: Any, annotation: Any) -> str:
    """``label: value`` of a form field that holds text; a name alone says nothing."""
    if form is None:
        value = _string(annotation, b"V")
        return value and f"{_string(annotation, b'T')}: {value}"
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in {raw.FPDF_FORMFIELD_PUSHBUTTON, raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON}:
        return ""
    value = _text_of(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))
    label = _text_of(lambda buffer, size: raw.FPDFAnnot_GetFormFieldAlternateName(form, annotation, buffer, size))
    label = label or _text_of(lambda buffer, size: raw.FPDFAnnot_GetFormFieldName(form, annotation, buffer, size))
    return f"{label}: {value}" if value.strip() else ""


def _link(document: pdfium.PdfDocument, annotation: Any) -> str:
    link = raw.FPDFAnnot_GetLink(annotation)
    action = raw.FPDFLink_GetAction(link) if link else None
    if not action:
        return ""
    size = raw.FPDFAction_GetURIPath(document, action, None, 0)
    if size <= 1:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(document, action, buffer, size)
    return buffer.raw[: size - 1].decode("utf-8", "replace")


def _attachment(reading: Reading, attachment: pdfium.PdfAttachment) -> Iterator[Piece]:
    try:
        name = file_name(attachment.get_name()) or "attachment"
        data = bytes(attachment.get_data())
    except pdfium.PdfiumError:
        yield problem(ProblemKind.BROKEN_PART, "attachment")
        return
    yield reading.spool(name, data)


def file_name(name: str) -> str:
    """A file name without its coding: PDFium returns the bytes of a /F that is in UTF-16 one by one."""
    if not name.startswith("\xfe\xff"):
        return name
    try:
        return name[2:].encode("latin-1").decode("utf-16-be")
    except UnicodeError:
        return name


def beside_pages(reading: Reading, document: pdfium.PdfDocument, data: bytes | None) -> Iterator[Piece]:
    """Bookmarks, metadata, signatures, scripts, the values of an XFA form, attachments.

    :param data: the file's bytes, where they are at hand: metadata that PDFium does not give is looked for in them.
    """
    titles: list[str] = []
    try:
        for bookmark in document.get_toc(max_depth=15):
            titles.append(bookmark.get_title())
            if len(titles) >= 20_000:
                break
    except (pdfium.PdfiumError, ValueError):
        pass
    yield from cut_at_lines(Part("bookmarks"), "\n".join(titles), Role.HEADING)

    lines = [
        f"{key}: {value}" for key, value in document.get_metadata_dict(skip_empty=True).items() if key not in {"CreationDate", "ModDate"}
    ]
    known = {line.partition(": ")[2] for line in lines}
    for value in xmp.texts(data) if data is not None else ():
        if value not in known:
            known.add(value)
            lines.append(value)
    yield from cut_at_lines(Part("metadata"), "\n".join(lines), Role.METADATA)

    yield from cut_at_lines(Part("signatures"), "\n".join(dict.fromkeys(signatures(document))), Role.METADATA)
    yield from cut_at_lines(Part("scripts"), "\n".join(dict.fromkeys(scripts(document))), Role.CODE)
    yield from _xfa(document)
    for index in range(document.count_attachments()):
        yield from _attachment(reading, document.get_attachment(index))


def _xfa(document: pdfium.PdfDocument) -> Iterator[Piece]:
    """Values of an XFA form: the ``datasets`` packet (ISO 32000-1 §12.7.8)."""
    for index in range(max(raw.FPDF_GetXFAPacketCount(document), 0)):
        size = raw.FPDF_GetXFAPacketName(document, index, None, 0)
        name = ctypes.create_string_buffer(max(size, 1))
        raw.FPDF_GetXFAPacketName(document, index, name, size)
        if name.value != b"datasets":
            continue
        length = ctypes.c_ulong()
        raw.FPDF_GetXFAPacketContent(document, index, None, 0, ctypes.byref(length))
        if not 0 < length.value <= 1 << 26:
            continue
        content = ctypes.create_string_buffer(length.value)
        raw.FPDF_GetXFAPacketContent(document, index, content, length.value, ctypes.byref(length))
        packet = content.raw.decode("utf-8", "replace")
        pairs = re.findall(r"<([\w:.-]+)[^<>]*>([^<>]+)</", packet)
        lines = [f"{tag.rpartition(':')[2]}: {html.unescape(text).strip()}" for tag, text in pairs if text.strip()]
        yield from cut_at_lines(Part("form"), "\n".join(lines))


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


def _text_of(call: Callable[[Any, int], int], most: int | None = None) -> str:
    """A string from one of PDFium's length-then-buffer calls, UTF-16LE with a NUL at its end; empty where it is longer than ``most``."""
    size = call(None, 0)
    if size <= 2 or (most is not None and size > most):
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _wide(call: Callable[[Any, int], int]) -> str:
    return _text_of(call, _LARGEST).strip()
