"""Levels by kind, by what stands together in a record, and by how many people."""

from __future__ import annotations

import pytest

from piiscan.assess.levels import Levels, LevelsError, load_level_rules
from piiscan.model import Finding, FindingGroup, Level, Part, RecordKind

LEVELS = Levels.load()


def finding(entity: str, score: float = 0.99) -> Finding:
    return Finding(entity, Part("body"), 0, 4, score, "x", "****", "f" * 32)


def together(*entities: str, kind: RecordKind = RecordKind.ROW) -> dict[str, Level]:
    return {f.entity: f.level for f in LEVELS.rate([finding(e) for e in entities], kind)}


@pytest.mark.parametrize(
    ("entities", "level"),
    [
        (("JP_MY_NUMBER", "PERSON"), Level.CRITICAL),
        (("JP_MY_NUMBER", "JP_EMPLOYEE_NUMBER"), Level.CRITICAL),
        (("JP_MY_NUMBER", "DATE_OF_BIRTH"), Level.CRITICAL),
        (("JP_SENSITIVE_MEDICAL_HISTORY", "PERSON"), Level.CRITICAL),
        (("JP_SENSITIVE_CREED", "PERSON"), Level.CRITICAL),
        (("CREDIT_CARD", "CREDENTIAL"), Level.CRITICAL),
        (("CREDIT_CARD", "PERSON"), Level.HIGH),
        (("JP_DRIVER_LICENSE", "PERSON"), Level.HIGH),
        (("JP_BANK_ACCOUNT", "PERSON"), Level.HIGH),
        (("PERSON", "PHONE_NUMBER"), Level.MEDIUM),
        (("PERSON", "EMAIL_ADDRESS"), Level.MEDIUM),
        (("PERSON", "JP_ADDRESS"), Level.MEDIUM),
        (("PERSON", "DATE_OF_BIRTH"), Level.MEDIUM),
        (("PERSON", "GENDER"), Level.LOW),
        (("PHONE_NUMBER", "JP_ADDRESS"), Level.LOW),
        (("PERSON",), Level.LOW),
        (("EMAIL_ADDRESS",), Level.LOW),
        (("JP_CORPORATE_NUMBER",), Level.NONE),
    ],
)
def test_a_record(entities: tuple[str, ...], level: Level) -> None:
    assert max(together(*entities).values()) is level


def test_hits_of_nobody_never_combine() -> None:
    assert max(together("PERSON", "PHONE_NUMBER", kind=RecordKind.LOOSE).values()) is Level.LOW


def test_only_what_takes_part_is_raised() -> None:
    levels = together("PERSON", "PHONE_NUMBER", "JP_POSTAL_CODE")
    assert levels["PERSON"] is levels["PHONE_NUMBER"] is Level.MEDIUM
    assert levels["JP_POSTAL_CODE"] is Level.LOW


def test_an_unsure_my_number_alone_is_not_grave() -> None:
    assert LEVELS.alone("JP_MY_NUMBER", 0.95) is Level.HIGH
    assert LEVELS.alone("JP_MY_NUMBER", 0.6) is Level.MEDIUM
    assert LEVELS.alone("JP_MY_NUMBER", 0.3) is Level.LOW


@pytest.mark.parametrize(("persons", "level"), [(100, Level.MEDIUM), (101, Level.HIGH), (1000, Level.HIGH), (1001, Level.CRITICAL)])
def test_by_the_number_of_persons(persons: int, level: Level) -> None:
    group = FindingGroup("i", "", Part("body"), "", "PERSON", persons, Part("body"), 0.9, Level.MEDIUM, "", persons, ())
    assert LEVELS.rate_file([group], persons)[0] is level


def test_groups_of_nobody_are_not_raised_by_the_number_of_persons() -> None:
    group = FindingGroup("i", "", Part("body"), "", "IP_ADDRESS", 5, Part("body"), 0.9, Level.LOW, "", 0, ())
    assert LEVELS.rate_file([group], 5_000)[0] is Level.LOW


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("as_of: 2026-11-01\n", "sets"),
        ("{", "not valid YAML"),
        ("as_of: 1\nsets: {}\nalone: []\ntogether: []\npersons: []\ncounting: {}\n", "counting"),
    ],
)
def test_a_wrong_file_says_where(tmp_path, text: str, says: str) -> None:
    path = tmp_path / "levels.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LevelsError, match=says) as caught:
        load_level_rules(path)
    assert str(path) in str(caught.value)
