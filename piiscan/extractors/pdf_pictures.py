"""Pages of a PDF that are pictures, or hold one with text that the text layer does not have: found, drawn, and read by OCR."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageDraw
from pypdfium2 import raw

from piiscan.extractors import ocr
from piiscan.extractors.base import Piece, Reading, problem
from piiscan.model import Page, Role, Segment
from piiscan.problems import Problem, ProblemKind

__all__ = ["Unread", "by_ocr", "kind_of_page", "unread_picture"]

_OBJECTS = 400  # page objects looked at to tell a picture from a page of text
_OUTLINES = 40  # vector paths on a page without text that make it look like outlined letters
_COVERS = 0.4  # share of the page that a picture covers to be the page
_PART = 0.03  # share of the page that a picture beside text covers to be looked at (a photographed card on A4 covers 0.07)
_DRAWN_SIDE = 3_400  # longest side of a drawn page in pixels: A3 at 200 dpi
_SKETCH_DPI = 50
_DARK = 160  # of 256: below it is ink
_BOXES = 5_000


class Unread:
    """What was not read and why, gathered over the pages: a problem for each reason, with its pages."""

    def __init__(self) -> None:
        self._pages: dict[tuple[ProblemKind, str], list[int]] = {}

    def add(self, number: int, kind: ProblemKind, detail: str = "") -> None:
        self._pages.setdefault((kind, detail), []).append(number)

    def problems(self) -> Iterator[Problem]:
        for (kind, detail), pages in self._pages.items():
            yield problem(kind, f"pages {_ranges(pages)}" + (f"; {detail}" if detail else ""))


def kind_of_page(page: pdfium.PdfPage, text: str) -> str:
    """What a page with hardly any text is: ``letters``, ``picture``, or ``""`` (empty, or short on purpose)."""
    area = max(page.get_width() * page.get_height(), 1.0)
    covered, letters, paths = 0.0, False, 0
    try:
        for count, obj in enumerate(page.get_objects(max_depth=3)):
            if obj.type == raw.FPDF_PAGEOBJ_TEXT:
                letters = True
            elif obj.type == raw.FPDF_PAGEOBJ_IMAGE:
                left, bottom, right, top = obj.get_bounds()
                covered += abs((right - left) * (top - bottom)) / area
            elif obj.type == raw.FPDF_PAGEOBJ_PATH:
                paths += 1
            if count >= _OBJECTS:
                break
    except pdfium.PdfiumError:
        pass
    bare = not text.strip()
    if bare and letters and covered < _COVERS:
        return "letters"
    if covered >= _COVERS or (bare and (covered > 0.01 or paths >= _OUTLINES)):
        return "picture"
    return ""


def by_ocr(
    reading: Reading, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage | None, number: int, wants: str, unread: Unread
) -> Iterator[Piece]:
    """The page drawn and read by OCR, without what its text layer (``None``: not to be trusted) says already."""
    if missing := ocr.missing(reading.ocr):
        if wants == "letters":
            unread.add(number, ProblemKind.UNREADABLE_TEXT)
        else:
            unread.add(number, ProblemKind.NEEDS_OCR, missing)
        return
    scale = min(reading.ocr.dpi / 72, _DRAWN_SIDE / max(page.get_width(), page.get_height(), 1.0))
    try:
        picture = _drawn(page, scale)
    except (pdfium.PdfiumError, ValueError, MemoryError) as error:
        unread.add(number, ProblemKind.NEEDS_OCR, f"the page cannot be drawn ({type(error).__name__})")
        return
    scan = ocr.read(reading, picture, _text_boxes(page, textpage, picture.size) if textpage is not None else ())
    if scan.text:
        yield Segment(Page(number), scan.text, Role.OCR)
    elif wants == "letters" and scan.fault is None:
        unread.add(number, ProblemKind.UNREADABLE_TEXT)
    if scan.fault is not None:
        unread.add(number, scan.fault.kind, scan.fault.detail)


def _drawn(page: pdfium.PdfPage, scale: float) -> Image.Image:
    """The page in grey, without annotations and fields: their text is read as text."""
    bitmap = page.render(scale=scale, grayscale=True, draw_annots=False, may_draw_forms=False)
    try:
        picture: Image.Image = bitmap.to_pil().copy()
    finally:
        bitmap.close()
    return picture


def _on_drawing(page: pdfium.PdfPage, size: tuple[int, int], bounds: tuple[float, float, float, float]) -> ocr.Box:
    """A box of the page (left, bottom, right, top in points) in pixels of a drawing of it, rotation and crop box included."""
    corners = []
    for x, y in ((bounds[0], bounds[1]), (bounds[2], bounds[3])):
        left, top = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, size[0], size[1], 0, x, y, ctypes.byref(left), ctypes.byref(top))
        corners.append((left.value, top.value))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _text_boxes(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, size: tuple[int, int]) -> tuple[ocr.Box, ...]:
    """Where the text layer has text, in pixels of a drawing."""
    try:
        count = min(textpage.count_rects(), _BOXES)
        return tuple(_on_drawing(page, size, textpage.get_rect(index)) for index in range(count))
    except pdfium.PdfiumError:
        return ()


def unread_picture(reading: Reading, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> bool:
    """Whether a page with text also holds a picture with ink that the text layer does not lie on.

    A searchable scan is such a picture with the text of all of it on it; a
    letter with a photographed card is one without. With ``ocr.mode = all`` every picture is looked at.
    """
    pictures = _pictures(page, 0.0 if reading.ocr.mode == "all" else _PART)
    if not pictures or reading.ocr.mode == "all":
        return bool(pictures)
    try:
        drawing = _drawn(page, min(_SKETCH_DPI / 72, 1_000 / max(page.get_width(), page.get_height(), 1.0)))
    except (pdfium.PdfiumError, ValueError):
        return True
    bare = drawing.copy()
    pen = ImageDraw.Draw(bare)
    for left, top, right, bottom in _text_boxes(page, textpage, drawing.size):
        pen.rectangle((left - 1, top - 1, right + 1, bottom + 1), fill=255)
    for bounds in pictures:
        left, top, right, bottom = _on_drawing(page, drawing.size, bounds)
        before, after = (_ink(image.crop((left, top, right, bottom))) for image in (drawing, bare))
        if after > 0.25 * before and after > 0.002 * (right - left) * (bottom - top):
            return True
    return False


def _ink(picture: Image.Image) -> int:
    counts: list[int] = picture.histogram()
    return sum(counts[:_DARK])


def _pictures(page: pdfium.PdfPage, part: float) -> list[tuple[float, float, float, float]]:
    """Bounds of the pictures among a page's first and last objects that cover at least ``part`` of it."""
    area = max(page.get_width() * page.get_height(), 1.0)
    total = raw.FPDFPage_CountObjects(page)
    numbers = range(total) if total <= 2 * _OBJECTS else [*range(_OBJECTS), *range(total - _OBJECTS, total)]
    found = []
    for number in numbers:
        handle = raw.FPDFPage_GetObject(page, number)
        if not handle or raw.FPDFPageObj_GetType(handle) not in {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM}:
            continue
        if raw.FPDFPageObj_GetType(handle) == raw.FPDF_PAGEOBJ_FORM and not _holds_picture(handle):
            continue
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if not raw.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
            continue
        bounds = (left.value, bottom.value, right.value, top.value)
        if abs((bounds[2] - bounds[0]) * (bounds[3] - bounds[1])) >= part * area:
            found.append(bounds)
    return found


def _holds_picture(form: Any, depth: int = 3) -> bool:
    for number in range(min(raw.FPDFFormObj_CountObjects(form), 100)):
        inner = raw.FPDFFormObj_GetObject(form, number)
        kind = raw.FPDFPageObj_GetType(inner) if inner else None
        if kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_FORM and depth > 1 and _holds_picture(inner, depth - 1)):
            return True
    return False


def _ranges(numbers: list[int]) -> str:
    """``[1, 2, 3, 7]`` as ``1-3, 7``, shortened when long."""
    spans: list[str] = []
    start = previous = numbers[0]
    for number in [*numbers[1:], -1]:
        if number != previous + 1:
            spans.append(str(start) if start == previous else f"{start}-{previous}")
            start = number
        previous = number
    return ", ".join(spans[:20]) + (" …" if len(spans) > 20 else "")
