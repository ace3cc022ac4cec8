"""Reads the inventory out again: typed rows as streams in the order of the paths, and the sums of a first page.

Nothing here holds more than one file's findings or one branch of folders at a
time. Files that a complete scan no longer met are left out everywhere.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import TracebackType
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, column, false, func, or_, select, tuple_, values

from piiscan.inventory.base import ScanStatus
from piiscan.inventory.decisions import Verdict
from piiscan.inventory.listings import LAST_SCAN, met_outcomes
from piiscan.inventory.pages import Filter
from piiscan.inventory.rollup import Merge, exposure_rank, wider
from piiscan.inventory.rows import (
    DECISION,
    FILE_QUERY,
    UNREAD_KINDS,
    FileRow,
    FindingRow,
    FolderRow,
    ProblemRow,
    Run,
    ScanRow,
    Summary,
    View,
    below,
    file_row,
    finding_query,
    finding_row,
    ordered,
    scan_dates,
    today,
)
from piiscan.inventory.schema import files, findings, problems, scan_sources, scans, sources
from piiscan.inventory.store import Inventory
from piiscan.model import Level, Outcome, PersonCount
from piiscan.problems import ProblemKind, Stage

__all__ = ["FileRow", "FindingRow", "FolderRow", "Merge", "ProblemRow", "Reader", "Run", "ScanRow", "Summary", "View"]

_AT_ONCE = 1000
_SKETCHES_AT_ONCE = 64
_EVERYTHING = View()
_RUN = (files.c.source, files.c.folder, files.c.name, files.c.folder, files.c.name)


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
            return {Outcome(word): count for word, count in met_outcomes(connection, scan_id).items()}

    def open_level(self, scan_id: int) -> Level:
        """The highest level of a finding in the files that a scan met which no decision settles; what ``--fail-on`` looks at."""
        settled = [verdict.value for verdict in Verdict if verdict.settles]
        query = (
            finding_query(today())
            .where(
                files.c.deleted_at.is_(None),
                LAST_SCAN == scan_id,  # noqa: SIM300 -- builds SQL
                DECISION.not_in(settled),
                findings.c.level >= int(Level.LOW),
            )
            .with_only_columns(findings.c.level)
            .order_by(findings.c.level.desc(), findings.c.persons.desc(), findings.c["count"].desc())
            .limit(1)
        )
        with self._inventory.begin() as connection:
            return Level(connection.execute(query).scalar() or 0)

    def _scan_dates(self) -> dict[int, str]:
        with self._inventory.begin() as connection:
            return scan_dates(connection)

    # -------------------------------------------------------------------------- streams

    def files(self, view: View = _EVERYTHING) -> Iterator[FileRow]:
        """Every entry, in order of the paths."""
        dates = self._scan_dates()
        query = ordered(FILE_QUERY.where(*self._where(view)))
        if view.min_level is not None:
            query = query.where(files.c.level >= int(view.min_level))
        for row in self._stream(query):
            yield file_row(row, dates)

    def findings(self, view: View = _EVERYTHING) -> Iterator[FindingRow]:
        """Every finding, in order of the paths; within a file by member, place and kind."""
        yield from self._findings(view)

    def new(self, view: View = _EVERYTHING, *, since: int | None = None) -> Iterator[FindingRow]:
        """Findings that were not there in the scan before.

        :param since: id of that scan; by default, for each root, the last complete scan before its newest one.
        """
        if since is not None:
            yield from self._findings(view, findings.c.first_seen > since)
        else:
            yield from self._findings(view, or_(false(), *_after(self._baselines())))

    def worst_findings(self, limit: int, view: View = _EVERYTHING) -> list[FindingRow]:
        """At most ``limit`` findings, worst first: by level, persons, and how many values."""
        order = (findings.c.level.desc(), findings.c.persons.desc(), findings.c.count.desc(), files.c.id, findings.c.identity)
        dates = self._scan_dates()
        with self._inventory.begin() as connection:
            rows = connection.execute(self._finding_query(view).order_by(*order).limit(limit)).all()
        return [finding_row(row, file_row(row, dates), dates) for row in rows]

    def finding_count(self, view: View = _EVERYTHING) -> int:
        """How many rows :meth:`findings` has."""
        with self._inventory.begin() as connection:
            return int(connection.execute(select(func.count()).select_from(self._finding_query(view).subquery())).scalar_one())

    def new_counts(self, view: View = _EVERYTHING) -> tuple[int, int] | None:
        """``(findings, files)`` that are new as in :meth:`new`; ``None`` when no root was completely scanned before."""
        baselines = self._baselines()
        if not any(baselines.values()):
            return None
        level = Level.LOW if view.min_level is None else view.min_level
        # what is new is as it is since one of the baselines: by the index where no root was scanned for the first time
        query = (
            select(func.count(), func.count(findings.c.file.distinct()))
            .select_from(findings.join(files, files.c.id == findings.c.file).join(sources, sources.c.id == files.c.source))
            .where(
                *self._where(view), findings.c.level + 0 >= int(level), findings.c.since > min(baselines.values()), or_(*_after(baselines))
            )
        )
        with self._inventory.begin() as connection:
            row = connection.execute(query).one()
            return int(row[0]), int(row[1])

    def problems(self, view: View = _EVERYTHING) -> Iterator[ProblemRow]:
        """Everything that kept a file from being (fully) read, in order of the paths."""
        dates = self._scan_dates()
        query = (
            FILE_QUERY.add_columns(
                problems.c.member, problems.c.kind, problems.c.stage, problems.c.detail.label("p_detail"), problems.c.number
            )
            .join(problems, problems.c.file == files.c.id)
            .where(*self._where(view), problems.c.kind.in_(UNREAD_KINDS))
        )
        if view.min_level is not None:
            query = query.where(files.c.level >= int(view.min_level))
        for row in self._stream(ordered(query).order_by(problems.c.number)):
            yield ProblemRow(file_row(row, dates), row.member, ProblemKind.parse(row.kind), Stage(row.stage), row.p_detail)

    def has_folder(self, path: str) -> bool:
        """Whether any root has, or once had, files below a folder (a key)."""
        inside = below(path, files.c.folder)
        with self._inventory.begin() as connection:
            roots = connection.execute(select(sources.c.id)).scalars().all()
            return any(connection.execute(select(files.c.id).where(files.c.source == root, inside).limit(1)).first() for root in roots)

    def folders(self, merge: Merge, view: View = _EVERYTHING, *, depth: int | None = None) -> Iterator[FolderRow]:
        """Every folder with what lies below it, deepest first; the root of a source comes last.

        :param depth: only folders at most so many levels below the root (0: the roots themselves).
        """
        query = ordered(FILE_QUERY.add_columns(files.c.sketch).where(*self._where(view)))
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

    def owners(self, view: View = _EVERYTHING) -> list[tuple[str, int]]:
        """``(owner, findings)`` of everyone who owns a file with a finding, most first."""
        found = self._finding_query(view).subquery()
        query = select(found.c.owner, func.count()).group_by(found.c.owner)
        with self._inventory.begin() as connection:
            return sorted(((str(owner), int(count)) for owner, count in connection.execute(query)), key=lambda row: (-row[1], row[0]))

    def runs(self, group: Callable[[str], str], view: View = _EVERYTHING) -> dict[str, tuple[Run, ...]]:
        """Every entry by the group of its path, each group as few runs of the order of the paths.

        Memory grows with the number of runs: few where a group is made of whole folders.
        """
        query = select(files.c.source, files.c.folder, files.c.name).join(sources, sources.c.id == files.c.source)
        found: dict[str, list[Run]] = {}
        now: tuple[int, str] | None = None
        for row in self._stream(ordered(query.where(*self._where(view)))):
            place = (row.folder, row.name)
            before, now = now, (row.source, group(row.folder + row.name))
            runs = found.setdefault(now[1], [])
            first = runs.pop().first if before == now else place
            runs.append(Run(row.source, first, place))
        return {name: tuple(of_name) for name, of_name in found.items()}

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

    def summary(self, merge: Merge, view: View = _EVERYTHING, *, worst: int = 10) -> Summary:
        """How much, how bad, what first, what could not be read."""
        where = self._where(view)
        dates = self._scan_dates()
        joined = files.join(sources, sources.c.id == files.c.source)
        exposure = exposure_rank(files.c.readable_by)
        with self._inventory.begin() as connection:
            counted = connection.execute(
                select(files.c.outcome, files.c.level, func.count(), func.sum(files.c.size), func.sum(files.c.findings))
                .select_from(joined)
                .where(*where)
                .group_by(files.c.outcome, files.c.level)
            ).all()
            by_entity = connection.execute(
                select(findings.c.entity, func.max(findings.c.level), func.count(findings.c.file.distinct()), func.sum(findings.c.count))
                .select_from(findings.join(files, files.c.id == findings.c.file).join(sources, sources.c.id == files.c.source))
                .where(*where, findings.c.level >= int(Level.LOW))
                .group_by(findings.c.entity)
            ).all()
            unread = connection.execute(
                select(files.c.problem, func.count())
                .select_from(joined)
                .where(*where, files.c.problem.in_(UNREAD_KINDS))
                .group_by(files.c.problem)
            ).all()
            first = connection.execute(
                FILE_QUERY.where(*where, files.c.level >= int(Level.LOW))
                .order_by(
                    files.c.level.desc(), exposure.desc(), files.c.persons.desc(), files.c.findings.desc(), files.c.mtime_ns, files.c.id
                )
                .limit(worst)
            ).all()
            roots = connection.execute(
                select(sources.c.root).select_from(joined).where(*where).distinct().order_by(sources.c.root)
            ).scalars()
            shown_roots = tuple(roots)
        outcomes, levels, bare = Counter[Outcome](), Counter[Level](), Counter[Outcome]()
        for outcome, level, number, *_ in counted:
            outcomes[Outcome(outcome)] += number
            levels[Level(level)] += number
            if level == Level.NONE:
                bare[Outcome(outcome)] += number
        return Summary(
            files=outcomes.total(),
            size=sum(int(row[3]) for row in counted),
            findings=sum(int(row[4]) for row in counted),
            persons=self.persons(merge, view),
            outcomes=outcomes,
            levels=levels,
            bare=bare,
            entities=tuple(
                sorted(((row[0], Level(row[1]), row[2], int(row[3])) for row in by_entity), key=lambda e: (-e[1], -e[3], e[0])),
            ),
            unread=tuple(sorted(((ProblemKind.parse(row[0]), row[1]) for row in unread), key=lambda u: (-u[1], u[0].word))),
            worst=tuple(file_row(row, dates) for row in first),
            roots=shown_roots,
        )

    def persons(self, merge: Merge, view: View = _EVERYTHING) -> PersonCount:
        """Different persons in what is selected (levels left aside): from the sums of folders where these are up to date."""
        pages = self._inventory.pages()
        if view.owner is None and view.runs is None and not pages.stale():
            return pages.persons(merge, Filter(source_ids=view.source_ids, under=view.under))
        return merge(self._sketches_of(view))

    def _sketches_of(self, view: View, *more: ColumnElement[bool]) -> Iterator[bytes]:
        joined = files.join(sources, sources.c.id == files.c.source)
        query = select(files.c.sketch).select_from(joined).where(*self._where(view), files.c.persons > 0, *more)
        return (bytes(row.sketch) for row in self._stream(query))

    def persons_by_kind(self, merge: Merge, view: View = _EVERYTHING, *, counted: Callable[[str], bool]) -> dict[str, PersonCount]:
        """Persons of each kind found, at most: not more than its findings say, nor than there are different persons in its files.

        :param counted: kinds whose files are counted over, as their number matters; for the others the findings alone say it.
        :return: by entity; ``exact`` when all its findings are in one place.
        """
        query = select(findings.c.entity, func.sum(findings.c.persons), func.max(findings.c.persons), func.count())
        if view == replace(_EVERYTHING, min_level=view.min_level):
            # from an index of the findings alone, some ten times faster than by way of their files
            query = query.where(findings.c.file.not_in(select(files.c.id).where(files.c.deleted_at.is_not(None))))
        else:
            query = query.select_from(findings.join(files, files.c.id == findings.c.file).join(sources, sources.c.id == files.c.source))
            query = query.where(*self._where(view))
        query = query.where(findings.c.level >= int(Level.LOW)).group_by(findings.c.entity)
        with self._inventory.begin() as connection:
            rows = connection.execute(query).all()
        everybody = self.persons(merge, view).estimate
        found = {}
        for entity, total, largest, places in rows:
            most = min(int(total), max(everybody, int(largest)))
            if places > 1 and counted(entity):
                having = select(findings.c.file).where(findings.c.entity == entity, findings.c.level >= int(Level.LOW))
                most = min(most, max(int(largest), merge(self._sketches_of(view, files.c.id.in_(having))).estimate))
            found[entity] = PersonCount(most, places == 1 or most == largest)
        return found

    def kinds_together(self, view: View, groups: Iterable[Sequence[str]]) -> set[tuple[str, str]]:
        """Pairs of a kind of one of the groups and another kind that stand in one file."""
        one, other = findings.alias("one"), findings.alias("other")
        pairs: set[tuple[str, str]] = set()
        for names in groups:
            query = (
                select(one.c.entity, other.c.entity)
                .select_from(one.join(other, other.c.file == one.c.file).join(files, files.c.id == one.c.file))
                .join(sources, sources.c.id == files.c.source)
                .where(*self._where(view), one.c.entity.in_(names), other.c.entity != one.c.entity)
                .where(one.c.level >= int(Level.LOW), other.c.level >= int(Level.LOW))
                .distinct()
            )
            with self._inventory.begin() as connection:
                pairs |= {(row[0], row[1]) for row in connection.execute(query)}
        return pairs

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
            where.append(below(view.under, files.c.folder))
        if view.owner is not None:
            where.append(files.c.owner == view.owner)
        if view.runs is not None:
            where.append(files.c.id.in_(_within(view.runs)))
        return where

    def _finding_query(self, view: View, *more: ColumnElement[bool]) -> Select[Any]:
        level = Level.LOW if view.min_level is None else view.min_level
        return finding_query(today()).where(*self._where(view), findings.c.level >= int(level), *more)

    def _findings(self, view: View, *more: ColumnElement[bool]) -> Iterator[FindingRow]:
        dates = self._scan_dates()
        for _, rows in groupby(self._stream(ordered(self._finding_query(view, *more))), key=lambda row: row.id):
            of_file = list(rows)
            file = file_row(of_file[0], dates)
            yield from sorted((finding_row(row, file, dates) for row in of_file), key=_place_in_file)

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
        self._exposed = wider(self._exposed, readable_by)

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


def _within(runs: Sequence[Run]) -> Select[Any]:
    """Ids of the files in some runs, found by the index of paths."""
    names = [column(name, of.type) for name, of in zip(("source", "folder", "name", "folder_", "name_"), _RUN, strict=True)]
    run = values(*names, name="run").data([(run.source, *run.first, *run.last) for run in runs]).cte("run")
    one = files.alias("one")
    return select(one.c.id).join(
        run,
        and_(
            one.c.source == run.c.source,
            tuple_(one.c.folder, one.c.name) >= tuple_(run.c.folder, run.c.name),
            tuple_(one.c.folder, one.c.name) <= tuple_(run.c.folder_, run.c.name_),
        ),
    )


def _after(baselines: Mapping[int, int]) -> list[ColumnElement[bool]]:
    # what was first seen after a scan is also as it is only since then; that column has the index
    # + 0: which has few new findings, and no index of files would find them
    return [and_(files.c.source + 0 == source, findings.c.first_seen > scan, findings.c.since > scan) for source, scan in baselines.items()]


def _place_in_file(row: FindingRow) -> tuple[str, str, tuple[Any, ...], str, str]:
    location = row.location
    values = tuple(getattr(location, name) for name in location.__slots__)
    return (row.member, type(location).__name__, values, row.entity, row.identity)
