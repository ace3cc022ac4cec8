"""An expression is widened, never narrowed: what Python's ``re`` finds, the prefilter lets through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.catalogue import load_catalogue
from piiscan.detect import prefilter
from piiscan.detect.kit import Kit
from piiscan.detect.prefilter import Prefilter, wider
from piiscan.settings import Detection

RULES = [rule for rule in load_catalogue().rules.values() if rule.patterns]


@pytest.mark.parametrize(
    ("pattern", "widened"),
    [
        ("[0-9]{12}", "[0-9]{12}"),
        ("(?<![0-9])[0-9]{12}(?![0-9])", r"(?:\A|[^0-9])[0-9]{12}(?:\z|[^0-9])"),
        (r"(?P<s>[ \-])a(?P=s)", r"(?:[\x{20}\x{2d}])a(?:[\x{20}\x{2d}])"),
        ("a(?<!b)c(?=d)e", "ace"),  # in the middle a look-around is left out
        ("a(?![0-9]|x[0-9])", r"a(?:\z|[^0-9])"),  # of two things that may not follow, the one of a single character
        ("(?i)ab", "(?i:ab)"),
        ("a{3,90}", "(?:a){3,}"),
        (r"[^\W]", "(?s:.)"),
    ],
)
def test_what_an_expression_becomes(pattern, widened):
    assert wider(pattern) == widened


def test_re2_reads_every_expression_of_the_rules():
    pytest.importorskip("re2")  # a dependency: absent only where somebody left it out
    for rule in RULES:
        for spec in rule.patterns:
            assert prefilter._searched([wider(spec.regex)]) is not None, spec.name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.entity)
def test_examples_that_match_are_let_through(rule):
    for spec in rule.patterns:
        could = Prefilter([spec.regex])
        for example in (*rule.examples.match, *rule.examples.no_match):
            if re.search(spec.regex, example.text):
                assert could.could_match(example.text), (spec.name, example.text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123459 -_.()+〒:TELfax番号は年\n", min_size=1, max_size=60))
def test_no_text_that_matches_is_held_back(text):
    for rule in RULES:
        for spec in rule.patterns:
            if re.search(spec.regex, text):
                assert _of(spec.regex).could_match(text), (spec.name, text)


_made: dict[str, Prefilter] = {}


def _of(regex: str) -> Prefilter:
    return _made.setdefault(regex, Prefilter([regex]))


def test_nothing_matches_nowhere_and_a_half_surrogate_anywhere():
    assert not Prefilter([]).could_match("090-1234-5678")
    assert not Prefilter(["[0-9]{7}"]).could_match("no number here, 123456")
    assert Prefilter(["[0-9]{7}"]).could_match("\ud800")


def test_a_latin_word_inside_of_another_is_none():
    could = Prefilter(words=["pin", "電話", "tel番号"])
    assert not could.could_match("shopping list")
    assert could.could_match("your pin: x")
    assert could.could_match("緊急電話")
    assert could.could_match("hotel番号")  # only let through: whether it counts is decided by others


def test_without_re2_everything_is_found_all_the_same(monkeypatch):
    text = "担当 090-1234-5678\nコード=12\nmail taro@example.co.jp\n"
    with_it = [(r.entity_type, r.start, r.end) for r in Kit(Detection()).patterns.spot(text)]
    monkeypatch.setattr(prefilter, "_searched", lambda _expressions: None)
    without = Kit(Detection()).patterns
    assert [(r.entity_type, r.start, r.end) for r in without.spot(text)] == with_it
    assert {entity for entity, _, _ in with_it} >= {"PHONE_NUMBER", "EMAIL_ADDRESS"}
