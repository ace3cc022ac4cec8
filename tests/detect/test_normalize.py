"""Folding keeps every offset."""

from hypothesis import given
from hypothesis import strategies as st

from piiscan.detect.normalize import compact, fold, lower


@given(st.text())
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="０１２３４５６７８９ー−‐―ｰ- 　ABＣ"))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_dashes_between_digits_and_vowels_elsewhere():
    assert fold("０９０ー１２３４−５６７８") == "090-1234-5678"
    assert fold("データ・サーバー1ー2") == "データ・サーバー1-2"
    assert fold("（０３）１２３４‐５６７８") == "(03)1234-5678"


def test_compact_is_for_comparing():
    assert compact("０９０ー１２３４ー５６７８") == compact("090 1234 5678") == "09012345678"


def test_long_vowels_behind_signs_that_are_no_kana():
    assert fold("03ー(1234)ー5678、①ー2、漢ー、-ー1、データー2") == "03-(1234)-5678、①-2、漢ー、--1、データー2"


@given(st.text())
def test_lower_case_keeps_the_length(text):
    assert len(lower(text)) == len(text)


def test_lower_case_of_what_would_grow():
    assert lower("İABＣ") == "İabｃ"
