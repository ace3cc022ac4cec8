"""A fourth share as yet another stranger would make it: personnel, schools, wards, insurers, call centres, courts, clubs, landlords.

Written before looking at any rule of the detector or at the templates of the others. The templates are in ``blind4_people.yaml``
and ``blind4_nobody.yaml``, in the notation of ``stranger.py``. The forms that only these have read their lines so:

``=== title`` begins a sheet, slide, heading, attachment or member; ``_`` is an empty cell, ``<`` one merged with the cell at its
left, ``^`` with the one above; ``¶`` breaks a line within a cell; ``%BORN 2008-2012`` as the first line says when its people were
born; ``%H``, ``%F``, ``%N`` and ``%C B3`` begin the header and the footer of a document, the notes of a slide and the comment of a
cell.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from openpyxl.utils import get_column_letter

from sample_data.make.build import csv_text, docx, mail, pptx, xlsx, zipped
from tools.share_maker import invented, stranger
from tools.share_maker.blind3 import Blind3Maker, _era, _typed
from tools.share_maker.building import Labelled
from tools.share_maker.invented import Person

__all__ = ["Blind4Maker"]

_Grid = list[list[str]]
#: How the names packed into one cell are parted, by the key's ending.
_PARTED = {"ten": "、", "space": "　", "lines": "¶", "slash": "/", "comma": ", "}


class Blind4Maker(Blind3Maker):
    """Households, names packed into one cell, and dates and numbers spread over cells."""

    hand = "blind4"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._kin: Person | None = None
        self._kin_of: Person | None = None
        self._years: tuple[int, int] | None = None

    def filled(self, template: str, labelled: Labelled) -> str:
        """A template whose first line may say when its people were born: ``%BORN 2008-2012``."""
        born = re.match(r"%BORN (\d+)-(\d+)\n", template)
        self._years = (int(born[1]), int(born[2])) if born else None
        return super().filled(template[born.end() :] if born else template, labelled)

    def someone(self) -> Person:
        who = super().someone()
        if self._years is None:
            return who
        return dataclasses.replace(who, born=dt.date(self.rng.randint(*self._years), self.rng.randint(1, 12), self.rng.randint(1, 28)))

    def relative(self) -> Person:
        """Somebody for a relative's given name, birth date and numbers."""
        return self.someone()

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        rng = self.rng
        if key.startswith("kin"):
            if key == "kin" or self._kin is None or self._kin_of is not who:
                other = self.relative()
                self._kin = dataclasses.replace(other, family=who.family, family_kana=who.family_kana, foreign=who.foreign)
                self._kin_of = who
            return self.value({"kin": "nospace"}.get(key, key.removeprefix("kin")), self._kin, labelled)
        if key.startswith("crew_"):
            return _PARTED[key.removeprefix("crew_")].join(self.value("nospace", one, labelled) for one in self.people(rng.randint(3, 6)))
        if key == "crewfam":
            return "・".join(self.value("family", one, labelled) for one in self.people(rng.randint(3, 6)))
        if key == "famini":
            self.ignored(labelled, f"{who.family}{who.given[0]}")
            return f"{self.value('family', who, labelled)}({who.given[0]})"
        if key == "practice":  # a firm that bears its owner's name
            return self.ignored(labelled, f"{who.family}医院")
        if key == "initials":
            return self.ignored(labelled, f"{who.romaji[0][0]}.{who.romaji[1][0]}")
        if key == "cardmask":
            return self.ignored(labelled, f"****-****-****-{who.card[-4:]}")
        if key == "expiry":
            return f"{rng.randrange(1, 13):02d}/{rng.randrange(27, 32)}"
        day, (_, era, year) = who.born, _era(who.born)
        born = {
            "dobsplit": f"{day.year} | {day.month} | {day.day}",
            "dobboxes": f"{era} | {year} | {day.month} | {day.day}",
            "dobletter": f"{'S' if era == '昭和' else 'H'}{year:02d}{day:%m%d}",
            "dobzero": f"{era}{year:02d}年{day.month:02d}月{day.day:02d}日",
            "dobenglish": f"{day:%B} {day.day}, {day.year}",
        }.get(key)
        if born:
            whole = f"{era}{year}年{day.month}月{day.day}日" if key == "dobboxes" else born.replace(" | ", "")
            labelled.add("DATE_OF_BIRTH", whole, day.isoformat())
            return born
        named = {
            "wide": "　".join(who.name),
            "kanaplain": who.kana(""),
            "halfplain": invented.half_kana(who.kana("")),
            "kanawide": who.kana("　"),
        }.get(key)
        if named:
            labelled.people.add(who.name)
            return labelled.add("PERSON", named)
        return super().value(key, who, labelled)

    def content(self, made: Labelled, template: dict[str, Any], form: str, text: str) -> bytes:
        text = _without_marks(text.replace("~", "\n"), form)
        name, encoding = template["name"], template.get("encoding") or ("cp932" if stranger.is_sjis(text) else "utf-8")
        turned = form.endswith("_turned")
        grid = _turned(_cells(text)) if turned else _cells(text)
        flat = [[_plain(cell) for cell in row] for row in grid]
        match form.removesuffix("_turned"):
            case "xlsx_book" | "xlsx_text" | "xlsx":
                return _book(grid, name, typed=form == "xlsx_book")
            case "csv_sjis" | "csv":
                if form in {"csv_sjis", "csv_turned"}:
                    return csv_text(flat).encode(encoding)
            case "tsv_sjis":
                return csv_text(flat, "\t").encode(encoding)
            case "docx_mix":
                return _document(text)
            case "html_page" | "html":
                if form in {"html_page", "html_turned"}:
                    return _page(text if not turned else "\n".join(" | ".join(row) for row in grid), name).encode()
            case "htm_sjis":
                return _page(text, name, "Shift_JIS").encode("cp932", "xmlcharrefreplace")
            case "pptx_deck":
                return _deck(text)
            case "zip_files":
                return zipped(
                    [(title, _member(title, lines)) for title, lines in _sections(text) if title],
                    shift_jis=template.get("shift_jis", False),
                )
            case "eml_page" | "eml_files" | "eml_jis":
                return _letter(text, form)
            case "rtf":
                return _rich(text).encode("ascii")
            case "pdf_page" | "txt_fixed" | "csv_quoted":
                lined = "\n".join(" | ".join(cell.replace("\n", " ") for cell in row) for row in flat)
                return super().content(made, template, "pdf_cols" if form == "pdf_page" else form, lined)
        return super().content(made, template, form, text)


