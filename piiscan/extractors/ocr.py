"""Reads the writing in pictures: RapidOCR with the models that its package ships, or Tesseract when the settings ask for it.

Not a format of its own: ``image`` and ``pdf`` call :func:`read` with a picture
in memory. The engine is made once a process, when the first picture needs it,
with one thread: workers share the processors among themselves. Nothing is
downloaded: the models are named by their paths in the package.

A page may have been scanned in any direction. The detector finds lines in all
of them; what is read the right way up decides: standing lines are tried in both
directions, lying ones upside down too when they read badly. A skew of a few
degrees is taken from the lines themselves, which are cut out straight; it
matters only for putting them into rows.

Time is a budget: what it cut off is reported as ``limit``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import os
import shutil
import statistics
import subprocess
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piiscan.extractors.base import Reading, problem
from piiscan.problems import Problem, ProblemKind
from piiscan.settings import Ocr

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Box", "Scan", "missing", "read"]

#: left, top, right, bottom in pixels of the picture
Box = tuple[float, float, float, float]

_SIDE = 3_200  # longest side of what lines are cut from; a line is read at 48 pixels of height
_DETECT_SIDE = 1_600  # longest side of what lines are looked for in: A4 at some 140 dpi
_UPSCALE_BELOW = 700  # a picture this small is looked at twice as large
_TILE_ASPECT = 2.2  # beyond this a picture (a receipt, a long screenshot) is looked at in overlapping tiles
_SURE = 0.85  # mean confidence of lines that are surely the right way up
_LEAST = 0.5  # a line read with less confidence is noise
_SAMPLE = 5
_REMEMBERED = 256  # texts of pictures met before (a logo under each mail); in this process only


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read in a picture; ``fault`` says what kept the rest out."""

    text: str = ""
    fault: Problem | None = None


@dataclass(slots=True)
class _Line:
    """A line of writing: where its middle is, how long and high it is, and what it says."""

    x: float
    y: float
    length: float
    height: float
    angle: float
    text: str


_memory: OrderedDict[bytes, Scan] = OrderedDict()


def missing(ocr: Ocr) -> str:
    """Why pictures cannot be read here (facts for a ``needs-ocr`` problem); empty when they can."""
    if ocr.mode == "off":
        return "ocr.mode = off"
    if ocr.engine == "tesseract":
        return _tesseract_missing()
    return _rapidocr_missing()


@cache
def _rapidocr_missing() -> str:
    for module in ("rapidocr", "onnxruntime"):
        try:
            if importlib.util.find_spec(module) is None:
                return f"{module} is not installed: python -m pip install 'piiscan[ocr]'"
        except (ImportError, ValueError):
            return f"{module} is not installed: python -m pip install 'piiscan[ocr]'"
    return ""


