"""Outlook messages (.msg, .oft): mails, contacts, appointments and tasks that were saved as files ([MS-OXMSG]).

A message is an OLE container: one stream for each property of variable size,
one for all the others, and a storage for each receiver and each attachment.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import olefile

from piiscan.extractors.base import FormatDoc, Piece, Reading
from piiscan.extractors.mail._mapi import Attachment, Message, Properties, Value, codepage_for, label_of, pieces_of, value_of
from piiscan.extractors.office._ole import build, damaged, stream

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "msg"
MEDIA_TYPES = ("application/vnd.ms-outlook",)
SUFFIXES = (".msg", ".oft")
DOC = FormatDoc(
    description="Outlook items saved as files: mails, contacts, appointments, tasks",
    description_ja="Outlookメッセージ（msg）",
    engine="own reader on olefile",
    engine_ja="自前の読み取り（olefile上）",
    sees=(
        "senders, receivers with their addresses, subject, Internet headers",
        "plain, HTML and compressed RTF bodies",
        "fields of contacts and appointments, named properties",
        "attachments, attached messages of every depth, embedded objects",
    ),
    sees_ja=(
        "差出人、宛先とそのアドレス、件名、インターネットヘッダー",
        "テキスト、HTML、圧縮RTFの本文",
        "連絡先と予定の項目、名前付きプロパティ",
        "添付ファイル、添付されたメール（何段でも）、埋め込みオブジェクト",
    ),
    limitations=("S/MIME bodies are reported as encrypted", "pictures inside an RTF body are read as far as they are PNG or JPEG"),
    limitations_ja=(
        "S/MIMEの本文は「暗号化」と報告します",
        "RTF本文の中の画像は、PNGとJPEGだけ読みます",
    ),
    references=("[MS-OXMSG]", "[MS-OXPROPS]", "[MS-OXRTFCP]"),
)

_PROPERTIES, _NAMES = "__properties_version1.0", "__nameid_version1.0"
_VALUE = "__substg1.0_"
_RECEIVER, _ATTACHED = "__recip_version1.0_", "__attach_version1.0_"
_HEAD_TOP, _HEAD_INNER, _HEAD_PART = 32, 24, 8
_ENTRIES = 20_000
#: GUIDs that the table of names refers to by 1 and 2; the others are in its own list ([MS-OXMSG] 2.2.3.1.2).
_MAPI = bytes.fromhex("2803020000000000C000000000000046")
_STRINGS = bytes.fromhex("2903020000000000C000000000000046")

_Tree = dict[tuple[str, ...], list[list[str]]]


def extract(reading: Reading) -> Iterator[Piece]:
    """Header, body, other fields, then the attachments."""
    with reading.open() as file, olefile.OleFileIO(file) as ole:
        tree: _Tree = {}
        for path in ole.listdir():
            for depth in range(len(path)):
                tree.setdefault(tuple(path[:depth]), []).append(path)
        yield from pieces_of(_message(ole, tree), reading)
        yield from damaged(ole)


def _message(ole: Any, tree: _Tree) -> Message:
    fixed = _fixed(ole, (), _HEAD_TOP)
    codepage = codepage_for(fixed)
    labels = _labels(ole, codepage)
    message = Message(_properties(ole, tree, (), fixed, codepage, labels))
    for name in sorted({path[0] for path in tree.get((), ()) if len(path) > 1}):
        folder = (name,)
        if name.startswith(_RECEIVER):
            message.receivers.append(_properties(ole, tree, folder, _fixed(ole, folder, _HEAD_PART), codepage, {}))
        elif name.startswith(_ATTACHED):
            message.attachments.append(_attachment(ole, tree, folder, codepage))
    return message


def _fixed(ole: Any, folder: tuple[str, ...], head: int) -> dict[int, Value]:
    """Properties of fixed size: entries of tag, flags and value in one stream (2.4)."""
    found: dict[int, Value] = {}
    data = stream(ole, [*folder, _PROPERTIES])
    for at in range(head, min(len(data), head + 16 * _ENTRIES) - 15, 16):
        kind, number = struct.unpack_from("<HH", data, at)
        if kind in {0x02, 0x03, 0x40}:
            value = value_of(kind, data[at + 8 : at + 16], "")
            if value is not None:
                found[number] = value
    return found


def _properties(
    ole: Any, tree: _Tree, folder: tuple[str, ...], fixed: dict[int, Value], codepage: str, labels: dict[int, str]
) -> Properties:
    """All properties of a message, receiver or attachment but the file itself."""
    found = Properties(dict(fixed))
    for path in tree.get(folder, ()):
        name = path[-1]
        if len(path) != len(folder) + 1 or not name.lower().startswith(_VALUE):
            continue
        tag = name[len(_VALUE) :]
        try:
            number, kind = int(tag[:4], 16), int(tag[4:8], 16)
        except ValueError:
            continue
        if number == 0x3701 or kind & ~0x1000 not in {0x1E, 0x1F, 0x102} or (kind & 0x1000 and "-" not in tag):
            continue  # the attached file itself; the lengths of a list
        value = value_of(kind & ~0x1000, stream(ole, path), codepage)
        if value is None:
            continue
        label = labels.get(number, "") if number >= 0x8000 else ""
        target: dict[Any, Value] = found.named if label else found.by_id
        key: Any = label or number
        before = target.get(key)
        target[key] = f"{before}, {value}" if kind & 0x1000 and isinstance(before, str) and isinstance(value, str) else value
    return found


def _labels(ole: Any, codepage: str) -> dict[int, str]:
    """What the named properties are called (2.2.3)."""
    entries = stream(ole, [_NAMES, f"{_VALUE}00030102"])
    guids = stream(ole, [_NAMES, f"{_VALUE}00020102"])
    texts = stream(ole, [_NAMES, f"{_VALUE}00040102"])
    labels: dict[int, str] = {}
    for at in range(0, min(len(entries), 8 * _ENTRIES) - 7, 8):
        number, which, index = struct.unpack_from("<IHH", entries, at)
        guid = {1: _MAPI, 2: _STRINGS}.get(which >> 1, guids[16 * ((which >> 1) - 3) : 16 * ((which >> 1) - 2)])
        name = ""
        if which & 1:
            size = int.from_bytes(texts[number : number + 4], "little")
            name = str(value_of(0x1F, texts[number + 4 : number + 4 + size], codepage) or "")
        labels[0x8000 + index] = label_of(guid, which & 1, name, number)
    return labels


def _attachment(ole: Any, tree: _Tree, folder: tuple[str, ...], codepage: str) -> Attachment:
    own = _properties(ole, tree, folder, _fixed(ole, folder, _HEAD_PART), codepage, {})
    name = own.text(0x3707, 0x3704, 0x3001)
    inner = [path for path in tree.get(folder, ()) if len(path) > len(folder) + 1 and path[len(folder)].lower() == f"{_VALUE}3701000d"]
    if not inner:
        plain = next((path for path in tree.get(folder, ()) if path[-1].lower() == f"{_VALUE}37010102"), None)
        return Attachment(name, lambda: stream(ole, plain) if plain else b"", own.text(0x370E))
    depth = len(folder) + 1
    attached = any(path[depth:] == [_PROPERTIES] for path in inner)

    def container() -> bytes:
        """The storage as a file of its own; an attached message takes the names of its properties along."""
        streams = {tuple(path[depth:]): stream(ole, path) for path in inner}
        if attached:
            head = streams[_PROPERTIES,]
            streams[_PROPERTIES,] = head[:_HEAD_INNER] + bytes(_HEAD_TOP - _HEAD_INNER) + head[_HEAD_INNER:]
            streams |= {tuple(path): stream(ole, path) for path in tree.get((_NAMES,), ())}
        return build(streams)

    if attached:
        return Attachment(f"{name or 'message'}.msg", container, "application/vnd.ms-outlook")
    return Attachment(name or "object.bin", container)
