"""What an inventory says when it cannot be used: one sentence with what, where and what to do; nothing stored is lost."""

import sqlite3
from contextlib import closing

import pytest

from piiscan.inventory import Inventory, InventoryError
from piiscan.inventory import store as store_module
from piiscan.inventory.schema import APPLICATION_ID
from tests.inventory import kit


def test_a_file_of_somebody_else_is_not_touched(tmp_path):
    text, other, marked = tmp_path / "a.txt", tmp_path / "b.db", tmp_path / "c.db"
    text.write_text("これは台帳ではない", encoding="utf-8")
    for path, mark in ((other, 0), (marked, APPLICATION_ID)):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE mine (x)")
            connection.execute(f"PRAGMA application_id = {mark}")
            connection.commit()
    for path, says in ((text, "not a piiscan inventory"), (other, "another program"), (marked, "another program")):
        content = path.read_bytes()
        with pytest.raises(InventoryError, match=says) as raised:
            Inventory.open(path)
        assert str(path) in str(raised.value)
        assert path.read_bytes() == content


def test_a_database_of_somebody_else_on_a_server_is_not_touched(postgres_url):
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (x integer)"))
    with pytest.raises(InventoryError, match="another program"):
        Inventory.open(postgres_url)
    assert inspect(engine).get_table_names() == ["mine"]
    engine.dispose()


@pytest.mark.parametrize("damage", [b"\0" * 4096, b"garbage" * 600])
def test_a_damaged_one_says_so(tmp_path, damage):
    path = tmp_path / "i.db"
    with Inventory.open(path) as inventory:
        kit.scan(inventory, kit.many(200))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    with path.open("r+b") as file:
        for at in range(4096, size - 4096, 8192):
            file.seek(at)
            file.write(damage[:4096])
    with pytest.raises(InventoryError, match="damaged; restore it from a backup"), Inventory.open(path) as inventory:
        list(inventory.reader().findings())


def test_one_in_use_says_so_and_goes_on_later(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "_BUSY_MS", 50)
    path = tmp_path / "i.db"
    with Inventory.open(path) as inventory, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InventoryError, match="in use by another program; wait"):
            kit.scan(inventory, kit.many(3))
        other.rollback()
        kit.scan(inventory, kit.many(3))
        assert len(list(inventory.reader().files())) == 3


def test_a_full_disk_says_so_and_what_was_stored_stays(tmp_path):
    path = tmp_path / "i.db"
    with Inventory.open(path) as inventory:
        kit.scan(inventory, kit.many(20))
        before = list(inventory.reader().files())
        with inventory.begin() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

        def full(raw, _record):
            raw.execute(f"PRAGMA max_page_count = {pages + 2}")

        from sqlalchemy import event

        event.listen(inventory._engine, "checkout", lambda raw, record, _proxy: full(raw, record))
        with pytest.raises(InventoryError, match=r"disk of the inventory .* is full; free some space") as raised:
            kit.scan(inventory, [kit.moved(r, "新/" * 20 + r.item.key) for r in kit.many(900)])
        assert str(path) in str(raised.value)
    with Inventory.open(path) as inventory:
        assert [f for f in inventory.reader().files() if f.path in {b.path for b in before}] == before


def test_a_read_only_one_is_read_and_not_written(tmp_path):
    path = tmp_path / "i.db"
    with Inventory.open(path) as inventory:
        kit.scan(inventory, kit.many(5))
    with Inventory.open(path, readonly=True) as inventory:
        assert len(list(inventory.reader().files())) == 5
        assert inventory.pages().roots()[0].files == 5
        with pytest.raises(InventoryError, match="may not be written; check its permissions"):
            kit.scan(inventory, kit.many(1))


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("none/i.db", "its folder does not exist; make the folder first"),
        (".", "is a folder; give a file"),
        ("sqlite://", "in memory would be lost"),
        ("post gres://", "cannot be understood"),
        ("nosuchdatabase://user@host/name", "no driver for nosuchdatabase"),
        ("postgresql://user:geheim@127.0.0.1:1/name", "no PostgreSQL server answers"),
    ],
)
def test_a_place_where_there_can_be_none(tmp_path, where, says):
    with pytest.raises(InventoryError, match=says) as raised:
        Inventory.open(where if "://" in where else tmp_path / where)
    assert "geheim" not in str(raised.value)


def test_every_writer_must_have_the_same_key(inventory, tmp_path):
    inventory.bind_key("mark", tmp_path / "a.key")
    inventory.bind_key("mark", tmp_path / "a.key")
    with pytest.raises(InventoryError, match=r"begun with another key than .*b\.key; put a copy of that key there"):
        inventory.bind_key("other", tmp_path / "b.key")


def test_files_of_a_batch_are_looked_up_by_the_index_alone(tmp_path):
    """Else each batch of a first scan runs through all that was written before it."""
    from sqlalchemy import text

    from piiscan.inventory import writer

    with Inventory.open(tmp_path / "i.db") as inventory:
        kit.scan(inventory, kit.many(50))
        with inventory.begin() as connection:
            asked = writer._EXISTING.params(source=1, folder="a/", names=["b", "c"])
            words = str(asked.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
            plan = [row.detail for row in connection.execute(text("EXPLAIN QUERY PLAN " + words))]
    assert len(plan) == 1
    assert "(source=? AND folder=? AND name=?)" in plan[0]
