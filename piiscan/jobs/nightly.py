"""The nightly jobs of a settings file: scan, dated reports written atomically, retention."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from piiscan.engine.scan import Progress, ScanResult, scan_into
from piiscan.inventory import Inventory
from piiscan.jobs.locks import own_files_of
from piiscan.masking import FingerprintKey
from piiscan.reports import write_report
from piiscan.settings import JobSettings, Settings

__all__ = ["JobResult", "dated_name", "expire", "run_jobs"]

_DATED = re.compile(r"-(\d{4}-\d{2}-\d{2})\.(csv|html)$")


@dataclass(frozen=True, slots=True)
class JobResult:
    """How one job ended. ``written`` are the reports, ``removed`` those past their retention."""

    job: JobSettings
    scan: ScanResult
    written: tuple[Path, ...]
    removed: tuple[Path, ...]


def dated_name(job: str, view: str, day: dt.date, suffix: str) -> str:
    """``fileserver-findings-2026-11-24.csv``."""
    return f"{job}-{view}-{day.isoformat()}.{suffix}"


def expire(folder: Path, job: str, keep_days: int, today: dt.date) -> list[Path]:
    """Remove this job's dated reports that are older than ``keep_days``; nothing else in the folder is touched."""
    removed = []
    for path in sorted(folder.glob(f"{job}-*")) if folder.is_dir() else ():
        match = _DATED.search(path.name)
        if match and (today - dt.date.fromisoformat(match.group(1))).days > keep_days:
            path.unlink()
            removed.append(path)
    return removed


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

    :raises InventoryError, RootError, OSError: as :func:`scan_into` and the report writers do. Reports of an earlier
        night stay whole, because a report takes its place only when it is complete.
    """
    for job in settings.nightly:
        if (only and job.name not in only) or stop.is_set():
            continue
        scoped = settings.model_copy(update={"exclude": (*settings.exclude, *job.exclude)})
        own = own_files_of(settings) + [folder for folder in (job.csv_dir, job.html_dir) if folder]
        result = scan_into(inventory, scoped, job.roots, key, stop=stop, on_progress=on_progress, own_files=own)
        written: list[Path] = []
        removed: list[Path] = []
        if result.complete:
            for folder, suffix, views in ((job.csv_dir, "csv", job.views), (job.html_dir, "html", ("findings",))):
                if folder is None:
                    continue
                folder.mkdir(parents=True, exist_ok=True)
                for view in views:
                    path = folder / dated_name(job.name, view, today, suffix)
                    write_report(inventory, suffix, path, view=view, lang=lang, scan_id=result.scan_id)
                    written.append(path)
                removed += expire(folder, job.name, job.keep_days, today)
        yield JobResult(job, result, tuple(written), tuple(removed))
