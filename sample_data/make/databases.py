"""Files byte by byte, of formats that no library of Python writes: dBASE and FoxPro tables with memos, Access databases, shortcuts."""

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


# ------------------------------------------------------------------------- Access

_PAGE = 4096
TEXT, LONG, BOOL, MEMO = 10, 4, 1, 12
_SHORT, _OLE = 3, 11
_WIDTHS = {LONG: 4, _SHORT: 2, BOOL: 1}
Column = tuple[str, int]


def _rc4(data: bytes, key: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 255])
    return bytes(out)


def _table_page(columns: Sequence[Column], rows: int, kind: int, map_page: int) -> bytes:
    """A table definition of Jet 4 (mdbtools' HACKING.md)."""
    variable = [name for name, code in columns if code not in _WIDTHS]
    head = struct.pack("<BBHI", 2, 1, 0, 0)
    body = struct.pack("<IIII", 0, 0, rows, 0) + bytes(16)
    body += struct.pack("<BHHHII", kind, len(columns), len(variable), len(columns), 0, 0)
    body += bytes([0]) + map_page.to_bytes(3, "little") + bytes([1]) + map_page.to_bytes(3, "little")
    fixed_at = var_at = 0
    for number, (_, code) in enumerate(columns):
        fixed = code in _WIDTHS
        flags = 2 | (1 if fixed else 0)
        body += struct.pack("<BIHHHHHBB", code, 1625, number, 0 if fixed else var_at, number, 0x0411, 0, flags, 0) + bytes(4)
        body += struct.pack("<HH", fixed_at if fixed else 0, _WIDTHS.get(code, 510 if code == TEXT else 0))
        fixed_at += _WIDTHS.get(code, 0) if code != BOOL else 0
        var_at += 0 if fixed else 1
    for name, _ in columns:
        raw = name.encode("utf-16-le")
        body += struct.pack("<H", len(raw)) + raw
    page = head + struct.pack("<I", len(body) + 8) + body[4:]
    return page.ljust(_PAGE, b"\0")


def _row(columns: Sequence[Column], values: Sequence[object]) -> bytes:
    fixed, ends, var, mask = b"", [], b"", 0
    count = 0
    start = 2 + sum(_WIDTHS.get(code, 0) for _, code in columns if code != BOOL)
    for number, ((_, code), value) in enumerate(zip(columns, values, strict=True)):
        mask |= (value is not None and value is not False) << number
        if code == BOOL:
            continue
        if code in _WIDTHS:
            fixed += int(value or 0).to_bytes(_WIDTHS[code], "little", signed=True)  # type: ignore[call-overload]
            continue
        ends.append(start + len(var))
        count += 1
        raw = b"" if value is None else str(value).encode("utf-16-le")
        if code == MEMO and value is not None:
            raw = (len(raw) | 0x80000000).to_bytes(4, "little") + bytes(8) + raw  # kept in the row
        var += raw
    out = struct.pack("<H", len(columns)) + fixed + var
    out += struct.pack("<H", start + len(var)) + b"".join(struct.pack("<H", end) for end in reversed(ends)) + struct.pack("<H", count)
    return out + mask.to_bytes((len(columns) + 7) // 8, "little")


def _data_page(owner: int, rows: Sequence[bytes]) -> bytes:
    at, offsets, body = _PAGE, [], bytearray(_PAGE)
    for row in rows:
        at -= len(row)
        body[at : at + len(row)] = row
        offsets.append(at)
    head = struct.pack("<BBHIIH", 1, 1, at - 14 - 2 * len(rows), owner, 0, len(rows)) + b"".join(
        struct.pack("<H", offset) for offset in offsets
    )
    body[: len(head)] = head
    return bytes(body)


def access(table: str, columns: Sequence[Column], rows: Sequence[Sequence[object]], *, ace: bool = False) -> bytes:
    """A database of Access 2000 (or, by its mark, 2007) with one table; a page of rows, so a few dozen of them."""
    catalog: list[Column] = [("Id", LONG), ("Name", TEXT), ("Type", _SHORT), ("Flags", LONG), ("LvProp", _OLE)]
    entries = [(2, "MSysObjects", 1, -2147483648, None), (5, table, 1, 0, None)]
    head = b"\0\1\0\0" + (b"Standard ACE DB\0" if ace else b"Standard Jet DB\0") + struct.pack("<I", 2 if ace else 1)
    plain = bytearray(128)
    plain[0x3C - 0x18 : 0x3E - 0x18] = struct.pack("<H", 932)
    head = (head + _rc4(bytes(plain), bytes.fromhex("c7da396b"))).ljust(_PAGE, b"\0")

    def usage(page: int) -> bytes:
        return b"\0" + struct.pack("<I", 0) + (1 << page).to_bytes(64, "little")

    maps = _data_page(0, [usage(3), bytes(69)])
    maps_of_table = _data_page(0, [usage(6), bytes(69)])
    pages = [
        head,
        maps,
        _table_page(catalog, len(entries), 0x53, 1),
        _data_page(2, [_row(catalog, entry) for entry in entries]),
        maps_of_table,
        _table_page(columns, len(rows), 0x4E, 4),
        _data_page(5, [_row(columns, row) for row in rows]),
    ]
    return b"".join(pages)
