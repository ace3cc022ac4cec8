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


def _lock_path(inventory: str) -> Path | None:
    """Beside an SQLite file; ``None`` for a server's database."""
    if "://" not in inventory:
        return Path(inventory + ".lock")
    return Path(inventory.partition("://")[2].removeprefix("/") + ".lock") if inventory.startswith("sqlite") else None


@contextlib.contextmanager
def inventory_lock(inventory: str) -> Iterator[None]:
    """Hold the inventory, or fail at once. A server's is not held as a whole: each scan holds its roots there.

    :raises InventoryBusyError: when another run holds it.
    :raises OSError: when the lock file cannot be made.
    """
    path = _lock_path(inventory)
    if path is None:
        yield
        return
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
    if "://" in settings.inventory:
        return [settings.key_path()]
    base = settings.inventory
    return [Path(base + suffix) for suffix in ("", "-wal", "-shm", "-journal", ".lock")] + [settings.key_path()]
