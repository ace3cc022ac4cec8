"""Values that a program names, line by line, as tables."""

from __future__ import annotations

import re
from typing import Final

from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables.lines import LEAST_ALIKE, NAMED, Cells, Line, TextTable, table_of

__all__ = ["keyed", "settings"]

#: A name in a program's text or log and its value.
_PAIR = re.compile(
    r"(?<!\w)[\"']?(?P<key>[^\W\d][\w.\-]{0,30})[\"']?[ ]{0,2}(?:=>|=|:(?=[ \"']))[ ]{0,2}"
    r"(?:\"(?P<quoted>[^\"\n]{0,200})\"|'(?P<single>[^'\n]{0,200})'|(?P<bare>[^\s,;\"'(){}\[\]=:][^,;\"'(){}\[\]=\n]*?)(?=[ ]{0,2}(?:[,;)}\]]|$)|[ \u3000]{1,2}[^\W\d][\w.\-]{0,30}=))"
)
#: A name alone with its value in a line: [name_sei] => 田中, "tel_no": "090…",
_SETTING = re.compile(
    r"[ \t]{0,12}[\[\"'-]{0,2}(?P<key>[A-Za-z_][A-Za-z0-9_]{1,30})[\]\"']{0,2}[ \t]{0,8}(?:=>|:=|=|:)[ \t]{0,8}[\"']?(?P<value>[^\"'\n]{0,200}?)[\"']?,?[ \t]*$"
)
_SAYS = re.compile("[々㐀-鿿ぁ-ゖァ-ヺ]{2}")
#: Figures, maybe behind a letter, at the beginning of a cell (A2288434ﾆｼﾑﾗ ﾘｮｳ, 19790402 福島県…).
_LEAST_KEYED: Final = 2


def keyed(block: list[Line], at: int, words: Words) -> tuple[TextTable | None, int]:
    """Lines that give the same names to values, of which one names a personal kind: dict(name="…", tel="…"), 氏名=… 電話=…"""
    first = list(_PAIR.finditer(block[at].text))
    keys = [match["key"] for match in first]
    if len(keys) < 2 or not any(weight >= NAMED for key in keys for _, weight in words.label(key).kinds):
        return None, at
    rows: list[Cells] = [[(-1, key) for key in keys]]
    around: list[Cells] = []  # what is said before the first of them and behind the last
    end = at
    while end < len(block):
        pairs = first if end == at else list(_PAIR.finditer(block[end].text))
        if [match["key"] for match in pairs] != keys:
            break
        groups = [match.lastgroup or "bare" for match in pairs]
        rows.append([(block[end].start + m.start(group), m[group]) for m, group in zip(pairs, groups, strict=True)])
        around.append([_worded(block[end], 0, pairs[0].start()), _worded(block[end], pairs[-1].end(), len(block[end].text))])
        end += 1
    if end - at < _LEAST_KEYED:
        return None, at
    for side in (0, 1):
        if any(cells[side][1] for cells in around):
            rows = [[*row, more] for row, more in zip(rows, [(-1, ""), *(cells[side] for cells in around)], strict=True)]
    return table_of(rows, block[at:end]), end


def _worded(line: Line, start: int, end: int) -> tuple[int, str]:
    """A part of a line where it says something in Japanese."""
    text = line.text[start:end].strip() if _SAYS.search(line.text, start, end) else ""
    return line.start + (line.text.find(text, start) if text else end), text


def settings(block: list[Line], at: int, words: Words) -> tuple[TextTable | None, int]:
    """Lines of one name and value each (name_sei: 田中, [tel] => 090…), of which two name personal kinds; a name again begins the next record."""
    first = _SETTING.match(block[at].text)
    if first is None or ("_" not in first["key"] and not _names_somebody(first["key"], words)):
        return None, at
    records: list[dict[str, tuple[int, str]]] = []
    end = at
    while end < len(block) and (match := _SETTING.match(block[end].text)):
        key = match["key"]
        if not records or key in records[-1]:
            records.append({})
        if len(records) > 1 and key not in records[0]:
            break
        records[-1][key] = (block[end].start + match.start("value"), match["value"])
        end += 1
    keys = list(records[0])
    personal = sum(_names_somebody(key, words) for key in keys)
    if len(keys) < LEAST_ALIKE or personal < 2 or not any("_" in key for key in keys):  # Name:, Tel: are what people write
        return None, at
    missing = (block[end - 1].start, "")
    rows = [[record.get(key, missing) for key in keys] for record in records if record]
    return table_of([[(-1, key) for key in keys], *rows], block[at:end]), end


def _names_somebody(key: str, words: Words) -> bool:
    return any(weight >= NAMED for _, weight in words.label(key).kinds) or words.name_part(key) is not None
