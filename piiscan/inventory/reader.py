"""Reads the inventory out again: typed rows as streams in the order of the paths, and the sums of a first page.

Nothing here holds more than one file's findings or one branch of folders at a
time. Files that a complete scan no longer met are left out everywhere.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from types import TracebackType
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from piiscan.inventory.base import ScanStatus
from piiscan.inventory.schema import decisions, files, findings, problems, scan_sources, scans, seen, sources
from piiscan.inventory.store import Inventory
from piiscan.model import Exposure, ItemType, Level, Location, Outcome, PersonCount, location_from_json
from piiscan.problems import Effect, ProblemKind, Stage

__all__ = ["FileRow", "FindingRow", "FolderRow", "Merge", "ProblemRow", "Reader", "ScanRow", "Summary", "View"]

#: Puts person sketches together (:mod:`piiscan.assess.persons` has the one that is used).
Merge = Callable[[Iterable[bytes]], PersonCount]

_AT_ONCE = 1000
_SKETCHES_AT_ONCE = 64
#: Who can read a file, as :class:`piiscan.model.Exposure` writes it (``a group (12)`` as ``a group``); wider ones rank higher.
_EXPOSURE = {"everyone": 5, "all staff": 4, "a group": 3, "a few": 2, "one": 1}
_UNREAD_KINDS = tuple(kind.word for kind in ProblemKind if kind.effect is not Effect.NOTE)


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the inventory.

    :ivar source_ids: only these roots; empty for all.
    :ivar under: only what lies below this folder (a key), in any of the roots.
    :ivar min_level: only findings (``findings``, ``new``) or files (``files``) of at least this level;
        findings below ``low`` are only shown when it is ``none``.
    :ivar owner: only files of this owner; empty for files of nobody known, ``None`` for all.
    """

    source_ids: tuple[str, ...] = ()
    under: str = ""
    min_level: Level | None = None
    owner: str | None = None


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

    :ivar levels: files by level. :ivar entities: ``(entity, level, files, values)``, worst first.
    :ivar unread: ``(kind, files)`` of everything not fully read.
    """

    files: int = 0
    size: int = 0
    findings: int = 0
    persons: PersonCount = PersonCount()  # noqa: RUF009 - frozen
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    levels: Mapping[Level, int] = field(default_factory=dict)
    entities: tuple[tuple[str, Level, int, int], ...] = ()
    unread: tuple[tuple[ProblemKind, int], ...] = ()
    worst: tuple[FileRow, ...] = ()
    roots: tuple[str, ...] = ()


class Reader:
    """Streams of rows. Made by :meth:`Inventory.reader`; usable as a context manager. Holds no connection between calls."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return

    # ---------------------------------------------------------------------------- scans

    def scans(self) -> list[ScanRow]:
        """Every scan, newest first."""
        with self._inventory.begin() as connection:
            roots: dict[int, list[tuple[str, str]]] = {}
            for scan, root, source_id in connection.execute(
                select(scan_sources.c.scan, sources.c.root, sources.c.source_id)
                .join(sources, sources.c.id == scan_sources.c.source)
                .order_by(sources.c.id)
            ):
                roots.setdefault(scan, []).append((root, source_id))
            return [
                ScanRow(
                    row.id,
                    row.started_at,
                    row.finished_at or "",
                    ScanStatus(row.status),
                    bool(row.full),
                    tuple(root for root, _ in roots.get(row.id, ())),
                    tuple(source_id for _, source_id in roots.get(row.id, ())),
                    json.loads(row.outcomes),
                    json.loads(row.counts),
                )
                for row in connection.execute(select(scans).order_by(scans.c.id.desc()))
            ]

    def outcome_counts(self, scan_id: int) -> dict[Outcome, int]:
        """Entries that a scan met, by outcome; their sum is the number of entries met.

        :raises KeyError: when there is no such scan.
        """
        with self._inventory.begin() as connection:
            row = connection.execute(select(scans.c.finished_at, scans.c.outcomes).where(scans.c.id == scan_id)).first()
            if row is None:
                raise KeyError(scan_id)
            if row.finished_at:
                return {Outcome(word): count for word, count in json.loads(row.outcomes).items()}
            found = connection.execute(
                select(files.c.outcome, func.count())
                .select_from(files.join(seen, seen.c.file == files.c.id))
                .where(seen.c.scan == scan_id)
                .group_by(files.c.outcome)
            )
            return {Outcome(word): count for word, count in found}

    def _scan_dates(self) -> dict[int, str]:
        with self._inventory.begin() as connection:
            return {row.id: row.started_at for row in connection.execute(select(scans.c.id, scans.c.started_at))}

    # -------------------------------------------------------------------------- streams

    def files(self, view: View = View()) -> Iterator[FileRow]:
        """Every entry, in order of the paths."""
        dates = self._scan_dates()
        query = _ordered(_FILE_QUERY.where(*self._where(view)))
        if view.min_level is not None:
            query = query.where(files.c.level >= int(view.min_level))
        for row in self._stream(query):
            yield _file_row(row, dates)

    def findings(self, view: View = View()) -> Iterator[FindingRow]:
        """Every finding, in order of the paths; within a file by member, place and kind."""
        yield from self._findings(view)

    def new(self, view: View = View(), *, since: int | None = None) -> Iterator[FindingRow]:
        """Findings that were not there in the scan before.

        :param since: id of that scan; by default, for each root, the last complete scan before its newest one.
        """
        if since is not None:
            yield from self._findings(view, findings.c.first_seen > since)
        else:
            yield from self._findings(view, or_(false(), *_after(self._baselines())))

    def worst_findings(self, limit: int, view: View = View()) -> list[FindingRow]:
        """At most ``limit`` findings, worst first: by level, persons, and how many values."""
        order = (findings.c.level.desc(), findings.c.persons.desc(), findings.c.count.desc(), files.c.id, findings.c.identity)
        dates, decided = self._scan_dates(), self._decided()
        with self._inventory.begin() as connection:
            rows = connection.execute(self._finding_query(view).order_by(*order).limit(limit)).all()
        return [_finding_row(row, _file_row(row, dates), dates, decided) for row in rows]

    def finding_count(self, view: View = View()) -> int:
        """How many rows :meth:`findings` has."""
        with self._inventory.begin() as connection:
            return int(connection.execute(select(func.count()).select_from(self._finding_query(view).subquery())).scalar_one())

    def new_counts(self, view: View = View()) -> tuple[int, int] | None:
        """``(findings, files)`` that are new as in :meth:`new`; ``None`` when no root was completely scanned before."""
        baselines = self._baselines()
        if not any(baselines.values()):
            return None
        with self._inventory.begin() as connection:
            found = self._finding_query(view, or_(false(), *_after(baselines))).subquery()
            row = connection.execute(select(func.count(), func.count(found.c.id.distinct())).select_from(found)).one()
            return int(row[0]), int(row[1])

    def problems(self, view: View = View()) -> Iterator[ProblemRow]:
        """Everything that kept a file from being (fully) read, in order of the paths."""
        dates = self._scan_dates()
        query = (
            _FILE_QUERY.add_columns(
                problems.c.member, problems.c.kind, problems.c.stage, problems.c.detail.label("p_detail"), problems.c.number
            )
            .join(problems, problems.c.file == files.c.id)
            .where(*self._where(view), problems.c.kind.in_(_UNREAD_KINDS))
        )
        if view.min_level is not None:
            query = query.where(files.c.level >= int(view.min_level))
        for row in self._stream(_ordered(query).order_by(problems.c.number)):
            yield ProblemRow(_file_row(row, dates), row.member, ProblemKind.parse(row.kind), Stage(row.stage), row.p_detail)

    def folders(self, merge: Merge, view: View = View(), *, depth: int | None = None) -> Iterator[FolderRow]:
        """Every folder with what lies below it, deepest first; the root of a source comes last.

        :param depth: only folders at most so many levels below the root (0: the roots themselves).
        """
        query = _ordered(_FILE_QUERY.add_columns(files.c.sketch).where(*self._where(view)))
        branch: list[_Sum] = []

        def close(until: str, source_id: str) -> Iterator[FolderRow]:
            while branch and not (branch[-1].source_id == source_id and until.startswith(branch[-1].path)):
                done = branch.pop()
                row = done.row(merge)
                if branch and branch[-1].source_id == done.source_id:
                    branch[-1].take(done)
                if depth is None or done.path.count("/") <= depth:
                    yield row

        for row in self._stream(query):
            yield from close(row.folder, row.source_id)
            if not branch:
                branch.append(_Sum(row.source_id, row.root, ""))
            while branch[-1].path != row.folder:
                top = branch[-1].path
                branch.append(_Sum(row.source_id, row.root, row.folder[: row.folder.index("/", len(top)) + 1]))
            branch[-1].add(row, merge)
        yield from close("", "")

    def owners(self, view: View = View()) -> list[tuple[str, int]]:
        """``(owner, findings)`` of everyone who owns a file with a finding, most first."""
        found = self._finding_query(view).subquery()
        query = select(found.c.owner, func.count()).group_by(found.c.owner)
        with self._inventory.begin() as connection:
            return sorted(((str(owner), int(count)) for owner, count in connection.execute(query)), key=lambda row: (-row[1], row[0]))

    def entities_of(self, file_ids: Iterable[int]) -> dict[int, list[tuple[str, Level, int]]]:
        """``(entity, level, values)`` of some files, worst first; for a page's few files."""
        query = (
            select(findings.c.file, findings.c.entity, func.max(findings.c.level), func.sum(findings.c.count))
            .where(findings.c.file.in_(list(file_ids)), findings.c.level >= int(Level.LOW))
            .group_by(findings.c.file, findings.c.entity)
        )
        found: dict[int, list[tuple[str, Level, int]]] = {}
        with self._inventory.begin() as connection:
            for file, entity, level, count in connection.execute(query):
                found.setdefault(file, []).append((entity, Level(level), int(count)))
        for kinds in found.values():
            kinds.sort(key=lambda kind: (-kind[1], -kind[2], kind[0]))
        return found

    # ----------------------------------------------------------------------------- sums

    def summary(self, merge: Merge, view: View = View(), *, worst: int = 10) -> Summary:
        """How much, how bad, what first, what could not be read."""
        where = self._where(view)
        dates = self._scan_dates()
        joined = files.join(sources, sources.c.id == files.c.source)
        exposure = case(*((files.c.readable_by.startswith(word), rank) for word, rank in _EXPOSURE.items()), else_=0)
        with self._inventory.begin() as connection:
            by_outcome = connection.execute(
                select(files.c.outcome, func.count(), func.sum(files.c.size), func.sum(files.c.findings))
                .select_from(joined)
                .where(*where)
                .group_by(files.c.outcome)
            ).all()
            by_level = connection.execute(
                select(files.c.level, func.count()).select_from(joined).where(*where).group_by(files.c.level)
            ).all()
            by_entity = connection.execute(
                select(findings.c.entity, func.max(findings.c.level), func.count(findings.c.file.distinct()), func.sum(findings.c.count))
                .select_from(findings.join(files, files.c.id == findings.c.file).join(sources, sources.c.id == files.c.source))
                .where(*where, findings.c.level >= int(Level.LOW))
                .group_by(findings.c.entity)
            ).all()
            unread = connection.execute(
                select(problems.c.kind, func.count(problems.c.file.distinct()))
                .select_from(problems.join(files, files.c.id == problems.c.file).join(sources, sources.c.id == files.c.source))
                .where(*where, problems.c.kind.in_(_UNREAD_KINDS))
                .group_by(problems.c.kind)
            ).all()
            first = connection.execute(
                _FILE_QUERY.where(*where, files.c.level >= int(Level.LOW))
                .order_by(
                    files.c.level.desc(), exposure.desc(), files.c.persons.desc(), files.c.findings.desc(), files.c.mtime_ns, files.c.id
                )
                .limit(worst)
            ).all()
            roots = connection.execute(
                select(sources.c.root).select_from(joined).where(*where).distinct().order_by(sources.c.root)
            ).scalars()
            shown_roots = tuple(roots)
        sketches = (
            bytes(row.sketch) for row in self._stream(select(files.c.sketch).select_from(joined).where(*where, files.c.persons > 0))
        )
        return Summary(
            files=sum(row[1] for row in by_outcome),
            size=sum(int(row[2]) for row in by_outcome),
            findings=sum(int(row[3]) for row in by_outcome),
            persons=merge(sketches),
            outcomes={Outcome(row[0]): row[1] for row in by_outcome},
            levels={Level(row[0]): row[1] for row in by_level},
            entities=tuple(
                sorted(((row[0], Level(row[1]), row[2], int(row[3])) for row in by_entity), key=lambda e: (-e[1], -e[3], e[0])),
            ),
            unread=tuple(sorted(((ProblemKind.parse(row[0]), row[1]) for row in unread), key=lambda u: (-u[1], u[0].word))),
            worst=tuple(_file_row(row, dates) for row in first),
            roots=shown_roots,
        )

    # -------------------------------------------------------------------------- helpers

    def _stream(self, query: Select[Any]) -> Iterator[Any]:
        with self._inventory.begin() as connection:
            yield from connection.execute(query.execution_options(yield_per=_AT_ONCE))

    @staticmethod
    def _where(view: View) -> list[ColumnElement[bool]]:
        where: list[ColumnElement[bool]] = [files.c.deleted_at.is_(None)]
        if view.source_ids:
            where.append(sources.c.source_id.in_(view.source_ids))
        if view.under:
            prefix = view.under.rstrip("/") + "/"
            # "0" follows "/": everything that begins with the prefix, by the index
            where.append(and_(files.c.folder >= prefix, files.c.folder < prefix[:-1] + "0"))
        if view.owner is not None:
            where.append(files.c.owner == view.owner)
        return where

    def _decided(self) -> dict[tuple[str, str], str]:
        with self._inventory.begin() as connection:
            return {(row.digest, row.identity): row.verdict for row in connection.execute(select(decisions).order_by(decisions.c.id))}

    def _finding_query(self, view: View, *more: ColumnElement[bool]) -> Select[Any]:
        level = Level.LOW if view.min_level is None else view.min_level
        return (
            _FILE_QUERY.add_columns(*(column.label("f_" + column.name) for column in findings.c))
            .join(findings, findings.c.file == files.c.id)
            .where(*self._where(view), findings.c.level >= int(level), *more)
        )

    def _findings(self, view: View, *more: ColumnElement[bool]) -> Iterator[FindingRow]:
        dates, decided = self._scan_dates(), self._decided()
        for _, rows in groupby(self._stream(_ordered(self._finding_query(view, *more))), key=lambda row: row.id):
            of_file = list(rows)
            file = _file_row(of_file[0], dates)
            yield from sorted((_finding_row(row, file, dates, decided) for row in of_file), key=_place_in_file)

    def _baselines(self) -> dict[int, int]:
        """For each source (row id): the last complete scan before its newest scan; 0 for none."""
        newest = select(scan_sources.c.source, func.max(scan_sources.c.scan).label("scan")).group_by(scan_sources.c.source).subquery()
        query = (
            select(newest.c.source, func.max(scans.c.id))
            .select_from(
                newest.outerjoin(
                    scan_sources, and_(scan_sources.c.source == newest.c.source, scan_sources.c.scan < newest.c.scan)
                ).outerjoin(scans, and_(scans.c.id == scan_sources.c.scan, scans.c.status == ScanStatus.COMPLETE.value))
            )
            .group_by(newest.c.source)
        )
        with self._inventory.begin() as connection:
            return {source: before or 0 for source, before in connection.execute(query)}


