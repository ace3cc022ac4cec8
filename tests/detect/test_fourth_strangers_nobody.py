"""Kinds of false findings that the fourth blind shares had (docs/detection.md), with other things, and beside each the person who stays.

Ships, cattle, buildings and places bear names; deities and the dead do; sums, eras and words of forms look like them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.cells import judge
from piiscan.model import Line, Record, Segment, Table
from piiscan.settings import Detection


def records(piece: str | Sequence[Sequence[str]]) -> list[Record]:
    document = Document(Kit.of(Detection()))
    fed = Segment(Line(1), piece) if isinstance(piece, str) else Table("s", tuple(map(tuple, piece)))
    return [*document.feed(fed), *document.finish()]


def found(piece: str | Sequence[Sequence[str]], entity: str = "PERSON") -> list[str]:
    return [hit.value for record in records(piece) for hit in record.hits if hit.entity == entity]


# ------------------------------------------------------------------------- in prose


@pytest.mark.parametrize(
    "text",
    [
        "一金　壱拾萬円也　奉納",
        "御香典　金五千円",
        "附　則　この要綱は、令和7年4月1日から施行する。",
        "上 記 の と お り 相 違 な い こ と を 証 し ま す",
        "本堂の阿弥陀如来は室町時代の作です。",
        "集合　駅前 8:00　昼食　田中家うどん",
        "お布施はお気持ちで結構です。",
        "会場　大字上条 公民館",
        "変換表の誤り（髙・﨑）を直した",
        "本日の工程　天候 晴　気温 28℃",
        "異常　無 良　灯火",
        "2026-03-12 02:09:55 WARN  佐倉サーバ応答遅延 retry=2",
        'LocalDate.parse("2024-01-01"), null',
        "UPDATE items SET price = 100 WHERE cust_no = 5",
        "出口 / Saída de emergência / Lối thoát hiểm",
        "診断：Invasive ductal carcinoma",
        "入居者募集　コーポ田中 201　メゾン・ド・佐藤 305",
        "回収 第八海龍丸　水揚 20kg",
        "窓口サービス課　次長",
    ],
)
def test_what_only_looks_like_a_name_is_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一金　壱拾萬円也　沖 翔太", "沖 翔太"),
        ("担当は金丸です。", "金丸"),
        ("昨日は雪ノ下ゆかりと会った。", "雪ノ下ゆかり"),
        ("今日は田中マイケルが来た。", "田中マイケル"),
        ("氏名　昭和 太郎", "昭和 太郎"),
        ("本町　嶋田 文子", "嶋田 文子"),
        ("天候不良のため、佐々木 恵さんが欠席", "佐々木 恵"),
        ("請求書は佐藤の間違いだった。", "佐藤"),
        ("メゾン田中 203号室　吉村 加奈様", "吉村 加奈"),
    ],
)
def test_the_person_beside_it_stays(text, name):
    assert name in found(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("薬剤服用歴管理簿　神山薬剤師", "神山"),
        ("対応　当日中に甲斐と支店長石倉が訪問し謝罪した。", "石倉"),
        ("2026/12/17 内科再診  Dr.佐藤", "佐藤"),
        ("れんらくちょう　うさぎ組　やまな ゆい", "やまな ゆい"),
        ("俳句　天　夕立のあとの畦道まつすぐに　（旭町　嶋田 文子）", "嶋田 文子"),
    ],
)
def test_a_title_or_place_is_no_part_of_the_name(text, name):
    assert name in found(text)
    assert not any(name in value and value != name for value in found(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [("安全衛生課長岩崎孝之", "岩崎孝之"), ("安全衛生課長　岩崎 孝之", "岩崎 孝之"), ("製造部長谷川", "長谷川"), ("長嶋茂", "長嶋茂")],
)
def test_a_head_of_a_unit_is_cut_and_a_name_that_begins_with_the_same_sign_is_not(text, name):
    judged = judge(text)
    assert text[judged.start : judged.end] == name


# ------------------------------------------------------------------------ in tables


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("船名", ["第一海龍丸", "第八海龍丸", "幸進丸"]),
        ("産地", ["千葉", "長崎", "山口"]),
        ("点名", ["中村", "大石", "平野"]),
        ("略称", ["福島", "千葉", "松本"]),
        ("父牛", ["福之国", "美津照重", "安福久"]),
        ("車名", ["日野レンジャー", "日野レンジャー", "いすゞエルフ"]),
        ("物件名", ["コーポ田中", "第二今井荘", "第三中島ビル"]),
        ("集落", ["字前田", "字川端", "字川端"]),
        ("チーム", ["松本深志", "山口クラブ", "青葉FC"]),
        ("戒名", ["釋浄心信士", "慈光院妙香大姉", "清岳道雲居士"]),
        ("登場人物", ["徳川家康", "西郷隆盛", "松尾芭蕉"]),
        ("vessel", ["幸進丸", "第八海龍丸", "清美丸"]),
    ],
)
def test_names_under_a_header_of_things_are_no_persons(header, values):
    rows = [["番号", header, "数量"], *[[str(i + 101), value, str(17 * i + 20)] for i, value in enumerate(values)]]
    assert found(rows) == []


@pytest.mark.parametrize("header", ["船主", "チーム担当", "物件所有者", "クラブ顧問", "Shipping Name", "故人俗名"])
def test_names_of_who_has_to_do_with_things_are_persons(header):
    people = ["宮野 彩", "小笠原 愛", "小沢 大輔"]
    rows = [["番号", header, "数量"], *[[str(i + 101), who, str(17 * i + 20)] for i, who in enumerate(people)]]
    assert found(rows) == people


@pytest.mark.parametrize("headers", [["時間", "Aチーム", "Bチーム"], ["時間", "第1会議室", "第2会議室"]])
def test_those_who_belong_to_a_team_or_have_a_room_are_persons(headers):
    rows = [headers, ["9:00", "佐藤", "山本"], ["10:00", "鈴木", "高橋"], ["11:00", "渡辺", "小林"], ["13:00", "中村", "加藤"]]
    assert {"佐藤", "山本", "渡辺", "小林", "加藤"} <= set(found(rows))


def test_the_name_in_life_stands_behind_the_posthumous_one():
    rows = [
        ["施主", "電話", "戒名（俗名）"],
        ["谷 紀樹", "03-3123-4567", "慈光院妙香大姉（谷 彰子）"],
        ["押田 千尋", "03-3123-4568", "釋浄心信士（押田 忍）"],
        ["五味 望", "03-3123-4569", "清岳道雲居士（五味 正人）"],
    ]
    assert sorted(found(rows)) == sorted(["谷 紀樹", "谷 彰子", "押田 千尋", "押田 忍", "五味 望", "五味 正人"])


def test_cattle_have_birthdays_that_are_nobodys():
    rows = [
        ["個体識別番号", "名号", "性別", "生年月日", "父牛"],
        ["1616510397", "はなこ", "雌", "2021/08/26", "福之国"],
        ["1322152280", "ひさよ", "雌", "2019/02/06", "安福久"],
        ["1331352598", "みつこ", "雌", "2020/11/22", "百合茂"],
    ]
    assert found(rows) == []
    assert found(rows, "DATE_OF_BIRTH") == []


def test_horses_have_fathers_and_mothers_and_an_owner_is_a_person():
    rows = [
        ["馬名", "父", "母", "毛色", "生年月日"],
        ["ミヤビノハナ", "タケノオー", "サクラコマチ", "鹿毛", "2021/03/04"],
        ["カズノキング", "ヒロノマサムネ", "ミヨコ", "栗毛", "2021/04/11"],
        ["ハルノアユミ", "ゴロウマル", "ユキエ", "芦毛", "2021/05/02"],
    ]
    assert found(rows) == []
    assert found(rows, "DATE_OF_BIRTH") == []
    owners = ["浦 秀夫", "楠本 修", "青柳 杏菜"]
    owned = [[*rows[0], "馬主氏名"], *[[*row, who] for row, who in zip(rows[1:], owners, strict=True)]]
    assert found(owned) == owners


def test_goods_are_called_as_people_are():
    rows = [
        ["code", "Name kana", "Name", "Price", "Shelf"],
        ["A101", "ハナコ", "花子M 米袋", "336", "南-47"],
        ["A102", "ハナコ", "花子S 米袋", "962", "西-21"],
        ["A103", "タロウ", "太郎L 米袋", "336", "西-8"],
    ]
    assert found(rows) == []
    buyers = ["沖 翔太", "稲村 莉子", "祖父江 裕介"]
    bought = [["Name", "sku", "Price"], *[[who, f"A10{i}", "336"] for i, who in enumerate(buyers)]]
    assert found(bought) == buyers


def test_a_first_row_of_words_that_we_do_not_know_heads_people_on_duty():
    rows = [
        ["日", "曜", "内科系", "外科系", "オンコール"],
        ["1", "火", "小原", "志田", "尾形"],
        ["2", "水", "速水", "田村", "北原"],
        ["3", "木", "安田", "今井", "川辺"],
        ["4", "金", "榊", "豊田", "田中"],
    ]
    names = found(rows)
    assert not {"内科系", "外科系", "オンコール"} & set(names)
    assert {"小原", "志田", "尾形", "豊田", "田中"} <= set(names)


def test_a_place_above_people_does_not_hide_them():
    rows = [["日", "駅前", "公園前"], ["11/1", "矢内さん", "板橋さん"], ["11/2", "小林さん", "佐渡さん"], ["11/3", "横溝さん", "渡辺さん"]]
    assert {"矢内", "板橋", "小林", "渡辺"} <= set(found(rows))


def test_the_first_person_of_a_table_without_headers_is_no_header():
    rows = [["勅使河原", "安田"], ["小原", "志田"], ["速水", "田村"], ["榊", "今井"]]
    assert {"勅使河原", "安田"} <= set(found(rows))


@pytest.mark.parametrize(
    "rows",
    [
        [["停留所", "1便", "2便"], ["藤田", "7:05", "9:09"], ["市役所", "7:11", "9:10"], ["三浦", "7:18", "9:14"]],
        [
            ["地区", "燃える", "燃えない", "プラ", "古紙"],
            ["青木 4丁目", "月・木", "第1水", "火", "第4土"],
            ["石井 2丁目", "月・木", "第2水", "火", "第4土"],
            ["高橋", "火・金", "第1水", "水", "第2土"],
            ["上田", "火・金", "第2水", "水", "第2土"],
        ],
        [["見出し", "読み", "使い方"], ["光", "ヒカル", "動詞は「光る」"], ["勇む", "イサム", "「喜び勇む」"], ["恵み", "メグミ", "名詞"]],
        [
            ["日本語", "よみ", "English"],
            ["安全帯", "アンゼンタイ", "Safety belt"],
            ["残業", "ザンギョウ", "Overtime"],
            ["足場", "アシバ", "Scaffold"],
        ],
    ],
)
def test_timetables_calendars_and_glossaries_name_nobody(rows):
    assert found(rows) == []


def test_free_seats_are_nobody():
    rows = [["横沢", "吉武", "空"], ["西村", "菅井", "空"], ["寺田", "宮田", "空"], ["鈴木", "廣田", "空"]]
    assert "空" not in found(rows)
    assert {"横沢", "廣田"} <= set(found(rows))


def test_an_attending_doctor_is_named_by_the_practice():
    rows = [
        ["児童名", "主治医", "保護者連絡先"],
        ["黒田 博", "森岡小児科", "090-1234-5678"],
        ["東条 大輔", "梅村クリニック", "090-1234-5679"],
        ["野間 実", "村田医院", "090-1234-5670"],
    ]
    assert sorted(found(rows)) == sorted(["黒田 博", "東条 大輔", "野間 実", "森岡", "梅村", "村田"])


# ------------------------------------------------------------------------- in forms


def test_an_empty_form_has_labels_where_a_reading_would_stand():
    assert found([["ふりがな", "写真"], ["氏名", ""], ["現住所", ""]]) == []
    assert found([["ふりがな", "なかざわ ひろし"], ["氏名", "中澤 博"], ["住所", "東京都"]]) == ["なかざわ ひろし", "中澤 博"]


def test_a_label_inside_its_cell_is_no_part_of_the_name():
    rows = [["氏名", "小澤 義男"], ["保護者", "ふりがな　おざわ よしお"], ["性別", "男"]]
    assert "おざわ よしお" in found(rows)


def test_the_document_that_was_shown_says_whose_number_it_is():
    form = [["氏名", "東 一郎"], ["生年月日", "昭和43.8.16"], ["確認書類", "運転免許証"], ["記号番号", "第541992978081号"]]
    assert found(form, "JP_DRIVER_LICENSE") == ["541992978081"]
    assert found(form, "JP_HEALTH_INSURANCE") == []
    insured = [["氏名", "東 一郎"], ["生年月日", "昭和43.8.16"], ["確認書類", "健康保険証"], ["記号番号", "1234-5678"]]
    assert found(insured, "JP_HEALTH_INSURANCE")


def test_policies_of_insurers_are_no_health_insurance():
    rows = [["証券記号番号", "契約者"], ["71-9307903", "関 照晶"], ["71-2705649", "中島 豊"], ["71-7566494", "岡 清"]]
    assert found(rows, "JP_HEALTH_INSURANCE") == []


# -------------------------------------------------------------------------- numbers


def test_published_test_cards_in_a_guide_are_nobodys():
    assert found("決済代行サンドボックス　テスト用番号\nVisa 4242 4242 4242 4242 成功", "CREDIT_CARD") == []
    assert found("お支払い Visa 4242 4242 4242 4242 有効期限 12/29", "CREDIT_CARD") == ["4242 4242 4242 4242"]
    guide = [["ブランド", "番号"], ["VISA", "4242424242424242"], ["MasterCard", "5555555555554444"], ["JCB", "3566002020360505"]]
    assert found(guide, "CREDIT_CARD") == []


def test_a_part_under_its_number_is_no_residence_card():
    rows = [["品番", "品名", "型式"], ["QR7279332", "Oリング", "AB12345678CD"], ["AB3596901", "ベアリング", "6204ZZ"]]
    assert found(rows, "JP_RESIDENCE_CARD") == []
    assert found("在留カード番号 AB12345678CD", "JP_RESIDENCE_CARD") == ["AB12345678CD"]


def test_the_number_of_a_parcel_is_no_individual_number():
    assert found("秋田市山王一丁目　黒岩様　問合せ034424220924　不在", "JP_MY_NUMBER") == []
    assert found("黒岩様　個人番号 034424220924", "JP_MY_NUMBER") == ["034424220924"]
