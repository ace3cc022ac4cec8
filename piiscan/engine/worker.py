"""What runs inside a worker process: one :class:`Analyst`, one watchdog.

The watchdog ends the process (never the scan) when it holds more memory than
allowed, when a file takes far longer than its deadline (which grows while OCR
spends its own budget: only the worker knows), or when its parent is gone, so that no orphan lives on after a
``kill -9``. It is a thread, so a parser that never lets go of the interpreter
can outlast it for a while; the parent's deadline ends that one.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from piiscan.engine.analyse import Analyst, ReadElsewhereError, deadline_for, digest_of, killing_deadline
from piiscan.engine.pace import Paces, lower_priority
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Politeness, Settings
from piiscan.sources.base import Carrier, no_pace, problem_of

__all__ = ["EXIT_MEMORY", "EXIT_TIMEOUT", "Errand", "Mark", "analyse", "run", "start"]

#: Exit code by which the parent knows that the memory cap ended the worker.
EXIT_MEMORY = 77
#: … that a file took too long.
EXIT_TIMEOUT = 78

_WATCH_SECONDS = 0.2
_analyst: Analyst | None = None
_mark: Mark | None = None
_paces = Paces(Politeness())
_busy = threading.Event()
_grace = 0.0  # seconds beyond its deadline that the file under way is given


class Mark:
    """Which file a worker is reading, for who asks when it has died: a number in a file of its own.

    A folder that is there while its file is read tells the same, but making and removing one a file in the same place has
    workers wait for each other (ADR 0052).

    :param folder: where marks are.
    """

    def __init__(self, folder: Path) -> None:
        self._file: io.FileIO = (folder / f"at-{os.getpid()}").open("wb", buffering=0)

    def __call__(self, number: int) -> None:
        """Say which file is read from now on; 0: none."""
        self._file.seek(0)
        self._file.write(b"%20d" % number)

    def close(self) -> None:
        """Say nothing any more; what was said last stays."""
        self._file.close()

    @staticmethod
    def take(folder: Path, numbers: Collection[int]) -> list[int]:
        """Which of some files were being read by workers that are no more; it is told once."""
        found = []
        for mark in folder.glob("at-*"):
            with contextlib.suppress(OSError, ValueError):
                number = int(mark.read_bytes())
                if number in numbers:
                    found.append(number)
                    mark.unlink(missing_ok=True)
        return found


def start(settings: Settings, key: FingerprintKey, paces: Paces, marks: str) -> None:
    """Make this process a worker, which ends when the process that wanted it does.

    :param marks: the folder of :class:`Mark`.
    """
    global _analyst, _mark, _paces  # noqa: PLW0603 -- one analyst a process, made by the pool's initializer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        # A core dump would hold document text.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if settings.politeness.low_priority:
        lower_priority()
    _analyst = Analyst(settings, key)
    _mark = Mark(Path(marks))
    _paces = paces
    threading.Thread(target=_watch, args=(_analyst, settings.limits.worker_mb * 1024**2), daemon=True, name="watchdog").start()


def _watch(analyst: Analyst, limit: int) -> None:
    process, parent = psutil.Process(), multiprocessing.parent_process()
    while True:
        time.sleep(_WATCH_SECONDS)
        if parent is not None and not parent.is_alive():
            os._exit(0)
        if _busy.is_set() and process.memory_info().rss > limit:
            os._exit(EXIT_MEMORY)
        budget = analyst.budget
        if _busy.is_set() and budget is not None and time.monotonic() > budget.deadline + _grace:
            os._exit(EXIT_TIMEOUT)


def analyse(
    number: int, item: Item, path: str, private: Path, server: str, carrier: Carrier | None, *, digests: Collection[str] = ()
) -> FileReport | tuple[Item, str]:
    """Read one file; see :func:`analyse_with`."""
    global _grace  # noqa: PLW0603 -- one file at a time
    assert _analyst is not None, "start() makes the analyst"
    assert _mark is not None, "start() makes it"
    _mark(number)
    seconds, ocr = deadline_for(item.size, _analyst.settings), _analyst.settings.ocr
    _grace = killing_deadline(seconds) - seconds + (3 * ocr.seconds_per_page if ocr.mode != "off" else 0.0)
    _analyst.budget = None
    _busy.set()
    try:
        return analyse_with(_analyst, _paces, item, Path(path), private, server, carrier, digests=digests)
    finally:
        _busy.clear()


@dataclass(frozen=True, slots=True)
class Errand:
    """One file of a bundle, as it goes to a worker.

    :ivar number: what :class:`Mark` names it by.
    :ivar digest: only the SHA-256 is wanted.
    :ivar digests: see :class:`piiscan.engine.supervisor.Task`.
    """

    number: int
    digest: bool
    item: Item
    path: str
    server: str
    carrier: Carrier | None
    digests: frozenset[str] = frozenset()


def run(errands: Sequence[Errand], folder: str) -> list[FileReport | Problem | tuple[Item, str]]:
    """Do a bundle; the results in its order: reports, digests with their items, or what went wrong.

    :param folder: the bundle's private folder, made and removed here; each file leaves it empty.
    """
    private = Path(folder)
    private.mkdir(mode=0o700, exist_ok=True)
    try:
        return [_run(errand, private) for errand in errands]
    finally:
        if _mark is not None:
            _mark(0)
        with contextlib.suppress(OSError):
            private.rmdir()


def _run(errand: Errand, private: Path) -> FileReport | Problem | tuple[Item, str]:
    try:
        if errand.digest:
            return digest_with(_paces, errand.item, Path(errand.path), errand.server, errand.carrier)
        return analyse(errand.number, errand.item, errand.path, private, errand.server, errand.carrier, digests=errand.digests)
    except Exception as error:  # noqa: BLE001 -- a file must end as data, and cost its bundle nothing
        return Problem(ProblemKind.INTERNAL, Stage.ENGINE, type(error).__name__)


def analyse_with(
    analyst: Analyst,
    paces: Paces,
    item: Item,
    path: Path,
    private: Path,
    server: str,
    carrier: Carrier | None,
    *,
    digests: Collection[str] = (),
) -> FileReport | tuple[Item, str]:
    """Read one file, in any process.

    :return: its report; its item and digest when that is one of ``digests``.
    """
    problems: tuple[Problem, ...] = ()
    if carrier is not None and not path.exists():  # else it was brought for its digest
        try:
            carried = carrier.carry(item, path, paces.of(server))
        except OSError as error:
            return FileReport(item=item, problems=(problem_of(error, Stage.OPEN),))
        item, problems = carried.item, carried.problems
    pace = no_pace if carrier is not None else paces.of(server)
    try:
        # what did not come whole is not what was read elsewhere
        return analyst.analyse(item, path, private, pace=pace, before_problems=problems, digests=() if problems else digests)
    except ReadElsewhereError as known:
        return item, str(known)


def digest_with(paces: Paces, item: Item, path: Path, server: str, carrier: Carrier | None) -> tuple[Item, str] | Problem:
    """SHA-256 of a file and its item, or why it cannot be read; in any process. A file that had to be brought stays for its analysis."""
    try:
        if carrier is None:
            return item, digest_of(path, paces.of(server))
        carried = carrier.carry(item, path, paces.of(server))
        if carried.problems:
            path.unlink(missing_ok=True)  # the analysis brings it anew, and tells what went wrong
        return carried.item, digest_of(path) if not carried.problems else ""
    except OSError as error:
        return problem_of(error, Stage.OPEN)
