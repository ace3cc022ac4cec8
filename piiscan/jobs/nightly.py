"""The nightly jobs of a settings file: scan, dated reports written atomically, retention, word of what is new.

What may go wrong at night, and what is left in the morning:

* two at once: the second ends at once (exit 5), the first is not disturbed;
* killed: what was scanned is kept, the next run goes on; reports of earlier
  nights are whole, a half-written one has a temporary name and is swept away;
* disk full: as killed, and the run ends with 4;
* a root that is not there: that job fails, the others run;
* mail server or webhook down: the reports are there, the next run tells what
  was not told (``INVENTORY.notified.json`` has the bookmark), the run ends with 3;
* a night missed: the next run reads all that changed since the last one.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from piiscan.catalogue import load_catalogue
from piiscan.engine.scan import Progress, ScanResult, scan_into
from piiscan.inventory import Inventory
from piiscan.jobs.locks import own_files_of
from piiscan.jobs.notify import Bookmarks, NewFindings, count_new, scan_before
from piiscan.masking import FingerprintKey
from piiscan.reports import write_report
from piiscan.settings import JobSettings, Settings
from piiscan.sources import RootError

__all__ = ["JobResult", "dated_name", "expire", "run_jobs"]

_DATED = re.compile(r"^-[a-z]+-(\d{4}-\d{2}-\d{2})\.(?:csv|html|xlsx|json)$")
_LEFT_BEHIND = re.compile(r"-[a-z]+-\d{4}-\d{2}-\d{2}\.[a-z]+\.[0-9a-f]{8}\.tmp$")


@dataclass(frozen=True, slots=True)
class JobResult:
    """How one job ended. ``written`` are the reports, ``removed`` those past their retention.

    :ivar scan: ``None`` when a root could not be scanned; ``error`` says why.
    :ivar error: what kept the job from its reports; empty when all went well.
    :ivar undelivered: why a notification could not be sent; it is kept for the next run.
    """

    job: JobSettings
    scan: ScanResult | None
    written: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    new: NewFindings | None = None
    error: OSError | RootError | None = None
    undelivered: tuple[str, ...] = ()
    ended_at: float = field(default_factory=time.time)


def dated_name(job: str, view: str, day: dt.date, suffix: str) -> str:
    """``fileserver-findings-2026-11-24.csv``."""
    return f"{job}-{view}-{day.isoformat()}.{suffix}"


def expire(folder: Path, job: str, keep_days: int, today: dt.date) -> list[Path]:
    """Remove this job's dated reports that are older than ``keep_days``; nothing else in the folder is touched.

    :raises OSError: when one cannot be removed.
    """
    removed = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        match = _DATED.match(path.name.removeprefix(job)) if path.name.startswith(job) else None
        if match and (today - dt.date.fromisoformat(match.group(1))).days > keep_days:
            path.unlink()
            removed.append(path)
    return removed


def _sweep(folder: Path, job: str) -> None:
    """Take away what a killed run left of this job's reports; the caller's lock says that no other run is writing them."""
    for path in folder.iterdir():
        if path.name.startswith(f".{job}-") and _LEFT_BEHIND.fullmatch(path.name.removeprefix(f".{job}")):
            path.unlink(missing_ok=True)


def run_jobs(
    inventory: Inventory,
    settings: Settings,
    key: FingerprintKey,
    *,
    today: dt.date,
    lang: str,
    stop: threading.Event,
    on_progress: Callable[[Progress], None],
    only: Sequence[str] = (),
) -> Iterator[JobResult]:
    """Run the jobs in their order; the caller holds the inventory's lock.

    :raises InventoryError: as :func:`scan_into` does. What a job meets otherwise is in its result, and the next job runs.
    """
    bookmarks = Bookmarks.of(settings.inventory)
    for job in settings.nightly:
        if (only and job.name not in only) or stop.is_set():
            continue
        scoped = settings.model_copy(update={"exclude": (*settings.exclude, *job.exclude)})
        outputs = list(_outputs(job))
        own = own_files_of(settings) + [folder for folder, _, _ in outputs] + [bookmarks.path]
        own += [path for path in (settings.log_file, settings.metrics_file) if path]
        try:
            result = scan_into(inventory, scoped, job.roots, key, stop=stop, on_progress=on_progress, own_files=own)
        except RootError as error:
            yield JobResult(job, None, error=error)
            continue
        if not result.complete:
            yield JobResult(job, result)
            continue
        yield _report(inventory, settings, job, outputs, result, bookmarks, today, lang)


def _report(
    inventory: Inventory,
    settings: Settings,
    job: JobSettings,
    outputs: Sequence[tuple[Path, str, tuple[str, ...]]],
    result: ScanResult,
    bookmarks: Bookmarks,
    today: dt.date,
    lang: str,
) -> JobResult:
    """Reports, retention, and word of what is new (also when the reports could not be written)."""
    written: list[Path] = []
    removed: list[Path] = []
    trouble: OSError | None = None
    catalogue = load_catalogue(settings.detection.recognizers)
    try:
        for folder, suffix, views in outputs:
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder, job.name)
            for view in views:
                path = folder / dated_name(job.name, view, today, suffix)
                write_report(
                    inventory, suffix, path, view=view, lang=lang, scan_id=result.scan_id, ledger=settings.ledger, catalogue=catalogue
                )
                written.append(path)
            removed += expire(folder, job.name, job.keep_days, today)
    except OSError as error:
        trouble = error
    reader = inventory.reader()
    scan = next(scan for scan in reader.scans() if scan.id == result.scan_id)
    links = tuple(f"{job.link.rstrip('/')}/{quote(path.name)}" for path in written) if job.link else ()
    new = count_new(reader, scan, job.name, since=scan_before(reader, scan), links=links)
    undelivered: tuple[str, ...] = ()
    try:
        undelivered = bookmarks.deliver(job, scan, reader, links, lang)
    except OSError as error:
        trouble = trouble or error
    return JobResult(job, result, tuple(written), tuple(removed), new, trouble, undelivered)


def _outputs(job: JobSettings) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Folder, format and views of the reports that the job asks for; ``html`` has all views on one page."""
    for folder, suffix, views in (
        (job.csv_dir, "csv", job.views),
        (job.xlsx_dir, "xlsx", job.views),
        (job.json_dir, "json", job.views),
        (job.html_dir, "html", ("findings",)),
    ):
        if folder is not None:
            yield folder, suffix, views
