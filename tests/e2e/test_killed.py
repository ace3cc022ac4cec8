"""``kill -9`` in the middle of a scan, then the same command: the inventory is that of an uninterrupted run."""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.running import PIISCAN, SAMPLES, piiscan_process, view_of

#: What depends on when a scan ran, not on what lies there.
_WHEN = {"first_seen", "last_seen"}


def picture(inventory: Path) -> dict[str, list[dict]]:
    """Everything an inventory says, less its dates."""
    views = {view: view_of(inventory, view) for view in ("files", "findings", "problems", "folders")}
    return {view: [{k: v for k, v in row.items() if k not in _WHEN} for row in rows] for view, rows in views.items()}


@pytest.fixture(scope="module")
def share(tmp_path_factory):
    share = tmp_path_factory.mktemp("killed") / "share"
    for name in ("人事", "経理", "営業", "医務室", "broken"):
        shutil.copytree(SAMPLES / name, share / name)
    return share


def scan_command(share: Path, inventory: Path) -> list[str]:
    return [*PIISCAN, "scan", str(share), "--inventory", str(inventory), "--jobs", "2", "--quiet", "--accept-incomplete"]


def test_killed_at_any_moment_the_next_run_completes(share, tmp_path):
    key = {"PIISCAN_KEY_FILE": str(tmp_path / "key")}
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    began = time.monotonic()
    piiscan_process(*scan_command(share, whole)[3:], env=key)
    needed = time.monotonic() - began
    dice = random.Random(7)
    deaths, part = 0, 0.6
    for _ in range(16):
        run = subprocess.Popen(
            scan_command(share, killed),
            env={**os.environ, **key},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        time.sleep(needed * part * dice.uniform(0.7, 1.3))
        if run.poll() is not None:
            # It was done before we struck: begin anew and strike sooner.
            assert run.returncode == 0, run.stderr.read().decode()
            run.stderr.close()
            for path in tmp_path.glob("killed.db*"):
                path.unlink()
            part *= 0.7
            continue
        workers = psutil.Process(run.pid).children(recursive=True)
        run.kill()
        run.wait()
        run.stderr.close()
        deaths += 1
        # Orphans end by themselves: nobody is left who could stop them.
        assert psutil.wait_procs(workers, timeout=60)[1] == []
        if deaths == 3:
            break
    assert deaths == 3
    piiscan_process(*scan_command(share, killed)[3:], env=key)
    assert len(view_of(killed, "files")) > 40
    assert picture(killed) == picture(whole)


def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on(share, tmp_path):
    inventory = tmp_path / "inv.db"
    run = subprocess.Popen(
        scan_command(share, inventory), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
    )
    deadline = time.monotonic() + 30
    while not inventory.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert run.returncode in {0, 4}, (out, err)
    assert "Traceback" not in err
    done = piiscan_process(*scan_command(share, inventory)[3:])
    assert done.returncode == 0
    rows = view_of(inventory, "files")
    on_disk = {path.relative_to(share).as_posix() for path in share.rglob("*") if path.is_file()}
    assert {row["path"] for row in rows} == on_disk


def test_a_second_run_on_the_same_inventory_is_refused(share, tmp_path):
    inventory = tmp_path / "inv.db"
    first = subprocess.Popen(scan_command(share, inventory), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not inventory.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        done = piiscan_process("scan", share, "--inventory", inventory, "--lang", "en", ok=(5,))
        assert str(inventory) in done.stderr
    finally:
        first.kill()
        first.wait()
