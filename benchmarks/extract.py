"""Time of each extractor beside the fastest well-kept library for its format (``make bench-extract``).

Files of known content are generated, both read them in turn in one run, and the
least CPU time of each counts. A library is called in the way that is fastest for
it and does nothing else; ours also identifies the file, looks at every other part
of it and cuts the text into located pieces. Characters are compared without white
space: ``lost`` is what the library has and ours has not (dates and numbers that
are written differently), ``more`` is what ours has besides. A *floor* is no library for the
format but what it is made of (the XML parser on the one part with the text, the
archive with the encoding of its texts given): it shows what is left to gain.
"""

from __future__ import annotations

import argparse
import collections
import csv
import datetime as dt
import email
import email.policy
import gc
import io
import json
import mailbox
import random
import sqlite3
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from piiscan.engine.analyse import extract_file
from piiscan.model import Segment, Table
from piiscan.settings import Limits, Ocr, Settings

SETTINGS = Settings(limits=Limits(seconds=1e6, archive_ratio=1e6), ocr=Ocr(mode="off"))
FAMILY, GIVEN = (
    ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤"],
    ["太郎", "花子", "健一", "美咲", "翔太", "陽菜", "大輔", "愛", "誠", "由美"],
)
HEADER = ("社員番号", "氏名", "電話番号", "住所", "生年月日", "備考")
GOAL = 1.3

Library = Callable[[Path], Iterator[str]]


def rows(count: int) -> Iterator[tuple[str, ...]]:
    rng = random.Random(1)
    yield HEADER
    for i in range(count):
        yield (
            f"E{i:06d}",
            f"{rng.choice(FAMILY)} {rng.choice(GIVEN)}",
            f"090-{rng.randrange(10000):04d}-{rng.randrange(10000):04d}",
            f"東京都千代田区千代田{rng.randrange(1, 9)}-{rng.randrange(1, 30)}-{rng.randrange(1, 20)}",
            f"{rng.randrange(1950, 2005)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
            rng.choice(("", "要連絡", "訪問済み、次回は来月", "担当者が変わりました")),
        )


def prose(count: int) -> Iterator[str]:
    rng = random.Random(2)
    for _ in range(count):
        yield (
            f"{rng.choice(FAMILY)}{rng.choice(GIVEN)}様からのお問い合わせについて、担当の{rng.choice(FAMILY)}が{rng.randrange(1, 13)}月{rng.randrange(1, 29)}日に電話で回答し、資料を送付した。"
            * rng.randrange(1, 4)
        )


# ------------------------------------------------------------------- files and libraries


def make_csv(path: Path) -> None:
    with path.open("w", encoding="cp932", newline="") as file:
        csv.writer(file).writerows(rows(100_000))


def make_quoted_csv(path: Path) -> None:
    """Every cell in quotes, some with a line end in them."""
    with path.open("w", encoding="cp932", newline="") as file:
        table = csv.writer(file, quoting=csv.QUOTE_ALL)
        table.writerows((*row[:5], row[5].replace("、", "\n")) for row in rows(100_000))


def read_csv(path: Path) -> Iterator[str]:
    with path.open(encoding="cp932", newline="") as file:
        for row in csv.reader(file):
            yield from row


def make_txt(path: Path) -> None:
    path.write_text("\n".join(prose(40_000)), encoding="cp932")


def read_txt(path: Path) -> Iterator[str]:
    """The encoding has to be found: the library for that."""
    import charset_normalizer

    yield str(charset_normalizer.from_path(path).best())


def make_json(path: Path) -> None:
    table = list(rows(40_000))
    path.write_text(json.dumps([dict(zip(HEADER, row, strict=True)) for row in table[1:]], ensure_ascii=False), encoding="utf-8")


def strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


def read_json(path: Path) -> Iterator[str]:
    yield from strings(json.loads(path.read_bytes()))


def make_jsonl(path: Path) -> None:
    table = list(rows(40_000))
    path.write_text("\n".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in table[1:]), encoding="utf-8")


