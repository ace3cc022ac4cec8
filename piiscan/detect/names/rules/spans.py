"""What a rule gives, and looking for it only where it may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from piiscan.detect.names.rules.openings import Place

__all__ = ["RuleSpan", "in_lines", "windows", "within"]

#: A match reaches no farther beyond the window that it begins in.
_BEYOND = 240
#: A shorter window is tried place by place.
_WALKED = 80


@dataclass(frozen=True, slots=True)
class RuleSpan:
    """A span found by a rule, its probability, and the reason (without the value)."""

    start: int
    end: int
    score: float
    why: str


def windows(places: Iterable[Place], before: int, after: int, size: int) -> Iterator[Place]:
    """Places ``(start, end)`` in order, widened; those that meet become one."""
    left = right = -1
    for start, end in places:
        if start - before > right:
            if right >= 0:
                yield left, right
            left = max(0, start - before)
        right = min(size, max(right, end + after))
    if right >= 0:
        yield left, right


def in_lines(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches of an expression that begins with ``(?m)^``: a text of one line is not looked through for another."""
    if "\n" in text:
        yield from pattern.finditer(text)
    elif match := pattern.match(text):
        yield match


def within(pattern: re.Pattern[str], text: str, parts: Iterable[Place], walked: int = _WALKED) -> Iterator[re.Match[str]]:
    """Matches that begin in a window; none reaches more than 240 characters beyond it.

    :param walked: a window of no more characters is tried place by place; 0 for an expression of which few places can be the beginning.
    """
    for start, end in parts:
        if end - start > walked:
            for match in pattern.finditer(text, start, end + _BEYOND):
                if match.start() >= end:
                    break
                yield match
            continue
        # a search would go on through all that a match may reach, in which none may begin
        at, last = start, end + _BEYOND
        while at < end:
            found = pattern.match(text, at, last)
            if found is None:
                at += 1
            else:
                yield found
                at = max(found.end(), at + 1)
