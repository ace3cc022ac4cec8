"""The same name written once more: フリガナ, 口座名義, ローマ字氏名 in a form are the person whose name stands beside them.

In the rows of a table the columns decide (:mod:`piiscan.detect.tables`); here it
is the label. The hit keeps its value and gets the name's compared form, so that
one person is counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from piiscan.detect.names.families import is_family
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.spoken import could_be_read
from piiscan.detect.names.variants import name_norm
from piiscan.detect.normalize import nfkc
from piiscan.model import Hit

__all__ = ["CALLED", "is_reading", "readings_joined", "script_of"]

#: Why a given name is the row's person: it stands below 表示名, display_name.
CALLED = "what somebody is called"
_KANJI = re.compile(r"[㐀-鿿々\U00020000-\U0003ffff]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_FORMER = ("label 旧姓", "label 旧氏", "label 旧名")
#: Characters of （旧姓： and the like.
_BRACKET = 6
_FAMILY = re.compile(r"(?:^|[^男女同別旧])姓$|(?:^|[_. -])(?:sei|last_?name|family_?name|surname)$|^セイ$", re.IGNORECASE)
_GIVEN = re.compile(r"^名$|(?:^|[_. -])(?:mei|first_?name|given_?name)$|^メイ$", re.IGNORECASE)
_READING = re.compile(
    r"カナ|かな|フリガナ|ふりがな|よみ|ヨミ|読み|セイ|メイ|名義|ローマ字|英字|英文|英語|欧文|アルファベット|拼音|ピンイン|pinyin|kana|furigana|romaji|roman|english|holder|_(?:en|eng)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)  # asked of a document's names again and again
def script_of(name: str) -> str:
    """``kanji`` when any is in it, else ``kana`` or ``latin``."""
    plain = nfkc(name)
    return "kanji" if _KANJI.search(plain) else "kana" if _KANA.search(plain) else "latin"


def is_reading(label: str) -> bool:
    """Whether a label or header is one of a name's reading or other spelling."""
    return _READING.search(nfkc(label)) is not None


def _parts_joined(hits: Sequence[Hit]) -> Sequence[Hit]:
    """name_sei: 田中 and name_mei: 次郎, one behind the other, are one name."""
    people = [(i, hit, _part(hit)) for i, hit in enumerate(hits) if hit.entity == "PERSON"]
    out: list[Hit] | None = None
    taken = -1
    for (i, one, first), (j, other, second) in pairwise(people):
        if i == taken or ({first, second} != {"family", "given"} and not first == second == "either"):
            continue
        family, given = (other, one) if first == "given" else (one, other)
        norm = name_norm(f"{family.value} {given.value}")
        out = list(hits) if out is None else out
        out[i], out[j] = replace(one, norm=norm), replace(other, norm=norm)
        taken = j
    return hits if out is None else out


def _former_joined(hits: Sequence[Hit]) -> Sequence[Hit]:
    """堀之内 翔太（旧姓 八ッ橋） is one person: the former name has the compared form of the name before it."""
    out: list[Hit] | None = None
    people = [(i, hit) for i, hit in enumerate(hits) if hit.entity == "PERSON"]
    owner = former = -1
    for at, (i, hit) in enumerate(people):
        if owner >= 0 and any(reason.startswith(_FORMER) for reason in hit.why):
            out = list(hits) if out is None else out
            out[i] = replace(hit, norm=out[people[owner][0]].norm)
            former = at
        elif out is not None and former == at - 1 == owner + 1 and _goes_on(people[owner][1], people[former][1], hit):
            norm = name_norm(f"{people[owner][1].value} {hit.value}")
            for part in range(owner, at + 1):
                out[people[part][0]] = replace(out[people[part][0]], norm=norm)
        else:
            owner = at
    return hits if out is None else out


def _goes_on(family: Hit, former: Hit, given: Hit) -> bool:
    """Whether a name goes on behind the former one in its middle: 村上（旧姓 田中）由紀."""
    return (
        family.location == former.location == given.location
        and former.start - family.end <= _BRACKET
        and given.start - former.end == 1
        and given.value in lexicon().given
        and is_family(family.value)
        and not lexicon().surnames.get(given.value)
    )


def _labels(hit: Hit) -> list[str]:
    """The reasons that are labels."""
    return [reason for reason in hit.why if reason.startswith("label")]


def _part(hit: Hit) -> str:
    """Which part of a name its label says it is; ``either`` where it is one of two that stand in order, nothing for a whole name."""
    labels = _labels(hit)
    if (not labels and not hit.header) or any(gap in hit.value.strip() for gap in " \u3000"):
        return ""
    if "label 姓・名" in labels:
        return "either"
    label = nfkc(" ".join((hit.header, *(reason.removeprefix("label ").split(",")[0] for reason in labels)))).strip()
    return "family" if _FAMILY.search(label) else "given" if _GIVEN.search(label) else ""


def readings_joined(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits of a form or section; a name under the label of a reading has the compared form of the name before it (else after it)."""
    hits = _former_joined(_parts_joined(hits))
    names = [(i, hit) for i, hit in enumerate(hits) if hit.entity == "PERSON" and script_of(hit.value) == "kanji"]
    if not names:
        return tuple(hits)
    out = list(hits)
    for i, hit in enumerate(hits):
        if hit.entity != "PERSON" or script_of(hit.value) == "kanji":
            continue
        labels = _labels(hit)
        if (not labels and not hit.header) or not is_reading(" ".join((hit.header, *labels))):
            continue
        before = [name for at, name in names if at < i]
        # フリガナ stands above its name or below it: a name right before counts, else the first one behind
        close = before[-1] if before and hits.index(before[-1]) == i - 1 else next((name for at, name in names if at > i), None)
        owner = close or (before[-1] if before else names[0][1])
        if before and not _KANA.search(nfkc(hit.value)):
            owner = before[-1]  # a Latin spelling stands behind its name
        if _KANA.search(nfkc(hit.value)) and not could_be_read(hit.value, owner.value):
            foreign = next((other for other in reversed(hits[:i]) if other.entity == "PERSON"), None)
            if foreign is not None and script_of(foreign.value) == "latin":  # 氏名 Lê Minh Tuấn, カナ レ ミン トゥアン
                out[i] = replace(hit, norm=foreign.norm)
            continue  # 名義 キド サオリ（対応 大坂）: a person whose name in kanji does not stand here
        out[i] = replace(hit, norm=owner.norm)
    return tuple(out)
