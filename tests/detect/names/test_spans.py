"""Matches in windows, tried place by place or searched for: the same ones."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.detect.names.rules import spans

PATTERN = re.compile(r"(?<!x)(?P<name>[ab]{1,4}?)(?P<title>ab|c)(?!d)|^a|b$")


def plainly(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in PATTERN.finditer(text, start, end + 240) if match.start() < end]


@settings(max_examples=300, deadline=None)
@given(st.text("abcdx\n", max_size=60), st.integers(0, 60), st.integers(1, 60))
def test_a_short_window_gives_what_a_search_gives(text: str, start: int, size: int) -> None:
    start = min(start, len(text))
    end = min(start + size, len(text))
    assert [match.span() for match in spans.within(PATTERN, text, [(start, end)])] == plainly(text, start, end)


def test_a_long_window_is_searched() -> None:
    text = "xab" * 60 + "abc" * 60
    assert [match.span() for match in spans.within(PATTERN, text, [(10, 300)])] == plainly(text, 10, 300)


@settings(max_examples=300, deadline=None)
@given(st.text("abcdx\n", max_size=60), st.integers(0, 60), st.integers(1, 60))
def test_a_window_that_is_not_walked_gives_what_a_search_gives(text: str, start: int, size: int) -> None:
    start = min(start, len(text))
    end = min(start + size, len(text))
    assert [match.span() for match in spans.within(PATTERN, text, [(start, end)], walked=0)] == plainly(text, start, end)


@settings(max_examples=300, deadline=None)
@given(st.text("abx\n", max_size=40))
def test_matches_that_begin_with_a_line_are_those_of_a_search(text: str) -> None:
    pattern = re.compile(r"(?m)^x?a(?P<rest>[^\n]*)$")
    assert [match.span() for match in spans.in_lines(pattern, text)] == [match.span() for match in pattern.finditer(text)]
