"""Worked cases of 施行規則7条 and 43条 and of 番号法29条の4: what would have to be reported, and why."""

import datetime as dt

import pytest

from piiscan.assess.law import LawError, assess_leak, load_law


def duties(found, persons, **more):
    return [duty.id for duty in assess_leak(found, persons, **more).duties]


@pytest.mark.parametrize(
    ("found", "persons", "public", "expected"),
    [
        # 要配慮個人情報: from one person on
        ({"PERSON": 1, "JP_SENSITIVE_MEDICAL_HISTORY": 1}, 1, False, ["appi-7-1"]),
        # … also when it could be linked to nobody
        ({"JP_SENSITIVE_CRIMINAL_RECORD": 0}, 0, False, ["appi-7-1"]),
        # the finance guideline's 機微情報 alone is none by this law
        ({"PERSON": 5, "JP_SENSITIVE_FIN_DOMICILE": 5, "JP_SENSITIVE_FIN_UNION": 5}, 5, False, []),
        # a card number alone counts from one person on, an account number alone does not
        ({"CREDIT_CARD": 1}, 1, False, ["appi-7-2-card"]),
        ({"PERSON": 900, "JP_BANK_ACCOUNT": 900}, 900, False, []),
        ({"JP_BANK_ACCOUNT": 3, "CREDENTIAL": 3}, 3, False, ["appi-7-2-login"]),
        ({"CREDENTIAL": 30}, 30, False, []),
        # more than 1,000 persons: 1,000 is not yet
        ({"PERSON": 1000}, 1000, False, []),
        ({"PERSON": 1001}, 1001, False, ["appi-7-4"]),
        # public bodies: more than 100
        ({"PERSON": 100}, 100, True, []),
        ({"PERSON": 101}, 101, True, ["appi-43-4"]),
        ({"PERSON": 101}, 101, False, []),
        # 特定個人情報: more than 100
        ({"PERSON": 100, "JP_MY_NUMBER": 100}, 100, False, []),
        ({"PERSON": 101, "JP_MY_NUMBER": 101}, 101, False, ["mynumber-29-4"]),
        ({"PERSON": 2000, "JP_MY_NUMBER": 5}, 2000, False, ["appi-7-4"]),
        ({}, 0, False, []),
    ],
)
def test_worked_cases(found, persons, public, expected):
    assert duties(found, persons, public_body=public) == expected


def test_an_account_and_a_password_must_stand_in_one_file():
    found = {"JP_BANK_ACCOUNT": 3, "CREDENTIAL": 1}
    assert duties(found, 3, together=[]) == []
    assert duties(found, 3, together=[("CREDENTIAL", "PERSON")]) == []
    view = assess_leak(found, 3, together=[("CREDENTIAL", "JP_BANK_ACCOUNT")])
    assert [(duty.id, duty.entities) for duty in view.duties] == [("appi-7-2-login", ("CREDENTIAL",))]


def test_an_upper_bound_is_called_one():
    view = assess_leak({"JP_MY_NUMBER": 150, "PERSON": 180}, 180, at_most=frozenset({"JP_MY_NUMBER"}))
    assert "最大 150 人" in view.duties[0].text("ja")
    assert "個人番号（マイナンバー）（最大150人）" in view.text("ja")
    assert "at most 150" in view.text("en")


def test_the_text_has_what_a_report_asks_for_in_both_languages():
    view = assess_leak({"PERSON": 1200, "JP_MY_NUMBER": 300}, 1200, exact=False)
    japanese, english = view.text("ja"), view.text("en")
    for item in (
        "概要",
        "個人データの項目: 氏名（1,200人）、個人番号（マイナンバー）（300人）",
        "本人の数: 約1,200人",
        "原因",
        "二次被害",
        "本人への対応",
        "公表",
        "再発防止",
        "その他",
    ):
        assert item in japanese
    for said in (
        "速報：知った時点から概ね3〜5日以内",
        "確報：知った日から30日以内",
        "60日以内",
        "不正の目的",
        "高度な暗号化",
        "法的助言ではありません",
        "2026-11-01",
    ):
        assert said in japanese
    for said in (
        "within 3 to 5 days",
        "within 30 days",
        "within 60 days",
        "wrongful intent",
        "strong encryption",
        "no legal advice",
        "about 1,200",
    ):
        assert said in english
    assert view.reportable
    none = assess_leak({"PERSON": 3}, 3)
    assert not none.reportable
    assert "見つかりませんでした" in none.text("ja")
    assert "期限" not in none.text("ja")
    assert "不正の目的" in none.text("ja")  # said whatever was found


def test_the_rules_say_as_of_when_they_are():
    assert load_law().as_of >= dt.date(2026, 11, 1)
    assert load_law().source


@pytest.mark.parametrize(
    ("text", "says"), [("as_of: [", "not valid YAML"), ("as_of: 2026-01-01", "Field required"), (None, "cannot be read")]
)
def test_a_law_file_that_cannot_be_used(tmp_path, text, says):
    file = tmp_path / "law.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(LawError, match=says):
        load_law(file)
