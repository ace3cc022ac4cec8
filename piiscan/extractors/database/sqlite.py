"""SQLite databases: every table, streamed; the file is never written to and no file appears beside it.

A database of moderate size is read quietly into memory, which leaves the
access time alone; a larger one is opened read-only and immutable. Neither
runs views, triggers or virtual tables.
"""

from __future__ import annotations

import contextlib
import itertools
import operator
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.database._rows import ROWS, Cells
from piiscan.extractors.text.encodings import decode
from piiscan.model import Part, Role, Segment, Table
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "sqlite"
MEDIA_TYPES = ("application/vnd.sqlite3",)
SUFFIXES = (".sqlite", ".sqlite3", ".db", ".db3")
DOC = FormatDoc(
    description="SQLite database",
    description_ja="SQLiteデータベース",
    sees=(
        "every row of every table, also those behind full-text indexes",
        "texts in UTF-8, UTF-16 and, where programs stored them so, Shift_JIS",
        "values that are files or texts (read as such), the schema",
    ),
    sees_ja=(
        "全テーブルの全行（全文検索の索引の裏にあるものを含む）",
        "UTF-8、UTF-16、およびプログラムがそう書き込んだ場合のShift_JISの文字",
        "値がファイルや文書である場合はその中身、スキーマ",
    ),
    limitations=(
        "deleted rows that still lie in free pages are not read",
        "changes that are still in a -wal file beside the database are not read; the file is noted",
        "binary values of unknown make are counted, not read; databases encrypted as a whole (SQLCipher) look like noise",
    ),
    limitations_ja=(
        "空きページに残る削除済みの行は読みません",
        "データベースの横の-walファイルにまだある変更は読みません。そのファイルがあることを記録します",
        "種類の分からないバイナリー値は数えるだけで読みません。全体が暗号化されたデータベース（SQLCipher）は雑音にしか見えません",
    ),
    references=("https://www.sqlite.org/fileformat2.html",),
    engine="Python sqlite3",
)

_IN_MEMORY = 64 * 1024**2
_STEPS = 100_000  # of SQLite's machine between two looks at the clock


def extract(reading: Reading) -> Iterator[Piece]:
    """Tables in the order of their creation, then the schema."""
    cells = Cells(reading, _mended)
    with contextlib.ExitStack() as held:
        large = reading.size > _IN_MEMORY
        base = held.enter_context(contextlib.closing(_opened(reading, held.enter_context(reading.private_path()) if large else None)))
        try:
            schema = base.execute("SELECT type, name, rootpage, sql FROM sqlite_master").fetchall()
        except sqlite3.Error as error:
            yield problem(ProblemKind.BROKEN, type(error).__name__)
            return
        for kind, name, page, _ in schema:
            if kind == "table" and page:
                yield from _table(base, str(name), cells)
        texts = [str(sql) for *_, sql in schema if sql]
    if texts:
        yield Segment(Part("schema"), "\n".join(texts), Role.CODE)
    yield from cells.end()
    yield from _beside(reading)


def _opened(reading: Reading, copy: Path | None) -> sqlite3.Connection:
    if copy is None:
        with reading.open() as file:
            data = file.read()
        if data[18:20] != b"\1\1":  # a database in WAL mode cannot be opened in memory otherwise
            data = data[:18] + b"\1\1" + data[20:]
        base = sqlite3.connect(":memory:")
        base.deserialize(data)
    else:
        base = sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    base.text_factory = _TEXT  # of the schema; see _rows
    for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
        with contextlib.suppress(sqlite3.Error):
            base.execute(f"PRAGMA {pragma}")
    base.set_progress_handler(lambda: int(reading.budget.expired()), _STEPS)
    return base


#: UTF-8 as SQLite demands, and other bytes as lone surrogates; no function of ours, because it is called for each value.
_TEXT = operator.methodcaller("decode", "utf-8", "surrogateescape")


def _mended(text: str) -> str:
    """Programs also put in what they have: it is looked at by the bytes."""
    return decode(text.encode("utf-8", "surrogateescape"))[0]


def _table(base: sqlite3.Connection, name: str, cells: Cells) -> Iterator[Piece]:
    quoted = name.replace('"', '""')
    read = 0
    try:
        query = f'SELECT * FROM "{quoted}"'  # noqa: S608 - a name of the schema, quoted; a statement cannot name a table by parameter
        header = [column[0] for column in base.execute(query).description]
        for piece in cells.table(name, header, itertools.chain.from_iterable(_batches(base, query, cells))):
            if isinstance(piece, Table):
                read = piece.first_row + len(piece.rows) - 2  # without the header
            yield piece
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.OperationalError) and "interrupt" in str(error):
            yield problem(ProblemKind.LIMIT, "limits.seconds")
        else:
            yield problem(ProblemKind.BROKEN_PART, f"{type(error).__name__} in a table after {read} rows")


def _batches(base: sqlite3.Connection, query: str, cells: Cells) -> Iterator[Iterable[tuple[object, ...]]]:
    """Rows with the module's own text, which is fastest; from where that fails on, with texts that are not UTF-8 as they are.

    :raises sqlite3.Error: at the row that is damaged.
    """
    base.text_factory, cells.surrogates = str, False
    cursor, read = base.execute(query), 0
    with contextlib.suppress(sqlite3.Error):
        while batch := cursor.fetchmany(ROWS):
            read += len(batch)
            yield batch
        return
    base.text_factory, cells.surrogates = _TEXT, True
    yield itertools.islice(base.execute(query), read, None)


def _beside(reading: Reading) -> Iterator[Piece]:
    if reading.depth == 0:
        log = reading.path.with_name(reading.path.name + "-wal")
        with contextlib.suppress(OSError):
            size = log.stat().st_size
            if size:
                yield problem(ProblemKind.PART_NOT_READ, f"changes that are still in its -wal file ({size} bytes)")
