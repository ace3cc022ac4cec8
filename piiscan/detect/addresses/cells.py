"""Whole cells: an address, with or without a remark behind it, or the part of one that a column holds (住所1, 住所2)."""

from __future__ import annotations

import re
from typing import Final

from piiscan.detect.addresses.address import plain_town
from piiscan.detect.addresses.cues import POSTAL_FIRST, Cues
from piiscan.detect.addresses.grammar import Grammar
from piiscan.detect.addresses.signs import SPACES
from piiscan.detect.addresses.towns import without_section_word
from piiscan.detect.base import ValueMatch
from piiscan.detect.gazetteer import canonical
from piiscan.detect.normalize import fold

__all__ = ["judge_cell"]

_LENGTHS: Final = range(2, 201)
#: From this score on the cell is an address and no part of one.
_WHOLE: Final = 0.45
#: What stands behind an address belongs to it when it is no longer.
_REST: Final = 30
#: A remark in brackets that ends the cell (家賃滞納3か月), and contact details behind an address: none of it.
_REMARK = re.compile(
    r" ?\((?![^()]*(?:方|内|気付|[0-9A-Z号階棟室番館荘寮]\)|丁目|番地|ビル|マンション|アパート|ハイツ|コーポ|団地|旧|字|通))[^()]{1,20}\)\s*$"
)
_CONTACT = re.compile(r"(?i:tel|fax|電話|携帯|℡|☎)|@|[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4}|0[789]0[0-9]{8}")
#: Who lives there, behind a blank or on a line of its own: 東京都…1-2-3 平塚 小雪 様, not 佐藤様方, in whose house somebody lives.
_ADDRESSEE = re.compile(r"(?:様|さま|殿|御中|宛)\s*$")
_LINE_END = re.compile(r"[\n\x0b]")


def judge_cell(grammar: Grammar, text: str) -> ValueMatch | None:
    """How probable a cell is an address when its column says so, and where it stands in the cell."""
    cell = text.strip()
    if len(cell) not in _LENGTHS:
        return None
    start = text.index(cell[0])
    window = fold(cell)
    postal = POSTAL_FIRST.match(window)
    at = postal.end() if postal else 0
    read = grammar.read(window, at, Cues(labelled=True, postal=postal is not None)) or grammar.read_without_city(window, at)
    if read is None or read.score < _WHOLE:
        return _part(grammar, canonical(window), at, start, len(cell))
    rest = len(window) - read.end
    if _REMARK.match(window, read.end):
        return ValueMatch(round(read.score, 3), read.norm(), start, start + read.end)
    score = read.score if rest == 0 else read.score - min(0.4, rest * 0.01)
    alone = rest > _REST or _LINE_END.search(cell, read.end) or _CONTACT.search(window, read.end) or _ADDRESSEE.search(window, read.end)
    end = read.end if alone else len(cell)
    return ValueMatch(round(score, 3), read.norm(), start, start + end)


def _part(grammar: Grammar, plain: str, at: int, start: int, length: int) -> ValueMatch | None:
    """A cell with less than an address: prefecture, municipality, or town alone."""
    score = _part_score(grammar, plain, at)
    return ValueMatch(score, plain_town(plain[at:]), start, start + length) if score else None


def _part_score(grammar: Grammar, plain: str, at: int) -> float:
    places = grammar.places
    prefecture = places.prefecture_at(plain, at)
    here = at + len(prefecture)
    if prefecture and here == len(plain):
        return 0.4
    here = SPACES.match(plain, here).end()  # type: ignore[union-attr]
    if name := places.name_at(plain, here):
        rest = len(plain) - here - len(name)
        if rest == 0:
            return 0.7 if prefecture else 0.6
        return 0.6 if rest <= 20 else 0.45
    return 0.45 if not prefecture and places.gazette.is_town(without_section_word(plain[at:])) else 0.0
