"""The rows of a table of records, read under the plans of its columns: a record a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from piiscan.detect.around import SAID_TO_BE_DEAD, said_of
from piiscan.detect.names.families import is_family, is_family_or_place
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.spoken import split_name
from piiscan.detect.names.variants import foreign_surnames, modern_forms, name_norm
from piiscan.detect.normalize import nfkc
from piiscan.detect.tables.apart import Apart
from piiscan.detect.tables.columns import Judge
from piiscan.detect.tables.firms import Firms
from piiscan.detect.tables.grid import Grid, cell_of, filled
from piiscan.detect.tables.measure import NUMERAL, PLACE, is_nothing
from piiscan.detect.tables.plans import ColumnPlan, Found, Mode, join_parts, names_thing, samples, spot_cells
from piiscan.detect.tables.same_person import SamePerson
from piiscan.detect.tables.slots import in_slots
from piiscan.detect.tables.storeys import Storeys
from piiscan.detect.tables.words import TableKit, Words
from piiscan.model import OWN_NAME, Cell, Hit, Record, RecordKind

__all__ = ["Rows"]

_LABEL: Final = 0.7
#: The days of a week but the one that is a family name as well.
_WEEK: Final = frozenset("月火水木土日")
#: What a row says of somebody who died, and under which headers: 消息|物故, not 届出|死亡, which names who gave notice of it.
_LATE = re.compile(r"(?:ご)?(?:物故|逝去|死亡|死去|他界|永眠|故人)(?:者|済み?|[ \u3000]?[(（\[].*)?")
_STATE = re.compile(r"消息|備考|近況|現況|現状|状況|状態|摘要|異動|区分")
#: A header of a table that counts people: 受診率, 対象者数, 事業所.
_COUNTED = re.compile(r"率$|率\(|人数|件数|者数|割合|構成比|^(?:事業所|拠点|工場|支店|年度|年代|年齢階級|区分)$")
#: Who wrote a row or tested a thing.
_MAKER = re.compile(
    r"(?:講師|出演|主演|監督|演者|著者|作者|司会|座長|登壇者?|話し手|解説|審査員|執筆)(?:名|者名?|者氏名|氏名)?|(?:作成|点検|検査|保守|校正|更新|登録|入力|集計|編集|発注|撮影|起票|実施|テスト|測定)(?:担当)?(?:者|員)(?:名|氏名)?"
)
#: … or sells and lends what the rows are of.
_SELLER = re.compile(rf"{_MAKER.pattern}|(?:記録|記入|対応)者|(?:営業|販売|仕入|受入)?担当(?:者)?(?:名)?")
_GOODS = re.compile(r"^(?:部品|設備|機種|車両|装置|物件|家賃|型番|JAN|品名|商品名?|製品名?|機器名?|在庫|単価|数量|書名|作品名?)")
#: … or a list of what is to be done: 件名|内容|担当|期限.
_TO_DO = re.compile(
    r"^(?:件名|課題(?:名|内容)?|タスク名?|ToDo|案件名?|作業項目|工事名|工事件名|施策名?|改修(?:箇所|内容)|点検(?:項目|箇所)|議題)$",
    re.IGNORECASE,
)
#: A test of a program, whose people are made up.
_TESTED = re.compile(r"期待結果|期待値|テストケース|ケースID|テスト項目")
#: A question of a form, and boxes to be ticked.
_QUESTION = re.compile(r"か[。?？]?\s*$")
_UNTICKED, _TICKED = re.compile(r"\s*[□☐◻◯]"), re.compile(r"[☑■✓✔レ☒●◉]")
_WHOLE_NAME: Final = 0.85
#: What is said of somebody behind the given name alone, what stands before it, and words that begin so.
_SAID_OF: Final = frozenset("はがもをの")
_TITLED: Final = frozenset({"さん", "くん", "君", "ちゃ"})
_BEGINS: Final = frozenset("。、,，．.・「（( \u3000\n/／")
_ADVERBS: Final = frozenset({"実は", "要は", "元の", "元は", "次の", "次は", "他の", "他は", "後の", "後は", "光の", "幸の"})
_GIVEN_NAME: Final = 0.8
#: 轟/陳, 谷・柳 in what a meeting is called, and the words between its signs.
_BETWEEN_NAMES = re.compile(r"[一-鿿ァ-ヺー][ \u3000]?(?:[/／・&＆×:：]|と|vs)[ \u3000]?[一-鿿ァ-ヺー]")
_PIECE = re.compile(r"(?<![一-鿿ァ-ヺー])[一-鿿々ァ-ヺー]{1,8}(?![一-鿿ァ-ヺー])")
_TASK_NAME: Final = 0.75
#: In a table of so many columns a row of one cell is a note.
_NOTED: Final = 3


class Rows:
    """A table of records in rows, under its plan.

    :ivar storeys: how its rows lie where each record has two of them.
    """

    def __init__(
        self, kit: TableKit, judge: Judge, words: Words, plans: list[ColumnPlan], headers: Sequence[str], *, has_header: bool
    ) -> None:
        self._kit = kit
        self._judge = judge
        self._cells = judge.cells
        self._words = words
        self._plans = plans
        self._headers = tuple(headers)
        self._has_header = has_header
        self.storeys: Storeys | None = None
        self._identifies = frozenset(words.rules.identifies)
        self._lane_of = _lanes(headers)
        self._counts = not self.about_persons and any(_COUNTED.search(nfkc(header)) for header in headers)
        self._made = self._by_makers()
        self._address = self._address_parts()
        self._apart = Apart(plans, words)
        self._states = tuple(i for i, header in enumerate(headers) if _STATE.search(header))
        self._same_person = SamePerson(plans, words)

    @property
    def headed(self) -> bool:
        """Whether its columns have headers."""
        return self._has_header

    @property
    def personal(self) -> bool:
        """Whether any column holds something, or is known to hold nothing although it looks so."""
        return any(plan.mode is not Mode.SKIP or plan.of_words for plan in self._plans)

    @property
    def about_persons(self) -> bool:
        return any(plan.mode is Mode.VALUE and plan.entity in self._identifies for plan in self._plans)

    # ------------------------------------------------------------ headers, continuity

    @property
    def headers(self) -> tuple[str, ...]:
        return self._headers

    def is_header(self, row: Sequence[str]) -> bool:
        """Whether a row in the middle is a header."""
        label = self._words.label
        labels = 0
        cells = 0
        for cell in row:
            if cell and not cell.isspace():
                cells += 1
                if label(cell).weight >= _LABEL:
                    labels += 1
                elif cells == 1:
                    return False
        return cells >= 3 and labels >= 0.7 * cells

    def repeats_header(self, row: Sequence[str]) -> bool:
        """The same header again, as at the top of each printed page."""
        own = [nfkc(h) for h in self._headers if h]
        theirs = [nfkc(cell.strip()) for cell in row if cell and not cell.isspace()]
        return bool(own) and len(set(theirs) & set(own)) >= 0.7 * len(theirs)

    def fits(self, block: Grid) -> bool:
        """Whether rows after a blank row go on with this table: no header of their own, and values of its kinds."""
        rows = block.rows[:20]
        if any(self.is_header(row) for row in rows[:3]):
            return False
        judged = [plan for plan in self._plans if plan.mode is Mode.VALUE]
        if not judged:
            return False
        tried = passed = 0
        for row in rows:
            for plan in judged:
                if plan.index < len(row) and row[plan.index].strip():
                    tried += 1
                    passed += any(f.entity == plan.entity for f in self._cells.value(plan, row[plan.index]))
        wide = sum(len(filled(row)) >= 2 for row in rows)
        return bool(tried) and passed >= 0.6 * tried and wide >= 0.5 * len(rows)

    def takes_in(self, row: Grid) -> bool:
        """Whether the row over the header fits its columns and names somebody there as surely as the lists can say."""
        people = [plan.index for plan in self._plans if plan.mode is Mode.VALUE and plan.entity == "PERSON"]
        named = [self._kit.value("PERSON", cell) for cells in row.rows for i in people if (cell := cell_of(cells, i))]
        return any(match is not None and match.score >= _WHOLE_NAME for match in named) and self.fits(row)

    # ----------------------------------------------------------------------- records

    def records(self, body: Grid, persons_assumed: bool) -> Iterator[Record]:
        """A record for each row with hits."""
        if not body.rows:
            return
        self._look_again(body)
        texts, notes = self._texts(body)
        persons_assumed = persons_assumed and not self._counts
        about = persons_assumed or (self.about_persons and not self._made)
        values = [
            p
            for p in self._plans
            if p.mode is Mode.VALUE and p.name_part < 0 and p.shown_by < 0 and not p.joins and p.index not in self._address
        ]
        prose = [p.index for p in self._plans if p.mode is Mode.TEXT and not self._words.works(p.raw_header)]
        shown = [p for p in self._plans if p.shown_by >= 0]
        joined = [p for p in self._plans if p.joins]
        names = [p for p in self._plans if p.name_part == 0]
        sensitive = [p for p in self._plans if p.mode is Mode.SENSITIVE]
        talk = [p for p in self._plans if p.mode is Mode.TEXT and not self._words.works(p.raw_header)]
        same = {} if self._lane_of else self._same_person.found(values, body.rows)
        own = frozenset(p.index for p in values if p.own_people)
        given = frozenset(p.index for p in values if p.given_alone)
        firms = None if persons_assumed or self._lane_of else Firms(self._plans, self._words, self._kit)
        apart = None if self._lane_of or self._apart.idle else self._apart
        kept_of = self._cells.kept
        by_value = [(p.index, p.header, p, p.cache) for p in values]
        number = 0

        def place(index: int) -> Cell:
            return body.place(number, index)

        for r, row in enumerate(body.rows):
            hits: list[tuple[int, Hit]] = []
            number = body.numbers[r]
            width = len(row)
            for index, header, plan, cache in by_value if r not in notes else ():
                if index < width and (cell := row[index]):
                    kept = cache.get(cell)
                    if kept is None:
                        kept = kept_of(plan, cell)
                    if kept:
                        at = body.place(number, index)
                        for entity, start, end, score, recognizer, value, norm, why in kept:
                            hits.append((index, Hit(entity, at, start, end, score, recognizer, value, norm, header, why)))
            for plan in names:
                hits.extend((i, thing.at(place(i), self._plans[i].header)) for i, thing in self._name(plan, row))
            for plan in joined:
                hits.extend((plan.index, thing.at(place(plan.index), plan.header)) for thing in self._join(plan, row))
            for plan in shown:
                hits.extend((plan.index, thing.at(place(plan.index), plan.header)) for thing in self._cells.shown(plan, row))
            if self._address:
                hits.extend((i, thing.at(place(i), self._plans[i].header)) for i, thing in self._whole_address(row))
            for index, found in texts.get(r, ()):
                hits.extend((index, thing.at(place(index), self._plans[index].header)) for thing in found)
            if hits and any(index < width and row[index] for index in prose):
                hits.extend((i, thing.at(place(i), self._plans[i].header)) for i, thing in _by_given_name(hits, row, prose))
                if meant := list(_by_family_name(hits, row, prose)):
                    hits = [(i, hit) for i, hit in hits if not _is_run_together(i, hit, meant)]
                    hits.extend((i, thing.at(place(i), self._plans[i].header)) for i, thing in meant)
            if "金" in row and len(_WEEK.intersection(row)) > 1:
                hits = [(i, hit) for i, hit in hits if hit.value != "金"]  # 月|火|水|木|金 over a plan of duties
            if same:
                hits = _as_one(hits, same)
            if own:
                hits = [(i, replace(hit, why=(*hit.why, OWN_NAME))) if i in own and hit.entity == "PERSON" else (i, hit) for i, hit in hits]
            if given:
                hits = _with_family(hits, given)
            if self._states and any(i < width and _LATE.fullmatch(row[i].strip()) for i in self._states):
                hits = [(i, self._of_the_late(i, hit)) for i, hit in hits]
            if apart is not None:
                hits = apart.parted(hits, row)
            if firms is not None and hits and firms.of_nobody(hits, row):
                hits = firms.kept(hits, row)
            if about and (persons_assumed or any(hit.entity in self._identifies for _, hit in hits)):
                for plan in sensitive:
                    if plan.index < width and row[plan.index].strip():
                        hits.extend((plan.index, t.at(place(plan.index), plan.header)) for t in self._cells.value(plan, row[plan.index]))
                for plan in talk:
                    if plan.index < width and row[plan.index] and not _unanswered(row, plan.index):
                        mine = [hit for index, hit in hits if index == plan.index]
                        said = [t.at(place(plan.index), plan.header) for t in self._cells.talk(plan, row[plan.index], mine)]
                        if said and mine:  # パーキンソン is no name there
                            spans = {(hit.start, hit.end) for hit in said}
                            hits = [(i, h) for i, h in hits if i != plan.index or h.entity != "PERSON" or (h.start, h.end) not in spans]
                        hits.extend((plan.index, hit) for hit in said)
            if hits and (r in notes or (len(self._plans) >= _NOTED and _is_lone(row, hits))):
                yield Record(RecordKind.SECTION if len(hits) > 1 else RecordKind.LOOSE, tuple(hit for _, hit in hits))
            elif hits:
                yield from self._by_lane(hits)

    def _of_the_late(self, index: int, hit: Hit) -> Hit:
        """The row's own person, of whom it says that he died; not who deals with it."""
        header = self._plans[index].raw_header
        if hit.entity != "PERSON" or self._words.other_person(header) or self._words.role(header):
            return hit
        return replace(hit, why=(*hit.why, SAID_TO_BE_DEAD))

    def _by_makers(self) -> bool:
        """Whether nobody is named but who wrote the rows or tested the things: 作成者 beside 病名 and 患者数, 点検者 beside 結果."""
        people = [plan for plan in self._plans if plan.mode is Mode.VALUE and plan.entity in self._identifies]
        if not people or any(plan.entity != "PERSON" for plan in people):
            return False
        headers = [nfkc(header) for header in self._headers]
        if any(_TESTED.search(header) for header in headers):
            return True
        maker = _SELLER if any(_GOODS.search(header) or _TO_DO.fullmatch(header) for header in headers) else _MAKER
        return all(maker.fullmatch(nfkc(plan.raw_header)) is not None for plan in people)

    def _by_lane(self, hits: list[tuple[int, Hit]]) -> Iterator[Record]:
        if not self._lane_of:
            hits.sort(key=lambda pair: (pair[0], pair[1].start))
            yield Record(RecordKind.ROW, tuple(hit for _, hit in hits))
            return
        lanes: dict[int, list[tuple[int, Hit]]] = {}
        for index, hit in hits:
            lanes.setdefault(self._lane_of.get(index, 0), []).append((index, hit))
        for _, own in sorted(lanes.items()):
            own.sort(key=lambda pair: (pair[0], pair[1].start))
            yield Record(RecordKind.ROW, tuple(hit for _, hit in own))

    # ---------------------------------------------------------------- prose in cells

    def _texts(self, body: Grid) -> tuple[dict[int, list[tuple[int, tuple[Found, ...]]]], set[int]]:
        """Prose columns, and rows of a lone cell (notes under a table), read in blocks; and which rows are such notes."""
        prose = [plan for plan in self._plans if plan.mode is Mode.TEXT]
        noted = len(self._plans) >= _NOTED
        values = {plan.index for plan in self._plans if plan.mode in {Mode.VALUE, Mode.SENSITIVE}}
        cells: dict[str, int] = {}
        notes: set[int] = set()
        wanted: list[tuple[int, int, str]] = []
        for r, row in enumerate(body.rows):
            at = [plan.index for plan in prose if plan.index < len(row)]
            wanted.extend((r, i, row[i]) for i in at if len(row[i]) >= 2 and not row[i].isspace())
            if noted and len(row) - row.count("") <= 1:
                for i in filled(row):
                    if i < len(self._plans) and self._plans[i].mode is not Mode.TEXT and len(row[i]) >= 4:
                        if i in values and self._cells.value(self._plans[i], row[i]) and not self._is_note(self._plans[i], row[i]):
                            continue
                        notes.add(r)
                        wanted.append((r, i, row[i]))
        for _, _, text in wanted:
            cells.setdefault(text, len(cells))
        found = spot_cells(self._kit.spot, list(cells))
        for plan in prose:
            own = list(dict.fromkeys(text for _, i, text in wanted if i == plan.index))
            for n, things in in_slots(own, [found[cells[text]] for text in own]).items():
                found[cells[own[n]]] = things
        out: dict[int, list[tuple[int, tuple[Found, ...]]]] = {}
        things_in = {p.index for p in prose if p.raw_header and self._words.things(p.raw_header)}
        for r, i, text in wanted:
            things = found[cells[text]]
            if things and i in things_in:
                things = tuple(thing for thing in things if not names_thing(thing, text))
            if (
                things and i < len(self._headers) and (late := said_of(self._plans[i].raw_header))
            ):  # 故人俗名, whose cells are read one by one
                things = tuple(t._replace(why=(*t.why, *late)) if t.entity == "PERSON" else t for t in things)
            if things:
                out.setdefault(r, []).append((i, things))
        for r, found_in_row in out.items():
            found_in_row += _of_the_same_task(body.rows[r], found_in_row)
        return out, notes

    def _is_note(self, plan: ColumnPlan, cell: str) -> bool:
        """Whether a lone cell in a column of names is something said rather than a rare name: 担当保育士　山田・佐藤."""
        return plan.entity == "PERSON" and not plan.inside and not self._cells.passes("PERSON", cell.strip())

    def _look_again(self, body: Grid) -> None:
        """Columns in which little stood so far."""
        for plan in self._plans:
            if plan.undecided:
                values = samples(body.rows, plan.index, self._words.rules.sample)
                if values:
                    self._plans[plan.index] = self._judge.look_again(plan, values, has_header=self._has_header)

    # ------------------------------------------------------- several cells, one value

    def _name(self, plan: ColumnPlan, row: Sequence[str]) -> Iterator[tuple[int, Found]]:
        other = self._plans[plan.name_pair]
        family = row[plan.index] if plan.index < len(row) else ""
        given = row[other.index] if other.index < len(row) else ""
        parts = [(p.index, cell, self._cells.name_part(p, cell)) for p, cell in ((plan, family), (other, given)) if cell.strip()]
        kept = [(i, found) for i, _, found in parts if found is not None]
        if not kept:
            return
        if len(kept) == 2:
            norm = self._cells.name_norm(family, given)
            for i, found in kept:
                yield i, Found("PERSON", found.start, found.end, found.score, "column", found.value, norm, found.why)
        else:
            yield kept[0]

    def _join(self, plan: ColumnPlan, row: Sequence[str]) -> Iterator[Found]:
        cells = [row[i] if i < len(row) else "" for i in (plan.index, *plan.joins)]
        whole = join_parts(cells, plan.joiner)
        if whole and cells[0].strip():
            match = self._kit.value(plan.entity, whole)
            if match is not None:
                yield self._cells.joined(plan, cells[0], whole, match)

    def _address_parts(self) -> tuple[int, ...]:
        """Adjacent columns that are one address in pieces (都道府県, 市区町村, 番地, 建物; street, city, state), the largest piece first."""
        if not self._has_header:
            known = {p.address_part: p.index for p in self._plans if p.address_part >= 0}
            return self._of_one_address(tuple(known[part] for part in sorted(known)))
        other = {p.index for p in self._plans if p.inside or (p.mode is Mode.VALUE and p.entity not in {"", "JP_ADDRESS"})}  # 住所 郵便番号
        ranks = [self._words.address_part(h) if h and i not in other else -1 for i, h in enumerate(self._headers)]
        turned = tuple(len(ranks) - 1 - i for i in _rising(ranks[::-1]))
        if not all(self._headers[i].isascii() for i in turned):
            turned = ()  # 部屋 before 住所 is where a guest stays, and no part of it
        best = max(_rising(ranks), turned, key=len)
        return self._of_one_address(best) if len(best) >= 2 else ()

    def _of_one_address(self, parts: tuple[int, ...]) -> tuple[int, ...]:
        for i in parts:
            self._plans[i].mode, self._plans[i].taken = Mode.VALUE, True
            self._plans[i].entity = "JP_ADDRESS"
        return parts

    def _whole_address(self, row: Sequence[str]) -> Iterator[tuple[int, Found]]:
        """The pieces as one address, reported at the cell with the largest piece.

        Prefecture, city and town without a number are a place, as in statistics and lists of postal codes.
        """
        pieces = [(i, row[i]) for i in self._address if i < len(row) and not is_nothing(row[i].strip())]
        whole = "".join(cell.strip() for _, cell in pieces)
        match = self._kit.value("JP_ADDRESS", whole) if whole else None
        if match is None or (match.score <= PLACE and not NUMERAL.search(whole)):
            return
        index, cell = max(pieces, key=lambda piece: len(piece[1].strip()))
        size = len(cell.strip())
        start = cell.find(cell.strip())
        score = round(1 - 0.1 * (1 - match.score), 4)
        value = whole[match.start : match.end]
        yield index, Found("JP_ADDRESS", start, start + size, score, "column", value, match.norm, ("address over several columns",))


