"""The loaded recognizers of one process, and the prose pipeline over them.

A kit is made once a process and kept: dictionaries and models load when the
first text needs them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from presidio_analyzer import EntityRecognizer, RecognizerResult

from piiscan.catalogue import Catalogue, load_catalogue
from piiscan.detect.addresses import AddressRecognizer
from piiscan.detect.addresses.latin import PREFECTURES
from piiscan.detect.base import ValueMatch, why_of
from piiscan.detect.cards import CardRecognizer
from piiscan.detect.names import NameRecognizer
from piiscan.detect.names.cells import judge
from piiscan.detect.names.unlikely import is_unlikely
from piiscan.detect.names.variants import name_norm
from piiscan.detect.names.writing import PLAIN
from piiscan.detect.overlap import resolve
from piiscan.detect.patterns import PatternBank
from piiscan.detect.samples import is_sample
from piiscan.detect.sensitive import SensitiveRecognizer
from piiscan.detect.wrapped import Wrapped
from piiscan.settings import Detection

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

__all__ = ["Kit"]

#: A氏, Y.M.: somebody whose name was taken out.
_INITIALS = re.compile(r"(?:[A-ZＡ-Ｚ][.．・ 　]{0,2}){1,3}")


_COLON = re.compile(r"[:：]\s*")
#: What a part of a name cut at a colon must at least look like.
_SIDE = 0.3
#: What the model takes into a name now and then.
_POLITE = re.compile(r"(?<=[々ヶ㐀-鿿ぁ-ゖァ-ヺー])(?:ちゃん|くん|さん|さま|様)$")
#: Taro Yamada, HR: where somebody works.
_LATIN_UNIT = re.compile(r"(?<=[a-z]),[ ](?:HR|IT|PR|QA|CEO|CFO|CTO|COO|MD|PhD|Ph\.D\.|M\.D\.)$")
_FIGURE = re.compile(r"[0-9０-９]")
_GAP = re.compile(r"[\s,:;]")
#: So short are the headers, titles and notes that come again in sheet after sheet; and so many of them are remembered.
_SHORT, _REMEMBERED = 24, 4_096


class Kit:
    """Every recognizer, ready to use. Thread-compatible, not thread-safe."""

    def __init__(self, detection: Detection = Detection(), catalogue: Catalogue | None = None) -> None:  # noqa: B008 -- frozen
        self.detection = detection
        self.catalogue = catalogue or load_catalogue(detection.recognizers)
        self.patterns = PatternBank(self.catalogue)
        self.wrapped = Wrapped(self.patterns)
        self.addresses = AddressRecognizer(self.catalogue)
        self.names = NameRecognizer(self.catalogue, ner=detection.ner, ner_budget=detection.ner_budget_seconds)
        self.sensitive = SensitiveRecognizer(self.catalogue, financial=detection.financial_sensitive)
        self.cards = CardRecognizer(self.catalogue)
        self._disabled = frozenset(detection.disable)
        # short texts in which nothing stands
        self._empty: set[str] = set()

    @classmethod
    def of(cls, detection: Detection) -> Kit:
        """The kit of this process for these settings."""
        return _kit(detection)

    def spot(self, text: str) -> list[RecognizerResult]:
        """Everything but sensitive words in a piece of prose, overlaps resolved, in text order.

        Scores below the threshold are left in: the caller may know more (a column, a label).
        """
        if text in self._empty:
            return []
        found: list[RecognizerResult] = list(self.patterns.spot(text))
        found += self.addresses.analyze(text)
        found += filter(None, (_name(found_name, text) for found_name in self.names.analyze(text)))
        if self._disabled:
            found = [result for result in found if result.entity_type not in self._disabled]
        found = resolve([result for result in found if not is_sample(result.entity_type, text, result.start, result.end)])
        if not found and len(text) <= _SHORT and self.detection.ner == "off":
            if len(self._empty) >= _REMEMBERED:
                self._empty.clear()
            self._empty.add(text)
        return found

    def spot_cards(self, text: str) -> list[RecognizerResult]:
        """Pictures of identity cards, by the words on them; only for text that OCR read."""
        return [result for result in self.cards.analyze(text) if result.entity_type not in self._disabled]

    def value(self, entity: str, text: str) -> ValueMatch | None:
        """Whether a whole cell is a value of that kind, by form and check alone."""
        if entity in self._disabled:
            return None
        if entity == "PERSON":
            return self.names.value(entity, text)
        if entity == "JP_ADDRESS":
            return self.addresses.value(entity, text)
        return self.patterns.value(entity, text)

    def recognizers(self) -> list[EntityRecognizer]:
        """All of them as Presidio recognizers."""
        return [*self.patterns.recognizers, self.addresses, self.names, self.sensitive, self.cards]

    def presidio(self) -> AnalyzerEngine:
        """A Presidio analyzer over these recognizers: ``.analyze(text, language="ja")``."""
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

        from piiscan.detect.nlp import SudachiNlpEngine

        registry = RecognizerRegistry(recognizers=self.recognizers(), supported_languages=["ja"])
        return AnalyzerEngine(
            registry=registry, nlp_engine=SudachiNlpEngine(), supported_languages=["ja"], default_score_threshold=self.detection.threshold
        )


#: What somebody is to another, before the given name.
_KIN_BEFORE = re.compile(r"(?:妻|夫|祖?[父母]|[長次二三][男女])[ \u3000]+")


def _name(found: RecognizerResult, text: str) -> RecognizerResult | None:
    """A name as it is reported: nobody whose name was taken out (A氏), no two places (Osaka, Kyoto), no figures behind it."""
    if PLAIN.fullmatch(text, found.start, found.end):
        return found
    before = (found.start, found.end)
    if colon := _COLON.search(text, found.start, found.end):  # 木内：お, ふりがな：なかせ: a name and what the colon parts it from
        sides = [(found.start, colon.start()), (colon.end(), found.end)]
        scores = [judge(text[a:b]).score for a, b in sides]
        if max(scores) < _SIDE:
            return None
        found.start, found.end = sides[0] if scores[0] >= _SIDE else sides[1]
        if is_unlikely(text, found.start, found.end, found.score, why_of(found)):
            return None
    if _INITIALS.fullmatch(text, found.start, found.end):
        return None
    if (polite := _POLITE.search(text, found.start, found.end)) and polite.start() - found.start >= 1:
        found.end = polite.start()
    if unit := _LATIN_UNIT.search(text, found.start, found.end):
        found.end = unit.start()
    figure = _FIGURE.search(text, found.start, found.end)
    gap = _GAP.search(text, found.start, figure.start()) if figure else None
    if gap:  # 真壁 アルコール 0.00: the first word is the name; ヘンリー8世 is one
        found.end = gap.start()
        if found.end - found.start < 2:
            return None
    elif (
        text[found.start].isascii()
        and all(word in PREFECTURES for word in re.findall(r"[A-Za-z]+", text[found.start : found.end]))
        and not any(reason.startswith("title") for reason in why_of(found))  # Dear Mr. Miyazaki
    ):
        return None
    elif (kin := _KIN_BEFORE.match(text, found.start, found.end)) and kin.end() < found.end:
        found.start = kin.end()  # （妻 花江さん）
    if (found.start, found.end) != before:
        found.recognition_metadata["norm"] = name_norm(text[found.start : found.end])
    return found


@lru_cache(maxsize=4)
def _kit(detection: Detection) -> Kit:
    return Kit(detection)
