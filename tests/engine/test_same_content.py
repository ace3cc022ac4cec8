"""The same content is read once, wherever it lies: a worker is told which digests are known, and hands back the one it met."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from piiscan.engine import analyse, supervisor
from piiscan.engine.scan import scan_into
from piiscan.inventory import Inventory, contents
from piiscan.inventory.schema import files
from piiscan.masking import FingerprintKey
from piiscan.settings import Settings
from tests.running import write_list

KEY = FingerprintKey.random()


@pytest.fixture
def read(monkeypatch):
    """Names of the files whose content was read."""
    names: list[str] = []
    real = analyse.Analyst._read

    def spy(self, reading, member, take, problems, tally):
        if not member:
            names.append(reading.name)
        return real(self, reading, member, take, problems, tally)

    monkeypatch.setattr(analyse.Analyst, "_read", spy)
    monkeypatch.setattr(supervisor, "_AHEAD", 1)  # one file after the other
    return names


def scanned(root, database, jobs=0) -> dict[str, tuple]:
    with Inventory.open(database) as inventory:
        scan_into(inventory, Settings(jobs=jobs), [str(root)], KEY)
        rows = inventory.reader().findings()
        return {f"{row.file.path} {row.identity}": (row.entity, row.count, row.persons, row.file.digest) for row in rows}


@pytest.mark.parametrize("told", [100, 0], ids=["by a digest that the worker is told", "by a digest that is asked for first"])
def test_copies_are_read_once(tmp_path, monkeypatch, read, told):
    monkeypatch.setattr(contents, "_DIGESTS_TOLD", told)
    root = tmp_path / "share"
    root.mkdir()
    write_list(root / "a.csv", people=4, start=0)
    data = (root / "a.csv").read_bytes()
    for name in ("b.csv", "c.csv", "d.txt"):
        (root / name).write_bytes(data)
    (root / "e.csv").write_bytes(data.replace(b"-", b"_"))  # as long, but not the same
    found = scanned(root, tmp_path / "i.db")
    assert sorted(read) == ["a.csv", "d.txt", "e.csv"]  # a suffix may decide how content is read
    of = {
        name: {key.partition(" ")[2]: value for key, value in found.items() if key.startswith(name)} for name in ("a.csv", "b.csv", "c.csv")
    }
    assert of["a.csv"] == of["b.csv"] == of["c.csv"] != {}

    read.clear()
    (root / "later.csv").write_bytes(data)
    again = scanned(root, tmp_path / "i.db")
    assert read == []
    assert {key: value for key, value in again.items() if not key.startswith("later")} == found
    assert len([key for key in again if key.startswith("later")]) == len(of["a.csv"])


def test_what_is_held_for_copies_has_its_bounds(tmp_path, monkeypatch, read):
    """When little is held, the inventory is asked."""
    for name in ("_RECENT", "_ALIKE_HELD", "_DIGESTS_HELD"):
        monkeypatch.setattr(contents, name, 1)
    monkeypatch.setattr("piiscan.engine.scan._COMMIT_REPORTS", 1)
    root = tmp_path / "share"
    root.mkdir()
    for i in range(3):
        write_list(root / f"{i}.csv", people=2 + i, start=10 * i)
        (root / f"x{i}.csv").write_bytes((root / f"{i}.csv").read_bytes())
    found = scanned(root, tmp_path / "i.db")
    assert sorted(read) == ["0.csv", "1.csv", "2.csv"]
    assert len({key.partition(".")[0] for key in found}) == 6


def read_by_workers(database) -> set[str]:
    """What was read itself, and not taken over from its like."""
    with Inventory.open(database) as inventory, inventory.begin() as connection:
        return set(connection.execute(select(files.c.name).where(files.c.seconds > 0)).scalars())


def test_copies_that_are_met_together_wait_for_the_first(tmp_path, monkeypatch):
    root = tmp_path / "share"
    root.mkdir()
    write_list(root / "a.csv", people=4, start=0)
    data = (root / "a.csv").read_bytes()
    for name in ("b", "c", "d", "e"):
        (root / f"{name}.csv").write_bytes(data)
    copies = scanned(root, tmp_path / "held.db", jobs=1)
    assert len(read_by_workers(tmp_path / "held.db")) == 1
    monkeypatch.setattr("piiscan.engine.scan._HELD", 0)
    assert scanned(root, tmp_path / "not-held.db", jobs=1) == copies
    assert len(read_by_workers(tmp_path / "not-held.db")) == 5


@pytest.mark.parametrize("quick", [0.0, 1.0], ids=["dear", "quick as soon as the first is read"])
def test_what_is_as_long_but_no_copy_is_read_like_all_others(tmp_path, monkeypatch, quick):
    monkeypatch.setattr(supervisor, "_QUICK_SECONDS", quick and 0.029)
    root = tmp_path / "share"
    root.mkdir()
    for i in range(9):  # more than wait
        write_list(root / f"{i}.csv", people=3, start=0)
        path = root / f"{i}.csv"
        path.write_bytes(path.read_bytes() + f"{i}\n".encode())
    found = scanned(root, tmp_path / "i.db", jobs=2)
    assert read_by_workers(tmp_path / "i.db") == {f"{i}.csv" for i in range(9)}
    assert {key.partition(" ")[0] for key in found} == {f"{i}.csv" for i in range(9)}
