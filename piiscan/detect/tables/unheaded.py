"""Columns of a table without headers, known by their neighbours: readings of names, parts of an address, telephones, births, accounts.

9949 | 肥田 | 諒弥 | ヒタ | リョウヤ | 861-0511 | 熊本県 | 山鹿市 | 熊入町2-21-7 | メゾン青葉 203
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from piiscan.detect.names.spoken import could_be_read
from piiscan.detect.normalize import fold
from piiscan.detect.readings import script_of
from piiscan.detect.tables.grid import cell_of
from piiscan.detect.tables.measure import NUMERAL, PLACE, Measure
from piiscan.detect.tables.plans import ColumnPlan, Mode, samples

__all__ = ["accounts", "address_in_parts", "birth_dates", "phones", "readings_in_parts", "stations", "towns", "unlikely_without_names"]

_PREFECTURE = re.compile(r"東京都|北海道|(?:京都|大阪)府|[一-龥]{2,3}県")
_CITY = re.compile(r"[市区町村]$")
_BUILDING = re.compile(r"[0-9０-９]|[ァ-ヺー]{2}|[荘館棟寮階]")
#: So many rows tell, and this share of them must agree.
_LEAST: Final = 3
_MOSTLY: Final = 0.8
_SEVEN = re.compile(r"[0-9]{6,7}")
_ACCOUNT_KINDS = frozenset({"普通", "当座", "貯蓄", "普", "当", "1", "2", "4", "普通預金", "当座預金"})
_BANK = re.compile(r"銀行$|信用金庫$|信金$|信用組合$|農業協同組合$|農協$|労働金庫$|ゆうちょ")
_LOST_ZERO = re.compile(r"[6-9]0[0-9]{8}")
#: A number with its groups apart: 03-1234-5678, (082)799-3868.
_GROUPED = re.compile(r"[+(]{0,2}[0-9]{2,5}[)-][ ]?[0-9]{1,4}[)-][0-9]{3,4}|\(0[0-9]{1,4}\) ?[0-9]{1,4}-[0-9]{4}")
_LEAST_TOWNS: Final = 5
#: A header that says for itself whose names stand there.
_BY_HEADER: Final = 0.9
_CLOCK = re.compile(r"(?P<hour>[0-2]?[0-9])[:：](?P<minute>[0-5][0-9])")


def readings_in_parts(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """ヒタ|リョウヤ beside 肥田|諒弥: a family and a given name once more, in kana."""
    owner = next((p for p in plans if p.name_part == 0 and p.name_pair >= 0), None)
    if owner is None:
        return
    for plan, other in pairwise(plans):
        if owner.name_pair in {plan.index, other.index} or max(plan.name_pair, other.name_pair) >= 0 or plan.index == owner.index:
            continue
        if any(p.mode is Mode.VALUE and p.entity != "PERSON" for p in (plan, other)):
            continue
        some = [[cell_of(row, i) for i in (plan.index, other.index, owner.index, owner.name_pair)] for row in rows[: measure.rules.sample]]
        some = [parts for parts in some if all(parts)]
        read = sum(
            script_of(a) == script_of(b) == "kana" and could_be_read(f"{a} {b}", f"{family} {given}") for a, b, family, given in some
        )
        if len(some) >= _LEAST and read >= _MOSTLY * len(some):
            for p, pair, which in ((plan, other, 0), (other, plan, 1)):
                p.holds("PERSON", 0.8, read / len(some))
                p.name_pair, p.name_part = pair.index, which
            return


def address_in_parts(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """熊本県|山鹿市|熊入町2-21-7|メゾン青葉 203: an address whose parts stand side by side."""
    for prefecture, city, town in zip(plans, plans[1:], plans[2:], strict=False):
        some = [[cell_of(row, p.index) for p in (prefecture, city, town)] for row in rows[: measure.rules.sample]]
        some = [parts for parts in some if all(parts)]
        if len(some) < _LEAST or not all(_PREFECTURE.fullmatch(first) and _CITY.search(second) for first, second, _ in some):
            continue
        matches = (measure.kit.value("JP_ADDRESS", "".join(parts)) for parts in some if NUMERAL.search(parts[2]))
        if sum(match is not None and match.score > PLACE for match in matches) < _MOSTLY * len(some):
            continue
        parts = [prefecture, city, town]
        if town.index + 1 < len(plans):
            behind = plans[town.index + 1]
            texts = samples(rows, behind.index, measure.rules.sample)
            if behind.mode is not Mode.VALUE and texts and all(_BUILDING.search(text) and not text.strip().isdigit() for text in texts):
                parts.append(behind)
        for rank, plan in enumerate(parts):
            plan.address_part = rank
        return


def unlikely_without_names(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:  # noqa: ARG001 -- as its neighbours
    """Kinds that prove little by their form alone (postal codes) are nothing where no column is of persons."""
    if any(plan.entity == "PERSON" for plan in plans):
        return
    for plan in plans:
        if plan.entity in measure.rules.by_value and measure.rules.by_value[plan.entity].bare:
            plan.entity, plan.mode = "", Mode.TEXT


def towns(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """兵庫県|神戸市東灘区|住吉浜町 in a list of places: the towns behind prefectures and municipalities are no people, whatever they are called."""
    people = [p for p in plans if p.mode is Mode.VALUE and p.entity == "PERSON"]
    for prefecture, city, town in zip(plans, plans[1:], plans[2:], strict=False):
        first, second, third = (samples(rows, p.index, measure.rules.sample) for p in (prefecture, city, town))
        if len(third) < _LEAST_TOWNS or any(p is not town for p in people) or any(NUMERAL.search(value) for value in third):
            continue
        if (town.mode is not Mode.TEXT and town not in people) or measure.are_names(third):
            continue
        if all(_PREFECTURE.fullmatch(value.strip()) for value in first) and all(_CITY.search(value.strip()) for value in second):
            town.mode, town.entity, town.of_words = Mode.SKIP, "", True


def stations(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:  # noqa: ARG001 -- as its neighbours
    """大宮|6:10|7:10 over 高田|6:20|7:20: where later and later times stand below each other in column after column, trains stop."""
    first = plans[0]
    if first.mode is not Mode.VALUE or first.entity != "PERSON" or first.confidence >= _BY_HEADER or len(plans) < _LEAST:
        return
    later = 0
    for plan in plans[1:]:
        times = [match for row in rows if (match := _CLOCK.fullmatch(cell_of(row, plan.index))) is not None]
        clock = [int(match["hour"]) * 60 + int(match["minute"]) for match in times]
        if len(clock) < max(_LEAST, _MOSTLY * (len(rows) - 1)):
            return
        later += all(a < b for a, b in pairwise(clock))
    if 2 * later > len(plans) - 1 and later > 1:
        first.mode, first.entity, first.of_words = Mode.SKIP, "", True


def accounts(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """普通|1234567 behind the name of a bank in a table without headers."""
    for plan in plans[1:]:
        if plan.mode is Mode.VALUE or plan.taken:
            continue
        texts = [
            (cell_of(row, plan.index - 1), cell_of(row, plan.index), row)
            for row in rows[: measure.rules.sample]
            if cell_of(row, plan.index)
        ]
        if len(texts) < 2 or not all(_SEVEN.fullmatch(number) and kind in _ACCOUNT_KINDS for kind, number, _ in texts):
            continue
        if all(any(_BANK.search(cell) for cell in row[: plan.index]) for _, _, row in texts):
            plan.holds("JP_BANK_ACCOUNT", 0.8)


def phones(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """(082)799-3868 beside names in a table without headers, and 9012345678, whose zero a spreadsheet took away."""
    if not any(p.entity == "PERSON" and p.mode is Mode.VALUE for p in plans):
        return
    for plan in plans:
        values = samples(rows, plan.index, measure.rules.sample)
        if plan.mode is Mode.VALUE or plan.taken or len(values) < 3:
            continue
        texts = [fold(v.strip()) for v in values]
        grouped = all(map(_GROUPED.fullmatch, texts))
        if (grouped or all(map(_LOST_ZERO.fullmatch, texts))) and measure.share("PHONE_NUMBER", values)[0] >= (0.8 if grouped else 1):
            plan.holds("PHONE_NUMBER", 0.75)


def birth_dates(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """In a table without headers, dates of plausible ages beside names are birth dates."""
    if not any(p.entity == "PERSON" and p.mode is Mode.VALUE for p in plans):
        return
    for plan in plans:
        if plan.mode is Mode.VALUE:
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        if len(values) < 3:
            continue
        years = []
        for value in values:
            match = measure.kit.value("DATE_OF_BIRTH", value.strip())
            if match is not None and match.norm[:4].isdigit():
                years.append(int(match.norm[:4]))
        if len(years) < 0.8 * len(values):
            continue
        if max(years) - min(years) >= 12 and sum(1920 <= y <= 2010 for y in years) >= 0.9 * len(years):
            plan.holds("DATE_OF_BIRTH", 0.6, len(years) / len(values))
