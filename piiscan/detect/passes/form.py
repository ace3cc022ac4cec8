"""The records of a personal form become one, or one a form where a file holds several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from piiscan.detect.passes.profile import Profile
from piiscan.detect.passes.subject import is_labelled_subject
from piiscan.detect.readings import readings_joined
from piiscan.detect.same_names import SameNames, one_person_each
from piiscan.model import Hit, Record, RecordKind

__all__ = ["Form"]

#: A form longer than this is a list of forms; its record is closed and a new one begun.
_FORM_HITS: Final = 400
_KANA_ONLY = re.compile(r"[ァ-ヶー・ｦ-ﾟ\s]+")


class Form:
    """The form that a document may be.

    :param same: the names of the document.
    :param threshold: hits below it are dropped.
    """

    def __init__(self, profile: Profile, same: SameNames, threshold: float) -> None:
        self._profile = profile
        self._same = same
        self._threshold = threshold
        self._hits: list[Hit] = []

    def take(self, record: Record) -> Iterator[Record]:
        """The forms that end before this record; the record itself where it is a row, or the document is no form."""
        if not record.hits:
            return
        if record.kind is RecordKind.ROW or not self._profile.form():
            yield from self._as_it_is(record)
            return
        for hit in record.hits:
            if hit.score < self._threshold:
                continue
            if self._hits and (len(self._hits) >= _FORM_HITS or _begins_record(hit, self._hits)):
                yield Record(RecordKind.FORM, one_person_each(readings_joined(self._hits)), self._profile.form())
                self._hits = []
            self._hits.append(hit)

    def finish(self) -> Iterator[Record]:
        """The last form."""
        if self._hits:
            hits = self._same.joined(one_person_each(readings_joined(self._hits)))
            yield Record(RecordKind.FORM, hits, self._profile.form())
            self._hits = []

    def _as_it_is(self, record: Record) -> Iterator[Record]:
        least = self._threshold
        sure = [hit for hit in record.hits if hit.score >= least]
        if not sure:
            return
        hits: Sequence[Hit] = sure if len(sure) < len(record.hits) else record.hits
        row = record.kind is RecordKind.ROW
        if not row:
            hits = readings_joined(hits)
        if self._profile.is_long:  # what was named in full before
            self._same.learn(hits)
            hits = self._same.joined(hits)
        hits = one_person_each(hits, row=row)
        yield record if hits is record.hits else Record(record.kind, hits, record.header)


def _begins_record(hit: Hit, before: Sequence[Hit]) -> bool:
    """A second, different person under a subject's label begins the next form (twenty 申込書 in one file)."""
    if hit.entity != "PERSON" or _KANA_ONLY.fullmatch(hit.norm) or not is_labelled_subject(hit):
        return False
    return any(
        other.entity == "PERSON" and is_labelled_subject(other) and other.norm != hit.norm and not _KANA_ONLY.fullmatch(other.norm)
        for other in before
    )
