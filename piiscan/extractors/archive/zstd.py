"""Zstandard: one compressed file."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from piiscan.extractors.archive._streams import Decompressor, blocks, decompressed, single, stem
from piiscan.extractors.base import FormatDoc, Piece, Reading

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "decompressor", "extract"]

NAME = "zst"
MEDIA_TYPES = ("application/zstd",)
SUFFIXES = (".zst", ".tzst")
DOC = FormatDoc(
    description="Zstandard-compressed file",
    description_ja="Zstandard圧縮ファイル",
    sees=("the file inside, read by its own format", "frames that follow each other", "what is left of a damaged file"),
    sees_ja=(
        "中のファイル（その形式で読みます）",
        "続けて収められたフレーム",
        "壊れたファイルの残っている部分",
    ),
    limitations=("files compressed with a dictionary of their own, or a window above 128 MB, are reported as damaged",),
    limitations_ja=("専用の辞書で圧縮したものと、ウィンドウが128 MBを超えるものは破損と報告します",),
    references=("RFC 8878",),
    engine="Python compression.zstd, or its backport",
    engine_ja="Python compression.zstd、またはその移植版",
)


def decompressor() -> Decompressor:
    """A decompressor of one frame; raises ``ValueError`` for data that is damaged."""
    return _Frames()


class _Frames:
    """``zstd`` with an error that means damage wherever it comes from."""

    def __init__(self) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        self._error = zstd.ZstdError
        self._decoder: Decompressor = zstd.ZstdDecompressor()

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return self._decoder.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        try:
            return self._decoder.decompress(data, max_length)
        except self._error:
            raise ValueError("damaged frame") from None


def extract(reading: Reading) -> Iterator[Piece]:
    """The file inside."""
    with reading.open() as file:
        yield from single(reading, stem(reading.name, SUFFIXES), decompressed(blocks(file), decompressor, several=True))
