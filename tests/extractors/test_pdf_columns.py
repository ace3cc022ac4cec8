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


def test_a_cell_in_two_lines_has_its_neighbours_halfway() -> None:
    """A browser centres the cells of a row: no other column has a line of its own beside the number."""
    drawn: list[Drawn] = []
    for r in range(1, 5):
        y = 700 - 40 * r
        drawn += [
            (210, y + 7.5, f"090-0000-{r}"),
            (50, y, str(r)),
            (90, y, ROWS[r][1]),
            (170, y, "母"),
            (290, y, f"見本市見本町{r}番地"),
            (210, y - 7.5, "999"),
        ]
    text = page(drawn)
    assert "2\t長峰 小夜子\t母\t090-0000-2999\t見本市見本町2番地" in text
    assert "4\t梶 奈津\t母\t090-0000-4999\t見本市見本町4番地" in text


def test_rows_close_together_stay_apart() -> None:
    assert TABLE in page([cell for row in cells(pitch=SIZE + 0.5) for cell in row])


def test_a_blank_as_wide_as_a_character_parts_no_name() -> None:
    """Browsers draw nothing for an ideographic blank."""
    rows = [["1", "宇野", "千早", "1981/4/5", "080"], ["2", "佐久間", "環", "1990/12/31", "081"], ["3", "岸", "一馬", "1958/2/23", "082"]]
    drawn: list[Drawn] = []
    for r, (number, family, given, born, code) in enumerate(rows):
        y = 700 - 18 * r
        drawn += [(50, y, number), (80, y, family), (80 + SIZE * (len(family) + 1), y, given), (170, y, born), (250, y, code)]
    assert "2\t佐久間\u3000環\t1990/12/31" in page(drawn)
    # the same gap by chance, before a column where others start behind another one
    rows = [["宇野", "会社員", "東区"], ["佐久間", "学生", "北区"], ["岸", "公務員", "南区"], ["梶", "農業", "西区"]]
    columns = page([cell for row in cells(rows, (50, 50 + SIZE * 4, 140)) for cell in row])
    assert "佐久間\t学生" in columns


def test_lines_of_prose_with_blanks_are_no_rows() -> None:
    drawn: list[Drawn] = []
    for r, name in enumerate(["宇野 千早", "長峰 環", "岸 一馬"]):
        y = 700 - 54 * r
        drawn += [
            (50, y, "住所"),
            (90, y, "見本県見本市見本町大字見本字見本1234番地の56"),
            (50, y - 18, "氏名"),
            (90, y - 18, name),
            (160, y - 18, "印"),
        ]
        drawn += [(50, y - 36, "上記の者は、この契約の締結に異議なく同意した。")]
    text = page(drawn)
    assert "\t" not in text


def test_a_date_beside_a_number_is_a_cell_of_its_own() -> None:
    rows = [
        ["氏名", "到着日", "部屋", "地区"],
        ["宇野 千早", "2026/10/27", "847", "東区"],
        ["岸 一馬", "2026/1/7", "1103", "南区"],
        ["梶 奈津", "2026/9/30", "523", "西区"],
    ]
    drawn = [
        (173.0 - pdfmetrics.stringWidth(text, "HeiseiMin-W3", SIZE) if x == 120 and text[0] == "2" else x, y, text)
        for row in cells(rows, (50, 120, 175, 230))
        for x, y, text in row
    ]
    assert "宇野 千早\t2026/10/27\t847\t東区" in page(drawn)


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


def test_lines_of_a_form_between_rows_stay_apart() -> None:
    drawn: list[Drawn] = [(50, 700, "現住所"), (150, 700, "123-4567"), (260, 700, "見本市見本町1-2"), (360, 700, "見本荘 5")]
    drawn += [(50, 690, "電話"), (150, 690, "0798(28)0000"), (50, 680, "携帯"), (150, 680, "070 0000 0000")]
    for y, cells_ in (
        (660, ("年", "月", "学歴")),
        (650, ("", "", "入学")),
        (640, ("2017", "3", "卒業")),
        (630, ("2020", "4", "入社")),
        (610, ("2024", "9", "退社")),
    ):
        drawn += [(x, y, text) for x, text in zip((50, 150, 260), cells_, strict=True) if text]
    text = page(drawn)
    assert "電話携帯" not in text
    assert "2017\t3\t卒業\n2020\t4\t入社" in text


def test_a_blank_as_wide_as_a_character_behind_figures() -> None:
    drawn: list[Drawn] = []
    for r, (code, town) in enumerate(
        [("123-4567", "見本市東町"), ("123-45", "見本市西町"), ("123-4567", "見本市南町"), ("12", "見本市北町")]
    ):
        y = 700 - 18 * r
        right = 90 + pdfmetrics.stringWidth(code, "HeiseiMin-W3", SIZE)
        drawn += [(50, y, str(r)), (90, y, code), (right + SIZE, y, town), (330, y, "有"), (360, y, "無")]
    assert "0\t123-4567\u3000見本市東町\t有\t無" in page(drawn)


def test_figures_of_one_width_before_a_column_are_cells() -> None:
    rows = [["4209", "宇野", "千早"], ["2228", "長峰", "環"], ["1411", "岸", "一馬"], ["7628", "梶", "奈津"]]
    right = 50 + pdfmetrics.stringWidth("4209", "HeiseiMin-W3", SIZE)
    assert "4209\t宇野\t千早" in page([cell for row in cells(rows, (50, right + SIZE, 140)) for cell in row])
