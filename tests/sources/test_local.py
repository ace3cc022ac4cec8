"""Every entry of a folder has one outcome, whatever it is."""

import os
import socket
import sys
from pathlib import Path

import pytest

from piiscan.model import Item, Unread
from piiscan.settings import Settings
from piiscan.sources import RootError, distinct_roots, source_for
from piiscan.sources.local import windows_kind

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes POSIX files")


def walk(root: Path, **settings: object) -> dict[str, str]:
    """``key -> "read"`` or the word of the problem."""
    met = list(source_for(str(root), Settings(**settings)).walk())
    told = {m.key if isinstance(m, Item) else m.item.key: "read" if isinstance(m, Item) else m.problem.kind.word for m in met}
    assert len(told) == len(met), "each entry once"
    return told


def test_plain_files_in_the_order_of_the_inventory(tmp_path):
    for name in ("b.txt", "a/x.txt", "a.txt", "a/y/z.txt", "c/名簿.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert list(walk(tmp_path)) == ["a.txt", "b.txt", "a/x.txt", "a/y/z.txt", "c/名簿.csv"]


def test_links_loops_devices_pipes_and_sockets(tmp_path):
    (tmp_path / "file.txt").write_text("x", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "to-file").symlink_to("file.txt")
    (tmp_path / "to-folder").symlink_to("folder")
    (tmp_path / "to-itself").symlink_to("to-itself")
    (tmp_path / "up").symlink_to("..")
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    here = Path.cwd()
    os.chdir(tmp_path)  # a socket's path may have 108 bytes only
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket")
    finally:
        os.chdir(here)
    assert walk(tmp_path) == {
        "file.txt": "read",
        "to-file": "symlink",
        "to-folder": "symlink",
        "to-itself": "symlink",
        "up": "symlink",
        "dangling": "symlink",
        "pipe": "special-file",
        "socket": "special-file",
    }


def test_a_pipe_that_takes_the_place_of_a_file_never_blocks(tmp_path):
    path = tmp_path / "was-a-file"
    path.write_text("x", encoding="utf-8")
    source = source_for(str(tmp_path), Settings())
    (item,) = source.walk()
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OSError, match="not a regular file"):
        source.open(item)


def test_a_link_that_takes_the_place_of_a_file_is_not_followed(tmp_path):
    (tmp_path / "share").mkdir()
    secret = tmp_path / "outside"
    secret.write_text("x", encoding="utf-8")
    path = tmp_path / "share" / "file"
    path.write_text("x", encoding="utf-8")
    source = source_for(str(tmp_path / "share"), Settings())
    (item,) = source.walk()
    path.unlink()
    path.symlink_to(secret)
    with pytest.raises(OSError, match=r".*"):
        source.open(item)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes UTF-8 names only")
def test_names_that_are_not_utf8_and_names_with_signs(tmp_path):
    names = ["名簿.txt".encode("cp932"), b"a\nb", b"c\\d", "\u202egpj.exe".encode(), b"\xff\xfe", b" ", b"CON"]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(b"x")
    told = walk(tmp_path)
    assert set(told.values()) == {"read"}
    assert len(told) == len(names)
    for key in told:
        key.encode()
    source = source_for(str(tmp_path), Settings())
    for item in source.walk():
        with source.open(item) as file:
            assert file.read() == b"x"


def test_paths_longer_than_the_system_takes(tmp_path):
    deep = "d" * 200
    here = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(25):
            Path(deep).mkdir()
            os.chdir(deep)
        Path("名簿.txt").write_text("x", encoding="utf-8")
    finally:
        os.chdir(here)
    source = source_for(str(tmp_path), Settings())
    (item,) = [met for met in source.walk() if isinstance(met, Item)]
    assert len(item.key) > 5000
    assert source.local_path(item) is None
    with source.open(item) as file:
        assert file.read() == b"x"


def test_exclude_and_include(tmp_path):
    for name in ("keep.txt", "skip.log", "node_modules/a.js", "src/b.js", "src/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    told = walk(tmp_path, exclude=("*.log", "node_modules/"))
    assert told == {"keep.txt": "read", "skip.log": "excluded", "node_modules": "excluded", "src/b.js": "read", "src/c.txt": "read"}
    told = walk(tmp_path, include=("*.txt",))
    assert {key for key, word in told.items() if word == "read"} == {"keep.txt", "src/c.txt"}


def test_a_single_file_is_a_root(tmp_path):
    path = tmp_path / "one.txt"
    path.write_text("x", encoding="utf-8")
    source = source_for(str(path), Settings())
    (item,) = source.walk()
    assert f"{source.root}/{item.key}" == str(path)


def test_a_root_met_twice_is_crawled_once(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("a")
    roots = [str(tmp_path / name) for name in ("a", "link", "a/../a")] + [str(tmp_path)]
    assert distinct_roots(roots) == [str(tmp_path)]
    assert distinct_roots(roots[:3]) == [str(tmp_path / "a")]


@pytest.mark.parametrize("root", ["", "ftp://x/y", "a\0b", "/nowhere/at/all", "\\\\server\\share"])
def test_roots_that_are_none(root):
    with pytest.raises(RootError) as caught:
        source_for(root, Settings())
    assert len(str(caught.value)) > 20


def test_ids_and_keys_stay_between_runs(tmp_path):
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    first, second = (
        [(m.source_id, m.key) for m in source_for(str(tmp_path), Settings()).walk() if not isinstance(m, Unread)] for _ in "12"
    )
    assert first == second


def test_a_folder_that_goes_away_during_the_crawl(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("x", encoding="utf-8")
    crawl = source_for(str(tmp_path), Settings()).walk()
    first = next(crawl)
    (tmp_path / "b" / "x.txt").unlink()
    (tmp_path / "b").rmdir()
    rest = list(crawl)
    assert isinstance(first, Item)
    assert [(m.item.key, m.problem.kind.word) for m in rest if isinstance(m, Unread)] == [("b", "vanished")]


def test_what_windows_says_of_a_file():
    assert windows_kind(0x20, 0) is None
    assert windows_kind(0x400, 0xA000000C).word == "symlink"
    assert windows_kind(0x400, 0xA0000003).word == "symlink"
    assert windows_kind(0x400000, 0x9000001A).word == "placeholder"
    assert windows_kind(0x20, 0x9000001A) is None  # a cloud file that is present
