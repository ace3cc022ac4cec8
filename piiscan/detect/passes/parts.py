"""Values that a form asks for in parts, a line each: 姓 and 名, 都道府県 and 市区町村 and 番地, 年 and 月 and 日.

So come the mails of forms on web pages, settings, and what XML and JSON of one person are read as. As in tables
(:mod:`piiscan.detect.tables.divided`) both parts of a name are compared as the whole name, an address is reported at its
largest part and a date at its year, each with the whole as its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import ValueMatch, result, why_of
from piiscan.detect.readings import is_reading
from piiscan.detect.tables.divided import DATE_PART
from piiscan.detect.tables.measure import NUMERAL, PLACE, is_nothing
from piiscan.detect.tables.plans import join_parts
from piiscan.detect.tables.words import Words, plain

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
_IN_PARTS: Final = "asked for in parts"
_NAME_CHARS: Final = 12
#: So many labels at most stand between a family name and its given name.
_APART: Final = 3
#: … and so many between a name and its reading.
_READ_BESIDE: Final = 8
_LABELLED: Final = 0.9
_MOST_LINES: Final = 5_000
_LINE_CHARS: Final = 160


#: Where the next label of a line begins: 姓：東 名：一
_NEXT = re.compile(r"(?<=\S)[ \t\u3000]+(?=[^\s:：=＝]{1,12}[:：=＝])")


class _Line(NamedTuple):
    """A label, where the value that belongs to it stands, and the label above that has no value."""

    number: int
    label: str
    label_start: int
    start: int
    value: str
    above: str

    @property
    def end(self) -> int:
        return self.start + len(self.value)


class Parts:
    """Puts together what was asked for in parts.

    :param words: of headers and labels.
    :param value: whether a whole string is a value of a kind, by form and check.
    """

    def __init__(self, words: Words, value: Callable[[str, str], ValueMatch | None]) -> None:
        self._words = words
        self._value = value

    def put_together(self, text: str, found: Sequence[RecognizerResult]) -> list[RecognizerResult]:
        """``found`` in order, with the values whose parts stand under labels of their own."""
        if "\n" not in text or not any(word in text for word in _ASKED):
            return list(found)
        lines = [line for line in _lines(text) if line.value]
        made = [*self._names(lines, found), *self._addresses(lines), *self._births(lines)]
        if not made:
            return list(found)
        gone = [span for _, spans in made for span in spans]
        kept = [r for r in found if not any(start < r.end and r.start < end and r.entity_type == kind for start, end, kind in gone)]
        return sorted([*kept, *(one for ones, _ in made for one in ones)], key=lambda r: (r.start, r.end))

    def _names(self, lines: Sequence[_Line], found: Sequence[RecognizerResult]) -> Iterator[_Made]:
        norms: list[tuple[int, str]] = []
        pairs = sorted(self._pairs(lines), key=lambda pair: is_reading(pair[0].label))
        for family, given in pairs:
            whole = self._value("PERSON", f"{family.value} {given.value}")
            known = [r for r in found if r.entity_type == "PERSON" and any(r.start < p.end and p.start < r.end for p in (family, given))]
            if whole is None and not known:
                continue
            norm = whole.norm if whole is not None else "".join(f"{family.value}{given.value}".split())
            if is_reading(family.label):  # of the name that is asked for right before or behind
                norm = next((of for number, of in norms if abs(number - family.number) <= _READ_BESIDE), norm)
            else:
                norms.append((family.number, norm))
            why = (_IN_PARTS, *(reason for r in known for reason in why_of(r) if reason.startswith("model")))
            score = max([_LABELLED, *(r.score for r in known)])
            yield (
                [result("PERSON", p.start, p.end, score, recognizer="NameRecognizer", norm=norm, why=why) for p in (family, given)],
                [(p.label_start, p.end, "PERSON") for p in (family, given)],
            )

    def _pairs(self, lines: Sequence[_Line]) -> Iterator[tuple[_Line, _Line]]:
        """The lines that ask for a family name, each with the one that asks for the given name."""
        parts = [self._words.name_parts(line.label) if _may_be_part(line.value) else [] for line in lines]
        taken: set[int] = set()
        for i, family in enumerate(lines):
            asked = {(pair, whose) for pair, which, whose in parts[i] if which == 0}
            for j in (*range(i + 1, min(i + 1 + _APART, len(lines))), i - 1) if asked else ():
                if j < 0 or j in taken or abs(lines[j].number - family.number) > 2 * _APART:
                    continue
                if asked.intersection((pair, whose) for pair, which, whose in parts[j] if which == 1):
                    taken.add(j)
                    yield family, lines[j]
                    break

    def _addresses(self, lines: Sequence[_Line]) -> Iterator[_Made]:
        ranks = [-1 if self._is_of_another_kind(line.label) else self._words.address_part(line.label) for line in lines]
        for first, behind in _runs(lines, ranks):
            pieces = [line for line in lines[first:behind] if not is_nothing(line.value)]
            if len(pieces) < 2 or self._is_whole(pieces[0].value):
                continue
            whole = "".join(line.value for line in pieces)
            match = self._value("JP_ADDRESS", whole)
            if match is None or (match.score <= PLACE and not NUMERAL.search(whole)):
                continue
            at = max(pieces, key=lambda line: len(line.value))
            score, value = round(1 - 0.1 * (1 - match.score), 4), whole[match.start : match.end]
            one = result(
                "JP_ADDRESS", at.start, at.end, score, recognizer="AddressRecognizer", norm=match.norm, why=(_IN_PARTS,), value=value
            )  # fmt: skip
            yield [one], [(pieces[0].label_start, pieces[-1].end, "JP_ADDRESS")]

    def _is_whole(self, value: str) -> bool:
        """Whether an address needs nothing of the lines below it: what stands there is a building."""
        match = self._value("JP_ADDRESS", value)
        return match is not None and match.score > PLACE and NUMERAL.search(value) is not None

    def _is_of_another_kind(self, label: str) -> bool:
        kinds = self._words.label(label).kinds
        return bool(kinds) and all(entity != "JP_ADDRESS" for entity, _ in kinds)

    def _births(self, lines: Sequence[_Line]) -> Iterator[_Made]:
        parts = [DATE_PART.fullmatch(plain(line.label)) for line in lines]
        for day, match in enumerate(parts):
            kinds = [part.lastgroup if part else "" for part in parts[max(0, day - 3) : day + 1]]
            if match is None or kinds[-3:] != ["year", "month", "day"]:
                continue
            first = day - 2 - (kinds[:-3] == ["era"])
            own = lines[first : day + 1]
            if own[-1].number - own[0].number > 2 * len(own):
                continue
            names = (own[0].above, *(part["stem"].rstrip(".の") for part in parts[first : day + 1] if part))
            named = next((name for name in names if any(entity == "DATE_OF_BIRTH" for entity, _ in self._words.label(name).kinds)), None)
            if named is None:
                continue
            whole = join_parts([line.value for line in own], "年月日")
            date = self._value("DATE_OF_BIRTH", whole) if whole else None
            if date is None:
                continue
            at = next(line for line, part in zip(own, parts[first : day + 1], strict=True) if part and part.lastgroup == "year")
            one = result(
                "DATE_OF_BIRTH", at.start, at.end, _LABELLED, recognizer="DATE_OF_BIRTH", norm=date.norm, why=(f"label {named}", _IN_PARTS), value=whole
            )  # fmt: skip
            yield [one], [(own[0].label_start, own[-1].end, "DATE_OF_BIRTH")]


#: What was put together, and where something of a kind gives way to it.
_Made = tuple[list[RecognizerResult], list[tuple[int, int, str]]]


def _lines(text: str) -> Iterator[_Line]:
    """The labels of a text with their values; the value of one that stands alone is the whole line below it."""
    waits = above = ""
    waits_at = at = 0
    for number, raw in enumerate(text.split("\n")[:_MOST_LINES]):
        for begin, piece in _pieces(raw):
            match = _LINE.fullmatch(piece)
            said = piece.strip()
            if match is not None and match["value"] is not None:
                yield _Line(
                    number,
                    match["label"].rstrip(),
                    begin + at + match.start("label"),
                    begin + at + match.start("value"),
                    match["value"].rstrip(),
                    above,
                )
                waits = ""
            elif waits and said and not (match and match["sign"]):
                yield _Line(number, waits, waits_at, begin + at + piece.index(said), said, "")
                waits, above = "", said
            else:
                waits = above = match["label"].rstrip() if match else ""
                waits_at = begin + at + match.start("label") if match else 0
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


def _may_be_part(value: str) -> bool:
    return len(value) <= _NAME_CHARS and not any(map(str.isdigit, value)) and not is_nothing(value)


def _runs(lines: Sequence[_Line], ranks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbours whose ranks do not fall, two at least."""
    first = 0
    for i, (a, b) in enumerate(pairwise(lines), start=1):
        if ranks[i] < 0 or ranks[i - 1] < 0 or ranks[i] < ranks[i - 1] or b.number - a.number > 2:
            if i - first >= 2:
                yield first, i
            first = i
    if len(lines) - first >= 2:
        yield first, len(lines)
