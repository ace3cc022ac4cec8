"""Bad input gets one clear sentence with what, where and what to do, the right exit code, and loses nothing."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest

from tests.running import PIISCAN, piiscan, view_of, write_list


@pytest.fixture
def share(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    write_list(share / "list.csv")
    return share


@pytest.fixture
def inventory(share, tmp_path):
    """An inventory that holds something worth keeping."""
    path = tmp_path / "inv.db"
    piiscan("scan", share, "--inventory", path, "--quiet")
    return path


def refused(*arguments: object, code: int = 2, env: dict[str, str] | None = None) -> str:
    """The one sentence with which piiscan refuses."""
    done = piiscan(*arguments, "--lang", "en", ok=(code,), env=env)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_root_that_does_not_exist(inventory, tmp_path):
    before = inventory.read_bytes()
    said = refused("scan", tmp_path / "nowhere", "--inventory", inventory)
    assert "nowhere" in said
    assert "does not exist" in said
    assert "mount" in said
    assert view_of(inventory, "files")
    assert len(before) <= inventory.stat().st_size


def test_one_bad_root_among_good_ones_scans_nothing(share, inventory, tmp_path):
    write_list(share / "more.csv", start=10)
    refused("scan", share, tmp_path / "nowhere", "--inventory", inventory)
    assert [row["path"] for row in view_of(inventory, "files")] == ["list.csv"]


def test_an_inventory_that_is_not_ours(share, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("my notes", encoding="utf-8")
    assert "not a piiscan inventory" in refused("scan", share, "--inventory", text)
    assert text.read_text(encoding="utf-8") == "my notes"
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as base:
        base.execute("create table accounts (name text)")
        base.execute("insert into accounts values ('x')")
    base.close()
    before = other.read_bytes()
    assert "another program" in refused("scan", share, "--inventory", other)
    assert other.read_bytes() == before


def test_an_inventory_of_a_newer_piiscan(share, inventory):
    base = sqlite3.connect(inventory)
    base.execute("update alembic_version set version_num = '9999'")
    base.commit()
    base.close()
    assert "newer piiscan" in refused("scan", share, "--inventory", inventory)
    base = sqlite3.connect(inventory)
    assert base.execute("select count(*) from files").fetchone() == (1,)
    base.close()


def test_a_settings_file_with_an_unknown_key(share, tmp_path):
    path = tmp_path / "piiscan.toml"
    path.write_text("[detection]\nthreshhold = 0.7\n", encoding="utf-8")
    said = refused("scan", share, "--config", path)
    assert str(path) in said
    assert "detection.threshhold" in said
    assert "did you mean 'threshold'" in said


def test_settings_that_are_no_toml_or_no_text(share, tmp_path):
    path = tmp_path / "piiscan.toml"
    path.write_text("jobs = = 2\n", encoding="utf-8")
    assert re.search(r"not valid TOML.*line 1", refused("scan", share, "--config", path))
    path.write_bytes("lang = '日本'\n".encode("cp932"))
    assert "UTF-8" in refused("scan", share, "--config", path)
    assert "does not exist" in refused("scan", share, "--config", tmp_path / "none.toml")


def test_a_broken_recognizer(share, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "badge.yaml").write_text("entity: BADGE\npatterns:\n  - {name: a, regex: '([', score: 0.5}\n", encoding="utf-8")
    done = piiscan("scan", share, "--recognizers", folder, "--inventory", tmp_path / "i.db", "--lang", "en", ok=(2,))
    assert "Traceback" not in done.stderr
    assert "badge.yaml" in done.stderr
    (folder / "badge.yaml").write_text("entity: [\n", encoding="utf-8")
    done = piiscan("recognizers", "check", "--recognizers", folder, "--lang", "en", ok=(1, 2))
    assert "Traceback" not in done.stderr
    assert "badge.yaml" in done.stdout + done.stderr


def test_no_permission(share, tmp_path):
    """Root may read everything, so where we are root the right to do so is given up first (setpriv is part of util-linux)."""
    closed = share / "closed"
    closed.mkdir()
    write_list(closed / "inside.csv")
    write_list(share / "secret.csv", start=20)
    (share / "secret.csv").chmod(0)
    closed.chmod(0)
    humble = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"] if os.getuid() == 0 else []
    try:
        done = subprocess.run(
            [*humble, *PIISCAN, "scan", str(share), "--inventory", str(tmp_path / "i.db"), "--lang", "en"],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
    finally:
        closed.chmod(0o755)
    assert done.returncode == 3, done.stderr
    rows = {row["path"]: (row["outcome"], row["problem"]) for row in view_of(tmp_path / "i.db", "files")}
    assert rows == {"list.csv": ("scanned", ""), "secret.csv": ("failed", "no-permission"), "closed": ("failed", "no-permission")}


def test_no_space_left(share, tmp_path):
    """Where files may not grow beyond a few blocks, the run ends with a sentence, and what was stored before is whole."""
    inventory = tmp_path / "inv.db"
    piiscan("scan", share, "--inventory", inventory, "--quiet")
    for i in range(60):
        write_list(share / f"more-{i:03}.csv", people=40, start=100 * i)
    code = (
        "import resource, signal, sys, runpy\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))\nsys.argv = sys.argv[2:]\n"
        "runpy.run_module('piiscan.cli.main', run_name='__main__')"
    )
    limit = inventory.stat().st_size + 8192
    done = subprocess.run(
        [sys.executable, "-c", code, str(limit), "piiscan", "scan", str(share), "--inventory", str(inventory), "--lang", "en", "--jobs", "0"],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode in {2, 4}, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert "full" in done.stderr or "error" in done.stderr
    rows = {row["path"]: row["outcome"] for row in view_of(inventory, "files")}
    assert rows["list.csv"] == "scanned"
    piiscan("scan", share, "--inventory", inventory, "--quiet")
    assert len(view_of(inventory, "files")) == 61


def test_an_output_that_cannot_be_written_is_refused_before_the_scan(share, tmp_path):
    inventory = tmp_path / "inv.db"
    done = piiscan("scan", share, "--inventory", inventory, "--csv", tmp_path / "none" / "f.csv", "--lang", "en", ok=(2,))
    assert "Traceback" not in done.stderr
    assert "none" in done.stderr
    assert not inventory.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a disk that is always full")
def test_an_output_that_fails_at_the_end_keeps_the_scan(share, tmp_path):
    inventory = tmp_path / "inv.db"
    done = piiscan("scan", share, "--inventory", inventory, "--csv", "/dev/full", "--lang", "en", ok=(4,))
    assert "Traceback" not in done.stderr
    assert "/dev/full" in done.stderr
    assert len(view_of(inventory, "files")) == 1


def test_a_report_without_an_inventory(tmp_path):
    said = refused("report", "csv", "--inventory", tmp_path / "none.db")
    assert "none.db" in said
    assert not (tmp_path / "none.db").exists()


def test_a_missing_file_to_inspect(tmp_path):
    done = piiscan("inspect", tmp_path / "none.txt", "--jsonl", ok=(2, 3))
    assert "Traceback" not in done.stderr
    assert "none.txt" in done.stdout + done.stderr


def test_a_key_that_was_lost_is_told_and_nothing_is_lost(share, inventory):
    """Fingerprints of two keys would count one person twice, so another key is refused."""
    shutil.move(f"{inventory}.key", f"{inventory}.key.away")
    assert "another key" in refused("scan", share, "--inventory", inventory)
    assert len(view_of(inventory, "findings")) >= 3
    shutil.move(f"{inventory}.key.away", f"{inventory}.key")
    piiscan("scan", share, "--inventory", inventory, "--quiet")


def test_a_reader_that_has_had_enough_is_no_fault_of_the_file(tmp_path):
    """``piiscan extract FILE | head``"""
    path = tmp_path / "long.csv"
    path.write_text("品名,数量\n" + "りんご,3\n" * 60_000, encoding="utf-8")
    with subprocess.Popen([*PIISCAN, "extract", str(path), "--lang", "en"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout.readline()
        run.stdout.close()
        told = run.stderr.read().decode()
    assert "could not read" not in told
    assert "Traceback" not in told
