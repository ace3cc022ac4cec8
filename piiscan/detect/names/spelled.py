"""Whether Latin letters are those of a name in kanji or in katakana: Yamada, 山田; Johnson, ジョンソン."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from piiscan.detect.names.features import lexicon
from piiscan.detect.names.spoken import PARTS, latin_key, latin_keys, split_name
from piiscan.detect.names.variants import name_norm, romaji, romaji_key, romaji_names
from piiscan.detect.normalize import nfkc

__all__ = ["as_abroad", "could_be_spelled", "shortened", "sounds_abroad"]

#: Letters of names of other countries, and those that katakana write alike.
_SPELLED_ALIKE = {
    "ch": "c", "sh": "s", "sch": "s", "th": "s", "ph": "h", "gh": "", "ck": "k", "ce": "se", "ci": "si", "cy": "sy", "c": "k", "q": "k", "x": "ks", "l": "r", "rr": "r", "ll": "r",
    "ss": "s", "nn": "n", "tt": "t", "mm": "m", "v": "b", "f": "h", "j": "j", "zy": "j", "ts": "t", "tz": "t", "z": "s", "y": "", "w": "", "dge": "j",
}  # fmt: skip
_ABROAD = re.compile("|".join(sorted(map(re.escape, _SPELLED_ALIKE), key=len, reverse=True)))
_VOWELS = re.compile(r"[aeiouh]")
#: Miller is ミラー.
_LAST_R = re.compile(r"(?<=[aeiou])r+$")
#: Thomas is トーマス, Shrestha シュレスタ, Huong フオン, Nguyen グエン; デウィ・アングライニ keeps her グ.
_BEFORE_ALL = re.compile(r"(?<=^t)h|(?<=st)h|^n(?=g)|(?<=n)g(?![aeiou])")
_TWICE = re.compile(r"(.)\1+")
#: So many consonants tell somebody from others.
_CONSONANTS: Final = 4
_TWO_PARTS: Final = 2


def could_be_spelled(latin: str, name: str) -> bool:
    """Whether Latin letters may be those of a name in kanji, as far as the lists know how its family name is read."""
    text = name_norm(name)
    whole = (text, "") if text in lexicon().surnames else split_name(name)
    families = latin_keys("s", whole[0]) if whole else frozenset()
    return not families or any(romaji_key(part) in families for part in PARTS.split(nfkc(latin)) if part)


def shortened(latin: str) -> str:
    """Latin letters without the vowel that katakana put behind a consonant at the end: Kim is キム."""
    return latin.removesuffix("u").removesuffix("o")


def as_abroad(kana: str) -> str:
    """Katakana as :func:`shortened` Latin letters: キム is kim."""
    return shortened(latin_key(kana))


def sounds_abroad(kana: Sequence[str], latin: Sequence[str]) -> bool:
    """Whether each part of a name in katakana has the consonants of a part of one in Latin letters, as far as katakana keep them apart:
    ジョンソン and Johnson, シルバ and Silva, スミス and Smith. Japanese names need their vowels (Nakamura, Nakamori), and one part of two
    consonants says too little.
    """
    _, families, given = romaji_names()
    sounds = [_consonants(romaji(part)) for part in kana]
    others = {_consonants(part): part for part in latin}
    spelled = [[_consonants(part) for part in latin], [_consonants(_LAST_R.sub("", part)) for part in latin]]
    if len(sounds) > 1 and sum(map(len, sounds)) >= _CONSONANTS and any(_sounds_on(sounds, parts) for parts in spelled):
        return any(part not in families and part not in given for part in latin)
    if (len(sounds) == 1 and len(sounds[0]) < 3) or len(set(sounds)) < len(sounds) or not all(sound in others for sound in sounds):
        return False
    return any(others[sound] not in families and others[sound] not in given for sound in sounds)


def _sounds_on(kana: Sequence[str], latin: Sequence[str]) -> bool:
    """Whether consonants are the same however the parts are cut and whichever stands first: デラクルス, DELA CRUZ; ミュラー・トーマス,
    Thomas Mueller. Of three parts in katakana the first may be missing (レー・ヴァン・クオン, VAN CUONG).
    """
    whole = "".join(kana)
    turned = {"".join((*latin[i:], *latin[:i])) for i in range(len(latin))}
    return whole in turned or (len(kana) == len(latin) + 1 > _TWO_PARTS and list(kana[1:]) == list(latin))


@lru_cache(maxsize=512)
def _consonants(latin: str) -> str:
    """The consonants of Latin letters, those alike that katakana do not tell apart; the first letter also when it is a vowel."""
    text = _ABROAD.sub(lambda match: _SPELLED_ALIKE[match.group()], _BEFORE_ALL.sub("", latin.lower()))
    return text[:1] + _TWICE.sub(r"\1", _VOWELS.sub("", text[1:]))
