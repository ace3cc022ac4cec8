r"""What a source is: a root that is walked and opened read-only, and how its trouble is told.

A source yields every entry that its crawl meets exactly once: as an
:class:`~piiscan.model.Item` to be read, or as an :class:`~piiscan.model.Unread`
with the reason why it will not be. Folders that could be entered are no
entries; folders that were not entered are one ``Unread`` each.

**Keys.** ``Item.key`` is the path below the root with ``/`` between names. It is
always valid Unicode, and two different names never share a key: a literal
backslash is written ``\\`` (doubled), a byte that is not UTF-8 ``\xNN``, a lone
UTF-16 surrogate (Windows) ``\uNNNN``, NUL ``\x00``. Line breaks and
right-to-left marks stay as they are; whoever shows a key makes it harmless.

**Order.** Files of a folder come before its subfolders; files are sorted by
key, folders by key with ``/`` appended. So the crawl meets folders in the
order of the strings ``folder/``, which lets the inventory be read alongside.
"""

from __future__ import annotations

import errno
import hashlib
import marshal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Protocol, Self

from piiscan.model import Item, Unread
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Settings

__all__ = [
    "Carried",
    "Carrier",
    "Glance",
    "Pace",
    "RootError",
    "Source",
    "key_of_name",
    "no_glance",
    "no_pace",
    "problem_of",
    "source_id_of",
    "stamp_of",
    "unlimited",
]

#: Called before each use of a server with its operations and bytes; returns when they may be made (politeness).
Pace = Callable[[int, int], None]


#: Asked by a crawl before it gives the entries of a folder: its key (``a/b/``; empty for the root) and a stamp of everything
#: that the listing tells of its files. When true, the files are as they were, and the crawl goes on with the subfolders.
#: An empty stamp only says that the folder begins.
Glance = Callable[[str, str], bool]


def no_glance(folder: str, stamp: str) -> bool:  # noqa: ARG001
    """Every entry is wanted."""
    return False


def stamp_of(rows: list[tuple[Any, ...]], circumstances: str) -> str:
    """Stamp of a listing: equal stamps mean equal rows under equal circumstances.

    :param rows: a tuple for each entry, its name first; sorted here. Strings and integers only.
    :param circumstances: what else decides what becomes of the entries.
    """
    rows.sort()
    # version 2 of marshal writes equal values alike; another Python may write them otherwise, which costs one comparison by file
    return hashlib.blake2b(marshal.dumps((circumstances, rows), 2), digest_size=16).hexdigest()


def no_pace(operations: int, size: int) -> None:
    """As fast as it goes."""


class RootError(ValueError):
    """A root that cannot be scanned; the message says which, why, and what to do."""


def unlimited(server: str) -> Pace:  # noqa: ARG001
    """No limit for any server."""
    return no_pace


@dataclass(frozen=True, slots=True)
class Carried:
    """A file that was brought here: its item, with what only opening it tells (owner, readers), and what went wrong."""

    item: Item
    problems: tuple[Problem, ...] = ()


class Carrier(Protocol):
    """Brings a file that has no path here to the process that reads it; sent to workers, so it holds no secret.

    :ivar server: whom its traffic burdens.
    """

    @property
    def server(self) -> str: ...

    def carry(self, item: Item, path: Path, pace: Pace = no_pace) -> Carried:
        """Copy the content to ``path``.

        :raises OSError: as :func:`problem_of` understands it.
        """


class Source(Protocol):
    """A root and everything below it.

    :cvar scheme: how its roots begin (``file``, ``smb``).
    :ivar server: whom the crawl burdens; empty for this machine.
    :ivar source_id: 16 hex digits, from scheme and normalised root.
    :ivar root: the root as people read it; ``root + "/" + key`` is the path of an item.
    """

    scheme: ClassVar[str]
    source_id: str
    root: str

    @property
    def server(self) -> str: ...

    @classmethod
    def at(cls, root: str, settings: Settings, *, own_files: Iterable[Path] = (), paces: Callable[[str], Pace] = unlimited) -> Self:
        """The source of ``root``.

        :raises RootError: when the root does not exist or cannot be reached.
        """

    @staticmethod
    def place(root: str) -> tuple[str, ...]:
        """Where a root lies, name by name: a root whose place begins with another's lies inside that one."""

    def walk(self, glance: Glance = no_glance) -> Iterator[Item | Unread]:
        """Every entry once; never raises for what an entry does.

        :param glance: asked once for each folder that could be listed and has entries, before any of them.
        :raises RootError: when the root itself cannot be read.
        """

    def open(self, item: Item) -> BinaryIO:
        """Open read-only, leaving times alone where the system allows; never follows a link, never blocks on a pipe.

        :raises OSError: as the system says; :func:`problem_of` tells what it means.
        """

    def local_path(self, item: Item) -> Path | None:
        """Path that other code may open; ``None`` when only :meth:`open` or a carrier can reach it."""

    def carrier(self, item: Item) -> Carrier | None:
        """What brings the file to a worker when it has no local path; ``None`` when only :meth:`open` does."""

    def close(self) -> None:
        """Let go of connections."""


def source_id_of(scheme: str, normalised_root: bytes) -> str:
    """Stable id of a root: 16 hex digits of a SHA-256."""
    return hashlib.sha256(scheme.encode() + b"\0" + normalised_root).hexdigest()[:16]


def key_of_name(name: str) -> str:
    r"""One name as it stands in a key.

    >>> print(key_of_name("名簿.csv"), key_of_name("a\\b"), key_of_name("\udcff"))
    名簿.csv a\\b \xff
    """
    if name.isascii() and "\\" not in name and "\0" not in name:
        return name
    name = name.replace("\\", "\\\\").replace("\0", "\\x00")
    try:
        name.encode()
    except UnicodeEncodeError:
        return "".join(_escape(ch) if "\ud800" <= ch <= "\udfff" else ch for ch in name)
    return name


def _escape(surrogate: str) -> str:
    code = ord(surrogate)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


_KINDS = {
    errno.EACCES: ProblemKind.NO_PERMISSION,
    errno.EPERM: ProblemKind.NO_PERMISSION,
    errno.ENOENT: ProblemKind.VANISHED,
    errno.ENOTDIR: ProblemKind.VANISHED,
    errno.ESTALE: ProblemKind.VANISHED,
    errno.EBUSY: ProblemKind.LOCKED,
    errno.ETXTBSY: ProblemKind.LOCKED,
    errno.ELOOP: ProblemKind.SYMLINK,
    errno.ENXIO: ProblemKind.SPECIAL_FILE,
}
_WINDOWS_SHARING_VIOLATIONS = frozenset({32, 33})


def problem_of(error: OSError, stage: Stage) -> Problem:
    """What an ``OSError`` of the file system means. The detail is the errno's name, never the path."""
    detail = errno.errorcode.get(error.errno or 0, type(error).__name__)
    if getattr(error, "winerror", None) in _WINDOWS_SHARING_VIOLATIONS:
        return Problem(ProblemKind.LOCKED, stage, detail)
    if error.errno == errno.ENAMETOOLONG:
        return Problem(ProblemKind.IO_ERROR, stage, "path too long")
    return Problem(_KINDS.get(error.errno or 0, ProblemKind.IO_ERROR), stage, detail)
