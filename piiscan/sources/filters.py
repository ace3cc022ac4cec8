"""Which entries are left out: exclude and include globs as in ``.gitignore``, and piiscan's own files.

Patterns are compiled once. They are matched against the path below the root,
``/``-separated; a pattern that ends in ``/`` matches folders only; ``!`` takes
back an earlier pattern. A folder that matches is not entered.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from piiscan.settings import SettingsError

__all__ = ["OWN_FILE", "Filters"]

#: Detail of the ``excluded`` problem of piiscan's own files.
OWN_FILE = "piiscan's own file"


def _compile(patterns: Sequence[str], setting: str) -> GitIgnoreSpec | None:
    if not patterns:
        return None
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except (GitIgnorePatternError, ValueError, re.error):
        for pattern in patterns:
            try:
                GitIgnoreSpec.from_lines([pattern])
            except (GitIgnorePatternError, ValueError, re.error):
                raise SettingsError(
                    f"{setting}: {pattern!r} is not a pattern as in .gitignore; write for example '*.iso' or '/tmp/'"
                ) from None
        raise


class Filters:
    """Decides for one root what is left out, and by which rule.

    :param own_files: files and folders that piiscan itself writes; they are never scanned.
    :raises SettingsError: for a pattern that is none.
    """

    def __init__(self, exclude: Sequence[str] = (), include: Sequence[str] = (), own_files: Iterable[Path] = ()) -> None:
        self._exclude = _compile(exclude, "exclude")
        self._include = _compile(include, "include")
        self._own = frozenset(_normal(path) for path in own_files)

    def folder(self, relative: str, native: str) -> str | None:
        """The rule that leaves out this folder (``relative`` without trailing slash), or ``None``."""
        if self._own and os.path.normcase(native) in self._own:
            return OWN_FILE
        return self._excluded(relative + "/") if self._exclude else None

    def file(self, relative: str, native: str) -> str | None:
        """The rule that leaves out this file, or ``None``."""
        if self._own and os.path.normcase(native) in self._own:
            return OWN_FILE
        if self._exclude and (rule := self._excluded(relative)) is not None:
            return rule
        if self._include and not self._include.match_file(relative):
            return "no include pattern matches"
        return None

    def _excluded(self, relative: str) -> str | None:
        assert self._exclude is not None
        result = self._exclude.check_file(relative)
        if not result.include or result.index is None:
            return None
        return str(getattr(self._exclude.patterns[result.index], "pattern", "")) or "exclude"


def _normal(path: Path) -> str:
    """Resolved through its folder (the file itself may not exist yet)."""
    return os.path.normcase(os.path.join(os.path.realpath(path.parent), path.name))  # noqa: PTH118 - compared with scandir's strings
