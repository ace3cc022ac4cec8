"""Microsoft Works documents (.wps): the text, from all three generations of the format.

Works 1 to 4 keep eight-bit text in one stretch that the header names, in a
file or in the stream ``MN0`` of an OLE container; later ones keep UTF-16 in
the ``TEXT`` chunks of the stream ``CONTENTS``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import olefile

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._ole import damaged, embedded_storages, properties, stream
from piiscan.extractors.segments import cut
from piiscan.extractors.text.encodings import decode
from piiscan.extractors.text.plain import blocks
from piiscan.model import Part, Role
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "wps"
MEDIA_TYPES = ("application/vnd.ms-works",)
SUFFIXES = (".wps",)
DOC = FormatDoc(
    description="Microsoft Works documents",
    description_ja="Microsoft Works文書",
    engine="own reader on olefile",
    engine_ja="自前の読み取り（olefile上）",
    sees=("body, header, footer and notes, as one text", "document properties", "embedded objects"),
    sees_ja=(
        "本文、ヘッダー、フッター、注（一続きの文字として）",
        "文書のプロパティ",
        "埋め込みオブジェクト",
    ),
    limitations=(
        "tables come as lines",
        "Works databases and spreadsheets (.wdb, .wks) are reported as unsupported",
        "pictures are not read",
    ),
    limitations_ja=(
        "表は行として読みます",
        "Worksのデータベースと表計算（.wdb、.wks）は未対応と報告します",
        "画像は読みません",
    ),
    references=("libwps documentation of the format",),
)

_BODY, _ENDS = 0x100, 0x26  # where the text begins; where the header says that it ends
_CHUNKS = b"CHNKWKS"
_INDEX, _ENTRY = 0x18, 0x18
_MOST = 10_000
_CONTROLS = dict.fromkeys(range(32), " ") | {9: "\t", 10: "\n", 12: "\n", 0: None, 13: "\n"}


def extract(reading: Reading) -> Iterator[Piece]:
    """The text, then properties and embedded objects."""
    if reading.size > reading.limits.xml_bytes:
        yield problem(ProblemKind.LIMIT, f"limits.xml_bytes = {reading.limits.xml_bytes}")
        return
    with reading.open() as file:
        if file.read(4) != b"\xd0\xcf\x11\xe0":
            file.seek(0)
            yield from _narrow(file.read())
            return
        file.seek(0)
        with olefile.OleFileIO(file) as ole:
            main, contents = stream(ole, "MN0"), stream(ole, "CONTENTS")
            if main:
                yield from _narrow(main)
            if contents.startswith(_CHUNKS):
                yield from _wide(contents)
            elif not main:
                yield problem(ProblemKind.UNSUPPORTED, "Works document of an unknown kind")
            yield from cut(Part("docProps"), "\n".join(properties(ole)), Role.METADATA)
            yield from embedded_storages(reading, ole, "MatOST")
            yield from damaged(ole)


def _narrow(data: bytes) -> Iterator[Piece]:
    """Works 1 to 4."""
    end = struct.unpack_from("<I", data, _ENDS)[0] if len(data) >= _BODY else 0
    if not _BODY <= end <= len(data):
        yield problem(ProblemKind.BROKEN_PART, "Works header")
        end = len(data)
    yield from _told(decode(data[_BODY:end].replace(b"\0", b""))[0])


def _wide(data: bytes) -> Iterator[Piece]:
    """Works 5 and later: an index of chunks, linked in blocks."""
    places: list[tuple[int, int]] = []
    at, seen = _INDEX, 0
    while 0 < at < len(data) - 8 and seen < _MOST:
        _, count, following = struct.unpack_from("<HHI", data, at)
        at += 8
        for _ in range(count):
            seen += 1
            if at + _ENTRY > len(data):
                break
            size = struct.unpack_from("<H", data, at)[0]
            if size == _ENTRY and data[at + 2 : at + 6] == b"TEXT":
                places.append(struct.unpack_from("<II", data, at + 16))
            at += max(size, 2)
        if following in {0, 0xFFFFFFFF} or following <= at - 8:
            break
        at = following
    if not places:
        yield problem(ProblemKind.BROKEN, "Works document without text chunks")
    elif any(start + size > len(data) for start, size in places):
        yield problem(ProblemKind.BROKEN_PART, "a text chunk ends early")
    for start, size in places:
        yield from _told(data[start : start + size // 2 * 2].decode("utf-16-le", "replace"))


def _told(text: str) -> Iterator[Piece]:
    yield from blocks(iter([text.replace("\r\n", "\n").translate(_CONTROLS)]))