class _Sum:
    """What is added up for one folder of the branch under way."""

    __slots__ = (
        "_exposed",
        "_owners",
        "_sketches",
        "files",
        "findings",
        "level",
        "levels",
        "mtime_ns",
        "outcomes",
        "path",
        "root",
        "size",
        "source_id",
    )

    def __init__(self, source_id: str, root: str, path: str) -> None:
        self.source_id = source_id
        self.root = root
        self.path = path  # with its trailing slash
        self.files = self.size = self.findings = 0
        self.mtime_ns = 0
        self.level = Level.NONE
        self.outcomes: Counter[Outcome] = Counter()
        self.levels: Counter[Level] = Counter()
        self._owners: set[str] = set()
        self._exposed = ""
        self._sketches: list[bytes] = []

    def add(self, row: Any, merge: Merge) -> None:
        self.files += 1
        self.size += row.size
        self.findings += row.findings
        self.mtime_ns = max(self.mtime_ns, row.mtime_ns)
        level = Level(row.level)
        self.level = max(self.level, level)
        self.levels[level] += 1
        self.outcomes[Outcome(row.outcome)] += 1
        self._expose(row.readable_by)
        if len(self._owners) < 2 and row.owner:
            self._owners.add(row.owner)
        if row.sketch:
            self._sketches.append(bytes(row.sketch))
            if len(self._sketches) >= _SKETCHES_AT_ONCE:
                self._sketches = [merge(self._sketches).sketch]

    def _expose(self, readable_by: str) -> None:
        met, widest = Exposure.parse(readable_by), Exposure.parse(self._exposed)
        if met is not None and (widest is None or met > widest):
            self._exposed = readable_by

    def row(self, merge: Merge) -> FolderRow:
        persons = merge(self._sketches) if self._sketches else PersonCount()
        self._sketches = [persons.sketch] if persons.sketch else []
        return FolderRow(
            self.source_id,
            self.root,
            self.path.removesuffix("/"),
            self.files,
            self.size,
            self.mtime_ns,
            dict(self.outcomes),
            dict(self.levels),
            self.level,
            self.findings,
            persons.estimate,
            persons.exact,
            next(iter(self._owners)) if len(self._owners) == 1 else "",
            self._exposed,
        )

    def take(self, below: _Sum) -> None:
        """Add a subfolder, whose :meth:`row` was made."""
        self.files += below.files
        self.size += below.size
        self.findings += below.findings
        self.mtime_ns = max(self.mtime_ns, below.mtime_ns)
        self.level = max(self.level, below.level)
        self.levels += below.levels
        self.outcomes += below.outcomes
        self._owners |= below._owners
        self._expose(below._exposed)
        self._sketches += below._sketches


