"""Access databases through both engines, which check the bytes that this suite writes."""

from __future__ import annotations

import pytest
from office_kit import read

from piiscan.extractors import engines
from piiscan.problems import ProblemKind
from sample_data.make.databases import BOOL, LONG, MEMO, TEXT, access

COLUMNS = [("番号", LONG), ("氏名", TEXT), ("電話", TEXT), ("会員", BOOL), ("備考", MEMO)]
ROWS = [
    (1, "山田太郎", "090-1234-5678", True, "病歴あり"),
    (2, "鈴木花子", None, False, None),
    (3, "佐藤\n一郎", '"03"-1111-2222', True, "x"),
]


@pytest.fixture(params=["mdbtools", "access-parser"])
def only(request, monkeypatch):
    """One engine at a time."""
    kept = tuple(engines.Engine(e.name, e.reads, e.probe if e.name == request.param else lambda: None, e.install) for e in engines.ENGINES)
    monkeypatch.setattr(engines, "ENGINES", kept)
    return request.param


@pytest.mark.parametrize("ace", [False, True])
def test_rows_of_all_tables(only, ace):
    seen = read(access("顧客名簿", COLUMNS, ROWS, ace=ace), "a.accdb" if ace else "a.mdb")
    table = seen.tables[0]
    assert table.sheet == "顧客名簿"
    assert set(table.rows[0]) == {"番号", "氏名", "電話", "会員", "備考"}
    at = {name: column for column, name in enumerate(table.rows[0])}
    assert [row[at["氏名"]] for row in table.rows[1:]] == ["山田太郎", "鈴木花子", "佐藤\n一郎"]
    assert [row[at["電話"]] for row in table.rows[1:]] == ["090-1234-5678", "", '"03"-1111-2222']
    assert table.rows[1][at["備考"]] == "病歴あり"
    assert not seen.problems


def test_a_cut_database_is_not_clean(only):
    whole = access("顧客名簿", COLUMNS, ROWS)
    for pages in (1, 3, 5):
        assert read(whole[: pages * 4096 + 100], "a.mdb").kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}


def test_an_encrypted_database_says_so():
    content = bytearray(access("顧客名簿", COLUMNS, ROWS, ace=True))
    told = b'<encryption xmlns="x"><keyData saltSize="16" keyBits="256" cipherAlgorithm="AES"/>'
    content[0x299 : 0x299 + len(told)] = told
    assert [(problem.kind, problem.detail) for problem in read(bytes(content), "a.accdb").problems] == [
        (ProblemKind.ENCRYPTED, "AES-256 agile")
    ]


def test_without_an_engine_the_file_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(engines, "ENGINES", tuple(engines.Engine(e.name, e.reads, lambda: None, e.install) for e in engines.ENGINES))
    seen = read(access("顧客名簿", COLUMNS, ROWS), "a.mdb")
    assert seen.kinds == {ProblemKind.UNSUPPORTED}
    assert seen.problems[0].detail.startswith("not installed: mdbtools or access-parser")
