"""Mailboxes in one file (mbox: Thunderbird, Apple Mail, Unix, Google Takeout): each message a file of its own, as a stream.

A message begins at a line ``From …`` after an empty line. Messages go to the
private folder one at a time and in blocks, so that a mailbox of many gigabytes
costs no more memory than its largest single message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from piiscan.extractors.base import FormatDoc, Piece, Reading
from piiscan.model import Embedded

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "mbox"
MEDIA_TYPES = ("application/mbox",)
SUFFIXES = (".mbox", ".mbx")
DOC = FormatDoc(
    description="Mailboxes in one file (mbox)",
    description_ja="メールボックス（mbox）",
    engine="own splitter, Python email",
    engine_ja="自前の切り分け、Python email",
    sees=("every message, as a member by its number: headers, bodies, attachments",),
    sees_ja=("すべてのメール（番号で区別）: ヘッダー、本文、添付ファイル",),
    limitations=(
        "messages that a mail program has only marked as deleted are read like the others",
        "a line of a body that begins with From after an empty line, unquoted, begins a new message",
    ),
    limitations_ja=(
        "メールソフトが削除の印を付けただけのメールも、ほかと同じように読みます",
        "本文中、空行の次の引用符なしのFromで始まる行は、新しいメールの始まりとみなします",
    ),
    references=("RFC 4155",),
)

_BLOCK = 1 << 20
_HOLD = 1024  # more than the longest line that begins a message
#: An envelope line names a sender and a time, or stands right before a header field.
_BEGINS = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From (?=[^\r\n]{0,900}(?:\d\d:\d\d|\r?\n[!-9;-~]{1,80}:))")


def extract(reading: Reading) -> Iterator[Piece]:
    """Spool the messages one after the other."""
    with reading.open() as file:
        for number, message in enumerate(_messages(file), 1):
            spooled = reading.spool(f"{number}.eml", message, media_type="message/rfc822")
            if isinstance(spooled, Embedded):
                # The message is a stretch of this file: nothing was unpacked, and a mailbox may hold any number of them.
                reading.budget.members -= 1
                reading.budget.unpacked -= spooled.path.stat().st_size
            for _ in message:
                pass  # what a limit left over, so that the next message begins where it does
            yield spooled


def _messages(file: BinaryIO) -> Iterator[Iterator[bytes]]:
    """Each message as an iterator of blocks; take one wholly before the next."""
    splitter = _Splitter(file)
    while splitter.more():
        yield splitter.message()


class _Splitter:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._rest = file.read(_BLOCK)

    def more(self) -> bool:
        return bool(self._rest)

    def message(self) -> Iterator[bytes]:
        """Blocks up to the line that begins the next message; that line itself is no part of any."""
        found = _BEGINS.match(self._rest)
        if found:
            end = self._rest.find(b"\n", found.end())
            self._rest = self._rest[end + 1 :] if end >= 0 else b""
            if not self._rest:
                self._rest = self._file.read(_BLOCK)
        start = True  # an envelope line at the very beginning of what is left belongs to this message
        while True:
            found = _BEGINS.search(self._rest, 1 if start else 0)
            if found:
                block, self._rest = self._rest[: found.start()], self._rest[found.start() :]
                if block:
                    yield block
                return
            more = self._file.read(_BLOCK)
            if not more:
                block, self._rest = self._rest, b""
                if block:
                    yield block
                return
            keep = min(_HOLD, len(self._rest))
            block, self._rest = self._rest[: len(self._rest) - keep], self._rest[len(self._rest) - keep :] + more
            if block:
                start = False
                yield block
