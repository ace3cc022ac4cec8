"""``/export/VIEW.FORM``: exactly what is on the screen, all its pages, by the reports that ``piiscan report`` writes.

The reports read from a :class:`Screen`: a reader that gives out what the page
shows, with its filter and in its order. A file is made whole before the first
byte is sent (in an unnamed temporary file of this user alone; it holds masks and
paths, as the page does), so a browser never keeps half of one.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from starlette.background import BackgroundTask
from starlette.concurrency import iterate_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from piiscan.inventory import Inventory
from piiscan.inventory.pages import Page
from piiscan.inventory.reader import FileRow, FindingRow, FolderRow, Merge, ProblemRow, Reader, Summary, View
from piiscan.model import Level
from piiscan.reports import REPORTS
from piiscan.web.pages.unread import kinds_of
from piiscan.web.parameters import Wanted, number_of, read_wanted
from piiscan.web.visit import Visit

__all__ = ["Screen", "show"]

_FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_VIEWS = ("findings", "files", "folders", "problems", "new", "law")
_PAGE = 2000
_CHUNK = 256 * 1024


class Screen(Reader):
    """What a page shows, as reports read it: the selection that they are given is left aside.

    :param kind: of the page of unread files.
    :param since: of the page of changes: findings that were not there in this scan.
    :param sums: whether :meth:`summary` will be asked; which files have a kind is remembered only then.
    """

    def __init__(self, inventory: Inventory, wanted: Wanted, kind: str = "", since: int = 0, *, sums: bool = False) -> None:
        super().__init__(inventory)
        self._pages = inventory.pages()
        self._wanted = wanted
        self._kind = kind
        self._since = since
        self._sums = sums
        self._kinds: dict[str, tuple[Level, set[int], int]] = {}

    def findings(self, view: View = View()) -> Iterator[FindingRow]:  # noqa: ARG002, B008 -- a reader's
        """The findings of the page."""
        given = self._wanted
        for row in _all(lambda after: self._pages.findings(given.filter, order=given.order, size=_PAGE, after=after)):
            if self._sums:
                level, files, values = self._kinds.get(row.entity, (Level.NONE, set(), 0))
                files.add(row.file.file_id)
                self._kinds[row.entity] = (max(level, row.level), files, values + row.count)
            yield row

    def files(self, view: View = View()) -> Iterator[FileRow]:  # noqa: ARG002, B008
        """The files of the page."""
        given = self._wanted
        return _all(lambda after: self._pages.files(given.filter, order=given.order, size=_PAGE, after=after))

    def folders(self, merge: Merge, view: View = View(), *, depth: int | None = None) -> Iterator[FolderRow]:  # noqa: ARG002, B008
        """The folders of the page."""
        given = self._wanted
        roots = given.filter.source_ids
        if not roots:
            return iter(self._pages.roots())
        return _all(lambda after: self._pages.folders(roots[0], given.filter.under, order=given.order, size=_PAGE, after=after))

    def problems(self, view: View = View()) -> Iterator[ProblemRow]:  # noqa: ARG002, B008
        """The unread files of the page."""
        return _all(lambda after: self._pages.problems(self._wanted.filter, kinds=kinds_of(self._kind), size=_PAGE, after=after))

    def new(self, view: View = View(), *, since: int | None = None) -> Iterator[FindingRow]:  # noqa: B008
        """The new findings of the page of changes."""
        return super().new(view, since=self._since or since)

    def summary(self, merge: Merge, view: View = View(), *, worst: int = 10) -> Summary:  # noqa: ARG002, B008
        """The kinds of the findings that were given out; what a workbook's second sheet is made of."""
        rows = [(entity, level, len(files), values) for entity, (level, files, values) in self._kinds.items()]
        return Summary(entities=tuple(sorted(rows, key=lambda row: (-row[1], -row[3], row[0]))))


def _all(page: Callable[[str], Page[Any]]) -> Iterator[Any]:
    after = ""
    while True:
        found = page(after)
        yield from found.rows
        if not found.next:
            return
        after = found.next


def show(visit: Visit) -> Response:
    """A file to keep."""
    view, _, form = visit.request.path_params["name"].partition(".")
    if view not in _VIEWS or form not in _FORMS:
        raise HTTPException(404)
    wanted = read_wanted(visit.query, least=Level.NONE if view == "files" else Level.LOW)
    since = number_of(visit.query.get("from", "") or "0")
    screen = Screen(visit.site.inventory, wanted, visit.query.get("kind", ""), since, sums=form == "xlsx")
    report = {kind.NAME: kind for kind in REPORTS}[form]()
    options = visit.options(view, View(source_ids=wanted.filter.source_ids, under=wanted.filter.under))
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when it has been sent
    try:
        report.write(screen, file, options)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    stamp = dt.datetime.now().astimezone().strftime("%Y%m%d-%H%M")
    return StreamingResponse(
        iterate_in_threadpool(_pieces(file)),
        media_type=_FORMS[form],
        headers={"Content-Length": str(size), "Content-Disposition": f'attachment; filename="piiscan-{view}-{stamp}.{form}"'},
        background=BackgroundTask(file.close),
    )


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece
