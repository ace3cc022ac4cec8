"""The one writer: takes reports of files in batches, and answers what is known from before (``window.py``, ``contents.py``).

A batch (files, their findings and problems, and which files were seen) is one
transaction, so a run that is killed leaves only whole files behind and the
next run goes on from there. A folder whose listing is as it was is met as a whole
(:mod:`piiscan.inventory.listings`). What a complete scan did not meet is marked at its end
(``missed.py``).

Several may write at once (PostgreSQL): each holds a lock on its roots for as long
as it lives, and takes ids in blocks. What a file or a finding was before is moved
to the history in the transaction that changes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from sqlalchemy import Connection, Row, and_, bindparam, case, delete, func, insert, select, text, update

from piiscan.inventory.base import TRANSIENT, InventoryError, Known, ScanStatus, StoredAnalysis, clean, counts_to_json
from piiscan.inventory.contents import Contents
from piiscan.inventory.listings import Listing, Stamped, disturb, keep, met_outcomes, met_whole
from piiscan.inventory.missed import follow_moves, mark_deleted
from piiscan.inventory.rollup import Merge, roll_up
from piiscan.inventory.schema import (
    dirty,
    files,
    findings,
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
from piiscan.inventory.stored import Key, file_values, finding_values, split_key
from piiscan.inventory.window import Window
from piiscan.model import FileReport, FindingGroup, Item
from piiscan.problems import ProblemKind

__all__ = ["Writer"]

_BATCH = 1000
_IDS_AT_ONCE = 400
_ID_BLOCK = 2000
#: SQLite's cache while scanning, so that memory is the same at any size: what was written last is what is looked up, and the
#: system keeps the rest. Measured at 200,000 files: the first scan takes as long as with 64 MB, the second less.
_CACHE_KB = 8192

#: What a file's history is of.
_MATERIAL = ("size", "mtime_ns", "digest", "outcome", "problem", "level", "findings", "persons")
_REMEMBERED = tuple(column.name for column in past_findings.c if column.name != "until")

# Asked for many a file, so it is made once.
_EXISTING = select(files.c.id, files.c.name, files.c.deleted_at, *(files.c[name] for name in _MATERIAL)).where(
    files.c.source == bindparam("source"),
    files.c.folder == bindparam("folder"),
    files.c.name.in_(bindparam("names", expanding=True)),
)


class _Root(Protocol):
    source_id: str
    root: str


class Writer:
    """Writes one scan. Made by :meth:`Inventory.writer`; a context manager.

    Leaving it normally commits; leaving it by an exception drops the batch that was not committed.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._scan = 0
        self._sources: dict[str, int] = {}
        self._versions: dict[str, int] = {}
        self._pending: dict[Key, tuple[FileReport, int]] = {}
        self._window = Window(inventory, self._sources)
        self._contents = Contents(inventory, lambda: (report for report, _ in self._pending.values()))
        self._met: list[int] = []
        self._revived: list[int] = []
        self._rights: dict[int, tuple[int, str, str, str]] = {}  # source row id, folder, owner, readers
        self._whole: list[tuple[int, str]] = []
        self._stamped: list[Stamped] = []
        self._ids = range(0)
        self._new_ids: dict[Key, int] = {}
        self._locks: SourceLocks | None = None

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
            ours = self._sources.values()
            if complete and mark_deleted(connection, self._scan, ours):
                follow_moves(connection, self._scan, ours)
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

    # ------------------------------------------------------------------- what is known

    def known(self, source_id: str, key: str) -> Known | None:
        """What the inventory knows of a file. Cheap when asked in walking order, right in any."""
        return self._window.known(source_id, key)

    def listing(self, source_id: str, folder: str) -> Listing | None:
        """What is kept of a folder's listing. Cheap when asked in walking order, right in any.

        :param folder: its key with a trailing slash; empty for the root.
        """
        return self._window.listing(source_id, folder)

    def digests_known(self, size: int, versions_text: str) -> frozenset[str] | None:
        """The digests of files of this size that were read under these versions; ``None`` when there are too many to tell."""
        return self._contents.digests_of(size, self._versions.get(versions_text, 0))

    def find_same_content(self, digest: str, size: int, versions_text: str, *, name: str = "") -> StoredAnalysis | None:
        """An analysis of equal content under the same versions, when it was not spoilt by circumstances.

        :param name: of the file it is for; with it only files of the same suffix are taken, as the suffix may decide how content is read.
        """
        return self._contents.find_same(digest, size, self._versions.get(versions_text), name=name)

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
            self._contents.remember(report)
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

    def _numbered(self) -> dict[Key, Row[Any]]:
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

    def _existing(self, connection: Connection, keys: Iterable[Key]) -> dict[Key, Row[Any]]:
        """What of the files that have a row tells whether they changed."""
        by_folder: dict[tuple[int, str], list[str]] = {}
        for source, folder, name in keys:
            by_folder.setdefault((source, folder), []).append(name)
        found: dict[Key, Row[Any]] = {}
        # folder by folder: asked for pairs of folder and name, SQLite runs through all of the source
        for (source, folder), names in by_folder.items():
            for at in range(0, len(names), _IDS_AT_ONCE):
                asked = {"source": source, "folder": folder, "names": names[at : at + _IDS_AT_ONCE]}
                found.update({(source, folder, row.name): row for row in connection.execute(_EXISTING, asked)})
        return found

    def _write_files(self, connection: Connection, existing: Mapping[Key, Row[Any]]) -> list[int]:
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
            row = file_values(key, report, version)
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
                row = finding_values(group)
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
