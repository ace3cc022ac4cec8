"""Everything together: the sample share is scanned once, and each promise about it is checked."""

import csv
import json
import re
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from piiscan.detect.dates import parse
from piiscan.detect.normalize import compact
from tests.running import SAMPLES as FILES
from tests.running import piiscan, piiscan_process

SHARE = FILES.parent
MANIFEST = yaml.safe_load((SHARE / "manifest.yaml").read_text(encoding="utf-8"))["files"]
RANK = {"none": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}


def read_jsonl(name: str) -> list[dict]:
    return [json.loads(line) for line in (SHARE / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """One scan of the share with its stamps before and after."""
    out = tmp_path_factory.mktemp("scan")
    stamps = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in FILES.rglob("*") if path.is_file()}
    done = piiscan_process(
        "scan", FILES, "--inventory", out / "inv.db", "--csv", out / "findings.csv", "--json", out / "findings.json", "--html", out / "report.html",
        "--accept-incomplete", "--lang", "en",
    )  # fmt: skip
    piiscan("report", "json", "--inventory", out / "inv.db", "--view", "files", "--output", out / "files.json")
    return out, done, stamps


@pytest.fixture(scope="module")
def inspected():
    """Every finding with its value, by file."""
    done = piiscan("inspect", FILES, "--jsonl", "--values=all", ok=(0, 3))
    found = defaultdict(list)
    for line in done.stdout.splitlines():
        entry = json.loads(line)
        name = Path(entry["file"]).relative_to(FILES).as_posix()
        found[name].append(entry)
    return found


def files_of(out: Path) -> dict[str, dict]:
    data = json.loads((out / "files.json").read_text(encoding="utf-8"))
    rows = data["rows"] if isinstance(data, dict) else data
    return {row["path"]: row for row in rows}


def test_each_file_has_the_outcome_of_the_manifest(scanned):
    rows = files_of(scanned[0])
    on_disk = {path.relative_to(FILES).as_posix() for path in FILES.rglob("*") if path.is_file()}
    assert set(rows) == on_disk == {entry["path"] for entry in MANIFEST}
    wrong = [(e["path"], e["outcome"], rows[e["path"]]["outcome"]) for e in MANIFEST if rows[e["path"]]["outcome"] != e["outcome"]]
    assert wrong == []


def test_levels_and_persons_are_those_of_the_manifest(scanned):
    rows = files_of(scanned[0])
    levels = [
        (e["path"], e["level"], rows[e["path"]]["level"]) for e in MANIFEST if e.get("level") and rows[e["path"]]["level"] != e["level"]
    ]
    assert len(levels) <= 2, levels
    told = [e for e in MANIFEST if e.get("persons") is not None]
    persons = [(e["path"], e["persons"], rows[e["path"]]["persons"]) for e in told]
    off = [entry for entry in persons if abs(entry[1] - entry[2]) > max(1, 0.02 * entry[1])]
    assert len(off) <= 2, off
    total = sum(want for _, want, _ in persons)
    assert abs(total - sum(got for _, _, got in persons)) <= 0.02 * total


def test_nothing_harmless_is_rated_medium_or_above(scanned):
    rows = files_of(scanned[0])
    negatives = [entry["path"] for entry in MANIFEST if entry["negative"]]
    assert len(negatives) >= 60
    assert [path for path in negatives if RANK[rows[path]["level"]] >= RANK["medium"]] == []


def _key(entity: str, value: str) -> str:
    if entity == "DATE_OF_BIRTH" and (date := parse(value)):
        return date.iso
    return re.sub(r"[〒、,・()/.]", "", compact(value)).lower()


def test_values_are_found_and_few_others(inspected):
    truth, found, ignored = Counter(), Counter(), {(e["file"], _key("", e["value"])) for e in read_jsonl("ignore.jsonl")}
    for entry in read_jsonl("truth.jsonl"):
        if not entry["entity"].startswith("JP_SENSITIVE"):
            truth[entry["file"], entry["entity"], _key(entry["entity"], entry["value"])] += 1
    wanted = {entity for _, entity, _ in truth}
    for name, entries in inspected.items():
        for entry in entries:
            if entry.get("entity") in wanted and (name, _key("", entry["value"])) not in ignored:
                found[name, entry["entity"], _key(entry["entity"], entry["value"])] += 1
    hits = sum((truth & found).values())
    recall, precision = hits / sum(truth.values()), hits / sum(found.values())
    missed = [f"{e} in {f}" for f, e, _ in (truth - found)]
    extra = [f"{e} in {f}" for f, e, _ in (found - truth)]
    assert recall >= 0.97, (recall, Counter(missed).most_common(12))
    assert precision >= 0.97, (precision, Counter(extra).most_common(12))


def test_sensitive_kinds_are_found_in_their_files_only(inspected):
    truth = {(e["file"], e["entity"]) for e in read_jsonl("truth.jsonl") if e["entity"].startswith("JP_SENSITIVE")}
    files = {file for file, _ in truth}
    found = {(name, e["entity"]) for name, entries in inspected.items() for e in entries if e.get("entity", "").startswith("JP_SENSITIVE")}
    assert truth <= found
    negatives = {entry["path"] for entry in MANIFEST if entry["negative"]}
    assert {name for name, _ in found} & negatives == set()
    assert files


def test_no_raw_value_is_written_anywhere(scanned):
    out, done, _ = scanned
    written = {path.name: path.read_bytes() for path in out.iterdir()}
    written["stdout"] = done.stdout.encode()
    written["stderr"] = done.stderr.encode()
    leaks = []
    for entry in read_jsonl("truth.jsonl"):
        value = entry["value"]
        if len(value) < 5 or entry["entity"].startswith("JP_SENSITIVE"):
            continue
        for form in {value, value.replace("-", ""), value.replace(" ", "")}:
            for encoding in ("utf-8", "utf-16-le", "cp932"):
                needle = form.encode(encoding, "ignore")
                leaks += [(name, entry["entity"]) for name, data in written.items() if len(needle) >= 6 and needle in data]
    # file names are people's own words and stay; no sample file is named after a value
    assert sorted(set(leaks)) == []


def test_scanning_changes_nothing(scanned):
    _, _, stamps = scanned
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in stamps} == stamps


def test_the_inventory_is_one_sound_sqlite_file(scanned):
    with sqlite3.connect(scanned[0] / "inv.db") as base:
        assert base.execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_second_scan_reads_nothing_again(scanned):
    done = piiscan("scan", FILES, "--inventory", scanned[0] / "inv.db", "--accept-incomplete", "--lang", "en")
    assert re.search(rf"{len(MANIFEST)} entries met, (\d+) unchanged", done.stdout)
    unchanged = int(re.search(r"met, (\d+) unchanged", done.stdout).group(1))
    readable = sum(entry["outcome"] == "scanned" for entry in MANIFEST)
    assert unchanged >= readable


def test_the_csv_opens_as_a_table(scanned):
    with (scanned[0] / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 50
    assert all(None not in row for row in rows)


def test_the_page_is_self_contained(scanned):
    page = (scanned[0] / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)=["']https?://""", page)
    assert "Content-Security-Policy" in page
