"""SQLite, dBASE, Parquet: every row, values that are files, damage, and nothing written beside the file."""

from __future__ import annotations

import gzip
import io
import sqlite3
import struct
from pathlib import Path

import pyarrow as pa
import pytest
from office_kit import read
from pyarrow import parquet

from piiscan.extractors import engines
from piiscan.extractors.database import _rows
from piiscan.extractors.database import sqlite as sqlite_reader
from piiscan.model import Role
from piiscan.problems import ProblemKind
from sample_data.make.databases import dbf, dbt, fpt

ROWS = [("山田太郎", "090-1234-5678", 3), ("鈴木花子", "03-1234-5678", None)]


def base(path: Path, *statements: str, encoding: str = "UTF-8", rows=ROWS) -> Path:
    with sqlite3.connect(path) as made:
        made.execute(f"PRAGMA encoding = '{encoding}'")
        made.execute('CREATE TABLE "顧客 名簿" (氏名 TEXT, 電話 TEXT, 数 REAL)')
        made.executemany('INSERT INTO "顧客 名簿" VALUES (?, ?, ?)', rows)
        for statement in statements:
            made.execute(statement)
    made.close()
    return path


# ------------------------------------------------------------------------- SQLite


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le"])
def test_tables_come_with_their_names_and_columns(tmp_path, encoding):
    seen = read(base(tmp_path / "a.db", encoding=encoding))
    table = seen.tables[0]
    assert table.sheet == "顧客 名簿"
    assert table.first_row == 1
    assert table.rows == (("氏名", "電話", "数"), ("山田太郎", "090-1234-5678", "3"), ("鈴木花子", "03-1234-5678", ""))
    assert "CREATE TABLE" in seen.of(Role.CODE)
    assert not seen.problems


def test_a_large_table_comes_in_chunks_that_know_their_rows(tmp_path):
    seen = read(base(tmp_path / "a.db", rows=[(f"氏名{n}", "", n) for n in range(4500)]))
    assert [(table.first_row, len(table.rows)) for table in seen.tables] == [(1, 2000), (2001, 2000), (4001, 501)]
    assert seen.tables[1].rows[0][0] == "氏名1999"


@pytest.mark.parametrize("blob", [None, bytes(range(40))])
def test_values_of_every_type_come_out_alike_by_column_and_by_cell(tmp_path, blob):
    """Bytes among them have each cell looked at by itself."""
    jis = "山田太郎".encode("iso2022_jp").decode("ascii")
    values = [
        (1, 2.5, None, jis, None),
        (2**62, 3.0, 7, "a", "鈴木"),
        (-3, 1e300, "x", "", None),
        (0, float("inf"), 0.5, "b", blob),
        (None, 0.0, "", jis, 4),
    ]
    path = tmp_path / "a.db"
    keeper = sqlite3.connect(path)
    keeper.execute("CREATE TABLE t (a, b, c, d, e)")
    keeper.executemany("INSERT INTO t VALUES (?,?,?,?,?)", values)
    keeper.commit()
    keeper.close()
    assert read(path).tables[0].rows[1:] == (
        ("1", "2.5", "", "山田太郎", ""),
        (str(2**62), "3", "7", "a", "鈴木"),
        ("-3", "1e+300", "x", "", ""),
        ("0", "inf", "0.5", "b", ""),
        ("", "0", "", "山田太郎", "4"),
    )


@pytest.mark.parametrize("in_memory", [True, False])
def test_nothing_is_written_and_nothing_appears(tmp_path, monkeypatch, in_memory):
    if not in_memory:
        monkeypatch.setattr(sqlite_reader, "_IN_MEMORY", 0)
    path = tmp_path / "a.db"
    keeper = sqlite3.connect(path)
    keeper.execute("PRAGMA journal_mode = WAL")
    keeper.execute("CREATE TABLE t (a)")
    keeper.execute("INSERT INTO t VALUES ('山田太郎')")
    keeper.commit()
    keeper.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    keeper.close()
    before = path.read_bytes()
    assert "山田太郎" in read(path).text
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.db"]


def test_changes_still_in_the_log_are_noted(tmp_path):
    path = tmp_path / "a.db"
    keeper = sqlite3.connect(path)
    keeper.execute("PRAGMA journal_mode = WAL")
    keeper.execute("PRAGMA wal_autocheckpoint = 0")
    keeper.execute("CREATE TABLE t (a)")
    keeper.commit()
    names = sorted(entry.name for entry in tmp_path.iterdir())
    assert "a.db-wal" in names
    seen = read(path)
    assert any("-wal" in problem.detail for problem in seen.problems)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == names
    keeper.close()


