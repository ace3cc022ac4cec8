"""What every extractor is and gets: the module protocol, its documentation, and the :class:`Reading` it works on.

One format is one module with ``NAME``, ``MEDIA_TYPES``, ``SUFFIXES``, ``DOC``
and ``extract(reading)``; it is named once in ``piiscan.extractors.EXTRACTORS``.

``extract`` is a generator of :class:`~piiscan.model.Segment`,
:class:`~piiscan.model.Table`, :class:`~piiscan.model.Embedded` and
:class:`~piiscan.model.Problem` in document order. It streams: no list of a
whole document. It never recurses into embedded files: it spools them with
:meth:`Reading.spool` and yields what that returns. What the file does to it is
a yielded ``Problem``; an exception that escapes is caught once, in the worker,
and becomes ``broken`` (or ``broken-part`` when something was yielded before).
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from piiscan.model import Embedded, Segment, Table
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Limits, Ocr

__all__ = ["HEAD", "Budget", "Extractor", "FormatDoc", "Piece", "Reading", "Spooler", "open_quietly", "problem"]

Piece = Segment | Table | Embedded | Problem

HEAD = 1 << 16  # bytes that a file is identified by
_CHUNK = 1 << 20
_HELD = 1 << 20  # bytes up to which an inner file stays in memory
_HELD_AT_ONCE = 16 << 20


@dataclass(frozen=True, slots=True)
class FormatDoc:
    """What ``docs/formats.md`` and ``piiscan formats`` say of a format; every text in both languages, line by line."""

    description: str
    sees: tuple[str, ...]
    limitations: tuple[str, ...]
    references: tuple[str, ...]
    engine: str
    description_ja: str
    sees_ja: tuple[str, ...]
    limitations_ja: tuple[str, ...]
    engine_ja: str = ""  # when it is more than names
    needs: tuple[str, ...] = ()  # names of piiscan.extractors.engines without which some or all of it is not read

    def of(self, lang: str) -> FormatDoc:
        """The same with its texts in ``lang``."""
        if lang != "ja":
            return self
        return replace(
            self,
            description=self.description_ja,
            sees=self.sees_ja,
            limitations=self.limitations_ja,
            engine=self.engine_ja or self.engine,
        )


class Extractor(Protocol):
    """A module that reads one format."""

    NAME: str
    MEDIA_TYPES: tuple[str, ...]
    SUFFIXES: tuple[str, ...]
    DOC: FormatDoc

    @staticmethod
    def extract(reading: Reading) -> Iterator[Piece]:
        """Yield the pieces of ``reading`` in document order."""


def problem(kind: ProblemKind, detail: str = "") -> Problem:
    """A problem of the extract stage. ``detail`` holds facts, never text of the document."""
    return Problem(kind, Stage.EXTRACT, detail)


def open_quietly(path: Path) -> BinaryIO:
    """Open read-only, leaving the access time alone where the system allows it (``O_NOATIME``).

    :raises OSError: when it cannot be opened.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_NOATIME", 0))
    except PermissionError:
        # O_NOATIME is the owner's privilege; anyone may read without it.
        descriptor = os.open(path, flags)
    return os.fdopen(descriptor, "rb")


def _new(path: Path) -> BinaryIO:
    """A file of our own in the private folder, to be written."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


@dataclass(slots=True)
class Budget:
    """What one *top* file may use, over all its members and depths together.

    :ivar spooled: inner files so far, for their names in the private folder.
    :ivar held: bytes of inner files that are in memory.
    """

    limits: Limits
    deadline: float = field(default=float("inf"))
    unpacked: int = 0
    members: int = 0
    ocr_pages: int = 0
    ocr_seconds: float = 0.0
    spooled: int = 0
    held: int = 0

    def expired(self) -> bool:
        """Whether the file's time is up; extractors of long documents look now and then."""
        return time.monotonic() > self.deadline


