"""The same report once for each owner or department, ready to be sent: one file each, and an index of them.

Each report holds only what its owner or department has; a file name is made of
the name with everything that a file system minds replaced. Departments come from
the ledger; files that it says nothing of have a report of their own, so that
nothing is left out of all of them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from piiscan.inventory.reader import Reader, View
from piiscan.reports.base import opened_atomically
from piiscan.reports.ledger import Ledger, LedgerError
from piiscan.reports.tabular import neutral

__all__ = ["Part", "by_department", "by_owner", "file_stem", "write_index"]

#: What one query may name.
_RUNS = 6_000


@dataclass(frozen=True, slots=True)
class Part:
    """One of the reports: for whom (empty for nobody known), what it shows, how many findings it has.

    ``selection`` is ``None`` for a department of the ledger that has no file: it gets no report, and is named in the index.
    """

    whom: str
    selection: View | None
    findings: int


def by_owner(reader: Reader, view: View) -> list[Part]:
    """One part for everyone who owns a file with a finding, most findings first."""
    return [Part(owner, replace(view, owner=owner), findings) for owner, findings in reader.owners(view)]


def by_department(reader: Reader, view: View, ledger: Ledger) -> list[Part]:
    """One part for every department that has files, most findings first; then those of the ledger that have none.

    :raises LedgerError: when a department is scattered over too many places.
    """
    parts = []
    for department, runs in reader.runs(lambda path: ledger.of(path).department, view).items():
        if len(runs) > _RUNS:
            raise LedgerError(
                f"the ledger gives {department or 'no department'} files in {len(runs):,} places between those of others; "
                f"name whole folders in it (up to {_RUNS:,} places can be told apart)"
            )
        selection = replace(view, runs=runs)
        parts.append(Part(department, selection, reader.finding_count(selection)))
    parts.sort(key=lambda part: (-part.findings, part.whom))
    with_files = {part.whom for part in parts}
    return parts + [Part(name, None, 0) for name in ledger.departments if name not in with_files]


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


def write_index(folder: Path, parts: Iterable[tuple[str, str, int]]) -> None:
    """``index.csv``: for whom, which file (empty for none), how many findings.

    :raises OSError: when it cannot be written.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(("for", "file", "findings"))
    table.writerows((neutral(whom), name, findings) for whom, name, findings in parts)
    with opened_atomically(folder / "index.csv") as out:
        out.write(text.getvalue().encode("utf-8-sig"))
