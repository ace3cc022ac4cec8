"""Addresses in Latin letters; places that a sentence mentions are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan.detect.addresses.latin import _GATE, _gates, latin_addresses


def found(text: str) -> list[str]:
    return [text[at.start : at.end] for at in latin_addresses(text)]


@pytest.mark.parametrize(
    "address",
    [
        "1-2-3 Nishi-Shinjuku, Shinjuku-ku, Tokyo 160-0023",
        "2-4-9 Umeda, Kita-ku, Osaka 530-0001, Japan",
        "1-2-3 Minami Aoyama, Minato Ward, Tokyo",
        "Room 101, Sakura Bldg., 1-2-3 Minami-Aoyama, Minato-ku, Tokyo",
        "2-chome 8-1, Nishi-Shinjuku, Shinjuku-ku, TOKYO 163-8001",
        "1-1 Kasumigaseki 1-chome, Chiyoda-ku, Tokyo",
        "12-3 Ōdōri-nishi, Chūō-ku, Sapporo-shi, Hokkaidō 060-0042",
        "Tokyo, Shinjuku-ku, Nishi-Shinjuku 1-2-3",
        "15-8 Honcho, Takasaki-shi, Gunma-ken 370-0813",
    ],
)
def test_an_address_is_found_whole(address):
    assert found(f"Ship to: {address}") == [address]
    assert found(f"our office ({address}).") == [address]


@pytest.mark.parametrize(
    "text",
    [
        "version 1-2-3 Tokyo release",
        "See pages 10-12 for Osaka, Kyoto and Tokyo.",
        "Chuo-ku, Osaka has 5-7 parks.",
        "Flights 5-7 Osaka-Tokyo, Japan",
        "The shop in Shinjuku-ku, Tokyo opens at 10.",
        "12 Main Street, Springfield, IL 62704",
        "Tokyo 2020, Osaka 2025",
    ],
)
def test_a_place_alone_is_none(text):
    assert found(text) == []


def test_the_same_address_in_another_notation_is_compared_as_the_same():
    a, b = "1-2-3 Nishi-Shinjuku, Shinjuku-ku, Tokyo 160-0023", "Tokyo, Shinjuku-ku, Nishi Shinjuku 1-2-3"
    (first,), (second,) = latin_addresses(a), latin_addresses(b)
    assert first.norm == second.norm


@given(
    st.text("-kuSHIſşokaİıO City福\nK", max_size=40),
    st.sampled_from(["Osaka", "-ku", "o\u017faka", " City", "-CHO", "\u0130shikawa", "Kyoto"]),
)
def test_in_japanese_text_the_same_places_are_seen(text: str, place: str) -> None:
    plain = f"大{text}{place}{text}"
    assert [match.span() for match in _gates(plain)] == [match.span() for match in _GATE.finditer(plain)]
