"""One document (one member of a file): its pieces go in, records of hits come out.

The document knows what a single text does not: that its head names a patient,
that it is a personal form, that a name on the line above belongs to the number
below. It keeps no text but the head (4,000 characters) and, for a personal
form, the hits of the one record that the form is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from presidio_analyzer import RecognizerResult

from piiscan.catalogue import Catalogue
from piiscan.detect.around import PERSON_OF_HISTORY, weigh
from piiscan.detect.base import ValueMatch, norm_of, why_of
from piiscan.detect.births import born_beside
from piiscan.detect.kit import Kit
from piiscan.detect.lookalikes import mend_ocr
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.variants import name_norm
from piiscan.detect.normalize import compact, fold
from piiscan.detect.readings import readings_joined
from piiscan.detect.same_names import SameNames, has_family, is_kin, is_whole_spelling, one_person_each
from piiscan.detect.samples import instructs, is_invented, is_played, is_sure_example, is_usual_example, shows_how
from piiscan.detect.sensitive.judge import OF_SUBJECT
from piiscan.detect.sensitive.roles import ClauseRole
from piiscan.detect.sensitive.words import CHECKUP
from piiscan.detect.tables.reader import TableReader, one_form
from piiscan.detect.text_tables import TextTable, level, text_tables
from piiscan.detect.timeup import TimeUpError
from piiscan.model import Cell, Hit, Record, RecordKind, Role, Segment, Table

__all__ = ["Document"]

_HEAD_CHARS = 4_000
#: A form longer than this is a list of forms; its record is closed and a new one begun.
_FORM_HITS = 400
#: Hits farther apart than this are not about the same person unless a form says so.
_NEAR_CHARS = 300
_BLANK_LINE = re.compile(r"\n[ \t\u3000]*\n")
_KANA_ONLY = re.compile(r"[ァ-ヶー・ｦ-ﾟ\s]+")
#: Labels that name the person a form is about (not 担当医, 保護者, 緊急連絡先).
_SUBJECT_LABEL = re.compile(r"label .*(氏名|名前|患者|本人|利用者|受診者|申込者|申請者|応募者|被保険者|対象者|児童名|生徒名)")
#: Whom a sensitive word may be about: a name, or a number that only one person has (患者ID 0023 … HIV陽性).
_ABOUT = frozenset(
    {
        "PERSON",
        "JP_PATIENT_NUMBER",
        "JP_EMPLOYEE_NUMBER",
        "JP_STUDENT_NUMBER",
        "JP_MY_NUMBER",
        "JP_HEALTH_INSURANCE",
        "JP_BASIC_PENSION_NUMBER",
        "JP_RESIDENCE_CARD",
    }
)
_SENSITIVE = "JP_SENSITIVE_"
_SECTION_CHARS = 1_200
#: A name that only the model sees is somebody from this score on.
_SURE_NAME = 0.98
#: … or from the reporting threshold on when the lists know family and given name.
_LISTED_NAME = 0.9
#: A family name alone that only the model sees: from this score on where lists know it as one, from less in a short note.
_SURE_SURNAME = 0.9
_LISTED_SURNAME = 0.45
_SURNAME_IN_NOTE = 0.7
#: How far behind a name its bearer's state may be said: 大西、腱鞘炎だって.
_SAID_OF = 20
_SENTENCE_END = re.compile(r"[。\n]")
_NOTE_CHARS = 80
#: 木村の母は: what follows is said of somebody in the family of one who is named.
_KIN = re.compile(
    r"の(?:実?[父母](?:親|さん)?|お(?:父|母|じい|ばあ)さん|祖[父母]|両親|[兄弟姉妹](?:さん)?|[長次三][男女]|息子|娘|子(?:ども|供)?|夫|妻|主人|家内|奥さん|旦那)(?:さん)?(?:は|が|も|に|、)"
)
#: From this score on a family name is believed there.
_KIN_NAME = 0.9
_ANY_HONORIFIC = re.compile(r"[ \u3000]{0,2}(?:様|さま|さん|殿|氏|君|くん|ちゃん)")
#: 橋本　収大, チャン・ティ・ラン: written as names are.
_PARTED = re.compile(r"[㐀-鿿々ぁ-ゖァ-ヺー][ \u3000・][㐀-鿿々ぁ-ゖァ-ヺー]")
#: What somebody is called is no longer: テツ, あゆみ.
_SHORT_NAME = 5
#: How many mentions of names are remembered, and how much around them, to know later who only writes or teaches.
_MENTIONS = 40
_BEFORE_NAME = 80
_AFTER_NAME = 40
_FAMILY_NAME = 2
#: Names of a document that are remembered, to know a family name again.
_NAMES = 500
_LINE_END = re.compile(r"[ \u3000]*\r?\n[ \u3000]*")
_BRACKET = re.compile(r"[ \u3000]?[(（\[][ \u3000]?")
#: … with what it is: 陳 志明 副總（英語名 Jimmy Chen）.
_ALSO = re.compile(
    r"[^()（）\[\]、。,\n]{0,8}[(（\[][ \u3000]?(?:英語|英|日本|中国|通称|通|本|別|旧|芸|愛称|戸籍|ペン|クリスチャン|ビジネス)(?:名|ネーム)?[ \u3000]?[:：はが]?[ \u3000]?"
)
#: テツさんと呼んで: what somebody is called who was named before.
_CALLED_SO = re.compile(
    r"(?:さん|ちゃん|くん|君|先生)?[」』]?と(?:(?:も|は)?(?:呼|よ)[びばんぶ]|いう(?:愛称|ニックネーム|あだ名|呼び名)|の愛称)"
)
#: A document with no more records of tables, and names in them, is short.
_TABLE_RECORDS = 60
_TABLE_NAMES = 2_000
#: Of a talk's rows, no more than this share has a speaker of its own.
_SPEAKERS = 0.7
#: Columns of what people say to each other.
_SAID = re.compile(r"text|message|body|本文|発言|メッセージ|投稿|コメント", re.IGNORECASE)
#: Prose no longer than this may be a letter about one person.
_LETTER_CHARS = 3_000
_POSTAL = re.compile(r"〒?[ \u3000]?[0-9０-９]{3}[-‐‑–—−－ー]?[0-9０-９]{4}[\s,、]*")
_HONORIFIC = re.compile(r"[ \u3000]{0,2}(?:様|さま|殿|氏)")
#: In the name or the head of a document about My Numbers.
_ABOUT_MY_NUMBER = re.compile(r"マイナンバー|ﾏｲﾅﾝﾊﾞｰ|個人番号|特定個人情報|番号法")


class _FormKit:
    """What :class:`TableReader` gets: the kit, whose ``spot`` also judges sensitive words."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def catalogue(self) -> Catalogue:
        return self._document.kit.catalogue

    @property
    def sensitive(self) -> Any:
        return self._document.kit.sensitive

    def value(self, entity: str, text: str) -> ValueMatch | None:
        return self._document.kit.value(entity, text)

    def spot(self, text: str) -> list[RecognizerResult]:
        return self._document.read_text(text, cells=True)


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
        self.kit = kit
        self._check = check
        self._name = name
        self._threshold = kit.detection.threshold if threshold is None else threshold
        self._whole_addresses = whole_addresses
        self._head = ""
        self._form: str | None = None
        self._nobody: Callable[[Hit], bool] | None = None
        self._animals: bool | None = None
        self._my_number: bool | None = None
        self._health: bool | None = None
        self._subject = False
        self._subject_norm = ""
        # names and where they stand: asked once something sensitive is found, whether their bearers only write or teach
        self._named: list[tuple[str, str, int, int]] = []
        self._workers: set[str] = set()
        self._form_hits: list[Hit] = []
        # A letter: records of prose wait until it is known whether the document is short and about one person.
        self._waiting: list[Record] | None = []
        # … and so do those of tables
        self._tabled: list[Record] | None = []
        self._prose_chars = 0
        self._addressed = False
        self._names: set[str] = set()
        self._same = SameNames()
        # header of the table that the last text ended with
        self._carried: tuple[str, ...] = ()
        self._tables = TableReader(_FormKit(self), self.form, self.about_health)

    # ------------------------------------------------------------------ public

    def feed(self, piece: Segment | Table) -> Iterator[Record]:
        """Records that are complete after this piece."""
        return self._of_somebody(self._fed(piece))

    def finish(self) -> Iterator[Record]:
        """The records that waited for the end."""
        return self._of_somebody(self._finished())

    def _of_somebody(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records without what is about nobody: the usual people of examples (記入例), a persona, an animal's illness."""
        for record in records:
            unwanted = self._nobodys()
            if any(map(unwanted, record.hits)):
                record = replace(record, hits=tuple(hit for hit in record.hits if not unwanted(hit)))
            historic = [hit for hit in record.hits if PERSON_OF_HISTORY in hit.why]
            if historic and len(historic) < len(record.hits):  # 北斎 is not who answers the telephone of his exhibition
                record = replace(record, hits=tuple(hit for hit in record.hits if hit not in historic))
                yield Record(RecordKind.LOOSE, tuple(historic))
            if record.hits:
                yield record

    def _nobodys(self) -> Callable[[Hit], bool]:
        """Which hits are about nobody by what the name and the titles of the document say."""
        if self._nobody is None:
            titles = (self._name.replace("\\", "/").rpartition("/")[2], *self._head.split("\n", 3)[:3])
            if any(map(is_invented, titles)):
                self._nobody = _is_of_a_person
            elif any(map(shows_how, titles)):
                self._nobody = _is_usual
            elif any(map(instructs, titles)):
                self._nobody = self._is_told
            elif any(map(is_played, titles)):
                self._nobody = _is_sensitive
            else:
                self._nobody = self._is_animals
        return self._nobody

    def _is_told(self, hit: Hit) -> bool:
        return is_sure_example(hit.entity, hit.value) or self._is_animals(hit)

    def _is_animals(self, hit: Hit) -> bool:
        if not hit.entity.startswith(_SENSITIVE):
            return False
        if self._animals is None:  # seldom asked: most documents have nothing sensitive
            self._animals = self.kit.sensitive.about_animals(f"{self._name}\n{self._head}")
        return self._animals

    def _fed(self, piece: Segment | Table) -> Iterator[Record]:
        if isinstance(piece, Table):
            if len(self._head) < _HEAD_CHARS:
                self._grow_head("\n".join("\t".join(row) for row in piece.rows[:60]))
            for record in self._tables.feed(piece):
                yield from self._from_table(record)
        else:
            yield from self._feed_text(piece)

    def _finished(self) -> Iterator[Record]:
        try:
            for record in self._tables.finish():
                yield from self._from_table(record)
        except TimeUpError:
            yield from self._held()
            raise
        yield from self._held()

    def _held(self) -> Iterator[Record]:
        """The records of tables, the letter and the form that were found so far."""
        yield from self._tables_joined()
        yield from self._letter()
        if self._form_hits:
            hits = self._same.joined(one_person_each(readings_joined(self._form_hits)))
            yield Record(RecordKind.FORM, hits, self.form())
            self._form_hits = []

    def form(self) -> str:
        """Name of the personal form that this document is, or empty."""
        if self._form is None:
            self._form = self.kit.sensitive.personal_form(f"{self._name}\n{self._head}") if self._head else ""
        return self._form

    def about_health(self) -> bool:
        """Whether the document's name, titles and headers speak of somebody's health."""
        if self._health is None:
            self._health = self.kit.sensitive.about_health(f"{self._name}\n{self._head}")
        return self._health

    def _about_my_number(self) -> bool:
        if self._my_number is None:
            self._my_number = _ABOUT_MY_NUMBER.search(f"{self._name}\n{self._head}") is not None
        return self._my_number

    def read_text(self, text: str, *, cells: bool = False) -> list[RecognizerResult]:
        """Prose pipeline plus the sensitive words that are about a person.

        :param cells: whether it is the text of cells of a table.
        """
        self._check()
        found = self.kit.spot(text)
        if not self._whole_addresses:
            for result in found:
                if result.entity_type == "JP_ADDRESS" and (code := _POSTAL.match(text, result.start, result.end)):
                    result.start = code.end()
        found += self._same.echoes(text, found)
        weigh(found, text, of_my_number=self._about_my_number(), cells=cells)
        found += born_beside(text, found)
        self._note_subject(found, text)
        self._note_workers(found, text)
        return found + self._sensitive(text, found, cells=cells)

    # ------------------------------------------------------------------- prose

    def _feed_text(self, segment: Segment) -> Iterator[Record]:
        if segment.role is Role.OCR:
            segment = replace(segment, text=level(mend_ocr(segment.text), self._tables.words))
        text = segment.text
        if len(self._head) < _HEAD_CHARS:
            self._grow_head(text)
        self._prose_chars += len(text)
        if self._waiting is not None and self._prose_chars > _LETTER_CHARS:
            waiting, self._waiting = self._waiting, None
            for held in waiting:
                yield from self._settle(held)
        tables = text_tables(text, self._tables.words, self.kit.value, self._carried)
        self._carried = ()
        for table in tables:
            yield from self._text_table(table, segment)
        if tables:
            if not text[tables[-1].spans[-1][1] :].strip():
                self._carried = tables[-1].rows[0]
            text = _without(text, tables)
        found = self.kit.wrapped.added(text, self.read_text(text))
        if segment.role is Role.OCR:
            found += self.kit.spot_cards(text)
        if not found:
            return
        for cluster in _clusters(found, text):
            hits = self._one_norm_each([self._hit(result, segment) for result in cluster if result.score >= self._threshold], text, cluster)
            if not hits:
                continue
            kind = RecordKind.SECTION if len(hits) > 1 else RecordKind.LOOSE
            self._addressed = self._addressed or any(_is_addressed(result, text) for result in cluster)
            yield from self._wait(Record(kind, tuple(hits)))

    def _text_table(self, table: TextTable, segment: Segment) -> Iterator[Record]:
        """Records of a table that stands in the text, its hits at their places in the text."""
        reader = TableReader(_FormKit(self), self.form, self.about_health)
        for records in (reader.feed(Table("", table.rows)), reader.finish()):
            for record in records:
                hits = [placed for hit in record.hits if (placed := _placed(hit, table, segment)) is not None]
                if hits:
                    yield from self._from_table(replace(record, hits=tuple(hits)))

    def _one_norm_each(self, hits: list[Hit], text: str, cluster: Sequence[RecognizerResult]) -> list[Hit]:
        """A person's hits with one compared form: 林 after 林 愛, and the reading in brackets after a name."""
        out: list[Hit] = []
        before: tuple[int, str] | None = None
        spans = [(r.start, r.end) for r in cluster if r.score >= self._threshold]
        for hit, (start, end) in zip(hits, spans, strict=True):
            if hit.entity == "PERSON":
                if before and (
                    _BRACKET.fullmatch(text, before[0], start)
                    or _ALSO.fullmatch(text, before[0], start)
                    or (len(hit.norm) <= _SHORT_NAME and _CALLED_SO.match(text, end) and text.find("\n", before[0], start) < 0)
                ):
                    hit = replace(hit, norm=before[1])
                elif before and _LINE_END.fullmatch(text, before[0], start) and _is_family_then_given(before[1], hit.norm):
                    whole_name = before[1] + hit.norm  # a letter's 和泉, and 英寿様 on the next line
                    out[-1], hit = replace(out[-1], norm=whole_name), replace(hit, norm=whole_name)
                elif len(hit.norm) <= 3 and not is_kin(hit):
                    whole = {name for name in self._names if name.startswith(hit.norm) and name != hit.norm}
                    if len(whole) == 1 and has_family(next(iter(whole)), hit.norm):
                        hit = replace(hit, norm=whole.pop())
                if len(hit.norm) >= 3 and len(self._names) < _NAMES:
                    self._names.add(hit.norm)
                before = (end, hit.norm)
            out.append(hit)
        return out

    def _wait(self, record: Record) -> Iterator[Record]:
        """Hold a short document's records back; let everything go once it is long."""
        if self._waiting is None or self.form():
            yield from self._settle(record)
            return
        self._waiting.append(record)

    def _letter(self) -> Iterator[Record]:
        """What waited: one record where the document is a letter to, or a paper of, exactly one person."""
        waiting, self._waiting = self._waiting or [], []
        for record in waiting:
            self._same.learn(record.hits)
        waiting = [replace(record, hits=self._same.joined(record.hits)) for record in waiting]
        hits = tuple(hit for record in waiting for hit in record.hits if hit.score >= self._threshold)
        distinct = {
            kind: len({hit.norm for hit in hits if hit.entity == kind})
            for kind in ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "JP_ADDRESS", "DATE_OF_BIRTH")
        }
        one = (
            distinct["PERSON"] == 1
            and distinct["DATE_OF_BIRTH"] <= 1
            and distinct["EMAIL_ADDRESS"] <= 2
            and distinct["PHONE_NUMBER"] <= 3
            and distinct["JP_ADDRESS"] <= 2
        )
        if len(waiting) > 1 and one and self._addressed and not self.form():
            yield Record(RecordKind.SECTION, readings_joined(hits))
            return
        for record in self._said_of_subject(waiting):
            yield from self._settle(record)

    def _said_of_subject(self, records: list[Record]) -> list[Record]:
        """The records of a short paper; what is said below of whom its head names (被災者：…) is in the record of that name."""
        at = next((i for i, record in enumerate(records) if any(map(self._is_subject, record.hits))), -1)
        if at < 0:
            return records
        said = [hit for i, record in enumerate(records) if i != at for hit in record.hits if _is_said_of_subject(hit)]
        if not said:
            return records
        out = [replace(record, hits=tuple(hit for hit in record.hits if not _is_said_of_subject(hit))) for record in records]
        out[at] = Record(RecordKind.SECTION, (*records[at].hits, *said), records[at].header)
        return [record for record in out if record.hits]

    def _is_subject(self, hit: Hit) -> bool:
        return hit.entity == "PERSON" and hit.norm == self._subject_norm

    def _from_table(self, record: Record) -> Iterator[Record]:
        """A record of a table waits while it is not known whether the document is short."""
        for ready in self._settle(record):
            if self._tabled is None:
                yield ready
                continue
            self._tabled.append(ready)
            if len(self._tabled) > _TABLE_RECORDS:
                waited, self._tabled = self._tabled, None
                yield from waited

    def _tables_joined(self) -> Iterator[Record]:
        """The records of tables that waited: a name in part is whose it is in full elsewhere in the document.

        In a row of a list it may be anybody's (佐藤様より電話), save where the rows are a talk, or where others come twice in the same column
        (横山久士, then 横山様). A whole name in other letters is the same person in whichever table.
        """
        records, self._tabled = self._tabled or [], None
        if not records:
            return
        if sum(hit.entity == "PERSON" for record in records for hit in record.hits) > _TABLE_NAMES:
            yield from records
            return
        for record in records:
            self._same.learn(record.hits)
        house = SameNames()  # 出席：滝 光 above the minutes, in whose table 担当 滝 stands
        for record in self._waiting or ():
            self._same.learn(record.hits)
            house.learn(record.hits)
        records = [replace(record, hits=tuple(house.of_the_house(hit) if hit.header else hit for hit in record.hits)) for record in records]
        records = _one_row_each(records)
        listed_whole = self._same.of_the_listed(hit for record in records if record.kind is RecordKind.ROW for hit in record.hits)
        if listed_whole:
            records = [replace(record, hits=tuple(_as_listed(hit, listed_whole) for hit in record.hits)) for record in records]
        rows = [hit for record in records if record.kind is RecordKind.ROW for hit in record.hits if hit.entity == "PERSON"]
        listed = [
            norm
            for record in records
            if record.kind is RecordKind.ROW
            for norm in {
                hit.norm
                for hit in record.hits
                if hit.entity == "PERSON"
                and any(reason.startswith("column ") for reason in hit.why)
                and (self._same.knows(hit.norm) or is_whole_spelling(hit))
            }
        ]
        talk = len(set(listed)) <= _SPEAKERS * len(listed)  # nobody is listed in full, or they speak by turns
        again = self._columns_with_repeats(rows)
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

    def _columns_with_repeats(self, rows: Sequence[Hit]) -> set[str]:
        """Headers of columns in which somebody who is named in full comes in full once more, maybe in other letters."""
        by_header: dict[str, list[str]] = {}
        for hit in self._same.joined([hit for hit in rows if hit.header and (self._same.knows(hit.norm) or is_whole_spelling(hit))]):
            by_header.setdefault(hit.header, []).append(hit.norm)
        return {header for header, norms in by_header.items() if len(set(norms)) < len(norms)}

    def _hit(self, result: RecognizerResult, segment: Segment) -> Hit:
        location, start = segment.locate(result.start)
        value = segment.text[result.start : result.end]
        return Hit(
            entity=result.entity_type,
            location=location,
            start=start,
            end=start + len(value),
            score=round(float(result.score), 4),
            recognizer=_recognizer_of(result),
            value=value,
            norm=_norm(result, segment.text),
            why=why_of(result),
        )

    def _settle(self, record: Record) -> Iterator[Record]:
        """A form's records become one; everything else goes on at once."""
        if not record.hits:
            return
        if record.kind is RecordKind.ROW or not self.form():
            hits: Sequence[Hit] = [hit for hit in record.hits if hit.score >= self._threshold]
            if hits:
                row = record.kind is RecordKind.ROW
                if not row:
                    hits = readings_joined(hits)
                if self._waiting is None:  # a long document: what was named in full before
                    self._same.learn(hits)
                    hits = self._same.joined(hits)
                yield Record(record.kind, one_person_each(hits, row=row), record.header)
            return
        for hit in record.hits:
            if hit.score < self._threshold:
                continue
            if self._form_hits and (len(self._form_hits) >= _FORM_HITS or _begins_record(hit, self._form_hits)):
                yield Record(RecordKind.FORM, one_person_each(readings_joined(self._form_hits)), self.form())
                self._form_hits = []
            self._form_hits.append(hit)

    # --------------------------------------------------------------- sensitive

    def _grow_head(self, text: str) -> None:
        self._head += text[: _HEAD_CHARS - len(self._head)] + "\n"
        self._form = self._health = self._nobody = self._animals = self._my_number = None

    def _note_subject(self, found: Sequence[RecognizerResult], text: str) -> None:
        """Remember when a person is named as the one this document is about."""
        if self._subject:
            return
        names = [r for r in found if r.entity_type == "PERSON" and r.score >= self._threshold]
        if not names:
            return
        personal = {"DATE_OF_BIRTH", "JP_PATIENT_NUMBER", "JP_HEALTH_INSURANCE", "JP_MY_NUMBER"}
        near = [r for r in found if r.entity_type in personal and r.score >= self._threshold]
        for name in names:
            if (
                self.form()
                or any(_SUBJECT_LABEL.search(reason) for reason in why_of(name))
                or self.kit.sensitive.is_of_subject(text, name.start, name.end)
                or any(abs(r.start - name.end) <= 120 or abs(name.start - r.end) <= 120 for r in near)
            ):
                self._subject = True
                self._subject_norm = _norm(name, text)
                return

    def _sensitive(self, text: str, found: Sequence[RecognizerResult], *, cells: bool) -> list[RecognizerResult]:
        candidates = self.kit.sensitive.candidates(text)
        if any(c.entity == CHECKUP for c in candidates):
            candidates = self.kit.sensitive.of_health(candidates, text, about_health=self.about_health())
        if all(c.hypothetical for c in candidates):  # or there are none
            return []
        named = [r for r in found if r.entity_type in _ABOUT and r.score >= self._threshold and not self._only_works(r, text)]
        states = [c.start for c in candidates if c.role is ClauseRole.STATE]
        judged: list[RecognizerResult] = []
        for start, end in _sections(text):
            inside = [replace(c, start=c.start - start, end=c.end - start) for c in candidates if start <= c.start and c.end <= end]
            if all(c.hypothetical for c in inside):  # or there are none
                continue
            near = [
                (r.start - start, r.end - start, float(r.score))
                for r in named
                if start <= r.start and r.end <= end and (r.entity_type != "PERSON" or self._is_somebody(r, text, states))
            ]
            form = self.form()  # it names whom it is about, though the table that does so may not be read yet
            subject = self._subject or (not cells and self._tables.waits and bool(form))
            results = self.kit.sensitive.judge(
                inside, text[start:end], persons=near, form=form, subject_elsewhere=subject, around=self._head
            )
            for result in results:
                result.start += start
                result.end += start
            judged += results
        return judged

    def _only_works(self, result: RecognizerResult, text: str) -> bool:
        """Whether some mention of the name says that its bearer treats, writes or teaches, and nothing here that he is somebody else."""
        for norm, line, start, end in self._named:
            if norm not in self._workers and self.kit.sensitive.only_works(line, start, end):
                self._workers.add(norm)
        self._named = []
        return _norm(result, text) in self._workers and not _ANY_HONORIFIC.match(text, result.end)

    def _note_workers(self, found: Sequence[RecognizerResult], text: str) -> None:
        """Remember how a short document's whole names stand, for when something sensitive is found."""
        if self._waiting is None or len(self._named) > _MENTIONS:
            return
        folded = fold(text)
        for r in found:
            if r.entity_type == "PERSON" and len(norm := _norm(r, text)) > _FAMILY_NAME:
                line = max(text.rfind("\n", max(0, r.start - _BEFORE_NAME), r.start) + 1, r.start - _BEFORE_NAME, 0)
                around = folded[line : r.end + _AFTER_NAME]
                self._named.append((norm, around, r.start - line, r.end - line))

    def _is_somebody(self, result: RecognizerResult, text: str, states: Sequence[int]) -> bool:
        """Whether a name is sure enough that something may be said of its bearer: labelled, addressed, a whole name, or before a state (at ``states``).

        A model alone takes 小網 and spicula in a case report for names; 中島翔太 the lists know by both its parts.
        """
        if any(not reason.startswith("model") for reason in why_of(result)) or _ANY_HONORIFIC.match(text, result.end):
            return True
        if result.score >= _KIN_NAME and _KIN.match(text, result.end):
            return True
        if len(norm_of(result)) < 3:
            if text.startswith("ら", result.end):  # 大森ら(2012)
                return False
            following = states[bisect_right(states, result.end) :][:1]
            if following and following[0] - result.end <= _SAID_OF and not _SENTENCE_END.search(text, result.end, following[0]):
                return result.score >= _SURE_SURNAME or self.kit.names.is_listed(text[result.start : result.end], _LISTED_SURNAME)
            if _in_note(text, result):
                return bool(result.score >= _SURNAME_IN_NOTE)
            return bool(result.score >= _SURE_SURNAME and self.kit.names.is_listed(text[result.start : result.end], _LISTED_SURNAME))
        if result.score >= _SURE_NAME or _PARTED.search(text, result.start, result.end):
            return True
        return self.kit.names.is_listed(text[result.start : result.end], _LISTED_NAME)


