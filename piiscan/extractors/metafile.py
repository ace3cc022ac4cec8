"""Windows metafiles (EMF, WMF): the text that they draw, and the pictures inside them.

A spreadsheet or chart pasted as a picture, the preview of an embedded object, and old
clip art are such files. They are lists of drawing calls; those that draw text hold it as
text. Programs draw a line in pieces, so pieces are put together by where they stand.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._ole import bitmap
from piiscan.extractors.segments import cut
from piiscan.extractors.text.charsets import CHARSETS
from piiscan.model import Part, Role
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "metafile"
MEDIA_TYPES = ("image/emf", "image/wmf")
SUFFIXES = (".emf", ".wmf", ".emz", ".wmz")
DOC = FormatDoc(
    description="Windows metafile (EMF, EMF+, WMF)",
    description_ja="Windowsメタファイル（EMF、EMF+、WMF）",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=(
        "the text that is drawn, in the encoding of its font, put together by where it stands",
        "the title and the name of the program",
        "bitmaps that are drawn (read as files of their own, for OCR)",
    ),
    sees_ja=(
        "描かれた文字（フォントの文字コードで読み、位置によってつなぎます）",
        "題名と作成したプログラムの名前",
        "描かれたビットマップ（別のファイルとして読み、OCRの対象にします）",
    ),
    limitations=("text that is drawn as outlines or as numbers of glyphs is not read; that there is such text is reported",),
    limitations_ja=("輪郭やグリフ番号で描かれた文字は読みません。グリフ番号で描かれたものがあれば報告します",),
    references=("[MS-EMF]", "[MS-EMFPLUS]", "[MS-WMF]"),
)

_MOST = 32 * 1024**2  # bytes of a metafile; all of it is held
_SMALLEST_BITMAP = 4_000  # bytes; less is a pattern or a bullet
_BITMAPS = 50
_SYMBOLS = 2  # the character set of fonts whose letters are pictures
_GLYPHS, _SMALL_CHARS, _NO_RECT = 0x10, 0x200, 0x100
_UPDATE_POSITION = 1


@dataclass(slots=True)
class _Drawn:
    """Pieces of text as they are drawn, and the lines that they make."""

    lines: list[str] = field(default_factory=list)
    bitmaps: list[bytes] = field(default_factory=list)
    titles: str = ""
    glyphs: int = 0
    cursor: tuple[float, float] = (0, 0)
    align: int = 0
    _x: float = 0  # where the line under way ends
    _y: float | None = None
    _each: float = 0  # about how wide a character of it is

    def put(self, text: str, x: float, y: float, advance: float) -> None:
        """A piece at its reference point; ``advance`` is its width, 0 when it is not known."""
        text = text.replace("\0", "").replace("\xad", "")
        if not text:
            return
        if self.align & _UPDATE_POSITION:
            x, y = self.cursor
            self.cursor = (x + advance, y)
        each = advance / len(text) if advance else self._each
        gap = x - self._x
        widest = max(each, self._each)
        if self._y is None or abs(y - self._y) > widest / 2 or gap < -2 * widest:
            self.lines.append(text)
        else:
            between = "\t" if gap > 1.5 * widest or not advance else " " if gap > widest / 4 else ""
            self.lines[-1] += between + text
        self._x, self._y, self._each = x + advance, y, each

    def picture(self, data: bytes) -> None:
        """A bitmap without the header that makes it a file."""
        if len(data) >= _SMALLEST_BITMAP and data[:4] == b"\x28\0\0\0" and len(self.bitmaps) < _BITMAPS:
            self.bitmaps.append(bitmap(data))


def extract(reading: Reading) -> Iterator[Piece]:
    """The drawn text, then the bitmaps."""
    if reading.size > _MOST:
        yield problem(ProblemKind.LIMIT, f"{reading.size} bytes; {_MOST} are read")
        return
    with reading.open() as file:
        data = file.read()
    drawn = _Drawn()
    whole = (_emf if data[40:44] == b" EMF" else _wmf)(data, drawn)
    lines = [line.strip() for line in drawn.lines]
    yield from cut(Part("docProps"), drawn.titles, Role.METADATA)
    yield from cut(Part("drawing"), "\n".join(line for line in lines if line))
    for number, picture in enumerate(drawn.bitmaps, 1):
        yield reading.spool(f"bitmap {number}", picture)
    if drawn.glyphs:
        yield problem(ProblemKind.UNREADABLE_TEXT, f"{drawn.glyphs} texts drawn by numbers of glyphs")
    if not whole:
        yield problem(ProblemKind.BROKEN_PART if lines or drawn.bitmaps else ProblemKind.BROKEN, "records")


# --------------------------------------------------------------------------- EMF

_EOF, _ALIGN, _MOVE, _SELECT, _DELETE, _FONT = 14, 22, 27, 37, 40, 82
_COMMENT, _BYTES, _WIDE, _MANY_BYTES, _MANY_WIDE, _SMALL = 70, 83, 84, 96, 97, 108
_BITS = {76: 84, 77: 84, 78: 84, 80: 48, 81: 48, 114: 84}  # records that draw a bitmap: where they say where it is


def _emf(data: bytes, drawn: _Drawn) -> bool:
    """Whether the records go on up to the end mark ([MS-EMF] 2.3)."""
    length, at = struct.unpack_from("<II", data, 60)
    if at >= 88 and at + 2 * length <= len(data):
        drawn.titles = "\n".join(part for part in data[at : at + 2 * length].decode("utf-16-le", "replace").split("\0") if part.strip())
    fonts: dict[int, int] = {}
    charset, at, plus = 0, 0, _Plus(drawn)
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8 or at + size > len(data):
            return False
        record = data[at : at + size]
        at += size
        if kind == _EOF:
            break
        try:
            if kind in {_BYTES, _WIDE}:
                _emf_text(record, 36, kind == _WIDE, charset, drawn)
            elif kind in {_MANY_BYTES, _MANY_WIDE}:
                for i in range(min(struct.unpack_from("<I", record, 36)[0], size // 40)):
                    _emf_text(record, 40 + 40 * i, kind == _MANY_WIDE, charset, drawn)
            elif kind == _SMALL:
                x, y, count, options = struct.unpack_from("<iiII", record, 8)
                start = 36 if options & _NO_RECT else 52
                narrow = bool(options & _SMALL_CHARS)
                text = record[start : start + count * (1 if narrow else 2)]
                if options & _GLYPHS:
                    drawn.glyphs += 1
                else:
                    drawn.put(text.decode("latin-1" if narrow else "utf-16-le", "replace"), x, y, 0)
            elif kind == _FONT:
                fonts[struct.unpack_from("<I", record, 8)[0]] = record[12 + 23]
            elif kind == _SELECT:
                charset = fonts.get(struct.unpack_from("<I", record, 8)[0], charset)
            elif kind == _ALIGN:
                drawn.align = struct.unpack_from("<I", record, 8)[0]
            elif kind == _MOVE:
                drawn.cursor = struct.unpack_from("<ii", record, 8)
            elif kind in _BITS:
                header, header_size, bits, bits_size = struct.unpack_from("<IIII", record, _BITS[kind])
                drawn.picture(record[header : header + header_size] + record[bits : bits + bits_size])
            elif kind == _COMMENT and record[12:16] == b"EMF+":
                plus.feed(record[16 : 12 + struct.unpack_from("<I", record, 8)[0]])
        except (struct.error, IndexError):
            return False
    else:
        return False
    if plus.lines and not any(drawn.lines):  # drawn once for each kind of reader, as a rule
        drawn.lines = plus.lines
        drawn.glyphs = plus.glyphs
    elif plus.glyphs and not drawn.lines:
        drawn.glyphs += plus.glyphs
    return True


def _emf_text(record: bytes, at: int, wide: bool, charset: int, drawn: _Drawn) -> None:
    """EmrText (2.2.5): a string somewhere in the record, and how far it is from one character to the next."""
    x, y, count, place, options = struct.unpack_from("<iiIII", record, at)
    widths = struct.unpack_from("<I", record, at + 36)[0]
    if not count or place >= len(record):
        return
    if options & _GLYPHS:
        drawn.glyphs += 1
        return
    raw = record[place : place + count * (2 if wide else 1)]
    text = raw.decode("utf-16-le" if wide else CHARSETS.get(charset) or "cp1252", "replace")
    advance = 0
    if widths and widths + 4 * count <= len(record):
        advance = sum(struct.unpack_from(f"<{count}i", record, widths))
    if charset != _SYMBOLS:
        drawn.put(text, x, y, advance)


class _Plus:
    """Records of EMF+ in comments ([MS-EMFPLUS]); only the text of its strings is looked at."""

    _STRING, _DRIVER = 0x401C, 0x4036

    def __init__(self, drawn: _Drawn) -> None:
        self.lines: list[str] = []
        self.glyphs = 0
        self._drawn = drawn

    def feed(self, data: bytes) -> None:
        at = 0
        while at + 12 <= len(data):
            kind, _, size, length = struct.unpack_from("<HHII", data, at)
            body = data[at + 12 : at + 12 + length]
            if kind == self._STRING:
                count = struct.unpack_from("<I", body, 8)[0]
                self.lines.append(body[28 : 28 + 2 * count].decode("utf-16-le", "replace"))
            elif kind == self._DRIVER:
                options, _, count = struct.unpack_from("<III", body, 4)
                if options & 1:
                    self.lines.append(body[16 : 16 + 2 * count].decode("utf-16-le", "replace"))
                else:
                    self.glyphs += 1
            if size < 12:
                return
            at += size


# --------------------------------------------------------------------------- WMF

_WMF_TEXT, _WMF_EXTENDED, _WMF_FONT, _WMF_SELECT, _WMF_DELETE, _WMF_ALIGN, _WMF_MOVE = (
    0x0521,
    0x0A32,
    0x02FB,
    0x012D,
    0x01F0,
    0x012E,
    0x0214,
)
_WMF_OBJECTS = frozenset({0x02FA, 0x02FB, 0x02FC, 0x0142, 0x01F9, 0x00F7, 0x06FF})  # whatever takes a number in the table of objects
_WMF_BITS = {0x0F43: 28, 0x0B41: 26}
_CLIPPED = 6  # options that bring a rectangle


def _wmf(data: bytes, drawn: _Drawn) -> bool:
    """Whether the records go on up to the end mark ([MS-WMF] 2.3)."""
    at = 22 if data[:4] == b"\xd7\xcd\xc6\x9a" else 0
    at += 18
    objects: list[int] = []  # the character set of fonts, -1 of other objects
    free: list[int] = []  # numbers that were given back; the lowest is taken first
    charset = 0
    while at + 6 <= len(data):
        words, kind = struct.unpack_from("<IH", data, at)
        record = data[at : at + 2 * words]
        if kind == 0 and words == 3:
            return True
        if words < 3 or len(record) < 2 * words:
            return False
        at += 2 * words
        try:
            if kind in _WMF_OBJECTS:
                made = record[6 + 13] if kind == _WMF_FONT else -1
                if free:
                    objects[heapq.heappop(free)] = made
                else:
                    objects.append(made)
            elif kind in {_WMF_SELECT, _WMF_DELETE}:
                number = struct.unpack_from("<H", record, 6)[0]
                if number < len(objects):
                    if kind == _WMF_DELETE:
                        heapq.heappush(free, number)
                    elif objects[number] >= 0:
                        charset = objects[number]
            elif kind == _WMF_ALIGN:
                drawn.align = struct.unpack_from("<H", record, 6)[0]
            elif kind == _WMF_MOVE:
                drawn.cursor = struct.unpack_from("<hh", record, 6)[::-1]
            elif kind == _WMF_TEXT:
                count = struct.unpack_from("<H", record, 6)[0]
                y, x = struct.unpack_from("<hh", record, 8 + count + count % 2)
                _wmf_text(record[8 : 8 + count], x, y, 0, charset, drawn)
            elif kind == _WMF_EXTENDED:
                y, x, count, options = struct.unpack_from("<hhHH", record, 6)
                start = 22 if options & _CLIPPED else 14
                widths = start + count + count % 2
                advance = sum(struct.unpack_from(f"<{count}h", record, widths)) if widths + 2 * count <= len(record) else 0
                if options & _GLYPHS:
                    drawn.glyphs += 1
                else:
                    _wmf_text(record[start : start + count], x, y, advance, charset, drawn)
            elif kind in _WMF_BITS:
                drawn.picture(record[_WMF_BITS[kind] :])
        except (struct.error, IndexError):
            return False
    return False


def _wmf_text(raw: bytes, x: int, y: int, advance: int, charset: int, drawn: _Drawn) -> None:
    if charset != _SYMBOLS:
        drawn.put(raw.decode(CHARSETS.get(charset) or _guess(raw), "replace"), x, y, advance)


def _guess(raw: bytes) -> str:
    """Of a font that says nothing: Shift_JIS where it fits."""
    try:
        raw.decode("cp932")
    except UnicodeDecodeError:
        return "cp1252"
    return "cp932"
