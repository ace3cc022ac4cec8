"""Runs the command line as its users do.

:func:`piiscan` runs it in this process with the models that are loaded already, which is some twenty times cheaper;
:func:`piiscan_process` in a process of its own, for what depends on that (workers, start-up, signals, the environment).
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

HOME = Path(__file__).resolve().parent.parent
SAMPLES = HOME / "sample_data" / "files"
PIISCAN = [sys.executable, "-m", "piiscan"]


@dataclass
class Done:
    """How a run ended."""

    returncode: int
    stdout: str
    stderr: str


def _expect(done: Done, ok: tuple[int, ...]) -> Done:
    assert done.returncode in ok, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done


def piiscan(*arguments: object, ok: tuple[int, ...] = (0,), env: dict[str, str] | None = None) -> Done:
    """Run it here, reading files in this process too, and expect one of the exit codes ``ok``."""
    from piiscan.cli.main import cli

    words = [str(argument) for argument in arguments]
    with mock.patch.object(sys, "argv", ["piiscan", *words]):
        ran = CliRunner().invoke(cli, words, prog_name="piiscan", env={"PIISCAN_JOBS": "0", **(env or {})})
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return _expect(Done(ran.exit_code, ran.stdout, ran.stderr), ok)


def piiscan_process(*arguments: object, ok: tuple[int, ...] = (0,), env: dict[str, str] | None = None) -> Done:
    """Run it in a process of its own and expect one of the exit codes ``ok``."""
    ran = subprocess.run(
        [*PIISCAN, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ, **(env or {})}
    )
    return _expect(Done(ran.returncode, ran.stdout, ran.stderr), ok)


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
