"""Progress on stderr: a live line on a terminal, nothing elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from piiscan.cli.common import App
from piiscan.language import shown

if TYPE_CHECKING:
    from piiscan.engine.scan import Progress

__all__ = ["Watcher", "watching"]


class Watcher:
    """Called with each :class:`Progress`; shows at most five a second. After :meth:`close` the next call shows it again."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._live: Any = None
        self._last = 0.0
        self._paused: datetime | None = None
        self._shows = not app.quiet and sys.stderr.isatty()

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.paused_until != self._paused:
            self._paused = progress.paused_until
            if self._paused is not None:
                self._app.tell(self._app.say("scan.paused", until=f"{self._paused:%Y-%m-%d %H:%M}"))
        if not self._shows or now - self._last < 0.2:
            return
        self._last = now
        if self._live is None:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), refresh_per_second=5, transient=True)
            self._live.start()
        self._live.update(self._line(progress, now))

    def _line(self, progress: Progress, now: float) -> Any:
        from rich.text import Text

        seconds = max(0.1, now - progress.began)
        rate = progress.done / seconds
        left = ""
        if not progress.crawling and rate > 0:
            left = self._app.say("scan.left", seconds=round((progress.met - progress.done) / rate))
        line = self._app.say(
            "scan.progress",
            done=f"{progress.done:,}",
            met=f"{progress.met:,}" + ("+" if progress.crawling else ""),
            mb=f"{progress.bytes / 1e6:,.1f}",
            rate=f"{rate:,.1f}",
            findings=f"{progress.findings:,}",
            left=left,
        )
        return Text(f"{line}\n{shown(progress.current[-100:])}", no_wrap=True, overflow="ellipsis")

    def close(self) -> None:
        """Take the live line away."""
        if self._live is not None:
            self._live.stop()
            self._live = None


@contextlib.contextmanager
def watching(app: App) -> Iterator[Watcher]:
    """A watcher that is gone afterwards, whatever happens."""
    watcher = Watcher(app)
    try:
        yield watcher
    finally:
        watcher.close()
