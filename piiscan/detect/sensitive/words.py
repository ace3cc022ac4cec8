"""Finds sensitive words, values of check-ups, and labels with their values: one look for all words, then small checks at its hits.

Nothing here knows about persons. A :class:`Candidate` says how much it proves
alone and what its surroundings do to it (negated, hypothetical, about the
family, after its label).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple

from piiscan.catalogue import Catalogue
from piiscan.detect.normalize import fold, lower
from piiscan.detect.prefilter import Prefilter
from piiscan.detect.sensitive.cues import Cues, load_cues
from piiscan.detect.sensitive.roles import ClauseRole, role_of
from piiscan.detect.sensitive.statements import statements
from piiscan.detect.wordfinder import CELL, WordFinder
from piiscan.resources import recognizers_dir

__all__ = ["CHECKUP", "DISABILITY", "HISTORY", "Candidate", "Item", "Lexicon"]

_PREFIX = "JP_SENSITIVE_"
HISTORY = _PREFIX + "MEDICAL_HISTORY"
CHECKUP = _PREFIX + "CHECKUP_RESULT"
DISABILITY = _PREFIX + "DISABILITY"
_RECORD = _PREFIX + "CRIMINAL_RECORD"
_PROCEDURE = _PREFIX + "CRIMINAL_PROCEDURE"
_VICTIM = _PREFIX + "CRIME_VICTIM"
_JUVENILE = _PREFIX + "JUVENILE_PROCEDURE"

_WINDOW_BEFORE = 24
_WINDOW_AFTER = 80
_LABEL_VALUE_CHARS = 80
_EXTEND_CHARS = 12
#: Behind what ends so no compound goes on: だまされて契約した
_ENDS_A_CLAUSE = frozenset("、。てでず")
#: A listed word of so high a grade is not hidden by a statement of another kind around it.
_KNOWN = 0.7
_ASCII_WORD = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
_KATAKANA = frozenset(map(chr, range(ord("ァ"), ord("ヶ") + 1))) | {"ー"}
_COMPOUND_CHAR = re.compile(r"[一-龠々ァ-ヶーⅠ-Ⅹ]")
_LABEL_START = re.compile(r"(?:^|[\s\t|【\[(「■□●○◆◇▼・※*、。,.0-9)）/／:])$")
_LABEL_END = re.compile(
    r"[ \t]*(?:[(][^()\n]{0,16}[)])?[ \t]*(?P<close>[】\]」])?(?P<sep>[ \t]*[:：|][ \t]*|\t+|[ ]{1,8}(?![ ])|[ \t]*\n[ \t]*)"
)
#: What is a value even without a colon before it: 身体障害者手帳　申請中
_SAYS_SO = re.compile(r"(?:申請|更新|交付|取得|所持|通院|治療|服薬|療養|継続)(?:中|済み?)")
#: 届出日：令和…
_LABELLED_LINE = re.compile(r"[^\s:：]{1,14}[ \t]*[:：]")
_NEXT_LABEL = re.compile(r"[\t|]|\s{1,8}[■●◆【]|\s{1,8}[^\s:：、。]{1,12}[:：]|\s{3,}")
_ITEM_VALUE = re.compile(
    r"[ \t]*(?:[(\[][^()\[\]\n]{0,14}[)\]])?[ \t:：=|はがもの,、値]{0,6}(?:(?:右|左|両眼|裸眼|矯正)[ :]?)?"
    r"(?P<value>[<>≦≧≤≥]?[ \t]*[0-9]{1,6}(?:,[0-9]{3})?(?:\.[0-9]{1,3})?)(?P<second>[ \t]*[/／][ \t]*[0-9]{2,3})?(?![0-9])[ \t]*"
)
_NOT_A_RESULT = re.compile(
    r"(?:年|月|日|回(?!/)|人|円|頁|ページ|章|号|項目|種|名|件|本|割|倍|時|分(?!/)|秒|週|か月|ヶ月|以上|以下|未満|を超え|歳|才|級|-[0-9]|:[0-9])"
)
_EXAM_LINK = re.compile(r"[ \t]*(?:[(\[][^()\[\]\n]{0,12}[)\]])?[ \t:：はがでのも、,|結果判定所見左右両に0-9回目と]{0,10}")
_FAMILY_BEFORE = 12
_SUBJECT_BEFORE = 40
_AROUND = 400
_RECORD_NEAR = re.compile(
    r"前科|犯歴|犯罪歴|有罪|懲役|(?:年|か月|ヶ月)(?:ほど|くらい|ぐらい)?(?:入って|くらっ|食らっ|務め)|禁[錮固]|拘禁刑|執行猶予|服役|受刑|実刑|罰金|判決|刑に処|刑務所|の罪"
)
_PROCEDURE_NEAR = re.compile(
    r"逮捕|容疑|被疑|送検|起訴|勾留|検挙|公判|嫌疑|の疑い|被告|罪名|取調|取り調べ|捜索|任意同行|書類送|(?:警察|警官|警備員)(?:に|へ)(?:引き?渡|突き出|通報|連行|つかま|捕ま|出頭)"
)
_VICTIM_NEAR = re.compile(r"被害|に遭|にあ[いっう]|[をも]受け(?!て(?:いる|いた)?(?:判決|有罪))|加害者|され(?:た|て)")
_JUVENILE_NEAR = re.compile(r"少年院|鑑別所|家庭裁判所|家裁|保護観察|審判|非行|保護処分|触法|補導")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sensitive word or value, before anybody asked whom it is about.

    :ivar start: offset of its first character in the text.
    :ivar grade: how much it proves alone, 0 to 1 (``統合失調症`` 0.95, ``発熱`` 0.35).
    :ivar norm: the word as listed.
    :ivar negated: ``既往歴なし``, ``糖尿病ではない``: still a statement.
    :ivar hypothetical: a part of a name or of a general phrase (``糖尿病の予防``, ``がんセンター``, ``6.5%以上``).
    :ivar family: said of a relative.
    :ivar labelled: stands after a label that says what it is, or is a ticked box.
    :ivar role: what it does in its clause; what a topic is about is hypothetical.
    :ivar rest: characters behind it that belong to its noun phrase.
    """

    entity: str
    start: int
    end: int
    grade: float
    norm: str
    why: tuple[str, ...] = ()
    negated: bool = False
    hypothetical: bool = False
    family: bool = False
    labelled: bool = False
    role: ClauseRole = ClauseRole.OPEN
    rest: int = 0

    def __repr__(self) -> str:
        """Without the word."""
        return f"Candidate({self.entity}, {self.start}:{self.end}, {self.grade:.2f})"


