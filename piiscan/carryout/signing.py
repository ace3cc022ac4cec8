"""Keys and signatures: Ed25519 (RFC 8032), from ``cryptography``.

A private key lies in its own 0600 file (PEM, PKCS #8, with a passphrase if
wanted). A public key is one line, ``piiscan-key:BASE64``, that can stand in a
settings file, a mail, or a file of its own. Each purpose has its own prefix
under the signature, so that a signature made for one can never pass for
another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["APPROVAL", "POLICY", "RECORD", "KeyFileError", "PublicKey", "SigningKey"]

#: What a signature is for.
POLICY, RECORD, APPROVAL = b"piiscan usb policy 1\n", b"piiscan usb record 1\n", b"piiscan usb approval 1\n"

_MARK = "piiscan-key:"


class KeyFileError(ValueError):
    """A key that cannot be used; the message says which, why and what to do."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Who signed. ``raw`` are the 32 bytes of the key."""

    raw: bytes

    @property
    def text(self) -> str:
        """The one line that people pass on."""
        return _MARK + base64.b64encode(self.raw).decode("ascii")

    @property
    def fingerprint(self) -> str:
        """16 hex digits, short enough to be read out on the telephone."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """:raises KeyFileError: when ``text`` is no public key."""
        try:
            raw = base64.b64decode(text.strip().removeprefix(_MARK), validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != 32:
            raise KeyFileError(f"not a public key: it must be one line that begins with {_MARK}; copy the line of the .pub file whole")
        return cls(raw)

    @classmethod
    def of(cls, words: str) -> PublicKey:
        """A key given as its line, or as the path of a file that holds the line.

        :raises KeyFileError: when it is neither.
        """
        if words.startswith(_MARK):
            return cls.parse(words)
        try:
            lines = Path(words).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(
                f"the public key {words!r} cannot be read ({type(error).__name__}); give its line or its .pub file"
            ) from None
        for line in lines:
            if line.strip().startswith(_MARK):
                return cls.parse(line)
        raise KeyFileError(f"{words} holds no line that begins with {_MARK}; give the .pub file that keygen wrote")

    def signed(self, purpose: bytes, message: bytes, signature: str) -> bool:
        """Whether ``signature`` (base64) is this key's, for this purpose, over exactly these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(base64.b64decode(signature, validate=True), purpose + message)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


class SigningKey:
    """A private key. Never printed."""

    __slots__ = ("_key",)

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def __repr__(self) -> str:
        return f"SigningKey({self.public.fingerprint})"

    @property
    def public(self) -> PublicKey:
        """The other half."""
        return PublicKey(self._key.public_key().public_bytes_raw())

    def sign(self, purpose: bytes, message: bytes) -> str:
        """Signature in base64."""
        return base64.b64encode(self._key.sign(purpose + message)).decode("ascii")

    @classmethod
    def create(cls, path: Path, passphrase: str = "") -> SigningKey:
        """Make a key and its file (0600); an existing file is never overwritten.

        :raises FileExistsError: when there is one.
        :raises OSError: when it cannot be written.
        """
        key = Ed25519PrivateKey.generate()
        secret: serialization.KeySerializationEncryption = (
            serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
        )
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        return cls(key)

    @classmethod
    def load(cls, path: Path, passphrase: str = "") -> SigningKey:
        """:raises KeyFileError: when the file is missing, no key, or locked by another passphrase."""
        try:
            pem = path.read_bytes()
        except OSError as error:
            raise KeyFileError(
                f"the key {path} cannot be read ({error.strerror}); make one with: piiscan usb-policy keygen {path}"
            ) from None
        try:
            key = serialization.load_pem_private_key(pem, passphrase.encode() or None)
        except TypeError:
            if passphrase:
                return cls.load(path)  # a passphrase was given that this key does not need
            raise KeyFileError(f"the key {path} is locked; put its passphrase into PIISCAN_KEY_PASSPHRASE") from None
        except (ValueError, UnsupportedAlgorithm):
            raise KeyFileError(f"{path} is no private key of piiscan, or the passphrase is wrong") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFileError(f"{path} is a key of another kind; make one with: piiscan usb-policy keygen FILE")
        return cls(key)

    @classmethod
    def load_or_create(cls, path: Path) -> SigningKey:
        """The key of this machine's records; made at its first use.

        :raises KeyFileError, OSError: when it can be neither read nor made.
        """
        try:
            return cls.create(path)
        except FileExistsError:
            return cls.load(path)
