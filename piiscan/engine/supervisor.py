"""Workers that may be killed, die or hang, and a scan that does not.

Pebble supervises the processes: a deadline a task, a new worker for a dead one.
This module adds what files need: a file whose worker dies is tried once more
alone in spirit (its second death quarantines it), a memory death is named as
such, a broken pool is made anew, and nobody's temporary files stay behind.

==================  ==========================================================
what happens        what it becomes
==================  ==========================================================
report returned     the report
deadline passed     ``timeout`` (the worker is killed)
exit code 77        ``memory``
exit code 78        ``timeout`` (the worker's own watchdog)
other death, once   tried again
other death, twice  ``crashed`` (quarantined)
pool broken         a new pool; what was under way is tried again
==================  ==========================================================
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Self

import psutil
from pebble import ProcessExpired, ProcessPool

from piiscan.engine import worker
from piiscan.engine.analyse import Analyst, deadline_for, killing_deadline
from piiscan.engine.pace import Paces
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Settings
from piiscan.sources import Source
from piiscan.sources.base import Carrier, problem_of

__all__ = ["Supervisor", "Task", "Work", "default_jobs", "private_folder", "sweep"]

_AHEAD = 4
_PREFIX = "piiscan-"
_TRIES = 2
#: Workers are replaced now and then: parsers leak.
_TASKS_A_WORKER = 2_000


class Work(Enum):
    """What a task asks for."""

    ANALYSE = "analyse"
    DIGEST = "digest"


@dataclass(slots=True)
class Task:
    """One file to analyse or to digest."""

    work: Work
    item: Item
    path: Path
    server: str = ""
    carrier: Carrier | None = None
    tries: int = 0
    folder: Path = field(default_factory=Path)
    borrowed: bool = False


def default_jobs() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def private_folder() -> Path:
    """A new folder in the system's temporary folder that only we can enter; its name carries our pid."""
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def sweep() -> int:
    """Remove private folders of runs that are no more. Returns how many."""
    swept = 0
    for entry in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = entry.name.removeprefix(_PREFIX).split("-", 1)[0]
        with contextlib.suppress(OSError):
            if pid.isdigit() and entry.is_dir() and not entry.is_symlink() and not psutil.pid_exists(int(pid)):
                if hasattr(os, "getuid") and entry.stat().st_uid != os.getuid():
                    continue
                shutil.rmtree(entry, ignore_errors=True)
                swept += 1
    return swept


