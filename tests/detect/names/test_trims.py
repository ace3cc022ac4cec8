"""Where a span of the model is cut: what somebody is, grown together with a name in katakana."""

from __future__ import annotations

import pytest

from piiscan.detect.names.trims import trimmed


@pytest.mark.parametrize(
    ("span", "name"),
    [
        ("妃マルガレーテ・ロウ", "マルガレーテ・ロウ"),
        ("大神クロノース", "クロノース"),
        ("前首相ベルンハルト", "ベルンハルト"),
        ("妹アンネリーゼ", "アンネリーゼ"),
        ("イリーナ・コルサコワ大公妃", "イリーナ・コルサコワ"),
        ("ロドルフォ3世王", "ロドルフォ3世"),
        ("アルマン公", "アルマン"),
    ],
)
def test_a_role_grown_together_with_a_name_in_katakana_is_cut(span: str, name: str) -> None:
    text = f"その後、{span}が訪れた。"
    at = text.index(span)
    start, end = trimmed(text, at, at + len(span))
    assert text[start:end] == name


@pytest.mark.parametrize("name", ["ロドルフォ3世", "王メイリン", "仁科カヲル", "アンネ姫", "マサ斎藤", "公ケイ", "ジャン＝リュック・ロウ"])
def test_what_may_be_a_part_of_the_name_stays(name: str) -> None:
    text = f"その後、{name}が訪れた。"
    at = text.index(name)
    assert trimmed(text, at, at + len(name)) == (at, at + len(name))


@pytest.mark.parametrize(("span", "name"), [("橋爪住職", "橋爪"), ("森下親子", "森下"), ("岡田兄妹", "岡田"), ("原田夫妻", "原田")])
def test_a_word_for_several_or_a_priest_behind_is_cut(span: str, name: str) -> None:
    assert trimmed(f"昨日、{span}が訪れた。", 3, 3 + len(span)) == (3, 3 + len(name))


def test_a_given_name_that_ends_like_one_stays() -> None:
    assert trimmed("昨日、佐藤史弥が訪れた。", 3, 7) == (3, 7)
