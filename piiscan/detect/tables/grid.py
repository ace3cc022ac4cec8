"""The shape of a grid: where tables lie on a sheet, where their headers are, and whether they are tables at all.

Office tables are drawn for eyes: titles above, headers merged over two rows,
two lists side by side, forms with the label left and the value right, lists
turned on their side. Everything here looks at words (is this a label?) and at
types (text above numbers), never at layout attributes, which most formats lose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from statistics import median
from typing import Final

from piiscan.detect.dates import parse
from piiscan.detect.names.rules.spans import is_family
from piiscan.detect.names.spoken import split_name
from piiscan.detect.normalize import fold, nfkc
from piiscan.detect.tables.words import Label, Words
from piiscan.model import Cell

__all__ = [
    "Grid",
    "Layout",
    "Shape",
    "TurnedGrid",
    "blocks",
    "filled",
    "holds_pair",
    "layout_of",
    "names_by_turns",
    "side_by_side",
    "titled_header",
]

#: Rows looked at to know the shape.
_LOOK: Final = 80
#: A header stands within so many rows from the top of its block (titles above it).
_HEADER_WITHIN: Final = 16
_LABEL: Final = 0.7
_HEADER_SHARE: Final = 0.5
_HEADER_CHARS: Final = 24
_NAMED: Final = 0.8
#: Kinds that are long numbers, and how long they are at least.
_NUMBERS: Final = frozenset({"PHONE_NUMBER", "JP_MY_NUMBER", "JP_BASIC_PENSION_NUMBER", "JP_DRIVER_LICENSE", "CREDIT_CARD"})
_LONG_NUMBER: Final = 9
_POSTAL_DIGITS: Final = 7
#: A mark (A, ○, 済) is no longer.
_MARK_CHARS: Final = 2
#: What is longer is no header word but something said.
_SENTENCE: Final = 12


class Shape(Enum):
    """How a block of cells is to be read."""

    COLUMNS = "columns"  # records in rows
    TURNED = "turned"  # labels in the first column, a record in each further one
    FORM = "form"  # label and value pairs
    PROSE = "prose"  # neither


@dataclass(slots=True)
class Grid:
    """Some rows of a sheet.

    :ivar numbers: row numbers as in the location, from 1.
    :ivar first_column: column number of index 0.
    :ivar storey: columns of one row of the sheet where each row here is two of them, one behind the other; else 0.
    """

    sheet: str
    numbers: list[int]
    rows: list[Sequence[str]]
    first_column: int = 1
    storey: int = 0

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def part(self, start: int, end: int | None = None) -> Grid:
        return type(self)(self.sheet, self.numbers[start:end], self.rows[start:end], self.first_column, self.storey)

    def columns(self, start: int, end: int) -> Grid:
        """Some columns, without the rows that are blank there at its top and end."""
        rows = [tuple(row[start:end]) for row in self.rows]
        used = [n for n, row in enumerate(rows) if filled(row)]
        first, last = used[0], used[-1] + 1
        return Grid(self.sheet, self.numbers[first:last], list(rows[first:last]), self.first_column + start)

    def without_blank_rows(self) -> Grid:
        used = [n for n, row in enumerate(self.rows) if filled(row)]
        return Grid(self.sheet, [self.numbers[n] for n in used], [self.rows[n] for n in used], self.first_column)

    def turned(self) -> TurnedGrid:
        """Its columns as rows, from the first one that holds something."""
        width = self.width
        padded = [[*row, *[""] * (width - len(row))] for row in self.rows]
        first = min((cells[0] for row in self.rows if (cells := filled(row))), default=0)
        rows: list[Sequence[str]] = [tuple(column) for column in list(zip(*padded, strict=True))[first:]]
        return TurnedGrid(self.sheet, list(range(self.first_column + first, self.first_column + width)), rows, self.numbers[0])

    def place(self, number: int, index: int) -> Cell:
        """Where on the sheet a cell is, by the number of its row."""
        if 0 < self.storey <= index:
            return Cell(self.sheet, number + 1, self.first_column + index - self.storey)
        return Cell(self.sheet, number, self.first_column + index)


class TurnedGrid(Grid):
    """A grid whose rows are the columns of the sheet."""

    def place(self, number: int, index: int) -> Cell:
        return Cell(self.sheet, self.first_column + index, number)


@dataclass(slots=True)
class Layout:
    """What a block is.

    :ivar titles: rows above the header.
    :ivar headers: joined header text of each column (COLUMNS; of each row for TURNED).
    :ivar start: index of the first row of data.
    """

    shape: Shape
    titles: int = 0
    headers: tuple[str, ...] = ()
    start: int = 0

    @property
    def has_header(self) -> bool:
        return any(self.headers)


def filled(row: Sequence[str]) -> list[int]:
    """Indices of the cells that hold something."""
    return [i for i, cell in enumerate(row) if cell and not cell.isspace()]


def _is_blank(row: Sequence[str]) -> bool:
    for cell in row:  # noqa: SIM110 -- asked of every row, and the first cell answers nearly always
        if cell and not cell.isspace():
            return False
    return True


def blocks(grid: Grid) -> Iterator[tuple[int, int]]:
    """``(start, end)`` of each run of rows without a blank row or a gap in the numbers."""
    start: int | None = None
    last = 0
    for i, row in enumerate(grid.rows):
        number = grid.numbers[i]
        if _is_blank(row):
            if start is not None:
                yield start, i
                start = None
            continue
        # a row that an extractor left out right below the first one is a ruled line under a header
        if start is not None and number > last + (2 if i == start + 1 else 1):
            yield start, i
            start = None
        if start is None:
            start = i
        last = number
    if start is not None:
        yield start, len(grid.rows)


def side_by_side(grid: Grid, words: Words) -> list[tuple[int, int]]:
    """Column ranges of tables that stand beside each other, else one range.

    A blank column alone does not part a table (merged cells leave blank columns
    everywhere): both sides must look like a table of their own, with a header
    of two labels at least, of which one is in both, or reach to different rows.
    """
    width = grid.width
    rows = grid.rows[:_LOOK]
    used = [False] * width
    for row in rows:
        for i in filled(row):
            used[i] = True
    ranges: list[tuple[int, int]] = []
    start: int | None = None
    for i, flag in enumerate([*used, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            ranges.append((start, i))
            start = None
    if len(ranges) < 2:
        return [(0, width)]
    heads = []
    for a, b in ranges:
        head: set[str] = set()
        for row in rows[:_HEADER_WITHIN]:
            labels = [words.label(cell) for cell in row[a:b] if cell and not cell.isspace()]
            if len(labels) >= 2 and sum(label.weight >= _LABEL for label in labels) >= 0.6 * len(labels):
                head = {label.plain for label in labels}
                break
        heads.append(head)
    if all(heads) and any(heads[i] & heads[i + 1] for i in range(len(heads) - 1)):
        return ranges
    depth = [max((i for i, row in enumerate(rows) if any(c and not c.isspace() for c in row[a:b])), default=0) for a, b in ranges]
    if all(heads) and max(depth) - min(depth) >= 2:
        return ranges
    return [(0, width)]


def layout_of(grid: Grid, words: Words) -> Layout:
    """The shape of one block, its titles and headers."""
    rows = grid.rows[:_LOOK]
    if in_two_pairs(rows, words):
        return Layout(Shape.FORM)
    header = _find_header(rows, words)
    if _in_two_pairs(rows, words):
        return Layout(Shape.FORM)
    if (header and _is_turned(rows, words)) or _is_led(rows, words):
        return Layout(Shape.TURNED)  # a row of it looked like a header (続柄 配偶者 父 母)
    if header is not None and _is_pair_row(rows, header, words):
        header = None
    pairs, first_share = _pairs(rows, words, header)
    body = len(grid.rows)
    if header is not None:
        labels_in_header = sum(words.label(rows[header][i]).weight >= _LABEL for i in filled(rows[header]))
        form_like = first_share >= 0.5 and pairs >= 2 and not words.glossary(rows[header])
        # Values may be words that are labels elsewhere (身体障害者手帳2級); rows as wide as their header tell them apart.
        regular = labels_in_header >= max(2, 0.7 * len(filled(rows[header]))) and _regular(rows, header) >= 0.8
        if not form_like and (regular or labels_in_header >= min(pairs, 6)):
            return _columns(grid, words, header)
    counts = [len(filled(row)) for row in rows]
    # 配偶者, 母 in the middle of wide rows are values, not labels: a form's rows begin with one
    listed = first_share < 0.3 and len(rows) >= 3 and median(counts) >= 4
    if not listed and (pairs >= 2 or (pairs == 1 and body <= 6)):
        return Layout(Shape.TURNED if _is_turned(rows, words) else Shape.FORM)
    if header is not None:
        return _columns(grid, words, header)
    if len(rows) >= 2 and median(counts) >= 2 and sum(c >= 2 for c in counts) >= 0.6 * len(counts):
        titles = 0
        while titles < len(rows) - 2 and counts[titles] == 1 and median(counts[titles + 1 :]) >= 2:
            titles += 1
        return Layout(Shape.COLUMNS, titles=titles, headers=("",) * grid.width, start=titles)
    if len(rows) >= 3 and max(counts) == 1 and grid.width >= 1 and len({filled(row)[0] for row in rows}) == 1:
        return Layout(Shape.COLUMNS, headers=("",) * grid.width)
    return Layout(Shape.PROSE)


def _find_header(rows: Sequence[Sequence[str]], words: Words) -> int | None:
    """Index of the (last) header row, by header words, else by text standing above numbers."""
    one_column = all(len(filled(row)) <= 1 for row in rows[:_LOOK])
    below_widths = [len(filled(row)) for row in rows]
    for r, row in enumerate(rows[:_HEADER_WITHIN]):
        cells = filled(row)
        if r + 1 >= len(rows):
            break
        if len(cells) == 1:
            if (
                one_column
                and not _LABELLED.search(row[cells[0]])
                and words.label(row[cells[0]]).weight >= 0.8
                and words.label(_cell(rows[r + 1], cells[0])).weight < _LABEL
            ):
                return r
            continue
        if _heads_days(rows, r, cells):
            return r
        if _heads_marks(rows, r, cells, words):
            return r
        labels = [words.label(row[i]) for i in cells]
        strong = sum(label.weight >= _LABEL for label in labels)
        if _pairs_go_on(rows, r, words):
            return None
        if _is_pairs(row, cells, labels) or _holds_value(row, cells, labels) or _leads_on(rows, r, cells, labels, words):
            continue
        if _stands_over_header(labels, rows[r + 1], words):
            continue
        if names_by_turns(row, words) and words.labels([rows[r + 1][i] for i in filled(rows[r + 1])], _LABEL) >= 2:
            continue
        if (strong or words.role(row[cells[0]])) and _is_calendar([row[i] for i in cells], max(strong, 1)):
            return r
        known = sum(label.weight for label in labels) / len(labels)
        hints = sum(label.weight >= 0.5 for label in labels)
        few = strong == 1 and len(rows) > 3 and known >= _HEADER_SHARE and (len(cells) == 2 or hints >= 3)
        if len(cells) == 2 and (_is_one_of_pairs(rows, r, cells, words) if few else _is_among_pairs(rows, r, cells, words)):
            continue
        if not strong:
            continue
        typical = median(below_widths[r + 1 : r + 21])
        contrast = _contrast(rows, r, cells)
        if len(cells) < 0.5 * typical:
            continue
        few = few or (strong >= 2 and known >= 0.3 and _heads(rows, r, cells, words))
        few = few or (strong == 1 and hints >= 2 and len(rows) > r + 2 and contrast >= 0.2 and _is_wordy(row, cells))
        if strong < 2 and not few:
            continue
        if (known >= _HEADER_SHARE or (known >= 0.25 and contrast >= 0.2) or (few and strong >= 2)) and (
            strong >= 2 or few or contrast >= 0.5
        ):
            return r
    for r, row in enumerate(rows[:_HEADER_WITHIN]):
        cells = filled(row)
        if len(cells) < 2 or len(rows) - r < 4 or len(cells) < 0.6 * median(below_widths[r + 1 : r + 21]):
            continue
        texts = [row[i].strip() for i in cells]
        if any(len(t) > _HEADER_CHARS or sum(ch.isdigit() for ch in t) >= 3 or "@" in t for t in texts) or len(set(texts)) < len(texts):
            continue
        if any(holds_pair(t, words) for t in texts) or _goes_on(rows, r, cells):
            continue
        if _contrast(rows, r, cells) >= 0.5:
            return r
    return None


def titled_header(rows: Sequence[Sequence[str]], i: int, words: Words) -> bool:
    """Whether a row in the middle is the header of another table, under a title of its own: 振込口座, then 社員番号|氏名カナ|銀行|支店|口座."""
    title = filled(rows[i - 1])
    if len(title) != 1 or i + 1 >= len(rows):
        return False
    cells = filled(rows[i])
    if len(cells) < 3 or len(filled(rows[i + 1])) < 0.6 * len(cells):
        return False
    above = rows[i - 1][title[0]].strip()
    if len(above) > _HEADER_CHARS or "。" in above or not _is_wordy(rows[i], cells):
        return False
    labels = [words.label(cell := rows[i][n]).weight >= _LABEL or words.role(cell) or words.things(cell) for n in cells]
    return labels[0] and sum(labels) >= max(2, 0.5 * len(cells))


def _heads_marks(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], words: Words) -> bool:
    """Whether a row with one label, that of a name, stands over names and marks: 氏名|一次|二次 over 山田 太郎|A|B."""
    named = [i for i in cells if any(entity == "PERSON" and weight >= _NAMED for entity, weight in words.label(rows[r][i]).kinds)]
    below = [row for row in rows[r + 1 : r + 31] if filled(row)]
    if len(named) != 1 or len(cells) < 2 or len(below) < 3 or not _is_wordy(rows[r], cells):
        return False
    others = [cell for row in below for i in cells if i not in named and (cell := _cell(row, i))]
    names = [_cell(row, named[0]) for row in below]
    return (
        len(others) >= 0.7 * (len(cells) - 1) * len(below)
        and all(len(cell) <= _MARK_CHARS for cell in others)
        and not words.labels(others, _LABEL)
        and all(2 <= len(name) <= _SENTENCE and not any(map(str.isdigit, name)) for name in names)
        and not words.labels(names, _LABEL)
    )


def _is_one_of_pairs(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], words: Words) -> bool:
    """Whether a label and a word beside it are a pair of a form: 氏名|星 実 among 居室|52号 and 担当|大槻, or below another such pair."""
    if any("。" in rows[r][i] or len(rows[r][i].strip()) > 2 * _HEADER_CHARS for i in cells):
        return True
    if r and list(filled(rows[r - 1])) == list(cells) and words.label(rows[r - 1][cells[0]]).weight >= 0.5:
        return True
    others = [*rows[max(0, r - 20) : r], *rows[r + 1 : r + 21]]
    return sum(words.label(cell).weight >= 0.5 for row in others if (cell := _cell(row, cells[0]))) >= 2


def _is_among_pairs(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], words: Words) -> bool:
    """Whether two labels are a pair of a form all the same: 手帳|療育手帳 B2 below 氏名|…, 生年月日|…, 保護者|… and above 作成者|…."""
    own = list(cells)
    above = [words.label(row[own[0]]).weight >= _LABEL for row in rows[:r] if filled(row) == own]
    below = [words.label(row[own[0]]).weight >= _LABEL for row in rows[r + 1 : r + 21] if filled(row) == own]
    return sum(above) >= 3 and any(below)


#: 支持政党：自由民主党 has its value with it.
_LABELLED = re.compile(r"[:：]\s*[^\s:：]")
#: A day at the head of a column: 1, 1日, 1(日), 4/1, 4月1日(水).
_DAY = re.compile(r"(?:[0-9]{1,2}[/月])?(?P<day>[0-9]{1,2})日?(?:[(（]?[月火水木金土日祝・]{1,3}[)）]?)?")


def _is_calendar(texts: Sequence[str], labels: int) -> bool:
    """Whether a row heads a plan of days: labels, and days that follow one another."""
    days = [int(match["day"]) for text in texts if (match := _DAY.fullmatch(nfkc(text.strip())))]
    if len(days) < 4 or len(days) + labels < 0.8 * len(texts):
        return False
    return sum(b == a + 1 for a, b in pairwise(days)) >= 0.8 * (len(days) - 1)


def _heads_days(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int]) -> bool:
    """Whether a row of nothing but days, its corner blank, stands over rows that begin in the blank column: a plan of shifts."""
    below = [filled(row) for row in rows[r + 1 : r + 6]]
    return (
        len(below) >= 2
        and cells[0] > 0
        and sum(bool(own) and own[0] < cells[0] for own in below) >= 0.8 * len(below)
        and _is_calendar([rows[r][i] for i in cells], 0)
    )


def _is_pairs(row: Sequence[str], cells: Sequence[int], labels: Sequence[Label]) -> bool:
    """Whether a row is label, value, label, value: of a form with two columns of pairs, however much it looks like a header."""
    if len(cells) < 4 or len(cells) % 2:
        return False
    pairs = all(a.weight >= _LABEL and b.weight < _LABEL for a, b in zip(labels[::2], labels[1::2], strict=True))
    return pairs and any(_typed(row[i]) or len(row[i].strip()) >= _SENTENCE for i in cells[1::2])


def _holds_value(row: Sequence[str], cells: Sequence[int], labels: Sequence[Label]) -> bool:
    """Whether a label in a row has its value beside it, a date or a long number: あなたの生年月日|昭和53年12月17日."""
    for label, other, i in zip(labels, labels[1:], cells[1:], strict=False):
        kinds = {entity for entity, weight in label.kinds if weight >= _NAMED}
        if label.weight < _LABEL or not kinds or other.weight >= _LABEL:
            continue
        text = fold(row[i].strip())
        if "DATE_OF_BIRTH" in kinds and (date := parse(text)) is not None and date.day:
            return True
        digits = sum(map(str.isdigit, text))
        if kinds & _NUMBERS and digits >= max(_LONG_NUMBER, 0.6 * len(text)):
            return True
        if "JP_POSTAL_CODE" in kinds and digits == _POSTAL_DIGITS and len(text) <= digits + 2:
            return True
    return False


def holds_pair(cell: str, words: Words) -> bool:
    """Whether a cell is a label and its value in two parts: ふりがな　うえの けんた."""
    lead, *rest = cell.split(maxsplit=1)
    return (
        bool(rest)
        and len(rest[0].split()) == 2  # family and given name
        and words.label(lead).weight >= _NAMED
        and not words.label(rest[0]).weight
        and words.label(cell).weight < _LABEL
    )


def _leads_on(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], labels: Sequence[Label], words: Words) -> bool:
    """Whether a row is led by a label and its value, and so is the next one: フリガナ|サワムラ　ナオ|性別 over 氏名|澤村　奈緒|女."""
    below = filled(rows[r + 1])
    if len(cells) < 2 or below[:2] != list(cells[:2]):
        return False
    leads = labels[0], words.label(rows[r + 1][below[0]])
    values = labels[1], words.label(rows[r + 1][below[1]])
    return all(lead.weight >= _NAMED for lead in leads) and leads[0].plain != leads[1].plain and not any(v.weight for v in values)


def _stands_over_header(labels: Sequence[Label], below: Sequence[str], words: Words) -> bool:
    """Whether labels and values by turns stand over a row of nothing but labels: 利用者名|永田　麻衣|要介護度|要介護2 over 日付|時間|記録|記録者."""
    by_turns = (
        len(labels) >= 2
        and len(labels) % 2 == 0
        and all(a.weight >= _LABEL > b.weight for a, b in zip(labels[::2], labels[1::2], strict=True))
    )
    cells = [below[i] for i in filled(below)]
    return by_turns and len(cells) >= 3 and words.labels(cells, 0.5) == len(cells) and words.labels(cells, _LABEL) > len(labels) // 2


def _pairs_go_on(rows: Sequence[Sequence[str]], r: int, words: Words) -> bool:
    """Whether a row and the next ones are label, value, label, value: おなまえ|川西 結衣|カナ|…, おところ|…|電話|…"""
    some = [[row[i] for i in filled(row)] for row in rows[r : r + 4]]
    if len(some) < 3 or any(len(cells) != 4 for cells in some[:3]):
        return False
    some = [cells for cells in some if len(cells) == 4]
    leads = [cell for cells in some for cell in cells[::2]]
    values = [cell for cells in some for cell in cells[1::2]]
    return words.labels(leads, 0.5) >= 0.6 * len(leads) and words.labels(values, 0.5) <= 0.15 * len(values)


def in_two_pairs(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Whether all of a block is label, value, label, value, the labels known or words of its own: 患者|…|処方医|…, 薬品|…|照会|…"""
    used = [cells for row in rows if (cells := filled(row))]
    if not used or any(len(cells) not in (2, 4) or cells != used[0][: len(cells)] for cells in used[1:]) or len(used[0]) != 4:
        return False
    return _pairs_go_on(rows, 0, words) or _is_form_of_own_words(rows, words)


