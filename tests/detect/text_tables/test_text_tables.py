"""Tables that stand in plain text are judged as tables, and every hit points into the text."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Hit, Line, Page, RecordKind, Segment
from piiscan.settings import Detection


def kit() -> Kit:
    return Kit.of(Detection())


def hits(*texts: str, page: bool = False) -> list[tuple[Hit, RecordKind]]:
    document = Document(kit())
    found = []
    line = 1
    for number, text in enumerate(texts, 1):
        found += document.feed(Segment(Page(number) if page else Line(line), text))
        line += text.count("\n")
    found += document.finish()
    return [(hit, record.kind) for record in found for hit in record.hits]


def values(*texts: str, page: bool = False) -> set[tuple[str, str]]:
    return {(hit.entity, hit.value) for hit, _ in hits(*texts, page=page)}


FIXED = """社員番号  氏名         自宅電話       入社日
10021     山田 太郎    0312345678     2001/04/01
10022     佐々木 愛子  0312345679     2011/04/01
10023     林 健        0312345670     2015/10/01
"""
SQL = """-- dump
INSERT INTO `m_customer` (`id`, `顧客名（漢字）`, `生年月日`, `tel`, `memo`) VALUES
 (1, '山田 太郎', '19750401', '09012345678', 'it''s ok'),
 (2, '佐藤 花子', '19801231', NULL, '');
INSERT INTO `m_customer` (`id`, `顧客名（漢字）`, `生年月日`, `tel`, `memo`) VALUES (3, '鈴木 一郎', '19660203', '0312345678', '');
"""
PAGE = """従業員名簿
社員番号 氏名 生年月日 基礎年金番号 入社日
15467 上野 陽子 昭49.8.10 2322-472164 2013/06/11
74622 神戸 浩 昭47.7.8 3451-393075 2009/07/18
63897 田中 湊 昭60.11.30 6902-805447 2012/02/13
"""


def test_columns_of_fixed_width() -> None:
    found = values(FIXED)
    assert {("PERSON", "佐々木 愛子"), ("PERSON", "林 健"), ("PHONE_NUMBER", "0312345670")} <= found
    assert not any(entity == "DATE_OF_BIRTH" for entity, _ in found)  # 入社日 is none
    assert {kind for _, kind in hits(FIXED)} == {RecordKind.ROW}


def test_hits_point_into_the_text() -> None:
    for text in (FIXED, SQL, PAGE):
        lines = text.split("\n")
        for hit, _ in hits(text):
            assert isinstance(hit.location, Line)
            assert lines[hit.location.number - 1][hit.start : hit.end] == hit.value


def test_sql_inserts_are_one_table_whose_header_names_the_columns() -> None:
    found = values(SQL)
    assert {("PERSON", "山田 太郎"), ("PERSON", "鈴木 一郎"), ("PHONE_NUMBER", "0312345678"), ("DATE_OF_BIRTH", "19801231")} <= found


def test_a_page_whose_columns_are_parted_by_single_spaces() -> None:
    found = values(PAGE, page=True)
    assert {("PERSON", "上野 陽子"), ("DATE_OF_BIRTH", "昭60.11.30"), ("JP_BASIC_PENSION_NUMBER", "6902-805447")} <= found
    assert not any(value in {"2013/06/11", "2009/07/18"} for _, value in found)


def test_the_next_page_goes_on_with_the_header() -> None:
    second = "20113 原 一郎 昭51.1.2 1122-334455 2000/04/01\n20114 森 花子 昭52.2.3 1122-334456 2000/04/01\n20115 東 進 昭53.3.4 1122-334457 2000/04/01\n"
    assert ("JP_BASIC_PENSION_NUMBER", "1122-334457") in values(PAGE, second, page=True)
    assert ("PERSON", "原 一郎") in values(PAGE, second, page=True)


@pytest.mark.parametrize(
    "text",
    [
        "| No | 氏名 | 電話番号 |\n|---|---|---|\n| 1 | 山田 太郎 | 0312345678 |\n| 2 | 佐藤 花子 | 0312345679 |\n",
        "No\t氏名\t電話番号\n1\t山田 太郎\t0312345678\n2\t佐藤 花子\t0312345679\n",
        "No,氏名,電話番号\n1,山田 太郎,0312345678\n2,佐藤 花子,0312345679\n",
    ],
)
def test_signs_between_cells(text: str) -> None:
    assert {("PERSON", "佐藤 花子"), ("PHONE_NUMBER", "0312345679")} <= values(text)


def test_lines_alike_without_a_header() -> None:
    found = values("班長\n1班 本間 英樹 075-358-4644\n2班 板垣 愛 0466-21-1324\n3班 落合 里美 078-823-2879\n")
    assert {("PERSON", "本間 英樹"), ("PERSON", "板垣 愛"), ("PHONE_NUMBER", "075-358-4644")} <= found


@pytest.mark.parametrize(
    "text",
    [
        "製品は、軽い、強い、安い、の三拍子がそろっています。\n次の、版でも、この、方針は、変わりません。\n以上、報告、いたします。\n",
        "def check(a, b, c):\n    return a, b, c\nvalue = check(1, 2, 3)\n",
        "　本日は晴れ。　　明日は雨。\n　朝は寒い。　　　夜は暖かい。\n　風は弱い。　　　波は高い。\n",
        "部品番号 図番 ロット 在庫数\n1234567 03-1234-5678 A1 3\n1234568 03-2345-6789 A2 4\n1234569 03-3456-7890 A3 5\n",
        "select id, name from users where id = 1;\nselect id, name from users where id = 2;\nselect 1;\n",
    ],
)
def test_prose_and_code_hold_nothing(text: str) -> None:
    assert values(text) == set()


def test_a_broken_insert_does_no_harm() -> None:
    assert ("PERSON", "山田 太郎") in values("INSERT INTO t (`氏名`, `tel`) VALUES ('山田 太郎', '090-1234-5678'), ('佐藤")
