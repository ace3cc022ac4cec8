from pathlib import Path

import pytest
import samba

from piiscan.settings import Settings
from piiscan.sources import source_for


@pytest.fixture(scope="session")
def samba_server():
    """One server a test process; tests use folders of their own below its share."""
    if why := samba.missing():
        pytest.skip(why)
    server = samba.Samba()
    yield server
    server.remove()


@pytest.fixture
def as_user(monkeypatch):
    """Makes this process one of the server's users."""

    def become(user: str = "daemon", password: str | None = None) -> None:
        monkeypatch.setenv("PIISCAN_SMB_USER", user)
        monkeypatch.setenv("PIISCAN_SMB_PASSWORD", samba.USERS[user] if password is None else password)

    return become


class Place:
    """A folder, and the root by which a source reaches it."""

    def __init__(self, folder: Path, root: str) -> None:
        self.folder = folder
        self.root = root

    def source(self, below: str = "", **settings):
        return source_for(self.root + (f"/{below}" if below else ""), Settings(**settings))


@pytest.fixture(params=["local", "smb"])
def place(request, tmp_path):
    """Every kind of source is asked the same questions."""
    if request.param == "local":
        folder = tmp_path / "root"
        folder.mkdir()
        return Place(folder, str(folder))
    server = request.getfixturevalue("samba_server")
    request.getfixturevalue("as_user")("daemon")
    folder = server.share / tmp_path.name
    folder.mkdir()
    return Place(folder, server.root(tmp_path.name))
