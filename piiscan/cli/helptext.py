"""Help pages that keep to the terminal's width in Japanese too, where a character takes two columns."""

from __future__ import annotations

from collections.abc import Iterable

import click

from piiscan.cli.columns import fold, pad, width

__all__ = ["WideContext"]


class WideFormatter(click.HelpFormatter):
    """As click's own, but it counts columns, not characters."""

    def write_text(self, text: str) -> None:
        """Paragraphs; one that begins with a backspace character keeps its lines."""
        indent = " " * self.current_indent
        columns = max(20, self.width - self.current_indent)
        paragraphs = text.expandtabs().split("\n\n")
        for i, paragraph in enumerate(paragraphs):
            if i:
                self.write("\n")
            head, _, rest = paragraph.partition("\n")
            if head.strip() == "\b":
                self.write("".join(f"{indent}{line}\n" for line in rest.split("\n")))
            else:
                words = "".join(line.strip() + (" " if line.rstrip()[-1:].isascii() else "") for line in paragraph.split("\n"))
                self.write("".join(f"{indent}{line}\n" for line in fold(words.strip(), columns)))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Terms left, what they mean right."""
        rows = list(rows)
        if not rows:
            return
        first = min(max(width(term) for term, _ in rows), col_max) + col_spacing
        columns = max(20, self.width - first - self.current_indent - 1)
        indent = " " * self.current_indent
        for term, meaning in rows:
            lines = fold(meaning, columns) if meaning else [""]
            if width(term) > first - col_spacing:
                self.write(f"{indent}{term}\n{indent}{' ' * first}{lines[0]}\n")
            else:
                self.write(f"{indent}{pad(term, first)}{lines[0]}".rstrip() + "\n")
            self.write("".join(f"{indent}{' ' * first}{line}\n" for line in lines[1:]))


class WideContext(click.Context):
    """A context whose help is written so."""

    formatter_class = WideFormatter
