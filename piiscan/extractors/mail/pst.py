"""Outlook stores (.pst, .ost): every item of every folder, also of those that Outlook hides.

``libpff`` reads the store. It is LGPL, so it is an extra; without it a store
is reported as unsupported by name, with the command that helps. Each item is
written to the private folder as the ``.msg`` file that Outlook would save, and
read as one: what a message holds is known in one place only.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterable, Iterator
from typing import Any

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.engines import engine, missing
from piiscan.extractors.mail._heap import heap_properties, is_heap
from piiscan.extractors.office._ole import build
from piiscan.model import Embedded
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "pst"
MEDIA_TYPES = ("application/vnd.ms-outlook-pst",)
SUFFIXES = (".pst", ".ost")
DOC = FormatDoc(
    description="Outlook stores (PST, OST)",
    description_ja="Outlookデータファイル（PST・OST）",
    engine="libpff-python (LGPL, an extra)",
    engine_ja="libpff-python（LGPL、拡張）",
    sees=(
        "mails, contacts, appointments, tasks and notes of every folder",
        "headers, all bodies, attachments, attached messages",
        "items that are deleted but still there",
    ),
    sees_ja=(
        "全フォルダーのメール、連絡先、予定、仕事、メモ",
        "ヘッダー、すべての本文、添付ファイル、添付されたメール",
        "削除済みで、まだ残っている項目",
    ),
    limitations=(
        "without the extra a store is reported as unsupported",
        "of a message that is attached to another one, receivers, attachments and texts of more than some 3,500 bytes are out of libpff's reach; the outcome says so",
        "the password of a PST only guards Outlook's own door: the content is read without it",
    ),
    limitations_ja=(
        "拡張がなければ未対応と報告します",
        "別のメールに添付されたメールの宛先・添付ファイル・約3,500バイトを超える文字はlibpffでは読めず、その旨を報告します",
        "PSTのパスワードはOutlookで開くときにだけ効くもので、中身はパスワードなしで読めます",
    ),
    needs=("libpff-python",),
    references=("[MS-PST]", "https://github.com/libyal/libpff"),
)

_FIXED = {0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0B, 0x14, 0x40}
_VARIABLE = {0x1E, 0x1F, 0x102}
_TOP, _INNER, _PART = 32, 24, 8  # bytes before the fixed properties of a message, an attached one, a part
_DEPTH = 50  # folders in folders: a damaged store may go round in circles
_DATA_BYTES = 1 << 30
_FILE, _INSIDE = "__substg1.0_37010102", "__substg1.0_3701000D"

# What libpff raises for a damaged store; its MemoryError says that it could not make an object, not that memory is short.
_FAULTS = (OSError, MemoryError, ValueError, OverflowError, struct.error)

_Streams = dict[tuple[str, ...], bytes]


def extract(reading: Reading) -> Iterator[Piece]:
    """Every item as a file of its own, folder by folder."""
    if engine("libpff-python").probe() is None:
        yield missing("libpff-python")
        return
    import pypff

    store = pypff.file()
    with reading.open() as file:
        try:
            store.open_file_object(file)
        except _FAULTS as error:
            yield problem(ProblemKind.BROKEN, f"PST: {type(error).__name__}")
            return
        try:
            names = _names(store)
            try:
                root = store.root_folder
            except _FAULTS as error:
                yield problem(ProblemKind.BROKEN, f"PST: {type(error).__name__}")
                return
            yield from _folder(reading, root, (), names)
            for item in _each(store, "orphan_item", "orphan_items"):
                yield from _item(reading, item, "orphan", names)
        finally:
            store.close()


def _each(holder: Any, one: str, many: str) -> Iterator[Any]:
    """The parts of a kind that can be reached; ``None`` for one that is damaged."""
    try:
        count = getattr(holder, f"get_number_of_{many}")()
    except _FAULTS:
        yield None
        return
    for i in range(count):
        try:
            yield getattr(holder, f"get_{one}")(i)
        except _FAULTS:
            yield None


def _folder(reading: Reading, folder: Any, path: tuple[str, ...], names: _Streams) -> Iterator[Piece]:
    where = "/".join(path)
    for message in _each(folder, "sub_message", "sub_messages"):
        yield from _item(reading, message, where, names)
    for inner in _each(folder, "sub_folder", "sub_folders"):
        if inner is None or len(path) >= _DEPTH:
            yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, "a folder of the store", where)
            continue
        yield from _folder(reading, inner, (*path, _name(inner)), names)


def _name(folder: Any) -> str:
    try:
        return str(folder.name or "").replace("/", "_") or "folder"
    except _FAULTS:
        return "folder"


def _item(reading: Reading, item: Any, where: str, names: _Streams) -> Iterator[Piece]:
    """An item as a ``.msg``; it is a stretch of the store, so it does not count as unpacked."""
    lost: list[int] = []
    label, content = where, b""
    try:
        if item is not None:
            label = f"{where}/{item.identifier}.msg"
            content = build({**_message(item, lost), **names})
    except _FAULTS:
        content = b""
    if not content:
        yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, "an item of the store", where)
        return
    spooled = reading.spool(label, content, media_type="application/vnd.ms-outlook")
    if isinstance(spooled, Embedded):
        reading.budget.members -= 1
        reading.budget.unpacked -= len(content)
    yield spooled
    if sum(lost):
        yield Problem(ProblemKind.PART_NOT_READ, Stage.EXTRACT, f"attached message: {sum(lost)} long texts or attachments of it", label)


# ------------------------------------------------------------- as a .msg file


def _message(item: Any, lost: list[int]) -> _Streams:
    """A message with its receivers and attachments; ``lost`` takes how much of attached messages is out of reach."""
    streams = _properties(item, (), _TOP)
    receivers: Any = getattr(item, "recipients", None)
    for i in range(receivers.number_of_record_sets if receivers is not None else 0):
        streams |= _entries(receivers.get_record_set(i), (f"__recip_version1.0_#{i:08X}",), _PART)
    for i, attachment in enumerate(_each(item, "attachment", "attachments")):
        folder = f"__attach_version1.0_#{i:08X}"
        if attachment is None:
            lost.append(1)
            continue
        streams |= _properties(attachment, (folder,), _PART)
        if streams.get((folder, _FILE)):
            continue
        data = _data(attachment)
        if is_heap(data):
            found, elsewhere = heap_properties(data)
            lost.append(elsewhere)
            streams |= _streams(((number, kind, value) for (number, kind), value in found.items()), (folder, _INSIDE), _INNER)
        else:
            streams[folder, _FILE] = data
    return streams


def _data(attachment: Any) -> bytes:
    try:
        return bytes(attachment.read_buffer(min(attachment.get_size(), _DATA_BYTES)) or b"")
    except _FAULTS:
        return b""


def _properties(item: Any, folder: tuple[str, ...], head: int) -> _Streams:
    streams: _Streams = {}
    for i in range(item.number_of_record_sets):
        streams |= _entries(item.get_record_set(i), folder, head)
    return streams


def _entries(entries: Any, folder: tuple[str, ...], head: int) -> _Streams:
    """The properties of one set."""

    def values() -> Iterator[tuple[int, int, bytes]]:
        for i in range(entries.number_of_entries):
            entry = entries.get_entry(i)
            if entry.entry_type is not None and entry.value_type is not None:
                with contextlib.suppress(*_FAULTS):
                    yield entry.entry_type, entry.value_type, entry.data or b""

    return _streams(values(), folder, head)


def _streams(values: Iterable[tuple[int, int, bytes]], folder: tuple[str, ...], head: int) -> _Streams:
    """Properties (number, kind, value): those of fixed size in one stream, the others in a stream each ([MS-OXMSG] 2.4)."""
    fixed = bytearray(head)
    streams: _Streams = {}
    for number, kind, data in values:
        if kind in _FIXED:
            fixed += struct.pack("<HHI", kind, number, 0) + data[:8].ljust(8, b"\0")
        elif kind in _VARIABLE:
            streams[*folder, f"__substg1.0_{number:04X}{kind:04X}"] = data
        elif kind in {0x101E, 0x101F} and len(data) >= 4:
            for at, value in enumerate(_values(data)):
                streams[*folder, f"__substg1.0_{number:04X}{kind:04X}-{at:08X}"] = value
    streams[*folder, "__properties_version1.0"] = bytes(fixed)
    return streams


def _values(data: bytes) -> Iterator[bytes]:
    """The texts of a list: a count, where each begins, then the texts ([MS-PST] 2.3.3.4.2)."""
    count = min(struct.unpack_from("<I", data)[0], len(data) // 4 - 1)
    starts = struct.unpack_from(f"<{count}I", data, 4)
    for start, end in zip(starts, (*starts[1:], len(data)), strict=True):
        yield data[start:end]


def _names(store: Any) -> _Streams:
    """What the named properties are called, as a ``.msg`` keeps it."""
    streams: _Streams = {}
    try:
        known: Any = store.name_to_id_map
        for i in range(known.number_of_record_sets if known is not None else 0):
            entries = known.get_record_set(i)
            for at in range(entries.number_of_entries):
                entry = entries.get_entry(at)
                if entry.entry_type in {2, 3, 4} and entry.value_type == 0x102:
                    streams["__nameid_version1.0", f"__substg1.0_{entry.entry_type:04X}0102"] = entry.data or b""
    except _FAULTS:
        return {}
    return streams
