"""``winmail.dat``: what Outlook sends in place of attachments when it believes that the receiver has Outlook too ([MS-OXTNEF]).

A list of attributes, one after the other; most of what counts is in two of
them, which hold MAPI properties.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.mail._mapi import Attachment, Message, Properties, Value, codepage_of, label_of, narrow, pieces_of, value_of
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SIGNATURE", "SUFFIXES", "extract"]

NAME = "tnef"
MEDIA_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
SUFFIXES = (".dat", ".tnef")
SIGNATURE = b"\x78\x9f\x3e\x22"
DOC = FormatDoc(
    description="winmail.dat (TNEF), the wrapper that Outlook puts around bodies and attachments",
    description_ja="winmail.dat（TNEF）",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=(
        "subject, sender, receivers",
        "plain, HTML and compressed RTF bodies",
        "attachments and attached messages",
        "fields of contacts and appointments",
    ),
    sees_ja=(
        "件名、差出人、宛先",
        "テキスト、HTML、圧縮RTFの本文",
        "添付ファイルと添付されたメール",
        "連絡先と予定の項目",
    ),
    limitations=("checksums are not verified", "embedded OLE objects are read as containers only"),
    limitations_ja=(
        "チェックサムは検証しません",
        "埋め込みOLEオブジェクトは入れ物としてだけ読みます",
    ),
    references=("[MS-OXTNEF]", "[MS-OXPROPS]"),
)

_LARGEST = 512 * 1024**2
_CODEPAGE, _CLASS, _SUBJECT, _FROM, _BODY, _SENT = 0x9007, 0x8008, 0x8004, 0x8000, 0x800C, 0x8005
_MESSAGE, _RECEIVERS, _FILE, _FILE_BEGINS, _FILE_DATA, _FILE_TITLE = 0x9003, 0x9004, 0x9005, 0x9002, 0x800F, 0x8010
_INNER_MESSAGE = bytes.fromhex("0703020000000000C000000000000046")  # IID_IMessage
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_MOST = 100_000


@dataclass(slots=True)
class _File:
    own: Properties = field(default_factory=Properties)
    title: str = ""
    data: bytes = b""


class _Cut(Exception):  # noqa: N818 - a state of the file, not a fault of ours
    """The bytes end before the structure does."""


def extract(reading: Reading) -> Iterator[Piece]:
    """Header, body, other fields, then the attachments."""
    if reading.size > _LARGEST:
        yield problem(ProblemKind.TOO_LARGE, f"{reading.size} bytes of TNEF")
        return
    with reading.open() as file:
        data = file.read()
    message, whole = _message(data)
    yield from pieces_of(message, reading)
    if not whole:
        yield problem(ProblemKind.BROKEN_PART, "TNEF attributes")


def _message(data: bytes) -> tuple[Message, bool]:
    message = Message(Properties())
    own = message.properties.by_id
    files: list[_File] = []
    codepage = ""
    whole = True
    at = 6
    while at + 9 <= len(data):
        number, _, size = struct.unpack_from("<HHI", data, at + 1)
        body = data[at + 9 : at + 9 + size]
        whole = len(body) == size
        at += 9 + size + 2
        try:
            if number == _CODEPAGE and size >= 4:
                codepage = codepage_of(struct.unpack_from("<I", body)[0])
            elif number == _MESSAGE:
                message.properties, _ = _properties(body, 0, codepage)
                message.properties.by_id = {**own, **message.properties.by_id}
                own = message.properties.by_id
            elif number == _RECEIVERS:
                message.receivers += _rows(body, codepage)
            elif number == _FILE_BEGINS:
                files.append(_File())
            elif number == _FILE and files:
                files[-1].own, _ = _properties(body, 0, codepage)
            elif number == _FILE_DATA and files:
                files[-1].data = body
            elif number == _FILE_TITLE and files:
                files[-1].title = narrow(body, codepage)
            elif number in {_SUBJECT, _BODY}:
                own.setdefault({_SUBJECT: 0x0037, _BODY: 0x1000}[number], narrow(body, codepage))
            elif number == _SENT and size >= 14:
                own.setdefault(0x0039, "{:04}-{:02}-{:02} {:02}:{:02}".format(*struct.unpack_from("<5H", body)))
            elif number == _FROM:
                _sender(own, body, codepage)
            elif number == _CLASS:
                own.setdefault(0x001A, _class(narrow(body, codepage)))
        except (_Cut, struct.error):
            whole = False
        if not whole:
            break
    message.attachments = [_attachment(file) for file in files]
    return message, whole


def _class(name: str) -> str:
    """``Microsoft Mail v3.0`` names of message classes, as MAPI says them."""
    return {"ipm.microsoft mail.note": "IPM.Note", "ipm.microsoft schedule.mtgreq": "IPM.Schedule.Meeting.Request"}.get(name.lower(), name)


def _sender(own: dict[int, Value], body: bytes, codepage: str) -> None:
    """TRP structure: kind, size, sizes of name and address, then both ([MS-OXTNEF] 2.1.3.3.3)."""
    _, _, name, address = struct.unpack_from("<4H", body)
    own.setdefault(0x0C1A, narrow(body[8 : 8 + name], codepage))
    own.setdefault(0x0C1F, narrow(body[8 + name : 8 + name + address], codepage).partition(":")[2])


def _attachment(file: _File) -> Attachment:
    own = file.own
    name = own.text(0x3707, 0x3704, 0x3001) or file.title
    data = own.by_id.get(0x3701)
    if isinstance(data, bytes) and data.startswith(_INNER_MESSAGE):
        inner = data[16:]
        return Attachment(f"{name or 'message'}.winmail.dat", lambda: inner, MEDIA_TYPES[0])
    if isinstance(data, bytes) and data and not file.data:
        # An OLE object stands behind the identifier of its interface.
        inner = data[16:] if data[16:].startswith(b"\xd0\xcf\x11\xe0") else data
        return Attachment(name, lambda: inner, own.text(0x370E))
    return Attachment(name, lambda: file.data, own.text(0x370E))


def _rows(data: bytes, codepage: str) -> Iterator[Properties]:
    count, at = struct.unpack_from("<I", data)[0], 4
    for _ in range(min(count, _MOST)):
        row, at = _properties(data, at, codepage)
        yield row


def _properties(data: bytes, at: int, codepage: str) -> tuple[Properties, int]:
    """A list of properties, and where it ends (2.1.3.4).

    :raises _Cut: when it ends too early.
    """
    found = Properties()
    count = _number(data, at)
    at += 4
    for _ in range(min(count, _MOST)):
        tag = _number(data, at)
        kind, number = tag & 0xFFFF, tag >> 16
        at += 4
        label = ""
        if number >= 0x8000:
            guid, named, value = data[at : at + 16], _number(data, at + 16), _number(data, at + 20)
            at += 24
            name = ""
            if named == 1:
                name = data[at : at + value].decode("utf-16-le", "replace").rstrip("\0")
                at += _padded(value)
            label = label_of(guid, named, name, value)
        many = bool(kind & 0x1000)
        kind &= ~0x1000
        variable = kind in {0x0D, 0x1E, 0x1F, 0x102}
        values: list[Value] = []
        times = 1
        if many or variable:
            times = _number(data, at)
            at += 4
        for _ in range(min(times, _MOST)):
            size = _number(data, at) if variable else _FIXED.get(kind, -1)
            at += 4 if variable else 0
            if size < 0 or at + size > len(data):
                raise _Cut
            one = value_of(kind, data[at : at + size], codepage)
            at += _padded(size)
            if one is not None:
                values.append(one)
        if not values:
            continue
        joined: Value = ", ".join(str(one) for one in values) if many and not isinstance(values[0], bytes) else values[0]
        if label:
            found.named[label] = joined
        else:
            found.by_id[number] = joined
    return found, at


def _number(data: bytes, at: int) -> int:
    if at + 4 > len(data):
        raise _Cut
    return int.from_bytes(data[at : at + 4], "little")


def _padded(size: int) -> int:
    return -(-size // 4) * 4
