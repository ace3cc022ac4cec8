"""Rows of a form: a label and its value beside it, once or twice a row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from piiscan.detect.dates import parse
from piiscan.detect.names.families import is_family
from piiscan.detect.names.spoken import split_name
from piiscan.detect.normalize import fold
from piiscan.detect.tables.grid import cell_of, filled, is_typed
from piiscan.detect.tables.words import Label, Words

__all__ = [
    "count_pairs",
    "holds_pair",
    "holds_value",
    "in_led_pairs",
    "in_pairs",
    "in_two_pairs",
    "in_two_pairs_half_known",
    "is_among_pairs",
    "is_one_of_pairs",
    "is_pair_row",
    "is_pairs",
    "leads_on",
    "names_by_turns",
    "pairs_go_on",
    "stands_over_header",
]

_LABEL: Final = 0.7
_NAMED: Final = 0.8
_TWO: Final = 2
#: A form of two columns has so many rows, and such a share of its labels, one at least, is known.
_LEAST_PAIRS, _CARD, _SOME_NAMED = 3, 40, 0.25
#: Rows looked at to know the shape.
_LOOK: Final = 80
_HEADER_CHARS: Final = 24
#: What is longer is no header word but something said.
_SENTENCE: Final = 12
#: Kinds that are long numbers, and how long they are at least.
_NUMBERS: Final = frozenset({"PHONE_NUMBER", "JP_MY_NUMBER", "JP_BASIC_PENSION_NUMBER", "JP_DRIVER_LICENSE", "CREDIT_CARD"})
_LONG_NUMBER: Final = 9
_POSTAL_DIGITS: Final = 7


def count_pairs(rows: Sequence[Sequence[str]], words: Words, header: int | None) -> tuple[int, float]:
    """How many different labels have their value to the right, and the share of rows that begin with a label.

    Rows up to ``header`` are left out: they are no pairs.
    """
    texts: set[str] = set()
    first = counted = 0
    for r, row in enumerate(rows):
        if header is not None and r <= header:
            continue
        cells = filled(row)
        if not cells:
            continue
        if len(cells) >= 2:
            counted += 1
            first += words.label(row[cells[0]]).weight >= _LABEL and words.label(row[cells[1]]).weight < _LABEL
        for a, b in pairwise(cells):
            label = words.label(row[a])
            if label.weight >= _LABEL and words.label(row[b]).weight < _LABEL:
                texts.add(label.plain)
    return len(texts), first / counted if counted else 0.0


def is_pairs(row: Sequence[str], cells: Sequence[int], labels: Sequence[Label]) -> bool:
    """Whether a row is label, value, label, value: of a form with two columns of pairs, however much it looks like a header."""
    if len(cells) < 4 or len(cells) % 2:
        return False
    pairs = all(a.weight >= _LABEL and b.weight < _LABEL for a, b in zip(labels[::2], labels[1::2], strict=True))
    return pairs and any(is_typed(row[i]) or len(row[i].strip()) >= _SENTENCE for i in cells[1::2])


def is_pair_row(rows: Sequence[Sequence[str]], header: int, words: Words) -> bool:
    """Whether what passed for a header is a row of a form: label and value, among others that are so too."""
    weights = [words.label(rows[header][i]).weight for i in filled(rows[header])]
    alternate = len(weights) >= 2 and len(weights) % 2 == 0
    alternate = alternate and all(a >= _LABEL > b for a, b in zip(weights[::2], weights[1::2], strict=True))
    if not alternate:
        return False
    pairs, first_share = count_pairs(rows, words, None)
    return pairs >= 3 and first_share >= (0.4 if len(weights) >= 4 else 0.6)


def in_pairs(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Whether two columns are what is asked for and the answers, though few of the labels are known: 契約者|安田 美咲 over 物件|…, 賃料|12万円.

    A header would have a word for its second column too.
    """
    pairs = [(row[cells[0]].strip(), row[cells[1]].strip()) for row in rows if len(cells := filled(row)) == _TWO]
    if not _LEAST_PAIRS <= len(pairs) <= _CARD or len(pairs) < len(rows):
        return False
    asked = [label for label, _ in pairs]
    if len(set(asked)) < len(asked) or any(is_typed(label) or len(label) > _SENTENCE or any(map(str.isdigit, label)) for label in asked):
        return False
    named = sum(words.label(label).weight >= _NAMED for label in asked)
    return named >= max(1, _SOME_NAMED * len(asked)) and not any(words.label(answer).weight >= 0.5 for _, answer in pairs)


