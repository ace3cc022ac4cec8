"""Whether a regular expression of a user could take for ever: Python's engine tries every way of parting a text among repeats."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

__all__ = ["refuse_endless"]

_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT"})  # what is possessive or atomic never goes back
#: More turns than these are as good as without end.
_MANY = 24


def refuse_endless(pattern: str) -> None:
    """Refuse an expression that repeats what is nothing but a repeat: ``(a+)+``, ``([0-9]+-?)*``.

    :raises ValueError: with what to do; never for an expression that a parser unknown to us reads.

    >>> refuse_endless("(?:[0-9]+-)+[0-9]+")
    >>> refuse_endless("(?:[0-9]+-?)+")
    Traceback (most recent call last):
    ...
    ValueError: the regular expression repeats a part that is itself a repeat, as in (a+)+, which can take for ever; repeat one of the two only
    """
    try:
        parser = import_module("re._parser")
    except ImportError:  # pragma: no cover -- a Python to come
        return
    if _endless(list(parser.parse(pattern)), repeated=False):
        raise ValueError(
            "the regular expression repeats a part that is itself a repeat, as in (a+)+, which can take for ever; repeat one of the two only"
        )


def _endless(items: Sequence[tuple[Any, Any]], *, repeated: bool) -> bool:
    """:param repeated: the whole of ``items`` is repeated without end."""
    for at, (op, value) in enumerate(items):
        name = str(op)
        many = name in _REPEATS and int(value[1]) >= _MANY
        alone = repeated and all(_may_be_empty(other) for i, other in enumerate(items) if i != at)
        if many and alone:
            return True
        if any(_endless(list(part), repeated=many or (alone and name not in {"ASSERT", "ASSERT_NOT"})) for part in _parts(name, value)):
            return True
    return False


def _parts(name: str, value: Any) -> Sequence[Any]:
    """The expressions within one, but for those that are tried once only."""
    if name in _REPEATS:
        return (value[2],)
    if name == "SUBPATTERN":
        return (value[3],)
    if name == "BRANCH":
        return tuple(value[1])
    if name in {"ASSERT", "ASSERT_NOT"}:
        return (value[1],)
    return ()


def _may_be_empty(item: tuple[Any, Any]) -> bool:
    name, value = str(item[0]), item[1]
    if name in {"AT", "ASSERT", "ASSERT_NOT"}:
        return True
    if name in _REPEATS or name == "POSSESSIVE_REPEAT":
        return int(value[0]) == 0 or all(_may_be_empty(inner) for inner in value[2])
    if name == "SUBPATTERN":
        return all(_may_be_empty(inner) for inner in value[3])
    if name == "BRANCH":
        return any(all(_may_be_empty(inner) for inner in branch) for branch in value[1])
    return False
