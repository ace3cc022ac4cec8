"""What the inventory says when it cannot be used, and the small types that its writer and reader share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag, StrEnum

from piiscan.model import FileReport, Item, Level, Outcome, Unread
from piiscan.problems import ProblemKind

__all__ = [
    "CIRCUMSTANCE",
    "RETRIED",
    "TRANSIENT",
    "Gate",
    "InventoryBusyError",
    "InventoryError",
    "InventoryFullError",
    "Known",
    "ScanStatus",
    "StoredAnalysis",
    "clean",
    "counts_to_json",
    "gates_of",
    "versions_text",
]


class InventoryError(RuntimeError):
    """The inventory cannot be opened or written; the message says which, why, and what to do."""


class InventoryBusyError(InventoryError):
    """Another scan of the same root is writing into the inventory."""


class InventoryFullError(InventoryError):
    """There is no space left for the inventory; what was stored is kept."""


class ScanStatus(StrEnum):
    """How far a scan came."""

    RUNNING = "running"  # now, or it was killed
    COMPLETE = "complete"
    STOPPED = "stopped"


#: Trouble that comes and goes: such a file is tried again in every scan, and what was known of it stays.
TRANSIENT = frozenset({ProblemKind.NO_PERMISSION, ProblemKind.VANISHED, ProblemKind.IO_ERROR, ProblemKind.LOCKED, ProblemKind.PLACEHOLDER})

#: Trouble that lies in the circumstances, not in the content: equal content may fare better elsewhere.
CIRCUMSTANCE = TRANSIENT | {
    ProblemKind.CHANGED,
    ProblemKind.STOPPED,
    ProblemKind.TIMEOUT,
    ProblemKind.MEMORY,
    ProblemKind.CRASHED,
    ProblemKind.INTERNAL,
    ProblemKind.RULE_TIMEOUT,
}


class Gate(IntFlag):
    """What a later change of rules or settings could do to a file; a gate that is shut spares reading it again.

    Kept for each file when it is read (docs/adr, "What is read again after a change").
    """

    TEXT = 1  # text was seen, or may be there unseen: rules, words and models matter
    FINDINGS = 2  # something was found: levels and counting matter
    LIMITED = 4  # a limit cut it short: limits matter
    ENCRYPTED = 8  # something stayed encrypted: passwords matter
    UNREAD = 16  # a reader was missing: what is installed matters


_LIMITED = frozenset(
    {
        ProblemKind.TOO_LARGE,
        ProblemKind.LIMIT,
        ProblemKind.BOMB,
        ProblemKind.TIMEOUT,
        ProblemKind.MEMORY,
        ProblemKind.CRASHED,
        ProblemKind.INTERNAL,
        ProblemKind.NAMES_SKIPPED,
        ProblemKind.RULE_TIMEOUT,
    }
)
_ENCRYPTED = frozenset({ProblemKind.ENCRYPTED, ProblemKind.ENCRYPTED_PART})
_UNREAD = frozenset(
    {
        ProblemKind.UNSUPPORTED,
        ProblemKind.NEEDS_OCR,
        ProblemKind.PART_NOT_READ,
        ProblemKind.UNREADABLE_TEXT,
        ProblemKind.NAMES_SKIPPED,
        ProblemKind.BROKEN,
        ProblemKind.BROKEN_PART,
    }
)


def gates_of(report: FileReport) -> Gate:
    """The gates of a file that was read. What was not read whole may hold text that nobody saw."""
    kinds = {problem.kind for problem in report.problems}
    gates = Gate(0)
    if report.characters or report.outcome is not Outcome.SCANNED:
        gates |= Gate.TEXT
    if report.groups:
        gates |= Gate.FINDINGS
    if kinds & _LIMITED:
        gates |= Gate.LIMITED
    if kinds & _ENCRYPTED:
        gates |= Gate.ENCRYPTED
    if kinds & _UNREAD:
        gates |= Gate.UNREAD
    return gates


#: The parts of a versions text that only matter behind a gate; every other part always does.
_GATED = {
    "rules": Gate.TEXT,
    "levels": Gate.FINDINGS,
    "limits": Gate.LIMITED,
    "passwords": Gate.ENCRYPTED,
    "readers": Gate.UNREAD,
}


def versions_text(program: str, **parts: str) -> str:
    """What files are analysed with, part by part: ``0.1.0 levels=… rules=…``.

    :param parts: by name; ``rules``, ``levels``, ``limits``, ``passwords`` and ``readers`` matter only behind their
        :class:`Gate`.
    """
    return " ".join([program, *(f"{name}={value}" for name, value in sorted(parts.items()))])


def _parts(text: str) -> dict[str, str]:
    program, *rest = text.split(" ")
    return {"": program} | {name: value for name, _, value in (part.partition("=") for part in rest)}


def _same_for(gates: int, before: str, now: str) -> bool:
    if before == now:
        return True
    old, new = _parts(before), _parts(now)
    differing = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return all(name in _GATED and not gates & _GATED[name] for name in differing)


@dataclass(frozen=True, slots=True)
class Known:
    """What the inventory knows of a file from before.

    :ivar versions: engine versions under which it was analysed.
    :ivar last_scan: id of the scan that met it last.
    :ivar gates: see :class:`Gate`; -1 for all.
    """

    file_id: int
    size: int
    mtime_ns: int
    change: int
    digest: str
    versions: str
    outcome: Outcome
    problem: str
    level: Level
    last_scan: int
    deleted: bool
    gates: int = -1
    detail: str = ""
    owner: str = ""
    readable_by: str = ""

    def current(self, versions: str) -> bool:
        """Whether reading it with ``versions`` would say the same as the reading that is stored (if its content is the same)."""
        return _same_for(self.gates, self.versions, versions)

    def unchanged(self, item: Item) -> bool:
        """Whether ``item`` is as it was when it was read (whether it would be judged the same: :meth:`current`).

        Same size and times. What was left out before was never read; a change found
        while reading, and trouble that comes and goes, are always tried again; a file
        that timed out or crashed its reader stays as it is until it or piiscan changes.
        """
        return (
            self.mtime_ns == item.mtime_ns
            and self.size == item.size
            and self.change == item.change
            and self.problem not in RETRIED
            and self.outcome is not Outcome.SKIPPED
        )

    def still_left_out(self, unread: Unread) -> bool:
        """Whether an entry was left out before for the same reason that the crawl gives now."""
        item, problem = unread.item, unread.problem
        return (
            self.outcome is Outcome.SKIPPED
            and self.problem == problem.kind.word
            and self.detail == clean(problem.detail, 500)
            and (self.mtime_ns, self.size, self.change) == (item.mtime_ns, item.size, item.change)
        )

    def other_rights(self, item: Item) -> bool:
        """Whether the crawl says otherwise who owns and can read it (a crawl that cannot tell says nothing)."""
        return bool(item.readable_by) and (clean(item.owner, 200), clean(item.readable_by, 200)) != (self.owner, self.readable_by)


#: Words of the kinds that are always tried again.
RETRIED = frozenset({kind.word for kind in TRANSIENT} | {ProblemKind.CHANGED.word, ProblemKind.STOPPED.word})


@dataclass(frozen=True, slots=True)
class StoredAnalysis:
    """What an earlier reading of equal content found; masks and counts only.

    :ivar report: as it was made for the other file; ``dataclasses.replace(report, item=…)`` says it of this one.
    """

    report: FileReport


def clean(text: str, limit: int = 4000) -> str:
    """Any text as every database takes it: no NUL, no lone surrogate, not endless."""
    if text.isprintable() and len(text) <= limit:  # no surrogate is printable
        return text
    text = text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def counts_to_json(counts: Mapping[str, int | float | str]) -> str:
    """Counts of a scan as stored."""
    return json.dumps(dict(counts), ensure_ascii=False, sort_keys=True)
