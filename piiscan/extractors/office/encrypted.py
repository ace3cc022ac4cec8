"""Passwords on Office files: is there one, which cipher, and can one of our passwords open it.

Since 2007 a document with a password is an OLE container with the streams
``EncryptionInfo`` and ``EncryptedPackage`` ([MS-OFFCRYPTO] 2.3.4); the formats
before it encrypt inside their own streams. "Encrypted" is an answer of its own
and never "clean". Decryption is msoffcrypto-tool's.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import olefile

from piiscan.extractors.base import Reading, open_quietly, problem
from piiscan.model import Embedded
from piiscan.problems import Problem, ProblemKind

__all__ = ["decrypt_ole", "is_encrypted_ole", "ole_encryption"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Excel encrypts "protected" workbooks with this fixed password ([MS-XLS]
# 2.2.10): no secret, and Excel opens such files without asking.
_NO_SECRET = "VelvetSweatshop"  # noqa: S105

# EncryptionHeader.AlgID, [MS-OFFCRYPTO] 2.3.2
_ALGORITHMS = {0x6801: "RC4", 0x660E: "AES-128", 0x660F: "AES-192", 0x6610: "AES-256"}


def is_encrypted_ole(path: Path) -> bool:
    """Whether the file is an OLE container whose document is encrypted. Cheap: eight bytes for any other file."""
    return ole_encryption(path) is not None


def ole_encryption(path: Path) -> str | None:
    """Cipher of an encrypted OLE document, such as ``AES-256 agile``, ``RC4 CryptoAPI`` or ``XOR``; ``None`` when it is not encrypted.

    Damage in the container reads as "not encrypted": the format's own reader will say what is wrong.
    """
    with open_quietly(path) as file:
        return _cipher(file)


def _cipher(file: BinaryIO) -> str | None:
    if file.read(8) != _OLE:
        return None
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as ole:
            for stream, look in _LOOKS:
                if ole.exists(stream):
                    found = look(ole)
                    if found:
                        return found
    except Exception:  # noqa: BLE001 - olefile raises what the file makes it raise
        return None
    return None


def _package(ole: Any) -> str:
    if not ole.exists("EncryptionInfo"):
        return "rights management"
    with ole.openstream("EncryptionInfo") as stream:
        data: bytes = stream.read(1 << 16)
    major, minor = int.from_bytes(data[0:2], "little"), int.from_bytes(data[2:4], "little")
    if (major, minor) == (4, 4):
        key = re.search(rb"<keyData\b[^>]*>", data)
        text = key.group().decode("ascii", "replace") if key else ""
        cipher = re.search(r'cipherAlgorithm="([A-Z0-9]{1,10})"', text)
        bits = re.search(r'keyBits="(\d{1,4})"', text)
        return f"{cipher.group(1) if cipher else 'unknown'}-{bits.group(1) if bits else '?'} agile"
    if minor == 2:
        return f"{_ALGORITHMS.get(int.from_bytes(data[20:24], 'little'), 'unknown')} standard"
    return "extensible" if minor == 3 else "unknown"


def _rights(_: Any) -> str:
    return "rights management"


def _workbook(ole: Any) -> str:
    """FilePass ([MS-XLS] 2.4.117) directly after the BOF, before EOF of the globals."""
    with ole.openstream("Workbook" if ole.exists("Workbook") else "Book") as stream:
        for _ in range(64):  # FilePass comes among the first records
            head = stream.read(4)
            if len(head) < 4:
                return ""
            number, size = int.from_bytes(head[:2], "little"), int.from_bytes(head[2:], "little")
            body = stream.read(size)
            if number == 0x002F:
                if len(body) <= 4 or body[:2] == b"\0\0":
                    return "XOR"
                return "RC4" if body[2:4] == b"\1\0" else "RC4 CryptoAPI"
            if number == 0x000A:
                return ""
    return ""


def _word(ole: Any) -> str:
    """Flags of the FIB ([MS-DOC] 2.5.2): A–M at offset 10; fEncrypted bit 8, fObfuscated bit 15."""
    with ole.openstream("WordDocument") as stream:
        head = stream.read(12)
    flags = int.from_bytes(head[10:12], "little")
    if not flags & 0x0100:
        return ""
    if flags & 0x8000:
        return "XOR"
    table = "1Table" if flags & 0x0200 else "0Table"
    version = b""
    if ole.exists(table):
        with ole.openstream(table) as stream:
            version = stream.read(2)
    return "RC4" if version == b"\1\0" else "RC4 CryptoAPI"


def _slides(ole: Any) -> str:
    """CurrentUserAtom.headerToken ([MS-PPT] 2.3.2) says whether the file is encrypted."""
    if not ole.exists("Current User"):
        return ""
    with ole.openstream("Current User") as stream:
        head = stream.read(16)
    return "RC4 CryptoAPI" if head[12:16] == b"\xdf\xc4\xd1\xf3" else ""


_LOOKS: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("EncryptedPackage", _package),
    ("\x09DRMContent", _rights),
    ("Workbook", _workbook),
    ("Book", _workbook),
    ("WordDocument", _word),
    ("PowerPoint Document", _slides),
)


def decrypt_ole(reading: Reading) -> Embedded | Problem:
    """The decrypted document, spooled; or the problem ``encrypted`` whose detail names the cipher.

    ``unsupported`` when nothing in it is encrypted. Tried are Excel's fixed password and then ``reading.passwords``, while time is left.
    """
    with reading.open() as file:
        cipher = _cipher(file)
    if cipher is None:
        return problem(ProblemKind.UNSUPPORTED, "OLE container without an encrypted document")
    if cipher == "rights management":
        return problem(ProblemKind.ENCRYPTED, cipher)
    for password in dict.fromkeys((_NO_SECRET, *reading.passwords)):
        if not password:
            continue
        if reading.budget.expired():
            break
        data = _attempt(reading, password)
        if data is not None:
            return reading.spool(reading.name, data)
    return problem(ProblemKind.ENCRYPTED, cipher)


def _attempt(reading: Reading, password: str) -> bytes | None:
    """The decrypted bytes when the password fits."""
    import msoffcrypto

    with reading.open() as file:
        try:
            document = msoffcrypto.OfficeFile(file)
            if document.format == "ooxml":
                document.load_key(password=password, verify_password=True)
            else:
                document.load_key(password=password)
            plain = io.BytesIO()
            document.decrypt(plain)
        except Exception:  # noqa: BLE001 - a wrong password and a broken stream raise the same errors there, some of them struct's and cryptography's
            return None
        return plain.getvalue()
