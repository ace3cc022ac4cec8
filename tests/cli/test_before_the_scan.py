"""What can be known to fail is said before a long run, not at its end; and the ways in."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import click.testing
import pytest

import piiscan.cli.main
from piiscan.inventory import Inventory, InventoryError
from piiscan.jobs.locks import inventory_lock
from piiscan.language import translated
from tests.running import piiscan as run
from tests.running import piiscan_process, write_list


@pytest.mark.parametrize("option", ["--csv", "--html", "--xlsx"])
def test_nothing_is_scanned_when_its_report_has_no_place(tmp_path, option):
    write_list(tmp_path / "list.csv")
    inventory = tmp_path / "x.db"
    done = run("scan", tmp_path, "--inventory", inventory, option, tmp_path / "no folder" / "report", ok=(2,))
    assert f"{tmp_path / 'no folder' / 'report'} cannot be written: its folder does not exist; make the folder" in done.stderr
    assert not inventory.exists()


def test_a_folder_is_no_place_for_a_report(tmp_path):
    write_list(tmp_path / "list.csv")
    done = run("scan", tmp_path, "--inventory", tmp_path / "x.db", "--csv", tmp_path, ok=(2,))
    assert f"{tmp_path} cannot be written (Is a directory)" in done.stderr


def test_a_certificate_is_asked_for_its_place_before_the_stick_is_read(tmp_path):
    write_list(tmp_path / "list.csv")
    done = run("usb", tmp_path, "--records", tmp_path / "records", "--html", tmp_path / "no folder" / "page.html", ok=(2,))
    assert "page.html cannot be written: its folder does not exist" in done.stderr
    assert not list((tmp_path / "records").glob("usb-*.json"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a folder that refuses new files even of root")
def test_a_lock_that_cannot_be_made_is_not_called_held():
    with pytest.raises(FileNotFoundError), inventory_lock("/proc/x.db"):
        pass


def test_a_server_that_does_not_answer_is_named_in_both_languages():
    with pytest.raises(InventoryError) as caught:
        Inventory.open("postgresql://nobody:secret@127.0.0.1:1/x")
    said = str(caught.value)
    assert said.startswith("no PostgreSQL server answers at 127.0.0.1:1;")
    assert translated("fault", said, "ja").startswith("127.0.0.1:1 の PostgreSQL サーバーが応答しません")


def test_python_runs_the_package():
    done = subprocess.run([sys.executable, "-m", "piiscan", "--version"], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.startswith("piiscan, version ")


def test_who_is_stopped_while_python_loads_sees_no_traceback(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(piiscan.cli.main, "main", interrupted)
    with pytest.raises(SystemExit) as caught:
        importlib.import_module("piiscan.__main__").main()
    assert caught.value.code == 4


def test_no_report_takes_the_place_of_the_inventory(tmp_path):
    write_list(tmp_path / "list.csv")
    inventory = tmp_path / "x.db"
    run("scan", tmp_path, "--inventory", inventory)
    before = inventory.read_bytes()
    for words in (("report", "csv", "-o"), ("scan", tmp_path, "--csv")):
        for place in (inventory, tmp_path / "." / "x.db", tmp_path / "x.db.key"):
            done = run(*words, place, "--inventory", inventory, ok=(2,))
            assert f"{place} is a file of the inventory" in done.stderr
    url = run("report", "csv", "--inventory", f"sqlite:///{inventory}", "-o", inventory, ok=(2,))
    assert "is a file of the inventory" in url.stderr
    assert inventory.read_bytes() == before


def test_a_folder_as_inventory_keeps_no_lock_beside_it(tmp_path):
    (tmp_path / "share").mkdir()
    done = run("scan", tmp_path / "share", "--inventory", tmp_path / "share", ok=(2,))
    assert "is a folder; give a file for the inventory" in done.stderr
    assert not (tmp_path / "share.lock").exists()


def test_a_workbook_is_not_poured_over_a_screen(tmp_path, monkeypatch):
    write_list(tmp_path / "list.csv")
    run("scan", tmp_path, "--inventory", tmp_path / "x.db")
    done = run("report", "xlsx", "--inventory", tmp_path / "x.db")
    assert done.stdout.startswith("PK")  # a pipe takes it
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _: True, raising=False)
    done = run("report", "xlsx", "--inventory", tmp_path / "x.db", ok=(2,))
    assert "xlsx is no text for a screen" in done.stderr
    assert not done.stdout


def test_a_report_of_a_folder_that_is_not_there_says_so(tmp_path):
    (tmp_path / "share" / "営業").mkdir(parents=True)
    write_list(tmp_path / "share" / "営業" / "list.csv")
    run("scan", tmp_path / "share", "--inventory", tmp_path / "x.db")
    assert run("report", "csv", "--inventory", tmp_path / "x.db", "--under", "/営業/").stdout.count("\n") > 3
    done = run("report", "csv", "--inventory", tmp_path / "x.db", "--under", "営", ok=(2,))
    assert "knows no folder 営;" in done.stderr
    assert not done.stdout


def test_what_is_imported_must_be_there(tmp_path):
    done = run("inventory", "import", tmp_path / "no.zip", "--inventory", tmp_path / "x.db", ok=(2,))
    assert f"{tmp_path / 'no.zip'} does not exist" in done.stderr
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["scn"], "'scn' というコマンドはありません。 もしかして: 'scan'"),
        (["recognizers", "explain", "my_number"], "候補: JP_MY_NUMBER"),
        (["recognizers", "explain", "ワード"], "一覧は piiscan recognizers list で見られます"),
        (["nightly", "no.toml"], "パスを確認するか、piiscan init で作成してください"),
        (["decide", "add", "a", "--as", "accepted", "--until", "tomorrow", "--reason", "x"], "2027-03-31 の形で指定してください"),
        (["--config", "/", "scan"], "ファイル '/' はフォルダーです"),
        (["scan", "--lang", "fr"], "'fr' は使えません。次から選んでください: 'ja', 'en'"),
    ],
)
def test_mistakes_are_answered_with_what_was_meant(words, says):
    done = piiscan_process(*words, ok=(2,), env={"LANG": "ja_JP.UTF-8", "LC_ALL": "", "PIISCAN_LANG": ""})
    assert says in done.stderr


def test_a_file_that_was_not_read_is_not_said_to_hold_nothing(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    write_list(share / "list.csv", people=1)
    (share / "notes.txt").write_text("定例会議", encoding="utf-8")
    (share / "broken.xlsx").write_bytes(b"PK\x03\x04broken")
    (share / "left.log").write_text("定例会議", encoding="utf-8")
    done = run("scan", share, "--inventory", tmp_path / "x.db", "--exclude", "*.log", "--lang", "ja", ok=(3,))
    rows = dict(re.findall(r"^ (\S+) +│ +(\d)$", done.stdout, re.MULTILINE))
    assert rows == {"中": "1", "なし": "1", "読めず": "1", "対象外": "1"}
    done = run("inspect", share, "--lang", "ja", ok=(3,))
    assert "broken.xlsx（xlsx）: 読めず\n" in done.stdout
    assert re.search(r"list.csv（csv）: レベル 中、検出 \d 件、1 人\n", done.stdout)
    assert "3 findings, 1 person\n" in run("inspect", share / "list.csv", "--lang", "en").stdout


LONG = "名" * 200  # longer than a name may be: the system refuses to look, as it does behind a closed folder


@pytest.mark.parametrize(
    "words",
    [
        ("scan", ".", "--inventory", LONG),
        ("scan", LONG, "--inventory", "x.db"),
        ("inspect", LONG),
        ("extract", LONG),
        ("usb", LONG),
        ("usb", LONG, "--html", "page.html"),
        ("report", "csv", "--inventory", LONG),
        ("report", "csv", "--inventory", "x.db", "-o", LONG),
        ("report", "csv", "--inventory", "x.db", "--split-by", "owner", "-o", LONG),
        ("serve", "--inventory", LONG),
        ("inventory", "import", LONG),
        ("nightly", LONG),
        ("init", "--root", "a", "--reports", "b", "--mail", "", "-o", LONG),
    ],
    ids=" ".join,
)
def test_what_cannot_be_reached_is_named_in_a_sentence(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    Inventory.open("x.db").close()
    done = run(*words, ok=(2,))
    assert LONG in done.stderr.replace("\n", "")
    assert len(done.stderr.splitlines()) == 1


def test_init_writes_nothing_that_settings_cannot_hold(tmp_path):
    done = run("init", "--root", "a", "--reports", "b", "--mail", "a", "-o", tmp_path / "p.toml", ok=(2,))
    assert done.stderr.startswith(f"piiscan: {tmp_path / 'p.toml'}: nightly.0.mail.sender: ")
    assert not (tmp_path / "p.toml").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/dev/full is of Linux")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_behind_the_output_is_a_sentence(tmp_path, unbuffered):
    write_list(tmp_path / "list.csv")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "piiscan", "inspect", tmp_path / "list.csv", "--lang", "en"],
            stdout=full, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert done.returncode == 4
    assert done.stderr.startswith("piiscan: no space left for the output;")
    assert len(done.stderr.splitlines()) == 1
