"""Messages of Apple Mail (.emlx): a line with the message's length, the message, a property list."""

from __future__ import annotations

import email.parser
import plistlib
from collections.abc import Iterator
from xml.parsers.expat import ExpatError

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.mail.eml import POLICY, pieces_of_message
from piiscan.model import Part, Role, Segment
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "emlx"
MEDIA_TYPES = ("message/x-emlx",)
SUFFIXES = (".emlx",)
DOC = FormatDoc(
    description="Messages of Apple Mail (emlx)",
    description_ja="Apple Mailのメール（emlx）",
    engine="Python email",
    sees=("all that a mail message holds", "subject and sender in the property list behind it"),
    sees_ja=(
        "メールに含まれるすべて",
        "末尾のプロパティリストにある件名と差出人",
    ),
    limitations=("attachments that Apple Mail keeps in a folder beside a .partial.emlx are read where they lie",),
    limitations_ja=("Apple Mailが.partial.emlxの横のフォルダーに置く添付ファイルは、その場所で読みます",),
    references=("RFC 5322",),
)

_LARGEST = 512 * 1024**2
_WRITTEN = ("subject", "sender", "to")


def extract(reading: Reading) -> Iterator[Piece]:
    """The message, then what the property list says of it."""
    if reading.size > _LARGEST:
        yield problem(ProblemKind.TOO_LARGE, f"{reading.size} bytes of mail")
        return
    with reading.open() as file:
        size = int(file.readline(64).split()[0])
        data = file.read(size)
        rest = file.read()
    yield from pieces_of_message(email.parser.BytesParser(policy=POLICY).parsebytes(data), reading)
    if len(data) < size:
        yield problem(ProblemKind.BROKEN_PART, f"{size - len(data)} of {size} bytes are missing")
    try:
        facts = plistlib.loads(rest)
    except (ValueError, ExpatError, plistlib.InvalidFileException):
        return  # older versions and damaged ends have none
    lines = [f"{key}: {facts[key]}" for key in _WRITTEN if isinstance(facts, dict) and isinstance(facts.get(key), str)]
    if lines:
        yield Segment(Part("property list"), "\n".join(lines), role=Role.METADATA)
