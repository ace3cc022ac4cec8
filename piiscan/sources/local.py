r"""Folders and files of this machine, mounted shares and sticks; also UNC paths (``\\server\share``) on Windows.

The crawl is a loop, not a recursion, over a stack of folders; it holds the
names of one folder at a time. It follows no symbolic link and no junction,
opens no device, pipe or socket, downloads no cloud placeholder, and leaves
access times alone where the system lets it (``O_NOATIME``).

A folder is a loop when it is its own ancestor (device and inode). Folders met
twice on different ways (bind mounts) are crawled twice: some file systems give
one inode number to several folders, and mistaking two folders for one would
lose files.

Paths longer than the system takes at once are opened folder by folder
(``dir_fd``); they have no :meth:`LocalSource.local_path`. On Windows long paths
get the ``\\?\`` prefix.

``source_id`` comes from the resolved root path (case-folded on Windows), so the
same share mounted elsewhere is another source; nothing in a mounted tree tells
reliably that two mounts are the same.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from piiscan.model import Exposure, Item, ItemType, Unread
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Exposing, Settings
from piiscan.sources.base import (
    Glance,
    Pace,
    RootError,
    key_of_name,
    no_glance,
    problem_of,
    source_id_of,
    stamp_of,
    unlimited,
)
from piiscan.sources.filters import Filters
from piiscan.sources.rights import PosixRights, windows_rights

__all__ = ["LocalSource", "windows_kind"]

_WINDOWS = sys.platform == "win32"
_MACOS = sys.platform == "darwin"
_LINUX = sys.platform == "linux"
_FD_SCAN = os.scandir in os.supports_fd and os.stat in os.supports_dir_fd
_AT_ONCE = 4000  # bytes of a path; Linux takes 4,096 with the closing NUL, macOS 1,024
_AT_ONCE_MAC = 1000
_WINDOWS_AT_ONCE = 240
_INT64 = 2**63 - 1
#: Entries of a folder up to which a stamp is made of it; what ``stat`` says of each is held for it.
_STAMPED = 10_000
#: Mode, owner and group of a row of a stamp.
_RIGHTS = itemgetter(1, 2, 3)
#: What other systems tell of a file beside.
_STAT_MORE = ("st_flags", "st_file_attributes", "st_reparse_tag")

# File attributes and reparse tags of Windows (winnt.h)
_OFFLINE = 0x1000
_RECALL_ON_OPEN = 0x40000
_RECALL_ON_DATA_ACCESS = 0x400000
_TAG_MOUNT_POINT = 0xA0000003  # junctions and volume mount points
_TAG_SYMLINK = 0xA000000C
# macOS: sys/stat.h, a file whose content is in the cloud
_SF_DATALESS = 0x40000000

#: File systems of the Linux kernel that hold no documents; reading some of their files blocks or never ends.
_KERNEL_FILE_SYSTEMS = frozenset(
    [
        "autofs",
        "binfmt_misc",
        "bpf",
        "cgroup",
        "cgroup2",
        "configfs",
        "debugfs",
        "devpts",
        "efivarfs",
        "fusectl",
        "hugetlbfs",
        "mqueue",
        "nsfs",
        "proc",
        "pstore",
        "rpc_pipefs",
        "securityfs",
        "selinuxfs",
        "sysfs",
        "tracefs",
    ]
)

_Ancestors = tuple[tuple[int, int], "_Ancestors"] | None
#: Native path, native prefix below the root, key prefix, identities above, who can enter the folders above.
_Folder = tuple[str, str, str, _Ancestors, Exposure | None]


def windows_kind(attributes: int, tag: int) -> ProblemKind | None:
    """What Windows' file attributes and reparse tag forbid: a link is not followed, a placeholder not downloaded.

    Other reparse points (deduplicated files, cloud files that are present) read like plain files.
    """
    if tag in {_TAG_MOUNT_POINT, _TAG_SYMLINK}:
        return ProblemKind.SYMLINK
    if attributes & (_OFFLINE | _RECALL_ON_OPEN | _RECALL_ON_DATA_ACCESS):
        return ProblemKind.PLACEHOLDER
    return None


def _kernel_devices() -> frozenset[int]:
    """Device numbers of mounted file systems that belong to the Linux kernel."""
    found = set()
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 - not a path of ours
            for line in file:
                left, _, right = line.partition(" - ")
                if right.split(" ", 1)[0] in _KERNEL_FILE_SYSTEMS:
                    major, minor = left.split(" ")[2].split(":")
                    found.add(os.makedev(int(major), int(minor)))
    except (OSError, ValueError, IndexError):
        return frozenset()  # not Linux, or /proc is not mounted
    return frozenset(found)


def _server_of(native: str, device: int) -> str:
    """Server of a network file system that ``native`` lies on: by UNC path, or by Linux's list of mounts."""
    if native.startswith("\\\\"):
        return native.strip("\\").split("\\", 1)[0].lower()
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 - not a path of ours
            for line in file:
                left, _, right = line.partition(" - ")
                major, minor = left.split(" ")[2].split(":")
                if os.makedev(int(major), int(minor)) == device:
                    return server_of_mount(*right.split(" ")[:2])
    except (OSError, ValueError, IndexError):
        return ""
    return ""


