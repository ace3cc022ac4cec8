"""``piiscan diff``: what changed between two scans."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from piiscan.cli.common import App, help_text, pass_app, verb
from piiscan.cli.exitcodes import ExitCode

if TYPE_CHECKING:
    from piiscan.catalogue import Catalogue
    from piiscan.inventory.difference import FileChange, FindingChange

__all__ = ["command"]


@verb("diff", "diff")
@click.argument("before", metavar="OLDER", type=int)
@click.argument("after", metavar="NEWER", type=int)
@click.option("--jsonl", is_flag=True, help=help_text("opt_jsonl"))
@click.option("--inventory", default=None, help=help_text("opt_inventory"))
@pass_app
def command(app: App, before: int, after: int, jsonl: bool, inventory: str | None) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)

    from collections import Counter

    from piiscan.catalogue import load_catalogue
    from piiscan.cli.opening import opened_for_reading
    from piiscan.inventory.difference import Change, differences

    counts: Counter[tuple[str, Change]] = Counter()
    with opened_for_reading(app, settings) as store:
        catalogue = load_catalogue(settings.detection.recognizers)
        for change in differences(store, before, after):
            counts["files", change.change] += 1
            counts.update(("findings", finding.change) for finding in change.findings)
            for line in _json_lines(change) if jsonl else _lines(app, change, catalogue):
                click.echo(line)
    if not jsonl:
        numbers = {f"{what}_{kind.value}": counts[what, kind] for what in ("files", "findings") for kind in Change}
        app.tell(app.say("diff.sum", **numbers))
    raise click.exceptions.Exit(int(ExitCode.OK))


def _lines(app: App, change: FileChange, catalogue: Catalogue) -> list[str]:
    from piiscan.language import place_words
    from piiscan.reports import label_of
    from piiscan.reports.base import shown

    sign = {"new": "+", "gone": "-", "changed": "~", "moved": ">"}
    from_where = " " + app.say("diff.moved_from", path=change.moved_from) if change.moved_from else ""
    levels = f"[{app.say(f'level.{change.level_before.word}')} → {app.say(f'level.{change.level.word}')}]"
    lines = [shown(f"{sign[change.change.value]} {change.source}/{change.path} {levels}{from_where}")]
    for finding in change.findings:
        place = "/".join(part for part in (finding.member, place_words(finding.location, app.lang)) if part)
        label = label_of(finding.entity, app.lang, catalogue)
        lines.append(shown(f"    {sign[finding.change.value]} {label} {place}: {finding.count_before} → {finding.count}"))
    return lines


def _json_lines(change: FileChange) -> list[str]:
    file = {
        "change": change.change.value,
        "source": change.source,
        "path": change.path,
        "moved_from": change.moved_from,
        "level_before": change.level_before.word,
        "level": change.level.word,
        "outcome_before": change.outcome_before,
        "outcome": change.outcome,
    }
    return [json.dumps({"what": "file", **file}, ensure_ascii=False), *(_finding_line(change, finding) for finding in change.findings)]


def _finding_line(change: FileChange, finding: FindingChange) -> str:
    from piiscan.model import location_to_json

    row: dict[str, Any] = {
        "what": "finding",
        "change": finding.change.value,
        "source": change.source,
        "path": change.path,
        "member": finding.member,
        "location": location_to_json(finding.location),
        "header": finding.header,
        "entity": finding.entity,
        "level_before": finding.level_before.word,
        "level": finding.level.word,
        "count_before": finding.count_before,
        "count": finding.count,
        "persons_before": finding.persons_before,
        "persons": finding.persons,
    }
    return json.dumps(row, ensure_ascii=False)
