"""PDF files: text in every direction and corner; and what cannot be read is never clean."""

from __future__ import annotations

import io
import zlib

import pytest
from office_kit import PASSWORD, Seen, read
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from piiscan.model import Page, Part, Role
from piiscan.problems import ProblemKind

pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))


def canvas(**options: object) -> tuple[Canvas, io.BytesIO]:
    out = io.BytesIO()
    made = Canvas(out, **options)
    made.setFont("HeiseiMin-W3", 12)
    return made, out


def done(made: Canvas, out: io.BytesIO) -> bytes:
    made.save()
    return out.getvalue()


def objects(*bodies: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects (the first is the catalog) with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)


def utf16(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def simple(*, page: bytes = b"", content: bytes = b"", catalog: bytes = b"", fonts: bytes = b"", more: tuple[bytes, ...] = ()) -> Seen:
    """A page with Helvetica as /F1; ``more`` are objects from 6 on."""
    return read(
        objects(
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R %s >> >> %s >>"
            % (fonts, page),
            stream(content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *more,
        ),
        "a.pdf",
    )


HELLO = b"BT /F1 12 Tf 50 700 Td (A page with plenty of words for a reader to find here) Tj ET"


def test_japanese_text_of_pages() -> None:
    made, out = canvas()
    made.drawString(50, 700, "氏名 山田太郎")
    made.drawString(50, 680, "電話 090-0000-0000")
    made.showPage()
    made.setFont("HeiseiMin-W3", 12)
    made.drawString(50, 700, "二頁目 鈴木花子")
    seen = read(done(made, out), "a.pdf")
    assert seen.at(Page(1)).splitlines()[:2] == ["氏名 山田太郎", "電話 090-0000-0000"]
    assert seen.at(Page(2)).strip() == "二頁目 鈴木花子"
    assert not seen.problems


def test_rotated_and_vertical_text() -> None:
    made, out = canvas()
    made.saveState()
    made.translate(300, 300)
    made.rotate(90)
    made.drawString(0, 0, "回転した山田太郎の行です")
    made.restoreState()
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5", isVertical=True))
    made.setFont("HeiseiKakuGo-W5", 12)
    made.drawString(500, 700, "縦書の佐藤次郎")
    made.setPageRotation(90)
    seen = read(done(made, out), "a.pdf")
    assert "回転した山田太郎の行です" in seen.text
    assert "縦書の佐藤次郎" in seen.text.replace("\n", "")


def test_invisible_text_is_read() -> None:
    made, out = canvas()
    text = made.beginText(50, 700)
    text.setFont("HeiseiMin-W3", 12)
    text.setTextRenderMode(3)
    text.textLine("見えない山田太郎")
    made.drawText(text)
    assert "見えない山田太郎" in read(done(made, out), "a.pdf").text


def test_form_fields() -> None:
    seen = simple(
        content=HELLO,
        page=b"/Annots [6 0 R 7 0 R]",
        catalog=b"/AcroForm << /Fields [6 0 R 7 0 R] /DA (/F1 12 Tf) /DR << /Font << /F1 5 0 R >> >> >>",
        more=(
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T %s /V %s /Rect [50 600 200 620] >>" % (utf16("氏名"), utf16("山田太郎")),
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (tel) /TU %s /V (090-0000-0000) /Rect [50 500 200 520] >>" % utf16("電話番号"),
        ),
    )
    assert "氏名: 山田太郎" in seen.text
    assert "電話番号: 090-0000-0000" in seen.text


def test_annotations_links_bookmarks_and_metadata() -> None:
    made, out = canvas()
    made.setTitle("名簿2026")
    made.setAuthor("作成者 佐藤花子")
    made.bookmarkPage("k")
    made.addOutlineEntry("見出し 高橋", "k")
    made.drawString(50, 700, "本文")
    made.textAnnotation("注釈 伊藤さんへ", (10, 10, 50, 50))
    made.linkURL("mailto:taro@example.com", (50, 690, 100, 710))
    seen = read(done(made, out), "a.pdf")
    assert "注釈 伊藤さんへ" in seen.of(Role.COMMENT)
    assert "taro@example.com" in seen.of(Role.METADATA)
    assert "見出し 高橋" in seen.at(Part("bookmarks"))
    assert "Title: 名簿2026" in seen.at(Part("metadata"))
    assert "Author: 作成者 佐藤花子" in seen.at(Part("metadata"))


def test_attachments_are_files() -> None:
    inner = "氏名\t電話\n山田太郎\t090-0000-0000\n".encode()
    seen = simple(
        content=HELLO,
        catalog=b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>",
        more=(b"<< /Type /Filespec /F (list.txt) /UF (list.txt) /EF << /F 7 0 R >> >>", stream(inner, b"/Type /EmbeddedFile")),
    )
    assert seen.members == {"list.txt"}
    assert "山田太郎" in seen.text


def test_xmp_metadata() -> None:
    packet = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><dc:creator><rdf:Seq><rdf:li>撮影者 中村</rdf:li></rdf:Seq></dc:creator></rdf:RDF></x:xmpmeta>'
    seen = simple(content=HELLO, catalog=b"/Metadata 6 0 R", more=(stream(packet.encode(), b"/Type /Metadata /Subtype /XML"),))
    assert "撮影者 中村" in seen.at(Part("metadata"))


@pytest.mark.parametrize("strength", [40, 128])
def test_a_user_password_is_reported_and_opened_when_known(strength: int) -> None:
    made, out = canvas(encrypt=StandardEncryption(PASSWORD, ownerPassword="o", strength=strength))
    made.drawString(50, 700, "秘密の山田太郎")
    content = done(made, out)
    closed = read(content, "a.pdf")
    assert closed.kinds == {ProblemKind.ENCRYPTED}
    assert not closed.text
    assert "秘密の山田太郎" in read(content, "a.pdf", passwords=("x", PASSWORD)).text
    assert read(content, "a.pdf", passwords=("x", "y")).kinds == {ProblemKind.ENCRYPTED}


def test_an_owner_password_alone_hides_nothing() -> None:
    made, out = canvas(encrypt=StandardEncryption("", ownerPassword="o", canCopy=0))
    made.drawString(50, 700, "写せない山田太郎")
    seen = read(done(made, out), "a.pdf")
    assert "写せない山田太郎" in seen.text
    assert not seen.problems


def scan(made: Canvas) -> None:
    pixels = b"".join(bytes(((x * y) % 251,) * 3) for y in range(40) for x in range(40))
    from PIL import Image

    made.drawImage(ImageReader(Image.frombytes("RGB", (40, 40), pixels)), 0, 0, 595, 842)


def test_scanned_pages_need_ocr_and_are_named() -> None:
    made, out = canvas()
    made.drawString(50, 700, "表紙の文字 山田太郎")
    for _ in range(2):
        made.showPage()
        scan(made)
    made.showPage()
    scan(made)
    made.setFont("HeiseiMin-W3", 12)
    made.drawString(280, 20, "- 4 -")
    seen = read(done(made, out), "a.pdf", ocr="off")
    assert [(p.kind, p.detail) for p in seen.problems] == [(ProblemKind.NEEDS_OCR, "pages 2-4; ocr.mode = off")]
    assert "山田太郎" in seen.text


def test_a_scan_under_a_text_layer_and_an_empty_page_are_fine() -> None:
    made, out = canvas()
    scan(made)
    text = made.beginText(50, 700)
    text.setFont("HeiseiMin-W3", 12)
    text.setTextRenderMode(3)
    text.textLine("文字認識の済んだ頁には多くの文字があり、氏名は山田太郎、住所は東京都千代田区、電話は03-0000-0000です。")
    made.drawText(text)
    made.showPage()
    made.showPage()
    assert not read(done(made, out), "a.pdf").problems


def test_fonts_without_a_map_are_unreadable_not_clean() -> None:
    widths = b"[" + b"500 " * 8 + b"]"
    glyph = stream(b"500 0 d0 0 0 400 400 re f")
    seen = simple(
        content=b"BT /F2 12 Tf 50 700 Td <" + b"0102030405060708" * 8 + b"> Tj ET",
        fonts=b"/F2 6 0 R",
        more=(
            b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 500] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 1 /LastChar 8 "
            b"/Widths " + widths + b" /Encoding << /Differences [1 /g1 /g2 /g3 /g4 /g5 /g6 /g7 /g8] >> "
            b"/CharProcs << " + b" ".join(b"/g%d 7 0 R" % i for i in range(1, 9)) + b" >> >>",
            glyph,
        ),
    )
    assert seen.kinds == {ProblemKind.UNREADABLE_TEXT}


def test_shift_jis_text_without_an_embedded_font() -> None:
    seen = simple(
        content=b"BT /F2 12 Tf 50 700 Td <" + "山田太郎の電話".encode("cp932").hex().encode() + b"> Tj ET",
        fonts=b"/F2 6 0 R",
        more=(
            b"<< /Type /Font /Subtype /Type0 /BaseFont /MS-Mincho /Encoding /90ms-RKSJ-H /DescendantFonts [7 0 R] >>",
            (
                b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /MS-Mincho /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> "
                b"/FontDescriptor 8 0 R >>"
            ),
            (
                b"<< /Type /FontDescriptor /FontName /MS-Mincho /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 "
                b"/CapHeight 700 /StemV 80 >>"
            ),
        ),
    )
    assert "山田太郎の電話" in seen.text


def test_a_wrong_cross_reference_does_not_hide_the_text() -> None:
    made, out = canvas()
    made.drawString(50, 700, "残った山田太郎の記録です")
    content = done(made, out)
    cut = content[: content.rindex(b"xref\n", 0, content.rindex(b"startxref"))]
    seen = read(cut, "a.pdf")
    assert "残った山田太郎" in seen.text
    assert seen.kinds == {ProblemKind.BROKEN_PART}


def test_pages_are_found_again_without_a_catalog() -> None:
    made, out = canvas()
    made.drawString(50, 700, "目録を失った山田太郎の頁です")
    content = done(made, out).replace(b"/Type /Catalog", b"/Type /Xatalog").replace(b"/Root", b"/Xoot")
    seen = read(content, "a.pdf")
    assert "目録を失った山田太郎" in seen.text
    assert seen.kinds == {ProblemKind.BROKEN_PART}


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.8])
def test_a_cut_file_has_text_or_a_problem(share: float) -> None:
    made, out = canvas()
    for i in range(20):
        made.setFont("HeiseiMin-W3", 12)
        made.drawString(50, 700, f"{i}頁目の山田太郎です")
        made.showPage()
    content = done(made, out)
    seen = read(content[: int(len(content) * share)], "a.pdf")
    assert seen.problems or "頁目の山田太郎" in seen.text


