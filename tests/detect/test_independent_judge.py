"""Kinds of office files that an independent judge's share had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.parted import parted
from piiscan.model import Line, Record, Segment, Table
from piiscan.settings import Detection


def records(piece: str | Sequence[Sequence[str]], name: str = "") -> list[Record]:
    document = Document(Kit.of(Detection()), name)
    fed = Segment(Line(1), piece) if isinstance(piece, str) else Table("s", tuple(map(tuple, piece)))
    return [*document.feed(fed), *document.finish()]


def found(piece: str | Sequence[Sequence[str]], entity: str = "PERSON") -> list[str]:
    return [hit.value for record in records(piece) for hit in record.hits if hit.entity == entity]


PEOPLE = ("山田 太郎", "佐藤 花子", "鈴木 一郎", "高橋 陽子")


# ----------------------------------------------------------------- health insurance

SHORT = ("401", "2038", "57", "5662")


def insured(header: str, beside: str, *above: str) -> list[list[str]]:
    rows = [[who, number, "280,000"] for who, number in zip(PEOPLE, SHORT, strict=True)]
    return [*([line, "", ""] for line in above), ["氏名", header, beside], *rows]


@pytest.mark.parametrize(
    "table",
    [
        insured("被保険者番号", "標準報酬月額"),
        insured("被保険者番号", "金額", "健康保険 被保険者一覧", "保険者番号：06139463　記号：21"),
    ],
)
def test_short_numbers_of_the_insured(table):
    assert set(SHORT) <= set(found(table, "JP_HEALTH_INSURANCE"))


@pytest.mark.parametrize(
    "table",
    [
        insured("被保険者番号", "金額"),
        insured("管理番号", "標準報酬月額"),
        insured("被保険者整理番号", "報酬月額"),
        insured("番号", "金額", "健康保険 被保険者一覧", "保険者番号：06139463"),
    ],
)
def test_short_numbers_of_something_else(table):
    assert not set(SHORT) & set(found(table, "JP_HEALTH_INSURANCE"))


# --------------------------------------------------------------------------- names

CALLINGS = [
    "児童福祉司",
    "臨床心理士",
    "スクールカウンセラー",
    "養護教諭",
    "介護支援専門員",
    "獣医師",
    "土地家屋調査士",
    "学芸員",
    "警察官",
    "研修医",
]


@pytest.mark.parametrize("calling", CALLINGS)
def test_a_calling_behind_a_family_name(calling):
    assert found(f"現場で対応したのは大野{calling}である。") == ["大野"]
    assert found(f"担当：林{calling}") == ["林"]


@pytest.mark.parametrize(
    "text",
    [
        "松本歯科医師会の総会",
        "石川一級建築士事務所",
        "山形カウンセラー養成講座",
        "女性警察官の比率",
        "宮崎市学芸員採用試験",
        "森林研究員",
        "北大講師による講演",
        "若手研究員を採用",
    ],
)
def test_a_calling_behind_a_place_or_a_word(text):
    assert not found(text)


@pytest.mark.parametrize(
    "text", ["当座 7930914 トウワコウギヨウ（カ", "普通 1234567 ﾄｳﾜｺｳｷﾞﾖｳ(ｶ", "振込先口座 7654321 サトウケンセツ（ユ）"]
)
def test_a_firm_as_banks_write_it_behind_its_name(text):
    assert not found(text)


def test_what_stands_in_brackets_behind_a_holder_may_be_another_thing():
    assert found("名義 ヤマダ タロウ（本人）") == ["ヤマダ タロウ"]


@pytest.mark.parametrize("text", ["りょうかいです！", "おっけーです。", "夜間良眠。"])
def test_words_of_a_chat_and_of_a_ward_are_nobody(text):
    assert not found(text)


@pytest.mark.parametrize("text", ["後日、奥様（心春様）からもお電話を頂いた。", "ご主人（心春様）へ連絡済み。", "長女の心春様がお迎え。"])
def test_a_given_name_behind_a_polite_word_for_the_family(text):
    assert found(text) == ["心春"]


@pytest.mark.parametrize("text", ["奥様（不在）に伝言。", "お父さん（送迎担当）が対応。", "長女の役割が大きい。", "長男の実家へ行く。"])
def test_other_words_behind_a_word_for_the_family(text):
    assert not found(text)


# -------------------------------------------------------------------------- tables


def interviews(*cells: str, header: str = "面接官") -> list[list[str]]:
    return [["応募者", "状況", header], *([who, "一次面接", cell] for who, cell in zip(PEOPLE, cells, strict=True))]


def test_family_names_with_a_dot_between_them_and_one_from_abroad():
    names = found(interviews("新井・大野", "太田・比嘉", "黒木・ファム・ティ・フオン", "中川・丸山"))
    assert set(names) == {*PEOPLE, "新井", "大野", "太田", "比嘉", "黒木", "ファム・ティ・フオン", "中川", "丸山"}


def test_words_with_a_dot_between_them():
    assert set(found(interviews("筆記・面接", "適性・論文", "実技・ケース・スタディ", "論文・面接", header="試験"))) == set(PEOPLE)


def test_a_form_with_its_labels_over_the_values():
    form = [
        ["フリガナ", "生年月日", "性別"],
        ["コウノ　アオイ", "2003-11-20", "女"],
        ["氏名", "電話番号", "携帯電話"],
        ["河野　葵", "03-3211-0000", "090-0000-0000"],
    ]
    assert found(form, "DATE_OF_BIRTH") == ["2003-11-20"]
    assert {"コウノ　アオイ", "河野　葵"} <= set(found(form))


def test_a_date_over_another_header_is_no_birth():
    form = [
        ["フリガナ", "申込日", "性別"],
        ["コウノ　アオイ", "2003-11-20", "女"],
        ["氏名", "電話番号", "生年月日"],
        ["河野　葵", "03-3211-0000", ""],
    ]
    assert not found(form, "DATE_OF_BIRTH")


# ------------------------------------------------------------------ mails and forms


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("お世話になります。中野@富士見薬品株式会社です。", "中野"),
        ("お疲れ様です。林＠総務です。", "林"),
        ("お世話になります。千葉@富士見薬品株式会社です。", "千葉"),
        ("フリガナ…………キシサクラ", "キシサクラ"),
        ("フリガナ．．．．．キシサクラ", "キシサクラ"),
        ("│フリガナ│オチミドリ│", "オチミドリ"),
        ("│担当者│安達│", "安達"),
    ],
)
def test_who_writes_and_labels_before_leaders_and_rules(text, name):
    assert found(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "集合@渋谷駅",
        "ライブ、千葉@幕張メッセ",
        "会議@第一会議室",
        "目次　氏名………3",
        "担当…………未定",
        "│氏名│フリガナ│住所│",
        "担当者…と協議",
    ],
)
def test_places_after_a_sign_and_labels_without_a_name(text):
    assert not found(text)


# --------------------------------------------------------------------- plain text


def test_what_is_said_behind_named_values():
    lines = [f"UPDATE t SET addr = '見本市{n}' WHERE id = {n}; -- {who}様より転居届" for n, who in enumerate(("成田", "副島", "岸"), 1)]
    assert found("\n".join(lines)) == ["成田", "副島", "岸"]


def test_who_does_what_with_a_number_in_brackets():
    text = "営業担当：泉　璃子（090-0000-0001）\n技術担当：岩崎　千鶴（090-0000-0002）\n責任者：朴　智恩（090-0000-0003）"
    assert found(text) == ["泉　璃子", "岩崎　千鶴", "朴　智恩"]


def test_a_list_of_names_and_numbers_stays_one():
    text = "1班 泉璃子 携帯090-0000-0001\n2班 岩崎千鶴 携帯090-0000-0002\n3班 朴智恩 携帯090-0000-0003"
    assert found(text) == ["泉璃子", "岩崎千鶴", "朴智恩"]


def test_a_family_name_once_more_before_what_its_bearer_did():
    assert found("運転者：樋口璃子\n停車中の車両に樋口運転の社用車が追突した。") == ["樋口璃子", "樋口"]
    assert found("運転者：中野 学\n中野運転所の車両") == ["中野 学"]


@pytest.mark.parametrize(
    "text", ["薬の内容：テオドール", "服用薬（商品名）：メトグルコ", "桜の下を、小川が静かに流れていた。", "村の小川のほとりに咲く"]
)
def test_medicines_and_a_brook_are_nobody(text):
    assert not found(text)


@pytest.mark.parametrize(("text", "name"), [("薬剤師：テオドール", "テオドール"), ("小川が静かに話し始めた。", "小川")])
def test_somebody_beside_medicines_and_a_brook(text, name):
    assert found(text) == [name]


def test_a_reading_alone_beside_a_birth_date():
    assert found([["フリガナ", "生年月日", "性別"], ["フクダレイナ", "1988-10-14", "女"]]) == ["フクダレイナ"]


def test_readings_of_stations_beside_a_date():
    assert not found([["カナ", "開業日"], ["トツカ", "1988-10-14"], ["フジサワ", "1990-1-4"], ["ヒラツカ", "1985-10-1"]])


@pytest.mark.parametrize("header", ["profile.name", "profileName", "user.profile.name"])
def test_a_word_inside_another_says_nothing_of_a_header(header):
    rows = [[who, f"090-0000-000{n}"] for n, who in enumerate(PEOPLE)]
    assert found([[header, "contact.tel"], *rows]) == list(PEOPLE)


@pytest.mark.parametrize("header", ["file_name", "fileName", "filename", "hostName", "itemname"])
def test_a_short_word_at_the_beginning_of_a_part(header):
    rows = [[who, f"090-0000-000{n}"] for n, who in enumerate(("千葉", "石川", "宮崎", "福島"))]
    assert not found([[header, "tel"], *rows])


def test_no_name_goes_on_behind_a_rule():
    assert found("09:11 ｜ 水野望 ｜ りょうかいです！") == ["水野望"]


@pytest.mark.parametrize(
    ("text", "name"), [("担任の棟方教諭が聴き取りを行った。", "棟方"), ("直属の上司の簗瀬課長から指示があった。", "簗瀬")]
)
def test_a_rare_family_name_of_one_who_stands_for_something(text, name):
    assert found(text) == [name]


@pytest.mark.parametrize(
    "text", ["担任の体育教諭が引率した。", "上司の総務部長に申請する。", "顧問の音楽講師を募集。", "担当の外科医師が説明する。"]
)
def test_a_subject_or_an_office_before_a_rank(text):
    assert not found(text)


def test_stations_of_a_timetable_and_people_with_their_hours():
    assert not found("駅名 平日 土曜 休日\n千葉 12:10 5:49 19:31\n松本 18:54 13:10 17:51\n宮崎 5:16 13:21 10:08")
    assert "松本" in found("勤怠 始業 終業\n千葉さん 9:10 17:49\n松本さん 8:54 17:10")


def test_the_account_of_a_firm_by_what_stands_behind_its_name():
    bank = "例示銀行 丸の内支店 当座 2541753"
    assert not found(f"お振込先：{bank} トウワコウギヨウ（カ", "JP_BANK_ACCOUNT")
    assert found(f"お振込先：{bank} ヤマダ タロウ（カナ）", "JP_BANK_ACCOUNT") == ["2541753"]


def test_the_room_of_a_guest_is_no_part_of_the_address():
    rows = [[who, str(200 + n), f"東京都杉並区荻窪{n}-5-4"] for n, who in enumerate(PEOPLE, 1)]
    assert found([["氏名", "部屋", "住所"], *rows], "JP_ADDRESS") == [row[2] for row in rows]
    rows = [[who, f"東京都杉並区荻窪{n}-5-4", f"荻窪ハイツ{n}01"] for n, who in enumerate(PEOPLE, 1)]
    assert len(found([["氏名", "住所", "建物名"], *rows], "JP_ADDRESS")) == 4


ATTENDED = "西川 美咲　新井 学　椎葉さん　今井氏　田中課長　堀　忽那"


def test_names_with_a_wide_blank_between_and_a_narrow_one_inside():
    names = ["西川 美咲", "新井 学", "椎葉", "今井", "田中", "堀", "忽那"]
    assert found(f"出席者：{ATTENDED}") == names
    assert found([["日時", "2026年1月5日"], ["場所", "大会議室"], ["出席者", ATTENDED], ["書記", "未定"]]) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("氏名　山田 太郎　様", ["山田 太郎"]),
        ("三上　美咲　殿", ["三上　美咲"]),
        ("会場　千葉　石川　福島 支店", []),
    ],
)
def test_wide_blanks_that_part_no_names(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    "text", ["スクールカウンセラーが面談した。", "スクールソーシャルワーカーに相談", "ホームヘルパーが訪問", "家庭裁判所調査官が面接した。"]
)
def test_a_calling_of_several_words_is_nobody(text):
    assert not found(text)


def test_one_behind_a_calling_and_a_particle_apart():
    assert found("児童福祉司 松本 が指導。") == ["松本"]


def test_one_narrow_blank_parts_only_where_all_are_names():
    assert parted("平　沙織　吉川 慎一") == "平　沙織　吉川 慎一"
    assert parted("吉川　高木　山田 慎一") == "吉川、高木、山田 慎一"
