"""Mail messages (RFC 5322, MIME): headers, every text body, and the attachments as files of their own.

Japanese mail is ISO-2022-JP, Shift_JIS or UTF-8, often with raw eight-bit
headers and with file names encoded in three different ways. The standard
library's parser forgives most of that; what it cannot decode is decoded here
by looking at the bytes.
"""

from __future__ import annotations

import binascii
import email.errors
import email.header
import email.message
import email.parser
import email.policy
import re
from collections.abc import Iterator
from email.utils import collapse_rfc2231_value

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.pkcs7 import SIGNED
from piiscan.extractors.text.encodings import decode
from piiscan.extractors.text.html import pieces_of_html, text_of_html
from piiscan.model import Part, Role, Segment
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "POLICY", "SUFFIXES", "extract", "header_lines", "pieces_of_message", "segments"]

NAME = "eml"
MEDIA_TYPES = ("message/rfc822",)
SUFFIXES = (".eml", ".mht", ".mhtml")
DOC = FormatDoc(
    description="Mail messages (MIME)",
    description_ja="電子メール（MIME）",
    sees=(
        "sender, receivers, subject and other headers",
        "plain and HTML bodies",
        "attachments and attached messages of every depth",
        "ISO-2022-JP and Shift_JIS headers",
    ),
    sees_ja=(
        "差出人、宛先、件名などのヘッダー",
        "テキストとHTMLの本文",
        "添付ファイルと添付されたメール（何段でも）",
        "ISO-2022-JPとShift_JISのヘッダー",
    ),
    limitations=("S/MIME and PGP bodies are reported as encrypted", "signatures are not verified"),
    limitations_ja=(
        "S/MIMEとPGPの本文は「暗号化」と報告します",
        "電子署名は検証しません",
    ),
    references=("RFC 5322", "RFC 2045-2049", "RFC 2231"),
    engine="Python email",
)

_LARGEST = 512 * 1024**2
_SHORT = 1 << 20  # bytes of a mail that is parsed in one go
_BLOCK = 16_000
_HEADERS = (
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Delivered-To",
    "X-Original-To",
    "Resent-From",
    "Resent-To",
    "Resent-Cc",
    "Return-Path",
    "Apparently-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Sender",
    "Errors-To",
    "Organization",
    "Comments",
    "Keywords",
    "Disposition-Notification-To",
)
_ORDER = {name.lower(): at for at, name in enumerate(_HEADERS)}
_ENCRYPTED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})
#: Reports of delivery and reading: blocks of header fields that name receivers (RFC 3464, 8098).
_REPORTS = frozenset({"message/delivery-status", "message/disposition-notification"})
_UUENCODED = re.compile(r"^begin [0-7]{3,4} ([^\n]{1,255})\n((?:[\x20-\x60][^\n]{0,120}\n)*?)(?:[ `]\n)?end[ ]*$", re.MULTILINE)
_RAW = re.compile("[\udc80-\udcff]")  # bytes that are not ASCII, as the parser gives them
_PLAIN_TYPE = re.compile(r'text/\w+; ?charset=("?)(?=[A-Za-z0-9])([\w.:-]+)\1', re.ASCII)
_WRITTEN = re.compile(r"\S")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_CHARSETS = {
    "shift_jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "shift-jis": "cp932", "windows-31j": "cp932", "ms932": "cp932", "cp932": "cp932", "x-mac-japanese": "cp932", "ms_kanji": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "cp950", "x-big5": "cp950", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "iso-8859-9": "cp1254", "iso-8859-8-i": "iso-8859-8", "windows-874": "cp874", "x-mac-roman": "mac_roman",
    "iso-2022-jp": "cp50221", "iso-2022-jp-ms": "cp50221", "cp50221": "cp50221", "euc-jp": "cp51932", "x-euc-jp": "cp51932",
}  # fmt: skip
POLICY = email.policy.compat32.clone(raise_on_defect=False)


def extract(reading: Reading) -> Iterator[Piece]:
    """Yield the headers, the bodies and the attachments."""
    if reading.size > _LARGEST:
        yield problem(ProblemKind.TOO_LARGE, f"{reading.size} bytes of mail")
        return
    parser = email.parser.BytesParser(policy=POLICY)
    with reading.open() as file:
        message = parser.parsebytes(file.read()) if reading.size < _SHORT else parser.parse(file)
    yield from pieces_of_message(message, reading)


