"""What a rule gives, and looking for it only where it may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from piiscan.detect.gazetteer import gazetteer
from piiscan.detect.names.cells import is_in_dictionary, judge
from piiscan.detect.names.features import lexicon, word_tokenizer
from piiscan.detect.names.rules.words import Place, name_words
from piiscan.detect.names.variants import foreign_surnames, modern_forms, rare_surnames

__all__ = [
    "RuleSpan",
    "bearers",
    "is_family",
    "is_family_or_place",
    "is_place",
    "is_plain_word",
    "is_prefecture",
    "is_rarely_borne",
    "windows",
    "within",
]

_PLACE_WORDS = "地名"
#: Parts of the country, of which departments and branches are called.
_REGIONS = frozenset(
    (
        "関西",
        "関東",
        "東北",
        "北陸",
        "東海",
        "中部",
        "近畿",
        "中国",
        "四国",
        "九州",
        "東日本",
        "西日本",
        "首都",
        "甲信",
        "信越",
        "南関東",
        "北関東",
    )
)


#: A match reaches no farther beyond the window that it begins in.
_BEYOND = 240
#: A shorter window is tried place by place.
_WALKED = 80


@dataclass(frozen=True, slots=True)
class RuleSpan:
    """A span found by a rule, its probability, and the reason (without the value)."""

    start: int
    end: int
    score: float
    why: str


def windows(places: Iterable[Place], before: int, after: int, size: int) -> Iterator[Place]:
    """Places ``(start, end)`` in order, widened; those that meet become one."""
    left = right = -1
    for start, end in places:
        if start - before > right:
            if right >= 0:
                yield left, right
            left = max(0, start - before)
        right = min(size, max(right, end + after))
    if right >= 0:
        yield left, right


def within(pattern: re.Pattern[str], text: str, parts: Iterable[Place]) -> Iterator[re.Match[str]]:
    """Matches that begin in a window; none reaches more than 240 characters beyond it."""
    for start, end in parts:
        if end - start > _WALKED:
            for match in pattern.finditer(text, start, end + _BEYOND):
                if match.start() >= end:
                    break
                yield match
            continue
        # a search would go on through all that a match may reach, in which none may begin
        at, last = start, end + _BEYOND
        while at < end:
            found = pattern.match(text, at, last)
            if found is None:
                at += 1
            else:
                yield found
                at = max(found.end(), at + 1)


def is_family(name: str) -> bool:
    """Whether a word is on the list of family names that people bear, or is taken for one."""
    if name in foreign_surnames():
        return True
    bearers = lexicon().surnames.get(name) or lexicon().surnames.get(modern_forms(name))
    judged = judge(name)
    if len(name) == 1 and not bearers:
        return judged.why == "one surname"  # 轟; 有, 可 are given names, and more often words
    return bool(bearers) or judged.score >= (0.4 if bearers is None or len(name) == 1 else 0.2)


def bearers(name: str) -> int:
    """How many bear a family name, as it is written or in modern characters; 0 for what is none, or is said of nobody."""
    lex = lexicon()
    if name in lex.not_names or name in name_words().nobody:
        return 0
    return max(lex.surnames.get(name, 0), lex.surnames.get(modern_forms(name), 0))


def is_family_or_place(name: str) -> bool:
    """Whether a word of several characters is on the list of family names and no common word, though perhaps a town as well: 御手洗, 小金井, not 東京.

    Where nothing but somebody can stand, that is enough.
    """
    if (
        len(name) < 2
        or not (name in lexicon().surnames or name in rare_surnames())
        or name in lexicon().not_names
        or name in name_words().nobody
        or name in _REGIONS
    ):
        return False
    if judge(name).why not in {"a word", "no person"}:
        return True
    return is_place(name) and not is_prefecture(name)


def is_rarely_borne(name: str) -> bool:
    """Whether a word of several characters is a family name that few bear, and hardly anything else: 御手洗, not 出雲."""
    return is_family_or_place(name) and judge(name).why not in {"a word", "no person"}


def is_plain_word(text: str) -> bool:
    """Whether the dictionary has a text as one word that is nobody's name: オッケー, not マリア or ラジェシュ."""
    tokens = word_tokenizer().tokenize(text)
    return len(tokens) == 1 and is_in_dictionary(tokens[0]) and tokens[0].part_of_speech()[2] != "人名"


def is_prefecture(name: str) -> bool:
    """Whether a prefecture is called so: 福島, 山口."""
    return any(prefecture.startswith(name) for prefecture in gazetteer().prefectures)


def is_place(name: str) -> bool:
    """Whether the dictionary knows a word as a place, alone or before 市."""
    return any(word_tokenizer().tokenize(word)[0].part_of_speech()[2] == _PLACE_WORDS for word in (name, f"{name}市"))
