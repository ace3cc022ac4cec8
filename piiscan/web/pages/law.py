"""``/law``: if this were lost or leaked today, would it have to be reported, and why; as text that a person can paste."""

from __future__ import annotations

from starlette.responses import Response

from piiscan.inventory.rows import View
from piiscan.reports.base import shown
from piiscan.reports.law import law_view
from piiscan.web.parameters import read_wanted
from piiscan.web.visit import Visit

__all__ = ["show"]


def show(visit: Visit) -> Response:
    """The law view of everything, a root or a folder. It goes through every finding, so it is kept until there is another scan."""
    wanted = read_wanted(visit.query)
    given = wanted.filter
    options = visit.options("law", View(source_ids=given.source_ids, under=given.under))
    view = visit.site.remembered(
        f"law {given.source_ids} {given.under}", visit.site.mark(), lambda: law_view(visit.site.inventory.reader(), options)
    )
    return visit.render(
        "law.html",
        wanted=wanted,
        view=view,
        kinds=[(entity, persons, entity in view.at_most) for entity, persons in view.by_entity],
        items=list(view.items(visit.lang, options.label)),
        remarks=list(view.remarks(visit.lang)),
        text="\n".join(shown(line) for line in view.text(visit.lang, options.label).split("\n")),
        roots=visit.site.inventory.pages().roots(),
    )
