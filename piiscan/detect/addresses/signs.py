"""Characters and gaps that several parts of an address share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["ENDINGS", "GAP", "HIRAGANA", "KANJI", "KANJI_DIGITS", "LOT_LETTERS", "SPACES", "TOWN_RUN", "any_of"]

#: Spaces or one line break between two parts.
GAP: Final = re.compile(r" {0,3}(?:\r?[\n\x0b] {0,8})?")
SPACES: Final = re.compile(r" {0,3}")
KANJI_DIGITS: Final = "〇零一二三四五六七八九十百千壱弐参廿卅"
#: Lot letters: 甲1234番地, 12番地ロ.
LOT_LETTERS: Final = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥イロハニホヘトチリヌルヲ"
HIRAGANA: Final = re.compile(r"[ぁ-ん]")
KANJI: Final = re.compile(r"[一-龥々]")
#: What the name of a town before a number is written in.
TOWN_RUN: Final = re.compile(r"[一-龥々〆〇ぁ-んァ-ヺーヶヵﾟｦ-ﾝ0-9０-９A-Z]{0,26}")
#: What an address may end before.
ENDINGS: Final = frozenset(" \t\r\n\x0b、。，．・,.;:；：()（）「」『』【】[]〔〕<>〈〉《》|｜/／\"'”’“‘!?！？…→←↑↓※★●■◆○◎*#&+=~^_`$@\\{}")


def any_of(words: Iterable[str]) -> str:
    """An expression for any of some words, the longest first."""
    return "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))
