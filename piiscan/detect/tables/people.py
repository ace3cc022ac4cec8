"""Columns of names whose headers do not say so, understood by the ones beside them: plans of duties, approvals, chats, families."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from piiscan.detect.names.families import bearers, is_family, is_place
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.spoken import is_given_sound
from piiscan.detect.names.variants import modern_forms
from piiscan.detect.readings import is_reading, script_of
from piiscan.detect.tables.measure import (
    FAMILY,
    MARKS,
    WORD,
    Measure,
    family_names,
    given_names,
    is_nothing,
    surely_named,
)
from piiscan.detect.tables.plans import ColumnPlan, Mode, samples
from piiscan.detect.tables.words import plain

__all__ = [
    "called",
    "done_by_one",
    "given_names_alone",
    "names_alike",
    "names_with_numbers",
    "plan_of_duties",
    "readings_alone",
    "speakers",
]

_SURE_HEADER: Final = 0.8
#: A plan of seats has no more rows and columns, and so many names.
_SEATED, _LEAST_SEATED = 12, 4
#: … among rarer ones too, where nearly every word is one.
_ONLY_NAMES: Final = 0.8
_WEEKDAYS: Final = frozenset("月火水木金土日")
#: A family name is no longer.
_LONGEST_FAMILY: Final = 5
_OF_SOMEBODY: Final = frozenset({"DATE_OF_BIRTH", "GENDER"})
_DAY = re.compile(r"[0-9]{1,2}(?:日|\([月火水木金土日]\))?")
_GAP_IN = re.compile(r"\S[ \u3000・]+\S")
#: A header of the family of the row's person, without what may stand around it; share of words below it that are given names, and how many.
_FAMILY_MEMBER = re.compile(
    r"[お御ご]?(?P<who>.+?)(?:の?(?:学年|クラス|組|年齢)(?:組)?[・/と、,]?)?(?:の?お?名前|の?氏名|名)?[0-9]{0,2}(?:\([^()]*\))?"
)
_GIVEN_SHARE: Final = 0.7
_LEAST_GIVEN: Final = 2
#: In a column of the names by which people go so many are given names; the others are shops, jokes, initials.
_CALLED_SHARE: Final = 0.4
#: A list of people with their numbers has so many.
_LEAST_LISTED: Final = 4
#: The time, the speech and the speaker of a chat: 山田母 is known by the family name.
_CLOCK = re.compile(r"\[?(?:午[前後] ?)?[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?\]?")
_SPEECH = re.compile(r"[。、！？!?…♪]|[ぁ-ゖ]{3}")
_PARENT_OF = re.compile(r"(?<=.)(?:母|父|ママ|パパ|祖母|祖父)$")
_LEAST_SPEECHES: Final = 3
_SPEAKER: Final = 12
#: What nobody but a person does: no place stands there (営業 千葉); but so many bear 松本.
_BORNE_BY_MANY: Final = 400_000
_SIGNED = re.compile(r"承認|決裁|検印|検収|照査|起案|確認")


def names_alike(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """A plan of who does what: several columns of family names under headers that say nothing of persons (給湯室, 14:00, 窓側),
    or one beside a calendar.
    """
    mine: list[ColumnPlan] = []
    scores: list[float] = []
    others = sum(p.mode is Mode.VALUE and p.entity == "PERSON" and p.confidence < _SURE_HEADER for p in plans)
    of_days = sum(_DAY.fullmatch(p.raw_header) is not None for p in plans) >= max(4, 0.7 * len(plans))
    for plan in plans:
        if (
            plan.taken
            or plan.mode in {Mode.VALUE, Mode.SENSITIVE}
            or (plan.raw_header and measure.words.against("PERSON", plan.raw_header))
        ):
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        if values and not plan.raw_header and not values[0].strip().isalpha():
            values = values[1:]  # 14:00: a header that was none
        own = measure.short_names(values)
        least = 0.3 if others >= 2 else 0.4
        if (
            len(own) >= (4 if others >= 2 else 2)
            and sum(score >= WORD for score in own) >= 0.6 * len(own)
            and sum(s >= FAMILY for s in own) >= least * len(own)
        ):
            mine.append(plan)
            scores += own
    if mine and (others >= 2 or (len(mine) + others + of_days >= 2 and family_names(scores))):
        for plan in mine:
            plan.holds("PERSON", 0.75, 0.8)


def done_by_one(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """承認 or 受付 over the same 森田 in every row: a word for what somebody does, above one family name and nothing else."""
    for plan in plans:
        if plan.taken or plan.mode in {Mode.VALUE, Mode.SENSITIVE} or not plan.raw_header:
            continue
        said = any(entity == "PERSON" for entity, _ in measure.words.label(plan.raw_header).kinds)
        if not said or measure.words.against("PERSON", plan.raw_header):
            continue
        words = {value.strip() for value in samples(rows, plan.index, measure.rules.sample) if not is_nothing(value.strip())}
        word = words.pop() if len(words) == 1 else ""
        if (
            word
            and word not in MARKS
            and measure.short_names([word])
            and is_family(word)
            and (_SIGNED.search(plan.raw_header) or bearers(word) >= _BORNE_BY_MANY or not is_place(word))
        ):
            plan.holds("PERSON", 0.75)


def given_names_alone(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """家族 明野、茂 beside 世帯主, 母 愛 beside 父: given names of those whose family name stands elsewhere in the row."""
    if not any(p.mode is Mode.VALUE and p.entity == "PERSON" for p in plans):
        return
    for plan in plans:
        match = _FAMILY_MEMBER.fullmatch(plain(plan.raw_header))
        if match is None or match["who"] not in measure.rules.family_members or plan.mode in {Mode.VALUE, Mode.SENSITIVE} or plan.taken:
            continue
        names = [name for value in samples(rows, plan.index, measure.rules.sample) for name, _ in given_names(value)]
        known = sum(modern_forms(name) in lexicon().given for name in names)
        if len(names) >= _LEAST_GIVEN and known >= _GIVEN_SHARE * len(names):
            plan.holds("PERSON", 0.75, known / len(names))
            plan.given_alone = True


def called(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """LINE表示名 ミホ, display_name Shigeo: given names in kana or Latin letters, by which those go who are named beside them."""
    for plan in plans:
        *_, header = plain(plan.raw_header).split(".")
        if header not in measure.rules.called or plan.mode in {Mode.VALUE, Mode.SENSITIVE} or plan.taken:
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        known = sum(is_given_sound(value.strip()) for value in values)
        if known and known >= _CALLED_SHARE * len(values):
            plan.holds("PERSON", 0.75, known / len(values))
            plan.called = True


def readings_alone(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """読み, カナ, エキメイ in a table without names are readings of words, stations, branches; ヤマダ タロウ is a name by itself."""
    readings = [p for p in plans if p.name_part < 0 and is_reading(p.raw_header) and (p.mode is not Mode.VALUE or p.entity == "PERSON")]
    if not readings or any(p.mode is Mode.VALUE and p.entity == "PERSON" and not is_reading(p.raw_header) for p in plans):
        return
    about = any(p.mode is Mode.VALUE and p.entity in _OF_SOMEBODY for p in plans)
    for plan in readings:
        values = samples(rows, plan.index, measure.rules.sample)
        if about and values and measure.are_names(values):
            continue  # フクダレイナ beside a date of birth, where the name stands elsewhere in the form
        kana = [text for value in values if script_of(text := value.strip()) == "kana"]
        if len(kana) >= 0.8 * len(values) and sum(_GAP_IN.search(text) is not None for text in kana) < 0.3 * len(kana):
            plan.mode, plan.entity, plan.of_words = Mode.SKIP, "", True


def names_with_numbers(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """泉|0176-88-2762 over 藤井|0263-83-4234: family names, rare ones and those that are words too, each with a telephone number or an
    address of e-mail, in a table without headers. A list of branches has places there: 渋谷, 上野, 目黒.
    """
    if not any(p.mode is Mode.VALUE and p.entity in {"PHONE_NUMBER", "EMAIL_ADDRESS"} and p.share >= _SURE_HEADER for p in plans):
        return
    if any(p.mode is Mode.VALUE and p.entity == "PERSON" for p in plans):
        return
    for plan in plans:
        if plan.taken or plan.mode in {Mode.VALUE, Mode.SENSITIVE}:
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        scores = measure.short_names(values)
        if len(scores) < _LEAST_LISTED or len(scores) < len(values) or sum(score >= WORD for score in scores) < 0.8 * len(scores):
            continue
        if sum(score >= FAMILY for score in scores) >= 0.3 * len(scores) and sum(map(is_place, values)) <= 0.5 * len(values):
            plan.holds("PERSON", 0.75, sum(score >= WORD for score in scores) / len(scores))
            return


def speakers(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """19:22|Minoru|こんばんは。 of a chat that was saved: who speaks stands between the time and what is said."""
    for time, plan, said in zip(plans, plans[1:], plans[2:], strict=False):
        times, speeches = samples(rows, time.index, measure.rules.sample), samples(rows, said.index, measure.rules.sample)
        if plan.mode is Mode.VALUE or plan.taken or len(times) < _LEAST_SPEECHES or not all(map(_CLOCK.fullmatch, times)):
            continue
        if sum(_SPEECH.search(speech) is not None for speech in speeches) < 0.4 * len(speeches):
            continue
        names = [_PARENT_OF.sub("", value.strip()) for value in samples(rows, plan.index, measure.rules.sample)]
        scores = [match.score if (match := measure.kit.value("PERSON", name)) else 0.0 for name in names]
        known = sum(score >= FAMILY or is_given_sound(name) for name, score in zip(names, scores, strict=True))
        if len(names) >= 2 and known >= 0.6 * len(names) and not any(any(map(str.isdigit, name)) or len(name) > _SPEAKER for name in names):
            plan.holds("PERSON", 0.75, known / len(names))


def plan_of_duties(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """A small plan of seats, interviews or duties without headers, or with those of days: whichever column they stand in, its words are family names, most of
    them no places. 窓側, 空席 and 14:00 stand there too.
    """
    if len(rows) > _SEATED or not 2 <= len(plans) <= _SEATED or any(p.mode is Mode.VALUE and p.entity != "PERSON" for p in plans):
        return
    mine = [
        plan
        for plan in plans
        if not plan.taken and plan.mode not in {Mode.VALUE, Mode.SENSITIVE} and _says_no_more_than_when(plan.raw_header)
    ]
    known = [p for p in plans if p.mode is Mode.VALUE and p.confidence < _SURE_HEADER and p.name_pair < 0]
    if not mine or len(mine) + len(known) < 2:
        return
    named: list[str] = []
    scores: dict[int, list[float]] = {}
    for plan in (*mine, *known):
        texts = [text for cell in samples(rows, plan.index, measure.rules.sample) if (text := cell.strip()).isalpha()]
        words = {text: sum(measure.short_names([text])) for text in texts if len(text) <= _LONGEST_FAMILY and text not in MARKS}
        mostly = [text for text, score in words.items() if score >= WORD]
        if mostly and 2 * len(mostly) >= len(words):  # 島A, 島B stand before the names
            scores[plan.index] = list(words.values())
            named += mostly
    every = [score for own in scores.values() for score in own]
    alone = len(named) >= _ONLY_NAMES * len(every) and 2 * sum(score >= FAMILY for score in every) >= len(every)
    if len(scores) < 2 or len(set(named)) < _LEAST_SEATED or not (alone or family_names(every)):
        return
    whole = any(surely_named(measure.kit, value) for p in (*mine, *known) for value in samples(rows, p.index, measure.rules.sample))
    days = any(plan.raw_header in _WEEKDAYS for plan in plans)
    if not (whole or days) and 2 * sum(map(is_place, named)) > len(named):
        return
    for plan in mine:
        if plan.index in scores:
            plan.holds("PERSON", 0.75, 0.8)


def _says_no_more_than_when(header: str) -> bool:
    return not header or header in _WEEKDAYS or _CLOCK.fullmatch(header) is not None
