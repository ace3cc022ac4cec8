"""Kinds of tables and texts that the fifth examiner's files had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.cells import judge
from piiscan.model import Hit, Line, Segment, Table
from piiscan.settings import Detection

Rows = Sequence[Sequence[str]]
PEOPLE = ("山田 太一", "佐藤 花江", "鈴木 健", "高橋 陽子")


def hits(*pieces: str | Rows) -> list[Hit]:
    document = Document(Kit.of(Detection()), "")
    fed = [
        Segment(Line(1), piece) if isinstance(piece, str) else Table(f"s{i}", tuple(map(tuple, piece))) for i, piece in enumerate(pieces)
    ]
    records = [record for piece in fed for record in document.feed(piece)] + [*document.finish()]
    return [hit for record in records for hit in record.hits if hit.score >= 0.5]


def of(entity: str, *pieces: str | Rows) -> list[str]:
    return [hit.value for hit in hits(*pieces) if hit.entity == entity]


def names(*pieces: str | Rows) -> list[str]:
    return of("PERSON", *pieces)


def beside(header: str, *cells: str) -> Rows:
    return [["氏名", header], *[[who, cell] for who, cell in zip(PEOPLE, cells, strict=False)]]


# ----------------------------------------------------------------- two contacts in one cell


@pytest.mark.parametrize("between", ["\n", " / ", "、"])
def test_number_and_address_of_mail_in_one_cell(between):
    cells = [f"090-1234-56{n}{between}taro.{n}@example.jp" for n in (10, 20, 30, 40)]
    assert of("PHONE_NUMBER", beside("連絡先", *cells)) == [f"090-1234-56{n}" for n in (10, 20, 30, 40)]
    assert len(of("EMAIL_ADDRESS", beside("連絡先", *cells))) == 4


def test_figures_beside_a_contact_are_no_second_one():
    cells = [f"taro.{n}@example.jp\n会員 {n}55" for n in (10, 20, 30, 40)]
    assert {hit.entity for hit in hits(beside("連絡先", *cells))} == {"PERSON", "EMAIL_ADDRESS"}


# ------------------------------------------------------------ symbol and number, a row each


@pytest.mark.parametrize("sign", ["：", "\n", "\t"])
def test_symbol_over_number_of_the_insured(sign):
    text = f"被保険者証（写し）\n記号{sign}12-34\n番号{sign}567890\n氏名{sign}山田 太一"
    assert len(found := of("JP_HEALTH_INSURANCE", text)) == 1
    assert found[0].endswith("567890")


def test_symbol_over_number_in_a_form():
    form = [["記号", "12-34"], ["番号", "567890"], ["氏名", "山田 太一"], ["生年月日", "昭和50年4月1日"]]
    assert of("JP_HEALTH_INSURANCE", form) == ["567890"]


@pytest.mark.parametrize(
    "text", ["図面の整理\n記号：A-12\n番号：567890", "文書の記号：総務\n番号：12", "記号：12-34\n品名：釘\n番号：567890"]
)
def test_symbol_over_number_of_papers_and_goods_is_none(text):
    assert not of("JP_HEALTH_INSURANCE", text)


# --------------------------------------------------------------------- boxes for stamps


def test_family_names_in_boxes_for_stamps_and_their_seals():
    boxes = [["稟議書", "", "", ""], ["社長", "専務", "課長", "起案者"], ["小松", "峰", "米倉", "平野"], ["㊞", "印", "㊞", ""]]
    assert sorted(names(boxes)) == sorted(["小松", "峰", "米倉", "平野"])


@pytest.mark.parametrize("row", [["済", "済", "未", "済"], ["4/1", "4/2", "4/2", "4/3"], ["", "㊞", "", "㊞"]])
def test_marks_and_days_in_boxes_for_stamps_are_none(row):
    assert not names([["社長", "専務", "課長", "起案者"], row])


# ------------------------------------------------------------------- born so, whoever is


@pytest.mark.parametrize(
    "text",
    [
        "対象：昭和50年4月2日から昭和51年4月1日生まれの方",
        "平成27年4月2日～平成28年4月1日生まれの児童に通知します。",
        "対象：2015年4月2日から2016年4月1日生まれの者\n期間：令和6年6月11日～令和6年7月10日",
    ],
)
def test_days_between_which_whoever_was_born_is_meant(text):
    assert not of("DATE_OF_BIRTH", text)


@pytest.mark.parametrize(
    "text", ["昭和50年4月1日生まれの山田太一です", "山田 太一　昭和50年4月1日生まれの男性", "佐藤花江、1975年4月1日生まれ"]
)
def test_day_on_which_somebody_was_born(text):
    assert len(of("DATE_OF_BIRTH", text)) == 1


# ------------------------------------------------------------------ behind and below names


@pytest.mark.parametrize("note", ["　外一同", " 外3名", "　ほか二名", "　他一同"])
def test_those_who_join_somebody_are_no_part_of_the_name(note):
    table = [["番号", "御芳名", "金額"], *[[str(n), f"{who}{note}", "5,000"] for n, who in enumerate(PEOPLE, 1)]]
    assert names(table) == list(PEOPLE)


@pytest.mark.parametrize("word", ["出席者数", "参加人数", "延べ回数", "登録件数"])
def test_count_below_a_column_of_names_is_none(word):
    table = [["", "4/6", "4/13", "計"], *[[who, "○", "×", "1"] for who in PEOPLE], [word, "4", "0", "4"]]
    assert names(table) == list(PEOPLE)


def test_what_is_to_be_done_is_nobody():
    assert names("# TODO: 田中さんに確認\n# FIXME: 単位を直す") == ["田中"]


# -------------------------------------------------------------------- things and places


def test_stops_with_their_place_on_a_map():
    rows = [["ID", "名称", "よみ", "緯度", "経度"]]
    rows += [
        [str(n), name, kana, "35.1234", "139.5678"]
        for n, (name, kana) in enumerate((("小林", "こばやし"), ("大野", "おおの"), ("石川台", "いしかわだい"), ("中野", "なかの")))
    ]
    assert not names(rows)


def test_people_with_their_place_on_a_map():
    rows = [["ID", "氏名", "緯度", "経度"], *[[str(n), who, "35.1234", "139.5678"] for n, who in enumerate(PEOPLE)]]
    assert names(rows) == list(PEOPLE)


def test_few_of_many_long_numbers_pass_by_chance():
    numbers = ["4111111111111111", *[f"73120956{n}4410{n}6" for n in range(10, 22)]]
    assert not of("CREDIT_CARD", [["host", "req", "ms"], *[[f"web{n}", number, "12"] for n, number in enumerate(numbers)]])


def test_most_of_the_long_numbers_pass():
    numbers = [
        "4111111111111111",
        "4012888888881881",
        "4242424242424242",
        "4000056655665556",
        "5555555555554444",
        "5200828282828210",
        "4917610000000000",
    ]
    assert of("CREDIT_CARD", [["host", "req", "ms"], *[[f"web{n}", number, "12"] for n, number in enumerate(numbers)]])


# ---------------------------------------------------------------------- nothing ticked yet


@pytest.mark.parametrize("cell", ["有（　　級）・ 無", "有（ 種　級）・無", "有（等級　　　）・無"])
def test_choice_that_nobody_has_made_says_nothing(cell):
    form = [["氏名", "山田 太一"], ["生年月日", "昭和50年4月1日"], ["障害者手帳", cell], ["電話番号", "090-1234-5678"]]
    assert not [hit for hit in hits(form) if hit.entity.startswith("JP_SENSITIVE")]


@pytest.mark.parametrize("cell", ["有（2級）", "身体2級", "有（聴覚障害　2級）"])
def test_what_somebody_wrote_there_says_much(cell):
    form = [["氏名", "山田 太一"], ["生年月日", "昭和50年4月1日"], ["障害者手帳", cell], ["電話番号", "090-1234-5678"]]
    assert of("JP_SENSITIVE_DISABILITY", form)


# ----------------------------------------------------------------- one and the same writer


@pytest.mark.parametrize("header", ["記入者", "面談者", "相談員"])
def test_writer_whose_family_name_is_a_given_one_is_the_same_in_every_row(header):
    found = [hit for hit in hits(beside(header, "旭", "井上", "旭", "旭")) if hit.value == "旭"]
    assert len(found) == 3
    assert len({hit.norm for hit in found}) == 1


def test_child_of_each_row_is_another():
    found = [hit for hit in hits(beside("子", "葵", "翼", "葵", "蓮")) if hit.value == "葵"]
    assert len({hit.norm for hit in found}) == 2


# ------------------------------------------------------------------- names of one family


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("遠藤　奈々　様\n　　　律　様\n　　　心春　様", ["律", "心春"]),
        ("富士市桑崎1-8-16\n酒井 大翔 様\n 光 様\n", ["光"]),
        ("令和七年十二月\n丸山　正雄\n　　　恵", ["恵"]),
    ],
)
def test_given_names_below_the_whole_one_of_their_family(text, given):
    assert names(text)[1:] == given


@pytest.mark.parametrize("below", ["　　　　記", "　　　　以上", "　　　　印", "　　　各位　様", "恵"])
def test_other_words_below_a_name_are_none(below):
    assert names(f"丸山　正雄\n{below}\n日時　4月1日") == ["丸山　正雄"]


@pytest.mark.parametrize("name", ["加藤 フミ", "石田 キヨ", "和田　ハル"])
def test_given_name_in_katakana_as_old_people_bear(name):
    assert names(f"19:19\t{name}\t明日は8時に校門でお願いします") == [name]


@pytest.mark.parametrize("word", ["メモ", "ガス", "カブ", "ウメ"])
def test_word_in_katakana_behind_a_family_name_is_not_surely_one(word):
    assert judge(f"加藤 {word}").score < judge("加藤 フミ").score


def test_what_a_hairdresser_or_a_team_says_beside_names_is_none():
    people = [[f"{who}様", word] for who, word in zip(PEOPLE, ["カット", "カラー", "カット", "パーマ"], strict=True)]
    assert names(*["　".join(row) for row in people]) == list(PEOPLE)
    assert names(beside("備考", "キャプテン", "", "副キャプテン", "")) == list(PEOPLE)


@pytest.mark.parametrize("name", ["グエン ティ ラン", "カルロス・シルバ"])
def test_who_wrote_what_a_mail_answers(name):
    assert names(f"> On 2026/9/2, {name} wrote:\n> ありがとうございます。") == [name]
