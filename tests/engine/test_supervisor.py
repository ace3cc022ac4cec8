"""What hangs, dies or eats all memory costs one file; everything else is read."""

import contextlib
import threading
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import ClassVar

import pytest
from pebble.pool.process import PoolManager, TaskManager

from piiscan.engine import analyse, private, supervisor, worker
from piiscan.engine.stream import reports_of
from piiscan.extractors.base import Budget
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item, Outcome
from piiscan.settings import Limits, Ocr, Settings
from piiscan.sources import source_for
from tests.running import write_list

FAULTS = Path(__file__).parent / "faults"


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    """A folder whose files do their worst, and processes in which they can."""
    share = tmp_path / "share"
    share.mkdir()
    for name in ("dies.csv", "once-dies.csv", "hangs.csv", "eats.csv", "fine-a.csv", "fine-b.csv"):
        write_list(share / name)
    monkeypatch.setenv("PYTHONPATH", str(FAULTS))
    monkeypatch.setenv("TESTS_FAULTS", str(tmp_path / "died-once"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(analyse, "_GRACE_SECONDS", 1.0)
    monkeypatch.setattr(analyse, "LOADING_SECONDS", 10.0)
    return share


def test_a_worker_that_dies_hangs_or_grows_costs_its_file_only(faulty, tmp_path):
    settings = Settings(limits=Limits(seconds=12, worker_mb=700), ocr=Ocr(mode="off"))
    reports = {r.item.key: r for r in reports_of(source_for(str(faulty), settings), settings, FingerprintKey.random(), jobs=2)}
    assert {key: [p.kind.word for p in report.problems] for key, report in reports.items()} == {
        "dies.csv": ["crashed"],
        "once-dies.csv": [],
        "hangs.csv": ["timeout"],
        "eats.csv": ["memory"],
        "fine-a.csv": [],
        "fine-b.csv": [],
    }
    assert {key for key, report in reports.items() if report.outcome is Outcome.SCANNED} == {"once-dies.csv", "fine-a.csv", "fine-b.csv"}
    assert all(reports[key].persons.estimate == 5 for key in ("once-dies.csv", "fine-a.csv", "fine-b.csv"))
    assert list(tmp_path.glob("piiscan-*")) == []


@pytest.mark.parametrize(("overdue", "ends"), [(-100.0, False), (-1.0, False), (10.0, True)])
def test_the_watchdog_ends_what_takes_too_long_whatever_time_ocr_was_given(monkeypatch, overdue, ends):
    """The parent cannot know how much of the time was OCR; the worker can."""
    rounds = iter(range(3))

    def rest(_):
        if next(rounds, None) is None:
            raise InterruptedError

    def exit_with(code):
        raise SystemExit(code)

    monkeypatch.setattr(worker.time, "sleep", rest)
    monkeypatch.setattr(worker.os, "_exit", exit_with)
    monkeypatch.setattr(worker, "_grace", 2.0)
    monkeypatch.setattr(worker, "_busy", threading.Event())
    worker._busy.set()
    analyst = analyse.Analyst(Settings(), FingerprintKey.random())
    analyst.budget = Budget(Limits(), deadline=time.monotonic() - 2.0 - overdue)
    with pytest.raises(SystemExit if ends else InterruptedError) as ended:
        worker._watch(analyst, 1 << 40)
    assert not ends or ended.value.code == worker.EXIT_TIMEOUT


class Counted(supervisor.Supervisor):
    """Notes what was sent."""

    sent: ClassVar[list[list[str]]] = []

    def _send(self, tasks):
        self.sent.append([task.item.key for task in tasks])
        super()._send(tasks)


def test_small_files_share_a_task_and_only_the_one_that_was_being_read_bears_a_death(faulty, tmp_path, monkeypatch):
    for name in ("hangs.csv", "eats.csv"):
        (faulty / name).unlink()
    for i in range(20):
        write_list(faulty / f"more-{i:02}.csv", people=1)
    (faulty / "zzz-large.csv").write_text("a,b\n" * 100_000, encoding="utf-8")
    monkeypatch.setattr("piiscan.engine.stream.Supervisor", Counted)
    monkeypatch.setattr(supervisor, "_USUAL_SECONDS", 0.025)
    settings = Settings(ocr=Ocr(mode="off"))
    Counted.sent.clear()
    reports = {r.item.key: r for r in reports_of(source_for(str(faulty), settings), settings, FingerprintKey.random(), jobs=1)}
    assert {key for key, report in reports.items() if report.outcome is not Outcome.SCANNED} == {"dies.csv"}
    assert [p.kind.word for p in reports["dies.csv"].problems] == ["crashed"]
    assert len(reports) == 25
    together = [keys for keys in Counted.sent if len(keys) > 1]
    assert max(len(keys) for keys in together) in {10, 11}
    assert all("zzz-large.csv" not in keys for keys in together)
    # the one that dies: once among others, once alone
    assert sum("dies.csv" in keys for keys in Counted.sent) == 2
    assert list(tmp_path.glob("piiscan-*")) == []


def left_by_a_worker(folder, *numbers):
    with contextlib.closing(worker.Mark(folder)) as mark:
        for number in numbers:
            mark(number)


def test_a_pool_that_breaks_is_blamed_on_what_was_being_read_only(tmp_path, monkeypatch):
    """A worker that is killed while it holds the lock of the pool breaks it for the others too."""
    crew = supervisor.Supervisor(Settings(), FingerprintKey.random(), 1)
    sent = []
    monkeypatch.setattr(crew, "_send", lambda tasks: sent.extend(task.item.key for task in tasks))
    monkeypatch.setattr(crew, "_spool", tmp_path)
    tasks = [supervisor.Task(supervisor.Work.ANALYSE, Item("x", name, ""), Path(name), number=i) for i, name in enumerate("ab", 1)]

    def broken(*lost):
        class Pool:
            stop = join = lambda _: None

        future = Future()
        future.set_exception(BrokenProcessPool())
        crew._pool = Pool()
        bundle = supervisor._Bundle(lost, crew._pool, tmp_path / "bundle", 1.0)
        return [problem.kind.word for _, problem in crew._outcomes(bundle, future)]

    for _ in range(supervisor._FRUITLESS - 1):
        assert broken(tasks[0]) == []
    assert (sent, tasks[0].tries) == (["a"] * 4, 0)
    left_by_a_worker(tmp_path, tasks[1].number)
    assert broken(*tasks) == []
    assert [task.tries for task in tasks] == [0, 1]
    left_by_a_worker(tmp_path, tasks[1].number)
    assert broken(tasks[1]) == ["crashed"]
    assert broken(tasks[0]) == []
    assert broken(tasks[0]) == ["crashed"]  # nothing ever comes of it


def read_one(crew, source, item):
    """The outcome of a file; ``None`` when it does not come in time."""
    crew.submit(crew.task(supervisor.Work.ANALYSE, item, source))
    end = time.monotonic() + 30
    while crew.pending and time.monotonic() < end:
        for _, report in crew.wait(0.1):
            return report.outcome
    return None


def test_what_a_pool_is_given_as_it_breaks_is_not_waited_for_for_ever(tmp_path, monkeypatch):
    """Pebble ends what it knows of when it breaks; a task that its other thread takes up right then is forgotten."""
    for i in range(2):
        write_list(tmp_path / f"list-{i}.csv", people=1)
    arrived, broken = threading.Event(), threading.Event()
    arrived.set()
    broken.set()
    register, update, handle = TaskManager.register, PoolManager.update_status, PoolManager.handle_broken_pool

    def taken_up(manager, task):
        arrived.set()
        broken.wait(20)
        register(manager, task)

    def looked_at(manager):
        if arrived.is_set():
            update(manager)

    def ended(manager, error):
        handle(manager, error)
        broken.set()

    monkeypatch.setattr(TaskManager, "register", taken_up)
    monkeypatch.setattr(PoolManager, "update_status", looked_at)
    monkeypatch.setattr(PoolManager, "handle_broken_pool", ended)
    settings = Settings(ocr=Ocr(mode="off"))
    source = source_for(str(tmp_path), settings)
    first, second = source.walk()
    with supervisor.Supervisor(settings, FingerprintKey.random(), 1) as crew:
        assert read_one(crew, source, first) is Outcome.SCANNED
        pool = crew._pool
        arrived.clear()
        broken.clear()
        for process in list(pool._pool_manager.worker_manager.workers.values()):
            process.kill()
        assert read_one(crew, source, second) is Outcome.SCANNED
        assert broken.is_set()
        assert crew._pool is not pool


def test_a_pool_that_does_nothing_any_more_is_replaced(tmp_path, monkeypatch):
    """As when what it waits for never comes: all of its threads live, and none of them moves."""
    for i in range(2):
        write_list(tmp_path / f"list-{i}.csv", people=1)
    settings = Settings(ocr=Ocr(mode="off"))
    source = source_for(str(tmp_path), settings)
    first, second = source.walk()
    with supervisor.Supervisor(settings, FingerprintKey.random(), 1) as crew:
        assert read_one(crew, source, first) is Outcome.SCANNED
        pool, nursery = crew._pool, crew._nursery
        monkeypatch.setattr(supervisor, "killing_deadline", lambda _: -analyse.LOADING_SECONDS)
        monkeypatch.setattr(supervisor, "_SILENT_SECONDS", 1.0)
        monkeypatch.setattr(pool._pool_manager, "schedule", lambda _: None)
        assert read_one(crew, source, second) is Outcome.SCANNED
        assert crew._pool is not pool
        assert crew._nursery is not nursery


def test_a_mark_names_the_file_that_is_read_and_is_taken_once(tmp_path):
    (tmp_path / "at-1").write_bytes(b"")  # one that died before it could say anything
    assert worker.Mark.take(tmp_path, {0, 1, 12}) == []
    left_by_a_worker(tmp_path, 12, 1)
    assert worker.Mark.take(tmp_path, {12, 2}) == []
    assert worker.Mark.take(tmp_path, {12, 1}) == [1]
    assert worker.Mark.take(tmp_path, {12, 1}) == []


def test_only_kinds_that_are_read_quickly_need_no_digest_first():
    """A digest, its way here and a look-up take longer than reading a small text."""
    usual = supervisor.Usual()
    tasks = [
        supervisor.Task(supervisor.Work.ANALYSE, Item("x", f"{n}.{suffix}", "", 2_000), Path())
        for n in range(20)
        for suffix in ("txt", "pdf")
    ]
    assert not any(usual.is_quick(task.item) for task in tasks)
    for task in tasks:
        usual.learn(task, FileReport(task.item, seconds=0.001 if task.item.key.endswith("txt") else 0.02))
    assert {task.item.key[-3:] for task in tasks if usual.is_quick(task.item)} == {"txt"}
    assert not usual.is_quick(Item("x", "large.txt", "", 900_000))


def test_loading_the_recognizers_is_no_time_of_the_file_that_needs_them_first(monkeypatch):
    analyst = analyse.Analyst(Settings(), FingerprintKey.random())
    analyst.budget = Budget(Limits(), deadline=1000.0)
    moments = iter([500.0, 507.0])
    monkeypatch.setattr(analyse.time, "monotonic", lambda: next(moments, 507.0))
    assert analyst.kit is not None
    assert analyst.budget.deadline == 1007.0


def test_one_process_gives_the_same_as_workers(tmp_path):
    for i in range(4):
        write_list(tmp_path / f"list-{i}.csv", people=3, start=i * 3)
    settings, key = Settings(), FingerprintKey.random()
    alone, crew = (
        {
            r.item.key: (r.groups, r.level, r.persons.estimate)
            for r in reports_of(source_for(str(tmp_path), settings), settings, key, jobs=n)
        }
        for n in (0, 1)
    )
    assert alone == crew
    assert len(alone) == 4


def test_folders_of_runs_that_are_no_more_are_swept(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead = tmp_path / "piiscan-999999999-abc"
    (dead / "t1").mkdir(parents=True)
    (dead / "t1" / "m-member").write_bytes(b"left behind")
    living = private.private_folder()
    stranger = tmp_path / "piiscan-notes"
    stranger.mkdir()
    assert private.sweep() == 1
    assert not dead.exists()
    assert living.exists()
    assert stranger.exists()
