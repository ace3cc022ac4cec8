"""A folder whose listing is as it was is met as a whole, and the inventory says the same as if each file had been looked up."""

import os
import random
import shutil
import threading

import pytest

from piiscan.assess.persons import merge
from piiscan.engine import scan
from piiscan.engine.supervisor import Supervisor
from piiscan.inventory import Inventory, maintain
from piiscan.inventory.difference import differences
from piiscan.inventory.schema import listings
from piiscan.inventory.writer import Writer
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item, ItemType
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Exposing, Settings
from piiscan.sources import rights

KEY = FingerprintKey(bytes(32))
_tallied: list[str] = []


class AtOnce(Supervisor):
    """Workers that answer at once; a file that begins with L is locked."""

    def submit(self, task):
        _tallied.append(task.item.key)
        content = task.path.read_bytes()
        problems = (Problem(ProblemKind.LOCKED, Stage.OPEN),) if content.startswith(b"L") else ()
        digest = "" if problems else f"{int.from_bytes(content[:30], 'big'):064x}"
        self._done.append((task, FileReport(item=task.item, format="txt", digest=digest, problems=problems, characters=len(content))))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(scan, "Supervisor", AtOnce)
    _tallied.clear()


def run(inventory, root, *, full=False, stop_after=None, **settings):
    """Scan; the keys of what was given to workers."""
    _tallied.clear()
    stop = threading.Event()

    def watch(progress):
        if stop_after is not None and progress.met >= stop_after:
            stop.set()

    result = scan.scan_into(inventory, Settings(jobs=1, **settings), [str(root)], KEY, full=full, stop=stop, on_progress=watch)
    return sorted(_tallied), result


def state(inventory):
    """What people see of each file."""
    with inventory.reader() as reader:
        return {row.path: (row.size, row.outcome, row.problem, row.readable_by) for row in reader.files()}


def stamped(inventory):
    with inventory.begin() as connection:
        return {row.path for row in connection.execute(listings.select().where(listings.c.stamp != ""))}


