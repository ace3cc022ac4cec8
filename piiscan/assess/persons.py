"""How many different people, by the rows and records that name them.

Who is one person
-----------------
A person is known by the keyed fingerprint of the name (no raw value reaches
this module). Within a file two records of one name are two people when a strong
sign differs (birth date, My Number, employee number; in rows of a table also
when every telephone number, e-mail and address that both have differs; in prose
a birth date right behind the name), else one. A reading (フリガナ) beside a name is
the same person, and so is one in another table beside the same employee number. A record without a name
counts by its first personal number, unless that number stands beside a name
elsewhere in the file, or is the only one of its kind in a paper of one person.
Who bears a reason of ``counting: nobody:`` is not counted: the dead, for 個人情報 is of the living (法 2条1項), and people of history. A record in
which nobody else is named is about nobody.

What is kept, and why it merges
-------------------------------
For each name the sample keeps *how many people of that name* there are. Two
files are merged name by name with the larger of both counts, so the same list
in five files, with or without some of its columns, counts once. It errs this
way: two different 佐藤健 who only ever appear in *different* files are counted
as one (some one in a hundred of ten thousand people), and one person who is
written by name in one file and only by number in another is counted as two. Keys that mix in
the birth date err the other way, and far more: the same person in a list with
telephone numbers and in one with birth dates would be two.

Memory is bounded: up to :data:`CAPACITY` names are kept and the count is exact;
beyond that only names whose fingerprint lies below a threshold that is halved
each time (a theta sketch, Dasgupta et al. 2016, whose hash is the fingerprint
itself, a keyed HMAC and so uniform). At least half the capacity stays: relative
standard error at most 1/√16384 = 0.8 %. The ``datasketches`` theta sketch cannot
carry the number of namesakes, and its tuple sketch leaves warnings of leaked
objects on stderr at exit; the sample here is a dictionary and a threshold.
"""

from __future__ import annotations

import struct
from bisect import insort
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from piiscan.assess.levels import Counting, load_level_rules
from piiscan.model import OWN_NAME, Finding, PersonCount, RecordKind

__all__ = ["CAPACITY", "PersonCounter", "merge"]

#: Names kept before sampling begins.
CAPACITY: Final = 32_768
_MAGIC: Final = b"PP1"
_HEAD: Final = struct.Struct(">3sBII")  # magic, halvings, names, names with more than one person
_MORE: Final = struct.Struct(">IH")  # index of the name, persons of that name
_FULL: Final = 1 << 64
_MOST_NAMESAKES: Final = 0xFFFF
#: Namesakes of one name that are told apart; more are counted as the last.
_TOLD_APART: Final = 2_000
#: More namesakes than this get an index.
_ONE_BY_ONE: Final = 12
#: Scores up to this have the addresses of offices (info@).
_ROLE_ADDRESS: Final = 0.6
#: A birth date no farther behind a name in prose is that of its bearer.
_BORN_BEHIND: Final = 16

#: A value by its kind, as the first half of its fingerprint.
_Signs = dict[str, int]


class _Namesake:
    """One person of a name, and the signs seen of them."""

    __slots__ = ("signs",)

    def __init__(self, signs: _Signs) -> None:
        self.signs: dict[str, tuple[int, ...]] = {kind: (value,) for kind, value in signs.items()}

    def new_in(self, signs: _Signs) -> _Signs:
        """Those of the signs that are news and are worth keeping: at most four of a kind."""
        known = self.signs
        return {kind: value for kind, value in signs.items() if value not in (seen := known.get(kind, ())) and len(seen) < 4}

    def learn(self, signs: _Signs) -> None:
        for kind, value in signs.items():
            self.signs[kind] = (*self.signs.get(kind, ()), value)

    def fits(self, signs: _Signs, unique: frozenset[str], *, row: bool) -> bool:
        """Whether a record with these signs may be of this person."""
        usual_differ = False
        equal = False
        for sign, value in signs.items():
            known = self.signs.get(sign)
            if known is None:
                continue
            if value in known:
                equal = True
            elif sign in unique:
                return False
            else:
                usual_differ = True
        return equal or not usual_differ or not row


