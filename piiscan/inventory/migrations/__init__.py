"""How an inventory of an earlier piiscan becomes one of this (Alembic; run by ``Inventory.open``)."""
