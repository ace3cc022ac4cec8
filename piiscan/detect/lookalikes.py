"""What OCR confuses: characters that look alike, put right where their surroundings decide.

Letters and digits, katakana and kanji, the long vowel and the number one. One
character for one, so every offset still points into the text that was read.
"""

from __future__ import annotations

import re

from piiscan.detect.names.features import lexicon

__all__ = ["mend_ocr"]

_DIGIT_LIKE = {"O": "0", "o": "0", "〇": "0", "○": "0", "Ｏ": "0", "l": "1", "I": "1", "|": "1", "ｌ": "1", "Ｉ": "1"}
#: Only with a digit on either side: S50 is a year of 昭和, B1 a floor.
_DIGIT_LIKE_INSIDE = {"D": "0", "Q": "0", "!": "1", "S": "5", "s": "5", "B": "8", "Z": "2", "z": "2", "b": "6", "g": "9", "q": "9"}
#: Kanji and signs that look like katakana, and what they are between katakana.
_KATAKANA_LIKE = {"夕": "タ", "一": "ー", "—": "ー", "―": "ー", "－": "ー", "─": "ー", "力": "カ", "口": "ロ", "二": "ニ", "工": "エ", "卜": "ト", "八": "ハ",
                  "千": "チ", "三": "ミ", "才": "オ", "又": "ヌ", "了": "ア", "へ": "ヘ", "べ": "ベ", "ぺ": "ペ", "り": "リ", "丿": "ノ", "冫": "ン", "厶": "ム"}  # fmt: skip
#: Katakana that look like kanji, and what they are between kanji.
_KANJI_LIKE = {"ー": "一", "—": "一", "―": "一", "─": "一", "タ": "夕", "ロ": "口", "ニ": "二", "エ": "工", "ハ": "八", "ミ": "三"}
# Signs that may be a number, between what belongs to no word.
_NUMBER_LIKE = re.compile(
    r"(?<![0-9A-Za-z@._])[0-9OoＯ〇○DQlIｌＩ|!SsBZzbgq]+(?:[-ー‐−–() .][0-9OoＯ〇○DQlIｌＩ|!SsBZzbgq]+)*(?![0-9A-Za-z@_])"
)
_POSTAL_LIKE = re.compile(r"[テデ干千亍〶〒丁チ](?=\s?[0-9]{3}-[0-9]{4}(?![0-9]))")
#: カタヤマーカズコ: a reading whose blank was taken for a long vowel.
_READING = re.compile(r"(?<![ァ-ヴー])(?P<family>[ァ-ヴ]{2,6})ー(?P<given>[ァ-ヴ]{2,6})(?![ァ-ヴー])")
_KATAKANA = re.compile(r"[ァ-ヴヵヶ・ー]")
_KANJI = re.compile(r"[々㐀-鿿豈-﫿]")


def mend_ocr(text: str) -> str:
    """``text`` as OCR saw it, with the look-alikes that its surroundings decide put right; the same length, so the same offsets.

    In a number letters become digits, between katakana kanji become katakana, between kanji the other way round, and
    what stands before a postal code is its mark. Where the surroundings say nothing, nothing changes.

    >>> mend_ocr("山田健ー　ヤマ夕　電話O9O-l234-5678　デ100-0001")
    '山田健一　ヤマタ　電話090-1234-5678　〒100-0001'
    """
    text = _NUMBER_LIKE.sub(_number, text)
    text = _READING.sub(_parted, text) if "ー" in text else text
    text = _POSTAL_LIKE.sub("〒", text)
    out = list(text)
    last = len(out) - 1
    for i, sign in enumerate(out):
        if sign in _KATAKANA_LIKE:
            before = i > 0 and _KATAKANA.match(out[i - 1])
            after = i < last and _KATAKANA.match(out[i + 1])
            edge = i == last or not _KANJI.match(out[i + 1])
            at_end = edge and out[i - 1] != "ー" and sign not in "千三才又了八"  # these end a word as kanji too
            if before and (after or at_end):
                out[i] = _KATAKANA_LIKE[sign]
        if out[i] in _KANJI_LIKE and not (i < last and _KATAKANA.match(out[i + 1])) and not (i > 0 and _KATAKANA.match(out[i - 1])):
            before = i > 0 and _KANJI.match(out[i - 1])
            after = i < last and _KANJI.match(out[i + 1])
            if (before and after) or (after and out[i] in "タロニエハミ") or (before and out[i] in "ー—―─タロニエハ"):
                out[i] = _KANJI_LIKE[out[i]]
    return "".join(out)


def _number(match: re.Match[str]) -> str:
    """A match of number-like signs, where digits prevail."""
    found = match.group()
    digits = sum(sign.isdigit() for sign in found)
    if digits < 3 or sum(sign in _DIGIT_LIKE or sign in _DIGIT_LIKE_INSIDE for sign in found) > digits:
        return found
    out = [_DIGIT_LIKE.get(sign, sign) for sign in found]
    for i in range(1, len(out) - 1):
        if out[i] in _DIGIT_LIKE_INSIDE and (out[i - 1].isdigit() or out[i - 1] == "-") and out[i + 1].isdigit():
            out[i] = _DIGIT_LIKE_INSIDE[out[i]]
    return "".join(out)


def _parted(match: re.Match[str]) -> str:
    """Both parts of a reading with a blank between them, where lists know them as such."""
    lists = lexicon()
    if match["family"] in lists.common_surname_readings and match["given"] in lists.given_readings:
        return f"{match['family']}\u3000{match['given']}"
    return match[0]