def _is_form_of_own_words(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Whether two columns of short words lead two of longer values, some of the words labels."""
    pairs = [(row[a].strip(), row[b].strip()) for row in rows for a, b in zip(filled(row)[::2], filled(row)[1::2], strict=True)]
    if sum(len(filled(row)) == 4 for row in rows) < 2:
        return False
    leads, values = [lead for lead, _ in pairs], [value for _, value in pairs]
    short = all(len(lead) <= _SENTENCE and not any(map(str.isdigit, lead)) for lead in leads)
    if not short or len(set(leads)) < len(leads) or words.labels(values, 0.5):
        return False
    return words.labels(leads, 0.5) >= 2 and sum(map(len, values)) >= 2 * sum(map(len, leads))


def _heads(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], words: Words) -> bool:
    """Whether a row of different short texts stands over rows as wide that hold no labels: 部署 責任者 メンバー1 メンバー2."""
    texts = [rows[r][i].strip() for i in cells]
    below = rows[r + 1 : r + 11]
    if len(below) < 3 or len(set(texts)) < len(texts) or any(len(t) > _SENTENCE or sum(map(str.isdigit, t)) > 2 for t in texts):
        return False
    inside = [cell for row in below for i in cells if (cell := _cell(row, i))]
    return len(inside) >= 0.7 * len(cells) * len(below) and words.labels(inside, _LABEL) <= 0.05 * len(inside)


def _is_wordy(row: Sequence[str], cells: Sequence[int]) -> bool:
    """Whether a row is of different short words without figures."""
    texts = [row[i].strip() for i in cells]
    return len(set(texts)) == len(texts) and all(len(t) <= _SENTENCE and not any(map(str.isdigit, t)) for t in texts)


def _is_pair_row(rows: Sequence[Sequence[str]], header: int, words: Words) -> bool:
    """Whether what passed for a header is a row of a form: label and value, among others that are so too."""
    weights = [words.label(rows[header][i]).weight for i in filled(rows[header])]
    alternate = len(weights) >= 2 and len(weights) % 2 == 0
    alternate = alternate and all(a >= _LABEL > b for a, b in zip(weights[::2], weights[1::2], strict=True))
    if not alternate:
        return False
    pairs, first_share = _pairs(rows, words, None)
    return pairs >= 3 and first_share >= (0.4 if len(weights) >= 4 else 0.6)


def _regular(rows: Sequence[Sequence[str]], header: int) -> float:
    """Share of the rows below the header that fill about the header's cells; 0 for fewer than three rows."""
    own = set(filled(rows[header]))
    below = [filled(row) for row in rows[header + 1 :] if filled(row)]
    if len(below) < 3:
        return 0.0
    return sum(len(own.intersection(cells)) >= 0.6 * len(own) and len(cells) <= len(own) + 1 for cells in below) / len(below)


def _goes_on(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int]) -> bool:
    """Whether the rows above are as wide and as wordy: the last line of a list, over its totals."""
    above = [row for row in rows[max(0, r - 3) : r] if list(filled(row)) == list(cells)]
    return len(above) > 1 and all([_typed(row[i]) for i in cells] == [_typed(rows[r][i]) for i in cells] for row in above)


