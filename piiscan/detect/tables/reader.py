"""The tables of one document: from chunks of rows to records, block by block."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from piiscan.detect.names.rules.spans import is_family
from piiscan.detect.normalize import nfkc
from piiscan.detect.readings import is_reading
from piiscan.detect.samples import examples_column
from piiscan.detect.tables.boxes import joined_boxes
from piiscan.detect.tables.columns import WEAK, Judge
from piiscan.detect.tables.documents import kinds_by_document
from piiscan.detect.tables.grid import (
    Grid,
    Layout,
    Shape,
    TurnedGrid,
    blocks,
    filled,
    holds_pair,
    in_two_pairs,
    layout_of,
    names_by_turns,
    side_by_side,
    titled_header,
)
from piiscan.detect.tables.heads import headers_of
from piiscan.detect.tables.measure import MARKS, family_names
from piiscan.detect.tables.plans import ColumnPlan, Found, Mode, found_of, join_parts
from piiscan.detect.tables.rows import Rows
from piiscan.detect.tables.stacks import as_cards
from piiscan.detect.tables.storeys import Storeys, storeys_of
from piiscan.detect.tables.together import insured_below
from piiscan.detect.tables.words import TableKit, shared_words
from piiscan.model import Cell, Hit, Record, RecordKind, Table

__all__ = ["TableReader", "one_form"]

#: Rows that are gathered before the shape of a table is judged.
HEAD_ROWS: Final = 500
#: So few rows above another header are judged by themselves.
_FEW_ABOVE: Final = 8
#: A table without a personal column and no longer than this is read as prose, every cell.
_SMALL_ROWS: Final = 60
#: A sheet of a form is no longer: only there values are looked for that stand a sign a box.
_FORM_ROWS: Final = 120
#: A卓, B列: where those below sit.
_TABLE_SIGN = re.compile(r"[A-Za-zＡ-Ｚ]+[ \u3000]?[^\x00-\x7f]")
#: A sheet of this name has family names in its cells; so many of them must be on the lists.
_PLAN_OF_SEATS = re.compile(r"座席|席次|席順|席替|配席|着席")
_SEATED: Final = 0.6
#: mst_prefecture, t_city
_DATABASE_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.IGNORECASE)
#: What a header says of itself in brackets.
_IN_BRACKETS = re.compile(r"[(（][^()（）0-9]{1,8}[)）]$")
#: A table turned on its side is small.
_TURNED_ROWS: Final = 200
#: Beyond it no row is a person's: such a grid (a matrix, a damaged file) is read as text, for judging a column takes milliseconds.
_WIDEST: Final = 1_024
_BLOCK_CHARS: Final = 12_000
_SURE: Final = 0.8
_LABEL: Final = 0.7
#: A table without headers in a personal form is a part of that form when it has no more rows.
_CARD_ROWS: Final = 12
#: So many rows above a header that are pairs are those of a form.
_PAIRS: Final = 3
#: … when so many of them begin with a label.
_LEAST_LABELS: Final = 2
#: So many rows of one cell with a name and more in each are a list of people.
_LISTED_ROWS: Final = 2
#: A name of a plan of seats is no longer, and so many there are at least.
_NAME_CHARS: Final = 8
_LEAST_SEATS: Final = 4
#: So many boxes for stamps stand beside each other.
_LEAST_STAMPS: Final = 2
#: A form in bands has so many blocks, of which all but one may be labels above values.
_LEAST_BANDS: Final = 3
_MOST_BANDS: Final = 40
#: A header of merged cells has at least so many labels, and what is below it begins so many rows further down at most.
_MERGED_LABELS: Final = 3
_MERGED_ROWS: Final = 3
#: From this score on somebody is taken to be named.
_SHOWN: Final = 0.5
#: A name beside a value of another kind in one cell must be this probable.
_NAME_BESIDE: Final = 0.9
#: … and a name in a second cell behind one label this.
_NAMED_TOO: Final = 0.5


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
        self._about_health = about_health
        self._judge = Judge(kit, self._words, about_health)
        self._cells = self._judge.cells
        self._sheet: str | None = None
        self._first_column = 1
        self._next_row = 1
        self._pending = Grid("", [], [])
        self._open: Rows | None = None
        self._open_ends = 0
        # whether no more rows of the open table follow those at hand
        self._ends = True
        self._of_seats = False
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
        self._of_seats = small and _is_plan_of_seats(grid)
        if small:
            self._put_together(grid)
        if (at := examples_column(grid.rows)) is not None:
            grid.rows[at[0] + 1 :] = [[*row[: at[1]], "", *row[at[1] + 1 :]] for row in grid.rows[at[0] + 1 :]]
        gathered = _Gathered()
        if small and last and self._open is None and self._is_in_bands(grid):
            self._read_form(_without_blank_rows(grid), gathered)
            yield from gathered.records()
            return
        for block in self._with_headers(grid):
            touches = self._open is not None and block.numbers[0] == self._open_ends + 1
            self._ends = last or block.numbers[-1] < grid.numbers[-1]
            storeys = self._open.storeys if self._open is not None else None
            if self._open is not None and storeys is not None and (touches or self._open.fits(storeys.folded(block)[0])):
                yield from self._in_storeys(self._open, storeys, block, gathered)
            elif storeys is not None:
                self._open = None
                yield from self._block(block, gathered)
            elif self._open is not None and (touches or (self._open.fits(block) and not self._begins_anew(block))):
                yield from self._rows(self._open, block, gathered)
            else:
                yield from self._block(block, gathered)
            self._open_ends = block.numbers[-1] - len(self._pending.rows)
        yield from gathered.records()
        if last:
            self._open = None

    def _is_in_bands(self, grid: Grid) -> bool:
        """Whether a sheet is a form in bands, of labels above their values: 所属|社員番号|氏名 over one row, 郵便番号|電話番号 over another."""
        bands = 0
        some = [grid.part(start, end) for start, end in blocks(grid)]
        if not _LEAST_BANDS <= len(some) <= _MOST_BANDS:
            return False
        for block in some:
            over, *below = (filled(row) for row in block.rows)
            labels = [block.rows[0][i] for i in over]
            if (
                len(below) == 1
                and len(over) >= 2
                and set(below[0]) <= set(over)
                and self._words.labels(labels, _LABEL) >= 0.6 * len(over)
                and not self._words.labels([block.rows[1][i] for i in below[0]], _LABEL)
            ):
                bands += 1
            elif len(below) > 1 and layout_of(block, self._words).shape is Shape.COLUMNS:
                return False
        return bands >= _LEAST_BANDS - 1

    def _with_headers(self, grid: Grid) -> Iterator[Grid]:
        """The blocks of a grid, a header that merging has parted from the rows below it together with the first of them."""
        header: Grid | None = None
        for start, end in blocks(grid):
            block = grid.part(start, end)
            if header is not None and self._is_over(header, block):
                yield Grid(grid.sheet, [*header.numbers, *block.numbers], [*header.rows, *block.rows], grid.first_column)
                header = None
                continue
            if header is not None:
                yield header
                header = None
            if len(block.rows) == 1 and self._is_all_header(block.rows[0]):
                header = block
            else:
                yield block
        if header is not None:
            yield header

    def _is_all_header(self, row: Sequence[str]) -> bool:
        cells = [row[i] for i in filled(row)]
        return len(cells) >= _MERGED_LABELS and self._words.labels(cells, _LABEL) >= 0.6 * len(cells)

    def _is_over(self, header: Grid, block: Grid) -> bool:
        """Whether the first row below a blank one stands under labels: in their columns, and with values."""
        own, below = filled(header.rows[0]), filled(block.rows[0])
        if block.numbers[0] - header.numbers[0] > _MERGED_ROWS or len(below) < max(2, 0.5 * len(own)) or not set(below) <= set(own):
            return False
        return self._words.labels([block.rows[0][i] for i in below], _LABEL) <= 0.3 * len(below)

    def _begins_anew(self, block: Grid) -> bool:
        """Whether a block after a blank row has titles and a header of its own."""
        layout = layout_of(block, self._words)
        return layout.shape is Shape.COLUMNS and layout.has_header and layout.start > 0

    def _block(self, block: Grid, gathered: _Gathered) -> Iterator[Record]:
        if max(map(len, block.rows)) > _WIDEST:
            self._open = None
            self._read_prose(block, gathered)
            return
        ranges = side_by_side(block, self._words)
        if len(ranges) == 1:
            yield from self._region(block, gathered)
            return
        for a, b in ranges:
            yield from self._region(_cut(block, a, b), gathered)
        self._open = None

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

    def _region(self, block: Grid, gathered: _Gathered) -> Iterator[Record]:
        if self._of_seats and any(self._seats(block)):
            self._read_prose(block, gathered)
            self._open = None
            return
        layout = layout_of(block, self._words)
        if layout.shape is Shape.TURNED and len(block.rows) <= _TURNED_ROWS:
            columns = self._columns(_turn(block), None)
            if columns.personal:
                yield from columns.records(_turn(block).part(1), self._persons_assumed())
                self._read_heads(block, [(r, cells[0]) for r, row in enumerate(block.rows) if (cells := filled(row))], gathered)
                return
        if layout.shape in {Shape.FORM, Shape.TURNED} or (
            layout.shape is Shape.COLUMNS
            and ((layout.titles >= _PAIRS and self._in_pairs(block)) or self._filled_in(layout, len(block.rows)))
        ):
            self._read_form(block, gathered)
            self._open = None
            return
        if layout.shape is Shape.COLUMNS:
            if layout.has_header and (storeys := storeys_of(block, layout, self._words, self._kit)) is not None:
                body = block.part(storeys.start)
                columns = self._columns(storeys.folded(body)[0], Layout(Shape.COLUMNS, headers=storeys.headers))
                if columns.personal:
                    self._read_above(block.part(0, storeys.top), gathered)
                    columns.storeys = storeys
                    self._open = columns
                    yield from self._in_storeys(columns, storeys, body, gathered)
                    return
            paired = any(holds_pair(cell, self._words) for cell in block.rows[layout.start] if cell)
            if (
                not layout.has_header
                and not paired
                and self._judge.is_header(block.rows[layout.start], block.rows[layout.start + 1 : HEAD_ROWS])
            ):
                head = tuple(cell.strip() for cell in block.rows[layout.start])
                layout = Layout(Shape.COLUMNS, titles=layout.titles, headers=head, start=layout.start + 1)
            if not layout.has_header and (
                head := headers_of(block.rows[layout.start], block.rows[layout.start + 1 : HEAD_ROWS], self._judge.measure)
            ):
                layout = Layout(Shape.COLUMNS, titles=layout.titles, headers=head, start=layout.start + 1)
            titles = block.part(0, layout.titles)
            body = block.part(layout.start)
            columns = self._columns(body, layout, titles)
            last = len(titles.rows) - 1
            if last >= 0 and columns.headed and columns.takes_in(titles.part(last)):  # 本人|山田 花子|昭43.7.27 over the header of a family
                yield from columns.records(titles.part(last), self._persons_assumed())
                titles = titles.part(0, last)
            if not layout.has_header and self._form() and len(block.rows) <= _CARD_ROWS and not columns.about_persons:
                self._read_form(block, gathered)  # 対象者|荻野 樹|面談内容|…: pairs whose labels we do not know
                self._open = None
                return
            if block.width == 1 and not columns.headed and len(block.rows) <= _CARD_ROWS and not columns.about_persons:
                self._read_prose(block, gathered)  # a visiting card, line by line
                self._open = None
                return
            if columns.personal or len(block.rows) > _SMALL_ROWS:
                above = len(gathered.forms)
                self._read_above(titles, gathered)
                self._read_heads(block, [(r, i) for r in range(layout.titles, layout.start) for i in filled(block.rows[r])], gathered)
                self._open = columns
                records = self._rows(columns, body, gathered)
                if block.width == 1 and not columns.headed and not columns.about_persons and len(block.rows) < HEAD_ROWS:
                    yield from as_cards(records, block)
                elif above < len(gathered.forms) and len(body.rows) <= _CARD_ROWS and not columns.about_persons:
                    gathered.forms[-1].goes_on(records)  # 社員番号|5388|氏名|城戸　新 over 基本給|時間外: a payslip
                else:
                    yield from records
                return
            self._open = None
            self._read_prose(block, gathered, layout.headers, layout.start)
            return
        self._open = None
        self._read_prose(block, gathered)

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

    def _read_above(self, titles: Grid, gathered: _Gathered) -> None:
        """What stands over the header of a table: titles, or a form of which the table is a part (扶養控除等申告書)."""
        if (len(titles.rows) >= 2 and layout_of(titles, self._words).shape is Shape.FORM) or any(
            names_by_turns(row, self._words) for row in titles.rows
        ):
            self._read_form(titles, gathered)
        else:
            self._read_prose(titles, gathered)

    def _read_heads(self, block: Grid, places: Sequence[tuple[int, int]], gathered: _Gathered) -> None:
        """Headers that say in brackets who does something: 面接官評価（大森）."""
        for r, i in places:
            if not _IN_BRACKETS.search(block.rows[r][i]):
                continue
            place = Cell(block.sheet, block.numbers[r], block.first_column + i)
            named = [found_of(result, block.rows[r][i]) for result in self._kit.spot(block.rows[r][i]) if result.entity_type == "PERSON"]
            told = [thing for thing in named if any(not reason.startswith("model") for reason in thing.why)]
            if told:
                gathered.prose.append([thing.at(place, "") for thing in told])

    def _columns(self, body: Grid, layout: Layout | None, titles: Grid | None = None) -> Rows:
        """Judge the columns; without a layout the first row is the header (a turned table)."""
        if layout is None:
            headers = tuple(cell.strip() for cell in body.rows[0])
            rows = body.rows[1:]
        else:
            headers = layout.headers
            rows = body.rows
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

    def _rows(self, columns: Rows, body: Grid, gathered: _Gathered) -> Iterator[Record]:
        """Rows under a plan; a new header in the middle begins a new table."""
        at = 0
        for i, row in enumerate(body.rows):
            if i > at and titled_header(body.rows, i, self._words):
                yield from self._in_one_row(columns, body.part(at, i - 1), gathered)
                self._open = None
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
                    self._open = None
                    yield from self._region(body.part(i), gathered)
                    return
        yield from self._in_one_row(columns, body.part(at), gathered)

    def _in_storeys(self, columns: Rows, storeys: Storeys, body: Grid, gathered: _Gathered) -> Iterator[Record]:
        """Records of two rows each; what follows them is something else, or waits for its second row."""
        folded, rest = storeys.folded(body, ends=self._ends)
        yield from columns.records(folded, self._persons_assumed())
        if not self._ends and len(rest.rows) == 1 and storeys.begins(rest.rows[0]):
            self._pending = rest
        elif rest.rows:
            self._open = None
            yield from self._region(rest, gathered)

    def _in_one_row(self, columns: Rows, body: Grid, gathered: _Gathered) -> Iterator[Record]:
        """The records of some rows; that of a single row below its header waits for others of its form."""
        records = columns.records(body, self._persons_assumed())
        if columns.headed and len(body.rows) == 1:
            gathered.single.extend(records)
        else:
            yield from records

    def _persons_assumed(self) -> bool:
        return bool(self._form())

    # ---------------------------------------------------------------------- forms

    def _read_form(self, block: Grid, gathered: _Gathered) -> None:
        """Label and value pairs, and the whole as prose; hits by cell."""
        found: dict[tuple[int, int], list[Found]] = {}
        headers: dict[tuple[int, int], str] = {}
        starts: dict[str, list[tuple[int, int]]] = {}
        labels: set[tuple[int, int]] = set()
        paired = len(block.rows) <= _CARD_ROWS and in_two_pairs(block.rows, self._words)
        for r, row in enumerate(block.rows):
            cells = filled(row)
            for n, i in enumerate(cells):
                if paired and n % 2:
                    continue
                label = self._words.label(row[i])
                if label.weight < _LABEL:
                    if n + 1 < len(cells) and (n == 0 or (r, cells[n - 1]) not in labels) and self._words.role(row[i]):
                        for j in self._bearers(row, cells[n + 1 :]):
                            found.setdefault((r, j), []).extend(self._cells.family(row[i], row[j]))
                    continue
                values: list[int] = []
                for j in cells[n + 1 :]:
                    last = paired or (j < cells[-1] and self._words.role(row[j]))  # 身体の障害|なし|取扱者|小河 千代
                    if self._words.label(row[j]).weight >= _LABEL or (values and last):
                        break
                    values.append(j)
                if not values:
                    continue
                labels.add((r, i))
                for j in values:
                    headers.setdefault((r, j), self._cells.safe_header(row[i]))
                pair = self._pair(kinds_by_document(label.kinds, label.plain, block.rows), row[i], row, values)
                for j, things in pair:
                    found.setdefault((r, j), []).extend(things)
                if any(e == "PERSON" and w >= _SURE for e, w in label.kinds) and any(f.entity == "PERSON" for _, t in pair for f in t):
                    starts.setdefault(label.plain, []).append((r, i))
        self._under_labels(block, headers, found)
        for (r, i), thing in self._stamps(block):
            if not found.get((r, i)):
                found[r, i] = [thing]
        for (r, i), thing in self._prose_hits(block):
            if (r, i) in labels and (thing.entity == "PERSON" or thing.entity.startswith("JP_SENSITIVE_")):
                continue  # ふ り が な, 3か月以内の受診・投薬
            own = found.setdefault((r, i), [])
            if thing.entity == "PERSON" and thing.score < _NAME_BESIDE and any(f.entity != "PERSON" for f in own):
                continue  # the rest of a cell whose label names another kind: 昭和50年4月1日生(満51歳)
            if all(thing.end <= f.start or f.end <= thing.start for f in own):
                own.append(thing)
        self._sensitive_pairs(block, headers, found)
        repeated = max((places for places in starts.values() if len(places) > 1), key=len, default=[])
        form = _Form(frozenset(starts))
        for (r, i), its_things in sorted(found.items()):
            place = Cell(block.sheet, block.numbers[r], block.first_column + i)
            form.add(_band(repeated, r, i), [thing.at(place, headers.get((r, i), "")) for thing in its_things])
        gathered.forms.append(form)

    def _bearers(self, row: Sequence[str], cells: Sequence[int]) -> Sequence[int]:
        """The cells behind a word for what somebody does that may name who: the first one, or all where each is a name (面談者|佐藤|祖父江|谷口)."""
        return cells if len(cells) > 1 and all(self._cells.family("", row[j]) for j in cells) else cells[:1]

    def _pair(
        self, kinds: Sequence[tuple[str, float]], label: str, row: Sequence[str], values: Sequence[int]
    ) -> list[tuple[int, tuple[Found, ...]]]:
        """What the value cells behind one label hold, when the label names a kind."""
        sure = [entity for entity, weight in kinds if weight >= _SURE and not self._words.against(entity, label)]
        if not sure:
            return []
        first = values[0]
        for entity in sure:
            plan = ColumnPlan(first, label, self._cells.safe_header(label), entity, Mode.VALUE, 0.9, 1.0)
            if self._kit.value(entity, row[first].strip()) is not None:
                out = [(first, self._cells.label_value(plan, row[first]))]
                least = _NAMED_TOO if entity == "PERSON" else 0.0  # 紹介者|川内 饗古|入会動機|友人の紹介
                more = (j for j in values[1:] if (match := self._kit.value(entity, row[j].strip())) and match.score >= least)
                out.extend((j, self._cells.label_value(plan, row[j])) for j in more)
                return out
            if len(values) > 1:
                for sign in self._words.rules.joined.get(entity, ()):
                    whole = join_parts([row[j] for j in values], sign)
                    match = self._kit.value(entity, whole) if whole else None
                    if match is not None:
                        return [(first, (self._cells.joined(plan, row[first], whole, match),))]
        if sure[0] in {"PERSON", "DATE_OF_BIRTH"}:
            plan = ColumnPlan(first, label, self._cells.safe_header(label), sure[0], Mode.VALUE, 0.9, 1.0)
            return [(first, things)] if (things := self._cells.label_value(plan, row[first])) else []
        return []

    def _under_labels(self, block: Grid, headers: dict[tuple[int, int], str], found: dict[tuple[int, int], list[Found]]) -> None:
        """Values below their label, also several rows of them, where beside it stands another label or nothing: a table in a form."""
        above: dict[int, str] = {}
        for r, row in enumerate(block.rows):
            cells = filled(row)
            weights = [self._words.label(row[i]).weight for i in cells]
            for n, i in enumerate(cells):
                if weights[n] >= _LABEL or (n + 1 < len(cells) and i in above and self._words.role(row[i])):  # 支援者|担任 below 診断|…
                    above.pop(i, None)
                    if n + 1 == len(cells) or weights[n + 1] >= _LABEL:
                        above[i] = row[i]
                elif (label := above.get(i)) and not found.get((r, i)):
                    if things := self._below(label, row[i]):
                        headers.setdefault((r, i), self._cells.safe_header(label))
                        found[r, i] = list(things)
                    elif any(weight >= _SURE for _, weight in self._words.label(label).kinds):
                        del above[i]  # the column ends here
                    else:
                        headers.setdefault((r, i), self._cells.safe_header(label))

    def _below(self, label: str, cell: str) -> tuple[Found, ...]:
        """What a cell below a label holds, when the label names a kind and the cell is of it."""
        text = cell.strip()
        for entity, weight in self._words.label(label).kinds:
            if weight >= _SURE and not self._words.against(entity, label):
                match = self._kit.value(entity, text)
                if match is not None and (entity != "PERSON" or match.score >= _NAMED_TOO):
                    return self._cells.label_value(ColumnPlan(0, label, self._cells.safe_header(label), entity, Mode.VALUE, 0.9, 1.0), cell)
        return ()

    def _sensitive_pairs(self, block: Grid, headers: dict[tuple[int, int], str], found: dict[tuple[int, int], list[Found]]) -> None:
        """Cells behind a label that names a sensitive kind count when the form is about a person."""
        identifies = self._words.rules.identifies
        about = self._persons_assumed() or any(f.entity in identifies and f.score >= _SHOWN for things in found.values() for f in things)
        if not about:
            return
        sure = self._about_health() or any(
            (named := self._words.sensitive_weight(header)) and named[1] >= WEAK for header in set(headers.values()) if header
        )
        for (r, i), header in headers.items():
            named = self._words.sensitive_weight(header) if header else None
            if named is None or not (sure or self._kit.sensitive.candidates(block.rows[r][i])):
                continue
            kind = named[0]
            own = found.get((r, i), ())
            if not any(f.entity == kind or (f.entity == "PERSON" and f.score >= _SHOWN) for f in own):  # 処方医|浅沼先生
                found.setdefault((r, i), []).extend(self._cells.sensitive(kind, header, block.rows[r][i]))

    # ---------------------------------------------------------------------- prose

    def _read_prose(self, block: Grid, gathered: _Gathered, headers: Sequence[str] = (), start: int = 0) -> None:
        """Rows without a shape: what stands in a row belongs together.

        :param headers: of the columns, where known: names under 駅名 and numbers under 図番 are none, but in a line above or below the table.
        :param start: the first row below those headers; what stands above them is not under them.
        """
        rows: dict[int, list[Hit]] = {}
        for (r, i), thing in self._prose_hits(block):
            under = start <= r and i < len(headers) and headers[i] and len(filled(block.rows[r])) > 1
            if under and self._words.something_else(thing.entity, headers[i]):
                continue
            rows.setdefault(r, []).append(thing.at(Cell(block.sheet, block.numbers[r], block.first_column + i), ""))
        for (r, i), thing in (*(() if any(headers) else self._seats(block)), *self._stamps(block)):
            place = Cell(block.sheet, block.numbers[r], block.first_column + i)
            own = rows.setdefault(r, [])
            if not any(hit.location == place and hit.score >= thing.score for hit in own):
                rows[r] = [*(hit for hit in own if hit.location != place or hit.entity != "PERSON"), thing.at(place, "")]
        if block.width == 1 and len(rows) > 1 and sum(_names_with_more(hits) for hits in rows.values()) < _LISTED_ROWS:
            gathered.prose.append([hit for _, hits in sorted(rows.items()) for hit in hits])  # one below the other: somebody's card
            return
        gathered.prose.extend(hits for _, hits in sorted(rows.items()))

    def _seats(self, block: Grid) -> Iterator[tuple[tuple[int, int], Found]]:
        """A plan of seats: a small grid of names and nothing else, or of names and their extensions where the sheet says that it is one."""
        if len(block.rows) > _SMALL_ROWS:
            return
        places = [(r, i) for r, row in enumerate(block.rows) if len(filled(row)) >= 2 for i in filled(row)]
        places = [(r, i) for r, i in places if not _TABLE_SIGN.match(text := block.rows[r][i].strip()) and text not in MARKS]
        scores = self._judge.measure.short_names(block.rows[r][i] for r, i in places)
        if len(scores) == len(places) and family_names(scores):
            named = [bool(score) for score in scores]
        elif self._of_seats:
            places = [(r, i) for r, i in places if len(text := block.rows[r][i].strip()) <= _NAME_CHARS and not any(map(str.isdigit, text))]
            named = [self._sits(block.rows[r][i].strip()) for r, i in places]
            if len(places) < _LEAST_SEATS or sum(named) < _SEATED * len(places):
                return
        else:
            return
        for (r, i), name in zip(places, named, strict=True):
            if name:
                text = block.rows[r][i].strip()
                start = block.rows[r][i].find(text)
                yield (r, i), Found("PERSON", start, start + len(text), 0.7, "column", text, "".join(nfkc(text).split()), ("among names",))

    def _sits(self, text: str) -> bool:
        match = self._kit.value("PERSON", text)
        return is_family(text) or (match is not None and match.score >= _SHOWN)

    def _stamps(self, block: Grid) -> Iterator[tuple[tuple[int, int], Found]]:
        """Family names in the boxes for stamps, below who stamps there: 部長|課長|担当 over 乾|根岸|御手洗."""
        for r, row in enumerate(block.rows[:-1]):
            cells = filled(row)
            if len(cells) >= _LEAST_STAMPS and all(self._words.role(row[i].strip()) for i in cells):
                below = block.rows[r + 1]
                for i in filled(below):
                    if i in cells:
                        yield from (((r + 1, i), thing) for thing in self._cells.family(row[i], below[i]))

    def _prose_hits(self, block: Grid) -> Iterator[tuple[tuple[int, int], Found]]:
        """The prose pipeline over cells joined by tabs and rows by line ends; hits with the cell that holds most of each."""
        for text, starts, places in _flatten(block):
            for result in self._kit.spot(text):
                first = bisect_right(starts, result.start) - 1
                last = bisect_right(starts, result.end - 1) - 1
                best, size = first, 0
                for n in range(first, last + 1):
                    begin, (r, i) = starts[n], places[n]
                    inside = min(result.end, begin + len(block.rows[r][i])) - max(result.start, begin)
                    if inside > size:
                        best, size = n, inside
                r, i = places[best]
                cell = block.rows[r][i]
                start = max(result.start, starts[best]) - starts[best]
                end = min(result.end - starts[best], len(cell))
                thing = found_of(result, text)
                value = cell[start:end].strip()
                if not value:
                    continue
                start = cell.find(value, start)
                yield (
                    (r, i),
                    Found(thing.entity, start, start + len(value), thing.score, thing.recognizer, value, thing.norm, thing.why),
                )


# -------------------------------------------------------------------------- gathering


class _Form:
    """Hits of a form by the person they are about."""

    def __init__(self, subjects: frozenset[str]) -> None:
        self.subjects = subjects  # labels that a name stands behind
        self.bands: dict[int, list[Hit]] = {}

    def add(self, band: int, hits: list[Hit]) -> None:
        self.bands.setdefault(band, []).extend(hits)

    def goes_on(self, records: Iterable[Record]) -> None:
        """What a table below the form says of nobody is said of whom the form is about."""
        for record in records:
            self.add(max(self.bands, default=0), list(record.hits))


class _Gathered:
    """What a sheet's forms and loose rows found; blocks of one form, parted by blank rows, are one record."""

    def __init__(self) -> None:
        self.forms: list[_Form] = []
        self.prose: list[list[Hit]] = []
        self.single: list[Record] = []  # of tables of one row

    def records(self) -> Iterator[Record]:
        yield from one_form(self.single)
        together: list[Hit] = []
        seen: set[str] = set()
        for form in self.forms:
            if len(form.bands) > 1:
                for _, hits in sorted(form.bands.items()):
                    yield _record(RecordKind.FORM, hits)
                continue
            if seen & form.subjects:  # 氏名 again: the next card
                yield _record(RecordKind.FORM, together)
                together = []
            seen |= form.subjects
            for hits in form.bands.values():
                together.extend(hits)
        if self.forms:
            for hits in self.prose:
                together.extend(hits)
            if together:
                yield _record(RecordKind.FORM, together)
            return
        for hits in self.prose:
            yield _record(RecordKind.SECTION, hits)


