"""Every prefecture, municipality and town of Japan, and its postal codes.

The data (``recognizers/dictionaries/gazetteer.tsv.xz``, made by
``tools/build_gazetteer.py`` from Japan Post's table) is one text of some three
megabytes that stays as it is in memory; the towns of a municipality are cut out
of it when an address in that municipality is first met. So opening it takes
some 0.1 s and a few megabytes, and importing this module takes nothing.

Place names are spelled in many ways (``龍ケ崎``, ``竜ヶ崎``, ``一ノ坪``, ``一の坪``). They
are compared in one canonical spelling, :func:`canonical`, made one character
for one, so that offsets stay.
"""

from __future__ import annotations

import lzma
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import Any

from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["Gazetteer", "Municipality", "Place", "canonical", "gazetteer", "kanji_number", "number_of", "postal_exists"]

_WARD = re.compile(r"(.+市)(.+区)")
_COUNTY = re.compile(r"(.+?[郡島])(.+[町村])")
_DIGITS = re.compile(r"\d+")
#: Kanji numbers that are counted, not part of a name: 北一条西, 南十七線, 四丁, 二番町.
_KANJI_COUNT = re.compile(r"[一二三四五六七八九十]+(?=条|線|号|区|丁|番町|軒|地割)")
#: A town that may have more than one form.
_SEVERAL = re.compile(rf"^[大小]?字|\d|{_KANJI_COUNT.pattern}")
#: The towns of the table, each at the beginning of its line.
_TOWN = re.compile(r"^(?!=)[^\t\n]+", re.MULTILINE)
_BIG_WORD = re.compile(r"^(?:大字|小字|字)")
_VALUES = {**{ch: i for i, ch in enumerate("〇一二三四五六七八九")}, "零": 0, "壱": 1, "弐": 2, "参": 3, "壹": 1, "貳": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10}


def number_of(text: str) -> int:
    """The number that kanji or digits write, counted (``二百三十四``) or by place (``二三四``).

    >>> number_of("二百三十四"), number_of("二八一七"), number_of("廿五"), number_of("15")
    (234, 2817, 25, 15)
    """
    if text.isascii():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if any(ch in _TENS for ch in text):
        total = digit = 0
        for ch in text:
            if ch in _TENS:
                total += (digit or 1) * _TENS[ch]
                digit = 0
            else:
                digit = digit * 10 + _VALUES[ch]
        return total + digit
    return int("".join(str(_VALUES[ch]) for ch in text))


def kanji_number(number: int) -> str:
    """``25 -> 二十五`` (up to 9,999)."""
    out = ""
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十")):
        count, number = divmod(number, unit)
        if count:
            out += ("" if count == 1 else "〇一二三四五六七八九"[count]) + sign
    return out + ("〇一二三四五六七八九"[number] if number else "")


@cache
def _about() -> dict[str, Any]:
    about: dict[str, Any] = read_yaml(recognizers_dir() / "dictionaries" / "gazetteer.yaml")
    return about


@cache
def _variants() -> dict[int, str]:
    return {ord(ch): group[0] for group in _about()["variants"] for ch in group[1:]}


@cache
def _variant() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(map(chr, _variants())))}]")


@lru_cache(maxsize=8)  # the same window is read in several ways
def canonical(text: str) -> str:
    """``text`` with place-name characters in one spelling; the same length.

    >>> canonical("龍ヶ崎市")
    '竜ケ崎市'
    """
    return text.translate(_variants()) if _variant().search(text) else text


@dataclass(frozen=True, slots=True)
class Municipality:
    """A city, ward, town or village as Japan Post writes it.

    :ivar index: its place in :attr:`Gazetteer.municipalities`.
    :ivar name: with county or designated city: ``札幌市中央区``, ``野付郡別海町``, ``千代田区``.
    """

    index: int
    prefecture: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """What a postal code stands for. ``town`` is empty for a whole municipality or a large office."""

    prefecture: str
    municipality: str
    town: str


