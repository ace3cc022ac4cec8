"""What a page is given, and how it answers.

A page is a plain function: it takes a :class:`Visit` and returns a response. It
runs in a thread, so it may ask the inventory as it likes. What a person writes
(:func:`posted`) has shown the token of its session before the page sees it.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from piiscan.assess.levels import Levels
from piiscan.assess.persons import merge
from piiscan.catalogue import Catalogue
from piiscan.inventory import Inventory, ScanStatus
from piiscan.inventory.decisions import Verdict
from piiscan.inventory.rows import View, today
from piiscan.language import LANGUAGES, say, translated
from piiscan.model import Level, Outcome
from piiscan.reports import ReportOptions, explanation_of, label_of
from piiscan.reports.facts import page_words
from piiscan.reports.ledger import load_ledger
from piiscan.settings import Settings
from piiscan.web.parameters import address
from piiscan.web.session import Session, Sessions

__all__ = ["Page", "Site", "Visit", "language_cookie", "page", "posted", "read_form", "refuse", "visit_of"]

Page = Callable[["Visit"], Response]
_Kept = TypeVar("_Kept")
#: The pages at the top of every page: address, key of the catalogue.
_NAVIGATION = (
    ("/", "overview"),
    ("/findings", "findings"),
    ("/files", "files"),
    ("/folders", "folders"),
    ("/unread", "unread"),
    ("/changes", "changes"),
    ("/decisions", "decisions"),
    ("/law", "law"),
    ("/scans", "scans"),
    ("/settings", "settings"),
)
_FORM_BYTES = 1024 * 1024
_FORM_FIELDS = 2000
_KEPT = 200
_YEAR = 365 * 24 * 60 * 60


@dataclass(slots=True)
class Site:
    """What all pages share.

    :ivar read_only: why nothing can be decided here, as a key of the catalogue; empty where it can.
    :ivar lang: for browsers that ask for neither Japanese nor English.
    """

    inventory: Inventory
    settings: Settings
    catalogue: Catalogue
    levels: Levels
    sessions: Sessions
    templates: jinja2.Environment
    version: str
    cookie: str
    secure: bool = False
    read_only: str = ""
    lang: str = "en"
    _kept: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def mark(self) -> Any:
        """Differs whenever the sums may: after each scan, and while one is under way once a minute."""
        newest = next(iter(self.inventory.reader().scans()), None)
        if newest is None:
            return None
        running = newest.status is ScanStatus.RUNNING
        return (newest.id, newest.status, newest.finished_at, int(time.monotonic() / 60) if running else 0)

    def remembered(self, name: str, mark: Any, make: Callable[[], _Kept]) -> _Kept:
        """What ``make`` gave when it was last asked under this ``mark``; for sums that change only with a scan."""
        with self._lock:
            kept = self._kept.get(name)
        if kept is not None and kept[0] == mark:
            value: _Kept = kept[1]
            return value
        made = make()
        with self._lock:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[name] = (mark, made)
        return made


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. ``form`` is empty unless something was posted."""

    site: Site
    request: Request
    lang: str
    session: Session | None
    form: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def query(self) -> QueryParams:
        """The parameters of the address."""
        return self.request.query_params

    def field(self, name: str) -> str:
        """What stands in a field of the form; empty when there is none."""
        return (self.form.get(name) or [""])[0].strip()

    def say(self, key: str, **values: Any) -> str:
        """A sentence in the reader's language."""
        return say(f"web.{key}", self.lang, **values)

    def fault(self, error: Exception) -> str:
        """What an exception of ours says, in the reader's language."""
        return translated("fault", str(error), self.lang)

    def label(self, entity: str) -> str:
        """Name of a kind in the reader's language."""
        return label_of(entity, self.lang, self.site.catalogue)

    def level_word(self, level: Level) -> str:
        """Name of a level in the reader's language."""
        return say(f"level.{level.word}", self.lang)

    def level_or_worse(self, level: Level) -> str:
        """``high or worse``"""
        return self.say("level_or_worse", level=self.level_word(level)) if level < Level.CRITICAL else self.level_word(level)

    def outcome_word(self, outcome: Outcome) -> str:
        """Name of an outcome in the reader's language."""
        return say(f"outcome.{outcome.value}", self.lang)

    def options(self, view: str, selection: View) -> ReportOptions:
        """How reports are to show something to this reader."""
        site = self.site
        ledger = site.settings.ledger if view in {"files", "folders"} else None
        return ReportOptions(
            label=lambda entity, lang: label_of(entity, lang, site.catalogue),
            explain=lambda entity, lang: explanation_of(entity, lang, site.catalogue),
            merge=merge,
            view=view,
            lang=self.lang,
            selection=selection,
            public_body=site.settings.public_body,
            ledger=load_ledger(ledger) if ledger else None,
        )

    def render(self, template: str, *, status: int = 200, **facts: Any) -> Response:
        """A page from its template."""
        words = page_words(
            self.lang,
            lambda entity, lang: label_of(entity, lang, self.site.catalogue),
            lambda entity, lang: explanation_of(entity, lang, self.site.catalogue),
        )
        notice = self.session.notice if self.session else ""
        if self.session and notice:
            self.session.notice = ""
        text = self.site.templates.get_template(template).render(
            words,
            w=self.say,
            address=address,
            csrf=self.session.csrf if self.session else "",
            known=self.session is not None,
            user=self.session.name if self.session else "",
            notice=notice,
            read_only=self.say(self.site.read_only) if self.site.read_only else "",
            verdicts=tuple(verdict.value for verdict in Verdict),
            first_day=today(),
            version=self.site.version,
            navigation=_NAVIGATION,
            address_here=_here(self.request),
            **facts,
        )
        return HTMLResponse(text.encode("utf-8", "backslashreplace"), status)

    def go(self, to: str) -> Response:
        """Send the browser to another page of ours."""
        return RedirectResponse(to, 303)


