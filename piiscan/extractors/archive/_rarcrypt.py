"""RAR archives under a password: the same archive without its encryption, for libarchive, which cannot decrypt.

Headers are rewritten as they would be without a password; data is decrypted
and otherwise left alone. Both generations encrypt by AES in CBC mode, RAR 3
and 4 with 128 bits, RAR 5 with 256.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

from piiscan.extractors.archive._libarchive import ArchiveError, read_members
from piiscan.extractors.archive._streams import CHUNK

__all__ = ["plain_rar"]

_MODERN = b"Rar!\x1a\x07\x01\0"
_OLD = b"Rar!\x1a\x07\0"
_LARGEST_HEADER = 1 << 21
_TRIAL = 64 * 1024**2  # packed bytes of a member that a password is tried on


class _EndError(Exception):
    """The archive ends, or what follows is no header."""


def plain_rar(file: BinaryIO, passwords: Sequence[str], expired: Callable[[], bool]) -> Iterator[bytes] | None:
    """Chunks of the archive without its encryption; ``None`` when nothing of it is encrypted or no password fits."""
    file.seek(0)
    head = file.read(8)
    if head == _MODERN:
        return _find(file, passwords, expired, _modern, _fits_modern)
    if head.startswith(_OLD):
        return _find(file, passwords, expired, _old, _fits_old)
    return None


def _find(
    file: BinaryIO,
    passwords: Sequence[str],
    expired: Callable[[], bool],
    walk: Callable[[BinaryIO, str], Iterator[_Block]],
    fits: Callable[[BinaryIO, str, list[_Block]], bool],
) -> Iterator[bytes] | None:
    for password in dict.fromkeys(passwords):
        if expired():
            return None
        blocks: list[_Block] = []
        try:
            for block in walk(file, password):
                blocks.append(block)
                if (block.key is not None and block.size) or len(blocks) > 100_000:
                    break
            else:
                if not any(block.closed for block in blocks):
                    return None
        except (_EndError, struct.error, IndexError):
            continue  # headers that a wrong password made
        if fits(file, password, blocks):
            return _written(file, walk(file, password))
    return None


@dataclass(frozen=True, slots=True)
class _Block:
    """A header as it is written, and where its data lies. ``key``: (key, IV) of data that is encrypted; ``closed``: the headers are."""

    header: bytes
    start: int = 0
    size: int = 0
    kept: int = 0
    key: tuple[bytes, bytes] | None = None
    closed: bool = False
    check: bytes = b""
    told: bool = True


def _written(file: BinaryIO, blocks: Iterator[_Block]) -> Iterator[bytes]:
    try:
        for block in blocks:
            yield block.header
            yield from _data(file, block)
    except (_EndError, struct.error, IndexError):
        return  # what was cut off; libarchive says so


def _data(file: BinaryIO, block: _Block) -> Iterator[bytes]:
    file.seek(block.start)
    left, kept = block.size, block.kept
    decrypt = _cbc(*block.key) if block.key else None
    while left > 0 and (chunk := file.read(min(CHUNK, left))):
        left -= len(chunk)
        if decrypt:
            chunk = decrypt.update(chunk[: len(chunk) // 16 * 16])
        yield chunk[:kept]
        kept -= len(chunk[:kept])


def _cbc(key: bytes, vector: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    return Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()


def _decrypted_header(file: BinaryIO, key: bytes, vector: bytes, needed: Callable[[bytes], int]) -> bytes:
    """A header and its padding; ``needed`` tells its size from its first block."""
    decrypt = _cbc(key, vector)
    raw = file.read(16)
    if len(raw) < 16:
        raise _EndError
    out: bytes = decrypt.update(raw)
    size = needed(out)
    if not 0 < size <= _LARGEST_HEADER:
        raise _EndError
    rest = file.read(max(0, -(-size // 16) * 16 - 16))
    out += decrypt.update(rest[: len(rest) // 16 * 16])
    if len(out) < size:
        raise _EndError
    return out[:size]


# -------------------------------------------------------------------------- RAR 5


def _vint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return number, at
        if shift > 63:
            raise _EndError


def _as_vint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


@lru_cache(maxsize=64)
def _modern_key(password: str, salt: bytes, count: int) -> tuple[bytes, bytes]:
    """The key, and the eight bytes that tell whether the password is right."""
    if count > 24:
        raise _EndError
    secret = password.encode("utf-8")
    key = hashlib.pbkdf2_hmac("sha256", secret, salt, 1 << count, 32)
    long = hashlib.pbkdf2_hmac("sha256", secret, salt, (1 << count) + 32, 32)
    folded = bytearray(8)
    for index, byte in enumerate(long):
        folded[index % 8] ^= byte
    return key, bytes(folded)


def _modern(file: BinaryIO, password: str) -> Iterator[_Block]:
    """Blocks of a RAR 5 archive; services (comments, quick open) are left out."""
    yield _Block(_MODERN)
    at = 8
    key = b""
    while True:
        file.seek(at)
        if key:
            vector = file.read(16)
            if len(vector) < 16:
                raise _EndError
            header = _decrypted_header(file, key, vector, lambda first: 4 + sum(_vint(first[4:], 0)))
            at += 16 + -(-len(header) // 16) * 16
        else:
            first = file.read(16)
            size = 4 + sum(_vint(first[4:], 0))
            file.seek(at)
            header = file.read(min(size, _LARGEST_HEADER))
            at += len(header)
            if len(header) < size:
                raise _EndError
        if zlib.crc32(header[4:]) != struct.unpack_from("<I", header)[0]:
            raise _EndError
        body = header[4 + _vint(header[4:], 0)[1] :]
        kind, place = _vint(body, 0)
        if kind == 4:
            _, place = _vint(body, _vint(body, place)[1])
            flags, place = _vint(body, place)
            key, check = _modern_key(password, body[place + 1 : place + 17], body[place])
            yield _Block(
                b"", closed=True, check=body[place + 17 : place + 25] if flags & 1 else b"", told=check == body[place + 17 : place + 25]
            )
            continue
        block, size = _modern_block(file, kind, place, body, at, password)
        at += size
        if kind != 3:
            yield block
        if kind == 5:
            return


def _modern_block(file: BinaryIO, kind: int, place: int, body: bytes, at: int, password: str) -> tuple[_Block, int]:
    flags, place = _vint(body, place)
    extra_size = size = 0
    if flags & 1:
        extra_size, place = _vint(body, place)
    if flags & 2:
        size, place = _vint(body, place)
    middle, extra = body[place : len(body) - extra_size], body[len(body) - extra_size :] if extra_size else b""
    key, kept, check, told = None, size, b"", True
    if kind == 2:
        others, record = _without_encryption(extra)
        if record:
            _, use = _vint(record, 0)
            special, use = _vint(record, use)
            secret, right = _modern_key(password, record[use + 1 : use + 17], record[use])
            key = (secret, record[use + 17 : use + 33])
            if special & 1:
                check, told = record[use + 33 : use + 41], record[use + 33 : use + 41] == right
            middle, stored = _plain_file(middle, tweaked=bool(special & 2))
            extra = b"".join(entry for number, entry in others if not (special & 2 and number == 2))
            kept = min(size, _end_of_blocks(file, at, size, *key) if stored is None else stored)
    out = _as_vint(kind) + _as_vint(flags & ~3 | (1 if extra else 0) | (flags & 2))
    out += (_as_vint(len(extra)) if extra else b"") + (_as_vint(kept) if flags & 2 else b"") + middle + extra
    sized = _as_vint(len(out)) + out
    return _Block(struct.pack("<I", zlib.crc32(sized)) + sized, at, size, kept, key, check=check, told=told), size


def _end_of_blocks(file: BinaryIO, start: int, size: int, key: bytes, vector: bytes) -> int:
    """Where the last block of compressed data ends, as what pads it to the cipher's blocks would be taken for another one."""
    at = 0
    while at + 2 < size:
        first = at // 16 * 16
        file.seek(start + max(0, first - 16))
        before = vector if first == 0 else file.read(16)
        plain = _cbc(key, before).update(file.read(32))[at - first :]
        if len(plain) < 5:
            break
        width = (plain[0] >> 3 & 3) + 1
        at += 2 + width + int.from_bytes(plain[2 : 2 + width], "little")
        if plain[0] & 0x40:
            return int(at)
    return size


