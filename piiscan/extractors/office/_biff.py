"""What calamine leaves out of an old Excel workbook (.xls): comments, text boxes, headers, zero-filling formats, properties.

One pass over the records of the ``Workbook`` stream ([MS-XLS] 2.1.4); only
records of interest are looked into.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

import olefile

from piiscan.extractors.base import Reading, problem
from piiscan.extractors.office._numfmt import mask
from piiscan.extractors.office._ole import damaged, properties
from piiscan.problems import Problem, ProblemKind

__all__ = ["Beside", "read"]

_BOF, _EOF, _CONTINUE, _BOUNDSHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x003C, 0x0085, 0x041E, 0x00E0
_DRAWINGS = 0x00EB
_HEADER, _FOOTER, _TXO, _NOTE = 0x0014, 0x0015, 0x01B6, 0x001C
_WRITER, _LINK, _VALIDATION, _SERIES, _CACHED = 0x005C, 0x01B8, 0x01BE, 0x100D, 0x005A
_URL_MONIKER = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
_NUMBER, _RK, _MULRK, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006


@dataclass(slots=True)
class Beside:
    """The harvest. ``places`` is sheet name → ``row << 32 | column << 16 | style`` (from 1) of the cells under ``masks[style]``."""

    texts: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    properties: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    masks: dict[int, Callable[[int], str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    drawings: bytearray = field(default_factory=bytearray)  # of all sheets, where their pictures are


def read(reading: Reading) -> Beside:
    """Everything of interest in the file; damage becomes a problem in the harvest."""
    beside = Beside()
    with reading.open() as file:
        try:
            with olefile.OleFileIO(file) as ole:
                beside.properties.extend(properties(ole))
                name = "Workbook" if ole.exists("Workbook") else "Book"
                if ole.exists(name):
                    with ole.openstream(name) as stream:
                        _records(stream.read(), beside)
                beside.problems.extend(damaged(ole))
        except Exception as error:  # noqa: BLE001 - olefile and struct raise what the file makes them raise
            beside.problems.append(problem(ProblemKind.BROKEN_PART, f"xls records: {type(error).__name__}"))
    return beside


def _records(data: bytes, beside: Beside) -> None:
    names: dict[int, str] = {}
    codes: dict[int, str] = {}
    styles: list[int] = []
    masks = beside.masks
    here: list[int] | None = None
    biff8 = True
    at, end = 0, len(data)
    text_left = before = 0
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", data, at)
        body = at + 4
        if kind == _BOF:
            biff8 = size >= 2 and data[body + 1] == 6
            here = beside.places.setdefault(names[at], []) if at in names else None
        elif kind == _BOUNDSHEET:
            offset = struct.unpack_from("<I", data, body)[0]
            names[offset] = _string(data, body + 6, data[body + 6], 1, biff8=biff8)
        elif kind == _FORMAT and biff8:
            number, length = struct.unpack_from("<HH", data, body)
            codes[number] = _string(data, body + 2, length, 2, biff8=True)
        elif kind == _XF:
            number = struct.unpack_from("<H", data, body + 2)[0]
            code = codes.get(number)
            if code and (write := mask(code)) is not None:
                masks[len(styles)] = write
            styles.append(number)
        elif kind in {_HEADER, _FOOTER} and size > 3:
            length = struct.unpack_from("<H", data, body)[0] if biff8 else data[body]
            beside.headers.append(_string(data, body, length, 2 if biff8 else 1, biff8=biff8))
        elif kind == _TXO and size >= 12:
            text_left = struct.unpack_from("<H", data, body + 10)[0]
            if text_left:
                beside.texts.append("")
        elif kind == _CONTINUE and text_left:
            wide = data[body] & 1
            piece = data[body + 1 : body + size].decode("utf-16-le" if wide else "latin-1", "replace")[:text_left]
            beside.texts[-1] += piece.replace("\r\n", "\n").replace("\r", "\n")
            text_left -= len(piece)
        elif kind == _DRAWINGS or (kind == _CONTINUE and before == _DRAWINGS):
            beside.drawings += data[body : body + size]
            kind = _DRAWINGS
        elif kind in _BESIDE:
            _beside(kind, data, body, size, beside, biff8=biff8)
        elif masks and here is not None and kind in {_NUMBER, _RK, _FORMULA, _MULRK}:
            row, column, xf = struct.unpack_from("<HHH", data, body)
            if kind == _MULRK:
                for i in range((size - 6) // 6):
                    xf = struct.unpack_from("<H", data, body + 4 + 6 * i)[0]
                    if xf in masks:
                        here.append(row + 1 << 32 | column + i + 1 << 16 | xf)
            elif xf in masks:
                here.append(row + 1 << 32 | column + 1 << 16 | xf)
        before = kind
        at = body + size


_BESIDE = frozenset({_WRITER, _LINK, _VALIDATION, _SERIES, _CACHED, _NOTE})


def _beside(kind: int, data: bytes, body: int, size: int, beside: Beside, *, biff8: bool) -> None:
    """Records that hold texts beside the cells. One that is damaged holds none."""
    record = data[body : body + size]
    try:
        if kind == _WRITER:
            length = struct.unpack_from("<H", record)[0] if biff8 else record[0]
            beside.authors.append(_string(record, 0, length, 2 if biff8 else 1, biff8=biff8).strip())
        elif kind == _NOTE and biff8:
            length = struct.unpack_from("<H", record, 8)[0]
            beside.authors.append(_string(record, 8, length, 2, biff8=True).strip())
        elif kind == _NOTE:
            beside.texts.append(record[6:].decode("cp932", "replace"))
        elif kind == _LINK:
            at = record.find(_URL_MONIKER)
            if at >= 0:
                length = struct.unpack_from("<I", record, at + 16)[0]
                beside.links.append(record[at + 20 : at + 20 + length].decode("utf-16-le", "replace").partition("\0")[0])
        elif kind == _SERIES:
            beside.charts.append(_string(record, 2, record[2], 1, biff8=biff8))
        elif kind == _VALIDATION and biff8:
            _prompts(record, beside)
        elif kind == _CACHED:
            _cached(record, beside, biff8=biff8)
    except (struct.error, IndexError):
        return


def _prompts(record: bytes, beside: Beside) -> None:
    """Titles and texts of a validation rule, and its list when that stands in the rule itself ([MS-XLS] 2.4.92)."""
    at = 4
    for _ in range(4):
        length = struct.unpack_from("<H", record, at)[0]
        text = _string(record, at, length, 2, biff8=True)
        at += 3 + length * (2 if record[at + 2] & 1 else 1)
        if text.strip("\0 "):
            beside.prompts.append(text)
    if struct.unpack_from("<H", record, at)[0] > 3 and record[at + 4] == 0x17:
        beside.prompts.append(_string(record, at + 5, record[at + 5], 1, biff8=True).replace("\0", ","))


def _cached(record: bytes, beside: Beside, *, biff8: bool) -> None:
    """Cells of a linked workbook as they were when it was last seen (CRN, 2.4.65)."""
    last, first = record[0], record[1]
    at = 4
    for _ in range(last - first + 1):
        if record[at] != 2:
            at += 9
            continue
        length = struct.unpack_from("<H", record, at + 1)[0] if biff8 else record[at + 1]
        beside.linked.append(_string(record, at + 1, length, 2 if biff8 else 1, biff8=biff8))
        at += 1 + (3 + length * (2 if record[at + 3] & 1 else 1) if biff8 else 1 + length)


def _string(data: bytes, at: int, length: int, width: int, *, biff8: bool) -> str:
    """A counted string whose count has ``width`` bytes; since BIFF8 a byte of flags says how wide its characters are."""
    if not biff8:
        return data[at + width : at + width + length].decode("cp932", "replace")
    start = at + width + 1
    if data[at + width] & 1:
        return data[start : start + 2 * length].decode("utf-16-le", "replace")
    return data[start : start + length].decode("latin-1")
