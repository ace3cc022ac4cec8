"""Alembic's entry: runs the migrations on the connection that ``Inventory.open`` hands over."""

from __future__ import annotations

from alembic import context

from piiscan.inventory.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
