"""Damages files in seeded ways and scans them: each must end as scanned, partial or failed with a reason (``make torture-formats``).

Sources are the files of ``sample_data/`` and, where there, of ``../shared/data/files_dev``. Each case is one file with
one kind of damage; the seed and the number of the case make it again (``--only 1234 --keep DIR`` writes it down).

=========  =====================================================================
cut        the end is gone, or the beginning
flip       some bytes have other values, or a block is zeros
inflate    numbers that may be lengths or counts are huge
splice     the head of one file, the tail of another
swap       members of a zip have each other's content, or names, or are twice there
nest       zip in zip in zip, gzip around it, attached to a mail
repeat     a block stands there many times
=========  =====================================================================

A run fails (exit 1) when a file has no report, when piiscan itself was at fault (``internal``), when a file took longer
than its deadline and grace, or when a worker had to be ended for its memory, for its time or because it crashed more
often than ``--ended`` allows. Losses without a word (a cut container that is said to be whole) are listed.
"""

from __future__ import annotations

import argparse
import base64
import collections
import gzip
import io
import random
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from piiscan.engine.analyse import deadline_for, extract_file, killing_deadline
from piiscan.engine.supervisor import Supervisor, Task, Work
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item, Outcome
from piiscan.problems import Effect, Problem, ProblemKind
from piiscan.settings import Limits, Ocr, Settings

HOME = Path(__file__).resolve().parent.parent
SHARED = next((up / "shared" / "data" / "files_dev" for up in HOME.parents if (up / "shared" / "data" / "files_dev").is_dir()), None)
LONGEST = 3_000_000  # of a source; larger ones only cost time
ENDED = {ProblemKind.TIMEOUT, ProblemKind.MEMORY, ProblemKind.CRASHED}
CONTAINERS = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip", ".pdf", ".doc", ".xls", ".ppt", ".msg", ".7z", ".rar")

Damage = Callable[[random.Random, bytes, bytes], bytes]


# ------------------------------------------------------------------------- damages


def cut(rng: random.Random, data: bytes, _: bytes) -> bytes:
    at = rng.randrange(1, max(2, len(data)))
    return data[:at] if rng.random() < 0.85 else data[at:]


def flip(rng: random.Random, data: bytes, _: bytes) -> bytes:
    out = bytearray(data)
    if rng.random() < 0.2:
        at = rng.randrange(len(out))
        length = min(len(out) - at, rng.choice((16, 512, 4096)))
        out[at : at + length] = bytes(length)
        return bytes(out)
    # damage to the first kilobyte meets headers, the rest meets content
    reach = min(len(out), 1024) if rng.random() < 0.4 else len(out)
    for _i in range(rng.choice((1, 2, 8, 64))):
        out[rng.randrange(reach)] = rng.randrange(256)
    return bytes(out)


