"""Numbers that a line end cuts in two are found whole, and nothing else is."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Hit, Line, Segment
from piiscan.settings import Detection


def hits(text: str) -> list[Hit]:
    document = Document(Kit.of(Detection()))
    return [hit for record in [*document.feed(Segment(Line(1), text)), *document.finish()] for hit in record.hits]


@pytest.mark.parametrize(
    ("text", "entity", "norm"),
    [
        ("個人番号：123456\n789018", "JP_MY_NUMBER", "123456789018"),
        ("マイナンバーは1234 5678\n　9018です。", "JP_MY_NUMBER", "123456789018"),
        ("カード番号 4111 1111 \n1111 1111 を登録", "CREDIT_CARD", "4111111111111111"),
        ("折り返しの電話番号は 080-4057-\r\n2055 です", "PHONE_NUMBER", "08040572055"),
        ("運転免許証番号 309012\n345620", "JP_DRIVER_LICENSE", "309012345620"),
        ("> マイナンバーは1234-56\n> 78-9018です。", "JP_MY_NUMBER", "123456789018"),
        (">> 電話080―\n>> 4057―2055へ", "PHONE_NUMBER", "08040572055"),
        ("免許証番号は3090 － 1234 \n  － 5620です。", "JP_DRIVER_LICENSE", "309012345620"),
        ("雇用保険被保険者番号は50123\n> 456781です。", "JP_EMPLOYMENT_INSURANCE", "50123456781"),
        ("免許証番号は３０９０\nー１２３４ー５６２０です。", "JP_DRIVER_LICENSE", "309012345620"),
        ("免許証番号は３０９０ー\n１２３４ー５６２０です。", "JP_DRIVER_LICENSE", "309012345620"),
        ("カード番号は3782\n-822463-10005です。", "CREDIT_CARD", "378282246310005"),
        ("旅券番号はTK1234\n567です。", "JP_PASSPORT", "TK1234567"),
        ("旅券番号はTK\n1234567です。", "JP_PASSPORT", "TK1234567"),
        ("在留カードはAB12345678\n  CDです。", "JP_RESIDENCE_CARD", "AB12345678CD"),
        ("生年月日は昭和53年12\n月24日である。", "DATE_OF_BIRTH", "1978-12-24"),
        ("生年月日は1978年12月2\n4日である。", "DATE_OF_BIRTH", "1978-12-24"),
    ],
)
def test_over_a_line_end(text: str, entity: str, norm: str) -> None:
    found = [hit for hit in hits(text) if hit.entity == entity]
    assert [hit.norm for hit in found] == [norm]
    assert "over a line end" in found[0].why
    assert "\n" in found[0].value
    assert text[found[0].start : found[0].end] == found[0].value


@pytest.mark.parametrize(
    "text",
    [
        "数量一覧\n123456\n789018\n234567\n",
        "電話番号 03-1234-5678\n090-1234-5678\n",
        "伝票番号 123456\n789018",
        "個人番号：123456\n789019",  # the check digit fails
        "合計 4111 1111\n1111 1111",
        "> 伝票番号 123456\n> 789018",
        "旅券の写し\n部品 TK1234\n567",
        "生年月日の欄は昭和53年\n12月24日に改めた。",
        "生年月日 記入日 2020年\n12月24日",
    ],
)
def test_lines_that_are_not_one_number(text: str) -> None:
    assert not any("over a line end" in hit.why for hit in hits(text))
