"""What only a server can do to us: logins, drops, locks, links to other servers."""

import contextlib
import csv
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import samba

from piiscan.model import Item, Unread
from piiscan.problems import ProblemKind, Stage
from piiscan.settings import Settings, SettingsError, Smb
from piiscan.sources import RootError, problem_of, source_for
from piiscan.sources.credentials import login_for
from piiscan.sources.smb_link import Share, parse_root

PASSWORD = samba.USERS["daemon"]
HOME = Path(__file__).resolve().parents[2]
FILES = HOME / "sample_data" / "files"


@pytest.fixture
def server(samba_server, as_user, tmp_path):
    """The shared server, a folder of this test's own on it, and the login of ``daemon``."""
    as_user("daemon")
    folder = samba_server.share / tmp_path.name
    folder.mkdir()
    samba_server.folder, samba_server.here = folder, samba_server.root(tmp_path.name)
    return samba_server


@pytest.fixture
def own_server(as_user):
    """A server that a test may hurt."""
    if why := samba.missing():
        pytest.skip(why)
    as_user("daemon")
    server = samba.Samba()
    yield server
    server.remove()


def carried(source, item, folder: Path) -> bytes | ProblemKind:
    try:
        source.carrier(item).carry(item, folder / "copy")
    except OSError as error:
        return problem_of(error, Stage.OPEN).kind
    return (folder / "copy").read_bytes()


# --------------------------------------------------------------------------- the root


def test_a_root_is_server_port_share_and_path():
    address = parse_root("smb://Server:4450/共有/a/b%20c/")
    assert (address.server, address.port, address.share, address.path) == ("server", 4450, "共有", "a\\b c")
    assert str(address) == "smb://server:4450/共有/a/b c"
    assert parse_root("smb://[::1]/s").server == "::1"
    assert str(parse_root("smb://server/s")) == "smb://server/s"


@pytest.mark.parametrize(
    "root",
    [
        f"smb://user:{PASSWORD}@server/share",
        f"smb://user:{PASSWORD}/x@server/share",
        f"smb://{PASSWORD}@server/share",
        f"smb://server:{PASSWORD}/share",
        f"smbs://user:{PASSWORD}@server/share",
    ],
)
def test_a_password_in_the_root_is_refused_and_not_shown(root):
    with pytest.raises(RootError) as caught:
        source_for(root, Settings())
    assert PASSWORD not in str(caught.value)


