"""Whom a document is about: the person whom a subject's label, its own words or numbers beside the name say it of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import why_of
from piiscan.detect.normalize import fold
from piiscan.detect.passes.hits import norm_in
from piiscan.detect.passes.profile import Profile
from piiscan.detect.same_names import is_kin
from piiscan.detect.sensitive import SensitiveRecognizer
from piiscan.model import Hit

__all__ = ["Subject", "is_labelled_subject"]

#: Labels that name the person a form is about (not 担当医, 保護者, 緊急連絡先).
_LABEL = re.compile(r"label .*(氏名|名前|患者|本人|利用者|受診者|申込者|申請者|応募者|被保険者|対象者|児童名|生徒名)")
#: Beside a name these say that the paper is about its bearer.
_PERSONAL: Final = frozenset({"DATE_OF_BIRTH", "JP_PATIENT_NUMBER", "JP_HEALTH_INSURANCE", "JP_MY_NUMBER"})
_BESIDE: Final = 120


class Subject:
    """The first person who is named as the one a document is about.

    :param threshold: of the score from which on names count.
    """

    def __init__(self, sensitive: SensitiveRecognizer, profile: Profile, threshold: float) -> None:
        self._sensitive = sensitive
        self._profile = profile
        self._threshold = threshold
        self.is_named = False
        self._norm = ""

    def note(self, found: Sequence[RecognizerResult], text: str) -> None:
        """Remember when a person is named as the one this document is about."""
        if self.is_named:
            return
        names = [r for r in found if r.entity_type == "PERSON" and r.score >= self._threshold]
        if not names:
            return
        folded = fold(text)
        near = [r for r in found if r.entity_type in _PERSONAL and r.score >= self._threshold]
        form = self._profile.form()
        for name in names:
            if (
                form
                or _has_label(why_of(name))
                or self._sensitive.is_of_subject(folded, name.start, name.end)
                or any(abs(r.start - name.end) <= _BESIDE or abs(name.start - r.end) <= _BESIDE for r in near)
            ):
                self.is_named = True
                self._norm = norm_in(name, text)
                return

    def is_in(self, hits: Sequence[Hit]) -> bool:
        """Whether some hits name the one this document is about."""
        return any(hit.entity == "PERSON" and hit.norm == self._norm for hit in hits)


def is_labelled_subject(hit: Hit) -> bool:
    """Whether a label says of a name that a form is about its bearer."""
    return not is_kin(hit) and _has_label(hit.why)


def _has_label(why: Sequence[str]) -> bool:
    return any(reason.startswith("label ") and _LABEL.match(reason) for reason in why)
