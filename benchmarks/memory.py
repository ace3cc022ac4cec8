"""Peak memory of a worker above its loaded models, for large files (``make bench-memory``).

Each file is made in a temporary folder by this script, read whole (identified,
extracted, detected, counted) by a process of its own that has read a small file
before, so that everything is loaded; its resident memory is looked at from outside
every 20 ms. Each is done at a tenth of the size too: what is flat does not grow.
``--scale 0.1`` makes everything smaller; the goal is 400 MB at full size.
``--extract`` reads without detection, which takes most of the time; ``--no-tenth`` leaves the smaller files out.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from piiscan.engine.analyse import Analyst, extract_file
from piiscan.masking import FingerprintKey
from piiscan.model import Item
from piiscan.problems import Problem
from piiscan.settings import Limits, Ocr, Settings

sys.path.insert(0, str(Path(__file__).resolve().parent))
from extract import HEADER, message, prose, rows
from sizes import text_of

GOAL_MB = 400
SETTINGS = Settings(limits=Limits(seconds=1e6, worker_mb=8_000, file_bytes=1 << 40, archive_bytes=1 << 40), ocr=Ocr(mode="off"))


def make_csv(path: Path, scale: float) -> None:
    """1 GB; people, and a few names that come again and again, as in real lists."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        goal = int(1_000_000_000 * scale)
        writer.writerows(rows(100))
        number = 0
        while file.tell() < goal:
            number += 1
            for i, row in enumerate(rows(20_000)):
                if i:
                    writer.writerow((f"E{number:04d}{i:06d}", row[1], f"080-{number % 10000:04d}-{i % 10000:04d}", *row[3:]))


def make_xlsx(path: Path, scale: float) -> None:
    """1,000,000 rows."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("名簿")
    for i, row in enumerate(rows(int(1_000_000 * scale))):
        sheet.write_row(i, 0, row)
    book.close()


def make_pdf(path: Path, scale: float) -> None:
    """2,000 pages."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    made = Canvas(str(path))
    lines = list(prose(4_000))
    for page in range(int(2_000 * scale)):
        made.setFont("HeiseiMin-W3", 9)
        for i in range(40):
            made.drawString(40, 800 - i * 18, lines[(page * 40 + i) % len(lines)][:60])
        made.showPage()
    made.save()


def make_mbox(path: Path, scale: float) -> None:
    """4 GB; most of it attachments, as in real mailboxes."""
    goal = int(4_000_000_000 * scale)
    lines = list(prose(2_000))
    filler = bytes(range(256)) * 2_000
    with path.open("wb") as file:
        number = 0
        while file.tell() < goal:
            number += 1
            made = message("\n".join(lines[number % 1_900 : number % 1_900 + 10]))
            made.add_attachment(filler * 3, maintype="application", subtype="octet-stream", filename="data.bin")
            file.write(b"From a@example.com Wed Nov 25 10:00:00 2026\n" + made.as_bytes() + b"\n\n")


def make_text(path: Path, scale: float) -> None:
    """50 MB of office texts, a name or number in every other line."""
    path.write_text(text_of("prose", 50 * scale), encoding="utf-8", newline="")


def make_line(path: Path, scale: float) -> None:
    """The same in one line, 10 MB."""
    path.write_text(text_of("one line", 10 * scale), encoding="utf-8", newline="")


MAKERS: dict[str, Callable[[Path, float], None]] = {
    "csv": make_csv,
    "xlsx": make_xlsx,
    "pdf": make_pdf,
    "mbox": make_mbox,
    "txt": make_text,
    "line.txt": make_line,
}


def work(pipe: Connection, folder: str, extract_only: bool) -> None:
    """The worker: reads what it is told, says when it begins and what came out."""
    analyst = Analyst(SETTINGS, FingerprintKey(b"benchmark" * 4))
    spool = Path(folder, "spool")
    while (path := pipe.recv()) is not None:
        pipe.send("begin")
        spool.mkdir(exist_ok=True)
        if extract_only:
            faults = [piece.kind.word for _, _, piece in extract_file(Path(path), SETTINGS, spool) if isinstance(piece, Problem)]
            pipe.send(("extracted", 0, 0, faults[:5]))
            continue
        report = analyst.analyse(Item("bench", Path(path).name, path, size=Path(path).stat().st_size), Path(path), spool)
        found = sum(group.count for group in report.groups)
        pipe.send((report.outcome.value, found, report.persons.estimate, [problem.kind.word for problem in report.problems][:5]))


def measure(folder: Path, small: Path, large: Path, *, extract_only: bool) -> tuple[float, float, float, tuple[str, int, int, list[str]]]:
    """``(MB loaded, MB at most, seconds, outcome)``."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=work, args=(theirs, str(folder), extract_only), daemon=True)
    child.start()
    process = psutil.Process(child.pid)
    peak = loaded = 0
    began = time.monotonic()
    outcome: tuple[str, int, int, list[str]] = ("", 0, 0, [])
    for path in (small, large):
        ours.send(str(path))
        ours.recv()
        loaded, peak, began = process.memory_info().rss, 0, time.monotonic()
        while not ours.poll(0.02):
            if not child.is_alive():
                raise SystemExit(f"the worker died reading {path.name} (exit code {child.exitcode})")
            peak = max(peak, process.memory_info().rss)
        outcome = ours.recv()
    ours.send(None)
    child.join(10)
    return loaded / 1e6, peak / 1e6, time.monotonic() - began, outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="of the full sizes: 1 GB, 1,000,000 rows, 2,000 pages, 4 GB, 50 MB, 10 MB")
    parser.add_argument("--only", default="", help=f"{', '.join(MAKERS)}; comma-separated")
    parser.add_argument("--extract", action="store_true", help="without detection")
    parser.add_argument("--no-tenth", action="store_true", help="the full size (times --scale) only")
    options = parser.parse_args()
    over = []
    print(f"{'file':<9}{'scale':>7}{'MB':>8}{'loaded MB':>11}{'peak MB':>9}{'above':>8}{'s':>7}  outcome, findings, persons, problems")
    for name, make in MAKERS.items():
        if options.only and name not in options.only.split(","):
            continue
        for scale in (options.scale,) if options.no_tenth else (options.scale / 10, options.scale):
            with tempfile.TemporaryDirectory(prefix="piiscan-bench-") as text:
                folder = Path(text)
                # what is loaded lazily is loaded by a small file of the same kind
                small, large = folder / f"small.{name}", folder / f"large.{name}"
                make(small, 0.01 if name.endswith("txt") else 0.0005)
                if shutil.disk_usage(folder).free < 12e9 * scale + 5e9:
                    raise SystemExit(f"not enough disk in {folder}; set TMPDIR to a larger one")
                make(large, scale)
                loaded, peak, seconds, (outcome, found, persons, problems) = measure(folder, small, large, extract_only=options.extract)
                above = max(0.0, peak - loaded)
                print(
                    f"{name:<9}{scale:>7.3f}{large.stat().st_size / 1e6:>8.0f}{loaded:>11.0f}{peak:>9.0f}{above:>8.0f}{seconds:>7.0f}  "
                    f"{outcome}, {found}, {persons}, {' '.join(problems) or '-'}",
                    flush=True,
                )
                if above > GOAL_MB:
                    over.append(f"{name} {scale:g}: {above:.0f} MB")
    print(f"{len(HEADER)} columns; over {GOAL_MB} MB: {', '.join(over) if over else 'none'}")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
