"""Names of mails: before an address, in the lines of the head and anywhere, and of whoever says by a greeting who writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import is_borne_by, is_family_or_place, is_place
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.openings import Place
from piiscan.detect.names.rules.spans import RuleSpan, in_lines, windows, within
from piiscan.detect.names.variants import foreign_surnames
from piiscan.detect.names.words import NAME_CHARS, any_of, name_words
from piiscan.detect.names.writing import BRIDGED

__all__ = ["addressees", "introduced", "of_a_firm", "voices"]

_ADDRESSEE = re.compile(r"[\"']?(?P<name>[^\"'<>,;@:：\n]{2,40}?)[\"']?[ ]*(?:様|さん|殿)?[ ]*<[^<>\n ]{1,120}>")
_ANY_ADDRESSEE = re.compile(r"[\"'“]?(?P<name>[^\"'<>,;@:：\n\t()、。]{2,30}?)[\"'”]?[ ]{0,2}<[A-Za-z0-9._%+\-]{1,64}@[^<>\n ]{1,100}>")


#: The voice of a line of WebVTT, and how probable a name it must be.
_VOICE = re.compile(r"<v(?:\.[^\s>]{1,20})?[ ](?P<name>[^<>\n]{2,40})>")
_VOICE_LEAST = 0.25
#: 総務部の林です。, お疲れ様です。林です。
_INTRODUCED = re.compile(rf"(?:(?<=の)|(?<=[\n。、!])|(?<=[\n。、!] ))(?P<name>(?:(?!の)[{NAME_CHARS}]){{1,5}})です(?=[。、!\r\n]|$)")
#: 総務の深山です。 at the beginning of a line
_OF_A_UNIT = re.compile(
    rf"(?m)^[ \t>]*[々一-鿿ァ-ヺーA-Za-z]{{0,10}}(?:[部課室係局店]|総務|経理|人事|営業|開発|企画|広報|法務|情シス|システム|センター|事務所|窓口|担当|チーム)の(?P<name>(?:(?!の)[{NAME_CHARS}]){{1,5}})です(?=[。、!\r\n]|$)"
)
#: 横浜の
_PLACE_OF = re.compile(r"(?P<place>[一-鿿]{2,4})の$")
#: 中野@富士見薬品です。, 林＠総務: who writes, and of where; only before other letters than those of an address.
_OF_A_FIRM = re.compile(rf"(?:(?<=[\n。、!])|(?<=[\n。、!] )|^)(?P<name>[{NAME_CHARS}]{{1,5}})@(?=[（(]?[々㐀-鿿ぁ-ゖァ-ヺ])")
_IS_SAID = re.compile(r"[^\n。、!]{1,24}(?:です|でございます|と申します)")
#: How far from the greeting somebody says who it is, before and behind it.
_BEFORE, _BEHIND = 30, 60
#: So many bear a family name that one introduces oneself by.
_SEVERAL, _SEVERAL_OF_ONE = 500, 2_000


@cache
def _header() -> re.Pattern[str]:
    return re.compile(rf"(?im)^[ \t>]*{any_of(name_words().mail_header)}[ ]*[:：](?P<rest>[^\n]{{1,2000}})")


def addressees(text: str) -> Iterator[RuleSpan]:
    places = [match.start() for match in re.finditer("<", text)]
    for begin in dict.fromkeys(text.rfind("\n", 0, place) + 1 for place in places):
        header = _header().match(text, begin)
        for match in _ADDRESSEE.finditer(text, header.start("rest"), header.end("rest")) if header else ():
            judged = judge(match["name"])
            if judged.score >= 0.25:
                at = match.start("name")
                yield RuleSpan(at + judged.start, at + judged.end, 0.7 + 0.28 * judged.score, f"mail header, {judged.why}")
    for match in within(_ANY_ADDRESSEE, text, windows([(place, place) for place in places], 36, 0, len(text))):
        judged = judge(match["name"])
        if judged.score >= 0.5:
            at = match.start("name")
            yield RuleSpan(at + judged.start, at + judged.end, 0.65 + 0.3 * judged.score, f"before an e-mail address, {judged.why}")


def voices(text: str) -> Iterator[RuleSpan]:
    """Who speaks in subtitles: <v 比嘉 洋子>お世話になります。</v>"""
    for match in _VOICE.finditer(text):
        judged = judge(match["name"])
        if judged.score >= _VOICE_LEAST:
            at = match.start("name")
            yield RuleSpan(at + judged.start, at + judged.end, 0.95, f"title of a speaker, {judged.why}")


def introduced(text: str, greetings: Iterable[Place]) -> Iterator[RuleSpan]:
    """Family names by which somebody says who writes, near a greeting (お疲れ様です。林です。) or with the unit: 総務の林です。"""
    for start, end in greetings:
        for match in _INTRODUCED.finditer(text, max(0, start - _BEFORE), end + _BEHIND):
            if _may_write(match["name"]) and not (is_place(match["name"]) and _is_of_a_place(text, match.start("name"))):
                yield RuleSpan(*match.span("name"), 0.85, "title of a speaker, surname list")
    for match in in_lines(_OF_A_UNIT, text):
        if _may_write(match["name"]) and match["name"] not in "東西南北" and judge(match["name"]).why not in {"a word", "no person"}:
            yield RuleSpan(*match.span("name"), 0.85, "title of a speaker, surname list")


def _is_of_a_place(text: str, at: int) -> bool:
    """Whether a place stands before の: 横浜の(関内)."""
    before = _PLACE_OF.search(text, max(0, at - 5), at)
    return before is not None and is_place(before["place"])


def of_a_firm(text: str) -> Iterator[RuleSpan]:
    """The family name of who writes before the firm or the office: お世話になります。中野@富士見薬品です。"""
    for match in _OF_A_FIRM.finditer(text):
        said = _IS_SAID.match(text, match.end()) is not None  # 千葉@幕張メッセ
        if _may_write(match["name"]) and (said or not is_place(match["name"])):
            yield RuleSpan(*match.span("name"), 0.85, "title of a speaker, surname list")


def _may_write(name: str) -> bool:
    known = is_borne_by(name, _SEVERAL, _SEVERAL_OF_ONE) or name in foreign_surnames() or is_family_or_place(name)
    return known or BRIDGED.fullmatch(name) is not None or (len(name) > 1 and name in lexicon().foreign)
