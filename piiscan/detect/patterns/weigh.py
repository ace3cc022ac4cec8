"""How probable what has the form of a value is one: by the label, the context words and the words against it that stand around it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from presidio_analyzer import RecognizerResult

from piiscan.catalogue import Rule
from piiscan.detect.base import result
from piiscan.detect.checks import Checked
from piiscan.detect.patterns.compiled import AFTER_LABEL, AGAINST, CONTEXT, LABEL, Pattern
from piiscan.language import say, translated

__all__ = ["LABEL_REACH", "Judged", "Reason", "Weigher", "WordHit", "without_overlaps"]

#: What may stand between a label and its value.
_GLUE = re.compile(
    r"\.?(?:\s|[:=#|,>\"'`\[\]()【】」』〉》・…_*/\-~→⇒＝;]|は|が|→|(?:No|NO|no|№)\.?|番号|\([^()\n]{1,20}\)|「|『|です){0,14}"
)
_AFTER_GLUE = re.compile(r"[\s)\]」』】]{0,3}")
#: A value whose label stands behind it in brackets: TK1234567（旅券番号）.
_OPENING, _CLOSING = re.compile(r"\s{0,3}[(\[「『【]\s?"), re.compile(r"\s?[)\]」』】]")
#: A label stands at most so many characters before its value.
LABEL_REACH = 36
#: Against a word that lies nearer than what speaks for the value, and against one that lies farther.
_AGAINST_NEAR, _AGAINST_FAR = 0.2, 0.6


class WordHit(NamedTuple):
    """A word of some rules where it stands in a text, and what it says of each."""

    start: int
    end: int
    roles: dict[str, int]
    naming: Sequence[tuple[str, int, int]]
    """Of each rule that the word may name a value of: how far before and behind it a value may be."""


@dataclass(slots=True)
class Judged:
    """What has the form of a value, and what counted for and against it."""

    entity: str
    start: int
    end: int
    score: float
    norm: str
    parts: list[tuple[str, str]]
    pattern: str

    def result(self) -> RecognizerResult:
        why = [f"{kind} {word}".strip() for kind, word in self.parts]
        return result(self.entity, self.start, self.end, self.score, recognizer=self.entity, norm=self.norm, why=why)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something that looked like a value was kept or dropped; without the value.

    :ivar entity: the rule.
    :ivar start: offsets of the value in the text that was asked about.
    :ivar score: the probability in the end.
    :ivar kept: whether it is reported at the usual threshold.
    :ivar parts: what counted, as ``(kind, word)``: ``pattern``, ``check``, ``check_failed``, ``label``,
        ``context``, ``against``, ``needs_context``.
    """

    entity: str
    start: int
    end: int
    score: float
    kept: bool
    parts: tuple[tuple[str, str], ...]

    def sentence(self, lang: str) -> str:
        """For people."""
        parts = say("explain.between", lang).join(_said(kind, word, lang) for kind, word in self.parts)
        key = "explain.found" if self.kept else "explain.dropped"
        return say(key, lang, start=self.start, end=self.end, parts=parts, score=f"{self.score:.2f}")


def _said(kind: str, word: str, lang: str) -> str:
    if kind == "check" and lang != "en":  # what a check found is a sentence of its own
        return translated("why", f"check {word}", lang)
    return say(f"explain.{kind}", lang, word=word)


