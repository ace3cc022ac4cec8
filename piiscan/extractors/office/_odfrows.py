"""Plain rows of a spreadsheet, taken out of ``content.xml`` before the parser sees them.

Nearly all rows of a large sheet hold nothing but values: ``<table:table-cell …><text:p>text</text:p></table:table-cell>``,
one after another. A parser makes two objects of each such cell, and asking for them one by one from Python costs more
than parsing did. So a run of such rows is read by an expression and replaced by one empty row that stands for it; in
which sheet it stands, or in none, is the parser's to say. All else reaches the parser as it is: rows with comments,
links, spans or drawings, other prefixes, entities that are not XML's own, and everything from the first comment or
CDATA section on. (ADR 0039)
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from lxml import etree

from piiscan.extractors._markup import NOT_XML, is_utf8, resolved
from piiscan.extractors.office._opc import Element
from piiscan.extractors.safexml import SAFE

__all__ = ["SAME", "WIDE", "PlainRows", "Run", "count_of", "shown"]

WIDE = 16_384  # columns of a sheet
SAME = 1_000  # of a row or cell with text that is said to be there a million times; the rest says nothing new
_START, _END = "<table:table-row", "</table:table-row>"
_END_BYTES = _END.encode()
_LONGEST = 1 << 20  # bytes without the end of a row, after which the parser gets them
_INSIDE = r'((?:\s+[\w:.-]+\s*=\s*"[^"<>]*")*)\s*'
#: a cell's attributes, the slash where that is all of it, its paragraph's tag, its text
_CELL = re.compile(
    rf"<table:(?:covered-)?table-cell{_INSIDE}"
    rf"(?:(/)>|>(?:<(text:p){_INSIDE}>([^<]*)</text:p>)?</table:(?:covered-)?table-cell>)"
)
_TAG = re.compile(_START + _INSIDE + ">")
_ATTRIBUTE = re.compile(r'([\w.-]+)\s*=\s*"([^"]*)"')
#: Attributes with which a cell shows, or is, something else than its paragraph once.
_REPEATED, _DATE = "columns-repeated", "date-value"
_VARYING = re.compile(r'((?:office|table):(?:[a-z]+-)?(?:value|formula)=)"[^"]*"')  # from row to row of one form
_EMPTY = '<table:table-cell(?: table:style-name="[^"<>]*")?/>'
_EMPTY_ONES = r'(?:<table:table-cell(?: table:style-name="[^"<>]*"| table:number-columns-repeated="\d+")*/>)*'
_FORM_CELLS = 64  # in a row up to which forms are looked for
_FORM_ROWS = 100  # that did not fit, after which another form is looked for

_Match = Callable[..., "re.Match[str] | None"]


@dataclass(frozen=True, slots=True)
class Run:
    """Plain rows that follow each other.

    :ivar rows: their cells without the empty ones at the end.
    :ivar repeats: how often a row is there, by its index, where that is more than once.
    :ivar source: as they were.
    """

    rows: list[tuple[str, ...]]
    repeats: dict[int, int]
    source: str


class PlainRows:
    """Takes runs of plain rows out of the bytes of a part."""

    def __init__(self) -> None:
        self._mark = f"rows-{secrets.token_hex(8)}"  # no document can have it
        self._runs: dict[str, Run] = {}
        self._number = 0
        self._looking = True
        self._usual: _Match = _of_form("(?!)")
        self._unusual = _FORM_ROWS  # rows since a form was looked for

    def run_at(self, row: Element) -> Run | None:
        """The run that a row stands for; ``None`` for a row of the document."""
        number = row.get(self._mark)
        return self._runs.pop(number) if number is not None else None

    def restore(self, run: Run, mark: Element) -> None:
        """Put the rows themselves where ``mark`` stands: it was in no sheet, and somebody else will read them."""
        names = "".join(f" xmlns{':' + prefix if prefix else ''}={quoteattr(name)}" for prefix, name in mark.nsmap.items())
        parser = etree.XMLParser(**SAFE, recover=True)
        root = etree.fromstring(f"<rows{names}>{run.source}</rows>".encode(), parser)
        for row in reversed(root if root is not None else ()):
            mark.addnext(row)
        mark.tag = "rows"  # which is nothing; it cannot be removed while the parser may add to it

    def taken_out(self, chunks: Iterable[bytes], sound: Callable[[], bool]) -> Iterator[bytes]:
        """The bytes with empty rows in place of runs.

        :param sound: whether what was given so far is well-formed; after an error all is left to the parser, which mends
            what it can.
        """
        rest, first = b"", True
        for chunk in chunks:
            if first:
                self._looking, first = is_utf8(chunk), False
            if not self._looking:
                yield rest + chunk
                rest = b""
                continue
            rest += chunk
            end = rest.rfind(_END_BYTES) + len(_END_BYTES)
            if end < len(_END_BYTES):
                if len(rest) <= _LONGEST:
                    continue
                end = max(rest.rfind(b"<"), 0) or len(rest)
            block, rest = rest[:end], rest[end:]
            if b"!" in block and b"<!" in block:  # what follows may be no markup
                self._looking = False
                yield block
            else:
                yield from self._without(block, sound)
        if rest:
            yield rest

    def _without(self, block: bytes, sound: Callable[[], bool]) -> Iterator[bytes]:
        try:
            text = block.decode()
        except UnicodeDecodeError:
            yield block
            return
        changed = "&" in text or "\n" in text or "\xad" in text
        rows: list[tuple[str, ...]] = []
        repeats: dict[int, int] = {}
        mark = ""
        given = begun = at = 0  # of what the parser has, of the run, and of what is read next
        while True:
            start, repeat, between = at, 1, ""
            if (found := self._usual(text, at)) is not None:
                cells: Sequence[str] | None = found.groups("")
                end = found.end()
            else:
                end = text.find(_END, at) + len(_END)
                start = text.rfind(_START, at, end) if end >= len(_END) else -1
                between = text[at:start].rstrip() if start >= 0 else ""
                cells, repeat = self._row(text[start:end]) if start >= 0 and between[-1:] in ("", ">") else (None, 1)
            if changed and cells:
                cells = _changed(text[start:end], cells)
            if rows and (cells is None or between):
                yield (mark + text[given:begun]).encode()
                if not sound():
                    self._looking = False
                    yield block[len(text[:begun].encode()) :]
                    return
                mark, given = self._keep(rows, repeats, text[begun:at]), at
                rows, repeats = [], {}
            if end < len(_END):
                break
            if cells is not None:
                if not rows:
                    begun = start
                if repeat > 1:
                    repeats[len(rows)] = repeat
                rows.append(tuple(cells) if not cells or cells[-1] else _trimmed(cells))
            at = end
        yield (mark + text[given:]).encode()

    def _keep(self, rows: list[tuple[str, ...]], repeats: dict[int, int], source: str) -> str:
        """The row that stands for these; themselves where the parser would not take them as they are."""
        if NOT_XML.search("".join(map("".join, rows))):
            return source
        self._number += 1
        self._runs[str(self._number)] = Run(rows, repeats, source)
        return f'{_START} {self._mark}="{self._number}"/>'

    def _row(self, row: str) -> tuple[list[str] | None, int]:
        """Cells of a row, and how often it is there; ``None`` for one that is not plain."""
        tag = _TAG.match(row)
        if tag is None:
            return None, 1
        begin = tag.end()
        repeat = count_of(dict(reversed(_ATTRIBUTE.findall(tag[1]))).get("number-rows-repeated", ""), 1_048_576) if tag[1] else 1
        cells = _cells(row, begin)
        self._unusual += 1
        if self._unusual > _FORM_ROWS and cells and repeat == 1:
            self._unusual = 0
            self._usual = _of_form(_form(row, begin) or "(?!)")
        return cells, repeat


def _cells(row: str, begin: int) -> list[str] | None:
    """Texts of the cells from ``begin`` on; ``None`` when there is anything else."""
    tags = row.count("<", begin) - 1
    cells: list[str] = []
    empty = 0  # cells without text, which cost nothing while none with text follows
    for inside, closed, paragraph, _, text in _CELL.findall(row, begin):
        tags -= 1 if closed else 4 if paragraph else 2
        count, show = 1, text
        if _REPEATED in inside or (_DATE if paragraph else "value") in inside:
            if "\n" in inside or "\t" in inside:
                return None
            attributes = dict(reversed(_ATTRIBUTE.findall(inside)))  # the first of a local name counts
            show = shown(attributes, text if paragraph else None)
            count = count_of(attributes.get("number-columns-repeated", ""), SAME if show else WIDE)
        if show:
            cells += [""] * empty
            cells += [show] * count
            empty = 0
        else:
            empty += count
        if len(cells) + empty > WIDE:
            return None
    return None if tags else cells


def _form(row: str, begin: int) -> str | None:
    """An expression for rows that differ from this one in their texts and values only; ``None`` when it has none."""
    made = [r"\s*", re.escape(row[:begin])]
    cells, at = 0, begin
    for cell in _CELL.finditer(row, begin):
        opening, gap = row[cell.start() : cell.start(5)], row[at : cell.start()]
        if not cell[3]:
            break
        if _REPEATED in opening or "\n" in opening or (gap and not gap.isspace()) or cells == _FORM_CELLS:
            return None
        pieces = _VARYING.split(opening)
        date = dict(reversed(_ATTRIBUTE.findall(opening))).get("value-type") == "date" and f"office:{_DATE}=" in pieces
        tag = re.escape(pieces[0])
        for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            value = r'"(\d{4}-\d\d-\d\d)(?:T00:00:00)?"' if date and name == f"office:{_DATE}=" else '"[^"<>]*"'
            tag += re.escape(name) + value + re.escape(piece)
        if date != (_DATE in opening) or tag.count(r"(\d{4}") != date:
            return None
        made.append(f"{re.escape(gap)}(?:{tag}{'[^<]*' if date else '([^<]*)'}{re.escape(row[cell.end(5) : cell.end()])}|{_EMPTY})")
        cells, at = cells + 1, cell.end()
    rest = row[at:]
    return "".join((*made, _EMPTY_ONES, _END)) if cells and re.fullmatch(_EMPTY_ONES + _END, rest) else None


@lru_cache(maxsize=32)
def _of_form(form: str) -> _Match:
    return re.compile(form).match


def _changed(row: str, cells: Sequence[str]) -> list[str] | None:
    """The cells with what XML or we write differently; ``None`` where only a parser can tell."""
    if "&" in row:
        if resolved(row) is None:
            return None
        cells = [resolved(text) or "" if "&" in text else text for text in cells]
    return [text.replace("\n", " ").replace("\xad", "") for text in cells]


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Without the empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return tuple(cells[:end])


def shown(attributes: Mapping[str, str], text: str | None) -> str:
    """What a cell shows: its date as it is stored, else its paragraphs, else its value."""
    if attributes.get("value-type") == "date" and (date := attributes.get("date-value")):
        return date.replace("T00:00:00", "").replace("T", " ")
    return text if text is not None else attributes.get("string-value") or attributes.get("value") or ""


def count_of(text: str, most: int) -> int:
    """A number of repetitions as a document gives it."""
    return min(max(int(text), 1), most) if text.isdecimal() and len(text) < 20 else 1
