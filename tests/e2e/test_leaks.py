"""After a run over files with known values, no value is anywhere: not in the inventory, a report, a log or a temporary folder."""

import pytest

from tests.kits.values import FOLDERS, forms, known_values
from tests.running import SAMPLES, piiscan, piiscan_process


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A scan with every output, logging as much as it can, with a temporary folder of its own."""
    out, temporary = tmp_path_factory.mktemp("out"), tmp_path_factory.mktemp("tmp")
    env = {"TMPDIR": str(temporary), "TMP": str(temporary), "TEMP": str(temporary)}
    done = piiscan_process(
        "scan", *(SAMPLES / name for name in FOLDERS), "--inventory", out / "inv.db", "--csv", out / "f.csv", "--json", out / "f.json",
        "--html", out / "r.html", "--log-json", "--verbose", "--accept-incomplete", env=env,
    )  # fmt: skip
    (out / "stdout").write_text(done.stdout, encoding="utf-8")
    (out / "stderr").write_text(done.stderr, encoding="utf-8")
    for view in ("files", "folders", "problems", "new"):
        piiscan("report", "jsonl", "--inventory", out / "inv.db", "--view", view, "-o", out / f"{view}.jsonl", env=env)
    return out, temporary


def test_no_value_is_in_anything_that_was_written(ran):
    written = {
        path.relative_to(path.parents[1]).as_posix(): path.read_bytes() for folder in ran for path in folder.rglob("*") if path.is_file()
    }
    assert len(written) >= 10
    known = known_values()
    assert len(known) > 200
    leaks = sorted({(name, entity) for entity, value in known for form in forms(value) for name, data in written.items() if form in data})
    assert leaks == []


def test_the_temporary_folder_is_left_empty(ran):
    assert [path.name for path in ran[1].iterdir()] == []


def test_the_inventory_and_its_key_are_their_owners_alone(ran):
    for name in ("inv.db", "inv.db.key"):
        assert (ran[0] / name).stat().st_mode & 0o077 == 0


def test_inspect_shows_a_my_number_only_when_told_to(tmp_path):
    path = tmp_path / "number.txt"
    path.write_text("個人番号：123456789018\n氏名：山田太郎\n", encoding="utf-8")
    assert "123456789018" not in piiscan("inspect", path, "--jsonl").stdout
    shown = piiscan("inspect", path, "--jsonl", "--values").stdout
    assert "123456789018" not in shown
    assert "山田太郎" in shown
    assert "123456789018" in piiscan("inspect", path, "--jsonl", "--values=all").stdout


def test_an_error_in_detection_names_no_text(tmp_path, monkeypatch):
    from piiscan.detect.document import Document
    from piiscan.engine.api import inspect_file
    from piiscan.settings import Settings

    def fails(_self, piece):
        raise RuntimeError(piece.text)

    monkeypatch.setattr(Document, "feed", fails)
    path = tmp_path / "a.txt"
    path.write_text("秘密の田中一郎", encoding="utf-8")
    report, _ = inspect_file(path, Settings())
    assert [problem.kind.word for problem in report.problems] == ["internal"]
    assert "田中" not in repr(report)
