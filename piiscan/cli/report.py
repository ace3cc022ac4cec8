"""``piiscan report``: tables and pages from an inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from piiscan.cli.common import App, fail, help_text, is_there, pass_app, verb
from piiscan.cli.exitcodes import ExitCode

__all__ = ["command"]


@verb("report", "report")
@click.argument("form", metavar="FORMAT", type=click.Choice(["csv", "xlsx", "json", "jsonl", "html", "sarif", "text"]))
@click.option("--inventory", default=None, help=help_text("opt_inventory"))
@click.option(
    "--view",
    type=click.Choice(["findings", "files", "folders", "problems", "new", "law"]),
    default="findings",
    show_default=True,
    help=help_text("opt_view"),
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True),
    default="-",
    show_default=True,
    help=help_text("opt_output"),
)
@click.option("--under", default="", help=help_text("opt_under"))
@click.option("--scan", "scan_id", type=int, default=None, help=help_text("opt_scan"))
@click.option("--min-level", type=click.Choice(["low", "medium", "high", "critical"]), default=None, help=help_text("opt_min_level"))
@click.option("--split-by", type=click.Choice(["owner", "department"]), default=None, help=help_text("opt_split"))
@pass_app
def command(
    app: App,
    form: str,
    inventory: str | None,
    view: str,
    output: Path,
    under: str,
    scan_id: int | None,
    min_level: str | None,
    split_by: Literal["owner", "department"] | None,
) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.catalogue import load_catalogue
    from piiscan.cli.opening import opened_for_reading, refuse_outputs
    from piiscan.model import Level
    from piiscan.reports import Shown, write_report, write_split

    if split_by and (str(output) == "-" or (is_there(output) and output.is_file())):
        fail(app.say("report_out.split_needs_folder"))
    if split_by == "department" and settings.ledger is None:
        fail(app.say("report_out.split_needs_ledger"))
    level = Level.parse(min_level) if min_level else None
    with opened_for_reading(app, settings) as store:
        if scan_id is not None and scan_id not in {scan.id for scan in store.reader().scans()}:
            fail(app.say("report_out.no_scan", scan=scan_id))
        if under and not store.reader().has_folder(under):
            fail(app.say("report_out.nothing_under", under=under))
        if form == "text" and view != "law":
            fail(app.say("report_out.text_is_law"))
        if not split_by:
            refuse_outputs(app, settings, [(form, output)])
        shown: Shown = {
            "view": view,
            "lang": app.lang,
            "under": under,
            "min_level": level,
            "scan_id": scan_id,
            "ledger": settings.ledger,
            "public_body": settings.public_body,
            "catalogue": load_catalogue(settings.detection.recognizers),
        }
        if split_by:
            for path in write_split(store, form, output, split_by, **shown):
                app.tell(f"  {path}")
        else:
            write_report(store, form, output, **shown)
    if str(output) != "-":
        app.tell(app.say("report_out.written", path=output))
    raise click.exceptions.Exit(int(ExitCode.OK))
