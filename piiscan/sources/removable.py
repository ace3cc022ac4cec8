"""Removable drives that are plugged in now, and what the platform itself says of them.

* Linux: mounted block devices that ``/sys/block/*/removable`` or their place on
  the USB bus calls removable; an unlocked LUKS volume leads to the stick below
  it. Label, serial, and encryption from ``lsblk``.
* macOS: mounts below ``/Volumes`` whose ``diskutil info -plist`` says external,
  removable or ejectable.
* Windows: drive letters for which ``GetDriveTypeW`` answers *removable*; label
  and serial from ``GetVolumeInformationW``, BitLocker from the shell. (USB hard
  disks call themselves fixed there: give their letter.)

``_mounts``, ``_sys_block``, ``_output_of`` and ``_windows`` are the outermost
edge, the only things that a test replaces. Nothing here asks for more rights
than a plain user has.
"""

from __future__ import annotations

import json
import os
import plistlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import psutil

__all__ = ["Drive", "drive_at", "removable_drives"]

_PARTITION = re.compile(r"^(?:(nvme\d+n\d+|mmcblk\d+)p\d+|([a-z]+)\d*)$")
_ENCRYPTED_FS = {"crypto_LUKS", "BitLocker"}
_DRIVE_REMOVABLE = 2  # winbase.h


@dataclass(frozen=True, slots=True)
class Drive:
    """A mounted drive. ``encrypted`` is ``None`` when nobody can tell; ``volume_id`` is the file system's own id.

    ``below`` is the folder that is meant when it is not the whole drive; for a folder on no known drive, its whole path.
    """

    mount: str
    device: str = ""
    filesystem: str = ""
    label: str = ""
    serial: str = ""
    volume_id: str = ""
    model: str = ""
    size: int = 0
    encrypted: bool | None = None
    below: str = ""


# --------------------------------------------------------------------- the edge


def _mounts() -> list[tuple[str, str, str, str]]:
    """``(device, mount point, filesystem, options)`` of every mounted file system."""
    return [(part.device, part.mountpoint, part.fstype, part.opts) for part in psutil.disk_partitions(all=False)]


def _sys_block() -> Path:
    return Path("/sys/block")


def _output_of(*command: str) -> bytes:
    """What a tool of the system prints; nothing when it is missing, fails, or hangs."""
    program = shutil.which(command[0])
    if program is None:
        return b""
    try:
        done = subprocess.run([program, *command[1:]], capture_output=True, timeout=20, check=False)  # noqa: S603 -- fixed commands
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


class _Windows(Protocol):
    """What is asked of Windows."""

    def roots(self) -> list[str]: ...
    def drive_type(self, root: str) -> int: ...
    def volume(self, root: str) -> tuple[str, str, str]: ...


class _RealWindows:
    """kernel32, by ctypes."""

    def __init__(self) -> None:
        import ctypes

        self._ctypes: Any = ctypes
        self._kernel32: Any = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]

    def roots(self) -> list[str]:
        letters = self._kernel32.GetLogicalDrives()
        return [f"{chr(65 + i)}:\\" for i in range(26) if letters >> i & 1]

    def drive_type(self, root: str) -> int:
        return int(self._kernel32.GetDriveTypeW(root))

    def volume(self, root: str) -> tuple[str, str, str]:
        """Label, serial, file system; empty when there is no medium."""
        label, filesystem = self._ctypes.create_unicode_buffer(261), self._ctypes.create_unicode_buffer(261)
        serial = self._ctypes.c_uint32()
        there = self._kernel32.GetVolumeInformationW(root, label, 261, self._ctypes.byref(serial), None, None, filesystem, 261)
        return (label.value, f"{serial.value:08X}", filesystem.value) if there else ("", "", "")


def _windows() -> _Windows:
    return _RealWindows()


# ---------------------------------------------------------------------- drives


def removable_drives(platform: str = sys.platform) -> list[Drive]:
    """The removable drives that are mounted, in mount order."""
    return [drive for drive, removable in _drives(platform) if removable]


def drive_at(mount: Path, platform: str = sys.platform) -> Drive:
    """What is known of the drive on which ``mount`` lies, removable or not; for a plain folder at least its path."""
    resolved = os.path.realpath(mount)
    best: Drive | None = None
    for drive, _ in _drives(platform):
        base = drive.mount.rstrip("/\\")
        inside = resolved in {drive.mount, base} or resolved.startswith((base + "/", base + "\\"))
        if inside and base and (best is None or len(drive.mount) > len(best.mount)):
            best = drive
    if best is None:
        return Drive(resolved, below=resolved)
    return replace(best, mount=resolved, below=resolved[len(best.mount.rstrip("/\\")) :].strip("/\\").replace("\\", "/"))


def _drives(platform: str) -> Iterator[tuple[Drive, bool]]:
    if platform == "win32":
        yield from _windows_drives()
    elif platform == "darwin":
        yield from _mac_drives()
    else:
        yield from _linux_drives()


