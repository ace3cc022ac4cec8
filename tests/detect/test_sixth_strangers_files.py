"""Kinds of office files that the sixth blind share had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.cells import judge
from piiscan.model import Line, Record, Segment, Table
from piiscan.settings import Detection


def records(piece: str | Sequence[Sequence[str]], name: str = "") -> list[Record]:
    document = Document(Kit.of(Detection()), name)
    fed = Segment(Line(1), piece) if isinstance(piece, str) else Table("s", tuple(map(tuple, piece)))
    return [*document.feed(fed), *document.finish()]


def found(piece: str | Sequence[Sequence[str]], entity: str) -> list[str]:
    return [hit.value for record in records(piece) for hit in record.hits if hit.entity == entity]


def names(piece: str | Sequence[Sequence[str]]) -> list[str]:
    return found(piece, "PERSON")


def norms(piece: Sequence[Sequence[str]]) -> list[set[str]]:
    """The compared forms of the names of each row."""
    return [{hit.norm for hit in record.hits if hit.entity == "PERSON"} for record in records(piece)]


PEOPLE = ("山田 太郎", "佐藤 花子", "鈴木 一郎", "高橋 陽子")


def under(header: str, *cells: str, head: str = "氏名") -> list[list[str]]:
    """Four people and a further column."""
    return [[head, header], *[[who, cell] for who, cell in zip(PEOPLE, cells, strict=True)]]


# ----------------------------------------------------------------- health insurance


@pytest.mark.parametrize("header", ["保険番号", "健保番号", "国保番号"])
def test_numbers_of_the_insured_are_known_by_their_header(header):
    assert found(under(header, "57801", "947622", "401873", "38277"), "JP_HEALTH_INSURANCE") == ["57801", "947622", "401873", "38277"]


@pytest.mark.parametrize("header", ["雇用保険番号", "労働保険番号", "自動車保険番号", "生命保険番号"])
def test_other_insurance_is_no_health_insurance(header):
    assert not found(under(header, "57801", "947622", "401873", "38277"), "JP_HEALTH_INSURANCE")


INSURED = [["氏名", "続柄", "番号"], ["山田 太郎", "本人", "755823"], ["佐藤 花子", "本人", "760421"], ["鈴木 一郎", "本人", "732768"]]


def test_numbers_below_an_insurer_are_those_of_the_insured():
    above = [["健康保険 資格情報", "", "", ""], ["保険者番号", "06139463", "記号", "5903"]]
    assert {"755823", "760421", "732768"} <= set(found([*above, *INSURED], "JP_HEALTH_INSURANCE"))


def test_numbers_below_another_title_are_numbers():
    assert not found([["野球部 名簿", "", ""], *INSURED], "JP_HEALTH_INSURANCE")


# ------------------------------------------------------------- names of one's family


def test_given_names_alone_under_a_word_for_the_family():
    rows = under("家族", "実、直美", "陸", "光・学", "みどり", head="世帯主")
    assert set(names(rows)) == {*PEOPLE, "実", "直美", "陸", "光", "学", "みどり"}


def test_one_given_name_in_two_families_is_two_people():
    first, second, *_ = norms(under("こども", "美咲", "美咲", "翔太", "莉子", head="保護者名"))
    assert len(first) == len(second) == 2
    assert not first & second


@pytest.mark.parametrize("cells", [("有", "無", "有", "無"), ("同居", "別居", "同居", "同居"), ("2人", "3人", "なし", "1人")])
def test_what_is_said_of_a_family_is_no_name(cells):
    assert set(names(under("配偶者", *cells))) == set(PEOPLE)


# ----------------------------------------------------------- one person written twice


def test_a_former_name_is_the_same_person():
    assert all(len(own) == 1 for own in norms(under("旧姓", "松木", "猫田", "榊原", "遠藤")))


def test_a_column_in_kana_beside_a_name_is_its_reading():
    rows = under("ﾀﾞｲﾋﾖｳｼﾔ", "ﾔﾏﾀﾞ ﾀﾛｳ", "ｻﾄｳ ﾊﾅｺ", "ｽｽﾞｷ ｲﾁﾛｳ", "ﾀｶﾊｼ ﾖｳｺ", head="代表者")
    assert all(len(own) == 1 for own in norms(rows))


def test_a_column_in_kana_of_others_is_of_others():
    rows = under("ﾎｼﾞｮｼｬ", "ｶﾄｳ ｼﾞﾛｳ", "ﾜﾀﾅﾍﾞ ｱｲ", "ｺﾊﾞﾔｼ ｹﾝ", "ｻｲﾄｳ ﾏｲ", head="代表者")
    assert all(len(own) == 2 for own in norms(rows))


def test_family_and_given_names_in_kana_under_english_headers():
    rows = [
        ["last_name", "first_name", "last_kana", "first_kana"],
        ["三原", "進", "ミハラ", "ススム"],
        ["江尻", "凛", "エジリ", "リン"],
        ["志賀", "愛", "シガ", "アイ"],
    ]
    assert len(names(rows)) == 12
    assert all(len(own) == 1 for own in norms(rows))


def test_rows_of_one_form_below_headers_of_their_own_are_one_person():
    rows = [
        ["氏名", "フリガナ", "生年月日", "性別"],
        ["渡辺 つとむ", "ワタナベ ツトム", "昭和41年1月29日", "男"],
        ["", "", "", ""],
        ["郵便番号", "住所", "電話番号", "メールアドレス"],
        ["100-0001", "東京都千代田区千代田1-1", "090-1877-6020", "watanabe@example.com"],
        ["", "", "", ""],
        ["銀行名", "支店名", "口座番号", "口座名義"],
        ["例示銀行", "本店営業部", "7519580", "ワタナベ ツトム"],
    ]
    assert len([record for record in records(rows) if record.hits]) == 1


def test_single_rows_that_name_two_are_two_people():
    rows = [
        ["氏名", "生年月日", "性別"],
        ["山田 太郎", "昭和41年1月29日", "男"],
        ["", "", ""],
        ["代理人氏名", "電話番号", "住所"],
        ["佐藤 花子", "090-1877-6020", "東京都千代田区千代田1-1"],
    ]
    assert len([record for record in records(rows) if record.hits]) == 2


# --------------------------------------------------------------- where a name ends


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("井上課長", "井上"),
        ("雪ノ下専務", "雪ノ下"),
        ("伊藤代表取締役", "伊藤代表取締役"),
        ("遠藤 亮 福祉課", "遠藤 亮"),
        ("山田 太郎　総務部", "山田 太郎"),
        ("お客様相談室 雪ノ下", "雪ノ下"),
    ],
)
def test_ranks_and_units_are_no_part_of_a_name(text, name):
    judged = judge(text)
    assert text[judged.start : judged.end] == name


@pytest.mark.parametrize("text", ["本部長", "町会長", "工場長"])
def test_ranks_alone_are_nobody(text):
    assert judge(text).score < 0.3


def test_a_name_ends_at_the_next_label():
    assert names("患者名 松林　裕子 ID 1184060\n依頼医 福田 採取日 2026/2/21 病棟 外来\n") == ["松林　裕子", "福田"]


@pytest.mark.parametrize("text", ["配偶者 有", "配偶者　無", "はい・いいえ"])
def test_answers_of_a_form_name_nobody(text):
    assert not names(f"記入欄\n{text}\n以上")


# ------------------------------------------------------- print-outs of tables and forms


def test_a_spread_label_with_its_value_heads_no_table():
    text = (
        "ふりがな かど けんた 写真\n氏　　名 角　健太\n生年月日 昭和61年6月6日生（満40歳） 性別 女\nふりがな 電話\n"
        "現住所〒100-0001 東京都千代田区千代田1-1 03-3212-0110\n連絡先 同上 携帯 090-8493-3420\n"
    )
    assert "角　健太" in names(text)
    assert not {"生年月日", "連絡先"} & set(names(text))
    assert found(text, "DATE_OF_BIRTH")


VISITS = """日付 入館 会社名 お名前 訪問先 退館 カード
4/21 16:51 NPO法人例示 佐久間 繁貴 第二営業部 秋山 18:13 V-913
4/20 18:36 例示商事株式会社 吉原 恵子 情報システム部 小竹 13:20 V-426
5/15 12:02 例示工業株式会社 遠藤 亮 福祉課 遊佐 11:07 V-606
6/21 12:01 例示学園 財前 健一 人事部 相原 19:00 V-619
"""


def test_a_unit_and_the_name_behind_it_are_one_cell():
    assert set(names(VISITS)) == {"佐久間 繁貴", "秋山", "吉原 恵子", "小竹", "遠藤 亮", "遊佐", "財前 健一", "相原"}


def test_a_unit_and_an_illness_behind_it_are_two_cells():
    text = """職員番号 利用者氏名 所属 持病 服薬 備考
