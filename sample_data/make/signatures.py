"""Writers for signatures and certificates in DER; the signature itself is made up, since nothing verifies it."""

from __future__ import annotations

SIGNED_DATA, DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
_NAME, _MAIL, _ALTERNATIVE, _RSA = (
    b"\x55\x04\x03",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01",
    b"\x55\x1d\x11",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b",
)


def der(tag: int, *parts: bytes) -> bytes:
    """A value with its length."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def _name(text: str, mail: str = "") -> bytes:
    parts = [der(0x31, der(0x30, der(0x06, _NAME), der(0x0C, text.encode())))]
    if mail:
        parts.append(der(0x31, der(0x30, der(0x06, _MAIL), der(0x16, mail.encode()))))
    return der(0x30, *parts)


def certificate(name: str, mail: str) -> bytes:
    """A certificate for a person; the mail address stands in an extension, as it should."""
    algorithm = der(0x30, der(0x06, _RSA), der(0x05))
    key = der(0x30, algorithm, der(0x03, b"\0" + bytes(range(1, 65))))
    validity = der(0x30, der(0x17, b"261101000000Z"), der(0x17, b"271101000000Z"))
    alternative = der(0x30, der(0x06, _ALTERNATIVE), der(0x04, der(0x30, der(0x81, mail.encode()))))
    told = der(
        0x30,
        der(0xA0, der(0x02, b"\2")),
        der(0x02, b"\1"),
        algorithm,
        _name("サンプル認証局"),
        validity,
        _name(name),
        key,
        der(0xA3, der(0x30, alternative)),
    )
    return der(0x30, told, algorithm, der(0x03, b"\0" + bytes(range(64))))


def signed(name: str, mail: str, content: bytes = b"") -> bytes:
    """CMS signed data, with what was signed inside or without it."""
    inside = der(0x30, der(0x06, DATA), *([der(0xA0, der(0x04, content))] if content else []))
    body = der(0x30, der(0x02, b"\1"), der(0x31), inside, der(0xA0, certificate(name, mail)), der(0x31))
    return der(0x30, der(0x06, SIGNED_DATA), der(0xA0, body))
