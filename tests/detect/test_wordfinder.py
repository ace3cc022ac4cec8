"""Every occurrence of every word, in an order that can be relied on; checked against the plainest search there is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from piiscan.detect.wordfinder import _SHORT, WordFinder

SIGNS = "癌病がんaA1_ ー\n\ud83d𠮷"


def plainly(words: list[str], text: str) -> list[tuple[int, str]]:
    found = [(end - 1, start, text[start:end]) for start in range(len(text)) for end in range(start + 1, len(text) + 1)]
    return [(last, word) for last, start, word in sorted(found) if word in words]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(SIGNS, min_size=1, max_size=5), max_size=12, unique=True), st.text(SIGNS, max_size=40), st.booleans())
def test_all_words_wherever_they_stand(words: list[str], text: str, long: bool) -> None:
    finder = WordFinder({word: word for word in words})
    blank = "、" * _SHORT if long else ""  # long texts are read in another way
    assert finder.iter(blank + text) == [(len(blank) + last, word) for last, word in plainly(words, text)]


def test_of_words_that_end_together_the_longest_comes_first() -> None:
    finder = WordFinder({"がん": 1, "胃がん": 2, "ん": 3, "がんセンター": 4})
    assert [payload for _, payload in finder.iter("胃がんセンター")] == [2, 1, 3, 4]


def test_no_words_and_no_text() -> None:
    assert WordFinder({}).iter("胃がん" * _SHORT) == []
    assert WordFinder({"胃": 1, "胃がん": 2}).iter("") == []


def test_a_payload_may_be_anything() -> None:
    assert WordFinder({"胃": None, "胃がん": 0}).iter("胃がん") == [(0, None), (2, 0)]


def test_a_list_made_later_is_found_in_the_same_text() -> None:
    text = "、" * _SHORT + "胃がん、肺炎"
    assert len(WordFinder({"胃がん": 1}).iter(text)) == 1
    assert WordFinder({"肺炎": 2, "炎": 3}).iter(text) == [(len(text) - 1, 2), (len(text) - 1, 3)]