def _as_listed(hit: Hit, whole: dict[tuple[str, str, str], str]) -> Hit:
    """A family name in a column of those who are listed elsewhere, with the compared form of the whole name."""
    norm = whole.get((getattr(hit.location, "sheet", ""), hit.header, name_norm(hit.value))) if hit.entity == "PERSON" else None
    return replace(hit, norm=norm) if norm else hit


def _norm(result: RecognizerResult, text: str) -> str:
    """The compared form of what was found."""
    return norm_of(result) or compact(text[result.start : result.end])


def _is_usual(hit: Hit) -> bool:
    return is_usual_example(hit.entity, hit.value)


def _is_sensitive(hit: Hit) -> bool:
    return hit.entity.startswith(_SENSITIVE)


def _is_said_of_subject(hit: Hit) -> bool:
    return _is_sensitive(hit) and f"person: {OF_SUBJECT}" in hit.why


def _is_of_a_person(hit: Hit) -> bool:
    return hit.entity in {"PERSON", "AGE", "GENDER"} or _is_sensitive(hit)


def _is_family_then_given(family: str, given: str) -> bool:
    """Whether two names can only be the parts of one."""
    lists = lexicon()
    listed = given in lists.given or given in lists.given_readings  # ゆかり, as ユカリ
    return family in lists.surnames and listed and not lists.surnames.get(given)


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


