"""What is decided about a column, what is found in a cell, and the cells of a column or of several as they are judged."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import norm_of, why_of
from piiscan.detect.checks import few_pass
from piiscan.detect.normalize import compact
from piiscan.model import Hit, Location

__all__ = [
    "ColumnPlan",
    "Found",
    "Kept",
    "Mode",
    "found_of",
    "join_parts",
    "names_thing",
    "passed_by_chance",
    "pieces_of",
    "samples",
    "spot_cells",
]

_BLOCK_CHARS: Final = 16_000
#: So many numbers of so many digits in a column say by how many of them pass a check whether they are what it checks.
_NUMBERS: Final = 6
_LONG_NUMBER = re.compile(r"[0-9]{12,19}")
_GAP: Final = "\n\n"  # between cells that have nothing to do with each other


class Mode(Enum):
    """How the cells of a column are read."""

    SKIP = "skip"  # nothing personal in it
    VALUE = "value"  # every cell is a value of one kind
    TEXT = "text"  # every cell is prose
    SENSITIVE = "sensitive"  # about the row's person


#: A :class:`Found` as it is remembered: a plain tuple, which the collector of garbage looks at once and leaves alone.
Kept = tuple[str, int, int, float, str, str, str, tuple[str, ...]]


class Found(NamedTuple):
    """Something found in a cell, before it has a place."""

    entity: str
    start: int
    end: int
    score: float
    recognizer: str
    value: str
    norm: str
    why: tuple[str, ...]

    def at(self, location: Location, header: str) -> Hit:
        return Hit(self.entity, location, self.start, self.end, self.score, self.recognizer, self.value, self.norm, header, self.why)

    def __repr__(self) -> str:
        """Without the value."""
        return f"Found({self.entity}, {self.start}:{self.end}, {self.score:.2f})"


def found_of(result: RecognizerResult, text: str, *, shift: int = 0, why: tuple[str, ...] = ()) -> Found:
    """A recognizer's result within ``text`` as something found in a cell that begins at ``shift``."""
    value = text[result.start : result.end]
    metadata = result.recognition_metadata or {}
    return Found(
        result.entity_type,
        result.start - shift,
        result.end - shift,
        round(float(result.score), 4),
        str(metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, "")),
        value,
        norm_of(result) or compact(value),
        (*why_of(result), *why),
    )


def names_thing(found: Found, cell: str) -> bool:
    """Whether a name found under a header of things is that of the thing: all of the cell, or what nothing but the model, or a shape of words from abroad, saw in it."""
    if found.entity != "PERSON":
        return False
    return found.end - found.start == len(cell.strip()) or all(reason.startswith(("model", "foreign name")) for reason in found.why)


@dataclass(slots=True)
class ColumnPlan:
    """What was decided about one column.

    :ivar header: the header as reported (empty when it may itself hold something personal).
    :ivar share: share of the sample that passed.
    """

    index: int
    raw_header: str = ""
    header: str = ""
    entity: str = ""
    mode: Mode = Mode.SKIP
    confidence: float = 0.0
    share: float = 0.0
    seen: int = 0
    name_pair: int = -1
    name_part: int = -1
    cache: dict[str, tuple[Kept, ...]] = field(default_factory=dict, repr=False)
    #: of family or given names in a column of their own
    parts: dict[str, tuple[Kept, ...]] = field(default_factory=dict, repr=False)
    #: of a column that joins its right-hand neighbours: their indices and the sign between
    joins: tuple[int, ...] = ()
    joiner: str = ""
    #: of a column whose cells hold several things: what each piece is (one plan: all are alike), and what parts them
    inside: tuple[ColumnPlan, ...] = ()
    cut: re.Pattern[str] | None = None
    address_part: int = -1  # its place in an address whose parts stand side by side in a table without headers
    of_words: bool = False  # readings of words, stations: nothing personal, however much they look like names
    taken: bool = False  # read as a part of another column
    own_people: bool = False  # in kana under the header of a reading, and nobody's reading of the row's other names
    called: bool = False  # a given name in kana or Latin letters, by which the row's person goes
    surely: bool = False  # firms and people: only what the lists surely know as a whole name is one
    shown_by: int = -1  # numbers of documents: the column that names the document of each row
    as_written: bool = False  # each value of the column is one, whatever its form
    #: names of the table that stand in several of its columns (a plan of duties)
    known: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()  # family names that stand in the table in two forms: 渡辺 and 渡邉 are two
    given_alone: bool = False  # given names, of the family that the row is about, one or several in a cell

    @property
    def undecided(self) -> bool:
        """Too little was seen to say for good that nothing is in it."""
        return self.mode is Mode.SKIP and self.seen < 20 and not self.taken and not self.of_words

    def holds(self, entity: str, confidence: float, share: float = 1.0) -> None:
        """Every cell is a value of this kind."""
        self.entity, self.mode, self.confidence, self.share = entity, Mode.VALUE, confidence, share

    def looks_inside(self, inside: Sequence[ColumnPlan], cut: re.Pattern[str], entity: str) -> None:
        """The cells are in pieces, each judged by itself; the column counts as one of ``entity``."""
        self.holds(entity, 0.9)
        self.inside, self.cut = tuple(inside), cut

    def takes(self, others: Sequence[ColumnPlan], sign: str) -> None:
        """The values go on in other columns, with a sign between the parts."""
        self.joins, self.joiner = tuple(other.index for other in others), sign
        for other in others:
            other.mode, other.taken = Mode.SKIP, True


