"""ZIP archives: every member is spooled and read as a file of its own, one level deeper.

Names without the UTF-8 flag are Shift_JIS in Japan. A member that cannot be
read costs only itself; an archive whose directory is lost is read from its
local headers.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract", "member_name"]

NAME = "zip"
MEDIA_TYPES = ("application/zip",)
SUFFIXES = (".zip", ".jar", ".war", ".kmz")
DOC = FormatDoc(
    description="ZIP archives",
    description_ja="ZIP書庫",
    sees=(
        "members of every depth",
        "Shift_JIS names",
        "members with a known ZipCrypto password",
        "what is left of a damaged archive",
        "comments",
    ),
    limitations=(
        "members with AES encryption or an unknown password are reported as encrypted",
        "Deflate64 and PPMd are reported as not read",
    ),
    references=("APPNOTE.TXT 6.3.10",),
    engine="Python zipfile",
)

_UTF8 = 0x800
_ENCRYPTED = 0x1
_AES = 99
_LOCAL = b"PK\x03\x04"
_CHUNK = 1 << 16


def extract(reading: Reading) -> Iterator[Piece]:
    """Yield the members."""
    with reading.open() as file:
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError) as error:
            yield from _salvage(reading, file, type(error).__name__)
            return
        with archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            locked = 0
            for info in infos:
                if reading.budget.expired():
                    yield problem(ProblemKind.LIMIT, "limits.seconds")
                    return
                piece = _member(reading, archive, info)
                if isinstance(piece, Problem) and piece.kind is ProblemKind.ENCRYPTED:
                    locked += 1
                    continue
                yield piece
                if isinstance(piece, Problem) and piece.kind in {ProblemKind.LIMIT, ProblemKind.BOMB} and not _goes_on(piece):
                    yield problem(ProblemKind.PART_NOT_READ, f"the members after it, {len(infos)} in all")
                    return
            if locked:
                whole = locked == len(infos)
                yield problem(
                    ProblemKind.ENCRYPTED if whole else ProblemKind.ENCRYPTED_PART,
                    f"{locked} of {len(infos)} members",
                )


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name as its maker meant it: UTF-8 by its flag, else UTF-8 or Shift_JIS by its bytes."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    return _plain_name(raw)


def _plain_name(raw: bytes) -> str:
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _goes_on(piece: Problem) -> bool:
    """Whether the next member may still be read: one member's ratio or depth says nothing about the others."""
    return "archive_ratio" in piece.detail or "archive_depth" in piece.detail


def _member(reading: Reading, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Piece:
    name = member_name(info)
    if info.flag_bits & _ENCRYPTED:
        return _locked_member(reading, archive, info, name)
    try:
        with _opened(archive, info) as content:
            return reading.spool(name, content, packed=max(1, info.compress_size))
    except NotImplementedError:
        return Problem(ProblemKind.PART_NOT_READ, Stage.EXTRACT, f"compression method {info.compress_type}", name)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error, OSError, RuntimeError, UnicodeError) as error:
        return Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, type(error).__name__, name)


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """The member's content, also where its name in the directory and before its data differ (some tools translate only one)."""
    try:
        return archive.open(info)
    except zipfile.BadZipFile as error:
        if "differ" not in str(error) or archive.fp is None:
            raise
    archive.fp.seek(info.header_offset)
    header = archive.fp.read(30)
    (flags,) = struct.unpack_from("<H", header, 6)
    (size,) = struct.unpack_from("<H", header, 26)
    info.orig_filename = archive.fp.read(size).decode("utf-8" if flags & _UTF8 else "cp437", "replace")
    return archive.open(info)


def _locked_member(reading: Reading, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Piece:
    if info.compress_type != _AES:
        for password in reading.passwords:
            for encoding in ("utf-8", "cp932"):
                try:
                    with archive.open(info, pwd=password.encode(encoding)) as content:
                        return reading.spool(name, content, packed=max(1, info.compress_size))
                except (RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, UnicodeError, NotImplementedError):
                    continue
    return Problem(ProblemKind.ENCRYPTED, Stage.EXTRACT, "AES" if info.compress_type == _AES else "ZipCrypto", name)


def _salvage(reading: Reading, file: BinaryIO, reason: str) -> Iterator[Piece]:
    """Members by their local headers, for an archive that lost its end."""
    at, found = 0, 0
    size = reading.size
    while at < size and not reading.budget.expired():
        at = _next_header(file, at)
        if at < 0:
            break
        file.seek(at)
        header = file.read(30)
        if len(header) < 30:
            break
        _, flags, method, _, _, _, packed, _, name_size, extra_size = struct.unpack("<4xHHHHHIIIHH", header)
        name = _plain_name(file.read(name_size)) if not flags & _UTF8 else file.read(name_size).decode("utf-8", "replace")
        start = at + 30 + name_size + extra_size
        at = start
        if name.endswith("/"):
            continue
        found += 1
        if flags & _ENCRYPTED:
            yield Problem(ProblemKind.ENCRYPTED_PART, Stage.EXTRACT, "in a damaged archive", name)
            at = start + packed
            continue
        if method not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            yield Problem(ProblemKind.PART_NOT_READ, Stage.EXTRACT, f"compression method {method}", name)
            continue
        file.seek(start)
        state = _Inflating(file, method, packed)
        try:
            yield reading.spool(name, state.chunks(), packed=max(packed, 1) if packed else 0)
        except (zlib.error, OSError) as error:
            yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, type(error).__name__, name)
        at = max(start + state.used, start + 1)
    yield problem(
        ProblemKind.BROKEN_PART if found else ProblemKind.BROKEN,
        f"the archive's directory cannot be read ({reason}); {found} members by their headers",
    )


def _next_header(file: BinaryIO, at: int) -> int:
    file.seek(at)
    rest = b""
    base = at
    while chunk := file.read(_CHUNK):
        data = rest + chunk
        hit = data.find(_LOCAL)
        if hit >= 0:
            return base + hit
        rest = data[-3:]
        base += len(data) - len(rest)
    return -1


class _Inflating:
    """The bytes of one member from where its data begins; stops where the stream ends, early or not."""

    def __init__(self, file: BinaryIO, method: int, packed: int) -> None:
        self._file = file
        self._method = method
        self._packed = packed
        self.used = 0

    def chunks(self) -> Iterator[bytes]:
        if self._method == zipfile.ZIP_STORED:
            left = self._packed
            while left > 0 and (chunk := self._file.read(min(left, _CHUNK))):
                left -= len(chunk)
                self.used += len(chunk)
                yield chunk
            return
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        while not inflate.eof and (chunk := self._file.read(_CHUNK)):
            data = chunk
            while data and not inflate.eof:
                try:
                    out = inflate.decompress(data, 1 << 20)
                except zlib.error:
                    return
                yield out
                data = inflate.unconsumed_tail
            self.used += len(chunk) - len(inflate.unused_data)
