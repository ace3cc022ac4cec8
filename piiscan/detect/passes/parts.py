"""What the lines of a text ask for in parts (:mod:`piiscan.detect.in_parts`): mails of forms on web pages, settings, what XML and JSON of one person are read as."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import ValueMatch, result, why_of
from piiscan.detect.in_parts import Asked, InParts, Whole
from piiscan.detect.tables.words import Words

__all__ = ["Parts"]

#: One of these stands where something is asked for in parts.
_ASKED: Final = (
    *("姓", "苗字", "名字", "氏:", "氏：", "氏]", "氏】", "last", "Last", "family", "Family", "sei", "name01"),
    *("都道府県", "県名", "市区町村", "市町村", "pref", "Pref", "city", "City"),
    *(
        "住所1",
        "住所１",
        "住所2",
        "住所２",
        "住所①",
        "住所(1",
        "住所（1",
        "住所（１",
        "address1",
        "address2",
        "address_1",
        "Address1",
        "Address2",
    ),
    *("元号", "和暦", "年)", "年）", "年:", "年：", "年]", "年】", "year", "Year"),
)
#: A label and its value on a line, or a label on a line of its own: ``姓：東``, ``[ 姓 ] 東``, ``"last_name": "東",``, ``■姓``.
_LINE = re.compile(
    r"""(?mx)^[ \t\u3000>]{0,12}
    (?P<sign>[■●・◆□◇○◎▼*\#「【\[［<＜"'-]{0,2})[ \u3000]?
    (?P<label>[^\s:：=＝\]】］」>＞"'|,、。][^\n:：=＝\]】］」>＞"'|,、。]{0,23}?)
    (?:[ \u3000]*["'\]】］」>＞]?[ \t\u3000]*(?:[:：=＝]|(?<=[\]】］」>＞])|\t|(?<=[ \u3000]{2}))[ \t\u3000]*["']?(?P<value>[^\s"'][^\n"']{0,80}?)?["']?,?)?
    [ \t\u3000]*\r?$"""
)
#: Where the next label of a line begins: 姓：東 名：一, ?sei=東&mei=一
_NEXT = re.compile(r"(?<=\S)(?:[ \t\u3000]+|[?&])(?=[^\s:：=＝]{1,12}[:：=＝]|HTTP/)")
_RECOGNIZERS: Final = {"PERSON": "NameRecognizer", "JP_ADDRESS": "AddressRecognizer"}
_MOST_LINES: Final = 5_000
_LINE_CHARS: Final = 400


class Parts:
    """Puts together what a text asks for in parts.

    :param words: of headers and labels.
    :param value: whether a whole string is a value of a kind, by form and check.
    """

    def __init__(self, words: Words, value: Callable[[str, str], ValueMatch | None]) -> None:
        self._in_parts = InParts(words, value)

    def put_together(self, text: str, found: Sequence[RecognizerResult]) -> list[RecognizerResult]:
        """``found`` in order, with the values whose parts stand under labels of their own."""
        if "\n" not in text or not any(word in text for word in _ASKED):
            return list(found)

        def known(one: Asked) -> list[tuple[float, tuple[str, ...]]]:
            start, end = _span(one)
            return [(r.score, why_of(r)) for r in found if r.entity_type == "PERSON" and r.start < end and start < r.end]

        made = list(self._in_parts.whole(list(_lines(text)), known))
        if not made:
            return list(found)
        gone = [(one.place[0], _span(one)[1], whole.entity) for whole in made for one in whole.parts]
        kept = [r for r in found if not any(start < r.end and r.start < end and r.entity_type == kind for start, end, kind in gone)]
        return sorted([*kept, *(one for whole in made for one in _results(whole))], key=lambda r: (r.start, r.end))


def _span(one: Asked) -> tuple[int, int]:
    return one.place[1], one.place[1] + len(one.value)


def _results(whole: Whole) -> Iterator[RecognizerResult]:
    recognizer = _RECOGNIZERS.get(whole.entity, whole.entity)
    value: dict[str, Any] = {"value": whole.value} if whole.value else {}
    for one in whole.at:
        yield result(whole.entity, *_span(one), whole.score, recognizer=recognizer, norm=whole.norm, why=whole.why, **value)


def _lines(text: str) -> Iterator[Asked]:
    """The labels of a text with their values; the value of one that stands alone is the whole line below it. Their places are two offsets."""
    waits = above = ""
    waits_at = at = 0
    for number, raw in enumerate(text.split("\n")[:_MOST_LINES]):
        for offset, piece in _pieces(raw):
            begin = at + offset
            match = _LINE.fullmatch(piece)
            said = piece.strip()
            if match is not None and match["value"] is not None:
                place = (begin + match.start("label"), begin + match.start("value"))
                yield Asked(number, match["label"].rstrip(), match["value"].rstrip(), above, place)
                waits = ""
            elif waits and said and not (match and match["sign"]):
                yield Asked(number, waits, said, "", (waits_at, begin + piece.index(said)))
                waits, above = "", said
            else:
                waits = above = match["label"].rstrip() if match else ""
                waits_at = begin + match.start("label") if match else 0
        at += len(raw) + 1


def _pieces(raw: str) -> Iterator[tuple[int, str]]:
    """A line, cut where another label begins, with the places of its pieces; nothing of a line of prose."""
    if len(raw) > _LINE_CHARS:
        return
    begin = 0
    for gap in _NEXT.finditer(raw):
        yield begin, raw[begin : gap.start()]
        begin = gap.end()
    yield begin, raw[begin:]
