"""What every verb shares: options, settings, messages, the way a run fails."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click

from piiscan.cli.exitcodes import ExitCode
from piiscan.cli.helptext import WideContext
from piiscan.language import LANGUAGES, detail_words, detect_language, say, translated
from piiscan.problems import Problem

__all__ = [
    "App",
    "Day",
    "Verb",
    "VerbGroup",
    "fail",
    "help_text",
    "is_there",
    "log_to_file",
    "must_be_there",
    "pass_app",
    "wanted_language",
]

_COMMON = ("lang", "config", "quiet", "verbose", "log_json")


def wanted_language() -> str:
    """The language of help texts and usage errors, which is needed before options are parsed."""
    wanted = detect_language()
    for i, word in enumerate(sys.argv[1:], 1):
        if word == "--lang" and i + 1 < len(sys.argv):
            asked = sys.argv[i + 1]
        elif word.startswith("--lang="):
            asked = word.partition("=")[2]
        else:
            continue
        wanted = asked if asked in LANGUAGES else wanted  # what is none is refused later, in a language that there is
    return wanted


def help_text(key: str) -> str:
    """A text of the catalogue's ``[help]`` section in the language of this run."""
    return say(f"help.{key}", wanted_language())


class Day(click.ParamType[dt.date]):
    """A day as ``2027-03-31``."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The day, or a usage error that shows how one is written."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(say("common.not_a_day", wanted_language(), value=value), param, ctx)


@dataclass(slots=True)
class App:
    """The options that every verb has, and what follows from them."""

    lang: str = "en"
    config: Path | None = None
    quiet: bool = False
    verbose: bool = False
    log_json: bool = False

    def say(self, key: str, **values: Any) -> str:
        """A sentence in this run's language; an exception in it is given as :meth:`fault` gives it."""
        return say(key, self.lang, **{name: self.fault(value) if isinstance(value, Exception) else value for name, value in values.items()})

    def fault(self, fault: Exception | str) -> str:
        """What an exception says, or a sentence of the kind, in this run's language."""
        if isinstance(fault, OSError):
            fault = fault.strerror or str(fault) or type(fault).__name__
        return translated("fault", str(fault), self.lang)

    def problem(self, problem: Problem) -> str:
        """What happened to a file, with its detail, and what to do about it."""
        what, todo = problem.kind.prose(self.lang), problem.kind.todo(self.lang)
        detail = detail_words(problem.kind.word, problem.detail, self.lang)
        return self.say("common.problem_detail" if detail else "common.problem", what=what, todo=todo, detail=detail)

    def reasons(self, why: Iterable[str]) -> str:
        """Why something was found, in this run's language."""
        return ("、" if self.lang == "ja" else "; ").join(translated("why", reason, self.lang) for reason in why)

    def tell(self, message: str) -> None:
        """A message for people, on stderr."""
        if not self.quiet:
            click.echo(message, err=True)

    def settings(self, **flags: Any) -> Any:
        """Settings from file, environment and flags; ends the run with 2 when they cannot be used."""
        from piiscan.settings import SettingsError, load_settings

        try:
            settings = load_settings(self.config, flags=flags)
        except SettingsError as error:
            fail(error)
        if settings.lang and not os.environ.get("PIISCAN_LANG") and not _lang_flag():
            self.lang = settings.lang
        return settings


def _lang_flag() -> bool:
    return any(word == "--lang" or word.startswith("--lang=") for word in sys.argv[1:])


pass_app = click.make_pass_decorator(App, ensure=True)


def fail(message: str | Exception, code: ExitCode = ExitCode.USAGE) -> NoReturn:
    """One clear sentence on stderr, and the exit code. Of an exception: its own, in the language of this run."""
    if isinstance(message, Exception):
        context = click.get_current_context(silent=True)
        app = context.find_object(App) if context else None
        message = (app or App(wanted_language())).fault(message)
    click.echo(f"piiscan: {message}", err=True)
    raise click.exceptions.Exit(int(code))


def is_there(path: str | Path) -> bool:
    """Whether there is something at a path, as far as one may look."""
    try:
        Path(path).stat()
    except OSError:
        return False
    return True


def must_be_there(app: App, path: Path, missing: str = "common.not_found") -> None:
    """End the run with a sentence when there is nothing at a path, or nobody can tell.

    :param missing: the sentence when there is nothing.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        fail(app.say(missing, path=path))
    except OSError as error:
        fail(app.say("common.cannot_reach", path=path, reason=error))


class _JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message. Messages never hold values."""

    def format(self, record: logging.LogRecord) -> str:
        when = dt.datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        entry = {"time": when, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        entry |= getattr(record, "facts", {})
        return json.dumps(entry, ensure_ascii=False)


@contextlib.contextmanager
def log_to_file(path: Path | None) -> Iterator[None]:
    """Also append the log to ``path`` as JSON lines (0600 when it is new).

    :raises OSError: when it cannot be written.
    """
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8", errors="backslashreplace", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        handler = logging.StreamHandler(file)
        handler.setFormatter(_JsonLines())
        handler.setLevel(logging.INFO)
        ours, root = logging.getLogger("piiscan"), logging.getLogger()
        level = ours.level
        ours.setLevel(logging.INFO)
        for other in root.handlers:
            other.setLevel(root.level)  # the console stays as quiet as it was
        ours.addHandler(handler)
        try:
            yield
        finally:
            ours.removeHandler(handler)
            ours.setLevel(level)


def _set_logging(app: App) -> None:
    handler = logging.StreamHandler(sys.stderr)
    if app.log_json:
        handler.setFormatter(_JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO if app.log_json or app.verbose else logging.WARNING, force=True)
    # Presidio logs what it finds; a log must hold no value.
    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)


def common_options() -> list[click.Option]:
    """``--lang --config --quiet --verbose --log-json``, before or after the verb."""
    return [
        click.Option(["--lang"], type=click.Choice(LANGUAGES), default=None, help=help_text("opt_lang")),
        click.Option(["--config"], type=click.Path(path_type=Path, dir_okay=False), default=None, help=help_text("opt_config")),
        click.Option(["--quiet", "-q"], is_flag=True, default=None, help=help_text("opt_quiet")),
        click.Option(["--verbose", "-v"], is_flag=True, default=None, help=help_text("opt_verbose")),
        click.Option(["--log-json"], is_flag=True, default=None, help=help_text("opt_log_json")),
    ]


def take_common(context: click.Context) -> None:
    """Move the common options from the parsed parameters into the :class:`App`."""
    app = context.ensure_object(App)
    if context.parent is None:
        app.lang = detect_language()
    for name in _COMMON:
        value = context.params.pop(name, None)
        if value is not None:
            setattr(app, name, value)
    _set_logging(app)


class Verb(click.Command):
    """A verb with the common options."""

    context_class = WideContext

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(common_options())

    def invoke(self, ctx: click.Context) -> Any:
        take_common(ctx)
        return super().invoke(ctx)


class VerbGroup(click.Group):
    """A verb that has verbs of its own."""

    context_class = WideContext


def verb(name: str, help_key: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Decorator: a click command of class :class:`Verb` with its help from the catalogue."""
    return click.command(name, cls=Verb, help=help_text(help_key), context_settings={"help_option_names": ["-h", "--help"]})
