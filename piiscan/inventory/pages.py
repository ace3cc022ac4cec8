"""Pages, counts and sums for people who look around in an inventory of any size.

Each answer takes a bounded amount of work, so it comes as fast from ten million
findings as from ten thousand:

* Counts and facets come from the sums that are kept of every folder
  (:mod:`piiscan.inventory.rollup`), as of the end of the last scan. Where these do
  not know a combination of filters, matches are counted up to a limit, and the
  answer says so (``exact`` is false).
* A page is taken from the rows that match when these are few (:data:`_FEW`), else
  by walking an index and leaving out what does not match. A walk looks at no more
  than :data:`_BUDGET` rows; the page may then be short, or empty, although there is
  more: ``next`` goes on from there. ``next`` is empty only at the end.
* A search for text looks at the names of all files when these are not too many
  (:data:`_PATHS`); this is the one thing whose time grows with their number.
* Pages are continued by key, not by number: nothing is shown twice or left out
  because a scan writes meanwhile.

Files that a complete scan no longer met are left out everywhere.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    and_,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    values,
)

from piiscan.inventory.rollup import Merge
from piiscan.inventory.rows import (
    FILE_QUERY,
    UNREAD_KINDS,
    FileRow,
    FindingRow,
    FolderRow,
    PastFile,
    ProblemRow,
    file_row,
    finding_query,
    finding_row,
    in_effect,
    today,
)
from piiscan.inventory.schema import (
    decisions,
    dirty,
    files,
    findings,
    folder_kinds,
    folder_owners,
    folders,
    past_files,
    problems,
    scans,
    sources,
)
from piiscan.model import Level, Outcome, PersonCount
from piiscan.problems import ProblemKind, Stage

if TYPE_CHECKING:
    from piiscan.inventory.store import Inventory

__all__ = ["Count", "Facets", "Filter", "Order", "Page", "Pages"]

Order = Literal["worst", "path"]
_Row = TypeVar("_Row")

#: Matches up to this number are gathered and sorted; more are walked to.
_FEW = 20_000
#: Rows of an index that one page looks at, in windows that grow.
_BUDGET = 35_000
_WINDOWS = (500, 4_500, 30_000)
#: A count without sums stops at so many matches, or when so many rows were looked at.
_COUNTED = 5_000
_COUNT_WINDOWS = (5_000, 30_000)
#: Findings of one owner that a count goes through.
_COUNTED_OF_OWNER = 60_000
#: Files whose names one search for text looks at (0.1 µs each), and matches that it may gather.
_PATHS = 3_000_000
_PATH_MATCHES = 2_000
#: Keys in one query.
_AT_ONCE = 1_000
_OWNERS = 100
_PAST = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown.

    :ivar source_ids: only these roots; empty for all.
    :ivar under: only what lies below this folder (a key), in any of the roots.
    :ivar min_level: findings, or files, of at least this level.
    :ivar entity: findings of this kind, or files that have such findings.
    :ivar owner: exactly; ``None`` for any.
    :ivar decision: ``undecided``, or a verdict (``confirmed``, ``false-alarm``, ``accepted``) that holds today; empty for any.
    :ivar text: stands somewhere in the path; upper and lower case of A to Z do not matter.
    :ivar outcome: of files; ``None`` for any.
    """

    source_ids: tuple[str, ...] = ()
    under: str = ""
    min_level: Level = Level.LOW
    entity: str = ""
    owner: str | None = None
    decision: str = ""
    text: str = ""
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[_Row]):
    """Some rows, and where to go on: ``next`` is given as ``after``; empty at the end."""

    rows: tuple[_Row, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many; when not ``exact`` there are at least so many."""

    number: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """What is there to filter by, and how many findings each would leave.

    :ivar levels: findings by level (``min_level`` does not matter here).
    :ivar entities: ``(entity, findings, files)``, most findings first (``entity`` does not matter here).
    :ivar owners: ``(owner, findings)``, most first, at most a hundred (``owner`` does not matter here).
    :ivar outcomes: files by outcome; only when no filter but root and folder is set.
    :ivar exact: whether everything was counted, or only the first matches.
    """

    levels: Mapping[Level, int]
    entities: tuple[tuple[str, int, int], ...]
    owners: tuple[tuple[str, int], ...]
    outcomes: Mapping[Outcome, int]
    exact: bool


class Pages:
    """Made by :meth:`Inventory.pages`, anew for each page that is shown: a search that its parts have in common is made once.

    Holds no connection between calls.

    :param day: on which decisions are to hold, ISO 8601; today if empty.
    """

    def __init__(self, inventory: Inventory, day: str = "") -> None:
        self._inventory = inventory
        self._day = day
        self._paths: dict[Filter, list[int] | None] = {}
        self._matches: dict[Filter, tuple[Sequence[Any], bool]] = {}

    # ------------------------------------------------------------------------ findings

    def findings(self, wanted: Filter, *, order: Order = "worst", size: int = 50, after: str = "") -> Page[FindingRow]:
        """A page of findings: worst first (level, persons, values), or by path.

        :raises ValueError: when ``after`` is none of this order's.
        """
        key = _read_key(after, "f" + order, 5 if order == "worst" else 4)
        with self._inventory.begin() as connection:
            if order == "path":
                rows, onward = self._findings_by_path(connection, wanted, size, key)
            else:
                keys, onward = self._worst(connection, wanted, size, key)
                rows = list(self._rows_of(connection, keys))
            dates = _dates(connection)
        return Page(tuple(finding_row(row, file_row(row, dates), dates) for row in rows), _key("f" + order, onward))

    def _worst(
        self, connection: Connection, wanted: Filter, size: int, key: Sequence[Any], *, counting: bool = False
    ) -> tuple[Sequence[Any], tuple[Any, ...]]:
        """Keys of findings, worst first: from an index and the files alone; when ``counting`` in any order, with entity and owner."""
        ranked = [findings.c.level, findings.c.persons, findings.c["count"], findings.c.file, findings.c.identity]
        more = [files.c.owner, findings.c.entity] if counting else []
        alive = [files.c.deleted_at.is_(None), *self._file_conditions(connection, wanted)]

        def key_of(row: Any) -> tuple[Any, ...]:
            return tuple(row)[:5]

        def gathered(few: ColumnElement[bool], least: int) -> Sequence[Any]:
            # + 0: an expression has no index, so the few are found by what makes them few
            plain = [column + 0 if i < 3 else column for i, column in enumerate(ranked)]
            query = (
                select(*ranked, *more)
                .join_from(files, findings, findings.c.file == files.c.id)
                .where(few, *alive, *self._decided(wanted, findings.c.identity))
                .where(plain[0] >= least, *([findings.c.entity + "" == wanted.entity] if wanted.entity else []))
            )
            if key:
                query = query.where(tuple_(*plain) < tuple_(*(literal(part) for part in key)))
            if not counting:
                query = query.order_by(*(of.desc() for of in plain))
            return connection.execute(query.limit(size + 1)).all()

        if (few := self._few(connection, wanted)) is not None:
            return _cut(gathered(few, int(wanted.min_level)), size, key_of)
        if (band := self._band(connection, wanted, size, key, folder_owners.c.rows, whole=counting)) is not None:
            rows = gathered(*band)
            if len(rows) > size or (counting and band[1] == wanted.min_level):
                return _cut(rows, size, key_of)
        window = select(*ranked).where(findings.c.level >= int(wanted.min_level), *self._of_entity(wanted))
        if (top := self._highest(connection, wanted)) is not None:
            window = window.where(findings.c.level <= top)

        def joined(inner: Subquery) -> Select[Any]:
            query = select(*inner.c, *more).join_from(inner, files, files.c.id == inner.c.file)
            if counting:
                query = query.join(findings, and_(findings.c.file == inner.c.file, findings.c.identity == inner.c.identity))
            query = query.where(*alive, *self._decided(wanted, inner.c.identity))
            return query if counting else query.order_by(*(of.desc() for of in inner.c))

        return _walk(
            connection,
            window.order_by(*(column.desc() for column in ranked)),
            5,
            joined,
            lambda at: tuple_(*ranked) < tuple_(*(literal(part) for part in at)),
            key_of,
            size,
            tuple(key),
            windows=_COUNT_WINDOWS if counting else _WINDOWS,
        )

    def _rows_of(self, connection: Connection, keys: Sequence[Any]) -> Iterator[Any]:
        """What is to be shown of some findings, in their order."""
        for start in range(0, len(keys), _AT_ONCE):
            part = [(number, row.file, row.identity) for number, row in enumerate(keys[start : start + _AT_ONCE])]
            names = (column("number", Integer), column("file", findings.c.file.type), column("identity", findings.c.identity.type))
            shown = values(*names, name="shown").data(part).cte("shown")
            query = finding_query(self._day or today()).join(
                shown, and_(shown.c.file == findings.c.file, shown.c.identity == findings.c.identity)
            )
            yield from connection.execute(query.order_by(shown.c.number))

    def _findings_by_path(
        self, connection: Connection, wanted: Filter, size: int, key: Sequence[Any]
    ) -> tuple[Sequence[Any], tuple[Any, ...]]:
        few = self._few(connection, wanted)
        query = finding_query(self._day or today()).where(
            files.c.deleted_at.is_(None), *self._file_conditions(connection, wanted), *self._decided(wanted, findings.c.identity)
        )
        full = [files.c.source, files.c.folder, files.c.name, findings.c.identity]
        query = query.where(findings.c.level + 0 >= int(wanted.min_level))
        if wanted.entity:
            query = query.where(findings.c.entity + "" == wanted.entity)

        def key_of(row: Any) -> tuple[Any, ...]:
            return (row.source_row, row.folder, row.name, row.f_identity)

        query = query.add_columns(files.c.source.label("source_row"))
        if few is not None:
            if key:
                query = query.where(tuple_(*full) > tuple_(*(literal(part) for part in key)))
            rows = connection.execute(query.where(few).order_by(*full).limit(size + 1)).all()
            return _cut(rows, size, key_of)
        window = select(files.c.source, files.c.folder, files.c.name, files.c.id).where(*self._range(connection, wanted))
        return _walk(
            connection,
            window.order_by(*full[:3]),
            3,
            lambda inner: query.join(inner, inner.c.id == files.c.id).order_by(
                inner.c.source, inner.c.folder, inner.c.name, findings.c.identity
            ),
            # the first file may have been shown only in part; a key of three is a whole file that was looked at
            lambda at: (
                tuple_(*full[:3]) >= tuple_(*(literal(part) for part in at[:3]))
                if len(at) == 4
                else tuple_(*full[:3]) > tuple_(*(literal(part) for part in at))
            ),
            key_of,
            size,
            tuple(key),
            row_after=lambda at: (
                or_(tuple_(*full[:3]) > tuple_(*(literal(part) for part in at[:3])), findings.c.identity > at[3]) if len(at) == 4 else None
            ),
        )

    def count_findings(self, wanted: Filter) -> Count:
        """How many findings there are."""
        with self._inventory.begin() as connection:
            known = self._known_rows(connection, wanted)
            if known is not None:
                return Count(known, True)
            rows, more = self._first_matches(connection, wanted)
            return Count(len(rows), not more)

    # --------------------------------------------------------------------------- files

    def files(self, wanted: Filter, *, order: Order = "worst", size: int = 50, after: str = "") -> Page[FileRow]:
        """A page of files: worst first (level, persons, values), or by path. ``decision`` does not apply to files.

        :raises ValueError: when ``after`` is none of this order's.
        """
        key = _read_key(after, "d" + order, 4 if order == "worst" else 3)
        with self._inventory.begin() as connection:
            rows, onward = self._file_rows(connection, wanted, order, size, key)
            dates = _dates(connection)
        return Page(tuple(file_row(row, dates) for row in rows), _key("d" + order, onward))

    def _file_rows(
        self, connection: Connection, wanted: Filter, order: Order, size: int, key: list[Any]
    ) -> tuple[Sequence[Any], tuple[Any, ...]]:
        query = FILE_QUERY.add_columns(files.c.source.label("source_row")).where(
            files.c.deleted_at.is_(None), *self._file_conditions(connection, wanted)
        )
        if wanted.outcome is not None:
            query = query.where(files.c.outcome == wanted.outcome.value)
        if wanted.entity:
            # + "": by the file's key, not by the index of kinds
            has = exists().where(findings.c.file == files.c.id, findings.c.entity + "" == wanted.entity)
            query = query.where(has.where(findings.c.level + 0 >= int(max(wanted.min_level, Level.LOW))))
        few = self._few(connection, wanted)
        if order == "path":
            columns: list[Any] = [files.c.source, files.c.folder, files.c.name]

            def key_of(row: Any) -> tuple[Any, ...]:
                return (row.source_row, row.folder, row.name)

        else:
            columns = [files.c.level, files.c.persons, files.c.findings, files.c.id]

            def key_of(row: Any) -> tuple[Any, ...]:
                return (row.level, row.persons, row.findings, row.id)

        down = order == "worst"
        if few is not None:
            plain = [column + 0 if down and i < 3 else column for i, column in enumerate(columns)]
            query = query.where(few, files.c.level + 0 >= int(wanted.min_level))
            if key:
                at = tuple_(*(literal(part) for part in key))
                query = query.where(tuple_(*plain) < at if down else tuple_(*plain) > at)
            rows = connection.execute(query.order_by(*(column.desc() if down else column for column in plain)).limit(size + 1)).all()
            return _cut(rows, size, key_of)
        if down and (band := self._band(connection, wanted, size, key, folder_owners.c.files)) is not None:
            ranked = [column + 0 if i < 3 else column for i, column in enumerate(columns)]
            best = query.where(band[0])
            if key:
                best = best.where(tuple_(*ranked) < tuple_(*(literal(part) for part in key)))
            rows = connection.execute(best.order_by(*(column.desc() for column in ranked)).limit(size + 1)).all()
            if len(rows) > size:
                return _cut(rows, size, key_of)
        window = select(*dict.fromkeys((*columns, files.c.id)))
        query = query.where(files.c.level + 0 >= int(wanted.min_level))
        if down:
            window = window.where(files.c.level >= int(wanted.min_level))
            if (top := self._highest(connection, wanted)) is not None and not wanted.entity:
                window = window.where(files.c.level <= top)
        else:
            window = window.where(*self._range(connection, wanted))
        return _walk(
            connection,
            window.order_by(*(column.desc() if down else column for column in columns)),
            len(columns),
            lambda inner: query.join(inner, inner.c.id == files.c.id).order_by(
                *(inner.c[column.name].desc() if down else inner.c[column.name] for column in columns)
            ),
            lambda at: (
                tuple_(*columns) < tuple_(*(literal(part) for part in at))
                if down
                else tuple_(*columns) > tuple_(*(literal(part) for part in at))
            ),
            key_of,
            size,
            tuple(key),
        )

    def file(self, file_id: int) -> tuple[FileRow, tuple[FindingRow, ...], tuple[ProblemRow, ...]] | None:
        """One file with all its findings (worst first) and problems; ``None`` when there is no such file."""
        with self._inventory.begin() as connection:
            dates = _dates(connection)
            row = connection.execute(FILE_QUERY.where(files.c.id == file_id)).first()
            if row is None:
                return None
            file = file_row(row, dates)
            found = connection.execute(
                finding_query(self._day or today())
                .where(files.c.id == file_id)
                .order_by(findings.c.level.desc(), findings.c.persons.desc(), findings.c["count"].desc(), findings.c.identity)
            )
            trouble = connection.execute(select(problems).where(problems.c.file == file_id).order_by(problems.c.number))
            return (
                file,
                tuple(finding_row(one, file, dates) for one in found),
                tuple(ProblemRow(file, one.member, ProblemKind.parse(one.kind), Stage(one.stage), one.detail) for one in trouble),
            )

    def copies(self, file: FileRow, limit: int = 20) -> tuple[FileRow, ...]:
        """Other files of the same content, at most ``limit``."""
        if not file.digest:
            return ()
        same = FILE_QUERY.where(files.c.digest == file.digest, files.c.id != file.file_id, files.c.deleted_at.is_(None))
        with self._inventory.begin() as connection:
            dates = _dates(connection)
            return tuple(file_row(row, dates) for row in connection.execute(same.order_by(files.c.id).limit(limit)))

    def past(self, file_id: int) -> tuple[PastFile, ...]:
        """What a file was before, newest first."""
        query = select(past_files).where(past_files.c.file == file_id).order_by(past_files.c.until.desc()).limit(_PAST)
        with self._inventory.begin() as connection:
            dates = _dates(connection)
            return tuple(
                PastFile(
                    dates.get(row.since, ""),
                    dates.get(row.until, ""),
                    row.size,
                    Outcome(row.outcome),
                    Level(row.level),
                    row.findings,
                    row.persons,
                )
                for row in connection.execute(query)
            )

    def unread(self, wanted: Filter) -> tuple[tuple[ProblemKind, int], ...]:
        """``(kind, files)`` of everything that is not fully read (``source_ids`` and ``under`` only), most files first."""
        query = (
            select(problems.c.kind, func.count(problems.c.file.distinct()).label("n"))
            .select_from(problems.join(files, files.c.id == problems.c.file))
            .where(files.c.deleted_at.is_(None), problems.c.kind.in_(UNREAD_KINDS))
            .group_by(problems.c.kind)
        )
        with self._inventory.begin() as connection:
            rows = connection.execute(query.where(*self._range(connection, wanted)))
            found = [(ProblemKind.parse(row.kind), int(row.n)) for row in rows]
        return tuple(sorted(found, key=lambda kind: (-kind[1], kind[0].word)))

    def problems(self, wanted: Filter, *, kinds: Collection[ProblemKind] = (), size: int = 50, after: str = "") -> Page[ProblemRow]:
        """A page of what kept files from being (fully) read, in the order in which files were first met.

        ``source_ids``, ``under``, ``owner`` and ``text`` of the filter apply.

        :param kinds: only these; empty for all.
        :raises ValueError: when ``after`` is none of these pages'.
        """
        key = _read_key(after, "problems", 2)
        words = [kind.word for kind in kinds] or UNREAD_KINDS
        with self._inventory.begin() as connection:
            query = (
                FILE_QUERY.add_columns(
                    problems.c.member, problems.c.kind, problems.c.stage, problems.c.detail.label("p_detail"), problems.c.number
                )
                .join(problems, problems.c.file == files.c.id)
                .where(files.c.deleted_at.is_(None), problems.c.kind.in_(words), *self._file_conditions(connection, wanted))
            )
            place = (problems.c.file, problems.c.number)
            rows, onward = _walk(
                connection,
                select(*place).order_by(*place),
                2,
                lambda inner: query.join(inner, and_(inner.c.file == problems.c.file, inner.c.number == problems.c.number)).order_by(
                    inner.c.file, inner.c.number
                ),
                lambda at: tuple_(*place) > tuple_(*(literal(part) for part in at)),
                lambda row: (row.id, row.number),
                size,
                tuple(key),
            )
            dates = _dates(connection)
        found = tuple(
            ProblemRow(file_row(row, dates), row.member, ProblemKind.parse(row.kind), Stage(row.stage), row.p_detail) for row in rows
        )
        return Page(found, _key("problems", onward))

    def find(self, path: str) -> list[FileRow]:
        """Files by their path, as people know it (root and all) or below any root."""
        with self._inventory.begin() as connection:
            dates = _dates(connection)
            keys: list[tuple[int, str]] = []
            for row in connection.execute(select(sources.c.id, sources.c.root)):
                root = row.root.rstrip("/\\")
                if path.startswith(root) and path[len(root) :][:1] in {"/", "\\"}:
                    keys.append((row.id, path[len(root) + 1 :]))
                keys += [(row.id, path), (row.id, path.replace("\\", "/"))]
            found = {}
            for source, key in dict.fromkeys(keys):
                folder, slash, name = key.rpartition("/")
                query = FILE_QUERY.where(
                    files.c.source == source, files.c.folder == folder + slash, files.c.name == name, files.c.deleted_at.is_(None)
                )
                found.update({row.id: file_row(row, dates) for row in connection.execute(query)})
        return list(found.values())

    # ------------------------------------------------------------------------- folders

    def roots(self) -> list[FolderRow]:
        """Every root with what lies below it, worst first."""
        with self._inventory.begin() as connection:
            rows = connection.execute(_FOLDERS.where(folders.c.depth == 0, folders.c.path == "", folders.c.parent.is_(None))).all()
        return sorted((_folder_row(row) for row in rows), key=lambda row: (-row.level, -row.persons, row.source))

    def folder(self, source_id: str, path: str = "") -> FolderRow | None:
        """One folder with what lies below it; the root when ``path`` is empty."""
        with self._inventory.begin() as connection:
            row = connection.execute(_FOLDERS.where(sources.c.source_id == source_id, folders.c.path == _with_slash(path))).first()
        return _folder_row(row) if row else None

    def folders(self, source_id: str, path: str = "", *, order: Order = "worst", size: int = 50, after: str = "") -> Page[FolderRow]:
        """A page of the folders directly in a folder, each with what lies below it.

        :raises ValueError: when ``after`` is none of this order's.
        """
        down = order == "worst"
        key = _read_key(after, "s" + order, 3 if down else 1)
        with self._inventory.begin() as connection:
            parent = connection.execute(
                select(folders.c.id)
                .join(sources, sources.c.id == folders.c.source)
                .where(sources.c.source_id == source_id, folders.c.path == _with_slash(path))
            ).scalar()
            if parent is None:
                return Page(())
            columns = [folders.c.level, folders.c.persons, folders.c.id] if down else [folders.c.path]
            query = _FOLDERS.where(folders.c.parent == parent)
            if key:
                at = tuple_(*(literal(part) for part in key))
                query = query.where(tuple_(*columns) < at if down else tuple_(*columns) > at)
            rows = connection.execute(query.order_by(*(c.desc() if down else c for c in columns)).limit(size + 1)).all()
        kept, onward = _cut(rows, size, lambda row: (row.level, row.persons, row.id) if down else (row.path,))
        return Page(tuple(_folder_row(row) for row in kept), _key("s" + order, onward))

    def persons(self, merge: Merge, wanted: Filter) -> PersonCount:
        """Different persons below a folder (``source_ids`` and ``under`` only), from the sums: at most one sketch a root is read."""
        with self._inventory.begin() as connection:
            ids = self._folder_ids(connection, wanted)
            rows = connection.execute(
                select(folders.c.sketch, folders.c.persons, folders.c.persons_exact).where(folders.c.id.in_(ids), folders.c.persons > 0)
            ).all()
        if len(rows) == 1:
            return PersonCount(rows[0].persons, bool(rows[0].persons_exact), bytes(rows[0].sketch))
        return merge(bytes(row.sketch) for row in rows)

    def stale(self) -> bool:
        """Whether the sums lag behind: a scan is under way, or was killed. :meth:`Inventory.roll_up` brings them up to date."""
        with self._inventory.begin() as connection:
            return self._lagging(connection)

    # -------------------------------------------------------------------------- facets

    def facets(self, wanted: Filter) -> Facets:
        """What is there to filter by. Each group of numbers leaves its own filter aside."""
        with self._inventory.begin() as connection:
            if wanted.text or wanted.decision or wanted.outcome or (wanted.owner is not None and wanted.entity):
                return self._counted_facets(connection, wanted)
            ids = self._folder_ids(connection, wanted)
            if wanted.owner is not None:
                rows = connection.execute(
                    select(folder_owners.c.level, func.sum(folder_owners.c.rows))
                    .where(folder_owners.c.folder.in_(ids), folder_owners.c.owner == wanted.owner)
                    .group_by(folder_owners.c.level)
                )
                counted = self._counted_facets(connection, wanted)
                return replace(
                    counted, levels={Level(level): int(n) for level, n in rows if n}, owners=self._owners(connection, ids, wanted)
                )
            kinds = connection.execute(
                select(
                    folder_kinds.c.entity,
                    folder_kinds.c.level,
                    func.sum(folder_kinds.c.rows).label("n"),
                    func.sum(folder_kinds.c.files).label("files"),
                )
                .where(folder_kinds.c.folder.in_(ids))
                .group_by(folder_kinds.c.entity, folder_kinds.c.level)
            ).all()
            levels: Counter[Level] = Counter()
            rows_of: Counter[str] = Counter()
            files_of: Counter[str] = Counter()
            for entity, level, number, in_files in kinds:
                if not wanted.entity or entity == wanted.entity:
                    levels[Level(level)] += int(number)
                if level >= wanted.min_level:
                    rows_of[entity] += int(number)
                    files_of[entity] += int(in_files)
            outcomes: dict[Outcome, int] = {}
            if not wanted.entity:
                sums = connection.execute(
                    select(*(func.sum(folders.c[outcome.value]) for outcome in Outcome)).where(folders.c.id.in_(ids))
                ).one()
                outcomes = {outcome: int(number) for outcome, number in zip(Outcome, sums, strict=True) if number}
            owners = () if wanted.entity else self._owners(connection, ids, wanted)
            return Facets(
                {level: number for level, number in levels.items() if number},
                tuple((entity, number, files_of[entity]) for entity, number in rows_of.most_common() if number),
                owners,
                outcomes,
                True,
            )

    @staticmethod
    def _owners(connection: Connection, ids: Sequence[int], wanted: Filter) -> tuple[tuple[str, int], ...]:
        number = func.sum(folder_owners.c.rows)
        rows = connection.execute(
            select(folder_owners.c.owner, number)
            .where(folder_owners.c.folder.in_(ids), folder_owners.c.level >= int(wanted.min_level))
            .group_by(folder_owners.c.owner)
            .having(number > 0)
            .order_by(number.desc(), folder_owners.c.owner)
            .limit(_OWNERS)
        )
        return tuple((owner, int(n)) for owner, n in rows)

    def _counted_facets(self, connection: Connection, wanted: Filter) -> Facets:
        """From the matches themselves, up to a limit; every filter applies to every group."""
        rows, more = self._first_matches(connection, wanted)
        levels = Counter(Level(row.level) for row in rows)
        kinds = Counter(row.entity for row in rows)
        in_files = Counter(entity for entity, _ in {(row.entity, row.file) for row in rows})
        owners = Counter(row.owner for row in rows)
        return Facets(
            dict(levels),
            tuple((entity, number, in_files[entity]) for entity, number in kinds.most_common()),
            tuple(owners.most_common(_OWNERS)),
            {},
            not more,
        )

    def _first_matches(self, connection: Connection, wanted: Filter) -> tuple[Sequence[Any], bool]:
        if wanted not in self._matches:
            rows, onward = self._worst(connection, wanted, _COUNTED, (), counting=True)
            self._matches[wanted] = rows, bool(onward)
        return self._matches[wanted]

    # --------------------------------------------------------------------- what is few

    def _known_rows(self, connection: Connection, wanted: Filter) -> int | None:
        """Findings that match, from the sums; ``None`` when they do not know this combination."""
        if wanted.text or wanted.decision or wanted.outcome is not None or (wanted.owner is not None and wanted.entity):
            return None
        return self._rows_below(connection, wanted)

    def _rows_below(self, connection: Connection, wanted: Filter) -> int:
        """Findings below the folder of the filter, of its level and of its owner or kind."""
        ids = self._folder_ids(connection, wanted)
        table = folder_owners if wanted.owner is not None else folder_kinds
        query = select(func.sum(table.c.rows)).where(table.c.folder.in_(ids), table.c.level >= int(wanted.min_level))
        if wanted.owner is not None:
            query = query.where(table.c.owner == wanted.owner)
        elif wanted.entity:
            query = query.where(table.c.entity == wanted.entity)
        return int(connection.execute(query).scalar() or 0)

    def _few(self, connection: Connection, wanted: Filter) -> ColumnElement[bool] | None:
        """A condition that finds the matches by an index, when they are few; else ``None``."""
        if wanted.decision and wanted.decision != "undecided":
            held = select(decisions.c.digest).where(decisions.c.verdict == wanted.decision, in_effect(decisions, self._day or today()))
            return files.c.digest.in_(held)
        if wanted.text and (matches := self._matching_paths(connection, wanted)) is not None:
            return files.c.id.in_(matches)
        if wanted.under or wanted.source_ids:
            everything = replace(wanted, owner=None, entity="", min_level=Level.NONE)
            if self._entries_below(connection, wanted) <= _FEW and self._rows_below(connection, everything) <= 2 * _FEW:
                return and_(*self._range(connection, wanted))
        if wanted.entity and self._rows_below(connection, replace(wanted, owner=None)) <= _FEW:
            least = int(max(wanted.min_level, Level.NONE))
            return files.c.id.in_(select(findings.c.file).where(findings.c.entity == wanted.entity, findings.c.level >= least))
        if wanted.owner is not None:
            whole = replace(wanted, under="", source_ids=(), entity="")
            if self._rows_below(connection, whole) <= _FEW:
                return and_(files.c.owner == wanted.owner, files.c.level >= int(wanted.min_level))
        return None

    def _band(
        self, connection: Connection, wanted: Filter, size: int, key: Sequence[Any], number: ColumnElement[int], *, whole: bool = False
    ) -> tuple[ColumnElement[bool], int] | None:
        """What an owner of much has at the highest levels, down to one that fills a page, and that level; ``None`` when that is not few.

        Rows that a page filled with these leaves out are all of a lower level. Where they do not fill it, the other filters
        take much away, and the page is walked to.

        :param number: what the sums say of each level: rows, or files.
        :param whole: down to the lowest level that is wanted.
        """
        if wanted.owner is None:
            return None
        ids = self._folder_ids(connection, Filter())
        query = (
            select(folder_owners.c.level, func.sum(number).label("n"))
            .where(folder_owners.c.folder.in_(ids), folder_owners.c.owner == wanted.owner, folder_owners.c.level >= int(wanted.min_level))
            .group_by(folder_owners.c.level)
            .order_by(folder_owners.c.level.desc())
        )
        total = 0
        for level, there in connection.execute(query).all():
            if key and level > key[0]:
                continue  # shown before
            total += int(there)
            if total > (_COUNTED_OF_OWNER if whole else _FEW):
                return None
            if total > size and not whole:
                return and_(files.c.owner == wanted.owner, files.c.level >= level), level
        return (and_(files.c.owner == wanted.owner, files.c.level >= int(wanted.min_level)), int(wanted.min_level)) if whole else None

    def _entries_below(self, connection: Connection, wanted: Filter) -> int:
        ids = self._folder_ids(connection, wanted)
        return int(connection.execute(select(func.sum(folders.c.files)).where(folders.c.id.in_(ids))).scalar() or 0)

    def _highest(self, connection: Connection, wanted: Filter) -> int | None:
        """The highest level below the folder: a walk need not begin above it."""
        if not wanted.under and not wanted.source_ids:
            return None
        query = select(func.max(folders.c.level)).where(folders.c.id.in_(self._folder_ids(connection, wanted)))
        # sums may lag behind a scan that is under way: then no shortcut
        return None if self._lagging(connection) else int(connection.execute(query).scalar() or 0)

    @staticmethod
    def _lagging(connection: Connection) -> bool:
        return connection.execute(select(dirty.c.source).limit(1)).first() is not None

    def _matching_paths(self, connection: Connection, wanted: Filter) -> list[int] | None:
        """Ids of files whose path holds the text; ``None`` when they are many, or the names too many to look at."""
        where = Filter(source_ids=wanted.source_ids, under=wanted.under, text=wanted.text)
        if where not in self._paths:
            self._paths[where] = self._search_paths(connection, where)
        return self._paths[where]

    def _search_paths(self, connection: Connection, wanted: Filter) -> list[int] | None:
        lagging = self._lagging(connection)
        entries = (
            int(connection.execute(select(func.max(files.c.id))).scalar() or 0) if lagging else self._entries_below(connection, wanted)
        )
        if entries > _PATHS:
            return None
        anywhere = select(files.c.id).where(*self._range(connection, wanted))
        if lagging or "/" in wanted.text:
            searches = [anywhere.where(_holds(connection, files.c.folder + files.c.name, wanted.text))]
        else:
            # in the name of a folder, looked at once for all its files, or in that of the file
            # + "", + 0: from the folders to the files, not the other way
            of_folder = and_(files.c.folder == folders.c.path + "", files.c.source == folders.c.source + 0)
            searches = [
                anywhere.join(folders, of_folder).where(_holds(connection, folders.c.path, wanted.text)),
                anywhere.where(_holds(connection, files.c.name, wanted.text)),
            ]
        found: dict[int, None] = {}
        for search in searches:
            found.update(dict.fromkeys(connection.execute(search.limit(_PATH_MATCHES + 1)).scalars()))
            if len(found) > _PATH_MATCHES:
                return None
        return list(found)

    # -------------------------------------------------------------------------- filters

    def _folder_ids(self, connection: Connection, wanted: Filter) -> list[int]:
        query = select(folders.c.id).join(sources, sources.c.id == folders.c.source).where(folders.c.path == _with_slash(wanted.under))
        if wanted.source_ids:
            query = query.where(sources.c.source_id.in_(wanted.source_ids))
        return list(connection.execute(query).scalars())

    @staticmethod
    def _source_rows(connection: Connection, wanted: Filter) -> list[int]:
        query = select(sources.c.id)
        if wanted.source_ids:
            query = query.where(sources.c.source_id.in_(wanted.source_ids))
        return list(connection.execute(query).scalars())

    def _range(self, connection: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
        """The part of the paths that the filter is about."""
        conditions: list[ColumnElement[bool]] = []
        if wanted.source_ids or wanted.under:
            conditions.append(files.c.source.in_(self._source_rows(connection, wanted)))
        if wanted.under:
            conditions.append(_below(wanted.under, files.c.folder))
        return conditions

    def _file_conditions(self, connection: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
        """What the filter says of files, as expressions that no index answers: the way to the rows is chosen elsewhere."""
        conditions: list[ColumnElement[bool]] = []
        if wanted.source_ids:
            conditions.append((files.c.source + 0).in_(self._source_rows(connection, wanted)))
        if wanted.under:
            conditions.append(_below(wanted.under, files.c.folder + ""))
        if wanted.owner is not None:
            conditions.append(files.c.owner + "" == wanted.owner)
        if wanted.text:
            conditions.append(_holds(connection, files.c.folder + files.c.name, wanted.text))
        return conditions

    def _decided(self, wanted: Filter, identity: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """:param identity: of the finding."""
        if not wanted.decision:
            return []
        holds = and_(
            decisions.c.digest == files.c.digest,
            decisions.c.identity.in_((identity, "")),
            in_effect(decisions, self._day or today()),
        )
        if wanted.decision == "undecided":
            return [~exists().where(holds)]
        # a finding's own decision outweighs that of its file
        own = exists().where(holds, decisions.c.identity == identity)
        return [
            exists().where(
                holds,
                decisions.c.verdict == wanted.decision,
                or_(decisions.c.identity == identity, ~own.correlate_except(decisions)),
            )
        ]

    @staticmethod
    def _of_entity(wanted: Filter) -> list[ColumnElement[bool]]:
        return [findings.c.entity == wanted.entity] if wanted.entity else []


# ------------------------------------------------------------------------------ walking


def _walk(
    connection: Connection,
    window: Select[Any],
    length: int,
    joined: Any,
    beyond: Any,
    key_of: Any,
    size: int,
    key: tuple[Any, ...],
    row_after: Any = None,
    windows: Sequence[int] = _WINDOWS,
) -> tuple[Sequence[Any], tuple[Any, ...]]:
    """Rows of ``window`` that the joined query lets through, until a page is full or the budget is spent.

    :param window: the index to walk, ordered; its first ``length`` columns are the key.
    :param joined: makes the query of a part of the window.
    :param beyond: the condition on the window for what comes after a key.
    :param row_after: the same on the rows, where the window's first row may hold rows before the key.
    :param windows: rows to look at, step by step; together the budget.
    :return: the rows, and the key to go on from; no key at the end.
    """
    found: list[Any] = []
    at = key
    for step in windows:
        if step < size and step != windows[-1]:
            continue
        part = (window.where(beyond(at)) if at else window).limit(step)
        inner = part.subquery()
        query = joined(inner)
        if row_after is not None and at and (more := row_after(at)) is not None:
            query = query.where(more)
        found += connection.execute(query.limit(size + 1 - len(found))).all()
        if len(found) > size:
            return found[:size], key_of(found[size - 1])
        # the window's last row: where to go on; none when it came to the end
        last = connection.execute(part.limit(1).offset(step - 1)).first()
        if last is None:
            return found, ()
        at = tuple(last)[:length]
    return found, at


def _cut(rows: Sequence[Any], size: int, key_of: Any) -> tuple[Sequence[Any], tuple[Any, ...]]:
    return (rows[:size], key_of(rows[size - 1])) if len(rows) > size else (rows, ())


def _key(tag: str, parts: Iterable[Any]) -> str:
    parts = list(parts)
    return (
        base64.urlsafe_b64encode(json.dumps([tag, *parts], ensure_ascii=False).encode("utf-8", "surrogatepass")).decode() if parts else ""
    )


def _read_key(text: str, tag: str, length: int) -> list[Any]:
    if not text:
        return []
    try:
        found = json.loads(base64.urlsafe_b64decode(text.encode("ascii")).decode("utf-8", "surrogatepass"))
    except (ValueError, binascii.Error):
        found = None
    # a walk through files that stopped between two of them has no finding in its key
    fits = isinstance(found, list) and found[:1] == [tag] and len(found) - 1 in {length, length - (tag == "fpath")}
    if not fits or not all(isinstance(part, int | str) for part in found):
        raise ValueError("not the key of a page of this order")
    return list(found[1:])


# ------------------------------------------------------------------------------- details

_FOLDERS: Select[Any] = select(*(c for c in folders.c if c.name != "sketch"), sources.c.source_id, sources.c.root).join(
    sources, sources.c.id == folders.c.source
)


def _folder_row(row: Any) -> FolderRow:
    return FolderRow(
        row.source_id,
        row.root,
        row.path.removesuffix("/"),
        row.files,
        row.size,
        row.mtime_ns,
        {outcome: number for outcome in Outcome if (number := getattr(row, outcome.value))},
        {level: number for level in Level if (number := getattr(row, level.word))},
        Level(row.level),
        row.findings,
        row.persons,
        bool(row.persons_exact),
        row.owner,
        row.readable_by,
    )


def _dates(connection: Connection) -> dict[int, str]:
    return {row.id: row.started_at for row in connection.execute(select(scans.c.id, scans.c.started_at))}


def _with_slash(path: str) -> str:
    return path.strip("/") + "/" if path.strip("/") else ""


def _below(folder: str, path: ColumnElement[str]) -> ColumnElement[bool]:
    prefix = _with_slash(folder)
    # "0" follows "/": everything that begins with the prefix, by the index
    return and_(path >= prefix, path < prefix[:-1] + "0")


def _holds(connection: Connection, path: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a path holds a text, A to Z in either case; paths have the collation C, so alike on every database."""
    if connection.dialect.name == "sqlite":
        return path.contains(text, autoescape=True)  # SQLite's LIKE minds the case of other letters only
    low = "".join(ch.lower() if ch.isascii() else ch for ch in text)
    return func.lower(path).contains(low, autoescape=True)
