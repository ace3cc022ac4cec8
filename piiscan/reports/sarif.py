"""SARIF 2.1.0 (OASIS), for tools that collect the results of scanners.

One result for each finding (a kind of data in one place of one file); the
rules are the kinds, with what they are and what to do. Files that could not be
fully read are notifications of the invocation, so that nothing is silent.
Only the ``findings`` and ``new`` views can be told so.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO, ClassVar
from urllib.parse import quote

from piiscan.inventory.base import ScanStatus
from piiscan.inventory.reader import FindingRow, ProblemRow, Reader
from piiscan.model import Level, Line, location_to_text
from piiscan.problems import Effect
from piiscan.reports.base import ReportOptions, shown

__all__ = ["SarifReport"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Level.CRITICAL: "error", Level.HIGH: "error", Level.MEDIUM: "warning", Level.LOW: "note", Level.NONE: "none"}
#: Decisions of people that close a finding.
_CLOSED = frozenset({"false-alarm", "accepted"})


class SarifReport:
    """``sarif``"""

    NAME: ClassVar[str] = "sarif"

    def write(self, reader: Reader, out: BinaryIO, options: ReportOptions) -> None:
        """See :meth:`piiscan.reports.base.Report.write`. Views without findings are told as ``findings``."""
        kinds = [entity for entity, *_ in reader.summary(options.merge, options.selection).entities]
        roots: dict[str, str] = {}
        scans = reader.scans()
        for scan in reversed(scans):
            for root in scan.roots:
                roots.setdefault(root, f"ROOT{len(roots) + 1}")
        numbers = {entity: number for number, entity in enumerate(kinds)}
        head = {
            "$schema": _SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {"name": "piiscan", "version": options.version, "rules": [_rule(entity, options) for entity in kinds]}
                    },
                    "originalUriBaseIds": {name: {"uri": _root_uri(root)} for root, name in roots.items()},
                    "columnKind": "unicodeCodePoints",
                    "results": [],
                }
            ],
        }
        text = json.dumps(head, ensure_ascii=False)
        before, _, after = text.rpartition('"results": []')
        out.write(before.encode() + b'"results": [')
        between = b"\n"
        rows = reader.new(options.selection) if options.view == "new" else reader.findings(options.selection)
        for row in rows:
            rule = numbers.setdefault(row.entity, -1)
            out.write(between + json.dumps(_result(row, rule, roots, options), ensure_ascii=False).encode("utf-8", "backslashreplace"))
            between = b",\n"
        complete = all(scan.status is ScanStatus.COMPLETE for scan in scans[:1])
        out.write(b'\n], "invocations": [{"executionSuccessful": ' + (b"true" if complete else b"false"))
        out.write(b', "toolExecutionNotifications": [')
        between = b"\n"
        for problem in reader.problems(options.selection):
            if problem.kind.effect is not Effect.SKIPPED:
                notification = json.dumps(_notification(problem, roots, options), ensure_ascii=False)
                out.write(between + notification.encode("utf-8", "backslashreplace"))
                between = b",\n"
        out.write(b"\n]}]" + after.encode() + b"\n")


def _rule(entity: str, options: ReportOptions) -> dict[str, Any]:
    meaning, action = options.explain(entity, options.lang)
    rule: dict[str, Any] = {"id": entity, "shortDescription": {"text": options.label(entity, options.lang)}}
    if meaning:
        rule |= {"fullDescription": {"text": meaning}, "help": {"text": action}}
    return rule


def _result(row: FindingRow, rule: int, roots: dict[str, str], options: ReportOptions) -> dict[str, Any]:
    label = options.label(row.entity, options.lang)
    place = location_to_text(row.location)
    physical = _physical(row.file.source, row.file.path, roots)
    if isinstance(row.first, Line) and not row.member:
        physical["region"] = {"startLine": row.first.number}
    inner = f"{shown(row.member)}!{place}" if row.member else place
    result: dict[str, Any] = {
        "ruleId": row.entity,
        "level": _LEVELS[row.level],
        "message": {"text": f"{label}: {row.count} ({shown(inner)}), {row.level.word}"},
        "locations": [{"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": shown(inner)}]}],
        "partialFingerprints": {"piiscan/v1": row.identity},
        "rank": round(row.score * 100, 1),
        "properties": {"level": row.level.word, "count": row.count, "persons": row.persons, "examples": list(row.examples), "law": row.law},
    }
    if rule >= 0:
        result["ruleIndex"] = rule
    if row.decision in _CLOSED:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": row.decision}]
    return result


def _notification(row: ProblemRow, roots: dict[str, str], options: ReportOptions) -> dict[str, Any]:
    return {
        "level": "error" if row.kind.effect is Effect.FAILED else "warning",
        "descriptor": {"id": row.kind.word},
        "message": {"text": f"{row.kind.prose(options.lang)}: {row.kind.todo(options.lang)}"},
        "locations": [{"physicalLocation": _physical(row.file.source, row.file.path, roots)}],
    }


def _physical(source: str, path: str, roots: dict[str, str]) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": quote(path, errors="surrogatepass")}
    if source in roots:
        artifact["uriBaseId"] = roots[source]
    return {"artifactLocation": artifact}


def _root_uri(root: str) -> str:
    r"""``/mnt/share`` -> ``file:///mnt/share/``; ``\\server\share`` and drives as URIs of their own kind."""
    if "://" in root:
        return quote(root.rstrip("/") + "/", safe=":/@")
    windows = "\\" in root or (len(root) > 1 and root[1] == ":")
    path = PureWindowsPath(root) if windows else PurePosixPath(root)
    return (path.as_uri() if path.is_absolute() else quote(path.as_posix())).rstrip("/") + "/"
