"""gzip: one compressed file, or several joined; its inner name is read from the header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from piiscan.extractors.archive._names import member_name
from piiscan.extractors.archive._streams import Inflater, blocks, decompressed, single, stem
from piiscan.extractors.base import FormatDoc, Piece, Reading

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "gz"
MEDIA_TYPES = ("application/gzip",)
SUFFIXES = (".gz", ".tgz", ".svgz", ".emz", ".wmz")
DOC = FormatDoc(
    description="gzip-compressed file",
    description_ja="gzip圧縮ファイル",
    sees=("the file inside, read by its own format", "streams that follow each other", "what is left of a damaged file"),
    sees_ja=(
        "中のファイル（その形式で読みます）",
        "続けて収められたデータ",
        "壊れたファイルの残っている部分",
    ),
    limitations=("comments in the header are not read",),
    limitations_ja=("ヘッダーのコメントは読みません",),
    references=("RFC 1952",),
    engine="Python zlib",
)

_HAS_EXTRA, _HAS_NAME = 4, 8
_GZIP = 31


def extract(reading: Reading) -> Iterator[Piece]:
    """The file inside."""
    with reading.open() as file:
        name = _inner_name(file) or stem(reading.name, SUFFIXES)
        file.seek(0)
        yield from single(reading, name, decompressed(blocks(file), lambda: Inflater(_GZIP), several=True))


def _inner_name(file: BinaryIO) -> str:
    """FNAME of the header, without folders."""
    header = file.read(10)
    if len(header) < 10 or not header[3] & _HAS_NAME:
        return ""
    if header[3] & _HAS_EXTRA:
        file.read(int.from_bytes(file.read(2), "little"))
    raw, found, _ = file.read(1024).partition(b"\0")
    return member_name(raw, unix=True).replace("\\", "/").rsplit("/", 1)[-1] if found else ""
