"""A share at its size: second scans beside ``find``, workers and machines beside each other, Samba beside the folder, peers.

    python benchmarks/share.py [unchanged] [mixed] [workers] [samba] [peers] [--files 200000] [--copies 2000] [--repeat 3]

Every figure is a ratio of what one run measured; of several repetitions the
best of each side counts, as the machine may be shared with others. Work files
go to a temporary folder and are removed.

``unchanged``  200,000 small files: a first scan whose workers answer at once (contents are not read), then scanned
               again with nothing changed, beside ``find ROOT -printf '%p %s %T@\\n'``; peak memory at a tenth and at all.
``workers``    a mixed share with one worker, with two, and with two Dask workers; beside it what two processes can reach here at all.
``samba``      the same share through a real smbd on loopback and as a folder, two workers each.
``peers``      hawk-scanner and ferret-scan from PyPI on the same share, each in a virtual environment of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
SAMPLES = HOME / "sample_data" / "files"
TEXT = {".csv", ".tsv", ".txt", ".md", ".log", ".json", ".jsonl", ".xml", ".html", ".eml", ".py", ".yaml"}
PARTS = ("unchanged", "workers", "samba", "peers")


def peak_mb(script: str, *words: str) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and peak memory (MB) of a Python script in a process of its own."""
    code = f"import resource\n{script}\nprint('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    before = os.times()
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, encoding="utf-8", check=True, cwd=HOME)
    wall, after = time.perf_counter() - began, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu, int(done.stdout.split()[-1])


#: A first scan whose workers say at once that every file is text with nothing in it.
FILL = """
import sys
from pathlib import Path
from piiscan.engine import scan
from piiscan.engine.supervisor import Supervisor
from piiscan.inventory import Inventory
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport
from piiscan.settings import Settings

class AtOnce(Supervisor):
    def submit(self, task):
        self._number += 1
        self._done.append((task, FileReport(item=task.item, format='txt', digest=f'{self._number:064x}')))

scan.Supervisor = AtOnce
root, database = sys.argv[1:]
key = FingerprintKey.load_or_create(Path(database + '.key'))
with Inventory.open(database) as inventory:
    result = scan.scan_into(inventory, Settings(jobs=2), [root], key)
assert result.progress.done == result.progress.met > 0, result.progress
"""

AGAIN = """
import sys
from pathlib import Path
from piiscan.engine.scan import scan_into
from piiscan.inventory import Inventory
from piiscan.masking import FingerprintKey
from piiscan.settings import Settings
root, database = sys.argv[1:]
key = FingerprintKey.load_or_create(Path(database + '.key'))
with Inventory.open(database) as inventory:
    result = scan_into(inventory, Settings(), [root], key)
assert result.progress.unchanged == result.progress.met > 0, result.progress
"""


def small_files(root: Path, count: int) -> None:
    for i in range(count):
        folder = root / f"部署{i // 2000:03}" / f"案件{i // 100 % 20:02}"
        if i % 100 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"議事録{i:06}.txt").open("w", encoding="utf-8") as file:
            file.write(f"議事録 {i}\n進捗を確認した。\n")


def unchanged(folder: Path, files: int, repeat: int) -> None:
    peaks = {}
    for count in (files // 10, files):
        root, database = folder / f"small{count}", folder / f"small{count}.db"
        small_files(root, count)
        wall, cpu, peaks["fill", count] = peak_mb(FILL, str(root), str(database))
        print(f"{count:,} files: crawl, compare and write {wall:.1f} s ({cpu:.1f} s of CPU), peak {peaks['fill', count]} MB")
        again, find = [], []
        for _ in range(repeat):
            find.append(cpu_and_wall(["find", str(root), "-printf", "%p %s %T@\\n"]))
            wall, cpu, peaks["again", count] = peak_mb(AGAIN, str(root), str(database))
            again.append((wall, cpu))
        for name, column in (("wall", 0), ("CPU", 1)):
            ours, theirs = min(row[column] for row in again), min(row[column] for row in find)
            print(f"  second scan {ours:6.2f} s, find {theirs:5.2f} s of {name}: ratio {ours / max(theirs, 0.01):.1f}  (goal: at most 4)")
        print(f"  second scan: peak {peaks['again', count]} MB")
        if count != files:
            shutil.rmtree(root)
    for what in ("fill", "again"):
        print(f"memory, {what}: {peaks[what, files]} MB at {files:,} beside {peaks[what, files // 10]} MB at {files // 10:,} (goal: flat)")


def cpu_and_wall(command: list[str]) -> tuple[float, float]:
    return used(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))


