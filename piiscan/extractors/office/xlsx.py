"""Excel workbooks: python-calamine for the cells, our own pass over the package for all that it leaves out.

calamine is by far the fastest reader of cells, but it holds a sheet in memory
as a dense grid and gives numbers without their format. So each sheet's XML is
first skimmed (tags only, as bytes): how large is the grid, which cells carry a
format that fills up with zeros, what follows the cells (headers, footers,
validation lists). Sheets that are too large for memory, hostile, or that
calamine cannot read, go through a streaming reader of our own.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

import olefile
from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office import _biff, _xlsb
from piiscan.extractors.office._beside_cells import beside_cells, header_text, parts_of_binary
from piiscan.extractors.office._cells import Chunks, Places, Sheet, all_through_calamine, hushed, survives
from piiscan.extractors.office._ole import damaged, pictures, storage, stream
from piiscan.extractors.office._opc import Package, document_properties
from piiscan.extractors.office._workbook import Workbook
from piiscan.extractors.office.encrypted import decrypt_ole, is_encrypted_ole
from piiscan.extractors.office.xls_old import pieces_of_records
from piiscan.extractors.segments import cut
from piiscan.model import Part, Role
from piiscan.problems import ProblemKind

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


# --------------------------------------------------------------------- the package


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
            with hushed():
                book: Any = CalamineWorkbook.from_filelike(file)
            hidden = {meta.name for meta in book.sheets_metadata if meta.visible != SheetVisibleEnum.Visible}
            names = [meta.name for meta in book.sheets_metadata if meta.typ != SheetTypeEnum.Vba]
            charts = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.ChartSheet]
        except PasswordError:
            yield problem(ProblemKind.ENCRYPTED)
            return
        except BaseException as error:
            if not survives(error):
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
                sheets = [Sheet(name, "", Role.HIDDEN if name in hidden else Role.BODY) for name in names if name not in charts]
                yield from all_through_calamine(reading, book, sheets, allowance)
            yield from parts_of_binary(package)
        else:
            workbook = Workbook(reading, package, main, book, allowance)
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
        yield from beside_cells(package, main)
        yield from document_properties(package)
        yield from package.strays()
        yield from package.take_faults()
        yield from package.pictures("xl/media/", seen=True)
    finally:
        file.close()


def _binary_cells(reading: Reading, book: _xlsb.Book, allowance: list[int]) -> Iterator[Piece]:
    """Tables of the sheets of an xlsb package, without calamine."""
    for name, part, hidden in book.sheets:
        chunks = Chunks(name, Role.HIDDEN if hidden else Role.BODY, 1, allowance)
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
            with hushed():
                book: Any = CalamineWorkbook.from_filelike(file)
            metadata = book.sheets_metadata
        except BaseException as error:
            if not survives(error):
                raise
            if is_encrypted_ole(reading.path):
                yield decrypt_ole(reading)
            else:
                yield problem(ProblemKind.BROKEN, f"xls: {type(error).__name__}")
            return
        sheets = [
            Sheet(meta.name, "", Role.BODY if meta.visible == SheetVisibleEnum.Visible else Role.HIDDEN)
            for meta in metadata
            if meta.typ not in (SheetTypeEnum.Vba, SheetTypeEnum.ChartSheet)  # calamine's enums cannot be hashed
        ]
        beside = _biff.read(reading)
        places = [Places(array("Q", sorted(beside.places.get(sheet.name, ()))), beside.masks) for sheet in sheets]
        yield from all_through_calamine(reading, book, sheets, allowance, places)
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
    yield from cut(Part("header"), "\n".join(dict.fromkeys(header_text(text) for text in beside.headers)), Role.HEADER)
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
