"""Towns: which the gazetteer knows in a municipality, and what could be the name of one it does not know."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from piiscan.detect.addresses.places import Places
from piiscan.detect.addresses.signs import ENDINGS, HIRAGANA, any_of

__all__ = ["Towns", "has_particle", "is_odd", "without_section_word"]

_SECTION_WORD = re.compile(r"^(?:大字|小字|字)")
_PARTICLES = re.compile(r"[はをにでへもやと、。]|から|まで|より|など|した|する|ある|いる|の$|が$")
_ODD = re.compile(r"[0-9](?![0-9]*(?:条|線|号|区|丁|の|番町|軒|地割|字|部))|[A-Z]")
_LONGEST: Final = 15
#: What follows a known town is no longer, and no town that ends an address is.
_LONGEST_REST: Final = 12
_LONGEST_KNOWN: Final = 14


class Towns:
    """Names of towns.

    :param words: lists of ``jp_address.yaml``: ``no_town``.
    """

    def __init__(self, words: Mapping[str, Any], places: Places) -> None:
        self._places = places
        self._towns = places.gazette.towns
        self.is_known_somewhere = places.gazette.is_town
        self._no_town = re.compile(any_of(words["no_town"]))

    def known(self, town: str, municipalities: Sequence[int]) -> str:
        """``town``: known in one of the places; ``town+``: it begins with a known one and goes on plausibly; else empty."""
        bare = without_section_word(town)
        part = False
        for index in municipalities:
            towns = self._towns(index)
            if bare in towns or town in towns:
                return "town"
            if not part:
                for length in range(len(bare) - 1, 0, -1):
                    if bare[:length] in towns:
                        rest = bare[length:]
                        if len(rest) <= _LONGEST_REST and (length > 1 or rest[0] == "字") and self.is_plausible(rest) and not is_odd(rest):
                            part = True
                        break
        return "town+" if part else ""

    def is_plausible(self, town: str) -> bool:
        """Whether it could be a town's name: no clause, no office, no other city."""
        return (
            len(town) <= _LONGEST
            and not _PARTICLES.search(town)
            and not self._no_town.search(town)
            and not any(town[i : i + 3] in self._places.prefectures for i in range(len(town) - 2))
            and not self._places.name_at(town, 0).endswith("市")  # 大阪市 名古屋市 3-1
        )

    def are_of_village(self, municipalities: Sequence[int]) -> bool:
        """Whether they are those of a town or village that may have no parts: 檜原村467番地1."""
        return bool(municipalities) and self._places.gazette.municipalities[municipalities[0]].name[-1] in "町村"

    def that_ends(self, window: str, plain: str, at: int, municipalities: Sequence[int]) -> int:
        """Where the known town at ``at`` ends with which the address ends; 0 when there is none."""
        prefix = _SECTION_WORD.match(plain[at : at + 2])
        skip = prefix.end() if prefix else 0
        for length in range(min(_LONGEST_KNOWN, len(plain) - at - skip), 0, -1):
            name = plain[at + skip : at + skip + length]
            if any(name in self._towns(i) for i in municipalities):
                end = at + skip + length
                following = window[end : end + 1]
                return end if not following or following in ENDINGS or HIRAGANA.match(following) else 0
        return 0


def without_section_word(town: str) -> str:
    """A town without the 大字 or 字 before it."""
    return _SECTION_WORD.sub("", town)


def is_odd(town: str) -> bool:
    """Whether it has figures or capitals as no town has them: 3月号."""
    return _ODD.search(town) is not None


def has_particle(text: str) -> bool:
    """Whether a sentence's particle or verb stands in it."""
    return _PARTICLES.search(text) is not None
