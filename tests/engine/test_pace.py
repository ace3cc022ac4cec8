"""Politeness: limits that all processes keep together, hours, priority."""

import multiprocessing
import time

import pytest
from pydantic import ValidationError

from piiscan.engine.pace import Bucket, Paces
from piiscan.settings import Politeness, parse_window
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
