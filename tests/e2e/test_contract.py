"""The command line is a contract: other people's scripts rely on its options, fields and exit codes."""

import csv
import io
import json

import pytest

from piiscan.cli.main import VERBS
from tests.running import SAMPLES, piiscan, piiscan_process, write_list

FINDINGS = [
    "source",
    "path",
    "member",
    "format",
    "location",
    "header",
    "entity",
    "label",
    "level",
    "law",
    "count",
    "persons",
    "score",
    "examples",
    "owner",
    "readable_by",
    "modified",
    "first_seen",
    "last_seen",
    "decision",
]
FILES = [
    "source",
    "path",
    "size",
    "modified",
    "format",
    "outcome",
    "problem",
    "detail",
    "level",
    "findings",
    "persons",
    "owner",
    "readable_by",
    "department",
    "purpose",
    "retention",
]


@pytest.fixture(scope="module")
def share(tmp_path_factory):
    share = tmp_path_factory.mktemp("contract") / "share"
    share.mkdir()
    write_list(share / "list.csv")
    (share / "plain.txt").write_text("会議は10時からです。\n", encoding="utf-8")
    return share


@pytest.fixture(scope="module")
def inventory(share):
    path = share.parent / "inv.db"
    piiscan("scan", share, "--inventory", path, "--quiet")
    return path


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_has_help_with_examples_in_both_languages(verb):
    english, japanese = (piiscan_process(verb, "--help", env={"PIISCAN_LANG": lang}).stdout for lang in ("en", "ja"))
    assert "Examples" in english
    assert "piiscan " + verb in english
    assert english != japanese


def test_common_options_work_before_and_after_the_verb(share):
    for words in (("--lang", "ja", "inspect", share), ("inspect", share, "--lang", "ja"), ("inspect", "--lang=ja", share)):
        assert "氏名" in piiscan(*words).stdout


def test_version():
    from piiscan import __version__

    assert __version__ in piiscan("--version").stdout


def test_results_on_stdout_and_messages_on_stderr(share, tmp_path):
    done = piiscan("scan", share, "--inventory", tmp_path / "i.db", "--csv", "-", "--quiet")
    rows = list(csv.reader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    assert rows[0] == FINDINGS
    assert done.stderr == ""


def test_no_colours_or_bars_off_a_terminal(share, tmp_path):
    done = piiscan_process("scan", share, "--inventory", tmp_path / "i.db", env={"FORCE_COLOR": ""})
    assert "\x1b[" not in done.stdout + done.stderr


@pytest.mark.parametrize(("level", "code"), [("critical", 0), ("medium", 1), ("low", 1)])
def test_fail_on(share, tmp_path, level, code):
    piiscan("scan", share, "--inventory", tmp_path / "i.db", "--quiet", "--fail-on", level, ok=(code,))


def test_incomplete_is_3_and_accepted_is_0_and_findings_weigh_more(tmp_path, share):
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "locked.zip").write_bytes((SAMPLES / "broken" / "パスワード付き.zip").read_bytes())
    piiscan("scan", mixed, "--inventory", tmp_path / "i.db", "--quiet", ok=(3,))
    piiscan("scan", mixed, "--inventory", tmp_path / "i.db", "--quiet", "--accept-incomplete", ok=(0,))
    piiscan("scan", mixed, share, "--inventory", tmp_path / "j.db", "--quiet", "--fail-on", "low", ok=(1,))


def test_wrong_usage_is_2():
    piiscan("scan", "--nonsense", ok=(2,))
    piiscan("nonsense", ok=(2,))
    piiscan("report", "docx", ok=(2,))


def test_inspect_prints_one_object_a_finding(share):
    done = piiscan("inspect", share / "list.csv", "--jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 15
    assert list(rows[0])[:10] == ["file", "member", "format", "location", "entity", "start", "end", "score", "level", "masked"]
    assert rows[0]["file"] == str(share / "list.csv")
    assert {row["entity"] for row in rows} == {"PERSON", "PHONE_NUMBER", "EMAIL_ADDRESS"}
    assert {"cell": "A2"} in [row["location"] for row in rows]
    with_values = [json.loads(line) for line in piiscan("inspect", share / "list.csv", "--jsonl", "--values").stdout.splitlines()]
    text = (share / "list.csv").read_text(encoding="utf-8")
    assert all(row["value"] in text and row["value"] != row["masked"] for row in with_values)


def test_extract_prints_located_text(share):
    rows = [json.loads(line) for line in piiscan("extract", share, "--jsonl").stdout.splitlines()]
    assert list(rows[0]) == ["file", "member", "format", "location", "text"]
    assert {"line": 1} in [row["location"] for row in rows]
    assert {"cell": "A1"} in [row["location"] for row in rows]


def test_what_cannot_be_read_is_said(tmp_path):
    path = SAMPLES / "broken" / "パスワード付き.pdf"
    for verb in ("inspect", "extract"):
        rows = [json.loads(line) for line in piiscan(verb, path, "--jsonl", ok=(3,)).stdout.splitlines()]
        assert [(row["file"], row["problem"]) for row in rows] == [(str(path), "encrypted")]
        assert "detail" in rows[0]


@pytest.mark.parametrize(("view", "columns"), [("findings", FINDINGS), ("files", FILES), ("new", FINDINGS)])
def test_tables_have_stable_columns(inventory, view, columns):
    for lang in ("en", "ja"):
        done = piiscan("report", "csv", "--inventory", inventory, "--view", view, "--lang", lang)
        assert done.stdout.startswith("\ufeff")
        assert next(csv.reader(io.StringIO(done.stdout.removeprefix("\ufeff")))) == columns


def test_json_reports_are_json(inventory):
    for view in ("findings", "files", "folders", "problems"):
        json.loads(piiscan("report", "json", "--inventory", inventory, "--view", view).stdout)
        [json.loads(line) for line in piiscan("report", "jsonl", "--inventory", inventory, "--view", view).stdout.splitlines()]


def test_explain_says_why_and_why_not(share):
    done = piiscan("inspect", share / "list.csv", "--explain", "--lang", "en")
    assert "column" in done.stdout
    missed = piiscan("recognizers", "try", "伝票番号 1234-5678-9018", "--lang", "en")
    assert missed.stdout.strip()


def test_explain_says_on_which_line_what_was_dropped(tmp_path):
    text = "電話 090-1234-5678\n個人番号：123456789013\n伝票番号 1234-5678-9018\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.txt").write_text(text.split("\n", 1)[1], encoding="utf-8")
    lines = piiscan("inspect", tmp_path / "a.txt", "--explain", "--lang", "en").stdout.splitlines()
    assert any(line.startswith("    line 2: JP_MY_NUMBER: characters 5-17") and "fails the check" in line for line in lines)
    assert any(line.startswith("    line 3: JP_MY_NUMBER: characters 5-19") and "speaks against" in line for line in lines)
    assert not any(line.startswith("    line 1: ") for line in lines)  # found, and told above
    nothing = piiscan("inspect", tmp_path / "b.txt", "--explain", "--lang", "en").stdout
    assert "    line 1: JP_MY_NUMBER" in nothing
    assert "    line 2: JP_MY_NUMBER" in nothing


def test_recognizers_formats_and_doctor_answer():
    assert "JP_MY_NUMBER" in piiscan("recognizers", "list").stdout
    assert "番号法" in piiscan("recognizers", "explain", "JP_MY_NUMBER").stdout
    assert "docx" in piiscan("formats").stdout
    piiscan("doctor", ok=(0, 3))