def _contrast(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int]) -> float:
    """Share of the columns with text in row ``r`` and numbers, dates or e-mails below it."""
    below = rows[r + 1 : r + 31]
    turned = 0
    for i in cells:
        if _typed(rows[r][i]):
            continue
        values = [c for c in (_cell(row, i) for row in below) if c]
        if values and sum(map(_typed, values)) >= 0.6 * len(values):
            turned += 1
    return turned / len(cells)


def _typed(cell: str) -> bool:
    return "@" in cell or sum(ch.isdigit() for ch in cell) >= max(1, 0.3 * len(cell))


def _cell(row: Sequence[str], i: int) -> str:
    return row[i].strip() if i < len(row) else ""


def _pairs(rows: Sequence[Sequence[str]], words: Words, header: int | None) -> tuple[int, float]:
    """How many different labels have their value to the right, and the share of rows that begin with a label.

    Rows up to ``header`` are left out: they are no pairs.
    """
    texts: set[str] = set()
    first = counted = 0
    for r, row in enumerate(rows):
        if header is not None and r <= header:
            continue
        cells = filled(row)
        if not cells:
            continue
        if len(cells) >= 2:
            counted += 1
            first += words.label(row[cells[0]]).weight >= _LABEL and words.label(row[cells[1]]).weight < _LABEL
        for a, b in pairwise(cells):
            label = words.label(row[a])
            if label.weight >= _LABEL and words.label(row[b]).weight < _LABEL:
                texts.add(label.plain)
    return len(texts), first / counted if counted else 0.0


