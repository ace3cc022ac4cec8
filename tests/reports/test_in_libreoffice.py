"""CSV and XLSX opened by a real spreadsheet program: the same rows, and nothing is computed."""

import csv
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from piiscan.cli.main import cli
from piiscan.inventory import Inventory
from piiscan.reports import write_report

#: comma, double quote, UTF-8, first line 1, no column types, Japanese
_CSV = "Text - txt - csv (StarCalc):44,34,76,1,,1041,false,true"


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    home = tmp_path_factory.mktemp("office")
    share = home / "=1+1"
    share.mkdir()
    (share / "=2+3 名簿.csv").write_text("=4+5,氏名,電話番号\n0001,山田太郎,090-1234-5678\n0002,鈴木花子,03-1234-0001\n", encoding="utf-8")
    (share / "@SUM(1+9).txt").write_text("+6 山田太郎 090-1234-5678", encoding="utf-8")
    done = CliRunner().invoke(cli, ["scan", str(share), "--inventory", str(home / "inv.db"), "--jobs", "0", "--quiet"])
    assert done.exit_code == 0, done.output
    store = Inventory.open(str(home / "inv.db"))
    for name in ("csv", "xlsx"):
        write_report(store, name, home / f"r.{name}")
    store.close()
    return home


def opened(home, name, tmp_path):
    """What LibreOffice shows of ``r.NAME``, as rows of text."""
    program = shutil.which("soffice")
    assert program, "install libreoffice-calc (.ci/run does)"
    out = tmp_path / name
    command = [program, "--headless", "--norestore", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    command += [f"--infilter={_CSV}"] if name == "csv" else []
    command += ["--convert-to", f"csv:{_CSV}", "--outdir", str(out), str(home / f"r.{name}")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with (out / "r.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_rows_are_the_same_and_nothing_is_computed(reports, tmp_path):
    with (reports / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    from_csv, from_xlsx = opened(reports, "csv", tmp_path), opened(reports, "xlsx", tmp_path)
    assert len(from_csv) == len(from_xlsx) == len(written) > 3
    assert from_csv[0] == from_xlsx[0] == written[0]
    columns = {name: i for i, name in enumerate(written[0])}
    for row, a, b in zip(written[1:], from_csv[1:], from_xlsx[1:], strict=True):
        for name in ("path", "location", "entity", "label", "level", "examples", "header"):
            assert a[columns[name]].lstrip("'") == b[columns[name]] == row[columns[name]].lstrip("'")
        assert a[columns["count"]] == b[columns["count"]] == row[columns["count"]]
    examples = [row[columns["examples"]] for row in from_xlsx]
    assert any(example.startswith("090-") for example in examples)  # leading zeros stay
