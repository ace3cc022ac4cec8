"""The tables of the inventory as they are now (``migrations/`` brings older ones here).

A file is identified by source, folder (with a trailing ``/``; empty for the
root) and name; its key is ``folder + name``. Sorted by (source, folder, name)
the files stand in the order in which a source walks, so that a crawl can be
compared with the inventory as two sorted streams.

``seen`` says which scan met a file last by itself, apart from ``files``, so that a
scan writes a few bytes a file that is as it was and not its whole row. ``listings``
has a row for each folder with files; ``met`` says which scan met all of them at
once, because the folder's listing was as it was (:mod:`piiscan.inventory.listings`).

**History.** ``files`` and ``findings`` hold what is so now, ``since`` the scan
that first saw it so; what was so before stands in ``past_files`` and
``past_findings`` from ``since`` up to (not with) ``until``. A deleted file keeps
its row, its last state, and when it was missed.

**Sums.** ``folders``, ``folder_kinds`` and ``folder_owners`` hold what lies below
each folder, ``dirty`` the folders whose sums are no longer right; a scan brings
them up to date at its end (:mod:`piiscan.inventory.rollup`).

No column holds a raw value: examples are masks, ``sketch`` is made of keyed
fingerprints.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

__all__ = [
    "APPLICATION_ID",
    "REVISIONS",
    "decisions",
    "dirty",
    "files",
    "findings",
    "folder_kinds",
    "folder_owners",
    "folders",
    "ids",
    "listings",
    "meta",
    "metadata",
    "past_files",
    "past_findings",
    "problems",
    "scan_sources",
    "scans",
    "seen",
    "sources",
    "versions",
]

#: Mark in the header of an SQLite file: "PIIS".
APPLICATION_ID = 0x50494953

#: Migrations, oldest first; the last is what this piiscan writes.
REVISIONS = ("0001", "0002", "0003")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Text that sorts by code point everywhere (PostgreSQL would sort by language).
_Sorted = Text().with_variant(Text(collation="C"), "postgresql")
#: Ids are taken from ``ids`` in blocks, so that several may write at once; a plain INTEGER key is SQLite's fastest.
_Id = BigInteger().with_variant(Integer, "sqlite")

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

ids = Table("ids", metadata, Column("name", Text, primary_key=True), Column("next", BigInteger, nullable=False))

sources = Table(
    "sources",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("source_id", Text, nullable=False, unique=True),
    Column("root", Text, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False, unique=True),
)

scans = Table(
    "scans",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("status", Text, nullable=False),
    Column("full", Boolean(create_constraint=False), nullable=False),
    Column("version", _Id, ForeignKey("versions.id"), nullable=False),
    Column("counts", Text, nullable=False),  # JSON, what the engine counted
    Column("outcomes", Text, nullable=False),  # JSON, files by outcome
)

scan_sources = Table(
    "scan_sources",
    metadata,
    Column("scan", _Id, ForeignKey("scans.id"), primary_key=True),
    Column("source", _Id, ForeignKey("sources.id"), primary_key=True),
)

files = Table(
    "files",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("source", _Id, ForeignKey("sources.id"), nullable=False),
    Column("folder", _Sorted, nullable=False),
    Column("name", _Sorted, nullable=False),
    Column("item_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("readable_by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("problem", Text, nullable=False),  # the gravest kind's word
    Column("detail", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("findings", BigInteger, nullable=False),  # values found, all groups together
    Column("persons", BigInteger, nullable=False),
    Column("persons_exact", Boolean(create_constraint=False), nullable=False),
    Column("characters", BigInteger, nullable=False),
    Column("members", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("version", _Id, ForeignKey("versions.id"), nullable=False),
    Column("first_scan", _Id, ForeignKey("scans.id"), nullable=False),
    Column("deleted_at", Text),
    Column("sketch", LargeBinary, nullable=False),
    Column("since", _Id, nullable=False, server_default=text("0")),  # scan that first saw it as it is now
    Column("deleted_scan", _Id),  # scan that missed it
    Column("moved_from", _Id),  # the row that it was before it was moved or renamed
    Column("gates", Integer, nullable=False, server_default=text("-1")),  # what a change of rules can do to it (base.Gate)
    UniqueConstraint("source", "folder", "name"),
    Index(None, "digest"),
    Index(None, "size"),
    Index(None, "level", "persons", "findings"),
    Index(None, "owner", "level"),
    Index(None, "deleted_scan", sqlite_where=text("deleted_scan IS NOT NULL"), postgresql_where=text("deleted_scan IS NOT NULL")),
)

seen = Table(
    "seen",
    metadata,
    Column("file", _Id, ForeignKey("files.id"), primary_key=True, autoincrement=False),
    Column("scan", _Id, ForeignKey("scans.id"), nullable=False),
)

listings = Table(
    "listings",
    metadata,
    Column("source", _Id, ForeignKey("sources.id"), primary_key=True, autoincrement=False),
    Column("path", _Sorted, primary_key=True),  # with a trailing slash; empty for the root
    Column("met", _Id, nullable=False),  # scan that met all of its files at once last; 0 for none
    Column("stamp", Text, nullable=False),  # of its listing and what it is read with; empty when a row was written since
    Column("stamped", _Id, nullable=False),  # scan that kept the stamp
    Column("outcomes", Text, nullable=False),  # JSON, [[outcome, level, files], …]; right while there is a stamp
    sqlite_with_rowid=False,
)

problems = Table(
    "problems",
    metadata,
    Column("file", _Id, ForeignKey("files.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("member", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_with_rowid=False,
)

findings = Table(
    "findings",
    metadata,
    Column("file", _Id, ForeignKey("files.id"), primary_key=True, autoincrement=False),
    Column("identity", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Column("location", Text, nullable=False),  # JSON of the group
    Column("header", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("first", Text, nullable=False),  # JSON of the first location
    Column("score", Float, nullable=False),
    Column("level", Integer, nullable=False),
    Column("law", Text, nullable=False),
    Column("persons", BigInteger, nullable=False),
    Column("examples", Text, nullable=False),  # JSON, up to three masks
    Column("first_seen", _Id, ForeignKey("scans.id"), nullable=False),
    Column("last_seen", _Id, ForeignKey("scans.id"), nullable=False),  # scan that read it last
    Column("since", _Id, nullable=False, server_default=text("0")),  # scan that first saw it as it is now
    Index(None, "since"),
    Index(None, "level", "persons", "count"),
    Index(None, "entity", "level", "persons", "count"),
    sqlite_with_rowid=False,
)

past_files = Table(
    "past_files",
    metadata,
    Column("file", _Id, ForeignKey("files.id"), primary_key=True, autoincrement=False),
    Column("until", _Id, primary_key=True, autoincrement=False),  # scan that saw it otherwise
    Column("since", _Id, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("findings", BigInteger, nullable=False),
    Column("persons", BigInteger, nullable=False),
    Index(None, "until"),
    sqlite_with_rowid=False,
)

past_findings = Table(
    "past_findings",
    metadata,
    Column("file", _Id, ForeignKey("files.id"), primary_key=True, autoincrement=False),
    Column("identity", Text, primary_key=True),
    Column("until", _Id, primary_key=True, autoincrement=False),  # scan that saw it otherwise, or no more
    Column("since", _Id, nullable=False),
    Column("member", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("header", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("level", Integer, nullable=False),
    Column("persons", BigInteger, nullable=False),
    Index(None, "until"),
    sqlite_with_rowid=False,
)

folders = Table(
    "folders",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("source", _Id, ForeignKey("sources.id"), nullable=False),
    Column("path", _Sorted, nullable=False),  # with a trailing slash; empty for the root
    Column("parent", _Id),
    Column("depth", Integer, nullable=False),  # 0 for the root
    Column("files", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("scanned", BigInteger, nullable=False),  # files by outcome
    Column("partial", BigInteger, nullable=False),
    Column("skipped", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("none", BigInteger, nullable=False),  # files by level
    Column("low", BigInteger, nullable=False),
    Column("medium", BigInteger, nullable=False),
    Column("high", BigInteger, nullable=False),
    Column("critical", BigInteger, nullable=False),
    Column("level", Integer, nullable=False),
    Column("findings", BigInteger, nullable=False),
    Column("persons", BigInteger, nullable=False),
    Column("persons_exact", Boolean(create_constraint=False), nullable=False),
    Column("owner", Text, nullable=False),  # empty when there are several
    Column("readable_by", Text, nullable=False),  # the widest
    Column("sketch", LargeBinary, nullable=False),
    UniqueConstraint("source", "path"),
    Index(None, "parent", "level", "persons"),
)

#: Findings below a folder by kind; ``files`` counts a file once, at the highest level that the kind has in it.
folder_kinds = Table(
    "folder_kinds",
    metadata,
    Column("folder", _Id, ForeignKey("folders.id"), primary_key=True, autoincrement=False),
    Column("entity", Text, primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("files", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("values", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

#: The same by owner; ``files`` counts a file at its own level, ``rows`` a finding at its.
folder_owners = Table(
    "folder_owners",
    metadata,
    Column("folder", _Id, ForeignKey("folders.id"), primary_key=True, autoincrement=False),
    Column("owner", Text, primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("files", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

dirty = Table(
    "dirty",
    metadata,
    Column("source", _Id, ForeignKey("sources.id"), primary_key=True, autoincrement=False),
    Column("path", _Sorted, primary_key=True),
    sqlite_with_rowid=False,
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("file", _Id, ForeignKey("files.id")),
    Column("digest", Text, nullable=False),  # a decision moves with the content
    Column("identity", Text, nullable=False),  # empty: the whole file
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Text),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("origin", Text, nullable=False, server_default=text("'person'")),  # or 'baseline', the text file
    Column("path", Text, nullable=False, server_default=text("''")),  # where it lay then, for people
    Column("entity", Text, nullable=False, server_default=text("''")),
    Column("revoked_at", Text),
    Column("revoked_by", Text, nullable=False, server_default=text("''")),
    Index(None, "digest", "identity"),
)
