"""Windows shortcuts: what they point to, in words. The target itself is never opened."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.model import Part, Segment
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "lnk"
MEDIA_TYPES = ("application/x-ms-shortcut",)
SUFFIXES = (".lnk",)
DOC = FormatDoc(
    description="Windows shortcut",
    description_ja="Windowsのショートカット",
    sees=("path and network name of the target, working folder, arguments, comment, names of the folders above it",),
    sees_ja=("リンク先のパスとネットワーク名、作業フォルダー、引数、コメント、上位フォルダーの名前",),
    limitations=("the target is not followed: it is read where it lies, if that is scanned",),
    limitations_ja=("リンク先はたどりません。検査範囲にあれば、その場所で読みます",),
    references=("[MS-SHLLINK]",),
    engine="LnkParse3",
)

_LARGEST = 1 << 20  # bytes; real shortcuts have a few thousand
#: keys of the parser that hold numbers, dates or its own words, not what the shortcut says
_NO_TEXT = frozenset({"class", "flags", "r_hotkey", "windowstyle", "header_size", "guid", "r_link_flags", "r_file_flags"})


def extract(reading: Reading) -> Iterator[Piece]:
    """One line for each text in it."""
    import LnkParse3

    with reading.open() as file:
        data = file.read(_LARGEST)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the parser warns with what it read
            told = LnkParse3.lnk_file(indata=data, cp="cp932").get_json(get_all=True)
    except Exception as error:  # noqa: BLE001 - the parser raises what the file makes it raise
        yield problem(ProblemKind.BROKEN, type(error).__name__)
        return
    lines: list[str] = []
    for part in ("data", "link_info", "target", "extra"):
        with contextlib.suppress(KeyError):
            lines += _texts(told[part])
    lines = list(dict.fromkeys(line for line in lines if line.strip()))
    if lines:
        yield Segment(Part("target"), "\n".join(lines))
    if reading.size > _LARGEST:
        yield problem(ProblemKind.PART_NOT_READ, f"what lies behind its first {_LARGEST} bytes")


def _texts(value: Any, key: str = "") -> Iterator[str]:
    match value:
        case str() if key not in _NO_TEXT:
            yield value.replace("\0", "")
        case dict():
            for inner, entry in value.items():
                yield from _texts(entry, str(inner))
        case list() | tuple():
            for entry in value:
                yield from _texts(entry, key)
