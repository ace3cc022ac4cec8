"""Names that their surroundings give away: labels (氏名：), titles (様), mail headers, chats, kana and romaji forms.

Every span here is judged by :func:`piiscan.detect.names.cells.judge` on the lists before it counts, so a label before
something that is no name gives nothing. Patterns are matched on folded text; offsets are those of the original. The words
are data: ``recognizers/context/names.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from piiscan.detect.names.rules.alone import PLANS, first_in_line, lonely, planned, standing_alone
from piiscan.detect.names.rules.beside import IN_YEAR, OF_CLASS, OF_YEAR, beside, in_year, of_class, of_year
from piiscan.detect.names.rules.chats import enumerated, fought, in_a_row, interviewed, pointed, roster, signed, speakers, turns
from piiscan.detect.names.rules.duties import DUTIES, on_duty, seated
from piiscan.detect.names.rules.handlers import DOES, FIRMS, TASKS, handlers, heading_a_unit, of_a_task, of_doing, of_our_firm
from piiscan.detect.names.rules.labels import in_two, labelled, of_a_register
from piiscan.detect.names.rules.mail import addressees, introduced, of_a_firm, voices
from piiscan.detect.names.rules.openings import Openings
from piiscan.detect.names.rules.signed import jointly
from piiscan.detect.names.rules.spans import RuleSpan
from piiscan.detect.names.rules.titles import HEADS, LATIN_UNITS, heads, misters, of_a_family, of_a_unit, of_letters, ranked, titled
from piiscan.detect.names.rules.told import (
    BOOKED,
    PARENTS,
    ROOM,
    booked,
    by_weekday,
    counted,
    handed,
    in_brackets,
    in_rooms,
    of_a_parent,
    told,
    who_is,
)
from piiscan.detect.names.words import any_of
from piiscan.detect.prefilter import Prefilter

__all__ = ["RuleSpan", "rule_spans"]


#: Rules and what must be in a text for them: looked for in one pass, for asking for each word takes longer than most of these rules.
_GATED = (
    (in_rooms, ROOM.pattern),
    (booked, BOOKED),
    (of_a_parent, re.escape(PARENTS)),
    (in_year, IN_YEAR.pattern),
    (of_year, OF_YEAR.pattern),
    (of_class, OF_CLASS.pattern),
    (of_a_task, any_of(TASKS)),
    (of_our_firm, any_of(FIRMS)),
    (of_doing, any_of(DOES)),
    (of_a_register, "【名】|【父】|【母】"),
    (heads, any_of(HEADS)),
    (of_letters, any_of(LATIN_UNITS)),
    (planned, PLANS),
    (seated, PLANS),
    (on_duty, DUTIES),
)


#: The beginning of a line that has a number, or few characters before a blank, a colon or its end.
_HEAD = re.compile(r"[ \t]{0,8}[(0-9①-⑳]|[^\n]{0,16}?(?:[\s:]|$)")
_HEAD_BELOW = re.compile(rf"\n(?:{_HEAD.pattern})")


@cache
def _gates() -> Prefilter:
    return Prefilter([needed for _, needed in _GATED], ends=False)


def rule_spans(text: str) -> Iterator[RuleSpan]:
    """Spans of ``text`` (folded, same offsets as the original); they may overlap."""
    openings = Openings.of(text)
    headed = not text.isascii() and _is_headed(text)
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
    if "月" in text and "火" in text and "水" in text:
        yield from by_weekday(text)
    if openings.who:
        yield from who_is(text, openings.who)
    if "(" in text and ("・" in text or "、" in text):
        yield from in_brackets(text)
    if "→" in text or "⇒" in text:
        yield from handed(text)
    if "です" in text:
        yield from introduced(text, openings.greeting)
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
    if openings.family:
        yield from in_two(text, openings.family)
    if ":" in text:
        yield from speakers(text)
        yield from turns(text)
    if headed and ("・" in text or "、" in text):
        yield from roster(text)
    if "(" in text:
        yield from signed(text)
    if "\n " in text:
        yield from jointly(text)
    if not text.isascii() and " " in text:
        if headed:
            yield from interviewed(text)
        yield from in_a_row(text)
        yield from pointed(text)
        yield from fought(text)
    yield from handlers(text)
    if headed:
        yield from heading_a_unit(text)
    if openings.told:
        yield from told(text, openings.told)
    for number in sorted(_gates().matching(text)):
        yield from _GATED[number][0](text)
    if headed:
        yield from enumerated(text)
    yield from misters(text)
    yield from standing_alone(text)
    if headed:
        yield from lonely(text)
        yield from first_in_line(text)


def _is_headed(text: str) -> bool:
    """Whether some line begins as those of lists and forms do: what the rules about lines say nothing without."""
    return _HEAD.match(text) is not None or _HEAD_BELOW.search(text) is not None
