"""Some rows of a sheet, and where their cells are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from piiscan.model import Cell

__all__ = ["Grid", "TurnedGrid", "cell_of", "filled", "is_typed"]


@dataclass(slots=True)
class Grid:
    """Some rows of a sheet.

    :ivar numbers: row numbers as in the location, from 1.
    :ivar first_column: column number of index 0.
    :ivar storey: columns of one row of the sheet where each row here is two of them, one behind the other; else 0.
    """

    sheet: str
    numbers: list[int]
    rows: list[Sequence[str]]
    first_column: int = 1
    storey: int = 0

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def part(self, start: int, end: int | None = None) -> Grid:
        return type(self)(self.sheet, self.numbers[start:end], self.rows[start:end], self.first_column, self.storey)

    def columns(self, start: int, end: int) -> Grid:
        """Some columns, without the rows that are blank there at its top and end."""
        rows = [tuple(row[start:end]) for row in self.rows]
        used = [n for n, row in enumerate(rows) if filled(row)]
        first, last = used[0], used[-1] + 1
        return Grid(self.sheet, self.numbers[first:last], list(rows[first:last]), self.first_column + start)

    def without_blank_rows(self) -> Grid:
        used = [n for n, row in enumerate(self.rows) if filled(row)]
        return Grid(self.sheet, [self.numbers[n] for n in used], [self.rows[n] for n in used], self.first_column)

    def turned(self) -> TurnedGrid:
        """Its columns as rows, from the first one that holds something."""
        width = self.width
        padded = [[*row, *[""] * (width - len(row))] for row in self.rows]
        first = min((cells[0] for row in self.rows if (cells := filled(row))), default=0)
        rows: list[Sequence[str]] = [tuple(column) for column in list(zip(*padded, strict=True))[first:]]
        return TurnedGrid(self.sheet, list(range(self.first_column + first, self.first_column + width)), rows, self.numbers[0])

    def place(self, number: int, index: int) -> Cell:
        """Where on the sheet a cell is, by the number of its row."""
        if 0 < self.storey <= index:
            return Cell(self.sheet, number + 1, self.first_column + index - self.storey)
        return Cell(self.sheet, number, self.first_column + index)


class TurnedGrid(Grid):
    """A grid whose rows are the columns of the sheet."""

    def place(self, number: int, index: int) -> Cell:
        return Cell(self.sheet, self.first_column + index, number)


def cell_of(row: Sequence[str], index: int) -> str:
    """A cell of a row without the blanks around it; empty where the row is too short."""
    return row[index].strip() if index < len(row) else ""


def filled(row: Sequence[str]) -> list[int]:
    """Indices of the cells that hold something."""
    return [i for i, cell in enumerate(row) if cell and not cell.isspace()]


def is_typed(cell: str) -> bool:
    """Whether a cell holds a number, a date or an address of mail rather than words."""
    return "@" in cell or sum(ch.isdigit() for ch in cell) >= max(1, 0.3 * len(cell))
