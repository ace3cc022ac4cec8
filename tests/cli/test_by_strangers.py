"""What somebody met who used the commands for the first time, on files as they are on a share."""

import json
import os
import re
import subprocess
import sys

import pytest

from piiscan.language import shown
from tests.running import PIISCAN, piiscan

PERSON = "担当者 山田太郎 090-1234-5678\n"


@pytest.fixture
def share(tmp_path):
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "名簿.txt").write_text(PERSON, encoding="utf-8")
    return folder


@pytest.fixture
def inventory(share, tmp_path):
    piiscan("scan", share, "--inventory", tmp_path / "a.db", "--quiet")
    return tmp_path / "a.db"


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes that are no Unicode")
@pytest.mark.parametrize("verb", ["inspect", "extract"])
def test_a_name_in_cp932_is_read_below_a_folder(share, verb):
    (share / os.fsdecode("台帳.txt".encode("cp932"))).write_text("佐藤花子 080-1111-2222", encoding="utf-8")
    done = piiscan(verb, share, "--jsonl", "--lang", "ja")
    files = {json.loads(line)["file"] for line in done.stdout.splitlines()}
    assert len(files) == 2
    assert not done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs")
@pytest.mark.parametrize("verb", ["inspect", "extract"])
def test_what_is_no_file_is_one_sentence(tmp_path, verb):
    os.mkfifo(tmp_path / "fifo")
    done = piiscan(verb, tmp_path / "fifo", "--lang", "en", ok=(2,))
    assert done.stderr.endswith("is neither a folder nor a file; give a folder or a file\n")


@pytest.mark.skipif(os.name == "nt", reason="no such names")
@pytest.mark.parametrize("verb", ["inspect", "extract", "scan"])
def test_a_name_cannot_move_the_cursor(tmp_path, verb):
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "a\x1b[2J\nb.txt").write_text(PERSON, encoding="utf-8")
    (folder / "\x1b[2Jcut.zip").write_bytes(b"PK\x03\x04")
    to = ("--inventory", tmp_path / "a.db") if verb == "scan" else ()
    done = piiscan(verb, folder, *to, "--lang", "ja", ok=(3,))
    assert "\x1b[2J" not in done.stdout + done.stderr
    assert verb != "inspect" or shown("a\x1b[2J\nb.txt") in done.stdout


def test_objects_only_where_objects_are_asked_for(share):
    (share / "何もない.txt").write_text("特になし 1234567890", encoding="utf-8")
    done = piiscan("inspect", share, "--jsonl", "--explain", "--lang", "ja")
    assert {json.loads(line)["entity"] for line in done.stdout.splitlines()} == {"PERSON", "PHONE_NUMBER"}
    assert "検出なし" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="no signals for pipes")
