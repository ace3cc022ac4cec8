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
_ENVELOPE = re.compile(rb"From (?=[^\r\n]{0,900}(?:\d\d:\d\d|\r?\n[!-9;-~]{1,80}:))")
_BEGINS = re.compile(rb"(?:(?<=\n\n)|(?<=\n\r\n))" + _ENVELOPE.pattern)


def extract(reading: Reading) -> Iterator[Piece]:
    """Spool the messages one after the other."""
    with reading.open() as file:
        for number, message in enumerate(_messages(file), 1):
            spooled = reading.spool(f"{number}.eml", message, media_type="message/rfc822")
            if isinstance(spooled, Embedded):
                # The message is a stretch of this file: nothing was unpacked, and a mailbox may hold any number of them.
                reading.budget.members -= 1
                reading.budget.unpacked -= spooled.size
            for _ in message:
                pass  # what a limit left over, so that the next message begins where it does
            yield spooled


def _messages(file: BinaryIO) -> Iterator[Iterator[bytes]]:
    """Each message as an iterator of blocks; take one wholly before the next."""
    splitter = _Splitter(file)
    while splitter.more():
        yield splitter.message()


class _Splitter:
    """A window over the file; ``_at`` is how far it was given away."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._data = file.read(_BLOCK)
        self._at = 0

    def more(self) -> bool:
        return self._at < len(self._data) or self._read_on()

    def _read_on(self) -> bool:
        """Forget what was given away, but for the line ends that tell whether a message begins; ``False`` at the end of the file."""
        more = self._file.read(_BLOCK)
        start = max(0, self._at - len(b"\n\r\n"))
        self._data, self._at = self._data[start:] + more, self._at - start
        return bool(more)

    def message(self) -> Iterator[bytes]:
        """Blocks up to the line that begins the next message; that line itself is no part of any."""
        while len(self._data) - self._at < _HOLD and self._read_on():
            pass  # the whole envelope line is looked at
        if found := _ENVELOPE.match(self._data, self._at):
            end = self._data.find(b"\n", found.end())
            self._at = end + 1 if end >= 0 else len(self._data)
        while True:
            end = self._next()
            found_end = end >= 0
            if not found_end:
                end = max(self._at, len(self._data) - _HOLD)  # what may be the beginning of an envelope line waits
            block, self._at = self._data[self._at : end], end
            if block:
                yield block
            if found_end:
                return
            if not self._read_on():
                block, self._at = self._data[self._at :], len(self._data)
                if block:
                    yield block
                return

    def _next(self) -> int:
        """Where the next message begins in the window, or -1."""
        at = self._data.find(b"From ", self._at)
        while at >= 0 and not _BEGINS.match(self._data, at):
            at = self._data.find(b"From ", at + 1)
        return at