def in_led_pairs(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Whether two rows are a label and what it asks for in parts: 氏名|姓|安田|名|美咲 over フリガナ|セイ|ヤスダ|メイ|ミサキ."""
    asked = [True, True, False, True, False]
    looks = sum([words.label(row[i]).weight >= _LABEL for i in cells] == asked for row in rows if len(cells := filled(row)) == len(asked))
    return looks >= 2


def is_one_of_pairs(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], words: Words) -> bool:
    """Whether a label and a word beside it are a pair of a form: 氏名|星 実 among 居室|52号 and 担当|大槻, or below another such pair."""
    if any("。" in rows[r][i] or len(rows[r][i].strip()) > 2 * _HEADER_CHARS for i in cells):
        return True
    if r and list(filled(rows[r - 1])) == list(cells) and words.label(rows[r - 1][cells[0]]).weight >= 0.5:
        return True
    others = [*rows[max(0, r - 20) : r], *rows[r + 1 : r + 21]]
    return sum(words.label(cell).weight >= 0.5 for row in others if (cell := cell_of(row, cells[0]))) >= 2


def is_among_pairs(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], words: Words) -> bool:
    """Whether two labels are a pair of a form all the same: 手帳|療育手帳 B2 below 氏名|…, 生年月日|…, 保護者|… and above 作成者|…."""
    own = list(cells)
    above = [words.label(row[own[0]]).weight >= _LABEL for row in rows[:r] if filled(row) == own]
    below = [words.label(row[own[0]]).weight >= _LABEL for row in rows[r + 1 : r + 21] if filled(row) == own]
    return sum(above) >= 3 and any(below)


def holds_value(row: Sequence[str], cells: Sequence[int], labels: Sequence[Label]) -> bool:
    """Whether a label in a row has its value beside it, a date or a long number: あなたの生年月日|昭和53年12月17日."""
    for label, other, i in zip(labels, labels[1:], cells[1:], strict=False):
        kinds = {entity for entity, weight in label.kinds if weight >= _NAMED}
        if label.weight < _LABEL or not kinds or other.weight >= _LABEL:
            continue
        text = fold(row[i].strip())
        if "DATE_OF_BIRTH" in kinds and (date := parse(text)) is not None and date.day:
            return True
        digits = sum(map(str.isdigit, text))
        if kinds & _NUMBERS and digits >= max(_LONG_NUMBER, 0.6 * len(text)):
            return True
        if "JP_POSTAL_CODE" in kinds and digits == _POSTAL_DIGITS and len(text) <= digits + 2:
            return True
    return False


def holds_pair(cell: str, words: Words) -> bool:
    """Whether a cell is a label and its value in two parts: ふりがな　うえの けんた."""
    lead, *rest = cell.split(maxsplit=1)
    return (
        bool(rest)
        and len(rest[0].split()) == 2  # family and given name
        and words.label(lead).weight >= _NAMED
        and not words.label(rest[0]).weight
        and words.label(cell).weight < _LABEL
    )


def leads_on(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], labels: Sequence[Label], words: Words) -> bool:
    """Whether a row is led by a label and its value, and so is the next one: フリガナ|サワムラ　ナオ|性別 over 氏名|澤村　奈緒|女."""
    below = filled(rows[r + 1])
    if len(cells) < 2 or below[:2] != list(cells[:2]):
        return False
    leads = labels[0], words.label(rows[r + 1][below[0]])
    values = labels[1], words.label(rows[r + 1][below[1]])
    return all(lead.weight >= _NAMED for lead in leads) and leads[0].plain != leads[1].plain and not any(v.weight for v in values)


def stands_over_header(labels: Sequence[Label], below: Sequence[str], words: Words) -> bool:
    """Whether labels and values by turns stand over a row of nothing but labels: 利用者名|永田　麻衣|要介護度|要介護2 over 日付|時間|記録|記録者."""
    by_turns = (
        len(labels) >= 2
        and len(labels) % 2 == 0
        and all(a.weight >= _LABEL > b.weight for a, b in zip(labels[::2], labels[1::2], strict=True))
    )
    cells = [below[i] for i in filled(below)]
    return by_turns and len(cells) >= 3 and words.labels(cells, 0.5) == len(cells) and words.labels(cells, _LABEL) > len(labels) // 2


def pairs_go_on(rows: Sequence[Sequence[str]], r: int, words: Words) -> bool:
    """Whether a row and the next ones are label, value, label, value: おなまえ|川西 結衣|カナ|…, おところ|…|電話|…"""
    some = [[row[i] for i in filled(row)] for row in rows[r : r + 4]]
    if len(some) < 3 or any(len(cells) != 4 for cells in some[:3]):
        return False
    some = [cells for cells in some if len(cells) == 4]
    leads = [cell for cells in some for cell in cells[::2]]
    values = [cell for cells in some for cell in cells[1::2]]
    return words.labels(leads, 0.5) >= 0.6 * len(leads) and words.labels(values, 0.5) <= 0.15 * len(values)


def in_two_pairs(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Whether all of a block is label, value, label, value, the labels known or words of its own: 患者|…|処方医|…, 薬品|…|照会|…"""
    used = [cells for row in rows if (cells := filled(row))]
    if not used or any(len(cells) not in (2, 4) or cells != used[0][: len(cells)] for cells in used[1:]) or len(used[0]) != 4:
        return False
    return pairs_go_on(rows, 0, words) or _is_form_of_own_words(rows, words)


def _is_form_of_own_words(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Whether two columns of short words lead two of longer values, some of the words labels."""
    pairs = [(row[a].strip(), row[b].strip()) for row in rows for a, b in zip(filled(row)[::2], filled(row)[1::2], strict=True)]
    if sum(len(filled(row)) == 4 for row in rows) < 2:
        return False
    leads, values = [lead for lead, _ in pairs], [value for _, value in pairs]
    short = all(len(lead) <= _SENTENCE and not any(map(str.isdigit, lead)) for lead in leads)
    if not short or len(set(leads)) < len(leads) or words.labels(values, 0.5):
        return False
    return words.labels(leads, 0.5) >= 2 and sum(map(len, values)) >= 2 * sum(map(len, leads))


def in_two_pairs_half_known(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Whether rows of four cells are two pairs each, though we do not know the labels in the third column:
    証券番号|147-0095282|被保険者|齊藤 純 over 生年月日|昭和18年2月17日|受診・投薬|あり. The columns of a list on its side hold the same kind.
    """
    if not 2 <= len(rows) < _LOOK or any(filled(row) != [0, 1, 2, 3] for row in rows):
        return False
    leads = [row[i].strip() for row in rows for i in (0, 2)]
    if len(set(leads)) < len(leads) or any(is_typed(lead) or len(lead) > _HEADER_CHARS for lead in (*leads[::2], *leads[3::2])):
        return False
    numbered = sum(is_typed(row[1]) and not is_typed(row[2]) for row in rows)
    return (
        numbered >= 2 and words.labels(leads[::2], 0.5) >= max(2, 0.5 * len(rows)) and words.labels([row[1] for row in rows], _LABEL) == 0
    )


def names_by_turns(row: Sequence[str], words: Words) -> bool:
    """Whether a row is a word for what somebody does, a name, and so on: 運転手|黒木|添乗|田村."""
    cells = [row[i].strip() for i in filled(row)]
    if len(cells) < 2 or len(cells) % 2:
        return False
    lead, name, *_ = cells
    asked = any(entity == "PERSON" for entity, _ in words.label(lead).kinds)
    return asked and not words.label(name).weight and (is_family(name) or split_name(name) is not None)
