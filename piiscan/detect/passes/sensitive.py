"""Sensitive words that are about a person: section by section, by the names and numbers that stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.kit import Kit
from piiscan.detect.normalize import fold
from piiscan.detect.passes.bearers import Workers, is_somebody
from piiscan.detect.passes.profile import Profile
from piiscan.detect.passes.stretches import sections
from piiscan.detect.sensitive.roles import ClauseRole
from piiscan.detect.sensitive.words import CHECKUP

__all__ = ["SensitiveWords"]

#: Whom a sensitive word may be about: a name, or a number that only one person has (患者ID 0023 … HIV陽性).
_ABOUT: Final = frozenset(
    {
        "PERSON",
        "JP_PATIENT_NUMBER",
        "JP_EMPLOYEE_NUMBER",
        "JP_STUDENT_NUMBER",
        "JP_MY_NUMBER",
        "JP_HEALTH_INSURANCE",
        "JP_BASIC_PENSION_NUMBER",
        "JP_RESIDENCE_CARD",
    }
)


class SensitiveWords:
    """The sensitive words of one document.

    :param threshold: of the score from which on a name or number is there.
    """

    def __init__(self, kit: Kit, profile: Profile, threshold: float) -> None:
        self._sensitive = kit.sensitive
        self._names = kit.names
        self._profile = profile
        self._threshold = threshold
        self._workers = Workers(kit.sensitive)

    def note_names(self, found: Sequence[RecognizerResult], text: str) -> None:
        """Remember how a short document's names stand, for when something sensitive is found."""
        if not self._profile.is_long:
            self._workers.note(found, text)

    def about_persons(self, text: str, found: Sequence[RecognizerResult], *, subject_named: bool) -> list[RecognizerResult]:
        """The sensitive words of a text that are about somebody.

        :param subject_named: whether the document names elsewhere whom it is about.
        """
        named = [r for r in found if r.entity_type in _ABOUT and r.score >= self._threshold]
        if not named and not subject_named:
            return []
        candidates = self._sensitive.candidates(text)
        if any(c.entity == CHECKUP for c in candidates):
            candidates = self._sensitive.of_health(candidates, text, about_health=self._profile.about_health())
        if all(c.hypothetical for c in candidates):  # or there are none
            return []
        states = [c.start for c in candidates if c.role is ClauseRole.STATE]
        folded = fold(text)
        judged: list[RecognizerResult] = []
        for start, end in sections(text):
            inside = [replace(c, start=c.start - start, end=c.end - start) for c in candidates if start <= c.start and c.end <= end]
            if all(c.hypothetical for c in inside):  # or there are none
                continue
            near = [
                (r.start - start, r.end - start, float(r.score))
                for r in named
                if start <= r.start
                and r.end <= end
                and (r.entity_type != "PERSON" or is_somebody(r, text, states, self._names))
                and not self._workers.has(r, text)
            ]
            results = self._sensitive.judge(
                inside,
                folded[start:end],
                persons=near,
                form=self._profile.form(),
                subject_elsewhere=subject_named,
                around=self._profile.folded_head,
            )
            for result in results:
                result.start += start
                result.end += start
            judged += results
        return judged
