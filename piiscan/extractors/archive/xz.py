"""xz and its forerunner lzma: one compressed file."""

from __future__ import annotations

import lzma
from collections.abc import Iterator

from piiscan.extractors.archive._streams import blocks, decompressed, single, stem
from piiscan.extractors.base import FormatDoc, Piece, Reading

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "xz"
MEDIA_TYPES = ("application/x-xz", "application/x-lzma")
SUFFIXES = (".xz", ".txz", ".lzma")
DOC = FormatDoc(
    description="xz- or lzma-compressed file",
    description_ja="xz圧縮ファイル",
    sees=("the file inside, read by its own format", "streams that follow each other", "what is left of a damaged file"),
    sees_ja=(
        "中のファイル（その形式で読みます）",
        "続けて収められたデータ",
        "壊れたファイルの残っている部分",
    ),
    limitations=("a dictionary above 512 MB is reported as damaged", ".lzma files are recognised by their suffix"),
    limitations_ja=(
        "辞書が512 MBを超えるものは破損と報告します",
        ".lzmaファイルは拡張子で見分けます",
    ),
    references=("https://tukaani.org/xz/xz-file-format.txt",),
    engine="Python lzma",
)

_MEMORY = 512 * 1024**2


def extract(reading: Reading) -> Iterator[Piece]:
    """The file inside."""
    with reading.open() as file:
        chunks = decompressed(blocks(file), lambda: lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_MEMORY), several=True)
        yield from single(reading, stem(reading.name, SUFFIXES), chunks)
