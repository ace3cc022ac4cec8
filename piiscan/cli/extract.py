"""``piiscan extract``: the located text that the scanner sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from piiscan.cli.common import App, help_text, must_be_there, pass_app, verb
from piiscan.cli.exitcodes import ExitCode
from piiscan.cli.files import each_file, scratch
from piiscan.language import place_words, shown
from piiscan.model import Location, Segment, Table, location_to_json
from piiscan.problems import Effect, Problem, Stage

__all__ = ["command"]


@verb("extract", "extract")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--jsonl", is_flag=True, help=help_text("opt_jsonl"))
@click.option("--strings", is_flag=True, default=None, help=help_text("opt_strings"))
@pass_app
def command(app: App, paths: tuple[Path, ...], jsonl: bool, strings: bool | None) -> None:
    """See the catalogue."""
    from piiscan.engine.analyse import extract_file
    from piiscan.sources.base import problem_of

    settings = app.settings(strings=strings)
    incomplete = False
    for path in paths:
        must_be_there(app, path)
    for path, opened, unread in each_file(paths, settings):
        if unread is not None:
            incomplete |= _problem(app, path, unread, jsonl=jsonl)
            continue
        with scratch() as folder:
            try:
                for member, form, piece in extract_file(opened, settings, folder):
                    if isinstance(piece, Problem):
                        incomplete |= _problem(app, path, piece, member=member, jsonl=jsonl)
                    elif isinstance(piece, Segment | Table):
                        for location, text in located(piece):
                            _text(app, path, member, form, location, text, jsonl=jsonl)
            except BrokenPipeError:
                raise  # whoever read our output has had enough (| head); the file is innocent
            except OSError as error:
                incomplete |= _problem(app, path, problem_of(error, Stage.OPEN), jsonl=jsonl)
    raise click.exceptions.Exit(int(ExitCode.INCOMPLETE if incomplete else ExitCode.OK))


def located(piece: Segment | Table) -> Iterator[tuple[Location, str]]:
    """Each line, paragraph, page or cell of a piece."""
    if isinstance(piece, Segment):
        yield from piece.pieces()
        return
    for r, row in enumerate(piece.rows):
        for c, text in enumerate(row):
            if text:
                yield piece.cell(r, c), text


def _text(app: App, path: Path, member: str, form: str, location: Location, text: str, *, jsonl: bool) -> None:
    if jsonl:
        _line({"file": str(path), "member": member, "format": form, "location": location_to_json(location), "text": text})
    else:
        where = f"{member}: " if member else ""
        click.echo(shown(f"{where}{place_words(location, app.lang)}") + f"\t{text}")


def _problem(app: App, path: Path, problem: Problem, *, member: str = "", jsonl: bool) -> bool:
    inner = "/".join(part for part in (member, problem.member) if part)
    if jsonl:
        _line({"file": str(path), "member": inner, "problem": problem.kind.word, "detail": problem.detail})
    else:
        where = f"{path}!{inner}" if inner else str(path)
        app.tell(shown(f"{where}: {app.problem(problem)}"))
    return problem.kind.effect in {Effect.PARTIAL, Effect.FAILED}


def _line(entry: dict[str, Any]) -> None:
    click.echo(json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8"))