def _is_plan_of_seats(grid: Grid) -> bool:
    """Whether a sheet is called a plan of seats, or says so in a line of its own."""
    lone = [row[cells[0]] for row in grid.rows if len(cells := filled(row)) == 1]
    return any(_PLAN_OF_SEATS.search(text) for text in (grid.sheet or "", *lone))


def one_form(rows: Sequence[Record]) -> Sequence[Record]:
    """Tables of one row each, one below the other (氏名|生年月日, 郵便番号|住所, 銀行名|口座名義): a form, when one of them alone names somebody."""
    hits = [hit for row in rows for hit in row.hits]
    named = [row for row in rows if any(hit.entity == "PERSON" and not is_reading(hit.header) for hit in row.hits)]
    kinds = [header for row in rows for header in {hit.header for hit in row.hits} if header]
    if len(rows) < 2 or len(named) != 1 or len(kinds) > len(set(kinds)):
        return rows
    return [_record(RecordKind.FORM, hits)]


def _names_with_more(hits: Sequence[Hit]) -> bool:
    """Whether a row names somebody and says more of them."""
    return any(hit.entity == "PERSON" for hit in hits) and any(hit.entity != "PERSON" for hit in hits)


def _record(kind: RecordKind, hits: Sequence[Hit]) -> Record:
    return Record(kind if len(hits) > 1 else RecordKind.LOOSE, tuple(hits))


