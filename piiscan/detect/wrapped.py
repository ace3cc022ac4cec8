"""Numbers that a line end cuts in two: a second look with the two lines joined.

Letters, PDF pages and mails wrap ``カード番号 4111 1111`` / ``1111 1111`` wherever
the line is full, and quote it (``> ``). Only where digits (or the letters of a
passport, the signs of a date) end one line and begin the next, and
together are as many as such a number has, the two lines are read as one. What
is found there must lie over the joint and be probable by itself (a label or a
context word, and its check); its offsets point into the original text, with the
line end inside, and its reasons say so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import result, why_of
from piiscan.detect.normalize import fold
from piiscan.detect.patterns import PatternBank
from piiscan.detect.prefilter import Prefilter

__all__ = ["Wrapped"]

#: A line end, and what a quoted mail puts before the next line.
_MARGIN = r"[ \t]{0,8}\r?[\n\x0b](?:[ \t]{0,4}(?:[>|][ \t]?){1,4}|[ \t]{0,40})"
_LETTERS = r"[A-Z]{2}(?![A-Za-z])"
_JOINT = re.compile(rf"(?:[0-9年月]|(?<![A-Za-z])[A-Z]{{2}})(?: ?[\-ーｰ])?(?P<gap>{_MARGIN})(?=(?:[\-ーｰ] ?)?[0-9]|[年月日]|{_LETTERS})")
#: What may belong to the number on either side; no more than such a number has, so that a page of figures costs little.
_LEFT = re.compile(r"(?:(?:(?<![A-Za-z])[A-Z]{2}[ \-]?)?[0-9][0-9 \-年月]{0,30}[ーｰ]?|(?<![A-Za-z])[A-Z]{2}[ \-]?)\Z")
_RIGHT = re.compile(rf"(?:(?:[\-ーｰ] ?)?[0-9]|[年月])(?:[0-9 \-年月]{{0,30}}(?:[0-9日]|[ \-]?{_LETTERS}))?|日|{_LETTERS}")
_ENTITIES = frozenset(
    {
        "JP_MY_NUMBER",
        "CREDIT_CARD",
        "JP_DRIVER_LICENSE",
        "PHONE_NUMBER",
        "JP_CORPORATE_NUMBER",
        "JP_RESIDENT_CODE",
        "JP_BASIC_PENSION_NUMBER",
        "JP_EMPLOYMENT_INSURANCE",
        "JP_PASSPORT",
        "JP_RESIDENCE_CARD",
        "DATE_OF_BIRTH",
    }
)
#: How many digits such a number has, one with letters, and a date.
_DIGITS: Final = range(10, 17)
_DIGITS_WITH_LETTERS: Final = range(7, 9)
_DIGITS_OF_A_DATE: Final = range(3, 9)
_SURE: Final = 0.85
_BEFORE: Final = 60
_AFTER: Final = 30
#: Joints looked at in one text: a page of figures has many, and none of them is a number cut in two.
_MOST: Final = 100


def _is_sure(found: RecognizerResult) -> bool:
    """Named by a label or by words around it: figures that only pass a check are too often two figures."""
    named = any(reason.startswith(("label", "context")) for reason in why_of(found))
    return found.entity_type in _ENTITIES and found.score >= _SURE and named


def _are_enough(both: str) -> bool:
    """Whether what stands on both sides has as many digits as a number or a date."""
    digits = sum(ch.isdigit() for ch in both)
    if "年" in both or "月" in both:
        return digits in _DIGITS_OF_A_DATE
    return digits in (_DIGITS_WITH_LETTERS if any("A" <= ch <= "Z" for ch in both) else _DIGITS)


class Wrapped:
    """The second look of one process.

    :param patterns: the pattern recognizers.
    """

    def __init__(self, patterns: PatternBank) -> None:
        self._spot = patterns.spot
        self._named: Prefilter = patterns.naming(_ENTITIES)

    def added(self, text: str, found: Sequence[RecognizerResult]) -> list[RecognizerResult]:
        """``found`` and the numbers over line ends; what lies inside one of those and is less sure gives way."""
        joined = self._joined(text, found) if "\n" in text or "\x0b" in text else []
        if not joined:
            return list(found)
        kept = [r for r in found if not any(j.start < r.end and r.start < j.end and r.score <= j.score for j in joined)]
        return sorted([*kept, *joined], key=lambda r: (r.start, r.end))

    def _joined(self, text: str, found: Sequence[RecognizerResult]) -> list[RecognizerResult]:
        joined: list[RecognizerResult] = []
        folded = fold(text)
        if not self._named.could_match(folded.lower()):
            return []
        for count, joint in enumerate(_JOINT.finditer(folded)):
            if count >= _MOST:
                break
            cut, resume = joint.span("gap")
            before = _LEFT.search(folded[max(0, cut - 32) : cut])
            after = _RIGHT.match(folded, resume)
            if before is None or after is None or not _are_enough(before[0] + after[0]):
                continue
            if any(r.score >= _SURE and r.entity_type in _ENTITIES and (cut - 1 <= r.end <= cut or r.start == resume) for r in found):
                continue  # one of the two is a number by itself
            left, right = before[0], after[0]
            start = max(0, cut - len(left) - _BEFORE)
            at = cut - start
            signs = {sign for sign in " -" if sign in (left + right).strip()}
            for glue in ("", *sorted(signs)):  # 1234 5678 / 9018 was written in groups
                if glue and (left.endswith(glue) or right.startswith(glue)):
                    continue
                window = text[start:cut] + glue + text[resume : resume + len(right) + _AFTER]
                if not self._named.could_match(fold(window).lower()):
                    continue
                over = [r for r in self._spot(window) if _is_sure(r) and r.start < at and r.end > at + len(glue)]
                for r in over:
                    metadata = r.recognition_metadata or {}
                    joined.append(
                        result(
                            r.entity_type,
                            start + r.start,
                            r.end - at - len(glue) + resume,
                            r.score,
                            recognizer=str(metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, r.entity_type)),
                            norm=str(metadata.get("norm", "")),
                            why=(*why_of(r), "over a line end"),
                        )
                    )
                if over:
                    break
        return joined
