"""dBASE, FoxPro and Clipper tables (also the tables of shapefiles), with their memo files.

The readers on PyPI have been still for years or cannot read damaged files;
the format takes two pages.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from piiscan.extractors.base import FormatDoc, Piece, Reading, open_quietly, problem
from piiscan.extractors.database._rows import Cells
from piiscan.extractors.text.encodings import decode, detect
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "dbf"
MEDIA_TYPES = ("application/vnd.dbf",)
SUFFIXES = (".dbf",)
DOC = FormatDoc(
    description="dBASE, FoxPro or Clipper table",
    description_ja="dBASE・FoxProの表",
    sees=(
        "all fields of all records, also of those that are only marked as deleted",
        "memo files (.dbt, .fpt) that lie beside it",
        "Shift_JIS and the other encodings, by the table's mark, a .cpg file, or by the bytes",
    ),
    sees_ja=(
        "全レコードの全項目（削除の印が付いただけのものを含む）",
        "横に置かれたメモファイル（.dbt、.fpt）",
        "Shift_JISなどの文字コード（表の印、.cpgファイル、または内容から判断）",
    ),
    limitations=(
        "inside an archive the memo file is not beside the table; memo fields are then reported",
        "indexes and the database container (.dbc) are not read",
        "tables encrypted by dBASE IV are reported as encrypted",
    ),
    limitations_ja=(
        "書庫の中ではメモファイルが表の横にないため、メモ項目を報告します",
        "索引とデータベースコンテナ（.dbc）は読みません",
        "dBASE IVで暗号化された表は「暗号化」と報告します",
    ),
    references=("https://www.dbase.com/Knowledgebase/INT/db7_file_fmt.htm", "Visual FoxPro: Table File Structure"),
    engine="own reader",
    engine_ja="自前の読み取り",
)

_CODE_PAGES = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x13: "cp932", 0x7B: "cp932", 0x4D: "cp936", 0x4E: "cp949", 0x4F: "cp950", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252", 0x7A: "cp936", 0x79: "cp949", 0x78: "cp950"}  # fmt: skip
_MEMO_FIELDS = frozenset("MGPW")
_FOXPRO = frozenset(b"\x30\x31\x32\xf5")
_LARGEST = 64 * 1024**2  # bytes of one memo
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class _Field:
    name: bytes
    kind: str
    at: int
    size: int
    decimals: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the header says."""

    version: int
    records: int
    start: int
    width: int
    fields: tuple[_Field, ...]
    code_page: int
    encrypted: bool


def extract(reading: Reading) -> Iterator[Piece]:
    """One table."""
    with reading.open() as file:
        layout = _layout(file)
        if layout is None:
            yield problem(ProblemKind.BROKEN, "no fields")
            return
        if layout.encrypted:
            yield problem(ProblemKind.ENCRYPTED, "dBASE IV")
            return
        encoding, told = _encoding(reading, file, layout)
        memos = _Memos.beside(reading, layout)
        try:
            cells = Cells(reading)
            records = _Records(file, layout, encoding if told else "", encoding, memos)
            yield from cells.table("", [_text(field.name, encoding) for field in layout.fields], records)
            yield from cells.end()
        finally:
            if memos:
                memos.close()
    if records.read < layout.records:
        yield problem(ProblemKind.BROKEN_PART if records.read else ProblemKind.BROKEN, f"{records.read} of {layout.records} records")
    if records.lost_memos:
        where = "in its memo file that cannot be read" if memos else "whose memo file (.dbt or .fpt) does not lie beside it"
        yield problem(ProblemKind.PART_NOT_READ, f"{records.lost_memos} memo fields {where}")


def _layout(file: BinaryIO) -> _Layout | None:
    head = file.read(32)
    if len(head) < 32:
        return None
    records, start, width = struct.unpack_from("<IHH", head, 4)
    level_7 = head[0] & 7 == 4
    fields: list[_Field] = []
    at = 1
    if level_7:
        file.read(36)
    while True:
        entry = file.read(48 if level_7 else 32)
        if len(entry) < 32 or entry[0] in b"\r\0":
            break
        name, kind, size, decimals = (
            (entry[:32], chr(entry[32]), entry[33], entry[34]) if level_7 else (entry[:11], chr(entry[11]), entry[16], entry[17])
        )
        if kind == "C" and not level_7:
            size |= decimals << 8  # Clipper and FoxPro: texts of more than 255 bytes
        if kind != "0":  # FoxPro's hidden field of null flags
            fields.append(_Field(name.split(b"\0")[0], kind, at, size, decimals))
        at += size
    if not fields or width < 2 or start < 33:
        return None
    return _Layout(head[0], records, start, width, tuple(fields), head[29], bool(head[15]) and head[0] & 7 == 3)


def _encoding(reading: Reading, file: BinaryIO, layout: _Layout) -> tuple[str, bool]:
    """By the table's mark or a .cpg file beside it (then it is told), else by the bytes."""
    if layout.code_page in _CODE_PAGES:
        return _CODE_PAGES[layout.code_page], True
    told = _beside(reading, (".cpg",))
    if told is not None:
        with open_quietly(told) as page:
            name = page.read(64).decode("ascii", "replace").strip().lower()
        name = f"cp{name}" if name.isdigit() else name
        try:
            "".encode(name)
        except LookupError:
            pass
        else:
            return name, True
    file.seek(layout.start)
    return detect(file.read(_SAMPLE).replace(b"\0", b" ")).name, False


