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
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from piiscan.detect.names.features import TokenType, coarse_class, features, fine_class, grams, script
from piiscan.detect.names.spans import overlapping
from piiscan.detect.names.tokens import RUN_CODES, STATES, Contexts, Stream, Vocabulary, contexts, stretches

__all__ = ["CONTEXT_CODES", "SIFTED", "Clusters", "Looks", "NameModel", "Spotted", "type_offsets"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Distances that a token type is looked at from.
OFFSETS = (-2, -1, 0, 1, 2)
_REACH = {"a": (0,), "b": (-1, 0, 1), "c": (-2, -1, 0, 1, 2)}
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
#: The sums over paths are brought back to one after so many tokens.
_NORMED = 8
_ROUNDING = 1e-6
_HALF = np.full(1, 0.5, np.float32)
#: Spans of less than this say nothing, not even about those that they overlap.
_SHARE = 0.02


def type_offsets(feature: str) -> tuple[int, ...]:
    """How far a feature of :func:`features` reaches."""
    return _REACH[feature[0]]


@dataclass(frozen=True, slots=True)
class Clusters:
    """Word clusters: CRC-32 of a word (sorted) -> row -> ids in clusterings from coarse to fine."""

    keys: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.uint16]
    ids: npt.NDArray[np.uint16]

    def row(self, token: TokenType) -> int:
        """The row of a token's vector, by its normalised form, else its surface; -1 when unknown."""
        for word in dict.fromkeys((token.norm, token.surface)):
            crc = zlib.crc32(word.encode("utf-8", "replace"))
            at = int(np.searchsorted(self.keys, np.uint32(crc)))
            if at < len(self.keys) and int(self.keys[at]) == crc:
                return int(self.rows[at])
        return -1

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
        if token.pos[0] in {"助詞", "助動詞", "補助記号", "記号", "空白", "PAD"}:
            return ""
        word = token.surface
        kind = script(word)
        if kind not in "kKm" or (kind == "m" and len(word) < 2):
            return ""
        row = self._row
        rows = [row[gram] for gram in grams(word) if gram in row]
        if not rows:
            return ""
        scores = self._weights[rows].sum(axis=0)
        scores = np.exp(scores - scores.max())
        scores /= scores.sum()
        first, second = (int(i) for i in np.argsort(-scores)[:2])
        top = float(scores[first])
        sure = "3" if top > 0.95 else "2" if top > 0.8 else "1" if top > 0.6 else "0" + self._classes[second]
        return self._classes[first] + sure


class Spotted(NamedTuple):
    """A span of tokens (places ``first`` to ``last`` of the stream) with its probability."""

    first: int
    last: int
    probability: float

    def overlaps(self, other: Spotted) -> bool:
        """Whether both have a token in common."""
        return self.first <= other.last and other.first <= self.last


def _whole(found: list[Spotted]) -> list[Spotted]:
    """The same spans; the likeliest of overlapping ones with the probability of all that overlap it."""
    return [s for run in overlapping(found, lambda s: (s.first, s.last + 1)) for s in _joined(run)]


def _joined(run: list[Spotted]) -> list[Spotted]:
    if len(run) < 2:
        return run
    judged: list[Spotted] = []
    best: list[Spotted] = []
    for s in sorted(run, key=lambda s: -s.probability):
        if not any(s.overlaps(other) for other in best):
            best.append(s)
            s = Spotted(s.first, s.last, min(1.0, sum(other.probability for other in run if s.overlaps(other))))
        judged.append(s)
    return judged


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


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


class _Linear:
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


