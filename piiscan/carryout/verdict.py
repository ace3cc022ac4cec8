"""持ち出し可・要承認・要確認・不可: the answer about a stick, from what the scan found and the policy.

A file that could not be read never yields 可. The order of gravity is
``forbidden`` > ``unclear`` > ``approval`` > ``allowed``: what was found for
certain weighs more than what is unknown, and what is unknown more than what an
approver may wave through.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from piiscan.carryout.policy import LevelWord, Policy
from piiscan.model import FileReport, FindingGroup, Level
from piiscan.problems import Effect, Problem, ProblemKind
from piiscan.reports import gravity_of

__all__ = ["GRAVITY", "FileVerdict", "Reason", "Verdict", "VerdictWord", "judge", "judge_file"]


class VerdictWord(StrEnum):
    """The answer. Japanese words: 持ち出し可, 要承認, 要確認, 不可."""

    ALLOWED = "allowed"
    APPROVAL = "approval"
    UNCLEAR = "unclear"
    FORBIDDEN = "forbidden"


GRAVITY = {VerdictWord.ALLOWED: 0, VerdictWord.APPROVAL: 1, VerdictWord.UNCLEAR: 2, VerdictWord.FORBIDDEN: 3}


class Reason(StrEnum):
    """Why the whole stick gets its word, apart from its files; sentences are in the catalogue (``usb.why_…``)."""

    TOO_MANY_PERSONS = "too-many-persons"
    MANY_PERSONS = "many-persons"
    NOT_ENCRYPTED = "not-encrypted"
    ENCRYPTION_UNKNOWN = "encryption-unknown"
    PULLED_OUT = "pulled-out"
    STOPPED = "stopped"


_WORD_OF = {
    Reason.TOO_MANY_PERSONS: VerdictWord.FORBIDDEN,
    Reason.MANY_PERSONS: VerdictWord.APPROVAL,
    Reason.NOT_ENCRYPTED: VerdictWord.FORBIDDEN,
    Reason.ENCRYPTION_UNKNOWN: VerdictWord.UNCLEAR,
    Reason.PULLED_OUT: VerdictWord.UNCLEAR,
    Reason.STOPPED: VerdictWord.UNCLEAR,
}


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
    persons_exact: bool = True
    reasons: tuple[Reason, ...] = ()


def _reaches(level: Level, bar: LevelWord) -> bool:
    return bar != "never" and level >= Level.parse(bar)


def _among(entity: str, names: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(entity, name) for name in names)


def _unread(problem: Problem) -> bool:
    """Whether part of the file was not looked at; a link is no content of the stick, a rule that leaves files out is no excuse."""
    return problem.kind.effect in {Effect.PARTIAL, Effect.FAILED} or problem.kind is ProblemKind.EXCLUDED


def judge_file(report: FileReport, policy: Policy) -> FileVerdict:
    """One file against the policy."""
    unread = tuple(problem for problem in report.problems if _unread(problem))
    found: list[FindingGroup] = [group for group in report.groups if group.level > Level.NONE]
    weighed = [group for group in found if not _among(group.entity, policy.ignore_entities)]
    level = max((group.level for group in weighed), default=Level.NONE)
    if _reaches(level, policy.forbid) or any(_among(group.entity, policy.forbid_entities) for group in found):
        word = VerdictWord.FORBIDDEN
    elif unread:
        word = VerdictWord.UNCLEAR
    elif _reaches(level, policy.approve) or any(_among(group.entity, policy.approve_entities) for group in found):
        word = VerdictWord.APPROVAL
    else:
        word = VerdictWord.ALLOWED
    kinds: dict[str, tuple[int, int]] = {}
    for group in found:
        worst, count = kinds.get(group.entity, (0, 0))
        kinds[group.entity] = (max(worst, group.level), count + group.count)
    ordered = sorted(kinds.items(), key=lambda entry: (-entry[1][0], -gravity_of(entry[0]), -entry[1][1], entry[0]))
    return FileVerdict(
        path=report.item.key,
        word=word,
        level=level,
        persons=report.persons.estimate,
        kinds=tuple((entity, count) for entity, (_, count) in ordered),
        problems=unread,
    )


def judge(
    reports: Iterable[FileReport],
    policy: Policy,
    persons: int,
    *,
    persons_exact: bool = True,
    encrypted: bool | None = None,
    broken_off: Iterable[Reason] = (),
) -> Verdict:
    """The whole stick.

    :param persons: distinct persons over all files.
    :param encrypted: whether the stick itself is encrypted; ``None`` when nobody can tell.
    :param broken_off: why the check did not get to its end, if it did not.
    """
    files: list[FileVerdict] = []
    looked_at = 0
    for report in reports:
        looked_at += 1
        verdict = judge_file(report, policy)
        if verdict.word is not VerdictWord.ALLOWED:
            files.append(verdict)
    files.sort(key=lambda v: (-GRAVITY[v.word], -v.level, -v.persons, v.path))
    reasons = list(broken_off)
    if policy.forbid_persons and persons >= policy.forbid_persons:
        reasons.append(Reason.TOO_MANY_PERSONS)
    elif policy.approve_persons and persons >= policy.approve_persons:
        reasons.append(Reason.MANY_PERSONS)
    if policy.encryption == "always" or (policy.encryption == "personal-data" and (files or persons)):
        if encrypted is None:
            reasons.append(Reason.ENCRYPTION_UNKNOWN)
        elif not encrypted:
            reasons.append(Reason.NOT_ENCRYPTED)
    words = [file.word for file in files[:1]] + [_WORD_OF[reason] for reason in reasons]
    word = max(words, key=GRAVITY.__getitem__, default=VerdictWord.ALLOWED)
    return Verdict(word, tuple(files), looked_at, persons, persons_exact, tuple(reasons))
