"""Shrink and Implode, the methods of PKZIP before Deflate (APPNOTE 5.1 and 5.3); no library of Python reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from piiscan.extractors.archive._streams import CHUNK

__all__ = ["explode", "unshrink"]

_WINDOW = 8192
_STEP = 64  # bytes taken into the number that bits are shifted out of


class _Bits:
    """Bits of a stream, least significant first; zeros for a while after its end, as the last code may be looked up with more than it has."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._steps = (chunk[at : at + _STEP] for chunk in chunks for at in range(0, len(chunk), _STEP))
        self._held = 0
        self._count = 0
        self._spare = 32

    def peek(self, width: int) -> int:
        """:raises EOFError: when there are no more."""
        while self._count < width:
            step = next(self._steps, b"")
            if step:
                self._held |= int.from_bytes(step, "little") << self._count
                self._count += 8 * len(step)
            elif self._spare:
                self._count, self._spare = self._count + self._spare, 0
            else:
                raise EOFError
        return self._held & ((1 << width) - 1)

    def drop(self, width: int) -> None:
        self._held >>= width
        self._count -= width

    def take(self, width: int) -> int:
        value = self.peek(width)
        self.drop(width)
        return value


class _Tree:
    """A Shannon-Fano tree as a table of every value that the next bits can have."""

    def __init__(self, bits: _Bits, values: int) -> None:
        lengths: list[int] = []
        for _ in range(bits.take(8) + 1):
            byte = bits.take(8)
            lengths += [(byte & 15) + 1] * ((byte >> 4) + 1)
        if len(lengths) != values:
            raise ValueError("a tree of another size")
        self._width = max(lengths)
        self._table: list[tuple[int, int]] = [(-1, 0)] * (1 << self._width)
        code = 0
        last = 0
        # Codes are dealt out from the longest, last value to the shortest, first one.
        for value, length in sorted(enumerate(lengths), key=lambda entry: (entry[1], entry[0]), reverse=True):
            if last:
                code += 1 << (16 - last)
            last = length
            if code >> 16:
                raise ValueError("a tree of too many codes")
            mirrored = int(f"{code >> (16 - length):0{length}b}"[::-1], 2)
            for index in range(mirrored, 1 << self._width, 1 << length):
                self._table[index] = (value, length)

    def read(self, bits: _Bits) -> int:
        """:raises ValueError: when no value has this code."""
        value, length = self._table[bits.peek(self._width)]
        if value < 0:
            raise ValueError("no such code")
        bits.drop(length)
        return value


def explode(chunks: Iterable[bytes], size: int, *, large: bool, literals: bool) -> Iterator[bytes]:
    """What was imploded into ``chunks``.

    :param size: bytes that come out; the data has no end mark.
    :param large: bit 1 of the flags: a window of 8 kB, not 4.
    :param literals: bit 2: three trees, not two.
    :raises ValueError: when the data is damaged.
    :raises EOFError: when it ends early.
    """
    bits = _Bits(chunks)
    letters = _Tree(bits, 256) if literals else None
    lengths, distances = _Tree(bits, 64), _Tree(bits, 64)
    low = 7 if large else 6
    shortest = 3 if literals else 2
    window = bytearray(_WINDOW)
    left = size
    try:
        while left > 0:
            if bits.take(1):
                window.append(letters.read(bits) if letters else bits.take(8))
                left -= 1
            else:
                distance = bits.take(low) | distances.read(bits) << low
                length = lengths.read(bits)
                if length == 63:
                    length += bits.take(8)
                length = min(length + shortest, left)
                left -= length
                start = len(window) - distance - 1
                while length > 0:
                    piece = window[start : start + length]
                    window += piece
                    start += len(piece)
                    length -= len(piece)
            if len(window) >= CHUNK + _WINDOW:
                yield bytes(window[_WINDOW:])
                del window[:-_WINDOW]
    except (ValueError, EOFError):
        yield bytes(window[_WINDOW:])
        raise
    yield bytes(window[_WINDOW:])


_FREE = -1
_CODES = 1 << 13
_CONTROL = 256


def unshrink(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """What was shrunk into ``chunks``: LZW whose leaves are cleared now and then.

    :raises ValueError: when the data is damaged.
    :raises EOFError: when it ends early.
    """
    bits = _Bits(chunks)
    parent = [_FREE] * _CODES
    last_byte = list(range(256)) + [0] * (_CODES - 256)
    for code in range(256):
        parent[code] = code
    width, free = 9, _CONTROL
    out = bytearray()
    previous, first, left = -1, 0, size
    while left > 0:
        code = bits.take(width)
        if code == _CONTROL:
            match bits.take(width):
                case 1 if width < 13:
                    width += 1
                case 2:
                    _clear_leaves(parent)
                    free = _CONTROL
                case _:
                    yield bytes(out)
                    raise ValueError("no such control code")
            continue
        text = bytearray()
        at = code
        if previous >= 0 and code > _CONTROL and parent[code] == _FREE:
            text.append(first)
            at = previous
        while at > _CONTROL and parent[at] != _FREE and len(text) <= _CODES:
            text.append(last_byte[at])
            at = parent[at]
        if at > 255:
            yield bytes(out)
            raise ValueError("a code before its entry")
        text.append(at)
        text.reverse()
        first = text[0]
        if previous >= 0:
            free += 1
            while free < _CODES and parent[free] != _FREE:
                free += 1
            if free < _CODES:
                parent[free], last_byte[free] = previous, first
        previous = code
        out += text[:left]
        left -= len(text)
        if len(out) >= CHUNK:
            yield bytes(out)
            out.clear()
    yield bytes(out)


def _clear_leaves(parent: list[int]) -> None:
    branches = {parent[code] for code in range(_CONTROL + 1, _CODES) if parent[code] > _CONTROL}
    for code in range(_CONTROL + 1, _CODES):
        if code not in branches:
            parent[code] = _FREE
