"""ZIP archives: every member is spooled and read as a file of its own, one level deeper.

The directory is read by Python's zipfile, the members here: by any method, with
any of the passwords, as far as they go. Names without the UTF-8 flag are
Shift_JIS in Japan. A member that cannot be read costs only itself; an archive
whose directory is lost is read from its local headers.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from piiscan.extractors.archive._libarchive import NAMED
from piiscan.extractors.archive._names import member_name
from piiscan.extractors.archive._streams import CHUNK, DAMAGE, blocks, spooled, stops
from piiscan.extractors.archive._volumes import Joined, volumes
from piiscan.extractors.archive._zipcrypto import aes_keys, aes_of, authentic, decrypted_aes, decrypted_zipcrypto, zipcrypto_keys
from piiscan.extractors.archive._zipmethods import DEFLATED, STORED, Packed, unpacked, why_not
from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.model import Embedded, Part, Role, Segment
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "zip"
MEDIA_TYPES = ("application/zip",)
SUFFIXES = (".zip", ".jar", ".war", ".kmz")
DOC = FormatDoc(
    description="ZIP archive",
    description_ja="ZIP書庫",
    sees=(
        "members of every depth, by every method of PKZIP, Info-ZIP, WinZip and 7-Zip: stored, Shrink, Implode, Deflate, Deflate64, bzip2, LZMA, Zstandard, xz, PPMd",
        "members under a password of the settings (ZipCrypto and AES)",
        "names in Unicode (flag or extra field), Shift_JIS and EUC-JP",
        "what is left of a damaged archive, and archives cut into volumes (.z01 … .zip) that lie beside each other",
        "comments of the archive and of its members",
    ),
    sees_ja=(
        "何段でも、PKZIP・Info-ZIP・WinZip・7-Zipの全方式のファイル: 無圧縮、Shrink、Implode、Deflate、Deflate64、bzip2、LZMA、Zstandard、xz、PPMd",
        "設定のパスワードで開けるファイル（ZipCryptoとAES）",
        "Unicode（フラグまたは追加フィールド）、Shift_JIS、EUC-JPのファイル名",
        "壊れた書庫の残っている部分と、並べて置かれた分割書庫（.z01 … .zip）",
        "書庫とファイルのコメント",
    ),
    limitations=(
        "Deflate64 and PPMd need the extra piiscan[archives]; without it their members are reported",
        "Reduce (PKZIP 0.9) and the methods for pictures and sound are reported as not read",
        "members under PKWARE's strong encryption or an unknown password are reported by name",
    ),
    limitations_ja=(
        "Deflate64とPPMdには拡張 piiscan[archives] が必要です。なければそのファイルを報告します",
        "Reduce（PKZIP 0.9）と、画像・音声専用の方式は「読めない」と報告します",
        "PKWAREの強力な暗号化や不明なパスワードのファイルは、名前を示して報告します",
    ),
    references=("APPNOTE.TXT 6.3.10", "https://www.winzip.com/en/support/aes-encryption/"),
    engine="Python zipfile for the directory; zlib, bz2, lzma, zstd, inflate64 and pyppmd (extra), own readers of Shrink and Implode",
    engine_ja="目録はPython zipfile。zlib、bz2、lzma、zstd、inflate64とpyppmd（拡張）、ShrinkとImplodeは自前",
    needs=("inflate64", "pyppmd"),
)

_UTF8 = 0x800
_ENCRYPTED = 0x1
_DESCRIPTOR = 0x8
_STRONG = 0x40
_AES = 99
_LOCAL = b"PK\x03\x04"
_UNKNOWN = 0xFFFFFFFF
_FAULTS = (zipfile.BadZipFile, NotImplementedError, *DAMAGE)


@dataclass(frozen=True, slots=True)
class _Member:
    """One member: where its data begins, how long it is, and what was done to it."""

    name: str
    start: int
    packed: int
    size: int
    flags: int
    method: int
    crc: int | None
    time: int
    extra: bytes

    @property
    def cipher(self) -> str:
        if self.flags & _STRONG:
            return "PKWARE strong encryption"
        if self.method == _AES:
            aes = aes_of(self.extra)
            return f"AES-{aes.bits}" if aes else "AES"
        return "ZipCrypto"


def extract(reading: Reading) -> Iterator[Piece]:
    """Comments and members."""
    parts = volumes(reading)
    with Joined(parts) if parts else reading.open() as file:
        source = io.BufferedReader(file, CHUNK) if isinstance(file, Joined) else file
        size = file.size if isinstance(file, Joined) else reading.size
        if parts:
            # Offsets in the directory count from the beginning of each volume; the local headers need none.
            yield from _salvage(reading, source, size, "")
            return
        if _is_last_volume(source, size):
            yield from _salvage(reading, source, size, "volume")
            return
        try:
            archive = zipfile.ZipFile(source)
        except _FAULTS as error:
            yield from _salvage(reading, source, size, type(error).__name__)
            return
        with archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if not any(info.file_size for info in infos) and not reading.name.lower().endswith(SUFFIXES):
                # A document of this name would have parts; of a zip nobody expects more.
                yield problem(ProblemKind.BROKEN, "a container with nothing in it")
            yield from _comments(archive, infos)
            yield from _all(reading, source, (_member(source, info) for info in infos), len(infos))


def _is_last_volume(file: BinaryIO, size: int) -> bool:
    """Whether the end of the directory says that it lies on another disk than the first."""
    file.seek(max(0, size - 22 - 0xFFFF))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    return at >= 0 and len(tail) >= at + 6 and tail[at + 4 : at + 6] not in {b"\0\0", b"\xff\xff"}


def _all(reading: Reading, file: BinaryIO, members: Iterator[_Member | Problem], count: int) -> Iterator[Piece]:
    locked: list[str] = []
    read = seen = 0
    for member in members:
        seen += 1
        if reading.budget.expired():
            yield problem(ProblemKind.LIMIT, "limits.seconds")
            return
        if isinstance(member, Problem):
            yield member
            continue
        for piece in _pieces(reading, file, member):
            if isinstance(piece, Problem) and piece.kind is ProblemKind.ENCRYPTED_PART:
                locked.append(piece.detail)
                if len(locked) > NAMED:
                    continue
            read += isinstance(piece, Embedded)
            yield piece
            if stops(piece):
                yield problem(ProblemKind.PART_NOT_READ, f"the members after it{f', {count} in all' if count else ''}")
                return
    if locked:
        ciphers = ", ".join(dict.fromkeys(locked))
        yield problem(ProblemKind.ENCRYPTED_PART if read else ProblemKind.ENCRYPTED, f"{ciphers}; {len(locked)} of {seen} members")


# ------------------------------------------------------------------------ members


def _member(file: BinaryIO, info: zipfile.ZipInfo) -> _Member | Problem:
    """A member of the directory; its data begins after the local header, whose extra fields may be others."""
    name = _name(info)
    file.seek(max(0, info.header_offset))
    header = file.read(30) if info.header_offset >= 0 else b""
    if len(header) < 30 or not header.startswith(_LOCAL):
        return Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, "no header where the directory says", name)
    name_size, extra_size = struct.unpack_from("<HH", header, 26)
    hour, minute, second = info.date_time[3:]
    return _Member(
        name=name,
        start=info.header_offset + 30 + name_size + extra_size,
        packed=info.compress_size,
        size=info.file_size,
        flags=info.flag_bits,
        method=info.compress_type,
        crc=info.CRC,
        time=hour << 11 | minute << 5 | second // 2,
        extra=info.extra,
    )


def _name(info: zipfile.ZipInfo) -> str:
    """As its maker meant it: the Unicode extra field, UTF-8 by its flag, else by its bytes."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    return _unicode_path(info.extra, raw) or member_name(raw)


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """Info-ZIP's extra field 0x7075, when it belongs to this name."""
    at = 0
    while at + 4 <= len(extra):
        number, size = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + size]
        if number == 0x7075 and len(body) > 5 and int.from_bytes(body[1:5], "little") == zlib.crc32(raw):
            return body[5:].decode("utf-8", "replace")
        at += 4 + size
    return ""


