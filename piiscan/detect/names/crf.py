"""The linear-chain CRF: its weights for pairs and triples of neighbours' classes, brackets and runs of katakana."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from piiscan.detect.names.tokens import RUN_CODES, STATES, Contexts

__all__ = ["OFFSETS", "Linear"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: Distances that a token type is looked at from.
OFFSETS = (-2, -1, 0, 1, 2)


class _Sparse:
    """Rows of weights by code, most of which have none: a full table of them would not stay in the processor's cache."""

    def __init__(self, cells: int, codes: Ints, weights: Floats) -> None:
        self._rows: npt.NDArray[np.int32] = np.zeros(cells, np.int32)
        self._rows[codes] = np.arange(1, len(codes) + 1)
        self._weights: Floats = np.concatenate((np.zeros((1, weights.shape[1]), np.float32), weights))

    def of(self, codes: Ints) -> Floats:
        """The weights of each code."""
        found: Floats = self._weights.take(self._rows.take(codes), axis=0)
        return found


class Linear:
    """The CRF's weights."""

    def __init__(self, data: dict[str, npt.NDArray[Any]], scale: float) -> None:
        fine = bytes(data["fine"]).decode().split("\n")
        coarse = bytes(data["coarse"]).decode().split("\n")
        self.fine = {name: i + 1 for i, name in enumerate(fine)}
        self.coarse = {name: i + 1 for i, name in enumerate(coarse)}
        self._tables: dict[str, _Sparse] = {}
        for name, cells in (
            ("p-", (len(fine) + 1) ** 2),
            ("p+", (len(fine) + 1) ** 2),
            ("t0", (len(coarse) + 1) ** 3),
            ("t-", (len(coarse) + 1) ** 3),
            ("t+", (len(coarse) + 1) ** 3),
            ("x0", STATES * (len(coarse) + 1)),
            ("r0", RUN_CODES),
            ("r-", RUN_CODES * (len(fine) + 1)),
            ("r+", RUN_CODES * (len(fine) + 1)),
        ):
            self._tables[name] = _Sparse(cells, data[f"{name}codes"].astype(np.int64), data[f"{name}weights"].astype(np.float32) * scale)

    def pairs(self, at: Ints, fine: Ints, coarse: Ints, where: Contexts) -> Floats:
        """Scores of the places ``at`` from pairs and triples of neighbours' classes, brackets and runs."""
        tables = self._tables
        wide = len(self.fine) + 1
        here = fine[at]
        total = tables["p-"].of(fine[at - 1] * wide + here)
        total += tables["p+"].of(here * wide + fine[at + 1])
        wide = len(self.coarse) + 1
        left2, left, mid, right, right2 = (coarse[at + offset] for offset in OFFSETS)
        total += tables["t-"].of((left2 * wide + left) * wide + mid)
        total += tables["t0"].of((left * wide + mid) * wide + right)
        total += tables["t+"].of((mid * wide + right) * wide + right2)
        total += tables["x0"].of(mid * STATES + where.states[at])
        runs = where.runs[at]
        inside = runs.nonzero()[0]
        if len(inside):
            code, place = runs[inside] - 1, at[inside]
            wide = len(self.fine) + 1
            total[inside] += (
                tables["r0"].of(code)
                + tables["r-"].of(code * wide + fine[where.before[place]])
                + tables["r+"].of(code * wide + fine[where.after[place]])
            )
        return total