class _Net:
    """A bidirectional LSTM over token types. The arrays of both directions lie side by side: forward, backward."""

    def __init__(self, data: dict[str, npt.NDArray[Any]]) -> None:
        def floats(name: str) -> Floats:
            found: Floats = data[name].astype(np.float32)
            return found

        self.embedding = floats("net_embedding") * floats("net_embedding_scale")[:, None]
        self.vectors = floats("net_vectors") * floats("net_vectors_scale")
        self.project = floats("net_project")
        self.unknown = floats("net_unknown")
        self.input = floats("net_input")
        context = floats("net_context")
        #: What every token adds to the gates, and what one in a bracket or a katakana run adds besides.
        self.plain = context[0]
        self.context = context - context[0]
        # twice the states are kept (see run): half the weights that they meet
        self.recurrent = floats("net_recurrent") * 0.5
        self.out = floats("net_out") * 0.5
        self.bias = floats("net_bias")
        self.gate = floats("net_gate")
        self.hidden = self.recurrent.shape[1]
        #: What the sigmoid gates get; arrays, for NumPy takes as long for a number of Python as for a row of gates.
        self._ones = np.repeat(np.array([1, 1, 1, 0], np.float32), self.hidden)

    def run(self, gates_of: Floats, lanes: _Lanes) -> Floats:
        """Scores of all tokens of the windows.

        :param gates_of: ``(rows of the lanes, 4 * hidden)``, what each token adds to the gates; overwritten.
        """
        size = self.hidden
        states = np.empty((len(gates_of), size), np.float32)
        most = last = lanes.counts[0]
        cell = np.zeros((2 * most, size), np.float32)
        came = np.empty((2 * most, 4 * size), np.float32)
        kept = np.empty((2 * most, size), np.float32)
        add, multiply, tanh = np.add, np.multiply, np.tanh
        hidden: Floats | None = None
        for count, start in zip(lanes.counts, lanes.starts, strict=True):
            rows = 2 * count
            gates = gates_of[start : start + rows]
            if hidden is not None:
                if count < last:
                    hidden, cell = hidden[:, :count], cell.reshape(2, last, size)[:, :count].reshape(rows, size)
                    last = count
                np.matmul(hidden, self.recurrent, out=came[:rows].reshape(2, count, 4 * size))
                add(gates, came[:rows], gates)
            tanh(gates, gates)  # the weights of the sigmoid gates are halved: 2 * sigmoid(x) = 1 + tanh(x / 2)
            add(gates, self._ones, gates)
            new = kept[:rows]
            multiply(gates[:, :size], gates[:, 3 * size :], new)
            multiply(cell, gates[:, size : 2 * size], cell)
            add(cell, new, cell)
            multiply(cell, _HALF, cell)
            state = states[start : start + rows]
            tanh(cell, state)
            multiply(state, gates[:, 2 * size : 3 * size], state)
            hidden = state.reshape(2, count, size)
        forward, backward = states.take(lanes.places, axis=0)
        scores: Floats = forward @ self.out[:size] + backward @ self.out[size:] + self.bias
        return scores


class _Sieve:
    """Says of a window that nobody is named in it: the highest of its tokens' numbers is low.

    It is fitted to what the other stages say (``tools/train_names.py sieve``), so a model can be without.
    """

    def __init__(self, data: dict[str, npt.NDArray[Any]], width: int) -> None:
        self.there = "sieve_least" in data
        nothing = np.zeros((len(OFFSETS), width, 1)), np.zeros(1), np.zeros(1)
        names = ("sieve_weights", "sieve_bias", "sieve_out")
        self.weights: Floats
        self.weights, self.bias, self.out = (data.get(name, zeros).astype(np.float32) for name, zeros in zip(names, nothing, strict=True))
        self.least = float(data.get("sieve_least", -np.inf))


