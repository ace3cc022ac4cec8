"""Plain text of any kind and encoding: notes, logs, source code, SQL dumps, settings.

Read in blocks, decoded as a stream, so that a gigabyte or one line of ten
megabytes costs no more memory than a page.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.text.encodings import detect
from piiscan.model import Line, Segment
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "blocks", "extract", "open_text"]

NAME = "text"
MEDIA_TYPES = ("text/plain",)
SUFFIXES = (".txt", ".log", ".md", ".ini", ".yaml", ".yml", ".toml", ".sql", ".py", ".js", ".vcf", ".ics")
DOC = FormatDoc(
    description="Plain text, logs, source code and everything else that is text",
    description_ja="テキスト、ログ、ソースコードなど",
    sees=("UTF-8", "CP932", "EUC-JP", "ISO-2022-JP", "UTF-16/32 with and without BOM", "other encodings by charset-normalizer"),
    limitations=("a file whose encoding changes in the middle is read in the encoding of its beginning; what does not fit is noted",),
    references=("https://encoding.spec.whatwg.org/",),
    engine="piiscan, charset-normalizer",
)

_BLOCK = 16_000
_READ = 1 << 18
_SAMPLE = 1 << 16


def open_text(reading: Reading, faults: list[str] | None = None) -> Iterator[str]:
    r"""The text of a file in chunks, line ends as ``\\n``. Bytes that fit no character become U+FFFD and are noted in ``faults``."""
    with reading.open() as file:
        sample = file.read(_SAMPLE)
        guess = detect(sample, whole=reading.size <= len(sample))
        decoder = codecs.getincrementaldecoder(guess.name)("replace")
        damaged = False
        ended_cr = False
        chunk = sample
        while True:
            text = decoder.decode(chunk, final=not chunk)
            damaged = damaged or "\ufffd" in text
            if ended_cr:
                text = "\r" + text
            ended_cr = text.endswith("\r") and bool(chunk)
            if ended_cr:
                text = text[:-1]
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            if text:
                yield text
            if not chunk:
                break
            chunk = file.read(_READ)
    if faults is not None:
        if not guess.sure:
            faults.append(f"guessed {guess.name}")
        if damaged:
            faults.append(f"damaged {guess.name}")


def blocks(chunks: Iterator[str]) -> Iterator[Segment]:
    """Segments of some 16,000 characters, cut at a blank line, a line end, or inside a line that is too long."""
    line, offset, rest = 1, 0, ""
    for chunk in chunks:
        rest += chunk
        while len(rest) >= 2 * _BLOCK:
            at = rest.rfind("\n\n", _BLOCK // 2, _BLOCK)
            if at < 0:
                at = rest.rfind("\n", _BLOCK // 2, _BLOCK)
            if at < 0:
                at = max(rest.rfind(mark, _BLOCK // 2, _BLOCK) for mark in "。、 \t,;")
            at = at + 1 if at >= 0 else _BLOCK
            piece, rest = rest[:at], rest[at:]
            yield Segment(Line(line), piece.removesuffix("\n"), offset=offset)
            newlines = piece.count("\n")
            line += newlines
            offset = len(piece) - piece.rfind("\n") - 1 if newlines else offset + len(piece)
    if rest:
        yield Segment(Line(line), rest, offset=offset)


def extract(reading: Reading) -> Iterator[Piece]:
    """Yield the text in blocks of lines."""
    faults: list[str] = []
    yield from blocks(open_text(reading, faults))
    for fault in faults:
        word, _, detail = fault.partition(" ")
        yield problem(ProblemKind.ENCODING_GUESSED if word == "guessed" else ProblemKind.ENCODING_DAMAGED, detail)
