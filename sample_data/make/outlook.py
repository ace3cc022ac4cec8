"""Writers for what Outlook leaves behind: ``.msg`` files and ``winmail.dat``; and for mailboxes of other programs."""

from __future__ import annotations

import plistlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from piiscan.extractors.office._ole import build

PUBLIC_STRINGS = bytes.fromhex("2903020000000000C000000000000046")
ADDRESSES = bytes.fromhex("0420060000000000C000000000000046")


@dataclass
class Item:
    """A mail, contact or appointment.

    ``texts`` are properties by number; ``named`` by name (a field of the user)
    or by number (a field of contacts); ``receivers`` are (kind, name, address)
    with 1 To, 2 Cc, 3 Bcc; an attachment is bytes, or an item.
    """

    texts: dict[int, str | bytes] = field(default_factory=dict)
    named: dict[str | int, str] = field(default_factory=dict)
    receivers: Sequence[tuple[int, str, str]] = ()
    attachments: Sequence[tuple[str, bytes | Item]] = ()
    numbers: dict[int, int] = field(default_factory=dict)


def mail_item(sender: tuple[str, str], receivers: Sequence[tuple[int, str, str]], subject: str, body: str, **more: object) -> Item:
    """A plain mail."""
    texts: dict[int, str | bytes] = {0x001A: "IPM.Note", 0x0C1A: sender[0], 0x0C1F: sender[1], 0x0037: subject, 0x1000: body}
    return Item(texts, receivers=receivers, **more)  # type: ignore[arg-type]


# ------------------------------------------------------------------------ msg


def msg(item: Item, *, narrow: str = "") -> bytes:
    """An Outlook message file; ``narrow`` is the encoding of eight-bit text properties, as before Outlook 2003."""
    streams: dict[tuple[str, ...], bytes] = {}
    names: list[str | int] = []
    _message(item, (), streams, names, narrow, 32)
    entries, texts = b"", b""
    for index, name in enumerate(names):
        if isinstance(name, str):
            coded = name.encode("utf-16-le")
            entries += struct.pack("<IHH", len(texts), 3 << 1 | 1, index)
            texts += struct.pack("<I", len(coded)) + coded + bytes(-len(coded) % 4)
        else:
            entries += struct.pack("<IHH", name, 4 << 1, index)
    folder = "__nameid_version1.0"
    streams[folder, "__substg1.0_00020102"] = PUBLIC_STRINGS + ADDRESSES
    streams[folder, "__substg1.0_00030102"] = entries
    streams[folder, "__substg1.0_00040102"] = texts
    return build(streams)


def _message(item: Item, folder: tuple[str, ...], streams: dict[tuple[str, ...], bytes], names: list[str | int], narrow: str, head: int) -> None:  # fmt: skip
    texts = dict(item.texts)
    for name, text in item.named.items():
        if name not in names:
            names.append(name)
        texts[0x8000 + names.index(name)] = text
    numbers = dict(item.numbers)
    if narrow:
        numbers[0x3FFD] = {"cp932": 932, "utf-8": 65001}[narrow]
    _properties(texts, numbers, folder, streams, narrow, head)
    for i, (kind, name, address) in enumerate(item.receivers):
        _properties({0x3001: name, 0x39FE: address}, {0x0C15: kind}, (*folder, f"__recip_version1.0_#{i:08X}"), streams, narrow, 8)
    for i, (name, content) in enumerate(item.attachments):
        inside = (*folder, f"__attach_version1.0_#{i:08X}")
        if isinstance(content, Item):
            _properties({0x3001: name}, {0x3705: 5}, inside, streams, narrow, 8)
            _message(content, (*inside, "__substg1.0_3701000D"), streams, names, narrow, 24)
        else:
            _properties({0x3707: name, 0x3701: content}, {0x3705: 1}, inside, streams, narrow, 8)


def _properties(texts: Mapping[int, str | bytes], numbers: Mapping[int, int], folder: tuple[str, ...], streams: dict[tuple[str, ...], bytes], narrow: str, head: int) -> None:  # fmt: skip
    fixed = bytes(head)
    for number, value in numbers.items():
        fixed += struct.pack("<HHIII", 3, number, 6, value, 0)
    for number, text in texts.items():
        kind = 0x102 if isinstance(text, bytes) else 0x1E if narrow else 0x1F
        data = text if isinstance(text, bytes) else text.encode(narrow or "utf-16-le")
        fixed += struct.pack("<HHIII", kind, number, 6, len(data), 0)
        streams[*folder, f"__substg1.0_{number:04X}{kind:04X}"] = data
    streams[*folder, "__properties_version1.0"] = fixed


