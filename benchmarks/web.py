"""How long a person waits for a page of ``piiscan serve`` over an inventory of a given size.

``make bench-web`` makes a synthetic inventory (no document is read), starts a real server process over it and asks for
every page through HTTP as a browser does: once first (``first``: what nobody has asked for yet), then five times
(``median`` and ``worst``), in milliseconds from the request to the last byte. ``--sizes 1000000,10000000`` compares two;
``--processor`` prints the server's processor time besides, which other work on the machine does not change.
"""

from __future__ import annotations

import argparse
import http.client
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil

from benchmarks.inventory import PASSPORT, make
from piiscan.assess.persons import merge
from piiscan.inventory import Inventory

ROOT = f"{2:016x}"
#: What is asked for, in words and as an address; ``{file}`` is a file with findings.
PAGES = [
    ("overview", "/"),
    ("findings", "/findings"),
    ("findings by path", "/findings?order=path"),
    ("findings, page after 1,000", "after:/findings"),
    ("findings, critical", "/findings?level=critical"),
    ("findings, a common kind", "/findings?entity=PHONE_NUMBER"),
    ("findings, a rare kind", f"/findings?entity={PASSPORT}"),
    ("findings, one owner", "/findings?" + urlencode({"owner": "=user007"})),
    ("findings, one owner and kind", "/findings?" + urlencode({"owner": "=user007", "entity": "CREDIT_CARD"})),
    ("findings, one root, undecided", f"/findings?root={ROOT}&decision=undecided"),
    ("findings, a folder", "/findings?" + urlencode({"under": "部000/課01"})),
    ("findings, a big folder, critical", "/findings?" + urlencode({"under": "部000", "level": "critical"})),
    ("search, one match", "/findings?q=" + quote("文書_00012345")),
    ("search, many matches", "/findings?q=" + quote("課01")),
    ("search, no match", "/findings?q=" + quote("どこにもない")),
    ("search and owner, by path", "/findings?" + urlencode({"q": "案件0000", "owner": "=user007", "order": "path"})),
    ("files", "/files"),
    ("files, one owner", "/files?" + urlencode({"owner": "=user007"})),
    ("a file", "{file}"),
    ("roots", "/folders"),
    ("a root", f"/folders?root={ROOT}"),
    ("a folder", "/folders?" + urlencode({"root": f"{1:016x}", "under": "部000"})),
    ("unread files", "/unread"),
    ("changes", "/changes"),
    ("scans", "/scans"),
    ("law view", "/law"),
    ("law view of a folder", "/law?" + urlencode({"root": f"{1:016x}", "under": "部000/課01"})),
    ("decisions", "/decisions"),
    ("settings", "/settings"),
]
AGAIN = 5


class Client:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, login: str) -> None:
        host, _, path = login.removeprefix("http://").partition("/")
        self._connection = http.client.HTTPConnection(host, timeout=600)
        self._cookie = ""
        self._connection.request("GET", "/" + path)
        answer = self._connection.getresponse()
        answer.read()
        self._cookie = answer.headers["Set-Cookie"].partition(";")[0]

    def get(self, path: str) -> tuple[int, str]:
        """Status and page."""
        self._connection.request("GET", path, headers={"Cookie": self._cookie, "Accept-Language": "ja"})
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode("utf-8")


@contextmanager
def served(path: Path) -> Iterator[tuple[Client, psutil.Process]]:
    """A server of its own process."""
    command = [sys.executable, "-m", "piiscan.cli.main", "serve", "--inventory", str(path), "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as server:
        try:
            assert server.stdout is not None
            yield Client(server.stdout.readline().strip()), psutil.Process(server.pid)
        finally:
            server.terminate()


def measure(path: Path) -> Iterator[tuple[str, list[float], list[float]]]:
    """``(page, milliseconds by the clock, milliseconds of the server's processor)``, the first request first."""
    with served(path) as (client, process):
        for name, address in PAGES:
            if address.startswith("after:"):
                address = _later(client, address.removeprefix("after:"))
            elif address == "{file}":
                found = re.search(r'href="(/file/\d+)"', client.get("/findings")[1])
                assert found, "findings without a file"
                address = found[1]
            wall, cpu = [], []
            for _ in range(AGAIN + 1):
                used, began = process.cpu_times(), time.perf_counter()
                status, _ = client.get(address)
                wall.append((time.perf_counter() - began) * 1000)
                spent = process.cpu_times()
                cpu.append((spent.user + spent.system - used.user - used.system) * 1000)
                if status == 404:
                    break
                assert status == 200, f"{address}: {status}"
            if status == 200:
                yield name, wall, cpu


def _later(client: Client, address: str) -> str:
    for _ in range(20):
        found = re.search(r'href="([^"]+)" rel="next"', client.get(address)[1])
        if not found:
            break
        address = unescape(found[1])
    return address


def main() -> None:
    """Make, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000000")
    parser.add_argument("--keep", type=Path, help="folder of the inventories; made there when missing")
    parser.add_argument("--processor", action="store_true", help="also the server's processor time")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    table: dict[str, list[str]] = {}
    slowest: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            path = (options.keep or Path(scratch)) / f"inventory-{size}.db"
            if not path.exists():
                make(path, size)
            with Inventory.open(path) as inventory:
                inventory.roll_up(merge)
            worst = (0.0, "")
            for name, wall, cpu in measure(path):
                cells = f"{wall[0]:8.0f} {statistics.median(wall[1:]):8.0f} {max(wall[1:]):8.0f}"
                if options.processor:
                    cells += f" {cpu[0]:8.0f} {statistics.median(cpu[1:]):8.0f}"
                table.setdefault(name, []).append(cells)
                worst = max(worst, (statistics.median(wall[1:]), name))
            slowest.append(f"{size:,} findings: slowest page by its median: {worst[1]}, {worst[0]:.0f} ms")
    head = "   first   median    worst" + ("  cpu 1st  cpu med" if options.processor else "")
    print(f"{'milliseconds through HTTP':36}" + "".join(f"{size:>{len(head)},}" for size in sizes))
    print(" " * 36 + head * len(sizes))
    for name, columns in table.items():
        print(f"{name:36}" + " ".join(columns))
    print("\n".join(slowest))


if __name__ == "__main__":
    main()
