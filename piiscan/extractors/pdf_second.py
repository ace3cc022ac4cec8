"""The second reader of a PDF, for what PDFium makes no sense of: pdfminer.six."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any, BinaryIO

__all__ = ["SecondReader"]

_log = logging.getLogger("pdfminer")
_log.setLevel(logging.CRITICAL)  # it logs pieces of the document


class SecondReader:
    """pdfminer.six on single pages; opened when first needed, and quiet about everything it cannot do."""

    def __init__(self, file: BinaryIO, password: str) -> None:
        self._file, self._password = file, password
        self._pages: list[Any] | None = None
        self._resources: Any = None

    def page(self, index: int) -> str:
        """Text of a page, from 0; empty when pdfminer cannot read it either."""
        from pdfminer.converter import TextConverter
        from pdfminer.layout import LAParams
        from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager

        try:
            if self._pages is None:
                self._pages = list(self._open())
            if index >= len(self._pages):
                return ""
            if self._resources is None:
                self._resources = PDFResourceManager()
            out = io.StringIO()
            converter = TextConverter(self._resources, out, laparams=LAParams())
            PDFPageInterpreter(self._resources, converter).process_page(self._pages[index])
            converter.close()
            return out.getvalue().replace("\x0c", "").strip("\n")
        except Exception:  # noqa: BLE001 - pdfminer raises whatever a broken file makes Python raise
            return ""

    def count(self) -> int:
        """Pages that pdfminer sees."""
        self.page(0)
        return len(self._pages or ())

    def _open(self) -> Iterator[Any]:
        from pdfminer.pdfdocument import PDFDocument
        from pdfminer.pdfpage import PDFPage
        from pdfminer.pdfparser import PDFParser

        self._file.seek(0)
        return iter(PDFPage.create_pages(PDFDocument(PDFParser(self._file), self._password)))

    def close(self) -> None:
        """Drop its caches."""
        self._pages = self._resources = None