@cache
def _tesseract_missing() -> str:
    program = shutil.which("tesseract")
    if program is None:
        return "the program tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-jpn"
    try:
        known = subprocess.run(  # noqa: S603 -- a program named by the settings, no shell
            [program, "--list-langs"], capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return "the program tesseract does not start"
    return "" if b"jpn" in known.stdout.split() else "tesseract has no data for jpn: apt-get install tesseract-ocr-jpn"


def read(reading: Reading, picture: Image.Image, known: tuple[Box, ...] = ()) -> Scan:
    """The writing in ``picture``, rows as lines of text.

    :param known: boxes of writing whose text is known already; lines that lie mostly inside are left out.
    :return: the text, and the problem that kept (the rest of) it out.
    """
    ocr, budget = reading.ocr, reading.budget
    if reason := missing(ocr):
        return Scan(fault=problem(ProblemKind.NEEDS_OCR, reason))
    if budget.ocr_pages >= ocr.pages:
        return Scan(fault=problem(ProblemKind.LIMIT, f"ocr.pages = {ocr.pages}"))
    left = ocr.seconds - budget.ocr_seconds
    if left <= 0:
        return Scan(fault=problem(ProblemKind.LIMIT, f"ocr.seconds = {ocr.seconds:g}"))
    rgb = picture.convert("RGB")
    digest = hashlib.sha256(b"%d %d" % rgb.size + rgb.tobytes() + repr((known, ocr.engine)).encode()).digest()
    if digest in _memory:
        _memory.move_to_end(digest)
        return _memory[digest]
    began = time.monotonic()
    budget.ocr_pages += 1
    clock = _Clock(ocr, min(left, ocr.seconds_per_page))
    scan = _tesseract(rgb, clock) if ocr.engine == "tesseract" else _rapidocr(rgb, known, clock)
    spent = time.monotonic() - began
    budget.ocr_seconds += spent
    budget.deadline += spent  # its own budget pays for it
    if scan.fault is None:
        _memory[digest] = scan
        if len(_memory) > _REMEMBERED:
            _memory.popitem(last=False)
    return scan


class _Clock:
    """The time of one page: of the processor, so that what is read does not depend on how busy the machine is."""

    def __init__(self, ocr: Ocr, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.process_time() + seconds
        setting = (
            f"ocr.seconds_per_page = {ocr.seconds_per_page:g}" if seconds >= ocr.seconds_per_page else f"ocr.seconds = {ocr.seconds:g}"
        )
        self.fault = problem(ProblemKind.LIMIT, setting)

    def over(self) -> bool:
        return time.process_time() > self._end


# ----------------------------------------------------------------------- tesseract


def _tesseract(picture: Image.Image, clock: _Clock) -> Scan:
    """Through pipes: no picture and no text touches the disk."""
    import io

    program = shutil.which("tesseract")
    assert program is not None, "missing() asked"
    out = io.BytesIO()
    picture.convert("L").save(out, "PPM")
    try:
        done = subprocess.run(  # noqa: S603 -- a program named by the settings, no shell
            [program, "stdin", "stdout", "-l", "jpn", "--psm", "1", "--dpi", "200"],
            input=out.getvalue(),
            capture_output=True,
            timeout=clock.seconds,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        return Scan(fault=clock.fault)
    except OSError as error:
        return Scan(fault=problem(ProblemKind.NEEDS_OCR, f"tesseract: {type(error).__name__}"))
    if done.returncode:
        return Scan(fault=problem(ProblemKind.NEEDS_OCR, f"tesseract ended with code {done.returncode}"))
    return Scan(done.stdout.decode("utf-8", "replace").replace("\x0c", "").strip())


# ------------------------------------------------------------------------ rapidocr


@cache
def _engine() -> Any:
    """RapidOCR with the models of its package, one thread, silent (it would log what it reads)."""
    import cv2
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    cv2.setNumThreads(1)
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 10 * _SIDE,
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(next(models.glob("*_det_*.onnx"))),
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECT_SIDE,
            "Rec.model_path": str(next(models.glob("*_rec_*.onnx"))),
            "Rec.rec_batch_num": 1,  # lines differ in length; together they are padded to the longest
        }
    )


def _rapidocr(picture: Image.Image, known: tuple[Box, ...], clock: _Clock) -> Scan:
    import numpy as np

    scale = _scale(*picture.size)
    if scale != 1.0:
        picture = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
        known = tuple((a * scale, b * scale, c * scale, d * scale) for a, b, c, d in known)
    pixels = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
    boxes = [box for tile in _tiles(*picture.size) for box in _detect(pixels, tile)]
    boxes = [box for box in _distinct(boxes) if not _is_known(box, known)]
    if not boxes:
        return Scan()
    reader = _Reader(pixels, boxes, clock)
    lines = list(reader.lines())
    return Scan(_rows(lines), clock.fault if reader.cut_off else None)


def _scale(width: int, height: int) -> float:
    """Enlargement of small pictures and reduction of large ones; a long one (a receipt) is measured by its short side."""
    long, short = max(width, height), min(width, height)
    return 2.0 if long < _UPSCALE_BELOW else min(1.0, _SIDE / min(long, short * _TILE_ASPECT))


def _tiles(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """``left, top, right, bottom`` of the parts that lines are looked for in, overlapping by a fifth."""
    long, short = max(width, height), min(width, height)
    if long <= _TILE_ASPECT * short or long <= _DETECT_SIDE:
        yield 0, 0, width, height
        return
    side = max(int(1.6 * short), 64)
    step = side * 4 // 5
    for start in range(0, max(1, long - side + step), step):
        end = min(long, start + side)
        yield (start, 0, end, height) if width >= height else (0, start, width, end)
        if end >= long:
            return


def _detect(pixels: Any, tile: tuple[int, int, int, int]) -> Iterator[Any]:
    """Corners (4×2) of each line in a tile; lines cut by an inner edge are left to the next tile."""
    import numpy as np

    left, top, right, bottom = tile
    height, width = pixels.shape[:2]
    found = _engine()(np.ascontiguousarray(pixels[top:bottom, left:right]), use_det=True, use_cls=False, use_rec=False)
    for box in found.boxes if found.boxes is not None else ():
        corners = np.asarray(box, dtype=np.float32) + np.array([left, top], dtype=np.float32)
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        cut = (left > 0 and x0 <= left + 2) or (top > 0 and y0 <= top + 2) or (right < width and x1 >= right - 3)
        if not (cut or (bottom < height and y1 >= bottom - 3)):
            yield corners


def _distinct(boxes: list[Any]) -> list[Any]:
    """Boxes without the doubles that overlapping tiles give."""
    kept: list[Any] = []
    for box in boxes:
        if not any(_overlap(_bounds(box), _bounds(other)) > 0.6 for other in kept[-60:]):
            kept.append(box)
    return kept


def _bounds(corners: Any) -> Box:
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _overlap(a: Box, b: Box) -> float:
    """Share of the smaller box that the other covers."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / max(min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1])), 1.0)


def _is_known(corners: Any, known: tuple[Box, ...]) -> bool:
    """Whether boxes of known text cover at least half of a line."""
    left, top, right, bottom = _bounds(corners)
    area = max((right - left) * (bottom - top), 1.0)
    covered = 0.0
    for a, b, c, d in known:
        wide, high = min(right, c) - max(left, a), min(bottom, d) - max(top, b)
        if wide > 0 and high > 0:
            covered += wide * high
    return covered >= 0.5 * area


class _Reader:
    """Cuts lines out, turns them the right way up, and reads them within the time."""

    def __init__(self, pixels: Any, boxes: list[Any], clock: _Clock) -> None:
        self._engine = _engine()
        self._pixels, self._boxes, self._clock = pixels, boxes, clock
        self.cut_off = False

    def lines(self) -> Iterator[_Line]:
        """Every line, in the frame in which the page is upright."""
        standing = [box for box in self._boxes if _stands(box)]
        lying = [box for box in self._boxes if not _stands(box)]
        # Few standing marks on a lying page are rules, brackets or captions; the other way round too.
        turned = sum(map(_length, standing)) > sum(map(_length, lying))
        along, across = (standing, lying) if turned else (lying, standing)
        crops = self._crops(along)
        turn = (90 if turned else 0) + (180 if self._upside_down(crops) else 0)
        if turned and self._is_vertical_writing(crops, turn):
            turn = 0
            yield from self._read_columns(along, crops)
        else:
            yield from self._read(along, crops, turn)
        yield from self._read(across, self._crops(across), turn, across=True)

    def _crops(self, boxes: list[Any]) -> list[Any]:
        """Each line cut out and made straight; a standing one is laid down with its upper end to the left (RapidOCR's habit)."""
        return list(self._engine.crop_text_regions(self._pixels, boxes)) if boxes else []

    def _recognise(self, crop: Any) -> tuple[str, float]:
        found = self._engine.recognize_txt([crop])
        return (str(found.txts[0]), float(found.scores[0])) if found.txts else ("", 0.0)

    def _sample(self, crops: list[Any]) -> list[Any]:
        """The longest lines that are no rules: what is written in them cannot be read well the wrong way up."""
        return sorted((crop for crop in crops if crop.shape[0] >= 8), key=lambda crop: -crop.shape[1] / crop.shape[0])[:_SAMPLE]

    def _score(self, crops: list[Any]) -> float:
        return statistics.mean([self._recognise(crop)[1] for crop in crops] or [0.0])

    def _upside_down(self, crops: list[Any]) -> bool:
        sample = self._sample(crops)
        upright = self._score(sample)
        return upright < _SURE and self._score([crop[::-1, ::-1] for crop in sample]) > upright

    def _is_vertical_writing(self, crops: list[Any], turn: int) -> bool:
        """Whether standing lines are columns of upright characters rather than a turned page."""
        sample = self._sample(crops)
        as_lines = self._score([crop[::-1, ::-1] for crop in sample] if turn == 270 else sample)
        return as_lines < _SURE and self._score([row for crop in sample if (row := _laid_out(crop)) is not None]) > as_lines

    def _read(self, boxes: list[Any], crops: list[Any], turn: int, *, across: bool = False) -> Iterator[_Line]:
        """Lines along the page's writing, or ``across`` it, which are tried both ways up."""
        for box, crop in zip(boxes, crops, strict=True):
            if self._clock.over():
                self.cut_off = True
                return
            flipped = crop[::-1, ::-1]
            text, score = self._recognise(flipped if turn >= 180 else crop)
            if across and score < _SURE:
                text, score = max((text, score), self._recognise(crop if turn >= 180 else flipped), key=lambda found: found[1])
            if score >= _LEAST and text.strip():
                yield _placed(box, crop, text, turn)

    def _read_columns(self, boxes: list[Any], crops: list[Any]) -> Iterator[_Line]:
        """Columns of vertical writing, the rightmost first."""
        for box, crop in zip(boxes, crops, strict=True):
            if self._clock.over():
                self.cut_off = True
                return
            row = _laid_out(crop)
            text, score = self._recognise(row) if row is not None else ("", 0.0)
            if score >= _LEAST and text.strip():
                yield _placed(box, crop, text, 90, column=True)


def _sides(corners: Any) -> tuple[float, float]:
    """Width and height of a line's box along its own edges."""
    import numpy as np

    return float(np.linalg.norm(corners[1] - corners[0])), float(np.linalg.norm(corners[3] - corners[0]))


def _length(corners: Any) -> float:
    return max(_sides(corners))


def _stands(corners: Any) -> bool:
    wide, high = _sides(corners)
    return high >= 1.5 * wide


def _placed(corners: Any, crop: Any, text: str, turn: int, *, column: bool = False) -> _Line:
    """A line with its middle in the frame in which the page is upright; a column of vertical writing becomes a row of that frame."""
    import numpy as np

    frame = {0: ((1, 0), (0, 1)), 90: ((0, 1), (-1, 0)), 180: ((-1, 0), (0, -1)), 270: ((0, -1), (1, 0))}[turn]
    upright = corners @ np.array(frame, dtype=np.float32).T
    x, y = (float(value) for value in upright.mean(axis=0))
    edges = sorted((upright[1] - upright[0], upright[3] - upright[0]), key=lambda edge: -float(np.linalg.norm(edge)))
    angle = math.atan2(float(edges[0][1]), float(edges[0][0]))
    angle = (angle + math.pi / 2) % math.pi - math.pi / 2  # either direction along the line is the same line
    return _Line(x, y, float(crop.shape[1]), float(crop.shape[0]), 0.0 if column else angle, text)


def _laid_out(crop: Any) -> Any:
    """A column of upright characters (laid down, its top to the left) as a row of them; ``None`` where no characters are told apart.

    Characters are the runs of ink along the column; runs shorter than half a
    character (the parts of 二 and 三, small signs) go together until a full one.
    """
    import numpy as np

    column = np.rot90(crop, -1)  # upright again, top up
    size = column.shape[1]
    grey = column.mean(axis=2)
    ink = (grey < (float(grey.min()) + float(np.median(grey))) / 2).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], ink.view(np.int8), [0]))))
    runs = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
    merged: list[tuple[int, int]] = []
    for start, end in runs:
        if merged and end - merged[-1][0] <= 1.05 * size and (end - start < 0.55 * size or merged[-1][1] - merged[-1][0] < 0.55 * size):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    if len(merged) < 2:
        return None
    blank = np.full((size, size // 8 or 1, 3), int(np.median(grey)), dtype=column.dtype)
    cells: list[Any] = []
    for start, end in merged:
        cell = column[max(0, start - 1) : end + 1]
        if cell.shape[0] > size:  # characters that touch: cut evenly
            parts = round(cell.shape[0] / size)
            cells += [part for piece in np.array_split(cell, parts) for part in (_squared(piece, size), blank)]
        else:
            cells += [_squared(cell, size), blank]
    return np.ascontiguousarray(np.concatenate(cells, axis=1))


def _squared(cell: Any, size: int) -> Any:
    """A character in the middle of a square of its paper."""
    import numpy as np

    square = np.full((size, cell.shape[1], 3), int(np.median(cell)), dtype=cell.dtype)
    top = max(0, (size - cell.shape[0]) // 2)
    square[top : top + min(size, cell.shape[0])] = cell[:size]
    return square


def _rows(lines: list[_Line]) -> str:
    """Lines put into rows: those at one height side by side, wide gaps as tabs; the page's skew is taken out first."""
    if not lines:
        return ""
    angle = _skew(lines)
    sine, cosine = math.sin(-angle), math.cos(-angle)
    for line in lines:
        line.x, line.y = line.x * cosine - line.y * sine, line.x * sine + line.y * cosine
    rows: list[list[_Line]] = []
    for line in sorted(lines, key=lambda line: line.y):
        row = rows[-1] if rows else None
        if row and abs(line.y - statistics.mean(other.y for other in row)) < 0.5 * min(line.height, *(other.height for other in row)):
            row.append(line)
        else:
            rows.append([line])
    return "\n".join(_joined(sorted(row, key=lambda line: line.x)) for row in rows)


def _skew(lines: list[_Line]) -> float:
    """Angle (radians) that the longer lines lean by, counted by their length; upright where they do not agree."""
    leaning = sorted((line.angle, line.length) for line in lines if line.length >= 4 * line.height and abs(line.angle) < 0.5)
    half, sum_ = sum(length for _, length in leaning) / 2, 0.0
    for angle, length in leaning:
        sum_ += length
        if sum_ >= half:
            return angle
    return 0.0


def _joined(row: list[_Line]) -> str:
    out, end = "", -math.inf
    for line in row:
        gap = line.x - line.length / 2 - end
        if out:
            out += "\t" if gap > 2.5 * line.height else " "
        out += line.text.strip()
        end = line.x + line.length / 2
    return out
