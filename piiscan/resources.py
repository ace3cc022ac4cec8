"""Finds the content folders (``recognizers/``) in the installed wheel or in the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["read_yaml", "recognizers_dir"]

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


def read_yaml(path: Path) -> Any:
    """A YAML file of ours, with the loader in C where libyaml is there.

    :raises OSError: when it cannot be read.
    :raises yaml.YAMLError: when it is not YAML.
    """
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=loader)  # noqa: S506 -- a safe loader