def _band(starts: Sequence[tuple[int, int]], row: int, column: int) -> int:
    """Which repeated block a cell belongs to: the last one that begins above it and to its left."""
    if not starts:
        return 0
    above = [s for s in starts if s[0] <= row]
    if not above:
        return 0
    line = max(s[0] for s in above)
    same = [n for n, s in enumerate(starts) if s[0] == line]
    left = [n for n in same if starts[n][1] <= column]
    return left[-1] if left else same[0]


def _flatten(block: Grid) -> Iterator[tuple[str, list[int], list[tuple[int, int]]]]:
    """Text of at most some 12,000 characters, where each cell begins in it, and which cell that is."""
    parts: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int]] = []
    size = 0
    for r, row in enumerate(block.rows):
        cells = filled(row)
        for n, i in enumerate(cells):
            starts.append(size)
            places.append((r, i))
            sign = "\t" if n + 1 < len(cells) else "\n"
            parts.append(row[i] + sign)
            size += len(row[i]) + 1
        if size >= _BLOCK_CHARS:
            yield "".join(parts), starts, places
            parts, starts, places, size = [], [], [], 0
    if parts:
        yield "".join(parts), starts, places


def _without_blank_rows(grid: Grid) -> Grid:
    used = [n for n, row in enumerate(grid.rows) if filled(row)]
    return Grid(grid.sheet, [grid.numbers[n] for n in used], [grid.rows[n] for n in used], grid.first_column)


def _cut(block: Grid, a: int, b: int) -> Grid:
    """Some columns of a block, without the rows that are blank there at its top and end."""
    rows = [tuple(row[a:b]) for row in block.rows]
    used = [n for n, row in enumerate(rows) if filled(row)]
    first, last = used[0], used[-1] + 1
    return Grid(block.sheet, block.numbers[first:last], list(rows[first:last]), block.first_column + a)


def _turn(block: Grid) -> Grid:
    width = block.width
    padded = [[*row, *[""] * (width - len(row))] for row in block.rows]
    first = min((filled(row)[0] for row in block.rows if filled(row)), default=0)
    rows: list[Sequence[str]] = [tuple(column) for column in list(zip(*padded, strict=True))[first:]]
    return TurnedGrid(block.sheet, list(range(block.first_column + first, block.first_column + width)), rows, block.numbers[0])


# ---------------------------------------------------------------------------- columns
