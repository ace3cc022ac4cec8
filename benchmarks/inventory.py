"""How long a person waits for an inventory of a given size: pages, counts, facets, folders, persons, reports, diff.

``make bench-inventory`` makes a synthetic inventory (no document is read) and prints one line a question: the median
of five answers in milliseconds, by the clock and of the processor (other work on the machine shows in the first only). Sizes are numbers of findings; ``--sizes 1000000,10000000`` compares two.
Nothing in it is a real person: sketches are random numbers.
"""

from __future__ import annotations

import argparse
import random
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from piiscan.assess.persons import merge
from piiscan.inventory import Inventory
from piiscan.inventory.difference import differences
from piiscan.inventory.maintain import check
from piiscan.inventory.pages import Filter
from piiscan.inventory.rows import View
from piiscan.inventory.schema import dirty, files, findings, scan_sources, scans, seen, sources, versions
from piiscan.model import Level

ENTITIES = (
    ("PERSON", 2, 30), ("PHONE_NUMBER", 2, 20), ("EMAIL_ADDRESS", 2, 15), ("JP_ADDRESS", 2, 12), ("DATE_OF_BIRTH", 2, 6), ("JP_POSTAL_CODE", 1, 8),
    ("JP_BANK_ACCOUNT", 3, 3), ("CREDIT_CARD", 4, 1), ("JP_MY_NUMBER", 4, 1), ("JP_SENSITIVE_MEDICAL_HISTORY", 4, 1), ("CREDENTIAL", 3, 1), ("GENDER", 0, 2),
)  # fmt: skip
PASSPORT = "JP_PASSPORT"  # rare: one in 50,000
PER_FILE = 5
FILES_PER_FOLDER = 20
OWNERS = 200
ROOTS = 3


def _sketch(rng: random.Random, persons: int) -> bytes:
    names = sorted(rng.getrandbits(64) for _ in range(persons))
    return struct.pack(">3sBII", b"PP1", 0, persons, 0) + struct.pack(f">{persons}Q", *names)


