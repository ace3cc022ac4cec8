"""Spans that overlap, together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

__all__ = ["overlapping"]

_Span = TypeVar("_Span")


def overlapping(spans: Iterable[_Span], edges: Callable[[_Span], tuple[int, int]]) -> Iterator[list[_Span]]:
    """The spans in order of their starts, those that hang together by overlaps in one list.

    :param edges: start and end (exclusive) of a span.

    >>> [*overlapping([(4, 6), (0, 2), (1, 3), (3, 4)], lambda span: span)]
    [[(0, 2), (1, 3)], [(3, 4)], [(4, 6)]]
    """
    run: list[_Span] = []
    reached = 0
    for span in sorted(spans, key=lambda span: edges(span)[0]):
        start, end = edges(span)
        if run and start >= reached:
            yield run
            run = []
        run.append(span)
        reached = max(reached, end)
    if run:
        yield run