@dataclass(slots=True)
class Reading:
    """One file to read, and the means to do it.

    :ivar path: a local file that may be opened read-only (the original or a spooled copy). While ``held`` is set there is no
        file yet; the engine writes it down before it calls an extractor that is not known to ask for :meth:`open` only.
    :ivar name: its name for people and for its suffix; hostile input, never a path.
    :ivar folder: private spool folder; removed by the engine.
    :ivar head: its first ``HEAD`` bytes, where they are at hand already.
    :ivar held: all of it, while it is in memory only.
    :ivar strings: whether text runs are searched in what nothing reads.
    """

    path: Path
    name: str
    size: int
    limits: Limits
    folder: Path
    budget: Budget
    passwords: tuple[str, ...] = ()
    depth: int = 0
    strings: bool = False
    ocr: Ocr = field(default_factory=Ocr)
    head: bytes = field(default=b"", repr=False)
    held: bytes | None = field(default=None, repr=False)

    def open(self) -> BinaryIO:
        """Open read-only, leaving the access time alone where the system allows it (``O_NOATIME``)."""
        return open_quietly(self.path) if self.held is None else io.BytesIO(self.held)

    def settle(self) -> None:
        """Have a file at ``path`` from here on."""
        if self.held is not None:
            with _new(self.path) as file:
                file.write(self.held)
            self.budget.held -= len(self.held)
            self.held = None

    def inner(self, piece: Embedded) -> Reading:
        """The same for a file inside it, one level deeper.

        :raises OSError: when it is gone.
        """
        return Reading(
            piece.path,
            piece.name,
            piece.size,
            self.limits,
            self.folder,
            self.budget,
            self.passwords,
            self.depth + 1,
            self.strings,
            self.ocr,
            piece.head,
            piece.held,
        )

    def remove(self) -> None:
        """Remove it, a file inside another, when it has been read."""
        if self.held is None:
            self.path.unlink(missing_ok=True)
        else:
            self.budget.held -= len(self.held)
            self.held = None

    def release(self, piece: Embedded) -> None:
        """Remove a file inside it that nobody will read."""
        if piece.held is None:
            piece.path.unlink(missing_ok=True)
        else:
            self.budget.held -= len(piece.held)

    @contextlib.contextmanager
    def private_path(self) -> Iterator[Path]:
        """A path for libraries that open by themselves: a copy in the private folder, so that the original's access time stays."""
        if self.depth:
            self.settle()
            yield self.path  # spooled already
            return
        descriptor, copied = tempfile.mkstemp(prefix="p-", suffix=self.path.suffix if self.path.suffix.isascii() else "", dir=self.folder)
        copy = Path(copied)
        try:
            with self.open() as original, os.fdopen(descriptor, "wb") as file:
                shutil.copyfileobj(original, file, _CHUNK)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def spool(self, name: str, content: BinaryIO | Iterable[bytes] | bytes, *, packed: int = 0, media_type: str = "") -> Embedded | Problem:
        """Write an inner file to the private folder under a name of our own, within the limits.

        :param name: its name inside, for people.
        :param content: its bytes, a stream of them, or chunks.
        :param packed: its packed size in bytes where known, for the bomb check.
        :return: the ``Embedded``, or the ``Problem`` (``limit`` or ``bomb``) that kept it out.
        :raises Exception: whatever ``content`` raises; the caller knows what that means.
        """
        spooler = self.spooler(name, packed=packed, media_type=media_type)
        if isinstance(spooler, Problem):
            return spooler
        if isinstance(content, bytes):
            chunks: Iterable[bytes] = (content,)
        elif hasattr(content, "read"):
            chunks = iter(lambda: content.read(_CHUNK), b"")
        else:
            chunks = content
        try:
            for chunk in chunks:
                if not spooler.write(chunk):
                    break
        except BaseException:
            spooler.discard()
            raise
        return spooler.finish()

    def spooler(self, name: str, *, packed: int = 0, media_type: str = "") -> Spooler | Problem:
        """The same for content that is pushed: a file to write to, or the ``limit`` that keeps it out."""
        limits, budget = self.limits, self.budget
        if self.depth >= limits.archive_depth:
            return Problem(ProblemKind.LIMIT, Stage.EXTRACT, f"limits.archive_depth = {limits.archive_depth}", name)
        if budget.members >= limits.archive_members:
            return Problem(ProblemKind.LIMIT, Stage.EXTRACT, f"limits.archive_members = {limits.archive_members}", name)
        budget.members += 1
        return Spooler(self, name, packed, media_type)


class Spooler:
    """An inner file while it is written, within the limits; see :meth:`Reading.spool`."""

    def __init__(self, reading: Reading, name: str, packed: int, media_type: str) -> None:
        self._reading, self._name, self._packed, self._media_type = reading, name, packed, media_type
        reading.budget.spooled += 1
        self._path = reading.folder / f"m-{reading.budget.spooled}"
        self._file: BinaryIO | None = None
        self._kept: list[bytes] = []  # while it is short
        self._fault: Problem | None = None
        self._head = b""
        self.written = 0

    def write(self, chunk: bytes) -> bool:
        """Whether more is wanted; ``False`` when a limit was met."""
        if self._fault:
            return False
        limits, budget = self._reading.limits, self._reading.budget
        self.written += len(chunk)
        budget.unpacked += len(chunk)
        if budget.unpacked > limits.archive_bytes:
            self._fault = Problem(ProblemKind.BOMB, Stage.EXTRACT, f"limits.archive_bytes = {limits.archive_bytes}", self._name)
        elif self._packed and self.written > 10 * 1024**2 and self.written > self._packed * limits.archive_ratio:
            self._fault = Problem(ProblemKind.BOMB, Stage.EXTRACT, f"limits.archive_ratio = {limits.archive_ratio:g}", self._name)
        elif budget.expired():
            self._fault = Problem(ProblemKind.LIMIT, Stage.EXTRACT, "limits.seconds", self._name)
        elif self._file is not None:
            self._file.write(chunk)
        else:
            self._kept.append(chunk)
            if self.written > _HELD:
                self._write_down()
        return self._fault is None

    def _write_down(self) -> BinaryIO:
        """From here on it is a file."""
        content = b"".join(self._kept)
        self._kept.clear()
        self._head = content[:HEAD]
        self._file = _new(self._path)
        self._file.write(content)
        return self._file

    def discard(self) -> None:
        """Forget it."""
        self._kept.clear()
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def finish(self) -> Embedded | Problem:
        """The ``Embedded``, or the limit that was met."""
        if self._fault:
            self.discard()
            return self._fault
        budget = self._reading.budget
        if self._file is None and self.written and budget.held + self.written <= _HELD_AT_ONCE:
            budget.held += self.written
            content = bytes(self._kept[0]) if len(self._kept) == 1 else b"".join(self._kept)
            return Embedded(self._name, self._path, self._media_type, content[:HEAD], content)
        (self._file or self._write_down()).close()
        return Embedded(self._name, self._path, self._media_type, self._head)
