r"""CSV as Excel in Japan opens it right, and as it does no harm there.

UTF-8 with a byte order mark, RFC 4180, ``\r\n``, one header row. A cell that a
spreadsheet would take for a formula (it begins with ``= + - @``, their
full-width twins, tab or CR) gets a leading ``'``; characters that do not print or
turn the writing direction are written as escapes. What is a number stays one.
"""

from __future__ import annotations

import csv
import io
from typing import Any, BinaryIO, ClassVar

from piiscan.inventory.reader import Reader
from piiscan.model import Cell, Column, Line, Page, Paragraph, Part, Slide, location_to_text
from piiscan.reports.base import ReportOptions, shown
from piiscan.reports.views import VIEWS

__all__ = ["CsvReport", "neutral"]

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_LOCATIONS = (Line, Page, Paragraph, Slide, Part, Cell, Column)


def neutral(text: str) -> str:
    """``text`` as a cell that no spreadsheet runs.

    >>> neutral("=1+1"), neutral("山田")
    ("'=1+1", '山田')
    """
    return "'" + shown(text) if text[:1] in _FORMULA else shown(text)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, _LOCATIONS):
        return neutral(location_to_text(value))
    if isinstance(value, tuple):
        return neutral(" / ".join(value))
    return str(value)


class CsvReport:
    """``csv``"""

    NAME: ClassVar[str] = "csv"

    def write(self, reader: Reader, out: BinaryIO, options: ReportOptions) -> None:
        """See :meth:`piiscan.reports.base.Report.write`."""
        view = VIEWS[options.view]
        text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
        try:
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(view.columns)
            writer.writerows([_cell(value) for value in row] for row in view.for_people(reader, options))
            text.flush()
        finally:
            text.detach()
