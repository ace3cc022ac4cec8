"""Reads a file made by a test through the whole of extraction, and asks what came out."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from piiscan.engine.analyse import extract_file
from piiscan.extractors.base import Piece
from piiscan.model import Location, Role, Segment, Table
from piiscan.problems import Problem, ProblemKind
from piiscan.settings import Limits, Ocr, Settings

PASSWORD = "himitsu-2026"


@dataclass
class Seen:
    """Pieces of a file and of everything in it."""

    pieces: list[tuple[str, str, Piece]]

    @property
    def problems(self) -> list[Problem]:
        return [piece for _, _, piece in self.pieces if isinstance(piece, Problem)]

    @property
    def kinds(self) -> set[ProblemKind]:
        return {problem.kind for problem in self.problems}

    @property
    def segments(self) -> list[Segment]:
        return [piece for _, _, piece in self.pieces if isinstance(piece, Segment)]

    @property
    def tables(self) -> list[Table]:
        return [piece for _, _, piece in self.pieces if isinstance(piece, Table)]

    @property
    def formats(self) -> set[str]:
        return {form for _, form, _ in self.pieces}

    @property
    def members(self) -> set[str]:
        return {member for member, _, _ in self.pieces if member}

    @property
    def text(self) -> str:
        out = [segment.text for segment in self.segments]
        out += ["\n".join("\t".join(row) for row in table.rows) for table in self.tables]
        return "\n".join(out)

    def at(self, location: Location) -> str:
        """All text at a location."""
        return "\n".join(segment.text for segment in self.segments if segment.location == location)

    def of(self, role: Role) -> str:
        """All text of a role."""
        return "\n".join(segment.text for segment in self.segments if segment.role is role)

    def cells(self, sheet: str) -> dict[str, str]:
        """``{"A1": text}`` of a sheet's cells that are not empty."""
        from piiscan.model import cell_name

        found = {}
        for table in self.tables:
            if table.sheet == sheet:
                for r, row in enumerate(table.rows):
                    for c, text in enumerate(row):
                        if text:
                            cell = table.cell(r, c)
                            found[cell_name(cell.row, cell.column)] = text
        return found


def read(
    content: bytes | Path, name: str = "", *, passwords: tuple[str, ...] = (), strings: bool = False, ocr: str = "auto", **limits: float
) -> Seen:
    """Extract a file; an exception that escapes fails the test that called."""
    pictures = Ocr(mode=ocr, seconds_per_page=600, seconds=3_000)
    settings = Settings(passwords=passwords, strings=strings, limits=Limits(**limits), ocr=pictures)
    with tempfile.TemporaryDirectory() as folder:
        spool = Path(folder, "spool")
        spool.mkdir()
        if isinstance(content, bytes):
            path = Path(folder, "in")
            path.write_bytes(content)
        else:
            path, name = content, name or content.name
        seen = Seen(list(extract_file(path, settings, spool, name=name)))
        assert not list(spool.iterdir()), "spooled files are left behind"
        return seen


def saved(document: object) -> bytes:
    """Bytes of whatever has ``save(file)``."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def package(parts: dict[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def repack(content: bytes, changed: dict[str, str | bytes] | None = None, drop: Iterable[str] = ()) -> bytes:
    """A zip with some parts replaced, added or left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist() if name not in set(drop)}
    return package({**parts, **(changed or {})})


def part_of(content: bytes, name: str) -> str:
    """A part of a zip as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode("utf-8")


def written(*lines: str, size: int = 40, font: str | Path | None = None, name: str = "PNG") -> bytes:
    """A picture of these lines, black on white."""
    from PIL import Image, ImageDraw, ImageFont

    face = ImageFont.truetype(font, size) if font else ImageFont.load_default(size)
    width = max(round(face.getlength(line)) for line in lines) + 80
    picture = Image.new("L", (width, 60 + len(lines) * 2 * size), 255)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((40, 40 + number * 2 * size), line, font=face, fill=0)
    out = io.BytesIO()
    picture.save(out, name, dpi=(200, 200))
    return out.getvalue()


def japanese_font() -> Path:
    """A Japanese font of the system (`.ci/run` installs one); without one the test is skipped."""
    import pytest

    places = (
        "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/System/Library/Fonts/ヒラギノ角ゴシック W3.ttc",
        "C:/Windows/Fonts/msgothic.ttc",
    )
    found = next((Path(place) for place in places if Path(place).exists()), None)
    if found is None:
        pytest.skip("no Japanese font; install fonts-ipafont-gothic")
    return found
