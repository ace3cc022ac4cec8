"""Real files against what their manifest demands: one line a file, then the share that holds (``make check-files``).

``text``: the expected string comes out (compared without white space and compatibility forms), in a member whose name
holds ``expect_member`` where one is given. ``encrypted``: the outcome says so, and with the manifest's password, if
there is one, the file is read or still says so. ``broken``: a problem, or text. ``bomb``: it ends within its limits
and says which.

Of pictures the letters' case is not compared: what the manifest expects of one was itself read by a program, which took a
capital for a small letter.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from piiscan.engine.analyse import deadline_for, extract_file
from piiscan.model import Segment, Table
from piiscan.problems import Effect, Problem, ProblemKind
from piiscan.settings import Settings

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
if not SHARED.is_dir():
    SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
_ENCRYPTED = {ProblemKind.ENCRYPTED, ProblemKind.ENCRYPTED_PART}
_PICTURES = {"png", "jpg", "jpeg", "tif", "tiff", "gif", "bmp", "webp"}
_STOPPED = {ProblemKind.BOMB, ProblemKind.LIMIT}


@dataclass
class Seen:
    """What came out of a file."""

    text: str = ""
    members: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def kinds(self) -> set[ProblemKind]:
        return {problem.kind for problem in self.problems}


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def look(path: Path, passwords: tuple[str, ...] = ()) -> Seen:
    seen, texts, began = Seen(), [], time.monotonic()
    settings = Settings(passwords=passwords)
    with tempfile.TemporaryDirectory() as folder:
        for member, _, piece in extract_file(path, settings, Path(folder)):
            seen.members.add(member)
            if isinstance(piece, Problem):
                seen.problems.append(piece)
                seen.members.add("/".join(part for part in (member, piece.member) if part))
            elif isinstance(piece, Segment):
                texts.append(piece.text)
            elif isinstance(piece, Table):
                texts.extend("\t".join(row) for row in piece.rows)
    seen.text, seen.seconds = "\n".join(texts), time.monotonic() - began
    return seen


def fault(row: dict[str, str], path: Path) -> str:
    """Why the row does not hold; empty when it does."""
    seen = look(path)
    if seen.seconds > deadline_for(path.stat().st_size, Settings()) + 5:
        return f"took {seen.seconds:.0f} s"
    told = ", ".join(sorted(kind.word for kind in seen.kinds)) or "nothing"
    match row["status"]:
        case "text":
            same = str.casefold if row["format"] in _PICTURES else str
            if same(bare(row["expect"])) not in same(bare(seen.text)):
                return f"the text is not there; problems: {told}"
            if row["expect_member"] and not any(row["expect_member"] in member for member in seen.members):
                return "no member of that name"
        case "encrypted":
            if not seen.kinds & _ENCRYPTED:
                return f"not told to be encrypted; problems: {told}"
            if row["password"]:
                opened = look(path, (row["password"],))
                if not opened.text.strip() and not opened.kinds & _ENCRYPTED:
                    return "with its password neither read nor told to be encrypted"
        case "broken":
            if not any(problem.kind.effect in {Effect.PARTIAL, Effect.FAILED} for problem in seen.problems) and not seen.text.strip():
                return f"neither text nor a problem that counts; problems: {told}"
        case "bomb":
            if not seen.kinds & _STOPPED:
                return f"no limit was met; problems: {told}"
        case other:
            return f"unknown status {other!r} in the manifest"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="folder with files_dev/ and files_dev_manifest.csv")
    parser.add_argument("--only", default="", help="formats, comma-separated")
    parser.add_argument("--least", type=float, default=0.0, help="exit 1 below this share")
    options = parser.parse_args()
    manifest = options.data / "files_dev_manifest.csv"
    if not manifest.is_file():
        print(f"{manifest} is not there; give the folder that holds it with --data")
        return 2
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not options.only or row["format"] in options.only.split(",")]
    held = 0
    for row in rows:
        why = fault(row, options.data / "files_dev" / row["path"])
        held += not why
        print(f"{'--' if why else 'ok'}  {row['status']:<9} {row['format']:<5} {row['path']}{': ' + why if why else ''}", flush=True)
    share = held / len(rows) if rows else 0.0
    print(f"{held} of {len(rows)} hold ({share:.1%})")
    return int(share < options.least)


if __name__ == "__main__":
    sys.exit(main())
