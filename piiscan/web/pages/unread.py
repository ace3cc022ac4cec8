"""``/unread``: every file that was not (fully) read, why, and what to do; what was left out on purpose apart."""

from __future__ import annotations

from starlette.responses import Response

from piiscan.inventory.rows import UNREAD_KINDS
from piiscan.problems import Effect, ProblemKind
from piiscan.web.parameters import read_wanted
from piiscan.web.visit import Visit, refuse

__all__ = ["kinds_of", "show"]

_SIZE = 50
_KINDS = tuple(ProblemKind.parse(word) for word in UNREAD_KINDS)


def kinds_of(word: str) -> list[ProblemKind]:
    """The kinds that an address asks for: one, ``skipped`` for all that were left out on purpose, else all that were not."""
    if word == "skipped":
        return [kind for kind in _KINDS if kind.effect is Effect.SKIPPED]
    named = [kind for kind in _KINDS if kind.word == word]
    return named or [kind for kind in _KINDS if kind.effect is not Effect.SKIPPED]


def show(visit: Visit) -> Response:
    """A page of them."""
    wanted = read_wanted(visit.query)
    kind = visit.query.get("kind", "")
    if kind and kind != "skipped" and kind not in UNREAD_KINDS:
        return refuse(visit, 400)
    pages = visit.site.inventory.pages()
    try:
        page = pages.problems(wanted.filter, kinds=kinds_of(kind), size=_SIZE, after=wanted.after)
    except ValueError:
        return refuse(visit, 400)
    counts = visit.site.remembered(
        f"unread {wanted.filter.source_ids} {wanted.filter.under}", visit.site.mark(), lambda: pages.unread(wanted.filter)
    )
    return visit.render(
        "unread.html",
        wanted=wanted,
        kind=kind,
        page=page,
        onward=wanted.link("/unread", kind=kind, after=page.next) if page.next else "",
        unread=[(one, count) for one, count in counts if one.effect is not Effect.SKIPPED],
        left_out=sum(count for one, count in counts if one.effect is Effect.SKIPPED),
        roots=pages.roots(),
    )
