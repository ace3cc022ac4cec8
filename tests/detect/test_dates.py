"""Dates: every notation of a valid date reads back as that date; what is no date is none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan.detect.dates import Date, parse

_ERAS = (("明治", "M", "㍾", 1868, 1912), ("大正", "T", "㍽", 1912, 1926), ("昭和", "S", "㍼", 1926, 1989), ("平成", "H", "㍻", 1989, 2019))
_FIGURES = "〇一二三四五六七八九"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# 1868-01-25 is the first day of 明治; before 1873 the calendar differs, but a form only holds figures.
_DAYS = st.dates(dt.date(1868, 1, 25), dt.date(2099, 12, 31))


def _kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _FIGURES[tens]) + ("十" if tens else "") + (_FIGURES[ones] if ones or not tens else "")


def _positional(number: int) -> str:
    return "".join(_FIGURES[int(figure)] for figure in str(number))


def _era(day: dt.date) -> tuple[str, str, str, int]:
    if day.year >= 2019:
        return "令和", "R", "㋿", day.year - 2018
    for name, letter, sign, first, end in _ERAS:
        if first <= day.year < end:
            return name, letter, sign, day.year - first + 1
    raise AssertionError(day)


def _notations(day: dt.date) -> list[str]:
    y, m, d = day.year, day.month, day.day
    era, letter, sign, year = _era(day)
    first = "元" if year == 1 else str(year)
    month = _MONTHS[m - 1]
    return [
        f"{y}-{m:02d}-{d:02d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}. {m}. {d}", f"{y}{m:02d}{d:02d}", f"{y} {m} {d}",
        f"{y}年{m}月{d}日", f"{y} 年 {m} 月 {d} 日", f"{y}年 {m}月 {d}日", " ".join(str(y)) + f" 年 {m} 月 {d} 日",
        f"{y}年({era}{first}年){m}月{d}日", f"{y}({letter}{year})年{m}月{d}日", f"{_positional(y)}年{_kanji(m)}月{_kanji(d)}日",
        f"{y}-{m:02d}-{d:02d} 00:00:00", f"{y}-{m:02d}-{d:02d}T00:00:00", f"{m:02d}/{d:02d}/{y}",
        f"{month} {d}, {y}", f"{d} {month[:3]} {y}", f"{month[:3].upper()}. {d}, {y}", f"{d}-{month[:3]}-{y}",
        f"{era}{first}年{m}月{d}日", f"{era}{year}({y})年{m}月{d}日", f"{era} {year} 年 {m} 月 {d} 日", f"{era}{_kanji(year)}年{_kanji(m)}月{_kanji(d)}日",
        f"{era[0]}{year}.{m}.{d}", f"{era[0]}{year}年{m}月{d}日", f"{sign}{year}年{m}月{d}日",
        f"{letter}{year}.{m}.{d}", f"{letter}{year}/{m:02d}/{d:02d}", f"{letter.lower()}{year:02d}{m:02d}{d:02d}", f"{letter}.{year}.{m}.{d}",
    ]  # fmt: skip


@given(_DAYS)
def test_every_notation_of_a_date_is_that_date(day: dt.date) -> None:
    for text in _notations(day):
        found = parse(text)
        assert found is not None, text
        assert (found.year, found.month, found.day) == (day.year, day.month, day.day), text


@given(st.dates(dt.date(1926, 12, 25), dt.date(1989, 1, 7)))
def test_form_codes_of_showa(day: dt.date) -> None:
    rest = f"{day.year - 1925:02d}{day.month:02d}{day.day:02d}"
    for code in "35":
        for text in (f"{code}-{rest}", f"{code} {rest}", f"{code}{rest}", f"{code}-{rest[:2]}-{rest[2:4]}-{rest[4:]}"):
            assert parse(text) == Date(day.year, day.month, day.day), text


@given(st.integers(1900, 2099), st.integers(13, 99), st.integers(1, 31))
def test_no_thirteenth_month(year: int, month: int, day: int) -> None:
    for text in (f"{year}年{month}月{day}日", f"{year}-{month}-{day}", f"{year}{month}{day:02d}"):
        assert parse(text) is None, text


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = parse(text)
    assert found is None or 1 <= found.month <= 12


@pytest.mark.parametrize(
    "text",
    ["", "昭和65年1月1日", "大正16年1月1日", "平成32年1月1日", "昭和0年1月1日", "2023-02-29", "1975年4月31日", "1975/4-1", "75/04/01", "6-500401", "27485", "1975",
     "Foo 1, 1975", "Mayo 1, 1975", "1975年4月1日頃", "10-1975-04"],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("平成元年1月8日", "1989-01-08"),
        ("昭和64年1月7日", "1989-01-07"),
        ("平成31年5月1日", "2019-05-01"),  # people kept on writing the old era
        ("大正十五年十二月二十五日", "1926-12-25"),
        ("一九七五年〇四月〇一日", "1975-04-01"),
        ("7-010203", "1989-02-03"),
        ("9-010501", "2019-05-01"),
        ("4-020203", "1990-02-03"),
        ("昭和 5 0 年 0 4 月 0 1 日", "1975-04-01"),
        ("1975年4月", "1975-04"),
        ("昭和50年4月", "1975-04"),
        ("Sept 1, 1975", "1975-09-01"),
        ("1st April 1975", "1975-04-01"),
    ],
)
def test_special_notations(text: str, iso: str) -> None:
    found = parse(text)
    assert found is not None
    assert found.iso == iso


def test_plausible_birth() -> None:
    today = dt.date(2026, 11, 24)
    assert Date(1975, 4, 1).plausible_birth(today)
    assert Date(2026, 11, 25).plausible_birth(today)  # already tomorrow east of Greenwich
    assert not Date(2026, 11, 26).plausible_birth(today)
    assert Date(1907, 1, 1).plausible_birth(today)
    assert not Date(1905, 12, 31).plausible_birth(today)
    assert Date(1975, 4, 0).plausible_birth(today)
