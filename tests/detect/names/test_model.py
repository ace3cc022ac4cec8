"""The name model: exact probabilities, the same whatever stands around, bounded memory."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from piiscan.detect.names import model as module
from piiscan.detect.names.model import NameModel
from piiscan.detect.names.net import Lanes
from piiscan.detect.names.paths import Spotted, likeliest_for_all
from piiscan.detect.names.tokens import contexts
from piiscan.resources import recognizers_dir

TEXT = "昨日、営業部の山田太郎さんとマイケル・スミス氏が大阪を訪れた。鈴木は欠席。会議は三時に終わる。"


@pytest.fixture(scope="module")
def model() -> NameModel:
    return NameModel(recognizers_dir() / "models" / "names.npz")


def spans(model: NameModel, text: str, floor: float = 0.3) -> dict[tuple[int, int], float]:
    found = {}
    for stream in model.vocabulary.streams(text):
        for s in model.spot(stream, floor):
            found[int(stream.starts[s.first]), int(stream.ends[s.last])] = s.probability
    return found


def test_persons_stand_out(model: NameModel) -> None:
    found = spans(model, TEXT, 0.5)
    assert {TEXT[a:b] for a, b in found} == {"山田太郎", "マイケル・スミス", "鈴木"}


def test_probabilities_are_those_of_the_sum_over_all_paths(model: NameModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """By brute force in logarithms, sentence by sentence."""
    monkeypatch.setattr(model, "_gate_least", -1e9)
    (stream,) = model.vocabulary.streams(TEXT)
    windows = np.array(sorted(model.windows(stream), key=lambda w: w[0] - w[1]))
    firsts, lengths = windows[:, 0], windows[:, 1] - windows[:, 0]
    lanes = Lanes(windows)
    scores = model._scores(stream.ids, contexts(stream, model.vocabulary), lanes).astype(float)
    found = {(s.first, s.last): s.probability for s in model.paths.spans(scores.astype(np.float32), lanes, 0.01)}
    with np.errstate(divide="ignore"):
        between = np.maximum(np.log(model.paths.transition.astype(float)), -1e4)
    between[between < -25] = -1e4
    start, end = np.where(model.paths.can_begin, 0, -1e4), np.where(model.paths.can_end, 0, -1e4)
    checked, at = 0, 0
    for first, length in zip(firsts.tolist(), lengths.tolist(), strict=True):
        local = scores[at : at + length]
        at += length
        forward, backward = [local[0] + start], [end]
        for i in range(1, length):
            forward.append(np.logaddexp.reduce(forward[-1][:, None] + between, axis=0) + local[i])
            backward.append(np.logaddexp.reduce(between + (local[length - i] + backward[-1])[None], axis=1))
        backward.reverse()
        whole = np.logaddexp.reduce(forward[-1] + end)
        for i in range(length):
            for j in range(i, min(length, i + 6)):
                labels = [model.paths.single] if i == j else [model.paths.begin, *[model.paths.inside] * (j - i - 1), model.paths.end]
                path = forward[i][labels[0]]
                for k, (a, b) in enumerate(itertools.pairwise(labels), i + 1):
                    path += between[a, b] + local[k][b]
                probability = np.exp(path + backward[j][labels[-1]] - whole)
                if probability > 0.011 or (first + i, first + j) in found:
                    assert found[first + i, first + j] == pytest.approx(probability, abs=1e-3)
                    checked += 1
    assert checked >= 3


def test_a_sentence_is_judged_alike_alone_and_among_others(model: NameModel) -> None:
    alone = spans(model, TEXT)
    before = "これは前置きである。\n" * 40 + "田中一郎。"
    among = {(a - len(before), b - len(before)): p for (a, b), p in spans(model, before + TEXT + "佐藤花子が続けた。").items()}
    for span, probability in alone.items():
        assert among[span] == pytest.approx(probability, abs=0.02)


def test_types_are_forgotten_when_they_are_too_many(model: NameModel, monkeypatch: pytest.MonkeyPatch) -> None:
    before = spans(model, TEXT)
    monkeypatch.setattr(module, "_MAX_TYPES", 5)
    model.make_room()
    assert len(model.vocabulary.known) == 1
    assert spans(model, TEXT) == pytest.approx(before)


def test_the_gate_shuts_where_nobody_is_named(model: NameModel) -> None:
    text = "会議は三時に終わる。" * 20
    assert sum(b - a for stream in model.vocabulary.streams(text) for a, b in model.windows(stream)) < 0.3 * len(text)
    assert spans(model, text) == {}


def test_the_sieve_leaves_windows_out_and_loses_nobody(model: NameModel, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parent / "office.txt").read_text(encoding="utf-8")
    streams = [*model.vocabulary.streams(text)]
    windows = [model.windows(stream) for stream in streams]
    left = [model._sifted(stream.ids, found) for stream, found in zip(streams, windows, strict=True)]
    assert sum(map(len, left)) < 0.9 * sum(map(len, windows))
    sifted = spans(model, text, 0.5)
    assert sifted
    monkeypatch.setattr(model._sieve, "there", False)
    assert spans(model, text, 0.5) == pytest.approx(sifted, abs=1e-3)


def test_low_probabilities_are_not_sifted(model: NameModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model._sieve, "least", np.inf)  # lets nothing through
    assert spans(model, TEXT, module.SIFTED) == {}
    assert spans(model, TEXT, 0.05)


def test_a_model_without_a_sieve_reads_every_window(model: NameModel, tmp_path: Path) -> None:
    with np.load(recognizers_dir() / "models" / "names.npz") as archive:
        arrays = {name: archive[name] for name in archive.files if not name.startswith("sieve_")}
    np.savez(tmp_path / "names.npz", **arrays)
    plain = NameModel(tmp_path / "names.npz")
    assert not plain._sieve.there
    assert spans(plain, TEXT) == pytest.approx(spans(model, TEXT), abs=1e-3)


def test_a_file_that_is_no_model_is_refused(tmp_path) -> None:
    path = tmp_path / "names.npz"
    np.savez(path, labels=np.zeros(1, np.uint8))
    with pytest.raises((KeyError, ValueError)):
        NameModel(path)


def test_the_likeliest_of_overlapping_spans_answers_for_all() -> None:
    """瀬戸|内|様: whichever border is right, a name stands here; two names beside each other stay two."""
    spotted = [Spotted(0, 0, 0.45), Spotted(0, 1, 0.5), Spotted(4, 4, 0.6), Spotted(5, 5, 0.3)]
    judged = {(s.first, s.last): s.probability for s in likeliest_for_all(spotted)}
    assert judged == {(0, 1): pytest.approx(0.95), (0, 0): 0.45, (4, 4): 0.6, (5, 5): 0.3}


def test_many_overlapping_spans_take_linear_time() -> None:
    spotted = [Spotted(i, i + 1, 0.3) for i in range(0, 200_000, 3)]
    assert len(likeliest_for_all(spotted)) == len(spotted)
