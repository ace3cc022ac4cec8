"""Tables in plain text: rows set off by spaces, tabs or bars.

People paste lists into notes, mails and READMEs, and old systems print them in
columns of fixed width. Where several lines in a row begin their cells at the
same places they are a table, so that its header tells what the cells are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.model import Line, Segment, Table

__all__ = ["with_tables"]

_CELL, _LINE = 40, 500
_ROWS = 4  # fewer lines may be alike by chance
_GAP = re.compile(r"[ \u3000]{2,}|\t+")  # one wide space may stand inside a name
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[-=+:|─━┼ 　\t]{3,}")
_WIDE = re.compile(
    "[\u1100-\u115f\u2460-\u24ff\u2500-\u25ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]"
)


def with_tables(segments: Iterator[Segment]) -> Iterator[Segment | Table]:
    """Segments of lines, with the tables in them taken out as tables. A cell's row is the number of its line."""
    count = 0
    for segment in segments:
        location = segment.location
        if not isinstance(location, Line) or segment.offset or segment.text.count("\n") < _ROWS - 1 or not _may_hold_columns(segment.text):
            yield segment
            continue
        lines = segment.text.split("\n")
        at = 0
        for start, end, rows in _runs(lines):
            if start > at:
                yield Segment(Line(location.number + at), "\n".join(lines[at:start]), segment.role, segment.context)
            count += 1
            yield Table(f"表{count}", rows, first_row=location.number + start)
            at = end
        if at < len(lines):
            yield Segment(Line(location.number + at), "\n".join(lines[at:]), segment.role, segment.context)


def _may_hold_columns(text: str) -> bool:
    """Looked at as a whole first: prose has neither bars nor gaps, and has many lines."""
    return any(sign in text for sign in ("|", "\t", "  ", "\u3000\u3000", " \u3000", "\u3000 "))


def _runs(lines: list[str]) -> Iterator[tuple[int, int, tuple[tuple[str, ...], ...]]]:
    """``(first line, line after the last, rows)`` of each table."""
    at = 0
    while at < len(lines):
        line = lines[at]
        for sign, cells in (("|", _barred), ("\t", _tabbed), ("", _aligned)):
            if sign not in line or not (sign or _GAP.search(line)):
                continue
            end, rows = cells(lines, at)
            if sum(any(row) for row in rows) >= _ROWS:
                yield at, end, tuple(rows)
                at = end
                break
        else:
            at += 1


def _barred(lines: list[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Markdown, and what database programs print: cells between bars."""
    rows: list[tuple[str, ...]] = []
    width = 0
    while at < len(lines):
        line = lines[at].strip()
        if rows and _RULE.fullmatch(line):
            rows.append(())
        else:
            cells = [cell.strip().replace("\\|", "|") for cell in _BAR.split(line)]
            if line.startswith("|"):
                cells = cells[1:]
            if line.endswith("|") and cells:
                cells = cells[:-1]
            if len(cells) < 2 or "|" not in line or (width and len(cells) != width):
                break
            if not line.startswith("|") and max(map(len, cells)) > _CELL:
                break  # a line of a log, with prose between its bars
            width = len(cells)
            rows.append(tuple(cells))
        at += 1
    return at, rows


def _tabbed(lines: list[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Cells between single tabs."""
    rows: list[tuple[str, ...]] = []
    while at < len(lines):
        cells = lines[at].rstrip("\t").split("\t")
        if len(cells) < 2 or not cells[0].strip() or (rows and abs(len(cells) - len(rows[0])) > 1):
            break
        rows.append(tuple(cell.strip() for cell in cells))
        at += 1
    return at, rows


def _aligned(lines: list[str], at: int) -> tuple[int, list[tuple[str, ...]]]:
    """Cells that begin at the same places on the screen, where a Japanese character is as wide as two Latin ones."""
    rows: list[tuple[str, ...]] = []
    places: list[int] = []
    while at < len(lines):
        line = lines[at].rstrip()
        if rows and _RULE.fullmatch(line):
            rows.append(())
            at += 1
            continue
        if len(line) > _LINE or not _GAP.search(line):
            break
        cells, starts = _cells(line)
        if len(cells) < 2 or max(map(len, cells)) > _CELL:
            break
        if not places:
            places = starts
        slots: dict[int, str] = {}
        for cell, start in zip(cells, starts, strict=True):
            near = min(range(len(places)), key=lambda i: abs(places[i] - start))
            if abs(places[near] - start) > 1 or near in slots:
                return at, rows
            slots[near] = cell
        if 0 not in slots:
            break
        rows.append(tuple(slots.get(i, "") for i in range(len(places))))
        at += 1
    return at, rows


def _cells(line: str) -> tuple[list[str], list[int]]:
    """The cells of a line, and the screen columns where they begin."""
    cells: list[str] = []
    starts: list[int] = []
    at = 0
    for found in [*_GAP.finditer(line), None]:
        end = found.start() if found else len(line)
        if end > at:
            cells.append(line[at:end])
            starts.append(_width(line[:at]))
        at = found.end() if found else end
    return cells, starts


def _width(text: str) -> int:
    return len(text) if text.isascii() and "\t" not in text else len(_WIDE.sub("xx", text).expandtabs())
