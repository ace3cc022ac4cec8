"""What runs inside a worker process: one :class:`Analyst`, one watchdog.

The watchdog ends the process (never the scan) when it holds more memory than
allowed, or when its parent is gone, so that no orphan lives on after a
``kill -9``. It is a thread, so a parser that never lets go of the interpreter
can outlast it for a while; the parent's deadline ends that one.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from pathlib import Path

import psutil

from piiscan.engine.analyse import Analyst, digest_of
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item
from piiscan.problems import Problem, Stage
from piiscan.settings import Settings
from piiscan.sources.base import problem_of

__all__ = ["EXIT_MEMORY", "analyse", "digest", "start"]

#: Exit code by which the parent knows that the memory cap ended the worker.
EXIT_MEMORY = 77

_WATCH_SECONDS = 0.2
_analyst: Analyst | None = None
_busy = threading.Event()


def start(settings: Settings, key: FingerprintKey, parent: int) -> None:
    """Make this process a worker. ``parent`` is the pid whose end is ours too."""
    global _analyst  # noqa: PLW0603 -- one analyst a process, made by the pool's initializer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        # A core dump would hold document text.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _analyst = Analyst(settings, key)
    threading.Thread(target=_watch, args=(settings.limits.worker_mb * 1024**2, parent), daemon=True, name="watchdog").start()


def _watch(limit: int, parent: int) -> None:
    process = psutil.Process()
    while True:
        time.sleep(_WATCH_SECONDS)
        if not psutil.pid_exists(parent) or (hasattr(os, "getppid") and os.name == "posix" and os.getppid() != parent):
            os._exit(0)
        if _busy.is_set() and process.memory_info().rss > limit:
            os._exit(EXIT_MEMORY)


def analyse(item: Item, path: str, folder: str) -> FileReport:
    """Read one file; see :meth:`Analyst.analyse`."""
    assert _analyst is not None, "start() makes the analyst"
    private = Path(folder)
    private.mkdir(mode=0o700, exist_ok=True)
    _busy.set()
    try:
        return _analyst.analyse(item, Path(path), private)
    finally:
        _busy.clear()
        with contextlib.suppress(OSError):
            private.rmdir()


def digest(path: str) -> str | Problem:
    """SHA-256 of a file, or why it cannot be read."""
    try:
        return digest_of(Path(path))
    except OSError as error:
        return problem_of(error, Stage.OPEN)
