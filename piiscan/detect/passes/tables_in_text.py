"""Tables that stand in a text: read as tables, their hits at their places in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from piiscan.detect.passes.profile import Profile
from piiscan.detect.passes.reading import Reading
from piiscan.detect.tables.reader import TableReader
from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables import TextTable, text_tables
from piiscan.model import Cell, Hit, Record, Segment, Table

__all__ = ["TablesInText", "without"]


class TablesInText:
    """The tables in the text of one document.

    :param words: of headers and labels.
    """

    def __init__(self, reading: Reading, profile: Profile, words: Words) -> None:
        self._reading = reading
        self._profile = profile
        self._words = words
        # header of the table that the last text ended with
        self._carried: tuple[str, ...] = ()

    def of(self, text: str) -> list[TextTable]:
        """The tables in a text, which may go on below the header of one that ended the text before."""
        tables = text_tables(text, self._words, self._reading.value, self._carried)
        goes_on = tables and not text[tables[-1].spans[-1][1] :].strip()
        self._carried = tables[-1].rows[0] if goes_on else ()
        return tables

    def records(self, table: TextTable, segment: Segment) -> Iterator[Record]:
        """The records of a table in the text of a segment."""
        reader = TableReader(self._reading, self._profile.form, self._profile.about_health)
        for records in (reader.feed(Table("", table.rows)), reader.finish()):
            for record in records:
                hits = [placed for hit in record.hits if (placed := _placed(hit, table, segment)) is not None]
                if hits:
                    yield replace(record, hits=tuple(hits))


def without(text: str, tables: Sequence[TextTable]) -> str:
    """The text with its tables blanked, at the same offsets."""
    out, at = [], 0
    for start, end in sorted(span for table in tables for span in table.spans):
        out += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
        at = end
    return "".join((*out, text[at:]))


def _placed(hit: Hit, table: TextTable, segment: Segment) -> Hit | None:
    """A hit in a cell of a table in the text, at its place in the text; None for a cell that does not stand there."""
    cell = hit.location
    if not isinstance(cell, Cell):
        return None
    begin = table.places[cell.row - 1][cell.column - 1]
    if begin < 0:
        return None
    location, start = segment.locate(begin + hit.start)
    return replace(hit, location=location, start=start, end=start + hit.end - hit.start)
