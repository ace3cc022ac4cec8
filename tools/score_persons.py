"""Persons per file of a share made by ``tools/make_share.py``, against ``people.jsonl``; the findings go to a file for ``score_share.py``.

    python tools/score_persons.py DIR FINDINGS.jsonl [--show N]

Prints how many files are counted within 2 % (or one person, for small files), and the sum over all.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from piiscan.engine.analyse import Analyst
from piiscan.engine.api import inspect_file
from piiscan.masking import FingerprintKey
from piiscan.model import location_to_json
from piiscan.settings import Settings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("share", type=Path)
    parser.add_argument("findings", type=Path)
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    settings = Settings()
    analyst = Analyst(settings, FingerprintKey.random())
    wanted = {e["file"]: e["persons"] for e in map(json.loads, (args.share / "people.jsonl").read_text(encoding="utf-8").splitlines())}
    right = total = counted = 0
    wrong: list[tuple[int, str, int, int]] = []
    with args.findings.open("w", encoding="utf-8") as out:
        for path in sorted(p for p in (args.share / "files").rglob("*") if p.is_file()):
            report, found = inspect_file(path, settings, analyst=analyst)
            for problem in report.problems:
                print(json.dumps({"file": str(path), "problem": problem.kind.word, "detail": problem.detail}), file=out)
            for revealed in found:
                f = revealed.finding
                entry = {
                    "file": str(path),
                    "location": location_to_json(f.location),
                    "entity": f.entity,
                    "score": f.score,
                    "level": f.level.word,
                    "value": revealed.value,
                    "header": f.header,
                    "why": list(f.why),
                }
                print(json.dumps(entry, ensure_ascii=False), file=out)
            name = str(path.relative_to(args.share / "files"))
            if name in wanted:
                true, got = wanted[name], report.persons.estimate
                total, counted = total + true, counted + got
                good = abs(true - got) <= 0.02 * true
                right += good
                if not good:
                    wrong.append((abs(true - got), name, true, got))
    print(
        f"files with persons={len(wanted)} within 2 %={right} share={right / max(1, len(wanted)):.4f} persons true={total} counted={counted} ratio={counted / max(1, total):.4f}"
    )
    for _, name, true, got in sorted(wrong, reverse=True)[: args.show]:
        print(f"   {name}: true {true}, counted {got}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
