"""The sheets of an xlsx package: skimmed, their cells read by calamine or streamed, and what stands beside the cells of each."""

from __future__ import annotations

import html
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from piiscan.extractors.base import Piece, Reading, problem
from piiscan.extractors.office._beside_cells import drawing, header_text
from piiscan.extractors.office._cells import Chunks, Places, Sheet, calamine_rows, survives
from piiscan.extractors.office._numfmt import date_text, is_date, mask, number_text
from piiscan.extractors.office._opc import LOCAL, Element, Package, Rel, link_targets, signature_line, words
from piiscan.extractors.segments import cut
from piiscan.model import Cell, Part, Role, Segment
from piiscan.problems import ProblemKind

__all__ = ["Workbook"]

_SCAN = 1 << 20
_IN_MEMORY_BYTES = 96 * 1024**2  # of sheet XML; beyond it a sheet streams
_IN_MEMORY_CELLS = 20_000_000  # of the dense grid, 32 bytes each
_TAIL_BYTES = 8 * 1024**2
#: A formula with a text in it: an address of ``HYPERLINK``, say. A block may end where its end tag begins.
_LITERAL = re.compile(rb"<(?:\w+:)?f(?: [^<>]*)?>([^<]*(?:\"|&quot;)[^<]*)(?=<|\Z)")
_LITERALS = 10_000


@dataclass(slots=True)
class _Styles:
    """Formats of the cell styles: ``kinds[xf]`` is a mask, ``DATE`` or ``None``."""

    masks: dict[int, Callable[[int], str]] = field(default_factory=dict)
    dates: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Skim:
    """What a look at the tags of a sheet tells."""

    rows: int = 0
    columns: int = 16_384
    size: int = 0
    places: Places = field(default_factory=Places)
    tail: bytes = b""
    literals: dict[bytes, None] = field(default_factory=dict)