_FILE_QUERY: Select[Any] = (
    select(
        *(column for column in files.c if column.name not in {"sketch", "source"}),
        sources.c.source_id,
        sources.c.root,
        seen.c.scan.label("last_scan"),
    )
    .select_from(files)
    .join(sources, sources.c.id == files.c.source)
    .outerjoin(seen, seen.c.file == files.c.id)
)


def _ordered(query: Select[Any]) -> Select[Any]:
    return query.order_by(files.c.source, files.c.folder, files.c.name)


def _file_row(row: Any, dates: Mapping[int, str]) -> FileRow:
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


def _after(baselines: Mapping[int, int]) -> list[ColumnElement[bool]]:
    return [and_(files.c.source == source, findings.c.first_seen > scan) for source, scan in baselines.items()]


def _finding_row(row: Any, file: FileRow, dates: Mapping[int, str], decided: Mapping[tuple[str, str], str]) -> FindingRow:
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
        decided.get((file.digest, row.f_identity)) or decided.get((file.digest, "")) or "",
    )


def _place_in_file(row: FindingRow) -> tuple[str, str, tuple[Any, ...], str, str]:
    location = row.location
    values = tuple(getattr(location, name) for name in location.__slots__)
    return (row.member, type(location).__name__, values, row.entity, row.identity)
