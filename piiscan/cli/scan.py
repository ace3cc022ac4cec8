"""``piiscan scan``: folders and shares into an inventory."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import click

from piiscan.cli.common import App, fail, help_text, is_there, pass_app, verb
from piiscan.cli.exitcodes import ExitCode, gravest
from piiscan.model import Level, Outcome

__all__ = ["command"]


@verb("scan", "scan")
@click.argument("roots", nargs=-1)
@click.option("--inventory", default=None, help=help_text("opt_inventory"))
@click.option("--jobs", type=click.IntRange(min=0), default=None, help=help_text("opt_jobs"))
@click.option("--full", is_flag=True, help=help_text("opt_full"))
@click.option("--exclude", multiple=True, help=help_text("opt_exclude"))
@click.option("--include", multiple=True, help=help_text("opt_include"))
@click.option(
    "--recognizers", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False), help=help_text("opt_recognizers")
)
@click.option("--strings", is_flag=True, default=None, help=help_text("opt_strings"))
@click.option("--csv", "csv_path", type=click.Path(path_type=Path, allow_dash=True), default=None, help=help_text("opt_csv"))
@click.option("--json", "json_path", type=click.Path(path_type=Path, allow_dash=True), default=None, help=help_text("opt_json"))
@click.option("--html", "html_path", type=click.Path(path_type=Path, allow_dash=True), default=None, help=help_text("opt_html"))
@click.option("--xlsx", "xlsx_path", type=click.Path(path_type=Path, allow_dash=True), default=None, help=help_text("opt_xlsx"))
@click.option("--sarif", "sarif_path", type=click.Path(path_type=Path, allow_dash=True), default=None, help=help_text("opt_sarif"))
@click.option("--fail-on", type=click.Choice(["low", "medium", "high", "critical"]), default=None, help=help_text("opt_fail_on"))
@click.option("--cluster", default=None, help=help_text("opt_cluster"))
@click.option("--accept-incomplete", is_flag=True, help=help_text("opt_accept_incomplete"))
@pass_app
def command(
    app: App,
    roots: tuple[str, ...],
    inventory: str | None,
    jobs: int | None,
    full: bool,
    exclude: tuple[str, ...],
    include: tuple[str, ...],
    recognizers: tuple[Path, ...],
    strings: bool | None,
    csv_path: Path | None,
    json_path: Path | None,
    html_path: Path | None,
    xlsx_path: Path | None,
    sarif_path: Path | None,
    fail_on: str | None,
    cluster: str | None,
    accept_incomplete: bool,
) -> None:
    """See the catalogue."""
    from piiscan.engine.nursery import ahead

    # what was typed may say it already: reading the settings takes a while
    with (
        ahead(jobs != 0 and not cluster and inventory is not None and (full or _is_new(inventory))) as certainly,
        contextlib.ExitStack() as stack,
    ):
        settings = app.settings(
            inventory=inventory,
            jobs=jobs,
            exclude=exclude or None,
            include=include or None,
            roots=roots or None,
            strings=strings,
            detection={"recognizers": recognizers} if recognizers else None,
            cluster={"address": cluster} if cluster else None,
        )
        if not settings.roots:
            fail(app.say("scan.no_roots"))
        certainly(settings.jobs != 0 and not settings.cluster.address and (full or _is_new(settings.inventory)))
        if settings.cluster.address:
            from piiscan.engine import connection

            try:
                stack.enter_context(connection.ahead(settings))
            except ValueError as error:
                fail(error)
        wanted = {"csv": csv_path, "json": json_path, "html": html_path, "xlsx": xlsx_path, "sarif": sarif_path}
        outputs = [(name, path) for name, path in wanted.items() if path is not None]

        from piiscan.catalogue import load_catalogue
        from piiscan.cli.opening import opened, refuse_outputs, sentences
        from piiscan.cli.progress import watching
        from piiscan.cli.summary import print_summary
        from piiscan.engine.scan import scan_into
        from piiscan.reports import write_report

        with sentences(app, settings.inventory):
            refuse_outputs(app, settings, outputs)
        with opened(app, settings) as (store, key, own_files), stoppable(app) as stop, watching(app) as on_progress:
            if outputs or not app.quiet:
                load_catalogue(settings.detection.recognizers)  # their words; what the workers come from is still loading
            own = [*own_files, *(path for _, path in outputs if str(path) != "-")]
            result = scan_into(store, settings, settings.roots, key, full=full, stop=stop, on_progress=on_progress, own_files=own)
            on_progress.close()
            catalogue = load_catalogue(settings.detection.recognizers) if outputs or not app.quiet else None
            for name, path in outputs:
                write_report(store, name, path, lang=app.lang, scan_id=result.scan_id, ledger=settings.ledger, catalogue=catalogue)
            if catalogue is not None and not app.quiet:
                print_summary(app, store, result, catalogue)
    progress = result.progress
    codes = [ExitCode.OK]
    if not result.complete:
        app.tell(app.say("common.interrupted"))
        codes.append(ExitCode.STOPPED)
    if not accept_incomplete and progress.outcomes[Outcome.PARTIAL] + progress.outcomes[Outcome.FAILED]:
        codes.append(ExitCode.INCOMPLETE)
    if fail_on and result.open_level >= Level.parse(fail_on):
        codes.append(ExitCode.FINDINGS)
    raise click.exceptions.Exit(int(gravest(codes)))


def _is_new(inventory: str) -> bool:
    """Whether nothing was ever scanned into it, so that files will have to be read."""
    return "://" not in inventory and not is_there(inventory)


@contextlib.contextmanager
def stoppable(app: App) -> Iterator[threading.Event]:
    """The first Ctrl-C (or SIGTERM) asks the scan to end cleanly, the second ends it at once."""
    stop = threading.Event()

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop.set()
        app.tell(app.say("common.stopping"))

    previous: dict[int, Any] = {}
    for number in (int(signal.SIGINT), int(signal.SIGTERM)):
        # only the main thread may; elsewhere (tests) the caller stops it by other means
        with contextlib.suppress(ValueError):
            previous[number] = signal.signal(number, handle)
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
