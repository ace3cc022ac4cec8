"""JP_ADDRESS: from the places found in a text to the addresses that begin there."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from piiscan.catalogue import Catalogue
from piiscan.detect.addresses.address import Address
from piiscan.detect.addresses.cells import judge_cell
from piiscan.detect.addresses.cues import POSTAL_HERE, Cues, Labels, postal_before
from piiscan.detect.addresses.grammar import Grammar
from piiscan.detect.addresses.latin import latin_addresses
from piiscan.detect.addresses.search import Search
from piiscan.detect.base import ValueMatch, result
from piiscan.detect.normalize import fold

__all__ = ["AddressRecognizer"]

_ENTITY: Final = "JP_ADDRESS"
#: What is read around a place: a label and a postal code before it, all of the address behind.
_BEFORE: Final = 40
_AFTER: Final = 220
#: What is less probable is not returned.
_LEAST: Final = 0.3
#: Cheap look before the search: without one of these there is no address.
_GATE = re.compile("[都道府県市区町村郡〒住所籍宅先]")

#: What a mail puts before the lines that it quotes.
_QUOTING = re.compile(r"(?<=\n)(?:> ?){1,4}")


def _without_quoting(text: str) -> str:
    """With spaces for the marks of quoted lines, over whose ends an address goes on as over others."""
    return _QUOTING.sub(lambda marks: " " * len(marks[0]), text) if "\n>" in text else text


class AddressRecognizer(EntityRecognizer):
    """Finds addresses in text and judges whole cells. Loads its gazetteer when the first text with a place name comes.

    :param catalogue: the rules; ``JP_ADDRESS`` holds labels and word lists.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._rule = catalogue.rule(_ENTITY)
        super().__init__(supported_entities=[_ENTITY], name="AddressRecognizer", supported_language="ja", version="1")

    def load(self) -> None:
        """Nothing: the gazetteer loads lazily."""

    @cached_property
    def _grammar(self) -> Grammar:
        return Grammar(self._rule.extra)

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self._rule.context.words)

    @cached_property
    def _search(self) -> Search:
        return Search(self._grammar.places.gazette.spellings(), self._rule.extra["labels_alone"])

    def analyze(self, text: str, entities: list[str] | None = None, nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        """Addresses of ``text``, in order, not overlapping; places that are no address are not returned."""
        if entities and _ENTITY not in entities:
            return []
        found = [
            result(_ENTITY, at.start, at.end, at.score, recognizer=self.name, norm=at.norm, why=at.why)
            for at in latin_addresses(fold(text))
        ]
        if text.isascii() or not _GATE.search(text):
            return found
        done = 0
        folded = ""
        for start, is_label in self._search.starts(text):
            if start < done:
                continue
            folded = folded or _without_quoting(fold(text))
            base = max(0, start - _BEFORE, done)
            window = folded[base : start + _AFTER]
            at = start - base
            if not is_label:
                read = self._behind_cues(window, at)
            elif window[at] == "〒":
                read = self._behind_postal_code(window, at)
            else:
                read = self._behind_label(window, at)
            if read is None or read.score < _LEAST:
                continue
            found.append(
                result(_ENTITY, base + read.start, base + read.end, read.score, recognizer=self.name, norm=read.norm(), why=read.why)
            )
            done = base + read.end
        return sorted(found, key=lambda r: r.start)

    def _behind_cues(self, window: str, at: int) -> Address | None:
        """The address whose prefecture or municipality begins at ``at``, with the postal code before it."""
        before = window[:at]
        postal = postal_before(before)
        label = self._labels.before(before[: postal.start()] if postal else before)
        read = self._grammar.read(window, at, Cues(labelled=bool(label), postal=postal is not None))
        if read is None:
            return None
        if postal is not None:
            if "\n" not in before[postal.start() :]:  # a code on its own line is read by itself
                read.start = postal.start()
            read.why.append("postal code before it")
        if label:
            read.why.append(f"label {label}")
        return read

    def _behind_postal_code(self, window: str, at: int) -> Address | None:
        """The address that begins with 〒 and goes on with its town: the code says where that is."""
        match = POSTAL_HERE.match(window, at)
        places = self._grammar.places
        if match is None or places.begins_at(window, match.end()):
            return None
        towns_of = places.of_postal_code(match[1] + match[2])
        read = self._grammar.read_without_city(window, match.end(), towns_of) if towns_of else None
        if read is not None:
            if "\n" not in match[0]:
                read.start = match.start()
            read.why.append("postal code before it")
        return read

    def _behind_label(self, window: str, at: int) -> Address | None:
        """The address that begins with its town behind a label."""
        labelled = self._labels.at(window, at)
        if labelled is None:
            return None
        label, here = labelled
        read = None if self._grammar.places.begins_at(window, here) else self._grammar.read_without_city(window, here)
        if read is not None:
            read.why.append(f"label {label}")
        return read

    def value(self, entity: str, text: str) -> ValueMatch | None:
        """Whether a whole cell is an address or the part of one that a column holds (住所1, 住所2)."""
        return judge_cell(self._grammar, text) if entity == _ENTITY else None
