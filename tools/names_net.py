"""The recurrent half of the name model, trained with PyTorch (``pip install torch``; needed here alone, never at run time).

A token's input is the sum of learned vectors of its features (the same as the CRF's) and of a projection of its word vector
from ``ja_ginza``; then one bidirectional LSTM, and a CRF layer on top. A second, linear output looks at five neighbouring
token types only: the gate, which says early where no name can be. :func:`arrays` gives what the NumPy side reads. When all that is
done, :func:`sieve` learns from what the finished model says in which of the windows behind the gate it need not look.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from piiscan.detect.names.crf import OFFSETS
from piiscan.detect.names.model import CONTEXT_CODES, SIFTED

WIDTH = 128
VECTOR = 64
#: Log odds below which a token opens no window.
GATE = -3.3


@dataclass
class Sentence:
    """Token types, context codes (:data:`CONTEXT_CODES`), label numbers."""

    types: list[int]
    codes: list[int]
    labels: list[int]


@dataclass
class Types:
    """What is known of each token type: feature names, and the row of its word vector (-1: none)."""

    features: list[list[str]]
    rows: list[int]
    vectors: np.ndarray  # every word vector, reduced to VECTOR numbers


def reduced(vectors: np.ndarray) -> np.ndarray:
    """The first principal components of the word vectors, of deviation 1."""
    x = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    x = x - x.mean(axis=0)
    _, axes = np.linalg.eigh(x.T @ x)
    out = x @ axes[:, ::-1][:, :VECTOR]
    return (out / out.std()).astype(np.float32)


class Net(nn.Module):
    def __init__(self, features: int, labels: list[str], hidden: int, drop: float) -> None:
        super().__init__()
        size = len(labels)
        self.embedding = nn.Embedding(features + 1, WIDTH, padding_idx=0)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.embedding.weight.data[0] = 0
        self.project = nn.Linear(VECTOR, WIDTH, bias=False)
        self.unknown = nn.Parameter(torch.zeros(WIDTH))
        self.context = nn.Embedding(CONTEXT_CODES, WIDTH)
        nn.init.normal_(self.context.weight, std=0.05)
        self.gate = nn.Conv1d(WIDTH, 1, 5, padding=2)
        self.lstm = nn.LSTM(WIDTH, hidden, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * hidden, size)
        self.transitions = nn.Parameter(torch.zeros(size, size))
        self.drop = nn.Dropout(drop)
        closed = torch.tensor([x[0] in "OES" for x in labels])
        opens = torch.tensor([x[0] in "OBS" for x in labels])
        same = torch.tensor([[a[2:] == b[2:] for b in labels] for a in labels])
        fits = torch.where(closed[:, None], opens[None], ~opens[None] & same)
        self.register_buffer("forbidden", torch.where(fits, 0.0, -1e4))
        self.register_buffer("start", torch.where(opens, 0.0, -1e4))
        self.register_buffer("end", torch.where(closed, 0.0, -1e4))

    def forward(
        self, features: torch.Tensor, vectors: torch.Tensor, known: torch.Tensor, codes: torch.Tensor, mask: torch.Tensor, kept: float = 1.0
    ) -> Any:
        bags = functional.embedding_bag(features.view(-1, features.shape[-1]), self.embedding.weight, mode="sum", padding_idx=0)
        x = bags.view(*codes.shape, -1) / kept + torch.where(known[..., None], self.project(vectors), self.unknown)
        gate = self.gate((x.detach() * mask[..., None]).transpose(1, 2))[:, 0]
        x = self.drop(x + self.context(codes)) * mask[..., None]
        packed = nn.utils.rnn.pack_padded_sequence(x, mask.sum(1).long(), batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return self.out(self.drop(states)), gate

    def loss(self, scores: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Minus the logarithm of the right labels' probability, of each sentence."""
        between = self.transitions + self.forbidden
        alpha = scores[:, 0] + self.start
        for i in range(1, scores.shape[1]):
            following = torch.logsumexp(alpha[:, :, None] + between[None], 1) + scores[:, i]
            alpha = torch.where(mask[:, i, None] > 0, following, alpha)
        right = (scores.gather(2, labels[..., None])[..., 0] * mask).sum(1)
        right = right + (between[labels[:, :-1], labels[:, 1:]] * mask[:, 1:]).sum(1)
        return torch.logsumexp(alpha + self.end, 1) - right


