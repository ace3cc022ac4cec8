"""Names without a header or label: plans of seats, and the boxes of a form for stamps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from piiscan.detect.names.families import is_family, may_be_family
from piiscan.detect.normalize import nfkc
from piiscan.detect.tables.grid import Grid, cell_of, filled
from piiscan.detect.tables.measure import MARKS, Measure, family_names
from piiscan.detect.tables.plans import Found
from piiscan.detect.tables.values import Cells
from piiscan.detect.tables.words import TableKit, Words

__all__ = ["Seats", "is_plan_of_seats", "listed_below", "stamped"]

#: A卓, B列: where those below sit.
_TABLE_SIGN = re.compile(r"[A-Za-zＡ-Ｚ]+[ \u3000]?[^\x00-\x7f]")
#: A sheet of this name has family names in its cells; so many of them must be on the lists.
_PLAN_OF_SEATS = re.compile(
    r"座席|席次|席順|席替|配席|着席|ベッド(?:配置|割|表|一覧|マップ)|病床(?:配置|割|表|マップ)|部屋割|配置(?:図|表)"
)
_SEATED: Final = 0.6
_MOST_ROWS: Final = 60
#: A name of a plan of seats is no longer, and so many there are at least.
_NAME_CHARS: Final = 8
_LEAST_SEATS: Final = 4
#: What stands at so many seats is no name.
_LABELS: Final = 3
#: From this score on somebody is taken to be named.
_SHOWN: Final = 0.5
#: 起案|課長|部長: what those who stamp do.
_STAMPS = re.compile(r"(?:起案|承認|決裁|検印|検収|照査|確認|審査|受付|作成|立案|点検|校閲|合議|稟議|申請)印?")
#: So many boxes for stamps stand beside each other.
_LEAST_STAMPS: Final = 2
#: What stands beside the header of a small table is surely one too; a mark behind a name has so many characters, and so many rows there are.
_LABEL: Final = 0.7
_MARK_CHARS: Final = 4
_LEAST_LISTED: Final = 2


class Seats:
    """Finds the names of plans of seats.

    :ivar is_plan: whether the sheet at hand says that it is one.
    """

    def __init__(self, kit: TableKit, measure: Measure) -> None:
        self._kit = kit
        self._measure = measure
        self.is_plan = False

    def names(self, block: Grid) -> Iterator[tuple[tuple[int, int], Found]]:
        """The names of a small grid of names and nothing else, or of names and their extensions where the sheet is a plan."""
        if len(block.rows) > _MOST_ROWS:
            return
        places = [(r, i) for r, row in enumerate(block.rows) if len(filled(row)) >= 2 for i in filled(row)]
        places = [(r, i) for r, i in places if not _TABLE_SIGN.match(text := block.rows[r][i].strip()) and text not in MARKS]
        scores = self._measure.short_names(block.rows[r][i] for r, i in places)
        if len(scores) == len(places) and family_names(scores):
            named = [bool(score) for score in scores]
        elif self.is_plan:
            often = Counter(block.rows[r][i].strip() for r, i in places)
            places = [
                (r, i) for r, i in places if _may_sit(text := block.rows[r][i].strip()) and often[text] < _LABELS
            ]  # DW, 内線 at each seat
            named = [self._sits(block.rows[r][i].strip()) for r, i in places]
            if len(places) < _LEAST_SEATS or sum(named) < _SEATED * len(places):
                return
            named = [known or may_be_family(block.rows[r][i].strip()) for known, (r, i) in zip(named, places, strict=True)]
        else:
            return
        for (r, i), name in zip(places, named, strict=True):
            if name:
                text = block.rows[r][i].strip()
                start = block.rows[r][i].find(text)
                yield (r, i), Found("PERSON", start, start + len(text), 0.7, "column", text, "".join(nfkc(text).split()), ("among names",))

    def _sits(self, text: str) -> bool:
        match = self._kit.value("PERSON", text)
        return is_family(text) or (match is not None and match.score >= _SHOWN)


def _may_sit(text: str) -> bool:
    """Whether a cell of a plan is short and no number, nor a sign in capitals."""
    return len(text) <= _NAME_CHARS and not any(map(str.isdigit, text)) and not (text.isascii() and text.isupper())


def is_plan_of_seats(grid: Grid) -> bool:
    """Whether a sheet is called a plan of seats, or says so in a line of its own."""
    lone = [row[cells[0]] for row in grid.rows if len(cells := filled(row)) == 1]
    return any(_PLAN_OF_SEATS.search(text) for text in (grid.sheet or "", *lone))


def stamped(block: Grid, words: Words, cells: Cells) -> Iterator[tuple[tuple[int, int], Found]]:
    """Family names in the boxes for stamps, below who stamps there: 部長|課長|担当 over 乾|根岸|御手洗."""
    for r, row in enumerate(block.rows[:-1]):
        boxes = filled(row)
        heads = [row[i].strip() for i in boxes]
        bearers = sum(map(words.bearer, heads))
        if bearers and len(boxes) >= _LEAST_STAMPS and all(words.bearer(head) or _STAMPS.fullmatch(head) for head in heads):
            below = block.rows[r + 1]
            seals = [i for i in filled(below) if i in boxes]
            among = sum(bool(cells.family(row[i], below[i])) for i in seals) * 2 >= len(seals) > 1
            for i in seals:
                yield from (((r + 1, i), thing) for thing in cells.family(row[i], below[i], among=among))


def listed_below(block: Grid, words: Words, cells: Cells) -> Iterator[tuple[tuple[int, int], Found]]:
    """Family names in the small table beside a form, below who they are: 面接官|合否 over 谷|○ and 本田|△."""
    for r, row in enumerate(block.rows[:-2]):
        for i in filled(row):
            if not words.bearer(row[i].strip()) or words.label(cell_of(row, i + 1)).weight < _LABEL or words.bearer(cell_of(row, i + 1)):
                continue
            names: list[tuple[tuple[int, int], Found]] = []
            rows = 0
            for n, below in enumerate(block.rows[r + 1 :], r + 1):
                if not (own := cell_of(below, i)) or not 0 < len(cell_of(below, i + 1)) <= _MARK_CHARS:
                    break
                rows += 1
                names.extend(((n, i), thing) for thing in cells.family(row[i], below[i]) if own)
            if rows >= _LEAST_LISTED and 2 * len(names) >= rows:
                yield from names
