"""Where worker processes come from: on Linux from a process that has loaded everything once.

Loading what detection needs takes a new process about two seconds of processor time. A nursery is a process
that does so once, reads no file, and splits itself (``fork``) whenever a worker is wanted: the second
worker, and each that replaces a dead one, is there in milliseconds and shares its models' memory (ADR 0036).

It is Python's own fork server, but one that lives as long as the scan that needs it, as the next scan may have
other rules. Splitting is safe while the process has one thread, which is why only
:mod:`piiscan.engine.preloaded` runs in it. On Windows there is no such thing, on macOS the system's libraries
do not bear it: there, and wherever it cannot be started, each worker loads for itself (``spawn``).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from piiscan.engine.private import private_folder

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from pathlib import Path

__all__ = ["Nursery", "ahead", "nursery"]

_PRELOADED = "piiscan.engine.preloaded"

if sys.platform == "linux":
    import ctypes
    import io
    import signal
    from multiprocessing import popen_forkserver, reduction, resource_tracker, spawn, util
    from multiprocessing.context import ForkServerContext, ForkServerProcess, set_spawning_popen
    from multiprocessing.forkserver import ForkServer, read_signed

    import psutil

    _PR_SET_PDEATHSIG = 1  # linux/prctl.h
    #: A Dask worker may start several, in as many threads.
    _one_at_a_time = threading.Lock()

    class _Server(ForkServer):
        """A server that no Ctrl-C reaches, though it is for everybody at this terminal.

        :param lent: the address of another process's, which is used instead for as long as it is there.
        """

        _forkserver_address: str | None
        _forkserver_alive_fd: int | None

        def __init__(self, lent: str = "") -> None:
            super().__init__()
            self._lent = bool(lent)
            if lent:
                self._forkserver_address = lent
                # our processes get what keeps a server alive: this one is not ours to keep
                self._forkserver_alive_fd = os.open(os.devnull, os.O_WRONLY)

        @property
        def address(self) -> str:
            """Where other processes of the same user may use it too; empty: they may not."""
            # later Pythons have each know a secret
            return "" if self._lent or hasattr(self, "_forkserver_authkey") else self._forkserver_address or ""

        def connect_to_new_process(self, fds: Sequence[int]) -> tuple[int, int]:
            """A new process; see Python's own. A lent server that is gone is replaced by one that we start."""
            try:
                pipes: tuple[int, int] = super().connect_to_new_process(fds)
            except OSError:
                if not self._lent:
                    raise
                self.let_go()
                pipes = super().connect_to_new_process(fds)
            return pipes

        def let_go(self) -> None:
            """Use a lent server no more."""
            if self._lent:
                assert self._forkserver_alive_fd is not None, "opened with it"
                os.close(self._forkserver_alive_fd)
                self._forkserver_address = self._forkserver_alive_fd = None
                self._lent = False

        def ensure_running(self) -> None:
            """Start it if it does not run: what comes before it can ignore the signal (engine.preloaded) is held back."""
            resource_tracker.ensure_running()  # it lets the signal through when it is started meanwhile
            if self._lent:
                return
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                super().ensure_running()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

    class _Popen(popen_forkserver.Popen):
        """A process asked for from the server of its own nursery, not from the one of this whole program."""

        def _launch(self, process_obj: Any) -> None:
            order = io.BytesIO()
            set_spawning_popen(self)
            try:
                reduction.dump(self._preparation(process_obj.name), order)
                reduction.dump(process_obj, order)
            finally:
                set_spawning_popen(None)
            self.sentinel, pipe = process_obj.server.connect_to_new_process(self._fds)  # type: ignore[attr-defined]
            # by this copy's being closed the child sees that we are gone
            self.finalizer = util.Finalize(self, util.close_fds, (os.dup(pipe), self.sentinel))  # type: ignore[attr-defined]
            with open(pipe, "wb") as to_child:  # noqa: PTH123 -- a descriptor
                to_child.write(order.getbuffer())
            self.pid = read_signed(self.sentinel)

        @staticmethod
        def _preparation(name: str) -> dict[str, Any]:
            """What Python tells a new process, but for this program's own module: the workers run none of it."""
            told: dict[str, Any] = spawn.get_preparation_data(name)
            return {what: how for what, how in told.items() if not what.startswith("init_main_from_")}

    class _Worker(ForkServerProcess):
        """A process of a nursery."""

        server: ForkServer

        @staticmethod
        def _Popen(process_obj: Any) -> Any:  # noqa: N802 -- Python's name
            return _Popen(process_obj)

        def run(self) -> None:
            """Work; and end with the nursery, as nobody would be told of our end after its own."""
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            super().run()

        def __getstate__(self) -> dict[str, Any]:
            """What the process itself gets to know."""
            return {name: value for name, value in self.__dict__.items() if name != "server"}

    class _Context(ForkServerContext):
        """What a pool makes its processes, pipes and locks with.

        :param lent: see :class:`Nursery`.
        :raises OSError: when the server cannot be started.
        """

        def __init__(self, lent: str) -> None:
            super().__init__()
            self.server = _Server(lent)
            self.server.set_forkserver_preload([_PRELOADED])
            self._folder: Path | None = None
            if not lent:
                self._begin()

        def _begin(self) -> None:
            self._folder = private_folder()
            config: dict[str, Any] = multiprocessing.current_process()._config  # type: ignore[attr-defined]  # noqa: SLF001
            with _one_at_a_time:
                before = config.get("tempdir")
                config["tempdir"] = str(self._folder)  # for its socket: what a kill leaves behind is swept
                try:
                    self.server.ensure_running()
                except OSError:
                    shutil.rmtree(self._folder, ignore_errors=True)
                    raise
                finally:
                    config["tempdir"] = before

        def Process(self, *args: Any, **kwargs: Any) -> _Worker:  # type: ignore[override]  # noqa: N802 -- Python's name
            """A process that is not yet started."""
            worker = _Worker(*args, **kwargs)
            worker.server = self.server
            return worker

        def end(self) -> None:
            """End the server, if it is ours, without waiting for what it loads, but let it see its workers' ends: their times count as its own."""
            self.server.let_go()
            pid = self.server._forkserver_pid  # type: ignore[attr-defined]  # noqa: SLF001 -- it has no public way to end
            if pid is not None:  # else it ended, and could not be started again
                with contextlib.suppress(psutil.NoSuchProcess):
                    server = psutil.Process(pid)
                    psutil.wait_procs(server.children(), timeout=1)
                    server.kill()
            self.server._stop()  # type: ignore[attr-defined]  # noqa: SLF001
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)


