"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "sources",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("source_id", name=op.f("uq_sources_source_id")),
    )
    op.create_table(
        "versions",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("text", name=op.f("uq_versions_text")),
    )
    op.create_table(
        "scans",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("version", _ID, nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name=op.f("fk_scans_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
    )
    op.create_table(
        "files",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("source", _ID, nullable=False),
        sa.Column("folder", _SORTED, nullable=False),
        sa.Column("name", _SORTED, nullable=False),
        sa.Column("item_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("readable_by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("findings", sa.BigInteger(), nullable=False),
        sa.Column("persons", sa.BigInteger(), nullable=False),
        sa.Column("persons_exact", sa.Boolean(), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("version", _ID, nullable=False),
        sa.Column("first_scan", _ID, nullable=False),
        sa.Column("deleted_at", sa.Text(), nullable=True),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["first_scan"], ["scans.id"], name=op.f("fk_files_first_scan")),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_files_source")),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name=op.f("fk_files_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("source", "folder", "name", name=op.f("uq_files_source_folder_name")),
    )
    op.create_index(op.f("ix_files_digest"), "files", ["digest"], unique=False)
    op.create_index(op.f("ix_files_level"), "files", ["level"], unique=False)
    op.create_index(op.f("ix_files_size"), "files", ["size"], unique=False)
    op.create_table(
        "scan_sources",
        sa.Column("scan", _ID, nullable=False),
        sa.Column("source", _ID, nullable=False),
        sa.ForeignKeyConstraint(["scan"], ["scans.id"], name=op.f("fk_scan_sources_scan")),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_scan_sources_source")),
        sa.PrimaryKeyConstraint("scan", "source", name=op.f("pk_scan_sources")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("file", _ID, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["files.id"], name=op.f("fk_decisions_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_digest_identity"), "decisions", ["digest", "identity"], unique=False)
    op.create_table(
        "findings",
        sa.Column("file", _ID, autoincrement=False, nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("persons", sa.BigInteger(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("first_seen", _ID, nullable=False),
        sa.Column("last_seen", _ID, nullable=False),
        sa.ForeignKeyConstraint(["file"], ["files.id"], name=op.f("fk_findings_file")),
        sa.ForeignKeyConstraint(["first_seen"], ["scans.id"], name=op.f("fk_findings_first_seen")),
        sa.ForeignKeyConstraint(["last_seen"], ["scans.id"], name=op.f("fk_findings_last_seen")),
        sa.PrimaryKeyConstraint("file", "identity", name=op.f("pk_findings")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_findings_first_seen"), "findings", ["first_seen"], unique=False)
    op.create_table(
        "problems",
        sa.Column("file", _ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["files.id"], name=op.f("fk_problems_file")),
        sa.PrimaryKeyConstraint("file", "number", name=op.f("pk_problems")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seen",
        sa.Column("file", _ID, autoincrement=False, nullable=False),
        sa.Column("scan", _ID, nullable=False),
        sa.ForeignKeyConstraint(["file"], ["files.id"], name=op.f("fk_seen_file")),
        sa.ForeignKeyConstraint(["scan"], ["scans.id"], name=op.f("fk_seen_scan")),
        sa.PrimaryKeyConstraint("file", name=op.f("pk_seen")),
    )
