r"""Rich Text Format: a reader of its own, because Japanese RTF stands and falls with the fonts.

Bytes such as ``\'93\'fa`` mean what the *font* in force says (``\fcharset128``
is Shift_JIS), whatever the document's code page; libraries that go by the code
page alone turn Japanese into noise. Text of every destination that people
write or see is kept: headers, footnotes, comments, text boxes, deleted text,
field instructions, properties, embedded objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._opc import ole10native, unwrap_ole
from piiscan.extractors.segments import BLOCK, cut
from piiscan.extractors.text.charsets import CHARSETS
from piiscan.model import Embedded, Paragraph, Part, Role, Segment, Table
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract", "pieces_of_rtf"]

NAME = "rtf"
MEDIA_TYPES = ("application/rtf", "text/rtf")
SUFFIXES = (".rtf",)
DOC = FormatDoc(
    description="Rich Text Format",
    description_ja="リッチテキスト（RTF）",
    engine="own reader",
    engine_ja="自前の読み取り",
    sees=(
        "body, tables, headers, footers, footnotes, comments, text boxes, form fields",
        "Shift_JIS and other code pages by font, Unicode escapes",
        "text deleted under change tracking, hidden text, field instructions, authors, document properties",
        "alternative texts and word art of shapes, entries of indexes",
        "embedded objects (read as files of their own)",
    ),
    sees_ja=(
        "本文、表、ヘッダー、フッター、脚注、コメント、テキストボックス、フォームの入力欄",
        "Shift_JISなどフォントごとの文字コード、Unicodeのエスケープ",
        "変更履歴で削除された文字、隠し文字、フィールドの命令、作成者、文書のプロパティ",
        "図形の代替テキストとワードアート、索引の項目",
        "埋め込みオブジェクト（別のファイルとして読みます）",
    ),
    limitations=(
        "tables in tables come as text of the outer cell",
        "pictures other than PNG, JPEG, EMF and WMF are not read; a document of them alone is reported as needs-ocr",
    ),
    limitations_ja=(
        "入れ子の表は外側のセルの文字として読みます",
        "PNG・JPEG・EMF・WMFのほかの画像は読みません。それだけの文書は「OCRが必要」と報告します",
    ),
    references=("Rich Text Format Specification 1.9.1", "[MS-OLEDS] 2.2"),
)

_ROWS = 2_000
_DEPTH = 2_000
#: A run of Unicode characters with a question mark for readers that know none; a control word; a run of bytes; a symbol; a brace; text.
_TOKEN = re.compile(
    rb"((?:\\u-?\d{1,5}\?)+)|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2})+)|\\(.)|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)",
    re.DOTALL,
)
_UNIT = re.compile(rb"-?\d+")

_DOUBLE = {932, 936, 949, 950, 1361}
_SIGNS = {
    "tab": "\t", "line": "\x0b", "lbr": "\x0b", "softline": "\x0b", "emdash": "—", "endash": "–", "emspace": "\u2003", "enspace": "\u2002",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "nestcell": "\t", "nestrow": "\x0b", "qmspace": "\u2005",
}  # fmt: skip
# Where the text of a destination goes; those that are not named and begin with \* are skipped.
_PLACES = {
    "header": "header", "headerl": "header", "headerr": "header", "headerf": "header",
    "footer": "footer", "footerl": "footer", "footerr": "footer", "footerf": "footer",
    "footnote": "footnotes", "annotation": "comments", "shptxt": "text box", "fldinst": "fields",
    "atnauthor": "authors", "atnid": "authors", "revtbl": "authors", "ffdeftext": "fields", "ffl": "fields", "ffhelptext": "fields",
    "ffstattext": "fields", "docvar": "fields", "propname": "docProps", "staticval": "docProps",
    "title": "docProps", "subject": "docProps", "author": "docProps", "manager": "docProps", "company": "docProps", "operator": "docProps",
    "xe": "fields", "tc": "fields", "sv": "shapes", "category": "docProps", "keywords": "docProps", "comment": "docProps", "doccomm": "docProps", "hlinkbase": "docProps",
}  # fmt: skip
_ROLES = {
    "header": Role.HEADER, "footer": Role.FOOTER, "footnotes": Role.NOTE, "comments": Role.COMMENT, "text box": Role.BODY,
    "deleted text": Role.HIDDEN, "shapes": Role.METADATA, "fields": Role.METADATA, "authors": Role.METADATA, "docProps": Role.METADATA,
}  # fmt: skip
# What of these counts: instructions that quote something, values of shapes that are words and no numbers.
_WORDS = r"[^\x00-\x7f]|@|[A-Za-z]{2,}[ .]+[A-Za-z]"
_SIFTED = {"fields": re.compile(rf'"|{_WORDS}'), "shapes": re.compile(_WORDS)}
_INSIDE = {"sp", "info", "userprops", "shpinst", "formfield", "ud", "momath", "object", "shp", "result", "pgdsctbl", "do", "dptxbxtext"}
_SKIPPED = {
    "stylesheet", "colortbl", "pict", "nonshppict", "listtext", "pntext", "pntxta", "pntxtb", "filetbl", "listtable", "nonesttables",
    "upr", "sn", "shprslt", "bkmkstart", "bkmkend", "themedata", "creatim", "revtim", "printim", "buptim", "objname", "objclass",
}  # fmt: skip
_DESTINATIONS = _INSIDE | _SKIPPED | set(_PLACES) | {"fonttbl", "objdata"}


@dataclass(slots=True)
class _State:
    place: str = "body"  # body, a part's name, "skip", "fonts", "object"
    codec: str = ""  # of the font in force
    fallback: int = 1  # bytes that stand for a Unicode character to readers that know none
    deleted: bool = False
    starred: bool = False
    name: str = ""  # destination that this group is


def extract(reading: Reading) -> Iterator[Piece]:
    """Body in paragraphs and tables, then the other destinations and embedded objects."""
    if reading.size > reading.limits.xml_bytes:
        yield problem(ProblemKind.LIMIT, f"limits.xml_bytes = {reading.limits.xml_bytes}")
        return
    with reading.open() as file:
        data = file.read()
    yield from pieces_of_rtf(data, reading)


def pieces_of_rtf(data: bytes, reading: Reading) -> Iterator[Piece]:
    """The pieces of RTF that came out of another file (the rich body of a mail)."""
    yield from _Reader(reading, data).pieces()


class _Reader:
    def __init__(self, reading: Reading, data: bytes) -> None:
        self.reading, self.data = reading, data
        self.state = _State()
        self.stack: list[_State] = []
        self.default = "cp1252"
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.buffer = bytearray()
        self.skip = 0
        self.parts: dict[str, list[str]] = {}
        self.objects: list[bytes] = []
        self.pictures = 0
        # the body as it comes
        self.paragraph: list[str] = []
        self.lines: list[str] = []
        self.number, self.length = 1, 0
        self.in_table = False
        self.cell: list[str] = []
        self.row: list[str] = []
        self.rows: list[tuple[str, ...]] = []
        self.tables, self.first_row = 0, 1
        self.out: list[Piece] = []

    def pieces(self) -> Iterator[Piece]:
        data, at, seen = self.data, 0, False
        while at < len(data):
            for token in _TOKEN.finditer(data, at):
                at = token.end()
                units, word, number, code, symbol, brace, text = token.groups()
                if units is not None:
                    self._units(units)
                elif word is not None:
                    jump = self._word(word.decode("ascii"), int(number) if number else None)
                    if jump:
                        at += jump
                        break
                elif code is not None:
                    self._bytes(bytes.fromhex(code.replace(b"\\'", b"").decode("ascii")))
                elif text is not None:
                    self._bytes(text)
                elif brace is not None:
                    self._brace(brace)
                elif symbol is not None:
                    self._symbol(symbol)
                if self.out:
                    seen = True
                    yield from self.out
                    self.out.clear()
                    if self.reading.budget.expired():
                        yield problem(ProblemKind.LIMIT, "limits.seconds")
                        return
            else:
                break
        self._flush()
        if self.paragraph or self.cell:
            self._end_paragraph()
        self._end_table()
        self._end_lines()
        seen = seen or bool(self.out)
        yield from self.out
        for name, role in _ROLES.items():
            lines = [_joined(text) for text in self.parts.get(name, ())]
            if role is Role.METADATA:
                lines = list(dict.fromkeys(unquote(line.strip()) for line in lines if name not in _SIFTED or _SIFTED[name].search(line)))
            seen = seen or (role is not Role.METADATA and any(line.strip() for line in lines))
            yield from cut(Part(name), "\n".join(line for line in lines if line.strip()), role)
        for i, content in enumerate(self.objects, 1):
            yield from self._object(content, f"object {i}.bin")
        drawn = self.pictures
        for i, picture in enumerate(_pictures(data), 1):
            drawn -= 1
            yield self.reading.spool(f"picture {i}", picture)
        if drawn > 0 and not seen:
            yield problem(ProblemKind.NEEDS_OCR, f"{drawn} pictures")
        if self.stack:
            yield problem(ProblemKind.BROKEN_PART, "ends inside a group")

    # --------------------------------------------------------------- tokens

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.skip = 0
        if brace == b"{":
            if len(self.stack) < _DEPTH:
                self.stack.append(replace(self.state))
            self.state = replace(self.state, name="", starred=False)
        elif self.stack:
            ended = self.state
            self.state = self.stack.pop()
            if ended.name in _PLACES and ended.place in _ROLES and self.parts.get(ended.place, [""])[-1]:
                self.parts[ended.place].append("")

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.state.starred = True
        elif self.skip:
            self.skip -= 1
        elif symbol in b"\\{}":
            self.buffer += symbol
        elif symbol == b"~":
            self._put("\xa0")
        elif symbol == b"_":
            self._put("-")
        elif symbol in b"\r\n":
            self._word("par", None)

    def _bytes(self, data: bytes) -> None:
        if self.skip:
            dropped = min(self.skip, len(data))
            self.skip -= dropped
            data = data[dropped:]
        if self.state.place != "skip":
            self.buffer += data

    def _units(self, units: bytes) -> None:
        numbers = map(int, _UNIT.findall(units))
        if self.state.fallback == 1:
            self.skip = 0
            self._put("".join(chr(number & 0xFFFF) for number in numbers))
            return
        for number in numbers:
            self._word("u", number)
            self._bytes(b"?")

    def _word(self, word: str, number: int | None) -> int:
        r"""Act on a control word; the number of raw bytes to jump over (``\bin``)."""
        state = self.state
        if word == "bin":
            return max(number or 0, 0)
        if self.skip and word != "u":
            self.skip -= 1
            return 0
        self._flush()
        if word == "u" and number is not None:
            self.skip = 0
            self._put(chr(number & 0xFFFF))
            self.skip = state.fallback
        elif word == "uc":
            state.fallback = min(max(number or 0, 0), 100)
        elif word == "f" and number is not None:
            if state.place == "fonts":
                self.font = number
            state.codec = self.fonts.get(number, "")
        elif word == "fcharset":
            if state.place == "fonts":
                self.fonts[self.font] = CHARSETS.get(number or 0, "")
        elif word == "ansicpg" and number:
            self.default = f"cp{number}" if number != 65001 else "utf-8"
        elif word == "mac":
            self.default = "mac_roman"
        elif word == "plain":
            state.deleted, state.codec = False, ""
        elif word == "deleted":
            state.deleted = number != 0
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        elif word in {"par", "sect", "page"}:
            self._par()
        elif word == "pard":
            if state.place == "body":
                self.in_table = False
        elif word == "intbl":
            if state.place == "body":
                self.in_table = True
        elif word == "cell":
            if state.place == "body":
                self._end_cell()
            else:
                self._put("\t")
        elif word == "row":
            self._end_row()
        elif state.starred or word in _DESTINATIONS:
            self._destination(word)
        return 0

    def _destination(self, word: str) -> None:
        state = self.state
        starred, state.starred = state.starred, False
        if word == "pict" and state.place == "body":
            self.pictures += 1
        if word == "fonttbl":
            state.place = "fonts"
        elif word == "objdata":
            state.place = "object"
            self.objects.append(b"")
        elif word == "ud":  # the Unicode twin inside \upr, whose group is skipped
            state.place = self.stack[-2].place if len(self.stack) > 1 else "body"
        elif state.place == "skip":
            pass
        elif word in _PLACES:
            if word in {"title", "subject", "author", "company", "comment", "category", "keywords"} and not self._within(
                "info", starred=starred
            ):
                return
            state.place, state.name = _PLACES[word], word
        elif word in _INSIDE:
            state.name = word
        elif word in _SKIPPED or starred:
            state.place = "skip"

    def _within(self, name: str, *, starred: bool) -> bool:
        return starred or any(state.name == name for state in self.stack)

    # ----------------------------------------------------------------- text

    def _flush(self) -> None:
        if not self.buffer:
            return
        data = bytes(self.buffer)
        self.buffer.clear()
        place = self.state.place
        if place == "object":
            self.objects[-1] += data
        elif place not in {"skip", "fonts"}:
            self._put(_decode(data, self.state.codec or self.default))

    def _put(self, text: str) -> None:
        if self.buffer:
            self._flush()
        state = self.state
        if state.place in {"skip", "fonts", "object"}:
            return
        place = "deleted text" if state.deleted and state.place == "body" else state.place
        if place == "body":
            self.paragraph.append(text)
        else:
            lines = self.parts.setdefault(place, [""])
            lines[-1] += text

    def _par(self) -> None:
        if self.state.place == "body":
            if self.state.deleted:
                self.parts.setdefault("deleted text", [""]).append("")
            self._end_paragraph()
        elif self.state.place in _ROLES:
            self.parts.setdefault(self.state.place, [""]).append("")

    def _end_paragraph(self) -> None:
        text = _joined("".join(self.paragraph))
        self.paragraph.clear()
        if self.in_table:
            self.cell.append(text)
            return
        self._end_table()
        self.lines.append(text)
        self.length += len(text) + 1
        if self.length >= BLOCK:
            self._end_lines()

    def _end_cell(self) -> None:
        if not self.rows and not self.row:
            if self.cell and not self.in_table:
                self.cell.clear()
            self._end_lines()
        self.row.append("\n".join([*self.cell, _joined("".join(self.paragraph))]).strip("\n"))
        self.cell.clear()
        self.paragraph.clear()

    def _end_row(self) -> None:
        if self.row:
            self.rows.append(tuple(self.row))
            self.row = []
        if len(self.rows) >= _ROWS:
            self.out.append(Table(f"表{self.tables + 1}", tuple(self.rows), self.first_row))
            self.first_row += len(self.rows)
            self.rows = []

    def _end_table(self) -> None:
        if self.cell or self.row:
            self.row.extend(self.cell)
            self.cell.clear()
            self._end_row()
        if self.rows or self.first_row > 1:
            self.tables += 1
            if self.rows:
                self.out.append(Table(f"表{self.tables}", tuple(self.rows), self.first_row))
            self.rows, self.first_row = [], 1

    def _end_lines(self) -> None:
        if any(line.strip() for line in self.lines):
            group: list[str] = []
            for i, line in enumerate(self.lines):
                if len(line) > 2 * BLOCK:
                    if any(group):
                        self.out.append(Segment(Paragraph(self.number + i - len(group)), "\n".join(group)))
                    self.out.extend(Segment(Paragraph(self.number + i), part.text, offset=part.offset) for part in cut(Part(""), line))
                    group = []
                else:
                    group.append(line)
            if any(group):
                self.out.append(Segment(Paragraph(self.number + len(self.lines) - len(group)), "\n".join(group)))
        self.number += len(self.lines)
        self.lines, self.length = [], 0

    # -------------------------------------------------------------- objects

    def _object(self, digits: bytes, name: str) -> Iterator[Embedded | Problem]:
        """The file in an OLE 1 object ([MS-OLEDS] 2.2.5), which RTF writes as hexadecimal digits."""
        try:
            data = bytes.fromhex(re.sub(rb"[^0-9a-fA-F]", b"", digits).decode("ascii"))
            at = 8
            texts: list[bytes] = []
            for _ in range(3):
                length = int.from_bytes(data[at : at + 4], "little")
                texts.append(data[at + 4 : at + 4 + length].rstrip(b"\0"))
                at += 4 + length
            length = int.from_bytes(data[at : at + 4], "little")
            native = data[at + 4 : at + 4 + length]
            if texts[0] == b"Package":
                name, native = ole10native(b"\0\0\0\0" + native, name)
        except (ValueError, IndexError):
            yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, "OLE object", name)
            return
        if not native:
            return  # a link, or an object without its data
        spooled = self.reading.spool(name, native)
        if isinstance(spooled, Embedded):
            yield from unwrap_ole(self.reading, spooled)
        else:
            yield spooled


def _decode(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec, "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def _joined(text: str) -> str:
    r"""Text with the halves of characters that came as two ``\u`` words put together."""
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\xad", "")


_BLIP = re.compile(rb"\\(?:(?:png|jpeg|emf)blip|wmetafile\d{0,2})(?![a-z])")
_RAW = re.compile(rb"\\bin(\d{1,9}) ")
_DIGITS = re.compile(rb"[0-9a-fA-F\s]{64,}")
_PICTURE = re.compile(rb"89504e47|ffd8ff|01000000.{72}20454d46|010009000003", re.IGNORECASE)
_BLIP_HEAD = 2_000  # of control words between the kind of a picture and its bytes


def _pictures(data: bytes) -> Iterator[bytes]:
    """PNG and JPEG pictures and metafiles, which RTF writes as hexadecimal digits, seldom as bytes."""
    for found in _BLIP.finditer(data):
        near = found.end() + _BLIP_HEAD
        raw = _RAW.search(data, found.end(), near)
        digits = _DIGITS.search(data, found.end(), near)
        if raw and (digits is None or raw.start() < digits.start()):
            yield data[raw.end() : raw.end() + int(raw[1])]
        elif digits:
            whole = _DIGITS.match(data, digits.start())
            run = b"".join((whole or digits)[0].split())
            if begins := _PICTURE.search(run):
                run = run[begins.start() :]
                yield bytes.fromhex(run[: len(run) // 2 * 2].decode("ascii"))
