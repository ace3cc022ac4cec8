"""The same content is read once, wherever it lies: a worker is told which digests are known, and hands back the one it met."""

from __future__ import annotations

import pytest

from piiscan.engine import analyse, supervisor
from piiscan.engine.scan import scan_into
from piiscan.inventory import Inventory, writer
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


def scanned(root, database) -> dict[str, tuple]:
    with Inventory.open(database) as inventory:
        scan_into(inventory, Settings(jobs=0), [str(root)], KEY)
        rows = inventory.reader().findings()
        return {f"{row.file.path} {row.identity}": (row.entity, row.count, row.persons, row.file.digest) for row in rows}


@pytest.mark.parametrize("told", [100, 0], ids=["by a digest that the worker is told", "by a digest that is asked for first"])
def test_copies_are_read_once(tmp_path, monkeypatch, read, told):
    monkeypatch.setattr(writer, "_DIGESTS_TOLD", told)
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
        monkeypatch.setattr(writer, name, 1)
    monkeypatch.setattr("piiscan.engine.scan._COMMIT_REPORTS", 1)
    root = tmp_path / "share"
    root.mkdir()
    for i in range(3):
        write_list(root / f"{i}.csv", people=2 + i, start=10 * i)
        (root / f"x{i}.csv").write_bytes((root / f"{i}.csv").read_bytes())
    found = scanned(root, tmp_path / "i.db")
    assert sorted(read) == ["0.csv", "1.csv", "2.csv"]
    assert len({key.partition(".")[0] for key in found}) == 6
