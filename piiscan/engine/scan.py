"""The scan: crawl, decide what must be read, read it in workers, write as the only writer.

Killed at any point, the same command goes on: what is in the inventory was
committed whole, and what is unchanged is not read again. Memory does not grow
with the number of files: the crawl stops while the workers are busy.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import piiscan
from piiscan.assess.persons import merge
from piiscan.engine.cluster import Cluster
from piiscan.engine.errors import ClusterLostError
from piiscan.engine.pace import Hours, Paces, gentle_crawl
from piiscan.engine.supervisor import Supervisor, Task, Work, default_jobs
from piiscan.extractors import ocr
from piiscan.extractors.engines import ENGINES
from piiscan.inventory import Inventory, StoredAnalysis, versions_text
from piiscan.inventory.base import RETRIED, Known
from piiscan.inventory.baseline import load_baseline
from piiscan.inventory.writer import Writer
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item, Level, Outcome, Unread
from piiscan.problems import Problem, ProblemKind
from piiscan.resources import recognizers_dir
from piiscan.settings import Settings
from piiscan.sources import Source, distinct_roots, source_for

__all__ = ["Progress", "ScanResult", "check_own_recognizers", "scan_into", "versions_of"]

_COMMIT_REPORTS = 500
_COMMIT_SECONDS = 2.0
_PAUSE_SECONDS = 5.0
#: Unchanged files between two looks at the clock.
_TICK = 200
#: Files of one size, and of all, that wait for one of the same size whose reading may make theirs needless.
_HELD_OF_A_SIZE = 4
_HELD = 200


@dataclass(slots=True)
class Progress:
    """What a person watching wants to know. Bytes are of files done."""

    met: int = 0
    done: int = 0
    unchanged: int = 0
    bytes: int = 0
    findings: int = 0
    current: str = ""
    crawling: bool = True
    paused_until: datetime | None = None
    began: float = field(default_factory=time.monotonic)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    levels: Counter[Level] = field(default_factory=Counter)

    def counts(self) -> dict[str, int]:
        """What a scan's row remembers: files by outcome (``scanned`` …) and by level (``level-critical`` …)."""
        by_outcome = {outcome.value: count for outcome, count in self.outcomes.items()}
        return by_outcome | {f"level-{level.word}": self.levels[level] for level in Level}

    def under_way(self) -> dict[str, int | str]:
        """What the row of a running scan says to those who look on (:mod:`piiscan.web`)."""
        return {
            **self.counts(),
            "done": self.done,
            "met": self.met,
            "bytes": self.bytes,
            "findings": self.findings,
            "crawling": int(self.crawling),
            "current": self.current,
            "paused_until": self.paused_until.isoformat(timespec="minutes") if self.paused_until else "",
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }


@dataclass(frozen=True, slots=True)
class ScanResult:
    """How a scan ended.

    :ivar open_level: the highest level of a finding in the files it met that no decision settles.
    """

    scan_id: int
    complete: bool
    progress: Progress
    seconds: float
    open_level: Level = Level.NONE


#: What recognizers run on; a new release may find something else.
_DETECTION_PACKAGES = ("ginza", "ja-ginza", "phonenumbers", "presidio-analyzer", "sudachidict-core", "sudachipy")


