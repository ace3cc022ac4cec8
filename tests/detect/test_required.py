"""Words that a match must hold."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.catalogue import load_catalogue
from piiscan.detect.required import required_words

RULES = load_catalogue().rules.values()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("abc", ("abc",)),
        ("(?i)ABC", ("abc",)),
        ("[0-9]+", ()),
        ("(?:ab)?c{0,2}", ()),
        ("(?:ab|cd|[0-9])x", ("x",)),
        ("(?:ab|cd)x", ("ab", "cd")),
        ("(?<!no)[a-z](?:生年月日|誕生日){1,2}(?=yes)", ("生年月日", "誕生日")),
        (r"[0-9]{1,3}\.[0-9]", (".",)),
        ("|".join(chr(0x4E00 + i) for i in range(60)), ()),
    ],
)
def test_words_of_a_pattern(pattern: str, words: tuple[str, ...]) -> None:
    assert required_words(pattern) == words


@pytest.mark.parametrize("rule", [r for r in RULES if r.patterns], ids=lambda r: r.entity)
def test_every_example_that_a_rule_matches_holds_a_required_word(rule) -> None:
    texts = [example.text for example in rule.examples.match]
    for spec in rule.patterns:
        words = required_words(spec.regex)
        for text in texts:
            for match in re.finditer(spec.regex, text):
                assert not words or any(word in match.group().lower() for word in words)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_matches_holds_one(data: st.DataObject) -> None:
    part = st.sampled_from(["ab", "c", "[0-9]", "(?:x|yz)", "(?:x|[0-9])", "d?", "e+", "[pq]", "(?:fg){0,3}", "(?=a)", "(?i:H)"])
    pattern = "".join(data.draw(st.lists(part, min_size=1, max_size=5)))
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    words = required_words(pattern)
    assert not words or any(word in text.lower() for word in words)
