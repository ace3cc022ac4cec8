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
from itertools import islice
from typing import Any, BinaryIO, ClassVar

from piiscan.inventory.reader import FolderRow, Reader
from piiscan.model import Level, Outcome
from piiscan.problems import Effect
from piiscan.reports.base import ReportOptions
from piiscan.reports.charts import choose_tiles, draw_trend, lay_out
from piiscan.reports.facts import LEVELS, history, page_environment, page_words

__all__ = ["HtmlReport"]

_FINDINGS_SHOWN = 200
_PROBLEMS_SHOWN = 100
_FOLDERS_SHOWN = 50
_MAP_WIDTH, _MAP_HEIGHT = 760, 470
_TREND_WIDTH, _TREND_HEIGHT = 360, 110


class HtmlReport:
    """``html``"""

    NAME: ClassVar[str] = "html"

    def write(self, reader: Reader, out: BinaryIO, options: ReportOptions) -> None:
        """See :meth:`piiscan.reports.base.Report.write`. All views stand on the one page."""
        page = page_environment().get_template("report.html")
        out.writelines(piece.encode("utf-8", "backslashreplace") for piece in page.generate(_facts(reader, options)))


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
    whole = not options.selection.under and not options.about_whom
    scans_before = history(reader.scans(), options.selection.source_ids) if whole else []
    return {
        **page_words(lang, options.label, options.explain),
        "version": options.version,
        "made_at": options.made_at.astimezone().strftime("%Y-%m-%d %H:%M"),
        "scan": next(iter(reader.scans()), None),
        "summary": summary,
        "levels": [(level, summary.levels.get(level, 0)) for level in LEVELS],
        "with_findings": sum(summary.levels.get(level, 0) for level in LEVELS),
        "unread_files": summary.outcomes.get(Outcome.FAILED, 0) + summary.outcomes.get(Outcome.PARTIAL, 0),
        "kinds": {
            file: sorted(found, key=lambda kind: (-kind[1], -options.gravity(kind[0]), -kind[2]))
            for file, found in reader.entities_of(row.file_id for row in summary.worst).items()
        },
        "new": reader.new_counts(options.selection),
        "about_whom": options.about_whom,
        "one_root": len(summary.roots) == 1,
        "trend": draw_trend(scans_before, _TREND_WIDTH, _TREND_HEIGHT),
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