def _rising(ranks: Sequence[int]) -> tuple[int, ...]:
    """The longest run of neighbours whose ranks do not fall."""
    best: tuple[int, ...] = ()
    run: list[int] = []
    for i, rank in enumerate([*ranks, -1]):
        if rank >= 0 and (not run or rank >= ranks[run[-1]]):
            run.append(i)
            continue
        best = max(best, tuple(run), key=len)
        run = [i] if rank >= 0 else []
    return best


def _of_the_same_task(row: Sequence[str], found: Sequence[tuple[int, tuple[Found, ...]]]) -> list[tuple[int, tuple[Found, ...]]]:
    """ファシリテータ 松井|七五三掛|生方: whoever else has the task that the first cell of a row names, where nothing but family names stands there."""
    index, things = found[0]
    others = [i for i in filled(row) if i > index]
    if any(len(own) > 1 for _, own in found[1:]):
        return []
    if len(things) != 1 or things[0].entity != "PERSON" or things[0].end != len(row[index].rstrip()) or not things[0].start:
        return []
    if not any(reason.startswith(("behind a unit", "title of a task")) for reason in things[0].why):
        return []
    names = [(i, row[i].strip()) for i in others]
    if not names or not all(
        name in foreign_surnames() or (len(name) > 1 and (is_family(name) or is_family_or_place(name))) for _, name in names
    ):
        return []
    known = {i for i, own in found if own[0].score >= _TASK_NAME}
    why = ("title of a task", "surname list")
    return [
        (i, (Found("PERSON", at := row[i].index(name), at + len(name), _TASK_NAME, "column", name, name_norm(name), why),))
        for i, name in names
        if i not in known
    ]


