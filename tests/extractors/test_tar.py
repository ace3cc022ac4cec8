"""tar: dialects, names of the time before Unicode, links, sparse files, damage."""

from __future__ import annotations

import io
import tarfile

import pytest
from office_kit import read

from piiscan.problems import ProblemKind

TEXT = "氏名：山田太郎".encode()


def tar(*members: tuple[str, bytes], form: int = tarfile.PAX_FORMAT, encoding: str = "utf-8") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding=encoding) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("encoding", ["utf-8", "euc_jp", "cp932"])
def test_names_are_read_in_the_encoding_of_their_time(form, encoding):
    seen = read(tar(("総務/名簿.txt", TEXT), form=form, encoding=encoding), "a.tar")
    assert seen.members == {"総務/名簿.txt"}
    assert "山田太郎" in seen.text
    assert not seen.problems


def test_an_archive_without_a_magic_word_is_known_by_its_checksum():
    content = bytearray(tar(("a.txt", TEXT), form=tarfile.USTAR_FORMAT))
    content[257:265] = bytes(8)
    content[148:156] = b" " * 8
    content[148:156] = b"%06o\0 " % sum(content[:512])
    assert "山田太郎" in read(bytes(content), "backup").text


def test_names_with_dots_go_nowhere(tmp_path):
    seen = read(tar(("../../../etc/名簿.txt", TEXT), ("/abs.txt", TEXT)), "a.tar")
    assert seen.members == {"../../../etc/名簿.txt", "/abs.txt"}


def test_links_are_never_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("佐藤一郎", encoding="utf-8")
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
            info = tarfile.TarInfo(f"link{int(kind)}")
            info.type, info.linkname = kind, str(secret)
            archive.addfile(info)
        info = tarfile.TarInfo("a.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT))
    seen = read(out.getvalue(), "a.tar")
    assert "佐藤" not in seen.text
    assert "山田太郎" in seen.text


def test_a_sparse_file_of_terabytes_is_a_bomb_and_the_next_member_is_read():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("GNUSparseFile.0/hole")
        body = b"1\n0\n1\n".ljust(512, b"\0") + b"x".ljust(512, b"\0")
        info.size = len(body)
        info.pax_headers = {
            "GNU.sparse.major": "1",
            "GNU.sparse.minor": "0",
            "GNU.sparse.name": "hole",
            "GNU.sparse.realsize": str(1 << 40),
        }
        archive.addfile(info, io.BytesIO(body))
        info = tarfile.TarInfo("a.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT))
    seen = read(out.getvalue(), "a.tar")
    assert [(problem.kind, problem.member) for problem in seen.problems] == [(ProblemKind.BOMB, "hole")]
    assert "山田太郎" in seen.text


def test_behind_a_damaged_header_reading_goes_on():
    content = bytearray(tar(("a.txt", TEXT), ("b.txt", "鈴木花子".encode()), ("c.txt", "佐藤一郎".encode())))
    content[1024 + 100 : 1024 + 200] = b"\xff" * 100
    seen = read(bytes(content), "a.tar")
    assert "山田太郎" in seen.text
    assert "佐藤一郎" in seen.text
    assert seen.kinds == {ProblemKind.BROKEN_PART}


@pytest.mark.parametrize("size", [512 + 5, 1024, 1024 + 700, 2048 + 3])
def test_a_cut_archive_is_never_clean(size):
    whole = tar(("a.txt", TEXT), ("b.txt", b"x" * 900))
    seen = read(whole[:size], "a.tar")
    assert seen.kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}


def test_a_member_that_is_cut_is_read_as_far_as_it_goes():
    text = "".join(f"山田太郎 {number}\n" for number in range(20_000)).encode()
    seen = read(tar(("a.txt", text))[: 512 + len(text) // 2], "a.tar")
    assert seen.text.replace("\n", "") == text[: len(text) // 2].decode(errors="replace").replace("\n", "")
    assert ProblemKind.BROKEN_PART in seen.kinds


def test_the_count_of_members_is_limited():
    seen = read(tar(*((f"{i}.txt", TEXT) for i in range(8))), "a.tar", archive_members=5)
    assert ProblemKind.LIMIT in seen.kinds
    assert ProblemKind.PART_NOT_READ in seen.kinds
    assert len([member for member in seen.members if member]) <= 6
