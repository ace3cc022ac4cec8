"""Volumes of an archive: pieces cut by size are joined and read as the whole; later volumes say where they are read."""

from __future__ import annotations

import io
from collections.abc import Iterator

from piiscan.extractors.archive._streams import CHUNK, blocks
from piiscan.extractors.archive._volumes import Joined, first_of_numbered, volumes
from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "split"
MEDIA_TYPES = ()
SUFFIXES = (".001", ".z01", ".r00")
DOC = FormatDoc(
    description="Volume of an archive that was cut into several files",
    description_ja="分割書庫の一部",
    sees=("archives cut by size (.7z.001, .zip.001 …) whose pieces lie beside each other: joined, and read with the first piece",),
    sees_ja=("大きさで分割され並べて置かれた書庫（.7z.001、.zip.001 …）: つないで、最初の部分とともに読みます",),
    limitations=(
        "a later volume is reported, as it is read with its first one",
        "volumes inside another archive are not joined",
    ),
    limitations_ja=(
        "2番目以降の部分は、最初の部分と一緒に読むので、その旨だけを報告します",
        "別の書庫の中にある分割書庫はつなぎません",
    ),
    references=("https://www.7-zip.org/",),
    engine="own reader",
    engine_ja="自前の読み取り",
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The whole, or where to find it."""
    whole = first_of_numbered(reading.name)
    if not whole:
        yield problem(ProblemKind.PART_NOT_READ, "a later volume of an archive; it is read with the first one")
        return
    parts = volumes(reading)
    with Joined(parts or [reading.path]) as joined:
        yield reading.spool(whole, blocks(io.BufferedReader(joined, CHUNK)))
