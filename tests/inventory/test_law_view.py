"""The law view and the ledger of a selection of an inventory, in the reports."""

import csv
import io
import json

import pytest

from piiscan.model import Level
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.reports import write_report, write_split
from piiscan.reports.ledger import LedgerError, load_ledger
from tests.inventory import kit

NUMBER = ("JP_MY_NUMBER", Level.CRITICAL)


@pytest.fixture
def offices(inventory):
    """The same 80 people with their numbers in two places, 60 others in a third; an account here, a password there."""
    first = kit.report("人事/台帳.xlsx", kit.group(persons=80), kit.group(*NUMBER, persons=80, column=2), persons=range(80))
    copy = kit.report("人事/控え.xlsx", kit.group(persons=80), kit.group(*NUMBER, persons=80, column=2), persons=range(80))
    other = kit.report("支店/台帳.xlsx", kit.group(persons=60), kit.group(*NUMBER, persons=60, column=2), persons=range(100, 160))
    account = kit.report("経理/口座.csv", kit.group("JP_BANK_ACCOUNT", Level.HIGH), persons=(200,))
    password = kit.report("経理/手順.txt", kit.group("CREDENTIAL", Level.HIGH, persons=0))
    kit.scan(inventory, [first, copy, other, account, password])
    return inventory


def rows(inventory, tmp_path, view, **more):
    out = tmp_path / "report.csv"
    write_report(inventory, "csv", out, view=view, lang="en", **more)
    return list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))


def law(inventory, tmp_path, **more):
    found = rows(inventory, tmp_path, "law", **more)
    reasons = {row["item"]: (int(row["persons"]), row["persons_exact"]) for row in found if row["section"] == "reason"}
    data = {row["item"]: int(row["persons"]) for row in found if row["section"] == "data"}
    return found[0], reasons, data


def test_a_list_in_two_places_counts_once(offices, tmp_path):
    answer, reasons, data = law(offices, tmp_path)
    assert (answer["item"], answer["persons"]) == ("reportable", "141")
    # not 220: no more than there are different people in the files that hold numbers
    assert reasons == {"mynumber-29-4": (140, "no")}
    assert data["JP_MY_NUMBER"] == 140


def test_the_answer_is_that_of_the_selection(offices, tmp_path):
    answer, reasons, data = law(offices, tmp_path, under="人事")
    assert (answer["item"], answer["persons"], reasons) == ("not-by-content", "80", {})
    assert data["JP_MY_NUMBER"] == 80
    # in two files, but not in one: no access to an account
    assert law(offices, tmp_path, under="経理")[1] == {}
    kit.scan(
        offices,
        [
            kit.report(
                "経理/口座.csv",
                kit.group("JP_BANK_ACCOUNT", Level.HIGH),
                kit.group("CREDENTIAL", Level.HIGH, column=2),
                persons=(200,),
                mtime=2,
            )
        ],
    )
    assert law(offices, tmp_path, under="経理")[1] == {"appi-7-2-login": (1, "yes")}
    assert law(offices, tmp_path, under="人事", public_body=True)[1] == {}


def test_the_view_while_sums_lag_behind_is_the_same(offices, tmp_path):
    before = law(offices, tmp_path)
    with offices.begin(write=True) as connection:
        connection.exec_driver_sql("INSERT INTO dirty (source, path) VALUES (1, '人事/')")
    assert law(offices, tmp_path) == before


def test_the_text_and_the_json(offices, tmp_path):
    write_report(offices, "text", tmp_path / "law.txt", view="law", lang="ja")
    text = (tmp_path / "law.txt").read_text(encoding="utf-8")
    assert "特定個人情報の漏えい等は対象です。（該当 最大 140 人、番号法29条の4・同規則2条）" in text
    write_report(offices, "json", tmp_path / "law.json", view="law", lang="ja")
    data = json.loads((tmp_path / "law.json").read_text(encoding="utf-8"))
    assert data["rows"][0] == {
        "section": "answer", "article": "", "item": "reportable", "persons": 141, "persons_exact": "yes",
        "text": "漏えい等が起きた場合、個人情報保護委員会への報告と本人への通知が必要になる見込みです（本人の数 141 人）。",
    }  # fmt: skip


