"""compress (``.Z``): LZW with codes of 9 to 16 bits, one compressed file.

Decoded here, a chunk at a time: the libraries that read it (unlzw3) hold the
whole output in memory, and LZW can be a bomb.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from piiscan.extractors.archive._streams import CHUNK, single, stem
from piiscan.extractors.base import FormatDoc, Piece, Reading

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "compress"
MEDIA_TYPES = ("application/x-compress",)
SUFFIXES = (".z", ".taz")
DOC = FormatDoc(
    description="compress (.Z) file",
    description_ja="compress（.Z）圧縮ファイル",
    sees=("the file inside, read by its own format", "what is left of a damaged file"),
    sees_ja=(
        "中のファイル（その形式で読みます）",
        "壊れたファイルの残っている部分",
    ),
    limitations=("a cut file shows no sign of it, as the format has no end mark and no checksum",),
    limitations_ja=("形式に終端の印もチェックサムもないため、途中で切れていても分かりません",),
    references=("compress(1), POSIX.1-2024",),
    engine="own reader",
    engine_ja="自前の読み取り",
)

_CLEAR = 256


def extract(reading: Reading) -> Iterator[Piece]:
    """The file inside."""
    with reading.open() as file:
        yield from single(reading, stem(reading.name, SUFFIXES), _lzw(file))


def _lzw(file: BinaryIO) -> Iterator[bytes]:
    """Output in chunks.

    :raises ValueError: when a code cannot be.
    """
    header = file.read(3)
    if len(header) < 3 or not 9 <= header[2] & 0x1F <= 16:
        raise ValueError("no such width of codes")
    most, resets = header[2] & 0x1F, bool(header[2] & 0x80)
    table: list[bytes] = [bytes([byte]) for byte in range(256)] + ([b""] if resets else [])
    out = bytearray()
    last = b""
    width = 9
    while True:
        # Codes come in groups of eight; when the width changes, the rest of the group is padding.
        group = file.read(width)
        bits, count = int.from_bytes(group, "little"), len(group) * 8 // width
        if not count:
            break
        for _ in range(count):
            code, bits = bits & ((1 << width) - 1), bits >> width
            if code == _CLEAR and resets:
                del table[257:]
                last, width = b"", 9
                break
            if code < len(table):
                entry = table[code]
            elif code == len(table) and last:
                entry = last + last[:1]
            else:
                yield bytes(out)
                raise ValueError("a code before its entry")
            out += entry
            if last and len(table) < 1 << most:
                table.append(last + entry[:1])
            last = entry
            if len(table) >= 1 << width and width < most:
                width += 1
                break
            if len(out) >= CHUNK:
                yield bytes(out)
                out.clear()
    yield bytes(out)
