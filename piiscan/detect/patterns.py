"""All rules of engine ``patterns`` over one text in one cheap pass.

The order is the cascade's. One scan for digits and signs and one Aho-Corasick
pass over all words of all rules (labels, context words, words that speak
against) say where anything could be; only there regular expressions run. A
match must pass its check; what then stands around it says how probable it is:

* a *label* directly before it (``個人番号：…``) or after it (``…生まれ``),
* a *context word* near it,
* a word *against* it near it (``伝票番号``), nearer than what speaks for it,
* nothing: then form and check speak alone.

Every rule is also served as a Presidio recognizer (:attr:`PatternBank.recognizers`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from presidio_analyzer import EntityRecognizer, RecognizerResult

from piiscan.catalogue import Catalogue, CatalogueError, PatternSpec, Rule
from piiscan.detect.base import ValueMatch, result
from piiscan.detect.checks import CHECKS, MOST_BOOST, RAISING, Check, Checked
from piiscan.detect.normalize import compact, fold
from piiscan.detect.normalize import lower as in_lower_case
from piiscan.detect.prefilter import Prefilter
from piiscan.detect.required import required_words
from piiscan.detect.wordfinder import CELL, WordFinder
from piiscan.language import say, translated

__all__ = ["PatternBank", "PatternRecognizer", "Reason"]

#: Runs in which seven digits or more stand with at most three signs between two of them.
_CLUSTER = re.compile(r"[0-9](?:[ \-.()/+|・_\t]{0,3}[0-9]){6,}")
_DIGIT = re.compile(r"[0-9]")
#: Characters beyond a window that look-arounds may see, and that a value may reach out.
_MARGIN = 48
#: How far an address with ``@`` may reach on either side.
_AT = 130
#: What may stand between a label and its value.
_GLUE = re.compile(
    r"\.?(?:\s|[:=#|,>\"'`\[\]()【】」』〉》・…_*/\-~→⇒＝;]|は|が|→|(?:No|NO|no|№)\.?|番号|\([^()\n]{1,20}\)|「|『|です){0,14}"
)
_AFTER_GLUE = re.compile(r"[\s)\]」』】]{0,3}")
#: A label stands at most so many characters before its value.
_LABEL_REACH = 36
#: Against a word that lies nearer than what speaks for the value, and against one that lies farther.
_AGAINST_NEAR, _AGAINST_FAR = 0.2, 0.6
#: Below this nothing is handed on.
_FLOOR = 0.05
_LABEL, _AFTER_LABEL, _CONTEXT, _AGAINST = 1, 2, 4, 8
_NAMING = _LABEL | _AFTER_LABEL | _CONTEXT


@dataclass(frozen=True, slots=True)
class _Pattern:
    spec: PatternSpec
    regex: re.Pattern[str]
    check: Check | None
    group: bool
    checked: bool
    """The check is asked about the group of that name, which holds the value and more (a line of check digits)."""
    words: tuple[str, ...]
    number: int
    """Among the expressions of all rules."""

    @property
    def labelled(self) -> float:
        return self.spec.score if self.spec.labelled is None else max(self.spec.labelled, self.spec.score)


class _CellForm(NamedTuple):
    """An expression that the value of a whole cell may have, and how sure it, and it and those after it, can be of it."""

    regex: re.Pattern[str]
    check: Check | None
    group: bool
    score: float
    surest: float
    surest_of_rest: float


@dataclass(slots=True)
class _Compiled:
    rule: Rule
    patterns: tuple[_Pattern, ...]
    by_need: dict[str, tuple[_Pattern, ...]] = field(default_factory=dict)
    cell_forms: tuple[_CellForm, ...] = ()


class _Hit(NamedTuple):
    start: int
    end: int
    roles: dict[str, int]
    naming: Sequence[tuple[str, int, int]]
    """Of each rule that the word may name a value of: how far before and behind it a value may be."""


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


class PatternBank:
    """Every pattern rule of a catalogue, compiled. Thread-compatible, not thread-safe."""

    def __init__(self, catalogue: Catalogue) -> None:
        """:raises CatalogueError: when a rule names a check that does not exist."""
        self._rules: dict[str, _Compiled] = {}
        words: dict[str, dict[str, int]] = {}
        for rule in catalogue.rules.values():
            if rule.engine != "patterns":
                continue
            self._rules[rule.entity] = _compile(rule, first=sum(len(r.patterns) for r in self._rules.values()))
            _collect(rule, words)
        self._far = max((max(r.rule.context.before, r.rule.against.before) for r in self._rules.values()), default=0)
        self._far_after = max((max(r.rule.context.after, r.rule.against.after) for r in self._rules.values()), default=0)
        self._longest = max((len(word) for word in words), default=1)
        self._label_rules = frozenset(e for e, r in self._rules.items() if r.by_need.get("label"))
        self._finder = WordFinder(
            {word: (len(word), roles, self._reaches(roles), word[0].isascii() or word[-1].isascii()) for word, roles in words.items()},
        )
        self._words = words
        patterns = [p for r in self._rules.values() for p in r.patterns]
        self._could = Prefilter((p.spec.regex for p in patterns), ends=[p.spec.needs in {"text", "number", "digit"} for p in patterns])
        self._numbers = {entity: frozenset(p.number for p in r.patterns) for entity, r in self._rules.items()}
        self._searched = {p.number: p.spec.needs for p in patterns if p.spec.needs != "label"}
        self._could_label = self.naming(self._label_rules)
        self._labels = WordFinder(dict.fromkeys(self._naming_words(self._label_rules), True))
        self.recognizers: tuple[EntityRecognizer, ...] = tuple(PatternRecognizer(self, entity) for entity in self._rules)
        self._last: tuple[str, list[RecognizerResult]] = ("", [])

    def spot(self, text: str) -> list[RecognizerResult]:
        """Every value in a piece of text with its probability; values of one kind do not overlap.

        :param text: the original text; offsets of the results point into it.
        """
        if self._last[0] is text:
            return list(self._last[1])
        best: dict[tuple[str, int, int], _Judged] = {}
        for judged in self._judge_all(text):
            if judged.score < _FLOOR:
                continue
            key = (judged.entity, judged.start, judged.end)
            if key not in best or best[key].score < judged.score:
                best[key] = judged
        found = [judged.result() for judged in _without_overlaps(best.values())]
        self._last = (text, found)
        return list(found)

    def naming(self, entities: Collection[str]) -> Prefilter:
        """Whether a label or context word of some rules could stand in a text (folded, in lower case)."""
        return Prefilter(words=self._naming_words(entities))

    def _naming_words(self, entities: Collection[str]) -> list[str]:
        return [word for word, roles in self._words.items() if any(role & _NAMING and entity in entities for entity, role in roles.items())]

    def value(self, entity: str, text: str) -> ValueMatch | None:
        """Whether a whole cell is a value of that kind, by form and check alone, as if the column said so."""
        compiled = self._rules.get(entity)
        if compiled is None:
            return None
        folded = text if text.isascii() else fold(text)
        body = folded.strip()
        if not body or len(body) > 400:
            return None
        found: tuple[float, str, int, int] | None = None
        best = -1.0
        seen: dict[tuple[Check, int, int], Checked | None] = {}  # forms of one kind share a check, and mostly the value
        for regex, check, group, labelled, surest, surest_of_rest in compiled.cell_forms:
            if surest <= best:
                if surest_of_rest <= best:
                    break
                continue
            match = regex.fullmatch(body)
            factor = 1.0
            if match is None:
                match = regex.search(body)
                if match is None:
                    continue
                # A cell may say a little more than its value: "03-1234-5678(自宅)".
                start, end = match.span("value") if group else match.span()
                if end - start < 0.6 * len(body):
                    continue
                factor = 0.9
            start, end = match.span("value") if group else match.span()
            if check is None:
                checked: Checked | None = Checked(compact(body[start:end]))
            elif (key := (check, start, end)) in seen:
                checked = seen[key]
            else:
                checked = seen[key] = check(body[start:end])
            if checked is None:
                continue
            score = min(min(1.0, labelled + checked.boost) * checked.factor, checked.at_most) * factor
            if score > best:
                best, found = score, (score, checked.norm, start, end)
        if found is None:
            return None
        score, norm, start, end = found
        lead = len(folded) - len(folded.lstrip())
        return ValueMatch(score, norm, lead + start, lead + end)

    def explain_text(self, text: str) -> list[Reason]:
        """Everything that had the form of a value, kept or dropped, and why."""
        reasons: dict[tuple[str, int, int], Reason] = {}
        for judged in self._judge_all(text, failed=True):
            key = (judged.entity, judged.start, judged.end)
            if key not in reasons or reasons[key].score < judged.score:
                reasons[key] = Reason(judged.entity, judged.start, judged.end, judged.score, judged.score >= 0.5, tuple(judged.parts))
        return sorted(reasons.values(), key=lambda r: (r.start, r.end, r.entity))

    # ------------------------------------------------------------------ inside

    def _judge_all(self, text: str, *, failed: bool = False) -> Iterator[_Judged]:
        folded = fold(text)
        lower = in_lower_case(folded)
        could = frozenset(self._could.matching(folded))
        needs = {self._searched[number] for number in could if number in self._searched}
        if not needs and not (self._could_label.could_match(lower) if len(lower) < CELL or lower.isascii() else self._labels.iter(lower)):
            return
        hits = self._hits(lower)
        ends = [hit.end for hit in hits]
        size = len(folded)
        windows: dict[str, list[tuple[int, int]]] = {}
        windows["text"] = [(0, size)] if "text" in needs else []
        windows["number"] = _clusters(folded) if "number" in needs else []
        windows["at"] = _around(folded, "@", _AT) if "at" in needs else []
        windows["digit"] = _digit_lines(folded) if "digit" in needs else []
        labels: dict[str, list[tuple[int, int]]] = {}
        for hit in hits:
            for entity, back, reach in hit.naming:
                labels.setdefault(entity, []).append((max(0, hit.start - back), min(size, hit.end + reach)))
        for entity, compiled in self._rules.items():
            if could.isdisjoint(self._numbers[entity]):
                continue
            for need, patterns in compiled.by_need.items():
                spans = labels.get(entity) if need == "label" else windows[need]
                if not spans:
                    continue
                if need == "label":
                    spans = _merged(spans)
                for pattern in patterns:
                    if pattern.number not in could or (pattern.words and not any(word in lower for word in pattern.words)):
                        continue
                    yield from self._run(compiled, pattern, folded, lower, spans, hits, ends, failed=failed)

    def _reaches(self, roles: Mapping[str, int]) -> tuple[tuple[str, int, int], ...]:
        """What a word with these roles says of :attr:`_Hit.naming`."""
        found = []
        for entity, role in roles.items():
            if entity in self._label_rules and role & _NAMING:
                context = self._rules[entity].rule.context
                back = max(context.after if role & _CONTEXT else 0, _MARGIN if role & _AFTER_LABEL else 0)
                reach = max(context.before if role & _CONTEXT else 0, _LABEL_REACH if role & _LABEL else 0)
                found.append((entity, back, reach + _MARGIN))
        return tuple(found)

    def _hits(self, lower: str) -> list[_Hit]:
        found = []
        for last, (length, roles, naming, is_word) in self._finder.iter(lower):
            start, end = last - length + 1, last + 1
            if is_word and (_joins(lower, start - 1, start) or _joins(lower, end - 1, end)):
                continue
            found.append(_Hit(start, end, roles, naming))
        found.sort(key=lambda hit: (hit.end, hit.start))
        return found

    def _run(
        self,
        compiled: _Compiled,
        pattern: _Pattern,
        folded: str,
        lower: str,
        spans: Sequence[tuple[int, int]],
        hits: Sequence[_Hit],
        ends: Sequence[int],
        *,
        failed: bool,
    ) -> Iterator[_Judged]:
        whole = pattern.spec.needs in {"text", "label"}
        size = len(folded)
        seen = -1
        for start, end in spans:
            lo, hi = (start, end) if whole else (max(0, start - _MARGIN), min(size, end + _MARGIN))
            hi = hi if hi == size else min(size, hi + _MARGIN)
            for match in pattern.regex.finditer(folded, max(lo, 0), hi):
                if match.start() <= seen or match.start() >= end:
                    continue
                seen = match.start()
                a, b = match.span("value") if pattern.group else match.span()
                if b <= a:
                    continue
                checked = (
                    pattern.check(match["checked"] if pattern.checked else folded[a:b]) if pattern.check else Checked(compact(folded[a:b]))
                )
                if checked is None:
                    if failed:
                        name = pattern.spec.check or compiled.rule.check
                        yield _Judged(
                            compiled.rule.entity, a, b, 0.0, "", [("pattern", pattern.spec.name), ("check_failed", name)], pattern.spec.name
                        )
                    continue
                judged = self._weigh(compiled.rule, pattern, folded, lower, a, b, match.start(), checked, hits, ends)
                if judged is not None and (failed or judged.score >= _FLOOR):
                    yield judged

    def _weigh(
        self,
        rule: Rule,
        pattern: _Pattern,
        folded: str,
        lower: str,
        a: int,
        b: int,
        match_start: int,
        checked: Checked,
        hits: Sequence[_Hit],
        ends: Sequence[int],
    ) -> _Judged:
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
            return _Judged(rule.entity, a, b, 0.0, checked.norm, [*parts, ("needs_context", "")], spec.name)
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
        return _Judged(rule.entity, a, b, min(score, checked.at_most), checked.norm, parts, spec.name)

    def _around_value(
        self, rule: Rule, lower: str, folded: str, a: int, b: int, match_start: int, hits: Sequence[_Hit], ends: Sequence[int]
    ) -> tuple[str, str, int, str, int]:
        """Label, nearest context word and its distance, nearest word against and its distance."""
        entity = rule.entity
        label = context = against = ""
        context_gap = against_gap = 1 << 30
        low = a - max(self._far, _LABEL_REACH)
        high = b + self._far_after + self._longest
        at = bisect_left(ends, low)
        near: list[_Hit] = []
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
            if roles & _LABEL and before and not covered and gap <= _LABEL_REACH and _GLUE.fullmatch(folded, hit.end, a):
                label = lower[hit.start : hit.end]
            elif roles & _LABEL and before and not covered and hit.end > match_start >= 0 and hit.start >= match_start:
                label = lower[hit.start : hit.end]  # the pattern itself holds the label
            if roles & _AFTER_LABEL and hit.start >= b and not covered and _AFTER_GLUE.fullmatch(folded, b, hit.start):
                label = lower[hit.start : hit.end]
            if roles & (_CONTEXT | _LABEL) and not covered:
                reach = rule.context.before if before else rule.context.after
                if gap <= reach and gap < context_gap and (before or hit.start >= b):
                    context, context_gap = lower[hit.start : hit.end], gap
            if roles & _AGAINST:
                reach = rule.against.before if before else rule.against.after
                if gap <= reach and gap < against_gap and (before or hit.start >= b):
                    against, against_gap = lower[hit.start : hit.end], gap
        return label, context, context_gap, against, against_gap


class PatternRecognizer(EntityRecognizer):
    """One rule as a Presidio recognizer. All of them share one pass over a text."""

    def __init__(self, bank: PatternBank, entity: str) -> None:
        """:param entity: the entity of one of the bank's rules."""
        self._bank = bank
        super().__init__(supported_entities=[entity], supported_language="ja", name=f"Piiscan{_camel(entity)}Recognizer")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: Sequence[str] | None = None, nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002 -- Presidio's interface
        """The rule's values in ``text``."""
        if entities and self.supported_entities[0] not in entities:
            return []
        return [found for found in self._bank.spot(text) if found.entity_type == self.supported_entities[0]]


