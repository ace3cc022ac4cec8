"""Pages, counts and sums for people who look around in an inventory of any size.

Each answer takes a bounded amount of work, so it comes as fast from ten million
findings as from ten thousand:

* Counts and facets come from the sums that are kept of every folder
  (:mod:`piiscan.inventory.rollup`), as of the end of the last scan. Where these do
  not know a combination of filters, matches are counted up to a limit, and the
  answer says so (``exact`` is false).
* A page is taken from the rows that match when these are few (:mod:`piiscan.inventory.filters`), else
  by walking an index and leaving out what does not match. A walk looks at no more
  than :data:`~piiscan.inventory.walking.WINDOWS` says; the page may then be short, or empty, although there is
  more: ``next`` goes on from there. ``next`` is empty only at the end.
* A search for text looks at the names of all files when these are not too many;
  this is the one thing whose time grows with their number.
* Pages are continued by key, not by number: nothing is shown twice or left out
  because a scan writes meanwhile.

Files that a complete scan no longer met are left out everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

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

from piiscan.inventory.filters import (
    Filter,
    Ways,
    best_of_owner,
    file_conditions,
    folder_ids,
    highest,
    known_rows,
    of_entity,
    sums_lag,
    within,
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
    scan_dates,
    today,
    with_slash,
)
from piiscan.inventory.schema import (
    files,
    findings,
    folder_kinds,
    folder_owners,
    folders,
    past_files,
    problems,
    sources,
)
from piiscan.inventory.walking import WINDOWS, Page, cut, key_text, read_key, walk
from piiscan.model import Level, Outcome, PersonCount
from piiscan.problems import ProblemKind, Stage

if TYPE_CHECKING:
    from piiscan.inventory.store import Inventory

__all__ = ["Count", "Facets", "Filter", "Order", "Page", "Pages"]

Order = Literal["worst", "path"]

#: A count without sums stops at so many matches, or when so many rows were looked at.
_COUNTED = 5_000
_COUNT_WINDOWS = (5_000, 30_000)
#: Keys in one query.
_AT_ONCE = 1_000
_OWNERS = 100
_PAST = 50


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
        self._ways = Ways(day)
        self._matches: dict[Filter, tuple[Sequence[Any], bool]] = {}

    # ------------------------------------------------------------------------ findings

    def findings(self, wanted: Filter, *, order: Order = "worst", size: int = 50, after: str = "") -> Page[FindingRow]:
        """A page of findings: worst first (level, persons, values), or by path.

        :raises ValueError: when ``after`` is none of this order's.
        """
        key = read_key(after, "f" + order, 5 if order == "worst" else 4)
        with self._inventory.begin() as connection:
            if order == "path":
                rows, onward = self._findings_by_path(connection, wanted, size, key)
            else:
                keys, onward = self._worst(connection, wanted, size, key)
                rows = list(self._rows_of(connection, keys))
            dates = scan_dates(connection)
        return Page(tuple(finding_row(row, file_row(row, dates), dates) for row in rows), key_text("f" + order, onward))

    def _worst(
        self, connection: Connection, wanted: Filter, size: int, key: Sequence[Any], *, counting: bool = False
    ) -> tuple[Sequence[Any], tuple[Any, ...]]:
        """Keys of findings, worst first: from an index and the files alone; when ``counting`` in any order, with entity and owner."""
        ranked = [findings.c.level, findings.c.persons, findings.c["count"], findings.c.file, findings.c.identity]
        more = [files.c.owner, findings.c.entity] if counting else []
        alive = [files.c.deleted_at.is_(None), *file_conditions(connection, wanted)]

        def key_of(row: Any) -> tuple[Any, ...]:
            return tuple(row)[:5]

        def gathered(few: ColumnElement[bool], least: int) -> Sequence[Any]:
            # + 0: an expression has no index, so the few are found by what makes them few
            plain = [column + 0 if i < 3 else column for i, column in enumerate(ranked)]
            query = (
                select(*ranked, *more)
                .join_from(files, findings, findings.c.file == files.c.id)
                .where(few, *alive, *self._ways.decided(wanted, findings.c.identity))
                .where(plain[0] >= least, *([findings.c.entity + "" == wanted.entity] if wanted.entity else []))
            )
            if key:
                query = query.where(tuple_(*plain) < tuple_(*(literal(part) for part in key)))
            if not counting:
                query = query.order_by(*(of.desc() for of in plain))
            return connection.execute(query.limit(size + 1)).all()

        if (few := self._ways.few(connection, wanted)) is not None:
            return cut(gathered(few, int(wanted.min_level)), size, key_of)
        if (band := best_of_owner(connection, wanted, size, key, folder_owners.c.rows, whole=counting)) is not None:
            rows = gathered(*band)
            if len(rows) > size or (counting and band[1] == wanted.min_level):
                return cut(rows, size, key_of)
        window = select(*ranked).where(findings.c.level >= int(wanted.min_level), *of_entity(wanted))
        if (top := highest(connection, wanted)) is not None:
            window = window.where(findings.c.level <= top)

        def joined(inner: Subquery) -> Select[Any]:
            query = select(*inner.c, *more).join_from(inner, files, files.c.id == inner.c.file)
            if counting:
                query = query.join(findings, and_(findings.c.file == inner.c.file, findings.c.identity == inner.c.identity))
            query = query.where(*alive, *self._ways.decided(wanted, inner.c.identity))
            return query if counting else query.order_by(*(of.desc() for of in inner.c))

        return walk(
            connection,
            window.order_by(*(column.desc() for column in ranked)),
            5,
            joined,
            lambda at: tuple_(*ranked) < tuple_(*(literal(part) for part in at)),
            key_of,
            size,
            tuple(key),
            windows=_COUNT_WINDOWS if counting else WINDOWS,
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
        few = self._ways.few(connection, wanted)
        query = finding_query(self._day or today()).where(
            files.c.deleted_at.is_(None), *file_conditions(connection, wanted), *self._ways.decided(wanted, findings.c.identity)
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
            return cut(rows, size, key_of)
        window = select(files.c.source, files.c.folder, files.c.name, files.c.id).where(*within(connection, wanted))
        return walk(
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
            known = known_rows(connection, wanted)
            if known is not None:
                return Count(known, True)
            rows, more = self._first_matches(connection, wanted)
            return Count(len(rows), not more)

    # --------------------------------------------------------------------------- files

    def files(self, wanted: Filter, *, order: Order = "worst", size: int = 50, after: str = "") -> Page[FileRow]:
        """A page of files: worst first (level, persons, values), or by path. ``decision`` does not apply to files.

        :raises ValueError: when ``after`` is none of this order's.
        """
        key = read_key(after, "d" + order, 4 if order == "worst" else 3)
        with self._inventory.begin() as connection:
            rows, onward = self._file_rows(connection, wanted, order, size, key)
            dates = scan_dates(connection)
        return Page(tuple(file_row(row, dates) for row in rows), key_text("d" + order, onward))

    def _file_rows(
        self, connection: Connection, wanted: Filter, order: Order, size: int, key: list[Any]
    ) -> tuple[Sequence[Any], tuple[Any, ...]]:
        query = FILE_QUERY.add_columns(files.c.source.label("source_row")).where(
            files.c.deleted_at.is_(None), *file_conditions(connection, wanted)
        )
        if wanted.outcome is not None:
            query = query.where(files.c.outcome == wanted.outcome.value)
        if wanted.entity:
            # + "": by the file's key, not by the index of kinds
            has = exists().where(findings.c.file == files.c.id, findings.c.entity + "" == wanted.entity)
            query = query.where(has.where(findings.c.level + 0 >= int(max(wanted.min_level, Level.LOW))))
        few = self._ways.few(connection, wanted)
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
            return cut(rows, size, key_of)
        if down and (band := best_of_owner(connection, wanted, size, key, folder_owners.c.files)) is not None:
            ranked = [column + 0 if i < 3 else column for i, column in enumerate(columns)]
            best = query.where(band[0])
            if key:
                best = best.where(tuple_(*ranked) < tuple_(*(literal(part) for part in key)))
            rows = connection.execute(best.order_by(*(column.desc() for column in ranked)).limit(size + 1)).all()
            if len(rows) > size:
                return cut(rows, size, key_of)
        window = select(*dict.fromkeys((*columns, files.c.id)))
        query = query.where(files.c.level + 0 >= int(wanted.min_level))
        if down:
            window = window.where(files.c.level >= int(wanted.min_level))
            if (top := highest(connection, wanted)) is not None and not wanted.entity:
                window = window.where(files.c.level <= top)
        else:
            window = window.where(*within(connection, wanted))
        return walk(
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
            dates = scan_dates(connection)
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
            dates = scan_dates(connection)
            return tuple(file_row(row, dates) for row in connection.execute(same.order_by(files.c.id).limit(limit)))

    def past(self, file_id: int) -> tuple[PastFile, ...]:
        """What a file was before, newest first."""
        query = select(past_files).where(past_files.c.file == file_id).order_by(past_files.c.until.desc()).limit(_PAST)
        with self._inventory.begin() as connection:
            dates = scan_dates(connection)
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
            rows = connection.execute(query.where(*within(connection, wanted)))
            found = [(ProblemKind.parse(row.kind), int(row.n)) for row in rows]
        return tuple(sorted(found, key=lambda kind: (-kind[1], kind[0].word)))

    def problems(self, wanted: Filter, *, kinds: Collection[ProblemKind] = (), size: int = 50, after: str = "") -> Page[ProblemRow]:
        """A page of what kept files from being (fully) read, in the order in which files were first met.

        ``source_ids``, ``under``, ``owner`` and ``text`` of the filter apply.

        :param kinds: only these; empty for all.
        :raises ValueError: when ``after`` is none of these pages'.
        """
        key = read_key(after, "problems", 2)
        words = [kind.word for kind in kinds] or UNREAD_KINDS
        with self._inventory.begin() as connection:
            query = (
                FILE_QUERY.add_columns(
                    problems.c.member, problems.c.kind, problems.c.stage, problems.c.detail.label("p_detail"), problems.c.number
                )
                .join(problems, problems.c.file == files.c.id)
                .where(files.c.deleted_at.is_(None), problems.c.kind.in_(words), *file_conditions(connection, wanted))
            )
            place = (problems.c.file, problems.c.number)
            rows, onward = walk(
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
            dates = scan_dates(connection)
        found = tuple(
            ProblemRow(file_row(row, dates), row.member, ProblemKind.parse(row.kind), Stage(row.stage), row.p_detail) for row in rows
        )
        return Page(found, key_text("problems", onward))

    def find(self, path: str) -> list[FileRow]:
        """Files by their path, as people know it (root and all) or below any root."""
        with self._inventory.begin() as connection:
            dates = scan_dates(connection)
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
            row = connection.execute(_FOLDERS.where(sources.c.source_id == source_id, folders.c.path == with_slash(path))).first()
        return _folder_row(row) if row else None

    def folders(self, source_id: str, path: str = "", *, order: Order = "worst", size: int = 50, after: str = "") -> Page[FolderRow]:
        """A page of the folders directly in a folder, each with what lies below it.

        :raises ValueError: when ``after`` is none of this order's.
        """
        down = order == "worst"
        key = read_key(after, "s" + order, 3 if down else 1)
        with self._inventory.begin() as connection:
            parent = connection.execute(
                select(folders.c.id)
                .join(sources, sources.c.id == folders.c.source)
                .where(sources.c.source_id == source_id, folders.c.path == with_slash(path))
            ).scalar()
            if parent is None:
                return Page(())
            columns = [folders.c.level, folders.c.persons, folders.c.id] if down else [folders.c.path]
            query = _FOLDERS.where(folders.c.parent == parent)
            if key:
                at = tuple_(*(literal(part) for part in key))
                query = query.where(tuple_(*columns) < at if down else tuple_(*columns) > at)
            rows = connection.execute(query.order_by(*(c.desc() if down else c for c in columns)).limit(size + 1)).all()
        kept, onward = cut(rows, size, lambda row: (row.level, row.persons, row.id) if down else (row.path,))
        return Page(tuple(_folder_row(row) for row in kept), key_text("s" + order, onward))

    def persons(self, merge: Merge, wanted: Filter) -> PersonCount:
        """Different persons below a folder (``source_ids`` and ``under`` only), from the sums: at most one sketch a root is read."""
        with self._inventory.begin() as connection:
            ids = folder_ids(connection, wanted)
            rows = connection.execute(
                select(folders.c.sketch, folders.c.persons, folders.c.persons_exact).where(folders.c.id.in_(ids), folders.c.persons > 0)
            ).all()
        if len(rows) == 1:
            return PersonCount(rows[0].persons, bool(rows[0].persons_exact), bytes(rows[0].sketch))
        return merge(bytes(row.sketch) for row in rows)

    def stale(self) -> bool:
        """Whether the sums lag behind: a scan is under way, or was killed. :meth:`Inventory.roll_up` brings them up to date."""
        with self._inventory.begin() as connection:
            return sums_lag(connection)

    # -------------------------------------------------------------------------- facets

    def facets(self, wanted: Filter) -> Facets:
        """What is there to filter by. Each group of numbers leaves its own filter aside."""
        with self._inventory.begin() as connection:
            if wanted.text or wanted.decision or wanted.outcome or (wanted.owner is not None and wanted.entity):
                return self._counted_facets(connection, wanted)
            ids = folder_ids(connection, wanted)
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
