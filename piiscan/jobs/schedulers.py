"""How a nightly run gets its time: a line for cron, a service and timer for systemd, a task for Windows.

Each scheduler can ``show`` what it would install, ``install`` it and ``remove``
it again; installing twice changes nothing, removing takes only what is ours.
Two runs never overlap, whatever the scheduler does: the inventory's lock sees
to it. A run that was missed (machine off) is made up for where the scheduler
can (systemd, Windows); cron cannot, and needs not: the next run reads all that
changed since.

``_run`` is the outermost edge, the one thing that talks to the system.
"""

from __future__ import annotations

import getpass
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol
from xml.etree import ElementTree as ET

import platformdirs

from piiscan.settings import Settings

__all__ = ["SCHEDULERS", "Plan", "ScheduleError", "Scheduler", "usual_scheduler"]


class ScheduleError(RuntimeError):
    """What a scheduler of the system refused; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run when.

    :ivar config: absolute path of the settings file. :ivar hour, minute: local time.
    :ivar system: for the whole machine (needs its administrator) instead of this user.
    """

    config: Path
    settings: Settings
    hour: int = 2
    minute: int = 0
    system: bool = False
    python: str = sys.executable

    @property
    def name(self) -> str:
        """Name of the unit or task: the settings file's, in safe letters."""
        return "piiscan-" + (re.sub(r"[^A-Za-z0-9_-]+", "-", self.config.stem).strip("-") or "nightly")

    @property
    def command(self) -> list[str]:
        """The run itself, by absolute paths: schedulers have no PATH worth the name."""
        return [self.python, "-m", "piiscan", "nightly", str(self.config), "--quiet"]

    def written_folders(self) -> list[Path]:
        """Folders that the run writes to."""
        files = [path for path in (self.settings.log_file, self.settings.metrics_file) if path]
        if "://" not in self.settings.inventory:
            files.append(Path(self.settings.inventory))
        files.append(self.settings.key_path())
        folders = {(self.config.parent / path).parent for path in files}
        for job in self.settings.nightly:
            folders |= {self.config.parent / path for path in (job.csv_dir, job.html_dir, job.xlsx_dir, job.json_dir) if path}
        return sorted(Path(os.path.abspath(folder)) for folder in folders)  # noqa: PTH100 -- resolve() would follow links


class Scheduler(Protocol):
    """One of the system's schedulers."""

    NAME: ClassVar[str]

    def show(self, plan: Plan) -> str:
        """What would be installed, as text."""

    def install(self, plan: Plan) -> list[str]:
        """Install it; what was done, a line each. :raises ScheduleError: when the system refuses."""

    def remove(self, plan: Plan) -> list[str]:
        """Take it away; what was done, nothing when it was not there. :raises ScheduleError: as install."""


