"""What can be known to fail is said before a long run, not at its end; and the ways in."""

import importlib
import subprocess
import sys

import pytest

import piiscan.cli.main
from piiscan.inventory import Inventory, InventoryError
from piiscan.jobs.locks import inventory_lock
from piiscan.language import translated
from tests.running import piiscan as run
from tests.running import write_list


@pytest.mark.parametrize("option", ["--csv", "--html", "--xlsx"])
def test_nothing_is_scanned_when_its_report_has_no_place(tmp_path, option):
    write_list(tmp_path / "list.csv")
    inventory = tmp_path / "x.db"
    done = run("scan", tmp_path, "--inventory", inventory, option, tmp_path / "no folder" / "report", ok=(2,))
    assert f"{tmp_path / 'no folder'} cannot be written (No such file or directory)" in done.stderr
    assert not inventory.exists()


def test_a_folder_is_no_place_for_a_report(tmp_path):
    write_list(tmp_path / "list.csv")
    done = run("scan", tmp_path, "--inventory", tmp_path / "x.db", "--csv", tmp_path, ok=(2,))
    assert f"{tmp_path} cannot be written (Is a directory)" in done.stderr


def test_a_certificate_is_asked_for_its_place_before_the_stick_is_read(tmp_path):
    write_list(tmp_path / "list.csv")
    done = run("usb", tmp_path, "--records", tmp_path / "records", "--html", tmp_path / "no folder" / "page.html", ok=(2,))
    assert "cannot be written (No such file or directory)" in done.stderr
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
