"""Values that a form asks for in parts, each under its own label: 姓 and 名, 都道府県 and 市区町村 and 番地, 年 and 月 and 日.

As in tables (:mod:`piiscan.detect.tables.divided`) both parts of a name are compared as the whole name, an address is reported at its
largest part and a date at its year, each with the whole as its value. Who asks, a text (:mod:`piiscan.detect.passes.parts`) or the
cells of a form (:mod:`piiscan.detect.tables.forms`), is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from piiscan.detect.base import ValueMatch
from piiscan.detect.readings import is_reading
from piiscan.detect.tables.divided import DATE_PART
from piiscan.detect.tables.measure import NUMERAL, PLACE, is_nothing
from piiscan.detect.tables.plans import join_parts
from piiscan.detect.tables.words import Words, plain

__all__ = ["Asked", "InParts", "Known", "Whole"]

_IN_PARTS: Final = "asked for in parts"
_NAME_CHARS: Final = 12
#: So many labels at most stand between a family name and its given name, and so many lines between a name and its reading.
_APART: Final = 3
_READ_BESIDE: Final = 8
_LABELLED: Final = 0.9


class Asked(NamedTuple):
    """A label and its value.

    :ivar number: of the line or row.
    :ivar above: the label right before it that has no value of its own, as 生年月日 before 元号.
    :ivar place: where it stands, for whoever asks.
    """

    number: int
    label: str
    value: str
    above: str
    place: tuple[int, int]

    def __repr__(self) -> str:
        """Without the value."""
        return f"Asked({self.number}, {self.place})"


class Whole(NamedTuple):
    """What was put together.

    :ivar parts: what it was put together of; whatever else of the kind was found there gives way.
    :ivar at: those of them that it is reported at.
    :ivar value: the whole; empty where each of them is reported with its own value.
    """

    entity: str
    parts: Sequence[Asked]
    at: Sequence[Asked]
    value: str
    norm: str
    score: float
    why: tuple[str, ...]

    def __repr__(self) -> str:
        """Without the values."""
        return f"Whole({self.entity}, {len(self.parts)} parts, {self.score:.2f})"


#: Scores and reasons of the names that were found in a value before.
Known = Callable[[Asked], Sequence[tuple[float, tuple[str, ...]]]]


class InParts:
    """Puts together what was asked for in parts.

    :param words: of headers and labels.
    :param value: whether a whole string is a value of a kind, by form and check.
    """

    def __init__(self, words: Words, value: Callable[[str, str], ValueMatch | None]) -> None:
        self._words = words
        self._value = value

    def whole(self, asked: Sequence[Asked], known: Known) -> Iterator[Whole]:
        """The names, addresses and birth dates among what is asked for, in its order."""
        yield from self._names(asked, known)
        yield from self._addresses(asked)
        yield from self._births(asked)

    def _names(self, asked: Sequence[Asked], known: Known) -> Iterator[Whole]:
        norms: list[tuple[int, str]] = []
        for family, given in sorted(self._pairs(asked), key=lambda pair: is_reading(pair[0].label)):
            match = self._value("PERSON", f"{family.value} {given.value}")
            found = [*known(family), *known(given)]
            if match is None and not found:
                continue
            norm = match.norm if match is not None else "".join(f"{family.value}{given.value}".split())
            if is_reading(family.label):  # of the name that is asked for right before or behind
                norm = next((of for number, of in norms if abs(number - family.number) <= _READ_BESIDE), norm)
            else:
                norms.append((family.number, norm))
            why = (_IN_PARTS, *(reason for _, reasons in found for reason in reasons if reason.startswith("model")))
            parts = (family, given)
            yield Whole("PERSON", parts, parts, "", norm, max([_LABELLED, *(score for score, _ in found)]), why)

    def _pairs(self, asked: Sequence[Asked]) -> Iterator[tuple[Asked, Asked]]:
        """What asks for a family name, with what asks for the given name."""
        parts = [self._words.name_parts(one.label) if _may_be_part(one.value) else [] for one in asked]
        taken: set[int] = set()
        for i, family in enumerate(asked):
            whose = {(pair, of) for pair, which, of in parts[i] if which == 0}
            for j in (*range(i + 1, min(i + 1 + _APART, len(asked))), i - 1) if whose else ():
                if j < 0 or j in taken or abs(asked[j].number - family.number) > 2 * _APART:
                    continue
                if whose.intersection((pair, of) for pair, which, of in parts[j] if which == 1):
                    taken.add(j)
                    yield family, asked[j]
                    break

    def _addresses(self, asked: Sequence[Asked]) -> Iterator[Whole]:
        ranks = [-1 if self._is_of_another_kind(one.label) else self._words.address_part(one.label) for one in asked]
        for first, behind in _runs(asked, ranks):
            parts = [one for one in asked[first:behind] if not is_nothing(one.value)]
            if len(parts) < 2 or self._is_whole(parts[0].value):
                continue
            text = "".join(one.value for one in parts)
            match = self._value("JP_ADDRESS", text)
            if match is None or (match.score <= PLACE and not NUMERAL.search(text)):
                continue
            at = max(parts, key=lambda one: len(one.value))
            score = round(1 - 0.1 * (1 - match.score), 4)
            yield Whole("JP_ADDRESS", parts, (at,), text[match.start : match.end], match.norm, score, (_IN_PARTS,))

    def _is_whole(self, value: str) -> bool:
        """Whether an address needs nothing of what is asked for behind it: that is a building."""
        match = self._value("JP_ADDRESS", value)
        return match is not None and match.score > PLACE and NUMERAL.search(value) is not None

    def _is_of_another_kind(self, label: str) -> bool:
        kinds = self._words.label(label).kinds
        return bool(kinds) and all(entity != "JP_ADDRESS" for entity, _ in kinds)

    def _births(self, asked: Sequence[Asked]) -> Iterator[Whole]:
        labels = [DATE_PART.fullmatch(plain(one.label)) for one in asked]
        for day in range(2, len(asked)):
            kinds = [label.lastgroup if label else "" for label in labels[max(0, day - 3) : day + 1]]
            if kinds[-3:] != ["year", "month", "day"]:
                continue
            first = day - 2 - (kinds[:-3] == ["era"])
            parts = asked[first : day + 1]
            if parts[-1].number - parts[0].number > 2 * len(parts):
                continue
            names = (parts[0].above, *(label["stem"].rstrip(".の") for label in labels[first : day + 1] if label))
            named = next((name for name in names if any(entity == "DATE_OF_BIRTH" for entity, _ in self._words.label(name).kinds)), None)
            text = join_parts([one.value for one in parts], "年月日")
            date = self._value("DATE_OF_BIRTH", text) if text and named is not None else None
            if date is not None:
                yield Whole("DATE_OF_BIRTH", parts, (asked[day - 2],), text, date.norm, _LABELLED, (f"label {named}", _IN_PARTS))


def _may_be_part(value: str) -> bool:
    return len(value) <= _NAME_CHARS and not any(map(str.isdigit, value)) and not is_nothing(value)


def _runs(asked: Sequence[Asked], ranks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbours whose ranks do not fall, two at least."""
    first = 0
    for i, (a, b) in enumerate(pairwise(asked), start=1):
        if ranks[i] < 0 or ranks[i - 1] < 0 or ranks[i] < ranks[i - 1] or b.number - a.number > 2:
            if i - first >= 2:
                yield first, i
            first = i
    if len(asked) - first >= 2:
        yield first, len(asked)
