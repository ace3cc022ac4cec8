"""Workers that may be killed, die or hang, and a scan that does not.

Pebble supervises the processes: a deadline a task, a new worker for a dead one.
This module adds what files need: a file whose worker dies is tried once more
alone in spirit (its second death quarantines it), a memory death is named as
such, a broken pool is made anew, and nobody's temporary files stay behind.

Small files travel in bundles of about a quarter of a second, as a task costs both
sides more than many a small file (ADR 0033). When a bundle is lost, the file that was
being read bears it, as below; the others are done again, one by one.

==================  ==========================================================
what happens        what it becomes
==================  ==========================================================
report returned     the report
deadline passed     ``timeout`` (the worker is killed)
exit code 77        ``memory``
exit code 78        ``timeout`` (the worker's own watchdog)
other death, once   tried again
other death, twice  ``crashed`` (quarantined)
pool broken         a new pool; what was being read is tried again as after a
                    death (a worker that dies with the pool's lock breaks it
                    for all, so what only waited is not blamed)
pool broken, and    the same: what a pool is given at the moment at which it
says nothing        breaks it forgets (ADR 0071)
==================  ==========================================================
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from piiscan.engine import analyse, worker
from piiscan.engine.analyse import Analyst, deadline_for, killing_deadline
from piiscan.engine.nursery import Nursery, nursery
from piiscan.engine.pace import Paces
from piiscan.engine.private import private_folder, sweep
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Settings
from piiscan.sources import Source
from piiscan.sources.base import Carrier, problem_of

__all__ = ["Supervisor", "Task", "Usual", "Work", "default_jobs"]

_AHEAD = 4
#: Files up to this size may share a bundle, up to so many files and, by what their like took before, about so many seconds.
_SMALL = 256_000
_BUNDLE_FILES = 32
_BUNDLE_SECONDS = 0.25
_USUAL_SECONDS = 0.03
_QUICK_SECONDS = 0.005
_LONGEST_COUNTED = 2.0
_KINDS_COUNTED = 1000
_TRIES = 2
#: Pools that may break one after the other before the files in them, begun or not, are blamed.
_FRUITLESS = 5
#: Beyond the time of what it was given a pool may be silent for so long; its own locks wait two minutes.
_SILENT_SECONDS = 180.0
#: The threads of a pool that is let go have so long to end.
_JOIN_SECONDS = 30.0
#: Workers are replaced now and then: parsers leak.
_TASKS_A_WORKER = 1_000


class Work(Enum):
    """What a task asks for."""

    ANALYSE = "analyse"
    DIGEST = "digest"


@dataclass(slots=True)
class Task:
    """One file to analyse or to digest.

    :ivar number: tells it from the others of its supervisor.
    :ivar digests: whose content was read elsewhere: a file of one of these is not analysed, its digest is handed back.
    """

    work: Work
    item: Item
    path: Path
    server: str = ""
    carrier: Carrier | None = None
    tries: int = 0
    number: int = 0
    borrowed: bool = False
    digests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Bundle:
    """What a worker of a pool was given to do at once, its private folder meanwhile, and the seconds that it may take."""

    tasks: tuple[Task, ...]
    pool: ProcessPool
    folder: Path
    timeout: float


class Usual:
    """What files took lately, by suffix and rough size: how many of them make a bundle."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, int], float] = {}

    def seconds(self, task: Task) -> float:
        """Seconds that a file will take, as its like did."""
        return 0.0 if task.work is Work.DIGEST else self._seconds.get(self._kind(task.item), _USUAL_SECONDS)

    def is_quick(self, item: Item) -> bool:
        """Whether reading it takes no longer than asking first whether its content is known: a digest, its way here, and a look-up."""
        return self._seconds.get(self._kind(item), _USUAL_SECONDS) < _QUICK_SECONDS

    def learn(self, task: Task, result: FileReport | str | Problem) -> None:
        """Take note of what a file took."""
        kind = self._kind(task.item)
        if isinstance(result, FileReport) and (kind in self._seconds or len(self._seconds) < _KINDS_COUNTED):
            before = self._seconds.get(kind, _USUAL_SECONDS)
            self._seconds[kind] = 0.8 * before + 0.2 * min(result.seconds, _LONGEST_COUNTED)

    @staticmethod
    def _kind(item: Item) -> tuple[str, int]:
        return item.key.rpartition("/")[2].rpartition(".")[2].lower()[:20], item.size.bit_length() // 4


