"""Names before an e-mail address: in the lines of a mail's head, and anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from piiscan.detect.names.cells import judge
from piiscan.detect.names.rules.spans import RuleSpan, windows, within
from piiscan.detect.names.rules.words import any_of, name_words

__all__ = ["addressees"]

_ADDRESSEE = re.compile(r"[\"']?(?P<name>[^\"'<>,;@:：\n]{2,40}?)[\"']?[ ]*(?:様|さん|殿)?[ ]*<[^<>\n ]{1,120}>")
_ANY_ADDRESSEE = re.compile(r"[\"'“]?(?P<name>[^\"'<>,;@:：\n\t()、。]{2,30}?)[\"'”]?[ ]{0,2}<[A-Za-z0-9._%+\-]{1,64}@[^<>\n ]{1,100}>")


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
