"""Removable drives on the three systems; only the outermost edge is replaced."""

import json
import plistlib
from pathlib import Path

import pytest

from piiscan.sources import removable
from piiscan.sources.removable import drive_at, removable_drives


@pytest.fixture
def linux(tmp_path, monkeypatch):
    """A machine with a system disk, a stick, a LUKS stick, a USB hard disk and a network share."""
    block = tmp_path / "sys" / "block"
    usb = tmp_path / "sys" / "devices" / "pci0" / "usb1" / "sdd"
    usb.mkdir(parents=True)
    for name, flag in (("sda", "0"), ("sdb", "1"), ("sdc", "1")):
        (block / name).mkdir(parents=True)
        (block / name / "removable").write_text(flag + "\n", encoding="ascii")
    (usb / "removable").write_text("0\n", encoding="ascii")
    (block / "sdd").symlink_to(usb)
    (block / "dm-0" / "slaves" / "sdc1").mkdir(parents=True)
    (tmp_path / "dev" / "mapper").mkdir(parents=True)
    (tmp_path / "dev" / "dm-0").touch()
    (tmp_path / "dev" / "mapper" / "luks-1").symlink_to(tmp_path / "dev" / "dm-0")
    mounts = [
        ("/dev/sda2", "/", "ext4", "rw"),
        ("/dev/sdb1", "/media/taro/STICK", "vfat", "rw"),
        (str(tmp_path / "dev" / "mapper" / "luks-1"), "/media/taro/SAFE", "ext4", "rw"),
        ("/dev/sdd1", "/media/taro/DISK", "exfat", "rw"),
        ("//server/share", "/mnt/share", "cifs", "rw"),
    ]
    tree = {
        "blockdevices": [
            {"path": "/dev/sda", "type": "disk", "children": [{"path": "/dev/sda2", "type": "part", "fstype": "ext4"}]},
            {
                "path": "/dev/sdb", "type": "disk", "serial": "AA11", "vendor": "Elecom ", "model": "MF-X", "size": 8,
                "children": [{"path": "/dev/sdb1", "type": "part", "fstype": "vfat", "label": "STICK", "uuid": "1A2B-3C4D", "size": 7}],
            },
            {
                "path": "/dev/sdc", "type": "disk", "serial": "CC33",
                "children": [{
                    "path": "/dev/sdc1", "type": "part", "fstype": "crypto_LUKS",
                    "children": [{"path": str(tmp_path / "dev" / "dm-0"), "type": "crypt", "fstype": "ext4", "label": "SAFE"}],
                }],
            },
        ]
    }  # fmt: skip
    monkeypatch.setattr(removable, "_mounts", lambda: mounts)
    monkeypatch.setattr(removable, "_sys_block", lambda: block)
    monkeypatch.setattr(removable, "_output_of", lambda *command: json.dumps(tree).encode() if command[0] == "lsblk" else b"")
    return monkeypatch


def test_linux_sticks_and_what_lsblk_says(linux):
    drives = {drive.mount: drive for drive in removable_drives("linux")}
    assert set(drives) == {"/media/taro/STICK", "/media/taro/SAFE", "/media/taro/DISK"}
    stick, safe = drives["/media/taro/STICK"], drives["/media/taro/SAFE"]
    assert (stick.label, stick.serial, stick.volume_id, stick.model, stick.encrypted) == (
        "STICK",
        "AA11",
        "1A2B-3C4D",
        "Elecom MF-X",
        False,
    )
    assert (safe.serial, safe.encrypted) == ("CC33", True)
    assert drives["/media/taro/DISK"].encrypted is None  # lsblk did not know it


def test_linux_without_lsblk(linux):
    linux.setattr(removable, "_output_of", lambda *_: b"")
    assert {drive.mount for drive in removable_drives("linux")} == {"/media/taro/STICK", "/media/taro/SAFE", "/media/taro/DISK"}


def test_the_drive_on_which_a_folder_lies(linux):
    drive = drive_at(Path("/media/taro/STICK/資料"), "linux")
    assert (drive.mount, drive.below, drive.serial) == ("/media/taro/STICK/資料", "資料", "AA11")
    assert drive_at(Path("/media/taro/STICKS"), "linux").serial == ""  # a longer name is another folder


def test_mac(monkeypatch):
    facts = {
        "/Volumes/STICK": {
            "VolumeName": "STICK",
            "VolumeUUID": "U1",
            "RemovableMediaOrExternalDevice": True,
            "Internal": False,
            "FileVault": True,
        },
        "/Volumes/Installer": {"RemovableMediaOrExternalDevice": True, "Internal": False, "BusProtocol": "Disk Image"},
        "/Volumes/Data": {"Internal": True},
    }
    monkeypatch.setattr(
        removable, "_mounts", lambda: [("/dev/disk1", "/", "apfs", "local"), *(("/dev/d", m, "apfs", "local") for m in facts)]
    )
    monkeypatch.setattr(removable, "_output_of", lambda *command: plistlib.dumps(facts[command[3]]))
    drives = removable_drives("darwin")
    assert [(drive.mount, drive.label, drive.volume_id, drive.encrypted) for drive in drives] == [("/Volumes/STICK", "STICK", "U1", True)]


def test_mac_when_diskutil_says_nothing(monkeypatch):
    monkeypatch.setattr(removable, "_mounts", lambda: [("/dev/d", "/Volumes/STICK", "apfs", "local")])
    monkeypatch.setattr(removable, "_output_of", lambda *_: b"")
    assert removable_drives("darwin") == []


def test_windows(monkeypatch):
    class Windows:
        def roots(self):
            return ["C:\\", "D:\\", "E:\\", "Z:\\"]

        def drive_type(self, root):
            return {"C:\\": 3, "D:\\": 2, "E:\\": 2, "Z:\\": 4}[root]

        def volume(self, root):
            return ("", "", "") if root == "D:\\" else ("持出用", "1A2B3C4D", "exFAT")

    monkeypatch.setattr(removable, "_windows", Windows)
    monkeypatch.setattr(removable, "_output_of", lambda *command: b"1\r\n" if command[0] == "powershell" else b"")
    (drive,) = removable_drives("win32")  # D: is a card reader without a card
    assert (drive.mount, drive.label, drive.volume_id, drive.encrypted) == ("E:\\", "持出用", "1A2B3C4D", True)