def _unanswered(row: Sequence[str], index: int) -> bool:
    """Whether a cell is a question of a form whose boxes beside it are all empty: アレルギーはありますか|□なし □あり（　）."""
    if not _QUESTION.search(row[index]):
        return False
    answers = [cell for cell in row[index + 1 :] if cell.strip()]
    return bool(answers) and all(_UNTICKED.match(cell) and not _TICKED.search(cell) for cell in answers)


def _is_lone(row: Sequence[str], hits: Sequence[tuple[int, Hit]]) -> bool:
    """Whether a row is one cell of prose, a note under the table: お振込先：…"""
    return len(row) - row.count("") <= 1 and not any(reason.startswith("column") for _, hit in hits for reason in hit.why)


def _as_one(hits: list[tuple[int, Hit]], same: dict[int, int]) -> list[tuple[int, Hit]]:
    """A row's hits, the reading or Latin spelling of a name with the name's compared form."""
    norms = {index: hit.norm for index, hit in hits if hit.entity == "PERSON"}
    for n, (i, hit) in enumerate(hits):
        if i in same and hit.entity == "PERSON" and (norm := norms.get(same[i], hit.norm)) != hit.norm:
            hits[n] = i, hit.named(norm)
    return hits


def _by_given_name(hits: Sequence[tuple[int, Hit]], row: Sequence[str], prose: Sequence[int]) -> Iterator[tuple[int, Found]]:
    """The given name of whom the row is about, in what is noted of him: 堤 亮|県立東高|亮は理系志望."""
    at, whose = next(((i, hit) for i, hit in hits if hit.entity == "PERSON"), (-1, None))
    whole = split_name(whose.value) if whose is not None and at not in prose else None
    if whose is None or whole is None or whole[1] not in lexicon().given:
        return
    given = whole[1]
    for i in prose:
        if i >= len(row) or (start := row[i].find(given)) < 0:
            continue
        behind = row[i][start + len(given) : start + len(given) + 2]
        said = behind[:1] in _SAID_OF or behind in _TITLED
        begins = not start or row[i][start - 1] in _BEGINS
        if said and begins and given + behind[:1] not in _ADVERBS and not any(j == i and hit.start <= start < hit.end for j, hit in hits):
            yield (
                i,
                Found(
                    "PERSON", start, start + len(given), _GIVEN_NAME, "column", given, whose.norm, ("given name of whom the row is about",)
                ),
            )


