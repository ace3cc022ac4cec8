"""HTML pages and the HTML bodies of mails: what a reader sees, and what the source hides.

Text is gathered block by block in document order. A table of two rows and two
columns or more becomes a table. Comments, values of form fields, alternative
texts and addresses of links are read too: people leave data there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.text._tablerows import PlainRows, tidy, tidy_row
from piiscan.extractors.text.encodings import decode
from piiscan.extractors.text.plain import blocks, open_text
from piiscan.model import Part, Role, Segment, Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "decoded_html", "extract", "pieces_of_html", "text_of_html"]

NAME = "html"
MEDIA_TYPES = ("text/html", "application/xhtml+xml")
SUFFIXES = (".html", ".htm", ".xhtml")
DOC = FormatDoc(
    description="HTML pages",
    description_ja="HTMLページ",
    sees=(
        "visible text",
        "tables",
        "values of form fields",
        "alternative texts and titles",
        "mailto: and tel: links",
        "comments",
        "hidden elements, templates, data attributes, pages in a frame's srcdoc",
        "ruby readings",
    ),
    sees_ja=(
        "表示される文字",
        "表",
        "フォームの入力値",
        "代替テキストとtitle属性",
        "mailto:とtel:のリンク",
        "コメント",
        "非表示の要素、template、data属性、フレームのsrcdocの中のページ",
        "ルビ",
    ),
    limitations=("what a script would add is not run, its source text is read", "pages above 64 MB are read as plain text"),
    limitations_ja=(
        "スクリプトは実行せず、そのソースを文字として読みます",
        "64 MBを超えるページはプレーンテキストとして読みます",
    ),
    references=("https://html.spec.whatwg.org/",),
    engine="lxml",
)

_LARGEST = 64 * 1024**2
_BLOCK = 8_000
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_CELLS = frozenset({"td", "th"})
_ROW_GROUPS = frozenset({"table", "thead", "tbody", "tfoot"})
_SILENT = frozenset({"style"})
#: Where line ends and blanks stand as they were typed.
_TYPED = frozenset({"pre", "textarea"})
#: A line end there until a block is put together, lest those of the source be taken for it.
_LINE_END = "\x1e"
#: What stands above a word in small print, and the brackets around it for old browsers.
_READINGS, _BESIDE_READINGS = frozenset({"rt", "rtc"}), frozenset({"rt", "rtc", "rp"})
#: Fields to be typed in, and what their labels are no longer than.
_TYPED_IN = frozenset({"text", "tel", "email", "search", "number", "date", ""})
_LABEL_CHARS = 16
_ATTRIBUTES = ("alt", "title", "placeholder", "aria-label", "data-name", "data-email", "data-tel", "summary", "label")
_TELLING = frozenset({"data-value", "data-user", "data-username", "data-phone", "data-address", "data-title", "data-content"})
_TOLD = re.compile(r"[ぁ-んァ-ヶ一-龠]|[^\s@]@[^\s@]+\.|\d{2,4}-\d{2,4}-\d{3,4}")  # a value that a person reads, not a setting of a script
_TAG = re.compile(r"<[^>]{0,2000}>")
_DECLARED = re.compile(r"\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,24})""", re.IGNORECASE)
#: What pages call Shift_JIS is CP932 (WHATWG Encoding Standard).
_NAMES = {
    "shift_jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "shift-jis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "cp50221",
    "euc-jp": "cp51932",
    "x-euc-jp": "cp51932",
}


def extract(reading: Reading) -> Iterator[Piece]:
    """Yield segments and tables of the page."""
    if reading.size > _LARGEST:
        yield from blocks(open_text(reading))
        yield problem(ProblemKind.LIMIT, f"{reading.size} bytes of HTML, read as plain text")
        return
    with reading.open() as file:
        data = file.read()
    yield from pieces_of_html(decoded_html(data))


