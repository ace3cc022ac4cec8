"""Lists of a PDF page without ruled borders: their rows and columns by position.

A spreadsheet printed without borders is drawn in whatever order its program
likes: LibreOffice draws the cells that mix scripts or take several lines after
all others, so that the dates of a list stand behind its last row. Where at
least a few lines hold three or more pieces of text that lie in the same
columns, the page is written by position, a line for each row and a tab between
columns. Prose in columns fills them from edge to edge and stays as it is.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median, median_low
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from piiscan.extractors.pdf_places import Text, characters, turn_of, turned

__all__ = ["with_columns"]

_LEAST_ROWS: Final = 3  # lines of pieces in columns, the header among them
_LEAST_PIECES: Final = 3  # in such a line
_MOST_PIECES: Final = 3_000  # a drawing with words in it
_MOSTLY: Final = 0.5  # of the pieces of the page stand in such lines
_SAME_LINE: Final = 0.5  # of the height: what overlaps so far stands in one line
_GAP: Final = 0.8  # of the height: a wider gap parts two pieces
_TIGHT: Final = 0.35  # … and one between what was drawn apart
_NO_GAP: Final = 0.5  # points
_EM: Final = 0.06  # of the width of a character: so near to it is a blank as wide as one
_SAME_EDGE: Final = 1.0  # points
_OVERLAP: Final = 0.2  # of the height: lines that share more are of one row
_ACROSS: Final = 0.25  # of the lines among the rows may reach over several columns
_NUMBER = re.compile(r"[0-9][0-9,.]*|[0-9]{4}[/.-][0-9]{1,2}[/.-][0-9]{1,2}")
_WIDE = re.compile("[々〆ぁ-ゖァ-ヺー㐀-鿿]")
_UNITS: Final = frozenset("年月日丁番歳才円%％/-－ー.,、。)）")
_STRAY: Final = 0.05  # of the rows may reach over a gap between columns (a wide header)
_SOME_ROWS: Final = 8  # … and one of so few
_FULL: Final = 0.85  # of the width: prose fills its column so far
_SAID: Final = 0.6  # of the pieces of prose have particles and endings
_HIRAGANA = re.compile("[ぁ-ん]")
_CLOSE: Final = 0.75  # of the usual distance of rows: a line as near goes on with the cells of its neighbour


def with_columns(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, text: str) -> str:
    """The text of a page by position where it is a list without rules; else ``text`` itself."""
    if not text or not _may_be_list(page, textpage):
        return text
    lines = _rows(_spaced(_lines(list(_pieces(characters(textpage, turn_of(page)))))))
    rows = [line for line in lines if len(line) >= _LEAST_PIECES]
    columns = _merged(_columns(rows), lines)
    if len(columns) < _LEAST_PIECES or _is_prose(rows, columns) or _is_amid_prose(lines, columns):
        return text
    return _written(lines, columns)


def _may_be_list(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> bool:
    """A first look at the rectangles that the text takes up, which costs little: several lines of three pieces at least."""
    count = raw.FPDFText_CountRects(textpage, 0, -1)
    if not _LEAST_ROWS * _LEAST_PIECES <= count <= _MOST_PIECES:
        return False
    turn = turn_of(page)
    boxes = []
    for index in range(count):
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        if raw.FPDFText_GetRect(textpage, index, left, top, right, bottom):
            (x0, y0), (x1, y1) = turned(left.value, bottom.value, turn), turned(right.value, top.value, turn)
            boxes.append(Text("", min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)))
    lines = _lines(boxes)
    wide = [line for line in lines if sum(b.left - a.right > _GAP * a.height for a, b in pairwise(line)) >= _LEAST_PIECES - 1]
    return len(wide) >= _LEAST_ROWS and sum(map(len, wide)) >= _MOSTLY * len(boxes)


def _pieces(signs: Iterator[Text]) -> Iterator[Text]:
    """The text of a page in pieces: what was drawn together, or one behind the other without a gap."""
    own: Text | None = None
    blank = ""
    for char in signs:
        if char.text.isspace():
            if char.text == "\n":
                blank = "\n"
            elif blank != "\n":
                blank = char.text if char.text == "\u3000" else blank or " "
                if own is not None and char.drawn == own.drawn != 0:
                    own.right = max(own.right, char.right)
        elif own is not None and blank != "\n" and _goes_on(own, char):
            own.text += blank + char.text
            own.right, own.bottom, own.top = max(own.right, char.right), min(own.bottom, char.bottom), max(own.top, char.top)
            own.drawn, own.em, blank = char.drawn, _em(char), ""
        else:
            if own is not None:
                yield own
            own, blank = Text(char.text, char.left, char.right, char.bottom, char.top, char.drawn, _em(char), _em(char)), ""
    if own is not None:
        yield own


def _em(char: Text) -> float:
    return char.right - char.left if _WIDE.match(char.text) else 0.0


def _goes_on(piece: Text, char: Text) -> bool:
    gap = char.left - piece.right
    height = max(piece.height, char.top - char.bottom)  # the box of 一 may be as flat as its ink
    widest = _GAP * height
    if char.drawn != piece.drawn:  # 12 at the right of its cell, and what stands at the left of the next
        alone = (
            _NUMBER.fullmatch(piece.text) is not None and char.text not in _UNITS and (not char.text.isdigit() or not piece.text.isdigit())
        )
        widest = _NO_GAP if alone else _TIGHT * height
    level = piece.bottom < (char.bottom + char.top) / 2 < piece.top or char.bottom < piece.middle[1] < char.top
    return level and -height < gap < widest


def _lines(pieces: Sequence[Text]) -> list[list[Text]]:
    """Pieces by the line that they stand in, from the top, each from left to right."""
    lines: list[list[Text]] = []
    for piece in sorted(pieces, key=lambda p: -p.middle[1]):
        if lines:
            first = lines[-1][0]
            shared = min(first.top, piece.top) - max(first.bottom, piece.bottom)
            if shared >= _SAME_LINE * min(first.height, piece.height):
                lines[-1].append(piece)
                continue
        lines.append([piece])
    for line in lines:
        line.sort(key=lambda p: p.left)
    return lines


def _spaced(lines: list[list[Text]]) -> list[list[Text]]:
    """Pieces parted by a blank as wide as a character are one, for browsers draw no such blank: 三上　咲良.

    Where other pieces begin at the same place behind another gap, it is the edge of a column.
    """

    def is_blank(a: Text, b: Text) -> bool:
        em = a.em or (b.first if a.text[-1:].isascii() else 0.0)
        return em > 0 and abs(b.left - a.right - em) <= _EM * em and b.first > 0

    def begin(places: Sequence[float], at: float) -> int:
        return bisect_right(places, at + _SAME_EDGE) - bisect_left(places, at - _SAME_EDGE)

    starts = sorted(piece.left for line in lines for piece in line)
    edges = sorted(b.left for line in lines for a, b in pairwise([None, *line]) if b is not None and (a is None or not is_blank(a, b)))
    out: list[list[Text]] = []
    for line in lines:
        own = line[:1]
        for a, b in pairwise(line):
            # figures are as wide in every row, so that whatever follows them begins at one place
            if is_blank(a, b) and begin(edges if a.em else starts, b.left) < _LEAST_ROWS - (a.em > 0):
                last = own[-1]
                own[-1] = replace(
                    b,
                    text=f"{last.text}\u3000{b.text}",
                    left=last.left,
                    first=last.first,
                    bottom=min(last.bottom, b.bottom),
                    top=max(last.top, b.top),
                )
            else:
                own.append(b)
        out.append(own)
    return out


def _rows(lines: list[list[Text]]) -> list[list[Text]]:
    """Lines that overlap are one: a cell in two lines, and its neighbours halfway between them."""
    out: list[list[Text]] = []
    last: list[Text] = []  # the lowest line of the row
    for line in lines:
        if last and _is_halfway(last, line):
            out[-1] += line
        else:
            out.append(list(line))
        last = line
    return out


def _is_halfway(above: Sequence[Text], line: Sequence[Text]) -> bool:
    shared = max(p.top for p in line) - min(p.bottom for p in above)
    if shared < _OVERLAP * min(above[0].height, line[0].height):
        return False
    return not any(a.left < b.right and b.left < a.right for a in above for b in line)


def _columns(rows: Sequence[Sequence[Text]]) -> list[tuple[float, float]]:
    """The ranges across the page in which the pieces of the rows lie."""
    if len(rows) < _LEAST_ROWS:
        return []
    edges = sorted(edge for row in rows for piece in row for edge in ((piece.left + _NO_GAP, 1), (piece.right, -1)))
    most = max(int(_STRAY * len(rows)), len(rows) >= _SOME_ROWS)
    columns: list[tuple[float, float]] = []
    covered, start = 0, 0.0
    for x, step in edges:
        if step > 0 and covered == most:
            start = x
        covered += step
        if step < 0 and covered == most:
            columns.append((start, x))
    return columns


def _merged(columns: Sequence[tuple[float, float]], lines: Sequence[Sequence[Text]]) -> list[tuple[float, float]]:
    """Columns of which no line has both are one: a header at the left and numbers at the right."""
    used = [{_column(piece, columns) for piece in line} for line in lines] if columns else []
    out: list[tuple[float, float]] = []
    own: set[int] = set()
    for i, (left, right) in enumerate(columns):
        if out and not any(i in cells and cells & own for cells in used):
            out[-1] = (out[-1][0], right)
            own.add(i)
        else:
            out.append((left, right))
            own = {i}
    return out


def _is_prose(rows: Sequence[Sequence[Text]], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether the columns are filled from edge to edge with words of a sentence."""
    pieces = [piece for row in rows for piece in row]
    widths = [right - left for left, right in columns]
    full = median((piece.right - piece.left) / max(1.0, widths[_column(piece, columns)]) for piece in pieces)
    said = sum(_HIRAGANA.search(piece.text) is not None for piece in pieces)
    return full >= _FULL and said >= _SAID * len(pieces)


