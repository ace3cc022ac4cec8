"""The part of libarchive that is needed here, by ``ctypes``: members of an archive in order, as a stream.

The library comes with the wheel of ``archi`` (Linux, Windows), else from the
system (macOS has one; Linux distributions package it as libarchive13). Names
are taken as bytes where the archive has bytes, because what the current locale
makes of Shift_JIS is no name. libarchive's own messages may quote names and
are never passed on.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import importlib.util
import locale
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from piiscan.extractors.archive._names import member_name
from piiscan.extractors.archive._streams import CHUNK, Salvaged, stops
from piiscan.extractors.base import Piece, Reading, problem
from piiscan.extractors.engines import missing
from piiscan.model import Embedded
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["NAMED", "UNABLE", "ArchiveError", "Member", "members_of", "read_members", "version"]

_EOF, _OK, _RETRY, _WARN, _FAILED, _FATAL = 1, 0, -10, -20, -25, -30
_REGULAR, _KIND = 0o100000, 0o170000
_READ = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
_SKIP = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
_SEEK = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int)

#: function -> result; arguments are pointers and plain numbers, which ctypes passes as they are.
_RESULTS: dict[str, Any] = {
    "archive_version_string": ctypes.c_char_p,
    "archive_read_new": ctypes.c_void_p,
    "archive_error_string": ctypes.c_char_p,
    "archive_entry_pathname": ctypes.c_char_p,
    "archive_entry_pathname_w": ctypes.c_wchar_p,
    "archive_entry_hardlink": ctypes.c_char_p,
    "archive_read_data": ctypes.c_ssize_t,
}


#: encrypted members that are told by name, one problem each; all are counted
NAMED = 100
_EMPTY = 32  # bytes of a 7z archive without members; others cannot be empty
#: reason -> what the problem says
UNABLE = {"solid": "solid compression that libarchive cannot read", "method": "a method that libarchive cannot read"}


class ArchiveError(Exception):
    """The archive cannot be read on.

    :ivar reason: ``encrypted``, ``solid`` or ``method`` (libarchive cannot decompress it), ``damaged``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Member:
    """One entry. ``regular`` when it is a file with content of its own."""

    name: str
    regular: bool
    encrypted: bool
    content: Iterator[bytes]


def _places() -> Iterator[str]:
    spec = importlib.util.find_spec("archi")
    if spec is not None and spec.origin:
        beside = Path(spec.origin).parent
        for pattern in ("archi.libs/libarchive-*.so*", "archive-*.dll", "archi.libs/archive-*.dll"):
            yield from (str(path) for path in sorted(beside.glob(pattern)))
    found = ctypes.util.find_library("archive")
    if found:
        yield found


@cache
def _library() -> Any:
    """The library, or ``None``."""
    for place in _places():
        try:
            library = ctypes.CDLL(place)
            for name, result in _RESULTS.items():
                getattr(library, name).restype = result
        except (OSError, AttributeError):
            continue
        _speak_unicode()
        return library
    return None


def _speak_unicode() -> None:
    """Libarchive turns names into the encoding of the process' locale; under ``LC_ALL=C``, as cron has it, that loses them."""
    for name in ("C.UTF-8", "en_US.UTF-8", ".UTF-8"):
        if "utf" in str(locale.setlocale(locale.LC_CTYPE)).lower():
            return
        with contextlib.suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)


def version() -> str | None:
    """What is installed, such as ``libarchive 3.8.1``; ``None`` when nothing is."""
    library = _library()
    return None if library is None else str(library.archive_version_string().decode("ascii", "replace"))


def read_members(file: BinaryIO, formats: tuple[str, ...], *, unix: bool = False) -> Iterator[Member]:
    """The entries of an archive, in order; the content of one is gone when the next is asked for.

    :param formats: libarchive's names of the formats that it may be.
    :raises ArchiveError: when it cannot be read on; also from a member's ``content``, where a later member may still be read.
    """
    library = _library()
    assert library is not None, "ask version() first"
    archive = ctypes.c_void_p(library.archive_read_new())
    callbacks = _callbacks(file)
    try:
        library.archive_read_support_filter_none(archive)
        for name in formats:
            getattr(library, f"archive_read_support_format_{name}")(archive)
        library.archive_read_set_read_callback(archive, callbacks[0])
        library.archive_read_set_skip_callback(archive, callbacks[1])
        library.archive_read_set_seek_callback(archive, callbacks[2])
        library.archive_read_set_callback_data(archive, None)  # it makes the source that open1 takes for granted
        if library.archive_read_open1(archive) not in {_OK, _WARN}:
            raise ArchiveError("damaged")
        entry = ctypes.c_void_p()
        retries = 0
        while (told := library.archive_read_next_header(archive, ctypes.byref(entry))) != _EOF:
            if told in {_RETRY, _FAILED} and retries < 1000:
                retries += 1
                continue
            if told not in {_OK, _WARN}:
                raise ArchiveError(_reason(library, archive))
            yield Member(
                name=_name(library, entry, unix=unix),
                regular=library.archive_entry_filetype(entry) & _KIND == _REGULAR and not library.archive_entry_hardlink(entry),
                encrypted=bool(library.archive_entry_is_data_encrypted(entry) or library.archive_entry_is_metadata_encrypted(entry)),
                content=_content(library, archive),
            )
    finally:
        library.archive_read_free(archive)


