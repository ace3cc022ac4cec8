"""Excel sheets from before Unicode: Excel 2, 3, 4, 5 and 95, and bare record streams of later ones.

A file of Excel 2 to 4 is one stream of records, a sheet or a workbook of
sheets; no maintained library reads them any more. In Excel 5 and 95 the stream
``Book`` of an OLE container holds the same records; calamine reads them, but
takes Shift_JIS for single bytes. A stream of Excel 97 without its container,
as some programs write it, is put into one and read as usual.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._numfmt import date_text, is_date, mask, number_text
from piiscan.extractors.office._ole import build
from piiscan.extractors.segments import cut
from piiscan.extractors.text.encodings import decode
from piiscan.model import Cell, Part, Role, Segment, Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract", "pieces_of_records"]

NAME = "xls-old"
MEDIA_TYPES = ("application/vnd.ms-excel",)
SUFFIXES = (".xls", ".xlw", ".xlc", ".xlm")
DOC = FormatDoc(
    description="Excel sheets and workbooks of Excel 2, 3, 4, 5 and 95",
    description_ja="Excel 2～95のシート",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=("cells with dates and zero-filling formats", "results of formulas", "notes, headers and footers", "all sheets of a workbook"),
    sees_ja=(
        "セル（日付と0埋めの表示形式を含む）",
        "数式の結果",
        "メモ、ヘッダー、フッター",
        "ブックのすべてのシート",
    ),
    limitations=("formulas, names and charts are not read", "text is taken in the code page that the file names, else by its look"),
    limitations_ja=(
        "数式、名前の定義、グラフは読みません",
        "文字コードはファイルの指定に従い、指定がなければ内容から判断します",
    ),
    references=("OpenOffice.org's Documentation of the Microsoft Excel File Format",),
)

_ROWS = 2_000
_BOF = {0x0009: 2, 0x0209: 3, 0x0409: 4, 0x0809: 5}
_EOF, _CODEPAGE, _DATEMODE, _SHEET, _NOTE, _FILEPASS = 0x000A, 0x0042, 0x0022, 0x008F, 0x001C, 0x002F
_FORMATS, _STYLES, _TITLES = {0x001E, 0x041E}, {0x0243, 0x0443, 0x00E0}, {0x0014, 0x0015}
_PLACE, _CHART, _SERIES = 0x0085, 0x20, 0x100D
_INTEGER, _NUMBERS, _LABELS, _RK, _RKS = 0x0002, {0x0003, 0x0203}, {0x0004, 0x0204, 0x00D6}, 0x027E, 0x00BD
_FORMULAS, _STRINGS = {0x0006, 0x0206, 0x0406}, {0x0007, 0x0207}


@dataclass(slots=True)
class _Book:
    """What is known so far, and the sheet that is being read."""

    version: int = 2
    codepage: str = ""
    since_1904: bool = False
    codes: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    name: str = ""
    role: Role = Role.BODY
    #: first byte of a sheet's records -> its name and role (Excel 5 and 95)
    places: dict[int, tuple[str, Role]] = field(default_factory=dict)
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    notes: list[Piece] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    count: int = 0

    def text(self, data: bytes) -> str:
        """Eight-bit text."""
        try:
            return data.decode(self.codepage) if self.codepage and not data.isascii() else decode(data)[0]
        except (LookupError, UnicodeDecodeError):
            return decode(data)[0]

    def put(self, row: int, column: int, text: str) -> None:
        if text:
            self.cells.setdefault(row, {})[column] = text
            self.count += 1

    def number(self, value: float, style: int) -> str:
        """A number as its format shows it; ``style`` is the format itself in Excel 2."""
        form = style if self.version == 2 else self.styles[style] if style < len(self.styles) else 0
        code = self.codes.get(form, "")
        if is_date(form, code) and (code or self.version == 5):
            return date_text(value, epoch_1904=self.since_1904)
        write: Callable[[int], str] | None = mask(code) if code else None
        return write(int(value)) if write and value >= 0 and float(value).is_integer() else number_text(float(value))

    def flush(self) -> Iterator[Piece]:
        """The sheet so far, as tables, and what stands beside its cells."""
        rows = sorted(self.cells)
        at = 0
        while at < len(rows):
            first, last = rows[at], rows[at]
            while at < len(rows) and rows[at] - first < _ROWS:
                last = rows[at]
                at += 1
            grid = []
            for row in range(first, last + 1):
                found = self.cells.get(row, {})
                grid.append(tuple(found.get(column, "") for column in range(max(found) + 1)) if found else ())
            yield Table(self.name, tuple(grid), first_row=first + 1, role=self.role)
        yield from self.notes
        yield from cut(Part("header"), "\n".join(dict.fromkeys(self.titles)), Role.HEADER)
        self.cells, self.notes, self.titles = {}, [], []


def extract(reading: Reading) -> Iterator[Piece]:
    """Each sheet as tables, then its notes, headers and footers."""
    if reading.size > reading.limits.xml_bytes:
        yield problem(ProblemKind.LIMIT, f"limits.xml_bytes = {reading.limits.xml_bytes}")
        return
    with reading.open() as file:
        data = file.read()
    if data.startswith(b"\x09\x08") and data[4:6] == b"\0\6":
        yield reading.spool("Workbook.xls", build({("Workbook",): data}))
        return
    yield from pieces_of_records(data, reading)


def pieces_of_records(data: bytes, reading: Reading) -> Iterator[Piece]:
    """The sheets in a stream of records of Excel 2 to 95."""
    book = _Book()
    at, charts = 0, 0
    target: tuple[int, int] | None = None
    ended = False
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        if ended and not kind and not size:
            break  # what fills the last sector
        if at in book.places:
            yield from book.flush()
            book.name, book.role = book.places[at]
        body = data[at + 4 : at + 4 + size]
        at += 4 + size
        ended = kind == _EOF and not size
        if len(body) < size:
            yield from book.flush()
            yield problem(ProblemKind.BROKEN_PART, "a record ends early")
            return
        if kind == _FILEPASS:
            yield problem(ProblemKind.ENCRYPTED, "Excel password (XOR)")
            return
        if kind == _SHEET:
            yield from book.flush()
            book.name = book.text(body[5 : 5 + body[4]]) if size > 5 else ""
        # A chart inside a sheet has records of its own, which look like cells.
        if charts or (kind in _BOF and body[2:3] == bytes([_CHART])):
            charts += (kind in _BOF) - ended
            if kind == _SERIES and size > 3:
                book.titles.append(book.text(body[3 : 3 + body[2]]))
            continue
        try:
            target = _record(book, kind, body, target)
        except (struct.error, IndexError):
            yield from book.flush()
            yield problem(ProblemKind.BROKEN_PART, f"record 0x{kind:04X}")
            return
        if book.count > reading.limits.cells:
            yield from book.flush()
            yield problem(ProblemKind.LIMIT, f"limits.cells = {reading.limits.cells}")
            return
    yield from book.flush()
    if not ended:
        yield problem(ProblemKind.BROKEN_PART, "ends without its last record")


def _record(book: _Book, kind: int, body: bytes, target: tuple[int, int] | None) -> tuple[int, int] | None:
    """Take a record; the cell whose text the next record holds, if it is a formula."""
    if kind in _BOF:
        book.version = _BOF[kind]
    elif kind == _CODEPAGE:
        number = struct.unpack("<H", body[:2])[0]
        book.codepage = {0x8000: "mac_roman", 0x8001: "cp1252", 10000: "mac_roman"}.get(number, f"cp{number}")
    elif kind == _DATEMODE:
        book.since_1904 = body[:1] == b"\1"
    elif kind in _FORMATS:
        start = 0 if kind == 0x001E else 2  # Excel 4 puts two bytes before the text, Excel 5 the format's number
        number = struct.unpack_from("<H", body)[0] if book.version == 5 else len(book.codes)
        book.codes[number] = book.text(body[start + 1 : start + 1 + body[start]])
    elif kind in _STYLES:
        book.styles.append(struct.unpack_from("<H", body, 2)[0] if kind == 0x00E0 else body[1])
    elif kind == _PLACE:
        place, hidden = struct.unpack_from("<IB", body)
        book.places[place] = book.text(body[7 : 7 + body[6]]), Role.HIDDEN if hidden & 3 else Role.BODY
    elif kind in _TITLES and body:
        book.titles.append(book.text(body[1 : 1 + body[0]]))
    elif kind == _NOTE:
        _note(book, body)
    elif kind in _STRINGS and target:
        width = 1 if kind == 0x0007 else 2
        length = int.from_bytes(body[:width], "little")
        book.put(*target, book.text(body[width : width + length]))
    elif kind == _RKS:
        row, first = struct.unpack_from("<HH", body)
        for i in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<Hi", body, 4 + 6 * i)
            book.put(row, first + i, book.number(_rk(packed), style))
    elif kind in {_INTEGER, _RK} | _NUMBERS | _LABELS | _FORMULAS:
        return _cell(book, kind, body)
    return None


def _cell(book: _Book, kind: int, body: bytes) -> tuple[int, int] | None:
    row, column = struct.unpack_from("<HH", body)
    old = book.version == 2
    at = 7 if old else 6
    style = body[5] & 0x3F if old else struct.unpack_from("<H", body, 4)[0]
    if kind == _INTEGER:
        book.put(row, column, book.number(struct.unpack_from("<H", body, at)[0], style))
    elif kind in _NUMBERS:
        book.put(row, column, book.number(struct.unpack_from("<d", body, at)[0], style))
    elif kind in _LABELS:
        width = 1 if old else 2
        length = int.from_bytes(body[at : at + width], "little")
        book.put(row, column, book.text(body[at + width : at + width + length]))
    elif kind == _RK:
        book.put(row, column, book.number(_rk(struct.unpack_from("<i", body, at)[0]), style))
    elif body[at + 6 : at + 8] == b"\xff\xff":
        return (row, column) if body[at] == 0 else None  # the text follows; a truth value or an error stands here itself
    else:
        book.put(row, column, book.number(struct.unpack_from("<d", body, at)[0], style))
    return None


def _rk(packed: int) -> float:
    """A number in thirty bits: an integer or the upper half of a double, maybe a hundredfold."""
    value = float(packed >> 2) if packed & 2 else struct.unpack("<d", struct.pack("<iI", 0, packed & 0xFFFFFFFC))[0]
    return float(value) / 100 if packed & 1 else float(value)


def _note(book: _Book, body: bytes) -> None:
    """A cell's note; one of more than 2,048 bytes goes on in records whose row is 0xFFFF."""
    row, column, _ = struct.unpack_from("<HHH", body)
    text = book.text(body[6:])
    last = book.notes[-1] if book.notes else None
    if row == 0xFFFF and isinstance(last, Segment):
        book.notes[-1] = Segment(last.location, last.text + text, Role.COMMENT)
    elif text:
        book.notes.append(Segment(Cell(book.name, row + 1, column + 1), text, Role.COMMENT))
