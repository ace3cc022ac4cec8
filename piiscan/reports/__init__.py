"""OUT: the inventory becomes tables and pages.

:func:`write_report` writes one report to a file that takes its place whole;
:data:`REPORTS` names every format.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal, TypedDict, Unpack

from piiscan.assess.persons import merge
from piiscan.catalogue import Catalogue, load_catalogue
from piiscan.inventory import Inventory
from piiscan.inventory.reader import Reader, View
from piiscan.language import say
from piiscan.model import Level
from piiscan.reports.base import Report, ReportOptions, opened_atomically, refuse_place
from piiscan.reports.html import HtmlReport
from piiscan.reports.law import LawText
from piiscan.reports.ledger import load_ledger
from piiscan.reports.sarif import SarifReport
from piiscan.reports.split import by_department, by_owner, file_stem, write_index
from piiscan.reports.structured import JsonLinesReport, JsonReport
from piiscan.reports.tabular import CsvReport
from piiscan.reports.views import VIEWS
from piiscan.reports.xlsx import XlsxReport

__all__ = [
    "REPORTS",
    "VIEWS",
    "Report",
    "ReportOptions",
    "explanation_of",
    "gravity_of",
    "label_of",
    "refuse_place",
    "write_report",
    "write_split",
]

#: Every format, by its name.
REPORTS: tuple[type[Report], ...] = (CsvReport, XlsxReport, JsonReport, JsonLinesReport, HtmlReport, SarifReport, LawText)


def label_of(entity: str, lang: str, catalogue: Catalogue | None = None) -> str:
    """Name of an entity for people; the entity itself when no rule names it (a recognizer that was taken away)."""
    catalogue = catalogue or load_catalogue()
    return catalogue.label(entity, lang) if entity in catalogue.rules else entity


def explanation_of(entity: str, lang: str, catalogue: Catalogue | None = None) -> tuple[str, str]:
    """What an entity is, and what to do where it is found, in plain words; empty when no rule names it."""
    catalogue = catalogue or load_catalogue()
    if entity not in catalogue.rules:
        return "", ""
    rule = catalogue.rule(entity)
    return rule.description.of(lang), rule.action.of(lang)


def gravity_of(entity: str, catalogue: Catalogue | None = None) -> int:
    """How grave an entity is by itself: the level of its rule; 0 when no rule names it."""
    catalogue = catalogue or load_catalogue()
    return int(Level.parse(catalogue.rule(entity).level)) if entity in catalogue.rules else 0


class Shown(TypedDict, total=False):
    """What is shown of an inventory, and how; all of it may be left out.

    ``view``: which table (``html`` has all of them). ``lang``: of the sentences. ``scan_id``: only the roots of this scan.
    ``min_level``: only findings of at least this level. ``under``: only what lies below this folder of the roots.
    ``ledger``: file with department, purpose and keep-until date of folders. ``public_body``: whether the law view is for
    a public body. ``catalogue``: names of entities, when there are recognizers of one's own.
    """

    view: str
    lang: str
    scan_id: int | None
    min_level: Level | None
    under: str
    ledger: Path | None
    public_body: bool
    catalogue: Catalogue | None


def write_report(inventory: Inventory, name: str, path: Path, **shown: Unpack[Shown]) -> None:
    """Write one report; ``path`` holds the old one until the new one is complete.

    :param name: of the format: ``csv``, ``xlsx``, ``json``, ``jsonl``, ``html``, ``sarif``, ``text``.
    :param path: a file, or ``-`` for standard output.
    :param shown: see :class:`Shown`.
    :raises KeyError: for a format, view or scan that does not exist (a programmer's error).
    :raises InventoryError: when the inventory cannot be read.
    :raises LedgerError: when the ledger cannot be used.
    :raises OSError: when ``path`` cannot be written.
    """
    reader = inventory.reader()
    _write(reader, name, path, _options(reader, **shown))


def write_split(inventory: Inventory, name: str, folder: Path, by: Literal["owner", "department"], **shown: Unpack[Shown]) -> list[Path]:
    """One report for each owner of files with findings, or each department that has files, and ``index.csv``, in ``folder``.

    :param by: departments need a ``ledger``.
    :return: the reports' paths, most findings first.
    :raises ValueError: for departments without a ledger.
    :raises KeyError, InventoryError, LedgerError, OSError: as :func:`write_report`; the folder is made when missing.
    """
    reader = inventory.reader()
    options = _options(reader, **shown)
    if by == "owner":
        parts = by_owner(reader, options.selection)
    elif options.ledger is None:
        raise ValueError("departments come from a ledger")
    else:
        parts = by_department(reader, options.selection, options.ledger)
    folder.mkdir(parents=True, exist_ok=True)
    taken = {"index"}
    index: list[tuple[str, str, int]] = []
    paths = []
    for part in parts:
        if part.selection is None:
            index.append((part.whom, "", 0))
            continue
        whom = part.whom or say(f"report_out.no_{by}", options.lang)
        path = folder / f"{file_stem(whom, taken)}.{name}"
        _write(reader, name, path, replace(options, selection=part.selection, about_whom=whom))
        index.append((part.whom, path.name, part.findings))
        paths.append(path)
    write_index(folder, index)
    return paths


def _options(
    reader: Reader,
    view: str = "findings",
    lang: str = "en",
    scan_id: int | None = None,
    min_level: Level | None = None,
    under: str = "",
    ledger: Path | None = None,
    public_body: bool = False,
    catalogue: Catalogue | None = None,
) -> ReportOptions:
    if view not in VIEWS:
        raise KeyError(view)
    source_ids: tuple[str, ...] = ()
    if scan_id is not None:
        source_ids = {scan.id: scan.source_ids for scan in reader.scans()}[scan_id]
    return ReportOptions(
        label=lambda entity, of_lang: label_of(entity, of_lang, catalogue),
        explain=lambda entity, of_lang: explanation_of(entity, of_lang, catalogue),
        gravity=lambda entity: gravity_of(entity, catalogue),
        merge=merge,
        view=view,
        lang=lang,
        selection=View(source_ids=source_ids, under=under, min_level=min_level),
        ledger=load_ledger(ledger) if ledger else None,
        public_body=public_body,
    )


def _write(reader: Reader, name: str, path: Path, options: ReportOptions) -> None:
    report = {kind.NAME: kind for kind in REPORTS}[name]()
    with opened_atomically(path) as out:
        report.write(reader, out, options)
