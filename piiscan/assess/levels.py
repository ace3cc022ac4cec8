"""How bad the loss of a finding, a record, a file would be.

The rules are data (``recognizers/levels.yaml``), so that a privacy officer can
read and change them. A finding first has a level by itself; in a record (a row,
a form, a section: things about one person) it is raised by the strongest
combination that it takes part in; a file's groups are raised by the number of
persons. Sources: 個人情報保護法 2条3項, 26条, 施行規則 7条 and 43条; 番号法 29条の4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from piiscan.catalogue import Catalogue, load_catalogue
from piiscan.model import Finding, FindingGroup, Level, RecordKind
from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["Counting", "LevelRules", "Levels", "LevelsError", "Why", "load_level_rules"]


class LevelsError(ValueError):
    """A levels file that cannot be used; the message says which, where and why."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _level(value: object) -> object:
    return Level.parse(value) if isinstance(value, str) else value


class _Alone(_Frozen):
    set: str = ""
    entities: tuple[str, ...] = ()
    level: Level
    min_score: float = 0.0

    parse_level = field_validator("level", mode="before")(_level)


class _Together(_Frozen):
    name: str
    all: tuple[str, ...] = Field(min_length=2)
    level: Level

    parse_level = field_validator("level", mode="before")(_level)


class _Persons(_Frozen):
    more_than: int = Field(ge=0)
    level: Level

    parse_level = field_validator("level", mode="before")(_level)


class Counting(_Frozen):
    """Who is counted as one person; see ``recognizers/levels.yaml``."""

    identified_by: tuple[str, ...]
    unique: tuple[str, ...]
    usual: tuple[str, ...]
    one_bearer: tuple[str, ...]
    nobody: tuple[str, ...]
    reading_headers: tuple[str, ...]
    other_headers: tuple[str, ...]


class LevelRules(_Frozen):
    """The content of ``recognizers/levels.yaml``."""

    as_of: Any
    sets: Mapping[str, tuple[str, ...]]
    alone: tuple[_Alone, ...]
    together: tuple[_Together, ...]
    persons: tuple[_Persons, ...]
    counting: Counting


