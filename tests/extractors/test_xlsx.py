"""Excel workbooks: cells as they are displayed, and all that hides behind them."""

from __future__ import annotations

import datetime as dt
import os
import struct

import openpyxl
import pytest
from office_kit import Seen, part_of, read, repack, saved
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from piiscan.extractors.office._numfmt import date_text, is_date, mask
from piiscan.extractors.office._ole import build
from piiscan.model import Cell, Part, Role
from piiscan.problems import ProblemKind

KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def book() -> tuple[openpyxl.Workbook, openpyxl.worksheet.worksheet.Worksheet]:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "名簿"
    return made, sheet


def test_cells_text_numbers_and_booleans() -> None:
    made, sheet = book()
    sheet.append(["氏名", "番号", "金額", "有効"])
    sheet.append(["山田太郎", 123456789012, 1234.5, True])
    sheet.append(["鈴木", 90.0, -3, False])
    seen = read(saved(made), "a.xlsx")
    assert seen.tables[0].rows == (
        ("氏名", "番号", "金額", "有効"),
        ("山田太郎", "123456789012", "1234.5", "TRUE"),
        ("鈴木", "90", "-3", "FALSE"),
    )
    assert not seen.problems


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (9012345678, "00000000000", "09012345678"),
        (600000, "000-0000", "060-0000"),
        (312345678, "00-0000-0000", "03-1234-5678"),
        (600000, r"[<=999]000;[<=9999]000\-00;000\-0000", "060-0000"),
        (42, "General", "42"),
        (1234, "#,##0", "1234"),
    ],
)
def test_leading_zeros_that_only_the_format_shows(value: int, code: str, shown: str) -> None:
    made, sheet = book()
    sheet["B2"] = value
    sheet["B2"].number_format = code
    assert read(saved(made), "a.xlsx").cells("名簿")["B2"] == shown


@pytest.mark.parametrize(
    "code",
    ["yyyy/mm/dd", "ge.m.d", '[$-411]ggge"年"m"月"d"日"', "yyyy年m月d日", "[$-ja-JP-x-gannen]ggge年m月d日;@", "m/d/yy"],
)
def test_dates_and_wareki_are_iso(code: str) -> None:
    made, sheet = book()
    sheet["A1"] = dt.date(1985, 4, 1)
    sheet["A1"].number_format = code
    assert read(saved(made), "a.xlsx").cells("名簿")["A1"] == "1985-04-01"


def test_builtin_japanese_date_formats_without_a_code() -> None:
    made, sheet = book()
    sheet["A1"] = 31138
    sheet["A1"].number_format = "yyyy/mm/dd"
    content = saved(made)
    styles = part_of(content, "xl/styles.xml").replace('numFmtId="164"', 'numFmtId="57"')
    assert read(repack(content, {"xl/styles.xml": styles}), "a.xlsx").cells("名簿")["A1"] == "1985-04-01"


def test_date_times_and_1904() -> None:
    made, sheet = book()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet["A1"] = dt.datetime(2020, 5, 6, 7, 8, 9)  # noqa: DTZ001 -- Excel knows no zones
    assert read(saved(made), "a.xlsx").cells("名簿")["A1"] == "2020-05-06 07:08:09"


def test_hidden_sheets_rows_and_columns() -> None:
    made, sheet = book()
    sheet["C3"] = "隠れた列の人"
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[3].hidden = True
    for name, state in (("裏", "hidden"), ("奥", "veryHidden")):
        other = made.create_sheet(name)
        other["A1"] = f"{name}の山田"
        other.sheet_state = state
    seen = read(saved(made), "a.xlsx")
    assert seen.cells("名簿") == {"C3": "隠れた列の人"}
    roles = {table.sheet: table.role for table in seen.tables}
    assert roles == {"名簿": Role.BODY, "裏": Role.HIDDEN, "奥": Role.HIDDEN}
    assert seen.at(Part("sheet names")) == "名簿\n裏\n奥"


