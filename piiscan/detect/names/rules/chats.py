"""Names that a pattern of lines gives away: the speakers of a chat, a list of who does what, a numbered list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.detect.names.cells import judge
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.spans import RuleSpan, is_family, is_place
from piiscan.detect.names.rules.words import NAME_CHARS, name_words
from piiscan.detect.names.variants import foreign_surnames, modern_forms

__all__ = ["enumerated", "roster", "signed", "speakers", "turns"]

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
#: A line of a numbered list whose first word or two may be a name.
_NUMBERED = re.compile(
    rf"(?m)^[ \t]{{0,8}}(?:\(?[0-9]{{1,3}}[.)、:]|[①-⑳])[ ]{{0,2}}(?P<name>[{NAME_CHARS}]{{2,8}}(?:[ ][{NAME_CHARS}]{{1,8}})?)(?=$|[ \t\n(,、:])"
)
_ITEM = re.compile(rf"[{NAME_CHARS}]+")
#: So many names in one line are a list without a second one; fewer behind a label that says who does something.
_MANY = 4
_DOES = re.compile(r"担当|当番|係|委員|[者員士役]")
_NOT_DONE = re.compile(r"[名苗]字|姓|地名|駅|方面|地区|支店|店舗|産地|経由|路線|エリア")
#: 南：岡田さんのところで…: a line of minutes, and whatever else begins with a word and a colon.
_TURN = re.compile(r"(?m)^[ \t・○●◇◆-]{0,4}(?P<name>[^\s:、。()\[\]【】0-9A-Za-z]{1,8}):(?=[ ]?[^\s0-9/])")
_SPOKEN = re.compile(r"[^\n]*?(?:[ぁ-ゖ][。、?!」]|[ぁ-ゖ]{2}$|ます|です|たい|ない|ほしい)", re.MULTILINE)
#: CU: スズキです。
_MY_NAME = re.compile(r":[ ]?(?P<name>[々一-鿿]{1,4}|[ァ-ヺー]{2,6})です(?=[。、が]|けど)")
#: …トイレまで歩行。（福岡）: a note and who wrote it.
_SIGNED = re.compile(rf"(?m)[。」][ ]?\((?P<name>[{NAME_CHARS}]{{1,5}})\)[ \t]*$")
_TIME = re.compile(r"(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?![0-9])")


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
    if second and second not in lexicon().given and (judged.score < 0.5 or is_family(first)):
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
    """Who wrote which note, in brackets at its end: …トイレまで歩行。（福岡）; two notes at least, and nearly all such brackets names."""
    found = [match.span("name") for match in _SIGNED.finditer(text)]
    names = [(a, b) for a, b in found if is_family(text[a:b]) and text[a:b] not in name_words().nobody]
    if len(names) >= 2 and len(names) >= 0.8 * len(found) and any(not is_place(text[a:b]) and b - a > 1 for a, b in names):
        yield from (RuleSpan(a, b, 0.75, "speaker, surname list") for a, b in names)


def roster(text: str) -> Iterator[RuleSpan]:
    """Names in lines of roles; two lines at least, three names, and nearly every such line nothing but names."""
    found: list[RuleSpan] = []
    lines = sure = tried = 0
    for match in _ROSTER.finditer(text):
        spans = [item.span() for item in _ITEM.finditer(text, *match.span("items"))]
        tried += 1
        judged = [judge(text[a:b]).score for a, b in spans]
        if all(score >= 0.5 or is_family(text[a:b]) for score, (a, b) in zip(judged, spans, strict=True)):
            lines += 1
            label = match["label"]
            many = len(spans) >= _MANY or (len(spans) > 1 and _DOES.search(label))
            known = sum(score >= 0.5 and not is_place(text[a:b]) for score, (a, b) in zip(judged, spans, strict=True))
            many = many and all(_is_bare(text[a:b]) for a, b in spans)
            if many and not _NOT_DONE.search(label) and 2 * known >= len(spans):
                yield from (RuleSpan(a, b, 0.75, "in a list, surname list") for a, b in spans)
            sure += sum(score >= 0.5 for score in judged)  # 千葉, 松本 are places as well
            found += [RuleSpan(a, b, 0.75, "in a list of roles, surname list") for a, b in spans]
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