def server_of_mount(kind: str, mounted: str) -> str:
    """``cifs //server/share`` and ``nfs4 server:/export`` name a server; what lies on this machine has none."""
    if kind in {"cifs", "smb3", "smbfs"}:
        return mounted.strip("/").split("/", 1)[0].lower()
    if kind.startswith("nfs") or kind in {"fuse.sshfs", "ceph", "fuse.glusterfs"}:
        return mounted.rpartition(":/")[0].rpartition("@")[2].lower()
    return ""


def _too_long(native: str) -> bool:
    return len(native) * 4 > _AT_ONCE_MAC and len(os.fsencode(native)) > (_AT_ONCE_MAC if sys.platform == "darwin" else _AT_ONCE)


def _reach(native: str) -> str:
    r"""The form of a Windows path that has no length limit, when it needs one."""
    if not _WINDOWS or len(native) < _WINDOWS_AT_ONCE or native.startswith("\\\\?\\"):
        return native
    return "\\\\?\\UNC\\" + native[2:] if native.startswith("\\\\") else "\\\\?\\" + native


def _open_quietly(name: str, flags: int, dir_fd: int | None = None) -> int:
    """``os.open`` without touching the access time where we may."""
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    noatime = getattr(os, "O_NOATIME", 0)
    try:
        return os.open(name, flags | noatime, dir_fd=dir_fd) if dir_fd is not None else os.open(name, flags | noatime)
    except PermissionError:
        if not noatime:
            raise
    return os.open(name, flags, dir_fd=dir_fd) if dir_fd is not None else os.open(name, flags)


def _open_native(native: str, flags: int) -> int:
    """Open a path of any length; folder by folder when the system would refuse it."""
    if not _too_long(native) or os.open not in os.supports_dir_fd:
        return _open_quietly(_reach(native), flags)
    folders, _, name = native.rpartition("/")
    through = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
    here = os.open("/", through)
    try:
        for folder in folders.strip("/").split("/"):
            below = os.open(folder, through, dir_fd=here)
            os.close(here)
            here = below
        return _open_quietly(name, flags, here)
    finally:
        os.close(here)


def _plain(root: str) -> str:
    r"""The path of a root.

    :raises RootError: for what is no path here.
    """
    if not root:
        raise RootError("an empty root; give a folder or a file")
    if "\0" in root:
        raise RootError(f"{root!r} holds a NUL character; give a folder or a file")
    if root.startswith("\\\\") and not _WINDOWS and not Path(root).exists():
        raise RootError(f"{root!r}: a UNC path can be opened on Windows only; write smb://server/share, or the folder where it is mounted")
    return root[len("file://") :] if root.lower().startswith("file://") else root


