"""A server in a process of its own, and the distribution's Chromium in front of it."""

import contextlib
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlsplit

from tests.running import PIISCAN

__all__ = ["ARGUMENTS", "NARROW", "Site", "chromium_path", "serving"]

#: Of Chromium: nothing that it does for itself, so that every request is one of a page.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--host-resolver-rules=MAP *.test 127.0.0.1",
]  # fmt: skip
#: A phone.
NARROW = {"width": 360, "height": 740}


class Site:
    """A running ``piiscan serve``.

    :ivar login: the address that it printed.
    :ivar origin: ``http://127.0.0.1:PORT``
    """

    def __init__(self, login: str) -> None:
        self.login = login
        parts = urlsplit(login)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.port = parts.port

    def opener(self) -> urllib.request.OpenerDirector:
        """A browser without a screen that is logged in; follows redirects."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        opener.addheaders = [("Accept-Language", "ja")]
        opener.open(self.login, timeout=30).close()
        return opener


@contextlib.contextmanager
def serving(inventory: Path, lang: str = "ja") -> Iterator[Site]:
    """``piiscan serve`` as people start it, on a free port."""
    command = [*PIISCAN, "serve", "--inventory", str(inventory), "--port", "0", "--lang", lang]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8") as server:
        try:
            yield Site(server.stdout.readline().strip())
        finally:
            server.terminate()


def chromium_path() -> str | None:
    """The distribution's Chromium."""
    found = os.environ.get("PIISCAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return found or next((str(path) for path in (Path("/usr/bin/chromium"),) if path.exists()), None)