def versions_of(settings: Settings, key: FingerprintKey) -> str:
    """A short text that changes when the same file might be read or judged differently, part by part.

    ``rules``: every file of ``recognizers/`` (rules, dictionaries, models), a user's own recognizer folders, the
    detection settings and the packages that detection runs on. ``levels``, ``limits``, ``passwords`` (a keyed
    fingerprint) and ``readers`` (what is installed to read files with) are parts of their own, because each
    concerns only some files (:class:`piiscan.inventory.base.Gate`). ``ocr`` (its settings, and whether it can run here)
    concerns every file, as any may hold pictures. ``recognizers/law/`` is read when a report is made.
    """
    rules = hashlib.sha256()
    levels = b""
    for folder in (recognizers_dir(), *settings.detection.recognizers):
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or "__pycache__" in path.parts:
                continue
            name = path.relative_to(folder).as_posix()
            if folder == recognizers_dir() and name == "levels.yaml":
                levels = path.read_bytes()
            elif folder != recognizers_dir() or not name.startswith("law/"):
                rules.update(name.encode())
                rules.update(hashlib.sha256(path.read_bytes()).digest())
    rules.update(settings.detection.model_dump_json().encode())
    rules.update(" ".join(_release(package) for package in _DETECTION_PACKAGES).encode())
    return versions_text(
        piiscan.__version__,
        rules=rules.hexdigest()[:12],
        levels=_short(levels),
        limits=_short(settings.limits.model_dump_json().encode()),
        passwords=key.fingerprint("passwords", "\0".join(settings.passwords))[:12],
        ocr=_short(f"{settings.ocr.model_dump_json()} {ocr.missing(settings.ocr)}".encode()),
        readers=_short("\n".join((f"strings={settings.strings}", *_engines(), *_installed())).encode()),
    )


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _release(package: str) -> str:
    try:
        found = importlib.metadata.distribution(package)
        # the line itself: reading the whole as a message takes most of the time
        stated = re.search(r"^Version: *(\S+)", found.read_text("METADATA") or "", re.MULTILINE)
        return f"{package}=={stated[1] if stated else found.version}"
    except importlib.metadata.PackageNotFoundError:
        return f"{package}: none"


def _engines() -> Iterator[str]:
    """The engines of formats, and which of them can run here."""
    return (f"{entry.name} {entry.probe()}" for entry in ENGINES)


@cache
def _installed() -> tuple[str, ...]:
    """Every package that piiscan can make use of, and its release."""
    wanted = (line for line in importlib.metadata.requires("piiscan") or () if 'extra == "dev"' not in line.replace("'", '"'))
    return tuple(sorted({_release(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]) for line in wanted}))


def check_own_recognizers(settings: Settings) -> None:
    """Read the user's own rules here once, where a fault in them is one sentence and not one problem a file.

    :raises CatalogueError: with one sentence a fault.
    """
    if settings.detection.recognizers:
        from piiscan.catalogue import load_catalogue

        load_catalogue(settings.detection.recognizers)


#: What a crawl leaves out by rule stays left out while the listing and the rules are as they were.
_LEFT_OUT = frozenset({ProblemKind.SYMLINK, ProblemKind.SPECIAL_FILE, ProblemKind.EXCLUDED})


@dataclass(slots=True)
class _OpenListing:
    """A folder whose entries are being met. When all are settled, its stamp is kept."""

    source_id: str
    folder: str
    stamp: str
    entries: int = 0
    under_way: int = 0
    settled: bool = True
    whole: bool = False  # the crawl has given all of its entries

    def holds(self, item: Item) -> bool:
        return item.source_id == self.source_id and item.key.startswith(self.folder) and "/" not in item.key[len(self.folder) :]


class _StoppedError(Exception):
    """The crawl was asked to end."""


