"""The compression ``-lh1-`` of LHarc (1988): LZSS over 4 kB, lengths and characters by adaptive Huffman coding, distances by a fixed code.

Written after H. Yoshizaki's description of LZHUF; libarchive has no decoder for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["crc16", "expand"]

_WINDOW, _LONGEST, _SHORTEST = 4096, 60, 3
_SIGNS = 256 - (_SHORTEST - 1) + _LONGEST
_NODES = 2 * _SIGNS - 1
_ROOT = _NODES - 1
_FULL = 0x8000  # the root's count at which all are halved
#: codes of the upper six bits of a distance: how many values share a first byte, and how many bits the code has
_SPANS = ((1, 32, 3), (3, 16, 4), (8, 8, 5), (12, 4, 6), (24, 2, 7), (16, 1, 8))
_CHUNK = 1 << 16


def _distances() -> tuple[list[int], list[int]]:
    codes: list[int] = []
    bits: list[int] = []
    number = 0
    for values, span, length in _SPANS:
        for _ in range(values):
            codes += [number << 6] * span
            bits += [length - 2] * span
            number += 1
    return codes, bits


_CODES, _BITS = _distances()


def expand(packed: bytes, size: int) -> Iterator[bytes]:
    """The ``size`` bytes that ``packed`` stands for, as far as they go."""
    tree = _Tree()
    window = bytearray(b" " * _WINDOW)
    told = _WINDOW  # bytes of the window that have been yielded
    made = at = held = count = 0
    end = len(packed)
    son = tree.son
    while made < size:
        node = son[_ROOT]
        while node < _NODES:
            if not count:
                if at >= end:
                    yield bytes(window[told:])
                    return
                held, count, at = packed[at], 8, at + 1
            count -= 1
            node = son[node + (held >> count & 1)]
        sign = node - _NODES
        tree.count(sign)
        if sign < 256:
            window.append(sign)
            made += 1
        else:
            while count < 14:  # a byte, and up to six bits more
                held, count, at = (held << 8 | (packed[at] if at < end else 0)) & 0xFFFFFF, count + 8, at + 1
            if at > end + 2:
                break
            first = held >> (count - 8) & 0xFF
            more = _BITS[first]
            count -= 8 + more
            low = (first << more | held >> count & (1 << more) - 1) & 0x3F
            back = (_CODES[first] | low) + 1
            length = min(sign - 256 + _SHORTEST, size - made)
            start = len(window) - back
            for i in range(length):
                window.append(window[start + i])
            made += length
        if len(window) > _WINDOW + _CHUNK:
            yield bytes(window[told:])
            del window[:-_WINDOW]
            told = _WINDOW
    yield bytes(window[told:])


class _Tree:
    """The adaptive code: nodes in the order of how often they were met."""

    def __init__(self) -> None:
        self.often = [1] * _SIGNS + [0] * (_NODES - _SIGNS) + [0xFFFF]
        self.son = [i + _NODES for i in range(_SIGNS)] + [0] * (_NODES - _SIGNS)
        self.parent = [0] * _NODES + list(range(_SIGNS))
        for j, i in zip(range(_SIGNS, _NODES), range(0, _NODES, 2), strict=False):
            self.often[j] = self.often[i] + self.often[i + 1]
            self.son[j] = i
            self.parent[i] = self.parent[i + 1] = j
        self.parent[_ROOT] = 0

    def count(self, sign: int) -> None:
        """One more of this sign; nodes that are now more frequent change places."""
        often, son, parent = self.often, self.son, self.parent
        if often[_ROOT] == _FULL:
            self._halve()
        node = parent[sign + _NODES]
        while True:
            often[node] += 1
            times, other = often[node], node + 1
            if times > often[other]:
                while times > often[other + 1]:
                    other += 1
                often[node], often[other] = often[other], times
                mine, its = son[node], son[other]
                parent[mine] = other
                if mine < _NODES:
                    parent[mine + 1] = other
                parent[its] = node
                if its < _NODES:
                    parent[its + 1] = node
                son[node], son[other] = its, mine
                node = other
            node = parent[node]
            if not node:
                return

    def _halve(self) -> None:
        leaves = [(times + 1) // 2 for times, son in zip(self.often, self.son, strict=False) if son >= _NODES]
        sons = [son for son in self.son if son >= _NODES]
        for i in range(0, 2 * (_NODES - _SIGNS), 2):
            times = leaves[i] + leaves[i + 1]
            at = len(leaves)
            while times < leaves[at - 1]:
                at -= 1
            leaves.insert(at, times)
            sons.insert(at, i)
        self.often[:_NODES], self.son[:] = leaves, sons
        for node, son in enumerate(sons):
            self.parent[son] = node
            if son < _NODES:
                self.parent[son + 1] = node


def _table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return table


_CRC = _table()


def crc16(chunks: Iterable[bytes], value: int = 0) -> int:
    """The checksum of LHA (CRC-16/ARC)."""
    for chunk in chunks:
        for byte in chunk:
            value = value >> 8 ^ _CRC[(value ^ byte) & 0xFF]
    return value
