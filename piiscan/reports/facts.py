"""What the HTML report and the web view say alike: words, numbers, places, and how it went over the scans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import jinja2

from piiscan.inventory.base import ScanStatus
from piiscan.inventory.reader import ScanRow
from piiscan.language import detail_words, place_words, say
from piiscan.model import (
    Exposure,
    Level,
)
from piiscan.reports.base import local_time, shown, time_of_ns
from piiscan.reports.charts import fit

__all__ = ["LEVELS", "TEMPLATES", "history", "page_environment", "page_words", "readers_words", "size_words"]

#: Worst first, without ``none``.
LEVELS: Final = (Level.CRITICAL, Level.HIGH, Level.MEDIUM, Level.LOW)
TEMPLATES: Final = Path(__file__).with_name("templates")
_SCANS_SHOWN = 12


@cache
def page_environment(*folders: Path) -> jinja2.Environment:
    """Templates of ``folders``, then those that are shared: everything is escaped, and a name that is not there is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, TEMPLATES], encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_words(lang: str, label: Callable[[str, str], str], explain: Callable[[str, str], tuple[str, str]]) -> dict[str, Any]:
    """The functions that the templates speak with."""
    return {
        "lang": lang,
        "t": partial(say, lang=lang),
        "shown": shown,
        "fit": fit,
        "label": lambda entity: label(entity, lang),
        "explain": lambda entity: explain(entity, lang),
        "level_word": lambda level: say(f"level.{level.word}", lang),
        "outcome_word": lambda outcome: say(f"outcome.{outcome.value}", lang),
        "detail_words": partial(detail_words, lang=lang),
        "place": partial(place_words, lang=lang),
        "when": lambda ns: time_of_ns(ns)[:10],
        "local": local_time,
        "readers": lambda words: readers_words(words, lang),
        "number": lambda value: f"{value:,}",
        "size": size_words,
    }


def size_words(size: int) -> str:
    """``1.2 GB``"""
    value = float(size)
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable")


def readers_words(words: str, lang: str) -> str:
    """``readable_by`` in the reader's language."""
    found = Exposure.parse(words)
    if found is None:
        return words
    return say(f"page.readers_{found.reach.name.lower()}", lang, people=found.people or "?")


def history(scans: Iterable[ScanRow], source_ids: Sequence[str] = ()) -> list[tuple[str, Mapping[Level, int]]]:
    """Day and files by level of the last complete scans of the same roots, oldest first; nothing when there is only one.

    :param scans: newest first.
    :param source_ids: the roots; those of the newest scan when there are none.
    """
    complete = [scan for scan in scans if scan.status is ScanStatus.COMPLETE and "level-critical" in scan.counts]
    wanted = set(source_ids) or (set(complete[0].source_ids) if complete else set())
    same = [scan for scan in complete if set(scan.source_ids) == wanted][:_SCANS_SHOWN]
    if len(same) < 2:
        return []
    return [
        (local_time(scan.finished_at)[5:10], {level: int(scan.counts.get(f"level-{level.word}", 0)) for level in LEVELS})
        for scan in reversed(same)
    ]
