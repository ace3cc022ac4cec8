"""``piiscan inspect``: findings with positions; no inventory is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from piiscan.cli.common import App, fail, help_text, must_be_there, pass_app, verb
from piiscan.cli.exitcodes import ExitCode, gravest
from piiscan.cli.files import each_file
from piiscan.language import place_words, shown
from piiscan.model import FileReport, Level, Outcome, location_to_json
from piiscan.problems import Effect, Problem, Stage

if TYPE_CHECKING:
    from piiscan.catalogue import Catalogue
    from piiscan.detect.patterns.weigh import Reason
    from piiscan.engine.api import Revealed
    from piiscan.masking import FingerprintKey
    from piiscan.model import Location, Segment

__all__ = ["command"]

#: Shown only with ``--values=all``: a list of them is itself a 特定個人情報ファイル.
_NEVER_BY_DEFAULT = frozenset({"JP_MY_NUMBER"})
#: So many of what was dropped are told of a file in which something was found.
_MOST_DROPPED = 20


@verb("inspect", "inspect")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--values", is_flag=False, flag_value="some", default=None, type=click.Choice(["some", "all"]), help=help_text("opt_values"))
@click.option("--jsonl", is_flag=True, help=help_text("opt_jsonl"))
@click.option("--explain", is_flag=True, help=help_text("opt_explain"))
@click.option(
    "--recognizers", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False), help=help_text("opt_recognizers")
)
@click.option("--strings", is_flag=True, default=None, help=help_text("opt_strings"))
@click.option("--fail-on", type=click.Choice(["low", "medium", "high", "critical"]), default=None, help=help_text("opt_fail_on"))
@pass_app
def command(
    app: App,
    paths: tuple[Path, ...],
    values: str | None,
    jsonl: bool,
    explain: bool,
    recognizers: tuple[Path, ...],
    strings: bool | None,
    fail_on: str | None,
) -> None:
    """See the catalogue."""
    from piiscan.catalogue import CatalogueError, load_catalogue
    from piiscan.engine.analyse import Analyst
    from piiscan.engine.api import inspect_file

    settings = app.settings(strings=strings, detection={"recognizers": recognizers} if recognizers else None)
    for path in paths:
        must_be_there(app, path)
    if values and not sys.stdout.isatty():
        app.tell(app.say("common.values_to_file"))
    try:
        catalogue = load_catalogue(settings.detection.recognizers)
    except CatalogueError as error:
        fail(error)
    analyst = Analyst(settings, _key(app, settings))
    worst = Level.NONE
    incomplete = False
    for root, (path, opened, unread) in ((given, met) for given in paths for met in each_file((given,), settings)):
        found: list[Revealed] = []
        problems: Iterable[Problem]
        if unread is not None:
            problems = (unread,)
        else:
            try:
                report, found = inspect_file(opened, settings, analyst=analyst, below=_below(root, path))
            except OSError as error:
                from piiscan.sources.base import problem_of

                problems = (problem_of(error, Stage.OPEN),)
            else:
                problems = report.problems
                worst = max(worst, report.level)
                if not jsonl:
                    _heading(app, path, report)
        incomplete |= any(problem.kind.effect in {Effect.PARTIAL, Effect.FAILED} for problem in problems)
        for problem in problems:
            _problem(app, path, problem, jsonl)
        for revealed in found:
            if jsonl:
                _json(path, revealed, values, explain)
            else:
                _row(app, catalogue, revealed, values, explain)
        if explain and not found and unread is None:
            _why_nothing(app, opened, settings, analyst, to_stderr=jsonl)
        elif explain and not jsonl and unread is None:
            _why_not(app, opened, settings, analyst, found)
    codes = [ExitCode.INCOMPLETE if incomplete else ExitCode.OK]
    if fail_on and worst >= Level.parse(fail_on):
        codes.append(ExitCode.FINDINGS)
    raise click.exceptions.Exit(int(gravest(codes)))


def _below(given: Path, path: Path) -> str:
    """The path of a file below the folder that was given, as a scan of it would call the file; of a file by itself, as it was given."""
    return (path.relative_to(given) if path != given and path.is_relative_to(given) else path).as_posix()


def _key(app: App, settings: Any) -> FingerprintKey:
    """A key for this run, or the inventory's where the settings hold fingerprints made with it."""
    from piiscan.masking import FingerprintKey

    if not any(rule.fingerprint for rule in (*settings.detection.allow, *settings.detection.deny)):
        return FingerprintKey.random()
    try:
        return FingerprintKey.load_or_create(settings.key_path())
    except (OSError, ValueError) as error:
        fail(app.say("recognizers.no_key", path=settings.key_path(), why=error))


def _value(revealed: Revealed, values: str | None) -> str | None:
    if values is None or (values != "all" and revealed.finding.entity in _NEVER_BY_DEFAULT):
        return None
    return revealed.value


