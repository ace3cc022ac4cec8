"""Each shape that offices give a list of people."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Hit, RecordKind, Table
from piiscan.settings import Detection

Rows = Sequence[Sequence[str]]


def records(rows: Rows, name: str = "") -> list[tuple[RecordKind, list[Hit]]]:
    document = Document(Kit.of(Detection()), name)
    out = [*document.feed(Table("s", tuple(map(tuple, rows)))), *document.finish()]
    return [(record.kind, list(record.hits)) for record in out]


def found(rows: Rows, name: str = "") -> set[tuple[str, str]]:
    return {(hit.entity, hit.value) for _, hits in records(rows, name) for hit in hits}


PEOPLE = [
    ["山田 太郎", "090-1234-5678", "東京都渋谷区渋谷1-2-3", "1975/04/01"],
    ["佐藤 花子", "080-2345-6789", "大阪府大阪市北区梅田1-1-1", "1980/12/31"],
    ["鈴木 一郎", "03-3456-7890", "北海道札幌市中央区北一条西2-1", "1966/02/03"],
]
HEADER = ["氏名", "電話番号", "住所", "生年月日"]
EXPECTED = {
    ("PERSON", "鈴木 一郎"),
    ("PHONE_NUMBER", "080-2345-6789"),
    ("JP_ADDRESS", "東京都渋谷区渋谷1-2-3"),
    ("DATE_OF_BIRTH", "1966/02/03"),
}

SHAPES: dict[str, Rows] = {
    "flat": [HEADER, *PEOPLE],
    "titles above": [["会員名簿（2026年4月1日現在）"], [""], ["作成", "2026/04/01"], [""], HEADER, *PEOPLE],
    "no header": PEOPLE,
    "two header rows": [["基本情報", "", "連絡先", ""], ["氏名", "生年月日", "電話番号", "住所"], *[[n, b, t, a] for n, t, a, b in PEOPLE]],
    "turned": [list(column) for column in zip(HEADER, *PEOPLE, strict=True)],
    "side by side": [[*HEADER, "", *HEADER], [*PEOPLE[0], "", *PEOPLE[2]], [*PEOPLE[1], "", "", "", "", ""]],
    "stacked": [["本社"], HEADER, *PEOPLE[:2], [""], ["支社"], HEADER, *PEOPLE[2:]],
    "repeated header": [HEADER, PEOPLE[0], HEADER, PEOPLE[1], HEADER, PEOPLE[2]],
    "notes below": [HEADER, *PEOPLE, [""], ["※取扱注意"], ["合計", "3"]],
    "blanks and marks": [HEADER, *PEOPLE, ["高橋 健", "-", "未登録", ""], ["田中 愛", "", "－", "不明"]],
    "many other columns": [[*HEADER, "数量", "単価", "状態"], *[[*p, "3", "1,200", "済"] for p in PEOPLE]],
    "English headers": [["full_name", "phone_number", "address", "date_of_birth"], *PEOPLE],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape(shape: str) -> None:
    assert found(SHAPES[shape]) >= EXPECTED


def test_a_list_below_a_table_on_its_side_is_not_read_by_the_headers_of_the_table_above_both() -> None:
    above = [["緊急連絡先氏名", "電話番号", "続柄"], ["山田 太郎", "090-1234-5678", "父"], ["佐藤 花子", "080-2345-6789", "母"]]
    below = [["渡辺 直樹", "090-1111-2222", "naoki@example.com"], ["中村 彩", "080-2222-3333", "aya@example.com"]]
    headers = {hit.value: hit.header for _, hits in records([*above, [""], *SHAPES["turned"], [""], *below]) for hit in hits}
    assert (headers["鈴木 一郎"], headers["渡辺 直樹"], headers["aya@example.com"]) == ("氏名", "", "")
    straight = {hit.value: hit.header for _, hits in records([*above, [""], *below]) for hit in hits}
    assert straight["渡辺 直樹"] == "緊急連絡先氏名"  # the same table, after a blank row


@pytest.mark.parametrize("shape", ["flat", "no header", "two header rows", "turned", "repeated header"])
def test_a_row_is_a_person(shape: str) -> None:
    rows = [hits for kind, hits in records(SHAPES[shape]) if kind is RecordKind.ROW]
    assert len(rows) == 3
    assert all({hit.entity for hit in hits} >= {"PERSON", "PHONE_NUMBER", "JP_ADDRESS", "DATE_OF_BIRTH"} for hits in rows)


def test_a_date_of_something_else_is_no_birth_date() -> None:
    rows = [["氏名", "採用年月日", "登録日"], *[[name, date, date] for name, _, _, date in PEOPLE]]
    assert not any(entity == "DATE_OF_BIRTH" for entity, _ in found(rows))


def test_split_telephone_columns_are_one_number() -> None:
    for header in (["TEL1", "TEL2", "TEL3"], ["電話番号", "", ""], ["電話番号1", "電話番号2", "電話番号3"]):
        rows = [["氏名", *header], *[[name, *tel.split("-")] for name, tel, _, _ in PEOPLE]]
        assert ("PHONE_NUMBER", "090-1234-5678") in found(rows)
    bare = [[name, *tel.split("-")] for name, tel, _, _ in PEOPLE]
    assert ("PHONE_NUMBER", "090-1234-5678") in found(bare)


def test_an_address_in_pieces_is_one_address_and_a_place_is_none() -> None:
    head = ["氏名", "都道府県", "市区町村", "町名番地", "建物名"]
    rows = [head, ["山田 太郎", "東京都", "渋谷区", "渋谷1-2-3", "メゾン青葉402"], ["佐藤 花子", "大阪府", "大阪市北区", "梅田1-1-1", ""]]
    assert {("JP_ADDRESS", "東京都渋谷区渋谷1-2-3メゾン青葉402"), ("JP_ADDRESS", "大阪府大阪市北区梅田1-1-1")} <= found(rows)
    places = [
        ["都道府県", "市区町村", "人口"],
        ["岩手県", "一関市", "111932"],
        ["京都府", "八幡市", "70433"],
        ["高知県", "四万十市", "32694"],
    ]
    assert found(places) == set()


def test_split_names_share_their_compared_form_with_the_reading() -> None:
    rows = [
        ["姓", "名", "セイ", "メイ", "氏名（英字）"],
        ["山田", "太郎", "ヤマダ", "タロウ", "Taro Yamada"],
        ["佐藤", "花子", "サトウ", "ハナコ", "Hanako Sato"],
        ["鈴木", "一郎", "スズキ", "イチロウ", "Ichiro Suzuki"],
    ]
    for _, hits in records(rows):
        assert len({hit.norm for hit in hits if hit.entity == "PERSON"}) == 1


def test_an_emergency_contact_is_somebody_else() -> None:
    rows = [
        ["氏名", "緊急連絡先氏名", "続柄"],
        ["山田 太郎", "ヤマダ ハナコ", "妻"],
        ["佐藤 健", "サトウ アイ", "母"],
        ["林 一郎", "ハヤシ ケイ", "母"],
    ]
    for _, hits in records(rows):
        assert len({hit.norm for hit in hits if hit.entity == "PERSON"}) == 2


def test_relationship_words_in_a_list_do_not_make_it_a_form() -> None:
    rows = [["6241", "松村義男", "19551230", "松村 あゆみ", "配偶者", "080-7173-0228"], ["3967", "川崎好次", "19660104", "川崎 匡", "母", "070-3605-1714"],
            ["8353", "滝沢香", "19401122", "滝沢 智子", "父", "070-3605-1715"], ["8354", "南 大輔", "19870812", "南 剛", "父", "070-3605-1716"]]  # fmt: skip
    assert {("DATE_OF_BIRTH", "19401122"), ("PERSON", "松村義男")} <= found(rows)


def test_notes_about_a_rows_person_are_judged_for_that_person() -> None:
    rows = [
        ["社員番号", "氏名", "配慮事項"],
        ["10021", "山田 太郎", "狭心症のため通院中"],
        ["10022", "佐藤 花子", "特になし"],
        ["10023", "鈴木 一郎", ""],
    ]
    sensitive = [(hit.entity, hits) for _, hits in records(rows) for hit in hits if hit.entity == "JP_SENSITIVE_MEDICAL_HISTORY"]
    assert sensitive
    assert all(any(h.value == "山田 太郎" for h in hits) for _, hits in sensitive)


def test_the_same_notes_about_nobody_say_nothing() -> None:
    rows = [
        ["商品コード", "書名", "在庫"],
        ["A1", "狭心症のため通院中の方へ", "3"],
        ["A2", "うつ病とつきあう", "5"],
        ["A3", "がん保険", "1"],
    ]
    assert not any(entity.startswith("JP_SENSITIVE") for entity, _ in found(rows))


@pytest.mark.parametrize(
    "rows",
    [
        [["図番", "在庫"], ["03-1234-5678", "3"], ["03-2345-6789", "4"], ["03-3456-7890", "5"]],
        [["薬品コード", "薬価"], ["369015412", "12.1"], ["533842628", "3.5"], ["453066459", "8.0"]],
        [["ソフト名", "ライセンスキー"], ["A", "4507-2218-5533-5138"], ["B", "5310-7993-1431-4135"], ["C", "3840-0642-1684-9186"], ["D", "6785-3281-0899-2928"]],
        [["駅名", "平日", "休日"], ["岡崎", "5:20", "6:01"], ["豊田", "5:40", "6:21"], ["石川", "5:55", "6:40"]],
        [["品名", "数量"], ["ヒューズ", "3"], ["カエデ", "5"], ["サクラ", "8"]],
        [["timestamp", "値"], ["1793582101000", "1.2"], ["1793582161000", "1.3"], ["1793582221000", "1.1"]],
        [["送り状番号", "個数"], ["123456789018", "1"], ["023456789013", "2"], ["414141414140", "3"]],
        [["氏名", "＿＿＿＿＿＿"], ["生年月日", "年　月　日"], ["既往歴", "□高血圧 □糖尿病"], ["服用中の薬", ""]],
    ],
)  # fmt: skip
def test_look_alikes_under_their_headers_are_nothing(rows: Rows) -> None:
    assert {entity for entity, _ in found(rows)} - {"JP_CORPORATE_NUMBER"} == set()


def test_my_number_column_is_judged_as_a_whole() -> None:
    good = ["123456789018", "023456789013", "210987654316", "345678901231"]
    rows = [
        ["社員番号", "氏名", "個人番号"],
        *[[str(n), p[0], number] for n, (p, number) in enumerate(zip([*PEOPLE, ["高橋 健"]], good, strict=True))],
    ]
    passing = {value for entity, value in found(rows) if entity == "JP_MY_NUMBER"}
    from piiscan.detect.checks import CHECKS

    assert passing == {number for number in good if CHECKS["my_number"](number)}
    assert "123456789018" in passing


def test_zeros_that_a_spreadsheet_took_come_back_under_their_header() -> None:
    rows = [
        ["氏名", "携帯", "郵便番号"],
        ["山田 太郎", "9012345678", "600001"],
        ["佐藤 花子", "8023456789", "600002"],
        ["林 健", "7034567890", "1500002"],
    ]
    hits = {(hit.entity, hit.norm) for _, hits in records(rows) for hit in hits}
    assert {("PHONE_NUMBER", "09012345678"), ("JP_POSTAL_CODE", "0600001")} <= hits


def test_repeated_blocks_are_one_person_each() -> None:
    block = [["氏名", "{}", "生年月日", "{}"], ["住所", "{}", "電話", "{}"]]
    rows: list[list[str]] = []
    for name, tel, address, born in PEOPLE:
        rows += [[block[0][0], name, block[0][2], born], [block[1][0], address, block[1][2], tel], [""]]
    forms = [hits for kind, hits in records(rows) if kind is RecordKind.FORM]
    assert [next(h.value for h in hits if h.entity == "PERSON") for hits in forms] == [p[0] for p in PEOPLE]


def test_cost_is_by_column_and_different_value_not_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    kit = Kit(Detection())
    calls = 0
    judge = kit.value

    def counted(entity: str, text: str):
        nonlocal calls
        calls += 1
        return judge(entity, text)

    monkeypatch.setattr(kit, "value", counted)
    rows = [HEADER, *(PEOPLE[i % 3] for i in range(3_000))]
    document = Document(kit)
    hits = sum(len(r.hits) for r in [*document.feed(Table("s", tuple(map(tuple, rows)))), *document.finish()])
    assert hits == 12_000
    assert calls < 500


def test_forms_that_speak_for_themselves_only_beside_names_and_without_a_header() -> None:
    numbers = ["2322-472164", "3451-393075", "6902-805447", "1122-334455"]
    names = ["山田 太郎", "佐藤 花子", "鈴木 一郎", "高橋 健"]
    beside = [[name, number] for name, number in zip(names, numbers, strict=True)]
    assert ("JP_BASIC_PENSION_NUMBER", "2322-472164") in found(beside)
    assert not any(entity == "JP_BASIC_PENSION_NUMBER" for entity, _ in found([["A", number] for number in numbers]))
    assert not any(entity == "JP_BASIC_PENSION_NUMBER" for entity, _ in found([["氏名", "契約番号"], *beside]))
    cards = [[name, f"AB{10000000 + n * 1234567}CD"] for n, name in enumerate(names)]
    assert ("JP_RESIDENCE_CARD", "AB10000000CD") in found(cards)
