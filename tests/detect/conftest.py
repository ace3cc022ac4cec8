"""Whole files read as `piiscan inspect` reads them: who is named in them, and how many persons are counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from piiscan.engine.analyse import Analyst
from piiscan.engine.api import Revealed, inspect_file
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport
from piiscan.settings import Settings


@pytest.fixture(scope="session")
def analyst() -> Analyst:
    return Analyst(Settings(), FingerprintKey.random())


@pytest.fixture
def read_file(analyst: Analyst, tmp_path: Path):
    """Report and findings of a text as a file of some name."""

    def read(text: str, name: str = "file.txt") -> tuple[FileReport, list[Revealed]]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return inspect_file(path, analyst.settings, analyst=analyst)

    return read


@pytest.fixture
def names(read_file):
    def found(text: str, name: str = "file.txt") -> list[str]:
        return [r.value for r in read_file(text, name)[1] if r.finding.entity == "PERSON"]

    return found


@pytest.fixture
def kinds(read_file):
    def found(text: str, name: str = "file.txt") -> list[tuple[str, str]]:
        return [(r.finding.entity, r.value) for r in read_file(text, name)[1]]

    return found


@pytest.fixture
def count(read_file):
    def counted(text: str, name: str = "file.txt") -> int:
        return read_file(text, name)[0].persons.estimate

    return counted