class _Entry(NamedTuple):
    kind: str  # word, item, exam, label, gate, charge
    length: int
    entity: str
    grade: float
    word: str
    payload: int  # index of an item or pattern


@dataclass(frozen=True, slots=True)
class Item:
    """A check-up item: reference range and what its values can be at all."""

    name: str
    units: tuple[str, ...]
    low: float
    high: float
    least: float
    most: float
    grade: float


@dataclass(slots=True)
class _Rules:
    order: dict[str, int] = field(default_factory=dict)
    free: dict[str, bool] = field(default_factory=dict)
    patterns: list[tuple[str, re.Pattern[str], float, str]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def _rows(name: str) -> Iterator[list[str]]:
    """Rows of a dictionary without comments and header."""
    path = recognizers_dir() / "dictionaries" / name
    with path.open(encoding="utf-8") as file:
        head = True
        for line in file:
            if line.startswith("#") or not line.strip():
                continue
            if head:
                head = False
                continue
            yield line.rstrip("\n").split("\t")


class Lexicon:
    """All words of the wanted categories, found in one look.

    :param catalogue: where the rules with ``engine: sensitive`` are.
    :param financial: also the 機微情報 of the finance guideline.
    """

    def __init__(self, catalogue: Catalogue, *, financial: bool = False) -> None:
        self.cues: Cues = load_cues()
        self._citations = Prefilter([self.cues.citation.pattern], ends=False)
        self.entities: tuple[str, ...] = tuple(
            rule.entity
            for rule in catalogue.rules.values()
            if rule.engine == "sensitive" and (financial or not rule.extra.get("optional", False))
        )
        self._rules = _Rules()
        entries: dict[str, list[_Entry]] = {}

        def add(kind: str, word: str, entity: str, grade: float, payload: int = -1) -> None:
            key = lower(fold(word))
            entries.setdefault(key, []).append(_Entry(kind, len(key), entity, grade, key, payload))

        for entity in self.entities:
            extra = catalogue.rule(entity).extra
            self._rules.order[entity] = int(extra["order"])
            self._rules.free[entity] = bool(extra["free_labels"])
            for name in extra["dictionaries"]:
                for word, grade, *_ in _rows(name):
                    add("word", word, entity, float(grade))
            if extra.get("charges"):
                for word, grade, *_ in _rows(extra["charges"]):
                    add("charge", word, entity, float(grade))
            if extra.get("examinations"):
                for word, grade, *_ in _rows(extra["examinations"]):
                    add("exam", word, entity, float(grade))
            if extra.get("items"):
                for row in _rows(extra["items"]):
                    self._add_item(row, entity, add)
            for label in extra["labels"]:
                add("label", label, entity, 0.0)
            for pattern in extra["patterns"]:
                index = len(self._rules.patterns)
                self._rules.patterns.append((entity, re.compile(pattern["regex"]), float(pattern["grade"]), f"pattern {pattern['name']}"))
                for gate in pattern["gate"]:
                    add("gate", gate, entity, 0.0, index)
            for statement in statements().get(entity, ()):
                index = len(self._rules.patterns)
                self._rules.patterns.append((entity, statement.regex, statement.grade, f"statement {statement.name}"))
                for gate in statement.gate:
                    add("gate", gate, entity, 0.0, index)
        self._words = WordFinder({key: tuple(listed) for key, listed in entries.items()})
        self._could = Prefilter(words=entries)
        self.size = len(entries)

    def _add_item(self, row: list[str], entity: str, add: Any) -> None:
        name, aliases, units, low, high, least, most, grade = row
        index = len(self._rules.items)
        item = Item(name, tuple(units.split()), *(float(value) for value in (low, high, least, most, grade)))
        self._rules.items.append(item)
        for alias in dict.fromkeys((name, *aliases.split())):
            add("item", alias, entity, item.grade, index)

    # ------------------------------------------------------------------ lookups

    def item(self, name: str) -> Item | None:
        """The check-up item that a column header names."""
        key = lower(fold("".join(name.split())))
        best: Item | None = None
        length = 0
        for _, listed in self._words.iter(key):
            for entry in listed:
                if entry.kind == "item" and entry.length > length and entry.length >= min(3, len(key)):
                    best, length = self._rules.items[entry.payload], entry.length
        return best if length * 2 >= len(key) else None

    # --------------------------------------------------------------- candidates

    def candidates(self, text: str) -> list[Candidate]:
        """Everything sensitive in ``text``, longest match first, in text order; offsets point into ``text``."""
        folded = fold(text)
        low = lower(folded)
        if (len(low) < CELL or low.isascii()) and not self._could.could_match(low):
            return []
        words: list[tuple[int, int, _Entry]] = []
        labels: list[tuple[int, int, _Entry]] = []
        gates: list[tuple[int, int, _Entry]] = []
        for last, listed in self._words.iter(low):
            for entry in listed:
                start = last + 1 - entry.length
                if not self._whole(low, start, last + 1, entry.word):
                    continue
                if entry.kind == "label":
                    labels.append((start, last + 1, entry))
                elif entry.kind == "gate":
                    gates.append((start, last + 1, entry))
                else:
                    words.append((start, last + 1, entry))
        if not words and not labels and not gates:
            return []
        found = [*self._from_patterns(folded, gates), *self._from_words(folded, words)]
        found = self._longest(found)
        found = self._with_labels(folded, low, labels, found)
        return [finished for c in found if (finished := self._surroundings(folded, c)) is not None]

    def _whole(self, low: str, start: int, end: int, word: str) -> bool:
        """Whether the hit is a word and not a piece of another one."""
        before = low[start - 1] if start else ""
        after = low[end] if end < len(low) else ""
        first, last = word[0], word[-1]
        if before and first in _ASCII_WORD and (before in _ASCII_WORD or before == "_"):
            return False
        if after and last in _ASCII_WORD and last.isalpha() and ((after.isalpha() and after.isascii()) or after == "_"):
            return False
        if after and last.isdigit() and after.isdigit():
            return False
        if before and first in _KATAKANA and before in _KATAKANA:
            return False
        if after and last in _KATAKANA and after in _KATAKANA:
            return False
        rule = self.cues.boundaries.get(word)
        if rule is None:
            return True
        return not ((before and rule.before and rule.before.match(before)) or (after and rule.after and rule.after.match(after)))

    def _from_words(self, folded: str, words: Iterable[tuple[int, int, _Entry]]) -> Iterator[Candidate]:
        for start, end, entry in words:
            if entry.kind == "word":
                if entry.entity == HISTORY:
                    yield Candidate(entry.entity, _extend_left(folded, start), end, entry.grade, entry.word, ("disease name",))
                else:
                    yield Candidate(entry.entity, start, end, entry.grade, entry.word, ("listed word",))
            elif entry.kind == "charge":
                yield self._charge(folded, start, end, entry)
            elif entry.kind == "item":
                candidate = self._measured(folded, start, end, entry)
                if candidate is not None:
                    yield candidate
            else:
                link = _EXAM_LINK.match(folded, end)
                result = self.cues.results_words.match(folded, link.end() if link else end)
                if result:
                    yield Candidate(entry.entity, start, result.end(), entry.grade, entry.word, ("examination with its result",))

    def _charge(self, folded: str, start: int, end: int, entry: _Entry) -> Candidate:
        """A charge says who did what; the words around say whether it is a record, a procedure or a harm suffered."""
        left = max(folded.rfind("。", 0, start), folded.rfind("\n", 0, start)) + 1
        right = min((at for at in (folded.find("。", end), folded.find("\n", end)) if at >= 0), default=len(folded))
        near = folded[max(left, start - 60) : min(right, end + 60)]
        named = 0.15 if folded.startswith("罪", end) else 0.0
        if not _cases().could_match(near):
            return Candidate(entry.entity, start, end, 0.1 + named, entry.word, ("charge",))
        for entity, pattern, grade in (
            (_JUVENILE, _JUVENILE_NEAR, 0.85),
            (_RECORD, _RECORD_NEAR, 0.85),
            (_PROCEDURE, _PROCEDURE_NEAR, 0.85),
            (_VICTIM, _VICTIM_NEAR, 0.8),
        ):
            if pattern.search(near):
                return Candidate(entity, start, end, grade, entry.word, ("charge beside words of a case",))
        return Candidate(entry.entity, start, end, 0.1 + named, entry.word, ("charge",))

    def _measured(self, folded: str, start: int, end: int, entry: _Entry) -> Candidate | None:
        match = _ITEM_VALUE.match(folded, end)
        if match is None or _NOT_A_RESULT.match(folded, match.end()):
            threshold = match is not None and self.cues.threshold_after.match(folded, match.end("value"))
            return Candidate(entry.entity, start, end, entry.grade, entry.word, (), hypothetical=True) if threshold else None
        item = self._rules.items[entry.payload]
        value = float(re.sub(r"[^0-9.]", "", match.group("value")) or 0)
        if not item.least <= value <= item.most:
            return None
        unit = next((unit for unit in item.units if folded.startswith(unit, match.end())), "")
        grade = item.grade if unit or match.group("second") else item.grade - (0.35 if entry.length <= 3 and entry.word.isascii() else 0.1)
        stop = match.end() + len(unit) if unit else (match.end("second") if match.group("second") else match.end("value"))
        hypothetical = bool(
            self.cues.threshold_after.match(folded, stop)
            or self.cues.threshold_after.match(folded, match.end("value"))
            or self.cues.threshold_before.search(folded, max(0, start - 10), match.start("value"))
        )
        return Candidate(entry.entity, start, stop, grade, entry.word, ("check-up item with its value",), hypothetical=hypothetical)

    def _from_patterns(self, folded: str, gates: Iterable[tuple[int, int, _Entry]]) -> Iterator[Candidate]:
        seen: set[tuple[int, int, int]] = set()
        for start, end, entry in gates:
            entity, regex, grade, name = self._rules.patterns[entry.payload]
            for match in regex.finditer(folded, max(0, start - _WINDOW_BEFORE), end + _WINDOW_AFTER):
                if match.start() < end and start < match.end() and (key := (entry.payload, *match.span())) not in seen:
                    seen.add(key)
                    yield Candidate(entity, match.start(), match.end(), grade, name.partition(" ")[2], (name,))

    def _longest(self, found: list[Candidate]) -> list[Candidate]:
        """Of overlapping candidates the longest; of equal ones the category that says more."""
        said = [c for c in found if c.why[0].startswith("statement")]
        if said:  # 医師からはうつ病との診断: the illness says more
            known = [c for c in found if c.grade >= _KNOWN and not c.why[0].startswith("statement")]
            hidden = {
                id(s)
                for s in said
                if any(c.start < s.end and s.start < c.end and (c.entity != s.entity or s.grade < _KNOWN) for c in known)
            }
            found = [c for c in found if id(c) not in hidden]
        found.sort(key=lambda c: (c.start - c.end, -self._rules.order[c.entity], -c.grade))
        kept: list[Candidate] = []
        taken: set[int] = set()
        for candidate in found:
            span = range(candidate.start, candidate.end)
            if candidate.start in taken or candidate.end - 1 in taken or not taken.isdisjoint(span):
                continue
            taken.update(span)
            kept.append(candidate)
        kept.sort(key=lambda c: c.start)
        return kept

    # ------------------------------------------------------------------- labels

    def _with_labels(self, folded: str, low: str, labels: list[tuple[int, int, _Entry]], found: list[Candidate]) -> list[Candidate]:
        labels.sort(key=lambda hit: (hit[0], -hit[1]))
        end_of_last = -1
        out = list(found)
        for start, end, entry in labels:
            if start < end_of_last or not _LABEL_START.search(low[max(0, start - 1) : start]):
                continue
            value = self._label_value(folded, end)
            if value is None:
                continue
            end_of_last = end
            if any(c.start <= start and value[0] < c.end and c.why[0].startswith("pattern") for c in out):  # 療育手帳 B2
                continue
            out = [c for c in out if not (c.start < end and start < c.end)]  # the label itself says nothing
            out = self._apply_label(folded, entry, value, out)
        out.sort(key=lambda c: c.start)
        return out

    def _label_value(self, folded: str, end: int) -> tuple[int, int, bool] | None:
        """``(start, end, sure)`` of the text that a label introduces; sure when a colon, bar or tab says so."""
        match = _LABEL_END.match(folded, end)
        if match is None:
            return None
        start = match.end()
        sep = match.group("sep")
        sure = bool(match.group("close")) or any(ch in sep for ch in ":：|\t")
        stop = folded.find("\n", start, start + _LABEL_VALUE_CHARS)
        stop = stop if stop >= 0 else min(len(folded), start + _LABEL_VALUE_CHARS)
        if "\n" not in sep and not folded[start:stop].strip() and folded[stop : stop + 1] == "\n" and sure:
            start = stop + 1
            stop = folded.find("\n", start, start + _LABEL_VALUE_CHARS)
            stop = stop if stop >= 0 else min(len(folded), start + _LABEL_VALUE_CHARS)
        cut = _NEXT_LABEL.search(folded, start + 1, stop) if start < stop else None
        if cut:
            stop = cut.start()
        while start < stop and folded[start] in " \t":
            start += 1
        if start >= stop or self.cues.blank.match(folded[start:stop]):
            return None
        if "\n" in sep and _LABELLED_LINE.match(folded, start):
            return None  # the next line has a label of its own: 被害届 above 届出日：…
        return start, stop, sure

    def _apply_label(self, folded: str, entry: _Entry, span: tuple[int, int, bool], found: list[Candidate]) -> list[Candidate]:
        start, stop, sure = span
        value = folded[start:stop]
        sure = sure or _SAYS_SO.fullmatch(value) is not None
        negative = self.cues.negative.match(value)
        if negative and negative.group().strip():
            if not sure and len(value) > len(negative.group()) + 2:
                return found
            kept = [c for c in found if not (start <= c.start < stop)]
            if entry.entity == CHECKUP and not self.cues.results_words.match(value):
                return kept
            return [
                *kept,
                Candidate(entry.entity, start, start + negative.end(), 0.7, f"{entry.word}なし", ("label",), negated=True, labelled=True),
            ]
        family = entry.word == "家族歴"
        inside = [c for c in found if start <= c.start < stop]
        if inside:
            labelled = {id(c) for c in inside}
            return [
                replace(c, labelled=True, family=c.family or family, why=(*c.why, "after its label"), **self._relabel(c, entry))
                if id(c) in labelled
                else c
                for c in found
            ]
        if entry.entity == CHECKUP:
            result = self.cues.results_words.match(value)
            if result and sure:
                return [*found, Candidate(CHECKUP, start, start + result.end(), 0.8, entry.word, ("label",), labelled=True)]
            return found
        if (
            self._rules.free[entry.entity]
            and sure
            and any(ch.isalnum() for ch in value)
            and not (entry.entity == "JP_SENSITIVE_MEDICAL_CARE" and value.strip().isdigit())  # 内服薬 2: so many are in the bag
            and not re.search(r"[□☐]|[・/／]\s*(?:無|なし|いいえ)", value)
        ):
            stop = min(stop, start + 40)
            return [
                *found,
                Candidate(entry.entity, start, stop, 0.7, " ".join(value[:40].split()), ("label",), family=family, labelled=True),
            ]
        return found

    def _relabel(self, candidate: Candidate, entry: _Entry) -> dict[str, Any]:
        """A charge after ``被害内容:`` is a harm suffered; a condition after ``障害名:`` a disability."""
        if "charge" in candidate.why or candidate.why[:1] == ("charge beside words of a case",):
            return (
                {"entity": entry.entity, "grade": max(candidate.grade, 0.8)}
                if entry.entity in {_RECORD, _PROCEDURE, _VICTIM, _JUVENILE}
                else {}
            )
        if entry.entity == _PREFIX + "DISABILITY" and candidate.entity == HISTORY:
            return {"entity": entry.entity}
        return {}

    # ------------------------------------------------------------- surroundings

    def _surroundings(self, folded: str, c: Candidate) -> Candidate | None:
        cues = self.cues
        before = folded[max(0, c.start - _FAMILY_BEFORE) : c.start]
        farther = folded[max(0, c.start - _SUBJECT_BEFORE) : c.start]
        if cues.unchecked_before.search(before):
            return None
        if cues.checked_before.search(before):
            c = replace(c, labelled=True, why=(*c.why, "ticked"))
        if not c.negated and cues.negated_after.match(folded[c.end : c.end + 16]):
            c = replace(c, negated=True)
        if not c.hypothetical and c.negated and self._is_choice(folded, c):  # 高血圧 糖尿病 喘息 なし
            c = replace(c, hypothetical=True)
        if not c.hypothetical and not c.negated:
            hypothetical = bool(
                (folded[c.end - 1] not in _ENDS_A_CLAUSE and cues.compound_after.match(folded, c.end))
                or cues.compound_before.search(farther)
                or cues.animal_before.search(farther)
                or (cues.attendance.match(folded, c.start) and cues.attendance_before.search(farther))
                or (cues.attendance_day.match(folded, c.start) and cues.attendance_of.search(folded, *_around(c)))
                or (c.entity == HISTORY and c.norm[0] != "抗" and folded.startswith("抗", c.start))  # 抗リウマチ薬
                or (c.entity == HISTORY and cues.of_animals.match(folded, c.start))  # 猫エイズ
                or (not c.labelled and cues.title_after.match(folded, c.end) and self._titled(farther))
                or self._is_cited(folded, c)
                or self._is_choice(folded, c)
            )
            if hypothetical:
                c = replace(c, hypothetical=True)
        if not c.hypothetical and not c.negated and not c.labelled:
            role, phrase = role_of(folded, c.start, c.end)
            if (role is ClauseRole.OPEN and c.why[0].startswith("pattern")) or (
                role is not ClauseRole.TOPIC and c.why[0].startswith("statement")
            ):  # its verb is in it
                role = ClauseRole.STATE
            c = replace(c, role=role, rest=phrase - c.end, hypothetical=role is ClauseRole.TOPIC)
        if not c.family and cues.persons.family.search(before):
            c = replace(c, family=True)
        return c

    def _titled(self, before: str) -> bool:
        """Whether the text before a word opens the title of what somebody speaks about."""
        return self.cues.title_before.search(before.rpartition("\n")[2]) is not None

    def _is_cited(self, folded: str, c: Candidate) -> bool:
        """Whether the line is one of a list of publications or talks: 大西: ループス腎炎の予後. 日腎会誌 63: 201-208, 2021"""
        first, last = _around(c)
        end = folded.find("\n", c.end, last)
        line = folded[max(first, folded.rfind("\n", first, c.start) + 1) : end if end >= 0 else last]
        return self._citations.could_match(line) and self.cues.citation.search(line) is not None

    def _is_choice(self, folded: str, c: Candidate) -> bool:
        """Whether the line is a question to be answered by a mark: 治療中の病気はありますか。はい・いいえ"""
        start, end = folded.rfind("\n", 0, c.start) + 1, folded.find("\n", c.end, c.end + _LABEL_VALUE_CHARS)
        return (
            self.cues.choice.search(folded, max(start, c.start - _LABEL_VALUE_CHARS), end if end >= 0 else c.end + _LABEL_VALUE_CHARS)
            is not None
        )


@cache
def _cases() -> Prefilter:
    """Whether words of a case could stand beside a charge."""
    return Prefilter([near.pattern for near in (_JUVENILE_NEAR, _RECORD_NEAR, _PROCEDURE_NEAR, _VICTIM_NEAR)], ends=False)


def _around(c: Candidate) -> tuple[int, int]:
    return max(0, c.start - _AROUND), c.end + _AROUND


def _extend_left(folded: str, start: int) -> int:
    """``下行結腸癌`` from ``癌``: a disease name grows over the kanji and katakana before it."""
    at = start
    while at > 0 and start - at < _EXTEND_CHARS and _COMPOUND_CHAR.match(folded[at - 1]):
        at -= 1
    return at
