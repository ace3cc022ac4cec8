"""The things that pass between the stages, and nothing else.

Every type here is frozen data. This module imports nothing of ours but
:mod:`piiscan.problems`, so that any stage can be read, tested and replaced
without the others.

The path of a file::

    source.walk()        -> Item | Unread
    extractor.extract()  -> Segment | Table | Embedded | Problem
    detector             -> Record of Hit          (holds raw values, worker memory only)
    masking.Sealer.seal() -> Finding               (no raw value from here on)
    assess               -> levels, persons
    FileReport           -> inventory
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, Final

from piiscan.problems import Effect, Problem

__all__ = [
    "OWN_NAME",
    "Cell",
    "Column",
    "Embedded",
    "Exposure",
    "FileReport",
    "Finding",
    "FindingGroup",
    "Hit",
    "Item",
    "ItemType",
    "Level",
    "Line",
    "Location",
    "Outcome",
    "Page",
    "Paragraph",
    "Part",
    "PersonCount",
    "Problem",
    "Reach",
    "Record",
    "RecordKind",
    "Role",
    "Segment",
    "Slide",
    "Table",
    "Unread",
    "cell_name",
    "column_name",
    "group_of",
    "location_from_json",
    "location_to_json",
    "location_to_text",
]

# --------------------------------------------------------------------------- where


class ItemType(StrEnum):
    """What an entry of a folder is."""

    FILE = "file"
    FOLDER = "folder"
    SYMLINK = "symlink"
    SPECIAL = "special"


class Reach(IntEnum):
    """How far a file can be read, from few to many people."""

    ONE = 0
    FEW = 1
    GROUP = 2
    STAFF = 3
    EVERYONE = 4


_REACH_WORDS = {Reach.ONE: "one", Reach.FEW: "a few", Reach.GROUP: "a group", Reach.STAFF: "all staff", Reach.EVERYONE: "everyone"}


@dataclass(frozen=True, slots=True, order=True)
class Exposure:
    """Who can read a file, at most; wider ones sort after narrower ones.

    :ivar people: how many, where the reach is a group whose size is known; else 0.
    """

    reach: Reach
    people: int = 0

    def __str__(self) -> str:
        """The stable words of ``readable_by``: ``one``, ``a few``, ``a group (12)``, ``all staff``, ``everyone``."""
        if self.reach is Reach.GROUP:
            return f"a group ({self.people or '?'})"
        return _REACH_WORDS[self.reach]

    @classmethod
    def parse(cls, words: str) -> Exposure | None:
        """Inverse of ``str``; ``None`` for what is none of its forms (unknown)."""
        if words.startswith("a group (") and words.endswith(")"):
            inner = words[len("a group (") : -1]
            return cls(Reach.GROUP, int(inner) if inner.isdecimal() else 0)
        for reach, word in _REACH_WORDS.items():
            if word == words and reach is not Reach.GROUP:
                return cls(reach)
        return None

    def within(self, folder: Exposure | None) -> Exposure:
        """What is left of it inside a folder that ``folder`` may enter: the narrower of both."""
        return self if folder is None else min(self, folder)


@dataclass(frozen=True, slots=True)
class Item:
    r"""One entry that a source's crawl met.

    :ivar source_id: id of the source (a root); stable between runs and machines.
    :ivar key: path below the root, ``/``-separated, valid Unicode (bytes that are
        not UTF-8 are written ``\\xNN``); stable between runs and machines.
    :ivar native: how the source itself opens it (an OS path, maybe with surrogate
        escapes). Never stored.
    :ivar size: bytes.
    :ivar mtime_ns: modification time, nanoseconds since 1970.
    :ivar change: change number where the system has one (ctime in ns), else 0.
    :ivar owner: account that owns it (a name, or a SID where only that is known).
    :ivar readable_by: an :class:`Exposure` in words; empty while it is not known.
    """

    source_id: str
    key: str
    native: str
    size: int = 0
    mtime_ns: int = 0
    change: int = 0
    type: ItemType = ItemType.FILE
    owner: str = ""
    readable_by: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry that was met and will not be read, and why (link, device, excluded, no permission …)."""

    item: Item
    problem: Problem


# ----------------------------------------------------------------------- locations


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """Line of a text, from 1."""

    number: int


@dataclass(frozen=True, slots=True, order=True)
class Page:
    """Page of a paged document, from 1."""

    number: int


@dataclass(frozen=True, slots=True, order=True)
class Paragraph:
    """Paragraph of a flowing document, from 1."""

    number: int


@dataclass(frozen=True, slots=True, order=True)
class Slide:
    """Slide of a presentation, from 1."""

    number: int


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A named part: ``header``, ``footer``, ``comments``, ``docProps``, ``Subject`` …"""

    name: str


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A cell of a table; row and column from 1. ``sheet`` is empty for CSV."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A whole column of a table, the group of its cells."""

    sheet: str
    column: int


Location = Line | Page | Paragraph | Slide | Part | Cell | Column


