"""A fifth share as yet another stranger would make it: the everyday files of a firm, a hospital, a school, a town hall and a shop.

Written before looking at any rule of the detector or at the templates of the others. The templates are in ``blind5_people.yaml``
and ``blind5_nobody.yaml``, in the notation of ``stranger.py`` and ``blind4.py``; ``<<a;b>>`` is one of several words. The keys that
begin with ``u`` write a kind of value in one notation throughout a file, as a person or a system does who keeps a list.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from sample_data.make.build import csv_text
from tools.share_maker import invented
from tools.share_maker.blind3 import _width
from tools.share_maker.blind4 import Blind4Maker, _cells, _plain, _without_marks
from tools.share_maker.building import Labelled
from tools.share_maker.invented import Person
from tools.share_maker.stranger import _KANJI_ABROAD

__all__ = ["Blind5Maker"]

#: The notations of each kind of value, the usual ones more than once.
_NOTATIONS = {
    "uname": ("", " ", " ", "　", "　"),
    "ukana": (" ", " ", "　", "　", "", "half", "hira"),
    "utel": ("hyphen", "hyphen", "hyphen", "hyphen", "plain", "plain", "full", "minus"),
    "uhome": ("hyphen", "hyphen", "hyphen", "hyphen", "paren", "minus", "full"),
    "udob": ("iso", "slash", "slash", "slash0", "slash0", "long", "wareki", "wareki", "short", "short0", "dots", "compact", "kanji_era"),
    "uaddr": ("hyphen", "hyphen", "hyphen", "chome", "chome", "full", "minus", "kanji"),
    "upostal": ("hyphen", "hyphen", "mark", "plain"),
}


class Blind5Maker(Blind4Maker):
    """Lists in one notation, words to choose from, and exports of the same rows in other formats."""

    hand = "blind5"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._notation: dict[str, str] = {}

    def filled(self, template: str, labelled: Labelled) -> str:
        self._notation = {key: self.rng.choice(notations) for key, notations in _NOTATIONS.items()}
        self._notation["prefecture"] = self.rng.choice(("yes", "yes", "no"))
        return super().filled(template, labelled)

    def fill(self, template: str, labelled: Labelled, people: Sequence[Person]) -> str:
        chosen = re.sub(r"<<(.*?)>>", lambda match: self.rng.choice(match.group(1).split(";")), template)
        return super().fill(chosen, labelled, people)

    def relative(self) -> Person:
        """A relative bears a Japanese given name: the mixed names that a chance draw makes are rarer than one in thirty."""
        abroad = {family for family, *_ in _KANJI_ABROAD}
        return next(one for one in iter(self.someone, None) if not one.foreign and one.family not in abroad)

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        if key == "anytel":
            key = self.rng.choice(("utel", "utel", "uhome"))
        if key == "placeholder":
            return self.ignored(labelled, self.rng.choice(("山田太郎", "山田　太郎", "佐藤花子", "鈴木一郎", "日本太郎")))
        notation = self._notation.get(key)
        if notation is None or key not in _NOTATIONS:
            return super().value(key, who, labelled)
        rng, code = self.rng, who.town.postal
        if key in {"uname", "ukana"}:
            labelled.people.add(who.name)
        match key:
            case "uname":
                return labelled.add("PERSON", who.name if who.foreign or not notation else who.spaced(notation))
            case "ukana":
                kana = who.kana(notation if not notation.isalpha() else " ")
                return labelled.add("PERSON", {"half": invented.half_kana, "hira": invented.hiragana}.get(notation, str)(kana))
            case "udob":
                return labelled.add("DATE_OF_BIRTH", invented.born(who, rng, notation), who.born.isoformat())
            case "uaddr":
                text = invented.address(who, rng, style=notation, prefecture=self._notation["prefecture"] == "yes")
                return labelled.add("JP_ADDRESS", text)
            case "upostal":
                text = labelled.add("JP_POSTAL_CODE", code if notation == "plain" else f"{code[:3]}-{code[3:]}")
                return f"〒{text}" if notation == "mark" else text
        return labelled.add("PHONE_NUMBER", invented.tel(who.mobile if key == "utel" else who.tel, rng, notation))

    def content(self, made: Labelled, template: dict[str, Any], form: str, text: str) -> bytes:
        if form not in {"csv_utf", "csv_unix", "json_rows", "jsonl_rows", "pdf_grid", "sql_rows", "xml_rows"}:
            return super().content(made, template, form, text)
        grid = [[_plain(cell) for cell in row] for row in _cells(_without_marks(text.replace("~", "\n"), form))]
        if form == "csv_utf":
            return csv_text(grid).encode("utf-8-sig")
        if form == "csv_unix":
            return csv_text(grid).replace("\r\n", "\n").encode("utf-8")
        if form == "pdf_grid":
            return _print(grid)
        head, *rows = [row for row in grid if len(row) > 1]
        records = [dict(zip(head, row, strict=True)) for row in rows]
        return _exported(records, form).encode("utf-8")


def _exported(records: Sequence[dict[str, str]], form: str) -> str:
    if form == "json_rows":
        return json.dumps({"count": len(records), "items": records}, ensure_ascii=False, indent=2)
    if form == "jsonl_rows":
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    if form == "sql_rows":
        names = ", ".join(f"`{name}`" for name in records[0])
        rows = ",\n".join("(" + ", ".join("'" + value.replace("'", "''") + "'" for value in record.values()) + ")" for record in records)
        return f"LOCK TABLES `t_list` WRITE;\nINSERT INTO `t_list` ({names}) VALUES\n{rows};\nUNLOCK TABLES;\n"
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<rows>"]
    for record in records:
        lines += ["  <row>", *(f"    <{name}>{escape(value)}</{name}>" for name, value in record.items()), "  </row>"]
    return "\n".join([*lines, "</rows>", ""])


def _print(grid: Sequence[Sequence[str]]) -> bytes:
    """A sheet printed to PDF: every cell is drawn by itself at the place of its column."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    size, font = 8, "HeiseiMin-W3"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    wide = [row for row in grid if len(row) > 1]
    count = max(map(len, wide), default=0)
    widths = [max(_width(row[i]) for row in wide if len(row) > i) * size / 2 + 10 for i in range(count)]
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(max(842.0, sum(widths) + 80), 595), invariant=1)
    for start in range(0, len(grid), 34):
        sheet.setFont(font, size)
        for number, row in enumerate(grid[start : start + 34]):
            left = 40.0
            for cell, width in zip(row, widths if len(row) > 1 else [0.0], strict=False):
                sheet.drawString(left, 560 - 15 * number, cell.replace("\n", " "))
                left += width
        sheet.showPage()
    sheet.save()
    return out.getvalue()