def _linux_drives() -> Iterator[tuple[Drive, bool]]:
    facts: dict[str, dict[str, Any]] | None = None
    for device, mount, filesystem, _ in _mounts():
        if facts is None:
            facts = _lsblk()
        block = _block_of(device)
        fact = facts.get(os.path.realpath(device)) or facts.get(device) or {}
        yield (
            Drive(
                mount,
                device,
                filesystem,
                label=str(fact.get("label") or ""),
                serial=str(fact.get("serial") or ""),
                volume_id=str(fact.get("uuid") or ""),
                model=" ".join(str(fact.get(name) or "").strip() for name in ("vendor", "model")).strip(),
                size=int(fact.get("size") or 0),
                encrypted=bool(fact["encrypted"]) if fact else None,
            ),
            block is not None and _is_removable(block),
        )


def _lsblk() -> dict[str, dict[str, Any]]:
    """Facts by device path; a partition inherits serial and model of its disk, what lies in a crypt layer is encrypted."""
    output = _output_of("lsblk", "--json", "--bytes", "--output", "PATH,TYPE,FSTYPE,LABEL,UUID,SERIAL,VENDOR,MODEL,SIZE")
    try:
        tree = json.loads(output)["blockdevices"]
    except (ValueError, KeyError, TypeError):
        return {}
    found: dict[str, dict[str, Any]] = {}

    def take(node: Mapping[str, Any], above: Mapping[str, Any]) -> None:
        fact = dict(node)
        for name in ("serial", "vendor", "model"):
            fact[name] = node.get(name) or above.get(name)
        fact["encrypted"] = bool(above.get("encrypted")) or node.get("type") == "crypt" or node.get("fstype") in _ENCRYPTED_FS
        found[str(node.get("path"))] = fact
        for child in node.get("children", ()):
            take(child, fact)

    for node in tree:
        take(node, {})
    return found


def _block_of(device: str) -> Path | None:
    """``/dev/sdb1`` -> ``/sys/block/sdb``; ``/dev/mapper/luks-…`` -> the disk below it."""
    name = Path(os.path.realpath(device)).name
    for _ in range(4):  # crypt on LVM on a partition
        slaves = _sys_block() / name / "slaves"
        below = sorted(path.name for path in slaves.iterdir()) if slaves.is_dir() else []
        if not below:
            break
        name = below[0]
    match = _PARTITION.match(name)
    return _sys_block() / (match.group(1) or match.group(2)) if match else None


def _is_removable(block: Path) -> bool:
    try:
        if (block / "removable").read_text(encoding="ascii").strip() == "1":
            return True
        # USB hard disks say removable = 0; their device path goes through the USB bus.
        return "/usb" in block.resolve().as_posix()
    except OSError:
        return False


def _mac_drives() -> Iterator[tuple[Drive, bool]]:
    for device, mount, filesystem, _ in _mounts():
        if not mount.startswith("/Volumes/"):
            continue
        try:
            fact = plistlib.loads(_output_of("diskutil", "info", "-plist", mount))
        except (plistlib.InvalidFileException, ValueError):
            fact = {}
        encrypted = fact.get("FileVault", fact.get("Encryption"))
        yield (
            Drive(
                mount,
                device,
                filesystem,
                label=str(fact.get("VolumeName", "")),
                volume_id=str(fact.get("VolumeUUID", "")),
                serial=str(fact.get("DiskUUID", "")),
                model=str(fact.get("MediaName", "")),
                size=int(fact.get("TotalSize", 0)),
                encrypted=bool(encrypted) if encrypted is not None else None,
            ),
            # a disk image or a network share is local or remote, but neither removable nor external
            bool(fact.get("RemovableMediaOrExternalDevice") or fact.get("Removable") or fact.get("Ejectable"))
            and not fact.get("Internal", True)
            and fact.get("BusProtocol") != "Disk Image",
        )


def _windows_drives() -> Iterator[tuple[Drive, bool]]:
    windows = _windows()
    for root in windows.roots():
        kind = windows.drive_type(root)
        label, serial, filesystem = windows.volume(root)
        if not filesystem:  # a card reader without a card
            continue
        removable = kind == _DRIVE_REMOVABLE
        yield Drive(root, root[:2], filesystem, label, "", serial, encrypted=_bitlocker(root) if removable else None), removable


def _bitlocker(root: str) -> bool | None:
    """``System.Volume.BitLockerProtection``: 1 on, 2 off, 3 being encrypted, 5 suspended; a plain user may ask."""
    ask = f"(New-Object -ComObject Shell.Application).NameSpace('{root[:2]}').Self.ExtendedProperty('System.Volume.BitLockerProtection')"
    answer = _output_of("powershell", "-NoProfile", "-NonInteractive", "-Command", ask).strip()
    return {b"1": True, b"3": False, b"5": False, b"2": False, b"0": False}.get(answer)
