"""Rights reduced to words: modes and access lists of real files, security descriptors byte by byte."""

import os
import struct
import sys

import pytest

from piiscan.model import Exposure, Reach
from piiscan.settings import Exposing
from piiscan.sources import rights
from piiscan.sources.local import LocalSource, server_of_mount
from piiscan.sources.rights import descriptor_rights, sid_text

ROOT = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
DOMAIN = (5, 21, 1, 2, 3)


@pytest.mark.parametrize(
    "exposure",
    [Exposure(Reach.EVERYONE), Exposure(Reach.STAFF), Exposure(Reach.GROUP, 12), Exposure(Reach.GROUP), Exposure(Reach.FEW), Exposure(Reach.ONE)],
)  # fmt: skip
def test_words_can_be_read_again(exposure):
    assert Exposure.parse(str(exposure)) == exposure


def test_words_of_others_are_unknown():
    assert [Exposure.parse(word) for word in ("", "group", "a group", "a group (x", "owner")] == [None] * 5


def test_the_wider_sorts_last_and_a_folder_narrows():
    one, few, group, staff, everyone = (Exposure(reach) for reach in Reach)
    assert sorted([everyone, one, staff, few, group]) == [one, few, group, staff, everyone]
    assert everyone.within(one) == one.within(everyone) == one
    assert few.within(None) == few
    assert Exposure(Reach.GROUP, 12) < Exposure(Reach.GROUP, 30)


# ------------------------------------------------------------------------------ POSIX


@pytest.fixture
def groups(monkeypatch):
    """Group databases at their edge: gid -> name and number of members."""
    known = {1: ("clerks", 12), 2: ("pair", 2), 3: ("company", 450), 4: ("alone", 1), 5: ("unknown", 0), 6: ("everybody", 30)}
    monkeypatch.setattr(rights, "_group", lambda gid: known.get(gid, (str(gid), 0)))


def acl(*entries: tuple[int, int, int]) -> bytes:
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def read_by(tmp_path, mode: int, gid: int = 1, access_list: bytes = b"", **settings) -> str:
    path = tmp_path / "file.txt"
    path.write_bytes(b"x")
    os.chown(path, 1000, gid)
    path.chmod(mode)
    if access_list:
        os.setxattr(path, "system.posix_acl_access", access_list)
    source = LocalSource(str(tmp_path), exposing=Exposing(**settings))
    tmp_path.chmod(0o755)
    return next(item.readable_by for item in source.walk())


USER, GROUP, MASK, OTHER, OWNER, OWNERS = 0x02, 0x08, 0x10, 0x20, 0x01, 0x04
NOBODY = 0xFFFFFFFF


@ROOT
@pytest.mark.parametrize(
    ("mode", "gid", "words"),
    [
        (0o644, 1, "everyone"),
        (0o640, 1, "a group (13)"),
        (0o040, 1, "a group (12)"),
        (0o640, 2, "a few"),
        (0o640, 3, "all staff"),
        (0o640, 5, "a group (?)"),
        (0o640, 6, "a group (31)"),
        (0o600, 3, "one"),
        (0o000, 3, "one"),
    ],
)
def test_modes(tmp_path, groups, mode, gid, words):
    assert read_by(tmp_path, mode, gid) == words


@ROOT
def test_groups_can_be_named_as_staff_or_given_a_size(tmp_path, groups):
    assert read_by(tmp_path, 0o640, 6, staff=("Everybody",)) == "all staff"
    assert read_by(tmp_path, 0o640, 5, groups={"unknown": 40}) == "a group (41)"
    assert read_by(tmp_path, 0o640, 1, staff_size=10) == "all staff"
    assert read_by(tmp_path, 0o640, 1, few=20) == "a few"


