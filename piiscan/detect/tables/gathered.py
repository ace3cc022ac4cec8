"""What the forms and the loose rows of a sheet hold, and which of it is one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from piiscan.detect.readings import is_reading
from piiscan.model import Hit, Record, RecordKind

__all__ = ["FormHits", "Gathered", "one_form"]


class FormHits:
    """Hits of a form by the person they are about.

    :param subjects: labels that a name stands behind.
    """

    def __init__(self, subjects: frozenset[str]) -> None:
        self.subjects = subjects
        self.bands: dict[int, list[Hit]] = {}

    def add(self, band: int, hits: list[Hit]) -> None:
        """Hits of one of the form's repeated blocks."""
        self.bands.setdefault(band, []).extend(hits)

    def goes_on(self, records: Iterable[Record]) -> None:
        """What a table below the form says of nobody is said of whom the form is about."""
        for record in records:
            self.add(max(self.bands, default=0), list(record.hits))


class Gathered:
    """What a sheet's forms and loose rows found; blocks of one form, parted by blank rows, are one record."""

    def __init__(self) -> None:
        self.forms: list[FormHits] = []
        self.prose: list[list[Hit]] = []
        self.single: list[Record] = []  # of tables of one row

    def records(self) -> Iterator[Record]:
        """The records of all that was gathered."""
        yield from one_form(self.single)
        together: list[Hit] = []
        seen: set[str] = set()
        for form in self.forms:
            if len(form.bands) > 1:
                for _, hits in sorted(form.bands.items()):
                    yield _record(RecordKind.FORM, hits)
                continue
            if seen & form.subjects:  # 氏名 again: the next card
                yield _record(RecordKind.FORM, together)
                together = []
            seen |= form.subjects
            for hits in form.bands.values():
                together.extend(hits)
        if self.forms:
            for hits in self.prose:
                together.extend(hits)
            if together:
                yield _record(RecordKind.FORM, together)
            return
        for hits in self.prose:
            yield _record(RecordKind.SECTION, hits)


def one_form(rows: Sequence[Record]) -> Sequence[Record]:
    """Tables of one row each, one below the other (氏名|生年月日, 郵便番号|住所, 銀行名|口座名義): a form, when one of them alone names somebody."""
    hits = [hit for row in rows for hit in row.hits]
    named = [row for row in rows if any(hit.entity == "PERSON" and not is_reading(hit.header) for hit in row.hits)]
    kinds = [header for row in rows for header in {hit.header for hit in row.hits} if header]
    if len(rows) < 2 or len(named) != 1 or len(kinds) > len(set(kinds)):
        return rows
    return [_record(RecordKind.FORM, hits)]


def _record(kind: RecordKind, hits: Sequence[Hit]) -> Record:
    return Record(kind if len(hits) > 1 else RecordKind.LOOSE, tuple(hits))
