"""Lists in two storeys (二段組): each person has two rows, one below the other, under a header of two rows.

    No | 氏名     | 電話
       | 住所     | メール
    1  | 山田太郎 | 090-…
       | 東京都…  | taro@…

A column that is filled in every upper row and blank in every lower one (the number, merged over both) gives such a list away. The two
rows are read as one row of twice the columns, and each value keeps its place on the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from piiscan.detect.tables.grid import Grid, Layout, filled
from piiscan.detect.tables.words import Words

__all__ = ["Storeys", "storeys_of"]

#: Rows that are looked at, the fewest records, and the share of the rows that such records make up.
_LOOK: Final = 80
_LEAST: Final = 2
_SHARE: Final = 0.8
#: From this weight on a word may be a label.
_LABEL: Final = 0.5
#: A header is no longer.
_HEADER_CHARS: Final = 24


@dataclass(frozen=True, slots=True)
class Storeys:
    """How the rows of a list lie.

    :ivar width: columns of one row.
    :ivar leads: the column that only upper rows fill.
    :ivar headers: those of both rows, one behind the other.
    :ivar start: index of the first row of data in the block.
    """

    width: int
    leads: int
    headers: tuple[str, ...]
    start: int

    def folded(self, grid: Grid) -> tuple[Grid, Grid]:
        """The records in one row each, and what follows them."""
        numbers: list[int] = []
        rows: list[Sequence[str]] = []
        at = 0
        while at + 1 < len(grid.rows) and self._is_record(grid, at):
            numbers.append(grid.numbers[at])
            rows.append((*_of_width(grid.rows[at], self.width), *_of_width(grid.rows[at + 1], self.width)))
            at += 2
        return Grid(grid.sheet, numbers, rows, grid.first_column, self.width), grid.part(at)

    def begins(self, row: Sequence[str]) -> bool:
        """Whether a row may be an upper one."""
        return len(row) > self.leads and bool(row[self.leads].strip())

    def _is_record(self, grid: Grid, at: int) -> bool:
        upper, lower = grid.rows[at], grid.rows[at + 1]
        return (
            max(len(upper), len(lower)) <= self.width
            and grid.numbers[at + 1] == grid.numbers[at] + 1
            and self.begins(upper)
            and not self.begins(lower)
            and bool(filled(lower))
        )


def storeys_of(block: Grid, layout: Layout, words: Words) -> Storeys | None:
    """How the rows of a list in two storeys lie; None for any other."""
    rows = block.rows[:_LOOK]
    width = max(map(len, rows), default=0)
    for top in (layout.start - 1, layout.start - 2):  # the second row is taken for data, or was joined with the first
        if top < 0 or len(rows) < top + 2 + 2 * _LEAST:
            continue
        upper, lower = (_of_width(row, width) for row in rows[top : top + 2])
        if not _heads(upper, words) or not _heads(lower, words):
            continue
        body = Grid(block.sheet, block.numbers[top + 2 : _LOOK], rows[top + 2 :], block.first_column)
        for leads in filled(upper):
            if lower[leads].strip():
                continue
            storeys = Storeys(width, leads, tuple(cell.strip() for cell in (*upper, *lower)), top + 2)
            records = len(storeys.folded(body)[0].rows)
            if records >= _LEAST and 2 * records >= _SHARE * len(body.rows):
                return storeys
    return None


def _heads(row: Sequence[str], words: Words) -> bool:
    """Whether a row is one of headers: short words, two of them or more, half of which are labels."""
    texts = [cell.strip() for cell in row if cell.strip()]
    if len(texts) < 2 or any(len(text) > _HEADER_CHARS or any(map(str.isdigit, text)) or "@" in text for text in texts):
        return False
    return words.labels(texts, _LABEL) >= max(1, 0.5 * len(texts))


def _of_width(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row, *[""] * (width - len(row)))
