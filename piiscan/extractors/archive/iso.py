"""Images of optical disks (ISO 9660, Rock Ridge, Joliet)."""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.extractors.archive._libarchive import members_of
from piiscan.extractors.base import FormatDoc, Piece, Reading

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "iso"
MEDIA_TYPES = ("application/x-iso9660-image",)
SUFFIXES = (".iso",)
DOC = FormatDoc(
    description="Image of an optical disk (ISO 9660 with Rock Ridge or Joliet)",
    description_ja="ISOイメージ",
    sees=("files of every folder", "Joliet and Rock Ridge names"),
    sees_ja=(
        "全フォルダーのファイル",
        "JolietとRock Ridgeのファイル名",
    ),
    limitations=("what only the UDF side of an image holds is not read", "further sessions and audio tracks are not read"),
    limitations_ja=(
        "UDF側にしかないものは読みません",
        "2つ目以降のセッションと音声トラックは読みません",
    ),
    references=("ECMA-119", "Joliet Specification 1.1"),
    engine="libarchive",
    needs=("libarchive",),
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The files."""
    yield from members_of(reading, ("iso9660",), cipher="", unix=True)
