"""The verbs around an inventory, as people type them."""

import datetime as dt
import json

import pytest

from tests.running import piiscan, write_list

NEXT_YEAR = (dt.datetime.now().astimezone().date() + dt.timedelta(days=365)).isoformat()


@pytest.fixture
def share(tmp_path, monkeypatch):
    """A scanned share with one list; the settings lie in another folder than the one that people stand in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "share" / "営業").mkdir(parents=True)
    write_list(tmp_path / "share" / "営業" / "list.csv")
    (tmp_path / "share" / "memo.txt").write_text("会議は10時から", encoding="utf-8")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "piiscan.toml").write_text('inventory = "i.db"\njobs = 0\n', encoding="utf-8")
    scan()
    return tmp_path / "share"


def run(*words, ok=(0,)):
    return piiscan(*words, "--config", "etc/piiscan.toml", "--lang", "en", ok=ok)


def scan(*words, ok=(0,)):
    return run("scan", "share", "--quiet", *words, ok=ok)


def test_a_decision_settles_a_file_until_it_is_taken_back(share):
    scan("--fail-on", "low", ok=(1,))
    done = run("decide", "add", "営業/list.csv", "--as", "accepted", "--until", NEXT_YEAR, "--reason", "契約中", "--by", "佐藤")
    assert done.stdout.startswith("1  accepted  holds")
    scan("--fail-on", "low")
    assert ",accepted\r\n" in run("report", "csv").stdout.replace("\n", "\r\n").replace("\r\r", "\r")
    (listed,) = map(json.loads, run("decide", "list", "--jsonl").stdout.splitlines())
    assert (listed["decided_by"], listed["reason"], listed["until"]) == ("佐藤", "契約中", NEXT_YEAR)
    assert str(share) in listed["path"]
    assert "taken back" in run("decide", "undo", "1").stdout
    assert run("decide", "list").stdout == ""
    scan("--fail-on", "low", ok=(1,))


@pytest.mark.usefixtures("share")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "ない.csv", "--as", "confirmed", "--reason", "x"), "no file ない.csv in the inventory"),
        (("add", "営業/list.csv", "--as", "accepted", "--reason", "x"), "accepted until a date"),
        (("add", "営業/list.csv", "--as", "accepted", "--reason", "x", "--until", "2020-01-01"), "is past"),
        (
            ("add", "営業/list.csv", "--as", "confirmed", "--reason", "x", "--entity", "JP_PASSPORT"),
            "no finding of kind JP_PASSPORT in it; there are:",
        ),
        (("undo", "7"), "no decision 7"),
    ],
)
def test_a_decision_that_cannot_be_is_one_sentence(words, says):
    assert says in run("decide", *words, ok=(2,)).stderr


def test_the_baseline_beside_the_settings(share):
    config = share.parent / "etc" / "piiscan.toml"
    config.write_text(config.read_text(encoding="utf-8") + 'baseline = "baseline.toml"\n', encoding="utf-8")
    assert "does not exist" in scan(ok=(2,)).stderr
    baseline = share.parent / "etc" / "baseline.toml"
    baseline.write_text("[[decision]]\npath='営業/'\nverdict='false-alarm'\nreason='見本'\nby='情シス'\n", encoding="utf-8")
    scan("--fail-on", "low")
    baseline.write_text("", encoding="utf-8")
    assert "false-alarm" not in run("report", "csv").stdout
    scan("--fail-on", "low", ok=(1,))


def test_what_changed_and_care(share):
    (share / "営業" / "list.csv").rename(share / "list.csv")
    write_list(share / "営業" / "二.csv")
    (share / "営業" / "二.csv").write_text((share / "営業" / "二.csv").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    scan()
    assert [line.split()[0] for line in run("inventory", "scans").stdout.splitlines()] == ["2", "1"]
    done = run("diff", "1", "2")
    assert "> " in done.stdout
    assert "(was 営業/list.csv)" in done.stdout
    assert "files: 1 new, 1 moved, 0 changed, 0 gone" in done.stderr
    lines = [json.loads(line) for line in run("diff", "1", "2", "--jsonl").stdout.splitlines()]
    assert {(line["what"], line["change"], line["path"]) for line in lines} >= {
        ("file", "moved", "list.csv"),
        ("finding", "new", "営業/二.csv"),
    }
    assert "there is no scan 9" in run("diff", "1", "9", ok=(2,)).stderr
    assert "sound" in run("inventory", "check").stderr
    assert "forgot 0 deleted files" in run("inventory", "compact").stderr
    run("inventory", "backup", "b.db")
    run("inventory", "export", "e.zip")
    run("inventory", "import", "e.zip", "--inventory", "new.db")
    assert (
        run("report", "csv", "--inventory", "new.db").stdout
        == run("report", "csv", "--inventory", "b.db").stdout
        == run("report", "csv").stdout
    )
    assert "exists already" in run("inventory", "export", "e.zip", ok=(2,)).stderr
    import sqlite3

    with sqlite3.connect("i.db") as connection:
        connection.execute("UPDATE files SET findings = findings + 1 WHERE findings > 0")
    connection.close()
    done = run("inventory", "check", ok=(3,))
    assert "does not have the findings" in done.stdout
    assert "restore a backup" in done.stderr


def test_the_law_view_of_a_folder(share):
    text = run("report", "text", "--view", "law", "--under", "営業").stdout
    assert "no legal advice" in text
    assert "Items of the report" in text
    assert run("report", "text", "--view", "law", "--under", "ない", ok=(2,)).stdout == ""
    assert "add --view law" in run("report", "text", ok=(2,)).stderr
    assert "there is no scan 9" in run("report", "csv", "--scan", "9", ok=(2,)).stderr
    assert run("report", "csv", "--scan", "1").stdout == run("report", "csv").stdout


def test_reports_of_departments_lie_in_a_folder_with_an_index(share, tmp_path):
    assert "the setting 'ledger'" in run("report", "html", "--split-by", "department", "-o", "by", ok=(2,)).stderr
    assert "name a folder with -o" in run("report", "html", "--split-by", "department", ok=(2,)).stderr
    (tmp_path / "etc" / "ledger.csv").write_text("path,department\n営業/,営業部\n", encoding="utf-8")
    with (tmp_path / "etc" / "piiscan.toml").open("a", encoding="utf-8") as file:
        file.write('ledger = "ledger.csv"\n')
    done = run("report", "html", "--split-by", "department", "-o", "by")
    assert "営業部.html" in done.stderr
    assert sorted(path.name for path in (tmp_path / "by").iterdir()) == ["index.csv", "no department.html", "営業部.html"]
    assert "list.csv" in (tmp_path / "by" / "営業部.html").read_text(encoding="utf-8")
