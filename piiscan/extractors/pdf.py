"""PDF: PDFium for the bulk of pages, pdfminer.six for those whose text PDFium cannot make sense of.

A page can fail in three ways that must never look clean: it is a picture, its
fonts give no readable characters, or PDFium cannot open it. Each is looked for
on every page, at a cost only on pages that look wrong.
"""

from __future__ import annotations

import contextlib
import ctypes
import html
import io
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pypdfium2 as pdfium
from PIL import Image, ImageDraw
from pypdfium2 import raw

from piiscan.extractors import ocr, xmp
from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.pdf_beside import alternative_texts, choices, scripts, signatures
from piiscan.extractors.pdf_columns import with_columns
from piiscan.extractors.pdf_tables import with_tables
from piiscan.model import Page, Part, Role, Segment
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract", "file_name"]

NAME = "pdf"
MEDIA_TYPES = ("application/pdf",)
SUFFIXES = (".pdf",)
DOC = FormatDoc(
    description="PDF document",
    description_ja="PDF文書",
    engine="pypdfium2; pdfminer.six for pages whose text is absent or garbled; OCR (extra `ocr`) for pictures of text",
    engine_ja="pypdfium2。文字がないか壊れているページはpdfminer.six、文字の画像はOCR（拡張 `ocr`）",
    sees=(
        "text of every page, also rotated, vertical, invisible (OCR layers) and outside the visible area; ruled tables row by row, their wrapped cells joined",
        "annotations and their authors, form field values, XFA form data, link targets",
        "pages that are pictures, pictures beside text, and text whose fonts make no sense (extra `ocr`)",
        "bookmarks, document information, XMP metadata",
        "alternative texts of tagged pictures, entries of lists in forms",
        "attachments (read as files of their own)",
        "documents with an owner password only; user passwords from the settings",
    ),
    sees_ja=(
        "全ページの文字（回転、縦書き、不可視（OCRの層）、表示範囲外を含む）。罫線のある表は行ごとに、折り返したセルをつないで",
        "注釈とその作成者、フォームの入力値、XFAフォームのデータ、リンク先",
        "画像だけのページ、文字の横の画像、フォント情報が壊れた文字（拡張 `ocr`）",
        "しおり、文書情報、XMPメタデータ",
        "タグ付き画像の代替テキスト、フォームの選択肢",
        "添付ファイル（別のファイルとして読みます）",
        "所有者パスワードだけの文書。閲覧パスワードは設定のものを試します",
    ),
    limitations=(
        "without the extra `ocr` pages that hold pictures with unread ink are reported as needs-ocr with their numbers",
        "pictures beside text that cover less than 3 % of the page are read with ocr.mode = all only",
        "fonts without a usable character map are reported as unreadable-text with their pages",
        "outside ruled tables lines come in the order in which they were drawn",
        "XMP metadata is read when it is stored uncompressed, as the standard recommends",
        "of a signature only its reason is read; scripts are read as text and never run",
    ),
    limitations_ja=(
        "拡張 `ocr` がなければ、読めない画像のあるページを番号付きで「OCRが必要」と報告します",
        "文字の横にあり面積がページの3 %未満の画像は ocr.mode = all のときだけ読みます",
        "文字の対応表が使えないフォントは、ページを示して「文字を読めない」と報告します",
        "罫線のある表の外では、行の順序は描かれた順です",
        "XMPメタデータは、規格の推奨どおり無圧縮で収められていれば読みます",
        "電子署名は理由の欄だけを読みます。スクリプトは文字として読み、実行しません",
    ),
    references=("ISO 32000-2",),
)

_IN_MEMORY = 64 * 1024**2
_BLOCK = 12_000
_END = 4_096  # readers look for the end mark in the last kilobyte (ISO 32000-2 annex I); some programs write more behind it
_OBJECTS = 400  # page objects looked at to tell a picture from a page of text
_OUTLINES = 40  # vector paths on a page without text that make it look like outlined letters
_SHORT = 40  # characters that a stamp on a scanned page may have (a page number, a fax header)
_COVERS = 0.4  # share of the page that a picture covers to be the page
_PART = 0.03  # share of the page that a picture beside text covers to be looked at (a photographed card on A4 covers 0.07)
_DRAWN_SIDE = 3_400  # longest side of a drawn page in pixels: A3 at 200 dpi
_SKETCH_DPI = 50
_DARK = 160  # of 256: below it is ink
_BOXES = 5_000

