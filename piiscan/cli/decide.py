"""``piiscan decide``: findings that are confirmed, false alarms, or accepted until a date."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from piiscan.cli.common import App, Day, Verb, fail, help_text, pass_app
from piiscan.cli.exitcodes import ExitCode

if TYPE_CHECKING:
    from piiscan.inventory.decisions import Decision

__all__ = ["command"]

_INVENTORY = click.option("--inventory", default=None, help=help_text("opt_inventory"))
_BY = click.option("--by", default=None, help=help_text("opt_decide_by"))


@click.group("decide", help=help_text("decide"), context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """See the catalogue."""


@command.command("add", cls=Verb, help=help_text("decide_add"))
@click.argument("path")
@click.option("--as", "verdict", required=True, type=click.Choice(["confirmed", "false-alarm", "accepted"]), help=help_text("opt_verdict"))
@click.option("--reason", required=True, help=help_text("opt_decide_reason"))
@click.option("--until", type=Day(), default=None, help=help_text("opt_decide_until"))
@click.option("--entity", "entities", multiple=True, help=help_text("opt_decide_entity"))
@_BY
@_INVENTORY
@pass_app
def add(
    app: App,
    path: str,
    verdict: str,
    reason: str,
    until: dt.date | None,
    entities: tuple[str, ...],
    by: str | None,
    inventory: str | None,
) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.cli.opening import opened_for_reading
    from piiscan.inventory.decisions import Verdict

    with opened_for_reading(app, settings) as store:
        pages = store.pages()
        found = pages.find(path) or pages.find(os.path.realpath(path))  # as a shell completes it, from where one is
        if not found:
            fail(app.say("decide.no_file", path=path))
        if len(found) > 1:
            fail(app.say("decide.many_files", path=path, example=f"{found[0].source}/{found[0].path}"))
        detail = pages.file(found[0].file_id)
        assert detail is not None
        there = {row.entity for row in detail[1]}
        if missing := [entity for entity in entities if entity not in there]:
            fail(app.say("decide.no_entity", entity=missing[0], entities=", ".join(sorted(there)) or "-"))
        identities = [row.identity for row in detail[1] if row.entity in entities]
        made = store.decisions().add(
            found[0].file_id,
            Verdict(verdict),
            reason=reason,
            by=by or getpass.getuser(),
            identities=identities,
            until=until,
        )
    for decision in made:
        click.echo(_line(app, decision))
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("list", cls=Verb, help=help_text("decide_list"))
@click.option("--all", "everything", is_flag=True, help=help_text("opt_decide_all"))
@click.option("--jsonl", is_flag=True, help=help_text("opt_jsonl"))
@_INVENTORY
@pass_app
def list_(app: App, everything: bool, jsonl: bool, inventory: str | None) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.cli.opening import opened_for_reading

    with opened_for_reading(app, settings) as store:
        for decision in store.decisions().list(everything=everything):
            click.echo(json.dumps(asdict(decision), ensure_ascii=False) if jsonl else _line(app, decision))
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("undo", cls=Verb, help=help_text("decide_undo"))
@click.argument("number", metavar="ID", type=int)
@_BY
@_INVENTORY
@pass_app
def undo(app: App, number: int, by: str | None, inventory: str | None) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from piiscan.cli.opening import opened_for_reading

    with opened_for_reading(app, settings) as store:
        try:
            decision = store.decisions().undo(number, by=by or getpass.getuser())
        except KeyError:
            fail(app.say("decide.no_decision", number=number))
    click.echo(_line(app, decision))
    raise click.exceptions.Exit(int(ExitCode.OK))


def _line(app: App, decision: Decision) -> str:
    """One line for people; what is hostile in a path does not reach the terminal."""
    from piiscan.inventory.rows import today
    from piiscan.reports.base import shown

    state = "taken_back" if decision.revoked_at else "holds" if decision.holds(today()) else "expired"
    return shown(
        app.say(
            "decide.line",
            number=decision.id,
            verdict=app.say(f"decide.{decision.verdict.value}"),
            state=app.say(f"decide.{state}"),
            until=decision.until or "-",
            by=decision.decided_by,
            entity=decision.entity or "*",
            path=decision.path,
            reason=decision.reason,
        )
    )
