"""``piiscan init``: three questions, and a commented ``piiscan.toml`` is written."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import click

from piiscan.cli.common import App, fail, help_text, is_there, pass_app, verb
from piiscan.cli.exitcodes import ExitCode

__all__ = ["command", "settings_text"]


@verb("init", "init")
@click.option("--root", "roots", multiple=True, help=help_text("opt_root"))
@click.option("--reports", default=None, help=help_text("opt_reports"))
@click.option("--mail", default=None, help=help_text("opt_mail"))
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), default="piiscan.toml", help=help_text("opt_settings_out"))
@click.option("--force", is_flag=True, help=help_text("opt_force"))
@pass_app
def command(app: App, roots: tuple[str, ...], reports: str | None, mail: str | None, output: Path, force: bool) -> None:
    """See the catalogue."""
    from piiscan.cli.opening import sentences
    from piiscan.reports.base import opened_atomically
    from piiscan.settings import SettingsError, load_settings

    if is_there(output) and not force:
        fail(app.say("init.exists", path=output))
    asks = sys.stdin.isatty()
    if asks and not (roots and reports is not None and mail is not None):
        click.echo(app.say("init.hello"), err=True)
    if not roots:
        roots = tuple(part.strip() for part in _ask(app, asks, "root", str(Path.cwd())).split(",") if part.strip())
    if reports is None:
        reports = _ask(app, asks, "reports", str(Path.cwd() / "piiscan-reports"))
    if mail is None:
        mail = _ask(app, asks, "mail", "")
    text = settings_text(app, roots, reports, mail)
    with tempfile.TemporaryDirectory() as folder:  # what was typed may be nothing that settings can hold
        draft = Path(folder) / "piiscan.toml"
        draft.write_text(text, encoding="utf-8")
        try:
            load_settings(draft, environment={})
        except SettingsError as error:
            fail(app.fault(str(error).replace(str(draft), str(output))))
    with sentences(app, str(output)), opened_atomically(output) as file:
        file.write(text.encode())
    click.echo(app.say("init.written", path=output))
    for root in roots:
        if "://" not in root and not is_there(root):
            click.echo(app.say("init.no_root", path=root), err=True)
    click.echo(app.say("init.next", path=output))
    raise click.exceptions.Exit(int(ExitCode.OK))


def _ask(app: App, asks: bool, name: str, default: str) -> str:
    if not asks:
        if name == "root":
            fail(app.say("init.no_terminal"))
        return default
    shown = f"［{default}］" if app.lang == "ja" and default else f" [{default}]" if default else ""
    return str(click.prompt(app.say(f"init.ask_{name}") + shown, default=default, show_default=False, err=True)).strip()


def settings_text(app: App, roots: tuple[str, ...], reports: str, mail: str) -> str:
    """The file, with a comment before each part in the language of the run."""
    say = app.say

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML basic string

    def comment(key: str) -> str:
        return "".join(f"# {line}\n" for line in say(f"init.{key}").splitlines())

    places = "[" + ", ".join(quoted(root) for root in roots) + "]"
    sender, to = (mail, [part.strip() for part in mail.split(",") if part.strip()]) if mail else ("security@example.co.jp", [])
    mark = "" if to else "# "
    host = "localhost"
    return (
        comment("c_head")
        + f'\n{comment("c_inventory")}inventory = "piiscan.db"\n'
        + f"\n{comment('c_roots')}roots = {places}\n"
        + f'\n{comment("c_exclude")}exclude = ["node_modules/", ".git/", "~$*"]\n'
        + f"\n{comment('c_lang')}lang = {quoted(app.lang)}\n"
        + f'\n{comment("c_passwords")}# passwords = [""]\n'
        + f'\n{comment("c_log")}# log_file = "piiscan-nightly.jsonl"\n# metrics_file = "/var/lib/node_exporter/textfile/piiscan.prom"\n'
        + f"\n{comment('c_limits')}[limits]\n# file_bytes = 4294967296\n# seconds = 120\n"
        + f'\n{comment("c_detection")}[detection]\n# threshold = 0.5\n# disable = ["IP_ADDRESS"]\n# recognizers = ["recognizers"]\n'
        + f'\n{comment("c_usb")}[usb]\n# forbid = "high"\n# approve = "low"\n'
        + f'\n{comment("c_nightly")}[[nightly]]\nname = "share"\nroots = {places}\n'
        + f"csv_dir = {quoted(reports)}\nxlsx_dir = {quoted(reports)}\nhtml_dir = {quoted(reports)}\nkeep_days = 90\n"
        + f'\n{comment("c_link")}# link = "https://intranet.example.co.jp/piiscan"\n'
        + f'\n{comment("c_mail")}{mark}[nightly.mail]\n{mark}host = {quoted(host)}\n{mark}port = 25\n{mark}security = "none"\n'
        + f"{mark}sender = {quoted(sender.split(',')[0].strip())}\n"
        + f"{mark}to = [{', '.join(quoted(address) for address in to or [sender])}]\n"
        + '# user = "piiscan"\n# password_env = "PIISCAN_MAIL_PASSWORD"\n# min_level = "medium"\n'
        + f'\n{comment("c_webhook")}# [nightly.webhook]\n# url = "https://chat.example.co.jp/hooks/…"\n'
    )