def _json(path: Path, revealed: Revealed, values: str | None, explain: bool) -> None:
    finding = revealed.finding
    entry: dict[str, Any] = {
        "file": str(path),
        "member": finding.member,
        "format": revealed.format,
        "location": location_to_json(finding.location),
        "entity": finding.entity,
        "start": finding.start,
        "end": finding.end,
        "score": round(finding.score, 4),
        "level": finding.level.word,
        "masked": finding.masked,
    }
    if finding.header:
        entry["header"] = finding.header
    value = _value(revealed, values)
    if value is not None:
        entry["value"] = value
    if explain:
        entry["why"] = list(finding.why)
        entry["recognizer"] = finding.recognizer
    click.echo(json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8"))


def _heading(app: App, path: Path, report: FileReport) -> None:
    if report.outcome in {Outcome.FAILED, Outcome.SKIPPED}:  # nobody can say that there is nothing in it
        heading = app.say("inspect.unread_heading", path=path, format=report.format, outcome=app.say(f"outcome.{report.outcome.value}"))
    else:
        count = sum(group.count for group in report.groups)
        level, persons = app.say(f"level.{report.level.word}"), report.persons.estimate
        heading = app.say("inspect.heading", path=path, format=report.format, level=level, count=count, persons=persons)
    click.secho(shown(heading), bold=True)


def _row(app: App, catalogue: Catalogue, revealed: Revealed, values: str | None, explain: bool) -> None:
    finding = revealed.finding
    where = place_words(finding.location, app.lang)
    if finding.member:
        where = f"{finding.member}: {where}"
    value = _value(revealed, values) or finding.masked
    level = app.say(f"level.{finding.level.word}")
    click.echo(f"  {shown(where)}\t{catalogue.label(finding.entity, app.lang)}\t{shown(value)}\t{level}\t{finding.score:.2f}")
    if explain:
        header = f" [{finding.header}]" if finding.header else ""
        click.echo(shown(f"      {finding.entity} ← {finding.recognizer}{header}: {app.reasons(finding.why)}"))


def _problem(app: App, path: Path, problem: Problem, jsonl: bool) -> None:
    if jsonl:
        click.echo(
            json.dumps(
                {"file": str(path), "member": problem.member, "problem": problem.kind.word, "detail": problem.detail}, ensure_ascii=False
            )
            .encode("utf-8", "backslashreplace")
            .decode("utf-8")
        )
        return
    where = f"{path}!{problem.member}" if problem.member else str(path)
    app.tell(shown(f"{where}: {app.problem(problem)}"))


def _why_not(app: App, path: Path, settings: Any, analyst: Any, found: Sequence[Revealed]) -> None:
    """What had the form of something in the texts of a file and was dropped, where nothing else was found, and why; the first few."""
    from piiscan.cli.files import scratch
    from piiscan.engine.analyse import extract_file
    from piiscan.model import Segment

    spans: dict[tuple[str, Any], list[tuple[int, int]]] = {}
    for revealed in found:
        finding = revealed.finding
        spans.setdefault((finding.member, finding.location), []).append((finding.start, finding.end))
    told = 0
    with scratch() as folder:
        for member, _form, piece in extract_file(path, settings, folder):
            if not isinstance(piece, Segment):
                continue
            for reason in analyst.kit.patterns.explain_text(piece.text):
                location, reason_there = _placed(piece, reason)
                taken = spans.get((member, location), ())
                if reason.kept or any(reason_there.start < end and start < reason_there.end for start, end in taken):
                    continue
                if told == _MOST_DROPPED:
                    click.echo("    …")
                    return
                told += 1
                _tell(app, location, reason_there, to_stderr=False)


def _placed(piece: Segment, reason: Reason) -> tuple[Location, Reason]:
    """Where in the document a reason's value stands, with its offsets there, as findings have them."""
    location, start = piece.locate(reason.start)
    return location, replace(reason, start=start, end=start + reason.end - reason.start)


def _tell(app: App, location: Location, reason: Reason, *, to_stderr: bool) -> None:
    click.echo(shown(f"    {place_words(location, app.lang)}: {reason.entity}: {reason.sentence(app.lang)}"), err=to_stderr)


def _why_nothing(app: App, path: Path, settings: Any, analyst: Any, *, to_stderr: bool) -> None:
    """Which patterns matched something in the text and which columns looked like something, and why each was dropped.

    :param to_stderr: where standard output holds nothing but objects.
    """
    from piiscan.cli.files import scratch
    from piiscan.detect.tables.explain import column_reasons, prose_cells
    from piiscan.engine.analyse import extract_file
    from piiscan.model import Segment, Table

    kit = analyst.kit
    click.echo("  " + app.say("common.nothing_found"), err=to_stderr)
    with scratch() as folder:
        for _member, _form, piece in extract_file(path, settings, folder):
            texts = []
            if isinstance(piece, Segment):
                for reason in kit.patterns.explain_text(piece.text):
                    _tell(app, *_placed(piece, reason), to_stderr=to_stderr)
            elif isinstance(piece, Table):
                texts = list(prose_cells(kit, piece))
                for column in column_reasons(kit, piece):
                    why = app.say(f"inspect.column_{column.why}", need=f"{column.need:.0%}")
                    line = app.say("inspect.column", header=column.header or "-", passed=column.passed, seen=column.seen, why=why)
                    click.echo(shown(f"    {place_words(column.place, app.lang)}: {column.entity}: {line}"), err=to_stderr)
            for location, text in texts:
                for reason in kit.patterns.explain_text(text):
                    _tell(app, location, reason, to_stderr=to_stderr)
