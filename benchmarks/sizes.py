"""Detection over texts of growing size: processor time a megabyte and peak memory must stay flat (``make bench-sizes``).

    python benchmarks/sizes.py [--megabytes 1 10 50] [--line 10]

* *log*: lines of a log, a telephone number in one of a thousand;
* *prose*: invented office texts, over and over;
* *one line*: the same without a line end; *no spaces*: without white space at all.

* *a file*: the prose as a worker of a scan reads it, which keeps counts and no findings.

Each text is read by ``analyze_text``, which hands out a list of all findings, in a process of its own. Above the smallest size the time
a megabyte should not grow. Memory is what the process holds at its peak beyond the loaded models and the text itself.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT)]

import piiscan  # noqa: E402 -- from this tree

KINDS = ("log", "prose", "a file", "one line", "no spaces")


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


def memory(field: str) -> float:
    """Megabytes that this process holds (``VmRSS``) or held at most (``VmHWM``), as Linux says."""
    (line,) = (line for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) / 1024


def in_text(text: str) -> int:
    return len(piiscan.analyze_text(text))


def in_file(text: str) -> int:
    from piiscan.engine.analyse import Analyst
    from piiscan.masking import FingerprintKey
    from piiscan.model import Item
    from piiscan.settings import Limits, Settings

    with tempfile.TemporaryDirectory() as folder:
        path, private = Path(folder) / "prose.txt", Path(folder) / "private"
        private.mkdir()
        path.write_text(text, encoding="utf-8")
        analyst = Analyst(Settings(limits=Limits(seconds=1e6)), FingerprintKey.random())
        report = analyst.analyse(Item("", path.name, str(path), size=path.stat().st_size), path, private)
    return sum(group.count for group in report.groups)


def child(kind: str, megabytes: float) -> None:
    piiscan.analyze_text("山田太郎 090-1234-5678 東京都千代田区丸の内1-1-1")
    text = text_of("prose" if kind == "a file" else kind, megabytes)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew: making the text took more than the text
    before = memory("VmRSS")
    began = time.process_time()
    found = (in_file if kind == "a file" else in_text)(text)
    spent = time.process_time() - began
    grown = memory("VmHWM") - before
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
        sizes = args.megabytes if kind in {"log", "prose", "a file"} else [args.line / 10, args.line]
        for megabytes in sizes:
            subprocess.run([sys.executable, __file__, "--child", kind, str(megabytes)], check=True)


if __name__ == "__main__":
    main()
