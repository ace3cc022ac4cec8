"""What hostile or damaged files have made piiscan do, and limits that hold: each case that `make torture-formats` found, and the bombs."""

from __future__ import annotations

import io
import os
import sys
import time
import zipfile
from pathlib import Path

import pytest
from office_kit import package, read

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.engine.analyse import Analyst
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item, Line, Outcome, Segment, Table
from piiscan.problems import ProblemKind
from piiscan.settings import Limits, Ocr, Settings
from sample_data.make.outlook import mail_item, msg


def analysed(path: Path, **limits: float) -> FileReport:
    """The whole of it: identified, extracted, detected."""
    folder = path.parent / "spool"
    folder.mkdir(exist_ok=True)
    analyst = Analyst(Settings(limits=Limits(**limits), ocr=Ocr(mode="off")), FingerprintKey.random())
    return analyst.analyse(Item("s", path.name, str(path), size=path.stat().st_size), path, folder)


def seconds(call) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


# --------------------------------------------------------- found by make torture-formats


def test_a_row_of_twenty_thousand_cells_is_read_as_text():
    """Seed 1, case 836: each column was judged by itself, a minute for one row."""
    kit = Kit()
    row = (*("部品" for _ in range(20_000)), "電話 090-1234-5678")

    def judge() -> None:
        document = Document(kit)
        records = [*document.feed(Table("", (row, row))), *document.finish()]
        assert any(hit.entity == "PHONE_NUMBER" for record in records for hit in record.hits)

    judge()
    assert seconds(judge) < 15


def test_ten_thousand_values_in_one_piece_are_no_square():
    """Seed 1, case 886: each value of a kind was compared with all the others."""
    bank = Kit().patterns
    short, long = (" ".join(f"090-{i // 10000:04d}-{i % 10000:04d}" for i in range(count)) for count in (1_000, 8_000))
    bank.spot(short)
    assert seconds(lambda: bank.spot(long + " ")) < 30 * max(seconds(lambda: bank.spot(short + " ")), 0.02)


def test_a_page_without_blocks_comes_in_pieces():
    """Seed 1, case 886: two million characters came as one segment."""
    seen = read(b"<html><body>" + "<i>電話 090-1234-5678</i> ".encode() * 20_000, "a.html")
    assert max(len(segment.text) for segment in seen.segments) <= 16_000
    assert seen.text.replace("\n", "").count("090-1234-5678") >= 19_900


@pytest.mark.parametrize("more", [0, 64])
def test_streams_of_an_ole_container_that_end_early_are_told(more: int) -> None:
    """Seed 2, a cut quick.msg: what was left of the streams was taken for all of them."""
    content = bytearray(msg(mail_item(("山田太郎", "yamada@example.jp"), [], "件名", "電話は 090-1234-5678 です。")))
    at = content.index("__substg1.0_1000001F".encode("utf-16-le")) + 0x78  # the size in the body's directory entry
    content[at] += more
    seen = read(bytes(content), "a.msg")
    assert "090-1234-5678" in seen.text
    assert (ProblemKind.BROKEN_PART in seen.kinds) == bool(more)


def test_a_row_of_csv_that_is_wider_than_any_table_comes_in_parts():
    """Seed 1, case 886: one row of 60,000 cells was one piece, so that the deadline was not looked at before its end."""
    wide = [f"c{i}" for i in range(3_000)] + ["090-1234-5678"]
    seen = read(f"a,b\n1,2\n{','.join(wide)}\n3,4\n".encode(), "a.csv")
    assert max(len(row) for table in seen.tables for row in table.rows) <= 1_024
    cells = {
        (table.cell(r, c).row, table.cell(r, c).column): cell
        for table in seen.tables
        for r, row in enumerate(table.rows)
        for c, cell in enumerate(row)
    }
    assert cells == {(1, 1): "a", (1, 2): "b", (2, 1): "1", (2, 2): "2", (4, 1): "3", (4, 2): "4"} | {
        (3, i): cell for i, cell in enumerate(wide, 1)
    }


# ------------------------------------------------------------------------------- bombs


LOL = '<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "' + "&a;" * 100 + '"><!ENTITY c "' + "&b;" * 100 + '"><!ENTITY d "' + "&c;" * 100 + '">]>'


@pytest.mark.parametrize("name", ["a.xml", "a.svg", "a.html"])
def test_entities_do_not_expand(name: str) -> None:
    seen = read(f'<?xml version="1.0"?>{LOL}<a>&d; 電話 090-1234-5678</a>'.encode(), name)
    assert len(seen.text) < 100_000
    assert "090-1234-5678" in seen.text


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
def test_entities_from_outside_are_not_fetched(target: str) -> None:
    xml = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "{target}">]><a>&x; 電話 090-1234-5678</a>'
    seen = read(xml.encode(), "a.xml")
    assert "root:" not in seen.text
    assert "090-1234-5678" in seen.text
    body = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "{target}">]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
    seen = read(package({"[Content_Types].xml": "<Types/>", "word/document.xml": body}), "a.docx")
    assert "root:" not in seen.text


