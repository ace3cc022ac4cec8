"""SQL ``INSERT`` statements as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_NULL = frozenset({"null", "true", "false", "now()", "default"})


def inserts(text: str) -> Iterator[TextTable]:
    """Consecutive ``INSERT`` statements into one table with one list of columns are one table."""
    rows: list[tuple[str, ...]] = []
    places: list[tuple[int, ...]] = []
    key: tuple[str, str] | None = None
    start = end = 0
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
            rows.append(tuple(cell for _, cell in row))
            places.append(tuple(place for place, _ in row))
        end = at
    if rows:
        yield TextTable(((start, end),), tuple(rows), tuple(places))


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
