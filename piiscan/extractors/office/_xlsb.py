"""Cells of a binary workbook ([MS-XLSB]), for what calamine cannot open and for numbers whose format fills up with zeros.

A part is a row of records, each with its number and its size in seven bits a byte (2.1.4).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from piiscan.extractors.office._numfmt import date_text, is_date, mask, number_text
from piiscan.extractors.office._opc import Package

__all__ = ["Book", "linked_cells", "pivot_items", "records", "wide_strings"]

_ROW, _RK, _BOOL, _REAL, _TEXT, _SHARED, _FORMULA_TEXT, _FORMULA_REAL, _FORMULA_BOOL, _RICH = 0, 2, 4, 5, 6, 7, 8, 9, 10, 62
_STRING, _XF, _FORMAT, _CELL_XFS, _CELL_XFS_END, _SHEET, _WORKBOOK = 19, 47, 44, 617, 618, 156, 153
_LINKED_TEXT, _PIVOT_TEXT = 371, 24
_COLUMNS = 16_384


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and body of each record."""
    at = 0
    while at < len(data):
        values = []
        for longest in (2, 4):
            value = 0
            for i in range(longest):
                if at >= len(data):
                    return
                value |= (data[at] & 0x7F) << 7 * i
                at += 1
                if not data[at - 1] & 0x80:
                    break
            values.append(value)
        yield values[0], data[at : at + values[1]]
        at += values[1]


def wide_strings(body: bytes, at: int) -> list[str]:
    """The counted UTF-16 strings from a place on; a count of all ones is none."""
    found: list[str] = []
    while at + 4 <= len(body):
        size = int.from_bytes(body[at : at + 4], "little")
        at += 4
        if size == 0xFFFFFFFF:
            continue
        found.append(body[at : at + 2 * size].decode("utf-16-le", "replace"))
        at += 2 * size
    return [text for text in found if text.strip()]


def linked_cells(data: bytes) -> Iterator[str]:
    """Texts that a workbook keeps of another one that it links to."""
    yield from (text for kind, body in records(data) if kind == _LINKED_TEXT for text in wide_strings(body, 4)[:1])


def pivot_items(data: bytes) -> Iterator[str]:
    """Texts that a pivot table keeps of its source."""
    yield from (text for kind, body in records(data) if kind == _PIVOT_TEXT for text in wide_strings(body, 0)[:1])


@dataclass(slots=True)
class Book:
    """A workbook: its sheets as ``(name, part, hidden)``, its strings and the formats of its numbers."""

    package: Package
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    masks: dict[int, Callable[[int], str]] = field(default_factory=dict)
    dates: set[int] = field(default_factory=set)
    strings: list[str] | None = None
    _strings_part: str = ""
    _epoch_1904: bool = False

    @classmethod
    def of(cls, package: Package, main: str) -> Book:
        """What the workbook part and the styles tell; damage leaves less of it."""
        book = cls(package)
        rels = package.rels(main)
        for kind, body in records(package.read(main)):
            if kind == _SHEET and len(body) > 12:
                texts = wide_strings(body, 8)
                rel = rels.get(texts[0]) if len(texts) == 2 else None
                if rel is not None and not rel.external and rel.kind in {"worksheet", "xlMacrosheet"}:
                    book.sheets.append((texts[1], rel.target, body[0] != 0))
            elif kind == _WORKBOOK and body:
                book._epoch_1904 = bool(body[0] & 1)
        for rel in rels.values():
            if rel.kind == "sharedStrings":
                book._strings_part = rel.target
            elif rel.kind == "styles":
                book._styles(package.read(rel.target))
        return book

    def _styles(self, data: bytes) -> None:
        codes: dict[int, str] = {}
        number, inside = 0, False
        for kind, body in records(data):
            if kind == _FORMAT and len(body) > 6:
                codes[int.from_bytes(body[:2], "little")] = "".join(wide_strings(body, 2)[:1])
            elif kind in {_CELL_XFS, _CELL_XFS_END}:
                inside = kind == _CELL_XFS
            elif kind == _XF and inside and len(body) >= 4:
                form = int.from_bytes(body[2:4], "little")
                code = codes.get(form, "")
                if is_date(form, code):
                    self.dates.add(number)
                elif code and (write := mask(code)) is not None:
                    self.masks[number] = write
                number += 1

    def rows(self, part: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Number and cells of each row that has any."""
        if self.strings is None:
            found = (wide_strings(body, 1)[:1] for kind, body in records(self.package.read(self._strings_part)) if kind == _STRING)
            self.strings = ["".join(texts) for texts in found] if self._strings_part else []
        row, cells = 0, dict[int, str]()
        for kind, body in records(self.package.read(part)):
            if kind == _ROW and len(body) >= 4:
                if cells:
                    yield row, _row(cells)
                row, cells = int.from_bytes(body[:4], "little") + 1, {}
            elif (kind <= _FORMULA_BOOL or kind == _RICH) and len(body) > 8:
                column = int.from_bytes(body[:4], "little")
                text = self._text(kind, int.from_bytes(body[4:7], "little"), body)
                if text and column < _COLUMNS:
                    cells[column] = text
        if cells:
            yield row, _row(cells)

    def _text(self, kind: int, style: int, body: bytes) -> str:
        if kind in {_TEXT, _FORMULA_TEXT, _RICH}:
            return "".join(wide_strings(body, 9 if kind == _RICH else 8)[:1])
        if kind == _SHARED:
            number = int.from_bytes(body[8:12], "little")
            strings = self.strings or []
            return strings[number] if number < len(strings) else ""
        if kind in {_BOOL, _FORMULA_BOOL}:
            return "TRUE" if body[8] else "FALSE"
        if kind == _RK and len(body) >= 12:
            packed = int.from_bytes(body[8:12], "little")
            value: float = struct.unpack("<d", bytes(4) + (packed & 0xFFFFFFFC).to_bytes(4, "little"))[0]
            if packed & 2:
                value = float((packed >> 2) - ((packed >> 31) << 30))
            value = value / 100 if packed & 1 else value
        elif kind in {_REAL, _FORMULA_REAL} and len(body) >= 16:
            value = struct.unpack_from("<d", body, 8)[0]
        else:
            return ""
        if style in self.dates:
            return date_text(value, epoch_1904=self._epoch_1904)
        write = self.masks.get(style)
        return write(int(value)) if write is not None and value >= 0 and value.is_integer() else number_text(value)


def _row(cells: dict[int, str]) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in range(max(cells) + 1))
