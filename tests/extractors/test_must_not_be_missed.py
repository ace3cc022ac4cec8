"""Each corner of a document in which personal data may stand alone: a file that has it only there, and it comes out.

The list is that of ``FORMATS.md``. Corners that the tests of a format already
hold one by one are not repeated; here are those that stand in no other test.
"""

from __future__ import annotations

import struct

import docx as word
import openpyxl
import pytest
from office_kit import package, part_of, read, repack, saved
from test_docx import document
from test_docx import p as paragraph
from test_pdf import HELLO, simple, stream, utf16
from test_xlsx import KIND, label, record, wide, xls

from piiscan.extractors.office._ole import build
from piiscan.problems import ProblemKind

NAME, PHONE = "山田太郎", "090-1234-5678"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>売上</c:v>'
    f'</c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>{NAME}</c:v></c:pt></c:strCache></c:strRef></c:cat>'
    "<c:val><c:numRef><c:numCache><c:pt idx='0'><c:v>5</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:chartSpace>"
)

# ------------------------------------------------------------------------- docx

DOCX = {
    "chart's cached data": document(paragraph("x"), {"word/charts/chart1.xml": CHART}, (("r7", "chart", "charts/chart1.xml"),)),
    "people": document(
        paragraph("x"),
        {
            "word/people.xml": f'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="{NAME}">'
            '<w15:presenceInfo w15:providerId="AD" w15:userId="S::taro@example.jp::1"/></w15:person></w15:people>'
        },
        (("r7", "people", "people.xml"),),
    ),
    "tip of a link": document(f"<w:p><w:hyperlink w:tooltip='{NAME}'><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p>"),
    "source of a mail merge": document(
        paragraph("x"),
        {
            "word/settings.xml": f'<w:settings xmlns:w="{W}"><w:mailMerge><w:query w:val="SELECT * FROM `{NAME}$`"/></w:mailMerge></w:settings>'
        },
        (("r7", "settings", "settings.xml"),),
    ),
    "template's path": document(paragraph("x"), links=(("r7", "attachedTemplate", f"file:///C:/Users/{NAME}/a.dotx"),)),
    "a member that nothing names": document(paragraph("x"), {"word/notes.txt": NAME}),
    "a part that nothing names": document(paragraph("x"), {"word/old.xml": f"<old><name>{NAME}</name></old>"}),
}


@pytest.mark.parametrize("where", DOCX)
def test_word(where: str) -> None:
    assert NAME in DOCX[where].text


# ------------------------------------------------------------------------- xlsx


def workbook() -> bytes:
    made = openpyxl.Workbook()
    made.active["A1"] = "x"
    return saved(made)


def with_rel(content: bytes, owner: str, kind: str, target: str, parts: dict[str, str | bytes]) -> bytes:
    """The package with these parts, and a relationship from ``owner`` to one of them."""
    folder, _, name = owner.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    entry = f'<Relationship Id="rId77" Type="{KIND}{kind}" Target="{target}"/></Relationships>'
    try:
        old = part_of(content, rels)
    except KeyError:
        old = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    return repack(content, {rels: old.replace("</Relationships>", entry), **parts})


def tail(xml: str) -> bytes:
    """A workbook whose sheet ends in this XML."""
    content = workbook()
    sheet = part_of(content, "xl/worksheets/sheet1.xml")
    return repack(content, {"xl/worksheets/sheet1.xml": sheet.replace("</sheetData>", f"</sheetData>{xml}")})


SHEET = "xl/worksheets/sheet1.xml"
DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{}</xdr:wsDr>'
)
XLSX = {
    "chart's cached data": with_rel(
        with_rel(workbook(), SHEET, "drawing", "../drawings/drawing9.xml", {"xl/drawings/drawing9.xml": DRAWING.format("")}),
        "xl/drawings/drawing9.xml",
        "chart",
        "../charts/chart1.xml",
        {"xl/charts/chart1.xml": CHART},
    ),
    "threaded comment": with_rel(
        workbook(),
        SHEET,
        "threadedComment",
        "../threadedComments/t.xml",
        {
            "xl/threadedComments/t.xml": f'<ThreadedComments><threadedComment ref="A1"><text>{NAME}</text></threadedComment></ThreadedComments>'
        },
    ),
    "address of a commenter": with_rel(
        workbook(),
        "xl/workbook.xml",
        "person",
        "persons/person.xml",
        {"xl/persons/person.xml": f'<personList><person displayName="x" userId="S::{NAME}@example.jp::1"/></personList>'},
    ),
    "form control": with_rel(
        workbook(),
        SHEET,
        "vmlDrawing",
        "../drawings/vml9.vml",
        {
            "xl/drawings/vml9.vml": f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><div>{NAME}</div></v:textbox></v:shape></xml>'
        },
    ),
    "scenario": tail(f'<scenarios><scenario name="s" user="{NAME}" comment="x"><inputCells r="A1" val="1"/></scenario></scenarios>'),
    "title of a validation": tail(
        f'<dataValidations count="1"><dataValidation type="whole" promptTitle="{NAME}" sqref="A1"><formula1>1</formula1></dataValidation></dataValidations>'
    ),
    "second header": tail(f"<headerFooter><evenHeader>&amp;C{NAME}</evenHeader></headerFooter>"),
    "a member that nothing names": repack(workbook(), {"xl/memo.csv": f"氏名\n{NAME}\n"}),
}


