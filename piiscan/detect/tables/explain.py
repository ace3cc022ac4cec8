"""Why a table gave nothing: for each column, what its values look like and what spoke against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from piiscan.detect.tables.blocks import blocks
from piiscan.detect.tables.columns import Judge
from piiscan.detect.tables.grid import Grid
from piiscan.detect.tables.layout import Shape, layout_of
from piiscan.detect.tables.plans import samples
from piiscan.detect.tables.words import TableKit, Words, shared_words
from piiscan.model import Cell, Table

__all__ = ["ColumnReason", "column_reasons", "prose_cells"]

_SURE_HEADER = 0.8


@dataclass(frozen=True, slots=True)
class ColumnReason:
    """Why the values of a column that look like a kind were not taken for it; without a value.

    :ivar place: the first cell of its values.
    :ivar header: its header, empty where there is none.
    :ivar passed: how many of the different values looked at have the kind's form and pass its check.
    :ivar seen: how many were looked at.
    :ivar need: the share that must pass.
    :ivar why: ``other`` (the header names something else), ``header`` (none of them has the form that the header
        promises), ``few`` (too few different values), ``share`` (too few of them pass), ``unsure`` (their form proves little).
    """

    place: Cell
    header: str
    entity: str
    passed: int
    seen: int
    need: float
    why: str


def column_reasons(kit: TableKit, table: Table) -> Iterator[ColumnReason]:
    """The reasons for each column of records in (a chunk of) a table."""
    words = shared_words(kit.catalogue, kit.sensitive)
    judge = Judge(kit, words)
    for block, start in _blocks(table):
        layout = layout_of(block, words)
        if layout.shape is not Shape.COLUMNS:
            continue
        rows = block.rows[layout.start :]
        for i in range(max(map(len, rows), default=0)):
            header = layout.headers[i] if i < len(layout.headers) else ""
            values = samples(rows, i, words.rules.sample)
            if values:
                place = table.cell(start + layout.start, i)
                yield from _of_column(kit, words, place, header, judge.cells.safe_header(header), values)


def prose_cells(kit: TableKit, table: Table) -> Iterator[tuple[Cell, str]]:
    """The rows of a table that has no columns of records (a form, a list of words), each as one text with its first cell."""
    words = shared_words(kit.catalogue, kit.sensitive)
    for block, start in _blocks(table):
        if layout_of(block, words).shape is not Shape.COLUMNS:
            for i, row in enumerate(block.rows):
                yield table.cell(start + i, 0), "\t".join(row)


def _blocks(table: Table) -> Iterator[tuple[Grid, int]]:
    numbers = list(range(table.first_row, table.first_row + len(table.rows)))
    whole = Grid(table.sheet, numbers, list(table.rows), table.first_column)
    for start, end in blocks(whole):
        yield Grid(table.sheet, numbers[start:end], list(table.rows[start:end]), table.first_column), start


def _of_column(kit: TableKit, words: Words, place: Cell, header: str, shown: str, values: Sequence[str]) -> Iterator[ColumnReason]:
    named = dict(words.label(header).kinds)
    for entity in dict.fromkeys((*named, *words.rules.by_value)):
        sure = named.get(entity, 0.0) >= _SURE_HEADER
        passed = sum(kit.value(entity, value.strip()) is not None for value in values)
        by_value = words.rules.by_value.get(entity)
        need = words.rules.strict_header.get(entity, words.rules.with_header) if sure else by_value.share if by_value else 1.0
        if not passed:
            why = "header" if sure else ""
        elif header and (words.against(entity, header) or words.something_else(entity, header)):
            why = "other"
        elif not sure and by_value and len(values) < by_value.unique:
            why = "few"
        elif passed < need * len(values):
            why = "share"
        else:
            why = "unsure"
        if why:
            yield ColumnReason(place, shown, entity, passed, len(values), need, why)
