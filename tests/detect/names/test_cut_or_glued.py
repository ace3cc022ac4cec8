"""Names that were found in part, with too much, or where a word or place stands."""

from __future__ import annotations

import pytest

from piiscan.detect.names.recognizer import NameRecognizer

_RECOGNIZER = NameRecognizer()


def _names(text: str) -> list[str]:
    return [text[r.start : r.end] for r in _RECOGNIZER.analyze(text) if r.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # the value of a label before the next label
        ("主治医：名取　受持看護師：東海林　教子", ["名取", "東海林　教子"]),
        # a speaker from abroad; a word behind one is no part of the name
        ("8:10 シャルマ ラジェシュ どうぞ\n8:12 小澤 将彦 では\n", ["シャルマ ラジェシュ", "小澤 将彦"]),
        ("原　　告　　グ　エ　ン　・　ヴ　ァ　ン　・　ア　ン\n", ["グ　エ　ン　・　ヴ　ァ　ン　・　ア　ン"]),
        ("19:05\t石川昭\t恩智ちゃんママありがとう", ["石川昭", "恩智"]),
        ("path=\\\\fs01\\考課\\グエン・ヴァン・アン.xlsx", ["グエン・ヴァン・アン"]),
        ("担当保育士　白木・岡崎", ["白木", "岡崎"]),
        ("対策：友田班長が周知", ["友田"]),
        # where they come from
        ("菅（明治）　○メ―　知念（日本）\n保ケ部（松本）　コ―○　桜庭（千葉）\n", ["菅", "知念", "保ケ部", "桜庭"]),
    ],
)
def test_to_its_end_and_no_farther(text: str, wanted: list[str]) -> None:
    assert _names(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Hi Aya,\n\nthanks for the file",
        "原因：ミラーの向き、声かけ不足",
        "資料/ベース・キット.pdf",
        "釋尼妙芳　三十三回忌",
        "担当保育士　未定・調整中",
    ],
)
def test_nobody(text: str) -> None:
    assert _names(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("白水三郎　髙﨑学　宮沢聖史　匿名1名", ["白水三郎", "髙﨑学", "宮沢聖史"]),
        ("白水三郎　理事長　宮沢聖史　匿名1名", ["白水三郎", "宮沢聖史"]),
        ("八ッ橋 ゆかり（やつはし ゆかり）さん　営業第三課配属", ["八ッ橋 ゆかり", "やつはし ゆかり"]),
        ("見学 会場（けんがく かいじょう）", []),
    ],
)
def test_between_names_and_before_a_reading(text: str, wanted: list[str]) -> None:
    assert _names(text) == wanted
