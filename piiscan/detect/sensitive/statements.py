"""Statements in everyday words, made of a part and what is said of it: 右肩が上がらない, 発作止めを飲んでいる, 客に殴られて.

Sets of words and the expressions over them are data: ``recognizers/context/statements.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["Statement", "statements"]

_PREFIX = "JP_SENSITIVE_"
_SET = re.compile("<([a-z]+)>")


@dataclass(frozen=True, slots=True)
class Statement:
    """What may be said of somebody: where one of the words of its gate stands, its expression is tried."""

    name: str
    gate: tuple[str, ...]
    regex: re.Pattern[str]
    grade: float


@lru_cache(maxsize=1)
def statements() -> Mapping[str, Sequence[Statement]]:
    """The statements of each entity.

    :raises re.error: when an expression in the file is wrong (a programmer's error).
    :raises KeyError: when one names a set that is not there.
    """
    data = read_yaml(recognizers_dir() / "context" / "statements.yaml")
    sets: dict[str, list[str]] = data["sets"]
    return {
        _PREFIX + entity: tuple(_statement(raw, sets, data["of_all"]) for raw in listed) for entity, listed in data["statements"].items()
    }


def _statement(raw: Mapping[str, Any], sets: Mapping[str, Sequence[str]], of_all: str) -> Statement:
    gate = [word for one in raw["gate"] for word in (sets[one[1:-1]] if one[0] == "<" else (one,))]
    regex = _SET.sub(lambda named: f"(?:{'|'.join(sets[named[1]])})", raw["regex"])
    return Statement(raw["name"], tuple(dict.fromkeys(gate)), re.compile(f"(?:{regex})(?!{of_all})"), float(raw["grade"]))
