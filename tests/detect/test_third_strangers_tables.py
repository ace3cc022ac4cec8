"""Kinds of tables that the third blind share had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Line, Record, Segment, Table
from piiscan.settings import Detection


def records(piece: str | Sequence[Sequence[str]], name: str = "") -> list[Record]:
    document = Document(Kit.of(Detection()), name)
    fed = Segment(Line(1), piece) if isinstance(piece, str) else Table("s", tuple(map(tuple, piece)))
    return [*document.feed(fed), *document.finish()]


def values(piece: str | Sequence[Sequence[str]]) -> set[tuple[str, str]]:
    return {(hit.entity, hit.value) for record in records(piece) for hit in record.hits}


def names(piece: str | Sequence[Sequence[str]]) -> set[str]:
    return {value for entity, value in values(piece) if entity == "PERSON"}


def one_name_a_row(piece: Sequence[Sequence[str]]) -> bool:
    return all(len({hit.norm for hit in record.hits if hit.entity == "PERSON"}) == 1 for record in records(piece) if record.hits)


PEOPLE = ("山田 太郎", "佐藤 花子", "鈴木 一郎", "高橋 陽子")


def under(header: str, *cells: str) -> list[list[str]]:
    """Four people and a further column."""
    return [["氏名", header], *[[who, cell] for who, cell in zip(PEOPLE, cells, strict=False)]]


# ------------------------------------------------------------------ parts of names


@pytest.mark.parametrize(
    "header",
    [
        ["注文者姓", "注文者名", "注文者姓カナ", "注文者名カナ"],
        ["name01", "name02", "kana01", "kana02"],
        ["patient.name.family", "patient.name.given", "patient.sei_kana", "patient.mei_kana"],
        ["Family Name", "Given Name", "Family Name Yomi", "Given Name Yomi"],
    ],
)
def test_family_and_given_names_under_any_prefix_are_one_person(header):
    rows = [header, ["能登", "健一", "ノト", "ケンイチ"], ["小林", "武則", "コバヤシ", "タケノリ"]]
    assert names(rows) >= {"能登", "健一", "小林", "武則"}
    assert one_name_a_row(rows)


def test_given_before_family_is_the_same_person():
    rows = [["名", "姓", "会社名"], ["博", "吉田", "例示商事株式会社"], ["薫", "藤谷", "例示水産株式会社"]]
    assert one_name_a_row(rows)
    assert {hit.norm for record in records(rows) for hit in record.hits} == {"吉田博", "藤谷薫"}


def test_a_companys_name_is_no_given_name():
    assert names([["会社名", "品名"], ["川口製作所", "若葉"], ["三浦商店", "泉"]]) == set()


def test_a_latin_spelling_beside_a_foreigners_name_is_the_same_person():
    rows = [
        ["英字氏名", "顧客名", "旅券番号"],
        ["Carlos Santos", "サントス カルロス", "TR1234567"],
        ["Etsuko Sato", "佐藤 悦子", "TR7654321"],
    ]
    assert one_name_a_row(rows)


def test_tickets_write_a_name_with_a_stroke():
    rows = [["NAME (AS IN PASSPORT)", "PPT NO"], ["MIURA/KENSUKE MR", "MZ5763153"], ["HOKABE/YUKO MS", "TK0000001"]]
    assert names(rows) == {"MIURA/KENSUKE", "HOKABE/YUKO"}
    assert names([["protocol", "port"], ["TCP/IP", "80"], ["UDP/IP", "53"], ["AND/OR", "1"]]) == set()


def test_a_former_name_stands_in_brackets():
    assert names([["氏名（旧姓）"], ["塩見 誠（小山）"], ["山田 花子（旧姓 佐藤）"], ["高橋 陽子"]]) >= {
        "塩見 誠",
        "小山",
        "山田 花子",
        "佐藤",
    }
    assert "東京" not in names([["氏名"], ["塩見 誠（東京）"], ["山田 花子"]])


# ------------------------------------------------------------------------- headers


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("生", ("S50.4.1", "昭44.12.9", "H2.1.3", "S60.8.8"), "DATE_OF_BIRTH"),
        ("生年月日_和暦", ("1975年4月1日", "1969年12月9日", "1990年1月3日", "1985年8月8日"), "DATE_OF_BIRTH"),
        ("契約者生年月日", ("1975/04/01", "1969/12/09", "1990/01/03", "1985/08/08"), "DATE_OF_BIRTH"),
        ("口番", ("7557891", "3931214", "5543097", "2571248"), "JP_BANK_ACCOUNT"),
        ("Zairyu card", ("HD85049240AD", "HB77307858FF", "DE01946098FD", "EH76345403EH"), "JP_RESIDENCE_CARD"),
        ("カード(クレジット)番号", ("4111111111111111", "5555555555554444", "3530111333300000", "378282246310005"), "CREDIT_CARD"),
        ("会員カード(クレジット)番号", ("4111111111111111", "5555555555554444", "3530111333300000", "378282246310005"), "CREDIT_CARD"),
        ("user.address.zip", ("100-0005", "530-0001", "060-0001", "980-0021"), "JP_POSTAL_CODE"),
    ],
)
def test_headers_that_name_a_kind(header, cells, kind):
    assert {(kind, cell) for cell in cells} <= values(under(header, *cells))


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("確認年月日", ("1990/3/18", "2004/2/26", "2016/8/12", "2021/4/19")),
        ("契約年月日", ("1990/3/18", "2004/2/26", "2016/8/12", "2021/4/19")),
    ],
)
def test_dates_of_something_else(header, cells):
    assert not any(entity == "DATE_OF_BIRTH" for entity, _ in values(under(header, *cells)))


@pytest.mark.parametrize(
    "rows",
    [
        [["大字", "字", "地番"], ["山田", "宮前", "960-1"], ["池田", "宮前", "325-8"], ["北村", "荊木", "12-3"]],
        [["駅名", "エキメイ", "乗降客数"], ["三鷹", "ミタカ", "90,213"], ["吉祥寺", "キチジョウジ", "138,483"], ["中野", "ナカノ", "70,000"], ["高円寺", "コウエンジ", "51,000"], ["大久保", "オオクボ", "30,100"]],
        [["銀行名", "支店名", "ｶﾅ"], ["例示銀行", "東京営業部", "ﾄｳｷﾖｳ"], ["例示銀行", "鶴見支店", "ﾂﾙﾐ"], ["例示銀行", "渋谷支店", "ｼﾌﾞﾔ"]],
        [["色名", "読み", "RGB"], ["茜", "あかね", "b7282e"], ["葵", "あおい", "674598"], ["若菜", "わかな", "d8e698"], ["紅梅", "こうばい", "f2a0a1"], ["浅葱", "あさぎ", "00a3af"]],
        [["用語", "読み", "意味"], ["宛名", "あてな", "住民の基本情報"], ["既往歴", "きおうれき", "これまでにかかった病気の履歴"], ["口振", "こうふり", "口座振替の略"]],
        [["商品", "対応"], ["弁当", "牛肉除去"], ["弁当", "豚肉・酒除去"], ["弁当", "牛肉除去"]],
    ],
)  # fmt: skip
def test_tables_about_nobody(rows):
    assert not values(rows)


def test_a_reading_with_both_names_is_a_name_by_itself():
    assert names([["受付番号", "カナ"], ["1", "ヤマダ タロウ"], ["2", "サトウ ハナコ"], ["3", "スズキ イチロウ"]]) >= {"ヤマダ タロウ"}


@pytest.mark.parametrize("header", [["所有者", "耕作者"], ["保護司", "対象者"], ["A卓", "B卓"]])
def test_words_that_nobody_knows_head_columns_of_names(header):
    rows = [header, ["遠山 高利", "近藤 弘"], ["宮田 悠真", "小倉 純"], ["米山 明美", "池田 弘"]]
    assert names(rows) == {"遠山 高利", "近藤 弘", "宮田 悠真", "小倉 純", "米山 明美", "池田 弘"}


# -------------------------------------------------------------------------- shapes


def test_a_list_on_its_side_whose_other_rows_are_unknown():
    rows = [["行", "6731", "427"], ["full_name", "山田　太郎", "佐藤　花子"], ["カード番号", "4111111111111111", "5555555555554444"],
            ["月額報酬", "235000", "193000"], ["契約開始日", "2006/11/15", "2003/12/20"]]  # fmt: skip
    assert values(rows) == {
        ("PERSON", "山田　太郎"),
        ("PERSON", "佐藤　花子"),
        ("CREDIT_CARD", "4111111111111111"),
        ("CREDIT_CARD", "5555555555554444"),
    }


def test_the_same_rank_in_every_row_turns_no_list():
    rows = [
        ["階級", "氏 名", "生"],
        *[["団員", who, born] for who, born in zip(PEOPLE, ("S50.4.1", "昭44.12.9", "H2.1.3", "S60.8.8"), strict=True)],
    ]
    assert names(rows) == set(PEOPLE)


def test_pairs_in_four_columns_are_a_form():
    rows = [["おなまえ", "山田　太郎", "カナ", "ﾔﾏﾀﾞ ﾀﾛｳ"], ["おところ", "東京都渋谷区渋谷1-2-3", "ご自宅電話", "03-3456-7890"],
            ["携帯電話", "090-1234-5678", "生年月日", "1982. 4. 30"], ["ご職業", "会社員", "勤務先", "例示商事株式会社"]]  # fmt: skip
    assert values(rows) >= {
        ("PERSON", "山田　太郎"),
        ("PERSON", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("DATE_OF_BIRTH", "1982. 4. 30"),
        ("JP_ADDRESS", "東京都渋谷区渋谷1-2-3"),
    }
    assert len(names(rows)) == 2


def test_what_stands_behind_an_address_in_its_cell_is_none_of_it():
    rows = [
        ["氏名", "住所(発送用)"],
        ["山田 太郎", "〒100-0005　東京都千代田区丸の内1-1-1　TEL090-1234-5678"],
        ["佐藤 花子", "大阪府大阪市北区梅田2-2-2 hanako@example.jp"],
    ]
    assert values(rows) >= {
        ("JP_ADDRESS", "東京都千代田区丸の内1-1-1"),
        ("PHONE_NUMBER", "090-1234-5678"),
        ("EMAIL_ADDRESS", "hanako@example.jp"),
    }


def test_telephone_numbers_in_brackets_beside_names_without_a_header():
    rows = [[who, number] for who, number in zip(PEOPLE, ("(082)799-3868", "(0466)70-1087", "(0422)66-8787", "(011)200-3000"), strict=True)]
    assert {("PHONE_NUMBER", row[1]) for row in rows} <= values(rows)


def test_symbol_and_number_of_a_health_insurance():
    rows = [
        ["患者氏名", "保険者番号", "記号", "番号"],
        ["山田 太郎", "06060388", "7114", "286541"],
        ["佐藤 花子", "06265268", "9097", "864208"],
    ]
    assert ("JP_HEALTH_INSURANCE", "7114・286541") in values(rows)
    assert not any(
        entity == "JP_HEALTH_INSURANCE"
        for entity, _ in values([["氏名", "記号", "番号"], ["山田 太郎", "7114", "286541"], ["佐藤 花子", "9097", "864208"]])
    )


# ---------------------------------------------------------------------------- text


def test_names_given_to_values_in_a_program():
    text = "\n".join(f'    dict(name="{who}", kana="{kana}", tel="{tel}"),' for who, kana, tel in (
        ("山田太郎", "ヤマダタロウ", "090-1234-5678"), ("佐々木学", "ササキマナブ", "080-2345-6789"), ("崔恩智", "チェウンジ", "070-3456-7890")))  # fmt: skip
    assert names(text) == {"山田太郎", "ヤマダタロウ", "佐々木学", "ササキマナブ", "崔恩智", "チェウンジ"}
    lines = text.split("\n")
    hits = [hit for record in records(text) for hit in record.hits]
    assert all(lines[hit.location.number - 1][hit.start : hit.end] == hit.value for hit in hits)


def test_a_persons_fields_in_the_lines_of_a_dump_are_one_person():
    text = "Array\n(\n    [user_id] => 9296785\n    [name_sei] => 田中\n    [name_mei] => 次郎\n    [tel] => 09016719288\n    [pref] => 13\n)\n"
    assert values(text) >= {("PERSON", "田中"), ("PERSON", "次郎"), ("PHONE_NUMBER", "09016719288")}
    assert len({hit.norm for record in records(text) for hit in record.hits if hit.entity == "PERSON"}) == 1


def test_fields_of_a_dump_in_another_order_keep_their_names():
    text = "name_sei: 田中\nname_mei: 次郎\ntel_no: 09016719288\nname_mei: 花子\ntel_no: 08023456789\nname_sei: 佐藤\n"
    people = [{hit.norm for hit in record.hits if hit.entity == "PERSON"} for record in records(text)]
    assert people == [{"田中次郎"}, {"佐藤花子"}]


def test_inline_maps_of_yaml():
    text = "\n".join(f'- {{id: {i}, name: "{who}", kana: "{kana}", tel: "{tel}"}}' for i, (who, kana, tel) in enumerate(
        [("山田 太郎", "ヤマダタロウ", "090-1234-5678"), ("佐藤 花子", "サトウハナコ", "080-2345-6789"), ("古沢 忍", "フルサワシノブ", "070-3456-7890")]))  # fmt: skip
    assert names(text) == {"山田 太郎", "ヤマダタロウ", "佐藤 花子", "サトウハナコ", "古沢 忍", "フルサワシノブ"}


@pytest.mark.parametrize(
    "line", ['ENGINE = dict(name="sqlite", kind="file", path="/tmp/a"),', "level=info msg=started port=8080 host=srv01"]
)
def test_settings_of_a_program_are_about_nobody(line):
    assert not values("\n".join([line] * 5))


def transfer(number: str, holder: str) -> str:
    return f"20005{'ﾚｲｼﾞｷﾞﾝｺｳ':<15}341{'ｼﾝｼﾞﾕｸ':<15}    1{number}{holder:<30}0000251000{'':<30}"


def test_records_of_the_banks_have_their_fields_at_fixed_places():
    text = "\n".join(["1210" + "0" * 116, transfer("7176536", "ﾔﾏﾀﾞ ﾀﾛｳ"), transfer("2887639", "ﾀｶﾊｼ ﾖｳｺ"), "8000002", "9"])
    assert values(text) == {("JP_BANK_ACCOUNT", "7176536"), ("JP_BANK_ACCOUNT", "2887639"), ("PERSON", "ﾔﾏﾀﾞ ﾀﾛｳ"), ("PERSON", "ﾀｶﾊｼ ﾖｳｺ")}


def test_two_names_in_a_row_of_a_page():
    text = "所属 利用者氏名 mobile 緊急連絡先 緊急連絡先続柄 緊急連絡先TEL\n" + "\n".join(
        f"製造部 {one} 090-1234-567{i} {other} 長男 080-2345-678{i}" for i, (one, other) in enumerate(
            [("竹内喬紘", "竹内 亮"), ("荻野恵子", "荻野 健一"), ("牧野正", "牧野 純"), ("谷口智子", "谷口 博司")]))  # fmt: skip
    assert names(text) == {"竹内喬紘", "竹内 亮", "荻野恵子", "荻野 健一", "牧野正", "牧野 純", "谷口智子", "谷口 博司"}


def test_a_page_under_a_header_that_says_little():
    text = "組 レーン 選手名 ヨミ 学年 エントリータイム\n" + "\n".join(
        f"1 {lane} {who} {kana} 中2 28.1{lane}" for lane, who, kana in [(1, "桐生 紘人", "ｷﾘｭｳ ﾋﾛﾄ"), (2, "宮原　あゆみ", "ﾐﾔﾊﾗ ｱﾕﾐ"), (3, "小林　彩", "ｺﾊﾞﾔｼ ｱﾔ"), (4, "大友 豊", "ｵｵﾄﾓ ﾕﾀｶ")])  # fmt: skip
    assert names(text) == {"桐生 紘人", "ｷﾘｭｳ ﾋﾛﾄ", "宮原　あゆみ", "ﾐﾔﾊﾗ ｱﾕﾐ", "小林　彩", "ｺﾊﾞﾔｼ ｱﾔ", "大友 豊", "ｵｵﾄﾓ ﾕﾀｶ"}


def test_names_that_begin_the_lines_of_a_numbered_list():
    text = "下記の者の入館証を発行願います。\n1. 西川 洋子　医療法人例示会\n2. 辻井陸　学校法人例示学園\n3. スミス ジョン　有限会社例示工務店\n期間：令和7年9月27日から\n"
    assert names(text) == {"西川 洋子", "辻井陸", "スミス ジョン"}
    assert not names("停車駅\n1. 豊田　改札2か所\n2. 松本　改札1か所\n3. 千葉　改札3か所\n")


LEDGER = [
    ("A2288434ｻｻｷ ﾀﾛｳ                佐々木　太郎　　　　　　", "19790402", " 東京都千代田区丸の内１－１－１　　　　　　　　　　", "09012345678", "   00145"),
    ("A8447071ｻﾄｳ ﾊﾅｺ                佐藤　花子　　　　　　　", "19540703", " 大阪府大阪市北区梅田１－２－３　　　　　　　　　　", "08023456789", "   00132"),
    ("A2595914ｽｽﾞｷ ｲﾁﾛｳ              鈴木　一郎　　　　　　　", "19880813", " 北海道札幌市中央区北一条西２－１　　　　　　　　　", "07034567890", "   00007"),
    ("A3161125ﾐﾅﾐ ｱｵｲ                南　葵　　　　　　　　　", "19650102", " 愛知県名古屋市中区三の丸３－１－２　　　　　　　　", "09045678901", "   00099"),
]  # fmt: skip


def test_fields_of_fixed_width_that_touch():
    expected = {
        ("PERSON", "ｻｻｷ ﾀﾛｳ"),
        ("PERSON", "佐々木　太郎"),
        ("PERSON", "南　葵"),
        ("DATE_OF_BIRTH", "19880813"),
        ("PHONE_NUMBER", "09045678901"),
    }
    text = "\n".join("".join(line) for line in LEDGER)
    assert values(text) >= {*expected, ("JP_ADDRESS", "大阪府大阪市北区梅田１－２－３")}
    glued = "\n".join(f"{head}{born}{phone}{place}{rest}" for head, born, place, phone, rest in LEDGER)
    assert values(glued) >= expected


def test_a_list_of_transfers_with_blanks_between():
    text = "2 0001 001 1 5769085 ﾔﾏﾀﾞ ﾀﾛｳ                 000054000\n2 0001 001 1 6180601 ﾀｶﾊｼ ﾖｳｺ                 00006000\n"
    assert values(text) == {("JP_BANK_ACCOUNT", "5769085"), ("JP_BANK_ACCOUNT", "6180601"), ("PERSON", "ﾔﾏﾀﾞ ﾀﾛｳ"), ("PERSON", "ﾀｶﾊｼ ﾖｳｺ")}


def test_columns_of_figures_that_touch_are_about_nobody():
    lines = [f"{i:08d}  {1234567 * i % 10**7:07d}{987654321 * i % 10**11:011d}   OK{i:02d}   {i * 37 % 1000:4d}" for i in range(1, 9)]
    assert not {entity for entity, _ in values("\n".join(lines))} & {"DATE_OF_BIRTH", "PERSON"}


def test_labels_with_room_for_each_character_are_no_header():
    text = "氏　名　佐々木　樹（旧姓 柳川）\n住　所　東京都千代田区丸の内1-1-1\n生年月日　1991年2月16日\n弁護士　東 陽菜\n"
    assert {("PERSON", "佐々木　樹"), ("JP_ADDRESS", "東京都千代田区丸の内1-1-1"), ("DATE_OF_BIRTH", "1991年2月16日")} <= values(text)
    assert "所" not in names(text)
    whole = [record for record in records(text) if len(record.hits) > 1]
    assert len({hit.norm for record in whole for hit in record.hits if hit.value in {"佐々木　樹", "柳川"}}) == 1


def test_labels_by_turns_are_a_form():
    text = (
        "貸主（甲）　住所　東京都千代田区丸の内1-1-1\n　　　　　　氏名　磯村　悦子　㊞\n借主（乙）　住所　大阪府大阪市北区梅田1-2-3\n　　　　　　氏名　堀　修　㊞\n"
        "連帯保証人　住所　愛知県名古屋市中区三の丸3-1-2\n　　　　　　氏名　南　由美子　㊞\n"
    )
    assert names(text) == {"磯村　悦子", "堀　修", "南　由美子"}
    assert ("JP_ADDRESS", "愛知県名古屋市中区三の丸3-1-2") in values(text)


def test_the_former_head_of_a_household_is_somebody_else():
    rows = [
        ["新世帯主", "大村　由美子", "新住所", "東京都千代田区丸の内1-1-1"],
        ["旧世帯主", "関根　忍", "旧住所", "大阪府大阪市北区梅田1-2-3"],
    ]
    assert {hit.norm for record in records(rows) for hit in record.hits if hit.entity == "PERSON"} == {"大村由美子", "関根忍"}
