"""Columns of a table: what each one holds, judged as a whole; then every value by its column's kind.

The cost is per column and per different value, not per cell: each column
remembers what its values were found to be (bounded).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import pairwise
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import ValueMatch, norm_of, why_of
from piiscan.detect.names.cells import TITLE
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.variants import modern_forms
from piiscan.detect.normalize import compact, fold, nfkc
from piiscan.detect.readings import is_reading, script_of
from piiscan.detect.samples import is_sample
from piiscan.detect.tables_words import TableKit, Words, plain
from piiscan.model import Hit, Location

__all__ = ["NUMERAL", "PLACE", "WEAK", "ColumnPlan", "Found", "Judge", "Mode", "family_names", "spot_cells"]

_CACHE: Final = 30_000
_BLOCK_CHARS: Final = 16_000
_GAP: Final = "\n\n"  # between cells that have nothing to do with each other
_SURE_HEADER: Final = 0.8
_LABEL: Final = 0.7
_HEADER_CHARS: Final = 16
#: A header below this names a sensitive kind only where the document, or the values, are about somebody's health.
WEAK: Final = 0.5
#: Grade of a sensitive word that proves much by itself.
_PROVES: Final = 0.85
_REPORTED: Final = 0.5
#: What the judge of sensitive words is told of a note in a row: it is about the row's person as a form is.
_ROW: Final = "row"
_NAME_SHAPE = re.compile(r"[㐀-鿿豈-﫿々〆ヶぁ-ゖァ-ヺー・･ｦ-ﾟA-Za-z\U00020000-\U0003ffffÀ-ɏ'’.\-−‐ \u3000]{2,40}")
#: From so many further characters on a cell is looked at for what else it holds.
_REST: Final = 3
_LEAST_DIGITS: Final = 7
_IN_BRACKETS = re.compile(r"[ \u3000]?[(（][ \u3000]?(?P<former>旧姓?[:：・ \u3000]?)?(?P<given>[々㐀-鿿ぁ-ゖァ-ヺー]{1,5})[ \u3000]?[)）]")
_FORMER = re.compile(r"旧姓|旧氏|旧名")
_GIVEN: Final = 0.95
_WORDED = re.compile(r"[㐀-鿿ぁ-ゖァ-ヺ]{2}|[A-Z][a-z]+ [A-Z]")
_NUMBERS_ONLY = re.compile(r"[\d\s.,:/%¥￥$+\-−△▲()A-Z_#]{0,14}")
_CODES_ONLY = re.compile(r"[0-9A-Za-z\s.,:/%+\-−_#*]{0,40}")
_POSTAL = re.compile(r"\s*〒?\s*(?P<code>[0-9]{3}-?[0-9]{4})[\s,]*")
_SYMBOL = re.compile(r"1[0-9]{3}0-")
_SEVEN = re.compile(r"[0-9]{6,7}")
_INSURANCE = re.compile(r"保険者|保険証|健保|国保|健康保険|資格確認")
_ACCOUNT_KINDS = frozenset({"普通", "当座", "貯蓄", "普", "当", "1", "2", "4", "普通預金", "当座預金"})
_BANK = re.compile(r"銀行$|信用金庫$|信金$|信用組合$|農業協同組合$|農協$|労働金庫$|ゆうちょ")
#: Mean score from which two columns of words are names together.
_NAME_PAIR: Final = 0.75
#: Mean score of a column of family names alone, frequent and rare ones.
_FAMILY: Final = 0.45
#: A family name is no longer; a word that is also one scores at least this.
_SHORT: Final = 5
_HARDLY: Final = 0.3
#: The word for a part of a name says so by itself when it is so long (姓カナ); 名 behind other words is in 会社名 too.
_WORDY: Final = 2
_WORD: Final = 0.2
#: One character that says something else in a column of names.
_MARKS = frozenset("有無済未可否良優空欠休出早遅日夜明他同計男女")
_LOST_ZERO = re.compile(r"[6-9]0[0-9]{8}")
#: So many values that nearly all have the right check digit are what they look like: 会員カード番号 of credit cards.
_MANY: Final = 4
_ALL_PASS: Final = 0.9
_CHECK_DIGITS: Final = 0.2
#: What a program calls a column whose header is blank, in lower case.
_NO_HEADER = re.compile(r"(?:col|column|field|unnamed|列|f|c)[ :_-]{0,2}[0-9]{1,3}")
#: A number with its groups apart: 03-1234-5678, (082)799-3868.
_GROUPED = re.compile(r"[+(]{0,2}[0-9]{2,5}[)-][ ]?[0-9]{1,4}[)-][0-9]{3,4}|\(0[0-9]{1,4}\) ?[0-9]{1,4}-[0-9]{4}")
_GAP_IN = re.compile(r"\S[ \u3000・]+\S")
_THREE_GROUPS = re.compile(r"[0-9]{2,5}-[0-9]{1,4}-[0-9]{3,4}")
#: A cell judged an address with no more than this names a place only, unless it holds a number.
PLACE: Final = 0.7
#: A figure; kanji ones are in names of places too (一関市).
NUMERAL = re.compile(r"[0-9０-９]")
#: Dates under a header that says no more than that they are dates are births when so many years lie between them.
_BIRTH_YEARS: Final = 8
_PLACEHOLDER = re.compile(r"[\s\-－―ー−*＊/／.・…]*|なし|無し|無|不明|未定|未登録|N/?A|null|none", re.IGNORECASE)


class Mode(Enum):
    """How the cells of a column are read."""

    SKIP = "skip"  # nothing personal in it
    VALUE = "value"  # every cell is a value of one kind
    TEXT = "text"  # every cell is prose
    SENSITIVE = "sensitive"  # about the row's person


@dataclass(frozen=True, slots=True)
class Found:
    """Something found in a cell, before it has a place."""

    entity: str
    start: int
    end: int
    score: float
    recognizer: str
    value: str
    norm: str
    why: tuple[str, ...]

    def at(self, location: Location, header: str) -> Hit:
        return Hit(self.entity, location, self.start, self.end, self.score, self.recognizer, self.value, self.norm, header, self.why)

    def __repr__(self) -> str:
        """Without the value."""
        return f"Found({self.entity}, {self.start}:{self.end}, {self.score:.2f})"


def found_of(result: RecognizerResult, text: str, *, shift: int = 0, why: tuple[str, ...] = ()) -> Found:
    """A recognizer's result within ``text`` as something found in a cell that begins at ``shift``."""
    value = text[result.start : result.end]
    metadata = result.recognition_metadata or {}
    return Found(
        result.entity_type,
        result.start - shift,
        result.end - shift,
        round(float(result.score), 4),
        str(metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, "")),
        value,
        norm_of(result) or compact(value),
        (*why_of(result), *why),
    )


