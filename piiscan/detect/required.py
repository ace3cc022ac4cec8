"""What every match of a regular expression has: at least one of some words, and a length.

Looking for a few words is many times cheaper than running the expression, and most texts hold none of them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

__all__ = ["lengths", "required_words"]

#: More words than these are not worth looking for.
_MOST = 24


def required_words(pattern: str) -> tuple[str, ...]:
    """In lower case; empty when there are none, too many, or this Python's parser of expressions is unknown to us.

    What alternatives begin with together is left out, as the parser takes it out of them.

    >>> required_words(r"(?i)(?:Pass|PIN)[ :]*(?P<value>[0-9]{4})")
    ('ass', 'in')
    >>> required_words("[0-9]+")
    ()
    """
    try:
        parser = import_module("re._parser")
    except ImportError:  # pragma: no cover -- a Python to come
        return ()
    found = _of(list(parser.parse(pattern)))
    return tuple(sorted(found)) if found and len(found) <= _MOST else ()


def lengths(pattern: str) -> tuple[int, int]:
    """The least and the greatest length of what an expression matches; anything where this Python's parser of expressions is unknown to us.

    >>> lengths(r"(?<![0-9])[0-9]{3}-?[0-9]{4}")
    (7, 8)
    """
    try:
        parser = import_module("re._parser")
    except ImportError:  # pragma: no cover -- a Python to come
        return 0, sys.maxsize
    least, most = parser.parse(pattern).getwidth()
    return int(least), int(most)


def _of(items: Sequence[tuple[Any, Any]]) -> frozenset[str] | None:
    """The best set that one part of a sequence gives; ``None`` when no part gives one."""
    best: frozenset[str] | None = None
    run = ""
    for name, value in items:
        if str(name) == "LITERAL":
            run += chr(value).lower()
            continue
        best = _better(best, frozenset({run}) if run else None)
        run = ""
        best = _better(best, _part(str(name), value))
    return _better(best, frozenset({run}) if run else None)


def _part(name: str, value: Any) -> frozenset[str] | None:
    if name == "BRANCH":
        return _all(_of(list(branch)) for branch in value[1])
    if name == "SUBPATTERN":
        return _of(list(value[3]))
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and value[0] > 0:
        return _of(list(value[2]))
    if name == "ATOMIC_GROUP":
        return _of(list(value))
    if name == "IN" and len(value) <= 4 and all(str(kind) == "LITERAL" for kind, _ in value):
        return frozenset(chr(code).lower() for _, code in value)
    return None


def _all(parts: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    together: frozenset[str] = frozenset()
    for part in parts:
        if part is None:
            return None
        together |= part
    return together


def _better(a: frozenset[str] | None, b: frozenset[str] | None) -> frozenset[str] | None:
    """Longer words are rarer; then fewer words are quicker."""
    if a is None or b is None:
        return a or b
    return min(a, b, key=lambda words: (-min(len(re.sub(r"\s", "", word)) for word in words), len(words)))
