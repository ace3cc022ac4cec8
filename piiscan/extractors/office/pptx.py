"""PowerPoint presentations since 2007 (Office Open XML): slides in their order, and what hangs on them.

Every part is small, so each is read as a tree with lxml; shapes are walked in
the order in which they are drawn, groups included.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._opc import (
    LOCAL,
    Element,
    Package,
    Rel,
    alternative,
    chart_table,
    document_properties,
    drawing_texts,
    link_targets,
    plain,
    words,
)
from piiscan.extractors.segments import cut
from piiscan.model import Part, Role, Slide, Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "pptx"
MEDIA_TYPES = (
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
    "application/vnd.openxmlformats-officedocument.presentationml.template",
    "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.12",
    "application/vnd.ms-powerpoint.template.macroEnabled.12",
)
SUFFIXES = (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm")
DOC = FormatDoc(
    description="PowerPoint presentation (Office Open XML)",
    description_ja="PowerPointプレゼンテーション",
    engine="lxml",
    sees=(
        "shapes, groups, tables, SmartArt, alternative texts, also of hidden slides",
        "speaker notes, comments of both generations and their authors",
        "chart titles, categories and cached values; embedded workbooks and files (read as files of their own)",
        "texts on layouts and masters that are no placeholders, and their footers",
        "link targets, document properties, custom XML",
    ),
    sees_ja=(
        "図形、グループ、表、SmartArt、代替テキスト（非表示スライドを含む）",
        "発表者ノート、新旧両方式のコメントとその作成者",
        "グラフの題名・項目・保存された値。埋め込みブックとファイル（別のファイルとして読みます）",
        "レイアウトとマスターの文字（見本の文字を除く）とフッター",
        "リンク先、文書のプロパティ、カスタムXML",
    ),
    limitations=("drawings (SVG), sound and film are not read; a presentation of drawings alone is reported as needs-ocr",),
    limitations_ja=("SVGなどの図、音声、動画は読みません。図だけの資料は「OCRが必要」と報告します",),
    references=("ECMA-376-1 §19", "[MS-PPTX]"),
)


def extract(reading: Reading) -> Iterator[Piece]:
    """Slides in order, each with its notes, comments and charts; then masters, authors, properties."""
    package = Package.open(reading)
    if not isinstance(package, Package):
        yield package
        return
    with package:
        main = package.main("ppt/presentation.xml")
        if main is None:
            yield from package.take_faults()
            yield problem(ProblemKind.BROKEN, "no presentation part")
            return
        seen_text = False
        for piece in _pieces(reading, package, main):
            location = getattr(piece, "location", None)
            seen_text = seen_text or isinstance(piece, Table) or isinstance(location, Slide)
            yield piece
        yield from package.pictures("ppt/media/", seen=seen_text)


def _pieces(reading: Reading, package: Package, main: str) -> Iterator[Piece]:
    rels = package.rels(main)
    root = package.root(main)
    order = [
        rels[v] for el in (root.iter("{*}sldId") if root is not None else ()) for k, v in el.items() if str(k).endswith("}id") and v in rels
    ]
    listed = {rel.target for rel in order}
    # a slide that the list does not name is not shown, but it is in the file
    order += [rel for rel in rels.values() if rel.kind == "slide" and rel.target not in listed]
    done: set[str] = set()
    links: list[tuple[str, Rel]] = []
    for number, rel in enumerate(order, 1):
        if number > reading.limits.pages:
            yield problem(ProblemKind.LIMIT, f"limits.pages = {reading.limits.pages}")
            break
        if reading.budget.expired():
            yield problem(ProblemKind.LIMIT, "limits.seconds")
            break
        yield from _slide(package, number, rel.target, done, links)
        yield from package.take_faults()

    seen: dict[str, None] = {}
    for _, rel in package.reachable(main):
        if rel.external or rel.target in done:
            continue
        if rel.kind in {"slideMaster", "slideLayout", "notesMaster", "handoutMaster"}:
            master = package.root(rel.target)
            if master is not None:
                for text in _own_texts(master):
                    seen[text] = None
        elif rel.kind in {"commentAuthors", "authors"}:
            names = [el.get("name") or "" for el in package.events(rel.target, ("cmAuthor", "author"))]
            yield from cut(Part("authors"), "\n".join(names), Role.METADATA)
        elif rel.kind == "customXml":
            custom = package.root(rel.target)
            if custom is not None:
                yield from cut(Part("customXml"), "\n".join(words(custom)), Role.METADATA)
        elif rel.kind in {"oleObject", "package"}:
            done.add(rel.target)
            yield from package.embed(rel.target)
        yield from package.take_faults()
    yield from cut(Part("master"), "\n".join(seen), Role.HEADER)
    yield from link_targets(links)
    yield from document_properties(package)
    yield from package.strays()
    yield from package.take_faults()


def _slide(package: Package, number: int, part: str, done: set[str], links: list[tuple[str, Rel]]) -> Iterator[Piece]:
    root = package.root(part)
    if root is None:
        return
    role = Role.HIDDEN if root.get("show") in {"0", "false"} else Role.BODY
    lines: list[str] = []
    tables: list[Element] = []
    _shapes(root, lines, tables)
    yield from cut(Slide(number), "\n".join(lines), role)
    for i, table in enumerate(tables, 1):
        name = f"slide{number} table" if len(tables) == 1 else f"slide{number} table{i}"
        rows = tuple(tuple(_cell(cell) for cell in row if LOCAL[cell.tag] == "tc") for row in table if LOCAL[row.tag] == "tr")
        if rows:
            yield Table(name, rows, role=role)
    for rel in package.rels(part).values():
        if rel.external:
            links.append((part, rel))
            continue
        if rel.target in done:
            continue
        if rel.kind == "notesSlide":
            notes = package.root(rel.target)
            if notes is not None:
                texts = [
                    plain(body) for shape in notes.iter("{*}sp") if _placeholder(shape) != "sldNum" for body in shape.iter("{*}txBody")
                ]
                yield from cut(Slide(number), "\n".join(text for text in texts if text.strip()), Role.NOTE)
            links += [(rel.target, inner) for inner in package.rels(rel.target).values() if inner.external]
        elif rel.kind in {"comments", "comment"}:
            done.add(rel.target)
            comments = package.root(rel.target)
            if comments is not None:
                yield from cut(Slide(number), "\n".join(_comments(comments)), Role.COMMENT)
        elif rel.kind == "diagramData":
            done.add(rel.target)
            diagram = package.root(rel.target)
            if diagram is not None:
                yield from cut(Slide(number), "\n".join(drawing_texts(diagram)), role)
        elif rel.kind == "chart":
            done.add(rel.target)
            yield from _chart(package, number, rel.target, done)
        elif rel.kind in {"oleObject", "package"}:
            done.add(rel.target)
            yield from package.embed(rel.target)


def _shapes(element: Element, lines: list[str], tables: list[Element]) -> None:
    """Texts of the shapes in drawing order; tables are set aside."""
    for child in element:
        kind = LOCAL[child.tag]
        if kind == "txBody":
            text = plain(child)
            if text.strip():
                lines.append(text)
        elif kind == "tbl":
            tables.append(child)
        elif kind == "cNvPr":
            lines.extend(text for name in ("descr", "title") if (text := (child.get(name) or "").strip()))
        elif kind == "AlternateContent":
            for inner in alternative(child):
                _shapes(inner, lines, tables)
                if LOCAL[inner.tag] == "txBody" and (text := plain(inner)).strip():
                    lines.append(text)
        elif len(child):
            _shapes(child, lines, tables)


def _cell(cell: Element) -> str:
    return "\n".join(plain(body) for body in cell if LOCAL[body.tag] == "txBody").strip("\n")


def _placeholder(shape: Element) -> str | None:
    """Type of the placeholder that a shape is (``body`` when it does not say), or ``None`` for a shape of its own."""
    found = next(shape.iter("{*}ph"), None)
    return None if found is None else found.get("type") or "body"


def _own_texts(root: Element) -> Iterator[str]:
    """Texts of a master or layout that slides show as they are: not the prompts of placeholders, but their headers and footers."""
    for shape in root.iter("{*}sp"):
        if _placeholder(shape) in {None, "ftr", "hdr"}:
            for body in shape.iter("{*}txBody"):
                if (text := plain(body)).strip():
                    yield text


def _comments(root: Element) -> Iterator[str]:
    """Comments of the old kind (``p:text``) and of the new (``p188:txBody``), with replies."""
    for element in root.iter("{*}text", "{*}txBody"):
        text = (element.text or "") if LOCAL[element.tag] == "text" else plain(element)
        if text.strip():
            yield text


def _chart(package: Package, number: int, part: str, done: set[str]) -> Iterator[Piece]:
    """Titles as text, cached series as a table, the embedded workbook as a file."""
    root = package.root(part)
    if root is not None:
        yield from cut(Slide(number), "\n".join(dict.fromkeys(drawing_texts(root))))
        yield from chart_table(root, f"slide{number} {part.rpartition('/')[2].removesuffix('.xml')}")
    for rel in package.rels(part).values():
        if not rel.external and rel.kind in {"package", "oleObject"} and rel.target not in done:
            done.add(rel.target)
            yield from package.embed(rel.target)
