"""Archives and compressed files: our readers beside the well-kept library for each, both writing the member to a file (``make bench-archives``).

Prints the ratio of the best of several runs, taken in turn within one run of this program.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import shutil
import sqlite3
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import py7zr

from piiscan.extractors import extractor_for
from piiscan.extractors.base import Budget, Reading
from piiscan.model import Embedded, Table
from piiscan.settings import Limits
from sample_data.make.archives import winzip

_ROWS = 400_000
_RUNS = 5


def text() -> bytes:
    rng = random.Random(7)
    return "".join(
        f"{number},会員{rng.randrange(10**6):06},03-{rng.randrange(10**4):04}-{rng.randrange(10**4):04}\n" for number in range(_ROWS)
    ).encode()


def ours(form: str, path: Path, folder: Path, passwords: tuple[str, ...] = ()) -> int:
    """Bytes (or cells) that came out."""
    limits = Limits(archive_ratio=10_000)
    reading = Reading(path, path.name, path.stat().st_size, limits, folder, Budget(limits), passwords)
    out = 0
    for piece in extractor_for(form).extract(reading):
        if isinstance(piece, Embedded):
            out += piece.path.stat().st_size
            piece.path.unlink()
        elif isinstance(piece, Table):
            out += sum(len(row) for row in piece.rows)
    return out


def unpacked(source: io.BufferedIOBase, folder: Path) -> int:
    target = folder / "x"
    with target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 16)
    size = target.stat().st_size
    target.unlink()
    return size


def best(step: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    out = step()
    return time.perf_counter() - began, out


def main() -> None:
    data = text()
    with tempfile.TemporaryDirectory() as name:
        home, spool = Path(name), Path(name, "spool")
        spool.mkdir()
        (home / "a.gz").write_bytes(gzip.compress(data))
        (home / "a.bz2").write_bytes(bz2.compress(data))
        (home / "a.xz").write_bytes(lzma.compress(data, preset=1))
        with zipfile.ZipFile(home / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", data)
        (home / "aes.zip").write_bytes(winzip([("a.csv", data)], "geheim"))
        with tarfile.open(home / "a.tar", "w") as tar:
            info = tarfile.TarInfo("a.csv")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        with py7zr.SevenZipFile(home / "a.7z", "w") as seven:
            seven.writestr(data, "a.csv")
        base = sqlite3.connect(home / "a.db")
        base.execute("CREATE TABLE t (a, b, c)")
        base.executemany("INSERT INTO t VALUES (?, ?, ?)", (line.split(",") for line in data.decode().splitlines()))
        base.commit()
        base.close()

        def with_zip() -> int:
            with zipfile.ZipFile(home / "a.zip") as archive, archive.open("a.csv") as member:
                return unpacked(member, home)

        def with_tar() -> int:
            with tarfile.open(home / "a.tar") as archive:
                return unpacked(archive.extractfile("a.csv"), home)

        def with_7z() -> int:
            with py7zr.SevenZipFile(home / "a.7z") as archive:
                archive.extractall(home / "out")
            size = (home / "out" / "a.csv").stat().st_size
            shutil.rmtree(home / "out")
            return size

        def with_sqlite() -> int:
            found = sqlite3.connect(home / "a.db")
            cells = sum(len([str(value) for value in row]) for row in found.execute("SELECT * FROM t"))
            found.close()
            return cells + 3

        def opened(library: object, path: str) -> Callable[[], int]:
            def step() -> int:
                with library.open(home / path) as file:  # type: ignore[attr-defined]
                    return unpacked(file, home)

            return step

        pairs: list[tuple[str, Callable[[], int], Callable[[], int], str]] = [
            ("gz", lambda: ours("gz", home / "a.gz", spool), opened(gzip, "a.gz"), "gzip"),
            ("bz2", lambda: ours("bz2", home / "a.bz2", spool), opened(bz2, "a.bz2"), "bz2"),
            ("xz", lambda: ours("xz", home / "a.xz", spool), opened(lzma, "a.xz"), "lzma"),
            ("zip", lambda: ours("zip", home / "a.zip", spool), with_zip, "zipfile"),
            ("zip (AES)", lambda: ours("zip", home / "aes.zip", spool, ("geheim",)), with_zip, "zipfile, not encrypted"),
            ("tar", lambda: ours("tar", home / "a.tar", spool), with_tar, "tarfile"),
            ("7z", lambda: ours("7z", home / "a.7z", spool), with_7z, "py7zr"),
            ("sqlite", lambda: ours("sqlite", home / "a.db", spool), with_sqlite, "sqlite3, cells as text"),
        ]
        print(f"{len(data) / 1e6:.1f} MB, best of {_RUNS}")
        for what, mine, theirs, library in pairs:
            mine_best, theirs_best = float("inf"), float("inf")
            for _ in range(_RUNS):
                seconds, out = best(mine)
                mine_best = min(mine_best, seconds)
                seconds, same = best(theirs)
                theirs_best = min(theirs_best, seconds)
                assert out == same, f"{what}: {out} and {same}"
            print(f"{what:10} {mine_best / theirs_best:5.2f} times {library}")


if __name__ == "__main__":
    main()
