"""How a number looks under an Excel number format, as far as that matters for finding personal data.

Two kinds of format change what a number *is* to a reader: those that fill up
with zeros (``000-0000`` for postal codes, ``00000000000`` for phones; the
stored number has lost them) and dates. All others are shown plainly.
(ECMA-376-1 §18.8.30 and §18.8.31.)
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache

__all__ = ["DATE", "date_text", "is_date", "mask", "number_text"]

DATE = "date"

# Built-in formats without a code in the file, §18.8.30: dates and times in every locale, and 27–36, 50–58 in Japanese ones.
_BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*](.)|\[([^\]]*)\]|(.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)$")


def number_text(value: float) -> str:
    """A number as people write it: no ``.0``, fifteen significant digits as in Excel."""
    if value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    return f"{value:.15g}"


@cache
def is_date(number: int, code: str) -> bool:
    """Whether numFmt ``number`` with ``code`` (empty for a built-in one) shows a date or time."""
    if not code:
        return number in _BUILTIN_DATES
    bare = _TOKEN.sub(lambda m: m.group(5) or "", code).lower()
    if "general" in bare or "0" in bare.partition(";")[0].replace("ss.0", "").replace("s.00", ""):
        return False
    return bool(re.search(r"[ymdhsge]", bare)) and not re.search(r"e[+-]", bare)


def date_text(serial: float, *, epoch_1904: bool = False) -> str:
    """``YYYY-MM-DD`` with a time when there is one; a time alone below 1. Excel counts 1900 as a leap year."""
    if not 0 <= serial < 2_958_466:
        return number_text(serial)
    days, fraction = divmod(serial, 1)
    seconds = round(fraction * 86_400)
    time = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if days == 0 and not epoch_1904:
        return time
    start = dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 31 if days < 60 else 30)
    try:
        date = (start + dt.timedelta(days=int(days))).isoformat()
    except OverflowError:
        return number_text(serial)
    return f"{date} {time}" if seconds else date


@cache
def mask(code: str) -> Callable[[int], str] | None:
    """Writes whole numbers under ``code`` when it fills up with zeros, else ``None``.

    ``mask('000-0000')(600000) == '060-0000'``.
    """
    sections: list[tuple[tuple[str, float] | None, list[str | None]]] = []
    condition: tuple[str, float] | None = None
    tokens: list[str | None] = []  # a literal, or None for ``0``, "" for ``#``/``?``
    zeros = 0
    for quoted, escaped, skipped, bracket, char in _TOKEN.findall(code):
        if char == ";":
            sections.append((condition, tokens))
            condition, tokens = None, []
        elif quoted or escaped:
            tokens.append(quoted or escaped)
        elif bracket:
            found = _CONDITION.match(bracket)
            if found:
                condition = (found.group(1), float(found.group(2)))
        elif char == "0":
            zeros += 1
            tokens.append(None)
        elif char and char in "#?":
            tokens.append("")
        elif char and (char in "-() /:+" or ord(char) > 0x7F):
            tokens.append(char)
        elif char or not (skipped or code):
            return None  # a point, percent, thousands, date or text: no mask
    sections.append((condition, tokens))
    if zeros < 2:
        return None
    if len(sections) == 1 and sections[0][0] is None and "" not in tokens:
        return _zeros(tokens)

    def write(value: int) -> str:
        chosen = next((t for c, t in sections if c is None or _holds(c, value)), sections[-1][1])
        digits = list(str(value))
        out: list[str] = []
        places = sum(1 for token in chosen if not token)
        for token in reversed(chosen):
            if token:
                out.append(token)
                continue
            places -= 1
            if places == 0:
                out.append("".join(digits) or ("0" if token is None else ""))
                digits = []
            elif digits:
                out.append(digits.pop())
            elif token is None:
                out.append("0")
        return "".join(reversed(out))

    return write


def _zeros(tokens: list[str | None]) -> Callable[[int], str]:
    """The common case, zeros and literals only: ``00000000000``, ``000-0000``."""
    width = tokens.count(None)
    template = "".join("%s" if token is None else token.replace("%", "%%") for token in tokens)
    if len(tokens) == width:
        return lambda value: str(value).zfill(width)

    def write(value: int) -> str:
        digits = str(value).zfill(width)
        surplus = len(digits) - width
        return template % (digits[: surplus + 1], *digits[surplus + 1 :])

    return write


def _holds(condition: tuple[str, float], value: int) -> bool:
    sign, bound = condition
    return {
        "<=": value <= bound,
        ">=": value >= bound,
        "<>": value != bound,
        "<": value < bound,
        ">": value > bound,
        "=": value == bound,
    }[sign]
