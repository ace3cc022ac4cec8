"""``piiscan formats``: every format that can be read, by which engine, and what it does not see."""

from __future__ import annotations

import json
import shutil
import sys

import click

from piiscan.cli.columns import hanging
from piiscan.cli.common import App, help_text, pass_app, verb

__all__ = ["command"]


@verb("formats", "formats")
@click.option("--jsonl", is_flag=True, help=help_text("opt_jsonl"))
@pass_app
def command(app: App, jsonl: bool) -> None:
    """See the catalogue."""
    from piiscan.extractors import formats
    from piiscan.extractors.engines import engine

    for form in formats():
        doc = form.DOC.of(app.lang)
        lacking = [entry for entry in map(engine, doc.needs) if entry.probe() is None]
        if jsonl:
            click.echo(
                json.dumps(
                    {
                        "format": form.NAME,
                        "suffixes": list(form.SUFFIXES),
                        "engine": doc.engine,
                        "missing": [entry.name for entry in lacking],
                        "description": doc.description,
                        "sees": list(doc.sees),
                        "limitations": list(doc.limitations),
                    },
                    ensure_ascii=False,
                )
            )
            continue
        click.secho(f"{form.NAME}  {' '.join(form.SUFFIXES)}", bold=True)
        _show("  ", doc.description)
        _show(f"  {app.say('formats.engine')}: ", doc.engine)
        for entry in lacking:
            click.secho(f"  {app.say('formats.missing', name=entry.name, reads=entry.reads, command=entry.install)}", fg="yellow")
        for seen in doc.sees:
            _show(f"  {app.say('formats.sees')}: ", seen)
        for limitation in doc.limitations:
            _show(f"  {app.say('formats.not_seen')}: ", limitation)


def _show(head: str, text: str) -> None:
    """Folded on a terminal; whole for other programs."""
    if not sys.stdout.isatty():
        click.echo(head + text)
        return
    for line in hanging(head, text, shutil.get_terminal_size().columns - 1):
        click.echo(line)
