"""Columns of a print-out: lines that are blank at the same places."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final

from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables.headed import is_led_by_label
from piiscan.detect.text_tables.lines import LABEL, RULE, Cells, Line, TextTable, Value, share_of_labels, table_of

__all__ = ["gutters"]

#: Figures, maybe behind a letter, at the beginning of a cell (A2288434ﾆｼﾑﾗ ﾘｮｳ, 19790402 福島県…).
_FIGURES = re.compile(r"[A-Z]{0,2}[0-9]+(?=[^0-9A-Za-z.,:/%-])")
_LONG_FIGURES: Final = 5
_GAPPED = re.compile(r"\S(?:  |　)\s*\S")


def gutters(block: list[Line], at: int, words: Words, value: Value) -> tuple[TextTable | None, int] | None:
    """Lines that are blank at the same places: the columns of a print-out.

    :return: the table (None where the lines are ragged) and the line after its last; None where the line has no gap.
    """
    if not _is_gapped(block[at].text):
        return None
    end = at
    while end < len(block) and _is_gapped(block[end].text):
        end += 1
    lines = [line for line in block[at:end] if not RULE.fullmatch(line.text)]
    if len(lines) < 3:
        return None, end
    blank: list[int] | None = None
    for line in lines:
        mine: list[int] = []
        if line.text.isascii():
            mine = [int(ch.isspace()) for ch in line.text]
        else:
            for ch in line.text:
                mine += [int(ch.isspace())] * _width(ch)
        if blank is None:
            blank = mine
        else:
            size = max(len(blank), len(mine))
            blank = [a & b for a, b in zip(blank + [1] * (size - len(blank)), mine + [1] * (size - len(mine)), strict=True)]
    starts = _column_starts(blank or [], _word_starts(lines[0].text))
    if len(starts) < 2 or sum(is_led_by_label(line.text, words) for line in lines) >= 0.5 * len(lines):
        return None, end
    rows = [_cut(line, starts) for line in lines]
    if _is_form(rows, words):
        return None, end
    labelled = share_of_labels([cell for _, cell in rows[0]], words)
    typical = sum(sum(bool(cell) for _, cell in row) >= max(2, 0.6 * len(starts)) for row in rows) / len(rows)
    if typical < 0.7:
        return None, end
    if labelled >= 0.5 or (len(starts) >= 3 and len(rows) >= 4):
        return table_of(rows if labelled >= 0.5 else _parted(rows, value), block[at:end]), end
    return None, end


def _is_gapped(line: str) -> bool:
    return ("  " in line or "\u3000" in line) and _GAPPED.search(line) is not None


def _width(ch: str) -> int:
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def _parted(rows: list[Cells], value: Value) -> list[Cells]:
    """Columns without a blank between them, parted: A2288434ﾆｼﾑﾗ, 19790402 福島県…, 332090108031035627 (a date and a telephone number)."""
    for column in range(len(rows[0]) - 1, -1, -1):
        for find in (_class_cut, partial(_digits_cut, value=value)):
            cells = [row[column][1] for row in rows if row[column][1]]
            if len(cells) >= 0.8 * len(rows) and (cut := find(cells)):
                rows = [[*row[:column], *_cut_at(row[column], cut), *row[column + 1 :]] for row in rows]
    return rows


def _class_cut(cells: Sequence[str]) -> int:
    """Where figures end, or begin, at the same place of nearly every cell."""
    lengths = Counter(len(match.group()) for cell in cells if (match := _FIGURES.match(cell)) and match.end() < len(cell))
    length, count = lengths.most_common(1)[0] if lengths else (0, 0)
    return length if length >= _LONG_FIGURES and count >= 0.9 * len(cells) else 0


def _digits_cut(cells: Sequence[str], value: Value) -> int:
    """Where a date ends and a telephone number begins in figures that touch."""
    if not all(cell.isascii() and cell.isdigit() and len(cell) == len(cells[0]) for cell in cells):
        return 0
    for cut in (7, 8):
        parts = [(cell[:cut], cell[cut:]) for cell in cells if cell[cut : cut + 1] == "0" and len(cell) - cut in {10, 11}]
        right = sum(value("DATE_OF_BIRTH", date) is not None and value("PHONE_NUMBER", number) is not None for date, number in parts)
        if right >= 0.8 * len(cells):
            return cut
    return 0


def _cut_at(cell: tuple[int, str], cut: int) -> Cells:
    place, text = cell
    rest = text[cut:].strip()
    return [(place, text[:cut].strip()), (place + text.find(rest, cut) if rest else place + len(text), rest)]


def _is_form(rows: list[Cells], words: Words) -> bool:
    """Whether a column is of labels: 住所 and 氏名 by turns, each with its value beside it."""
    columns = ([cell for _, cell in column if cell] for column in zip(*rows, strict=True))
    return any(len(cells) >= max(3, 0.6 * len(rows)) and words.labels(cells, LABEL) >= 0.8 * len(cells) for cells in columns)


def _word_starts(line: str) -> frozenset[int]:
    """Columns at which something begins after two blanks or more."""
    starts = set()
    column = blanks = 0
    for ch in line:
        if ch.isspace():
            blanks += _width(ch)
        else:
            if blanks >= 2:
                starts.add(column)
            blanks = 0
        column += _width(ch)
    return frozenset(starts)


def _column_starts(blank: Sequence[int], heads: frozenset[int]) -> list[int]:
    """Where columns begin: after a gutter two wide, or one that ends where a word of the first line begins."""
    starts = []
    run = 2
    for i, flag in enumerate(blank):
        if flag:
            run += 1
            continue
        if run >= 2 or (run and i in heads):
            starts.append(i)
        run = 0
    return starts


def _cut(line: Line, starts: Sequence[int]) -> Cells:
    cells: Cells = []
    column = 0
    which = -1
    first = 0
    pieces: list[tuple[int, int]] = []
    for i, ch in enumerate(line.text):
        while which + 1 < len(starts) and column >= starts[which + 1]:
            if which >= 0:
                pieces.append((first, i))
            which += 1
            first = i
        column += _width(ch)
    if which >= 0:
        pieces.append((first, len(line.text)))
    for a, b in pieces:
        cell = line.text[a:b].strip()
        cells.append((line.start + (line.text.find(cell, a) if cell else a), cell))
    cells += [(line.start + len(line.text), "")] * (len(starts) - len(cells))
    return cells
