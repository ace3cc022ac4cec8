"""Check, retention, backup while in use, export and import between databases."""

import datetime as dt
import stat
import sys

import pytest

from piiscan.assess.persons import merge
from piiscan.inventory import Inventory, InventoryError, maintain
from piiscan.inventory.decisions import Verdict
from piiscan.inventory.difference import differences
from tests.inventory import kit


@pytest.fixture
def lived(inventory):
    """Two scans with changes, and a decision."""
    reports = kit.many(40)
    kit.scan(inventory, reports)
    kit.scan(inventory, [kit.less(r) for r in reports[:10]], unchanged=reports[20:])
    worst = next(iter(inventory.reader().worst_findings(1)))
    inventory.decisions().add(worst.file.file_id, Verdict.CONFIRMED, reason="実データ", by="佐藤")
    return inventory


def everything(inventory):
    return (
        list(inventory.reader().findings()),
        list(inventory.reader().files()),
        list(inventory.reader().folders(merge)),
        inventory.reader().scans(),
        list(inventory.decisions().list(everything=True)),
        list(differences(inventory, 1, 2)),
        inventory.pages().roots(),
    )


def test_a_sound_inventory_has_no_faults(lived):
    assert list(maintain.check(lived)) == []


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE files SET outcome = 'lost' WHERE id = 1", "the outcome 'lost', which does not exist"),
        ("UPDATE files SET findings = findings + 1 WHERE id = 1", "file 1 does not have the findings"),
        ("DELETE FROM seen WHERE file = 3", "met by no scan"),
        ("UPDATE scans SET outcomes = '{\"scanned\": 99}' WHERE id = 2", "scan 2 met 99 entries, but 30 are there"),
        ("UPDATE folders SET files = files + 1 WHERE depth = 0", "sums of root"),
        ("INSERT INTO dirty (source, path) VALUES (1, '営業/')", "lag behind"),
        ("UPDATE findings SET examples = '[\"1***\"]' WHERE entity = 'JP_MY_NUMBER'", "My Number shows a digit"),
    ],
)
def test_what_is_wrong_is_found(lived, damage, says):
    with lived.begin(write=True) as connection:
        connection.exec_driver_sql(damage)
    assert any(says in fault for fault in maintain.check(lived)), list(maintain.check(lived))


def test_retention_forgets_what_is_gone_and_nothing_that_is_there(lived):
    before = everything(lived)
    assert maintain.compact(lived, 30) == maintain.Compacted(0, 0)
    assert everything(lived) == before
    later = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=40)
    done = maintain.compact(lived, 30, today=later)
    assert done.files == 10
    assert done.history > 0
    assert everything_now(lived) == (before[0], before[1])
    assert list(maintain.check(lived)) == []
    with pytest.raises(InventoryError, match="history begins with scan 2"):
        list(differences(lived, 1, 2))
    assert list(differences(lived, 2, 2)) == []
    assert len(list(lived.decisions().list())) == 1


def everything_now(inventory):
    return list(inventory.reader().findings()), list(inventory.reader().files())


def test_an_export_fills_another_kind_of_inventory(lived, tmp_path, request):
    file = tmp_path / "export.zip"
    counts = maintain.export_to(lived, file)
    assert counts["files"] == 40
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    where = request.getfixturevalue("postgres_url") if lived.is_sqlite else tmp_path / "other.db"
    with Inventory.open(where) as other:
        assert maintain.import_from(other, file) == counts
        other.roll_up(merge)
        assert everything(other) == everything(lived)
        assert list(maintain.check(other)) == []
        with pytest.raises(InventoryError, match="not empty"):
            maintain.import_from(other, file)
        # it lives on: new ids do not collide
        kit.scan(other, [kit.report("後から.csv", kit.group())])
        row = other.pages().find("後から.csv")[0]
        other.decisions().add(row.file_id, Verdict.CONFIRMED, reason="新規", by="佐藤")
    with pytest.raises(InventoryError, match="exists already"):
        maintain.export_to(lived, file)


def test_what_is_no_export_is_refused_and_leaves_nothing(tmp_path, inventory):
    file = tmp_path / "broken.zip"
    file.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(InventoryError, match="cannot be imported"):
        maintain.import_from(inventory, file)
    with pytest.raises(InventoryError, match="cannot be imported"):
        maintain.import_from(inventory, tmp_path / "none.zip")
    kit.scan(inventory, kit.many(3))
    assert len(list(inventory.reader().files())) == 3


def test_a_backup_is_whole_while_a_scan_writes(tmp_path):
    with Inventory.open(tmp_path / "i.db") as inventory:
        reports = kit.many(60)
        kit.scan(inventory, reports)
        with inventory.writer() as writer:
            writer.begin_scan([kit.Root()], kit.VERSIONS)
            writer.report(kit.report("新.csv", kit.group()), kit.VERSIONS)
            writer.commit()
            maintain.backup(inventory, tmp_path / "b.db")
            writer.report(kit.report("後.csv", kit.group()), kit.VERSIONS)
        with Inventory.open(tmp_path / "b.db", readonly=True) as copy:
            assert {r.path for r in copy.reader().files()} == {r.item.key for r in reports} | {"新.csv"}
        if sys.platform != "win32":
            assert stat.S_IMODE((tmp_path / "b.db").stat().st_mode) == 0o600
        with pytest.raises(InventoryError, match="exists already"):
            maintain.backup(inventory, tmp_path / "b.db")
        with pytest.raises(InventoryError, match="cannot be made"):
            maintain.backup(inventory, tmp_path / "none" / "b.db")


def test_a_server_is_backed_up_by_its_own_means(postgres_url, tmp_path):
    with Inventory.open(postgres_url) as inventory, pytest.raises(InventoryError, match="pg_dump"):
        maintain.backup(inventory, tmp_path / "b.db")
