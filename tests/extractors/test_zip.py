"""zip: methods, passwords, names, volumes, damage, bombs."""

from __future__ import annotations

import bz2
import hashlib
import hmac
import io
import lzma
import os
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from office_kit import PASSWORD, package, read

from piiscan.extractors import engines
from piiscan.extractors.archive._zipcrypto import decrypted_aes
from piiscan.problems import ProblemKind

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ROWS = "氏名,電話\r\n山田太郎,090-1234-5678\r\n" * 40
DATA = ROWS.encode("cp932")


def entry(name: bytes, data: bytes, *, method: int, size: int, crc: int, flags: int = 0, extra: bytes = b"") -> tuple[bytes, bytes]:
    """Local and central header of one member, with its data already packed."""
    common = struct.pack("<HHHHIIIHH", flags, method, 0x5000, 0x5C21, crc, len(data), size, len(name), len(extra))
    local = b"PK\x03\x04" + struct.pack("<H", 20) + common + name + extra + data
    central = b"PK\x01\x02" + struct.pack("<HH", 20, 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name + extra
    return local, central


def archive(*members: tuple[bytes, bytes]) -> bytes:
    """A zip of such members, directory and all."""
    out, directory = b"", b""
    for local, central in members:
        directory += central[:42] + struct.pack("<I", len(out)) + central[46:]
        out += local
    return out + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(out), 0)


def one(
    data: bytes, method: int, *, flags: int = 0, extra: bytes = b"", name: bytes = b"list.csv", crc: int | None = None, plain: bytes = DATA
) -> bytes:
    return archive(
        entry(name, data, method=method, size=len(plain), crc=zlib.crc32(plain) if crc is None else crc, flags=flags, extra=extra)
    )


# ------------------------------------------------------------- encoders of the test


def shannon_fano(lengths: list[int]) -> bytes:
    """A tree as Implode stores it: run lengths of code lengths."""
    out, at = bytearray(), 0
    while at < len(lengths):
        run = 1
        while at + run < len(lengths) and lengths[at + run] == lengths[at] and run < 16:
            run += 1
        out.append((run - 1) << 4 | (lengths[at] - 1))
        at += run
    return bytes([len(out) - 1]) + bytes(out)


class BitWriter:
    def __init__(self) -> None:
        self.bits: list[int] = []

    def put(self, value: int, width: int) -> None:
        self.bits += [value >> i & 1 for i in range(width)]

    def code(self, value: int, width: int) -> None:
        """A code of a tree of equal lengths: the highest value has the lowest code, first bit first."""
        self.bits += [(value >> i & 1) ^ 1 for i in reversed(range(width))]

    def done(self) -> bytes:
        self.bits += [0] * (-len(self.bits) % 8)
        return bytes(sum(bit << i for i, bit in enumerate(self.bits[at : at + 8])) for at in range(0, len(self.bits), 8))


def imploded(data: bytes, *, large: bool, literals: bool) -> bytes:
    """Greedy matches against the bytes two lines back, trees of equal lengths."""
    bits = BitWriter()
    head = (shannon_fano([8] * 256) if literals else b"") + shannon_fano([6] * 64) + shannon_fano([6] * 64)
    low, shortest = (7 if large else 6), (3 if literals else 2)
    at, distance = 0, 36 * 2
    while at < len(data):
        length = 0
        while (
            at + length < len(data)
            and at >= distance
            and length < 62 + shortest + 200
            and data[at + length] == data[at + length - distance]
        ):
            length += 1
        if length >= shortest:
            bits.put(0, 1)
            bits.put((distance - 1) & ((1 << low) - 1), low)
            bits.code((distance - 1) >> low, 6)
            bits.code(min(63, length - shortest), 6)
            if length - shortest >= 63:
                bits.put(length - shortest - 63, 8)
            at += length
            continue
        bits.put(1, 1)
        if literals:
            bits.code(data[at], 8)
        else:
            bits.put(data[at], 8)
        at += 1
    return head + bits.done()


