"""Word documents: everything that a person wrote comes out, at its place."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from office_kit import Seen, package, part_of, read, repack, saved, written

from piiscan.model import Paragraph, Part, Role
from piiscan.problems import Problem, ProblemKind

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def rels(*entries: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{i}" Type="{KIND}{kind}" Target="{target}"{mode}/>'
        for i, kind, target in entries
        for mode in [' TargetMode="External"' if ":" in target else ""]
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def document(body: str, more: dict[str, str | bytes] | None = None, links: tuple[tuple[str, str, str], ...] = (), **options: str) -> Seen:
    """A docx of raw parts with this body, read."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": rels(("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {W} {R}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": rels(*links),
    }
    return read(package({**parts, **(more or {})}), "a.docx", **options)


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_body_header_footer_and_properties() -> None:
    made = docx.Document()
    made.add_paragraph("一行目 山田太郎")
    made.add_paragraph("二行目")
    made.sections[0].header.paragraphs[0].text = "社外秘 鈴木一郎"
    made.sections[0].footer.paragraphs[0].text = "連絡先 03-0000-0000"
    made.core_properties.author = "佐藤花子"
    made.core_properties.title = "名簿"
    seen = read(saved(made), "a.docx")
    assert seen.at(Paragraph(1)).startswith("一行目 山田太郎\n二行目")
    assert seen.of(Role.HEADER) == "社外秘 鈴木一郎"
    assert seen.of(Role.FOOTER) == "連絡先 03-0000-0000"
    assert "creator: 佐藤花子" in seen.at(Part("docProps"))
    assert "title: 名簿" in seen.at(Part("docProps"))
    assert not seen.problems


def test_runs_of_a_word_are_one_text_and_breaks_stay_in_the_paragraph() -> None:
    seen = document("<w:p><w:r><w:t>090-1</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>234</w:t><w:br/><w:t>x</w:t></w:r></w:p>" + p("次"))
    assert seen.at(Paragraph(1)) == "090-1234\x0bx\n次"


def test_tables_nested_and_merged() -> None:
    made = docx.Document()
    made.add_paragraph("前")
    table = made.add_table(rows=2, cols=3)
    for i, text in enumerate(("氏名", "電話", "住所", "山田太郎", "090-0000-0000", "")):
        table.rows[i // 3].cells[i % 3].text = text
    table.rows[1].cells[1].merge(table.rows[1].cells[2])
    inner = table.rows[1].cells[0].add_table(rows=1, cols=2)
    inner.rows[0].cells[0].text = "内側"
    inner.rows[0].cells[1].text = "値"
    made.add_paragraph("後")
    seen = read(saved(made), "a.docx")
    outer, nested = seen.tables[0], seen.tables[1]
    assert outer.rows[0] == ("氏名", "電話", "住所")
    assert outer.rows[1][1].strip() == "090-0000-0000"
    assert len(outer.rows[1]) == 3
    assert nested.rows == (("内側", "値"),)
    assert outer.sheet != nested.sheet
    assert seen.text.count("内側") == 1
    assert seen.text.index("前") < seen.text.index("後")


def test_two_tables_in_the_body_are_two_tables_and_paragraph_numbers_go_on() -> None:
    made = docx.Document()
    made.add_paragraph("一")
    made.add_table(rows=1, cols=1).rows[0].cells[0].text = "甲"
    made.add_paragraph("二")
    made.add_table(rows=1, cols=1).rows[0].cells[0].text = "乙"
    made.add_paragraph("三")
    seen = read(saved(made), "a.docx")
    assert [(t.sheet, t.rows, t.first_row) for t in seen.tables] == [("表1", (("甲",),), 1), ("表2", (("乙",),), 1)]
    assert (seen.at(Paragraph(1)), seen.at(Paragraph(2)), seen.at(Paragraph(3))) == ("一", "二", "三")


def test_a_long_table_comes_in_chunks_with_rising_rows() -> None:
    rows = "".join(f"<w:tr><w:tc>{p(str(i))}</w:tc></w:tr>" for i in range(4100))
    seen = document(f"<w:tbl>{rows}</w:tbl>")
    assert [table.first_row for table in seen.tables] == [1, 2001, 4001]
    assert seen.cells("表1")["A4100"] == "4099"


def test_footnotes_endnotes_and_comments() -> None:
    note = f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0">{p("----")}</w:footnote><w:footnote w:id="1">{p("脚注の人 田中次郎")}</w:footnote></w:footnotes>'
    comment = f'<w:comments {W}><w:comment w:id="0" w:author="高橋三郎">{p("本人に確認")}</w:comment></w:comments>'
    end = f'<w:endnotes {W}><w:endnote w:id="1">{p("文末")}</w:endnote></w:endnotes>'
    seen = document(
        p("本文"),
        {"word/footnotes.xml": note, "word/comments.xml": comment, "word/endnotes.xml": end},
        (("r1", "footnotes", "footnotes.xml"), ("r2", "comments", "comments.xml"), ("r3", "endnotes", "endnotes.xml")),
    )
    assert seen.at(Part("footnotes")) == "脚注の人 田中次郎"
    assert seen.at(Part("endnotes")) == "文末"
    assert seen.of(Role.COMMENT) == "本人に確認"
    assert "高橋三郎" in seen.at(Part("authors"))


def test_text_boxes_come_once() -> None:
    box = f"<w:txbxContent>{p('箱の中 090-1111-2222')}</w:txbxContent>"
    body = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>外</w:t></w:r></w:p>"
    )
    seen = document(body)
    assert seen.at(Part("text box")) == "箱の中 090-1111-2222"
    assert seen.at(Paragraph(1)) == "外"
    assert seen.text.count("箱の中") == 1


def test_tracked_changes_give_the_text_as_it_is_and_as_it_was() -> None:
    body = (
        "<w:p><w:r><w:t>担当は</w:t></w:r>"
        '<w:del w:author="編集者甲"><w:r><w:delText>山田</w:delText></w:r></w:del>'
        '<w:ins w:author="編集者乙"><w:r><w:t>鈴木</w:t></w:r></w:ins><w:r><w:t>です</w:t></w:r></w:p>'
    )
    seen = document(body)
    assert seen.at(Paragraph(1)) == "担当は鈴木です"
    assert seen.of(Role.HIDDEN) == "担当は山田です"
    assert {"編集者甲", "編集者乙"} <= set(seen.at(Part("authors")).split("\n"))


def test_hidden_text_controls_fields_and_links() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隠し文字</w:t></w:r></w:p>"
        "<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText='候補 山田' w:value='1'/></w:dropDownList></w:sdtPr>"
        f"<w:sdtContent>{p('選択値')}</w:sdtContent></w:sdt>"
        '<w:p><w:r><w:instrText>HYPERLINK "mailto:hanako@example.com"</w:instrText></w:r><w:r><w:t>送信</w:t></w:r></w:p>'
    )
    seen = document(body, links=(("r9", "hyperlink", "mailto:taro@example.com"),))
    assert "隠し文字" in seen.at(Paragraph(1))
    assert "選択値" in seen.text
    assert "候補 山田" in seen.at(Part("fields"))
    assert "hanako@example.com" in seen.at(Part("fields"))
    assert "taro@example.com" in seen.at(Part("links"))


