"""フリガナ and 名義 in a form are the person whose name stands beside them."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Paragraph, Segment
from piiscan.settings import Detection


def persons(text: str) -> set[str]:
    document = Document(Kit.of(Detection()))
    records = [*document.feed(Segment(Paragraph(1), text)), *document.finish()]
    return {hit.norm for record in records for hit in record.hits if hit.entity == "PERSON"}


@pytest.mark.parametrize(
    "text",
    [
        "振込依頼書\n依頼人氏名：寺西 さくら\n電話番号：090-1234-5678\n口座名義：ﾃﾗﾆｼ ｻｸﾗ\n",
        "ふりがな：やまだ たろう\n氏名：山田 太郎\n生年月日：昭和50年4月1日\n",
        "氏名：村上（旧姓：田中）由紀\n電話 080-2345-6789\n",
        "村上(旧姓 田中)由紀様よりご連絡あり\n",
        "申込書\nお名前：長沼 一郎\nカード名義：NAGANUMA Ichiro\n電話番号：090-1234-5678\n",
    ],
)
def test_one_person(text: str) -> None:
    assert len(persons(text)) == 1


def test_two_people_stay_two() -> None:
    text = "申請者：山田 太郎\n英字氏名：YAMADA Taro\n緊急連絡先：佐藤 花子 090-1234-5678\n"
    assert persons(text) == {"山田太郎", "佐藤花子"}


@pytest.mark.parametrize(
    "text", ["氏名：村上由紀（旧姓：田中）本間由香\n", "出席 村上（旧姓：田中）、由紀\n", "出席：村上（旧姓 田中）本間\n"]
)
def test_who_follows_a_former_name_is_somebody_else(text: str) -> None:
    assert len(persons(text)) == 2
