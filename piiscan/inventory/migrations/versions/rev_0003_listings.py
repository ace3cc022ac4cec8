"""Folders whose listing is as it was are met as a whole; an index of what a scan missed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the listings; none has a stamp yet, so the next scan meets every file by itself."""
    op.create_table(
        "listings",
        sa.Column("source", _ID, autoincrement=False, nullable=False),
        sa.Column("path", _SORTED, nullable=False),
        sa.Column("met", _ID, nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("stamped", _ID, nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_listings_source")),
        sa.PrimaryKeyConstraint("source", "path", name=op.f("pk_listings")),
        sqlite_with_rowid=False,
    )
    missed = sa.text("deleted_scan IS NOT NULL")
    op.create_index(op.f("ix_files_deleted_scan"), "files", ["deleted_scan"], sqlite_where=missed, postgresql_where=missed)
    op.execute(
        "INSERT INTO listings (source, path, met, stamp, stamped, outcomes) SELECT DISTINCT source, folder, 0, '', 0, '[]' FROM files"
    )