def used(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of processor, of the programs that are run."""
    before, began = os.times(), time.perf_counter()
    action()
    wall, after = time.perf_counter() - began, os.times()
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


# ------------------------------------------------------------------------ the mixed share


def mixed_share(root: Path, copies: int) -> int:
    """``copies`` files made from the samples, each with content of its own where its format lets that be done safely."""
    rng = random.Random(20261125)
    samples = [path for path in sorted(SAMPLES.rglob("*")) if path.is_file() and path.stat().st_size < 2_000_000]
    size = 0
    for i in range(copies):
        sample = samples[i % len(samples)]
        to = root / f"部門{rng.randrange(12):02}" / f"{i:05}_{sample.name}"
        to.parent.mkdir(parents=True, exist_ok=True)
        data = sample.read_bytes()
        if sample.suffix.lower() in TEXT and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data += f"\n{rng.randrange(10**9)}\n".encode("ascii") if sample.suffix != ".json" else b"\n" * (i // len(samples) + 1)
        to.write_bytes(data)
        if data[:2] == b"PK":
            with contextlib.suppress(zipfile.BadZipFile, OSError, NotImplementedError), zipfile.ZipFile(to, "a") as archive:
                archive.comment = str(i).encode()
        size += to.stat().st_size
    return size


#: A scan that leaves behind what processor time it took itself, and its nursery and workers.
SCAN = """
import atexit, resource, sys
def leave(to):
    with open(to, "w") as file:
        print(*(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)), file=file)