def _is_amid_prose(lines: Sequence[Sequence[Text]], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether many lines between the rows reach over several columns."""
    listed = [n for n, line in enumerate(lines) if len(line) >= _LEAST_PIECES]
    within = lines[listed[0] : listed[-1] + 1]
    others = sum(
        any(sum(piece.left < right and left < piece.right - _NO_GAP for left, right in columns) > 1 for piece in line)
        for line in within
        if len(line) < _LEAST_PIECES
    )
    return others > _ACROSS * len(within)


def _column(piece: Text, columns: Sequence[tuple[float, float]]) -> int:
    """The column that a piece shares most with, else the nearest."""
    return max(
        range(len(columns)),
        key=lambda i: min(piece.right, columns[i][1]) - max(piece.left, columns[i][0]),
    )


def _written(lines: Sequence[Sequence[Text]], columns: Sequence[tuple[float, float]]) -> str:
    """The page: lines above and below the list as they are, those of the list with tabs."""
    listed = [n for n, line in enumerate(lines) if len(line) >= _LEAST_PIECES]
    first, last = listed[0], listed[-1]
    while last + 1 < len(lines) and _continues(lines, last + 1, columns):
        last += 1
    rows: list[list[str]] = []
    places: list[float] = []
    pitch = _pitch(lines, listed)
    waiting: list[list[str]] = []
    for n in range(first, last + 1):
        cells = [""] * len(columns)
        ends: dict[int, Text] = {}
        for piece in lines[n]:
            i = _column(piece, columns)
            cells[i] += f"{_between(ends[i], piece)}{piece.text}" if cells[i] else piece.text
            ends[i] = piece
        here = lines[n][0].middle[1]
        partly = sum(map(bool, cells)) <= len(columns) // 2
        above = places[-1] - here if places else pitch
        below = here - lines[n + 1][0].middle[1] if n < last else pitch
        if partly and min(above, below) < _CLOSE * pitch:
            if above <= below and rows:
                rows[-1] = [a + b for a, b in zip(rows[-1], cells, strict=True)]
                places[-1] = here
            else:
                waiting.append(cells)
            continue
        for early in reversed(waiting):
            cells = [a + b for a, b in zip(early, cells, strict=True)]
        waiting = []
        rows.append(cells)
        places.append(here)
    rows.extend(waiting)
    table = "\n".join("\t".join(cell.replace("\t", " ") for cell in row).rstrip("\t") for row in rows)
    plain = ["\n".join(" ".join(piece.text for piece in line) for line in part) for part in (lines[:first], lines[last + 1 :])]
    return "\n\n".join(filter(None, (plain[0], table, plain[1])))


def _pitch(lines: Sequence[Sequence[Text]], listed: Sequence[int]) -> float:
    """The usual distance of rows: of those that follow one another, where most do."""
    distances = [(b - a, lines[a][0].middle[1] - lines[b][0].middle[1]) for a, b in pairwise(listed)]
    together = [distance for lines_between, distance in distances if lines_between == 1]
    return median_low(together) if len(together) >= 0.5 * len(distances) else median(distance for _, distance in distances)


def _between(piece: Text, after: Text) -> str:
    """What parts two pieces of a cell: nothing where a line of it was full."""
    return (
        " " if after.top > piece.middle[1] or (piece.text[-1:].isascii() and after.text[:1].isascii() and piece.text[-1:].isalpha()) else ""
    )


def _continues(lines: Sequence[Sequence[Text]], n: int, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a line below the list still belongs to its last row: pieces that each lie in one column, right below."""
    above, line = lines[n - 1][0], lines[n]
    near = above.bottom - line[0].top < above.height
    return near and all(any(a - 1 <= piece.left and piece.right <= b + 1 for a, b in columns[1:]) for piece in line)