class Weigher:
    """Weighs values by what stands around them.

    :param rules: whose words may lie as far away as any of them says.
    :param longest: characters of the longest word.
    """

    def __init__(self, rules: Sequence[Rule], longest: int) -> None:
        self._far = max((max(rule.context.before, rule.against.before) for rule in rules), default=0)
        self._far_after = max((max(rule.context.after, rule.against.after) for rule in rules), default=0)
        self._longest = longest

    def weigh(
        self,
        rule: Rule,
        pattern: Pattern,
        folded: str,
        lower: str,
        a: int,
        b: int,
        match_start: int,
        checked: Checked,
        hits: Sequence[WordHit],
        ends: Sequence[int],
    ) -> Judged:
        spec = pattern.spec
        parts: list[tuple[str, str]] = [("pattern", spec.name)]
        if checked.note:
            parts.append(("check", checked.note))
        label, context, context_gap, against, against_gap = self._around_value(rule, lower, folded, a, b, min(a, match_start), hits, ends)
        if spec.self_labelled:
            score = pattern.labelled if label else spec.score
        elif label:
            score = pattern.labelled if spec.labelled is not None else max(spec.score, min(0.97, spec.score + rule.context.boost + 0.1))
        elif context:
            score = max(spec.score, spec.context if spec.context is not None else min(0.95, spec.score + rule.context.boost))
        elif rule.requires_context:
            return Judged(rule.entity, a, b, 0.0, checked.norm, [*parts, ("needs_context", "")], spec.name)
        else:
            score = spec.score
        if label:
            parts.append(("label", label))
        elif context:
            parts.append(("context", context))
        score = min(1.0, score + checked.boost) * checked.factor
        if against and (rule.against.despite_label or (not label and not spec.self_labelled)):
            score *= _AGAINST_NEAR if not context or against_gap <= context_gap else _AGAINST_FAR
            parts.append(("against", against))
        return Judged(rule.entity, a, b, min(score, checked.at_most), checked.norm, parts, spec.name)

    def _around_value(
        self, rule: Rule, lower: str, folded: str, a: int, b: int, match_start: int, hits: Sequence[WordHit], ends: Sequence[int]
    ) -> tuple[str, str, int, str, int]:
        """Label, nearest context word and its distance, nearest word against and its distance."""
        entity = rule.entity
        label = context = against = ""
        context_gap = against_gap = 1 << 30
        low = a - max(self._far, LABEL_REACH)
        high = b + self._far_after + self._longest
        at = bisect_left(ends, low)
        near: list[WordHit] = []
        while at < len(hits) and hits[at].end <= high:
            near.append(hits[at])
            at += 1
        for hit in near:
            roles = hit.roles.get(entity, 0)
            if not roles:
                continue
            # A longer word of any rule over this one says something else: 番号 in 伝票番号.
            if any(o is not hit and o.start <= hit.start and hit.end <= o.end and o.end - o.start > hit.end - hit.start for o in near):
                covered = True
                if any(
                    o.roles.get(entity, 0) & roles
                    for o in near
                    if o is not hit and o.start <= hit.start and hit.end <= o.end and o.end - o.start > hit.end - hit.start
                ):
                    continue  # the longer one is judged itself
            else:
                covered = False
            before = hit.end <= a
            gap = a - hit.end if before else max(0, hit.start - b)
            if roles & LABEL and before and not covered and gap <= LABEL_REACH and _GLUE.fullmatch(folded, hit.end, a):
                label = lower[hit.start : hit.end]
            elif roles & LABEL and before and not covered and hit.end > match_start >= 0 and hit.start >= match_start:
                label = lower[hit.start : hit.end]  # the pattern itself holds the label
            if roles & AFTER_LABEL and hit.start >= b and not covered and _stands_behind(folded, b, hit, bare=not roles & LABEL):
                label = lower[hit.start : hit.end]
            if roles & (CONTEXT | LABEL) and not covered:
                reach = rule.context.before if before else rule.context.after
                if gap <= reach and gap < context_gap and (before or hit.start >= b):
                    context, context_gap = lower[hit.start : hit.end], gap
            if roles & AGAINST:
                reach = rule.against.before if before else rule.against.after
                if gap <= reach and gap < against_gap and (before or hit.start >= b):
                    against, against_gap = lower[hit.start : hit.end], gap
        return label, context, context_gap, against, against_gap


def _stands_behind(folded: str, end: int, label: WordHit, *, bare: bool) -> bool:
    """Whether a label stands directly behind a value, or by itself in brackets there.

    :param bare: without brackets too; else the word may be the label of what follows it.
    """
    if bare and _AFTER_GLUE.fullmatch(folded, end, label.start):
        return True
    return _OPENING.fullmatch(folded, end, label.start) is not None and _CLOSING.match(folded, label.end) is not None


def without_overlaps(found: Iterable[Judged]) -> list[Judged]:
    """Within one kind the more probable, then the longer value keeps its characters."""
    kept: dict[str, list[Judged]] = {}  # disjoint, in the order of the text
    for judged in sorted(found, key=lambda j: (-round(j.score, 2), j.start - j.end, j.start)):
        mine = kept.setdefault(judged.entity, [])
        at = bisect_left(mine, judged.start, key=lambda other: other.start)
        if (at == 0 or mine[at - 1].end <= judged.start) and (at == len(mine) or judged.end <= mine[at].start):
            mine.insert(at, judged)
    return sorted((judged for mine in kept.values() for judged in mine), key=lambda j: (j.start, j.end))
