"""Pages that are pictures: every number on them is found, whichever way they were scanned; budgets and missing parts are said."""

from __future__ import annotations

import io
import shutil
import socket
import stat
import sys
from pathlib import Path

import pytest
from office_kit import japanese_font, read, written
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.extractors import ocr
from piiscan.extractors.base import Budget, Reading
from piiscan.model import Page, Role
from piiscan.problems import ProblemKind
from piiscan.settings import Limits, Ocr

# An invented page; the numbers are valid by their check digits only.
LINES = (
    "被扶養者届出書",
    "氏名　山田 健一　　フリガナ　ヤマダ ケンイチ",
    "生年月日　昭和50年4月1日　　性別　男",
    "住所　〒100-0001 東京都千代田区千代田1-2-3 801号",
    "電話番号　090-1234-5678　　自宅 03-1234-5678",
    "個人番号　1234 5678 9018",
    "運転免許証番号　309012345620",
    "クレジットカード　4111 1111 1111 1111",
    "メール　kenichi.yamada@example.co.jp",
    *(f"{i:02d}　佐藤 花子　080-{1000 + i * 37:04d}-{2000 + i * 91:04d}" for i in range(1, 5)),
)
NUMBERS = {
    ("PHONE_NUMBER", "09012345678"),
    ("PHONE_NUMBER", "0312345678"),
    ("JP_MY_NUMBER", "123456789018"),
    ("JP_DRIVER_LICENSE", "309012345620"),
    ("CREDIT_CARD", "4111111111111111"),
    ("JP_POSTAL_CODE", "1000001"),
    *(("PHONE_NUMBER", f"080{1000 + i * 37:04d}{2000 + i * 91:04d}") for i in range(1, 5)),
}


@pytest.fixture(scope="module")
def page() -> Image.Image:
    """A4 at 200 dpi, 12-point type."""
    sheet = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(sheet)
    face = ImageFont.truetype(japanese_font(), 33)
    for number, line in enumerate(LINES):
        pen.text((150, 150 + number * 90), line, font=face, fill=0)
    return sheet


def scanned(*pictures: Image.Image, text: str = "") -> bytes:
    """A PDF whose pages are these pictures at 200 dpi."""
    out = io.BytesIO()
    made = Canvas(out)
    for picture in pictures:
        width, height = (side * 72 / 200 for side in picture.size)
        made.setPageSize((width, height))
        made.drawImage(ImageReader(picture), 0, 0, width, height)
        if text:
            made.drawString(60, height - 30, text)
        made.showPage()
    made.save()
    return out.getvalue()


def numbers(segments) -> set[tuple[str, str]]:
    document = Document(Kit())
    records = [record for segment in segments for record in document.feed(segment)] + list(document.finish())
    return {(hit.entity, hit.norm) for record in records for hit in record.hits}


@pytest.mark.parametrize("angle", [0, 2, 90])
def test_every_number_on_a_scanned_page_is_found(page: Image.Image, angle: int) -> None:
    turned = page.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC) if angle else page
    seen = read(scanned(turned), "scan.pdf")
    assert not seen.problems
    assert {segment.location for segment in seen.segments if segment.role is Role.OCR} == {Page(1)}
    assert NUMBERS - numbers(seen.segments) == set()


@pytest.mark.parametrize("angle", [180, 270])
def test_the_other_ways_up(page: Image.Image, angle: int) -> None:
    seen = read(scanned(page.crop((0, 0, 1654, 760)).rotate(angle, expand=True)), "scan.pdf")
    lines = seen.of(Role.OCR).splitlines()
    assert lines[0] == "被扶養者届出書"
    assert any("309012345620" in line for line in lines)


