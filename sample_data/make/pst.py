"""A writer of small Outlook stores (PST, Unicode, not encrypted), just what a reader asks for ([MS-PST])."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sample_data.make.outlook import ADDRESSES, PUBLIC_STRINGS, Item

_STORE, _NAMES, _ROOT = 0x21, 0x61, 0x122
_RECEIVERS, _ATTACHMENTS = 0x692, 0x671
_PAGE = 512
_TEXT, _NUMBER, _BYTES, _OBJECT = 0x1F, 0x03, 0x102, 0x0D


def store(folders: Mapping[str, Sequence[Item]]) -> bytes:
    """A store with these folders of items."""
    made = _Store()
    names: list[str | int] = [0x8005]  # readers do not accept an empty list
    made.node(_STORE, 0, _properties({0x3001: (_TEXT, "個人用フォルダー")}))
    made.node(_ROOT, _ROOT, _properties({0x3001: (_TEXT, "ルート"), 0x3602: (_NUMBER, 0), 0x360A: (_NUMBER, 1)}))
    number = 0x100
    inside: list[tuple[int, Sequence[int | str]]] = []
    for name, items in folders.items():
        number += 1
        folder = number << 5 | 2
        made.node(
            folder,
            _ROOT,
            _properties({0x3001: (_TEXT, name), 0x3602: (_NUMBER, len(items)), 0x360A: (_NUMBER, 0), 0x3613: (_TEXT, "IPF.Note")}),
        )
        inside.append((folder, (name,)))
        listed: list[tuple[int, Sequence[int | str]]] = []
        for item in items:
            number += 1
            listed.append((number << 5 | 4, (str(item.texts.get(0x0037, "")),)))
            data, inner = made.message(item, names)
            made.node(number << 5 | 4, folder, data, inner)
        made.tables(folder, [], listed)
    made.tables(_ROOT, inside, [])
    made.node(_NAMES, 0, _names(names))
    return made.finish()


def _names(names: Sequence[str | int]) -> bytes:
    entries, texts = b"", b""
    for index, name in enumerate(names):
        if isinstance(name, str):
            coded = name.encode("utf-16-le")
            entries += struct.pack("<IHH", len(texts), 3 << 1 | 1, index)
            texts += struct.pack("<I", len(coded)) + coded + bytes(-len(coded) % 4)
        else:
            entries += struct.pack("<IHH", name, 4 << 1, index)
    return _properties({1: (_NUMBER, 1), 2: (_BYTES, PUBLIC_STRINGS + ADDRESSES), 3: (_BYTES, entries), 4: (_BYTES, texts)})


# ---------------------------------------------------------------- lists of properties


class _Heap:
    """A heap on a node, of one block: allocations from 1 on (2.3.1)."""

    def __init__(self, kind: int) -> None:
        self.kind = kind
        self.parts: list[bytes] = []

    def put(self, data: bytes) -> int:
        self.parts.append(data)
        return len(self.parts) << 5

    def finish(self, root: int) -> bytes:
        places = [12]
        for part in self.parts:
            places.append(places[-1] + len(part))
        end = places[-1] + places[-1] % 2
        head = struct.pack("<HBBI4x", end, 0xEC, self.kind, root)
        return (head + b"".join(self.parts)).ljust(end, b"\0") + struct.pack(f"<HH{len(places)}H", len(self.parts), 0, *places)


def _properties(values: Mapping[int, tuple[int, int | str | bytes]]) -> bytes:
    """A property context (2.3.3)."""
    heap = _Heap(0xBC)
    header = heap.put(bytes(8))
    entries = b""
    for number, (kind, value) in sorted(values.items()):
        if isinstance(value, int):
            entries += struct.pack("<HHI", number, kind, value)
        else:
            data = value.encode("utf-16-le") if isinstance(value, str) else value
            if kind == _OBJECT:  # a message in a node of its own
                data = struct.pack("<II", int.from_bytes(data, "little"), 0)
            entries += struct.pack("<HHI", number, kind, heap.put(data) if data else 0)
    root = heap.put(entries)
    heap.parts[(header >> 5) - 1] = struct.pack("<BBBBI", 0xB5, 2, 6, 0, root)
    return heap.finish(header)


def _table(columns: Sequence[tuple[int, int]], rows: Sequence[tuple[int, Sequence[int | str]]]) -> bytes:
    """A table context (2.3.4): rows are (number, values); every value takes four bytes."""
    heap = _Heap(0x7C)
    info = heap.put(b"")
    columns = [(0x67F2, _NUMBER), (0x67F3, _NUMBER), *columns]
    fixed = 4 * len(columns)
    width = fixed + -(-len(columns) // 8)
    matrix, index = b"", b""
    for place, (number, values) in enumerate(rows):
        index += struct.pack("<II", number, place)
        cells = [number, place, *(value if isinstance(value, int) else heap.put(value.encode("utf-16-le")) for value in values)]
        bits = sum(0x80 >> i % 8 << 8 * (i // 8) for i in range(len(columns)))
        matrix += struct.pack(f"<{len(cells)}I", *cells) + bits.to_bytes(width - fixed, "little")
    header = heap.put(struct.pack("<BBBBI", 0xB5, 4, 4, 0, heap.put(index) if index else 0))
    described = b"".join(
        struct.pack("<HHHBB", kind, number, 4 * i, 4, i) for i, (number, kind) in sorted(enumerate(columns), key=lambda pair: pair[1][0])
    )
    heap.parts[(info >> 5) - 1] = (
        struct.pack("<BB4HIII", 0x7C, len(columns), fixed, fixed, fixed, width, header, heap.put(matrix) if matrix else 0, 0) + described
    )
    return heap.finish(info)


# ------------------------------------------------------------------ blocks and nodes


@dataclass
class _Store:
    out: bytearray = field(default_factory=lambda: bytearray(0x4600))
    blocks: list[tuple[int, int, int]] = field(default_factory=list)  # bid, place, size
    nodes: list[tuple[int, int, int, int]] = field(default_factory=list)  # nid, data, subnodes, parent
    next: int = 4

    def block(self, data: bytes, *, internal: bool = False) -> int:
        """A block of data; its number."""
        if len(data) > 8176:
            parts = [self.block(data[at : at + 8176]) for at in range(0, len(data), 8176)]
            data = struct.pack("<BBHI", 1, 1, len(parts), len(data)) + struct.pack(f"<{len(parts)}Q", *parts)
            internal = True
        bid = self.next | (2 if internal else 0)
        self.next += 4
        place = len(self.out)
        room = -(-(len(data) + 16) // 64) * 64
        self.out += data.ljust(room - 16, b"\0") + struct.pack("<HHIQ", len(data), _signature(place, bid), _crc(data), bid)
        self.blocks.append((bid, place, len(data)))
        return bid

    def subnodes(self, entries: Sequence[tuple[int, int, int]]) -> int:
        """A block of subnodes (nid, data, subnodes); its number, 0 for none."""
        if not entries:
            return 0
        body = b"".join(struct.pack("<QQQ", *entry) for entry in sorted(entries))
        return self.block(struct.pack("<BBHI", 2, 0, len(entries), 0) + body, internal=True)

    def node(self, nid: int, parent: int, data: bytes, inner: int = 0) -> None:
        self.nodes.append((nid, self.block(data), inner, parent))

    def tables(
        self, folder: int, folders: Sequence[tuple[int, Sequence[int | str]]], items: Sequence[tuple[int, Sequence[int | str]]]
    ) -> None:
        """What a folder holds, as Outlook lists it: folders, items, hidden items."""
        self.node(folder & ~0x1F | 0x0D, 0, _table([(0x3001, _TEXT)], folders))
        self.node(folder & ~0x1F | 0x0E, 0, _table([(0x0037, _TEXT)], items))
        self.node(folder & ~0x1F | 0x0F, 0, _table([(0x0037, _TEXT)], []))

    def message(self, item: Item, names: list[str | int]) -> tuple[bytes, int]:
        """Its properties, and the number of its subnodes."""
        values: dict[int, tuple[int, int | str | bytes]] = {
            number: (_BYTES if isinstance(text, bytes) else _TEXT, text) for number, text in item.texts.items()
        }
        values |= {number: (_NUMBER, value) for number, value in item.numbers.items()}
        for name, text in item.named.items():
            if name not in names:
                names.append(name)
            values[0x8000 + names.index(name)] = (_TEXT, text)
        inner: list[tuple[int, int, int]] = []
        if item.receivers:
            rows = [(i, (kind, name, address)) for i, (kind, name, address) in enumerate(item.receivers)]
            inner.append((_RECEIVERS, self.block(_table([(0x0C15, _NUMBER), (0x3001, _TEXT), (0x39FE, _TEXT)], rows)), 0))
        files: list[tuple[int, Sequence[int | str]]] = []
        for i, (name, content) in enumerate(item.attachments):
            nid = (i + 1) << 5 | 5
            files.append((nid, (5 if isinstance(content, Item) else 1, name)))
            facts: dict[int, tuple[int, int | str | bytes]] = {
                0x3705: (_NUMBER, 5 if isinstance(content, Item) else 1),
                0x3707: (_TEXT, name),
            }
            below: list[tuple[int, int, int]] = []
            if isinstance(content, Item):
                data, deeper = self.message(content, names)
                below.append((1 << 5 | 4, self.block(data), deeper))
                facts[0x3701] = (_OBJECT, (1 << 5 | 4).to_bytes(4, "little"))
            else:
                facts[0x3701] = (_BYTES, content)
            inner.append((nid, self.block(_properties(facts)), self.subnodes(below)))
        if files:
            inner.append((_ATTACHMENTS, self.block(_table([(0x3705, _NUMBER), (0x3707, _TEXT)], files)), 0))
        return _properties(values), self.subnodes(inner)

    def _page(self, kind: int, entries: Sequence[bytes], size: int, level: int) -> tuple[int, int]:
        self.out += bytes(-len(self.out) % _PAGE)
        place, bid = len(self.out), self.next
        self.next += 4
        body = b"".join(entries).ljust(488, b"\0") + struct.pack("<BBBBI", len(entries), 488 // size, size, level, 0)
        self.out += body + struct.pack("<BBHIQ", kind, kind, _signature(place, bid), _crc(body), bid)
        return bid, place

    def _tree(self, kind: int, entries: Sequence[tuple[int, bytes]], size: int) -> tuple[int, int]:
        """Pages of a B-tree, from its leaves up; the root's number and place."""
        level = 0
        while True:
            most = 488 // size
            groups = [entries[at : at + most] for at in range(0, len(entries), most)]
            pages = [(group[0][0], *self._page(kind, [entry for _, entry in group], size, level)) for group in groups]
            if len(pages) == 1:
                return pages[0][1], pages[0][2]
            entries = [(key, struct.pack("<QQQ", key, bid, place)) for key, bid, place in pages]
            size, level = 24, level + 1

    def finish(self) -> bytes:
        nodes = [(nid, struct.pack("<QQQII", nid, data, inner, parent, 0)) for nid, data, inner, parent in sorted(self.nodes)]
        blocks = [(bid, struct.pack("<QQHHI", bid, place, size, 2, 0)) for bid, place, size in sorted(self.blocks)]
        node_root = self._tree(0x81, nodes, 32)
        block_root = self._tree(0x80, blocks, 24)
        self.out += bytes(-len(self.out) % _PAGE)
        root = struct.pack("<IQQQQQQQQBBHI", 0, len(self.out), 0x4400, 0, 0, *node_root, *block_root, 2, 0, 0, 0)[:72]
        head = struct.pack("<HHHBBII", 0x4D53, 23, 19, 1, 1, 0, 0) + struct.pack("<QQI", 0, self.next, 1) + bytes(128) + bytes(8) + root
        head += bytes(4) if len(head) == 244 else b""
        head = head.ljust(248, b"\0") + b"\xff" * 256
        head += struct.pack("<BBHQ", 0x80, 0, 0, self.next)
        self.out[0:8] = b"!BDN" + struct.pack("<I", _crc(head[:471]))
        self.out[8 : 8 + len(head)] = head
        self.out[8 + len(head) : 12 + len(head)] = struct.pack("<I", _crc(head[:516]))
        return bytes(self.out)


def _crc(data: bytes) -> int:
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _signature(place: int, bid: int) -> int:
    mixed = (place ^ bid) & 0xFFFFFFFF
    return (mixed >> 16 ^ mixed) & 0xFFFF
