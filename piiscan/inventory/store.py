"""Opens the inventory: makes it, recognises it, brings it up to date, and says clearly when it cannot.

SQLite by default: one file, mode 0600, write-ahead log, recognised by
``application_id`` in its header, so that a file of somebody else is never
touched. Any other SQLAlchemy URL (PostgreSQL) is recognised by its ``meta``
table. Statements never show their parameters in an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, insert, inspect, select, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from piiscan.inventory.base import InventoryBusyError, InventoryError, InventoryFullError
from piiscan.inventory.schema import APPLICATION_ID, REVISIONS, ids, meta

if TYPE_CHECKING:
    from piiscan.inventory.decisions import Decisions
    from piiscan.inventory.pages import Pages
    from piiscan.inventory.reader import Reader
    from piiscan.inventory.rollup import Merge
    from piiscan.inventory.writer import Writer

__all__ = ["Inventory", "SourceLocks", "insert_many", "insert_new", "lock_number", "now", "take_ids"]

_SQLITE_MAGIC = b"SQLite format 3\0"
_BUSY_MS = 10_000

#: How the driver says that no server answers.
_NO_SERVER = re.compile(r"Can't create a connection to host (\S+) and port (\d+)")


def now() -> str:
    """The present moment as stored: ISO 8601, UTC, seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def take_ids(connection: Connection, name: str, count: int = 1) -> int:
    """The first of ``count`` new ids; whoever takes of the same name waits until this transaction ends."""
    connection.execute(insert_new(connection, ids), [{"name": name, "next": 1}])
    last = update(ids).where(ids.c.name == name).values(next=ids.c.next + count).returning(ids.c.next)
    return int(connection.execute(last).scalar_one()) - count


def insert_new(connection: Connection, table: Table) -> Any:
    """An insert that leaves rows alone that are there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table).on_conflict_do_nothing()


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows whose values are as the database takes them, all with the same columns.

    SQLite's driver takes them as they are; making them ready one by one takes as long as writing them.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), rows)
        return
    quoted = connection.dialect.identifier_preparer.quote
    into, names = quoted(table.name), list(rows[0])
    values = ", ".join(f":{name}" for name in names)
    connection.exec_driver_sql(f"INSERT INTO {into} ({', '.join(map(quoted, names))}) VALUES ({values})", rows)  # noqa: S608 -- our own names


def lock_number(name: str) -> int:
    """Number of PostgreSQL's advisory lock for something of ours."""
    return int.from_bytes(hashlib.sha256(b"piiscan\0" + name.encode()).digest()[:8], "big", signed=True)


class SourceLocks:
    """Roots that one scan holds until :meth:`release`, or until its process or connection ends."""

    def __init__(self, connection: Connection | None) -> None:
        self._connection = connection

    def release(self) -> None:
        """Let go at once (a session that is closed lets go a little later), and end the session."""
        if self._connection is not None:
            with contextlib.suppress(DBAPIError):  # a connection that was lost holds nothing any more
                self._connection.execute(select(func.pg_advisory_unlock_all()))
            self._connection.detach()
            self._connection.close()
            self._connection = None


