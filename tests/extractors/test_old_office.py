"""Excel 2 to 4, Works, 一太郎 and what only Apache Tika reads."""

from __future__ import annotations

import os
import random
import struct
import sys
import time
from dataclasses import replace

import pytest
from office_kit import read

from piiscan.extractors import engines
from piiscan.extractors.office import old_office
from piiscan.extractors.office._ole import build
from piiscan.model import Cell, Role
from piiscan.problems import ProblemKind
from sample_data.make.build import csv_text
from sample_data.make.old_office import excel, wordperfect, works, works8

ROSTER = [["氏名", "電話", "生年月日"], ["山田太郎", 9012345678.0, 25569.0], ["髙橋花子①", 312345678.0, 1.0]]


@pytest.mark.parametrize("version", [2, 3, 4])
def test_old_excel_cells_dates_and_zeros(version: int) -> None:
    styles = {(r, c): c for r in (1, 2) for c in (1, 2)}
    content = excel(
        version,
        ROSTER,
        formats=("General", "00000000000", "yyyy/m/d"),
        styles=styles,
        notes={(1, 0): "母 03-9999-8888"},
        header="&C社外秘 吉田",
    )
    seen = read(content, "a.xls")
    assert seen.formats == {"xls-old"}
    assert seen.cells("") == {
        "A1": "氏名", "B1": "電話", "C1": "生年月日",
        "A2": "山田太郎", "B2": "09012345678", "C2": "1970-01-01",
        "A3": "髙橋花子①", "B3": "00312345678", "C3": "1900-01-01",
    }  # fmt: skip
    assert seen.at(Cell("", 2, 1)) == "母 03-9999-8888"
    assert "吉田" in seen.of(Role.HEADER)
    assert seen.problems == []


def test_old_excel_workbook_and_long_note() -> None:
    note = "あ" * 1500 + "03-9999-8888"
    seen = read(excel(4, ROSTER, name="名簿", notes={(1, 0): note}), "a.xlw")
    assert seen.cells("名簿")["A2"] == "山田太郎"
    assert seen.at(Cell("名簿", 2, 1)) == note


@pytest.mark.parametrize(("version", "formula", "string"), [(2, 0x0006, 0x0007), (3, 0x0206, 0x0207), (4, 0x0406, 0x0207)])
def test_old_excel_results_of_formulas(version: int, formula: int, string: int) -> None:
    content = excel(version, [["x"]])[:-4]  # without the end of the sheet
    place = struct.pack("<HH", 5, 1) + (bytes(3) if version == 2 else bytes(2))
    text = "山田太郎".encode("cp932")
    content += struct.pack("<HH", formula, len(place) + 10) + place + struct.pack("<d", 77.0) + bytes(2)
    place = struct.pack("<HH", 6, 1) + (bytes(3) if version == 2 else bytes(2))
    content += struct.pack("<HH", formula, len(place) + 10) + place + bytes(6) + b"\xff\xff" + bytes(2)
    length = bytes([len(text)]) if version == 2 else struct.pack("<H", len(text))
    content += struct.pack("<HH", string, len(length) + len(text)) + length + text
    rk = struct.pack("<HHHi", 7, 0, 0, 1234 << 2 | 3)
    content += (struct.pack("<HH", 0x027E, len(rk)) + rk) if version > 2 else b""
    cells = read(content, "a.xls").cells("")
    assert cells["B6"] == "77"
    assert cells["B7"] == "山田太郎"
    if version > 2:
        assert cells["A8"] == "12.34"


def test_old_excel_sparse_rows_do_not_fill_memory() -> None:
    content = excel(3, [["氏名"]])[:-4]
    place = struct.pack("<HHHH", 65_000, 0, 0, 4) + "山田".encode("cp932")
    content += struct.pack("<HH", 0x0204, len(place)) + place
    seen = read(content, "a.xls")
    assert seen.cells("")["A65001"] == "山田"
    assert sum(len(table.rows) for table in seen.tables) < 10


def test_old_excel_password_and_damage() -> None:
    content = excel(4, ROSTER)
    assert read(content[:10] + struct.pack("<HHI", 0x2F, 4, 0) + content[10:], "a.xls").kinds == {ProblemKind.ENCRYPTED}
    seen = read(content[:-20], "a.xls")
    assert seen.kinds == {ProblemKind.BROKEN_PART}
    assert "山田太郎" in seen.text


