"""Where tables lie on a sheet: between blank rows, beside each other, below a header that merging has parted from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from piiscan.detect.tables.grid import Grid, filled
from piiscan.detect.tables.layout import Shape, layout_of
from piiscan.detect.tables.words import Words

__all__ = ["blocks", "is_in_bands", "side_by_side", "with_headers"]

_LABEL: Final = 0.7
#: Rows looked at to know whether tables stand side by side, and rows from the top within which their headers do.
_LOOK: Final = 80
_HEADER_WITHIN: Final = 16
#: A form in bands has so many blocks, of which all but one may be labels above values.
_LEAST_BANDS: Final = 3
_MOST_BANDS: Final = 40
#: A header of merged cells has at least so many labels, and what is below it begins so many rows further down at most.
_MERGED_LABELS: Final = 3
_MERGED_ROWS: Final = 3


def blocks(grid: Grid) -> Iterator[tuple[int, int]]:
    """``(start, end)`` of each run of rows without a blank row or a gap in the numbers."""
    start: int | None = None
    last = 0
    for i, row in enumerate(grid.rows):
        number = grid.numbers[i]
        if _is_blank(row):
            if start is not None:
                yield start, i
                start = None
            continue
        # a row that an extractor left out right below the first one is a ruled line under a header
        if start is not None and number > last + (2 if i == start + 1 else 1):
            yield start, i
            start = None
        if start is None:
            start = i
        last = number
    if start is not None:
        yield start, len(grid.rows)


def _is_blank(row: Sequence[str]) -> bool:
    for cell in row:  # noqa: SIM110 -- asked of every row, and the first cell answers nearly always
        if cell and not cell.isspace():
            return False
    return True


def side_by_side(grid: Grid, words: Words) -> list[tuple[int, int]]:
    """Column ranges of tables that stand beside each other, else one range.

    A blank column alone does not part a table (merged cells leave blank columns
    everywhere): both sides must look like a table of their own, with a header
    of two labels at least, of which one is in both, or reach to different rows.
    """
    width = grid.width
    rows = grid.rows[:_LOOK]
    used = [False] * width
    for row in rows:
        for i in filled(row):
            used[i] = True
    ranges: list[tuple[int, int]] = []
    start: int | None = None
    for i, flag in enumerate([*used, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            ranges.append((start, i))
            start = None
    if len(ranges) < 2:
        return [(0, width)]
    heads = []
    for a, b in ranges:
        head: set[str] = set()
        for row in rows[:_HEADER_WITHIN]:
            labels = [words.label(cell) for cell in row[a:b] if cell and not cell.isspace()]
            if len(labels) >= 2 and sum(label.weight >= _LABEL for label in labels) >= 0.6 * len(labels):
                head = {label.plain for label in labels}
                break
        heads.append(head)
    if all(heads) and any(heads[i] & heads[i + 1] for i in range(len(heads) - 1)):
        return ranges
    depth = [max((i for i, row in enumerate(rows) if any(c and not c.isspace() for c in row[a:b])), default=0) for a, b in ranges]
    if all(heads) and max(depth) - min(depth) >= 2:
        return ranges
    return [(0, width)]


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
