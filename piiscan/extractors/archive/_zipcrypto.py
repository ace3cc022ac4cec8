"""Encrypted members of a zip: PKWARE's old cipher (ZipCrypto) and the AES of WinZip (AE-1, AE-2)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Aes", "aes_keys", "aes_of", "authentic", "decrypted_aes", "decrypted_zipcrypto", "zipcrypto_keys"]


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0xEDB88320 if byte & 1 else 0)
        table.append(byte)
    return tuple(table)


_TABLE = _crc_table()
_Keys = tuple[int, int, int]


def zipcrypto_keys(password: bytes, header: bytes, check: int) -> _Keys | None:
    """The keys after the twelve bytes of ``header``, when its last byte is the ``check`` byte; a wrong password passes once in 256 times."""
    keys: _Keys = (0x12345678, 0x23456789, 0x34567890)
    for byte in password:
        keys = _update(keys, byte)
    plain = 0
    for byte in header:
        plain = byte ^ _next(keys)
        keys = _update(keys, plain)
    return keys if plain == check else None


def _next(keys: _Keys) -> int:
    word = keys[2] | 2
    return (word * (word ^ 1)) >> 8 & 0xFF


def _update(keys: _Keys, plain: int) -> _Keys:
    first, second, third = keys
    first = first >> 8 ^ _TABLE[(first ^ plain) & 0xFF]
    second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
    return first, second, third >> 8 ^ _TABLE[(third ^ second >> 24) & 0xFF]


def decrypted_zipcrypto(chunks: Iterable[bytes], keys: _Keys) -> Iterator[bytes]:
    """Plain chunks of what follows the header."""
    first, second, third = keys
    table = _TABLE
    for chunk in chunks:
        out = bytearray(len(chunk))
        for index, byte in enumerate(chunk):
            word = third | 2
            plain = byte ^ ((word * (word ^ 1)) >> 8 & 0xFF)
            out[index] = plain
            first = first >> 8 ^ table[(first ^ plain) & 0xFF]
            second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
            third = third >> 8 ^ table[(third ^ second >> 24) & 0xFF]
        yield bytes(out)


@dataclass(frozen=True, slots=True)
class Aes:
    """What the extra field 0x9901 tells: bits of the key, the method under the cipher, whether the checksum counts (AE-1)."""

    bits: int
    method: int
    checksum: bool

    @property
    def salt(self) -> int:
        return self.bits // 16


def aes_of(extra: bytes) -> Aes | None:
    """The AES of a member, by its extra fields."""
    at = 0
    while at + 4 <= len(extra):
        number, size = int.from_bytes(extra[at : at + 2], "little"), int.from_bytes(extra[at + 2 : at + 4], "little")
        body = extra[at + 4 : at + 4 + size]
        if number == 0x9901 and len(body) >= 7 and body[4] in {1, 2, 3}:
            return Aes({1: 128, 2: 192, 3: 256}[body[4]], int.from_bytes(body[5:7], "little"), body[0] == 1)
        at += 4 + size
    return None


def aes_keys(aes: Aes, password: bytes, salt: bytes, check: bytes) -> tuple[bytes, bytes] | None:
    """Keys of the cipher and of the code that authenticates, when the two ``check`` bytes fit; a wrong password passes once in 65,536 times."""
    size = aes.bits // 8
    derived = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 2 * size + 2)
    return (derived[:size], derived[size : 2 * size]) if derived[2 * size :] == check else None


def authentic(chunks: Iterable[bytes], key: bytes, code: bytes) -> bool:
    """Whether the ciphertext is whole and the password right."""
    digest = hmac.new(key, digestmod="sha1")
    for chunk in chunks:
        digest.update(chunk)
    return hmac.compare_digest(digest.digest()[:10], code)


def decrypted_aes(chunks: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Plain chunks: AES in counter mode, where the counter is little-endian and begins at 1."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encrypt = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - blocks of a counter are what counter mode encrypts
    counter = 1
    for chunk in _whole_blocks(chunks):
        blocks = (len(chunk) + 15) // 16
        stream = encrypt.update(b"".join(number.to_bytes(16, "little") for number in range(counter, counter + blocks)))
        counter += blocks
        yield (int.from_bytes(chunk, "little") ^ int.from_bytes(stream[: len(chunk)], "little")).to_bytes(len(chunk), "little")


def _whole_blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        held += chunk
        whole = len(held) // 16 * 16
        if whole:
            yield held[:whole]
            held = held[whole:]
    if held:
        yield held