class _Lanes:
    """The order in which windows are walked: all first tokens, all second ones …, in both directions at once.

    A row is a token in one direction. Rows of one step lie together (forward, then backward), so that a step is a few operations on
    one block of memory.

    :ivar begins: where each window begins among the tokens.
    :ivar lasts: its last token.
    :ivar window: the window of each token.
    :ivar at: the place of each token in the stream.
    :ivar counts: windows that are still walked at each step.
    :ivar starts: the first row of each step.
    :ivar rows: of each row, twice the token's number, and one more for the backward direction.
    :ivar places: ``(2, tokens)``, the row of each token in each direction.
    """

    def __init__(self, windows: Ints) -> None:
        """:param windows: rows ``(first, after)``, the longest first."""
        firsts = windows[:, 0]
        lengths = windows[:, 1] - firsts
        after = lengths.cumsum()
        self.begins = after - lengths
        self.lasts = after - 1
        numbers = np.arange(int(after[-1]))
        self.window = np.arange(len(windows)).repeat(lengths)
        self.at = (firsts - self.begins)[self.window] + numbers
        active = (-lengths).searchsorted(-np.arange(int(lengths[0])), side="left")  # windows longer than each step
        offsets = active.cumsum() - active
        steps = np.arange(len(active)).repeat(active)
        window = numbers - offsets[steps]
        forward, backward = self.begins[window] + steps, self.lasts[window] - steps
        ahead = offsets[steps] + numbers  # 2 * offset + window
        behind = ahead + active[steps]
        self.counts: list[int] = active.tolist()
        self.starts: list[int] = (2 * offsets).tolist()
        self.rows = np.empty(2 * len(numbers), np.int64)
        self.rows[ahead], self.rows[behind] = 2 * forward, 2 * backward + 1
        self.places = np.empty((2, len(numbers)), np.int64)
        self.places[0, forward], self.places[1, backward] = ahead, behind


def _longer(table: npt.NDArray[Any], room: int) -> npt.NDArray[Any]:
    """A table with room for more rows, what was there before in front."""
    new = np.zeros((room, *table.shape[1:]), table.dtype)
    new[: len(table)] = table
    return new


