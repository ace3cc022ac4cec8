"""Parquet tables, with pyarrow where it is installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.extractors.database._rows import ROWS, Cells
from piiscan.extractors.engines import engine, missing
from piiscan.problems import ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "parquet"
MEDIA_TYPES = ("application/vnd.apache.parquet",)
SUFFIXES = (".parquet",)
DOC = FormatDoc(
    description="Parquet table",
    description_ja="Parquetの表",
    sees=("all columns of all rows, nested ones as JSON", "values that are files or texts (read as such)", "key-value metadata"),
    sees_ja=(
        "全行の全列（入れ子のものはJSONとして）",
        "値がファイルや文書である場合はその中身",
        "キーと値のメタデータ",
    ),
    limitations=("encrypted files are reported", "a row group is held in memory by pyarrow"),
    limitations_ja=(
        "暗号化されたファイルは報告します",
        "行グループはpyarrowがメモリーに載せます",
    ),
    references=("https://parquet.apache.org/docs/file-format/",),
    engine="pyarrow (extra)",
    engine_ja="pyarrow（拡張）",
    needs=("pyarrow",),
)


def extract(reading: Reading) -> Iterator[Piece]:
    """The table."""
    with reading.open() as file:
        if file.read(4) == b"PARE":
            yield problem(ProblemKind.ENCRYPTED, "Parquet modular encryption (AES-GCM)")
            return
        if engine("pyarrow").probe() is None:
            yield missing("pyarrow")
            return
        import pyarrow as pa
        from pyarrow import parquet

        file.seek(0)
        cells = Cells(reading)
        read = 0

        def rows(table: Any) -> Iterator[tuple[object, ...]]:
            nonlocal read
            for batch in table.iter_batches(batch_size=ROWS, use_threads=False):
                columns = [column.to_pylist() for column in batch.columns]
                for row in zip(*columns, strict=True):
                    read += 1
                    yield tuple(
                        json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else value for value in row
                    )

        try:
            table = parquet.ParquetFile(file)
            yield from cells.table("", table.schema_arrow.names, rows(table))
        except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError) as error:
            kind = ProblemKind.ENCRYPTED_PART if "ncrypt" in str(error) else ProblemKind.BROKEN_PART if read else ProblemKind.BROKEN
            yield problem(kind, f"{type(error).__name__} after {read} rows")
        yield from cells.end()