class _Group:
    """Namesakes of whom the same kinds of signs are known: their ranks, all and by kind and value of a sign, in order."""

    __slots__ = ("ranks", "with_sign")

    def __init__(self) -> None:
        self.ranks: list[int] = []
        self.with_sign: dict[str, dict[int, tuple[int, ...]]] = {}

    def with_one(self, kind: str, value: int) -> tuple[int, ...]:
        """Ranks of those who have that value of a kind."""
        return self.with_sign.get(kind, {}).get(value, ())


class _Namesakes:
    """All persons of one name. Few are looked at one by one; many (a list with surnames alone) by an index of their signs.

    :param kanji: whether the name is written in kanji.
    """

    __slots__ = ("_groups", "kanji", "people")

    def __init__(self, signs: _Signs, *, kanji: bool = False) -> None:
        self.people = [_Namesake(signs)]
        self.kanji = kanji
        self._groups: dict[frozenset[str], _Group] | None = None

    def rank_of(self, signs: _Signs, unique: frozenset[str], *, row: bool) -> int:
        """The first person whom a record with these signs fits, who learns them; else a new one, or the last when there are too many."""
        rank = self._first(signs, unique, row=row)
        if rank is not None:
            if not (news := self.people[rank].new_in(signs)):
                return rank
            if self._groups is not None:
                self._leave(rank)
            self.people[rank].learn(news)
        elif len(self.people) < _TOLD_APART:
            rank = len(self.people)
            self.people.append(_Namesake(signs))
        else:
            return len(self.people) - 1
        if self._groups is not None:
            self._enter(rank)
        elif len(self.people) > _ONE_BY_ONE:
            self._groups = {}
            for each in range(len(self.people)):
                self._enter(each)
        return rank

    def _first(self, signs: _Signs, unique: frozenset[str], *, row: bool) -> int | None:
        if self._groups is None:
            return next((i for i, person in enumerate(self.people) if person.fits(signs, unique, row=row)), None)
        found: list[int] = []
        for kinds, group in self._groups.items():
            common = kinds & signs.keys()
            deciding = common & unique
            if deciding:  # only those can fit who have one of the same value
                fewest = min((group.with_one(kind, signs[kind]) for kind in deciding), key=len)
                found += [rank for rank in fewest if self.people[rank].fits(signs, unique, row=row)][:1]
            elif row and common:  # nothing can contradict; one of the same value is wanted
                found += [ranks[0] for kind in common if (ranks := group.with_one(kind, signs[kind]))]
            else:
                found += group.ranks[:1]
        return min(found, default=None)

    def _enter(self, rank: int) -> None:
        assert self._groups is not None
        signs = self.people[rank].signs
        group = self._groups.setdefault(frozenset(signs), _Group())
        insort(group.ranks, rank)
        for kind, values in signs.items():
            ranks = group.with_sign.setdefault(kind, {})
            for value in values:
                before = ranks.get(value, ())
                ranks[value] = (*before, rank) if not before or before[-1] < rank else tuple(sorted((*before, rank)))

    def _leave(self, rank: int) -> None:
        assert self._groups is not None
        signs = self.people[rank].signs
        group = self._groups[frozenset(signs)]
        group.ranks.remove(rank)
        for kind, values in signs.items():
            ranks = group.with_sign[kind]
            for value in values:
                ranks[value] = tuple(other for other in ranks[value] if other != rank)


