"""OpenDocument: texts, spreadsheets, presentations and drawings (.odt, .ods, .odp, .odg) in one reader.

All kinds share one vocabulary, so one walk reads them all; only rows of sheets,
paragraphs of texts and slides are located differently. Cells carry the text
that they show, so leading zeros and dates need no formats; dates come from the
stored value, as YYYY-MM-DD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._odfrows import SAME, WIDE, PlainRows, Run, count_of, shown
from piiscan.extractors.office._opc import LOCAL, Element, Package, words
from piiscan.extractors.segments import BLOCK, cut, paragraphs
from piiscan.model import Cell, Part, Role, Segment, Slide, Table
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "odf"
MEDIA_TYPES = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.graphics",
    "application/vnd.oasis.opendocument.text-template",
    "application/vnd.oasis.opendocument.spreadsheet-template",
    "application/vnd.oasis.opendocument.presentation-template",
)
SUFFIXES = (".odt", ".ott", ".odm", ".ods", ".ots", ".odp", ".otp", ".odg", ".otg", ".odb", ".sxw", ".sxc", ".sxi", ".sxd")
DOC = FormatDoc(
    description="OpenDocument text, spreadsheet, presentation, drawing or database; documents of OpenOffice.org 1",
    description_ja="OpenDocument（文書・表計算・プレゼンテーション・図形・データベース）とOpenOffice.org 1の文書",
    engine="lxml",
    sees=(
        "paragraphs, tables and tables in tables; cells of all sheets, also hidden ones, as displayed, dates as YYYY-MM-DD",
        "headers, footers, foot- and endnotes, comments and their authors, speaker notes, texts on masters",
        "text boxes, shapes, alternative texts, form fields, hidden text, deleted text under change tracking",
        "link targets, ruby readings, document properties, sheet names, validation lists",
        "charts and embedded documents; embedded OLE files, and the data, forms and reports of a database (read as files of their own)",
    ),
    sees_ja=(
        "段落、表、入れ子の表。全シートのセル（非表示のものを含む。表示どおり、日付はYYYY-MM-DD）",
        "ヘッダー、フッター、脚注、文末脚注、コメントとその作成者、発表者ノート、マスターの文字",
        "テキストボックス、図形、代替テキスト、フォームの入力欄、隠し文字、変更履歴で削除された文字",
        "リンク先、ふりがな、文書のプロパティ、シート名、入力規則のリスト",
        "グラフと埋め込み文書。埋め込みOLEファイル、データベースのデータ・フォーム・レポート（別のファイルとして読みます）",
    ),
    limitations=(
        "SVG and SVM drawings are not read; a document of them alone is reported as needs-ocr",
        "formulas are seen by their last computed value",
        "flat files (.fodt, .fods) are read as XML, cached pivot tables and scripts are not read",
        "a document with a password is reported as encrypted; passwords are not tried",
    ),
    limitations_ja=(
        "SVGとSVMの図は読みません。図だけの文書は「OCRが必要」と報告します",
        "数式は最後に計算された値を読みます",
        "単一XML形式（.fodt、.fods）はXMLとして読みます。ピボットテーブルのキャッシュとスクリプトは読みません",
        "パスワード付きの文書は「暗号化」と報告し、パスワードは試しません",
    ),
    references=("ISO/IEC 26300", "OpenDocument 1.4"),
)

_ROWS = 2_000
_CHUNK_CELLS = 200_000
_TOP = ("p", "h", "list", "ordered-list", "unordered-list", "table", "section", "tracked-changes", "forms", "table-row", "page", "frame", "custom-shape", "g", "rect", "line",
        "table-of-content", "alphabetical-index", "illustration-index", "table-index", "user-index", "bibliography", "numbered-paragraph",
        "content-validation", "shapes", "control", "ellipse", "path", "polygon", "polyline", "connector", "caption", "user-field-decls",
        "variable-decls", "annotation", "header-footer", "footer-decl", "header-decl", "soft-page-break")  # fmt: skip
#: Of a spreadsheet: not the paragraphs of its cells, which come with their rows.
_SHEETS = ("table", "table-row", "shapes", "forms", "content-validation", "tracked-changes", "style", "body")
#: "body" itself in OpenOffice.org 1, whose documents have no element for their kind
_BODIES = {"text", "spreadsheet", "presentation", "drawing", "chart", "body"}
#: what a database has besides: the data (a dump in SQL, or a file of an engine's own), forms and reports
_BASE = ("database/", "forms/", "reports/")
_PROPERTIES = {"title", "description", "subject", "keyword", "initial-creator", "creator", "printed-by", "user-defined", "contributor"}


def extract(reading: Reading) -> Iterator[Piece]:
    """Content in document order, then styles (headers, footers, masters), properties and embedded objects."""
    package = Package.open(reading)
    if not isinstance(package, Package):
        yield package
        return
    with package:
        if not package.has("content.xml"):
            yield problem(ProblemKind.BROKEN, "no content part")
            return
        manifest = package.root("META-INF/manifest.xml") if package.has("META-INF/manifest.xml") else None
        encrypted = [
            entry.get(f"{{{_MANIFEST}}}full-path") or ""
            for entry in (manifest if manifest is not None else ())
            if any(LOCAL[child.tag] == "encryption-data" for child in entry)
        ]
        if "content.xml" in encrypted or package.has("encrypted-package"):
            yield problem(ProblemKind.ENCRYPTED, "OpenDocument")
            return
        seen = False
        for piece in _Document(reading, package).pieces():
            seen = seen or isinstance(piece, Table) or (isinstance(piece, Segment) and piece.role is not Role.METADATA)
            yield piece
        yield from package.pictures("Pictures/", seen=seen)
        for folder in _BASE if b"opendocument.base" in package.read("mimetype") else ():
            for part in package.parts(folder, ""):
                if part == "database/script":
                    yield reading.spool(part, _unescaped(package.read(part)))
                else:
                    yield from package.embed(part)
        for name in encrypted:
            yield Problem(ProblemKind.ENCRYPTED_PART, Stage.EXTRACT, "OpenDocument", name)


def _unescaped(script: bytes) -> bytes:
    r"""The dump of HSQLDB, which writes all but ASCII as ``\u5c71``."""
    text = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), script.decode("utf-8", "replace"))
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode("utf-8")


_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def _get(element: Element, name: str) -> str:
    """An attribute by its local name: a document uses each in one namespace only."""
    for key, value in element.items():
        if LOCAL[key] == name:
            return str(value)
    return ""


class _Document:
    """The walk through a package. Blocks go to a list of lines; what has its own place is gathered beside."""

    def __init__(self, reading: Reading, package: Package) -> None:
        self.reading, self.package = reading, package
        self.ready: list[Piece] = []  # tables, boxes and notes met inside a block
        self.beside: dict[tuple[str, Role], dict[str, None]] = {}
        self.objects: dict[str, None] = {}
        self.hidden_styles: set[str] = set()
        self.tables = 0
        self.cells = reading.limits.cells
        self.where: Cell | Slide | None = None
        self._strange = True  # whether what calls itself a spreadsheet is none

    def pieces(self) -> Iterator[Piece]:
        yield from self._content("content.xml")
        yield from self._styles()
        for name in list(self.objects):
            yield from self._object(name)
        for (name, role), lines in self.beside.items():
            yield from cut(Part(name), "\n".join(lines), role)
        yield from self._properties()
        yield from self.package.take_faults()

    def note(self, name: str, role: Role, text: str) -> None:
        """Keep ``text`` for the part ``name``, once."""
        if text.strip():
            self.beside.setdefault((name, role), {})[text] = None

    def take(self) -> Iterator[Piece]:
        """What the last block left."""
        pieces, self.ready = self.ready, []
        yield from pieces

    # --------------------------------------------------------------- streaming

    def _content(self, part: str) -> Iterator[Piece]:
        kind = self.package.read("mimetype")
        if b"spreadsheet" in kind or b"sun.xml.calc" in kind:
            self._strange = False
            yield from self._streamed(part, _SHEETS)
            if not self._strange:
                return
        yield from self._streamed(part, (*_TOP, "style"))

    def _streamed(self, part: str, tags: Sequence[str]) -> Iterator[Piece]:
        lines: list[str] = []
        number, length, slides = 1, 0, 0
        sheet: _Sheet | None = None
        plain = PlainRows()
        for element in self.package.events(part, tags, plain.taken_out if tags is _SHEETS else None):
            kind = LOCAL[element.tag]
            parent = element.getparent()
            if parent is None:
                continue
            if kind == "body":
                self._strange = any(LOCAL[child.tag] in _BODIES - {"spreadsheet"} for child in element)
                continue
            if tags is _SHEETS and LOCAL[parent.tag] in _BODIES - {"spreadsheet", "body"}:
                continue  # comes in the second pass
            if kind == "style":
                if any(_get(child, "display") == "false" for child in element):
                    self.hidden_styles.add(_get(element, "name"))
                continue
            if kind == "table-row":
                table, run = _table_of(element), plain.run_at(element)
                if table is None:
                    if run is not None:
                        plain.restore(run, element)
                    continue
                if sheet is None or sheet.element is not table:
                    if sheet is not None:
                        yield from sheet.flush()
                    role = Role.HIDDEN if _get(table, "style-name") in self.hidden_styles else Role.BODY
                    name = _get(table, "name")
                    self.note("sheet names", Role.METADATA, name)
                    sheet = _Sheet(self, table, name, role)
                yield from sheet.add(element) if run is None else sheet.extend(run)
                yield from self.take()
                _drop(element)
                if self.cells <= 0:
                    yield from sheet.flush()
                    yield problem(ProblemKind.LIMIT, f"limits.cells = {self.reading.limits.cells}")
                    return
                continue
            if LOCAL[parent.tag] == "table" and kind in {"shapes", "forms"} and _of_spreadsheet(parent):
                shapes: list[str] = []
                self.block(element, shapes)
                yield from self.take()
                yield from cut(Part("text box"), "\n".join(shapes))
                continue
            grand = parent.getparent()
            if LOCAL[parent.tag] not in _BODIES or grand is None or (LOCAL[grand.tag] != "body" and LOCAL[parent.tag] != "body"):
                if kind == "content-validation":
                    self._validation(element)
                continue
            if kind == "page":
                slides += 1
                if slides > self.reading.limits.pages:
                    yield problem(ProblemKind.LIMIT, f"limits.pages = {self.reading.limits.pages}")
                    return
                yield from self._slide(element, slides)
            elif kind == "table" and (LOCAL[parent.tag] == "spreadsheet" or tags is _SHEETS):
                if sheet is not None:
                    yield from sheet.flush()
                sheet = None
            else:
                before = len(lines)
                self.block(element, lines)
                length += sum(len(line) + 1 for line in lines[before:])
                if self.ready or length >= BLOCK:
                    yield from paragraphs(number, lines)
                    number, lines, length = number + len(lines), [], 0
                    yield from self.take()
            _drop(element)
        if sheet is not None:
            yield from sheet.flush()
        yield from paragraphs(number, lines)
        yield from self.take()
        yield from self.package.take_faults()

    def _slide(self, page: Element, number: int) -> Iterator[Piece]:
        self.where = Slide(number)
        lines: list[str] = []
        notes: list[str] = []
        for child in page:
            self.block(child, notes if LOCAL[child.tag] == "notes" else lines)
        yield from cut(Slide(number), "\n".join(line for line in lines if line.strip()))
        yield from cut(Slide(number), "\n".join(line for line in notes if line.strip()), Role.NOTE)
        yield from self.take()
        self.where = None

    # ------------------------------------------------------------------ blocks

    def block(self, element: Element, lines: list[str]) -> None:
        """One block: its paragraphs to ``lines``, all else to ``ready`` and ``beside``."""
        kind = LOCAL[element.tag]
        if kind in {"p", "h"}:
            lines.append(self.paragraph(element))
        elif kind == "table":
            self._table(element)
        elif kind == "annotation":
            self._annotation(element)
        elif kind == "deletion":
            gone: list[str] = []
            for child in element:
                self.block(child, gone)
            for line in gone:
                self.note("deleted text", Role.HIDDEN, line)
        elif kind == "change-info":
            self._author(element)
        elif kind == "text-box":
            inner: list[str] = []
            for child in element:
                self.block(child, inner)
            if isinstance(self.where, Slide):
                lines.extend(inner)
            else:
                self.ready.extend(cut(Part("text box"), "\n".join(inner)))
        elif kind in {"object", "object-ole"}:
            if href := _get(element, "href"):
                self.objects[unquote(href).removeprefix("./")] = None
            for child in element:  # an object may also be written out in place
                self.block(child, lines)
        elif kind in {"title", "desc"}:
            self.note("alternative text", Role.METADATA, "".join(map(str, element.itertext())))
        elif kind in {"user-field-decl", "variable-decl"}:
            self.note("fields", Role.METADATA, _get(element, "string-value"))
        elif kind in {"header-decl", "footer-decl"}:
            self.note("footer", Role.FOOTER, "".join(map(str, element.itertext())))
        elif kind == "content-validation":
            self._validation(element)
        elif kind == "list-header" or len(element):
            self._control(element)
            for child in element:
                self.block(child, lines)
        else:
            self._control(element)

    def _control(self, element: Element) -> None:
        """Contents of a form's field, and where a shape links to."""
        kind = LOCAL[element.tag]
        if kind in {
            "text",
            "textarea",
            "formatted-text",
            "combobox",
            "listbox",
            "hidden",
            "item",
            "option",
            "date",
            "number",
            "password",
            "generic-control",
            "fixed-text",
            "checkbox",
            "radio",
            "button",
            "frame",
        }:
            for name in ("current-value", "value", "label"):
                self.note("form", Role.BODY, _get(element, name))
        elif kind == "a":
            self._link(element)

    def _link(self, element: Element) -> None:
        href = unquote(_get(element, "href"))
        if href and not href.startswith("#"):
            self.note("links", Role.METADATA, href)

    def _validation(self, element: Element) -> None:
        condition = _get(element, "condition")
        if '"' in condition:
            self.note("validation", Role.METADATA, condition)
        for child in element:
            self.note("validation", Role.METADATA, "\n".join(words(child)))

    def _author(self, element: Element) -> None:
        for creator in element.iter("{*}creator"):
            self.note("authors", Role.METADATA, creator.text or "")

    def _annotation(self, element: Element) -> None:
        self._author(element)
        lines: list[str] = []
        for child in element:
            if LOCAL[child.tag] not in {"creator", "date", "sender-initials", "date-string", "creator-initials"}:
                self.block(child, lines)
        text = "\n".join(lines)
        if text.strip():
            self.ready.extend(cut(self.where or Part("comments"), text, Role.COMMENT))

    def _table(self, table: Element) -> None:
        self.tables += 1
        name = f"表{self.tables}"
        at = len(self.ready)
        rows = [tuple(self._cells(row)) for row in _rows(table)]
        for start in range(0, len(rows), _ROWS):
            self.ready.insert(at + start // _ROWS, Table(name, tuple(rows[start : start + _ROWS]), start + 1))

    def _cells(self, row: Element) -> Iterator[str]:
        for cell in row:
            if LOCAL[cell.tag] in {"table-cell", "covered-table-cell"}:
                lines: list[str] = []
                for child in cell:
                    self.block(child, lines)
                text = "\n".join(lines).strip("\n")
                for _ in range(_repeat(cell, 64)):
                    yield text

    # -------------------------------------------------------------- paragraphs

    def paragraph(self, element: Element) -> str:
        """Text of a paragraph as the reader sees it."""
        out: list[str] = []
        self._inline(element, out)
        return "".join(out).replace("\xad", "").replace("\n", " ")

    def _inline(self, element: Element, out: list[str]) -> None:
        if element.text:
            out.append(element.text)
        for child in element:
            kind = LOCAL[child.tag]
            if kind in {"span", "meta", "meta-field", "ruby-base"}:
                self._inline(child, out)
            elif kind == "a":
                self._link(child)
                self._inline(child, out)
            elif kind == "s":
                out.append(" " * _repeat(child, 1000, "c"))
            elif kind == "tab":
                out.append("\t")
            elif kind == "line-break":
                out.append("\x0b")
            elif kind == "note":
                lines: list[str] = []
                for body in child.iter("{*}note-body"):
                    for block in body:
                        self.block(block, lines)
                self.ready.extend(
                    cut(Part("footnotes" if _get(child, "note-class") != "endnote" else "endnotes"), "\n".join(lines), Role.NOTE)
                )
            elif kind == "ruby":
                base: list[str] = []
                for part in child:
                    if LOCAL[part.tag] == "ruby-base":
                        self._inline(part, base)
                    else:
                        self.note("ruby", Role.NOTE, f"{''.join(base)}（{''.join(map(str, part.itertext()))}）")
                out.extend(base)
            elif kind in {"hidden-text", "hidden-paragraph", "conditional-text"}:
                for name in ("string-value", "string-value-if-true", "string-value-if-false"):
                    self.note("hidden text", Role.HIDDEN, _get(child, name))
                self._inline(child, out)
            elif kind in {
                "frame",
                "custom-shape",
                "g",
                "annotation",
                "rect",
                "ellipse",
                "line",
                "control",
                "caption",
                "connector",
                "path",
                "polygon",
            }:
                lines = []
                self.block(child, lines)
                box = cut(Part("text box"), "\n".join(lines))
                if isinstance(self.where, Slide):
                    out.extend("\x0b" + line for line in lines)
                else:
                    self.ready.extend(box)
            elif kind in {
                "bookmark",
                "bookmark-start",
                "bookmark-end",
                "change",
                "change-start",
                "change-end",
                "annotation-end",
                "soft-page-break",
            }:
                pass
            else:  # fields: their text is what is shown
                self._inline(child, out)
            if child.tail:
                out.append(child.tail)

    # -------------------------------------------------------------- the rest

    def _styles(self) -> Iterator[Piece]:
        """Headers and footers of pages, texts of masters."""
        root = self.package.root("styles.xml") if self.package.has("styles.xml") else None
        for master in root.iter("{*}master-page") if root is not None else ():
            for child in master:
                kind = LOCAL[child.tag]
                name = "header" if kind.startswith("header") else "footer" if kind.startswith("footer") else "master"
                if kind == "notes" or _get(child, "placeholder") == "true":
                    continue
                lines: list[str] = []
                self.block(child, lines)
                role = Role.FOOTER if name == "footer" else Role.HEADER
                for line in lines:
                    self.note(name, role, line)
                for piece in self.ready:
                    if isinstance(piece, Segment):
                        self.note(name, role, piece.text)
                    else:
                        yield piece
                self.ready.clear()

    def _object(self, name: str) -> Iterator[Piece]:
        """An embedded document is a folder of the package; an OLE file is a part."""
        if self.package.has(f"{name}/content.xml"):
            root = self.package.root(f"{name}/content.xml")
            if root is None:
                return
            lines: list[str] = []
            for body in root.iter("{*}body"):
                self.block(body, lines)
            yield from cut(Part("object"), "\n".join(line for line in lines if line.strip()))
            yield from self.take()
        elif self.package.has(name):
            yield from self.package.embed(name)

    def _properties(self) -> Iterator[Piece]:
        root = self.package.root("meta.xml") if self.package.has("meta.xml") else None
        lines: list[str] = []
        for meta in root.iter("{*}meta") if root is not None else ():
            for element in meta:
                kind = LOCAL[element.tag]
                text = " ".join(words(element))
                if kind in _PROPERTIES and text:
                    lines.append(f"{_get(element, 'name') or kind}: {text}")
        yield from cut(Part("docProps"), "\n".join(lines), Role.METADATA)


class _Sheet:
    """Gathers rows of one sheet into tables; repeated empty rows and columns cost nothing."""

    def __init__(self, document: _Document, element: Element, name: str, role: Role) -> None:
        self.document, self.element, self.name, self.role = document, element, name, role
        self.rows: list[tuple[str, ...]] = []
        self.first = self.next = 1
        self.gathered = 0

    def add(self, row: Element) -> Iterator[Piece]:
        """A row of the document."""
        cells: list[str] = []
        column = 1  # of the cell; those without text are not there while none with text follows
        for cell in row:
            tag = cell.tag
            if tag == _CELL and len(cell) == 1 and column <= WIDE:  # nearly all cells
                only = cell[0]
                if only.tag == _P and not len(only) and cell.get(_VALUE_TYPE) != "date" and cell.get(_REPEATED) is None:
                    if text := only.text or "":
                        cells += [""] * (column - 1 - len(cells))
                        cells.append(text.replace("\n", " ") if "\n" in text else text)
                    column += 1
                    continue
            if LOCAL[tag] not in {"table-cell", "covered-table-cell"}:
                continue
            text = self._cell(cell, column)
            count = min(_repeat(cell, SAME if text else WIDE), max(0, WIDE + 1 - column))
            if text and count:
                cells += [""] * (column - 1 - len(cells))
                cells += [text] * count
            column += count
        if "\xad" in "".join(cells):
            cells = [text.replace("\xad", "") for text in cells]
            while cells and not cells[-1]:
                cells.pop()
        yield from self._put(tuple(cells), _repeat(row, 1_048_576, "number-rows-repeated"))

    def extend(self, run: Run) -> Iterator[Piece]:
        """Rows that need no parser."""
        done = 0
        while not run.repeats and done < len(run.rows):  # nearly all runs, many rows at once
            some = run.rows[done : done + _ROWS - len(self.rows)]
            size = sum(map(len, some))
            if not all(some) or self.gathered + size >= _CHUNK_CELLS or size >= self.document.cells:
                break
            self.rows += some
            self.next += len(some)
            self.gathered += size
            self.document.cells -= size
            done += len(some)
            if len(self.rows) >= _ROWS:
                yield from self.flush()
        for i in range(done, len(run.rows)):
            yield from self._put(run.rows[i], run.repeats.get(i, 1))
            if self.document.cells <= 0:
                return

    def _put(self, cells: tuple[str, ...], repeat: int) -> Iterator[Piece]:
        if not cells:
            if repeat > 16 or not self.rows:
                yield from self.flush()
                self.next += repeat
                self.first = self.next
            else:
                self.rows.extend([()] * repeat)
                self.next += repeat
            return
        end = self.next + repeat
        for _ in range(min(repeat, SAME)):
            self.rows.append(cells)
            self.next += 1
            self.gathered += len(cells)
            self.document.cells -= len(cells)
            if len(self.rows) >= _ROWS or self.gathered >= _CHUNK_CELLS:
                yield from self.flush()
            if self.document.cells <= 0:
                return
        if end > self.next:
            yield from self.flush()
            self.next = self.first = end

    def _cell(self, cell: Element, column: int) -> str:
        if not len(cell) and not cell.attrib:
            return ""
        document = self.document
        document.where = Cell(self.name, self.next, column)
        lines: list[str] = []
        beside: list[str] = []  # shapes that are anchored to the cell
        for child in cell:
            document.block(child, lines if LOCAL[child.tag] == "p" else beside)
        document.where = None
        document.ready.extend(cut(Part("text box"), "\n".join(beside)))
        attributes = {LOCAL[name]: str(value) for name, value in reversed(cell.items())}  # the first of a local name counts
        return shown(attributes, "\n".join(lines) if lines else None)

    def flush(self) -> Iterator[Piece]:
        """The rows so far as a table, without empty rows at its ends."""
        rows, first = self.rows, self.first
        self.rows, self.first, self.gathered = [], self.next, 0
        while rows and not rows[-1]:
            rows.pop()
        if rows:
            yield Table(self.name, tuple(rows), first, role=self.role)


def _rows(table: Element) -> Iterator[Element]:
    """Rows of this table, also grouped ones, but not those of tables inside it."""
    for child in table:
        kind = LOCAL[child.tag]
        if kind == "table-row":
            yield child
        elif kind in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child)


_CELL = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell"
_P = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_REPEATED = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}number-columns-repeated"
_VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"


def _table_of(row: Element) -> Element | None:
    """The sheet that a row belongs to; ``None`` for a row of a table in a text."""
    table = row.getparent()
    while table is not None and LOCAL[table.tag] in {"table-header-rows", "table-rows", "table-row-group"}:
        table = table.getparent()
    return table if table is not None and _of_spreadsheet(table) else None


def _of_spreadsheet(table: Element) -> bool:
    parent = table.getparent()
    return parent is not None and LOCAL[parent.tag] in {"spreadsheet", "body"}


def _repeat(element: Element, most: int, name: str = "number-columns-repeated") -> int:
    return count_of(_get(element, name), most)


def _drop(element: Element) -> None:
    """Let go of an element that has been read, and of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None and LOCAL[before.tag] in {*_TOP, ""}:
        parent.remove(before)