class _Run:
    """One scan under way."""

    def __init__(
        self,
        writer: Writer,
        crew: Supervisor | Cluster,
        scan_id: int,
        versions: str,
        full: bool,
        on_progress: Callable[[Progress], None],
        hours: Hours,
        stop: threading.Event,
    ) -> None:
        self.writer = writer
        self.scan_id = scan_id
        self.crew = crew
        self.versions = versions
        self.full = full
        self.progress = Progress()
        self._on_progress = on_progress
        self._hours = hours
        self._stop = stop
        self._unwritten = 0
        self._last_commit = time.monotonic()
        self._next_look = 0.0
        self._since_tick = 0
        self._stamp_of_versions = hashlib.sha256(versions.encode()).hexdigest()[:16]
        self._listing: _OpenListing | None = None
        self._under_way: dict[tuple[str, str], tuple[_OpenListing, Item]] = {}
        self._reading: Counter[int] = Counter()  # sizes of files that may be copied by others, while they are read
        self._sizes: dict[int, int] = {}  # of the tasks that are counted there, by id()
        self._held: dict[int, list[Task]] = {}  # by size
        self._held_of_all = 0

    def crawl(self, sources: Sequence[Source]) -> Iterator[tuple[Source, Item | Unread]]:
        """What is met in all roots, but for the files of folders whose listing is as it was; ends early when asked to."""
        with contextlib.suppress(_StoppedError):
            for source in sources:
                for met in source.walk(partial(self._glance, source.source_id)):
                    self._look_up()
                    yield source, met
                self._end_listing()

    def _look_up(self) -> None:
        """Keep the hours; :raises _StoppedError: when it is time to end."""
        if self._hours:
            self._keep_hours()
        if self._stop.is_set():
            raise _StoppedError

    def _glance(self, source_id: str, folder: str, stamp: str) -> bool:
        """Whether the files of a folder are as they were, all of them; see :data:`piiscan.sources.base.Glance`."""
        self._look_up()
        self._end_listing()
        if not stamp:
            return False
        stamp = f"{stamp} {self._stamp_of_versions}"
        known = self.writer.listing(source_id, folder)
        if known is None or known.stamp != stamp or (self.full and known.stamped != self.scan_id):
            self._listing = _OpenListing(source_id, folder, stamp)
            return False
        self.writer.unchanged_folder(source_id, folder)
        for outcome, level, count in known.outcomes:
            self.progress.met += count
            self._count_unchanged(outcome, level, count)
        return True

    def _count_unchanged(self, outcome: Outcome, level: Level, count: int = 1) -> None:
        self.progress.outcomes[outcome] += count
        self.progress.levels[level] += count
        self.progress.unchanged += count
        self.progress.done += count
        self._since_tick += count
        if self._since_tick >= _TICK:
            self._tick()

    def _end_listing(self) -> None:
        """The crawl has given every entry of the folder that it was in."""
        listing, self._listing = self._listing, None
        if listing is not None:
            listing.whole = True
            self._settle(listing)

    def _settle(self, listing: _OpenListing) -> None:
        if listing.whole and not listing.under_way and listing.settled:
            self.writer.settled(listing.source_id, listing.folder, listing.stamp, listing.entries)

    def _begin(self, item: Item) -> None:
        """An entry will be reported later."""
        listing = self._listing
        if listing is not None and listing.holds(item):
            listing.entries += 1
            listing.under_way += 1
            self._under_way[item.source_id, item.key] = listing, item

    def _end(self, report: FileReport) -> None:
        """An entry was reported."""
        item = report.item
        listing, met = self._under_way.pop((item.source_id, item.key), (None, item))
        if listing is None:
            return
        listing.under_way -= 1
        if (
            (item.size, item.mtime_ns, item.change) != (met.size, met.mtime_ns, met.change)
            or any(problem.kind.word in RETRIED for problem in report.problems)
            or (report.outcome is Outcome.SKIPPED and report.problems[0].kind not in _LEFT_OUT)
        ):
            listing.settled = False
        self._settle(listing)

    def meet(self, source: Source, met: Item | Unread) -> bool:
        """Decide what becomes of an entry that the crawl met. True when it is as it was, and nothing was given to the workers."""
        self.progress.met += 1
        item = met.item if isinstance(met, Unread) else met
        known = self.writer.known(item.source_id, item.key)
        if known is not None and self._as_it_was(known, met):
            if self._listing is not None and self._listing.holds(item):
                self._listing.entries += 1
            self.writer.unchanged(item, known)
            self._count_unchanged(known.outcome, known.level)
            return True
        self._begin(item)
        if isinstance(met, Unread):
            self.write(FileReport(item=item, problems=(met.problem,)))
            return False
        task = self.crew.task(Work.ANALYSE, met, source)
        if isinstance(task, Problem):
            self.write(FileReport(item=met, problems=(task,)))
        else:
            self._tell(task)
            self._give(task)
        return False

    def _give(self, task: Task, *, at_once: bool = False) -> None:
        """Let the workers have a file; one that may be a copy of what they are reading waits for that (ADR 0052)."""
        size = task.item.size
        if task.work is Work.ANALYSE and size and not self.full and not self.crew.usual.is_quick(task.item):
            held = self._held.get(size, [])
            if not at_once and self._reading[size] and len(held) < _HELD_OF_A_SIZE and self._held_of_all < _HELD:
                self._held[size] = [*held, task]
                self._held_of_all += 1
                return
            self._reading[size] += 1
            self._sizes[id(task)] = size
        self.crew.submit(task)

    def _was_read(self, task: Task) -> None:
        """Let go of one that waited for this file, with what is known now."""
        size = self._sizes.pop(id(task), 0)
        if not size:
            return
        self._reading[size] -= 1
        if not self._reading[size]:
            del self._reading[size]
        self._let_go(size)

    def _let_go(self, size: int, *, at_once: bool = False) -> None:
        """Give the workers the next that waits for one of this size, and those behind it if that is nothing to wait for."""
        while held := self._held.pop(size, []):
            first, *others = held
            if others:
                self._held[size] = others
            self._held_of_all -= 1
            self._tell(first)
            self._give(first, at_once=at_once)
            if self._reading[size]:
                return

    def _keep_busy(self) -> None:
        """When nothing else is left for a worker to do, it reads what may be a copy."""
        while self._held and self.crew.pending < self.crew.workers:
            self._let_go(next(iter(self._held)), at_once=True)

    def _tell(self, task: Task) -> None:
        """Say with a task what its content may be that was read elsewhere."""
        digests = self._digests_known(task.item)
        task.work = Work.ANALYSE if digests is not None else Work.DIGEST
        task.digests = digests or frozenset()

    def _digests_known(self, item: Item) -> frozenset[str] | None:
        """What the content of a file may be that was read elsewhere; ``None`` when there are too many to tell a worker."""
        if not item.size or self.full or self.crew.usual.is_quick(item):
            return frozenset()
        return self.writer.digests_known(item.size, self.versions)

    def _as_it_was(self, known: Known, met: Item | Unread) -> bool:
        if self.full and known.last_scan != self.scan_id:
            return False
        if isinstance(met, Unread):
            return known.still_left_out(met)
        return known.current(self.versions) and known.unchanged(met)

    def collect(self, timeout: float) -> None:
        """Take what the workers have finished."""
        for task, result in self.crew.wait(timeout):
            self.progress.current = task.item.key
            if isinstance(result, Problem):
                self.write(FileReport(item=task.item, problems=(result,)))
                self._was_read(task)
            elif isinstance(result, FileReport):
                self.write(result)
                self._was_read(task)
            else:
                # no digest: the file changed on its way here
                twin = self.writer.find_same_content(result, task.item.size, self.versions, name=task.item.key) if result else None
                if twin is None:
                    task.work, task.digests = Work.ANALYSE, frozenset()
                    self.crew.submit(task)
                else:
                    self.reuse(task.item, result, twin)
                    self.crew.give_back(task)
                    self._was_read(task)
        if not self.progress.crawling:
            self._keep_busy()

    def reuse(self, item: Item, digest: str, twin: StoredAnalysis) -> None:
        """The same content was analysed elsewhere: its findings are this file's too."""
        self.write(replace(twin.report, item=item, digest=digest, seconds=0.0))

    def _keep_hours(self) -> None:
        """Outside the hours of scanning finish what is under way, then wait; looked at once a second."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + 1
        while (opens := self._hours.opens(datetime.now())) is not None and not self._stop.is_set():  # noqa: DTZ005 -- people's clock
            if self.crew.pending:
                self.collect(0.2)
                continue
            if self.progress.paused_until != opens:
                self.writer.commit()
                self.progress.paused_until = opens
            self._on_progress(self.progress)
            self._stop.wait(min(_PAUSE_SECONDS, max(0.0, (opens - datetime.now()).total_seconds())))  # noqa: DTZ005
        self.progress.paused_until = None

    def write(self, report: FileReport) -> None:
        self.writer.report(report, self.versions)
        self._end(report)
        progress = self.progress
        progress.done += 1
        progress.bytes += report.item.size
        progress.findings += sum(group.count for group in report.groups)
        progress.outcomes[report.outcome] += 1
        progress.levels[report.level] += 1
        self._wrote()

    def _wrote(self) -> None:
        self._unwritten += 1
        self._tick()

    def _tick(self) -> None:
        """Commit when it is time, and tell who watches."""
        self._since_tick = 0
        now = time.monotonic()
        if self._unwritten >= _COMMIT_REPORTS or now - self._last_commit >= _COMMIT_SECONDS:
            self.writer.commit(self.progress.under_way())
            self._unwritten, self._last_commit = 0, now
        self._on_progress(self.progress)

    def crawled(self) -> None:
        """Everything was met."""
        self.progress.crawling = False
        self._keep_busy()
        self._tick()


def _read_all(run: _Run, sources: Sequence[Source], stop: threading.Event) -> None:
    """Meet everything and wait for what is read, until it is done or is to end."""
    for source, met in run.crawl(sources):
        if run.meet(source, met):
            continue
        while run.crew.full and not stop.is_set():
            run.collect(0.2)
    run.crawled()
    while run.crew.pending and not stop.is_set():
        run.collect(0.2)


def scan_into(
    inventory: Inventory,
    settings: Settings,
    roots: Sequence[str],
    key: FingerprintKey,
    *,
    full: bool = False,
    stop: threading.Event | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    own_files: Sequence[Path] = (),
) -> ScanResult:
    """Scan ``roots`` into ``inventory``.

    :param full: read every file again, changed or not.
    :param stop: set it (from a signal handler or another thread) to end cleanly.
    :param on_progress: called often, from this thread.
    :param own_files: files of ours that may lie below a root and are left out.
    :raises RootError: when a root cannot be scanned; nothing was changed then.
    :raises BaselineError: when the baseline cannot be used; nothing was changed then.
    :raises CatalogueError: when a recognizer of the user's own cannot be read; nothing was changed then.
    :raises InventoryError: when the inventory cannot be written; what was committed stays.
    """
    stop = stop or threading.Event()
    began = time.monotonic()
    paces = Paces(settings.politeness)
    sources = [source_for(root, settings, own_files=own_files, paces=paces.of) for root in distinct_roots(roots)]
    check_own_recognizers(settings)
    versions = versions_of(settings, key)
    baseline = load_baseline(settings.baseline) if settings.baseline else None
    jobs = default_jobs() if settings.jobs is None else settings.jobs
    hours = Hours(settings.politeness.hours)
    crew_of_scan = Cluster(settings, key, sources, versions) if settings.cluster.address else Supervisor(settings, key, jobs, paces)
    with inventory.writer() as writer, crew_of_scan as crew, gentle_crawl(settings.politeness):
        scan_id = writer.begin_scan(sources, versions, full=full)
        run = _Run(writer, crew, scan_id, versions, full, on_progress, hours, stop)
        try:
            _read_all(run, sources, stop)
        except ClusterLostError:
            writer.commit(run.progress.under_way())  # the next run begins with what came back
            raise
        complete = not stop.is_set()
        if not complete:
            # What is finished but not yet collected is kept; what is under way is done again next time.
            run.collect(0)
            crew.stop()
        crew.dismiss()
        for source in sources:
            source.close()
        writer.finish(complete, run.progress.counts(), merge)
    if baseline is not None:
        inventory.decisions().apply_baseline(baseline, anew=True)
    return ScanResult(scan_id, complete, run.progress, time.monotonic() - began, inventory.reader().open_level(scan_id))