class PersonCounter:
    """Counts distinct persons of one file (or of any findings, record by record). Bounded memory.

    :param counting: who counts as one person (default: ``recognizers/levels.yaml``).
    """

    def __init__(self, counting: Counting | None = None, capacity: int = CAPACITY) -> None:
        rules = counting or load_level_rules().counting
        self._identified_by = {entity: rank for rank, entity in enumerate(rules.identified_by)}
        self._unique = frozenset(rules.unique)
        self._usual = frozenset(rules.usual)
        self._one_bearer = frozenset(rules.one_bearer)
        self._nobody = frozenset(rules.nobody)
        self._reading = tuple(word.lower() for word in rules.reading_headers)
        self._other = tuple(rules.other_headers)
        self._headers: dict[str, tuple[bool, bool]] = {}
        self._capacity = capacity
        self._halvings = 0
        self._threshold = _FULL
        self._names: dict[int, _Namesakes] = {}
        self._last: dict[str, int] = {}
        self._last_subjects: tuple[int, ...] = ()
        self._named = False
        # what those are known by who are not named: their hash to kind and value
        self._unnamed: dict[int, tuple[str, int]] = {}
        self._addresses: set[str] = set()

    # ------------------------------------------------------------------- public

    def add(self, findings: Sequence[Finding], kind: RecordKind) -> None:
        """The findings of one record."""
        self._last = {}
        self._last_subjects = ()
        names = self._names_in(findings)
        if names:
            self._named, self._addresses = True, set()
            self._add_names(names, findings, kind)
            return
        if any(self._is_nobody(f) for f in findings) and kind is not RecordKind.LOOSE:
            return  # the number of the policy is that of the dead
        if not self._named and kind in {RecordKind.SECTION, RecordKind.LOOSE} and len(self._addresses) < self._capacity:
            self._addresses.update(f.fingerprint for f in findings if f.entity == "EMAIL_ADDRESS" and f.score > _ROLE_ADDRESS)
        best: Finding | None = None
        for finding in findings:
            rank = self._identified_by.get(finding.entity)
            if finding.entity == "EMAIL_ADDRESS" and (
                finding.score <= _ROLE_ADDRESS or kind is RecordKind.SECTION or _is_said(finding, kind)
            ):
                continue
            if rank is not None and (best is None or rank < self._identified_by[best.entity]):
                best = finding
        if best is not None and kind is not RecordKind.LOOSE:
            several = kind is RecordKind.SECTION and best.entity in self._unique  # passports one below the other
            numbers = {f.fingerprint: f for f in findings if f.entity == best.entity} if several else {best.fingerprint: best}
            self._last_subjects = tuple(self._note_unnamed(number, kind) for _, number in sorted(numbers.items()))

    def _note_unnamed(self, finding: Finding, kind: RecordKind) -> int:
        key = self._note(finding, {}, kind)
        if len(self._unnamed) < self._capacity:
            self._unnamed.setdefault(key >> 16, (finding.entity, int(finding.fingerprint[:12], 16)))
        return key

    def keys_of(self, finding: Finding) -> tuple[int, ...]:
        """Keys of the persons that a finding of the record added last is about; equal keys, equal persons."""
        if self._is_nobody(finding):
            return ()
        if finding.entity == "PERSON":
            key = self._last.get(finding.fingerprint)
            return self._last_subjects[:1] if key is None else (key,)
        return self._last_subjects

    def result(self) -> PersonCount:
        """The count so far, with its mergeable sample."""
        known = self._known()
        again = self._once_more()
        counts = {h: count for h, namesakes in self._names.items() if h not in known and (count := len(namesakes.people) - again.get(h, 0))}
        if not self._named and len(self._addresses) > 1:  # a list for a mailing: nobody is named, and every address is somebody's
            for h in (int(address[:16], 16) for address in self._addresses):
                if h < self._threshold:
                    counts.setdefault(h, 1)
        return _count(counts, self._halvings)

    def _known(self) -> set[int]:
        """Those of the unnamed who are named all the same.

        Their number stands beside a name elsewhere (a log of staff numbers and the list of the staff), or there is one person in the file
        and one number of a kind (a payslip).
        """
        if not self._unnamed or not self._named:
            return set()
        named = [namesakes for h, namesakes in self._names.items() if h not in self._unnamed]
        wanted = set(self._unnamed.values())
        if len(named) == 1 and len(named[0].people) == 1 and len({kind for kind, _ in wanted}) == len(wanted):
            return set(self._unnamed)
        beside = {
            (kind, value)
            for namesakes in named
            for person in namesakes.people
            for kind, values in person.signs.items()
            for value in values
            if (kind, value) in wanted
        }
        return {h for h, sign in self._unnamed.items() if sign in beside}

    def _once_more(self) -> dict[int, int]:
        """How many persons of a name in kana or Latin letters are those of a name in kanji who have the same number in another table."""
        others = {h: namesakes for h, namesakes in self._names.items() if not namesakes.kanji and h not in self._unnamed}
        if not others or len(others) == len(self._names):
            return {}
        numbers = {
            sign
            for namesakes in self._names.values()
            if namesakes.kanji
            for person in namesakes.people
            for sign in person.signs.items()
            if sign[0] in self._one_bearer
        }
        if not numbers:
            return {}
        return {h: sum(not numbers.isdisjoint(person.signs.items()) for person in namesakes.people) for h, namesakes in others.items()}

    # ------------------------------------------------------------------ a record

    def _header(self, header: str) -> tuple[bool, bool]:
        """``(a reading, somebody else)`` by its header."""
        known = self._headers.get(header)
        if known is None:
            low = header.lower()
            known = (any(word in low for word in self._reading), any(word in header for word in self._other))
            if len(self._headers) < 4_096:
                self._headers[header] = known
        return known

    def _names_in(self, findings: Sequence[Finding]) -> list[Finding]:
        """One finding for each different name, readings of another name left out; the record's subject first."""
        persons = [f for f in findings if f.entity == "PERSON"]
        nobody = {f.fingerprint for f in persons if self._is_nobody(f)}
        if nobody:  # … nor whoever has the same name or reading in the record
            persons = [f for f in persons if f.fingerprint not in nobody]
        if len(persons) <= 1:
            return persons
        names: dict[str, Finding] = {}
        readings: list[Finding] = []
        for finding in persons:
            if self._is_reading(finding):
                readings.append(finding)
            else:
                names.setdefault(finding.fingerprint, finding)
        if not names:
            return readings[:1]
        ordered = list(names.values())
        ordered.sort(key=lambda f: self._header(f.header)[1])  # stable: the row's own people before 担当者
        for reading in readings:
            self._last[reading.fingerprint] = -1
        return ordered

    def _is_nobody(self, finding: Finding) -> bool:
        return finding.entity == "PERSON" and not self._nobody.isdisjoint(finding.why)

    def _is_reading(self, finding: Finding) -> bool:
        """By its header, unless it is in kanji or nobody's reading; a reading elsewhere has the compared form of its name by now."""
        if OWN_NAME in finding.why:
            return False
        columns = [reason for reason in finding.why if reason.startswith("column ")]
        if columns and not any(self._header(column)[0] for column in columns):
            return False  # of the two lines of a cell under ふりがな・氏名, the one of 氏名
        return bool(finding.header) and self._header(finding.header)[0] and not _in_kanji(finding)

    def _add_names(self, names: list[Finding], findings: Sequence[Finding], kind: RecordKind) -> None:
        signs: _Signs = {}
        own = [f for f in names if not self._header(f.header)[1]]
        if kind in {RecordKind.ROW, RecordKind.FORM} and own:
            for finding in findings:
                if finding.entity in self._unique or (finding.entity in self._usual and kind is RecordKind.ROW):
                    signs.setdefault(finding.entity, int(finding.fingerprint[:12], 16))
        born = self._born_behind(findings) if kind is RecordKind.SECTION else {}
        subjects = []
        for i, name in enumerate(names):
            for date in born.pop(name.fingerprint, ()):  # 山田太郎（S50.4.1）, and on the next line another of that name
                subjects.append(self._note(name, {"DATE_OF_BIRTH": date}, kind))
            key = self._note(name, signs if i == 0 else {}, kind)
            self._last[name.fingerprint] = key
            subjects.append(key)
        subjects = list(dict.fromkeys(subjects))
        self._last = {print_: subjects[0] if key == -1 else key for print_, key in self._last.items()}
        self._last_subjects = tuple(subjects[:1]) if kind is not RecordKind.SECTION else tuple(subjects)

    def _born_behind(self, findings: Sequence[Finding]) -> dict[str, list[int]]:
        """Birth dates right behind a name in the same paragraph or line, by the name's fingerprint."""
        born: dict[str, list[int]] = {}
        ordered = sorted((f for f in findings if f.entity in {"PERSON", "DATE_OF_BIRTH"}), key=lambda f: (str(f.location), f.start))
        for name, date in pairwise(ordered):
            if (name.entity, date.entity) != ("PERSON", "DATE_OF_BIRTH") or name.location != date.location:
                continue
            if 0 <= date.start - name.end <= _BORN_BEHIND:
                born.setdefault(name.fingerprint, []).append(int(date.fingerprint[:12], 16))
        return born

    # ------------------------------------------------------------------ the sample

    def _note(self, finding: Finding, signs: _Signs, kind: RecordKind) -> int:
        """Key of the person of that name (or number) and those signs: the name's hash and the rank among its namesakes."""
        h = int(finding.fingerprint[:16], 16)
        if h >= self._threshold:
            return h << 16
        namesakes = self._names.get(h)
        if namesakes is None:
            self._names[h] = _Namesakes(signs, kanji=_in_kanji(finding))
            if len(self._names) > self._capacity:
                self._halve()
            return h << 16
        namesakes.kanji = namesakes.kanji or _in_kanji(finding)
        return h << 16 | namesakes.rank_of(signs, self._unique, row=kind is RecordKind.ROW)

    def _halve(self) -> None:
        while len(self._names) > self._capacity:
            self._halvings += 1
            self._threshold = _FULL >> self._halvings
            self._names = {h: namesakes for h, namesakes in self._names.items() if h < self._threshold}


