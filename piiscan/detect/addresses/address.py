"""An address that was read, and its compared form.

``norm`` is the same for the same address in other notations: NFKC, canonical
place-name characters, no spaces and line breaks, no postal code, no 大字 and 字, kanji numbers
in digits, numbers joined by ``-`` (``丁目``, ``番地``, ``の`` are dropped), the building after ``|`` with
``号室`` dropped and ``階`` as ``F``; the prefecture is added when the municipality leaves no doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from piiscan.detect.gazetteer import canonical, number_of
from piiscan.detect.normalize import nfkc

__all__ = ["Address", "plain_town", "unspaced"]

_SECTION_WORDS = re.compile(r"大字|小字|字(?=.)")
_COUNTED_IN_KANJI = re.compile(r"[一二三四五六七八九十百〇]+(?=条|線|号|丁|番町|地割)")
_ROOM_WORD = re.compile(r"号室?(?=$|-)|室$")
_FLOOR = re.compile(r"(?<=\d)階")


@dataclass(slots=True)
class Address:
    """An address read from a window of text; offsets are the window's.

    :ivar numbers: of the lot, in digits.
    :ivar why: reasons for people, without values.
    """

    start: int
    end: int
    score: float
    prefecture: str = ""
    municipality: str = ""
    town: str = ""
    numbers: list[str] = field(default_factory=list)
    building: str = ""
    why: list[str] = field(default_factory=list)

    def norm(self) -> str:
        """The compared form."""
        place = plain_town(canonical(nfkc(self.prefecture + self.municipality + self.town)))
        norm = place + "-".join(self.numbers)
        if self.building:
            building = _ROOM_WORD.sub("", unspaced(nfkc(self.building)).upper())
            norm += "|" + _FLOOR.sub("F", building)
        return norm


def plain_town(town: str) -> str:
    """A town as it is compared: without 大字 and 字, counted kanji in digits.

    >>> plain_town("大字北一条西")
    '北1条西'
    """
    return _COUNTED_IN_KANJI.sub(lambda m: str(number_of(m[0])), _SECTION_WORDS.sub("", unspaced(town)))


def unspaced(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())
