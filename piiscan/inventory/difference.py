"""What changed between two scans of one inventory: files and findings that are new, gone, or otherwise.

Roots that both scans covered are compared, each as it was known at the end of
either scan. History begins with the scan that ``meta.history_from`` names:
before it (an older piiscan, retention) what was is not kept.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, literal, or_, select, tuple_

from piiscan.inventory.base import InventoryError
from piiscan.inventory.schema import files, findings, meta, past_files, past_findings, scan_sources, scans, sources
from piiscan.model import Level, Location, location_from_json

if TYPE_CHECKING:
    from piiscan.inventory.store import Inventory

__all__ = ["Change", "FileChange", "FindingChange", "differences"]

#: Files at first, for who looks at a page only, and at most.
_AT_FIRST = 64
_AT_ONCE = 500
_FILE_FIELDS = ("size", "mtime_ns", "digest", "outcome", "problem", "level", "findings", "persons")
_FILE_COLUMNS = tuple(
    files.c[name] for name in ("id", "source", "folder", "name", "since", "deleted_at", "deleted_scan", "moved_from", *_FILE_FIELDS)
)


class Change(StrEnum):
    """What became of it."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding of a file. Numbers are 0 and levels ``none`` on the side where it is not."""

    change: Change
    identity: str
    member: str
    location: Location
    header: str
    entity: str
    level_before: Level
    level: Level
    count_before: int
    count: int
    persons_before: int
    persons: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file and its findings that changed. ``moved_from``: where it was before, for a moved one."""

    change: Change
    source: str
    path: str
    moved_from: str
    level_before: Level
    level: Level
    outcome_before: str
    outcome: str
    findings: tuple[FindingChange, ...] = field(default=())
    file_id: int = 0


def differences(inventory: Inventory, before: int, after: int, *, beyond: int = 0) -> Generator[FileChange, None, None]:
    """Every file that is not as it was, in order of the paths, with its findings that are not.

    :param before, after: ids of two scans, in either order of time.
    :param beyond: only what comes after this file (``file_id``), to go on.
    :raises InventoryError: when there is no such scan, they share no root, or history does not reach back so far.
    """
    forward = before <= after
    early, late = (before, after) if forward else (after, before)
    with inventory.begin() as connection:
        roots = _shared_roots(connection, early, late)
        if early == late:
            return
        begins = int(connection.execute(select(meta.c.value).where(meta.c.name == "history_from")).scalar() or 0)
        if early < begins:
            raise InventoryError(f"what was at scan {early} is no longer known; history begins with scan {begins}")
        last = connection.execute(select(files.c.source, files.c.folder, files.c.name).where(files.c.id == beyond)).first()
        at: tuple[Any, ...] | None = tuple(last) if last else None
        size = _AT_FIRST
        while True:
            page = _page(connection, roots, early, late, at, size)
            if not page:
                return
            size = min(2 * size, _AT_ONCE)
            at = (page[-1].source, page[-1].folder, page[-1].name)
            for change in _compare(connection, page, early, late, roots):
                yield change if forward else _reversed(change)


def _shared_roots(connection: Connection, early: int, late: int) -> dict[int, str]:
    covered = []
    for scan in (early, late):
        if connection.execute(select(scans.c.id).where(scans.c.id == scan)).first() is None:
            known = connection.execute(select(scans.c.id).order_by(scans.c.id.desc()).limit(5)).scalars().all()
            raise InventoryError(f"there is no scan {scan}; the newest are {', '.join(map(str, known)) or 'none'}")
        rows = connection.execute(
            select(sources.c.id, sources.c.root)
            .join(scan_sources, scan_sources.c.source == sources.c.id)
            .where(scan_sources.c.scan == scan)
        )
        covered.append({row.id: row.root for row in rows})
    shared = {source: root for source, root in covered[1].items() if source in covered[0]}
    if not shared:
        raise InventoryError(f"scans {early} and {late} are of different roots; there is nothing to compare")
    return shared


def _page(connection: Connection, roots: dict[int, str], early: int, late: int, at: tuple[Any, ...] | None, size: int) -> list[Any]:
    """Files that something happened to after one scan and up to the other."""

    def between(column: Any) -> Any:
        return and_(column > early, column <= late)

    happened = or_(
        between(files.c.since),
        between(files.c.deleted_scan),
        files.c.id.in_(select(past_files.c.file).where(past_files.c.until > early)),
        files.c.id.in_(select(findings.c.file).where(findings.c.since > early)),
        files.c.id.in_(select(past_findings.c.file).where(past_findings.c.until > early)),
    )
    query = (
        select(*_FILE_COLUMNS).where(files.c.source.in_(roots), happened).order_by(files.c.source, files.c.folder, files.c.name).limit(size)
    )
    if at is not None:
        query = query.where(tuple_(files.c.source, files.c.folder, files.c.name) > tuple_(*(literal(part) for part in at)))
    return list(connection.execute(query))


def _compare(connection: Connection, page: list[Any], early: int, late: int, roots: dict[int, str]) -> Iterator[FileChange]:
    ids = [row.id for row in page]
    origins = {row.id: row for row in _rows(connection, [row.moved_from for row in page if row.moved_from])}
    went = set(connection.execute(select(files.c.moved_from).where(files.c.moved_from.in_(ids), files.c.since <= late)).scalars())
    known = [*ids, *origins]
    file_versions: dict[int, list[Any]] = {}
    for row in connection.execute(select(past_files).where(past_files.c.file.in_(known))):
        file_versions.setdefault(row.file, []).append(row)
    versions: dict[int, dict[str, list[Any]]] = {}
    for table in (findings, past_findings):
        for row in connection.execute(select(table).where(table.c.file.in_(known))):
            versions.setdefault(row.file, {}).setdefault(row.identity, []).append(row)
    for file in page:
        old = _file_at(file, file_versions.get(file.id, ()), early)
        new = _file_at(file, file_versions.get(file.id, ()), late)
        before, moved = file.id, ""
        if old is None and file.moved_from in origins:
            origin = origins[file.moved_from]
            old = _file_at(origin, file_versions.get(origin.id, ()), early)
            if old is not None:
                before, moved = origin.id, origin.folder + origin.name
        if (old is None and new is None) or (new is None and file.id in went):
            continue
        was = versions.get(before, {}) if old is not None else {}
        is_now = versions.get(file.id, {}) if new is not None else {}
        found = (
            _finding_change(identity, _at(was.get(identity, ()), early), _at(is_now.get(identity, ()), late))
            for identity in sorted(was.keys() | is_now.keys())
        )
        changes = tuple(change for change in found if change is not None)
        if old is None:
            kind = Change.NEW
        elif new is None:
            kind = Change.GONE
        elif moved:
            kind = Change.MOVED
        elif changes or any(getattr(old, name) != getattr(new, name) for name in _FILE_FIELDS):
            kind = Change.CHANGED
        else:
            continue
        yield FileChange(
            kind,
            roots[file.source],
            file.folder + file.name,
            moved,
            Level(old.level) if old is not None else Level.NONE,
            Level(new.level) if new is not None else Level.NONE,
            old.outcome if old is not None else "",
            new.outcome if new is not None else "",
            changes,
            file.id,
        )


def _rows(connection: Connection, ids: list[int]) -> list[Any]:
    return list(connection.execute(select(*_FILE_COLUMNS).where(files.c.id.in_(ids))))


def _file_at(file: Any, past: Any, scan: int) -> Any:
    """The file as it was known after a scan; ``None`` when it was not there."""
    if file.since <= scan:
        return None if file.deleted_at is not None and (file.deleted_scan or 0) <= scan else file
    return _at(past, scan)


def _at(rows: Any, scan: int) -> Any:
    for row in rows:
        if row.since <= scan and (getattr(row, "until", None) is None or scan < row.until):
            return row
    return None


def _finding_change(identity: str, was: Any, is_now: Any) -> FindingChange | None:
    if was is None and is_now is None:
        return None
    if was is not None and is_now is not None and (was.count, was.level, was.persons) == (is_now.count, is_now.level, is_now.persons):
        return None
    row = is_now if is_now is not None else was
    kind = Change.NEW if was is None else Change.GONE if is_now is None else Change.CHANGED
    return FindingChange(
        kind,
        identity,
        row.member,
        location_from_json(json.loads(row.location)),
        row.header,
        row.entity,
        Level(was.level) if was is not None else Level.NONE,
        Level(is_now.level) if is_now is not None else Level.NONE,
        was.count if was is not None else 0,
        is_now.count if is_now is not None else 0,
        was.persons if was is not None else 0,
        is_now.persons if is_now is not None else 0,
    )


_OTHER_WAY = {Change.NEW: Change.GONE, Change.GONE: Change.NEW, Change.MOVED: Change.MOVED, Change.CHANGED: Change.CHANGED}


def _reversed(change: FileChange) -> FileChange:
    return FileChange(
        _OTHER_WAY[change.change],
        change.source,
        change.moved_from or change.path,
        change.path if change.moved_from else "",
        change.level,
        change.level_before,
        change.outcome,
        change.outcome_before,
        tuple(
            FindingChange(
                _OTHER_WAY[f.change], f.identity, f.member, f.location, f.header, f.entity,
                f.level, f.level_before, f.count, f.count_before, f.persons, f.persons_before,
            )
            for f in change.findings
        ),
        change.file_id,
    )  # fmt: skip
