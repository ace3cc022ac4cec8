"""Values with a box of their own for each sign or part, as office forms have them on graph-paper sheets.

A My Number in twelve cells of a digit, 昭和|50|年|4|月|1|日, 123|-|4567: each is put together in its first cell and the
others are left blank, so that everything behind reads it as one value. Cells between, which merging leaves blank, do not part it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from piiscan.detect.checks import corporate_number_digit, my_number_digit
from piiscan.detect.normalize import fold
from piiscan.detect.tables.words import Words

__all__ = ["joined_boxes"]

_ERA = re.compile(r"[明大昭平令][治正和成]|[MTSHR]|西暦")
_YEAR = re.compile(r"元|[0-9]{1,4}")
_TWO = re.compile(r"[0-9]{1,2}")
_HYPHEN = re.compile(r"[-‐‑–—−ー]")
#: Shorter runs of digits are ratings and counts.
_LEAST_RUN: Final = 7
#: … and longer ones several values.
_LONGEST_RUN: Final = 16
_LABEL: Final = 0.8
#: Kinds that forms ask for a digit a box.
_IN_BOXES: Final = frozenset(
    {
        "JP_MY_NUMBER",
        "JP_CORPORATE_NUMBER",
        "JP_BASIC_PENSION_NUMBER",
        "JP_BANK_ACCOUNT",
        "JP_HEALTH_INSURANCE",
        "JP_EMPLOYMENT_INSURANCE",
        "JP_RESIDENT_CODE",
        "JP_DRIVER_LICENSE",
        "JP_POSTAL_CODE",
        "PHONE_NUMBER",
        "CREDIT_CARD",
    }
)
#: A matrix of ratings has rows of twelve digits too, and one in ten of them passes by chance.
_BY_CHANCE: Final = 4
_MOSTLY: Final = 0.8


def joined_boxes(rows: Sequence[Sequence[str]], words: Words) -> dict[tuple[int, int], tuple[str, tuple[int, ...]]]:
    """What stands in boxes: ``(row, first column)`` to the whole value and the other columns that it takes up."""
    joined: dict[tuple[int, int], tuple[str, tuple[int, ...]]] = {}
    by_check: list[tuple[int, list[int], str]] = []
    tried = 0
    for r, row in enumerate(rows):
        cells = [i for i, cell in enumerate(row) if cell and not cell.isspace()]
        if len(cells) < 3 or not any(len(row[i].strip()) == 1 for i in cells):  # 年, - or a digit
            continue
        texts = [fold(row[i].strip()) for i in cells]
        for first, last in [*_dates(texts), *_groups(texts)]:
            joined[r, cells[first]] = ("".join(texts[first : last + 1]), tuple(cells[first + 1 : last + 1]))
        for first, last in _runs(texts):
            own, digits = cells[first : last + 1], "".join(texts[first : last + 1])
            if first and any(e in _IN_BOXES and w >= _LABEL for e, w in words.label(row[cells[first - 1]]).kinds):
                joined[r, own[0]] = (digits, tuple(own[1:]))
            elif len(digits) in {12, 13}:
                tried += 1
                if _checked(digits):
                    by_check.append((r, own, digits))
    if tried < _BY_CHANCE or len(by_check) >= _MOSTLY * tried:
        joined.update({(r, own[0]): (digits, tuple(own[1:])) for r, own, digits in by_check})
    return joined


def _dates(texts: Sequence[str]) -> list[tuple[int, int]]:
    """First and last of the cells of each date."""
    found = []
    for n in range(1, len(texts) - 4):
        if (
            texts[n] == "年"
            and texts[n + 2] == "月"
            and texts[n + 4] == "日"
            and _YEAR.fullmatch(texts[n - 1])
            and _TWO.fullmatch(texts[n + 1])
            and _TWO.fullmatch(texts[n + 3])
        ):
            found.append((n - 2 if n >= 2 and _ERA.fullmatch(texts[n - 2]) else n - 1, n + 4))
    return found


def _groups(texts: Sequence[str]) -> list[tuple[int, int]]:
    """First and last of the cells of numbers with a hyphen in a cell of its own: 123|-|4567, 090|-|1234|-|5678."""
    found = []
    n = 1
    while n < len(texts) - 1:
        if not _HYPHEN.fullmatch(texts[n]) or not texts[n - 1].isdigit() or not texts[n + 1].isdigit():
            n += 1
            continue
        last = n + 1
        while last + 2 < len(texts) and _HYPHEN.fullmatch(texts[last + 1]) and texts[last + 2].isdigit():
            last += 2
        lengths = [len(text) for text in texts[n - 1 : last + 1 : 2]]
        if lengths == [3, 4] or (len(lengths) == 3 and 2 <= lengths[0] <= 5 and lengths[2] == 4):
            found.append((n - 1, last))
        n = last + 1
    return found


def _runs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """First and last of each run of cells of one digit."""
    found = []
    first = 0
    for n in range(len(texts) + 1):
        if n < len(texts) and len(texts[n]) == 1 and texts[n].isdecimal():
            continue
        if _LEAST_RUN <= n - first <= _LONGEST_RUN:
            found.append((first, n - 1))
        first = n + 1
    return found


def _checked(digits: str) -> bool:
    if len(digits) == 12:
        return my_number_digit(digits[:-1]) == int(digits[-1])
    return corporate_number_digit(digits[1:]) == int(digits[0])
