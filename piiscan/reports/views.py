"""The tables that other programs read: names and order of their columns, and what stands in them.

They are a contract (PRODUCT.md, "Tables that other programs read"): stable
names, stable order, the same in every language. Values here are typed as JSON
has them; :mod:`piiscan.reports.tabular` turns them into text for CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from piiscan.inventory.reader import FileRow, FindingRow, Reader
from piiscan.model import Location, Outcome
from piiscan.reports.base import ReportOptions, local_time, time_of_ns

__all__ = ["VIEWS", "TableView"]

_Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """One table. ``rows`` yields values in the order of ``columns``; locations are :class:`~piiscan.model.Location`."""

    columns: tuple[str, ...]
    rows: Callable[[Reader, ReportOptions], Iterator[_Values]]


_FINDINGS = (
    "source",
    "path",
    "member",
    "format",
    "location",
    "header",
    "entity",
    "label",
    "level",
    "law",
    "count",
    "persons",
    "score",
    "examples",
    "owner",
    "readable_by",
    "modified",
    "first_seen",
    "last_seen",
    "decision",
)
# department, purpose and retention are the ledger columns of the My Number guideline; empty until a mapping of folders is given
_FILES = (
    "source",
    "path",
    "size",
    "modified",
    "format",
    "outcome",
    "problem",
    "detail",
    "level",
    "findings",
    "persons",
    "owner",
    "readable_by",
    "department",
    "purpose",
    "retention",
)
_FOLDERS = (*_FILES, "files", "scanned", "partial", "skipped", "failed")
_PROBLEMS = (
    "source",
    "path",
    "member",
    "format",
    "outcome",
    "problem",
    "stage",
    "detail",
    "reason",
    "todo",
    "size",
    "modified",
    "owner",
)
#: Gravest first.
_OUTCOMES = (Outcome.FAILED, Outcome.PARTIAL, Outcome.SKIPPED, Outcome.SCANNED)


def _finding(row: FindingRow, options: ReportOptions) -> _Values:
    file = row.file
    location: Location = row.location
    return (
        file.source,
        file.path,
        row.member,
        file.format,
        location,
        row.header,
        row.entity,
        options.label(row.entity, "ja"),
        row.level.word,
        row.law,
        row.count,
        row.persons,
        round(row.score, 3),
        row.examples,
        file.owner,
        file.readable_by,
        time_of_ns(file.mtime_ns),
        local_time(row.first_seen),
        local_time(row.last_seen),
        row.decision,
    )


def _findings(reader: Reader, options: ReportOptions) -> Iterator[_Values]:
    return (_finding(row, options) for row in reader.findings(options.selection))


def _new(reader: Reader, options: ReportOptions) -> Iterator[_Values]:
    return (_finding(row, options) for row in reader.new(options.selection))


def _file(row: FileRow) -> _Values:
    return (
        row.source,
        row.path,
        row.size,
        time_of_ns(row.mtime_ns),
        row.format,
        row.outcome.value,
        row.problem,
        row.detail,
        row.level.word,
        row.findings,
        row.persons,
        row.owner,
        row.readable_by,
        "",
        "",
        "",
    )


def _files(reader: Reader, options: ReportOptions) -> Iterator[_Values]:
    return (_file(row) for row in reader.files(options.selection))


def _folders(reader: Reader, options: ReportOptions) -> Iterator[_Values]:
    for row in reader.folders(options.merge, options.selection):
        gravest = next((outcome for outcome in _OUTCOMES if row.outcomes.get(outcome)), Outcome.SCANNED)
        yield (
            row.source,
            row.path,
            row.size,
            time_of_ns(row.mtime_ns),
            "",
            gravest.value,
            "",
            "",
            row.level.word,
            row.findings,
            row.persons,
            row.owner,
            row.readable_by,
            "",
            "",
            "",
            row.files,
            *(row.outcomes.get(outcome, 0) for outcome in (Outcome.SCANNED, Outcome.PARTIAL, Outcome.SKIPPED, Outcome.FAILED)),
        )


def _problems(reader: Reader, options: ReportOptions) -> Iterator[_Values]:
    for row in reader.problems(options.selection):
        file = row.file
        yield (
            file.source,
            file.path,
            row.member,
            file.format,
            file.outcome.value,
            row.kind.word,
            row.stage.value,
            row.detail,
            row.kind.prose(options.lang),
            row.kind.todo(options.lang),
            file.size,
            time_of_ns(file.mtime_ns),
            file.owner,
        )


#: Every table by its name.
VIEWS: Mapping[str, TableView] = {
    "findings": TableView(_FINDINGS, _findings),
    "files": TableView(_FILES, _files),
    "folders": TableView(_FOLDERS, _folders),
    "problems": TableView(_PROBLEMS, _problems),
    "new": TableView(_FINDINGS, _new),
}
