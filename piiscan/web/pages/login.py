"""``/login``, ``/logout``, ``/language/…``: the way in and out, and the language."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from piiscan.language import LANGUAGES
from piiscan.web.parameters import own_address
from piiscan.web.session import LIFE_SECONDS, TooSoonError
from piiscan.web.visit import Site, Visit, language_cookie, read_form, visit_of

__all__ = ["choose_language", "enter", "leave", "show"]


def show(visit: Visit) -> Response:
    """With the token of the terminal's address: a session, and on without the token. Else the question for it."""
    token = visit.query.get("token", "")
    if token:
        return _try(visit, token)
    return visit.go("/") if visit.session else visit.render("login.html", failed="")


def enter(site: Site) -> Callable[[Request], Awaitable[Response]]:
    """The form for those who have only the token."""

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        return _try(visit_of(site, request), (form.get("token") or [""])[0].strip())

    return endpoint


def leave(visit: Visit) -> Response:
    """End the session."""
    visit.site.sessions.log_out(visit.request.cookies.get(visit.site.cookie, ""))
    response = visit.go("/login")
    response.delete_cookie(visit.site.cookie, secure=visit.site.secure, httponly=True, samesite="strict")
    return response


def choose_language(visit: Visit) -> Response:
    """Remember the language and go back."""
    lang = visit.request.path_params["lang"]
    if lang not in LANGUAGES:
        raise HTTPException(404)
    response = visit.go(own_address(visit.query.get("back", "")))
    language_cookie(response, lang, secure=visit.site.secure)
    return response


def _try(visit: Visit, token: str) -> Response:
    site = visit.site
    try:
        name = site.sessions.log_in(token)
    except TooSoonError as error:
        seconds = math.ceil(error.seconds)
        response = visit.render("login.html", status=429, failed=visit.say("login_wait", seconds=seconds))
        response.headers["Retry-After"] = str(seconds)
        return response
    if name is None:
        return visit.render("login.html", status=403, failed=visit.say("login_wrong"))
    response = RedirectResponse("/", 303)
    response.set_cookie(site.cookie, name, max_age=LIFE_SECONDS, secure=site.secure, httponly=True, samesite="strict")
    return response
