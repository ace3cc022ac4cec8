"""Reads a folder of real files, and tells by format what came of each (``python tools/field_test.py FOLDER``).

The folder is anybody's: nothing in it has to be known before. Each file is read in a worker process, as a scan reads it but
without detection, and is counted once by the worst that is said of it: ``read``, ``note``, ``partial``, ``empty`` (nothing was
said and no text came), ``failed`` with its kind, or ``hung`` and ``died``, which must not be. OCR is off, and that pictures
need it counts as nothing.

With ``--beside`` a second engine reads the same file: the thorough library for its format where there is one here, else Tika. What
it sees and we do not is ``lost``: the share of its *words* (runs of letters and digits of at least three characters; of Japanese,
pairs of characters) that are nowhere in ours. Files that lose more than ``--lost`` are listed, with words from them on
``--words``, for the eye of whoever may see the files; nothing is kept.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import contextlib
import io
import json
import re
import sys
import tempfile
import time
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from piiscan.engine.analyse import extract_file
from piiscan.extractors.identify import identify
from piiscan.model import Segment, Table
from piiscan.problems import Effect, Problem, ProblemKind
from piiscan.settings import Ocr, Settings

_WORD = re.compile(r"[^\W_]+")
_JAPANESE = re.compile(r"[\u3005-\u30ff\u3400-\u9fff]+")
_FRACTION = re.compile(r"\d+[.,]\d{4,}(?:e[-+]?\d+)?")  # as long as the engine likes
_ORDER = ("read", "note", "empty", "partial", "failed", "hung", "died")
_EFFECTS = {Effect.NOTE: "note", Effect.SKIPPED: "note", Effect.PARTIAL: "partial", Effect.FAILED: "failed"}
_MOST = 4_000_000  # characters of one file that are compared


@dataclass
class Seen:
    """What came of a file; no text of it but the words that were lost, on request."""

    path: str
    format: str = ""
    outcome: str = "read"
    problems: list[str] = field(default_factory=list)
    characters: int = 0
    seconds: float = 0.0
    engine: str = ""
    words: int = 0
    lost: int = 0
    missing: list[str] = field(default_factory=list)


# ------------------------------------------------------------------- the second engine


def _docx(path: Path) -> Iterator[str]:
    import docx
    from docx.document import Document

    def inside(part: object) -> Iterator[str]:
        for paragraph in part.paragraphs:  # type: ignore[attr-defined]
            yield paragraph.text
        for table in part.tables:  # type: ignore[attr-defined]
            for row in table.rows:
                for cell in row.cells:
                    yield from inside(cell)

    document: Document = docx.Document(str(path))
    yield from inside(document)
    for section in document.sections:
        yield from inside(section.header)
        yield from inside(section.footer)


def _xlsx(path: Path) -> Iterator[str]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            yield from (value for value in row if isinstance(value, str))
    book.close()


def _pptx(path: Path) -> Iterator[str]:
    import pptx

    def inside(shapes: object) -> Iterator[str]:
        for shape in shapes:  # type: ignore[attr-defined]
            if getattr(shape, "shapes", None) is not None:
                yield from inside(shape.shapes)
            if shape.has_text_frame:
                yield shape.text_frame.text
            if getattr(shape, "has_table", False):
                for row in shape.table.rows:
                    yield from (cell.text for cell in row.cells)

    for slide in pptx.Presentation(str(path)).slides:
        yield from inside(slide.shapes)
        if slide.has_notes_slide:
            yield from inside(slide.notes_slide.shapes)


def _pdf(path: Path) -> Iterator[str]:
    from pdfminer.high_level import extract_text

    yield extract_text(str(path), maxpages=50)


def _eml(path: Path) -> Iterator[str]:
    import email
    import email.policy

    with path.open("rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_maintype() == "text" and part.get_content_subtype() == "plain":
            yield part.get_content()


def _tika(path: Path) -> Iterator[str]:
    import extractous

    engine = extractous.Extractor().set_extract_string_max_length(_MOST)
    with contextlib.redirect_stdout(io.StringIO()):
        yield engine.extract_file_to_string(str(path))[0]


_BESIDE: dict[str, tuple[str, Callable[[Path], Iterator[str]]]] = {
    "docx": ("python-docx", _docx),
    "xlsx": ("openpyxl", _xlsx),
    "pptx": ("python-pptx", _pptx),
    "pdf": ("pdfminer.six", _pdf),
    "eml": ("email", _eml),
}
_TIKA = frozenset({"doc", "ppt", "rtf", "xls-old", "odf", "msg", "html", "old-office", "vsdx", "wps", "mbox", "tnef", "ole-object"})


def words(text: str) -> collections.Counter[str]:
    """What is compared: letters and digits as they fold, however they are spaced and broken."""
    text = _FRACTION.sub(" ", unicodedata.normalize("NFKC", text[:_MOST]).casefold())
    found: collections.Counter[str] = collections.Counter()
    for word in _WORD.findall(text):
        for japanese in _JAPANESE.findall(word):
            found.update(japanese[i : i + 2] for i in range(len(japanese) - 1))
        found.update(part for part in _JAPANESE.split(word) if len(part) > 2)
    return found


def beside(path: Path, form: str, ours: str, seen: Seen, *, tika: bool) -> None:
    """Fill in what the second engine sees besides; what it cannot read counts as nothing."""
    engines = [_BESIDE[form]] if form in _BESIDE else []
    if form in _TIKA or (tika and form in _BESIDE):
        engines.append(("Tika", _tika))
    mine = words(ours)
    flat = "".join(unicodedata.normalize("NFKC", ours).casefold().split())
    for name, read in engines:
        try:
            theirs = words("\n".join(read(path)))
        except Exception:  # noqa: BLE001 -- what another library does is not our matter
            continue
        missing = [word for word in theirs if word not in mine and word not in flat]
        if len(missing) >= seen.lost or not seen.engine:
            seen.engine, seen.words, seen.lost, seen.missing = name, len(theirs), len(missing), missing[:40]


# ----------------------------------------------------------------------------- a file


def look(path: Path, compare: bool, tika: bool) -> Seen:
    """Runs in a worker."""
    warnings.simplefilter("ignore")
    began, seen, texts = time.process_time(), Seen(str(path)), []
    worst, pictures = "read", False
    with tempfile.TemporaryDirectory() as folder:
        for member, _, piece in extract_file(path, Settings(ocr=Ocr(mode="off")), Path(folder)):
            if isinstance(piece, Problem) and piece.kind is ProblemKind.NEEDS_OCR:
                pictures = True  # OCR is off
            elif isinstance(piece, Problem):
                inner = "/".join(part for part in (member, piece.member) if part)
                seen.problems.append(" ".join(part for part in (piece.kind.word, f"[{inner}]" if inner else "", piece.detail) if part))
                effect = _EFFECTS[piece.kind.effect]
                if effect == "failed" and inner:
                    effect = "partial"
                worst = max(worst, effect, key=_ORDER.index)
            elif isinstance(piece, Segment):
                texts.append(piece.text)
                if piece.context:
                    texts.append(piece.context)
            elif isinstance(piece, Table):
                texts.extend("\t".join(row) for row in piece.rows)
    ours = "\n".join(texts)
    seen.seconds = time.process_time() - began
    seen.characters = len("".join(ours.split()))
    seen.format = identify(path, path.name).format
    seen.outcome = worst
    if not seen.characters and worst in {"read", "note"} and not pictures:
        seen.outcome = "empty"
    if compare and seen.outcome != "failed":
        beside(path, seen.format, ours, seen, tika=tika)
    return seen


def read_all(paths: list[Path], options: argparse.Namespace) -> Iterator[Seen]:
    with ProcessPool(max_workers=options.jobs, max_tasks=500, context=get_context("spawn")) as pool:
        running = [(path, pool.schedule(look, args=(path, options.beside, options.tika), timeout=options.seconds)) for path in paths]
        for path, future in running:
            try:
                yield future.result()
            except concurrent.futures.TimeoutError:
                yield Seen(str(path), outcome="hung")
            except (ProcessExpired, OSError, MemoryError) as error:
                yield Seen(str(path), outcome="died", problems=[type(error).__name__])
            except Exception as error:  # noqa: BLE001 -- a fault of ours, to be looked at
                yield Seen(str(path), outcome="died", problems=[f"{type(error).__name__}: {error}"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+", help="folders and files; looked through to any depth")
    parser.add_argument("--beside", action="store_true", help="let a second engine read each file too")
    parser.add_argument("--tika", action="store_true", help="Tika as well, where there is another engine")
    parser.add_argument("--lost", type=float, default=0.02, help="share of lost words from which a file is listed")
    parser.add_argument("--words", action="store_true", help="print lost words (they are the files' text)")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=120.0, help="for one file, both engines")
    parser.add_argument("--largest", type=int, default=20_000_000, help="bytes; larger files are left out")
    parser.add_argument("--jsonl", type=Path, help="write what is known of each file here")
    options = parser.parse_args()
    paths = [
        path
        for top in options.folder
        for path in sorted(top.rglob("*") if top.is_dir() else [top])
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= options.largest
    ]
    tally: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    with Path(options.jsonl).open("w", encoding="utf-8") if options.jsonl else contextlib.nullcontext() as out:
        for seen in read_all(paths, options):
            form = seen.format or "?"
            tally[form][seen.outcome] += 1
            tally[form]["words"] += seen.words
            tally[form]["lost"] += seen.lost
            if out:
                out.write(json.dumps(asdict(seen), ensure_ascii=False) + "\n")
                out.flush()
            much = seen.words and seen.lost / seen.words > options.lost
            if seen.outcome not in {"read", "note"} or much:
                loss = f" lost {seen.lost} of {seen.words} ({seen.engine})" if much else ""
                told = "; ".join(seen.problems[:3])
                print(f"{seen.outcome:<8} {form:<10} {seen.path}{loss} {told}", flush=True)
                if options.words and much:
                    print("         ", " ".join(seen.missing), flush=True)
    print()
    print(f"{'format':<16}{'files':>7}" + "".join(f"{word:>9}" for word in _ORDER) + f"{'words':>10}{'lost':>8}")
    total: collections.Counter[str] = collections.Counter()
    for form, counts in sorted(tally.items()):
        _row(form, counts)
        total.update(counts)
    _row("all", total)
    return 1 if total["hung"] or total["died"] else 0


def _row(form: str, counts: collections.Counter[str]) -> None:
    files = sum(counts[word] for word in _ORDER)
    lost = f"{counts['lost'] / counts['words']:.2%}" if counts["words"] else ""
    print(f"{form:<16}{files:>7}" + "".join(f"{counts[word] or '':>9}" for word in _ORDER) + f"{counts['words'] or '':>10}{lost:>8}")


if __name__ == "__main__":
    sys.exit(main())
