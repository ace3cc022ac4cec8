"""Exit codes: a contract with other people's scripts (documented in ``piiscan --help``)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

__all__ = ["ExitCode", "gravest"]


class ExitCode(IntEnum):
    """What a run says to its caller."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    STOPPED = 4
    LOCKED = 5


_ORDER = (ExitCode.USAGE, ExitCode.LOCKED, ExitCode.STOPPED, ExitCode.FINDINGS, ExitCode.INCOMPLETE, ExitCode.OK)


def gravest(codes: Iterable[ExitCode]) -> ExitCode:
    """The one to end with: the most serious of 2, 5, 4, 1, 3, 0 in that order."""
    return min(codes, key=_ORDER.index, default=ExitCode.OK)
