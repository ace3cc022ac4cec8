"""Cells read as text: rows without a shape, titles above a table, headers that name somebody."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from piiscan.detect.base import is_modelled
from piiscan.detect.tables.grid import Grid, filled
from piiscan.detect.tables.plans import Found, found_of, passed_by_chance
from piiscan.detect.tables.seats import Seats, stamped
from piiscan.detect.tables.values import Cells
from piiscan.detect.tables.words import TableKit, Words
from piiscan.model import Cell, Hit

__all__ = ["ProseReader", "prose_hits"]

#: What a header says of itself in brackets.
_IN_BRACKETS = re.compile(r"[(（][^()（）0-9]{1,8}[)）]$")
_TEXT_CHARS: Final = 12_000
#: So many rows of one cell with a name and more in each are a list of people.
_LISTED_ROWS: Final = 2


class ProseReader:
    """Reads blocks that are neither a table of records nor a form."""

    def __init__(self, kit: TableKit, words: Words, cells: Cells, seats: Seats) -> None:
        self._kit = kit
        self._words = words
        self._cells = cells
        self._seats = seats

    def read(self, block: Grid, headers: Sequence[str] = (), start: int = 0) -> list[list[Hit]]:
        """The hits of a block; what stands in a row belongs together.

        :param headers: of the columns, where known: names under 駅名 and numbers under 図番 are none, but in a line above or below the table.
        :param start: the first row below those headers; what stands above them is not under them.
        """
        rows: dict[int, list[Hit]] = {}
        spotted = list(prose_hits(self._kit, block))
        by_chance = passed_by_chance(block.rows, spotted, self._words.rules.numbers)
        for (r, i), thing in spotted:
            if (thing.entity, i) in by_chance:
                continue
            under = start <= r and i < len(headers) and headers[i] and len(filled(block.rows[r])) > 1
            if under and self._words.something_else(thing.entity, headers[i]):
                continue
            rows.setdefault(r, []).append(thing.at(Cell(block.sheet, block.numbers[r], block.first_column + i), ""))
        for (r, i), thing in (*(() if any(headers) else self._seats.names(block)), *stamped(block, self._words, self._cells)):
            place = Cell(block.sheet, block.numbers[r], block.first_column + i)
            own = rows.setdefault(r, [])
            if not any(hit.location == place and hit.score >= thing.score for hit in own):
                rows[r] = [*(hit for hit in own if hit.location != place or hit.entity != "PERSON"), thing.at(place, "")]
        if block.width == 1 and len(rows) > 1 and sum(_names_with_more(hits) for hits in rows.values()) < _LISTED_ROWS:
            return [[hit for _, hits in sorted(rows.items()) for hit in hits]]  # one below the other: somebody's card
        return [hits for _, hits in sorted(rows.items())]

    def read_headers(self, block: Grid, places: Sequence[tuple[int, int]]) -> Iterator[list[Hit]]:
        """Hits in headers that say in brackets who does something: 面接官評価（大森）."""
        for r, i in places:
            if not _IN_BRACKETS.search(block.rows[r][i]):
                continue
            place = Cell(block.sheet, block.numbers[r], block.first_column + i)
            named = [found_of(result, block.rows[r][i]) for result in self._kit.spot(block.rows[r][i]) if result.entity_type == "PERSON"]
            told = [thing for thing in named if not is_modelled(thing.why)]
            if told:
                yield [thing.at(place, "") for thing in told]


def prose_hits(kit: TableKit, block: Grid) -> Iterator[tuple[tuple[int, int], Found]]:
    """The prose pipeline over cells joined by tabs and rows by line ends; hits with the cell that holds most of each."""
    for text, starts, places in _flatten(block):
        for result in kit.spot(text):
            first = bisect_right(starts, result.start) - 1
            last = bisect_right(starts, result.end - 1) - 1
            best, size = first, 0
            for n in range(first, last + 1):
                begin, (r, i) = starts[n], places[n]
                inside = min(result.end, begin + len(block.rows[r][i])) - max(result.start, begin)
                if inside > size:
                    best, size = n, inside
            r, i = places[best]
            cell = block.rows[r][i]
            start = max(result.start, starts[best]) - starts[best]
            end = min(result.end - starts[best], len(cell))
            thing = found_of(result, text)
            value = cell[start:end].strip()
            if not value:
                continue
            start = cell.find(value, start)
            yield (
                (r, i),
                Found(thing.entity, start, start + len(value), thing.score, thing.recognizer, value, thing.norm, thing.why),
            )


def _flatten(block: Grid) -> Iterator[tuple[str, list[int], list[tuple[int, int]]]]:
    """Text of at most some 12,000 characters, where each cell begins in it, and which cell that is."""
    parts: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int]] = []
    size = 0
    for r, row in enumerate(block.rows):
        cells = filled(row)
        for n, i in enumerate(cells):
            starts.append(size)
            places.append((r, i))
            sign = "\t" if n + 1 < len(cells) else "\n"
            parts.append(row[i] + sign)
            size += len(row[i]) + 1
        if size >= _TEXT_CHARS:
            yield "".join(parts), starts, places
            parts, starts, places, size = [], [], [], 0
    if parts:
        yield "".join(parts), starts, places


def _names_with_more(hits: Sequence[Hit]) -> bool:
    """Whether a row names somebody and says more of them."""
    return any(hit.entity == "PERSON" for hit in hits) and any(hit.entity != "PERSON" for hit in hits)
