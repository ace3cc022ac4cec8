"""Finds the content folders (``recognizers/``) in the installed wheel or in the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["recognizers_dir"]

_PACKAGE = Path(__file__).resolve().parent


@cache
def recognizers_dir() -> Path:
    """Folder with ``patterns/``, ``dictionaries/``, ``sensitive/``, ``levels.yaml``, ``law/``, ``models/``.

    :raises FileNotFoundError: when the installation is incomplete.
    """
    for candidate in (_PACKAGE / "_recognizers", _PACKAGE.parent / "recognizers"):
        if (candidate / "levels.yaml").is_file():
            return candidate
    raise FileNotFoundError(f"piiscan is not completely installed: no recognizers folder beside {_PACKAGE}; install it again")
