"""What neighbouring columns of a table without headers are together: readings of the names beside them, the parts of an address.

9949 | 肥田 | 諒弥 | ヒタ | リョウヤ | 861-0511 | 熊本県 | 山鹿市 | 熊入町2-21-7 | メゾン青葉 203
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from piiscan.detect.names.spoken import could_be_read
from piiscan.detect.readings import script_of
from piiscan.detect.tables.measure import NUMERAL, PLACE, Measure
from piiscan.detect.tables.plans import ColumnPlan, Mode, cell_of, samples

__all__ = ["CITY", "PREFECTURE", "address_in_parts", "readings_in_parts"]

PREFECTURE = re.compile(r"東京都|北海道|(?:京都|大阪)府|[一-龥]{2,3}県")
CITY = re.compile(r"[市区町村]$")
_BUILDING = re.compile(r"[0-9０-９]|[ァ-ヺー]{2}|[荘館棟寮階]")
#: So many rows tell, and this share of them must agree.
_LEAST: Final = 3
_MOSTLY: Final = 0.8


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
        if len(some) < _LEAST or not all(PREFECTURE.fullmatch(first) and CITY.search(second) for first, second, _ in some):
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