def _without_marks(text: str, form: str) -> str:
    """Heads, notes and comments become lines of their own where the form has no place for them."""
    if not form.startswith("eml"):
        text = re.sub(r"(?m)^%(?=[A-Z]\w+: )", "", text)
    return re.sub(r"(?m)^%(?:N|C [A-Z]+\d+) ", "", text) if not form.startswith(("pptx", "xlsx")) else text


def _cells(text: str) -> _Grid:
    return [[_cell(cell) for cell in line.split(" | ")] if " | " in line else [line] for line in text.split("\n")]


def _cell(text: str) -> str:
    return "" if text.strip() == "_" else text.strip()


def _plain(cell: str) -> str:
    """A cell where nothing can be merged."""
    return "" if cell in {"<", "^"} else cell.replace("¶", "\n")


def _turned(grid: _Grid) -> _Grid:
    """Rows that follow each other become columns: what was a person's row is a person's column."""
    out: _Grid = []
    for several, rows in itertools.groupby(grid, lambda row: len(row) > 1):
        out += [list(row) for row in itertools.zip_longest(*rows, fillvalue="")] if several else rows
    return out


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Titles and what stands under them; the lines before the first title come under an empty one."""
    title, lines = "", []
    for line in text.split("\n"):
        if line.startswith("=== "):
            yield title, lines
            title, lines = line[4:], []
        else:
            lines.append(line)
    yield title, lines


def _book(grid: _Grid, name: str, *, typed: bool) -> bytes:
    """Sheets with merged cells, comments and, when ``typed``, numbers and dates as a spreadsheet stores them."""
    sheets: dict[str, list[list[Any]]] = {}
    merge: dict[str, list[str]] = {}
    comments: dict[str, dict[str, str]] = {}
    for title, rows in _sheets(grid, name):
        sheets[title], merge[title], comments[title] = [], _merges(rows), {}
        for row in rows:
            note = re.match(r"%C ([A-Z]+\d+) (.*)", row[0])
            if note:
                comments[title][note[1]] = note[2]
            else:
                sheets[title].append([_typed(_plain(cell)) if typed else _plain(cell) for cell in row])
    return xlsx(sheets, merge=merge, comments=comments)


def _sheets(grid: _Grid, name: str) -> Iterator[tuple[str, _Grid]]:
    rows: _Grid = []
    for row in grid:
        if row[0].startswith("=== "):
            if rows:
                yield name, rows
            name, rows = row[0][4:], []
        else:
            rows.append(row)
    yield name, rows


def _merges(rows: _Grid) -> list[str]:
    """The spans of cells that ``<`` and ``^`` say; a comment is no row."""
    rows = [row for row in rows if not row[0].startswith("%C ")]
    out = []
    for r, row in enumerate(rows):
        for c in range(len(row)):
            if row[c] in {"<", "^"}:
                continue
            right = next((i for i in range(c + 1, len(row)) if row[i] != "<"), len(row)) - 1
            down = next((i for i in range(r + 1, len(rows)) if c >= len(rows[i]) or rows[i][c] != "^"), len(rows)) - 1
            if (right, down) != (c, r):
                out.append(f"{get_column_letter(c + 1)}{r + 1}:{get_column_letter(right + 1)}{down + 1}")
    return out


def _blocks(lines: Sequence[str]) -> list[str | _Grid]:
    """Paragraphs and tables in the order in which they stand."""
    out: list[str | _Grid] = []
    for several, rows in itertools.groupby(_cells("\n".join(lines)), lambda row: len(row) > 1):
        if several:
            table = [[_plain(cell) for cell in row] for row in rows]
            width = max(map(len, table))
            out.append([row + [""] * (width - len(row)) for row in table])
        else:
            out += [row[0].replace("¶", "\n") for row in rows if row[0].strip()]
    return out


def _document(text: str) -> bytes:
    lines = text.split("\n")
    margins = {line[:2]: line[3:] for line in lines if re.match("%[HF] ", line)}
    body = [re.sub("^=== ", "# ", line) for line in lines if not re.match("%[HF] ", line)]
    return docx(_blocks(body), header=margins.get("%H", ""), footer=margins.get("%F", ""))


def _page(text: str, title: str, charset: str = "utf-8") -> str:
    out = [f"<!DOCTYPE html>\n<html lang='ja'><head><meta charset='{charset}'><title>{escape(title)}</title></head><body>"]
    for block in _blocks(text.split("\n")):
        if isinstance(block, str):
            out.append(f"<h2>{escape(block[4:])}</h2>" if block.startswith("=== ") else f"<p>{escape(block)}</p>")
            continue
        head, *rows = block
        out.append("<table>\n<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr>")
        out += ["<tr>" + "".join(f"<td>{'<br>'.join(map(escape, cell.split(chr(10))))}</td>" for cell in row) + "</tr>" for row in rows]
        out.append("</table>")
    return "\n".join([*out, "</body></html>"])


def _deck(text: str) -> bytes:
    slides = []
    for title, lines in _sections(text):
        blocks = _blocks([line for line in lines if not line.startswith("%N ")])
        notes = "\n".join(line[3:] for line in lines if line.startswith("%N "))
        if title or blocks:
            rows = next((block for block in blocks if not isinstance(block, str)), [])
            slides.append((title, [block for block in blocks if isinstance(block, str)], notes, rows))
    return pptx(slides)


def _member(title: str, lines: Sequence[str]) -> bytes:
    text = "\n".join(lines).rstrip("\n")
    grid = _cells(text)
    match title.rsplit(".", 1)[-1]:
        case "csv":
            return csv_text([[_plain(cell) for cell in row] for row in grid]).encode("cp932" if stranger.is_sjis(text) else "utf-8-sig")
        case "xlsx":
            return _book(grid, title.removesuffix(".xlsx"), typed=True)
        case "docx":
            return _document(text)
    return text.replace("\n", "\r\n").encode("utf-8")


def _letter(text: str, form: str) -> bytes:
    lines = text.split("\n")
    heads = dict(line[1:].split(": ", 1) for line in lines if re.match(r"%[A-Z]\w+: ", line))
    (_, first), *files = _sections("\n".join(line for line in lines if not re.match(r"%[A-Z]\w+: ", line)))
    body = "\r\n".join(first)
    return mail(
        heads.get("From", "noreply@example.or.jp"),
        heads.get("To", "all@example.or.jp"),
        heads.get("Subject", "ご連絡"),
        "このメールはHTML形式です。" if form == "eml_page" else body,
        cc=heads.get("Cc", ""),
        html=_page("\n".join(first), heads.get("Subject", "")) if form == "eml_page" else "",
        charset="iso-2022-jp" if form == "eml_jis" and _is_jis(body) else "utf-8",
        attachments=[(title, _member(title, under)) for title, under in files],
    )


def _is_jis(text: str) -> bool:
    try:
        return bool(text.encode("iso-2022-jp"))
    except UnicodeEncodeError:
        return False


def _rich(text: str) -> str:
    def signs(line: str) -> str:
        return "".join(ch if ch.isascii() and ch not in "\\{}" else f"\\u{ord(ch) - 65536 * (ord(ch) > 32767)}?" for ch in line)

    return (
        "{\\rtf1\\ansi\\ansicpg932\\deff0{\\fonttbl{\\f0 MS Mincho;}}\\f0\\fs21\n"
        + "\n".join(signs(line) + "\\par" for line in text.split("\n"))
        + "\n}"
    )
