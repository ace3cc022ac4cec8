"""Runs the command line as its users do: in a process of its own, as a module of this checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
SAMPLES = HOME / "sample_data" / "files"
PIISCAN = [sys.executable, "-m", "piiscan.cli.main"]


def piiscan(
    *arguments: object, ok: tuple[int, ...] = (0,), env: dict[str, str] | None = None, **more: object
) -> subprocess.CompletedProcess[str]:
    """Run it and expect one of the exit codes ``ok``."""
    done = subprocess.run(
        [*PIISCAN, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **(env or {})},
        **more,
    )
    assert done.returncode in ok, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done


def view_of(inventory: Path, view: str) -> list[dict]:
    """Rows of a view of an inventory."""
    done = piiscan("report", "jsonl", "--inventory", inventory, "--view", view)
    return [json.loads(line) for line in done.stdout.splitlines()]


def write_list(path: Path, people: int = 5, start: int = 0) -> None:
    """A small list of invented people, different for each ``start``."""
    families, given = ["佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤"], ["太郎", "花子", "健一", "陽子", "大輔"]
    rows = ["氏名,電話番号,メールアドレス"]
    rows += [
        f"{families[(start + i) % 6]} {given[(start + i) // 6 % 5]},090-1{(start + i) % 1000:03d}-{(start * 7 + i) % 10000:04d},user{start + i}@mail.example.jp"
        for i in range(people)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
