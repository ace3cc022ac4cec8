"""Plain text of any kind and encoding: notes, logs, source code, SQL dumps, settings.

Read in blocks, decoded as a stream, so that a gigabyte or one line of ten
megabytes costs no more memory than a page.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.text.encodings import decode_parts, detect, is_wide
from piiscan.model import Line, Segment
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "blocks", "extract", "open_text"]

NAME = "text"
MEDIA_TYPES = ("text/plain",)
SUFFIXES = (".txt", ".log", ".md", ".ini", ".yaml", ".yml", ".toml", ".properties", ".py", ".js")
DOC = FormatDoc(
    description="Plain text, logs, source code and everything else that is text",
    description_ja="テキスト、ログ、ソースコードなど",
    sees=(
        "escapes (\\uXXXX) in settings and source code, and those of addresses (%E5%B1%B1) in logs",
        "logs whose lines differ in their encoding",
        "UTF-8",
        "CP932",
        "EUC-JP",
        "ISO-2022-JP",
        "UTF-16/32 with and without BOM",
        "other encodings by charset-normalizer",
    ),
    sees_ja=(
        "設定ファイルやソースコードのエスケープ（\\uXXXX）、ログにあるURLのエスケープ（%E5%B1%B1）",
        "行ごとに文字コードの異なるログ",
        "UTF-8",
        "CP932",
        "EUC-JP",
        "ISO-2022-JP",
        "UTF-16/32（BOMの有無を問わず）",
        "その他の文字コード（charset-normalizerによる判定）",
    ),
    limitations=("in a file of mixed encodings each line is taken to be in one; a line of two is damaged, which is noted",),
    limitations_ja=("文字コードが混在するファイルでは、1行は1つの文字コードとみなします。1行に2つあると文字化けし、その旨を記録します",),
    references=("https://encoding.spec.whatwg.org/",),
    engine="piiscan, charset-normalizer",
)

_BLOCK = 16_000
#: Escapes of characters that are not ASCII: people write names so, and hardly anything else.
_ESCAPED = re.compile(r"(?<!\\)\\u(?!00[0-7])([0-9a-fA-F]{4})")
#: The same in addresses of pages, with the blanks between them (東+健一, 東%20健一), and the @ of an address of mail.
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+(?:\+(?:%[0-9a-fA-F]{2})+)*")
_AT = "%40"
#: What parts a field of an address that is written so from the next: sei=安田&mei=美咲
_NEXT_FIELD = re.compile(r"(?<=[^\x00-\x7f])&(?=\w{1,30}=)")
_NOT_ASCII = re.compile(r"%[c-fC-F]")
_LINE_ENDS = str.maketrans("\n\r\v\f\x85\u2028\u2029", "       ")
_READ = 1 << 16
_TOGETHER = 4  # blocks in which one sign of another encoding has each line looked at
_SAMPLE = 1 << 16
_LONG_LINE = 1 << 20
_LONE_CR = re.compile(rb"\r(?!\n)")
_HIGH = bytes(range(0x80, 0x100))
_FOLLOWERS = bytes(range(0x80, 0xC0))  # of a character in UTF-8


def open_text(reading: Reading, faults: list[str] | None = None) -> Iterator[str]:
    r"""The text of a file in chunks, line ends as ``\\n``. Bytes that fit no character become U+FFFD and are noted in ``faults``."""
    with reading.open() as file:
        sample = file.read(_SAMPLE)
        guess = detect(sample, whole=reading.size <= len(sample))
        seen: set[str] = set()
        damaged = False
        ended_cr = False
        for text, zeros in _wide(file, sample, guess.name) if is_wide(guess.name) else _lines(file, sample, guess.name, seen):
            damaged = damaged or "\ufffd" in text
            if ended_cr:
                text = "\r" + text
            ended_cr = text.endswith("\r")
            if ended_cr:
                text = text[:-1]
            if "\r" in text:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            if zeros:
                text = text.replace("\0", "")
            if text:
                yield text
        if ended_cr:
            yield "\n"
    if faults is not None:
        seen -= {"ascii", guess.name}
        if not guess.sure or seen:
            faults.append(f"guessed {' and '.join([guess.name, *sorted(seen)])}")
        if damaged:
            faults.append(f"damaged {guess.name}")


def _wide(file: BinaryIO, sample: bytes, name: str) -> Iterator[tuple[str, bool]]:
    """UTF-16 and UTF-32, and that there may be zeros."""
    decoder = codecs.getincrementaldecoder(name)("replace")
    yield decoder.decode(sample), True
    while chunk := file.read(_READ):
        yield decoder.decode(chunk), True
    yield decoder.decode(b"", final=True), True


def _lines(file: BinaryIO, sample: bytes, name: str, seen: set[str]) -> Iterator[tuple[str, bool]]:
    """Whole lines at a time, and whether there may be zeros in them; where they do not all fit one encoding, each in its own. ``seen`` takes the others."""
    name = "utf-8" if name == "utf-8-sig" else name
    first = True
    for parts in _parts(file, sample, name):
        # Bytes are shorter than characters, and quicker to search; no encoding that is read here has a line end inside a character.
        zeros = any(b"\0" in part for part in parts)
        for text in decode_parts([_unix(part) for part in parts], name, seen):
            yield text.removeprefix("\ufeff") if first else text, zeros
            first = False


def _parts(file: BinaryIO, sample: bytes, name: str) -> Iterator[list[bytes]]:
    """Whole lines in parts of some 64 kB, for which no memory has to be asked of the system anew, and as many as are judged together."""
    utf8 = name == "utf-8"  # what fits it needs no neighbours to be sure
    chunks = [sample]
    rest = b""
    while chunks:
        parts: list[bytes] = []
        for chunk in chunks:
            if end := chunk.rfind(b"\n") + 1:
                parts.append(rest + chunk[:end])
                rest = chunk[end:]
            else:
                rest += chunk
        if not parts and len(rest) >= _LONG_LINE:
            end = _between_characters(rest, utf8=utf8)
            parts, rest = [rest[:end]], rest[end:]
        if parts:
            yield parts
        chunks = list(itertools.islice(iter(lambda: file.read(_READ), b""), 1 if utf8 else _TOGETHER))
    if rest:
        yield [rest]


def _between_characters(line: bytes, *, utf8: bool) -> int:
    """Where a line that is too long may be cut: after ASCII; in UTF-8 without any, before the last character."""
    end = len(line.rstrip(_HIGH)) or (len(line.rstrip(_FOLLOWERS)) - 1 if utf8 else 0)
    return end if end > 0 else len(line)


def _unix(part: bytes) -> bytes:
    r"""With ``\\n`` for each ``\\r\\n``. Where there is no other ``\\r``, dropping them all takes a third of the time."""
    if b"\r" not in part:
        return part
    return part.replace(b"\r\n", b"\n") if _LONE_CR.search(part) else part.replace(b"\r", b"")


def blocks(chunks: Iterator[str]) -> Iterator[Segment]:
    """Segments of some 16,000 characters, cut at a blank line, a line end, or inside a line that is too long."""
    line, offset, rest = 1, 0, ""
    for chunk in chunks:
        rest = rest + chunk if rest else chunk
        start, size = 0, len(rest)
        while size - start >= 2 * _BLOCK:
            low, high = start + _BLOCK // 2, start + _BLOCK
            at = rest.rfind("\n\n", low, high)
            if at < 0:
                at = rest.rfind("\n", low, high)
            if at < 0:
                at = max(rest.rfind(mark, low, high) for mark in "。、 \t,;")
            at = at + 1 if at >= 0 else high
            yield Segment(Line(line), rest[start : at - (rest[at - 1] == "\n")], offset=offset)
            newlines = rest.count("\n", start, at)
            line += newlines
            offset = at - rest.rfind("\n", start, at) - 1 if newlines else offset + at - start
            start = at
        rest = rest[start:]
    if rest:
        yield Segment(Line(line), rest, offset=offset)


def _unescaped(segment: Segment) -> Segment:
    r"""With ``\\u5c71`` of properties, YAML and source code, and ``%E5%B1%B1`` of addresses, written as the characters that they stand for."""
    text = segment.text
    if "\\" in text and "\\u" in text:  # one sign is found many times as fast as two
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if "%" in text and (_NOT_ASCII.search(text) or _AT in text):
        text = _NEXT_FIELD.sub(" ", _PERCENT.sub(_character, text))
    return segment if text is segment.text else replace(segment, text=text)


def _character(escaped: re.Match[str]) -> str:
    """What bytes of an address stand for, where they are UTF-8 and not ASCII alone, or an @."""
    written = escaped[0]
    if written == _AT:
        return "@"
    if not _NOT_ASCII.search(written):
        return written
    try:
        return unquote_to_bytes(written.replace("+", " ")).decode("utf-8").translate(_LINE_ENDS)
    except UnicodeDecodeError:
        return written


def extract(reading: Reading) -> Iterator[Piece]:
    """Yield the text in blocks of lines."""
    faults: list[str] = []
    yield from map(_unescaped, blocks(open_text(reading, faults)))
    for fault in faults:
        word, _, detail = fault.partition(" ")
        yield problem(ProblemKind.ENCODING_GUESSED if word == "guessed" else ProblemKind.ENCODING_DAMAGED, detail)