atexit.register(leave, sys.argv.pop(1))
from piiscan.cli.main import main
main()
"""


def scan(root: str, folder: Path, name: str, *words: str, **environment: str) -> tuple[float, int]:
    """Seconds and findings of a scan from nothing."""
    table = folder / f"{name}.csv"
    database = folder / f"{name}.db"
    for old in folder.glob(f"{name}.db*"):
        old.unlink()
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", SCAN, str(folder / f"{name}.cpu"), "scan", root, "--inventory", str(database), "--csv", str(table),
         "--accept-incomplete", "--quiet", *words],
        check=True, cwd=HOME, env={**os.environ, **environment},
    )  # fmt: skip
    took = time.perf_counter() - began
    with table.open(encoding="utf-8-sig") as file:
        return took, sum(1 for _ in file) - 1


def best(action: Callable[[], tuple[float, int]], repeat: int) -> tuple[float, int]:
    return min(action() for _ in range(repeat))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


#: How docs/network.md has Dask's processes started: they look around less often.
QUIET = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False", "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms"}


@contextlib.contextmanager
def dask(folder: Path, workers: int) -> Iterator[str]:
    address = f"tcp://127.0.0.1:{free_port()}"
    commands = [["scheduler", "--port", address.rpartition(":")[2]]]
    commands += [["worker", address, "--nthreads", "1", "--local-directory", str(folder / "dask")]] * workers
    running = []
    try:
        for command in commands:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", f"distributed.cli.dask_{command[0]}", *command[1:], "--host", "127.0.0.1", "--no-dashboard"],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HOME, process_group=0, env={**os.environ, **QUIET},
                )
            )  # fmt: skip
        yield address
    finally:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


BUSY = "import sys\nd = {}\nfor i in range(int(sys.argv[1])): d[i % 50000] = str(i)"


def ceiling() -> float:
    """How much more two processes that share nothing do than one: what this machine, with its other work, lets anybody reach."""

    def seconds(count: int) -> float:
        began = time.perf_counter()
        for process in [subprocess.Popen([sys.executable, "-c", BUSY, "12000000"]) for _ in range(count)]:
            process.wait()
        return time.perf_counter() - began

    return 2 * seconds(1) / seconds(2)


def measured(root: str, folder: Path, name: str, *words: str) -> tuple[float, int, float, float]:
    """Seconds and findings of a scan from nothing, and seconds of processor of its main process and of the others (but for Dask's)."""
    took, found = scan(root, folder, name, *words)
    own, others = (folder / f"{name}.cpu").read_text(encoding="utf-8").split()
    return took, found, float(own), float(others)


def workers(root: Path, folder: Path, repeat: int) -> None:
    """One worker, two, two of Dask, and what two processes can reach here, by turns, as the machine is not equally quick."""
    small = folder / "one-file"
    small.mkdir(exist_ok=True)
    (small / "memo.txt").write_text("連絡先は 090-1234-5678 です。\n", encoding="utf-8")
    start = min(measured(str(small), folder, "start", "--jobs", "1") for _ in range(max(2, repeat)))
    with dask(folder, 2) as address:
        scan(str(root / "部門00"), folder, "warm", "--cluster", address)  # Dask and its workers are up
        start_dask = min(scan(str(small), folder, "start-dask", "--cluster", address) for _ in range(max(2, repeat)))[0]
        rounds, most = [], []
        for _ in range(repeat):
            one = measured(str(root), folder, "one", "--jobs", "1")
            two = measured(str(root), folder, "two", "--jobs", "2")
            cluster = measured(str(root), folder, "dask", "--cluster", address)
            rounds.append((one, two, cluster))
            most.append(ceiling())
            print(f"  round: {one[0]:.1f}, {two[0]:.1f}, {cluster[0]:.1f} s: {one[0] / two[0]:.2f} times", end="")
            print(f" (here, now, {most[-1]:.2f} at most), Dask {two[0] / cluster[0]:.2f} of local")
    one, two, cluster = (min(each) for each in zip(*rounds, strict=True))
    print(f"1 worker {one[0]:.1f} s, 2 workers {two[0]:.1f} s: {one[0] / two[0]:.2f} times  (goal: at least 1.8)")
    print(f"two processes of plain Python that share nothing: {', '.join(f'{times:.2f}' for times in most)} times the work of one")
    print(f"of each, beginning and end take {start[0]:.1f} s (a scan of one file), which no second worker shortens:", end=" ")
    print(f"without them {(one[0] - start[0]) / (two[0] - start[0]):.2f} times")
    print("processor time, main process + nursery and workers:", end=" ")
    print(
        ", ".join(
            f"{own:.2f} + {others:.2f} s {name}" for name, (_, _, own, others) in (("with 1", one), ("with 2", two), ("of one file", start))
        )
    )
    # on processors that do nothing else the main process costs one worker nothing: it has the other processor
    alone = start[0] + one[3] - start[3]
    together = start[0] + (two[2] - start[2] + two[3] - start[3]) / 2
    print(f"by these, on 2 processors that do nothing else: {alone:.1f} s become {together:.1f} s, {alone / together:.2f} times")
    print(f"2 Dask workers {cluster[0]:.1f} s: {two[0] / cluster[0]:.2f} of 2 local workers  (goal: at least 0.9)")
    print(f"of these, beginning and end take {start_dask:.1f} s: without them {(two[0] - start[0]) / (cluster[0] - start_dask):.2f}")
    print(f"rows of findings: {one[1]} {two[1]} {cluster[1]} (equal: {one[1] == two[1] == cluster[1]})")


def samba(root: Path, folder: Path, repeat: int) -> None:
    sys.path.insert(0, str(HOME / "tests" / "kits"))
    import samba as kit

    if why := kit.missing():
        print(f"samba: not measured: {why}")
        return
    server = kit.Samba()
    try:
        shutil.copytree(root, server.share / "mixed")
        local, found_local = best(lambda: scan(str(server.share / "mixed"), folder, "folder", "--jobs", "2"), repeat)
        login = {"PIISCAN_SMB_USER": "daemon", "PIISCAN_SMB_PASSWORD": kit.USERS["daemon"]}
        remote, found_remote = best(lambda: scan(server.root("mixed"), folder, "smb", "--jobs", "2", **login), repeat)
    finally:
        server.remove()
    print(f"Samba {remote:.1f} s, folder {local:.1f} s: {local / remote:.2f} of its speed  (goal: at least 0.7)")
    print(f"rows of findings: {found_remote} over SMB, {found_local} of the folder")


#: Patterns for hawk-scanner, which else fetches its own from the internet.
FINGERPRINT = r"""
Email: '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}'
Phone: '0\d{1,4}-\d{1,4}-\d{4}'
Card: '\b(?:4\d{3}|5[1-5]\d{2}|35\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b'
My Number: '\b\d{4}[ -]?\d{4}[ -]?\d{4}\b'
Postal code: '〒?\d{3}-\d{4}'
"""


def found_by_us(table: Path) -> str:
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = Counter[str]()
    for row in rows:
        kinds[row["entity"]] += int(row["count"])
    files = len({row["path"] for row in rows})
    return f"{sum(kinds.values())} values of {len(kinds)} kinds in {files} files: " + ", ".join(f"{k} {n}" for k, n in kinds.most_common(8))


def found_by_hawk(report: Path) -> str:
    entries = [entry for group in json.loads(report.read_text(encoding="utf-8")).values() for entry in group]
    kinds = Counter[str]()
    for entry in entries:
        kinds[str(entry.get("pattern_name"))] += len(entry.get("matches", ()))
    files = len({entry.get("file_path") for entry in entries})
    return f"{sum(kinds.values())} values of {len(kinds)} kinds in {files} files: " + ", ".join(f"{k} {n}" for k, n in kinds.most_common(8))


def found_by_ferret(report: Path) -> str:
    data = json.loads(report.read_text(encoding="utf-8"))
    kinds = Counter(f"{entry.get('validator')} {entry.get('type')}" for entry in data["results"])
    files = len({entry["filename"] for entry in data["results"]})
    total, levels = data["stats"], ", ".join(f"{level} {data['stats'][level]}" for level in ("high", "medium", "low"))
    kept = ", ".join(f"{k} {n}" for k, n in kinds.most_common(8))
    return f"{total['total_findings']} values ({levels}) of {len(kinds)} kinds in {files} files, {total['files_skipped']} files skipped: {kept}"


def peers(root: Path, folder: Path, repeat: int, venvs: Path | None) -> None:
    """All three on the whole share, then on the files of the kinds that ferret-scan does not skip."""
    skipped = compare(root, folder, repeat, venvs)
    common = folder / "common"
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix.lower() not in skipped:
            to = common / path.relative_to(root)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, to)
    print(f"\nonly kinds of which ferret-scan skips none: {sum(path.is_file() for path in common.rglob('*'))} files")
    compare(common, folder, repeat, venvs)


