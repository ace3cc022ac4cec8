"""The wording that tells an assertion about a person from talk in general, compiled from ``recognizers/context/sensitive.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["Boundary", "Cues", "PersonCues", "load_cues"]

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Boundary:
    """Characters that must not stand before or after a word, or it is a part of another one."""

    before: Pattern | None
    after: Pattern | None


@dataclass(frozen=True, slots=True)
class PersonCues:
    """What around a name says whether something may be said about that person."""

    role_before: Pattern
    role_after: Pattern
    role_in_paren: Pattern
    office_before: Pattern
    office_subject: Pattern
    busy: Pattern
    label_in_paren: Pattern
    label_line: Pattern
    label_of_somebody: Pattern
    label_of_work: Pattern
    rest_of_label_line: Pattern
    works_before: Pattern
    worker_before: Pattern
    calling: Pattern
    works_after: Pattern
    role_line: Pattern
    author_mark: Pattern
    strong_before: Pattern
    strong_after: Pattern
    addressee: Pattern
    label_value: Pattern
    not_a_name: Pattern
    honorific: Pattern
    not_honorific: Pattern
    aged: Pattern
    sentence_subject: Pattern
    subject_word: Pattern
    named_in_paren: Pattern
    pronoun: Pattern
    family: Pattern


@dataclass(frozen=True, slots=True)
class Cues:
    """All of the file, compiled."""

    boundaries: Mapping[str, Boundary]
    compound_after: Pattern
    compound_before: Pattern
    attendance: Pattern
    attendance_before: Pattern
    attendance_day: Pattern
    attendance_of: Pattern
    citation: Pattern
    title_before: Pattern
    title_after: Pattern
    animal_before: Pattern
    animals: Pattern
    of_animals: Pattern
    body_size: Pattern
    threshold_after: Pattern
    threshold_before: Pattern
    specific: Sequence[Pattern]
    generic: Sequence[Pattern]
    article: Sequence[tuple[float, int, Pattern]]
    other_behind: Pattern
    other_before: Pattern
    code: Pattern
    of_the_public: Pattern
    of_the_expert: Pattern
    persons: PersonCues
    negative: Pattern
    negated_after: Pattern
    unchecked_before: Pattern
    checked_before: Pattern
    blank: Pattern
    results_words: Pattern
    health: Pattern
    no_illness: Pattern
    no_disability: Pattern
    choice: Pattern
    weights: Mapping[str, float]


def _any(patterns: Sequence[str]) -> Pattern:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _class(characters: str) -> Pattern | None:
    return re.compile(f"[{characters}]") if characters else None


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Read and compile the cues once a process.

    :raises re.error: when an expression in the file is wrong (a programmer's error).
    """
    data = read_yaml(recognizers_dir() / "context" / "sensitive.yaml")
    persons = {name: re.compile(pattern) for name, pattern in data["persons"].items()}
    return Cues(
        boundaries={word: Boundary(_class(rule["before"]), _class(rule["after"])) for word, rule in data["boundaries"].items()},
        compound_after=_any(data["compound_after"]),
        compound_before=_any(data["compound_before"]),
        attendance=re.compile(data["attendance"]),
        attendance_before=re.compile(data["attendance_before"]),
        attendance_day=re.compile(data["attendance_day"]),
        attendance_of=re.compile(data["attendance_of"]),
        citation=re.compile(data["citation"]),
        title_before=re.compile(data["title_before"]),
        title_after=re.compile(data["title_after"]),
        body_size=re.compile(data["body_size"]),
        animals=re.compile(data["animals"]),
        of_animals=re.compile(data["of_animals"]),
        no_disability=re.compile(data["no_disability"]),
        animal_before=re.compile(data["animal_before"]),
        threshold_after=_any(data["threshold_after"]),
        threshold_before=_any(data["threshold_before"]),
        specific=tuple(re.compile(pattern) for pattern in data["specific"]),
        generic=tuple(re.compile(pattern) for pattern in data["generic"]),
        article=tuple((float(rule["weight"]), int(rule["least"]), re.compile(rule["regex"])) for rule in data["article"]),
        other_behind=re.compile(
            rf"(?:[^。、\n]{{0,8}}?[たるいな]|(?<=[たるいな])){data['others']}(?:[をにからとへがは]|も(?!の)|の(?P<owned>))"
        ),
        other_before=re.compile(rf"(?<![一-龠の]){data['others']}(?:さん)?が"),
        code=re.compile(data["code"]),
        of_the_public=re.compile(data["of_the_public"]),
        of_the_expert=re.compile(data["of_the_expert"]),
        persons=PersonCues(**persons),
        negative=re.compile(data["negative"]),
        negated_after=re.compile(data["negated_after"]),
        unchecked_before=re.compile(data["unchecked_before"]),
        checked_before=re.compile(data["checked_before"]),
        blank=re.compile(data["blank"]),
        results_words=re.compile(data["results_words"]),
        health=re.compile(data["health"]),
        no_illness=re.compile(data["no_illness"]),
        choice=re.compile(data["choice"]),
        weights={name: float(value) for name, value in data["weights"].items()},
    )
