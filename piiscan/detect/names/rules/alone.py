"""Names that nothing but their shape gives away: kana with a gap, 桑 原 英 二, romaji, a name alone in its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from piiscan.detect.names.cells import judge
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.spans import RuleSpan, is_family, is_place, windows, within
from piiscan.detect.names.rules.words import name_words
from piiscan.detect.names.variants import (
    CAPITAL,
    LATIN,
    foreign_surnames,
    katakana,
    latin_given_names,
    modern_forms,
    without_accents,
)
from piiscan.detect.prefilter import Prefilter

__all__ = ["standing_alone"]

_KANA = re.compile(r"(?<![ｦ-ﾟァ-ヺー・])(?P<name>[ｦ-ﾟ]{2,10}[ ][ｦ-ﾟ]{2,10}|[ァ-ヺー]{2,8}[ ][ァ-ヺー]{2,8})(?![ｦ-ﾟァ-ヺー・])")
_ROMAJI = re.compile(
    rf"(?<![{LATIN}0-9@._/\-])(?P<name>[{CAPITAL}][{LATIN}'\-]{{1,14}},?[ ][{CAPITAL}][{LATIN}'\-]{{1,14}})(?![{LATIN}@_/\-]|[0-9](?!(?:,?[0-9]){{0,3}}[*†‡§)]{{0,2}}(?:,[ ]|;|[ ]and[ ]|[ ]?(?:\n|$)))|[ ][{CAPITAL}](?!\.?[A-Z]{{1,2}}(?![A-Za-z0-9]))|\.[A-Za-z])"
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
_SPACED = re.compile(
    r"(?<![々\u3400-\u9fffぁ-ゖァ-ヺーA-Za-z0-9])(?P<name>[々\u3400-\u9fff\uf900-\ufaff]{1,4}[ ][々\u3400-\u9fff\uf900-\ufaffぁ-ゖァ-ヺ]{1,4})(?![々\u3400-\u9fffぁ-ゖァ-ヺー])"
)
#: 桑 原 英 二: a form that gives each character its room.
_LETTERS = re.compile(
    r"(?<![々\u3400-\u9fffぁ-ゖァ-ヺー])(?:(?<=名[ ])|(?<=名[ ]{2})|(?<![々\u3400-\u9fff][ ]))(?![氏名])(?P<name>[々\u3400-\u9fff](?:[ ]{1,2}[々\u3400-\u9fff]){2,5})(?![ ]{0,2}[々\u3400-\u9fffぁ-ゖァ-ヺー])"
)
#: From this probability on letters that stand apart are a name; so many of them might be two names.
_EACH, _IN_TWO = 0.85, 3
#: 女子個人　如月 唯: two words behind a third.
_SPACED_BEHIND = re.compile(
    r"(?<=[々\u3400-\u9fff][ ])(?P<name>[々\u3400-\u9fff\uf900-\ufaff]{1,4}[ ][々\u3400-\u9fff\uf900-\ufaff]{1,4})(?![々\u3400-\u9fffぁ-ゖァ-ヺー ])"
)
_WORD_BEFORE = re.compile(r"[々\u3400-\u9fff]{2,8}[ ]$")
#: キ　ム　・　ミ　ン　ジ　ュ　ン: the same of a name from abroad.
_KANA_LETTERS = re.compile(r"(?<![ァ-ヺー])(?P<name>[ァ-ヺ](?:[ ][ァ-ヺー]){1,9}[ ]・(?:[ ][ァ-ヺー]){2,9})(?![ ]?[ァ-ヺー])")
#: 原　　告　　近　藤　智　香　子: the label has room as well, and more of it.
_LETTERS_BEHIND = re.compile(
    r"(?<=[々\u3400-\u9fff][ ]{2})(?P<name>[々\u3400-\u9fff](?:[ ][々\u3400-\u9fff]){1,5})(?![ ]{0,2}[々\u3400-\u9fffぁ-ゖァ-ヺー])"
)
_LONELY = re.compile(r"(?m)^[ \t]*(?P<name>[々\u3400-\u9fff\uf900-\ufaff]{3,5}|[々\u3400-\u9fff]{1,3}[ぁ-ゖ]{2,3})[ \t]*$")
#: Further words of a list, behind and before.
_LATIN_LIST = re.compile(r",[ ][A-Z][A-Za-z]+(?=,|[ ]?$|\n|[ ]and[ ])")
_LATIN_BEFORE = re.compile(r"(?:[A-Z][A-Za-z]+,[ ]){2}$")
#: そうでした。　純: who signs behind what he wrote on a card with others.
_CARD = re.compile(r"[ ]{1,4}(?P<name>[々一-鿿豈-\ufaff]{1,4})[ \t]*(?=[\r\n]|\Z)")
_WIDE = re.compile(r"[ ]{2,4}(?=[一-鿿])")
_CARD_ENDS = frozenset("。!?♪☆)笑w")
#: 勇拝, 純.: who ends a letter so.
_SIGNED = re.compile(r"(?m)^[ \t]*(?P<name>[々一-鿿]{1,5}|[々一-鿿]{1,4}[ ][々一-鿿]{1,3}|[ぁ-ゖ]{2,4})(?:[ ]?拝|\.)[ \t]*\r?$")
#: A family name alone in the last line, below a sentence.
_LAST = re.compile(
    r"\n(?:(?<=[。!?)]\n)|(?<=[。!?)]\r\n))[ \t]*(?:\r?\n)?[ \t]*(?P<name>[々一-鿿豈-\ufaff]{1,4}|[ァ-ヺー]{2,6})[ \t]*(?=\r?\n[ \t]*(?:\r?\n|[-=_>*])|\s*\Z)"
)
#: Best regards, / Shinobu
_GREETED = re.compile(
    r"(?im)^[ \t>]*(?:best(?: regards| wishes)?|(?:kind |warm )?regards|thanks|thank you|many thanks|sincerely(?: yours)?|yours sincerely|cheers)[,.!]?[ \t]*\r?\n(?:[ \t>]*\r?\n)?[ \t>]*(?-i:(?P<name>[A-Z][a-z]{1,14}))[ \t]*(?=[\r\n]|\Z)"
)
#: （青木 れん）: who said it.
_QUOTED = re.compile(r"\((?P<name>[々一-鿿]{1,4}[ ][ぁ-ゖ]{2,4})\)")
#: 陳 建国
_TWO_LONG = re.compile(r"[一-鿿][ ][一-鿿]{2}")
#: A surname of so many is frequent.
_FREQUENT = 8000
#: A surname of so many is one that signs.
_SIGNER = 1_000
#: 京美 岩本: surer than the two as a list.
_TURNED = 0.97
#: 松島愛　出向
_FIRST_IN_LINE = re.compile(r"(?m)^[ \t]*(?P<name>[々\u3400-\u9fff]{3,5}|[々\u3400-\u9fff]{2,3}[ぁ-ゖ]{2,3})[ ](?=[^ \n])")
_LISTED = 0.95
#: From this probability on one word in Latin letters is a name.
_ONE_LATIN = 0.3
#: From this probability on a text is a name from abroad.
_ABROAD = 0.6
#: A blank between such characters; it begins with the blank, which is quickly found.
_KANJI_GAP = re.compile(r"[ ](?<=[^\x00-\x7f][ ])(?=[^\x00-\x7f])")
_LINE_NUMBER = re.compile(r"[ \t]*(?:\(?[0-9]{1,3}[.)、:]?[ ])?")
#: It begins with the blank as well.
_INITIAL_GAP = re.compile(
    rf"[ ](?<=[{LATIN}'][ ])(?=[{CAPITAL}]\.?[ {LATIN}'’\-]|van |von |de |da |del |della |di |dos |bin |binti |al |el |la )"
)
_LATIN_GAP = re.compile(rf"[{LATIN}'\-],?[ ](?=[{CAPITAL}])")


@cache
def _could_be_romaji() -> Prefilter:
    # matches are looked for in windows, whose end hides what may not follow
    return Prefilter([_ROMAJI.pattern], ends=False)


def standing_alone(text: str) -> Iterator[RuleSpan]:
    """Those of ``text`` (folded)."""
    size = len(text)
    gaps = [] if text.isascii() else [(match.start() - 1, match.end()) for match in _KANJI_GAP.finditer(text)]
    for match in within(_KANA, text, windows(gaps, 10, 0, size)) if gaps else ():
        judged = judge(match["name"], 0.9)
        if judged.score >= 0.9 and (judged.why.startswith("kana") or _begins_line(text, match.start())):
            yield RuleSpan(match.start(), match.end(), 0.85, judged.why)
    for match in within(_SPACED, text, windows(gaps, 5, 0, size)) if gaps else ():
        judged = judge(match["name"])
        if judged.score >= 0.95 and judged.start == 0 and not _is_family_too(match["name"].partition(" ")[2]):
            yield RuleSpan(match.start(), match.start() + judged.end, 0.85, judged.why)
        elif judged.why == "given name before surname" and _is_turned(*match["name"].split(" ")):
            yield RuleSpan(match.start(), match.end(), _TURNED, judged.why)
        elif (
            judged.why == "surname list"
            and match["name"][0] in foreign_surnames()
            and _TWO_LONG.fullmatch(match["name"])
            and _alone_in_line(text, match)
        ):
            yield RuleSpan(match.start(), match.end(), 0.75, f"alone in its line, {judged.why}")
    for match in within(_SPACED_BEHIND, text, windows(gaps, 5, 0, size)) if gaps else ():
        word = _WORD_BEFORE.search(text, max(0, match.start() - 9), match.start())
        family, _, given = match["name"].partition(" ")
        if word and lexicon().surnames.get(family, 0) > 0 and lexicon().given.get(given) and not is_family(word.group().strip()):
            yield RuleSpan(*match.span("name"), 0.85, "surname list + given-name list")
    letters = list(windows(gaps, 2, 0, size))
    for match in (*within(_LETTERS, text, letters), *within(_LETTERS_BEHIND, text, letters)):
        judged = judge(match["name"], _EACH)
        if judged.score >= _EACH:  # 生　方　幸　雄 is surer than 幸　雄
            score = 0.985 if len(match["name"].split()) > _IN_TWO else 0.9
            yield RuleSpan(match.start() + judged.start, match.start() + judged.end, score, f"a character each, {judged.why}")
    for match in _KANA_LETTERS.finditer(text) if letters and "・" in text else ():
        if judge(match["name"].replace(" ", "")).score >= _ABROAD:
            yield RuleSpan(match.start(), match.end(), 0.9, "a character each, foreign name")
    # in Japanese text the few gaps are found as quickly as it is said that there are none
    latin = (m.span() for m in _LATIN_GAP.finditer(text)) if not text.isascii() or _could_be_romaji().could_match(text) else ()
    for match in within(_ROMAJI, text, windows(latin, 16, 0, size)):
        judged = judge(match["name"])
        if judged.score >= 0.8:
            if "," in match["name"] and not judged.why.startswith("romaji") and _listed(text, match.start(), match.end()):
                continue
            yield RuleSpan(match.start(), match.end(), 0.85 if judged.score > 0.9 else 0.6, judged.why)
    if " " in text and (gaps_latin := [m.span() for m in _INITIAL_GAP.finditer(text)]):
        for match in within(_LONG_ROMAJI, text, windows(gaps_latin, 34, 0, size)):
            words = [word.lower() for word in match["name"].split(" ")]
            known = without_accents(words[0]) in latin_given_names()
            if known and name_words().institution.isdisjoint(words) and judge(match["name"]).why != "English words":
                yield RuleSpan(match.start(), match.end(), 0.85, "given name in Latin letters")
    marks = (m.span() for m in _VIETNAMESE_LETTER.finditer(text)) if not text.isascii() else ()
    for match in within(_VIETNAMESE, text, windows(marks, 40, 0, size)):
        first = without_accents(match["name"].split(" ")[0]).lower()
        if _VIETNAMESE_LETTER.search(match["name"]) and (first in foreign_surnames() or judge(match["name"]).score >= 0.6):
            yield RuleSpan(match.start(), match.end(), 0.9, "Vietnamese name")
    yield from _signed(text, gaps)
    for match in _LONELY.finditer(text) if not text.isascii() else ():
        judged = judge(match["name"], 0.93)
        if judged.score >= 0.93:
            yield RuleSpan(match.start("name"), match.end("name"), 0.75, f"alone in its line, {judged.why}")
    for match in _FIRST_IN_LINE.finditer(text) if gaps else ():
        judged = judge(match["name"], _LISTED)
        if judged.score >= _LISTED and judged.end == len(match["name"]):
            yield RuleSpan(match.start("name"), match.end("name"), 0.6, f"first in its line, {judged.why}")


def _listed(text: str, start: int, end: int) -> bool:
    """Whether two words with a comma between are parts of a list of single words: Jenkins, Julia, Ruby."""
    return _LATIN_LIST.match(text, end) is not None or _LATIN_BEFORE.search(text, max(0, start - 80), start) is not None


def _signed(text: str, gaps: Iterable[tuple[int, int]]) -> Iterator[RuleSpan]:
    """Who ends a letter or a note with one name, and who is named in brackets behind what he said."""
    lex = lexicon()
    if "拝" in text or ".\n" in text or ".\r" in text or text.endswith("."):
        for match in _SIGNED.finditer(text):
            name = match["name"]
            kana = name[0] < "ァ" and katakana(name) in lex.given_readings and match.group().rstrip().endswith("拝")
            if kana or lex.given.get(modern_forms(name)) or is_family(name) or judge(name).score >= _LISTED:
                yield RuleSpan(*match.span("name"), 0.9, "title of a signature, a name")
    if "\n" in text and not text.isascii():
        for match in _LAST.finditer(text):
            name = match["name"]
            bearers = lex.surnames.get(modern_forms(name), 0)
            listed = (
                bearers >= (_SIGNER if len(name) > 1 else _FREQUENT)
                or name in foreign_surnames()
                or (name in lex.foreign and len(name) > 2)
            )
            headed = is_place(name) and text[match.end() :].strip()  # what goes on below a place's name is about it
            if listed and not headed and name not in name_words().nobody and judge(name).why not in {"a word", "no person"}:
                yield RuleSpan(*match.span("name"), 0.8, "title of a signature, surname list")
    if "est" in text or "egards" in text or "hank" in text or "incerely" in text or "heers" in text:
        for match in _GREETED.finditer(text):
            if judge(match["name"]).score >= _ONE_LATIN:
                yield RuleSpan(*match.span("name"), 0.8, "title of a signature, a name")
    wide = (match.start() - 1 for match in _WIDE.finditer(text)) if "  " in text else ()
    ends = [start for start in (*(start for start, _ in gaps), *wide) if start >= 0 and text[start] in _CARD_ENDS]
    card = [signed for start in ends if (signed := _CARD.match(text, start + 1)) and _could_sign(signed["name"])]
    if len(card) > 1:
        yield from (RuleSpan(*signed.span("name"), 0.85, "title of a signature, a name") for signed in card)
    if " " in text and "(" in text:
        for match in _QUOTED.finditer(text):
            family, _, given = match["name"].partition(" ")
            if is_family(family) and katakana(given) in lex.given_readings:
                yield RuleSpan(*match.span("name"), 0.97, "surname list + given-name list")


def _could_sign(name: str) -> bool:
    lex = lexicon()
    bearers = lex.surnames.get(modern_forms(name), 0)
    return (bearers >= (_SIGNER if len(name) > 1 else _FREQUENT) or bool(lex.given.get(name))) and name not in lex.not_names


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but the number of a list stands before: 2 サントス　カルロス　学習面では…"""
    return _LINE_NUMBER.fullmatch(text, text.rfind("\n", 0, at) + 1, at) is not None


def _alone_in_line(text: str, match: re.Match[str]) -> bool:
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    return not (text[start : match.start()] + text[match.end() : end if end >= 0 else len(text)]).strip()


def _is_family_too(second: str) -> bool:
    """Whether the second word is a frequent surname, and a given name that hardly anybody has: 中谷 林, 豊田 有賀 in a list of duties."""
    return lexicon().surnames.get(second, 0) >= _FREQUENT and lexicon().given.get(second) == 0


def _is_turned(given: str, family: str) -> bool:
    """Whether the lists know the first as a frequent given name and the second as a frequent surname."""
    return len(given) > 1 and bool(lexicon().given.get(given)) and lexicon().surnames.get(family, 0) >= _FREQUENT