def pieces_of_message(message: email.message.Message, reading: Reading, prefix: str = "") -> Iterator[Piece]:
    """The pieces of a parsed message; an attached message is read as part of it.

    :param prefix: put before the names of parts, for a message of a mailbox.
    """
    lines = header_lines(message)
    if lines:
        yield Segment(Part(f"{prefix}header"), "\n".join(lines), role=Role.MAIL_HEADER)
    yield from _parts(message, reading, prefix)


def header_lines(message: email.message.Message) -> list[str]:
    """``Name: text`` of each header that names people or says what the message is about, decoded."""
    told: dict[int, list[object]] = {}
    for name, value in message.items():
        if (at := _ORDER.get(name.lower())) is not None:
            told.setdefault(at, []).append(value)
    return [f"{_HEADERS[at]}: {text}" for at in sorted(told) for value in told[at] if (text := _header(value))]


def _parts(message: email.message.Message, reading: Reading, prefix: str) -> Iterator[Piece]:
    kind = message.get_content_type()
    if kind in _ENCRYPTED and "signed" not in str(message.get_param("smime-type", "")) and SIGNED not in _payload(message)[:64]:
        yield problem(ProblemKind.ENCRYPTED_PART, kind)
        return
    if kind == "multipart/alternative" and message.is_multipart():
        yield from _alternative(message, reading, prefix)
        return
    if kind in _REPORTS:
        lines = [f"{name}: {text}" for part in _children(message) or [message] for name, value in part.items() if (text := _header(value))]
        yield from segments(f"{prefix}delivery report", "\n".join(lines))
        return
    if kind in {"message/rfc822", "message/global"}:
        for inner in _children(message):
            yield from pieces_of_message(inner, reading, f"{prefix}attached message ")
        return
    if message.is_multipart():
        for part in _children(message):
            yield from _parts(part, reading, prefix)
        if any(isinstance(defect, email.errors.CloseBoundaryNotFoundDefect) for defect in message.defects):
            yield problem(ProblemKind.BROKEN_PART, "the mail ends before its last part does")
        return
    yield from _leaf(message, kind, reading, prefix)


def _alternative(message: email.message.Message, reading: Reading, prefix: str) -> Iterator[Piece]:
    """The plain text; of the HTML only what the plain text does not hold."""
    parts = _children(message)
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    said = "".join("".join(_text(part).split()) for part in plain)
    for part in parts:
        if part.get_content_type() == "text/html" and said:
            html = _text(part)
            new = [line for line in text_of_html(html).split("\n") if line.strip() and "".join(line.split()) not in said]
            if new:
                yield from segments(f"{prefix}html body", "\n".join(new))
        else:
            yield from _parts(part, reading, prefix)


def _children(message: email.message.Message) -> list[email.message.Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, email.message.Message)] if isinstance(payload, list) else []


def _leaf(part: email.message.Message, kind: str, reading: Reading, prefix: str) -> Iterator[Piece]:
    disposition = str(part.get("content-disposition", ""))
    name = _file_name(part, disposition)
    attached = bool(name) or (bool(disposition) and part.get_content_disposition() == "attachment")
    if kind == "text/plain" and not attached:
        yield from _plain(_text(part), reading, prefix)
        return
    if kind == "text/html" and not attached:
        yield from pieces_of_html(_text(part), f"{prefix}body")
        return
    data = _payload(part)
    if not data:
        return
    if kind.startswith("text/") and kind not in {"text/rtf", "text/calendar", "text/vcard", "text/x-vcard", "text/csv"} and not attached:
        yield from segments(f"{prefix}body", _text(part))
        return
    yield reading.spool(name or _nameless(kind), data, media_type=kind)


def _plain(text: str, reading: Reading, prefix: str) -> Iterator[Piece]:
    """A body; files that old mailers wrote into it in uuencode are taken out and read."""
    text = text.replace("\r\n", "\n")
    at = 0
    for found in _UUENCODED.finditer(text) if "\nend" in text else ():
        try:
            data = b"".join(_uu_line(line) for line in found[2].splitlines())
        except binascii.Error:
            continue
        yield from segments(f"{prefix}body", text[at : found.start()])
        at = found.end()
        yield reading.spool(found[1].strip(), data)
    yield from segments(f"{prefix}body", text[at:])


