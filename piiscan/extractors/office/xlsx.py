"""Excel workbooks: python-calamine for the cells, our own pass over the package for all that it leaves out.

calamine is by far the fastest reader of cells, but it holds a sheet in memory
as a dense grid and gives numbers without their format. So each sheet's XML is
first skimmed (tags only, as bytes): how large is the grid, which cells carry a
format that fills up with zeros, what follows the cells (headers, footers,
validation lists). Sheets that are too large for memory, hostile, or that
calamine cannot read, go through a streaming reader of our own.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import os
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import olefile
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office import _biff, _xlsb
from piiscan.extractors.office._numfmt import date_text, is_date, mask, number_text
from piiscan.extractors.office._ole import damaged, pictures, storage, stream
from piiscan.extractors.office._opc import (
    LOCAL,
    Element,
    Package,
    Rel,
    chart_table,
    document_properties,
    drawing_texts,
    link_targets,
    signature_line,
    words,
)
from piiscan.extractors.office.encrypted import decrypt_ole, is_encrypted_ole
from piiscan.extractors.office.xls_old import pieces_of_records
from piiscan.extractors.segments import cut
from piiscan.model import Cell, Part, Role, Segment, Table
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "xlsx"
MEDIA_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
    "application/vnd.ms-excel.sheet.macroEnabled.12",
    "application/vnd.ms-excel.template.macroEnabled.12",
    "application/vnd.ms-excel.addin.macroEnabled.12",
    "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "application/vnd.ms-excel",
)
SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", ".xlsb", ".xls", ".xlt")
DOC = FormatDoc(
    description="Excel workbook (Office Open XML, binary xlsb, and BIFF5/8 xls)",
    description_ja="Excelブック",
    engine="python-calamine; lxml for what it leaves out and for sheets too large for memory",
    engine_ja="python-calamine。calamineが読まない部分とメモリーに収まらないシートはlxml",
    sees=(
        "cells of all sheets, also hidden ones, with leading zeros as displayed and dates as YYYY-MM-DD",
        "sheet names, comments and threaded comments, headers and footers, text boxes, chart titles",
        "validation lists, texts in defined names and in formulas, link targets, connections",
        "pivot caches and cached values of linked workbooks (copies that outlive their source)",
        "document properties, custom XML, embedded files (read as files of their own)",
        "cached data of charts, chart sheets, scenarios, form controls; members that no relationship names (read as files of their own)",
        "of xlsb also: comments, headers, drawings",
        "of xls also: comments, text boxes, headers, prompts and lists of validation, links, series of charts",
        "of xls also: cells of linked workbooks, who saved it last, embedded objects",
    ),
    sees_ja=(
        "全シートのセル（非表示のものを含む。先頭の0は表示どおり、日付はYYYY-MM-DD）",
        "シート名、コメントとスレッド形式のコメント、ヘッダー、フッター、テキストボックス、グラフの題名",
        "入力規則のリスト、名前の定義と数式に含まれる文字、リンク先、外部接続",
        "ピボットテーブルのキャッシュ、リンク先ブックの値の控え（元データを消しても残る写し）",
        "文書のプロパティ、カスタムXML、埋め込みファイル（別のファイルとして読みます）",
        "グラフに保存されたデータ、グラフシート、シナリオ、フォームコントロール。どこからも参照されていない中身（別のファイルとして読みます）",
        "xlsbではさらに: コメント、ヘッダー、図形の文字",
        "xlsではさらに: コメント、テキストボックス、ヘッダー、入力規則の案内文とリスト、リンク、グラフの系列",
        "xlsではさらに: リンク先ブックのセル、最後に保存した人、埋め込みオブジェクト",
    ),
    limitations=(
        "cells with errors are skipped; formulas are seen by their last computed value",
        "macros are not read",
        "phonetic guides of cells are not read",
        "a sheet of up to 96 MB of XML is held in memory by calamine (some 2.5 bytes per byte); larger ones stream",
    ),
    limitations_ja=(
        "エラーのセルは飛ばします。数式は最後に計算された値を読みます",
        "マクロは読みません",
        "セルのふりがなは読みません",
        "XMLが96 MBまでのシートはcalamineがメモリーに載せます（1バイトあたり約2.5バイト）。それより大きいものは少しずつ読みます",
    ),
    references=("ECMA-376-1 §18", "[MS-XLSB]", "[MS-XLS]"),
)

_ROWS = 2_000
_CHUNK_CELLS = 200_000
_SCAN = 1 << 20
_IN_MEMORY_BYTES = 96 * 1024**2  # of sheet XML; beyond it a sheet streams
_IN_MEMORY_CELLS = 20_000_000  # of the dense grid, 32 bytes each
_TAIL_BYTES = 8 * 1024**2


def extract(reading: Reading) -> Iterator[Piece]:
    """Tables of all sheets in workbook order, each with its comments and texts, then the rest of the package."""
    with reading.open() as file:
        head = file.read(8)
    if head.startswith(b"PK"):
        package = Package.open(reading)
        if not isinstance(package, Package):
            yield package
            return
        with package:
            yield from _package(reading, package)
    elif head[:1] == b"\x09" and head[1:2] in b"\x00\x02\x04" and head[:2] != b"\x09\x08":
        yield problem(ProblemKind.UNSUPPORTED, "Excel 2 to 4 (BIFF2 to BIFF4)")
    else:
        yield from _binary(reading)


# ------------------------------------------------------------------- cells to text


def _moment(value: dt.datetime) -> str:
    if value.hour or value.minute or value.second:
        return value.isoformat(" ", "seconds")
    return value.date().isoformat()


def _span(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


_TEXT: dict[type, Callable[[Any], str]] = {
    float: number_text,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    dt.date: dt.date.isoformat,
    dt.datetime: _moment,
    dt.time: lambda value: value.isoformat("seconds"),
    dt.timedelta: _span,
    str: str,
}


def _texts(row: Sequence[Any]) -> tuple[str, ...]:
    text = _TEXT
    return tuple([value if (kind := value.__class__) is str else text[kind](value) for value in row])


@dataclass(slots=True)
class Places:
    """Cells whose number is written with filled-up zeros, in the order of rows: ``row << 32 | column << 16 | style``, from 1."""

    places: array[int] = field(default_factory=lambda: array("Q"))
    masks: dict[int, Callable[[int], str]] = field(default_factory=dict)

    def put(self, cells: list[tuple[str, ...]], values: list[Sequence[Any]], start: int, first: int, at: int) -> int:
        """Rewrite such cells of the rows ``start``… in ``cells``; ``first`` is the grid's first column, ``at`` where to go on in the list."""
        places, masks, end = self.places, self.masks, start + len(cells)
        while at < len(places):
            place = places[at]
            row = place >> 32
            if row >= end:
                break
            at += 1
            column = (place >> 16 & 0xFFFF) - first
            if row < start or not 0 <= column < len(values[row - start]):
                continue
            value = values[row - start][column]
            if (value.__class__ is float and value >= 0 and value.is_integer()) or (value.__class__ is int and value >= 0):
                cells_of = cells[row - start]
                cells[row - start] = (*cells_of[:column], masks[place & 0xFFFF](int(value)), *cells_of[column + 1 :])
        return at


