"""The shape of a block of cells: records in rows or in columns, a form, or neither.

Office tables are drawn for eyes: titles above, headers merged over two rows, forms with the label left and the value right, lists
turned on their side. Everything here looks at words (is this a label?) and at
types (text above numbers), never at layout attributes, which most formats lose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median
from typing import Final

from piiscan.detect.tables.grid import Grid, filled, is_typed
from piiscan.detect.tables.header_rows import find_header, headers_in_rows, share_as_wide
from piiscan.detect.tables.pairs import count_pairs, in_led_pairs, in_pairs, in_two_pairs, in_two_pairs_half_known, is_pair_row
from piiscan.detect.tables.words import Words

__all__ = ["Layout", "Shape", "layout_of"]

#: Rows looked at to know the shape.
_LOOK: Final = 80
_LABEL: Final = 0.7
_HEADER_CHARS: Final = 24


class Shape(Enum):
    """How a block of cells is to be read."""

    COLUMNS = "columns"  # records in rows
    TURNED = "turned"  # labels in the first column, a record in each further one
    FORM = "form"  # label and value pairs
    PROSE = "prose"  # neither


@dataclass(slots=True)
class Layout:
    """What a block is.

    :ivar titles: rows above the header.
    :ivar headers: joined header text of each column (COLUMNS; of each row for TURNED).
    :ivar start: index of the first row of data.
    """

    shape: Shape
    titles: int = 0
    headers: tuple[str, ...] = ()
    start: int = 0

    @property
    def has_header(self) -> bool:
        return any(self.headers)


def layout_of(grid: Grid, words: Words) -> Layout:
    """The shape of one block, its titles and headers."""
    rows = grid.rows[:_LOOK]
    if in_two_pairs(rows, words) or in_led_pairs(rows, words) or in_pairs(rows, words):
        return Layout(Shape.FORM)
    header = find_header(rows, words)
    if in_two_pairs_half_known(rows, words):
        return Layout(Shape.FORM)
    if (header and _is_turned(rows, words)) or _is_led(rows, words):
        return Layout(Shape.TURNED)  # a row of it looked like a header (続柄 配偶者 父 母)
    if header is not None and is_pair_row(rows, header, words):
        header = None
    pairs, first_share = count_pairs(rows, words, header)
    body = len(grid.rows)
    if header is not None:
        labels_in_header = sum(words.label(rows[header][i]).weight >= _LABEL for i in filled(rows[header]))
        form_like = first_share >= 0.5 and pairs >= 2 and not words.glossary(rows[header])
        # Values may be words that are labels elsewhere (身体障害者手帳2級); rows as wide as their header tell them apart.
        regular = labels_in_header >= max(2, 0.7 * len(filled(rows[header]))) and share_as_wide(rows, header) >= 0.8
        if not form_like and (regular or labels_in_header >= min(pairs, 6)):
            return _of_columns(grid, words, header)
    counts = [len(filled(row)) for row in rows]
    # 配偶者, 母 in the middle of wide rows are values, not labels: a form's rows begin with one
    listed = first_share < 0.3 and len(rows) >= 3 and median(counts) >= 4
    if not listed and (pairs >= 2 or (pairs == 1 and body <= 6)):
        return Layout(Shape.TURNED if _is_turned(rows, words) else Shape.FORM)
    if header is not None:
        return _of_columns(grid, words, header)
    if len(rows) >= 2 and median(counts) >= 2 and sum(c >= 2 for c in counts) >= 0.6 * len(counts):
        titles = 0
        while titles < len(rows) - 2 and counts[titles] == 1 and median(counts[titles + 1 :]) >= 2:
            titles += 1
        return Layout(Shape.COLUMNS, titles=titles, headers=("",) * grid.width, start=titles)
    if len(rows) >= 3 and max(counts) == 1 and grid.width >= 1 and len({filled(row)[0] for row in rows}) == 1:
        return Layout(Shape.COLUMNS, headers=("",) * grid.width)
    return Layout(Shape.PROSE)


def _of_columns(grid: Grid, words: Words, header: int) -> Layout:
    """A table of records; titles are what stands above its header."""
    top, bottom, headers = headers_in_rows(grid.rows, grid.width, words, header)
    return Layout(Shape.COLUMNS, titles=top, headers=headers, start=bottom + 1)


def _is_turned(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Labels in the first column, two or more records to its right, few labels elsewhere."""
    wide = labelled = 0
    widths = []
    leads = set()
    for row in rows:
        cells = filled(row)
        if len(cells) < 2:
            continue
        labelled += 1
        leads.add(row[cells[0]].strip())
        if words.label(row[cells[0]]).weight >= 0.5 and not any(words.label(row[i]).weight >= _LABEL for i in cells[1:]):
            wide += len(cells) >= 3
            widths.append(len(cells) - 1)
    if labelled < 3 or wide < 0.75 * labelled or not widths or len(leads) < 0.8 * labelled:  # 団員, 団員, 団員: a rank
        return False
    typical = median(widths)
    return typical >= 2 and sum(abs(w - typical) <= 1 for w in widths) >= 0.8 * len(widths)


def _is_led(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Rows as wide as one another, each led by a word of its own of which many name a personal kind: a list on its side,
    also where its other rows (月額報酬, 契約開始日) are led by words that we do not know.
    """
    cells = [filled(row) for row in rows]
    if not 3 <= len(rows) < _LOOK or any(len(own) != len(cells[0]) or own[0] != cells[0][0] for own in cells) or len(cells[0]) < 3:
        return False
    leads = [row[own[0]].strip() for row, own in zip(rows, cells, strict=True)]
    if len(set(leads)) < len(leads) or any(is_typed(lead) or len(lead) > _HEADER_CHARS for lead in leads):
        return False
    named = sum(any(weight >= 0.8 for _, weight in words.label(lead).kinds) for lead in leads)
    others = [row[i] for row, own in zip(rows, cells, strict=True) for i in own[1:]]
    return named >= max(2, 0.4 * len(rows)) and not words.labels(others, 0.5)
