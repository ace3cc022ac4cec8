"""MEMORY: the only SQL. Holds no raw value.

:class:`Inventory` opens it, ``writer()`` takes the reports of a scan,
``reader()`` streams them out again.
"""

from __future__ import annotations

from piiscan.inventory.base import InventoryError, Known, ScanStatus, StoredAnalysis
from piiscan.inventory.store import Inventory

__all__ = ["Inventory", "InventoryError", "Known", "ScanStatus", "StoredAnalysis"]
