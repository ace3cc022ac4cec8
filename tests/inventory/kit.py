"""Makes reports of invented files, and writes scans of them, without reading a document."""

import hashlib
import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from piiscan.assess.groups import identity_of
from piiscan.assess.persons import PersonCounter, merge
from piiscan.inventory import Inventory
from piiscan.model import Column, FileReport, Finding, FindingGroup, Item, Level, Part, PersonCount, RecordKind
from piiscan.problems import Problem

VERSIONS = "test rules=1"


@dataclass(frozen=True)
class Root:
    source_id: str = "a" * 16
    root: str = "/srv/share"


def person(number: int) -> Finding:
    print_ = hashlib.sha256(b"person %d" % number).hexdigest()[:32]
    return Finding("PERSON", Part("body"), 0, 4, 0.9, "names", "山*太*", print_)


def people(numbers: Iterable[int]) -> PersonCount:
    """Different persons, by number."""
    counter = PersonCounter()
    for number in numbers:
        counter.add([person(number)], RecordKind.FORM)
    return counter.result()


def group(entity="PERSON", level=Level.MEDIUM, *, count=1, persons=1, column=1, header="", member="", law="") -> FindingGroup:
    place = Column("名簿", column)
    return FindingGroup(
        identity_of(member, place, header, entity), member, place, header, entity, count, place, 0.9, level, law, persons, ("山*太*",)
    )


def report(
    key,
    *groups,
    source="a" * 16,
    content="",
    persons=(),
    problems: Sequence[Problem] = (),
    owner="",
    readable_by="",
    mtime=1,
    characters=10,
):
    """What reading a file said. ``content`` stands for its bytes (its key by default)."""
    data = (content or key).encode()
    item = Item(source, key, "", len(data), mtime, 0, owner=owner, readable_by=readable_by)
    return FileReport(
        item,
        format="xlsx",
        digest=hashlib.sha256(data).hexdigest(),
        groups=tuple(groups),
        persons=people(persons),
        problems=tuple(problems),
        level=max((g.level for g in groups), default=Level.NONE),
        characters=characters,
    )


def scan(
    inventory: Inventory, reports, *, roots: Sequence[Root] = (Root(),), complete=True, unchanged=(), versions=VERSIONS, full=False
) -> int:
    """One scan that met these files, in walking order, and those that are unchanged."""
    with inventory.writer() as writer:
        scan_id = writer.begin_scan(roots, versions, full=full)
        for one in reports:
            writer.report(one, versions)
        for one in unchanged:
            writer.unchanged(one.item)
        writer.finish(complete, {}, merge)
    return scan_id


def moved(one: FileReport, key: str) -> FileReport:
    """The same file elsewhere."""
    return replace(one, item=replace(one.item, key=key))


def less(one: FileReport) -> FileReport:
    """The same file later, with only the first of its findings."""
    kept = one.groups[:1]
    return replace(one, groups=kept, level=max((g.level for g in kept), default=Level.NONE), item=replace(one.item, mtime_ns=2))


def many(count: int, seed: int = 1) -> list[FileReport]:
    """Invented files in several folders and of several owners, each with up to four findings."""
    rng = random.Random(seed)
    kinds = [
        ("PERSON", Level.MEDIUM),
        ("CREDIT_CARD", Level.CRITICAL),
        ("EMAIL_ADDRESS", Level.LOW),
        ("GENDER", Level.NONE),
        ("JP_MY_NUMBER", Level.CRITICAL),
    ]
    made = []
    for i in range(count):
        folder = rng.choice(["", "営業/", "営業/名簿/", "営業/名簿/2026/", "総務/", "総務0/", "総務/A b/", "x/y/z/"])
        found = [
            group(entity, level, count=rng.randint(1, 9), persons=rng.randint(0, 5), column=n + 1)
            for n, (entity, level) in enumerate(rng.sample(kinds, rng.randint(0, 4)))
        ]
        persons = [rng.randint(1, 200) for _ in range(5)] if found else ()
        made.append(
            report(
                f"{folder}File{i:03d}.xlsx",
                *found,
                persons=persons,
                owner=rng.choice(["", "花子", "太郎", "次郎"]),
                readable_by=rng.choice(["", "one", "a group (12)", "a group (7)", "everyone"]),
            )
        )
    return sorted(made, key=lambda one: (one.item.key.rpartition("/")[0] + "/" * ("/" in one.item.key), one.item.key))


def _url(home: str, name: str) -> str:
    return f"postgresql+pg8000://piiscan@/{name}?unix_sock={home}/.s.PGSQL.5432"


def new_database(postgres_server: str) -> str:
    """URL of a new, empty database."""
    import pg8000.native

    name = "t" + uuid.uuid4().hex[:12]
    connection = pg8000.native.Connection("piiscan", database="postgres", unix_sock=f"{postgres_server}/.s.PGSQL.5432")
    connection.run(f"CREATE DATABASE {name}")
    connection.close()
    return _url(postgres_server, name)
