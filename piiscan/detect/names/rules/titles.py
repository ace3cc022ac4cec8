"""Names that a title or rank gives away (佐藤様, 佐藤部長, Mr Smith), a unit before them, or a word for a member of the family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from piiscan.detect.names.cells import BRIDGED, judge
from piiscan.detect.names.features import lexicon, script, word_tokenizer
from piiscan.detect.names.rules.spans import RuleSpan, is_family, windows, within
from piiscan.detect.names.rules.words import NAME_CHARS, Place, any_of, name_words
from piiscan.detect.names.variants import CAPITAL, LATIN, foreign_surnames, katakana, modern_forms

__all__ = ["misters", "of_a_family", "of_a_unit", "ranked", "titled"]

_MISTER = re.compile(
    rf"(?<![A-Za-z])(?:Mr|Mrs|Ms|Dr|Prof)\.?[ ](?P<name>[{CAPITAL}][{LATIN}'\-]{{1,14}}(?:[ ][{CAPITAL}][{LATIN}'\-]{{1,14}})?)(?![{LATIN}0-9@_])"
)
#: A surname of one character with so many bearers is one behind a particle.
_FREQUENT = 30_000
#: A reading in hiragana of so many characters or fewer is many words.
_SHORT = 2


@cache
def _titled() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<name>[{NAME_CHARS}]{{1,6}}(?:[ ][{NAME_CHARS}]{{1,5}})?)[ ]?(?P<title>{any_of(name_words().title)})(?:(?<=さん)|(?<=ちゃん)|(?<=くん)|(?![々\u4e00-\u9fff]))(?![ァ-ヺ])"
    )


@cache
def _ranked() -> re.Pattern[str]:
    words = name_words()
    return re.compile(
        rf"(?P<name>[{NAME_CHARS}]{{1,4}}?)(?P<title>{any_of(words.rank)})(?![々\u4e00-\u9fff]|{any_of(words.not_after_rank)})"
    )


@cache
def _placed() -> re.Pattern[str]:
    units = name_words().unit
    latin = any_of(unit for unit in units if unit.isascii())
    return re.compile(
        rf"(?:{any_of(unit for unit in units if not unit.isascii())}|(?<![A-Za-z]){latin})[ ]{{1,2}}(?P<name>[{NAME_CHARS}]{{1,5}})(?=[ ]{{0,2}}(?:$|[\n\t\x0b、。,()]))"
    )


@cache
def _kin() -> tuple[re.Pattern[str], ...]:
    kin = any_of(name_words().kin)
    return (
        re.compile(rf"(?<![々\u4e00-\u9fff]){kin}[ ]?[: ][ ]?(?P<name>[{NAME_CHARS}]{{1,5}})(?=$|[ \t\n、,。(（）)/])"),
        re.compile(rf"(?<![々\u4e00-\u9fff]){kin}\((?P<name>[{NAME_CHARS}]{{1,5}})\)"),
        re.compile(rf"(?<![{NAME_CHARS}])(?P<name>[{NAME_CHARS}]{{1,5}})[ ]?\({kin}(?:[・、,][^()\n]{{1,12}})?\)"),
    )


def misters(text: str) -> Iterator[RuleSpan]:
    """Names in Latin letters behind Mr, Ms, Dr, Prof."""
    if "Mr" in text or "Ms" in text or "Dr" in text or "Prof" in text:
        for match in _MISTER.finditer(text):
            yield RuleSpan(match.start("name"), match.end("name"), 0.9, "title Mr")


def of_a_unit(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    """Family names behind a department, ward or task."""
    for match in within(_placed(), text, windows(places, 0, 0, len(text))):
        if is_family(match["name"]):
            yield RuleSpan(match.start("name"), match.end("name"), 0.8, "behind a unit, surname list")


def of_a_family(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    """Given names beside a word for a member of the family."""
    parts = list(windows(places, 9, 0, len(text)))
    for pattern in _kin():
        for match in within(pattern, text, parts):
            if lexicon().given.get(modern_forms(match["name"])) or judge(match["name"]).score >= 0.5:
                yield RuleSpan(match.start("name"), match.end("name"), 0.85, "member of a family, given-name list")


def ranked(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    lex = lexicon()
    for match in within(_ranked(), text, windows(places, 6, 0, len(text))):
        name = match["name"]
        if _stands_apart(text, match.start()) and (
            name in foreign_surnames() or (len(name) > 1 and name in lex.surnames and is_family(name))
        ):
            yield RuleSpan(match.start(), match.start() + len(name), 0.8, f"title {match['title']}, surname list")
            continue
        for cut in range(len(name)):
            bearers = lex.surnames.get(modern_forms(name[cut:]), 0)
            before = text[match.start() + cut - 1] if match.start() + cut else "\n"
            if (bearers >= (8000 if len(name) - cut > 1 else 30_000) or name[cut:] in foreign_surnames()) and not (
                "\u4e00" <= before <= "\u9fff" or "ァ" <= before <= "ヺ"
            ):
                yield RuleSpan(match.start() + cut, match.start() + len(name), 0.85, f"title {match['title']}, surname list")
                break


def _stands_apart(text: str, at: int) -> bool:
    """Whether a blank, bracket or sign is before a place of a text."""
    return not at or text[at - 1] in " \n\t\x0b。、,()「」:/|・>"


def titled(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    lex = lexicon()
    words = name_words()
    for match in within(_titled(), text, windows(places, 14, 0, len(text))):
        name, title = match["name"], match["title"]
        if title in words.close_title and " " in match.group()[len(name) :]:
            continue
        # the longest tail that the lists know: 営業部 山田 -> 山田
        for cut in range(len(name)):
            tail = name[cut:]
            if tail[0] == " " or tail.rpartition(" ")[2] in lex.not_names:
                continue
            before = text[match.start() + cut - 1] if match.start() + cut else "\n"
            full = " " in tail or len(tail) >= 3
            if (
                "\u4e00" <= before <= "\u9fff"
                or "ァ" <= before <= "ヺ"
                or ("ぁ" <= before <= "ゖ" and not full and len(tail) < 2 and not _is_said_of(tail, before))
            ):
                continue
            judged = judge(tail)
            known = max(lex.surnames.get(tail, 0), lex.surnames.get(modern_forms(tail), 0)) >= 8000
            if not known and len(tail) > 1 and script(tail) == "K":  # ヤマダ様, シルバさん
                known = tail in lex.common_surname_readings or (
                    judged.score >= 0.3 and (tail in lex.surname_readings or tail in lex.foreign)
                )
            if judged.end - judged.start != len(tail):
                continue
            if full and judged.score >= 0.85:
                yield RuleSpan(match.start() + cut, match.start("name") + len(name), 0.93, f"title {title}, {judged.why}")
                break
            if known:
                yield RuleSpan(
                    match.start() + cut, match.start("name") + len(name), 0.9 if len(tail) > 1 else 0.7, f"title {title}, surname list"
                )
                break
            edge = _stands_apart(text, match.start() + cut) or "0" <= before <= "9"
            if title in words.polite_title and _is_rare(tail, title, judged.why, edge=edge):
                yield RuleSpan(match.start() + cut, match.start("name") + len(name), 0.8, f"title {title}, a rare surname")
                break
            if edge and title in words.child_title and len(tail) > 1 and lex.given.get(tail):
                yield RuleSpan(match.start() + cut, match.start("name") + len(name), 0.85, f"title {title}, given-name list")
                break


def _is_said_of(name: str, before: str) -> bool:
    """Whether a family name of one character stands behind a particle: 香典は西さんが."""
    return before in "はのとやがもにを" and (lexicon().surnames.get(name, 0) >= _FREQUENT or name in foreign_surnames())


def _is_rare(name: str, title: str, why: str, *, edge: bool) -> bool:
    """Whether a family name that few bear stands before a polite title.

    :param edge: a blank or sign stands before it, so that it begins there.
    """
    lex = lexicon()
    written = script(name)
    if BRIDGED.fullmatch(name):
        return True  # 三ツ矢様
    if name in name_words().nobody:
        return False
    if written == "h":  # ぱく様, ほりのうち様
        reading = katakana(name)
        edge = edge and len(word_tokenizer().tokenize(name + title)) > 1  # not たくさん
        return edge and len(name) > 1 and (reading in lex.foreign or (len(name) > _SHORT and reading in lex.common_surname_readings))
    if written != "k":
        return False
    bearers = max(lex.surnames.get(name, -1), lex.surnames.get(modern_forms(name), -1))
    if len(name) == 1:
        return name in foreign_surnames() or bearers > 0
    return bearers > 0 or (bearers == 0 and why not in {"a word", "no person"})
