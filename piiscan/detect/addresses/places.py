"""What an address begins with: prefecture, county or designated city, municipality, ward."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from piiscan.detect.addresses.signs import GAP, KANJI
from piiscan.detect.gazetteer import canonical, gazetteer

__all__ = ["Locality", "Places"]

#: A ward of former days: 浜松市中区.
_OLD_WARD = re.compile(r"[一-龥]{1,3}区(?!画)")
_LINE_BEGIN = re.compile(r"[\n\x0b] {0,8}")


@dataclass(frozen=True, slots=True)
class Locality:
    """Where the towns are that may follow; offsets are the window's.

    :ivar end: where the town may begin, spaces apart.
    :ivar prefecture: as written, or empty.
    :ivar municipalities: which it can be, by index in the gazetteer; none for one that does not exist any more, or not there.
    :ivar city: the municipality as written.
    :ivar short: written without prefecture, county and city: it proves less.
    """

    start: int
    end: int
    prefecture: str
    municipalities: Sequence[int] = ()
    city: str = ""
    short: bool = False


class Places:
    """The prefectures and municipalities of the gazetteer, read from canonical text (``plain``)."""

    def __init__(self) -> None:
        self.gazette = gazetteer()
        self._names = self.gazette.names
        self._longest = max(map(len, self._names))
        self.prefectures = {canonical(name): name for name in self.gazette.prefectures}
        self._canonical = {name: plain for plain, name in self.prefectures.items()}

    def name_at(self, plain: str, at: int) -> str:
        """The longest municipality, county or ward name at ``at``, or empty."""
        for length in range(min(self._longest, len(plain) - at), 1, -1):
            if plain[at + length - 1] in "市区町村郡島" and plain[at : at + length] in self._names:
                return plain[at : at + length]
        return ""

    def prefecture_at(self, plain: str, at: int) -> str:
        """The prefecture at ``at``, or empty."""
        for length in (3, 4):
            if plain[at : at + length] in self.prefectures:
                return plain[at : at + length]
        return ""

    def begins_at(self, folded: str, at: int) -> bool:
        """Whether a prefecture or municipality begins at ``at``."""
        return bool(self.prefecture_at(canonical(folded[at : at + 5]), 0) or self.name_at(canonical(folded[at : at + 20]), 0))

    def begins_in_next_line(self, plain: str, at: int, end: int) -> bool:
        """Whether a line after the first begins with a prefecture or municipality."""
        return any(
            self.prefecture_at(plain, match.end()) or self.name_at(plain, match.end()) for match in _LINE_BEGIN.finditer(plain, at, end)
        )

    def in_prefecture(self, name: str, prefecture: str) -> tuple[int, ...]:
        """The municipalities of that name, those of the prefecture alone where one is given."""
        indices = self._names[name]
        if not prefecture:
            return indices
        municipalities = self.gazette.municipalities
        return tuple(i for i in indices if self._canonical[municipalities[i].prefecture] == prefecture)

    def of_postal_code(self, code: str) -> tuple[int, ...]:
        """The municipalities of a postal code of seven digits."""
        wanted = {(place.prefecture, place.municipality) for place in self.gazette.postal(code)}
        return tuple(m.index for m in self.gazette.municipalities if (m.prefecture, m.name) in wanted)

    def stands_alone(self, window: str, at: int, name: str) -> bool:
        """Whether a municipality's name may begin here without its prefecture: not in the middle of another word."""
        before = window[at - 1] if at else ""
        if not before or not KANJI.match(before):
            return True
        return len(name) >= 4 and name not in self.gazette.short_names

    def down_to_ward(self, window: str, city: Locality, name: str) -> Locality | None:
        """With the town or ward that follows a county or designated city of that name; None for a county or islands alone."""
        if name[-1] not in "市郡島":
            return city
        after = GAP.match(window, city.end).end()  # type: ignore[union-attr]
        inner = self.name_at(canonical(window[after : after + self._longest]), 0)
        both = tuple(i for i in self._names.get(inner, ()) if i in city.municipalities and i in self._names[name]) if inner else ()
        end = city.end
        if inner and both and canonical(self.gazette.municipalities[both[0]].name) != name:
            end = after + len(inner)
            return replace(city, municipalities=both, end=end, city=city.city + window[city.end : end])
        if name[-1] in "郡島":
            return None
        if len(city.municipalities) > 1 and (old := _OLD_WARD.match(window[after:])):
            end = after + old.end()
            return replace(city, end=end, city=city.city + window[city.end : end])
        return city

    def is_of_kyoto(self, locality: Locality) -> bool:
        """Whether it can only be in the city of Kyoto, whose addresses name streets."""
        indices = locality.municipalities
        return bool(indices) and all(self.gazette.municipalities[i].name.startswith("京都市") for i in indices)
