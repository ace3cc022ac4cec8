"""The parts of a text in which the expressions of a rule are run."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["AT", "MARGIN", "around", "clusters", "digit_lines", "merged"]

#: Runs in which seven digits or more stand with at most three signs between two of them.
_CLUSTER = re.compile(r"[0-9](?:[ \-.()/+|・_\t]{0,3}[0-9]){6,}")
_DIGIT = re.compile(r"[0-9]")
#: Characters beyond a window that look-arounds may see, and that a value may reach out.
MARGIN = 48
#: How far an address with ``@`` may reach on either side.
AT = 130


def around(text: str, sign: str, reach: int) -> list[tuple[int, int]]:
    spans = []
    at = text.find(sign)
    while at >= 0:
        spans.append((max(0, at - reach), min(len(text), at + reach)))
        at = text.find(sign, at + 1)
    return merged(spans)


def clusters(text: str) -> list[tuple[int, int]]:
    """Runs of digits; those so near that their margins meet are one, else each margin would be searched again and again."""
    spans: list[tuple[int, int]] = []
    for match in _CLUSTER.finditer(text):
        if spans and match.start() - MARGIN <= spans[-1][1]:
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append(match.span())
    return spans


def digit_lines(text: str) -> list[tuple[int, int]]:
    spans = []
    at = 0
    while match := _DIGIT.search(text, at):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        spans.append((start, end))
        at = end
    return merged(spans)


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
