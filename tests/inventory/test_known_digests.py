"""What a worker is told of content that was read elsewhere, asked of memory where the scan knows all that is in the inventory."""

import contextlib

import pytest

from piiscan.inventory import Inventory, contents
from tests.inventory.kit import VERSIONS, Root, report, scan


@pytest.fixture
def store(tmp_path):
    with Inventory.open(tmp_path / "inv.db") as opened:
        yield opened


@pytest.fixture
def queries(store, monkeypatch):
    """The sizes that the database was asked for."""
    asked = []
    statement = contents._DIGESTS_OF
    begin = store.begin

    class Watched:
        def __init__(self, connection):
            self._connection = connection

        def execute(self, query, *arguments):
            if query is statement:
                asked.append(arguments[0]["size"])
            return self._connection.execute(query, *arguments)

        def __getattr__(self, name):
            return getattr(self._connection, name)

    @contextlib.contextmanager
    def watched(*, write=False):
        with begin(write=write) as connection:
            yield connection if write else Watched(connection)

    monkeypatch.setattr(store, "begin", watched)
    return asked


def told(writing, one):
    return writing.digests_known(one.item.size, VERSIONS)


def test_in_a_new_inventory_nothing_is_asked_of_the_database(store, queries):
    first, twin, other, unread = report("a/1.txt", content="same"), report("a/2.txt", content="same"), report("b.txt"), report("c.txt")
    with store.writer() as writing:
        writing.begin_scan([Root()], VERSIONS)
        writing.report(first, VERSIONS)  # before anything was asked
        assert told(writing, twin) == {first.digest}
        writing.commit()
        writing.report(other, VERSIONS)
        writing.commit()
        assert told(writing, other) == {other.digest}
        assert told(writing, twin) == {first.digest}
        assert writing.digests_known(unread.item.size + 999, VERSIONS) == frozenset()
    assert queries == []


def test_what_an_earlier_scan_read_is_asked_of_the_database(store, queries):
    before = report("old.txt", content="twelve chars")
    scan(store, [before])
    with store.writer() as writing:
        writing.begin_scan([Root()], VERSIONS)
        assert told(writing, before) == {before.digest}
        now = report("now.txt", content="another size")
        writing.report(now, VERSIONS)
        assert told(writing, now) == {before.digest, now.digest}
    assert queries == [before.item.size]


def test_beyond_what_is_held_the_database_is_asked_and_nothing_is_missed(store, queries, monkeypatch):
    monkeypatch.setattr(contents, "_DIGESTS_FIRST", 3)
    reports = [report(f"{i}.txt", content="x" * (i + 1)) for i in range(8)]
    with store.writer() as writing:
        writing.begin_scan([Root()], VERSIONS)
        assert told(writing, reports[0]) == frozenset()
        for one in reports:
            writing.report(one, VERSIONS)
        writing.commit()
        assert [told(writing, one) for one in reports] == [{one.digest} for one in reports]
    assert 0 < len(queries) < len(reports)


def test_when_too_many_are_held_they_are_forgotten_and_asked_for(store, queries, monkeypatch):
    monkeypatch.setattr(contents, "_DIGESTS_HELD", 4)
    reports = [report(f"{i}.txt", content="x" * (i + 1)) for i in range(8)]
    with store.writer() as writing:
        writing.begin_scan([Root()], VERSIONS)
        assert told(writing, reports[0]) == frozenset()
        for one in reports:
            writing.report(one, VERSIONS)
        writing.commit()
        asked = report("asked.txt", content="y" * 1)
        assert told(writing, asked) == {reports[0].digest}
        assert [told(writing, one) for one in reports] == [{one.digest} for one in reports]
