"""The records of a short document's tables: a name in part is whose it is in full elsewhere in the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from piiscan.detect.names.variants import name_norm
from piiscan.detect.same_names import SameNames, is_whole_spelling
from piiscan.detect.tables.gathered import one_form
from piiscan.model import Cell, Hit, Record, RecordKind

__all__ = ["TableRecords"]

#: A document with no more records of tables, and names in them, is short.
_RECORDS: Final = 60
_NAMES: Final = 2_000
#: Of a talk's rows, no more than this share has a speaker of its own.
_SPEAKERS: Final = 0.7
#: Columns of what people say to each other.
_SAID = re.compile(r"text|message|body|本文|発言|メッセージ|投稿|コメント", re.IGNORECASE)


class TableRecords:
    """Records of tables, which wait until it is known whether the document is short.

    :param same: the names of the document.
    """

    def __init__(self, same: SameNames) -> None:
        self._same = same
        self._waiting: list[Record] | None = []

    def take(self, record: Record) -> Iterator[Record]:
        """The records that wait no longer."""
        if self._waiting is None:
            yield record
            return
        self._waiting.append(record)
        if len(self._waiting) > _RECORDS:
            waited, self._waiting = self._waiting, None
            yield from waited

    def finish(self, text: Sequence[Record]) -> Iterator[Record]:
        """What waited, with the names that the text beside the tables has in full.

        In a row of a list a name in part may be anybody's (佐藤様より電話), save where the rows are a talk, or where others come twice in the same
        column (横山久士, then 横山様). A whole name in other letters is the same person in whichever table.

        :param text: the records of the document's text.
        """
        records, self._waiting = self._waiting or [], None
        if not records:
            return
        if sum(hit.entity == "PERSON" for record in records for hit in record.hits) > _NAMES:
            yield from records
            return
        records = self._of_the_listed(_one_row_each(self._of_the_house(records, text)))
        talk = self._are_talk(records)
        again = self._columns_with_repeats(records)
        for record in records:
            if record.kind is not RecordKind.ROW or talk:
                yield replace(record, hits=self._same.joined(record.hits))
                continue
            told = [
                not hit.header or _SAID.search(hit.header) is not None or is_whole_spelling(hit) or hit.header in again
                for hit in record.hits
            ]
            joined = self._same.joined(record.hits, row=True) if any(told) else record.hits
            yield replace(record, hits=tuple(new if said else old for old, new, said in zip(record.hits, joined, told, strict=True)))

    def _of_the_house(self, records: Sequence[Record], text: Sequence[Record]) -> list[Record]:
        """Names under a header that the text has in full: 出席：滝 光 above the minutes, in whose table 担当 滝 stands."""
        for record in records:
            self._same.learn(record.hits)
        house = SameNames()
        for record in text:
            self._same.learn(record.hits)
            house.learn(record.hits)
        return [replace(record, hits=tuple(house.of_the_house(hit) if hit.header else hit for hit in record.hits)) for record in records]

    def _of_the_listed(self, records: list[Record]) -> list[Record]:
        """Family names in a column of those who are listed in full elsewhere."""
        listed = self._same.of_the_listed(hit for record in records if record.kind is RecordKind.ROW for hit in record.hits)
        return [replace(record, hits=tuple(_as_listed(hit, listed) for hit in record.hits)) for record in records] if listed else records

    def _are_talk(self, records: Sequence[Record]) -> bool:
        """Whether nobody is listed in full, or they speak by turns."""
        listed = [
            norm
            for record in records
            if record.kind is RecordKind.ROW
            for norm in {hit.norm for hit in record.hits if self._is_listed(hit)}
        ]
        return len(set(listed)) <= _SPEAKERS * len(listed)

    def _is_listed(self, hit: Hit) -> bool:
        return hit.entity == "PERSON" and any(reason.startswith("column ") for reason in hit.why) and self._is_in_full(hit)

    def _is_in_full(self, hit: Hit) -> bool:
        return self._same.knows(hit.norm) or is_whole_spelling(hit)

    def _columns_with_repeats(self, records: Sequence[Record]) -> set[str]:
        """Headers of columns in which somebody who is named in full comes in full once more, maybe in other letters."""
        rows = [hit for record in records if record.kind is RecordKind.ROW for hit in record.hits if hit.entity == "PERSON"]
        by_header: dict[str, list[str]] = {}
        for hit in self._same.joined([hit for hit in rows if hit.header and self._is_in_full(hit)]):
            by_header.setdefault(hit.header, []).append(hit.norm)
        return {header for header, norms in by_header.items() if len(set(norms)) < len(norms)}


def _one_row_each(records: Sequence[Record]) -> list[Record]:
    """The records of a document; those of tables of one row each, one below the other, as one where they are a form in pieces."""
    out: list[Record] = []
    pieces: list[Record] = []
    rows = Counter(hit.location.sheet for record in records for hit in record.hits[:1] if isinstance(hit.location, Cell))
    for record in (*records, None):
        if (
            record is not None
            and record.kind is RecordKind.ROW
            and isinstance(cell := record.hits[0].location, Cell)
            and rows[cell.sheet] == 1
        ):
            pieces.append(record)
            continue
        out += one_form(pieces)
        pieces = []
        if record is not None:
            out.append(record)
    return out


def _as_listed(hit: Hit, whole: dict[tuple[str, str, str], str]) -> Hit:
    """A family name in a column of those who are listed elsewhere, with the compared form of the whole name."""
    norm = whole.get((getattr(hit.location, "sheet", ""), hit.header, name_norm(hit.value))) if hit.entity == "PERSON" else None
    return replace(hit, norm=norm) if norm else hit
