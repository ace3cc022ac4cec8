"""WHERE: walks roots and opens what lies there, read-only.

A source is a class of :data:`SOURCES`; :func:`source_for` picks the one that a
root belongs to, :func:`distinct_roots` keeps a folder from being crawled twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from piiscan.settings import Settings
from piiscan.sources.base import Carried, Carrier, Pace, RootError, Source, problem_of, unlimited
from piiscan.sources.local import LocalSource
from piiscan.sources.smb import SmbSource

__all__ = [
    "SOURCES",
    "Carried",
    "Carrier",
    "LocalSource",
    "Pace",
    "RootError",
    "SmbSource",
    "Source",
    "distinct_roots",
    "problem_of",
    "source_for",
]

#: Every source, by the scheme of its roots; a root without a scheme is the first one's.
SOURCES: tuple[type[LocalSource | SmbSource], ...] = (LocalSource, SmbSource)

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+)://")  # two letters at least: C:// is a drive


def _class_of(root: str) -> type[LocalSource | SmbSource]:
    found = _SCHEME.match(root)
    if not found:
        return SOURCES[0]
    for source in SOURCES:
        if source.scheme == found[1].lower():
            return source
    shown = "the root" if "@" in root else repr(root)
    raise RootError(f"{shown}: {found[1]}:// is no kind of root that piiscan knows; give a folder, a file, or smb://server/share")


def source_for(root: str, settings: Settings, *, own_files: Iterable[Path] = (), paces: Callable[[str], Pace] = unlimited) -> Source:
    r"""The source that reads ``root``: a folder or file, ``file:///…``, ``smb://server/share/…``, or ``\\server\share`` on Windows.

    :param own_files: piiscan's own files (``Inventory.own_files``); met below a root they are skipped, with their reason.
    :param paces: gives what the crawl asks before each use of the server that it names.
    :raises RootError: when the root does not exist or cannot be read.
    :raises SettingsError: when an exclude or include pattern is none, or a login cannot be had.
    """
    return _class_of(root).at(root, settings, own_files=own_files, paces=paces)


def distinct_roots(roots: Sequence[str]) -> list[str]:
    """``roots`` without those that lie inside (or are the same as) another one; in the given order.

    Roots that do not exist are kept: :func:`source_for` says what is wrong with them.
    """
    places = [_class_of(root).place(root) for root in roots]
    kept: list[str] = []
    for i, (root, place) in enumerate(zip(roots, places, strict=True)):
        inside = any(place != other and place[: len(other)] == other for other in places)
        if not inside and place not in places[:i]:
            kept.append(root)
    return kept
