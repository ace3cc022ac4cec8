"""Names in prose, forms, mails and signatures; and what is none."""

from __future__ import annotations

import pytest

from piiscan.detect.base import norm_of, why_of
from piiscan.detect.names import NameRecognizer


@pytest.fixture(scope="module")
def names() -> NameRecognizer:
    return NameRecognizer()


def found(names: NameRecognizer, text: str) -> list[str]:
    return [text[r.start : r.end] for r in names.analyze(text) if r.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("氏名：山田 太郎\n住所：千葉市中央区1-2-3", ["山田 太郎"]),
        ("お名前　佐藤　花子　様", ["佐藤　花子"]),
        ("株式会社サンプル 総務部 鈴木様", ["鈴木"]),
        ("いつもお世話になっております。山田商事の田中です。", ["田中"]),
        ("出席者：山田部長、佐藤課長、田中、高橋", ["山田", "佐藤", "田中", "高橋"]),
        ("フリガナ ﾔﾏﾀﾞ ﾀﾛｳ", ["ﾔﾏﾀﾞ ﾀﾛｳ"]),
        ('From: "山田 太郎" <t@example.co.jp>\nTo: Suzuki Hanako <s@example.jp>', ["山田 太郎", "Suzuki Hanako"]),
        ("俳優のマイケル・スミスとジョン・ブラウンが来日した。", ["マイケル・スミス", "ジョン・ブラウン"]),
        ("渡邊さんと齋藤さん", ["渡邊", "齋藤"]),
        ("髙橋 一郎", ["髙橋 一郎"]),
        ("山田太郎\n佐藤花子\n", ["山田太郎", "佐藤花子"]),
        ("患者氏名 小川 三郎 様", ["小川 三郎"]),
    ],
)
def test_finds_names_without_titles(names: NameRecognizer, text: str, expected: list[str]) -> None:
    assert found(names, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "千葉市、宮崎県、松本市、山口県",
        "本田技研工業、松下電器、株式会社高島屋、㈱山本商店",
        "お客様各位",
        "担当者 様",
        "神様 仏様 皆様 お疲れ様です",
        "森林と林業の統計",
        "def tanaka_value(name): return name",
        "生年月日　明・大・昭・平・令　　年　月　日",
        "name VARCHAR(60) COMMENT '氏名',\n  kana VARCHAR(60) COMMENT 'フリガナ',",
        "ﾎﾝｼﾔ ｴｲｷﾞﾖｳﾌﾞ 商品名 ﾃﾞﾝｷﾘﾖｳｷﾝ",
        "平成30年4月1日から令和2年3月31日まで",
        "",
        "   \n\t　",
    ],
)
def test_finds_no_name_where_none_is(names: NameRecognizer, text: str) -> None:
    assert found(names, text) == []


def test_offsets_point_into_the_original_after_half_width_kana(names: NameRecognizer) -> None:
    text = "ｶﾞｷﾞｸﾞ\u3000氏名：山田太郎\u3000様"
    (only,) = [r for r in names.analyze(text) if r.score >= 0.5]
    assert text[only.start : only.end] == "山田太郎"
    assert norm_of(only) == "山田太郎"
    assert "label 氏名" in why_of(only)


def test_a_long_text_without_any_sentence_end_is_read_to_its_end(names: NameRecognizer) -> None:
    text = "あ" * 60_000 + "、担当は山田太郎です"
    assert found(names, text)[-1] == "山田太郎"


def test_other_entities_are_not_asked_for(names: NameRecognizer) -> None:
    assert names.analyze("山田太郎", ["PHONE_NUMBER"]) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("芝居ではお雪・お絹の姉妹が人気を集めた。", ["お雪", "お絹"]),
        ("蓉子・聖・由乃の三人が生徒会を支えた。", ["蓉子", "聖", "由乃"]),
        ("総務・佐藤が対応します。", ["佐藤"]),
        ("ケント・ロウが対応します。", ["ケント・ロウ"]),
        ("治療中の病気はありますか。はい・いいえ", []),
    ],
)
def test_dots_part_names_but_in_katakana(names: NameRecognizer, text: str, expected: list[str]) -> None:
    assert found(names, text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [("ケント・バロック様が来た。", "title behind it"), ("ケント・バロック様式の家が建った。", ""), ("Kent様式の家", "")],
)
def test_a_style_is_no_title(names: NameRecognizer, text: str, reason: str) -> None:
    assert [why_of(r)[0] for r in names.analyze(text) if "title" in why_of(r)[0]] == [reason] * bool(reason)