class Nursery:
    """Gives a pool of workers its processes, from now until it is closed.

    :param lent: the :attr:`address` of one of another process on this machine, which need not load everything again.
        When that ends, its workers do too, and those that replace them come from one of our own.
    """

    def __init__(self, lent: str = "") -> None:
        self.context: BaseContext = multiprocessing.get_context("spawn")
        if sys.platform == "linux":
            # no place for its socket, say; or a later Python's fork server, of whose inside we know too much
            with contextlib.suppress(OSError, AttributeError):
                self.context = _Context(lent if os.access(lent, os.W_OK) else "")

    @property
    def address(self) -> str:
        """Where other processes of this user may use it too, while it lasts; empty: they may not."""
        return self.context.server.address if sys.platform == "linux" and isinstance(self.context, _Context) else ""

    def close(self) -> None:
        """End the process, loaded or not. Its workers must have ended."""
        if sys.platform == "linux" and isinstance(self.context, _Context):
            self.context.end()


_waiting: list[Nursery] = []


@contextlib.contextmanager
def ahead(wanted: bool) -> Iterator[Callable[[bool], None]]:
    """Let a nursery load while this process is still getting ready; the first pool within takes it.

    :param wanted: whether there will be work for it, as far as is known.
    :return: what to call when that is known better.
    """

    def decided(wanted: bool) -> None:
        if wanted and not _waiting:
            _waiting.append(Nursery())
        while _waiting and not wanted:
            _waiting.pop().close()

    decided(wanted)
    try:
        yield decided
    finally:
        decided(False)


def nursery() -> Nursery:
    """The one that was started ahead, or a new one; whoever takes it closes it."""
    return _waiting.pop() if _waiting else Nursery()
