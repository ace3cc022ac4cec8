"""Numbers of health insurance, which a header alone does not tell from any 記号 and 番号."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from piiscan.detect.normalize import fold
from piiscan.detect.tables.grid import cell_of
from piiscan.detect.tables.measure import (
    Measure,
)
from piiscan.detect.tables.plans import ColumnPlan, Mode, samples
from piiscan.detect.tables.words import plain

__all__ = ["branches", "insured_below", "symbol_and_number_of_insured"]

_INSURANCE = re.compile(r"保険者|保険証|健保|国保|健康保険|資格確認")
_MEMBERS = re.compile(r"続柄|資格|記号|組合員|加入者|被保険者")
_BRANCH = frozenset({"枝番", "枝番号"})
_SHORT_NUMBER = re.compile(r"[0-9]{1,8}")
#: Said above a table of insured people; what then heads their numbers, and the form of one.
_INSURER = re.compile(r"保険者番号|保険者名|健康保険|被保険者証|資格確認書|資格情報")
_INSURED_NUMBERS: Final = frozenset({"番号", "被保険者番号", "記号・番号", "記号番号", "被保険者等番号"})
_INSURED: Final = frozenset({"被保険者番号", "被保険者等番号"})
_CONTRIBUTIONS = re.compile(r"標準報酬|報酬月額|健康保険料|健保")
_INSURED_NUMBER = re.compile(r"[0-9]{1,8}(?:[-・ ][0-9]{1,8}){0,2}")


def symbol_and_number_of_insured(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """記号|番号 where another header says that it is a health insurance: 保険者番号, 健保, 被保険者証; or 枝番, beside a name."""
    said = any(_INSURANCE.search(plan.raw_header) for plan in plans)
    of_members = any(plain(p.raw_header) in _BRANCH for p in plans) and any(p.mode is Mode.VALUE and p.entity == "PERSON" for p in plans)
    if not (said or of_members):
        return
    for plan, other in pairwise(plans):
        if (
            plan.mode is Mode.VALUE
            or other.mode is Mode.VALUE
            or plain(plan.raw_header)[-2:] != "記号"
            or plain(other.raw_header)[-2:] != "番号"
        ):
            continue
        whole = [
            f"{a}・{b}" for row in rows[: measure.rules.sample] if (a := cell_of(row, plan.index)) and (b := cell_of(row, other.index))
        ]
        if whole and sum(measure.kit.value("JP_HEALTH_INSURANCE", text) is not None for text in whole) >= 0.6 * len(whole):
            plan.holds("JP_HEALTH_INSURANCE", 0.9)
            plan.takes([other], "・")


def branches(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """番号|枝番 of a health insurance's members: a household's number and who of it, beside 続柄 or 資格取得."""
    if not any(_MEMBERS.search(plan.raw_header) for plan in plans):
        return
    if not any(plan.mode is Mode.VALUE and plan.entity == "PERSON" for plan in plans):
        return
    for plan, other in pairwise(plans):
        if plan.mode is Mode.VALUE or not plain(plan.raw_header).endswith("番号") or plain(other.raw_header) not in _BRANCH:
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        if values and measure.share("JP_HEALTH_INSURANCE", values)[0] >= 0.8 and all(_SHORT_NUMBER.fullmatch(v.strip()) for v in values):
            plan.holds("JP_HEALTH_INSURANCE", 0.9)


def insured_below(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], above: str, measure: Measure) -> None:
    """番号 beside names below 保険者番号 06… 記号 5909: the numbers of the insured, when the rows above the table speak of their insurance.

    So are the 被保険者番号 of a table of wages that contributions are paid on (標準報酬月額), short as a firm's first numbers are.
    """
    if not any(p.mode is Mode.VALUE and p.entity == "PERSON" for p in plans):
        return
    told = _INSURER.search(above) is not None
    paid = any(_CONTRIBUTIONS.search(p.raw_header) for p in plans)
    for plan in plans:
        header = plain(plan.raw_header)
        if plan.mode is Mode.VALUE or plan.taken or not (header in _INSURED_NUMBERS if told else paid and header in _INSURED):
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        if not values or not all(_INSURED_NUMBER.fullmatch(fold(value.strip())) for value in values):
            continue
        plan.as_written = header in _INSURED  # 番号 may count the rows
        if plan.as_written or measure.share("JP_HEALTH_INSURANCE", values)[0] >= 0.8:
            plan.holds("JP_HEALTH_INSURANCE", 0.85)