def _table(sheet: str, rows: list[tuple[str, ...]], first_row: int, first_column: int, role: Role) -> Table | None:
    """Rows as a table without the empty ones at its ends; ``None`` when all are empty."""
    start, end = 0, len(rows)
    while start < end and not any(rows[start]):
        start += 1
    while end > start and not any(rows[end - 1]):
        end -= 1
    return Table(sheet, tuple(rows[start:end]), first_row + start, first_column, role) if start < end else None


class _Chunks:
    """Gathers rows into tables of bounded size, leaves out blocks of empty rows, and counts cells against the limit."""

    def __init__(self, sheet: str, role: Role, first_column: int, allowance: list[int]) -> None:
        self.sheet, self.role, self.first_column = sheet, role, first_column
        self.allowance = allowance  # cells of the workbook that may still come, shared by its sheets
        self.rows: list[tuple[str, ...]] = []
        self.first = 1
        self.next = 1
        self.cells = 0
        self.full = False

    def add(self, row: tuple[str, ...], number: int | None = None) -> Table | None:
        """Add the next row, or the one with this number; a table when enough have come together."""
        done = None
        if number is not None and number != self.next:
            if number > self.next and number - self.next <= 16:
                for _ in range(number - self.next):
                    self.rows.append(())
            else:
                done = self.flush()
                self.first = number
            self.next = number
        self.rows.append(row)
        self.next += 1
        self.cells += len(row)
        if done is None and (len(self.rows) >= _ROWS or self.cells >= _CHUNK_CELLS):
            done = self.flush()
        return done

    def flush(self) -> Table | None:
        """What has gathered, without empty rows at its ends."""
        rows, first = self.rows, self.first
        self.rows, self.first = [], self.next
        self.allowance[0] -= self.cells
        self.cells = 0
        self.full = self.allowance[0] <= 0
        return _table(self.sheet, rows, first, self.first_column, self.role)