def test_a_reader_that_has_had_enough_is_no_finding(inventory):
    """Not exit code 1, which says that something was found, and no word against the inventory."""
    with subprocess.Popen(
        [*PIISCAN, "report", "csv", "--inventory", str(inventory)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 4


def test_an_inventory_that_is_said_not_to_be_writable_is_shown(inventory, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_a, **_k: False)  # permissions do not hold for the account that CI has
    _shown_and_not_written(inventory)


def _shown_and_not_written(inventory):
    at = ("--inventory", inventory, "--lang", "ja")
    assert "名簿.txt" in piiscan("report", "csv", *at).stdout
    assert "完了" in piiscan("inventory", "scans", *at).stdout
    piiscan("decide", "list", *at)
    refused = piiscan("decide", "add", "名簿.txt", "--as", "confirmed", "--reason", "x", *at, ok=(2,)).stderr
    assert "書き込めません" in refused


def test_a_ledger_that_is_not_there_is_told_before_the_scan(share, tmp_path):
    (tmp_path / "a.toml").write_text("ledger = 'none.csv'\n", encoding="utf-8")
    asked = ("scan", share, "--inventory", tmp_path / "a.db", "--config", tmp_path / "a.toml", "--lang", "en")
    assert "none.csv does not exist; check the setting 'ledger'" in piiscan(*asked, ok=(2,)).stderr
    assert not (tmp_path / "a.db").exists()


def test_a_folder_that_is_not_there_is_no_empty_answer(inventory):
    """A slip in its name must not read as "nothing to report"."""
    done = piiscan("report", "text", "--view", "law", "--under", "人事", "--inventory", inventory, "--lang", "ja", ok=(2,))
    assert not done.stdout
    assert "人事" in done.stderr


def test_a_disk_that_fills_up_is_a_stopped_scan(share, tmp_path, monkeypatch):
    from piiscan.inventory import Inventory, InventoryFullError

    def full(*_a, **_k):
        raise InventoryFullError(
            "the disk of the inventory a.db is full; free some space and run the same command again; nothing stored was lost"
        )

    monkeypatch.setattr(Inventory, "open", full)
    done = piiscan("scan", share, "--inventory", tmp_path / "a.db", "--lang", "ja", ok=(4,))
    assert "ディスクに空きがありません" in done.stderr


def test_a_decision_about_a_file_as_the_shell_completes_its_name(inventory, share, monkeypatch):
    monkeypatch.chdir(share.parent)
    asked = ("--as", "confirmed", "--reason", "x", "--inventory", inventory, "--lang", "ja")
    assert str(share / "名簿.txt") in piiscan("decide", "add", "share/名簿.txt", *asked).stdout


def test_a_scan_is_as_it_is(inventory, share):
    (share / "名簿.txt").rename(share / "移動.txt")
    piiscan("scan", share, "--inventory", inventory, "--quiet")
    for scan in (1, 2):
        assert piiscan("diff", scan, scan, "--inventory", inventory).stdout == ""
    assert len(piiscan("diff", 1, 2, "--inventory", inventory).stdout.splitlines()) == 1


def test_a_number_is_asked_for_in_japanese():
    said = subprocess.run(
        [*PIISCAN, "scan", "x", "--jobs", "x", "--lang", "ja"], capture_output=True, text=True, encoding="utf-8", check=False
    ).stderr
    assert "'x' は数として読めません。" in said
    assert not re.search("integer|range", said.rpartition("エラー")[2])


def test_a_file_that_is_not_read_is_counted_once(tmp_path):
    """All members of an archive are encrypted: it is so as a whole and in each part, and one file all the same."""
    import py7zr

    share = tmp_path / "share"
    share.mkdir()
    with py7zr.SevenZipFile(share / "給与.7z", "w", password="x") as archive:
        for name in ("a.txt", "b.txt"):
            archive.writestr(PERSON, name)
    said = piiscan("scan", share, "--inventory", tmp_path / "a.db", "--lang", "ja", ok=(3,)).stdout
    after = said.partition("1 件のファイルは完全には読めませんでした")[2]
    assert [int(number) for number in re.findall(r"^ +([0-9]+)  ", after, re.MULTILINE)] == [1]


@pytest.mark.skipif(os.name == "nt", reason="paths that long")
def test_a_very_long_path_does_not_fill_the_report(tmp_path):
    deep = tmp_path / "share" / "/".join(["とても長い名前のフォルダー" * 4] * 12)
    deep.mkdir(parents=True)
    (deep / "名簿.txt").write_text(PERSON, encoding="utf-8")
    piiscan("scan", tmp_path / "share", "--inventory", tmp_path / "a.db", "--html", tmp_path / "a.html", "--quiet")
    page = re.sub("<title>[^<]*</title>|<[^>]*>", "", (tmp_path / "a.html").read_text(encoding="utf-8"))
    assert " … " in page
    assert max(map(len, re.findall(r"\S+", page))) < 300


OWN = """
entity: ACME_ID
label: {ja: アクメ番号, en: Acme number}
description: {ja: 社内の番号, en: a number of ours}
action: {ja: 金庫に移してください, en: move it to the safe}
law: 社内規程3条
level: critical
patterns:
- {name: a, regex: "AC-[0-9]{6}", score: 0.8}
examples: {match: ["番号 AC-123456"], no_match: ["AC-12"]}
"""


@pytest.fixture
def own(tmp_path):
    """Settings with a recognizer of one's own, and a folder that it finds something in."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "acme.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "a.toml").write_text(f"detection.recognizers = ['{tmp_path / 'rules'}']\n", encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.txt").write_text("番号 AC-654321\n", encoding="utf-8")
    return tmp_path / "own", ("--config", tmp_path / "a.toml", "--lang", "ja")


def test_a_recognizer_of_ones_own_has_the_level_that_it_says(own, tmp_path):
    """It was low whatever it said, so that --fail-on passed it by."""
    folder, settings = own
    asked = ("--inventory", tmp_path / "a.db", *settings)
    scanned = piiscan("scan", folder, *asked, "--fail-on", "high", "--csv", tmp_path / "a.csv", ok=(1,))
    assert re.search("アクメ番号 +│ 重大", scanned.stdout)
    for table in ((tmp_path / "a.csv").read_text(encoding="utf-8-sig"), piiscan("report", "csv", *asked).stdout):
        assert ",ACME_ID,アクメ番号,critical,社内規程3条," in table
    assert "重大" in piiscan("inspect", folder, *settings).stdout
    from piiscan import analyze_text
    from piiscan.settings import load_settings

    (finding,) = analyze_text("番号 AC-654321", settings=load_settings(tmp_path / "a.toml", environment={}))
    assert finding.level.word == "critical"


def test_a_stick_with_what_ones_own_recognizer_finds(own, tmp_path, monkeypatch):
    folder, settings = own
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "none"))
    page = tmp_path / "page.html"
    said = piiscan("usb", folder, *settings, "--records", tmp_path / "records", "--html", page, ok=(1,)).stdout
    assert "不可" in said
    assert "アクメ番号 1 件" in said
    assert "→ 金庫に移してください" in said
    assert "アクメ番号" in page.read_text(encoding="utf-8")
