"""The header of a table: which row it is, by its words or by text that stands above numbers, and whether it has two rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from piiscan.detect.normalize import nfkc
from piiscan.detect.tables.grid import cell_of, filled, is_typed
from piiscan.detect.tables.pairs import (
    holds_pair,
    holds_value,
    is_among_pairs,
    is_one_of_pairs,
    is_pairs,
    leads_on,
    names_by_turns,
    pairs_go_on,
    stands_over_header,
)
from piiscan.detect.tables.words import Words

__all__ = ["find_header", "headers_in_rows", "share_as_wide", "titled_header"]

#: Rows looked at to know the shape.
_LOOK: Final = 80
#: A header stands within so many rows from the top of its block (titles above it).
_HEADER_WITHIN: Final = 16
_LABEL: Final = 0.7
_NAMED: Final = 0.8
_HEADER_SHARE: Final = 0.5
_HEADER_CHARS: Final = 24
#: A mark (A, ○, 済) is no longer.
_MARK_CHARS: Final = 2
#: What is longer is no header word but something said.
_SENTENCE: Final = 12
#: 支持政党：自由民主党 has its value with it.
_LABELLED = re.compile(r"[:：]\s*[^\s:：]")
#: Somebody who is addressed, and what is said of him; お客様 and 利用者様 are words of headers.
_ADDRESSED = re.compile(
    r"[々㐀-鿿ぁ-ゖァ-ヺー](?<![客者主方先族人員家])[ \u3000]?(?:様|殿)(?:[ \u3000]+[MTSHR明大昭平令0-9０-９]|[(（][^()（）]{1,12}[)）])"
)
#: A day at the head of a column: 1, 1日, 1(日), 4/1, 4月1日(水).
_DAY = re.compile(r"(?:[0-9]{1,2}[/月])?(?P<day>[0-9]{1,2})日?(?:[(（]?[月火水木金土日祝・]{1,3}[)）]?)?")


def find_header(rows: Sequence[Sequence[str]], words: Words) -> int | None:
    """Index of the (last) header row, by header words, else by text standing above numbers."""
    one_column = all(len(filled(row)) <= 1 for row in rows[:_LOOK])
    below_widths = [len(filled(row)) for row in rows]
    for r, row in enumerate(rows[:_HEADER_WITHIN]):
        cells = filled(row)
        if r + 1 >= len(rows):
            break
        if len(cells) == 1:
            if (
                one_column
                and not _LABELLED.search(row[cells[0]])
                and words.label(row[cells[0]]).weight >= 0.8
                and words.label(cell_of(rows[r + 1], cells[0])).weight < _LABEL
            ):
                return r
            continue
        if _heads_days(rows, r, cells):
            return r
        if _heads_marks(rows, r, cells, words):
            return r
        if any(_ADDRESSED.search(row[i]) for i in cells):
            continue  # 配偶者|高木 文子様　S38.1.2 over 長男|…
        labels = [words.label(row[i]) for i in cells]
        strong = sum(label.weight >= _LABEL for label in labels)
        if pairs_go_on(rows, r, words):
            return None
        if is_pairs(row, cells, labels) or holds_value(row, cells, labels) or leads_on(rows, r, cells, labels, words):
            continue
        if stands_over_header(labels, rows[r + 1], words):
            continue
        if names_by_turns(row, words) and words.labels([rows[r + 1][i] for i in filled(rows[r + 1])], _LABEL) >= 2:
            continue
        if (strong or words.role(row[cells[0]])) and _is_calendar([row[i] for i in cells], max(strong, 1)):
            return r
        known = sum(label.weight for label in labels) / len(labels)
        hints = sum(label.weight >= 0.5 for label in labels)
        few = strong == 1 and len(rows) > 3 and known >= _HEADER_SHARE and (len(cells) == 2 or hints >= 3)
        if len(cells) == 2 and (is_one_of_pairs(rows, r, cells, words) if few else is_among_pairs(rows, r, cells, words)):
            continue
        if not strong:
            continue
        typical = median(below_widths[r + 1 : r + 21])
        contrast = _contrast(rows, r, cells)
        if len(cells) < 0.5 * typical:
            continue
        few = few or (strong >= 2 and known >= 0.3 and _heads(rows, r, cells, words))
        few = few or (strong == 1 and hints >= 2 and len(rows) > r + 2 and contrast >= 0.2 and _is_wordy(row, cells))
        if strong < 2 and not few:
            continue
        if (known >= _HEADER_SHARE or (known >= 0.25 and contrast >= 0.2) or (few and strong >= 2)) and (
            strong >= 2 or few or contrast >= 0.5
        ):
            return r
    for r, row in enumerate(rows[:_HEADER_WITHIN]):
        cells = filled(row)
        if len(cells) < 2 or len(rows) - r < 4 or len(cells) < 0.6 * median(below_widths[r + 1 : r + 21]):
            continue
        texts = [row[i].strip() for i in cells]
        if any(len(t) > _HEADER_CHARS or sum(ch.isdigit() for ch in t) >= 3 or "@" in t for t in texts) or len(set(texts)) < len(texts):
            continue
        if any(holds_pair(t, words) for t in texts) or _goes_on(rows, r, cells):
            continue
        if _contrast(rows, r, cells) >= 0.5:
            return r
    return None


def titled_header(rows: Sequence[Sequence[str]], i: int, words: Words) -> bool:
    """Whether a row in the middle is the header of another table, under a title of its own: 振込口座, then 社員番号|氏名カナ|銀行|支店|口座."""
    title = filled(rows[i - 1])
    if len(title) != 1 or i + 1 >= len(rows):
        return False
    cells = filled(rows[i])
    if len(cells) < 3 or len(filled(rows[i + 1])) < 0.6 * len(cells):
        return False
    above = rows[i - 1][title[0]].strip()
    if len(above) > _HEADER_CHARS or "。" in above or not _is_wordy(rows[i], cells):
        return False
    labels = [words.label(cell := rows[i][n]).weight >= _LABEL or words.role(cell) or words.things(cell) for n in cells]
    return labels[0] and sum(labels) >= max(2, 0.5 * len(cells))


def headers_in_rows(rows: Sequence[Sequence[str]], width: int, words: Words, header: int) -> tuple[int, int, tuple[str, ...]]:
    """``(first row, last row, header of each column)`` where one row of the header is known; a second one is joined with it."""
    top = bottom = header
    parent = filled(rows[header - 1]) if header else []
    child = filled(rows[header + 1]) if header + 1 < len(rows) else []
    here = filled(rows[header])
    if child and not _heads_days(rows, header, here) and _is_second_row(rows, header, here, child, words):
        bottom = header + 1
    elif parent and 2 <= len(parent) < len(here) and _is_parent_row(rows[header - 1], parent, words):
        top = header - 1
    if top == bottom:
        headers = tuple(_text(cell_of(rows[header], i)) for i in range(width))
        return top, bottom, headers
    names: list[str] = []
    above = ""
    for i in range(width):
        over, under = _text(cell_of(rows[top], i)), _text(cell_of(rows[bottom], i))
        if over:
            above = over if under else ""
            names.append(_joined(over, under, words))
        else:
            names.append(_joined(above, under, words) if under else "")
    return top, bottom, tuple(names)


def _is_second_row(rows: Sequence[Sequence[str]], header: int, here: Sequence[int], child: Sequence[int], words: Words) -> bool:
    labels = [words.label(rows[header + 1][i]).weight for i in child]
    if header + 2 >= len(rows):
        return False
    own = set(here)
    known = sum(w >= 0.5 for w in labels) / len(labels)
    if 0.25 <= known < 0.6 and len(child) >= 2 and not own.issuperset(child):
        # Words that we do not know, where the row above has blanks: 銀行 支店 科目 口座番号 under a merged 振込先.
        texts = [rows[header + 1][i].strip() for i in child]
        below = filled(rows[header + 2])
        wordy = all(len(t) <= _HEADER_CHARS and not any(ch.isdigit() for ch in t) for t in texts)
        return wordy and len(below) >= 0.7 * len(own.union(child))
    if known < 0.6:
        return False
    return any(i not in own for i in child) or (len(child) >= 2 and all(w >= _LABEL for w in labels))


def _is_parent_row(row: Sequence[str], cells: Sequence[int], words: Words) -> bool:
    return not names_by_turns(row, words) and all(
        len(row[i].strip()) <= _HEADER_CHARS and not any(ch.isdigit() for ch in row[i]) for i in cells
    )


def _text(cell: str) -> str:
    return "".join(cell.split("\n")).strip()


def _joined(over: str, under: str, words: Words) -> str:
    """``連絡先`` over ``電話番号``: together when that says more, else the lower one."""
    if not over or not under:
        return over or under
    both = over + under
    if words.name_part(under) and not words.name_part(both) and not words.other_person(over):
        return under
    if words.name_part(both) or words.label(both).kinds:
        return both
    if words.name_part(under) or words.label(under).kinds:
        return under
    return both


def _heads_marks(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], words: Words) -> bool:
    """Whether a row with one label, that of a name, stands over names and marks: 氏名|一次|二次 over 山田 太郎|A|B."""
    named = [i for i in cells if any(entity == "PERSON" and weight >= _NAMED for entity, weight in words.label(rows[r][i]).kinds)]
    below = [row for row in rows[r + 1 : r + 31] if filled(row)]
    if len(named) != 1 or len(cells) < 2 or len(below) < 3 or not _is_wordy(rows[r], cells):
        return False
    others = [cell for row in below for i in cells if i not in named and (cell := cell_of(row, i))]
    names = [cell_of(row, named[0]) for row in below]
    return (
        len(others) >= 0.7 * (len(cells) - 1) * len(below)
        and all(len(cell) <= _MARK_CHARS for cell in others)
        and not words.labels(others, _LABEL)
        and all(2 <= len(name) <= _SENTENCE and not any(map(str.isdigit, name)) for name in names)
        and not words.labels(names, _LABEL)
    )


def _heads_days(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int]) -> bool:
    """Whether a row of nothing but days, its corner blank, stands over rows that begin in the blank column: a plan of shifts."""
    below = [filled(row) for row in rows[r + 1 : r + 6]]
    return (
        len(below) >= 2
        and cells[0] > 0
        and sum(bool(own) and own[0] < cells[0] for own in below) >= 0.8 * len(below)
        and _is_calendar([rows[r][i] for i in cells], 0)
    )


def _is_calendar(texts: Sequence[str], labels: int) -> bool:
    """Whether a row heads a plan of days: labels, and days that follow one another."""
    days = [int(match["day"]) for text in texts if (match := _DAY.fullmatch(nfkc(text.strip())))]
    if len(days) < 4 or len(days) + labels < 0.8 * len(texts):
        return False
    return sum(b == a + 1 for a, b in pairwise(days)) >= 0.8 * (len(days) - 1)


def _heads(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int], words: Words) -> bool:
    """Whether a row of different short texts stands over rows as wide that hold no labels: 部署 責任者 メンバー1 メンバー2."""
    texts = [rows[r][i].strip() for i in cells]
    below = rows[r + 1 : r + 11]
    if len(below) < 3 or len(set(texts)) < len(texts) or any(len(t) > _SENTENCE or sum(map(str.isdigit, t)) > 2 for t in texts):
        return False
    inside = [cell for row in below for i in cells if (cell := cell_of(row, i))]
    return len(inside) >= 0.7 * len(cells) * len(below) and words.labels(inside, _LABEL) <= 0.05 * len(inside)


def _is_wordy(row: Sequence[str], cells: Sequence[int]) -> bool:
    """Whether a row is of different short words without figures."""
    texts = [row[i].strip() for i in cells]
    return len(set(texts)) == len(texts) and all(len(t) <= _SENTENCE and not any(map(str.isdigit, t)) for t in texts)


def share_as_wide(rows: Sequence[Sequence[str]], header: int) -> float:
    """Share of the rows below the header that fill about the header's cells; 0 for fewer than three rows."""
    own = set(filled(rows[header]))
    below = [filled(row) for row in rows[header + 1 :] if filled(row)]
    if len(below) < 3:
        return 0.0
    return sum(len(own.intersection(cells)) >= 0.6 * len(own) and len(cells) <= len(own) + 1 for cells in below) / len(below)


def _goes_on(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int]) -> bool:
    """Whether the rows above are as wide and as wordy: the last line of a list, over its totals."""
    above = [row for row in rows[max(0, r - 3) : r] if list(filled(row)) == list(cells)]
    return len(above) > 1 and all([is_typed(row[i]) for i in cells] == [is_typed(rows[r][i]) for i in cells] for row in above)


def _contrast(rows: Sequence[Sequence[str]], r: int, cells: Sequence[int]) -> float:
    """Share of the columns with text in row ``r`` and numbers, dates or e-mails below it."""
    below = rows[r + 1 : r + 31]
    turned = 0
    for i in cells:
        if is_typed(rows[r][i]):
            continue
        values = [c for c in (cell_of(row, i) for row in below) if c]
        if values and sum(map(is_typed, values)) >= 0.6 * len(values):
            turned += 1
    return turned / len(cells)