_log = logging.getLogger("pdfminer")
_log.setLevel(logging.CRITICAL)  # it logs pieces of the document

# Characters that no writing has: controls, private use, replacement and non-characters.
_BAD = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufffe\uffff\U000f0000-\U0010ffff]|\(cid:\d+\)")
# Scripts that documents in Japan hold. Others are fine in themselves (a Thai passport); five scripts on a page are glyph numbers.
_KNOWN = re.compile(
    r"[\s\x21-\x7e\xa0-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2000-\u2bff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufb00-\ufb06\ufe30-\ufe4f\uff00-\uffef\U0001f000-\U0001faff\U00020000-\U0003ffff]+"
)


def extract(reading: Reading) -> Iterator[Piece]:
    """Pages in order, each with its annotations and fields; then bookmarks, metadata, attachments; then what was not read."""
    with reading.open() as file:
        data = file.read() if reading.size <= _IN_MEMORY else None
        opened = _open(reading, file if data is None else data)
        fault = None
        if isinstance(opened, Problem) and opened.kind is ProblemKind.BROKEN and data is not None:
            mended = _mend(data)
            again = _open(reading, mended) if mended else opened
            if not isinstance(again, Problem):
                fault, opened = opened, again
        if isinstance(opened, Problem):
            kind = opened.kind
            if kind is ProblemKind.ENCRYPTED:
                yield problem(kind, _algorithm(data if data is not None else _ends(file)) or opened.detail)
            else:
                yield from _second_reader_only(reading, file, opened)
            return
        document, password = opened
        second = _SecondReader(file, password)
        with contextlib.suppress(pdfium.PdfiumError):  # else fields come without values; their annotations are still read
            document.init_forms()
        try:
            yield from _pages(reading, document, second, pictured=data is None or b"/Image" in data)
            yield from _beside(reading, document, data)
            if fault is not None:
                yield problem(ProblemKind.BROKEN_PART, f"{fault.detail}; its pages were found by searching")
            elif _is_cut(data if data is not None else _ends(file)):  # PDFium mends such a file without a word
                yield problem(ProblemKind.BROKEN_PART, "its end is missing")
            elif data is not None and b"/Catalog" not in data and b"/ObjStm" not in data:
                # PDFium takes any dictionary for the catalog; what a whole one led to beside the pages may be lost.
                yield problem(ProblemKind.BROKEN_PART, "no document catalog")
        finally:
            second.close()
            document.close()


def _open(reading: Reading, source: bytes | BinaryIO) -> tuple[pdfium.PdfDocument, str] | Problem:
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


def _mend(data: bytes) -> bytes:
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


def _is_cut(data: bytes) -> bool:
    """Whether the end mark is missing, or objects follow the last one (a later revision that lost its end)."""
    at = data.rfind(b"%%EOF", -_END)
    return at < 0 or re.search(rb"\d obj\b", data[at:]) is not None


def _ends(file: BinaryIO) -> bytes:
    """First and last megabyte: where the encryption dictionary of a large file is likely to be."""
    file.seek(0)
    head = file.read(1 << 20)
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - (1 << 20)))
    return head + file.read()


def _algorithm(data: bytes) -> str:
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


# -------------------------------------------------------------------------- pages


class _Unread:
    """What was not read and why, gathered over the pages: a problem for each reason, with its pages."""

    def __init__(self) -> None:
        self._pages: dict[tuple[ProblemKind, str], list[int]] = {}

    def add(self, number: int, kind: ProblemKind, detail: str = "") -> None:
        self._pages.setdefault((kind, detail), []).append(number)

    def problems(self) -> Iterator[Problem]:
        for (kind, detail), pages in self._pages.items():
            yield problem(kind, f"pages {_ranges(pages)}" + (f"; {detail}" if detail else ""))


