"""PowerPoint presentations: slides, notes, tables, groups, charts, comments."""

from __future__ import annotations

import openpyxl
import pptx
from office_kit import part_of, read, repack, saved, written
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from piiscan.model import Part, Role, Slide
from piiscan.problems import ProblemKind

BOX = (Inches(1), Inches(1), Inches(3), Inches(1))
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'


def deck() -> pptx.presentation.Presentation:
    return pptx.Presentation()


def slide(made: pptx.presentation.Presentation, text: str = ""):
    page = made.slides.add_slide(made.slide_layouts[6])
    if text:
        page.shapes.add_textbox(*BOX).text_frame.text = text
    return page


def relate(content: bytes, kind: str, target: str, parts: dict[str, str | bytes]) -> bytes:
    name = "ppt/slides/_rels/slide1.xml.rels"
    entry = f'<Relationship Id="rId99" Type="{KIND}{kind}" Target="{target}"/></Relationships>'
    return repack(content, {name: part_of(content, name).replace("</Relationships>", entry), **parts})


def test_slides_come_in_their_order_with_lines() -> None:
    made = deck()
    slide(made, "一枚目 山田太郎\n二行目")
    slide(made, "二枚目 鈴木花子")
    order = made.slides._sldIdLst
    order.insert(0, order[1])
    seen = read(saved(made), "a.pptx")
    assert seen.at(Slide(1)) == "二枚目 鈴木花子"
    assert seen.at(Slide(2)) == "一枚目 山田太郎\n二行目"
    assert not seen.problems


def test_notes_and_hidden_slides() -> None:
    made = deck()
    page = slide(made, "表")
    page.notes_slide.notes_text_frame.text = "話すこと 佐藤さんの件"
    page._element.set("show", "0")
    seen = read(saved(made), "a.pptx")
    assert seen.of(Role.NOTE) == "話すこと 佐藤さんの件"
    assert seen.of(Role.HIDDEN) == "表"


def test_tables_groups_and_alternative_texts() -> None:
    made = deck()
    page = slide(made)
    table = page.shapes.add_table(2, 2, *BOX).table
    for i, text in enumerate(("氏名", "電話", "山田太郎", "090-0000-0000")):
        table.cell(i // 2, i % 2).text = text
    group = page.shapes.add_group_shape()
    inner = group.shapes.add_group_shape()
    box = inner.shapes.add_textbox(*BOX)
    box.text_frame.text = "群の中の群 高橋"
    box._element.nvSpPr.cNvPr.set("descr", "代替文字 伊藤")
    seen = read(saved(made), "a.pptx")
    assert seen.tables[0].rows == (("氏名", "電話"), ("山田太郎", "090-0000-0000"))
    assert "群の中の群 高橋" in seen.at(Slide(1))
    assert "代替文字 伊藤" in seen.at(Slide(1))


def test_charts_give_titles_values_and_their_workbook() -> None:
    made = deck()
    data = CategoryChartData()
    data.categories = ["山田太郎", "鈴木花子"]
    data.add_series("点数", (61, 72))
    chart = slide(made).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "個人別の成績"
    seen = read(saved(made), "a.pptx")
    assert "個人別の成績" in seen.at(Slide(1))
    cached = next(table for table in seen.tables if table.sheet.startswith("slide1 chart"))
    assert cached.rows == (("", "点数"), ("山田太郎", "61.0"), ("鈴木花子", "72.0")) or cached.rows[1][0] == "山田太郎"
    assert len(cached.rows) == 3
    assert any(member.endswith(".xlsx") for member in seen.members)


def test_comments_and_their_authors() -> None:
    made = deck()
    slide(made, "x")
    comments = f'<p:cmLst {P}><p:cm authorId="0"><p:text>田中様に要確認</p:text></p:cm></p:cmLst>'
    content = relate(saved(made), "comments", "../comments/comment1.xml", {"ppt/comments/comment1.xml": comments})
    rels = part_of(content, "ppt/_rels/presentation.xml.rels")
    entry = f'<Relationship Id="rId98" Type="{KIND}commentAuthors" Target="commentAuthors.xml"/></Relationships>'
    authors = f'<p:cmAuthorLst {P}><p:cmAuthor id="0" name="渡辺五郎"/></p:cmAuthorLst>'
    content = repack(
        content, {"ppt/_rels/presentation.xml.rels": rels.replace("</Relationships>", entry), "ppt/commentAuthors.xml": authors}
    )
    seen = read(content, "a.pptx")
    assert seen.of(Role.COMMENT) == "田中様に要確認"
    assert seen.at(Part("authors")) == "渡辺五郎"


def test_masters_links_properties_and_embedded_files() -> None:
    made = deck()
    page = slide(made, "x")
    run = page.shapes[0].text_frame.paragraphs[0].runs[0]
    run.hyperlink.address = "mailto:taro@example.com"
    made.core_properties.author = "作成 中村"
    book = openpyxl.Workbook()
    book.active["A1"] = "埋込 小林"
    content = relate(saved(made), "package", "../embeddings/book.xlsx", {"ppt/embeddings/book.xlsx": saved(book)})
    layout = "ppt/slideMasters/slideMaster1.xml"
    own = '<p:sp><p:nvSpPr><p:cNvPr id="99" name="x"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>社外秘 加藤</a:t></a:r></a:p></p:txBody></p:sp></p:spTree>'
    content = repack(content, {layout: part_of(content, layout).replace("</p:spTree>", own, 1)})
    seen = read(content, "a.pptx")
    assert "taro@example.com" in seen.at(Part("links"))
    assert "作成 中村" in seen.at(Part("docProps"))
    assert "社外秘 加藤" in seen.at(Part("master"))
    assert "Click to edit" not in seen.at(Part("master"))
    assert seen.members == {"ppt/embeddings/book.xlsx"}
    assert seen.cells("Sheet") == {"A1": "埋込 小林"}


def test_pictures_alone_need_ocr() -> None:
    made = deck()
    slide(made)
    content = repack(saved(made), {"ppt/media/image1.png": written("TEL 03-1234-5678")})
    assert read(content, "a.pptx", ocr="off").kinds == {ProblemKind.NEEDS_OCR}
    assert "03-1234-5678" in read(content, "a.pptx").of(Role.OCR)


def test_page_limit() -> None:
    made = deck()
    for i in range(5):
        slide(made, f"山田{i}")
    seen = read(saved(made), "a.pptx", pages=2)
    assert "山田1" in seen.text
    assert "山田2" not in seen.text
    assert ProblemKind.LIMIT in seen.kinds


def test_damage_to_one_slide_leaves_the_others() -> None:
    made = deck()
    slide(made, "山田太郎")
    slide(made, "鈴木花子")
    seen = read(repack(saved(made), {"ppt/slides/slide1.xml": "<p:sld"}), "a.pptx")
    assert seen.kinds == {ProblemKind.BROKEN_PART}
    assert "鈴木花子" in seen.text
