"""``make demo``: scan ``sample_data/files`` and leave an inventory, a CSV and an HTML page in ``demo-out/``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
OUT = HOME / "demo-out"
PIISCAN = [sys.executable, "-m", "piiscan.cli.main"]


def main() -> int:
    OUT.mkdir(exist_ok=True)
    for name in ("inventory.db", "findings.csv", "report.html"):
        for suffix in ("", "-wal", "-shm"):
            (OUT / (name + suffix)).unlink(missing_ok=True)
    print("==> scanning sample_data/files")
    done = subprocess.run(
        [
            *PIISCAN, "scan", str(HOME / "sample_data" / "files"), "--inventory", str(OUT / "inventory.db"),
            "--csv", str(OUT / "findings.csv"), "--html", str(OUT / "report.html"), "--accept-incomplete",
        ],
        cwd=HOME,
        check=False,
    )  # fmt: skip
    if done.returncode:
        print(f"the scan ended with exit code {done.returncode}", file=sys.stderr)
        return done.returncode
    for name in ("inventory.db", "findings.csv", "report.html"):
        print(f"    {OUT.relative_to(HOME) / name}  {(OUT / name).stat().st_size:,} bytes")
    print("==> try next:  .venv/bin/piiscan inspect sample_data/files/人事/社員名簿.xlsx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
