"""Birth dates that nothing but the name before them tells."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Part, Segment


@pytest.fixture(scope="module")
def kit() -> Kit:
    return Kit()


@pytest.fixture
def births(kit: Kit):
    def read(text: str) -> list[str]:
        document = Document(kit, "file.txt")
        records = [*document.feed(Segment(Part("body"), text)), *document.finish()]
        return [hit.value for record in records for hit in record.hits if hit.entity == "DATE_OF_BIRTH"]

    return read


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("家族1：佐藤 由美子　妻　昭和51年10月3日", "昭和51年10月3日"),
        ("家族2：佐藤 健太　長男　平成18年5月2日　大学生", "平成18年5月2日"),
        ("入居予定者：佐藤 由美子（妻・1976/10/3）", "1976/10/3"),
        ("配偶者（佐藤 由美子様、S51.10.3）の所得見積額が空欄です。", "S51.10.3"),
        ("　配偶者　佐藤 由美子様　昭和51年10月3日", "昭和51年10月3日"),
        ("氏名 佐藤 由美子様　女性　1976年10月3日", "1976年10月3日"),
        ("氏名　佐藤 由美子（サトウ ユミコ）　1976.10.3", "1976.10.3"),
        ("世帯員2：佐藤 健太　次男　令和元年５月２日", "令和元年５月２日"),
    ],
)
def test_a_date_behind_a_name_and_what_is_said_of_its_bearer_is_a_birth_date(births, text: str, date: str) -> None:
    assert births(text) == [date]


@pytest.mark.parametrize(
    "text",
    [
        "承認者：佐藤 由美子　1998年10月3日",
        "佐藤 由美子様　2019年10月3日付でご契約いただきました。",
        "佐藤 由美子様　1998年10月3日から入居",
        "佐藤 由美子　1998年10月3日",
        "佐藤 由美子さん、1998年10月3日に入社",
        "講師　佐藤 由美子氏　2026年10月3日",
        "佐藤 由美子様　1998/10/3 入会",
        "証明します。\n以下により令和8年3月31日に退職したことを証明します。",
    ],
)
def test_a_date_of_something_else_behind_a_name_is_none(births, text: str) -> None:
    assert births(text) == []


def test_a_line_under_a_birth_date_in_kanji_holds_another_date(births) -> None:
    text = "佐藤 由美子　殿\n生年月日　昭和十七年八月十四日\n以下の事由により令和8年3月31日に退職したことを証明します。"
    assert births(text) == ["昭和十七年八月十四日"]
