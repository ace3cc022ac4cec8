"""Names that nothing but their shape gives away: kana with a gap, 桑 原 英 二, a name alone in its line (in Latin letters: ``latin.py``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import bearers, is_family, is_never_given, is_place, is_plain_word, may_be_family
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.latin import in_latin_letters
from piiscan.detect.names.rules.signed import FREQUENT, LISTED, signed
from piiscan.detect.names.rules.spans import RuleSpan, windows, within
from piiscan.detect.names.variants import foreign_surnames
from piiscan.detect.names.words import name_words

__all__ = ["PLANS", "first_in_line", "lonely", "planned", "standing_alone"]

_KANA = re.compile(r"(?<![ｦ-ﾟァ-ヺー・])(?P<name>[ｦ-ﾟ]{2,10}[ ][ｦ-ﾟ]{2,10}|[ァ-ヺー]{2,8}[ ][ァ-ヺー]{2,8})(?![ｦ-ﾟァ-ヺー・])")
#: （ふくだ のりこ）
_READ_SO = re.compile(r"\((?P<name>[ぁ-ゖー]{1,8}[ ][ぁ-ゖー]{1,8})\)")
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
#: 第二営業部の東海林　ゆかり（社員番号…）
_SPACED_OF = re.compile(
    r"(?<=[部課係室店社局院園]の)(?P<name>[々\u3400-\u9fff\uf900-\ufaff]{1,4}[ ][々\u3400-\u9fff\uf900-\ufaffぁ-ゖ]{1,4})(?=[ (、。\n]|$|さん|様|氏|が|は|より|から)"
)
_WORD_BEFORE = re.compile(r"[々\u3400-\u9fff]{2,8}[ ]$")
#: キ　ム　・　ミ　ン　ジ　ュ　ン: the same of a name from abroad.
_KANA_LETTERS = re.compile(r"(?P<name>[ァ-ヺ](?<![ァ-ヺー].)(?:[ ][ァ-ヺー]){1,9}(?:[ ]・(?:[ ][ァ-ヺー]){1,9}){1,3})(?![ ]?[ァ-ヺー])")
#: 原　　告　　近　藤　智　香　子: the label has room as well, and more of it.
_LETTERS_BEHIND = re.compile(
    r"(?<=[々\u3400-\u9fff][ ]{2})(?P<name>[々\u3400-\u9fff](?:[ ][々\u3400-\u9fff]){1,5})(?![ ]{0,2}[々\u3400-\u9fffぁ-ゖァ-ヺー])"
)
_ONE_WORD = re.compile(r"(?m)^[ \t]*(?P<name>[々㐀-鿿豈-﫿]{1,4}|[ァ-ヺー]{2,6})[ \t]*$")
#: What says that people are placed, and how many words alone in their lines there are, of which this share is surely of family names.
PLANS = r"座席|席次|席順|席替|配席|レイアウト|部屋割|班分け|組分け|班編成|配置図|配置表"
_PLACED, _MOST_PLACED = 5, 0.4
#: So many bear a family name that is a town as well.
_OFTEN = 100_000
_LONELY = re.compile(r"(?m)^[ \t]*(?P<name>[々\u3400-\u9fff\uf900-\ufaff]{3,5}|[々\u3400-\u9fff]{1,3}[ぁ-ゖ]{2,3})[ \t]*$")
#: 陳 建国
_TWO_LONG = re.compile(r"[一-鿿][ ][一-鿿]{2}")
#: 京美 岩本: surer than the two as a list.
_TURNED = 0.97
#: So many names alone in their lines are a list of them.
_LONELY_ONES = 3
#: From this probability on a text in such a list is a name.
_AMONG_WHOLE = 0.8
#: 松島愛　出向
_FIRST_IN_LINE = re.compile(r"(?m)^[ \t]*(?P<name>[々\u3400-\u9fff]{3,5}|[々\u3400-\u9fff]{2,3}[ぁ-ゖ]{2,3})[ ](?=[^ \n])")
#: From this probability on a text is a name from abroad.
_ABROAD = 0.6
#: … of three characters, of which the first is a family name from China, from this one on.
_LEAST_EACH, _GIVEN_ABROAD = 0.4, 2
#: Family names that are words of forms as well, and characters of no given name.
_WORDS_TOO, _NO_GIVEN = frozenset("金方高白文任安原成向"), frozenset("金円額計日月年時分所者名方等無有可否番号様殿書人件数点")
#: A blank between such characters; it begins with the blank, which is quickly found.
_KANJI_GAP = re.compile(r"[ ](?<=[^\x00-\x7f][ ])(?=[^\x00-\x7f])")
_LINE_NUMBER = re.compile(r"[ \t]*(?:\(?[0-9]{1,3}[.)、:]?[ ])?")


def standing_alone(text: str) -> Iterator[RuleSpan]:
    """Those of ``text`` (folded)."""
    size = len(text)
    gaps = [] if text.isascii() else [(match.start() - 1, match.end()) for match in _KANJI_GAP.finditer(text)]
    for match in within(_KANA, text, windows(gaps, 10, 0, size)) if gaps else ():
        judged = judge(match["name"], 0.9)
        if judged.score >= 0.9 and (judged.why.startswith("kana") or _begins_line(text, match.start()) or _is_abroad(match["name"])):
            yield RuleSpan(match.start(), match.end(), 0.85, judged.why)
    for match in within(_READ_SO, text, windows(gaps, 10, 0, size)) if gaps and "(" in text else ():
        judged = judge(match["name"], 0.9)
        if judged.score >= 0.9 and judged.why.startswith("kana"):
            yield RuleSpan(*match.span("name"), 0.9, judged.why)
    for match in within(_SPACED, text, windows(gaps, 5, 0, size)) if gaps else ():
        judged = judge(match["name"])
        if judged.score >= 0.95 and judged.start == 0 and not _is_second_family(match["name"].partition(" ")[2]):
            yield RuleSpan(match.start(), match.start() + judged.end, 0.85, judged.why)
        elif judged.why == "given name before surname" and _is_turned(*match["name"].split(" ")):
            yield RuleSpan(match.start(), match.end(), _TURNED, judged.why)
        elif (
            judged.why == "surname list"
            and match["name"][0] in foreign_surnames()
            and _TWO_LONG.fullmatch(match["name"])
            and (_alone_in_line(text, match) or _behind_number(text, match.start()))
        ):
            yield RuleSpan(match.start(), match.end(), 0.75, f"alone in its line, {judged.why}")
    for match in within(_SPACED_OF, text, windows(gaps, 5, 0, size)) if gaps else ():
        if judge(match["name"]).score >= LISTED:
            yield RuleSpan(*match.span("name"), 0.85, "surname list + given-name list")
    for match in within(_SPACED_BEHIND, text, windows(gaps, 5, 0, size)) if gaps else ():
        word = _WORD_BEFORE.search(text, max(0, match.start() - 9), match.start())
        family, _, given = match["name"].partition(" ")
        if word and lexicon().surnames.get(family, 0) > 0 and lexicon().given.get(given) and not is_family(word.group().strip()):
            yield RuleSpan(*match.span("name"), 0.85, "surname list + given-name list")
    letters = list(windows(gaps, 2, 0, size))
    for match in (*within(_LETTERS, text, letters), *within(_LETTERS_BEHIND, text, letters)):
        name = match["name"].split()
        judged = judge(match["name"], least := _LEAST_EACH if _is_from_china(text, match) else _EACH)
        if judged.score >= least:  # 生　方　幸　雄 is surer than 幸　雄
            score = 0.985 if len(name) > _IN_TWO else 0.9
            yield RuleSpan(match.start() + judged.start, match.start() + judged.end, score, f"a character each, {judged.why}")
    for match in _KANA_LETTERS.finditer(text) if letters and "・" in text else ():
        if judge(match["name"].replace(" ", "")).score >= _ABROAD:
            yield RuleSpan(match.start(), match.end(), 0.9, "a character each, foreign name")
    yield from in_latin_letters(text)
    yield from signed(text, gaps)


def lonely(text: str) -> Iterator[RuleSpan]:
    """Names that are all of their line."""
    alone = 0
    abroad: list[RuleSpan] = []
    for match in _LONELY.finditer(text):
        judged = judge(match["name"], _AMONG_WHOLE if match["name"][0] not in foreign_surnames() else 0.4)
        if judged.score >= 0.93:
            alone += 1
            yield RuleSpan(match.start("name"), match.end("name"), 0.75, f"alone in its line, {judged.why}")
        elif judged.why == "surname of one character" or (judged.score >= _AMONG_WHOLE and judged.why == "surname list + given-name list"):
            abroad.append(RuleSpan(match.start("name"), match.end("name"), 0.7, f"alone in its line, {judged.why}"))
    if alone >= _LONELY_ONES or (alone > 1 and alone + len(abroad) > _LONELY_ONES):  # 黄志強, 川内陸 in a list of names
        yield from abroad


def planned(text: str) -> Iterator[RuleSpan]:
    """Family names alone in their lines below what says that people are placed or listed: レイアウト変更案 over 滋賀, 松岡, 舩越."""
    ranks = name_words().rank
    lines = [line for line in _ONE_WORD.finditer(text) if line["name"] not in ranks]
    if len(lines) < _PLACED:
        return
    named = [_is_surely_family(line["name"]) for line in lines]
    if sum(named) < max(_LONELY_ONES, _MOST_PLACED * len(lines)):
        return
    for line in lines:
        if may_be_family(line["name"]):
            yield RuleSpan(*line.span("name"), 0.75, "alone in its line, surname list")


def _is_surely_family(name: str) -> bool:
    """Whether a word is a family name and no place that few bear, nor a side (東)."""
    return len(name) > 1 and is_family(name) and (bearers(name) >= _OFTEN or not is_place(name))


def first_in_line(text: str) -> Iterator[RuleSpan]:
    """Names that a blank parts from the rest of their line: 松島愛　出向."""
    for match in _FIRST_IN_LINE.finditer(text) if " " in text else ():
        judged = judge(match["name"], LISTED)
        if judged.score >= LISTED and judged.end == len(match["name"]):
            yield RuleSpan(match.start("name"), match.end("name"), 0.6, f"first in its line, {judged.why}")


def _is_abroad(name: str) -> bool:
    """Whether both words in katakana are on the list of names from abroad, and neither is a thing: サントス　カルロス, not シルバー　カラー."""
    return all(word in lexicon().foreign and not is_plain_word(word) for word in name.split(" "))


def _is_from_china(text: str, match: re.Match[str]) -> bool:
    """Whether three characters with room between end a line and are a family name from China and two more: 被　告　　陳　建　国."""
    family, *given = match["name"].split()
    if len(given) != _GIVEN_ABROAD or family not in foreign_surnames() or family in _WORDS_TOO:
        return False
    return text[match.end() : match.end() + 1] in {"", "\n"} and not any(ch in _NO_GIVEN for ch in given)


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but the number of a list stands before: 2 サントス　カルロス　学習面では…"""
    return _LINE_NUMBER.fullmatch(text, text.rfind("\n", 0, at) + 1, at) is not None


def _behind_number(text: str, at: int) -> bool:
    """Whether the number of a list, and nothing else, stands before in its line: 3 陳 建国　学習面では…"""
    start = text.rfind("\n", 0, at) + 1
    return start < at and _LINE_NUMBER.fullmatch(text, start, at) is not None and text[start:at].strip() != ""


def _alone_in_line(text: str, match: re.Match[str]) -> bool:
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    return not (text[start : match.start()] + text[match.end() : end if end >= 0 else len(text)]).strip()


def _is_second_family(word: str) -> bool:
    """Whether the second word is a frequent surname, and a given name that hardly anybody has: 中谷 林, 豊田 有賀 in a list of duties."""
    return lexicon().surnames.get(word, 0) >= FREQUENT and is_never_given(word)


def _is_turned(given: str, family: str) -> bool:
    """Whether the lists know the first as a frequent given name and the second as a frequent surname."""
    return len(given) > 1 and bool(lexicon().given.get(given)) and lexicon().surnames.get(family, 0) >= FREQUENT
