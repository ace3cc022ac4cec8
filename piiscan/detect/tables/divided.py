"""Values that are divided over several columns: 姓|名, 090|1234|5678, 元号|年|月|日, 記号|番号.

Each rule looks at all plans of a table and changes those that it knows better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from piiscan.detect.names.families import is_never_given
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.variants import modern_forms
from piiscan.detect.tables.grid import cell_of
from piiscan.detect.tables.measure import (
    MARKS,
    NAME_PAIR,
    Measure,
)
from piiscan.detect.tables.plans import ColumnPlan, Mode, join_parts, samples
from piiscan.detect.tables.words import plain

__all__ = [
    "DATE_PART",
    "birth_in_parts",
    "joined_columns",
    "name_parts",
    "names_by_value",
    "names_under_one_header",
    "phones_in_three",
    "symbol_and_number_of_bank",
]

_SURE_HEADER: Final = 0.8
_SYMBOL = re.compile(r"1[0-9]{3}0-")
#: The word for a part of a name says so by itself when it is so long (姓カナ); 名 behind other words is in 会社名 too.
_WORDY: Final = 2
#: What a program calls a column whose header is blank, in lower case.
_NO_HEADER = re.compile(r"(?:col|column|field|unnamed|列|f|c)[ :_-]{0,2}[0-9]{1,3}")
#: A part of a date in a column of its own, and what it is a date of: 元号, 生年（元号）, birth_y, 年, 生月.
DATE_PART = re.compile(
    r"(?P<stem>[^\s]*?)[_\s(-]?(?:(?P<era>元号|和暦|era|gengo)|(?P<year>年|yyyy|year|yy|y)|(?P<month>月|mm|month|m)|(?P<day>日|dd|day|d))\)?"
)
_THREE_GROUPS = re.compile(r"[0-9]{2,5}-[0-9]{1,4}-[0-9]{3,4}")


def name_parts(plans: list[ColumnPlan], headers: Sequence[str], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """姓 and 名 (also 名 before 姓, 注文者姓 and 注文者名): both are a person's name, compared as one."""
    parts = [measure.words.name_parts(header) if header else [] for header in headers]
    labels = [bool(own) and measure.are_labels(samples(rows, i, measure.rules.sample)) for i, own in enumerate(parts)]
    for i, own in enumerate(parts):
        families = {(pair, whose) for pair, which, whose in own if which == 0}
        if not families:
            continue
        for j in (*range(i + 1, min(i + 4, len(headers))), *range(max(0, i - 3), i)):
            named = plans[i].entity == "PERSON" or plans[j].entity == "PERSON"
            both = families.intersection((pair, whose) for pair, which, whose in parts[j] if which == 1)
            if plans[j].name_pair < 0 and any(named or not whose or len(plain(headers[j])) - len(whose) >= _WORDY for _, whose in both):
                if labels[i] or labels[j]:
                    break  # 氏　　名 of a form, above 生年月日 and 連絡先
                for k, pair, which in ((i, j, 0), (j, i, 1)):
                    plan = plans[k]
                    plan.holds("PERSON", 0.9)
                    plan.name_pair, plan.name_part = pair, which
                break


