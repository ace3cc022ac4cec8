"""A real ``smbd`` on loopback, with its own configuration, users and port; nothing of the machine's Samba is touched.

Its two users are accounts that every Debian has: ``daemon``, who may read what
the group ``daemon`` may, and ``games``.
"""

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USERS = {"daemon": "sesame-of-daemon-1", "games": "sesame-of-games-2"}

_CONFIG = """
[global]
  workgroup = PIISCANTEST
  netbios name = PIISCANTEST
  server role = standalone server
  passdb backend = tdbsam:{home}/passdb.tdb
  private dir = {home}/private
  lock directory = {home}/lock
  state directory = {home}/state
  cache directory = {home}/cache
  pid directory = {home}/pid
  ncalrpc dir = {home}/ncalrpc
  log file = {home}/log
  log level = 0
  smb ports = {port}
  interfaces = 127.0.0.1/8
  bind interfaces only = yes
  disable netbios = yes
  disable spoolss = yes
  load printers = no
  printcap name = /dev/null
  map to guest = never
  host msdfs = yes
  unix charset = UTF-8
  dos charset = CP850
  {extra}

[share]
  path = {share}
  read only = no
  {share_extra}

[dfs]
  path = {home}/dfs
  msdfs root = yes
  read only = yes
"""


def missing() -> str:
    """Why there can be no server here; empty when there can."""
    import os

    if sys.platform != "linux" or not hasattr(os, "geteuid") or os.geteuid():
        return "smbd with users of its own needs Linux and root"
    if not shutil.which("smbd") or not shutil.which("smbpasswd"):
        return "needs Debian's samba: apt-get install samba"
    return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Samba:
    """One server and its share ``share`` (and ``dfs``, with a link that leads elsewhere)."""

    def __init__(self, *, extra: str = "", share_extra: str = "") -> None:
        # not below pytest's folder, which each pytest on the machine closes to all other accounts
        self.home = home = Path(tempfile.mkdtemp(prefix="smbd-test-"))
        home.chmod(0o755)
        self.share = home / "share"
        self.port = free_port()
        for name in ("private", "lock", "state", "cache", "pid", "ncalrpc", "share", "dfs"):
            (home / name).mkdir(parents=True)
        self.share.chmod(0o755)
        (home / "dfs" / "elsewhere").symlink_to("msdfs:127.0.0.1\\other")
        self.config = home / "smb.conf"
        self.configure(extra=extra, share_extra=share_extra)
        for user, password in USERS.items():
            subprocess.run(
                ["smbpasswd", "-c", str(self.config), "-a", "-s", user],
                input=f"{password}\n{password}\n",
                text=True,
                capture_output=True,
                check=True,
            )
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def configure(self, *, extra: str = "", share_extra: str = "") -> None:
        text = _CONFIG.format(home=self.home, port=self.port, share=self.share, extra=extra, share_extra=share_extra)
        self.config.write_text(text, encoding="utf-8")

    def root(self, path: str = "") -> str:
        return f"smb://127.0.0.1:{self.port}/share" + (f"/{path}" if path else "")

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["smbd", "--foreground", "--no-process-group", f"--configfile={self.config}", "--debuglevel=0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"smbd did not start; see {self.home}/log")

    def stop(self) -> None:
        """Like a server that loses power: also the processes that serve open connections end."""
        if self.process is not None:
            import psutil

            children = psutil.Process(self.process.pid).children(recursive=True)
            for process in [psutil.Process(self.process.pid), *children]:
                with contextlib.suppress(psutil.NoSuchProcess):  # one that served a connection may end by itself meanwhile
                    process.kill()
            self.process.wait()
            self.process = None

    def remove(self) -> None:
        """Stop it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
