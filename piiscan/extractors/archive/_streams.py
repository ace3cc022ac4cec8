"""Decompressed chunks that stay small whatever the data does, and what is left of them when the data is damaged.

Every decompressor here is asked for at most a megabyte at a time, so a bomb
meets the limits of :meth:`Reading.spool` long before it fills the memory.
"""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, BinaryIO, Protocol

from piiscan.extractors.base import Piece, Reading, problem
from piiscan.model import Embedded
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = [
    "CHUNK",
    "DAMAGE",
    "Decompressor",
    "Inflater",
    "Pieces",
    "Salvaged",
    "blocks",
    "decompressed",
    "single",
    "spooled",
    "stem",
    "stops",
]

CHUNK = 1 << 16
_OUT = 1 << 20

#: What damaged data makes decompressors raise. A fault of ours is none of these and is seen as one.
DAMAGE = (zlib.error, lzma.LZMAError, EOFError, ValueError, struct.error, OSError, IndexError)


class Decompressor(Protocol):
    """What ``bz2``, ``lzma`` and ``zstd`` have in common."""

    @property
    def eof(self) -> bool:
        """Whether its stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether it has no output left to give without more input."""

    @property
    def unused_data(self) -> bytes:
        """What came after the end of its stream."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Some output."""


class Inflater:
    """``zlib`` as such a decompressor.

    :param wbits: as for :func:`zlib.decompressobj`.
    """

    def __init__(self, wbits: int) -> None:
        self._inflate = zlib.decompressobj(wbits)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail and not self._full

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        out = self._inflate.decompress(self._inflate.unconsumed_tail + data, max(0, max_length))
        self._full = len(out) == max_length
        return out


class Salvaged:
    """Chunks as far as they go; ``error`` is what ended them early, ``fault`` its class, ``size`` how many bytes there were."""

    def __init__(self, chunks: Iterable[bytes], damage: tuple[type[Exception], ...] = DAMAGE) -> None:
        self._chunks = chunks
        self._damage = damage
        self.error: Exception | None = None
        self.size = 0

    @property
    def fault(self) -> str:
        return type(self.error).__name__ if self.error is not None else ""

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._chunks:
                self.size += len(chunk)
                yield chunk
        except self._damage as error:
            self.error = error


class Pieces(io.RawIOBase):
    """Bytes and parts of files (file, start, size), one after the other, read as one file."""

    def __init__(self, pieces: Sequence[bytes | tuple[BinaryIO, int, int]]) -> None:
        super().__init__()
        self._pieces = [(len(piece), piece) if isinstance(piece, bytes) else (piece[2], piece) for piece in pieces]
        self.size = sum(size for size, _ in self._pieces)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence])
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        start = 0
        for size, piece in self._pieces:
            into = self._at - start
            if into < size:
                if isinstance(piece, bytes):
                    data = piece[into : into + len(buffer)]
                else:
                    file, begin, _ = piece
                    file.seek(begin + into)
                    data = file.read(min(len(buffer), size - into))
                buffer[: len(data)] = data
                self._at += len(data)
                return len(data)
            start += size
        return 0


def blocks(file: IO[bytes], size: int = -1) -> Iterator[bytes]:
    """The next ``size`` bytes of ``file`` (all that is left when negative) in chunks."""
    while size and (chunk := file.read(CHUNK if size < 0 else min(CHUNK, size))):
        size -= len(chunk) if size > 0 else 0
        yield chunk


def decompressed(chunks: Iterable[bytes], make: Callable[[], Decompressor], *, several: bool = False) -> Iterator[bytes]:
    """Output of one stream; of several that follow each other (as gzip, bzip2, xz and zstd allow) when ``several``.

    :raises EOFError: when the data ends within a stream.
    """
    decoder = make()
    begun = False
    source = iter(chunks)
    data = b""
    while True:
        if decoder.eof:
            data = decoder.unused_data.lstrip(b"\0") if several else b""
            while several and not data and (chunk := next(source, b"")):
                data = chunk.lstrip(b"\0")
            if not data:
                return
            decoder, begun = make(), False
        elif decoder.needs_input and not data:
            data = next(source, b"")
            if not data:
                raise EOFError("the stream is cut off" if begun else "no data")
        out = decoder.decompress(data, _OUT)
        data, begun = b"", True
        if out:
            yield out


def spooled(
    reading: Reading, name: str, chunks: Iterable[bytes], *, packed: int = 0, damage: tuple[type[Exception], ...] = DAMAGE
) -> Iterator[Piece]:
    """A member, or what is left of it with the problem that says so.

    :param damage: what its chunks raise when it is damaged.
    """
    salvaged = Salvaged(chunks, damage)
    piece = reading.spool(name, salvaged, packed=packed)
    if salvaged.fault and not salvaged.size and isinstance(piece, Embedded):
        reading.release(piece)
    else:
        yield piece
    if salvaged.fault:
        yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, f"{salvaged.fault} after {salvaged.size} bytes", name)


def stops(piece: Piece) -> bool:
    """Whether the members after it stay out as well; only a member's own ratio says nothing about the others."""
    return isinstance(piece, Problem) and piece.kind in {ProblemKind.LIMIT, ProblemKind.BOMB} and "archive_ratio" not in piece.detail


def single(reading: Reading, name: str, chunks: Iterable[bytes]) -> Iterator[Piece]:
    """The one file inside a compressed file."""
    salvaged = Salvaged(chunks)
    piece = reading.spool(name, salvaged, packed=max(1, reading.size))
    if isinstance(piece, Embedded) and not salvaged.size and salvaged.fault:
        reading.release(piece)
        yield problem(ProblemKind.BROKEN, salvaged.fault)
        return
    yield piece
    if salvaged.fault:
        yield problem(ProblemKind.BROKEN_PART, f"{salvaged.fault} after {salvaged.size} bytes")


#: suffix of a compressed file -> suffix of what is in it
_SHORT = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar", ".taz": ".tar", ".svgz": ".svg", ".emz": ".emf", ".wmz": ".wmf"}  # fmt: skip


def stem(name: str, suffixes: tuple[str, ...]) -> str:
    """Name of what is inside a compressed file: ``list.csv.gz`` → ``list.csv``, ``all.tgz`` → ``all.tar``."""
    lower = name.lower()
    for suffix in suffixes:
        if lower.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)] + _SHORT.get(suffix, "")
    return name
