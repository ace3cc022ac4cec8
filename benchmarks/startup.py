"""Time of ``piiscan --help`` beside ``python -c "import click"``: minimum of several runs each, taken in turns. Prints the ratio."""

from __future__ import annotations

import subprocess
import sys
import time

RUNS = 15
COMMANDS = {
    "import click": [sys.executable, "-c", "import click"],
    "piiscan --help": [sys.executable, "-m", "piiscan.cli.main", "--help"],
}


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def main() -> None:
    best = dict.fromkeys(COMMANDS, float("inf"))
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            best[name] = min(best[name], seconds(command))
    for name, took in best.items():
        print(f"{name:16} {took * 1000:6.0f} ms  (minimum of {RUNS})")
    print(f"ratio {best['piiscan --help'] / best['import click']:.2f}  (goal: at most 4)")


if __name__ == "__main__":
    main()
