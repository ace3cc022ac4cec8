"""One document (one member of a file): its pieces go in, records of hits come out.

The document knows what a single text does not: that its head names a patient,
that it is a personal form, that a name on the line above belongs to the number
below. It keeps no text but the head (4,000 characters) and what waits: the records of a
short document, and, for a personal form, the hits of the one record that the form is.
What each pass does stands in its module of :mod:`piiscan.detect.passes`; here is their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from piiscan.detect.kit import Kit
from piiscan.detect.lookalikes import mend_ocr
from piiscan.detect.passes.form import Form
from piiscan.detect.passes.hits import hit_of
from piiscan.detect.passes.institutions import without_institutions
from piiscan.detect.passes.letter import Letter
from piiscan.detect.passes.mentions import Mentions
from piiscan.detect.passes.nobody import Nobody
from piiscan.detect.passes.parts import Parts
from piiscan.detect.passes.profile import Profile
from piiscan.detect.passes.reading import Reading
from piiscan.detect.passes.stretches import clusters
from piiscan.detect.passes.subject import Subject
from piiscan.detect.passes.table_records import TableRecords
from piiscan.detect.passes.tables_in_text import TablesInText, without
from piiscan.detect.passes.titled import TitledList
from piiscan.detect.same_names import SameNames
from piiscan.detect.tables.reader import TableReader
from piiscan.detect.tables.words import shared_words
from piiscan.detect.text_tables import level
from piiscan.detect.timeup import TimeUpError
from piiscan.model import Record, RecordKind, Role, Segment, Table

__all__ = ["Document"]

#: Rows of a table that its document's head takes in.
_HEAD_ROWS = 60


class Document:
    """Feed it the pieces of one member in order, then finish it.

    :param kit: the loaded recognizers.
    :param name: file or member name; informs (``健診結果.xlsx``), is not searched.
    :param threshold: hits below it are dropped (default: the settings').
    :param whole_addresses: leave a postal code in the span of the address behind it, as the recognizers mark
        it; else the two are two hits, as in a table.
    :param check: called every few thousand characters; raises :class:`TimeUpError` when the file's time is up, and the piece is given up.
    """

    def __init__(
        self,
        kit: Kit,
        name: str = "",
        threshold: float | None = None,
        *,
        whole_addresses: bool = False,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._kit = kit
        self._threshold = least = kit.detection.threshold if threshold is None else threshold
        self._profile = profile = Profile(kit.sensitive, name)
        same = SameNames()
        subject = Subject(kit.sensitive, profile, least)
        self._reading = Reading(kit, profile, subject, least, whole_addresses=whole_addresses, check=check)
        self._words = shared_words(kit.catalogue, kit.sensitive)
        self._tables: TableReader | None = None
        self._tables_in_text = TablesInText(self._reading, profile, self._words)
        self._parts = Parts(self._words, kit.value)
        self._mentions = Mentions()
        self._form = Form(profile, same, least)
        self._letter = Letter(profile, subject, same, self._form, least)
        self._table_records = TableRecords(same)
        self._nobody = Nobody(profile, same)
        self._titled = TitledList(kit.sensitive, profile)

    def feed(self, piece: Segment | Table) -> Iterator[Record]:
        """Records that are complete after this piece."""
        self._titled.look(piece)
        return self._titled.told(self._nobody.left_out(self._table(piece) if isinstance(piece, Table) else self._text(piece)))

    def finish(self) -> Iterator[Record]:
        """The records that waited for the end."""
        yield from self._titled.told(self._nobody.left_out(self._waiting()))
        yield from self._nobody.left_out(self._titled.finish())

    def _table(self, table: Table) -> Iterator[Record]:
        if not self._profile.has_whole_head:
            self._profile.add_to_head("\n".join("\t".join(row) for row in table.rows[:_HEAD_ROWS]))
        if self._tables is None:
            self._tables = TableReader(self._reading, self._profile.form, self._profile.about_health)
        for record in self._tables.feed(table):
            yield from self._of_table(record)

    def _of_table(self, record: Record) -> Iterator[Record]:
        for ready in self._form.take(record):
            yield from self._table_records.take(ready)

    def _text(self, segment: Segment) -> Iterator[Record]:
        if segment.role is Role.OCR:
            segment = replace(segment, text=level(mend_ocr(segment.text), self._words))
        text = segment.text
        if not self._profile.has_whole_head:
            self._profile.add_to_head(text)
        self._profile.count_prose(len(text))
        yield from self._letter.let_go()
        if tables := self._tables_in_text.of(text):
            for table in tables:
                for record in self._tables_in_text.records(table, segment):
                    yield from self._of_table(record)
            text = without(text, tables)
        found = self._kit.wrapped.added(text, self._reading.read(text, table_waits=self._tables is not None and self._tables.waits))
        found = self._parts.put_together(text, found)
        if segment.role is Role.OCR:
            found += self._kit.spot_cards(text)
        for cluster in clusters(found, text):
            sure = [result for result in cluster if result.score >= self._threshold]
            hits = self._mentions.one_norm_each([hit_of(r, segment) for r in sure], [(r.start, r.end) for r in sure], text)
            hits, offices = without_institutions(hits, sure, text)
            if hits:
                self._letter.note_addressee(cluster, text)
                kind = RecordKind.SECTION if len(hits) > 1 else RecordKind.LOOSE
                yield from self._letter.take(Record(kind, tuple(hits)))
            if offices:
                yield Record(RecordKind.LOOSE, tuple(offices))

    def _waiting(self) -> Iterator[Record]:
        try:
            for record in self._tables.finish() if self._tables else ():
                yield from self._of_table(record)
        except TimeUpError:
            yield from self._held()
            raise
        yield from self._held()

    def _held(self) -> Iterator[Record]:
        """The records of tables, the letter and the form that were found so far."""
        yield from self._table_records.finish(self._letter.waiting)
        yield from self._letter.finish()
        yield from self._form.finish()
