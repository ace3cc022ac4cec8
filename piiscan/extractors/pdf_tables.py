"""Tables of a PDF page that have ruled borders: their cells by position, for the order of drawing says too little.

The text of a page is what was drawn, line by line. In a narrow column a cell
takes several lines, a number is cut in two, an empty cell leaves no trace: the
lines say no longer what belongs together. Where lines are ruled between the
cells, the cells are known: each character is in one. Such a table is written
as a line for each row, its cells parted by tabs, at the place where the table
stood in the text; all the rest of the page stays as it was.

A frame around prose, a form of a few large boxes and a chart have lines as
well: what has no two columns, or a cell longer than cells are, is left alone.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from piiscan.extractors.pdf_places import HYPHEN, Point, Text, characters, turn_of, turned

__all__ = ["with_tables"]

_MOST_OBJECTS: Final = 20_000  # a map, a drawing
_MOST_RULES: Final = 6_000
_MOST_CHARS: Final = 30_000
_THICK: Final = 3.0  # points: a rule is a line, or a filled box no thicker
_NEAR: Final = 2.5  # points: what is nearer is at the same place (the borders of two cells that a browser draws apart)
_LEAST_RULE: Final = 6.0
_MOST_CELL: Final = 160  # characters: what is longer is prose in a frame
_MOST_LINES: Final = 12
_LEAST_FILLED: Final = 4
_LABEL_LINES: Final = 3  # lines of a label with an address; a sheet of them has such cells nearly everywhere
_LABELS: Final = 0.8
_MOST_HEADING: Final = 4  # lines of a heading without rules
_HEADING_NEAR: Final = 0.9  # of the height: so near to the grid stands the lowest
_TOUCHING: Final = 0.15  # … and so near to one another words go on from one column into the next
_HALFWAY: Final = 0.5  # … and so near to the middle of the one below any other
_MOSTLY: Final = 0.6  # of the columns have one
_WHOLE_NUMBER: Final = 9  # digits: two such lines in a cell are two numbers
_JOINING: Final = frozenset("-‐‑–—−－ー/／・、，,.(（")

_GAP: Final = 0.5  # of the height: a wider gap inside a piece of text leads to another cell

#: Between the boxes of one date or number on a form: 昭和|50|年|4|月|1|日, 100|-|0001.
_BOXES = re.compile(
    r"(?<=明治|大正|昭和|平成|令和)\t+(?=(?:[0-9]{1,2}|元)\t+年)|(?<=[0-9元])\t+(?=年\t+[0-9]{1,2}\t+月)|(?<=年)\t+(?=[0-9]{1,2}\t+月)"
    r"|(?<=[0-9])\t+(?=月\t+[0-9]{1,2}\t+日)|(?<=[0-9]\t月)\t+(?=[0-9]{1,2}\t+日)|(?<=[0-9])\t+(?=日(?:\t|$))"
    r"|(?<=[0-9])\t+(?=[-－]\t+[0-9]{3,4}(?:\t|$))|(?<=[0-9]\t[-－])\t+(?=[0-9]{3,4}(?:\t|$))"
)

_Owner = tuple[int, tuple[int, int]]  # a grid by its number, and a cell of it


@dataclass(frozen=True, slots=True)
class _Rule:
    """A ruled line: at ``at``, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class _Grid:
    """Ruled lines that cross: columns between ``xs``, rows between ``ys`` (from the top)."""

    xs: list[float]
    ys: list[float]
    #: The cell that each field belongs to: neighbours without a rule between them are one.
    cells: list[list[tuple[int, int]]] = field(default_factory=list)

    def field_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column of a place; None outside."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, -y) - 1
        inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return self.cells[row][column] if inside else None

    def width(self, cell: tuple[int, int]) -> tuple[float, float]:
        """Left and right border of a cell."""
        columns = [j for row in self.cells for j, owner in enumerate(row) if owner == cell]
        return self.xs[min(columns)], self.xs[max(columns) + 1]


def with_tables(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, text: str) -> str:
    """The text of a page, its ruled tables written row by row; ``text`` itself where there is none."""
    if not text or raw.FPDFText_CountChars(textpage) > _MOST_CHARS:
        return text
    turn = turn_of(page)
    across, down = _rules(page, turn)
    if len(across) < 3 or len(down) < 2:
        return text
    grids = list(_grids(across, down))
    if not grids:
        return text
    return _written(list(characters(textpage, turn)), grids) or text