def test_a_file_that_is_a_pdf_by_its_head_only_is_broken() -> None:
    assert read(b"%PDF-1.7\n" + bytes(range(256)) * 40, "a.pdf").kinds == {ProblemKind.BROKEN}


def test_page_limit_names_what_was_not_read() -> None:
    made, out = canvas()
    for i in range(5):
        made.setFont("HeiseiMin-W3", 12)
        made.drawString(50, 700, f"番号{i}の人")
        made.showPage()
    seen = read(done(made, out), "a.pdf", pages=2)
    assert "番号1の人" in seen.text
    assert "番号2の人" not in seen.text
    assert [(p.kind, p.detail) for p in seen.problems] == [(ProblemKind.LIMIT, "limits.pages = 2; pages 3-5")]


def test_an_attachment_larger_than_allowed_is_a_bomb() -> None:
    packed = zlib.compress(b"0" * 3_000_000)
    content = objects(
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>",
        b"<< /Type /Filespec /F (x.txt) /EF << /F 5 0 R >> >>",
        stream(packed, b"/Type /EmbeddedFile /Filter /FlateDecode"),
    )
    assert read(content, "a.pdf", archive_bytes=1_000_000).kinds == {ProblemKind.BOMB}


def test_a_file_without_its_end_is_said_to_be_damaged() -> None:
    """PDFium mends a cut file without a word: the encrypted half of one came out as an empty page and looked clean."""
    made, out = canvas()
    made.drawString(50, 700, "一頁目の山田太郎です")
    content = done(made, out)
    whole = read(content + b"\r\n" * 300, "a.pdf")
    assert not whole.problems
    cut = read(content[: content.rindex(b"startxref")], "a.pdf")
    assert "山田太郎" in cut.text
    assert cut.kinds == {ProblemKind.BROKEN_PART}
    assert read(content + content[: len(content) // 2], "a.pdf").kinds == {ProblemKind.BROKEN_PART}
