"""Word documents since 2007 (Office Open XML): everything in the file that a person wrote, not only what prints.

The body streams through lxml block by block. A paragraph's text is what the
reader of the document sees; beside it travel what it hides: the version before
tracked changes, text boxes, phonetic readings (ruby), field instructions,
alternative texts, authors.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

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
    signature_line,
    words,
)
from piiscan.extractors.segments import BLOCK, cut, paragraphs
from piiscan.model import Part, Role, Segment, Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "docx"
MEDIA_TYPES = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
    "application/vnd.ms-word.document.macroEnabled.12",
    "application/vnd.ms-word.template.macroEnabled.12",
)
SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
DOC = FormatDoc(
    description="Word document (Office Open XML, transitional and strict)",
    description_ja="Word文書（2007以降）",
    engine="lxml",
    sees=(
        "paragraphs, tables and tables in tables",
        "headers, footers, foot- and endnotes, comments and their authors, people, source of a mail merge",
        "cached data of charts; members of the package that no relationship names (read as files of their own)",
        "text boxes, shapes, SmartArt, chart texts, alternative texts",
        "tracked changes: the text as it stands and as it was before",
        "content controls, form fields, field instructions, link targets, ruby readings",
        "document properties, document variables, custom XML",
        "embedded files and altChunks (read as files of their own)",
    ),
    sees_ja=(
        "本文の段落、表、入れ子の表",
        "ヘッダー、フッター、脚注、文末脚注、コメントとその作成者、人物情報、差し込み印刷の差し込み元",
        "グラフに保存されたデータ。どこからも参照されていない中身（別のファイルとして読みます）",
        "テキストボックス、図形、SmartArt、グラフの文字、代替テキスト",
        "変更履歴（現在の文章と変更前の文章の両方）",
        "コンテンツコントロール、フォームの入力欄、フィールドの命令、リンク先、ふりがな",
        "文書のプロパティ、文書変数、カスタムXML",
        "埋め込みファイルとaltChunk（別のファイルとして読みます）",
    ),
    limitations=(
        "SVG and PICT drawings are not read; a document of them alone is reported as needs-ocr",
        "symbols from symbol fonts are left out",
        "cells merged downwards are blank after the first",
    ),
    limitations_ja=(
        "SVGとPICTの図は読みません。図だけの文書は「OCRが必要」と報告します",
        "記号フォントの記号は読みません",
        "縦に結合したセルは先頭以外を空欄とみなします",
    ),
    references=("ECMA-376-1 §17", "[MS-DOCX]"),
)

_ROWS = 2_000
_CHANGED = {"ins": 1, "moveTo": 1, "del": 2, "moveFrom": 2}
_BLOCKS = ("p", "tr", "tbl", "sdt", "altChunk", "customXml", "AlternateContent", "ins", "del", "moveTo", "moveFrom", "smartTag")


def extract(reading: Reading) -> Iterator[Piece]:
    """Pieces of a Word document in document order, then its other parts."""
    package = Package.open(reading)
    if not isinstance(package, Package):
        yield package
        return
    with package:
        main = package.main("word/document.xml")
        if main is None:
            yield from package.take_faults()
            yield problem(ProblemKind.BROKEN, "no main document part")
            return
        seen_text = False
        for piece in _pieces(package, main):
            seen_text = seen_text or (isinstance(piece, Segment) and piece.role is not Role.METADATA) or isinstance(piece, Table)
            yield piece
        yield from package.pictures("word/media/", seen=seen_text)


def _pieces(package: Package, main: str) -> Iterator[Piece]:
    links = package.reachable(main)
    body = _Flow(package, package.rels(main))
    yield from body.stream(main)
    yield from package.take_faults()

    for _, rel in links:
        if rel.external:
            continue
        if rel.kind in _PARTS:
            name, role = _PARTS[rel.kind]
            yield from _part(package, body, rel, name, role)
        elif rel.kind in {"chart", "diagramData"}:
            root = package.root(rel.target)
            if root is not None:
                yield from cut(Part(rel.kind), "\n".join(dict.fromkeys(drawing_texts(root))))
                yield from chart_table(root, rel.target.rpartition("/")[2].removesuffix(".xml"))
        elif rel.kind == "customXml":
            root = package.root(rel.target)
            if root is not None:
                yield from cut(Part("customXml"), "\n".join(words(root)), Role.METADATA)
        elif rel.kind == "settings":
            root = package.root(rel.target)
            if root is not None:
                variables = [f"{el.get(_w(el, 'name'))}: {el.get(_w(el, 'val'))}" for el in root.iter("{*}docVar")]
                merged = root.iter(
                    "{*}connectString", "{*}query", "{*}addressFieldName", "{*}mailSubject", "{*}headerSource", "{*}dataSource"
                )
                variables += [f"{LOCAL[el.tag]}: {text}" for el in merged if (text := _attribute(el, "val"))]
                yield from cut(Part("docVars"), "\n".join(variables), Role.METADATA)
        elif rel.kind == "people":
            root = package.root(rel.target)
            for element in root.iter("{*}person", "{*}presenceInfo") if root is not None else ():
                body.author(element)
                if user := _attribute(element, "userId"):
                    body.authors[user] = None
        elif rel.kind in {"oleObject", "package", "control"}:
            yield from package.embed(rel.target)
        yield from package.take_faults()

    yield from body.extras()
    yield from link_targets(links)
    yield from document_properties(package)
    yield from package.strays()
    yield from package.take_faults()


_PARTS = {
    "header": ("header", Role.HEADER),
    "footer": ("footer", Role.FOOTER),
    "footnotes": ("footnotes", Role.NOTE),
    "endnotes": ("endnotes", Role.NOTE),
    "comments": ("comments", Role.COMMENT),
    "glossaryDocument": ("glossary", Role.BODY),
}


def _w(element: Element, name: str) -> str:
    """Clark name of an attribute in the element's own namespace."""
    return f"{element.tag.rpartition('}')[0]}}}{name}" if isinstance(element.tag, str) and "}" in element.tag else name


