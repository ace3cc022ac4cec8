"""The allow list and the deny list: what a person has decided about values, patterns and places beforehand.

An allowed finding is dropped before anything is rated or counted, so that it
raises nothing either. A denied value is reported wherever a recognizer sees it,
however unsure, and at least at the level that the rule names; it outweighs what is allowed. Values are in the
settings as keyed fingerprints only (``piiscan recognizers allow`` makes them).
"""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatch

from piiscan.model import Finding, Hit, Level
from piiscan.settings import Detection, ListRule

__all__ = ["LEAST_SCORE", "Listed"]

#: Down to this score a finding is looked up in the deny list.
LEAST_SCORE = 0.2


class Listed:
    """The lists of one process, compiled.

    :param detection: the settings that hold the lists.
    """

    def __init__(self, detection: Detection) -> None:
        self._threshold = detection.threshold
        self._allow = [_Rule(rule) for rule in detection.allow]
        self._deny = [(_Rule(rule), Level.parse(rule.level)) for rule in detection.deny]

    @property
    def empty(self) -> bool:
        """Whether nothing is on either list: then the threshold alone decides."""
        return not self._allow and not self._deny

    @property
    def threshold(self) -> float:
        """What detection must hand on: lower than the settings' where a denied value may be among the unsure ones."""
        return min(self._threshold, LEAST_SCORE) if self._deny else self._threshold

    def kept(self, finding: Finding, hit: Hit, path: str) -> bool:
        """Whether a finding stays.

        :param path: of the file, ``/``-separated, below its root; empty for a text that is no file.
        """
        if any(rule.about(finding, hit, path) for rule, _ in self._deny):
            return True
        return finding.score >= self._threshold and not any(rule.about(finding, hit, path) for rule in self._allow)

    def raised(self, finding: Finding, hit: Hit, path: str) -> Finding:
        """The finding, with the deny list's level where that is higher."""
        level = max((level for rule, level in self._deny if rule.about(finding, hit, path)), default=Level.NONE)
        return replace(finding, level=level) if level > finding.level else finding


class _Rule:
    """A rule of either list, its pattern compiled."""

    def __init__(self, rule: ListRule) -> None:
        self._rule = rule
        self._pattern = re.compile(rule.pattern) if rule.pattern else None

    def about(self, finding: Finding, hit: Hit, path: str) -> bool:
        """Whether all conditions of the rule hold for a finding."""
        rule = self._rule
        return (
            (not rule.entity or rule.entity == finding.entity)
            and (not rule.fingerprint or rule.fingerprint == finding.fingerprint)
            and (self._pattern is None or self._pattern.fullmatch(hit.value.strip()) is not None)
            and (not rule.path or fnmatch(path, rule.path))
        )
