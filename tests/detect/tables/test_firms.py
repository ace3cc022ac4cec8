"""Tables of organisations: switchboards and role addresses are nobody's; who is reached in person stays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Table
from piiscan.settings import Detection


def found(rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    document = Document(Kit.of(Detection()))
    records = [*document.feed(Table("s", tuple(map(tuple, rows)))), *document.finish()]
    return [(hit.entity, hit.value) for record in records for hit in record.hits]


def values(rows: Sequence[Sequence[str]]) -> set[str]:
    return {value for entity, value in found(rows) if entity != "JP_ADDRESS"}


FIRMS = [
    ["会社名", "郵便番号", "所在地", "電話", "メール"],
    ["㈱海鳴商会", "100-0001", "東京都千代田区千代田1-1", "03-5555-0101", "info@uminari.example.jp"],
    ["有限会社木の実堂", "060-0001", "北海道札幌市中央区北一条西2-1", "011-555-0102", "sales@konomi.example.jp"],
    ["合同会社つばめ印刷", "530-0001", "大阪府大阪市北区梅田1-1", "06-5555-0103", "soumu@tsubame.example.jp"],
]


def test_only_the_addresses_of_firms_are_reported() -> None:
    assert values(FIRMS) == set()
    assert sum(entity == "JP_ADDRESS" for entity, _ in found(FIRMS)) == 3


@pytest.mark.parametrize("header", ["名称", "医療機関名"])
def test_hospitals_under_a_header_that_says_so_or_by_their_form(header: str) -> None:
    rows = [
        [header, "診療科", "電話"],
        *([name, "内科", f"03-5555-01{n:02}"] for n, name in enumerate(["谷川医院", "青空クリニック", "北町病院"])),
    ]
    assert values(rows) == set()


def test_a_mobile_number_and_a_person_s_mail_stay() -> None:
    rows = [*FIRMS, ["㈱夕凪工房", "100-0002", "東京都千代田区皇居外苑1-1", "090-5555-0104", "yamane.kyoko@yunagi.example.jp"]]
    assert values(rows) == {"090-5555-0104", "yamane.kyoko@yunagi.example.jp"}


def test_a_row_that_names_somebody_is_reported() -> None:
    rows = [[*row, note] for row, note in zip(FIRMS, ["備考", "", "担当は山根恭子様", ""], strict=True)]
    assert {"011-555-0102", "sales@konomi.example.jp"} <= values(rows)
    assert "03-5555-0101" not in values(rows)


def test_a_table_with_a_column_of_persons_is_reported_whole() -> None:
    people = ["担当者", "山根 恭子", "宇野 千早", "長峰 小夜子"]
    assert {"03-5555-0101", "info@uminari.example.jp", "100-0001"} <= values([[*row, who] for row, who in zip(FIRMS, people, strict=True)])
    assert "03-5555-0101" in values([[*row, who] for row, who in zip(FIRMS, ["担当者", "", "", ""], strict=True)])


def test_customers_without_names_and_who_works_alone_are_reported() -> None:
    customers = [["会員番号", "電話"], ["A10001", "03-5555-0101"], ["A10002", "03-5555-0102"], ["A10003", "03-5555-0103"]]
    assert {"03-5555-0101", "03-5555-0103"} <= values(customers)
    alone = [["取引先名", "電話"], ["㈱海鳴商会", "03-5555-0101"], ["山根 恭子", "03-5555-0102"], ["有限会社木の実堂", "03-5555-0103"]]
    assert "03-5555-0102" in values(alone)
