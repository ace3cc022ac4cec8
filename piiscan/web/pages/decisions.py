"""``/decisions``, ``/decide``, ``/undo``: what people decided, and deciding."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from itertools import islice

from starlette.responses import Response

from piiscan.inventory.decisions import Origin, Verdict
from piiscan.inventory.rows import today
from piiscan.web.parameters import address, number_of, own_address
from piiscan.web.visit import Visit, refuse

__all__ = ["decide", "show", "undo"]

_SIZE = 50
_ROWS = 1000


def show(visit: Visit) -> Response:
    """Decisions, newest first: those that hold today, or all there ever were."""
    everything = bool(visit.query.get("all"))
    before = number_of(visit.query.get("before", "") or "0")
    with closing(visit.site.inventory.decisions().list(everything=everything, before=before)) as found:
        rows = list(islice(found, _SIZE + 1))
    onward = address("/decisions", all="1" if everything else "", before=rows[_SIZE - 1].id) if len(rows) > _SIZE else ""
    return visit.render("decisions.html", rows=rows[:_SIZE], everything=everything, onward=onward, today=today(), baseline=Origin.BASELINE)


def decide(visit: Visit) -> Response:
    """Decide on findings: ``finding`` is ``file.identity``, repeated; ``file.`` alone is the whole file."""
    if visit.site.read_only:
        return refuse(visit, 403, visit.say(visit.site.read_only))
    chosen: dict[int, list[str]] = {}
    for entry in visit.form.get("finding", [])[:_ROWS]:
        number, dot, identity = entry.partition(".")
        if not dot:
            return refuse(visit, 400)
        chosen.setdefault(number_of(number), []).append(identity)
    verdict, reason, by, until = visit.field("verdict"), visit.field("reason"), visit.field("by"), visit.field("until")
    day: dt.date | None = None
    if not chosen:
        return refuse(visit, 400, visit.say("decide_nothing"))
    if verdict not in set(Verdict):
        return refuse(visit, 400, visit.say("decide_verdict"))
    if not reason or not by:
        return refuse(visit, 400, visit.say("decide_reason"))
    if until:
        try:
            day = dt.date.fromisoformat(until)
        except ValueError:
            return refuse(visit, 400, visit.say("decide_date"))
        if day.isoformat() < today():
            return refuse(visit, 400, visit.say("decide_past"))
    if verdict == Verdict.ACCEPTED and day is None:
        return refuse(visit, 400, visit.say("decide_until"))
    done, lost = 0, 0
    decisions = visit.site.inventory.decisions()
    for file, identities in chosen.items():
        try:
            made = decisions.add(file, Verdict(verdict), reason=reason, by=by, identities=[] if "" in identities else identities, until=day)
        except ValueError:  # a scan has found it otherwise meanwhile
            lost += len(identities)
        else:
            done += len(made)
    if visit.session:
        visit.session.name = by
        visit.session.notice = visit.say("decided", count=f"{done:,}") + (visit.say("decided_lost", count=f"{lost:,}") if lost else "")
    return visit.go(own_address(visit.field("back")))


def undo(visit: Visit) -> Response:
    """Take a decision back."""
    if visit.site.read_only:
        return refuse(visit, 403, visit.say(visit.site.read_only))
    by = visit.field("by")
    if not by:
        return refuse(visit, 400, visit.say("decide_name"))
    try:
        visit.site.inventory.decisions().undo(number_of(visit.field("decision")), by=by)
    except KeyError:
        return refuse(visit, 404, visit.say("undo_gone"))
    except ValueError:
        return refuse(visit, 400, visit.say("undo_baseline"))
    if visit.session:
        visit.session.name = by
        visit.session.notice = visit.say("undone")
    return visit.go(own_address(visit.field("back")))
