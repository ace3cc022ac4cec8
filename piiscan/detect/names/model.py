"""The trained model: a linear-chain CRF and a recurrent net whose scores are added, run with NumPy alone.

Training (``tools/train_names.py``) uses CRFsuite and PyTorch; here the weights are arrays. What depends on a token type alone
is worked out once a type: its weight vectors at each distance (CRF) and its share of the input of the net's gates. Four
stages, each on less text than the one before:

1. a *gate*: one number a token from its five neighbours' types; where it is low for all neighbours, nobody is named;
2. a *sieve* over the windows around the tokens that passed: a small layer over the same five types, fitted to say in which of
   them the stages below see nobody; those are left out whole, so that the others are scored as if the sieve were not there;
3. the scores of CRF and net on the windows that are left;
4. forward and backward pass over the windows, which give the *exact* probability of a span under the model. Such a model is too
   sure of itself; a line through the log odds, fitted on held-out folds, makes a score of it that can be believed.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from piiscan.detect.names.crf import OFFSETS, Linear
from piiscan.detect.names.lexical import Clusters, Looks
from piiscan.detect.names.net import Lanes, Net, Sieve
from piiscan.detect.names.paths import Paths, Spotted, likeliest_for_all
from piiscan.detect.names.tokens import RUN_CODES, STATES, Contexts, Stream, Vocabulary, contexts, stretches
from piiscan.detect.names.typetable import TypeTable

__all__ = ["CONTEXT_CODES", "SIFTED", "NameModel", "type_offsets"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_REACH = {"a": (0,), "b": (-1, 0, 1), "c": OFFSETS}
#: Types that are kept before all are forgotten; each takes about 3 kB.
_MAX_TYPES = 20_000
#: Bracket and run of a token in one number: state * (RUN_CODES + 1) + run.
CONTEXT_CODES = STATES * (RUN_CODES + 1)
#: A window reaches so many tokens to each side of a token that passed the gate.
WINDOW = 5
#: The sieve is asked where spans of this probability or more are wanted; it was fitted to lose one window with such in a thousand.
SIFTED = 0.2
#: Windows that are decoded together.
_BATCH = 256
_ROUNDING = 1e-6
#: Spans of less than this say nothing, not even about those that they overlap.
_SHARE = 0.02


def type_offsets(feature: str) -> tuple[int, ...]:
    """How far a feature of :func:`piiscan.detect.names.features.features` reaches."""
    return _REACH[feature[0]]


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


class NameModel:
    """Weights and what is worked out from them for the token types met. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        """:raises OSError, ValueError, KeyError: when the file is missing or is no model of this version."""
        with np.load(path, allow_pickle=False) as archive:
            data = {name: archive[name] for name in archive.files}
        self.labels: list[str] = bytes(data["labels"]).decode().split("\n")
        self._linear = Linear(data, float(data["scale"]))
        self._net = Net(data)
        self._sieve = Sieve(data, self._net.embedding.shape[1])
        self._gate_least = float(data["gate_least"])
        self._slope, self._shift = data["calibration"].tolist()
        self.paths = Paths(self.labels, data["transitions"])
        self.clusters = Clusters(data["cluster_keys"], data["cluster_rows"], data["cluster_ids"])
        self.looks = Looks(
            bytes(data["looks_names"]).decode().split("\n"),
            bytes(data["looks_classes"]).decode().split("\n"),
            data["looks_weights"].astype(np.float32) * 0.05,
        )
        self.types = TypeTable(data, self._linear, self._net, self._sieve, self.clusters, self.looks)
        self.vocabulary = Vocabulary()

    def make_room(self) -> None:
        """Call between texts, before tokens are read: forgets all types when there are too many (bounded memory)."""
        if len(self.vocabulary.known) > _MAX_TYPES:
            self.vocabulary.clear()
            self.types.clear()

    def windows(self, stream: Stream) -> Ints:
        """Rows ``(first, after)`` of the stretches of a stream in which a name may stand."""
        self.types.fill(self.vocabulary.known)
        ids = stream.ids
        size = len(ids)
        passed = np.zeros(size, np.float32)
        for part, offset in zip(self.types.gates.take(ids, axis=0).T, OFFSETS, strict=True):
            if offset < 0:
                passed[-offset:] += part[:offset]
            elif offset > 0:
                passed[:-offset] += part[offset:]
            else:
                passed += part
        hits = np.zeros(size + 2 * WINDOW + 1, np.int64)
        (passed >= self._gate_least).cumsum(out=hits[WINDOW + 1 : WINDOW + 1 + size])
        hits[WINDOW + 1 + size :] = hits[WINDOW + size]
        near: Bools = np.greater(hits[2 * WINDOW + 1 :], hits[:size])
        return stretches(near & (ids > 0))

    def _sifted(self, ids: Ints, windows: Ints) -> Ints:
        """The windows of which the sieve does not say that nobody is named there."""
        lengths = windows[:, 1] - windows[:, 0]
        begins = lengths.cumsum() - lengths
        at = (windows[:, 0] - begins).repeat(lengths) + np.arange(int(lengths.sum()))
        rows, sieves = ids * len(OFFSETS), self.types.sieves.reshape(-1, self.types.sieves.shape[2])
        cells = sieves.take(rows[at + OFFSETS[0]], axis=0)
        for k, offset in enumerate(OFFSETS[1:], 1):
            cells += sieves.take(rows[at + offset] + k, axis=0)
        cells += self._sieve.bias
        numbers = np.maximum(cells, 0.0, out=cells) @ self._sieve.out
        kept: Ints = windows[np.maximum.reduceat(numbers, begins) >= self._sieve.least]
        return kept

    def spot(self, stream: Stream, floor: float = 0.2) -> list[Spotted]:
        """Spans of a stream with at least this probability, in no order; they may overlap.

        The likeliest of overlapping spans answers for all of them: its probability is that a name stands here, whatever its
        exact borders (瀬戸 or 瀬戸内 before 様), that of the others is their own.
        """
        windows = self.windows(stream)
        if len(windows) and self._sieve.there and floor >= SIFTED:
            windows = self._sifted(stream.ids, windows)
        if not len(windows):
            return []
        windows = windows[(windows[:, 0] - windows[:, 1]).argsort(kind="stable")]  # longest first
        where = contexts(stream, self.vocabulary)
        least = min(_SHARE, _probability((_log_odds(floor) - self._shift) / self._slope))
        found: list[Spotted] = []
        for at in range(0, len(windows), _BATCH):
            lanes = Lanes(windows[at : at + _BATCH])
            found += self.paths.spans(self._scores(stream.ids, where, lanes), lanes, least)
        wanted = _probability((_log_odds(floor) - self._shift) / self._slope) - _ROUNDING
        likely = (s for s in likeliest_for_all(found) if s.probability >= wanted)
        calibrated = (Spotted(s.first, s.last, _probability(self._slope * _log_odds(s.probability) + self._shift)) for s in likely)
        return [s for s in calibrated if s.probability >= floor]

    def _scores(self, ids: Ints, where: Contexts, lanes: Lanes) -> Floats:
        """Scores ``(tokens, labels)`` of the windows laid end to end."""
        at, types = lanes.at, self.types
        total = self._linear.pairs(at, types.fines[ids], types.coarses[ids], where)
        rows, vectors = ids * len(OFFSETS), types.vectors.reshape(-1, types.vectors.shape[2])
        for k, offset in enumerate(OFFSETS):
            total += vectors.take(rows[at + offset] + k, axis=0)
        gates_of = types.inputs.take(2 * ids[at][lanes.rows >> 1] + (lanes.rows & 1), axis=0)
        codes = where.states[at] * (RUN_CODES + 1) + where.runs[at]
        marked = codes.nonzero()[0]
        if len(marked):
            for direction, places in enumerate(lanes.places):
                gates_of[places[marked]] += self._net.context[codes[marked], direction]
        total += self._net.run(gates_of, lanes)
        return total