@pytest.mark.parametrize("where", XLSX)
def test_excel(where: str) -> None:
    assert NAME in read(XLSX[where], "a.xlsx").text


def test_chart_sheets() -> None:
    content = workbook()
    book = part_of(content, "xl/workbook.xml")
    entry = '<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" name="グラフ" sheetId="9" r:id="rId77"/></sheets>'
    text = f"<xdr:sp><xdr:txBody><a:p><a:r><a:t>{NAME}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    content = with_rel(content, "xl/workbook.xml", "chartsheet", "chartsheets/sheet1.xml", {"xl/chartsheets/sheet1.xml": "<chartsheet/>"})
    content = with_rel(content, "xl/chartsheets/sheet1.xml", "drawing", "../drawings/d.xml", {"xl/drawings/d.xml": DRAWING.format(text)})
    assert NAME in read(repack(content, {"xl/workbook.xml": book.replace("</sheets>", entry)}), "a.xlsx").text


# ------------------------------------------------------------------- xls and xlsb


def short(text: str) -> bytes:
    return bytes([len(text)]) + b"\1" + text.encode("utf-16-le")


URL = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
LINK = f"mailto:{NAME}@example.jp\0".encode("utf-16-le")
XLS = {
    "who saved it last": record(0x005C, wide(NAME)),
    "author of a comment": record(0x001C, struct.pack("<HHHH", 0, 0, 0, 1) + wide(NAME)),
    "link": record(0x01B8, bytes(8 + 16 + 8) + URL + struct.pack("<I", len(LINK)) + LINK),
    "prompt of a validation": record(0x01BE, bytes(4) + wide("") + wide("") + wide(NAME) + wide("") + bytes(8)),
    "list of a validation": record(0x01BE, bytes(4) + wide("") * 4 + struct.pack("<HHB", 3 + 2 * len(NAME), 0, 0x17) + short(NAME)),
    "series of a chart": record(0x100D, bytes(2) + short(NAME)),
    "cell of a linked workbook": record(0x005A, struct.pack("<BBH", 1, 0, 0) + b"\1" + bytes(8) + b"\2" + wide(NAME)),
}


@pytest.mark.parametrize("where", XLS)
def test_old_excel(where: str) -> None:
    seen = read(xls(label(0, 0, "x"), XLS[where]), "a.xls")
    assert NAME in seen.text
    assert seen.problems == []
    assert read(
        xls(label(0, 0, "x"), XLS[where][:-3].replace(struct.pack("<H", len(XLS[where]) - 4), struct.pack("<H", len(XLS[where]) - 7), 1)),
        "a.xls",
    ).pieces


def test_objects_embedded_in_old_excel() -> None:
    import olefile

    with olefile.OleFileIO(xls(label(0, 0, "x"))) as ole:
        stream_ = ole.openstream("Workbook").read()
    inner = word.Document()
    inner.add_paragraph(NAME)
    seen = read(build({("Workbook",): stream_, ("MBD0012", "Package"): saved(inner)}), "a.xls")
    assert NAME in seen.text
    assert "docx" in seen.formats


def binary(kind: int, body: bytes) -> bytes:
    """A record of an xlsb part."""
    head = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 0x7F else bytes([kind])
    return head + bytes([len(body) & 0x7F | 0x80, len(body) >> 7]) + body


