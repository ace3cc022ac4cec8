"""Binary workbooks: our own reader of cells, where calamine cannot open one or a format fills up with zeros."""

from __future__ import annotations

import struct

from office_kit import Seen, package, read

from piiscan.model import Part, Role

KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def record(kind: int, body: bytes = b"") -> bytes:
    """Number and size in seven bits a byte."""
    out = b""
    for value in (kind, len(body)):
        while True:
            out += bytes([value & 0x7F | (0x80 if value > 0x7F else 0)])
            value >>= 7
            if not value:
                break
    return out + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def cell(kind: int, column: int, style: int, value: bytes) -> bytes:
    return record(kind, struct.pack("<II", column, style) + value)


def rels(**targets: str) -> str:
    inner = "".join(
        f'<Relationship Id="{name}" Type="{KIND}{name.rstrip("0123456789")}" Target="{target}"/>' for name, target in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def workbook(
    sheet: bytes, *, codes: tuple[str, ...] = (), strings: tuple[str, ...] = (), hidden: bool = False, **more: str | bytes
) -> Seen:
    """One sheet; style 1 and on have these formats. ``more``: further parts by the kind of their relationship."""
    styles = b"".join(record(44, struct.pack("<H", 170 + i) + wide(code)) for i, code in enumerate(codes))
    styles += record(617, struct.pack("<I", 1 + len(codes))) + record(47, bytes(16))
    styles += b"".join(record(47, struct.pack("<HH12x", 0, 170 + i)) for i in range(len(codes))) + record(618)
    head = record(131) + record(153, bytes(12)) + record(143)
    book = head + record(156, struct.pack("<II", int(hidden), 1) + wide("worksheet1") + wide("名簿")) + record(144) + record(132)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": rels(officeDocument="xl/workbook.bin"),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": rels(
            worksheet1="worksheets/sheet1.bin",
            sharedStrings="sharedStrings.bin",
            styles="styles.bin",
            **{kind: f"{kind}.bin" for kind in more},
        ),
        "xl/worksheets/sheet1.bin": record(129) + record(145) + sheet + record(146) + record(130),
        "xl/sharedStrings.bin": b"".join(record(19, b"\0" + wide(text)) for text in strings),
        "xl/styles.bin": styles,
        **{f"xl/{kind}.bin": content for kind, content in more.items()},
    }
    return read(package(parts), "a.xlsb")


def row(number: int, *cells: bytes) -> bytes:
    return record(0, struct.pack("<I13x", number)) + b"".join(cells)


def test_every_kind_of_cell_with_its_format() -> None:
    sheet = row(
        2,
        cell(7, 0, 0, struct.pack("<I", 1)),
        cell(6, 1, 0, wide("直に書いた文字")),
        cell(62, 2, 0, b"\0" + wide("飾った文字")),
        cell(5, 3, 1, struct.pack("<d", 9012345678.0)),
        cell(2, 4, 2, struct.pack("<I", 46352 << 2 | 2)),
        cell(2, 5, 0, struct.pack("<I", (-1234 & 0x3FFFFFFF) << 2 | 3)),
        cell(4, 6, 0, b"\1"),
        cell(8, 7, 0, wide("式の結果")),
        cell(9, 8, 0, struct.pack("<d", 1.5)),
        cell(1, 9, 0, b""),
    )
    seen = workbook(sheet, codes=("00000000000", "yyyy/mm/dd"), strings=("氏名", "山田太郎"))
    assert seen.cells("名簿") == {
        "A3": "山田太郎", "B3": "直に書いた文字", "C3": "飾った文字", "D3": "09012345678", "E3": "2026-11-26", "F3": "-12.34",
        "G3": "TRUE", "H3": "式の結果", "I3": "1.5",
    }  # fmt: skip
    assert not seen.problems


def test_hidden_sheets_and_broken_numbers_of_strings() -> None:
    sheet = row(0, cell(7, 0, 0, struct.pack("<I", 99)), cell(6, 1, 1, wide("山田")), cell(5, 2, 1, struct.pack("<d", 7.0)))
    seen = workbook(sheet, codes=("000",), hidden=True)
    assert seen.cells("名簿") == {"B1": "山田", "C1": "007"}
    assert {table.role for table in seen.tables} == {Role.HIDDEN}


def test_what_a_workbook_keeps_of_others_is_read() -> None:
    linked = record(371, struct.pack("<I", 0) + wide("控えの佐藤花子"))
    kept = record(24, wide("元表の鈴木一郎"))
    seen = workbook(row(0, cell(5, 0, 1, struct.pack("<d", 1.0))), codes=("000",), externalLink=linked, pivotCacheDefinition=kept)
    assert seen.at(Part("external link")) == "控えの佐藤花子"
    assert seen.at(Part("pivot cache")) == "元表の鈴木一郎"
    assert not seen.problems
