"""Imports go one way, and the command line starts without the heavy libraries."""

import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
HEAVY = [
    "presidio_analyzer",
    "spacy",
    "ginza",
    "sqlalchemy",
    "lxml",
    "openpyxl",
    "pydantic",
    "sudachipy",
    "pypdfium2",
    "yaml",
    "rich",
    "starlette",
    "uvicorn",
    "jinja2",
]


def test_the_layers_hold():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=HOME, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_help_loads_nothing_heavy():
    code = f"import sys; sys.argv = ['piiscan', '--help']; from piiscan.cli.main import cli\ntry: cli()\nexcept SystemExit: pass\nprint([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stderr.strip() == "[]"
    assert "scan" in done.stdout


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, piiscan; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"
