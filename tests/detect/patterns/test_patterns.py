"""The traps of DETECTION.md that pattern matching falls into, and how labels, context and words against weigh."""

import pytest

import piiscan
from piiscan.catalogue import load_catalogue
from piiscan.detect.kit import Kit
from piiscan.detect.patterns import PatternBank

BANK = PatternBank(load_catalogue())


def kinds(text, threshold=0.5):
    return {(r.entity_type, text[r.start : r.end]) for r in BANK.spot(text) if r.score >= threshold}


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("メールはa.yamada@example.jpです", "EMAIL_ADDRESS", "a.yamada@example.jp"),
        ("カードは4111111111111111です", "CREDIT_CARD", "4111111111111111"),
        ("電話は090-1234-5678へ", "PHONE_NUMBER", "090-1234-5678"),
        ("電話０９０ー１２３４ー５６７８へ", "PHONE_NUMBER", "０９０ー１２３４ー５６７８"),
        ("個人番号１２３４５６７８９０１８", "JP_MY_NUMBER", "１２３４５６７８９０１８"),
    ],
)
def test_kana_and_full_width_around_a_value_hide_nothing(text, entity, value):
    assert (entity, value) in kinds(text)


def test_offsets_point_into_the_original_text_where_nfkc_changes_lengths():
    text = "㈱ﾃﾞｰﾀ ㍿　ＴＥＬ：０３－１２３４－５６７８"
    (found,) = [r for r in BANK.spot(text) if r.entity_type == "PHONE_NUMBER"]
    assert text[found.start : found.end] == "０３－１２３４－５６７８"


def test_a_lone_my_number_look_alike_is_not_reported_and_a_labelled_one_is():
    assert not any(e == "JP_MY_NUMBER" for e, _ in kinds("値は 123456789018 です"))
    assert ("JP_MY_NUMBER", "123456789018") in kinds("個人番号 123456789018")


def test_a_word_against_weighs_unless_a_label_stands_before_the_value():
    assert not any(e == "JP_MY_NUMBER" for e, _ in kinds("源泉徴収の書類を発送 伝票番号 123456789018"))
    assert ("JP_MY_NUMBER", "123456789018") in kinds("伝票に同封 個人番号：123456789018")


@pytest.mark.parametrize("number", ["0120-123-456", "0800-123-4567", "0570-012-345", "0990-512-345", "020-1234-5678"])
def test_services_are_no_personal_phones(number):
    assert not any(e == "PHONE_NUMBER" for e, _ in kinds(f"電話：{number}"))


def test_two_letters_and_seven_digits_are_a_part_number_without_a_label():
    assert kinds("TK1234567 を10個") == set()
    assert ("JP_PASSPORT", "TK1234567") in kinds("旅券番号 TK1234567")


def test_a_check_that_passes_does_not_become_certain():
    scores = [r.score for r in BANK.spot("123456789018") if r.entity_type == "JP_MY_NUMBER"]
    assert scores
    assert max(scores) < 0.5


def test_explaining_says_what_spoke_against():
    (reason,) = [r for r in BANK.explain_text("伝票番号 123456789018") if r.entity == "JP_MY_NUMBER" and r.score > 0]
    assert not reason.kept
    assert "伝票" in reason.sentence("ja")
    assert "123456789018" not in reason.sentence("en")


def test_a_failed_check_is_explained():
    reasons = [r for r in BANK.explain_text("個人番号：123456789012") if r.entity == "JP_MY_NUMBER"]
    assert reasons
    assert all(not r.kept for r in reasons)
    assert any("check" in dict(r.parts) or "check_failed" in dict(r.parts) for r in reasons)


def test_whole_cells_are_judged_by_form_alone():
    assert BANK.value("JP_MY_NUMBER", " 123456789018 ").norm == "123456789018"
    assert BANK.value("JP_MY_NUMBER", "123456789012") is None
    assert BANK.value("PHONE_NUMBER", "03-1234-5678").score > 0.8
    assert BANK.value("DATE_OF_BIRTH", "1975年4月1日（昭和50年）").norm == "1975-04-01"
    assert BANK.value("PHONE_NUMBER", "03-1234-5678（夜は留守番電話になります）").score > 0.8
    assert BANK.value("PHONE_NUMBER", "夜は留守番電話（03-1234-5678 まで）") is None


def test_a_long_line_of_digits_is_quick():
    import time

    began = time.process_time()
    BANK.spot("1234567890 " * 20_000)
    assert time.process_time() - began < 5


def test_it_is_all_presidio():
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer

    engine = piiscan.presidio_analyzer()
    assert isinstance(engine, AnalyzerEngine)
    assert all(isinstance(r, EntityRecognizer) for r in Kit().recognizers())
    text = "氏名：山田太郎 電話：090-1234-5678 個人番号：123456789018"
    found = {r.entity_type for r in engine.analyze(text, language="ja")}
    assert {"PERSON", "PHONE_NUMBER", "JP_MY_NUMBER"} <= found


def test_nothing_asks_the_network(monkeypatch):
    import socket

    def refuse(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert piiscan.analyze_text("メール：taro.yamada@example.co.jp 氏名：山田太郎")
