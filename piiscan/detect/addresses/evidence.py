"""How probable it is that an address is meant and no place is merely mentioned: by what is known of the town, by its number, by cues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from piiscan.detect.addresses.address import unspaced
from piiscan.detect.addresses.lots import LotNumber
from piiscan.detect.addresses.places import Locality
from piiscan.detect.addresses.towns import Towns, is_odd, without_section_word

__all__ = ["is_alone_on_line", "judge", "judge_without_city"]

#: An address whose town is known (or known in part, or not) by the strength of its number.
_SCORES: Final = {
    "town": {"full": 0.95, "two": 0.93, "plain": 0.85, "chome": 0.4},
    "town+": {"full": 0.9, "two": 0.85, "plain": 0.65, "chome": 0.35},
    "": {"full": 0.8, "two": 0.65, "plain": 0.4, "chome": 0.2},
}
#: Towns of Hokkaido whose blocks are counted in 丁目: 北1条西.
_GRID_TOWN = re.compile(r"条(?:東|西|南|北)?$")
_SMALL_PLACE = re.compile(r"字|通$|町$|条|線|沢$|田$|川$|原$|山$|野$")


def judge(town: str, number: LotNumber, locality: Locality, towns: Towns, *, asked: bool) -> tuple[str, float]:
    """``(how the town is known, score)`` of a town followed by a number; score 0: no address.

    :param asked: whether a label or postal code says that an address comes.
    """
    strength = number.strength
    prefecture = bool(locality.prefecture)
    town = unspaced(town)
    if not town:
        return "none", _score_without_town(number, locality, towns, asked=asked)
    known = towns.known(town, locality.municipalities)
    if known == "" and (not towns.is_plausible(town) or is_odd(town)):
        return "", 0.0
    if number.loose:
        return known, (0.6 if known == "town" else 0.0)
    score = _SCORES[known][strength]
    if strength == "chome" and known == "town" and _GRID_TOWN.search(town) and not number.counted:
        score = 0.75  # 札幌市中央区北1条西2丁目 is as far as many addresses there go
    if not known and strength == "plain" and _SMALL_PLACE.search(town) and len(town) <= 8:
        score += 0.15
    if asked and strength == "chome":
        score = 0.65
    elif asked and strength == "plain" and known != "town":
        score += 0.15
    if known != "town" and not prefecture:
        score -= 0.05
    if not prefecture:
        score -= 0.03
    if locality.short:
        score -= 0.15 if known == "town" else 0.3
    return known, max(score, 0.0)


def _score_without_town(number: LotNumber, locality: Locality, towns: Towns, *, asked: bool) -> float:
    """A number right behind a municipality."""
    prefecture = bool(locality.prefecture)
    if number.strength == "full" and number.units[0] in {"番地", "none"}:
        return 0.6 if prefecture or asked else 0.5
    if number.is_strong and (asked or (prefecture and towns.are_of_village(locality.municipalities))):
        return 0.55
    return 0.2 if number.is_strong else 0.0


def judge_without_city(town: str, number: LotNumber, municipalities: Sequence[int], towns: Towns) -> float:
    """The score of a town and a number under a label or a postal code, whose municipality is not said; 0: no address."""
    if municipalities and towns.known(town, municipalities) == "town":
        score = 0.85
    elif towns.is_known_somewhere(without_section_word(town)):
        score = 0.6 if number.is_strong else 0.5
    elif number.is_strong:
        score = 0.5
    else:
        return 0.0
    return score - 0.1 if number.strength == "chome" else score


def is_alone_on_line(window: str, start: int, end: int) -> bool:
    """Nothing else stands between the line breaks, tabs or commas around it."""
    before, behind = window[:start].rstrip(" ")[-1:], window[end:].lstrip(" ")[:1]
    return before in {"", "\n", "\t", ",", '"'} and behind in {"", "\r", "\n", "\t", ",", '"'}
