"""bzip2: one compressed file."""

from __future__ import annotations

import bz2
from collections.abc import Iterator

from piiscan.extractors.archive._streams import blocks, decompressed, single, stem
from piiscan.extractors.base import FormatDoc, Piece, Reading

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "bz2"
MEDIA_TYPES = ("application/x-bzip2",)
SUFFIXES = (".bz2", ".tbz", ".tbz2")
DOC = FormatDoc(
    description="bzip2-compressed file",
    description_ja="bzip2圧縮ファイル",
    sees=("the file inside, read by its own format", "streams that follow each other", "what is left of a damaged file"),
    sees_ja=(
        "中のファイル（その形式で読みます）",
        "続けて収められたデータ",
        "壊れたファイルの残っている部分",
    ),
    limitations=("blocks after the first damaged one are not searched for",),
    limitations_ja=("最初の破損箇所より後のブロックは探しません",),
    references=("https://sourceware.org/bzip2/",),
    engine="Python bz2",
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The file inside."""
    with reading.open() as file:
        yield from single(reading, stem(reading.name, SUFFIXES), decompressed(blocks(file), bz2.BZ2Decompressor, several=True))