def compare(root: Path, folder: Path, repeat: int, venvs: Path | None) -> set[str]:
    """Seconds and findings of each program; the suffixes of which ferret-scan skipped files."""
    ours = min(used(lambda: scan(str(root), folder, "ours", "--jobs", "2")) for _ in range(repeat))
    print(f"piiscan: {ours[0]:.1f} s ({ours[1]:.1f} s of processor); {found_by_us(folder / 'ours.csv')}")
    (folder / "connection.yml").write_text(f"sources:\n  fs:\n    share:\n      path: {root}\n", encoding="utf-8")
    (folder / "fingerprint.yml").write_text(FINGERPRINT, encoding="utf-8")
    # others' programs get no network: what they would fetch or send is no business of ours
    offline = ["unshare", "--net"] if shutil.which("unshare") and hasattr(os, "geteuid") and not os.geteuid() else []
    programs: dict[str, tuple[list[str], Callable[[Path], str]]] = {
        "hawk-scanner": (
            ["hawk_scanner", "fs", "--connection", "connection.yml", "--fingerprint", "fingerprint.yml", "--no-write", "--json", "hawk-scanner.out"],
            found_by_hawk,
        ),
        "ferret-scan": (
            ["ferret-scan", "--file", str(root), "--recursive", "--format", "json", "--limit", "0", "--output", "ferret-scan.out"],
            found_by_ferret,
        ),
    }  # fmt: skip
    skipped: set[str] = set()
    for name, (command, count) in programs.items():
        home = (venvs or folder) / f"venv-{name}"
        if not home.exists():
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
            done = subprocess.run(
                [str(home / "bin" / "pip"), "install", "-q", name], capture_output=True, text=True, encoding="utf-8", check=False
            )
            if done.returncode:
                print(f"{name}: not measured: pip install {name} failed")
                shutil.rmtree(home)
                continue
        report, times = folder / f"{name}.out", []
        for _ in range(repeat):
            report.unlink(missing_ok=True)
            run = [*offline, str(home / "bin" / command[0]), *command[1:]]
            times.append(used(lambda run=run: subprocess.run(run, capture_output=True, check=False, timeout=1800, cwd=folder)))
        said = count(report) if report.exists() else "no report"
        wall, cpu = min(times)
        print(f"{name}: {wall:.1f} s ({cpu:.1f} s of processor), ours is {ours[0] / wall:.2f} ({ours[1] / cpu:.2f}) of it; {said}")
        if name == "ferret-scan" and report.exists():
            skipped = set(json.loads(report.read_text(encoding="utf-8"))["stats"].get("skipped_types", ()))
    return skipped


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--copies", type=int, default=2_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--venvs", type=Path, help="keep the peers' environments here")
    options = parser.parse_args()
    parts = options.parts or PARTS
    with tempfile.TemporaryDirectory(prefix="bench-share-") as name:
        folder = Path(name)
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        if "unchanged" in parts:
            unchanged(folder, options.files, options.repeat)
        if set(parts) - {"unchanged"}:
            root = folder / "mixed"
            size = mixed_share(root, options.copies)
            print(f"mixed share: {options.copies} files, {size / 1e6:.1f} MB")
        if "workers" in parts:
            workers(root, folder, options.repeat)
        if "samba" in parts:
            samba(root, folder, options.repeat)
        if "peers" in parts:
            peers(root, folder, options.repeat, options.venvs.resolve() if options.venvs else None)
        print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
