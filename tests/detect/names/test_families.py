"""The questions whether a word is a family name differ as their table says."""

from __future__ import annotations

import re

import pytest

from piiscan.detect.names import families

_ROW = re.compile(r"^:func:`(?P<name>\w+)`\s{2,}\S.*?\s{2,}(?P<yes>\S.*?)\s{2,}(?P<no>\S.*)$", re.MULTILINE)
TABLE = {row["name"]: (row["yes"].split(", "), row["no"].split(", ")) for row in _ROW.finditer(families.__doc__ or "")}


@pytest.mark.parametrize("question", [name for name in families.__all__ if name.startswith("is_") and "famil" in name] + ["is_borne_by"])
def test_examples_and_counter_examples(question: str) -> None:
    yes, no = TABLE[question]
    ask = getattr(families, question)
    more = (5_000, 30_000) if question == "is_borne_by" else ()
    assert [word for word in (*yes, *no) if ask(word, *more)] == yes


def test_what_many_bear_is_a_family_name_for_every_question() -> None:
    for name in ("佐藤", "宇佐美"):
        assert all(getattr(families, question)(name) for question in TABLE if question != "is_borne_by")
