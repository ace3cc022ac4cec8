"""PowerPoint presentations before 2007 (.ppt): the texts in the records of the binary format.

The ``PowerPoint Document`` stream is a sequence of records, some of which hold
records ([MS-PPT] 2.3). Each save may append new versions of slides and leave
the old ones in the file: the newest ones are found through the persist
directory and get their slide's number; what only an old version holds is read
as hidden text, for it leaves the house with the file.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator

import olefile

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._ole import damaged, pictures, properties, stream
from piiscan.extractors.office._opc import unwrap_ole
from piiscan.extractors.office.encrypted import decrypt_ole, is_encrypted_ole
from piiscan.extractors.segments import cut
from piiscan.model import Embedded, Part, Role, Slide
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "ppt"
MEDIA_TYPES = ("application/vnd.ms-powerpoint",)
SUFFIXES = (".ppt", ".pps", ".pot")
DOC = FormatDoc(
    description="PowerPoint presentation (97 to 2003)",
    description_ja="PowerPointプレゼンテーション（97-2003形式）",
    engine="own reader on olefile",
    engine_ja="自前の読み取り（olefile上）",
    sees=(
        "texts of slides, shapes, groups and tables, speaker notes, comments and their authors",
        "headers and footers, texts on masters, link targets, document properties",
        "texts that only earlier saved versions of slides hold",
        "embedded objects (read as files of their own)",
    ),
    sees_ja=(
        "スライド・図形・グループ・表の文字、発表者ノート、コメントとその作成者",
        "ヘッダー、フッター、マスターの文字、リンク先、文書のプロパティ",
        "以前に保存された版のスライドにだけ残る文字",
        "埋め込みオブジェクト（別のファイルとして読みます）",
    ),
    limitations=(
        "tables come as one line a cell",
        "PICT drawings are not read; a presentation of them alone is reported as needs-ocr",
        "PowerPoint 95 and older are reported as unsupported",
    ),
    limitations_ja=(
        "表は1セル1行として読みます",
        "PICTの図は読みません。それだけの資料は「OCRが必要」と報告します",
        "PowerPoint 95以前は未対応と報告します",
    ),
    references=("[MS-PPT]", "[MS-OLEPS]"),
)

_DOCUMENT, _SLIDE, _SLIDE_PERSIST, _NOTES, _MASTER, _LISTED, _USER_EDIT, _PERSIST = 1000, 1006, 1011, 1008, 1016, 4080, 4085, 6002
_CHARS, _BYTES, _STRING, _COMMENT, _OBJECT, _LINK, _FONTS, _TAG, _BLOB = 4000, 4008, 4026, 12000, 4113, 4055, 2005, 5002, 5003
#: how records begin that stand at the top only: document, slide, notes, master, handout, embedded object
_TOP = re.compile(rb"\x0f\0(?:\xe8\x03|\xee\x03|\xf0\x03|\xf8\x03|\xc9\x0f)|\x10\0\x11\x10")
_ZIP = struct.unpack("<HH", b"PK\3\4")
_DEPTH = 40
_RECORDS = 5_000_000
_LATER = {"notes": Role.NOTE, "master": Role.HEADER, "earlier versions": Role.HIDDEN}

_Record = tuple[int, int, int, int]  # kind, instance, first byte of the body, byte after it


def extract(reading: Reading) -> Iterator[Piece]:
    """Slides in order with their notes and comments, then masters, old versions, links, properties and embedded objects."""
    if is_encrypted_ole(reading.path):
        yield decrypt_ole(reading)
        return
    with reading.open() as file, olefile.OleFileIO(file) as ole:
        # saved for PowerPoint 95 and 97 at once: what 97 reads has a storage of its own
        within = "PP97_DUALSTORAGE/" if ole.exists("PP97_DUALSTORAGE/PowerPoint Document") else ""
        if ole.get_size(f"{within}PowerPoint Document") > reading.limits.archive_bytes:
            yield problem(ProblemKind.LIMIT, f"limits.archive_bytes = {reading.limits.archive_bytes}")
            return
        data = stream(ole, f"{within}PowerPoint Document")
        current = stream(ole, f"{within}Current User")
        drawn = ole.exists(f"{within}Pictures") and ole.get_size(f"{within}Pictures") > 0
        seen = False
        for piece in _Deck(reading, data, current).pieces():
            seen = seen or isinstance(getattr(piece, "location", None), Slide)
            yield piece
        yield from cut(Part("docProps"), "\n".join(properties(ole)), Role.METADATA)
        if drawn and ole.get_size(f"{within}Pictures") <= reading.limits.archive_bytes:
            for picture in pictures(reading, (stream(ole, f"{within}Pictures"),)):
                drawn = False
                yield picture
        if not seen and drawn:  # drawings that OCR cannot read
            yield problem(ProblemKind.NEEDS_OCR, "pictures")
        yield from damaged(ole)


class _Deck:
    def __init__(self, reading: Reading, data: bytes, current: bytes) -> None:
        self.reading, self.data = reading, data
        self.links: dict[str, None] = {}
        self.authors: dict[str, None] = {}
        self.broken = False
        self._seen = 0
        self._edit = struct.unpack_from("<I", current, 16)[0] if len(current) >= 20 else 0

    def records(self, start: int, end: int) -> Iterator[_Record]:
        """Records side by side in ``data[start:end]``; one that claims more bytes than there are ends there."""
        data = self.data
        while start + 8 <= end:
            head, kind, size = struct.unpack_from("<HHI", data, start)
            if head == _ZIP[0] and kind == _ZIP[1]:  # later versions keep packages of theirs (styles, themes) where records should be
                return
            body = start + 8
            self._seen += 1
            if size > end - body:
                self.broken = True
                size = end - body
            yield kind, head >> 4 if head & 0xF != 0xF else (head >> 4) | 0x10000, body, body + size
            start = body + size
            if self._seen > _RECORDS:
                self.broken = True
                return

    def _top(self, live: set[int]) -> Iterator[_Record]:
        """The records of the stream; where there is none (some programs begin each edit at a round place), the next one counts."""
        data, at, end = self.data, 0, len(self.data)
        while at + 8 <= end and self._seen <= _RECORDS:
            head, kind, size = struct.unpack_from("<HHI", data, at)
            after = at + 8 + size
            self._seen += 1
            if kind == 0 or after > end:
                found = _TOP.search(data, at + 1)
                after = min([place for place in live if place > at] + ([found.start()] if found else []), default=end)
                self.broken = self.broken or any(data[at:after])
            if kind:
                yield kind, head >> 4 if head & 0xF != 0xF else (head >> 4) | 0x10000, at + 8, after
            at = after

    def pieces(self) -> Iterator[Piece]:
        live, order = self._live()
        top = list(self._top(set(live.values())))
        if not any(kind == _DOCUMENT for kind, *_ in top):
            yield problem(ProblemKind.BROKEN, "no document record")
            return
        numbers = {live[reference]: number for number, reference in enumerate(order, 1) if reference in live}
        known: set[str] = set()
        later: dict[str, dict[str, None]] = {name: {} for name in _LATER}
        objects: list[_Record] = []
        current = set(live.values())
        outline: list[tuple[int, str]] = []
        documents = [record for record in top if record[0] == _DOCUMENT]
        newest = [record for record in documents if record[2] - 8 in current] or documents[-1:]
        for record in newest:
            outline.extend(self._outline(record))
        at = {number: [text for n, text in outline if n == number] for number, _ in outline}
        by_place = {record[2] - 8: record for record in top}
        # slides in their order; then what hangs on none
        for place, number in sorted(numbers.items(), key=lambda pair: pair[1]):
            if number > self.reading.limits.pages:
                yield problem(ProblemKind.LIMIT, f"limits.pages = {self.reading.limits.pages}")
                break
            texts, comments = self._split(by_place[place]) if place in by_place else ([], [])
            texts = list(dict.fromkeys([*at.pop(number, []), *texts]))
            known.update(texts)
            known.update(comments)
            yield from cut(Slide(number), "\n".join(texts), Role.BODY)
            yield from cut(Slide(number), "\n".join(comments), Role.COMMENT)
        for number, texts in at.items():
            known.update(texts)
            yield from cut(Slide(max(number, 1)), "\n".join(texts), Role.BODY)
        for record in top:
            kind, _, body, _ = record
            if kind == _OBJECT:
                objects.append(record)
                continue
            if body - 8 in numbers or kind in {_USER_EDIT, _PERSIST}:
                continue
            texts, comments = self._split(record)
            if body - 8 in current and kind == _NOTES:
                name = "notes"
            else:
                name = "master" if body - 8 in current or record in newest else "earlier versions"
            later[name].update(dict.fromkeys([*texts, *comments]))
        for name, role in _LATER.items():
            lines = [text for text in later[name] if text not in known]
            known.update(lines)
            yield from cut(Part(name), "\n".join(lines), role)
        yield from cut(Part("authors"), "\n".join(self.authors), Role.METADATA)
        yield from cut(Part("links"), "\n".join(self.links), Role.METADATA)
        for i, record in enumerate(objects, 1):
            yield from self._object(record, f"object {i}.bin")
        if self.broken:
            yield problem(ProblemKind.BROKEN_PART, "records")

    def _live(self) -> tuple[dict[int, int], list[int]]:
        """Where the newest version of each persistent object begins, and the references of the slides in order (2.1.2)."""
        live: dict[int, int] = {}
        order: list[int] = []
        edit, visited, first = self._edit, set[int](), 0
        while edit and edit not in visited and edit + 28 <= len(self.data):
            visited.add(edit)
            kind = struct.unpack_from("<H", self.data, edit + 2)[0]
            if kind != _USER_EDIT:
                break
            before, directory, document = struct.unpack_from("<III", self.data, edit + 16)
            first = first or document
            self._directory(directory, live)
            edit = before
        place = live.get(first)
        if place is not None and place + 8 <= len(self.data):
            size = struct.unpack_from("<I", self.data, place + 4)[0]
            for kind, instance, body, end in self.records(place + 8, min(place + 8 + size, len(self.data))):
                if kind == _LISTED and instance & 0xFFF == 0:
                    order.extend(
                        struct.unpack_from("<I", self.data, b)[0]
                        for k, _, b, e in self.records(body, end)
                        if k == _SLIDE_PERSIST and e - b >= 4
                    )
        return live, order

    def _directory(self, place: int, live: dict[int, int]) -> None:
        """PersistDirectoryAtom (2.3.4); entries of newer edits are already in ``live`` and stay."""
        if place + 8 > len(self.data):
            return
        _, kind, size = struct.unpack_from("<HHI", self.data, place)
        at, end = place + 8, min(place + 8 + size, len(self.data))
        while kind == _PERSIST and at + 4 <= end:
            head = struct.unpack_from("<I", self.data, at)[0]
            first, count = head & 0xFFFFF, head >> 20
            at += 4
            for i in range(count):
                if at + 4 > end:
                    break
                live.setdefault(first + i, struct.unpack_from("<I", self.data, at)[0])
                at += 4

    def _outline(self, document: _Record) -> Iterator[tuple[int, str]]:
        """Texts of placeholders, which the document keeps for its slides: ``(slide, text)``."""
        for kind, instance, body, end in self.records(document[2], document[3]):
            if kind != _LISTED or instance & 0xFFF:
                continue
            number = 0
            for inner in self.records(body, end):
                if inner[0] == _SLIDE_PERSIST:
                    number += 1
                elif inner[0] in {_CHARS, _BYTES}:
                    yield from ((number, text) for text in self._text(inner))

    def _text(self, record: _Record) -> Iterator[str]:
        kind, _, body, end = record
        raw = self.data[body:end]
        text = raw.decode("latin-1") if kind == _BYTES else raw.decode("utf-16-le", "replace")
        text = text.rstrip("\0").replace("\r", "\n").translate(_DROP)
        if text.strip():
            yield text

    def _split(self, record: _Record) -> tuple[list[str], list[str]]:
        texts: list[str] = []
        comments: list[str] = []
        self._walk(record, texts, comments, 0)
        return texts, comments

    def _walk(self, record: _Record, texts: list[str], comments: list[str], depth: int) -> None:
        kind, instance, body, end = record
        if kind in {_CHARS, _BYTES, _STRING}:
            texts.extend(self._text(record))
        elif instance & 0x10000 and depth < _DEPTH and kind not in {_FONTS, _OBJECT}:
            inner = list(self.records(body, end))
            if kind == _LINK:
                for child in inner:
                    if child[0] == _STRING:
                        self.links.update(dict.fromkeys(self._text(child)))
            elif kind == _COMMENT:
                for child in inner:
                    if child[0] == _STRING:
                        author = child[1] & 0xFFF in {0, 2}
                        (self.authors.update(dict.fromkeys(self._text(child))) if author else comments.extend(self._text(child)))
            elif kind == _TAG:  # names of the program's own tags, and their binary data
                for child in inner:
                    self._tag(child, texts, comments, depth)
            else:
                for child in inner:
                    self._walk(child, texts, comments, depth + 1)

    def _tag(self, record: _Record, texts: list[str], comments: list[str], depth: int) -> None:
        """Data behind a tag such as ``___PPT10`` (BinaryTagDataBlob, 2.11.23): comments live there; other programs put anything."""
        kind, _, body, end = record
        if kind == _BLOB and depth < _DEPTH:
            broken = self.broken
            for inner in self.records(body, end):
                self._walk(inner, texts, comments, depth + 1)
            self.broken = broken

    def _object(self, record: _Record, name: str) -> Iterator[Embedded | Problem]:
        """An embedded OLE object, stored packed (ExOleObjStgCompressedAtom, 2.10.35) or plain."""
        _, instance, body, end = record
        content: Iterable[bytes] | bytes = self.data[body:end]
        if instance & 0xFFF == 1:
            content = _inflate(self.data[body + 4 : end])
        try:
            spooled = self.reading.spool(name, content, packed=end - body)
        except zlib.error:
            yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, "zlib", name)
            return
        if isinstance(spooled, Embedded):
            yield from unwrap_ole(self.reading, spooled)
        else:
            yield spooled


def _inflate(data: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    rest = data
    while rest and not unpacker.eof:
        yield unpacker.decompress(rest, 1 << 20)
        rest = unpacker.unconsumed_tail


_DROP = {0x0B: "\x0b", **dict.fromkeys((*range(9), 0x0C, *range(0x0E, 0x20), 0xAD))}
