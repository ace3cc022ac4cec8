"""The names of one document: which of them are the same person's, and where a known name stands once more.

A document names somebody in full once and then by the family name, in kana or in Latin letters (山田 太郎, 山田様, ヤマダ タロウ, Taro Yamada). A hit keeps its
value; its compared form becomes that of the full name, where exactly one full name of the document fits, so that one person is counted.

A name that is surely one (labelled, with a title, whole) is found again where the model alone would not see it: 大豆生田より報告.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import norm_of, result, why_of
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.spoken import PARTS, readings, split_name
from piiscan.detect.names.variants import katakana, name_norm, romaji, romaji_key
from piiscan.detect.normalize import nfkc
from piiscan.detect.readings import script_of
from piiscan.model import Hit

__all__ = ["SameNames", "one_person_each"]

#: Full names that are remembered of a document; a longer list is no letter.
_MOST = 300
#: Names looked for once more.
_ECHOED = 60
_SURE = 0.85
#: No family or given name in kanji alone is longer (オブライエン is one in katakana).
_ALONE = 6
_ECHO = 0.8
_INSIDE = re.compile(r"[々〆ヶ㐀-鿿豈-﫿ァ-ヺーA-Za-zÀ-ɏ0-9０-９@_]")
#: What may stand right behind a family name of one character when it is one.
_AFTER_SINGLE = re.compile(r"[ \u3000]{0,2}(?:$|[\n\t、。:：)）>,]|さん|様|氏|殿|先生|より|です)")
_BEFORE_SINGLE = frozenset("\n\t 　、。(（「:：→・>")


class SameNames:
    """The full names of a document."""

    def __init__(self) -> None:
        self._wholes: dict[str, tuple[str, str]] = {}
        self._latin: dict[str, list[str]] = {}
        self._kana: dict[str, list[str]] = {}
        self._families: dict[str, set[str]] = {}
        self._givens: dict[str, set[str]] = {}
        self._echoed: dict[str, str] = {}

    # --------------------------------------------------------------- one person

    def learn(self, hits: Iterable[Hit]) -> None:
        """Remember the full names in kanji among some hits."""
        for hit in hits:
            if hit.entity != "PERSON" or len(self._wholes) + len(self._latin) + len(self._kana) >= _MOST or hit.norm in self._wholes:
                continue
            if script_of(hit.value) != "kanji":
                parts = [part for part in PARTS.split(nfkc(hit.value)) if part]
                if len(parts) == 2 and script_of(hit.value) == "latin" and name_norm(hit.value) == hit.norm:
                    self._latin.setdefault(hit.norm, [romaji_key(part) for part in parts])
                elif len(parts) >= 2 and script_of(hit.value) == "kana":  # グエン・ヴァン・アン, then グエンさん
                    self._kana.setdefault(hit.norm, [katakana(part) for part in parts])
                continue
            if name_norm(hit.value) == hit.norm:
                whole = split_name(hit.value)
                if whole and whole[1] and hit.norm not in lexicon().surnames:
                    self._wholes[hit.norm] = whole
                    self._families.setdefault(whole[0], set()).add(hit.norm)
                    self._givens.setdefault(whole[1], set()).add(hit.norm)

    def only_family(self) -> str | None:
        """The family name, where there is one full name in kanji."""
        return next(iter(self._wholes.values()))[0] if len(self._wholes) == 1 else None

    def joined(self, hits: Sequence[Hit], *, spoken: bool = True) -> tuple[Hit, ...]:
        """The hits, each name with the compared form of the one full name that it fits.

        :param spoken: also by readings and Latin spellings; in rows of a table the columns say whose these are.
        """
        if not self._wholes and not self._latin and not self._kana:
            return tuple(hits)
        return tuple(self._joined(hit, spoken) if hit.entity == "PERSON" and hit.norm not in self._wholes else hit for hit in hits)

    def _joined(self, hit: Hit, spoken: bool) -> Hit:
        script = script_of(hit.value)
        if not spoken and (script == "latin" or not self._kana) and script != "kanji":
            return hit
        if script == "kanji":
            fitting = self._families.get(hit.norm, set()) or self._givens.get(hit.norm, set())
            if not fitting and self._latin and hit.norm in lexicon().surnames:  # 山田様 in a mail of Taro Yamada
                keys = {romaji_key(romaji(kana)) for kana in readings("s", hit.norm)}
                fitting = {norm for norm, parts in self._latin.items() if keys.intersection(parts)}
        else:
            parts = [part for part in PARTS.split(nfkc(hit.value)) if part]
            if script == "kana":
                kana = [katakana(part) for part in parts]
                fitting = {norm for norm, whole in self._wholes.items() if self._same_kana(kana, whole)}
            else:
                fitting = {norm for norm, whole in self._wholes.items() if self._same_latin(parts, whole)}
            if not fitting and len(parts) == 1:
                fitting = {norm for norm, whole in self._kana.items() if katakana(parts[0]) == whole[0]}
            if not fitting and len(parts) == 1 and script == "latin" and hit.norm not in self._latin:  # Ms. Sato after Hanako Sato
                fitting = {norm for norm, keys in self._latin.items() if romaji_key(parts[0]) in keys}
        return replace(hit, norm=next(iter(fitting))) if len(fitting) == 1 else hit

    @staticmethod
    def _same_kana(kana: Sequence[str], whole: tuple[str, str]) -> bool:
        families = readings("s", whole[0])
        if len(kana) == 2:
            return kana[0] in families and kana[1] in (readings("g", whole[1]) or kana)  # a given name that no list can read
        if kana[0] in families:
            return True
        if not kana[0].startswith(tuple(families)):
            return False
        return any(kana[0].startswith(family) and kana[0][len(family) :] in readings("g", whole[1]) for family in families)

    @staticmethod
    def _same_latin(parts: Sequence[str], whole: tuple[str, str]) -> bool:
        if len(parts) != 2:
            return False
        keys = [romaji_key(part) for part in parts]
        for family, given in (keys, keys[::-1]):
            if family in {romaji_key(romaji(kana)) for kana in readings("s", whole[0])}:
                return given in {romaji_key(romaji(kana)) for kana in readings("g", whole[1])}
        return False

    # ------------------------------------------------------------------- echoes

    def echoes(self, text: str, found: Sequence[RecognizerResult]) -> list[RecognizerResult]:
        """The names of ``found`` that are sure, and those of the text before, wherever else they stand in this text."""
        names = [r for r in found if r.entity_type == "PERSON" and r.score >= 0.5]
        for name in names:
            if len(self._echoed) < _ECHOED and name.score >= _SURE and _is_sure(name):
                value = text[name.start : name.end]
                self._echoed.setdefault(value, norm_of(name))
                parts = [part for part in PARTS.split(value) if part]
                if len(parts) == 2 and script_of(value) == "kanji":
                    self._echoed.setdefault(parts[0], name_norm(parts[0]))
        if not self._echoed:
            return []
        taken = sorted((r.start, r.end) for r in found if r.score >= 0.5)
        out = []
        for value, norm in self._echoed.items():
            at = text.find(value)
            while at >= 0:
                end = at + len(value)
                if not any(a < end and at < b for a, b in taken) and _stands_alone(text, at, end):
                    out.append(result("PERSON", at, end, _ECHO, recognizer="NameRecognizer", norm=norm, why=["a name of this document"]))
                    taken.append((at, end))
                at = text.find(value, end)
        return out


def one_person_each(hits: Sequence[Hit], *, row: bool = False) -> tuple[Hit, ...]:
    """The hits of one record; a family name, reading or Latin spelling has the form of the one full name that it fits.

    :param row: a row of a table: a given name alone in a column of its own (保護者, 連名) is of the row's family.
    """
    norms = {hit.norm for hit in hits if hit.entity == "PERSON"}
    if len(norms) < 2 or (row and not _may_be_joined(norms)):
        return tuple(hits)
    names = SameNames()
    names.learn(hits)
    joined = names.joined(hits, spoken=not row)
    if not row or (family := names.only_family()) is None:
        return joined
    given, surnames = lexicon().given, lexicon().surnames
    return tuple(
        replace(hit, norm=family + hit.norm)
        if hit.entity == "PERSON" and hit.header and hit.norm == name_norm(hit.value) and hit.norm in given and not surnames.get(hit.norm)
        else hit
        for hit in joined
    )


def _may_be_joined(norms: set[str]) -> bool:
    """A cheap look at the names of a row: one begins another, or is a given name alone."""
    given = lexicon().given
    return any(
        norm in given or any(other is not norm and other.startswith(norm) for other in norms) for norm in norms if len(norm) <= _ALONE
    )


def _is_sure(name: RecognizerResult) -> bool:
    return any(not reason.startswith("model") for reason in why_of(name))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing touches a name that would make it part of a longer word."""
    if end - start == 1:
        return (start == 0 or text[start - 1] in _BEFORE_SINGLE) and _AFTER_SINGLE.match(text, end) is not None
    if start and _INSIDE.match(text, start - 1):
        return False
    return end == len(text) or not _INSIDE.match(text, end) or _title(text, end)


def _title(text: str, end: int) -> bool:
    return any(
        text.startswith(title, end)
        for title in ("様", "氏", "殿", "先生", "部長", "課長", "係長", "主任", "社長", "次長", "室長", "医師", "君")
    )
