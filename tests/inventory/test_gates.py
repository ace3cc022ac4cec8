"""After a change of rules or settings only those files are read again that it can concern, and all of those."""

import pytest

from piiscan.engine.scan import versions_of
from piiscan.inventory import versions_text
from piiscan.inventory.base import Gate, gates_of
from piiscan.masking import FingerprintKey
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Settings
from tests.inventory import kit

PARTS = {"rules": "r", "levels": "l", "limits": "m", "passwords": "p", "readers": "d"}
FILES = {
    "picture": (kit.report("p.png", characters=0), set()),
    "text": (kit.report("t.txt"), {"rules"}),
    "list": (kit.report("l.csv", kit.group()), {"rules", "levels"}),
    "encrypted": (kit.report("e.zip", characters=0, problems=[Problem(ProblemKind.ENCRYPTED, Stage.EXTRACT)]), {"rules", "passwords"}),
    "half": (
        kit.report("h.zip", kit.group(), problems=[Problem(ProblemKind.ENCRYPTED_PART, Stage.EXTRACT)]),
        {"rules", "levels", "passwords"},
    ),
    "cut": (kit.report("c.csv", problems=[Problem(ProblemKind.LIMIT, Stage.EXTRACT)]), {"rules", "limits"}),
    "slow": (kit.report("s.pdf", characters=0, problems=[Problem(ProblemKind.TIMEOUT, Stage.ENGINE)]), {"rules", "limits"}),
    "scan": (kit.report("o.pdf", problems=[Problem(ProblemKind.NEEDS_OCR, Stage.EXTRACT)]), {"rules", "readers"}),
    "strange": (kit.report("x.abc", characters=0, problems=[Problem(ProblemKind.UNSUPPORTED, Stage.EXTRACT)]), {"rules", "readers"}),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("part", [*PARTS, "program"])
def test_each_change_concerns_the_files_that_it_can_change(inventory_file, name, part):
    one, concerned = FILES[name]
    before = versions_text("1.0", **PARTS)
    after = versions_text("1.1", **PARTS) if part == "program" else versions_text("1.0", **PARTS | {part: "other"})
    with inventory_file.writer() as writer:
        writer.begin_scan([kit.Root()], before)
        writer.report(one, before)
        writer.finish(True)
    with inventory_file.writer() as writer:
        writer.begin_scan([kit.Root()], after)
        known = writer.known(one.item.source_id, one.item.key)
    assert known.current(before)
    assert known.current(after) == (part != "program" and part not in concerned)


@pytest.fixture
def inventory_file(tmp_path):
    from piiscan.inventory import Inventory

    with Inventory.open(tmp_path / "i.db") as inventory:
        yield inventory


def test_files_of_an_inventory_from_before_have_every_gate_open():
    assert all(gate & -1 for gate in Gate)
    assert gates_of(kit.report("p.png", characters=0)) == 0


def test_every_kind_of_trouble_that_leaves_something_unread_keeps_the_text_gate_open():
    for kind in ProblemKind:
        report = kit.report("f", characters=0, problems=[Problem(kind, Stage.EXTRACT)])
        if report.outcome is not kit.report("f").outcome:
            assert gates_of(report) & Gate.TEXT, kind


def test_each_setting_is_in_the_part_that_it_belongs_to(tmp_path):
    key = FingerprintKey(b"k" * 32)

    def parts(settings):
        return dict(part.partition("=")[::2] for part in versions_of(settings, key).split()[1:])

    usual = parts(Settings())
    assert set(usual) >= set(PARTS)

    def changed(**fields):
        other = parts(Settings.model_validate(fields))
        return {name for name in usual if usual[name] != other[name]}

    assert changed(limits={"seconds": 7}) == {"limits"}
    assert changed(passwords=("x",)) == {"passwords"}
    assert changed(detection={"threshold": 0.9}) == {"rules"}
    assert changed(strings=True) == {"readers"}
    assert changed(exclude=("x",), jobs=1, lang="ja") == set()
    own = tmp_path / "own"
    (own / "patterns").mkdir(parents=True)
    (own / "patterns" / "x.yaml").write_text("entity: X", encoding="utf-8")
    assert changed(detection={"recognizers": (str(own),)}) == {"rules"}
    assert "x" not in usual["passwords"]


def test_a_file_without_text_is_not_read_again_after_a_change_of_rules(tmp_path):
    """Through the engine: the picture is known, the text is read again."""
    import threading

    from piiscan.engine.scan import scan_into
    from piiscan.inventory import Inventory

    share = tmp_path / "share"
    share.mkdir()
    (share / "data.bin").write_bytes(bytes(range(256)) * 4)
    (share / "memo.txt").write_text("会議は10時から", encoding="utf-8")
    key = FingerprintKey(b"k" * 32)
    with Inventory.open(tmp_path / "i.db") as inventory:
        settings = Settings(jobs=0)
        first = scan_into(inventory, settings, [str(share)], key, stop=threading.Event())
        again = scan_into(inventory, settings, [str(share)], key)
        stricter = settings.model_copy(update={"detection": settings.detection.model_copy(update={"threshold": 0.9})})
        third = scan_into(inventory, stricter, [str(share)], key)
        gates = {row.path: row.outcome.value for row in inventory.reader().files()}
    unread = sum(outcome != "scanned" for outcome in gates.values())
    assert (first.progress.unchanged, again.progress.unchanged, third.progress.unchanged) == (0, 2, 1 - unread)