def pieces_of(cut: re.Pattern[str], cell: str) -> Iterator[tuple[int, str]]:
    """The pieces of a cell between what parts them, with the place where each begins."""
    at = 0
    for match in cut.finditer(cell):
        yield at, cell[at : match.start()]
        at = match.end()
    yield at, cell[at:]


def samples(rows: Sequence[Sequence[str]], index: int, limit: int) -> list[str]:
    """Up to ``limit`` different non-empty values of a column, spread over the rows."""
    different = dict.fromkeys([row[index] for row in rows if index < len(row)])
    values = [cell for cell in different if cell and not cell.isspace()][: 4 * limit]
    if len(values) <= limit:
        return values
    step = len(values) / limit
    return [values[int(i * step)] for i in range(limit)]


def join_parts(parts: Sequence[str], sign: str) -> str:
    """Several cells as one value."""
    filled = [text for part in parts if (text := part.strip())]
    if len(filled) < 2:
        return filled[0] if filled else ""
    if sign == "年月日":
        numbers = [part for part in filled if part not in {"年", "月", "日"}]
        if len(numbers) < 3:
            return ""
        era, (year, month, day) = "".join(numbers[:-3]), numbers[-3:]
        if era.isdigit():
            return f"{era}-{year:0>2}{month:0>2}{day:0>2}"  # 3|50|4|1: the code of a form
        return f"{era}{year}年{month}月{day}日"
    return sign.join(filled)


def spot_cells(spot: Callable[[str], Iterable[RecognizerResult]], cells: Sequence[str]) -> list[tuple[Found, ...]]:
    """What stands in each of many cells, read in blocks so that the cost is a block's, not a cell's.

    A hit that would span two cells joins things that have nothing to do with each other; it is dropped.
    """
    out: list[tuple[Found, ...]] = [()] * len(cells)
    at = 0
    while at < len(cells):
        starts: list[int] = []
        parts: list[str] = []
        size = 0
        first = at
        while at < len(cells) and (not parts or size + len(cells[at]) <= _BLOCK_CHARS):
            starts.append(size)
            parts.append(cells[at])
            size += len(cells[at]) + len(_GAP)
            at += 1
        text = _GAP.join(parts)
        gathered: dict[int, list[Found]] = {}
        for result in spot(text):
            which = bisect_right(starts, result.start) - 1
            if result.end <= starts[which] + len(parts[which]):
                gathered.setdefault(first + which, []).append(found_of(result, text, shift=starts[which]))
        for which, found in gathered.items():
            out[which] = tuple(found)
    return out


def passed_by_chance(
    rows: Sequence[Sequence[str]], spotted: Iterable[tuple[tuple[int, int], Found]], kinds: Collection[str]
) -> frozenset[tuple[str, int]]:
    """Kinds and columns of which few of many long numbers pass the check, as one in ten does by chance: all are numbers of something else.

    :param rows: the cells; ``spotted`` what stands in them, by row and column.
    :param kinds: those that are no more than numbers of the right form.
    """
    passed = Counter((thing.entity, i) for (_, i), thing in spotted if thing.entity in kinds and _LONG_NUMBER.fullmatch(thing.value))
    if not passed:
        return frozenset()
    long = Counter(i for row in rows for i, cell in enumerate(row) if _LONG_NUMBER.fullmatch(cell.strip()))
    return frozenset((kind, i) for (kind, i), count in passed.items() if few_pass(count, long[i], least=_NUMBERS))
