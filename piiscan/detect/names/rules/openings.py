"""Where a text has words that open a rule.

Every rule is tried only where one of its words stands: one look over the text finds them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from piiscan.detect.names.words import LabelWords, NameWords, any_of, name_words
from piiscan.detect.normalize import lower
from piiscan.detect.wordfinder import WordFinder

__all__ = ["HOUSEHOLD", "Openings", "Place"]

#: What a family has as a house: 長崎家のトーク履歴, 今井家の法事.
HOUSEHOLD = ("のトーク", "の皆様", "の皆さん", "のアルバム", "の法事", "の法要", "の葬儀")
#: Start and end of a word in a text.
Place = tuple[int, int]

#: What stands behind a label in Latin letters that counts; each of those ends in its word. Behind others see :func:`_separator`.
_LATIN_SEPARATOR = re.compile(r"[\"']?(?:\s*[(][^()\n]{1,12}[)])?[ ]{0,4}[:：=|\t】\]〕］]")


@dataclass(slots=True)
class Openings:
    """Where a text has words that open a rule, in order; offsets are those of the text.

    :ivar told: words for telling, asking and telephoning. ``who``: whom a sentence says who is: 上司は. ``greeting``: what a letter or a talk begins with.
    :ivar family: labels of a family name, behind which the given name's may follow.
    :ivar beside: of each rule of :mod:`piiscan.detect.names.rules.beside` that has any, by the keys of :func:`_beside_words`.
    """

    label: list[Place] = field(default_factory=list)
    title: list[Place] = field(default_factory=list)
    rank: list[Place] = field(default_factory=list)
    unit: list[Place] = field(default_factory=list)
    kin: list[Place] = field(default_factory=list)
    told: list[Place] = field(default_factory=list)
    who: list[Place] = field(default_factory=list)
    greeting: list[Place] = field(default_factory=list)
    family: list[Place] = field(default_factory=list)
    beside: dict[str, list[Place]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Openings:
        """Those of ``text`` (folded)."""
        found = cls()
        rules = _rules_beside()
        kinds: list[list[Place]] = [
            *(found.label, found.title, found.rank, found.unit, found.kin, found.told, found.who, found.greeting, found.family),
            *([] for _ in rules),
        ]
        low = lower(text)
        separator = _separator()
        for last, (length, opens) in _finder().iter(low):
            place = (last + 1 - length, last + 1)
            for kind in opens:
                if kind or (_LATIN_SEPARATOR if "a" <= low[last] <= "z" else separator).match(
                    text, last if low[last] in _SIGNS else last + 1
                ):
                    kinds[kind].append(place)
        found.beside.update((rule, places) for rule, places in zip(rules, kinds[_BESIDE:], strict=True) if places)
        return found


#: What some labels are found with.
_SIGNS = frozenset(": \t")


@cache
def _separator() -> re.Pattern[str]:
    """What stands behind the last word of a label that is none in Latin letters: more of it, a remark in brackets, a sign."""
    return re.compile(
        rf"{any_of(name_words().label.members)}?[1-9①-⑨]?[\"']?(?:\s*[(][^()\n]{{1,12}}[)])?[ ]{{0,4}}[:：=|\t│┃…‥・.．】\]〕］ \n]"
    )


def _label_words(words: LabelWords) -> Iterable[str]:
    yield from (*words.name, *words.reading, *words.person, *words.former, *words.list, *words.sides, *words.english, *words.english_lists)
    yield from (f"{end} " for end in words.role_ends_alone)
    for end in words.role_ends:
        yield from (f"{end}{sign}" for sign in (":", " :", "\t"))


def _kin_words(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        yield from (f"{word} ", f"{word}:", f"{word}(", *(f"({word}{sign}" for sign in ")・、,"))


def _beside_words(words: NameWords) -> dict[str, list[str]]:
    """The words that open each rule of what stands beside a name; every match of a rule begins or ends with one of its own."""
    return {
        "phone": ["(0", "( 0", "((0", " 070", " 080", " 090", *(word.lower() for word in words.phone)],
        "somebody": [f"という{word}" for word in words.somebody],
        "child": [*words.child],
        "relative": [f"{word}の" for word in (*words.child, *words.relative)],
        "named in brackets": [f"{word}(" for word in words.named_in_brackets],
        "role in brackets": [f"{word}(" for word in words.role_in_brackets],
        "supporters": [*words.supporters],
        "one of us": [f"{word}の" for word in words.one_of_us],
        "kind of person": [f"{word}の" for word in words.kind_of_person],
        "place of person": [f"{word}の" for word in words.place_of_person],
        "introduced": ["と申し", "でございます"],
        "role": [*words.role],
        "glossed": [word for word in words.one_of_us if word[-1] in "社店"],
        "comes": ["新任", "再任", "重任", "退任", "辞任", "選任", "後任", "前任", "新役員", "新会員"],
        "file name": [f"_{word}" for word in words.file],
        "house": ["家 ", "家一同", *(f"家{word}" for word in HOUSEHOLD)],
        "noted": [f"({word}" for word in (*words.noted, *words.rank_before)],
        "with note": [f"({word}" for word in words.role_behind],
        "asked": [*(f"{word}は" for word in words.asked), "宛先は", "宛てに"],
        "handed": ["→", "担当が", "担当は"],
        "parent": [f"{word}{sign}" for word in words.parent for sign in "\t:"],
        "rests": [f"は{word}" for word in words.resting],
        "called": [f"って{word}" for word in ("いう", "言う", "ゆう", "やつ", "奴", "人", "方", "者", "社員", "店員")],
        "away": [f" {word}".lower() for word in words.absence],
        "late": ["故"],
        "file": [f".{end}" for end in ("xls", "doc", "ppt", "pdf", "txt")],
        "patient": ["pid|"],
        "class": ["組 ", "組) ", *(f"{word} " for word in words.place_of_one)],
    }


@cache
def _rules_beside() -> tuple[str, ...]:
    return tuple(_beside_words(name_words()))


#: The first of the rules of what stands beside a name, among what a word can open.
_BESIDE = 9
#: Words of which one is in whatever :func:`piiscan.detect.names.rules.told.told` says something of, and :func:`~piiscan.detect.names.rules.told.who_is`.
TELLS = (
    "渡",
    "同行",
    "同席",
    "電話",
    "連絡",
    "確認",
    "報告",
    "相談",
    "入電",
    "架電",
    "伝言",
    "問い合わせ",
    "引継",
    "引き継",
    "依頼",
    "転送",
    "共有",
)
WHO_IS = (
    *("上司は", "上長は", "担任は", "主治医は", "かかりつけ医は", "担当医は", "執刀医は", "後任は", "前任は", "後見人は", "キーパーソンは", "責任者は"),
)  # fmt: skip
#: Before a family name alone.
FAMILY = ("姓", "氏", "セイ", "せい", "surname", "last name")
#: With one of these a letter or a talk begins.
GREETINGS = (
    *("お疲れ", "お世話", "ご無沙汰", "はじめまして", "初めまして", "こんにちは", "こんばんは", "おはよう", "お電話", "突然の", "夜分", "失礼いた", "失礼し"),
)  # fmt: skip


@cache
def _opens() -> Mapping[str, tuple[int, ...]]:
    """What each word can open: places in :class:`Openings`, those of :func:`_rules_beside` from :data:`_BESIDE` on."""
    words = name_words()
    kinds: dict[str, tuple[int, ...]] = {}
    listed = (
        _label_words(words.label),
        [title.lower() for title in words.title],
        [*words.rank, *words.rank_before],
        [f"{unit.lower()} " for unit in words.unit],
        _kin_words(words.kin),
        TELLS,
        WHO_IS,
        GREETINGS,
        FAMILY,
        *_beside_words(words).values(),
    )
    for kind, some in enumerate(listed):
        for word in dict.fromkeys(some):
            kinds[word] = (*kinds.get(word, ()), kind)
    return kinds


@cache
def _finder() -> WordFinder[tuple[int, tuple[int, ...]]]:
    return WordFinder({word: (len(word), kinds) for word, kinds in _opens().items()})
