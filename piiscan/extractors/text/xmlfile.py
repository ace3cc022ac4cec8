"""XML of any vocabulary: exports, settings, feeds.

Elements that repeat with the same children are records, so they become a table
with the children's names as its header. Everything else is read as
``name: value`` lines. Entities are not expanded and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.safexml import SAFE
from piiscan.extractors.text._records import PlainRecords, Run
from piiscan.extractors.text.plain import blocks, open_text
from piiscan.model import Line, Part, Role, Segment, Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "xml"
MEDIA_TYPES = ("application/xml", "text/xml")
SUFFIXES = (".xml", ".svg", ".rss", ".kml", ".xsd", ".plist")
DOC = FormatDoc(
    description="XML documents",
    description_ja="XML文書",
    sees=("text of elements with their names", "attributes", "repeated elements as tables", "comments"),
    sees_ja=(
        "要素の文字と要素名",
        "属性",
        "繰り返される要素（表として）",
        "コメント",
    ),
    limitations=("entities of a DTD are not expanded", "XML that is not well formed is read as plain text"),
    limitations_ja=(
        "DTDの実体は展開しません",
        "正しい形でないXMLはプレーンテキストとして読みます",
    ),
    references=("https://www.w3.org/TR/xml/",),
    engine="lxml",
)

_ROWS = 2_000
_READ_SIZE = 1 << 16
_BLOCK = 8_000
_WHOLE = 8 << 20  # bytes of a file that is parsed before it is walked: a third of the time, at some eight times its size in memory
_READ = "piiscan..read"  # name given to an element that was read; no vocabulary has it


def extract(reading: Reading) -> Iterator[Piece]:
    """Yield tables of repeated elements and lines of the rest."""
    from lxml import etree

    if reading.size > reading.limits.xml_bytes:
        yield from blocks(open_text(reading))
        yield problem(ProblemKind.LIMIT, f"limits.xml_bytes = {reading.limits.xml_bytes}, read as plain text")
        return
    plain = PlainRecords()
    walk = _Walk(plain)
    try:
        with reading.open() as file:
            if b"<!ENTITY" in file.read(65_536):
                # Entities are a bomb's usual shell; as plain text the file is harmless and still read.
                yield from blocks(open_text(reading))
                yield problem(ProblemKind.BOMB, "entities are declared; read as plain text")
                return
            file.seek(0)
            options: dict[str, Any] = {
                **SAFE,
                "huge_tree": True,
                "recover": False,
            }
            chunks = plain.taken_out(iter(lambda: file.read(_READ_SIZE), b""))
            if reading.size <= _WHOLE:
                parser = etree.XMLParser(**options)
                for chunk in chunks:
                    parser.feed(chunk)
                yield from walk.whole(parser.close())
            else:
                pull: Any = etree.XMLPullParser(events=("end", "comment"), **options)
                for event, node in _events(pull, chunks):
                    # a leaf with text, as nearly all elements are: its parent decides
                    if len(node) or event == "comment" or not (text := node.text) or text.isspace():
                        yield from walk.step(event, node)
                root = pull.close()
                if not len(root) and (root.text or "").strip():
                    yield from walk.step("end", root)
    except etree.XMLSyntaxError as error:
        yield from walk.finish()
        yield from blocks(open_text(reading))
        yield problem(ProblemKind.BROKEN_PART, f"not well formed{f' at line {error.lineno}' if error.lineno else ''}; read as plain text")
        return
    yield from walk.finish()


def _events(pull: Any, chunks: Iterator[bytes]) -> Iterator[tuple[str, Any]]:
    """Events of a document while it is fed, also those before an error."""
    from lxml import etree

    for chunk in chunks:
        error = None
        try:
            pull.feed(chunk)
        except etree.XMLSyntaxError as met:
            error = met
        yield from pull.read_events()
        if error is not None:
            raise error


@lru_cache(maxsize=4096)
def _local(tag: Any) -> str:
    text = str(tag)
    return text.rsplit("}", 1)[-1] if "}" in text else text


class _Walk:
    """Gathers leaves into lines, and siblings of one name that hold only leaves into rows."""

    def __init__(self, plain: PlainRecords) -> None:
        self._plain = plain
        self._lines: list[str] = []
        self._first = 1
        self._length = 0
        self._comments: list[str] = []
        self._record = ""
        self._parent: Any = None
        self._rows: list[dict[str, str]] = []
        self._header: list[str] = []
        self._row = 1
        self._sheets: dict[str, int] = {}
        self._sheet = ""

    def step(self, event: str, node: Any) -> Iterator[Piece]:
        if event == "comment":
            if node.text and node.text.strip():
                self._comments.append(node.text.strip())
            return
        if (run := self._plain.run_at(node)) is not None:
            yield from self._run(run, node.getparent())
            self._drop(node)
            return
        if (row := _leaves(node)) is not None:
            yield from self._take(node, row)
            self._drop(node)
            return
        elements = [child for child in node if isinstance(child.tag, str)]
        if not elements and node.getparent() is not None and not _may_be_record(node):
            pass  # a leaf; its parent decides
        elif elements:
            for child in elements:
                self._leaf(child)
            self._say(node)
            self._drop(node)
        elif node.getparent() is None or node.attrib:
            if _may_be_record(node) and node.getparent() is not None and len(node.getparent()) > 0 and node.getparent().getparent() is None:
                yield from self._take(node, {})
                self._drop(node)
            elif node.getparent() is None:
                self._say(node)
        if self._length >= _BLOCK:
            yield from self._flush_lines()

    def whole(self, root: Any) -> Iterator[Piece]:
        """The same for all nodes of a parsed document, in the order of their ends."""
        for comment in root.xpath("//comment()"):
            yield from self.step("comment", comment)
        open_: list[tuple[Any, Iterator[Any]]] = [(root, iter(root))]
        while open_:
            node, children = open_[-1]
            for child in children:
                if child.tag.__class__ is not str:
                    continue
                if not len(child):
                    if node is root and not (child.text or "").strip():
                        yield from self.step("end", child)
                elif (run := self._plain.run_at(child)) is not None:
                    yield from self._run(run, node)
                    self._drop(child)
                elif (row := _leaves(child)) is not None:
                    yield from self._take(child, row)
                    self._drop(child)
                else:
                    open_.append((child, iter(child)))
                    break
            else:
                open_.pop()
                yield from self.step("end", node)

    def finish(self) -> Iterator[Piece]:
        yield from self._flush_rows()
        yield from self._flush_lines()
        if self._comments:
            yield Segment(Part("comments"), "\n".join(self._comments), role=Role.COMMENT)

    def _drop(self, node: Any) -> None:
        """Forget what was read, so that a large file needs no more memory than a record."""
        tail = (node.tail or "").strip()
        if tail:
            self._add(tail)
        node.clear()
        node.tag = _READ

    def _take(self, node: Any, leaves: dict[str, str]) -> Iterator[Piece]:
        yield from self._begin(_local(node.tag), node.getparent())
        row = leaves
        if attributes := node.items():
            row = {_local(key): value for key, value in attributes}
            for key, value in leaves.items():
                row[key] = f"{row[key]}\n{value}" if row.get(key) else value
        self._rows.append(row)
        if len(self._rows) >= _ROWS:
            yield from self._flush_rows(more=True)

    def _run(self, run: Run, parent: Any) -> Iterator[Piece]:
        """The same for many elements of one form."""
        yield from self._begin(run.name, parent)
        places: dict[str, list[int]] = {}
        for i, name in enumerate(run.fields):
            places.setdefault(name, []).append(i)
        several = len(places) < len(run.fields)
        rest = run.rows
        while rest:
            rows = rest[: _ROWS - len(self._rows)]
            rest = rest[len(rows) :]
            if several:  # as _leaves joins them: what comes before the first that is not empty does not count
                self._rows += [
                    {name: "\n".join([row[i] for i in at]).lstrip("\n") if len(at) > 1 else row[at[0]] for name, at in places.items()}
                    for row in rows
                ]
            else:
                self._rows += [dict(zip(run.fields, row, strict=True)) for row in rows]
            if len(self._rows) >= _ROWS:
                yield from self._flush_rows(more=True)

    def _begin(self, name: str, parent: Any) -> Iterator[Piece]:
        """Rows of another table begin, unless the last ones were of the same."""
        if (name, parent is self._parent) != (self._record, True):
            yield from self._flush_rows()
            self._record, self._parent, self._row = name, parent, 1
            count = self._sheets[name] = self._sheets.get(name, 0) + 1
            self._sheet = name if count == 1 else f"{name} {count}"

    def _flush_rows(self, *, more: bool = False) -> Iterator[Piece]:
        rows, self._rows = self._rows, []
        if len(rows) == 1 and self._row == 1 and not more:
            self._add(self._record)
            for key, value in rows[0].items():
                self._add(f"{key}: {value}")
            return
        if not rows:
            return
        yield from self._flush_lines()
        if self._row == 1:
            self._header = list(dict.fromkeys(key for row in rows for key in row))
            grid = [tuple(self._header)]
        else:
            self._header += [key for key in dict.fromkeys(key for row in rows for key in row) if key not in self._header]
            grid = []
        header = self._header
        grid += [
            tuple(map(row.__getitem__, header)) if len(row) == len(header) else tuple(row.get(key, "") for key in header) for row in rows
        ]
        yield Table(self._sheet, tuple(grid), first_row=self._row)
        self._row += len(grid)

    def _leaf(self, node: Any) -> None:
        if node.tag == _READ:
            return
        self._say(node)
        if (node.tail or "").strip():
            self._add(node.tail.strip())

    def _say(self, node: Any) -> None:
        name = _local(node.tag)
        for key, value in node.attrib.items():
            if value.strip():
                self._add(f"{name} {_local(key)}: {value.strip()}")
        if (node.text or "").strip():
            self._add(f"{name}: {node.text.strip()}")

    def _add(self, text: str) -> None:
        """Say something; what stands on lines of its own in an element (a mail, a memo) stays so, without what indents it."""
        self._lines += [line.strip() for line in text.split("\n")] if "\n" in text else (text,)
        self._length += len(text) + 1

    def _flush_lines(self) -> Iterator[Piece]:
        if self._lines:
            yield Segment(Line(self._first), "\n".join(self._lines))
            self._first += len(self._lines)
            self._lines, self._length = [], 0


def _leaves(node: Any) -> dict[str, str] | None:
    """The children of an element that holds nothing but leaves, by their names; ``None`` for any other."""
    row: dict[str, str] = {}
    for leaf in node:
        tag = leaf.tag
        if tag.__class__ is not str:
            continue  # a comment
        if len(leaf) or tag == _READ:
            return None
        key, value = _local(tag), (leaf.text or "").strip()
        if attributes := leaf.items():
            for attribute, said in attributes:  # <name kana="サトウ">: a field of its own
                if said := said.strip():
                    own = f"{key} {_local(attribute)}"
                    row[own] = f"{row[own]}\n{said}" if own in row else said
        if (tail := leaf.tail) and (tail := tail.strip()):
            value = f"{value} {tail}"
        row[key] = f"{row[key]}\n{value}" if row.get(key) else value
    return row if row and not (node.text or "").strip() else None


def _may_be_record(node: Any) -> bool:
    """An element whose attributes are its fields: ``<user name="…" tel="…"/>``."""
    return len(node.attrib) >= 2 and not (node.text or "").strip()
