"""EUC-JP and ISO-2022-JP as Windows and every Japanese mailer write them: with ①, ㈱ and 髙.

Python's codecs of these two encodings end where the standard ends, and Windows'
own (code pages 51932 and 50221) are not among them: a mail to a 髙橋 comes out
as noise. Rows 13 and 89 to 92 of the table are those of CP932, so its codec is
asked. The fast standard codec is tried first.

Importing this module makes ``bytes.decode("cp51932")`` and ``"cp50221"`` work.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

__all__ = ["EUC", "JIS"]

EUC, JIS = "cp51932", "cp50221"

_EUC_UNIT = re.compile(rb"[\x00-\x7f]+|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2}|[\xa1-\xfe]{2}|[\x80-\xff]")
_JIS_RUN = re.compile(rb"\x1b(?:\$\([DOPQ]|\$[@B]|\([BJIH]|&@)|[^\x1b]+|\x1b")
_HIGH = bytes(range(0x80, 0x100))
_LONGEST_RUN = 1 << 20


@cache
def _double(first: int, second: int) -> str:
    """The character at a place of JIS X 0208 and its Windows extensions; empty when there is none."""
    lead = (first - 0x21 >> 1) + 0x81
    lead += 0x40 if lead > 0x9F else 0
    trail = second + (0x1F + (second >= 0x60) if first & 1 else 0x7E)
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        return ""


@cache
def _places() -> dict[str, bytes]:
    """Character to its two bytes, the standard's own place first."""
    places: dict[str, bytes] = {}
    for first in (*range(0x21, 0x75), *range(0x79, 0x7D)):
        for second in range(0x21, 0x7F):
            if sign := _double(first, second):
                places.setdefault(sign, bytes((first, second)))
    return places


def _bad(name: str, data: bytes, start: int, end: int, errors: str) -> str:
    fault = UnicodeDecodeError(name, data, start, end, "no character")
    sign, _ = codecs.lookup_error(errors)(fault)
    return str(sign)


# ------------------------------------------------------------------------ EUC-JP


def _euc_decode(data: Buffer, errors: str = "strict", /) -> tuple[str, int]:
    data = bytes(data)
    try:
        return data.decode("euc_jp"), len(data)
    except UnicodeDecodeError:
        pass
    out: list[str] = []
    for found in _EUC_UNIT.finditer(data):
        unit = found[0]
        sign = ""
        if unit[0] < 0x80:
            sign = unit.decode("ascii")
        elif len(unit) == 2 and unit[0] != 0x8E:
            sign = _double(unit[0] & 0x7F, unit[1] & 0x7F)
        if not sign and len(unit) > 1:
            sign = unit.decode("euc_jp", "ignore")
        out.append(sign or _bad(EUC, data, found.start(), found.end(), errors))
    return "".join(out), len(data)


def _euc_encode(text: str, errors: str = "strict", /) -> tuple[bytes, int]:
    out = bytearray()
    for sign in text:
        place = _places().get(sign)
        out += sign.encode("ascii") if sign.isascii() else bytes(b | 0x80 for b in place) if place else sign.encode("euc_jp", errors)
    return bytes(out), len(text)


class _EucStream(codecs.BufferedIncrementalDecoder):
    def _buffer_decode(self, data: Buffer, errors: str, final: bool, /) -> tuple[str, int]:
        data = bytes(data)
        # Up to the last byte of ASCII: no character goes across one.
        end = len(data) if final else len(data.rstrip(_HIGH))
        if not end and len(data) > _LONGEST_RUN:
            end = len(data)
        return _euc_decode(data[:end], errors)[0], end


# ------------------------------------------------------------------- ISO-2022-JP


