"""Kinds of tables and texts that the sixth examiner's files had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

import pytest

# ------------------------------------------------------------------------ nobody


@pytest.mark.parametrize("text", ['USER = {"name": "テスト太郎", "mail": "test@example.com"}', "氏名,電話\nテスト 花子,03-1234-5678\nサンプル 一郎,03-1234-5679\n"])
def test_people_of_tests_are_nobody(names, text):
    assert names(text, "user.py" if "USER" in text else "users.csv") == []


def test_real_people_beside_those_of_tests_are_found(names):
    assert names("氏名,電話\n寺田 花子,03-1234-5678\nテスト太郎,03-1234-5679\n佐々木 勝,03-1234-5670\n", "users.csv") == ["寺田 花子", "佐々木 勝"]