def shrunk(data: bytes, clear_every: int = 0) -> bytes:
    """LZW of PKZIP: keeps the table that the reader will have, takes the longest entry, clears leaves every so many codes."""
    bits, width = BitWriter(), 9
    parent: dict[int, int] = {}
    texts: dict[int, bytes] = {byte: bytes([byte]) for byte in range(256)}
    free, previous, at, count = 256, -1, 0, 0
    while at < len(data):
        code = max((number for number, text in texts.items() if data.startswith(text, at)), key=lambda number: len(texts[number]))
        while code >= 1 << width:
            bits.put(256, width)
            bits.put(1, width)
            width += 1
        bits.put(code, width)
        if previous >= 0:
            free += 1
            while free in parent:
                free += 1
            if free < 8192:
                parent[free] = previous
                if previous in texts:  # else its text is lost, and the entry is not used
                    texts[free] = texts[previous] + texts[code][:1]
        at += len(texts[code])
        previous, count = code, count + 1
        if clear_every and count % clear_every == 0:
            bits.put(256, width)
            bits.put(2, width)
            branches = set(parent.values())
            for number in [number for number in parent if number not in branches]:
                del parent[number]
                texts.pop(number, None)
            free = 256
    return bits.done()


def zipcrypto(data: bytes, password: bytes, check: int) -> bytes:
    from piiscan.extractors.archive._zipcrypto import _next, _update

    keys = (0x12345678, 0x23456789, 0x34567890)
    for byte in password:
        keys = _update(keys, byte)
    out = bytearray()
    for byte in bytes(11) + bytes([check]) + data:
        out.append(byte ^ _next(keys))
        keys = _update(keys, byte)
    return bytes(out)


