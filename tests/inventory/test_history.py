"""What was is remembered: differences between any two scans, moved files, deleted files that come back."""

import pytest

from piiscan.inventory import InventoryError
from piiscan.inventory.difference import differences
from piiscan.model import Level
from piiscan.problems import Problem, ProblemKind, Stage
from tests.inventory import kit


def changes(inventory, before, after):
    return {
        c.path: (c.change.value, c.moved_from, {f.entity: (f.change.value, f.count_before, f.count) for f in c.findings})
        for c in differences(inventory, before, after)
    }


A = kit.report("a.csv", kit.group(count=3), kit.group("PHONE_NUMBER", count=3, column=2))
B = kit.report("営業/b.csv", kit.group(count=5))
C = kit.report("営業/c.csv")


def test_three_scans_compared_two_by_two(inventory):
    assert kit.scan(inventory, [A, B, C]) == 1
    a2 = kit.replace(A, groups=(kit.group(count=4),), item=kit.replace(A.item, mtime_ns=2))
    d = kit.report("営業/d.csv", kit.group("CREDIT_CARD", Level.CRITICAL))
    assert kit.scan(inventory, [a2, d], unchanged=[C]) == 2
    a3 = kit.replace(A, item=kit.replace(A.item, mtime_ns=3))
    assert kit.scan(inventory, [a3, B], unchanged=[d]) == 3
    assert changes(inventory, 1, 2) == {
        "a.csv": ("changed", "", {"PERSON": ("changed", 3, 4), "PHONE_NUMBER": ("gone", 3, 0)}),
        "営業/b.csv": ("gone", "", {"PERSON": ("gone", 5, 0)}),
        "営業/d.csv": ("new", "", {"CREDIT_CARD": ("new", 0, 1)}),
    }
    assert changes(inventory, 2, 3) == {
        "a.csv": ("changed", "", {"PERSON": ("changed", 4, 3), "PHONE_NUMBER": ("new", 0, 3)}),
        "営業/b.csv": ("new", "", {"PERSON": ("new", 0, 5)}),
        "営業/c.csv": ("gone", "", {}),
    }
    # b went and came back as it was; of a only the time is another
    assert changes(inventory, 1, 3) == {
        "a.csv": ("changed", "", {}),
        "営業/c.csv": ("gone", "", {}),
        "営業/d.csv": ("new", "", {"CREDIT_CARD": ("new", 0, 1)}),
    }
    assert changes(inventory, 3, 1) == {
        "a.csv": ("changed", "", {}),
        "営業/c.csv": ("new", "", {}),
        "営業/d.csv": ("gone", "", {"CREDIT_CARD": ("gone", 1, 0)}),
    }
    assert changes(inventory, 2, 2) == {}


def test_what_cannot_be_compared_is_said(inventory):
    kit.scan(inventory, [A])
    kit.scan(inventory, [kit.replace(A, item=kit.replace(A.item, source_id="b" * 16))], roots=[kit.Root("b" * 16, "/other")])
    with pytest.raises(InventoryError, match="no scan 9; the newest are 2, 1"):
        list(differences(inventory, 1, 9))
    with pytest.raises(InventoryError, match="different roots"):
        list(differences(inventory, 1, 2))


def test_a_moved_file_keeps_its_history_and_is_not_new(inventory):
    kit.scan(inventory, [A, B])
    first = {r.path: r.first_seen for r in inventory.reader().files()}
    with inventory.begin(write=True) as connection:  # a day ago
        connection.exec_driver_sql("UPDATE scans SET started_at = '2026-01-01T00:00:00+00:00'")
    kit.scan(inventory, [kit.moved(B, "総務/新しい名前.csv"), kit.moved(B, "写し.csv")], unchanged=[A])
    rows = {row.file.path: row for row in inventory.reader().findings()}
    # one of the two is where it went, the other is a copy; the one that is met first
    assert rows["写し.csv"].first_seen == rows["写し.csv"].file.first_seen == "2026-01-01T00:00:00+00:00" != first["営業/b.csv"]
    assert rows["総務/新しい名前.csv"].first_seen > "2026-01-02"
    assert [row.file.path for row in inventory.reader().new()] == ["総務/新しい名前.csv"]
    assert changes(inventory, 1, 2) == {
        "写し.csv": ("moved", "営業/b.csv", {}),
        "総務/新しい名前.csv": ("new", "", {"PERSON": ("new", 0, 5)}),
    }
    assert changes(inventory, 2, 1)["営業/b.csv"] == ("moved", "写し.csv", {})


def test_a_move_prefers_the_same_name_and_needs_content(inventory):
    empty = kit.replace(kit.report("空.txt"), item=kit.replace(C.item, key="空.txt", size=0))
    kit.scan(inventory, [empty, B])
    kit.scan(inventory, [kit.moved(B, "あ.csv"), kit.moved(empty, "別.txt"), kit.moved(B, "総務/b.csv")])
    found = changes(inventory, 1, 2)
    assert found["総務/b.csv"][:2] == ("moved", "営業/b.csv")
    assert (found["あ.csv"][0], found["別.txt"][0], found["空.txt"][0]) == ("new", "new", "gone")


def test_a_file_that_cannot_be_reached_for_a_while_stays_and_its_outcome_is_history(inventory):
    kit.scan(inventory, [A])
    locked = kit.replace(A, digest="", groups=(), level=Level.NONE, problems=(Problem(ProblemKind.LOCKED, Stage.OPEN),))
    kit.scan(inventory, [locked])
    (change,) = differences(inventory, 1, 2)
    assert (change.outcome_before, change.outcome, change.findings) == ("scanned", "failed", ())
    assert len(list(inventory.reader().findings())) == 2


def test_a_scan_that_another_has_overtaken_is_not_continued(inventory):
    other = kit.Root("b" * 16, "/other")
    stopped = kit.scan(inventory, [A], roots=[kit.Root(), other], complete=False)
    assert kit.scan(inventory, [A], roots=[kit.Root(), other], complete=False) == stopped
    assert kit.scan(inventory, [], roots=[other]) == stopped + 1
    assert kit.scan(inventory, [A], roots=[kit.Root(), other]) == stopped + 2


def test_nothing_changed_leaves_no_history(inventory):
    kit.scan(inventory, [A, B])
    kit.scan(inventory, [A, B], full=True)
    kit.scan(inventory, [], unchanged=[A, B])
    assert changes(inventory, 1, 3) == {}
    with inventory.begin() as connection:
        assert connection.exec_driver_sql("SELECT (SELECT count(*) FROM past_files) + (SELECT count(*) FROM past_findings)").scalar() == 0
