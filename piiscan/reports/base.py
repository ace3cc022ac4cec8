"""What a report is, what it is given, and how a file of it takes its place.

A report is a class with ``NAME`` and ``write(reader, out, options)``; it is
named once in :data:`piiscan.reports.REPORTS`. It reads streams and writes
bytes; it never holds a whole inventory.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol

from piiscan.inventory.reader import Merge, Reader, View
from piiscan.language import shown
from piiscan.reports.ledger import Ledger

__all__ = ["Report", "ReportOptions", "day", "local_time", "opened_atomically", "refuse_place", "shown", "time_of_ns"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: How the name of a file ends that is not complete.
_UNFINISHED = ".tmp"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a report is to show.

    :ivar view: ``findings``, ``files``, ``folders``, ``problems`` or ``new``; ``html`` has all of them.
    :ivar lang: of the sentences for people; column names never change.
    :ivar label: Japanese (or ``lang``) name of an entity: ``label(entity, lang)``.
    :ivar explain: what an entity is and what to do about it: ``explain(entity, lang)``.
    :ivar gravity: how grave an entity is by itself, to put the kinds of a file in order.
    :ivar merge: puts person sketches together.
    :ivar selection: which roots, folder and levels.
    :ivar about_whom: owner or department that a split report is for.
    :ivar public_body: whether the law view is for a public body (行政機関等).
    :ivar ledger: department, purpose and keep-until date of folders.
    :ivar made_at: the moment the report is made; settable for tests, as is the ``version`` of piiscan.
    """

    label: Callable[[str, str], str]
    merge: Merge
    explain: Callable[[str, str], tuple[str, str]] = lambda _entity, _lang: ("", "")
    gravity: Callable[[str], int] = lambda _entity: 0
    view: str = "findings"
    lang: str = "en"
    selection: View = field(default_factory=View)
    about_whom: str = ""
    public_body: bool = False
    ledger: Ledger | None = None
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    version: str = field(default_factory=lambda: version("piiscan"))


class Report(Protocol):
    """One format."""

    NAME: ClassVar[str]

    def write(self, reader: Reader, out: BinaryIO, options: ReportOptions) -> None:
        """Write everything to ``out``; leaves it open."""


def time_of_ns(nanoseconds: int) -> str:
    """Local time with its offset, ISO 8601, seconds; empty for 0 and for times that no calendar holds."""
    if not nanoseconds:
        return ""
    try:
        return (_EPOCH + timedelta(microseconds=nanoseconds // 1000)).astimezone().isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return ""


def local_time(stored: str) -> str:
    """A moment of the inventory (ISO 8601 UTC) in local time with its offset; empty stays empty."""
    return datetime.fromisoformat(stored).astimezone().isoformat(timespec="seconds") if stored else ""


def day(stored: str) -> str:
    """The local day of a moment of :func:`local_time` or :func:`time_of_ns`."""
    return stored[:10]


def refuse_place(path: Path) -> None:
    """Say before a long run, not at its end, that :func:`opened_atomically` could not write there.

    :raises OSError: when it is a folder, or its folder does not exist or may not be written.
    """
    if str(path) == "-":
        return
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path.parent))


@contextlib.contextmanager
def opened_atomically(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file that takes its place whole or not at all; ``-`` is standard output.

    A reader of ``path`` sees the old file until the new one is complete. What is
    no plain file (``/dev/stdout``, a pipe) is written straight.

    :param mode: permissions of a new file, less the umask; ``0o600`` for what is nobody else's business.
    :raises OSError: when the folder does not exist or may not be written.
    """
    if str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with _written(Path(os.path.realpath(path)), mode) as file:
            yield file
    except OSError as error:
        if error.filename and Path(error.filename).suffix != _UNFINISHED:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None  # a full disk names no file, and nobody knows our other name


@contextlib.contextmanager
def _written(target: Path, mode: int) -> Iterator[BinaryIO]:
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        with target.open("wb") as file:
            yield file
        return
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}{_UNFINISHED}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
