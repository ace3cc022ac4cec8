"""All rules of engine ``patterns`` over one text, and over the value of a whole cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from piiscan.catalogue import Catalogue
from piiscan.detect.base import ValueMatch
from piiscan.detect.checks import Check, Checked
from piiscan.detect.normalize import compact, fold
from piiscan.detect.normalize import lower as in_lower_case
from piiscan.detect.patterns.compiled import (
    AFTER_LABEL,
    CONTEXT,
    LABEL,
    LEAST_SHARE,
    NAMING,
    Compiled,
    Pattern,
    collect_words,
    compile_rule,
)
from piiscan.detect.patterns.weigh import LABEL_REACH, Judged, Reason, Weigher, WordHit, without_overlaps
from piiscan.detect.patterns.windows import AT, MARGIN, around, clusters, digit_lines, merged
from piiscan.detect.prefilter import Prefilter
from piiscan.detect.wordfinder import CELL, WordFinder

__all__ = ["PatternBank", "PatternRecognizer"]

#: Below this nothing is handed on.
_FLOOR = 0.05
#: What stands in brackets behind the value of a cell.
_NOTE = re.compile(r"(?<=.)\([^()]{0,40}\)\Z")


class PatternBank:
    """Every pattern rule of a catalogue, compiled. Thread-compatible, not thread-safe."""

    def __init__(self, catalogue: Catalogue) -> None:
        """:raises CatalogueError: when a rule names a check that does not exist."""
        self._rules: dict[str, Compiled] = {}
        words: dict[str, dict[str, int]] = {}
        for rule in catalogue.rules.values():
            if rule.engine != "patterns":
                continue
            self._rules[rule.entity] = compile_rule(rule, first=sum(len(r.patterns) for r in self._rules.values()))
            collect_words(rule, words)
        self._weigher = Weigher([r.rule for r in self._rules.values()], max((len(word) for word in words), default=1))
        patterns = [p for r in self._rules.values() for p in r.patterns]
        self._anywhere = [p for p in patterns if p.spec.needs != "label"]
        self._could = Prefilter((p.spec.regex for p in self._anywhere), ends=[p.spec.needs != "at" for p in self._anywhere])
        self._labelled = [p for p in patterns if p.spec.needs == "label"]
        self._could_behind_label = Prefilter((p.spec.regex for p in self._labelled), ends=False)
        self._label_rules = frozenset(p.entity for p in self._labelled)
        self._finder = WordFinder(
            {word: (len(word), roles, self._reaches(roles), word[0].isascii() or word[-1].isascii()) for word, roles in words.items()},
        )
        self._words = words
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
        best: dict[tuple[str, int, int], Judged] = {}
        for judged in self._judge_all(text):
            if judged.score < _FLOOR:
                continue
            key = (judged.entity, judged.start, judged.end)
            if key not in best or best[key].score < judged.score:
                best[key] = judged
        found = [judged.result() for judged in without_overlaps(best.values())]
        self._last = (text, found)
        return list(found)

    def naming(self, entities: Collection[str]) -> Prefilter:
        """Whether a label or context word of some rules could stand in a text (folded, in lower case)."""
        return Prefilter(words=self._naming_words(entities))

    def _naming_words(self, entities: Collection[str]) -> list[str]:
        return [word for word, roles in self._words.items() if any(role & NAMING and entity in entities for entity, role in roles.items())]

    def value(self, entity: str, text: str) -> ValueMatch | None:
        """Whether a whole cell is a value of that kind, by form and check alone, as if the column said so."""
        compiled = self._rules.get(entity)
        if compiled is None or len(text) < compiled.shortest:
            return None
        folded = text if text.isascii() else fold(text)
        body = folded.strip()
        if not body or len(body) > 400:
            return None
        size = len(body)
        noted = body[-1] == ")"
        found: tuple[float, str, int, int] | None = None
        best = -1.0
        seen: dict[tuple[Check, int, int], Checked | None] = {}  # forms of one kind share a check, and mostly the value
        for regex, check, group, labelled, surest, surest_of_rest, shortest, longest in compiled.cell_forms:
            if surest <= best:
                if surest_of_rest <= best:
                    break
                continue
            if size < shortest or (size > longest and not noted):
                continue
            match = regex.fullmatch(body)
            factor = 1.0
            if match is None:
                match = regex.search(body)
                if match is None:
                    continue
                # "03-1234-5678(自宅)" says a little more than its value, and in brackets behind it a cell may say much more
                start, end = match.span("value") if group else match.span()
                rest = len(_NOTE.sub("", body)) if noted else size
                if end - start < LEAST_SHARE * (rest if end <= rest else size):
                    continue
                factor = 0.9
            else:
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
        if body is not folded:
            lead = len(folded) - len(folded.lstrip())
            start, end = start + lead, end + lead
        return ValueMatch(score, norm, start, end)

    def explain_text(self, text: str) -> list[Reason]:
        """Everything that had the form of a value, kept or dropped, and why."""
        reasons: dict[tuple[str, int, int], Reason] = {}
        for judged in self._judge_all(text, failed=True):
            key = (judged.entity, judged.start, judged.end)
            if key not in reasons or reasons[key].score < judged.score:
                reasons[key] = Reason(judged.entity, judged.start, judged.end, judged.score, judged.score >= 0.5, tuple(judged.parts))
        return sorted(reasons.values(), key=lambda r: (r.start, r.end, r.entity))

    # ------------------------------------------------------------------ inside

    def _judge_all(self, text: str, *, failed: bool = False) -> Iterator[Judged]:
        folded = fold(text)
        lower = in_lower_case(folded)
        found = [self._anywhere[number] for number in self._could.matching(folded)]
        needs = {pattern.spec.needs for pattern in found}
        if not needs and not (self._could_label.could_match(lower) if len(lower) < CELL or lower.isascii() else self._labels.iter(lower)):
            return
        hits = self._hits(lower)
        ends = [hit.end for hit in hits]
        size = len(folded)
        windows: dict[str, list[tuple[int, int]]] = {}
        windows["text"] = [(0, size)] if "text" in needs else []
        windows["number"] = clusters(folded) if "number" in needs else []
        windows["at"] = around(folded, "@", AT) if "at" in needs else []
        windows["digit"] = digit_lines(folded) if "digit" in needs else []
        labels: dict[str, list[tuple[int, int]]] = {}
        for hit in hits:
            for entity, back, reach in hit.naming:
                labels.setdefault(entity, []).append((max(0, hit.start - back), min(size, hit.end + reach)))
        behind = {
            number
            for start, end in merged(chain.from_iterable(labels.values()))
            for number in self._could_behind_label.matching(folded[start : end + MARGIN])
        }
        found += [pattern for number in behind if (pattern := self._labelled[number]).entity in labels]
        for pattern in sorted(found, key=attrgetter("number")):
            spans = merged(labels[pattern.entity]) if pattern.spec.needs == "label" else windows[pattern.spec.needs]
            if spans and (not pattern.words or any(word in lower for word in pattern.words)):
                yield from self._run(self._rules[pattern.entity], pattern, folded, lower, spans, hits, ends, failed=failed)

    def _reaches(self, roles: Mapping[str, int]) -> tuple[tuple[str, int, int], ...]:
        """What a word with these roles says of :attr:`WordHit.naming`."""
        found = []
        for entity, role in roles.items():
            if entity in self._label_rules and role & NAMING:
                context = self._rules[entity].rule.context
                back = max(context.after if role & CONTEXT else 0, MARGIN if role & AFTER_LABEL else 0)
                reach = max(context.before if role & CONTEXT else 0, LABEL_REACH if role & LABEL else 0)
                found.append((entity, back, reach + MARGIN))
        return tuple(found)

    def _hits(self, lower: str) -> list[WordHit]:
        found = []
        for last, (length, roles, naming, is_word) in self._finder.iter(lower):
            start, end = last - length + 1, last + 1
            if is_word and (_joins(lower, start - 1, start) or _joins(lower, end - 1, end)):
                continue
            found.append(WordHit(start, end, roles, naming))
        found.sort(key=lambda hit: (hit.end, hit.start))
        return found

    def _run(
        self,
        compiled: Compiled,
        pattern: Pattern,
        folded: str,
        lower: str,
        spans: Sequence[tuple[int, int]],
        hits: Sequence[WordHit],
        ends: Sequence[int],
        *,
        failed: bool,
    ) -> Iterator[Judged]:
        whole = pattern.spec.needs in {"text", "label"}
        size = len(folded)
        seen = -1
        for start, end in spans:
            lo, hi = (start, end) if whole else (max(0, start - MARGIN), min(size, end + MARGIN))
            hi = hi if hi == size else min(size, hi + MARGIN)
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
                        yield Judged(
                            compiled.rule.entity, a, b, 0.0, "", [("pattern", pattern.spec.name), ("check_failed", name)], pattern.spec.name
                        )
                    continue
                judged = self._weigher.weigh(compiled.rule, pattern, folded, lower, a, b, match.start(), checked, hits, ends)
                if judged is not None and (failed or judged.score >= _FLOOR):
                    yield judged


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


def _camel(entity: str) -> str:
    return "".join(part.capitalize() for part in entity.split("_"))


def _joins(text: str, left: int, right: int) -> bool:
    """Whether two neighbouring characters are inside one Latin word or number (``pin`` in ``shopping``)."""
    return left >= 0 and right < len(text) and _latin(text[left]) and _latin(text[right])


def _latin(ch: str) -> bool:
    return "a" <= ch <= "z"
