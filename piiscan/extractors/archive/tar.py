"""tar archives of every dialect: members in order, links never followed.

Names are UTF-8, or the bytes of the system that wrote them. Where a header is
damaged the next sound one is searched for; what lies between is reported.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import BinaryIO

from piiscan.extractors.archive._names import member_name
from piiscan.extractors.archive._streams import CHUNK, blocks, spooled, stops
from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "tar"
MEDIA_TYPES = ("application/x-tar",)
SUFFIXES = (".tar",)
DOC = FormatDoc(
    description="tar archive (v7, ustar, pax, GNU)",
    description_ja="tarアーカイブ",
    sees=("files of every depth, also sparse ones", "names in UTF-8, EUC-JP and Shift_JIS", "what is left of a damaged archive"),
    sees_ja=(
        "何段でも、すべてのファイル（スパースファイルを含む）",
        "UTF-8、EUC-JP、Shift_JISのファイル名",
        "壊れた書庫の残っている部分",
    ),
    limitations=("links are not followed: what they point to is read where it lies", "owners and extended attributes are not read"),
    limitations_ja=(
        "リンクはたどりません。リンク先は、それがある場所で読みます",
        "所有者と拡張属性は読みません",
    ),
    references=("POSIX.1-2024 pax", "GNU tar manual"),
    engine="Python tarfile",
)

_BLOCK = 512
_SAFE = (tarfile.TarError, ValueError, OverflowError, OSError)


def extract(reading: Reading) -> Iterator[Piece]:
    """The members that are files."""
    with reading.open() as file:
        try:
            archive = tarfile.open(fileobj=file, mode="r:", encoding="utf-8", errors="surrogateescape", ignore_zeros=True)  # noqa: SIM115 - closed below
        except _SAFE as error:
            yield problem(ProblemKind.BROKEN, type(error).__name__)
            return
        with archive:
            yield from _members(reading, file, archive)


def _members(reading: Reading, file: BinaryIO, archive: tarfile.TarFile) -> Iterator[Piece]:
    end = 0  # of the last member
    while True:
        try:
            member = archive.next()
        except _SAFE as error:
            yield problem(ProblemKind.BROKEN_PART, f"{type(error).__name__} at byte {archive.offset}")
            return
        start = member.offset if member else reading.size
        if start > end and _has_data(file, end, start):
            yield problem(ProblemKind.BROKEN_PART, f"bytes {end}-{start} belong to no member")
        if member is None:
            if start == end:
                yield problem(ProblemKind.BROKEN_PART, "no end mark; it may be cut")
            return
        archive.members.clear()  # type: ignore[attr-defined]  # else it remembers every one
        end = max(end, archive.offset)
        if not member.isreg():
            continue
        name = member_name(member.name.encode("utf-8", "surrogateescape"), unix=True)
        stored = end - member.offset_data  # less than its size where it is sparse
        for piece in spooled(reading, name, _content(file, archive, member), packed=max(1, stored), damage=_SAFE):
            yield piece
            if stops(piece):
                yield problem(ProblemKind.PART_NOT_READ, "the members after it")
                return


def _content(file: BinaryIO, archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    """The bytes of a member, as they lie there unless it is sparse.

    :raises tarfile.ReadError: when the archive ends before they do.
    """
    if member.issparse():
        content = archive.extractfile(member)
        if content is not None:
            yield from blocks(content)
        return
    file.seek(member.offset_data)
    left = max(0, member.size)
    for block in blocks(file, left):
        left -= len(block)
        yield block
    if left:
        raise tarfile.ReadError("unexpected end of data")


def _has_data(file: BinaryIO, start: int, end: int) -> bool:
    """Whether anything but zeros lies there."""
    file.seek(start)
    while start < end and (chunk := file.read(min(CHUNK, end - start))):
        if chunk.strip(b"\0"):
            return True
        start += len(chunk)
    return False