46410 宮内純 第二営業部 狭心症 メトホルミン 連絡は夫（小林修）の携帯 090-1214-8800 へお願いします
66701 竹内節子 開発部 特になし ワーファリン1mg
57120 石塚大翔 営業一課 高血圧症 アトルバスタチン 午前中希望
15070 坂部慎一 製造部 甲状腺機能低下症 メトホルミン 書類は月末までに郵送
"""
    assert {"宮内純", "小林修", "竹内節子", "石塚大翔", "坂部慎一"} <= set(names(text))
    assert found(text, "PHONE_NUMBER")


def test_a_full_width_blank_parts_no_columns_among_half_width_ones():
    text = """役職 氏名 児童名（学年） 電話
会長 市村 元靖 元気（6年） 080-5472-5150
副会長 岡野 千尋 洋子（4年） 090-2742-4600
会計 轟　和子 090-5097-2220
"""
    assert "轟　和子" in names(text)


def test_full_width_blanks_part_columns_where_most_blanks_are_wide():
    text = """相続人　住所　愛知県名古屋市中村区稲上町15の20　氏名　三宅 昭
相続人　住所　鳥取市緑ケ丘3-4-10　氏名　平出 明美
相続人　住所　青森県上北郡野辺地町湯沢四丁目16　氏名　三宅　美佳子
"""
    assert {"平出 明美", "三宅　美佳子"} <= set(names(text))


def test_offices_where_parcels_arrive_are_nobody():
    rows = [
        ["出荷日", "送り状番号", "個数", "着店", "状態"],
        *[["2026/9/28", f"31356802522{i}", "7", where, "輸送中"] for i, where in enumerate(("札幌北", "千葉中央", "福岡東", "長野"))],
    ]
    assert not names(rows)


def test_subjects_of_appointments_are_read():
    rows = [["件名", "開始", "場所"], ["玉井様 来社", "2026-11-12", "第1応接室"], ["定例会議", "2026-11-13", "会議室"]]
    assert names(rows) == ["玉井"]


def test_the_first_line_of_a_form_is_no_header():
    rows = [
        ["氏名", "池上　麻美", "所属", "健康推進課"],
        ["一次評価者", "樋口 庸徳", "二次評価者", "高井　洋子"],
        ["No", "目標", "達成基準", "自己評価"],
        ["1", "新規取引先の開拓", "8社以上", "B"],
        ["2", "在庫回転率の改善", "前年比5％", "A"],
    ]
    assert names(rows) == ["池上　麻美", "樋口 庸徳", "高井　洋子"]


@pytest.mark.parametrize(("text", "name"), [("朴係長", "朴"), ("船木チーフ", "船木")])
def test_ranks_behind_foreign_names_and_in_kana(text, name):
    judged = judge(text)
    assert (text[judged.start : judged.end], judged.score >= 0.4) == (name, True)


def test_who_stands_above_headers_of_things_is_somebody():
    rows = [
        ["御見積書", "", "", "No. Q-1"],
        ["我孫子 純　様", "", "", "2026年3月19日"],
        ["工事名", "外壁塗装工事", "", ""],
        ["品名", "数量", "単価", "金額"],
        ["足場架設", "1式", "65,900", "64,100"],
        ["石川", "152㎡", "8,100", "9,500"],
        ["シリコン塗装", "152㎡", "66,800", "87,300"],
    ]
    assert names(rows) == ["我孫子 純"]


@pytest.mark.parametrize("cells", [("文字", "40"), ("様", ""), ("満　歳", "男")])
def test_what_stands_behind_the_label_of_a_blank_form_is_no_name(cells):
    assert not names([["項目名", "型", "桁数"], ["会員番号", "数字", "7"], ["氏名", *cells], ["生年月日", "日付", "8"]])


def test_a_word_of_offices_among_names_is_nobody():
    rows = [["続柄", "氏名", "住所"], ["被相続人", "山田 太郎", "東京都"], ["長男", "山田 一郎", "東京都"], ["担当", "調査担当", "東京都"]]
    assert names(rows) == ["山田 太郎", "山田 一郎"]
