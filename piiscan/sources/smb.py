"""``smb://server[:port]/share/path``: a share without a mount.

The crawl lists folders as :mod:`piiscan.sources.local` does, in the same order
and with the same keys, so that a share gives the same inventory on either way.
Content is not read through here but by the worker that analyses it, over a
connection of its own (:class:`SmbCarrier`); with the content come owner and
access list, which the listing does not tell.

Reparse points are not followed: symbolic links and junctions are met as links,
DFS links are named as such. A Samba server that follows symbolic links itself
shows them as plain folders; a loop of them is noticed by the folders' numbers.
"""

from __future__ import annotations

import atexit
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from piiscan.model import Exposure, Item, ItemType, Unread
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Exposing, Settings, Smb
from piiscan.sources.base import (
    Carried,
    Glance,
    Pace,
    RootError,
    key_of_name,
    no_glance,
    no_pace,
    problem_of,
    source_id_of,
    stamp_of,
    unlimited,
)
from piiscan.sources.filters import Filters
from piiscan.sources.local import windows_kind
from piiscan.sources.rights import descriptor_rights
from piiscan.sources.smb_link import Address, Entry, LoginRefusedError, Opened, Share, join, name_of, parse_root

__all__ = ["SmbCarrier", "SmbSource"]

_FOLDER_TAG_DFS = frozenset({0x8000000A, 0x80000012})
_Ancestors = tuple[int, "_Ancestors"] | None
_Folder = tuple[str, str, str, _Ancestors, Exposure | None]  # path in the share, names below the root, key prefix, numbers above, visitors

#: The connection of this process to each share, for carriers.
_shares: dict[tuple[Address, Smb], Share] = {}


def _share_for(address: Address, smb: Smb, pace: Pace) -> Share:
    at = (replace(address, path=""), smb)
    share = _shares.get(at)
    if share is None:
        share = _shares[at] = Share(at[0], smb, pace=pace)
    return share


@atexit.register
def _goodbye() -> None:
    while _shares:
        _shares.popitem()[1].close()


@dataclass(frozen=True, slots=True)
class SmbCarrier:
    """Brings one file to a worker; see :class:`piiscan.sources.base.Carrier`."""

    address: Address
    smb: Smb
    exposing: Exposing
    visitors: Exposure | None

    @property
    def server(self) -> str:
        """Whom its traffic burdens."""
        return self.address.host

    def carry(self, item: Item, path: Path, pace: Pace = no_pace) -> Carried:
        """Copy the file to ``path``."""
        share = _share_for(self.address, self.smb, pace)

        def copy() -> Carried:
            with path.open("wb") as file:
                parts = share.read(item.native, item.size)
                opened = next(parts)
                assert isinstance(opened, Opened)
                for part in parts:
                    assert isinstance(part, bytes)
                    file.write(part)
                written = file.tell()
            changed = (opened.size, opened.mtime_ns) != (item.size, item.mtime_ns) or written != opened.size
            problems = (Problem(ProblemKind.CHANGED, Stage.OPEN),) if changed else ()
            rights = descriptor_rights(opened.descriptor, self.exposing) if opened.descriptor else None
            if rights is None:
                return Carried(item, problems)
            return Carried(replace(item, owner=rights.owner, readable_by=str(rights.exposure.within(self.visitors))), problems)

        return share.again(copy)


