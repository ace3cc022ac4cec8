"""Archives byte by byte, of formats that no library of Python writes: LZH, cabinets, RAR 5, ISO images, compress (.Z), zip under AES."""

from __future__ import annotations

import hashlib
import hmac
import struct
import zlib
from collections.abc import Sequence

from piiscan.extractors.archive._lzhuf import _BITS as _MORE_BITS
from piiscan.extractors.archive._lzhuf import _CODES, _Tree

Member = tuple[str, bytes]


# ---------------------------------------------------------------------------- LZH


def _crc16(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def _lh5(data: bytes) -> bytes:
    """-lh5- without matches: one block after the other of literals whose codes are all eight bits long."""
    bits: list[int] = []

    def put(value: int, width: int) -> None:
        bits.extend(value >> shift & 1 for shift in reversed(range(width)))

    for at in range(0, len(data), 0x4000):
        block = data[at : at + 0x4000]
        put(len(block), 16)
        # Code lengths are themselves coded; here every one of them is the same (length 8, symbol 10).
        put(0, 5)
        put(10, 5)
        put(256, 9)  # number of literals; each of their lengths then takes no bits
        put(0, 4)
        put(0, 4)  # one distance, which is never used
        for byte in block:
            put(byte, 8)
    bits += [0] * (-len(bits) % 8)
    return bytes(sum(bit << (7 - i) for i, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits), 8))


def lh1(data: bytes, *, repeats: Sequence[tuple[int, int, int]] = ()) -> bytes:
    """-lh1-; ``repeats`` are places whose next bytes are said by a distance and a length of at least three."""
    tree, bits, at = _Tree(), list[int](), 0
    known = {place: (distance, length) for place, distance, length in repeats}
    while at < len(data):
        distance, length = known.get(at, (0, 1))
        sign = data[at] if length == 1 else length + 253
        root, node, code = len(tree.son) - 1, tree.parent[sign + len(tree.son)], list[int]()
        while node != root:
            above = tree.parent[node]
            code.append(node - tree.son[above])
            node = above
        bits += reversed(code)
        tree.count(sign)
        if length > 1:
            upper, lower = divmod(distance - 1, 64)
            first = next(byte for byte, code in enumerate(_CODES) if code == upper << 6)
            width = _MORE_BITS[first] + 2
            bits += [first >> (7 - i) & 1 for i in range(width)] + [lower >> (5 - i) & 1 for i in range(6)]
        at += length
    bits += [0] * (-len(bits) % 8)
    return bytes(sum(bit << (7 - i) for i, bit in enumerate(bits[place : place + 8])) for place in range(0, len(bits), 8))


def lzh(members: Sequence[Member], *, method: str = "lh5", encoding: str = "cp932") -> bytes:
    """An LZH archive with headers of level 1, names in Shift_JIS."""
    out = b""
    for name, data in members:
        *folders, last = name.split("/")
        raw = last.encode(encoding)
        packed = {"lh5": _lh5, "lh4": _lh5, "lh1": lh1}.get(method, bytes)(data)
        extra = b""
        if folders:
            text = b"".join(folder.encode(encoding) + b"\xff" for folder in folders)
            extra = struct.pack("<HB", len(text) + 3, 2) + text
        header = f"-{method}-".encode() + struct.pack("<IIIBB", len(packed) + len(extra), len(data), 0x5C625000, 0x20, 1)
        header += bytes([len(raw)]) + raw + struct.pack("<HB", _crc16(data), ord("M"))
        header += extra[:2] or b"\0\0"
        out += bytes([len(header), sum(header) & 0xFF]) + header + (extra[2:] + b"\0\0" if extra else b"") + packed
    return out + b"\0"


# ---------------------------------------------------------------------------- CAB


def cab(members: Sequence[Member], *, compressed: bool = True, unicode_names: bool = False) -> bytes:
    """A cabinet of one folder, stored or with MSZIP; names in Shift_JIS or, flagged so, in UTF-8."""
    content = b"".join(data for _, data in members)
    blocks = []
    for at in range(0, len(content), 0x8000):
        plain = content[at : at + 0x8000]
        packed = plain
        if compressed:
            deflate = (
                zlib.compressobj(9, zlib.DEFLATED, -15, zdict=content[at - 0x8000 : at]) if at else zlib.compressobj(9, zlib.DEFLATED, -15)
            )
            packed = b"CK" + deflate.compress(plain) + deflate.flush()
        blocks.append(struct.pack("<IHH", 0, len(packed), len(plain)) + packed)
    files, offset = b"", 0
    for name, data in members:
        attributes = 0x20 | (0x80 if unicode_names else 0)
        files += struct.pack("<IIHHHH", len(data), offset, 0, 0x5C62, 0x5000, attributes)
        files += name.replace("/", "\\").encode("utf-8" if unicode_names else "cp932") + b"\0"
        offset += len(data)
    start = 36 + 8 + len(files)
    size = start + sum(len(block) for block in blocks)
    head = b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, size, 0, 44, 0, 3, 1, 1, len(members), 0, 0, 0)
    return head + struct.pack("<IHH", start, len(blocks), int(compressed)) + files + b"".join(blocks)


