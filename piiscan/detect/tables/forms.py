"""Forms: a label and its value beside it, or below it, and the whole once more as text; one record, or one a repeated block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from piiscan.detect.in_parts import Asked, InParts
from piiscan.detect.tables.columns import WEAK
from piiscan.detect.tables.divided import DATE_PART
from piiscan.detect.tables.documents import kinds_by_document
from piiscan.detect.tables.gathered import FormHits
from piiscan.detect.tables.grid import Grid, filled
from piiscan.detect.tables.pairs import in_two_pairs
from piiscan.detect.tables.plans import ColumnPlan, Found, Mode, join_parts
from piiscan.detect.tables.prose import prose_hits
from piiscan.detect.tables.seats import listed_below, stamped
from piiscan.detect.tables.values import Cells
from piiscan.detect.tables.words import TableKit, Words, plain
from piiscan.model import Cell

__all__ = ["FormReader"]

_SURE: Final = 0.8
_LABEL: Final = 0.7
#: No label of a part (丁目・番地, 建物名・部屋番号) is longer.
_PART_LABEL: Final = 12
#: A form of pairs in two columns has no more rows.
_CARD_ROWS: Final = 12
#: From this score on somebody is taken to be named.
_SHOWN: Final = 0.5
#: A name beside a value of another kind in one cell must be this probable.
_NAME_BESIDE: Final = 0.9
#: … and a name in a second cell behind one label this.
_NAMED_TOO: Final = 0.5

_Place = tuple[int, int]


class _Values:
    """What was found in a form so far.

    :ivar found: by the row and column of the cell.
    :ivar headers: the labels of cells that have one, safe to show.
    """

    def __init__(self) -> None:
        self.found: dict[_Place, list[Found]] = {}
        self.headers: dict[_Place, str] = {}

    def at(self, place: _Place) -> list[Found]:
        """What a cell holds; to be added to."""
        return self.found.setdefault(place, [])


class FormReader:
    """Reads blocks that are forms.

    :param is_personal: whether the document is a personal form, about somebody though it may not name whom.
    :param about_health: whether the document speaks of somebody's health.
    """

    def __init__(
        self, kit: TableKit, words: Words, cells: Cells, is_personal: Callable[[], bool], about_health: Callable[[], bool]
    ) -> None:
        self._kit = kit
        self._words = words
        self._cells = cells
        self._is_personal = is_personal
        self._about_health = about_health
        self._in_parts = InParts(words, kit.value)

    def read(self, block: Grid) -> FormHits:
        """The hits of a form by cell: behind labels, below them, under stamps, in text, and what is sensitive."""
        values = _Values()
        labels, starts = self._behind_labels(block, values)
        self._below_labels(block, values)
        for place, thing in stamped(block, self._words, self._cells):
            if not values.found.get(place):
                values.found[place] = [thing]
        for place, thing in listed_below(block, self._words, self._cells):  # whatever label stands before them in the form
            values.found[place] = [thing]
            values.headers.pop(place, None)
        self._in_text(block, labels, values)
        self._asked_in_parts(block, values)
        self._sensitive(block, values)
        repeated = max((places for places in starts.values() if len(places) > 1), key=len, default=[])
        form = FormHits(frozenset(starts))
        for (r, i), things in sorted(values.found.items()):
            cell = Cell(block.sheet, block.numbers[r], block.first_column + i)
            form.add(_band(repeated, r, i), [thing.at(cell, values.headers.get((r, i), "")) for thing in things])
        return form

    # ------------------------------------------------------------ behind a label

    def _behind_labels(self, block: Grid, values: _Values) -> tuple[set[_Place], dict[str, list[_Place]]]:
        """Read the values to the right of labels; the labels, and those of them that a name stands behind."""
        labels: set[_Place] = set()
        starts: dict[str, list[_Place]] = {}
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
                            values.at((r, j)).extend(self._cells.family(row[i], row[j]))
                    continue
                answers: list[int] = []
                for j in cells[n + 1 :]:
                    last = paired or (j < cells[-1] and self._words.role(row[j]))  # 身体の障害|なし|取扱者|小河 千代
                    if self._words.label(row[j]).weight >= _LABEL or (answers and last):
                        break
                    answers.append(j)
                if not answers:
                    continue
                labels.add((r, i))
                for j in answers:
                    values.headers.setdefault((r, j), self._cells.safe_header(row[i]))
                pair = self._pair(kinds_by_document(label.kinds, label.plain, block.rows), row[i], row, answers)
                for j, things in pair:
                    values.at((r, j)).extend(things)
                if any(e == "PERSON" and w >= _SURE for e, w in label.kinds) and any(f.entity == "PERSON" for _, t in pair for f in t):
                    starts.setdefault(label.plain, []).append((r, i))
        return labels, starts

    def _bearers(self, row: Sequence[str], cells: Sequence[int]) -> Sequence[int]:
        """The cells behind a word for what somebody does that may name who: the first one, or all where each is a name (面談者|佐藤|祖父江|谷口)."""
        return cells if len(cells) > 1 and all(self._cells.family("", row[j]) for j in cells) else cells[:1]

    def _pair(
        self, kinds: Sequence[tuple[str, float]], label: str, row: Sequence[str], answers: Sequence[int]
    ) -> list[tuple[int, tuple[Found, ...]]]:
        """What the value cells behind one label hold, when the label names a kind."""
        sure = [entity for entity, weight in kinds if weight >= _SURE and not self._words.against(entity, label)]
        if not sure:
            return []
        first = answers[0]
        for entity in sure:
            plan = self._plan(first, label, entity)
            if self._kit.value(entity, row[first].strip()) is not None:
                out = [(first, self._cells.label_value(plan, row[first]))]
                least = _NAMED_TOO if entity == "PERSON" else 0.0  # 紹介者|川内 饗古|入会動機|友人の紹介
                more = (j for j in answers[1:] if (match := self._kit.value(entity, row[j].strip())) and match.score >= least)
                out.extend((j, self._cells.label_value(plan, row[j])) for j in more)
                return out
            if len(answers) > 1:
                for sign in self._words.rules.joined.get(entity, ()):
                    whole = join_parts([row[j] for j in answers], sign)
                    match = self._kit.value(entity, whole) if whole else None
                    if match is not None:
                        return [(first, (self._cells.joined(plan, row[first], whole, match),))]
        if sure[0] in {"PERSON", "DATE_OF_BIRTH"}:
            things = self._cells.label_value(self._plan(first, label, sure[0]), row[first])
            return [(first, things)] if things else []
        return []

    def _plan(self, index: int, label: str, entity: str) -> ColumnPlan:
        return ColumnPlan(index, label, self._cells.safe_header(label), entity, Mode.VALUE, 0.9, 1.0)

    # -------------------------------------------------------------- below a label

    def _below_labels(self, block: Grid, values: _Values) -> None:
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
                elif (label := above.get(i)) and not values.found.get((r, i)):
                    if things := self._below(label, row[i]):
                        values.headers.setdefault((r, i), self._cells.safe_header(label))
                        values.found[r, i] = list(things)
                    elif any(weight >= _SURE for _, weight in self._words.label(label).kinds):
                        del above[i]  # the column ends here
                    else:
                        values.headers.setdefault((r, i), self._cells.safe_header(label))

    def _below(self, label: str, cell: str) -> tuple[Found, ...]:
        """What a cell below a label holds, when the label names a kind and the cell is of it."""
        text = cell.strip()
        for entity, weight in self._words.label(label).kinds:
            if weight >= _SURE and not self._words.against(entity, label):
                match = self._kit.value(entity, text)
                if match is not None and (entity != "PERSON" or match.score >= _NAMED_TOO):
                    return self._cells.label_value(self._plan(0, label, entity), cell)
        return ()

    # ------------------------------------------------------------- without a label

    def _in_text(self, block: Grid, labels: set[_Place], values: _Values) -> None:
        """What the prose pipeline finds beside the values of labels."""
        for place, thing in prose_hits(self._kit, block):
            if place in labels and (thing.entity == "PERSON" or thing.entity.startswith("JP_SENSITIVE_")):
                continue  # ふ り が な, 3か月以内の受診・投薬
            own = values.at(place)
            if thing.entity == "PERSON" and thing.score < _NAME_BESIDE and any(f.entity != "PERSON" for f in own):
                continue  # the rest of a cell whose label names another kind: 昭和50年4月1日生(満51歳)
            if all(thing.end <= f.start or f.end <= thing.start for f in own):
                own.append(thing)

    def _asked_in_parts(self, block: Grid, values: _Values) -> None:
        """姓|山田 over 名|太郎; 都道府県|東京都 over 市区町村|千代田区."""

        def known(one: Asked) -> list[tuple[float, tuple[str, ...]]]:
            return [(f.score, f.why) for f in values.found.get(one.place, ()) if f.entity == "PERSON"]

        for whole in self._in_parts.whole(list(self._asked(block)), known):
            for one in whole.parts:
                if own := values.found.get(one.place):
                    values.found[one.place] = [f for f in own if f.entity != whole.entity]
            for one in whole.at:
                cell = block.rows[one.place[0]][one.place[1]]
                start = cell.index(one.value)
                end = start + len(one.value)
                values.at(one.place).append(
                    Found(whole.entity, start, end, whole.score, "column", whole.value or one.value, whole.norm, whole.why)
                )

    def _asked(self, block: Grid) -> Iterator[Asked]:
        """The labels of a form with the first cell behind each."""
        above = ""
        for r, row in enumerate(block.rows):
            cells = filled(row)
            asks = [self._asks(row[i]) for i in cells]
            for n, i in enumerate(cells):
                if asks[n] and n + 1 < len(cells) and not asks[n + 1]:
                    yield Asked(r, row[i], row[cells[n + 1]].strip(), above, (r, cells[n + 1]))
                    above = ""
                elif asks[n]:
                    above = row[i]

    def _asks(self, cell: str) -> bool:
        """Whether a cell asks for something, be it for a part only."""
        label = self._words.label(cell)
        if label.weight >= _LABEL:
            return True
        if len(cell) > _PART_LABEL or any(map(str.isdigit, cell)):
            return False
        return bool(label.kinds) or DATE_PART.fullmatch(plain(cell)) is not None

    def _sensitive(self, block: Grid, values: _Values) -> None:
        """Cells behind a label that names a sensitive kind count when the form is about a person."""
        identifies = self._words.rules.identifies
        named = (f.entity in identifies and f.score >= _SHOWN for things in values.found.values() for f in things)
        if not (self._is_personal() or any(named)):
            return
        sure = self._about_health() or any(
            (weight := self._words.sensitive_weight(header)) and weight[1] >= WEAK for header in set(values.headers.values()) if header
        )
        for (r, i), header in values.headers.items():
            kind_of = self._words.sensitive_weight(header) if header else None
            if kind_of is None or not (sure or self._kit.sensitive.candidates(block.rows[r][i])):
                continue
            kind = kind_of[0]
            own = values.found.get((r, i), ())
            if not any(f.entity == kind or (f.entity == "PERSON" and f.score >= _SHOWN) for f in own):  # 処方医|浅沼先生
                values.at((r, i)).extend(self._cells.sensitive(kind, header, block.rows[r][i]))


def _band(starts: Sequence[_Place], row: int, column: int) -> int:
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
