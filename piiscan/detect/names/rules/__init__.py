"""Names that their surroundings give away: labels (氏名：), titles (様), mail headers, chats, kana and romaji forms.

Every span here is judged by :func:`piiscan.detect.names.cells.judge` on the lists before it counts, so a label before
something that is no name gives nothing. Patterns are matched on folded text; offsets are those of the original. The words
are data: ``recognizers/context/names.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import cache

from piiscan.detect.names.rules.alone import standing_alone
from piiscan.detect.names.rules.beside import IN_YEAR, OF_YEAR, beside, of_school
from piiscan.detect.names.rules.chats import enumerated, fought, in_a_row, interviewed, pointed, roster, signed, speakers, turns
from piiscan.detect.names.rules.handlers import FIRMS, TASKS, handlers, of_a_task, of_our_firm
from piiscan.detect.names.rules.labels import in_two, labelled
from piiscan.detect.names.rules.mail import addressees, introduced, of_a_firm, voices
from piiscan.detect.names.rules.spans import RuleSpan
from piiscan.detect.names.rules.titles import HEADS, LATIN_UNITS, heads, misters, of_a_family, of_a_unit, of_letters, ranked, titled
from piiscan.detect.names.rules.told import ACTS, ROOM, by_weekday, counted, handed, in_brackets, in_rooms, told, who_is
from piiscan.detect.names.rules.words import Openings, any_of
from piiscan.detect.prefilter import Prefilter

__all__ = ["RuleSpan", "rule_spans"]


class _Gate(IntEnum):
    """Rules whose words are looked for in one pass: asking for each word takes longer than most rules."""

    ACT = 0
    ROOM = 1
    SCHOOL = 2
    TASK = 3
    FIRM = 4
    HEAD = 5
    LETTERS = 6


@cache
def _gates() -> Prefilter:
    words = [
        any_of(ACTS),
        ROOM.pattern,
        f"{IN_YEAR.pattern}|{OF_YEAR.pattern}",
        any_of(TASKS),
        any_of(FIRMS),
        any_of(HEADS),
        any_of(LATIN_UNITS),
    ]
    return Prefilter([re.sub(r"\(\?P<\w+>", "(?:", word) for word in words], ends=False)


def rule_spans(text: str) -> Iterator[RuleSpan]:
    """Spans of ``text`` (folded, same offsets as the original); they may overlap."""
    openings = Openings.of(text)
    may = _gates().matching(text)
    if openings.label:
        yield from labelled(text, openings.label)
    if "<" in text:
        yield from addressees(text)
        if "<v" in text:
            yield from voices(text)
    if "@" in text:
        yield from of_a_firm(text)
    if "名" in text or "人" in text or "氏" in text:
        yield from counted(text)
    if _Gate.ROOM in may:
        yield from in_rooms(text)
    if "月" in text and "火" in text and "水" in text:
        yield from by_weekday(text)
    if _Gate.ACT in may:
        yield from told(text)
    if "は" in text:
        yield from who_is(text)
    if "(" in text and ("・" in text or "、" in text):
        yield from in_brackets(text)
    if "→" in text or "⇒" in text:
        yield from handed(text)
    if "です" in text:
        yield from introduced(text)
    if openings.rank:
        yield from ranked(text, openings.rank)
    if openings.title:
        yield from titled(text, openings.title)
    if openings.unit:
        yield from of_a_unit(text, openings.unit)
    if openings.kin:
        yield from of_a_family(text, openings.kin)
    if openings.beside:
        yield from beside(text, openings.beside)
    if _Gate.SCHOOL in may:
        yield from of_school(text)
    if "名" in text or "メイ" in text or "めい" in text:
        yield from in_two(text)
    if ":" in text:
        yield from speakers(text)
        yield from turns(text)
    if "・" in text or "、" in text:
        yield from roster(text)
    if "。(" in text or "。 (" in text or "」(" in text:
        yield from signed(text)
    if not text.isascii() and " " in text:
        yield from interviewed(text)
        yield from in_a_row(text)
        yield from pointed(text)
        yield from fought(text)
    yield from handlers(text)
    if _Gate.TASK in may:
        yield from of_a_task(text)
    if _Gate.FIRM in may:
        yield from of_our_firm(text)
    if _Gate.HEAD in may:
        yield from heads(text)
    yield from enumerated(text)
    yield from misters(text)
    if _Gate.LETTERS in may:
        yield from of_letters(text)
    yield from standing_alone(text)
