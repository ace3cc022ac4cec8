"""``make torture-kill``: kill a scan at many random moments; the inventory that the next run completes must equal an uninterrupted one.

python tools/torture_kill.py [--times 200] [--seed 1] [--victim parent|worker]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from tests.e2e.test_killed import picture, scan_command  # noqa: E402 -- the same comparison as the test's


def differences(expected: dict[str, list[dict[str, Any]]], found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Where two pictures differ: the view, the row and the columns (values are masks and counts)."""
    said = []
    for view, rows in expected.items():
        if len(rows) != len(found[view]):
            said.append(f"{view}: {len(rows)} rows, not {len(found[view])}")
        for one, other in zip(rows, found[view], strict=False):
            columns = [name for name in one if one[name] != other.get(name)]
            if columns:
                said.append(
                    f"{view}: {one.get('path')}: " + "; ".join(f"{name} {one[name]!r}, not {other.get(name)!r}" for name in columns)
                )
    return said[:10]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--victim", choices=["parent", "worker", "both"], default="both")
    options = parser.parse_args()
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        out = Path(folder)
        share = out / "share"
        shutil.copytree(HOME / "sample_data" / "files", share)
        env = {**os.environ, "PIISCAN_KEY_FILE": str(out / "key")}
        began = time.monotonic()
        subprocess.run(scan_command(share, out / "whole.db"), env=env, check=True)
        needed = time.monotonic() - began
        expected = picture(out / "whole.db")
        killed, wrong, rounds = 0, 0, 0
        while killed < options.times:
            rounds += 1
            inventory = out / f"k{rounds}.db"
            for _ in range(3):
                run = subprocess.Popen(scan_command(share, inventory), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(dice.uniform(0.05, needed * 0.8))
                if run.poll() is None:
                    victim = options.victim if options.victim != "both" else dice.choice(["parent", "worker"])
                    workers = [child for child in psutil.Process(run.pid).children(recursive=True) if child.is_running()]
                    if victim == "worker" and workers:
                        dice.choice(workers).kill()
                        run.wait()
                    else:
                        run.kill()
                        run.wait()
                        psutil.wait_procs(workers, timeout=20)
                    killed += 1
            subprocess.run(scan_command(share, inventory), env=env, check=True)
            found = picture(inventory)
            same = found == expected
            wrong += not same
            print(f"round {rounds}: {killed} kills, inventory {'equal' if same else 'DIFFERENT'}", flush=True)
            for difference in differences(expected, found):
                print("  " + difference, flush=True)
            for path in out.glob(f"k{rounds}.db*"):
                path.unlink()
    print(f"{killed} kills in {rounds} rounds, {wrong} inventories differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