@dataclass(slots=True)
class _Judged:
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


def _camel(entity: str) -> str:
    return "".join(part.capitalize() for part in entity.split("_"))


def _compile(rule: Rule, first: int) -> _Compiled:
    """:param first: number of its first expression."""
    patterns = []
    for number, spec in enumerate(rule.patterns, first):
        name = spec.check if spec.check is not None else rule.check
        if name and name not in CHECKS:
            where = f"{spec.origin}: " if spec.origin else ""
            raise CatalogueError(f"{where}{rule.entity}: check: no check is called {name!r}; use one of: {', '.join(sorted(CHECKS))}")
        regex = re.compile(spec.regex)
        check = CHECKS[name] if name else None
        groups = regex.groupindex
        patterns.append(_Pattern(spec, regex, check, "value" in groups, "checked" in groups, required_words(spec.regex), number))
    by_need: dict[str, tuple[_Pattern, ...]] = {}
    for pattern in patterns:
        by_need[pattern.spec.needs] = (*by_need.get(pattern.spec.needs, ()), pattern)
    return _Compiled(rule, tuple(patterns), by_need, _cell_forms(patterns))


def _cell_forms(patterns: Sequence[_Pattern]) -> tuple[_CellForm, ...]:
    forms: list[_CellForm] = []
    rest = 0.0
    for pattern in reversed(patterns):
        if pattern.spec.cell:
            surest = pattern.labelled + (MOST_BOOST if pattern.check in RAISING else 0)
            rest = max(rest, surest)
            forms.append(_CellForm(pattern.regex, pattern.check, pattern.group, pattern.labelled, surest, rest))
    return tuple(reversed(forms))


