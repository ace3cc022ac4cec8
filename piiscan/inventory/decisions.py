"""What people decided about findings: confirmed, a false alarm, or accepted until a date.

A decision is about content: the digest of a file, and one finding in it or (with
an empty identity) the whole file. So it survives rescans, goes along when a file
is moved or copied, and ends by itself when the content changes. One decision
holds for each content and finding; a new one takes the place of the one before,
which is kept. An expired decision holds no more, and its finding is open again.

The baseline (:mod:`piiscan.inventory.baseline`) is the same in a text file. Its
entries stand here too, with origin ``baseline``; a decision of a person weighs
more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, delete, exists, insert, select, update

from piiscan.inventory.base import clean
from piiscan.inventory.rows import today
from piiscan.inventory.schema import decisions, files, findings, meta, sources
from piiscan.inventory.store import insert_new, now

if TYPE_CHECKING:
    from piiscan.inventory.baseline import Baseline
    from piiscan.inventory.store import Inventory

__all__ = ["Decision", "Decisions", "Origin", "Verdict"]

_AT_ONCE = 2000
_IDS_AT_ONCE = 400


class Verdict(StrEnum):
    """What was decided."""

    CONFIRMED = "confirmed"  # it is what it looks like; something is to be done
    FALSE_ALARM = "false-alarm"
    ACCEPTED = "accepted"  # it may lie there until a date

    @property
    def settles(self) -> bool:
        """Whether there is nothing left to do: ``--fail-on`` passes over such findings."""
        return self is not Verdict.CONFIRMED


class Origin(StrEnum):
    """Where it was decided."""

    PERSON = "person"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. Times ISO 8601 UTC; ``until`` is the last day on which it holds, empty for ever.

    :ivar identity: of the finding; empty for the whole file.
    :ivar path, entity: what it was decided on, as people know it.
    """

    id: int
    digest: str
    identity: str
    verdict: Verdict
    reason: str
    until: str
    decided_by: str
    decided_at: str
    origin: Origin
    path: str
    entity: str
    revoked_at: str
    revoked_by: str

    def holds(self, day: str) -> bool:
        """Whether it is in effect on a day (ISO 8601)."""
        return not self.revoked_at and (not self.until or self.until >= day)


