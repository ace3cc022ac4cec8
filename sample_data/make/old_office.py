"""Writers for office files of the last century: Excel 2 to 4, Works, WordPerfect."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from piiscan.extractors.office._ole import build

_BOF = {2: 0x0009, 3: 0x0209, 4: 0x0409}


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def excel(
    version: int,
    rows: Sequence[Sequence[str | float]],
    *,
    formats: Sequence[str] = ("General",),
    styles: dict[tuple[int, int], int] | None = None,
    notes: dict[tuple[int, int], str] | None = None,
    header: str = "",
    name: str = "",
    encoding: str = "cp932",
) -> bytes:
    """A sheet of Excel 2, 3 or 4; ``styles`` says which of ``formats`` a cell has; with ``name`` (Excel 4) a workbook of that sheet."""
    out = _record(_BOF[version], struct.pack("<HH", version, 0x10) + (b"\0\0" if version > 2 else b""))
    out += _record(0x0042, struct.pack("<H", 932))
    for code in formats:
        coded = code.encode(encoding)
        out += _record(0x041E if version == 4 else 0x001E, (b"\0\0" if version == 4 else b"") + bytes([len(coded)]) + coded)
    if version > 2:
        for i in range(len(formats)):
            out += _record(0x0443 if version == 4 else 0x0243, bytes([0, i]) + bytes(10))
    if header:
        coded = header.encode(encoding)
        out += _record(0x0014, bytes([len(coded)]) + coded)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            style = (styles or {}).get((r, c), 0)
            place = struct.pack("<HH", r, c) + (bytes([0, style, 0]) if version == 2 else struct.pack("<H", style))
            if isinstance(value, str):
                coded = value.encode(encoding)
                length = bytes([len(coded)]) if version == 2 else struct.pack("<H", len(coded))
                out += _record(0x0004 if version == 2 else 0x0204, place + length + coded)
            else:
                out += _record(0x0003 if version == 2 else 0x0203, place + struct.pack("<d", value))
    for (r, c), text in (notes or {}).items():
        coded = text.encode(encoding)
        for at in range(0, len(coded), 2048):
            out += _record(
                0x001C, struct.pack("<HHH", r if not at else 0xFFFF, c, len(coded) if not at else len(coded) - at) + coded[at : at + 2048]
            )
    out += _record(0x000A, b"")
    if name:
        coded = name.encode(encoding)
        sheet = _record(0x008F, struct.pack("<I", len(out)) + bytes([len(coded)]) + coded) + out
        out = _record(_BOF[4], struct.pack("<HHH", 4, 0x100, 0)) + _record(0x0042, struct.pack("<H", 932)) + sheet + _record(0x000A, b"")
    return out


def works(text: str, *, encoding: str = "cp932", bare: bool = False) -> bytes:
    """A document of Works 3 or 4: as a file of its own, or in an OLE container."""
    coded = text.replace("\n", "\r\n").encode(encoding)
    head = bytearray(0x100)
    head[:4] = b"\x01\xfe\x32\0" if bare else b"\x06\xfe\x01\x50"
    struct.pack_into("<I", head, 0x22, 0x100)
    struct.pack_into("<I", head, 0x26, 0x100 + len(coded))
    content = bytes(head) + coded + bytes(256)
    return content if bare else build({("MM",): bytes(14), ("MN0",): content})


def works8(texts: Sequence[str]) -> bytes:
    """A document of Works 5 and later: UTF-16 in chunks, two to a block of the index."""
    coded = [text.replace("\n", "\r").encode("utf-16-le") for text in texts]
    groups = [coded[i : i + 2] for i in range(0, len(coded), 2)]
    index = b""
    at = 0x18
    body_at = 0x18 + sum(8 + 24 * len(group) for group in groups)
    body = b""
    for i, group in enumerate(groups):
        following = at + 8 + 24 * len(group) if i + 1 < len(groups) else 0xFFFFFFFF
        index += struct.pack("<HHI", 0x01F8, len(group), following)
        for part in group:
            index += struct.pack("<H4sHH2s4sII", 0x18, b"TEXT", 0, 0, b"\0\0", b"TEXT", body_at + len(body), len(part))
            body += part
        at += 8 + 24 * len(group)
    head = b"CHNKWKS\0\4\0\4\0" + struct.pack("<H", len(coded)) + bytes(0x18 - 14)
    return build({("CONTENTS",): head + index + body})


def wordperfect(text: str) -> bytes:
    """A document of WordPerfect 5, in plain ASCII."""
    body = text.encode("ascii").replace(b"\n", b"\x0a")
    return b"\xffWPC" + struct.pack("<IBBBBHH", 16, 1, 10, 0, 1, 0, 0) + body
