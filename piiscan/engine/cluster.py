"""Many machines: batches of files go to Dask workers, what they found comes back to the one writer.

:class:`Cluster` does what :class:`~piiscan.engine.supervisor.Supervisor` does,
so the scan does not know the difference. A unit of work is a batch of files: about
a second of work, at most ``cluster.batch_files``. A Dask worker runs the same supervised engine on it:
each of its threads keeps one supervisor with one process, so a file that kills
its reader costs that file there as here, and text stays on the machine that
read it; masks, counts and keyed fingerprints travel.

A batch whose worker is lost is given to another by the scheduler; its result
arrives once, so nothing is counted twice. A batch that several workers died of
is done again file by file, and a file that still kills a worker is quarantined.
What came of a batch and was lost, and what no worker works on though nothing
came of it, is sent anew under another name; of the earlier one nothing is taken
any more. So a scan ends, whatever becomes of its batches (ADR 0071).

Workers need the same piiscan, the same rules, the roots at the same paths (or
``smb://`` roots, and a login of their own for them). Each is checked before it
works. Fingerprint key and file passwords go to the workers, so beyond this
machine the connection must be TLS.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import multiprocessing
import pickle
import queue
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from piiscan.engine.connection import Connection, connection, forget, loaded
from piiscan.engine.errors import ClusterLostError
from piiscan.engine.supervisor import Supervisor, Task, Usual, Work
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Settings
from piiscan.sources import Source

__all__ = ["Cluster"]

_AHEAD_BATCHES = 2
_BATCH_BYTES = 64_000_000
#: A batch is sent when its files will take about so long, by what their like took before …
_BATCH_WORK = 1.0
#: … or when it has waited so long.
_BATCH_SECONDS = 0.3
_COUNT_SECONDS = 5.0
_TRIES = 2
#: A batch whose result does not come is sent so often, and then each of its files once more.
_SENDS = 3
#: A result that is there is waited for so long.
_FETCH_SECONDS = 60.0
#: When nothing has come for so long, the workers are asked, again and again, what they are at …
_QUIET_SECONDS = 20.0
_LOOK_SECONDS = 10.0
_ANSWER_SECONDS = 10.0
#: … and when they have said so often in a row that they have nothing to do, what is under way is under way nowhere.
_IDLE_LOOKS = 2
#: A scheduler without a worker that can work is given up after so long.
_NO_WORKER_SECONDS = 120.0

_Result = FileReport | str | Problem


@dataclass(frozen=True, slots=True)
class Job:
    """A batch on its way to a worker."""

    run: str
    settings: Settings
    key: FingerprintKey
    versions: str
    roots: tuple[str, ...]
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class _Batch:
    """A batch under way.

    :ivar future: Dask's.
    :ivar sent: how often it was sent by now.
    """

    future: Any
    tasks: tuple[Task, ...]
    sent: int


# ------------------------------------------------------------------- on the worker

_engines = threading.local()
_open_engines: list[Supervisor] = []
_checked: set[str] = set()


class WorkerUnfitError(Exception):
    """A worker that must not take part; the message says why and what to do."""


def run_job(packed: bytes) -> bytes:
    """Do a batch on this Dask worker, a :class:`Job`; an empty one only makes it ready.

    What comes and goes is packed, as Dask's scheduler opens what it passes on, and weighs each thing in it.

    :return: results, each with the place of its task, and its item.
    :raises WorkerUnfitError: when this machine would give other results than the others.
    """
    job: Job = pickle.loads(packed)  # noqa: S301 -- from the scanner, through Dask, which unpickles what it is sent
    return pickle.dumps(_run(job), pickle.HIGHEST_PROTOCOL)


def _run(job: Job) -> list[tuple[int, Item, _Result]]:
    engine = _engine(job)
    _check(job)
    places = {id(task): place for place, task in enumerate(job.tasks)}
    found: list[tuple[int, Item, _Result]] = []
    waiting = list(reversed(job.tasks))
    while waiting or engine.pending:
        while waiting and not engine.full:
            task = waiting.pop()
            engine.adopt(task)
            engine.submit(task)
        for task, result in engine.wait(0.5):
            found.append((places[id(task)], task.item, result))
            engine.give_back(task)
    return found


def _check(job: Job) -> None:
    if job.run in _checked:
        return
    from piiscan.engine.scan import versions_of  # the scan knows us

    if versions_of(job.settings, job.key) != job.versions:
        raise WorkerUnfitError("has another piiscan, other packages or other rules; install the same there")
    missing = [root for root in job.roots if not Path(root).exists()]
    if missing:
        raise WorkerUnfitError(f"cannot see {missing[0]!r}; mount it at the same path there, or scan it as smb://server/share")
    _checked.add(job.run)


def _engine(job: Job) -> Supervisor:
    """The supervisor of this thread and run."""
    if getattr(_engines, "run", "") != job.run:
        old = getattr(_engines, "engine", None)
        if old is not None and old in _open_engines:  # end_run may have let go of it already
            _open_engines.remove(old)
            old.__exit__(None, None, None)
        # A worker under Dask's nanny is a daemon, which may have no children in Python's view. Ours end by
        # themselves when their parent does (engine.worker), so nothing is orphaned.
        multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
        _engines.engine = Supervisor(job.settings, job.key, 1).__enter__()
        _engines.engine.begin(loaded(job.run))
        _engines.run = job.run
        _open_engines.append(_engines.engine)
    engine: Supervisor = _engines.engine
    return engine


def at_what(dask_worker: Any) -> str:
    """What this Dask worker is at: ``busy``; ``idle``; ``unable``, when it may not begin anything (for want of memory, or as it ends)."""
    if dask_worker.state.executing_count:
        return "busy"
    return "idle" if dask_worker.status.name == "running" else "unable"


def end_run() -> None:
    """Let go of the processes of a run that is over."""
    while _open_engines:
        _open_engines.pop().__exit__(None, None, None)
    _engines.__dict__.clear()
    forget()


# ------------------------------------------------------------------- on the scanner


class Cluster:
    """Runs tasks on the workers of a Dask scheduler. Use as a context manager, from one thread.

    :raises SettingsError: when there is no such scheduler, no worker, or the way there is not safe.
    """

    def __init__(self, settings: Settings, key: FingerprintKey, sources: Sequence[Source], versions: str) -> None:
        self._settings = settings
        self._key = key
        self._versions = versions
        self._run = ""
        self._roots = tuple(source.root for source in sources if source.scheme == "file")
        self._connection: Connection | None = None
        self._client: Any = None
        self._slots = 1
        self._counted = 0.0
        self._batch: list[Task] = []
        self._batch_since = 0.0
        self._batch_bytes = 0
        self._batch_work = 0.0
        #: what files took lately
        self.usual = Usual()
        self._under_way: dict[str, _Batch] = {}
        self._finished: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._ready: list[Any] = []
        self._next_look = 0.0
        self._idle_looks = 0
        self._able = 0.0  # when a worker was last known that can work
        self._here = Supervisor(settings, key, 1)  # for what only this machine can reach

    def __enter__(self) -> Self:
        self._connection = connection(self._settings)
        self._run, self._client = self._connection.run, self._connection.client
        self._here.__enter__()
        self._count()
        self._make_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._here.__exit__()
        if self._connection is not None:
            self._connection.close(end_run)

    @property
    def pending(self) -> int:
        """Tasks submitted and not yet handed back."""
        return len(self._batch) + sum(len(batch.tasks) for batch in self._under_way.values()) + self._here.pending

    @property
    def workers(self) -> int:
        """Files that can be read at the same time."""
        return self._slots

    @property
    def full(self) -> bool:
        """Whether enough is pending that no worker waits."""
        if time.monotonic() - self._counted > _COUNT_SECONDS:
            self._count()
        return self._here.full or len(self._under_way) >= self._slots * _AHEAD_BATCHES

    def task(self, work: Work, item: Item, source: Source) -> Task | Problem:
        """A task for ``item``; see :meth:`Supervisor.task`."""
        path, carrier = source.local_path(item), source.carrier(item)
        if path is None and carrier is None:
            return self._here.task(work, item, source)
        if carrier is not None and item.size > self._settings.limits.file_bytes:
            return Problem(ProblemKind.TOO_LARGE, Stage.OPEN, f"{item.size} bytes; limits.file_bytes = {self._settings.limits.file_bytes}")
        return Task(work, item, path or Path(), source.server if carrier is None else carrier.server, carrier)

    def submit(self, task: Task) -> None:
        """Put ``task`` into the batch that is next."""
        if task.borrowed:
            self._here.submit(task)
            return
        if not self._batch:
            self._batch_since = time.monotonic()
        self._batch.append(task)
        self._batch_bytes += task.item.size
        self._batch_work += self.usual.seconds(task)
        if len(self._batch) >= self._settings.cluster.batch_files or self._batch_bytes >= _BATCH_BYTES or self._batch_work >= _BATCH_WORK:
            self._send()

    def wait(self, timeout: float | None = 0.5) -> Iterator[tuple[Task, _Result]]:
        """Yield finished tasks; see :meth:`Supervisor.wait`."""
        if self._batch and (not self._under_way or time.monotonic() - self._batch_since > _BATCH_SECONDS):
            self._send()
        if self._here.pending:
            yield from self._here.wait(0 if self._under_way else timeout)
        try:
            names = [self._finished.get(timeout=timeout)] if self._under_way else []
        except queue.Empty:
            self._check_scheduler()
            yield from self._look_after()
            return
        with contextlib.suppress(queue.Empty):
            while True:
                names.append(self._finished.get_nowait())
        for name in names:
            batch = self._under_way.pop(name, None)  # none: it was sent anew meanwhile
            if batch is not None:
                self._heard()
                yield from self._results(batch)

    def give_back(self, task: Task) -> None:
        """See :meth:`Supervisor.give_back`."""
        self._here.give_back(task)

    def dismiss(self) -> None:
        """See :meth:`Supervisor.dismiss`."""
        self._here.dismiss()

    def stop(self) -> None:
        """Take back what is not done; the next run does it."""
        futures = [batch.future for batch in self._under_way.values()]
        self._under_way.clear()
        self._ready.clear()
        self._batch.clear()
        self._here.stop()
        if futures and self._client.status == "running":
            with contextlib.suppress(Exception):  # a scheduler that is gone needs no telling
                self._client.cancel(futures, force=True)

    # ------------------------------------------------------------------ private

    def _count(self) -> None:
        self._counted = time.monotonic()
        with contextlib.suppress(Exception):  # asked again later; a lost scheduler is noticed by its futures
            self._slots = max(1, sum(self._client.nthreads().values()))

    def _make_ready(self) -> None:
        """Let every worker load what it needs, while the crawl begins. What goes wrong there goes wrong with a batch again, and is told."""
        assert self._connection is not None, "entering makes it"
        with contextlib.suppress(Exception):
            self._connection.lend()
            self._ready = self._connection.everywhere(run_job, self._job(()))

    def _check_scheduler(self) -> None:
        if self._client.status not in {"running", "newly-created"}:
            raise self._lost()

    @staticmethod
    def _lost() -> ClusterLostError:
        return ClusterLostError("the Dask scheduler went away; what is done is kept: start it again and run the same command")

    def _send(self) -> None:
        tasks, self._batch, self._batch_bytes, self._batch_work = tuple(self._batch), [], 0, 0.0
        self._send_tasks(tasks)

    def _job(self, tasks: tuple[Task, ...]) -> bytes:
        polite = self._settings.politeness
        share = polite.model_copy(
            update={
                "bytes_per_second": polite.bytes_per_second / self._slots,
                "operations_per_second": polite.operations_per_second / self._slots,
            }
        )
        job = Job(self._run, self._settings.model_copy(update={"politeness": share}), self._key, self._versions, self._roots, tasks)
        return pickle.dumps(job, pickle.HIGHEST_PROTOCOL)

    def _send_tasks(self, tasks: tuple[Task, ...], sent: int = 1) -> None:
        name = f"piiscan-{uuid.uuid4().hex}"
        try:
            future = self._client.submit(run_job, self._job(tasks), key=name, pure=False)
        except Exception:
            self._check_scheduler()  # Dask closes a client that waited for its scheduler in vain
            raise
        self._under_way[name] = _Batch(future, tasks, sent)
        self._heard()
        future.add_done_callback(lambda done: self._finished.put(done.key))

    def _heard(self) -> None:
        """Something goes on."""
        self._able = time.monotonic()
        self._next_look = self._able + _QUIET_SECONDS
        self._idle_looks = 0

    def _look_after(self) -> Iterator[tuple[Task, _Result]]:
        """See to it, when nothing has come for long, that somebody is at work."""
        now = time.monotonic()
        if not self._under_way or now < self._next_look:
            return
        assert self._connection is not None, "entering makes it"
        states = self._connection.ask(at_what, _ANSWER_SECONDS)
        self._next_look = now + _LOOK_SECONDS
        if states is None:  # one does not answer: Dask lets go of it in the end, and gives its work to another
            return
        if "busy" in states or "idle" in states:
            self._able = now
        elif now - self._able > _NO_WORKER_SECONDS:
            raise ClusterLostError("no Dask worker is left that can work; what is done is kept: start some and run the same command")
        self._idle_looks = self._idle_looks + 1 if "idle" in states and "busy" not in states else 0
        if self._idle_looks >= _IDLE_LOOKS:
            batches = list(self._under_way.values())
            self._under_way.clear()
            for batch in batches:
                yield from self._anew(batch)

    def _results(self, batch: _Batch) -> Iterator[tuple[Task, _Result]]:
        from distributed.scheduler import KilledWorker

        future, tasks = batch.future, batch.tasks
        if future.status == "finished":
            try:
                found: list[tuple[int, Item, _Result]] = pickle.loads(future.result(timeout=_FETCH_SECONDS))  # noqa: S301 -- our own workers'
            except (asyncio.CancelledError, concurrent.futures.CancelledError, OSError):
                # who had the result went before it was fetched: a worker, or the scheduler
                self._check_scheduler()
                yield from self._anew(batch)
                return
            for place, item, result in found:
                tasks[place].item = item
                self.usual.learn(tasks[place], result)
                yield tasks[place], result
            return
        if future.status != "error":  # it was finished, and is lost
            self._check_scheduler()
            yield from self._anew(batch)
            return
        error = future.exception()
        if isinstance(error, KilledWorker):
            yield from self._again(tasks, Problem(ProblemKind.CRASHED, Stage.ENGINE, "every Dask worker that read it died"))
            return
        if isinstance(error, WorkerUnfitError):
            raise ClusterLostError(f"a Dask worker {error}") from None
        if isinstance(error, ImportError | AttributeError):
            raise ClusterLostError(
                f"a Dask worker cannot load piiscan ({type(error).__name__}); install the same version on every machine"
            ) from None
        raise ClusterLostError(f"a Dask worker failed ({type(error).__name__}); see its log") from None

    def _anew(self, batch: _Batch) -> Iterator[tuple[Task, _Result]]:
        """Send a batch again whose result does not come; what still comes of it is nobody's."""
        batch.future.release()
        if batch.sent < _SENDS:
            self._send_tasks(batch.tasks, batch.sent + 1)
        else:
            yield from self._again(batch.tasks, Problem(ProblemKind.STOPPED, Stage.ENGINE, "no Dask worker gave its result"))

    def _again(self, tasks: tuple[Task, ...], problem: Problem) -> Iterator[tuple[Task, _Result]]:
        """Nothing came of a batch: file by file, and no third time."""
        for task in tasks:
            task.tries += 1
            if task.tries >= _TRIES:
                yield task, problem
            else:
                self._send_tasks((task,), _SENDS)
