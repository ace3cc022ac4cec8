"""No run asks the network for anything."""

import subprocess
import sys
from pathlib import Path

from tests.running import SAMPLES, piiscan_process

GUARD = Path(__file__).parent / "guard"


def guarded(note: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(GUARD), "TESTS_NO_NETWORK": str(note)}


def test_the_guard_guards(tmp_path):
    note = tmp_path / "note"
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    import os

    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **guarded(note)}, check=False)
    assert done.returncode == 99
    assert note.read_text(encoding="utf-8")


def test_a_scan_asks_the_network_for_nothing(tmp_path):
    note = tmp_path / "note"
    piiscan_process(
        "scan", SAMPLES / "人事", SAMPLES / "メール", "--inventory", tmp_path / "inv.db", "--html", tmp_path / "r.html", "--accept-incomplete",
        env=guarded(note),
    )  # fmt: skip
    assert not note.exists()


def test_presidio_for_others_asks_the_network_for_nothing(tmp_path):
    note = tmp_path / "note"
    code = (
        "import piiscan; found = piiscan.presidio_analyzer().analyze('担当：山田太郎 電話 090-1234-5678 a@example.jp', language='ja'); "
        "assert {r.entity_type for r in found} >= {'PERSON', 'PHONE_NUMBER', 'EMAIL_ADDRESS'}, found"
    )
    import os

    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **guarded(note)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1500:]
    assert not note.exists()