def test_a_workbook_stream_without_its_container() -> None:
    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    bof = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6)
    text = "山田太郎".encode("utf-16-le")
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 6))
    sheet += record(0x0204, struct.pack("<HHHHB", 0, 0, 0, 4, 1) + text) + record(10, b"")
    head = 4 + len(bof) + 4 + 14 + 4
    globals_ = record(0x0809, bof) + record(0x0085, struct.pack("<IHBB", head, 0, 6, 0) + b"Sheet1") + record(10, b"")
    assert len(globals_) == head
    seen = read(globals_ + sheet, "a.xls")
    assert seen.cells("Sheet1")["A1"] == "山田太郎"
    assert seen.members == {"Workbook.xls"}
    assert "xlsx" in seen.formats


def excel_95(cells: bytes, *, hidden: int = 0, formats: bytes = b"", code: int = 932) -> bytes:
    """A workbook of Excel 95 with one sheet."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    name, end = "名簿".encode("cp932"), record(10, b"")
    head = record(0x0809, struct.pack("<HHHH", 0x0500, 5, 0, 1995)) + record(0x42, struct.pack("<H", code)) + formats
    head += record(0x85, struct.pack("<IBBB", len(head) + 11 + len(name) + 4, hidden, 0, len(name)) + name) + end
    return build({("Book",): head + record(0x0809, struct.pack("<HHHH", 0x0500, 0x10, 0, 1995)) + cells + end})


def cell(kind: int, row: int, column: int, style: int, value: bytes) -> bytes:
    return struct.pack("<HHHHH", kind, 6 + len(value), row, column, style) + value


def test_excel_95_in_shift_jis() -> None:
    text = "山田太郎".encode("cp932")
    code = b"00000000000"
    formats = struct.pack("<HHHB", 0x041E, 3 + len(code), 164, len(code)) + code
    formats += b"".join(struct.pack("<HHHH12x", 0x00E0, 16, 0, number) for number in (0, 14, 164))
    counted = struct.pack("<H", len(text)) + text
    cells = (
        cell(0x0204, 0, 0, 0, counted)
        + cell(0x00D6, 0, 1, 0, counted + b"\1\0\0")
        + cell(0x0203, 1, 0, 1, struct.pack("<d", 25569.0))
        + struct.pack("<HHHHHiHiH", 0x00BD, 18, 1, 1, 2, 312345678 << 2 | 2, 0, 7 << 2 | 2, 2)
        + cell(0x0006, 2, 0, 0, bytes(6) + b"\xff\xff" + bytes(4))
        + struct.pack("<HH", 0x0207, len(counted))
        + counted
        + struct.pack("<HHHH", 0x0809, 4, 0x0500, 0x20)
        + cell(0x0204, 0, 0, 0, struct.pack("<H", 1) + b"x")
        + struct.pack("<HH", 10, 0)
    )
    seen = read(excel_95(cells, formats=formats), "a.xls")
    assert seen.cells("名簿") == {"A1": "山田太郎", "B1": "山田太郎", "A2": "1970-01-01", "B2": "00312345678", "C2": "7", "A3": "山田太郎"}
    assert seen.formats == {"xlsx"}
    assert seen.problems == []
    assert read(excel_95(cells, hidden=1), "a.xls").tables[0].role is Role.HIDDEN
    assert "山田太郎" in read(excel_95(cells, code=1252), "a.xls").text or seen.text


# ------------------------------------------------------------------------ Works


@pytest.mark.parametrize("bare", [True, False])
def test_works_documents(bare: bool) -> None:
    seen = read(works("氏名：山田太郎\n電話：03-1234-5678\n", bare=bare), "a.wps")
    assert seen.formats == {"wps"}
    assert "氏名：山田太郎\n電話：03-1234-5678" in seen.text
    assert seen.problems == []


def test_later_works_documents_in_several_blocks() -> None:
    seen = read(works8(["氏名：山田太郎\n", "電話：03-1234-5678\n", "脚注：吉田\n"]), "a.wps")
    assert seen.formats == {"wps"}
    for text in ("山田太郎", "03-1234-5678", "吉田"):
        assert text in seen.text


def test_works_damage() -> None:
    assert read(build({("CONTENTS",): b"CHNKWKS\0" + bytes(60)}), "a.wps").kinds == {ProblemKind.BROKEN}
    assert ProblemKind.BROKEN_PART in read(build({("MN0",): bytes(80)}), "a.wps").kinds


# ----------------------------------------------------------------------- 一太郎


def test_ichitaro_text_is_reached_and_the_rest_is_said() -> None:
    text = "氏名：山田太郎\r電話：03-1234-5678\r"
    stream = (
        b"SsmgV.01"
        + bytes(40)
        + struct.pack(">5H", 0x1C, 0x8001, 2, 7, 0x1F)
        + text.encode("utf-16-be")
        + b"\x00\x1c\x00\x05"
        + "住所：千代田区".encode("utf-16-be")
    )
    seen = read(build({("DocumentText",): stream, ("Header",): b"\x00\x01" + "社外秘 吉田".encode("utf-16-be")}), "a.jtd")
    assert seen.formats == {"jtd"}
    for part in ("氏名：山田太郎\n電話：03-1234-5678", "住所：千代田区", "社外秘 吉田"):
        assert part in seen.text
    assert seen.kinds == {ProblemKind.PART_NOT_READ}


def test_ichitaro_without_text_is_named() -> None:
    (problem,) = read(build({("DocumentText",): bytes(100)}), "a.jtd").problems
    assert problem.kind is ProblemKind.UNSUPPORTED
    assert "一太郎" in problem.detail


def test_docuworks_is_named() -> None:
    (problem,) = read(b"\x60\x0e\x82\x02" + bytes(range(256)), "a.xdw").problems
    assert problem.kind is ProblemKind.UNSUPPORTED
    assert "DocuWorks" in problem.detail


# -------------------------------------------------------------------- OLE objects


def test_a_file_packed_into_a_container() -> None:
    rows = csv_text([["氏名"], ["山田太郎"]]).encode("cp932")
    label = "名簿.csv".encode("cp932")
    native = (
        struct.pack("<I", 0)
        + b"\2\0"
        + label
        + b"\0"
        + b"C:\\x\0"
        + bytes(4)
        + struct.pack("<I", 2)
        + b"x\0"
        + struct.pack("<I", len(rows))
        + rows
    )
    seen = read(build({("\x01Ole10Native",): native}), "oleObject1.bin")
    assert seen.members == {"Ole10Native/名簿.csv"}
    assert "山田太郎" in seen.text


def test_a_container_of_nobody_is_unsupported() -> None:
    assert read(build({("Something",): b"x" * 100}), "a.bin").kinds == {ProblemKind.UNSUPPORTED}


# ------------------------------------------------------------------- Apache Tika


def test_what_only_tika_reads() -> None:
    seen = read(wordperfect("Name: Taro Yamada\nPhone: 03-1234-5678\n"), "a.wpd")
    assert seen.formats == {"old-office"}
    assert "Taro Yamada" in seen.text
    assert "03-1234-5678" in seen.text
    assert seen.problems == []


def test_without_the_extra_the_format_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ENGINES", tuple(replace(entry, probe=lambda: None) for entry in engines.ENGINES))
    (problem,) = read(build({("VisioDocument",): b"x" * 100}), "a.vsd").problems
    assert problem.kind is ProblemKind.UNSUPPORTED
    assert problem.detail.startswith("Visio drawing (before 2013); not installed: extractous")


@pytest.mark.parametrize("streams", [("VisioDocument",), ("Quill/QuillSub/CONTENTS",), ("Props14",), ("FileHeader",)])
def test_broken_files_for_tika_are_said(streams: tuple[str, ...]) -> None:
    seen = read(build({tuple(name.split("/")): os.urandom(500) for name in streams}), "a.bin")
    assert seen.problems
    assert all(problem.kind in {ProblemKind.BROKEN, ProblemKind.PART_NOT_READ} for problem in seen.problems)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for the program")
def test_tika_starts_no_program_of_the_machine(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(picture, "PNG")
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho ran >> {tmp_path}/marker\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    before = os.environ["PATH"]
    read(wordperfect("Name: Taro Yamada\n"), "a.wpd")
    reading = tmp_path / "picture.png"
    reading.write_bytes(picture.getvalue())
    with old_office.no_programs():
        from extractous import Extractor

        Extractor().extract_file_to_string(str(reading))
    assert os.environ["PATH"] == before
    assert not (tmp_path / "marker").exists()


# ------------------------------------------------------------------------ damage


@pytest.mark.parametrize("form", ["xls2", "xls4", "works", "works8", "jtd"])
def test_damage_ends_in_text_or_a_problem(form: str) -> None:
    content = {
        "xls2": excel(2, ROSTER * 5, notes={(1, 0): "x"}),
        "xls4": excel(4, ROSTER * 5, name="名簿"),
        "works": works("氏名：山田太郎\n" * 20),
        "works8": works8(["氏名：山田太郎\n"] * 7),
        "jtd": build({("DocumentText",): "氏名：山田太郎\r".encode("utf-16-be") * 50}),
    }[form]
    rng = random.Random(20261125)
    began = time.monotonic()
    for _ in range(60):
        data = bytearray(content)
        for _ in range(rng.choice([1, 3, 20])):
            data[rng.randrange(8, len(data))] = rng.choice([0, 255, rng.randrange(256)])
        seen = read(bytes(data[: rng.randrange(8, len(data))] if rng.random() < 0.3 else data), "a.bin")
        assert seen.pieces
        assert ProblemKind.INTERNAL not in seen.kinds
    assert time.monotonic() - began < 30
