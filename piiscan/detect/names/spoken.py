"""How a name in kanji may be read, by the lists: which family and given name it is, and their readings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from piiscan.detect.names.features import lexicon, name_parts, rare_parts
from piiscan.detect.names.variants import (
    katakana,
    latin_given_names,
    latin_words,
    modern_forms,
    rare_surnames,
    romaji,
    romaji_key,
    romaji_names,
)
from piiscan.detect.names.writing import BRIDGED
from piiscan.detect.normalize import nfkc
from piiscan.resources import recognizers_dir

__all__ = [
    "PARTS",
    "could_be_given",
    "could_be_read",
    "foreign_families",
    "is_foreign_reading",
    "is_foreign_spelling",
    "is_from_abroad",
    "is_given_sound",
    "kana_key",
    "latin_key",
    "latin_keys",
    "readings",
    "sounds_like",
    "sounds_like_in_latin",
    "split_name",
]

#: Kana that lists and banks write large: キヤン, ｼﾖｳｼﾞ.
_LARGE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")
_GLIDE = re.compile(r"(?<=[キシチニヒミリギジビピ])[ヤユヨ]")
#: A family name of so many bearers is a Japanese one as well: 林, 金.
_JAPANESE = 10_000
#: What stands between the parts of a name.
PARTS = re.compile(r"[\s・･,=゠]+")


@lru_cache(maxsize=64)  # asked of a document's names again and again
def split_name(value: str) -> tuple[str, str] | None:
    """Family and given name of a whole name in kanji, in today's characters.

    >>> split_name("髙橋　花子"), split_name("長谷川太郎")
    (('高橋', '花子'), ('長谷川', '太郎'))
    >>> split_name("三ツ矢誠"), split_name("大豆生田あゆみ")
    (('三ツ矢', '誠'), ('大豆生田', 'あゆみ'))
    """
    text = modern_forms(nfkc(value)).strip()
    parts = [] if text.isalnum() else [part for part in PARTS.split(text) if part]
    if len(parts) >= 2:
        return parts[0], "".join(parts[1:])
    lex = lexicon()
    best: tuple[int, int] | None = None
    for cut in range(1, len(text)):
        bearers = lex.surnames.get(text[:cut])
        if bearers is None and text[cut:] in lex.given and (text[:cut] in rare_surnames() or BRIDGED.fullmatch(text, 0, cut)):
            bearers = 0
        if bearers is None:
            continue
        rating = (2 if text[cut:] in lex.given else 0) + (1 if bearers else 0)
        if best is None or (rating, cut) > best:
            best = (rating, cut)
    return (text[: best[1]], text[best[1] :]) if best else None


@cache
def _listed() -> bytes:
    """What our own lists say of readings, in the form of :func:`name_parts`."""
    lines: list[bytes] = []
    folder = recognizers_dir() / "dictionaries"
    for kind, file in ((b"s\t", "surnames.tsv"), (b"g\t", "given_names.tsv")):
        rows = (folder / file).read_bytes().splitlines()
        lines += [kind + row.rpartition(b"\t")[0] for row in rows if not row.startswith(b"#")]
    lines += [b"g\t" + row for row in (folder / "given_readings.tsv").read_bytes().splitlines() if not row.startswith(b"#")]
    lines += [f"s\t{family}\t{kana}".encode() for family, (sounds, _) in _abroad().items() for kana in sounds]
    return b"\n" + b"\n".join(sorted(lines)) + b"\n"


@cache
def _abroad() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Family names in kanji of people from abroad, with their readings and Latin spellings."""
    text = (recognizers_dir() / "dictionaries" / "foreign_readings.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {family: (tuple(kana.split(",")), tuple(latin.split(","))) for family, kana, latin in rows}


@cache
def foreign_families() -> frozenset[str]:
    """Readings of family names from abroad, in katakana: キム, パク."""
    return frozenset(kana for sounds, _ in _abroad().values() for kana in sounds)


def is_foreign_reading(family: str, kana: str) -> bool:
    """Whether a family name in kanji is read so by people from China or Korea: 金 is キム."""
    return family in _abroad() and kana in _abroad()[family][0]


def is_foreign_spelling(family: str, latin: str) -> bool:
    """The same of Latin letters (:func:`romaji_key`): 金 is Kim."""
    return family in _abroad() and latin in map(romaji_key, _abroad()[family][1])


def is_from_abroad(family: str, given: str) -> bool:
    """Whether a name in kanji may be one of China or Korea, whose given names no list reads: 王 偉, 朴 成民; 林 愛 is rather Japanese."""
    bearers = lexicon().surnames.get(family) or 0
    return family in _abroad() and (bearers < _JAPANESE or not lexicon().given.get(given))


@lru_cache(maxsize=2_048)
def readings(kind: str, name: str) -> frozenset[str]:
    """Readings of a family (``s``) or given name (``g``) in katakana."""
    lists = [(name_parts(), kind), (rare_parts(), kind), (_listed(), kind)]
    lists.append((rare_parts(), "f" if kind == "g" else "p"))
    return frozenset(found for lines, kind in lists for found in _ends(lines, f"\n{kind}\t{name}\t".encode()))


def _ends(lines: bytes, wanted: bytes) -> Iterator[str]:
    """What follows ``wanted`` in the lines that begin so. They are in order and stay one text: a table of them would take 100 MB."""
    low, high = 0, len(lines) - 1
    while low < high:  # half of what is left falls away with each look
        begin = lines.rindex(b"\n", 0, (low + high) // 2 + 1)
        end = lines.index(b"\n", begin + 1)
        if lines[begin : end + 1] < wanted:
            low = end
        else:
            high = begin
    while lines.startswith(wanted, low):
        end = lines.index(b"\n", low + 1)
        yield lines[low + len(wanted) : end].decode()
        low = end


def kana_key(kana: str) -> str:
    """Katakana in which small and large ones are alike.

    >>> kana_key("ショウジ") == kana_key("シヨウジ")
    True
    """
    return kana.translate(_LARGE)


def latin_key(kana: str) -> str:
    """The Latin spelling of katakana under which all spellings agree.

    >>> latin_key("サトウ")
    'sato'
    """
    return romaji_key(romaji(kana))


@lru_cache(maxsize=2_048)
def latin_keys(kind: str, name: str) -> frozenset[str]:
    """Latin spellings of a family (``s``) or given name (``g``) in kanji, as keys; キヤン, as some lists write キャン, too."""
    kana = readings(kind, name)
    glided = (_GLIDE.sub(lambda large: chr(ord(large[0]) - 1), reading) for reading in kana)
    spelled = _abroad()[name][1] if kind == "s" and name in _abroad() else ()
    return frozenset((*(latin_key(reading) for reading in (*kana, *glided)), *map(romaji_key, spelled)))


def sounds_like(kind: str, name: str, kana: str) -> bool:
    """Whether katakana begin as some name of its kind does whose first character is that of this one: 佐渡 and サド, as 佐藤 is サトウ."""
    return kana[:1] in _first_sounds(kind, name[:1])


def sounds_like_in_latin(kind: str, name: str, latin: str) -> bool:
    """The same of Latin letters: 雪ノ下 and Yukinoshita."""
    return any(latin.startswith(latin_key(sound)) for sound in _first_sounds(kind, name[:1]))


@lru_cache(maxsize=512)
def _first_sounds(kind: str, character: str) -> frozenset[str]:
    begin = f"\n{kind}\t{character}".encode()
    lines = name_parts()
    sounds: set[str] = set()
    at = lines.find(begin)
    while at >= 0:
        end = lines.index(b"\n", at + 1)
        sounds.add(lines[at:end].decode().rpartition("\t")[2][:1])
        at = end if lines.startswith(begin, end) else -1
    return frozenset(sounds)


def is_given_sound(word: str) -> bool:
    """Whether one word in kana or Latin letters sounds as a given name does (as some towns do, too).

    >>> is_given_sound("ミホ"), is_given_sound("Hiroyasu"), is_given_sound("hiroyasu"), is_given_sound("Madoguchi")
    (True, True, False, False)
    """
    text = nfkc(word).strip()
    if text.isascii():
        return text.isalpha() and text.istitle() and text.lower() not in latin_words() and _is_latin_given(text)
    return katakana(text) in lexicon().given_readings


def _is_latin_given(word: str) -> bool:
    return romaji_key(word) in romaji_names()[2] or word.lower() in latin_given_names()


def could_be_read(reading: str, name: str) -> bool:
    """Whether a reading may be that of a name in kanji, as far as the lists know its family name."""
    text = modern_forms(nfkc(name)).strip()
    whole = (text, "") if text in lexicon().surnames else split_name(text)
    families = readings("s", whole[0]) if whole else frozenset()
    kana = katakana(nfkc(reading)).replace(" ", "")
    return not families or any(kana.startswith(family) for family in families)


def could_be_given(reading: str, name: str) -> bool:
    """Whether a reading may be that of a given name in kanji, as far as the lists know it."""
    known = readings("g", modern_forms(nfkc(name)).strip())
    return not known or katakana(nfkc(reading)).strip() in known
