"""WHERE: walks roots and opens what lies there, read-only.

A source is a class of :data:`SOURCES`; :func:`source_for` picks the one that a
root belongs to, :func:`distinct_roots` keeps a folder from being crawled twice.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from piiscan.settings import Settings
from piiscan.sources.base import RootError, Source, problem_of
from piiscan.sources.local import LocalSource

__all__ = ["SOURCES", "LocalSource", "RootError", "Source", "distinct_roots", "problem_of", "source_for"]

#: Every source; the first that knows a root's scheme reads it.
SOURCES: tuple[type[LocalSource], ...] = (LocalSource,)

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+)://")  # two letters at least: C:// is a drive


def _local(root: str) -> str:
    found = _SCHEME.match(root)
    if found and found[1].lower() == "smb":
        raise RootError(f"{root!r}: smb:// roots cannot be read yet; mount the share and give the folder where it is mounted")
    if found and found[1].lower() != "file":
        raise RootError(f"{root!r}: {found[1]}:// is no kind of root that piiscan knows; give a folder or a file")
    if not root:
        raise RootError("an empty root; give a folder or a file")
    if "\0" in root:
        raise RootError(f"{root!r} holds a NUL character; give a folder or a file")
    if root.startswith("\\\\") and sys.platform != "win32" and not Path(root).exists():
        raise RootError(f"{root!r}: a UNC path can be opened on Windows only; mount the share and give the folder where it is mounted")
    return root[len("file://") :] if found else root


def source_for(root: str, settings: Settings, *, own_files: Iterable[Path] = ()) -> Source:
    r"""The source that reads ``root``: a folder or file, ``file:///…``, or ``\\server\share`` on Windows.

    :param own_files: piiscan's own files (``Inventory.own_files``); met below a root they are skipped, with their reason.
    :raises RootError: when the root does not exist or cannot be read.
    :raises SettingsError: when an exclude or include pattern is none.
    """
    return LocalSource(_local(root), exclude=settings.exclude, include=settings.include, own_files=own_files)


def distinct_roots(roots: Sequence[str]) -> list[str]:
    """``roots`` without those that lie inside (or are the same as) another one; in the given order.

    Roots that do not exist are kept: :func:`source_for` says what is wrong with them.
    """
    resolved = [os.path.normcase(os.path.realpath(_local(root))) for root in roots]
    kept: list[str] = []
    for i, (root, path) in enumerate(zip(roots, resolved, strict=True)):
        inside = any(path.startswith(other.rstrip(os.sep) + os.sep) for j, other in enumerate(resolved) if j != i and path != other)
        if not inside and path not in resolved[:i]:
            kept.append(root)
    return kept
