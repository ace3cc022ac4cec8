"""Windows cabinets."""

from __future__ import annotations

from collections.abc import Iterator

from piiscan.extractors.archive._libarchive import members_of
from piiscan.extractors.base import FormatDoc, Piece, Reading

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "cab"
MEDIA_TYPES = ("application/vnd.ms-cab-compressed",)
SUFFIXES = (".cab",)
DOC = FormatDoc(
    description="Windows cabinet",
    description_ja="CABファイル",
    sees=("members stored, or compressed with MSZIP or LZX", "names in Unicode and in Shift_JIS"),
    sees_ja=(
        "無圧縮、MSZIPまたはLZXで圧縮されたファイル",
        "UnicodeとShift_JISのファイル名",
    ),
    limitations=("Quantum compression is reported as damage", "a member that began in an earlier cabinet of a set is not read"),
    limitations_ja=(
        "Quantum圧縮は破損と報告します",
        "組になったキャビネットで、前のキャビネットから続くファイルは読みません",
    ),
    references=("[MS-CAB]",),
    engine="libarchive",
    needs=("libarchive",),
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The members that are files."""
    yield from members_of(reading, ("cab",), cipher="")
