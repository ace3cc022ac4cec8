"""Forms in bands: a line of labels and a line of values below it, cells parted by tabs, as ruled forms on pages of a PDF are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables.lines import Line, TextTable, share_of_labels, split_at, table_of

__all__ = ["bands"]

_LEAST_BANDS: Final = 2
_LABELS: Final = 0.6
_LINES: Final = 2
#: What stands between two bands, or behind the last one, has no more lines.
_BETWEEN: Final = 3


def bands(text: str, words: Words) -> list[TextTable]:
    """The form that a text is, as a table of all its lines, if two bands at least are in it."""
    if text.count("\t") < _LEAST_BANDS * _LINES:
        return []
    blocks = _blocks(text)
    found = [n for n, block in enumerate(blocks) if _is_band(block, words)]
    if len(found) < _LEAST_BANDS:
        return []
    first, last = found[0], found[-1]
    while last + 1 < len(blocks) and len(blocks[last + 1]) == _LINES and all("\t" in line.text for line in blocks[last + 1]):
        last += 1  # 部長|課長|担当 over who has stamped
    some = blocks[first : last + 1]
    if any(len(block) > _BETWEEN for block in some):
        return []
    lines = [line for block in some for line in (*block, Line(-1, ""))][:-1]
    rows = [split_at(line, "\t") if line.start >= 0 else [(-1, "")] for line in lines]
    whole = table_of(rows, [line for line in lines if line.start >= 0])
    return [whole]


def _blocks(text: str) -> list[list[Line]]:
    blocks: list[list[Line]] = [[]]
    at = 0
    for raw in text.split("\n"):
        if raw.strip():
            blocks[-1].append(Line(at, raw))
        elif blocks[-1]:
            blocks.append([])
        at += len(raw) + 1
    return [block for block in blocks if block]


def _is_band(block: Sequence[Line], words: Words) -> bool:
    if len(block) != _LINES or not block[0].text.count("\t"):
        return False
    labels, cells = ([cell for _, cell in split_at(line, "\t")] for line in block)
    if len(cells) > len(labels) or any(cell and not label for label, cell in zip(labels, cells, strict=False)):
        return False
    return share_of_labels(labels, words) >= _LABELS and any(cells) and not words.labels([cell for cell in cells if cell], _LABELS)
