"""OpenDocument and Visio files, made from raw parts."""

from __future__ import annotations

import pytest
from office_kit import Seen, package, read, written

from piiscan.model import Cell, Page, Paragraph, Part, Role, Slide
from piiscan.problems import ProblemKind

NS = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in [
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"), ("presentation", "presentation"),
        ("form", "form"), ("svg", "svg-compatible"), ("meta", "meta"), ("manifest", "manifest"),
    ]
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip


def odf(kind: str, body: str, *, styles: str = "", more: dict[str, str | bytes] | None = None, **limits: float) -> Seen:
    content = (
        f"<office:document-content {NS}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    parts: dict[str, str | bytes] = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content, **(more or {})}
    return read(package(parts), "a.odt", **limits)


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def cell(text: str, more: str = "", inner: str = "") -> str:
    return f"<table:table-cell {more}>{inner}{p(text) if text else ''}</table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_text_spaces_breaks_spans_lists_and_links() -> None:
    seen = odf(
        "text",
        p("氏名<text:s text:c='2'/><text:span>山</text:span>田<text:line-break/>次")
        + f"<text:list><text:list-item>{p('項目')}</text:list-item></text:list>"
        + p('<text:a xlink:href="mailto:taro@example.com">送信</text:a>終'),
    )
    assert seen.formats == {"odf"}
    assert seen.at(Paragraph(1)) == "氏名  山田\x0b次\n項目\n送信終"
    assert seen.at(Part("links")) == "mailto:taro@example.com"
    assert not seen.problems


def test_text_notes_comments_boxes_ruby_and_changes() -> None:
    seen = odf(
        "text",
        f"<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>編集 木村</dc:creator></office:change-info>{p('消した山田')}</text:deletion></text:changed-region></text:tracked-changes>"
        + p(
            f'本文<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>{p("脚注 田中")}</text:note-body></text:note>'
            f"<office:annotation><dc:creator>高橋</dc:creator><dc:date>2020-01-01</dc:date>{p('要確認 佐藤')}</office:annotation>続き"
            f"<draw:frame><draw:text-box>{p('箱 鈴木')}</draw:text-box><svg:desc>写真 伊藤</svg:desc></draw:frame>"
            "<text:ruby><text:ruby-base>山田</text:ruby-base><text:ruby-text>やまだ</text:ruby-text></text:ruby>"
            '<text:hidden-text text:string-value="隠し 渡辺"/>'
        ),
    )
    assert seen.at(Paragraph(1)) == "本文続き山田"
    assert seen.at(Part("footnotes")) == "脚注 田中"
    assert seen.of(Role.COMMENT) == "要確認 佐藤"
    assert seen.at(Part("text box")) == "箱 鈴木"
    assert seen.at(Part("alternative text")) == "写真 伊藤"
    assert seen.at(Part("ruby")) == "山田（やまだ）"
    assert seen.at(Part("deleted text")) == "消した山田"
    assert seen.at(Part("hidden text")) == "隠し 渡辺"
    assert set(seen.at(Part("authors")).split("\n")) == {"編集 木村", "高橋"}


def test_text_tables_nested_forms_headers_and_properties() -> None:
    inner = f"<table:table>{row(cell('内'), cell('側'))}</table:table>"
    styles = f"<office:document-styles {NS}><office:master-styles><style:master-page><style:header>{p('社外秘 加藤')}</style:header><style:footer>{p('作成 中村')}</style:footer></style:master-page></office:master-styles></office:document-styles>"
    meta = f"<office:document-meta {NS}><office:meta><dc:creator>作者 小林</dc:creator><meta:user-defined meta:name='担当'>吉田</meta:user-defined></office:meta></office:document-meta>"
    seen = odf(
        "text",
        f'<office:forms><form:form><form:text form:current-value="入力 松本"/></form:form></office:forms>{p("前")}'
        f"<table:table><table:table-header-rows>{row(cell('氏名'), cell('電話'))}</table:table-header-rows>"
        f"{row(cell('山田', inner=inner), cell('090', more='table:number-columns-spanned=&quot;1&quot;'.replace('&quot;', chr(34))))}</table:table>{p('後')}",
        more={"styles.xml": styles, "meta.xml": meta},
    )
    assert [table.rows for table in seen.tables] == [(("氏名", "電話"), ("山田", "090")), (("内", "側"),)]
    assert seen.at(Paragraph(1)) == "前"
    assert seen.at(Paragraph(2)) == "後"
    assert seen.of(Role.HEADER) == "社外秘 加藤"
    assert seen.of(Role.FOOTER) == "作成 中村"
    assert "入力 松本" in seen.at(Part("form"))
    assert seen.at(Part("docProps")) == "creator: 作者 小林\n担当: 吉田"


def test_sheets_as_displayed_hidden_repeated_and_with_comments() -> None:
    styles = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    note = f"<office:annotation><dc:creator>高橋</dc:creator>{p('退職 佐藤')}</office:annotation>"
    first = (
        row(cell("氏名"), cell("電話"), cell("生年月日"))
        + row(
            cell("山田太郎", inner=note),
            cell("09000000000", 'office:value-type="float" office:value="9000000000"'),
            cell("昭和60年4月1日", 'office:value-type="date" office:date-value="1985-04-01"'),
            cell("", 'table:number-columns-repeated="16381"'),
        )
        + row(cell("", 'table:number-columns-repeated="16384"'), more='table:number-rows-repeated="500"')
        + row(cell("同", 'table:number-columns-repeated="2"'), more='table:number-rows-repeated="3"')
        + row(cell(""), more='table:number-rows-repeated="1047000"')
    )
    seen = odf(
        "spreadsheet",
        f'<table:table table:name="名簿">{first}</table:table><table:table table:name="裏" table:style-name="ta2">{row(cell("隠"))}</table:table>',
        styles=styles,
    )
    assert seen.cells("名簿") == {
        "A1": "氏名", "B1": "電話", "C1": "生年月日", "A2": "山田太郎", "B2": "09000000000", "C2": "1985-04-01",
        "A503": "同", "B503": "同", "A504": "同", "B504": "同", "A505": "同", "B505": "同",
    }  # fmt: skip
    assert {table.sheet: table.role for table in seen.tables} == {"名簿": Role.BODY, "裏": Role.HIDDEN}
    assert seen.at(Cell("名簿", 2, 1)) == "退職 佐藤"
    assert seen.at(Part("sheet names")) == "名簿\n裏"


def test_a_sheet_of_repetitions_stops_at_the_cell_limit() -> None:
    bomb = row(cell("x", 'table:number-columns-repeated="16384"'), more='table:number-rows-repeated="1048576"')
    seen = odf("spreadsheet", f'<table:table table:name="a">{bomb}</table:table>', cells=500_000)
    assert ProblemKind.LIMIT in seen.kinds
    assert sum(len(r) for table in seen.tables for r in table.rows) < 600_000


def test_a_text_that_calls_itself_a_spreadsheet_is_read() -> None:
    seen = odf(
        "text",
        p("山田太郎") + f"<table:table>{row(cell('田中'))}</table:table>",
        more={"mimetype": "application/vnd.oasis.opendocument.spreadsheet"},
    )
    assert seen.text.split() == ["山田太郎", "田中"]


def test_slides_notes_and_tables() -> None:
    page = (
        f"<draw:page><draw:frame><draw:text-box>{p('一枚目 山田')}</draw:text-box></draw:frame>"
        f"<draw:g><draw:custom-shape>{p('群 鈴木')}</draw:custom-shape></draw:g>"
        f"<draw:frame><table:table>{row(cell('氏名'), cell('佐藤'))}</table:table></draw:frame>"
        f"<presentation:notes><draw:frame><draw:text-box>{p('話す 田中')}</draw:text-box></draw:frame></presentation:notes></draw:page>"
    )
    seen = odf("presentation", page + page.replace("一枚目", "二枚目"))
    assert seen.at(Slide(1)).split("\n")[:2] == ["一枚目 山田", "群 鈴木"]
    assert seen.at(Slide(2)).startswith("二枚目 山田")
    assert seen.of(Role.NOTE) == "話す 田中\n話す 田中"
    assert seen.tables[0].rows == (("氏名", "佐藤"),)
    assert odf("presentation", page * 3, pages=1).kinds == {ProblemKind.LIMIT}


def test_embedded_documents_are_read() -> None:
    inner = f"<office:document-content {NS}><office:body><office:chart>{p('図の題 小林')}</office:chart></office:body></office:document-content>"
    seen = odf("text", p('x<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'), more={"Object 1/content.xml": inner})
    assert seen.at(Part("object")) == "図の題 小林"


def test_encrypted_and_broken_and_pictures() -> None:
    manifest = f'<manifest:manifest {NS}><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    seen = odf("text", p("x"), more={"content.xml": b"\x00\x01", "META-INF/manifest.xml": manifest})
    assert seen.kinds == {ProblemKind.ENCRYPTED}
    assert odf(
        "text", p("x"), more={"content.xml": f"<office:document-content {NS}><office:body><office:text>{p('残った山田')}<te"}
    ).kinds == {ProblemKind.BROKEN_PART}
    assert "03-1234-5678" in odf("text", p(""), more={"Pictures/a.png": written("TEL 03-1234-5678")}).of(Role.OCR)
    assert odf("text", p(""), more={"Pictures/a.svm": b"x"}).kinds == {ProblemKind.NEEDS_OCR}


@pytest.mark.parametrize("name", ["a.vsdx"])
def test_visio(name: str) -> None:
    v = 'xmlns="http://schemas.microsoft.com/office/visio/2012/main"'
    page = (
        f"<PageContents {v}><Shapes><Shape><Text>図形 <cp/>山田太郎\n</Text><Section N='Property'><Row N='Tel'>"
        "<Cell N='Value' V='090-0000-0000'/><Cell N='Label' V='電話'/></Row></Section></Shape></Shapes></PageContents>"
    )
    comments = f"<Comments {v}><AuthorList><AuthorEntry Name='高橋'/></AuthorList><CommentList><CommentEntry>要確認 佐藤</CommentEntry></CommentList></Comments>"
    seen = read(
        package(
            {
                "[Content_Types].xml": "<Types/>",
                "visio/document.xml": f"<VisioDocument {v}/>",
                "visio/pages/page1.xml": page,
                "visio/comments.xml": comments,
            }
        ),
        name,
    )
    assert seen.formats == {"vsdx"}
    assert seen.at(Page(1)) == "図形 山田太郎\n電話: 090-0000-0000"
    assert seen.of(Role.COMMENT) == "要確認 佐藤"
    assert seen.at(Part("authors")) == "高橋"


def test_shapes_of_a_sheet_keep_their_text() -> None:
    shapes = f"<table:shapes><draw:rect>{p('担当 佐藤花子')}</draw:rect><draw:caption>{p('内線 1234')}</draw:caption></table:shapes>"
    dated = f"<table:table-cell {DATED}><draw:custom-shape>{p('備考 山田太郎')}</draw:custom-shape>{p('11月')}</table:table-cell>"
    seen = odf("spreadsheet", f"<table:table table:name='表'>{shapes}{row(dated)}</table:table>")
    assert seen.at(Part("text box")) == "担当 佐藤花子\n内線 1234\n備考 山田太郎"
    assert seen.cells("表") == {"A1": "2026-11-26"}


DATED = 'office:value-type="date" office:date-value="2026-11-26"'


def test_labels_of_boxes_in_forms_are_read() -> None:
    form = f'<office:forms><form:form><form:checkbox form:label="山田太郎に送る"/><form:fixed-text form:label="佐藤様"/></form:form></office:forms>{p("x")}'
    assert odf("text", form).at(Part("form")) == "山田太郎に送る\n佐藤様"


def test_documents_of_openoffice_1() -> None:
    namespaces = NS.replace("urn:oasis:names:tc:opendocument:xmlns:", "http://openoffice.org/2000/").replace(":1.0", "")

    def made(kind: str, body: str) -> Seen:
        content = f"<office:document-content {namespaces}><office:body>{body}</office:body></office:document-content>"
        return read(package({"mimetype": f"application/vnd.sun.xml.{kind}", "content.xml": content}), "a.sxw")

    items = f"<text:ordered-list><text:list-item>{p('項目 佐藤')}</text:list-item></text:ordered-list>"
    assert made("writer", f"{p('山田太郎')}{items}").at(Paragraph(1)) == "山田太郎\n項目 佐藤"
    assert made("calc", f"<table:table table:name='表'>{row(cell('氏名'), cell('山田'))}</table:table>").cells("表") == {
        "A1": "氏名",
        "B1": "山田",
    }
    slide = f"<draw:page><draw:text-box>{p('鈴木花子')}</draw:text-box></draw:page>"
    assert made("impress", slide).at(Slide(1)) == "鈴木花子"


def test_databases_hand_on_their_data() -> None:
    script = 'CREATE MEMORY TABLE "会員"("氏名" VARCHAR(50))\nINSERT INTO "会員" VALUES(\'\\u5c71\\u7530\\u592a\\u90ce\')\nINSERT INTO "会員" VALUES(\'佐藤花子\')\n'
    seen = odf(
        "database",
        "",
        more={"mimetype": "application/vnd.oasis.opendocument.base", "database/script": script, "database/data": b"\0\1\2" * 40},
    )
    assert "佐藤花子" in seen.text
    assert "山田太郎" in seen.text
    assert seen.kinds == {ProblemKind.PART_NOT_READ}