@dataclass(slots=True)
class ColumnPlan:
    """What was decided about one column.

    :ivar header: the header as reported (empty when it may itself hold something personal).
    :ivar share: share of the sample that passed.
    """

    index: int
    raw_header: str = ""
    header: str = ""
    entity: str = ""
    mode: Mode = Mode.SKIP
    confidence: float = 0.0
    share: float = 0.0
    seen: int = 0
    name_pair: int = -1
    name_part: int = -1
    cache: dict[str, tuple[Found, ...]] = field(default_factory=dict, repr=False)
    #: of a column that joins its right-hand neighbours: their indices and the sign between
    joins: tuple[int, ...] = ()
    joiner: str = ""
    of_words: bool = False  # readings of words, stations: nothing personal, however much they look like names
    taken: bool = False  # read as a part of another column

    @property
    def undecided(self) -> bool:
        """Too little was seen to say for good that nothing is in it."""
        return self.mode is Mode.SKIP and self.seen < 20 and not self.taken and not self.of_words


class Judge:
    """Judges columns and their values with the kit."""

    def __init__(self, kit: TableKit, words: Words, about_health: Callable[[], bool] = lambda: False) -> None:
        self._kit = kit
        self._about_health = about_health
        self._words = words
        self._rules = words.rules
        self._checked = frozenset(words.rules.checked)
        self._never_names = tuple(nfkc(word) for word in words.rules.not_a_name)

    # ------------------------------------------------------------------ columns

    def columns(self, headers: Sequence[str], rows: Sequence[Sequence[str]], *, has_header: bool) -> list[ColumnPlan]:
        """A plan for each column.

        :param headers: joined header text of each column, empty where there is none.
        :param rows: rows of data (some hundreds are enough).
        """
        plans = [self.column(i, header, samples(rows, i, self._rules.sample), has_header=has_header) for i, header in enumerate(headers)]
        self._name_parts(plans, headers)
        self._joined(plans, rows)
        self._symbol_and_number(plans, rows)
        self._insured(plans, rows)
        self._names_alike(plans, rows)
        if has_header:
            self._readings_alone(plans, rows)
        else:
            if not any(plan.entity == "PERSON" for plan in plans):
                for plan in plans:
                    if plan.entity in self._rules.by_value and self._rules.by_value[plan.entity].bare:
                        plan.entity, plan.mode = "", Mode.TEXT
            self._joined_by_value(plans, rows)
            self._names_by_value(plans, rows)
            self._accounts(plans, rows)
            self._phones(plans, rows)
            self._birth_dates(plans, rows)
        return plans

    def is_header(self, first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
        """Whether a row of words that we do not know heads columns of names: 耕作者, 対象者, A卓 above people."""
        texts = [text for cell in first if (text := cell.strip())]
        if len(rows) < 2 or len(texts) < 0.6 * len(first) or len(set(texts)) < len(texts):
            return False
        if any(len(text) > _HEADER_CHARS or sum(map(str.isdigit, text)) > 2 or "@" in text for text in texts):
            return False
        named = [i for i, cell in enumerate(first) if cell.strip() and self._are_names(samples(rows, i, self._rules.sample))]
        scores = [match.score if (match := self._kit.value("PERSON", first[i].strip())) else 0.0 for i in named]
        return bool(named) and max(scores) < _WORD

    def _are_names(self, values: Sequence[str]) -> bool:
        passed, mean = self._share("PERSON", values) if _plausible("PERSON", values) else (0.0, 0.0)
        return passed >= self._rules.by_value["PERSON"].share and mean >= _NAME_PAIR

    def column(self, index: int, header: str, values: Sequence[str], *, has_header: bool) -> ColumnPlan:
        """Judge one column by its header and some of its different values."""
        plan = ColumnPlan(index, header, self.safe_header(header), seen=len(values))
        label = self._words.label(header)
        kinds = dict(label.kinds)
        best: tuple[float, str, float, float] | None = None
        for entity, weight in label.kinds:
            if self._words.against(entity, header):
                continue
            passed, mean = self._share(entity, values)
            if not passed:
                continue
            if weight >= _SURE_HEADER:
                need = self._rules.strict_header.get(entity, self._rules.with_header)
                confidence = 0.9
            else:
                need = self._rules.with_weak_header
                if entity == "PERSON" and len(values) >= 2 and mean < _HARDLY:
                    continue  # 対応: 牛肉除去
                if entity == "PERSON" and len(values) >= 3:
                    need = min(need, 1 - 1 / len(values))  # one rare name in a short column
                confidence = 0.6
                if (by_value := self._rules.by_value.get(entity)) and len(values) < by_value.unique:
                    continue
                named = weight >= WEAK or self._words.names_exactly(entity, header)
                if entity == "DATE_OF_BIRTH" and not (named and self._years_apart(values)):
                    continue  # 年月日 of a bank statement, 確認年月日
            if passed < need:
                continue
            rating = weight + 0.5 * passed + 0.2 * mean
            if entity in self._rules.strict_header and passed >= _ALL_PASS and len(values) >= _MANY:
                rating += _CHECK_DIGITS
            if best is None or rating > best[0]:
                best = (rating, entity, confidence, passed)
        if best is None or best[0] < 1.0:
            sure = any(weight >= _SURE_HEADER for weight in kinds.values()) and best is not None
            if not sure:
                best = self._by_value(label.plain or plain(header), header, values, has_header=has_header) or best
        if best is not None:
            _, plan.entity, plan.confidence, plan.share = best
            plan.mode = Mode.VALUE
            return plan
        sensitive = self._words.sensitive_weight(header) if header else None
        if sensitive:
            plan.entity, plan.mode, plan.confidence = sensitive[0], Mode.SENSITIVE, sensitive[1]
            if sensitive[1] >= WEAK or self._about_health() or self._says_much(values[:40]):
                return plan
            plan.entity, plan.confidence = "", 0.0
        plan.mode = self._text_or_nothing(header, label.weight, values, named=bool(kinds) and max(kinds.values()) >= _SURE_HEADER)
        return plan

    def _years_apart(self, values: Sequence[str]) -> bool:
        """Whether dates lie as far apart as births do."""
        years = [
            int(match.norm[:4])
            for value in values
            if (match := self._kit.value("DATE_OF_BIRTH", value.strip())) and match.norm[:4].isdigit()
        ]
        return bool(years) and max(years) - min(years) >= _BIRTH_YEARS

    def _share(self, entity: str, values: Sequence[str]) -> tuple[float, float]:
        """Share of the values that pass, and their mean score."""
        scores = []
        counted = 0
        for value in values:
            text = value.strip()
            if _PLACEHOLDER.fullmatch(text):
                continue
            counted += 1
            if entity == "PERSON" and self._words.label(text).weight >= _LABEL:
                continue  # an empty form has labels where a name would stand
            match = self._kit.value(entity, text)
            if match is not None and not _mere_place(entity, match, text):
                scores.append(match.score)
        return (len(scores) / counted, sum(scores) / len(scores)) if scores else (0.0, 0.0)

    def _by_value(self, text: str, header: str, values: Sequence[str], *, has_header: bool) -> tuple[float, str, float, float] | None:
        best: tuple[float, str, float, float] | None = None
        for entity, need in self._rules.by_value.items():
            if len(values) < need.unique or (need.bare and has_header) or (header and self._words.against(entity, header)):
                continue
            if header and entity != "PERSON" and self._words.something_else(entity, header):
                continue
            if not _plausible(entity, values):
                continue
            passed, mean = self._share(entity, values)
            wanted = need.share
            if entity == "PERSON":
                if header and (mean < _FAMILY or text in self._words_known()):
                    continue
                if mean < 0.4:
                    continue
                wanted = 0.9 if has_header else need.share
            if passed < wanted or mean < need.mean:
                continue
            rating = passed + 0.3 * mean
            if best is None or rating > best[0]:
                best = (rating, entity, round(0.75 * passed, 3), passed)
        return best

    def _words_known(self) -> frozenset[str]:
        return self._words.known

    def _text_or_nothing(self, header: str, weight: float, values: Sequence[str], *, named: bool) -> Mode:
        """Prose, or nothing personal: by header, length, and a look at some cells."""
        if not values:
            return Mode.SKIP
        if named or (header and self._words.prose(header)):
            return Mode.TEXT
        if sum(bool(_NUMBERS_ONLY.fullmatch(v.strip())) for v in values) >= 0.95 * len(values):
            return Mode.SKIP
        if sum(bool(_CODES_ONLY.fullmatch(v.strip())) for v in values) >= 0.95 * len(values):
            # One code in ten passes a check digit; a column of numbers is something only when most of them do.
            if header and self._words.something_else("CREDIT_CARD", header):
                return Mode.SKIP
            hits = spot_cells(self._kit.spot, values[:40])
            return Mode.TEXT if sum(any(f.score >= _REPORTED for f in found) for found in hits) >= 0.5 * len(hits) else Mode.SKIP
        mean = sum(map(len, values)) / len(values)
        if mean >= 18:
            return Mode.TEXT
        sample = list(values[:40])
        if weight >= 0.7 and mean < 12:
            return Mode.TEXT if self._says_much(sample) else Mode.SKIP
        hits = spot_cells(self._kit.spot, sample)
        # 石川, 豊田 under 駅名 are stations
        unwanted = "PERSON" if header and self._words.against("PERSON", header) else ""
        strong = sum(any(f.score >= 0.6 and f.entity != unwanted for f in found) for found in hits)
        # words that may be said of the row's person; whether they are is judged row by row
        strong += sum(any(c.grade >= 0.6 and not c.hypothetical for c in self._kit.sensitive.candidates(cell)) for cell in sample)
        return Mode.TEXT if strong >= max(1, 0.15 * len(sample)) else Mode.SKIP

    def _says_much(self, sample: Sequence[str]) -> bool:
        """Whether cells under a header that says nothing (区分, 種別, 備考) are words that prove much of the row's person (アイヌ民族)."""
        sure = sum(any(c.grade >= _PROVES and not c.hypothetical for c in self._kit.sensitive.candidates(cell)) for cell in sample)
        return sure >= max(1, 0.15 * len(sample))

    def look_again(self, plan: ColumnPlan, values: Sequence[str], *, has_header: bool) -> ColumnPlan:
        """A column that held little so far, judged with more of its values."""
        again = self.column(plan.index, plan.raw_header, values, has_header=has_header)
        again.seen += plan.seen
        return again

    # -------------------------------------------------- several columns, one value

    def _name_parts(self, plans: list[ColumnPlan], headers: Sequence[str]) -> None:
        """姓 and 名 (also 名 before 姓, 注文者姓 and 注文者名): both are a person's name, compared as one."""
        parts = [self._words.name_parts(header) if header else [] for header in headers]
        for i, own in enumerate(parts):
            families = {(pair, whose) for pair, which, whose in own if which == 0}
            if not families:
                continue
            for j in (*range(i + 1, min(i + 4, len(headers))), *range(max(0, i - 3), i)):
                named = plans[i].entity == "PERSON" or plans[j].entity == "PERSON"
                both = families.intersection((pair, whose) for pair, which, whose in parts[j] if which == 1)
                if plans[j].name_pair < 0 and any(named or not whose or len(plain(headers[j])) - len(whose) >= _WORDY for _, whose in both):
                    for k, pair, which in ((i, j, 0), (j, i, 1)):
                        plan = plans[k]
                        plan.entity, plan.mode, plan.confidence, plan.share = "PERSON", Mode.VALUE, 0.9, 1.0
                        plan.name_pair, plan.name_part = pair, which
                    break

    def _joined(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """090|1234|5678 under one 電話番号; 1975|4|1 under one 生年月日."""
        extra = {plain(h) for h in self._rules.joined_headers} | {""}
        for plan in plans:
            if plan.mode is Mode.VALUE and plan.share >= 0.5:
                continue
            label = self._words.label(plan.raw_header)
            stem = label.plain.rstrip("1１①").rstrip("_-(")
            for entity, weight in label.kinds:
                signs = self._rules.joined.get(entity)
                if signs is None or weight < _SURE_HEADER:
                    continue
                more: list[int] = []
                for other in plans[plan.index + 1 : plan.index + 16]:
                    own = plain(other.raw_header)
                    if (
                        own in extra
                        or _NO_HEADER.fullmatch(own)
                        or (stem and own.startswith(stem) and own[len(stem) :].strip("()_-") in extra)
                    ):
                        more.append(other.index)
                    else:
                        break
                if not more:
                    continue
                for sign in signs:
                    for length in range(len(more), 0, -1):
                        parts = (plan.index, *more[:length])
                        texts = [t for t in (_join([_cell(row, i) for i in parts], sign) for row in rows[: self._rules.sample]) if t]
                        if texts and sum(self._kit.value(entity, t) is not None for t in texts) >= 0.6 * len(texts):
                            plan.entity, plan.mode, plan.confidence, plan.share = entity, Mode.VALUE, 0.9, 1.0
                            plan.joins, plan.joiner = parts[1:], sign
                            for i in parts[1:]:
                                plans[i].mode, plans[i].taken = Mode.SKIP, True
                            break
                    if plan.joins:
                        break
                if plan.joins:
                    break

    def _joined_by_value(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """080|1234|5678 in a table without headers: three columns of digits that are telephone numbers together."""
        for plan in plans[:-2]:
            three = plans[plan.index : plan.index + 3]
            if any(p.mode is Mode.VALUE or p.taken for p in three):
                continue
            texts = [t for row in rows[: self._rules.sample] if (t := _join([_cell(row, p.index) for p in three], "-")).count("-") == 2]
            if len(texts) < 3 or not all(_THREE_GROUPS.fullmatch(t) for t in texts):
                continue
            if sum(self._kit.value("PHONE_NUMBER", t) is not None for t in texts) >= 0.9 * len(texts):
                plan.entity, plan.mode, plan.confidence, plan.share = "PHONE_NUMBER", Mode.VALUE, 0.8, 1.0
                plan.joins, plan.joiner = tuple(p.index for p in three[1:]), "-"
                for p in three[1:]:
                    p.mode, p.taken = Mode.SKIP, True

    def _symbol_and_number(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """記号|番号 of the Japan Post Bank: 1xxx0 beside up to eight digits, which under 記号 of a health insurance do not stand."""
        for plan, other in pairwise(plans):
            if not (plain(plan.raw_header).endswith("記号") and plain(other.raw_header).endswith("番号")):
                continue
            whole = [f"{a}-{b}" for row in rows[: self._rules.sample] if (a := _cell(row, plan.index)) and (b := _cell(row, other.index))]
            if whole and sum(
                self._kit.value("JP_BANK_ACCOUNT", text) is not None and bool(_SYMBOL.match(text)) for text in whole
            ) >= 0.8 * len(whole):
                plan.entity, plan.mode, plan.confidence, plan.share = "JP_BANK_ACCOUNT", Mode.VALUE, 0.9, 1.0
                plan.joins, plan.joiner = (other.index,), "-"
                other.mode, other.taken = Mode.SKIP, True

    def _readings_alone(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """読み, カナ, エキメイ in a table without names are readings of words, stations, branches; ヤマダ タロウ is a name by itself."""
        readings = [p for p in plans if p.name_part < 0 and is_reading(p.raw_header) and (p.mode is not Mode.VALUE or p.entity == "PERSON")]
        if not readings or any(p.mode is Mode.VALUE and p.entity == "PERSON" and not is_reading(p.raw_header) for p in plans):
            return
        for plan in readings:
            values = samples(rows, plan.index, self._rules.sample)
            kana = [text for value in values if script_of(text := value.strip()) == "kana"]
            if len(kana) >= 0.8 * len(values) and sum(_GAP_IN.search(text) is not None for text in kana) < 0.3 * len(kana):
                plan.mode, plan.entity, plan.of_words = Mode.SKIP, "", True

    def _insured(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """記号|番号 where another header says that it is a health insurance: 保険者番号, 健保, 被保険者証."""
        if not any(_INSURANCE.search(plan.raw_header) for plan in plans):
            return
        for plan, other in pairwise(plans):
            if (
                plan.mode is Mode.VALUE
                or other.mode is Mode.VALUE
                or plain(plan.raw_header)[-2:] != "記号"
                or plain(other.raw_header)[-2:] != "番号"
            ):
                continue
            whole = [f"{a}・{b}" for row in rows[: self._rules.sample] if (a := _cell(row, plan.index)) and (b := _cell(row, other.index))]
            if whole and sum(self._kit.value("JP_HEALTH_INSURANCE", text) is not None for text in whole) >= 0.6 * len(whole):
                plan.entity, plan.mode, plan.confidence, plan.share = "JP_HEALTH_INSURANCE", Mode.VALUE, 0.9, 1.0
                plan.joins, plan.joiner = (other.index,), "・"
                other.mode, other.taken = Mode.SKIP, True

    def _names_alike(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """A plan of who does what: several columns of family names under headers that say nothing of persons (給湯室, 14:00, 窓側)."""
        mine: list[ColumnPlan] = []
        scores: list[float] = []
        for plan in plans:
            if (
                plan.taken
                or plan.mode in {Mode.VALUE, Mode.SENSITIVE}
                or (plan.raw_header and self._words.against("PERSON", plan.raw_header))
            ):
                continue
            values = samples(rows, plan.index, self._rules.sample)
            if values and not plan.raw_header and not values[0].strip().isalpha():
                values = values[1:]  # 14:00: a header that was none
            own = self.short_names(values)
            if (
                len(own) >= 2
                and sum(score >= _WORD for score in own) >= 0.6 * len(own)
                and sum(s >= _FAMILY for s in own) >= 0.4 * len(own)
            ):
                mine.append(plan)
                scores += own
        others = sum(p.mode is Mode.VALUE and p.entity == "PERSON" and p.confidence < _SURE_HEADER for p in plans)
        if mine and len(mine) + others >= 2 and family_names(scores):
            for plan in mine:
                plan.entity, plan.mode, plan.confidence, plan.share = "PERSON", Mode.VALUE, 0.75, 0.8

    def short_names(self, values: Iterable[str]) -> list[float]:
        """How much each of some cells is a name, where all are short words; else nothing."""
        texts = [text for value in values if (text := value.strip()) and not _PLACEHOLDER.fullmatch(text)]
        if any(len(text) > _SHORT or not text.isalpha() for text in texts):
            return []
        return [match.score if (match := self._kit.value("PERSON", text)) else 0.0 for text in texts]

    def _names_by_value(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """山田|太郎 in a table without headers: two columns of short words that are names together."""
        for plan, other in pairwise(plans):
            if plan.name_pair >= 0 or (other.mode is Mode.VALUE and other.entity != "PERSON"):
                continue
            if plan.mode is Mode.VALUE and plan.entity != "PERSON":
                continue
            parts = [(_cell(row, plan.index), _cell(row, other.index)) for row in rows[: self._rules.sample]]
            parts = list(dict.fromkeys((a, b) for a, b in parts if a and b))
            if len(parts) < 3 or any(len(a) > 6 or len(b) > 6 or " " in a or "　" in a or any(map(str.isdigit, a + b)) for a, b in parts):
                continue
            scores = [match.score for a, b in parts if (match := self._kit.value("PERSON", f"{a} {b}")) is not None]
            if len(scores) < 0.8 * len(parts) or sum(scores) / len(scores) < _NAME_PAIR:
                continue
            if sum(self._in_order(a, b) for a, b in parts) < 0.5 * len(parts):
                continue  # two columns of family names: who does what
            for p, pair, which in ((plan, other, 0), (other, plan, 1)):
                p.entity, p.mode, p.confidence, p.share = "PERSON", Mode.VALUE, 0.8, len(scores) / len(parts)
                p.name_pair, p.name_part = pair.index, which

    def _in_order(self, family: str, given: str) -> bool:
        """Whether two words are a name in this order rather than in the other."""
        match, turned = self._kit.value("PERSON", f"{family} {given}"), self._kit.value("PERSON", f"{given} {family}")
        return match is not None and (turned is None or match.score > turned.score + 0.05)

    def _accounts(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """普通|1234567 behind the name of a bank in a table without headers."""
        for plan in plans[1:]:
            if plan.mode is Mode.VALUE or plan.taken:
                continue
            texts = [
                (_cell(row, plan.index - 1), _cell(row, plan.index), row) for row in rows[: self._rules.sample] if _cell(row, plan.index)
            ]
            if len(texts) < 2 or not all(_SEVEN.fullmatch(number) and kind in _ACCOUNT_KINDS for kind, number, _ in texts):
                continue
            if all(any(_BANK.search(cell) for cell in row[: plan.index]) for _, _, row in texts):
                plan.entity, plan.mode, plan.confidence, plan.share = "JP_BANK_ACCOUNT", Mode.VALUE, 0.8, 1.0

    def _phones(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """(082)799-3868 beside names in a table without headers, and 9012345678, whose zero a spreadsheet took away."""
        if not any(p.entity == "PERSON" and p.mode is Mode.VALUE for p in plans):
            return
        for plan in plans:
            values = samples(rows, plan.index, self._rules.sample)
            if plan.mode is Mode.VALUE or plan.taken or len(values) < 3:
                continue
            texts = [fold(v.strip()) for v in values]
            grouped = all(map(_GROUPED.fullmatch, texts))
            if (grouped or all(map(_LOST_ZERO.fullmatch, texts))) and self._share("PHONE_NUMBER", values)[0] >= (0.8 if grouped else 1):
                plan.entity, plan.mode, plan.confidence, plan.share = "PHONE_NUMBER", Mode.VALUE, 0.75, 1.0

    def _birth_dates(self, plans: list[ColumnPlan], rows: Sequence[Sequence[str]]) -> None:
        """In a table without headers, dates of plausible ages beside names are birth dates."""
        if not any(p.entity == "PERSON" and p.mode is Mode.VALUE for p in plans):
            return
        for plan in plans:
            if plan.mode is Mode.VALUE:
                continue
            values = samples(rows, plan.index, self._rules.sample)
            if len(values) < 3:
                continue
            years = []
            for value in values:
                match = self._kit.value("DATE_OF_BIRTH", value.strip())
                if match is not None and match.norm[:4].isdigit():
                    years.append(int(match.norm[:4]))
            if len(years) < 0.8 * len(values):
                continue
            if max(years) - min(years) >= 12 and sum(1920 <= y <= 2010 for y in years) >= 0.9 * len(years):
                plan.entity, plan.mode, plan.confidence, plan.share = "DATE_OF_BIRTH", Mode.VALUE, 0.6, len(years) / len(values)

    # ------------------------------------------------------------------- values

    def value(self, plan: ColumnPlan, cell: str) -> tuple[Found, ...]:
        """What a cell of a ``VALUE`` or ``SENSITIVE`` column holds; remembered."""
        known = plan.cache.get(cell)
        if known is None:
            known = self._value(plan, cell)
            if len(plan.cache) >= _CACHE:
                plan.cache.clear()
            plan.cache[cell] = known
        return known

    def _value(self, plan: ColumnPlan, cell: str) -> tuple[Found, ...]:
        text = cell.strip()
        if not text or _PLACEHOLDER.fullmatch(text):
            return ()
        lead = cell.find(text)
        if plan.mode is Mode.SENSITIVE:
            return self.sensitive(plan.entity, plan.raw_header, cell)
        if plan.entity == "PERSON" and self._words.label(text).weight >= _LABEL:
            return ()
        if plan.entity in {"PERSON", "JP_ADDRESS"} and is_sample(plan.entity, text, 0, len(text)):
            return ()  # 性別　男・女 where a name would stand, 〇〇市〇〇町
        why = self._why(plan)
        match = self._kit.value(plan.entity, text)
        if match is not None and _mere_place(plan.entity, match, text):
            return ()
        if match is not None:
            score = 1 - (1 - plan.confidence) * (1 - match.score)
            start, end = lead + match.start, lead + match.end
            if plan.entity == "JP_ADDRESS" and (parted := self._postal_before(cell, start, end, score, why)):
                return (*parted, *self._contacts_behind(cell, end))
            value = Found(plan.entity, start, end, round(score, 4), "column", cell[start:end], match.norm, why)
            return self._beside(plan.raw_header, cell, value) if len(cell) - (end - start) >= _REST else (value,)
        if plan.entity in self._checked:
            return ()
        if plan.entity == "PERSON" and plan.share >= 0.5 and (found := self._shaped_name(plan, cell, text, lead, why)):
            return found
        return self.labelled(plan.raw_header, cell)

    def _beside(self, header: str, cell: str, found: Found) -> tuple[Found, ...]:
        """A value and what else its cell says: the given name in 谷中（美穂）, the name in 山田 太郎 <yamada@example.jp>, the former one in 塩見 誠（旧姓 小山）."""
        if found.entity == "PERSON":
            match = _IN_BRACKETS.match(cell, found.end)
            if match is not None and (match["former"] or _FORMER.search(header)) and self._kit.value("PERSON", match["given"]):
                former = replace(found, start=match.start("given"), end=match.end("given"), value=match["given"])
                return (found, former)
            if match is None or modern_forms(found.value) not in lexicon().surnames or not self._is_given(match["given"]):
                return (found,)
            norm = self.name_norm(found.value, match["given"])
            given = replace(found, start=match.start("given"), end=match.end("given"), value=match["given"], norm=norm)
            return (replace(found, norm=norm), given)
        if found.entity == "JP_ADDRESS":
            return (found, *self._contacts_behind(cell, found.end))
        if found.entity in {"EMAIL_ADDRESS", "PHONE_NUMBER"} and _WORDED.search(cell[: found.start] + " " + cell[found.end :]):
            others = [found_of(r, cell) for r in self._kit.spot(cell) if r.end <= found.start or found.end <= r.start]
            return (found, *(other for other in others if other.score >= _REPORTED))
        return (found,)

    def _contacts_behind(self, cell: str, end: int) -> tuple[Found, ...]:
        """The telephone number or address of mail behind an address in its cell."""
        if sum(map(str.isdigit, cell[end:])) < _LEAST_DIGITS and "@" not in cell[end:]:
            return ()
        others = [found_of(r, cell) for r in self._kit.spot(cell) if r.start >= end]
        return tuple(other for other in others if other.score >= _REPORTED)

    def _is_given(self, word: str) -> bool:
        match = self._kit.value("PERSON", f"山田 {word}")
        return match is not None and match.score >= _GIVEN

    def _postal_before(self, cell: str, start: int, end: int, score: float, why: tuple[str, ...]) -> tuple[Found, ...]:
        """``〒380-0824 長野県…`` in one cell: the postal code and the address, each by itself."""
        code = _POSTAL.match(fold(cell), start, end)
        rest = self._kit.value("JP_ADDRESS", cell[code.end() : end]) if code else None
        if code is None or rest is None:
            return ()
        match = self._kit.value("JP_POSTAL_CODE", cell[code.start() : code.end()].strip())
        begin = code.end() + rest.start
        address = Found(
            "JP_ADDRESS", begin, code.end() + rest.end, round(score, 4), "column", cell[begin : code.end() + rest.end], rest.norm, why
        )
        if match is None:
            return (address,)
        a, b = code.start("code"), code.end("code")
        return (Found("JP_POSTAL_CODE", a, b, round(score, 4), "column", cell[a:b], match.norm, why), address)

    def _shaped_name(self, plan: ColumnPlan, cell: str, text: str, lead: int, why: tuple[str, ...]) -> tuple[Found, ...]:
        """A rare name in a column of names: it only has to look like one."""
        if plan.confidence < 0.9 and plan.share < 0.9:
            return ()
        core = TITLE.sub("", text) or text
        short = len(core) == 1 and (plan.name_pair >= 0 or (plan.share >= 0.8 and plan.confidence >= 0.9 and core not in _MARKS))
        if not (_NAME_SHAPE.fullmatch(core) or (short and core.isalpha())):
            return ()
        flat = nfkc(core)
        if any(word in flat for word in self._never_names) or text.endswith("御中"):
            return ()
        norm = "".join(flat.split())
        score = 0.9 if plan.name_pair >= 0 else 0.75
        return (Found("PERSON", lead, lead + len(core), score, "column", cell[lead : lead + len(core)], norm, why),)

    def sensitive(self, entity: str, header: str, cell: str) -> tuple[Found, ...]:
        """What a cell says that is sensitive of the row's person."""
        match = self._kit.sensitive.cell(entity, header, cell)
        if match is None:
            return ()
        value = cell[match.start : match.end]
        return (
            Found(
                entity,
                match.start,
                match.end,
                round(match.score, 4),
                "sensitive",
                value,
                match.norm,
                (f"column {self.safe_header(header)}",),
            ),
        )

    def talk(self, plan: ColumnPlan, cell: str, known: Sequence[Hit]) -> tuple[Found, ...]:
        """What a note in a person's row says that is sensitive of that person."""
        found = plan.cache.get(cell)
        if found is None:
            candidates = self._kit.sensitive.candidates(cell)
            judged = self._kit.sensitive.judge(candidates, cell, persons=(), form=_ROW, subject_elsewhere=True) if candidates else ()
            found = tuple(found_of(r, cell, why=(f"column {plan.header}",)) for r in judged if r.score >= _REPORTED)
            if len(plan.cache) >= _CACHE:
                plan.cache.clear()
            plan.cache[cell] = found
        if not found:
            return ()
        taken = {(hit.entity, hit.start) for hit in known}
        return tuple(f for f in found if (f.entity, f.start) not in taken)

    def label_value(self, plan: ColumnPlan, cell: str) -> tuple[Found, ...]:
        """What a cell holds behind a label of a form."""
        return tuple(
            Found(f.entity, f.start, f.end, f.score, f.recognizer, f.value, f.norm, (f"label {plan.header}",))
            for f in self._value(plan, cell)
        )

    def joined(self, plan: ColumnPlan, first: str, whole: str, match: ValueMatch) -> Found:
        """One value that stands in several cells, at the first of them."""
        lead = first.find(first.strip())
        score = round(1 - (1 - plan.confidence) * (1 - match.score), 4)
        value = whole[match.start : match.end]
        return Found(plan.entity, lead, lead + len(first.strip()), score, "column", value, match.norm, self._why(plan))

    def name_part(self, plan: ColumnPlan, cell: str) -> Found | None:
        """The family or given name in a cell of its own column."""
        text = cell.strip()
        if not text or _PLACEHOLDER.fullmatch(text):
            return None
        found = self._shaped_name(plan, cell, text, cell.find(text), self._why(plan))
        return found[0] if found else None

    def name_norm(self, family: str, given: str) -> str:
        """Both parts as a whole name is compared."""
        whole = f"{family.strip()} {TITLE.sub('', given.strip())}"
        match = self._kit.value("PERSON", whole)
        return match.norm if match is not None else "".join(nfkc(whole).split())

    def labelled(self, label: str, cell: str) -> tuple[Found, ...]:
        """A cell read as prose behind its label."""
        head = f"{label}：" if label else ""
        results = self._kit.spot(head + cell)
        return tuple(found_of(r, head + cell, shift=len(head)) for r in results if r.start >= len(head))

    def _why(self, plan: ColumnPlan) -> tuple[str, ...]:
        return (f"column {plan.header} {plan.share:.0%}" if plan.header else f"column without header {plan.share:.0%}",)

    def safe_header(self, header: str) -> str:
        """A header fit for reports: known words, or nothing that looks personal. A first row of data may pass for a header."""
        header = " ".join(header.split())[:60]
        if not header or self._words.label(header).weight >= 0.7:
            return header
        if any(r.score >= 0.3 for r in self._kit.spot(header)) or re.search(r"\d{4,}", nfkc(header)):
            return ""
        return header


# --------------------------------------------------------------------------- helpers


def family_names(scores: Sequence[float]) -> bool:
    """Whether words that score so are family names rather than places and words that are family names too (石川－岡崎)."""
    named = [score for score in scores if score >= _WORD]
    return (
        len(scores) >= 4
        and len(named) >= 0.6 * len(scores)
        and sum(named) >= _FAMILY * len(named)
        and sum(s >= 0.5 for s in named) >= 0.4 * len(scores)
    )


def _cell(row: Sequence[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def _join(parts: Sequence[str], sign: str) -> str:
    filled = [part for part in parts if part]
    if len(filled) < 2:
        return filled[0] if filled else ""
    if sign == "年月日":
        numbers = [part for part in filled if part not in {"年", "月", "日"}]
        if len(numbers) < 3:
            return ""
        return "".join(numbers[:-3]) + f"{numbers[-3]}年{numbers[-2]}月{numbers[-1]}日"
    return sign.join(filled)


def join_parts(parts: Sequence[str], sign: str) -> str:
    """Several cells as one value."""
    return _join([part.strip() for part in parts], sign)


def samples(rows: Sequence[Sequence[str]], index: int, limit: int) -> list[str]:
    """Up to ``limit`` different non-empty values of a column, spread over the rows."""
    seen: dict[str, None] = {}
    for row in rows:
        if index < len(row):
            cell = row[index]
            if cell and not cell.isspace():
                seen[cell] = None
                if len(seen) >= 4 * limit:
                    break
    values = list(seen)
    if len(values) <= limit:
        return values
    step = len(values) / limit
    return [values[int(i * step)] for i in range(limit)]


def _mere_place(entity: str, match: ValueMatch, text: str) -> bool:
    """Whether an address is but the name of a place: a prefecture, a city, a family name that is also a town."""
    return entity == "JP_ADDRESS" and match.score <= PLACE and not NUMERAL.search(text)


def _plausible(entity: str, values: Sequence[str]) -> bool:
    """A cheap look before a costly check: most values have the signs that the kind needs."""
    need = 0.6 * len(values)
    if entity == "EMAIL_ADDRESS":
        return sum("@" in v or "＠" in v for v in values) >= need
    digits = sum(sum(ch.isdigit() for ch in v) >= 7 for v in values)
    if entity == "JP_ADDRESS":
        return sum(len(v) >= 5 and not v.isascii() for v in values) >= need
    if entity == "PERSON":
        return sum(2 <= len(v.strip()) <= 30 and not any(ch.isdigit() for ch in v) for v in values) >= need
    return digits >= need


def spot_cells(spot: Callable[[str], Iterable[RecognizerResult]], cells: Sequence[str]) -> list[tuple[Found, ...]]:
    """What stands in each of many cells, read in blocks so that the cost is a block's, not a cell's.

    A hit that would span two cells joins things that have nothing to do with each other; it is dropped.
    """
    out: list[tuple[Found, ...]] = [()] * len(cells)
    at = 0
    while at < len(cells):
        starts: list[int] = []
        parts: list[str] = []
        size = 0
        first = at
        while at < len(cells) and (not parts or size + len(cells[at]) <= _BLOCK_CHARS):
            starts.append(size)
            parts.append(cells[at])
            size += len(cells[at]) + len(_GAP)
            at += 1
        text = _GAP.join(parts)
        gathered: dict[int, list[Found]] = {}
        for result in spot(text):
            which = bisect_right(starts, result.start) - 1
            if result.end <= starts[which] + len(parts[which]):
                gathered.setdefault(first + which, []).append(found_of(result, text, shift=starts[which]))
        for which, found in gathered.items():
            out[which] = tuple(found)
    return out
