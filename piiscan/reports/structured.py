"""JSON and JSON Lines: the same tables with typed values; locations are objects, examples are lists.

``jsonl`` is one object a row. ``json`` is one object: who made it and when, the
view's name and columns, and ``rows``.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO, ClassVar

from piiscan.inventory.reader import Reader
from piiscan.model import Cell, Column, Line, Page, Paragraph, Part, Slide, location_to_json
from piiscan.reports.base import ReportOptions
from piiscan.reports.views import VIEWS

__all__ = ["JsonLinesReport", "JsonReport"]

_LOCATIONS = (Line, Page, Paragraph, Slide, Part, Cell, Column)


def _plain(value: Any) -> Any:
    if isinstance(value, _LOCATIONS):
        return location_to_json(value)
    return list(value) if isinstance(value, tuple) else value


def _line(columns: tuple[str, ...], row: tuple[Any, ...]) -> bytes:
    return json.dumps({name: _plain(value) for name, value in zip(columns, row, strict=True)}, ensure_ascii=False).encode()


class JsonLinesReport:
    """``jsonl``"""

    NAME: ClassVar[str] = "jsonl"

    def write(self, reader: Reader, out: BinaryIO, options: ReportOptions) -> None:
        """See :meth:`piiscan.reports.base.Report.write`."""
        view = VIEWS[options.view]
        out.writelines(_line(view.columns, row) + b"\n" for row in view.rows(reader, options))


class JsonReport:
    """``json``"""

    NAME: ClassVar[str] = "json"

    def write(self, reader: Reader, out: BinaryIO, options: ReportOptions) -> None:
        """See :meth:`piiscan.reports.base.Report.write`."""
        view = VIEWS[options.view]
        head = {
            "piiscan": options.version,
            "made_at": options.made_at.astimezone().isoformat(timespec="seconds"),
            "view": options.view,
            "columns": view.columns,
        }
        out.write(json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "rows": [')
        between = b"\n"
        for row in view.rows(reader, options):
            out.write(between + _line(view.columns, row))
            between = b",\n"
        out.write(b"\n]}\n")