def read_jsonl(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for line in file:
            yield from strings(json.loads(line))


def make_xml(path: Path) -> None:
    body = "".join("<row>" + "".join(f"<c>{cell}</c>" for cell in row) + "</row>" for row in rows(30_000))
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?><rows>{body}</rows>', encoding="utf-8")


def read_xml(path: Path) -> Iterator[str]:
    from lxml import etree

    for _, element in etree.iterparse(str(path), tag="c"):
        yield element.text or ""
        element.clear()


def make_html(path: Path) -> None:
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows(15_000))
    path.write_text(
        f"<!doctype html><html><head><meta charset=utf-8><title>名簿</title></head><body><table>{table}</table>"
        + "".join(f"<p>{line}</p>" for line in prose(5_000))
        + "</body></html>",
        encoding="utf-8",
    )


def read_html(path: Path) -> Iterator[str]:
    from lxml import html

    yield str(html.fromstring(path.read_bytes()).text_content())


def message(text: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@example.com", "b@example.com", "お問い合わせの件"
    made["Date"] = "Wed, 25 Nov 2026 10:00:00 +0900"
    made.set_content(text, charset="utf-8")
    return made


def make_eml(path: Path) -> None:
    made = message("\n".join(prose(4_000)))
    out = io.StringIO()
    csv.writer(out).writerows(rows(10_000))
    made.add_attachment(out.getvalue().encode("utf-8"), maintype="text", subtype="csv", filename="名簿.csv")
    path.write_bytes(made.as_bytes())


def texts_of(made: email.message.Message) -> Iterator[str]:
    for part in made.walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            yield payload.decode(part.get_content_charset() or "utf-8", "replace")


def read_eml(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        yield from texts_of(email.message_from_binary_file(file, policy=email.policy.compat32))


def make_mbox(path: Path) -> None:
    box = mailbox.mbox(path)
    lines = list(prose(3_000))
    for i in range(1_500):
        box.add(message("\n".join(lines[i : i + 10])))
    box.close()


def read_mbox(path: Path) -> Iterator[str]:
    for made in mailbox.mbox(path, create=False):
        yield from texts_of(made)


def members() -> Iterator[tuple[str, bytes]]:
    """Forty texts, each another."""
    lines = list(prose(40_000))
    for i in range(40):
        yield f"{i}.txt", "\n".join(lines[i * 1_000 : i * 1_000 + 1_000]).encode()


def make_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members():
            archive.writestr(name, data)


def read_zip(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield archive.read(name).decode("utf-8")


def guessed(data: bytes) -> str:
    """A member's encoding has to be found: the library for that."""
    import charset_normalizer

    return str(charset_normalizer.from_bytes(data).best())


def read_zip_guessing(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield guessed(archive.read(name))


def make_tar(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def read_tar(path: Path) -> Iterator[str]:
    with tarfile.open(path, "r:gz") as archive:
        for info in archive:
            file = archive.extractfile(info)
            assert file is not None
            yield file.read().decode("utf-8")


def read_tar_guessing(path: Path) -> Iterator[str]:
    with tarfile.open(path, "r:gz") as archive:
        for info in archive:
            file = archive.extractfile(info)
            assert file is not None
            yield guessed(file.read())


def make_docx(path: Path) -> None:
    import docx

    made = docx.Document()
    for line in prose(3_000):
        made.add_paragraph(line)
    data = list(rows(600))
    table = made.add_table(len(data), len(HEADER))
    for cells, row in zip(table._tbl.tr_lst, data, strict=True):  # noqa: SLF001 -- python-docx's own way is quadratic
        for cell, text in zip(cells.tc_lst, row, strict=True):
            cell.p_lst[0].add_r().text = text
    made.save(str(path))


def part_texts(path: Path, wanted: Callable[[str], bool], tag: str) -> Iterator[str]:
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if wanted(name):
                for element in etree.fromstring(archive.read(name)).iter("{*}" + tag):
                    yield element.text or ""


def read_docx(path: Path) -> Iterator[str]:
    yield from part_texts(path, lambda name: name == "word/document.xml", "t")


def read_python_docx(path: Path) -> Iterator[str]:
    import docx

    document = docx.Document(str(path))
    for paragraph in document.paragraphs:
        yield paragraph.text
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield cell.text


def make_pptx(path: Path) -> None:
    import pptx
    from pptx.util import Inches

    made = pptx.Presentation()
    lines = list(prose(1_200))
    for i in range(120):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = f"第{i}回 会議資料"
        box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(5), Inches(5))
        box.text_frame.text = "\n".join(lines[i * 10 : i * 10 + 10])
    made.save(str(path))


def read_pptx(path: Path) -> Iterator[str]:
    yield from part_texts(path, lambda name: name.startswith("ppt/slides/slide"), "t")


def read_python_pptx(path: Path) -> Iterator[str]:
    import pptx

    for slide in pptx.Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text


def make_xlsx(path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("名簿")
    for i, row in enumerate(rows(50_000)):
        sheet.write_row(i, 0, row)
        if i:
            sheet.write_number(i, 6, i * 1.5)
    book.close()


def read_sheets(path: Path) -> Iterator[str]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False):
            for cell in row:
                yield cell if isinstance(cell, str) else number(cell)


def number(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def odf(path: Path, kind: str, body: str) -> None:
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("text", "text"), ("table", "table"))
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        )


def make_odt(path: Path) -> None:
    odf(path, "text", "".join(f"<text:p>{line}</text:p>" for line in prose(8_000)))


def read_odt(path: Path) -> Iterator[str]:
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        yield from etree.fromstring(archive.read("content.xml")).itertext()


def make_ods(path: Path) -> None:
    lines = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row)
        + "</table:table-row>"
        for row in rows(15_000)
    )
    odf(path, "spreadsheet", f'<table:table table:name="名簿">{lines}</table:table>')


def make_pdf(path: Path) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    made = Canvas(str(path))
    lines = list(prose(8_000))
    for page in range(200):
        made.setFont("HeiseiMin-W3", 9)
        for i in range(40):
            made.drawString(40, 800 - i * 18, lines[page * 40 + i][:60])
        made.showPage()
    made.save()


def read_pdf(path: Path) -> Iterator[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    for page in document:
        textpage = page.get_textpage()
        yield textpage.get_text_range()
        textpage.close()
        page.close()
    document.close()


def make_rtf(path: Path) -> None:
    def escaped(line: str) -> str:
        return "".join(f"\\u{ord(sign) - 65536 if ord(sign) > 32767 else ord(sign)}?" if ord(sign) > 127 else sign for sign in line)

    body = "\\par\n".join(escaped(line) for line in prose(3_000))
    path.write_text(r"{\rtf1\ansi\ansicpg932{\fonttbl{\f0\fcharset128 MS Mincho;}}\f0 " + body + "}", encoding="ascii")


def read_rtf(path: Path) -> Iterator[str]:
    from striprtf.striprtf import rtf_to_text

    yield rtf_to_text(path.read_text(encoding="ascii"), encoding="cp932")


def make_sqlite(path: Path) -> None:
    base = sqlite3.connect(path)
    base.execute(f"create table people ({', '.join(HEADER)})")
    base.executemany("insert into people values (?,?,?,?,?,?)", list(rows(60_000))[1:])
    base.commit()
    base.close()


def read_sqlite(path: Path) -> Iterator[str]:
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for row in base.execute("select * from people"):
        yield from row
    base.close()


def make_typed_sqlite(path: Path) -> None:
    """A number, a fraction and a value that is often missing beside the texts, as most tables have them."""
    base = sqlite3.connect(path)
    base.execute(f"create table people (id integer primary key, {', '.join(HEADER)}, amount real)")
    table = ((i, *row[:5], row[5] or None, i / 8) for i, row in enumerate(rows(60_000)) if i)
    base.executemany("insert into people values (?,?,?,?,?,?,?,?)", table)
    base.commit()
    base.close()


def read_typed_sqlite(path: Path) -> Iterator[str]:
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for row in base.execute("select * from people"):
        for cell in row:
            yield cell if isinstance(cell, str) else "" if cell is None else number(cell)
    base.close()


@dataclass(frozen=True)
class Bench:
    name: str
    library: str
    make: Callable[[Path], None]
    read: Library
    needs: str = ""
    floor: bool = False  # no library for the format: what the parts of one cost that a reader cannot do without


BENCHES = (
    Bench("a.csv", "csv (encoding given)", make_csv, read_csv),
    Bench("quoted.csv", "csv (encoding given)", make_quoted_csv, read_csv),
    Bench("a.txt", "charset-normalizer", make_txt, read_txt),
    Bench("a.json", "json", make_json, read_json),
    Bench("a.jsonl", "json", make_jsonl, read_jsonl),
    Bench("a.xml", "lxml iterparse", make_xml, read_xml),
    Bench("a.html", "lxml.html", make_html, read_html),
    Bench("a.eml", "email", make_eml, read_eml),
    Bench("a.mbox", "mailbox", make_mbox, read_mbox),
    Bench("a.zip", "zipfile, charset-normalizer", make_zip, read_zip_guessing),
    Bench("a.zip", "zipfile (encoding given)", make_zip, read_zip, floor=True),
    Bench("a.tar.gz", "tarfile, charset-normalizer", make_tar, read_tar_guessing),
    Bench("a.tar.gz", "tarfile (encoding given)", make_tar, read_tar, floor=True),
    Bench("a.docx", "python-docx", make_docx, read_python_docx),
    Bench("a.docx", "lxml on the part", make_docx, read_docx, floor=True),
    Bench("a.pptx", "python-pptx", make_pptx, read_python_pptx),
    Bench("a.pptx", "lxml on the parts", make_pptx, read_pptx, floor=True),
    Bench("a.xlsx", "python-calamine", make_xlsx, read_sheets),
    Bench("a.ods", "python-calamine", make_ods, read_sheets),
    Bench("a.odt", "lxml on the part", make_odt, read_odt, floor=True),
    Bench("a.pdf", "pypdfium2", make_pdf, read_pdf),
    Bench("a.rtf", "striprtf", make_rtf, read_rtf, "striprtf"),
    Bench("a.sqlite", "sqlite3", make_sqlite, read_sqlite),
    Bench("typed.sqlite", "sqlite3, str()", make_typed_sqlite, read_typed_sqlite),
)


# --------------------------------------------------------------------------------- run


def ours(path: Path, folder: Path) -> Iterator[str]:
    for _, _, piece in extract_file(path, SETTINGS, folder):
        if isinstance(piece, Segment):
            yield piece.text
        elif isinstance(piece, Table):
            for row in piece.rows:
                yield from row


def timed(call: Callable[[], Iterator[str]]) -> tuple[float, int]:
    gc.collect()
    began = time.process_time()
    characters = sum(map(len, call()))
    return time.process_time() - began, characters


def letters(texts: Iterator[str]) -> collections.Counter[str]:
    count: collections.Counter[str] = collections.Counter()
    for text in texts:
        count.update(text)
    return collections.Counter({sign: times for sign, times in count.items() if not sign.isspace()})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="suffixes, comma-separated")
    options = parser.parse_args()
    only = {name for name in options.only.split(",") if name}
    over = []
    print(f"{'file':<13}{'kB':>8}  {'library':<34}{'library s':>10}{'ours s':>9}{'ratio':>7}{'characters':>12}{'lost':>7}{'more':>9}")
    for bench in BENCHES:
        if only and bench.name.partition(".")[2] not in only:
            continue
        if bench.needs:
            try:
                __import__(bench.needs)
            except ImportError:
                print(f"{bench.name:<13}{'':>8}  {bench.library} is not installed: python -m pip install {bench.needs}")
                continue
        with tempfile.TemporaryDirectory(prefix="piiscan-bench-") as folder:
            path, spool = Path(folder) / bench.name, Path(folder) / "spool"
            spool.mkdir()
            bench.make(path)
            theirs, mine = letters(bench.read(path)), letters(ours(path, spool))
            times: list[tuple[float, float]] = []
            characters = 0
            for _ in range(options.rounds):
                other, characters = timed(lambda p=path, b=bench: b.read(p))
                times.append((other, timed(lambda p=path, s=spool: ours(p, s))[0]))
            library, own = (min(pair[i] for pair in times) for i in (0, 1))
            ratio = own / max(library, 1e-9)
            lost, more = sum((theirs - mine).values()), sum((mine - theirs).values())
            print(
                f"{bench.name:<13}{path.stat().st_size // 1000:>8}  {bench.library + (' (floor)' if bench.floor else ''):<34}{library:>10.3f}{own:>9.3f}{ratio:>7.2f}{characters:>12}{lost:>7}{more:>9}",
                flush=True,
            )
            if ratio > GOAL and not bench.floor:
                over.append(f"{bench.name} {ratio:.2f}")
    print(f"over {GOAL}: {', '.join(over) if over else 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