def _callbacks(file: BinaryIO) -> tuple[Any, Any, Any]:
    buffer = ctypes.create_string_buffer(CHUNK)

    def read(_archive: int, _data: int, where: Any) -> int:
        try:
            chunk = file.read(CHUNK)
        except OSError:
            return -1
        ctypes.memmove(buffer, chunk, len(chunk))
        where[0] = ctypes.addressof(buffer)
        return len(chunk)

    def skip(_archive: int, _data: int, count: int) -> int:
        at = file.tell()
        file.seek(at + count)
        return count

    def seek(_archive: int, _data: int, offset: int, whence: int) -> int:
        try:
            return file.seek(offset, whence)
        except (OSError, ValueError):
            return _FATAL

    return _READ(read), _SKIP(skip), _SEEK(seek)


#: words in libarchive's messages -> reason
_REASONS = ((b"ncrypt", "encrypted"), (b"solid", "solid"), (b"nsupported", "method"), (b"not supported", "method"))


def _reason(library: Any, archive: ctypes.c_void_p) -> str:
    message = library.archive_error_string(archive) or b""
    return next((reason for word, reason in _REASONS if word in message), "damaged")


def _name(library: Any, entry: ctypes.c_void_p, *, unix: bool) -> str:
    """As Unicode where the archive has it, else by the bytes."""
    with contextlib.suppress(ValueError):  # code points that are none
        wide = library.archive_entry_pathname_w(entry)
        if wide:
            return str(wide).replace("\\", "/")
    raw = library.archive_entry_pathname(entry)
    return member_name(raw, unix=unix).replace("\\", "/") if raw else ""


def _content(library: Any, archive: ctypes.c_void_p) -> Iterator[bytes]:
    buffer = ctypes.create_string_buffer(CHUNK)
    while True:
        size = library.archive_read_data(archive, buffer, ctypes.c_size_t(CHUNK))
        if size == 0:
            return
        if size == _RETRY:
            continue
        if size == _WARN:  # such as a checksum that does not fit; the data has been given
            raise ArchiveError("damaged")
        if size < 0:
            raise ArchiveError(_reason(library, archive))
        yield buffer.raw[:size]


def members_of(
    reading: Reading, formats: tuple[str, ...], *, cipher: str, unix: bool = False, file: BinaryIO | None = None
) -> Iterator[Piece]:
    """The pieces of an archive that libarchive reads.

    :param cipher: how the format encrypts, for the problem.
    :param file: what to read instead of the file itself.
    """
    if version() is None:
        yield missing("libarchive")
        return
    with contextlib.ExitStack() as stack:
        source = file or stack.enter_context(reading.open())
        yield from _pieces(reading, read_members(source, formats, unix=unix), cipher)


def _pieces(reading: Reading, members: Iterator[Member], cipher: str) -> Iterator[Piece]:
    count = locked = read = 0
    while True:
        try:
            member = next(members, None)
        except ArchiveError as error:
            if error.reason == "encrypted":
                yield problem(ProblemKind.ENCRYPTED_PART if count else ProblemKind.ENCRYPTED, f"{cipher}; also the names of what is in it")
            elif error.reason == "damaged":
                yield problem(ProblemKind.BROKEN_PART if count else ProblemKind.BROKEN, f"after {count} members")
            else:
                yield problem(ProblemKind.PART_NOT_READ, f"{UNABLE[error.reason]}: the members after the first {count}")
            return
        if member is None:
            break
        count += 1
        if not member.regular:
            continue
        if member.encrypted:
            locked += 1
            if locked <= NAMED:
                yield Problem(ProblemKind.ENCRYPTED_PART, Stage.EXTRACT, cipher, member.name)
            continue
        salvaged = Salvaged(member.content, (ArchiveError,))
        piece = reading.spool(member.name, salvaged)
        fault = salvaged.error
        if isinstance(piece, Embedded) and fault is not None and not salvaged.size:
            reading.release(piece)
        else:
            read += 1
            yield piece
        reason = fault.reason if isinstance(fault, ArchiveError) else ""
        if reason == "encrypted":
            locked += 1
            if locked <= NAMED:
                yield Problem(ProblemKind.ENCRYPTED_PART, Stage.EXTRACT, cipher, member.name)
        elif reason in UNABLE:
            yield Problem(ProblemKind.PART_NOT_READ, Stage.EXTRACT, UNABLE[reason], member.name)
        elif reason:
            yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, f"damaged after {salvaged.size} bytes", member.name)
        if stops(piece):
            yield problem(ProblemKind.PART_NOT_READ, "the members after it")
            return
    if not count and reading.size != _EMPTY:
        yield problem(ProblemKind.BROKEN, "no members")
    if locked:
        yield problem(ProblemKind.ENCRYPTED_PART if read else ProblemKind.ENCRYPTED, f"{cipher}; {locked} of {count} members")
