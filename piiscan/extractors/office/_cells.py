"""The cells of workbooks as tables: what calamine gives as text, and rows in tables of bounded size."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from python_calamine import CalamineError

from piiscan.extractors.base import Piece, Reading, problem
from piiscan.extractors.office._numfmt import number_text
from piiscan.model import Role, Table
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["Chunks", "Places", "Sheet", "all_through_calamine", "calamine_rows", "hushed", "survives"]

_ROWS = 2_000
_CHUNK_CELLS = 200_000


@dataclass(slots=True)
class Sheet:
    """A sheet by its name and, in a package, its part."""

    name: str
    part: str
    role: Role


def _moment(value: dt.datetime) -> str:
    if value.hour or value.minute or value.second:
        return value.isoformat(" ", "seconds")
    return value.date().isoformat()


def _span(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


_TEXT: dict[type, Callable[[Any], str]] = {
    float: number_text,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    dt.date: dt.date.isoformat,
    dt.datetime: _moment,
    dt.time: lambda value: value.isoformat("seconds"),
    dt.timedelta: _span,
    str: str,
}


def _texts(row: Sequence[Any]) -> tuple[str, ...]:
    text = _TEXT
    return tuple([value if (kind := value.__class__) is str else text[kind](value) for value in row])


@dataclass(slots=True)
class Places:
    """Cells whose number is written with filled-up zeros, in the order of rows: ``row << 32 | column << 16 | style``, from 1."""

    places: array[int] = field(default_factory=lambda: array("Q"))
    masks: dict[int, Callable[[int], str]] = field(default_factory=dict)

    def put(self, cells: list[tuple[str, ...]], values: list[Sequence[Any]], start: int, first: int, at: int) -> int:
        """Rewrite such cells of the rows ``start``… in ``cells``; ``first`` is the grid's first column, ``at`` where to go on in the list."""
        places, masks, end = self.places, self.masks, start + len(cells)
        while at < len(places):
            place = places[at]
            row = place >> 32
            if row >= end:
                break
            at += 1
            column = (place >> 16 & 0xFFFF) - first
            if row < start or not 0 <= column < len(values[row - start]):
                continue
            value = values[row - start][column]
            if (value.__class__ is float and value >= 0 and value.is_integer()) or (value.__class__ is int and value >= 0):
                cells_of = cells[row - start]
                cells[row - start] = (*cells_of[:column], masks[place & 0xFFFF](int(value)), *cells_of[column + 1 :])
        return at


def _table(sheet: str, rows: list[tuple[str, ...]], first_row: int, first_column: int, role: Role) -> Table | None:
    """Rows as a table without the empty ones at its ends; ``None`` when all are empty."""
    start, end = 0, len(rows)
    while start < end and not any(rows[start]):
        start += 1
    while end > start and not any(rows[end - 1]):
        end -= 1
    return Table(sheet, tuple(rows[start:end]), first_row + start, first_column, role) if start < end else None


class Chunks:
    """Gathers rows into tables of bounded size, leaves out blocks of empty rows, and counts cells against the limit."""

    def __init__(self, sheet: str, role: Role, first_column: int, allowance: list[int]) -> None:
        self.sheet, self.role, self.first_column = sheet, role, first_column
        self.allowance = allowance  # cells of the workbook that may still come, shared by its sheets
        self.rows: list[tuple[str, ...]] = []
        self.first = 1
        self.next = 1
        self.cells = 0
        self.full = False

    def add(self, row: tuple[str, ...], number: int | None = None) -> Table | None:
        """Add the next row, or the one with this number; a table when enough have come together."""
        done = None
        if number is not None and number != self.next:
            if number > self.next and number - self.next <= 16:
                for _ in range(number - self.next):
                    self.rows.append(())
            else:
                done = self.flush()
                self.first = number
            self.next = number
        self.rows.append(row)
        self.next += 1
        self.cells += len(row)
        if done is None and (len(self.rows) >= _ROWS or self.cells >= _CHUNK_CELLS):
            done = self.flush()
        return done

    def flush(self) -> Table | None:
        """What has gathered, without empty rows at its ends."""
        rows, first = self.rows, self.first
        self.rows, self.first = [], self.next
        self.allowance[0] -= self.cells
        self.cells = 0
        self.full = self.allowance[0] <= 0
        return _table(self.sheet, rows, first, self.first_column, self.role)


def calamine_rows(reading: Reading, book: Any, sheet: Sheet, places: Places, allowance: list[int]) -> Iterator[Piece]:
    """Tables of one sheet through calamine. Raises what calamine raises, before the first table."""
    with hushed():
        grid = book.get_sheet_by_name(sheet.name)
    if grid is None or grid.start is None:
        return
    first = grid.start[1] + 1
    batch = max(1, min(_ROWS, _CHUNK_CELLS // max(grid.width, 1)))
    rows = grid.iter_rows()
    number, at = 1, 0
    while values := list(islice(rows, batch)):
        cells = [_texts(row) for row in values]
        at = places.put(cells, values, number, first, at)
        table = _table(sheet.name, cells, number, first, sheet.role)
        number += len(cells)
        allowance[0] -= len(cells) * grid.width
        if table is not None:
            yield table
        if allowance[0] <= 0:
            yield problem(ProblemKind.LIMIT, f"limits.cells = {reading.limits.cells}")
            return
        if reading.budget.expired():
            yield problem(ProblemKind.LIMIT, "limits.seconds")
            return


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Without standard error, where a panic of Rust code writes a line by itself; the line may quote the text that was met."""
    try:
        saved = os.dup(2)
    except OSError:  # a program without a console has none
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def survives(error: BaseException) -> bool:
    """Whether ``error`` is the file's doing: calamine's errors and the panics of its Rust code (a BaseException by design)."""
    return isinstance(error, CalamineError | ValueError | OSError | OverflowError) or type(error).__name__ == "PanicException"


def all_through_calamine(
    reading: Reading, book: Any, sheets: list[Sheet], allowance: list[int], places: Sequence[Places] = ()
) -> Iterator[Piece]:
    """Tables of all sheets; one that calamine cannot read is a problem of its own."""
    for i, sheet in enumerate(sheets):
        try:
            yield from calamine_rows(reading, book, sheet, places[i] if i < len(places) else Places(), allowance)
        except BaseException as error:
            if not survives(error):
                raise
            yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, f"sheet {i + 1}: {type(error).__name__}")
