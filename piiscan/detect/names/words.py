"""The words that names are told by, from ``recognizers/context/names.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["NAME_CHARS", "LabelWords", "NameWords", "any_of", "name_words"]

#: What a Japanese name is written in, as the inside of a character class.
NAME_CHARS = r"々〆ヶヵ\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\U000e0100-\U000e01efぁ-ゖァ-ヺー"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelWords(_Frozen):
    """Parts of labels; what each means is said in the file."""

    of: tuple[str, ...]
    polite: tuple[str, ...]
    name: tuple[str, ...]
    reading: tuple[str, ...]
    person: tuple[str, ...]
    former: tuple[str, ...]
    list: tuple[str, ...]
    sides: tuple[str, ...]
    members: tuple[str, ...]
    role_ends: tuple[str, ...]
    role_ends_alone: tuple[str, ...]
    role_lists: tuple[str, ...]
    english: tuple[str, ...]
    english_lists: tuple[str, ...]


class NameWords(_Frozen):
    """The content of ``recognizers/context/names.yaml``."""

    as_of: Any
    label: LabelWords
    title: tuple[str, ...]
    polite_title: frozenset[str]
    child_title: frozenset[str]
    close_title: tuple[str, ...]
    rank: tuple[str, ...]
    rank_before: tuple[str, ...]
    rank_behind_only: frozenset[str]
    rank_of_a_person: frozenset[str]
    said_of_rank: tuple[str, ...]
    before_rank: frozenset[str]
    not_after_rank: tuple[str, ...]
    unit: tuple[str, ...]
    kin: tuple[str, ...]
    kin_in_cells: tuple[str, ...]
    child: tuple[str, ...]
    relative: tuple[str, ...]
    given_though_word: frozenset[str]
    resting: tuple[str, ...]
    named_in_brackets: tuple[str, ...]
    role_in_brackets: tuple[str, ...]
    noted: tuple[str, ...]
    role_behind: tuple[str, ...]
    asked: tuple[str, ...]
    absence: tuple[str, ...]
    parent: tuple[str, ...]
    phone: tuple[str, ...]
    somebody: tuple[str, ...]
    one_of_us: tuple[str, ...]
    kind_of_person: tuple[str, ...]
    place_of_person: tuple[str, ...]
    role: tuple[str, ...]
    file: tuple[str, ...]
    supporters: tuple[str, ...]
    place_of_one: tuple[str, ...]
    no_reading: tuple[str, ...]
    mail_header: tuple[str, ...]
    no_name: frozenset[str]
    thing_ends: tuple[str, ...]
    place_of: tuple[str, ...]
    thing_begins: tuple[str, ...]
    building: tuple[str, ...]
    spread: frozenset[str]
    nobody: frozenset[str]
    institution: frozenset[str]


@cache
def name_words(path: Path | None = None) -> NameWords:
    """:raises pydantic.ValidationError: when the file lacks something or says something unknown."""
    return NameWords.model_validate(read_yaml(path or recognizers_dir() / "context" / "names.yaml"))


def any_of(words: Iterable[str]) -> str:
    """An expression for any of ``words``, the longest that fits; a blank in one may be any white space or none."""
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in sorted(words, key=len, reverse=True)) + ")"
