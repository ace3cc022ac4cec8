"""The only place where a raw value becomes a mask and a keyed fingerprint.

Masks follow one rule: enough to recognise the value when one stands in front
of the file, too little to use it when one only has the mask. A My Number shows
no digit at all, because a ledger that holds My Numbers is itself a
特定個人情報ファイル (番号法 2条9項); a card shows at most its first six and last
four (PCI DSS 3.4.1); credentials and sensitive words show nothing of the value.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from piiscan.model import Finding, Hit, Level

__all__ = ["FingerprintKey", "Sealer", "mask"]

_HIDDEN_WHOLLY = frozenset({"CREDENTIAL", "SIGNATURE", "FACE"})
_DIGIT_TAIL = 2
_DIGIT_HEAD = 3
#: Values, and reasons, that a sealer remembers.
_REMEMBERED = 8192
#: Bytes that SHA-256 takes in at once.
_BLOCK = 64


def _mask_digits(value: str, head: int, tail: int) -> str:
    places = [i for i, ch in enumerate(value) if ch.isdigit()]
    if len(places) <= head + tail:
        head, tail = 0, min(tail, max(0, len(places) - 4))
    out = ["*" if ch.isalnum() else " " if ch in "\r\n\t\x0b" else ch for ch in value]
    for i in (*places[:head], *places[len(places) - tail :]):
        out[i] = value[i]
    return "".join(out)


def _mask_every_other(value: str) -> str:
    """``山田太郎 -> 山*太*``; a lone character is hidden."""
    if len(value.strip()) <= 1:
        return "*"
    if len(value.split(maxsplit=1)[0]) == len(value):  # one word
        out = ["*"] * len(value)
        out[::2] = value[::2]
        return "".join(out)
    out, keep = [], True
    for ch in value:
        if ch.isspace():
            out.append(" ")
            keep = True
            continue
        out.append(ch if keep else "*")
        keep = not keep
    return "".join(out)


def _mask_address(value: str) -> str:
    """First three characters (a prefecture or the start of a city), the rest hidden, length kept short."""
    flat = "".join(value.split())
    return flat[:3] + "*" * min(8, max(1, len(flat) - 3))


def _mask_email(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not at:  # taro[at]example.jp, ｔａｒｏ＠…: half of its characters would tell too much
        return f"{value[:1]}***"
    return f"{local[:1]}***@{domain}"


def mask(entity: str, value: str) -> str:
    """``value`` made safe to store and show.

    >>> mask("PERSON", "山田太郎")
    '山*太*'
    >>> mask("PHONE_NUMBER", "090-1234-5678")
    '090-****-**78'
    >>> mask("JP_MY_NUMBER", "1234 5678 9018")
    '************'
    >>> mask("CREDIT_CARD", "4111111111111111")
    '411111******1111'
    >>> mask("EMAIL_ADDRESS", "taro@example.co.jp")
    't***@example.co.jp'
    >>> mask("EMAIL_ADDRESS", "taro[at]example.co.jp")
    't***'
    """
    if entity == "JP_MY_NUMBER":
        return "*" * 12
    if entity in _HIDDEN_WHOLLY:
        return "*" * 8
    if entity.startswith("JP_SENSITIVE_"):
        return "＊" * min(4, max(1, len(value)))
    if entity == "PERSON":
        return _mask_every_other(value)
    if entity == "EMAIL_ADDRESS":
        return _mask_email(value)
    if entity == "JP_ADDRESS":
        return _mask_address(value)
    if entity == "CREDIT_CARD":
        return _mask_digits(value, 6, 4)
    if entity in {"GENDER", "AGE"}:
        return "*" * len(value)
    if entity == "DATE_OF_BIRTH":
        return _mask_digits(value, 0, 0) if any(ch.isdigit() for ch in value) else "*" * len(value)
    if any(ch.isdigit() for ch in value):
        return _mask_digits(value, _DIGIT_HEAD if entity == "PHONE_NUMBER" else 0, _DIGIT_TAIL)
    return _mask_every_other(value)


class FingerprintKey:
    """The key of the HMAC fingerprints, in its own 0600 file beside the inventory.

    A stolen inventory alone cannot be searched by guessing numbers.
    """

    __slots__ = ("_inner", "_key", "_outer")

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("a fingerprint key needs at least 16 bytes")
        self._key = key
        # HMAC-SHA256 (RFC 2104) with the key's two blocks hashed once: a large list asks for a million fingerprints, and hmac
        # hashes the blocks, and looks SHA-256 up, for each of them
        block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def __repr__(self) -> str:
        return "FingerprintKey(…)"

    def __reduce__(self) -> tuple[type[FingerprintKey], tuple[bytes]]:
        return (FingerprintKey, (self._key,))

    @classmethod
    def random(cls) -> FingerprintKey:
        """A key for one run, kept nowhere (``inspect``, ``analyze_text``)."""
        return cls(secrets.token_bytes(32))

    @classmethod
    def load_or_create(cls, path: Path) -> FingerprintKey:
        """Read the key file, or make it with mode 0600.

        :raises OSError: when it can be neither read nor made.
        :raises ValueError: when the file is not a key.
        """
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except FileExistsError:
            text = path.read_text(encoding="ascii").strip()
            try:
                return cls(bytes.fromhex(text))
            except ValueError:
                raise ValueError(f"{path} is not a piiscan key file; restore it from a backup") from None
        key = secrets.token_bytes(32)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
        return cls(key)

    def fingerprint(self, entity: str, norm: str) -> str:
        """32 hex digits; equal for equal ``entity`` and ``norm`` only."""
        message = f"{entity}\0{norm}".encode("utf-8", "surrogatepass")
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.hexdigest()[:32]


class Sealer:
    """The border: makes a :class:`Hit` with its value a :class:`Finding` without it.

    One is for the findings of one file or text, and is dropped with it. In a large one they say the same again and again: the mask and
    the fingerprint of a value, and the reasons, are made once and are the same objects in all of them, so that a million findings
    take a quarter of a gigabyte. Of values it remembers the last few thousand.
    """

    __slots__ = ("_grounds", "_key", "_values")

    def __init__(self, key: FingerprintKey) -> None:
        self._key = key
        self._values: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._grounds: dict[tuple[float, tuple[str, ...]], tuple[float, tuple[str, ...]]] = {}

    def seal(self, hit: Hit, *, member: str = "", record: int = 0, level: Level = Level.NONE, law: str = "") -> Finding:
        """The finding that a hit is."""
        asked, given = (hit.entity, hit.value, hit.norm), (hit.score, hit.why)
        masked, fingerprint = self._values.get(asked) or self._made(asked)
        score, why = self._grounds.get(given) or self._met(given)
        return Finding(
            entity=hit.entity,
            location=hit.location,
            start=hit.start,
            end=hit.end,
            score=score,
            recognizer=hit.recognizer,
            masked=masked,
            fingerprint=fingerprint,
            level=level,
            member=member,
            header=hit.header,
            record=record,
            law=law,
            why=why,
        )

    def _made(self, value: tuple[str, str, str]) -> tuple[str, str]:
        """The mask and the fingerprint of a value: its kind, itself, its compared form."""
        if len(self._values) >= _REMEMBERED:
            self._values.clear()
        entity, shown, norm = value
        self._values[value] = made = mask(entity, shown), self._key.fingerprint(entity, norm)
        return made

    def _met(self, grounds: tuple[float, tuple[str, ...]]) -> tuple[float, tuple[str, ...]]:
        """A score and reasons, for all that have equal ones."""
        if len(self._grounds) >= _REMEMBERED:
            self._grounds.clear()
        self._grounds[grounds] = grounds
        return grounds
