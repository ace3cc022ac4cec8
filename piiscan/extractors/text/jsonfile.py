"""JSON and JSON Lines: arrays of objects become tables, the rest ``key: value`` lines.

JSON Lines and huge arrays are read one object at a time, so memory is bounded
by one object; other documents are parsed whole up to 64 MB.
"""

from __future__ import annotations

import itertools
import json
import operator
from collections.abc import Iterator
from typing import Any

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.text.plain import blocks, open_text
from piiscan.model import Line, Segment, Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "json"
MEDIA_TYPES = ("application/json", "application/x-ndjson")
SUFFIXES = (".json", ".jsonl", ".ndjson", ".geojson", ".har")
DOC = FormatDoc(
    description="JSON and JSON Lines",
    description_ja="JSON・JSON Lines",
    sees=(
        "arrays of objects as tables with the keys as header",
        "other values as 'key: value' lines",
        "escaped characters (\\uXXXX) decoded",
    ),
    sees_ja=(
        "オブジェクトの配列（キーを見出しとする表として）",
        "その他の値（「キー: 値」の行として）",
        "エスケープされた文字（\\uXXXX）は元に戻して読みます",
    ),
    limitations=("JSON with comments or errors is read as plain text", "one object above 64 MB is read as plain text"),
    limitations_ja=(
        "コメントや誤りのあるJSONはプレーンテキストとして読みます",
        "64 MBを超える1つのオブジェクトはプレーンテキストとして読みます",
    ),
    references=("RFC 8259", "https://jsonlines.org/"),
    engine="Python json",
)

_LARGEST = 64 * 1024**2
_ROWS = 1_000
_BLOCK = 8_000


class _NotJsonError(Exception):
    """The text is no JSON; raised and caught here."""


def extract(reading: Reading) -> Iterator[Piece]:
    """Yield tables and lines."""
    faults: list[str] = []
    try:
        yield from _pieces(_values(open_text(reading, faults)))
    except (_NotJsonError, RecursionError):
        yield from blocks(open_text(reading))
        yield problem(ProblemKind.BROKEN_PART, "not valid JSON; read as plain text")
    for fault in faults:
        word, _, detail = fault.partition(" ")
        yield problem(ProblemKind.ENCODING_GUESSED if word == "guessed" else ProblemKind.ENCODING_DAMAGED, detail)


def _values(chunks: Iterator[str]) -> Iterator[list[Any]]:
    """Top-level values, those of a chunk together, but not more than some; the elements of one top-level array count as such.

    Chunks are joined until the decoder gets a whole value, and the buffer is cut after the last of them.
    """
    decoder = json.JSONDecoder()
    rest, at, in_array, ended = "", 0, False, False
    want = 0
    begun = False
    while True:
        chunk = next(chunks, None)
        ended = chunk is None
        rest = rest[at:] + (chunk or "")
        at = 0
        if not begun:
            rest = rest.lstrip("\ufeff \t\r\n")
            if not rest and not ended:
                continue
            begun = True
            if rest.startswith("["):
                in_array, at = True, 1
        if len(rest) < want and not ended:
            continue
        values: list[Any] = []
        while True:
            while at < len(rest) and rest[at] in " \t\r\n,\x1e":
                at += 1
            if at >= len(rest):
                break
            if in_array and rest[at] == "]":
                in_array, at = False, at + 1
                continue
            try:
                value, end = decoder.raw_decode(rest, at)
            except ValueError:
                if ended or len(rest) - at > _LARGEST:
                    yield values
                    raise _NotJsonError from None
                want = 2 * (len(rest) - at)  # doubling keeps a large value from being tried again for each chunk
                break
            except RecursionError:
                yield values
                raise
            if end == len(rest) and not ended and rest[end - 1 : end] not in '}]"':
                break  # a number may go on in the next chunk
            want = 0
            values.append(value)
            at = end
            if len(values) >= _ROWS:
                yield values
                values = []
        yield values
        if ended:
            return


