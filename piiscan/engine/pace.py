"""Limits on how much a server is asked for: operations and bytes a second, shared by every process of a run.

A limit is a bucket that leaks: each use moves the moment at which the server is
free again, and waits until then. That moment lies in memory that the crawl and
the workers share, so ``jobs`` processes together keep the limit that one would.

What is counted: a folder listed, a file opened, a megabyte read is an operation
each; the bytes are those of the first reading of a file. (Pages of a document
that are read again come from the system's cache.)
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import psutil

from piiscan.settings import Politeness, parse_window
from piiscan.sources.base import Pace, no_pace

__all__ = ["Bucket", "Hours", "Paces", "gentle_crawl", "lower_priority"]

#: Seconds of unused allowance that may be spent at once.
_BURST = 0.25


class Bucket:
    """The limits of one server; goes to worker processes as an argument of their start."""

    def __init__(self, operations_per_second: float, bytes_per_second: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._lock: Any = context.Lock()
        self._free: Any = context.Array("d", 2, lock=False)  # when it is free again: for operations, for bytes
        self._cost = [1 / rate if rate else 0.0 for rate in (operations_per_second, bytes_per_second)]

    def __call__(self, operations: int, size: int) -> None:
        """Wait until so many operations and bytes may be asked for."""
        now = time.monotonic()
        wait = 0.0
        with self._lock:
            for i, amount in enumerate((operations, size)):
                begin = max(self._free[i], now - _BURST)
                self._free[i] = begin + amount * self._cost[i]
                wait = max(wait, self._free[i] - now)
        if wait > 0:
            time.sleep(wait)


class Paces:
    """A bucket for each server of a run; none when nothing is limited.

    Buckets are made when a source first names its server, which is before the
    workers start; these get them all.
    """

    def __init__(self, settings: Politeness) -> None:
        self._operations = settings.operations_per_second
        self._bytes = settings.bytes_per_second
        self._buckets: dict[str, Bucket] = {}

    def of(self, server: str) -> Pace:
        """What to ask before using ``server`` (empty: this machine)."""
        if not self._operations and not self._bytes:
            return no_pace
        if server not in self._buckets:
            self._buckets[server] = Bucket(self._operations, self._bytes)
        bucket: Pace = self._buckets[server]
        return bucket


class Hours:
    """When scanning is wanted, by the clock of this machine.

    :param windows: as ``politeness.hours`` (:func:`piiscan.settings.parse_window`); none: always.
    """

    def __init__(self, windows: Sequence[str]) -> None:
        self._windows = [parse_window(window) for window in windows]

    def __bool__(self) -> bool:
        """Whether there are hours to keep."""
        return bool(self._windows)

    def opens(self, now: datetime) -> datetime | None:
        """When the next window opens; ``None`` when one is open now."""
        if not self._windows or any(self._is_open(window, now) for window in self._windows):
            return None
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        begins = [
            day + timedelta(minutes=begin)
            for ahead in range(8)
            for day in [midnight + timedelta(days=ahead)]
            for days, begin, _ in self._windows
            if day.weekday() in days
        ]
        return min(moment for moment in begins if moment > now)

    @staticmethod
    def _is_open(window: tuple[frozenset[int], int, int], now: datetime) -> bool:
        days, begin, end = window
        minute = now.hour * 60 + now.minute
        if begin < end:
            return now.weekday() in days and begin <= minute < end
        return (now.weekday() in days and minute >= begin) or ((now.weekday() - 1) % 7 in days and minute < end)


def lower_priority() -> None:
    """Let other programs have the processor and the disk first, as far as the system knows such a thing; for a worker."""
    process = psutil.Process()
    with contextlib.suppress(OSError, psutil.Error, AttributeError):
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(max(process.nice(), 10))
    _low_disk_priority(process)


def _low_disk_priority(process: psutil.Process) -> None:
    with contextlib.suppress(OSError, psutil.Error, AttributeError):
        if sys.platform == "win32":
            process.ionice(psutil.IOPRIO_VERYLOW)
        elif sys.platform == "linux":
            process.ionice(psutil.IOPRIO_CLASS_IDLE)


@contextlib.contextmanager
def gentle_crawl(settings: Politeness) -> Iterator[None]:
    """Low priority of the disk for this process while it crawls, as it was before afterwards."""
    process = psutil.Process()
    before: Any = None
    with contextlib.suppress(OSError, psutil.Error, AttributeError):
        before = process.ionice() if settings.low_priority and sys.platform in {"linux", "win32"} else None
    if before is None:
        yield
        return
    _low_disk_priority(process)
    try:
        yield
    finally:
        with contextlib.suppress(OSError, psutil.Error, AttributeError):
            if sys.platform == "linux":
                process.ionice(before.ioclass, before.value)
            else:
                process.ionice(before)
