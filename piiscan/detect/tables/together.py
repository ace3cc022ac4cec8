"""Columns that are understood by the ones beside them: which rules look at them together, and in which order.

Each rule looks at all plans of a table and changes those that it knows better.
"""

from __future__ import annotations

from collections.abc import Sequence

from piiscan.detect.tables.divided import (
    birth_in_parts,
    joined_columns,
    name_parts,
    names_by_value,
    names_under_one_header,
    phones_in_three,
    symbol_and_number_of_bank,
)
from piiscan.detect.tables.documents import numbers_by_document
from piiscan.detect.tables.insured import branches, symbol_and_number_of_insured
from piiscan.detect.tables.measure import Measure
from piiscan.detect.tables.people import (
    called,
    done_by_one,
    given_names_alone,
    names_alike,
    names_with_numbers,
    plan_of_duties,
    readings_alone,
    speakers,
)
from piiscan.detect.tables.plans import ColumnPlan
from piiscan.detect.tables.rosters import by_turns, go_on_beside, in_series, same_people
from piiscan.detect.tables.unheaded import (
    accounts,
    address_in_parts,
    birth_dates,
    phones,
    readings_in_parts,
    stations,
    towns,
    unlikely_without_names,
)

__all__ = ["judge_together"]

#: In whatever table.
_ALWAYS = (
    joined_columns,
    birth_in_parts,
    symbol_and_number_of_bank,
    symbol_and_number_of_insured,
    branches,
    numbers_by_document,
    names_alike,
    given_names_alone,
    called,
    stations,
)
#: In a table with a header, and in one without.
_WITH_HEADER = (done_by_one, readings_alone, names_under_one_header, go_on_beside, plan_of_duties, by_turns)
_WITHOUT = (
    unlikely_without_names,
    phones_in_three,
    names_by_value,
    names_with_numbers,
    plan_of_duties,
    speakers,
    readings_in_parts,
    towns,
    address_in_parts,
    accounts,
    phones,
    birth_dates,
)


def judge_together(
    plans: list[ColumnPlan], headers: Sequence[str], rows: Sequence[Sequence[str]], measure: Measure, *, has_header: bool
) -> None:
    """Apply the rules, in order."""
    name_parts(plans, headers, rows, measure)
    for rule in (*_ALWAYS, *(_WITH_HEADER if has_header else _WITHOUT), in_series, same_people):
        rule(plans, rows, measure)
