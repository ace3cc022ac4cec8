"""Plain text of any kind and encoding: notes, logs, source code, SQL dumps, settings.

Read in blocks, decoded as a stream, so that a gigabyte or one line of ten
megabytes costs no more memory than a page.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.text.encodings import decode_lines, detect, is_wide
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
        "escapes (\\uXXXX) in settings and source code",
        "logs whose lines differ in their encoding",
        "UTF-8",
        "CP932",
        "EUC-JP",
        "ISO-2022-JP",
        "UTF-16/32 with and without BOM",
        "other encodings by charset-normalizer",
    ),
    sees_ja=(
        "設定ファイルやソースコードのエスケープ（\\uXXXX）",
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
_READ = 1 << 18
_SAMPLE = 1 << 16
_LONG_LINE = 1 << 20
_HIGH = bytes(range(0x80, 0x100))


def open_text(reading: Reading, faults: list[str] | None = None) -> Iterator[str]:
    r"""The text of a file in chunks, line ends as ``\\n``. Bytes that fit no character become U+FFFD and are noted in ``faults``."""
    with reading.open() as file:
        sample = file.read(_SAMPLE)
        guess = detect(sample, whole=reading.size <= len(sample))
        seen: set[str] = set()
        damaged = False
        ended_cr = False
        chunks = itertools.chain((sample,), iter(lambda: file.read(_READ), b""))
        for text in _wide(chunks, guess.name) if is_wide(guess.name) else _lines(chunks, guess.name, seen):
            damaged = damaged or "\ufffd" in text
            if ended_cr:
                text = "\r" + text
            ended_cr = text.endswith("\r")
            if ended_cr:
                text = text[:-1]
            text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
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


def _wide(chunks: Iterable[bytes], name: str) -> Iterator[str]:
    """UTF-16 and UTF-32."""
    decoder = codecs.getincrementaldecoder(name)("replace")
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _lines(chunks: Iterable[bytes], name: str, seen: set[str]) -> Iterator[str]:
    """Whole lines at a time; where they do not all fit one encoding, each in its own. ``seen`` takes the others."""
    name = "utf-8" if name == "utf-8-sig" else name
    rest, first = b"", True
    for chunk in itertools.chain(chunks, (b"",)):
        rest += chunk
        end = len(rest)
        if chunk:
            end = rest.rfind(b"\n") + 1
            if not end:
                if len(rest) < _LONG_LINE:
                    continue
                end = len(rest.rstrip(_HIGH)) or len(rest)  # never inside a character
        piece, rest = rest[:end], rest[end:]
        if not piece:
            continue
        # bytes are shorter than characters; no encoding that is read here has a line end inside a character
        text = decode_lines(piece.replace(b"\r\n", b"\n"), name, seen)
        yield text.removeprefix("\ufeff") if first else text
        first = False


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
            piece, start = rest[start:at], at
            yield Segment(Line(line), piece.removesuffix("\n"), offset=offset)
            newlines = piece.count("\n")
            line += newlines
            offset = len(piece) - piece.rfind("\n") - 1 if newlines else offset + len(piece)
        rest = rest[start:]
    if rest:
        yield Segment(Line(line), rest, offset=offset)


def _unescaped(segment: Segment) -> Segment:
    r"""With ``\\u5c71`` of properties, YAML and source code written as the characters that they stand for."""
    if "\\u" not in segment.text:
        return segment
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), segment.text)
    return replace(segment, text=text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


def extract(reading: Reading) -> Iterator[Piece]:
    """Yield the text in blocks of lines."""
    faults: list[str] = []
    yield from map(_unescaped, blocks(open_text(reading, faults)))
    for fault in faults:
        word, _, detail = fault.partition(" ")
        yield problem(ProblemKind.ENCODING_GUESSED if word == "guessed" else ProblemKind.ENCODING_DAMAGED, detail)
