"""LZH, cabinets, RAR, ISO images and 7z: members, names, passwords, damage, and what is said without the engine."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys

import py7zr
import pytest
from office_kit import PASSWORD, read

from piiscan.extractors.archive import _libarchive, sevenzip
from piiscan.extractors.archive import lzh as lzh_reader
from piiscan.extractors.archive._lzhuf import crc16, expand
from piiscan.problems import ProblemKind
from sample_data.make.archives import cab, iso, lh1, lzh, rar4, rar5, rar5_locked

NAME = "総務/予定表.txt"  # 表 ends in a backslash in Shift_JIS
TEXT = "氏名：山田太郎\r\n" * 30
DATA = TEXT.encode("cp932")
random.seed(11)
LONG = ("氏名：鈴木花子\n" + "".join(f"{random.randrange(10**8)}\n" for _ in range(3_000))).encode()


def sevenz(*members: tuple[str, bytes], password: str | None = None, headers: bool = False) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password, header_encryption=headers) as archive:
        for name, data in members:
            archive.writestr(data, name)
    return out.getvalue()


MAKERS = {
    "lzh": lambda *members: lzh(members),
    "cab": lambda *members: cab(members),
    "rar": lambda *members: rar5(members),
    "iso": lambda *members: iso(members),
    "7z": sevenz,
}


@pytest.mark.parametrize("form", MAKERS)
def test_members_are_read_under_their_names(form):
    name = NAME if form != "iso" else "予定表.txt"
    seen = read(MAKERS[form]((name, DATA), ("long.txt", LONG)), f"a.{form}")
    assert seen.members == {name, "long.txt"}
    assert seen.text.count("山田太郎") == 30
    assert LONG.decode().strip() in seen.text
    assert not [problem for problem in seen.problems if problem.kind is not ProblemKind.ENCODING_GUESSED]


@pytest.mark.parametrize("form", MAKERS)
def test_content_tells_the_format_not_the_name(form):
    assert read(MAKERS[form](("a.txt", DATA)), "renamed.bin").text.count("山田太郎") == 30


@pytest.mark.parametrize("form", MAKERS)
def test_a_cut_archive_is_never_clean(form):
    whole = MAKERS[form](("a.txt", DATA), ("long.txt", LONG))
    for share in (0.3, 0.6, 0.95):
        cut = whole[: max(int(len(whole) * share), 0xA000 if form == "iso" else 40)]
        seen = read(cut, f"a.{form}")
        assert seen.kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}, share
    if form in {"lzh", "rar"}:
        assert "山田太郎" in read(whole[: len(whole) // 2], f"a.{form}").text


@pytest.mark.parametrize("form", MAKERS)
def test_a_member_that_is_damaged_is_told(form):
    whole = bytearray(MAKERS[form](("a.txt", DATA)))
    at = whole.find(DATA[:40]) if form in {"rar", "iso"} else len(whole) // 2
    whole[at : at + 8] = bytes(byte ^ 0x5A for byte in whole[at : at + 8])
    seen = read(bytes(whole), f"a.{form}")
    if form in {"iso", "rar"}:  # no checksums in the one, none of stored members read by libarchive in the other
        assert "山田太郎" in seen.text
    else:
        assert seen.kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}


@pytest.mark.parametrize("form", MAKERS)
def test_a_bomb_ends_at_its_limit(form):
    content = MAKERS[form](("zeros.bin", bytes(150_000)))
    assert ProblemKind.BOMB in read(content, f"a.{form}", archive_bytes=1 << 16).kinds


@pytest.mark.parametrize("form", ["lzh", "cab", "rar", "iso", "7z"])
def test_without_libarchive_the_file_says_what_is_missing(form, monkeypatch):
    for module in (_libarchive, lzh_reader, sevenzip):
        monkeypatch.setattr(module, "version", lambda: None)
    seen = read(MAKERS[form](("a.txt", DATA)), f"a.{form}")
    if form == "7z":
        assert "山田太郎" in seen.text  # py7zr steps in
        return
    assert seen.kinds == {ProblemKind.UNSUPPORTED}
    assert seen.problems[0].detail.startswith("not installed: libarchive")


def test_methods_and_names_of_lzh_and_cabinets():
    for content in (lzh([(NAME, DATA)], method="lh0"), lzh([(NAME, DATA)], encoding="utf-8"), cab([(NAME, DATA)], compressed=False), cab([(NAME, DATA)], unicode_names=True)):  # fmt: skip
        seen = read(content, "a")
        assert seen.members == {NAME}
        assert seen.text.count("山田太郎") == 30


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8"])
def test_lzh_names_of_any_encoding_cost_no_member(encoding):
    seen = read(lzh([(NAME, DATA), ("b.txt", DATA)], encoding=encoding), "a.lzh")
    assert seen.members == {NAME, "b.txt"}


def test_behind_a_damaged_lzh_header_reading_goes_on():
    content = bytearray(lzh([("a.txt", DATA), ("b.txt", DATA), ("c.txt", DATA)]))
    at = content.index(b"b.txt")
    content[at - 10] ^= 0xFF
    seen = read(bytes(content), "a.lzh")
    assert {"a.txt", "c.txt"} <= seen.members
    assert seen.kinds == {ProblemKind.BROKEN_PART}


def test_an_old_lzh_method_is_named():
    content = bytearray(lzh([("a.txt", DATA)], method="lh0"))
    content[2:7] = b"-lh2-"
    content[1] = sum(content[2 : content[0] + 2]) & 0xFF
    seen = read(bytes(content), "a.lzh")
    assert [(problem.kind, problem.detail, problem.member) for problem in seen.problems] == [
        (ProblemKind.PART_NOT_READ, "method -lh2-", "a.txt")
    ]


def test_names_survive_a_locale_without_letters(tmp_path):
    for form, make in MAKERS.items():
        (tmp_path / form).write_bytes(make(("予定表.txt", DATA)))
    script = (
        "import sys, tempfile; from pathlib import Path; from piiscan.engine.analyse import extract_file; from piiscan.settings import Settings\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    print(ascii([member for member, _, _ in extract_file(path, Settings(), Path(tempfile.mkdtemp()))]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}
    )
    assert done.stdout.splitlines() == [ascii(["予定表.txt"])] * len(MAKERS)


def test_rar_with_an_encrypted_member_names_it():
    record = b"\0\0\x0f" + bytes(32)
    seen = read(rar5([("給与.csv", bytes(64))], encryption=record), "a.rar")
    assert not seen.text
    assert [(problem.kind, problem.member) for problem in seen.problems] == [
        (ProblemKind.ENCRYPTED_PART, "給与.csv"),
        (ProblemKind.ENCRYPTED, ""),
    ]
    assert seen.problems[1].detail == "AES-256; 1 of 1 members"


def test_rar_of_the_older_generation():
    seen = read(rar4([(NAME, DATA), ("long.txt", LONG)]), "a.rar")
    assert seen.members == {NAME, "long.txt"}
    assert seen.text.count("山田太郎") == 30


@pytest.mark.parametrize("headers", [False, True])
@pytest.mark.parametrize("make", [rar4, rar5_locked])
def test_rar_with_a_password(make, headers):
    content = make([(NAME, DATA), ("long.txt", LONG), ("b.txt", b"last")], PASSWORD, headers=headers)
    seen = read(content, "a.rar", passwords=("falsch", PASSWORD))
    assert {"a.rar/" + NAME, "a.rar/long.txt", "a.rar/b.txt"} <= seen.members
    assert seen.text.count("山田太郎") == 30
    assert LONG.decode().strip() in seen.text
    assert not [problem for problem in seen.problems if problem.kind is not ProblemKind.ENCODING_GUESSED]
    for passwords in ((), ("falsch",)):
        locked = read(content, "a.rar", passwords=passwords)
        assert not locked.text
        assert ProblemKind.ENCRYPTED in locked.kinds
        assert (NAME in {problem.member for problem in locked.problems}) is not headers


@pytest.mark.parametrize("make", [rar4, rar5_locked])
def test_a_cut_or_damaged_rar_under_a_password_is_never_clean(make):
    content = make([(NAME, DATA), ("long.txt", LONG)], PASSWORD, headers=True)
    for size in (30, 60, 120, len(content) // 2, len(content) - 40):
        seen = read(content[:size], "a.rar", passwords=(PASSWORD,))
        assert seen.kinds & {ProblemKind.ENCRYPTED, ProblemKind.ENCRYPTED_PART, ProblemKind.BROKEN, ProblemKind.BROKEN_PART}, size
    random.seed(9)
    for _ in range(20):
        twisted = bytearray(content)
        twisted[random.randrange(8, 200)] ^= 0x41
        read(bytes(twisted), "a.rar", passwords=(PASSWORD,))


@pytest.mark.parametrize("headers", [False, True])
def test_7z_with_a_password(headers):
    content = sevenz((NAME, DATA), ("long.txt", LONG), ("long.txt", b"again"), password=PASSWORD, headers=headers)
    seen = read(content, "a.7z", passwords=("falsch", PASSWORD))
    assert NAME in seen.members
    assert seen.text.count("山田太郎") == 30
    assert "again" in seen.text
    for passwords in ((), ("falsch",)):
        locked = read(content, "a.7z", passwords=passwords)
        assert not locked.text
        assert ProblemKind.ENCRYPTED in locked.kinds
        assert all(problem.detail.startswith("AES-256") for problem in locked.problems)
        assert (NAME in {problem.member for problem in locked.problems}) is not headers
        assert PASSWORD not in repr(locked)


def test_7z_with_a_password_but_without_py7zr_says_so(monkeypatch):
    content = sevenz((NAME, DATA), password=PASSWORD)
    from piiscan.extractors import engines

    monkeypatch.setattr(engines, "ENGINES", tuple(engines.Engine(e.name, e.reads, lambda: None, e.install) for e in engines.ENGINES))
    seen = read(content, "a.7z", passwords=(PASSWORD,))
    assert any("not installed: py7zr" in problem.detail for problem in seen.problems)
    assert ProblemKind.ENCRYPTED in seen.kinds


def test_7z_bombs_under_a_password_end_at_their_limit():
    content = sevenz(("zeros.bin", bytes(8 << 20)), ("after.txt", DATA), password=PASSWORD)
    assert ProblemKind.BOMB in read(content, "a.7z", passwords=(PASSWORD,), archive_bytes=1 << 20).kinds
    assert ProblemKind.LIMIT in read(content, "a.7z", passwords=(PASSWORD,), archive_members=1).kinds


def test_a_damaged_7z_under_a_password_is_not_clean():
    content = bytearray(sevenz((NAME, DATA), ("long.txt", LONG), password=PASSWORD))
    content[len(content) // 2] ^= 0xFF
    assert read(bytes(content), "a.7z", passwords=(PASSWORD,)).kinds & {ProblemKind.ENCRYPTED, ProblemKind.BROKEN_PART}


def test_names_that_lead_out_are_only_names():
    for content in (lzh([("../../evil.txt", DATA)]), rar5([("../../evil.txt", DATA)]), cab([("../../evil.txt", DATA)])):
        assert read(content, "a").members == {"../../evil.txt"}


# ------------------------------------------------------------------------ volumes


def test_pieces_cut_by_size_are_read_with_the_first(tmp_path):
    content = sevenz((NAME, DATA), ("long.txt", LONG))
    for number in range(3):
        size = -(-len(content) // 3)
        (tmp_path / f"all.7z.{number + 1:03}").write_bytes(content[number * size : (number + 1) * size])
    seen = read(tmp_path / "all.7z.001")
    assert seen.text.count("山田太郎") == 30
    assert not seen.problems
    later = read(tmp_path / "all.7z.002")
    assert later.kinds == {ProblemKind.PART_NOT_READ}


def test_a_first_piece_alone_is_damaged(tmp_path):
    content = sevenz((NAME, DATA), ("long.txt", LONG))
    (tmp_path / "all.7z.001").write_bytes(content[: len(content) // 2])
    assert read(tmp_path / "all.7z.001").kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}


def test_numbered_names_of_other_files_mean_nothing(tmp_path):
    (tmp_path / "report.001").write_text("山田太郎", encoding="utf-8")
    assert "山田太郎" in read(tmp_path / "report.001").text


def test_a_7z_by_a_method_that_libarchive_lacks_is_read():
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[{"id": py7zr.FILTER_BZIP2}]) as archive:
        archive.writestr(DATA, "a.txt")
    seen = read(out.getvalue(), "a.7z")
    assert "山田太郎" in seen.text
    assert not [problem for problem in seen.problems if problem.kind is not ProblemKind.ENCODING_GUESSED]


@pytest.mark.parametrize("method", ["lh1", "lh4"])
def test_the_methods_of_lharc_are_read(method):
    seen = read(lzh([(NAME, DATA), ("long.txt", LONG)], method=method), "a.lzh")
    assert seen.members == {NAME, "long.txt"}
    assert seen.text.count("山田太郎") == 30
    assert LONG.decode().strip() in seen.text
    damaged = bytearray(lzh([("a.txt", DATA)], method=method))
    damaged[-100] ^= 0x5A
    assert read(bytes(damaged), "a.lzh").kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}


def test_repeats_of_lh1_reach_back_over_the_whole_window_and_into_themselves():
    text = bytes(random.randbytes(4096)) + b"abcabcabcabc" + b"x" * 40
    repeats = ((4099, 3, 9), (4108 + 1, 1, 39))
    assert b"".join(expand(lh1(text, repeats=repeats), len(text))) == text
    far = text[:4096] + text[:60]
    assert b"".join(expand(lh1(far, repeats=((4096, 4096, 60),)), len(far))) == far
    many = bytes(range(256)) * 200  # counts are halved on the way
    assert b"".join(expand(lh1(many), len(many))) == many
    assert crc16((many,)) == crc16((many[:77], many[77:]))


def test_what_a_macintosh_wraps_is_unwrapped():
    head = bytearray(128)
    head[1:6], head[65:73], head[83:87] = b"\4a.tx", b"TEXTttxt", len(DATA).to_bytes(4, "big")
    wrapped = bytes(head) + DATA + bytes(-len(DATA) % 128) + b"resources of the file"
    seen = read(lzh([("a.txt", wrapped)]), "a.lzh")
    assert seen.text.count("山田太郎") == 30
    assert "resources" not in seen.text
