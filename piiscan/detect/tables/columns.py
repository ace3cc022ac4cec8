"""Columns of a table: what each one holds, judged as a whole, by its header and some of its different values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from piiscan.detect.names.cells import without_rank
from piiscan.detect.names.families import is_family, is_place
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.variants import modern_forms
from piiscan.detect.sensitive.remarks import takes_remarks
from piiscan.detect.sensitive.words import CHECKUP, DISABILITY, HISTORY
from piiscan.detect.tables.inside import judge_inside
from piiscan.detect.tables.measure import FAMILY, WORD, Measure, Remembering, plausible, signs_of, surely_named
from piiscan.detect.tables.nobody import judge_nobody
from piiscan.detect.tables.plans import ColumnPlan, Mode, names_thing, samples, spot_cells
from piiscan.detect.tables.together import judge_together
from piiscan.detect.tables.values import Cells
from piiscan.detect.tables.words import TableKit, Words, plain

__all__ = ["WEAK", "Judge"]

_SURE_HEADER: Final = 0.8
_HEADER_CHARS: Final = 16
#: A header below this names a sensitive kind only where the document, or the values, are about somebody's health.
WEAK: Final = 0.5
#: Grade of a sensitive word that proves much by itself.
_PROVES: Final = 0.85
#: … and of one in a note.
_SAYS: Final = 0.7
#: Kinds whose headers name no people (主治医 does).
_OF_THE_BODY: Final = frozenset({HISTORY, DISABILITY, CHECKUP})
_REPORTED: Final = 0.5
_NUMBERS_ONLY = re.compile(r"[\d\s.,:/%¥￥$+\-−△▲()A-Z_#]{0,14}")
_CODES_ONLY = re.compile(r"[0-9A-Za-z\s.,:/%+\-−_#*]{0,40}")
#: A mobile's number with its hyphens is one whatever stands around it; of a column without header so many are enough to look at each value.
_MOBILE = re.compile(r"0[6-9]0-\d{4}-\d{4}")
_MOBILES: Final = 0.2
_POLITE = re.compile(r"[^\s](?:様|さま|さん|殿|氏|くん|君|ちゃん)\s*$")
_HARDLY: Final = 0.3
#: 生年, 出生, birth: dates below such a header are births however few years lie between them, those below 年月日 are not.
_OF_BIRTH = re.compile(r"生|birth|born", re.IGNORECASE)
#: A table of so many columns has notes in single cells.
_WIDE: Final = 3
#: So many values that nearly all have the right check digit are what they look like: 会員カード番号 of credit cards.
_MANY: Final = 4
_ALL_PASS: Final = 0.9
_CHECK_DIGITS: Final = 0.2
#: So many family names make a column of them where the lists know them less well, their mean score, and how long one is.
_LEAST_FAMILIES, _RARER, _LONGEST = 5, 0.38, 5
_NEARLY: Final = 0.85
#: In a column of which so many pass for names towns may be some, too.
_MOST: Final = 0.5
#: So many whole names among firms show that people stand there, too.
_LEAST_PEOPLE: Final = 1


class Judge:
    """Judges columns with the kit.

    :ivar measure: judges sets of values. ``cells``: reads single ones.
    """

    def __init__(self, kit: TableKit, words: Words, about_health: Callable[[], bool] = lambda: False) -> None:
        kit = self._kit = Remembering(kit)
        self._about_health = about_health
        self._words = words
        self._rules = words.rules
        self.measure = Measure(kit, words)
        self.cells = Cells(kit.read, words)

    def columns(self, headers: Sequence[str], rows: Sequence[Sequence[str]], *, has_header: bool) -> list[ColumnPlan]:
        """A plan for each column.

        :param headers: joined header text of each column, empty where there is none.
        :param rows: rows of data (some hundreds are enough).
        """
        self._kit.forget()
        if len(headers) >= _WIDE and len(full := [row for row in rows if len(row) - row.count("") > 1]) >= 0.5 * len(rows):
            rows = full  # without the notes below a table
        plans = [self.column(i, header, samples(rows, i, self._rules.sample), has_header=has_header) for i, header in enumerate(headers)]
        judge_together(plans, headers, rows, self.measure, has_header=has_header)
        judge_inside(plans, rows, self.measure, lambda header, values: self.column(0, header, values, has_header=bool(header)))
        judge_nobody(plans, headers, rows, self.measure)
        _forms_apart(plans, rows, self._rules.sample)
        return plans

    def is_header(self, first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
        """Whether a row of words that we do not know heads columns of names: 耕作者, 対象者, A卓 above people."""
        texts = [text for cell in first if (text := cell.strip())]
        if len(rows) < 2 or len(texts) < 0.6 * len(first) or len(set(texts)) < len(texts):
            return False
        if any(len(text) > _HEADER_CHARS or sum(map(str.isdigit, text)) > 2 or "@" in text for text in texts):
            return False
        named = [i for i, cell in enumerate(first) if cell.strip() and self.measure.are_names(samples(rows, i, self._rules.sample))]
        scores = [match.score if (match := self._kit.value("PERSON", first[i].strip())) else 0.0 for i in named]
        return bool(named) and max(scores) < WORD

    def column(self, index: int, header: str, values: Sequence[str], *, has_header: bool) -> ColumnPlan:
        """Judge one column by its header and some of its different values."""
        plan = ColumnPlan(index, header, self.cells.safe_header(header), seen=len(values))
        label = self._words.label(header)
        kinds = dict(label.kinds)
        best: tuple[float, str, float, float] | None = None
        for entity, weight in label.kinds:
            if self._words.against(entity, header):
                continue
            passed, mean = self.measure.share(entity, values)
            if not passed:
                continue
            if entity == "PERSON" and _MOST <= passed < self._rules.with_weak_header:
                passed = max(passed, self.measure.may_be_families(values))  # 患者: 伊達氏, 尾崎氏, 岐阜
            if weight >= _SURE_HEADER:
                need = self._rules.strict_header.get(entity, self._rules.with_header)
                confidence = 0.9
            else:
                need = self._rules.with_weak_header
                if entity == "PERSON" and len(values) >= 2 and mean < _HARDLY and not self._of_role(header, values):
                    continue  # 対応: 牛肉除去
                if entity == "PERSON" and len(values) >= 3:
                    need = min(need, 1 - 1 / len(values))  # one rare name in a short column
                confidence = 0.6
                named = weight >= WEAK or self._words.names_exactly(entity, header)
                if not (named and entity != "PERSON") and (by_value := self._rules.by_value.get(entity)) and len(values) < by_value.unique:
                    continue
                if entity == "DATE_OF_BIRTH" and not (named and (_OF_BIRTH.search(header) or self.measure.years_apart(values))):
                    continue  # 年月日 of a bank statement, 確認年月日
            if passed < need:
                continue
            rating = weight + 0.5 * passed + 0.2 * mean
            if entity in self._rules.strict_header and passed >= _ALL_PASS and len(values) >= _MANY:
                rating += _CHECK_DIGITS
            if best is None or rating > best[0]:
                best = (rating, entity, confidence, passed)
        sensitive = self._words.sensitive_weight(header) if header else None
        if sensitive and sensitive[0] in _OF_THE_BODY and sensitive[1] >= _SURE_HEADER:
            best = best if best is not None and best[0] >= 1.0 else None  # アレルギー: えび is nobody's name
        elif best is None or best[0] < 1.0:
            sure = any(weight >= _SURE_HEADER for weight in kinds.values()) and best is not None
            if not sure:
                best = self._by_value(label.plain or plain(header), header, values, has_header=has_header) or best or self._polite(values)
        if best is not None:
            _, plan.entity, plan.confidence, plan.share = best
            plan.mode = Mode.VALUE
            return plan
        if sensitive:
            plan.entity, plan.mode, plan.confidence = sensitive[0], Mode.SENSITIVE, sensitive[1]
            if sensitive[1] >= WEAK or self._about_health() or self._says_much(values[:40]):
                return plan
            plan.entity, plan.confidence = "", 0.0
        if header and self._words.either(header) and self._holds_people(values):
            plan.holds("PERSON", 0.75, 0.0)
            plan.surely = True
            return plan
        plan.mode = self._text_or_nothing(header, label.weight, values, named=bool(kinds) and max(kinds.values()) >= _SURE_HEADER)
        return plan

    def _by_value(self, text: str, header: str, values: Sequence[str], *, has_header: bool) -> tuple[float, str, float, float] | None:
        best: tuple[float, str, float, float] | None = None
        has_signs: dict[str, bool] = {}
        for entity, need in self._rules.by_value.items():
            if len(values) < need.unique or (need.bare and has_header) or (header and self._words.against(entity, header)):
                continue
            if header and entity != "PERSON" and self._words.something_else(entity, header):
                continue
            signs = signs_of(entity)
            if signs not in has_signs:
                has_signs[signs] = plausible(entity, values)
            if not has_signs[signs]:
                continue
            wanted = 0.9 if entity == "PERSON" and has_header else need.share
            if entity == "PERSON" and header and text in self._words.known:
                continue
            passed, mean = self.measure.share(entity, values, wanted)
            if entity == "PERSON":
                if header and mean < FAMILY and not (mean >= _RARER and self._are_families(values)):
                    continue
                if mean < 0.4:
                    continue
            if passed < wanted or mean < need.mean:
                continue
            rating = passed + 0.3 * mean
            if best is None or rating > best[0]:
                best = (rating, entity, round(0.75 * passed, 3), passed)
        return best

    def _are_families(self, values: Sequence[str]) -> bool:
        """Whether values are family names alone, rare ones and words too, nearly all of them and most no places: 篠崎, 南, 榊, 門馬 under OP."""
        if len(values) < _LEAST_FAMILIES:
            return False
        names = [match.norm for value in values if (match := self._kit.value("PERSON", value.strip())) is not None]
        listed = [name for name in names if len(name) <= _LONGEST and (name in lexicon().surnames or is_family(name))]
        return len(listed) >= _NEARLY * len(values) and 2 * sum(map(is_place, listed)) <= len(listed)

    def _of_role(self, header: str, values: Sequence[str]) -> bool:
        """Whether all values under what somebody does are family names, though words as well: 担当弁護士 over 一色 and 伴."""
        return self._words.bearer(header) and all(is_family(value.strip()) for value in values)

    def _polite(self, values: Sequence[str]) -> tuple[float, str, float, float] | None:
        """Names with 様, さん or a rank behind them are persons under any header: 得意先名, 三丁目交差点, 予備, 訪問先."""
        if len(values) < 2 or sum(_is_polite(value.strip()) for value in values) < 0.8 * len(values):
            return None
        scores = [match.score if (match := self._kit.value("PERSON", value.strip())) else 0.0 for value in values]
        passed = sum(score >= WORD for score in scores) / len(scores)
        mean = sum(scores) / len(scores)
        return (1.0, "PERSON", 0.75, passed) if passed >= 0.7 and mean >= 0.4 else None

    def _holds_people(self, values: Sequence[str]) -> bool:
        """Whether whole names stand among the firms of a column."""
        named = sum(surely_named(self._kit, value.strip()) is not None for value in values)
        return named >= max(_LEAST_PEOPLE, 0.05 * len(values))

    def _text_or_nothing(self, header: str, weight: float, values: Sequence[str], *, named: bool) -> Mode:
        """Prose, or nothing personal: by header, length, and a look at some cells."""
        if not values:
            return Mode.SKIP
        if named or (header and self._words.prose(header)):
            return Mode.TEXT
        if sum(bool(_NUMBERS_ONLY.fullmatch(v.strip())) for v in values) >= 0.95 * len(values):
            mobiles = sum(bool(_MOBILE.fullmatch(v.strip())) for v in values)
            # no header, and telephone numbers of which too many are none: those that are one are found by themselves
            return Mode.TEXT if not header and mobiles >= max(2, _MOBILES * len(values)) else Mode.SKIP
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
            return Mode.TEXT if self._says_much(sample, header) else Mode.SKIP
        hits = spot_cells(self._kit.spot, sample)
        # 石川, 豊田 under 駅名 are stations
        unwanted = "PERSON" if header and self._words.against("PERSON", header) else ""
        things = bool(unwanted) and self._words.things(header)
        strong = sum(
            any(f.score >= 0.6 and (f.entity != unwanted or (things and not names_thing(f, cell))) for f in found)
            for cell, found in zip(sample, hits, strict=True)
        )
        # words that may be said of the row's person; whether they are is judged row by row
        strong += sum(any(c.grade >= 0.6 and not c.hypothetical for c in self._kit.sensitive.note(header, cell)) for cell in sample)
        return Mode.TEXT if strong >= max(1, 0.15 * len(sample)) else Mode.SKIP

    def _says_much(self, sample: Sequence[str], header: str = "") -> bool:
        """Whether cells under a header that says nothing (区分, 種別) are words that prove much of the row's person (アイヌ民族); less is enough in notes."""
        least = _SAYS if header and takes_remarks(header) else _PROVES
        sure = sum(any(c.grade >= least and not c.hypothetical for c in self._kit.sensitive.note(header, cell)) for cell in sample)
        return sure >= max(1, 0.15 * len(sample))

    def look_again(self, plan: ColumnPlan, values: Sequence[str], *, has_header: bool) -> ColumnPlan:
        """A column that held little so far, judged with more of its values."""
        again = self.column(plan.index, plan.raw_header, values, has_header=has_header)
        again.seen += plan.seen
        return again


def _forms_apart(plans: Sequence[ColumnPlan], rows: Sequence[Sequence[str]], sample: int) -> None:
    """渡辺 and 渡邉 alone in the columns of a table are two people: whoever writes both tells them apart so."""
    forms: dict[str, set[str]] = {}
    people = [plan for plan in plans if plan.mode is Mode.VALUE and plan.entity == "PERSON" and not plan.inside and plan.name_part < 0]
    for plan in people:
        for value in samples(rows, plan.index, sample):
            text = value.strip()
            if len(text) <= _LONGEST and (modern := modern_forms(text)) in lexicon().surnames:
                forms.setdefault(modern, set()).add(text)
    if apart := frozenset(family for family, written in forms.items() if len(written) > 1):
        for plan in people:
            plan.apart = apart


def _is_polite(value: str) -> bool:
    return _POLITE.search(value) is not None or without_rank(value) != value
