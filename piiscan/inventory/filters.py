"""What is shown: a filter as conditions on rows, and the ways to the rows that match it.

Conditions are written as expressions that no index answers; which index is used is chosen here, by what the sums of the
folders say is few (:meth:`Ways.few`), or by the highest levels of an owner (:func:`best_of_owner`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from piiscan.inventory.rows import below, in_effect, today, with_slash
from piiscan.inventory.schema import decisions, dirty, files, findings, folder_kinds, folder_owners, folders, sources
from piiscan.model import Level, Outcome

__all__ = ["Filter", "Ways", "best_of_owner", "file_conditions", "folder_ids", "highest", "known_rows", "of_entity", "sums_lag", "within"]

#: Matches up to this number are gathered and sorted; more are walked to.
_FEW = 20_000
#: Findings of one owner that a count goes through.
_COUNTED_OF_OWNER = 60_000
#: Files whose names one search for text looks at (0.1 µs each), and matches that it may gather.
_PATHS = 3_000_000
_PATH_MATCHES = 2_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown.

    :ivar source_ids: only these roots; empty for all.
    :ivar under: only what lies below this folder (a key), in any of the roots.
    :ivar min_level: findings, or files, of at least this level.
    :ivar entity: findings of this kind, or files that have such findings.
    :ivar owner: exactly; ``None`` for any.
    :ivar decision: ``undecided``, or a verdict (``confirmed``, ``false-alarm``, ``accepted``) that holds today; empty for any.
    :ivar text: stands somewhere in the path; upper and lower case of A to Z do not matter.
    :ivar outcome: of files; ``None`` for any.
    """

    source_ids: tuple[str, ...] = ()
    under: str = ""
    min_level: Level = Level.LOW
    entity: str = ""
    owner: str | None = None
    decision: str = ""
    text: str = ""
    outcome: Outcome | None = None