# --------------------------------------------------------------------------- rules


def _rules(page: pdfium.PdfPage, turn: int) -> tuple[list[_Rule], list[_Rule]]:
    """The lines ruled across and down the page."""
    across: list[_Rule] = []
    down: list[_Rule] = []
    count = raw.FPDFPage_CountObjects(page)
    if count > _MOST_OBJECTS:
        return across, down
    for number in range(count):
        handle = raw.FPDFPage_GetObject(page, number)
        if not handle or raw.FPDFPageObj_GetType(handle) != raw.FPDF_PAGEOBJ_PATH:
            continue
        for start, end in _strokes(handle):
            (x0, y0), (x1, y1) = turned(*start, turn), turned(*end, turn)
            wide, high = abs(x1 - x0), abs(y1 - y0)
            if high <= _THICK and wide >= _LEAST_RULE:
                across.append(_Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif wide <= _THICK and high >= _LEAST_RULE:
                down.append(_Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
        if len(across) + len(down) > _MOST_RULES:
            return [], []
    return across, down


def _strokes(path: Any) -> Iterator[tuple[Point, Point]]:
    """The straight lines of a path, as (start, end); a thin filled box is one line."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(path, left, bottom, right, top):
        return
    if min(right.value - left.value, top.value - bottom.value) <= _THICK:
        yield (left.value, bottom.value), (right.value, top.value)
        return
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, mode, stroked) or (not stroked.value and _is_one_box(path)):
        return  # the ground of a cell
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(path, matrix):
        return
    first: Point | None = None
    last: Point | None = None
    for index in range(min(raw.FPDFPath_CountSegments(path), _MOST_RULES)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        if not segment or not raw.FPDFPathSegment_GetPoint(segment, x, y):
            return
        here = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = here
        elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield last, here
        last = here
        if raw.FPDFPathSegment_GetClose(segment) and first is not None:
            yield here, first
            last = first


def _is_one_box(path: Any) -> bool:
    return int(raw.FPDFPath_CountSegments(path)) <= 5


def _grids(across: Sequence[_Rule], down: Sequence[_Rule]) -> Iterator[_Grid]:
    """The grids that rules make which touch one another, from two columns and two rows on."""
    owner = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while owner[i] != i:
            owner[i] = owner[owner[i]]
            i = owner[i]
        return i

    order = sorted(range(len(across)), key=lambda i: across[i].at)
    heights = [across[i].at for i in order]
    for j, rule in enumerate(down):
        for k in range(bisect_right(heights, rule.start - _NEAR), bisect_right(heights, rule.end + _NEAR)):
            line = across[order[k]]
            if line.start - _NEAR <= rule.at <= line.end + _NEAR:
                owner[root(order[k])] = root(len(across) + j)
    groups: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
    for i, line in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(line)
    for j, rule in enumerate(down):
        groups.setdefault(root(len(across) + j), ([], []))[1].append(rule)
    for lines, rules in groups.values():
        xs = _places([rule.at for rule in rules])
        ys = _places([-line.at for line in lines])
        if len(xs) < 3 or len(ys) < 3 or len(xs) * len(ys) > _MOST_RULES:
            continue
        grid = _Grid(xs, ys)
        grid.cells = _cells(grid, lines, rules)
        yield grid


def _places(values: Sequence[float]) -> list[float]:
    """Different places in rising order; those that are near one another are one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _cells(grid: _Grid, lines: Sequence[_Rule], rules: Sequence[_Rule]) -> list[list[tuple[int, int]]]:
    """For each field the first field of its cell."""
    columns, rows = len(grid.xs) - 1, len(grid.ys) - 1
    upright: set[tuple[int, int]] = set()  # (row, column) with a rule on its left
    level: set[tuple[int, int]] = set()  # … on its top
    for rule in rules:
        column = _index(grid.xs, rule.at)
        upright |= {(i, column) for i in range(rows) if rule.start - _NEAR <= -(grid.ys[i] + grid.ys[i + 1]) / 2 <= rule.end + _NEAR}
    for line in lines:
        row = _index(grid.ys, -line.at)
        level |= {(row, j) for j in range(columns) if line.start - _NEAR <= (grid.xs[j] + grid.xs[j + 1]) / 2 <= line.end + _NEAR}
    cells = [[(i, j) for j in range(columns)] for i in range(rows)]
    for i in range(rows):
        for j in range(columns):
            if j and (i, j) not in upright:
                cells[i][j] = cells[i][j - 1]
            elif i and (i, j) not in level:
                cells[i][j] = cells[i - 1][j]
    return cells


def _index(places: Sequence[float], value: float) -> int:
    return min(range(len(places)), key=lambda i: abs(places[i] - value))


# --------------------------------------------------------------------------- text


def _written(chars: Sequence[Text], grids: Sequence[_Grid]) -> str:
    """The text with the grids that are tables written as such; empty where none is."""
    owners = list(_owners(chars, grids))
    lines: dict[_Owner, list[list[Text]]] = {}
    spaced: _Owner | None = None
    last: _Owner | None = None
    for char, owner in zip(chars, owners, strict=True):
        if owner is None:
            spaced = last if char.text.isspace() and char.text != "\n" else None if not char.text.isspace() else spaced
            if char.text == "\u3000" and last is not None:
                lines[last][-1].append(char)
                spaced = None
            continue
        own = lines.setdefault(owner, [])
        if not own or _is_below(own[-1][-1], char):
            own.append([char])
        else:
            if spaced == owner == last:
                own[-1].append(Text(" ", char.left, char.left, char.bottom, char.top))
            own[-1].append(char)
        spaced, last = None, owner
    tables: dict[int, str] = {}
    taken: set[int] = set()  # characters of headings
    free = [(i, char) for i, (char, owner) in enumerate(zip(chars, owners, strict=True)) if owner is None and not char.text.isspace()]
    for number, grid in enumerate(grids):
        heading = _heading(free, grid)
        if table := _table(grid, number, lines, {j: _joined(own, *grid.width((0, j)), " ") for j, (own, _) in heading.items()}):
            tables[number] = table
            taken.update(index for _, indexes in heading.values() for index in indexes)
    if not tables:
        return ""
    out: list[str] = []
    done: set[int] = set()
    inside = False
    for index, (char, owner) in enumerate(zip(chars, owners, strict=True)):
        if index in taken:
            inside = True
            continue
        if owner is not None and owner[0] in tables:
            if owner[0] not in done:
                done.add(owner[0])
                out.append(f"\n\n{tables[owner[0]]}\n\n")
            inside = True
        elif not (inside and char.text.isspace()):
            out.append(char.text)
            inside = False
    return "".join(out).strip("\n")


def _owners(chars: Sequence[Text], grids: Sequence[_Grid]) -> Iterator[_Owner | None]:
    """Of each character the grid and the cell that it is in; what runs over the border of its cell stays in it."""
    before: Text | None = None
    last: _Owner | None = None
    for char in chars:
        if char.text.isspace():
            yield None
            continue
        goes_on = before is not None and char.drawn == before.drawn != 0 and abs(char.left - before.right) < _GAP * (char.top - char.bottom)
        if not goes_on:
            last = None
            for number, grid in enumerate(grids):
                at = grid.field_at(*char.middle)
                if at is not None:
                    last = (number, at)
                    break
        before = char
        yield last


def _is_below(last: Text, char: Text) -> bool:
    """Whether a character begins another line than the one before it stands in; the box of 一 may be as flat as its ink."""
    if last.bottom == last.top or char.bottom == char.top:
        return False
    under = char.middle[1] < last.bottom and last.middle[1] > char.top
    over = char.middle[1] > last.top and last.middle[1] < char.bottom
    return under or over or (char.top < last.middle[1] and char.left < last.left)


def _heading(free: Sequence[tuple[int, Text]], grid: _Grid) -> dict[int, tuple[list[list[Text]], list[int]]]:
    """What stands right above the columns of a grid and has no rules of its own: of each column its lines, and the characters by number.

    Nothing where words reach from one column into the next, or fewer than most columns have one.

    :param free: the characters that are in no grid, by number.
    """
    left, right, top = grid.xs[0], grid.xs[-1], -grid.ys[0]
    near = [(index, char) for index, char in free if left < char.middle[0] < right and top < char.middle[1]]
    columns: dict[int, tuple[list[list[Text]], list[int]]] = {}
    tall = median(char.top - char.bottom for _, char in near) if near else 0.0
    edge, reach = top, _HEADING_NEAR
    for _ in range(_MOST_HEADING):  # from the line above the grid upwards
        below = [(index, char) for index, char in near if char.middle[1] > edge and char.bottom - edge < reach * tall]
        if not below:
            break
        lowest = min(below, key=lambda item: item[1].middle[1])[1]
        line = [(index, char) for index, char in below if char.middle[1] < lowest.top]
        places = [bisect_right(grid.xs, char.middle[0]) - 1 for _, char in line]
        beside = pairwise(zip(line, places, strict=True))
        if any(i != j and abs(b.left - a.right) < _TOUCHING * tall for ((_, a), i), ((_, b), j) in beside):
            break
        for j in dict.fromkeys(places):
            lines, indexes = columns.setdefault(grid.cells[0][j][1], ([], []))
            lines.insert(0, [char for (_, char), own in zip(line, places, strict=True) if own == j])
            indexes += [index for (index, _), own in zip(line, places, strict=True) if own == j]
        edge, reach = max(char.middle[1] for _, char in line), _HALFWAY
    first = {column for _, column in grid.cells[0]}
    return columns if len(columns) > max(1, _MOSTLY * len(first)) else {}


def _table(grid: _Grid, number: int, lines: dict[_Owner, list[list[Text]]], heading: dict[int, str]) -> str:
    """The rows of a grid, cells parted by tabs; empty where it is no table."""
    filled = {cell: own for (owner, cell), own in lines.items() if owner == number}
    are_labels = sum(len(own) >= _LABEL_LINES for own in filled.values()) >= _LABELS * len(filled)
    texts: dict[tuple[int, int], str] = {}
    for cell, own in filled.items():
        text = _joined(own, *grid.width(cell), "\n" if are_labels else " ")
        if len(own) > _MOST_LINES or len(text) > _MOST_CELL:
            return ""
        texts[cell] = text
    if len({column for _, column in texts}) < 2 or len({row for row, _ in texts}) < 2 or len(texts) < _LEAST_FILLED:
        return ""
    if are_labels:
        return "\n\n".join(texts[cell] for cell in sorted(texts))
    texts.update(((-1, column), text) for column, text in heading.items())
    return "\n\n".join(filter(None, (_rows(texts, first or -1, last) for first, last in _parts(grid))))


def _parts(grid: _Grid) -> Iterator[tuple[int, int]]:
    """Rows with the same columns, as (first, behind the last): a form has several tables one upon the other."""
    first = 0
    for i in range(1, len(grid.cells) + 1):
        if i < len(grid.cells):
            above, here = ({column for _, column in grid.cells[k]} for k in (i - 1, i))
            if above == here or any(row < i for row, _ in grid.cells[i]):
                continue
        yield first, i
        first = i


def _rows(texts: dict[tuple[int, int], str], first: int, last: int) -> str:
    used = sorted({column for row, column in texts if first <= row < last})
    rows = ("\t".join(texts.get((i, j), "") for j in used) for i in range(first, last))
    return "\n".join(_BOXES.sub("", row) for row in rows if row.strip())


def _joined(lines: Sequence[Sequence[Text]], left: float, right: float, apart: str) -> str:
    """The lines of a cell as one: with ``apart`` where the line could have gone on, without where the border cut it."""
    text = "".join(char.text for char in lines[0])
    margin = max(0.0, min(line[0].left for line in lines) - left)
    for before, line in pairwise(lines):
        after = "".join(char.text for char in line)
        room = right - margin - before[-1].right
        text = text.rstrip()
        if text.endswith(HYPHEN):
            text = f"{text[:-1]}-"
        text += _glue(text, after, room, line, apart) + after
    return text.replace(HYPHEN, "-").replace("\t", " ").strip()


def _glue(text: str, after: str, room: float, line: Sequence[Text], apart: str) -> str:
    if text[-1:] in _JOINING and not (text[-1:] == "ー" and not after[:1].isdigit()):
        return ""
    if min(_digits(text[::-1]), _digits(after)) >= _WHOLE_NUMBER:
        return apart
    first = line[0].right - line[0].left
    if room < first + 1.0:
        return ""  # the line was full
    word = 0
    while word < len(after) and after[word].isascii() and not after[word].isspace():
        word += 1
    if word > 1 and room < line[word - 1].right - line[0].left:
        return " " if text[-1:].isascii() else ""  # the next word had no room
    return apart


def _digits(text: str) -> int:
    """How many digits a text begins with, those of a number in groups."""
    count = 0
    for ch in text:
        if ch.isdigit():
            count += 1
        elif ch not in "-‐‑–−－() ":
            break
    return count