def make(path: Path, count: int) -> None:
    """An inventory of ``count`` findings in ``count / 5`` files, a tenth of the files without any besides."""
    rng = random.Random(7)
    kinds = [name for name, _, _ in ENTITIES]
    weights = [weight for _, _, weight in ENTITIES]
    levels = {name: level for name, level, _ in ENTITIES}
    number = count // PER_FILE
    sketches = [_sketch(rng, n) for n in [*range(1, 40)] * 10]
    with Inventory.open(path) as inventory:
        with inventory.begin(write=True) as connection:
            connection.execute(versions.insert(), [{"id": 1, "text": "bench"}])
            connection.execute(
                sources.insert(), [{"id": i, "source_id": f"{i:016x}", "root": f"/srv/share{i}"} for i in range(1, ROOTS + 1)]
            )
            for scan in (1, 2):
                connection.execute(
                    scans.insert(),
                    [{"id": scan, "started_at": f"2026-11-0{scan}T00:00:00+00:00", "finished_at": f"2026-11-0{scan}T09:00:00+00:00", "status": "complete", "full": False, "version": 1, "counts": "{}", "outcomes": "{}"}],
                )  # fmt: skip
                connection.execute(scan_sources.insert(), [{"scan": scan, "source": i} for i in range(1, ROOTS + 1)])
        batch: dict[str, list[dict[str, Any]]] = {"files": [], "findings": [], "seen": [], "dirty": []}
        tables = {"files": files, "findings": findings, "seen": seen, "dirty": dirty}

        def flush() -> None:
            with inventory.begin(write=True) as connection:
                for name, table in tables.items():
                    if batch[name]:
                        names = list(batch[name][0])
                        columns = ", ".join(f'"{column}"' for column in names)
                        connection.exec_driver_sql(
                            f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(names))})",
                            [tuple(row.values()) for row in batch[name]],
                        )
                        batch[name].clear()

        folder, source = "", 1
        for row in range(1, number + number // 10 + 1):
            if row % FILES_PER_FOLDER == 1:
                at = row // FILES_PER_FOLDER
                source = at * ROOTS * FILES_PER_FOLDER // (number + number // 10 + 1) + 1
                folder = f"部{at // 2500:03d}/課{at // 50 % 50:02d}/案件{at:06d}/"
                batch["dirty"].append({"source": source, "path": folder})
            found = () if row > number else rng.choices(kinds, weights, k=PER_FILE)
            if row % 10_000 == 1:
                found = (*found[:-1], PASSPORT)
            groups = [(f"{i:016x}", kind, levels.get(kind, 3), rng.randint(1, 60)) for i, kind in enumerate(found)]
            persons = rng.randint(1, 39) if groups else 0
            level = max((g[2] for g in groups), default=0)
            scan = 2 if row % 100 == 0 else 1
            batch["files"].append(
                {
                    "id": row, "source": source, "folder": folder, "name": f"文書_{row:08d}.xlsx", "item_type": "file", "size": rng.randint(100, 10**7),
                    "mtime_ns": 1_700_000_000_000_000_000 + row, "change": row, "digest": f"{row:064x}", "format": "xlsx",
                    "owner": f"user{rng.randrange(OWNERS):03d}", "readable_by": rng.choice(("everyone", "a group (12)", "one")), "outcome": "scanned", "problem": "",
                    "detail": "", "level": level, "findings": sum(g[3] for g in groups), "persons": persons, "persons_exact": True,
                    "characters": 100, "members": 0, "seconds": 0.1, "version": 1, "first_scan": scan, "since": scan, "sketch": rng.choice(sketches) if persons else b"",
                }
            )  # fmt: skip
            batch["seen"].append({"file": row, "scan": 2})
            batch["findings"] += [
                {
                    "file": row, "identity": identity, "member": "", "location": '{"column":"A","sheet":"名簿"}', "header": "見出し", "entity": kind,
                    "count": n, "first": '{"cell":"A2","sheet":"名簿"}', "score": 0.9, "level": level_, "law": "", "persons": min(n, persons),
                    "examples": '["山*太*"]', "first_seen": scan, "last_seen": 2, "since": scan,
                }
                for identity, kind, level_, n in groups
            ]  # fmt: skip
            if row % 5000 == 0:
                flush()
        flush()


def questions(inventory: Inventory) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is asked, and how; anew each time, as each page that is shown does."""
    pages = inventory.pages
    some = "部000/課01"
    cases = (
        ("everything", Filter()),
        ("critical", Filter(min_level=Level.CRITICAL)),
        ("one kind, common", Filter(entity="PHONE_NUMBER")),
        ("one kind, rare", Filter(entity=PASSPORT)),
        ("a folder", Filter(under=some)),
        ("a big folder, critical", Filter(under="部000", min_level=Level.CRITICAL)),
        ("one owner", Filter(owner="user007")),
        ("one owner and kind", Filter(owner="user007", entity="CREDIT_CARD")),
        ("one root, undecided", Filter(source_ids=(f"{2:016x}",), decision="undecided")),
        ("text, one match", Filter(text="文書_00012345")),
        ("text, many matches", Filter(text="課01")),
        ("text, no match", Filter(text="どこにもない")),
        ("owner and text", Filter(owner="user007", text="案件0000")),
    )
    for name, wanted in cases:
        yield f"findings: {name}", lambda wanted=wanted: pages().findings(wanted)
        yield f"  by path: {name}", lambda wanted=wanted: pages().findings(wanted, order="path")
        yield f"  count: {name}", lambda wanted=wanted: pages().count_findings(wanted)
        yield f"  facets: {name}", lambda wanted=wanted: pages().facets(wanted)
        yield f"  files: {name}", lambda wanted=wanted: pages().files(wanted)
    deep = pages().findings(Filter(), size=50)
    for _ in range(20):
        deep = pages().findings(Filter(), size=500, after=deep.next)
    yield "findings: page after 10,000", lambda: pages().findings(Filter(), after=deep.next)
    yield "roots", lambda: pages().roots()
    yield "folders of a folder", lambda: pages().folders(f"{1:016x}", "部000")
    yield "persons of a root", lambda: pages().persons(merge, Filter(source_ids=(f"{1:016x}",)))
    yield "persons of everything", lambda: pages().persons(merge, Filter())


def streams(inventory: Inventory) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What reports read: everything, once."""
    reader = inventory.reader()
    yield "stream findings", lambda: sum(1 for _ in reader.findings())
    yield "stream files", lambda: sum(1 for _ in reader.files())
    yield "stream folders", lambda: sum(1 for _ in reader.folders(merge))
    yield "stream new", lambda: sum(1 for _ in reader.new())
    yield "diff of two scans", lambda: sum(1 for _ in differences(inventory, 1, 2))
    yield "check", lambda: list(check(inventory))
    yield "summary", lambda: reader.summary(merge)
    yield "stream of a folder", lambda: sum(1 for _ in reader.findings(View(under="部000/課01")))


def main() -> None:
    """Make, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000000")
    parser.add_argument("--keep", type=Path, help="folder of the inventories; made there when missing")
    parser.add_argument("--slow", action="store_true", help="also the streams: reports of every view, new, summary")
    options = parser.parse_args()
    answers: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        sizes = [int(size) for size in options.sizes.split(",")]
        for size in sizes:
            path = (options.keep or Path(scratch)) / f"inventory-{size}.db"
            began = time.perf_counter()
            if not path.exists():
                make(path, size)
                print(f"made {size:,} findings in {time.perf_counter() - began:.0f} s, {path.stat().st_size / 1e6:.0f} MB")
            with Inventory.open(path) as inventory:
                began = time.perf_counter()
                done = inventory.roll_up(merge)
                if done:
                    print(f"sums of {done:,} folders in {time.perf_counter() - began:.1f} s")
                for name, ask in questions(inventory):
                    taken = [_timed(ask) for _ in range(5)]
                    wall, cpu = (statistics.median(times) for times in zip(*taken, strict=True))
                    answers.setdefault(name, []).append(f"{wall:9.1f} {cpu:8.1f}")
                for name, ask in streams(inventory) if options.slow else ():
                    before = _peak()
                    wall, cpu = _timed(ask)
                    answers.setdefault(name, []).append(f"{wall:9.0f} {cpu:8.0f}  peak memory +{_peak() - before:.0f} MB")
    print(f"{'milliseconds, median of 5: wall and CPU':44}" + "".join(f"{size:>19,}" for size in sizes))
    for name, columns in answers.items():
        print(f"{name:44} " + " ".join(columns))


def _peak() -> float:
    """The most memory that this process has had so far, in MB."""
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


def _timed(ask: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds by the clock and of this process."""
    began, used = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000


if __name__ == "__main__":
    main()