class Ways:
    """The ways to rows on one day; what a search for text found is remembered.

    :param day: on which decisions are to hold, ISO 8601; today if empty.
    """

    def __init__(self, day: str = "") -> None:
        self._day = day
        self._paths: dict[Filter, list[int] | None] = {}

    def few(self, connection: Connection, wanted: Filter) -> ColumnElement[bool] | None:
        """A condition that finds the matches by an index, when they are few; else ``None``."""
        if wanted.decision and wanted.decision != "undecided":
            held = select(decisions.c.digest).where(decisions.c.verdict == wanted.decision, in_effect(decisions, self._day or today()))
            return files.c.digest.in_(held)
        if wanted.text and (matches := self._matching_paths(connection, wanted)) is not None:
            return files.c.id.in_(matches)
        if wanted.under or wanted.source_ids:
            everything = replace(wanted, owner=None, entity="", min_level=Level.NONE)
            if _entries_below(connection, wanted) <= _FEW and _rows_below(connection, everything) <= 2 * _FEW:
                return and_(*within(connection, wanted))
        if wanted.entity and _rows_below(connection, replace(wanted, owner=None)) <= _FEW:
            least = int(max(wanted.min_level, Level.NONE))
            return files.c.id.in_(select(findings.c.file).where(findings.c.entity == wanted.entity, findings.c.level >= least))
        if wanted.owner is not None:
            whole = replace(wanted, under="", source_ids=(), entity="")
            if _rows_below(connection, whole) <= _FEW:
                return and_(files.c.owner == wanted.owner, files.c.level >= int(wanted.min_level))
        return None

    def _matching_paths(self, connection: Connection, wanted: Filter) -> list[int] | None:
        """Ids of files whose path holds the text; ``None`` when they are many, or the names too many to look at."""
        where = Filter(source_ids=wanted.source_ids, under=wanted.under, text=wanted.text)
        if where not in self._paths:
            self._paths[where] = _search_paths(connection, where)
        return self._paths[where]

    def decided(self, wanted: Filter, identity: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """What the filter says of decisions.

        :param identity: of the finding.
        """
        if not wanted.decision:
            return []
        holds = and_(
            decisions.c.digest == files.c.digest,
            decisions.c.identity.in_((identity, "")),
            in_effect(decisions, self._day or today()),
        )
        if wanted.decision == "undecided":
            return [~exists().where(holds)]
        # a finding's own decision outweighs that of its file
        own = exists().where(holds, decisions.c.identity == identity)
        return [
            exists().where(
                holds,
                decisions.c.verdict == wanted.decision,
                or_(decisions.c.identity == identity, ~own.correlate_except(decisions)),
            )
        ]


def known_rows(connection: Connection, wanted: Filter) -> int | None:
    """Findings that match, from the sums; ``None`` when they do not know this combination."""
    if wanted.text or wanted.decision or wanted.outcome is not None or (wanted.owner is not None and wanted.entity):
        return None
    return _rows_below(connection, wanted)


def highest(connection: Connection, wanted: Filter) -> int | None:
    """The highest level below the folder: a walk need not begin above it."""
    if not wanted.under and not wanted.source_ids:
        return None
    query = select(func.max(folders.c.level)).where(folders.c.id.in_(folder_ids(connection, wanted)))
    # sums may lag behind a scan that is under way: then no shortcut
    return None if sums_lag(connection) else int(connection.execute(query).scalar() or 0)


def sums_lag(connection: Connection) -> bool:
    """Whether a scan wrote what the sums of the folders do not have yet."""
    return connection.execute(select(dirty.c.source).limit(1)).first() is not None


def best_of_owner(
    connection: Connection, wanted: Filter, size: int, key: Sequence[Any], number: ColumnElement[int], *, whole: bool = False
) -> tuple[ColumnElement[bool], int] | None:
    """What an owner of much has at the highest levels, down to one that fills a page, and that level; ``None`` when that is not few.

    Rows that a page filled with these leaves out are all of a lower level. Where they do not fill it, the other filters
    take much away, and the page is walked to.

    :param number: what the sums say of each level: rows, or files.
    :param whole: down to the lowest level that is wanted.
    """
    if wanted.owner is None:
        return None
    ids = folder_ids(connection, Filter())
    query = (
        select(folder_owners.c.level, func.sum(number).label("n"))
        .where(folder_owners.c.folder.in_(ids), folder_owners.c.owner == wanted.owner, folder_owners.c.level >= int(wanted.min_level))
        .group_by(folder_owners.c.level)
        .order_by(folder_owners.c.level.desc())
    )
    total = 0
    for level, there in connection.execute(query).all():
        if key and level > key[0]:
            continue  # shown before
        total += int(there)
        if total > (_COUNTED_OF_OWNER if whole else _FEW):
            return None
        if total > size and not whole:
            return and_(files.c.owner == wanted.owner, files.c.level >= level), level
    return (and_(files.c.owner == wanted.owner, files.c.level >= int(wanted.min_level)), int(wanted.min_level)) if whole else None


def folder_ids(connection: Connection, wanted: Filter) -> list[int]:
    """The folder of the filter, in each of its roots that has it."""
    query = select(folders.c.id).join(sources, sources.c.id == folders.c.source).where(folders.c.path == with_slash(wanted.under))
    if wanted.source_ids:
        query = query.where(sources.c.source_id.in_(wanted.source_ids))
    return list(connection.execute(query).scalars())


def within(connection: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
    """The part of the paths that the filter is about."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.source_ids or wanted.under:
        conditions.append(files.c.source.in_(_source_rows(connection, wanted)))
    if wanted.under:
        conditions.append(below(wanted.under, files.c.folder))
    return conditions


def file_conditions(connection: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
    """What the filter says of files, as expressions that no index answers: the way to the rows is chosen elsewhere."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.source_ids:
        conditions.append((files.c.source + 0).in_(_source_rows(connection, wanted)))
    if wanted.under:
        conditions.append(below(wanted.under, files.c.folder + ""))
    if wanted.owner is not None:
        conditions.append(files.c.owner + "" == wanted.owner)
    if wanted.text:
        conditions.append(_holds(connection, files.c.folder + files.c.name, wanted.text))
    return conditions


def of_entity(wanted: Filter) -> list[ColumnElement[bool]]:
    """What the filter says of a finding's kind, by its index."""
    return [findings.c.entity == wanted.entity] if wanted.entity else []


def _rows_below(connection: Connection, wanted: Filter) -> int:
    """Findings below the folder of the filter, of its level and of its owner or kind."""
    ids = folder_ids(connection, wanted)
    table = folder_owners if wanted.owner is not None else folder_kinds
    query = select(func.sum(table.c.rows)).where(table.c.folder.in_(ids), table.c.level >= int(wanted.min_level))
    if wanted.owner is not None:
        query = query.where(table.c.owner == wanted.owner)
    elif wanted.entity:
        query = query.where(table.c.entity == wanted.entity)
    return int(connection.execute(query).scalar() or 0)


def _entries_below(connection: Connection, wanted: Filter) -> int:
    ids = folder_ids(connection, wanted)
    return int(connection.execute(select(func.sum(folders.c.files)).where(folders.c.id.in_(ids))).scalar() or 0)


def _source_rows(connection: Connection, wanted: Filter) -> list[int]:
    query = select(sources.c.id)
    if wanted.source_ids:
        query = query.where(sources.c.source_id.in_(wanted.source_ids))
    return list(connection.execute(query).scalars())


def _search_paths(connection: Connection, wanted: Filter) -> list[int] | None:
    lag = sums_lag(connection)
    entries = int(connection.execute(select(func.max(files.c.id))).scalar() or 0) if lag else _entries_below(connection, wanted)
    if entries > _PATHS:
        return None
    anywhere = select(files.c.id).where(*within(connection, wanted))
    if lag or "/" in wanted.text:
        searches = [anywhere.where(_holds(connection, files.c.folder + files.c.name, wanted.text))]
    else:
        # in the name of a folder, looked at once for all its files, or in that of the file
        # + "", + 0: from the folders to the files, not the other way
        of_folder = and_(files.c.folder == folders.c.path + "", files.c.source == folders.c.source + 0)
        searches = [
            anywhere.join(folders, of_folder).where(_holds(connection, folders.c.path, wanted.text)),
            anywhere.where(_holds(connection, files.c.name, wanted.text)),
        ]
    found: dict[int, None] = {}
    for search in searches:
        found.update(dict.fromkeys(connection.execute(search.limit(_PATH_MATCHES + 1)).scalars()))
        if len(found) > _PATH_MATCHES:
            return None
    return list(found)


def _holds(connection: Connection, path: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a path holds a text, A to Z in either case; paths have the collation C, so alike on every database."""
    if connection.dialect.name == "sqlite":
        return path.contains(text, autoescape=True)  # SQLite's LIKE minds the case of other letters only
    low = "".join(ch.lower() if ch.isascii() else ch for ch in text)
    return func.lower(path).contains(low, autoescape=True)