def test_merged_titles_and_offset_tables_keep_their_places() -> None:
    made, sheet = book()
    sheet["B2"] = "社員名簿"
    sheet.merge_cells("B2:D2")
    sheet["B3"], sheet["C3"] = "氏名", "電話"
    sheet["B500"] = "離れた山田"
    assert read(saved(made), "a.xlsx").cells("名簿") == {"B2": "社員名簿", "B3": "氏名", "C3": "電話", "B500": "離れた山田"}


def test_comments_headers_validation_names_and_links() -> None:
    made, sheet = book()
    sheet["A1"] = "x"
    sheet["A1"].comment = Comment("退職予定 佐藤", "入力者 高橋")
    sheet["A1"].hyperlink = "mailto:taro@example.com"
    sheet.oddHeader.center.text = "取扱注意 &D 人事部"
    sheet.oddFooter.left.text = "作成 田中"
    choice = DataValidation(type="list", formula1='"山田太郎,鈴木花子"', showInputMessage=True, prompt="氏名を選ぶ")
    choice.add("B1")
    sheet.add_data_validation(choice)
    made.defined_names["担当"] = DefinedName("担当", attr_text='"伊藤四郎"')
    seen = read(saved(made), "a.xlsx")
    assert "退職予定 佐藤" in seen.at(Cell("名簿", 1, 1))
    assert "入力者 高橋" in seen.at(Part("authors"))
    assert seen.of(Role.HEADER) == "取扱注意  人事部"
    assert seen.of(Role.FOOTER) == "作成 田中"
    assert "山田太郎,鈴木花子" in seen.at(Part("validation"))
    assert "伊藤四郎" in seen.at(Part("names"))
    assert "taro@example.com" in seen.at(Part("links"))


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>'
    '<drawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/></worksheet>'
)


def with_sheet(rows: str, more: dict[str, str | bytes] | None = None, strings: str = "<si><t>共有文字列</t></si>") -> Seen:
    """A workbook whose sheet is this raw XML."""
    made, _ = book()
    table = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>'
    parts = {"xl/worksheets/sheet1.xml": SHEET.format(rows), "xl/sharedStrings.xml": table, **(more or {})}
    return read(add_rel(saved(made), "sharedStrings", "sharedStrings.xml", parts), "a.xlsx")


def add_rel(content: bytes, kind: str, target: str, parts: dict[str, str | bytes]) -> bytes:
    """The workbook with these parts, and a relationship to one of them."""
    rels = part_of(content, "xl/_rels/workbook.xml.rels")
    entry = f'<Relationship Id="rId99" Type="{KIND}{kind}" Target="{target}"/></Relationships>'
    return repack(content, {"xl/_rels/workbook.xml.rels": rels.replace("</Relationships>", entry), **parts})


def test_shared_inline_and_formula_strings() -> None:
    seen = with_sheet(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>山</t></r><r><t>田</t></r></is></c>'
        '<c r="C1" t="str"><f>A1&amp;"様"</f><v>共有文字列様</v></c><c r="D1"><f>1+1</f><v>2</v></c><c r="E1" t="e"><v>#N/A</v></c></row>'
    )
    assert seen.cells("名簿") == {"A1": "共有文字列", "B1": "山田", "C1": "共有文字列様", "D1": "2"}


def test_texts_in_formulas_are_read_once() -> None:
    made, sheet = book()
    for row in range(1, 4):
        sheet.cell(row, 1).value = '=HYPERLINK("mailto:taro@example.com","送る")'
        sheet.cell(row, 2).value = f'=IF(C{row}="山田太郎&co","有","無")'
        sheet.cell(row, 3).value = f"=A{row}+1"
    assert read(saved(made), "a.xlsx").at(Part("formulas")) == "mailto:taro@example.com\n山田太郎&co"


def test_phonetic_guides_do_not_get_into_cells() -> None:
    seen = with_sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings='<si><t>山田</t><rPh sb="0" eb="2"><t>ヤマダ</t></rPh></si>')
    assert seen.cells("名簿") == {"A1": "山田"}


