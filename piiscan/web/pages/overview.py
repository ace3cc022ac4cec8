"""``/``: how much, how bad, where, what first, what could not be read, and how it went over the scans."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from typing import Any

from starlette.responses import Response

from piiscan.assess.persons import merge
from piiscan.inventory.pages import Filter, Pages
from piiscan.inventory.reader import Reader, ScanRow
from piiscan.inventory.rows import FileRow, FolderRow
from piiscan.model import Exposure, Level, Outcome
from piiscan.problems import Effect
from piiscan.reports import gravity_of
from piiscan.reports.charts import Tile, choose_tiles, draw_trend, lay_out
from piiscan.reports.facts import LEVELS, history
from piiscan.web.parameters import address
from piiscan.web.visit import Site, Visit

__all__ = ["show"]

_MAP_WIDTH, _MAP_HEIGHT = 760, 470
_TREND_WIDTH, _TREND_HEIGHT = 360, 110
_WORST, _LOOKED_AT = 10, 200
_OPENED = 30
_KINDS = 12


def show(visit: Visit) -> Response:
    """The first page. Its sums are those of the end of the last scan, so they are kept until there is another."""
    site = visit.site
    scans = site.inventory.reader().scans()
    facts = site.remembered("overview", site.mark(), lambda: _facts(site, scans))
    return visit.render("overview.html", scan=scans[0] if scans else None, tile_link=_link, **facts)


def _link(tile: Tile) -> str:
    return address("/folders", root=tile.source_id, under=tile.path)


def _facts(site: Site, scans: list[ScanRow]) -> dict[str, Any]:
    reader, pages = site.inventory.reader(), site.inventory.pages()
    roots = pages.roots()
    by_level: Counter[Level] = Counter()
    by_outcome: Counter[Outcome] = Counter()
    for root in roots:
        by_level.update(root.levels)
        by_outcome.update(root.outcomes)
    levels = [(level, by_level[level]) for level in LEVELS]
    worst = _first(pages)
    unread = pages.unread(Filter())
    return {
        "roots": roots,
        "one_root": len(roots) == 1,
        "files": sum(root.files for root in roots),
        "bytes": sum(root.size for root in roots),
        "values": sum(root.findings for root in roots),
        "persons": pages.persons(merge, Filter()),
        "levels": levels,
        "with_findings": sum(count for _, count in levels),
        "unread_files": by_outcome[Outcome.FAILED] + by_outcome[Outcome.PARTIAL],
        "new": reader.new_counts(),
        "boxes": lay_out(choose_tiles(_biggest(pages, roots)), _MAP_WIDTH, _MAP_HEIGHT),
        "map_width": _MAP_WIDTH,
        "map_height": _MAP_HEIGHT,
        "trend": draw_trend(history(scans), _TREND_WIDTH, _TREND_HEIGHT),
        "trend_width": _TREND_WIDTH,
        "trend_height": _TREND_HEIGHT,
        "worst": worst,
        "kinds_of": _kinds(site, reader, worst),
        "kinds": pages.facets(Filter()).entities[:_KINDS],
        "unread": [(kind, count) for kind, count in unread if kind.effect is not Effect.SKIPPED],
        "left_out": [(kind, count) for kind, count in unread if kind.effect is Effect.SKIPPED],
    }


def _first(pages: Pages) -> list[FileRow]:
    """Of the worst files by level and persons, those first that most people can read, then the oldest; as in the HTML report."""
    rows = pages.files(Filter(), size=_LOOKED_AT).rows

    def rank(row: FileRow) -> tuple[Any, ...]:
        exposure = Exposure.parse(row.readable_by)
        reach = (int(exposure.reach), exposure.people) if exposure else (-1, 0)
        return (-row.level, tuple(-part for part in reach), -row.persons, -row.findings, row.mtime_ns, row.file_id)

    return sorted((row for row in rows if row.level > Level.NONE), key=rank)[:_WORST]


def _kinds(site: Site, reader: Reader, worst: list[FileRow]) -> dict[int, list[tuple[str, Level, int]]]:
    found = reader.entities_of(row.file_id for row in worst)
    return {
        file: sorted(kinds, key=lambda kind: (-kind[1], -gravity_of(kind[0], site.catalogue), -kind[2])) for file, kinds in found.items()
    }


def _biggest(pages: Pages, roots: list[FolderRow]) -> list[FolderRow]:
    """The roots, and folder by folder what lies in the biggest of them: enough for the map, however many there are."""
    number = itertools.count()
    waiting = [(-row.findings, next(number), row) for row in roots]
    heapq.heapify(waiting)
    found = list(roots)
    for _ in range(_OPENED):
        if not waiting:
            break
        _, _, row = heapq.heappop(waiting)
        below = pages.folders(row.source_id, row.path, size=50).rows
        found += below
        for part in below:
            heapq.heappush(waiting, (-part.findings, next(number), part))
    return found