def _in_note(text: str, name: RecognizerResult) -> bool:
    """Whether a name stands in a short line without a full stop, as a list or a note has it: 配慮事項: 笹原(難聴)、矢島(車いす)"""
    start = text.rfind("\n", 0, name.start) + 1
    end = text.find("\n", name.end)
    line = text[start : end if end >= 0 else len(text)]
    return len(line) <= _NOTE_CHARS and "。" not in line


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


def _without(text: str, tables: Sequence[TextTable]) -> str:
    """The text with its tables blanked, at the same offsets."""
    out, at = [], 0
    for start, end in sorted(span for table in tables for span in table.spans):
        out += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
        at = end
    return "".join((*out, text[at:]))


def _is_addressed(result: RecognizerResult, text: str) -> bool:
    """A name that a letter is written to (様), or that a label names."""
    if result.entity_type != "PERSON":
        return False
    return bool(_HONORIFIC.match(text, result.end)) or any(reason.startswith("label") for reason in why_of(result))


def _recognizer_of(result: RecognizerResult) -> str:
    return str((result.recognition_metadata or {}).get(RecognizerResult.RECOGNIZER_NAME_KEY, ""))


def _begins_record(hit: Hit, before: Sequence[Hit]) -> bool:
    """A second, different person under a subject's label begins the next form (twenty 申込書 in one file)."""
    if hit.entity != "PERSON" or _KANA_ONLY.fullmatch(hit.norm) or not _labelled_subject(hit):
        return False
    return any(
        other.entity == "PERSON" and _labelled_subject(other) and other.norm != hit.norm and not _KANA_ONLY.fullmatch(other.norm)
        for other in before
    )


