"""Rows on their way into tables: chunks, cells as text, values that are files."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import cast

from piiscan.extractors.base import Piece, Reading, problem
from piiscan.extractors.identify import looks_like_file, looks_like_text
from piiscan.extractors.text.encodings import decode
from piiscan.model import Embedded, Table
from piiscan.problems import Problem, ProblemKind

__all__ = ["ROWS", "Cells"]

ROWS = 2000  # of one chunk
_ODD = re.compile("[\0\x1b\udc80-\udcff]")
_LOOK = 200  # rows
_PLAIN = frozenset({str, int, float, type(None)})  # types of values that are no files
_SHORT = 64  # bytes; a shorter value of unknown make is a key or a hash


class Cells:
    """Makes a table of raw rows, within the limit of cells; ``unknown`` counts values that nothing can read.

    :param mend: for texts with control characters or bytes that are not UTF-8 (as lone surrogates).
    :ivar surrogates: whether there may be any of these; looking for them takes five times as long as for the control characters.
    """

    def __init__(self, reading: Reading, mend: Callable[[str], str] | None = None) -> None:
        self._reading = reading
        self._mend = mend
        self.surrogates = True
        self._cells = 0
        self.unknown = 0
        self._files: list[Embedded | Problem] = []

    def table(self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Piece]:
        """Chunks of the table, its header first; after each chunk the files that were values in it."""
        chunk: list[tuple[str, ...]] = [tuple(header)]
        first = 1
        source = iter(rows)
        while True:
            batch: list[Sequence[object]] = []
            fault: Exception | None = None
            try:
                batch.extend(itertools.islice(source, ROWS - len(chunk)))
            except Exception as error:  # noqa: BLE001 -- raised again below; what was read before the damage is in the batch
                fault = error
            full = len(chunk) + len(batch) >= ROWS
            over = self._cut(batch)
            chunk += self._as_texts(batch, name, header, first + len(chunk))
            if chunk:
                yield from self._given(name, first, chunk)
            if fault:
                raise fault
            if over:
                yield problem(ProblemKind.LIMIT, f"limits.cells = {self._reading.limits.cells}")
            if over or not full:
                return
            first, chunk = first + len(chunk), []

    def _as_texts(self, batch: list[Sequence[object]], name: str, header: Sequence[str], number: int) -> Iterable[tuple[str, ...]]:
        """Rows of texts; ``number`` is that of the first of them."""
        texts = cast("list[Sequence[str]]", batch)  # most rows of most tables
        try:
            # a few at a time: memory for all of them would be asked of the system anew for each batch
            odd = [self._odd("".join(itertools.chain.from_iterable(texts[at : at + _LOOK]))) for at in range(0, len(texts), _LOOK)]
        except TypeError:  # there are numbers in it, or nothing, or bytes
            if set(map(type, itertools.chain.from_iterable(batch))) <= _PLAIN and set(map(len, batch)) == {len(header)}:
                return zip(*map(self._column, zip(*batch, strict=True)), strict=True)
            return [
                tuple(self._text(value, name, number + i, column) for column, value in zip(header, row, strict=False))
                for i, row in enumerate(batch)
            ]
        if self._mend and any(odd):
            return [tuple(map(self._mend, row)) for row in texts]
        return map(tuple, texts) if set(map(type, texts)) != {tuple} else cast("list[tuple[str, ...]]", texts)

    def _column(self, values: Sequence[object]) -> Iterable[str]:
        """Values of one column, of types that hold no files."""
        kinds = set(map(type, values))
        if type(None) in kinds:
            values = ["" if value is None else value for value in values]
            kinds = set(map(type, values))
        if kinds <= {int, str}:
            texts = list(map(str, values))
            return map(self._mend, texts) if self._mend and self._odd("".join(texts)) else texts
        return _fractions(cast("Sequence[float]", values)) if kinds == {float} else [self._text(value, "", 0, "") for value in values]

    def _odd(self, text: str) -> bool:
        return _ODD.search(text) is not None if self.surrogates else "\0" in text or "\x1b" in text

    def _cut(self, batch: list[Sequence[object]]) -> bool:
        """Count the cells; whether the limit was met, beyond which the batch is cut off."""
        cells = sum(map(len, batch))
        left = self._reading.limits.cells - self._cells
        self._cells += cells
        if cells <= left:
            return False
        while batch and cells > left:
            cells -= len(batch.pop())
        return True

    def _given(self, name: str, first: int, chunk: list[tuple[str, ...]]) -> Iterator[Piece]:
        yield Table(name, tuple(chunk), first_row=first)
        yield from self._files
        self._files.clear()

    def _text(self, value: object, table: str, row: int, column: str) -> str:
        match value:
            case None:
                return ""
            case str():
                return self._mend(value) if self._mend and self._odd(value) else value
            case bool():
                return "TRUE" if value else "FALSE"
            case float():
                return _fraction(value)
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


def _fractions(values: Sequence[float]) -> Iterable[str]:
    """:func:`_fraction` of each: what a whole number's own text ends with is taken off."""
    texts = list(map(repr, values))
    return ["0" if text == "-0.0" else text[:-2] if text[-2:] == ".0" else text for text in texts]


def _fraction(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