class Workbook:
    """The sheets of an xlsx package."""

    def __init__(self, reading: Reading, package: Package, main: str, book: Any, allowance: list[int]) -> None:
        self.reading, self.package, self.book, self.allowance = reading, package, book, allowance
        rels = package.rels(main)
        self.sheets: list[Sheet] = []
        self.names: list[str] = []
        self.charts: list[str] = []
        self.epoch_1904 = False
        self._strings: _Strings | None = None
        self._rels = rels
        root = package.root(main)
        for element in root.iter("{*}sheet", "{*}definedName", "{*}workbookPr") if root is not None else ():
            kind = LOCAL[element.tag]
            if kind == "sheet":
                rel = next((rels[v] for k, v in element.items() if str(k).endswith("}id") and v in rels), None)
                role = Role.BODY if element.get("state", "visible") == "visible" else Role.HIDDEN
                if rel is not None and rel.kind == "chartsheet":
                    self.charts.append(rel.target)
                elif rel is not None and not rel.external:
                    self.sheets.append(Sheet(element.get("name") or "", rel.target, role))
            elif kind == "workbookPr":
                self.epoch_1904 = element.get("date1904") in {"1", "true"}
            elif element.text and '"' in element.text:
                self.names.append(f"{element.get('name')}: {element.text}")
        styles = next((rel.target for rel in rels.values() if rel.kind == "styles"), "")
        self.styles = _read_styles(package, styles)
        # The bytes of a style number in a tag: only these cells are looked at one by one.
        numbers = b"|".join(str(xf).encode() for xf in sorted(self.styles.masks))
        self._masked = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})" s="(' + numbers + rb')"') if numbers else None

    def texts(self) -> Iterator[Piece]:
        """Texts that belong to no sheet."""
        yield from cut(Part("names"), "\n".join(self.names), Role.METADATA)
        for part in self.charts:
            for rel in self.package.rels(part).values():
                if rel.kind == "drawing" and not rel.external:
                    yield from drawing(self.package, rel.target)

    def sheet(self, sheet: Sheet) -> Iterator[Piece]:
        """Cells of a sheet, then its comments, headers, lists and drawings."""
        faults = len(self.package.faults)
        skim = self._skim(sheet.part)
        whole = len(self.package.faults) == faults
        dense = skim.rows * skim.columns
        done = False
        if self.book is not None and whole and skim.size <= _IN_MEMORY_BYTES and dense <= _IN_MEMORY_CELLS:
            try:
                yield from calamine_rows(self.reading, self.book, sheet, skim.places, self.allowance)
                done = True
            except BaseException as error:  # all of it comes before the first table
                if not survives(error):
                    raise
        if not done:
            del self.package.faults[faults:]  # the second reader meets and reports the same damage
            yield from self._stream(sheet)
        texts = (text for formula in skim.literals for text in re.findall('"([^"]{4,})"', _decode(formula)))
        yield from cut(Part("formulas"), "\n".join(dict.fromkeys(texts)), Role.METADATA)
        yield from self._tail(skim.tail)
        yield from self._parts(sheet)

    def _skim(self, part: str) -> _Skim:
        """One pass over the bytes of the sheet: size of the grid, cells under a mask, and what follows the cells."""
        skim = _Skim(places=Places(masks=self.styles.masks))
        stream = self.package.stream(part)
        if stream is None:
            return skim
        rest, tail, widest = b"", bytearray(), b""
        in_tail = False
        usual = False
        while data := stream.read(_SCAN):
            skim.size += len(data)
            if in_tail:
                if len(tail) < _TAIL_BYTES:
                    tail += data
                continue
            block = rest + data
            end = block.find(b"</sheetData>")
            if end >= 0:
                in_tail = True
                tail += block[end + 12 :]
                block, rest = block[:end], b""
            else:
                end = block.rfind(b"<")
                if end >= 0 and len(block) - end < _SCAN:
                    block, rest = block[:end], block[end:]
                else:
                    rest = b""
            last = block.rfind(b'<row r="')
            if last >= 0:
                number = block[last + 8 : last + 16].split(b'"')[0]
                skim.rows = max(skim.rows, int(number) if number.isdigit() else 1_048_576)
            usual = usual or b'<c r="' in block
            wide = re.findall(rb'<c r="([A-Z]{2,3})', block)
            if wide:
                widest = max([widest, *set(wide)], key=lambda letters: (len(letters), letters))
            if b"<f" in block or b":f" in block:
                skim.literals.update(dict.fromkeys(_LITERAL.findall(block)[: _LITERALS - len(skim.literals)]))
            if self._masked is not None:
                for letters, row, xf in self._masked.findall(block):
                    skim.places.places.append(int(row) << 32 | _column(letters) << 16 | int(xf))
        stream.close()
        if usual:
            skim.columns = min(_column(widest), 16_384) if widest else 26
        elif skim.size < _SCAN:
            skim.rows = 0  # small and unusual: calamine may have it
        if not skim.rows and skim.size >= _SCAN:
            skim.rows = 1_048_576
        skim.tail = bytes(tail)
        return skim

    # --------------------------------------------------------- the streaming reader

    def _stream(self, sheet: Sheet) -> Iterator[Piece]:
        """Cells of a sheet row by row, with a few rows in memory."""
        if self._strings is None:
            self._strings = _Strings(self.package, next((rel.target for rel in self._rels.values() if rel.kind == "sharedStrings"), ""))
        chunks = Chunks(sheet.name, sheet.role, 1, self.allowance)
        number = 0
        for row in self.package.events(sheet.part, ("row",)):
            declared = row.get("r") or ""
            number = int(declared) if declared.isdigit() and int(declared) <= 1_048_576 else number + 1
            cells = self._row(row)
            row.clear()
            parent = row.getparent()
            if parent is not None:
                while row.getprevious() is not None:
                    del parent[0]
            if not cells:
                continue
            table = chunks.add(tuple(cells), number)
            if table is not None:
                yield table
                if chunks.full:
                    yield problem(ProblemKind.LIMIT, f"limits.cells = {self.reading.limits.cells}")
                    return
        table = chunks.flush()
        if table is not None:
            yield table

    def _row(self, row: Element) -> list[str]:
        cells: list[str] = []
        strings = self._strings
        assert strings is not None
        for c in row:
            reference = c.get("r")
            if reference:
                column = _column(reference.rstrip("0123456789").encode())
                if not 0 < column <= 16_384:
                    continue
                if column - 1 > len(cells):
                    cells.extend([""] * (column - 1 - len(cells)))
            kind = c.get("t", "n")
            value = ""
            for child in c:
                name = LOCAL[child.tag]
                if name == "v":
                    value = child.text or ""
                elif name == "is":
                    value = _rich(child)
            if not value or kind == "e":
                text = ""
            elif kind == "s":
                text = strings.get(value)
            elif kind == "b":
                text = "TRUE" if value == "1" else "FALSE"
            elif kind == "n":
                text = self._number(value, c.get("s") or "")
            elif kind == "d":
                text = value.replace("T00:00:00", "").replace("T", " ")
            else:
                text = _unescape(value)
            if reference and column <= len(cells):
                cells[column - 1] = text
            else:
                cells.append(text)
        return cells

    def _number(self, value: str, style: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if style.isdigit():
            xf = int(style)
            if xf in self.styles.dates:
                return date_text(number, epoch_1904=self.epoch_1904)
            write = self.styles.masks.get(xf)
            if write is not None and number >= 0 and number.is_integer():
                return write(int(number))
        return number_text(number)

    # ------------------------------------------------------------- beside the cells

    def _tail(self, tail: bytes) -> Iterator[Piece]:
        """Headers, footers and validation lists: they follow the cells in the sheet's XML."""
        for kinds, name, role in (
            (rb"(?:odd|even|first)Header", "header", Role.HEADER),
            (rb"(?:odd|even|first)Footer", "footer", Role.FOOTER),
        ):
            found = re.findall(rb"<(?:\w+:)?" + kinds + rb"\b[^>]*>([^<]*)<", tail)
            texts = dict.fromkeys(header_text(_decode(text)) for text in found)
            yield from cut(Part(name), "\n".join(text for text in texts if text.strip()), role)
        lists = (_decode(text) for text in re.findall(rb"<(?:\w+:)?formula1>([^<]*)<", tail))
        entries = dict.fromkeys(text.strip('"') for text in lists if text.startswith('"'))
        named = rb'\b(?:prompt|promptTitle|error|errorTitle|tooltip|display|user|comment)="([^"]*)"'
        prompts = (_decode(text) for text in re.findall(named, tail))
        yield from cut(Part("validation"), "\n".join([*entries, *dict.fromkeys(prompts)]), Role.METADATA)

    def _parts(self, sheet: Sheet) -> Iterator[Piece]:
        rels = list(self.package.rels(sheet.part).values())
        kinds = {rel.kind for rel in rels}
        threaded = kinds & {"threadedComment"}
        for rel in rels:
            if rel.external:
                continue
            if rel.kind == "comments" and not threaded:
                yield from self._comments(sheet, rel)
            elif rel.kind == "threadedComment":
                for comment in self.package.events(rel.target, ("threadedComment",)):
                    text = "\n".join(words(comment))
                    if text:
                        yield Segment(_cell(sheet.name, comment.get("ref") or ""), text, Role.COMMENT)
                    comment.clear()
            elif rel.kind == "drawing":
                yield from drawing(self.package, rel.target)
            elif rel.kind in {"oleObject", "package"}:
                yield from self.package.embed(rel.target)
            elif rel.kind == "vmlDrawing" and (root := self.package.root(rel.target)) is not None:
                # buttons and boxes of forms; the boxes of comments are there too
                texts = list(words(root)) if "comments" not in kinds else []
                texts += [text for line in root.iter("{*}signatureline") for text in signature_line(line)]
                yield from cut(Part("text box"), "\n".join(texts))
        yield from link_targets([(sheet.part, rel) for rel in rels])

    def _comments(self, sheet: Sheet, rel: Rel) -> Iterator[Piece]:
        authors: list[str] = []
        for element in self.package.events(rel.target, ("author", "comment")):
            if LOCAL[element.tag] == "author":
                if element.text:
                    authors.append(element.text)
                continue
            text = _rich(element)
            if text.strip():
                yield Segment(_cell(sheet.name, element.get("ref") or ""), text, Role.COMMENT)
            element.clear()
        yield from cut(Part("authors"), "\n".join(dict.fromkeys(authors)), Role.METADATA)


def _read_styles(package: Package, part: str) -> _Styles:
    styles = _Styles()
    root = package.root(part) if part else None
    if root is None:
        return styles
    codes = {
        int(el.get("numFmtId") or 0): el.get("formatCode") or "" for el in root.iter("{*}numFmt") if (el.get("numFmtId") or "").isdigit()
    }
    for group in root.iter("{*}cellXfs"):
        for xf, element in enumerate(group):
            number = int(element.get("numFmtId") or 0) if (element.get("numFmtId") or "0").isdigit() else 0
            code = codes.get(number, "")
            if xf > 0xFFFF:
                break
            if is_date(number, code):
                styles.dates.add(xf)
            elif code and (write := mask(code)) is not None:
                styles.masks[xf] = write
    return styles


class _Strings:
    """The shared strings, packed: a workbook may hold millions."""

    def __init__(self, package: Package, part: str) -> None:
        self._data = bytearray()
        self._ends = array("Q", [0])
        for element in package.events(part, ("si",)) if part else ():
            self._data += _rich(element).encode("utf-8", "replace")
            self._ends.append(len(self._data))
            element.clear()
            parent = element.getparent()
            if parent is not None:
                while element.getprevious() is not None:
                    del parent[0]

    def get(self, index: str) -> str:
        """Text of a string by its number; empty when there is no such string."""
        i = int(index) if index.isdigit() else -1
        if not 0 <= i < len(self._ends) - 1:
            return ""
        return self._data[self._ends[i] : self._ends[i + 1]].decode("utf-8")


def _rich(element: Element) -> str:
    """Text of a rich string without its phonetic runs."""
    out = [t.text for t in element.iter("{*}t") if t.text and (parent := t.getparent()) is not None and LOCAL[parent.tag] != "rPh"]
    return _unescape("".join(out))


def _unescape(text: str) -> str:
    """``_x000D_`` and the like (ECMA-376-1 §22.9.2.19)."""
    if "_x" in text:
        text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m.group(1), 16)), text)
    return text.replace("\r\n", "\n")


def _decode(data: bytes) -> str:
    return html.unescape(data.decode("utf-8", "replace"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(sheet: str, reference: str) -> Cell | Part:
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", reference)
    return Cell(sheet, int(found.group(2)), _column(found.group(1).encode())) if found else Part("comments")
