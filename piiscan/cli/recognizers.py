"""``piiscan recognizers``: look into the rules, try them, check their examples."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piiscan.cli.common import App, Verb, VerbGroup, fail, help_text, pass_app
from piiscan.cli.exitcodes import ExitCode

if TYPE_CHECKING:
    from piiscan.catalogue import Catalogue

__all__ = ["command"]

_FOLDERS = click.option(
    "--recognizers",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=help_text("opt_recognizers"),
)


@click.group("recognizers", cls=VerbGroup, help=help_text("recognizers"), context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """See the catalogue."""


@command.command("list", cls=Verb, help=help_text("recognizers_list"))
@_FOLDERS
@pass_app
def list_(app: App, folders: tuple[Path, ...]) -> None:
    """Every entity with its label, level and article."""
    catalogue = _catalogue(folders)
    for entity in sorted(catalogue.rules):
        rule = catalogue.rule(entity)
        click.echo(f"{entity}\t{catalogue.label(entity, app.lang)}\t{app.say(f'level.{rule.level}')}\t{rule.law}")


@command.command("explain", cls=Verb, help=help_text("recognizers_explain"))
@click.argument("entity")
@_FOLDERS
@pass_app
def explain(app: App, entity: str, folders: tuple[Path, ...]) -> None:
    """The whole rule."""
    import yaml

    catalogue = _catalogue(folders)
    _known(app, catalogue, entity)
    rule = catalogue.rule(entity)
    click.secho(f"{entity}  {catalogue.label(entity, app.lang)}", bold=True)
    click.echo(rule.description.of(app.lang))
    click.echo(f"→ {rule.action.of(app.lang)}\n")
    click.echo(yaml.safe_dump(rule.model_dump(mode="json", exclude_defaults=True), allow_unicode=True, sort_keys=False, width=120))


@command.command("try", cls=Verb, help=help_text("recognizers_try"))
@click.argument("text")
@_FOLDERS
@pass_app
def try_(app: App, text: str, folders: tuple[Path, ...]) -> None:
    """What is found in a text and why; what is not and why."""
    from piiscan.engine.api import analyze_with_hits, explain_text
    from piiscan.settings import Detection, Settings

    if text == "-":
        text = sys.stdin.read()
    catalogue = _catalogue(folders)
    settings = Settings(detection=Detection(recognizers=folders))
    found = analyze_with_hits(text, settings)
    for finding, hit in found:
        click.echo(
            f"{finding.entity}\t{catalogue.label(finding.entity, app.lang)}\t{finding.start}-{finding.end}\t{hit.value}\t{finding.score:.2f}\t{app.say(f'level.{finding.level.word}')}"
        )
        click.echo(f"    {app.reasons(finding.why)}")
    if not found:
        click.echo(app.say("common.nothing_found"))
    for line in explain_text(text, settings, app.lang):
        click.echo(f"  - {line}")


@command.command("check", cls=Verb, help=help_text("recognizers_check"))
@_FOLDERS
@pass_app
def check(app: App, folders: tuple[Path, ...]) -> None:
    """Run every example of every rule."""
    from piiscan.engine.api import check_recognizers

    catalogue = _catalogue(folders)
    faults = check_recognizers(folders)
    for fault in faults:
        click.echo(app.fault(fault), err=True)
    examples = sum(len(rule.examples.match) + len(rule.examples.no_match) for rule in catalogue.rules.values())
    click.echo(app.say("recognizers.checked", rules=len(catalogue.rules), examples=examples, faults=len(faults)))
    raise click.exceptions.Exit(int(ExitCode.FINDINGS if faults else ExitCode.OK))


@command.command("allow", cls=Verb, help=help_text("recognizers_allow"))
@click.argument("entity")
@click.option("--deny", is_flag=True, help=help_text("opt_deny"))
@_FOLDERS
@pass_app
def allow(app: App, entity: str, deny: bool, folders: tuple[Path, ...]) -> None:
    """The fingerprint of a value, as a rule for the settings; the value itself goes nowhere."""
    from piiscan.engine.api import compared_form
    from piiscan.masking import FingerprintKey

    _known(app, _catalogue(folders), entity)
    settings = app.settings(detection={"recognizers": folders} if folders else None)
    value = click.prompt(app.say("recognizers.value"), hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    value = value.strip()
    if not value:
        fail(app.say("recognizers.no_value"))
    try:
        key = FingerprintKey.load_or_create(settings.key_path())
    except (OSError, ValueError) as error:
        fail(app.say("recognizers.no_key", path=settings.key_path(), why=error))
    norm, known = compared_form(entity, value, settings)
    if not known:
        app.tell(app.say("recognizers.as_written", entity=entity))
    kind = "deny" if deny else "allow"
    click.echo(
        f'[[detection.{kind}]]\nentity = "{entity}"\nfingerprint = "{key.fingerprint(entity, norm)}"\nreason = "{app.say("recognizers.why")}"'
    )


def _catalogue(folders: tuple[Path, ...]) -> Catalogue:
    from piiscan.catalogue import CatalogueError, load_catalogue

    try:
        return load_catalogue(folders)
    except CatalogueError as error:
        fail(error)


def _known(app: App, catalogue: Catalogue, entity: str) -> None:
    """End the run when no rule has this name, with those that are like it."""
    import difflib

    if entity in catalogue.rules:
        return
    close = difflib.get_close_matches(entity.upper(), sorted(catalogue.rules), n=3, cutoff=0.5)
    fail(app.say("recognizers.unknown_like" if close else "recognizers.unknown", entity=entity, close=", ".join(close)))
