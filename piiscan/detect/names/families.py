"""Whether a word is somebody's family name: how sure that must be depends on what stands around it.

What the word stands in decides which question to ask; from the narrow ones to the wide:

=============================  ==================================================================  =======================  ==================
question                       a family name …                                                     yes                      no
=============================  ==================================================================  =======================  ==================
:func:`is_borne_by`            that so many bear                                                   佐藤, 髙橋               轟, 奥, 大阪
:func:`is_family_by_itself`    that many bear, or that is no place: no sign need stand before it   佐藤, 轟, 雪ノ下         出雲, 空
:func:`is_family`              that people bear, or that is taken for one by its form              佐藤, 轟, 出雲, 王       五反田, 空, 大阪
:func:`is_listed_family`       of several characters, on any list and no word                      御手洗, 五反田           林, 出雲, 大阪
:func:`is_family_or_rare`      that people bear, or a rare one of several characters               出雲, 五反田             三ツ矢, 大阪
:func:`is_family_or_place`     of several characters, on any list, though perhaps a town           御手洗, 出雲, 五反田     林, 関西, 大阪
:func:`is_family_at_all`       known as one at all, where only somebody can stand                  出雲, 雪ノ下             五反田, 奥, 大阪
:func:`is_family_among_names`  known as one at all, where others are named                         出雲, 台                 雪ノ下, 空, 大阪
:func:`may_be_family`          known as one at all, or a town, where most others are names         佐藤, 台, 岐阜           関西, 空
=============================  ==================================================================  =======================  ==================

:func:`is_never_given` tells those that stand for no given name, :func:`is_place`, :func:`is_prefecture` and :func:`is_plain_word`
what else a word is. Where whole names count as well, ask :func:`piiscan.detect.names.cells.judge`.
"""

from __future__ import annotations

from typing import Final

from piiscan.detect.gazetteer import gazetteer
from piiscan.detect.names.cells import judge
from piiscan.detect.names.features import lexicon, word_tokenizer
from piiscan.detect.names.variants import foreign_surnames, modern_forms, rare_surnames
from piiscan.detect.names.words import name_words
from piiscan.detect.names.writing import BRIDGED, is_in_dictionary

__all__ = [
    "bearers",
    "is_borne_by",
    "is_family",
    "is_family_among_names",
    "is_family_at_all",
    "is_family_by_itself",
    "is_family_or_place",
    "is_family_or_rare",
    "is_listed_family",
    "is_never_given",
    "is_place",
    "is_plain_word",
    "is_prefecture",
    "may_be_family",
]

_PLACE_WORDS: Final = "地名"
#: What :func:`judge` says of what is nobody's name.
_WORDS: Final = frozenset(("a word", "no person"))
#: A family name that may stand by itself, though it is a place too, has so many bearers.
_MANY: Final = 5_000
#: What stands in a plan where nobody sits or works, though names are written with it: 空.
_NOBODYS_SEAT: Final = frozenset("空休欠無有済未可否夜日早遅")
#: Towns that are family names as well have so many characters.
_TOWN: Final = 2
#: Parts of the country, of which departments and branches are called.
_REGIONS: Final = frozenset(
    "関西 関東 東北 北陸 東海 中部 近畿 中国 四国 九州 東日本 西日本 首都 甲信 信越 南関東 北関東".split()  # noqa: SIM905 -- as a reader reads it
)


def bearers(name: str) -> int:
    """How many bear a family name, as it is written or in modern characters; 0 for what is none, or is said of nobody.

    >>> bearers("髙橋") == bearers("高橋") > 1_000_000, bearers("轟"), bearers("奥"), bearers("大阪")
    (True, 0, 0, 0)
    """
    lex = lexicon()
    if name in lex.not_names or name in name_words().nobody:
        return 0
    return max(lex.surnames.get(name, 0), lex.surnames.get(modern_forms(name), 0))


def is_borne_by(name: str, several: int, of_one: int) -> bool:
    """Whether so many bear a family name of several characters, or of one, which is a word more often.

    >>> is_borne_by("有賀", 10_000, 30_000), is_borne_by("東", 10_000, 30_000), is_borne_by("中", 10_000, 30_000)
    (True, True, False)
    """
    return bearers(name) >= (several if len(name) > 1 else of_one)


def is_family(name: str) -> bool:
    """Whether a word is on the list of family names that people bear, or is taken for one.

    >>> [name for name in ("佐藤", "轟", "出雲", "三ツ矢", "グエン", "五反田", "空", "大阪") if is_family(name)]
    ['佐藤', '轟', '出雲', '三ツ矢', 'グエン']
    """
    if name in foreign_surnames():
        return True
    bearers = lexicon().surnames.get(name) or lexicon().surnames.get(modern_forms(name))
    judged = judge(name)
    if len(name) == 1 and not bearers:
        return judged.why == "one surname"  # 轟; 有, 可 are given names, and more often words
    return bool(bearers) or judged.score >= (0.4 if bearers is None or len(name) == 1 else 0.2)


def is_listed_family(name: str) -> bool:
    """Whether a word of several characters is on a list of family names, however few bear it, and hardly anything else.

    >>> [name for name in ("佐藤", "御手洗", "五反田", "林", "出雲", "大阪") if is_listed_family(name)]
    ['佐藤', '御手洗', '五反田']
    """
    return _is_on_a_list(name) and judge(name).why not in _WORDS


