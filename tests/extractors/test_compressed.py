"""Single compressed files: the inner name, several streams, damage, and bombs within their limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import subprocess
import sys
import zlib

import pytest
from office_kit import read

from piiscan.problems import ProblemKind
from sample_data.make.archives import compress as compress_z

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ROWS = "氏名,電話\r\n山田太郎,090-1234-5678\r\n".encode("cp932")
MAKERS = {"gz": gzip.compress, "bz2": lambda data: bz2.compress(data, 1), "xz": lzma.compress, "zst": zstd.compress}


@pytest.mark.parametrize("form", MAKERS)
def test_the_inner_file_is_read_under_its_inner_name(form):
    seen = read(MAKERS[form](ROWS), f"名簿.csv.{form}")
    assert ("山田太郎", "090-1234-5678") in seen.tables[0].rows
    assert seen.members == {"名簿.csv"}
    assert not seen.problems


@pytest.mark.parametrize("form", MAKERS)
def test_streams_that_follow_each_other_are_all_read(form):
    make = MAKERS[form]
    seen = read(make("山田太郎\n".encode()) + make("鈴木花子\n".encode()), f"a.txt.{form}")
    assert "山田太郎\n鈴木花子" in seen.text
    assert not seen.problems


@pytest.mark.parametrize("form", MAKERS)
def test_a_cut_file_yields_what_is_left_and_says_so(form):
    random.seed(3)
    text = "山田太郎\n" + "".join(f"{random.random()}\n" for _ in range(30_000))
    whole = MAKERS[form](text.encode())
    seen = read(whole[: len(whole) * 2 // 3], f"a.txt.{form}")
    assert "山田太郎" in seen.text
    assert seen.kinds == {ProblemKind.BROKEN_PART}


@pytest.mark.parametrize("form", MAKERS)
def test_a_file_cut_at_its_head_is_broken(form):
    seen = read(MAKERS[form](ROWS)[: {"bz2": 12, "xz": 12}.get(form, 8)], f"a.csv.{form}")
    assert seen.kinds == {ProblemKind.BROKEN}


@pytest.mark.parametrize("form", MAKERS)
def test_a_bomb_ends_at_its_limit(form):
    seen = read(MAKERS[form](bytes(30 << 20)), f"a.{form}", archive_bytes=20 << 20)
    assert seen.kinds == {ProblemKind.BOMB}


def test_lzma_the_forerunner_of_xz():
    for name in ("a.csv.lzma", "A.CSV.LZMA"):
        seen = read(lzma.compress(ROWS, lzma.FORMAT_ALONE), name)
        assert ("山田太郎", "090-1234-5678") in seen.tables[0].rows
    assert "山田" in read("]山田太郎のメモ".encode() * 9, "memo.lzma").text


def test_the_name_in_a_gzip_header_is_told_in_its_own_encoding():
    out = io.BytesIO()
    with gzip.GzipFile("x", "wb", fileobj=out) as file:
        file.write("山田太郎".encode())
    content = out.getvalue()
    assert content[3] & 8
    for encoding in ("utf-8", "euc_jp"):
        seen = read(content[:10] + "folder/名簿.txt".encode(encoding) + b"\0" + content[content.index(b"\0", 10) + 1 :], "a.gz")
        assert seen.members == {"名簿.txt"}


def test_bytes_after_the_end_are_not_lost_without_a_word():
    seen = read(gzip.compress(ROWS) + b"hidden away", "a.csv.gz")
    assert "山田太郎" in seen.text
    assert seen.kinds == {ProblemKind.BROKEN_PART}
    assert not read(gzip.compress(ROWS) + bytes(1000), "a.csv.gz").problems  # padding of tapes


def test_tgz_holds_a_tar():
    out = io.BytesIO()
    import tarfile

    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("a/名簿.csv")
        info.size = len(ROWS)
        archive.addfile(info, io.BytesIO(ROWS))
    seen = read(out.getvalue(), "all.tgz")
    assert "山田太郎" in seen.text
    assert any(member.endswith("a/名簿.csv") for member in seen.members)


def test_lzw_of_every_width():
    random.seed(5)
    text = "山田太郎\n" + "".join(f"{random.randrange(10**6)}\n" for _ in range(30_000))
    seen = read(compress_z(text.encode()), "a.txt.Z")
    assert seen.text.strip() == text.strip()
    assert seen.members == {"a.txt"}
    assert read(compress_z(text.encode(), 12), "a.txt.Z").text.strip() == text.strip()


def test_lzw_that_cannot_be_is_damage():
    content = bytearray(compress_z(b"abcabcabc" * 300))
    content[40:44] = b"\xff\xff\xff\xff"
    assert ProblemKind.BROKEN_PART in read(bytes(content), "a.txt.Z").kinds
    assert read(b"\x1f\x9d\x9f\0\0\0\0\0\0\0", "a.Z").kinds == {ProblemKind.BROKEN}


def test_a_lzw_bomb_ends_at_its_limit():
    assert read(compress_z(bytes(1 << 20)), "a.Z", archive_bytes=1 << 19).kinds == {ProblemKind.BOMB}


def test_gzip_with_a_wrong_checksum_keeps_its_text():
    content = bytearray(gzip.compress("山田太郎".encode()))
    content[-8:-4] = zlib.crc32(b"other").to_bytes(4, "little")
    seen = read(bytes(content), "a.txt.gz")
    assert seen.kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}


def test_a_quine_ends_by_depth():
    """A file that unpacks to itself, in miniature: gzip in gzip in gzip …"""
    content = b"x"
    for _ in range(10):
        content = gzip.compress(content)
    assert read(content, "q.gz").kinds == {ProblemKind.LIMIT}


def test_compress_writes_what_the_test_thinks_it_does():
    """The encoder of this test against gzip, which also reads .Z, where there is one."""
    import shutil

    if (tool := shutil.which("gzip")) is None:
        assert read(compress_z(b"abc"), "a.Z").text.strip() == "abc"
        return
    data = b"".join(bytes([i % 251, i % 13]) for i in range(80_000))
    assert subprocess.run([tool, "-dc"], input=compress_z(data), capture_output=True, check=True).stdout == data
