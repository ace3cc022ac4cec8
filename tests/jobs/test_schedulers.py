"""What starts the nightly run: shown, installed and removed; units checked by systemd itself."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from piiscan.cli.main import cli
from piiscan.jobs.schedulers import Cron, Plan, Systemd, TaskScheduler
from piiscan.settings import load_settings

CONFIG = '[[nightly]]\nname = "a"\nroots = ["/mnt/share"]\ncsv_dir = "/srv/reports 100%"\n'


@pytest.fixture
def plan(tmp_path):
    folder = tmp_path / "nightly settings"
    folder.mkdir()
    config = folder / "piiscan.toml"
    config.write_text(f'metrics_file = "/var/lib/metrics/p.prom"\n{CONFIG}', encoding="utf-8")
    return Plan(config, load_settings(config, environment={}), 2, 30)


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Programs of the system that remember what they were told; the rest of PATH stays."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))

    def make(name, script):
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    make.folder = folder
    return make


def run(*arguments, code=0):
    done = CliRunner().invoke(cli, ["schedule", *map(str, arguments), "--lang", "en"])
    assert done.exit_code == code, done.output
    return done.output


# ------------------------------------------------------------------------- cron


def test_cron_is_added_once_and_only_ours_is_removed(plan, fake, tmp_path):
    table = tmp_path / "table"
    table.write_text("# my own\n5 4 * * * backup\n", encoding="utf-8")
    fake("crontab", f'if [ "$1" = -l ]; then cat "{table}"; else cat > "{table}.new"; mv "{table}.new" "{table}"; fi')
    for _ in range(2):
        run("install", plan.config, "--scheduler", "cron", "--at", "02:30")
    text = table.read_text(encoding="utf-8")
    assert text.count("piiscan nightly") == 1
    assert text.startswith("# my own\n5 4 * * * backup\n")
    assert "\n30 2 * * *  cd '" in text
    run("remove", plan.config, "--scheduler", "cron")
    assert table.read_text(encoding="utf-8") == "# my own\n5 4 * * * backup\n"
    assert "nothing was installed" in run("remove", plan.config, "--scheduler", "cron")


def test_the_line_of_cron_is_a_command_that_a_shell_understands(plan):
    line = Cron().show(plan).splitlines()[1]
    command = line.split("* * *  ", 1)[1].replace(r"\%", "%")
    done = subprocess.run(["sh", "-c", command.replace("piiscan nightly", "piiscan schedule show")], capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
    assert "no such option: --quiet" not in done.stderr.lower()
    assert done.returncode == 0, done.stderr


def test_a_refusal_is_one_sentence(plan, fake):
    fake("crontab", 'if [ "$1" = -l ]; then exit 1; else echo "not allowed" >&2; exit 1; fi')
    assert "crontab - failed: not allowed" in run("install", plan.config, "--scheduler", "cron", code=2)


def test_a_bad_time(plan):
    assert "write it as HH:MM" in run("show", plan.config, "--at", "25:00", code=2)


# ---------------------------------------------------------------------- systemd


@pytest.mark.parametrize("system", [False, True])
def test_systemd_itself_finds_no_fault(plan, tmp_path, system):
    analyze = shutil.which("systemd-analyze")
    assert analyze, "install systemd (.ci/run does)"
    folder = tmp_path / "units"
    folder.mkdir()
    whole = Plan(plan.config, plan.settings, 2, 30, system)
    for name, text in Systemd().units(whole).items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [analyze, "verify", "--man=no", *([] if system else ["--user"]), *map(str, sorted(folder.iterdir()))]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, env=environment)
    complaints = [line for line in done.stderr.splitlines() if "piiscan" in line]
    assert complaints == []
    assert done.returncode == 0, done.stderr


def test_the_system_unit_is_hardened(plan, tmp_path):
    whole = Plan(plan.config, plan.settings, 2, 30, system=True)
    service = Systemd().units(whole)["piiscan-piiscan.service"]
    for line in (
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "PrivateTmp=yes",
        "CapabilityBoundingSet=CAP_DAC_READ_SEARCH",
        "UMask=0077",
    ):
        assert f"\n{line}\n" in service
    assert 'ReadWritePaths="-/srv/reports 100%%"' in service
    assert "ReadWritePaths=-/var/lib/metrics\n" in service
    assert f'ReadWritePaths="-{plan.config.parent}"' in service


def test_systemd_is_installed_and_removed(plan, fake, tmp_path):
    fake("systemctl", f'echo "$@" >> "{tmp_path}/calls"')
    run("install", plan.config, "--scheduler", "systemd", "--at", "03:05")
    folder = tmp_path / "xdg" / "systemd" / "user"
    assert {path.name for path in folder.iterdir()} == {"piiscan-piiscan.service", "piiscan-piiscan.timer"}
    assert "OnCalendar=*-*-* 03:05:00" in (folder / "piiscan-piiscan.timer").read_text(encoding="utf-8")
    run("remove", plan.config, "--scheduler", "systemd")
    assert list(folder.iterdir()) == []
    assert (tmp_path / "calls").read_text(encoding="utf-8").splitlines() == [
        "--user daemon-reload",
        "--user enable --now piiscan-piiscan.timer",
        "--user disable --now piiscan-piiscan.timer",
        "--user daemon-reload",
    ]


# ---------------------------------------------------------------------- Windows

#: Children of each element in the order of the task schema 1.2 (MS-TSCH 2.5), as far as we write them.
ORDER = {
    "Task": ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"],
    "RegistrationInfo": ["Description", "URI"],
    "CalendarTrigger": ["StartBoundary", "Enabled", "ScheduleByDay"],
    "Principal": ["UserId", "LogonType", "RunLevel"],
    "Exec": ["Command", "Arguments", "WorkingDirectory"],
}


def test_the_task_of_windows(plan):
    root = ET.fromstring(TaskScheduler().xml(plan).encode("utf-16"))
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    for element in root.iter():
        name = element.tag.removeprefix(space)
        if name in ORDER:
            assert [child.tag.removeprefix(space) for child in element] == ORDER[name]
    find = {element.tag.removeprefix(space): element.text for element in root.iter()}
    assert find["MultipleInstancesPolicy"] == "IgnoreNew"
    assert find["StartWhenAvailable"] == "true"
    assert find["StartBoundary"].endswith("T02:30:00")
    assert find["Command"] == sys.executable
    assert f'nightly "{plan.config}"' in find["Arguments"]
    assert Path(find["WorkingDirectory"]) == plan.config.parent


def test_schtasks_gets_utf16(plan, fake, tmp_path):
    fake("schtasks", f'for word in "$@"; do case "$word" in *.xml) cp "$word" "{tmp_path}/seen.xml";; esac; done')
    run("install", plan.config, "--scheduler", "windows")
    data = (tmp_path / "seen.xml").read_bytes()
    assert data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    assert "piiscan nightly scan" in data.decode("utf-16")