def _in_two_pairs(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Whether rows of four cells are two pairs each, though we do not know the labels in the third column:
    証券番号|147-0095282|被保険者|齊藤 純 over 生年月日|昭和18年2月17日|受診・投薬|あり. The columns of a list on its side hold the same kind.
    """
    if not 2 <= len(rows) < _LOOK or any(filled(row) != [0, 1, 2, 3] for row in rows):
        return False
    leads = [row[i].strip() for row in rows for i in (0, 2)]
    if len(set(leads)) < len(leads) or any(_typed(lead) or len(lead) > _HEADER_CHARS for lead in (*leads[::2], *leads[3::2])):
        return False
    numbered = sum(_typed(row[1]) and not _typed(row[2]) for row in rows)
    return (
        numbered >= 2 and words.labels(leads[::2], 0.5) >= max(2, 0.5 * len(rows)) and words.labels([row[1] for row in rows], _LABEL) == 0
    )


def _is_turned(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Labels in the first column, two or more records to its right, few labels elsewhere."""
    wide = labelled = 0
    widths = []
    leads = set()
    for row in rows:
        cells = filled(row)
        if len(cells) < 2:
            continue
        labelled += 1
        leads.add(row[cells[0]].strip())
        if words.label(row[cells[0]]).weight >= 0.5 and not any(words.label(row[i]).weight >= _LABEL for i in cells[1:]):
            wide += len(cells) >= 3
            widths.append(len(cells) - 1)
    if labelled < 3 or wide < 0.75 * labelled or not widths or len(leads) < 0.8 * labelled:  # 団員, 団員, 団員: a rank
        return False
    typical = median(widths)
    return typical >= 2 and sum(abs(w - typical) <= 1 for w in widths) >= 0.8 * len(widths)


def _is_led(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Rows as wide as one another, each led by a word of its own of which many name a personal kind: a list on its side,
    also where its other rows (月額報酬, 契約開始日) are led by words that we do not know.
    """
    cells = [filled(row) for row in rows]
    if not 3 <= len(rows) < _LOOK or any(len(own) != len(cells[0]) or own[0] != cells[0][0] for own in cells) or len(cells[0]) < 3:
        return False
    leads = [row[own[0]].strip() for row, own in zip(rows, cells, strict=True)]
    if len(set(leads)) < len(leads) or any(_typed(lead) or len(lead) > _HEADER_CHARS for lead in leads):
        return False
    named = sum(any(weight >= 0.8 for _, weight in words.label(lead).kinds) for lead in leads)
    others = [row[i] for row, own in zip(rows, cells, strict=True) for i in own[1:]]
    return named >= max(2, 0.4 * len(rows)) and not words.labels(others, 0.5)


def _columns(grid: Grid, words: Words, header: int) -> Layout:
    """Headers of one or two rows, joined; titles are what stands above."""
    width = grid.width
    rows = grid.rows
    top = bottom = header
    parent = filled(rows[header - 1]) if header else []
    child = filled(rows[header + 1]) if header + 1 < len(rows) else []
    here = filled(rows[header])
    if child and not _heads_days(rows, header, here) and _is_second_row(rows, header, here, child, words):
        bottom = header + 1
    elif parent and 2 <= len(parent) < len(here) and _is_parent_row(rows[header - 1], parent, words):
        top = header - 1
    if top == bottom:
        headers = tuple(_text(_cell(rows[header], i)) for i in range(width))
        return Layout(Shape.COLUMNS, titles=top, headers=headers, start=bottom + 1)
    names: list[str] = []
    above = ""
    for i in range(width):
        over, under = _text(_cell(rows[top], i)), _text(_cell(rows[bottom], i))
        if over:
            above = over if under else ""
            names.append(_joined(over, under, words))
        else:
            names.append(_joined(above, under, words) if under else "")
    return Layout(Shape.COLUMNS, titles=top, headers=tuple(names), start=bottom + 1)


def _is_second_row(rows: Sequence[Sequence[str]], header: int, here: Sequence[int], child: Sequence[int], words: Words) -> bool:
    labels = [words.label(rows[header + 1][i]).weight for i in child]
    if header + 2 >= len(rows):
        return False
    own = set(here)
    known = sum(w >= 0.5 for w in labels) / len(labels)
    if 0.25 <= known < 0.6 and len(child) >= 2 and not own.issuperset(child):
        # Words that we do not know, where the row above has blanks: 銀行 支店 科目 口座番号 under a merged 振込先.
        texts = [rows[header + 1][i].strip() for i in child]
        below = filled(rows[header + 2])
        wordy = all(len(t) <= _HEADER_CHARS and not any(ch.isdigit() for ch in t) for t in texts)
        return wordy and len(below) >= 0.7 * len(own.union(child))
    if known < 0.6:
        return False
    return any(i not in own for i in child) or (len(child) >= 2 and all(w >= _LABEL for w in labels))


def names_by_turns(row: Sequence[str], words: Words) -> bool:
    """Whether a row is a word for what somebody does, a name, and so on: 運転手|黒木|添乗|田村."""
    cells = [row[i].strip() for i in filled(row)]
    if len(cells) < 2 or len(cells) % 2:
        return False
    lead, name, *_ = cells
    asked = any(entity == "PERSON" for entity, _ in words.label(lead).kinds)
    return asked and not words.label(name).weight and (is_family(name) or split_name(name) is not None)


def _is_parent_row(row: Sequence[str], cells: Sequence[int], words: Words) -> bool:
    return not names_by_turns(row, words) and all(
        len(row[i].strip()) <= _HEADER_CHARS and not any(ch.isdigit() for ch in row[i]) for i in cells
    )


def _text(cell: str) -> str:
    return "".join(cell.split("\n")).strip()


def _joined(over: str, under: str, words: Words) -> str:
    """``連絡先`` over ``電話番号``: together when that says more, else the lower one."""
    if not over or not under:
        return over or under
    both = over + under
    if words.name_part(under) and not words.name_part(both) and not words.other_person(over):
        return under
    if words.name_part(both) or words.label(both).kinds:
        return both
    if words.name_part(under) or words.label(under).kinds:
        return under
    return both