def test_ruby_reads_base_in_the_text_and_reading_beside() -> None:
    ruby = "<w:ruby><w:rt><w:r><w:t>{}</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>{}</w:t></w:r></w:rubyBase></w:ruby>"
    seen = document(f"<w:p><w:r>{ruby.format('やま', '山')}</w:r><w:r>{ruby.format('だ', '田')}</w:r><w:r><w:t>さん</w:t></w:r></w:p>")
    assert seen.at(Paragraph(1)) == "山田さん"
    assert seen.at(Part("ruby")) == "山田（やまだ）"


def test_embedded_documents_are_read_as_files() -> None:
    inner = docx.Document()
    inner.add_paragraph("埋め込まれた 佐々木")
    seen = document(p("外"), {"word/embeddings/oleObject1.docx": saved(inner)}, (("r5", "package", "embeddings/oleObject1.docx"),))
    assert seen.members == {"word/embeddings/oleObject1.docx"}
    assert "埋め込まれた 佐々木" in seen.text


def test_broken_xml_gives_what_comes_before_and_says_so() -> None:
    made = docx.Document()
    for i in range(50):
        made.add_paragraph(f"段落{i} 山田太郎")
    content = saved(made)
    xml = part_of(content, "word/document.xml")
    seen = read(repack(content, {"word/document.xml": xml[: xml.index("段落40")]}), "a.docx")
    assert "段落30" in seen.text
    assert seen.kinds == {ProblemKind.BROKEN_PART}


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_cut_file_is_broken_and_never_clean(keep: float) -> None:
    made = docx.Document()
    made.add_paragraph("山田太郎")
    content = saved(made)
    seen = read(content[: int(len(content) * keep)], "a.docx")
    assert seen.kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}


