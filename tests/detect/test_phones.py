"""Telephone numbers: every notation gives the same number; services and impossible numbers give none."""

from __future__ import annotations

import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan.detect.phones import _PERSONAL, _national, parse

_MOBILE = st.builds(
    "{}{}{}".format, st.sampled_from(["070", "080", "090"]), st.integers(1000, 9999), st.integers(0, 9998).map("{:04d}".format)
)  # fmt: skip
_TOKYO = st.builds("03{}{}".format, st.integers(3200, 3999), st.integers(1000, 9998))


def _several(digits: str) -> bool:
    return len(set(digits[3:])) > 1


@given(_MOBILE.filter(_several))
def test_every_notation_of_a_mobile_number(digits: str) -> None:
    a, b, c = digits[:3], digits[3:7], digits[7:]
    for text in (
        digits, f"{a}-{b}-{c}", f"{a} {b} {c}", f"({a}){b}-{c}", f"{a}({b}){c}", f"{a}.{b}.{c}", f"{a}-{b}{c}", f" {a} - {b} - {c} ",
        f"+81{a[1:]}{b}{c}", f"+81 {a[1:]}-{b}-{c}", f"+81 (0){a[1:]} {b} {c}", f"(+81){a[1:]}-{b}-{c}", f"0081-{a[1:]}-{b}-{c}", f"010-81-{a[1:]}-{b}-{c}",
        f"81-{a[1:]}-{b}-{c}",
    ):  # fmt: skip
        phone = parse(text)
        assert phone is not None, text
        assert phone.national == digits
        assert phone.mobile


@given(_TOKYO.filter(_several))
def test_every_notation_of_a_landline(digits: str) -> None:
    b, c = digits[2:6], digits[6:]
    for text in (digits, f"03-{b}-{c}", f"(03){b}-{c}", f"03({b}){c}", f"03 {b} {c}", f"+81 3 {b} {c}", f"+81(0)3-{b}-{c}", f"+813{b}{c}"):
        phone = parse(text)
        assert phone is not None, text
        assert phone.national == digits
        assert not phone.mobile
        assert phone.usual_grouping


@given(st.text(alphabet="0123456789-+() 内線x", max_size=24))
def test_anything_else_is_a_number_of_ten_or_eleven_digits_or_none(text: str) -> None:
    phone = parse(text)
    assert phone is None or (phone.national.startswith("0") and phone.national.isdigit() and len(phone.national) in {10, 11})


@pytest.mark.parametrize(
    "text",
    ["0120-123-456", "0800-123-4567", "0570-123-456", "0990-123-456", "020-1234-5678", "+81 120-123-456", "110", "119", "117",
     "", "1234-5678", "3-1234-5678", "03-1234-567", "03-1234-56789", "090-1234-567", "000-0000-0000", "090-0000-0000", "01-2345-67890",
     "+1 212 555 0123", "+82-2-1234-5678", "2026-11-01", "0081"],
)  # fmt: skip
def test_services_and_impossible_numbers(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "national", "usual"),
    [
        ("060-1234-5678", "06012345678", True),
        ("050-1234-5678", "05012345678", True),
        ("011-212-3456", "0112123456", True),
        ("0466-12-3456", "0466123456", True),
        ("04-6612-3456", "0466123456", False),
        ("0312-34-5678", "0312345678", False),
        ("03-12345678", "0312345678", False),
    ],
)
def test_grouping_of_the_plan(text: str, national: str, usual: bool) -> None:
    phone = parse(text)
    assert phone is not None
    assert (phone.national, phone.usual_grouping) == (national, usual)


def test_repr_hides_the_number() -> None:
    assert "1234" not in repr(parse("090-1234-5678"))


def test_mobile_numbers_are_judged_as_the_library_judges_them() -> None:
    rng = random.Random(11)
    for _ in range(300):
        digits = rng.choice(("060", "070", "080", "090")) + "".join(rng.choices("0123456789", k=8))
        number = phonenumbers.parse(digits, "JP")
        valid = phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _PERSONAL
        assert (parse(digits) is not None) is (valid and len(set(digits[3:])) > 1), digits
        if valid:
            grouped = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
            assert grouped == "-".join(_national(digits) or ())
