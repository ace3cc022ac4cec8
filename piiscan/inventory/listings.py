"""Folders that are as they were: which of them a scan met as a whole, and what that says of their files.

A crawl makes a stamp of each folder's listing (names, sizes, times, rights). When
every file of the listing is settled, the stamp is kept. A later crawl that makes
the same stamp meets all files of the folder at once: one row is written, none is
read. So a scan of an unchanged share costs its crawl and little more.

A kept stamp promises that the rows of the folder, deleted ones aside, are exactly
the entries that were listed. Therefore whoever writes a row of a folder clears its
stamp in the same transaction (:func:`disturb`), and :func:`keep` counts before it keeps.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, bindparam, case, func, select, update

from piiscan.inventory.schema import files, listings, scan_sources, seen
from piiscan.inventory.store import insert_new
from piiscan.model import Level, Outcome

__all__ = ["LAST_SCAN", "Listing", "Stamped", "disturb", "keep", "met_outcomes", "met_whole", "with_last_scan"]

_Folder = tuple[int, str]  # source row id, path with a trailing slash

_whole = listings.alias("whole")


def _last_scan(folder: FromClause) -> ColumnElement[Any]:
    return case((and_(files.c.deleted_at.is_(None), folder.c.met > func.coalesce(seen.c.scan, 0)), folder.c.met), else_=seen.c.scan)


#: Scan that met a file last, by itself or with its folder; for queries that went through :func:`with_last_scan`.
LAST_SCAN = _last_scan(_whole)


def with_last_scan(query: Select[Any]) -> Select[Any]:
    """A query of ``files`` that may use :data:`LAST_SCAN`."""
    return query.outerjoin(seen, seen.c.file == files.c.id).outerjoin(
        _whole, and_(_whole.c.source == files.c.source, _whole.c.path == files.c.folder)
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """What is kept of a folder's listing.

    :ivar stamp: empty when something of the folder was written since.
    :ivar stamped: scan that kept the stamp.
    :ivar outcomes: ``(outcome, level, files)``; right while there is a stamp.
    """

    stamp: str
    stamped: int
    outcomes: tuple[tuple[Outcome, Level, int], ...]

    @classmethod
    def of(cls, stamp: str, stamped: int, outcomes: str) -> Listing:
        """From its row."""
        return cls(stamp, stamped, tuple((Outcome(word), Level(level), count) for word, level, count in json.loads(outcomes)))


@dataclass(frozen=True, slots=True)
class Stamped:
    """A folder whose files are all settled, and how many entries were listed."""

    source: int
    path: str
    stamp: str
    entries: int


_here = and_(listings.c.source == bindparam("at_source"), listings.c.path == bindparam("at_path"))


def _rows(folders: Iterable[_Folder]) -> list[dict[str, Any]]:
    return [{"at_source": source, "at_path": path} for source, path in folders]


def disturb(connection: Connection, folders: Iterable[_Folder]) -> None:
    """Rows of these folders are written: their stamps hold no more. Every folder that has files has a row here from then on."""
    wanted = sorted(set(folders))
    if not wanted:
        return
    connection.execute(
        insert_new(connection, listings),
        [{"source": source, "path": path, "met": 0, "stamp": "", "stamped": 0, "outcomes": "[]"} for source, path in wanted],
    )
    connection.execute(update(listings).where(_here, listings.c.stamp != "").values(stamp=""), _rows(wanted))


def keep(connection: Connection, stamped: Sequence[Stamped], scan: int) -> None:
    """Keep the stamps of folders whose rows are exactly what was listed; of the others not.

    A row more is a file that is gone (a complete scan will mark it) or a folder that could not be entered.
    """
    kept = []
    for folder in stamped:
        counts = connection.execute(
            select(files.c.outcome, files.c.level, func.count())
            .where(files.c.source == folder.source, files.c.folder == folder.path, files.c.deleted_at.is_(None))
            .group_by(files.c.outcome, files.c.level)
        ).all()
        if sum(count for *_, count in counts) == folder.entries:
            outcomes = json.dumps([[outcome, level, count] for outcome, level, count in counts], separators=(",", ":"))
            kept.append({"at_source": folder.source, "at_path": folder.path, "stamp": folder.stamp, "stamped": scan, "outcomes": outcomes})
    if kept:
        connection.execute(
            update(listings)
            .where(_here)
            .values(stamp=bindparam("stamp"), stamped=bindparam("stamped"), outcomes=bindparam("outcomes")),
            kept,
        )  # fmt: skip


def met_whole(connection: Connection, folders: Sequence[_Folder], scan: int) -> None:
    """Note that a scan met all files of these folders."""
    connection.execute(
        update(listings).where(_here).values(met=bindparam("scan_now")), [row | {"scan_now": scan} for row in _rows(folders)]
    )


def met_outcomes(connection: Connection, scan: int) -> dict[str, int]:
    """Files that a scan met, by outcome; right until a later scan meets them. Folders met as a whole are not counted file by file."""
    of_scan = listings.c.source.in_(select(scan_sources.c.source).where(scan_sources.c.scan == scan))
    whole = and_(listings.c.met == scan, listings.c.stamp != "")
    found = Counter[str]()
    for text in connection.execute(select(listings.c.outcomes).where(of_scan, whole).execution_options(yield_per=1000)).scalars():
        for outcome, _, count in json.loads(text):
            found[outcome] += count
    # from the listings to the files, as there may be few to count in many; "+ 0" leaves no index to come from the other side
    single = (
        select(files.c.outcome, func.count())
        .select_from(
            listings.join(files, and_(files.c.source == listings.c.source + 0, files.c.folder == listings.c.path)).outerjoin(
                seen, seen.c.file == files.c.id
            )
        )
        .where(of_scan, ~whole, _last_scan(listings) == scan)
        .group_by(files.c.outcome)
    )
    for outcome, count in connection.execute(single):
        found[outcome] += int(count)
    return dict(found)