def _is_said(finding: Finding, kind: RecordKind) -> bool:
    """Whether a value stands in the text of a row, not for itself in a column: an address that somebody gives in a chat."""
    return kind is RecordKind.ROW and bool(finding.header) and not any(reason.startswith("column ") for reason in finding.why)


def _in_kanji(finding: Finding) -> bool:
    """Whether a name is written in kanji, as far as its mask shows."""
    return any("㐀" <= ch <= "鿿" for ch in finding.masked)


# ------------------------------------------------------------------------- the sketch


def _count(counts: dict[int, int], halvings: int) -> PersonCount:
    if not counts:
        return PersonCount()
    ordered = sorted(counts)
    more = [(i, counts[h]) for i, h in enumerate(ordered) if counts[h] > 1]
    sketch = b"".join(
        (
            _HEAD.pack(_MAGIC, halvings, len(ordered), len(more)),
            struct.pack(f">{len(ordered)}Q", *ordered),
            *(_MORE.pack(i, min(n, _MOST_NAMESAKES)) for i, n in more),
        )
    )
    return PersonCount(sum(counts.values()) << halvings, halvings == 0, sketch)


def _read(sketch: bytes) -> tuple[dict[int, int], int]:
    try:
        magic, halvings, names, more = _HEAD.unpack_from(sketch)
        if magic != _MAGIC or halvings > 63:
            raise ValueError("not a person sketch of this version")
        counts = dict.fromkeys(struct.unpack_from(f">{names}Q", sketch, _HEAD.size), 1)
        ordered = list(counts)
        at = _HEAD.size + 8 * names
        for i in range(more):
            index, n = _MORE.unpack_from(sketch, at + i * _MORE.size)
            counts[ordered[index]] = n
    except (struct.error, IndexError) as error:
        raise ValueError("a person sketch that is cut short") from error
    return counts, halvings


def merge(sketches: Iterable[bytes], capacity: int = CAPACITY) -> PersonCount:
    """Distinct persons over many files: the same name counts once, with the most namesakes that one file has.

    :param sketches: :attr:`~piiscan.model.PersonCount.sketch` of each; empty ones are nobody.
    :raises ValueError: when one of them is no sketch of ours.
    """
    merged: dict[int, int] = {}
    halvings = 0
    for sketch in sketches:
        if not sketch:
            continue
        counts, theirs = _read(sketch)
        if theirs > halvings:
            halvings = theirs
            merged = _below(merged, halvings)
        limit = _FULL >> halvings
        for h, n in counts.items():
            if h < limit and n > merged.get(h, 0):
                merged[h] = n
        while len(merged) > capacity:
            halvings += 1
            merged = _below(merged, halvings)
    return _count(merged, halvings)


def _below(counts: dict[int, int], halvings: int) -> dict[int, int]:
    limit = _FULL >> halvings
    return {h: n for h, n in counts.items() if h < limit}
