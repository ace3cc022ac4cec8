"""The tables that other programs read: names and order of their columns, and what stands in them.

They are a contract (PRODUCT.md, "Tables that other programs read"): stable
names, stable order, the same in every language. Values here are typed as JSON
has them; :mod:`piiscan.reports.tabular` turns them into text for CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from piiscan.inventory.reader import FileRow, FindingRow, Reader
from piiscan.language import detail_words, say
from piiscan.model import Level, Location, Outcome, Part
from piiscan.reports.base import ReportOptions, local_time, time_of_ns
from piiscan.reports.law import COLUMNS, law_rows
from piiscan.reports.ledger import Ledger

__all__ = ["VIEWS", "TableView"]

_Values = tuple[Any, ...]

#: The finding of a file that is past its keep-until date in the ledger; its example is the date.
KEPT_TOO_LONG: Final = "KEPT_TOO_LONG"
KEPT_TOO_LONG_LEVEL: Final = Level.MEDIUM
KEPT_TOO_LONG_LAW: Final = "個人情報保護法22条（番号法20条）"


@dataclass(frozen=True, slots=True)
class TableView:
    """One table. ``rows`` yields values in the order of ``columns``; locations are :class:`~piiscan.model.Location`."""

    columns: tuple[str, ...]
    rows: Callable[[Reader, ReportOptions], Iterator[_Values]]

    def for_people(self, reader: Reader, options: ReportOptions) -> Iterator[_Values]:
        """The rows as people read them: details in their language. Programs get them as they are stored (``rows``)."""
        if "detail" not in self.columns:
            yield from self.rows(reader, options)
            return
        kind, at = self.columns.index("problem"), self.columns.index("detail")
        for row in self.rows(reader, options):
            yield (*row[:at], detail_words(row[kind], row[at], options.lang), *row[at + 1 :])


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
# department, purpose and retention are the ledger columns of the My Number guideline; empty without a ledger (piiscan.reports.ledger)
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
    for row in reader.findings(options.selection):
        yield _finding(row, options)
    if options.ledger is not None:
        yield from _kept_too_long(reader, options, options.ledger)


def _new(reader: Reader, options: ReportOptions) -> Iterator[_Values]:
    return (_finding(row, options) for row in reader.new(options.selection))


def _kept_too_long(reader: Reader, options: ReportOptions, ledger: Ledger) -> Iterator[_Values]:
    """A finding for each file past its keep-until date that holds personal data, or may: what was not read whole."""
    if (options.selection.min_level or Level.NONE) > KEPT_TOO_LONG_LEVEL:
        return
    today = options.made_at.astimezone().date()
    for row in reader.files(replace(options.selection, min_level=None)):
        until = ledger.of(row.path).keep_until
        if until is None or until >= today or row.outcome is Outcome.SKIPPED:
            continue
        if row.level > Level.NONE or row.outcome is not Outcome.SCANNED:
            location = Part("")
            yield (
                row.source, row.path, "", row.format, location, "", KEPT_TOO_LONG, say("ledger.kept_too_long", "ja"), KEPT_TOO_LONG_LEVEL.word,
                KEPT_TOO_LONG_LAW, 1, row.persons, 1.0, (until.isoformat(),), row.owner, row.readable_by, time_of_ns(row.mtime_ns),
                local_time(row.first_seen), local_time(row.last_seen), "",
            )  # fmt: skip


def _file(row: FileRow, options: ReportOptions) -> _Values:
    kept = options.ledger.of(row.path) if options.ledger else None
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
        *((kept.department, kept.purpose, kept.retention) if kept else ("", "", "")),
    )


def _files(reader: Reader, options: ReportOptions) -> Iterator[_Values]:
    return (_file(row, options) for row in reader.files(options.selection))


def _folders(reader: Reader, options: ReportOptions) -> Iterator[_Values]:
    for row in reader.folders(options.merge, options.selection):
        kept = options.ledger.of(row.path + "/") if options.ledger else None
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
            *((kept.department, kept.purpose, kept.retention) if kept else ("", "", "")),
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
    "law": TableView(COLUMNS, law_rows),
}
