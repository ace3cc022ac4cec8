"""Takes the pictures of the HTML report that the two READMEs show (``make pictures``; needs Chromium on the search path).

The sample share (invented people) is scanned four times while it fills, and the scans are dated to four days in a row.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from contextlib import closing
from pathlib import Path

from PIL import Image

HOME = Path(__file__).resolve().parent.parent
PIISCAN = [sys.executable, "-m", "piiscan"]
PICTURES = {"en": HOME / "docs" / "report.png", "ja": HOME / "docs" / "report.ja.png"}
_DAYS = 4
_SIZE = "1240,1100"
#: Where the report says that the share is.
_PLACE = "/srv/share"


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("Chromium is needed: apt-get install chromium", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inventory = folder / "share.db"
        _fill(folder / "share", inventory)
        for lang, picture in PICTURES.items():
            page = folder / f"{lang}.html"
            subprocess.run([*PIISCAN, "report", "html", "--inventory", str(inventory), "-o", str(page), "--lang", lang], check=True)
            page.write_text(page.read_text(encoding="utf-8").replace(str(folder / "share"), _PLACE), encoding="utf-8")
            subprocess.run(
                [
                    chromium, "--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder / 'profile'}",
                    f"--window-size={_SIZE}", f"--screenshot={picture}", page.as_uri(),
                ],
                check=True,
                capture_output=True,
            )  # fmt: skip
            Image.open(picture).convert("RGB").quantize(128).save(picture, optimize=True)
            print(f"{picture.relative_to(HOME)}  {picture.stat().st_size:,} bytes")
    return 0


def _fill(share: Path, inventory: Path) -> None:
    """The sample files, more of them each day; each day's scan as if it had been on that day."""
    samples = HOME / "sample_data" / "files"
    files = sorted((path for path in samples.rglob("*") if path.is_file()), key=lambda path: _mixed(path.relative_to(samples)))
    files = [path for path in files if "broken" not in path.parts or _mixed(path.relative_to(samples)) % 5 == 0]
    for day in range(_DAYS):
        for path in files[: len(files) * (day + 2) // (_DAYS + 1)]:
            target = share / path.relative_to(samples)
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                shutil.copyfile(path, target)
        subprocess.run([*PIISCAN, "scan", str(share), "--inventory", str(inventory), "--accept-incomplete", "--quiet"], check=True)
        back = f"-{_DAYS - 1 - day} days"
        with closing(sqlite3.connect(inventory)) as connection, connection:
            connection.execute(
                "UPDATE scans SET started_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', started_at, ?), "
                "finished_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', finished_at, ?) WHERE id = (SELECT max(id) FROM scans)",
                (back, back),
            )


def _mixed(path: Path) -> int:
    """A number by which files of all folders come in turn, and of the broken ones a few as in any share."""
    return zlib.crc32(path.as_posix().encode())


if __name__ == "__main__":
    sys.exit(main())
