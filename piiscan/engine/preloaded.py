"""What a nursery loads before it splits: imported there and nowhere else (:mod:`piiscan.engine.nursery`)."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

signal.signal(signal.SIGINT, signal.SIG_IGN)  # the scan decides what a Ctrl-C ends; whoever started us held it back until here
if sys.platform != "win32":
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
gc.disable()  # nearly all of what loads stays: looking through it again and again takes a tenth of the time

from piiscan.engine import worker  # noqa: E402, F401 -- what the workers run
from piiscan.settings import Settings  # noqa: E402

if TYPE_CHECKING:
    from types import TracebackType

#: Invented; it makes every part of detection load what it needs.
_TEXT = "山田太郎様（〒100-0005 東京都千代田区丸の内1-1-1）の件で、佐藤さんと会議をした。電話 090-1234-5678"


def _load() -> None:
    from piiscan.detect.document import Document
    from piiscan.detect.kit import Kit
    from piiscan.extractors import extractor_for
    from piiscan.model import Part, Segment

    extractor_for("text")
    kit = Kit.of(Settings().detection)
    document = Document(kit)
    for _ in (*document.feed(Segment(Part("text"), _TEXT)), *document.finish()):
        pass
    kit.names.reset()


def _unwanted(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say nothing of a worker that could not read what it is to do: the scan ended, and took its pipes and locks along, as it began.

    It is only of such that the fork server of Python tells in a worker; what happens later is the pool's.
    """
    if not issubclass(kind, OSError | EOFError):
        sys.__excepthook__(kind, error, trace)


def _born() -> None:
    sys.excepthook = _unwanted


os.register_at_fork(after_in_child=_born)
with contextlib.suppress(Exception):  # what fails here fails in a worker, where it becomes a problem of a file
    _load()
gc.freeze()  # the workers' collectors leave these alone, so that the pages stay shared
gc.enable()
