"""``piiscan nightly``: the scheduled jobs of one settings file."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import click

from piiscan.cli.common import App, fail, help_text, pass_app, verb
from piiscan.cli.exitcodes import ExitCode, gravest
from piiscan.cli.progress import watching
from piiscan.cli.scan import stoppable
from piiscan.model import Level, Outcome

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

    from piiscan.cli.opening import opened
    from piiscan.jobs.nightly import run_jobs

    codes = [ExitCode.OK]
    today = dt.datetime.now().astimezone().date()
    with opened(app, settings) as (store, key, _own), stoppable(app) as stop, watching(app) as on_progress:
        for result in run_jobs(store, settings, key, today=today, lang=app.lang, stop=stop, on_progress=on_progress, only=only):
            progress = result.scan.progress
            unread = progress.outcomes[Outcome.PARTIAL] + progress.outcomes[Outcome.FAILED]
            _log.info(
                "job %s: %d met, %d unchanged, %d not fully read, complete=%s",
                result.job.name,
                progress.met,
                progress.unchanged,
                unread,
                result.scan.complete,
            )
            if not app.quiet:
                click.echo(
                    app.say(
                        "nightly.done",
                        name=result.job.name,
                        met=progress.met,
                        unchanged=progress.unchanged,
                        unread=unread,
                        seconds=f"{result.scan.seconds:.0f}",
                    )
                )
                for path in result.written:
                    click.echo(f"  {path}")
            if not result.scan.complete:
                codes.append(ExitCode.STOPPED)
            if unread and not accept_incomplete:
                codes.append(ExitCode.INCOMPLETE)
            if fail_on and any(count and level >= Level.parse(fail_on) for level, count in progress.levels.items()):
                codes.append(ExitCode.FINDINGS)
    raise click.exceptions.Exit(int(gravest(codes)))
