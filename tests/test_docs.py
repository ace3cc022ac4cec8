"""The generated pages are those of the code, and what the README promises exists."""

import doctest
import importlib
import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest

from piiscan.cli.main import cli

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


PAGES = [page for page in (*HOME.glob("*.md"), *(HOME / "docs").rglob("*.md")) if "adr" not in page.parts and page.name != "CHANGELOG.md"]


def _commands(page):
    """What a page gives to be typed: its blocks of code, and spans between backquotes."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|console|bash|powershell)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in re.sub(r"\\\n\s*", "", block).splitlines()]
    return [*lines, *re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOME).as_posix())
def test_commands_of_the_documents_are_understood(page):
    """Verbs, options and their values; whether the files are there is the reader's affair."""
    wrong = []
    for line in _commands(page):
        words = re.split("  #| # | > | \\| ", line)[0].replace("\\", "/")
        words = re.sub(r"([\w-]+)(?:\|[\w-]+)+", r"\1", words)  # one of several
        found = re.search(r"(?:^|/|\\)piiscan(?:\.exe)? (?P<rest>[^…]*)$", words)
        if not found or "[" in words:
            continue
        command, arguments = cli, shlex.split(found["rest"])
        context = click.Context(cli, info_name="piiscan")
        try:
            while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
                _, command, arguments = command.resolve_command(context, arguments)
                context = click.Context(command, parent=context, info_name=command.name)
            if arguments:
                command.make_context(command.name, list(arguments), parent=context.parent)
        except click.exceptions.MissingParameter:
            pass  # a sentence names a verb, or an option of it
        except click.exceptions.Exit:
            pass  # --help
        except click.UsageError as error:
            if "does not exist" not in error.format_message():
                wrong.append(f"{line}: {error.format_message()}")
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOME).as_posix())
def test_targets_and_scripts_of_the_documents_are_there(page):
    targets = set(re.findall(r"^([\w-]+):", (HOME / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    missing = []
    for line in _commands(page):
        missing += [f"make {target}" for target in re.findall(r"(?:^|[ /])make ([a-z][\w-]*)(?![\w…-])", line) if target not in targets]
        missing += [path for path in re.findall(r"(?<![\w./])((?:tools|benchmarks)/[\w/]+\.\w+)", line) if not (HOME / path).exists()]
    assert missing == []


def test_each_script_is_named_where_it_is_looked_for():
    told = "".join(path.read_text(encoding="utf-8") for path in (HOME / "CONTRIBUTING.md", HOME / "Makefile"))
    scripts = [path for path in (*(HOME / "tools").iterdir(), *(HOME / "benchmarks").iterdir()) if path.suffix in {".py", ".sh"}]
    assert [path.name for path in scripts if path.name not in told and f"{path.parent.name}.{path.stem}" not in told] == []
