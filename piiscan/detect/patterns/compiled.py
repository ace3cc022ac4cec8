"""The expressions of a rule, compiled, and the words that it is told by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from piiscan.catalogue import CatalogueError, PatternSpec, Rule
from piiscan.detect.checks import CHECKS, MOST_BOOST, RAISING, Check
from piiscan.detect.normalize import fold
from piiscan.detect.required import lengths, required_words

__all__ = [
    "AFTER_LABEL",
    "AGAINST",
    "CONTEXT",
    "LABEL",
    "LEAST_SHARE",
    "NAMING",
    "CellForm",
    "Compiled",
    "Pattern",
    "collect_words",
    "compile_rule",
]

#: What a word says of a rule's values.
LABEL, AFTER_LABEL, CONTEXT, AGAINST = 1, 2, 4, 8
NAMING = LABEL | AFTER_LABEL | CONTEXT
#: A cell may say a little more than its value, which has at least this share of its characters.
LEAST_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Pattern:
    """One expression of a rule."""

    spec: PatternSpec
    entity: str
    regex: re.Pattern[str]
    check: Check | None
    group: bool
    checked: bool
    """The check is asked about the group of that name, which holds the value and more (a line of check digits)."""
    words: tuple[str, ...]
    number: int
    """Among the expressions of all rules."""

    @property
    def labelled(self) -> float:
        return self.spec.score if self.spec.labelled is None else max(self.spec.labelled, self.spec.score)


class CellForm(NamedTuple):
    """An expression that the value of a whole cell may have.

    :ivar surest: how sure it can be of it; ``surest_of_rest``: it and those after it.
    :ivar shortest: of fewer characters no cell is one; ``longest``: of more none that has nothing in brackets behind its value.
    """

    regex: re.Pattern[str]
    check: Check | None
    group: bool
    score: float
    surest: float
    surest_of_rest: float
    shortest: int
    longest: float


@dataclass(slots=True)
class Compiled:
    """A rule and its expressions.

    :ivar shortest: of fewer characters no cell is a value.
    """

    rule: Rule
    patterns: tuple[Pattern, ...]
    cell_forms: tuple[CellForm, ...] = ()
    shortest: int = 1


def compile_rule(rule: Rule, first: int) -> Compiled:
    """:param first: number of its first expression."""
    patterns = []
    for number, spec in enumerate(rule.patterns, first):
        name = spec.check if spec.check is not None else rule.check
        if name and name not in CHECKS:
            where = f"{spec.origin}: " if spec.origin else ""
            raise CatalogueError(f"{where}{rule.entity}: check: no check is called {name!r}; use one of: {', '.join(sorted(CHECKS))}")
        regex = re.compile(spec.regex)
        check = CHECKS[name] if name else None
        groups = regex.groupindex
        patterns.append(
            Pattern(spec, rule.entity, regex, check, "value" in groups, "checked" in groups, required_words(spec.regex), number)
        )
    forms = _cell_forms(patterns)
    return Compiled(rule, tuple(patterns), forms, min((form.shortest for form in forms), default=1))


def _cell_forms(patterns: Sequence[Pattern]) -> tuple[CellForm, ...]:
    forms: list[CellForm] = []
    rest = 0.0
    for pattern in reversed(patterns):
        if pattern.spec.cell:
            surest = pattern.labelled + (MOST_BOOST if pattern.check in RAISING else 0)
            rest = max(rest, surest)
            shortest, longest = lengths(pattern.spec.regex)
            form = CellForm(pattern.regex, pattern.check, pattern.group, pattern.labelled, surest, rest, shortest, longest / LEAST_SHARE)
            forms.append(form)
    return tuple(reversed(forms))


def collect_words(rule: Rule, words: dict[str, dict[str, int]]) -> None:
    roles = (
        (LABEL, (*rule.labels, *(word for word in rule.headers.strong if len(word) > 1))),
        (AFTER_LABEL, rule.after_labels),
        (CONTEXT, rule.context.words),
        (AGAINST, rule.against.words),
    )
    for role, listed in roles:
        for word in listed:
            for form in _forms(fold(word).lower(), spaced=role == LABEL):
                mine = words.setdefault(form, {})
                mine[rule.entity] = mine.get(rule.entity, 0) | role


def _forms(word: str, *, spaced: bool) -> Iterable[str]:
    """The word, and a label as forms print it: ``電 話``, ``生　年　月　日``."""
    yield word
    if spaced and 2 <= len(word) <= 8 and not any(ch.isascii() for ch in word):
        for gap in (" ", "  ", "   "):
            yield gap.join(word)
