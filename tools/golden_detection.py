"""What detection finds today, written down to be compared after a change that must not change it.

    python tools/golden_detection.py write GOLDEN.jsonl [--share DIR]…
    python tools/golden_detection.py compare GOLDEN.jsonl [--share DIR]… [--show N]

Texts: development data (``../shared/data``), invented office texts, tables of ``benchmarks/detect.py``, source code of the
standard library, logs, and all files of ``sample_data/files`` and of the folders named. Findings are compared by kind, place,
compared form, reasons and score (to 0.002: matrices of other shapes round otherwise). GOLDEN holds digests of the texts and,
of findings, no value.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT)]

from benchmarks.detect import empty_texts, joined, office, sentences, table  # noqa: E402 -- after the path

DATA = ROOT.parent / "shared" / "data"

Row = tuple[str, str, str, float, str, str]
_CLOSE = 0.002


def texts() -> Iterator[tuple[str, str]]:
    """``(name, text)`` of everything that is read as text."""
    if DATA.is_dir():
        rows = sentences(DATA)
        random.Random(1).shuffle(rows)
        yield from ((f"sentences {i}", text) for i, (text, _) in enumerate(joined(rows, 2000, "")))
        yield from ((f"sentences, lines {i}", text) for i, (text, _) in enumerate(joined(rows, 20_000, "\n")))
        for name in ("ner_train", "gsd_ner_train", "medical_reports_dev", "addresses_dev"):
            lines = [json.loads(line)["text"] for line in (DATA / f"{name}.jsonl").open(encoding="utf-8")]
            for i in range(0, len(lines), 50):
                yield f"{name} {i}", "\n".join(lines[i : i + 50])
        yield "numbers", (DATA / "numbers_dev.csv").read_text(encoding="utf-8")
    for i, (text, _) in enumerate(joined(office(900), 3000, "\n\n")):
        yield f"office {i}", text
    yield from empty_texts().items()
    yield "table", "\n".join(",".join(row) for row in table(300))
    yield "table, tabs", "\n".join("\t".join(row) for row in table(100))
    standard = Path(json.__file__).parents[1]
    for path in sorted(standard.glob("*.py"))[:60]:
        yield path.name, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs").rglob("*.md")):
        yield path.name, path.read_text(encoding="utf-8")
    for path in sorted(ROOT.glob("recognizers/*/*.yaml")):
        yield path.name, path.read_text(encoding="utf-8")


def found_in_texts() -> Iterator[tuple[str, list[Row]]]:
    from piiscan.engine.api import analyze_with_hits
    from piiscan.settings import Settings

    settings = Settings()
    for name, text in texts():
        rows = [
            _row(f.entity, f"{f.start}-{f.end}", hit.norm, f.score, f.level.word, f.why, f.recognizer)
            for f, hit in analyze_with_hits(text, settings)
        ]
        yield f"{name} {_digest(text)}", rows


def found_in_files(folders: list[Path]) -> Iterator[tuple[str, list[Row]]]:
    from piiscan.engine.analyse import Analyst
    from piiscan.engine.api import inspect_file
    from piiscan.masking import FingerprintKey
    from piiscan.model import location_to_json
    from piiscan.settings import Settings

    settings = Settings()
    analyst = Analyst(settings, FingerprintKey.random())
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            report, found = inspect_file(path, settings, analyst=analyst)
            rows = []
            for revealed in found:
                f = revealed.finding
                place = json.dumps(location_to_json(f.location), ensure_ascii=False) + f" {f.start}-{f.end}"
                rows.append(_row(f.entity, place, revealed.value, f.score, f.level.word, f.why, f.recognizer))
            rows.append(("persons", "", "", float(report.persons.estimate), "", ""))
            yield f"{path.relative_to(folder)} {_digest(path.read_bytes())}", rows


def _row(entity: str, place: str, value: str, score: float, level: str, why: Any, recognizer: str) -> Row:
    reasons = re.sub(r"model \d\.\d\d", "model", "; ".join(why))
    return entity, place, _digest(value), round(score, 4), level, f"{recognizer}: {_digest(reasons)}"


def _digest(text: str | bytes) -> str:
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _differences(before: list[Row], after: list[Row]) -> list[str]:
    old = {(r[0], r[1]): r for r in before}
    new = {(r[0], r[1]): r for r in after}
    lines = [f"lost {old[key]}" for key in old.keys() - new.keys()] + [f"new {new[key]}" for key in new.keys() - old.keys()]
    for key in old.keys() & new.keys():
        a, b = old[key], new[key]
        if a[2] != b[2] or a[4:] != b[4:] or abs(a[3] - b[3]) > _CLOSE:
            lines.append(f"was {a}, is {b}")
    return sorted(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("write", "compare"))
    parser.add_argument("golden", type=Path)
    parser.add_argument("--share", type=Path, action="append", default=[])
    parser.add_argument("--show", type=int, default=20)
    args = parser.parse_args()
    found = (*found_in_texts(), *found_in_files([ROOT / "sample_data" / "files", *args.share]))
    if args.what == "write":
        args.golden.write_text("".join(json.dumps(entry) + "\n" for entry in found), encoding="utf-8")
        print(f"{len(found)} texts and files, {sum(len(rows) for _, rows in found)} findings")
        return 0
    golden = {name: [tuple(row) for row in rows] for name, rows in map(json.loads, args.golden.read_text(encoding="utf-8").splitlines())}
    differ = missing = 0
    for name, rows in found:
        if name not in golden:
            missing += 1
        elif lines := _differences(golden[name], rows):
            differ += 1
            if differ <= args.show:
                print(name, *lines[:10], sep="\n    ")
    print(f"{len(found) - missing} texts and files compared, {missing} not in {args.golden.name}, {differ} differ")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
