"""SQL ``INSERT`` statements as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables.lines import Cells, TextTable

__all__ = ["inserts"]

_INSERT = re.compile(
    r"\binsert\s+(?:ignore\s+)?into\s+(?P<table>[\w.`\"\[\]]{1,80})\s*(?:\((?P<columns>(?:[`\"\[][^`\"\]]{1,80}[`\"\]]|[^()`\"\[]){1,2000})\))?\s*values\s*",
    re.IGNORECASE,
)
_ROW = re.compile(r"\s*,?\s*\((?=['\"\dNnXx\s-])")
_FIELD = re.compile(
    r"\s*(?:[NnXxEe]?'(?P<text>(?:[^'\\]|''|\\.)*)'|\"(?P<quoted>(?:[^\"\\]|\"\"|\\.)*)\"|(?P<bare>[^,()'\"]*(?:\([^()]*\))?[^,()'\"]*))\s*(?P<end>[,)])"
)
_NAME = re.compile(r"[`\"\[]([^`\"\]]+)[`\"\]]|([^`\"\[\],\s][^,]*)")
#: The columns of a table as it is made, which a dump's INSERT leaves out: its name, its type, and what a comment calls it.
_CREATE = re.compile(r"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(?P<table>[\w.`\"\[\]]{1,80})\s*\(", re.IGNORECASE)
_COLUMN = re.compile(r"\s*(?:[`\"\[](?P<quoted>[^`\"\]]{1,80})[`\"\]]|(?P<bare>\w{1,80}))(?=[\s,)])")
_COMMENT = re.compile(r"\bcomment\s+'(?P<words>[^'\n]{1,24})'", re.IGNORECASE)
_NO_COLUMN = frozenset(
    ("primary", "key", "unique", "constraint", "index", "foreign", "check", "fulltext", "spatial", "exclude", "like", "period")
)
_CREATED_CHARS = 20_000
_NULL = frozenset({"null", "true", "false", "now()", "default"})


def inserts(text: str, words: Words | None = None) -> Iterator[TextTable]:
    """Consecutive ``INSERT`` statements into one table with one list of columns are one table.

    Where a statement names no columns they are those with which the table was made, if the text has that; else codes and categories
    where the name of the table says that no person is in it (mst_prefecture).
    """
    rows: list[tuple[str, ...]] = []
    places: list[tuple[int, ...]] = []
    key: tuple[str, str] | None = None
    start = end = 0
    made: dict[str, tuple[str, ...]] | None = None
    for match in _INSERT.finditer(text) if "insert" in text.lower() else ():
        if match.start() < end:
            continue
        mine = (match["table"], match["columns"] or "")
        if key != mine or text[end : match.start()].strip(" \t\r\n;"):
            if rows:
                yield TextTable(((start, end),), tuple(rows), tuple(places))
            key, start = mine, match.start()
            rows, places = [], []
            if match["columns"]:
                names = tuple((m[1] or m[2]).strip() for m in _NAME.finditer(match["columns"]))
                rows, places = [names], [tuple(-1 for _ in names)]
        at = match.end()
        while (cells := _tuple(text, at)) is not None:
            row, at = cells
            if not rows and not match["columns"]:
                if made is None:
                    made = dict(_made(text))
                names = made.get(_plain(match["table"]), ())
                if len(names) != len(row):
                    of_nobody = words is not None and words.against("PERSON", _plain(match["table"]))
                    names = tuple("code" if cell.isascii() else "category" for _, cell in row) if of_nobody else ()
                if names:
                    rows, places = [names], [tuple(-1 for _ in names)]
            rows.append(tuple(cell for _, cell in row))
            places.append(tuple(place for place, _ in row))
        end = at
    if rows:
        yield TextTable(((start, end),), tuple(rows), tuple(places))


def _plain(table: str) -> str:
    """The name of a table without quotes and the database before it."""
    return table.rpartition(".")[2].strip('`"[]').lower()


def _made(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Tables as they are made, and what their columns are called."""
    for match in _CREATE.finditer(text):
        names = []
        for definition in _definitions(text, match.end()):
            column = _COLUMN.match(definition)
            if column is None or (column["bare"] or "").lower() in _NO_COLUMN:
                continue
            comment = _COMMENT.search(definition)
            names.append(comment["words"] if comment else column["quoted"] or column["bare"])
        yield _plain(match["table"]), tuple(names)


def _definitions(text: str, at: int) -> Iterator[str]:
    """What stands between the commas of a list in parentheses that begins at a place, quoted signs and inner parentheses apart."""
    depth, quote, first = 0, "", at
    for i in range(at, min(len(text), at + _CREATED_CHARS)):
        ch = text[i]
        if quote:
            quote = "" if ch == quote else quote
        elif ch in "'\"`":
            quote = ch
        elif ch == "(":
            depth += 1
        elif (ch == "," and not depth) or (ch == ")" and not depth):
            yield text[first:i] + " "
            first = i + 1
            if ch == ")":
                return
        elif ch == ")":
            depth -= 1


def _tuple(text: str, at: int) -> tuple[Cells, int] | None:
    opening = _ROW.match(text, at)
    if opening is None:
        return None
    at = opening.end()
    cells: Cells = []
    while True:
        field = _FIELD.match(text, at)
        if field is None:
            return None
        group = "text" if field["text"] is not None else "quoted" if field["quoted"] is not None else "bare"
        cell = field[group]
        place = field.start(group)
        if group == "bare" and cell.strip().lower() in _NULL:
            cell = ""
        cells.append((place, cell))
        at = field.end()
        if field["end"] == ")":
            return cells, at
