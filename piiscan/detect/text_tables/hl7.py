"""Patients in messages of hospital systems (HL7 version 2) as tables, with what a laboratory found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from piiscan.detect.text_tables.lines import Cells, TextTable

__all__ = ["patients"]

#: source: HL7 v2.5 chapter 3.4.2 (PID), JAHIS 基本データ規約: number of a field, of a component in it, and the header of its column.
_FIELDS: Final = (
    (3, 0, "患者番号"),
    (5, 0, "姓"),
    (5, 1, "名"),
    (7, 0, "生年月日"),
    (8, 0, "性別"),
    (9, 0, "姓カナ"),
    (9, 1, "名カナ"),
    (11, 3, "都道府県"),
    (11, 2, "市区町村"),
    (11, 0, "町名番地"),
    (11, 4, "郵便番号"),
    (13, 0, "電話番号"),
)
#: The header of what a laboratory found, and a segment with its value (OBX-3 name, OBX-5 value; chapter 7.4.2).
_OBSERVED: Final = "検査結果"
_OBSERVATION = re.compile(r"(?m)^OBX\|[^|\r\n]*\|[A-Z]{2,3}\|[^|\r\n]+\|[^|\r\n]*\|[^|\r\n]+[^\r\n]*")
_SEGMENT = re.compile(r"(?m)^PID\|[^\r\n]*")


def patients(text: str) -> Iterator[TextTable]:
    """The patient of each PID segment; its fields have numbers, not headers."""
    segments = list(_SEGMENT.finditer(text)) if "PID|" in text else []
    if not segments:
        return
    ends = [*(match.start() for match in segments[1:]), len(text)]
    observed = [_observations(text, match.end(), end) for match, end in zip(segments, ends, strict=True)]
    rows = [[*_patient(match.group(), match.start()), result] for match, result in zip(segments, observed, strict=True)]
    if any(cell for row in rows for _, cell in row):
        head = (*(header for _, _, header in _FIELDS), _OBSERVED)
        cells = tuple(tuple(cell for _, cell in row) for row in rows)
        places = tuple(tuple(place for place, _ in row) for row in rows)
        spans = (*(match.span() for match in segments), *((place, place + len(cell)) for place, cell in observed if cell))
        yield TextTable(tuple(sorted(spans)), (head, *cells), ((-1,) * len(head), *places))


def _observations(text: str, start: int, end: int) -> tuple[int, str]:
    """The segments with a value from a laboratory that follow a patient's, from the first to the last."""
    found = list(_OBSERVATION.finditer(text, start, end)) if "OBX|" in text else []
    return (found[0].start(), text[found[0].start() : found[-1].end()]) if found else (start, "")


def _patient(segment: str, start: int) -> Cells:
    fields: list[tuple[int, str]] = []
    for field in segment.split("|"):
        fields.append((start, field))
        start += len(field) + 1
    return [_component(*fields[number], component) if number < len(fields) else (start, "") for number, component, _ in _FIELDS]


def _component(start: int, field: str, number: int) -> tuple[int, str]:
    """A component of the first repetition of a field: 戸谷^儀夫~トヤ^ノリオ."""
    at = 0
    for part in field.split("~", maxsplit=1)[0].split("^"):
        if not number:
            return start + at, part
        number -= 1
        at += len(part) + 1
    return start + len(field), ""
