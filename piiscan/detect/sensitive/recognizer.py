"""The Presidio recognizer over words, forms and judge, and how it reads table columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from piiscan.catalogue import Catalogue
from piiscan.detect.base import ValueMatch
from piiscan.detect.normalize import fold
from piiscan.detect.prefilter import Prefilter
from piiscan.detect.sensitive import forms
from piiscan.detect.sensitive.cues import load_cues
from piiscan.detect.sensitive.judge import judge, only_works, own_persons
from piiscan.detect.sensitive.remarks import of_work, remarks, takes_remarks
from piiscan.detect.sensitive.words import CHECKUP, DISABILITY, Candidate, Lexicon

__all__ = ["SensitiveRecognizer"]

_SMALL = 1_200
_ANIMAL_WORDS = 2
_LINE = re.compile(r"[^\s\n](?:[^\n]*[^\s\n])?")
#: 備考：ギプス固定
_NOTE_LINE = re.compile(r"(?m)^(?P<label>[^\n:：、。]{2,14})[:：][ \t\u3000]*(?P<note>[^\n]{1,60})$")
_BLANK_LINE = re.compile(r"\n[ \t\u3000]*\n")
_EMPTY_CELL = re.compile(r"[\s\-‐―ー－—–/／*＊?？.,、・_＿]*|(?:n/?a|null|none|nan|未記入|未入力|未回答|空欄|同上|〃)", re.IGNORECASE)
_NUMBER_CELL = re.compile(r"[<>≦≧≤≥]?\s*(?P<value>-?\d{1,6}(?:\.\d+)?)\s*(?:[/／~\-]\s*\d{2,3})?\s*(?P<unit>[^\d\s]{0,12})")
#: What ends so is a body, and no header: 犯罪被害者支援センター.
_OF_BODIES = re.compile(r"(?:センター|協会|連合会|協議会|事務局|法人|財団)$")
#: Kinds that the columns of one list of patients have.
_OF_HEALTH = frozenset(f"JP_SENSITIVE_{kind}" for kind in ("MEDICAL_HISTORY", "MEDICAL_CARE", "CHECKUP_RESULT", "DISABILITY", "FIN_HEALTH"))
_SAYS_ITSELF = 0.7
_GENERAL_HEADER = re.compile(r"(?:総合)?(?:所見|判定|結果|評価)(?:区分|結果)?")
#: A result that a check-up has, and an appraisal or a test of a product as well.
_ANY_RESULT = re.compile(
    r"(?:[^\s:]{0,6}(?:判定|結果|所見)[^\s:]{0,2}[\s:はが]*)?(?:[A-E][0-9]?|正常|異常(?:なし|あり|を認めず)|(?:非)?該当|所見(?:なし|あり))"
)
_GRADE_CELL = re.compile(r"[A-HＡ-Ｈ][0-9]?")
_BOOLEAN_CELL = re.compile(r"(?:0|1|true|false|yes|no|y|n|有|あり|有り|○|◯|〇|●|☑|✓|レ|はい|×|✕|いいえ|該当|対象)", re.IGNORECASE)
#: The number of somebody's illness, or of a member of a church: the row says it whatever the number.
_NUMBERED_HEADER = re.compile(r"コード|番号|(?<![a-z])(?:code|icd|no)(?![a-z])", re.IGNORECASE)
_NO_CELL = re.compile(r"(?:0|false|no|n|×|✕|いいえ|対象外)", re.IGNORECASE)
_DATE_CELL = re.compile(r"(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|[明大昭平令MTSHR]\S{0,2}\d{1,2}[-/.年].{0,8})")


@cache
def _could_be_animals() -> Prefilter:
    return Prefilter([load_cues().animals.pattern])


class SensitiveRecognizer(EntityRecognizer):
    """Special-care personal information (要配慮個人情報), counted only when it is about a person.

    :param catalogue: where the rules with ``engine: sensitive`` are.
    :param financial: also the 機微情報 of the finance guideline.
    """

    def __init__(self, catalogue: Catalogue, financial: bool = False) -> None:
        self._catalogue = catalogue
        self._financial = financial
        self._lexicon: Lexicon | None = None
        entities = [
            rule.entity
            for rule in catalogue.rules.values()
            if rule.engine == "sensitive" and (financial or not rule.extra.get("optional", False))
        ]
        self._entities = frozenset(entities)
        super().__init__(supported_entities=entities, name="SensitiveRecognizer", supported_language="ja")

    def load(self) -> None:
        """Nothing: the word lists load when the first text needs them."""

    @property
    def lexicon(self) -> Lexicon:
        """The word lists, loaded on first use (some 0.1 s)."""
        if self._lexicon is None:
            self._lexicon = Lexicon(self._catalogue, financial=self._financial)
        return self._lexicon

    # -------------------------------------------------------------------- prose

    def analyze(self, text: str, entities: Sequence[str] | None = None, nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002 -- Presidio's signature
        """What is sensitive in ``text``, judged alone as a whole small document.

        Without a name recognizer persons are seen by labels (``氏名：…``), honorifics,
        ages and pronouns; a text with none of them gives nothing.
        """
        folded = fold(text)
        found = self.of_health(self.candidates(text), text, about_health=self.about_health(folded))
        if not found:
            return []
        persons = own_persons(text)
        form = self.personal_form(folded)
        judged: list[RecognizerResult] = []
        subject = False
        for start, end in _sections(text):
            near = [(a - start, b - start, score) for a, b, score in persons if start <= a and b <= end]
            inside = [replace(c, start=c.start - start, end=c.end - start) for c in found if start <= c.start and c.end <= end]
            for hit in judge(inside, folded[start:end], persons=near, form=form, subject_elsewhere=subject, around=folded, pronouns=True):
                hit.start += start
                hit.end += start
                judged.append(hit)
            subject = subject or (bool(near) and bool(load_cues().persons.label_value.search(folded[start:end])))
        wanted = set(entities) if entities else None
        return [hit for hit in judged if hit.score >= 0.5 and (wanted is None or hit.entity_type in wanted)]

    def candidates(self, text: str) -> list[Candidate]:
        """Sensitive words and values in ``text``, whoever they are about; offsets point into ``text``."""
        found = self.lexicon.candidates(text)
        for line in _NOTE_LINE.finditer(text) if ":" in text or "：" in text else ():
            if takes_remarks(line["label"]):
                found = self._with_remarks(found, line["label"], line["note"], line.start("note"))
        return found

    def _with_remarks(self, found: list[Candidate], header: str, note: str, at: int) -> list[Candidate]:
        said = [replace(c, start=c.start + at, end=c.end + at) for c in remarks(header, note, self._entities)]
        known = [c for c in found if not c.hypothetical]
        more = [c for c in said if all(c.end <= k.start or k.end <= c.start for k in known)]
        return sorted((*found, *more), key=lambda c: c.start) if more else found

    def note(self, header: str, note: str) -> list[Candidate]:
        """What a note under ``header`` in somebody's row may say of that person: :meth:`candidates`, and its pieces that say so as a whole."""
        found = self.candidates(note)
        if takes_remarks(header):
            found = self._with_remarks(found, header, note, 0)
        if found and (work := of_work(note)):
            found = [c for c in found if not any(start <= c.start and c.end <= end for start, end in work)]
        return found

    def of_health(self, found: Sequence[Candidate], text: str, *, about_health: bool) -> list[Candidate]:
        """Candidates without those that are results of a check-up only where the document is about health (総合判定 A, 身長 172cm)."""
        if about_health:
            return list(found)
        found = [c for c in found if not (c.entity == CHECKUP and _ANY_RESULT.fullmatch(fold(text[c.start : c.end])))]
        sizes = load_cues().body_size
        others = [c for c in found if not (c.entity == CHECKUP and sizes.match(fold(text[c.start : c.end])))]
        return found if any(c.entity == CHECKUP for c in others) else others

    def personal_form(self, folded: str) -> str:
        """Name of the personal form that a text is, filled in for somebody; else empty. See :func:`forms.personal_form`."""
        return forms.personal_form(folded)

    def is_of_subject(self, folded: str, start: int, end: int) -> bool:
        """Whether the words around a name say that the paper is about its bearer. See :func:`forms.is_of_subject`."""
        return forms.is_of_subject(folded, start) or forms.is_spoken_of(folded, end)

    def only_works(self, folded: str, start: int, end: int) -> bool:
        """Whether a name is that of one who treats, writes or teaches. See :func:`judge.only_works`."""
        return only_works(folded, start, end)

    def judge(
        self,
        candidates: Sequence[Candidate],
        folded: str,
        *,
        persons: Sequence[tuple[int, int, float]],
        form: str,
        subject_elsewhere: bool,
        around: str = "",
    ) -> list[RecognizerResult]:
        """Which candidates of a section count, scored as probabilities (also those below 0.5). See :func:`judge.judge`."""
        return judge(candidates, folded, persons=persons, form=form, subject_elsewhere=subject_elsewhere, around=around)

    # ------------------------------------------------------------------ columns

    def column_kind(self, header: str) -> tuple[str, float] | None:
        """The sensitive kind that a column header names, and how surely (0.4: only beside a surer one, as 判定)."""
        kinds = self._catalogue.header_kinds(header)
        if not kinds or _OF_BODIES.search(header.rstrip()):
            return None
        best = kinds[0][1]
        for entity, weight in kinds:
            if weight < best:
                break
            if entity in self.supported_entities:
                return entity, weight
        return None

    def about_health(self, folded: str) -> bool:
        """Whether a text (name, titles and headers of a document) is about somebody's health, as its words say."""
        return load_cues().health.search(folded) is not None

    def about_animals(self, folded: str) -> bool:
        """Whether a text (name, titles and headers of a document) is about animals: two different words say so."""
        if not _could_be_animals().could_match(folded):
            return False
        return len({match.group() for match in load_cues().animals.finditer(folded)}) >= _ANIMAL_WORDS

    def kind_of_cell(self, entity: str, value: str) -> str:
        """The kind of what a cell says in a column of ``entity``: a crime among results (結果: 恐喝で有罪) is none of a check-up."""
        if entity not in _OF_HEALTH:
            return entity
        known = [c for c in self.candidates(value) if c.grade >= _SAYS_ITSELF and not c.hypothetical]
        if not known or any(c.entity in _OF_HEALTH for c in known):
            return entity
        return known[0].entity

    def cell(self, entity: str, header: str, value: str) -> ValueMatch | None:
        """What a cell under ``header`` says that is sensitive of the person of its row; ``None`` for nothing (empty, ``-``, a date)."""
        stripped = value.strip()
        if not stripped or _EMPTY_CELL.fullmatch(stripped):
            return None
        start = value.index(stripped[0])
        end = start + len(stripped)
        folded = fold(stripped)
        cues = load_cues()
        if entity == CHECKUP:
            # 2018/2/22 over 118~70: the day of a check-up and its result in one cell
            lines = [
                match
                for line in _LINE.finditer(folded)
                if (match := self._checkup_cell(header, line.group(), start + line.start(), start + line.end()))
            ]
            return lines[0] if lines else None
        if cues.blank.match(folded) or cues.choice.search(folded):
            return None
        if _NO_CELL.fullmatch(folded):
            return None
        negative = cues.negative.match(folded)
        if negative and negative.group().strip() and negative.end() >= len(folded) - 1:
            return ValueMatch(0.5, "なし", start, end)
        known = [c for c in self.candidates(stripped) if not c.hypothetical]
        same = [c for c in known if c.entity == entity]
        norm = same[0].norm if same else " ".join(folded.split())
        if same:
            return ValueMatch(max(0.85, min(0.97, same[0].grade + 0.05)), norm, start, end)
        if known:
            return ValueMatch(0.85, norm, start, end)
        if cues.no_illness.search(folded) or (entity == DISABILITY and cues.no_disability.match(folded)):
            return None
        if _BOOLEAN_CELL.fullmatch(folded) or _GRADE_CELL.fullmatch(folded) or re.fullmatch(r"[1-7][級度種]?", folded):
            return ValueMatch(0.7, norm, start, end)
        if folded.replace(".", "").isdigit() and not _NUMBERED_HEADER.search(fold(header)):
            return None
        return ValueMatch(0.75 if not _DATE_CELL.fullmatch(folded) else 0.6, norm, start, end)

    def _checkup_cell(self, header: str, folded: str, start: int, end: int) -> ValueMatch | None:
        cues = load_cues()
        if _DATE_CELL.fullmatch(folded):
            return None
        number = _NUMBER_CELL.fullmatch(folded)
        if number:
            item = self.lexicon.item(header)
            size = float(number.group("value"))
            if item is None:
                return ValueMatch(0.6, folded, start, end)
            if not item.least <= size <= item.most:
                return None
            return ValueMatch(max(0.55, min(0.95, item.grade + 0.1)) if item.grade >= 0.5 else 0.5, folded, start, end)
        if cues.results_words.match(folded) or _GRADE_CELL.fullmatch(folded):
            return ValueMatch(0.85 if not _GRADE_CELL.fullmatch(folded) else 0.7, folded, start, end)
        if cues.negative.match(folded) and cues.negative.match(folded).group().strip():  # type: ignore[union-attr]
            return ValueMatch(0.5, "なし", start, end)
        if any(not c.hypothetical for c in self.candidates(folded)):
            return ValueMatch(0.85, folded, start, end)
        if re.fullmatch(r"[+\-±]{1,4}|\([+\-±0-9]+\)", folded):
            return ValueMatch(0.8, folded, start, end)
        if _GENERAL_HEADER.fullmatch("".join(fold(header).split())):
            return None  # 総合所見 of a school report, 判定 of a test: words of health would say more
        return ValueMatch(0.55, folded, start, end) if any(ch.isalnum() for ch in folded) else None

    def value(self, entity: str, text: str) -> ValueMatch | None:
        """A whole cell judged without a header: only words that are on the lists, or a value with its item."""
        known = [c for c in self.candidates(text) if c.entity == entity and not c.hypothetical]
        if not known:
            return None
        first = known[0]
        return ValueMatch(min(0.9, first.grade), first.norm, first.start, first.end)


def _sections(text: str) -> list[tuple[int, int]]:
    """Stretches that are read together: a small text as a whole, a larger one by blank lines."""
    if len(text) <= _SMALL:
        return [(0, len(text))]
    out: list[tuple[int, int]] = []
    start = 0
    for match in _BLANK_LINE.finditer(text):
        if match.start() > start:
            out.append((start, match.start()))
        start = match.end()
    if start < len(text):
        out.append((start, len(text)))
    return out
