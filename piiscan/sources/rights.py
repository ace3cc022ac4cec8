"""Who can read a file: owner, mode and POSIX access list, or a Windows security descriptor, reduced to an :class:`Exposure`.

The answer is an upper bound, since the rights of the folders above count too
and two groups may share members: ``everyone`` (also guests and other users of
the machine), ``all staff``, ``a group (n)``, ``a few``, ``one``. Administrators,
backup and the system itself can read everything everywhere and are not counted.

POSIX access lists are read as they are stored (``system.posix_acl_access``:
``acl(5)``, ``linux/posix_acl_xattr.h``); security descriptors as in [MS-DTYP]
2.4.6.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from piiscan.model import Exposure, Reach
from piiscan.settings import Exposing

__all__ = ["PosixRights", "Rights", "descriptor_rights", "sid_text", "windows_rights"]

EVERYONE = Exposure(Reach.EVERYONE)
STAFF = Exposure(Reach.STAFF)
ONE = Exposure(Reach.ONE)
#: A group whose members cannot be counted from here.
SOME_GROUP = Exposure(Reach.GROUP)


@dataclass(frozen=True, slots=True)
class Rights:
    """Owner (a name, or a SID) and who can read."""

    owner: str
    exposure: Exposure


def of_people(people: int, few: int) -> Exposure:
    """Exposure to so many persons; 0 stands for a number that is not known."""
    if people <= 0:
        return SOME_GROUP
    if people == 1:
        return ONE
    return Exposure(Reach.FEW) if people <= few else Exposure(Reach.GROUP, people)


# ------------------------------------------------------------------------------ POSIX

_ACL = "system.posix_acl_access"
_ACL_VERSION = 2
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_READ, _ENTER = 4, 1


def acl_entries(raw: bytes) -> Iterator[tuple[int, int, int]]:
    """``(tag, permissions, id)`` of a stored access list; nothing when it is of no known form."""
    if len(raw) < 4 or struct.unpack_from("<I", raw)[0] != _ACL_VERSION:
        return
    usable = len(raw) - (len(raw) - 4) % 8
    yield from struct.iter_unpack("<HHI", raw[4:usable])


@cache
def _user_name(uid: int) -> str:
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@cache
def _primary_groups() -> dict[int, set[str]]:
    """Users by their primary group; asked once, as a directory service may be slow."""
    found: dict[int, set[str]] = {}
    if sys.platform != "win32":
        import pwd

        for user in pwd.getpwall():
            found.setdefault(user.pw_gid, set()).add(user.pw_name)
    return found


@cache
def _group(gid: int) -> tuple[str, int]:
    """Name and number of members (0: not known)."""
    if sys.platform == "win32":
        return "", 0
    import grp

    try:
        group = grp.getgrgid(gid)
    except KeyError:
        return str(gid), 0
    return group.gr_name, len(set(group.gr_mem) | _primary_groups().get(gid, set()))


class PosixRights:
    """Reduces mode and access list of files and folders; remembers what it has worked out."""

    def __init__(self, settings: Exposing) -> None:
        self._settings = settings
        self._staff = {name.casefold() for name in settings.staff}
        self._known: dict[tuple[int, int, int, int], Exposure] = {}
        self._words: dict[tuple[int, int, int], tuple[str, str]] = {}
        self._tellings: dict[tuple[int, int, int], tuple[str, str]] = {}
        self._visitors: Exposure | None = None

    @staticmethod
    def owner(met: os.stat_result) -> str:
        """Name of the owner, or the number where nobody knows it."""
        return _user_name(met.st_uid)

    def readers(self, met: os.stat_result, path: str | int) -> Exposure:
        """Who may read a file."""
        return self._exposure(met, path, _READ)

    def words(self, met: os.stat_result, path: str | int, visitors: Exposure | None) -> tuple[str, str]:
        """Owner and readers of a file as they are stored, in a folder that ``visitors`` may enter."""
        mode = met.st_mode
        if not mode & _READ and mode & (_READ << 3):
            return self.owner(met), str(self.readers(met, path).within(visitors))  # may have an access list of its own
        if visitors is not self._visitors:  # another folder
            self._visitors = visitors
            self._words.clear()
        at = (mode, met.st_uid, met.st_gid)
        found = self._words.get(at)
        if found is None:
            found = self._words[at] = self.owner(met), str(self.readers(met, path).within(visitors))
        return found

    def told(self, modes: Iterable[tuple[int, int, int]]) -> str:
        """What the names of owners and the members of groups make of ``(mode, owner, group)``; access lists of files aside."""
        return repr([self._told(at) for at in sorted(modes)])

    def _told(self, at: tuple[int, int, int]) -> tuple[str, str]:
        found = self._tellings.get(at)
        if found is None:
            mode, uid, gid = at
            by_group = mode & (_READ << 3) and not mode & _READ
            found = self._tellings[at] = _user_name(uid), str(self._of_group(gid, mode, _READ)) if by_group else ""
        return found

    def _of_group(self, gid: int, mode: int, right: int) -> Exposure:
        return self._of_groups([gid], 1 if mode & (right << 6) else 0)

    def visitors(self, met: os.stat_result, path: str | int) -> Exposure:
        """Who may reach what lies in a folder."""
        return self._exposure(met, path, _ENTER)

    def _exposure(self, met: os.stat_result, path: str | int, right: int) -> Exposure:
        mode = met.st_mode
        if mode & right:
            return EVERYONE
        if not mode & (right << 3):
            return ONE  # the group's bits are the mask of an access list: no entry of it can grant more
        at = (stat.S_IMODE(mode), met.st_uid, met.st_gid, right)
        entries = self._entries(path)
        if entries:
            return self._of_list(entries, met, right)
        found = self._known.get(at)
        if found is None:
            found = self._known[at] = self._of_group(met.st_gid, mode, right)
        return found

    @staticmethod
    def _entries(path: str | int) -> list[tuple[int, int, int]]:
        if not hasattr(os, "getxattr"):
            return []
        try:
            raw = os.getxattr(path, _ACL) if isinstance(path, int) else os.getxattr(path, _ACL, follow_symlinks=False)
        except (OSError, ValueError):
            return []  # none, not supported here, or the path is too long to ask
        return list(acl_entries(raw))

    def _of_list(self, entries: list[tuple[int, int, int]], met: os.stat_result, right: int) -> Exposure:
        mask = next((permissions for tag, permissions, _ in entries if tag == _MASK), 7)
        users: set[int] = set()
        groups: list[int] = []
        for tag, permissions, number in entries:
            if tag == _OTHER and permissions & right:
                return EVERYONE
            if tag == _USER_OBJ and permissions & right:
                users.add(met.st_uid)
            elif tag == _USER and permissions & mask & right:
                users.add(number)
            elif tag == _GROUP_OBJ and permissions & mask & right:
                groups.append(met.st_gid)
            elif tag == _GROUP and permissions & mask & right:
                groups.append(number)
        return self._of_groups(groups, len(users))

    def _of_groups(self, groups: list[int], users: int) -> Exposure:
        people, unknown = users, False
        for gid in groups:
            name, members = _group(gid)
            members = self._settings.groups.get(name, members)
            if name.casefold() in self._staff or members >= self._settings.staff_size:
                return STAFF
            unknown = unknown or not members
            people += members
        if unknown:
            return SOME_GROUP
        return STAFF if people >= self._settings.staff_size else of_people(max(people, 1), self._settings.few)


# ---------------------------------------------------------------- security descriptors

_DACL_PRESENT = 0x0004
_INHERIT_ONLY = 0x08
_ALLOW, _DENY, _ALLOW_OBJECT, _DENY_OBJECT, _ALLOW_CALLBACK, _DENY_CALLBACK = 0, 1, 5, 6, 9, 10
_READ_DATA = 0x1  # of a folder: list it
_GENERIC_ALL, _GENERIC_READ = 0x10000000, 0x80000000

_EVERYONE_SIDS = frozenset({"S-1-1-0", "S-1-5-7", "S-1-5-32-546"})
#: Authenticated users, network, batch, interactive, service, this organisation, BUILTIN\Users, remote interactive.
_STAFF_SIDS = frozenset({"S-1-5-11", "S-1-5-2", "S-1-5-3", "S-1-5-4", "S-1-5-6", "S-1-5-15", "S-1-5-32-545", "S-1-5-14"})
#: Creator placeholders, the system, local and network service, owner rights, administrators, operators.
_NOT_COUNTED = frozenset(
    {"S-1-3-0", "S-1-3-1", "S-1-3-4", "S-1-5-18", "S-1-5-19", "S-1-5-20", "S-1-5-32-544", "S-1-5-32-548", "S-1-5-32-549", "S-1-5-32-550", "S-1-5-32-551"}
)  # fmt: skip
_DOMAIN = "S-1-5-21-"
_DOMAIN_STAFF, _DOMAIN_EVERYONE, _DOMAIN_ADMINS = {"513", "515"}, {"501", "514"}, {"500", "512", "518", "519"}
_UNIX_USER, _UNIX_GROUP = "S-1-22-1-", "S-1-22-2-"


def sid_text(raw: bytes, at: int) -> tuple[str, int]:
    """A SID as text, and how many bytes it takes.

    :raises ValueError: when there is none.
    """
    if at + 8 > len(raw) or raw[at] != 1:
        raise ValueError("not a SID")
    count = raw[at + 1]
    end = at + 8 + 4 * count
    if count > 15 or end > len(raw):
        raise ValueError("not a SID")
    authority = int.from_bytes(raw[at + 2 : at + 8], "big")
    parts = struct.unpack_from(f"<{count}I", raw, at + 8)
    return "-".join(["S-1", str(authority), *map(str, parts)]), end - at


def _entries_of(raw: bytes, at: int) -> Iterator[tuple[bool, int, str]]:
    """``(allow, mask, sid)`` of the entries of an access list that count for the object itself, in their order."""
    _, _, size, count, _ = struct.unpack_from("<BBHHH", raw, at)
    end, at = min(len(raw), at + size), at + 8
    for _ in range(count):
        kind, flags, length, mask = struct.unpack_from("<BBHI", raw, at)
        if length < 8 or at + length > end:
            raise ValueError("not an access list")
        if not flags & _INHERIT_ONLY and kind in {_ALLOW, _DENY, _ALLOW_OBJECT, _DENY_OBJECT, _ALLOW_CALLBACK, _DENY_CALLBACK}:
            where = at + 8
            if kind in {_ALLOW_OBJECT, _DENY_OBJECT}:
                (present,) = struct.unpack_from("<I", raw, where)
                where += 4 + 16 * (present & 1) + 16 * (present >> 1 & 1)
            yield kind in {_ALLOW, _ALLOW_OBJECT, _ALLOW_CALLBACK}, mask, sid_text(raw, where)[0]
        at += length


def descriptor_rights(raw: bytes, settings: Exposing) -> Rights | None:
    """Owner and readers by a self-relative security descriptor; ``None`` when it is of no known form.

    Of a SID that this machine cannot look up nobody knows whether it is a user
    or a group: unless it is the owner it counts as a group, whose size
    ``exposure.groups`` may give.
    """
    try:
        _, _, control, owner_at, _, _, acl_at = struct.unpack_from("<BBHIIII", raw)
        owner = sid_text(raw, owner_at)[0] if owner_at else ""
        if not control & _DACL_PRESENT or not acl_at:
            return Rights(owner, EVERYONE)  # no access list: no restriction
        return Rights(owner, _of_sids(list(_entries_of(raw, acl_at)), owner, settings))
    except (struct.error, ValueError):
        return None


def _of_sids(entries: list[tuple[bool, int, str]], owner: str, settings: Exposing) -> Exposure:
    denied: set[str] = set()
    allowed: set[str] = set()
    for allow, mask, sid in entries:
        if not mask & (_READ_DATA | _GENERIC_ALL | _GENERIC_READ):
            continue
        if not allow:
            denied.add(sid)
        elif sid not in denied:
            allowed.add(sid)
        if not allow and sid in _EVERYONE_SIDS:
            break  # nothing after it counts
    sizes = {name.casefold(): number for name, number in settings.groups.items()}
    staff = {name.casefold() for name in settings.staff}
    widest, people, unknown = ONE, 0, False
    for sid in allowed - denied:
        domain, _, last = sid.rpartition("-")
        in_domain = domain.startswith(_DOMAIN)
        if sid in _EVERYONE_SIDS or (in_domain and last in _DOMAIN_EVERYONE):
            return EVERYONE
        if sid in _STAFF_SIDS or sid.casefold() in staff or (in_domain and last in _DOMAIN_STAFF):
            widest = STAFF
        elif sid in _NOT_COUNTED or (in_domain and last in _DOMAIN_ADMINS):
            continue
        elif sid.casefold() in sizes:
            people += sizes[sid.casefold()]
        elif sid == owner or sid.startswith(_UNIX_USER):
            people += 1
        else:
            unknown = True
    if widest is STAFF or people >= settings.staff_size:
        return STAFF
    return SOME_GROUP if unknown else of_people(max(people, 1), settings.few)


# ---------------------------------------------------------------------------- Windows

_OWNER_AND_LIST = 0x1 | 0x4


def _read_descriptor(path: str) -> bytes | None:
    """The security descriptor of a local or UNC path by ``GetFileSecurityW``; ``None`` where it may not be read."""
    import ctypes

    windll = getattr(ctypes, "windll", None)
    if windll is None:
        return None
    function = windll.advapi32.GetFileSecurityW
    needed = ctypes.c_ulong(0)
    function(ctypes.c_wchar_p(path), _OWNER_AND_LIST, None, 0, ctypes.byref(needed))
    if not needed.value:
        return None
    buffer = ctypes.create_string_buffer(needed.value)
    if not function(ctypes.c_wchar_p(path), _OWNER_AND_LIST, buffer, needed.value, ctypes.byref(needed)):
        return None
    return buffer.raw


def windows_rights(path: str, settings: Exposing) -> Rights | None:
    """Owner and readers of a path of Windows; ``None`` where its descriptor may not be read."""
    raw = _read_descriptor(path)
    return descriptor_rights(raw, settings) if raw is not None else None
