"""The application: every route in one place."""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import version as version_of
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from piiscan.assess.levels import Levels
from piiscan.catalogue import load_catalogue
from piiscan.inventory import Inventory, InventoryError
from piiscan.reports.facts import TEMPLATES, page_environment
from piiscan.reports.ledger import LedgerError
from piiscan.settings import Settings
from piiscan.web.pages import changes, decisions, export, file, files, findings, folders, law, login, overview, scans, unread
from piiscan.web.pages import settings as settings_page
from piiscan.web.security import Door, Guard, cookie_name
from piiscan.web.session import Sessions
from piiscan.web.visit import Page, Site, page, posted, refuse, visit_of

__all__ = ["make_app"]

_HERE = Path(__file__).parent
_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

#: Pages that are read: address, function.
_PAGES: tuple[tuple[str, Page], ...] = (
    ("/", overview.show),
    ("/findings", findings.show),
    ("/files", files.show),
    ("/file/{number}", file.show),
    ("/folders", folders.show),
    ("/unread", unread.show),
    ("/changes", changes.show),
    ("/decisions", decisions.show),
    ("/law", law.show),
    ("/scans", scans.show),
    ("/scans/live", scans.live),
    ("/settings", settings_page.show),
    ("/export/{name}", export.show),
    ("/login", login.show),
    ("/language/{lang}", login.choose_language),
)
#: Forms that are sent.
_FORMS: tuple[tuple[str, Page], ...] = (
    ("/decide", decisions.decide),
    ("/undo", decisions.undo),
    ("/logout", login.leave),
)


def make_app(
    inventory: Inventory,
    settings: Settings,
    sessions: Sessions,
    *,
    hosts: Collection[str],
    port: int,
    https: bool = False,
    read_only: str = "",
    lang: str = "en",
) -> Starlette:
    """The web view of an inventory, as an ASGI application.

    :param hosts: what the ``Host`` header may say (:class:`piiscan.web.security.Guard`).
    :param port: gives the cookie its name.
    :param read_only: why no decision can be kept, as a key of the catalogue's section ``web``; empty where it can.
    :param lang: for browsers that ask for neither Japanese nor English.
    """
    catalogue = load_catalogue(settings.detection.recognizers)
    site = Site(
        inventory=inventory,
        settings=settings,
        catalogue=catalogue,
        levels=Levels.load(catalogue=catalogue),
        sessions=sessions,
        templates=page_environment(_HERE / "templates"),
        version=version_of("piiscan"),
        cookie=cookie_name(port),
        secure=https,
        read_only=read_only,
        lang=lang,
    )

    async def on_refusal(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 503
        visit = visit_of(site, request)
        return refuse(visit, status, "" if isinstance(error, HTTPException) else visit.fault(error))

    return Starlette(
        routes=[
            *(Route(path, page(site, show), methods=["GET"]) for path, show in _PAGES),
            *(Route(path, posted(site, take), methods=["POST"]) for path, take in _FORMS),
            Route("/login", login.enter(site), methods=["POST"]),
            *(Route(f"/static/{name}", _asset(path), methods=["GET"]) for name, path in _assets().items()),
        ],
        middleware=[Middleware(Guard, hosts=hosts, https=https), Middleware(Door, sessions=sessions, cookie=site.cookie)],
        exception_handlers={HTTPException: on_refusal, InventoryError: on_refusal, LedgerError: on_refusal},
    )


def _assets() -> dict[str, Path]:
    """Files that browsers may have, by name; no path is ever made of what a browser says."""
    return {"look.css": TEMPLATES / "look.css", **{path.name: path for path in (_HERE / "static").iterdir() if path.suffix in _MEDIA_TYPES}}


def _asset(path: Path) -> Page:
    body, media_type = path.read_bytes(), _MEDIA_TYPES[path.suffix]
    return lambda _request: Response(body, media_type=media_type)