def counted(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def test_comments_and_headers_of_binary_workbooks() -> None:
    import tempfile
    from pathlib import Path

    from piiscan.extractors.base import Budget, Reading
    from piiscan.extractors.office._beside_cells import parts_of_binary
    from piiscan.extractors.office._opc import Package
    from piiscan.settings import Limits

    content = package(
        {
            "xl/worksheets/sheet1.bin": binary(479, bytes(2) + b"\xff\xff\xff\xff" + counted(f"&C{NAME}")),
            "xl/worksheets/_rels/sheet1.bin.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" Type="{KIND}comments" Target="../comments1.bin"/></Relationships>',
            "xl/comments1.bin": binary(632, counted("入力者 佐藤")) + binary(637, b"\0" + counted(PHONE)),
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsb")
        path.write_bytes(content)
        limits = Limits()
        with Package.open(Reading(path, "a.xlsb", len(content), limits, Path(folder), Budget(limits))) as opened:
            texts = [piece.text for piece in parts_of_binary(opened)]
    assert texts == [NAME, PHONE, "入力者 佐藤"]


# -------------------------------------------------------------------------- rtf

RTF_NAME = "".join(f"\\u{ord(sign)}?" for sign in NAME)
RTF = {
    "alternative text of a shape": "{\\shp{\\*\\shpinst{\\sp{\\sn wzDescription}{\\sv %s}}}}",
    "word art": "{\\shp{\\*\\shpinst{\\sp{\\sn gtextUNICODE}{\\sv %s}}}}",
    "entry of an index": "x{\\xe %s}",
    "entry of a table of contents": "x{\\tc %s}",
}


@pytest.mark.parametrize("where", RTF)
def test_rtf(where: str) -> None:
    seen = read(("{\\rtf1\\ansi body\\par " + RTF[where].replace("%s", RTF_NAME) + "{\\sp{\\sn fLine}{\\sv 0}}\\par}").encode(), "a.rtf")
    assert NAME in seen.text
    assert "\n0" not in seen.text


# ------------------------------------------------------------------- html and xml

HTML = {
    "value of a field": f"<input name=n value='{NAME}'>",
    "hidden field": f"<input type=hidden name=n value='{NAME}'>",
    "chosen option": f"<select><option value='{NAME}'>1</select>",
    "text area": f"<textarea>{NAME}</textarea>",
    "placeholder": f"<input placeholder='{NAME}'>",
    "alternative text": f"<img alt='{NAME}'>",
    "title": f"<p title='{NAME}'>x</p>",
    "aria": f"<p aria-label='{NAME}'>x</p>",
    "meta": f"<meta name=author content='{NAME}'>",
    "hidden element": f"<p hidden>{NAME}</p>",
    "style hides it": f"<p style='display:none'>{NAME}</p>",
    "template": f"<template><p>{NAME}</p></template>",
    "noscript": f"<noscript>{NAME}</noscript>",
    "comment": f"<p>x</p><!-- {NAME} -->",
    "script": f"<script>var a = '{NAME}';</script>",
    "data attribute": f"<p data-owner='{NAME}'>x</p>",
    "telephone in a data attribute": f"<p data-x='{PHONE} {NAME}'>x</p>",
    "frame inside the page": f"<iframe srcdoc='&lt;p&gt;{NAME}&lt;/p&gt;'></iframe>",
    "svg": f"<svg><text>{NAME}</text><desc>x</desc></svg>",
    "ruby": f"<ruby>x<rt>{NAME}</rt></ruby>",
    "cell of a table": f"<table><tr><td>x<td>y<tr><td><!-- --><input value='{NAME}'><td>z</table>",
    "caption": f"<table><caption>{NAME}</caption><tr><td>x</td></tr></table>",
    "link to a mail": f"<a href='mailto:{NAME}@example.jp'>x</a>",
}


@pytest.mark.parametrize("where", HTML)
def test_html(where: str) -> None:
    assert NAME in read(f"<html><head><meta charset=utf-8></head><body>{HTML[where]}</body></html>".encode(), "a.html").text


def test_settings_of_scripts_are_not_read_from_attributes() -> None:
    assert "fade" not in read(b"<html><body><p data-effect='fade-in 300ms'>x</p></body></html>", "a.html").text


@pytest.mark.parametrize("rest", ["", "<rp>（</rp><rt>やまだ</rt><rp>）</rp>"])
def test_ruby_is_read_beside_its_words_and_not_among_them(rest: str) -> None:
    first = f"<ruby>山田{rest or '<rt>やまだ</rt>'}</ruby>"
    page = f"<html><head><meta charset=utf-8></head><body><p>{first} <ruby>太<rt>た</rt>郎<rt>ろう</rt></ruby>です</p></body></html>"
    text = read(page.encode(), "a.html").text
    assert "山田 太郎です" in text
    assert "山田 太郎（やまだ たろう）" in text


def test_ruby_in_a_cell_stands_behind_its_words() -> None:
    row = "<tr><td><ruby>山田<rt>やまだ</rt></ruby> <ruby>太郎<rt>たろう</rt></ruby></td><td>4</td></tr>"
    page = f"<html><head><meta charset=utf-8></head><body><table><tr><th>氏名</th><th>組</th></tr>{row}</table></body></html>"
    assert "山田 太郎（やまだ たろう）" in str(read(page.encode(), "a.html").text)


def test_lines_that_are_typed_so_stay_lines() -> None:
    page = "<html><head><meta charset=utf-8></head><body><p>一つの\n段落</p><pre>a = 1\n\n# 山田さん\nb  = 2</pre><p>後</p></body></html>"
    text = read(page.encode(), "a.html").text
    assert "a = 1\n\n# 山田さん\nb  = 2" in text
    assert "一つの 段落" in text


XML = {
    "element": f"<a><b>{NAME}</b></a>",
    "attribute": f"<a><b name='{NAME}'/></a>",
    "attribute of the root": f"<a name='{NAME}'><b>x</b></a>",
    "CDATA": f"<a><b><![CDATA[{NAME}]]></b></a>",
    "comment": f"<a><b>x</b><!-- {NAME} --></a>",
    "text between elements": f"<a><b>x</b>{NAME}<c>y</c></a>",
    "record": f"<a><r><n>x</n></r><r><n>{NAME}</n></r></a>",
}


@pytest.mark.parametrize("where", XML)
def test_xml(where: str) -> None:
    assert NAME in read(f"<?xml version='1.0'?>{XML[where]}".encode(), "a.xml").text


# --------------------------------------------------------------------------- pdf


def pdf_widget(more: bytes) -> dict[str, object]:
    return {
        "content": HELLO,
        "page": b"/Annots [6 0 R]",
        "catalog": b"/AcroForm << /Fields [6 0 R] /DA (/F1 12 Tf) /DR << /Font << /F1 5 0 R >> >> >>",
        "more": (
            b"<< /Type /Annot /Subtype /Widget /T (x) /Rect [50 600 200 620] " + more + b" >>",
            b"<< /Type /Sig /Filter /Adobe.PPKLite /Reason %s /ByteRange [0 1 2 3] /Contents <00> >>" % utf16(NAME),
        ),
    }


PDF = {
    "list of a form": pdf_widget(b"/FT /Ch /Ff 131072 /Opt [%s (y)] /V (y)" % utf16(NAME)),
    "reason of a signature": pdf_widget(b"/FT /Sig /V 7 0 R"),
    "script": {
        "content": HELLO,
        "catalog": b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>",
        "more": (b"<< /S /JavaScript /JS %s >>" % utf16(f"app.alert('{NAME}')"),),
    },
    "alternative text of a picture": {
        "content": b"/Figure << /MCID 0 >> BDC " + HELLO + b" EMC",
        "page": b"/StructParents 0",
        "catalog": b"/MarkInfo << /Marked true >> /StructTreeRoot 6 0 R",
        "more": (
            b"<< /Type /StructTreeRoot /K 7 0 R /ParentTree << /Nums [0 [7 0 R]] >> >>",
            b"<< /Type /StructElem /S /Figure /P 6 0 R /Pg 3 0 R /K 0 /Alt %s >>" % utf16(NAME),
        ),
    },
    "note": {
        "content": HELLO,
        "page": b"/Annots [6 0 R]",
        "more": (b"<< /Type /Annot /Subtype /Text /Rect [1 1 9 9] /Contents %s >>" % utf16(NAME),),
    },
    "who wrote a note": {
        "content": HELLO,
        "page": b"/Annots [6 0 R]",
        "more": (b"<< /Type /Annot /Subtype /Square /Rect [1 1 9 9] /T %s >>" % utf16(NAME),),
    },
    "layer that is switched off": {
        "content": b"/OC /L BDC BT /F1 12 Tf 50 600 Td (Taro Yamada " + PHONE.encode() + b") Tj ET EMC " + HELLO,
        "catalog": b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>",
        "page": b"/Resources << /Font << /F1 5 0 R >> /Properties << /L 6 0 R >> >>",
        "more": (b"<< /Type /OCG /Name (L) >>",),
    },
}


@pytest.mark.parametrize("where", PDF)
def test_pdf(where: str) -> None:
    text = simple(**PDF[where]).text
    assert NAME in text or PHONE in text


def test_an_attached_note_of_a_pdf() -> None:
    seen = simple(
        content=HELLO,
        page=b"/Annots [6 0 R]",
        more=(
            b"<< /Type /Annot /Subtype /FileAttachment /Rect [1 1 9 9] /FS 7 0 R >>",
            b"<< /Type /Filespec /F (a.csv) /UF %s /EF << /F 8 0 R >> >>" % utf16("名簿.csv"),
            stream(f"氏名\n{NAME}\n".encode(), b"/Type /EmbeddedFile"),
        ),
    )
    assert NAME in seen.text


# -------------------------------------------------------------------- disguised


@pytest.mark.parametrize("suffix", ["jpg", "png", "pdf", "zip", "mp4", "exe", "xlsx"])
def test_a_renamed_document_is_read_and_noted(suffix: str) -> None:
    made = word.Document()
    made.add_paragraph(NAME)
    seen = read(saved(made), f"写真.{suffix}")
    assert NAME in seen.text
    assert seen.kinds == {ProblemKind.DISGUISED}
