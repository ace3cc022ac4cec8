"""The rows that the inventory gives out, and the queries that they come from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from piiscan.inventory.base import ScanStatus
from piiscan.inventory.listings import LAST_SCAN, with_last_scan
from piiscan.inventory.schema import decisions, files, findings, scans, sources
from piiscan.model import ItemType, Level, Location, Outcome, PersonCount, location_from_json
from piiscan.problems import Effect, ProblemKind, Stage

__all__ = [
    "DECISION",
    "FILE_QUERY",
    "UNREAD_KINDS",
    "FileRow",
    "FindingRow",
    "FolderRow",
    "PastFile",
    "ProblemRow",
    "Run",
    "ScanRow",
    "Summary",
    "View",
    "below",
    "file_row",
    "finding_query",
    "finding_row",
    "in_effect",
    "ordered",
    "scan_dates",
    "today",
    "with_slash",
]

#: Kinds of trouble that keep a file from being fully read.
UNREAD_KINDS = tuple(kind.word for kind in ProblemKind if kind.effect is not Effect.NOTE)


@dataclass(frozen=True, slots=True)
class Run:
    """Files that follow each other in order of the paths: ``(folder, name)`` of the first and of the last."""

    source: int
    first: tuple[str, str]
    last: tuple[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the inventory.

    :ivar source_ids: only these roots; empty for all.
    :ivar under: only what lies below this folder (a key), in any of the roots.
    :ivar min_level: only findings (``findings``, ``new``) or files (``files``) of at least this level;
        findings below ``low`` are only shown when it is ``none``.
    :ivar owner: only files of this owner; empty for files of nobody known, ``None`` for all.
    :ivar runs: only files in these (:meth:`Reader.runs`); ``None`` for all.
    """

    source_ids: tuple[str, ...] = ()
    under: str = ""
    min_level: Level | None = None
    owner: str | None = None
    runs: tuple[Run, ...] | None = None


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One scan; times ISO 8601 UTC. ``outcomes``: files by outcome; ``counts``: what the engine counted."""

    id: int
    started_at: str
    finished_at: str
    status: ScanStatus
    full: bool
    roots: tuple[str, ...]
    source_ids: tuple[str, ...]
    outcomes: Mapping[str, int]
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One entry that the crawl met. ``source`` is the root as people read it, ``path`` the key below it."""

    file_id: int
    source_id: str
    source: str
    path: str
    item_type: ItemType
    size: int
    mtime_ns: int
    digest: str
    format: str
    owner: str
    readable_by: str
    outcome: Outcome
    problem: str
    detail: str
    level: Level
    findings: int
    persons: int
    persons_exact: bool
    first_seen: str
    last_seen: str


@dataclass(frozen=True, slots=True)
class PastFile:
    """What a file was from the scan of ``since`` up to that of ``until``."""

    since: str
    until: str
    size: int
    outcome: Outcome
    level: Level
    findings: int
    persons: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One kind of data in one place (a column, the body …) of one file."""

    file: FileRow
    identity: str
    member: str
    location: Location
    first: Location
    header: str
    entity: str
    count: int
    score: float
    level: Level
    law: str
    persons: int
    examples: tuple[str, ...]
    first_seen: str
    last_seen: str
    decision: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """Why a file was not (fully) read."""

    file: FileRow
    member: str
    kind: ProblemKind
    stage: Stage
    detail: str


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder with everything below it. ``path`` is empty for the root; ``owner`` is empty when there are several."""

    source_id: str
    source: str
    path: str
    files: int
    size: int
    mtime_ns: int
    outcomes: Mapping[Outcome, int]
    levels: Mapping[Level, int]
    level: Level
    findings: int
    persons: int
    persons_exact: bool
    owner: str
    readable_by: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The sums of the first page.

    :ivar levels: files by level. :ivar bare: files of level none, by outcome: what was not read is not known to hold nothing.
    :ivar entities: ``(entity, level, files, values)``, worst first.
    :ivar unread: ``(kind, files)`` of everything not fully read, each file under the problem that it is known by.
    """

    files: int = 0
    size: int = 0
    findings: int = 0
    persons: PersonCount = PersonCount()  # noqa: RUF009 - frozen
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    levels: Mapping[Level, int] = field(default_factory=dict)
    bare: Mapping[Outcome, int] = field(default_factory=dict)
    entities: tuple[tuple[str, Level, int, int], ...] = ()
    unread: tuple[tuple[ProblemKind, int], ...] = ()
    worst: tuple[FileRow, ...] = ()
    roots: tuple[str, ...] = ()


FILE_QUERY: Select[Any] = with_last_scan(
    select(
        *(column for column in files.c if column.name not in {"sketch", "source"}),
        sources.c.source_id,
        sources.c.root,
        LAST_SCAN.label("last_scan"),
    )
    .select_from(files)
    .join(sources, sources.c.id == files.c.source)
)


def with_slash(path: str) -> str:
    """A folder as the inventory has it: ``a/b`` becomes ``a/b/``, a root the empty text."""
    return path.strip("/") + "/" if path.strip("/") else ""


def below(folder: str, path: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a path begins with a folder, as the index finds it; each path does with a root."""
    prefix = with_slash(folder)
    # "0" follows "/": everything that begins with the prefix
    return and_(path >= prefix, path < prefix[:-1] + "0") if prefix else true()


