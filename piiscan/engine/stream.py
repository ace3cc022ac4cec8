"""Reports of everything below a root, as they come, with workers and without an inventory (``usb``, ``piiscan.scan``)."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from piiscan.engine.scan import check_own_recognizers
from piiscan.engine.supervisor import Supervisor, Work
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item, Unread
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Settings
from piiscan.sources import Source

__all__ = ["reports_of"]


def reports_of(
    source: Source, settings: Settings, key: FingerprintKey, *, jobs: int, stop: threading.Event | None = None
) -> Iterator[FileReport]:
    """One report for each entry that the crawl met, in no fixed order.

    :param jobs: worker processes; 0: all in this process.
    :param stop: when set, what was not read yet is reported as ``stopped``.
    :raises CatalogueError: when a recognizer of the user's own cannot be read.
    """
    check_own_recognizers(settings)
    stop = stop or threading.Event()
    waiting: dict[str, Item] = {}
    with Supervisor(settings, key, jobs) as crew:

        def collect(timeout: float) -> Iterator[FileReport]:
            for task, result in crew.wait(timeout):
                waiting.pop(task.item.key, None)
                if isinstance(result, FileReport):
                    yield result
                elif isinstance(result, Problem):
                    yield FileReport(item=task.item, problems=(result,))

        for met in source.walk():
            if isinstance(met, Unread):
                yield FileReport(item=met.item, problems=(met.problem,))
                continue
            waiting[met.key] = met
            if stop.is_set():
                continue
            task = crew.task(Work.ANALYSE, met, source)
            if isinstance(task, Problem):
                waiting.pop(met.key)
                yield FileReport(item=met, problems=(task,))
                continue
            crew.submit(task)
            while crew.full and not stop.is_set():
                yield from collect(0.2)
        while crew.pending and not stop.is_set():
            yield from collect(0.2)
    for item in waiting.values():
        yield FileReport(item=item, problems=(Problem(ProblemKind.STOPPED, Stage.ENGINE),))