def page(site: Site, show: Page) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a page that is read."""

    async def endpoint(request: Request) -> Response:
        _check(request.query_params)
        return await run_in_threadpool(show, _visit(site, request))

    return endpoint


def posted(site: Site, take: Page) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a form that a page of the same session has shown."""

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        visit = _visit(site, request, form)
        expected = visit.session.csrf if visit.session else ""
        if not expected or not hmac.compare_digest(visit.field("csrf").encode("utf-8", "replace"), expected.encode()):
            raise HTTPException(403)
        return await run_in_threadpool(take, visit)

    return endpoint


async def read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a form, bounded.

    :raises HTTPException: when it is none, or too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _FORM_BYTES:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FORM_FIELDS, errors="replace")
    except (UnicodeDecodeError, ValueError):
        raise HTTPException(400) from None
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value.replace("\0", ""))
    return form


def refuse(visit: Visit, status: int, reason: str = "") -> Response:
    """A page that says in one sentence why not. ``reason``: that sentence, where the status does not tell enough."""
    key = f"error_{status}" if status in {400, 403, 404, 413, 415, 503} else "error_500"
    return visit.render("error.html", status=status, code=status, reason=reason or visit.say(key))


def language_cookie(response: Response, lang: str, *, secure: bool) -> None:
    """Remember a language for this browser."""
    response.set_cookie("piiscan_lang", lang, max_age=_YEAR, secure=secure, httponly=True, samesite="strict")


def _visit(site: Site, request: Request, form: Mapping[str, list[str]] | None = None) -> Visit:
    session: Session | None = request.scope.get("state", {}).get("session")
    return Visit(site, request, _language(request, site.lang), session, form or {})


def visit_of(site: Site, request: Request) -> Visit:
    """For pages that are no routes: errors."""
    return _visit(site, request)


def _language(request: Request, otherwise: str) -> str:
    chosen = request.cookies.get("piiscan_lang", "")
    if chosen in LANGUAGES:
        return chosen
    best, weight = otherwise, 0.0
    for part in request.headers.get("accept-language", "").split(",")[:20]:
        tag, _, rest = part.partition(";")
        lang = tag.strip().lower().partition("-")[0]
        try:
            quality = float(rest.strip().removeprefix("q=")) if rest.strip() else 1.0
        except ValueError:
            continue
        if lang in LANGUAGES and quality > weight:
            best, weight = lang, quality
    return best


def _here(request: Request) -> str:
    """Where the choice of a language leads back to; never with the login token, nor to what only takes forms."""
    if request.url.path == "/login" or request.method == "POST":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _check(query: QueryParams) -> None:
    # PostgreSQL takes no NUL, and no address that people follow has one
    if any("\0" in value for _, value in query.multi_items()):
        raise HTTPException(400)
