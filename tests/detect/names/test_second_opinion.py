"""GiNZA as second opinion: asked in batches, within a budget, and never silently left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from piiscan.detect import ner
from piiscan.detect.base import why_of
from piiscan.detect.names import NameRecognizer
from piiscan.detect.ner import LIMIT_BYTES, SecondOpinion
from piiscan.engine.analyse import Analyst
from piiscan.masking import FingerprintKey
from piiscan.model import Item
from piiscan.problems import ProblemKind
from piiscan.settings import Settings

SENTENCES = ["田中太郎さんは昨日、大阪へ行った。", "会議は三時に始まる。"]


def missing() -> None:
    raise OSError("[E050] Can't find model 'ja_ginza'")


def test_the_real_ginza_finds_a_person_and_its_place_in_the_sentence() -> None:
    opinion = SecondOpinion(budget_seconds=600)
    first, second = opinion.persons(SENTENCES)
    assert first is not None
    assert any(SENTENCES[0][a:b] == "田中太郎" for a, b in first)
    assert second == set()
    assert opinion.problems == []


def test_an_empty_budget_asks_nothing_and_says_so() -> None:
    opinion = SecondOpinion(budget_seconds=0)
    assert opinion.persons(SENTENCES) == [None, None]
    assert opinion.problems == ["GiNZA's budget of 0 seconds is used up"]


def test_a_budget_that_ends_on_the_way_leaves_later_batches_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    opinion = SecondOpinion(budget_seconds=1e-6)
    monkeypatch.setattr(ner, "_BATCH", 1)
    first, second = opinion.persons(SENTENCES)
    assert first is not None
    assert second is None
    assert opinion.problems == ["GiNZA's budget of 1e-06 seconds is used up"]
    opinion.reset()
    assert opinion.problems == []
    assert opinion.persons(SENTENCES[:1]) != [None]


def test_a_sentence_too_long_for_ginza_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ner, "_pipeline", lambda: type("None", (), {"pipe": lambda *_a, **_k: iter(())})())
    opinion = SecondOpinion(budget_seconds=60)
    assert opinion.persons(["あ" * (LIMIT_BYTES // 3 + 1)]) == [None]
    assert opinion.problems == [f"a sentence is longer than the {LIMIT_BYTES} bytes that GiNZA reads"]


def test_a_missing_ginza_is_said_once_a_file_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    opinion = SecondOpinion()
    monkeypatch.setattr(ner, "_pipeline", missing)
    assert opinion.persons(SENTENCES) == [None, None]
    opinion.persons(SENTENCES)
    assert opinion.problems == ["GiNZA is not installed (OSError)"]
    monkeypatch.setattr(ner, "_pipeline", lambda: pytest.fail("asked again"))
    opinion.reset()
    opinion.persons(SENTENCES)
    assert opinion.problems == ["GiNZA is not installed (OSError)"]


def test_names_are_found_all_the_same_and_what_ginza_said_is_among_the_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "。".join(f"昨日は{name}が来た" for name in ("ラドフォード", "一場", "ドーベン", "鶴岡", "馬場", "岩井", "光丘", "昭")) + "。"
    sure = NameRecognizer().analyze(text)
    agreeing = NameRecognizer(ner="all", ner_budget=600)
    monkeypatch.setattr(SecondOpinion, "persons", lambda _self, asked: [{(3, s.index("が来た"))} for s in asked])
    found = agreeing.analyze(text)
    assert {(r.start, r.end) for r in sure} <= {(r.start, r.end) for r in found}
    assert any("GiNZA agrees" in why_of(r) for r in found)
    before = {(r.start, r.end): r.score for r in sure}
    raised = [r for r in found if "GiNZA agrees" in why_of(r) and (r.start, r.end) in before]
    assert raised
    assert all(r.score > before[r.start, r.end] for r in raised)


def test_a_scan_says_that_names_were_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ner, "_pipeline", missing)
    settings = Settings(detection={"ner": "all"})
    analyst = Analyst(settings, FingerprintKey.random())
    path = tmp_path / "memo.txt"
    path.write_text("昨日は鶴岡が来た。氏名：山田太郎", encoding="utf-8")
    folder = tmp_path / "spool"
    folder.mkdir()
    report = analyst.analyse(Item("x", "memo.txt", str(path), path.stat().st_size), path, folder)
    assert [(p.kind, p.detail) for p in report.problems] == [(ProblemKind.NAMES_SKIPPED, "GiNZA is not installed (OSError)")]
    assert report.persons.estimate >= 1
