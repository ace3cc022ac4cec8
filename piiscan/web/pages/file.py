"""``/file/N``: one file: what is in it and why, what could not be read, who can read it, its copies, what was decided, how it was."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from piiscan.inventory.rows import FindingRow, today
from piiscan.model import Level
from piiscan.problems import Effect
from piiscan.web.parameters import number_of
from piiscan.web.visit import Visit

__all__ = ["show"]


def show(visit: Visit) -> Response:
    """One file of the inventory; nothing is read from where it lies."""
    pages = visit.site.inventory.pages()
    found = pages.file(number_of(visit.request.path_params["number"]))
    if found is None:
        raise HTTPException(404)
    file, findings, problems = found
    decisions = list(visit.site.inventory.decisions().list(everything=True, digest=file.digest)) if file.digest else []
    shown = [row for row in findings if row.level > Level.NONE]
    return visit.render(
        "file.html",
        file=file,
        findings=shown,
        hidden=len(findings) - len(shown),
        reasons={row.identity: _reasons(visit, row, findings) for row in shown},
        problems=[row for row in problems if row.kind.effect is not Effect.NOTE],
        notes=[row for row in problems if row.kind.effect is Effect.NOTE],
        copies=pages.copies(file),
        past=pages.past(file.file_id),
        decisions=decisions,
        today=today(),
    )


def _reasons(visit: Visit, row: FindingRow, findings: Sequence[FindingRow]) -> list[str]:
    """Why this is thought to be what it is, and why it has its level."""
    companions = {other.entity for other in findings if other.member == row.member}
    why = visit.site.levels.why(row.entity, row.score, row.level, companions, row.file.persons)
    said = [
        visit.say("why_header", header=row.header, score=f"{row.score:.0%}")
        if row.header
        else visit.say("why_form", score=f"{row.score:.0%}")
    ]
    word = visit.level_word(row.level)
    if why.together:
        kinds = ("、" if visit.lang == "ja" else ", ").join(visit.label(kind) for kind in why.together[:4])
        said.append(visit.say("why_together", kinds=kinds, level=word))
    elif why.more_than is not None:
        said.append(visit.say("why_persons", persons=f"{why.more_than:,}", level=word))
    else:
        said.append(visit.say("why_alone", level=word))
    if row.law:
        said.append(visit.say("why_law", law=row.law))
    return said
