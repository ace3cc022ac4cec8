"""The text of a short document: a letter to, or a paper of, exactly one person is one record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import why_of
from piiscan.detect.passes.form import Form
from piiscan.detect.passes.profile import Profile
from piiscan.detect.passes.subject import Subject
from piiscan.detect.readings import readings_joined
from piiscan.detect.same_names import SameNames
from piiscan.detect.sensitive.judge import OF_SUBJECT
from piiscan.model import Hit, Record, RecordKind

__all__ = ["Letter"]

_HONORIFIC = re.compile(r"[ \u3000]{0,2}(?:様|さま|殿|氏)")
#: How many different values of each kind a letter to one person has at most.
_MOST = {"PERSON": 1, "DATE_OF_BIRTH": 1, "EMAIL_ADDRESS": 2, "PHONE_NUMBER": 3, "JP_ADDRESS": 2}


class Letter:
    """Records of text, which wait until it is known whether the document is short and about one person.

    :param form: takes those that are no letter.
    :param threshold: hits below it are dropped.
    """

    def __init__(self, profile: Profile, subject: Subject, same: SameNames, form: Form, threshold: float) -> None:
        self._profile = profile
        self._subject = subject
        self._same = same
        self._form = form
        self._threshold = threshold
        self._addressed = False
        self.waiting: list[Record] = []

    def take(self, record: Record) -> Iterator[Record]:
        """The record itself, when the document is long or a form."""
        if self._profile.is_long or self._profile.form():
            yield from self._form.take(record)
        else:
            self.waiting.append(record)

    def note_addressee(self, found: Sequence[RecognizerResult], text: str) -> None:
        """Remember whether somebody is written to (様), or named by a label."""
        self._addressed = self._addressed or any(_is_addressed(result, text) for result in found)

    def let_go(self) -> Iterator[Record]:
        """What waited, once the document is too long for a letter."""
        if self._profile.is_long:
            waiting, self.waiting = self.waiting, []
            for record in waiting:
                yield from self._form.take(record)

    def finish(self) -> Iterator[Record]:
        """What waited, at the end of the document."""
        waiting, self.waiting = self.waiting, []
        for record in waiting:
            self._same.learn(record.hits)
        waiting = [replace(record, hits=self._same.joined(record.hits)) for record in waiting]
        hits = tuple(hit for record in waiting for hit in record.hits if hit.score >= self._threshold)
        if len(waiting) > 1 and self._addressed and _are_of_one_person(hits) and not self._profile.form():
            yield Record(RecordKind.SECTION, readings_joined(hits))
            return
        for record in self._said_of_subject(waiting):
            yield from self._form.take(record)

    def _said_of_subject(self, records: list[Record]) -> list[Record]:
        """The records of a short paper; what is said below of whom its head names (被災者：…) is in the record of that name."""
        at = next((i for i, record in enumerate(records) if self._subject.is_in(record.hits)), -1)
        if at < 0:
            return records
        said = [hit for i, record in enumerate(records) if i != at for hit in record.hits if _is_said_of_subject(hit)]
        if not said:
            return records
        out = [replace(record, hits=tuple(hit for hit in record.hits if not _is_said_of_subject(hit))) for record in records]
        out[at] = Record(RecordKind.SECTION, (*records[at].hits, *said), records[at].header)
        return [record for record in out if record.hits]


def _are_of_one_person(hits: Sequence[Hit]) -> bool:
    norms = {kind: {hit.norm for hit in hits if hit.entity == kind} for kind in _MOST}
    return len(norms["PERSON"]) == 1 and all(len(norms[kind]) <= most for kind, most in _MOST.items())


def _is_said_of_subject(hit: Hit) -> bool:
    return hit.entity.startswith("JP_SENSITIVE_") and f"person: {OF_SUBJECT}" in hit.why


def _is_addressed(result: RecognizerResult, text: str) -> bool:
    """A name that a letter is written to (様), or that a label names."""
    if result.entity_type != "PERSON":
        return False
    return bool(_HONORIFIC.match(text, result.end)) or any(reason.startswith("label") for reason in why_of(result))
