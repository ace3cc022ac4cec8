"""The answer for people, on one sheet of A4: what was checked, the word, why, what to do, and how to check the record."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import BinaryIO

import jinja2

from piiscan.carryout.policy import LoadedPolicy, deviation_words
from piiscan.carryout.record import Record
from piiscan.carryout.verdict import Verdict
from piiscan.catalogue import Catalogue, load_catalogue
from piiscan.language import say
from piiscan.reports.base import shown
from piiscan.sources.removable import Drive

__all__ = ["write_certificate"]

#: Files named on the sheet; the rest is counted.
_FILES = 8


def write_certificate(
    out: BinaryIO, verdict: Verdict, record: Record, drive: Drive, policy: LoadedPolicy, lang: str, catalogue: Catalogue | None = None
) -> None:
    """Write the page; it loads nothing from anywhere.

    :param catalogue: names of entities, when there are recognizers of one's own.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates"), encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = catalogue or load_catalogue()
    page = environment.get_template("certificate.html").render(
        lang=lang,
        t=partial(say, lang=lang),
        shown=shown,
        deviations=deviation_words(record.payload["deviations"], lang),
        label=lambda entity: catalogue.label(entity, lang) if entity in catalogue.rules else entity,
        verdict=verdict,
        record=record,
        drive=drive,
        policy=policy.policy,
        loaded=policy,
        files=verdict.files[:_FILES],
        more=max(0, len(verdict.files) - _FILES),
        local=lambda stored: f"{dt.datetime.fromisoformat(stored).astimezone():%Y-%m-%d %H:%M}",
        approvals=[approval for approval in record.approvals_seen() if approval.valid],
    )
    out.write(page.encode("utf-8", "backslashreplace"))
