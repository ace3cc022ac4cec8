"""Writes ``docs/formats.md`` and ``docs/entities.md`` from the code and the rules (``make docs``); a test keeps them current.

Also the command-line library's catalogue, and the manual pages in ``docs/man/`` (not kept in the repository: they follow every
help text).
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tomllib
from pathlib import Path

from piiscan.catalogue import load_catalogue
from piiscan.extractors import formats

DOCS = Path(__file__).resolve().parent.parent / "docs"
MO = DOCS.parent / "piiscan" / "locale" / "ja" / "LC_MESSAGES" / "click.mo"


_FORMATS = {
    "en": [
        "# Formats",
        "",
        "Made by `make docs` from each extractor's `DOC`. Files are recognised by content, not by name.",
        "Whatever is not listed is recorded as `unsupported` with its detected type.",
        "",
        "| format | description | what is read | what is not | engine |",
        "|---|---|---|---|---|",
    ],
    "ja": [
        "# 読める形式",
        "",
        "`make docs` が各抽出器の `DOC` から作成。ファイルは名前ではなく内容で見分けます。",
        "ここにない形式は、判定した種類とともに `unsupported`（未対応）と記録します。",
        "",
        "| 形式 | 説明 | 読めるもの | 読めないもの | エンジン |",
        "|---|---|---|---|---|",
    ],
}


def formats_page(lang: str) -> str:
    lines = [*_FORMATS[lang]]
    for extractor in formats():
        doc = extractor.DOC.of(lang)
        lines.append(
            f"| `{extractor.NAME}` {' '.join(extractor.SUFFIXES)} | {doc.description} | {'; '.join(doc.sees)} | {'; '.join(doc.limitations)} | {doc.engine} |"
        )
    return "\n".join(lines) + "\n"


def entities_page() -> str:
    catalogue = load_catalogue()
    lines = [
        "# Kinds of personal data",
        "",
        "Made by `make docs` from `recognizers/`. `piiscan recognizers explain ENTITY` prints one rule in full.",
        "",
        "| entity | 日本語 | English | law | level alone | examples + / − |",
        "|---|---|---|---|---|---|",
    ]
    for entity, rule in sorted(catalogue.rules.items()):
        lines.append(
            f"| `{entity}` | {rule.label.ja} | {rule.label.en} | {rule.law or '—'} | {rule.level} | {len(rule.examples.match)} / {len(rule.examples.no_match)} |"
        )
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    return {DOCS / "formats.md": formats_page("en"), DOCS / "formats.ja.md": formats_page("ja"), DOCS / "entities.md": entities_page()}


def man_page(lang: str) -> str:
    """In a process of its own: help texts are made once, in one language."""
    environment = {**os.environ, "PIISCAN_LANG": lang}
    command = [sys.executable, str(DOCS.parent / "tools" / "man_page.py")]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env=environment, cwd=DOCS.parent).stdout


def click_mo() -> bytes:
    """The section ``[click]`` of the catalogue as a GNU message catalogue (little endian, revision 0), for :mod:`gettext`."""
    with (DOCS.parent / "piiscan" / "locale" / "messages.toml").open("rb") as file:
        entries = tomllib.load(file)["click"].values()
    messages = {"": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"}
    messages |= {"\0".join(filter(None, (entry["en"], entry.get("plural")))): entry["ja"] for entry in entries}
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    at = 28 + 16 * len(pairs)
    tables: list[list[int]] = [[], []]
    body = b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += [len(pair[column]), at + len(body)]
            body += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + struct.pack(f"<{4 * len(pairs)}I", *tables[0], *tables[1]) + body


def main() -> None:
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(DOCS.parent))
    for lang, path in (("en", DOCS / "man" / "piiscan.1"), ("ja", DOCS / "man" / "ja" / "piiscan.1")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(man_page(lang), encoding="utf-8", newline="\n")
        print(path.relative_to(DOCS.parent))
    MO.parent.mkdir(parents=True, exist_ok=True)
    MO.write_bytes(click_mo())
    print(MO.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
