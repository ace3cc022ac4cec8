"""``piiscan usb-approve``: a second person countersigns the record of a check."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from piiscan.cli.common import App, Day, fail, help_text, pass_app, verb
from piiscan.cli.exitcodes import ExitCode

__all__ = ["command"]


@verb("usb-approve", "usb_approve")
@click.argument("path", metavar="RECORD", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", "key_path", required=True, type=click.Path(path_type=Path, dir_okay=False), help=help_text("opt_key"))
@click.option("--until", type=Day(), default=None, help=help_text("opt_until"))
@click.option("--reason", default="", help=help_text("opt_reason"))
@click.option("--record-key", "record_keys", multiple=True, help=help_text("opt_record_key"))
@click.option("--records", type=click.Path(path_type=Path, file_okay=False), default=None, help=help_text("opt_records"))
@pass_app
def command(
    app: App, path: Path, key_path: Path, until: dt.date | None, reason: str, record_keys: tuple[str, ...], records: Path | None
) -> None:
    """See the catalogue."""
    from piiscan.carryout.record import RecordError, default_folder, load_record, machine_key, save_record
    from piiscan.carryout.signing import KeyFileError, PublicKey, SigningKey
    from piiscan.cli.opening import sentences

    settings = app.settings()
    folder = records or settings.usb.records or default_folder()
    with sentences(app, str(path)):
        try:
            trusted = (machine_key(folder).public, *(PublicKey.of(words) for words in record_keys))
            record = load_record(path, trusted)
            key = SigningKey.load(key_path, os.environ.get("PIISCAN_KEY_PASSPHRASE", ""))
            now = dt.datetime.now().astimezone()
            approved = record.countersigned(key, at=now, until=until, reason=reason)
        except (RecordError, KeyFileError) as error:
            fail(error)
        verdict = record.payload["verdict"]
        click.echo(app.say("usb.approving", id=record.id, who=record.payload["who"], files=verdict["files"], persons=verdict["persons"]))
        save_record(approved, path.resolve().parent)
    click.echo(
        app.say("usb.approved_by", name=approved.approvals_seen()[-1].name, at=f"{now:%Y-%m-%d %H:%M}", finger=key.public.fingerprint)
    )
    raise click.exceptions.Exit(int(ExitCode.OK))
