"""Office files with passwords: opened with a known one, else reported as encrypted and never clean."""

from __future__ import annotations

import io
import struct

import docx
import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from office_kit import PASSWORD, read, saved

from piiscan.extractors.office._ole import build
from piiscan.problems import ProblemKind


def word() -> bytes:
    made = docx.Document()
    made.add_paragraph("秘密の山田太郎")
    return saved(made)


def locked(content: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def test_without_its_password_it_is_encrypted_and_the_cipher_is_named() -> None:
    seen = read(locked(word(), PASSWORD), "a.docx", passwords=("falsch",))
    assert [(problem.kind, problem.detail) for problem in seen.problems] == [(ProblemKind.ENCRYPTED, "AES-256 agile")]
    assert not seen.text


def test_a_known_password_opens_it_and_the_document_is_read_as_a_file_of_its_own() -> None:
    seen = read(locked(word(), PASSWORD), "a.docx", passwords=("falsch", PASSWORD))
    assert "秘密の山田太郎" in seen.text
    assert seen.formats == {"docx"}
    assert not seen.problems


def test_excel_s_fixed_password_needs_no_settings() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "保護された鈴木花子"
    assert "保護された鈴木花子" in read(locked(saved(made), "VelvetSweatshop"), "a.xlsx").text


def test_a_cut_encrypted_file_is_not_clean() -> None:
    content = locked(word(), PASSWORD)
    for share in (0.2, 0.5, 0.9):
        seen = read(content[: int(len(content) * share)], "a.docx", passwords=(PASSWORD,))
        assert seen.kinds, share
        assert not seen.text


def test_rights_management_is_encrypted() -> None:
    seen = read(build({("EncryptedPackage",): b"x" * 100, ("\x06DataSpaces", "Version"): b"x"}), "a.docx")
    assert [(problem.kind, problem.detail) for problem in seen.problems] == [(ProblemKind.ENCRYPTED, "rights management")]


def old(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


@pytest.mark.parametrize(
    ("streams", "cipher"),
    [
        ({("Workbook",): old(0x0809, bytes(16)) + old(0x002F, b"\1\0\1\0" + bytes(50))}, "RC4"),
        ({("Workbook",): old(0x0809, bytes(16)) + old(0x002F, b"\1\0\2\0" + bytes(50))}, "RC4 CryptoAPI"),
        ({("Book",): old(0x0809, bytes(16)) + old(0x002F, b"\0\0\1\2\3\4")}, "XOR"),
        ({("WordDocument",): b"\xec\xa5\xc1\0" + bytes(6) + b"\0\x81" + bytes(500)}, "XOR"),
        ({("WordDocument",): b"\xec\xa5\xc1\0" + bytes(6) + b"\0\x01" + bytes(500), ("0Table",): b"\1\0" + bytes(50)}, "RC4"),
        ({("PowerPoint Document",): bytes(50), ("Current User",): bytes(12) + b"\xdf\xc4\xd1\xf3" + bytes(8)}, "RC4 CryptoAPI"),
    ],
)
def test_old_formats_encrypt_in_their_own_streams(streams: dict[tuple[str, ...], bytes], cipher: str) -> None:
    seen = read(build(streams), "a.bin", passwords=("x",))
    assert [(problem.kind, problem.detail) for problem in seen.problems] == [(ProblemKind.ENCRYPTED, cipher)]
