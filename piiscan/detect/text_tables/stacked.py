"""Tables that were written cell below cell, as old formats and the clipboard give them: a line for each label, then a line for each value."""

from __future__ import annotations

from typing import Final

from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables.lines import LABEL, NAMED, Line, TextTable, Value, table_of

__all__ = ["stacked"]

_LEAST_LABELS: Final = 3
_MOST_LABELS: Final = 20
_LEAST_ROWS: Final = 2
#: So many of the values of each kind that shows by itself must be of it: a blank cell leaves no line, and what is below it no longer fits.
_PASS: Final = 0.8
_TOLD = frozenset({"DATE_OF_BIRTH", "PHONE_NUMBER", "EMAIL_ADDRESS", "JP_POSTAL_CODE", "JP_ADDRESS", "JP_MY_NUMBER"})


def stacked(block: list[Line], at: int, words: Words, value: Value) -> tuple[TextTable | None, int]:
    """The table whose header begins with a line, and the line behind it."""
    count = 0
    while at + count < len(block) and count <= _MOST_LABELS and words.label(block[at + count].text.strip()).weight >= LABEL:
        count += 1
    if not _LEAST_LABELS <= count <= _MOST_LABELS:
        return None, at
    kinds = [
        (i, entity)
        for i in range(count)
        for entity, weight in words.label(block[at + i].text.strip()).kinds
        if entity in _TOLD and weight >= NAMED
    ]
    first = at + count
    rows = 0
    missed = dict.fromkeys(kinds, 0)
    while kinds and first + (rows + 1) * count <= len(block):
        failed = [kind for kind in kinds if value(kind[1], block[first + rows * count + kind[0]].text.strip()) is None]
        if len(failed) == len(kinds):
            break
        for kind in failed:
            missed[kind] += 1
        rows += 1
    if rows < _LEAST_ROWS or any(count > (1 - _PASS) * rows for count in missed.values()):
        return None, at
    end = first + rows * count
    cells = [(line.start + len(line.text) - len(line.text.lstrip()), line.text.strip()) for line in block[at:end]]
    return table_of([cells[n : n + count] for n in range(0, len(cells), count)], block[at:end]), end