class LocalSource:
    """A folder or a single file, and all below it.

    For a single file ``root`` is its folder, so that ``root + "/" + key`` is always the path.

    :raises RootError: when the root does not exist or cannot be reached.
    """

    scheme: ClassVar[str] = "file"

    @classmethod
    def at(cls, root: str, settings: Settings, *, own_files: Iterable[Path] = (), paces: Callable[[str], Pace] = unlimited) -> LocalSource:
        """See :meth:`piiscan.sources.base.Source.at`."""
        return cls(
            _plain(root), exclude=settings.exclude, include=settings.include, own_files=own_files, exposing=settings.exposure, paces=paces
        )

    @staticmethod
    def place(root: str) -> tuple[str, ...]:
        """See :meth:`piiscan.sources.base.Source.place`."""
        return ("file", *os.path.normcase(os.path.realpath(_plain(root))).rstrip(os.sep).split(os.sep))  # noqa: PTH206 -- a prefix of names is compared

    def __init__(
        self,
        root: str,
        *,
        exclude: Sequence[str] = (),
        include: Sequence[str] = (),
        own_files: Iterable[Path] = (),
        exposing: Exposing = Exposing(),  # noqa: B008 -- frozen
        paces: Callable[[str], Pace] = unlimited,
    ) -> None:
        self._rights = PosixRights(exposing)
        self._exposing = exposing
        own_files = tuple(own_files)
        self._filters = Filters(exclude, include, own_files)
        try:
            native = os.path.realpath(root, strict=True)
            info = os.stat(_reach(native))  # noqa: PTH116 - native may be no Path's business (surrogates, prefixes)
        except FileNotFoundError:
            raise RootError(f"{root!r} does not exist; check the path, or mount the share or stick first") from None
        except PermissionError:
            raise RootError(f"{root!r} may not be read by this account; run as an account that may") from None
        except (OSError, ValueError) as error:
            name = errno.errorcode.get(getattr(error, "errno", 0) or 0, type(error).__name__)
            raise RootError(f"{root!r} cannot be reached ({name}); check the path, the disk or the network") from None
        if not stat.S_ISDIR(info.st_mode) and not stat.S_ISREG(info.st_mode):
            raise RootError(f"{root!r} is neither a folder nor a file; give a folder or a file")
        self._native = native
        self._single = stat.S_ISREG(info.st_mode)
        self._identity = (info.st_dev, info.st_ino)
        self._pace = paces(self.server)
        self._circumstances = repr((exclude, include, sorted(map(str, own_files)), exposing))
        shown = os.path.dirname(native) if self._single else native  # noqa: PTH120
        self.root = shown.encode("utf-8", "backslashreplace").decode()
        self.source_id = source_id_of(
            self.scheme, os.path.normcase(native).encode("utf-8", "surrogateescape" if not _WINDOWS else "surrogatepass")
        )

    def walk(self, glance: Glance = no_glance) -> Iterator[Item | Unread]:
        """See :meth:`piiscan.sources.base.Source.walk`."""
        if self._single:
            yield from self._walk_single()
            return
        kernel = _kernel_devices()
        stack: list[_Folder] = [(self._native, "", "", None, None)]
        while stack:
            yield from self._walk_folder(stack.pop(), stack, kernel, glance)
        if not self._still_there():
            yield self._unread_folder("", Problem(ProblemKind.IO_ERROR, Stage.WALK, "the root disappeared during the scan"))

    def open(self, item: Item) -> BinaryIO:
        """See :meth:`piiscan.sources.base.Source.open`."""
        descriptor = _open_native(item.native, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.ENXIO, "not a regular file")
        return os.fdopen(descriptor, "rb")

    def local_path(self, item: Item) -> Path | None:
        """See :meth:`piiscan.sources.base.Source.local_path`."""
        return None if not _WINDOWS and _too_long(item.native) else Path(_reach(item.native))

    def carrier(self, item: Item) -> None:
        """See :meth:`piiscan.sources.base.Source.carrier`; other processes open the path, or get a copy."""

    def close(self) -> None:
        """See :meth:`piiscan.sources.base.Source.close`."""

    @cached_property
    def server(self) -> str:
        """The server of a mounted share, as far as the system tells; empty for this machine."""
        return _server_of(self._native, self._identity[0])

    # ------------------------------------------------------------------ the crawl

    def _still_there(self) -> bool:
        try:
            info = os.stat(_reach(self._native))  # noqa: PTH116
        except OSError:
            return False
        return (info.st_dev, info.st_ino) == self._identity

    def _walk_single(self) -> Iterator[Item | Unread]:
        name = os.path.basename(self._native)  # noqa: PTH119
        try:
            info = os.stat(_reach(self._native), follow_symlinks=False)  # noqa: PTH116
        except OSError as error:
            yield Unread(Item(self.source_id, key_of_name(name), self._native), problem_of(error, Stage.WALK))
            return
        yield self._file(name, self._native, key_of_name(name), info, None)

    def _walk_folder(self, folder: _Folder, stack: list[_Folder], kernel: frozenset[int], glance: Glance) -> Iterator[Item | Unread]:
        native, prefix, key_prefix, above, visitors = folder
        self._pace(1, 0)
        descriptor = -1
        fault: OSError | None = None
        entries: list[os.DirEntry[str]] = []
        below: list[tuple[str, _Folder]] = []
        try:
            try:
                if _FD_SCAN:
                    descriptor = _open_native(native, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | (os.O_NOFOLLOW if prefix else 0))
                    info = os.fstat(descriptor)
                    scan = os.scandir(descriptor)
                else:
                    info = os.stat(_reach(native))  # noqa: PTH116
                    scan = os.scandir(_reach(native))
            except OSError as error:
                if not prefix:
                    raise self._unreadable_root(error) from None
                yield self._unread_folder(key_prefix, problem_of(error, Stage.WALK))
                return
            with scan:
                identity = (info.st_dev, info.st_ino)
                if info.st_dev in kernel:
                    yield self._unread_folder(key_prefix, Problem(ProblemKind.SPECIAL_FILE, Stage.WALK, "a file system of the kernel"))
                    return
                if info.st_ino and _among(identity, above):
                    yield self._unread_folder(key_prefix, Problem(ProblemKind.LOOP, Stage.WALK))
                    return
                try:
                    entries.extend(scan)
                except OSError as error:
                    fault = error  # what was listed until then is still scanned
            here = (identity, above)
            if not _WINDOWS:
                visitors = self._rights.visitors(info, descriptor if descriptor >= 0 else native).within(visitors)
            joined = native if native.endswith(os.sep) else native + os.sep
            inner: list[os.DirEntry[str]] = []
            as_it_was = bool(entries) and glance(key_prefix, "" if fault else self._stamp(entries, inner, prefix, joined, visitors))
            if as_it_was:
                entries = inner
            keyed = sorted(((key_of_name(entry.name), entry) for entry in entries), key=lambda pair: pair[0])
            entries.clear()
            for key_name, entry in keyed:
                name = entry.name
                path, key = joined + name, key_prefix + key_name
                try:
                    met = entry.stat(follow_symlinks=False)
                except OSError as error:
                    yield Unread(Item(self.source_id, key, path), problem_of(error, Stage.WALK))
                    continue
                if self._is_folder(entry):
                    rule = self._filters.folder(prefix + name, path)
                    if rule is None:
                        below.append((key_name + "/", (path, prefix + name + "/", key + "/", here, visitors)))
                    elif not as_it_was:
                        yield self._unread_folder(key + "/", Problem(ProblemKind.EXCLUDED, Stage.WALK, rule))
                else:
                    yield self._file(prefix + name, path, key, met, visitors)
        finally:
            if descriptor >= 0:
                os.close(descriptor)
        if fault is not None:
            yield self._unread_folder(key_prefix, problem_of(fault, Stage.WALK))
        below.sort(key=lambda pair: pair[0], reverse=True)
        stack.extend(pair[1] for pair in below)

    def _stamp(
        self, entries: list[os.DirEntry[str]], inner: list[os.DirEntry[str]], prefix: str, joined: str, visitors: Exposure | None
    ) -> str:
        """A stamp of what the folder's listing tells; empty when it cannot tell everything, or is too long to be held.

        :param inner: gets the subfolders.
        """
        if len(entries) > _STAMPED:
            return ""
        rows: list[tuple[Any, ...]] = []
        left_out: list[tuple[str, str]] = []
        try:
            for entry in entries:
                met = entry.stat(follow_symlinks=False)
                mode = met.st_mode
                if stat.S_ISREG(mode):
                    row = (entry.name, mode, met.st_uid, met.st_gid, met.st_size, met.st_mtime_ns, met.st_ctime_ns)
                    rows.append(row if _LINUX else (*row, *(getattr(met, name, 0) for name in _STAT_MORE)))
                elif not self._is_folder(entry):
                    rows.append((entry.name, mode, met.st_uid, met.st_gid, met.st_size, met.st_mtime_ns, met.st_ctime_ns))
                else:
                    inner.append(entry)
                    if (rule := self._filters.folder(prefix + entry.name, joined + entry.name)) is not None:
                        left_out.append((entry.name, rule))
        except OSError:
            return ""
        rights = str(self._windows(joined)) if _WINDOWS else f"{visitors} {self._rights.told(set(map(_RIGHTS, rows)))}"
        rows += left_out
        return stamp_of(rows, self._circumstances + rights) if rows else ""

    @staticmethod
    def _is_folder(entry: os.DirEntry[str]) -> bool:
        """A folder to enter: no link, no junction."""
        if _WINDOWS and getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) in {_TAG_MOUNT_POINT, _TAG_SYMLINK}:
            return False
        return entry.is_dir(follow_symlinks=False)

    def _file(self, relative: str, native: str, key: str, met: os.stat_result, visitors: Exposure | None) -> Item | Unread:
        mode, kind, detail = met.st_mode, None, ""
        item_type = ItemType.FILE
        if not stat.S_ISREG(mode) or _WINDOWS or _MACOS:
            item_type, kind = self._unusual(met)
        if kind is None and (rule := self._filters.file(relative, native)) is not None:
            kind, detail = ProblemKind.EXCLUDED, rule
        mtime_ns, change = met.st_mtime_ns, 0 if _WINDOWS else met.st_ctime_ns
        if not -_INT64 <= mtime_ns <= _INT64 or not -_INT64 <= change <= _INT64:
            mtime_ns, change = (max(-_INT64, min(_INT64, ns)) for ns in (mtime_ns, change))
        owner, readers = self._windows(native) if _WINDOWS else self._rights.words(met, native, visitors)
        item = Item(self.source_id, key, native, met.st_size, mtime_ns, change, item_type, owner, readers)
        return item if kind is None else Unread(item, Problem(kind, Stage.WALK, detail))

    @staticmethod
    def _unusual(met: os.stat_result) -> tuple[ItemType, ProblemKind | None]:
        """What is no plain file, or a plain file whose content is elsewhere."""
        if stat.S_ISLNK(met.st_mode):
            return ItemType.SYMLINK, ProblemKind.SYMLINK
        if _WINDOWS and (kind := windows_kind(getattr(met, "st_file_attributes", 0), getattr(met, "st_reparse_tag", 0))):
            return ItemType.SYMLINK if kind is ProblemKind.SYMLINK else ItemType.FILE, kind
        if getattr(met, "st_flags", 0) & _SF_DATALESS:
            return ItemType.FILE, ProblemKind.PLACEHOLDER
        return (ItemType.FILE, None) if stat.S_ISREG(met.st_mode) else (ItemType.SPECIAL, ProblemKind.SPECIAL_FILE)

    def _windows(self, native: str) -> tuple[str, str]:
        found = windows_rights(_reach(native), self._exposing)
        return (found.owner, str(found.exposure)) if found is not None else ("", "")

    def _unread_folder(self, key_prefix: str, problem: Problem) -> Unread:
        """A folder that was not entered. The root itself has the key ``.``."""
        key = key_prefix.removesuffix("/") or "."
        return Unread(Item(self.source_id, key, "", type=ItemType.FOLDER), problem)

    def _unreadable_root(self, error: OSError) -> RootError:
        found = problem_of(error, Stage.WALK)
        return RootError(f"{self.root!r} cannot be read: {found.kind.en} ({found.detail}); {found.kind.todo_en}")


def _among(identity: tuple[int, int], above: _Ancestors) -> bool:
    while above is not None:
        seen, above = above
        if seen == identity:
            return True
    return False
