"""Which encoding a text is in: the Japanese ones by their own rules, the rest by ``charset-normalizer``.

UTF-8 is recognised by being valid; ISO-2022-JP by its escapes; UTF-16/32 by
BOM or by where the zero bytes are; CP932 against EUC-JP by which of the two
gives the more Japanese-looking text, because many byte strings are valid in
both. Nothing is ever refused: the worst case is CP932 or Latin-1 with
replacement characters, and a note.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from dataclasses import dataclass
from functools import lru_cache

from piiscan.extractors.text import windows_codecs

__all__ = ["Guess", "beginning", "decode", "decode_lines", "decode_parts", "detect", "is_wide"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BOM = tuple(mark for mark, _ in _BOMS)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\(I|\$\([DOPQ])")  # not ESC ( B alone, which terminals write too
#: Lead bytes of three (L) and their followers (c): looking for two such characters in a row is then one search of a plain string.
_UTF8_CLASSES = bytes(ord("L") if 0xE3 <= byte <= 0xEF else ord("c") if 0x80 <= byte <= 0xBF else ord(".") for byte in range(256))
_HIGH = bytes(range(0x80, 0x100))
_REMEMBERED = 1 << 16
_JAPANESE = ("cp932", windows_codecs.EUC)
#: Encodings in which a line's text is the same whatever lines are decoded with it; EUC-JP's is not where Windows' characters are among them.
_EACH_ALONE = frozenset({"utf-8", "cp932"})
_COMMON = re.compile("[ぁ-んァ-ヶー一-龠、。「」（）・]")
_TELLING = re.compile("[ぁ-んァ-ヶ一-龠]")
#: Half-width kana in EUC-JP; in CP932 these are rare kanji of one row, which nobody writes side by side.
_EUC_KANA = re.compile(rb"(?:\x8e[\xa1-\xdf]){3,}")
_RARE = re.compile("[\ufffd\ue000-\uf8ff\x80-\x9f]")
_HALF_KANA = re.compile("[｡-ﾟ]")


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding's Python name; ``sure`` when the bytes leave no real doubt; ``exact`` when every byte fits."""

    name: str
    sure: bool
    exact: bool = True


_UTF8 = Guess("utf-8", True)


def detect(sample: bytes, *, whole: bool = False) -> Guess:
    """The encoding of ``sample`` (the beginning of a text, or all of it when ``whole``)."""
    return _last.look(sample, whole)[0]


def beginning(head: bytes) -> tuple[Guess, str | None]:
    """The encoding of the beginning of a text, and the text if it is UTF-8 and nothing else, but for a character that is cut at its end."""
    guess, text = _last.look(head, False)
    return guess, None if text is None or b"\x1b" in head else text


class _Last:
    """What was looked at last: a file is when it is identified and when it is read. Comparing takes no time; a hash of it, as much as looking."""

    def __init__(self) -> None:
        self._known: tuple[bytes, bool, tuple[Guess, str | None]] = (b"", True, (_UTF8, None))

    def look(self, sample: bytes, whole: bool) -> tuple[Guess, str | None]:
        known = self._known
        if known[:2] == (sample, whole):
            return known[2]
        found = _look(sample, whole)
        if len(sample) <= _REMEMBERED:
            self._known = sample, whole, found
        return found


_last = _Last()


def _look(sample: bytes, whole: bool) -> tuple[Guess, str | None]:
    """The encoding, and the text where it came out on the way."""
    if sample.startswith(_BOM):
        for mark, name in _BOMS:
            if sample.startswith(mark):
                return Guess(name, True), None
    if not sample:
        return _UTF8, None
    if zero := _by_zeros(sample):
        return Guess(zero, False), None
    if _has_jis(sample) and len(sample) - len(sample.translate(None, _HIGH)) <= len(sample) // 50:
        return Guess(windows_codecs.JIS, True), None
    try:
        return _UTF8, codecs.utf_8_decode(sample, "strict", whole)[0]
    except UnicodeDecodeError as error:
        # the last character of a beginning may be cut
        return _UTF8 if not whole and error.start >= len(sample) - 3 else _by_look(sample, whole), None


