"""Lines of a text, how they are cut into cells, and the table that comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from piiscan.detect.base import ValueMatch
from piiscan.detect.tables.words import Words

__all__ = [
    "HEAD_TOKEN",
    "LABEL",
    "LEAST_ALIKE",
    "NAMED",
    "RULE",
    "TOKEN",
    "Cells",
    "Line",
    "TextTable",
    "Value",
    "line_blocks",
    "share_of_labels",
    "split_at",
    "table_of",
]

LABEL: Final = 0.7
NAMED: Final = 0.8
_LINE_CHARS: Final = 1_000
RULE = re.compile(r"[\s|+\-=:─━┼┬┴│]+")
TOKEN = re.compile(r"\S+")
#: A word of a header with the number of its field: ③ 生年月日.
HEAD_TOKEN = re.compile(r"(?:[①-⑳] ?)?\S+")
LEAST_ALIKE: Final = 3


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table that stands in a text.

    :ivar spans: the stretches of the text that it is made of.
    :ivar rows: its cells.
    :ivar places: offset of each cell in the text; -1 for one that does not stand in it (a header carried over).
    """

    spans: tuple[tuple[int, int], ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[tuple[int, ...], ...]

    def __repr__(self) -> str:
        """Without the cells."""
        return f"TextTable({self.spans[:1]}, {len(self.rows)} rows)"


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    text: str

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.start + len(self.text)


Cells = list[tuple[int, str]]
Value = Callable[[str, str], ValueMatch | None]


def line_blocks(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[list[Line]]:
    """Runs of lines without a blank one, outside of what is taken."""
    block: list[Line] = []
    at = 0
    for raw in text.split("\n"):
        line = raw.rstrip("\r")
        inside = any(a <= at < b for a, b in taken)
        if not line.strip() or inside or len(line) > _LINE_CHARS:
            if len(block) >= 3:
                yield block
            block = []
        else:
            block.append(Line(at, line))
        at += len(raw) + 1
    if len(block) >= 3:
        yield block


def split_at(line: Line, sign: str) -> Cells:
    cells: Cells = []
    at = 0
    parts = line.text.split(sign)
    for part in parts:
        stripped = part.strip()
        cells.append((line.start + at + (part.find(stripped) if stripped else 0), stripped))
        at += len(part) + 1
    if sign == "|" and not cells[0][1] and not cells[-1][1]:
        cells = cells[1:-1]  # | a | b |
    if sign == ",":
        cells = [(place + 1, cell[1:-1]) if len(cell) >= 2 and cell[0] == cell[-1] == '"' else (place, cell) for place, cell in cells]
    return cells


def share_of_labels(cells: Sequence[str], words: Words) -> float:
    """Share of the filled cells that are header words."""
    filled = [cell for cell in cells if cell]
    return words.labels(filled, LABEL) / len(filled) if len(filled) >= 2 else 0.0


def table_of(rows: Sequence[Cells], lines: Sequence[Line]) -> TextTable:
    cells = tuple(tuple(cell for _, cell in row) for row in rows)
    return TextTable(tuple(line.span for line in lines), cells, tuple(tuple(place for place, _ in row) for row in rows))
