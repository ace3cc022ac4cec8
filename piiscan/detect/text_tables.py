"""Tables that stand in plain text: columns of fixed width, signs between cells, Markdown, SQL ``INSERT``.

A program's print-out, a page of a PDF, a database dump are tables to the person
who reads them, and what a value is stands in the header, often far above. Such
stretches are cut into cells here, each with its offset, so that they are judged
as tables and every finding still points into the text.

What is taken for a table must look like one: a header of label words, or
several lines cut at the same places. Prose is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from piiscan.detect.base import ValueMatch
from piiscan.detect.tables.words import Words

__all__ = ["TextTable", "text_tables"]

_LABEL: Final = 0.7
_NAMED: Final = 0.8
_HINTED: Final = 0.3
#: From this probability on words that belong together are rather one cell than two.
_FITTING: Final = 0.4
_HEAD_WORD: Final = 10
#: A word of a header that may be a name with this probability is taken for one.
_NAME_LIKE: Final = 0.3
_LINE_CHARS: Final = 1_000
_RULE = re.compile(r"[\s|+\-=:─━┼┬┴│]+")
_GATE = re.compile(r"\t|\||  |　|(?i:\binsert\s+into\b)|(?m:^[^\s,]{1,20}(?:,[^,\n]{0,60}){2,}$)|(?m:^\S{1,40}(?: \S{1,40}){1,}$)")
_INSERT = re.compile(
    r"\binsert\s+(?:ignore\s+)?into\s+(?P<table>[\w.`\"\[\]]{1,80})\s*(?:\((?P<columns>(?:[`\"\[][^`\"\]]{1,80}[`\"\]]|[^()`\"\[]){1,2000})\))?\s*values\s*",
    re.IGNORECASE,
)
_ROW = re.compile(r"\s*,?\s*\((?=['\"\dNnXx\s-])")
_FIELD = re.compile(
    r"\s*(?:[NnXxEe]?'(?P<text>(?:[^'\\]|''|\\.)*)'|\"(?P<quoted>(?:[^\"\\]|\"\"|\\.)*)\"|(?P<bare>[^,()'\"]*(?:\([^()]*\))?[^,()'\"]*))\s*(?P<end>[,)])"
)
_NAME = re.compile(r"[`\"\[]([^`\"\]]+)[`\"\]]|([^`\"\[\],\s][^,]*)")
_NULL = frozenset({"null", "true", "false", "now()", "default"})
_TRANSFER_FIELDS: Final = {"bank": "銀行名", "branch": "支店名", "kind": "預金種目", "account": "口座番号", "holder": "口座名義"}
_TRANSFER_TEXT = r"[ｦ-ﾟA-Z0-9()｢｣.,/\\ -]"
#: source: 全国銀行協会 レコード・フォーマット (総合振込, 給与振込, 預金口座振替), data record: the first 90 of its 120 characters.
_TRANSFER = re.compile(
    rf"(?m)^2[0-9]{{4}}(?P<bank>{_TRANSFER_TEXT}{{15}})[0-9]{{3}}(?P<branch>{_TRANSFER_TEXT}{{15}})[0-9 ]{{4}}(?P<kind>[1249])(?P<account>[0-9]{{7}})"
    rf"(?P<holder>{_TRANSFER_TEXT}{{30}})[0-9]{{10}}"
)
#: The same fields with blanks or commas between: 2 0001 001 1 5769085 ｵｵﾂｶ ﾘｮｳ
_TRANSFER_LIST = re.compile(
    rf"(?m)^2[ ,]?[0-9]{{4}}[ ,]?[0-9]{{3}}[ ,]?(?P<kind>[1249])[ ,]?(?P<account>[0-9]{{7}})[ ,]?(?P<holder>[ｦ-ﾟA-Z]{_TRANSFER_TEXT}{{2,29}}?)(?=[ ,]*[0-9]{{4}}|[ ,]*$)"
)
_TRANSFER_GATE = re.compile(r"(?m)^2[ ,]?[0-9]{4}[ ,]?(?:[ｦ-ﾟA-Z]|[0-9]{3}[ ,]?[1249][ ,]?[0-9]{7}[ ,]?[ｦ-ﾟA-Z])")
#: A name in a program's text or log and its value.
_PAIR = re.compile(
    r"(?<!\w)[\"']?(?P<key>[^\W\d][\w.\-]{0,30})[\"']?[ ]{0,2}(?:=>|=|:(?=[ \"']))[ ]{0,2}"
    r"(?:\"(?P<quoted>[^\"\n]{0,200})\"|'(?P<single>[^'\n]{0,200})'|(?P<bare>[^\s,;\"'(){}\[\]=:][^,;\"'(){}\[\]=\n]*?)(?=[ ]{0,2}(?:[,;)}\]]|$)|[ \u3000]{1,2}[^\W\d][\w.\-]{0,30}=))"
)
#: A name alone with its value in a line: [name_sei] => 田中, "tel_no": "090…",
_SETTING = re.compile(
    r"[ \t]{0,12}[\[\"'-]{0,2}(?P<key>[A-Za-z_][A-Za-z0-9_]{1,30})[\]\"']{0,2}[ \t]{0,8}(?:=>|:=|=|:)[ \t]{0,8}[\"']?(?P<value>[^\"'\n]{0,200}?)[\"']?,?[ \t]*$"
)
#: Figures, maybe behind a letter, at the beginning of a cell (A2288434ﾆｼﾑﾗ ﾘｮｳ, 19790402 福島県…).
_FIGURES = re.compile(r"[A-Z]{0,2}[0-9]+(?=[^0-9A-Za-z.,:/%-])")
_SPREAD = re.compile(r"[ \u3000]*((?:[々一-鿿ぁ-ゖァ-ヺ][ \u3000]{1,3}){1,4}[々一-鿿ぁ-ゖァ-ヺ])[ \u3000:：]")
_LONG_FIGURES: Final = 5
_LEAST_KEYED: Final = 2
_GAPPED = re.compile(r"\S(?:  |　)\s*\S")
_TOKEN = re.compile(r"\S+")
_CONTACT = re.compile(r"[0-9０-９]{4}(?![0-9０-９])|@|＠")
_MOST_EXTRA: Final = 5
_LEAST_ALIKE: Final = 3
_LONG_WORD: Final = 40
#: Lines in a row that fit no header end its table.
_MISSES: Final = 3
_FITS: Final = 20_000


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table that stands in a text.

    :ivar spans: the stretches of the text that it is made of.
    :ivar rows: its cells.
    :ivar places: offset of each cell in the text; -1 for one that does not stand in it (a header carried over).
    """

    spans: tuple[tuple[int, int], ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[tuple[int, ...], ...]

    def __repr__(self) -> str:
        """Without the cells."""
        return f"TextTable({self.spans[:1]}, {len(self.rows)} rows)"


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.start + len(self.text)


_Cells = list[tuple[int, str]]
Value = Callable[[str, str], ValueMatch | None]


def text_tables(text: str, words: Words, value: Value, carried: Sequence[str] = ()) -> list[TextTable]:
    """The tables in ``text``, in order; they do not overlap.

    :param value: whether a whole string is a value of a kind, by form and check.
    :param carried: the header of the table that the text before this one ended with; the text may go on with it
        (the next page, the next part of a long file).
    """
    if not carried and not _GATE.search(text):
        return []
    found = [*_inserts(text), *_transfers(text)]
    taken = [span for table in found for span in table.spans]
    for number, block in enumerate(_line_blocks(text, taken)):
        found += _in_block(block, words, value, carried if not number and not found else ())
    return sorted(found, key=lambda table: table.spans[0])


# ------------------------------------------------------------------------------ SQL


def _inserts(text: str) -> Iterator[TextTable]:
    """Consecutive ``INSERT`` statements into one table with one list of columns are one table."""
    rows: list[tuple[str, ...]] = []
    places: list[tuple[int, ...]] = []
    key: tuple[str, str] | None = None
    start = end = 0
    for match in _INSERT.finditer(text) if "insert" in text.lower() else ():
        if match.start() < end:
            continue
        mine = (match["table"], match["columns"] or "")
        if key != mine or text[end : match.start()].strip(" \t\r\n;"):
            if rows:
                yield TextTable(((start, end),), tuple(rows), tuple(places))
            key, start = mine, match.start()
            rows, places = [], []
            if match["columns"]:
                names = tuple((m[1] or m[2]).strip() for m in _NAME.finditer(match["columns"]))
                rows, places = [names], [tuple(-1 for _ in names)]
        at = match.end()
        while (cells := _tuple(text, at)) is not None:
            row, at = cells
            rows.append(tuple(cell for _, cell in row))
            places.append(tuple(place for place, _ in row))
        end = at
    if rows:
        yield TextTable(((start, end),), tuple(rows), tuple(places))


def _tuple(text: str, at: int) -> tuple[_Cells, int] | None:
    opening = _ROW.match(text, at)
    if opening is None:
        return None
    at = opening.end()
    cells: _Cells = []
    while True:
        field = _FIELD.match(text, at)
        if field is None:
            return None
        group = "text" if field["text"] is not None else "quoted" if field["quoted"] is not None else "bare"
        cell = field[group]
        place = field.start(group)
        if group == "bare" and cell.strip().lower() in _NULL:
            cell = ""
        cells.append((place, cell))
        at = field.end()
        if field["end"] == ")":
            return cells, at


# --------------------------------------------------------------- records of the banks


def _transfers(text: str) -> Iterator[TextTable]:
    """Data records of the Japanese Bankers Association's files of transfers and debits (全銀協規定形式), and of lists made after them.

    Their fields have fixed places, or single blanks between, and no header; a record of another kind (header, trailer, end) parts nothing.
    """
    for layout in (_TRANSFER, _TRANSFER_LIST) if _TRANSFER_GATE.search(text) else ():
        matches = list(layout.finditer(text))
        if matches:
            head = tuple(_TRANSFER_FIELDS[name] for name in layout.groupindex)
            fields = [[(match.start(name), match[name].rstrip()) for name in layout.groupindex] for match in matches]
            rows = tuple(tuple(cell for _, cell in row) for row in fields)
            places = tuple(tuple(place for place, _ in row) for row in fields)
            yield TextTable(tuple(match.span() for match in matches), (head, *rows), ((-1,) * len(head), *places))
            return


# ---------------------------------------------------------------------------- lines


def _line_blocks(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[list[_Line]]:
    """Runs of lines without a blank one, outside of what is taken."""
    block: list[_Line] = []
    at = 0
    for raw in text.split("\n"):
        line = raw.rstrip("\r")
        inside = any(a <= at < b for a, b in taken)
        if not line.strip() or inside or len(line) > _LINE_CHARS:
            if len(block) >= 3:
                yield block
            block = []
        else:
            block.append(_Line(at, line))
        at += len(raw) + 1
    if len(block) >= 3:
        yield block


def _in_block(block: list[_Line], words: Words, value: Value, carried: Sequence[str]) -> Iterator[TextTable]:
    """The tables in a run of lines: by signs, by gutters, by a header over single spaces."""
    at = 0
    if carried:
        table, at = _goes_on(block, words, value, carried)
        if table is not None:
            yield table
    ragged = 0  # lines up to here were tried for gutters in vain
    alike = _Alike(block, value)
    while at < len(block) - 2:
        found = _gutters(block, at, words, value) if at >= ragged else None
        if found is not None and found[0] is None:
            ragged, found = found[1], None
        table, next_at = (found[0], found[1]) if found is not None else _at_line(block, at, words, value, alike)
        if table is not None:
            yield table
        at = next_at


def _goes_on(block: list[_Line], words: Words, value: Value, carried: Sequence[str]) -> tuple[TextTable | None, int]:
    """The lines at the top that go on with a table whose header stood before this text."""
    head: _Cells = [(-1, cell) for cell in carried]
    if _labels([m[0] for m in _TOKEN.finditer(block[0].text)], words) >= 0.7:
        return None, 0  # its own header
    for sign in "\t|,":
        count = len(carried) - 1 + 2 * (sign == "|" and block[0].text.lstrip().startswith("|"))
        if count and block[0].text.count(sign) == count:
            end = 1
            while end < len(block) and block[end].text.count(sign) == count:
                end += 1
            return _table([head, *(_split(line, sign) for line in block[:end])], block[:end]), end
    return _under(block, 0, head, words, value)


def _at_line(block: list[_Line], at: int, words: Words, value: Value, alike: _Alike) -> tuple[TextTable | None, int]:
    line = block[at].text
    if "=" in line or '":' in line or ': "' in line or ": '" in line:
        table, end = _keyed(block, at, words)
        if table is not None:
            return table, end
    if (setting := _SETTING.match(line)) and "_" in setting["key"]:
        table, end = _settings(block, at, words)
        if table is not None:
            return table, end
    for sign, least in (("\t", 1), ("|", 2), (",", 2)):
        count = line.count(sign)
        if count < least:
            continue
        end = at + 1
        while end < len(block) and (block[end].text.count(sign) == count or _RULE.fullmatch(block[end].text)):
            end += 1
        cells = [_split(block[i], sign) for i in range(at, end) if not _RULE.fullmatch(block[i].text)]
        labelled = _labels([cell for _, cell in cells[0]], words)
        # a list of words in prose has commas too: without a header a table of commas must be wide and long
        if len(cells) >= 3 and (labelled >= 0.5 or (sign != "," and len(cells) >= 4) or (count >= 3 and len(cells) >= 5)):
            return _table(cells, block[at:end]), end
    head_words = line.split()
    spread = len(head_words) > 1 and max(map(len, head_words)) == 1 and not any(map(str.isdigit, head_words))  # 会 員 氏 名
    spread = spread or _is_led_by_label(line, words)
    if not spread and 3 <= len(head_words) <= 25 and (_labels(head_words, words) >= 0.4 or _may_head(block, at, head_words, words)):
        head = [(block[at].start + m.start(), m[0]) for m in _TOKEN.finditer(line)]
        table, end = _under(block, at + 1, head, words, value)
        if table is not None:
            return table, end
    if _heads_names(block, at, head_words, words, alike.value):
        table, end = _same_count(block, at + 1, [(block[at].start + m.start(), m[0]) for m in _TOKEN.finditer(line)])
        if table is not None:  # 氏名 1日 2日 3日
            return table, end
    return alike.table_at(at)


def _may_head(block: list[_Line], at: int, head: Sequence[str], words: Words) -> bool:
    """Whether a line of short words, some of them labels, may head the lines below, which hold figures: 組 レーン 選手名 ヨミ 学年 タイム."""
    if len(head) < 4 or any(len(word) > _HEAD_WORD for word in head) or sum(any(map(str.isdigit, word)) for word in head) > 1:
        return False
    labels = [words.label(word) for word in head]
    if not any(label.weight >= _LABEL for label in labels) or not any(weight >= _HINTED for label in labels for _, weight in label.kinds):
        return False
    below = block[at + 1 : at + 1 + _LEAST_ALIKE]
    return len(below) == _LEAST_ALIKE and all(any(map(str.isdigit, line.text)) for line in below)


def _keyed(block: list[_Line], at: int, words: Words) -> tuple[TextTable | None, int]:
    """Lines that give the same names to values, of which one names a personal kind: dict(name="…", tel="…"), 氏名=… 電話=…"""
    first = list(_PAIR.finditer(block[at].text))
    keys = [match["key"] for match in first]
    if len(keys) < 2 or not any(weight >= _NAMED for key in keys for _, weight in words.label(key).kinds):
        return None, at
    rows: list[_Cells] = [[(-1, key) for key in keys]]
    end = at
    while end < len(block):
        pairs = first if end == at else list(_PAIR.finditer(block[end].text))
        if [match["key"] for match in pairs] != keys:
            break
        groups = [match.lastgroup or "bare" for match in pairs]
        rows.append([(block[end].start + m.start(group), m[group]) for m, group in zip(pairs, groups, strict=True)])
        end += 1
    if end - at < _LEAST_KEYED:
        return None, at
    return _table(rows, block[at:end]), end


def _settings(block: list[_Line], at: int, words: Words) -> tuple[TextTable | None, int]:
    """Lines of one name and value each (name_sei: 田中, [tel] => 090…), of which two name personal kinds; a name again begins the next record."""
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
    personal = sum(any(weight >= _NAMED for _, weight in words.label(key).kinds) or words.name_part(key) is not None for key in keys)
    if len(keys) < _LEAST_ALIKE or personal < 2:
        return None, at
    missing = (block[end - 1].start, "")
    rows = [[record.get(key, missing) for key in keys] for record in records if record]
    return _table([[(-1, key) for key in keys], *rows], block[at:end]), end


def _heads_names(block: list[_Line], at: int, head: Sequence[str], words: Words, value: Value) -> bool:
    """Whether a line names persons in its first word and no person in the others, and the lines below begin with no labels."""
    if len(head) < 3 or not any(entity == "PERSON" and weight >= _NAMED for entity, weight in words.label(head[0]).kinds):
        return False
    if any((match := value("PERSON", word)) is not None and match.score >= _NAME_LIKE for word in head[1:]):
        return False  # 氏名 梶谷 優子
    return not words.labels([line.text.split()[0] for line in block[at + 1 : at + 4]], _LABEL)


def _split(line: _Line, sign: str) -> _Cells:
    cells: _Cells = []
    at = 0
    parts = line.text.split(sign)
    for part in parts:
        stripped = part.strip()
        cells.append((line.start + at + (part.find(stripped) if stripped else 0), stripped))
        at += len(part) + 1
    if sign == "|" and not cells[0][1] and not cells[-1][1]:
        cells = cells[1:-1]  # | a | b |
    if sign == ",":
        cells = [(place + 1, cell[1:-1]) if len(cell) >= 2 and cell[0] == cell[-1] == '"' else (place, cell) for place, cell in cells]
    return cells


def _labels(cells: Sequence[str], words: Words) -> float:
    """Share of the filled cells that are header words."""
    filled = [cell for cell in cells if cell]
    return words.labels(filled, _LABEL) / len(filled) if len(filled) >= 2 else 0.0


def _table(rows: Sequence[_Cells], lines: Sequence[_Line]) -> TextTable:
    cells = tuple(tuple(cell for _, cell in row) for row in rows)
    return TextTable(tuple(line.span for line in lines), cells, tuple(tuple(place for place, _ in row) for row in rows))


class _Alike:
    """Lines of as many words each, of which one is everywhere a telephone number or an address of mail: 1班 山田太郎 090-…

    A run of such lines is asked about from every line of it (its first may be a heading), but each of its words is judged once.
    """

    def __init__(self, block: list[_Line], value: Value) -> None:
        self._block = block
        self.value = value
        self._run = (0, 0)
        self._from = 0
        self._words: list[list[str]] = []

    def table_at(self, at: int) -> tuple[TextTable | None, int]:
        """The table that begins at a line, and the line after its last."""
        if not self._run[0] <= at < self._run[1] and not self._gather(at):
            return None, at + 1
        end = self._run[1]
        if at < self._from or end - at < _LEAST_ALIKE:
            return None, at + 1
        lines = self._block[at:end]
        rows = [[(line.start + m.start(), m[0]) for m in _TOKEN.finditer(line.text)] for line in lines]
        return _table(_names_whole(rows, lines, self.value), lines), end

    def _gather(self, at: int) -> bool:
        """Whether a run of lines with as many words as that at ``at`` begins there."""
        block = self._block
        if not _CONTACT.search(block[at].text):
            return False
        words = block[at].text.split()
        if not 2 <= len(words) <= 8:
            return False
        self._words = []
        end = at
        while len(words) == len(self._words[0] if self._words else words) and _CONTACT.search(block[end].text):
            self._words.append(words)
            end += 1
            if end == len(block):
                break
            words = block[end].text.split()
        self._run = (at, end)
        self._from = self._begins()
        return True

    def _begins(self) -> int:
        """The first line of the run from which on a table may begin: one column is contacts, those before it are short."""
        best = end = self._run[1]
        for column in range(len(self._words[0])):
            contacts = min(self._after_last(column, partial(self._is_not, entity)) for entity in ("PHONE_NUMBER", "EMAIL_ADDRESS"))
            if end - contacts < _LEAST_ALIKE:
                continue
            short = max(self._after_last(each, lambda word: len(word) > _LONG_WORD) for each in range(column + 1))
            best = min(best, max(contacts, short))
        return best

    def _is_not(self, entity: str, word: str) -> bool:
        return self.value(entity, word) is None

    def _after_last(self, column: int, fails: Callable[[str], bool]) -> int:
        """The line after the last one whose word in a column fails."""
        first, end = self._run
        at = end
        while at > first and not fails(self._words[at - 1 - first][column]):
            at -= 1
        return at


def _names_whole(rows: list[_Cells], lines: Sequence[_Line], value: Value) -> list[_Cells]:
    """山田 太郎 in one cell, where two words of every row are a name together."""
    for column in range(len(rows[0]) - 1):
        pairs = [
            line.text[row[column][0] - line.start : row[column + 1][0] - line.start + len(row[column + 1][1])]
            for row, line in zip(rows, lines, strict=True)
        ]
        scores = [match.score for pair in pairs if not any(map(str.isdigit, pair)) and (match := value("PERSON", pair)) is not None]
        if len(scores) >= 0.8 * len(pairs) and sum(scores) >= 0.75 * len(pairs):
            return [[*row[:column], (row[column][0], pair), *row[column + 2 :]] for row, pair in zip(rows, pairs, strict=True)]
    return rows


# -------------------------------------------------------------------------- gutters


def _is_gapped(line: str) -> bool:
    return ("  " in line or "\u3000" in line) and _GAPPED.search(line) is not None


def _width(ch: str) -> int:
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def _gutters(block: list[_Line], at: int, words: Words, value: Value) -> tuple[TextTable | None, int] | None:
    """Lines that are blank at the same places: the columns of a print-out.

    :return: the table (None where the lines are ragged) and the line after its last; None where the line has no gap.
    """
    if not _is_gapped(block[at].text):
        return None
    end = at
    while end < len(block) and _is_gapped(block[end].text):
        end += 1
    lines = [line for line in block[at:end] if not _RULE.fullmatch(line.text)]
    if len(lines) < 3:
        return None, end
    blank: list[int] | None = None
    for line in lines:
        mine: list[int] = []
        if line.text.isascii():
            mine = [int(ch.isspace()) for ch in line.text]
        else:
            for ch in line.text:
                mine += [int(ch.isspace())] * _width(ch)
        if blank is None:
            blank = mine
        else:
            size = max(len(blank), len(mine))
            blank = [a & b for a, b in zip(blank + [1] * (size - len(blank)), mine + [1] * (size - len(mine)), strict=True)]
    starts = _column_starts(blank or [], _word_starts(lines[0].text))
    if len(starts) < 2 or sum(_is_led_by_label(line.text, words) for line in lines) >= 0.5 * len(lines):
        return None, end
    rows = [_cut(line, starts) for line in lines]
    if _is_form(rows, words):
        return None, end
    labelled = _labels([cell for _, cell in rows[0]], words)
    typical = sum(sum(bool(cell) for _, cell in row) >= max(2, 0.6 * len(starts)) for row in rows) / len(rows)
    if typical < 0.7:
        return None, end
    if labelled >= 0.5 or (len(starts) >= 3 and len(rows) >= 4):
        return _table(rows if labelled >= 0.5 else _parted(rows, value), block[at:end]), end
    return None, end


def _parted(rows: list[_Cells], value: Value) -> list[_Cells]:
    """Columns without a blank between them, parted: A2288434ﾆｼﾑﾗ, 19790402 福島県…, 332090108031035627 (a date and a telephone number)."""
    for column in range(len(rows[0]) - 1, -1, -1):
        for find in (_class_cut, partial(_digits_cut, value=value)):
            cells = [row[column][1] for row in rows if row[column][1]]
            if len(cells) >= 0.8 * len(rows) and (cut := find(cells)):
                rows = [[*row[:column], *_cut_at(row[column], cut), *row[column + 1 :]] for row in rows]
    return rows


def _class_cut(cells: Sequence[str]) -> int:
    """Where figures end, or begin, at the same place of nearly every cell."""
    lengths = Counter(len(match.group()) for cell in cells if (match := _FIGURES.match(cell)) and match.end() < len(cell))
    length, count = lengths.most_common(1)[0] if lengths else (0, 0)
    return length if length >= _LONG_FIGURES and count >= 0.9 * len(cells) else 0


def _digits_cut(cells: Sequence[str], value: Value) -> int:
    """Where a date ends and a telephone number begins in figures that touch."""
    if not all(cell.isascii() and cell.isdigit() and len(cell) == len(cells[0]) for cell in cells):
        return 0
    for cut in (7, 8):
        parts = [(cell[:cut], cell[cut:]) for cell in cells if cell[cut : cut + 1] == "0" and len(cell) - cut in {10, 11}]
        right = sum(value("DATE_OF_BIRTH", date) is not None and value("PHONE_NUMBER", number) is not None for date, number in parts)
        if right >= 0.8 * len(cells):
            return cut
    return 0


def _cut_at(cell: tuple[int, str], cut: int) -> _Cells:
    place, text = cell
    rest = text[cut:].strip()
    return [(place, text[:cut].strip()), (place + text.find(rest, cut) if rest else place + len(text), rest)]


def _is_led_by_label(line: str, words: Words) -> bool:
    """Whether a line begins with a label that gives each character its room: 氏　名　佐々木　樹"""
    match = _SPREAD.match(line)
    return match is not None and words.label("".join(match[1].split())).weight >= _LABEL


def _is_form(rows: list[_Cells], words: Words) -> bool:
    """Whether a column is of labels: 住所 and 氏名 by turns, each with its value beside it."""
    columns = ([cell for _, cell in column if cell] for column in zip(*rows, strict=True))
    return any(len(cells) >= max(3, 0.6 * len(rows)) and words.labels(cells, _LABEL) >= 0.8 * len(cells) for cells in columns)


def _word_starts(line: str) -> frozenset[int]:
    """Columns at which something begins after two blanks or more."""
    starts = set()
    column = blanks = 0
    for ch in line:
        if ch.isspace():
            blanks += _width(ch)
        else:
            if blanks >= 2:
                starts.add(column)
            blanks = 0
        column += _width(ch)
    return frozenset(starts)


def _column_starts(blank: Sequence[int], heads: frozenset[int]) -> list[int]:
    """Where columns begin: after a gutter two wide, or one that ends where a word of the first line begins."""
    starts = []
    run = 2
    for i, flag in enumerate(blank):
        if flag:
            run += 1
            continue
        if run >= 2 or (run and i in heads):
            starts.append(i)
        run = 0
    return starts


def _cut(line: _Line, starts: Sequence[int]) -> _Cells:
    cells: _Cells = []
    column = 0
    which = -1
    first = 0
    pieces: list[tuple[int, int]] = []
    for i, ch in enumerate(line.text):
        while which + 1 < len(starts) and column >= starts[which + 1]:
            if which >= 0:
                pieces.append((first, i))
            which += 1
            first = i
        column += _width(ch)
    if which >= 0:
        pieces.append((first, len(line.text)))
    for a, b in pieces:
        cell = line.text[a:b].strip()
        cells.append((line.start + (line.text.find(cell, a) if cell else a), cell))
    cells += [(line.start + len(line.text), "")] * (len(starts) - len(cells))
    return cells


# ------------------------------------------------------------------- single spaces


def _under(block: list[_Line], at: int, head: _Cells, words: Words, value: Value) -> tuple[TextTable | None, int]:
    """Lines whose pieces fit a header of label words: what is left of a table on a page of a PDF."""
    heads = [cell for _, cell in head]
    kinds = _kinds(heads, words)
    people = [frozenset({"PERSON"} if words.other_person(cell) and not words.against("PERSON", cell) else ()) for cell in heads]
    maybe = [hinted | person for hinted, person in zip(_kinds(heads, words, _HINTED, _NAMED), people, strict=True)]
    prose = [words.prose(cell) for cell in heads]
    if not any(kinds) and sum(map(bool, maybe)) >= 2:  # 患者 … 担当
        kinds, maybe = maybe, kinds
    if not any(kinds) and not any(map(words.name_part, heads)):
        return _same_count(block, at, head)
    if sum(map(bool, kinds)) + 0.5 * sum(map(bool, maybe)) < 1.5 and _labels(heads, words) < 0.7 and not any(map(words.name_part, heads)):
        return None, at
    fits: dict[tuple[str, str], float] = {}

    def fit(entity: str, cell: str) -> float:
        known = fits.get((entity, cell))
        if known is None:
            match = value(entity, cell)
            whole = match is not None and match.end - match.start >= 0.9 * len(cell) and match.end > cell.rfind(" ")
            known = match.score if match is not None and whole else 0.0
            if len(fits) < _FITS:
                fits[entity, cell] = known
        return known

    rows: list[_Cells] = [head]
    lines = [block[at - 1]] if at and head[0][0] >= 0 else []
    end, missed = at, 0
    while end < len(block) and missed < _MISSES:
        tokens = [(block[end].start + m.start(), m[0]) for m in _TOKEN.finditer(block[end].text)]
        row = _fit(block[end], tokens, kinds, maybe, prose, fit)
        missed = 0 if row is not None else missed + 1
        if row is not None:
            rows.append(row)
            lines.append(block[end])
        end += 1
    if len(rows) < 3:
        return None, at
    return _table(rows, lines), end - missed


def _same_count(block: list[_Line], at: int, head: _Cells) -> tuple[TextTable | None, int]:
    """Lines of as many words as their header, which names nothing personal: what stands there is under 図番, ロット …"""
    end = at
    while end < len(block) and len(_TOKEN.findall(block[end].text)) == len(head):
        end += 1
    if end - at < 3 or head[0][0] < 0:
        return None, at
    rows = [[(line.start + m.start(), m[0]) for m in _TOKEN.finditer(line.text)] for line in block[at:end]]
    return _table([head, *rows], block[at - 1 : end]), end


def _kinds(head: Sequence[str], words: Words, least: float = _NAMED, below: float = 2.0) -> list[frozenset[str]]:
    """The kinds that each header cell names, so surely; none for the parts of one value (姓 名, TEL1 TEL2 TEL3) and for what has no form."""
    stems = [cell.rstrip("123１２３①②③") for cell in head]
    return [
        frozenset(entity for entity, weight in words.label(cell).kinds if least <= weight < below and not entity.startswith("JP_SENSITIVE"))
        if stems.count(stem) == 1 and words.name_part(cell) is None
        else frozenset()
        for cell, stem in zip(head, stems, strict=True)
    ]


def _fit(
    line: _Line,
    tokens: _Cells,
    kinds: Sequence[frozenset[str]],
    maybe: Sequence[frozenset[str]],
    prose: Sequence[bool],
    fit: Callable[[str, str], float],
) -> _Cells | None:
    """The tokens of a line as cells under the header: neighbours joined where a value holds spaces, blanks where one is missing.

    :param maybe: kinds that a column may hold or not (緊急連絡先: a name, a number, an address).
    :param prose: whether the cells of a column are prose, of any number of words.
    """
    most = _MOST_EXTRA + 6 * sum(prose)
    if not 0.5 * len(kinds) <= len(tokens) <= len(kinds) + most or len(tokens) < 2:
        return None

    def piece(first: int, last: int) -> str:
        return line.text[tokens[first][0] - line.start : tokens[last][0] - line.start + len(tokens[last][1])]

    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for column, wanted in enumerate(kinds):
        nxt: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {}
        rest = len(kinds) - column - 1
        for used, (known, cut) in best.items():
            for size in range(min(10 if prose[column] else 4, len(tokens) - used) + 1):
                if len(tokens) - used - size > rest + most:
                    continue
                if not size:
                    gain = -0.7 if wanted else -0.3
                elif prose[column]:
                    gain = 0.0
                else:
                    cell = piece(used, used + size - 1)
                    right = max((fit(entity, cell) for entity in wanted), default=0.0)
                    likely = 0.0 if right else max((fit(entity, cell) for entity in maybe[column]), default=0.0)
                    gain = min(0.5, 2 * right) + right if right else 0.6 * likely if likely else -0.6 if wanted else 0.0
                    gain += (0.2 if max(right, likely) >= _FITTING else 0.0 if right or likely else -0.4) * (size - 1)
                score = known + gain
                if used + size not in nxt or nxt[used + size][0] < score:
                    nxt[used + size] = (score, (*cut, (used, size)))
        best = nxt
    found = best.get(len(tokens))
    if found is None or found[0] < 0.4 * sum(map(bool, kinds)):
        return None
    return [(tokens[first][0], piece(first, first + size - 1)) if size else (line.start, "") for first, size in found[1]]
