"""Every page of help and every usage error in both languages, within 80 columns, on a CP932 console too."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from piiscan.cli.columns import fold, width
from piiscan.cli.main import VERBS
from piiscan.problems import ProblemKind

HOME = Path(__file__).resolve().parents[2]
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")

#: Prints the help of the program and of every verb and verb of a verb, each after a line ``== NAME``.
EVERY_PAGE = """
import sys
from piiscan.cli.main import cli
from piiscan.cli.console import prepare, speak
from piiscan.cli.common import wanted_language
import click
prepare(); speak(wanted_language())
def show(command, name, parent):
    context = command.context_class(command, info_name=name, parent=parent, terminal_width=80, max_content_width=80)
    print("==", context.command_path)
    print(command.get_help(context))
    for verb in command.list_commands(context) if isinstance(command, click.Group) else ():
        show(command.get_command(context, verb), verb, context)
show(cli, "piiscan", None)
"""


def run(*arguments, code=None, encoding="utf-8", **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PIISCAN_"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        env={**clean, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(HOME), **environment},
    )
    assert code is None or done.returncode == code, done.stderr.decode(encoding)
    return done.stdout.decode(encoding), done.stderr.decode(encoding)


def piiscan(*arguments, **options):
    return run("-m", "piiscan.cli.main", *arguments, **options)


@pytest.fixture(scope="module", params=["ja", "en"])
def pages(request):
    text, _ = run("-c", EVERY_PAGE, code=0, PIISCAN_LANG=request.param)
    parts = re.split(r"^== (.*)\n", text, flags=re.MULTILINE)[1:]
    return request.param, dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_verb_has_a_page_in_the_language_of_the_run(pages):
    lang, texts = pages
    assert {f"piiscan {verb}" for verb in VERBS} <= set(texts)
    for name, text in texts.items():
        assert ("使い方:" in text) is (lang == "ja"), name
        assert JAPANESE.search(text) or lang == "en", name
        if lang == "ja":
            assert not re.search(r"^(Usage|Options|Commands):|Show (this|the)|\[(required|default)", text, re.MULTILINE), name
        described = re.findall(r"^  (-{1,2}[^\n]*)$", text, re.MULTILINE)
        assert described, name


def test_no_line_is_wider_than_a_terminal(pages):
    _, texts = pages
    too_wide = [(name, line) for name, text in texts.items() for line in text.splitlines() if width(line) > 80]
    assert too_wide == []


def test_every_option_is_explained(pages):
    _, texts = pages
    for name, text in texts.items():
        lines = text.splitlines()
        for i, line in enumerate(lines):
            if re.match(r"  --?\w", line):
                follows = lines[i + 1] if i + 1 < len(lines) else ""
                assert re.search(r"\S  +\S", line.strip()) or follows.startswith("      "), f"{name}: {line}"


WRONG = [
    ("scan --bogus", "'--bogus' というオプションはありません", "No such option '--bogus'"),
    ("nightly", "引数が足りません", "Missing argument"),
    ("report pdf", "'pdf' は使えません", "'pdf' is not one of"),
    ("bogus", "'bogus' というコマンドはありません", "No such command 'bogus'"),
    ("usb a b", "余分な引数があります", "unexpected extra argument"),
    ("scan --jobs x", "として読めません", "is not a valid"),
]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_usage_errors(lang):
    script = (
        "import sys; from piiscan.cli.main import cli; from piiscan.cli.console import prepare, speak\n"
        f"prepare(); speak({lang!r})\n"
        f"for line in {[line for line, *_ in WRONG]!r}:\n"
        "    try: cli(line.split())\n"
        "    except SystemExit as error: print('==', error.code, file=sys.stderr)\n"
    )
    _, error = run("-c", script, code=0, PIISCAN_LANG=lang)
    answers = error.split("== 2\n")
    assert len(answers) == len(WRONG) + 1
    for (_, japanese, english), answer in zip(WRONG, answers, strict=False):
        assert (japanese if lang == "ja" else english) in answer


def test_a_japanese_locale_is_enough():
    out, _ = piiscan("--help", LANG="ja_JP.UTF-8", code=0)
    assert "使い方:" in out
    out, _ = piiscan("--help", LANG="ja_JP.UTF-8", LC_ALL="C", code=0)
    assert "Usage:" in out


@pytest.mark.parametrize("encoding", ["cp932", "ascii"])
def test_a_console_with_fewer_characters(tmp_path, encoding):
    (tmp_path / "会議—メモ–①é한.txt").write_text("定例会議", encoding="utf-8")
    out, error = piiscan(
        "usb", str(tmp_path), "--records", str(tmp_path.parent / "r"), "--jobs", "0", "--lang", "ja" if encoding == "cp932" else "en",
        encoding=encoding, code=0,
    )  # fmt: skip
    assert ("持ち出し可" if encoding == "cp932" else "MAY LEAVE") in out
    assert "Traceback" not in error


def test_what_the_console_lacks_is_written_as_the_nearest():
    script = "from piiscan.cli.console import prepare; prepare(); print('a—b–c・d·e✓한')"
    out, _ = run("-c", script, encoding="cp932", code=0)
    assert out.rstrip() == "a―b-c・d・eOK\\ud55c"
    out, _ = run("-c", script, encoding="ascii", code=0)
    assert out.rstrip() == "a-b-c*d*eOK\\ud55c"


def test_no_sentence_of_ours_needs_more_than_cp932():
    with (HOME / "piiscan" / "locale" / "messages.toml").open("rb") as file:
        sections = tomllib.load(file)
    cannot = []
    for section, entries in sections.items():
        for key, texts in entries.items():
            try:
                texts["ja"].encode("cp932")
            except UnicodeEncodeError as error:
                cannot.append((section, key, error.object[error.start]))
    for kind in ProblemKind:
        (kind.ja + kind.todo_ja).encode("cp932")
    assert cannot == []


def test_placeholders_are_the_same_in_both_languages():
    with (HOME / "piiscan" / "locale" / "messages.toml").open("rb") as file:
        sections = tomllib.load(file)
    sections.pop("click")  # click fills in what it has, by name, singular or plural
    del sections["pydantic"], sections["system"]  # these are only read, and Japanese says less
    differ = [
        f"{section}.{key}"
        for section, entries in sections.items()
        for key, texts in entries.items()
        if sorted(re.findall(r"\{(\w+)[^|}]*\}", texts["en"])) != sorted(re.findall(r"\{(\w+)[^|}]*\}", texts["ja"]))
    ]
    assert differ == []


def test_the_catalogue_of_click_is_current():
    spec = importlib.util.spec_from_file_location("write_docs", HOME / "tools" / "write_docs.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.MO.read_bytes() == tool.click_mo(), "run: make docs"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_manual_page_names_every_verb_and_option(lang):
    text, _ = run(str(HOME / "tools" / "man_page.py"), code=0, PIISCAN_LANG=lang)
    for verb in VERBS:
        assert f'.SS "piiscan {verb}"'.replace("-", "\\-") in text
    assert ".B \\-\\-leave\\-record" in text
    assert not [line for line in text.splitlines() if line.startswith("'")]


def test_folding_keeps_words_and_kinsoku():
    lines = fold("中身が変わっていないか、--verify で確かめる。" * 3, 24)
    assert all(width(line) <= 26 for line in lines)
    assert not [line for line in lines if line[0] in "、。"]
    assert "".join(lines).replace(" ", "") == "中身が変わっていないか、--verifyで確かめる。" * 3
    assert fold("", 10) == [""]
    assert fold("/very/long/path/without/any/space", 10) == ["/very/long", "/path/with", "out/any/sp", "ace"]
