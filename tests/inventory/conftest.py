"""Inventories to test with: SQLite, and a PostgreSQL server of the tests' own (unprivileged, on a Unix socket, gone afterwards)."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from piiscan.inventory import Inventory
from tests.inventory.kit import new_database


def _programs() -> Path | None:
    """Folder of ``initdb`` and ``postgres``."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which("initdb")
    if found:
        places.append(Path(found).parent)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Folder of the socket of a running server."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI") or os.environ.get("PIISCAN_CI"):
            pytest.fail("the tests need a PostgreSQL server's programs: apt-get install postgresql")
        pytest.skip("no PostgreSQL on this machine (apt-get install postgresql)")
    home = Path(tempfile.mkdtemp(prefix="piiscan-pg-", dir="/tmp"))
    as_user = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        as_user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        shutil.chown(home, "nobody", "nogroup")
    data = home / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(home)}
    try:
        subprocess.run(
            [programs / "initdb", "--no-sync", "-A", "trust", "-U", "piiscan", "-E", "UTF8", "-D", data],
            check=True, capture_output=True, env=environment, cwd=home, **as_user,
        )  # fmt: skip
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", home, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=40"],
                stdout=log, stderr=log, env=environment, cwd=home, **as_user,
            )  # fmt: skip
        try:
            _wait(home, server)
            yield str(home)
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait(home: Path, server: subprocess.Popen[bytes]) -> None:
    import time

    import pg8000.native

    for _ in range(200):
        assert server.poll() is None, (home / "log").read_text(encoding="utf-8", errors="replace")
        try:
            pg8000.native.Connection("piiscan", database="postgres", unix_sock=f"{home}/.s.PGSQL.5432").close()
        except (OSError, pg8000.exceptions.InterfaceError, pg8000.exceptions.DatabaseError):
            time.sleep(0.05)
        else:
            return
    pytest.fail("PostgreSQL did not start")


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """A new, empty database."""
    return new_database(postgres_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an inventory of each kind may be made."""
    return str(tmp_path / "inventory.db") if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def inventory(where: str) -> Iterator[Inventory]:
    """An empty inventory of each kind."""
    with Inventory.open(where) as opened:
        yield opened
