"""Which duties a loss would bring, by article, from which number of persons on."""

from __future__ import annotations

import pytest

from piiscan.assess.law import LawError, assess_leak, law_of, load_law


def duties(found: dict[str, int], persons: int, **more: bool) -> set[str]:
    return {duty.id for duty in assess_leak(found, persons, **more).duties}


@pytest.mark.parametrize(
    ("found", "persons", "expected"),
    [
        ({"PERSON": 1000, "PHONE_NUMBER": 1000}, 1000, set()),
        ({"PERSON": 1001}, 1001, {"appi-7-4"}),
        ({"PERSON": 1, "JP_SENSITIVE_MEDICAL_HISTORY": 1}, 1, {"appi-7-1"}),
        ({"CREDIT_CARD": 0}, 0, {"appi-7-2-card"}),
        ({"JP_BANK_ACCOUNT": 50, "PERSON": 50}, 50, set()),  # alone it does not count (Q&A 6-12)
        ({"JP_BANK_ACCOUNT": 1, "CREDENTIAL": 1}, 1, {"appi-7-2-login"}),
        ({"CREDENTIAL": 3}, 3, set()),
        ({"JP_MY_NUMBER": 100}, 100, set()),
        ({"JP_MY_NUMBER": 101}, 101, {"mynumber-29-4"}),
        ({}, 0, set()),
    ],
)
def test_duties_of_a_company(found: dict[str, int], persons: int, expected: set[str]) -> None:
    assert duties(found, persons) == expected


def test_a_public_body_reports_from_more_than_a_hundred() -> None:
    assert duties({"PERSON": 101}, 101, public_body=True) == {"appi-43-4"}
    assert duties({"PERSON": 100}, 100, public_body=True) == set()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_text_names_reasons_deadlines_items_and_that_it_is_no_advice(lang: str) -> None:
    text = assess_leak({"JP_SENSITIVE_CREED": 2, "PERSON": 1500}, 1500, exact=False).text(lang)
    assert "1,500" in text
    assert "26" in text
    assert ("法的助言ではありません" if lang == "ja" else "no legal advice") in text
    assert ("約" if lang == "ja" else "about") in text
    assert ("（記入）" if lang == "ja" else "(to be filled in)") in text


def test_law_of_a_kind() -> None:
    assert "2条3項" in law_of("JP_SENSITIVE_MEDICAL_HISTORY")
    assert law_of("NO_SUCH_KIND") == ""


def test_a_wrong_file_says_where(tmp_path) -> None:
    path = tmp_path / "law.yaml"
    path.write_text("as_of: 2026-11-01\nduty: []\n", encoding="utf-8")
    with pytest.raises(LawError, match=r"duty|source"):
        load_law(path)
    with pytest.raises(LawError, match="cannot be read"):
        load_law(tmp_path / "none.yaml")
