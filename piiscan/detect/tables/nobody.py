"""Tables about no person whose headers are a person's: a register of cattle has 生年月日, a list of goods has Name and Name kana.

Asked last of all, of the plans of one table, and only where nothing else in it identifies anybody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from piiscan.detect.samples import is_test_card
from piiscan.detect.tables.measure import Measure
from piiscan.detect.tables.plans import ColumnPlan, Mode, samples
from piiscan.detect.tables.words import plain

__all__ = ["judge_nobody"]

#: Headers of a list of the names that most people have.
_RANK = re.compile(r"順位|ランク|ランキング|rank(?:ing)?")
_BEARERS = re.compile(r"人数|人口")
_SURE_HEADER: Final = 0.9
#: So many headers of goods beside a name that has nothing else of a person.
_GOODS: Final = 2
#: Headers of where on the earth something is: a stop, a well, a photograph.
_ON_A_MAP = (re.compile(r"緯度|^lat(?:itude)?$"), re.compile(r"経度|^(?:lng|lon|long|longitude)$"))
_CONTACTS = frozenset({"PHONE_NUMBER", "EMAIL_ADDRESS", "JP_ADDRESS"})
_PEDIGREE = frozenset({"父", "母", "母父", "母の父", "父父", "父名", "母名", "sire", "dam", "祖父", "祖母", "母方祖父"})
#: Headers that say no more than that something is called so.
_NAMES = frozenset({"name", "namekana", "name_kana", "name-kana", "kana", "nm", "kn", "名", "名前", "名称", "読み", "カナ", "よみ"})


def judge_nobody(plans: list[ColumnPlan], headers: Sequence[str], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """Take from the columns what is no person's in such a table."""
    _test_cards(plans, rows, measure)
    texts = [plain(header) for header in headers if header]
    if any(map(_RANK.fullmatch, texts)) and any(map(_BEARERS.search, texts)):
        _names_counted(plans, rows, measure)
    if any(word in text for text in texts for word in measure.rules.animals):
        _animals(plans, headers, rows, measure)
        return
    persons = [plan for plan in plans if plan.mode is Mode.VALUE and plan.entity == "PERSON"]
    goods = sum(any(word in text for word in measure.rules.goods) for text in texts) >= _GOODS
    if not goods and not all(any(map(axis.search, texts)) for axis in _ON_A_MAP):
        return
    other = {plan.entity for plan in plans if plan.mode is Mode.VALUE} - {"PERSON", "JP_CORPORATE_NUMBER"}
    if other or any(plan.name_pair >= 0 for plan in persons):
        return
    for plan in plans:
        named = plan.mode is Mode.VALUE and plan.entity == "PERSON"
        if plain(plan.raw_header) in _NAMES and (named or plan.mode is Mode.TEXT) and not _full_names(plan, rows, measure):
            _empty(plan)


def _names_counted(plans: Sequence[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """順位|名字|人数, 順位|男の子|人数|女の子|人数: how many are called so, of which nobody is whole."""
    people = [plan for plan in plans if plan.mode is Mode.VALUE and plan.entity in measure.rules.identifies]
    if all(plan.entity == "PERSON" and not _full_names(plan, rows, measure) for plan in people):
        words = [p for p in plans if p.mode is Mode.TEXT and measure.short_names(samples(rows, p.index, measure.rules.sample))]
        for plan in (*people, *words):
            _empty(plan)


def _animals(plans: Sequence[ColumnPlan], headers: Sequence[str], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """父 and 母 of a horse, and where nobody else is named the date of birth; 名前 beside a telephone number may be who keeps a dog."""
    reached = any(plan.mode is Mode.VALUE and plan.entity in _CONTACTS for plan in plans)
    for plan, header in zip(plans, headers, strict=True):
        text = plain(header)
        if text in _PEDIGREE or (text in _NAMES and not reached and not _full_names(plan, rows, measure)):
            _empty(plan)
    if not any(plan.mode is Mode.VALUE and plan.entity == "PERSON" for plan in plans):
        for plan in plans:
            if plan.mode is Mode.VALUE and plan.entity in {"DATE_OF_BIRTH", "GENDER", "AGE"}:
                _empty(plan)


def _test_cards(plans: Sequence[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """A column that holds nothing but card numbers that are published for tests, beside nobody."""
    if any(plan.mode is Mode.VALUE and plan.entity in measure.rules.identifies for plan in plans):
        return
    for plan in plans:
        if plan.mode is Mode.VALUE and plan.entity == "CREDIT_CARD":
            values = samples(rows, plan.index, measure.rules.sample)
            if len(values) >= _GOODS and all(map(is_test_card, values)):
                _empty(plan)


def _full_names(plan: ColumnPlan, rows: Sequence[Sequence[str]], measure: Measure) -> bool:
    """Whether whole names of people stand under a header, as of those who bought the goods."""
    passed, mean = measure.share("PERSON", samples(rows, plan.index, measure.rules.sample))
    return passed >= _SURE_HEADER and mean >= _SURE_HEADER


def _empty(plan: ColumnPlan) -> None:
    plan.mode, plan.entity, plan.of_words, plan.confidence = Mode.SKIP, "", True, 0.0