def test_text_boxes() -> None:
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:sp><xdr:txBody>'
        "<a:p><a:r><a:t>箱の中 鈴木</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{KIND}drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    )
    links = rels.replace('drawing"', 'hyperlink"').replace('../drawings/drawing1.xml"', 'mailto:taro@example.com" TargetMode="External"')
    parts = {"xl/drawings/drawing1.xml": drawing, "xl/worksheets/_rels/sheet1.xml.rels": rels, "xl/drawings/_rels/drawing1.xml.rels": links}
    seen = with_sheet("", parts)
    assert seen.at(Part("text box")) == "箱の中 鈴木"
    assert seen.at(Part("links")) == "mailto:taro@example.com"


def test_chart_titles() -> None:
    made, sheet = book()
    for row in (("氏名", "点"), ("山田", 1)):
        sheet.append(row)
    chart = BarChart()
    chart.title = "山田の成績"
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2), titles_from_data=True)
    sheet.add_chart(chart, "E1")
    assert "山田の成績" in read(saved(made), "a.xlsx").at(Part("chart"))


def test_external_links_keep_copies_that_are_read() -> None:
    made, sheet = book()
    sheet["A1"] = "x"
    link = (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook><sheetDataSet><sheetData sheetId="0">'
        '<row r="1"><cell r="A1" t="str"><v>別ブックの山田花子</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>'
    )
    seen = read(
        add_rel(saved(made), "externalLink", "externalLinks/externalLink1.xml", {"xl/externalLinks/externalLink1.xml": link}), "a.xlsx"
    )
    assert seen.at(Part("external link")) == "別ブックの山田花子"


def test_pivot_caches_are_tables() -> None:
    made, sheet = book()
    sheet["A1"] = "x"
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    definition = (
        f'<pivotCacheDefinition {ns}><cacheFields count="2"><cacheField name="氏名"><sharedItems><s v="山田太郎"/><s v="鈴木花子"/></sharedItems></cacheField>'
        '<cacheField name="電話"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>'
    )
    records = f'<pivotCacheRecords {ns}><r><x v="1"/><s v="090-0000-0001"/></r><r><x v="0"/><n v="5"/></r></pivotCacheRecords>'
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{KIND}pivotCacheRecords" Target="records.xml"/></Relationships>'
    )
    content = add_rel(
        saved(made),
        "pivotCacheDefinition",
        "pivotCache/definition.xml",
        {"xl/pivotCache/definition.xml": definition, "xl/pivotCache/records.xml": records, "xl/pivotCache/_rels/definition.xml.rels": rels},
    )
    cache = next(table for table in read(content, "a.xlsx").tables if table.sheet.startswith("pivot"))
    assert cache.rows == (("氏名", "電話"), ("鈴木花子", "090-0000-0001"), ("山田太郎", "5"))
    assert cache.role is Role.HIDDEN


def test_many_rows_come_in_chunks() -> None:
    made, sheet = book()
    for i in range(4100):
        sheet.append([i, "山田"])
    tables = read(saved(made), "a.xlsx").tables
    assert [table.first_row for table in tables] == [1, 2001, 4001]
    assert sum(len(table.rows) for table in tables) == 4100


def test_a_declared_giant_grid_costs_nothing() -> None:
    seen = with_sheet('<row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>')
    assert seen.cells("名簿") == {"XFD1048576": "共有文字列"}


def test_the_cell_limit_is_kept_and_said() -> None:
    made, sheet = book()
    for _ in range(5000):
        sheet.append(["山田"] * 10)
    seen = read(saved(made), "a.xlsx", cells=30_000)
    assert ProblemKind.LIMIT in seen.kinds
    assert 20_000 <= sum(len(row) for table in seen.tables for row in table.rows) <= 40_000


def test_broken_sheet_gives_its_beginning_and_says_so() -> None:
    made, sheet = book()
    for i in range(300):
        sheet.append([f"山田{i}"])
    content = saved(made)
    xml = part_of(content, "xl/worksheets/sheet1.xml")
    seen = read(repack(content, {"xl/worksheets/sheet1.xml": xml[: int(len(xml) * 0.7)]}), "a.xlsx")
    assert ProblemKind.BROKEN_PART in seen.kinds
    assert "山田100" in seen.text


