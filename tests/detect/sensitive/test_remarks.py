"""What a note of a few words beside a person says of that person, and what such a note is when it is about work or things."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.sensitive.remarks import of_work, remarks, takes_remarks
from piiscan.model import Table
from piiscan.resources import read_yaml, recognizers_dir
from piiscan.settings import Detection
from tests.detect.sensitive.test_everyday_words import kinds

PREFIX = "JP_SENSITIVE_"
DATA = read_yaml(recognizers_dir() / "context" / "remarks.yaml")
ALL = frozenset(PREFIX + kind for kind in DATA["words"])


def in_row(header: str, note: str) -> set[str]:
    rows = (("No", "氏名", header), ("1", "大西 俊介", ""), ("2", "矢野 美香", note), ("3", "佐野 健太", ""))
    document = Document(Kit.of(Detection()), "")
    records = [*document.feed(Table("t", rows)), *document.finish()]
    return {
        hit.entity.removeprefix(PREFIX) for record in records for hit in record.hits if hit.entity.startswith(PREFIX) and hit.score >= 0.5
    }


def said(header: str, note: str) -> set[str]:
    if not takes_remarks(header):
        return set()
    work = of_work(note)
    found = remarks(header, note, ALL)
    return {c.entity.removeprefix(PREFIX) for c in found if not any(a <= c.start and c.end <= b for a, b in work)}


@pytest.mark.parametrize("example", DATA["examples"]["match"])
def test_the_examples_of_the_data(example: str) -> None:
    header, note, kind = example.split("|")
    assert kind in said(header, note)
    assert kind in in_row(header, note)


@pytest.mark.parametrize("example", DATA["examples"]["no_match"])
def test_the_counter_examples_of_the_data(example: str) -> None:
    header, note = example.split("|")
    assert said(header, note) == set()


def test_each_thing_is_a_word() -> None:
    words = {word for listed in DATA["words"].values() for word in listed.split()}
    assert set(DATA["things"].split()) <= words


@pytest.mark.parametrize("note", ["支援級担任", "放デイ送迎担当", "デイケア職員", "入院（機械）", "判定C（論文）", "母子手帳係"])
def test_work_and_other_things_in_a_row(note: str) -> None:
    assert in_row("備考", note) == set()


def test_an_illness_that_looks_like_a_name() -> None:
    rows = (("氏名", "備考"), ("大西 俊介", ""), ("矢野 美香", "パーキンソン"), ("佐野 健太", "大本"))
    document = Document(Kit.of(Detection()), "")
    records = [*document.feed(Table("t", rows)), *document.finish()]
    hits = [(hit.entity, hit.value) for record in records for hit in record.hits]
    assert (PREFIX + "MEDICAL_HISTORY", "パーキンソン") in hits
    assert ("PERSON", "パーキンソン") not in hits


def test_a_column_of_allergies_is_none_of_readings() -> None:
    assert in_row("アレルギー", "えび・かに") == {"MEDICAL_HISTORY"}
    assert in_row("手帳", "母子手帳持参") == set()
    assert in_row("手帳", "2級") == {"DISABILITY"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("氏名：大西 俊介\n備考：ギプス固定", "MEDICAL_CARE"),
        ("欠席者：大西 俊介\n欠席理由：水ぼうそう", "MEDICAL_HISTORY"),
        ("氏名：大西 俊介\n配慮事項：片耳難聴", "DISABILITY"),
    ],
)
def test_a_note_behind_its_label(text: str, kind: str) -> None:
    assert kind in kinds(text)


def test_a_note_about_things_behind_its_label() -> None:
    assert kinds("担当：大西 俊介\n備考：杖2個手配") == set()