def test_columns_of_vertical_writing() -> None:
    sheet = Image.new("L", (700, 1000), 255)
    pen = ImageDraw.Draw(sheet)
    face = ImageFont.truetype(japanese_font(), 44)
    for column, text in enumerate(("東京都千代田区千代田一丁目", "山田　健一　様", "拝啓時下ますますご清栄")):
        for row, sign in enumerate(text):
            pen.text((560 - column * 120, 80 + row * 52), sign, font=face, fill=0)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    assert read(out.getvalue(), "a.png").of(Role.OCR).splitlines() == ["東京都千代田区千代田一丁目", "山田健一様", "拝啓時下ますますご清栄"]


def test_a_long_receipt_is_read_to_its_end() -> None:
    content = written(*(f"item {i:03d} 03-1234-{i:04d}" for i in range(30)))
    text = read(content, "receipt.png").of(Role.OCR)
    missing = [i for i in range(30) if f"03-1234-{i:04d}" not in text]
    assert missing == []


def test_a_picture_beside_text_is_read_and_text_is_not_read_twice() -> None:
    out = io.BytesIO()
    made = Canvas(out, pagesize=(595, 842))
    for row in range(12):
        made.drawString(60, 780 - row * 20, f"Paragraph {row} of a letter with a text layer of its own.")
    made.drawImage(ImageReader(io.BytesIO(written("MOBILE 090-1234-5678", "CARD 4111 1111 1111 1111"))), 60, 200, 300, 120)
    made.save()
    seen = read(out.getvalue(), "letter.pdf")
    assert "090-1234-5678" in seen.of(Role.OCR)
    assert "Paragraph" not in seen.of(Role.OCR)
    assert "Paragraph 11" in seen.of(Role.BODY)
    assert not seen.problems
    without = read(out.getvalue(), "letter.pdf", ocr="off")
    assert [(p.kind, p.detail) for p in without.problems] == [(ProblemKind.NEEDS_OCR, "pages 1; ocr.mode = off")]


def test_a_partial_text_layer_does_not_hide_the_rest(page: Image.Image) -> None:
    seen = read(
        scanned(page.crop((0, 0, 1654, 800)), text="A stamp with a long text layer that an archive put on each page 2026-11-25"), "a.pdf"
    )
    assert "1234 5678 9018" in seen.of(Role.OCR)


def test_text_whose_font_makes_no_sense_is_read_from_the_drawing() -> None:
    out = io.BytesIO()
    made = Canvas(out, pagesize=(595, 842), pageCompression=0)
    made.setFont("Helvetica", 20)
    made.drawString(60, 700, "PHONE NUMBER 090-1234-5678 OF THE MEMBER IN THE LIST")
    made.save()
    garbled = b"/ToUnicode 90 0 R"
    content = out.getvalue()
    cmap = b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <20> <7e> <e020> endbfrange endcmap"
    content = content.replace(b"/BaseFont /Helvetica", b"/BaseFont /Helvetica " + garbled)
    content = content.replace(b"xref\n", b"90 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\nxref\n" % (len(cmap), cmap), 1)
    seen = read(content, "a.pdf")
    assert "090-1234-5678" in seen.of(Role.OCR)
    assert ProblemKind.UNREADABLE_TEXT not in seen.kinds
    assert ProblemKind.UNREADABLE_TEXT in read(content, "a.pdf", ocr="off").kinds


# ------------------------------------------------------------------------- budgets


def reading(settings: Ocr) -> Reading:
    limits = Limits()
    return Reading(Path("x"), "x", 0, limits, Path(), Budget(limits, deadline=1e18), ocr=settings)


def picture(*lines: str) -> Image.Image:
    return Image.open(io.BytesIO(written(*lines)))


def test_pages_beyond_the_budget_are_a_limit() -> None:
    one = reading(Ocr(pages=1))
    assert ocr.read(one, picture("PAGE 1111")).fault is None
    fault = ocr.read(one, picture("PAGE 2222")).fault
    assert fault is not None
    assert (fault.kind, fault.detail) == (ProblemKind.LIMIT, "ocr.pages = 1")