def _by_family_name(hits: Sequence[tuple[int, Hit]], row: Sequence[str], prose: Sequence[int]) -> Iterator[tuple[int, Found]]:
    """Those whom the row names in full, by their family names with signs around: 1on1 轟/陳 beside 轟 律 and 陳 美玲."""
    if not any(i < len(row) and _BETWEEN_NAMES.search(row[i]) for i in prose):
        return
    wholes = {}
    for i, hit in hits:
        if hit.entity == "PERSON" and i not in prose and (whole := split_name(hit.value)) is not None:
            wholes[whole[0]] = hit.norm if whole[0] not in wholes else ""
    for i in prose:
        for piece in _PIECE.finditer(row[i] if i < len(row) and _BETWEEN_NAMES.search(row[i]) else ""):
            norm = wholes.get(piece.group())
            inside = [hit for j, hit in hits if j == i and hit.start <= piece.start() < hit.end]
            if norm and not any(hit.norm == norm or hit.end == piece.end() == hit.start + len(piece.group()) for hit in inside):
                yield i, Found("PERSON", *piece.span(), _GIVEN_NAME, "column", piece.group(), norm, ("family name of whom the row names",))


def _is_run_together(index: int, hit: Hit, meant: Sequence[tuple[int, Found]]) -> bool:
    """Whether a hit is two names and the sign between them: 谷/柳."""
    return hit.entity == "PERSON" and any(index == i and hit.start <= thing.start < hit.end for i, thing in meant)


def _with_family(hits: list[tuple[int, Hit]], given: frozenset[int]) -> list[tuple[int, Hit]]:
    """A row's hits; a given name alone (世帯主 栗原純 家族 実) is compared with the family name of the first whole name."""
    families = (whole[0] for i, hit in hits if hit.entity == "PERSON" and i not in given and (whole := split_name(hit.value)))
    family = modern_forms(nfkc(next(families, "")))
    return [
        (i, replace(hit, norm=name_norm(f"{family} {hit.value}")))
        if family and i in given and hit.norm == modern_forms(nfkc(hit.value))
        else (i, hit)
        for i, hit in hits
    ]


def _lanes(headers: Sequence[str]) -> dict[int, int]:
    """Column to record, where the same run of headers stands two or more times side by side."""
    named = [(i, nfkc(h)) for i, h in enumerate(headers) if h]
    names = [h for _, h in named]
    for period in range(2, len(names) // 2 + 1):
        if len(names) % period == 0 and all(names[n] == names[n + period] for n in range(len(names) - period)):
            return {i: n // period for n, (i, _) in enumerate(named)}
    return {}
