"""Messages of Outlook and Exchange, however they are kept: what a MAPI message holds, and how it is told.

A ``.msg`` file, a ``winmail.dat`` and a ``.pst`` store hold the same thing:
properties by number ([MS-OXPROPS]), receivers and attachments with properties
of their own. Their readers fill a :class:`Message`; :func:`pieces_of` turns it
into text, whether it is a mail, a contact, an appointment or a task.
"""

from __future__ import annotations

import datetime as dt
import email.parser
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from piiscan.extractors.base import Piece, Reading, problem
from piiscan.extractors.mail import _lzfu
from piiscan.extractors.mail.eml import POLICY, header_lines, segments
from piiscan.extractors.office import rtf
from piiscan.extractors.text.encodings import decode
from piiscan.extractors.text.html import decoded_html, pieces_of_html, text_of_html
from piiscan.model import Embedded, Part, Role, Segment
from piiscan.problems import ProblemKind

__all__ = ["Attachment", "Message", "Properties", "Value", "codepage_for", "codepage_of", "label_of", "pieces_of", "value_of"]

#: Text, bytes, or a number or time already written as text.
Value = str | bytes

_ENCRYPTED = ("ipm.note.smime", "ipm.note.secure")
_FROM = ((0x0C1A, (0x5D01, 0x0C1F)), (0x0042, (0x5D02, 0x0065)))  # sender, and whom it is sent for: name, then address
_RECEIVED_BY = ((0x0040, (0x0076, 0x0078)), (0x0044, (0x0078,)))
_KINDS = {"1": "To", "2": "Cc", "3": "Bcc"}
_LISTS = ((0x0E04, "To"), (0x0E03, "Cc"), (0x0E02, "Bcc"))
_SUBJECT, _TOPIC, _SENT, _DELIVERED = 0x0037, 0x0070, 0x0039, 0x0E06
_HEADERS, _BODY, _HTML, _RTF = 0x007D, 0x1000, 0x1013, 0x1009
_NAME, _ADDRESS, _SMTP, _TYPE = 0x3001, 0x3003, 0x39FE, 0x0C15

# Properties of contacts that a person filled in ([MS-OXOCNTC]).
_PERSONAL = {
    0x3A02: "phone", 0x3A05: "generation", 0x3A06: "given name", 0x3A07: "government id", 0x3A08: "work phone", 0x3A09: "home phone",
    0x3A0A: "initials", 0x3A0D: "location", 0x3A11: "surname", 0x3A15: "postal address", 0x3A16: "company", 0x3A17: "title",
    0x3A18: "department", 0x3A19: "office", 0x3A1A: "primary phone", 0x3A1B: "work phone 2", 0x3A1C: "mobile phone", 0x3A1D: "radio phone",
    0x3A1E: "car phone", 0x3A1F: "other phone", 0x3A21: "pager", 0x3A23: "fax", 0x3A24: "business fax", 0x3A25: "home fax",
    0x3A26: "country", 0x3A27: "city", 0x3A28: "prefecture", 0x3A29: "street", 0x3A2A: "postal code", 0x3A2B: "post office box",
    0x3A2D: "ISDN", 0x3A2E: "assistant's phone", 0x3A2F: "home phone 2", 0x3A30: "assistant", 0x3A41: "anniversary", 0x3A42: "birthday",
    0x3A43: "hobbies", 0x3A44: "middle name", 0x3A45: "prefix", 0x3A46: "profession", 0x3A47: "referred by", 0x3A48: "spouse",
    0x3A4E: "manager", 0x3A4F: "nickname", 0x3A50: "home page", 0x3A51: "business page", 0x3A57: "company phone", 0x3A58: "children",
    0x3A59: "home city", 0x3A5A: "home country", 0x3A5B: "home postal code", 0x3A5C: "home prefecture", 0x3A5D: "home street",
    0x3A5E: "home box", 0x3A5F: "other city", 0x3A60: "other country", 0x3A61: "other postal code", 0x3A62: "other prefecture",
    0x3A63: "other street", 0x3A64: "other box",
}  # fmt: skip
# Named properties by their number in the sets of addresses, appointments and tasks ([MS-OXPROPS] 1.3.2).
_NAMED = {
    0x8005: "file as", 0x801A: "home address", 0x801B: "business address", 0x801C: "other address", 0x802C: "given name reading",
    0x802D: "surname reading", 0x802E: "company reading", 0x8045: "business street", 0x8046: "business city", 0x8047: "business prefecture",
    0x8048: "business postal code", 0x8049: "business country", 0x8062: "instant messaging", 0x8080: "email 1 name", 0x8083: "email 1",
    0x8084: "email 1 shown", 0x8090: "email 2 name", 0x8093: "email 2", 0x8094: "email 2 shown", 0x80A0: "email 3 name", 0x80A3: "email 3",
    0x80A4: "email 3 shown", 0x80B2: "fax 1", 0x80B3: "fax 1 shown", 0x8208: "location", 0x8238: "attendees", 0x823B: "required attendees",
    0x823C: "optional attendees", 0x8121: "assigned by", 0x811F: "task owner", 0x8539: "companies", 0x853A: "contacts",
}  # fmt: skip
_PREFIX = "".join(map(chr, range(33)))  # a store marks the length of "Re: " with two control characters
_FILETIME = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
_LARGEST_BODY = 64 * 1024**2