def scan_dates(connection: Connection) -> dict[int, str]:
    """When each scan began."""
    return {row.id: row.started_at for row in connection.execute(select(scans.c.id, scans.c.started_at))}


def ordered(query: Select[Any]) -> Select[Any]:
    return query.order_by(files.c.source, files.c.folder, files.c.name)


def file_row(row: Any, dates: Mapping[int, str]) -> FileRow:
    return FileRow(
        row.id,
        row.source_id,
        row.root,
        row.folder + row.name,
        ItemType(row.item_type),
        row.size,
        row.mtime_ns,
        row.digest,
        row.format,
        row.owner,
        row.readable_by,
        Outcome(row.outcome),
        row.problem,
        row.detail,
        Level(row.level),
        row.findings,
        row.persons,
        bool(row.persons_exact),
        dates.get(row.first_scan, ""),
        dates.get(row.last_scan, ""),
    )


#: The decisions on a finding itself, and on its whole file.
_ON_FINDING, _ON_FILE = decisions.alias("on_finding"), decisions.alias("on_file")

#: The verdict that holds in :func:`finding_query`: the finding's own, else the file's, else empty.
DECISION = func.coalesce(_ON_FINDING.c.verdict, _ON_FILE.c.verdict, "")


def today() -> str:
    """The local day, ISO 8601: a decision holds up to the end of its day where people are."""
    return dt.datetime.now().astimezone().date().isoformat()


def in_effect(table: Any, day: str) -> ColumnElement[bool]:
    """Whether a decision holds on ``day``: not taken back, not expired."""
    return and_(table.c.revoked_at.is_(None), or_(table.c.until.is_(None), table.c.until >= day))


def finding_query(day: str) -> Select[Any]:
    """Findings with their files and the decisions that hold on ``day`` (``decision``, see :data:`DECISION`)."""
    return (
        FILE_QUERY.add_columns(
            *(column.label("f_" + column.name) for column in findings.c),
            DECISION.label("decision"),
        )
        .join(findings, findings.c.file == files.c.id)
        .outerjoin(
            _ON_FINDING,
            and_(_ON_FINDING.c.digest == files.c.digest, _ON_FINDING.c.identity == findings.c.identity, in_effect(_ON_FINDING, day)),
        )
        .outerjoin(_ON_FILE, and_(_ON_FILE.c.digest == files.c.digest, _ON_FILE.c.identity == "", in_effect(_ON_FILE, day)))
    )


def finding_row(row: Any, file: FileRow, dates: Mapping[int, str]) -> FindingRow:
    return FindingRow(
        file,
        row.f_identity,
        row.f_member,
        location_from_json(json.loads(row.f_location)),
        location_from_json(json.loads(row.f_first)),
        row.f_header,
        row.f_entity,
        row.f_count,
        row.f_score,
        Level(row.f_level),
        row.f_law,
        row.f_persons,
        tuple(json.loads(row.f_examples)),
        dates.get(row.f_first_seen, ""),
        file.last_seen,
        row.decision,
    )