def _run(command: list[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
    program = shutil.which(command[0])
    if program is None:
        raise ScheduleError(f"{command[0]} is not on this machine; use another --scheduler, or copy what 'show' prints")
    return subprocess.run(  # noqa: S603 -- commands of this module only
        [program, *command[1:]], input=text, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )


def _must(command: list[str], text: str | None = None) -> None:
    done = _run(command, text)
    if done.returncode:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise ScheduleError(f"{' '.join(command[:3])} failed: {reason[0]}")


# ------------------------------------------------------------------------- cron


class Cron:
    """``cron``: a marked line in the user's crontab."""

    NAME: ClassVar[str] = "cron"

    def _mark(self, plan: Plan) -> str:
        return f"# piiscan: {plan.config}"

    def show(self, plan: Plan) -> str:
        """See :class:`Scheduler`. A ``%`` would be a line break to cron."""
        command = " ".join(shlex.quote(word) for word in plan.command).replace("%", r"\%")
        return f"{self._mark(plan)}\n{plan.minute} {plan.hour} * * *  cd {shlex.quote(str(plan.config.parent))} && {command}\n"

    def _without(self, plan: Plan) -> tuple[str, bool]:
        done = _run(["crontab", "-l"])
        lines = done.stdout.splitlines() if done.returncode == 0 else []
        kept, skip, found = [], False, False
        for line in lines:
            if skip:
                skip = False
            elif line == self._mark(plan):
                skip = found = True
            else:
                kept.append(line)
        return "".join(line + "\n" for line in kept), found

    def install(self, plan: Plan) -> list[str]:
        """See :class:`Scheduler`."""
        others, _ = self._without(plan)
        _must(["crontab", "-"], others + self.show(plan))
        return [f"crontab: {plan.hour:02}:{plan.minute:02} {plan.config}"]

    def remove(self, plan: Plan) -> list[str]:
        """See :class:`Scheduler`."""
        others, found = self._without(plan)
        if not found:
            return []
        _must(["crontab", "-"], others)
        return [f"crontab: - {plan.config}"]


# ---------------------------------------------------------------------- systemd

#: What needs no name space, so that it also holds in a user's own service manager.
_HARDENING = """\
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
UMask=0077
"""
_SYSTEM_HARDENING = """\
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictNamespaces=yes
CapabilityBoundingSet=CAP_DAC_READ_SEARCH
LimitCORE=0
"""


class Systemd:
    """``systemd``: a service and a timer, of the user or of the machine."""

    NAME: ClassVar[str] = "systemd"

    def units(self, plan: Plan) -> dict[str, str]:
        """File name to text."""
        command = " ".join(_systemd_word(word) for word in plan.command)
        writable = "".join(f"ReadWritePaths={_systemd_word('-' + str(folder))}\n" for folder in plan.written_folders())
        service = (
            "[Unit]\n"
            "Description=piiscan nightly scan\n"
            "Documentation=man:piiscan(1)\n"
            + ("Wants=network-online.target\nAfter=network-online.target\n" if plan.system else "")
            + "\n[Service]\n"
            "Type=oneshot\n"
            f"WorkingDirectory={_systemd_path(plan.config.parent)}\n"
            f"ExecStart={command}\n"
            "# 1: findings at or above --fail-on, 3: some files could not be read. Neither is a failed run.\n"
            "SuccessExitStatus=1 3\n"
            "TimeoutStartSec=infinity\n"
            "KillMode=mixed\n"
            "Nice=10\n"
            "IOSchedulingClass=idle\n" + _HARDENING + (_SYSTEM_HARDENING + writable if plan.system else "")
        )
        timer = (
            "[Unit]\n"
            "Description=piiscan nightly scan\n"
            "\n[Timer]\n"
            f"OnCalendar=*-*-* {plan.hour:02}:{plan.minute:02}:00\n"
            "RandomizedDelaySec=5min\n"
            "# a night on which the machine was off is made up for\n"
            "Persistent=true\n"
            "\n[Install]\n"
            "WantedBy=timers.target\n"
        )
        return {f"{plan.name}.service": service, f"{plan.name}.timer": timer}

    def folder(self, plan: Plan) -> Path:
        """Where the units belong."""
        if plan.system:
            return Path("/etc/systemd/system")
        return Path(platformdirs.user_config_dir()) / "systemd" / "user"

    def show(self, plan: Plan) -> str:
        """See :class:`Scheduler`."""
        folder = self.folder(plan)
        return "\n".join(f"# {folder / name}\n{text}" for name, text in self.units(plan).items())

    def install(self, plan: Plan) -> list[str]:
        """See :class:`Scheduler`."""
        folder = self.folder(plan)
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.units(plan).items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        _must([*self._systemctl(plan), "daemon-reload"])
        _must([*self._systemctl(plan), "enable", "--now", f"{plan.name}.timer"])
        return [str(folder / name) for name in self.units(plan)]

    def remove(self, plan: Plan) -> list[str]:
        """See :class:`Scheduler`."""
        folder = self.folder(plan)
        present = [folder / name for name in self.units(plan) if (folder / name).exists()]
        if present:
            _run([*self._systemctl(plan), "disable", "--now", f"{plan.name}.timer"])
            for path in present:
                path.unlink()
            _must([*self._systemctl(plan), "daemon-reload"])
        return [f"- {path}" for path in present]

    @staticmethod
    def _systemctl(plan: Plan) -> list[str]:
        return ["systemctl"] if plan.system else ["systemctl", "--user"]


def _systemd_path(path: Path) -> str:
    return str(path).replace("%", "%%")


def _systemd_word(word: str) -> str:
    """One word of ExecStart= or ReadWritePaths=, quoted as systemd reads it."""
    word = word.replace("%", "%%").replace("$", "$$")
    if re.fullmatch(r"[^\s\"'\\]+", word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


# ---------------------------------------------------------------------- Windows

_TASK = "http://schemas.microsoft.com/windows/2004/02/mit/task"


class TaskScheduler:
    """``windows``: a task of the Windows Task Scheduler, from XML (schema 1.2)."""

    NAME: ClassVar[str] = "windows"

    def xml(self, plan: Plan) -> str:
        """The task. Elements stand in the order of the schema."""
        task = ET.Element("Task", {"version": "1.2", "xmlns": _TASK})
        info = ET.SubElement(task, "RegistrationInfo")
        ET.SubElement(info, "Description").text = "piiscan nightly scan"
        ET.SubElement(info, "URI").text = f"\\piiscan\\{plan.name}"
        trigger = ET.SubElement(ET.SubElement(task, "Triggers"), "CalendarTrigger")
        ET.SubElement(trigger, "StartBoundary").text = f"2026-01-01T{plan.hour:02}:{plan.minute:02}:00"
        ET.SubElement(trigger, "Enabled").text = "true"
        ET.SubElement(ET.SubElement(trigger, "ScheduleByDay"), "DaysInterval").text = "1"
        principal = ET.SubElement(ET.SubElement(task, "Principals"), "Principal", {"id": "Author"})
        if plan.system:
            ET.SubElement(principal, "UserId").text = "S-1-5-19"  # LOCAL SERVICE
        else:
            ET.SubElement(principal, "UserId").text = _windows_user()
            ET.SubElement(principal, "LogonType").text = "S4U"  # also when nobody is logged on, and no password is kept
        ET.SubElement(principal, "RunLevel").text = "LeastPrivilege"
        settings = ET.SubElement(task, "Settings")
        for name, value in (
            ("MultipleInstancesPolicy", "IgnoreNew"),
            ("DisallowStartIfOnBatteries", "false"),
            ("StopIfGoingOnBatteries", "false"),
            ("AllowHardTerminate", "true"),
            ("StartWhenAvailable", "true"),
            ("Enabled", "true"),
            ("ExecutionTimeLimit", "PT0S"),
            ("Priority", "8"),
        ):
            ET.SubElement(settings, name).text = value
        action = ET.SubElement(ET.SubElement(task, "Actions", {"Context": "Author"}), "Exec")
        ET.SubElement(action, "Command").text = plan.command[0]
        ET.SubElement(action, "Arguments").text = subprocess.list2cmdline(plan.command[1:])
        ET.SubElement(action, "WorkingDirectory").text = str(plan.config.parent)
        ET.indent(task)
        return '<?xml version="1.0" encoding="UTF-16"?>\n' + ET.tostring(task, encoding="unicode") + "\n"

    def show(self, plan: Plan) -> str:
        """See :class:`Scheduler`."""
        return self.xml(plan)

    def install(self, plan: Plan) -> list[str]:
        """See :class:`Scheduler`. ``schtasks`` wants its XML in UTF-16 with a mark."""
        with tempfile.TemporaryDirectory(prefix="piiscan-task-") as folder:
            path = Path(folder) / "task.xml"
            path.write_text(self.xml(plan), encoding="utf-16")
            _must(["schtasks", "/Create", "/TN", f"piiscan\\{plan.name}", "/XML", str(path), "/F"])
        return [f"\\piiscan\\{plan.name}"]

    def remove(self, plan: Plan) -> list[str]:
        """See :class:`Scheduler`."""
        if _run(["schtasks", "/Query", "/TN", f"piiscan\\{plan.name}"]).returncode:
            return []
        _must(["schtasks", "/Delete", "/TN", f"piiscan\\{plan.name}", "/F"])
        return [f"- \\piiscan\\{plan.name}"]


def _windows_user() -> str:
    domain = os.environ.get("USERDOMAIN", "")
    return f"{domain}\\{getpass.getuser()}" if domain else getpass.getuser()


#: Every scheduler.
SCHEDULERS: tuple[type[Scheduler], ...] = (Cron, Systemd, TaskScheduler)


def usual_scheduler(platform: str = sys.platform) -> str:
    """The one that this machine has."""
    if platform == "win32":
        return TaskScheduler.NAME
    return Systemd.NAME if Path("/run/systemd/system").is_dir() else Cron.NAME
