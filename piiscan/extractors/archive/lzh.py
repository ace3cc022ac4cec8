"""LZH (LHA) archives, once the usual ones in Japan.

The headers are read here, because libarchive gives up a whole archive for one
name that the current locale does not know. What they describe is handed to
libarchive one member at a time, under a header without a name; its decoders
and checksums do the rest.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from piiscan.extractors.archive._libarchive import ArchiveError, read_members, version
from piiscan.extractors.archive._lzhuf import crc16, expand
from piiscan.extractors.archive._names import member_name
from piiscan.extractors.archive._streams import CHUNK, Pieces, Salvaged, stops
from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.engines import missing
from piiscan.model import Embedded
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract", "find_header"]

NAME = "lzh"
MEDIA_TYPES = ("application/x-lzh-compressed",)
SUFFIXES = (".lzh", ".lha")
DOC = FormatDoc(
    description="LZH archive",
    description_ja="LZH書庫",
    sees=(
        "members of every depth, stored or compressed with -lh1- or -lh4- to -lh7-",
        "names in Shift_JIS, EUC-JP, UTF-8 and UTF-16",
        "what is left of a damaged archive",
    ),
    sees_ja=(
        "何段でも、無圧縮または-lh1-、-lh4-～-lh7-で圧縮されたファイル",
        "Shift_JIS、EUC-JP、UTF-8、UTF-16のファイル名",
        "壊れた書庫の残っている部分",
    ),
    limitations=("the rare methods -lh2-, -lh3-, -lhx-, -lz5-, -lzs- and -pm?- are reported as not read", "comments are not read"),
    limitations_ja=(
        "まれな方式の-lh2-、-lh3-、-lhx-、-lz5-、-lzs-、-pm?-は「読めない」と報告します",
        "コメントは読みません",
    ),
    references=("http://www2m.biglobe.ne.jp/~dolphin/lha/lha-header.htm",),
    engine="own reader of headers and of -lh1-; libarchive",
    engine_ja="ヘッダーと-lh1-は自前、libarchive",
    needs=("libarchive",),
)

_HEADER = re.compile(rb"-(?:lh[0-9dx]|lz[s2-8]|pm[0-2s])-")
_READ = frozenset({b"-lh0-", b"-lz4-", b"-lh1-", b"-lh4-", b"-lh5-", b"-lh6-", b"-lh7-"})
_MAC = 128
_FILE_NAME, _FOLDER, _WIDE_FOLDER, _WIDE_NAME, _LARGE = 0x01, 0x02, 0x45, 0x44, 0x42


@dataclass(frozen=True, slots=True)
class _Header:
    """A member; ``end``: where the next header begins."""

    name: str
    method: bytes
    start: int
    packed: int
    size: int
    crc: int

    @property
    def end(self) -> int:
        return self.start + self.packed


def extract(reading: Reading) -> Iterator[Piece]:
    """The members that are files."""
    if version() is None:
        yield missing("libarchive")
        return
    with reading.open() as file:
        at = count = 0
        while at < reading.size:
            header = _header(file, at)
            if header is None:
                if _byte(file, at) == b"\0":  # the end mark
                    break
                found = find_header(file, at + 1)
                yield problem(ProblemKind.BROKEN_PART if count or found >= 0 else ProblemKind.BROKEN, f"no header at byte {at}")
                if found < 0:
                    return
                at = found
                continue
            count += 1
            at = header.end
            if header.method == b"-lhd-" or header.name.endswith("/"):
                continue
            for piece in _member(reading, file, header):
                yield piece
                if stops(piece):
                    yield problem(ProblemKind.PART_NOT_READ, "the members after it")
                    return
        if at > reading.size or (at == reading.size and count):
            yield problem(ProblemKind.BROKEN_PART, "no end mark; it may be cut")


def _member(reading: Reading, file: BinaryIO, header: _Header) -> Iterator[Piece]:
    if header.method not in _READ:
        yield Problem(ProblemKind.PART_NOT_READ, Stage.EXTRACT, f"method {header.method.decode('ascii', 'replace')}", header.name)
        return
    content = Salvaged(_bare(_content(file, header)), (ArchiveError,))
    piece = reading.spool(header.name, content, packed=max(1, header.packed))
    if isinstance(piece, Embedded) and content.error is not None and not content.size:
        reading.release(piece)
    else:
        yield piece
    if content.error is not None:
        yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, f"damaged after {content.size} bytes", header.name)


def _bare(content: Iterator[bytes]) -> Iterator[bytes]:
    """What a Macintosh has wrapped with the properties of the file (MacBinary: 128 bytes, the data, the resources), without these."""
    head = b""
    try:
        for chunk in content:
            head += chunk
            if len(head) >= _MAC:
                break
    except ArchiveError:
        yield head
        raise
    left = int.from_bytes(head[83:87], "big")
    wrapped = len(head) >= _MAC and not head[0] and 0 < head[1] < 64 and not head[74] and not head[82] and not any(head[101:116])
    if not wrapped or not left or not head[2 : 2 + head[1]].strip(b"\0"):
        yield head
        yield from content
        return
    for chunk in (head[_MAC:], *content):
        yield chunk[:left]
        left -= min(left, len(chunk))


def _content(file: BinaryIO, header: _Header) -> Iterator[bytes]:
    """What libarchive makes of the member under a plain header.

    :raises ArchiveError: when the member is damaged or its method unknown.
    """
    if header.method == b"-lh1-":
        yield from _expanded(file, header)
        return
    # -lh4- is -lh5- with a smaller window
    method = b"-lh5-" if header.method == b"-lh4-" else header.method
    body = method + struct.pack("<IIIBBBcH", header.packed, header.size, 0, 0x20, 0, 1, b"m", header.crc)
    plain = bytes([len(body), sum(body) & 0xFF]) + body
    with io.BufferedReader(Pieces([plain, (file, header.start, header.packed), b"\0"]), CHUNK) as source:
        size = 0
        for member in read_members(source, ("lha",)):
            for chunk in member.content:
                size += len(chunk)
                yield chunk
        if size != header.size:
            raise ArchiveError("damaged")


def _expanded(file: BinaryIO, header: _Header) -> Iterator[bytes]:
    """A member by the method that libarchive does not have.

    :raises ArchiveError: when it is damaged.
    """
    file.seek(header.start)
    size = crc = 0
    for chunk in expand(file.read(header.packed), header.size):
        size, crc = size + len(chunk), crc16((chunk,), crc)
        yield chunk
    if size != header.size or crc != header.crc:
        raise ArchiveError("damaged")


# ------------------------------------------------------------------------ headers


def _byte(file: BinaryIO, at: int) -> bytes:
    file.seek(at)
    return file.read(1)


def find_header(file: BinaryIO, at: int) -> int:
    """Where the next header begins, or -1."""
    file.seek(at)
    base, rest = at, b""
    while chunk := file.read(CHUNK):
        data = rest + chunk
        for found in _HEADER.finditer(data):
            start = base + found.start() - 2
            if start >= at and (header := _header(file, start)) is not None and header.size < 1 << 40:
                return start
        file.seek(base + len(data))
        rest = data[-6:]
        base += len(data) - len(rest)
    return -1


def _header(file: BinaryIO, at: int) -> _Header | None:
    """The header at a place, of any level; ``None`` when there is none."""
    file.seek(at)
    head = file.read(24)
    if len(head) < 22 or not _HEADER.match(head, 2) or head[20] > 3:
        return None
    method, packed, size, level = head[2:7], *struct.unpack_from("<II", head, 7), head[20]
    try:
        if level < 2:
            return _old(file, at, head, level, method, packed, size)
        return _new(file, at, level, method, packed, size)
    except (struct.error, IndexError, EOFError):
        return None


def _old(file: BinaryIO, at: int, head: bytes, level: int, method: bytes, packed: int, size: int) -> _Header | None:
    """Levels 0 and 1: a header of up to 257 bytes with a checksum; in level 1 more headers follow, counted as packed."""
    file.seek(at)
    whole = file.read(head[0] + 2)
    if len(whole) < head[0] + 2 or sum(whole[2:]) & 0xFF != head[1]:
        return None
    length = whole[21]
    name, after = whole[22 : 22 + length], 22 + length
    (crc,) = struct.unpack_from("<H", whole, after)
    start = at + len(whole)
    more: dict[int, bytes] = {}
    if level == 1:
        (following,) = struct.unpack_from("<H", whole, len(whole) - 2)
        more, used = _more(file, start, following, 2)
        start += used
        packed -= used
    return _made(name, more, method, start, packed, size, crc)


def _new(file: BinaryIO, at: int, level: int, method: bytes, packed: int, size: int) -> _Header | None:
    """Levels 2 and 3: all in further headers; the size of all of them is told."""
    file.seek(at)
    head = file.read(32)
    (crc,) = struct.unpack_from("<H", head, 21)
    if level == 2:
        (total, following), first, width = (struct.unpack_from("<H", head, 0)[0], struct.unpack_from("<H", head, 24)[0]), 26, 2
        total += 2 if head[23:24] == b"K" else 0  # OS-9 does not count the two bytes that say how long the header is
    else:
        (total, following), first, width = struct.unpack_from("<II", head, 24), 32, 4
    if total < first or total > 1 << 20:
        return None
    more, _ = _more(file, at + first, following, width)
    return _made(b"", more, method, at + total, packed, size, crc)


def _more(file: BinaryIO, at: int, size: int, width: int) -> tuple[dict[int, bytes], int]:
    """Further headers by their number, and how many bytes they take."""
    found: dict[int, bytes] = {}
    used = 0
    file.seek(at)
    while size and used < 1 << 20:
        body = file.read(size)
        if len(body) < size or size < width + 1:
            raise EOFError
        found.setdefault(body[0], body[1:-width])
        used += size
        size = int.from_bytes(body[-width:], "little")
    return found, used


def _made(name: bytes, more: dict[int, bytes], method: bytes, start: int, packed: int, size: int, crc: int) -> _Header | None:
    if _LARGE in more and len(more[_LARGE]) >= 16:
        packed, size = struct.unpack_from("<QQ", more[_LARGE])
    if packed < 0 or packed > 0xFFFFFFFF or size > 0xFFFFFFFF:
        return None
    if _WIDE_NAME in more:
        path = more.get(_WIDE_FOLDER, b"").decode("utf-16-le", "replace").replace("\uffff", "/") + more[_WIDE_NAME].decode(
            "utf-16-le", "replace"
        )
    else:
        raw = more.get(_FOLDER, b"").replace(b"\xff", b"/") + more.get(_FILE_NAME, name)
        path = member_name(raw).replace("\\", "/")
    return _Header(path, method, start, packed, size, crc)
