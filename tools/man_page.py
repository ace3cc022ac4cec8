"""Prints the manual page of ``piiscan`` in the language of ``PIISCAN_LANG``, from the help of every verb (``make docs``)."""

from __future__ import annotations

import sys

import click

from piiscan.cli.common import help_text, wanted_language
from piiscan.cli.console import speak
from piiscan.cli.main import cli

HEADS = {
    "en": {
        "name": "NAME", "synopsis": "SYNOPSIS", "description": "DESCRIPTION", "options": "OPTIONS", "commands": "COMMANDS",
        "exit": "EXIT STATUS AND EXAMPLES", "environment": "ENVIRONMENT", "files": "FILES",
        "about": "find personal data in files, shares and USB sticks",
        "variables": [
            ("PIISCAN_CONFIG", "settings file, as --config"), ("PIISCAN_LANG", "language, as --lang"),
            ("PIISCAN_INVENTORY, PIISCAN_LIMITS__SECONDS, ...", "any key of the settings file"),
            ("PIISCAN_KEY_FILE", "key of the fingerprints, instead of the one beside the inventory"),
            ("PIISCAN_KEY_PASSPHRASE", "passphrase of a signing key (usb-policy, usb-approve)"), ("NO_COLOR", "no colours"),
        ],
        "paths": [
            ("piiscan.toml", "settings; piiscan init writes one"), ("piiscan.db, piiscan.db.key", "inventory and the key of its fingerprints"),
            ("/etc/xdg/piiscan/usb-policy.toml, usb-policy.pub", "USB policy of the machine and the key that must have signed it"),
            ("~/.local/share/piiscan/usb-records/", "signed records of USB checks"),
        ],
    },
    "ja": {
        "name": "名前", "synopsis": "書式", "description": "説明", "options": "オプション", "commands": "コマンド",
        "exit": "終了コードと使用例", "environment": "環境変数", "files": "ファイル",
        "about": "ファイル・共有・USBメモリーの個人情報を探す",
        "variables": [
            ("PIISCAN_CONFIG", "設定ファイル（--config と同じ）"), ("PIISCAN_LANG", "表示言語（--lang と同じ）"),
            ("PIISCAN_INVENTORY, PIISCAN_LIMITS__SECONDS, ...", "設定ファイルの各キー"),
            ("PIISCAN_KEY_FILE", "指紋の鍵（省略時は台帳の隣）"),
            ("PIISCAN_KEY_PASSPHRASE", "署名鍵のパスフレーズ（usb-policy、usb-approve）"), ("NO_COLOR", "色を使わない"),
        ],
        "paths": [
            ("piiscan.toml", "設定（piiscan init で作成）"), ("piiscan.db, piiscan.db.key", "台帳と指紋の鍵"),
            ("/etc/xdg/piiscan/usb-policy.toml, usb-policy.pub", "USB持ち出し基準と、その署名を確かめる公開鍵"),
            ("~/.local/share/piiscan/usb-records/", "USBチェックの署名つき記録"),
        ],
    },
}  # fmt: skip


def roff(text: str) -> str:
    """``text`` with what troff would take for itself made plain."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in {".", "'"} else line for line in text.split("\n"))


def paragraphs(text: str) -> list[str]:
    """Help text: folded paragraphs, and kept lines after a backspace character."""
    out = []
    for paragraph in text.strip().split("\n\n"):
        head, _, rest = paragraph.partition("\n")
        out += [".PP", ".nf", roff(rest), ".fi"] if head.strip() == "\b" else [".PP", roff(paragraph)]
    return out


def options(command: click.Command, context: click.Context) -> list[str]:
    """One tagged paragraph an option."""
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    return [line for record in records if record and record[1] for line in (".TP", f".B {roff(record[0])}", roff(record[1]))]


def verb_pages(command: click.Command, context: click.Context) -> list[str]:
    """A section a verb, and a verb of a verb."""
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f'.SS "{roff(context.command_path)}"', f".B {roff(context.command_path)}", roff(usage), *paragraphs(command.help or "")]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            lines += verb_pages(below, below.context_class(below, info_name=name, parent=context))
        return lines
    return lines + options(command, context)


def page() -> str:
    lang = wanted_language()
    speak(lang)
    heads = HEADS[lang]
    context = cli.context_class(cli, info_name="piiscan")
    lines = [
        '.\\" Made by `make docs` from the help texts; change piiscan/locale/messages.toml.',
        '.TH PIISCAN 1 "" piiscan "piiscan"',
        f".SH {heads['name']}", f"piiscan \\- {heads['about']}",
        f".SH {heads['synopsis']}", ".B piiscan", "[OPTIONS] COMMAND [ARGS]...",
        f".SH {heads['description']}", *paragraphs(cli.help or ""),
        f".SH {heads['options']}", *options(cli, context),
        f".SH {heads['commands']}",
    ]  # fmt: skip
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        lines += verb_pages(command, command.context_class(command, info_name=name, parent=context))
    lines += [f'.SH "{heads["exit"]}"', ".nf", roff(help_text("epilog").strip()), ".fi"]
    for head, entries in (("environment", "variables"), ("files", "paths")):
        lines.append(f".SH {heads[head]}")
        for term, meaning in heads[entries]:
            lines += [".TP", f".B {roff(term)}", roff(meaning)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())