def test_the_time_of_a_page_is_a_limit_and_keeps_what_was_read() -> None:
    scan = ocr.read(reading(Ocr(seconds_per_page=0.001)), picture(*(f"LINE {i} 03-1234-5678" for i in range(5))))
    assert scan.fault is not None
    assert (scan.fault.kind, scan.fault.detail) == (ProblemKind.LIMIT, "ocr.seconds_per_page = 0.001")


def test_the_time_of_a_file_is_a_limit_and_is_not_taken_from_its_deadline() -> None:
    one = reading(Ocr(seconds=0.001))
    one.budget.deadline = 1_000.0
    ocr.read(one, picture("FIRST PAGE OF MANY"))
    assert one.budget.deadline == 1_000.0 + one.budget.ocr_seconds
    assert one.budget.ocr_seconds > 0.001
    fault = ocr.read(one, picture("SECOND PAGE OF MANY")).fault
    assert fault is not None
    assert fault.detail == "ocr.seconds = 0.001"


def test_a_picture_met_again_costs_nothing() -> None:
    one = reading(Ocr(pages=1))
    first = ocr.read(one, picture("THE SAME LOGO"))
    one.budget.ocr_pages = 0
    assert ocr.read(one, picture("THE SAME LOGO")) == first
    assert one.budget.ocr_pages == 0


# ------------------------------------------------------------------ what is lacking


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    ocr._rapidocr_missing.cache_clear()
    yield
    ocr._rapidocr_missing.cache_clear()


@pytest.mark.usefixtures("lacking")
def test_without_the_extra_pictures_are_never_clean(page: Image.Image) -> None:
    hint = "rapidocr is not installed: python -m pip install 'piiscan[ocr]'"
    alone = read(written("TEL 03-1234-5678"), "a.png")
    assert [(p.kind, p.detail) for p in alone.problems] == [(ProblemKind.NEEDS_OCR, hint)]
    pages = read(scanned(page, page), "a.pdf")
    assert [(p.kind, p.detail) for p in pages.problems] == [(ProblemKind.NEEDS_OCR, f"pages 1-2; {hint}")]


def test_the_models_of_the_package_suffice_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("OCR talked to the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    ocr._engine.cache_clear()
    assert ocr.read(reading(Ocr()), picture("OFFLINE 03-1234-5678")).text == "OFFLINE 03-1234-5678"


def test_tesseract_is_used_when_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stand-in takes the picture from its standard input, as the program does."""
    program = tmp_path / "tesseract"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nif '--list-langs' in sys.argv:\n    print('jpn')\nelse:\n"
        "    assert sys.argv[1:5] == ['stdin', 'stdout', '-l', 'jpn']\n    print(sys.stdin.buffer.read(2).decode(), 'text', chr(12))\n",
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(shutil, "which", lambda _: str(program))
    ocr._tesseract_missing.cache_clear()
    assert ocr.read(reading(Ocr(engine="tesseract")), picture("ANY")).text == "P5 text"
    monkeypatch.setattr(shutil, "which", lambda _: None)
    ocr._tesseract_missing.cache_clear()
    fault = ocr.read(reading(Ocr(engine="tesseract")), picture("OTHER")).fault
    ocr._tesseract_missing.cache_clear()
    assert fault is not None
    assert fault.kind is ProblemKind.NEEDS_OCR
    assert "apt-get install tesseract-ocr" in fault.detail


def test_files_are_read_again_once_ocr_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    from piiscan.engine.scan import versions_of
    from piiscan.masking import FingerprintKey
    from piiscan.settings import Settings

    key = FingerprintKey(b"k" * 32)
    before = versions_of(Settings(), key)
    assert versions_of(Settings(), key) == before
    monkeypatch.setattr(ocr, "missing", lambda _: "rapidocr is not installed")
    assert versions_of(Settings(), key) != before
    assert versions_of(Settings(ocr=Ocr(mode="all")), key) != before