def packed_rtf(rtf: bytes) -> bytes:
    """Compressed RTF (LZFu) in which nothing is a reference but the end."""
    out = bytearray()
    write = 207
    units: list[bytes] = [bytes([sign]) for sign in rtf]
    end = (write + len(rtf)) % 4096
    units.append(bytes([end >> 4, (end & 15) << 4]))
    for at in range(0, len(units), 8):
        group = units[at : at + 8]
        out.append(sum(1 << i for i, unit in enumerate(group) if len(unit) == 2))
        out += b"".join(group)
    return struct.pack("<II4sI", len(out) + 12, len(rtf), b"LZFu", 0) + bytes(out)


# ----------------------------------------------------------------- winmail.dat


def winmail(item: Item, codepage: int = 932) -> bytes:
    """The item as TNEF."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += _attribute(1, 0x00069007, struct.pack("<II", codepage, 0))
    out += _attribute(1, 0x00069003, _row(item.texts, item.named, item.numbers))
    rows = [_row({0x3001: name, 0x39FE: address}, {}, {0x0C15: kind}) for kind, name, address in item.receivers]
    out += _attribute(1, 0x00069004, struct.pack("<I", len(rows)) + b"".join(rows))
    for name, content in item.attachments:
        out += _attribute(2, 0x00069002, bytes(14))
        if isinstance(content, Item):
            inner = bytes.fromhex("0703020000000000C000000000000046") + winmail(content, codepage)
            out += _attribute(2, 0x00069005, _row({0x3001: name}, {}, {}, objects={0x3701: inner}))
        else:
            out += _attribute(2, 0x00018010, name.encode("cp932") + b"\0")
            out += _attribute(2, 0x0006800F, content)
            out += _attribute(2, 0x00069005, _row({0x3707: name}, {}, {}))
    return out


def _attribute(level: int, number: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _row(texts: Mapping[int, str | bytes], named: Mapping[str | int, str], numbers: Mapping[int, int], objects: Mapping[int, bytes] | None = None) -> bytes:  # fmt: skip
    out = struct.pack("<I", len(texts) + len(named) + len(numbers) + len(objects or {}))
    for number, value in numbers.items():
        out += struct.pack("<HHI", 3, number, value)
    for number, text in texts.items():
        data = text if isinstance(text, bytes) else text.encode("utf-16-le") + b"\0\0"
        out += struct.pack("<HHII", 0x102 if isinstance(text, bytes) else 0x1F, number, 1, len(data)) + data + bytes(-len(data) % 4)
    for index, (name, text) in enumerate(named.items()):
        out += struct.pack("<HH", 0x1F, 0x8000 + index)
        if isinstance(name, str):
            coded = name.encode("utf-16-le") + b"\0\0"
            out += PUBLIC_STRINGS + struct.pack("<II", 1, len(coded)) + coded + bytes(-len(coded) % 4)
        else:
            out += ADDRESSES + struct.pack("<II", 0, name)
        data = text.encode("utf-16-le") + b"\0\0"
        out += struct.pack("<II", 1, len(data)) + data + bytes(-len(data) % 4)
    for number, data in (objects or {}).items():
        out += struct.pack("<HHII", 0x0D, number, 1, len(data)) + data + bytes(-len(data) % 4)
    return out


# ------------------------------------------------------------------- mailboxes


def mbox(messages: Sequence[bytes]) -> bytes:
    """Messages one after the other, each behind an envelope line, as Thunderbird writes them."""
    out = b""
    for message in messages:
        lines = [b">" + line if line.startswith(b"From ") else line for line in message.replace(b"\r\n", b"\n").split(b"\n")]
        out += b"From - Mon Nov 02 10:00:00 2026\n" + b"\n".join(lines).rstrip(b"\n") + b"\n\n"
    return out


def emlx(message: bytes, sender: str, subject: str) -> bytes:
    """A message of Apple Mail."""
    facts = plistlib.dumps({"date-received": 1793581200, "flags": 8590195713, "sender": sender, "subject": subject})
    return f"{len(message)}\n".encode() + message + facts
