"""Figures of the last nightly run in the Prometheus text format, for node_exporter's textfile collector.

Counts and times only; the labels are names of jobs, levels and outcomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from piiscan.inventory.base import ScanStatus
from piiscan.model import Level, Outcome

if TYPE_CHECKING:
    from piiscan.inventory import Inventory
    from piiscan.jobs.nightly import JobResult

__all__ = ["write_metrics"]


def write_metrics(path: Path, inventory: Inventory, results: Sequence[JobResult], exit_code: int) -> None:
    """Write ``path`` whole or not at all.

    :raises OSError: when it cannot be written.
    """
    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"piiscan_{name}", text, labels, registry=registry)

    files = gauge("files", "Files that the last scan of a job met, by outcome.", "job", "outcome")
    levels = gauge("files_by_level", "Files of a job by their worst finding.", "job", "level")
    new = gauge("new_findings", "Findings that were not there in the scan before, by level.", "job", "level")
    seconds = gauge("last_run_seconds", "How long the last run of a job took.", "job")
    ended = gauge("last_run_timestamp_seconds", "When the last run of a job ended.", "job")
    complete = gauge("last_run_complete", "1 when the last run of a job got to its end and wrote its reports.", "job")
    unsent = gauge("undelivered_notifications", "Channels that the last run could not tell.", "job")
    success = gauge("last_complete_scan_timestamp_seconds", "When the last complete scan of the inventory ended.")
    gauge("exit_code", "Exit code of the last nightly run.").set(exit_code)
    for result in results:
        job = result.job.name
        ended.labels(job).set(round(result.ended_at))
        complete.labels(job).set(int(result.scan is not None and result.scan.complete and result.error is None))
        unsent.labels(job).set(len(result.undelivered))
        if result.scan is not None:
            seconds.labels(job).set(round(result.scan.seconds, 3))
            for outcome in Outcome:
                files.labels(job, outcome.value).set(result.scan.progress.outcomes[outcome])
            for level in Level:
                levels.labels(job, level.word).set(result.scan.progress.levels[level])
        if result.new is not None:
            for level in list(Level)[1:]:
                new.labels(job, level.word).set(sum(count for word, _, count in result.new.by_kind if word == level.word))
    finished = [scan.finished_at for scan in inventory.reader().scans() if scan.status is ScanStatus.COMPLETE]
    if finished:
        import datetime as dt

        success.set(round(dt.datetime.fromisoformat(finished[0]).timestamp()))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(path), registry)
