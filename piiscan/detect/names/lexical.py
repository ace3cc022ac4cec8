"""What a word is like, whatever stands around it: the clusters of words that it is in, and what its characters look like."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from piiscan.detect.names.features import TokenType, grams, script

__all__ = ["Clusters", "Looks", "added"]

Floats = npt.NDArray[np.float32]


def added(table: Floats, rows: Sequence[Sequence[int]]) -> Floats:
    """The sum of some rows of a table for each item, added in their order (another order rounds otherwise); zeros where there are none.

    :return: ``(items, width)``.
    """
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    total = np.zeros((len(rows), table.shape[1]), np.float32)
    if not lengths.any():
        return total
    order = (-lengths).argsort(kind="stable")  # the longest first: those that still go on are the first ones
    lengths = lengths[order]
    padded = np.zeros((len(rows), int(lengths[0])), np.int64)
    padded[np.arange(padded.shape[1]) < lengths[:, None]] = [row for i in order.tolist() for row in rows[i]]
    sums = table.take(padded[:, 0], axis=0)
    for k in range(1, padded.shape[1]):
        going_on = int((-lengths).searchsorted(-k, side="left"))
        np.add(sums[:going_on], table.take(padded[:going_on, k], axis=0), out=sums[:going_on])
    sums[lengths == 0] = 0.0
    total[order] = sums
    return total


def _crc(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Clusters:
    """Word clusters: CRC-32 of a word (sorted) -> row -> ids in clusterings from coarse to fine."""

    keys: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.uint16]
    ids: npt.NDArray[np.uint16]

    def row(self, token: TokenType) -> int:
        """The row of a token's vector, by its normalised form, else its surface; -1 when unknown."""
        return self.rows_of([token])[0]

    def rows_of(self, tokens: Sequence[TokenType]) -> list[int]:
        """:meth:`row` of each."""
        if not len(self.keys):
            return [-1] * len(tokens)
        norms = np.fromiter((_crc(token.norm) for token in tokens), np.uint32, len(tokens))
        surfaces = np.fromiter((_crc(token.surface) for token in tokens), np.uint32, len(tokens))
        found = np.full(len(tokens), -1, np.int64)
        for crcs in (surfaces, norms):  # the normalised form goes first: it is asked last
            at = np.minimum(self.keys.searchsorted(crcs), len(self.keys) - 1)
            there = self.keys[at] == crcs
            found[there] = self.rows[at[there]]
        rows: list[int] = found.tolist()
        return rows

    def at(self, row: int) -> tuple[int, ...]:
        """The ids of a row; empty for -1."""
        return () if row < 0 else tuple(self.ids[row].tolist())

    def of(self, token: TokenType) -> tuple[int, ...]:
        """The ids of a token; empty when it is unknown."""
        return self.at(self.row(token))


class Looks:
    """What a word looks like by its characters alone (a foreign person, a place, a surname …), for words that no list knows.

    A softmax over character n-grams, trained on the proper and common nouns of SudachiDict.
    """

    def __init__(self, names: list[str], classes: list[str], weights: Floats) -> None:
        self._row = {name: i for i, name in enumerate(names)}
        self._weights = weights
        self._classes = classes

    def of(self, token: TokenType) -> str:
        """The two likeliest classes and how likely the first is, as a short string; empty for kana words and signs."""
        return self.of_all([token])[0]

    def of_all(self, tokens: Sequence[TokenType]) -> list[str]:
        """:meth:`of` each."""
        out = [""] * len(tokens)
        asked = [(i, rows) for i, token in enumerate(tokens) if (rows := self._rows(token))]
        if not asked:
            return out
        scores = added(self._weights, [rows for _, rows in asked])
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        scores /= scores.sum(axis=1, keepdims=True)
        order = np.argsort(-scores, axis=1)[:, :2].tolist()
        tops = scores.max(axis=1).tolist()
        for (i, _), (first, second), top in zip(asked, order, tops, strict=True):
            sure = "3" if top > 0.95 else "2" if top > 0.8 else "1" if top > 0.6 else "0" + self._classes[second]
            out[i] = self._classes[first] + sure
        return out

    def _rows(self, token: TokenType) -> list[int]:
        """The weights that a word's characters have; none for kana words and signs."""
        if token.pos[0] in {"助詞", "助動詞", "補助記号", "記号", "空白", "PAD"}:
            return []
        word = token.surface
        kind = script(word)
        if kind not in "kKm" or (kind == "m" and len(word) < 2):
            return []
        get = self._row.get
        return [row for gram in grams(word) if (row := get(gram)) is not None]
