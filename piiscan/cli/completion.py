"""``piiscan completion``: the script that completes commands and options in a shell.

bash, zsh and fish come with click; PowerShell is ours, in the same protocol:
the shell calls piiscan with the words so far in the environment, and piiscan
answers with one candidate a line.
"""

from __future__ import annotations

import os
from typing import Any, ClassVar

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class

from piiscan.cli.common import App, pass_app, verb
from piiscan.cli.exitcodes import ExitCode

__all__ = ["VARIABLE", "PowerShellComplete", "command"]

#: The variable by which a shell asks.
VARIABLE = "_PIISCAN_COMPLETE"

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $env:%(complete_var)s = "powershell_complete"
    $env:COMP_WORDS = ($words -join "`n")
    $env:COMP_WORD = $wordToComplete
    & %(prog_name)s | ForEach-Object {
        $type, $value, $help = $_ -split "`t", 3
        if ($type -eq "file" -or $type -eq "dir") { return }
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_WORD
}
"""


@add_completion_class
class PowerShellComplete(ShellComplete):
    """Windows PowerShell 5 and PowerShell 7. Files are completed by the shell itself."""

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is completed, and that one."""
        incomplete = os.environ.get("COMP_WORD", "")
        words = os.environ.get("COMP_WORDS", "").split("\n")[1:]
        return (words[:-1] if incomplete and words and words[-1] == incomplete else words), incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """Type, value and help, with tabs between."""
        return f"{item.type}\t{item.value}\t{(item.help or '').splitlines()[0] if item.help else ''}"


@verb("completion", "completion")
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
@pass_app
def command(app: App, shell: str) -> None:  # noqa: ARG001 -- every verb gets it
    """See the catalogue."""
    from piiscan.cli.main import cli

    kind: Any = get_completion_class(shell)
    click.echo(kind(cli, {}, "piiscan", VARIABLE).source())
    raise click.exceptions.Exit(int(ExitCode.OK))