def decoded_html(data: bytes) -> str:
    """HTML source in the encoding that it names itself, where that fits; else by its bytes."""
    said = _CHARSET.search(data[:4096])
    if said:
        name = said.group(1).decode("ascii").lower()
        try:
            return data.decode(_NAMES.get(name, name))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)[0]


def text_of_html(html: str) -> str:
    """All text of a page in one string, for a mail's body that is only searched."""
    lines: list[str] = []
    for piece in pieces_of_html(html):
        if isinstance(piece, Segment):
            lines.append(piece.text)
        elif isinstance(piece, Table):
            lines += ["\t".join(row) for row in piece.rows]
    return "\n".join(lines)


def pieces_of_html(html: str, part: str = "body") -> Iterator[Segment | Table]:
    """Segments and tables of HTML source, in document order.

    :param part: name of the part that the segments are located in.
    """
    if "\0" in html:
        html = html.replace("\0", "")
    if declared := _DECLARED.match(html):
        html = html[declared.end() :]
    if not html.strip():
        return
    plain = PlainRows(html)
    root = _parsed(plain.page)
    grids = _plain_grids(root, plain) if plain.runs and root is not None else {}
    if grids is None:
        grids, root = {}, _parsed(html)
    if root is None:
        yield from _without_tags(html, part)
        return
    walk = _Walk(part, grids)
    yield from walk.run(root)


def _parsed(html: str) -> Any:
    """The tree; ``None`` where the parser gives up, or drops what is nested too deep, which it does without an error."""
    from lxml import etree

    # The plain parser, not that of lxml.html: its elements come from a look-up in Python, once for each.
    parser = etree.HTMLParser(huge_tree=True, remove_pis=True, no_network=True, encoding="utf-8")
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return None if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log) else root


def _plain_grids(root: Any, plain: PlainRows) -> dict[Any, list[tuple[str, ...]]] | None:
    """The tables that plain rows were taken out of; ``None`` where one of them is no data table, or a row is in none."""
    marks = root.xpath(f"//tr[@{plain.mark}]")
    if len(marks) != len(plain.runs) or any(len(mark) or mark.text or mark.getparent().tag not in _ROW_GROUPS for mark in marks):
        return None
    tables = dict.fromkeys(next(mark.iterancestors("table"), None) for mark in marks)
    if None in tables:
        return None
    grids = {table: _grid(table, plain) for table in tables}
    return grids if all(grids.values()) else None


def _without_tags(html: str, part: str) -> Iterator[Segment]:
    text = _SPACES.sub(" ", unescape(re.sub(r"<[^<>]{0,2000}>", " ", html)))
    for start in range(0, len(text), 2 * _BLOCK):
        yield Segment(Part(part), text[start : start + 2 * _BLOCK], offset=start)


