"""``piiscan report``: tables and pages from an inventory."""

from __future__ import annotations

from pathlib import Path

import click

from piiscan.cli.common import App, help_text, pass_app, verb
from piiscan.cli.exitcodes import ExitCode

__all__ = ["command"]


@verb("report", "report")
@click.argument("form", metavar="FORMAT", type=click.Choice(["csv", "json", "jsonl", "html"]))
@click.option("--inventory", default=None, help=help_text("opt_inventory"))
@click.option(
    "--view",
    type=click.Choice(["findings", "files", "folders", "problems", "new"]),
    default="findings",
    show_default=True,
    help=help_text("opt_view"),
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    default="-",
    show_default=True,
    help=help_text("opt_output"),
)
@pass_app
def command(app: App, form: str, inventory: str | None, view: str, output: Path) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.cli.opening import opened_for_reading
    from piiscan.reports import write_report

    with opened_for_reading(app, settings) as store:
        write_report(store, form, output, view=view, lang=app.lang)
    if str(output) != "-":
        app.tell(app.say("report_out.written", path=output))
    raise click.exceptions.Exit(int(ExitCode.OK))
