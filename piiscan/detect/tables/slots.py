"""Names in cells that say the same of somebody each: 在庫不足、佐藤様へ連絡, 在庫不足、出雲様へ連絡.

Where the cells of a column have a name at one place of their wording again and again, what stands there in the others is one too,
if it is a family name at all: rare, of one character, a word or a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from piiscan.detect.names.families import is_family_among_names
from piiscan.detect.names.variants import name_norm
from piiscan.detect.tables.plans import Found

__all__ = ["in_slots"]

_SURE: Final = 0.5
_SCORE: Final = 0.65
#: So much of the wording before and behind a name is what its place is known by.
_BEFORE, _BEHIND = 4, 3
#: Places that are remembered of a column.
_MOST: Final = 64
#: So many different names make a place.
_LEAST: Final = 2
_NAME = r"[々〆ヶ㐀-鿿豈-﫿ァ-ヺー]{1,5}?"
_SAYS = re.compile(r"[^\s\x02\x03]")
#: The borders of a cell.
_BEGIN, _END = "\x02", "\x03"

_Place = tuple[str, str]


def in_slots(cells: Sequence[str], found: Sequence[tuple[Found, ...]]) -> dict[int, tuple[Found, ...]]:
    """Cells of a column in which there are further names: index to all that stands in the cell."""
    slots: dict[_Place, set[str]] = {}
    for cell, things in zip(cells, found, strict=True):
        for place, name in _places(cell, _people(things)):
            if place in slots or len(slots) < _MOST:
                slots.setdefault(place, set()).add(name)
    out: dict[int, tuple[Found, ...]] = {}
    padded = [f"{_BEGIN}{cell}{_END}" for cell in cells] if any(len(names) >= _LEAST for names in slots.values()) else []
    for (before, behind), names in slots.items():
        if len(names) < _LEAST:
            continue
        pattern = re.compile(f"{re.escape(before)}({_NAME}){re.escape(behind)}")
        more: list[tuple[int, Found]] = []
        tried = 0
        for n, cell in enumerate(padded):
            if before not in cell or (match := pattern.search(cell)) is None:
                continue
            start, end = match.start(1) - 1, match.end(1) - 1
            if any(a.start < end and start < a.end for a in _people(out.get(n, found[n]))):
                continue
            tried += 1
            if is_family_among_names(name := match[1]):
                more.append((n, Found("PERSON", start, end, _SCORE, "NameRecognizer", name, name_norm(name), ("where others are named",))))
        if len(more) == tried <= len(names):
            for n, thing in more:
                others = (a for a in out.get(n, found[n]) if a.entity != "PERSON" or a.end <= thing.start or thing.end <= a.start)
                out[n] = (*others, thing)
    return out


def _people(things: Sequence[Found]) -> list[Found]:
    return sorted((thing for thing in things if thing.entity == "PERSON" and thing.score >= _SURE), key=lambda thing: thing.start)


def _places(cell: str, people: Sequence[Found]) -> Iterator[tuple[_Place, str]]:
    """What stands right before and behind each name of a cell, up to the next name, where that says anything."""
    padded = f"{_BEGIN}{cell}{_END}"
    for n, thing in enumerate(people):
        first = people[n - 1].end + 1 if n else 0
        last = people[n + 1].start + 1 if n + 1 < len(people) else len(padded)
        before = padded[max(first, thing.start + 1 - _BEFORE) : thing.start + 1]
        behind = padded[thing.end + 1 : min(last, thing.end + 1 + _BEHIND)]
        if before and behind and len(_SAYS.findall(before + behind)) > 1:
            yield (before, behind), thing.value