def _labelled_subject(hit: Hit) -> bool:
    return not is_kin(hit) and any(_SUBJECT_LABEL.search(reason) for reason in hit.why)


def _sections(text: str) -> Iterator[tuple[int, int]]:
    """``(start, end)`` of the stretches that are read together: between blank lines, at most some 1,200 characters."""
    start = 0
    for match in _BLANK_LINE.finditer(text):
        if match.start() > start:
            yield from _cut(text, start, match.start())
        start = match.end()
    if start < len(text):
        yield from _cut(text, start, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _SECTION_CHARS:
        for mark in ("\n", "。", ""):
            at = text.rfind(mark, start + _SECTION_CHARS // 2, start + _SECTION_CHARS) if mark else start + _SECTION_CHARS
            if at > start:
                break
        yield start, at + 1
        start = at + 1
    yield start, end


def _clusters(found: Sequence[RecognizerResult], text: str) -> Iterator[list[RecognizerResult]]:
    """Results that stand together; a list with a person on each line comes line by line."""
    ordered = sorted(found, key=lambda r: r.start)
    cluster: list[RecognizerResult] = []
    end = 0
    for result in ordered:
        if cluster and (result.start - end > _NEAR_CHARS or _BLANK_LINE.search(text, max(0, end - 1), result.start)):
            yield from _by_line(cluster, text)
            cluster = []
        cluster.append(result)
        end = max(end, result.end)
    if cluster:
        yield from _by_line(cluster, text)


def _by_line(cluster: list[RecognizerResult], text: str) -> Iterator[list[RecognizerResult]]:
    persons = sum(r.entity_type == "PERSON" for r in cluster)
    if persons < 2:
        yield cluster
        return
    lines: dict[int, list[RecognizerResult]] = {}
    for result in cluster:
        lines.setdefault(text.rfind("\n", 0, result.start) + 1, []).append(result)
    full = sum(len(line) > 1 and any(r.entity_type == "PERSON" for r in line) for line in lines.values())
    if full >= 2 and full >= 0.6 * len(lines):
        yield from _with_labelled(lines.values())
    else:
        yield cluster


def _with_labelled(lines: Iterable[list[RecognizerResult]]) -> list[list[RecognizerResult]]:
    """The lines of a list; what stands behind labels alone (個人番号：…, in the line below 氏名：…) with the line of the name above it."""
    out: list[list[RecognizerResult]] = []
    named = False
    for line in lines:
        if any(r.entity_type == "PERSON" for r in line):
            named = True
        elif named and all(any(reason.startswith("label") for reason in why_of(r)) for r in line):
            out[-1].extend(line)
            continue
        out.append(line)
    return out