def test_values_that_are_files_or_texts_are_read(tmp_path):
    path = base(tmp_path / "a.db", "CREATE TABLE f (n TEXT, b BLOB)")
    with sqlite3.connect(path) as made:
        values = [gzip.compress("佐藤一郎".encode()), "渡辺直子".encode("cp932"), bytes(range(128, 256)) * 2, b"\x80\x01"]
        made.executemany("INSERT INTO f VALUES ('x', ?)", [(value,) for value in values])
    made.close()
    seen = read(path)
    assert "佐藤一郎" in seen.text
    assert "渡辺直子" in seen.text
    assert any(member.startswith("f/b/2") for member in seen.members)
    assert [(problem.kind, problem.detail) for problem in seen.problems] == [(ProblemKind.PART_NOT_READ, "1 binary values of unknown make")]


def test_views_and_triggers_are_not_run(tmp_path):
    path = base(
        tmp_path / "a.db",
        "CREATE VIEW slow AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
    )
    assert {table.sheet for table in read(path).tables} == {"顧客 名簿"}


def test_text_of_another_encoding_is_still_text(tmp_path):
    path = base(tmp_path / "a.db")
    with sqlite3.connect(path) as made:
        made.execute("INSERT INTO \"顧客 名簿\" VALUES (CAST(? AS TEXT), '', 0)", ("高橋さくらと名簿".encode("cp932"),))
    made.close()
    assert "高橋さくらと名簿" in read(path).text


def test_a_damaged_database_yields_what_is_left(tmp_path):
    path = base(tmp_path / "a.db", rows=[(f"氏名{n}", "x" * 200, n) for n in range(3000)])
    content = bytearray(path.read_bytes())
    for at in range(len(content) // 2, len(content) // 2 + 40_000):
        content[at] = 0xFF
    seen = read(bytes(content), "a.db")
    assert "氏名1" in seen.text
    assert ProblemKind.BROKEN_PART in seen.kinds
    cut = read(path.read_bytes()[: len(content) // 3], "a.db")
    assert cut.kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}
    assert read(path.read_bytes()[:60], "a.db").kinds & {ProblemKind.BROKEN}


def test_the_count_of_cells_is_limited(tmp_path):
    seen = read(base(tmp_path / "a.db", rows=[("山田", "", n) for n in range(500)]), cells=300)
    assert ProblemKind.LIMIT in seen.kinds


# -------------------------------------------------------------------------- dBASE

FIELDS = [("氏名", "C", 20), ("TEL", "C", 14), ("BIRTH", "D", 8), ("N", "N", 8), ("OK", "L", 1)]
RECORDS = [("山田太郎", "090-1234-5678", "19800501", "12.50", "T"), ("鈴木花子", "0312345678", "", "", "?")]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "euc_jp"])
def test_dbf_records_in_any_encoding(encoding):
    seen = read(dbf(FIELDS, RECORDS * 5, encoding=encoding), "a.dbf")
    rows = seen.tables[0].rows
    assert rows[0] == ("氏名", "TEL", "BIRTH", "N", "OK")
    assert rows[1] == ("山田太郎", "090-1234-5678", "1980-05-01", "12.50", "T")
    assert rows[2] == ("鈴木花子", "0312345678", "", "", "")
    assert not seen.problems


def test_dbf_records_marked_as_deleted_are_read():
    assert "鈴木花子" in read(dbf(FIELDS, RECORDS, deleted=[1]), "a.dbf").text


def test_dbf_code_page_of_the_table_counts(tmp_path):
    content = dbf([("NAME", "C", 20)], [("Müller",)], encoding="cp1252", code_page=3)
    assert "Müller" in read(content, "a.dbf").text
    (tmp_path / "b.dbf").write_bytes(dbf([("NAME", "C", 20)], [("Müller",)], encoding="cp1252"))
    (tmp_path / "b.cpg").write_text("1252", encoding="ascii")
    assert "Müller" in read(tmp_path / "b.dbf").text


def test_dbf_memos_of_dbase(tmp_path):
    (tmp_path / "a.dbf").write_bytes(dbf([("ID", "C", 4), ("MEMO", "M", 10)], [("1", "1"), ("2", "2"), ("3", "")], version=0x83))
    (tmp_path / "a.DBT").write_bytes(dbt(["山田太郎の病歴", "鈴木花子の住所"]))
    seen = read(tmp_path / "a.dbf")
    assert seen.cells("")["B2"] == "山田太郎の病歴"
    assert seen.cells("")["B3"] == "鈴木花子の住所"
    assert not seen.problems


