"""One run an inventory: a lock file beside it, let go by the system when its holder dies."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from piiscan.settings import Settings

__all__ = ["InventoryBusyError", "inventory_lock", "lock_name", "own_files_of"]


class InventoryBusyError(RuntimeError):
    """Another run holds the inventory."""


def lock_name(inventory: str) -> str:
    """Short name of an inventory that is no file, for files of ours about it."""
    return hashlib.sha256(inventory.encode()).hexdigest()[:16]


def _file_of(inventory: str) -> str | None:
    """The file of an SQLite inventory; ``None`` for a server's database."""
    if "://" not in inventory:
        return inventory
    return inventory.partition("://")[2].removeprefix("/") if inventory.startswith("sqlite") else None


@contextlib.contextmanager
def inventory_lock(inventory: str) -> Iterator[None]:
    """Hold the inventory, or fail at once. A server's is not held as a whole: each scan holds its roots there.

    :raises InventoryBusyError: when another run holds it.
    :raises OSError: when the lock file cannot be made.
    """
    file = _file_of(inventory)
    if file is None or Path(file).is_dir():  # a folder is refused when it is opened, and keeps no lock of ours beside it
        yield
        return
    path = Path(file + ".lock")
    lock = FileLock(path, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not path.exists():  # some systems refuse a new file in a way that reads like a held lock
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), inventory) from None
        raise InventoryBusyError(inventory) from None
    try:
        yield
    finally:
        lock.release()


def own_files_of(settings: Settings) -> list[Path]:
    """Files of ours that may lie below a root and must not be scanned."""
    file = _file_of(settings.inventory)
    suffixes = ("", "-wal", "-shm", "-journal", ".lock") if file is not None else ()
    return [Path(f"{file}{suffix}") for suffix in suffixes] + [settings.key_path()]
