"""``/folders``: from the roots down, each folder with everything below it."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from piiscan.assess.persons import merge
from piiscan.inventory.pages import Filter
from piiscan.inventory.rows import FolderRow
from piiscan.model import Level
from piiscan.reports.facts import LEVELS
from piiscan.web.parameters import address, read_wanted
from piiscan.web.visit import Visit, refuse

__all__ = ["show"]

_SIZE = 50
_WORST = 10
_KINDS = 12


def show(visit: Visit) -> Response:
    """The roots, or one folder: its subfolders, its worst files, its kinds of data."""
    wanted = read_wanted(visit.query)
    pages = visit.site.inventory.pages()
    if not wanted.filter.source_ids:
        return visit.render("folders.html", folder=None, rows=pages.roots(), onward="", trail=[], wanted=wanted, **_bars(None))
    root, under = wanted.filter.source_ids[0], wanted.filter.under
    folder = pages.folder(root, under)
    if folder is None:
        raise HTTPException(404)
    try:
        page = pages.folders(root, under, order=wanted.order, size=_SIZE, after=wanted.after)
    except ValueError:
        return refuse(visit, 400)
    here = Filter(source_ids=(root,), under=under)
    return visit.render(
        "folders.html",
        folder=folder,
        rows=page.rows,
        onward=wanted.link("/folders", after=page.next) if page.next else "",
        trail=_trail(folder),
        wanted=wanted,
        persons=pages.persons(merge, here),
        worst=[row for row in pages.files(here, size=_WORST).rows if row.level > Level.NONE],
        kinds=pages.facets(here).entities[:_KINDS],
        **_bars(folder),
    )


def _bars(folder: FolderRow | None) -> dict[str, Any]:
    levels = [(level, folder.levels.get(level, 0)) for level in LEVELS] if folder else []
    return {"levels": levels, "with_findings": sum(count for _, count in levels)}


def _trail(folder: FolderRow) -> list[tuple[str, str]]:
    """``(name, address)`` of the folders above, from the root on."""
    trail = [(folder.source, address("/folders", root=folder.source_id))]
    parts = folder.path.split("/") if folder.path else []
    for i, part in enumerate(parts):
        trail.append((part, address("/folders", root=folder.source_id, under="/".join(parts[: i + 1]))))
    return trail