# ---------------------------------------------------------------------------- RAR


def _vint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _rar5_block(kind: int, body: bytes, data: bytes = b"", extra: bytes = b"") -> bytes:
    flags = (1 if extra else 0) | (2 if data else 0)
    head = _vint(kind) + _vint(flags) + (_vint(len(extra)) if extra else b"") + (_vint(len(data)) if data else b"") + body + extra
    sized = _vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized + data


def rar5(members: Sequence[Member], *, encryption: bytes = b"") -> bytes:
    """A RAR 5 archive that stores its members. ``encryption``: a record of it for every member, whose data is taken as encrypted."""
    out = b"Rar!\x1a\x07\x01\0" + _rar5_block(1, _vint(0))
    for name, data in members:
        raw = name.encode("utf-8")
        body = _vint(4) + _vint(len(data)) + _vint(0x20) + struct.pack("<I", zlib.crc32(data)) + _vint(0) + _vint(0) + _vint(len(raw)) + raw
        out += _rar5_block(2, body, data, _vint(len(encryption) + 1) + b"\x01" + encryption if encryption else b"")
    return out + _rar5_block(5, _vint(0))


def _aes_cbc(data: bytes, key: bytes, vector: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encrypt = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    out: bytes = encrypt.update(data + bytes(-len(data) % 16))
    return out


def rar5_locked(members: Sequence[Member], password: str, *, headers: bool = False) -> bytes:
    """A RAR 5 archive whose stored members, or headers and members, are encrypted. Salt and vectors are fixed."""
    salt, vector, count = bytes(range(16)), bytes(range(16, 32)), 5
    secret = password.encode("utf-8")
    key = hashlib.pbkdf2_hmac("sha256", secret, salt, 1 << count, 32)
    long = hashlib.pbkdf2_hmac("sha256", secret, salt, (1 << count) + 32, 32)
    check = bytes(long[i] ^ long[i + 8] ^ long[i + 16] ^ long[i + 24] for i in range(8))
    check += hashlib.sha256(check).digest()[:4]
    record = _vint(0) + _vint(1) + bytes([count]) + salt + vector + check
    extra = _vint(len(record) + 1) + b"\x01" + record
    blocks = [_rar5_block(1, _vint(0))]
    data = [b""]
    for name, plain in members:
        raw = name.encode("utf-8")
        body = (
            _vint(4) + _vint(len(plain)) + _vint(0x20) + struct.pack("<I", zlib.crc32(plain)) + _vint(0) + _vint(0) + _vint(len(raw)) + raw
        )
        packed = _aes_cbc(plain, key, vector)
        blocks.append(_rar5_block(2, body, packed, extra)[: -len(packed)])
        data.append(packed)
    blocks.append(_rar5_block(5, _vint(0)))
    data.append(b"")
    out = b"Rar!\x1a\x07\x01\0"
    if headers:
        out += _rar5_block(4, _vint(0) + _vint(1) + bytes([count]) + salt + check)
    for block, content in zip(blocks, data, strict=True):
        out += (vector + _aes_cbc(block, key, vector) if headers else block) + content
    return out


def _rar4_key(password: str, salt: bytes) -> tuple[bytes, bytes]:
    seed = password.encode("utf-16-le") + salt
    digest, vector = hashlib.sha1(), b""
    for number in range(0x40000):
        digest.update(seed + struct.pack("<I", number)[:3])
        if number % 0x4000 == 0:
            vector += digest.copy().digest()[19:20]
    return struct.pack("<4I", *struct.unpack(">4I", digest.digest()[:16])), vector


def _rar4_block(kind: int, flags: int, body: bytes) -> bytes:
    out = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(out) & 0xFFFF) + out


def rar4(members: Sequence[Member], password: str = "", *, headers: bool = False) -> bytes:
    """An archive of RAR 3 that stores its members; names in Shift_JIS. With a password data, or headers and data, are encrypted."""
    salt = bytes(range(8))
    key = _rar4_key(password, salt) if password else (b"", b"")
    out = b"Rar!\x1a\x07\0" + _rar4_block(0x73, 0x80 if headers else 0, bytes(6))

    def closed(block: bytes) -> bytes:
        return salt + _aes_cbc(block, *key) if headers else block

    for name, plain in members:
        raw = name.replace("/", "\\").encode("cp932")
        packed = _aes_cbc(plain, *key) if password else plain
        body = struct.pack("<IIBIIBBHI", len(packed), len(plain), 2, zlib.crc32(plain), 0x5C625000, 29, 0x30, len(raw), 0x20) + raw
        out += closed(_rar4_block(0x74, 0x8000 | (0x404 if password else 0), body + (salt if password else b""))) + packed
    return out + closed(_rar4_block(0x7B, 0x4000, b""))


# ---------------------------------------------------------------------------- ISO

_SECTOR = 2048


def _both(number: int, width: int) -> bytes:
    return number.to_bytes(width, "little") + number.to_bytes(width, "big")


