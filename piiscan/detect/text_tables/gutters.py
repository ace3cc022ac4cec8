"""Columns of a print-out: lines that are blank at the same places."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Final

from piiscan.detect.names.features import lexicon
from piiscan.detect.names.words import name_words
from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables.headed import asks_again, is_filled_in, is_led_by_label
from piiscan.detect.text_tables.lines import LABEL, RULE, Cells, Line, TextTable, Value, share_of_labels, table_of

__all__ = ["gutters"]

#: Figures, maybe behind a letter, at the beginning of a cell (A2288434ﾆｼﾑﾗ ﾘｮｳ, 19790402 福島県…).
_FIGURES = re.compile(r"[A-Z]{0,2}[0-9]+(?=[^0-9A-Za-z.,:/%-])")
_LONG_FIGURES: Final = 5
#: Fewer lines are no table; in lines of so many pieces one of half as many or less is none of theirs.
_LEAST_LINES: Final = 3
_MANY_PIECES: Final = 4
#: Lines of which so many hold a sentence are prose with wide blanks, whose first line is no header.
_PROSE: Final = 0.3
_SENTENCE = re.compile(r"[^\s。]{12,}。")
_WIDE_GAP = re.compile(r"[ \u3000]{2,}|\u3000")
#: A wide blank with nothing blank beside it.
_LONE_WIDE = re.compile(r"(?<=\S)\u3000(?=\S)")
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
    if len(lines) < _LEAST_LINES:
        return None, end
    if at + 1 < end and not _heads(block[at], words) and _heads(block[at + 1], words):
        return None, at + 1  # a title over the header
    first, end = _without_edges(block, at, end)
    if first > at:
        return None, first
    lines = [line for line in block[at:end] if not RULE.fullmatch(line.text)]
    both = (False, True) if any(map(_is_ambiguous, (line.text for line in lines))) else (False,)
    found = [table for wide in both if (table := _as_columns(lines, block[at:end], words, value, wide=wide)) is not None]
    return max(found, key=lambda table: len(table.rows[0]), default=None), end


def _without_edges(block: list[Line], at: int, end: int) -> tuple[int, int]:
    """A run of lines without the ones at its top and its end that are in far fewer pieces than the others: a title, 以上 and who died."""
    pieces = {i: len(_WIDE_GAP.split(block[i].text.strip())) for i in range(at, end) if not RULE.fullmatch(block[i].text)}
    usual = sorted(pieces.values())[len(pieces) // 2]
    whole = [i for i, count in pieces.items() if count > usual / 2]
    if usual < _MANY_PIECES or len(whole) < _LEAST_LINES:
        return at, end
    return whole[0] if whole[0] > min(pieces) else at, whole[-1] + 1 if whole[-1] < max(pieces) else end


def _as_columns(lines: list[Line], block: list[Line], words: Words, value: Value, *, wide: bool) -> TextTable | None:
    """Lines cut at their gutters; None where they have none, or are no table.

    :param wide: whether characters of ambiguous width (é, Å, ①) take two columns, as programs of the far East print them, or one.
    """
    blank: list[int] | None = None
    parted = all("  " in line.text for line in lines)  # 大前　大輔: where two blanks part the columns, a wide one is within a name
    for line in lines:
        mine: list[int] = []
        if line.text.isascii():
            mine = [int(ch.isspace()) for ch in line.text]
        else:
            text = _LONE_WIDE.sub("＿", line.text) if parted and "\u3000" in line.text else line.text
            for ch in text:
                mine += [int(ch.isspace())] * _width(ch, wide=wide)
        if blank is None:
            blank = mine
        else:
            size = max(len(blank), len(mine))
            blank = [a & b for a, b in zip(blank + [1] * (size - len(blank)), mine + [1] * (size - len(mine)), strict=True)]
    heads = _word_starts(lines[0].text, wide=wide)
    starts = _column_starts(blank or [], heads)
    if len(starts) < (len(heads) + 1 if wide else 2) or sum(is_led_by_label(line.text, words) for line in lines) >= 0.5 * len(lines):
        return None
    if is_filled_in(lines[0].text, words) or asks_again(lines, words):
        return None
    rows = [_cut(line, starts, wide=wide) for line in lines]
    if _is_form(rows, words) or any(map(_cuts_a_list, rows)):
        return None
    labelled = share_of_labels([cell for _, cell in rows[0]], words)
    typical = sum(sum(bool(cell) for _, cell in row) >= max(2, 0.6 * len(starts)) for row in rows) / len(rows)
    if typical < 0.7:
        return None
    sentences = [_SENTENCE.search(line.text) is not None for line in lines]
    if (labelled < 0.5 or sentences[0]) and sum(sentences) >= _PROSE * len(lines):
        return None  # 第1条　甲は乙に対し、…する。
    if labelled >= 0.5 or (len(starts) >= 3 and len(rows) >= 4):
        return table_of(rows if labelled >= 0.5 else _parted(rows, value), block)
    return None


def _heads(line: Line, words: Words) -> bool:
    """Whether what stands between wide gaps of a line are header words."""
    return share_of_labels(_WIDE_GAP.split(line.text.strip()), words) >= LABEL


def _is_gapped(line: str) -> bool:
    return ("  " in line or "\u3000" in line) and _GAPPED.search(line) is not None


def _is_ambiguous(line: str) -> bool:
    return not line.isascii() and any(unicodedata.east_asian_width(ch) == "A" for ch in line)


def _width(ch: str, *, wide: bool) -> int:
    return 2 if unicodedata.east_asian_width(ch) in ("WFA" if wide else "WF") else 1


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


def _cuts_a_list(row: Cells) -> bool:
    """Whether a gutter lies in the middle of a list: 委員　高倉 進（委員長）、赤堀|太一、中村勇."""
    for (_, one), (_, other) in pairwise(row):
        if "、" in one and one[-1] not in "、。":
            family, given = one.rpartition("、")[2].strip(), other.partition("、")[0].strip()
            if "、" in other or (family in lexicon().surnames and given in lexicon().given):
                return True
    return False


def _is_form(rows: list[Cells], words: Words) -> bool:
    """Whether a column is of labels: 住所 and 氏名 by turns, or 日時, 出席 and 議長, each with its value beside it."""
    columns = ([cell for _, cell in column if cell] for column in zip(*rows, strict=True))
    return any(
        len(cells) >= max(3, 0.6 * len(rows))
        and (
            words.labels(cells, LABEL) >= 0.8 * len(cells)
            or (not number and sum(_names_lead(cell, words) for cell in cells) >= 0.8 * len(cells))
        )
        for number, cells in enumerate(columns)
    )


def _names_lead(cell: str, words: Words) -> bool:
    """Whether a word leads a line of minutes: 日時, 出席, 欠席, 議長."""
    lists = name_words().label
    return words.label(cell).weight >= LABEL or cell in lists.list or cell in lists.person or cell.removesuffix("者") in lists.list


def _word_starts(line: str, *, wide: bool) -> frozenset[int]:
    """Columns at which something begins after two blanks or more."""
    starts = set()
    column = blanks = 0
    for ch in line:
        if ch.isspace():
            blanks += _width(ch, wide=wide)
        else:
            if blanks >= 2:
                starts.add(column)
            blanks = 0
        column += _width(ch, wide=wide)
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


def _cut(line: Line, starts: Sequence[int], *, wide: bool) -> Cells:
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
        column += _width(ch, wide=wide)
    if which >= 0:
        pieces.append((first, len(line.text)))
    for a, b in pieces:
        cell = line.text[a:b].strip()
        cells.append((line.start + (line.text.find(cell, a) if cell else a), cell))
    cells += [(line.start + len(line.text), "")] * (len(starts) - len(cells))
    return cells
