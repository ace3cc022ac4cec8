"""What is known of files and folders from before, looked at through windows of rows in walking order.

The crawl and the inventory go the same way (:mod:`piiscan.inventory.schema`), so asking about a file costs a dictionary
look-up and memory stays flat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_

from piiscan.inventory.base import Known
from piiscan.inventory.listings import LAST_SCAN, Listing, with_last_scan
from piiscan.inventory.schema import files, listings, versions
from piiscan.inventory.stored import Key, split_key
from piiscan.model import Level, Outcome

if TYPE_CHECKING:
    from piiscan.inventory.store import Inventory

__all__ = ["Window"]

_WINDOW = 4000
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_LEVELS = {int(level): level for level in Level}


class Window:
    """Asked by one writer.

    :param source_rows: row id of each source of the scan, by its id; filled when the scan begins.
    """

    def __init__(self, inventory: Inventory, source_rows: dict[str, int]) -> None:
        self._inventory = inventory
        self._sources = source_rows
        self._versions: dict[int, str] = {}
        self._listings: dict[str, Listing] = {}  # of one source, from _listings_low to _listings_high (None: the end)
        self._listings_low: tuple[int, str] | None = None
        self._listings_high: tuple[int, str] | None = None
        # rows of the inventory between _low and _high (in walking order); _high is None at the end of a source
        self._window: dict[tuple[str, str], Known] = {}  # by source id and key
        self._low: Key | None = None
        self._high: Key | None = None

    def known(self, source_id: str, key: str) -> Known | None:
        """What the inventory knows of a file. Cheap when asked in walking order, right in any."""
        found = self._window.get((source_id, key))
        if found is not None:
            return found
        wanted: Key = (self._sources[source_id], *split_key(key))
        if self._low is None or wanted < self._low or wanted[0] != self._low[0] or (self._high is not None and wanted > self._high):
            self._fetch(source_id, wanted)
        return self._window.get((source_id, key))

    def _fetch(self, source_id: str, start: Key) -> None:
        query = with_last_scan(
            select(
                files.c.id,
                files.c.folder,
                files.c.name,
                files.c.size,
                files.c.mtime_ns,
                files.c.change,
                files.c.digest,
                files.c.version,
                files.c.outcome,
                files.c.problem,
                files.c.level,
                files.c.deleted_at,
                files.c.gates,
                files.c.detail,
                files.c.owner,
                files.c.readable_by,
                LAST_SCAN.label("scan"),
            )
            .where(files.c.source == start[0], tuple_(files.c.folder, files.c.name) >= tuple_(start[1], start[2]))
            .order_by(files.c.folder, files.c.name)
            .limit(_WINDOW)
        )
        with self._inventory.begin() as connection:
            rows = connection.execute(query).all()
            for row in rows:
                if row.version not in self._versions:
                    stored = connection.execute(select(versions.c.text).where(versions.c.id == row.version)).scalar_one()
                    self._versions[row.version] = stored
        self._window = {
            (source_id, folder + name): Known(
                file,
                size,
                mtime,
                change,
                digest,
                self._versions[version],
                _OUTCOMES[outcome],
                problem,
                _LEVELS[level],
                scan or 0,
                deleted is not None,
                gates,
                *rest,
            )
            for file, folder, name, size, mtime, change, digest, version, outcome, problem, level, deleted, gates, *rest, scan in rows
        }
        self._low = start
        self._high = None if len(rows) < _WINDOW else (start[0], rows[-1].folder, rows[-1].name)

    def listing(self, source_id: str, folder: str) -> Listing | None:
        """What is kept of a folder's listing. Cheap when asked in walking order, right in any.

        :param folder: its key with a trailing slash; empty for the root.
        """
        wanted = (self._sources[source_id], folder)
        low, high = self._listings_low, self._listings_high
        if low is None or wanted < low or wanted[0] != low[0] or (high is not None and wanted > high):
            with self._inventory.begin() as connection:
                rows = connection.execute(
                    select(listings.c.path, listings.c.stamp, listings.c.stamped, listings.c.outcomes)
                    .where(listings.c.source == wanted[0], listings.c.path >= folder)
                    .order_by(listings.c.path)
                    .limit(_WINDOW)
                ).all()
            self._listings = {path: Listing.of(stamp, stamped, outcomes) for path, stamp, stamped, outcomes in rows if stamp}
            self._listings_low = wanted
            self._listings_high = None if len(rows) < _WINDOW else (wanted[0], rows[-1].path)
        return self._listings.get(folder)
