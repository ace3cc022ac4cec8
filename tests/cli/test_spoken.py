"""What people read of faults and of the details of problems, where they read it: in their language; programs get English."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from tests.running import piiscan, piiscan_process

DETAIL = "正しい JSON ではないため、プレーンテキストとして読みました"
STORED = "not valid JSON; read as plain text"


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """A folder with a broken file, and its inventory."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "broken.json").write_text('{"a": ', encoding="utf-8")
    piiscan("scan", folder, "--inventory", folder.with_suffix(".db"), "--quiet", ok=(3,))
    return folder, folder.with_suffix(".db")


def said(*arguments, lang="ja", ok=(2,)):
    return piiscan(*arguments, "--lang", lang, ok=ok).stderr


def test_a_missing_place(tmp_path):
    asked = ("scan", "/nonexist", "--inventory", tmp_path / "a.db")
    assert said(*asked) == "piiscan: '/nonexist' が見つかりません。パスを確認し、共有やUSBメモリーは先に接続してください\n"
    assert said(*asked, lang="en") == ("piiscan: '/nonexist' does not exist; check the path, or mount the share or stick first\n")


def test_a_japanese_locale_is_enough_for_faults(tmp_path):
    (tmp_path / "a.toml").write_text("limits.seconds = 'x'", encoding="utf-8")
    done = piiscan_process("scan", "--config", tmp_path / "a.toml", ok=(2,), env={"LC_ALL": "ja_JP.UTF-8", "PIISCAN_LANG": ""})
    assert done.stderr == f"piiscan: {tmp_path / 'a.toml'}: limits.seconds の値 'x' は使えません。数値で指定してください\n"


def test_the_language_of_the_settings_holds_for_faults_too(tmp_path):
    (tmp_path / "a.toml").write_text("lang = 'ja'", encoding="utf-8")
    done = piiscan(
        "scan", "/nonexist", "--config", tmp_path / "a.toml", "--inventory", tmp_path / "a.db", ok=(2,), env={"LC_ALL": "C", "LANG": "C"}
    )
    assert "が見つかりません" in done.stderr


def test_an_exception_in_a_sentence_is_translated(tmp_path):
    (tmp_path / "key").write_bytes(b"short")
    (tmp_path / "a.toml").write_text(f"[[detection.allow]]\nreason = 'x'\nfingerprint = '{'0' * 32}'\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    error = piiscan(
        "inspect",
        tmp_path / "a.txt",
        "--config",
        tmp_path / "a.toml",
        "--lang",
        "ja",
        ok=(2,),
        env={"PIISCAN_KEY_FILE": str(tmp_path / "key")},
    ).stderr
    assert "は piiscan の鍵ファイルではありません。バックアップから復元してください" in error


@pytest.mark.parametrize("verb", ["inspect", "extract"])
def test_details_on_the_terminal(scanned, verb):
    folder, _ = scanned
    assert f"（{DETAIL}）。" in said(verb, folder / "broken.json", ok=(3,))
    assert f" ({STORED}); " in said(verb, folder / "broken.json", lang="en", ok=(3,))
    lines = [json.loads(line) for line in piiscan(verb, folder / "broken.json", "--jsonl", "--lang", "ja", ok=(3,)).stdout.splitlines()]
    assert [line["detail"] for line in lines if "detail" in line] == [STORED]


@pytest.mark.parametrize("view", ["problems", "files"])
@pytest.mark.parametrize(("lang", "detail"), [("ja", DETAIL), ("en", STORED)])
def test_details_in_tables(scanned, tmp_path, view, lang, detail):
    _, inventory = scanned
    asked = ("--inventory", inventory, "--view", view, "--lang", lang)
    (row,) = csv.DictReader(io.StringIO(piiscan("report", "csv", *asked).stdout.removeprefix("\ufeff")))
    assert row["detail"] == detail
    piiscan("report", "xlsx", "-o", tmp_path / "a.xlsx", *asked)
    cells = [cell for sheet in load_workbook(tmp_path / "a.xlsx") for row in sheet.iter_rows(values_only=True) for cell in row]
    assert detail in cells
    assert json.loads(piiscan("report", "jsonl", *asked).stdout)["detail"] == STORED


@pytest.mark.parametrize(("lang", "detail"), [("ja", DETAIL), ("en", STORED)])
def test_details_on_pages(scanned, lang, detail):
    from piiscan.inventory import Inventory
    from tests.web import kit

    _, path = scanned
    assert detail in piiscan("report", "html", "--inventory", path, "--lang", lang).stdout
    with Inventory.open(path) as inventory:
        browser = kit.client(inventory, lang=lang)
        unread = browser.get("/unread").text
        assert detail in unread
        link = unread.split('href="/file/', 1)[1].split('"', 1)[0]
        assert detail in browser.get(f"/file/{link}").text
        refused = browser.get("/changes?from=8&to=9").text
        assert ("検査 8 はありません" in refused) is (lang == "ja")


def test_the_checks_of_rules_and_inventories(tmp_path):
    (tmp_path / "rule.yaml").write_text(
        "entity: STAFF\nlabel: {ja: 社員, en: staff}\nlevel: low\npatterns: [{name: a, regex: 'S-\\d{5}', score: 0.9}]\n"
        "examples: {match: [{text: T-12345}]}\n",
        encoding="utf-8",
    )
    error = said("recognizers", "check", "--recognizers", tmp_path, ok=(1,))
    assert "STAFF の examples.match[1]: 'T-12345' から何も検出されません。規則を広げるか、例を削除してください" in error
