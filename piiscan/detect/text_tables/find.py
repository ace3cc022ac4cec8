"""Where in a text tables stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables.alike import Alike
from piiscan.detect.text_tables.bands import bands
from piiscan.detect.text_tables.gutters import gutters
from piiscan.detect.text_tables.headed import asks_again, heads_days, heads_names, is_led_by_label, may_head, same_count, under_header
from piiscan.detect.text_tables.hl7 import patients
from piiscan.detect.text_tables.lines import (
    HEAD_TOKEN,
    RULE,
    TOKEN,
    Cells,
    Line,
    TextTable,
    Value,
    line_blocks,
    share_of_labels,
    split_at,
    table_of,
)
from piiscan.detect.text_tables.named import keyed, settings
from piiscan.detect.text_tables.sql import inserts
from piiscan.detect.text_tables.stacked import stacked
from piiscan.detect.text_tables.transfers import transfers

__all__ = ["text_tables"]

#: A text with a table has certain signs, or one of these; apart they are found six times as quickly as by one expression.
_LISTED = re.compile(r"(?m)^(?:[^\s,]{1,20}(?:,[^,\n]{0,60}){2,}$|\S{1,40}(?: \S{1,40}){1,}$)")
_STACKED = re.compile(r"\n(?:\S{1,18}\n){3}")
_INSERTED = re.compile(r"[iIıİ](?<![\w][iIıİ])(?i:nsert\s+into\b)")


def text_tables(text: str, words: Words, value: Value, carried: Sequence[str] = ()) -> list[TextTable]:
    """The tables in ``text``, in order; they do not overlap.

    :param value: whether a whole string is a value of a kind, by form and check.
    :param carried: the header of the table that the text before this one ended with; the text may go on with it
        (the next page, the next part of a long file).
    """
    if not (
        carried
        or "\t" in text
        or "|" in text
        or "  " in text
        or "　" in text
        or _LISTED.match(text)
        or ("\n" in text and _LISTED.search(text))
        or _INSERTED.search(text)
        or _STACKED.search(f"\n{text}")
    ):
        return []
    found = [*inserts(text), *transfers(text), *patients(text)] or bands(text, words)
    taken = [span for table in found for span in table.spans]
    for number, block in enumerate(line_blocks(text, taken)):
        found += _in_block(block, words, value, carried if not number and not found else ())
    return sorted(found, key=lambda table: table.spans[0])


def _in_block(block: list[Line], words: Words, value: Value, carried: Sequence[str]) -> Iterator[TextTable]:
    """The tables in a run of lines: by signs, by gutters, by a header over single spaces."""
    at = 0
    if carried:
        table, at = _goes_on(block, words, value, carried)
        if table is not None:
            yield table
    ragged = 0  # lines up to here were tried for gutters in vain
    alike = Alike(block, value)
    while at < len(block) - 2:
        found = gutters(block, at, words, value) if at >= ragged else None
        if found is not None and found[0] is None:
            ragged, found = found[1], None
        table, next_at = (found[0], found[1]) if found is not None else _at_line(block, at, words, value, alike)
        if table is not None:
            yield table
        at = next_at


def _goes_on(block: list[Line], words: Words, value: Value, carried: Sequence[str]) -> tuple[TextTable | None, int]:
    """The lines at the top that go on with a table whose header stood before this text."""
    head: Cells = [(-1, cell) for cell in carried]
    if share_of_labels([m[0] for m in TOKEN.finditer(block[0].text)], words) >= 0.7:
        return None, 0  # its own header
    for sign in "\t|,":
        count = len(carried) - 1 + 2 * (sign == "|" and block[0].text.lstrip().startswith("|"))
        if count and block[0].text.count(sign) == count:
            end = 1
            while end < len(block) and block[end].text.count(sign) == count:
                end += 1
            return table_of([head, *(split_at(line, sign) for line in block[:end])], block[:end]), end
    return under_header(block, 0, head, words, value)


def _at_line(block: list[Line], at: int, words: Words, value: Value, alike: Alike) -> tuple[TextTable | None, int]:
    line = block[at].text
    if "=" in line or '":' in line or ': "' in line or ": '" in line:
        table, end = keyed(block, at, words)
        if table is not None:
            return table, end
    for found in (settings(block, at, words), stacked(block, at, words, value)):
        if found[0] is not None:
            return found
    for sign, least in (("\t", 1), ("|", 2), (",", 2)):
        count = line.count(sign)
        if count < least:
            continue
        end = at + 1
        while end < len(block) and (block[end].text.count(sign) == count or RULE.fullmatch(block[end].text)):
            end += 1
        cells = [split_at(block[i], sign) for i in range(at, end) if not RULE.fullmatch(block[i].text)]
        labelled = share_of_labels([cell for _, cell in cells[0]], words)
        # a list of words in prose has commas too: without a header a table of commas must be wide and long
        if len(cells) >= 3 and (labelled >= 0.5 or (sign != "," and len(cells) >= 4) or (count >= 3 and len(cells) >= 5)):
            return table_of(cells, block[at:end]), end
    head_cells = [(block[at].start + m.start(), m[0]) for m in HEAD_TOKEN.finditer(line)]
    head_words = [word for _, word in head_cells]
    spread = len(head_words) > 1 and max(map(len, head_words)) == 1 and not any(map(str.isdigit, head_words))  # 会 員 氏 名
    spread = spread or is_led_by_label(line, words)
    if (
        not spread
        and 3 <= len(head_words) <= 25
        and (share_of_labels(head_words, words) >= 0.4 or may_head(block, at, head_words, words))
        and not asks_again(block[at : at + 3], words)
    ):
        table, end = under_header(block, at + 1, head_cells, words, value)
        if table is not None:
            return table, end
    if heads_names(block, at, head_words, words, alike.value) or heads_days(block, at, head_words):
        table, end = same_count(block, at + 1, head_cells)
        if table is not None:  # 氏名 1日 2日 3日
            return table, end
    return alike.table_at(at)
