"""The same report once for each owner, ready to be sent: one file an owner, and an index of them.

Each report holds only what its owner has; a file name is made of the owner's
name with everything that a file system minds replaced.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from piiscan.reports.base import opened_atomically
from piiscan.reports.tabular import neutral

__all__ = ["file_stem", "write_index"]

_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def file_stem(name: str, taken: set[str]) -> str:
    r"""A file name for ``name`` that no system minds and that is not ``taken`` yet (compared without case).

    >>> taken = set()
    >>> file_stem("CORP\\taro", taken), file_stem("corp_Taro", taken), file_stem("con", taken)
    ('CORP_taro', 'corp_Taro-2', 'con_')
    """
    stem = _UNSAFE.sub("_", name).strip(" .")[:80] or "_"
    if _RESERVED.match(stem):
        stem += "_"
    plain, number = stem, 1
    while stem.casefold() in taken:
        number += 1
        stem = f"{plain}-{number}"
    taken.add(stem.casefold())
    return stem


def write_index(folder: Path, parts: Iterable[tuple[str, Path, int]]) -> None:
    """``index.csv``: for whom, which file, how many findings.

    :raises OSError: when it cannot be written.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(("for", "file", "findings"))
    table.writerows((neutral(whom), path.name, findings) for whom, path, findings in parts)
    with opened_atomically(folder / "index.csv") as out:
        out.write(text.getvalue().encode("utf-8-sig"))
