"""Windows programs: an archive inside makes one a self-extracting archive, which is read; code is not."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from piiscan.extractors.archive._streams import CHUNK, DAMAGE, blocks
from piiscan.extractors.archive.lzh import find_header
from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "exe"
MEDIA_TYPES = ("application/vnd.microsoft.portable-executable",)
SUFFIXES = (".exe",)
DOC = FormatDoc(
    description="Windows program; self-extracting archive",
    description_ja="Windowsのプログラム（自己解凍書庫）",
    sees=("an archive in it: zip, 7z, RAR, LZH, cabinet; read as a file of its own",),
    sees_ja=("中の書庫: zip、7z、RAR、LZH、キャビネット（別のファイルとして読みます）",),
    limitations=(
        "a program without an archive is reported as unsupported; --strings searches the text runs of it",
        "code and resources of a self-extracting archive, and installers with formats of their own (Inno Setup, NSIS), are not read",
    ),
    limitations_ja=(
        "書庫を含まないプログラムは未対応と報告します。--strings を付けると中の文字列を調べます",
        "自己解凍書庫のプログラム部分とリソース、独自形式のインストーラー（Inno Setup、NSIS）は読みません",
    ),
    references=("[MS-CAB]", "APPNOTE.TXT 4.1.9"),
    engine="own search, and the reader of the archive",
    engine_ja="自前の検索と、その書庫の読み取り",
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The archive."""
    stem = reading.name.rsplit(".", 1)[0]
    with reading.open() as file:
        found = _zip(file)
        suffix = ".zip"
        if found < 0:
            found, suffix = _signature(file)
        if found < 0:
            found, suffix = find_header(file, 64), ".lzh"
        if found < 0:
            yield problem(ProblemKind.UNSUPPORTED, "Windows program")
            return
        file.seek(found)
        yield reading.spool(stem + suffix, blocks(file))


def _zip(file: BinaryIO) -> int:
    """Where the first member begins, or -1."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return min((info.header_offset for info in archive.infolist()), default=-1)
    except (zipfile.BadZipFile, NotImplementedError, *DAMAGE):
        return -1


_SIGNATURES = ((b"7z\xbc\xaf\x27\x1c", ".7z"), (b"Rar!\x1a\x07", ".rar"), (b"MSCF\0\0\0\0", ".cab"))


def _signature(file: BinaryIO) -> tuple[int, str]:
    """The first place where an archive really begins: its header must hold together, as programs hold such words too."""
    file.seek(0)
    base, rest = 0, b""
    while chunk := file.read(CHUNK):
        data = rest + chunk
        places = sorted((at, word, suffix) for word, suffix in _SIGNATURES for at in _all(data, word))
        for at, word, suffix in places:
            if _holds(file, base + at, word):
                return base + at, suffix
        base += max(0, len(data) - 8)
        rest = data[-8:]
        file.seek(base + len(rest))
    return -1, ""


def _all(data: bytes, word: bytes) -> Iterator[int]:
    at = data.find(word)
    while at >= 0:
        yield at
        at = data.find(word, at + 1)


def _holds(file: BinaryIO, at: int, word: bytes) -> bool:
    file.seek(at)
    head = file.read(64)
    if word.startswith(b"7z"):
        return len(head) >= 32 and zlib.crc32(head[12:32]) == struct.unpack_from("<I", head, 8)[0]
    if word.startswith(b"Rar"):
        if head[6:8] == b"\1\0":  # RAR 5: a checksum over the first block
            size = head[12] if len(head) > 12 else 0
            return 0 < size < 50 and zlib.crc32(head[12 : 13 + size]) == struct.unpack_from("<I", head, 8)[0]
        return head[6:7] == b"\0" and head[9:10] == b"\x73"
    return len(head) >= 36 and head[24:26] == b"\3\1" and struct.unpack_from("<I", head, 8)[0] >= 36
