"""What a complete scan did not meet: marked as deleted, or followed to where it went."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, and_, bindparam, case, exists, func, not_, select, update

from piiscan.inventory.schema import dirty, files, findings, listings, seen
from piiscan.inventory.store import insert_new, now
from piiscan.model import ItemType, Outcome
from piiscan.problems import ProblemKind

__all__ = ["follow_moves", "mark_deleted"]


def mark_deleted(connection: Connection, scan: int, source_rows: Collection[int]) -> bool:
    """Mark the files that this scan did not meet; whether there are any."""
    file = files.alias("missed")
    met = select(seen.c.file).where(seen.c.file == file.c.id, seen.c.scan == scan)
    dark = files.alias("dark")
    dark_seen = seen.alias("dark_seen")
    prefix = case((dark.c.name == ".", ""), else_=dark.c.folder + dark.c.name + "/")
    below_dark = (
        select(dark.c.id)
        .join(dark_seen, dark_seen.c.file == dark.c.id)
        .where(
            dark.c.source == file.c.source,
            dark.c.item_type == ItemType.FOLDER.value,
            dark.c.outcome == Outcome.FAILED.value,
            dark.c.problem != ProblemKind.VANISHED.word,
            dark_seen.c.scan == scan,
            func.substr(file.c.folder, 1, func.length(prefix)) == prefix,
        )
    )
    of_folder = and_(listings.c.source == file.c.source, listings.c.path == file.c.folder)
    missed = (
        select(file.c.id)
        .select_from(listings.join(file, of_folder))
        .where(
            listings.c.source.in_(source_rows),
            listings.c.met != scan,
            file.c.deleted_at.is_(None),
            not_(exists(met)),
            not_(exists(below_dark)),
        )
    )
    # which scan met it last is its folder's to say no more
    with_folder = select(listings.c.met).select_from(listings.join(file, of_folder)).where(file.c.id == seen.c.file).scalar_subquery()
    connection.execute(update(seen).where(seen.c.file.in_(missed), seen.c.scan < with_folder).values(scan=with_folder))
    if not connection.execute(update(files).where(files.c.id.in_(missed)).values(deleted_at=now(), deleted_scan=scan)).rowcount:
        return False
    lost_one = exists().where(files.c.source == listings.c.source, files.c.folder == listings.c.path, files.c.deleted_scan == scan)
    connection.execute(
        update(listings)
        .where(listings.c.source.in_(source_rows), listings.c.met != scan, listings.c.stamp != "", lost_one)
        .values(stamp="")
    )
    gone = select(files.c.source, files.c.folder).where(
        files.c.source.in_(source_rows), files.c.deleted_scan == scan, files.c.deleted_at.is_not(None)
    )
    connection.execute(insert_new(connection, dirty).from_select(["source", "path"], gone.distinct()))
    return True


def follow_moves(connection: Connection, scan: int, source_rows: Collection[int]) -> None:
    """A file that this scan missed and whose content it met as a new file has moved: its history goes on there.

    Each missed file is followed to one new file, rather to one of the same name. Decisions need no
    following: they are about the content.
    """
    gone, came = files.alias("gone"), files.alias("came")
    # "+ 0": SQLite is to look new files up by their digest, not to run through all of the source for each missed one
    pairs = connection.execute(
        select(came.c.id, gone.c.id.label("old"), gone.c.first_scan)
        .select_from(gone.join(came, and_(came.c.digest == gone.c.digest, came.c.size + 0 == gone.c.size)))
        .where(
            gone.c.source.in_(source_rows),
            gone.c.deleted_scan == scan,
            gone.c.deleted_at.is_not(None),
            (came.c.source + 0).in_(source_rows),
            came.c.first_scan == scan,
            came.c.deleted_at.is_(None),
            came.c.size > 0,
            came.c.digest != "",
        )
        .order_by(case((came.c.name == gone.c.name, 0), else_=1), came.c.source, came.c.folder, came.c.name, gone.c.id)
    )
    taken: set[int] = set()
    moves = []
    for pair in pairs:
        if pair.id not in taken and pair.old not in taken:
            taken |= {pair.id, pair.old}
            moves.append({"row": pair.id, "old": pair.old, "first": pair.first_scan})
    if not moves:
        return
    connection.execute(
        update(files).where(files.c.id == bindparam("row")).values(moved_from=bindparam("old"), first_scan=bindparam("first")), moves
    )
    before = findings.alias("before")
    first_seen = select(before.c.first_seen).where(before.c.file == bindparam("old"), before.c.identity == findings.c.identity)
    connection.execute(
        update(findings).where(findings.c.file == bindparam("row"), exists(first_seen)).values(first_seen=first_seen.scalar_subquery()),
        [{"row": move["row"], "old": move["old"]} for move in moves],
    )
