"""The one writer: takes reports of files in batches, and answers what is known from before.

A batch (files, their findings and problems, and which files were seen) is one
transaction, so a run that is killed leaves only whole files behind and the
next run goes on from there. The crawl is compared with the inventory through a
window of rows in walking order (see :mod:`piiscan.inventory.schema`), so that
asking about a file costs a dictionary lookup and memory stays flat. A folder whose listing
is as it was is met as a whole (:mod:`piiscan.inventory.listings`).

Several may write at once (PostgreSQL): each holds a lock on its roots for as long
as it lives, and takes ids in blocks. What a file or a finding was before is moved
to the history in the transaction that changes it.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from sqlalchemy import Connection, Row, and_, bindparam, case, delete, exists, func, insert, not_, select, text, tuple_, update

from piiscan.inventory.base import (
    CIRCUMSTANCE,
    RETRIED,
    TRANSIENT,
    InventoryError,
    Known,
    ScanStatus,
    StoredAnalysis,
    clean,
    counts_to_json,
    gates_of,
)
from piiscan.inventory.listings import LAST_SCAN, Listing, Stamped, disturb, keep, met_outcomes, met_whole, with_last_scan
from piiscan.inventory.rollup import Merge, roll_up
from piiscan.inventory.schema import (
    dirty,
    files,
    findings,
    listings,
    past_files,
    past_findings,
    problems,
    scan_sources,
    scans,
    seen,
    sources,
    versions,
)
from piiscan.inventory.store import Inventory, SourceLocks, insert_many, insert_new, now, take_ids
from piiscan.model import (
    Cell,
    Column,
    FileReport,
    FindingGroup,
    Item,
    ItemType,
    Level,
    Location,
    Outcome,
    PersonCount,
    cell_name,
    column_name,
    location_from_json,
    location_to_json,
)
from piiscan.problems import Effect, Problem, ProblemKind, Stage

__all__ = ["StoredAnalysis", "Writer"]

_BATCH = 1000
_WINDOW = 4000
_IDS_AT_ONCE = 400
_ID_BLOCK = 2000
#: SQLite's cache while scanning, so that memory is the same at any size: what was written last is what is looked up, and the
#: system keeps the rest. Measured at 200,000 files: the first scan takes as long as with 64 MB, the second less.
_CACHE_KB = 8192
_SIZE_BITS = 26
#: Digests of one size that a worker is told at most, and those of all sizes that are held to be told.
_DIGESTS_TOLD = 100
_DIGESTS_HELD = 50_000
#: Digests that are held unasked while an inventory is new and the scan knows all that is in it.
_DIGESTS_FIRST = 10_000
#: Contents whose reports are held for files that have the same, and reports of each (as the suffix and problems matter).
_RECENT = 500
_ALIKE_HELD = 4
_INT64 = 2**63 - 1
_GRAVITY = {Effect.FAILED: 0, Effect.SKIPPED: 1, Effect.PARTIAL: 2, Effect.NOTE: 3}

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_LEVELS = {int(level): level for level in Level}

#: What a file's history is of.
_MATERIAL = ("size", "mtime_ns", "digest", "outcome", "problem", "level", "findings", "persons")
_REMEMBERED = tuple(column.name for column in past_findings.c if column.name != "until")

# Asked for many a file, so they are made once.
_SAME_CONTENT = (
    select(files)
    .where(
        files.c.digest == bindparam("digest"),
        files.c.size == bindparam("size"),
        files.c.version == bindparam("version"),
        files.c.outcome != Outcome.SKIPPED.value,
    )
    .order_by(files.c.id)
    .limit(20)
)
_DIGESTS_OF = (
    select(files.c.digest)
    .where(
        files.c.size == bindparam("size"),
        files.c.version == bindparam("version"),
        files.c.digest != "",
        files.c.outcome != Outcome.SKIPPED.value,
    )
    .distinct()
    .limit(_DIGESTS_TOLD + 1)
)
_PROBLEMS_OF = select(problems).where(problems.c.file == bindparam("file")).order_by(problems.c.number)
_FINDINGS_OF = select(findings).where(findings.c.file == bindparam("file"))

_EXISTING = select(files.c.id, files.c.name, files.c.deleted_at, *(files.c[name] for name in _MATERIAL)).where(
    files.c.source == bindparam("source"),
    files.c.folder == bindparam("folder"),
    files.c.name.in_(bindparam("names", expanding=True)),
)

#: Made once: ``json.dumps`` makes an encoder at each call.
_location_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_quoted = json.encoder.encode_basestring

_Key = tuple[int, str, str]  # source row id, folder with trailing slash, name


class _Root(Protocol):
    source_id: str
    root: str


def split_key(key: str) -> tuple[str, str]:
    """``a/b/c`` becomes ``("a/b/", "c")``."""
    folder, slash, name = key.rpartition("/")
    return folder + slash, name


def location_text(location: Location) -> str:
    """A location as stored."""
    # most are of tables: an encoder takes three times as long
    if isinstance(location, Cell) and not location.sheet:
        return f'{{"cell":"{cell_name(location.row, location.column)}"}}'
    if isinstance(location, Column) and not location.sheet:
        return f'{{"column":"{column_name(location.column)}"}}'
    parts = location_to_json(location)
    for name, value in parts.items():
        if isinstance(value, str):
            parts[name] = clean(value, 1000)
    return _location_json(parts)


def gravest(found: Sequence[Problem]) -> Problem | None:
    """The problem that a file is known by: gravest effect first, then what is worth another try."""
    return min(found, key=lambda p: (_GRAVITY[p.kind.effect], p.kind.word not in RETRIED), default=None)


class _Sizes:
    """Which file sizes occur: a bitmap, so that it stays small; it may say yes too often, never no wrongly."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_SIZE_BITS - 3))

    @staticmethod
    def _slot(size: int) -> int:
        return ((size * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF) >> (64 - _SIZE_BITS)

    def add(self, size: int) -> None:
        slot = self._slot(size)
        self._bits[slot >> 3] |= 1 << (slot & 7)

    def __contains__(self, size: int) -> bool:
        slot = self._slot(size)
        return bool(self._bits[slot >> 3] & (1 << (slot & 7)))


class Writer:
    """Writes one scan. Made by :meth:`Inventory.writer`; a context manager.

    Leaving it normally commits; leaving it by an exception drops the batch that was not committed.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._scan = 0
        self._sources: dict[str, int] = {}
        self._versions: dict[str, int] = {}
        self._version_texts: dict[int, str] = {}
        self._pending: dict[_Key, tuple[FileReport, int]] = {}
        self._recent: OrderedDict[tuple[str, int], list[FileReport]] = OrderedDict()  # what this scan read lately, by content
        self._digests: dict[int, set[str]] = {}  # by size, of those that were asked for, and of the first
        self._knows_all = False  # of sizes that are not in _digests there is no file in the inventory
        self._digests_held = 0
        self._met: list[int] = []
        self._revived: list[int] = []
        self._rights: dict[int, tuple[int, str, str, str]] = {}  # source row id, folder, owner, readers
        self._whole: list[tuple[int, str]] = []
        self._stamped: list[Stamped] = []
        self._listings: dict[str, Listing] = {}  # of one source, from _listings_low to _listings_high (None: the end)
        self._listings_low: tuple[int, str] | None = None
        self._listings_high: tuple[int, str] | None = None
        self._ids = range(0)
        self._new_ids: dict[_Key, int] = {}
        self._locks: SourceLocks | None = None
        self._sizes: _Sizes | None = None
        # rows of the inventory between _low and _high (in walking order); _high is None at the end of a source
        self._window: dict[tuple[str, str], Known] = {}  # by source id and key
        self._low: _Key | None = None
        self._high: _Key | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None and self._scan:
                self.commit()
        finally:
            if self._locks is not None:
                self._locks.release()

    # ---------------------------------------------------------------------------- scans

    def begin_scan(self, roots: Sequence[_Root], versions_text: str, *, full: bool = False) -> int:
        """Begin a scan of ``roots``, or go on with the last one of the same roots that did not end.

        :param roots: anything with ``source_id`` and ``root`` (:class:`piiscan.sources.Source`).
        :param versions_text: what files are analysed with; a scan is only continued under the same.
        :param full: a scan that reads everything is only continued as such.
        :return: id of the scan.
        :raises InventoryBusyError: when another scan of one of the roots is writing into this inventory.
        """
        self._locks = self._inventory.lock_sources([root.source_id for root in roots])
        with self._inventory.begin(write=True) as connection:
            if self._inventory.is_sqlite:
                connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KB}")
            # Held to the end of the transaction: scans begin one after the other, and each sees the sources and versions before it.
            take_ids(connection, "scans", 0)
            for root in roots:
                self._sources[root.source_id] = self._source(connection, root)
            version = self._version(connection, versions_text)
            wanted = set(self._sources.values())
            self._scan = self._unfinished(connection, wanted, version, full)
            if self._scan:
                connection.execute(update(scans).where(scans.c.id == self._scan).values(status=ScanStatus.RUNNING, finished_at=None))
            else:
                self._scan = take_ids(connection, "scans")
                row = {
                    "id": self._scan,
                    "started_at": now(),
                    "status": ScanStatus.RUNNING,
                    "full": full,
                    "version": version,
                    "counts": "{}",
                    "outcomes": "{}",
                }
                connection.execute(insert(scans), [row])
                connection.execute(insert(scan_sources), [{"scan": self._scan, "source": source} for source in sorted(wanted)])
        return self._scan

    def _source(self, connection: Connection, root: _Root) -> int:
        shown = clean(root.root)
        row = connection.execute(select(sources.c.id).where(sources.c.source_id == root.source_id)).scalar()
        if row is not None:
            connection.execute(update(sources).where(sources.c.id == row).values(root=shown))
            return int(row)
        new = take_ids(connection, "sources")
        connection.execute(insert(sources), [{"id": new, "source_id": root.source_id, "root": shown}])
        return new

    def _version(self, connection: Connection, versions_text: str) -> int:
        if versions_text in self._versions:
            return self._versions[versions_text]
        known = select(versions.c.id).where(versions.c.text == versions_text)
        row = connection.execute(known).scalar()
        if row is None:
            take_ids(connection, "versions", 0)  # whoever adds one meanwhile is waited for
            row = connection.execute(known).scalar()
        if row is None:
            row = take_ids(connection, "versions")
            connection.execute(insert(versions), [{"id": row, "text": versions_text}])
        self._versions[versions_text] = int(row)
        self._version_texts[int(row)] = versions_text
        return int(row)

    @staticmethod
    def _unfinished(connection: Connection, wanted: set[int], version: int, full: bool) -> int:
        """The newest scan of any of these sources, when it was of exactly these, did not end and was made the same way; else 0.

        One that another scan of a part of them has overtaken is not continued: what is known of a root comes from ever newer scans.
        """
        newest = select(func.max(scan_sources.c.scan)).where(scan_sources.c.source.in_(wanted)).scalar_subquery()
        row = connection.execute(select(scans.c.id, scans.c.status, scans.c.version, scans.c.full).where(scans.c.id == newest)).first()
        if row is None or row.status == ScanStatus.COMPLETE or row.version != version or bool(row.full) != full:
            return 0
        covered = set(connection.execute(select(scan_sources.c.source).where(scan_sources.c.scan == row.id)).scalars())
        return int(row.id) if covered == wanted else 0

    def finish(self, complete: bool, counts: Mapping[str, int | float | str] | None = None, merge: Merge | None = None) -> None:
        """End the scan. After a complete one, files that it did not meet are marked as deleted, or known again where they went.

        Files below a folder that could not be read are not: nobody knows about them.

        :param counts: whatever the engine counted; stored as it is.
        :param merge: puts person sketches together (:func:`piiscan.assess.persons.merge`); with it the sums of the
            folders are brought up to date.
        """
        self.commit()
        with self._inventory.begin(write=True) as connection:
            if complete and self._mark_deleted(connection):
                self._follow_moves(connection)
            outcomes = met_outcomes(connection, self._scan)
            connection.execute(
                update(scans)
                .where(scans.c.id == self._scan)
                .values(
                    status=ScanStatus.COMPLETE if complete else ScanStatus.STOPPED,
                    finished_at=now(),
                    counts=counts_to_json(counts or {}),
                    outcomes=counts_to_json(outcomes),
                )
            )
        if merge is not None:
            roll_up(self._inventory, merge, sorted(self._sources.values()))
        if self._inventory.is_sqlite:
            with self._inventory.begin(write=True) as connection:
                connection.execute(text("PRAGMA optimize"))

    def _mark_deleted(self, connection: Connection) -> bool:
        """Mark the files that this scan did not meet; whether there are any."""
        file = files.alias("missed")
        met = select(seen.c.file).where(seen.c.file == file.c.id, seen.c.scan == self._scan)
        dark = files.alias("dark")
        dark_seen = seen.alias("dark_seen")
        prefix = case((dark.c.name == ".", ""), else_=dark.c.folder + dark.c.name + "/")
        below_dark = (
            select(dark.c.id)
            .join(dark_seen, dark_seen.c.file == dark.c.id)
            .where(
                dark.c.source == file.c.source,
                dark.c.item_type == ItemType.FOLDER.value,
                dark.c.outcome == Outcome.FAILED.value,
                dark.c.problem != ProblemKind.VANISHED.word,
                dark_seen.c.scan == self._scan,
                func.substr(file.c.folder, 1, func.length(prefix)) == prefix,
            )
        )
        of_folder = and_(listings.c.source == file.c.source, listings.c.path == file.c.folder)
        missed = (
            select(file.c.id)
            .select_from(listings.join(file, of_folder))
            .where(
                listings.c.source.in_(self._sources.values()),
                listings.c.met != self._scan,
                file.c.deleted_at.is_(None),
                not_(exists(met)),
                not_(exists(below_dark)),
            )
        )
        # which scan met it last is its folder's to say no more
        with_folder = select(listings.c.met).select_from(listings.join(file, of_folder)).where(file.c.id == seen.c.file).scalar_subquery()
        connection.execute(update(seen).where(seen.c.file.in_(missed), seen.c.scan < with_folder).values(scan=with_folder))
        if not connection.execute(update(files).where(files.c.id.in_(missed)).values(deleted_at=now(), deleted_scan=self._scan)).rowcount:
            return False
        lost_one = exists().where(
            files.c.source == listings.c.source, files.c.folder == listings.c.path, files.c.deleted_scan == self._scan
        )
        connection.execute(
            update(listings)
            .where(listings.c.source.in_(self._sources.values()), listings.c.met != self._scan, listings.c.stamp != "", lost_one)
            .values(stamp="")
        )
        gone = select(files.c.source, files.c.folder).where(
            files.c.source.in_(self._sources.values()), files.c.deleted_scan == self._scan, files.c.deleted_at.is_not(None)
        )
        connection.execute(insert_new(connection, dirty).from_select(["source", "path"], gone.distinct()))
        return True

    def _follow_moves(self, connection: Connection) -> None:
        """A file that this scan missed and whose content it met as a new file has moved: its history goes on there.

        Each missed file is followed to one new file, rather to one of the same name. Decisions need no
        following: they are about the content.
        """
        gone, came = files.alias("gone"), files.alias("came")
        # "+ 0": SQLite is to look new files up by their digest, not to run through all of the source for each missed one
        pairs = connection.execute(
            select(came.c.id, gone.c.id.label("old"), gone.c.first_scan)
            .select_from(gone.join(came, and_(came.c.digest == gone.c.digest, came.c.size + 0 == gone.c.size)))
            .where(
                gone.c.source.in_(self._sources.values()),
                gone.c.deleted_scan == self._scan,
                gone.c.deleted_at.is_not(None),
                (came.c.source + 0).in_(self._sources.values()),
                came.c.first_scan == self._scan,
                came.c.deleted_at.is_(None),
                came.c.size > 0,
                came.c.digest != "",
            )
            .order_by(case((came.c.name == gone.c.name, 0), else_=1), came.c.source, came.c.folder, came.c.name, gone.c.id)
        )
        taken: set[int] = set()
        moves = []
        for pair in pairs:
            if pair.id not in taken and pair.old not in taken:
                taken |= {pair.id, pair.old}
                moves.append({"row": pair.id, "old": pair.old, "first": pair.first_scan})
        if not moves:
            return
        connection.execute(
            update(files).where(files.c.id == bindparam("row")).values(moved_from=bindparam("old"), first_scan=bindparam("first")), moves
        )
        before = findings.alias("before")
        first_seen = select(before.c.first_seen).where(before.c.file == bindparam("old"), before.c.identity == findings.c.identity)
        connection.execute(
            update(findings).where(findings.c.file == bindparam("row"), exists(first_seen)).values(first_seen=first_seen.scalar_subquery()),
            [{"row": move["row"], "old": move["old"]} for move in moves],
        )

    # ------------------------------------------------------------------- what is known

    def known(self, source_id: str, key: str) -> Known | None:
        """What the inventory knows of a file. Cheap when asked in walking order, right in any."""
        found = self._window.get((source_id, key))
        if found is not None:
            return found
        wanted: _Key = (self._sources[source_id], *split_key(key))
        if self._low is None or wanted < self._low or wanted[0] != self._low[0] or (self._high is not None and wanted > self._high):
            self._fetch(source_id, wanted)
        return self._window.get((source_id, key))

    def _fetch(self, source_id: str, start: _Key) -> None:
        query = with_last_scan(
            select(
                files.c.id,
                files.c.folder,
                files.c.name,
                files.c.size,
                files.c.mtime_ns,
                files.c.change,
                files.c.digest,
                files.c.version,
                files.c.outcome,
                files.c.problem,
                files.c.level,
                files.c.deleted_at,
                files.c.gates,
                files.c.detail,
                files.c.owner,
                files.c.readable_by,
                LAST_SCAN.label("scan"),
            )
            .where(files.c.source == start[0], tuple_(files.c.folder, files.c.name) >= tuple_(start[1], start[2]))
            .order_by(files.c.folder, files.c.name)
            .limit(_WINDOW)
        )
        with self._inventory.begin() as connection:
            rows = connection.execute(query).all()
            for row in rows:
                if row.version not in self._version_texts:
                    stored = connection.execute(select(versions.c.text).where(versions.c.id == row.version)).scalar_one()
                    self._version_texts[row.version] = stored
        self._window = {
            (source_id, folder + name): Known(
                file,
                size,
                mtime,
                change,
                digest,
                self._version_texts[version],
                _OUTCOMES[outcome],
                problem,
                _LEVELS[level],
                scan or 0,
                deleted is not None,
                gates,
                *rest,
            )
            for file, folder, name, size, mtime, change, digest, version, outcome, problem, level, deleted, gates, *rest, scan in rows
        }
        self._low = start
        self._high = None if len(rows) < _WINDOW else (start[0], rows[-1].folder, rows[-1].name)

    def listing(self, source_id: str, folder: str) -> Listing | None:
        """What is kept of a folder's listing. Cheap when asked in walking order, right in any.

        :param folder: its key with a trailing slash; empty for the root.
        """
        wanted = (self._sources[source_id], folder)
        low, high = self._listings_low, self._listings_high
        if low is None or wanted < low or wanted[0] != low[0] or (high is not None and wanted > high):
            with self._inventory.begin() as connection:
                rows = connection.execute(
                    select(listings.c.path, listings.c.stamp, listings.c.stamped, listings.c.outcomes)
                    .where(listings.c.source == wanted[0], listings.c.path >= folder)
                    .order_by(listings.c.path)
                    .limit(_WINDOW)
                ).all()
            self._listings = {path: Listing.of(stamp, stamped, outcomes) for path, stamp, stamped, outcomes in rows if stamp}
            self._listings_low = wanted
            self._listings_high = None if len(rows) < _WINDOW else (wanted[0], rows[-1].path)
        return self._listings.get(folder)

    def digests_known(self, size: int, versions_text: str) -> frozenset[str] | None:
        """The digests of files of this size that were read under these versions; ``None`` when there are too many to tell."""
        if not self._size_known(size):
            return frozenset()
        known = self._digests.get(size)
        if known is None:
            if self._digests_held >= _DIGESTS_HELD:
                self._digests.clear()
                self._digests_held, self._knows_all = 0, False
            asked = {"size": size, "version": self._versions.get(versions_text, 0)}
            with self._inventory.begin() as connection:
                known = set(connection.execute(_DIGESTS_OF, asked).scalars())
            known.update(report.digest for report, _ in self._pending.values() if report.item.size == size and report.digest)
            self._digests[size] = known
            self._digests_held += len(known) + 1
        return frozenset(known) if len(known) <= _DIGESTS_TOLD else None

    def _remember_content(self, report: FileReport) -> None:
        """Other files may have what this one has."""
        size = report.item.size
        alike = self._recent.setdefault((report.digest, size), [])
        self._recent.move_to_end((report.digest, size))  # what has a copy has more of them
        if len(alike) < _ALIKE_HELD:
            alike.append(report)
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        if self._sizes is not None:
            self._sizes.add(size)
        known = self._digests.get(size)
        if known is None and self._knows_all:
            known = self._digests[size] = set()
            self._knows_all = self._digests_held < _DIGESTS_FIRST
        if known is not None and len(known) <= _DIGESTS_TOLD:
            known.add(report.digest)
            self._digests_held += 1

    def _size_known(self, size: int) -> bool:
        """Whether some file of this size was read before (rarely yes by mistake)."""
        if self._sizes is None:
            self._sizes = _Sizes()
            with self._inventory.begin() as connection:
                # another scan may be writing to a server's database
                self._knows_all = self._inventory.is_sqlite
                for known in connection.execute(select(files.c.size).distinct().execution_options(yield_per=10_000)).scalars():
                    self._sizes.add(known)
                    self._knows_all = False
            for report, _ in self._pending.values():
                self._sizes.add(report.item.size)
                if report.digest and self._knows_all:
                    self._digests.setdefault(report.item.size, set()).add(report.digest)
                    self._digests_held += 1
        return size in self._sizes

    def find_same_content(self, digest: str, size: int, versions_text: str, *, name: str = "") -> StoredAnalysis | None:
        """An analysis of equal content under the same versions, when it was not spoilt by circumstances.

        :param name: of the file it is for; with it only files of the same suffix are taken, as the suffix may decide how content is read.
        """
        suffix = _suffix(name)
        for report in self._recent.get((digest, size), ()):
            if (not name or _suffix(report.item.key) == suffix) and _reusable(report.problems):
                return StoredAnalysis(report)
        version = self._versions.get(versions_text)
        if version is None:
            return None
        with self._inventory.begin() as connection:
            rows = connection.execute(_SAME_CONTENT, {"digest": digest, "size": size, "version": version}).all()
            for row in rows:
                if name and _suffix(row.name) != suffix:
                    continue
                found = tuple(
                    Problem(ProblemKind.parse(p.kind), Stage(p.stage), p.detail, p.member)
                    for p in connection.execute(_PROBLEMS_OF, {"file": row.id})
                )
                if not _reusable(found):
                    continue
                groups = tuple(group_of_row(g) for g in connection.execute(_FINDINGS_OF, {"file": row.id}))
                return StoredAnalysis(
                    FileReport(
                        Item("", row.folder + row.name, "", row.size),
                        format=row.format,
                        digest=row.digest,
                        groups=groups,
                        persons=PersonCount(row.persons, bool(row.persons_exact), bytes(row.sketch)),
                        problems=found,
                        level=Level(row.level),
                        characters=row.characters,
                        members=row.members,
                    )
                )
        return None

    # -------------------------------------------------------------------------- writing

    def unchanged(self, item: Item, known: Known | None = None) -> None:
        """The file is as the inventory knows it; only that this scan met it is noted.

        :param known: what :meth:`known` said of it, if it was asked.
        :raises KeyError: when the inventory does not know it (a programmer's error).
        """
        known = known or self.known(item.source_id, item.key)
        if known is None:
            raise KeyError("unchanged() of a file that is not known")
        self._met.append(known.file_id)
        if known.deleted:
            self._revived.append(known.file_id)
        if known.other_rights(item):
            source, folder = self._sources[item.source_id], split_key(item.key)[0]
            self._rights[known.file_id] = (source, folder, clean(item.owner, 200), clean(item.readable_by, 200))

    def unchanged_folder(self, source_id: str, folder: str) -> None:
        """Every file of the folder (its subfolders aside) is as it was: the crawl made the stamp that :meth:`listing` has."""
        self._whole.append((self._sources[source_id], folder))

    def settled(self, source_id: str, folder: str, stamp: str, entries: int) -> None:
        """Every entry of a folder's listing was reported or is unchanged, and none is worth another try: keep its stamp with the batch."""
        self._stamped.append(Stamped(self._sources[source_id], folder, stamp, entries))

    def report(self, report: FileReport, versions_text: str) -> None:
        """What became of a file; written with its batch. A file that was only stopped is not written: it is still to be done."""
        if any(problem.kind is ProblemKind.STOPPED for problem in report.problems):
            return
        item = report.item
        source = self._sources.get(item.source_id)
        if source is None:
            raise InventoryError(f"source {item.source_id} is not part of this scan")
        version = self._versions.get(versions_text)
        if version is None:
            with self._inventory.begin(write=True) as connection:
                version = self._version(connection, versions_text)
        self._pending[source, *split_key(clean(item.key, 1 << 20))] = (report, version)
        if report.digest:
            self._remember_content(report)
        if len(self._pending) >= _BATCH:
            self.commit()

    def commit(self, counts: Mapping[str, int | float | str] | None = None) -> None:
        """Write the batch in one transaction.

        :param counts: how far the scan is, for those who look on; stored as it is until :meth:`finish` has better ones.
        :raises InventoryError: when it cannot be written (disk full …); then nothing of the batch is, and it may be tried again.
        """
        if not (self._pending or self._met or self._whole or self._stamped):
            return
        existing = self._numbered()
        with self._inventory.begin(write=True) as connection:
            met = self._write_files(connection, existing) if self._pending else []
            if met or self._met:
                self._write_seen(connection, met + self._met)
            if self._revived:
                self._remember_files(connection, self._revived)
                connection.execute(
                    update(files).where(files.c.id == bindparam("row")).values(deleted_at=None, deleted_scan=None, since=bindparam("scan")),
                    [{"row": row, "scan": self._scan} for row in self._revived],
                )
                back = select(files.c.source, files.c.folder).where(files.c.id.in_(self._revived)).distinct()
                self._disturb(connection, [(source, folder) for source, folder in connection.execute(back)])
            if self._rights:
                self._write_rights(connection)
            if self._stamped:
                keep(connection, self._stamped, self._scan)
            if self._whole:
                met_whole(connection, self._whole, self._scan)
            if counts is not None:
                connection.execute(update(scans).where(scans.c.id == self._scan).values(counts=counts_to_json(counts)))
        for written in (self._pending, self._met, self._revived, self._rights, self._whole, self._stamped):
            written.clear()

    @staticmethod
    def _disturb(connection: Connection, folders: Collection[tuple[int, str]]) -> None:
        """Rows of these folders are written: their sums and stamps are no longer right."""
        disturb(connection, folders)
        connection.execute(insert_new(connection, dirty), [{"source": source, "path": folder} for source, folder in sorted(folders)])

    def _write_rights(self, connection: Connection) -> None:
        connection.execute(
            update(files).where(files.c.id == bindparam("row")).values(owner=bindparam("owner"), readable_by=bindparam("readable_by")),
            [{"row": row, "owner": owner, "readable_by": readers} for row, (_, _, owner, readers) in self._rights.items()],
        )
        self._disturb(connection, {(source, folder) for source, folder, _, _ in self._rights.values()})

    def _write_seen(self, connection: Connection, met: list[int]) -> None:
        if self._inventory.is_sqlite:
            connection.exec_driver_sql(
                "INSERT INTO seen (file, scan) VALUES (?, ?) ON CONFLICT (file) DO UPDATE SET scan = excluded.scan",
                [(file, self._scan) for file in met],
            )
            return
        from sqlalchemy.dialects.postgresql import insert as upsert

        statement = upsert(seen)
        connection.execute(
            statement.on_conflict_do_update(index_elements=[seen.c.file], set_={"scan": statement.excluded.scan}),
            [{"file": file, "scan": self._scan} for file in dict.fromkeys(met)],
        )

    def _remember_files(self, connection: Connection, rows: Sequence[int]) -> None:
        """Put what is so until now into the history; what this same scan wrote is no history."""
        for at in range(0, len(rows), _IDS_AT_ONCE):
            # a deleted file was so until it was missed
            until = case((files.c.deleted_at.is_not(None), func.coalesce(files.c.deleted_scan, self._scan)), else_=self._scan)
            names = [column.name for column in past_files.c if column.name != "until"]
            columns = [files.c.id if name == "file" else files.c[name] for name in names]
            history = select(*columns, until).where(files.c.id.in_(rows[at : at + _IDS_AT_ONCE]), files.c.since < until)
            connection.execute(insert_new(connection, past_files).from_select([*names, "until"], history))

    def _numbered(self) -> dict[_Key, Row[Any]]:
        """The rows that files of the batch have. The others get ids, before its transaction: nobody waits for another's batch."""
        with self._inventory.begin() as connection:
            existing = self._existing(connection, self._pending)
        new = [key for key in self._pending if key not in existing]
        if len(new) > len(self._ids):
            with self._inventory.begin(write=True) as connection:
                first = take_ids(connection, "files", _ID_BLOCK)
            # what was left of the block before stays unused
            self._ids = range(first, first + _ID_BLOCK)
        self._new_ids = dict(zip(new, self._ids, strict=False))
        self._ids = self._ids[len(new) :]
        return existing

    def _existing(self, connection: Connection, keys: Iterable[_Key]) -> dict[_Key, Row[Any]]:
        """What of the files that have a row tells whether they changed."""
        by_folder: dict[tuple[int, str], list[str]] = {}
        for source, folder, name in keys:
            by_folder.setdefault((source, folder), []).append(name)
        found: dict[_Key, Row[Any]] = {}
        # folder by folder: asked for pairs of folder and name, SQLite runs through all of the source
        for (source, folder), names in by_folder.items():
            for at in range(0, len(names), _IDS_AT_ONCE):
                asked = {"source": source, "folder": folder, "names": names[at : at + _IDS_AT_ONCE]}
                found.update({(source, folder, row.name): row for row in connection.execute(_EXISTING, asked)})
        return found

    def _write_files(self, connection: Connection, existing: Mapping[_Key, Row[Any]]) -> list[int]:
        new_rows: list[dict[str, Any]] = []
        changed_rows: list[dict[str, Any]] = []
        kept_rows: list[dict[str, Any]] = []
        problem_rows: list[dict[str, Any]] = []
        groups: list[tuple[int, tuple[FindingGroup, ...]]] = []
        replaced: list[int] = []
        otherwise: list[int] = []  # rows that say something else now
        touched: set[tuple[int, str]] = set()
        met: list[int] = []
        for key, (report, version) in self._pending.items():
            before = existing.get(key)
            row = self._row(key, report, version)
            if before is None:
                row_id = self._new_ids[key]
                new_rows.append({"id": row_id, "first_scan": self._scan, "since": self._scan, **row})
            elif before.digest and not report.digest and any(p.kind in TRANSIENT for p in report.problems):
                # It was read before and could not be reached now: what is known of its content stays.
                row_id = before.id
                kept_rows.append({"row": row_id, **{name: row[name] for name in ("outcome", "problem", "detail")}})
                if before.deleted_at is not None or (before.outcome, before.problem) != (row["outcome"], row["problem"]):
                    otherwise.append(row_id)
            else:
                row_id = before.id
                changed_rows.append({"row": row_id, **row})
                replaced.append(row_id)
                if before.deleted_at is not None or any(getattr(before, name) != row[name] for name in _MATERIAL):
                    otherwise.append(row_id)
            touched.add(key[:2])
            met.append(row_id)
            problem_rows.extend(
                {
                    "file": row_id,
                    "number": number,
                    "member": clean(problem.member),
                    "kind": problem.kind.word,
                    "stage": problem.stage.value,
                    "detail": clean(problem.detail, 500),
                }
                for number, problem in enumerate(report.problems, 1)
            )
            if report.groups:
                groups.append((row_id, report.groups))
        if otherwise:
            self._remember_files(connection, otherwise)
            connection.execute(
                update(files).where(files.c.id == bindparam("row")).values(since=bindparam("scan")),
                [{"row": row_id, "scan": self._scan} for row_id in otherwise],
            )
        if new_rows:
            insert_many(connection, files, new_rows)
        if changed_rows:
            names = [name for name in changed_rows[0] if name != "row"]
            connection.execute(
                update(files).where(files.c.id == bindparam("row")).values({name: bindparam(name) for name in names}), changed_rows
            )
        if kept_rows:
            connection.execute(
                update(files)
                .where(files.c.id == bindparam("row"))
                .values(
                    outcome=bindparam("outcome"),
                    problem=bindparam("problem"),
                    detail=bindparam("detail"),
                    deleted_at=None,
                    deleted_scan=None,
                ),
                kept_rows,
            )
        old = [row.id for row in existing.values()]
        for at in range(0, len(old), _IDS_AT_ONCE):
            connection.execute(delete(problems).where(problems.c.file.in_(old[at : at + _IDS_AT_ONCE])))
        if problem_rows:
            insert_many(connection, problems, problem_rows)
        self._write_findings(connection, groups, replaced)
        self._disturb(connection, touched)
        return met

    def _write_findings(self, connection: Connection, groups: list[tuple[int, tuple[FindingGroup, ...]]], replaced: list[int]) -> None:
        before: dict[tuple[int, str], Row[Any]] = {}
        for at in range(0, len(replaced), _IDS_AT_ONCE):
            rows = connection.execute(
                select(*(findings.c[name] for name in _REMEMBERED)).where(findings.c.file.in_(replaced[at : at + _IDS_AT_ONCE]))
            )
            before.update({(row.file, row.identity): row for row in rows})
        inserts: dict[tuple[int, str], dict[str, Any]] = {}
        updates: dict[tuple[int, str], dict[str, Any]] = {}
        past: list[dict[str, Any]] = []
        for file, found in groups:
            for group in found:
                row = finding_row(group)
                row["last_seen"] = self._scan
                at_key = (file, group.identity)
                known = before.get(at_key)
                if known is None:
                    inserts[at_key] = {"file": file, "identity": group.identity, "first_seen": self._scan, "since": self._scan, **row}
                    continue
                same = (known.count, known.level, known.persons) == (row["count"], row["level"], row["persons"])
                if not same and known.since < self._scan:
                    past.append({**known._asdict(), "until": self._scan})
                updates[at_key] = {
                    "row_file": file,
                    "row_identity": group.identity,
                    "since": known.since if same else self._scan,
                    **row,
                }
        gone = []
        for at_key in before.keys() - updates.keys():
            gone.append({"row_file": at_key[0], "row_identity": at_key[1]})
            if before[at_key].since < self._scan:
                past.append({**before[at_key]._asdict(), "until": self._scan})
        which = and_(findings.c.file == bindparam("row_file"), findings.c.identity == bindparam("row_identity"))
        if past:
            connection.execute(insert_new(connection, past_findings), past)
        if gone:
            connection.execute(delete(findings).where(which), gone)
        if updates:
            rows_now = list(updates.values())
            names = [name for name in rows_now[0] if not name.startswith("row_")]
            connection.execute(update(findings).where(which).values({name: bindparam(name) for name in names}), rows_now)
        if inserts:
            insert_many(connection, findings, list(inserts.values()))

    @staticmethod
    def _row(key: _Key, report: FileReport, version: int) -> dict[str, Any]:
        item = report.item
        worst = gravest(report.problems)
        return {
            "source": key[0],
            "folder": key[1],
            "name": key[2],
            "item_type": item.type.value,
            "size": item.size,
            "mtime_ns": item.mtime_ns,
            "change": item.change,
            "digest": report.digest,
            "format": clean(report.format, 100),
            "owner": clean(item.owner, 200),
            "readable_by": clean(item.readable_by, 200),
            "outcome": report.outcome.value,
            "problem": worst.kind.word if worst else "",
            "detail": clean(worst.detail, 500) if worst else "",
            "level": int(report.level),
            "findings": min(_INT64, sum(group.count for group in report.groups)),
            "persons": report.persons.estimate,
            "persons_exact": report.persons.exact,
            "characters": report.characters,
            "members": report.members,
            "seconds": report.seconds,
            "version": version,
            "gates": int(gates_of(report)),
            "deleted_at": None,
            "deleted_scan": None,
            "sketch": report.persons.sketch,
        }


def finding_row(group: FindingGroup) -> dict[str, Any]:
    """A group as stored, without its keys."""
    return {
        "member": clean(group.member),
        "location": location_text(group.group),
        "header": clean(group.header, 500),
        "entity": group.entity,
        "count": group.count,
        "first": location_text(group.first),
        "score": group.score,
        "level": int(group.level),
        "law": clean(group.law, 500),
        "persons": group.persons,
        "examples": _examples_text(group.examples[:3]),
    }


def group_of_row(row: Any) -> FindingGroup:
    """Inverse of :func:`finding_row`."""
    return FindingGroup(
        row.identity,
        row.member,
        location_from_json(json.loads(row.location)),
        row.header,
        row.entity,
        row.count,
        location_from_json(json.loads(row.first)),
        row.score,
        Level(row.level),
        row.law,
        row.persons,
        tuple(json.loads(row.examples)),
    )


def _examples_text(examples: Sequence[str]) -> str:
    """A list of strings as JSON."""
    return f"[{', '.join([_quoted(clean(example, 200)) for example in examples])}]"


def _suffix(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2].lower()


def _reusable(found: Sequence[Problem]) -> bool:
    return not any(problem.kind in CIRCUMSTANCE for problem in found)
