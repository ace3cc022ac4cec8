"""The first row of a table whose words we hardly know: whether it heads the columns, or is a row like the others.

内科系|外科系|オンコール above the doctors on duty, 停留所|1便|2便 above a timetable, 見出し|読み|使い方 above a glossary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from piiscan.detect.readings import is_reading
from piiscan.detect.tables.grid import cell_of
from piiscan.detect.tables.measure import WORD, Measure
from piiscan.detect.tables.plans import samples
from piiscan.detect.tables.words import Words, plain

__all__ = ["headers_of"]

_CHARS: Final = 14
_ROWS: Final = 4
#: Share of the values of a column that are names where it is one of people on duty.
_NAMED: Final = 0.8
#: Any capitalised words in Latin letters score less.
_LATIN_NAME: Final = 0.5
#: Mean score of values of which most are rare family names.
_NAME_LIKE: Final = 0.3


def headers_of(first: Sequence[str], rows: Sequence[Sequence[str]], measure: Measure) -> tuple[str, ...]:
    """The headers that a first row holds, or nothing where it is a row of data.

    Above people only a header that says who they are is kept; 駅前, above those who stand there, would say that they are none.
    """
    texts = [cell.strip() for cell in first]
    filled = [text for text in texts if text]
    if len(rows) < _ROWS - 1 or len(filled) < 2 or len(filled) < 0.6 * len(texts) or len(set(filled)) < len(filled):
        return ()
    if any(len(text) > _CHARS or sum(map(str.isdigit, text)) > 2 or "@" in text or "。" in text for text in filled):
        return ()
    if any(text and any(cell_of(row, i) == text for row in rows) for i, text in enumerate(texts)):
        return ()
    known = [text for text in filled if _is_known(measure.words, text)]
    if not known and not _numbers_below(texts, rows):
        return ()
    scores = [match.score if (match := measure.kit.value("PERSON", text)) else 0.0 for text in filled]
    if any(score > (_LATIN_NAME if text[0].isascii() else WORD) and text not in known for score, text in zip(scores, filled, strict=True)):
        return ()
    people = [i for i in range(len(texts)) if _are_people(samples(rows, i, measure.rules.sample), measure)]
    if len(people) < 2 and len(known) < (1 if texts[0] in known else 2):
        return ()
    return tuple("" if i in people and not _says_who(measure.words, text) else text for i, text in enumerate(texts))


def _says_who(words: Words, text: str) -> bool:
    if words.things(text) or words.other_person(text):
        return True  # 父, 母 of a horse
    return not words.against("PERSON", text) and any(entity == "PERSON" for entity, _ in words.label(text).kinds)


def _is_known(words: Words, text: str) -> bool:
    """Whether a short text is a header by its word, not for a part of it: 地区, not 北地区."""
    text = plain(text)
    rules = words.rules
    exact = text in words.known or text in rules.not_person or text in rules.things or text in rules.prose or words.glossary([text])
    return exact or is_reading(text) or (text.endswith("名") and words.things(text))


def _numbers_below(texts: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether under a word stand numbers only: 日 above 1, 2, 3."""
    for i, text in enumerate(texts):
        values = [value for row in rows if (value := cell_of(row, i))]
        if text and not any(map(str.isdigit, text)) and len(values) >= _ROWS - 1 and all(value[0].isdigit() for value in values):
            return True
    return False


def _are_people(values: Sequence[str], measure: Measure) -> bool:
    if len(values) < 2 or any(sum(map(str.isdigit, value)) > 1 for value in values):
        return False
    passed, mean = measure.share("PERSON", values)
    return passed >= _NAMED and mean >= _NAME_LIKE
