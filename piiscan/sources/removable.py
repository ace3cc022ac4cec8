"""Removable drives that are plugged in now, from the facts that the platform itself gives.

* Linux: ``/sys/block/*/removable`` or a USB device path, and what is mounted of it.
* Windows: ``psutil`` marks the drive ``removable``.
* macOS: a mount below ``/Volumes`` that is not the system's.

``_mounts`` and ``_sys_block`` are the outermost edge, the only thing that a
test replaces.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

__all__ = ["Drive", "removable_drives"]

_PARTITION = re.compile(r"^(?:(nvme\d+n\d+|mmcblk\d+)p\d+|([a-z]+)\d*)$")


@dataclass(frozen=True, slots=True)
class Drive:
    """A mounted removable drive."""

    mount: str
    device: str
    filesystem: str


def _mounts() -> list[tuple[str, str, str, str]]:
    """``(device, mount point, filesystem, options)`` of every mounted file system."""
    return [(part.device, part.mountpoint, part.fstype, part.opts) for part in psutil.disk_partitions(all=False)]


def _sys_block() -> Path:
    return Path("/sys/block")


def removable_drives(platform: str = sys.platform) -> list[Drive]:
    """The removable drives that are mounted, in mount order."""
    found = []
    for device, mount, filesystem, options in _mounts():
        if platform == "win32":
            removable = "removable" in options.split(",")
        elif platform == "darwin":
            removable = mount.startswith("/Volumes/") and "local" in options.split(",")
        else:
            removable = _is_removable_block(device)
        if removable:
            found.append(Drive(mount, device, filesystem))
    return found


def _is_removable_block(device: str) -> bool:
    match = _PARTITION.match(Path(device).name)
    if not match:
        return False
    block = _sys_block() / (match.group(1) or match.group(2))
    try:
        if (block / "removable").read_text(encoding="ascii").strip() == "1":
            return True
        # USB hard disks say removable = 0; their device path goes through the USB bus.
        return "/usb" in str(block.resolve())
    except OSError:
        return False
