"""Names that their surroundings give away: labels (氏名：), titles (様), mail headers, chats, kana and romaji forms.

Every span here is judged by :func:`piiscan.detect.names.cells.judge` on the lists before it counts, so a label before
something that is no name gives nothing. Patterns are matched on folded text; offsets are those of the original. The words
are data: ``recognizers/context/names.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.detect.names.rules.alone import standing_alone
from piiscan.detect.names.rules.beside import beside, of_school
from piiscan.detect.names.rules.chats import enumerated, fought, in_a_row, interviewed, pointed, roster, signed, speakers, turns
from piiscan.detect.names.rules.handlers import handlers
from piiscan.detect.names.rules.labels import in_two, labelled
from piiscan.detect.names.rules.mail import addressees, introduced, of_a_firm, voices
from piiscan.detect.names.rules.spans import RuleSpan
from piiscan.detect.names.rules.titles import HEADS, heads, misters, of_a_family, of_a_unit, of_letters, ranked, titled
from piiscan.detect.names.rules.told import ACTS, by_weekday, counted, handed, in_brackets, in_rooms, told, who_is
from piiscan.detect.names.rules.words import Openings

__all__ = ["RuleSpan", "rule_spans"]


def rule_spans(text: str) -> Iterator[RuleSpan]:
    """Spans of ``text`` (folded, same offsets as the original); they may overlap."""
    openings = Openings.of(text)
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
    if "号" in text or "、" in text:
        yield from in_rooms(text)
    if "月" in text and "火" in text and "水" in text:
        yield from by_weekday(text)
    if any(word in text for word in ACTS):
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
    if "年" in text and " " in text:
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
    if any(head in text for head in HEADS):
        yield from heads(text)
    yield from enumerated(text)
    yield from misters(text)
    yield from of_letters(text)
    yield from standing_alone(text)
