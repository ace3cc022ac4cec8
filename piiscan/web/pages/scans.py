"""``/scans``: every scan, and how far the one under way is; ``/scans/live`` is that part alone, for the script that keeps it current."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starlette.responses import Response

from piiscan.inventory.base import ScanStatus
from piiscan.inventory.reader import ScanRow
from piiscan.model import Outcome
from piiscan.web.parameters import address, number_of
from piiscan.web.visit import Visit

__all__ = ["live", "show"]

_SIZE = 50
#: A running scan that has said nothing for so long may have been killed.
_QUIET = dt.timedelta(minutes=10)


def show(visit: Visit) -> Response:
    """Scans, newest first."""
    scans = visit.site.inventory.reader().scans()
    before = number_of(visit.query.get("before", "") or "0")
    rows = [scan for scan in scans if not before or scan.id < before]
    onward = address("/scans", before=rows[_SIZE - 1].id) if len(rows) > _SIZE else ""
    return visit.render("scans.html", rows=rows[:_SIZE], onward=onward, outcomes=tuple(Outcome), **_live(scans))


def live(visit: Visit) -> Response:
    """How far the scan under way is."""
    return visit.render("live.html", **_live(visit.site.inventory.reader().scans()))


def _live(scans: list[ScanRow]) -> dict[str, Any]:
    running = next((scan for scan in scans[:20] if scan.status is ScanStatus.RUNNING), None)
    if running is None:
        return {"running": None}
    counts = running.counts
    began = dt.datetime.fromisoformat(running.started_at)
    said = dt.datetime.fromisoformat(str(counts["at"])) if counts.get("at") else began
    done = int(counts.get("done", 0))
    seconds = max(1.0, (said - began).total_seconds())
    return {
        "running": running,
        "said_at": said.isoformat(),
        "quiet": dt.datetime.now(dt.UTC) - said > _QUIET and not counts.get("paused_until"),
        "done": done,
        "met": int(counts.get("met", 0)),
        "crawling": bool(counts.get("crawling", 1)),
        "bytes": int(counts.get("bytes", 0)),
        "values": int(counts.get("findings", 0)),
        "rate": done / seconds,
        "current": str(counts.get("current", "")),
        "paused_until": str(counts.get("paused_until", "")),
    }
