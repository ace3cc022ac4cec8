"""What the inventory says when it cannot be used, and the small types that its writer and reader share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from piiscan.model import FileReport, Item, Level, Outcome
from piiscan.problems import ProblemKind

__all__ = ["CIRCUMSTANCE", "RETRIED", "TRANSIENT", "InventoryError", "Known", "ScanStatus", "StoredAnalysis", "clean", "counts_to_json"]


class InventoryError(RuntimeError):
    """The inventory cannot be opened or written; the message says which, why, and what to do."""


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


@dataclass(frozen=True, slots=True)
class Known:
    """What the inventory knows of a file from before.

    :ivar versions: engine versions under which it was analysed.
    :ivar last_scan: id of the scan that met it last.
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

    def unchanged(self, item: Item) -> bool:
        """Whether ``item`` is as it was when it was read (the caller compares ``versions``).

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
    if text.isprintable() and len(text) <= limit:
        try:
            text.encode()
            return text
        except UnicodeEncodeError:
            pass
    text = text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def counts_to_json(counts: Mapping[str, int | float | str]) -> str:
    """Counts of a scan as stored."""
    return json.dumps(dict(counts), ensure_ascii=False, sort_keys=True)
