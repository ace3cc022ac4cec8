"""The number of a lot and how much it proves: 1-2-3, 一丁目二番三号, 29番地の25, 第5地割12, 無番地."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from piiscan.detect.addresses.buildings import Buildings
from piiscan.detect.addresses.signs import ENDINGS, GAP, HIRAGANA, KANJI, KANJI_DIGITS, LOT_LETTERS, TOWN_RUN, any_of
from piiscan.detect.gazetteer import number_of

__all__ = ["LotNumber", "Lots"]

_N = rf"(?:\d{{1,5}}(?!\d)|[{KANJI_DIGITS}]{{1,9}}(?![{KANJI_DIGITS}]))"
_UNIT = r"丁目|丁(?!目)|地割|番地割?|番(?![組目線出人手街館町丁])|号(?![線機車館棟])"
_FIRST = re.compile(rf"(?P<letter>(?:[{LOT_LETTERS}] ?[-の]? ?)|第)?(?P<number>{_N})(?: ?(?P<unit>{_UNIT}))?|(?P<none>無番地|番外地)")
_NEXT_AFTER_UNIT = re.compile(
    rf"(?: ?の ?| ?- ?| ?(?=[\d{KANJI_DIGITS}{LOT_LETTERS}])|(?<=[目番]) ?\r?[\n\x0b] {{0,8}}(?={_N} ?(?:番|号(?!室)|-|の)))"
    rf"(?P<letter>[{LOT_LETTERS}] ?-? ?)?(?P<number>{_N})(?: ?(?P<unit>{_UNIT}))?"
)
#: 1-2-3 may be cut beside a hyphen, where a line is full.
_HYPHEN = r"(?: ?- ?(?:\r?[\n\x0b] {0,8})?| ?\r?[\n\x0b] {0,8}-(?=\d))"
_NEXT_AFTER_NUMBER = re.compile(rf"(?:{_HYPHEN}|の|ノ|之)(?P<letter>[{LOT_LETTERS}] ?-? ?)?(?P<number>{_N})(?: ?(?P<unit>{_UNIT}))?")
_LETTER_BEHIND = re.compile(rf"(?:の|ノ|-)?(?P<letter>[{LOT_LETTERS}])(?![ァ-ヺー一-龥])")
_BEGINS = re.compile(rf"[\d{KANJI_DIGITS}無番]|[{LOT_LETTERS}第](?= ?[-の]? ?[\d{KANJI_DIGITS}])")
#: No number has more parts.
_MOST_PARTS: Final = 6
#: A lone number goes on as a figure: 1,000 12:30 3/4.
_FIGURE = re.compile(r",\d{3}(?![\d-])|[:/]\d")
#: Units that only the numbers of addresses have.
_SURE_UNITS: Final = frozenset({"番", "番地", "番地割", "号", "地割", "none"})


@dataclass(slots=True)
class LotNumber:
    """The number part of an address: where it ends, its parts in digits, and how much it proves."""

    end: int
    parts: list[str]
    units: list[str]
    loose: bool = False
    """A word follows at once (15-8山田太郎): an address only when the town is known."""
    counted: bool = False
    """The sentence goes on (2丁目の, 2丁目で): a place in it, rather than an address."""

    strength: str = ""
    """``full``, ``two`` (1-2), ``plain`` (12) or ``chome`` (2丁目 alone)."""

    def __post_init__(self) -> None:
        self.strength = self._strength()

    def _strength(self) -> str:
        if not _SURE_UNITS.isdisjoint(self.units):
            return "full"
        if len(self.parts) == 1:
            return "chome" if self.units[0] in {"丁目", "丁"} else "plain"
        if len(self.parts) >= 3 or self.units[0] in {"丁目", "丁"}:
            return "full"
        return "two"

    @property
    def is_strong(self) -> bool:
        """Whether it has two parts or more, or a unit of addresses."""
        return self.strength in {"full", "two"}


class Lots:
    """How the numbers of lots are written, and what may follow one.

    :param words: lists of ``jp_address.yaml``: ``after_number``, ``counters``.
    """

    def __init__(self, words: Mapping[str, Any], buildings: Buildings) -> None:
        self._buildings = buildings
        self._behind = re.compile(any_of(words["after_number"]))
        self._counters = re.compile(any_of(words["counters"]))

    def behind_town(self, window: str, town_at: int) -> Iterator[tuple[int, LotNumber, int]]:
        """``(where it begins, number, where the town before it ends)`` for every number in reach, left to right."""
        at = town_at
        limit = at
        gaps = 0
        while True:
            run = TOWN_RUN.match(window, limit)
            stop = run.end() if run else limit
            while (begins := _BEGINS.search(window, at)) is not None and begins.start() <= stop:
                at = begins.start()
                before = window[at - 1] if at > town_at else ""
                inside = (before in "0123456789" and window[at] in "0123456789") or (before in KANJI_DIGITS and window[at] in KANJI_DIGITS)
                if not (before and inside) and (number := self._read(window, at)) is not None:
                    town_end = at
                    while town_end > town_at and window[town_end - 1] in " \r\n\x0b":
                        town_end -= 1
                    if town_end - town_at > 1 and window[town_end - 1] in "のノ" and window[town_end - 2] in LOT_LETTERS:
                        town_end -= 1  # 旭市ニの669: the letter is the town
                    yield at, number, town_end
                at += 1
            if gaps == 2 or (stop == limit and gaps):
                return
            gap = GAP.match(window, stop)
            if gap is None or gap.end() == stop or stop - town_at > 26:
                return
            gaps += 1
            at = limit = gap.end()

    def _read(self, window: str, at: int) -> LotNumber | None:
        """The number part at ``at``, cut back to where it may end; None when there is none."""
        match = _FIRST.match(window, at)
        if match is None or (match["number"] or "").startswith("0"):
            return None  # no lot has the number 090-1234-5678
        if match["none"]:
            return LotNumber(match.end(), [match["none"]], ["none"])
        steps = [match]
        ends = [match.end()]
        while len(steps) < _MOST_PARTS:
            last = steps[-1]
            after = _NEXT_AFTER_UNIT if last["unit"] and last["unit"] != "号" else _NEXT_AFTER_NUMBER
            following = after.match(window, ends[-1])
            if following is None or following["number"].startswith("0"):
                break  # 2119番地 080-1234-5678
            steps.append(following)
            ends.append(following.end())
        while steps:
            parts = [_letter(step) + str(number_of(step["number"])) for step in steps]
            units = [step["unit"] or "" for step in steps]
            number = LotNumber(ends[-1], parts, units)
            if units[-1] in {"番地", "番"} and (letter := _LETTER_BEHIND.match(window, ends[-1])):
                number = LotNumber(letter.end(), [*parts, letter["letter"]], [*units, ""])
            number.counted = HIRAGANA.match(window, number.end) is not None
            if self._may_end(window, number, steps[-1]):
                return number
            steps.pop()
            ends.pop()
        return None

    def _may_end(self, window: str, number: LotNumber, last: re.Match[str]) -> bool:
        end = number.end
        following = window[end : end + 1]
        strength = number.strength
        if not following or following in " \r\n\x0b\t":
            return not (last["number"][0] in KANJI_DIGITS and strength == "plain" and len(last["number"]) < 3)
        if following in "-." and window[end + 1 : end + 2].isdigit():
            return False
        if strength == "plain" and _FIGURE.match(window, end):
            return False
        if following.isdigit() or following in KANJI_DIGITS:
            return False
        kanji = last["number"][0] in KANJI_DIGITS and not number.units[-1]
        counted = self._counters.match(window, end) is not None
        if kanji and (KANJI.match(following) or following in "ノ々ケヶツッー"):
            return self._behind.match(window, end) is not None and len(number.parts) > 1
        if following in ENDINGS or HIRAGANA.match(following):
            if kanji and strength == "plain" and len(last["number"]) < 3:
                return False
            return not (counted and strength in {"plain", "two"})
        if counted and (strength != "full" or not number.units[-1]):
            return False
        if number.units[-1] in {"番地", "号", "地割"} or (strength == "full" and not number.units[-1]):
            return True
        if self._behind.match(window, end) is not None:
            return True
        _, stop = self._buildings.after(window, end, strong=number.is_strong)
        if stop > end:
            return True
        number.loose = strength == "two"
        return number.loose


def _letter(match: re.Match[str]) -> str:
    letter = (match["letter"] or "").strip(" -の")
    return "" if letter == "第" else letter
