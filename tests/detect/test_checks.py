"""Check digits, and the property that every one catches a changed digit."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan.detect.checks import (
    CHECKS,
    card_brand,
    corporate_number_digit,
    driver_license_digits,
    luhn,
    mrz_digit,
    my_number_digit,
    resident_code_digit,
)

DIGITS = st.text(string.digits, min_size=1)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("my_number", "123456789018", "123456789019"),
        ("my_number", "0234 5678 9013", "0234 5678 9014"),
        ("corporate_number", "7123456789012", "8123456789012"),
        ("corporate_number", "T7123456789012", "T7123456789013"),
        ("driver_license", "309012345620", "309012345630"),
        ("driver_license", "309012345620", "999012345620"),  # no such commission
        ("health_insurer", "33120015", "33120016"),
        ("credit_card", "4111111111111111", "4111111111111112"),
        ("credit_card", "3528000700000000", "9111111111111111"),
    ],
)
def test_known_numbers(check: str, good: str, bad: str) -> None:
    assert CHECKS[check](good) is not None
    assert CHECKS[check](bad) is None


@given(digits(11), st.integers(1, 9))
def test_my_number_catches_a_wrong_check_digit(body: str, shift: int) -> None:
    right = my_number_digit(body)
    number = f"{body}{right}"
    if len(set(number)) > 1:
        assert CHECKS["my_number"](number) is not None
    assert CHECKS["my_number"](f"{body}{(right + shift) % 10}") is None


@given(digits(12), st.integers(1, 8))
def test_corporate_number_catches_a_wrong_check_digit(body: str, shift: int) -> None:
    right = corporate_number_digit(body)
    assert 1 <= right <= 9
    assert CHECKS["corporate_number"](f"{(right - 1 + shift) % 9 + 1}{body}") is None


@given(digits(15), st.integers(0, 15), st.integers(1, 9))
def test_luhn_catches_any_one_changed_digit(body: str, at: int, shift: int) -> None:
    number = next(body + d for d in string.digits if luhn(body + d))
    changed = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert not luhn(changed)


@given(digits(10))
def test_licence_digits_are_one_or_two(body: str) -> None:
    allowed = driver_license_digits(body)
    assert 1 <= len(allowed) <= 2
    assert all(0 <= d <= 9 for d in allowed)
    assert 0 <= resident_code_digit(body) <= 9


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<", min_size=1, max_size=20))
def test_mrz_digit_is_a_digit(field: str) -> None:
    assert 0 <= mrz_digit(field) <= 9


@given(DIGITS)
def test_a_brand_is_only_given_to_numbers_of_its_length(number: str) -> None:
    if card_brand(number):
        assert 14 <= len(number) <= 19


@given(st.text(max_size=40))
def test_no_check_fails_on_any_text(text: str) -> None:
    for check in CHECKS.values():
        check(text)


def test_about_one_random_number_in_ten_passes_as_a_my_number() -> None:
    passing = sum(CHECKS["my_number"](f"{n:012d}") is not None for n in range(10**11, 10**11 + 50_000, 17))
    assert 0.08 < passing / (50_000 / 17) < 0.12
