"""History, sums of folders, blocks of ids for several writers, decisions that can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _big(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    """Add what is new, then fill it from what is there."""
    op.create_table("ids", *_texts("name"), *_big("next"), sa.PrimaryKeyConstraint("name", name=op.f("pk_ids")))
    op.create_table(
        "past_files",
        sa.Column("file", _ID, autoincrement=False, nullable=False),
        sa.Column("until", _ID, autoincrement=False, nullable=False),
        sa.Column("since", _ID, nullable=False),
        *_big("size", "mtime_ns"),
        *_texts("digest", "outcome", "problem"),
        sa.Column("level", sa.Integer(), nullable=False),
        *_big("findings", "persons"),
        sa.ForeignKeyConstraint(["file"], ["files.id"], name=op.f("fk_past_files_file")),
        sa.PrimaryKeyConstraint("file", "until", name=op.f("pk_past_files")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_past_files_until"), "past_files", ["until"])
    op.create_table(
        "past_findings",
        sa.Column("file", _ID, autoincrement=False, nullable=False),
        *_texts("identity"),
        sa.Column("until", _ID, autoincrement=False, nullable=False),
        sa.Column("since", _ID, nullable=False),
        *_texts("member", "location", "header", "entity"),
        *_big("count"),
        sa.Column("level", sa.Integer(), nullable=False),
        *_big("persons"),
        sa.ForeignKeyConstraint(["file"], ["files.id"], name=op.f("fk_past_findings_file")),
        sa.PrimaryKeyConstraint("file", "identity", "until", name=op.f("pk_past_findings")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_past_findings_until"), "past_findings", ["until"])
    op.create_table(
        "folders",
        sa.Column("id", _ID, nullable=False),
        sa.Column("source", _ID, nullable=False),
        sa.Column("path", _SORTED, nullable=False),
        sa.Column("parent", _ID, nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        *_big("files", "size", "mtime_ns", "scanned", "partial", "skipped", "failed", "none", "low", "medium", "high", "critical"),
        sa.Column("level", sa.Integer(), nullable=False),
        *_big("findings", "persons"),
        sa.Column("persons_exact", sa.Boolean(), nullable=False),
        *_texts("owner", "readable_by"),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_folders_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folders")),
        sa.UniqueConstraint("source", "path", name=op.f("uq_folders_source_path")),
    )
    op.create_index(op.f("ix_folders_parent_level_persons"), "folders", ["parent", "level", "persons"])
    for name, column, numbers in (("folder_kinds", "entity", ("files", "rows", "values")), ("folder_owners", "owner", ("files", "rows"))):
        op.create_table(
            name,
            sa.Column("folder", _ID, autoincrement=False, nullable=False),
            *_texts(column),
            sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
            *_big(*numbers),
            sa.ForeignKeyConstraint(["folder"], ["folders.id"], name=op.f(f"fk_{name}_folder")),
            sa.PrimaryKeyConstraint("folder", column, "level", name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "dirty",
        sa.Column("source", _ID, autoincrement=False, nullable=False),
        sa.Column("path", _SORTED, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_dirty_source")),
        sa.PrimaryKeyConstraint("source", "path", name=op.f("pk_dirty")),
        sqlite_with_rowid=False,
    )
    op.add_column("files", sa.Column("since", _ID, nullable=False, server_default=sa.text("0")))
    op.add_column("files", sa.Column("deleted_scan", _ID, nullable=True))
    op.add_column("files", sa.Column("moved_from", _ID, nullable=True))
    op.add_column("files", sa.Column("gates", sa.Integer(), nullable=False, server_default=sa.text("-1")))
    op.add_column("findings", sa.Column("since", _ID, nullable=False, server_default=sa.text("0")))
    op.add_column("decisions", sa.Column("origin", sa.Text(), nullable=False, server_default=sa.text("'person'")))
    for name in ("path", "entity", "revoked_by"):
        op.add_column("decisions", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("decisions", sa.Column("revoked_at", sa.Text(), nullable=True))

    op.execute("UPDATE files SET since = first_scan")
    op.execute("UPDATE files SET deleted_scan = (SELECT max(id) FROM scans) WHERE deleted_at IS NOT NULL")
    op.execute("UPDATE findings SET since = first_seen")
    op.execute("INSERT INTO dirty (source, path) SELECT DISTINCT source, folder FROM files WHERE deleted_at IS NULL")
    for name in ("files", "scans", "sources", "versions"):
        op.execute(f"INSERT INTO ids (name, next) SELECT '{name}', coalesce(max(id), 0) + 1 FROM {name}")  # noqa: S608 -- our own names
    # What changed before this revision was not kept.
    op.execute("INSERT INTO meta (name, value) SELECT 'history_from', CAST(coalesce(max(id), 0) AS TEXT) FROM scans")

    op.drop_index(op.f("ix_files_level"), "files")
    op.drop_index(op.f("ix_findings_first_seen"), "findings")
    op.create_index(op.f("ix_files_level_persons_findings"), "files", ["level", "persons", "findings"])
    op.create_index(op.f("ix_files_owner_level"), "files", ["owner", "level"])
    op.create_index(op.f("ix_findings_since"), "findings", ["since"])
    op.create_index(op.f("ix_findings_level_persons_count"), "findings", ["level", "persons", "count"])
    op.create_index(op.f("ix_findings_entity_level_persons_count"), "findings", ["entity", "level", "persons", "count"])