def test_a_cut_file_is_broken() -> None:
    made, sheet = book()
    sheet["A1"] = "x"
    content = saved(made)
    assert read(content[: len(content) // 2], "a.xlsx").kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}


# ------------------------------------------------------------------ formats alone


def test_masks_and_dates_of_formats() -> None:
    write = mask("000-0000")
    assert write is not None
    assert write(600000) == "060-0000"
    assert mask("0.00") is None
    assert mask("General") is None
    assert is_date(0, '[$-411]ggge"年"m"月"d"日"')
    assert not is_date(0, "0.00E+00")
    assert date_text(60) == "1900-02-28" or date_text(61) == "1900-03-01"
    assert date_text(0.5) == "12:00:00"


# ----------------------------------------------------------------------- old xls


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def wide(text: str, count: str = "<H") -> bytes:
    return struct.pack(count, len(text)) + b"\1" + text.encode("utf-16-le")


def xls(cells: bytes, more: bytes = b"", *, hidden: int = 0) -> bytes:
    """A BIFF8 workbook with one sheet; XF 15 is general, XF 16 is ``000-0000``."""
    bof = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 1996, 0, 6))
    fonts = record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\5\0Arial") * 4
    form = record(0x041E, struct.pack("<H", 164) + wide("000-0000"))
    xfs = b"".join(record(0x00E0, struct.pack("<HHH14x", 0, number, 1)) for number in [0] * 16 + [164])
    end = record(0x000A, b"")
    head = bof + record(0x0042, struct.pack("<H", 1200)) + fonts + form + xfs
    start = len(head) + 4 + 6 + 2 + 4 + len(end)
    sheet = record(0x0085, struct.pack("<IBB", start, hidden, 0) + b"\2\1" + "名簿".encode("utf-16-le"))
    body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 1996, 0, 6)) + cells + more + end
    return build({("Workbook",): head + sheet + end + body})


def label(row: int, column: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<HHH", row, column, 15) + wide(text))


def test_xls_cells_formats_headers_and_boxes() -> None:
    cells = (
        label(0, 0, "山田太郎")
        + record(0x0203, struct.pack("<HHHd", 1, 0, 16, 600000.0))
        + record(0x0203, struct.pack("<HHHd", 1, 1, 15, 7.0))
    )
    box = record(0x01B6, struct.pack("<HHHHHHI", 0, 0, 0, 0, 0, 4, 0)[:18]) + record(0x003C, b"\1" + "鈴木様へ".encode("utf-16-le"))
    header = record(0x0014, wide("&C社外秘"))
    seen = read(xls(cells, header + box), "a.xls")
    assert seen.cells("名簿") == {"A1": "山田太郎", "A2": "060-0000", "B2": "7"}
    assert seen.of(Role.HEADER) == "社外秘"
    assert seen.at(Part("text box")) == "鈴木様へ"
    assert seen.at(Part("sheet names")) == "名簿"
    assert not seen.problems


def test_xls_hidden_sheet() -> None:
    assert [table.role for table in read(xls(label(0, 0, "x"), hidden=2), "a.xls").tables] == [Role.HIDDEN]


def test_xls_damage_never_escapes() -> None:
    content = xls(label(0, 0, "山田太郎") * 400)
    for cut in range(512, len(content), 3001):
        seen = read(content[:cut], "a.xls")
        assert seen.kinds or "山田太郎" in seen.text


def test_what_calamine_writes_to_stderr_when_it_panics_goes_nowhere(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class PanicException(BaseException):  # as PyO3 names it
        pass

    class Book:
        @staticmethod
        def from_filelike(file: object) -> None:
            os.write(2, "thread panicked: byte index 1 is inside '山'".encode())
            raise PanicException

    monkeypatch.setattr("piiscan.extractors.office.xlsx.CalamineWorkbook", Book)
    made, sheet = book()
    sheet["A1"] = "山田太郎"
    assert read(saved(made), "a.xlsx").cells("名簿") == {"A1": "山田太郎"}
    assert capfd.readouterr().err == ""
