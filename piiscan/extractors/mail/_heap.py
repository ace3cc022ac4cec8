"""The property list of a message inside an attachment, from the bytes of its node ([MS-PST] 2.3.1 to 2.3.3).

``libpff`` gives those bytes but does not open the message. What is too long to
stand in the list itself lies in other nodes and stays out of reach.
"""

from __future__ import annotations

import struct

__all__ = ["heap_properties", "is_heap"]

_BLOCK = 8176
_SIGNATURE, _PROPERTIES, _TREE = 0xEC, 0xBC, 0xB5
_INLINE = {0x02: 2, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 1}
_DEPTH, _MOST = 8, 20_000


def is_heap(data: bytes) -> bool:
    """Whether these bytes are a node that holds a list of properties."""
    return len(data) > 12 and data[2] == _SIGNATURE and data[3] == _PROPERTIES


def heap_properties(data: bytes) -> tuple[dict[tuple[int, int], bytes], int]:
    """``({(number, kind): value}, how many values lie elsewhere)``; damage costs what it hits."""
    found: dict[tuple[int, int], bytes] = {}
    elsewhere = 0
    header = _allocation(data, struct.unpack_from("<I", data, 4)[0])
    if len(header) < 8 or header[0] != _TREE or header[1] != 2 or header[2] != 6:
        return found, 0
    for record in _records(data, struct.unpack_from("<I", header, 4)[0], header[3]):
        number, kind, value = struct.unpack("<HHI", record)
        if kind in _INLINE:
            found[number, kind] = struct.pack("<I", value)[: _INLINE[kind]]
        elif value & 0x1F:
            elsewhere += 1
        elif value:
            found[number, kind] = _allocation(data, value)
    return found, elsewhere


def _allocation(data: bytes, heap_id: int) -> bytes:
    """The bytes behind a heap identifier: a place in the map at the end of its block."""
    index, block = (heap_id & 0xFFFF) >> 5, heap_id >> 16
    page = data[_BLOCK * block : _BLOCK * (block + 1)]
    if len(page) < 4 or not index:
        return b""
    start = struct.unpack_from("<H", page)[0]
    at = start + 4 + 2 * (index - 1)
    if start + 4 > len(page) or index > struct.unpack_from("<H", page, start)[0] or at + 4 > len(page):
        return b""
    first, last = struct.unpack_from("<HH", page, at)
    return page[first:last]


def _records(data: bytes, heap_id: int, level: int) -> list[bytes]:
    """The leaves of the tree of properties, eight bytes each."""
    level = min(level, _DEPTH)
    places = [heap_id]
    for _ in range(level):
        nodes = b"".join(_allocation(data, place) for place in places[:_MOST])
        places = [struct.unpack_from("<I", nodes, at + 2)[0] for at in range(0, len(nodes) - 5, 6)]
    leaves = b"".join(_allocation(data, place) for place in places[:_MOST])
    return [leaves[at : at + 8] for at in range(0, len(leaves) - 7, 8)]
