"""The ledger columns of the My Number guideline: which department keeps what, for what purpose, until when.

A mapping of folders, as TOML::

    [[folder]]
    path = "人事/年末調整/2025/"     # as in .gitignore, below the roots; the first that matches counts
    department = "人事部"
    purpose = "給与所得の源泉徴収票作成"
    keep_until = 2033-01-31          # last day on which it may be kept

or as CSV (UTF-8) with the header ``path,department,purpose,keep_until``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

__all__ = ["Ledger", "LedgerEntry", "LedgerError", "load_ledger"]


class LedgerError(ValueError):
    """A ledger file that cannot be used; the message says what, where and what to do."""


class LedgerEntry(BaseModel):
    """What is said of a folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(min_length=1)
    department: str = ""
    purpose: str = ""
    keep_until: dt.date | None = None

    @property
    def retention(self) -> str:
        """The last day as the tables have it."""
        return self.keep_until.isoformat() if self.keep_until else ""


_NOTHING = LedgerEntry(path="*")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries of a file, in their order."""

    entries: tuple[tuple[GitIgnoreSpec, LedgerEntry], ...]

    def of(self, path: str) -> LedgerEntry:
        """What is said of a file or folder (a path below its root)."""
        return next((entry for spec, entry in self.entries if spec.match_file(path)), _NOTHING)

    @property
    def departments(self) -> tuple[str, ...]:
        """Every department that is named, once, in the order of the file."""
        return tuple(dict.fromkeys(entry.department for _, entry in self.entries if entry.department))


def load_ledger(path: Path) -> Ledger:
    """:raises LedgerError: with one sentence a fault."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise LedgerError(f"the ledger {path} does not exist; check the setting 'ledger'") from None
    except OSError as error:
        raise LedgerError(f"the ledger {path} cannot be read ({error.strerror or type(error).__name__}); check its permissions") from None
    except UnicodeDecodeError:
        raise LedgerError(f"the ledger {path} is no UTF-8 text; save it as UTF-8") from None
    rows = _from_csv(path, text) if path.suffix.lower() == ".csv" else _from_toml(path, text)
    entries = []
    faults = []
    for number, row in enumerate(rows, 1):
        try:
            entry = LedgerEntry.model_validate({key: value for key, value in row.items() if value != ""})
            entries.append((GitIgnoreSpec.from_lines([entry.path]), entry))
        except ValidationError as error:
            first = error.errors()[0]
            faults.append(f"{path}: entry {number}: {'.'.join(map(str, first['loc']))}: {first['msg']}")
        except ValueError:
            faults.append(f"{path}: entry {number}: {row.get('path')!r} is no pattern as in .gitignore")
    if faults:
        raise LedgerError("\n".join(faults))
    return Ledger(tuple(entries))


def _from_toml(path: Path, text: str) -> list[dict[str, object]]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LedgerError(f"the ledger {path} is not valid TOML: {error}") from None
    rows = found.pop("folder", [])
    if found or not isinstance(rows, list):
        raise LedgerError(f"{path}: every entry begins with [[folder]]")
    return rows


def _from_csv(path: Path, text: str) -> list[dict[str, object]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    names = reader.fieldnames or []
    if unknown := [name for name in names if name not in LedgerEntry.model_fields]:
        raise LedgerError(f"{path}: unknown column {unknown[0]!r}; known: {', '.join(LedgerEntry.model_fields)}")
    if "path" not in names:
        raise LedgerError(f"{path}: the column 'path' is missing; the first line must be path,department,purpose,keep_until")
    try:
        return [{key: value or "" for key, value in row.items() if key} for row in reader]
    except csv.Error as error:
        raise LedgerError(f"the ledger {path} is not valid CSV (line {reader.line_num}): {error}") from None