def _without_encryption(extra: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The records of the extra area but the encryption, and that."""
    others: list[tuple[int, bytes]] = []
    found = b""
    at = 0
    while at < len(extra):
        size, start = _vint(extra, at)
        number, content = _vint(extra, start)
        if number == 1:
            found = extra[content : start + size]
        else:
            others.append((number, extra[at : start + size]))
        at = start + size
    return others, found


def _plain_file(middle: bytes, *, tweaked: bool) -> tuple[bytes, int | None]:
    """Fields of a file without a checksum that its password has changed; and its size when it is only stored."""
    flags, at = _vint(middle, 0)
    size, at = _vint(middle, at)
    _, at = _vint(middle, at)
    at += 4 if flags & 2 else 0
    crc_at = at
    at += 4 if flags & 4 else 0
    method, _ = _vint(middle, at)
    stored = size if method >> 7 & 7 == 0 else None
    if tweaked and flags & 4:
        begin = _vint(middle, 0)[1]
        return _as_vint(flags & ~4) + middle[begin:crc_at] + middle[crc_at + 4 :], stored
    return middle, stored


def _fits_modern(file: BinaryIO, password: str, blocks: list[_Block]) -> bool:  # noqa: ARG001 - as the older one needs them
    """By the check bytes; where there are none, by headers that made sense."""
    asked = [block for block in blocks if block.check]
    return all(block.told for block in asked) if asked else bool(blocks)


# -------------------------------------------------------------------- RAR 3 and 4


@lru_cache(maxsize=64)
def _old_key(password: str, salt: bytes) -> tuple[bytes, bytes]:
    """Key and IV: 262,144 rounds of SHA-1."""
    seed = password.encode("utf-16-le") + salt
    digest, vector = hashlib.sha1(), b""  # noqa: S324 - the format's
    for part in range(16):
        first = part * 0x4000
        digest.update(seed + struct.pack("<I", first)[:3])
        vector += digest.copy().digest()[19:20]
        digest.update(b"".join(seed + struct.pack("<I", number)[:3] for number in range(first + 1, first + 0x4000)))
    return struct.pack("<4I", *struct.unpack(">4I", digest.digest()[:16])), vector


def _old(file: BinaryIO, password: str) -> Iterator[_Block]:
    """Blocks of an archive of RAR 3 or 4; comments and services are left out."""
    yield _Block(_OLD)
    at = 7
    closed = False
    while True:
        file.seek(at)
        if closed:
            salt = file.read(8)
            if len(salt) < 8:
                raise _EndError
            header = _decrypted_header(file, *_old_key(password, salt), lambda first: struct.unpack_from("<H", first, 5)[0])
            at += 8 + -(-len(header) // 16) * 16
        else:
            first = file.read(7)
            (size,) = struct.unpack_from("<H", first, 5)
            header = first + file.read(max(0, size - 7))
            at += len(header)
        crc, kind, flags, size = struct.unpack_from("<HBHH", header)
        if size < 7 or len(header) < size or zlib.crc32(header[2:]) & 0xFFFF != crc:
            raise _EndError
        if kind == 0x73:
            yield _Block(_old_header(kind, flags & ~0x80, header[7:]), closed=bool(flags & 0x80))
            closed = bool(flags & 0x80)
        elif kind == 0x74:
            block, packed = _old_file(header, flags, at, password)
            at += packed
            yield block
        elif kind == 0x7B:
            yield _Block(_old_header(kind, flags, header[7:]))
            return
        else:
            at += struct.unpack_from("<I", header, 7)[0] if flags & 0x8000 else 0


def _old_header(kind: int, flags: int, body: bytes) -> bytes:
    out = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(out) & 0xFFFF) + out


def _old_file(header: bytes, flags: int, at: int, password: str) -> tuple[_Block, int]:
    packed, size = struct.unpack_from("<II", header, 7)
    version, method, name_size = struct.unpack_from("<BBH", header, 24)
    name_at = 32
    if flags & 0x100:
        high_packed, high_size = struct.unpack_from("<II", header, 32)
        packed, size, name_at = packed | high_packed << 32, size | high_size << 32, 40
    if not flags & 4 or version < 29:
        return _Block(header, at, packed, packed), packed
    salt_at = name_at + name_size
    salt = header[salt_at : salt_at + 8] if flags & 0x400 else b""
    kept = min(packed, size) if method == 0x30 else packed
    body = struct.pack("<I", kept & 0xFFFFFFFF) + header[11:32]
    if flags & 0x100:
        body += struct.pack("<I", kept >> 32) + header[36:40]
    body += header[name_at:salt_at] + header[salt_at + len(salt) :]
    return _Block(_old_header(0x74, flags & ~0x404, body), at, packed, kept, _old_key(password, salt), check=header[16:20]), packed


def _fits_old(file: BinaryIO, password: str, blocks: list[_Block]) -> bool:  # noqa: ARG001
    """By headers that made sense; else by the checksum of the first encrypted member."""
    last = blocks[-1]
    if any(block.closed for block in blocks):
        return len(blocks) > 2
    if last.key is None or last.size > _TRIAL:
        return False
    trial = blocks[0].header + blocks[1].header + last.header + b"".join(_data(file, last)) + _old_header(0x7B, 0x4000, b"")
    try:
        for member in read_members(io.BytesIO(trial), ("rar",)):
            crc = 0
            for chunk in member.content:
                crc = zlib.crc32(chunk, crc)
            return struct.pack("<I", crc) == last.check
    except ArchiveError:
        return False
    return False
