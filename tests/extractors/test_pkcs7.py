"""Signatures and certificates: who signed, and what was signed inside."""

from __future__ import annotations

import base64

import pytest
from office_kit import read

from piiscan.extractors.pkcs7 import names
from piiscan.model import Part
from piiscan.problems import ProblemKind
from sample_data.make.signatures import DATA, SIGNED_DATA, certificate, der, signed

WHO = ("山田太郎", "taro@example.com")
CERTIFICATES = "name: サンプル認証局\nname: 山田太郎\ntaro@example.com"


@pytest.mark.parametrize("content", [signed(*WHO), certificate(*WHO)], ids=["signature", "certificate"])
def test_who_signed_is_told(content):
    seen = read(content, "smime.p7s")
    assert seen.formats == {"pkcs7"}
    assert seen.at(Part("certificates")) == CERTIFICATES
    assert not seen.problems
    assert names(content) == CERTIFICATES.split("\n")


def test_a_mail_inside_its_signature_is_read():
    inner = "Content-Type: text/plain; charset=utf-8\r\n\r\n佐藤花子様の電話 090-1234-5678\r\n".encode()
    mail = (
        b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Type: application/pkcs7-mime; %s name=smime.p7m\r\n\r\n" + base64.encodebytes(signed(*WHO, inner))
    )
    for kind in (b"smime-type=signed-data;", b""):
        seen = read(mail.replace(b"%s", kind), "a.eml")
        assert "佐藤花子様の電話 090-1234-5678" in seen.text
        assert "山田太郎" in seen.text
        assert not seen.problems


def test_lengths_that_are_left_open_and_content_in_parts():
    parts = b"\x24\x80" + der(0x04, "連絡先: 佐藤".encode()) + der(0x04, "花子\n".encode() * 20) + b"\0\0"
    inside = b"\x30\x80" + der(0x06, DATA) + b"\xa0\x80" + parts + b"\0\0\0\0"
    content = b"\x30\x80" + der(0x06, SIGNED_DATA) + b"\xa0\x80\x30\x80" + der(0x02, b"\1") + der(0x31) + inside + b"\0\0" * 3
    assert "連絡先: 佐藤花子" in read(content, "a.p7m").text


def test_what_is_encrypted_is_told():
    enveloped = der(0x30, der(0x06, SIGNED_DATA[:-1] + b"\3"), der(0xA0, der(0x30, bytes(200))))
    assert read(enveloped, "smime.p7m").kinds == {ProblemKind.ENCRYPTED}
    store = der(0x30, der(0x02, b"\3"), der(0x30, der(0x06, DATA), bytes(300)))
    assert read(store, "key.p12").kinds == {ProblemKind.ENCRYPTED}


def test_damage_is_told():
    whole = signed(*WHO, b"text: " + b"x" * 400)
    for cut in range(60, len(whole) - 1, 29):
        assert read(whole[:cut], "a.p7m").kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}, cut
    assert read(b"\x30\x80" + der(0x06, SIGNED_DATA) + b"\xa0\x80\x30\x80" * 5000, "a.p7m").kinds == {ProblemKind.BROKEN}
