"""Ruled tables of PDF pages: a row a line, wrapped cells whole; frames and charts are left as they are."""

from __future__ import annotations

import io
from collections.abc import Sequence

from office_kit import read
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from piiscan.model import Page

pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))

SIZE = 10
LEADING = 12
PAD = 3


def table(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    rules: bool = True,
    below: str = "",
    turned: bool = False,
    top: float = 700,
    apart: float = 0.0,
    above: Sequence[tuple[float, str]] = (),
) -> str:
    """The text of a page with such a table; a ``\\n`` in a cell is where its line ends."""
    out = io.BytesIO()
    made = Canvas(out)
    made.setFont("HeiseiMin-W3", SIZE)
    if turned:
        made.setPageRotation(90)
        made.rotate(90)
        made.translate(0, -600)
    made.drawString(50, top + 20, "一覧の題")
    y = top
    for row in rows:
        high = LEADING * max(cell.count("\n") + 1 for cell in row) + 2 * PAD
        x = 50.0
        for cell, width in zip(row, widths, strict=True):
            if rules:
                made.rect(x + apart / 2, y - high + apart / 2, width - apart, high - apart)
            for n, line in enumerate(cell.split("\n")):
                made.drawString(x + PAD, y - PAD - SIZE - n * LEADING, line)
            x += width
        y -= high
    for x, line in above:
        made.drawString(x, top + PAD, line)
    if below:
        made.drawString(50, y - 30, below)
    made.save()
    return read(out.getvalue(), "a.pdf").at(Page(1))


HEAD = ["番号", "氏名", "個人番号", "生年月日"]
WIDTHS = [40, 54, 50, 50]
ROWS = [
    HEAD,
    ["1", "宇野 千早", "12345678\n9018", "1981/04/\n05"],
    ["2", "", "99988877\n7660", "1990/12/\n31"],
    ["3", "長峰 小夜\n子", "11122233\n3440", "S33/2/23"],
]


def test_cells_cut_by_their_border_are_whole_and_empty_ones_leave_a_trace() -> None:
    lines = table(ROWS, WIDTHS, below="以上").split("\n")
    assert lines[0] == "一覧の題"
    assert [line for line in lines if "\t" in line] == [
        "\t".join(HEAD),
        "1\t宇野 千早\t123456789018\t1981/04/05",
        "2\t\t999888777660\t1990/12/31",
        "3\t長峰 小夜子\t111222333440\tS33/2/23",
    ]
    assert lines[-1] == "以上"


def test_a_page_that_lies_on_its_side() -> None:
    assert "3\t長峰 小夜子\t111222333440\tS33/2/23" in table(ROWS, WIDTHS, turned=True).split("\n")


def test_cells_whose_borders_a_browser_draws_apart() -> None:
    assert table(ROWS, WIDTHS, apart=2.25) == table(ROWS, WIDTHS)


def test_a_heading_without_rules_is_the_first_row() -> None:
    heading = [(53.0, "番号"), (93.0, "氏名"), (147.0, "個人番号"), (197.0, "生年月日")]
    assert table(ROWS[1:], WIDTHS, above=heading).split("\n\n")[1:] == table(ROWS, WIDTHS).split("\n\n")[1:]


def test_what_is_said_above_a_table_is_no_heading() -> None:
    for above in (
        [(53.0, "次のとおり申し込みます。内容に相違ありません。")],
        [(197.0, "4月1日")],
        [(53.0, "番号"), (93.0, "この欄は必ず記入してください")],
    ):
        text = table(ROWS[1:], WIDTHS, above=above)
        own = next(line for line in text.splitlines() if above[-1][1] in line)
        assert "\t" not in own


def test_two_lines_that_were_not_cut_stay_apart() -> None:
    rows = [["氏名", "電話"], ["宇野\n千早", "03-0000-1234\n090-0000-5678"], ["長峰 小夜子", "03-0000-9999"]]
    text = table(rows, [80, 110])
    assert "宇野 千早\t03-0000-1234 090-0000-5678" in text
    assert "宇野 千早\t03-0000-1234 090-0000-5678" in table(rows, [80, 67])  # the numbers fill their column


def test_what_runs_over_the_border_stays_in_its_cell() -> None:
    rows = [["氏名", "メール", "所属"], ["宇野 千早", "uno-chihaya@mail.example.jp", ""], ["長峰 小夜子", "n@mail.example.jp", "総務"]]
    assert "宇野 千早\tuno-chihaya@mail.example.jp\t" in table(rows, [80, 100, 60])


def test_labels_of_addresses_are_read_one_by_one() -> None:
    one = "〒100-0001\n東京都千代田区千代田 1 丁\n目 1 番 1 号\n宇野 千早 様"
    other = "〒060-0001\n北海道札幌市中央区北一条\n西 2 丁目 1 番\n長峰 小夜子 様"
    text = table([[one, other], [other, one]], [127, 127])
    assert "東京都千代田区千代田 1 丁目 1 番 1 号\n宇野 千早 様\n" in text
    assert "\t" not in text


def test_a_frame_and_prose_in_a_frame_stay_as_they_are() -> None:
    assert "\t" not in table([["宇野 千早の記録"], ["特になし"]], [200])
    prose = "\n".join("本日は晴天につき予定どおり実施した。" for _ in range(15))
    assert "\t" not in table([["経過", prose], ["所見", prose]], [60, 300], top=760)


def test_a_form_of_several_tables_has_no_empty_columns() -> None:
    out = io.BytesIO()
    made = Canvas(out)
    made.setFont("HeiseiMin-W3", SIZE)
    for n, (label, value) in enumerate([("氏名", "宇野 千早"), ("電話", "03-0000-1234"), ("性別", "女")]):
        made.rect(50, 700 - 20 * n, 80, 20)
        made.rect(130, 700 - 20 * n, 220, 20)
        made.drawString(55, 705 - 20 * n, label)
        made.drawString(135, 705 - 20 * n, value)
    for n, row in enumerate([("年", "月", "学歴"), ("1999", "3", "東高校 卒業"), ("2003", "4", "北大学 入学")]):
        for x, width, cell in zip((50, 90, 120), (40, 30, 230), row, strict=True):
            made.rect(x, 640 - 20 * n, width, 20)
            made.drawString(x + 4, 645 - 20 * n, cell)
    made.save()
    text = read(out.getvalue(), "a.pdf").at(Page(1))
    assert "氏名\t宇野 千早\n電話\t03-0000-1234\n性別\t女" in text
    assert "年\t月\t学歴\n1999\t3\t東高校 卒業\n2003\t4\t北大学 入学" in text
