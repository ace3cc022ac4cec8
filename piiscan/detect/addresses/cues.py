"""What says that an address comes: a label (住所：, お届け先) and a postal code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from piiscan.detect.addresses.signs import any_of

__all__ = ["POSTAL_FIRST", "POSTAL_HERE", "Cues", "Labels", "postal_before"]

_BETWEEN = re.compile(r"(?:欄|地)?(?:は|[：:＝= 　\t|｜」】\]）)（(\[「\r\n、,>＞・]|[0-9①②])*$")
_BEHIND_LABEL_ALONE = re.compile(r"(?:欄)?(?:[（(][^（）()\n]{1,8}[）)])?(?: {0,4}[：:=|｜\t」】\]]\s{0,4}|は| {1,6})")
#: How far before an address its label ends and begins.
_REACH: Final = 22
_POSTAL_BEFORE = re.compile(
    r"(?P<code>(?:〒 ?)?(?<!\d)(?<!\d-)(?P<a>\d{3}) ?- ?(?P<b>\d{4})|〒 ?(?P<all>\d{7}))(?: {0,4}|(?: {0,4}\r?[\n\x0b] {0,8}))$"
)
POSTAL_HERE: Final = re.compile(r"〒 ?(\d{3}) ?-? ?(\d{4})(?!\d) {0,4}(?:\r?[\n\x0b] {0,8})?")
#: The postal code that begins a cell.
POSTAL_FIRST: Final = re.compile(r"(?:〒 ?)?\d{3}-\d{4}\s{0,4}|〒 ?\d{7}\s{0,4}")


class Cues(NamedTuple):
    """What stands before an address."""

    labelled: bool = False
    postal: bool = False

    @property
    def any(self) -> bool:
        """Whether something says that an address comes."""
        return self.labelled or self.postal


class Labels:
    """The labels of addresses.

    :param words: all of them.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._labels = re.compile(f"(?:{any_of(words)})")

    def before(self, text: str) -> str:
        """The label that ends right before the end of ``text``, or empty."""
        tail = text[-_REACH:]
        between = _BETWEEN.search(tail)
        if between is None or between[0].count("\n") > 1:
            return ""
        stem = tail[: between.start()] + ("地" if between[0].startswith("地") else "")
        for match in reversed(list(self._labels.finditer(stem))):
            if match.end() == len(stem) or (between[0][:1] in "地欄" and match.end() == between.start()):
                return match[0]
        return ""

    def at(self, window: str, at: int) -> tuple[str, int] | None:
        """The label at ``at`` and where begins what it asks for."""
        label = self._labels.match(window, at)
        behind = _BEHIND_LABEL_ALONE.match(window, label.end()) if label else None
        return (label[0], behind.end()) if label and behind else None


def postal_before(text: str) -> re.Match[str] | None:
    """The postal code that ends ``text``."""
    return _POSTAL_BEFORE.search(text) if text[-1:] and text[-1] in "0123456789 \n\x0b" else None
