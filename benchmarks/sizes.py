"""Detection over texts of growing size: processor time a megabyte and peak memory must stay flat (``make bench-sizes``).

    python benchmarks/sizes.py [--megabytes 1 10 50] [--line 10]

* *log*: lines of a log, a telephone number in one of a thousand;
* *prose*: invented office texts, over and over;
* *one line*: the same without a line end; *no spaces*: without white space at all.

Each text is read by ``analyze_text`` in a process of its own. Above the smallest size the time a megabyte should not grow.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT)]
KINDS = ("log", "prose", "one line", "no spaces")


def text_of(kind: str, megabytes: float) -> str:
    size = int(megabytes * 1_000_000)
    if kind == "log":
        rng = random.Random(4)
        lines = []
        for i in range(size // 80):
            note = f" call 090-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}" if i % 1000 == 7 else ""
            lines.append(
                f"2026-11-25T10:{i // 60 % 60:02}:{i % 60:02}Z INFO [worker-{rng.randint(1, 8)}] flush took={rng.randint(1, 900)}ms rows={i}{note}"
            )
        return "\n".join(lines)
    from invented_names import invent

    piece = "\n\n".join(row["text"] for row in invent(300, seed=2026))
    if kind == "one line":
        piece = piece.replace("\n", " ")
    if kind == "no spaces":
        piece = "".join(piece.split())
    return (piece * (size // len(piece.encode()) + 1)).encode()[:size].decode("utf-8", "ignore")


def child(kind: str, megabytes: float) -> None:
    import piiscan

    piiscan.analyze_text("山田太郎 090-1234-5678 東京都千代田区丸の内1-1-1")
    text = text_of(kind, megabytes)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = len(piiscan.analyze_text(text))
    spent = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"  {kind:10} {megabytes:6g} MB   {spent / megabytes:7.3f} s/MB   {found} findings, {grown:.0f} MB more at its peak", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 10, 50])
    parser.add_argument("--line", type=float, default=10, help="size of the texts in one line")
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.child[0], float(args.child[1]))
        return
    for kind in [args.only] if args.only else KINDS:
        sizes = args.megabytes if kind in {"log", "prose"} else [args.line / 10, args.line]
        for megabytes in sizes:
            subprocess.run([sys.executable, __file__, "--child", kind, str(megabytes)], check=True)


if __name__ == "__main__":
    main()
