"""Whether an expression could match anywhere in a text, at the speed of reading it.

Most text (logs, source code, novels) holds nothing of what some hundred regular expressions look for, and Python's ``re`` takes
each of them through it character by character. RE2 takes all of them through it at once, a thousand million characters in one to
three seconds, but knows no look-arounds and no references to groups. So each expression is widened here to one that RE2 knows and
that matches wherever the first does, and only where that is the case ``re`` decides. Where RE2 is not installed, or an expression
cannot be widened, the answer is always "it could".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from importlib import import_module
from typing import Any, Final

__all__ = ["Prefilter", "wider"]

#: "Once to so often" is widened to "once or more", "exactly so often" above this too, and "at least" to no more than that: each number costs RE2 states.
_MOST_TIMES: Final = 20
_LEAST_TIMES: Final = 40
#: So many expressions are looked for together. RE2 makes its states while it reads, one for every set of expressions that are half matched: of
#: all at once there are so many that a text of new words takes longer to prepare for than to read.
_TOGETHER: Final = 44
_MEMORY: Final = 32 << 20
_ANY = "(?s:.)"
#: Two signs that are none: looked for in order to see that a search works.
_NOWHERE: Final = "\U0010fffe\U0010ffff"
#: What Python's ``\s`` and ``\d`` are, inside of brackets.
_SPACE = r"\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_EXACT = {"CATEGORY_SPACE": _SPACE, "CATEGORY_DIGIT": r"\p{Nd}"}
_WIDER = {**_EXACT, "CATEGORY_WORD": r"\p{L}\p{N}\p{M}_"}
_Tree = Sequence[tuple[Any, Any]]
#: Gives the numbers of the expressions that match in a text.
_Search = Callable[[str], Collection[int] | None]


class _NotKnownError(Exception):
    """A part of an expression that is not known here: a Python to come."""


class Prefilter:
    """Says in a pass or a few which of many expressions could match in a text, and that none can where it says so.

    :param patterns: expressions of Python's ``re``.
    :param ends: heed what may not follow a match; one answer for all expressions, or one for each. Leave it out where texts are cut.
    :param words: words in lower case, to be found in a text in lower case; a Latin one not inside of another.
    """

    def __init__(self, patterns: Iterable[str] = (), *, ends: bool | Sequence[bool] = True, words: Iterable[str] = ()) -> None:
        listed = list(patterns)
        heeded = [ends] * len(listed) if isinstance(ends, bool) else list(ends)
        widened = [wider(pattern, ends=heed) for pattern, heed in zip(listed, heeded, strict=True)]
        self._all = range(len(listed))
        known = [one for one in widened if one is not None]
        #: The first number of each group and its search; none of them where one is not known.
        self._searches: list[tuple[int, _Search]] = []
        if known and len(known) == len(widened):
            groups = [(first, _searched(known[first : first + _TOGETHER])) for first in range(0, len(known), _TOGETHER)]
            self._searches = [(first, search) for first, search in groups if search] if all(search for _, search in groups) else []
        # two searches: what may stand beside a Latin word would double the states of thousands of others
        latin = [word for word in words if _latin(word[0]) and _latin(word[-1])]
        others = [word for word in words if not (_latin(word[0]) and _latin(word[-1]))]
        self._words = [
            _searched([expression])
            for expression in (f"(?:^|[^a-z])(?:{_any_of(latin)})(?:$|[^a-z])" if latin else "", _any_of(others))
            if expression
        ]

    def matching(self, text: str) -> Collection[int]:
        """Numbers of the expressions that could match in ``text``; the others do not."""
        if not self._all:
            return ()
        if not self._searches:
            return self._all
        try:
            if len(self._searches) == 1:
                return self._searches[0][1](text) or ()
            return [first + number for first, search in self._searches for number in search(text) or ()]
        except UnicodeEncodeError:  # half a surrogate pair, which RE2 cannot read
            return self._all

    def could_match(self, text: str) -> bool:
        """Whether any of the expressions or words may be there."""
        try:
            return bool(self.matching(text)) or any(search is None or search(text) for search in self._words)
        except UnicodeEncodeError:
            return True


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted({"".join(map(_literal, word)) for word in words}))


def _latin(ch: str) -> bool:
    return "a" <= ch <= "z"


def _searched(expressions: Sequence[str]) -> _Search | None:
    """A search for expressions of RE2, which gives the numbers of those that match; None without RE2, and for what it refuses.

    A set of RE2 only says which of them match. That is ten to fifty times cheaper than where: a text is read once, and forwards.
    """
    try:
        re2 = import_module("re2")
    except ImportError:
        return None
    options = re2.Options()
    options.never_capture = True
    options.log_errors = False
    options.max_mem = _MEMORY
    found = re2.Set.SearchSet(options)
    try:
        for expression in (*expressions, _NOWHERE):
            found.Add(expression)
        found.Compile()
    except re2.error:
        return None
    search: _Search = found.Match
    # a set whose tables do not fit in the memory allowed would find nothing, without a word
    return search if search(_NOWHERE) else None


def wider(pattern: str, *, ends: bool = True) -> str | None:
    r"""An expression of RE2 that matches wherever ``pattern`` does; None when none is known.

    >>> wider("(?<![0-9])[0-9]{12}(?![0-9])")
    '(?:\\A|[^0-9])[0-9]{12}(?:\\z|[^0-9])'
    """
    try:
        parser = import_module("re._parser")
        tree = parser.parse(pattern)
        return _Widening(ignore_case=bool(tree.state.flags & re.IGNORECASE), ends=ends).sequence(list(tree), first=True, last=True)
    except (ImportError, _NotKnownError):  # pragma: no cover -- a Python to come
        return None


class _Widening:
    def __init__(self, *, ignore_case: bool, ends: bool) -> None:
        self._groups: dict[int, str] = {}
        self._ignore = ignore_case
        self._ends = ends

    def sequence(self, items: _Tree, *, first: bool = False, last: bool = False) -> str:
        """:param first: nothing of the match stands before; ``last``: nothing stands after."""
        out: list[str] = []
        for i, (op, value) in enumerate(items):
            name = str(op)
            if name == "AT":
                continue
            if name in {"ASSERT", "ASSERT_NOT"}:
                behind = value[0] < 0
                if name == "ASSERT_NOT" and (first and not out if behind else self._ends and last and self._only_looks(items[i + 1 :])):
                    signs = _single(value[1])
                    if signs:
                        out.append(f"(?:\\A|[^{signs}])" if behind else f"(?:\\z|[^{signs}])")
                        if not behind:
                            break
                continue
            out.append(self._part(name, value, first=first and not out, last=last and self._only_looks(items[i + 1 :])))
        whole = "".join(out)
        return f"(?i:{whole})" if self._ignore and first and last else whole

    @staticmethod
    def _only_looks(items: _Tree) -> bool:
        return all(str(op) in {"AT", "ASSERT", "ASSERT_NOT"} for op, _ in items)

    def _part(self, name: str, value: Any, *, first: bool, last: bool) -> str:
        if name == "LITERAL":
            return _literal(chr(value))
        if name == "NOT_LITERAL":
            return f"[^{_literal(chr(value))}]"
        if name == "ANY":
            return _ANY
        if name == "IN":
            return _signs(value)
        if name == "BRANCH":
            return f"(?:{'|'.join(self.sequence(list(branch), first=first, last=last) or '(?:)' for branch in value[1])})"
        if name == "SUBPATTERN":
            group, added, removed, inner = value
            # flags of a part (?i:…): ignoring case is the wider
            text = self.sequence(list(inner), first=first and not removed, last=last)
            text = f"(?i:{text})" if added & re.IGNORECASE else f"(?:{text})"
            if group is not None:
                self._groups[group] = text
            return text
        if name == "ATOMIC_GROUP":
            return f"(?:{self.sequence(list(value))})"
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            least, most, inner = value
            text = self.sequence(list(inner))
            low = min(int(least), _LEAST_TIMES)
            high = str(low) if int(least) == int(most) <= _MOST_TIMES else "1" if int(most) == 1 else ""
            return f"(?:{text}){{{low},{high}}}" if len(inner) > 1 or str(inner[0][0]) != "IN" else f"{text}{_times(low, high)}"
        if name == "GROUPREF":
            return self._groups.get(value, f"{_ANY}*")
        if name == "GROUPREF_EXISTS":
            return f"{_ANY}*"
        raise _NotKnownError(name)


def _times(low: int, high: str) -> str:
    return f"{{{low}}}" if str(low) == high else f"{{{low},{high}}}"


def _literal(ch: str) -> str:
    return ch if ch.isalnum() and ch.isascii() else f"\\x{{{ord(ch):x}}}"


def _signs(items: _Tree) -> str:
    """A set of characters; all characters where it is not known which."""
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    inner = _inside(items[1:] if negated else items, _EXACT if negated else _WIDER)
    if inner is None:
        return _ANY
    return f"[{'^' if negated else ''}{inner}]"


def _inside(items: _Tree, categories: dict[str, str]) -> str | None:
    out = []
    for op, value in items:
        name = str(op)
        if name == "LITERAL":
            out.append(_literal(chr(value)))
        elif name == "RANGE":
            out.append(f"{_literal(chr(value[0]))}-{_literal(chr(value[1]))}")
        elif name == "CATEGORY" and str(value) in categories:
            out.append(categories[str(value)])
        else:
            return None
    return "".join(out)


def _single(items: _Tree) -> str:
    """The characters of a look-around that each alone forbid the match; empty when there are none."""
    if len(items) != 1:
        return ""
    name, value = str(items[0][0]), items[0][1]
    if name == "LITERAL":
        return _literal(chr(value))
    if name == "IN":
        return _inside(value, _EXACT) or ""
    if name == "BRANCH":
        return "".join(_single(list(branch)) for branch in value[1])
    if name == "SUBPATTERN" and not value[1] and not value[2]:
        return _single(list(value[3]))
    return ""
