"""How the members of a zip are compressed: method number -> decompressed chunks."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from piiscan.extractors.archive._pkzip import explode, unshrink
from piiscan.extractors.archive._streams import Decompressor, Inflater, decompressed
from piiscan.extractors.archive.zstd import decompressor as zstd
from piiscan.extractors.engines import engine

__all__ = ["DEFLATED", "STORED", "Packed", "unpacked", "why_not"]

STORED, DEFLATED = 0, 8
_LARGEST = 256 * 1024**2  # dictionary, in bytes
_NAMES = {2: "Reduce", 3: "Reduce", 4: "Reduce", 5: "Reduce", 10: "PKWARE DCL Implode", 16: "IBM CMPSC", 18: "IBM TERSE", 19: "IBM LZ77", 94: "MP3", 96: "JPEG", 97: "WavPack"}  # fmt: skip
_ENGINES = {9: "inflate64", 98: "pyppmd"}


@dataclass(frozen=True, slots=True)
class Packed:
    """What a method needs to know of a member. ``size``: unpacked, as its header tells."""

    method: int
    flags: int
    size: int


def why_not(method: int) -> str:
    """Why a method cannot be read: an engine that is not there, or nothing that reads it; empty when it can."""
    if method in _ENGINES:
        return "" if engine(_ENGINES[method]).probe() else f"not installed: {_ENGINES[method]} (piiscan doctor says how to add it)"
    if method in _METHODS:
        return ""
    return f"compression method {method}{f' ({_NAMES[method]})' if method in _NAMES else ''}"


def unpacked(chunks: Iterable[bytes], packed: Packed) -> Iterator[bytes]:
    """The member's content; ask :func:`why_not` first.

    :raises Exception: one of ``DAMAGE`` when the data is damaged.
    """
    return _METHODS[packed.method](chunks, packed)


def _with(make: Callable[[], Decompressor]) -> Callable[[Iterable[bytes], Packed], Iterator[bytes]]:
    return lambda chunks, _: decompressed(chunks, make)


def _lzma(chunks: Iterable[bytes], packed: Packed) -> Iterator[bytes]:
    """APPNOTE 5.8.8: version, size of the properties, properties, raw LZMA."""
    source = iter(chunks)
    head = b""
    while len(head) < 9 and (chunk := next(source, b"")):
        head += chunk
    if len(head) < 9 or head[2:4] != b"\x05\0":
        raise ValueError("no LZMA properties")
    rest, lc = divmod(head[4], 9)
    pb, lp = divmod(rest, 5)
    largest = min(int.from_bytes(head[5:9], "little"), max(4096, packed.size), _LARGEST)
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": max(4096, largest), "lc": lc, "lp": lp, "pb": pb}]

    def following() -> Iterator[bytes]:
        yield head[9:]
        yield from source

    return _up_to(
        decompressed((chunk for chunk in following() if chunk), lambda: lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)), packed
    )


def _up_to(chunks: Iterator[bytes], packed: Packed) -> Iterator[bytes]:
    """Ends where the header says, for streams that need no mark of their end."""
    left = packed.size
    while left > 0:
        try:
            chunk = next(chunks)
        except StopIteration:
            return
        yield chunk[:left]
        left -= len(chunk)


class _Inflater64:
    """Deflate64 with the interface of the other decompressors; it gives what it has at once, so it gets little at a time."""

    def __init__(self) -> None:
        import inflate64

        self._inflate: Any = inflate64.Inflater()
        self._waiting = b""

    @property
    def eof(self) -> bool:
        return bool(self._inflate.eof)

    @property
    def unused_data(self) -> bytes:
        return b""

    @property
    def needs_input(self) -> bool:
        return not self._waiting

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:  # noqa: ARG002 - 1 kB cannot become more than 1 MB
        self._waiting += data
        now, self._waiting = self._waiting[:1024], self._waiting[1024:]
        return bytes(self._inflate.inflate(now))


def _ppmd(chunks: Iterable[bytes], packed: Packed) -> Iterator[bytes]:
    """APPNOTE 5.10: order, memory and restoration in two bytes, then PPMd version I."""
    import pyppmd

    source = iter(chunks)
    head = b""
    while len(head) < 2 and (chunk := next(source, b"")):
        head += chunk
    told = int.from_bytes(head[:2], "little")
    order, memory, restore = (told & 15) + 1, (told >> 4 & 255) + 1, told >> 12
    if len(head) < 2 or order < 2 or restore > 1:
        raise ValueError("no PPMd parameters")
    decoder = pyppmd.Ppmd8Decoder(order, memory << 20, restore)
    left, data = packed.size, head[2:]
    while left > 0 and not decoder.eof:
        try:
            out = decoder.decode(data, min(left, 1 << 20))
        except MemoryError:  # what it raises for data that cannot be, too
            raise ValueError("damaged PPMd data") from None
        left -= len(out)
        if out:
            yield bytes(out)
        data = next(source, b"") if decoder.needs_input else b""
        if not data and not out:
            raise EOFError


_METHODS: dict[int, Callable[[Iterable[bytes], Packed], Iterator[bytes]]] = {
    STORED: lambda chunks, _: iter(chunks),
    1: lambda chunks, packed: unshrink(chunks, packed.size),
    6: lambda chunks, packed: explode(chunks, packed.size, large=bool(packed.flags & 2), literals=bool(packed.flags & 4)),
    DEFLATED: _with(lambda: Inflater(-zlib.MAX_WBITS)),
    9: _with(_Inflater64),
    12: _with(bz2.BZ2Decompressor),
    14: _lzma,
    20: _with(zstd),
    93: _with(zstd),
    95: _with(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=2 * _LARGEST)),
    98: _ppmd,
}
