"""Walking the paths that ``inspect`` and ``extract`` are given."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from piiscan.model import Unread
from piiscan.problems import Problem
from piiscan.settings import Settings

__all__ = ["each_file", "scratch"]


def each_file(paths: Iterable[Path], settings: Settings) -> Iterator[tuple[Path, Problem | None]]:
    """Every file at or below ``paths``, as given; with the problem if it will not be read."""
    from piiscan.sources import source_for

    for path in paths:
        if path.is_file() and not path.is_symlink():
            yield path, None
            continue
        source = source_for(str(path), settings)
        for met in source.walk():
            if isinstance(met, Unread):
                yield path / met.item.key, met.problem
            else:
                yield (path / met.key if path.is_dir() else path), None


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A private folder for spooled members, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="piiscan-members-") as folder:
        yield Path(folder)
