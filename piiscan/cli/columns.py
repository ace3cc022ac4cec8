"""Columns of a terminal: how wide a text is there, and how it is folded. A Japanese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import combining, east_asian_width

__all__ = ["fold", "hanging", "pad", "width"]

#: An English word, an option or a path stays in one piece; a run of spaces is one; a Japanese character stands alone.
_PIECE = re.compile(r"[!-~]+| +|.", re.DOTALL)
#: May not begin a line (kinsoku), and may not end one.
_NOT_FIRST = frozenset("、。，．・：；）］｝」』】〉》”’!?！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…")
_NOT_LAST = frozenset("（［｛「『【〈《“‘")


def width(text: str) -> int:
    """Columns that ``text`` takes."""
    return sum(0 if combining(ch) else 2 if east_asian_width(ch) in "WFA" else 1 for ch in text)


def pad(text: str, columns: int) -> str:
    """``text`` with spaces up to ``columns``."""
    return text + " " * max(0, columns - width(text))


def fold(text: str, columns: int) -> list[str]:
    """``text`` in lines of at most ``columns``, broken where Japanese and English may be broken; at least one line.

    >>> fold("中身が変わっていないか、--verify で確かめる", 22)
    ['中身が変わっていない', 'か、--verify で確かめ', 'る']
    """
    lines: list[str] = []
    line, wide = "", 0
    for piece in _pieces(text):
        size = width(piece)
        if line and wide + size > columns and not piece.isspace():
            lines.append(line.rstrip())
            line, wide = "", 0
        while size > columns:  # a path longer than the line
            cut = piece[:columns]
            while width(cut) > columns:
                cut = cut[:-1]
            lines.append(cut)
            piece = piece[len(cut) :]
            size = width(piece)
        if line or not piece.isspace():
            line += piece
            wide += size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def hanging(head: str, text: str, columns: int) -> list[str]:
    """``head`` and ``text``, folded with the following lines set in under the text.

    >>> hanging("  sees: ", "paragraphs, tables, notes", 22)
    ['  sees: paragraphs,', '        tables, notes']
    """
    inset = width(head)
    lines = fold(text, max(10, columns - inset))
    return [head + lines[0], *(" " * inset + line for line in lines[1:])]


def _pieces(text: str) -> Iterator[str]:
    """Pieces between which a line may break."""
    held = ""
    for piece in _PIECE.findall(text):
        if held and (piece[0] in _NOT_FIRST or held[-1] in _NOT_LAST):
            held += piece
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held
