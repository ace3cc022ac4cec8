"""What the readers of old Office files share: properties, embedded objects, and a writer of OLE containers.

The writer is needed because an embedded object is a *storage* inside its
host: to be read as a file of its own it has to become a container again
([MS-CFB]).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from piiscan.extractors.base import Reading
from piiscan.extractors.office._opc import unwrap_ole
from piiscan.model import Embedded
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["bitmap", "build", "damaged", "embedded_storages", "pictures", "properties", "storage", "stream"]

# Identifiers of properties that a person wrote ([MS-OLEPS] 3.1.2 and 3.1.3)
_PROPERTIES = {
    "\x05SummaryInformation": {2: "title", 3: "subject", 4: "author", 5: "keywords", 6: "comments", 8: "last_saved_by"},
    "\x05DocumentSummaryInformation": {2: "category", 14: "manager", 15: "company"},
}
_PROPERTY_BYTES, _PROPERTY_COUNT = 4 * 1024**2, 1_000

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _DIFAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC, 0xFFFFFFFF


def properties(ole: Any) -> Iterator[str]:
    """``name: text`` of each document property that a person wrote, custom ones included ([MS-OLEPS]).

    Not olefile's own reader: it believes the counts in the file, and a damaged one keeps it busy for ever.
    """
    for name, known in _PROPERTIES.items():
        data = stream(ole, name)[:_PROPERTY_BYTES]
        for i in range(min(_number(data, 24), 2)):
            at = _number(data, 28 + 20 * i + 16)
            if at:
                yield from _section(data[at:], known if i == 0 else {})


def _section(data: bytes, names: dict[int, str]) -> Iterator[str]:
    """Properties of one set; ``names`` by identifier, else by the dictionary in the set (2.17)."""
    places = {_number(data, 8 + 8 * i): _number(data, 12 + 8 * i) for i in range(min(_number(data, 4), _PROPERTY_COUNT))}
    codepage = _number(data, places[1] + 4) & 0xFFFF if 1 in places else 932
    encoding = {65001: "utf-8", 1200: "utf-16-le", 0: "cp932"}.get(codepage, f"cp{codepage}")
    names = names or _dictionary(data, places.get(0, 0), encoding)
    for identifier, name in names.items():
        at = places.get(identifier)
        if not at:
            continue
        kind, size = _number(data, at), _number(data, at + 4)
        if kind == 0x1E:
            text = _decode(data[at + 8 : at + 8 + size], encoding)
        elif kind == 0x1F:
            text = _decode(data[at + 8 : at + 8 + 2 * size], "utf-16-le")
        else:
            continue
        if text:
            yield f"{name}: {text}"


def _dictionary(data: bytes, at: int, encoding: str) -> dict[int, str]:
    names: dict[int, str] = {}
    count = min(_number(data, at), _PROPERTY_COUNT) if at else 0
    at += 4
    for _ in range(count):
        identifier, size = _number(data, at), _number(data, at + 4)
        size = -(-2 * size // 4) * 4 if encoding == "utf-16-le" else size
        names[identifier] = _decode(data[at + 8 : at + 8 + size], encoding)
        at += 8 + size
    return names


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _decode(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding, "replace")
    except LookupError:
        text = data.decode("cp932", "replace")
    return text.partition("\0")[0].strip()


def stream(ole: Any, name: str | Sequence[str]) -> bytes:
    """All bytes of a stream; empty when there is none of that name."""
    if not ole.exists(name):
        return b""
    with ole.openstream(name) as opened:
        return bytes(opened.read())


#: What olefile notes, and then gives what is left, where bytes of a stream or entries of the directory are gone.
_LOSSES = frozenset({"OLE stream size is less than declared", "OLE DirEntry index out of range", "incomplete OLE stream"})


def damaged(ole: Any) -> Iterator[Problem]:
    """What was lost of the streams that were read so far, for a reader to say at its end."""
    losses = sum(message in _LOSSES for _, message in ole.parsing_issues)
    if losses:
        yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, f"OLE container: {losses} streams or entries end early")


def embedded_storages(reading: Reading, ole: Any, pool: str) -> Iterator[Embedded | Problem]:
    """Each object below the storage ``pool`` (``ObjectPool`` of Word, none elsewhere) as a file of its own."""
    objects: dict[str, list[list[str]]] = {}
    for path in ole.listdir():
        if len(path) > 2 and path[0].casefold() == pool.casefold():
            objects.setdefault(path[1], []).append(path)
    for name, paths in objects.items():
        yield from storage(reading, ole, paths, 2, f"{pool}/{name}.bin")


def storage(reading: Reading, ole: Any, paths: list[list[str]], depth: int, label: str) -> Iterator[Embedded | Problem]:
    """The streams of a storage, at the end of ``paths`` from ``depth`` on, as a file of its own."""
    try:
        content = build({tuple(path[depth:]): stream(ole, path) for path in paths})
    except Exception as error:  # noqa: BLE001 - olefile raises what the file makes it raise
        yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, f"OLE: {type(error).__name__}", label)
        return
    spooled = reading.spool(label, content)
    if isinstance(spooled, Embedded):
        yield from unwrap_ole(reading, spooled)
    else:
        yield spooled


#: The record of a metafile, JPEG, PNG, bitmap or TIFF in a drawing ([MS-ODRAW] 2.2.23): type, size; then one or two digests and a byte.
_BLIP = re.compile(rb"[\x1a\x1b\x1d\x1e\x1f\x29\x2a]\xf0(?=(.{4}))", re.DOTALL)
_METAFILE_HEAD = struct.Struct("<I16x8xIBB")  # bytes unpacked and packed, 0 for packed, 0xFE
_METAFILE_MOST = 32 * 1024**2
_DIGEST = 16
_BLIPS = 500


def pictures(reading: Reading, streams: Iterable[bytes]) -> Iterator[Embedded | Problem]:
    """Each picture that stands in one of ``streams`` as a file of its own, wherever the drawings keep it; the same one once."""
    number = 0
    for data in streams:
        for found in _BLIP.finditer(data):
            end = found.start() + 6 + int.from_bytes(found[1], "little")
            if end > len(data) or number >= _BLIPS:
                continue
            for digests in (1, 2):
                start = found.start() + 6 + digests * _DIGEST + 1
                picture = data[start:end]
                if data[found.start()] in b"\x1a\x1b":
                    picture = _metafile(data[start - 1 : end])
                if picture[:3] == b"\xff\xd8\xff" or picture[:4] in {b"\x89PNG", b"II*\0", b"MM\0*", b"\1\0\0\0", b"\1\0\x09\0"}:
                    number += 1
                    yield reading.spool(f"picture {number}", picture)
                    break
                if picture[:4] == b"\x28\0\0\0":  # a bitmap without the header that makes it a file
                    number += 1
                    yield reading.spool(f"picture {number}", bitmap(picture))
                    break


def _metafile(data: bytes) -> bytes:
    """A metafile out of its record ([MS-ODRAW] 2.2.24, 2.2.25), where it is packed as a rule; empty when there is none."""
    if len(data) < _METAFILE_HEAD.size:
        return b""
    _, size, packed, mark = _METAFILE_HEAD.unpack_from(data)
    content = data[_METAFILE_HEAD.size : _METAFILE_HEAD.size + size]
    if mark != 0xFE or packed not in {0, 0xFE}:
        return b""
    try:
        return content if packed else zlib.decompressobj().decompress(content, _METAFILE_MOST)
    except zlib.error:
        return b""


def bitmap(data: bytes) -> bytes:
    """A bitmap as drawings hold it, as a file: the header in front that it lacks."""
    bits, masks, colours = int.from_bytes(data[14:16], "little"), data[16] == 3, _number(data, 32)
    table = 4 * (colours or (1 << bits if bits <= 8 else 0)) + 12 * masks
    return struct.pack("<2sIHHI", b"BM", 14 + len(data), 0, 0, 14 + 40 + table) + data


def build(streams: Mapping[tuple[str, ...], bytes]) -> bytes:
    """An OLE container (version 3) that holds ``streams`` by path."""
    entries: list[_Entry] = [_Entry("Root Entry", 5)]
    for path in streams:
        at = 0
        for depth, name in enumerate(path):
            last = depth == len(path) - 1
            known = next((i for i in entries[at].children if entries[i].name == name), None)
            if known is None:
                entries.append(_Entry(name, 2 if last else 1, streams[path] if last else b""))
                known = len(entries) - 1
                entries[at].children.append(known)
            at = known
    for entry in entries:
        entry.child = _balance(entries, sorted(entry.children, key=lambda i: (len(entries[i].name), entries[i].name.upper())))

    mini, mini_fat = bytearray(), list[int]()
    sectors, fat = bytearray(), list[int]()
    for entry in entries[1:]:
        if entry.kind != 2 or not entry.data:
            continue
        if len(entry.data) < _CUTOFF:
            entry.start = _append(mini, mini_fat, entry.data, _MINI)
        else:
            entry.start = _append(sectors, fat, entry.data, _SECTOR)
    root = entries[0]
    root.size = len(mini)
    root.start = _append(sectors, fat, bytes(mini), _SECTOR) if mini else _END
    table = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    mini_fat_at = _append(sectors, fat, table + b"\xff" * (-len(table) % _SECTOR), _SECTOR) if mini else _END
    directory = b"".join(entry.pack() for entry in entries)
    blank = struct.pack("<64xHBBIII16x4x8x8xIQ", 0, 0, 0, _NONE, _NONE, _NONE, 0, 0)
    directory_at = _append(sectors, fat, directory + blank * (-len(entries) % 4), _SECTOR)

    fat_sectors = more = 0
    while fat_sectors * 128 < len(fat) + fat_sectors + more:
        fat_sectors += 1
        more = max(0, -(-(fat_sectors - 109) // 127))  # sectors of the list of FAT sectors that the header has no room for
    fat_at = len(fat)
    fat += [_FAT] * fat_sectors + [_DIFAT] * more
    fat += [_FREE] * (fat_sectors * 128 - len(fat))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        fat_sectors,
        directory_at,
        0,
        _CUTOFF,
        mini_fat_at,
        -(-len(table) // _SECTOR),
        fat_at + fat_sectors if more else _END,
        more,
    )
    places = list(range(fat_at, fat_at + fat_sectors))
    lists = b""
    for i in range(more):
        part = places[109 + 127 * i : 109 + 127 * (i + 1)]
        part += [_FREE] * (127 - len(part))
        lists += struct.pack("<128I", *part, fat_at + fat_sectors + i + 1 if i + 1 < more else _END)
    first = places[:109] + [_FREE] * (109 - len(places[:109]))
    return header + struct.pack("<109I", *first) + bytes(sectors) + struct.pack(f"<{len(fat)}I", *fat) + lists


class _Entry:
    """An entry of the directory ([MS-CFB] 2.6.1)."""

    def __init__(self, name: str, kind: int, data: bytes = b"") -> None:
        self.name, self.kind, self.data = name[:31], kind, data
        self.children: list[int] = []
        self.left = self.right = self.child = _NONE
        self.start, self.size = (0 if kind == 1 else _END), len(data)

    def pack(self) -> bytes:
        name = self.name.encode("utf-16-le", "replace")
        return struct.pack(
            "<64sHBBIII16x4x8x8xIQ", name, len(name) + 2, self.kind, 1, self.left, self.right, self.child, self.start, self.size
        )


def _balance(entries: list[_Entry], order: list[int]) -> int:
    """Siblings as a balanced tree; the number of its root."""
    if not order:
        return _NONE
    middle = len(order) // 2
    entry = entries[order[middle]]
    entry.left, entry.right = _balance(entries, order[:middle]), _balance(entries, order[middle + 1 :])
    return order[middle]


def _append(area: bytearray, table: list[int], data: bytes, unit: int) -> int:
    """Put ``data`` into sectors of ``unit`` bytes and chain them; the number of the first."""
    start = len(table)
    count = -(-len(data) // unit)
    area += data + b"\0" * (count * unit - len(data))
    table += [*range(start + 1, start + count), _END]
    return start
