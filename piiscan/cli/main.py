"""``piiscan``: the group of verbs. Loads a verb's module only when it is called, so ``--help`` is quick."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from piiscan import __version__
from piiscan.cli.common import common_options, help_text, take_common

__all__ = ["main"]

#: verb -> (module, catalogue key of its one-line help)
VERBS = {
    "scan": ("piiscan.cli.scan", "scan_short"),
    "usb": ("piiscan.cli.usb", "usb_short"),
    "usb-policy": ("piiscan.cli.usb_policy", "usb_policy_short"),
    "usb-approve": ("piiscan.cli.usb_approve", "usb_approve_short"),
    "nightly": ("piiscan.cli.nightly", "nightly_short"),
    "inspect": ("piiscan.cli.inspect", "inspect_short"),
    "extract": ("piiscan.cli.extract", "extract_short"),
    "report": ("piiscan.cli.report", "report_short"),
    "recognizers": ("piiscan.cli.recognizers", "recognizers_short"),
    "formats": ("piiscan.cli.formats", "formats_short"),
    "doctor": ("piiscan.cli.doctor", "doctor_short"),
}


class _Verbs(click.Group):
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
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section(help_text("verbs")):
            formatter.write_dl([(name, help_text(short)) for name, (_, short) in VERBS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        take_common(ctx)
        return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        formatter.write("\n" + help_text("epilog"))


@click.group("piiscan", cls=_Verbs, help=help_text("main"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="piiscan")
def cli() -> None:
    """See the catalogue."""


def main() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # File names may hold bytes that no console can show (and CP932 consoles show less).
            stream.reconfigure(errors="backslashreplace")
    cli()


if __name__ == "__main__":
    main()