def _jis_decode(data: Buffer, errors: str = "strict", /) -> tuple[str, int]:
    data = bytes(data)
    try:
        return data.decode("iso2022_jp_ext"), len(data)
    except UnicodeDecodeError:
        pass
    out: list[str] = []
    mode = b"\x1b(B"
    for found in _JIS_RUN.finditer(data):
        run = found[0]
        if run.startswith(b"\x1b"):
            if len(run) == 1:
                out.append(_bad(JIS, data, found.start(), found.end(), errors))
            elif run != b"\x1b&@":
                mode = run
            continue
        out += _jis_run(mode, run, data, found.start(), errors)
        if b"\n" in run and mode.startswith(b"\x1b$"):
            mode = b"\x1b(B"  # every line begins in ASCII, also after one that forgot to go back
    return "".join(out), len(data)


def _jis_run(mode: bytes, run: bytes, data: bytes, start: int, errors: str) -> list[str]:
    if mode == b"\x1b(I":
        return [
            chr(b - 0x21 + 0xFF61) if 0x21 <= b <= 0x5F else chr(b) if b < 0x80 else _bad(JIS, data, start + i, start + i + 1, errors)
            for i, b in enumerate(run)
        ]
    if not mode.startswith(b"\x1b$"):
        return [_narrow(run, data, start, errors)]
    out: list[str] = []
    at = 0
    while at < len(run):
        first = run[at]
        if first < 0x21 or first > 0x7E:
            if first == 0x0A:
                return [*out, _narrow(run[at:], data, start + at, errors)]
            out.append(chr(first) if first < 0x21 else _bad(JIS, data, start + at, start + at + 1, errors))
            at += 1
            continue
        pair = run[at : at + 2]
        sign = ""
        if len(pair) == 2 and 0x21 <= pair[1] <= 0x7E:
            if mode in {b"\x1b$@", b"\x1b$B"}:
                sign = _double(pair[0], pair[1])
            else:
                codec = "iso2022_jp_ext" if mode == b"\x1b$(D" else "iso2022_jp_2004"
                sign = (mode + pair + b"\x1b(B").decode(codec, "ignore")
        out.append(sign or _bad(JIS, data, start + at, start + at + len(pair), errors))
        at += 2
    return out


def _narrow(run: bytes, data: bytes, start: int, errors: str) -> str:
    """ASCII, in which half-width kana of the eight-bit kind are forgiven."""
    return "".join(
        chr(b) if b < 0x80 else chr(b - 0xA1 + 0xFF61) if 0xA1 <= b <= 0xDF else _bad(JIS, data, start + i, start + i + 1, errors)
        for i, b in enumerate(run)
    )


def _jis_encode(text: str, errors: str = "strict", /) -> tuple[bytes, int]:
    out = bytearray()
    mode = b"\x1b(B"
    for sign in text:
        if sign.isascii():
            want, coded = b"\x1b(B", sign.encode("ascii")
        elif "｡" <= sign <= "ﾟ":
            want, coded = b"\x1b(I", bytes((ord(sign) - 0xFF61 + 0x21,))
        elif place := _places().get(sign):
            want, coded = b"\x1b$B", place
        else:
            want, coded = b"\x1b(B", sign.encode("ascii", errors)
        if want != mode:
            out += want
            mode = want
        out += coded
    return bytes(out + (b"\x1b(B" if mode != b"\x1b(B" else b"")), len(text)


class _JisStream(codecs.BufferedIncrementalDecoder):
    def _buffer_decode(self, data: Buffer, errors: str, final: bool, /) -> tuple[str, int]:
        data = bytes(data)
        # Whole lines only: each begins in ASCII, so nothing has to be remembered.
        end = len(data) if final or len(data) > _LONGEST_RUN else data.rfind(b"\n") + 1
        return _jis_decode(data[:end], errors)[0], end


# ------------------------------------------------------------------- registration


def _search(name: str) -> codecs.CodecInfo | None:
    if name == EUC:
        return codecs.CodecInfo(_euc_encode, _euc_decode, name=EUC, incrementaldecoder=_EucStream)
    if name == JIS:
        return codecs.CodecInfo(_jis_encode, _jis_decode, name=JIS, incrementaldecoder=_JisStream)
    return None


codecs.register(_search)
