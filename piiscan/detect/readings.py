"""The same name written once more: フリガナ, 口座名義, ローマ字氏名 in a form are the person whose name stands beside them.

In the rows of a table the columns decide (:mod:`piiscan.detect.tables`); here it
is the label. The hit keeps its value and gets the name's compared form, so that
one person is counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from piiscan.detect.names.spoken import could_be_read
from piiscan.detect.normalize import nfkc
from piiscan.model import Hit

__all__ = ["is_reading", "readings_joined", "script_of"]

_KANJI = re.compile(r"[㐀-鿿々\U00020000-\U0003ffff]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_READING = re.compile(
    r"カナ|かな|フリガナ|ふりがな|よみ|ヨミ|読み|セイ|メイ|名義|ローマ字|英字|英文|英語|欧文|アルファベット|kana|furigana|romaji|roman|english|holder",
    re.IGNORECASE,
)


def script_of(name: str) -> str:
    """``kanji`` when any is in it, else ``kana`` or ``latin``."""
    plain = nfkc(name)
    return "kanji" if _KANJI.search(plain) else "kana" if _KANA.search(plain) else "latin"


def is_reading(label: str) -> bool:
    """Whether a label or header is one of a name's reading or other spelling."""
    return _READING.search(nfkc(label)) is not None


def readings_joined(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits of a form or section; a name under the label of a reading has the compared form of the name before it (else after it)."""
    names = [(i, hit) for i, hit in enumerate(hits) if hit.entity == "PERSON" and script_of(hit.value) == "kanji"]
    if not names:
        return tuple(hits)
    out = list(hits)
    for i, hit in enumerate(hits):
        if hit.entity != "PERSON" or script_of(hit.value) == "kanji":
            continue
        if not is_reading(" ".join((hit.header, *(reason for reason in hit.why if reason.startswith("label"))))):
            continue
        before = [name for at, name in names if at < i]
        # フリガナ stands above its name or below it: a name right before counts, else the first one behind
        close = before[-1] if before and hits.index(before[-1]) == i - 1 else next((name for at, name in names if at > i), None)
        owner = close or (before[-1] if before else names[0][1])
        if before and not _KANA.search(nfkc(hit.value)):
            owner = before[-1]  # a Latin spelling stands behind its name
        if _KANA.search(nfkc(hit.value)) and not could_be_read(hit.value, owner.value):
            continue  # 名義 キド サオリ（対応 大坂）: a person whose name in kanji does not stand here
        out[i] = replace(hit, norm=owner.norm)
    return tuple(out)