@cache
def load_level_rules(path: Path | None = None) -> LevelRules:
    """Read and check a levels file (default: the one that ships).

    :raises LevelsError: when it cannot be read or says something unknown.
    """
    path = path or recognizers_dir() / "levels.yaml"
    try:
        rules = LevelRules.model_validate(read_yaml(path))
    except OSError as error:
        raise LevelsError(f"{path}: cannot be read ({type(error).__name__})") from error
    except yaml.YAMLError as error:
        raise LevelsError(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise LevelsError(f"{path}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    named = {part for rule in rules.together for term in rule.all for part in term.split("|")} | {r.set for r in rules.alone if r.set}
    if unknown := sorted(named - set(rules.sets)):
        raise LevelsError(f"{path}: unknown set {unknown[0]!r}; one of {', '.join(sorted(rules.sets))}")
    return rules


@dataclass(frozen=True, slots=True)
class _Combination:
    """A rule of ``together`` with its sets as bits."""

    needs: tuple[int, ...]
    takes: int
    level: Level


@dataclass(frozen=True, slots=True)
class Why:
    """Why a group of findings has its level.

    :ivar alone: what the kind has by itself.
    :ivar together: kinds beside it that raised it; empty when none did.
    :ivar more_than: the number of persons in the file that raised it; ``None`` when it did not.
    """

    alone: Level
    together: tuple[str, ...] = ()
    more_than: int | None = None


class Levels:
    """Rates findings, records and files. Pure; made once a process."""

    def __init__(self, rules: LevelRules, catalogue: Catalogue) -> None:
        self._rules = rules
        self._catalogue = catalogue
        self._bit = {name: 1 << i for i, name in enumerate(rules.sets)}
        self._combinations = [
            _Combination(
                tuple(sum(self._bit[part] for part in term.split("|")) for term in rule.all),
                sum({self._bit[part] for term in rule.all for part in term.split("|")}),
                rule.level,
            )
            for rule in rules.together
        ]
        self._combinations.sort(key=lambda c: -c.level)
        self._bits: dict[str, int] = {}
        self._alone: dict[str, tuple[tuple[float, Level], ...]] = {}
        self._laws: dict[str, str] = {}
        self._plans: dict[frozenset[str], dict[str, Level]] = {}

    @classmethod
    def load(cls, path: Path | None = None, catalogue: Catalogue | None = None) -> Self:
        """:raises LevelsError: when the file cannot be used."""
        return cls(load_level_rules(path), catalogue or load_catalogue())

    # ------------------------------------------------------------------- rating

    def rate(self, findings: Sequence[Finding], kind: RecordKind) -> list[Finding]:
        """The findings of one record, in the same order, with ``level`` and ``law``."""
        levels = self.levels_of([(f.entity, f.score) for f in findings], kind)
        return [replace(f, level=level, law=self.law_of(f.entity)) for f, level in zip(findings, levels, strict=True)]

    def levels_of(self, found: Sequence[tuple[str, float]], kind: RecordKind) -> list[Level]:
        """Level of each ``(entity, score)`` of one record."""
        if kind is RecordKind.LOOSE or len(found) < 2:
            return [self.alone(entity, score) for entity, score in found]
        raised = self._raised(frozenset([entity for entity, _ in found]))
        return [max(self.alone(entity, score), raised.get(entity, Level.NONE)) for entity, score in found]

    def alone(self, entity: str, score: float = 1.0) -> Level:
        """Level of a finding by itself."""
        steps = self._alone.get(entity)
        if steps is None:
            steps = self._alone[entity] = tuple(self._steps(entity))
        for min_score, level in steps:
            if score >= min_score:
                return level
        return Level.NONE

    def rate_file(self, groups: Sequence[FindingGroup], persons: int) -> tuple[Level, tuple[FindingGroup, ...]]:
        """Raise the groups that belong to persons by how many there are.

        :param persons: distinct persons in the file.
        :return: the file's level (its highest group's), and the groups, gravest first.
        """
        floor = next((step.level for step in sorted(self._rules.persons, key=lambda s: -s.more_than) if persons > step.more_than), None)
        if floor is not None:
            groups = [replace(g, level=max(g.level, floor)) if g.persons and g.level > Level.NONE else g for g in groups]
        ordered = tuple(sorted(groups, key=lambda g: -g.level))
        return max((g.level for g in ordered), default=Level.NONE), ordered

    def why(self, entity: str, score: float, level: Level, companions: Collection[str], persons: int) -> Why:
        """Why a group has ``level``, as far as these rules tell (an older scan may have gone by others).

        :param companions: the kinds that stand in the same document.
        :param persons: distinct persons in the file.
        """
        alone = self.alone(entity, score)
        if level <= alone:
            return Why(alone)
        own, others = self._bits_of(entity), [other for other in sorted(companions) if other != entity]
        for rule in self._combinations:
            if rule.level != level or not own & rule.takes:
                continue
            missing = [need for need in rule.needs if not own & need]
            helpers = [other for other in others if any(self._bits_of(other) & need for need in missing)]
            if missing and all(any(self._bits_of(other) & need for other in helpers) for need in missing):
                return Why(alone, tuple(helpers))
        for step in sorted(self._rules.persons, key=lambda s: -s.more_than):
            if step.level == level and persons > step.more_than:
                return Why(alone, (), step.more_than)
        return Why(alone)

    def law_of(self, entity: str) -> str:
        """The article that makes this kind sensitive or reportable, or empty."""
        law = self._laws.get(entity)
        if law is None:
            rule = self._catalogue.rules.get(entity)
            law = self._laws[entity] = rule.law if rule else ""
        return law

    # ------------------------------------------------------------------ details

    def _in_set(self, entity: str, members: Sequence[str]) -> bool:
        return any(entity.startswith(m[:-1]) if m.endswith("*") else entity == m for m in members)

    def _bits_of(self, entity: str) -> int:
        bits = self._bits.get(entity)
        if bits is None:
            bits = sum(self._bit[name] for name, members in self._rules.sets.items() if self._in_set(entity, members))
            self._bits[entity] = bits
        return bits

    def _steps(self, entity: str) -> list[tuple[float, Level]]:
        steps = []
        for rule in self._rules.alone:
            if self._in_set(entity, rule.entities) or (rule.set and self._in_set(entity, self._rules.sets[rule.set])):
                steps.append((rule.min_score, rule.level))
                if not rule.min_score:
                    return steps
        known = self._catalogue.rules.get(entity)
        if known is None:
            steps.append((0.0, Level.LOW))  # a kind of the user's own, found by a rule that we no longer have
        else:
            steps.append((0.0, Level.parse(str(known.level)) if known.personal else Level.NONE))
        return steps

    def _raised(self, entities: frozenset[str]) -> dict[str, Level]:
        """Entity to the level that this set of kinds in one record gives it; few sets exist, so they are kept."""
        plan = self._plans.get(entities)
        if plan is None:
            bits = {entity: self._bits_of(entity) for entity in entities}
            plan = {}
            for rule in self._combinations:
                if all(any(b & need for b in bits.values()) for need in rule.needs):
                    for entity, b in bits.items():
                        if b & rule.takes:
                            plan[entity] = max(plan.get(entity, Level.NONE), rule.level)
            if len(self._plans) < 10_000:
                self._plans[entities] = plan
        return plan