def _calamine_rows(reading: Reading, book: Any, sheet: _Sheet, places: Places, allowance: list[int]) -> Iterator[Piece]:
    """Tables of one sheet through calamine. Raises what calamine raises, before the first table."""
    with _hushed():
        grid = book.get_sheet_by_name(sheet.name)
    if grid is None or grid.start is None:
        return
    first = grid.start[1] + 1
    batch = max(1, min(_ROWS, _CHUNK_CELLS // max(grid.width, 1)))
    rows = grid.iter_rows()
    number, at = 1, 0
    while values := list(islice(rows, batch)):
        cells = [_texts(row) for row in values]
        at = places.put(cells, values, number, first, at)
        table = _table(sheet.name, cells, number, first, sheet.role)
        number += len(cells)
        allowance[0] -= len(cells) * grid.width
        if table is not None:
            yield table
        if allowance[0] <= 0:
            yield problem(ProblemKind.LIMIT, f"limits.cells = {reading.limits.cells}")
            return
        if reading.budget.expired():
            yield problem(ProblemKind.LIMIT, "limits.seconds")
            return


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Without standard error, where a panic of Rust code writes a line by itself; the line may quote the text that was met."""
    try:
        saved = os.dup(2)
    except OSError:  # a program without a console has none
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def _survives(error: BaseException) -> bool:
    """Whether ``error`` is the file's doing: calamine's errors and the panics of its Rust code (a BaseException by design)."""
    return isinstance(error, CalamineError | ValueError | OSError | OverflowError) or type(error).__name__ == "PanicException"


# --------------------------------------------------------------------- the package


@dataclass(slots=True)
class _Sheet:
    name: str
    part: str
    role: Role


@dataclass(slots=True)
class _Styles:
    """Formats of the cell styles: ``kinds[xf]`` is a mask, ``DATE`` or ``None``."""

    masks: dict[int, Callable[[int], str]] = field(default_factory=dict)
    dates: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Skim:
    """What a look at the tags of a sheet tells."""

    rows: int = 0
    columns: int = 16_384
    size: int = 0
    places: Places = field(default_factory=Places)
    tail: bytes = b""
    literals: dict[bytes, None] = field(default_factory=dict)


def _package(reading: Reading, package: Package) -> Iterator[Piece]:
    main = package.main("xl/workbook.xml", "xl/workbook.bin")
    if main is None:
        yield from package.take_faults()
        yield problem(ProblemKind.BROKEN, "no workbook part")
        return
    allowance = [reading.limits.cells]
    file = reading.open()
    try:
        try:
            with _hushed():
                book: Any = CalamineWorkbook.from_filelike(file)
            hidden = {meta.name for meta in book.sheets_metadata if meta.visible != SheetVisibleEnum.Visible}
            names = [meta.name for meta in book.sheets_metadata if meta.typ != SheetTypeEnum.Vba]
            charts = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.ChartSheet]
        except PasswordError:
            yield problem(ProblemKind.ENCRYPTED)
            return
        except BaseException as error:
            if not _survives(error):
                raise
            book, hidden, names, charts = None, set(), [], []
        if main.casefold().endswith(".bin"):
            binary = _xlsb.Book.of(package, main)
            if book is None and not binary.sheets:
                yield problem(ProblemKind.BROKEN, "xlsb")
                return
            if binary.sheets and (book is None or binary.masks):
                names = [*(name for name, _, _ in binary.sheets), *charts]
                yield from _binary_cells(reading, binary, allowance)
            else:
                sheets = [_Sheet(name, "", Role.HIDDEN if name in hidden else Role.BODY) for name in names if name not in charts]
                yield from _all_through_calamine(reading, book, sheets, allowance)
            yield from _binary_parts(package)
        else:
            workbook = _Workbook(reading, package, main, book, allowance)
            for sheet in workbook.sheets:
                yield from workbook.sheet(sheet)
                yield from package.take_faults()
            yield from workbook.texts()
            names = [sheet.name for sheet in workbook.sheets]
            if not names:
                yield from package.take_faults()
                yield problem(ProblemKind.BROKEN, "no sheets")
                return
        yield from cut(Part("sheet names"), "\n".join(names), Role.METADATA)
        yield from _beside(package, main)
        yield from document_properties(package)
        yield from package.strays()
        yield from package.take_faults()
        yield from package.pictures("xl/media/", seen=True)
    finally:
        file.close()


def _all_through_calamine(
    reading: Reading, book: Any, sheets: list[_Sheet], allowance: list[int], places: Sequence[Places] = ()
) -> Iterator[Piece]:
    for i, sheet in enumerate(sheets):
        try:
            yield from _calamine_rows(reading, book, sheet, places[i] if i < len(places) else Places(), allowance)
        except BaseException as error:
            if not _survives(error):
                raise
            yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, f"sheet {i + 1}: {type(error).__name__}")


#: A formula with a text in it: an address of ``HYPERLINK``, say. A block may end where its end tag begins.
_LITERAL = re.compile(rb"<(?:\w+:)?f(?: [^<>]*)?>([^<]*(?:\"|&quot;)[^<]*)(?=<|\Z)")
_LITERALS = 10_000


class _Workbook:
    """The sheets of an xlsx package."""

    def __init__(self, reading: Reading, package: Package, main: str, book: Any, allowance: list[int]) -> None:
        self.reading, self.package, self.book, self.allowance = reading, package, book, allowance
        rels = package.rels(main)
        self.sheets: list[_Sheet] = []
        self.names: list[str] = []
        self.charts: list[str] = []
        self.epoch_1904 = False
        self._strings: _Strings | None = None
        self._rels = rels
        root = package.root(main)
        for element in root.iter("{*}sheet", "{*}definedName", "{*}workbookPr") if root is not None else ():
            kind = LOCAL[element.tag]
            if kind == "sheet":
                rel = next((rels[v] for k, v in element.items() if str(k).endswith("}id") and v in rels), None)
                role = Role.BODY if element.get("state", "visible") == "visible" else Role.HIDDEN
                if rel is not None and rel.kind == "chartsheet":
                    self.charts.append(rel.target)
                elif rel is not None and not rel.external:
                    self.sheets.append(_Sheet(element.get("name") or "", rel.target, role))
            elif kind == "workbookPr":
                self.epoch_1904 = element.get("date1904") in {"1", "true"}
            elif element.text and '"' in element.text:
                self.names.append(f"{element.get('name')}: {element.text}")
        styles = next((rel.target for rel in rels.values() if rel.kind == "styles"), "")
        self.styles = _read_styles(package, styles)
        # The bytes of a style number in a tag: only these cells are looked at one by one.
        numbers = b"|".join(str(xf).encode() for xf in sorted(self.styles.masks))
        self._masked = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})" s="(' + numbers + rb')"') if numbers else None

    def texts(self) -> Iterator[Piece]:
        """Texts that belong to no sheet."""
        yield from cut(Part("names"), "\n".join(self.names), Role.METADATA)
        for part in self.charts:
            for rel in self.package.rels(part).values():
                if rel.kind == "drawing" and not rel.external:
                    yield from _drawing(self.package, rel.target)

    def sheet(self, sheet: _Sheet) -> Iterator[Piece]:
        """Cells of a sheet, then its comments, headers, lists and drawings."""
        faults = len(self.package.faults)
        skim = self._skim(sheet.part)
        whole = len(self.package.faults) == faults
        dense = skim.rows * skim.columns
        done = False
        if self.book is not None and whole and skim.size <= _IN_MEMORY_BYTES and dense <= _IN_MEMORY_CELLS:
            try:
                yield from _calamine_rows(self.reading, self.book, sheet, skim.places, self.allowance)
                done = True
            except BaseException as error:  # all of it comes before the first table
                if not _survives(error):
                    raise
        if not done:
            del self.package.faults[faults:]  # the second reader meets and reports the same damage
            yield from self._stream(sheet)
        texts = (text for formula in skim.literals for text in re.findall('"([^"]{4,})"', _decode(formula)))
        yield from cut(Part("formulas"), "\n".join(dict.fromkeys(texts)), Role.METADATA)
        yield from self._tail(skim.tail)
        yield from self._parts(sheet)

    def _skim(self, part: str) -> _Skim:
        """One pass over the bytes of the sheet: size of the grid, cells under a mask, and what follows the cells."""
        skim = _Skim(places=Places(masks=self.styles.masks))
        stream = self.package.stream(part)
        if stream is None:
            return skim
        rest, tail, widest = b"", bytearray(), b""
        in_tail = False
        usual = False
        while data := stream.read(_SCAN):
            skim.size += len(data)
            if in_tail:
                if len(tail) < _TAIL_BYTES:
                    tail += data
                continue
            block = rest + data
            end = block.find(b"</sheetData>")
            if end >= 0:
                in_tail = True
                tail += block[end + 12 :]
                block, rest = block[:end], b""
            else:
                end = block.rfind(b"<")
                if end >= 0 and len(block) - end < _SCAN:
                    block, rest = block[:end], block[end:]
                else:
                    rest = b""
            last = block.rfind(b'<row r="')
            if last >= 0:
                number = block[last + 8 : last + 16].split(b'"')[0]
                skim.rows = max(skim.rows, int(number) if number.isdigit() else 1_048_576)
            usual = usual or b'<c r="' in block
            wide = re.findall(rb'<c r="([A-Z]{2,3})', block)
            if wide:
                widest = max([widest, *set(wide)], key=lambda letters: (len(letters), letters))
            if b"<f" in block or b":f" in block:
                skim.literals.update(dict.fromkeys(_LITERAL.findall(block)[: _LITERALS - len(skim.literals)]))
            if self._masked is not None:
                for letters, row, xf in self._masked.findall(block):
                    skim.places.places.append(int(row) << 32 | _column(letters) << 16 | int(xf))
        stream.close()
        if usual:
            skim.columns = min(_column(widest), 16_384) if widest else 26
        elif skim.size < _SCAN:
            skim.rows = 0  # small and unusual: calamine may have it
        if not skim.rows and skim.size >= _SCAN:
            skim.rows = 1_048_576
        skim.tail = bytes(tail)
        return skim

    # --------------------------------------------------------- the streaming reader

    def _stream(self, sheet: _Sheet) -> Iterator[Piece]:
        """Cells of a sheet row by row, with a few rows in memory."""
        if self._strings is None:
            self._strings = _Strings(self.package, next((rel.target for rel in self._rels.values() if rel.kind == "sharedStrings"), ""))
        chunks = _Chunks(sheet.name, sheet.role, 1, self.allowance)
        number = 0
        for row in self.package.events(sheet.part, ("row",)):
            declared = row.get("r") or ""
            number = int(declared) if declared.isdigit() and int(declared) <= 1_048_576 else number + 1
            cells = self._row(row)
            row.clear()
            parent = row.getparent()
            if parent is not None:
                while row.getprevious() is not None:
                    del parent[0]
            if not cells:
                continue
            table = chunks.add(tuple(cells), number)
            if table is not None:
                yield table
                if chunks.full:
                    yield problem(ProblemKind.LIMIT, f"limits.cells = {self.reading.limits.cells}")
                    return
        table = chunks.flush()
        if table is not None:
            yield table

    def _row(self, row: Element) -> list[str]:
        cells: list[str] = []
        strings = self._strings
        assert strings is not None
        for c in row:
            reference = c.get("r")
            if reference:
                column = _column(reference.rstrip("0123456789").encode())
                if not 0 < column <= 16_384:
                    continue
                if column - 1 > len(cells):
                    cells.extend([""] * (column - 1 - len(cells)))
            kind = c.get("t", "n")
            value = ""
            for child in c:
                name = LOCAL[child.tag]
                if name == "v":
                    value = child.text or ""
                elif name == "is":
                    value = _rich(child)
            if not value or kind == "e":
                text = ""
            elif kind == "s":
                text = strings.get(value)
            elif kind == "b":
                text = "TRUE" if value == "1" else "FALSE"
            elif kind == "n":
                text = self._number(value, c.get("s") or "")
            elif kind == "d":
                text = value.replace("T00:00:00", "").replace("T", " ")
            else:
                text = _unescape(value)
            if reference and column <= len(cells):
                cells[column - 1] = text
            else:
                cells.append(text)
        return cells

    def _number(self, value: str, style: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if style.isdigit():
            xf = int(style)
            if xf in self.styles.dates:
                return date_text(number, epoch_1904=self.epoch_1904)
            write = self.styles.masks.get(xf)
            if write is not None and number >= 0 and number.is_integer():
                return write(int(number))
        return number_text(number)

    # ------------------------------------------------------------- beside the cells

    def _tail(self, tail: bytes) -> Iterator[Piece]:
        """Headers, footers and validation lists: they follow the cells in the sheet's XML."""
        for kinds, name, role in (
            (rb"(?:odd|even|first)Header", "header", Role.HEADER),
            (rb"(?:odd|even|first)Footer", "footer", Role.FOOTER),
        ):
            found = re.findall(rb"<(?:\w+:)?" + kinds + rb"\b[^>]*>([^<]*)<", tail)
            texts = dict.fromkeys(_header_text(_decode(text)) for text in found)
            yield from cut(Part(name), "\n".join(text for text in texts if text.strip()), role)
        lists = (_decode(text) for text in re.findall(rb"<(?:\w+:)?formula1>([^<]*)<", tail))
        entries = dict.fromkeys(text.strip('"') for text in lists if text.startswith('"'))
        named = rb'\b(?:prompt|promptTitle|error|errorTitle|tooltip|display|user|comment)="([^"]*)"'
        prompts = (_decode(text) for text in re.findall(named, tail))
        yield from cut(Part("validation"), "\n".join([*entries, *dict.fromkeys(prompts)]), Role.METADATA)

    def _parts(self, sheet: _Sheet) -> Iterator[Piece]:
        rels = list(self.package.rels(sheet.part).values())
        kinds = {rel.kind for rel in rels}
        threaded = kinds & {"threadedComment"}
        for rel in rels:
            if rel.external:
                continue
            if rel.kind == "comments" and not threaded:
                yield from self._comments(sheet, rel)
            elif rel.kind == "threadedComment":
                for comment in self.package.events(rel.target, ("threadedComment",)):
                    text = "\n".join(words(comment))
                    if text:
                        yield Segment(_cell(sheet.name, comment.get("ref") or ""), text, Role.COMMENT)
                    comment.clear()
            elif rel.kind == "drawing":
                yield from _drawing(self.package, rel.target)
            elif rel.kind in {"oleObject", "package"}:
                yield from self.package.embed(rel.target)
            elif rel.kind == "vmlDrawing" and (root := self.package.root(rel.target)) is not None:
                # buttons and boxes of forms; the boxes of comments are there too
                texts = list(words(root)) if "comments" not in kinds else []
                texts += [text for line in root.iter("{*}signatureline") for text in signature_line(line)]
                yield from cut(Part("text box"), "\n".join(texts))
        yield from link_targets([(sheet.part, rel) for rel in rels])

    def _comments(self, sheet: _Sheet, rel: Rel) -> Iterator[Piece]:
        authors: list[str] = []
        for element in self.package.events(rel.target, ("author", "comment")):
            if LOCAL[element.tag] == "author":
                if element.text:
                    authors.append(element.text)
                continue
            text = _rich(element)
            if text.strip():
                yield Segment(_cell(sheet.name, element.get("ref") or ""), text, Role.COMMENT)
            element.clear()
        yield from cut(Part("authors"), "\n".join(dict.fromkeys(authors)), Role.METADATA)


def _read_styles(package: Package, part: str) -> _Styles:
    styles = _Styles()
    root = package.root(part) if part else None
    if root is None:
        return styles
    codes = {
        int(el.get("numFmtId") or 0): el.get("formatCode") or "" for el in root.iter("{*}numFmt") if (el.get("numFmtId") or "").isdigit()
    }
    for group in root.iter("{*}cellXfs"):
        for xf, element in enumerate(group):
            number = int(element.get("numFmtId") or 0) if (element.get("numFmtId") or "0").isdigit() else 0
            code = codes.get(number, "")
            if xf > 0xFFFF:
                break
            if is_date(number, code):
                styles.dates.add(xf)
            elif code and (write := mask(code)) is not None:
                styles.masks[xf] = write
    return styles


class _Strings:
    """The shared strings, packed: a workbook may hold millions."""

    def __init__(self, package: Package, part: str) -> None:
        self._data = bytearray()
        self._ends = array("Q", [0])
        for element in package.events(part, ("si",)) if part else ():
            self._data += _rich(element).encode("utf-8", "replace")
            self._ends.append(len(self._data))
            element.clear()
            parent = element.getparent()
            if parent is not None:
                while element.getprevious() is not None:
                    del parent[0]

    def get(self, index: str) -> str:
        """Text of a string by its number; empty when there is no such string."""
        i = int(index) if index.isdigit() else -1
        if not 0 <= i < len(self._ends) - 1:
            return ""
        return self._data[self._ends[i] : self._ends[i + 1]].decode("utf-8")


def _rich(element: Element) -> str:
    """Text of a rich string without its phonetic runs."""
    out = [t.text for t in element.iter("{*}t") if t.text and (parent := t.getparent()) is not None and LOCAL[parent.tag] != "rPh"]
    return _unescape("".join(out))


def _unescape(text: str) -> str:
    """``_x000D_`` and the like (ECMA-376-1 §22.9.2.19)."""
    if "_x" in text:
        text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m.group(1), 16)), text)
    return text.replace("\r\n", "\n")


