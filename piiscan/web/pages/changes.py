"""``/changes``: what is new, gone, changed or moved between two scans."""

from __future__ import annotations

from contextlib import closing
from itertools import islice

from starlette.responses import Response

from piiscan.inventory import InventoryError
from piiscan.inventory.base import ScanStatus
from piiscan.inventory.difference import FileChange, differences
from piiscan.inventory.reader import ScanRow
from piiscan.model import Level
from piiscan.web.parameters import address, number_of
from piiscan.web.visit import Visit

__all__ = ["show"]

_SIZE = 50
_SCANS = 100
_FINDINGS = 6


def show(visit: Visit) -> Response:
    """A page of changes; without numbers, between the last complete scan and the one before it of the same roots."""
    scans = visit.site.inventory.reader().scans()
    before, after = _pair(visit, scans)
    changes: list[FileChange] = []
    more, failed = False, ""
    if before and after:
        beyond = number_of(visit.query.get("after", "") or "0")
        try:
            with closing(differences(visit.site.inventory, before, after, beyond=beyond)) as found:
                changes = list(islice(found, _SIZE + 1))
        except InventoryError as error:
            failed = visit.fault(error)
        more, changes = len(changes) > _SIZE, changes[:_SIZE]
    return visit.render(
        "changes.html",
        scans=scans[:_SCANS],
        before=before,
        after=after,
        changes=[(change, [one for one in change.findings if max(one.level, one.level_before) > Level.NONE]) for change in changes],
        shown_findings=_FINDINGS,
        failed=failed,
        onward=address("/changes", **{"from": before, "to": after, "after": changes[-1].file_id}) if more else "",
    )


def _pair(visit: Visit, scans: list[ScanRow]) -> tuple[int, int]:
    """The two scans: as the address says, else the newest complete one and the one before it; 0 where there is none."""
    complete = [scan for scan in scans if scan.status is ScanStatus.COMPLETE]
    to = visit.query.get("to", "")
    after = number_of(to) if to else (complete[0].id if complete else 0)
    start = visit.query.get("from", "")
    if start:
        return number_of(start), after
    roots = next((set(scan.source_ids) for scan in scans if scan.id == after), set())
    return next((scan.id for scan in complete if scan.id < after and roots & set(scan.source_ids)), 0), after