class _Walk:
    """One pass over a tree; an explicit stack, because hostile pages nest deeper than Python recurses."""

    def __init__(self, part: str, grids: dict[Any, list[tuple[str, ...]]]) -> None:
        self._part = part
        self._grids = grids
        self._text: list[str] = []
        self._length = 0
        self._comments: list[str] = []
        self._tables = 0
        self._typed = 0
        self._ruby: list[tuple[str, str]] = []
        self._readings: dict[str, None] = {}

    def run(self, root: Any) -> Iterator[Segment | Table]:
        from lxml import etree

        stack: list[tuple[str, Any]] = [("open", root)]
        while stack:
            step, node = stack.pop()
            if step == "tail":
                self._say(node.tail)
                continue
            if step == "close":
                self._typed -= node.tag in _TYPED
                if node.tag in _BLOCKS:
                    self._break()
                    if self._length >= _BLOCK:
                        yield from self._flush()
                self._say(node.tail)
                continue
            if not isinstance(node.tag, str):
                if node.text and node.text.strip():
                    self._comments.append(_SPACES.sub(" ", node.text.strip()))
                self._say(node.tail)
                continue
            if node.tag in _SILENT:
                self._say(node.tail)
                continue
            if node.tag == "table" and (rows := self._grids.get(node) or _grid(node)):
                yield from self._flush()
                self._tables += 1
                title = f"table {self._tables}"
                for first in range(0, len(rows), 2_000):
                    yield Table(title, tuple(rows[first : first + 2_000]), first_row=first + 1)
                self._comments += [_SPACES.sub(" ", c.text.strip()) for c in node.iter(etree.Comment) if c.text]
                self._say(node.tail)
                continue
            if node.tag == "ruby":
                self._say_ruby(node)
                self._say(node.tail)
                continue
            if node.tag in _BLOCKS:
                self._break()
            self._attributes(node)
            self._typed += node.tag in _TYPED
            self._say(node.text)
            if len(node):
                stack.append(("close", node))
                stack.extend([("open", child) for child in reversed(node)])
                continue
            self._typed -= node.tag in _TYPED
            if node.tag in _BLOCKS:
                self._break()
                if self._length >= _BLOCK:
                    yield from self._flush()
            self._say(node.tail)
        yield from self._flush()
        self._note_ruby()
        if self._readings:
            yield Segment(Part("ruby"), "\n".join(self._readings), role=Role.NOTE)
        if self._comments:
            yield Segment(Part("comments"), "\n".join(self._comments), role=Role.COMMENT)

    def _attributes(self, node: Any) -> None:
        if not node.attrib:
            return
        labelled = node.tag == "input" and self._is_labelled(node)
        for extra in _said_by(node):
            self._say(f" {extra.partition(': ')[2]} " if labelled and extra.startswith(f"{node.get('name')}: ") else f" {extra} ")

    def _is_labelled(self, node: Any) -> bool:
        """Whether a field to be typed in stands right behind its label, which says more than its name: 姓 [sei]; a colon is put between."""
        before = node.getprevious()
        if before is None or before.tag != "label" or (before.tail or "").strip() or node.get("type", "text") not in _TYPED_IN:
            return False
        label = (before.text or "").strip()
        if len(before) or not 0 < len(label) <= _LABEL_CHARS or not node.get("name"):
            return False
        if label[-1] not in ":：":
            self._say(":")
        return True

    def _say(self, text: str | None) -> None:
        if text:
            if self._ruby and not text.isspace():
                self._note_ruby()
            if self._typed:
                text = text.replace("\r", "").replace("\n", _LINE_END)
            elif not text.isprintable() or "  " in text:
                text = _SPACES.sub(" ", text)
            self._text.append(text)
            self._length += len(text)

    def _say_ruby(self, ruby: Any) -> None:
        """The words of a ``ruby``; their reading is noted with that of those beside them: 山田 太郎（やまだ たろう）."""
        noted, self._ruby = self._ruby, []
        gap = " " if noted and self._text[-1:] and self._text[-1].isspace() else ""
        base, reading = _ruby(ruby)
        self._say(base)
        self._ruby = [*noted, (gap + base.strip(), gap + reading.strip())]

    def _note_ruby(self) -> None:
        if self._ruby:
            base, reading = ("".join(parts) for parts in zip(*self._ruby, strict=True))
            self._readings[f"{base}（{reading}）"] = None
            self._ruby = []

    def _break(self) -> None:
        self._note_ruby()
        if self._text and self._text[-1] != "\n":
            self._text.append("\n")

    def _flush(self) -> Iterator[Segment]:
        text = re.sub(r" *\n[ \n]*", "\n", "".join(self._text)).strip().replace(_LINE_END, "\n")
        self._text, self._length = [], 0
        for start in range(0, len(text), 2 * _BLOCK):
            yield Segment(Part(self._part), text[start : start + 2 * _BLOCK], offset=start)


def _ruby(ruby: Any) -> tuple[str, str]:
    """The words of a ``ruby`` and what they are read as."""
    base: list[str] = [ruby.text or ""]
    reading: list[str] = []
    for child in ruby:
        if child.tag in _READINGS:
            reading += child.itertext()
        elif child.tag not in _BESIDE_READINGS and isinstance(child.tag, str):
            base += child.itertext()
        base.append(child.tail or "")
    return "".join("".join(base).split()), "".join("".join(reading).split())


