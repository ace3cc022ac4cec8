"""Word documents before 2007 (.doc): the text of all stories, in pieces, straight from the binary format.

A document's characters lie scattered in its ``WordDocument`` stream; a piece
table says where ([MS-DOC] 2.4.1). They are numbered through all stories: body,
footnotes, headers, comments, endnotes, text boxes. What is a table's row is
told by paragraph properties only, so these are looked up too.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

import olefile

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.office._ole import damaged, embedded_storages, pictures, properties, stream
from piiscan.extractors.office.encrypted import decrypt_ole, is_encrypted_ole
from piiscan.extractors.segments import BLOCK, cut, paragraphs
from piiscan.extractors.text.charsets import CHARSETS
from piiscan.model import Part, Role, Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "doc"
MEDIA_TYPES = ("application/msword",)
SUFFIXES = (".doc", ".dot")
DOC = FormatDoc(
    description="Word document (Word 6, 95 and 97 to 2003)",
    description_ja="Word文書（97-2003形式）",
    engine="own reader on olefile",
    engine_ja="自前の読み取り（olefile上）",
    sees=(
        "body with its tables, footnotes, endnotes, headers, footers, comments, text boxes",
        "hidden text and text deleted under change tracking (both in the running text)",
        "field instructions such as link targets, authors of comments and changes, document properties",
        "embedded objects (read as files of their own)",
    ),
    sees_ja=(
        "本文と表、脚注、文末脚注、ヘッダー、フッター、コメント、テキストボックス",
        "隠し文字と、変更履歴で削除された文字（いずれも本文の並びの中で）",
        "リンク先などのフィールドの命令、コメントと変更の作成者、文書のプロパティ",
        "埋め込みオブジェクト（別のファイルとして読みます）",
    ),
    limitations=(
        "tables in tables come as text of the outer cell",
        "the encoding of Word 6 and 95 is that of the document's language, else what its bytes and its fonts speak for",
        "text that a fast save has left behind and macros are not read",
        "Word 2 needs the extra `tika`; older ones are reported as unsupported",
    ),
    limitations_ja=(
        "入れ子の表は外側のセルの文字として読みます",
        "Word 6・95の文字コードは、文書の言語、なければバイトの並びとフォントの文字セットから決めます",
        "高速保存で残った古い文字とマクロは読みません",
        "Word 2には拡張 `tika` が必要です。それより古いものは未対応と報告します",
    ),
    references=("[MS-DOC]", "[MS-OLEPS]"),
)

_ROWS = 2_000

# Stories in the order of their character counts in the FIB (2.5.4); the fourth is macros, always empty.
_STORIES = (
    ("", Role.BODY),
    ("footnotes", Role.NOTE),
    ("header", Role.HEADER),
    ("macros", Role.HIDDEN),
    ("comments", Role.COMMENT),
    ("endnotes", Role.NOTE),
    ("text box", Role.BODY),
    ("text box in header", Role.HEADER),
)
# Anchors of pictures, notes, comments and drawings; they stand for nothing that can be read.
_DROP = str.maketrans({**dict.fromkeys("\1\2\3\4\5\6\x08\x0f\x10\x11\x12\x1f\xad"), "\x1e": "-", "\x0c": "\n", "\x0e": "\n"})
#: Word 6 and 95: code pages of languages (whole, or without the country), the character sets of fonts that tell a script, the machine
_LANGUAGES = {
    **dict.fromkeys((0x02, 0x19, 0x22, 0x23, 0x2F), "cp1251"),
    **dict.fromkeys((0x05, 0x0E, 0x15, 0x18, 0x1A, 0x1B, 0x24), "cp1250"),
    0x08: "cp1253",
    0x1F: "cp1254",
    0x0D: "cp1255",
    0x01: "cp1256",
    0x1E: "cp874",
    0x12: "cp949",
    0x404: "cp950",
    0xC04: "cp950",
    0x804: "gbk",
    0x1004: "gbk",
}
_SCRIPTS = frozenset({129, 134, 136, 161, 162, 177, 178, 186, 204, 222, 238})
_MACINTOSH = 256
#: first word of the Far Eastern versions: Japanese, Korean, Chinese of Taiwan
_FAR_EAST = {0xA697: "cp932", 0xA698: "cp949", 0xA699: "cp950"}
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # bytes of a sprm's operand by its top three bits (2.6.1)


@dataclass(slots=True)
class _Word:
    """What the FIB tells, and the text."""

    text: str
    counts: list[int]
    #: of the bytes that ``text`` stands for, one a character (Word 6 and 95 count bytes); empty when it is text already
    encoding: str = ""
    #: (first character, first byte, bytes a character) of each piece, by character
    pieces: list[tuple[int, int, int]] = field(default_factory=list)
    #: first byte of each run of paragraphs with the same properties, and those: 1 in a table, 2 end of a row
    runs: list[int] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)

    def flag(self, character: int) -> int:
        """Properties of the paragraph that ends at this character."""
        if not self.runs:
            return 0
        at = bisect_right(self.pieces, (character, 1 << 62, 0)) - 1
        first, start, width = self.pieces[at]
        run = bisect_right(self.runs, start + (character - first) * width) - 1
        return self.flags[run] if run >= 0 else 0


class _NotWordError(ValueError):
    """The streams hold no document that can be read; the message names no content."""


def extract(reading: Reading) -> Iterator[Piece]:
    """Body in paragraphs and tables, then the other stories, authors, properties and embedded objects."""
    if is_encrypted_ole(reading.path):
        yield decrypt_ole(reading)
        return
    with reading.open() as file, olefile.OleFileIO(file) as ole:
        if ole.get_size("WordDocument") > reading.limits.xml_bytes:
            yield problem(ProblemKind.LIMIT, f"limits.xml_bytes = {reading.limits.xml_bytes}")
            return
        main = stream(ole, "WordDocument")
        try:
            which = "1Table" if len(main) > 11 and main[11] & 2 else "0Table"
            word = _read(main, stream(ole, which), stream(ole, "Data"))
        except (_NotWordError, struct.error, IndexError) as error:
            unsupported = isinstance(error, _NotWordError) and "older" in str(error)
            yield problem(
                ProblemKind.UNSUPPORTED if unsupported else ProblemKind.BROKEN, str(error) if unsupported else "WordDocument stream"
            )
        else:
            yield from _stories(reading, word)
            if sum(word.counts) > len(word.text):
                yield problem(ProblemKind.BROKEN_PART, f"{sum(word.counts) - len(word.text)} of {sum(word.counts)} characters are missing")
            yield from cut(Part("authors"), "\n".join(dict.fromkeys(word.authors)), Role.METADATA)
        yield from cut(Part("docProps"), "\n".join(properties(ole)), Role.METADATA)
        yield from embedded_storages(reading, ole, "ObjectPool")
        yield from pictures(reading, (stream(ole, "Data"), main))
        yield from damaged(ole)


# ------------------------------------------------------------------- the text


def _read(main: bytes, table: bytes, data: bytes) -> _Word:
    """The characters and the properties of paragraphs.

    :raises _NotWordError: when this is no Word document, or one from before Word 6.
    """
    magic, version = struct.unpack_from("<HH", main, 0)
    if magic == 0xA5EC and version >= 0xC1:
        counts = list(struct.unpack_from("<8i", main, 0x4C))
        clx = struct.unpack_from("<II", main, 0x1A2)
        word = _pieces(main, table[clx[0] : clx[0] + clx[1]], counts, "")
        start, size = struct.unpack_from("<II", main, 0x102)
        _runs(word, main, table[start : start + size], data)
        start, size = struct.unpack_from("<II", main, 0x1BA)
        word.authors.extend(_counted(table[start : start + size]))
        start, size = struct.unpack_from("<II", main, 0x232)
        word.authors.extend(name for name in _counted(table[start + 6 : start + size]) if name != "Unknown")
        return word
    if magic in {0xA5DC, 0xA5EC, *_FAR_EAST} and 0x65 <= version < 0xC1:
        counts = list(struct.unpack_from("<8i", main, 0x34))
        first, last = struct.unpack_from("<II", main, 0x18)
        start, size = struct.unpack_from("<II", main, 0x160)
        wide = _FAR_EAST.get(magic, "") if main[11] & 0x10 else ""
        encoding = "" if wide else _FAR_EAST.get(magic, "") or _encoding(main, main[first:last])
        if main[10] & 4:  # saved fast, in pieces
            word = _pieces(main, main[start : start + size], counts, encoding, wide)
        elif wide:
            word = _Word(_doubled(main[first : first + 2 * sum(counts)], wide), counts, "", [(0, first, 2)])
        else:
            word = _Word(main[first : first + sum(counts)].decode("latin-1"), counts, encoding, [(0, first, 1)])
        start, size = struct.unpack_from("<II", main, 0xC0)
        _runs(word, main, main[start : start + size], b"", old=True)
        return word
    raise _NotWordError("older than Word 6" if magic in {0xA59B, 0xA59C, 0xA5DB} else "no Word document")


def _pieces(main: bytes, clx: bytes, counts: list[int], encoding: str, wide: str = "") -> _Word:
    """Put the text together by the piece table (2.9.38 Clx).

    :param encoding: of the bytes of Word 6 and 95.
    :param wide: the encoding of their double bytes, in Far Eastern versions.
    """
    at = 0
    while at < len(clx) and clx[at] == 1:  # property changes come first
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise _NotWordError("no piece table")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    count = (min(size, len(clx) - at - 5) - 4) // 12
    at += 5
    ends = struct.unpack_from(f"<{count + 1}I", clx, at)
    out: list[str] = []
    word = _Word("", counts, encoding)
    length = 0
    for i in range(count):
        place = struct.unpack_from("<I", clx, at + 4 * (count + 1) + 8 * i + 2)[0]
        characters = ends[i + 1] - ends[i]
        if characters <= 0 or characters > len(main):
            continue
        if encoding:
            width, start, text = 1, place, main[place : place + characters].decode("latin-1")
        elif wide:
            width, start, text = 2, place, _doubled(main[place : place + 2 * characters], wide)
        elif place & 0x40000000:
            start = (place & 0x3FFFFFFF) // 2
            width, text = 1, main[start : start + characters].decode("cp1252", "replace")
        else:
            # "surrogatepass": a character outside the BMP counts twice, and so it must here; joined again in _clean
            width, start = 2, place
            text = _units(main[place : place + 2 * characters])
        word.pieces.append((length, start, width))
        out.append(text)
        length += len(text)
        if length > 2 * len(main) + 1024:
            raise _NotWordError("pieces overlap")
    word.text = "".join(out)
    return word


def _units(data: bytes) -> str:
    """UTF-16 code units, one a character: positions count them."""
    return "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])))


def _doubled(data: bytes, encoding: str) -> str:
    """Text of the Far Eastern Word 6 and 95, one sign a character: two bytes each, the code of a double-byte set or a single byte."""
    made: dict[int, str] = {}
    units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
    for unit in set(units):
        code = unit.to_bytes(2, "big") if unit > 0xFF else bytes([unit])
        sign = code.decode(encoding, "replace")
        if len(sign) != 1 or (sign == "\ufffd" and unit <= 0xFF):
            sign = code.decode("cp1252", "replace")[-1]
        made[unit] = sign
    return "".join([made[unit] for unit in units])


def _encoding(main: bytes, text: bytes) -> str:
    """Of Word 6 and 95 text, one for the whole document: by its language, by what the bytes are, by the scripts of its fonts."""
    language, machine = struct.unpack_from("<H", main, 6)[0], struct.unpack_from("<H", main, 0x14)[0]
    if language & 0x3FF == 0x11:
        return "cp932"
    decoded = text.decode("cp932", "replace")
    wide = sum("\u3000" <= sign <= "\u9fff" for sign in decoded)
    kana = sum("\u3040" <= sign <= "\u30ff" for sign in decoded)
    if kana and 5 * kana >= wide and 20 * decoded.count("\ufffd") <= wide:
        return "cp932"
    if machine == _MACINTOSH:
        return "mac-roman"
    scripts = [CHARSETS[charset] for charset in _charsets(main) if charset in _SCRIPTS]
    return _LANGUAGES.get(language, _LANGUAGES.get(language & 0x3FF, "")) or next(iter(scripts), "cp1252")


def _charsets(main: bytes) -> Iterator[int]:
    """The character set of each font (2.9.286 SttbfFfn of Word 6): its length, three bytes of looks, the set."""
    start, size = struct.unpack_from("<II", main, 0xD0)
    table = main[start : start + size]
    at = 2
    while at + 5 <= len(table):
        yield table[at + 4]
        at += table[at] + 1


def _counted(data: bytes) -> Iterator[str]:
    """Strings that each begin with their length in characters, as UTF-16."""
    at = 0
    while at + 2 <= len(data):
        length = struct.unpack_from("<H", data, at)[0]
        text = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace").strip("\0 ")
        if text and length < 256:
            yield text
        at += 2 + 2 * length


def _runs(word: _Word, main: bytes, plcf: bytes, data: bytes, *, old: bool = False) -> None:
    """Which paragraphs are in a table, and which end a row (2.8.6 PlcBtePapx, 2.9.175 PapxFkp). Damage costs the tables, not the text."""
    each = 6 if old else 8
    count = max((len(plcf) - 4) // each, 0)
    found: dict[int, int] = {}
    for i in range(count):
        at = 4 * (count + 1) + (each - 4) * i
        number = struct.unpack_from("<H", plcf, at)[0] if old else struct.unpack_from("<I", plcf, at)[0] & 0x3FFFFF
        page = main[number * 512 : number * 512 + 512]
        if len(page) < 512:
            continue
        runs = page[511]
        size = 7 if old else 13
        if 4 * (runs + 1) + size * runs > 511:
            continue
        starts = struct.unpack_from(f"<{runs + 1}I", page)
        for j in range(runs):
            offset = page[4 * (runs + 1) + size * j] * 2
            found[starts[j]] = _flags(page, offset, data, old=old) if offset else 0
        found.setdefault(starts[runs], 0)
    word.runs = sorted(found)
    word.flags = [found[start] for start in word.runs]


def _flags(page: bytes, offset: int, data: bytes, *, old: bool) -> int:
    length = page[offset]
    offset += 1
    if length == 0 and not old:
        length = 2 * page[offset]
        offset += 1
    else:
        length = 2 * length - 1
    properties_ = page[offset + 2 : offset + length]
    if old:
        return (1 if b"\x18\x01" in properties_ else 0) | (2 if b"\x19\x01" in properties_ else 0)
    return _sprms(properties_, data, deeper=True)


def _sprms(properties_: bytes, data: bytes, *, deeper: bool) -> int:
    flags, at = 0, 0
    while at + 3 <= len(properties_):
        code = struct.unpack_from("<H", properties_, at)[0]
        at += 2
        if code in {0x2416, 0x2417} and properties_[at]:
            flags |= 1 if code == 0x2416 else 2
        elif code in {0x6645, 0x6646} and deeper and at + 4 <= len(properties_):  # too long for here: in the Data stream
            place = struct.unpack_from("<I", properties_, at)[0]
            if place + 2 <= len(data):
                size = struct.unpack_from("<H", data, place)[0]
                flags |= _sprms(data[place + 2 : place + 2 + size], data, deeper=False)
        kind = code >> 13
        if kind == 6:
            wide = code == 0xD608 and at + 2 <= len(properties_)
            at += (struct.unpack_from("<H", properties_, at)[0] + 1) if wide else properties_[at] + 1
        else:
            at += _OPERAND[kind]
    return flags


# ------------------------------------------------------------ the stories


def _stories(reading: Reading, word: _Word) -> Iterator[Piece]:
    start = 0
    fields: dict[str, None] = {}
    for (name, role), count in zip(_STORIES, word.counts, strict=True):
        if count <= 0:
            continue
        end = min(start + count, len(word.text))
        if not name:
            yield from _body(reading, word, start, end, fields)
        else:
            yield from cut(Part(name), _clean(word.text[start:end].replace("\x07", "\t"), word.encoding, fields).replace("\r", "\n"), role)
        start += count
    yield from cut(Part("fields"), "\n".join(fields), Role.METADATA)


def _body(reading: Reading, word: _Word, start: int, end: int, fields: dict[str, None]) -> Iterator[Piece]:
    """Paragraphs and, where the paragraph properties say so, rows of tables."""
    text = word.text
    lines: list[str] = []
    number, length, tables, first_row = 1, 0, 0, 1
    rows: list[tuple[str, ...]] = []
    row: list[str] = []
    cell: list[str] = []
    at = start
    while at < end:
        if reading.budget.expired():
            yield problem(ProblemKind.LIMIT, "limits.seconds")
            break
        stop = at
        while stop < end and text[stop] not in "\r\x07":
            stop += 1
        flag = word.flag(stop) if stop < end else 0
        mark = text[stop] if stop < end else "\r"
        content = _clean(text[at:stop], word.encoding, fields)
        at = stop + 1
        if mark == "\x07" or flag & 1:
            if lines:
                yield from paragraphs(number, lines)
                number, lines, length = number + len(lines), [], 0
            if mark == "\r":
                cell.append(content)
            elif flag & 2 or (not word.runs and not content and not cell and row):
                rows.append(tuple(row))
                row = []
            else:
                row.append("\n".join([*cell, content]).strip("\n"))
                cell = []
            if len(rows) >= _ROWS:
                yield Table(f"表{tables + 1}", tuple(rows), first_row)
                first_row += len(rows)
                rows = []
            continue
        if row or cell:
            rows.append((*row, *cell))
            row, cell = [], []
        if rows or first_row > 1:
            tables += 1
            if rows:
                yield Table(f"表{tables}", tuple(rows), first_row)
            rows, first_row = [], 1
        for line in content.split("\n"):
            lines.append(line)
            length += len(line) + 1
        if length >= BLOCK:
            yield from paragraphs(number, lines)
            number, lines, length = number + len(lines), [], 0
    if row or cell:
        rows.append((*row, *cell))
    if rows:
        yield Table(f"表{tables + 1}", tuple(rows), first_row)
    yield from paragraphs(number, lines)


def _clean(text: str, encoding: str, fields: dict[str, None]) -> str:
    """Text without anchors; of a field its result, while what its instruction quotes is noted in ``fields``."""
    if encoding:
        text = text.encode("latin-1", "replace").decode(encoding, "replace")
    elif any("\ud800" <= sign <= "\udfff" for sign in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if "\x13" in text:
        out: list[str] = []
        stack: list[list[str] | None] = []  # of each open field its instruction, None once its result has begun
        for sign in text:
            if sign == "\x13":
                stack.append([])
            elif sign in "\x14\x15" and stack:
                top = stack.pop()
                if top is not None:
                    _instruction("".join(top).strip(), fields)
                if sign == "\x14":
                    stack.append(None)
            else:
                (next((part for part in reversed(stack) if part is not None), out)).append(sign)
        for part in stack:  # a field that its paragraph does not end: nothing is lost
            out.extend(part or ())
        text = "".join(out)
    return text.translate(_DROP)


def _instruction(text: str, fields: dict[str, None]) -> None:
    if '"' in text or "@" in text:
        fields[unquote(text)] = None
