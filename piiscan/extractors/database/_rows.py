"""Rows on their way into tables: chunks, cells as text, values that are files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from piiscan.extractors.base import Piece, Reading, problem
from piiscan.extractors.identify import looks_like_file, looks_like_text
from piiscan.extractors.text.encodings import decode
from piiscan.model import Embedded, Table
from piiscan.problems import Problem, ProblemKind

__all__ = ["ROWS", "Cells"]

ROWS = 2000  # of one chunk
_SHORT = 64  # bytes; a shorter value of unknown make is a key or a hash


class Cells:
    """Makes a table of raw rows, within the limit of cells; ``unknown`` counts values that nothing can read."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._cells = 0
        self.unknown = 0
        self._files: list[Embedded | Problem] = []

    def table(self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Piece]:
        """Chunks of the table, its header first; after each chunk the files that were values in it."""
        chunk: list[tuple[str, ...]] = [tuple(header)]
        first, number = 1, 1
        source = iter(rows)
        while True:
            try:
                row = next(source, None)
            except Exception:
                yield from self._given(name, first, chunk)  # what was read before the damage
                raise
            if row is None:
                break
            number += 1
            self._cells += len(row)
            if self._cells > self._reading.limits.cells:
                yield from self._given(name, first, chunk)
                yield problem(ProblemKind.LIMIT, f"limits.cells = {self._reading.limits.cells}")
                return
            if set(map(type, row)) == {str}:  # most rows of most tables
                chunk.append(tuple(row))  # type: ignore[arg-type]
            else:
                chunk.append(tuple(self._text(value, name, number, column) for column, value in zip(header, row, strict=False)))
            if len(chunk) >= ROWS:
                yield from self._given(name, first, chunk)
                first, chunk = number + 1, []
        if chunk:
            yield from self._given(name, first, chunk)

    def _given(self, name: str, first: int, chunk: list[tuple[str, ...]]) -> Iterator[Piece]:
        yield Table(name, tuple(chunk), first_row=first)
        yield from self._files
        self._files.clear()

    def _text(self, value: object, table: str, row: int, column: str) -> str:
        match value:
            case None:
                return ""
            case str():
                return value
            case bool():
                return "TRUE" if value else "FALSE"
            case float():
                return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
            case Decimal():
                return format(value, "f")
            case dt.datetime():
                return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
            case dt.date():
                return value.isoformat()
            case bytes():
                return self._binary(value, f"{table}/{column}/{row}")
            case _:
                return str(value)

    def _binary(self, value: bytes, name: str) -> str:
        if looks_like_file(value[:4096]):
            self._files.append(self._reading.spool(name, value))
        elif value and looks_like_text(value[:65_536]):
            return decode(value)[0]
        elif len(value) > _SHORT:
            self.unknown += 1
        return ""

    def end(self) -> Iterator[Piece]:
        """What was not read."""
        if self.unknown:
            yield problem(ProblemKind.PART_NOT_READ, f"{self.unknown} binary values of unknown make")
