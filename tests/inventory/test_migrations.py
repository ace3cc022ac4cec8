"""An inventory of every earlier piiscan comes here whole."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from piiscan.assess.persons import merge
from piiscan.inventory import Inventory, InventoryError, maintain
from piiscan.inventory.difference import differences
from piiscan.inventory.rows import View
from piiscan.inventory.schema import REVISIONS, metadata
from piiscan.model import Level

OLD = Path(__file__).with_name("data") / "revision-0001.db.gz"


@pytest.fixture
def old(tmp_path):
    """Made by revision 0001: two scans of 26 files of the sample share, of which one was missed by the second."""
    file = tmp_path / "old.db"
    file.write_bytes(gzip.decompress(OLD.read_bytes()))
    return file


def counts(file):
    with closing(sqlite3.connect(file)) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        ]
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def test_nothing_that_was_in_it_is_lost(old):
    before = counts(old)
    with Inventory.open(old) as inventory:
        assert len(list(inventory.reader().findings(View(min_level=Level.NONE)))) > 50
    after = counts(old)
    for name, number in before.items():
        assert after[name] == number + (name == "meta"), name
    assert (before["files"], before["findings"]) == (26, 85)


def test_it_is_sound_and_lives_on(old):
    with Inventory.open(old) as inventory:
        assert inventory.pages().stale()
        assert inventory.roll_up(merge) > 0
        assert list(maintain.check(inventory)) == []
        (root,) = inventory.pages().roots()
        assert (root.files, root.persons) == (25, inventory.reader().summary(merge).persons.estimate)
        assert list(differences(inventory, 2, 2)) == []
        with pytest.raises(InventoryError, match="history begins with scan 2"):
            list(differences(inventory, 1, 2))
    with Inventory.open(old) as inventory:  # a second time there is nothing to do
        assert not inventory.pages().stale()


def test_it_is_not_touched_when_only_read(old):
    content = old.read_bytes()
    with pytest.raises(InventoryError, match="earlier piiscan"):
        Inventory.open(old, readonly=True)
    assert old.read_bytes() == content


def test_the_tables_are_those_of_the_schema(inventory):
    """Migrated or new, SQLite or PostgreSQL."""
    with inventory.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrated_tables_too(old):
    with Inventory.open(old) as inventory, inventory.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_there_is_a_file_of_each_earlier_revision():
    assert [f"revision-{revision}.db.gz" for revision in REVISIONS[:-1]] == sorted(p.name for p in OLD.parent.glob("*.gz"))


def test_one_of_a_newer_piiscan_is_left_alone(old):
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    content = old.read_bytes()
    with pytest.raises(InventoryError, match="newer piiscan; update piiscan"):
        Inventory.open(old)
    assert old.read_bytes() == content
