"""Care of an inventory over years: check, retention, backup while in use, export and import.

An export is a ZIP of JSON Lines, one member a table, the same from SQLite and
PostgreSQL; like the inventory it holds no raw value, and not the key. Without the
key that made it, sketches of persons of an imported inventory cannot be put
together with those of later scans, so keep the key file with it.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, and_, delete, exists, func, insert, select, text, update

from piiscan.inventory.base import InventoryError, ScanStatus
from piiscan.inventory.listings import met_outcomes
from piiscan.inventory.schema import (
    REVISIONS,
    decisions,
    dirty,
    files,
    findings,
    folders,
    ids,
    listings,
    meta,
    metadata,
    past_files,
    past_findings,
    problems,
    scan_sources,
    scans,
    seen,
)
from piiscan.model import Outcome
from piiscan.problems import ProblemKind

if TYPE_CHECKING:
    from piiscan.inventory.store import Inventory

__all__ = ["Compacted", "backup", "check", "compact", "export_to", "import_from"]

_AT_ONCE = 1000
_FORMAT = "piiscan inventory 1"
_SHOWN = 5
#: Made anew from the rest.
_DERIVED = frozenset({"folders", "folder_kinds", "folder_owners", "dirty"})


# ---------------------------------------------------------------------------------- check


def check(inventory: Inventory) -> Iterator[str]:
    """Everything that is wrong with an inventory, in English for a log; nothing when it is sound.

    The database itself; that every file has one outcome and one that exists; that the sums of scans, files and folders
    are those of what they sum up; that examples are masks.
    """
    if inventory.is_sqlite:
        with inventory.begin() as connection:
            for (said,) in connection.execute(text("PRAGMA integrity_check(20)")):
                if said != "ok":
                    yield f"the database is damaged: {said}"
            for table, row, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
                yield f"{table} row {row} points to a row of {parent} that is not there"
    with inventory.begin() as connection:
        yield from _check_files(connection)
        yield from _check_scans(connection)
        yield from _check_folders(connection)
        for (examples,) in connection.execute(
            select(findings.c.examples).where(findings.c.entity == "JP_MY_NUMBER").execution_options(yield_per=_AT_ONCE)
        ):
            if any(re.search(r"\d", example) for example in json.loads(examples)):
                yield "an example of a My Number shows a digit"
                break


def _check_files(connection: Connection) -> Iterator[str]:
    words = [outcome.value for outcome in Outcome]
    for row in connection.execute(select(files.c.id, files.c.outcome).where(files.c.outcome.not_in(words)).limit(_SHOWN)):
        yield f"file {row.id} has the outcome {row.outcome!r}, which does not exist"
    kinds = [kind.word for kind in ProblemKind]
    for row in connection.execute(select(problems.c.file, problems.c.kind).where(problems.c.kind.not_in(kinds)).limit(_SHOWN)):
        yield f"file {row.file} has the problem {row.kind!r}, which does not exist"
    sums = (
        select(findings.c.file, func.sum(findings.c["count"]).label("n"), func.max(findings.c.level).label("level"))
        .group_by(findings.c.file)
        .subquery()
    )
    wrong = (
        select(files.c.id)
        .outerjoin(sums, sums.c.file == files.c.id)
        .where((files.c.findings != func.coalesce(sums.c.n, 0)) | (files.c.level != func.coalesce(sums.c.level, 0)))
        .limit(_SHOWN)
    )
    for row in connection.execute(wrong):
        yield f"file {row.id} does not have the findings or the level that it is said to have"
    lost = select(files.c.id).where(~exists().where(seen.c.file == files.c.id)).limit(_SHOWN)
    for row in connection.execute(lost):
        yield f"file {row.id} was met by no scan"
    counted = (
        select(files.c.source, files.c.folder, func.count().label("n"))
        .where(files.c.deleted_at.is_(None))
        .group_by(files.c.source, files.c.folder)
        .subquery()
    )
    there = select(listings.c.path, listings.c.outcomes, counted.c.n).outerjoin(
        counted, and_(counted.c.source == listings.c.source, counted.c.folder == listings.c.path)
    )
    for path, outcomes, number in connection.execute(there.where(listings.c.stamp != "").execution_options(yield_per=_AT_ONCE)):
        if sum(count for *_, count in json.loads(outcomes)) != (number or 0):
            yield f"the kept listing of folder {path!r} is not that of its files"


def _check_scans(connection: Connection) -> Iterator[str]:
    """Scans that no later scan of their roots has overtaken still have all their files."""
    newest = select(scan_sources.c.source, func.max(scan_sources.c.scan).label("scan")).group_by(scan_sources.c.source).subquery()
    overtaken = exists().where(scan_sources.c.scan == scans.c.id, newest.c.source == scan_sources.c.source, newest.c.scan > scans.c.id)
    rows = connection.execute(
        select(scans.c.id, scans.c.outcomes).where(
            scans.c.finished_at.is_not(None), scans.c.status == ScanStatus.COMPLETE.value, ~overtaken.select_from(scan_sources, newest)
        )
    ).all()
    for row in rows:
        said = sum(json.loads(row.outcomes).values())
        met = sum(met_outcomes(connection, row.id).values())
        if said != met:
            yield f"scan {row.id} met {said} entries, but {met} are there"


def _check_folders(connection: Connection) -> Iterator[str]:
    if connection.execute(select(dirty.c.source).limit(1)).first() is not None:
        yield "the sums of some folders lag behind (a scan is under way or was killed); the next scan brings them up to date"
        return
    there = (
        select(files.c.source, func.count().label("n"), func.sum(files.c.findings).label("found"))
        .where(files.c.deleted_at.is_(None))
        .group_by(files.c.source)
    )
    counted = {row.source: (row.n, int(row.found)) for row in connection.execute(there)}
    for row in connection.execute(select(folders.c.source, folders.c.files, folders.c.findings).where(folders.c.depth == 0)):
        if counted.get(row.source, (0, 0)) != (row.files, row.findings):
            yield f"the sums of root {row.source} are not those of its files"


# -------------------------------------------------------------------------------- compact


@dataclass(frozen=True, slots=True)
class Compacted:
    """What retention took out: files deleted long ago, and rows of history."""

    files: int
    history: int


def compact(inventory: Inventory, keep_days: int, *, today: dt.date | None = None) -> Compacted:
    """Forget what is older than ``keep_days``, and give the space back.

    Files that were missed longer ago go with all that is known of them, and history up to the newest scan of that
    time; ``diff`` reaches back to the scans after it. What is so now is never forgotten, decisions of people neither.
    """
    before = ((today or dt.datetime.now(dt.UTC).date()) - dt.timedelta(days=keep_days)).isoformat()
    with inventory.begin(write=True) as connection:
        last = int(connection.execute(select(func.max(scans.c.id)).where(scans.c.started_at < before)).scalar() or 0)
        gone = select(files.c.id).where(files.c.deleted_at.is_not(None), files.c.deleted_at < before)
        connection.execute(update(decisions).where(decisions.c.file.in_(gone)).values(file=None))
        connection.execute(update(files).where(files.c.moved_from.in_(gone)).values(moved_from=None))
        for table in (findings, problems, seen, past_files, past_findings):
            connection.execute(delete(table).where(table.c.file.in_(gone)))
        removed = connection.execute(delete(files).where(files.c.deleted_at.is_not(None), files.c.deleted_at < before)).rowcount
        connection.execute(delete(listings).where(~exists().where(files.c.source == listings.c.source, files.c.folder == listings.c.path)))
        history = sum(connection.execute(delete(table).where(table.c.until <= last)).rowcount for table in (past_files, past_findings))
        _remember_horizon(connection, last)
    inventory.vacuum()
    return Compacted(removed, history)


def _remember_horizon(connection: Connection, scan: int) -> None:
    known = int(connection.execute(select(meta.c.value).where(meta.c.name == "history_from")).scalar() or 0)
    connection.execute(update(meta).where(meta.c.name == "history_from").values(value=str(max(known, scan))))


# --------------------------------------------------------------------------------- backup


def backup(inventory: Inventory, target: Path) -> None:
    """A copy of an SQLite inventory, whole and of one moment, while scans and readers go on; mode 0600.

    :raises InventoryError: for PostgreSQL (``pg_dump`` does it), or when the target exists or cannot be written.
    """
    path = inventory.path
    if path is None:
        raise InventoryError(f"{inventory.name} is a server's database: back it up with pg_dump, or use piiscan inventory export")
    _new_file(target)
    try:
        with inventory.translated(), closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=2000)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _new_file(target: Path) -> None:
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise InventoryError(f"{target} exists already; give another name (it was not touched)") from None
    except OSError as error:
        raise InventoryError(f"{target} cannot be made ({error.strerror}); check its folder") from None


# -------------------------------------------------------------------------- export, import


def export_to(inventory: Inventory, target: Path) -> dict[str, int]:
    """Everything that an inventory knows as a ZIP of JSON Lines; how many rows of each table.

    :raises InventoryError: when the target exists or cannot be written.
    """
    _new_file(target)
    counts = {}
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive, inventory.begin() as connection:
            for table in metadata.sorted_tables:
                if table.name in _DERIVED:
                    continue
                with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                    number = 0
                    for row in connection.execute(select(table).execution_options(yield_per=_AT_ONCE)):
                        member.write(
                            json.dumps([_plain(value) for value in row], ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
                        )
                        number += 1
                counts[table.name] = number
            head = {
                "format": _FORMAT,
                "revision": REVISIONS[-1],
                "tables": {t.name: [c.name for c in t.c] for t in metadata.sorted_tables if t.name in counts},
                "rows": counts,
            }
            archive.writestr("inventory.json", json.dumps(head, indent=1))
    except OSError as error:
        target.unlink(missing_ok=True)
        raise InventoryError(f"{target} cannot be written ({error.strerror})") from None
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return counts


def _plain(value: Any) -> Any:
    return {"b": base64.b64encode(bytes(value)).decode()} if isinstance(value, bytes | memoryview) else value


def import_from(inventory: Inventory, source: Path) -> dict[str, int]:
    """Fill an empty inventory of any kind from an export; how many rows of each table. All or nothing.

    :raises InventoryError: when the inventory is not empty, or the file is no export of this piiscan.
    """
    try:
        with zipfile.ZipFile(source) as archive, inventory.begin(write=True) as connection:
            head = json.loads(archive.read("inventory.json"))
            if head.get("format") != _FORMAT or head.get("revision") != REVISIONS[-1]:
                raise InventoryError(
                    f"{source} was exported by another piiscan (revision {head.get('revision')}); use that one, or scan again"
                )
            if connection.execute(select(scans.c.id).limit(1)).first() is not None:
                raise InventoryError(f"the inventory {inventory.name} is not empty; import into a new one")
            for table in (ids, meta):
                connection.execute(delete(table))
            counts = {
                table.name: _fill(connection, table, head["tables"][table.name], archive)
                for table in metadata.sorted_tables
                if table.name not in _DERIVED
            }
            if counts != head["rows"]:
                raise InventoryError(f"{source} is not whole; export again")
            everywhere = select(files.c.source, files.c.folder).where(files.c.deleted_at.is_(None)).distinct()
            connection.execute(insert(dirty).from_select(["source", "path"], everywhere))
            if not inventory.is_sqlite:
                last = select(func.coalesce(func.max(decisions.c.id), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(func.pg_get_serial_sequence("decisions", "id"), last, False)))
            return counts
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, json.JSONDecodeError) as error:
        raise InventoryError(
            f"{source} cannot be imported ({type(error).__name__}); it must be a file that piiscan inventory export made"
        ) from None


def _fill(connection: Connection, table: Table, names: list[str], archive: zipfile.ZipFile) -> int:
    number = 0
    rows: list[dict[str, Any]] = []

    def flush() -> None:
        if rows:
            connection.execute(insert(table), rows)
            rows.clear()

    if sorted(names) != sorted(column.name for column in table.c):
        raise ValueError(f"columns of {table.name}")
    with archive.open(f"{table.name}.jsonl") as member:
        for line in member:
            values = json.loads(line.decode("utf-8", "surrogatepass"))
            rows.append({name: base64.b64decode(v["b"]) if isinstance(v, dict) else v for name, v in zip(names, values, strict=True)})
            number += 1
            if len(rows) >= _AT_ONCE:
                flush()
    flush()
    return number
