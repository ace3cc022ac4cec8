"""What belongs together on a sheet, before the shape of its blocks is judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from piiscan.detect.tables.grid import Grid, Shape, blocks, filled, layout_of
from piiscan.detect.tables.words import Words

__all__ = ["is_in_bands", "with_headers"]

_LABEL: Final = 0.7
#: A form in bands has so many blocks, of which all but one may be labels above values.
_LEAST_BANDS: Final = 3
_MOST_BANDS: Final = 40
#: A header of merged cells has at least so many labels, and what is below it begins so many rows further down at most.
_MERGED_LABELS: Final = 3
_MERGED_ROWS: Final = 3


def is_in_bands(grid: Grid, words: Words) -> bool:
    """Whether a sheet is a form in bands, of labels above their values: 所属|社員番号|氏名 over one row, 郵便番号|電話番号 over another."""
    bands = 0
    some = [grid.part(start, end) for start, end in blocks(grid)]
    if not _LEAST_BANDS <= len(some) <= _MOST_BANDS:
        return False
    for block in some:
        over, *below = (filled(row) for row in block.rows)
        labels = [block.rows[0][i] for i in over]
        if (
            len(below) == 1
            and len(over) >= 2
            and set(below[0]) <= set(over)
            and words.labels(labels, _LABEL) >= 0.6 * len(over)
            and not words.labels([block.rows[1][i] for i in below[0]], _LABEL)
        ):
            bands += 1
        elif len(below) > 1 and layout_of(block, words).shape is Shape.COLUMNS:
            return False
    return bands >= _LEAST_BANDS - 1


def with_headers(grid: Grid, words: Words) -> Iterator[Grid]:
    """The blocks of a grid, a header that merging has parted from the rows below it together with the first of them."""
    header: Grid | None = None
    for start, end in blocks(grid):
        block = grid.part(start, end)
        if header is not None and _is_over(header, block, words):
            yield Grid(grid.sheet, [*header.numbers, *block.numbers], [*header.rows, *block.rows], grid.first_column)
            header = None
            continue
        if header is not None:
            yield header
            header = None
        if len(block.rows) == 1 and _is_all_header(block.rows[0], words):
            header = block
        else:
            yield block
    if header is not None:
        yield header


def _is_all_header(row: Sequence[str], words: Words) -> bool:
    cells = [row[i] for i in filled(row)]
    return len(cells) >= _MERGED_LABELS and words.labels(cells, _LABEL) >= 0.6 * len(cells)


def _is_over(header: Grid, block: Grid, words: Words) -> bool:
    """Whether the first row below a blank one stands under labels: in their columns, and with values."""
    own, below = filled(header.rows[0]), filled(block.rows[0])
    if block.numbers[0] - header.numbers[0] > _MERGED_ROWS or len(below) < max(2, 0.5 * len(own)) or not set(below) <= set(own):
        return False
    return words.labels([block.rows[0][i] for i in below], _LABEL) <= 0.3 * len(below)