def _collect(rule: Rule, words: dict[str, dict[str, int]]) -> None:
    roles = (
        (_LABEL, (*rule.labels, *(word for word in rule.headers.strong if len(word) > 1))),
        (_AFTER_LABEL, rule.after_labels),
        (_CONTEXT, rule.context.words),
        (_AGAINST, rule.against.words),
    )
    for role, listed in roles:
        for word in listed:
            for form in _forms(fold(word).lower(), spaced=role == _LABEL):
                mine = words.setdefault(form, {})
                mine[rule.entity] = mine.get(rule.entity, 0) | role


def _forms(word: str, *, spaced: bool) -> Iterable[str]:
    """The word, and a label as forms print it: ``電 話``, ``生　年　月　日``."""
    yield word
    if spaced and 2 <= len(word) <= 8 and not any(ch.isascii() for ch in word):
        for gap in (" ", "  ", "   "):
            yield gap.join(word)


def _joins(text: str, left: int, right: int) -> bool:
    """Whether two neighbouring characters are inside one Latin word or number (``pin`` in ``shopping``)."""
    return left >= 0 and right < len(text) and _latin(text[left]) and _latin(text[right])


def _latin(ch: str) -> bool:
    return "a" <= ch <= "z"


def _around(text: str, sign: str, reach: int) -> list[tuple[int, int]]:
    spans = []
    at = text.find(sign)
    while at >= 0:
        spans.append((max(0, at - reach), min(len(text), at + reach)))
        at = text.find(sign, at + 1)
    return _merged(spans)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Runs of digits; those so near that their margins meet are one, else each margin would be searched again and again."""
    spans: list[tuple[int, int]] = []
    for match in _CLUSTER.finditer(text):
        if spans and match.start() - _MARGIN <= spans[-1][1]:
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append(match.span())
    return spans


def _digit_lines(text: str) -> list[tuple[int, int]]:
    spans = []
    at = 0
    while match := _DIGIT.search(text, at):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        spans.append((start, end))
        at = end
    return _merged(spans)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _without_overlaps(found: Iterable[_Judged]) -> list[_Judged]:
    """Within one kind the more probable, then the longer value keeps its characters."""
    kept: dict[str, list[_Judged]] = {}  # disjoint, in the order of the text
    for judged in sorted(found, key=lambda j: (-round(j.score, 2), j.start - j.end, j.start)):
        mine = kept.setdefault(judged.entity, [])
        at = bisect_left(mine, judged.start, key=lambda other: other.start)
        if (at == 0 or mine[at - 1].end <= judged.start) and (at == len(mine) or judged.end <= mine[at].start):
            mine.insert(at, judged)
    return sorted((judged for mine in kept.values() for judged in mine), key=lambda j: (j.start, j.end))