def test_no_main_part_is_broken() -> None:
    made = docx.Document()
    assert read(repack(saved(made), drop=["word/document.xml"]), "a.docx").kinds == {ProblemKind.BROKEN}


def test_entities_are_neither_resolved_nor_fetched() -> None:
    made = docx.Document()
    made.add_paragraph("あと")
    content = saved(made)
    xml = part_of(content, "word/document.xml").replace("あと", "&big;あと")
    lol = '<!DOCTYPE w [<!ENTITY a "loooooooool"><!ENTITY big "' + "&a;" * 50 + '"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    head, rest = xml.split("?>", 1)
    seen = read(repack(content, {"word/document.xml": head + "?>" + lol + rest}), "a.docx")
    assert "looo" not in seen.text
    assert "root:" not in seen.text


def test_a_part_larger_than_the_limit_is_reported() -> None:
    made = docx.Document()
    for _ in range(3000):
        made.add_paragraph("山田太郎 東京都千代田区")
    seen = read(saved(made), "a.docx", xml_bytes=100_000)
    assert ProblemKind.LIMIT in seen.kinds
    assert "山田太郎" in seen.text


def test_a_bomb_is_stopped() -> None:
    seen = document(p(" " * 40_000_000))
    assert ProblemKind.BOMB in seen.kinds


def test_pictures_need_ocr_and_drawings_alone_too() -> None:
    picture = "<w:p><w:r><w:drawing/></w:r></w:p>"
    parts = {"word/media/image1.png": written("TEL 03-1234-5678")}
    assert "03-1234-5678" in document(picture, parts).of(Role.OCR)
    with_text = document(p("文字もある") + picture, parts, ocr="off")
    assert [(problem.kind, problem.member or member) for member, _, problem in with_text.pieces if isinstance(problem, Problem)] == [
        (ProblemKind.NEEDS_OCR, "word/media/image1.png")
    ]
    assert document(picture, {"word/media/image1.svg": b"\x01\0\0\0"}).kinds == {ProblemKind.NEEDS_OCR}
    assert not document(p("文字もある"), {"word/media/image1.svg": b"\x01\0\0\0"}).kinds


def test_macro_and_alternative_texts() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("x")
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")}><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
            '<wp:docPr id="1" name="図1" descr="山田さんの写真"/></wp:inline></w:drawing></w:r>'
        )
    )
    assert "山田さんの写真" in read(io.BytesIO(saved(made)).getvalue(), "a.docx").text


def test_who_is_to_sign_is_read() -> None:
    line = (
        '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><v:shape>'
        '<o:signatureline o:suggestedsigner="山田太郎" o:suggestedsigner2="部長" o:suggestedsigneremail="taro@example.com" '
        'o:signinginstructions="署名してください" issignatureline="t"/></v:shape></w:pict></w:r></w:p>'
    )
    text = document(line).text
    assert all(word in text for word in ("山田太郎", "部長", "taro@example.com", "署名してください"))
