"""Database files byte by byte, of formats that no library of Python writes: dBASE and FoxPro tables with memos."""

from __future__ import annotations

import struct
from collections.abc import Sequence

#: name, kind, width
Field = tuple[str, str, int]


def dbf(
    fields: Sequence[Field],
    rows: Sequence[Sequence[str | bytes]],
    *,
    encoding: str = "cp932",
    version: int = 3,
    code_page: int = 0,
    deleted: Sequence[int] = (),
    records: int | None = None,
    encrypted: bool = False,
) -> bytes:
    """A table. Texts are encoded and padded, bytes are taken as they are; rows numbered in ``deleted`` are marked so."""
    width = 1 + sum(size for _, _, size in fields)
    start = 32 + 32 * len(fields) + 1
    head = bytes([version, 126, 11, 2]) + struct.pack("<IHH", len(rows) if records is None else records, start, width)
    head += bytes(3) + bytes([encrypted]) + bytes(13) + bytes([code_page]) + bytes(2)
    for name, kind, size in fields:
        head += (
            name.encode(encoding).ljust(11, b"\0")
            + kind.encode()
            + bytes(4)
            + bytes([size & 0xFF, size >> 8 if kind == "C" else 0])
            + bytes(14)
        )
    body = b""
    for number, row in enumerate(rows):
        body += b"*" if number in deleted else b" "
        for (_, kind, size), value in zip(fields, row, strict=True):
            raw = value if isinstance(value, bytes) else value.encode(encoding)
            body += raw.rjust(size)[:size] if kind in "NFM" and not isinstance(value, bytes) else raw.ljust(size)[:size]
    return head + b"\r" + body + b"\x1a"


def dbt(memos: Sequence[str], *, encoding: str = "cp932") -> bytes:
    """A memo file of dBASE III; memo number 1 is in block 1, the next one in block 2 …, as long as they are short."""
    return b"".join([bytes(512), *((memo.encode(encoding) + b"\x1a\x1a").ljust(512, b"\0") for memo in memos)])


def fpt(memos: Sequence[str | bytes], *, encoding: str = "cp932", block: int = 64) -> tuple[bytes, list[int]]:
    """A memo file of FoxPro, and the block in which each memo begins."""
    out = struct.pack(">IHH", 0, 0, block).ljust(512, b"\0")
    places = []
    for memo in memos:
        raw = memo if isinstance(memo, bytes) else memo.encode(encoding)
        places.append(len(out) // block)
        entry = struct.pack(">II", int(isinstance(memo, str)), len(raw)) + raw
        out += entry.ljust(-(-len(entry) // block) * block, b"\0")
    return out, places


def lnk(*, path: str, comment: str = "", arguments: str = "") -> bytes:
    """A Windows shortcut with its texts in UTF-16 ([MS-SHLLINK])."""
    flags = 0x80 | 0x08 | (0x04 if comment else 0) | (0x20 if arguments else 0)
    head = struct.pack("<I16sI", 0x4C, bytes.fromhex("0114020000000000c000000000000046"), flags) + struct.pack("<I", 0x20)
    head = head.ljust(52, b"\0") + struct.pack("<IIIHHII", 1024, 0, 1, 0, 0, 0, 0)
    out = head[:76].ljust(76, b"\0")
    for text in filter(None, (comment, path, arguments)):
        out += struct.pack("<H", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")
    return out + bytes(4)
