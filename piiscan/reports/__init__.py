"""OUT: the inventory becomes tables and pages.

:func:`write_report` writes one report to a file that takes its place whole;
:data:`REPORTS` names every format.
"""

from __future__ import annotations

from pathlib import Path

from piiscan.assess.persons import merge
from piiscan.catalogue import Catalogue, load_catalogue
from piiscan.inventory import Inventory
from piiscan.inventory.reader import View
from piiscan.model import Level
from piiscan.reports.base import Report, ReportOptions, opened_atomically
from piiscan.reports.html import HtmlReport
from piiscan.reports.structured import JsonLinesReport, JsonReport
from piiscan.reports.tabular import CsvReport
from piiscan.reports.views import VIEWS

__all__ = ["REPORTS", "VIEWS", "Report", "ReportOptions", "label_of", "write_report"]

#: Every format, by its name.
REPORTS: tuple[type[Report], ...] = (CsvReport, JsonReport, JsonLinesReport, HtmlReport)


def label_of(entity: str, lang: str, catalogue: Catalogue | None = None) -> str:
    """Name of an entity for people; the entity itself when no rule names it (a recognizer that was taken away)."""
    catalogue = catalogue or load_catalogue()
    return catalogue.label(entity, lang) if entity in catalogue.rules else entity


def write_report(
    inventory: Inventory,
    name: str,
    path: Path,
    *,
    view: str = "findings",
    lang: str = "en",
    scan_id: int | None = None,
    min_level: Level | None = None,
    under: str = "",
    catalogue: Catalogue | None = None,
) -> None:
    """Write one report; ``path`` holds the old one until the new one is complete.

    :param name: of the format: ``csv``, ``json``, ``jsonl``, ``html``.
    :param path: a file, or ``-`` for standard output.
    :param view: which table; ``html`` has all of them.
    :param scan_id: only the roots of this scan.
    :param under: only what lies below this folder of the roots.
    :param catalogue: names of entities, when there are recognizers of one's own.
    :raises KeyError: for a format, view or scan that does not exist (a programmer's error).
    :raises InventoryError: when the inventory cannot be read.
    :raises OSError: when ``path`` cannot be written.
    """
    report = {kind.NAME: kind for kind in REPORTS}[name]()
    if view not in VIEWS:
        raise KeyError(view)
    reader = inventory.reader()
    source_ids: tuple[str, ...] = ()
    if scan_id is not None:
        source_ids = {scan.id: scan.source_ids for scan in reader.scans()}[scan_id]
    options = ReportOptions(
        label=lambda entity, of_lang: label_of(entity, of_lang, catalogue),
        merge=merge,
        view=view,
        lang=lang,
        selection=View(source_ids=source_ids, under=under, min_level=min_level),
    )
    with opened_atomically(path) as out:
        report.write(reader, out, options)