def _attribute(element: Element, name: str) -> str:
    return element.get(_w(element, name)) or element.get(name) or ""


def _part(package: Package, body: _Flow, rel: Rel, name: str, role: Role) -> Iterator[Piece]:
    """A part beside the body: its paragraphs as one text, its tables as tables."""
    root = package.root(rel.target)
    if root is None:
        return
    body.parts[name] = count = body.parts.get(name, 0) + 1
    where = name if count == 1 else f"{name} {count}"
    flow = _Flow(package, package.rels(rel.target), body)
    lines: list[str] = []
    for element in root:
        if role is Role.NOTE and _attribute(element, "type") in {"separator", "continuationSeparator", "continuationNotice"}:
            continue
        if LOCAL[element.tag] == "comment":
            body.author(element)
        blocks = (element,) if LOCAL[element.tag] in _BLOCKS else element
        for block in blocks:
            flow.blocks(block, lines)
    yield from cut(Part(where), "\n".join(lines), role)
    yield from flow.pieces


class _Flow:
    """Walks the blocks of one part and gathers what they hold.

    Paragraph texts go to a list of lines; all else (tables, text boxes,
    embedded files) goes to :attr:`pieces`, to be yielded after the paragraphs
    before it. What has no place in the text (readings, instructions, authors)
    is kept on the ``top`` flow until :meth:`extras`.
    """

    def __init__(self, package: Package, rels: dict[str, Rel], top: _Flow | None = None) -> None:
        self.package = package
        self.rels = rels
        self.top = top or self
        self.pieces: list[Piece] = []
        self.parts: dict[str, int] = {}
        self.tables = 0
        self.before: list[str] = []
        self.readings: list[str] = []
        self.hidden: dict[str, None] = {}  # instructions, choices, alternative texts, each once
        self.authors: dict[str, None] = {}
        self._out: list[str] = []
        self._old: list[str] = []
        self._ruby: list[tuple[str, str]] = []
        self._state = 0
        self._deleted = False

    # ------------------------------------------------------------------ the body

    def stream(self, main: str) -> Iterator[Piece]:
        """The body, block by block; memory holds one block at a time (a table: one row)."""
        lines: list[str] = []
        number, length = 1, 0
        rows: list[tuple[str, ...]] = []
        sheet, first_row = "", 1
        for element in self.package.events(main, _BLOCKS):
            parent = element.getparent()
            if parent is None:
                continue
            kind, around = LOCAL[element.tag], LOCAL[parent.tag]
            grand = parent.getparent()
            if around == "tbl" and kind in {"tr", "sdt", "customXml", "ins", "del"} and grand is not None and LOCAL[grand.tag] == "body":
                if not sheet:
                    sheet, first_row = self._next_table(), 1
                rows.extend(self._row(row) for row in ([element] if kind == "tr" else element.iter("{*}tr")))
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
                if len(rows) >= _ROWS:
                    yield Table(sheet, tuple(rows), first_row)
                    first_row += len(rows)
                    rows = []
                continue
            if around != "body":
                continue
            if kind == "tbl":
                if lines:
                    yield from paragraphs(number, lines)
                    number, lines, length = number + len(lines), [], 0
                if rows:
                    yield Table(sheet, tuple(rows), first_row)
                rows, sheet = [], ""
            else:
                before = len(lines)
                self.blocks(element, lines)
                length += sum(len(line) + 1 for line in lines[before:])
            if self.pieces or length >= BLOCK:
                if lines:
                    yield from paragraphs(number, lines)
                    number, lines, length = number + len(lines), [], 0
                yield from self.pieces
                self.pieces.clear()
            element.clear()
            while element.getprevious() is not None:
                del parent[0]
        if lines:
            yield from paragraphs(number, lines)
        if rows:  # the part broke off inside a table
            yield Table(sheet, tuple(rows), first_row)
        yield from self.pieces
        self.pieces.clear()

    def extras(self) -> Iterator[Piece]:
        """What the paragraphs hid."""
        yield from cut(Part("deleted text"), "\n".join(self.before), Role.HIDDEN)
        yield from cut(Part("ruby"), "\n".join(dict.fromkeys(self.readings)), Role.NOTE)
        yield from cut(Part("fields"), "\n".join(self.hidden), Role.METADATA)
        yield from cut(Part("authors"), "\n".join(self.authors), Role.METADATA)

    def author(self, element: Element) -> None:
        """Note who made a comment or change."""
        name = _attribute(element, "author")
        if name:
            self.top.authors[name] = None

    # -------------------------------------------------------------------- blocks

    def blocks(self, element: Element, lines: list[str]) -> None:
        """One block-level element: its paragraphs to ``lines``, all else to ``pieces``."""
        kind = LOCAL[element.tag]
        if kind == "p":
            lines.append(self.paragraph(element))
        elif kind == "tbl":
            self._table(element)
        elif kind == "altChunk":
            rel = next((self.rels[value] for value in element.values() if value in self.rels), None)
            if rel is not None and not rel.external:
                self.pieces.extend(self.package.embed(rel.target))
        elif kind == "AlternateContent":
            for child in alternative(element):
                self.blocks(child, lines)
        elif kind == "sdtPr":
            self._choices(element)
        else:
            state = self._state
            if kind in _CHANGED:
                self.author(element)
                self._state = _CHANGED[kind]
            for child in element:
                self.blocks(child, lines)
            self._state = state

    def _next_table(self) -> str:
        self.top.tables += 1
        return f"表{self.top.tables}"

    def _table(self, table: Element) -> None:
        sheet = self._next_table()
        at = len(self.pieces)
        rows = tuple(self._row(row) for row in _rows(table))
        for start in range(0, len(rows), _ROWS):
            # before the tables and boxes that its cells hold
            self.pieces.insert(at + start // _ROWS, Table(sheet, rows[start : start + _ROWS], start + 1))

    def _row(self, row: Element) -> tuple[str, ...]:
        cells: list[str] = []
        for child in row:
            self._cells(child, cells)
        return tuple(cells)

    def _cells(self, element: Element, cells: list[str]) -> None:
        kind = LOCAL[element.tag]
        if kind == "tc":
            span = 1
            lines: list[str] = []
            for child in element:
                if LOCAL[child.tag] == "tcPr":
                    for grid in child.iter("{*}gridSpan"):
                        span = _small(_attribute(grid, "val"))
                else:
                    self.blocks(child, lines)
            cells.append("\n".join(lines).strip("\n"))
            cells.extend([""] * (span - 1))
        elif kind == "trPr":
            for grid in element.iter("{*}gridBefore"):
                cells.extend([""] * _small(_attribute(grid, "val")))
        elif kind == "sdtPr":
            self._choices(element)
        elif kind not in {"tblPrEx", "rPr"}:
            for child in element:
                self._cells(child, cells)

    def _choices(self, properties: Element) -> None:
        """Entries of a drop-down list: names of people, as like as not."""
        for item in properties.iter("{*}listItem"):
            if text := _attribute(item, "displayText"):
                self.top.hidden[text] = None

    # ----------------------------------------------------------------- paragraphs

    def paragraph(self, element: Element) -> str:
        """Text of a paragraph as it stands; the version before tracked changes is kept aside when it differs."""
        # a text box inside a paragraph holds paragraphs: keep the outer one's state
        kept = (self._out, self._old, self._ruby, self._deleted)
        self._out, self._old, self._ruby, self._deleted = [], [], [], self._state == 2
        self._inline(element)
        text = "".join(self._out)
        if self._deleted:
            old = "".join(self._old)
            if old.strip():
                self.top.before.append(old.replace("\n", " "))
        if self._ruby:
            self._note_ruby()
        self._out, self._old, self._ruby, self._deleted = kept
        if "\xad" in text or "\n" in text:
            text = text.replace("\xad", "").replace("\n", " ")
        return text

    def _note_ruby(self) -> None:
        base = "".join(pair[0] for pair in self._ruby)
        reading = "".join(pair[1] for pair in self._ruby)
        self.top.readings.append(f"{base}（{reading}）")
        self._ruby = []

    def _put(self, text: str) -> None:
        if self._state != 2:
            self._out.append(text)
        if self._state != 1:
            self._old.append(text)

    def _inline(self, element: Element) -> None:
        for child in element:
            kind = LOCAL[child.tag]
            if kind in {"t", "delText"}:
                if child.text:
                    if self._ruby:
                        self._note_ruby()
                    self._put(child.text)
            elif kind == "r":
                self._inline(child)
            elif kind in _SKIP:
                pass
            elif kind in {"tab", "ptab"}:
                self._put("\t")
            elif kind in {"br", "cr"}:
                self._put("\x0b")
            elif kind == "noBreakHyphen":
                self._put("-")
            elif kind in _CHANGED:
                state, self._state = self._state, _CHANGED[kind]
                self._deleted = self._deleted or self._state == 2
                self.author(child)
                self._inline(child)
                self._state = state
            elif kind == "ruby":
                self._read_ruby(child)
            elif kind in {"instrText", "delInstrText"}:
                self._instruction(child.text or "")
            elif kind == "fldSimple":
                self._instruction(_attribute(child, "instr"))
                self._inline(child)
            elif kind == "txbxContent":
                self._box(child)
            elif kind == "AlternateContent":
                for inner in alternative(child):
                    self._inline(inner)
            elif kind == "sdtPr":
                self._choices(child)
            elif kind in {"docPr", "cNvPr"}:
                for name in ("descr", "title"):
                    if text := child.get(name):
                        self.top.hidden[text] = None
                self._inline(child)
            elif kind == "hyperlink":
                if text := _attribute(child, "tooltip"):
                    self.top.hidden[text] = None
                self._inline(child)
            elif kind == "textpath":
                if text := child.get("string"):
                    self.top.hidden[text] = None
            elif kind == "signatureline":
                self.top.hidden.update(dict.fromkeys(signature_line(child)))
            elif kind == "ffData":
                for field in child.iter("{*}default", "{*}listEntry", "{*}helpText", "{*}statusText"):
                    text = _attribute(field, "val")
                    if text and not text.isdigit():
                        self.top.hidden[text] = None
            elif kind == "tbl":
                self._table(child)
            elif len(child):
                self._inline(child)

    def _read_ruby(self, ruby: Element) -> None:
        base: list[str] = []
        reading: list[str] = []
        for child in ruby:
            kind = LOCAL[child.tag]
            if kind == "rt":
                reading.extend(t.text for t in child.iter("{*}t") if t.text)
            elif kind == "rubyBase":
                start = len(self._out)
                pending, self._ruby = self._ruby, []
                self._inline(child)
                self._ruby = pending
                base.extend(self._out[start:])
        self._ruby.append(("".join(base), "".join(reading)))

    def _instruction(self, text: str) -> None:
        """Keep what a field instruction quotes: link targets, prompts, merge texts. ``PAGE`` and the like quote nothing."""
        if '"' in text or "@" in text:
            self.top.hidden[unquote(text.strip())] = None

    def _box(self, content: Element) -> None:
        lines: list[str] = []
        before = len(self.pieces)
        for block in content:
            self.blocks(block, lines)
        self.pieces[before:before] = cut(Part("text box"), "\n".join(lines))


_SKIP = frozenset(
    {
        "rPr",
        "pPr",
        "softHyphen",
        "lastRenderedPageBreak",
        "bookmarkStart",
        "bookmarkEnd",
        "proofErr",
        "fldChar",
        "sectPr",
        "tblPr",
        "tcPr",
        "pict_",
        "posOffset",
        "spPr",
        "rt",
    }
)


def _rows(table: Element) -> Iterator[Element]:
    """Rows of this table, also those inside content controls, but not those of tables inside it."""
    for child in table:
        kind = LOCAL[child.tag]
        if kind == "tr":
            yield child
        elif kind in {"sdt", "sdtContent", "customXml", "ins", "del"}:
            yield from _rows(child)


def _small(text: str) -> int:
    """A span from a file: 1 to 63 columns, Word's own limit."""
    return min(max(int(text), 1), 63) if text.isdigit() else 1
