"""Pages, counts, facets and sums against what a plain reading of everything says."""

from collections import Counter

import pytest

from piiscan.assess.persons import merge
from piiscan.inventory import Inventory, filters
from piiscan.inventory import pages as pages_module
from piiscan.inventory.pages import Filter
from piiscan.inventory.rows import View
from piiscan.model import Level, Outcome
from piiscan.problems import Problem, ProblemKind, Stage
from tests.inventory import kit
from tests.inventory.kit import new_database

ROOTS = (kit.Root(), kit.Root("b" * 16, "/srv/other"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request, tmp_path_factory):
    """Read only: one of each kind for all the tests."""
    if request.param == "sqlite":
        where = tmp_path_factory.mktemp("pages") / "inventory.db"
    else:
        where = new_database(request.getfixturevalue("postgres_server"))
    with Inventory.open(where) as inventory:
        fill(inventory)
        yield inventory


def fill(inventory):
    reports = kit.many(160)
    others = [kit.replace(r, item=kit.replace(r.item, source_id="b" * 16)) for r in kit.many(40, seed=2)]
    broken = kit.report("営業/壊れ.pdf", source="b" * 16, problems=[Problem(ProblemKind.BROKEN, Stage.EXTRACT)])
    kit.scan(inventory, [*reports, *others, broken], roots=ROOTS)


FILTERS = [
    Filter(),
    Filter(min_level=Level.NONE),
    Filter(min_level=Level.CRITICAL),
    Filter(entity="PERSON"),
    Filter(entity="JP_MY_NUMBER", under="営業"),
    Filter(under="営業/名簿"),
    Filter(under="総務"),
    Filter(source_ids=("b" * 16,)),
    Filter(source_ids=("b" * 16,), under="x/y"),
    Filter(owner="花子"),
    Filter(owner="", entity="EMAIL_ADDRESS"),
    Filter(text="file01"),
    Filter(text="名簿/2026", owner="太郎"),
    Filter(text="100%"),
    Filter(under="ない"),
    Filter(decision="undecided"),
]


@pytest.fixture(params=[20_000, 70, 0], ids=["few", "band", "walk"])
def way(request, monkeypatch):
    """The ways to a page: gather what is few, or what is worst of an owner who has much, or walk."""
    monkeypatch.setattr(filters, "_FEW", request.param)
    if request.param == 70:
        monkeypatch.setattr(filters, "_PATH_MATCHES", 0)
    if not request.param:
        monkeypatch.setattr(filters, "_COUNTED_OF_OWNER", 0)
        monkeypatch.setattr(filters, "_PATH_MATCHES", 0)
        monkeypatch.setattr(pages_module, "WINDOWS", (62, 90))
    return request.param


def all_pages(ask, size=60):
    rows, after = [], ""
    for _ in range(2000):
        page = ask(size, after)
        assert len(page.rows) <= size
        rows += page.rows
        after = page.next
        if not after:
            return rows
    raise AssertionError("no end")


def matches(row, wanted):
    file = row.file
    return (
        row.level >= wanted.min_level
        and (not wanted.source_ids or file.source_id in wanted.source_ids)
        and (not wanted.under or file.path.startswith(wanted.under + "/"))
        and (not wanted.entity or row.entity == wanted.entity)
        and (wanted.owner is None or file.owner == wanted.owner)
        and wanted.text.lower() in file.path.lower()
    )


@pytest.mark.parametrize("order", ["worst", "path"])
def test_pages_of_findings_are_all_that_match_once_and_in_order(filled, order, way):
    everything = list(filled.reader().findings(View(min_level=Level.NONE)))
    for wanted in FILTERS:
        rows = all_pages(lambda size, after, wanted=wanted: filled.pages().findings(wanted, order=order, size=size, after=after))
        expected = [row for row in everything if matches(row, wanted)]
        assert Counter((r.file.file_id, r.identity) for r in rows) == Counter((r.file.file_id, r.identity) for r in expected), wanted
        if order == "worst":
            keys = [(r.level, r.persons, r.count) for r in rows]
            assert keys == sorted(keys, reverse=True), wanted
        else:
            places = [(r.file.source_id, r.file.path.rpartition("/")[0] + "/" * ("/" in r.file.path), r.file.path) for r in rows]
            assert places == sorted(places), wanted
        count = filled.pages().count_findings(wanted)
        assert count.number == len(expected) if count.exact else count.number <= len(expected), wanted
        assert count.exact or not way, wanted


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("order", ["worst", "path"])
def test_pages_of_files(filled, order):
    found = {}
    for row in filled.reader().findings(View(min_level=Level.LOW)):
        found.setdefault(row.file.file_id, []).append(row)
    everything = list(filled.reader().files())
    for wanted in [*FILTERS, Filter(min_level=Level.NONE, outcome=Outcome.FAILED)]:
        rows = all_pages(lambda size, after, wanted=wanted: filled.pages().files(wanted, order=order, size=size, after=after))
        expected = [
            file
            for file in everything
            if file.level >= wanted.min_level
            and (not wanted.source_ids or file.source_id in wanted.source_ids)
            and (not wanted.under or file.path.startswith(wanted.under + "/"))
            and (wanted.owner is None or file.owner == wanted.owner)
            and wanted.text.lower() in file.path.lower()
            and (wanted.outcome is None or file.outcome is wanted.outcome)
            and (not wanted.entity or any(r.entity == wanted.entity and r.level >= wanted.min_level for r in found.get(file.file_id, ())))
        ]
        assert sorted(rows, key=lambda r: r.file_id) == sorted(expected, key=lambda r: r.file_id), wanted
        if order == "worst":
            keys = [(r.level, r.persons, r.findings) for r in rows]
            assert keys == sorted(keys, reverse=True)


def test_facets_count_what_each_choice_would_leave(filled, way):
    everything = list(filled.reader().findings(View(min_level=Level.NONE)))
    for wanted in FILTERS[:9]:
        facets = filled.pages().facets(wanted)
        assert facets.exact
        aside = kit.replace(wanted, min_level=Level.NONE)
        assert facets.levels == dict(Counter(r.level for r in everything if matches(r, aside))), wanted
        kinds = Counter(r.entity for r in everything if matches(r, kit.replace(wanted, entity="")))
        assert {entity: rows for entity, rows, _ in facets.entities} == dict(kinds), wanted
        files = Counter(
            entity for entity, _ in {(r.entity, r.file.file_id) for r in everything if matches(r, kit.replace(wanted, entity=""))}
        )
        assert {entity: number for entity, _, number in facets.entities} == dict(files), wanted
        if not wanted.entity:
            assert dict(facets.owners) == dict(Counter(r.file.owner for r in everything if matches(r, wanted))), wanted
    assert filled.pages().facets(Filter()).outcomes == {Outcome.SCANNED: 200, Outcome.FAILED: 1}
    by_owner = filled.pages().facets(Filter(owner="花子"))
    assert sum(by_owner.levels.values()) == sum(r.file.owner == "花子" for r in everything)
    texted = filled.pages().facets(Filter(text="file01"))
    assert texted.exact or not way
    assert not texted.exact or sum(texted.levels.values()) == sum("File01" in r.file.path for r in everything if r.level > Level.NONE)


def test_folders_say_what_lies_below_them(filled):
    expected = {(row.source_id, row.path): row for row in filled.reader().folders(merge)}
    seen = {}
    waiting = filled.pages().roots()
    assert [row.path for row in waiting] == ["", ""]
    while waiting:
        row = waiting.pop()
        seen[row.source_id, row.path] = row
        for order in ("worst", "path"):
            below = all_pages(
                lambda size, after, row=row, order=order: filled.pages().folders(
                    row.source_id, row.path, order=order, size=size, after=after
                ),
                1,
            )
            key = (lambda r: (-r.level, -r.persons)) if order == "worst" else (lambda r: r.path + "/")
            assert [key(r) for r in below] == sorted(key(r) for r in below)
        waiting += below
        assert filled.pages().folder(row.source_id, row.path) == row
    assert seen == expected
    assert filled.pages().folder("a" * 16, "ない") is None
    assert filled.pages().folders("a" * 16, "ない").rows == ()


def test_persons_of_any_folder_come_from_one_row(filled):
    summary = filled.reader().summary(merge, View(under="営業/名簿"))
    assert filled.pages().persons(merge, Filter(under="営業/名簿")).estimate == summary.persons.estimate > 50
    everything = filled.pages().persons(merge, Filter())
    assert (everything.estimate, everything.exact) == (filled.reader().summary(merge).persons.estimate, True)


def test_sums_follow_each_scan(inventory):
    reports = kit.many(120)
    kit.scan(inventory, reports)
    changed = [kit.less(r) for r in reports[::5]]
    gone = {r.item.key for r in reports[3::7]}
    kept = [r for r in reports if r.item.key not in gone and r.item.key not in {c.item.key for c in changed}]
    fresh = [kit.report("新/深い/所/名簿.xlsx", kit.group(persons=2), persons=(1, 2))]
    kit.scan(inventory, [c for c in changed if c.item.key not in gone] + fresh, unchanged=kept)
    assert not inventory.pages().stale()
    tree = {}
    waiting = inventory.pages().roots()
    while waiting:
        row = waiting.pop()
        tree[row.path] = row
        waiting += inventory.pages().folders(row.source_id, row.path, size=500).rows
    assert tree == {row.path: row for row in inventory.reader().folders(merge)}
    facets = inventory.pages().facets(Filter(min_level=Level.NONE))
    rows = list(inventory.reader().findings(View(min_level=Level.NONE)))
    assert facets.levels == dict(Counter(r.level for r in rows))


def test_a_killed_scan_leaves_sums_that_are_known_to_lag(inventory):
    kit.scan(inventory, kit.many(30))
    with inventory.writer() as writer:
        writer.begin_scan([kit.Root()], kit.VERSIONS)
        writer.report(kit.report("後/から.xlsx", kit.group()), kit.VERSIONS)
        writer.commit()  # and no finish
    assert inventory.pages().stale()
    assert inventory.pages().folder("a" * 16, "後") is None
    assert inventory.roll_up(merge) == 2
    assert not inventory.pages().stale()
    assert inventory.pages().folder("a" * 16, "後").files == 1


def test_one_file_with_everything(filled):
    row = filled.pages().files(Filter(), size=1).rows[0]
    file, found, trouble = filled.pages().file(row.file_id)
    assert file == row
    assert {f.identity for f in found} == {f.identity for f in filled.reader().findings(View(min_level=Level.NONE)) if f.file == row}
    assert trouble == ()
    broken = filled.pages().files(Filter(min_level=Level.NONE, outcome=Outcome.FAILED)).rows[0]
    assert [p.kind for p in filled.pages().file(broken.file_id)[2]] == [ProblemKind.BROKEN]
    assert filled.pages().file(10**9) is None


@pytest.mark.parametrize("after", ["x", "äö", "WyJmcGF0aCJd", "bnVsbA=="])
def test_a_key_that_is_none_is_refused(filled, after):
    with pytest.raises(ValueError, match="not the key"):
        filled.pages().findings(Filter(), after=after)
    other = filled.pages().files(Filter(), size=1).next
    with pytest.raises(ValueError, match="not the key"):
        filled.pages().findings(Filter(), after=other)


def test_persons_of_a_tree_are_exact_up_to_some_thousands_and_within_two_percent_beyond(tmp_path):
    """Lists that overlap: 20 of 4,000 people, each sharing 2,000 with the one before."""
    with Inventory.open(tmp_path / "i.db") as inventory:
        lists = [
            kit.report(f"部{i % 4}/課{i}/名簿.csv", kit.group(count=4000, persons=4000), persons=range(i * 2000, i * 2000 + 4000))
            for i in range(20)
        ]
        kit.scan(inventory, sorted(lists, key=lambda one: one.item.key))
        for i in range(20):
            one = inventory.pages().folder("a" * 16, f"部{i % 4}/課{i}")
            assert (one.persons, one.persons_exact) == (4000, True)
        for i in range(4):  # five lists that do not touch
            one = inventory.pages().folder("a" * 16, f"部{i}")
            assert (one.persons, one.persons_exact) == (20_000, True)
        everybody = inventory.pages().persons(merge, Filter())
        assert not everybody.exact
        assert abs(everybody.estimate - 42_000) <= 0.02 * 42_000
        (root,) = inventory.pages().roots()
        assert (root.persons, root.persons_exact) == (everybody.estimate, False)
