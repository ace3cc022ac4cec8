"""Plans of who is on duty: the same few people come again in column after column, so that one column tells what another holds.

当直者|副当直|待機 over 平野|日本|栗花落: under 待機, which says nothing of persons, stand those who stand under 当直者.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import is_family
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.duties import families_on_duty, words_of_turns
from piiscan.detect.names.variants import modern_forms
from piiscan.detect.normalize import fold, nfkc
from piiscan.detect.tables.grid import cell_of
from piiscan.detect.tables.measure import MARKS, WORD, Measure, is_nothing
from piiscan.detect.tables.plans import ColumnPlan, Mode

__all__ = ["by_turns", "go_on_beside", "in_series", "same_people"]

#: A, B列, 第1班, 2号車: a header that differs from the next by its number or letter.
_IN_SERIES = re.compile(r"(?P<stem>[^0-9A-Za-z]{0,4})(?:[0-9]{1,2}|[A-Za-z])(?P<tail>[^0-9A-Za-z()/月日:]{0,4})")

#: When somebody is on duty.
_TURN = re.compile(
    r"(?:(?:第?[1-9一二三]|A|B|C)?(?:早番|中番|遅番|日勤|夜勤|準夜勤?|深夜勤?|当直|宿直|日直|当番|待機|勤務|直)(?:者|帯|\(.{1,12}\))?|午前|午後|AM|PM|早出|遅出|朝|昼|夕|夜)"
)
#: A plan of duties is no longer: some two months.
_LONGEST: Final = 70
#: A column of so many different names, this share of which stand among those of others, is one of these people.
_LEAST: Final = 3
_MOSTLY: Final = 0.7
#: From this confidence on a column of names vouches for what stands in it.
_SURE: Final = 0.6
_HEADED: Final = 0.9
_NAME_CHARS: Final = 8


def same_people(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """Columns in which mostly those stand who are named in another: names as well; and every column of names knows those of the others."""
    people = [
        p for p in plans if p.mode is Mode.VALUE and p.entity == "PERSON" and p.name_part < 0 and not (p.inside or p.called or p.surely)
    ]
    if not people or len(plans) < 2 or len(rows) > _LONGEST:
        return
    others = [
        p
        for p in plans
        if p.mode in {Mode.TEXT, Mode.SKIP} and not (p.taken or p.of_words or measure.words.against("PERSON", p.raw_header))
    ]
    if len(people) < 2 and not others:
        return
    named = {p.index: _words(p, rows) for p in people}
    whole = frozenset(word for p in people if p.confidence >= _SURE for word in named[p.index])
    for plan in others:
        words = _words(plan, rows)
        if len(words) >= _LEAST and len(words & whole) >= _MOSTLY * len(words):
            plan.holds("PERSON", 0.75, len(words & whole) / len(words))
            people.append(plan)
            named[plan.index] = words
    if len(people) > 1:
        again = [word for word in whole if sum(word in words for words in named.values()) > 1]
        headed = frozenset(word for p in people if p.confidence >= _HEADED for word in named[p.index])
        known = frozenset(word for word in again if _may_be_name(word, measure, headed=word in headed))
        for plan in people:
            plan.known = known


def in_series(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """A|B|C|D of a bus, 1班|2班|3班: where names stand below several headers of a series, those below the others are names as well."""
    if len(rows) > _LONGEST:
        return
    series: dict[tuple[str, str], list[ColumnPlan]] = {}
    for plan in plans:
        if (match := _IN_SERIES.fullmatch(nfkc(plan.raw_header).strip())) and not plan.taken and plan.name_part < 0:
            series.setdefault((match["stem"], match["tail"]), []).append(plan)
    for own in series.values():
        named = [plan for plan in own if plan.mode is Mode.VALUE and plan.entity == "PERSON"]
        if len(own) < _LEAST or len(named) < 0.5 * len(own):
            continue
        for plan in own:
            words = _words(plan, rows)
            known = [word for word in words if is_family(word) or _is_like(word, measure)]
            if plan.mode in {Mode.TEXT, Mode.SKIP} and words and 2 * len(known) >= len(words):
                plan.holds("PERSON", 0.75, len(known) / len(words))


def by_turns(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """早番|日勤|遅番 over 安田|東・南|千葉: whoever stands under turns, where nearly all words there are family names."""
    if len(rows) > _LONGEST:
        return
    turns = [
        plan
        for plan in plans
        if _TURN.fullmatch(nfkc(plan.raw_header).strip())
        and not (plan.taken or plan.inside)
        and plan.name_part < 0
        and plan.entity in {"", "PERSON"}
        and not measure.words.against("PERSON", plan.raw_header)
    ]
    if len(turns) < 2:
        return
    cells = [fold(cell) for plan in turns for row in rows if (cell := cell_of(row, plan.index))]
    known = families_on_duty([cell[start:end] for cell in cells for start, end in words_of_turns(cell, 0, len(cell))])
    for plan in turns if known else ():
        plan.holds("PERSON", 0.75, 1.0)
        plan.known = known


def go_on_beside(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """班員 over three columns, two of them without a header of their own: who stands there is one of them too, where most pass for names."""
    for before, plan in pairwise(plans):
        if not (before.mode is Mode.VALUE and before.entity == "PERSON" and before.confidence >= _SURE and before.name_part < 0):
            continue
        if plan.raw_header.strip() or plan.taken or plan.of_words or plan.mode not in {Mode.TEXT, Mode.SKIP} or before.inside:
            continue
        cells = list(dict.fromkeys(cell for row in rows if (cell := cell_of(row, plan.index)) and not is_nothing(cell)))
        alike = sum(_is_like(cell, measure) for cell in cells[: measure.rules.sample])
        if len(cells) >= _LEAST and alike >= _MOSTLY * len(cells[: measure.rules.sample]):
            plan.holds("PERSON", before.confidence, alike / len(cells[: measure.rules.sample]))


def _is_like(word: str, measure: Measure) -> bool:
    match = measure.kit.value("PERSON", word)
    return match is not None and match.score >= WORD


def _words(plan: ColumnPlan, rows: Sequence[Sequence[str]]) -> set[str]:
    cells = {cell_of(row, plan.index) for row in rows}
    return {cell for cell in cells if 0 < len(cell) <= _NAME_CHARS and not is_nothing(cell)}


def _may_be_name(word: str, measure: Measure, *, headed: bool) -> bool:
    """Whether a word that stands in two columns of names may be one: no label, no mark (休), no word that nobody bears (応援, 早番).

    :param headed: one of these columns is surely of names by its header.
    """
    if measure.words.label(word).weight or not word.isalpha():
        return False
    if modern_forms(word) in lexicon().surnames:
        return len(word) > 1 or word not in MARKS
    return len(word) > 1 and (headed or judge(word).why != "a word") and judge(word).why != "no person"