def column_name(column: int) -> str:
    """``1 -> A``, ``27 -> AA``."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """``(12, 4) -> D12``."""
    return f"{column_name(column)}{row}"


def location_to_json(location: Location) -> dict[str, Any]:
    """The stable JSON form that ``inspect --jsonl`` prints, e.g. ``{"sheet": "名簿", "cell": "D12"}``."""
    match location:
        case Line(n):
            return {"line": n}
        case Page(n):
            return {"page": n}
        case Paragraph(n):
            return {"paragraph": n}
        case Slide(n):
            return {"slide": n}
        case Part(name):
            return {"part": name}
        case Cell(sheet, row, column):
            cell = {"cell": cell_name(row, column)}
            return {"sheet": sheet, **cell} if sheet else cell
        case Column(sheet, column):
            col = {"column": column_name(column)}
            return {"sheet": sheet, **col} if sheet else col


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def location_from_json(data: Mapping[str, Any]) -> Location:
    """Inverse of :func:`location_to_json`.

    :raises ValueError: when ``data`` is not one of its forms.
    """
    for key, kind in (("line", Line), ("page", Page), ("paragraph", Paragraph), ("slide", Slide)):
        if key in data:
            return kind(int(data[key]))
    if "part" in data:
        return Part(str(data["part"]))
    sheet = str(data.get("sheet", ""))
    if "cell" in data:
        name = str(data["cell"])
        letters = name.rstrip("0123456789")
        return Cell(sheet, int(name[len(letters) :]), _column_number(letters))
    if "column" in data:
        return Column(sheet, _column_number(str(data["column"])))
    raise ValueError(f"not a location: {sorted(data)}")


def location_to_text(location: Location) -> str:
    """Short text for tables that people read: ``名簿!D12``, ``p.3``, ``line 40``."""
    match location:
        case Line(n):
            return f"line {n}"
        case Page(n):
            return f"p.{n}"
        case Paragraph(n):
            return f"paragraph {n}"
        case Slide(n):
            return f"slide {n}"
        case Part(name):
            return name
        case Cell(sheet, row, column):
            return f"{sheet}!{cell_name(row, column)}" if sheet else cell_name(row, column)
        case Column(sheet, column):
            return f"{sheet}!{column_name(column)}" if sheet else column_name(column)


def group_of(location: Location) -> Location:
    """The location that findings are grouped under in the inventory.

    Cells group by column, lines and paragraphs by the whole body, the rest stays.
    """
    match location:
        case Cell(sheet, _, column):
            return Column(sheet, column)
        case Line() | Paragraph():
            return Part("body")
        case _:
            return location


# ----------------------------------------------------------- what extractors yield


class Role(StrEnum):
    """What a text is in its document; detection weighs it."""

    BODY = "body"
    HEADING = "heading"
    HEADER = "header"
    FOOTER = "footer"
    NOTE = "note"
    COMMENT = "comment"
    METADATA = "metadata"
    MAIL_HEADER = "mail_header"
    HIDDEN = "hidden"
    CODE = "code"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Segment:
    r"""A located piece of text, the unit of detection (up to some 16,000 characters).

    Several lines or paragraphs travel in one segment: with a ``Line`` or
    ``Paragraph`` location each ``\\n`` in ``text`` steps to the next number
    (line breaks *inside* a paragraph are written ``\\x0b``). With any other
    location the whole text belongs to it. ``offset`` is where ``text`` begins
    within its first location's text, for a line so long that it was cut.

    ``context`` is text beside it that is not searched but informs (a title, a
    label); ``role`` says what the text is.
    """

    location: Location
    text: str
    role: Role = Role.BODY
    context: str = ""
    offset: int = 0

    def locate(self, start: int) -> tuple[Location, int]:
        """Location of ``text[start]`` and its character offset in that location's text."""
        if isinstance(self.location, Line | Paragraph):
            steps = self.text.count("\n", 0, start)
            if steps:
                kind = type(self.location)
                return kind(self.location.number + steps), start - self.text.rfind("\n", 0, start) - 1
        return self.location, start + self.offset

    def pieces(self) -> Iterator[tuple[Location, str]]:
        """``(location, text)`` of each line or paragraph, in order; what ``extract`` prints."""
        if isinstance(self.location, Line | Paragraph):
            for i, line in enumerate(self.text.split("\n")):
                yield type(self.location)(self.location.number + i), line
        else:
            yield self.location, self.text


@dataclass(frozen=True, slots=True)
class Table:
    """Consecutive rows of a grid, as the extractor met them (no header guessing here).

    A large table comes in several chunks (of at most some 2,000 rows) with the
    same ``sheet`` and rising ``first_row``; ``first_row == 1`` or a new
    ``sheet`` begins a new table. Cells are display text: phone numbers keep
    their leading zeros, integral floats have no ``.0``, dates are
    ``YYYY-MM-DD``. Rows may differ in length. ``first_column`` > 1 when the
    grid does not begin in column A.
    """

    sheet: str
    rows: tuple[tuple[str, ...], ...]
    first_row: int = 1
    first_column: int = 1
    role: Role = Role.BODY

    def cell(self, row: int, column: int) -> Cell:
        """Location of ``rows[row][column]`` (indices from 0)."""
        return Cell(self.sheet, self.first_row + row, self.first_column + column)


