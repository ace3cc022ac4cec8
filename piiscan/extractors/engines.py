"""What some formats need beyond the base installation, whether it is there, and how to add it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from piiscan.extractors.base import problem
from piiscan.problems import Problem, ProblemKind

__all__ = ["ENGINES", "Engine", "engine", "missing"]


@dataclass(frozen=True, slots=True)
class Engine:
    """A library or program that is not everywhere.

    :ivar reads: what needs it, for people.
    :ivar probe: its version, or ``None`` when it is not there.
    :ivar install: the command that adds it on this system.
    """

    name: str
    reads: str
    probe: Callable[[], str | None]
    install: str


def _distribution(name: str, module: str) -> Callable[[], str | None]:
    def probe() -> str | None:
        try:
            found = importlib.util.find_spec(module)
        except ModuleNotFoundError:
            return None
        return importlib.metadata.version(name) if found else None

    return probe


def _program(name: str) -> Callable[[], str | None]:
    return lambda: shutil.which(name)


def _libarchive() -> str | None:
    from piiscan.extractors.archive._libarchive import version

    return version()


def _pip(what: str) -> str:
    return f"{sys.executable} -m pip install {what}"


ENGINES = (
    Engine("libarchive", "rar, lzh, cab, iso, 7z", _libarchive, "brew install libarchive" if sys.platform == "darwin" else _pip("archi")),
    Engine("py7zr", "7z with a password", _distribution("py7zr", "py7zr"), _pip("'piiscan[archives]'")),
    Engine("inflate64", "Deflate64 in zip", _distribution("inflate64", "inflate64"), _pip("'piiscan[archives]'")),
    Engine("pyppmd", "PPMd in zip", _distribution("pyppmd", "pyppmd"), _pip("'piiscan[archives]'")),
    Engine("mdbtools", "mdb, accdb", _program("mdb-export"), "apt-get install mdbtools"),
    Engine("access-parser", "mdb, accdb without mdbtools", _distribution("access-parser", "access_parser"), _pip("'piiscan[databases]'")),
    Engine("pyarrow", "parquet", _distribution("pyarrow", "pyarrow"), _pip("'piiscan[databases]'")),
    Engine("libpff-python", "pst, ost", _distribution("libpff-python", "pypff"), _pip("'piiscan[pst]'")),
    Engine("extractous", "vsd, pub, one, wpd, hwp, chm", _distribution("extractous", "extractous"), _pip("'piiscan[tika]'")),
)


def engine(name: str) -> Engine:
    """:raises KeyError: when there is none of this name."""
    return {entry.name: entry for entry in ENGINES}[name]


def missing(name: str, part: str = "") -> Problem:
    """The problem of a file (or of ``part`` of it) whose engine is not there."""
    kind = ProblemKind.PART_NOT_READ if part else ProblemKind.UNSUPPORTED
    return problem(kind, f"{part + '; ' if part else ''}not installed: {name} (piiscan doctor says how to add it)")
