"""What every source promises; local folders and a real SMB server answer the same questions."""

import os
from pathlib import Path

import pytest

from piiscan.model import Item, Unread
from piiscan.problems import ProblemKind, Stage
from piiscan.sources import RootError, problem_of

LONG = "長" * 80 + ".txt"
DEEP = "/".join(["とても深いフォルダー"] * 12) + "/底.txt"
TREE = {
    "a.txt": b"a",
    "b.txt": b"",
    "名簿/顧客一覧.csv": "氏名,電話\n".encode(),
    "名簿/№１～①.txt": b"x",
    "名簿-旧/a b  c.txt": b"spaces",
    "名簿/下/z.txt": b"z" * 3_000_001,
    "edge/65536": b"e" * 65_536,
    "edge/65537": b"e" * 65_537,
    LONG: b"long",
    DEEP: b"deep",
}


@pytest.fixture
def tree(place):
    for name, content in TREE.items():
        path = place.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (place.folder / "empty folder").mkdir()
    return place


def bring(source, item: Item, folder: Path) -> tuple[Item, bytes]:
    """As a worker does it."""
    path = source.local_path(item)
    if path is not None:
        return item, path.read_bytes()
    carrier = source.carrier(item)
    if carrier is None:
        return item, source.open(item).read()
    carried = carrier.carry(item, folder / "copy")
    assert carried.problems == ()
    return carried.item, (folder / "copy").read_bytes()


def test_every_file_is_met_once_with_its_size_and_time(tree):
    met = list(tree.source().walk())
    assert all(isinstance(entry, Item) for entry in met)
    assert sorted(entry.key for entry in met) == sorted(TREE)
    for item in met:
        info = (tree.folder / item.key).stat()
        assert item.size == info.st_size == len(TREE[item.key])
        assert abs(item.mtime_ns - info.st_mtime_ns) < 100  # SMB counts in 100 ns


def test_the_content_is_that_of_the_file(tree, tmp_path):
    source = tree.source()
    for item in source.walk():
        assert bring(source, item, tmp_path)[1] == TREE[item.key]
        with source.open(item) as stream:
            assert stream.read() == TREE[item.key]


def test_files_come_before_folders_and_in_the_order_of_their_keys(tree):
    keys = [item.key for item in tree.source().walk()]
    folders = [key.rpartition("/")[0] + "/" for key in keys]
    assert folders == sorted(folders, key=lambda folder: "" if folder == "/" else folder)
    for folder in set(folders):
        names = [key for key, its in zip(keys, folders, strict=True) if its == folder]
        assert names == sorted(names)


def test_ids_and_keys_are_the_same_in_the_next_run(tree):
    first, second = tree.source(), tree.source()
    assert first.source_id == second.source_id
    assert [(i.key, i.size, i.mtime_ns, i.change) for i in first.walk()] == [(i.key, i.size, i.mtime_ns, i.change) for i in second.walk()]
    assert tree.source("名簿").source_id != first.source_id


def test_reading_changes_nothing(tree, tmp_path):
    def stamps():
        return {
            path: (info.st_mtime_ns, info.st_ctime_ns, info.st_mode, info.st_size)
            for path in tree.folder.rglob("*")
            for info in [path.lstat()]
        }

    before = stamps()
    source = tree.source()
    for item in source.walk():
        bring(source, item, tmp_path)
    assert stamps() == before


def test_excluded_folders_are_not_entered_and_say_so(tree):
    met = list(tree.source(exclude=("名簿/", "*.txt")).walk())
    excluded = [entry for entry in met if isinstance(entry, Unread)]
    assert {entry.problem.kind for entry in excluded} == {ProblemKind.EXCLUDED}
    assert "名簿" in {entry.item.key for entry in excluded}
    assert [entry.key for entry in met if isinstance(entry, Item)] == ["edge/65536", "edge/65537"]


def test_include_takes_only_what_matches(tree):
    assert [entry.key for entry in tree.source(include=("*.csv",)).walk() if isinstance(entry, Item)] == ["名簿/顧客一覧.csv"]


def test_a_single_file_is_a_root(tree, tmp_path):
    source = tree.source("名簿/顧客一覧.csv")
    (item,) = source.walk()
    assert item.key == "顧客一覧.csv"
    assert bring(source, item, tmp_path)[1] == TREE["名簿/顧客一覧.csv"]
    assert source.root.endswith("名簿")


def test_a_root_that_is_not_there_is_a_sentence(place):
    with pytest.raises(RootError, match="check"):
        list(place.source("no such folder").walk())


def test_a_file_that_vanished_is_told(tree, tmp_path):
    source = tree.source()
    item = next(entry for entry in source.walk() if entry.key == "a.txt")
    (tree.folder / "a.txt").unlink()
    with pytest.raises(OSError) as caught:
        bring(source, item, tmp_path)
    assert problem_of(caught.value, Stage.OPEN).kind is ProblemKind.VANISHED


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize(
    ("folder_mode", "mode", "words"),
    [(0o755, 0o644, "everyone"), (0o755, 0o600, "one"), (0o700, 0o644, "one")],
    ids=["open", "closed", "in a closed folder"],
)
def test_who_can_read_it(place, tmp_path, folder_mode, mode, words):
    path = place.folder / "kept" / "a.txt"
    path.parent.mkdir()
    path.write_bytes(b"a")
    path.chmod(mode)
    path.parent.chmod(folder_mode)
    for owned in (path, path.parent):
        os.chown(owned, 1, 1)
    source = place.source()
    walk = source.walk()
    item = next(walk)
    item, _ = bring(source, item, tmp_path)
    assert item.readable_by == words
    assert item.owner


def test_a_folder_whose_listing_is_as_it_was_may_be_left_out(tree):
    """The stamps are the same until a file changes, and what is left out are files only."""
    stamps: dict[str, str] = {}
    assert sorted(
        entry.key for entry in tree.source().walk(lambda folder, stamp: bool(stamps.setdefault(folder, stamp)) and False)
    ) == sorted(TREE)
    assert set(stamps) >= {"", "名簿/", "名簿-旧/", "名簿/下/", "edge/"}
    assert all(stamps[folder] for folder in ("", "名簿/", "edge/"))
    left_out = lambda folder, stamp: bool(stamp) and stamps[folder] == stamp  # noqa: E731
    assert list(tree.source().walk(left_out)) == []
    (tree.folder / "edge" / "65536").write_bytes(b"other")
    (tree.folder / "名簿" / "下" / "z.txt").rename(tree.folder / "名簿" / "下" / "y.txt")
    assert sorted(entry.key for entry in tree.source().walk(left_out)) == ["edge/65536", "edge/65537", "名簿/下/y.txt"]
    assert list(tree.source().walk(lambda folder, _: folder == "edge/"))  # the others are given
