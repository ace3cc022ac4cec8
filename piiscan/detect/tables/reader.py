"""The tables of one document: from chunks of rows to records, block by block.

What a block is, is asked here; what stands in it is read by :mod:`rows` (records in rows), :mod:`forms` or :mod:`prose`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from piiscan.detect.samples import examples_column
from piiscan.detect.tables.blocks import is_in_bands, side_by_side, with_headers
from piiscan.detect.tables.boxes import joined_boxes
from piiscan.detect.tables.columns import Judge
from piiscan.detect.tables.forms import FormReader
from piiscan.detect.tables.gathered import Gathered
from piiscan.detect.tables.grid import Grid, filled
from piiscan.detect.tables.header_rows import titled_header
from piiscan.detect.tables.heads import headers_of
from piiscan.detect.tables.insured import insured_below
from piiscan.detect.tables.layout import Layout, Shape, layout_of
from piiscan.detect.tables.pairs import holds_pair, names_by_turns
from piiscan.detect.tables.plans import Mode
from piiscan.detect.tables.prose import ProseReader
from piiscan.detect.tables.rows import Rows
from piiscan.detect.tables.seats import Seats, is_plan_of_seats, stamped
from piiscan.detect.tables.stacks import as_cards
from piiscan.detect.tables.storeys import Storeys, storeys_of
from piiscan.detect.tables.words import TableKit, shared_words
from piiscan.model import Cell, Hit, Record, Table

__all__ = ["TableReader"]

#: Rows that are gathered before the shape of a table is judged.
HEAD_ROWS: Final = 500
#: So few rows above another header are judged by themselves.
_FEW_ABOVE: Final = 8
#: A table without a personal column and no longer than this is read as prose, every cell.
_SMALL_ROWS: Final = 60
#: A sheet of a form is no longer: only there values are looked for that stand a sign a box.
_FORM_ROWS: Final = 120
#: mst_prefecture, t_city
_DATABASE_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.IGNORECASE)
#: A table turned on its side is small.
_TURNED_ROWS: Final = 200
#: Beyond it no row is a person's: such a grid (a matrix, a damaged file) is read as text, for judging a column takes milliseconds.
_WIDEST: Final = 1_024
_SURE: Final = 0.8
_LABEL: Final = 0.7
#: A table without headers in a personal form is a part of that form when it has no more rows.
_CARD_ROWS: Final = 12
#: So many rows above a header that are pairs are those of a form.
_PAIRS: Final = 3
#: … when so many of them begin with a label.
_LEAST_LABELS: Final = 2
#: The rows of boxes for stamps: a title, who stamps, their names, the stamps.
_STAMP_ROWS: Final = 4
#: What may be a name in a header makes it the first line of a form from this score on.
_NAME_BESIDE: Final = 0.9


class TableReader:
    """Reads the tables of one document, chunk by chunk.

    :param kit: catalogue, value judge, prose pipeline, sensitive words.
    :param sensitive_form: name of the personal form that the document is, or
        empty; asked late, because the document learns it as it goes.
    :param about_health: whether the document's name, titles and headers speak of somebody's health.
    """

    def __init__(
        self, kit: TableKit, sensitive_form: Callable[[], str] = lambda: "", about_health: Callable[[], bool] = lambda: False
    ) -> None:
        self._kit = kit
        self._form = sensitive_form
        self.words = self._words = shared_words(kit.catalogue, kit.sensitive)
        self._judge = Judge(kit, self._words, about_health)
        self._seats = Seats(kit, self._judge.measure)
        self._prose = ProseReader(kit, self._words, self._judge.cells, self._seats)
        self._forms = FormReader(kit, self._words, self._judge.cells, self._persons_assumed, about_health)
        self._sheet: str | None = None
        self._first_column = 1
        self._next_row = 1
        self._pending = Grid("", [], [])
        self._open: Rows | None = None
        self._open_ends = 0
        # whether no more rows of the open table follow those at hand
        self._ends = True
        # first cells of values that stand in several boxes, and what is in them
        self._boxed: dict[tuple[str, int, int], str] = {}

    def feed(self, table: Table) -> Iterator[Record]:
        """Records that are complete after this chunk."""
        goes_on = (
            table.sheet == self._sheet
            and table.first_row >= self._next_row
            and table.first_row > 1
            and table.first_column == self._first_column
        )
        if not goes_on:
            yield from self.finish()
            self._sheet = table.sheet
            self._first_column = table.first_column
            self._pending = Grid(table.sheet, [], [], table.first_column)
        self._next_row = table.first_row + len(table.rows)
        self._pending.numbers.extend(range(table.first_row, self._next_row))
        self._pending.rows.extend(table.rows)
        if len(self._pending.rows) >= HEAD_ROWS:
            yield from map(self._as_written, self._work(last=False))

    @property
    def waits(self) -> bool:
        """Whether rows wait that were not read yet."""
        return bool(self._pending.rows)

    def finish(self) -> Iterator[Record]:
        """The records of what waited, at the end of the document (or table)."""
        yield from map(self._as_written, self._work(last=True))
        self._sheet = None
        self._open = None
        self._boxed = {}

    # --------------------------------------------------------------------- blocks

    def _work(self, *, last: bool) -> Iterator[Record]:
        grid = self._pending
        self._pending = Grid(grid.sheet, [], [], grid.first_column)
        if not grid.rows:
            return
        small = len(grid.rows) <= _FORM_ROWS
        self._seats.is_plan = small and is_plan_of_seats(grid)
        if small:
            self._put_together(grid)
        if (at := examples_column(grid.rows)) is not None:
            grid.rows[at[0] + 1 :] = [[*row[: at[1]], "", *row[at[1] + 1 :]] for row in grid.rows[at[0] + 1 :]]
        gathered = Gathered()
        if small and last and self._open is None and is_in_bands(grid, self._words):
            gathered.forms.append(self._forms.read(grid.without_blank_rows()))
            yield from gathered.records()
            return
        for block in with_headers(grid, self._words):
            touches = self._open is not None and block.numbers[0] == self._open_ends + 1
            self._ends = last or block.numbers[-1] < grid.numbers[-1]
            storeys = self._open.storeys if self._open is not None else None
            if self._open is not None and storeys is not None and (touches or self._open.fits(storeys.folded(block)[0])):
                yield from self._in_storeys(self._open, storeys, block, gathered)
            elif storeys is None and self._open is not None and (touches or (self._open.fits(block) and not self._begins_anew(block))):
                yield from self._rows(self._open, block, gathered)
            else:
                yield from self._block(block, gathered)
            self._open_ends = block.numbers[-1] - len(self._pending.rows)
        yield from gathered.records()
        if last:
            self._open = None

    def _begins_anew(self, block: Grid) -> bool:
        """Whether a block after a blank row has titles and a header of its own."""
        layout = layout_of(block, self._words)
        return layout.shape is Shape.COLUMNS and layout.has_header and layout.start > 0

    def _block(self, block: Grid, gathered: Gathered) -> Iterator[Record]:
        if max(map(len, block.rows)) > _WIDEST:
            self._open = None
            gathered.prose += self._prose.read(block)
            return
        ranges = side_by_side(block, self._words)
        if len(ranges) == 1:
            yield from self._region(block, gathered)
            return
        for a, b in ranges:
            yield from self._region(block.columns(a, b), gathered)
        self._open = None  # several at once

    def _put_together(self, grid: Grid) -> None:
        """Make what is written a sign or a part a box one value, in the first of its cells."""
        for (r, i), (whole, others) in joined_boxes(grid.rows, self._words).items():
            row = list(grid.rows[r])
            self._boxed[grid.sheet, grid.numbers[r], grid.first_column + i] = row[i]
            row[i] = whole
            for other in others:
                row[other] = ""
            grid.rows[r] = row

    def _as_written(self, record: Record) -> Record:
        """A record with its hits where they are in the cells, of values that were put together at their first cell."""
        return replace(record, hits=tuple(map(self._at_first_box, record.hits))) if self._boxed else record

    def _at_first_box(self, hit: Hit) -> Hit:
        place = hit.location
        cell = self._boxed.get((place.sheet, place.row, place.column)) if isinstance(place, Cell) else None
        return hit if cell is None else replace(hit, start=0, end=len(cell))

    def _region(self, block: Grid, gathered: Gathered) -> Iterator[Record]:
        """Read one block by its shape; what was open ends where it begins."""
        self._open = None
        if (self._seats.is_plan and any(self._seats.names(block))) or (len(block.rows) <= _STAMP_ROWS and self._is_stamped(block)):
            gathered.prose += self._prose.read(block)
            return
        layout = layout_of(block, self._words)
        if layout.shape is Shape.TURNED and len(block.rows) <= _TURNED_ROWS:
            turned = block.turned()
            columns = self._columns(turned.part(1), Layout(Shape.COLUMNS, headers=tuple(cell.strip() for cell in turned.rows[0])))
            if columns.personal:
                yield from columns.records(turned.part(1), self._persons_assumed())
                heads = [(r, cells[0]) for r, row in enumerate(block.rows) if (cells := filled(row))]
                gathered.prose += self._prose.read_headers(block, heads)
                return
        if layout.shape is Shape.COLUMNS and not self._is_form(block, layout):
            yield from self._table(block, layout, gathered)
            return
        if layout.shape is Shape.PROSE:
            gathered.prose += self._prose.read(block)
        else:
            gathered.forms.append(self._forms.read(block))

    def _is_stamped(self, block: Grid) -> bool:
        return any(stamped(block, self._words, self._judge.cells))

    def _table(self, block: Grid, layout: Layout, gathered: Gathered) -> Iterator[Record]:
        """Read a block of records in rows, or what turns out to be none."""
        if layout.has_header and (storeys := storeys_of(block, layout, self._words, self._kit)) is not None:
            body = block.part(storeys.start)
            columns = self._columns(storeys.folded(body)[0], Layout(Shape.COLUMNS, headers=storeys.headers))
            if columns.personal:
                self._read_above(block.part(0, storeys.top), gathered)
                columns.storeys = storeys
                self._open = columns
                yield from self._in_storeys(columns, storeys, body, gathered)
                return
        if not layout.has_header:
            layout = self._headed(block, layout)
        titles = block.part(0, layout.titles)
        body = block.part(layout.start)
        columns = self._columns(body, layout, titles)
        last = len(titles.rows) - 1
        if last >= 0 and columns.headed and columns.takes_in(titles.part(last)):  # 本人|山田 花子|昭43.7.27 over the header of a family
            yield from columns.records(titles.part(last), self._persons_assumed())
            titles = titles.part(0, last)
        card = len(block.rows) <= _CARD_ROWS and not columns.about_persons
        if card and not layout.has_header and self._form():
            gathered.forms.append(self._forms.read(block))  # 対象者|荻野 樹|面談内容|…: pairs whose labels we do not know
        elif card and block.width == 1 and not columns.headed:
            gathered.prose += self._prose.read(block)  # a visiting card, line by line
        elif columns.personal or len(block.rows) > _SMALL_ROWS:
            above = len(gathered.forms)
            self._read_above(titles, gathered)
            heads = [(r, i) for r in range(layout.titles, layout.start) for i in filled(block.rows[r])]
            gathered.prose += self._prose.read_headers(block, heads)
            self._open = columns
            records = self._rows(columns, body, gathered)
            if block.width == 1 and not columns.headed and not columns.about_persons and len(block.rows) < HEAD_ROWS:
                yield from as_cards(records, block)
            elif above < len(gathered.forms) and len(body.rows) <= _CARD_ROWS and not columns.about_persons:
                gathered.forms[-1].goes_on(records)  # 社員番号|5388|氏名|城戸　新 over 基本給|時間外: a payslip
            else:
                yield from records
        else:
            gathered.prose += self._prose.read(block, layout.headers, layout.start)

    def _headed(self, block: Grid, layout: Layout) -> Layout:
        """The layout of a table with its first row as header, where that row's words, which we do not know, head what is below."""
        first, below = block.rows[layout.start], block.rows[layout.start + 1 : HEAD_ROWS]
        if not any(holds_pair(cell, self._words) for cell in first if cell) and self._judge.is_header(first, below):
            layout = Layout(Shape.COLUMNS, titles=layout.titles, headers=tuple(cell.strip() for cell in first), start=layout.start + 1)
        if not layout.has_header:
            first, below = block.rows[layout.start], block.rows[layout.start + 1 : HEAD_ROWS]
            if headers := headers_of(first, below, self._judge.measure):
                layout = Layout(Shape.COLUMNS, titles=layout.titles, headers=headers, start=layout.start + 1)
        return layout

    def _is_form(self, block: Grid, layout: Layout) -> bool:
        """Whether what looks like a table is a form all the same."""
        return (layout.titles >= _PAIRS and self._in_pairs(block)) or self._filled_in(layout, len(block.rows))

    def _filled_in(self, layout: Layout, rows: int) -> bool:
        """Whether what looks like a header is the first line of a form: 氏名|池上 麻美|所属|健康推進課."""
        if not layout.has_header or rows > _CARD_ROWS or any(not header for header in layout.headers[:2]):
            return False
        for label, cell in pairwise(layout.headers):
            asked = any(e == "PERSON" and w >= _SURE for e, w in self._words.label(label).kinds)
            if asked and not self._words.label(cell).kinds and (match := self._kit.value("PERSON", cell)) and match.score >= _NAME_BESIDE:
                return True
        return False

    def _in_pairs(self, block: Grid) -> bool:
        """Whether most rows are a label and what it asks for, in the same two columns, though one of them looks like a header."""
        if len(block.rows) > _SMALL_ROWS:
            return False
        rows = [tuple(cells) for row in block.rows if len(cells := filled(row)) >= 2]
        (columns, count), *_ = Counter(rows).most_common(1) or [((), 0)]
        if len(columns) != 2 or count < max(_PAIRS, 0.7 * len(rows)):
            return False
        labels = [row[columns[0]] for row in block.rows if len(row) > columns[0]]
        return sum(self._words.label(label).weight >= _LABEL or self._words.role(label) for label in labels) >= _LEAST_LABELS

    def _read_above(self, titles: Grid, gathered: Gathered) -> None:
        """What stands over the header of a table: titles, or a form of which the table is a part (扶養控除等申告書)."""
        if (len(titles.rows) >= 2 and layout_of(titles, self._words).shape is Shape.FORM) or any(
            names_by_turns(row, self._words) for row in titles.rows
        ):
            gathered.forms.append(self._forms.read(titles))
        else:
            gathered.prose += self._prose.read(titles)

    def _columns(self, body: Grid, layout: Layout, titles: Grid | None = None) -> Rows:
        """Judge the columns."""
        headers, rows = layout.headers, body.rows
        width = max([len(headers), *(len(row) for row in rows[:HEAD_ROWS])])
        headers = (*headers, *[""] * (width - len(headers)))
        has_header = any(headers)
        plans = self._judge.columns(headers, rows[: 4 * HEAD_ROWS], has_header=has_header)
        above = "" if titles is None else " ".join(cell for row in titles.rows for cell in row)
        insured_below(plans, rows[:HEAD_ROWS], above, self._judge.measure)
        if not has_header and self._is_of_things():
            for plan in plans:
                if plan.entity == "PERSON":
                    plan.entity, plan.mode, plan.of_words = "", Mode.SKIP, True
        return Rows(self._kit, self._judge, self._words, plans, headers, has_header=has_header)

    def _is_of_things(self) -> bool:
        """Whether a table of a database, or a file, that has no headers is called by what is nobody: mst_prefecture, product_category."""
        name = self._sheet or ""
        return name.isascii() and _DATABASE_NAME.fullmatch(name) is not None and self._words.called_thing(name)

    def _rows(self, columns: Rows, body: Grid, gathered: Gathered) -> Iterator[Record]:
        """Rows under a plan; a new header in the middle begins a new table."""
        at = 0
        for i, row in enumerate(body.rows):
            if i > at and titled_header(body.rows, i, self._words):
                yield from self._in_one_row(columns, body.part(at, i - 1), gathered)
                yield from self._region(body.part(i - 1), gathered)
                return
            if i >= at and columns.is_header(row):
                if columns.repeats_header(row):
                    yield from columns.records(body.part(at, i), self._persons_assumed())
                    at = i + 1
                    continue
                if i + 1 < len(body.rows):
                    own = body.part(at, i)
                    if len(own.rows) <= _FEW_ABOVE:  # judged with what is below, labels and all
                        columns = self._columns(own, Layout(Shape.COLUMNS, headers=columns.headers))
                    yield from self._in_one_row(columns, own, gathered)
                    yield from self._region(body.part(i), gathered)
                    return
        yield from self._in_one_row(columns, body.part(at), gathered)

    def _in_storeys(self, columns: Rows, storeys: Storeys, body: Grid, gathered: Gathered) -> Iterator[Record]:
        """Records of two rows each; what follows them is something else, or waits for its second row."""
        folded, rest = storeys.folded(body, ends=self._ends)
        yield from columns.records(folded, self._persons_assumed())
        if not self._ends and len(rest.rows) == 1 and storeys.begins(rest.rows[0]):
            self._pending = rest
        elif rest.rows:
            yield from self._region(rest, gathered)

    def _in_one_row(self, columns: Rows, body: Grid, gathered: Gathered) -> Iterator[Record]:
        """The records of some rows; that of a single row below its header waits for others of its form."""
        records = columns.records(body, self._persons_assumed())
        if columns.headed and len(body.rows) == 1:
            gathered.single.extend(records)
        else:
            yield from records

    def _persons_assumed(self) -> bool:
        return bool(self._form())
