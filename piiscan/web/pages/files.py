"""``/files``: files worst first, with the same filter as findings, and by outcome."""

from __future__ import annotations

from starlette.responses import Response

from piiscan.model import Level, Outcome
from piiscan.reports.facts import LEVELS
from piiscan.web.parameters import Choice, Wanted, few, read_wanted
from piiscan.web.visit import Visit, refuse

__all__ = ["show"]

_SIZE = 50


def show(visit: Visit) -> Response:
    """A page of files."""
    wanted = read_wanted(visit.query, least=Level.NONE)
    pages = visit.site.inventory.pages()
    try:
        page = pages.files(wanted.filter, order=wanted.order, size=_SIZE, after=wanted.after)
    except ValueError:
        return refuse(visit, 400)
    return visit.render(
        "files.html",
        wanted=wanted,
        page=page,
        onward=wanted.link("/files", after=page.next) if page.next else "",
        groups=_groups(visit, wanted),
        roots=pages.roots(),
    )


def _groups(visit: Visit, wanted: Wanted) -> list[tuple[str, list[Choice]]]:
    facets = visit.site.inventory.pages().facets(wanted.filter)
    given = wanted.filter

    def choice(name: str, value: str, words: str, count: int | None, chosen: bool) -> Choice:
        return words, wanted.link("/files", **{name: "" if chosen else value}), count, chosen

    levels = [choice("level", level.word, visit.level_or_worse(level), None, given.min_level is level) for level in LEVELS]
    entities = [choice("entity", entity, visit.label(entity), in_files, given.entity == entity) for entity, _, in_files in facets.entities]
    outcomes = [
        choice("outcome", outcome.value, visit.outcome_word(outcome), facets.outcomes.get(outcome), given.outcome is outcome)
        for outcome in Outcome
        if facets.outcomes.get(outcome) or given.outcome is not None or not facets.outcomes
    ]
    owners = [choice("owner", f"={owner}", owner or visit.say("nobody"), None, given.owner == owner) for owner, _ in facets.owners]
    return [
        (visit.say("level"), levels),
        (visit.say("outcome"), outcomes),
        (visit.say("kind"), few(entities)),
        (visit.say("owner"), few(owners) if len(owners) > 1 or given.owner is not None else []),
    ]