def is_family_or_place(name: str) -> bool:
    """Whether a word of several characters is on a list of family names and no common word, though perhaps a town as well.

    Where nothing but somebody can stand, that is enough.

    >>> [name for name in ("御手洗", "小金井", "出雲", "林", "関西", "大阪") if is_family_or_place(name)]
    ['御手洗', '小金井', '出雲']
    """
    return _is_on_a_list(name) and (judge(name).why not in _WORDS or (is_place(name) and not is_prefecture(name)))


def _is_on_a_list(name: str) -> bool:
    """Whether a word of several characters is on any list of family names, as it is written, and not said of nobody."""
    return (
        len(name) > 1
        and (name in lexicon().surnames or name in rare_surnames())
        and name not in lexicon().not_names
        and name not in name_words().nobody
        and name not in _REGIONS
    )


def is_family_or_rare(name: str) -> bool:
    """Whether a word is a family name that people bear, or one of several characters that few bear, which may be a town.

    >>> [name for name in ("佐藤", "出雲", "五反田", "三ツ矢", "大阪") if is_family_or_rare(name)]
    ['佐藤', '出雲', '五反田']
    """
    return is_family(name) if name in lexicon().surnames else name in rare_surnames() and is_family_or_place(name)


def is_family_at_all(name: str) -> bool:
    """Whether a word is known as a family name at all, and is no unit: enough where only somebody can stand.

    >>> [name for name in ("轟", "佐渡", "大豆生田", "雪ノ下", "経理", "済", "大阪") if is_family_at_all(name)]
    ['轟', '佐渡', '大豆生田', '雪ノ下']
    """
    if name in name_words().nobody or name in name_words().unit:
        return False
    return is_family(name) or (len(name) > 1 and (modern_forms(name) in lexicon().surnames or BRIDGED.fullmatch(name) is not None))


def is_family_among_names(name: str) -> bool:
    """Whether a word may be a family name where others are named: on the lists at all, however rare, and no free seat.

    >>> [name for name in ("佐藤", "台", "佐渡", "空", "奥", "大阪") if is_family_among_names(name)]
    ['佐藤', '台', '佐渡']
    """
    lex = lexicon()
    if name in _NOBODYS_SEAT:
        return False
    return name not in lex.not_names and name not in name_words().nobody and (is_family(name) or modern_forms(name) in lex.surnames)


def may_be_family(name: str) -> bool:
    """Whether a word is known as a family name at all, or is a town or prefecture of two characters, as some are called: enough where most others are names.

    >>> [name for name in ("佐藤", "台", "岐阜", "浜松", "関西", "合計", "空") if may_be_family(name)]
    ['佐藤', '台', '岐阜', '浜松']
    """
    return is_family_among_names(name) or (
        len(name) == _TOWN and name not in _REGIONS and name not in name_words().nobody and is_place(name)
    )


def is_family_by_itself(name: str) -> bool:
    """Whether a word is a family name that many bear, or one that is hardly a word or place: enough where no sign stands before it.

    >>> [name for name in ("佐藤", "轟", "雪ノ下", "黄", "千葉", "出雲", "空") if is_family_by_itself(name)]
    ['佐藤', '轟', '雪ノ下', '黄', '千葉']
    """
    if BRIDGED.fullmatch(name) or name in foreign_surnames():
        return True
    if judge(name).why == "one surname" and name not in name_words().nobody and not is_place(name):
        return True
    if not is_family_at_all(name) or not is_family(name):
        return False
    known = lexicon().surnames
    return max(known.get(name, 0), known.get(modern_forms(name), 0)) >= _MANY or (len(name) > 1 and not is_place(name))


def is_never_given(name: str) -> bool:
    """Whether a word is a family name that hardly anybody has as a given one.

    >>> [name for name in ("佐藤", "黒川", "林", "森", "瞳", "大阪") if is_never_given(name)]
    ['佐藤', '黒川', '林']
    """
    modern, lex = modern_forms(name), lexicon()
    return (modern in lex.surnames or modern in lex.foreign) and not lex.given.get(modern)


def is_plain_word(text: str) -> bool:
    """Whether the dictionary has a text as one word that is nobody's name.

    >>> is_plain_word("オッケー"), is_plain_word("マリア"), is_plain_word("ラジェシュ")
    (True, False, False)
    """
    tokens = word_tokenizer().tokenize(text)
    return len(tokens) == 1 and is_in_dictionary(tokens[0]) and tokens[0].part_of_speech()[2] != "人名"


def is_place(name: str) -> bool:
    """Whether the dictionary knows a word as a place, alone or before 市.

    >>> is_place("福島"), is_place("小金井"), is_place("佐藤")
    (True, True, False)
    """
    return any(word_tokenizer().tokenize(word)[0].part_of_speech()[2] == _PLACE_WORDS for word in (name, f"{name}市"))


def is_prefecture(name: str) -> bool:
    """Whether a prefecture's name begins so.

    >>> is_prefecture("福島"), is_prefecture("出雲")
    (True, False)
    """
    return any(prefecture.startswith(name) for prefecture in gazetteer().prefectures)
