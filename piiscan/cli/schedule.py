"""``piiscan schedule``: show, install or remove what starts the nightly run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from piiscan.cli.common import App, Verb, VerbGroup, fail, help_text, pass_app
from piiscan.cli.exitcodes import ExitCode

if TYPE_CHECKING:
    from piiscan.jobs.schedulers import Plan, Scheduler

__all__ = ["command"]


@click.group("schedule", cls=VerbGroup, help=help_text("schedule"), context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """See the catalogue."""


def _options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--system", is_flag=True, help=help_text("opt_system")),
        click.option("--at", default="02:00", show_default=True, help=help_text("opt_at")),
        click.option("--scheduler", type=click.Choice(["cron", "systemd", "windows"]), default=None, help=help_text("opt_scheduler")),
        click.argument("config_file", metavar="CONFIG", type=click.Path(path_type=Path, dir_okay=False)),
    ):
        function = option(function)
    return function


def _plan(app: App, config_file: Path, scheduler: str | None, at: str, system: bool) -> tuple[Plan, Scheduler]:
    from piiscan.jobs.schedulers import SCHEDULERS, Plan, usual_scheduler

    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if not match:
        fail(app.say("schedule.bad_time", at=at))
    app.config = config_file
    settings = app.settings()
    if not settings.nightly:
        fail(app.say("nightly.no_jobs", path=config_file))
    chosen = scheduler or usual_scheduler()
    plan = Plan(config_file.resolve(), settings, int(match[1]), int(match[2]), system)
    return plan, {kind.NAME: kind for kind in SCHEDULERS}[chosen]()


@command.command("show", cls=Verb, help=help_text("schedule_show"))
@_options
@pass_app
def show(app: App, config_file: Path, scheduler: str | None, at: str, system: bool) -> None:
    """Print it."""
    plan, chosen = _plan(app, config_file, scheduler, at, system)
    click.echo(chosen.show(plan), nl=False)
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("install", cls=Verb, help=help_text("schedule_install"))
@_options
@pass_app
def install(app: App, config_file: Path, scheduler: str | None, at: str, system: bool) -> None:
    """Hand it to the system."""
    _do(app, "installed", lambda plan, chosen: chosen.install(plan), config_file, scheduler, at, system)


@command.command("remove", cls=Verb, help=help_text("schedule_remove"))
@_options
@pass_app
def remove(app: App, config_file: Path, scheduler: str | None, at: str, system: bool) -> None:
    """Take it back."""
    _do(app, "removed", lambda plan, chosen: chosen.remove(plan), config_file, scheduler, at, system)


def _do(
    app: App,
    word: str,
    action: Callable[[Plan, Scheduler], list[str]],
    config_file: Path,
    scheduler: str | None,
    at: str,
    system: bool,
) -> None:
    from piiscan.cli.opening import sentences
    from piiscan.jobs.schedulers import ScheduleError

    plan, chosen = _plan(app, config_file, scheduler, at, system)
    with sentences(app, str(config_file)):
        try:
            done = action(plan, chosen)
        except ScheduleError as error:
            fail(error)
    click.echo(app.say(f"schedule.{word}" if done else "schedule.nothing"))
    for line in done:
        click.echo(f"  {line}")
    raise click.exceptions.Exit(int(ExitCode.OK))
