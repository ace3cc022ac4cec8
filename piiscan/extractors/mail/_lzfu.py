"""Compressed RTF, the form in which Outlook keeps rich bodies ([MS-OXRTFCP])."""

from __future__ import annotations

import struct

__all__ = ["unpack"]

_KNOWN = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbol"
    b"ArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_COMPRESSED, _STORED = b"LZFu", b"MELA"
_RING = 4096


def unpack(data: bytes, largest: int) -> tuple[bytes, bool]:
    """``(RTF, whether all of it came out)``. What is no compressed RTF is returned as it stands."""
    if len(data) < 16 or data[8:12] not in {_COMPRESSED, _STORED}:
        return data, data.lstrip().startswith(b"{\\rt")
    packed, size = struct.unpack_from("<II", data)
    if data[8:12] == _STORED:
        return data[16:], len(data) >= packed + 4
    out = bytearray()
    ring = bytearray(_RING)
    ring[: len(_KNOWN)] = _KNOWN
    write, at, end = len(_KNOWN), 16, len(data)
    wanted = min(size, largest)
    while at < end:
        flags = data[at]
        at += 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 2 > end:
                    return bytes(out), False
                offset, length = data[at] << 4 | data[at + 1] >> 4, (data[at + 1] & 15) + 2
                at += 2
                if offset == write:
                    return bytes(out), len(out) >= wanted
                for _ in range(length):
                    sign = ring[offset]
                    offset = (offset + 1) % _RING
                    ring[write] = sign
                    write = (write + 1) % _RING
                    out.append(sign)
            else:
                if at >= end:
                    return bytes(out), len(out) >= wanted
                ring[write] = data[at]
                write = (write + 1) % _RING
                out.append(data[at])
                at += 1
            if len(out) > largest:
                return bytes(out[:largest]), False
    return bytes(out), len(out) >= wanted
