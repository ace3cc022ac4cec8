"""Sentences that differ in their figures alone are read in samples, and whole where somebody is named in one of them."""

from __future__ import annotations

import pytest

from piiscan.detect.names import NameRecognizer
from piiscan.detect.names.repeats import first_look
from piiscan.detect.names.tokens import split_sentences


@pytest.fixture(scope="module")
def names() -> NameRecognizer:
    return NameRecognizer()


def test_a_log_is_read_in_samples_from_its_beginning_to_its_end() -> None:
    text = "".join(f"{i}件目の処理を開始します。\n" for i in range(200))
    read, ((samples, others),) = first_look(text, split_sentences(text))
    assert len(samples) == 6
    assert samples == read
    assert (samples[0][0], samples[-1][1]) == (0, split_sentences(text)[-1][1])
    assert sorted(samples + others) == split_sentences(text)


def test_prose_and_a_few_equal_lines_are_read_whole() -> None:
    text = "".join(f"これは{'あいうえおかきくけこさし'[i]}の文です。" for i in range(12)) + "処理を開始\n" * 8
    assert first_look(text, split_sentences(text)) == (split_sentences(text), [])


def test_figures_at_the_end_are_no_reason_not_to_look() -> None:
    text = "".join(f"所要時間は{i}。" for i in range(200))
    assert first_look(text, split_sentences(text))[1]


def test_names_in_a_log_are_found_between_the_samples(names: NameRecognizer) -> None:
    log = "".join(
        f"{i}件目の処理が正常に終了しました。\n" + (f"{i}件目を山田太郎さんが承認した。\n" if i % 3 == 0 else "") for i in range(90)
    )
    found = names.analyze(log)
    assert len(found) == 30
    assert {log[r.start : r.end] for r in found} == {"山田太郎"}


def test_a_log_without_names_holds_none_and_costs_few_tokens(names: NameRecognizer, monkeypatch: pytest.MonkeyPatch) -> None:
    log = "".join(f"{i}件目の処理を開始します。処理が正常に終了しました（所要時間 {i % 97} ミリ秒）。\n" for i in range(400))
    read: list[int] = []
    vocabulary = names.model.vocabulary
    real = vocabulary._run
    monkeypatch.setattr(vocabulary, "_run", lambda text, run: read.append(len(run)) or real(text, run))
    assert names.analyze(log) == []
    assert sum(read) < 20