@ROOT
@pytest.mark.skipif(sys.platform != "linux", reason="POSIX access lists as Linux keeps them")
@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([(OWNER, 6, NOBODY), (USER, 4, 1001), (OWNERS, 0, NOBODY), (MASK, 4, NOBODY), (OTHER, 0, NOBODY)], "a few"),
        ([(OWNER, 6, NOBODY), (OWNERS, 0, NOBODY), (GROUP, 4, 3), (MASK, 4, NOBODY), (OTHER, 0, NOBODY)], "all staff"),
        ([(OWNER, 6, NOBODY), (OWNERS, 4, NOBODY), (GROUP, 4, 2), (MASK, 4, NOBODY), (OTHER, 0, NOBODY)], "a group (15)"),
        ([(OWNER, 6, NOBODY), (USER, 4, 1001), (GROUP, 4, 3), (OWNERS, 4, NOBODY), (MASK, 2, NOBODY), (OTHER, 0, NOBODY)], "one"),
        ([(OWNER, 6, NOBODY), (USER, 2, 1001), (OWNERS, 2, NOBODY), (MASK, 6, NOBODY), (OTHER, 0, NOBODY)], "one"),
    ],
    ids=["a user more", "a large group more", "two groups", "masked", "may write only"],
)
def test_access_lists(tmp_path, groups, entries, words):
    entries = sorted(entries, key=lambda entry: entry[0])
    assert read_by(tmp_path, 0o600, 1, acl(*entries)) == words


@pytest.mark.parametrize("raw", [b"", b"\x02", b"\x01\0\0\0" + b"\0" * 8, b"\x02\0\0\0" + b"\0" * 7])
def test_access_lists_of_no_known_form_say_nothing(raw):
    assert list(rights.acl_entries(raw)) == []


