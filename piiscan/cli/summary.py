"""The summary table that a scan ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piiscan.cli.columns import fold
from piiscan.cli.common import App
from piiscan.language import shown as printable
from piiscan.model import Level, Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from piiscan.catalogue import Catalogue
    from piiscan.engine.scan import ScanResult
    from piiscan.inventory import Inventory
    from piiscan.inventory.rows import Summary

__all__ = ["print_summary"]

_STYLE = {Level.CRITICAL: "bold white on red", Level.HIGH: "bold red", Level.MEDIUM: "yellow", Level.LOW: "cyan", Level.NONE: "dim"}

#: Kinds shown; all of them are in the reports.
_KINDS = 24


def print_summary(app: App, store: Inventory, result: ScanResult, catalogue: Catalogue) -> None:
    """How much, how bad, where, and what could not be read; on stdout."""
    from rich.console import Console

    from piiscan.assess.persons import merge

    summary = store.reader().summary(merge)
    console = Console(highlight=False)
    progress = result.progress
    console.print()
    console.print(app.say("scan.summary_title", seconds=f"{result.seconds:.1f}"), style="bold")
    about = "" if summary.persons.exact else app.say("scan.about")
    console.print(
        app.say(
            "scan.totals",
            files=f"{progress.met:,}",
            unchanged=f"{progress.unchanged:,}",
            findings=f"{summary.findings:,}",
            persons=f"{about}{summary.persons.estimate:,}",
        )
    )
    _print_levels(app, console, summary)
    _print_kinds(app, console, summary, catalogue)
    _print_worst(app, console, summary)
    _print_unread(app, console, summary)
    console.print()


def _table(app: App, first: str, *numbers: str, level: bool = False) -> Table:
    """A table of the words of a thing, its level, and numbers."""
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    table.add_column(app.say(f"scan.{first}"), overflow="fold")
    if level:
        table.add_column(app.say("scan.level"))
    for number in numbers:
        table.add_column(app.say(f"scan.{number}"), justify="right")
    return table


def _level(app: App, level: Level) -> str:
    return f"[{_STYLE[level]}]{app.say(f'level.{level.word}')}[/]"


def _print_levels(app: App, console: Console, summary: Summary) -> None:
    rows = [
        (_STYLE[level], f"level.{level.word}", summary.levels.get(level, 0)) for level in sorted(Level, reverse=True) if level > Level.NONE
    ]
    read = sum(summary.bare.get(outcome, 0) for outcome in (Outcome.SCANNED, Outcome.PARTIAL))
    rows.append((_STYLE[Level.NONE], f"level.{Level.NONE.word}", read))
    # of what was not read nobody can say that there is nothing in it
    rows += [
        (_STYLE[Level.NONE], f"outcome.{outcome.value}", summary.bare.get(outcome, 0)) for outcome in (Outcome.FAILED, Outcome.SKIPPED)
    ]
    table = _table(app, "level", "files")
    for style, words, count in rows:
        if count:
            table.add_row(f"[{style}] {app.say(words)} [/]", f"{count:,}")
    console.print()
    console.print(table)


def _print_kinds(app: App, console: Console, summary: Summary, catalogue: Catalogue) -> None:
    if not summary.entities:
        return
    table = _table(app, "kind", "files", "values", level=True)
    shown = [entry for entry in summary.entities if entry[1] > Level.NONE]
    for entity, level, files, values in shown[:_KINDS]:
        table.add_row(catalogue.label(entity, app.lang), _level(app, level), f"{files:,}", f"{values:,}")
    console.print()
    console.print(table)
    if len(shown) > _KINDS:
        console.print(app.say("scan.more_kinds", count=len(shown) - _KINDS), style="dim")


def _print_worst(app: App, console: Console, summary: Summary) -> None:
    from rich.markup import escape

    worst = [row for row in summary.worst if row.level > Level.NONE]
    if not worst:
        return
    table = _table(app, "worst", "persons", level=True)
    for row in worst:
        table.add_row(escape(printable(row.path)), _level(app, row.level), f"{row.persons:,}")
    console.print()
    console.print(table)


def _print_unread(app: App, console: Console, summary: Summary) -> None:
    from rich.markup import escape

    unread = [(kind, files) for kind, files in summary.unread if kind.effect.value in {"partial", "failed"}]
    if not unread:
        return
    count = summary.outcomes.get(Outcome.PARTIAL, 0) + summary.outcomes.get(Outcome.FAILED, 0)
    console.print()
    console.print(app.say("scan.unread", count=count), style="bold")
    for kind, files in unread:
        for i, line in enumerate(fold(kind.prose(app.lang), console.width - 10)):
            console.print(escape(f"  {files:>6,}  {line}" if not i else f"          {line}"))
        for i, line in enumerate(fold(kind.todo(app.lang), console.width - 12)):
            console.print(escape(f"          {'→' if not i else ' '} {line}"), style="dim")