@pytest.fixture
def share(tmp_path):
    root = tmp_path / "share"
    for name in ("a.txt", "営業/b.txt", "営業/c.txt", "営業/下/d.txt", "総務/e.txt"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
        path.parent.chmod(0o755)
        path.chmod(0o644)
    root.chmod(0o755)
    return root


@pytest.fixture
def inventory(tmp_path):
    with Inventory.open(tmp_path / "inventory.db") as opened:
        yield opened


def test_the_first_scan_keeps_stamps_and_the_second_looks_nothing_up(inventory, share, monkeypatch):
    assert len(run(inventory, share)[0]) == 5
    assert stamped(inventory) == {"", "営業/", "営業/下/", "総務/"}
    monkeypatch.setattr("piiscan.inventory.writer.Writer.known", lambda *_: pytest.fail("a file was looked up"))
    read, result = run(inventory, share)
    assert read == []
    assert result.progress.unchanged == result.progress.met == result.progress.done == 5
    assert inventory.reader().outcome_counts(result.scan_id) == inventory.reader().outcome_counts(1)
    first, second = (row.started_at for row in inventory.reader().scans())
    assert {row.last_seen for row in inventory.reader().files()} == {max(first, second)}
    assert list(maintain.check(inventory)) == []


def test_only_what_changed_is_read(inventory, share):
    run(inventory, share)
    (share / "営業" / "b.txt").write_text("another text", encoding="utf-8")
    (share / "総務" / "e.txt").unlink()
    (share / "営業" / "下" / "new.txt").write_text("new", encoding="utf-8")
    read, result = run(inventory, share)
    assert read == ["営業/b.txt", "営業/下/new.txt"]
    assert sorted(state(inventory)) == ["a.txt", "営業/b.txt", "営業/c.txt", "営業/下/d.txt", "営業/下/new.txt"]
    assert {change.path for change in differences(inventory, 1, result.scan_id)} == {"営業/b.txt", "総務/e.txt", "営業/下/new.txt"}
    assert run(inventory, share)[0] == []
    assert stamped(inventory) == {"", "営業/", "営業/下/"}


def test_a_folder_that_went_and_came_back_is_known_again(inventory, share, tmp_path):
    run(inventory, share)
    shutil.move(share / "営業", tmp_path / "away")
    run(inventory, share)
    assert sorted(state(inventory)) == ["a.txt", "総務/e.txt"]
    shutil.move(tmp_path / "away", share / "営業")
    assert run(inventory, share)[0] == []
    assert len(state(inventory)) == 5
    assert list(maintain.check(inventory)) == []


def test_a_renamed_folder_keeps_its_history(inventory, share):
    run(inventory, share)
    (share / "営業").rename(share / "営業部")
    run(inventory, share)
    rows = {row.path: row for row in inventory.reader().files()}
    assert rows["営業部/c.txt"].first_seen == rows["a.txt"].first_seen


def test_other_rights_of_a_folder_are_noticed_without_reading(inventory, share):
    run(inventory, share)
    assert state(inventory)["営業/下/d.txt"][3] == "everyone"
    (share / "営業").chmod(0o700)
    read, _ = run(inventory, share)
    assert read == []
    assert {path: words for path, (*_, words) in state(inventory).items()} == {
        "a.txt": "everyone",
        "営業/b.txt": "one",
        "営業/c.txt": "one",
        "営業/下/d.txt": "one",
        "総務/e.txt": "everyone",
    }
    folders = {row.path: row.readable_by for row in inventory.reader().folders(merge)}
    assert folders["営業"] == "one"


@pytest.mark.skipif(not hasattr(os, "getgid"), reason="Windows tells rights by descriptors")
def test_other_members_of_a_group_are_noticed_where_it_matters_without_reading(inventory, share, monkeypatch):
    members = {"wanted": 4}
    monkeypatch.setattr(rights, "_group", lambda _gid: ("係", members["wanted"]))
    (share / "総務" / "e.txt").chmod(0o640)
    run(inventory, share)
    assert state(inventory)["総務/e.txt"][3] == "a few"
    assert run(inventory, share)[0] == []
    members["wanted"] = 5  # with the owner one more than a few
    asked = []
    known = Writer.known
    monkeypatch.setattr(Writer, "known", lambda self, source_id, key: (asked.append(key), known(self, source_id, key))[1])
    assert run(inventory, share)[0] == []
    assert asked == ["総務/e.txt"]
    assert {path: words for path, (*_, words) in state(inventory).items()} == {
        "a.txt": "everyone",
        "営業/b.txt": "everyone",
        "営業/c.txt": "everyone",
        "営業/下/d.txt": "everyone",
        "総務/e.txt": "a group (6)",
    }
    assert run(inventory, share)[0] == []
    assert asked == ["総務/e.txt"]


def test_other_rules_are_noticed(inventory, share):
    (share / "総務" / "link").symlink_to("e.txt")
    run(inventory, share)
    assert run(inventory, share)[0] == []
    read, _ = run(inventory, share, exclude=("下/", "c.txt"))
    assert read == []
    assert state(inventory)["営業/c.txt"][2] == "excluded"
    assert "営業/下/d.txt" not in state(inventory)
    _, result = run(inventory, share, exclude=("下/", "c.txt"))
    assert result.progress.unchanged == result.progress.met == 6  # left out as before, too
    assert run(inventory, share)[0] == ["営業/c.txt"]  # d.txt is known again
    assert run(inventory, share, exposure=Exposing(few=9))[0] == []
    assert run(inventory, share, strings=True)[0] == []  # concerns only what no reader read


def test_a_full_scan_reads_everything_once(inventory, share):
    run(inventory, share)
    (share / "総務" / "f.txt").write_text("Fuji", encoding="utf-8")
    read, result = run(inventory, share, full=True, stop_after=3)
    assert not result.complete
    again, result = run(inventory, share, full=True)
    assert result.complete
    assert sorted({*read, *again}) == sorted(state(inventory))
    assert len(run(inventory, share, full=True)[0]) == 6


def test_a_scan_of_what_is_as_it_was_can_be_stopped_too(inventory, share, monkeypatch):
    run(inventory, share)
    monkeypatch.setattr(scan, "_TICK", 1)
    _, result = run(inventory, share, stop_after=1)
    assert not result.complete
    assert result.progress.met < 5
    _, again = run(inventory, share)
    assert again.complete
    assert again.scan_id == result.scan_id
    assert len(state(inventory)) == 5
    assert list(maintain.check(inventory)) == []


def test_trouble_that_comes_and_goes_is_tried_each_time(inventory, share):
    (share / "営業" / "c.txt").write_bytes(b"Locked")
    run(inventory, share)
    assert "営業/" not in stamped(inventory)
    assert run(inventory, share)[0] == ["営業/c.txt"]


def test_a_folder_that_could_not_be_entered_is_no_file_of_the_folder_above(inventory):
    """The row of a folder that was closed stands in the folder above, whose listing does not tell that it is open again."""
    one = FileReport(Item("a" * 16, "営業/b.txt", "", 3, 1, 1), format="txt", digest="b" * 64)
    closed = FileReport(Item("a" * 16, "営業/下", "", type=ItemType.FOLDER), problems=(Problem(ProblemKind.NO_PERMISSION, Stage.WALK),))

    class Root:
        source_id, root = "a" * 16, "/srv/share"

    def again(*reports, whole=False):
        with inventory.writer() as writer:
            writer.begin_scan([Root()], "v")
            found = writer.listing("a" * 16, "営業/")
            for report in reports:
                writer.report(report, "v")
            if whole:
                writer.unchanged_folder("a" * 16, "営業/")
            else:
                writer.settled("a" * 16, "営業/", "stamp", 1)
            writer.finish(True)
            return found

    assert again(one) is None
    assert again(closed, whole=True).stamp == "stamp"
    assert sorted(state(inventory)) == ["営業/b.txt", "営業/下"]
    assert again(one) is None  # its stamp went when the closed folder was written
    assert sorted(state(inventory)) == ["営業/b.txt"]


@pytest.mark.parametrize("seed", range(int(os.environ.get("PIISCAN_TEST_SEEDS", "3"))))
def test_it_says_what_looking_up_each_file_says(tmp_path, monkeypatch, seed):
    """Random changes between scans that are stopped, continued and full, beside the same without stamps."""
    rng = random.Random(seed)
    root = tmp_path / "share"
    folders = [root, *(root / name for name in ("甲", "甲/下", "乙", "乙-2", "乙/い/ろ"))]
    look = scan._Run._glance
    with Inventory.open(tmp_path / "fast.db") as fast, Inventory.open(tmp_path / "slow.db") as slow:
        for _ in range(14):
            for _ in range(rng.choice([0, 0, 1, 2, 5])):
                folder = rng.choice(folders)
                folder.mkdir(parents=True, exist_ok=True)
                path = folder / f"{rng.randrange(6)}.txt"
                match rng.randrange(7):
                    case 0 | 1 | 2:
                        path.write_text(f"{rng.choice('LMN')}{rng.random()}", encoding="utf-8")
                    case 3:
                        path.unlink(missing_ok=True)
                    case 4:
                        shutil.rmtree(folder) if folder != root else None
                    case 5:
                        folder.chmod(rng.choice([0o755, 0o700]))
                    case 6 if not os.path.lexists(path):
                        path.symlink_to("nowhere")
            root.mkdir(exist_ok=True)
            stop, full = rng.choice([None, None, 3, 9]), rng.random() < 0.2
            monkeypatch.setattr(scan._Run, "_glance", look)
            read, result = run(fast, root, full=full, stop_after=stop)
            monkeypatch.setattr(scan._Run, "_glance", lambda *_: False)
            also, expected = run(slow, root, full=full, stop_after=stop)
            if stop is None:
                assert read == also
            assert result.complete == expected.complete or stop is not None
            if result.complete and expected.complete:
                assert state(fast) == state(slow)
                assert list(maintain.check(fast)) == []
        for inventory in (fast, slow):
            monkeypatch.setattr(scan._Run, "_glance", look)
            run(inventory, root)
        assert state(fast) == state(slow)
        assert stamped(fast) == stamped(slow)