def _said_by(node: Any) -> Iterator[str]:
    for name in _ATTRIBUTES:
        value = node.get(name)
        if value and value.strip():
            yield value.strip()
    if node.tag in {"input", "option", "button", "data", "param"} and (value := node.get("value")) and value.strip():
        label = node.get("name") or ""
        yield f"{label}: {value.strip()}" if label else value.strip()
    for name, value in node.attrib.items():
        if name.startswith("data-") and name not in _ATTRIBUTES and (name in _TELLING or _TOLD.search(value)):
            yield f"{name[5:]}: {value.strip()}"
    if node.tag == "iframe" and (inner := node.get("srcdoc")):
        yield _TAG.sub(" ", inner)
    if node.tag == "meta" and (value := node.get("content")) and (node.get("name") or node.get("property")):
        yield value.strip()
    link = node.get("href") or ""
    if link.lower().startswith(("mailto:", "tel:")):
        plain = unquote(link.partition(":")[2].partition("?")[0])
        if plain and plain not in (node.text or ""):
            yield plain
    elif node.tag == "a" and link.lower().startswith(("http://", "https://")):
        yield link


def _grid(table: Any, plain: PlainRows | None = None) -> list[tuple[str, ...]]:
    """The cells of a data table; empty for a table that only lays out the page.

    :param plain: rows that were taken out of it; none where a cell spans others, as they would have to move.
    """
    if table.find(".//table") is not None or table.find(".//form") is not None:
        return []
    rows: list[tuple[str, ...]] = []
    below: dict[int, tuple[int, str]] = {}
    spans = table.xpath("boolean(.//@colspan | .//@rowspan)")
    if plain is not None and spans:
        return []
    for row in table.iter("tr"):
        if plain is not None and (number := row.get(plain.mark)) is not None:
            rows += plain.runs[number]
            continue
        if not spans:  # nearly all tables
            if texts := _row(row):
                rows.append(texts)
            continue
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while len(cells) in below:
                left, text = below[len(cells)]
                if left <= 1:
                    del below[len(cells)]
                else:
                    below[len(cells)] = (left - 1, text)
                cells.append(text)
            text = _cell_text(cell)
            wide, high = _span(cell.get("colspan")), _span(cell.get("rowspan"))
            if high > 1:
                below[len(cells)] = (high - 1, text)
            cells.append(text)
            cells += [""] * (wide - 1)
        if cells:
            rows.append(tuple(cells))
    if len(rows) < 2 or max(map(len, rows)) < 2 or max(map(len, itertools.chain.from_iterable(rows))) > 2_000:
        return []
    return rows


def _row(row: Any) -> tuple[str, ...]:
    """The cells of a row in which none spans others."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    if not any(map(len, cells)) and not any(cell.keys() for cell in cells):  # nearly all rows
        return tidy_row(tuple([cell.text or "" for cell in cells]))
    return tuple(map(_cell_text, cells))


def _cell_text(cell: Any) -> str:
    if not len(cell) and not cell.keys():
        return tidy((cell.text or "").strip())
    parts: list[str] = []
    readings: list[str] = []
    for node in cell.iter():
        if not isinstance(node.tag, str):
            parts.append(node.tail or "")
            continue
        if node.tag in _BESIDE_READINGS:
            readings += node.itertext() if node.tag in _READINGS else ()
            parts.append(node.tail or "")
            continue
        if node is not cell and node.tag in _BLOCKS:
            parts.append("\n")
        if node.tag not in _SILENT:
            parts.append(node.text or "")
            if node.attrib:
                parts += [f" {said} " for said in _said_by(node)]
        if node is not cell:
            parts.append(node.tail or "")
    if readings:
        parts.append(f"（{' '.join(readings)}）")
    return tidy("".join(parts)).strip()


def _span(text: str | None) -> int:
    return min(int(text), 1_000) if text and text.isascii() and text.isdigit() and int(text) else 1
