"""Names where the cells of a column say the same of somebody each."""

from __future__ import annotations

from pathlib import Path

import pytest

from piiscan.detect.tables.plans import Found
from piiscan.detect.tables.slots import in_slots
from piiscan.engine.analyse import Analyst
from piiscan.engine.api import inspect_file
from piiscan.masking import FingerprintKey
from piiscan.settings import Settings


def _found(cell: str, *names: str) -> tuple[Found, ...]:
    return tuple(
        Found("PERSON", cell.index(name), cell.index(name) + len(name), 0.9, "NameRecognizer", name, name, ("model 0.90",))
        for name in names
    )


def _more(*cells: tuple[str, ...]) -> dict[int, list[str]]:
    texts = [cell[0] for cell in cells]
    more = in_slots(texts, [_found(*cell) for cell in cells])
    return {n: [thing.value for thing in sorted(things, key=lambda thing: thing.start)] for n, things in more.items()}


def test_a_rare_name_where_others_are_named() -> None:
    assert _more(("次は（岡田・林）", "岡田", "林"), ("次は（森山・橋場）", "森山", "橋場"), ("次は（町田・舘）",)) == {2: ["町田", "舘"]}
    assert _more(("不足、白石様へ連絡", "白石"), ("不足、知念様へ連絡", "知念"), ("不足、出雲様へ連絡",)) == {2: ["出雲"]}
    assert _more(("/評価/松田_面談", "松田"), ("/評価/田中_面談", "田中"), ("/評価/城_面談",)) == {2: ["城"]}


@pytest.mark.parametrize(
    "cells",
    [
        # one name is no place of names
        (("不足、白石様へ連絡", "白石"), ("不足、出雲様へ連絡",)),
        # what else stands there is no family name
        (("白石へ連絡", "白石"), ("知念へ連絡", "知念"), ("本部へ連絡",)),
        (("白石へ連絡", "白石"), ("知念へ連絡", "知念"), ("出雲へ連絡",), ("本部へ連絡",)),
        # others more often than names
        (("白石着", "白石"), ("知念着", "知念"), ("松本着",), ("千葉着",), ("宮崎着",)),
        # nothing is said but the name
        (("白石", "白石"), ("知念", "知念"), ("出雲",)),
    ],
)
def test_what_stands_there_and_is_nobody(cells: tuple[tuple[str, ...], ...]) -> None:
    assert _more(*cells) == {}


def test_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "出納簿.csv"
    rows = ["日付,摘要,入金", *(f"1/{n},{name}様 会費,3000" for n, name in enumerate(("佐渡", "林田", "下山", "出雲"), 1))]
    path.write_text("\n".join(rows), encoding="utf-8")
    analyst = Analyst(Settings(), FingerprintKey.random())
    report, found = inspect_file(path, analyst.settings, analyst=analyst)
    assert [r.value for r in found if r.finding.entity == "PERSON"] == ["佐渡", "林田", "下山", "出雲"]
    assert report.persons.estimate == 4
