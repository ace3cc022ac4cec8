"""Tables without headers: neighbouring columns are what they are together."""

from __future__ import annotations

from collections.abc import Sequence

from piiscan.detect.checks import my_number_digit
from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Hit, Table
from piiscan.settings import Detection

MEMBERS = [
    ["9949", "佐藤", "諒", "サトウ", "リョウ", "男", "861-0511", "熊本県", "山鹿市", "熊入町2-21-7", "メゾン青葉 203"],
    ["4683", "中西", "幸雄", "ナカニシ", "ユキオ", "男", "350-0234", "埼玉県", "坂戸市", "緑町22-22", ""],
    ["5945", "山口", "明美", "ヤマグチ", "アケミ", "女", "441-8042", "愛知県", "豊橋市", "小池町2-28-29", "コーポ中央201"],
    ["6164", "増田", "花子", "マスダ", "ハナコ", "女", "640-8365", "和歌山県", "和歌山市", "岡北ノ丁5-26", ""],
]


def hits(rows: Sequence[Sequence[str]]) -> list[Hit]:
    document = Document(Kit.of(Detection()), "")
    records = [*document.feed(Table("表", tuple(map(tuple, rows)))), *document.finish()]
    return [hit for record in records for hit in record.hits]


def test_readings_in_two_columns_are_those_of_the_names_beside_them():
    names = [hit for hit in hits(MEMBERS) if hit.entity == "PERSON"]
    assert {"サトウ", "リョウ", "マスダ", "ハナコ"} <= {hit.value for hit in names}
    assert len({hit.norm for hit in names}) == 4


def test_other_words_in_kana_are_no_readings():
    plants = [[*row[:3], kana, other, *row[5:]] for row, (kana, other) in zip(MEMBERS, [("バラ", "アカ"), ("ユリ", "シロ"), ("キク", "キイロ"), ("ラン", "アオ")], strict=True)]  # fmt: skip
    assert len({hit.norm for hit in hits(plants) if hit.entity == "PERSON" and hit.value in {"アカ", "シロ", "キイロ", "アオ"}}) == 0


def test_the_parts_of_an_address_are_one():
    found = [hit.value for hit in hits(MEMBERS) if hit.entity == "JP_ADDRESS"]
    assert found == ["熊本県山鹿市熊入町2-21-7メゾン青葉 203", "埼玉県坂戸市緑町22-22", "愛知県豊橋市小池町2-28-29コーポ中央201", "和歌山県和歌山市岡北ノ丁5-26"]  # fmt: skip


def test_what_stands_behind_an_address_need_not_be_its_building():
    rows = [[*row[:10], note] for row, note in zip(MEMBERS, ["済", "未", "済", "済"], strict=True)]
    assert next(hit.value for hit in hits(rows) if hit.entity == "JP_ADDRESS") == "熊本県山鹿市熊入町2-21-7"


def test_towns_without_numbers_are_no_addresses():
    rows = [["01", "熊本県", "山鹿市", "熊入町"], ["02", "埼玉県", "坂戸市", "緑町"], ["03", "愛知県", "豊橋市", "小池町"]]
    assert not [hit for hit in hits(rows) if hit.entity == "JP_ADDRESS"]


def numbers(*heads: str, right: bool = True) -> list[str]:
    return [head + str((my_number_digit(head) + (0 if right else 1)) % 10) for head in heads]


def test_three_numbers_that_all_pass_beside_names_are_my_numbers():
    who = ["田中 颯太", "江口 樹", "村上 拓也"]
    for right in (True, False):
        rows = [
            [name, number, "19800724"]
            for name, number in zip(who, numbers("87962181963", "72138886489", "25966533662", right=right), strict=True)
        ]
        assert (len([hit for hit in hits(rows) if hit.entity == "JP_MY_NUMBER"]) == 3) is right


def test_a_header_may_name_the_letters_behind_a_sign():
    rows = [["姓_漢字", "名_漢字", "セイ", "メイ"], ["吉見", "純", "ヨシミ", "ジュン"], ["丸田", "明美", "マルタ", "アケミ"], ["高尾", "博", "タカオ", "ヒロシ"]]  # fmt: skip
    names = [hit for hit in hits(rows) if hit.entity == "PERSON"]
    assert {"純", "博"} <= {hit.value for hit in names}
    assert len({hit.norm for hit in names}) == 3


def test_mobile_numbers_among_numbers_that_are_none_are_found_by_themselves():
    phones = ["080-9081-0033", "12-3100-7728", "090-1283-6791", "26-7278-9906", "070-9171-4521"]
    people = ["佐藤 健", "山口 明美", "増田 花子", "中西 幸雄", "小林 香織"]
    found = [hit.value for hit in hits(list(zip(people, phones, strict=True))) if hit.entity == "PHONE_NUMBER"]
    assert found == ["080-9081-0033", "090-1283-6791", "070-9171-4521"]


def test_numbers_under_a_header_of_drawings_are_no_mobile_numbers():
    parts = ["12-3100-7728", "090-1283-6791", "31-0044-1200", "080-9010-3341", "62-1180-2765", "070-1283-6791", "73-2266-1018"]
    goods = ["鋼管", "座金", "平板", "丸棒", "角材", "釘", "鎖"]
    rows = [["品名", "図番"], *map(list, zip(goods, parts, strict=True))]
    assert [hit.value for hit in hits(rows) if hit.entity == "PHONE_NUMBER"] == []