def _decode(data: bytes) -> str:
    return html.unescape(data.decode("utf-8", "replace"))


def _header_text(text: str) -> str:
    """A header without its codes: ``&L&"ＭＳ 明朝,標準"&10社外秘`` is ``社外秘`` (ECMA-376-1 §18.3.1.46)."""
    text = re.sub(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&\d+|&[PNDTAFZGBIUSEXYOH]', "", text)
    return re.sub(r"&[LCR]", "\n", text).replace("&&", "&").strip()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(sheet: str, reference: str) -> Cell | Part:
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", reference)
    return Cell(sheet, int(found.group(2)), _column(found.group(1).encode())) if found else Part("comments")


def _drawing(package: Package, part: str) -> Iterator[Piece]:
    """Text boxes and shapes of a sheet, and the charts on it."""
    root = package.root(part)
    if root is not None:
        yield from cut(Part("text box"), "\n".join(dict.fromkeys(drawing_texts(root))))
    for rel in package.rels(part).values():
        if rel.external:
            continue
        if rel.kind in {"chart", "diagramData"}:
            inner = package.root(rel.target)
            if inner is not None:
                yield from cut(Part(rel.kind), "\n".join(dict.fromkeys(drawing_texts(inner))))
                yield from chart_table(inner, rel.target.rpartition("/")[2].removesuffix(".xml"))
        elif rel.kind in {"oleObject", "package"}:
            yield from package.embed(rel.target)
    yield from link_targets([(part, rel) for rel in package.rels(part).values()])


def _binary_cells(reading: Reading, book: _xlsb.Book, allowance: list[int]) -> Iterator[Piece]:
    """Tables of the sheets of an xlsb package, without calamine."""
    for name, part, hidden in book.sheets:
        chunks = _Chunks(name, Role.HIDDEN if hidden else Role.BODY, 1, allowance)
        for number, row in book.rows(part):
            table = chunks.add(row, number)
            if table is not None:
                yield table
            if chunks.full or reading.budget.expired():
                yield problem(ProblemKind.LIMIT, f"limits.cells = {reading.limits.cells}" if chunks.full else "limits.seconds")
                return
        table = chunks.flush()
        if table is not None:
            yield table


def _binary_parts(package: Package) -> Iterator[Piece]:
    """Comments, headers, drawings and embedded files of the sheets of an xlsb package ([MS-XLSB])."""
    for part in package.parts("xl/worksheets/", ".bin"):
        headers = [
            text for kind, body in _xlsb.records(package.read(part)) if kind == _BEGIN_HEADER for text in _xlsb.wide_strings(body, 2)
        ]
        yield from cut(Part("header"), "\n".join(dict.fromkeys(map(_header_text, headers))), Role.HEADER)
        rels = [rel for rel in package.rels(part).values() if not rel.external]
        for rel in rels:
            if rel.kind == "comments":
                records = list(_xlsb.records(package.read(rel.target)))
                texts = [text for kind, body in records if kind == _COMMENT_TEXT for text in _xlsb.wide_strings(body, 1)[:1]]
                yield from cut(Part("comments"), "\n".join(texts), Role.COMMENT)
                authors = [text for kind, body in records if kind == _COMMENT_AUTHOR for text in _xlsb.wide_strings(body, 0)]
                yield from cut(Part("authors"), "\n".join(dict.fromkeys(authors)), Role.METADATA)
            elif rel.kind == "drawing":
                yield from _drawing(package, rel.target)
            elif rel.kind in {"oleObject", "package"}:
                yield from package.embed(rel.target)
        yield from link_targets([(part, rel) for rel in package.rels(part).values()])
        yield from package.take_faults()


_BEGIN_HEADER, _COMMENT_AUTHOR, _COMMENT_TEXT = 479, 632, 637


def _beside(package: Package, main: str) -> Iterator[Piece]:
    """What belongs to the workbook, not to a sheet: persons, pivot caches, caches of linked workbooks, connections, custom XML."""
    caches = 0
    for rel in package.rels(main).values():
        if rel.external:
            continue
        if rel.target.casefold().endswith(".bin"):
            if rel.kind in {"externalLink", "pivotCacheDefinition"}:
                texts = _xlsb.linked_cells if rel.kind == "externalLink" else _xlsb.pivot_items
                name = "external link" if rel.kind == "externalLink" else "pivot cache"
                yield from cut(Part(name), "\n".join(dict.fromkeys(texts(package.read(rel.target)))), Role.HIDDEN)
        elif rel.kind == "pivotCacheDefinition":
            caches += 1
            yield from _pivot(package, rel.target, f"pivot cache {caches}")
        elif rel.kind == "externalLink":
            lines = (value for value in (_element_value(el) for el in package.events(rel.target, ("v",))) if value)
            yield from cut(Part("external link"), "\n".join(lines), Role.HIDDEN)
        elif rel.kind == "person":
            persons = [el.get(key) or "" for el in package.events(rel.target, ("person",)) for key in ("displayName", "userId")]
            yield from cut(Part("authors"), "\n".join(dict.fromkeys(name for name in persons if name)), Role.METADATA)
        elif rel.kind == "connections":
            root = package.root(rel.target)
            found = [
                str(v)
                for el in (root.iter() if root is not None else ())
                for k, v in el.items()
                if k in {"connection", "command", "name", "url"}
            ]
            yield from cut(Part("connections"), "\n".join(found), Role.METADATA)
        elif rel.kind == "customXml":
            root = package.root(rel.target)
            if root is not None:
                yield from cut(Part("customXml"), "\n".join(words(root)), Role.METADATA)
        yield from package.take_faults()


def _element_value(element: Element) -> str:
    return element.text or ""


def _pivot(package: Package, part: str, sheet: str) -> Iterator[Piece]:
    """Records of a pivot cache as a table: it keeps a copy of the rows even when their sheet is gone (ECMA-376-1 §18.10)."""
    root = package.root(part)
    if root is None:
        return
    header: list[str] = []
    shared: list[list[str]] = []
    for cache_field in root.iter("{*}cacheField"):
        header.append(cache_field.get("name") or "")
        items = next(cache_field.iter("{*}sharedItems"), None)
        shared.append([_pivot_value(item) for item in items] if items is not None else [])
    records = next((rel.target for rel in package.rels(part).values() if rel.kind == "pivotCacheRecords"), "")
    chunks = _Chunks(sheet, Role.HIDDEN, 1, [package.reading.limits.cells])
    chunks.add(tuple(header))
    for record in package.events(records, ("r",)) if records else ():
        row: list[str] = []
        for i, item in enumerate(record):
            if LOCAL[item.tag] == "x":
                index = item.get("v") or ""
                known = shared[i] if i < len(shared) else []
                row.append(known[int(index)] if index.isdigit() and int(index) < len(known) else "")
            else:
                row.append(_pivot_value(item))
        record.clear()
        table = chunks.add(tuple(row))
        if table is not None:
            yield table
    if not records:  # only the distinct values are kept, column by column
        for i in range(max((len(items) for items in shared), default=0)):
            chunks.add(tuple(items[i] if i < len(items) else "" for items in shared))
    table = chunks.flush()
    if table is not None and (len(table.rows) > 1 or table.first_row > 1):
        yield table


def _pivot_value(item: Element) -> str:
    value = item.get("v") or ""
    kind = LOCAL[item.tag]
    if kind == "n":
        try:
            return number_text(float(value))
        except ValueError:
            return value
    return value.replace("T00:00:00", "") if kind == "d" else value


# ----------------------------------------------------------------------------- xls


def _binary(reading: Reading) -> Iterator[Piece]:
    """A BIFF8 workbook: cells through calamine, the rest through a pass over its records. One of Excel 5 or 95 goes to the older reader."""
    allowance = [reading.limits.cells]
    old = _records_of_excel_5(reading)
    if old:
        yield from pieces_of_records(old, reading)
        yield from _beside_binary(reading, _biff.read(reading))
        return
    with reading.open() as file:
        try:
            with _hushed():
                book: Any = CalamineWorkbook.from_filelike(file)
            metadata = book.sheets_metadata
        except BaseException as error:
            if not _survives(error):
                raise
            if is_encrypted_ole(reading.path):
                yield decrypt_ole(reading)
            else:
                yield problem(ProblemKind.BROKEN, f"xls: {type(error).__name__}")
            return
        sheets = [
            _Sheet(meta.name, "", Role.BODY if meta.visible == SheetVisibleEnum.Visible else Role.HIDDEN)
            for meta in metadata
            if meta.typ not in (SheetTypeEnum.Vba, SheetTypeEnum.ChartSheet)  # calamine's enums cannot be hashed
        ]
        beside = _biff.read(reading)
        places = [Places(array("Q", sorted(beside.places.get(sheet.name, ()))), beside.masks) for sheet in sheets]
        yield from _all_through_calamine(reading, book, sheets, allowance, places)
        yield from cut(Part("sheet names"), "\n".join(sheet.name for sheet in sheets), Role.METADATA)
        yield from _beside_binary(reading, beside)


def _records_of_excel_5(reading: Reading) -> bytes:
    """The stream of a workbook of Excel 5 or 95; empty for a later one."""
    try:
        with reading.open() as file, olefile.OleFileIO(file) as ole:
            if ole.exists("Workbook") or not ole.exists("Book") or ole.get_size("Book") > reading.limits.xml_bytes:
                return b""
            data = stream(ole, "Book")
    except Exception:  # noqa: BLE001 - olefile raises what the file makes it raise; calamine says what is wrong
        return b""
    return data if data[:2] == b"\x09\x08" and data[4:6] != b"\0\6" and not is_encrypted_ole(reading.path) else b""


def _beside_binary(reading: Reading, beside: _biff.Beside) -> Iterator[Piece]:
    """What a pass over the records found, and the objects in the workbook."""
    yield from cut(Part("text box"), "\n".join(beside.texts), Role.COMMENT)
    yield from cut(Part("header"), "\n".join(dict.fromkeys(_header_text(text) for text in beside.headers)), Role.HEADER)
    yield from cut(Part("cells of linked workbooks"), "\n".join(dict.fromkeys(beside.linked)), Role.HIDDEN)
    yield from cut(Part("validation"), "\n".join(dict.fromkeys(beside.prompts)), Role.METADATA)
    yield from cut(Part("chart"), "\n".join(dict.fromkeys(beside.charts)))
    yield from cut(Part("links"), "\n".join(dict.fromkeys(beside.links)), Role.METADATA)
    yield from cut(Part("authors"), "\n".join(dict.fromkeys(beside.authors)), Role.METADATA)
    yield from cut(Part("docProps"), "\n".join(beside.properties), Role.METADATA)
    yield from beside.problems
    yield from pictures(reading, (bytes(beside.drawings),))
    with reading.open() as file, olefile.OleFileIO(file) as ole:
        objects: dict[str, list[list[str]]] = {}
        for path in ole.listdir():
            if len(path) > 1 and path[0].upper().startswith(("MBD", "LNK")):
                objects.setdefault(path[0], []).append(path)
        for name, paths in objects.items():
            yield from storage(reading, ole, paths, 1, f"{name}.bin")
        yield from damaged(ole)
