"""``piiscan usb``: may this stick leave the building? One screen, plain words."""

from __future__ import annotations

from pathlib import Path

import click

from piiscan.cli.common import App, fail, help_text, pass_app, verb
from piiscan.cli.exitcodes import ExitCode, gravest
from piiscan.cli.progress import watching
from piiscan.cli.scan import stoppable
from piiscan.model import FileReport

__all__ = ["command"]

_COLOURS = {"allowed": "green", "approval": "yellow", "unclear": "yellow", "forbidden": "red"}


@verb("usb", "usb")
@click.argument("mount", required=False, type=click.Path(path_type=Path))
@click.option("--jobs", type=click.IntRange(min=0), default=None, help=help_text("opt_jobs"))
@click.option("--accept-incomplete", is_flag=True, help=help_text("opt_accept_incomplete"))
@click.option("--all", "show_all", is_flag=True, help=help_text("opt_all_files"))
@pass_app
def command(app: App, mount: Path | None, jobs: int | None, accept_incomplete: bool, show_all: bool) -> None:
    """See the catalogue."""
    from piiscan.assess.persons import merge
    from piiscan.carryout.verdict import Verdict, VerdictWord, judge
    from piiscan.cli.opening import sentences
    from piiscan.engine.scan import Progress
    from piiscan.engine.stream import reports_of
    from piiscan.engine.supervisor import default_jobs
    from piiscan.masking import FingerprintKey
    from piiscan.sources import source_for

    settings = app.settings(jobs=jobs)
    roots = [mount] if mount else _drives(app)
    progress = Progress()
    reports: list[FileReport] = []
    with stoppable(app) as stop, watching(app) as on_progress, sentences(app, ""):
        for root in roots:
            source = source_for(str(root), settings)
            for report in reports_of(
                source, settings, FingerprintKey.random(), jobs=default_jobs() if settings.jobs is None else settings.jobs, stop=stop
            ):
                reports.append(report)
                progress.met = progress.done = len(reports)
                progress.bytes += report.item.size
                progress.findings += sum(group.count for group in report.groups)
                progress.current = report.item.key
                on_progress(progress)
    people = merge(report.persons.sketch for report in reports if report.persons.sketch)
    verdict: Verdict = judge(reports, settings.usb, people.estimate)
    _answer(app, verdict, [str(root) for root in roots], show_all)
    codes = [ExitCode.OK]
    if stop.is_set():
        codes.append(ExitCode.STOPPED)
    if verdict.word in {VerdictWord.APPROVAL, VerdictWord.FORBIDDEN}:
        codes.append(ExitCode.FINDINGS)
    if not accept_incomplete and any(file.problems for file in verdict.files):
        codes.append(ExitCode.INCOMPLETE)
    raise click.exceptions.Exit(int(gravest(codes)))


def _drives(app: App) -> list[Path]:
    from piiscan.sources.removable import removable_drives

    drives = removable_drives()
    if not drives:
        fail(app.say("usb.no_drive"))
    for drive in drives:
        app.tell(app.say("usb.drive", mount=drive.mount, device=drive.device, filesystem=drive.filesystem))
    return [Path(drive.mount) for drive in drives]


def _answer(app: App, verdict: object, roots: list[str], show_all: bool) -> None:
    from piiscan.carryout.verdict import Verdict
    from piiscan.catalogue import load_catalogue

    assert isinstance(verdict, Verdict)
    catalogue = load_catalogue()
    click.echo()
    click.secho(f"  {app.say(f'usb.{verdict.word.value}')}  ", bold=True, fg="black", bg=_COLOURS[verdict.word.value])
    click.echo()
    click.echo("  " + app.say("usb.looked_at", roots=", ".join(roots), files=verdict.looked_at, persons=verdict.persons))
    click.echo("  " + app.say(f"usb.{verdict.word.value}_what"))
    shown = verdict.files if show_all else verdict.files[:12]
    for file in shown:
        click.echo()
        head = app.say(f"usb.{file.word.value}_short")
        persons = app.say("usb.persons", persons=file.persons) if file.persons else ""
        click.secho(f"  [{head}] {file.path} {persons}".rstrip(), fg=_COLOURS[file.word.value])
        if file.kinds:
            kinds = app.say("usb.comma").join(
                app.say("usb.kind", label=catalogue.label(entity, app.lang), count=count) for entity, count in file.kinds[:6]
            )
            click.echo(f"      {kinds}")
        for problem in file.problems[:3]:
            inner = f"{problem.member}: " if problem.member else ""
            click.echo(f"      {inner}{problem.kind.prose(app.lang)} → {problem.kind.todo(app.lang)}")
    if len(shown) < len(verdict.files):
        click.echo()
        click.echo("  " + app.say("usb.more", count=len(verdict.files) - len(shown)))
    click.echo()
