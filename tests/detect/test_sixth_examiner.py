"""Kinds of tables and texts that the sixth examiner's files had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

import pytest

# ------------------------------------------------------------------------ nobody


@pytest.mark.parametrize("text", ['USER = {"name": "テスト太郎", "mail": "test@example.com"}', "氏名,電話\nテスト 花子,03-1234-5678\nサンプル 一郎,03-1234-5679\n"])
def test_people_of_tests_are_nobody(names, text):
    assert names(text, "user.py" if "USER" in text else "users.csv") == []


def test_real_people_beside_those_of_tests_are_found(names):
    assert names("氏名,電話\n寺田 花子,03-1234-5678\nテスト太郎,03-1234-5679\n佐々木 勝,03-1234-5670\n", "users.csv") == ["寺田 花子", "佐々木 勝"]


# ------------------------------------------------------------------------ persons of a row


def test_given_name_of_who_is_said_to_be_himself_is_no_further_person(count):
    rows = ["世帯主,世帯員,続柄,生年月日", "原 茜,茜,本人,昭和28年2月20日", ",学,夫,昭和25年7月16日", "金城 稔,稔,世帯主,昭和60年6月25日"]
    assert count("\n".join(rows), "a.csv") == 3


def test_child_of_the_same_given_name_is_another(count):
    assert count("保護者,児童,続柄\n原 茜,茜,長女\n金城 稔,稔,長男\n", "a.csv") == 4


def test_family_name_on_a_gift_is_that_of_the_two_columns_of_the_buyer(count):
    rows = ["姓,名,電話番号,商品,のし名入れ", "榊,悠,090-1234-5678,梨,榊", "大石,大和,090-1234-5679,梨,", "仲村渠,海,090-1234-5670,干物,仲村渠"]
    assert count("\n".join(rows), "a.csv") == 3


def test_parent_of_the_same_family_name_is_another(count):
    rows = ["姓,名,電話番号,保護者", "榊,悠,090-1234-5678,榊", "大石,大和,090-1234-5679,大石", "仲村渠,海,090-1234-5670,仲村渠"]
    assert count("\n".join(rows), "a.csv") == 6
