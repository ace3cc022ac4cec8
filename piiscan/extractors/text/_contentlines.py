"""Content lines of vCard and iCalendar: ``group.NAME;PARAM=value:value``, folded and encoded in several ways.

vCard 2.1 folds with ``=`` at the end of a quoted-printable line and names an
encoding for each value; later versions fold with a space and are UTF-8
(RFC 2425, 6350, 5545).
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from piiscan.extractors.text.encodings import decode, decode_lines, detect
from piiscan.extractors.text.windows_codecs import EUC, JIS

__all__ = ["ContentLine", "content_lines"]

_HEAD = re.compile(rb"(?:(?P<group>[A-Za-z0-9_.-]+)\.)?(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;(?:[^\":;]|\"[^\"]*\")*)*):", re.DOTALL)
_ESCAPE = re.compile(r"\\([\\,;:nN])")
_CHARSETS = {"shift_jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "iso-2022-jp": JIS, "euc-jp": EUC}
_LONGEST = 16 * 1024**2  # bytes of one unfolded line: a photograph
_LOOK = 64 * 1024  # bytes that say what the values without a charset are written in: one alone (ｺｸﾎﾞ) says too little


@dataclass(frozen=True, slots=True)
class ContentLine:
    """A property. ``value`` is still escaped; ``data`` is set instead when it is a file in base64."""

    name: str
    value: str
    params: dict[str, str] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    data: bytes = b""

    def parts(self) -> list[str]:
        """The fields of a structured value (``;``), unescaped."""
        return [_unescape(part) for part in re.split(r"(?<!\\);", self.value)]

    def text(self) -> str:
        """The value, unescaped."""
        return _unescape(self.value)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text).strip()


def content_lines(file: BinaryIO) -> Iterator[ContentLine]:
    """The properties in the lines of a file, from its beginning; what is none is left out."""
    head = file.read(_LOOK)
    file.seek(0)
    usual = "" if head.isascii() else detect(head).name
    held = b""
    for line in file:
        line = line.rstrip(b"\r\n")
        if line[:1] in {b" ", b"\t"} and held and len(held) < _LONGEST:
            held += line[1:]
        elif held.endswith(b"=") and _is_quoted(held) and len(held) < _LONGEST:
            held = held[:-1] + line
        else:
            if found := _parse(held, usual):
                yield found
            held = line
    if found := _parse(held, usual):
        yield found


def _is_quoted(line: bytes) -> bool:
    return b"QUOTED-PRINTABLE" in line.partition(b":")[0].upper()


def _parse(line: bytes, usual: str) -> ContentLine | None:
    head = _HEAD.match(line)
    if not head:
        return None
    params: dict[str, str] = {}
    kinds: set[str] = set()
    for raw in re.findall(r";((?:[^\";]|\"[^\"]*\")*)", decode(head["params"])[0]):
        key, equals, value = raw.partition("=")
        key, value = key.strip().upper(), value.strip().strip('"')
        if not equals:
            kinds.add(key)  # vCard 2.1 writes TEL;CELL
        elif key == "TYPE":
            kinds.update(kind.strip().upper() for kind in value.split(","))
        else:
            params[key] = value
    coded = params.get("ENCODING", "").upper() or next((kind for kind in kinds if kind in {"QUOTED-PRINTABLE", "BASE64", "B"}), "")
    value_bytes = line[head.end() :]
    data = b""
    if coded == "QUOTED-PRINTABLE":
        value_bytes = quopri.decodestring(value_bytes)
    elif coded in {"B", "BASE64"}:
        data, value_bytes = _base64(value_bytes), b""
    elif value_bytes[:5].lower() == b"data:" and b";base64," in value_bytes[:100]:
        data, value_bytes = _base64(value_bytes.partition(b",")[2]), b""
    return ContentLine(
        head["name"].decode("ascii").upper(), _text(value_bytes, params.get("CHARSET", ""), usual), params, frozenset(kinds), data
    )


def _base64(value: bytes) -> bytes:
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", value)
    try:
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""


def _text(value: bytes, charset: str, usual: str) -> str:
    name = _CHARSETS.get(charset.lower(), charset.lower())
    if name:
        try:
            return value.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_lines(value, usual, set()) if usual else decode(value)[0]
