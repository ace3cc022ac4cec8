"""The text of a PDF page with its places, as the reader of the page sees them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

__all__ = ["HYPHEN", "Point", "Text", "characters", "turn_of", "turned"]

HYPHEN: Final = "\ufffe"  # PDFium's mark for a hyphen at the end of a line

Point = tuple[float, float]


@dataclass(slots=True)
class Text:
    """A character, or some that were drawn together, and where.

    :ivar drawn: which piece of text it was drawn with.
    :ivar em: of some drawn together, the width of the last, where that is as wide as high. ``first``: the same of the first.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    drawn: int = 0
    em: float = 0.0
    first: float = 0.0

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    @property
    def height(self) -> float:
        return self.top - self.bottom


def turn_of(page: pdfium.PdfPage) -> int:
    """The rotation of a page in quarters, clockwise."""
    return int(raw.FPDFPage_GetRotation(page)) % 4


def turned(x: float, y: float, turn: int) -> Point:
    """A place as the reader of the page sees it: with the page's rotation (in quarters, clockwise)."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def characters(textpage: pdfium.PdfTextPage, turn: int) -> Iterator[Text]:
    """Every character of the page in the order of its text, with its place; line ends as one character."""
    box = raw.FS_RECTF()
    high = ""
    for index in range(raw.FPDFText_CountChars(textpage)):
        sign = chr(raw.FPDFText_GetUnicode(textpage, index))
        if sign in "\x00\r\xad":
            continue
        if "\ud800" <= sign <= "\udbff":
            high = sign
            continue
        if "\udc00" <= sign <= "\udfff":
            sign = (high + sign).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        high = ""
        if sign in "\x02\ufffe":
            sign = HYPHEN
        # the loose box has the room that the font gives the character, not its ink: a comma stands as high as the figures beside it
        raw.FPDFText_GetLooseCharBox(textpage, index, box)
        (x0, y0), (x1, y1) = turned(box.left, box.bottom, turn), turned(box.right, box.top, turn)
        drawn = ctypes.cast(raw.FPDFText_GetTextObject(textpage, index), ctypes.c_void_p).value or 0
        yield Text(sign, min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1), drawn)
