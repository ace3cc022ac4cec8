"""Names that nothing but their shape gives away: kana with a gap, 桑 原 英 二, romaji, a name alone in its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from piiscan.detect.names.cells import judge
from piiscan.detect.names.rules.spans import RuleSpan, windows, within
from piiscan.detect.prefilter import Prefilter

__all__ = ["standing_alone"]

_KANA = re.compile(r"(?<![ｦ-ﾟァ-ヺー・])(?P<name>[ｦ-ﾟ]{2,10}[ ][ｦ-ﾟ]{2,10}|[ァ-ヺー]{2,8}[ ][ァ-ヺー]{2,8})(?![ｦ-ﾟァ-ヺー・])")
_ROMAJI = re.compile(
    r"(?<![A-Za-z0-9@._/\-])(?P<name>[A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]{1,14},?[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]{1,14})(?![A-Za-z0-9@_/\-]|[ ][A-Z]|\.[A-Za-z])"
)
_SPACED = re.compile(
    r"(?<![々\u3400-\u9fffぁ-ゖァ-ヺーA-Za-z0-9])(?P<name>[々\u3400-\u9fff\uf900-\ufaff]{1,4}[ ][々\u3400-\u9fff\uf900-\ufaffぁ-ゖァ-ヺ]{1,4})(?![々\u3400-\u9fffぁ-ゖァ-ヺー])"
)
#: 桑 原 英 二: a form that gives each character its room.
_LETTERS = re.compile(
    r"(?<![々\u3400-\u9fffぁ-ゖァ-ヺー])(?:(?<=名[ ])|(?<=名[ ]{2})|(?<![々\u3400-\u9fff][ ]))(?![氏名])(?P<name>[々\u3400-\u9fff](?:[ ]{1,2}[々\u3400-\u9fff]){2,5})(?![ ]{0,2}[々\u3400-\u9fffぁ-ゖァ-ヺー])"
)
_LONELY = re.compile(r"(?m)^[ \t]*(?P<name>[々\u3400-\u9fff\uf900-\ufaff]{3,5}|[々\u3400-\u9fff]{1,3}[ぁ-ゖ]{2,3})[ \t]*$")
_KANJI_GAP = re.compile(r"[^\x00-\x7f][ ](?=[^\x00-\x7f])")
_LATIN_GAP = re.compile(r"[A-Za-zÀ-ɏ'\-],?[ ](?=[A-ZÀ-Þ])")


@cache
def _could(pattern: re.Pattern[str]) -> Prefilter:
    # matches are looked for in windows, whose end hides what may not follow
    return Prefilter([pattern.pattern], ends=False)


def standing_alone(text: str) -> Iterator[RuleSpan]:
    """Those of ``text`` (folded)."""
    size = len(text)
    gaps = [] if text.isascii() else [match.span() for match in _KANJI_GAP.finditer(text)]
    for match in within(_KANA, text, windows(gaps, 10, 0, size)) if gaps else ():
        judged = judge(match["name"])
        if judged.score >= 0.9 and judged.why.startswith("kana"):
            yield RuleSpan(match.start(), match.end(), 0.85, judged.why)
    for match in within(_SPACED, text, windows(gaps, 5, 0, size)) if gaps else ():
        judged = judge(match["name"])
        if judged.score >= 0.95:
            yield RuleSpan(match.start(), match.end(), 0.85, judged.why)
    for match in within(_LETTERS, text, windows(gaps, 2, 0, size)) if gaps else ():
        judged = judge(match["name"])
        if judged.score >= 0.9:
            yield RuleSpan(match.start(), match.end(), 0.9, f"a character each, {judged.why}")
    latin = (m.span() for m in _LATIN_GAP.finditer(text)) if _could(_ROMAJI).could_match(text) else ()
    for match in within(_ROMAJI, text, windows(latin, 16, 0, size)):
        judged = judge(match["name"])
        if judged.score >= 0.8:
            yield RuleSpan(match.start(), match.end(), 0.85 if judged.score > 0.9 else 0.6, judged.why)
    for match in _LONELY.finditer(text) if not text.isascii() and _could(_LONELY).could_match(text) else ():
        judged = judge(match["name"])
        if judged.score >= 0.93:
            yield RuleSpan(match.start("name"), match.end("name"), 0.75, f"alone in its line, {judged.why}")