def test_dbf_memos_of_foxpro(tmp_path):
    memos, places = fpt(["山田太郎の病歴", gzip.compress("佐藤一郎".encode())])
    rows = [("1", struct.pack("<I", places[0]), bytes(4)), ("2", bytes(4), struct.pack("<I", places[1]))]
    (tmp_path / "a.dbf").write_bytes(dbf([("ID", "C", 4), ("MEMO", "M", 4), ("PIC", "G", 4)], rows, version=0x30))
    (tmp_path / "a.fpt").write_bytes(memos)
    seen = read(tmp_path / "a.dbf")
    assert seen.cells("")["B2"] == "山田太郎の病歴"
    assert "佐藤一郎" in seen.text


def test_dbf_without_its_memo_file_says_so():
    seen = read(dbf([("ID", "C", 4), ("MEMO", "M", 10)], [("1", "1")], version=0x83), "a.dbf")
    assert [(problem.kind, problem.detail) for problem in seen.problems] == [
        (ProblemKind.PART_NOT_READ, "1 memo fields whose memo file (.dbt or .fpt) does not lie beside it")
    ]


def test_dbf_numbers_of_foxpro():
    rows = [(struct.pack("<i", -7), struct.pack("<q", 123456), struct.pack("<d", 2.5), struct.pack("<II", 2461347, 3_600_000))]
    seen = read(dbf([("I", "I", 4), ("Y", "Y", 8), ("B", "B", 8), ("T", "T", 8)], rows, version=0x30), "a.dbf")
    assert seen.tables[0].rows[1] == ("-7", "12.3456", "2.5", "2026-11-02 01:00:00")


def test_dbf_that_is_cut_or_encrypted_is_not_clean():
    whole = dbf(FIELDS, RECORDS * 20)
    seen = read(whole[: len(whole) // 2], "a.dbf")
    assert "山田太郎" in seen.text
    assert seen.kinds == {ProblemKind.BROKEN_PART}
    assert read(dbf(FIELDS, RECORDS, encrypted=True), "a.dbf").kinds == {ProblemKind.ENCRYPTED}


def test_text_that_begins_like_a_table_is_text():
    assert read("\x03abc 山田太郎\n".encode() * 40, "a.txt").formats != {"dbf"}


# ------------------------------------------------------------------------ Parquet


def table(**options: object) -> bytes:
    out = io.BytesIO()
    made = pa.table(
        {
            "氏名": ["山田太郎", "鈴木花子"],
            "電話": ["090-1234-5678", None],
            "様々": [[1, 2], []],
            "文書": [gzip.compress(b"secret text"), b""],
        }
    )
    parquet.write_table(made, out, **options)
    return out.getvalue()


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip"])
def test_parquet_rows(compression):
    seen = read(table(compression=compression), "a.parquet")
    assert seen.tables[0].rows[:2] == (("氏名", "電話", "様々", "文書"), ("山田太郎", "090-1234-5678", "[1, 2]", ""))
    assert "secret text" in seen.text
    assert not [problem for problem in seen.problems if problem.kind is not ProblemKind.ENCODING_GUESSED]


def test_parquet_that_is_cut_is_broken():
    assert read(table()[:200], "a.parquet").kinds == {ProblemKind.BROKEN}


def test_parquet_that_is_encrypted_says_so():
    assert read(b"PARE" + bytes(100), "a.parquet").kinds == {ProblemKind.ENCRYPTED}


def test_without_pyarrow_the_file_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(engines, "ENGINES", tuple(engines.Engine(e.name, e.reads, lambda: None, e.install) for e in engines.ENGINES))
    seen = read(table(), "a.parquet")
    assert seen.kinds == {ProblemKind.UNSUPPORTED}
    assert seen.problems[0].detail.startswith("not installed: pyarrow")


def test_numbers_of_a_column_are_written_as_one_by_one() -> None:
    numbers = [0.0, -0.0, 1.0, -12.0, 0.5, 1e15, 1e16, 1e22, 123456789.25, float("inf"), float("nan"), -1e-7, 9007199254740993.0]
    assert list(_rows._fractions(numbers)) == list(map(_rows._fraction, numbers))