@dataclass(slots=True)
class Properties:
    """Properties by number, and named ones by ``label``."""

    by_id: dict[int, Value] = field(default_factory=dict)
    named: dict[str, Value] = field(default_factory=dict)

    def text(self, *numbers: int) -> str:
        """The first of these that is text and not empty."""
        for number in numbers:
            value = self.by_id.get(number, "")
            if isinstance(value, str) and value.strip():
                return value.strip()
        return ""


@dataclass(slots=True)
class Attachment:
    """A file, or another message, that travels with one. ``content`` is called when it is read, not before."""

    name: str
    content: Callable[[], bytes | Iterator[bytes]]
    media_type: str = ""


@dataclass(slots=True)
class Message:
    """A message, contact, appointment, task, note or journal entry."""

    properties: Properties
    receivers: list[Properties] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


# ------------------------------------------------------------------ values


def codepage_of(number: int) -> str:
    """The Python encoding of a Windows code page that eight-bit text properties are in."""
    japanese = {932, 50220, 50221, 50222, 51932, 20932}  # an ISO-2022-JP or EUC mail is kept in Shift_JIS
    if number in japanese:
        return "cp932"
    return {65001: "utf-8", 1200: "utf-16-le", 20127: "ascii", 28591: "cp1252"}.get(number, f"cp{number}" if number else "")


def codepage_for(numbers: Mapping[int, Value]) -> str:
    """The encoding of a message's eight-bit texts: what it says of itself, else that of its language; empty when it says nothing."""
    for number in (0x3FFD, 0x3FDE):
        value = str(numbers.get(number, ""))
        name = codepage_of(int(value)) if value.isdigit() else ""
        if name not in {"", "ascii", "utf-8", "utf-16-le"} or (name and number == 0x3FFD):
            return name
    language = str(numbers.get(0x3FF1, ""))
    return _LANGUAGES.get(int(language) & 0x3FF if language.isdigit() else 0, "") if language != "2052" else "gb18030"


#: Primary language -> code page of its Windows.
_LANGUAGES = {
    0x01: "cp1256", 0x04: "cp950", 0x05: "cp1250", 0x08: "cp1253", 0x0D: "cp1255", 0x0E: "cp1250", 0x11: "cp932", 0x12: "cp949", 0x15: "cp1250",
    0x19: "cp1251", 0x1E: "cp874", 0x1F: "cp1254", 0x22: "cp1251", 0x2A: "cp1258",
}  # fmt: skip


def narrow(data: bytes, codepage: str) -> str:
    """Eight-bit text: by its code page where that fits, else by its looks."""
    data = data.rstrip(b"\0")
    if not data.isascii() and codepage:
        try:
            return data.decode(codepage)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)[0]


