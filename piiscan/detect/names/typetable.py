"""What is worked out once of a token type: its weight vectors at each distance (CRF), its share of the net's gates, of the sieve and of the gate.

A new word costs more than a hundred known ones; all that a text brings are worked out together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from piiscan.detect.names.crf import OFFSETS, Linear
from piiscan.detect.names.features import TokenType, coarse_class, features, fine_class
from piiscan.detect.names.lexical import Clusters, Looks, added
from piiscan.detect.names.net import Net, Sieve

__all__ = ["TypeTable"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: Types that are worked out together.
_BATCH = 1024
_ROOM = 2048


def _longer(table: npt.NDArray[Any], room: int) -> npt.NDArray[Any]:
    """A table with room for more rows, what was there before in front."""
    new = np.zeros((room, *table.shape[1:]), table.dtype)
    new[: len(table)] = table
    return new


class TypeTable:
    """Rows by the number of a type. The first is the pad.

    :ivar vectors: ``(types, distances, labels)``, for the CRF. :ivar inputs: ``(2 * types, 4 * hidden)``, for the net, a row a direction.
    :ivar sieves: ``(types, distances, cells)``. :ivar gates: ``(types, distances)``. :ivar fines, coarses: classes for pairs and triples.
    """

    def __init__(self, data: dict[str, npt.NDArray[Any]], linear: Linear, net: Net, sieve: Sieve, clusters: Clusters, looks: Looks) -> None:
        self._linear, self._net, self._sieve, self._clusters, self._looks = linear, net, sieve, clusters, looks
        #: Row of the CRF's weights by feature, and row of the net's.
        self._weight_row = {name: i for i, name in enumerate(bytes(data["features"]).decode().split("\n"))}
        self._net_row = {name: i for i, name in enumerate(bytes(data["net_features"]).decode().split("\n"))}
        self._weights: Floats = data["weights"].astype(np.float32) * float(data["scale"])
        self.clear()

    def clear(self) -> None:
        """Forgets all types."""
        self.filled = 0
        labels, cells = self._weights.shape[1] // len(OFFSETS), len(self._sieve.bias)
        self.vectors: Floats = np.zeros((_ROOM, len(OFFSETS), labels), np.float32)
        self.inputs: Floats = np.zeros((2 * _ROOM, 4 * self._net.hidden), np.float32)
        self.sieves: Floats = np.zeros((_ROOM, len(OFFSETS), cells), np.float32)
        self.gates: Floats = np.zeros((_ROOM, len(OFFSETS)), np.float32)
        self.fines: Ints = np.zeros(_ROOM, np.int64)
        self.coarses: Ints = np.zeros(_ROOM, np.int64)

    def fill(self, known: Sequence[TokenType]) -> None:
        """Works out the types that are new.

        :param known: all types, by number.
        """
        if len(known) > len(self.fines):
            room = max(len(known), 2 * len(self.fines))
            for name in ("vectors", "sieves", "gates", "fines", "coarses"):
                setattr(self, name, _longer(getattr(self, name), room))
            self.inputs = _longer(self.inputs, 2 * room)
        while self.filled < len(known):
            self._fill(known[self.filled : self.filled + _BATCH])

    def _fill(self, new: Sequence[TokenType]) -> None:
        first, after = self.filled, self.filled + len(new)
        net, row = self._net, self._weight_row.get
        named, clusters = self.named(new)
        weighed = added(self._weights, [[at for name in names if (at := row(name)) is not None] for names in named])
        self.vectors[first:after] = weighed.reshape(len(new), len(OFFSETS), -1)
        fines, coarses = self._linear.fine.get, self._linear.coarse.get
        self.fines[first:after] = [fines(fine_class(token), 0) for token in new]
        self.coarses[first:after] = [coarses(coarse_class(token), 0) for token in new]
        embedded = self.embedded(named, clusters)
        if first == 0:
            embedded[0] = 0.0  # the pad
        gates = (embedded @ net.input).reshape(-1, 2, 4 * net.hidden) + net.plain
        self.inputs[2 * first : 2 * after] = gates.reshape(-1, 4 * net.hidden)
        self.sieves[first:after] = (embedded @ self._sieve.weights).transpose(1, 0, 2)
        self.gates[first:after] = (net.gate @ embedded.T).T
        self.filled = after

    def named(self, types: Sequence[TokenType]) -> tuple[list[list[str]], Ints]:
        """The features of types, and the rows of their word vectors."""
        clusters = self._clusters.rows_of(types)
        looks = self._looks.of_all(types)
        found = [features(token, self._clusters.at(row), look) for token, row, look in zip(types, clusters, looks, strict=True)]
        return found, np.array(clusters, np.int64)

    def embedded(self, named: Sequence[Sequence[str]], clusters: Ints) -> Floats:
        """What the net and the sieve take types for, by their features and the rows of their word vectors."""
        net, row = self._net, self._net_row.get
        found = added(net.embedding, [[at for name in names if (at := row(name)) is not None] for names in named])
        found += np.where(clusters[:, None] >= 0, net.vectors[clusters] @ net.project, net.unknown)
        return found
