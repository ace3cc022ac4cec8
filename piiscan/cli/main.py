"""``piiscan``: the group of verbs. Loads a verb's module only when it is called, so ``--help`` is quick."""

from __future__ import annotations

import atexit
import contextlib
import errno
import gc
import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from piiscan import __version__
from piiscan.cli.common import App, VerbGroup, common_options, fail, help_text, take_common, wanted_language
from piiscan.cli.console import prepare, speak
from piiscan.cli.exitcodes import ExitCode

__all__ = ["main"]

#: The variable by which a shell asks for completions.
_COMPLETE = "_PIISCAN_COMPLETE"

#: verb -> (module, catalogue key of its one-line help)
VERBS = {
    "scan": ("piiscan.cli.scan", "scan_short"),
    "usb": ("piiscan.cli.usb", "usb_short"),
    "usb-policy": ("piiscan.cli.usb_policy", "usb_policy_short"),
    "usb-approve": ("piiscan.cli.usb_approve", "usb_approve_short"),
    "nightly": ("piiscan.cli.nightly", "nightly_short"),
    "schedule": ("piiscan.cli.schedule", "schedule_short"),
    "inspect": ("piiscan.cli.inspect", "inspect_short"),
    "extract": ("piiscan.cli.extract", "extract_short"),
    "report": ("piiscan.cli.report", "report_short"),
    "diff": ("piiscan.cli.diff", "diff_short"),
    "serve": ("piiscan.cli.serve", "serve_short"),
    "decide": ("piiscan.cli.decide", "decide_short"),
    "inventory": ("piiscan.cli.inventory", "inventory_short"),
    "recognizers": ("piiscan.cli.recognizers", "recognizers_short"),
    "formats": ("piiscan.cli.formats", "formats_short"),
    "init": ("piiscan.cli.init", "init_short"),
    "completion": ("piiscan.cli.completion", "completion_short"),
    "doctor": ("piiscan.cli.doctor", "doctor_short"),
}


class _Verbs(VerbGroup):
    """A group that knows its verbs by name and imports them late."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(common_options())

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(VERBS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        command.short_help = help_text(VERBS[cmd_name][1])
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:  # click looks for the like among the verbs that are imported: none
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=VERBS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section(help_text("verbs")):
            formatter.write_dl([(name, help_text(short)) for name, (_, short) in VERBS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        take_common(ctx)
        try:
            try:
                return super().invoke(ctx)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()  # a short answer is kept back until here
        except KeyboardInterrupt:
            click.echo(ctx.ensure_object(App).say("common.aborted"), err=True)
            raise click.exceptions.Exit(int(ExitCode.STOPPED)) from None
        except BrokenPipeError:  # whoever read our output has had enough (| head); that is no finding
            _drop_output()
            raise click.exceptions.Exit(int(ExitCode.STOPPED)) from None
        except OSError as error:
            if error.errno != errno.ENOSPC or error.filename is not None:
                raise
            _drop_output()
            app = ctx.ensure_object(App)  # nothing but what is printed has no name
            fail(app.say("common.disk_full", path=app.say("common.output")), ExitCode.STOPPED)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        formatter.write("\n" + help_text("epilog"))


def _drop_output() -> None:
    """Let what could not be printed go: Python would try again at its end, and say so in its own words."""
    with contextlib.suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


speak(wanted_language())  # the library asks for the words of an option's type as it is made


@click.group("piiscan", cls=_Verbs, help=help_text("main"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="piiscan", help=help_text("opt_version"))
def cli() -> None:
    """See the catalogue."""


def main() -> None:
    """Entry point of the console script."""
    # What is there at the end goes with the process: looking through it first, to take it apart, takes a quarter of a second.
    atexit.register(gc.freeze)
    prepare()
    if os.environ.get(_COMPLETE, "").startswith("powershell"):
        importlib.import_module("piiscan.cli.completion")  # click does not know PowerShell
    cli(prog_name="piiscan", complete_var=_COMPLETE)


if __name__ == "__main__":
    main()
