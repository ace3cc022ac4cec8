"""Which encoding a text is in: the Japanese ones by their own rules, the rest by ``charset-normalizer``.

UTF-8 is recognised by being valid; ISO-2022-JP by its escapes; UTF-16/32 by
BOM or by where the zero bytes are; CP932 against EUC-JP by which of the two
gives the more Japanese-looking text, because many byte strings are valid in
both. Nothing is ever refused: the worst case is CP932 or Latin-1 with
replacement characters, and a note.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

__all__ = ["Guess", "decode", "detect"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\([BIJ]|\$\([DOPQ])")
_COMMON = re.compile("[ぁ-んァ-ヶー一-龠、。「」（）・]")
_RARE = re.compile("[\ufffd\ue000-\uf8ff\x80-\x9f]")
_HALF_KANA = re.compile("[｡-ﾟ]")


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding's Python name; ``sure`` when the bytes leave no real doubt; ``exact`` when every byte fits."""

    name: str
    sure: bool
    exact: bool = True


def detect(sample: bytes, *, whole: bool = False) -> Guess:
    """The encoding of ``sample`` (the beginning of a text, or all of it when ``whole``)."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return Guess(name, True)
    if not sample:
        return Guess("utf-8", True)
    if zero := _by_zeros(sample):
        return Guess(zero, False)
    if _ISO_2022.search(sample):
        return Guess("iso2022_jp_ext", True)
    if sample.isascii():
        return Guess("utf-8", True)
    tail = 0 if whole else 3
    for cut in range(tail + 1):
        try:
            sample[: len(sample) - cut].decode("utf-8")
            return Guess("utf-8", True)
        except UnicodeDecodeError:
            continue
    best = max(("cp932", "euc_jis_2004", "cp1252"), key=lambda name: _looks(sample, name))
    if _looks(sample, best) >= 0.5:
        return Guess(best, best != "cp1252", _fits(sample[: len(sample) - tail], best))
    from charset_normalizer import from_bytes

    match = from_bytes(sample[:65_536]).best()
    if match is not None:
        return Guess(match.encoding, False)
    return Guess("cp932", False, False)


def decode(data: bytes) -> tuple[str, str]:
    """``(text, encoding)`` of a whole text; bytes that fit nothing become U+FFFD."""
    guess = detect(data, whole=True)
    try:
        return data.decode(guess.name), guess.name
    except (UnicodeDecodeError, LookupError):
        return data.decode(guess.name, "replace"), guess.name


def _by_zeros(sample: bytes) -> str:
    """UTF-16 or UTF-32 without BOM: the zero bytes of ASCII and of line ends stand in the same places."""
    head = sample[:4096]
    if head.count(0) < len(head) // 20 and not (head.count(b"\n\0") or head.count(b"\0\n")):
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if head[0::4].count(0) + head[1::4].count(0) + head[2::4].count(0) > 0.7 * len(head) * 0.75:
        return "utf-32-be"
    if head[1::4].count(0) + head[2::4].count(0) + head[3::4].count(0) > 0.7 * len(head) * 0.75:
        return "utf-32-le"
    if even == odd == 0:
        return ""
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = sample[: len(sample) // 2 * 2][:4096].decode(name, "replace")
    good = sum(ch.isprintable() or ch in "\r\n\t" for ch in text)
    return name if good >= 0.95 * len(text) else ""


def _looks(sample: bytes, name: str) -> float:
    """How much like a text of people ``sample`` is when read as ``name``: 0 to 1 and a little more."""
    text = sample[:65_536].decode(name, "replace")
    foreign = sum(not ch.isascii() for ch in text)
    if not foreign:
        return 0.0
    if name == "cp1252":
        letters = sum(ch.isalpha() for ch in text if not ch.isascii())
        return 0.5 if letters >= 0.9 * foreign and foreign < 0.3 * len(text) else 0.1
    bad = len(_RARE.findall(text)) * 4
    common = len(_COMMON.findall(text)) + 0.6 * len(_HALF_KANA.findall(text))
    return (common - bad) / foreign


def _fits(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return False
    return True
