"""One person, many spellings: the compared form."""

from __future__ import annotations

import pytest

from piiscan.detect.names.variants import name_norm, romaji, romaji_key


@pytest.mark.parametrize(
    ("name", "norm"),
    [
        ("渡邊 太郎", "渡辺太郎"), ("渡邉太郎", "渡辺太郎"), ("髙﨑　澤子", "高崎沢子"), ("齋藤 一", "斎藤一"), ("齊藤 一", "斉藤一"), ("大嶋", "大嶋"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ"), ("やまだ たろう", "ヤマダタロウ"), ("YAMADA Taro", "taroyamada"), ("Taro Yamada", "taroyamada"),
        ("マイケル・スミス", "マイケルスミス"), ("葛\U000e0100城", "葛城"),
    ],
)  # fmt: skip
def test_norm(name: str, norm: str) -> None:
    assert name_norm(name) == norm


def test_romaji_spellings_agree() -> None:
    assert romaji("ショウジ") == "shouji"
    assert {romaji_key(x) for x in ("Sato", "Satou", "SATOH")} == {"sato"}
    assert romaji_key("Siraisi") == romaji_key(romaji("シライシ"))
    assert romaji_key("Honma") == romaji_key("Homma")
