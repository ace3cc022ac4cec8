"""Folders in the system's temporary folder that only we can enter, and what is left of those of runs that were killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import psutil

__all__ = ["private_folder", "sweep"]

_PREFIX = "piiscan-"


def private_folder() -> Path:
    """A new folder in the system's temporary folder that only we can enter; its name carries our pid."""
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def sweep() -> int:
    """Remove private folders of runs that are no more. Returns how many."""
    swept = 0
    for entry in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = entry.name.removeprefix(_PREFIX).split("-", 1)[0]
        with contextlib.suppress(OSError):
            if pid.isdigit() and entry.is_dir() and not entry.is_symlink() and not psutil.pid_exists(int(pid)):
                if hasattr(os, "getuid") and entry.stat().st_uid != os.getuid():
                    continue
                shutil.rmtree(entry, ignore_errors=True)
                swept += 1
    return swept
