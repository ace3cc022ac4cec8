"""Names that a pattern of lines gives away: the speakers of a chat, a list of who does what, a numbered list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import bearers, is_family, is_listed_family, is_place, is_plain_word
from piiscan.detect.names.features import Lexicon, lexicon, script
from piiscan.detect.names.rules.spans import RuleSpan
from piiscan.detect.names.variants import foreign_surnames, katakana, modern_forms
from piiscan.detect.names.words import NAME_CHARS, name_words

__all__ = ["enumerated", "fought", "in_a_row", "interviewed", "pointed", "roster", "signed", "speakers", "turns"]

#: So many lines that begin with a time and no name are a log.
_LOG_LINES = 40
#: A chat's speaker: behind the time (10:23 佐藤 了解です), or before it, alone in the line (佐藤 太郎  10:23).
_CLOCK = r"\[?(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}[ T])?(?:午[前後] ?)?[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?\]?"
_ONE_NAME = rf"[{NAME_CHARS}]{{1,6}}(?:[ ][{NAME_CHARS}]{{1,5}})?"
_SPEAKER = re.compile(
    rf"(?m)^[ \t>*]{{0,4}}(?:{_CLOCK}[ \t]{{1,3}}(?:[{NAME_CHARS}]{{2,8}}[ ](?=[{NAME_CHARS} ]{{1,12}}:))?"
    rf"(?P<after>{_ONE_NAME}(?=[ \t:>])|[A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]+(?:[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]+){{0,2}}(?=:))"
    rf"|(?P<before>{_ONE_NAME})[ \t]{{1,4}}\[?[0-2]?[0-9]:[0-5][0-9]\]?[ \t]*$)"
)
#: A line of a list of who does what: 会計　佐藤・鈴木, 屋台：山本、森.
_ROSTER = re.compile(
    rf"(?m)^[ \t・○●◆■*\-]{{0,3}}(?P<label>[^\s:、。()・,0-9]{{1,8}})(?:[ \t]{{1,4}}|[ ]?:[ ]?)(?P<items>[{NAME_CHARS}]{{1,5}}(?:[ ]?[・、,][ ]?[{NAME_CHARS}]{{1,5}}){{0,11}})[ \t]*(?:\([^()\n]{{1,20}}\))?[ \t]*$"
)
#: From this score on a name is a family and a given name.
_WHOLE = 0.85
#: A surname of so many is frequent.
_FREQUENT = 8000
#: Hiragana of so many characters are a word.
_SHORT = 2
#: … and of so many in use.
_SOME = 1_000
#: From this score on two words in katakana are one name from abroad.
_ABROAD = 0.5
#: What speaks against the model, which takes the first word that is said for a given name.
_TURN_SCORE = 0.995
#: So much of the lines that look so must be somebody's.
_MOST = 0.6
#: A line of a numbered list whose first word or two may be a name.
_NUMBERED = re.compile(
    rf"(?m)^[ \t]{{0,8}}(?:\(?[0-9]{{1,3}}[.)、:]|[①-⑳])[ ]{{0,2}}(?P<name>[{NAME_CHARS}]{{2,8}}(?:[ ][{NAME_CHARS}]{{1,8}})?|[ァ-ヺー]{{2,10}}(?:・[ァ-ヺー]{{1,10}}){{1,3}})(?=$|[ \t\n(,、:])"
)
_ITEM = re.compile(rf"[{NAME_CHARS}]+")
#: So many names in one line are a list without a second one; fewer behind a label that says who does something.
_MANY = 4
_DOES = re.compile(r"担当|当番|係|委員|[者員士役]")
_NOT_DONE = re.compile(r"[名苗]字|姓|地名|駅|方面|地区|支店|店舗|産地|経由|路線|エリア")
#: 南：岡田さんのところで…: a line of minutes, and whatever else begins with a word and a colon.
_TURN = re.compile(r"(?m)^[ \t・○●◇◆-]{0,4}(?P<name>[^\s:、。()\[\]【】0-9A-Za-z]{1,8}):(?=[ ]?[^\s0-9/])")
_SPOKEN = re.compile(r"[^\n]*?(?:[ぁ-ゖ][。、?!」]|[ぁ-ゖ]{2}$|ます|です|たい|ない|ほしい)", re.MULTILINE)
#: 神崎　高校の先輩に…: a line of an interview, whose speaker a wide blank parts from what is said.
_SAYS = re.compile(r"(?m)^[ \t]{0,4}(?P<name>[々一-鿿豈-\ufaff]{1,4}|[ァ-ヺー]{2,6})[ ]+(?P<said>[^\n]{4,})$")
_SENTENCE = re.compile(r"[ぁ-ゖ][^\n]*(?:[。？?！!…」)]|ですね|ました|です|ます)\s*$")
#: 来た人→土居 シルバ 柳原: family names and nothing else, with a blank between.
_ROW = re.compile(
    r"(?m)(?:^(?:[ \t]*(?P<label>[^\s:、。()]{0,6}(?:参加|出席|欠席|作業|実施|点検|受講|立会)(?:者|員)?(?:サイン|署名|氏名|名|印)?[ ]))?|[→:>])[ \t]*(?P<row>[々〆ヶ一-鿿豈-\ufaffァ-ヺー]{1,5}(?:[ ][々〆ヶ一-鿿豈-\ufaffァ-ヺー]{1,5}){2,11})[ \t]*\r?$"
)
#: A blank beside no ASCII, and two with a short word between; they begin with the blank, which is quickly found.
_GAP = re.compile(r"[ ](?<=[^\x00-\x7f][ ])")
_GAPS = re.compile(r"[ ](?<=[^\x00-\x7f][ ])(?=[^\x00-\x7f]{1,5}[ ][^\x00-\x7f]{1,5}(?:[ \n]|$))")
_FIRST_WORD = re.compile(rf"[{NAME_CHARS}]{{1,4}}")
_BEHIND_NAME = frozenset("はがのをもにと、（()） \t\n様さ氏殿く君ち")
_SIGN = frozenset("・●○■◆▪*-")
_POINTED = re.compile(r"\n[ \t]*[・●○■◆▪*\-]")
_NO_FAMILY = frozenset(("チーフ", "リーダー", "マネージャー", "コーチ", "スタッフ", "ドライバー", "ヘルパー"))
_WHO = re.compile(r"(?:人|者|員|士|メンバー|スタッフ|当番|出席|欠席|参加)[→:：>][ \t]*$")
#: ・福田 てんかん発作あり: what a line with a sign before it says of one who is named first.
_POINT = re.compile(rf"(?m)^[ \t]*[・●○■◆▪*\-][ ]?(?P<name>[{NAME_CHARS}]{{1,6}})(?:さん|様|くん|ちゃん)?[ ](?P<rest>[^\n]+)$")
#: 吉野（明治）　○メ―　熊本（日本）: those who fight, with where they come from.
_FIGHT = re.compile(
    r"(?m)^[ \t]*(?P<one>[々一-鿿豈-\ufaff]{1,4}|[一-鿿]{1,2}[ノツッヶケ][一-鿿]{1,2}|[ァ-ヺー]{2,8})(?:\([^()\n]{1,8}\))?[ ]{0,2}(?:[メコドツ反]?[―ー\-]?[○●△×]|[○●△×][メコドツ反]?)[メコドツ反―ー\-○●△×]{0,5}[ ]{0,2}(?P<other>[々一-鿿豈-\ufaff]{1,4}|[ァ-ヺー]{2,8})(?:\([^()\n]{1,8}\))?[ \t]*\r?$"
)
#: CU: スズキです。
_MY_NAME = re.compile(r":[ ]?(?P<name>[々一-鿿]{1,4}|[ァ-ヺー]{2,6})です(?=[。、が]|けど)")
#: …トイレまで歩行。（福岡）: a note and who wrote it.
_SIGNED = re.compile(
    rf"(?m)(?:(?<=[。」すた])|(?<=[。」][ ])|(?<=引継ぎ)|(?<=申し送り)|(?<=[日業]誌)|(?<=日報))\((?P<name>[{NAME_CHARS}]{{1,5}})\)[ \t]*$"
)
#: What any time of day has; it begins with the colon, which is quickly found.
_TIME = re.compile(r":(?<=[0-9]:)[0-5][0-9](?![0-9])")


def speakers(text: str) -> Iterator[RuleSpan]:
    """Who says what in a chat; two lines at least, of which most begin with a family name. A log is given up after some lines."""
    if not _TIME.search(text):
        return
    found = []
    tried = 0
    sizes: dict[str, int] = {}
    for match in _SPEAKER.finditer(text):
        which = "after" if match["after"] else "before"
        name, start = match[which], match.start(which)
        if name in name_words().nobody:
            continue
        tried += 1
        size = sizes.get(name)
        if size is None:
            size = sizes[name] = _speaker(name)
        if size:
            found.append(RuleSpan(start, start + size, 0.85, "speaker of a chat, surname list"))
        elif tried > _LOG_LINES and len(found) < 0.3 * tried:
            return
    if len(found) >= 2 and len(found) >= 0.6 * tried:
        yield from found


def _speaker(text: str) -> int:
    """How many of the characters behind a time are a name: 佐藤, 佐藤 太郎, 佐藤 of 佐藤 了解; 0 for none."""
    judged = judge(text)
    first, _, second = text.partition(" ")
    abroad = judged.why == "foreign name" and judged.score >= _ABROAD and not is_plain_word(second)
    if second and second not in lexicon().given and not abroad and (judged.score < 0.5 or is_family(first)):
        text = first
        judged = judge(text)
    latin = " " in text and text[0] < "ɏ"
    return len(text) if judged.score >= (0.25 if latin else 0.5) or is_family(text) else 0


def turns(text: str) -> Iterator[RuleSpan]:
    """Who says what in minutes without times; two lines at least that go on as speech, and most of those that begin so family names."""
    found: list[RuleSpan] = []
    tried = sure = 0
    for match in _TURN.finditer(text):
        name = match["name"]
        if not _SPOKEN.match(text, match.end()):
            continue
        tried += 1
        if name not in name_words().nobody and is_family(name) and judge(name).why != "a word":
            found.append(RuleSpan(*match.span("name"), 0.75, "speaker, surname list"))
            sure += len(name) > 1
        elif tried > _LOG_LINES and len(found) < 0.3 * tried:
            return
    if len(found) >= 2 and len(found) >= 0.6 * tried and sure:
        yield from found
    if "です" in text:
        for match in _MY_NAME.finditer(text):
            name = match["name"]
            if name in lexicon().common_surname_readings or lexicon().surnames.get(name, 0) >= _FREQUENT:
                yield RuleSpan(*match.span("name"), 0.7, "speaker of oneself, surname list")


def signed(text: str) -> Iterator[RuleSpan]:
    """Who wrote which note, in brackets at its end: …トイレまで歩行。（福岡）; of one note a family name that is nothing else, of two
    and more others as well, where nearly all such brackets are names.
    """
    found = [match.span("name") for match in _SIGNED.finditer(text)]
    names = [(a, b) for a, b in found if is_family(text[a:b]) and text[a:b] not in name_words().nobody]
    if len(names) >= 2 and len(names) >= 0.8 * len(found) and any(not is_place(text[a:b]) and b - a > 1 for a, b in names):
        yield from (RuleSpan(a, b, 0.75, "speaker, surname list") for a, b in names)
    elif len(found) == 1 and names and _signs_alone(text[slice(*names[0])]):
        yield RuleSpan(*names[0], 0.75, "speaker, surname list")


def _signs_alone(name: str) -> bool:
    """Whether a word is a family name and neither a word nor a place: （楠）, （サントス）."""
    if script(name) == "K":
        return name in lexicon().foreign
    return (bearers(name) >= _SOME or is_listed_family(name)) and judge(name).why == "one surname" and not is_place(name)


def interviewed(text: str) -> Iterator[RuleSpan]:
    """Who says what behind a wide blank; one at least who speaks twice, or two who do, and whose words are not a given name each time."""
    if not _GAP.search(text):
        return
    said: dict[str, list[re.Match[str]]] = {}
    for match in _SAYS.finditer(text):
        if _SENTENCE.search(match["said"]):
            said.setdefault(match["name"], []).append(match)
    speaking = {name: lines for name, lines in said.items() if _speaks(name) and not all(_begins_given(m["said"]) for m in lines)}
    if len(speaking) < 2 and all(len(lines) < 2 for lines in speaking.values()):
        return
    if sum(map(len, speaking.values())) < _MOST * sum(map(len, said.values())):
        return
    for lines in speaking.values():
        yield from (RuleSpan(*match.span("name"), _TURN_SCORE, "title of a speaker, surname list") for match in lines)


def _speaks(name: str) -> bool:
    bearers = lexicon().surnames.get(modern_forms(name), -1)
    if name in name_words().nobody:
        return False
    if len(name) == 1:
        return bearers >= 0 or name in foreign_surnames()
    return bearers > 0 or name in lexicon().foreign or (is_family(name) and judge(name).why != "a word")


def _begins_given(said: str) -> bool:
    """Whether what goes on behind a family name is the given name: 佐藤　健は…, ヤマモト セツコ)に…"""
    lex = lexicon()
    word = _FIRST_WORD.match(said)
    sizes = range(1, len(word.group()) + 1) if word else range(0)
    return any(said[size : size + 1] in _BEHIND_NAME and _is_given(said[:size], lex) for size in sizes)


def _is_given(word: str, lex: Lexicon) -> bool:
    """Whether a word is a given name, in hiragana one that is hardly anything else: うち."""
    return bool(lex.given.get(word)) or ((len(word) > _SHORT or script(word) == "K") and katakana(word) in lex.given_readings)


def in_a_row(text: str) -> Iterator[RuleSpan]:
    """Family names that are all of their line, or all that stands behind a sign, with single blanks between; three at least."""
    if not _GAPS.search(text):
        return
    lex = lexicon()
    for match in _ROW.finditer(text):
        words = match["row"].split(" ")
        asked = match["label"] is not None or _WHO.search(text, max(0, match.start() - 6), match.start("row")) is not None
        if asked and len(words) % 2 == 0 and all(map(_is_pair, words[::2], words[1::2])):
            at = match.start("row")  # 出席者 菊地 健一 目黒 花子
            for family, given in zip(words[::2], words[1::2], strict=True):
                yield RuleSpan(
                    at, (end := at + len(family) + len(given) + 1), _TURN_SCORE, "title of a row, surname list + given-name list"
                )
                at = end + 1
            continue
        pairs = any(
            lex.given.get(word)
            and lex.surnames.get(word, 0) < _FREQUENT
            and not (asked and (word in foreign_surnames() or modern_forms(word) in lex.surnames))
            for word in words[1:]
        )
        known = sum(lex.surnames.get(modern_forms(word), 0) >= _SOME and not is_place(word) for word in words)
        if (
            pairs
            or words[0] in lex.after_titles
            or (2 * known < len(words) and not asked)
            or sum(
                not (_is_bare(word) or ((word in lex.foreign or word in lex.surname_readings) and word not in _NO_FAMILY)) for word in words
            )
            > (len(words) // 4 if match["label"] else 0)  # one that no list has among those who signed
        ):
            continue
        at = match.start("row")
        for word in words:
            yield RuleSpan(at, at + len(word), _TURN_SCORE, "title of a row, surname list")
            at += len(word) + 1


def _is_pair(family: str, given: str) -> bool:
    """Whether two words are a family and a given name rather than two family names: 菊地 健一, not 小池 大石."""
    return lexicon().surnames.get(given, 0) < _FREQUENT and judge(f"{family} {given}").whole


def pointed(text: str) -> Iterator[RuleSpan]:
    """Family names at the head of lines with a sign; two lines at least, nearly all of which begin so, and most names no places."""
    if _POINTED.search(text) is None and text[:1] not in _SIGN:
        return
    found: list[RuleSpan] = []
    tried = sure = 0
    for match in _POINT.finditer(text):
        tried += 1
        name = match["name"]
        if name not in name_words().nobody and is_family(name) and judge(name).why not in {"a word", "no person"}:
            judged = judge(name)
            found.append(RuleSpan(match.start("name"), match.start("name") + judged.end, 0.7, "title of a point, surname list"))
            sure += lexicon().surnames.get(modern_forms(name), 0) >= _SOME and not is_place(name)
        elif tried > _LOG_LINES and len(found) < 0.3 * tried:
            return
    if len(found) >= 2 and len(found) >= 0.8 * tried and 2 * sure >= len(found):
        yield from found


def fought(text: str) -> Iterator[RuleSpan]:
    """Both sides of a result: 吉野（明治）　○メ―　熊本（日本）; two lines at least."""
    if text.isascii() or not any(sign in text for sign in "○●△×"):
        return
    fights = [
        (match, [_speaks(name) or name in lexicon().surnames for name in match.group("one", "other")]) for match in _FIGHT.finditer(text)
    ]
    found = [match for match, named in fights if all(named)]
    if len(found) >= 2:
        for match in found:
            yield from (RuleSpan(*match.span(side), 0.8, "title of a fight, surname list") for side in ("one", "other"))


def roster(text: str) -> Iterator[RuleSpan]:
    """Names in lines of roles; two lines at least, three names, and nearly every such line nothing but names."""
    found: list[RuleSpan] = []
    lines = sure = tried = 0
    for match in _ROSTER.finditer(text):
        spans = [item.span() for item in _ITEM.finditer(text, *match.span("items"))]
        tried += 1
        judged: list[float] = []
        bare: list[tuple[int, int]] = []
        for a, b in spans:
            whole = judge(text[a:b])
            judged.append(whole.score)
            bare.append((a + whole.start, a + whole.end))  # 石上保護司
            if whole.score < 0.5 and not is_family(text[a:b]):
                break
        else:
            lines += 1
            label = match["label"]
            many = len(spans) >= _MANY or (len(spans) > 1 and _DOES.search(label))
            known = sum(score >= 0.5 and not is_place(text[a:b]) for score, (a, b) in zip(judged, spans, strict=True))
            many = many and all(_is_bare(text[a:b]) for a, b in spans)
            if many and not _NOT_DONE.search(label) and 2 * known >= len(spans):
                yield from (RuleSpan(a, b, 0.75, "in a list, surname list") for a, b in spans)
            sure += sum(score >= 0.5 for score in judged)  # 千葉, 松本 are places as well
            found += [RuleSpan(a, b, 0.75, "in a list of roles, surname list") for a, b in bare]
    if lines >= 2 and len(found) >= 3 and lines >= 0.7 * tried and sure >= 0.5 * len(found):
        yield from found


def _is_bare(item: str) -> bool:
    """Whether an item is a name and nothing else: 町田, 町田 健, not 町田部長."""
    whole = judge(item).why in {"surname list + given-name list", "foreign name", "kana surname + given name"}
    return whole or item in foreign_surnames() or item in lexicon().surnames or modern_forms(item) in lexicon().surnames


def enumerated(text: str) -> Iterator[RuleSpan]:
    """Names that begin the lines of a numbered list: 1. 西川 洋子　医療法人例示会　080-…; two lines at least, and nearly all of them names."""
    found: list[RuleSpan] = []
    tried = whole = 0
    for match in _NUMBERED.finditer(text):
        tried += 1
        name, start = match["name"], match.start("name")
        judged = judge(name)
        first, _, second = name.partition(" ")
        if second and judged.score < 0.5:  # 西千代 学校法人…: one word is the name
            name, judged = first, judge(first)
        if judged.score >= 0.5 and judged.end - judged.start == len(name):
            found.append(RuleSpan(start, start + len(name), 0.6 + 0.3 * judged.score, f"in a numbered list, {judged.why}"))
            whole += judged.score >= _WHOLE
        elif tried > _LOG_LINES and len(found) < 0.3 * tried:
            return
    if len(found) >= 2 and len(found) >= 0.7 * tried and whole >= 0.3 * len(found):  # 松本, 豊田 are stations
        yield from found
