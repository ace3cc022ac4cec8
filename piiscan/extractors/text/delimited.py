"""CSV and TSV: rows of cells, quoted newlines and all, as a stream."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.text.plain import open_text
from piiscan.model import Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "delimiter_of", "extract", "is_table"]

NAME = "csv"
MEDIA_TYPES = ("text/csv", "text/tab-separated-values")
SUFFIXES = (".csv", ".tsv")
DOC = FormatDoc(
    description="CSV and TSV tables",
    description_ja="CSV・TSV",
    sees=("comma, tab, semicolon and pipe", "quoted newlines", "every encoding that plain text is read in"),
    sees_ja=(
        "コンマ、タブ、セミコロン、縦棒区切り",
        "引用符内の改行",
        "プレーンテキストで読めるすべての文字コード",
    ),
    limitations=("a file of another suffix is taken for a table only when nearly all its lines have the same number of cells",),
    limitations_ja=("別の拡張子のファイルは、ほぼすべての行のセル数が同じときだけ表とみなします",),
    references=("RFC 4180",),
    engine="Python csv",
)

_ROWS = 2_000
_SURE_HEAD = 1 << 15
_FIELD = 10_000_000
_WIDE = 1_024


def delimiter_of(head: str) -> str:
    """The sign that splits the lines of ``head`` into the same number of cells; empty when none does."""
    lines = [line for line in head.splitlines()[:50] if line.strip()]
    best, score = "", 1.0
    for sign in ",\t;|":
        widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        if usual < 2:
            continue
        agreeing = widths.count(usual) / len(widths)
        if agreeing * usual > score and agreeing >= 0.5:
            best, score = sign, agreeing * usual
    return best


def is_table(head: str) -> bool:
    """Whether the beginning of a text without a telling suffix is a table all the same: five lines or more, of three cells or more each."""
    first = head.lstrip().partition("\n")[0]
    if first.count(",") < 2 and first.count("\t") < 2:
        return False
    lines = [line for line in head.splitlines()[:200] if line.strip()][: -1 if len(head) >= _SURE_HEAD else None]
    if len(lines) < 5:
        return False
    for sign in ",\t":
        widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        usual = max(set(widths), key=widths.count)
        if usual >= 3 and widths.count(usual) >= 0.98 * len(widths) and widths[0] == usual:
            return True
    return False


def extract(reading: Reading) -> Iterator[Piece]:
    """Yield the rows in chunks of 2,000."""
    csv.field_size_limit(_FIELD)
    faults: list[str] = []
    chunks = open_text(reading, faults)
    head = next(chunks, "")
    delimiter = delimiter_of(head[:65_536]) or ("\t" if reading.name.lower().endswith(".tsv") else ",")
    reader = itertools.chain.from_iterable(_rows(itertools.chain((head,), chunks), delimiter))
    rows: list[tuple[str, ...]] = []
    first = 1
    try:
        while True:
            rows.extend(itertools.islice(reader, _ROWS))  # what comes before an error stays
            if len(rows) < _ROWS:
                break
            yield from _tables(rows, first)
            first += len(rows)
            rows = []
    except csv.Error as error:
        yield problem(ProblemKind.BROKEN_PART, type(error).__name__)
    if rows:
        yield from _tables(rows, first)
    for fault in faults:
        word, _, detail = fault.partition(" ")
        yield problem(ProblemKind.ENCODING_GUESSED if word == "guessed" else ProblemKind.ENCODING_DAMAGED, detail)


def _rows(chunks: Iterator[str], delimiter: str) -> Iterator[Iterator[tuple[str, ...]]]:
    """Rows, many at a time. Up to the first quote a row is a line split at the delimiter, in half the time of the module that knows quotes."""
    rest = ""
    for chunk in chunks:
        if '"' in chunk or len(rest) > _FIELD:
            lines = itertools.chain.from_iterable(_lines(itertools.chain((rest + chunk,), chunks)))
            yield map(tuple, csv.reader(lines, delimiter=delimiter))
            return
        if "\n" not in chunk:
            rest += chunk
            continue
        whole = chunk.split("\n")
        whole[0] = rest + whole[0]
        rest = whole.pop()
        # An empty line is a row without cells.
        yield map(tuple, csv.reader(whole, delimiter=delimiter) if "" in whole else map(str.split, whole, itertools.repeat(delimiter)))
    if rest:
        yield iter([tuple(rest.split(delimiter))])


def _lines(chunks: Iterator[str]) -> Iterator[Iterable[str]]:
    """Lines with their ends, many at a time."""
    rest = ""
    for chunk in chunks:
        if end := chunk.rfind("\n") + 1:
            yield io.StringIO(rest + chunk[:end], newline="\n")  # no other sign ends a line
            rest = chunk[end:]
        else:
            rest += chunk
    if rest:
        yield (rest,)


def _tables(rows: list[tuple[str, ...]], first: int) -> Iterator[Table]:
    """The rows as they are; one that is wider than any table comes in parts, so that the clock is looked at between them."""
    start = 0
    for i, row in enumerate(rows) if max(map(len, rows)) > _WIDE else ():
        if len(row) > _WIDE:
            if start < i:
                yield Table("", tuple(rows[start:i]), first_row=first + start)
            for at in range(0, len(row), _WIDE):
                yield Table("", (row[at : at + _WIDE],), first_row=first + i, first_column=1 + at)
            start = i + 1
    if start < len(rows):
        yield Table("", tuple(rows[start:]), first_row=first + start)
