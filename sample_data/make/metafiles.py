"""Writers for Windows metafiles, as a spreadsheet makes them that is pasted as a picture."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_EACH, _LINE, _COLUMN = 20, 40, 600  # width of a character, height of a line, distance of columns
_SHIFT_JIS = 128


def _record(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 8) + body


def emf_text(text: str, x: int, y: int, *, glyphs: bool = False, narrow: bool = False) -> bytes:
    """A string at a place, with the distances from one character to the next."""
    raw = text.encode("cp932" if narrow else "utf-16-le")
    raw += bytes(-len(raw) % 4)
    count = len(text.encode("cp932")) if narrow else len(text)
    head = struct.pack("<16xIff", 1, 1.0, 1.0)
    string = struct.pack("<iiIII16xI", x, y, count, 76, 0x10 if glyphs else 0, 76 + len(raw))
    return _record(83 if narrow else 84, head + string + raw + struct.pack(f"<{count}i", *[_EACH] * count))


def emf_font(number: int, charset: int) -> bytes:
    """A font, and that it is used from here on."""
    face = struct.pack("<iiiii4sBBBB64s", -16, 0, 0, 0, 400, bytes([0, 0, 0, charset]), 0, 0, 0, 0, "ＭＳ ゴシック".encode("utf-16-le"))
    return _record(82, struct.pack("<I", number) + face + bytes(320 - len(face))) + _record(37, struct.pack("<I", number))


def emf(rows: Sequence[Sequence[str]], *, title: str = "", more: bytes = b"") -> bytes:
    """An EMF drawing of these cells."""
    told = title.encode("utf-16-le")
    told += bytes(-len(told) % 4)
    body = more + b"".join(emf_text(cell, 10 + _COLUMN * c, 10 + _LINE * r) for r, row in enumerate(rows) for c, cell in enumerate(row))
    end = _record(14, struct.pack("<III", 0, 16, 20))
    size = 88 + len(told)
    whole = size + len(body) + len(end)
    head = struct.pack(
        "<II32x4sIIIHHIIIiiii", 1, size, b" EMF", 0x10000, whole, 3 + len(rows), 1, 0, len(title), 88 if title else 0, 0, 1, 1, 1, 1
    )
    return head + told + body + end


def _wmf_record(kind: int, body: bytes) -> bytes:
    body += bytes(len(body) % 2)
    return struct.pack("<IH", 3 + len(body) // 2, kind) + body


def wmf(rows: Sequence[Sequence[str]], *, placeable: bool = True) -> bytes:
    """A WMF drawing of these cells in Shift_JIS."""
    font = struct.pack("<hhhhhBBBBBBBB", 16, 0, 0, 0, 400, 0, 0, 0, _SHIFT_JIS, 0, 0, 0, 0) + "ＭＳ 明朝\0".encode("cp932")
    body = _wmf_record(0x02FC, bytes(8)) + _wmf_record(0x02FB, font) + _wmf_record(0x012D, struct.pack("<H", 1))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            raw = cell.encode("cp932")
            head = struct.pack("<hhHH", 10 + _LINE * r, 10 + _COLUMN * c, len(raw), 0)
            body += _wmf_record(0x0A32, head + raw + bytes(len(raw) % 2) + struct.pack(f"<{len(raw)}h", *[_EACH // 2] * len(raw)))
    body += _wmf_record(0, b"")
    head = struct.pack("<HHHIHIH", 1, 9, 0x300, (18 + len(body)) // 2, 2, 200, 0)
    front = struct.pack("<IHhhhhHIH", 0x9AC6CDD7, 0, 0, 0, 1000, 1000, 96, 0, 0) if placeable else b""
    return front + head + body
