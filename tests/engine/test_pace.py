"""Politeness: limits that all processes keep together, hours, priority."""

import multiprocessing
import subprocess
import sys
import threading
import time
from datetime import datetime, tzinfo

import pytest
from pydantic import ValidationError

from piiscan.engine.pace import Bucket, Hours, Paces
from piiscan.engine.scan import scan_into
from piiscan.inventory import Inventory
from piiscan.masking import FingerprintKey
from piiscan.settings import Politeness, Settings, parse_window
from piiscan.sources.base import no_pace


def test_nothing_is_limited_unless_asked():
    assert Paces(Politeness()).of("server") is no_pace


def test_each_server_has_one_bucket():
    paces = Paces(Politeness(operations_per_second=5))
    assert paces.of("a") is paces.of("a")
    assert paces.of("a") is not paces.of("b")


@pytest.mark.parametrize(("operations", "size"), [(1, 0), (0, 100_000)], ids=["operations", "bytes"])
def test_a_limit_is_kept(operations, size):
    bucket = Bucket(50, 5_000_000)
    began = time.monotonic()
    for _ in range(40):
        bucket(operations, size)
    assert time.monotonic() - began >= 40 / 50 - 0.3  # a quarter of a second may be spent at once


def test_time_that_was_not_used_is_not_saved_up():
    bucket = Bucket(100, 0)
    time.sleep(0.5)
    began = time.monotonic()
    for _ in range(60):
        bucket(1, 0)
    assert time.monotonic() - began >= 0.25


def _use(bucket: Bucket) -> None:
    for _ in range(30):
        bucket(1, 0)


def test_processes_share_a_limit():
    bucket = Bucket(40, 0)
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_use, args=(bucket,)) for _ in range(2)]
    for process in processes:
        process.start()
    bucket(1, 0)
    began = time.monotonic()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert time.monotonic() - began >= 60 / 40 - 0.8


@pytest.mark.parametrize(
    ("text", "days", "begin", "end"),
    [
        ("20:00-06:00", range(7), 1200, 360),
        ("mon-fri 20:00-6:30", range(5), 1200, 390),
        ("SAT,sun 00:00-24:00", [5, 6], 0, 1440),
        ("fri-mon 8:00-9:00", [4, 5, 6, 0], 480, 540),
    ],
)
def test_windows(text, days, begin, end):
    assert parse_window(text) == (frozenset(days), begin, end)


@pytest.mark.parametrize("text", ["", "20-6", "25:00-06:00", "20:60-06:00", "20:00-25:00", "xyz 20:00-06:00", "mon- 1:00-2:00"])
def test_what_is_no_window_is_told(text):
    with pytest.raises(ValidationError, match="time window"):
        Politeness(hours=(text,))


@pytest.mark.parametrize(
    ("windows", "moment", "opens"),
    [
        ((), "2026-11-25 12:00", None),
        (("20:00-06:00",), "2026-11-25 12:00", "2026-11-25 20:00"),
        (("20:00-06:00",), "2026-11-25 20:00", None),
        (("20:00-06:00",), "2026-11-26 05:59", None),
        (("20:00-06:00",), "2026-11-26 06:00", "2026-11-26 20:00"),
        (("mon-fri 20:00-06:00",), "2026-11-28 05:00", None),  # the night that began on Friday
        (("mon-fri 20:00-06:00",), "2026-11-28 06:00", "2026-11-30 20:00"),
        (("mon-fri 20:00-06:00", "sat,sun 00:00-24:00"), "2026-11-29 13:00", None),
        (("wed 01:00-02:00",), "2026-11-25 02:00", "2026-12-02 01:00"),
        (("00:00-24:00",), "2026-11-25 23:59", None),
    ],
)
def test_hours(windows, moment, opens):
    found = Hours(windows).opens(datetime.fromisoformat(moment))
    assert found == (datetime.fromisoformat(opens) if opens else None)


class Clock:
    """``datetime`` whose now is ours: closed when first looked at, open a little later."""

    def __init__(self, *moments: str) -> None:
        self._moments = [datetime.fromisoformat(moment) for moment in moments]

    def now(self, zone: tzinfo | None = None) -> datetime:
        if zone is not None:  # of what is noted for those who look on, not of the hours
            return datetime.now(zone)
        return self._moments.pop(0) if len(self._moments) > 1 else self._moments[0]


def one_scan(folder, settings, **options):
    (folder / "share").mkdir(exist_ok=True)
    for i in range(3):
        (folder / "share" / f"{i}.txt").write_text(f"議事録 {i}", encoding="utf-8")
    with Inventory.open(folder / "i.db") as inventory:
        return scan_into(inventory, settings, [str(folder / "share")], FingerprintKey.random(), **options)


def test_outside_its_hours_a_scan_waits_and_then_goes_on(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr("piiscan.engine.scan.datetime", Clock("2026-11-25 19:59:59.9", "2026-11-25 19:59:59.9", "2026-11-25 20:00:00"))
    settings = Settings(jobs=0, politeness=Politeness(hours=("20:00-06:00",)))
    result = one_scan(tmp_path, settings, on_progress=lambda progress: told.append(progress.paused_until))
    assert told[0] == datetime.fromisoformat("2026-11-25 20:00")
    assert told[-1] is None
    assert result.complete
    assert result.progress.done == 3


def test_a_scan_that_waits_can_be_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("piiscan.engine.scan.datetime", Clock("2026-11-25 12:00"))
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    settings = Settings(jobs=0, politeness=Politeness(hours=("20:00-06:00",)))
    result = one_scan(tmp_path, settings, stop=stop)
    assert not result.complete
    assert result.progress.met == 0
    assert one_scan(tmp_path, Settings(jobs=0)).progress.done == 3


def test_a_scan_keeps_the_limits(tmp_path):
    began = time.monotonic()
    one_scan(tmp_path, Settings(jobs=0, politeness=Politeness(operations_per_second=10)))
    # a folder, and an open and a read a file: seven operations, of which a quarter of a second's may come at once
    assert time.monotonic() - began >= 7 / 10 - 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="priorities as Linux has them")
def test_low_priority_is_for_workers_and_for_the_crawl_while_it_lasts():
    code = (
        "import psutil\nfrom piiscan.engine.pace import gentle_crawl, lower_priority\nfrom piiscan.settings import Politeness\n"
        "p = psutil.Process()\nbefore = p.ionice()\n"
        "with gentle_crawl(Politeness(low_priority=True)):\n    assert p.ionice().ioclass == psutil.IOPRIO_CLASS_IDLE\n"
        "assert p.ionice() == before\n"
        "with gentle_crawl(Politeness()):\n    assert p.ionice() == before\n"
        "lower_priority()\nassert p.nice() >= 10\nassert p.ionice().ioclass == psutil.IOPRIO_CLASS_IDLE\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
