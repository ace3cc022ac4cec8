"""``piiscan nightly``: the scheduled jobs of one settings file."""

from __future__ import annotations

import datetime as dt
import errno
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piiscan.cli.common import App, fail, help_text, log_to_file, pass_app, verb
from piiscan.cli.exitcodes import ExitCode, gravest
from piiscan.cli.progress import watching
from piiscan.cli.scan import stoppable
from piiscan.model import Level, Outcome

if TYPE_CHECKING:
    from piiscan.jobs.nightly import JobResult

__all__ = ["command"]

_log = logging.getLogger("piiscan.nightly")


@verb("nightly", "nightly")
@click.argument("config_file", metavar="CONFIG", type=click.Path(path_type=Path))
@click.option("--job", "only", multiple=True, help=help_text("opt_job"))
@click.option("--jobs", type=click.IntRange(min=0), default=None, help=help_text("opt_jobs"))
@click.option("--fail-on", type=click.Choice(["low", "medium", "high", "critical"]), default=None, help=help_text("opt_fail_on"))
@click.option("--accept-incomplete", is_flag=True, help=help_text("opt_accept_incomplete"))
@pass_app
def command(app: App, config_file: Path, only: tuple[str, ...], jobs: int | None, fail_on: str | None, accept_incomplete: bool) -> None:
    """See the catalogue."""
    app.config = config_file
    settings = app.settings(jobs=jobs)
    if not settings.nightly:
        fail(app.say("nightly.no_jobs", path=config_file))
    unknown = sorted(set(only) - {job.name for job in settings.nightly})
    if unknown:
        fail(app.say("nightly.unknown_job", name=unknown[0], names=", ".join(job.name for job in settings.nightly)))

    from piiscan.cli.opening import opened, sentences
    from piiscan.jobs.metrics import write_metrics
    from piiscan.jobs.nightly import run_jobs

    codes = [ExitCode.OK]
    results: list[JobResult] = []
    today = dt.datetime.now().astimezone().date()
    with sentences(app, str(settings.log_file)), log_to_file(settings.log_file):
        _log.info("started", extra={"facts": {"event": "started", "config": str(config_file)}})
        with opened(app, settings) as (store, key, _own), stoppable(app) as stop:
            with watching(app) as on_progress:
                for result in run_jobs(store, settings, key, today=today, lang=app.lang, stop=stop, on_progress=on_progress, only=only):
                    on_progress.close()  # what is printed now must not run into it
                    results.append(result)
                    codes += _ended(app, result, fail_on, accept_incomplete)
            code = gravest(codes)
            if settings.metrics_file:
                write_metrics(settings.metrics_file, store, results, int(code))
        _log.info("ended with %d", code, extra={"facts": {"event": "ended", "exit_code": int(code)}})
    raise click.exceptions.Exit(int(code))


def _ended(app: App, result: JobResult, fail_on: str | None, accept_incomplete: bool) -> list[ExitCode]:
    """Say how a job ended, and what that means for the exit code."""
    name = result.job.name
    facts: dict[str, object] = {"event": "job", "job": name}
    codes = []
    if result.scan is not None:
        progress = result.scan.progress
        unread = progress.outcomes[Outcome.PARTIAL] + progress.outcomes[Outcome.FAILED]
        facts |= {
            "complete": result.scan.complete,
            "met": progress.met,
            "unchanged": progress.unchanged,
            "unread": unread,
            "seconds": round(result.scan.seconds, 1),
        }
        if not app.quiet:
            click.echo(
                app.say(
                    "nightly.done",
                    name=name,
                    met=f"{progress.met:,}",
                    unchanged=f"{progress.unchanged:,}",
                    unread=f"{unread:,}",
                    seconds=f"{result.scan.seconds:.0f}",
                )
            )
            for path in result.written:
                click.echo(f"  {path}")
        if not result.scan.complete:
            app.tell(app.say("common.interrupted"))
            codes.append(ExitCode.STOPPED)
        if unread and not accept_incomplete:
            codes.append(ExitCode.INCOMPLETE)
        if fail_on and result.scan.open_level >= Level.parse(fail_on):
            codes.append(ExitCode.FINDINGS)
    if result.new is not None:
        facts |= {"new_findings": result.new.count, "new_files": sum(result.new.files.values())}
        if not app.quiet and result.new.count:
            click.echo("  " + app.say("nightly.new", findings=f"{result.new.count:,}", files=f"{sum(result.new.files.values()):,}"))
    if result.error is not None:
        codes.append(_trouble(app, name, result.error, facts))
    for reason in result.undelivered:
        click.echo(f"piiscan: {app.say('nightly.undelivered', name=name, reason=app.fault(reason))}", err=True)
        codes.append(ExitCode.INCOMPLETE)
    facts |= {"reports": len(result.written), "removed": len(result.removed), "undelivered": list(result.undelivered)}
    _log.log(logging.ERROR if result.error else logging.INFO, "job %s ended", name, extra={"facts": facts})
    return codes


def _trouble(app: App, name: str, error: Exception, facts: dict[str, object]) -> ExitCode:
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
    where, reason = "", str(error)
    if isinstance(error, OSError):
        where, reason = f"{error.filename}: " if error.filename else "", error.strerror or type(error).__name__
    facts["error"] = where + reason
    click.echo(f"piiscan: {name}: {where}{app.fault(reason)}", err=True)
    return ExitCode.STOPPED if full else ExitCode.USAGE
