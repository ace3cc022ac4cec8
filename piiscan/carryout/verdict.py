"""持ち出し可・要承認・要確認・不可: the answer about a stick, from what the scan found and the policy.

A file that could not be read never yields 可. The order of gravity is
``forbidden`` > ``unclear`` > ``approval`` > ``allowed``: what was found for
certain weighs more than what is unknown, and what is unknown more than what an
approver may wave through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from piiscan.model import FileReport, Level
from piiscan.problems import Effect, Problem
from piiscan.settings import UsbPolicy

__all__ = ["FileVerdict", "Verdict", "VerdictWord", "judge"]


class VerdictWord(StrEnum):
    """The answer. Japanese words: 持ち出し可, 要承認, 要確認, 不可."""

    ALLOWED = "allowed"
    APPROVAL = "approval"
    UNCLEAR = "unclear"
    FORBIDDEN = "forbidden"


_GRAVITY = {VerdictWord.ALLOWED: 0, VerdictWord.APPROVAL: 1, VerdictWord.UNCLEAR: 2, VerdictWord.FORBIDDEN: 3}


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The answer for one file and what it rests on. ``kinds`` are ``(entity, count)``, worst first."""

    path: str
    word: VerdictWord
    level: Level
    persons: int
    kinds: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for the whole stick; ``files`` are those that are not simply allowed, gravest first."""

    word: VerdictWord
    files: tuple[FileVerdict, ...]
    looked_at: int
    persons: int


def judge_file(report: FileReport, policy: UsbPolicy) -> FileVerdict:
    """One file against the policy."""
    unread = tuple(problem for problem in report.problems if problem.kind.effect in {Effect.PARTIAL, Effect.FAILED})
    if report.level >= Level.parse(policy.forbid):
        word = VerdictWord.FORBIDDEN
    elif unread:
        word = VerdictWord.UNCLEAR
    elif report.level >= Level.parse(policy.approve):
        word = VerdictWord.APPROVAL
    else:
        word = VerdictWord.ALLOWED
    kinds: dict[str, tuple[int, int]] = {}
    for group in report.groups:
        if group.level > Level.NONE:
            level, count = kinds.get(group.entity, (0, 0))
            kinds[group.entity] = (max(level, group.level), count + group.count)
    ordered = sorted(kinds.items(), key=lambda entry: (-entry[1][0], -entry[1][1], entry[0]))
    return FileVerdict(
        path=report.item.key,
        word=word,
        level=report.level,
        persons=report.persons.estimate,
        kinds=tuple((entity, count) for entity, (_, count) in ordered),
        problems=unread,
    )


def judge(reports: Iterable[FileReport], policy: UsbPolicy, persons: int) -> Verdict:
    """The whole stick.

    :param persons: distinct persons over all files.
    """
    files: list[FileVerdict] = []
    looked_at = 0
    for report in reports:
        looked_at += 1
        verdict = judge_file(report, policy)
        if verdict.word is not VerdictWord.ALLOWED:
            files.append(verdict)
    files.sort(key=lambda v: (-_GRAVITY[v.word], -v.level, -v.persons, v.path))
    word = files[0].word if files else VerdictWord.ALLOWED
    return Verdict(word, tuple(files), looked_at, persons)