class SmbSource:
    """A folder or a file of a share, and all below it.

    :raises RootError: when it cannot be reached; a password is never quoted.
    :raises SettingsError: when the login or a pattern cannot be used.
    """

    scheme: ClassVar[str] = "smb"

    @classmethod
    def at(cls, root: str, settings: Settings, *, own_files: Iterable[Path] = (), paces: Callable[[str], Pace] = unlimited) -> SmbSource:
        """See :meth:`piiscan.sources.base.Source.at`."""
        return cls(root, settings, own_files=own_files, paces=paces)

    @staticmethod
    def place(root: str) -> tuple[str, ...]:
        """See :meth:`piiscan.sources.base.Source.place`."""
        address = parse_root(root)
        return ("smb", f"{address.server}:{address.port}", address.share.casefold(), *address.path.casefold().split("\\"))

    def __init__(self, root: str, settings: Settings, *, own_files: Iterable[Path] = (), paces: Callable[[str], Pace] = unlimited) -> None:
        address = parse_root(root)
        self.address = address
        self._settings = settings
        own_files = tuple(own_files)
        self._filters = Filters(settings.exclude, settings.include, own_files)
        self._circumstances = repr((settings.exclude, settings.include, sorted(map(str, own_files)), settings.exposure))
        try:
            import smbprotocol  # noqa: F401 -- an extra
        except ImportError:
            raise RootError(f"{address}: reading a share without a mount needs an extra; run: pip install 'piiscan[smb]'") from None
        self._share = Share(replace(address, path=""), settings.smb, pace=paces(address.host))
        try:
            opened = self._share.open(address.path, folder=None, patient=False)
        except LoginRefusedError as error:
            raise RootError(f"{address}: {error.strerror}; check user, password and domain (docs/network.md)") from None
        except OSError as error:
            found = problem_of(error, Stage.WALK)
            raise RootError(
                f"{address} cannot be reached: {found.kind.en} ({found.detail}); check server, share, path and rights"
            ) from None
        self._single = not opened.attributes & 0x10
        folder = address.path.rpartition("\\")[0] if self._single else address.path
        self._folder = folder
        self.root = str(replace(address, path=folder))
        normal = f"{address.server}:{address.port}\\{address.share}\\{address.path}".casefold()
        self.source_id = source_id_of(self.scheme, normal.encode("utf-8", "surrogatepass"))
        self._visitors: dict[str, Exposure | None] = {}

    @property
    def server(self) -> str:
        """Whom the crawl burdens."""
        return self.address.host

    def walk(self, glance: Glance = no_glance) -> Iterator[Item | Unread]:
        """See :meth:`piiscan.sources.base.Source.walk`."""
        if self._single:
            yield from self._walk_single()
            return
        stack: list[_Folder] = [(self._folder, "", "", None, None)]
        while stack:
            yield from self._walk_folder(stack.pop(), stack, glance)

    def open(self, item: Item) -> BinaryIO:
        """See :meth:`piiscan.sources.base.Source.open`; the whole content is held in memory."""
        parts = self._share.again(lambda: b"".join(part for part in self._share.read(item.native, item.size) if isinstance(part, bytes)))
        return io.BytesIO(parts)

    def local_path(self, item: Item) -> Path | None:  # noqa: ARG002
        """See :meth:`piiscan.sources.base.Source.local_path`."""
        return None

    def carrier(self, item: Item) -> SmbCarrier | None:
        """See :meth:`piiscan.sources.base.Source.carrier`."""
        return SmbCarrier(self.address, self._settings.smb, self._settings.exposure, self._visitors.get(item.native.rpartition("\\")[0]))

    def close(self) -> None:
        """See :meth:`piiscan.sources.base.Source.close`."""
        self._share.close()

    # ------------------------------------------------------------------ the crawl

    def _walk_single(self) -> Iterator[Item | Unread]:
        path = self.address.path
        key = key_of_name(name_of(path))
        try:
            opened = self._share.open(path, folder=False)
        except OSError as error:
            yield Unread(Item(self.source_id, key, path), _problem(error))
            return
        entry = Entry(name_of(path), opened.size, opened.mtime_ns, opened.change, opened.attributes, 0, 0)
        yield self._file(name_of(path), path, key, entry)

    def _walk_folder(self, folder: _Folder, stack: list[_Folder], glance: Glance) -> Iterator[Item | Unread]:
        path, prefix, key_prefix, above, visitors = folder
        try:
            opened, entries = self._share.listing(path)
        except OSError as error:
            if not prefix:
                found = _problem(error)
                raise RootError(f"{self.root!r} cannot be read: {found.kind.en} ({found.detail}); {found.kind.todo_en}") from None
            yield self._unread_folder(key_prefix, _problem(error))
            return
        number = next((entry.file_id for entry in entries if entry.name == "."), 0)
        if number and _among(number, above):
            yield self._unread_folder(key_prefix, Problem(ProblemKind.LOOP, Stage.WALK))
            return
        rights = descriptor_rights(opened.descriptor, self._settings.exposure) if opened.descriptor else None
        visitors = rights.exposure.within(visitors) if rights is not None else visitors
        self._visitors = {path: visitors}  # files are read in the order of the crawl: only this folder's is asked for
        here = (number, above)
        below: list[tuple[str, _Folder]] = []
        entries = [entry for entry in entries if entry.name not in {".", ".."}]
        as_it_was = bool(entries) and glance(key_prefix, self._stamp(path, prefix, entries, visitors))
        for key_name, entry in sorted(((key_of_name(entry.name), entry) for entry in entries), key=lambda pair: pair[0]):
            native, key = join(path, entry.name), key_prefix + key_name
            if not self._is_folder(entry):
                met: Item | Unread = self._file(prefix + entry.name, native, key, entry)
            elif (problem := self._closed(path, prefix, entry)) is not None:
                met = self._unread_folder(key + "/", problem)
            else:
                below.append((key_name + "/", (native, prefix + entry.name + "/", key + "/", here, visitors)))
                continue
            if not as_it_was:
                yield met
        below.sort(key=lambda pair: pair[0], reverse=True)
        stack.extend(pair[1] for pair in below)

    @staticmethod
    def _is_folder(entry: Entry) -> bool:
        return entry.is_folder and windows_kind(entry.attributes, entry.tag) is not ProblemKind.SYMLINK

    def _closed(self, path: str, prefix: str, entry: Entry) -> Problem | None:
        """Why a folder is not entered."""
        if entry.tag in _FOLDER_TAG_DFS:
            return Problem(ProblemKind.SYMLINK, Stage.WALK, _DFS)
        rule = self._filters.folder(prefix + entry.name, join(path, entry.name))
        return Problem(ProblemKind.EXCLUDED, Stage.WALK, rule) if rule is not None else None

    def _stamp(self, path: str, prefix: str, entries: list[Entry], visitors: Exposure | None) -> str:
        """A stamp of what the folder's listing tells. A change of a file's own access list shows in its change time."""
        rows: list[tuple[Any, ...]] = []
        for entry in entries:
            if not self._is_folder(entry):
                rows.append((entry.name, entry.size, entry.mtime_ns, entry.change, entry.attributes, entry.tag))
            elif (problem := self._closed(path, prefix, entry)) is not None:
                rows.append((entry.name, problem.detail))
        return stamp_of(rows, self._circumstances + str(visitors)) if rows else ""

    def _file(self, relative: str, native: str, key: str, entry: Entry) -> Item | Unread:
        kind = windows_kind(entry.attributes, entry.tag)
        detail = ""
        item_type = ItemType.SYMLINK if kind is ProblemKind.SYMLINK else ItemType.FILE
        if kind is None and (rule := self._filters.file(relative, native)) is not None:
            kind, detail = ProblemKind.EXCLUDED, rule
        item = Item(self.source_id, key, native, entry.size, entry.mtime_ns, entry.change, item_type)
        return item if kind is None else Unread(item, Problem(kind, Stage.WALK, detail))

    def _unread_folder(self, key_prefix: str, problem: Problem) -> Unread:
        key = key_prefix.removesuffix("/") or "."
        return Unread(Item(self.source_id, key, "", type=ItemType.FOLDER), problem)


_DFS = "a DFS link to another share; add its target as a root"


def _problem(error: OSError) -> Problem:
    """As :func:`problem_of`; a DFS link is named."""
    import errno

    if error.errno == getattr(errno, "EREMOTE", -1):
        return Problem(ProblemKind.SYMLINK, Stage.WALK, _DFS)
    return problem_of(error, Stage.WALK)


def _among(number: int, above: _Ancestors) -> bool:
    while above is not None:
        seen, above = above
        if seen == number:
            return True
    return False