class Trainer:
    def __init__(self, types: Types, labels: list[str], *, hidden: int, drop: float, feature_drop: float, seed: int) -> None:
        torch.manual_seed(seed)
        random.seed(seed)
        self.types, self.labels, self.hidden, self.drop, self.feature_drop = types, labels, hidden, drop, feature_drop
        self.names: list[str] = []

    def train(
        self,
        sentences: list[Sentence],
        more: list[Sentence],
        office: list[Sentence],
        *,
        epochs: int,
        rate: float = 2e-3,
        batch: int = 32,
        begun: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """``more`` are sentences of which each epoch sees a third; ``office`` those that go from half to a tenth as epochs pass.

        :param begun: a model file's arrays, from which the training goes on.
        """
        torch.set_num_threads(1)
        if begun is None:
            used = {n for s in [*sentences, *more, *office] for n in s.types}
            counts = Counter(name for n in used for name in self.types.features[n])
            self.names = sorted(name for name, n in counts.items() if n >= 2)
        else:
            self.names = bytes(begun["net_features"]).decode().split("\n")
        number = {name: i + 1 for i, name in enumerate(self.names)}
        numbers = [[number[name] for name in names if name in number] for names in self.types.features]
        self.matrix = torch.zeros(len(numbers), max(map(len, numbers)), dtype=torch.long)
        for i, row in enumerate(numbers):
            self.matrix[i, : len(row)] = torch.tensor(row, dtype=torch.long)
        rows = torch.tensor(self.types.rows)
        self.known = rows >= 0
        self.vectors = torch.tensor(self.types.vectors)[rows.clamp(min=0)]
        self.net = net = Net(len(self.names), self.labels, self.hidden, self.drop)
        if begun is not None:
            net.load_state_dict(_state(begun), strict=False)
        plain = [p for n, p in net.named_parameters() if n.startswith("embedding")]
        rest = [p for n, p in net.named_parameters() if not n.startswith("embedding")]
        groups = [{"params": plain, "weight_decay": 0.0}, {"params": rest, "weight_decay": 0.01}]
        optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))
        shares = [int(len(office) * x) for x in np.linspace(0.5, 0.1, epochs)]
        a_round = len(sentences) + len(more) // 3
        steps = epochs * (a_round // batch + 60) + sum(shares) // batch
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)
        person = torch.tensor([x.endswith("PER") for x in self.labels])
        for epoch in range(epochs):
            began, total = time.time(), 0.0
            net.train()
            seen = sentences + random.sample(more, len(more) // 3) + random.sample(office, shares[epoch])
            random.shuffle(seen)
            pools = [sorted(seen[i : i + batch * 50], key=lambda s: len(s.types)) for i in range(0, len(seen), batch * 50)]
            batches = [pool[i : i + batch] for pool in pools for i in range(0, len(pool), batch)]
            random.shuffle(batches)
            for chosen in batches:
                ids, codes, labels, mask = self._tensors(chosen)
                features = self.matrix[ids]
                features = features * (torch.rand(features.shape) > self.feature_drop)
                scores, gate = net(features, self.vectors[ids], self.known[ids], codes, mask, 1 - self.feature_drop)
                wrong = functional.binary_cross_entropy_with_logits(
                    gate, person[labels].float(), reduction="none", pos_weight=torch.tensor(4.0)
                )
                loss = net.loss(scores, mask, labels).mean() + (wrong * mask).sum() / mask.sum()
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(net.parameters(), 5.0)
                optimizer.step()
                schedule.step()
                total += float(loss.detach())
            print(f"  net: epoch {epoch + 1}, loss {total / len(batches):.3f}, {time.time() - began:.0f} s", flush=True)
        net.eval()

    def _tensors(self, sentences: list[Sentence]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        longest = max(len(s.types) for s in sentences)
        out = torch.zeros(4, len(sentences), longest, dtype=torch.long)
        for i, s in enumerate(sentences):
            out[0, i, : len(s.types)] = torch.tensor(s.types)
            out[1, i, : len(s.types)] = torch.tensor(s.codes)
            out[2, i, : len(s.types)] = torch.tensor(s.labels)
            out[3, i, : len(s.types)] = 1
        return out[0], out[1], out[2], out[3].float()

    def arrays(self, share: float) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """The net's arrays for the model file, and its transitions; scores are multiplied by ``share``."""
        w = {name: p.detach().numpy() for name, p in self.net.state_dict().items()}
        size = self.hidden
        order = [0, 1, 3, 2]  # PyTorch: input, forget, cell, output; ours: input, forget, output, cell
        half = np.repeat(np.array([0.5, 0.5, 0.5, 1.0], np.float32), size)  # sigmoid by tanh

        def gates(x: np.ndarray) -> np.ndarray:
            return np.concatenate([x[k * size : (k + 1) * size] for k in order]).T * half

        inputs = [gates(w[f"lstm.weight_ih_l0{d}"]) for d in ("", "_reverse")]
        bias = [gates((w[f"lstm.bias_ih_l0{d}"] + w[f"lstm.bias_hh_l0{d}"])[:, None])[0] for d in ("", "_reverse")]
        contexts = np.stack([w["context.weight"] @ x + b for x, b in zip(inputs, bias, strict=True)], axis=1)
        embedding, embedding_scale = _bytes(w["embedding.weight"][1:])
        vectors, vectors_scale = _bytes(self.types.vectors, whole=True)
        arrays = {
            "net_features": np.frombuffer("\n".join(self.names).encode(), np.uint8),
            "net_embedding": embedding,
            "net_embedding_scale": embedding_scale,
            "net_vectors": vectors,
            "net_vectors_scale": vectors_scale,
            "net_project": w["project.weight"].T.astype(np.float16),
            "net_unknown": w["unknown"].astype(np.float16),
            "net_input": np.concatenate(inputs, axis=1).astype(np.float16),
            "net_context": contexts.astype(np.float16),
            "net_recurrent": np.stack([gates(w[f"lstm.weight_hh_l0{d}"]) for d in ("", "_reverse")]).astype(np.float16),
            "net_out": (w["out.weight"].T * share).astype(np.float16),
            "net_bias": (w["out.bias"] * share).astype(np.float32),
            "net_gate": w["gate.weight"][0].T.astype(np.float16),  # (5, WIDTH)
            "gate_bias": np.float32(w["gate.bias"][0]),
        }
        return arrays, w["transitions"] * share


def _state(arrays: Mapping[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """A net's parameters from a model file: the reverse of :meth:`Trainer.arrays`, but for what bytes and half floats lose."""
    wide = {name: np.asarray(x, np.float32) for name, x in arrays.items() if name.startswith(("net_", "transitions", "linear_t"))}
    share = 1 - float(arrays["linear_share"])
    size = wide["net_recurrent"].shape[1]
    order = [0, 1, 3, 2]
    half = np.repeat(np.array([0.5, 0.5, 0.5, 1.0], np.float32), size)

    def gates(x: np.ndarray) -> np.ndarray:
        x = (x / half).T
        return np.concatenate([x[k * size : (k + 1) * size] for k in order])

    inputs = wide["net_input"].reshape(-1, 2, 4 * size)
    bias = wide["net_context"][0]  # any one will do: the others are what they differ from it by
    contexts = np.linalg.lstsq(wide["net_input"].T, (wide["net_context"] - bias).reshape(len(wide["net_context"]), -1).T, rcond=None)[0].T
    state = {
        "embedding.weight": np.concatenate((np.zeros((1, WIDTH)), wide["net_embedding"] * wide["net_embedding_scale"][:, None])),
        "project.weight": wide["net_project"].T,
        "unknown": wide["net_unknown"],
        "context.weight": contexts,
        "out.weight": wide["net_out"].T / share,
        "out.bias": wide["net_bias"] / share,
        "transitions": np.where(wide["transitions"] < -25, 0.0, wide["transitions"] - wide["linear_transitions"]) / share,
        "gate.weight": wide["net_gate"].T[None],
        "gate.bias": np.array([GATE - float(arrays["gate_least"])]),
    }
    for d, way in enumerate(("", "_reverse")):
        state[f"lstm.weight_ih_l0{way}"] = gates(inputs[:, d])
        state[f"lstm.weight_hh_l0{way}"] = gates(wide["net_recurrent"][d])
        state[f"lstm.bias_ih_l0{way}"] = gates(bias[d][None])[:, 0]
        state[f"lstm.bias_hh_l0{way}"] = np.zeros(4 * size)
    return {name: torch.tensor(np.ascontiguousarray(x), dtype=torch.float32) for name, x in state.items()}


def sieve(windows: np.ndarray, chances: np.ndarray, ids: np.ndarray, vectors: np.ndarray, *, cells: int, epochs: int) -> dict[str, Any]:
    """The sieve's arrays: a small layer over five neighbouring types that says in which windows the net need not look.

    A window's number is the highest of its tokens'. A tenth of the windows is held out: the limit is such that of those none is lost
    in which somebody is reported, and at most one in a thousand of those in which somebody may be (:data:`SIFTED`).

    :param windows: rows ``(first, after)`` of places in ``ids``.
    :param chances: the probability of the likeliest span of each.
    :param vectors: of each type.
    """
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    reach = len(OFFSETS) // 2
    padded = np.pad(ids, reach)
    known = torch.tensor(vectors)
    weights = nn.Parameter(torch.randn(len(OFFSETS), vectors.shape[1], cells) * 0.05)
    bias, out, shift = nn.Parameter(torch.zeros(cells)), nn.Parameter(torch.randn(cells) * 0.2), nn.Parameter(torch.zeros(1))
    parameters = [weights, bias, out, shift]

    def numbers(chosen: np.ndarray) -> torch.Tensor:
        lengths = windows[chosen, 1] - windows[chosen, 0]
        at = np.repeat(windows[chosen, 0] - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
        layer = bias
        for k, offset in enumerate(OFFSETS):
            layer = layer + known[torch.tensor(padded[at + reach + offset])] @ weights[k]
        of = torch.tensor(np.repeat(np.arange(len(chosen)), lengths))
        return torch.full((len(chosen),), -1e9).scatter_reduce(0, of, torch.relu(layer) @ out + shift, "amax")

    held = rng.random(len(windows)) < 0.1
    learnt = np.flatnonzero(~held)
    batch = 256
    optimizer = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=epochs * (len(learnt) // batch))
    for epoch in range(epochs):
        rng.shuffle(learnt)
        total = 0.0
        for i in range(0, len(learnt) // batch * batch, batch):
            chance = torch.tensor(chances[learnt[i : i + batch]])
            # a name that is reported counts most; what is nearly seen is neither here nor there
            weight = torch.where(chance >= 0.5, 10.0, torch.where(chance >= SIFTED, 5.0, torch.where(chance >= 0.1, 0.3, 1.0)))
            loss = functional.binary_cross_entropy_with_logits(numbers(learnt[i : i + batch]), (chance >= SIFTED).float(), weight=weight)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        print(f"  sieve: epoch {epoch + 1}, loss {total / (len(learnt) // batch):.4f}", flush=True)
    with torch.no_grad():
        scored = numbers(np.flatnonzero(held)).numpy()
    seen = chances[held] >= SIFTED
    limit = min(float(scored[chances[held] >= 0.5].min()), float(np.quantile(scored[seen], 0.001))) - 0.01
    print("  lowest of windows with a name:", *(f"{x:.2f}" for x in np.sort(scored[seen])[:5]))
    lengths = (windows[:, 1] - windows[:, 0])[held]
    left = lengths[scored >= limit].sum() / lengths.sum()
    print(
        f"  of {len(scored)} windows held out, {seen.sum()} with a name: {left:.3f} of their tokens left, {lengths[seen].sum() / lengths.sum():.3f} with a name"
    )
    return {
        "sieve_weights": weights.detach().numpy().astype(np.float16),
        "sieve_bias": bias.detach().numpy(),
        "sieve_out": out.detach().numpy(),
        "sieve_least": np.float32(limit - float(shift.detach())),
    }


def _bytes(x: np.ndarray, *, whole: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Numbers as bytes with a scale for each row, or for all."""
    scale = np.abs(x).max(axis=None if whole else 1) / 127 + 1e-9
    return np.round(x / (scale if whole else scale[:, None])).astype(np.int8), np.asarray(scale, np.float32)
