"""SQL dumps: the rows of ``INSERT`` and of PostgreSQL's ``COPY`` as tables under their column names, the rest as text.

Read as a stream, statement by statement. Which column is which is known from
the statement itself, or from the ``CREATE TABLE`` before it. MySQL escapes with
a backslash, the others with a second quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.text.plain import open_text
from piiscan.model import Line, Segment, Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract", "looks_like_dump"]

NAME = "sql"
MEDIA_TYPES = ("application/sql",)
SUFFIXES = (".sql", ".dump")
DOC = FormatDoc(
    description="SQL dumps (MySQL, PostgreSQL, SQLite, Oracle, SQL Server)",
    description_ja="SQLダンプ",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=("rows of INSERT and COPY as tables under their column names", "comments and every other statement as text"),
    sees_ja=(
        "INSERTとCOPYの行（列名を見出しとする表として）",
        "コメントとその他の文（文字として）",
    ),
    limitations=(
        "positions in rows are rows of the table, not lines of the file",
        "binary values are shown as hexadecimal text",
        "a statement above 64 MB, and one that selects its values, is read as text",
    ),
    limitations_ja=(
        "行の位置は表の行番号で、ファイルの行番号ではありません",
        "バイナリーの値は16進の文字として示します",
        "64 MBを超える文と、値をSELECTで求める文は文字として読みます",
    ),
    references=("https://dev.mysql.com/doc/", "https://www.postgresql.org/docs/current/sql-copy.html"),
)

_ROWS = 1_000
_BLOCK = 8_000
_LARGEST = 64 * 1024**2
_HEAD_LINES = 40
_NAME = r"(?:`[^`\n]+`|\"[^\"\n]+\"|\[[^\]\n]+\]|[\w$]+)"
_TABLE = rf"(?:{_NAME}\s*\.\s*){{0,2}}({_NAME})"
_COLUMNS = r"(\([^()]{0,100000}\))?"
_INSERT = re.compile(
    rf"\s*(?:INSERT|REPLACE)\s+(?:(?:IGNORE|INTO|LOW_PRIORITY|DELAYED|OR\s+\w+)\s+)*{_TABLE}\s*{_COLUMNS}\s*"
    r"(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES?\s*(?=\()",
    re.IGNORECASE,
)
_COPY = re.compile(rf"\s*COPY\s+{_TABLE}\s*{_COLUMNS}\s+FROM\s+stdin\b", re.IGNORECASE)
_CREATE = re.compile(rf"\s*CREATE\s+(?:\w+\s+){{0,2}}TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_TABLE}\s*\(", re.IGNORECASE)
_BEGINS = re.compile(r"\s*(?:INSERT|REPLACE|COPY|CREATE\s+(?:\w+\s+){0,2}TABLE)\b", re.IGNORECASE)
_NO_COLUMN = re.compile(r"\s*(?:PRIMARY|KEY|UNIQUE|CONSTRAINT|FOREIGN|INDEX|FULLTEXT|SPATIAL|CHECK|EXCLUDE|LIKE|--)\b", re.IGNORECASE)
_COLUMN = re.compile(rf"\s*({_NAME})\s")
_MYSQL = re.compile(r"mysql|mariadb|^/\*!\d{5}|ENGINE=", re.IGNORECASE)
_HINT = re.compile(
    r"^\s*(?:INSERT\s+(?:IGNORE\s+)?INTO\s.{0,2000}?\bVALUES?\b|COPY\s.{0,2000}?\sFROM\s+stdin)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
# The strings of a statement, with a backslash that escapes (True) or not.
_STRING = {True: r"'((?:[^'\\]|\\.|'')*)'", False: r"'((?:[^']|'')*)'"}
_VALUE = {kind: re.compile(rf"\s*(?:N|E|X|_\w+\s*)?{string}\s*(?=[,)])", re.DOTALL | re.IGNORECASE) for kind, string in _STRING.items()}
_PIECE = {kind: re.compile(rf"{string}|[^',()]+|[,()]", re.DOTALL) for kind, string in _STRING.items()}
_QUOTE = {True: re.compile(r"\\.|'", re.DOTALL), False: re.compile("'")}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "", "Z": "", "f": "", "v": ""}


def looks_like_dump(text: str) -> bool:
    """Whether the beginning of a text is that of a dump."""
    if not any(sign in text for sign in "vVyY"):
        return False  # VALUES or COPY: most texts in Japanese hold no Latin letters, and one sign is found fastest
    lowered = text.lower()  # looking for the words first is many times as fast
    return ("insert" in lowered or "copy" in lowered) and _HINT.search(text) is not None


def extract(reading: Reading) -> Iterator[Piece]:
    """Tables of the rows, and the text between them."""
    faults: list[str] = []
    yield from _Dump().read(open_text(reading, faults))
    for fault in faults:
        word, _, detail = fault.partition(" ")
        yield problem(ProblemKind.ENCODING_GUESSED if word == "guessed" else ProblemKind.ENCODING_DAMAGED, detail)


class _Dump:
    def __init__(self) -> None:
        self._columns: dict[str, tuple[str, ...]] = {}  # of the tables whose CREATE was seen
        self._table = ""
        self._header: tuple[str, ...] = ()
        self._rows: list[tuple[str, ...]] = []
        self._row = 1
        self._ready: list[Piece] = []
        self._lines: list[str] = []  # what is no row
        self._first, self._length = 1, 0  # number of the first of them, characters
        self._backslash = False

    def read(self, chunks: Iterator[str]) -> Iterator[Piece]:
        copying, quoted, size = False, False, 0
        held: list[str] = []
        number = 0
        for number, line in enumerate(_each_line(chunks), 1):
            if number <= _HEAD_LINES and _MYSQL.search(line):
                self._backslash = True
            if copying:
                copying = line != "\\."
                if copying:
                    self._put(tuple(_copied(cell) for cell in line.split("\t")))
            elif held or _BEGINS.match(line):
                held.append(line)
                size += len(line)
                quoted ^= sum(sign == "'" for sign in _QUOTE[self._backslash].findall(line)) % 2 == 1
                if (not quoted and line.rstrip().endswith(";")) or size > _LARGEST:
                    copying = self._statement(held, number, size)
                    held, size, quoted = [], 0, False
            else:
                self._say([line], number)
            if self._length >= _BLOCK:
                self._flush_lines()
            yield from self._ready
            self._ready.clear()
        if held:
            self._statement(held, number, size)
        self._flush_rows()
        self._flush_lines()
        yield from self._ready
        if copying or quoted:
            yield problem(ProblemKind.BROKEN_PART, "the dump ends inside its rows")

    def _statement(self, held: list[str], number: int, size: int) -> bool:
        """Take a whole statement; whether rows of COPY follow."""
        text = "\n".join(held)
        if size <= _LARGEST:
            if found := _INSERT.match(text):
                self._into(found[1], found[2])
                end = self._values(text, found.end())
                if rest := text[end:].strip("; \n"):
                    self._say([rest], number)
                return False
            if found := _COPY.match(text):
                self._into(found[1], found[2])
                return True
            if found := _CREATE.match(text):
                self._columns[_bare(found[1])] = _created(text[found.end() :])
        self._say(held, number)
        return False

    def _into(self, table: str, columns: str | None) -> None:
        name = _bare(table)
        header = tuple(_bare(column) for column in columns.strip("() \n").split(",")) if columns else self._columns.get(name, ())
        if (name, header) != (self._table, self._header):
            self._flush_rows()
            self._table, self._header, self._row = name, header, 1

    def _values(self, text: str, at: int) -> int:
        """The rows from here on; where they end."""
        value = _VALUE[self._backslash]
        while at < len(text) and text[at] == "(":
            at += 1
            cells: list[str] = []
            while at < len(text):
                found = value.match(text, at)
                if found:
                    cells.append(self._unescaped(found[1]))
                    at = found.end()
                else:
                    start, at = at, self._bare_end(text, at)
                    bare = text[start:at].strip()
                    cells.append("" if bare.upper() == "NULL" else bare)
                at += 1
                if text[at - 1 : at] != ",":
                    break
            self._put(tuple(cells))
            while at < len(text) and text[at] in ", \n\t":
                at += 1
        return min(at, len(text))

    def _bare_end(self, text: str, at: int) -> int:
        """Where a value ends that is no single string: a number, NULL, a call."""
        depth = 0
        while at < len(text) and (depth or text[at] not in ",)"):
            found = _PIECE[self._backslash].match(text, at)
            if not found:
                return len(text)  # a string that does not end
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            at = found.end()
        return at

    def _unescaped(self, text: str) -> str:
        text = text.replace("''", "'")
        return _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), text) if self._backslash and "\\" in text else text

    def _put(self, row: tuple[str, ...]) -> None:
        self._rows.append(row)
        if len(self._rows) >= _ROWS:
            self._flush_rows()

    def _flush_rows(self) -> None:
        if not self._rows:
            return
        rows = tuple(self._rows)
        if self._row == 1 and self._header:
            rows = (self._header, *rows)
        self._ready.append(Table(self._table, rows, first_row=self._row))
        self._row += len(rows)
        self._rows = []

    def _say(self, lines: list[str], number: int) -> None:
        """Lines that hold no rows; the last of them has this number."""
        first = number - len(lines) + 1
        if self._lines and first != self._first + len(self._lines):
            self._flush_lines()
        if not self._lines:
            self._first = first
        self._lines += lines
        self._length += sum(map(len, lines)) + 1

    def _flush_lines(self) -> None:
        if any(line.strip() for line in self._lines):
            text = "\n".join(self._lines)
            for start in range(0, len(text), 2 * _BLOCK):
                line = self._first + text.count("\n", 0, start)
                piece = text[start : start + 2 * _BLOCK]
                self._ready.append(Segment(Line(line), piece, offset=start - text.rfind("\n", 0, start) - 1))
        self._lines, self._length = [], 0


def _each_line(chunks: Iterator[str]) -> Iterator[str]:
    rest: list[str] = []
    for chunk in chunks:
        first, *lines = chunk.split("\n")
        rest.append(first)
        if lines:
            yield "".join(rest)
            *lines, last = lines
            yield from lines
            rest = [last]
    if any(rest):
        yield "".join(rest)


def _bare(name: str) -> str:
    return name.strip().strip('`"[] \n')


def _created(text: str) -> tuple[str, ...]:
    """Names of the columns in the body of CREATE TABLE, up to its closing bracket."""
    columns: list[str] = []
    depth, start = 0, 0
    blank = re.sub(r"'(?:[^']|'')*'|--[^\n]*", lambda found: " " * len(found[0]), text)
    for at, sign in enumerate(blank + ")"):
        if sign == "(":
            depth += 1
        elif sign in ",)" and depth == 0:
            part = blank[start:at] + " "
            found = _COLUMN.match(part)
            if found and not _NO_COLUMN.match(part):
                columns.append(_bare(found[1]))
            start = at + 1
            if sign == ")":
                break
        elif sign == ")":
            depth -= 1
    return tuple(columns)


def _copied(cell: str) -> str:
    r"""A cell of COPY: ``\\N`` is nothing."""
    if cell == "\\N":
        return ""
    return _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), cell) if "\\" in cell else cell
