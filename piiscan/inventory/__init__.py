"""MEMORY: the only SQL. Holds no raw value.

:class:`Inventory` opens it, ``writer()`` takes the reports of a scan,
``reader()`` streams them out again.
"""

from __future__ import annotations

from piiscan.inventory.base import InventoryBusyError, InventoryError, InventoryFullError, Known, ScanStatus, StoredAnalysis, versions_text
from piiscan.inventory.store import Inventory

__all__ = [
    "Inventory",
    "InventoryBusyError",
    "InventoryError",
    "InventoryFullError",
    "Known",
    "ScanStatus",
    "StoredAnalysis",
    "versions_text",
]
