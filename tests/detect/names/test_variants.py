"""One person, many spellings: the compared form."""

from __future__ import annotations

import pytest

from piiscan.detect.names.features import lexicon, name_parts
from piiscan.detect.names.spoken import readings
from piiscan.detect.names.variants import _romaji_keys, name_norm, romaji, romaji_key


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


def test_spellings_of_many_readings_are_those_of_each() -> None:
    kana = [*sorted(lexicon().given_readings)[::20], "イットウ", "マッチャ", "ケーコ", "ッ", "ー", "ァ", "ヱミ"]
    assert _romaji_keys(kana) == {romaji_key(romaji(reading)) for reading in kana}


def test_readings_are_found_at_any_place_of_the_list() -> None:
    """The list is searched by halves: first and last lines of a kind, names that begin others, and none."""
    lines = name_parts().decode().strip("\n").split("\n")
    of_kind = {kind: [line.split("\t") for line in lines if line.startswith(kind)] for kind in "gs"}
    assert lines == sorted(lines, key=str.encode)
    for kind, rows in of_kind.items():
        for _, name, reading in (*rows[:3], *rows[:: len(rows) // 50], *rows[-3:]):
            assert reading in readings(kind, name)
    assert "サトウ" in readings("s", "佐藤")
    assert readings("s", "") == readings("g", "\U0010ffff") == readings("s", "無い名字") == frozenset()