def default_jobs() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


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
        self._nursery: Nursery | None = None
        self._futures: dict[Future[Any], _Bundle] = {}
        self._bundle: list[Task] = []
        self._bundle_seconds = 0.0
        #: what files took lately
        self.usual = Usual()
        self._fruitless = 0  # pools that broke since the last result
        self._heard = 0.0  # when a pool last gave or was given something
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
        return sum(len(bundle.tasks) for bundle in self._futures.values()) + len(self._bundle) + len(self._done)

    @property
    def workers(self) -> int:
        """Files that can be read at the same time."""
        return max(1, self.jobs)

    @property
    def full(self) -> bool:
        """Whether enough is pending to keep the workers busy; more would only take memory."""
        return len(self._futures) + len(self._done) >= self.workers * _AHEAD

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

    def begin(self, begun: Nursery | None = None) -> None:
        """Let what the workers come from load while there is nothing to do yet.

        :param begun: one that loads already.
        """
        if self.jobs and self._nursery is None:
            self._nursery = begun or nursery()

    def adopt(self, task: Task) -> None:
        """Make a task that was made elsewhere one of ours: what must be brought is brought to our folder."""
        if task.carrier is not None:
            self._number += 1
            task.path, task.borrowed = self._spool / f"c{self._number}", True

    def submit(self, task: Task) -> None:
        """Queue ``task``."""
        self._number += 1
        task.number = self._number
        if self.jobs == 0:
            self._done.append((task, self._here(task)))
            return
        seconds = self.usual.seconds(task)
        if task.item.size > _SMALL or seconds >= _BUNDLE_SECONDS:
            self._send((task,))
            return
        self._bundle.append(task)
        self._bundle_seconds += seconds
        if self._bundle_seconds >= _BUNDLE_SECONDS or len(self._bundle) >= _BUNDLE_FILES:
            self._send_bundle()

    def _send_bundle(self) -> None:
        tasks, self._bundle, self._bundle_seconds = tuple(self._bundle), [], 0.0
        if tasks:
            self._send(tasks)

    def _send(self, tasks: tuple[Task, ...]) -> None:
        # a bundle may take as long as its longest file alone; what comes after gets its own time when it is sent again
        timeout = max(killing_deadline(deadline_for(task.item.size, self._settings)) for task in tasks) + analyse.LOADING_SECONDS
        timeout += sum(self._on_the_way(task) for task in tasks)
        if self._settings.ocr.mode != "off":
            timeout += self._settings.ocr.seconds  # the worker ends itself sooner when it was not OCR that took the time
        errands = tuple(
            worker.Errand(task.number, task.work is Work.DIGEST, task.item, str(task.path), task.server, task.carrier, task.digests)
            for task in tasks
        )
        self._number += 1
        folder = self._spool / f"b{self._number}"
        pool = self._running()
        try:
            future = pool.schedule(worker.run, args=(errands, str(folder)), timeout=timeout)
        except RuntimeError:  # it broke meanwhile, as its other futures will say
            self._renew(pool)
            pool = self._running()
            future = pool.schedule(worker.run, args=(errands, str(folder)), timeout=timeout)
        self._futures[future] = _Bundle(tasks, pool, folder, timeout)
        self._heard = time.monotonic()

    def _running(self) -> ProcessPool:
        if self._pool is None:
            self.begin()
            assert self._nursery is not None, "begin() makes it"
            self._pool = ProcessPool(
                max_workers=self.jobs,
                max_tasks=_TASKS_A_WORKER,
                initializer=worker.start,
                initargs=(self._settings, self._key, self._paces, str(self._spool)),
                context=self._nursery.context,
            )
        return self._pool

    def wait(self, timeout: float | None = 0.5) -> Iterator[tuple[Task, FileReport | str | Problem]]:
        """Yield finished tasks: a report, a digest (``DIGEST``, or one of the task's), or the problem that ended it.

        Returns after at most ``timeout`` seconds if nothing finishes.
        """
        done, self._done = self._done, []
        for task, outcome in done:
            yield from self._hand_back(task, outcome)
        if done:
            return
        if len(self._futures) < 2 * self.jobs and (timeout != 0 or self._pool is not None):  # a mere look starts no workers
            self._send_bundle()
        if not self._futures:
            return
        finished, _ = concurrent.futures.wait(self._futures, timeout=timeout, return_when=concurrent.futures.FIRST_COMPLETED)
        for future in finished:
            self._heard = time.monotonic()
            for task, ended in self._outcomes(self._futures.pop(future), future):
                yield from self._hand_back(task, ended)
        if not finished:
            self._look_for_forgotten()

    def _hand_back(self, task: Task, outcome: FileReport | str | Problem) -> Iterator[tuple[Task, FileReport | str | Problem]]:
        yield task, outcome
        if not isinstance(outcome, str):
            self.give_back(task)

    @staticmethod
    def give_back(task: Task) -> None:
        """Remove a spooled copy that is needed no more."""
        if task.borrowed:
            task.path.unlink(missing_ok=True)

    def dismiss(self) -> None:
        """Nothing will be submitted any more: the workers may end while the caller goes on. :meth:`stop` waits for them."""
        if self._pool is not None and not self.pending:
            self._pool.stop()

    def stop(self) -> None:
        """End the workers now; unfinished tasks are forgotten (the next run does them)."""
        if self._pool is not None:
            self._end(self._pool)
            self._pool = None
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None
        self._futures.clear()
        self._bundle.clear()
        self._bundle_seconds = 0.0

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

    def _outcomes(self, bundle: _Bundle, future: Future[Any]) -> Iterator[tuple[Task, FileReport | str | Problem]]:
        """What became of each file of a bundle; those of one that was lost are sent again, one by one."""
        tasks = bundle.tasks
        error = future.exception()
        if error is None:
            self._fruitless = 0
            for task, result in zip(tasks, future.result(), strict=True):
                outcome = self._taken(task, result)
                self.usual.learn(task, outcome)
                yield task, outcome
            return
        if isinstance(error, concurrent.futures.CancelledError):
            return
        blamed = self._under_way(tasks)
        if blamed is None and len(tasks) == 1 and (not isinstance(error, BrokenProcessPool) or self._fruitless >= _FRUITLESS):
            blamed = tasks[0]
        shutil.rmtree(bundle.folder, ignore_errors=True)
        if isinstance(error, BrokenProcessPool):
            self._renew(bundle.pool)
        for task in tasks:
            if task is not blamed:
                self._send((task,))
            elif (problem := self._ending(task, error)) is not None:
                yield task, problem

    def _ending(self, task: Task, error: BaseException) -> Problem | None:
        """What ended the work on a file; ``None`` when it is tried again."""
        code = error.exitcode if isinstance(error, ProcessExpired) else 0
        if isinstance(error, TimeoutError) or code == worker.EXIT_TIMEOUT:
            return Problem(ProblemKind.TIMEOUT, Stage.ENGINE, f"limits.seconds = {self._settings.limits.seconds:g}")
        if code == worker.EXIT_MEMORY:
            return Problem(ProblemKind.MEMORY, Stage.ENGINE, f"limits.worker_mb = {self._settings.limits.worker_mb}")
        if isinstance(error, ProcessExpired | BrokenProcessPool):
            task.tries += 1
            if task.tries < _TRIES:
                self._send((task,))
                return None
            ended = f"worker ended with code {code}" if isinstance(error, ProcessExpired) else "the worker pool broke"
            return Problem(ProblemKind.CRASHED, Stage.ENGINE, ended)
        return Problem(ProblemKind.INTERNAL, Stage.ENGINE, type(error).__name__)

    def _renew(self, broken: ProcessPool) -> None:
        """Let go of a broken pool; every task of it comes here, the first one does the work."""
        if self._pool is None or broken is not self._pool:
            return
        self._pool = None
        self._fruitless += 1
        self._end(broken)

    @staticmethod
    def _end(pool: ProcessPool) -> None:
        """Let go of a pool and its processes; one whose threads wait for ever is left behind."""

        def ending() -> None:
            with contextlib.suppress(Exception):
                pool.join()

        pool.stop()
        thread = threading.Thread(target=ending, daemon=True, name="pool ending")
        thread.start()
        thread.join(_JOIN_SECONDS)

    def _look_for_forgotten(self) -> None:
        """Have what a broken pool has forgotten, or one that does nothing any more, end as a broken pool's: it would be waited for without an end."""
        pool = self._pool
        if pool is not None and not pool.active:
            self._renew(pool)
        elif pool is not None and time.monotonic() - self._heard > _SILENT_SECONDS + max(one.timeout for one in self._futures.values()):
            if self._nursery is not None:  # it may be what the pool waits for
                self._nursery.close()
                self._nursery = None
            self._renew(pool)
        for future, bundle in self._futures.items():
            # a pool that was let go has no threads any more, so none of them can be about to say so itself
            if bundle.pool is not self._pool and not future.done():
                with contextlib.suppress(concurrent.futures.InvalidStateError):
                    future.set_exception(BrokenProcessPool("forgotten"))

    @staticmethod
    def _taken(task: Task, result: FileReport | Problem | tuple[Item, str]) -> FileReport | str | Problem:
        """A digest comes with the item, as opening the file may tell more of it."""
        if isinstance(result, tuple):
            task.item, digest = result
            return digest
        return result

    def _under_way(self, tasks: Sequence[Task]) -> Task | None:
        """The file of a lost bundle that its worker was reading."""
        begun = worker.Mark.take(self._spool, {task.number for task in tasks})
        return next((task for task in tasks if [task.number] == begun), None)

    def _here(self, task: Task) -> FileReport | str | Problem:
        if task.work is Work.DIGEST:
            return self._taken(task, worker.digest_with(self._paces, task.item, task.path, task.server, task.carrier))
        if self._local is None:
            self._local = Analyst(self._settings, self._key)
        folder = self._spool / "here"
        folder.mkdir(mode=0o700, exist_ok=True)
        try:
            return self._taken(
                task,
                worker.analyse_with(
                    self._local, self._paces, task.item, task.path, folder, task.server, task.carrier, digests=task.digests
                ),
            )
        except OSError as error:
            return problem_of(error, Stage.OPEN)
