"""Scanning changes no byte, no time and no permission of what it scans."""

import hashlib
import shutil
from pathlib import Path

from tests.running import SAMPLES, piiscan_process


def stamps(share: Path) -> dict[str, tuple]:
    """All that can be told of every entry without reading it, and then its content."""
    told = {}
    for path in sorted([share, *share.rglob("*")]):
        info = path.lstat()
        told[str(path)] = (
            info.st_mode,
            info.st_uid,
            info.st_gid,
            info.st_size,
            info.st_mtime_ns,
            info.st_ctime_ns,
            info.st_atime_ns,
            info.st_nlink,
        )
    return told


def contents(share: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(share.rglob("*")) if path.is_file()}


def test_nothing_of_what_is_scanned_changes(tmp_path):
    share = tmp_path / "share"
    for name in ("人事", "システム", "broken"):
        shutil.copytree(SAMPLES / name, share / name)
    before = contents(share)
    # An access time older than the modification time is what `relatime` would move on the first read.
    import os

    for path in share.rglob("*"):
        info = path.stat()
        os.utime(path, ns=(info.st_mtime_ns - 10**12, info.st_mtime_ns))
    told = stamps(share)
    piiscan_process("scan", share, "--inventory", tmp_path / "inv.db", "--accept-incomplete")
    files = {path: stamp for path, stamp in stamps(share).items() if not Path(path).is_dir()}
    assert files == {path: stamp for path, stamp in told.items() if not Path(path).is_dir()}
    # Listing a folder may move its access time; nothing else of it.
    assert {p: (*s[:6], s[7]) for p, s in stamps(share).items()} == {p: (*s[:6], s[7]) for p, s in told.items()}
    assert contents(share) == before


def test_a_read_only_share_is_scanned_like_any_other(tmp_path):
    share = tmp_path / "share"
    shutil.copytree(SAMPLES / "メール", share)
    for path in [*share.rglob("*"), share]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        piiscan_process("scan", share, "--inventory", tmp_path / "inv.db")
        assert sorted(path.name for path in share.iterdir()) == sorted(path.name for path in (SAMPLES / "メール").iterdir())
    finally:
        share.chmod(0o755)
