"""Which parts of a text belong together: findings that stand near each other, sections that sensitive words are judged in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import why_of

__all__ = ["clusters", "sections"]

#: Hits farther apart than this are not about the same person unless a form says so.
_NEAR_CHARS: Final = 300
_SECTION_CHARS: Final = 1_200
_BLANK_LINE = re.compile(r"\n[ \t\u3000]*\n")


def sections(text: str) -> Iterator[tuple[int, int]]:
    """``(start, end)`` of the stretches that are read together: between blank lines, at most some 1,200 characters."""
    start = 0
    for match in _BLANK_LINE.finditer(text):
        if match.start() > start:
            yield from _cut(text, start, match.start())
        start = match.end()
    if start < len(text):
        yield from _cut(text, start, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _SECTION_CHARS:
        for mark in ("\n", "。", ""):
            at = text.rfind(mark, start + _SECTION_CHARS // 2, start + _SECTION_CHARS) if mark else start + _SECTION_CHARS
            if at > start:
                break
        yield start, at + 1
        start = at + 1
    yield start, end


def clusters(found: Sequence[RecognizerResult], text: str) -> Iterator[list[RecognizerResult]]:
    """Results that stand together; a list with a person on each line comes line by line."""
    ordered = sorted(found, key=lambda r: r.start)
    cluster: list[RecognizerResult] = []
    end = 0
    for result in ordered:
        if cluster and (result.start - end > _NEAR_CHARS or _BLANK_LINE.search(text, max(0, end - 1), result.start)):
            yield from _by_line(cluster, text)
            cluster = []
        cluster.append(result)
        end = max(end, result.end)
    if cluster:
        yield from _by_line(cluster, text)


def _by_line(cluster: list[RecognizerResult], text: str) -> Iterator[list[RecognizerResult]]:
    persons = sum(r.entity_type == "PERSON" for r in cluster)
    if persons < 2:
        yield cluster
        return
    lines: dict[int, list[RecognizerResult]] = {}
    for result in cluster:
        lines.setdefault(text.rfind("\n", 0, result.start) + 1, []).append(result)
    full = sum(len(line) > 1 and any(r.entity_type == "PERSON" for r in line) for line in lines.values())
    if full >= 2 and full >= 0.6 * len(lines):
        yield from _with_labelled(lines.values())
    else:
        yield cluster


def _with_labelled(lines: Iterable[list[RecognizerResult]]) -> list[list[RecognizerResult]]:
    """The lines of a list; what stands behind labels alone (個人番号：…, in the line below 氏名：…) with the line of the name above it."""
    out: list[list[RecognizerResult]] = []
    named = False
    for line in lines:
        if any(r.entity_type == "PERSON" for r in line):
            named = True
        elif named and all(any(reason.startswith("label") for reason in why_of(r)) for r in line):
            out[-1].extend(line)
            continue
        out.append(line)
    return out
