"""Keeps the sums of folders: how many files, findings, kinds and different persons lie below each.

A question about a folder is then one row, however much lies below. What a batch
changes is noted as a dirty folder in the same transaction; :func:`roll_up` does
the dirty folders and everything above them anew, deepest first, each from its
own files and the sums of its subfolders. An interrupted run leaves its folders
dirty and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from piiscan.inventory.schema import dirty, files, findings, folder_kinds, folder_owners, folders, sources
from piiscan.model import Exposure, Level, Outcome, PersonCount

if TYPE_CHECKING:
    from piiscan.inventory.store import Inventory

__all__ = ["Merge", "exposure_rank", "roll_up", "wider"]

#: Puts person sketches together (:mod:`piiscan.assess.persons` has the one that is used).
Merge = Callable[[Iterable[bytes]], PersonCount]

#: Who can read a file, as :class:`piiscan.model.Exposure` writes it (``a group (12)`` as ``a group``); wider ones rank higher.
_EXPOSURE = {"everyone": 5, "all staff": 4, "a group": 3, "a few": 2, "one": 1}

_PAGE = 2000
_FOLDERS_AT_ONCE = 200
_SKETCHES_AT_ONCE = 64
_ADDED = ("files", "size", "findings", *(outcome.value for outcome in Outcome), *(level.word for level in Level))

#: The folders that are done anew, for one transaction. ``up`` is the path of the folder above.
_redo = Table(
    "piiscan_redo",
    MetaData(),
    Column("source", BigInteger, primary_key=True),
    Column("path", folders.c.path.type, primary_key=True),
    Column("up", Text, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("id", BigInteger),
    Index("piiscan_redo_depth", "depth", "id"),
    prefixes=["TEMPORARY"],
)


def roll_up(inventory: Inventory, merge: Merge, source_rows: Sequence[int] | None = None) -> int:
    """Bring the sums of dirty folders up to date; one transaction.

    :param source_rows: only these sources, which the caller holds; by default all that no scan holds.
    :return: how many folders were done.
    """
    with inventory.begin(write=True) as connection:
        if source_rows is None:
            rows = connection.execute(select(sources.c.id, sources.c.source_id).order_by(sources.c.id)).all()
            source_rows = [row.id for row in rows if inventory.hold_source(connection, row.source_id)]
        _redo.create(connection, checkfirst=False)
        for source in source_rows:
            _collect(connection, source)
        depths = connection.execute(select(_redo.c.depth, func.count()).group_by(_redo.c.depth).order_by(_redo.c.depth.desc())).all()
        if depths:
            _number(connection)
            for table in (folder_kinds, folder_owners):
                connection.execute(delete(table).where(table.c.folder.in_(select(_redo.c.id))))
        for depth, _ in depths:
            _sum_kinds(connection, depth)
            _sum_owners(connection, depth)
            _sum_folders(connection, depth, merge)
        emptied = select(_redo.c.id).where(_redo.c.depth > 0)
        connection.execute(delete(folders).where(folders.c.id.in_(emptied), folders.c.files == 0))
        connection.execute(delete(dirty).where(dirty.c.source.in_(source_rows)))
        _redo.drop(connection, checkfirst=False)
        return sum(count for _, count in depths)


# ------------------------------------------------------------------ which folders


def _collect(connection: Connection, source: int) -> None:
    """Put the dirty folders of a source, and every folder above them, into the list."""
    before = after = ""
    first = True
    while True:
        page = select(dirty.c.path).where(dirty.c.source == source).order_by(dirty.c.path).limit(_PAGE)
        paths = connection.execute(page if first else page.where(dirty.c.path > after)).scalars().all()
        if not paths:
            return
        rows = []
        for path in paths:
            rows += [
                {"source": source, "path": folder, "up": above, "depth": depth}
                for depth, (above, folder) in enumerate(_branch(path))
                # in sorted order, a folder above that was met already is above the path before, too
                if first or not before.startswith(folder)
            ]
            before, first = path, False
        connection.execute(insert(_redo), rows)
        after = paths[-1]


def _branch(path: str) -> Iterator[tuple[str, str]]:
    """``a/b/`` gives ``("", "")``, ``("", "a/")`` and ``("a/", "a/b/")``."""
    yield "", ""
    above = ""
    while above != path:
        folder = path[: path.index("/", len(above)) + 1]
        yield above, folder
        above = folder


def _number(connection: Connection) -> None:
    """Give every folder of the list a row, and each new row its parent."""
    there = and_(folders.c.source == _redo.c.source, folders.c.path == _redo.c.path)
    zero = {name: literal(0) for name in (*_ADDED, "mtime_ns", "level", "persons")}
    columns = {
        "source": _redo.c.source,
        "path": _redo.c.path,
        "parent": null(),
        "depth": _redo.c.depth,
        "persons_exact": literal(True),
        "owner": literal(""),
        "readable_by": literal(""),
        "sketch": literal(b""),
        **zero,
    }
    connection.execute(insert(folders).from_select([*columns], select(*columns.values()).where(~exists().where(there))))
    connection.execute(update(_redo).values(id=select(folders.c.id).where(there).scalar_subquery()))
    above = folders.alias("above")
    parent = (
        select(above.c.id)
        .select_from(_redo.join(above, and_(above.c.source == _redo.c.source, above.c.path == _redo.c.up)))
        .where(_redo.c.source == folders.c.source, _redo.c.path == folders.c.path)
        .scalar_subquery()
    )
    connection.execute(
        update(folders).where(folders.c.parent.is_(None), folders.c.depth > 0, folders.c.id.in_(select(_redo.c.id))).values(parent=parent)
    )


# ----------------------------------------------------------------------- the sums


# The list is short and the tables are long: the joins must begin at the list. "+ 0" and '+ ""' on the side that comes
# first leave no index to come from the other side, whatever the planner knows of the sizes.


def _own(*columns: Any) -> Select[Any]:
    """Of the files that lie in the listed folders themselves."""
    return (
        select(*columns)
        .select_from(_redo.join(files, and_(files.c.source == _redo.c.source + 0, files.c.folder == _redo.c.path + "")))
        .where(files.c.deleted_at.is_(None))
    )


def _below(table: Table, *columns: Any) -> Select[Any]:
    """Of the sums of the subfolders of the listed folders."""
    child = folders.alias("child")
    return select(child.c.parent.label("folder"), *columns).select_from(
        _redo.join(child, child.c.parent == _redo.c.id + 0).join(table, table.c.folder == child.c.id + 0)
    )


def _sum_kinds(connection: Connection, depth: int) -> None:
    at = _redo.c.depth == depth
    value = findings.c["count"]
    none = literal(0)
    rows = (
        _own(
            _redo.c.id.label("folder"),
            findings.c.entity,
            findings.c.level,
            none.label("files"),
            func.count().label("rows"),
            func.sum(value).label("values"),
        )
        .join(findings, findings.c.file == files.c.id + 0)
        .where(at)
        .group_by(_redo.c.id, findings.c.entity, findings.c.level)
    )
    highest = (
        _own(_redo.c.id.label("folder"), findings.c.file, findings.c.entity, func.max(findings.c.level).label("level"))
        .join(findings, findings.c.file == files.c.id + 0)
        .where(at)
        .group_by(_redo.c.id, findings.c.file, findings.c.entity)
        .subquery()
    )
    of_files = select(highest.c.folder, highest.c.entity, highest.c.level, func.count(), none, none).group_by(
        highest.c.folder, highest.c.entity, highest.c.level
    )
    below = _below(folder_kinds, *(column for column in folder_kinds.c if column.name != "folder")).where(at)
    _add_up(connection, folder_kinds, ("folder", "entity", "level"), union_all(rows, of_files, below))


def _sum_owners(connection: Connection, depth: int) -> None:
    at = _redo.c.depth == depth
    none = literal(0)
    of_files = (
        _own(_redo.c.id.label("folder"), files.c.owner, files.c.level, func.count().label("files"), none.label("rows"))
        .where(at)
        .group_by(_redo.c.id, files.c.owner, files.c.level)
    )
    rows = (
        _own(_redo.c.id, files.c.owner, findings.c.level, none, func.count())
        .join(findings, findings.c.file == files.c.id + 0)
        .where(at)
        .group_by(_redo.c.id, files.c.owner, findings.c.level)
    )
    below = _below(folder_owners, *(column for column in folder_owners.c if column.name != "folder")).where(at)
    _add_up(connection, folder_owners, ("folder", "owner", "level"), union_all(of_files, rows, below))


def _add_up(connection: Connection, table: Table, keys: tuple[str, ...], parts: Any) -> None:
    part = parts.subquery()
    numbers = [column.name for column in table.c if column.name not in keys]
    total = select(*(part.c[name] for name in keys), *(func.sum(part.c[name]) for name in numbers)).group_by(
        *(part.c[name] for name in keys)
    )
    connection.execute(insert(table).from_select([*keys, *numbers], total))


def _sum_folders(connection: Connection, depth: int, merge: Merge) -> None:
    after = 0
    while ids := (
        connection.execute(
            select(_redo.c.id).where(_redo.c.depth == depth, _redo.c.id > after).order_by(_redo.c.id).limit(_FOLDERS_AT_ONCE)
        )
        .scalars()
        .all()
    ):
        listed = and_(_redo.c.depth == depth, _redo.c.id.in_(ids))
        sums = _numbers(connection, ids, listed)
        owners = {
            row.folder: row.owner if row.owner == row.other else ""
            for row in connection.execute(
                select(
                    folder_owners.c.folder, func.min(folder_owners.c.owner).label("owner"), func.max(folder_owners.c.owner).label("other")
                )
                .where(folder_owners.c.folder.in_(ids), folder_owners.c.owner != "")
                .group_by(folder_owners.c.folder)
            )
        }
        persons = dict(_persons(connection, ids, listed, merge))
        rows = []
        for row_id in ids:
            count = persons.get(row_id, PersonCount())
            rows.append(
                {
                    "row": row_id,
                    **sums[row_id],
                    "owner": owners.get(row_id, ""),
                    "persons": count.estimate,
                    "persons_exact": count.exact,
                    "sketch": count.sketch,
                }
            )
        names = [name for name in rows[0] if name != "row"]
        connection.execute(update(folders).where(folders.c.id == bindparam("row")).values({name: bindparam(name) for name in names}), rows)
        after = ids[-1]


def exposure_rank(word: ColumnElement[Any]) -> ColumnElement[int]:
    """A number that is higher the more people can read."""
    return case(*((word.startswith(name), rank) for name, rank in _EXPOSURE.items()), else_=0)


def wider(one: str, other: str) -> str:
    """The wider of two circles of readers, as ``readable_by`` has them."""
    first, second = Exposure.parse(one), Exposure.parse(other)
    return other if second is not None and (first is None or second > first) else one


def _numbers(connection: Connection, ids: Sequence[int], listed: ColumnElement[bool]) -> dict[int, dict[str, Any]]:
    """What can be added up, for some folders whose subfolders are done."""

    def one(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    own = (
        _own(
            _redo.c.id,
            func.count(),
            func.sum(files.c.size),
            func.sum(files.c.findings),
            *(one(files.c.outcome == outcome.value) for outcome in Outcome),
            *(one(files.c.level == int(level)) for level in Level),
            func.max(files.c.mtime_ns),
            func.max(files.c.level),
        )
        .where(listed)
        .group_by(_redo.c.id)
    )
    below = (
        select(
            folders.c.parent,
            *(func.sum(folders.c[name]) for name in _ADDED),
            func.max(folders.c.mtime_ns),
            func.max(folders.c.level),
        )
        .where(folders.c.parent.in_(ids))
        .group_by(folders.c.parent)
    )
    found: dict[int, dict[str, Any]] = {row_id: dict.fromkeys((*_ADDED, "mtime_ns", "level"), 0) | {"readable_by": ""} for row_id in ids}
    for query in (own, below):
        for row_id, *values in connection.execute(query):
            sums = found[row_id]
            for name, value in zip(_ADDED, values, strict=False):
                sums[name] += int(value)
            for name, value in zip(("mtime_ns", "level"), values[len(_ADDED) :], strict=True):
                sums[name] = max(sums[name], int(value))
    readers: Any = union_all(
        _own(_redo.c.id.label("folder"), files.c.readable_by).where(listed).distinct(),
        select(folders.c.parent, folders.c.readable_by).where(folders.c.parent.in_(ids)).distinct(),
    )
    for row_id, word in connection.execute(readers):
        found[row_id]["readable_by"] = wider(found[row_id]["readable_by"], word)
    return found


def _persons(connection: Connection, ids: Sequence[int], listed: ColumnElement[bool], merge: Merge) -> Iterator[tuple[int, PersonCount]]:
    own = _own(_redo.c.id.label("folder"), files.c.sketch).where(listed, files.c.persons > 0)
    below = select(folders.c.parent, folders.c.sketch).where(folders.c.parent.in_(ids), folders.c.persons > 0)
    both = union_all(own, below).subquery()
    rows = connection.execute(select(both).order_by(both.c.folder).execution_options(yield_per=_SKETCHES_AT_ONCE))
    for folder, group in groupby(rows, key=lambda row: row.folder):
        yield folder, merge(bytes(row.sketch) for row in group)