def _by_look(sample: bytes, whole: bool) -> Guess:
    """The encoding of what has no other sign of it."""
    tail = 0 if whole else 3
    if _nearly_utf8(sample):
        return Guess("utf-8", True, False)
    best = max((*_JAPANESE, "cp1252"), key=lambda name: _looks(sample, name))
    if (best == "cp1252" or _looks(sample, best) < 0.5) and whole and (wide := _by_kanji(sample)):
        return Guess(wide, False)
    if _looks(sample, best) >= 0.5:
        return Guess(best, best != "cp1252", _fits(sample[: len(sample) - tail], best))
    if name := _beside_utf8(sample):
        return Guess(name, True, False)
    if b"\0" in sample:
        return Guess("cp932", False, False)  # no text; looking further would only take time
    from charset_normalizer import from_bytes

    match = from_bytes(sample[:65_536]).best()
    if match is not None:
        return Guess(match.encoding, False)
    return Guess("cp932", False, False)


def _beside_utf8(sample: bytes) -> str:
    """The encoding of the lines that are not UTF-8 where the others are: a log that two programs write into."""
    if not _has_utf8(sample):
        return ""
    rest = b"\n".join(line for line in sample.split(b"\n") if not _fits(line, "utf-8"))
    best = max(_JAPANESE, key=lambda name: _looks(rest, name))
    return best if _looks(rest, best) >= 0.5 else ""


def decode(data: bytes) -> tuple[str, str]:
    """``(text, encoding)`` of a whole text; bytes that fit nothing become U+FFFD."""
    guess = detect(data, whole=True)
    try:
        return data.decode(guess.name), guess.name
    except (UnicodeDecodeError, LookupError):
        return data.decode(guess.name, "replace") if is_wide(guess.name) else decode_lines(data, guess.name, set()), guess.name


def is_wide(name: str) -> bool:
    """Whether an encoding has zero bytes in ordinary text, so that its lines cannot be told by their bytes."""
    return name.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))


def _has_jis(data: bytes) -> bool:
    """Whether there is an escape of ISO-2022-JP."""
    return b"\x1b" in data and _ISO_2022.search(data) is not None


def _has_utf8(data: bytes) -> bool:
    """Whether Japanese in UTF-8 seems to stand among other text: two such characters in a row, which other encodings hardly write."""
    return b"LccLcc" in data.translate(_UTF8_CLASSES)


def _nearly_utf8(data: bytes) -> bool:
    """Whether it is Japanese in UTF-8 but for a byte here and there, or a character that is cut; other encodings give hardly any such text."""
    text = data.decode("utf-8", "replace")
    common = len(_COMMON.findall(text))
    return common >= 8 * text.count("\ufffd") > 0 or (common > 1 and "\ufffd" not in text[:-1])


def _decode_line(data: bytes, usual: str) -> tuple[str, str]:
    """``(text, encoding)`` of one line of a file whose lines may differ; ``usual`` is the encoding of most."""
    if _has_jis(data):
        return data.decode(windows_codecs.JIS, "replace"), windows_codecs.JIS
    for name in ("utf-8",) if usual in _JAPANESE else ("utf-8", usual):
        try:
            return data.decode(name), name
        except (UnicodeDecodeError, LookupError):
            continue
    if _nearly_utf8(data):
        return data.decode("utf-8", "replace"), "utf-8"
    known = usual in (*_JAPANESE, windows_codecs.JIS)
    scores = {name: _looks(data, name) + (0.05 if name == usual else 0) for name in (_JAPANESE if known or usual == "utf-8" else ())}
    best = max(scores, key=scores.__getitem__, default="")
    if best and (scores[best] >= 0.5 or known):
        name = best if scores[best] >= 0.5 or usual not in _JAPANESE else usual
        return data.decode(name, "replace"), name
    return data.decode(usual, "replace"), usual


