"""Lists in two storeys (二段組), as ledgers on paper are ruled: each person has two rows, one below the other.

    No | 氏名     | 電話                フリガナ   | 生年月日            氏名
       | 住所     | メール              氏名       | 郵便番号            テラウチ　ユカ
    1  | 山田太郎 | 090-…               テラウチ… | 1980/4/1            寺内　友香
       | 東京都…  | taro@…             寺内　友香 | 100-0001

What gives them away: a column that is filled in every upper row and blank in every lower one (the number, merged over both); two rows of
labels, of which each asks for what stands in every other row; readings above their names. The two rows are read as one row of twice the
columns, and each value keeps its place on the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from piiscan.detect.readings import script_of
from piiscan.detect.tables.grid import Grid, cell_of, filled
from piiscan.detect.tables.layout import Layout
from piiscan.detect.tables.words import TableKit, Words

__all__ = ["Storeys", "storeys_of"]

#: Rows that are looked at, the fewest records, and the share of the rows that such records make up.
_LOOK: Final = 80
_LEAST: Final = 2
_SHARE: Final = 0.8
#: From these weights on a word may be a label, is one, and surely.
_MAYBE: Final = 0.5
_LABEL: Final = 0.7
_SURE: Final = 0.8
#: A header is no longer.
_HEADER_CHARS: Final = 24
#: So many of the upper rows must hold what the upper header asks for, and no more of the lower ones; and the other way round.
_MOSTLY: Final = 0.6
_HARDLY: Final = 0.3
#: Kinds that a value shows by itself.
_TOLD: Final = ("DATE_OF_BIRTH", "JP_POSTAL_CODE", "PHONE_NUMBER", "EMAIL_ADDRESS", "JP_MY_NUMBER", "JP_ADDRESS")


@dataclass(frozen=True, slots=True)
class Storeys:
    """How the rows of a list lie.

    :ivar width: columns of one row.
    :ivar leads: the column that only upper rows fill; None where there is none.
    :ivar headers: those of both rows, one behind the other.
    :ivar top: index of the first row of the header in the block.
    :ivar start: index of the first row of data.
    """

    width: int
    leads: int | None
    headers: tuple[str, ...]
    top: int
    start: int

    def folded(self, grid: Grid, *, ends: bool = False) -> tuple[Grid, Grid]:
        """The records in one row each, and what follows them.

        :param ends: nothing follows the grid, so that its last row may be a record whose lower row is blank.
        """
        numbers: list[int] = []
        rows: list[Sequence[str]] = []
        at = 0
        while at + 1 < len(grid.rows) and self._is_record(grid, at):
            numbers.append(grid.numbers[at])
            rows.append((*_of_width(grid.rows[at], self.width), *_of_width(grid.rows[at + 1], self.width)))
            at += 2
        if ends and at and at + 1 == len(grid.rows) and self.begins(grid.rows[at]) and len(grid.rows[at]) <= self.width:
            numbers.append(grid.numbers[at])
            rows.append(_of_width(grid.rows[at], 2 * self.width))
            at += 1
        return Grid(grid.sheet, numbers, rows, grid.first_column, self.width), grid.part(at)

    def begins(self, row: Sequence[str]) -> bool:
        """Whether a row may be an upper one."""
        return bool(filled(row)) if self.leads is None else bool(cell_of(row, self.leads))

    def _is_record(self, grid: Grid, at: int) -> bool:
        upper, lower = grid.rows[at], grid.rows[at + 1]
        return (
            max(len(upper), len(lower)) <= self.width
            and grid.numbers[at + 1] == grid.numbers[at] + 1
            and self.begins(upper)
            and (self.leads is None or not self.begins(lower))
            and bool(filled(lower))
        )


def storeys_of(block: Grid, layout: Layout, words: Words, kit: TableKit) -> Storeys | None:
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
            storeys = Storeys(width, leads, tuple(cell.strip() for cell in (*upper, *lower)), top, top + 2)
            records = len(storeys.folded(body)[0].rows)
            if records >= _LEAST and 2 * records >= _SHARE * len(body.rows):
                return storeys
    header, body_rows = block.rows[layout.titles : layout.start], rows[layout.start :]
    if len(body_rows) < 2:
        return None
    if len(header) == 2 and _differ(header[0], header[1], body_rows, words, kit):
        both = (*_of_width(header[0], width), *_of_width(header[1], width))
        return Storeys(width, None, tuple(cell.strip() for cell in both), layout.titles, layout.start)
    if (names := _read_above(layout.headers, body_rows, words)) is not None:
        over, under = [*_of_width(layout.headers, width)], [""] * width
        under[names], over[names] = over[names], "フリガナ"
        return Storeys(width, None, (*over, *under), layout.titles, layout.start)
    return None


def _heads(row: Sequence[str], words: Words) -> bool:
    """Whether a row is one of headers: short words, two of them or more, half of which are labels."""
    texts = [cell.strip() for cell in row if cell.strip()]
    if len(texts) < 2 or any(len(text) > _HEADER_CHARS or any(map(str.isdigit, text)) or "@" in text for text in texts):
        return False
    return words.labels(texts, _MAYBE) >= max(1, 0.5 * len(texts))


def _differ(upper: Sequence[str], lower: Sequence[str], rows: Sequence[Sequence[str]], words: Words, kit: TableKit) -> bool:
    """Whether two rows of labels each head rows of their own: what one asks for stands in every other row, from the first or the second."""
    both = [i for i in filled(lower) if cell_of(upper, i)]
    labels = [words.label(row[i]) for i in both for row in (upper, lower)]
    if len(both) < 2 or sum(label.weight >= _LABEL for label in labels) < 0.8 * len(labels):
        return False
    for half, row in enumerate((upper, lower)):
        for i in both:
            for kind, weight in words.label(row[i]).kinds:
                if kind in _TOLD and weight >= _SURE:
                    own, other = (_share(kind, rows[at::2], i, kit) for at in (half, 1 - half))
                    if own >= _MOSTLY and other <= _HARDLY:
                        return True
    return False


def _share(kind: str, rows: Sequence[Sequence[str]], i: int, kit: TableKit) -> float:
    cells = [cell for row in rows if (cell := cell_of(row, i))]
    return sum(kit.value(kind, cell) is not None for cell in cells) / len(cells) if cells else 0.0


def _read_above(headers: Sequence[str], rows: Sequence[Sequence[str]], words: Words) -> int | None:
    """The column of names in which the reading stands in the row above: テラウチ　ユカ over 寺内　友香, and nothing beside it."""
    for i, header in enumerate(headers):
        if not header or not any(kind == "PERSON" and weight >= _SURE for kind, weight in words.label(header).kinds):
            continue
        upper, lower = [cell_of(row, i) for row in rows[::2]], [cell_of(row, i) for row in rows[1::2]]
        alone = all(len(filled(row)) == 1 for row in rows[1::2])
        if alone and all(upper) and all(lower) and {*map(script_of, upper)} == {"kana"} and {*map(script_of, lower)} == {"kanji"}:
            return i
    return None


def _of_width(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row, *[""] * (width - len(row)))
