"""What is saved is what is on the screen, all pages of it, as the reports write it."""

import csv
import io
import json

import openpyxl
import pytest

from piiscan.inventory.pages import Filter
from piiscan.model import Level
from tests.running import piiscan
from tests.web import kit


def table(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("query", "wanted", "order"),
    [
        ("", Filter(), "worst"),
        ("order=path", Filter(), "path"),
        ("level=critical&entity=CREDIT_CARD", Filter(min_level=Level.CRITICAL, entity="CREDIT_CARD"), "worst"),
        ("q=file01&owner=%3D%E8%8A%B1%E5%AD%90", Filter(text="file01", owner="花子"), "worst"),
    ],
)
def test_findings_are_those_of_the_filter_in_its_order(inventory, browser, query, wanted, order):
    rows = inventory.pages().findings(wanted, order=order, size=10_000).rows
    saved = table(browser.get(f"/export/findings.csv?{query}"))
    assert [(row["level"], row["entity"], row["persons"], row["count"]) for row in saved] == [
        (row.level.word, row.entity, str(row.persons), str(row.count)) for row in rows
    ]
    assert rows


def test_by_path_it_is_what_the_command_writes(inventory, browser):
    ours = table(browser.get("/export/findings.csv?order=path"))
    theirs = list(csv.DictReader(io.StringIO(piiscan("report", "csv", "--inventory", inventory.path).stdout.lstrip("\ufeff"))))
    key = lambda row: tuple(row.values())  # noqa: E731
    assert sorted(ours, key=key) == sorted(theirs, key=key)


def test_every_view_in_every_form(inventory, browser):
    root = inventory.pages().roots()[0].source_id
    for view, query in (
        ("findings", ""),
        ("files", ""),
        ("folders", f"root={root}"),
        ("folders", ""),
        ("problems", ""),
        ("new", "from=1"),
        ("law", ""),
    ):
        number = len(table(browser.get(f"/export/{view}.csv?{query}")))
        answer = browser.get(f"/export/{view}.json?{query}")
        assert len(json.loads(answer.content)["rows"]) == number, view
        answer = browser.get(f"/export/{view}.xlsx?{query}")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        assert sheet.max_row == number + 1, view
        assert number, view
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="piiscan-{view}-')
        assert answer.headers["cache-control"] == "no-store"


def test_the_workbook_explains_the_kinds_that_are_in_it(browser):
    answer = browser.get("/export/findings.xlsx?entity=CREDIT_CARD")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[1]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["CREDIT_CARD"]


def test_new_since_a_scan(inventory, browser):
    everything, new = table(browser.get("/export/findings.csv")), table(browser.get("/export/new.csv?from=1"))
    assert 0 < len(new) < len(everything)
    assert table(browser.get("/export/new.csv?from=2")) == []


def test_formulas_and_hostile_names_are_neutral(tmp_path):
    from piiscan.inventory import Inventory
    from tests.inventory import kit as rows

    with Inventory.open(tmp_path / "inventory.db") as inventory:
        rows.scan(inventory, [rows.report("=cmd|' /C calc'!A0.csv", rows.group(header="@SUM(1)"), owner="+1")])
        (row,) = table(kit.client(inventory).get("/export/findings.csv"))
    assert (row["path"][0], row["header"], row["owner"]) == ("'", "'@SUM(1)", "'+1")


@pytest.mark.parametrize("name", ["findings.exe", "passwords.csv", "findings", "../findings.csv", "findings.csv.xlsx", "findings.html"])
def test_nothing_else_can_be_saved(browser, name):
    assert browser.get(f"/export/{name}").status_code == 404


def test_another_site_cannot_fetch_it(browser):
    assert browser.get("/export/findings.csv", headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}).status_code == 403


def test_a_ledger_that_cannot_be_used_is_a_sentence(inventory, tmp_path):
    from piiscan.settings import Settings

    (tmp_path / "ledger.toml").write_text("not a ledger", encoding="utf-8")
    browser = kit.client(inventory, settings=Settings(ledger=tmp_path / "ledger.toml"))
    answer = browser.get("/export/files.csv")
    assert answer.status_code == 503
    assert "ledger.toml" in answer.text