class NameModel:
    """Weights and what is worked out from them for the token types met. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        """:raises OSError, ValueError, KeyError: when the file is missing or is no model of this version."""
        with np.load(path, allow_pickle=False) as archive:
            data = {name: archive[name] for name in archive.files}
        self.labels: list[str] = bytes(data["labels"]).decode().split("\n")
        scale = float(data["scale"])
        self._row = {name: i for i, name in enumerate(bytes(data["features"]).decode().split("\n"))}
        self._weights: Floats = data["weights"].astype(np.float32) * scale
        self._linear = _Linear(data, scale)
        self._net = _Net(data)
        self._sieve = _Sieve(data, self._net.embedding.shape[1])
        self._net_row = {name: i for i, name in enumerate(bytes(data["net_features"]).decode().split("\n"))}
        self._gate_least = float(data["gate_least"])
        self._slope, self._shift = data["calibration"].tolist()
        self.clusters = Clusters(data["cluster_keys"], data["cluster_rows"], data["cluster_ids"])
        self.looks = Looks(
            bytes(data["looks_names"]).decode().split("\n"),
            bytes(data["looks_classes"]).decode().split("\n"),
            data["looks_weights"].astype(np.float32) * 0.05,
        )
        self._transition: Floats = np.exp(data["transitions"].astype(np.float32))
        self._can_begin = np.array([label[0] in "OBS" for label in self.labels])
        self._can_end = np.array([label[0] in "OES" for label in self.labels])
        # forwards and backwards: what leads on from a label, and the labels of the first token
        self._both = np.stack((self._transition, self._transition.T)).astype(np.float64)
        self._edges = np.stack((self._can_begin, self._can_end)).astype(np.float64)[:, None]
        self._begin, self._inside, self._end, self._single = (self.labels.index(f"{part}-PER") for part in "BIES")
        self.vocabulary = Vocabulary()
        self._reset()

    # ------------------------------------------------------------------- types

    def _reset(self) -> None:
        self.vocabulary.clear()
        self._filled = 0
        room = 2048
        labels, width, cells = len(self.labels), 4 * self._net.hidden, len(self._sieve.bias)
        # of each type: its rows by distance, side by side in memory, and for the net two rows, one a direction
        self._vectors = np.zeros((room, len(OFFSETS), labels), np.float32)
        self._inputs = np.zeros((2 * room, width), np.float32)
        self._sieves = np.zeros((room, len(OFFSETS), cells), np.float32)
        self._gates = np.zeros((room, len(OFFSETS)), np.float32)
        self._fines = np.zeros(room, np.int64)
        self._coarses = np.zeros(room, np.int64)

    def make_room(self) -> None:
        """Call between texts, before tokens are read: forgets all types when there are too many (bounded memory)."""
        if len(self.vocabulary.known) > _MAX_TYPES:
            self._reset()

    def _fill(self) -> None:
        """Works out the types that are new."""
        known = self.vocabulary.known
        count = len(known)
        if count == self._filled:
            return
        if count > len(self._fines):
            room = max(count, 2 * len(self._fines))
            for name in ("_vectors", "_sieves", "_gates", "_fines", "_coarses"):
                setattr(self, name, _longer(getattr(self, name), room))
            self._inputs = _longer(self._inputs, 2 * room)
        net, row = self._net, self._row
        new = range(self._filled, count)
        clusters = [self.clusters.row(known[number]) for number in new]
        named = [features(known[n], self.clusters.at(cluster), self.looks.of(known[n])) for n, cluster in zip(new, clusters, strict=True)]
        for number, names in zip(new, named, strict=True):
            rows = [row[name] for name in names if name in row]
            if rows:
                self._vectors[number] = self._weights[rows].sum(axis=0).reshape(len(OFFSETS), -1)
            self._fines[number] = self._linear.fine.get(fine_class(known[number]), 0)
            self._coarses[number] = self._linear.coarse.get(coarse_class(known[number]), 0)
        embedded = self.embedded(named, np.array(clusters))
        if self._filled == 0:
            embedded[0] = 0.0  # the pad
        self._inputs[2 * self._filled : 2 * count] = ((embedded @ net.input).reshape(-1, 2, 4 * net.hidden) + net.plain).reshape(
            -1, 4 * net.hidden
        )
        self._sieves[self._filled : count] = (embedded @ self._sieve.weights).transpose(1, 0, 2)
        self._gates[self._filled : count] = (net.gate @ embedded.T).T
        self._filled = count

    def embedded(self, named: Sequence[Sequence[str]], clusters: Ints) -> Floats:
        """What the net and the sieve take types for, by their features and the rows of their word vectors."""
        net, row = self._net, self._net_row
        found = np.zeros((len(named), net.embedding.shape[1]), np.float32)
        for i, names in enumerate(named):
            rows = [row[name] for name in names if name in row]
            if rows:
                found[i] = net.embedding[rows].sum(axis=0)
        found += np.where(clusters[:, None] >= 0, net.vectors[clusters] @ net.project, net.unknown)
        return found

    # ------------------------------------------------------------------- spans

    def windows(self, stream: Stream) -> Ints:
        """Rows ``(first, after)`` of the stretches of a stream in which a name may stand."""
        self._fill()
        ids = stream.ids
        size = len(ids)
        passed = np.zeros(size, np.float32)
        for part, offset in zip(self._gates.take(ids, axis=0).T, OFFSETS, strict=True):
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
        rows, sieves = ids * len(OFFSETS), self._sieves.reshape(-1, self._sieves.shape[2])
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
            lanes = _Lanes(windows[at : at + _BATCH])
            found += self._decode(self._scores(stream.ids, where, lanes), lanes, least)
        wanted = _probability((_log_odds(floor) - self._shift) / self._slope) - _ROUNDING
        whole = (s for s in _whole(found) if s.probability >= wanted)
        calibrated = (Spotted(s.first, s.last, _probability(self._slope * _log_odds(s.probability) + self._shift)) for s in whole)
        return [s for s in calibrated if s.probability >= floor]

    def _scores(self, ids: Ints, where: Contexts, lanes: _Lanes) -> Floats:
        """Scores ``(tokens, labels)`` of the windows laid end to end."""
        at = lanes.at
        total = self._linear.pairs(at, self._fines[ids], self._coarses[ids], where)
        rows, vectors = ids * len(OFFSETS), self._vectors.reshape(-1, self._vectors.shape[2])
        for k, offset in enumerate(OFFSETS):
            total += vectors.take(rows[at + offset] + k, axis=0)
        gates_of = self._inputs.take(2 * ids[at][lanes.rows >> 1] + (lanes.rows & 1), axis=0)
        codes = where.states[at] * (RUN_CODES + 1) + where.runs[at]
        marked = codes.nonzero()[0]
        if len(marked):
            for direction, places in enumerate(lanes.places):
                gates_of[places[marked]] += self._net.context[codes[marked], direction]
        total += self._net.run(gates_of, lanes)
        return total

    def _decode(self, scores: Floats, lanes: _Lanes, floor: float) -> list[Spotted]:
        """Forward and backward pass in one loop, then the spans with their exact probability under the model."""
        lasts, window, place = lanes.lasts, lanes.window, lanes.at
        size = scores.shape[1]
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        # alpha[0] of a token: all paths up to it; alpha[1]: all paths from it on; both include its own weight.
        walked = weights.take(lanes.rows >> 1, axis=0).astype(np.float64)
        walked_norms = np.ones(len(walked))
        before: npt.NDArray[np.float64] | None = None
        for step, (count, start) in enumerate(zip(lanes.counts, lanes.starts, strict=True), 1):
            current = walked[start : start + 2 * count].reshape(2, count, size)
            current *= self._edges if before is None else before[:, :count] @ self._both
            if step % _NORMED == 0:
                norm = walked_norms[start : start + 2 * count].reshape(2, count)
                np.add.reduce(current, axis=2, out=norm)
                current /= norm[:, :, None]
            before = current
        alpha = walked.take(lanes.places, axis=0)
        norms = walked_norms.take(lanes.places)
        logs = np.log(norms)
        summed = np.zeros((2, logs.shape[1] + 1))
        logs.cumsum(axis=1, out=summed[:, 1:])
        ahead = summed[0][1:] - summed[0][lanes.begins][window]  # log of all norms up to the token
        behind = summed[1][lasts + 1][window] - summed[1][:-1]
        whole = ahead[lasts] + np.log((alpha[0, lasts] * self._can_end).sum(axis=1))
        offset = ahead + behind - whole[window]
        shares = np.exp(offset)[:, None] * alpha[0] * (alpha[1] / np.maximum(weights, 1e-30))
        single = shares[:, self._single]
        alone = (single >= floor).nonzero()[0]
        found = [Spotted(at, at, share) for at, share in zip(place[alone].tolist(), single[alone].tolist(), strict=True)]
        b, m, e = self._begin, self._inside, self._end
        opened = (shares[:, b] >= floor).nonzero()[0].tolist()
        if not opened:
            return found
        ends, insides, weight = alpha[1, :, e].tolist(), alpha[1, :, m].tolist(), weights[:, m].tolist()
        into_end, into_inside = self._transition[:, e].tolist(), self._transition[:, m].tolist()
        for i in opened:
            path = float(alpha[0, i, b])
            of = int(window[i])
            before_it = float(ahead[i] - whole[of])
            label = b
            for k in range(i + 1, int(lasts[of]) + 1):
                # all paths up to i, the span to k, all paths from k on
                rest = math.exp(before_it + behind[k])
                closed = path * into_end[label] * ends[k] * rest
                if closed >= floor:
                    found.append(Spotted(int(place[i]), int(place[k]), min(1.0, closed)))
                if path * into_inside[label] * insides[k] * rest < floor:
                    break
                path *= into_inside[label] * weight[k]
                label = m
        return found
