"""The connection to a Dask scheduler, and what its workers load before there is a batch for them.

A scan that is given a scheduler connects before it loads itself and opens its inventory (:func:`ahead`). On each machine
one Dask worker then starts what the processes of all will come from (:mod:`piiscan.engine.nursery`), and lends it to the others.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from piiscan.settings import Settings, SettingsError

if TYPE_CHECKING:
    from piiscan.engine.nursery import Nursery

__all__ = ["Connection", "ahead", "connection", "forget", "loaded", "security_of"]

# ------------------------------------------------------------------- on the worker

#: As Dask's nanny sets it (``distributed.nanny.pre-spawn-environ``).
_TRIM, _TRIM_OF_DASK = "MALLOC_TRIM_THRESHOLD_", "65536"
_loaded: dict[str, list[Nursery]] = {}  # by run
_lock = threading.Lock()


def load_ahead(run: str, lent: str = "") -> str:
    """Start what a process of this Dask worker will come from; those of other runs may have loaded other rules and are let go.

    :param lent: where one listens that another worker of this machine started.
    :return: where this one listens, if others may use it.
    """
    from piiscan.engine.nursery import Nursery

    forget(but=run)
    with _lock:
        with _memory_kept():
            started = Nursery(lent)
        _loaded.setdefault(run, []).append(started)
    return started.address


@contextlib.contextmanager
def _memory_kept() -> Iterator[None]:
    """Have what is started within keep what it frees for its next file.

    Dask lets its own processes give memory back at once, as they may hold results for long; a process that reads one file
    after the other then takes it again, page by page, which is a tenth of its time. A setting of somebody else's stays.
    """
    kept = os.environ.get(_TRIM)
    if kept != _TRIM_OF_DASK:
        yield
        return
    del os.environ[_TRIM]
    try:
        yield
    finally:
        os.environ[_TRIM] = kept


def loaded(run: str) -> Nursery | None:
    """One that was started for this run, if there is any left; whoever takes it closes it."""
    with _lock:
        waiting = _loaded.get(run)
        return waiting.pop() if waiting else None


def forget(*, but: str = "") -> None:
    """End those that nobody took.

    :param but: the run whose are left alone.
    """
    with _lock:
        gone = [one for run, waiting in _loaded.items() if run != but for one in waiting]
        for run in _loaded.keys() - {but}:
            del _loaded[run]
    for one in gone:
        one.close()


# ------------------------------------------------------------------- on the scanner

#: What is waited for a worker that others wait for; it may be busy with another's work.
_LENDING_SECONDS = 2.0
#: … and for all to let go of what they have of a run.
_LAST_SECONDS = 60.0


class Connection:
    """A scheduler that has workers.

    :ivar run: the name of this run, by which workers know what belongs together.
    :ivar client: Dask's own.
    :raises SettingsError: when there is no such scheduler, no worker, or the way there is not safe.
    """

    def __init__(self, settings: Settings) -> None:
        security = security_of(settings)
        try:
            from distributed import Client
        except ImportError:
            raise SettingsError("cluster: --cluster needs an extra; run: pip install 'piiscan[cluster]'") from None
        self.run = uuid.uuid4().hex
        address, wait = settings.cluster.address, settings.cluster.wait_seconds
        try:
            self.client: Any = Client(address, security=security, timeout=wait, set_as_default=False, name="piiscan")
        except (OSError, ValueError, RuntimeError) as error:
            raise SettingsError(
                f"cluster: no Dask scheduler answers at {address} ({type(error).__name__}); start it: dask scheduler"
            ) from None
        try:
            self.client.wait_for_workers(1, timeout=wait)
        except (TimeoutError, OSError):
            self.client.close()
            raise SettingsError(f"cluster: the scheduler at {address} has no workers; start some: dask worker {address}") from None
        self._asking: threading.Thread | None = None
        self._ready: list[Any] = []
        self._others: list[tuple[str, Any]] = []  # threads that have nothing yet, and what loads on their machine
        with contextlib.suppress(Exception):  # what goes wrong there goes wrong with a batch again, and is told
            self._load_ahead()

    def _load_ahead(self) -> None:
        """Have one worker of each machine load what its processes come from."""
        first: dict[str | None, Any] = {}
        for address in self._threads():
            machine = urlsplit(address).hostname
            if machine in first:
                self._others.append((address, first[machine]))
            else:
                first[machine] = self._on(address, load_ahead, self.run)
        self._ready = list(first.values())

    def lend(self) -> None:
        """Tell the other threads of each machine of what loads there already, if it is known by now."""
        others, self._others = self._others, []
        for address, first in others:
            with contextlib.suppress(Exception):  # it could not: then each starts its own, or tells why not
                self._ready.append(self._on(address, load_ahead, self.run, first.result(timeout=_LENDING_SECONDS)))

    def everywhere(self, function: Any, *arguments: Any) -> list[Any]:
        """Have each thread of each worker call ``function``; the futures."""
        return [self._on(address, function, *arguments) for address in self._threads()]

    def _threads(self) -> list[str]:
        """The workers, each as often as it has threads."""
        return [address for address, threads in self.client.nthreads().items() for _ in range(threads)]

    def _on(self, address: str, function: Any, *arguments: Any) -> Any:
        return self.client.submit(function, *arguments, key=f"piiscan-{uuid.uuid4().hex}", workers=[address], pure=False)

    def ask(self, question: Callable[..., str | None], seconds: float) -> list[str | None] | None:
        """Have each worker answer, beside whatever it is working on.

        :return: what they said; ``None`` when one does not answer in time, or one before has not done so yet.
        """
        if self._asking is not None and self._asking.is_alive():
            return None
        answers: list[list[str | None]] = []

        def asked() -> None:
            with contextlib.suppress(Exception):  # whoever asks is told nothing
                answers.append(list(self.client.run(question).values()))

        self._asking = threading.Thread(target=asked, daemon=True, name="asking")
        self._asking.start()
        self._asking.join(seconds)
        return answers[0] if answers else None

    def close(self, last: Callable[[], None] = forget) -> None:
        """Let go of the scheduler.

        :param last: what each worker does with what it has of us.
        """
        with contextlib.suppress(Exception):  # a scheduler that is gone has forgotten us
            if self.client.status == "running":
                self.ask(last, _LAST_SECONDS)
            self.client.close(timeout=2)


_waiting: list[Connection] = []


@contextlib.contextmanager
def ahead(settings: Settings) -> Iterator[None]:
    """Connect while this process is still getting ready, if a scheduler is given; the first run within takes the connection.

    :raises SettingsError: see :class:`Connection`.
    """
    if settings.cluster.address:
        _waiting.append(Connection(settings))
    try:
        yield
    finally:
        while _waiting:
            _waiting.pop().close()


def connection(settings: Settings) -> Connection:
    """The one that was made ahead, or a new one; whoever takes it closes it.

    :raises SettingsError: see :class:`Connection`.
    """
    return _waiting.pop() if _waiting else Connection(settings)


def security_of(settings: Settings) -> Any:
    """What Dask's client needs for TLS; ``None`` for a plain connection to this machine.

    :raises SettingsError: for a plain connection to anywhere else.
    """
    cluster = settings.cluster
    parts = urlsplit(cluster.address or "")
    if parts.scheme == "tls":
        if not (cluster.tls_ca and cluster.tls_cert and cluster.tls_key):
            raise SettingsError("cluster: a tls:// address needs cluster.tls_ca, cluster.tls_cert and cluster.tls_key (docs/network.md)")
        for path in (cluster.tls_ca, cluster.tls_cert, cluster.tls_key):
            if not path.is_file():
                raise SettingsError(f"cluster: {path} does not exist; check cluster.tls_ca, tls_cert and tls_key")
        from distributed.security import Security

        return Security(
            require_encryption=True,
            tls_ca_file=str(cluster.tls_ca),
            tls_client_cert=str(cluster.tls_cert),
            tls_client_key=str(cluster.tls_key),
        )
    if parts.scheme != "tcp" or not parts.hostname:
        raise SettingsError("cluster: the address of a Dask scheduler looks like tls://host:8786, or tcp://127.0.0.1:8786 on this machine")
    if not cluster.plain and not _is_loopback(parts.hostname):
        raise SettingsError(
            f"cluster: {parts.hostname} is another machine, and keys and passwords would travel unencrypted; "
            "use tls:// (docs/network.md), or set cluster.plain = true if the network itself is closed"
        )
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