def test_nor_is_it_shown_by_the_command_line(tmp_path):
    root = f"smb://user:{PASSWORD}@server/share"
    done = subprocess.run(
        [sys.executable, "-m", "piiscan.cli.main", "scan", root, "--inventory", str(tmp_path / "x.db")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert PASSWORD not in done.stdout + done.stderr
    assert "PIISCAN_SMB_PASSWORD" in done.stderr


@pytest.mark.parametrize("root", ["smb://server", "smb://server/", "smb:///share", "smb://server/share/../other", "smb://server:99999/s"])
def test_a_root_without_a_share_is_a_sentence(root):
    with pytest.raises(RootError, match="smb://server/share"):
        source_for(root, Settings())


def test_the_same_folder_written_otherwise_is_the_same_root(server):
    other = server.here.replace("127.0.0.1", "127.0.0.1").replace("/share/", "/SHARE/") + "/"
    assert source_for(server.here, Settings()).source_id == source_for(other, Settings()).source_id


# ------------------------------------------------------------------------------ logins


def test_a_wrong_password_is_one_sentence_without_it(server, as_user):
    as_user("daemon", "wrong-" + PASSWORD)
    began = time.monotonic()
    with pytest.raises(RootError, match="login was refused") as caught:
        source_for(server.here, Settings())
    assert PASSWORD not in str(caught.value)
    assert time.monotonic() - began < 5  # tried once: directories lock accounts


def test_a_share_that_is_not_there_is_told_at_once(server):
    began = time.monotonic()
    with pytest.raises(RootError, match="cannot be reached"):
        source_for(f"smb://127.0.0.1:{server.port}/nowhere", Settings())
    with pytest.raises(RootError, match="cannot be reached"):
        source_for("smb://127.0.0.1:1/share", Settings())
    assert time.monotonic() - began < 5


def test_two_users_see_what_they_may(server, as_user, tmp_path):
    for name, owner in (("for daemon.txt", 1), ("for games.txt", 5), ("for all.txt", 0)):
        (server.folder / name).write_bytes(name.encode())
        os.chown(server.folder / name, owner, owner)
        (server.folder / name).chmod(0o644 if owner == 0 else 0o600)
    closed = server.folder / "closed"
    closed.mkdir()
    (closed / "x.txt").write_bytes(b"x")
    os.chown(closed, 5, 60)
    closed.chmod(0o700)
    seen = {}
    for user in samba.USERS:
        as_user(user)
        # a process has one connection to a share; another user needs another process, or other settings
        source = source_for(server.here, Settings(smb=Smb(timeout=60 + len(user))))
        seen[user] = dict(
            (entry.key, carried(source, entry, tmp_path)) if isinstance(entry, Item) else (entry.item.key, entry.problem.kind)
            for entry in source.walk()
        )
    no = ProblemKind.NO_PERMISSION
    assert seen["daemon"] == {"for all.txt": b"for all.txt", "for daemon.txt": b"for daemon.txt", "for games.txt": no, "closed": no}
    assert seen["games"] == {"for all.txt": b"for all.txt", "for daemon.txt": no, "for games.txt": b"for games.txt", "closed/x.txt": b"x"}


def write_credentials(path: Path, text: str, mode: int = 0o600) -> Smb:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return Smb(credentials=path, keyring=False)


@pytest.fixture
def no_login(monkeypatch):
    for name in ("USER", "PASSWORD", "DOMAIN"):
        monkeypatch.delenv(f"PIISCAN_SMB_{name}", raising=False)


def test_a_file_gives_the_login_of_each_server(no_login, tmp_path):
    smb = write_credentials(
        tmp_path / "c.toml",
        '["FileServer"]\nuser = "a"\npassword = "p1"\ndomain = "CORP"\n["*"]\nuser = "b"\npassword = "p2"\n',
    )
    found = login_for("fileserver", smb)
    assert (found.account, found.password) == ("CORP\\a", "p1")
    assert login_for("other", smb).account == "b"
    assert "p1" not in repr(found)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_file_that_others_can_read_is_refused(no_login, tmp_path, mode):
    smb = write_credentials(tmp_path / "c.toml", f'["*"]\nuser = "a"\npassword = "{PASSWORD}"\n', mode)
    with pytest.raises(SettingsError, match="chmod 600") as caught:
        login_for("server", smb)
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [f'["*"]\nuser = "a"\npassword = {PASSWORD}', f'password = "{PASSWORD}"', f'["*"]\npasword = "{PASSWORD}"', '["*"]\nuser = 5'],
)
def test_a_file_that_is_wrong_is_a_sentence_without_its_content(no_login, tmp_path, text):
    with pytest.raises(SettingsError, match="credentials file") as caught:
        login_for("server", write_credentials(tmp_path / "c.toml", text))
    assert PASSWORD not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_is_missing_is_a_sentence(no_login, tmp_path):
    with pytest.raises(SettingsError, match="does not exist"):
        login_for("server", Smb(credentials=tmp_path / "none.toml"))


def test_the_keyring_is_asked_last(no_login, monkeypatch):
    import keyring
    from keyring.backend import KeyringBackend
    from keyring.credentials import SimpleCredential

    class Memory(KeyringBackend):
        priority = 1

        def get_password(self, service, username):
            return None

        def set_password(self, service, username, password):
            raise NotImplementedError

        def get_credential(self, service, username):
            return SimpleCredential("kept", "in-ring") if service == "piiscan-smb:server" else None

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    try:
        assert login_for("server", Smb()).account == "kept"
        assert login_for("other", Smb()).account is None
        assert login_for("server", Smb(keyring=False)).account is None
        monkeypatch.setenv("PIISCAN_SMB_USER", "env")
        monkeypatch.setenv("PIISCAN_SMB_PASSWORD", "first")
        assert login_for("server", Smb()).account == "env"
    finally:
        keyring.set_keyring(before)


# ------------------------------------------------------------------------ the connection


def test_it_is_encrypted_where_offered_and_signed_where_not(own_server):
    def session():
        share = Share(parse_root(own_server.root()), Smb())
        try:
            return share.connect().session
        finally:
            share.close()

    offered = session()
    assert offered.encrypt_data
    own_server.stop()
    own_server.configure(extra="server smb encrypt = off")
    own_server.start()
    plain = session()
    assert not plain.encrypt_data
    assert plain.signing_required
    with pytest.raises(RootError, match="offers no encryption"):
        source_for(own_server.root(), Settings(smb=Smb(encryption="required")))


def test_a_server_that_goes_away_and_comes_back_costs_nothing(own_server, tmp_path):
    content = {f"{folder}/{i}.txt": f"{folder}{i}".encode() * 30_000 for folder in "abc" for i in range(6)}
    for name, data in content.items():
        (own_server.share / name).parent.mkdir(exist_ok=True)
        (own_server.share / name).write_bytes(data)
    source = source_for(own_server.root(), Settings(smb=Smb(first_wait=0.1)))
    got, threads = {}, []
    for number, item in enumerate(source.walk()):
        if number in {3, 9}:
            own_server.stop()
            threads.append(threading.Timer(0.6, own_server.start))
            threads[-1].start()
        got[item.key] = carried(source, item, tmp_path)
    for thread in threads:
        thread.join()
    assert got == content


def test_a_server_that_stays_away_ends_each_file_with_a_reason(own_server, tmp_path):
    for name in ("a.txt", "b.txt", "c/d.txt", "e/f.txt"):
        (own_server.share / name).parent.mkdir(exist_ok=True)
        (own_server.share / name).write_bytes(b"x")
    source = source_for(own_server.root(), Settings(smb=Smb(first_wait=0.05, retries=2)))
    walk = source.walk()
    first = next(walk)
    own_server.stop()
    began = time.monotonic()
    rest = list(walk)
    assert carried(source, first, tmp_path) is ProblemKind.IO_ERROR
    assert [entry.key for entry in rest if isinstance(entry, Item)] == ["b.txt"]
    dark = {entry.item.key: entry.problem.kind for entry in rest if isinstance(entry, Unread)}
    assert dark == {"c": ProblemKind.IO_ERROR, "e": ProblemKind.IO_ERROR}
    assert time.monotonic() - began < 10


@contextlib.contextmanager
def other_client(server, path: str, mode: str, share_access: str):
    """Another program of another user has the file open."""
    import smbclient

    smbclient.register_session("127.0.0.1", username="games", password=samba.USERS["games"], port=server.port)
    unc = rf"\\127.0.0.1\share\{server.folder.name}\{path}"
    with smbclient.open_file(unc, mode=mode, share_access=share_access, port=server.port) as file:
        yield smbclient, unc, file
    smbclient.reset_connection_cache()


def test_a_file_that_another_program_has_locked(server, tmp_path):
    (server.folder / "open.txt").write_bytes(b"x")
    (server.folder / "open.txt").chmod(0o666)
    source = source_for(server.here, Settings())
    (item,) = source.walk()
    with other_client(server, "open.txt", "r+b", ""):
        assert carried(source, item, tmp_path) is ProblemKind.LOCKED
    assert carried(source, item, tmp_path) == b"x"


def test_reading_hinders_nobody(server):
    """While it is read, another may write to it, rename it and delete it."""
    path = server.folder / "busy.txt"
    path.write_bytes(b"1" * 5_000_000)
    path.chmod(0o666)
    server.folder.chmod(0o777)
    source = source_for(server.here, Settings())
    (item,) = source.walk()
    share = Share(source.address, Smb())
    reading = share.read(item.native, item.size)
    next(reading)
    next(reading)
    with other_client(server, "busy.txt", "r+b", "rwd") as (client, unc, file):
        file.write(b"2")
        file.flush()
        client.rename(unc, unc + ".new", port=server.port)
        client.remove(unc + ".new", port=server.port)
    assert sum(len(part) for part in reading) > 0
    share.close()


def test_a_dfs_link_is_named(server):
    (entry,) = source_for(f"smb://127.0.0.1:{server.port}/dfs", Settings()).walk()
    assert isinstance(entry, Unread)
    assert (entry.item.key, entry.problem.kind) == ("elsewhere", ProblemKind.SYMLINK)
    assert "DFS" in entry.problem.detail


def test_a_loop_that_the_server_follows_is_noticed(server):
    (server.folder / "in").mkdir()
    (server.folder / "in" / "again").symlink_to(server.folder)
    (server.folder / "in" / "a.txt").write_bytes(b"a")
    met = list(source_for(server.here, Settings()).walk())
    assert [entry.key for entry in met if isinstance(entry, Item)] == ["in/a.txt"]
    assert [entry.problem.kind for entry in met if isinstance(entry, Unread)] == [ProblemKind.LOOP]


def test_a_file_that_grew_on_its_way_is_told(server, tmp_path):
    (server.folder / "log.txt").write_bytes(b"1")
    source = source_for(server.here, Settings())
    (item,) = source.walk()
    with (server.folder / "log.txt").open("ab") as file:
        file.write(b"23")
    found = source.carrier(item).carry(item, tmp_path / "copy")
    assert [problem.kind for problem in found.problems] == [ProblemKind.CHANGED]


# ------------------------------------------------------------------------------ together


def test_a_scan_of_the_share_finds_what_a_scan_of_the_folder_finds(server, tmp_path):
    chosen = [path for path in sorted(FILES.rglob("*")) if path.is_file() and path.stat().st_size < 60_000][::20]
    assert len(chosen) >= 5
    for i, path in enumerate(chosen):
        to = server.folder / f"部門{i % 3}" / path.name
        to.parent.mkdir(exist_ok=True)
        to.write_bytes(path.read_bytes())
        (to.parent / f"写し_{path.name}").write_bytes(path.read_bytes())
    tables = {}
    for name, root in (("local", str(server.folder)), ("smb", server.here)):
        out = tmp_path / f"{name}.csv"
        subprocess.run(
            [sys.executable, "-m", "piiscan.cli.main", "scan", root, "--inventory", str(tmp_path / f"{name}.db"), "--csv", str(out),
             "--jobs", "1", "--accept-incomplete", "--quiet"],
            check=True, env={**os.environ, "PIISCAN_SMB__FIRST_WAIT": "0.1"},
        )  # fmt: skip
        with out.open(encoding="utf-8-sig", newline="") as file:
            skip = {"source", "owner", "readable_by", "first_seen", "last_seen", "modified"}
            tables[name] = sorted(
                tuple((k, v) for k, v in row.items() if k not in skip and k != "examples") for row in csv.DictReader(file)
            )
        assert PASSWORD.encode() not in (tmp_path / f"{name}.db").read_bytes()
    assert tables["smb"] == tables["local"]
    assert len(tables["smb"]) > 10
