"""Archives that were cut into several files: those beside the one that is read, joined.

Only a file that lies in a folder has others beside it; a member of an archive
or a copy of a file from elsewhere is read alone.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from piiscan.extractors.archive._streams import Pieces
from piiscan.extractors.base import Reading, open_quietly

__all__ = ["Joined", "first_of_numbered", "later_volume", "volumes"]

_NUMBERED = re.compile(r"(.+\.(?:7z|zip|rar|tar|t?gz|t?bz2|t?xz|t?zst|lzh|cab|iso|exe)\.)(\d{3})", re.DOTALL | re.IGNORECASE)
_PART = re.compile(r"(.+\.part)(\d{1,5})(\.rar)", re.DOTALL | re.IGNORECASE)
_OLD = re.compile(r"(.+)\.([rz]\d\d)", re.DOTALL | re.IGNORECASE)


def later_volume(name: str) -> bool:
    """Whether the name is that of a volume which is read together with another: ``all.7z.002``, ``all.part2.rar``, ``all.r00``, ``all.z01``."""
    for pattern in (_NUMBERED, _PART):
        if found := pattern.fullmatch(name):
            return int(found[2]) > 1
    return _OLD.fullmatch(name) is not None


def first_of_numbered(name: str) -> str:
    """Name of the whole when this is the first piece of a file cut by size: ``all.7z.001`` → ``all.7z``; else empty."""
    found = _NUMBERED.fullmatch(name)
    return found[1][:-1] if found and int(found[2]) == 1 else ""


def _others(name: str) -> Iterator[str]:
    """Names of the volumes after the first (of a zip: those before the last) in order, without end."""
    if found := _NUMBERED.fullmatch(name):
        yield from (f"{found[1]}{number:03}" for number in itertools.count(int(found[2]) + 1))
    elif found := _PART.fullmatch(name):
        yield from (f"{found[1]}{number:0{len(found[2])}}{found[3]}" for number in itertools.count(int(found[2]) + 1))
    elif name.lower().endswith(".rar"):
        yield from (f"{name[:-3]}{name[-3]}{number:02}" for number in range(100))
    elif name.lower().endswith(".zip"):
        yield from (f"{name[:-3]}{name[-3]}{number:02}" for number in itertools.count(1))


def volumes(reading: Reading) -> list[Path]:
    """All files of the archive whose first one (of a zip: the last one) is read, in order; empty when it stands alone."""
    if reading.depth or reading.path.name != reading.name or later_volume(reading.name):
        return []
    found = []
    for name in _others(reading.name):
        path = reading.path.with_name(name)
        if path.is_symlink() or not path.is_file():
            break
        found.append(path)
    if not found:
        return []
    return [*found, reading.path] if reading.name.lower().endswith(".zip") else [reading.path, *found]


class Joined(Pieces):
    """Files one after the other, read as one."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._files = [open_quietly(path) for path in paths]
        super().__init__([(file, 0, path.stat().st_size) for file, path in zip(self._files, paths, strict=True)])

    def close(self) -> None:
        for file in self._files:
            file.close()
        super().close()