def inflate(rng: random.Random, data: bytes, _: bytes) -> bytes:
    out = bytearray(data)
    numbers = [b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\x40", b"\xff\xff", b"\0\x80"]
    for _i in range(rng.choice((1, 3, 10))):
        number = rng.choice(numbers)
        at = rng.randrange(max(1, len(out) - len(number)))
        out[at : at + len(number)] = number
    digits = [i for i, byte in enumerate(out[:200_000]) if 0x31 <= byte <= 0x39 and (i == 0 or not 0x30 <= out[i - 1] <= 0x39)]
    if digits and rng.random() < 0.5:  # /Length 44 becomes /Length 999999944
        at = rng.choice(digits)
        out[at:at] = b"9999999"
    return bytes(out)


def splice(rng: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: rng.randrange(1, max(2, len(data)))] + other[rng.randrange(max(1, len(other))) :]


def swap(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Only zips have members; other files swap two of their blocks."""
    try:
        zipfile.ZipFile(io.BytesIO(data)).close()
        whole = True
    except Exception:  # noqa: BLE001 -- a source may be broken itself
        whole = False
    if not whole:
        a, b = sorted(rng.randrange(len(data)) for _ in range(2))
        size = max(1, min(b - a, len(data) - b, rng.choice((64, 1024, 16384))))
        return data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]
    warnings.simplefilter("ignore", UserWarning)  # a name twice is what we want
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        members: list[tuple[str, bytes]] = []
        for info in source.infolist()[:300]:
            try:
                members.append((info.filename, source.read(info)))
            except Exception:  # noqa: BLE001 -- a source may be broken itself
                continue
        for _i in range(rng.choice((1, 2, 5)) if members else 0):
            a, b = rng.randrange(len(members)), rng.randrange(len(members))
            match rng.randrange(4):
                case 0:
                    members[a], members[b] = (members[a][0], members[b][1]), (members[b][0], members[a][1])
                case 1:
                    members[a] = (members[a][0], flip(rng, members[a][1] or b"x", b""))
                case 2:
                    members.append((members[a][0], members[b][1]))
                case _:
                    members[a] = (members[a][0], other[:200_000])
        for name, content in members:
            target.writestr(name, content)
    return out.getvalue()


def nest(rng: random.Random, data: bytes, other: bytes) -> bytes:
    for level in range(rng.choice((1, 2, 8))):
        match rng.randrange(3):
            case 0:
                out = io.BytesIO()
                with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                    archive.writestr(rng.choice((f"level{level}", "../../etc/x", "a\\b", "名前.docx", "x" * 300)), data)
                    archive.writestr("other", other[:100_000])
                data = out.getvalue()
            case 1:
                data = gzip.compress(data, mtime=0)
            case _:
                data = (
                    b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                    b"--b\r\nContent-Type: application/octet-stream; name=x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                    + base64.encodebytes(data[:LONGEST])
                    + b"\r\n--b--\r\n"
                )
    return cut(rng, data, b"") if rng.random() < 0.3 else data


def repeat(rng: random.Random, data: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(data))
    block = data[at : at + rng.choice((1, 7, 100, 2000))]
    times = min(rng.choice((10, 1000, 20_000)), 4_000_000 // len(block))
    return data[:at] + block * times + data[at:]


DAMAGES: dict[str, Damage] = {
    "cut": cut, "flip": flip, "inflate": inflate, "splice": splice, "swap": swap, "nest": nest, "repeat": repeat,
}  # fmt: skip


# --------------------------------------------------------------------------- cases


@dataclass(frozen=True)
class Case:
    number: int
    source: Path
    damage: str
    name: str
    content: bytes


def sources() -> list[Path]:
    found = [path for path in sorted((HOME / "sample_data" / "files").rglob("*")) if path.is_file()]
    found += sorted(SHARED.iterdir()) if SHARED else []
    return [path for path in found if 0 < path.stat().st_size <= LONGEST]


def cases(seed: int, count: int, only: set[int], formats: set[str]) -> Iterator[Case]:
    paths = [path for path in sources() if not formats or path.suffix.lower().lstrip(".") in formats]
    for number in range(count):
        if only and number not in only:
            continue
        rng = random.Random(f"{seed}-{number}")
        source, other = rng.choice(paths), rng.choice(paths)
        damage = rng.choice(sorted(DAMAGES))
        content = DAMAGES[damage](rng, source.read_bytes(), other.read_bytes())
        name = source.name if damage != "nest" else f"{source.stem}.bin"
        yield Case(number, source, damage, name, content)


# ----------------------------------------------------------------------------- run


@dataclass
class Seen:
    outcomes: collections.Counter[str]
    faults: list[str]
    ended: list[str]
    silent: list[str]
    slowest: tuple[float, str] = (0.0, "")


def judge(case: Case, result: FileReport | str | Problem, settings: Settings, seen: Seen) -> None:
    who = f"case {case.number} {case.damage} {case.source.name}"
    if isinstance(result, Problem):
        seen.outcomes["failed"] += 1
        if result.kind in ENDED:
            seen.ended.append(f"{who}: {result.kind.word} {result.detail}")
        elif result.kind is ProblemKind.INTERNAL:
            seen.faults.append(f"{who}: internal {result.detail}")
        return
    assert isinstance(result, FileReport), who
    seen.outcomes[result.outcome.value] += 1
    seen.slowest = max(seen.slowest, (result.seconds, who))
    for problem in result.problems:
        if problem.kind is ProblemKind.INTERNAL:
            seen.faults.append(f"{who}: internal {problem.detail}")
        if problem.kind is ProblemKind.MEMORY:
            seen.ended.append(f"{who}: memory {problem.detail}")
    if result.outcome is Outcome.FAILED and not any(problem.kind.effect is Effect.FAILED for problem in result.problems):
        seen.faults.append(f"{who}: failed without a reason")
    if result.seconds > killing_deadline(deadline_for(len(case.content), settings)):
        seen.faults.append(f"{who}: took {result.seconds:.0f} s")
    said_whole = (
        result.outcome is Outcome.SCANNED and not result.problems and result.format != "text"
    )  # text: what was left is no container
    if case.damage == "cut" and case.source.suffix.lower() in CONTAINERS and said_whole:
        seen.silent.append(f"{who}: {len(case.content)} of {case.source.stat().st_size} bytes, {result.characters} characters, no word")


def run(options: argparse.Namespace) -> Seen:
    settings = Settings(
        limits=Limits(seconds=options.seconds, worker_mb=options.mb),
        ocr=Ocr(mode="auto" if options.ocr else "off", seconds_per_page=5.0, seconds=20.0),
    )
    seen = Seen(collections.Counter(), [], [], [])
    only = {int(number) for number in options.only.split(",") if number}
    formats = {name for name in options.formats.split(",") if name}
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="piiscan-torture-") as folder,
        Supervisor(settings, FingerprintKey(b"torture" * 5), options.jobs) as crew,
    ):
        waiting: dict[str, Case] = {}

        def collect(timeout: float) -> None:
            for task, result in crew.wait(timeout):
                case = waiting.pop(task.item.key)
                task.path.unlink(missing_ok=True)
                judge(case, result, settings, seen)
                done = sum(seen.outcomes.values())
                if done % 100 == 0 or options.only:
                    print(
                        f"{done} done, {dict(seen.outcomes)}, {len(seen.faults)} faults, {len(seen.ended)} ended, {time.monotonic() - began:.0f} s",
                        flush=True,
                    )

        for case in cases(options.seed, options.cases, only, formats):
            path = Path(options.keep or folder) / f"{case.number}-{case.name}"
            path.write_bytes(case.content)
            if options.keep:
                print(path)
                continue
            item = Item("torture", f"{case.number}/{case.name}", str(path), size=len(case.content))
            waiting[item.key] = case
            crew.submit(Task(Work.ANALYSE, item, path))
            while crew.pending >= max(1, options.jobs) * 4:
                collect(0.5)
        while crew.pending:
            collect(0.5)
        seen.faults += [f"case {case.number}: no report" for case in waiting.values()]
    return seen


def extract_only(options: argparse.Namespace) -> int:
    """The same files through extraction alone, here: twenty times as fast, and where a fault of ours shows as an exception."""
    settings = Settings(limits=Limits(seconds=options.seconds), ocr=Ocr(mode="off"))
    outcomes: collections.Counter[str] = collections.Counter()
    faults: list[str] = []
    slowest = (0.0, "")
    for case in cases(options.seed, options.cases, {int(number) for number in options.only.split(",") if number}, set()):
        with tempfile.TemporaryDirectory(prefix="piiscan-torture-") as folder:
            path, spool = Path(folder, case.name), Path(folder, "spool")
            path.write_bytes(case.content)
            spool.mkdir()
            began, told, text = time.process_time(), False, False
            try:
                for _, _, piece in extract_file(path, settings, spool):
                    told, text = told or isinstance(piece, Problem), text or not isinstance(piece, Problem)
            except Exception as error:  # noqa: BLE001 -- nothing may escape
                faults.append(f"case {case.number} ({case.name}): {type(error).__name__}")
            if any(spool.iterdir()):
                faults.append(f"case {case.number} ({case.name}): spooled files are left")
        slowest = max(slowest, (time.process_time() - began, case.name))
        outcomes["scanned" if not told else "partial" if text else "failed"] += 1
    for fault in faults:
        print(f"fault: {fault}")
    print(
        f"{sum(outcomes.values())} cases: {dict(sorted(outcomes.items()))}; {len(faults)} faults; slowest {slowest[0]:.1f} s of processor time ({slowest[1]})"
    )
    return int(bool(faults))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="workers; 0: in this process, where a crash ends the run")
    parser.add_argument("--seconds", type=float, default=30.0, help="limits.seconds")
    parser.add_argument("--mb", type=int, default=1_536, help="limits.worker_mb")
    parser.add_argument("--ended", type=int, default=0, help="files for which a worker may be ended")
    parser.add_argument("--ocr", action="store_true", help="read pictures too (slow)")
    parser.add_argument("--formats", default="", help="suffixes, comma-separated: only these sources")
    parser.add_argument("--only", default="", help="numbers of cases, comma-separated")
    parser.add_argument("--keep", default="", help="write the cases there instead of scanning them")
    parser.add_argument("--extract", action="store_true", help="extraction alone, in this process")
    options = parser.parse_args()
    if options.extract:
        return extract_only(options)
    seen = run(options)
    if options.keep:
        return 0
    for title, lines in (("fault", seen.faults), ("worker ended", seen.ended), ("no word of a loss", seen.silent)):
        for line in lines:
            print(f"{title}: {line}")
    print(f"{sum(seen.outcomes.values())} cases: {dict(sorted(seen.outcomes.items()))}; {len(seen.faults)} faults, {len(seen.ended)} workers ended, "
          f"{len(seen.silent)} silent losses; slowest {seen.slowest[0]:.1f} s ({seen.slowest[1]})")  # fmt: skip
    return int(bool(seen.faults) or len(seen.ended) > options.ended)


if __name__ == "__main__":
    sys.exit(main())
