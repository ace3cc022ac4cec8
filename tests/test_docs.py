"""The generated pages are those of the code, and what the README promises exists."""

import doctest
import importlib
import importlib.util
import re
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent


def _tool():
    spec = importlib.util.spec_from_file_location("write_docs", HOME / "tools" / "write_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_current():
    stale = [path.name for path, text in _tool().pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    assert stale == [], "run: make docs"


def test_links_of_the_documents_lead_somewhere():
    broken = []
    for page in [*HOME.glob("*.md"), *(HOME / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_each_decision_has_a_number_of_its_own():
    numbers = [path.name[:4] for path in (HOME / "docs" / "adr").glob("*.md") if path.name[:4].isdigit()]
    assert numbers
    assert len(numbers) == len(set(numbers))


WITH_EXAMPLES = sorted(
    path.relative_to(HOME).with_suffix("").as_posix().replace("/", ".")
    for path in (HOME / "piiscan").rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_in_docstrings_say_what_comes_out(module):
    ran = doctest.testmod(importlib.import_module(module.removesuffix(".__init__")))
    assert ran.attempted
    assert not ran.failed
