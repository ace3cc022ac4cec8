"""Writes ``docs/formats.md`` and ``docs/entities.md`` from the code and the rules (``make docs``); a test keeps them current."""

from __future__ import annotations

from pathlib import Path

from piiscan.catalogue import load_catalogue
from piiscan.extractors import formats

DOCS = Path(__file__).resolve().parent.parent / "docs"


def formats_page() -> str:
    lines = [
        "# Formats",
        "",
        "Made by `make docs` from each extractor's `DOC`. Files are recognised by content, not by name.",
        "Whatever is not listed is recorded as `unsupported` with its detected type.",
        "",
        "| format | description | what is read | what is not | engine |",
        "|---|---|---|---|---|",
    ]
    for extractor in formats():
        doc = extractor.DOC
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
    return {DOCS / "formats.md": formats_page(), DOCS / "entities.md": entities_page()}


def main() -> None:
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
