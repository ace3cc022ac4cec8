"""Pictures of identity cards, recognised by the words that are printed on them.

A rule of engine ``cards`` (``recognizers/patterns/id_card_image.yaml``) lists
each card: its title and the words of its layout. A text that OCR read is one
when a title stands in it with enough of the words around it. A letter that
only mentions the card has the title but not the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from presidio_analyzer import EntityRecognizer, RecognizerResult

from piiscan.catalogue import Catalogue
from piiscan.detect.base import result
from piiscan.detect.normalize import nfkc

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

__all__ = ["CardRecognizer"]

_BEFORE, _AFTER = 350, 700
#: Each word beyond those that are needed makes it surer.
_NEEDED, _MORE, _MOST = 0.75, 0.06, 0.97


@dataclass(frozen=True, slots=True)
class _Card:
    """One kind of card; words are compared without white space and case."""

    entity: str
    name: str
    title: re.Pattern[str]
    words: tuple[str, ...]
    at_least: int


class CardRecognizer(EntityRecognizer):
    """Finds the pictures of cards that rules of engine ``cards`` describe, in text that OCR read."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._cards = [
            card for rule in catalogue.rules.values() if rule.engine == "cards" for card in _cards(rule.entity, rule.extra["cards"])
        ]
        super().__init__(supported_entities=sorted({card.entity for card in self._cards}), name="CardRecognizer", supported_language="ja")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self,
        text: str,
        entities: Sequence[str] = (),
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002 -- Presidio's interface
    ) -> list[RecognizerResult]:
        """One result for each kind of card, at its title."""
        plain, places = _plain(text)
        found = [self._look(card, plain, places) for card in self._cards if not entities or card.entity in entities]
        return [one for one in found if one is not None]

    def _look(self, card: _Card, plain: str, places: list[int]) -> RecognizerResult | None:
        best: tuple[int, re.Match[str]] | None = None
        for match in card.title.finditer(plain):
            around = plain[max(0, match.start() - _BEFORE) : match.end() + _AFTER]
            seen = sum(word in around for word in card.words)
            if seen >= card.at_least and (best is None or seen > best[0]):
                best = seen, match
        if best is None:
            return None
        seen, match = best
        return result(
            card.entity,
            places[match.start()],
            places[match.end() - 1] + 1,
            min(_MOST, _NEEDED + _MORE * (seen - card.at_least)),
            recognizer=self.name,
            norm=card.name,
            why=(f"{card.name}: {seen} words of its layout",),
        )


def _cards(entity: str, data: Sequence[dict[str, object]]) -> Iterator[_Card]:
    for entry in data:
        titles, words = (tuple(_plain(str(word))[0] for word in _listed(entry[key])) for key in ("title", "words"))
        yield _Card(entity, str(entry["name"]), re.compile("|".join(map(re.escape, titles))), words, int(str(entry["at_least"])))


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text without white space, in small letters, with the place of each character."""
    out: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for plain in nfkc(sign).casefold():
            if not plain.isspace():
                out.append(plain)
                places.append(place)
    return "".join(out), places