def decode_lines(piece: bytes, name: str, seen: set[str]) -> str:
    """Text of whole lines: at once where they all fit ``name``, else each in its own encoding, which ``seen`` takes."""
    at_once = _at_once(piece, name)
    if at_once is not None:
        return at_once
    out: list[str] = []
    for line in piece.splitlines(keepends=True):
        if line.isascii() and b"\x1b" not in line:
            out.append(line.decode("ascii"))
            continue
        text, used = _decode_line(line, name)
        seen.add(used)
        out.append(text)
    return "".join(out)


def decode_parts(parts: list[bytes], name: str, seen: set[str]) -> list[str]:
    """The same for parts of whole lines that are judged together: either each fits ``name``, or all are looked at line by line."""
    if name in _EACH_ALONE:
        texts: list[str] = []
        for part in parts:
            text = _at_once(part, name)
            if text is None:
                break
            texts.append(text)
        else:
            return texts
    return [decode_lines(b"".join(parts), name, seen)]


def _at_once(piece: bytes, name: str) -> str | None:
    """The text, if every byte fits ``name`` and nothing in it seems to be of another encoding."""
    if (name == "utf-8" or not _has_utf8(piece)) and (name == windows_codecs.JIS or not _has_jis(piece)):
        with contextlib.suppress(UnicodeDecodeError):
            return piece.decode(name)
    return None


def _by_zeros(sample: bytes) -> str:
    """UTF-16 or UTF-32 without BOM: the zero bytes of ASCII and of line ends stand in the same places."""
    head = sample[: min(len(sample), 4096) // 4 * 4]
    if len(head) >= 8:
        # No character lies beyond plane 16, so a byte of each four is zero and the one beside it small.
        for name, zero, small in (("utf-32-le", 3, 2), ("utf-32-be", 0, 1)):
            if not any(head[zero::4]) and max(head[small::4]) <= 0x10 and any(head):
                return name
    head = sample[: min(len(sample), 4096) // 2 * 2]
    if head.count(0) < len(head) // 20 and not (head.count(b"\n\0") or head.count(b"\0\n")):
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even == odd == 0:
        return ""
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = head.decode(name, "replace")
    good = sum(ch.isprintable() or ch in "\r\n\t" for ch in text)
    return name if good >= 0.95 * len(text) else ""


def _by_kanji(sample: bytes) -> str:
    """UTF-16 without BOM, line ends and ASCII: a name alone, say. Read the right way, every character is one of JIS."""
    if len(sample) % 2 or not 4 <= len(sample) <= 4096:
        return ""
    for name in ("utf-16-le", "utf-16-be"):
        text = sample.decode(name, "replace")
        try:
            if len(text.encode("cp932")) == 2 * len(text) and _TELLING.search(text):
                return name
        except UnicodeEncodeError:
            continue
    return ""


_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_TELLING_BYTES = 16_384


def _looks(sample: bytes, name: str) -> float:
    """How much like a text of people ``sample`` is when read as ``name``: 0 to 1 and a little more."""
    sample = _telling(sample)
    text = sample.decode(name, "replace")
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    if not foreign:
        return 0.0
    if name == "cp1252":
        letters = sum(ch.isalpha() for ch in text if not ch.isascii())
        return 0.5 if letters >= 0.9 * foreign and foreign < 0.3 * len(text) else 0.1
    bad = len(_RARE.findall(text)) * 4
    if name == "cp932" and b"\x8e" in sample:
        bad += 2 * sum(len(found) for found in _EUC_KANA.findall(sample))
    common = len(_COMMON.findall(text)) + 0.6 * len(_HALF_KANA.findall(text))
    return (common - bad) / foreign


@lru_cache(maxsize=4)
def _telling(sample: bytes) -> bytes:
    """The part that is judged: from the line of the first byte that is not ASCII, some pages long."""
    first = _NOT_ASCII.search(sample)
    start = sample.rfind(b"\n", 0, first.start()) + 1 if first else 0
    return sample[start : start + _TELLING_BYTES]


def _fits(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return False
    return True
