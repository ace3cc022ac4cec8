"""Findings of a file, added up to the rows of the inventory: file, location group, header and entity.

Streams: memory grows with the number of groups (columns, pages, parts), not of
findings. Each group knows how many different persons it is about.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from piiscan.assess.persons import PersonCounter
from piiscan.model import Cell, Finding, FindingGroup, Level, Location, Part, RecordKind, group_of, location_to_json

__all__ = ["Aggregator", "identity_of"]

#: Different masks kept for each group.
EXAMPLES: Final = 3
#: Groups of one file; more (a document of 100,000 pages) are added to one group a member and entity.
MOST_GROUPS: Final = 20_000
_PERSONS_KEPT: Final = 8_192


def identity_of(member: str, group: Location, header: str, entity: str) -> str:
    """16 hex digits: the same finding in the next scan has the same identity, wherever the file lies.

    >>> identity_of("", Part("body"), "", "PERSON") == identity_of("", Part("body"), "", "PERSON")
    True
    """
    text = json.dumps([member, location_to_json(group), header, entity], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


class _Group:
    __slots__ = ("count", "examples", "first", "halvings", "law", "level", "persons", "score")

    def __init__(self, finding: Finding) -> None:
        self.count = 0
        self.first = finding.location
        self.score = 0.0
        self.level = Level.NONE
        self.law = ""
        self.examples: list[str] = []
        self.persons: set[int] = set()
        self.halvings = 0

    def take(self, finding: Finding, keys: tuple[int, ...]) -> None:
        self.count += 1
        self.score = max(self.score, finding.score)
        self.level = max(self.level, finding.level)
        if finding.law and not self.law:
            self.law = finding.law
        if len(self.examples) < EXAMPLES and finding.masked not in self.examples:
            self.examples.append(finding.masked)
        for key in keys:
            # a key is 64 bits of hash and 16 of rank; beyond the capacity only low hashes stay, as in persons.py
            if not self.halvings or key >> 16 < 1 << (64 - self.halvings):
                self.persons.add(key)
                while len(self.persons) > _PERSONS_KEPT:
                    self.halvings += 1
                    limit = 1 << (64 - self.halvings)
                    self.persons = {k for k in self.persons if k >> 16 < limit}


class Aggregator:
    """Adds findings up to groups.

    :param persons: the counter to which each record was added just before its
        findings are added here. Without one the aggregator counts by itself:
        findings of one record must then come one after the other.
    """

    def __init__(self, persons: PersonCounter | None = None) -> None:
        self._shared = persons
        self._own = PersonCounter() if persons is None else None
        self._groups: dict[tuple[str, Location, str, str], _Group] = {}
        self._waiting: list[Finding] = []
        self._places: dict[tuple[str, int], Location] = {}

    def add(self, finding: Finding) -> None:
        """One finding, rated."""
        if self._shared is not None:
            self._take(finding, self._shared.keys_of(finding))
            return
        if self._waiting and (self._waiting[0].record != finding.record or not finding.record):
            self._flush()
        self._waiting.append(finding)

    def result(self) -> tuple[FindingGroup, ...]:
        """The groups, gravest first, then by place."""
        self._flush()
        groups = [
            FindingGroup(
                identity=identity_of(member, place, header, entity),
                member=member,
                group=place,
                header=header,
                entity=entity,
                count=g.count,
                first=g.first,
                score=round(g.score, 4),
                level=g.level,
                law=g.law,
                persons=len(g.persons) << g.halvings,
                examples=tuple(g.examples),
            )
            for (member, place, header, entity), g in self._groups.items()
        ]
        groups.sort(key=lambda g: (-g.level, g.member))
        return tuple(groups)

    def _flush(self) -> None:
        if not self._waiting or self._own is None:
            return
        kind = RecordKind.ROW if len(self._waiting) > 1 else RecordKind.LOOSE
        self._own.add(self._waiting, kind)
        for finding in self._waiting:
            self._take(finding, self._own.keys_of(finding))
        self._waiting = []

    def _place(self, location: Location) -> Location:
        """:func:`group_of`; a column of a long table is made once."""
        if not isinstance(location, Cell):
            return group_of(location)
        key = (location.sheet, location.column)
        place = self._places.get(key)
        if place is None:
            place = group_of(location)
            if len(self._places) < MOST_GROUPS:
                self._places[key] = place
        return place

    def _take(self, finding: Finding, keys: tuple[int, ...]) -> None:
        place = self._place(finding.location)
        key = (finding.member, place, finding.header, finding.entity)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MOST_GROUPS:
                key = (finding.member, Part("…"), "", finding.entity)
                group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = _Group(finding)
        group.take(finding, keys)