def _record(name: bytes, sector: int, size: int, *, folder: bool) -> bytes:
    pad = b"\0" if len(name) % 2 == 0 else b""
    date = bytes([126, 11, 2, 10, 0, 0, 36])
    body = (
        b"\0" + _both(sector, 4) + _both(size, 4) + date + bytes([2 if folder else 0, 0, 0]) + _both(1, 2) + bytes([len(name)]) + name + pad
    )
    return bytes([len(body) + 1]) + body


def iso(members: Sequence[Member]) -> bytes:
    """An image with one folder in it, its names by ISO 9660 and by Joliet (UCS-2)."""
    first = 23  # sectors: 16 primary, 17 Joliet, 18 end, 19-20 path tables, 21 root, 22 Joliet root
    places, sector = [], first
    for _, data in members:
        places.append(sector)
        sector += max(1, -(-len(data) // _SECTOR))

    def folder(at: int, names: Sequence[bytes]) -> bytes:
        out = _record(b"\0", at, _SECTOR, folder=True) + _record(b"\1", at, _SECTOR, folder=True)
        for name, place, (_, data) in zip(names, places, members, strict=True):
            out += _record(name, place, len(data), folder=False)
        return out.ljust(_SECTOR, b"\0")

    def descriptor(kind: int, root: int, label: bytes, escape: bytes) -> bytes:
        out = bytes([kind]) + b"CD001\x01\0" + b" " * 32 + label.ljust(32, b" ") + bytes(8) + _both(sector, 4) + escape.ljust(32, b"\0")
        out += (
            _both(1, 2)
            + _both(1, 2)
            + _both(_SECTOR, 2)
            + _both(10, 4)
            + (19).to_bytes(4, "little")
            + bytes(4)
            + (20).to_bytes(4, "big")
            + bytes(4)
        )
        out += _record(b"\0", root, _SECTOR, folder=True)
        return (out.ljust(813, b" ") + (b"0" * 16 + b"\0") * 4 + b"\x01").ljust(_SECTOR, b"\0")

    def path_table(order: str) -> bytes:
        return (b"\x01\0" + (21).to_bytes(4, order) + (1).to_bytes(2, order) + b"\0\0").ljust(_SECTOR, b"\0")  # type: ignore[arg-type]

    plain = [f"FILE{number}.TXT;1".encode() for number in range(len(members))]
    wide = [name.encode("utf-16-be") for name, _ in members]
    out = bytes(16 * _SECTOR)
    out += descriptor(1, 21, b"SAMPLE", b"")
    out += descriptor(2, 22, "見本".encode("utf-16-be"), b"%/E")
    out += b"\xffCD001\x01".ljust(_SECTOR, b"\0")
    out += path_table("little") + path_table("big") + folder(21, plain) + folder(22, wide)
    for _, data in members:
        out += data.ljust(max(1, -(-len(data) // _SECTOR)) * _SECTOR, b"\0")
    return out


# --------------------------------------------------------------------- compress, zip


def compress(data: bytes, bits: int = 16) -> bytes:
    """What ``compress`` writes (.Z): codes grow from 9 to ``bits`` bits, padded to eight codes whenever the width grows."""
    table, width, out = {bytes([byte]): byte for byte in range(256)}, 9, bytearray(b"\x1f\x9d" + bytes([0x80 | bits]))
    pending, number, held = 0, 0, 257

    def put(code: int) -> None:
        nonlocal pending, number
        pending |= code << (number * width)
        number += 1
        if number == 8:
            flush(width)

    def flush(size: int) -> None:
        nonlocal pending, number
        out.extend(pending.to_bytes(size, "little") if number else b"")
        pending = number = 0

    word = b""
    for byte in data:
        longer = word + bytes([byte])
        if longer in table:
            word = longer
            continue
        put(table[word])
        if held < 1 << bits:
            table[longer] = held
            held += 1
        if held > 1 << width and width < bits:
            flush(width)
            width += 1
        word = bytes([byte])
    if word:
        put(table[word])
    flush((number * width + 7) // 8)
    return bytes(out)


def winzip(members: Sequence[Member], password: str) -> bytes:
    """A zip whose members are deflated and encrypted by AES-256 (AE-2). The salt is fixed, so that samples stay the same."""
    from piiscan.extractors.archive._zipcrypto import decrypted_aes

    out, directory = b"", b""
    for name, data in members:
        raw, salt = name.encode("utf-8"), bytes(range(16))
        keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 66)
        cipher = b"".join(decrypted_aes([zlib.compress(data, wbits=-15)], keys[:32]))  # counter mode undoes itself
        packed = salt + keys[64:] + cipher + hmac.new(keys[32:64], cipher, "sha1").digest()[:10]
        extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 8)
        common = struct.pack("<HHHHIIIHH", 0x801, 99, 0x5000, 0x5C62, 0, len(packed), len(data), len(raw), len(extra))
        directory += b"PK\x01\x02" + struct.pack("<HH", 51, 51) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + raw + extra
        out += b"PK\x03\x04" + struct.pack("<H", 51) + common + raw + extra + packed
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(out), 0)
    return out + directory + end
