"""A workbook: the table with filters and a frozen header, a sheet of what the kinds mean, a sheet of what the columns mean.

Written row by row in constant memory (``xlsxwriter``). Every text is written
as a text: no cell is a formula or a link whatever it begins with, telephone
numbers keep their zeros. Counts are numbers, moments are dates (local time).
A table longer than a sheet goes on in the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any, BinaryIO, ClassVar

import xlsxwriter  # type: ignore[import-untyped]

from piiscan.inventory.reader import Reader
from piiscan.language import say
from piiscan.model import Cell, Column, Level, Line, Page, Paragraph, Part, Slide, location_to_text
from piiscan.reports.base import ReportOptions, shown
from piiscan.reports.views import VIEWS, TableView

__all__ = ["XlsxReport"]

_ROWS = 1_048_575  # of a sheet, without the header
_CELL = 32_767
_LOCATIONS = (Line, Page, Paragraph, Slide, Part, Cell, Column)
_MOMENTS = frozenset({"modified", "first_seen", "last_seen"})
_WIDTHS = {"path": 60, "source": 30, "examples": 34, "detail": 34, "reason": 34, "todo": 44, "location": 22, "label": 22, "header": 18, "law": 30,
           "member": 24, "entity": 22, "modified": 17, "first_seen": 17, "last_seen": 17}  # fmt: skip
#: Text and ground of a level, dark enough on light enough (WCAG AA).
_COLOURS = {
    Level.CRITICAL: ("#7A0D2E", "#FBD5DF"),
    Level.HIGH: ("#7C2D12", "#FDE3CF"),
    Level.MEDIUM: ("#6B4A05", "#FBF0C4"),
    Level.LOW: ("#1F4E79", "#DDEBF7"),
}


class XlsxReport:
    """``xlsx``"""

    NAME: ClassVar[str] = "xlsx"

    def write(self, reader: Reader, out: BinaryIO, options: ReportOptions) -> None:
        """See :meth:`piiscan.reports.base.Report.write`."""
        book = xlsxwriter.Workbook(
            out,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "yyyy-mm-dd hh:mm",
            },
        )
        book.set_properties({"title": say("page.title", options.lang), "comments": f"piiscan {options.version}"})
        formats = {
            "head": book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#2B3A4E", "valign": "vcenter"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "number": book.add_format({"num_format": "#,##0"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "bold": book.add_format({"bold": True, "valign": "top"}),
        }
        view = VIEWS[options.view]
        rows = view.for_people(reader, options)
        number = 0
        while True:
            first = next(rows, None)
            if first is None and number:
                break
            number += 1
            sheet = book.add_worksheet(options.view if number == 1 else f"{options.view} {number}")
            written = _table(book, sheet, view, chain([] if first is None else [first], islice(rows, _ROWS - 1)), formats)
            if written < _ROWS:
                break
        _kinds(book, reader, options, formats)
        _columns(book, view, options, formats)
        book.close()


def _table(book: Any, sheet: Any, view: TableView, rows: Iterator[tuple[Any, ...]], formats: dict[str, Any]) -> int:
    columns = view.columns
    for i, name in enumerate(columns):
        sheet.set_column(i, i, _WIDTHS.get(name, 12))
    sheet.freeze_panes(1, columns.index("path") + 1 if "path" in columns else 0)
    sheet.set_row(0, 20)
    for i, name in enumerate(columns):
        sheet.write_string(0, i, name, formats["head"])
    last = 0
    for last, row in enumerate(rows, 1):
        for i, (name, value) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, last, i, name, value, formats)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    if "level" in columns:
        at = columns.index("level")
        for level, (text, ground) in _COLOURS.items():
            sheet.conditional_format(
                1, at, max(last, 1), at,
                {"type": "cell", "criteria": "==", "value": f'"{level.word}"',
                 "format": book.add_format({"font_color": text, "bg_color": ground, "bold": level >= Level.HIGH})},
            )  # fmt: skip
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    return last


def _write(sheet: Any, row: int, column: int, name: str, value: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, bool | int | float):
        sheet.write_number(row, column, value, None if name == "score" else formats["number"])
    elif name in _MOMENTS and value:
        sheet.write_datetime(row, column, datetime.fromisoformat(value).replace(tzinfo=None), formats["moment"])
    else:
        if isinstance(value, _LOCATIONS):
            value = location_to_text(value)
        elif isinstance(value, tuple):
            value = " / ".join(value)
        if value:
            sheet.write_string(row, column, shown(value)[:_CELL])


def _kinds(book: Any, reader: Reader, options: ReportOptions, formats: dict[str, Any]) -> None:
    """What each kind is and what to do about it, worst first."""
    sheet = book.add_worksheet(say("page.sheet_kinds", options.lang))
    for i, width in enumerate((24, 24, 10, 10, 12, 60, 60)):
        sheet.set_column(i, i, width)
    sheet.freeze_panes(1, 2)
    heads = ("entity", *(say(f"page.{key}", options.lang) for key in ("kind", "level", "files", "values", "meaning", "todo")))
    for i, text in enumerate(heads):
        sheet.write_string(0, i, text, formats["head"])
    for row, (entity, level, files, values) in enumerate(reader.summary(options.merge, options.selection).entities, 1):
        meaning, action = options.explain(entity, options.lang)
        sheet.write_string(row, 0, entity, formats["bold"])
        sheet.write_string(row, 1, options.label(entity, options.lang), formats["wrap"])
        sheet.write_string(row, 2, say(f"level.{level.word}", options.lang), formats["wrap"])
        sheet.write_number(row, 3, files, formats["number"])
        sheet.write_number(row, 4, values, formats["number"])
        sheet.write_string(row, 5, meaning, formats["wrap"])
        sheet.write_string(row, 6, action, formats["wrap"])


def _columns(book: Any, view: TableView, options: ReportOptions, formats: dict[str, Any]) -> None:
    """What each column holds; their names are the same in every language."""
    sheet = book.add_worksheet(say("page.sheet_columns", options.lang))
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90)
    for row, name in enumerate(view.columns):
        sheet.write_string(row, 0, name, formats["bold"])
        sheet.write_string(row, 1, say(f"column.{name}", options.lang), formats["wrap"])
    made = options.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
    sheet.write_string(len(view.columns) + 1, 1, say("page.made_at", options.lang, time=made, version=options.version))
    sheet.write_string(len(view.columns) + 2, 1, say("page.footer", options.lang), formats["wrap"])
