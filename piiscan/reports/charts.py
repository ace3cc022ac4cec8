"""Pictures, worked out here and drawn as SVG by the template: where the data sits, and how it went over the scans.

*Where* is a treemap of folders. The area of a tile is the number of values
found below a folder, its colour the worst level there, the strip at its foot
how the files are spread over the levels. Big folders are opened into their subfolders until some forty
tiles fill the picture, so a share whose data lies five folders deep shows those
folders and not one big tile. Layout: squarified treemap (Bruls, Huizing, van
Wijk 2000), library ``squarify``.
"""

from __future__ import annotations

import heapq
import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import squarify

from piiscan.inventory.reader import FolderRow
from piiscan.model import Level

__all__ = ["Bar", "Box", "Tile", "choose_tiles", "draw_trend", "fit", "lay_out"]

_FOLDERS_KEPT = 5000


@dataclass(frozen=True, slots=True)
class Tile:
    """One folder of the picture. ``rest``: what lies in it apart from the subfolders that have their own tiles."""

    source: str
    path: str
    values: int
    persons: int
    level: Level
    rest: bool = False
    levels: Mapping[Level, int] = field(default_factory=dict)
    source_id: str = ""

    def shares(self) -> list[tuple[Level, float, float]]:
        """``(level, from, to)`` between 0 and 1: how the files with findings are spread over the levels, worst first."""
        counts = [(level, self.levels.get(level, 0)) for level in sorted(Level, reverse=True) if level is not Level.NONE]
        total = sum(count for _, count in counts)
        shares: list[tuple[Level, float, float]] = []
        at = 0.0
        for level, count in counts:
            if count > 0:
                shares.append((level, at, at + count / total))
                at += count / total
        return shares


@dataclass(frozen=True, slots=True)
class Box:
    """A tile and where it lies, in the units of the picture."""

    tile: Tile
    x: float
    y: float
    width: float
    height: float


def choose_tiles(folders: Iterable[FolderRow], limit: int = 40) -> list[Tile]:
    """At most ``limit`` tiles that hold every value once, biggest first.

    :param folders: rolled-up rows, any order; only the biggest few thousand are kept in memory.
    """
    counter = itertools.count()
    kept: list[tuple[tuple[bool, int], int, FolderRow]] = []  # roots always stay
    for row in folders:
        if row.findings <= 0 or row.level is Level.NONE:
            continue
        entry = ((row.path == "", row.findings), next(counter), row)
        if len(kept) < _FOLDERS_KEPT:
            heapq.heappush(kept, entry)
        else:
            heapq.heappushpop(kept, entry)
    below: dict[tuple[str, str], list[FolderRow]] = {}
    open_rows: list[tuple[int, int, FolderRow]] = []
    for _, number, row in kept:
        if row.path:
            below.setdefault((row.source_id, row.path.rpartition("/")[0]), []).append(row)
        else:
            open_rows.append((-row.findings, number, row))
    open_rows = heapq.nsmallest(limit, open_rows)
    heapq.heapify(open_rows)
    done: list[Tile] = []
    while open_rows:
        _, number, row = heapq.heappop(open_rows)
        room = limit - len(open_rows) - len(done) - 1  # one place is kept for the rest
        parts = heapq.nlargest(max(0, room), below.get((row.source_id, row.path), []), key=lambda part: part.findings)
        if not parts:
            done.append(Tile(row.source, row.path, row.findings, row.persons, row.level, levels=row.levels, source_id=row.source_id))
            continue
        rest = row.findings - sum(part.findings for part in parts)
        if rest > 0:
            left = _levels_of_rest(row, parts)
            worst = max((level for level, files in left.items() if files > 0), default=Level.LOW)
            done.append(Tile(row.source, row.path, rest, 0, worst, rest=True, levels=left, source_id=row.source_id))
        for part in parts:
            heapq.heappush(open_rows, (-part.findings, next(counter), part))
    return sorted(done, key=lambda tile: (-tile.values, tile.source, tile.path, tile.rest))


def _levels_of_rest(row: FolderRow, parts: Iterable[FolderRow]) -> Counter[Level]:
    levels = Counter(row.levels)
    for part in parts:
        levels.subtract(part.levels)
    return levels


@dataclass(frozen=True, slots=True)
class Bar:
    """One scan in the picture of several: ``parts`` are ``(level, y, height)`` in the units of the picture."""

    label: str
    total: int
    x: float
    width: float
    top: float
    parts: tuple[tuple[Level, float, float], ...]


def draw_trend(scans: Sequence[tuple[str, Mapping[Level, int]]], width: float, height: float) -> list[Bar]:
    """Bars side by side, files by level stacked with the worst at the foot; highest bar as high as the picture.

    :param scans: label and files by level of each scan, oldest first.
    """
    most = max((sum(levels.values()) for _, levels in scans), default=0)
    if not most:
        return []
    step = width / max(len(scans), 6)
    bars = []
    for i, (label, levels) in enumerate(scans):
        y, parts = height, []
        for level in sorted(levels, reverse=True):
            tall = height * levels[level] / most
            y -= tall
            parts.append((level, y, tall))
        bars.append(Bar(label, sum(levels.values()), i * step, step * 0.7, y, tuple(parts)))
    return bars


def lay_out(tiles: Iterable[Tile], width: float, height: float) -> list[Box]:
    """Boxes that fill ``width`` by ``height``."""
    ordered = list(tiles)
    if not ordered:
        return []
    rectangles = squarify.squarify(squarify.normalize_sizes([tile.values for tile in ordered], width, height), 0, 0, width, height)
    return [Box(tile, r["x"], r["y"], r["dx"], r["dy"]) for tile, r in zip(ordered, rectangles, strict=True)]


def fit(text: str, width: float, size: float) -> str:
    """``text`` cut to ``width`` at a font of ``size``; empty when not even two characters fit. Japanese is as wide as high."""
    room = width
    for i, ch in enumerate(text):
        room -= size if unicodedata.east_asian_width(ch) in "WFA" else size * 0.6
        if room < 0:
            return text[: i - 1] + "…" if i > 2 else ""
    return text
