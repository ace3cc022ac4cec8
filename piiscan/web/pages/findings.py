"""``/findings``: every finding, worst first, with facets, search and decisions."""

from __future__ import annotations

from starlette.responses import Response

from piiscan.inventory.pages import Facets
from piiscan.model import Level
from piiscan.reports.facts import LEVELS
from piiscan.web.parameters import DECISIONS, Choice, Wanted, few, read_wanted
from piiscan.web.visit import Visit, refuse

__all__ = ["PAGE_SIZE", "show"]

PAGE_SIZE = 50


def show(visit: Visit) -> Response:
    """A page of findings."""
    wanted = read_wanted(visit.query)
    pages = visit.site.inventory.pages()
    try:
        page = pages.findings(wanted.filter, order=wanted.order, size=PAGE_SIZE, after=wanted.after)
    except ValueError:
        return refuse(visit, 400)
    return visit.render(
        "findings.html",
        wanted=wanted,
        page=page,
        onward=wanted.link("/findings", after=page.next) if page.next else "",
        count=pages.count_findings(wanted.filter),
        groups=_groups(visit, wanted, pages.facets(wanted.filter)),
        roots=pages.roots(),
    )


def _groups(visit: Visit, wanted: Wanted, facets: Facets) -> list[tuple[str, list[Choice]]]:
    """``(title, [(words, address, findings, chosen)])``: what to filter by; choosing what is chosen takes it away again."""
    given = wanted.filter

    def choice(name: str, value: str, words: str, count: int | None, chosen: bool) -> Choice:
        return words, wanted.link("/findings", **{name: "" if chosen else value}), count, chosen

    at_least = 0
    levels = []
    for level in LEVELS:
        at_least += facets.levels.get(level, 0)
        chosen = given.min_level is level and level > Level.LOW
        levels.append(choice("level", level.word, visit.level_or_worse(level), at_least, chosen))
    entities = [choice("entity", entity, visit.label(entity), rows, given.entity == entity) for entity, rows, _ in facets.entities if rows]
    owners = [choice("owner", f"={owner}", owner or visit.say("nobody"), rows, given.owner == owner) for owner, rows in facets.owners]
    decided = [choice("decision", one, visit.say(f"decision_{one}"), None, given.decision == one) for one in DECISIONS]
    return [
        (visit.say("level"), [one for one in levels if one[2]]),
        (visit.say("kind"), few(entities)),
        (visit.say("decision"), decided),
        (visit.say("owner"), few(owners) if len(owners) > 1 or given.owner is not None else []),
    ]