def _pages(reading: Reading, document: pdfium.PdfDocument, second: _SecondReader, pictured: bool) -> Iterator[Piece]:
    limits, budget = reading.limits, reading.budget
    total = len(document)
    unread = _Unread()
    stopped = ""
    for index in range(total):
        if index >= limits.pages:
            stopped = f"limits.pages = {limits.pages}"
        elif budget.expired():
            stopped = "limits.seconds"
        if stopped:
            stopped += f"; pages {index + 1}-{total}"
            break
        number = index + 1
        try:
            page = document.get_page(index)
        except pdfium.PdfiumError:
            text = second.page(index)
            yield from _cut(Page(number), text)
            unread.add(number, ProblemKind.BROKEN_PART)
            continue
        textpage = None
        try:
            with contextlib.suppress(pdfium.PdfiumError):
                textpage = page.get_textpage()
            text = _clean(textpage.get_text_range()) if textpage is not None else ""
            wants = ""
            if len(text) <= _SHORT:
                wants = _look(page, text)
                if wants == "letters":  # there are letters, but no text came out
                    text = second.page(index) or text
                    wants = "" if text.strip() else wants
            if _garbled(text):
                other = second.page(index)
                if other.strip() and _share_bad(other) < _share_bad(text):
                    text = other
                wants = "letters" if _garbled(text) else wants
            elif textpage is not None and not wants:
                ruled = with_tables(page, textpage, text)
                text = with_columns(page, textpage, text) if ruled is text else ruled
            if not wants and pictured and textpage is not None and _unread_picture(reading, page, textpage):
                wants = "picture"
            yield from _cut(Page(number), text)
            if wants:
                yield from _by_ocr(reading, page, textpage if wants == "picture" else None, number, wants, unread)
            yield from _annotations(reading, document, page, number)
            yield from _cut(Page(number), "\n".join(alternative_texts(page)), Role.HIDDEN)
        finally:
            if textpage is not None:
                textpage.close()
            page.close()
    yield from unread.problems()
    if stopped:
        yield problem(ProblemKind.LIMIT, stopped)


# --------------------------------------------------------- pages that are pictures


