"""How files and findings are stored: rows of values as the database takes them, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from piiscan.inventory.base import RETRIED, clean, gates_of
from piiscan.model import (
    Cell,
    Column,
    FileReport,
    FindingGroup,
    Level,
    Location,
    cell_name,
    column_name,
    location_from_json,
    location_to_json,
)
from piiscan.problems import Effect, Problem

__all__ = ["Key", "file_values", "finding_values", "gravest", "group_of_row", "location_text", "split_key"]

Key = tuple[int, str, str]  # source row id, folder with trailing slash, name

_INT64 = 2**63 - 1
_GRAVITY = {Effect.FAILED: 0, Effect.SKIPPED: 1, Effect.PARTIAL: 2, Effect.NOTE: 3}

#: Made once: ``json.dumps`` makes an encoder at each call.
_location_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_quoted = json.encoder.encode_basestring


def split_key(key: str) -> tuple[str, str]:
    """``a/b/c`` becomes ``("a/b/", "c")``."""
    folder, slash, name = key.rpartition("/")
    return folder + slash, name


def location_text(location: Location) -> str:
    """A location as stored."""
    # most are of tables: an encoder takes three times as long
    if isinstance(location, Cell) and not location.sheet:
        return f'{{"cell":"{cell_name(location.row, location.column)}"}}'
    if isinstance(location, Column) and not location.sheet:
        return f'{{"column":"{column_name(location.column)}"}}'
    parts = location_to_json(location)
    for name, value in parts.items():
        if isinstance(value, str):
            parts[name] = clean(value, 1000)
    return _location_json(parts)


def gravest(found: Sequence[Problem]) -> Problem | None:
    """The problem that a file is known by: gravest effect first, then what is worth another try."""
    return min(found, key=lambda p: (_GRAVITY[p.kind.effect], p.kind.word not in RETRIED), default=None)


def file_values(key: Key, report: FileReport, version: int) -> dict[str, Any]:
    """A file as stored, without its id and what its history adds."""
    item = report.item
    worst = gravest(report.problems)
    return {
        "source": key[0],
        "folder": key[1],
        "name": key[2],
        "item_type": item.type.value,
        "size": item.size,
        "mtime_ns": item.mtime_ns,
        "change": item.change,
        "digest": report.digest,
        "format": clean(report.format, 100),
        "owner": clean(item.owner, 200),
        "readable_by": clean(item.readable_by, 200),
        "outcome": report.outcome.value,
        "problem": worst.kind.word if worst else "",
        "detail": clean(worst.detail, 500) if worst else "",
        "level": int(report.level),
        "findings": min(_INT64, sum(group.count for group in report.groups)),
        "persons": report.persons.estimate,
        "persons_exact": report.persons.exact,
        "characters": report.characters,
        "members": report.members,
        "seconds": report.seconds,
        "version": version,
        "gates": int(gates_of(report)),
        "deleted_at": None,
        "deleted_scan": None,
        "sketch": report.persons.sketch,
    }


def finding_values(group: FindingGroup) -> dict[str, Any]:
    """A group as stored, without its keys."""
    return {
        "member": clean(group.member),
        "location": location_text(group.group),
        "header": clean(group.header, 500),
        "entity": group.entity,
        "count": group.count,
        "first": location_text(group.first),
        "score": group.score,
        "level": int(group.level),
        "law": clean(group.law, 500),
        "persons": group.persons,
        "examples": _examples_text(group.examples[:3]),
    }


def group_of_row(row: Any) -> FindingGroup:
    """Inverse of :func:`finding_values`."""
    return FindingGroup(
        row.identity,
        row.member,
        location_from_json(json.loads(row.location)),
        row.header,
        row.entity,
        row.count,
        location_from_json(json.loads(row.first)),
        row.score,
        Level(row.level),
        row.law,
        row.persons,
        tuple(json.loads(row.examples)),
    )


def _examples_text(examples: Sequence[str]) -> str:
    """A list of strings as JSON."""
    return f"[{', '.join([_quoted(clean(example, 200)) for example in examples])}]"