def _uu_line(line: str) -> bytes:
    """A line of uuencode; encoders that pad too much are forgiven as in the standard library's old module."""
    data = line.encode("ascii", "replace")
    try:
        return binascii.a2b_uu(data)
    except binascii.Error:
        size = (((data[0] - 32) & 63) * 4 + 5) // 3
        return binascii.a2b_uu(data[:size])


def segments(part: str, text: str) -> Iterator[Segment]:
    """A body at one part, in segments cut at blank lines or line ends."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", "")
    at, size = 0, len(text)
    while at < size and _WRITTEN.search(text, at):
        end = size
        if size - at > _BLOCK:
            half, most = at + _BLOCK // 2, at + _BLOCK
            end = max(text.rfind("\n\n", half, most), text.rfind("\n", half, most)) + 1 or most
        yield Segment(Part(part), text[at:end].rstrip("\n"))
        at = end


def _nameless(kind: str) -> str:
    suffix = {
        "text/rtf": ".rtf",
        "text/vcard": ".vcf",
        "text/x-vcard": ".vcf",
        "text/csv": ".csv",
        "text/html": ".html",
        "application/pdf": ".pdf",
        "application/pkcs7-signature": ".p7s",
        "text/calendar": ".ics",
        "text/plain": ".txt",
    }.get(kind, "")
    return f"attachment{suffix}"


def _text(part: email.message.Message) -> str:
    data = _payload(part)
    plain = _PLAIN_TYPE.fullmatch(str(part.get("content-type", "")))  # nearly all of them, in a fifth of the time
    charset = (plain[2] if plain else str(part.get_content_charset() or "")).lower()
    known = _CHARSETS.get(charset, charset)
    if known in {"us-ascii", "ascii"} and not data.isascii():
        known = ""
    if not known:
        return decode(data)[0]
    try:
        text = data.decode(known, "replace")
    except (LookupError, UnicodeError):
        return decode(data)[0]
    # A few bad bytes are damage; many are a wrong name.
    return text if text.count("\ufffd") <= len(text) // 50 else decode(data)[0]


def _payload(part: email.message.Message) -> bytes:
    """The decoded content, also where the name of its encoding has something around it."""
    said = str(part.get("content-transfer-encoding", "")).lower()
    for known in ("base64", "quoted-printable"):
        if said != known and known in said:
            del part["content-transfer-encoding"]
            part["content-transfer-encoding"] = known
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _header(value: object) -> str:
    """A header as people read it: encoded words joined, raw bytes decoded by their look."""
    if isinstance(value, email.header.Header):
        raw = "".join(_chunk(data, charset) for data, charset in email.header.decode_header(value))
        return _unfold(raw)
    text = str(value)
    if not text.isascii() and _RAW.search(text):
        text = decode(text.encode("utf-8", "surrogateescape"))[0]
    if "=?" in text:
        # Old mailers break a multibyte sequence between two words; the words of one charset are joined first.
        text = re.sub(r"\?=\s*=\?", "?==?", text)
        try:
            chunks = email.header.decode_header(text)
        except (ValueError, email.errors.HeaderParseError):
            return _unfold(text)
        text = "".join(_chunk(data, charset) for data, charset in chunks)
    elif "\x1b$" in text:
        text = text.encode("latin-1", "replace").decode("cp50221", "replace")
    return _unfold(text)


def _chunk(data: bytes | str, charset: str | None) -> str:
    if isinstance(data, str):
        return data
    name = (charset or "").lower()
    try:
        return data.decode(_CHARSETS.get(name, name) or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(data)[0]


def _unfold(text: str) -> str:
    return (_FOLD.sub(" ", text) if "\n" in text or "\r" in text else text).strip()


def _file_name(part: email.message.Message, disposition: str) -> str:
    kind = str(part.get("content-type", ""))
    for param, header, said in (("filename", "content-disposition", disposition), ("name", "content-type", kind)):
        if param not in said.lower():
            continue  # nearly all parts: parsing a header costs more than looking for the word
        try:
            value = part.get_param(param, header=header)
        except (ValueError, UnicodeError):
            value = None
        if value is None:
            continue
        text = collapse_rfc2231_value(value) if isinstance(value, tuple) else str(value)
        text = _header(text)
        if text:
            return text.replace("\0", "")
    return ""
