"""Microsoft Access databases, by mdbtools where it is installed, else by access-parser.

mdbtools runs as a program of its own and streams; access-parser holds a table
in memory. Neither is in the base installation, since one is a program and the
other cannot stream.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import logging
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.database._rows import Cells
from piiscan.extractors.engines import engine, missing
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "access"
MEDIA_TYPES = ("application/x-msaccess",)
SUFFIXES = (".mdb", ".accdb")
DOC = FormatDoc(
    description="Microsoft Access database (97 to 365)",
    description_ja="Microsoft Accessデータベース",
    sees=("every row of every table, memo fields included", "databases with a password that only locks Access (mdb)"),
    sees_ja=(
        "全テーブルの全行（メモ型を含む）",
        "Accessで開くときだけ効くパスワードのデータベース（mdb）",
    ),
    limitations=(
        "OLE objects and attachments are not read; their columns are reported",
        "queries, forms, reports and macros are not read; linked tables are read where they lie",
        "an accdb with a password is encrypted and reported so",
        "with access-parser a table is held in memory",
    ),
    limitations_ja=(
        "OLEオブジェクトと添付ファイルは読まず、その列を報告します",
        "クエリ、フォーム、レポート、マクロは読みません。リンクテーブルは、その実体がある場所で読みます",
        "パスワード付きのaccdbは暗号化されており、そのように報告します",
        "access-parserで読む場合、表をメモリーに載せます",
    ),
    references=("https://github.com/mdbtools/mdbtools/blob/dev/HACKING.md",),
    engine="mdbtools (program); access-parser (extra)",
    engine_ja="mdbtools（プログラム）、access-parser（拡張）",
    needs=("mdbtools", "access-parser"),
)

_CIPHER = re.compile(rb'cipherAlgorithm="([A-Z0-9]{1,10})"')
_BITS = re.compile(rb'keyBits="(\d{1,4})"')


def extract(reading: Reading) -> Iterator[Piece]:
    """The tables in the order of the catalog."""
    with reading.open() as file:
        first = file.read(4096)
    if b"<encryption" in first:
        cipher, bits = _CIPHER.search(first), _BITS.search(first)
        told = f"{cipher[1].decode('ascii')}-{bits[1].decode('ascii')} agile" if cipher and bits else "Office encryption"
        yield problem(ProblemKind.ENCRYPTED, told)
        return
    cells = Cells(reading)
    if not engine("mdbtools").probe() and not engine("access-parser").probe():
        yield missing("mdbtools or access-parser")
        return
    with reading.private_path() as path:
        if engine("mdbtools").probe():
            yield from _mdbtools(reading, path, cells)
        else:
            yield from _parser(path, cells)
    yield from cells.end()
    if reading.size % (4096 if first[20:21] != b"\0" else 2048):
        yield problem(ProblemKind.BROKEN_PART, "it ends within a page")


# ----------------------------------------------------------------------- mdbtools


def _run(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [engine("mdbtools").probe() or "mdb-export"]
    command[0] = re.sub(r"mdb-export(?=(?:\.exe)?$)", program, command[0])
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MDBICONV": "UTF-8", "MDB_JET3_CHARSET": "CP932"}
    return subprocess.Popen(  # noqa: S603 - the program that the probe found, with the file's path after the options
        [*command, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )


def _lines(program: str, *arguments: str) -> list[str]:
    with _run(program, *arguments) as process:
        out, _ = process.communicate(timeout=60)
    return out.decode("utf-8", "replace").splitlines()


def _mdbtools(reading: Reading, file: Path, cells: Cells) -> Iterator[Piece]:
    path = str(file.absolute())
    try:
        tables = [name for name in _lines("mdb-tables", "-1", path) if name]
        objects = sum(bool(re.search(r"\]\s+OLE\b", line)) for line in _lines("mdb-schema", path, "access"))
    except (OSError, subprocess.TimeoutExpired) as error:
        yield problem(ProblemKind.BROKEN, type(error).__name__)
        return
    if not tables:
        yield problem(ProblemKind.BROKEN, "no tables could be listed")
        return
    for name in tables:
        if reading.budget.expired():
            yield problem(ProblemKind.LIMIT, "limits.seconds")
            return
        yield from _exported(path, name, cells)
    if objects:
        yield problem(ProblemKind.PART_NOT_READ, f"{objects} columns of OLE objects")


def _exported(path: str, name: str, cells: Cells) -> Iterator[Piece]:
    read = 0
    with _run("mdb-export", "-b", "strip", "-D", "%Y-%m-%d", "-T", "%Y-%m-%d %H:%M:%S", "--", path, name) as process:
        assert process.stdout is not None
        rows = csv.reader(io.TextIOWrapper(process.stdout, encoding="utf-8", errors="replace", newline=""))

        def counted(source: Iterator[list[str]]) -> Iterator[list[str]]:
            nonlocal read
            for row in source:
                read += 1
                yield row

        try:
            header = next(rows, None)
            if header is not None:
                yield from cells.table(name, header, counted(rows))
        except csv.Error as error:
            yield problem(ProblemKind.BROKEN_PART, f"{type(error).__name__} in a table after {read} rows")
        finally:
            process.stdout.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            if process.poll() is None:
                process.kill()
    if header is None or (process.returncode or 0) > 0:
        yield problem(ProblemKind.BROKEN_PART, f"a table could not be read to its end ({read} rows)")


# ------------------------------------------------------------------ access-parser


def _parser(path: Path, cells: Cells) -> Iterator[Piece]:
    logging.getLogger("access_parser").setLevel(logging.CRITICAL + 1)  # it logs pages of the database
    import access_parser

    try:
        base = access_parser.AccessParser(str(path))
        tables = [name for name in base.catalog if not name.startswith("MSys")]
    except Exception as error:  # noqa: BLE001 - it raises what the file makes it raise
        yield problem(ProblemKind.BROKEN, type(error).__name__)
        return
    for name in tables:
        try:
            columns: dict[str, Sequence[Any]] = base.parse_table(name)
        except Exception as error:  # noqa: BLE001
            yield problem(ProblemKind.BROKEN_PART, f"{type(error).__name__} in a table")
            continue
        yield from cells.table(name, list(columns), itertools.zip_longest(*columns.values()))
        if len({len(column) for column in columns.values()}) > 1:
            yield problem(ProblemKind.BROKEN_PART, "the columns of a table have different numbers of rows")