def _by_ocr(
    reading: Reading, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage | None, number: int, wants: str, unread: _Unread
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


def _unread_picture(reading: Reading, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> bool:
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


def _clean(text: str) -> str:
    r"""PDFium's text with ``\n`` for line ends; U+FFFE is its mark for a hyphen at a line end that joins a word."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if " \u3000 " in text:  # LibreOffice draws the blanks before a tab behind the line, and PDFium puts one between each two
        text = re.sub("(?: \u3000)+ ?", " ", text)
    if "\ufffe" in text:
        text = re.sub("\ufffe\n?(?=[0-9])", "-", text)  # the number of a house, a telephone
        text = re.sub("\ufffe\n?", "", text)
    if "\xad" in text:
        text = text.replace("\xad", "")
    return text.replace("\x00", "") if "\x00" in text else text


def _share_bad(text: str) -> float:
    """Share of the text that cannot be writing, 0 to 1."""
    if not text:
        return 1.0
    bad = sum(len(found) for found in _BAD.findall(text))
    rare = _KNOWN.sub("", text)
    if len(rare) > 0.2 * len(text) and len({ord(sign) >> 8 for sign in rare}) >= 5:
        bad += len(rare)
    return min(bad / len(text), 1.0)


def _garbled(text: str) -> bool:
    return bool(text) and _share_bad(text) > 0.05


def _look(page: pdfium.PdfPage, text: str) -> str:
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


def _cut(location: Page | Part, text: str, role: Role = Role.BODY) -> Iterator[Segment]:
    start = 0
    while start < len(text):
        end = start + _BLOCK
        if end < len(text):
            line_end = text.rfind("\n", start + _BLOCK // 2, end)
            end = line_end + 1 if line_end > 0 else end
        if text[start:end].strip():
            yield Segment(location, text[start:end], role, offset=start)
        start = end


class _SecondReader:
    """pdfminer.six on single pages; opened when first needed, and quiet about everything it cannot do."""

    def __init__(self, file: BinaryIO, password: str) -> None:
        self._file, self._password = file, password
        self._pages: list[Any] | None = None
        self._resources: Any = None

    def page(self, index: int) -> str:
        """Text of a page, from 0; empty when pdfminer cannot read it either."""
        from pdfminer.converter import TextConverter
        from pdfminer.layout import LAParams
        from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager

        try:
            if self._pages is None:
                self._pages = list(self._open())
            if index >= len(self._pages):
                return ""
            if self._resources is None:
                self._resources = PDFResourceManager()
            out = io.StringIO()
            converter = TextConverter(self._resources, out, laparams=LAParams())
            PDFPageInterpreter(self._resources, converter).process_page(self._pages[index])
            converter.close()
            return out.getvalue().replace("\x0c", "").strip("\n")
        except Exception:  # noqa: BLE001 - pdfminer raises whatever a broken file makes Python raise
            return ""

    def count(self) -> int:
        """Pages that pdfminer sees."""
        self.page(0)
        return len(self._pages or ())

    def _open(self) -> Iterator[Any]:
        from pdfminer.pdfdocument import PDFDocument
        from pdfminer.pdfpage import PDFPage
        from pdfminer.pdfparser import PDFParser

        self._file.seek(0)
        return iter(PDFPage.create_pages(PDFDocument(PDFParser(self._file), self._password)))

    def close(self) -> None:
        """Drop its caches."""
        self._pages = self._resources = None


def _second_reader_only(reading: Reading, file: BinaryIO, fault: Problem) -> Iterator[Piece]:
    """A document that PDFium refuses: what pdfminer reads of it, else ``fault``."""
    second = _SecondReader(file, "")
    found = False
    for index in range(min(second.count(), reading.limits.pages)):
        if reading.budget.expired():
            break
        text = second.page(index)
        if text.strip() and not _garbled(text):
            found = True
            yield from _cut(Page(index + 1), text)
    second.close()
    yield Problem(ProblemKind.BROKEN_PART if found else ProblemKind.BROKEN, Stage.EXTRACT, fault.detail)


# -------------------------------------------------- annotations, fields, the rest


def _text_of(call: Callable[[Any, int], int]) -> str:
    """A string from one of PDFium's length-then-buffer calls, UTF-16LE with a NUL at its end."""
    size = call(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _annotations(reading: Reading, document: pdfium.PdfDocument, page: pdfium.PdfPage, number: int) -> Iterator[Piece]:
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
    yield from _cut(Page(number), "\n".join(fields))
    yield from _cut(Page(number), "\n".join(notes), Role.COMMENT)
    yield from _cut(Page(number), "\n".join(dict.fromkeys(targets)), Role.METADATA)


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


def _beside(reading: Reading, document: pdfium.PdfDocument, data: bytes | None) -> Iterator[Piece]:
    titles: list[str] = []
    try:
        for bookmark in document.get_toc(max_depth=15):
            titles.append(bookmark.get_title())
            if len(titles) >= 20_000:
                break
    except (pdfium.PdfiumError, ValueError):
        pass
    yield from _cut(Part("bookmarks"), "\n".join(titles), Role.HEADING)

    lines = [
        f"{key}: {value}" for key, value in document.get_metadata_dict(skip_empty=True).items() if key not in {"CreationDate", "ModDate"}
    ]
    known = {line.partition(": ")[2] for line in lines}
    for value in xmp.texts(data) if data is not None else ():
        if value not in known:
            known.add(value)
            lines.append(value)
    yield from _cut(Part("metadata"), "\n".join(lines), Role.METADATA)

    yield from _cut(Part("signatures"), "\n".join(dict.fromkeys(signatures(document))), Role.METADATA)
    yield from _cut(Part("scripts"), "\n".join(dict.fromkeys(scripts(document))), Role.CODE)
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
        yield from _cut(Part("form"), "\n".join(lines))
