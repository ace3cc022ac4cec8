"""Lists of PDF pages without ruled borders: rows and columns by position, in whatever order they were drawn."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from office_kit import read
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from piiscan.extractors.pdf_beside import file_name
from piiscan.model import Page

pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))

SIZE = 10
Drawn = tuple[float, float, str]  # from the left, from the bottom


def page(drawn: Sequence[Drawn], *, turned: bool = False) -> str:
    """The text of a page with pieces of text drawn one after the other."""
    out = io.BytesIO()
    made = Canvas(out)
    made.setFont("HeiseiMin-W3", SIZE)
    if turned:
        made.setPageRotation(90)
        made.rotate(90)
        made.translate(0, -600)
    for x, y, text in drawn:
        made.drawString(x, y, text)
    made.save()
    return read(out.getvalue(), "a.pdf").at(Page(1))


ROWS = [
    ["番号", "氏名", "生年月日", "電話番号"],
    ["1", "宇野 千早", "昭和56年4月5日", "03-0000-1234"],
    ["2", "長峰 小夜子", "平成2年12月31日", ""],
    ["3", "岸 一馬", "昭和33年2月23日", "03-0000-9012"],
    ["4", "梶 奈津", "平成14年7月1日", "03-0000-3456"],
]
ACROSS = [50.0, 90.0, 170.0, 270.0]
TABLE = "\n".join("\t".join(row).rstrip("\t") for row in ROWS)


def cells(rows: Sequence[Sequence[str]] = ROWS, across: Sequence[float] = tuple(ACROSS), pitch: float = 18) -> list[list[Drawn]]:
    return [[(x, 700 - pitch * r, text) for x, text in zip(across, row, strict=True) if text] for r, row in enumerate(rows)]


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_drawn_behind_all_others_stands_in_its_row(turned: bool) -> None:
    """LibreOffice draws the cells of mixed scripts last."""
    drawn = [cell for row in cells() for cell in row]
    late = [cell for cell in drawn if "年" in cell[2] and "月" in cell[2]]
    text = page([(50, 730, "会員の一覧"), *(cell for cell in drawn if cell not in late), *late, (50, 580, "以上")], turned=turned)
    assert text.split("\n\n") == ["会員の一覧", TABLE, "以上"]


def test_an_empty_cell_keeps_its_place() -> None:
    rows = [[*row[:2], "" if r == 3 else row[2], row[3]] for r, row in enumerate(ROWS)]
    assert "3\t岸 一馬\t\t03-0000-9012" in page([cell for row in cells(rows) for cell in row])


def test_numbers_at_the_right_are_under_the_header_at_the_left() -> None:
    drawn = [(71.0 if x == 50 and text.isdigit() else x, y, text) for row in cells() for x, y, text in row]
    assert "2\t長峰 小夜子\t平成2年12月31日" in page(drawn)
    assert "番号\t氏名" in page(drawn)


def test_a_number_beside_the_next_cell_is_a_cell_of_its_own() -> None:
    drawn = [(83.0 if x == 50 and text.isdigit() else x, y, text) for row in cells() for x, y, text in row]
    assert "2\t長峰 小夜子\t" in page(drawn)


def test_a_wrapped_cell_goes_on_in_the_next_line() -> None:
    rows = [["氏名", "電話番号", "住所"], *([row[1], row[3], f"見本市見本町{r}丁目2番3号"] for r, row in enumerate(ROWS[1:], 1))]
    drawn = [cell for row in cells(rows, (50, 130, 230), pitch=40) for cell in row]
    drawn += [(230, y - 12, "見本荘101号室") for _, y, text in drawn if text.startswith("見本市")]
    assert "岸 一馬\t03-0000-9012\t見本市見本町3丁目2番3号見本荘101号室" in page(drawn)


def test_prose_in_columns_stays_as_it_is() -> None:
    line = "本日は晴天につき予定どおりに式を挙行した。来賓の挨拶"
    drawn = [(x, 700 - 14 * n, line[:16]) for x in (40, 220, 400) for n in range(20)]
    assert page(drawn) == "\n".join([line[:16]] * 60)


def test_a_form_and_a_letter_stay_as_they_are() -> None:
    assert "\t" not in page([(50, 700, "氏名"), (120, 700, "宇野 千早"), (50, 680, "住所"), (120, 680, "見本市見本町1-2-3")])


def test_the_name_of_an_attachment_in_utf_16_is_read() -> None:
    """A list must be known as one by its suffix, though the bytes of its name come one by one."""
    assert file_name("名簿.csv".encode("utf-16").decode("latin-1")) != "名簿.csv"  # little-endian: not allowed there
    assert file_name("\xfe\xff" + "名簿.csv".encode("utf-16-be").decode("latin-1")) == "名簿.csv"
    assert file_name("名簿.csv") == "名簿.csv"
