"""Visiting cards, labels and addressees one below the other in a single column: a person on some lines each.

山田 太郎 / 〒100-0001 / 東京都… / TEL … / ---- / 佐藤 花子 / …
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from piiscan.detect.tables.grid import Grid
from piiscan.model import Cell, Hit, Record, RecordKind

__all__ = ["as_cards"]

_RULE = re.compile(r"\s*[-=_*#+~.･・…━─＝＿＊―ー－〜※◇◆■□●○]{3,}\s*")
#: So many cards are a stack, of which so many have more than a name.
_LEAST: Final = 2
_MOSTLY: Final = 0.6


def as_cards(records: Iterable[Record], block: Grid) -> Sequence[Record]:
    """The records of a column of lines, those of one card as one where the lines are a stack of cards; else as they are."""
    found = list(records)
    rules = [number for number, row in zip(block.numbers, block.rows, strict=True) if any(_RULE.fullmatch(cell) for cell in row if cell)]
    cards: list[list[Hit]] = []
    passed = 0
    for record in found:
        row = _row(record)
        ruled = passed < len(rules) and row > rules[passed]
        while passed < len(rules) and row > rules[passed]:
            passed += 1
        if not cards or ruled or (_names(record.hits) and _is_full(cards[-1])):
            cards.append([])
        cards[-1].extend(record.hits)
    named = [card for card in cards if _names(card)]
    full = sum(_is_full(card) for card in named)
    alone = sum(_names(record.hits) and not _is_full(record.hits) for record in found)
    if len(named) < _LEAST or full < _MOSTLY * len(named) or alone < _MOSTLY * len(named):
        return found
    return [Record(RecordKind.SECTION if len(card) > 1 else RecordKind.LOOSE, tuple(card)) for card in cards]


def _row(record: Record) -> int:
    place = record.hits[0].location
    return place.row if isinstance(place, Cell) else 0


def _names(hits: Sequence[Hit]) -> bool:
    return any(hit.entity == "PERSON" for hit in hits)


def _is_full(hits: Sequence[Hit]) -> bool:
    """Whether a card names somebody and says more of them."""
    return _names(hits) and any(hit.entity != "PERSON" for hit in hits)