class Gazetteer:
    """The table, opened once a process by :func:`gazetteer`."""

    def __init__(self, data: bytes) -> None:
        self._text = data.decode("utf-8")
        self._bodies: list[tuple[int, int]] = []
        municipalities: list[Municipality] = []
        at = 0
        while at < len(self._text):
            head_end = self._text.index("\n", at)
            prefecture, name = self._text[at + 1 : head_end].split("\t")
            end = self._text.find("\n=", head_end)
            end = len(self._text) if end < 0 else end + 1
            municipalities.append(Municipality(len(municipalities), prefecture, name))
            self._bodies.append((head_end + 1, end))
            at = end
        self.municipalities: tuple[Municipality, ...] = tuple(municipalities)
        self.prefectures: tuple[str, ...] = tuple(dict.fromkeys(m.prefecture for m in municipalities))
        self._towns = cache(self._read_towns)

    # ------------------------------------------------------------------ names

    @cached_property
    def names(self) -> dict[str, tuple[int, ...]]:
        """Canonical name, full or short (``中央区``, ``別海町``, ``札幌市``, ``野付郡``) -> municipalities that it can mean."""
        names: dict[str, list[int]] = {}
        for place in self.municipalities:
            for form in {place.name, *_short_forms(place.name)}:
                names.setdefault(canonical(form), []).append(place.index)
        return {name: tuple(indices) for name, indices in names.items()}

    @cached_property
    def short_names(self) -> frozenset[str]:
        """Canonical names that lack their city or county: they prove less (``北区``, ``大町``)."""
        full = {canonical(place.name) for place in self.municipalities}
        return frozenset(name for name in self.names if name not in full and name[-1] in "区町村")

    def spellings(self) -> Iterator[str]:
        """Every prefecture and every name of :attr:`names` in all its spellings, for a dictionary search in raw text."""
        groups = {ch: group for group in _about()["variants"] for ch in group}
        for name in (*self.prefectures, *self.names):
            for letters in product(*(groups.get(ch, ch) for ch in name)):
                yield "".join(letters)

    # ------------------------------------------------------------------ towns

    def _rows(self, index: int) -> Iterator[tuple[str, str]]:
        start, end = self._bodies[index]
        for line in self._text[start:end].splitlines():
            town, _, codes = line.partition("\t")
            yield town, codes

    def _read_towns(self, index: int) -> frozenset[str]:
        return frozenset(form for town, _ in self._rows(index) if town for form in _town_forms(town))

    def towns(self, index: int) -> frozenset[str]:
        """Canonical town names of a municipality, numbers in digits and in kanji, without 大字 and 字."""
        return self._towns(index)

    @cached_property
    def _all_towns(self) -> frozenset[str]:
        # most have one form, and that of all of them is made at once
        names = set(canonical("\n".join(set(_TOWN.findall(self._text)))).split("\n"))
        several = [name for name in names if _SEVERAL.search(name)]
        return frozenset(names.union(*map(_town_forms, several)))

    def is_town(self, name: str) -> bool:
        """Whether some municipality has a town of this canonical name (the first call takes a tenth of a second)."""
        return name in self._all_towns

    # ------------------------------------------------------------------ codes

    @cached_property
    def _codes(self) -> array[int]:
        return array("I", sorted(set(map(int, re.findall(r"[0-9]{7}(?=[ \n])", self._text)))))

    def postal_exists(self, code: str) -> bool:
        """Whether seven digits are a postal code in use."""
        if len(code) != 7 or not (code.isascii() and code.isdigit()):
            return False
        codes, number = self._codes, int(code)
        at = bisect_left(codes, number)
        return at < len(codes) and codes[at] == number

    def postal(self, code: str) -> tuple[Place, ...]:
        """The places of a postal code of seven digits; empty when there is none."""
        if not self.postal_exists(code):
            return ()
        text, places = self._text, []
        at = text.find(code)
        while at >= 0:
            line = text.rfind("\n", 0, at) + 1
            head = text.rfind("=", 0, at) + 1
            prefecture, name = text[head : text.index("\n", head)].split("\t")
            places.append(Place(prefecture, name, text[line : text.index("\t", line)]))
            at = text.find(code, at + 7)
        return tuple(places)


def _short_forms(name: str) -> Iterator[str]:
    if (match := _WARD.fullmatch(name)) or (match := _COUNTY.fullmatch(name)):
        yield from match.groups()


def _town_forms(town: str) -> Iterator[str]:
    """Canonical spellings of a town: as it is, without 大字/字, numbers in digits and in kanji."""
    town = canonical(town)
    forms = [town]
    if _BIG_WORD.match(town):
        forms.append(_BIG_WORD.sub("", town))
    for form in forms:
        if not form:
            continue
        yield form
        if _DIGITS.search(form):
            yield _DIGITS.sub(lambda m: kanji_number(int(m[0])), form)
        elif _KANJI_COUNT.search(form):
            yield _KANJI_COUNT.sub(lambda m: str(number_of(m[0])), form)


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of this process, opened at the first call (0.1 s)."""
    path = recognizers_dir() / "dictionaries" / "gazetteer.tsv.xz"
    return Gazetteer(lzma.decompress(path.read_bytes()))


def postal_exists(code: str) -> bool:
    """Whether ``code`` (seven digits, no sign) is a Japanese postal code in use; nothing loads before the first call."""
    return gazetteer().postal_exists(code)