def _comments(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[Piece]:
    texts = [archive.comment, *(info.comment for info in infos if info.comment)]
    for text in texts:
        if text.strip(b"\0 \r\n"):
            yield Segment(Part("comment"), member_name(text), Role.COMMENT)


def _pieces(reading: Reading, file: BinaryIO, member: _Member) -> Iterator[Piece]:
    if member.flags & _ENCRYPTED:
        yield from _locked(reading, file, member)
        return
    if reason := why_not(member.method):
        yield Problem(ProblemKind.PART_NOT_READ, Stage.EXTRACT, reason, member.name)
        return
    yield from spooled(reading, member.name, _content(_data(file, member), member), packed=max(1, member.packed))


def _data(file: BinaryIO, member: _Member, start: int = 0, end: int = 0) -> Iterator[bytes]:
    """The member's bytes as they are stored, without some at the start and at the end."""
    file.seek(member.start + start)
    yield from blocks(file, max(0, member.packed - start - end))


def _content(data: Iterator[bytes], member: _Member) -> Iterator[bytes]:
    """Decompressed and checked.

    :raises ValueError: when the checksum does not fit, after all data.
    """
    crc = 0
    for chunk in unpacked(data, Packed(member.method, member.flags, member.size)):
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if member.crc is not None and crc != member.crc:
        raise ValueError("checksum")


# ---------------------------------------------------------------------- passwords


def _locked(reading: Reading, file: BinaryIO, member: _Member) -> Iterator[Piece]:
    """With the first password that opens it; else the problem that names the cipher."""
    if not member.flags & _STRONG:
        for password, encoding in itertools.product(reading.passwords, ("utf-8", "cp932")):
            if reading.budget.expired():
                break
            if encoding != "utf-8" and password.isascii():
                continue
            with contextlib.suppress(UnicodeEncodeError):
                pieces = _with_password(reading, file, member, password.encode(encoding))
                if pieces is not None:
                    yield from pieces
                    return
    yield Problem(ProblemKind.ENCRYPTED_PART, Stage.EXTRACT, member.cipher, member.name)


def _with_password(reading: Reading, file: BinaryIO, member: _Member, password: bytes) -> list[Piece] | None:
    """What the member holds; ``None`` when the password is not the one."""
    aes = aes_of(member.extra) if member.method == _AES else None
    if member.method == _AES:
        if aes is None:
            return None
        file.seek(member.start)
        salt, check = file.read(aes.salt), file.read(2)
        keys = aes_keys(aes, password, salt, check)
        begin = aes.salt + 2
        if keys is None or not authentic(_data(file, member, begin, 10), keys[1], _at(file, member.start + member.packed - 10, 10)):
            return None
        plain = replace(member, method=aes.method, crc=member.crc if aes.checksum else None)
        data = decrypted_aes(_data(file, member, begin, 10), keys[0])
    else:
        check_byte = member.time >> 8 if member.flags & _DESCRIPTOR else (member.crc or 0) >> 24
        old_keys = zipcrypto_keys(password, _at(file, member.start, 12), check_byte)
        if old_keys is None:
            return None
        plain = member
        data = decrypted_zipcrypto(_data(file, member, 12), old_keys)
    if reason := why_not(plain.method):
        return [Problem(ProblemKind.PART_NOT_READ, Stage.EXTRACT, reason, member.name)]
    pieces = list(spooled(reading, member.name, _content(data, plain), packed=max(1, member.packed)))
    if aes is None and any(isinstance(piece, Problem) and piece.kind is ProblemKind.BROKEN_PART for piece in pieces):
        # ZipCrypto lets one wrong password in 256 through; the checksum tells.
        for piece in pieces:
            if isinstance(piece, Embedded):
                reading.release(piece)
        return None
    return pieces


def _at(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)


# ------------------------------------------------------------------------ salvage


def _salvage(reading: Reading, file: BinaryIO, size: int, reason: str) -> Iterator[Piece]:
    """Members by their local headers, for an archive that lost its end, or whose volumes are joined (no ``reason`` then)."""
    found = _LocalHeaders(file, size)
    yield from _all(reading, file, iter(found), 0)
    if reason == "volume":
        yield problem(ProblemKind.PART_NOT_READ, "one volume of several; the others are not beside it")
    elif reason:
        yield problem(
            ProblemKind.BROKEN_PART if found.count else ProblemKind.BROKEN,
            f"the archive's directory cannot be read ({reason}); {found.count} members by their headers",
        )


class _LocalHeaders:
    """The members of which a local header is found, in order. ``count``: how many."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self.count = 0

    def __iter__(self) -> Iterator[_Member | Problem]:
        at = 0
        while (at := _next_header(self._file, at)) >= 0:
            self._file.seek(at)
            header = self._file.read(30)
            if len(header) < 30:
                return
            _, flags, method, time, _, crc, packed, size, name_size, extra_size = struct.unpack("<4xHHHHHIIIHH", header)
            raw = self._file.read(name_size)
            extra = self._file.read(extra_size)
            start = at + 30 + name_size + extra_size
            name = raw.decode("utf-8", "replace") if flags & _UTF8 else _unicode_path(extra, raw) or member_name(raw)
            at = start
            if name.endswith("/"):
                continue
            self.count += 1
            member = _Member(name, start, packed, size, flags, method, crc, time, extra)
            if packed == _UNKNOWN or (flags & _DESCRIPTOR and not packed):
                member = self._measured(member)
            yield member
            at = max(start, min(self._size, start + member.packed))

    def _measured(self, member: _Member) -> _Member:
        """Where the sizes come after the data: a deflated stream says itself where it ends, others end where the next header begins."""
        end = -1
        if member.method == DEFLATED and not member.flags & _ENCRYPTED:
            end = self._end_of_deflated(member.start)
        if end < 0:
            end = _next_header(self._file, member.start)
            end = self._size if end < 0 else end
        largest = 1 << 62
        return replace(member, packed=end - member.start, size=largest if member.method != STORED else end - member.start, crc=None)

    def _end_of_deflated(self, start: int) -> int:
        self._file.seek(start)
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        read = 0
        try:
            for chunk in blocks(self._file):
                read += len(chunk)
                data = chunk
                while data and not inflate.eof:
                    inflate.decompress(data, 1 << 20)
                    data = inflate.unconsumed_tail
                if inflate.eof:
                    return start + read - len(inflate.unused_data)
        except zlib.error:
            return -1
        return -1


def _next_header(file: BinaryIO, at: int) -> int:
    file.seek(at)
    rest = b""
    base = at
    while chunk := file.read(CHUNK):
        data = rest + chunk
        hit = data.find(_LOCAL)
        if hit >= 0:
            return base + hit
        rest = data[-3:]
        base += len(data) - len(rest)
    return -1