LEDGER = """
[[folder]]
path = "人事/"
department = "人事部"
purpose = "年末調整"
keep_until = 2020-01-31

[[folder]]
path = "*"
department = "その他"
"""


@pytest.fixture(params=["toml", "csv"])
def ledger(request, tmp_path):
    file = tmp_path / f"ledger.{request.param}"
    table = "path,department,purpose,keep_until\n人事/,人事部,年末調整,2020-01-31\n*,その他,,\n"
    file.write_text(LEDGER if request.param == "toml" else table, encoding="utf-8-sig")
    return file


def test_the_ledger_fills_its_columns_and_finds_what_is_kept_too_long(inventory, ledger, tmp_path):
    encrypted = kit.report("人事/鍵.zip", problems=[Problem(ProblemKind.ENCRYPTED, Stage.EXTRACT)])
    kit.scan(
        inventory, [kit.report("メモ.txt", kit.group()), kit.report("人事/台帳.xlsx", kit.group()), kit.report("人事/空欄.xlsx"), encrypted]
    )
    columns = ("department", "purpose", "retention")
    found = {row["path"]: tuple(row[name] for name in columns) for row in rows(inventory, tmp_path, "files", ledger=ledger)}
    assert found["人事/台帳.xlsx"] == found["人事/空欄.xlsx"] == ("人事部", "年末調整", "2020-01-31")
    assert found["メモ.txt"] == ("その他", "", "")
    assert {row["path"]: row["department"] for row in rows(inventory, tmp_path, "folders", ledger=ledger)} == {
        "人事": "人事部",
        "": "",
    }
    late = [row for row in rows(inventory, tmp_path, "findings", ledger=ledger) if row["entity"] == "KEPT_TOO_LONG"]
    # what holds personal data, and what nobody could look into; not what is known to hold none
    assert [(row["path"], row["label"], row["level"], row["examples"]) for row in late] == [
        ("人事/台帳.xlsx", "保存期限超過", "medium", "2020-01-31"),
        ("人事/鍵.zip", "保存期限超過", "medium", "2020-01-31"),
    ]
    assert len(rows(inventory, tmp_path, "findings", ledger=ledger, min_level=Level.HIGH)) == 0
    assert len(rows(inventory, tmp_path, "findings")) == 2


def test_each_department_gets_the_law_view_of_what_is_its_own(offices, tmp_path):
    """Departments whose folders lie between those of others, on both kinds of database."""
    ledger = tmp_path / "departments.csv"
    ledger.write_text("path,department\n人事/控え.xlsx,監査室\n人事/,人事部\n支店/,人事部\n経理/,経理部\n", encoding="utf-8")
    write_split(offices, "csv", tmp_path / "by", "department", view="law", ledger=ledger)
    answers = {}
    for path in (tmp_path / "by").glob("*.csv"):
        lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        answers[path.stem] = lines[0].get("persons", lines[0].get("findings"))
    # the 80 of the list and the 60 of the branch; the copy is the auditors' own
    assert {stem: answers[stem] for stem in ("人事部", "監査室", "経理部")} == {"人事部": "140", "監査室": "80", "経理部": "1"}
    by_files = {}
    for path in write_split(offices, "jsonl", tmp_path / "files", "department", view="files", ledger=ledger):
        by_files[path.stem] = {json.loads(line)["path"] for line in path.read_text(encoding="utf-8").splitlines()}
    assert by_files == {
        "人事部": {"人事/台帳.xlsx", "支店/台帳.xlsx"},
        "監査室": {"人事/控え.xlsx"},
        "経理部": {"経理/口座.csv", "経理/手順.txt"},
    }


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.toml", "[[folder]", "not valid TOML"),
        ("a.toml", "[[folders]]\npath='a'", "begins with"),
        ("a.toml", "[[folder]]\ndepartment='a'", "entry 1: path: Field required"),
        ("a.csv", "folder,department\na,b\n", "unknown column 'folder'"),
        ("a.csv", "department\nb\n", "'path' is missing"),
        ("a.csv", "path,keep_until\na,来年\n", "entry 1: keep_until"),
    ],
)
def test_a_ledger_that_cannot_be_used(tmp_path, name, text, says):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match=says):
        load_ledger(tmp_path / name)
    with pytest.raises(LedgerError, match="does not exist"):
        load_ledger(tmp_path / "none.toml")
