"""PDF: PDFium for the bulk of pages, pdfminer.six for those whose text PDFium cannot make sense of.

A page can fail in three ways that must never look clean: it is a picture, its
fonts give no readable characters, or PDFium cannot open it. Each is looked for
on every page, at a cost only on pages that look wrong.

``pdf_file`` opens it, ``pdf_tables`` and ``pdf_columns`` put the text of tables in order (``pdf_places``), ``pdf_pictures``
reads what is drawn, ``pdf_second`` is the second reader, ``pdf_beside`` gives all that is no text of a page.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2 as pdfium

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.pdf_beside import alternative_texts, beside_pages, cut_at_lines, page_annotations
from piiscan.extractors.pdf_columns import with_columns
from piiscan.extractors.pdf_file import algorithm, ends, is_cut, mended, open_document
from piiscan.extractors.pdf_pictures import Unread, by_ocr, kind_of_page, unread_picture
from piiscan.extractors.pdf_second import SecondReader
from piiscan.extractors.pdf_tables import with_tables
from piiscan.model import Page, Role
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

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
_SHORT = 40  # characters that a stamp on a scanned page may have (a page number, a fax header)

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
        opened = open_document(reading, file if data is None else data)
        fault = None
        if isinstance(opened, Problem) and opened.kind is ProblemKind.BROKEN and data is not None:
            whole = mended(data)
            again = open_document(reading, whole) if whole else opened
            if not isinstance(again, Problem):
                fault, opened = opened, again
        if isinstance(opened, Problem):
            kind = opened.kind
            if kind is ProblemKind.ENCRYPTED:
                yield problem(kind, algorithm(data if data is not None else ends(file)) or opened.detail)
            else:
                yield from _second_reader_only(reading, file, opened)
            return
        document, password = opened
        second = SecondReader(file, password)
        with contextlib.suppress(pdfium.PdfiumError):  # else fields come without values; their annotations are still read
            document.init_forms()
        try:
            yield from _pages(reading, document, second, pictured=data is None or b"/Image" in data)
            yield from beside_pages(reading, document, data)
            if fault is not None:
                yield problem(ProblemKind.BROKEN_PART, f"{fault.detail}; its pages were found by searching")
            elif is_cut(data if data is not None else ends(file)):  # PDFium mends such a file without a word
                yield problem(ProblemKind.BROKEN_PART, "its end is missing")
            elif data is not None and b"/Catalog" not in data and b"/ObjStm" not in data:
                # PDFium takes any dictionary for the catalog; what a whole one led to beside the pages may be lost.
                yield problem(ProblemKind.BROKEN_PART, "no document catalog")
        finally:
            second.close()
            document.close()


# -------------------------------------------------------------------------- pages


def _pages(reading: Reading, document: pdfium.PdfDocument, second: SecondReader, pictured: bool) -> Iterator[Piece]:
    limits, budget = reading.limits, reading.budget
    total = len(document)
    unread = Unread()
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
            yield from cut_at_lines(Page(number), text)
            unread.add(number, ProblemKind.BROKEN_PART)
            continue
        textpage = None
        try:
            with contextlib.suppress(pdfium.PdfiumError):
                textpage = page.get_textpage()
            text = _clean(textpage.get_text_range()) if textpage is not None else ""
            wants = ""
            if len(text) <= _SHORT:
                wants = kind_of_page(page, text)
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
            if not wants and pictured and textpage is not None and unread_picture(reading, page, textpage):
                wants = "picture"
            yield from cut_at_lines(Page(number), text)
            if wants:
                yield from by_ocr(reading, page, textpage if wants == "picture" else None, number, wants, unread)
            yield from page_annotations(reading, document, page, number)
            yield from cut_at_lines(Page(number), "\n".join(alternative_texts(page)), Role.HIDDEN)
        finally:
            if textpage is not None:
                textpage.close()
            page.close()
    yield from unread.problems()
    if stopped:
        yield problem(ProblemKind.LIMIT, stopped)


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


def _second_reader_only(reading: Reading, file: BinaryIO, fault: Problem) -> Iterator[Piece]:
    """A document that PDFium refuses: what pdfminer reads of it, else ``fault``."""
    second = SecondReader(file, "")
    found = False
    for index in range(min(second.count(), reading.limits.pages)):
        if reading.budget.expired():
            break
        text = second.page(index)
        if text.strip() and not _garbled(text):
            found = True
            yield from cut_at_lines(Page(index + 1), text)
    second.close()
    yield Problem(ProblemKind.BROKEN_PART if found else ProblemKind.BROKEN, Stage.EXTRACT, fault.detail)
