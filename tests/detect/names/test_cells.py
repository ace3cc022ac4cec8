"""Whole cells: names in every writing, and columns that hold none."""

from __future__ import annotations

import pytest

from piiscan.detect.names import NameRecognizer
from piiscan.detect.names.cells import judge

NAMES = NameRecognizer()


@pytest.mark.parametrize(
    "cell",
    [
        "山田太郎", "山田 太郎", "山田　太郎", "渡邉 美咲", "髙橋 一郎", "佐々木希", "ヤマダタロウ", "ヤマダ タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ はなこ",
        "Taro Yamada", "YAMADA TARO", "Satoh, Kenichi", "Masamune Date", "John Smith", "マイケル・スミス", "マイケル スミス", "田 中 太 郎", "王 偉",
    ],
)  # fmt: skip
def test_full_names(cell: str) -> None:
    match = NAMES.value("PERSON", cell)
    assert match is not None
    assert match.score >= 0.8


@pytest.mark.parametrize("cell", ["山田", "鈴木", "花子", "小林"])
def test_one_name_is_lower_but_possible(cell: str) -> None:
    match = NAMES.value("PERSON", cell)
    assert match is not None
    assert 0.25 <= match.score < 0.7


@pytest.mark.parametrize(
    "cell",
    [
        "本田技研工業", "株式会社山田商店", "山田商店", "営業部", "千葉県", "宮崎市", "東京", "森林", "ノートパソコン", "コンピュータ", "東京都千代田区", "ボールペン",
        "090-1234-5678", "2024-04-01", "A-100", "", "本社 営業部", "田中角栄記念館", "お客様",
        "You Tube", "Date Time", "Sales Date", "To Do", "Home Page",
    ],
)  # fmt: skip
def test_what_is_no_name(cell: str) -> None:
    match = NAMES.value("PERSON", cell)
    assert match is None or match.score <= 0.2


def test_the_title_is_left_out_and_the_norm_is_compared_form() -> None:
    match = NAMES.value("PERSON", " 渡邉　太郎 様 ")
    assert match is not None
    assert (match.start, match.end, match.norm) == (1, 6, "渡辺太郎")


def test_other_entities_are_not_judged() -> None:
    assert NAMES.value("JP_ADDRESS", "山田太郎") is None


@pytest.mark.parametrize(
    "ending",
    [
        "様", "様方", "様宅", "様邸", "様宛", "様分", "さま", "さん", "さん宅", "さん方", "殿", "氏", "先生", "くん", "君", "ちゃん", "御中",
        "女史", "医師", "看護師", "保健師", "薬剤師", "助産師", "弁護士", "司法書士", "税理士", "社労士", "行政書士", "公認心理師", "福祉司", "調査官",
        "検事", "検察官", "判事", "裁判官", "議長", "副議長", "議員", "警部", "警部補", "巡査", "巡査部長", "教諭", "教授", "准教授", "助教",
        "ケアマネ", "ケアマネージャー", "ケアマネジャー", "ヘルパー", "(代理)", "（代理）", "[本人]", "〔本人〕", "【本人】",
    ],
)  # fmt: skip
def test_titles_and_notes_are_no_part_of_a_name(ending: str) -> None:
    judged = judge(f"山田太郎{ending}")
    assert (judged.start, judged.end) == (0, 4)


@pytest.mark.parametrize("text", ["ナカムラユイ", "ワタナベメイ", "イシイメイ", "タカギメイ"])
def test_kana_that_sudachi_joins_of_short_pieces_is_no_word(text: str) -> None:
    """It calls them known nouns, though no dictionary has them."""
    assert judge(text, 0.05).score >= 0.6


@pytest.mark.parametrize("text", ["アイスクリーム", "コンピュータ", "カブシキガイシャ", "ミズタマリ"])
def test_words_in_kana_are_no_names(text: str) -> None:
    assert judge(text, 0.05).score < 0.5


@pytest.mark.parametrize("kin", ["長女", "息子", "義母", "内縁の妻"])
def test_a_word_for_a_member_of_the_family_is_no_part_of_a_name(kin: str) -> None:
    judged = judge(f"{kin} 近藤綾香")
    assert judged.start == len(kin) + 1
    assert judged.score > 0.9


@pytest.mark.parametrize("name", ["孫 悟空", "妹尾 太郎"])
def test_what_begins_like_one_stays_whole(name: str) -> None:
    judged = judge(name)
    assert (judged.start, judged.end) == (0, len(name))
