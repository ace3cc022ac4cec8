"""Whole files read as `piiscan inspect` reads them: who is named in them, and how many persons are counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from piiscan.engine.analyse import Analyst
from piiscan.engine.api import inspect_file
from piiscan.masking import FingerprintKey
from piiscan.settings import Settings


@pytest.fixture(scope="session")
def analyst() -> Analyst:
    return Analyst(Settings(), FingerprintKey.random())


@pytest.fixture
def names(analyst: Analyst, tmp_path: Path):
    def found(text: str, name: str = "file.txt") -> list[str]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return [r.value for r in inspect_file(path, analyst.settings, analyst=analyst)[1] if r.finding.entity == "PERSON"]

    return found


@pytest.fixture
def count(analyst: Analyst, tmp_path: Path):
    def counted(text: str, name: str = "file.txt") -> int:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return inspect_file(path, analyst.settings, analyst=analyst)[0].persons.estimate

    return counted