def value_of(kind: int, data: bytes, codepage: str) -> Value | None:
    """A property's value ([MS-OXCDATA] 2.11.1); ``None`` for kinds that hold nothing that a person reads."""
    if kind == 0x1F:
        return data[: len(data) // 2 * 2].decode("utf-16-le", "replace").rstrip("\0")
    if kind == 0x1E:
        return narrow(data, codepage)
    if kind in {0x102, 0x0D, 0xFB}:
        return data
    if kind in {0x02, 0x03} and len(data) >= 2:
        return str(int.from_bytes(data[: 2 if kind == 2 else 4], "little", signed=True))
    if kind == 0x40 and len(data) >= 8:
        return _moment(struct.unpack_from("<Q", data)[0])
    return None


def _moment(ticks: int) -> str:
    try:
        return (_FILETIME + dt.timedelta(microseconds=ticks // 10)).strftime("%Y-%m-%d %H:%M")
    except OverflowError:
        return ""


def label_of(guid: bytes, kind: int, name: str, number: int) -> str:
    """What a named property is called: its name, or the meaning of its number; empty when no person wrote it."""
    if kind == 0:
        return _NAMED.get(number, "")
    return name if guid == _PUBLIC or name.lower() in _INTERNET_KEPT else ""


#: The set of fields that users and their forms add; programs keep their own notes in other sets.
_PUBLIC = UUID("00020329-0000-0000-c000-000000000046").bytes_le
_INTERNET_KEPT = frozenset({"x-originating-email", "x-original-to", "organization", "x-sender", "reply-to"})


# ------------------------------------------------------------------- telling


def pieces_of(message: Message, reading: Reading, prefix: str = "") -> Iterator[Piece]:
    """Header lines, what a contact or an appointment says, the body, the attachments.

    :param prefix: put before the names of parts, for a message of a store.
    """
    own = message.properties
    lines = list(_header(message))
    transport = own.text(_HEADERS)
    if transport:
        said = _bare("\n".join(lines))
        parsed = email.parser.HeaderParser(policy=POLICY).parsestr(transport)
        lines += [line for line in header_lines(parsed) if not line.startswith("Date:") and _bare(line.partition(": ")[2]) not in said]
    if lines:
        yield Segment(Part(f"{prefix}header"), "\n".join(lines), role=Role.MAIL_HEADER)
    personal = list(_personal(own))
    if personal:
        yield from segments(f"{prefix}properties", "\n".join(personal))
    yield from _bodies(own, reading, prefix)
    kind = own.text(0x001A).lower()
    if kind.startswith(_ENCRYPTED) and "multipartsigned" not in kind:
        yield problem(ProblemKind.ENCRYPTED_PART, "S/MIME")
        return
    for attachment in message.attachments:
        content = attachment.content()
        if content:
            yield reading.spool(attachment.name or "attachment", content, media_type=attachment.media_type)


def _bare(text: str) -> str:
    return re.sub(r"[\s\"']", "", text).casefold()


def _header(message: Message) -> Iterator[str]:
    own = message.properties
    seen: set[str] = set()
    for names, addresses in _FROM:
        if (person := _person(own.text(names), own.text(*addresses))) and person not in seen:
            seen.add(person)
            yield f"From: {person}"
    told: dict[str, list[str]] = {}
    for receiver in message.receivers:
        kind = _KINDS.get(str(receiver.by_id.get(_TYPE, "1")), "To")
        person = _person(receiver.text(_NAME, 0x5FF6, 0x3A20), receiver.text(_SMTP, _ADDRESS))
        if person:
            told.setdefault(kind, []).append(person)
    for listed, kind in _LISTS:
        people = told.get(kind) or [name.strip() for name in own.text(listed).split(";") if name.strip()]
        if people:
            yield f"{kind}: {', '.join(dict.fromkeys(people))}"
    for names_at, addresses_at in _RECEIVED_BY:
        person = _person(own.text(names_at), own.text(*addresses_at))
        if person and not any(person in line for line in told.get("To", ())):
            yield f"Delivered-To: {person}"
            break
    if subject := own.text(_SUBJECT, _TOPIC):
        yield f"Subject: {subject.lstrip(_PREFIX)}"
    if sent := own.text(_SENT, _DELIVERED):
        yield f"Date: {sent}"


def _person(name: str, address: str) -> str:
    """``name <address>``; an X.500 address of Exchange (``/o=…/cn=…``) says nothing more than the name."""
    if address.startswith("/"):
        address = ""
    if name and address and address.casefold() not in name.casefold():
        return f"{name} <{address}>"
    return name or address


def _personal(own: Properties) -> Iterator[str]:
    """Lines of everything else that a person wrote: contact fields, places, named and custom properties."""
    said: set[str] = set()
    lines: list[tuple[str, Value]] = []
    contact = own.text(0x001A).lower().startswith(("ipm.contact", "ipm.distlist", "ipm.abchperson"))
    if contact:
        lines.append(("full name", own.text(_NAME)))
    for number, value in own.by_id.items():
        if number in _PERSONAL:
            lines.append((_PERSONAL[number], value))
    lines += own.named.items()
    for name, value in lines:
        if isinstance(value, str) and (text := value.strip()) and text not in said and not text.startswith("/o="):
            said.add(text)
            yield f"{name}: {text}"


def _bodies(own: Properties, reading: Reading, prefix: str) -> Iterator[Piece]:
    """The plain text; of HTML and RTF only what it does not hold."""
    plain = own.text(_BODY)
    said = "".join(plain.split())
    if plain:
        yield from segments(f"{prefix}body", plain)
    html = own.by_id.get(_HTML, b"") or own.by_id.get(0x1014, b"")
    if html and len(html) <= _LARGEST_BODY:
        text = decoded_html(html) if isinstance(html, bytes) else html
        if not said:
            yield from pieces_of_html(text, f"{prefix}body")
            said = "".join(text_of_html(text).split())
        else:
            yield from _new_lines(text_of_html(text), said, f"{prefix}html body")
    packed = own.by_id.get(_RTF)
    if isinstance(packed, bytes) and packed:
        data, whole = _lzfu.unpack(packed, _LARGEST_BODY)
        found: list[str] = []
        for piece in rtf.pieces_of_rtf(data, reading):
            if isinstance(piece, Segment):
                found.append(piece.text)
            elif isinstance(piece, Embedded):
                yield piece
            elif rows := getattr(piece, "rows", None):
                found += ["\t".join(row) for row in rows]
        if said:
            yield from _new_lines("\n".join(found), said, f"{prefix}rtf body")
        else:
            yield from segments(f"{prefix}body", "\n".join(found))
        if not whole:
            yield problem(ProblemKind.BROKEN_PART, "compressed RTF")


def _new_lines(text: str, said: str, part: str) -> Iterator[Piece]:
    new = [line for line in text.split("\n") if line.strip() and "".join(line.split()) not in said]
    if new:
        yield from segments(part, "\n".join(new))
