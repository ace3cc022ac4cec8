"""The parts of an address in their order, read from where a place or a town begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from piiscan.detect.addresses.address import Address, unspaced
from piiscan.detect.addresses.buildings import Buildings
from piiscan.detect.addresses.cues import Cues
from piiscan.detect.addresses.evidence import is_alone_on_line, judge, judge_without_city
from piiscan.detect.addresses.lots import LotNumber, Lots
from piiscan.detect.addresses.places import Locality, Places
from piiscan.detect.addresses.signs import GAP, TOWN_RUN
from piiscan.detect.addresses.towns import Towns, has_particle, is_odd, without_section_word
from piiscan.detect.gazetteer import canonical

__all__ = ["Grammar"]

#: No farther reach a prefecture, a gap and a municipality.
_REACH = 40
_OLD_PLACE = re.compile(r"^[一-龥ぁ-んァ-ヶー]{1,7}?[市郡区町村]")
#: How addresses of Kyoto name a place by its streets: 寺町通御池上る.
_STREET = re.compile(
    r"(?:[一-龥々ァ-ヺーぁ-ん]{2,14}?(?:上る|上ル|上がる|上ガル|下る|下ル|下がる|下ガル|東入る|東入ル|東入(?!る|ル)|西入る|西入ル|西入(?!る|ル)|入る|入ル)"
    r"(?:[\d一二三四五六七八九十]{1,2}(?:丁目|筋目))?[ 、]?){1,3}"
)
_KNOWN = {"town": "town known", "town+": "town known in part"}


class Grammar:
    """Reads one address from a window of folded text. One for a process.

    :param words: lists of ``jp_address.yaml``.
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.places = Places()
        self._towns = Towns(words, self.places)
        self._buildings = Buildings(words)
        self._lots = Lots(words, self._buildings)

    def read(self, window: str, at: int, cues: Cues) -> Address | None:
        """The address whose prefecture or municipality begins at ``at``."""
        places = self.places
        begin = canonical(window[at : at + _REACH])  # of the whole window only where a number of a lot is in it
        prefecture = places.prefecture_at(begin, 0)
        here = GAP.match(window, at + len(prefecture)).end() if prefecture else at  # type: ignore[union-attr]
        name = places.name_at(begin, here - at)
        if not name:
            return self._read_old(window, Locality(at, here, prefecture), cues) if prefecture else None
        municipalities = places.in_prefecture(name, prefecture)
        end = here + len(name)
        city = Locality(at, end, prefecture, municipalities, window[here:end], not prefecture and name in places.gazette.short_names)
        if not municipalities:
            return self._read_elsewhere(window, city, cues) if here == at + len(prefecture) else None
        if not prefecture and not cues.any and not places.stands_alone(window, at, name):
            return None
        locality = places.down_to_ward(window, city, name)
        return self._read_on(window, locality, cues) if locality is not None else None

    def _read_old(self, window: str, prefecture: Locality, cues: Cues) -> Address | None:
        """A prefecture and a municipality of former days (静岡県清水市…)."""
        run = TOWN_RUN.match(window, prefecture.end)
        if run is None or not _OLD_PLACE.match(run[0]) or has_particle(run[0][:4]):
            return None
        found = self._read_on(window, prefecture, cues._replace(postal=False))
        if found is not None and (_OLD_PLACE.match(found.town) is None or not found.numbers):
            return None
        return found

    def _read_elsewhere(self, window: str, city: Locality, cues: Cues) -> Address | None:
        """A prefecture and right behind it a municipality of another one, mistyped or made up (京都府豊島区…); a number of two parts must follow."""
        found = self._read_on(window, city, cues._replace(postal=False))
        return found if found is not None and len(found.numbers) > 1 else None

    def _read_on(self, window: str, locality: Locality, cues: Cues) -> Address | None:
        """From town to room."""
        begin = town_at = GAP.match(window, locality.end).end()  # type: ignore[union-attr]
        if self.places.is_of_kyoto(locality) and (street := _STREET.match(window, begin)):
            town_at = street.end()
        best = self._best_number(window, town_at, locality, cues)
        if (best is None or best[0] < 0.5) and (cues.any or town_at > begin):
            bare = 0.7 if town_at > begin else 0.6  # a known town that ends the address: enough under a label or after a Kyoto street
            if (best is None or bare > best[0]) and (
                end := self._towns.that_ends(window, canonical(window), town_at, locality.municipalities)
            ):
                return self._address(locality, end, bare, window[begin:end], [], "", ["town known, no number"])
        if best is None:
            return None
        score, number_at, number, known = best
        end = number.end
        building = ""
        if number.strength != "chome" or cues.any:
            building, end = self._building(window, number, strong=number.is_strong)
            if building:
                score += 0.05 if known else 0.15
        if not known and score >= 0.3 and is_alone_on_line(window, locality.start, end):
            score += 0.15
        score = min(0.99, score + (0.05 if cues.labelled else 0.0) + (0.05 if cues.postal else 0.0))
        why = [_KNOWN.get(known, "town not in the gazetteer"), f"number {number.strength}"]
        if building:
            why.append("building")
        return self._address(locality, end, score, window[begin:number_at], number.parts, building, why)

    def _best_number(self, window: str, town_at: int, locality: Locality, cues: Cues) -> tuple[float, int, LotNumber, str] | None:
        """``(score, where it begins, number, how the town before it is known)`` of the number that most probably is that of the lot."""
        best: tuple[float, int, LotNumber, str] | None = None
        for number_at, number, town_end in self._lots.behind_town(window, town_at):
            plain = canonical(window)
            town = plain[town_at:town_end]
            if "\n" in town and self.places.begins_in_next_line(plain, town_at, town_end):
                break  # the next line is an address of its own
            known, score = judge(town, number, locality, self._towns, asked=cues.any)
            if score > 0 and (best is None or score > best[0] + 0.001):
                best = (score, number_at, number, known)
            if best is not None and known == "town" and number.strength != "chome":
                break
        return best

    def _building(self, window: str, number: LotNumber, *, strong: bool) -> tuple[str, int]:
        """Building and room behind a number, or empty, and where the address ends."""
        start, end = self._buildings.after(window, number.end, strong=strong)
        return (window[start:end], end) if end > number.end else ("", number.end)

    def _address(self, locality: Locality, end: int, score: float, town: str, numbers: list[str], building: str, why: list[str]) -> Address:
        """The address, with the prefecture and the whole name of its municipality where they leave no doubt."""
        prefecture, municipality = locality.prefecture, unspaced(locality.city)
        if locality.municipalities:
            possible = [self.places.gazette.municipalities[i] for i in locality.municipalities]
            if len({it.prefecture for it in possible}) == 1:
                prefecture = possible[0].prefecture
            if len(possible) == 1:
                municipality = possible[0].name
            why.insert(0, "municipality" + ("" if prefecture else " without prefecture"))
        return Address(locality.start, end, score, prefecture, municipality, town, numbers, building, why)

    def read_without_city(self, window: str, at: int, municipalities: Sequence[int] = ()) -> Address | None:
        """An address that begins with its town (住所：本町1-2-3), under a label or a postal code."""
        plain = canonical(window)
        best: Address | None = None
        for _, number, town_end in self._lots.behind_town(window, at):
            town = plain[at:town_end]
            if (
                not town
                or "\n" in window[at:town_end]
                or not self._towns.is_plausible(town)
                or is_odd(without_section_word(town))
                or not (score := judge_without_city(town, number, municipalities, self._towns))
            ):
                continue
            building, end = self._building(window, number, strong=True)
            if best is None or score > best.score:
                why = ["town under a label", f"number {number.strength}"]
                best = Address(at, end, score, town=town, numbers=number.parts, building=building, why=why)
        return best
