"""Kinds of office files that an independent judge's share had (docs/detection.md): each rule with what it must leave alone."""

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
        insured("被保険者整理番号", "金額", "健康保険 被保険者一覧", "保険者番号：06139463　記号：21"),
    ],
)
def test_short_numbers_of_the_insured(table):
    assert set(SHORT) <= set(found(table, "JP_HEALTH_INSURANCE"))


@pytest.mark.parametrize(
    "table",
    [
        insured("被保険者番号", "金額"),
        insured("管理番号", "標準報酬月額"),
        insured("番号", "金額", "健康保険 被保険者一覧", "保険者番号：06139463"),
    ],
)
def test_short_numbers_of_something_else(table):
    assert not set(SHORT) & set(found(table, "JP_HEALTH_INSURANCE"))
