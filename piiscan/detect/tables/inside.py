"""Columns whose cells hold more than one thing: lines, lists of names, a name and a number.

作業員名簿 has ふりがな over 氏名 and 生年月日 over 年齢 in one column, a sheet of labels a postal code, an address and
a name in each cell, a telephone tree 清水 070-1234-5678 ↓. The pieces of such cells are columns of their own: they are
judged so, and read by what they were judged to be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from piiscan.detect.names.families import is_family, is_place, may_be_family
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.variants import modern_forms
from piiscan.detect.tables.measure import FAMILY, NAME_PAIR, WORD, Measure, family_names
from piiscan.detect.tables.plans import ColumnPlan, Mode, pieces_of, samples
from piiscan.detect.tables.words import plain

__all__ = ["judge_inside"]

#: Judges a column of pieces: header and values to a plan.
Column = Callable[[str, Sequence[str]], ColumnPlan]

_LINE_END = re.compile(r"[ \t\u3000]*[\n\x0b\r]+[ \t\u3000]*")
#: Names of foreigners have their dots between katakana: 井上陽斗、シャルマ・ラジェシュ are two.
_LISTED = re.compile(r"[ \u3000]*(?:[、，,/／\n\x0b]|・(?![ァ-ヺー])|(?<![ァ-ヺー])・)[ \u3000]*")
#: Between a name and the number behind it: 清水 070-…, 迫(3121), 久我:090-….
_BEFORE_NUMBER = re.compile(
    r"(?<![0-9０-９])[ \u3000\n\x0b:：☎℡]+(?=[(（+]{0,2}[0-9０-９]{2})|(?<![ \u3000\n\x0b:：☎℡(（0-9０-９])(?=[(（]{1,2}\+?[0-9０-９]{2})"
)
_TWO_NAMES = re.compile(r"[々㐀-鿿]・[々㐀-鿿ァ-ヺ]|[ァ-ヺー]・[々㐀-鿿]")
#: ファム・ティ・フオン among family names of one word each.
_FOREIGN = re.compile(r"[ァ-ヺー]{2,10}(?:[・･][ァ-ヺー]{1,10}){1,3}")
_FEW_FOREIGN: Final = 0.3
_HOLDS_NUMBER = re.compile(r"[0-9０-９]{3}")
_MOST_LINES: Final = 4
#: Behind a name's number stands no more than 内線 or 自宅.
_FEW_LETTERS: Final = 4
_SHARE: Final = 0.6
_SHARE_AMONG: Final = 0.8
_GIVEN: Final = 0.95
_ORDINAL = re.compile(r"^[①-⑳0-9.()（）\s]+|^[⑴-⒇]")
_BRACKETED = re.compile(r"(?P<head>[^(（〔\[]+)[(（〔\[](?P<inside>[^)）〕\]]+)[)）〕\]]")
_BETWEEN = re.compile(r"[・/／、,\s]+")
_LABEL: Final = 0.7


def judge_inside(plans: Sequence[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure, column: Column) -> None:
    """Look into the cells of columns that hold more than one thing, and set what each piece is."""
    persons = any(p.mode is Mode.VALUE and p.entity == "PERSON" for p in plans)
    alike: list[tuple[ColumnPlan, list[str]]] = []
    for plan in plans:
        if plan.taken or plan.name_part >= 0 or plan.joins:
            continue
        values = [value.strip() for value in samples(rows, plan.index, measure.rules.sample)]
        if len(values) < 2:
            continue
        if sum(_LINE_END.search(value) is not None for value in values) >= _SHARE * len(values) and _lines(plan, values, measure, column):
            continue
        if plan.mode is Mode.VALUE and plan.share >= _SHARE and not (plan.entity == "PERSON" and _two_each(values)):
            if plan.entity == "PHONE_NUMBER":  # 緊急連絡先: 轟 03-1234-5678
                _named_numbers(plan, values, measure)
            continue
        if _named_numbers(plan, values, measure):
            continue
        if not plan.raw_header and plan.mode is not Mode.VALUE:
            alike.append((plan, values))
        _list_of_names(plan, values, measure, persons=persons)
    if any(plan.cut is _BEFORE_NUMBER for plan in plans):  # 大黒(1431) in the next column of a plan of seats: fewer of them bear it
        for plan, values in alike:
            if plan.mode is not Mode.VALUE:
                _named_numbers(plan, values, measure, among=True)


def _two_each(values: Sequence[str]) -> bool:
    """Whether most cells pass for a name only because a dot stands between two of them: 財前・知念."""
    return sum(_TWO_NAMES.search(value) is not None for value in values) >= _SHARE * len(values)


def _lines(plan: ColumnPlan, values: Sequence[str], measure: Measure, column: Column) -> bool:
    """Cells of as many lines each, of which two or more hold a value of their own."""
    cut = [[text for _, text in pieces_of(_LINE_END, value)] for value in values]
    count, cells = Counter(map(len, cut)).most_common(1)[0]
    if not 2 <= count <= _MOST_LINES or cells < 0.5 * len(values):
        return False
    if sum(cell[1].startswith(("(", "（")) and cell[1].endswith((")", "）")) for cell in cut if len(cell) > 1) >= _SHARE * cells:
        return False  # 山田 太郎 over （ヤマダ タロウ）: one thing and a note
    headers = _parted(plan.raw_header, count, measure)
    if plan.raw_header and not headers:
        return False
    inside = tuple(
        column(headers[k] if headers else "", list(dict.fromkeys(cell[k] for cell in cut if len(cell) == count))) for k in range(count)
    )
    kinds = [sub.entity for sub in inside if sub.mode is Mode.VALUE]
    if not kinds or (not headers and len(set(kinds)) < 2):
        return False
    plan.looks_inside(inside, _LINE_END, next((kind for kind in kinds if kind in measure.rules.identifies), kinds[0]))
    return True


def _parted(header: str, count: int, measure: Measure) -> tuple[str, ...]:
    """What each line is called, by a header that names as many things: 生年月日年齢, 氏名（ふりがな）, 届出者（住所・氏名）, 郵便番号・住所."""
    text = _ORDINAL.sub("", header.strip())
    if not text:
        return ()
    if match := _BRACKETED.fullmatch(text):
        listed = tuple(_BETWEEN.split(match["inside"].strip()))
        if len(listed) == count:
            return listed
        return (match["head"].strip(), match["inside"].strip()) if count == len(listed) + 1 == 2 else ()
    listed = tuple(_BETWEEN.split(text))
    if len(listed) == count:
        return listed
    weight = measure.words.label
    both = [
        (weight(text[:at]).weight + weight(text[at:]).weight, text[:at], text[at:])
        for at in range(2, len(text) - 1)
        if count == 2 and min(weight(text[:at]).weight, weight(text[at:]).weight) >= _LABEL
    ]
    return max(both)[1:] if both else ()


def _named_numbers(plan: ColumnPlan, values: Sequence[str], measure: Measure, *, among: bool = False) -> bool:
    """A name and a number in each cell: 清水 070-1234-5678 ↓ of a telephone tree, 迫(3121) of a plan of seats.

    :param among: such cells fill another column of the table, so that any family names do.
    """
    if plan.raw_header and (measure.words.against("PERSON", plan.raw_header) or measure.words.prose(plan.raw_header)):
        return False
    with_number = [value for value in values if _HOLDS_NUMBER.search(value)]
    cut = [pieces for value in with_number if len(pieces := list(pieces_of(_BEFORE_NUMBER, value))) == 2 and pieces[0][1]]
    cut = [pieces for pieces in cut if sum(map(str.isalpha, pieces[1][1])) <= _FEW_LETTERS]
    if len(cut) < 2 or len(with_number) < 0.5 * len(values) or len(cut) < 0.8 * len(with_number):
        return False
    names = [pieces[0][1] for pieces in cut]
    scores = measure.short_names(names)
    listed = among and bool(scores) and sum(score >= WORD for score in scores) >= _SHARE_AMONG * len(scores)
    to_call = plan.entity == "PHONE_NUMBER" and measure.words.other_person(plan.raw_header)  # 緊急連絡先: 今 03-…
    listed = listed or (to_call and sum(modern_forms(name) in lexicon().surnames for name in names) >= _SHARE_AMONG * len(names))
    if not (listed or _likely_family(scores) or measure.are_names(names)):
        return False
    name = ColumnPlan(plan.index, plan.raw_header, plan.header)
    name.holds("PERSON", 0.9)
    number = ColumnPlan(plan.index, mode=Mode.TEXT)
    if measure.share("PHONE_NUMBER", [pieces[1][1] for pieces in cut])[0] >= _SHARE:
        number.holds("PHONE_NUMBER", 0.9)
    plan.looks_inside((name, number), _BEFORE_NUMBER, "PERSON")
    return True


def _likely_family(scores: Sequence[float]) -> bool:
    """Whether a few words are family names (a column of a small plan has three or four)."""
    if len(scores) >= 4:
        return family_names(scores)
    return len(scores) >= 2 and all(score >= WORD for score in scores) and sum(scores) >= 0.4 * len(scores)


def _list_of_names(plan: ColumnPlan, values: Sequence[str], measure: Measure, *, persons: bool) -> None:
    """Several names in a cell: 佐藤・鈴木・田中, 山田太郎、山田花子; given names alone where the header is of a household or of people."""
    words = measure.words
    if plan.raw_header and words.against("PERSON", plan.raw_header):
        return
    cut = [[text for _, text in pieces_of(_LISTED, value)] for value in values]
    listed = [cell for cell in cut if len(cell) > 1]
    if len(listed) < max(2, 0.4 * len(cut)):
        return
    names = list(dict.fromkeys(text for cell in cut for text in cell if text))
    foreign = {name for name in names if _FOREIGN.fullmatch(name)}
    native = [name for name in names if name not in foreign]
    if len(foreign) > _FEW_FOREIGN * len(names):
        native = names
    if any(len(name) > 10 or any(map(str.isdigit, name)) for name in native):
        return
    of_people = any(entity == "PERSON" for entity, _ in words.label(plan.raw_header).kinds) or words.other_person(plan.raw_header)
    passed, mean = measure.share("PERSON", names)
    full = passed >= 0.8 and mean >= NAME_PAIR and sum(measure.are_names(cell) for cell in listed) >= 0.6 * len(listed)
    given = persons and of_people and sum(_is_given(name, measure) for name in names) >= 0.7 * len(names)
    scores = measure.short_names(native)
    rarer = (
        of_people and 2 * sum(s >= FAMILY for s in scores) >= len(scores) and sum(s >= WORD for s in scores) >= _SHARE_AMONG * len(scores)
    )
    every = of_people and all(map(may_be_family, native)) and 2 * sum(is_family(n) and not is_place(n) for n in native) >= len(native)
    if full or given or (len(scores) >= 4 and (rarer or every or family_names(scores))):  # 面接官: 能登・轟, 班員: 岐阜・米
        name = ColumnPlan(plan.index, plan.raw_header, plan.header)
        name.holds("PERSON", 0.9)
        plan.looks_inside((name,), _LISTED, "PERSON")


def _is_given(word: str, measure: Measure) -> bool:
    match = measure.kit.value("PERSON", f"山田 {word}") if len(plain(word)) <= _MOST_LINES else None
    return match is not None and match.score >= _GIVEN
