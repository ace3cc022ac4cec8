"""Writers for each format, and the record of what was put where."""

from __future__ import annotations

import csv
import datetime as dt
import email.policy
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sample_data.make.people import wareki

Row = Sequence[Any]


@dataclass
class Truth:
    """What a file holds: values by entity, persons, expected level, negative or not."""

    path: str
    negative: bool = False
    level: str = ""
    persons: int | None = None
    outcome: str = "scanned"
    problem: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    note: str = ""

    def add(self, entity: str, *values: str) -> Truth:
        self.values += [(entity, value) for value in values]
        return self

    def ignore(self, *values: str) -> Truth:
        self.ignored += values
        return self


class Share:
    """The folder that is made, and its truth."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.truths: list[Truth] = []

    def put(self, path: str, content: bytes, **facts: Any) -> Truth:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        truth = Truth(path, **facts)
        self.truths.append(truth)
        return truth

    def text(self, path: str, text: str, encoding: str = "utf-8", **facts: Any) -> Truth:
        return self.put(path, text.encode(encoding), **facts)


def csv_text(rows: Iterable[Row], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _dated(office: bytes) -> bytes:
    """An Office file with one date everywhere, so that making it again gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, date_time=(2026, 11, 2, 10, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, re.sub(rb"(W3CDTF\">)[^<]+", rb"\g<1>2026-11-02T10:00:00Z", source.read(name)))
    return out.getvalue()


def xlsx(
    sheets: dict[str, Sequence[Row]],
    *,
    merge: dict[str, list[str]] | None = None,
    hidden: Sequence[str] = (),
    comments: dict[str, dict[str, str]] | None = None,
    number_formats: dict[str, dict[str, str]] | None = None,
) -> bytes:
    """A workbook. ``number_formats[sheet][column letter]`` sets the format of a column."""
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for span in (merge or {}).get(name, []):
            sheet.merge_cells(span)
        for cell, text in (comments or {}).get(name, {}).items():
            sheet[cell].comment = Comment(text, "総務")
        for letter, code in (number_formats or {}).get(name, {}).items():
            for cell in sheet[letter]:
                cell.number_format = code
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.properties.creator = "piiscan sample"
    out = io.BytesIO()
    book.save(out)
    return _dated(out.getvalue())


def docx(blocks: Sequence[str | Sequence[Row]], *, header: str = "", footer: str = "", author: str = "piiscan sample") -> bytes:
    """A Word document of paragraphs (str, ``# `` begins a heading) and tables (rows)."""
    import docx as library

    document = library.Document()
    document.core_properties.author = author
    for block in blocks:
        if isinstance(block, str):
            if block.startswith("# "):
                document.add_heading(block[2:], level=1)
            else:
                document.add_paragraph(block)
        else:
            width = max(len(row) for row in block)
            table = document.add_table(rows=0, cols=width)
            table.style = "Table Grid"
            for row in block:
                cells = table.add_row().cells
                for i, value in enumerate(row):
                    cells[i].text = str(value)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    out = io.BytesIO()
    document.save(out)
    return _dated(out.getvalue())


def pptx(slides: Sequence[tuple[str, Sequence[str], str, Sequence[Row]]]) -> bytes:
    """Slides of (title, lines, notes, table rows)."""
    import pptx as library
    from pptx.util import Cm

    deck = library.Presentation()
    deck.core_properties.author = "piiscan sample"
    deck.core_properties.last_modified_by = "piiscan sample"
    for title, lines, notes, rows in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(lines)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        if rows:
            shape = slide.shapes.add_table(len(rows), len(rows[0]), Cm(1), Cm(10), Cm(22), Cm(6))
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    shape.table.cell(r, c).text = str(value)
    out = io.BytesIO()
    deck.save(out)
    return _dated(out.getvalue())


def pdf(pages: Sequence[Sequence[str]], *, size: float = 10.5, vertical_step: float = 18, password: str = "", title: str = "") -> bytes:
    """Pages of lines in a Japanese CID font (no font file needed)."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    out = io.BytesIO()
    encrypt = None
    if password:
        from reportlab.lib.pdfencrypt import StandardEncryption

        encrypt = StandardEncryption(password, ownerPassword=password + "-owner")
    sheet = canvas.Canvas(out, pagesize=A4, encrypt=encrypt, invariant=1)
    if title:
        sheet.setTitle(title)
    for lines in pages:
        sheet.setFont("HeiseiKakuGo-W5", size)
        y = 800.0
        for line in lines:
            sheet.drawString(60, y, line)
            y -= vertical_step
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def mail(
    sender: str,
    to: str,
    subject: str,
    body: str,
    *,
    charset: str = "utf-8",
    html: str = "",
    cc: str = "",
    attachments: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """An RFC 5322 message."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    if cc:
        message["Cc"] = cc
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0900"
    message["Message-ID"] = "<20261102100000@mail.example.jp>"
    message.set_content(body, charset=charset, cte="7bit" if charset == "iso-2022-jp" else None)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def zipped(members: Sequence[tuple[str, bytes]], *, shift_jis: bool = False) -> bytes:
    """A zip; with ``shift_jis`` the names are CP932 bytes without the UTF-8 flag, as old Japanese tools write them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(members):
            info = zipfile.ZipInfo(_stand_in(number, name) if shift_jis else name, date_time=(2026, 11, 2, 10, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    content = out.getvalue()
    if shift_jis:
        for number, (name, _) in enumerate(members):
            content = content.replace(_stand_in(number, name).encode(), name.encode("cp932"))
    return content


def _stand_in(number: int, name: str) -> str:
    """An ASCII name as long as ``name`` is in CP932, put into the archive first and replaced afterwards."""
    return f"{number:02d}".ljust(len(name.encode("cp932")), "~")


def write_manifests(share: Share, folder: Path) -> None:
    """``manifest.yaml`` (what must be found where) and the truth files of ``score_share.py``."""
    import yaml

    truths = sorted(share.truths, key=lambda t: t.path)
    manifest = []
    for truth in truths:
        counts: dict[str, int] = {}
        for entity, _ in truth.values:
            counts[entity] = counts.get(entity, 0) + 1
        entry: dict[str, Any] = {"path": truth.path, "negative": truth.negative, "outcome": truth.outcome}
        for name in ("level", "persons", "problem", "note"):
            if getattr(truth, name) not in {"", None}:
                entry[name] = getattr(truth, name)
        if counts:
            entry["find"] = dict(sorted(counts.items()))
        manifest.append(entry)
    header = "# Made by python -m sample_data.make: which file holds what. The values themselves are in truth.jsonl.\n"
    (folder / "manifest.yaml").write_text(
        header + yaml.safe_dump({"files": manifest}, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8"
    )
    _jsonl(folder / "truth.jsonl", ({"file": t.path, "entity": e, "value": v, **_norm(e, v)} for t in truths for e, v in t.values))
    _jsonl(folder / "ignore.jsonl", ({"file": t.path, "value": v} for t in truths for v in t.ignored))
    _jsonl(folder / "files.jsonl", ({"file": t.path, "negative": t.negative} for t in truths))


def _norm(entity: str, value: str) -> dict[str, str]:
    """Dates are kept as ISO dates; most files write them in the Japanese calendar, which counts as well."""
    return {"norm": wareki(dt.date.fromisoformat(value))} if entity == "DATE_OF_BIRTH" else {}


def _jsonl(path: Path, entries: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")
