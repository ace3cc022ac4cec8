"""Lists that give each person two rows, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Cell, Record, Table
from piiscan.settings import Detection

_FAMILIES = ["青山", "飯塚", "浦田", "江藤", "岡部", "片桐", "木下", "熊谷"]


def _records(*chunks: Sequence[Sequence[str]]) -> list[Record]:
    document = Document(Kit.of(Detection()))
    records: list[Record] = []
    row = 1
    for chunk in chunks:
        records += document.feed(Table("s", tuple(map(tuple, chunk)), first_row=row))
        row += len(chunk)
    return [*records, *document.finish()]


def _list(people: int) -> list[list[str]]:
    rows = [["個人得意先台帳", "", "", ""], ["CD", "氏名", "電話", "担当"], ["", "住所", "メール", "最終購入"]]
    for n in range(people):
        rows.append([str(8000 + n), f"{_FAMILIES[n % 8]} 健太", f"090-1234-{5000 + n}", "甲斐" if n % 2 else "那須"])
        rows.append(["", f"東京都千代田区神田駿河台{n + 1}-1-1", f"user{n}@example.com", "2026/6/1"])
    return rows


def _kinds(record: Record) -> set[str]:
    return {hit.entity for hit in record.hits}


def test_both_rows_are_one_persons() -> None:
    records = [record for record in _records(_list(4)) if "PERSON" in _kinds(record)]
    assert len(records) == 4
    assert all({"PERSON", "PHONE_NUMBER", "JP_ADDRESS", "EMAIL_ADDRESS"} <= _kinds(record) for record in records)
    assert {hit.value for record in records for hit in record.hits if hit.header == "担当"} == {"那須", "甲斐"}


def test_each_value_keeps_its_place() -> None:
    places = {hit.value: hit.location for record in _records(_list(4)) for hit in record.hits}
    assert places["青山 健太"] == Cell("s", 4, 2)
    assert places["user1@example.com"] == Cell("s", 7, 3)


def test_a_record_may_begin_in_one_chunk_and_end_in_the_next() -> None:
    rows = _list(400)
    for cut in (600, 601):
        records = [record for record in _records(rows[:cut], rows[cut:]) if "EMAIL_ADDRESS" in _kinds(record)]
        assert len(records) == 400
        assert all("PERSON" in _kinds(record) for record in records)


def test_what_follows_such_a_list_is_read_for_itself() -> None:
    rows = [*_list(4), ["連絡先", "総務 熊谷 さつき", "", ""]]
    assert any("熊谷 さつき" in hit.value for record in _records(rows) for hit in record.hits)


def test_a_list_of_single_rows_is_none() -> None:
    rows = [["CD", "氏名", "電話"], ["", "カナ", "メール"], *([str(n), f"{_FAMILIES[n]} 健太", f"090-1234-500{n}"] for n in range(6))]
    assert len([record for record in _records(rows) if "PHONE_NUMBER" in _kinds(record)]) == 6
