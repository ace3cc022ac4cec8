"""Text runs in files that nothing reads: UTF-8, UTF-16LE and Shift_JIS (``--strings``).

A run is what a text would be: long enough, in one encoding, of characters that
Japanese texts have. Noise that passes is the price of asking for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.extractors.base import Reading
from piiscan.model import Part, Segment

__all__ = ["runs"]

_CHUNK = 1 << 20
_OVERLAP = 4096
_BLOCK = 12_000
_ASCII = 8  # a shorter run of ASCII is as likely noise
_TO_JIS = bytes(byte & 0x7F for byte in range(256))
_UTF8 = re.compile(rb"(?:[\t\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){6,}")
_CP932 = re.compile(rb"(?:[\t\x20-\x7e\xa6-\xdf]|[\x81-\x9f\xe0-\xea\xfa-\xfc][\x40-\x7e\x80-\xfc]){6,}")
_UTF16 = re.compile(rb"(?:[\t\x20-\x7e]\0|[\x00-\xff][\x30\x4e-\x9f\xff]){4,}")
_JAPANESE = re.compile("[ぁ-んァ-ヶー一-龠々〆、。「」・！-～\u3000]")
_KANA = re.compile("[ぁ-んァ-ヶ]")
_SWITCH = re.compile(r"[!-~](?=[^\x00-\x7f])|[^\x00-\x7f](?=[!-~])")


def runs(reading: Reading) -> Iterator[Segment]:
    """The runs of the file in order, some thousand characters a segment."""
    held: list[str] = []
    size = 0
    for run in _found(reading):
        held.append(run)
        size += len(run)
        if size >= _BLOCK:
            yield Segment(Part("strings"), "\n".join(held))
            held, size = [], 0
    if held:
        yield Segment(Part("strings"), "\n".join(held))


def _found(reading: Reading) -> Iterator[str]:
    with reading.open() as file:
        rest = b""
        while chunk := file.read(_CHUNK):
            if reading.budget.expired():
                return
            data = rest + chunk
            last = len(chunk) < _CHUNK
            # A run that touches the end of the chunk is taken whole with the next one.
            end = len(data) if last else len(data) - _OVERLAP
            for at, text in sorted(_in(data)):
                if at < end:
                    yield text
            rest = b"" if last else data[end:]


def _in(data: bytes) -> Iterator[tuple[int, str]]:
    for found in _UTF8.finditer(data):
        text = found.group().decode("utf-8", "replace").strip()
        if (text.isascii() and len(text) >= _ASCII) or _written(text):
            yield found.start(), text
    for found in _CP932.finditer(data):
        if not found.group().isascii():
            text = found.group().decode("cp932", "replace").strip()
            if _written(text) and _fails(found.group(), "utf-8"):
                yield found.start(), text
    for found in _UTF16.finditer(data):
        text = found.group().decode("utf-16-le", "replace").strip()
        if (text.isascii() and len(text) >= 4) or (_written(text) and not _fails(text, "cp932")):
            yield found.start(), text


def _written(text: str) -> bool:
    """Whether nearly all that is not ASCII is what Japanese is written in, in words: with kana, or with kanji of the first level."""
    foreign = [character for character in text if not character.isascii()]
    good = sum(bool(_JAPANESE.match(character)) for character in foreign)
    if good < 2 or good < 0.9 * len(foreign) or len(_SWITCH.findall(text)) > 1 + len(text) // 4:
        return False
    kanji = [character for character in foreign if "一" <= character <= "龠"]
    return len(_KANA.findall(text)) >= 2 or _common(kanji) >= max(2, 0.75 * len(kanji))


def _common(kanji: list[str]) -> int:
    """How many are of JIS level 1."""
    return sum(b"\x30" <= character.encode("euc_jp", "replace")[:1].translate(_TO_JIS) < b"\x50" for character in kanji)


def _fails(value: bytes | str, encoding: str) -> bool:
    try:
        if isinstance(value, bytes):
            value.decode(encoding)
        else:
            value.encode(encoding)
    except UnicodeError:
        return True
    return False