def names_by_value(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """山田|太郎 in a table without headers: two columns of short words that are names together."""
    _names_in_pairs(list(pairwise(plans)), rows, measure)


def names_under_one_header(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """山田|太郎 under one 氏名, the header beside it blank: as in a list whose columns are parted by blanks, or whose header is merged."""
    pairs = [
        (plan, other)
        for plan, other in pairwise(plans)
        if plan.mode is Mode.VALUE and plan.entity == "PERSON" and not plan.joins and not plan.inside and not other.raw_header.strip()
    ]
    _names_in_pairs(pairs, rows, measure)


def _names_in_pairs(pairs: Sequence[tuple[ColumnPlan, ColumnPlan]], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """The pairs of columns that hold the two parts of names."""
    for plan, other in pairs:
        if plan.name_pair >= 0 or (other.mode is Mode.VALUE and other.entity != "PERSON"):
            continue
        if plan.mode is Mode.VALUE and plan.entity != "PERSON":
            continue
        parts = [(cell_of(row, plan.index), cell_of(row, other.index)) for row in rows[: measure.rules.sample]]
        parts = list(dict.fromkeys((a, b) for a, b in parts if a and b))
        if len({given for _, given in parts}) < 0.5 * len(parts):
            continue  # 空 in every other seat
        if sum(b in MARKS for _, b in parts) > 0.3 * len(parts):
            continue  # 明, 公, 休: a plan of shifts
        if len(parts) < 3 or any(len(a) > 6 or len(b) > 6 or " " in a or "　" in a or any(map(str.isdigit, a + b)) for a, b in parts):
            continue
        if sum(modern_forms(a) in lexicon().surnames or a in lexicon().foreign for a, _ in parts) < 0.5 * len(parts):
            continue  # 看護部|大池慎一
        scores = [match.score for a, b in parts if (match := measure.kit.value("PERSON", f"{a} {b}")) is not None]
        if len(scores) < 0.8 * len(parts) or sum(scores) / len(scores) < NAME_PAIR:
            continue
        if len({a for a, _ in parts}) < 2 or len({b for _, b in parts}) < 2:
            continue  # 空, 空, 空: no names
        if sum(measure.in_order(a, b) for a, b in parts) < 0.5 * len(parts):
            continue  # two columns of family names: who does what
        if sum(is_never_given(b) for _, b in parts) > 0.5 * len(parts):
            continue  # 竹内|廣瀬, 磯村|日下: neighbours in a plan of seats
        for p, pair, which in ((plan, other, 0), (other, plan, 1)):
            p.holds("PERSON", 0.8, len(scores) / len(parts))
            p.name_pair, p.name_part = pair.index, which


def joined_columns(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """090|1234|5678 under one 電話番号; 1975|4|1 under one 生年月日."""
    extra = {plain(h) for h in measure.rules.joined_headers} | {""}
    for plan in plans:
        if plan.mode is Mode.VALUE and plan.share >= 0.5:
            continue
        label = measure.words.label(plan.raw_header)
        stem = label.plain.rstrip("1１①").rstrip("_-(")
        for entity, weight in label.kinds:
            signs = measure.rules.joined.get(entity)
            if signs is None or weight < _SURE_HEADER:
                continue
            more: list[int] = []
            for other in plans[plan.index + 1 : plan.index + 16]:
                own = plain(other.raw_header)
                if own in extra or _NO_HEADER.fullmatch(own) or (stem and own.startswith(stem) and own[len(stem) :].strip("()_-") in extra):
                    more.append(other.index)
                else:
                    break
            if not more:
                continue
            for sign in signs:
                for length in range(len(more), 0, -1):
                    parts = (plan.index, *more[:length])
                    texts = [t for t in (join_parts([cell_of(row, i) for i in parts], sign) for row in rows[: measure.rules.sample]) if t]
                    if texts and sum(measure.kit.value(entity, t) is not None for t in texts) >= 0.6 * len(texts):
                        plan.holds(entity, 0.9)
                        plan.joins, plan.joiner = parts[1:], sign
                        for i in parts[1:]:
                            plans[i].mode, plans[i].taken = Mode.SKIP, True
                        break
                if plan.joins:
                    break
            if plan.joins:
                break


def birth_in_parts(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """元号|年|月|日, birth_y|birth_m|birth_d: three columns that are a date together, of births where the headers say so, or an era
    is given, and the years lie as far apart as births do.
    """
    parts = [DATE_PART.fullmatch(plain(plan.raw_header)) for plan in plans]
    for day, match in enumerate(parts):
        kinds = [part.lastgroup if part else "" for part in parts[max(0, day - 3) : day + 1]]
        if match is None or kinds[-3:] != ["year", "month", "day"]:
            continue
        first = day - 2 - (kinds[:-3] == ["era"])
        own = plans[first : day + 1]
        if any(plan.mode is Mode.VALUE or plan.taken for plan in own):
            continue
        names = [entity for plan in own for head in (plan.raw_header, _stem(plan)) for entity, _ in measure.words.label(head).kinds]
        dates = [join_parts([cell_of(row, plan.index) for plan in own], "年月日") for row in rows[: measure.rules.sample]]
        dates = [date for date in dates if date]
        right = sum(measure.kit.value("DATE_OF_BIRTH", date) is not None for date in dates)
        if len(dates) < 2 or right < 0.8 * len(dates) or not (len(own) > 3 or "DATE_OF_BIRTH" in names):
            continue
        if measure.years_apart(dates):
            own[0].holds("DATE_OF_BIRTH", 0.9)
            western = len(own) == 3 and own[0].raw_header.isascii()
            own[0].takes(own[1:], "/" if western else "年月日")


def _stem(plan: ColumnPlan) -> str:
    match = DATE_PART.fullmatch(plain(plan.raw_header))
    return match["stem"] if match else ""


def phones_in_three(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """080|1234|5678 in a table without headers: three columns of digits that are telephone numbers together."""
    for plan in plans[:-2]:
        three = plans[plan.index : plan.index + 3]
        if any(p.mode is Mode.VALUE or p.taken for p in three):
            continue
        texts = [
            t for row in rows[: measure.rules.sample] if (t := join_parts([cell_of(row, p.index) for p in three], "-")).count("-") == 2
        ]
        if len(texts) < 3 or not all(_THREE_GROUPS.fullmatch(t) for t in texts):
            continue
        if sum(measure.kit.value("PHONE_NUMBER", t) is not None for t in texts) >= 0.9 * len(texts):
            plan.holds("PHONE_NUMBER", 0.8)
            plan.joins, plan.joiner = tuple(p.index for p in three[1:]), "-"
            for p in three[1:]:
                p.mode, p.taken = Mode.SKIP, True


def symbol_and_number_of_bank(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """記号|番号 of the Japan Post Bank: 1xxx0 beside up to eight digits, which under 記号 of a health insurance do not stand."""
    for plan, other in pairwise(plans):
        if not (plain(plan.raw_header).endswith("記号") and plain(other.raw_header).endswith("番号")):
            continue
        whole = [f"{a}-{b}" for row in rows[: measure.rules.sample] if (a := cell_of(row, plan.index)) and (b := cell_of(row, other.index))]
        if whole and sum(
            measure.kit.value("JP_BANK_ACCOUNT", text) is not None and bool(_SYMBOL.match(text)) for text in whole
        ) >= 0.8 * len(whole):
            plan.holds("JP_BANK_ACCOUNT", 0.9)
            plan.takes([other], "-")
