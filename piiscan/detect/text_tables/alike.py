"""Lists without a header: lines of as many words each, one of them a way to reach somebody."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from piiscan.detect.text_tables.lines import LEAST_ALIKE, TOKEN, Cells, Line, TextTable, Value, table_of

__all__ = ["Alike"]

_CONTACT = re.compile(r"[0-9０-９]{4}(?![0-9０-９])|@|＠")
#: What may be said of a number in its word, and what more than that: 璃子（080-1234-5678） is the end of a name and a number.
_REACHED = re.compile(r"携帯|自宅|電話|直通|内線|勤務先|会社|職場|実家|固定|緊急|本人|代表")
_SOMEBODY = re.compile("[々㐀-鿿ぁ-ゖァ-ヺ]")
_LONG_WORD: Final = 40


class Alike:
    """Lines of as many words each, of which one is everywhere a telephone number or an address of mail: 1班 山田太郎 090-…

    A run of such lines is asked about from every line of it (its first may be a heading), but each of its words is judged once.
    """

    def __init__(self, block: list[Line], value: Value) -> None:
        self._block = block
        self.value = value
        self._run = (0, 0)
        self._from = 0
        self._words: list[list[str]] = []

    def table_at(self, at: int) -> tuple[TextTable | None, int]:
        """The table that begins at a line, and the line after its last."""
        if not self._run[0] <= at < self._run[1] and not self._gather(at):
            return None, at + 1
        end = self._run[1]
        if at < self._from or end - at < LEAST_ALIKE:
            return None, at + 1
        lines = self._block[at:end]
        rows = [[(line.start + m.start(), m[0]) for m in TOKEN.finditer(line.text)] for line in lines]
        return table_of(_names_whole(rows, lines, self.value), lines), end

    def _gather(self, at: int) -> bool:
        """Whether a run of lines with as many words as that at ``at`` begins there."""
        block = self._block
        if not _CONTACT.search(block[at].text):
            return False
        words = block[at].text.split()
        if not 2 <= len(words) <= 8 or words[0].endswith((":", "：")):  # From: …, To: …
            return False
        self._words = []
        end = at
        while len(words) == len(self._words[0] if self._words else words) and _CONTACT.search(block[end].text):
            self._words.append(words)
            end += 1
            if end == len(block):
                break
            words = block[end].text.split()
        self._run = (at, end)
        self._from = self._begins()
        return True

    def _begins(self) -> int:
        """The first line of the run from which on a table may begin: one column is contacts, those before it are short."""
        best = end = self._run[1]
        for column in range(len(self._words[0])):
            contacts = min(self._after_last(column, partial(self._is_not, entity)) for entity in ("PHONE_NUMBER", "EMAIL_ADDRESS"))
            if end - contacts < LEAST_ALIKE:
                continue
            short = max(self._after_last(each, _is_said) for each in range(column + 1))
            best = min(best, max(contacts, short))
        return best

    def _is_not(self, entity: str, word: str) -> bool:
        match = self.value(entity, word)
        return match is None or _SOMEBODY.search(_REACHED.sub("", word[: match.start] + word[match.end :])) is not None

    def _after_last(self, column: int, fails: Callable[[str], bool]) -> int:
        """The line after the last one whose word in a column fails."""
        first, end = self._run
        at = end
        while at > first and not fails(self._words[at - 1 - first][column]):
            at -= 1
        return at


def _is_said(word: str) -> bool:
    """Whether a word is too much for a cell: 星奈様より。夜から熱が続く。折返し, before the number."""
    return len(word) > _LONG_WORD or "。" in word[:-1]


def _names_whole(rows: list[Cells], lines: Sequence[Line], value: Value) -> list[Cells]:
    """山田 太郎 in one cell, where two words of every row are a name together."""
    for column in range(len(rows[0]) - 1):
        pairs = [
            line.text[row[column][0] - line.start : row[column + 1][0] - line.start + len(row[column + 1][1])]
            for row, line in zip(rows, lines, strict=True)
        ]
        scores = [match.score for pair in pairs if not any(map(str.isdigit, pair)) and (match := value("PERSON", pair)) is not None]
        if len(scores) >= 0.8 * len(pairs) and sum(scores) >= 0.75 * len(pairs):
            return [[*row[:column], (row[column][0], pair), *row[column + 2 :]] for row, pair in zip(rows, pairs, strict=True)]
    return rows
