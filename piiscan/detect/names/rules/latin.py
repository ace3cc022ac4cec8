"""Names in Latin letters that nothing but their shape gives away: romaji, with initials, Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from piiscan.detect.names.cells import judge
from piiscan.detect.names.rules.spans import RuleSpan, windows, within
from piiscan.detect.names.variants import CAPITAL, LATIN, foreign_surnames, latin_given_names, without_accents
from piiscan.detect.names.words import name_words
from piiscan.detect.prefilter import Prefilter

__all__ = ["in_latin_letters"]

_ROMAJI = re.compile(
    rf"(?<![{LATIN}0-9@._/\-])(?!(?:Hi|Hey|Hello|Dear|Thanks)[ ])(?P<name>[{CAPITAL}][{LATIN}'\-]{{1,14}},?[ ][{CAPITAL}][{LATIN}'\-]{{1,14}})(?![{LATIN}@_/\-]|[0-9](?!(?:,?[0-9]){{0,3}}[*†‡§)]{{0,2}}(?:,[ ]|;|[ ]and[ ]|[ ]?(?:\n|$)))|[ ][{CAPITAL}](?!\.?[A-Z]{{1,2}}(?![A-Za-z0-9]))|\.[A-Za-z])"
)
#: Alice M. Whitaker, Willem van Dijk, Robert James Thompson
_LONG_ROMAJI = re.compile(
    rf"(?<![{LATIN}0-9@._/\-])(?:(?<=Dear )|(?<=Hello )|(?<![{LATIN}][ ]))(?!(?:Dear|Hello|Mr|Mrs|Ms|Dr)[ .])(?P<name>[{CAPITAL}][{LATIN}'’\-]{{1,14}}(?:[ ](?:[{CAPITAL}]\.|[{CAPITAL}][{LATIN}'’\-]{{1,14}}|van|von|de|da|del|della|di|dos|bin|binti|al|el|la)){{1,2}}[ ][{CAPITAL}][{LATIN}'’\-]{{1,14}})(?![{LATIN}0-9@_/\-]|[ ][{CAPITAL}]|\.[A-Za-z])"
)
#: Lê Minh Tuấn: up to five words, with letters that no other language has.
_VIETNAMESE_LETTER = re.compile(r"[Ḁ-ỿĐđƠơƯưĂăẠ-ỹ]")
_VIETNAMESE = re.compile(
    rf"(?<![{LATIN}0-9@._/\-])(?P<name>[{CAPITAL}][{LATIN}]{{1,9}}(?:[ ][{CAPITAL}][{LATIN}]{{0,9}}){{1,4}})(?![{LATIN}0-9@_/\-])"
)
#: Further words of a list, behind and before.
_LATIN_LIST = re.compile(r",[ ][A-Z][A-Za-z]+(?=,|[ ]?$|\n|[ ]and[ ])")
_LATIN_BEFORE = re.compile(r"(?:[A-Z][A-Za-z]+,[ ]){2}$")
#: It begins with the blank as well.
_INITIAL_GAP = re.compile(
    rf"[ ](?<=[{LATIN}'][ ])(?=[{CAPITAL}]\.?[ {LATIN}'’\-]|van |von |de |da |del |della |di |dos |bin |binti |al |el |la )"
)
_LATIN_GAP = re.compile(rf"[{LATIN}'\-],?[ ](?=[{CAPITAL}])")


@cache
def _could_be_romaji() -> Prefilter:
    # matches are looked for in windows, whose end hides what may not follow
    return Prefilter([_ROMAJI.pattern], ends=False)


def in_latin_letters(text: str) -> Iterator[RuleSpan]:
    """Those of ``text`` (folded)."""
    size = len(text)
    # in Japanese text the few gaps are found as quickly as it is said that there are none
    latin = [m.span() for m in _LATIN_GAP.finditer(text)] if not text.isascii() or _could_be_romaji().could_match(text) else []
    if not latin and not text.isascii():
        return  # no two words of a name, in whatever language
    for match in within(_ROMAJI, text, windows(latin, 16, 0, size), walked=0):
        judged = judge(match["name"])
        if judged.score >= 0.8:
            if "," in match["name"] and not judged.why.startswith("romaji") and _listed(text, match.start(), match.end()):
                continue
            yield RuleSpan(match.start(), match.end(), 0.85 if judged.score > 0.9 else 0.6, judged.why)
    if " " in text and (gaps_latin := [m.span() for m in _INITIAL_GAP.finditer(text)]):
        for match in within(_LONG_ROMAJI, text, windows(gaps_latin, 34, 0, size), walked=0):
            words = [word.lower() for word in match["name"].split(" ")]
            known = without_accents(words[0]) in latin_given_names()
            if known and name_words().institution.isdisjoint(words) and judge(match["name"]).why != "English words":
                yield RuleSpan(match.start(), match.end(), 0.85, "given name in Latin letters")
    marks = (m.span() for m in _VIETNAMESE_LETTER.finditer(text)) if not text.isascii() else ()
    for match in within(_VIETNAMESE, text, windows(marks, 40, 0, size), walked=0):
        first = without_accents(match["name"].split(" ")[0]).lower()
        if _VIETNAMESE_LETTER.search(match["name"]) and (first in foreign_surnames() or judge(match["name"]).score >= 0.6):
            yield RuleSpan(match.start(), match.end(), 0.9, "Vietnamese name")


def _listed(text: str, start: int, end: int) -> bool:
    """Whether two words with a comma between are parts of a list of single words: Jenkins, Julia, Ruby."""
    return _LATIN_LIST.match(text, end) is not None or _LATIN_BEFORE.search(text, max(0, start - 80), start) is not None
