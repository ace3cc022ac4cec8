"""Contents that were read before: digests that a worker is told, and analyses of equal content that are taken over."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from piiscan.inventory.base import CIRCUMSTANCE, StoredAnalysis
from piiscan.inventory.schema import files, findings, problems
from piiscan.inventory.stored import group_of_row
from piiscan.model import FileReport, Item, Level, Outcome, PersonCount
from piiscan.problems import Problem, ProblemKind, Stage

if TYPE_CHECKING:
    from piiscan.inventory.store import Inventory

__all__ = ["Contents"]

_SIZE_BITS = 26
#: Digests of one size that a worker is told at most, and those of all sizes that are held to be told.
_DIGESTS_TOLD = 100
_DIGESTS_HELD = 50_000
#: Digests that are held unasked while an inventory is new and the scan knows all that is in it.
_DIGESTS_FIRST = 10_000
#: Contents whose reports are held for files that have the same, and reports of each (as the suffix and problems matter).
_RECENT = 500
_ALIKE_HELD = 4

# Asked for many a file, so they are made once.
_SAME_CONTENT = (
    select(files)
    .where(
        files.c.digest == bindparam("digest"),
        files.c.size == bindparam("size"),
        files.c.version == bindparam("version"),
        files.c.outcome != Outcome.SKIPPED.value,
    )
    .order_by(files.c.id)
    .limit(20)
)
_DIGESTS_OF = (
    select(files.c.digest)
    .where(
        files.c.size == bindparam("size"),
        files.c.version == bindparam("version"),
        files.c.digest != "",
        files.c.outcome != Outcome.SKIPPED.value,
    )
    .distinct()
    .limit(_DIGESTS_TOLD + 1)
)
_PROBLEMS_OF = select(problems).where(problems.c.file == bindparam("file")).order_by(problems.c.number)
_FINDINGS_OF = select(findings).where(findings.c.file == bindparam("file"))


class _Sizes:
    """Which file sizes occur: a bitmap, so that it stays small; it may say yes too often, never no wrongly."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_SIZE_BITS - 3))

    @staticmethod
    def _slot(size: int) -> int:
        return ((size * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF) >> (64 - _SIZE_BITS)

    def add(self, size: int) -> None:
        slot = self._slot(size)
        self._bits[slot >> 3] |= 1 << (slot & 7)

    def __contains__(self, size: int) -> bool:
        slot = self._slot(size)
        return bool(self._bits[slot >> 3] & (1 << (slot & 7)))


class Contents:
    """Asked by one writer.

    :param pending: the reports of its batch, which the database does not have yet.
    """

    def __init__(self, inventory: Inventory, pending: Callable[[], Iterable[FileReport]]) -> None:
        self._inventory = inventory
        self._pending = pending
        self._recent: OrderedDict[tuple[str, int], list[FileReport]] = OrderedDict()  # what this scan read lately, by content
        self._digests: dict[int, set[str]] = {}  # by size, of those that were asked for, and of the first
        self._knows_all = False  # of sizes that are not in _digests there is no file in the inventory
        self._digests_held = 0
        self._sizes: _Sizes | None = None

    def digests_of(self, size: int, version: int) -> frozenset[str] | None:
        """The digests of files of this size that were read under these versions; ``None`` when there are too many to tell."""
        if not self._size_known(size):
            return frozenset()
        known = self._digests.get(size)
        if known is None:
            if self._digests_held >= _DIGESTS_HELD:
                self._digests.clear()
                self._digests_held, self._knows_all = 0, False
            asked = {"size": size, "version": version}
            with self._inventory.begin() as connection:
                known = set(connection.execute(_DIGESTS_OF, asked).scalars())
            known.update(report.digest for report in self._pending() if report.item.size == size and report.digest)
            self._digests[size] = known
            self._digests_held += len(known) + 1
        return frozenset(known) if len(known) <= _DIGESTS_TOLD else None

    def remember(self, report: FileReport) -> None:
        """Other files may have what this one has."""
        size = report.item.size
        alike = self._recent.setdefault((report.digest, size), [])
        self._recent.move_to_end((report.digest, size))  # what has a copy has more of them
        if len(alike) < _ALIKE_HELD:
            alike.append(report)
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        if self._sizes is not None:
            self._sizes.add(size)
        known = self._digests.get(size)
        if known is None and self._knows_all:
            known = self._digests[size] = set()
            self._knows_all = self._digests_held < _DIGESTS_FIRST
        if known is not None and len(known) <= _DIGESTS_TOLD:
            known.add(report.digest)
            self._digests_held += 1

    def _size_known(self, size: int) -> bool:
        """Whether some file of this size was read before (rarely yes by mistake)."""
        if self._sizes is None:
            self._sizes = _Sizes()
            with self._inventory.begin() as connection:
                # another scan may be writing to a server's database
                self._knows_all = self._inventory.is_sqlite
                for known in connection.execute(select(files.c.size).distinct().execution_options(yield_per=10_000)).scalars():
                    self._sizes.add(known)
                    self._knows_all = False
            for report in self._pending():
                self._sizes.add(report.item.size)
                if report.digest and self._knows_all:
                    self._digests.setdefault(report.item.size, set()).add(report.digest)
                    self._digests_held += 1
        return size in self._sizes

    def find_same(self, digest: str, size: int, version: int | None, *, name: str = "") -> StoredAnalysis | None:
        """An analysis of equal content under the same versions, when it was not spoilt by circumstances.

        :param version: row id of the versions; ``None`` when the inventory has none like it.
        :param name: of the file it is for; with it only files of the same suffix are taken, as the suffix may decide how content is read.
        """
        suffix = _suffix(name)
        for report in self._recent.get((digest, size), ()):
            if (not name or _suffix(report.item.key) == suffix) and _reusable(report.problems):
                return StoredAnalysis(report)
        if version is None:
            return None
        with self._inventory.begin() as connection:
            rows = connection.execute(_SAME_CONTENT, {"digest": digest, "size": size, "version": version}).all()
            for row in rows:
                if name and _suffix(row.name) != suffix:
                    continue
                found = tuple(
                    Problem(ProblemKind.parse(p.kind), Stage(p.stage), p.detail, p.member)
                    for p in connection.execute(_PROBLEMS_OF, {"file": row.id})
                )
                if not _reusable(found):
                    continue
                groups = tuple(group_of_row(g) for g in connection.execute(_FINDINGS_OF, {"file": row.id}))
                return StoredAnalysis(
                    FileReport(
                        Item("", row.folder + row.name, "", row.size),
                        format=row.format,
                        digest=row.digest,
                        groups=groups,
                        persons=PersonCount(row.persons, bool(row.persons_exact), bytes(row.sketch)),
                        problems=found,
                        level=Level(row.level),
                        characters=row.characters,
                        members=row.members,
                    )
                )
        return None


def _suffix(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2].lower()


def _reusable(found: Sequence[Problem]) -> bool:
    return not any(problem.kind in CIRCUMSTANCE for problem in found)