@dataclass(frozen=True, slots=True)
class Embedded:
    """Here is another file: an archive member, attachment, embedded object.

    :ivar name: its name inside, as text for people; hostile input, never used as a path.
    :ivar path: where it was spooled (a private folder, a name of our own). The
        engine reads it one level deeper and removes it.
    :ivar head: its first bytes, where they are still at hand: enough to identify it without opening it.
    :ivar held: all of it, where it is short; then ``path`` is only where it is written to when somebody needs a file.
    """

    name: str
    path: Path
    media_type: str = ""
    head: bytes = field(default=b"", repr=False, compare=False)
    held: bytes | None = field(default=None, repr=False, compare=False)

    @property
    def size(self) -> int:
        """Bytes.

        :raises OSError: when it is gone.
        """
        return len(self.held) if self.held is not None else self.path.stat().st_size


# ------------------------------------------------------------------ what is found


class Level(IntEnum):
    """How bad a loss would be. ``none`` findings are kept out of reports."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The stable English word: ``critical`` … ``none``."""
        return self.name.lower()

    @classmethod
    def parse(cls, word: str) -> Level:
        """:raises ValueError: when ``word`` names no level."""
        try:
            return cls[word.upper()]
        except KeyError:
            raise ValueError(f"unknown level {word!r}; one of none, low, medium, high, critical") from None


class RecordKind(StrEnum):
    """What holds the hits of a record together."""

    ROW = "row"  # a row of a columnar table: one person (or none)
    FORM = "form"  # a personal form or key-value document about one person
    SECTION = "section"  # a paragraph, signature, or mail header block
    LOOSE = "loose"  # hits that belong to nobody that we can tell


#: A reason (:attr:`Hit.why`) for a name in kana under the header of a reading: its bearer is not named elsewhere in the row.
OWN_NAME: Final = "no reading of the names beside it"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, with its raw value. Lives only inside the worker that found it.

    ``start``/``end`` are character offsets in ``location``'s text. ``norm`` is
    the value in the form that is compared and fingerprinted (digits only for
    numbers, ISO for dates, no spaces for names). ``why`` are short stable
    reasons without values: ``"check digit passes"``, ``"label 個人番号"``,
    ``"column 氏名 98 %"``.
    """

    entity: str
    location: Location
    start: int
    end: int
    score: float
    recognizer: str
    value: str
    norm: str
    header: str = ""
    why: tuple[str, ...] = ()

    def named(self, norm: str) -> Hit:
        """The same with another compared form."""
        return Hit(self.entity, self.location, self.start, self.end, self.score, self.recognizer, self.value, norm, self.header, self.why)

    def __repr__(self) -> str:
        """Without the value: a hit may end up in a traceback."""
        return f"Hit({self.entity}, {self.location}, {self.start}:{self.end}, {self.score:.2f})"


@dataclass(frozen=True, slots=True)
class Record:
    """Hits that are about the same one person (or about nobody in particular)."""

    kind: RecordKind
    hits: tuple[Hit, ...]
    header: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit after the border: masked and fingerprinted. No raw value.

    :ivar fingerprint: keyed HMAC of the normalised value, hex; equal values of
        one kind have equal fingerprints under one key.
    :ivar record: number of the record in its file (from 1); 0 for none.
    """

    entity: str
    location: Location
    start: int
    end: int
    score: float
    recognizer: str
    masked: str
    fingerprint: str
    level: Level = Level.NONE
    member: str = ""
    header: str = ""
    record: int = 0
    law: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one entity in one location group of one file; a row of the inventory.

    :ivar identity: hash of member, group, header and entity: the same finding
        in the next scan has the same identity.
    :ivar examples: up to three different masks.
    """

    identity: str
    member: str
    group: Location
    header: str
    entity: str
    count: int
    first: Location
    score: float
    level: Level
    law: str
    persons: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonCount:
    """Distinct persons: ``estimate``, whether it is ``exact``, and a mergeable sketch (bytes of a theta sketch)."""

    estimate: int = 0
    exact: bool = True
    sketch: bytes = b""


class Outcome(StrEnum):
    """The one thing that happened to a file that the crawl met."""

    SCANNED = "scanned"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What the inventory accepts for one item, whatever happened to it.

    :ivar digest: SHA-256 of the content, hex; empty when it was not read.
    :ivar format: true format's name (``xlsx``, ``pdf``, ``unknown``), from content.
    """

    item: Item
    format: str = ""
    digest: str = ""
    groups: tuple[FindingGroup, ...] = ()
    persons: PersonCount = PersonCount()
    problems: tuple[Problem, ...] = ()
    level: Level = Level.NONE
    seconds: float = 0.0
    characters: int = 0
    members: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """Derived from the problems: the gravest effect wins; none means scanned."""
        effects = {problem.kind.effect for problem in self.problems}
        if Effect.FAILED in effects:
            return Outcome.FAILED
        if Effect.SKIPPED in effects:
            return Outcome.SKIPPED
        if Effect.PARTIAL in effects:
            return Outcome.PARTIAL
        return Outcome.SCANNED