@ROOT
def test_the_folders_above_count(tmp_path, groups):
    for folder, mode in (("a", 0o755), ("a/b", 0o750), ("a/b/c", 0o700), ("a/b/c/d", 0o777)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_bytes(b"x")
        os.chown(tmp_path / folder, 1000, 1)
        (tmp_path / folder).chmod(mode)
    found = {item.key: item.readable_by for item in LocalSource(str(tmp_path / "a")).walk()}
    assert found == {"x.txt": "everyone", "b/x.txt": "a group (13)", "b/c/x.txt": "one", "b/c/d/x.txt": "one"}


# ---------------------------------------------------------------- security descriptors


def sid(*parts: int) -> bytes:
    authority, *rest = parts
    return bytes([1, len(rest)]) + authority.to_bytes(6, "big") + struct.pack(f"<{len(rest)}I", *rest)


def ace(kind: int, mask: int, who: bytes, flags: int = 0, before: bytes = b"") -> bytes:
    body = before + who
    return struct.pack("<BBHI", kind, flags, 8 + len(body), mask) + body


def descriptor(*aces: bytes, owner: bytes = sid(*DOMAIN, 1105), present: bool = True) -> bytes:
    body = b"".join(aces)
    access_list = struct.pack("<BBHHH", 2, 0, 8 + len(body), len(aces), 0) + body
    control = 0x8000 | (0x4 if present else 0)
    return struct.pack("<BBHIIII", 1, 0, control, 20, 0, 0, 20 + len(owner)) + owner + access_list


ALLOW, DENY = 0, 1
READ = 0x120089
EVERYONE, STAFF_SID, SYSTEM, ADMINS = sid(1, 0), sid(5, 11), sid(5, 18), sid(5, 32, 544)
ME, OTHER_SID = sid(*DOMAIN, 1105), sid(*DOMAIN, 1200)


@pytest.mark.parametrize(
    ("aces", "words"),
    [
        ([ace(ALLOW, READ, EVERYONE)], "everyone"),
        ([ace(ALLOW, READ, sid(*DOMAIN, 514))], "everyone"),
        ([ace(ALLOW, READ, STAFF_SID)], "all staff"),
        ([ace(ALLOW, READ, sid(*DOMAIN, 513))], "all staff"),
        ([ace(ALLOW, 0x10000000, sid(5, 32, 545))], "all staff"),
        ([ace(ALLOW, READ, ME), ace(ALLOW, READ, OTHER_SID)], "a group (?)"),
        ([ace(ALLOW, READ, ME), ace(ALLOW, 0x1F01FF, SYSTEM), ace(ALLOW, 0x1F01FF, ADMINS)], "one"),
        ([ace(ALLOW, 0x1F01FF, sid(*DOMAIN, 512))], "one"),
        ([ace(ALLOW, 0x2, EVERYONE), ace(ALLOW, READ, ME)], "one"),
        ([ace(DENY, READ, STAFF_SID), ace(ALLOW, READ, STAFF_SID), ace(ALLOW, READ, ME)], "one"),
        ([ace(DENY, READ, EVERYONE), ace(ALLOW, READ, STAFF_SID)], "one"),
        ([ace(DENY, 0x2, STAFF_SID), ace(ALLOW, READ, STAFF_SID)], "all staff"),
        ([ace(ALLOW, READ, EVERYONE, flags=0x0B), ace(ALLOW, READ, ME)], "one"),
        ([ace(5, READ, STAFF_SID, before=struct.pack("<I", 1) + b"g" * 16)], "all staff"),
        ([ace(ALLOW, READ, sid(22, 1, 1000)), ace(ALLOW, READ, sid(22, 1, 1001))], "a few"),
        ([], "one"),
    ],
    ids=[
        "everyone", "guests", "authenticated", "domain users", "users, generic", "one who is not known", "administrators do not count",
        "domain admins", "may write only", "denied first", "all denied", "denied to write", "for what lies below only", "object", "unix users", "empty",
    ],
)  # fmt: skip
def test_descriptors(aces, words):
    found = descriptor_rights(descriptor(*aces), Exposing())
    assert found is not None
    assert (str(found.exposure), found.owner) == (words, "S-1-5-21-1-2-3-1105")


def test_no_access_list_is_no_restriction():
    assert str(descriptor_rights(descriptor(present=False), Exposing()).exposure) == "everyone"


def test_sizes_of_groups_come_from_the_settings():
    raw = descriptor(ace(ALLOW, READ, OTHER_SID), ace(ALLOW, READ, ME))
    name = "S-1-5-21-1-2-3-1200"
    assert str(descriptor_rights(raw, Exposing(groups={name: 30})).exposure) == "a group (31)"
    assert str(descriptor_rights(raw, Exposing(staff=(name,))).exposure) == "all staff"


def test_any_cut_of_a_descriptor_is_survived():
    raw = descriptor(ace(ALLOW, READ, ME), ace(ALLOW, READ, STAFF_SID))
    for end in range(len(raw)):
        found = descriptor_rights(raw[:end], Exposing())
        assert found is None or found.exposure.reach >= Reach.ONE
    with pytest.raises(ValueError):
        sid_text(b"\x02" + ME[1:], 0)


def test_windows_asks_the_system(monkeypatch, tmp_path):
    """The code path of Windows, with its one call replaced."""
    asked = []
    monkeypatch.setattr(rights, "_read_descriptor", lambda path: asked.append(path) or descriptor(ace(ALLOW, READ, STAFF_SID)))
    found = rights.windows_rights("C:\\名簿.xlsx", Exposing())
    assert (str(found.exposure), asked) == ("all staff", ["C:\\名簿.xlsx"])
    monkeypatch.setattr(rights, "_read_descriptor", lambda path: None)
    assert rights.windows_rights("C:\\closed", Exposing()) is None
    monkeypatch.setattr("piiscan.sources.local._WINDOWS", True)
    monkeypatch.setattr("piiscan.sources.local._reach", lambda native: native)
    monkeypatch.setattr(rights, "_read_descriptor", lambda path: descriptor(ace(ALLOW, READ, EVERYONE)))
    (tmp_path / "a.txt").write_bytes(b"a")
    (item,) = LocalSource(str(tmp_path)).walk()
    assert (item.owner, item.readable_by) == ("S-1-5-21-1-2-3-1105", "everyone")


def test_get_file_security_is_called_as_windows_wants_it(monkeypatch):
    import ctypes

    raw = descriptor(ace(ALLOW, READ, ME))
    calls = []

    class Windll:
        class advapi32:  # noqa: N801 -- its name
            @staticmethod
            def GetFileSecurityW(path, wanted, buffer, size, needed):  # noqa: N802 -- its name
                calls.append((path.value, wanted, size))
                needed._obj.value = len(raw)
                if buffer is None:
                    return 0
                buffer[: len(raw)] = raw
                return 1

    monkeypatch.setattr(ctypes, "windll", Windll, raising=False)
    assert str(rights.windows_rights("C:\\a", Exposing()).exposure) == "one"
    assert calls == [("C:\\a", 5, 0), ("C:\\a", 5, len(raw))]


@pytest.mark.parametrize(
    ("kind", "mounted", "server"),
    [
        ("cifs", "//FS01/share/dir", "fs01"),
        ("nfs4", "nas.local:/export", "nas.local"),
        ("nfs", "[fe80::1]:/x", "[fe80::1]"),
        ("fuse.sshfs", "me@host:/home", "host"),
        ("ext4", "/dev/sda1", ""),
    ],
)
def test_a_mount_names_its_server(kind, mounted, server):
    assert server_of_mount(kind, mounted) == server
