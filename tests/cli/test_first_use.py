"""The first hour: ``init`` writes settings that work, and the shell completes."""

import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from piiscan.cli.main import VERBS, cli
from piiscan.settings import load_settings


def run(*arguments, code=0, **options):
    done = CliRunner().invoke(cli, [*arguments, "--lang", "ja"], **options)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PIISCAN_CONFIG", raising=False)
    return tmp_path


def test_init_writes_what_it_was_told(here):
    run("init", "--root", "/mnt/共有", "--root", 'C:\\Users\\"x"', "--reports", "out", "--mail", "a@example.co.jp, b@example.co.jp")
    settings = load_settings(here / "piiscan.toml", environment={})
    assert settings.roots == ("/mnt/共有", 'C:\\Users\\"x"')
    (job,) = settings.nightly
    assert job.roots == settings.roots
    assert (job.mail.sender, job.mail.to) == ("a@example.co.jp", ("a@example.co.jp", "b@example.co.jp"))
    assert settings.lang == "ja"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_line_of_the_file_may_be_switched_on(here, lang):
    """The commented examples are valid too: nothing in the file is a dead letter."""
    done = CliRunner().invoke(cli, ["init", "--root", "a", "--reports", "out", "--mail", "", "--lang", lang])
    assert done.exit_code == 0, done.output
    lines = (here / "piiscan.toml").read_text(encoding="utf-8").splitlines()
    on = [re.sub(r"^# (\[[\w.]+\]|\w+ = .+)$", r"\1", line) for line in lines]
    (here / "on.toml").write_text("\n".join(on), encoding="utf-8")
    settings = load_settings(here / "on.toml", environment={})
    assert settings.nightly[0].webhook is not None
    assert settings.nightly[0].mail.password_env == "PIISCAN_MAIL_PASSWORD"
    assert settings.metrics_file is not None


def test_init_asks_on_a_terminal_only():
    assert "端末がない場合" in run("init", code=2)


def test_init_never_overwrites_unasked(here):
    (here / "piiscan.toml").write_text("jobs = 1\n", encoding="utf-8")
    run("init", "--root", "a", "--reports", "b", "--mail", "", code=2)
    assert (here / "piiscan.toml").read_text(encoding="utf-8") == "jobs = 1\n"
    run("init", "--root", "a", "--reports", "b", "--mail", "", "--force")


def test_what_init_writes_runs_at_night(here):
    (here / "share").mkdir()
    (here / "share" / "a.txt").write_text("会議", encoding="utf-8")
    run("init", "--root", "share", "--reports", "out", "--mail", "")
    run("nightly", "piiscan.toml", "--jobs", "0")
    assert {path.suffix for path in (here / "out").iterdir()} == {".csv", ".xlsx", ".html"}


def complete(shell, words, word):
    numbers = {"bash": ("COMP_CWORD", len(words)), "zsh": ("COMP_CWORD", len(words)), "powershell": ("COMP_WORD", word)}
    name, value = numbers[shell]
    line = "\n".join(["piiscan", *words, word]) if shell == "powershell" else " ".join(["piiscan", *words, word])
    environment = {
        **os.environ,
        "_PIISCAN_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": line,
        name: str(value if shell == "powershell" else value + 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "piiscan.cli.main"], capture_output=True, text=True, encoding="utf-8", env=environment, check=False
    )
    assert not done.stderr
    return done.stdout


def test_completion_of_verbs_and_options():
    assert "plain,usb-approve" in complete("bash", [], "usb")
    assert "plain\tusb-policy\t" in complete("powershell", [], "usb")
    assert "plain,--verify" in complete("bash", ["usb"], "--ver")


def test_the_scripts_of_completion():
    for shell, mark in (("bash", "complete -o nosort -F"), ("zsh", "#compdef piiscan"), ("fish", "complete --no-files"), ("powershell", "Register-ArgumentCompleter")):  # fmt: skip
        assert mark in run("completion", shell)
    assert "_PIISCAN_COMPLETE" in run("completion", "bash")
    assert set(VERBS) >= {"init", "completion", "schedule"}