class Decisions:
    """Made by :meth:`Inventory.decisions`."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    def add(
        self, file_id: int, verdict: Verdict, *, reason: str, by: str, identities: Sequence[str] = (), until: dt.date | None = None
    ) -> list[Decision]:
        """Decide on findings of a file, or on the whole file when ``identities`` is empty.

        :param until: last day on which it holds; ``accepted`` needs one.
        :raises ValueError: when reason or name is missing, the date is missing or past, or the file has no such finding.
        """
        reason, by = clean(reason.strip(), 2000), clean(by.strip(), 200)
        if not reason or not by:
            raise ValueError("a decision needs a reason and a name")
        if verdict is Verdict.ACCEPTED and until is None:
            raise ValueError("what is accepted is accepted until a date; give one")
        if until is not None and until.isoformat() < today():
            raise ValueError(f"{until.isoformat()} is past; give a day from today on")
        with self._inventory.begin(write=True) as connection:
            file = connection.execute(
                select(files.c.folder, files.c.name, files.c.digest, sources.c.root)
                .join(sources, sources.c.id == files.c.source)
                .where(files.c.id == file_id)
            ).first()
            if file is None or not file.digest:
                raise ValueError("no such file, or it was never read: a decision is about content")
            known = {
                row.identity: row.entity
                for row in connection.execute(select(findings.c.identity, findings.c.entity).where(findings.c.file == file_id))
            }
            if unknown := sorted(set(identities) - known.keys()):
                raise ValueError(f"the file has no finding {unknown[0]!r}")
            made = []
            for identity in dict.fromkeys(identities) or [""]:
                self._supersede(connection, file.digest, identity, by)
                row = {
                    "file": file_id,
                    "digest": file.digest,
                    "identity": identity,
                    "verdict": verdict.value,
                    "reason": reason,
                    "until": until.isoformat() if until else None,
                    "decided_by": by,
                    "decided_at": now(),
                    "origin": Origin.PERSON.value,
                    "path": clean(f"{file.root}/{file.folder}{file.name}"),
                    "entity": known.get(identity, ""),
                }
                made.append(connection.execute(insert(decisions).values(row).returning(*decisions.c)).one())
        return [_decision(row) for row in made]

    @staticmethod
    def _supersede(connection: Connection, digest: str, identity: str, by: str) -> None:
        same = and_(decisions.c.digest == digest, decisions.c.identity == identity, decisions.c.revoked_at.is_(None))
        connection.execute(delete(decisions).where(same, decisions.c.origin == Origin.BASELINE.value))
        connection.execute(update(decisions).where(same).values(revoked_at=now(), revoked_by=by))

    def undo(self, decision_id: int, *, by: str) -> Decision:
        """Take a decision back; it is kept as taken back.

        :raises KeyError: when there is none of this id that could be.
        :raises ValueError: when it stands in the baseline, which is changed there.
        """
        with self._inventory.begin(write=True) as connection:
            row = connection.execute(select(decisions).where(decisions.c.id == decision_id)).first()
            if row is None or row.revoked_at:
                raise KeyError(decision_id)
            if row.origin == Origin.BASELINE.value:
                raise ValueError("this decision stands in the baseline file; take it out there")
            connection.execute(
                update(decisions).where(decisions.c.id == decision_id).values(revoked_at=now(), revoked_by=clean(by.strip(), 200))
            )
            return _decision(connection.execute(select(decisions).where(decisions.c.id == decision_id)).one())

    def list(self, *, everything: bool = False, digest: str = "", before: int = 0) -> Generator[Decision, None, None]:
        """Decisions, newest first: those that hold today, or all there ever were.

        :param digest: only those on this content.
        :param before: only those older than the decision of this id, to go on.
        """
        query = select(decisions).order_by(decisions.c.id.desc())
        if digest:
            query = query.where(decisions.c.digest == digest)
        if before:
            query = query.where(decisions.c.id < before)
        day = today()
        with self._inventory.begin() as connection:
            for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
                decision = _decision(row)
                if everything or decision.holds(day):
                    yield decision

    # ------------------------------------------------------------------------- baseline

    def apply_baseline(self, baseline: Baseline | None, *, anew: bool = False) -> int:
        """Make what the text file says hold, and what it no longer says not.

        :param anew: also when the file has not changed: after a scan there may be other files that it matches.
        :return: how many contents and findings it decides on; -1 when nothing was to be done.
        """
        mark = baseline.mark if baseline else ""
        with self._inventory.begin() as connection:
            before = connection.execute(select(meta.c.value).where(meta.c.name == "baseline")).scalar() or ""
        if before == mark and not (anew and mark):
            return -1
        with self._inventory.begin(write=True) as connection:
            connection.execute(delete(decisions).where(decisions.c.origin == Origin.BASELINE.value))
            number = 0
            for rows in _batches(self._matches(connection, baseline)) if baseline else ():
                held = self._held(connection, {row["digest"] for row in rows})
                rows = [row for row in rows if (row["digest"], row["identity"]) not in held]
                if rows:
                    connection.execute(insert(decisions), rows)
                number += len(rows)
            connection.execute(insert_new(connection, meta), [{"name": "baseline", "value": mark}])
            connection.execute(update(meta).where(meta.c.name == "baseline").values(value=mark))
        return number

    @staticmethod
    def _held(connection: Connection, digests: set[str]) -> set[tuple[str, str]]:
        """What is decided on already."""
        ordered, held = sorted(digests), set()
        for at in range(0, len(ordered), _IDS_AT_ONCE):
            rows = connection.execute(
                select(decisions.c.digest, decisions.c.identity).where(
                    decisions.c.digest.in_(ordered[at : at + _IDS_AT_ONCE]), decisions.c.revoked_at.is_(None)
                )
            )
            held |= {(row.digest, row.identity) for row in rows}
        return held

    def _matches(self, connection: Connection, baseline: Baseline) -> Iterator[dict[str, Any]]:
        """Rows of decisions for everything that an entry matches; the first entry that does counts."""
        after = 0
        while True:
            page = connection.execute(
                select(files.c.id, files.c.folder, files.c.name, files.c.digest, sources.c.root)
                .join(sources, sources.c.id == files.c.source)
                .where(files.c.id > after, files.c.digest != "", files.c.deleted_at.is_(None))
                .where(exists().where(findings.c.file == files.c.id))
                .order_by(files.c.id)
                .limit(_AT_ONCE)
            ).all()
            if not page:
                return
            after = page[-1].id
            chosen = {row.id: (row, entries) for row in page if (entries := baseline.entries_for(row.folder + row.name, row.digest))}
            ids = list(chosen)
            for at in range(0, len(ids), _IDS_AT_ONCE):
                found = connection.execute(
                    select(findings.c.file, findings.c.identity, findings.c.entity).where(findings.c.file.in_(ids[at : at + _IDS_AT_ONCE]))
                )
                kinds: dict[int, list[tuple[str, str]]] = {}
                for file, identity, entity in found:
                    kinds.setdefault(file, []).append((identity, entity))
                for file in ids[at : at + _IDS_AT_ONCE]:
                    row, entries = chosen[file]
                    for entry in entries:
                        wanted = [("", "")] if not entry.entity else [kind for kind in kinds.get(file, ()) if kind[1] == entry.entity]
                        for identity, entity in wanted:
                            yield {
                                "file": file,
                                "digest": row.digest,
                                "identity": identity,
                                "verdict": entry.verdict.value,
                                "reason": entry.reason,
                                "until": entry.until.isoformat() if entry.until else None,
                                "decided_by": entry.by,
                                "decided_at": now(),
                                "origin": Origin.BASELINE.value,
                                "path": clean(f"{row.root}/{row.folder}{row.name}"),
                                "entity": entity,
                            }


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """In parts, each content and finding once in a part."""
    part: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        part.setdefault((row["digest"], row["identity"]), row)
        if len(part) >= _AT_ONCE:
            yield list(part.values())
            part = {}
    if part:
        yield list(part.values())


def _decision(row: Any) -> Decision:
    return Decision(
        row.id,
        row.digest,
        row.identity,
        Verdict(row.verdict),
        row.reason,
        row.until or "",
        row.decided_by,
        row.decided_at,
        Origin(row.origin),
        row.path,
        row.entity,
        row.revoked_at or "",
        row.revoked_by,
    )
