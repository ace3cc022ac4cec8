"""Who is logged in: one token for the run of the server, sessions that end, and failed logins that slow down.

The token is made when the server starts and printed once on the terminal. Who
shows it gets a session: a random id in a cookie, of which only a hash is kept
here. Nothing of this is ever written down.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

__all__ = ["IDLE_SECONDS", "LIFE_SECONDS", "Session", "Sessions", "TooSoonError"]

#: A session ends so long after its last page, and so long after its login whatever happens.
IDLE_SECONDS = 60 * 60
LIFE_SECONDS = 12 * 60 * 60
_SESSIONS_KEPT = 100
#: Wait after a failed login, doubled with each further one.
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0


class TooSoonError(Exception):
    """A login before the wait after failed ones is over. ``seconds``: how long to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True)
class Session:
    """One logged-in browser.

    :ivar csrf: stands in every form of this session, and in no other.
    :ivar name: under which its user last decided something, to fill the form in.
    :ivar notice: what the next page says once.
    """

    began: float
    used: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    name: str = ""
    notice: str = ""


class Sessions:
    """All of them, and the door.

    :param clock: seconds that never go backwards; settable for tests.
    """

    def __init__(self, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = token.encode()
        self._clock = clock
        self._lock = Lock()
        self._open: dict[bytes, Session] = {}
        self._failures = 0
        self._not_before = 0.0

    def log_in(self, token: str) -> str | None:
        """A new session's id for the right token, else ``None``.

        :raises TooSoonError: while logins wait because of failed ones; the token was not looked at.
        """
        with self._lock:
            now = self._clock()
            if now < self._not_before:
                raise TooSoonError(self._not_before - now)
            if not hmac.compare_digest(token.encode("utf-8", "replace"), self._token):
                self._not_before = now + min(_LONGEST_WAIT, _FIRST_WAIT * 2**self._failures)
                self._failures = min(self._failures + 1, 20)
                return None
            self._failures = 0
            self._sweep(now)
            while len(self._open) >= _SESSIONS_KEPT:
                del self._open[min(self._open, key=lambda key: self._open[key].used)]
            name = secrets.token_urlsafe(32)
            self._open[_hashed(name)] = Session(now, now)
            return name

    def find(self, name: str) -> Session | None:
        """The session of this id, if it has not ended."""
        if not name:
            return None
        with self._lock:
            now = self._clock()
            self._sweep(now)
            session = self._open.get(_hashed(name))
            if session is not None:
                session.used = now
            return session

    def log_out(self, name: str) -> None:
        """End a session."""
        with self._lock:
            self._open.pop(_hashed(name), None)

    def _sweep(self, now: float) -> None:
        ended = [key for key, one in self._open.items() if now - one.used > IDLE_SECONDS or now - one.began > LIFE_SECONDS]
        for key in ended:
            del self._open[key]


def _hashed(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8", "replace")).digest()
