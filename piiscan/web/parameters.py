"""The filter in an address, and back: ``?level=high&entity=PERSON&q=名簿``.

``owner`` is written with a leading ``=`` so that an empty one (nobody known) is
not the same as none given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from piiscan.inventory.decisions import Verdict
from piiscan.inventory.pages import Filter, Order
from piiscan.model import Level, Outcome

__all__ = ["DECISIONS", "Choice", "Wanted", "address", "few", "number_of", "own_address", "read_wanted"]

#: What ``decision`` may be.
DECISIONS = ("undecided", *(verdict.value for verdict in Verdict))
_LONGEST = 4000
_FACETS_SHOWN = 12
#: Something to filter by: words, address, how many it leaves (``None`` where that is not known), whether it is chosen.
Choice = tuple[str, str, int | None, bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows: the filter, the order, and the key of the page.

    :ivar least: the level that is meant when the address says none.
    """

    filter: Filter
    order: Order = "worst"
    after: str = ""
    least: Level = Level.LOW

    def parameters(self) -> dict[str, Any]:
        """As :func:`read_wanted` reads it; without the page."""
        given = self.filter
        return {
            "root": list(given.source_ids),
            "under": given.under,
            "level": given.min_level.word if given.min_level > self.least else "",
            "entity": given.entity,
            "owner": "" if given.owner is None else f"={given.owner}",
            "decision": given.decision,
            "outcome": given.outcome.value if given.outcome else "",
            "q": given.text,
            "order": "" if self.order == "worst" else self.order,
        }

    def link(self, path: str, **changes: Any) -> str:
        """The address of ``path`` with this filter, but for what is changed; from the first page on."""
        return address(path, **{**self.parameters(), **changes})

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self.filter != Filter(min_level=self.least)


def read_wanted(query: QueryParams, *, least: Level = Level.LOW) -> Wanted:
    """The filter of an address.

    :raises HTTPException: 400 when it says what no page of ours would.
    """
    if any(len(value) > _LONGEST for _, value in query.multi_items()):
        raise HTTPException(400)
    level, outcome, order = query.get("level", ""), query.get("outcome", ""), query.get("order", "") or "worst"
    decision, owner = query.get("decision", ""), query.get("owner", "")
    if (
        (level and level not in {one.word for one in Level})
        or (outcome and outcome not in {one.value for one in Outcome})
        or order not in {"worst", "path"}
        or (decision and decision not in DECISIONS)
        or (owner and not owner.startswith("="))
    ):
        raise HTTPException(400)
    return Wanted(
        Filter(
            source_ids=tuple(root for root in query.getlist("root") if root),
            under=query.get("under", "").strip("/"),
            min_level=Level.parse(level) if level else least,
            entity=query.get("entity", ""),
            owner=owner[1:] if owner else None,
            decision=decision,
            text=query.get("q", "").strip(),
            outcome=Outcome(outcome) if outcome else None,
        ),
        "path" if order == "path" else "worst",
        query.get("after", ""),
        least,
    )


def few(choices: list[Choice]) -> list[Choice]:
    """The first ones, and the one that is chosen."""
    return [choice for i, choice in enumerate(choices) if i < _FACETS_SHOWN or choice[3]]


def own_address(text: str) -> str:
    """``text`` when it is an address of ours (no scheme, no host, nothing that a browser would read as one), else the first page's."""
    ours = text.startswith("/") and not text.startswith(("//", "/language/")) and "\\" not in text and text.isprintable()
    return text if ours else "/"


def number_of(text: str) -> int:
    """A number in an address.

    :raises HTTPException: 404 when it is none.
    """
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise HTTPException(404)
    return int(text)


def address(path: str, **parameters: Any) -> str:
    """An address of ours; parameters that are empty are left out, lists are repeated."""
    given = [(name, one) for name, value in parameters.items() for one in (value if isinstance(value, list | tuple) else [value])]
    text = urlencode([(name, one) for name, one in given if one not in {"", None}], errors="replace", quote_via=quote)
    return f"{path}?{text}" if text else path
