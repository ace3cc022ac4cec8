"""Folding of Japanese text that keeps every offset.

NFKC changes lengths, and a finding must point into the original text. So the
text is folded character by character, one for one, with ``str.translate``: the
folded text has the same length, and the offset map is the identity. What NFKC
does beyond that (half-width kana with a sound mark, ``㍼``, ``㈱``) is left to
the patterns and the name recognizer, which know those forms.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["DASHES", "compact", "fold", "lower", "nfkc"]

#: Every sign that people type for a hyphen in a number.
DASHES = "‐‑‒–—―−－﹣ｰー╶─━˗⁃﹘"

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    for digits in (0x2460, 0x2474):  # ① ⑴ are labels, not digits
        for code in range(digits, digits + 9):
            table.pop(code, None)
    for space in _SPACES:
        table[ord(space)] = " "
    for dash in DASHES:
        if dash not in "ーｰ":
            table[ord(dash)] = "-"
    table[ord("～")] = "~"
    table[ord("〜")] = "~"
    table[ord("￥")] = "¥"
    return table


_TABLE = _table()
#: Characters of family names beyond the blocks in which words are looked for; a text without such characters is not searched for them.
_BEYOND = (("𠮷", "吉"), ("𣘺", "橋"), ("𡈽", "土"))
#: A table that a text goes through costs eight times as much as a look for what is in it.
_FOLDED = re.compile(f"[{re.escape(''.join(map(chr, sorted(_TABLE))))}]+")


#: Most long vowels stand behind kana, and none of those is a dash.
_AFTER_NO_KANA = tuple(re.compile(f"{mark}(?<![ぁ-ゖァ-ヺーｦ-ﾟ].)") for mark in "ーｰ")  # apart they are found twice as quickly


#: A shorter text is folded anew each time: the few that are kept are to be those that every stage asks for.
_KEPT = 200


def fold(text: str) -> str:
    """``text`` with full-width ASCII, spaces and dashes made plain; the same length, so the same offsets.

    ``ー`` and ``ｰ`` are dashes only between digits; elsewhere they lengthen a vowel.

    >>> fold("ＴＥＬ　０９０ー１２３４−５６７８ データ")
    'TEL 090-1234-5678 データ'
    """
    if text.isascii():
        return text
    return _fold(text) if len(text) < _KEPT else _fold_and_keep(text)


def _fold(text: str) -> str:
    folded = _FOLDED.sub(lambda run: run[0].translate(_TABLE), text)
    for old, new in _BEYOND:
        if old in folded:
            folded = folded.replace(old, new)
    if any(mark.search(folded) for mark in _AFTER_NO_KANA):
        folded = _fold_long_vowels(folded)
    return folded


_fold_and_keep = lru_cache(maxsize=8)(_fold)


def _fold_long_vowels(text: str) -> str:
    out: list[str] | None = None
    last = len(text) - 1
    for mark in "ーｰ":
        at = text.find(mark)
        while at >= 0:
            if 0 < at < last and (text[at - 1].isdigit() or text[at - 1] in ")-") and (text[at + 1].isdigit() or text[at + 1] == "("):
                out = out or list(text)
                out[at] = "-"
            at = text.find(mark, at + 1)
    return "".join(out) if out else text


@lru_cache(maxsize=4)
def lower(text: str) -> str:
    """``text`` in lower case, of the same length: İ and its like, which would grow, stay."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(low if len(low := ch.lower()) == 1 else ch for ch in text)


@lru_cache(maxsize=65536)
def nfkc(text: str) -> str:
    """NFKC of a *short* value (a name, a header), where lengths may change."""
    return unicodedata.normalize("NFKC", text)


def compact(text: str) -> str:
    """A value as it is compared: NFKC, no white space, no dashes in digits.

    >>> compact("０９０ー１２３４ー５６７８")
    '09012345678'
    """
    return "".join(ch for ch in unicodedata.normalize("NFKC", fold(text)) if not ch.isspace() and ch != "-")
