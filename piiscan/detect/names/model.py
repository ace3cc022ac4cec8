"""The trained model: a linear-chain CRF, decoded with NumPy for many sentences at once.

It was trained with CRFsuite on string features (``tools/train_names.py``); here its weights are arrays. The emission of a
token is the sum of its neighbours' weight vectors (kept for each token type) and of the entries of a few pair and triple
tables, so no feature string is made for a token seen before. The forward-backward pass gives the *exact* probability of
a span, which is what a finding's score is made from.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from piiscan.detect.names.features import PAD, TokenType, coarse_class, contexts, features, fine_class, grams, script

__all__ = ["Clusters", "Looks", "NameModel", "Spotted", "type_offsets"]

Floats = npt.NDArray[np.float32]

#: Distances that a token type is looked at from.
OFFSETS = (-2, -1, 0, 1, 2)
_REACH = {"a": (0,), "b": (-1, 0, 1), "c": (-2, -1, 0, 1, 2)}
_MAX_TYPES = 200_000
#: Codes of a katakana run (:attr:`piiscan.detect.names.features.Run.code`) times first, middle, last token of it.
RUN_CODES = 24 * 3


def type_offsets(feature: str) -> tuple[int, ...]:
    """How far a feature of :func:`features` reaches."""
    return _REACH[feature[0]]


@dataclass(frozen=True, slots=True)
class Clusters:
    """Word clusters: CRC-32 of a word (sorted) -> row -> ids in clusterings from coarse to fine."""

    keys: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.uint16]
    ids: npt.NDArray[np.uint16]

    def of(self, token: TokenType) -> tuple[int, ...]:
        """The ids of a token, by its normalised form, else its surface; empty when unknown."""
        for word in (token.norm, token.surface):
            crc = zlib.crc32(word.encode("utf-8", "replace"))
            at = int(np.searchsorted(self.keys, np.uint32(crc)))
            if at < len(self.keys) and int(self.keys[at]) == crc:
                return tuple(int(number) for number in self.ids[self.rows[at]])
        return ()


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


@dataclass(frozen=True, slots=True)
class Spotted:
    """A span of tokens (last one included) of a sentence with its exact probability under the model."""

    sentence: int
    first: int
    last: int
    probability: float


class NameModel:
    """Weights and the caches over them. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        """:raises OSError, ValueError, KeyError: when the file is missing or is no model of this version."""
        with np.load(path, allow_pickle=False) as data:
            self.labels: list[str] = bytes(data["labels"]).decode().split("\n")
            size = len(self.labels)
            names = bytes(data["features"]).decode().split("\n")
            self._row = {name: i for i, name in enumerate(names)}
            scale = float(data["scale"])
            self._weights: Floats = data["weights"].astype(np.float32) * scale
            self._weights = self._weights.reshape(len(names), len(OFFSETS) * size)
            self.clusters = Clusters(data["cluster_keys"], data["cluster_rows"], data["cluster_ids"])
            self.looks = Looks(
                bytes(data["looks_names"]).decode().split("\n"),
                bytes(data["looks_classes"]).decode().split("\n"),
                data["looks_weights"].astype(np.float32) * 0.05,
            )
            fine = bytes(data["fine"]).decode().split("\n")
            coarse = bytes(data["coarse"]).decode().split("\n")
            self._fine = {name: i + 1 for i, name in enumerate(fine)}
            self._coarse = {name: i + 1 for i, name in enumerate(coarse)}
            self._tables: dict[str, Floats] = {}
            for name, cells in (
                ("p-", (len(fine) + 1) ** 2),
                ("p+", (len(fine) + 1) ** 2),
                ("t0", (len(coarse) + 1) ** 3),
                ("t-", (len(coarse) + 1) ** 3),
                ("t+", (len(coarse) + 1) ** 3),
                ("x0", 4 * (len(coarse) + 1)),
                ("r0", RUN_CODES),
                ("r-", RUN_CODES * (len(fine) + 1)),
                ("r+", RUN_CODES * (len(fine) + 1)),
            ):
                table = np.zeros((cells, size), np.float32)
                table[data[f"{name}codes"]] = data[f"{name}weights"].astype(np.float32) * scale
                self._tables[name] = table
            self._transition: Floats = np.exp(data["transitions"].astype(np.float32))
        self._begin = self.labels.index("B-PER")
        self._inside = self.labels.index("I-PER")
        self._end = self.labels.index("E-PER")
        self._single = self.labels.index("S-PER")
        self.types: dict[tuple[str, int, int], int] = {}
        self.known: list[TokenType] = []
        self._reset()

    def _reset(self) -> None:
        self.types.clear()
        self.known.clear()
        self.known.append(PAD)
        self._vectors = np.zeros((4096, self._weights.shape[1]), np.float32)
        self._fines = np.zeros(4096, np.int32)
        self._coarses = np.zeros(4096, np.int32)
        self._filled = 0

    def make_room(self) -> None:
        """Call between texts, before tokens are read: forgets all types when there are too many (bounded memory)."""
        if len(self.known) > _MAX_TYPES // 4:
            self._reset()

    def _fill(self) -> None:
        """Adds up the weights of token types that are new."""
        count = len(self.known)
        if count > len(self._vectors):
            room = max(count, 2 * len(self._vectors))
            for name in ("_vectors", "_fines", "_coarses"):
                old = getattr(self, name)
                new = np.zeros((room, *old.shape[1:]), old.dtype)
                new[: len(old)] = old
                setattr(self, name, new)
        row = self._row
        for number in range(self._filled, count):
            token = self.known[number]
            rows = [row[name] for name in features(token, self.clusters.of(token), self.looks.of(token)) if name in row]
            if rows:
                self._vectors[number] = self._weights[rows].sum(axis=0)
            self._fines[number] = self._fine.get(fine_class(token), 0)
            self._coarses[number] = self._coarse.get(coarse_class(token), 0)
        self._filled = count

    def emissions(self, sentences: Sequence[Sequence[int]]) -> tuple[Floats, npt.NDArray[np.intp]]:
        """Scores ``(positions, labels)`` of all sentences laid end to end with two pads between, and where each begins."""
        self._fill()
        flat: list[int] = [0, 0]
        context: list[int] = [0, 0]
        begins = []
        runs: list[tuple[int, int, int, int]] = []
        known = self.known
        for sentence in sentences:
            begin = len(flat)
            begins.append(begin)
            flat.extend(sentence)
            states, found = contexts([known[number] for number in sentence])
            context.extend(states)
            for run in found:
                code = run.code * 3
                last = run.after - 1
                for i in range(run.first, run.after):
                    runs.append((begin + i, code + (0 if i == run.first else 2 if i == last else 1), begin + run.before, begin + run.after))
            flat += (0, 0)
            context += (0, 0)
        ids = np.asarray(flat, np.int64)
        size = len(self.labels)
        vectors = self._vectors[ids]
        total = np.zeros((len(ids), size), np.float32)
        for k, offset in enumerate(OFFSETS):
            part = vectors[:, k * size : (k + 1) * size]
            if offset == 0:
                total += part
            elif offset < 0:
                total[-offset:] += part[:offset]
            else:
                total[:-offset] += part[offset:]
        fine = self._fines[ids].astype(np.int64)
        wide = len(self._fine) + 1
        total[1:] += self._tables["p-"][fine[:-1] * wide + fine[1:]]
        total[:-1] += self._tables["p+"][fine[:-1] * wide + fine[1:]]
        coarse = self._coarses[ids].astype(np.int64)
        wide = len(self._coarse) + 1
        triples = (coarse[:-2] * wide + coarse[1:-1]) * wide + coarse[2:]
        total[2:] += self._tables["t-"][triples]
        total[1:-1] += self._tables["t0"][triples]
        total[:-2] += self._tables["t+"][triples]
        total += self._tables["x0"][coarse * 4 + np.asarray(context, np.int64)]
        if runs:
            at, code, before, after = np.asarray(runs, np.int64).T
            wide = len(self._fine) + 1
            total[at] += (
                self._tables["r0"][code] + self._tables["r-"][code * wide + fine[before]] + self._tables["r+"][code * wide + fine[after]]
            )
        return total, np.asarray(begins, np.intp)

    def spot(self, sentences: Sequence[Sequence[int]], floor: float = 0.2) -> list[Spotted]:
        """Spans with at least this probability; they may overlap.

        :param sentences: ids of token types, none empty.
        """
        found: list[Spotted] = []
        if not sentences:
            return found
        scores, begins = self.emissions(sentences)
        lengths = np.asarray([len(sentence) for sentence in sentences])
        order = np.argsort(lengths, kind="stable")
        for at in range(0, len(order), 64):
            batch = order[at : at + 64]
            found += self._spot(scores, begins, lengths, batch, floor)
        return found

    def _spot(
        self, scores: Floats, begins: npt.NDArray[np.intp], lengths: npt.NDArray[np.int_], batch: npt.NDArray[np.intp], floor: float
    ) -> list[Spotted]:
        count, longest, size = len(batch), int(lengths[batch].max()), len(self.labels)
        lengths = lengths[batch]
        at = begins[batch][:, None] + np.arange(longest)[None, :]
        inside = np.arange(longest)[None, :] < lengths[:, None]
        local = scores[np.minimum(at, len(scores) - 1)]
        local -= local.max(axis=2, keepdims=True)
        weights = np.exp(local)  # (sentences, positions, labels)
        transition = self._transition
        forward = np.empty((longest, count, size), np.float32)
        norms = np.ones((longest, count), np.float32)
        current = weights[:, 0]
        norms[0] = current.sum(axis=1)
        current = current / norms[0][:, None]
        forward[0] = current
        for i in range(1, longest):
            following = (current @ transition) * weights[:, i]
            norms[i] = following.sum(axis=1)
            current = np.where(inside[:, i, None], following / norms[i][:, None], current)
            forward[i] = current
        backward = np.ones((longest, count, size), np.float32)
        for i in range(longest - 2, -1, -1):
            step = ((weights[:, i + 1] * backward[i + 1]) @ transition.T) / norms[i + 1][:, None]
            backward[i] = np.where(inside[:, i + 1, None], step, 1.0)
        marginal = forward * backward  # (positions, sentences, labels)
        marginal[~inside.T] = 0.0
        found = []
        for i, j in zip(*np.nonzero(marginal[:, :, self._single] >= floor), strict=True):
            found.append(Spotted(int(batch[j]), int(i), int(i), float(marginal[i, j, self._single])))
        b, m, e = self._begin, self._inside, self._end
        for i, j in zip(*np.nonzero(marginal[:, :, b] >= floor), strict=True):
            path = float(forward[i, j, b])
            label = b
            for k in range(int(i) + 1, int(lengths[j])):
                step = weights[j, k] / norms[k, j]
                closed = path * float(transition[label, e] * step[e] * backward[k, j, e])
                if closed >= floor:
                    found.append(Spotted(int(batch[j]), int(i), k, closed))
                path *= float(transition[label, m] * step[m])
                label = m
                if path * float(backward[k, j, m]) < floor:
                    break
        return found
