"""Walking the paths that ``inspect`` and ``extract`` are given."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from piiscan.cli.common import fail
from piiscan.model import Unread
from piiscan.problems import Problem
from piiscan.settings import Settings

__all__ = ["each_file", "scratch"]


def each_file(paths: Iterable[Path], settings: Settings) -> Iterator[tuple[Path, Path, Problem | None]]:
    """Every file at or below ``paths``: as it is called, as it is opened, and the problem if it will not be read.

    The two differ where a name is no Unicode: what it is called has escapes then. What is no file at all ends the run.
    """
    from piiscan.sources import RootError, source_for

    for path in paths:
        if path.is_file() and not path.is_symlink():
            yield path, path, None
            continue
        try:
            source = source_for(str(path), settings)
        except RootError as error:
            fail(error)
        for met in source.walk():
            if isinstance(met, Unread):
                yield path / met.item.key, path, met.problem
                continue
            called = path / met.key if path.is_dir() else path
            yield called, source.local_path(met) or called, None


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A private folder for spooled members, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="piiscan-members-") as folder:
        yield Path(folder)
