"""The ways in which one name is written, and the form in which names are compared.

The compared form (``norm``): NFKC, no spaces and separators, old character forms folded to the ones of the 常用漢字表
(``recognizers/dictionaries/old_forms.tsv`` says which and which not), kana as katakana when the whole name is kana, Latin letters
in lower case with the parts in alphabetical order, so that ``YAMADA Taro`` and ``Taro Yamada`` are one person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from piiscan.detect.names.features import lexicon, rare_names
from piiscan.resources import recognizers_dir

__all__ = [
    "CAPITAL",
    "LATIN",
    "foreign_surnames",
    "katakana",
    "latin_given_names",
    "latin_words",
    "modern_forms",
    "name_norm",
    "no_persons",
    "rare_surnames",
    "romaji",
    "romaji_key",
    "romaji_names",
    "town_surnames",
    "without_accents",
    "without_selectors",
]

#: Latin letters, Vietnamese ones and combining accents too, as the inside of a character class; and those that may begin a name.
LATIN = r"A-Za-zÀ-ɏ\u0300-\u036fḀ-ỿ"
CAPITAL = r"A-ZÀ-ÞĀ-ɏḀ-ỿ"

_SEPARATORS = re.compile(r"[/\s・･,.=゠\-'’]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
#: In kanji and katakana, with blanks.
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fffァ-ヺー \u3000]+")
_HIRAGANA = re.compile("[ぁ-ゖ]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺーゝゞヽヾ]+")


@cache
def _old_forms() -> dict[int, str]:
    path = recognizers_dir() / "dictionaries" / "old_forms.tsv"
    pairs = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {ord(old): new for old, new in pairs}


@cache
def _old_signs() -> frozenset[str]:
    return frozenset(map(chr, _old_forms()))


def modern_forms(text: str) -> str:
    """Old character forms replaced one for one."""
    return text if _old_signs().isdisjoint(text) else text.translate(_old_forms())


def without_selectors(text: str) -> str:
    """Variation selectors (which glyph of a character) left out."""
    return _SELECTORS.sub("", text)


def without_accents(text: str) -> str:
    """Latin letters without their accents.

    >>> without_accents("Nguyễn Đức")
    'Nguyen Duc'
    """
    apart = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(ch for ch in apart if not unicodedata.combining(ch))


def katakana(text: str) -> str:
    """Hiragana as katakana, the rest as it is."""
    if not _HIRAGANA.search(text):
        return text
    return "".join(chr(ord(ch) + 0x60) if "ぁ" <= ch <= "ゖ" else ch for ch in text)


@lru_cache(maxsize=64)  # asked of a document's names again and again
def name_norm(name: str) -> str:
    """The compared form of a name.

    >>> name_norm("渡邉　太郎"), name_norm("ﾔﾏﾀﾞ ﾀﾛｳ"), name_norm("YAMADA Taro")
    ('渡辺太郎', 'ヤマダタロウ', 'taroyamada')
    """
    if _PLAIN_NAME.fullmatch(name):  # most are: NFKC leaves them as they are
        return modern_forms(name.replace(" ", "").replace("\u3000", ""))
    text = modern_forms(without_selectors(unicodedata.normalize("NFKC", name))).strip()
    parts = [part for part in _SEPARATORS.split(text) if part]
    if parts and all(part.isascii() for part in parts):
        return "".join(sorted(part.lower() for part in parts))
    joined = "".join(parts)
    return katakana(joined) if _KANA.fullmatch(joined) else joined


_SYLLABLES = {
    "キャ": "kya", "キュ": "kyu", "キョ": "kyo", "シャ": "sha", "シュ": "shu", "ショ": "sho", "チャ": "cha", "チュ": "chu", "チョ": "cho",
    "ニャ": "nya", "ニュ": "nyu", "ニョ": "nyo", "ヒャ": "hya", "ヒュ": "hyu", "ヒョ": "hyo", "ミャ": "mya", "ミュ": "myu", "ミョ": "myo",
    "リャ": "rya", "リュ": "ryu", "リョ": "ryo", "ギャ": "gya", "ギュ": "gyu", "ギョ": "gyo", "ジャ": "ja", "ジュ": "ju", "ジョ": "jo",
    "ビャ": "bya", "ビュ": "byu", "ビョ": "byo", "ピャ": "pya", "ピュ": "pyu", "ピョ": "pyo", "ジェ": "je", "チェ": "che", "シェ": "she",
    "ア": "a", "イ": "i", "ウ": "u", "エ": "e", "オ": "o", "カ": "ka", "キ": "ki", "ク": "ku", "ケ": "ke", "コ": "ko", "サ": "sa", "シ": "shi",
    "ス": "su", "セ": "se", "ソ": "so", "タ": "ta", "チ": "chi", "ツ": "tsu", "テ": "te", "ト": "to", "ナ": "na", "ニ": "ni", "ヌ": "nu",
    "ネ": "ne", "ノ": "no", "ハ": "ha", "ヒ": "hi", "フ": "fu", "ヘ": "he", "ホ": "ho", "マ": "ma", "ミ": "mi", "ム": "mu", "メ": "me",
    "モ": "mo", "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ラ": "ra", "リ": "ri", "ル": "ru", "レ": "re", "ロ": "ro", "ワ": "wa", "ヲ": "o",
    "ン": "n", "ガ": "ga", "ギ": "gi", "グ": "gu", "ゲ": "ge", "ゴ": "go", "ザ": "za", "ジ": "ji", "ズ": "zu", "ゼ": "ze", "ゾ": "zo",
    "ダ": "da", "ヂ": "ji", "ヅ": "zu", "デ": "de", "ド": "do", "バ": "ba", "ビ": "bi", "ブ": "bu", "ベ": "be", "ボ": "bo", "パ": "pa",
    "ピ": "pi", "プ": "pu", "ペ": "pe", "ポ": "po", "ヴ": "vu",
}  # fmt: skip


#: What :func:`romaji` writes syllable by syllable.
_PLAIN = re.compile("(?:" + "|".join(_SYLLABLES) + ")+")


def romaji(kana: str) -> str:
    """Katakana in Hepburn letters, long vowels written out.

    >>> romaji("イットウ"), romaji("ショウジ")
    ('ittou', 'shouji')
    """
    out = ""
    double = False
    i = 0
    while i < len(kana):
        if kana[i] == "ッ":
            double = True
            i += 1
            continue
        step = 2 if kana[i : i + 2] in _SYLLABLES else 1
        sound = _SYLLABLES.get(kana[i : i + step], out[-1:] if kana[i] == "ー" else "")
        i += step
        if double and sound:
            sound = ("t" if sound.startswith("ch") else sound[0]) + sound
            double = False
        out += sound
    return out


_SPELLINGS = (("si", "shi"), ("sy", "sh"), ("tu", "tsu"), ("ti", "chi"), ("ty", "ch"), ("hu", "fu"), ("zy", "j"), ("zi", "ji"), ("jy", "j"), ("cch", "tch"), ("mb", "nb"), ("mp", "np"), ("mm", "nm"))  # fmt: skip


_TU, _OH, _LONG_O = re.compile("(?<!t)tu"), re.compile("oh(?![aiueo])"), re.compile("ou|oo")


def romaji_key(word: str) -> str:
    """A spelling under which Hepburn, Kunrei and passport spellings of a name agree (``Sato``, ``Satou``, ``SATOH``)."""
    key = word.lower().replace("ō", "o").replace("ū", "u").replace("-", "").replace("'", "")
    for other, hepburn in _SPELLINGS:
        if other in key:
            key = key.replace(other, hepburn) if other != "tu" else _TU.sub("tsu", key)
    key = _OH.sub("o", key) if "oh" in key else key
    return _LONG_O.sub("o", key).replace("uu", "u")


def _romaji_keys(readings: Iterable[str]) -> set[str]:
    """``romaji_key(romaji(kana))`` of many at once: all that are plain syllables are one text, as one by one takes ten times as long."""
    plain: list[str] = []
    others: list[str] = []
    for kana in readings:
        (plain if _PLAIN.fullmatch(kana) else others).append(kana)
    text = "\n".join(plain)
    for syllable, sound in _SYLLABLES.items():  # those of two characters come first
        text = text.replace(syllable, sound)
    return set(romaji_key(text).split("\n")).union(romaji_key(romaji(kana)) for kana in others)


@cache
def romaji_names() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """``(frequent surnames, all surnames, given names)`` as :func:`romaji_key`; made when first asked for."""
    lex = lexicon()
    frequent = _romaji_keys(lex.common_surname_readings)
    surnames = _romaji_keys(lex.surname_readings)
    given = _romaji_keys(lex.given_readings)
    return frozenset(frequent - {""}), frozenset(surnames - {""}), frozenset(name for name in given if len(name) > 1)


@cache
def latin_given_names() -> frozenset[str]:
    """Frequent given names of the world in Latin letters, lower case."""
    return _words("latin_given_names.txt")


@cache
def latin_words() -> frozenset[str]:
    """English words that could be read as Japanese names, lower case."""
    return _words("latin_words.txt")


@cache
def foreign_surnames() -> frozenset[str]:
    """Family names of people from abroad: one kanji, or Latin letters in lower case without accents."""
    return _words("foreign_surnames.txt")


@cache
def rare_surnames() -> frozenset[str]:
    """Family names in kanji that neither list of the model has: of JMnedict, and some that it has not, or has for towns first of all."""
    return _words("rare_surnames.txt") | rare_names("s") | rare_names("p")


@cache
def town_surnames() -> frozenset[str]:
    """Those of them that are towns first of all: 五反田, not 大豆生田."""
    return rare_names("p") - _words("rare_surnames.txt")


@cache
def no_persons() -> frozenset[str]:
    """Words that are no person, though made of parts of names."""
    return _words("no_persons.txt")


def _words(name: str) -> frozenset[str]:
    text = (recognizers_dir() / "dictionaries" / name).read_text(encoding="utf-8")
    return frozenset(word.lower() for line in text.splitlines() if not line.startswith("#") for word in line.split())
