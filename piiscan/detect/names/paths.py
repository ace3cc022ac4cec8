"""All ways to label a window, weighed: the exact probability that a person's name stands at a span."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from piiscan.detect.names.net import Lanes
from piiscan.detect.names.spans import overlapping

__all__ = ["Paths", "Spotted", "likeliest_for_all"]

Floats = npt.NDArray[np.float32]

#: The sums over paths are brought back to one after so many tokens.
_NORMED = 8


class Spotted(NamedTuple):
    """A span of tokens (places ``first`` to ``last`` of the stream) with its probability."""

    first: int
    last: int
    probability: float

    def overlaps(self, other: Spotted) -> bool:
        """Whether both have a token in common."""
        return self.first <= other.last and other.first <= self.last


def likeliest_for_all(found: list[Spotted]) -> list[Spotted]:
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


class Paths:
    """The labels and what may follow what.

    :param labels: BIOES with kinds; those of persons end in ``PER``.
    :param transitions: ``(labels, labels)``, scores of going from one to another.
    """

    def __init__(self, labels: Sequence[str], transitions: Floats) -> None:
        self.transition: Floats = np.exp(transitions.astype(np.float32))
        self.can_begin = np.array([label[0] in "OBS" for label in labels])
        self.can_end = np.array([label[0] in "OES" for label in labels])
        # forwards and backwards: what leads on from a label, and the labels of the first token
        self._both = np.stack((self.transition, self.transition.T)).astype(np.float64)
        self._edges = np.stack((self.can_begin, self.can_end)).astype(np.float64)[:, None]
        self.begin, self.inside, self.end, self.single = (labels.index(f"{part}-PER") for part in "BIES")

    def spans(self, scores: Floats, lanes: Lanes, floor: float) -> list[Spotted]:
        """Forward and backward pass in one loop, then the spans with their exact probability under the model.

        :param scores: ``(tokens, labels)`` of the windows laid end to end.
        """
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
        whole = ahead[lasts] + np.log((alpha[0, lasts] * self.can_end).sum(axis=1))
        offset = ahead + behind - whole[window]
        shares = np.exp(offset)[:, None] * alpha[0] * (alpha[1] / np.maximum(weights, 1e-30))
        single = shares[:, self.single]
        alone = (single >= floor).nonzero()[0]
        found = [Spotted(at, at, share) for at, share in zip(place[alone].tolist(), single[alone].tolist(), strict=True)]
        b, m, e = self.begin, self.inside, self.end
        opened = (shares[:, b] >= floor).nonzero()[0].tolist()
        if not opened:
            return found
        ends, insides, weight = alpha[1, :, e].tolist(), alpha[1, :, m].tolist(), weights[:, m].tolist()
        into_end, into_inside = self.transition[:, e].tolist(), self.transition[:, m].tolist()
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