@pytest.mark.parametrize("opening", ["<a>", "[", '{"a":', "<div>", "<table><tr><td>"])
def test_deep_nesting_ends(opening: str) -> None:
    name = "a.json" if opening[0] in "[{" else "a.html" if opening != "<a>" else "a.xml"
    head = '<?xml version="1.0"?>' if name == "a.xml" else ""
    seen = read((head + opening * 60_000 + "090-1234-5678").encode(), name)
    assert "090-1234-5678" in seen.text or seen.problems


def test_deeply_nested_rtf_ends() -> None:
    assert read(b"{\\rtf1" + b"{\\b " * 60_000 + b"090-1234-5678", "a.rtf").pieces


def sheet(cells: str, dimension: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kind}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><dimension ref="{dimension}"/><sheetData>{cells}</sheetData></worksheet>',
        }
    )


def test_a_sheet_that_claims_seventeen_billion_cells() -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>電話 090-1234-5678</t></is></c></row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>末尾</t></is></c></row>'
    seen = read(sheet(cells, "A1:XFD1048576"), "a.xlsx")
    assert "090-1234-5678" in seen.text
    assert sum(len(row) for table in seen.tables for row in table.rows) < 5_000_000


def test_an_ods_row_repeated_a_billion_times() -> None:
    spaces = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "text", "table"))
    rows = (
        '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="1000000" office:value-type="string">'
        "<text:p>090-1234-5678</text:p></table:table-cell></table:table-row>"
    )
    content = f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    seen = read(package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}), "a.ods")
    assert "090-1234-5678" in seen.text
    assert sum(len(row) for table in seen.tables for row in table.rows) < 5_000_000


def test_a_pdf_of_a_million_objects() -> None:
    out = bytearray(
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    )
    text = b"BT /F1 12 Tf 50 700 Td (PHONE 090-1234-5678 AND SOME MORE WORDS TO READ HERE) Tj ET"
    out += (
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n"
    )
    out += (
        b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n"
        % (len(text), text)
    )
    out += b"".join(b"%d 0 obj\n1\nendobj\n" % number for number in range(6, 300_000))
    out += b"trailer\n<< /Size 300000 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
    assert "090-1234-5678" in read(bytes(out), "a.pdf").text


def test_a_pdf_page_of_a_hundred_thousand_drawings() -> None:
    content = b"0 0 m 9 9 l S\n" * 100_000
    out = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    out += b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>\nendobj\n"
    out += b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%%%EOF\n" % (len(content), content)
    assert read(out, "a.pdf", ocr="off").kinds <= {ProblemKind.NEEDS_OCR, ProblemKind.BROKEN_PART}


def test_pages_that_name_each_other_as_parents_end() -> None:
    out = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R 2 0 R] /Parent 3 0 R /Count 2 >>\nendobj\n"
    out += b"3 0 obj\n<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 1 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    seen = read(out, "a.pdf")
    assert seen.kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART, ProblemKind.LIMIT}


HOSTILE = {
    "digits": "1" * 100_000,
    "dashed": "1-" * 50_000,
    "at": "a@" * 50_000,
    "dots": "a." * 50_000 + "@" + "b." * 20_000,
    "spaces": "氏名" + " " * 100_000 + "山",
    "kanji": "山" * 100_000,
    "katakana": "ア" * 100_000,
    "brackets": "(" * 50_000 + ")" * 50_000,
    "address": "東京都" * 30_000,
    "block": "東京都千代田区千代田" + "1-" * 30_000,
    "dates": "昭和" * 40_000,
    "mrz": "P<JPN" * 20_000,
    "newlines": "個人番号：\n" * 15_000,
    "url": "https://" * 12_000,
    "zero": "０" * 100_000,
    "labels": "氏名：氏名：" * 15_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_text_that_is_hostile_to_regular_expressions_takes_time_in_proportion(name: str) -> None:
    """A tenth of it first, then all of it: a square would take a hundred times as long."""
    kit = Kit()

    def spend(text: str) -> float:
        document = Document(kit)
        pieces = [Segment(Line(1), text[start : start + 16_000], offset=start) for start in range(0, len(text), 16_000)]
        return seconds(lambda: [record for piece in pieces for record in document.feed(piece)] + list(document.finish()))

    whole = HOSTILE[name]
    spend("準備")
    assert spend(whole) < 12, "seconds for 100,000 characters"


@pytest.mark.skipif(sys.platform == "win32", reason="sparse files need a flag of their own there")
def test_a_sparse_file_of_gigabytes_is_too_large_or_ends(tmp_path: Path) -> None:
    path = tmp_path / "sparse.bin"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 6 * 1024**3)
    report = analysed(path)
    assert report.outcome is Outcome.FAILED
    assert {problem.kind for problem in report.problems} == {ProblemKind.TOO_LARGE}


def test_a_zip_that_holds_itself_many_levels_deep(tmp_path: Path) -> None:
    data = b"090-1234-5678"
    for _ in range(30):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.zip", data)
        data = out.getvalue()
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    report = analysed(path)
    assert report.outcome is not Outcome.SCANNED
    assert any("archive_depth" in problem.detail for problem in report.problems)
