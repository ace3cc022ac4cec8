"""``piiscan inventory``: care of an inventory over years."""

from __future__ import annotations

from pathlib import Path

import click

from piiscan.cli.common import App, Verb, fail, help_text, must_be_there, pass_app
from piiscan.cli.exitcodes import ExitCode

__all__ = ["command"]

_INVENTORY = click.option("--inventory", default=None, help=help_text("opt_inventory"))
_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group("inventory", help=help_text("inventory"), context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """See the catalogue."""


@command.command("scans", cls=Verb, help=help_text("inventory_scans"))
@_INVENTORY
@pass_app
def scans(app: App, inventory: str | None) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.cli.opening import opened_for_reading
    from piiscan.reports.base import local_time, shown

    with opened_for_reading(app, settings) as store:
        for scan in store.reader().scans():
            status = app.say(f"inventory.{scan.status.value}")
            click.echo(
                shown(f"{scan.id}  {local_time(scan.started_at)}  {status}  {sum(scan.outcomes.values()):,}  {', '.join(scan.roots)}")
            )
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("check", cls=Verb, help=help_text("inventory_check"))
@_INVENTORY
@pass_app
def check(app: App, inventory: str | None) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.cli.opening import opened_for_reading
    from piiscan.inventory import maintain

    with opened_for_reading(app, settings) as store:
        faults = list(maintain.check(store))
    for fault in faults:
        click.echo(app.fault(fault))
    if faults:
        fail(app.say("inventory.faults", count=len(faults)), ExitCode.INCOMPLETE)
    app.tell(app.say("inventory.sound"))
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("compact", cls=Verb, help=help_text("inventory_compact"))
@click.option("--keep-days", type=click.IntRange(min=1), default=365, show_default=True, help=help_text("opt_keep_days"))
@_INVENTORY
@pass_app
def compact(app: App, keep_days: int, inventory: str | None) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.assess.persons import merge
    from piiscan.cli.opening import opened_for_reading
    from piiscan.inventory import maintain
    from piiscan.jobs.locks import inventory_lock

    with opened_for_reading(app, settings) as store, inventory_lock(settings.inventory):
        done = maintain.compact(store, keep_days)
        store.roll_up(merge)
    app.tell(app.say("inventory.compacted", files=done.files, history=done.history))
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("backup", cls=Verb, help=help_text("inventory_backup"))
@_FILE
@_INVENTORY
@pass_app
def backup(app: App, file: Path, inventory: str | None) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.cli.opening import opened_for_reading
    from piiscan.inventory import maintain

    with opened_for_reading(app, settings) as store:
        maintain.backup(store, file)
    app.tell(app.say("inventory.backed_up", path=file, key_file=settings.key_path()))
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("export", cls=Verb, help=help_text("inventory_export"))
@_FILE
@_INVENTORY
@pass_app
def export(app: App, file: Path, inventory: str | None) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.cli.opening import opened_for_reading
    from piiscan.inventory import maintain

    with opened_for_reading(app, settings) as store:
        counts = maintain.export_to(store, file)
    app.tell(app.say("inventory.exported", path=file, files=counts["files"], findings=counts["findings"], key_file=settings.key_path()))
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("import", cls=Verb, help=help_text("inventory_import"))
@_FILE
@_INVENTORY
@pass_app
def import_(app: App, file: Path, inventory: str | None) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)
    must_be_there(app, file)

    from piiscan.assess.persons import merge
    from piiscan.cli.opening import sentences
    from piiscan.inventory import Inventory, maintain
    from piiscan.jobs.locks import inventory_lock

    with sentences(app, settings.inventory), inventory_lock(settings.inventory), Inventory.open(settings.inventory) as store:
        counts = maintain.import_from(store, file)
        store.roll_up(merge)
    app.tell(app.say("inventory.imported", path=file, files=counts["files"], findings=counts["findings"], key_file=settings.key_path()))
    raise click.exceptions.Exit(int(ExitCode.OK))