class Inventory:
    """The memory of piiscan. Use as a context manager, or call :meth:`close`.

    :ivar name: how people know it (a path, or a URL without its password).
    """

    def __init__(self, engine: Engine, name: str, path: Path | None) -> None:
        self._engine = engine
        self.name = name
        self._path = path

    @classmethod
    def open(cls, where: str | Path, *, create: bool = True, readonly: bool = False) -> Inventory:
        """Open, making it or bringing it up to date where needed.

        :param where: an SQLite file, or a SQLAlchemy URL.
        :param create: whether a missing one is made.
        :param readonly: nothing is written, not even a migration; for reports.
        :raises InventoryError: when it is not ours, newer than this piiscan, missing, or cannot be read or written.
        """
        url, path = _url(where)
        name = str(path) if path else url.render_as_string(hide_password=True)
        create = create and not readonly
        fresh = False
        if path is not None:
            fresh = _check_file(path, create)
        engine = _engine(url, path, readonly)
        inventory = cls(engine, name, path)
        try:
            with inventory.translated():
                if fresh:
                    inventory._mark()
                inventory._prepare(create, readonly)
        except BaseException:
            engine.dispose()
            raise
        return inventory

    @property
    def own_files(self) -> tuple[Path, ...]:
        """Files that belong to it, now or while it is written: database, log, key, lock. Never scanned."""
        if self._path is None:
            return ()
        return tuple(Path(f"{self._path}{suffix}") for suffix in ("", "-wal", "-shm", "-journal", ".key", ".lock"))

    def writer(self) -> Writer:
        """The one writer; a context manager that commits at its end."""
        from piiscan.inventory.writer import Writer

        return Writer(self)

    def reader(self) -> Reader:
        """A reader; many may read while one writes."""
        from piiscan.inventory.reader import Reader

        return Reader(self)

    def pages(self, *, day: str = "") -> Pages:
        """Pages, counts and sums for people who look around.

        :param day: on which decisions are to hold (ISO 8601); today by default.
        """
        from piiscan.inventory.pages import Pages

        return Pages(self, day)

    def bind_key(self, mark: str, where: Path) -> None:
        """Make sure that everybody who writes here has the same fingerprint key: the same person must look the same everywhere.

        :param mark: a fingerprint of nothing in particular, which tells the key and does not give it away.
        :param where: where the key was read from, for the message.
        :raises InventoryError: when the inventory was begun with another key.
        """
        with self.begin(write=True) as connection:
            connection.execute(insert_new(connection, meta), [{"name": "key", "value": mark}])
            if connection.execute(select(meta.c.value).where(meta.c.name == "key")).scalar() != mark:
                raise InventoryError(
                    f"the inventory {self.name} was begun with another key than {where}; put a copy of that key there "
                    "(every machine that writes into one inventory needs the same), or begin a new inventory"
                )

    @property
    def path(self) -> Path | None:
        """The SQLite file; ``None`` for a server's database."""
        return self._path

    def vacuum(self) -> None:
        """Give free space back."""
        with self.translated():
            if self.is_sqlite:
                with closing(self._engine.raw_connection()) as raw:
                    raw.cursor().execute("VACUUM")
            else:
                with self._outside_transactions() as connection:
                    connection.execute(text("VACUUM ANALYZE"))

    def decisions(self) -> Decisions:
        """What people decided about findings."""
        from piiscan.inventory.decisions import Decisions

        return Decisions(self)

    def roll_up(self, merge: Merge) -> int:
        """Bring the sums of folders up to date where no scan is writing (a scan does it at its end); how many folders were done.

        :param merge: puts person sketches together (:func:`piiscan.assess.persons.merge`).
        """
        from piiscan.inventory.rollup import roll_up

        return roll_up(self, merge)

    def lock_sources(self, source_ids: Sequence[str]) -> SourceLocks:
        """Hold roots against other scans. An SQLite file is held as a whole, by its lock file (:mod:`piiscan.jobs.locks`).

        :raises InventoryBusyError: when another scan holds one of them.
        """
        if self.is_sqlite:
            return SourceLocks(None)
        with self.translated():
            connection = self._outside_transactions()
            held = SourceLocks(connection)
            for source_id in sorted(source_ids):
                if not connection.execute(select(func.pg_try_advisory_lock(lock_number(source_id)))).scalar():
                    held.release()
                    raise InventoryBusyError(f"the inventory {self.name} is in use by another scan of the same root; wait until it is done")
        return held

    def hold_source(self, connection: Connection, source_id: str) -> bool:
        """Whether no scan holds this root; it is held until the transaction of ``connection`` ends."""
        if self.is_sqlite:
            return True
        return bool(connection.execute(select(func.pg_try_advisory_xact_lock(lock_number(source_id)))).scalar())

    def close(self) -> None:
        """Close every connection (SQLite folds its log into the file then)."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ------------------------------------------------------------- for writer and reader

    @contextmanager
    def begin(self, *, write: bool = False) -> Iterator[Connection]:
        """One transaction; what the database says against it becomes an :class:`InventoryError`."""
        with self.translated():
            connection = self._engine.connect().execution_options(piiscan_write=write)
            try:
                with connection.begin():
                    yield connection
            finally:
                connection.close()

    def _outside_transactions(self) -> Connection:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.connection.rollback()  # the pool's question whether it is alive has begun one
        return connection

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn errors of the database into sentences."""
        try:
            yield
        except DBAPIError as error:
            self._refuse(str(error.orig))
        except sqlite3.Error as error:
            self._refuse(str(error))
        except SQLAlchemyError as error:
            raise InventoryError(f"the inventory {self.name} cannot be used ({type(error).__name__})") from None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is an SQLite file."""
        return self._path is not None

    # ------------------------------------------------------------------------- opening

    def _refuse(self, said: str) -> NoReturn:
        """Raise what the database says against it."""
        if re.search("disk is full|no space left", said, re.IGNORECASE):
            raise InventoryFullError(
                f"the disk of the inventory {self.name} is full; free some space and run the same command again; nothing stored was lost"
            ) from None
        raise InventoryError(self._sentence(said)) from None

    def _sentence(self, said: str) -> str:
        low = said.lower()
        if "locked" in low or "busy" in low:
            return f"the inventory {self.name} is in use by another program; wait until it is done"
        if "readonly" in low or "read-only" in low:
            return f"the inventory {self.name} may not be written; check its permissions and those of its folder"
        if "malformed" in low or "not a database" in low:
            return f"the inventory {self.name} is damaged; restore it from a backup, or give another file and scan again"
        if "i/o error" in low:
            return f"the disk of the inventory {self.name} reports an error; check the disk, then run the same command again"
        if "unable to open" in low:
            return f"the inventory {self.name} cannot be opened; check its permissions and those of its folder"
        if refused := _NO_SERVER.match(said):
            return (
                f"no PostgreSQL server answers at {refused[1]}:{refused[2]}; check host and port of the inventory, and that the server runs"
            )
        first = said.splitlines()[0] if said else "no reason given"
        return f"the inventory {self.name} cannot be used: {first}"

    def _mark(self) -> None:
        """The mark goes into the file before anything else, so that a killed start leaves a file that is known to be ours."""
        # Through a connection of its own, before there is a write-ahead log: a mark in the log alone is in no file header.
        assert self._path is not None, "only files are marked"
        with closing(sqlite3.connect(self._path)) as raw:
            raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def _prepare(self, create: bool, readonly: bool) -> None:
        with self._engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
            revision = None
            if "alembic_version" in tables and "meta" in tables:
                ours = connection.execute(select(meta.c.value).where(meta.c.name == "application")).scalar()
                if ours != "piiscan":
                    raise self._not_ours()
                revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            elif tables - {"alembic_version"} or (tables and not self.is_sqlite):
                raise self._not_ours()
        if self.is_sqlite and not readonly:
            # kept in the file, and only now: what is not ours is not touched
            with closing(self._engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
        if revision == REVISIONS[-1]:
            return
        if revision is not None and revision not in REVISIONS:
            raise InventoryError(f"the inventory {self.name} was written by a newer piiscan; update piiscan, or give another file")
        if readonly:
            raise InventoryError(f"the inventory {self.name} is of an earlier piiscan; run a scan once to bring it up to date")
        if revision is None and not create:
            raise InventoryError(f"the inventory {self.name} is empty; run a scan first")
        self._migrate(new=revision is None)

    def _not_ours(self) -> InventoryError:
        return InventoryError(f"{self.name} is a database of another program; give another file (it was not touched)")

    def _migrate(self, *, new: bool) -> None:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
        with self.begin(write=True) as connection:
            if not self.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(lock_number("migration"))))
                if "meta" in inspect(connection).get_table_names():
                    new = False  # somebody else has made it meanwhile
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if new:
                connection.execute(meta.insert(), [{"name": "application", "value": "piiscan"}, {"name": "created_at", "value": now()}])


def _url(where: str | Path) -> tuple[URL, Path | None]:
    shown = str(where)
    if isinstance(where, Path) or "://" not in shown:
        path = Path(shown)
        return URL.create("sqlite", database=str(path)), path
    try:
        url = make_url(shown)
    except (ArgumentError, ValueError):
        raise InventoryError("the inventory URL cannot be understood; write a file, or for example postgresql://user@host/name") from None
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise InventoryError("an inventory in memory would be lost; give a file")
        return url, Path(url.database)
    return url, None


def _check_file(path: Path, create: bool) -> bool:
    """Whether the SQLite file is to be marked as ours: it is new or empty.

    :raises InventoryError: when it is something else, or missing and not to be made.
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        if not create:
            raise InventoryError(f"there is no inventory {path}; run a scan first, or give its path with --inventory") from None
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return _check_file(path, create)
        except FileNotFoundError:
            raise InventoryError(f"the inventory {path} cannot be made: its folder does not exist; make the folder first") from None
        except OSError as error:
            raise InventoryError(f"the inventory {path} cannot be made ({error.strerror}); check the permissions of its folder") from None
        return True
    except IsADirectoryError:
        raise InventoryError(f"{path} is a folder; give a file for the inventory") from None
    except OSError as error:
        raise InventoryError(f"the inventory {path} cannot be read ({error.strerror}); check its permissions") from None
    if not head:
        if not create:
            raise InventoryError(f"the inventory {path} is empty; run a scan first")
        return True
    if not head.startswith(_SQLITE_MAGIC):
        raise InventoryError(f"{path} is not a piiscan inventory; give another file (it was not touched)")
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise InventoryError(f"{path} is a database of another program; give another file (it was not touched)")
    return False


def _engine(url: URL, path: Path | None, readonly: bool) -> Engine:
    if path is None:
        if url.drivername in {"postgresql", "postgres"}:
            url = url.set(drivername="postgresql+pg8000")
        try:
            return create_engine(url, hide_parameters=True, pool_pre_ping=True)
        except (NoSuchModuleError, ImportError, ArgumentError) as error:
            raise InventoryError(f"no driver for {url.drivername} is installed ({type(error).__name__}); see piiscan doctor") from None
    if readonly:
        query = "mode=ro"
        log = Path(f"{path}-wal")
        if not log.exists() and not os.access(path.absolute().parent, os.W_OK):
            query += "&immutable=1"  # nobody can be writing there, and SQLite could not make its shared-memory file
        uri = path.absolute().as_uri() + "?" + query

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(uri, uri=True, check_same_thread=False)
    else:

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(path, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, hide_parameters=True, poolclass=NullPool if readonly else QueuePool)

    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # transactions are begun below, not guessed by the driver
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA cache_size = -65536")  # 64 MB
        cursor.execute("PRAGMA temp_store = MEMORY")
        if not readonly:
            cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("piiscan_write") else "BEGIN")

    return engine
