"""One self-contained page: how much, how bad, where, what to do first, what could not be read; then tables.

No script, nothing loaded from anywhere, readable offline, on paper, in light
and dark. Names of files and folders are hostile input: the template escapes
everything, and characters that do not print or turn the writing direction are
written as escapes (:func:`piiscan.reports.base.shown`). Tables are bounded and
say how many rows there are besides.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import jinja2

from piiscan.inventory.base import ScanStatus
from piiscan.inventory.reader import FolderRow, Reader
from piiscan.language import say
from piiscan.model import Exposure, Level, Outcome, location_to_text
from piiscan.problems import Effect
from piiscan.reports.base import ReportOptions, local_time, shown, time_of_ns
from piiscan.reports.charts import choose_tiles, draw_trend, fit, lay_out

__all__ = ["HtmlReport"]

_FINDINGS_SHOWN = 200
_PROBLEMS_SHOWN = 100
_FOLDERS_SHOWN = 50
_MAP_WIDTH, _MAP_HEIGHT = 760, 470
_TREND_WIDTH, _TREND_HEIGHT = 360, 110
_SCANS_SHOWN = 12
_LEVELS = (Level.CRITICAL, Level.HIGH, Level.MEDIUM, Level.LOW)


class HtmlReport:
    """``html``"""

    NAME: ClassVar[str] = "html"

    def write(self, reader: Reader, out: BinaryIO, options: ReportOptions) -> None:
        """See :meth:`piiscan.reports.base.Report.write`. All views stand on the one page."""
        page = _environment().get_template("report.html")
        out.writelines(piece.encode("utf-8", "backslashreplace") for piece in page.generate(_facts(reader, options)))


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates"), encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _facts(reader: Reader, options: ReportOptions) -> dict[str, Any]:
    """Everything that the template shows."""
    lang = options.lang
    summary = reader.summary(options.merge, options.selection)
    biggest: list[FolderRow] = []

    def remembered(rows: Iterable[FolderRow]) -> Iterator[FolderRow]:
        """Passes the folders on to the map and keeps the worst for the table."""
        heap: list[tuple[tuple[int, int, int, str, str], FolderRow]] = []
        for row in rows:
            if row.findings and row.level is not Level.NONE:
                entry = ((int(row.level), row.persons, row.findings, row.source_id, row.path), row)
                if len(heap) < _FOLDERS_SHOWN:
                    heapq.heappush(heap, entry)
                else:
                    heapq.heappushpop(heap, entry)
            yield row
        biggest.extend(row for _, row in sorted(heap, key=lambda entry: entry[0], reverse=True))

    tiles = choose_tiles(remembered(reader.folders(options.merge, options.selection)))
    findings = reader.worst_findings(_FINDINGS_SHOWN + 1, options.selection)
    more_findings = reader.finding_count(options.selection) - _FINDINGS_SHOWN if len(findings) > _FINDINGS_SHOWN else 0
    unread = [(kind, count) for kind, count in summary.unread if kind.effect is not Effect.SKIPPED]
    left_out = [(kind, count) for kind, count in summary.unread if kind.effect is Effect.SKIPPED]
    problems = list(
        islice((row for row in reader.problems(options.selection) if row.kind.effect is not Effect.SKIPPED), _PROBLEMS_SHOWN + 1)
    )
    return {
        "lang": lang,
        "t": partial(say, lang=lang),
        "shown": shown,
        "fit": fit,
        "label": lambda entity: options.label(entity, lang),
        "level_word": lambda level: say(f"level.{level.word}", lang),
        "outcome_word": lambda outcome: say(f"outcome.{outcome.value}", lang),
        "place": location_to_text,
        "when": lambda ns: time_of_ns(ns)[:10],
        "readers": lambda words: _readers(words, lang),
        "number": lambda value: f"{value:,}",
        "size": _size,
        "version": options.version,
        "made_at": options.made_at.astimezone().strftime("%Y-%m-%d %H:%M"),
        "scan": next(iter(reader.scans()), None),
        "local": local_time,
        "summary": summary,
        "levels": [(level, summary.levels.get(level, 0)) for level in _LEVELS],
        "with_findings": sum(summary.levels.get(level, 0) for level in _LEVELS),
        "unread_files": summary.outcomes.get(Outcome.FAILED, 0) + summary.outcomes.get(Outcome.PARTIAL, 0),
        "kinds": {
            file: sorted(found, key=lambda kind: (-kind[1], -options.gravity(kind[0]), -kind[2]))
            for file, found in reader.entities_of(row.file_id for row in summary.worst).items()
        },
        "new": reader.new_counts(options.selection),
        "about_whom": options.about_whom,
        "explain": lambda entity: options.explain(entity, lang),
        "one_root": len(summary.roots) == 1,
        "trend": draw_trend(_history(reader, options), _TREND_WIDTH, _TREND_HEIGHT),
        "trend_width": _TREND_WIDTH,
        "trend_height": _TREND_HEIGHT,
        "boxes": lay_out(tiles, _MAP_WIDTH, _MAP_HEIGHT),
        "map_width": _MAP_WIDTH,
        "map_height": _MAP_HEIGHT,
        "folders": biggest,
        "findings": findings[:_FINDINGS_SHOWN],
        "more_findings": more_findings,
        "unread": unread,
        "left_out": left_out,
        "problems": problems[:_PROBLEMS_SHOWN],
        "more_problems": len(problems) > _PROBLEMS_SHOWN,
    }


def _history(reader: Reader, options: ReportOptions) -> list[tuple[str, dict[Level, int]]]:
    """Day and files by level of the last complete scans of the same roots, oldest first; nothing when there is only one."""
    scans = [scan for scan in reader.scans() if scan.status is ScanStatus.COMPLETE and "level-critical" in scan.counts]
    wanted = set(options.selection.source_ids) or (set(scans[0].source_ids) if scans else set())
    same = [scan for scan in scans if set(scan.source_ids) == wanted][:_SCANS_SHOWN]
    if len(same) < 2 or options.selection.under or options.about_whom:
        return []
    return [
        (local_time(scan.finished_at)[5:10], {level: int(scan.counts.get(f"level-{level.word}", 0)) for level in _LEVELS})
        for scan in reversed(same)
    ]


def _size(size: int) -> str:
    """``1.2 GB``"""
    value = float(size)
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable")


def _readers(words: str, lang: str) -> str:
    """``readable_by`` in the reader's language."""
    found = Exposure.parse(words)
    if found is None:
        return words
    return say(f"page.readers_{found.reach.name.lower()}", lang, people=found.people or "?")
