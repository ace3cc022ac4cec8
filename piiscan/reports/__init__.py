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
from piiscan.language import say
from piiscan.model import Level
from piiscan.reports.base import Report, ReportOptions, opened_atomically
from piiscan.reports.html import HtmlReport
from piiscan.reports.law import LawText
from piiscan.reports.ledger import load_ledger
from piiscan.reports.sarif import SarifReport
from piiscan.reports.split import file_stem, write_index
from piiscan.reports.structured import JsonLinesReport, JsonReport
from piiscan.reports.tabular import CsvReport
from piiscan.reports.views import VIEWS
from piiscan.reports.xlsx import XlsxReport

__all__ = ["REPORTS", "VIEWS", "Report", "ReportOptions", "explanation_of", "gravity_of", "label_of", "write_by_owner", "write_report"]

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
    owner: str | None = None,
    about_whom: str = "",
    ledger: Path | None = None,
    public_body: bool = False,
    catalogue: Catalogue | None = None,
) -> None:
    """Write one report; ``path`` holds the old one until the new one is complete.

    :param name: of the format: ``csv``, ``xlsx``, ``json``, ``jsonl``, ``html``, ``sarif``.
    :param path: a file, or ``-`` for standard output.
    :param view: which table; ``html`` has all of them.
    :param scan_id: only the roots of this scan.
    :param under: only what lies below this folder of the roots.
    :param owner: only this owner's files; ``about_whom`` is how the page calls them.
    :param ledger: file with department, purpose and keep-until date of folders.
    :param public_body: whether the law view is for a public body.
    :param catalogue: names of entities, when there are recognizers of one's own.
    :raises KeyError: for a format, view or scan that does not exist (a programmer's error).
    :raises InventoryError: when the inventory cannot be read.
    :raises LedgerError: when the ledger cannot be used.
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
        explain=lambda entity, of_lang: explanation_of(entity, of_lang, catalogue),
        gravity=lambda entity: gravity_of(entity, catalogue),
        merge=merge,
        view=view,
        lang=lang,
        selection=View(source_ids=source_ids, under=under, min_level=min_level, owner=owner),
        about_whom=about_whom,
        ledger=load_ledger(ledger) if ledger else None,
        public_body=public_body,
    )
    with opened_atomically(path) as out:
        report.write(reader, out, options)


def write_by_owner(
    inventory: Inventory,
    name: str,
    folder: Path,
    *,
    view: str,
    lang: str,
    min_level: Level | None = None,
    under: str = "",
    catalogue: Catalogue | None = None,
) -> list[Path]:
    """One report for each owner of files with findings, and ``index.csv``, in ``folder``; the reports' paths.

    :raises InventoryError, OSError: as :func:`write_report`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[tuple[str, Path, int]] = []
    taken = {"index"}
    for owner, findings in inventory.reader().owners(View(under=under, min_level=min_level)):
        whom = owner or say("report_out.nobody", lang)
        path = folder / f"{file_stem(whom, taken)}.{name}"
        write_report(
            inventory, name, path, view=view, lang=lang, min_level=min_level, under=under, owner=owner, about_whom=whom, catalogue=catalogue
        )
        parts.append((owner, path, findings))
    write_index(folder, parts)
    return [path for _, path, _ in parts]