def _pieces(batches: Iterator[list[Any]]) -> Iterator[Piece]:
    lines = _Lines()
    header: list[str] = []
    rows: list[dict[str, str]] = []
    row_number = 1

    def table() -> Iterator[Piece]:
        nonlocal rows, row_number, header
        if not rows:
            return
        if row_number == 1 and len(rows) == 1:
            for key, value in rows[0].items():
                lines.add(f"{key}: {value}" if key else value)
        else:
            first = row_number == 1
            if first:
                header = list(rows[0])
            grid = _same_keys(header, rows)
            if grid is None:
                keys = dict.fromkeys(itertools.chain.from_iterable(rows))
                header += [key for key in keys if key not in header]
                grid = [tuple([row.get(key, "") for key in header]) for row in rows]
            if first:
                grid.insert(0, tuple(header))
            yield Table("", tuple(grid), first_row=row_number)
            row_number += len(grid)
        rows = []

    for values in batches:
        if _are_rows(values):
            while values:
                some, values = values[: _ROWS - len(rows)], values[_ROWS - len(rows) :]
                rows += some
                if len(rows) >= _ROWS:
                    yield from table()
            continue
        for value in values:
            row = _row(value)
            if row is not None:
                rows.append(row)
                if len(rows) >= _ROWS:
                    yield from table()
            else:
                yield from table()
                row_number = 1
                yield from _walk("", value, lines)
            if lines.length >= _BLOCK:
                yield from lines.flush()
    yield from table()
    yield from lines.flush()


def _are_rows(values: list[Any]) -> bool:
    """Whether all are objects that hold texts only, as most are."""
    return set(map(type, values)) == {dict} and set(map(type, itertools.chain.from_iterable(map(dict.values, values)))) <= {str}


def _same_keys(header: list[str], rows: list[dict[str, str]]) -> list[tuple[str, ...]] | None:
    """The texts of rows that all have the keys of ``header``, in its order; ``None`` when one has others."""
    if len(header) < 2 or set(map(len, rows)) != {len(header)}:
        return None
    try:
        return list(map(operator.itemgetter(*header), rows))
    except KeyError:
        return None


def _row(value: Any) -> dict[str, str] | None:
    """The fields of an object that is a row; ``None`` for one that holds tables of its own, and for everything else."""
    if not isinstance(value, dict):
        return None
    if set(map(type, value.values())) <= {str}:  # most rows
        return value
    row: dict[str, str] = {}
    for key, inner in value.items():
        kind = inner.__class__
        if kind is str:
            row[key] = inner
        elif kind is dict or kind is list:
            return None if _holds_records(value) else dict(_flat(value))
        else:
            row[key] = _text(inner)
    return row


def _holds_records(value: Any) -> bool:
    """Whether somewhere inside is an array of two objects or more, which is a table of its own."""
    stack = [value]
    while stack:
        inner = stack.pop()
        if isinstance(inner, dict):
            stack.extend(inner.values())
        elif isinstance(inner, list):
            if _is_records(inner):
                return True
            stack.extend(inner)
    return False


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= 2 and all(isinstance(item, dict) for item in value)


def _walk(key: str, value: Any, lines: _Lines) -> Iterator[Piece]:
    if _is_records(value) and not any(_holds_records(item) for item in value):
        yield from lines.flush()
        flat = [dict(_flat(item)) for item in value]
        header = list(dict.fromkeys(name for row in flat for name in row))
        grid = [tuple(header), *(tuple(row.get(name, "") for name in header) for row in flat)]
        lines.tables += 1
        sheet = f"{key or 'table'} {lines.tables}"
        for first in range(0, len(grid), 2_000):
            yield Table(sheet, tuple(grid[first : first + 2_000]), first_row=first + 1)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(str(name), inner, lines)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(key, inner, lines)
    else:
        text = _text(value)
        if text:
            lines.add(f"{key}: {text}" if key else text)
            if lines.length >= _BLOCK:
                yield from lines.flush()


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """``{"a": {"b": 1}}`` as ``("a.b", "1")``; lists of plain values are joined."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        if all(not isinstance(item, dict | list) for item in value):
            yield key, "\n".join(_text(item) for item in value)
        else:
            for number, item in enumerate(value):
                yield from _flat(item, f"{key}.{number}" if len(value) > 1 else key)
    else:
        yield key, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


class _Lines:
    """Lines that wait to become a segment."""

    def __init__(self) -> None:
        self.length = 0
        self.tables = 0
        self._lines: list[str] = []
        self._first = 1

    def add(self, line: str) -> None:
        parts = line.split("\n")
        self._lines += parts
        self.length += len(line) + 1

    def flush(self) -> Iterator[Segment]:
        if self._lines:
            yield Segment(Line(self._first), "\n".join(self._lines))
            self._first += len(self._lines)
            self._lines, self.length = [], 0
