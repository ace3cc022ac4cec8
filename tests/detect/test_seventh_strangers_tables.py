"""Tables and forms as a seventh stranger made them: each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Hit, Record, RecordKind, Table
from piiscan.settings import Detection


def records(*tables: Sequence[Sequence[str]], name: str = "") -> list[Record]:
    document = Document(Kit.of(Detection()), name)
    fed = [record for n, rows in enumerate(tables) for record in document.feed(Table(f"表{n}", tuple(map(tuple, rows))))]
    return [*fed, *document.finish()]


def hits(rows: Sequence[Sequence[str]], name: str = "") -> list[Hit]:
    return [hit for record in records(rows, name=name) for hit in record.hits]


def values(rows: Sequence[Sequence[str]]) -> set[tuple[str, str]]:
    return {(hit.entity, hit.value) for hit in hits(rows)}


_TRAVEL = [
    ["旅費精算", "", "", "", ""],
    ["社員番号", "氏名", "行先", "金額", ""],
    ["80508", "石塚 真靖", "大阪", "12,000", ""],
    ["35104", "西井 幸雄", "松本", "8,000", ""],
    ["04355", "渡辺 春香", "宮崎", "31,000", ""],
]
_ACCOUNTS = [
    ["社員番号", "氏名カナ", "銀行", "支店", "口座"],
    ["80508", "ｲｼﾂﾞｶ ﾏｻﾔｽ", "例示銀行", "丸の内支店", "1917711"],
    ["35104", "ﾆｼｲ ﾕｷｵ", "例示銀行", "青葉支店", "5825283"],
    ["04355", "ﾜﾀﾅﾍﾞ ﾊﾙｶ", "見本銀行", "本店", "9495516"],
]


def test_a_second_table_under_a_title_of_its_own_has_columns_of_its_own() -> None:
    found = values([*_TRAVEL, ["振込口座", "", "", "", ""], *_ACCOUNTS])
    assert {("JP_BANK_ACCOUNT", row[4]) for row in _ACCOUNTS[1:]} <= found


def test_a_remark_between_rows_ends_no_table() -> None:
    rows = [
        *_TRAVEL,
        ["以下は営業課", "", "", "", ""],
        ["77120", "河村 舞", "仙台", "9,000", ""],
        ["77121", "原口 樹", "盛岡", "7,000", ""],
    ]
    assert {hit.header for hit in hits(rows) if hit.entity == "PERSON"} == {"氏名"}


class TestInsuranceForm:
    _FORM = (
        ["保険者番号", "06011472"],
        ["記号", "6525"],
        ["番号", "879568"],
        ["枝番", "00"],
        ["被保険者氏名", "山田 太郎"],
        ["生年月日", "昭和35年10月1日"],
    )

    def test_the_number_beside_its_symbol(self) -> None:
        assert ("JP_HEALTH_INSURANCE", "879568") in values(self._FORM)

    @pytest.mark.parametrize(
        "rows",
        [
            [row for row in _FORM if row[0] != "記号"],
            [["受付票", ""], ["氏名", "山田 太郎"], ["記号", "A"], ["番号", "879568"], ["生年月日", "昭和35年10月1日"]],
            [["雇用保険", "有"], *_FORM],
        ],
    )
    def test_a_number_of_something_else(self, rows: Sequence[Sequence[str]]) -> None:
        assert ("JP_HEALTH_INSURANCE", "879568") not in values(rows)


class TestTwoPairsARow:
    _FORM = (
        ["証券番号", "147-0095282", "被保険者", "齊藤 純"],
        ["生年月日", "昭和18年2月17日", "3か月以内の受診・投薬", "あり"],
        ["詳細", "令和8年9月 高血圧症", "5年以内の手術", "なし"],
        ["身体の障害", "なし", "取扱者", "小河 千代"],
    )

    def test_is_a_form(self) -> None:
        found = records(self._FORM)
        assert [record.kind for record in found if any(hit.entity == "PERSON" for hit in record.hits)] == [RecordKind.FORM]
        assert {hit.value for hit in hits(self._FORM) if hit.entity == "PERSON"} == {"齊藤 純", "小河 千代"}

    def test_a_list_on_its_side_is_none(self) -> None:
        rows = [
            ["氏名", "齊藤 純", "小河 千代", "原口 樹"],
            ["生年月日", "昭和18年2月17日", "昭和40年3月1日", "平成2年5月9日"],
            ["電話", "090-1234-5678", "03-1234-5678", "090-1234-5679"],
        ]
        assert sum(hit.entity == "DATE_OF_BIRTH" for hit in hits(rows)) == 3
        assert len({record for record in records(rows) if record.kind is RecordKind.ROW}) == 3


def test_tables_of_one_row_each_are_one_form() -> None:
    found = records(
        [["氏名", "フリガナ", "生年月日"], ["轟 弘", "トドロキ ヒロシ", "1960年8月2日"]],
        [["基礎年金番号", "雇用保険番号"], ["9366-914476", "2540-500717-3"]],
        [["銀行名", "支店名", "口座番号"], ["例示銀行", "丸の内支店", "6591483"]],
    )
    assert [record.kind for record in found] == [RecordKind.FORM]


def test_tables_of_one_row_each_that_name_several_people_are_several() -> None:
    header = ["氏名", "生年月日", "電話"]
    found = records(*([header, [name, born, "090-1234-5678"]] for name, born in (("轟 弘", "1960年8月2日"), ("原口 樹", "1990年5月9日"))))
    assert len(found) == 2


def test_a_relative_behind_a_title_is_no_part_of_the_name() -> None:
    rows = [
        ["日時", "顧客", "内容"],
        ["11/1", "横山様奥様", "解約"],
        ["11/2", "塩原さんの息子さん", "照会"],
        ["11/3", "原口様", "照会"],
        ["11/4", "小和田 正夫", "照会"],
    ]
    assert {hit.value for hit in hits(rows) if hit.entity == "PERSON"} == {"横山", "塩原", "原口", "小和田 正夫"}


def test_what_stands_in_one_cell_under_a_table_is_no_row_of_it() -> None:
    rows = [
        ["日付", "摘要", "数量", "金額"],
        ["11/5", "定期点検", "1", "55,200"],
        ["12/9", "部品交換", "2", "86,800"],
        ["お振込先：例示銀行 新宿支店 普通 1122334", "", "", ""],
        ["担当：原口 樹", "", "", ""],
    ]
    assert not any(record.kind is RecordKind.ROW for record in records(rows))
