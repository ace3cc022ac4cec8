"""The recurrent net over token types, the order in which it walks windows, and the sieve before it. NumPy alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from piiscan.detect.names.crf import OFFSETS

__all__ = ["Lanes", "Net", "Sieve"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_HALF = np.full(1, 0.5, np.float32)


class Lanes:
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


class Net:
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

    def run(self, gates_of: Floats, lanes: Lanes) -> Floats:
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


class Sieve:
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
