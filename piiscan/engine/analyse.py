"""One file, from bytes to :class:`~piiscan.model.FileReport`. Runs inside a worker.

This is where the stages meet for a single file: identify, extract (with the
files inside it, one level deeper each), detect, seal, rate, count. The one
catch-all for what a file does to us is here.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from piiscan.assess.groups import Aggregator
from piiscan.assess.levels import Levels
from piiscan.assess.persons import PersonCounter
from piiscan.catalogue import load_catalogue
from piiscan.detect.timeup import TimeUpError
from piiscan.engine.listed import Listed
from piiscan.engine.sealing import sealed
from piiscan.extractors import extractor_for
from piiscan.extractors.base import Budget, Piece, Reading, open_quietly
from piiscan.extractors.identify import Identity, identify
from piiscan.masking import FingerprintKey, Sealer
from piiscan.model import Embedded, FileReport, Finding, Hit, Item, Record, Segment, Table
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Settings
from piiscan.sources.base import Pace, no_pace, problem_of

if TYPE_CHECKING:
    from piiscan.detect.document import Document
    from piiscan.detect.kit import Kit

__all__ = ["Analyst", "ReadElsewhereError", "Sink", "deadline_for", "digest_of", "extract_file", "killing_deadline"]

_CHUNK = 1 << 20
_GRACE_SECONDS = 20.0
#: What loading the recognizers may take at most; it is no time of the file that needs them first.
LOADING_SECONDS = 60.0
#: What the end of a document may take when the file's time is up already: what waited for it is small, and found already.
_FINISHING_SECONDS = 5.0
_RECORDS_BETWEEN_CHECKS = 64

#: Called with each finding, the hit it was sealed from (``inspect --values``) and the format it lay in; never across a process border.
Sink = Callable[[Finding, Hit, str], None]


def deadline_for(size: int, settings: Settings) -> float:
    """Seconds that a file of ``size`` bytes may take, members and all."""
    return settings.limits.seconds + settings.limits.seconds_per_mb * size / 1_000_000


def killing_deadline(seconds: float) -> float:
    """When a file is given up for good: the deadline inside the worker comes first and keeps what was found."""
    return seconds * 1.25 + _GRACE_SECONDS


def digest_of(path: Path, pace: Pace = no_pace) -> str:
    """SHA-256 of the content, hex, leaving the access time alone where the system allows it.

    :param pace: asked before each use of the file's server.
    :raises OSError: when it cannot be read.
    """
    digest = hashlib.sha256()
    pace(1, 0)
    with open_quietly(path) as file:
        while chunk := file.read(_CHUNK):
            pace(1, len(chunk))
            digest.update(chunk)
    return digest.hexdigest()


class ReadElsewhereError(Exception):
    """The content of a file, of which this is the digest, was read elsewhere."""


@dataclass(slots=True)
class _Tally:
    """What is known of the file so far."""

    format: str = ""
    characters: int = 0
    members: int = 0
    yielded: bool = False


class Analyst:
    """Reads files for one process.

    :param settings: limits, detection, passwords.
    :param key: key of the fingerprints.
    """

    def __init__(self, settings: Settings, key: FingerprintKey) -> None:
        self.settings = settings
        #: of the file under way or the last one; the worker's watchdog looks at its deadline
        self.budget: Budget | None = None
        self._key = key
        self._kit: Kit | None = None
        self._levels = Levels.load(catalogue=load_catalogue(settings.detection.recognizers))

    @property
    def kit(self) -> Kit:
        """The recognizers, loaded when the first text needs them."""
        if self._kit is None:
            began, deadline = time.monotonic(), self.budget.deadline if self.budget else 0.0
            if self.budget is not None:
                self.budget.deadline += LOADING_SECONDS
            from piiscan.detect.kit import Kit

            self._kit = Kit.of(self.settings.detection)
            self._kit.names.reset()
            if self.budget is not None:
                self.budget.deadline = deadline + time.monotonic() - began
        return self._kit

    def analyse(
        self,
        item: Item,
        path: Path,
        folder: Path,
        sink: Sink | None = None,
        *,
        pace: Pace = no_pace,
        before_problems: Sequence[Problem] = (),
        digests: Collection[str] = (),
    ) -> FileReport:
        """Everything that can be said about one file.

        :param path: a local file, opened read-only.
        :param folder: a private folder for spooled members; emptied afterwards.
        :param sink: gets every finding as it is made.
        :param pace: asked before each use of the file's server.
        :param before_problems: what went wrong on the way here.
        :param digests: whose content need not be read.
        :return: the report; whatever the file did is in its problems.
        :raises ReadElsewhereError: when its digest is one of ``digests``.
        """
        began = time.monotonic()
        problems: list[Problem] = list(before_problems)
        persons = PersonCounter()
        groups = Aggregator(persons)
        tally = _Tally()
        digest = ""
        try:
            before = path.stat()
            if before.st_size > self.settings.limits.file_bytes:
                problems.append(
                    Problem(
                        ProblemKind.TOO_LARGE, Stage.OPEN, f"{before.st_size} bytes; limits.file_bytes = {self.settings.limits.file_bytes}"
                    )
                )
                return replace(_report(item, tally, problems), seconds=time.monotonic() - began)
            digest = digest_of(path, pace)
            if digest in digests:
                raise ReadElsewhereError(digest)
            self.budget = Budget(self.settings.limits, deadline=time.monotonic() + deadline_for(before.st_size, self.settings))
            reading = Reading(
                path=path,
                name=item.key.rsplit("/", 1)[-1],
                size=before.st_size,
                limits=self.settings.limits,
                folder=folder,
                budget=self.budget,
                passwords=self.settings.passwords,
                strings=self.settings.strings,
                ocr=self.settings.ocr,
            )
            take = _Taker(self, groups, persons, sink, item.key)
            if self._kit:
                self._kit.names.reset()
            self._read(reading, "", take, problems, tally)
            if self._kit:
                problems += [Problem(ProblemKind.NAMES_SKIPPED, Stage.DETECT, reason) for reason in self._kit.names.problems]
            after = path.stat()
            if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
                problems.append(Problem(ProblemKind.CHANGED, Stage.OPEN))
        except OSError as error:
            problems.append(problem_of(error, Stage.OPEN))
        except MemoryError:
            problems.append(Problem(ProblemKind.MEMORY, Stage.ENGINE))
        finally:
            _empty(folder)
        count = persons.result()
        level, found = self._levels.rate_file(groups.result(), count.estimate)
        return FileReport(
            item=item,
            format=tally.format,
            digest=digest,
            groups=found,
            persons=count,
            problems=tuple(_settle(problems, tally.yielded)),
            level=level,
            seconds=time.monotonic() - began,
            characters=tally.characters,
            members=tally.members,
        )

    # ------------------------------------------------------------------ members

    def _read(self, reading: Reading, member: str, take: _Taker, problems: list[Problem], tally: _Tally) -> None:
        """One file or member, and what is inside it, depth first."""

        def note(identity: Identity) -> None:
            form = identity.format if identity.format != "unknown" else identity.detected or "unknown"
            take.formats[member] = form
            if not member:
                tally.format = form

        for piece in pieces_of(reading, on_identity=note):
            if isinstance(piece, Problem):
                inner = f"{member}/{piece.member}" if member and piece.member else member or piece.member
                problems.append(replace(piece, member=inner))
            elif isinstance(piece, Embedded):
                tally.members += 1
                tally.yielded = True
                inner = f"{member}/{piece.name}" if member else piece.name
                child = reading.inner(piece)
                try:
                    self._read(child, inner, take, problems, tally)
                finally:
                    child.remove()
            else:
                tally.yielded = True
                tally.characters += _size(piece)
                fault = take.piece(member, reading.name, piece)
                if fault:
                    problems.append(replace(fault, member=member))
        fault = take.end(member)
        if fault:
            problems.append(replace(fault, member=member))


class _Taker:
    """Carries pieces through detection to the counters, one document (member) at a time."""

    def __init__(self, analyst: Analyst, groups: Aggregator, persons: PersonCounter, sink: Sink | None, path: str) -> None:
        self._analyst = analyst
        self._groups = groups
        self._persons = persons
        self._sink = sink
        self._path = path
        self._listed = Listed(analyst.settings.detection)
        self._sealer = Sealer(analyst._key)  # noqa: SLF001 -- same module
        self._documents: dict[str, Document] = {}
        self._record = 0
        self._until = float("inf")
        self.formats: dict[str, str] = {}

    def piece(self, member: str, name: str, piece: Segment | Table) -> Problem | None:
        document = self._documents.get(member)
        if document is None:
            from piiscan.detect.document import Document

            document = self._documents[member] = Document(
                self._analyst.kit, member or name, threshold=self._listed.threshold, check=self._check
            )
        return self._guard(member, lambda: document.feed(piece))

    def end(self, member: str) -> Problem | None:
        document = self._documents.pop(member, None)
        fault = self._guard(member, document.finish, least=_FINISHING_SECONDS) if document else None
        self.formats.pop(member, None)
        return fault

    def _check(self) -> None:
        """:raises TimeUpError: when the file's time is up."""
        if time.monotonic() > self._until:
            raise TimeUpError

    def _guard(self, member: str, step: Callable[[], Iterator[Record]], *, least: float = 0.0) -> Problem | None:
        """A fault of ours in detection costs a piece, not the file; it is never silent.

        :param least: seconds that the step may take, whatever is left of the file's time.
        """
        budget = self._analyst.budget
        self._until = max(budget.deadline, time.monotonic() + least) if budget else float("inf")
        try:
            for number, record in enumerate(step()):
                self._take(member, record)
                if number % _RECORDS_BETWEEN_CHECKS == 0:
                    self._check()
        except TimeUpError:
            return Problem(ProblemKind.LIMIT, Stage.DETECT, f"limits.seconds = {self._analyst.settings.limits.seconds:g}")
        except (MemoryError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 -- the worker's catch-all; the detail holds no text
            return Problem(ProblemKind.INTERNAL, Stage.DETECT, _where(error))
        return None

    def _take(self, member: str, record: Record) -> None:
        self._record += 1
        levels = self._analyst._levels  # noqa: SLF001 -- same module
        pairs = sealed(record, self._sealer, levels, self._listed, path=self._path, member=member, number=self._record)
        self._persons.add([finding for finding, _ in pairs], record.kind)
        for finding, hit in pairs:
            self._groups.add(finding)
            if self._sink:
                self._sink(finding, hit, self.formats.get(member, ""))


#: formats whose extractors ask for ``Reading.open()`` and never for a path, so that short members need not become files
_BY_OPEN_ALONE = frozenset({"csv", "eml", "emlx", "html", "icalendar", "json", "ldif", "rtf", "sql", "text", "vcard", "xml"})


def pieces_of(reading: Reading, on_identity: Callable[[Identity], None] | None = None) -> Iterator[Piece]:
    """Identify ``reading`` and yield its pieces; whatever goes wrong is a ``Problem``."""
    try:
        if reading.held is not None and (b"\0" in reading.head or reading.head.startswith(b"PK")):
            reading.settle()  # the directory of a container may have to be looked at
        identity = identify(reading.path, reading.name, reading.head)
        if identity.format not in _BY_OPEN_ALONE:
            reading.settle()
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 -- what a file does to us is data
        yield Problem(ProblemKind.BROKEN, Stage.IDENTIFY, _where(error))
        return
    if on_identity:
        on_identity(identity)
    if identity.disguised:
        yield Problem(ProblemKind.DISGUISED, Stage.IDENTIFY, identity.detected)
    for piece in _pieces_as(identity, reading):
        if isinstance(piece, Problem) and reading.strings and _is_unread(piece):
            from piiscan.extractors.text.runs import runs

            yield from runs(reading)
            piece = replace(piece, kind=ProblemKind.PART_NOT_READ, detail=f"{piece.detail}; only its text runs were searched")
        yield piece


def _is_unread(problem: Problem) -> bool:
    """Whether nothing reads the file (not: a member of it)."""
    return not problem.member and (
        problem.kind is ProblemKind.UNSUPPORTED or (problem.kind is ProblemKind.PART_NOT_READ and problem.stage is Stage.IDENTIFY)
    )


def _pieces_as(identity: Identity, reading: Reading) -> Iterator[Piece]:
    extractor = extractor_for(identity.format)
    if extractor is None:
        if identity.format != "empty":
            kind = ProblemKind.UNSUPPORTED if reading.depth == 0 else ProblemKind.PART_NOT_READ
            yield Problem(kind, Stage.IDENTIFY, identity.detected)
        return
    begun = False
    try:
        for piece in extractor.extract(reading):
            begun = begun or not isinstance(piece, Problem)
            yield piece
            if reading.budget.expired():
                yield Problem(ProblemKind.LIMIT, Stage.EXTRACT, f"limits.seconds = {reading.limits.seconds:g}")
                return
    except MemoryError:
        raise
    except OSError as error:
        if reading.depth == 0 and not reading.path.exists():
            raise
        yield Problem(ProblemKind.BROKEN_PART if begun else ProblemKind.BROKEN, Stage.EXTRACT, _where(error))
    except Exception as error:  # noqa: BLE001 -- what a file does to us is data
        yield Problem(ProblemKind.BROKEN_PART if begun else ProblemKind.BROKEN, Stage.EXTRACT, _where(error))


def extract_file(path: Path, settings: Settings, folder: Path, *, name: str = "") -> Iterator[tuple[str, str, Piece]]:
    """``(member, format, piece)`` of a file and everything inside it; what ``piiscan extract`` prints.

    ``Embedded`` pieces are followed, not yielded.

    :raises OSError: when the top file cannot be read.
    """
    size = path.stat().st_size
    budget = Budget(settings.limits, deadline=time.monotonic() + deadline_for(size, settings))
    top = Reading(
        path, name or path.name, size, settings.limits, folder, budget, settings.passwords, ocr=settings.ocr, strings=settings.strings
    )

    def follow(reading: Reading, member: str) -> Iterator[tuple[str, str, Piece]]:
        formats: list[str] = [""]
        for piece in pieces_of(reading, on_identity=lambda identity: formats.__setitem__(0, identity.format)):
            if isinstance(piece, Embedded):
                child = reading.inner(piece)
                try:
                    yield from follow(child, f"{member}/{piece.name}" if member else piece.name)
                finally:
                    child.remove()
            else:
                yield member, formats[0], piece

    if size > settings.limits.file_bytes:
        yield "", "", Problem(ProblemKind.TOO_LARGE, Stage.OPEN, f"{size} bytes; limits.file_bytes = {settings.limits.file_bytes}")
        return
    yield from follow(top, "")


def _size(piece: Segment | Table) -> int:
    return len(piece.text) if isinstance(piece, Segment) else sum(len(cell) for row in piece.rows for cell in row)


def _settle(problems: list[Problem], yielded: bool) -> Iterator[Problem]:
    """A member's total failure is only a part of the file, and so is a failure after something was read."""
    softer = {
        ProblemKind.BROKEN: ProblemKind.BROKEN_PART,
        ProblemKind.ENCRYPTED: ProblemKind.ENCRYPTED_PART,
        ProblemKind.UNSUPPORTED: ProblemKind.PART_NOT_READ,
    }
    for problem in problems:
        if problem.kind in softer and (problem.member and yielded):
            yield replace(problem, kind=softer[problem.kind])
        else:
            yield problem


def _where(error: BaseException) -> str:
    """The exception's class and the place in our code; never its message, which may quote the document."""
    trace = error.__traceback__
    place = ""
    while trace:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "piiscan" in path.parts:
            place = f" at {path.parent.name}/{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return type(error).__name__ + place


def _report(item: Item, tally: _Tally, problems: list[Problem]) -> FileReport:
    return FileReport(item=item, format=tally.format, problems=tuple(problems))


def _empty(folder: Path) -> None:
    for entry in folder.iterdir() if folder.exists() else ():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