class Supervisor:
    """Runs tasks in ``jobs`` worker processes (0: in this one).

    Use as a context manager. :meth:`submit` never blocks; look at
    :attr:`pending` for back-pressure. :meth:`wait` yields what is done.
    """

    def __init__(self, settings: Settings, key: FingerprintKey, jobs: int, paces: Paces | None = None) -> None:
        self.jobs = jobs
        self._paces = paces or Paces(settings.politeness)
        self._settings = settings
        self._key = key
        self._pool: ProcessPool | None = None
        self._futures: dict[Future[Any], tuple[Task, ProcessPool]] = {}
        self._done: list[tuple[Task, FileReport | str | Problem]] = []
        self._number = 0
        self._spool = Path()
        self._local: Analyst | None = None

    def __enter__(self) -> Self:
        sweep()
        self._spool = private_folder()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._spool, ignore_errors=True)

    @property
    def pending(self) -> int:
        """Tasks submitted and not yet handed back."""
        return len(self._futures) + len(self._done)

    def task(self, work: Work, item: Item, source: Source) -> Task | Problem:
        """A task for ``item``.

        Where the source has no local path, a worker brings a copy, or one is made here (a path longer than the system allows).

        :return: the task, or why the content cannot be had.
        """
        path = source.local_path(item)
        if path is not None:
            return Task(work, item, path, source.server)
        if item.size > self._settings.limits.file_bytes:
            return Problem(ProblemKind.TOO_LARGE, Stage.OPEN, f"{item.size} bytes; limits.file_bytes = {self._settings.limits.file_bytes}")
        self._number += 1
        copy = self._spool / f"c{self._number}"
        carrier = source.carrier(item)
        if carrier is not None:
            return Task(work, item, copy, carrier.server, carrier, borrowed=True)
        try:
            with source.open(item) as stream, copy.open("wb") as file:
                shutil.copyfileobj(stream, file, 1 << 20)
        except OSError as error:
            copy.unlink(missing_ok=True)
            return problem_of(error, Stage.OPEN)
        return Task(work, item, copy, borrowed=True)

    @property
    def ahead(self) -> int:
        """Tasks to keep pending: enough to keep the workers busy, few enough to stay flat."""
        return max(1, self.jobs) * _AHEAD

    def adopt(self, task: Task) -> None:
        """Make a task that was made elsewhere one of ours: what must be brought is brought to our folder."""
        if task.carrier is not None:
            self._number += 1
            task.path, task.borrowed = self._spool / f"c{self._number}", True

    def submit(self, task: Task) -> None:
        """Queue ``task``."""
        self._number += 1
        task.folder = self._spool / f"t{self._number}"
        if self.jobs == 0:
            self._done.append((task, self._here(task)))
            return
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self.jobs,
                max_tasks=_TASKS_A_WORKER,
                initializer=worker.start,
                initargs=(self._settings, self._key, os.getpid(), self._paces),
                context=multiprocessing.get_context("spawn"),
            )
        timeout = killing_deadline(deadline_for(task.item.size, self._settings)) + self._on_the_way(task)
        if self._settings.ocr.mode != "off":
            timeout += self._settings.ocr.seconds  # the worker ends itself sooner when it was not OCR that took the time
        if task.work is Work.DIGEST:
            future = self._pool.schedule(worker.digest, args=(task.item, str(task.path), task.server, task.carrier), timeout=timeout)
        else:
            arguments = (task.item, str(task.path), str(task.folder), task.server, task.carrier)
            future = self._pool.schedule(worker.analyse, args=arguments, timeout=timeout)
        self._futures[future] = (task, self._pool)

    def wait(self, timeout: float | None = 0.5) -> Iterator[tuple[Task, FileReport | str | Problem]]:
        """Yield finished tasks: a report, a digest (``DIGEST``), or the problem that ended it.

        Returns after at most ``timeout`` seconds if nothing finishes.
        """
        done, self._done = self._done, []
        for task, outcome in done:
            yield from self._hand_back(task, outcome)
        if done or not self._futures:
            return
        finished, _ = concurrent.futures.wait(self._futures, timeout=timeout, return_when=concurrent.futures.FIRST_COMPLETED)
        for future in finished:
            task, pool = self._futures.pop(future)
            ended = self._outcome(task, pool, future)
            if ended is not None:
                yield from self._hand_back(task, ended)

    def _hand_back(self, task: Task, outcome: FileReport | str | Problem) -> Iterator[tuple[Task, FileReport | str | Problem]]:
        yield task, outcome
        if not isinstance(outcome, str):
            self.give_back(task)

    @staticmethod
    def give_back(task: Task) -> None:
        """Remove a spooled copy that is needed no more."""
        if task.borrowed:
            task.path.unlink(missing_ok=True)

    def stop(self) -> None:
        """End the workers now; unfinished tasks are forgotten (the next run does them)."""
        if self._pool is not None:
            pool = self._pool
            self._pool = None
            pool.stop()
            pool.join()
        self._futures.clear()

    # ------------------------------------------------------------------ private

    def _on_the_way(self, task: Task) -> float:
        """Seconds that politeness and a server that comes back may take of a worker's time, beside reading."""
        polite, smb = self._settings.politeness, self._settings.smb
        seconds = 0.0
        if polite.bytes_per_second:
            seconds += task.item.size / polite.bytes_per_second
        if polite.operations_per_second:
            seconds += (2 + task.item.size / 1_000_000) / polite.operations_per_second
        seconds *= max(1, self.jobs)
        if task.carrier is not None:
            seconds += smb.first_wait * 2.0**smb.retries + smb.timeout * 2 + task.item.size / 1_000_000
        return seconds

    def _outcome(self, task: Task, pool: ProcessPool, future: Future[Any]) -> FileReport | str | Problem | None:
        try:
            return self._taken(task, future.result())
        except TimeoutError:
            self._clean(task)
            return Problem(ProblemKind.TIMEOUT, Stage.ENGINE, f"limits.seconds = {self._settings.limits.seconds:g}")
        except ProcessExpired as error:
            self._clean(task)
            if error.exitcode == worker.EXIT_TIMEOUT:
                return Problem(ProblemKind.TIMEOUT, Stage.ENGINE, f"limits.seconds = {self._settings.limits.seconds:g}")
            if error.exitcode == worker.EXIT_MEMORY:
                return Problem(ProblemKind.MEMORY, Stage.ENGINE, f"limits.worker_mb = {self._settings.limits.worker_mb}")
            return self._again(task, f"worker ended with code {error.exitcode}")
        except BrokenProcessPool:
            self._clean(task)
            self._renew(pool)
            return self._again(task, "the worker pool broke")
        except concurrent.futures.CancelledError:
            return None
        except Exception as error:  # noqa: BLE001 -- a task must end as data
            self._clean(task)
            return Problem(ProblemKind.INTERNAL, Stage.ENGINE, type(error).__name__)

    def _again(self, task: Task, detail: str) -> Problem | None:
        task.tries += 1
        if task.tries >= _TRIES:
            return Problem(ProblemKind.CRASHED, Stage.ENGINE, detail)
        self.submit(task)
        return None

    def _renew(self, broken: ProcessPool) -> None:
        """Let go of a broken pool; every task of it comes here, the first one does the work."""
        if self._pool is None or broken is not self._pool:
            return
        self._pool = None
        with contextlib.suppress(Exception):
            broken.stop()
            broken.join()

    @staticmethod
    def _taken(task: Task, result: FileReport | Problem | tuple[Item, str]) -> FileReport | str | Problem:
        """A digest comes with the item, as opening the file may tell more of it."""
        if isinstance(result, tuple):
            task.item, digest = result
            return digest
        return result

    def _clean(self, task: Task) -> None:
        shutil.rmtree(task.folder, ignore_errors=True)

    def _here(self, task: Task) -> FileReport | str | Problem:
        if task.work is Work.DIGEST:
            return self._taken(task, worker.digest_with(self._paces, task.item, task.path, task.server, task.carrier))
        if self._local is None:
            self._local = Analyst(self._settings, self._key)
        task.folder.mkdir(mode=0o700, exist_ok=True)
        try:
            return worker.analyse_with(self._local, self._paces, task.item, task.path, task.folder, task.server, task.carrier)
        except OSError as error:
            return problem_of(error, Stage.OPEN)
        finally:
            self._clean(task)