def winzip(data: bytes, password: bytes, bits: int, method: int, version: int) -> tuple[bytes, bytes]:
    """Data and extra field of AE-1 or AE-2."""
    salt = os.urandom(bits // 16)
    derived = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, bits // 4 + 2)
    key, code, check = derived[: bits // 8], derived[bits // 8 : bits // 4], derived[bits // 4 :]
    cipher = b"".join(decrypted_aes([data], key))  # counter mode undoes itself
    extra = struct.pack("<HHH2sBH", 0x9901, 7, version, b"AE", bits // 64 - 1, method)
    return salt + check + cipher + hmac.new(code, cipher, "sha1").digest()[:10], extra


def deflated(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


# ----------------------------------------------------------------------- methods


def lzma_of_zip(data: bytes) -> bytes:
    raw = lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}])
    return b"\x09\x14\x05\0" + bytes([93]) + (1 << 16).to_bytes(4, "little") + raw


def ppmd_of_zip(data: bytes) -> bytes:
    import pyppmd

    encoder = pyppmd.Ppmd8Encoder(8, 1 << 20, 0)
    return (7 | 0 << 4 | 0 << 12).to_bytes(2, "little") + encoder.encode(data) + encoder.flush()


def deflate64(data: bytes) -> bytes:
    import inflate64

    deflater = inflate64.Deflater()
    return deflater.deflate(data) + deflater.flush()


def zstd_of(data: bytes) -> bytes:
    return zstd.compress(data)


METHODS = {
    0: lambda data: data,
    1: shrunk,
    8: deflated,
    9: deflate64,
    12: bz2.compress,
    14: lzma_of_zip,
    93: zstd_of,
    95: lzma.compress,
    98: ppmd_of_zip,
}


@pytest.mark.parametrize("method", METHODS)
def test_each_method_gives_the_member_back(method):
    seen = read(one(METHODS[method](DATA), method), "a.zip")
    assert ("山田太郎", "090-1234-5678") in seen.tables[0].rows
    assert sum(len(table.rows) for table in seen.tables) == 80
    assert not seen.problems


@pytest.mark.parametrize("method", [m for m in METHODS if m])
def test_each_method_survives_damage(method):
    packed = METHODS[method](DATA)
    for cut in (len(packed) // 2, 4):
        seen = read(one(packed[:cut], method), "a.zip")
        assert seen.kinds & {ProblemKind.BROKEN_PART, ProblemKind.BROKEN}, cut
    twisted = bytearray(packed)
    twisted[len(packed) // 3 : len(packed) // 3 + 3] = b"\xff\0\xff"
    assert read(one(bytes(twisted), method), "a.zip").kinds & {ProblemKind.BROKEN_PART, ProblemKind.BROKEN}


def test_shrink_with_its_leaves_cleared():
    for every in (7, 50, 300):
        seen = read(one(shrunk(DATA, every), 1), "a.zip")
        assert sum(len(table.rows) for table in seen.tables) == 80
        assert not seen.problems


@pytest.mark.parametrize(("large", "literals"), [(False, False), (False, True), (True, False), (True, True)])
def test_implode_of_every_kind(large, literals):
    flags = large << 1 | literals << 2
    seen = read(one(imploded(DATA, large=large, literals=literals), 6, flags=flags), "a.zip")
    assert sum(len(table.rows) for table in seen.tables) == 80
    assert not seen.problems
    assert ProblemKind.BROKEN_PART in read(one(imploded(DATA, large=large, literals=literals)[:90], 6, flags=flags), "a.zip").kinds


def test_methods_that_nothing_reads_are_named():
    seen = read(one(DATA, 97), "a.zip")
    assert [(problem.kind, problem.detail, problem.member) for problem in seen.problems] == [
        (ProblemKind.PART_NOT_READ, "compression method 97 (WavPack)", "list.csv")
    ]


def test_a_method_whose_engine_is_not_installed_is_named(monkeypatch):
    without = tuple(engines.Engine(e.name, e.reads, lambda: None, e.install) for e in engines.ENGINES)
    monkeypatch.setattr(engines, "ENGINES", without)
    seen = read(one(deflate64(DATA), 9), "a.zip")
    assert seen.kinds == {ProblemKind.PART_NOT_READ}
    assert seen.problems[0].detail.startswith("not installed: inflate64")


# --------------------------------------------------------------------- passwords


@pytest.mark.parametrize("bits", [128, 192, 256])
@pytest.mark.parametrize("version", [1, 2])
def test_aes_is_opened_with_a_known_password_and_named_without(bits, version):
    data, extra = winzip(deflated(DATA), PASSWORD.encode(), bits, 8, version)
    content = one(data, 99, flags=1, extra=extra, crc=0 if version == 2 else None)
    seen = read(content, "a.zip", passwords=("falsch", PASSWORD))
    assert "山田太郎" in seen.text
    assert not seen.problems
    locked = read(content, "a.zip", passwords=("falsch",))
    assert not locked.text
    assert [(problem.kind, problem.member) for problem in locked.problems] == [
        (ProblemKind.ENCRYPTED_PART, "list.csv"),
        (ProblemKind.ENCRYPTED, ""),
    ]
    assert locked.problems[1].detail == f"AES-{bits}; 1 of 1 members"


def test_a_japanese_password_is_tried_in_both_encodings():
    for encoding in ("utf-8", "cp932"):
        data, extra = winzip(DATA, "秘密の鍵".encode(encoding), 256, 0, 2)
        assert "山田太郎" in read(one(data, 99, flags=1, extra=extra, crc=0), "a.zip", passwords=("秘密の鍵",)).text


@pytest.mark.parametrize("method", [0, 8])
def test_zipcrypto_is_opened_with_a_known_password_and_named_without(method):
    packed = METHODS[method](DATA)
    content = one(zipcrypto(packed, PASSWORD.encode(), zlib.crc32(DATA) >> 24), method, flags=1)
    assert "山田太郎" in read(content, "a.zip", passwords=("falsch", PASSWORD)).text
    with zipfile.ZipFile(io.BytesIO(content)) as same:
        assert same.read("list.csv", PASSWORD.encode()) == DATA  # the encoder of this test, against Python's reader
    locked = read(content, "a.zip")
    assert locked.problems[-1].detail == "ZipCrypto; 1 of 1 members"


def test_a_wrong_password_that_passes_the_check_byte_is_found_out():
    content = one(zipcrypto(deflated(DATA), PASSWORD.encode(), zlib.crc32(DATA) >> 24), 8, flags=1)
    wrong = tuple(f"p{number}" for number in range(1500))  # some six of them pass
    assert read(content, "a.zip", passwords=wrong).kinds == {ProblemKind.ENCRYPTED, ProblemKind.ENCRYPTED_PART}
    assert "山田太郎" in read(content, "a.zip", passwords=(*wrong, PASSWORD)).text


def test_tampered_aes_is_not_believed():
    data, extra = winzip(deflated(DATA), PASSWORD.encode(), 256, 8, 2)
    data = data[:40] + bytes([data[40] ^ 1]) + data[41:]
    assert ProblemKind.ENCRYPTED in read(one(data, 99, flags=1, extra=extra, crc=0), "a.zip", passwords=(PASSWORD,)).kinds


def test_one_encrypted_member_of_several_is_a_part():
    data, extra = winzip(DATA, b"x", 256, 0, 2)
    content = archive(
        entry("秘密.csv".encode("cp932"), data, method=99, size=len(DATA), crc=0, flags=1, extra=extra),
        entry(b"open.csv", DATA, method=0, size=len(DATA), crc=zlib.crc32(DATA)),
    )
    seen = read(content, "a.zip")
    assert "山田太郎" in seen.text
    assert seen.kinds == {ProblemKind.ENCRYPTED_PART}
    assert {problem.member for problem in seen.problems} == {"秘密.csv", ""}


def test_no_password_is_in_any_problem():
    data, extra = winzip(DATA, b"x", 256, 0, 2)
    seen = read(one(data, 99, flags=1, extra=extra, crc=0), "a.zip", passwords=(PASSWORD,))
    assert PASSWORD not in repr(seen)


def test_strong_encryption_of_pkware_is_named():
    assert read(one(DATA, 8, flags=0x41), "a.zip").problems[-1].detail == "PKWARE strong encryption; 1 of 1 members"


# -------------------------------------------------------------------------- names


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "euc_jp"])
def test_names_without_a_flag(encoding):
    assert read(one(DATA, 0, name="総務/社員一覧.csv".encode(encoding)), "a.zip").members == {"総務/社員一覧.csv"}


def test_the_unicode_extra_field_counts_when_it_is_of_this_name():
    raw = b"?????.csv"
    for crc, name in ((zlib.crc32(raw), "髙橋名簿.csv"), (1, "?????.csv")):
        body = b"\x01" + struct.pack("<I", crc) + "髙橋名簿.csv".encode()
        extra = struct.pack("<HH", 0x7075, len(body)) + body
        assert read(one(DATA, 0, name=raw, extra=extra), "a.zip").members == {name}


def test_comments_are_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        info = zipfile.ZipInfo("a.txt")
        info.comment = "鈴木花子".encode()
        made.writestr(info, b"x")
        made.comment = "担当 山田太郎".encode("cp932")
    text = read(out.getvalue(), "a.zip").text
    assert "担当 山田太郎" in text
    assert "鈴木花子" in text


# ------------------------------------------------------------------ damage and bombs


def test_without_its_directory_members_are_found_by_their_headers():
    data, extra = winzip(DATA, PASSWORD.encode(), 256, 0, 2)
    content = archive(
        entry(b"a.csv", lzma_of_zip(DATA), method=14, size=len(DATA), crc=zlib.crc32(DATA)),
        entry(b"b.csv", data, method=99, size=len(DATA), crc=0, flags=1, extra=extra),
        entry(b"c.csv", deflated(DATA), method=8, size=len(DATA), crc=zlib.crc32(DATA)),
    )
    seen = read(content[: content.index(b"PK\x01\x02")], "a.zip", passwords=(PASSWORD,))
    assert seen.members == {"a.csv", "b.csv", "c.csv"}
    assert seen.text.count("山田太郎") == 120
    assert seen.kinds == {ProblemKind.BROKEN_PART}


def test_an_offset_before_the_archive_costs_only_its_member():
    content = bytearray(archive(*(entry(name, DATA, method=0, size=len(DATA), crc=zlib.crc32(DATA)) for name in (b"a.csv", b"b.csv"))))
    end = content.index(b"PK\x05\x06")
    content[end + 16 : end + 20] = struct.pack("<I", struct.unpack_from("<I", content, end + 16)[0] + 5)
    seen = read(bytes(content), "a.zip")
    assert ProblemKind.BROKEN_PART in seen.kinds


def test_a_streamed_archive_without_its_directory():
    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            self.data += data
            return len(data)

    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:  # cannot seek, so sizes come after the data
        for name in ("a.csv", "b.csv"):
            made.writestr(name, DATA)
    content = bytes(out.data)
    assert content[6] & 8
    seen = read(content[: content.index(b"PK\x01\x02")], "a.zip")
    assert seen.members == {"a.csv", "b.csv"}
    assert seen.text.count("山田太郎") == 80


def test_a_damaged_member_yields_what_is_left():
    big = "".join(f"山田太郎,{number:011}\n" for number in range(8000)).encode()
    packed = deflated(big)
    seen = read(one(packed[: len(packed) // 2], 8, plain=big), "a.zip")
    assert seen.text.count("山田太郎") > 2000
    assert seen.kinds == {ProblemKind.BROKEN_PART}


def test_a_container_with_nothing_in_it_is_no_clean_workbook():
    seen = read(archive(entry(b"null.xlsx", b"", method=0, size=0, crc=0)), "null_archive.xlsx")
    assert ProblemKind.BROKEN in seen.kinds
    assert not read(archive(), "empty.zip").problems


def test_a_zip_of_zips_ends_within_its_limits():
    content = package({"zeros.txt": bytes(30 << 20)})
    for _ in range(3):
        content = package({f"{number}.zip": content for number in range(10)})
    seen = read(content, "a.zip", archive_bytes=100 << 20)
    assert seen.kinds & {ProblemKind.BOMB, ProblemKind.LIMIT}


def test_names_that_lead_out_are_only_names():
    seen = read(one(DATA, 0, name=b"../../../../tmp/evil.csv"), "a.zip")
    assert seen.members == {"../../../../tmp/evil.csv"}
    assert not Path("/tmp/evil.csv").exists()


# ------------------------------------------------------------------------ volumes


def test_volumes_beside_each_other_are_read_as_one(tmp_path):
    content = archive(*(entry(f"{n}.csv".encode(), DATA, method=0, size=len(DATA), crc=zlib.crc32(DATA)) for n in range(3)))
    third = len(content) // 3
    for name, part in (("all.z01", content[:third]), ("all.z02", content[third : 2 * third]), ("all.zip", content[2 * third :])):
        (tmp_path / name).write_bytes(part)
    seen = read(tmp_path / "all.zip")
    assert seen.text.count("山田太郎") == 120
    assert not seen.problems


def test_the_last_volume_alone_says_that_the_others_are_missing(tmp_path):
    content = bytearray(archive(entry(b"a.csv", DATA, method=0, size=len(DATA), crc=zlib.crc32(DATA))))
    end = content.index(b"PK\x05\x06")
    content[end + 4 : end + 8] = b"\2\0\2\0"
    (tmp_path / "all.zip").write_bytes(content)
    seen = read(tmp_path / "all.zip")
    assert ProblemKind.PART_NOT_READ in seen.kinds
