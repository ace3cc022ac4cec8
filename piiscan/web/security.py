"""What every request passes before any page sees it, and every answer after.

* :class:`Guard`: only names of our own in ``Host`` (against DNS rebinding); only
  GET, HEAD and POST; nothing embedded or sent by another site (``Sec-Fetch-*``,
  ``Origin``); the headers that keep a browser from doing more than showing the page.
* :class:`Door`: no page but the login without a session.

Forms carry a token of their session besides (:func:`piiscan.web.visit.posted`).
"""

from __future__ import annotations

from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from piiscan.web.session import Sessions

__all__ = ["CONTENT_POLICY", "Door", "Guard", "cookie_name"]

#: Nothing from anywhere but this server, no inline script or style, nothing framed, no form to elsewhere.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_STATIC = "/static/"


def cookie_name(port: int) -> str:
    """Cookies know no ports: each server has a name of its own, so that two side by side do not log each other out."""
    return f"piiscan_{port}"


class Guard:
    """See above.

    :param hosts: what ``Host`` may say, lower case, with the port where it is not the scheme's own.
    :param https: whether the server speaks TLS.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], *, https: bool = False) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._scheme = "https" if https else "http"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        caching = "no-cache" if scope["path"].startswith(_STATIC) else "no-store"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers["Cache-Control"] = caching
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, guarded)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        named = headers.getlist("host")
        if len(named) != 1 or named[0].lower() not in self._hosts:
            return PlainTextResponse("piiscan does not answer under this name\n", 421)
        if method not in {"GET", "HEAD", "POST"}:
            return PlainTextResponse("not allowed\n", 405, {"Allow": "GET, HEAD, POST"})
        site = headers.get("sec-fetch-site", "")
        if method == "POST":
            # under Referrer-Policy no-referrer browsers write "null" for our own pages too; then only Sec-Fetch-Site tells
            origin = headers.get("origin", "null")
            ours = site == "same-origin" if origin == "null" else self._own(origin) and site in {"", "same-origin"}
            if not ours:
                return PlainTextResponse("this came from another site\n", 403)
        elif site in {"cross-site", "same-site"} and headers.get("sec-fetch-mode", "") != "navigate":
            return PlainTextResponse("this came from another site\n", 403)
        return None

    def _own(self, origin: str) -> bool:
        parts = urlsplit(origin)
        return parts.scheme == self._scheme and parts.netloc.lower() in self._hosts


class Door:
    """Leaves the session of a request in ``scope["state"]``; without one only the login and the looks are open."""

    def __init__(self, app: ASGIApp, sessions: Sessions, cookie: str) -> None:
        self._app = app
        self._sessions = sessions
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        session = self._sessions.find(_cookie(Headers(scope=scope), self._cookie))
        scope.setdefault("state", {})["session"] = session
        if session is None and scope["path"] != "/login" and not scope["path"].startswith((_STATIC, "/language/")):
            refused: Response = (
                RedirectResponse("/login", 303)
                if scope["method"] in {"GET", "HEAD"}
                else PlainTextResponse("not logged in, or the session has ended\n", 403)
            )
            await refused(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _cookie(headers: Headers, name: str) -> str:
    found = SimpleCookie()
    for line in headers.getlist("cookie"):
        try:
            found.load(line)
        except CookieError:
            continue
    return found[name].value if name in found else ""
