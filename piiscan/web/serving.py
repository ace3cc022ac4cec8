"""Puts the application on a socket: loopback unless told otherwise, quietly, until Ctrl-C."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

__all__ = ["Address", "open_socket", "serve"]

_OWN_PORT = {False: 80, True: 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and under which names it answers.

    :ivar host: address or name to listen on.
    :ivar names: further names that browsers may use for it.
    """

    host: str
    port: int
    names: tuple[str, ...] = ()
    https: bool = False

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """For this machine's browser."""
        host = self.host
        if host in {"0.0.0.0", "::"}:  # noqa: S104 -- compared, not bound
            host = self.names[0] if self.names else socket.gethostname()
        return f"{'https' if self.https else 'http'}://{self._with_port(host)}/"

    def hosts(self) -> frozenset[str]:
        """What ``Host`` may say."""
        names = {self.host, *self.names}
        if self.loopback:
            names |= {"127.0.0.1", "localhost", "::1"}
        elif self.host in {"0.0.0.0", "::"}:  # noqa: S104
            names |= {"127.0.0.1", "localhost", "::1", socket.gethostname()}
        return frozenset(form for name in names for form in self._forms(name.lower()))

    def _forms(self, name: str) -> set[str]:
        bare = f"[{name}]" if ":" in name else name
        forms = {f"{bare}:{self.port}"}
        return forms | {bare} if self.port == _OWN_PORT[self.https] else forms

    def _with_port(self, name: str) -> str:
        bare = f"[{name}]" if ":" in name else name
        return bare if self.port == _OWN_PORT[self.https] else f"{bare}:{self.port}"


def open_socket(host: str, port: int) -> socket.socket:
    """A listening socket; with port 0 the system chooses one.

    :raises OSError: when the port is taken, or the address is not this machine's.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
    return socket.create_server((host, port), family=family, backlog=64)


def serve(app: ASGIApp, listening: Sequence[socket.socket], *, certificate: Path | None = None, key: Path | None = None) -> None:
    """Answer until the process is asked to stop. Requests are not logged: addresses may hold the login token.

    :raises OSError, ssl.SSLError: when certificate or key cannot be used.
    """
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=2,
        limit_concurrency=200,
        h11_max_incomplete_event_size=64 * 1024,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    config.load()
    uvicorn.Server(config).run(sockets=list(listening))