def _beside(reading: Reading, suffixes: tuple[str, ...]) -> Path | None:
    if reading.depth or reading.path.suffix.lower() != ".dbf":
        return None
    for suffix in suffixes:
        for form in (suffix, suffix.upper()):
            path = reading.path.with_suffix(form)
            if path.is_file() and not path.is_symlink():
                return path
    return None


class _Records:
    """The records in order. ``read``: how many there were; ``lost_memos``: how many memos could not be read."""

    def __init__(self, file: BinaryIO, layout: _Layout, told: str, encoding: str, memos: _Memos | None) -> None:
        self._file, self._layout, self._told, self._encoding, self._memos = file, layout, told, encoding, memos
        self.read = 0
        self.lost_memos = 0

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        self._file.seek(self._layout.start)
        while self.read < self._layout.records or not self._layout.records:
            record = self._file.read(self._layout.width)
            if len(record) < self._layout.width or record[:1] not in {b" ", b"*"}:
                return
            self.read += 1
            yield tuple(self._value(field, record[field.at : field.at + field.size]) for field in self._layout.fields)

    def _value(self, field: _Field, raw: bytes) -> object:
        if field.kind in _MEMO_FIELDS or (field.kind == "B" and self._layout.version not in _FOXPRO):
            return self._memo(field, raw)
        try:
            return self._plain(field, raw)
        except (ValueError, struct.error, OverflowError):
            return _text(raw, self._encoding)

    def _plain(self, field: _Field, raw: bytes) -> object:
        match field.kind:
            case "D":
                text = raw.decode("ascii")
                return f"{text[:4]}-{text[4:6]}-{text[6:]}" if text.isdigit() and len(text) == 8 else text.strip()
            case "L":
                return raw.strip(b" ?\0").decode("ascii")
            case "I" | "+" if field.size == 4:
                (number,) = struct.unpack("<i" if self._layout.version in _FOXPRO else ">i", raw)
                return number if self._layout.version in _FOXPRO else number ^ -0x80000000
            case "Y":
                return Decimal(struct.unpack("<q", raw)[0]).scaleb(-4)
            case "B":
                return float(struct.unpack("<d", raw)[0])
            case "T" | "@":
                return _moment(*struct.unpack("<II", raw))
            case "V" | "Q":
                return _text(raw[: raw[-1]] if raw and raw[-1] < len(raw) else raw, self._encoding)
            case _:
                return _text(raw, self._encoding)

    def _memo(self, field: _Field, raw: bytes) -> object:
        digits = raw.strip(b" \0")
        number = int.from_bytes(raw, "little") if field.size == 4 else int(digits) if digits.isdigit() else 0
        if not number:
            return ""
        data = self._memos.read(number) if self._memos else None
        if data is None:
            self.lost_memos += 1
            return ""
        if field.kind != "M":
            return data
        return _text(data, self._told) if self._told else decode(data.rstrip(b" \0"))[0]


def _text(raw: bytes, encoding: str) -> str:
    return raw.rstrip(b" \0").decode(encoding, "replace").strip()


def _moment(day: int, milliseconds: int) -> object:
    """Julian day and milliseconds."""
    if not day:
        return ""
    return dt.datetime.fromordinal(day - 1721425) + dt.timedelta(milliseconds=milliseconds)


class _Memos:
    """The memo file of a table: dBASE III and IV (.dbt), FoxPro (.fpt)."""

    def __init__(self, file: BinaryIO, *, foxpro: bool, version: int) -> None:
        self._file = file
        head = file.read(24)
        self._foxpro = foxpro
        if foxpro:
            self._block = int.from_bytes(head[6:8], "big") or 1
        else:
            told = int.from_bytes(head[20:22], "little")
            self._block = told if version in {0x8B, 0xCB, 0x8C} and told else 512

    @classmethod
    def beside(cls, reading: Reading, layout: _Layout) -> _Memos | None:
        path = _beside(reading, (".fpt", ".dbt"))
        if path is None or not any(field.kind in _MEMO_FIELDS | {"B"} for field in layout.fields):
            return None
        return cls(open_quietly(path), foxpro=path.suffix.lower() == ".fpt", version=layout.version)

    def read(self, number: int) -> bytes | None:
        """The memo that begins at a block; ``None`` when there is none."""
        self._file.seek(number * self._block)
        head = self._file.read(8)
        if self._foxpro:
            size = int.from_bytes(head[4:8], "big")
            return self._file.read(min(size, _LARGEST)) if len(head) == 8 else None
        if head.startswith(b"\xff\xff\x08\0"):
            size = int.from_bytes(head[4:8], "little") - 8
            return self._file.read(min(size, _LARGEST)) if size >= 0 else None
        if not head:
            return None
        out = head
        while b"\x1a" not in out and len(out) < _LARGEST and (more := self._file.read(512)):
            out += more
        return out.split(b"\x1a")[0]

    def close(self) -> None:
        self._file.close()
