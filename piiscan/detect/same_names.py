"""The names of one document: which of them are the same person's.

A document names somebody in full once and then by the family name, in kana or in Latin letters (山田 太郎, 山田様, ヤマダ タロウ, Taro Yamada). A hit keeps its
value; its compared form becomes that of the full name, where exactly one full name of the document fits, so that one person is counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final

from piiscan.detect.around import SAID_TO_BE_DEAD, of_names_alone, people_of_history
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.spelled import as_abroad, shortened, sounds_abroad
from piiscan.detect.names.spoken import (
    PARTS,
    foreign_families,
    is_foreign_reading,
    is_foreign_spelling,
    is_from_abroad,
    kana_key,
    latin_key,
    latin_keys,
    readings,
    sounds_like,
    sounds_like_in_latin,
    split_name,
)
from piiscan.detect.names.variants import foreign_surnames, katakana, name_norm, romaji_key
from piiscan.detect.normalize import nfkc
from piiscan.detect.readings import CALLED, is_reading, script_of
from piiscan.model import Hit

__all__ = ["SameNames", "has_family", "is_family_of_history", "is_kin", "is_whole_spelling", "one_person_each"]

#: Full names that are remembered of a document; a longer list is no letter.
_MOST = 300
#: Names that are remembered as looked at; more are looked at again.
_MET = 4 * _MOST
#: In a document that names no more people of unknown families a given name alone is theirs.
_FEW = 6
#: A family name that so many bear is somebody's of today.
_OF_TODAY = 5_000
#: A name of more characters is seldom a family name alone.
_FAMILY = 2
#: No family or given name in kanji alone is longer (オブライエン is one in katakana).
_ALONE = 6
#: No given name in kanji that could be a whole name is longer.
_GIVEN = 3
#: Bearers of a family name that is known and of a common one, and the rank of a frequent given name.
_KNOWN = 10_000
_COMMON = 50_000
_FREQUENT = 2
#: A name of so many parts in katakana is none of two in kanji.
_VIETNAMESE = 3
#: Katakana without a gap from this length on may be a whole name.
_WHOLE_KANA = 6
#: Labels and headers of somebody's family; 保護者 佐藤 is not the child whose name is the only one with 佐藤.
_KIN = re.compile(r"保護者|父|母|配偶者|[夫妻]|家族|保証人|緊急|同居|喪主")
_FORMER = re.compile(r"旧姓|旧氏|旧名")
#: Headers of those who deal with what a row is about; 担当 水田 is not the row's 依頼者 水田 浩.
_DEALS_WITH_IT = re.compile(
    r"担当|対応|受付|受電|応対|作成|承認|記入|記録者|確認|上司|上長|主治医|医師|看護師|教員|講師|担任|営業|係員?|検印|登録|更新|面接官|面談者|面会|訪問先|相談員|オペレータ|当直|宿直|日直|当番|予備|待機|紹介|^OP$",
    re.IGNORECASE,
)

#: A family name is that of another in a list of people by chance, for each of them; and what is no chance any more.
_BY_CHANCE: Final = 0.01
_HARDLY_CHANCE: Final = 0.02
#: Family names of a column of which so many are those of one whole name, the others of several.
_MOSTLY_ONE: Final = 0.6


class SameNames:
    """The full names of a document.

    :param record: of one record of it: a name of the same family whose reading no list knows is rather the same person than another.
    """

    def __init__(self, *, record: bool = False) -> None:
        self._record = record
        self._met: set[tuple[str, str]] = set()
        self._wholes: dict[str, tuple[str, str]] = {}
        # those of them that may sound so: by the first sound of a family name, a whole given name, the last sound of one
        self._sounds: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
        self._unheard: list[str] = []  # not put there yet
        self._latin: dict[str, list[str]] = {}
        self._kana: dict[str, list[str]] = {}
        # of three parts and more: Van An Nguyen, then An Nguyen
        self._long_latin: dict[str, list[str]] = {}
        # whole names whose family name no list has, as far as it can be told: 保ケ部愛, then 保ケ部
        self._unlisted: set[str] = set()
        self._families: dict[str, set[str]] = {}
        self._givens: dict[str, set[str]] = {}
        # those who are named as somebody's family or as dead, and nowhere else; 佐藤さん is rather another
        self._aside: set[str] = set()
        # those whom a label names as what a paper is about, or who wrote it
        self._subjects: set[str] = set()
        #: Whole names of the dead (their compared forms).
        self.late: set[str] = set()

    # --------------------------------------------------------------- one person

    def learn(self, hits: Iterable[Hit]) -> None:
        """Remember the full names among some hits."""
        for hit in hits:
            if SAID_TO_BE_DEAD in hit.why and len(hit.norm) > _FAMILY and len(self.late) < _MOST:
                self.late.add(hit.norm)
            if hit.entity != "PERSON":
                continue
            if hit.norm in self._aside and not _stands_aside(hit) and hit.norm == name_norm(hit.value):
                self._aside.discard(hit.norm)
            if hit.norm in self._wholes or len(self._wholes) + len(self._latin) + len(self._kana) >= _MOST:
                continue
            if (hit.value, hit.norm) in self._met:
                continue  # looked at before, in vain
            if len(self._met) < _MET:
                self._met.add((hit.value, hit.norm))
            script = script_of(hit.value)
            if script == "kanji":
                whole = _parted(hit) if name_norm(hit.value) == hit.norm else None
                if len(hit.norm) > 2 and len(self._unlisted) < _MOST and (whole is None or whole[1] not in lexicon().given):
                    self._unlisted.add(hit.norm)
                if (
                    whole
                    and whole[1]
                    and not _is_family_alone(hit.norm, whole)
                    and not _is_given_alone(hit)
                    and not _is_rather_family(hit, whole)
                ):
                    self._wholes[hit.norm] = whole
                    self._unheard.append(hit.norm)
                    for family in (whole[0], *_other_families(hit, whole)):
                        self._families.setdefault(family, set()).add(hit.norm)
                    self._givens.setdefault(whole[1], set()).add(hit.norm)
                    kin = is_kin(hit)
                    if kin or SAID_TO_BE_DEAD in hit.why:
                        self._aside.add(hit.norm)
                    if not kin and (hit.header or any(reason.startswith("label ") for reason in hit.why)):
                        self._subjects.add(hit.norm)
                continue
            parts = [part for part in PARTS.split(nfkc(hit.value)) if part]
            if script == "latin" and len(parts) == 2 and name_norm(hit.value) == hit.norm:
                self._latin.setdefault(hit.norm, [romaji_key(part) for part in parts])
            elif script == "latin" and len(parts) > 2 and name_norm(hit.value) == hit.norm and len(self._long_latin) < _MOST:
                self._long_latin.setdefault(hit.norm, [romaji_key(part) for part in parts])
            elif script == "kana" and name_norm(hit.value) == hit.norm and (len(parts) >= 2 or _is_whole_kana(hit.norm)):
                self._kana.setdefault(hit.norm, [katakana(part) for part in parts])  # グエン・ヴァン・アン, then グエンさん

    def knows(self, norm: str) -> bool:
        """Whether it is the compared form of a full name in kanji."""
        return norm in self._wholes

    def of_the_house(self, hit: Hit) -> Hit:
        """A family name alone of whoever deals with something, with the compared form of the one full name that has it."""
        whole = self._families.get(hit.norm, ())
        return replace(hit, norm=next(iter(whole))) if len(whole) == 1 and _DEALS_WITH_IT.search(hit.header) else hit

    def of_the_listed(self, hits: Iterable[Hit]) -> dict[tuple[str, str, str], str]:
        """Columns of family names alone that are those of whole names elsewhere in the document, all of them and most of one each: 主担当 梶, 湯浅, 関
        beside a list of 梶 健, 湯浅 葵, 関 誠 and three more. How many must fit grows with the list, in which any family name may stand by chance.

        :return: sheet, header and family name to the compared form of the whole one.
        """
        columns: dict[tuple[str, str], set[str]] = {}
        for hit in hits:
            if hit.entity == "PERSON" and hit.header and _fills_column(hit):
                columns.setdefault((getattr(hit.location, "sheet", ""), hit.header), set()).add(name_norm(hit.value))
        out: dict[tuple[str, str, str], str] = {}
        for (sheet, header), norms in columns.items():
            whole = {norm: self._families.get(norm, set()) for norm in norms}
            alone = sum(len(fitting) == 1 for fitting in whole.values())  # 斉藤 is 斉藤 和 or 齊藤 梅: one of them
            if all(whole.values()) and alone >= _MOSTLY_ONE * len(norms) and (_BY_CHANCE * len(self._wholes)) ** alone <= _HARDLY_CHANCE:
                out |= {(sheet, header, norm): min(fitting) for norm, fitting in whole.items()}
        return out

    def only_family(self) -> str | None:
        """The family name, where there is one full name in kanji."""
        return next(iter(self._wholes.values()))[0] if len(self._wholes) == 1 else None

    def joined(self, hits: Sequence[Hit], *, row: bool = False) -> tuple[Hit, ...]:
        """The hits, each name with the compared form of the one full name that it fits.

        :param row: of a table: its headers say what a part of a name is, not its reading.
        """
        if not (self._wholes or self._latin or self._kana or self._unlisted or self._long_latin):
            return tuple(hits)
        return tuple(
            self._joined(hit, row) if hit.entity == "PERSON" and (hit.norm not in self._wholes or self._may_be_family(hit.norm)) else hit
            for hit in hits
        )

    def _may_be_family(self, norm: str) -> bool:
        """Whether a whole name may be a family name as well: 辻元 is 辻 元, or ツジモト."""
        return norm in self._families or (len(norm) == 2 and norm in lexicon().surnames)

    def _joined(self, hit: Hit, row: bool) -> Hit:
        script = script_of(hit.value)
        if script == "kanji":
            fitting = self._of_part(hit, spoken=not (row and _fills_column(hit)), listed=row)
        elif script == "kana":
            fitting = self._of_kana(hit, row)
        else:
            fitting = self._of_latin(hit)
        if len(fitting) > 1 and script == "kanji" and not row:  # one of them, whoever it is: the first
            fitting = {next(norm for norm in self._wholes if norm in fitting)} if fitting <= self._wholes.keys() else set()
        return replace(hit, norm=self._spelled_abroad(next(iter(fitting)))) if len(fitting) == 1 else hit

    def _spelled_abroad(self, norm: str) -> str:
        """The name in Latin letters of whom a whole one in katakana is: ジョンソン is ジョンソン・エミリー, who is Emily Johnson."""
        if norm not in self._kana or not self._latin:
            return norm
        same = [latin for latin, keys in self._latin.items() if sounds_abroad(self._kana[norm], keys)]
        return same[0] if len(same) == 1 else norm

    def _of_part(self, hit: Hit, *, spoken: bool, listed: bool) -> set[str]:
        """Full names of which a name in kanji may be the family or the given name.

        :param spoken: it stands in a text, not for itself in the column of a table.
        :param listed: in a row.
        """
        kin = is_kin(hit)
        if by_family := self._families.get(hit.norm):
            if SAID_TO_BE_DEAD in hit.why:  # 故 佐藤会長 is not 佐藤 健, who speaks of him
                return by_family & self.late
            other = kin or (listed and not spoken and _DEALS_WITH_IT.search(hit.header) is not None)
            return set() if other else by_family - self._aside or by_family
        if self._record and listed and not kin and not self._wholes.keys() & {hit.norm} and hit.norm in lexicon().surnames:
            known = lexicon().surnames
            begun = {
                n
                for n, (family, _) in self._wholes.items()
                if n.startswith(hit.norm) and len(n) <= len(hit.norm) + 2 and not known.get(family)
            }
            if len(begun) == 1 and _DEALS_WITH_IT.search(hit.header) is None:
                return begun  # サイン 黄, of 黄友慎, who might be 黄友 慎
        if by_given := self._givens.get(hit.norm):
            if listed and not spoken:
                return set()  # 連名 弘 of 寺門 弘: nobody comes with himself
            if not kin:
                return by_given - self._aside or by_given
            # 長女 香織 is not 相談者 西尾香織, and 妻 由美子 not the owner 阿久津由美子, of whose family nobody else is named
            return {n for n in by_given - self._subjects if n in self._aside or len(self._families[self._wholes[n][0]]) > 1}
        fitting: set[str] = set()
        if kin or not spoken:
            return fitting
        lists, families = lexicon(), readings("s", hit.norm)
        if not lists.surnames.get(hit.norm) and hit.norm in lists.given:  # 美月, of かきざき みつき
            fitting = {
                n
                for n, parts in self._kana.items()
                if len(parts) > 1 and parts[0] in lists.surname_readings and _is_nearly(parts[-1], hit.norm)
            }
        if hit.norm in lists.given and len(self._unlisted) < _FEW:  # 湊, of 三ツ矢湊
            fitting |= {norm for norm in self._unlisted if norm.endswith(hit.norm) and len(norm) - len(hit.norm) > 1}
        if not families and hit.norm not in lists.surnames:  # 保ケ部, of 保ケ部愛
            fitting |= {norm for norm in self._unlisted if norm.startswith(hit.norm) and norm[len(hit.norm) :] in lists.given}
        if self._latin:  # 山田様 in a mail of Taro Yamada
            fitting |= {norm for norm, keys in self._latin.items() if not latin_keys("s", hit.norm).isdisjoint(keys)}
        if self._kana:  # 楠様, who says クスノキ ヒロノブ
            alone = self._record and len(self._kana) == 1  # in a row: whatever the given name is
            fitting |= {norm for norm, parts in self._kana.items() if _begins_with(parts, families, alone=alone)}
            if not fitting and alone and listed:  # 新垣様, in a row with アラカキ タカユキ
                plain = {_unvoiced(family) for family in families}
                fitting = {norm for norm, parts in self._kana.items() if len(parts) > 1 and _unvoiced(parts[0]) in plain}
            if not fitting and not families and alone and listed and hit.norm not in lists.given:  # 小鳥遊様, in a row with タカナシ ユウコ
                fitting = {norm for norm, parts in self._kana.items() if sounds_like("s", hit.norm, parts[0])}
        return fitting

    def _of_kana(self, hit: Hit, row: bool) -> set[str]:
        """Full names that may be read so."""
        kana, keys = _in_kana(hit.value)
        kin = is_kin(hit)
        other = kin or (row and _fills_column(hit))
        if len(kana) == 1 and other and len(hit.norm) < _WHOLE_KANA:
            if row and not kin and _DEALS_WITH_IT.search(hit.header) is None:  # サイン スミス, of スミス・慎一
                foreign = {norm for norm, parts in self._kana.items() if len(parts) > 1 and parts[0] == kana[0]}
                return set(self._families.get(hit.norm, ())) | foreign
            return set()  # 保護者 つとむ, 連名 ひとみ
        # 保護者 ジョンソン エミリー is not the child whose name no list reads: a header that is no reading's names somebody
        strict = other and not is_reading(hit.header)
        fitting = self._in_kanji(keys, len(kana), strict=strict) if self._wholes else set()
        if not fitting and (n := len(kana)) == 1:  # グエンさん after グエン・ヴァン・アン
            (part,) = kana
            alone = self._record and len(self._kana) == 1
            fitting = {
                norm
                for norm, whole in self._kana.items()
                if (part in (whole[0], whole[-1]) if len(whole) > 1 else _begins_with(whole, frozenset(kana), alone=alone))
            }
        elif not fitting:  # ヴァン・アンさん
            fitting = {norm for norm, whole in self._kana.items() if len(whole) > n and kana in (whole[:n], whole[-n:])}
        if not fitting and (self._latin or self._long_latin):  # ヨネヤマハルト, YONEYAMA HARUTO
            key = latin_key("".join(kana))
            abroad = sorted(map(as_abroad, kana))  # Minjun Kim, キム ミンジュン
            fitting = {
                norm
                for norm, (one, two) in self._latin.items()
                if key in {one + two, two + one} or abroad == sorted((shortened(one), shortened(two)))
            }
            if not fitting:  # Emily Johnson, ジョンソン様
                fitting = {norm for known in (self._latin, self._long_latin) for norm, keys in known.items() if sounds_abroad(kana, keys)}
        if len(fitting) > 1 and len(keys) == 2:  # かわさき えみ is 川崎 惠美 rather than 水野 惠美
            fitting = {n for n in fitting if n in self._wholes and keys[0] in _kana_keys("s", self._wholes[n][0])} or fitting
        return fitting

    def _in_kanji(self, keys: Sequence[str], parts: int, *, strict: bool) -> set[str]:
        """Full names in kanji that may be read so.

        :param parts: how many the name in kana has.
        :param strict: see :meth:`_same_kana`.
        """
        heard = self._heard(keys)
        if parts >= _VIETNAMESE:  # チャン ティ・ラン is not 陳 建国
            heard = {norm: whole for norm, whole in heard.items() if not is_from_abroad(*whole)}
        fitting = {norm for norm, whole in heard.items() if self._same_kana(keys, whole, near=False, strict=strict)}
        if not fitting and not strict:  # パク ソンミン is 朴 成民
            fitting = {norm for norm, whole in heard.items() if self._same_kana(keys, whole, near=False, abroad=True)}
        if not fitting and self._record:
            fitting = {norm for norm, whole in heard.items() if self._same_kana(keys, whole, near=True, strict=strict)}
        if not fitting and len(keys) == 2:  # ホンダ コウジ is 本多 皓嗣, whose given name no list reads
            fitting = {
                norm
                for norm, (family, given) in self._sounds.get(("family", keys[0][:1]), {}).items()
                if script_of(family) == "kanji"
                and keys[0] in _kana_keys("s", family)
                and (self._record or lexicon().given.get(given) != _FREQUENT)
                and sounds_like("g", given, keys[1])
            }
        return fitting

    def _heard(self, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
        """The full names of which :meth:`_same_kana` may be true."""
        for norm in self._unheard:
            whole = self._wholes[norm]
            for sound in _sounds_of(*whole):
                self._sounds.setdefault(sound, {})[norm] = whole
        self._unheard.clear()
        found = dict(self._sounds.get(("family", keys[0][:1]), {})) | self._sounds.get(("given", keys[-1]), {})
        return found | self._sounds.get(("end", keys[0][-1:]), {}) if len(keys) == 1 else found

    def _of_latin(self, hit: Hit) -> set[str]:
        """Full names that may be spelled so."""
        parts = [part for part in PARTS.split(nfkc(hit.value)) if part]
        if not 1 <= len(parts) <= 2:
            return set()
        keys = [romaji_key(part) for part in parts]
        fitting = {norm for norm, whole in self._wholes.items() if self._same_latin(keys, whole)}
        if not fitting and len(keys) == 1 and hit.norm not in self._latin:  # Ms. Sato after Hanako Sato
            fitting = {norm for norm, known in self._latin.items() if keys[0] in known}
        if not fitting:  # An Nguyen, Ms. Nguyen, of Van An Nguyen
            fitting = {norm for norm, known in self._long_latin.items() if keys in (known[: len(keys)], known[-len(keys) :])}
        return fitting

    def _rather_foreign(self, family: str) -> bool:
        """Whether in a record a family name that is one of China or Korea is read as such, whatever the given name is: 金, not 林."""
        return self._record and (lexicon().surnames.get(family) or 0) < _COMMON

    def _same_kana(self, keys: Sequence[str], whole: tuple[str, str], *, near: bool, strict: bool = False, abroad: bool = False) -> bool:
        """Whether a name is read so.

        :param keys: of the parts in katakana (:func:`kana_key`).
        :param near: a given name that no list reads so counts as well: 陽菜 is ヒナ.
        :param strict: not where no list reads its given name at all.
        :param abroad: a given name of China or Korea is read in whatever way.
        """
        family, given = whole
        families, givens = _kana_keys("s", family), _kana_keys("g", given)
        if abroad:  # 金 正浩 is キム ジョンホ in the same row; elsewhere 金 愛 is not キム ミンジュン
            foreign = self._rather_foreign(family) and is_foreign_reading(family, keys[0])
            abroad = foreign or (is_from_abroad(family, given) and (self._record or lexicon().given.get(given) != _FREQUENT))
        if len(keys) == 2:
            if keys[0] in families:
                if keys[1] in givens or (not givens and not strict) or abroad:
                    return True
                return (
                    near
                    and script_of(family) == "kanji"
                    and (sounds_like("g", given, keys[1]) or any(reading[0] == keys[1][0] for reading in givens))
                )
            return keys[1] in givens and sounds_like("s", family, keys[0])
        if len(keys) != 1:
            return False
        if keys[0] in families or keys[0] in givens:
            return True
        whole_sound = abroad and keys[0] not in lexicon().foreign  # リンダ is nobody's whose family name is 林
        if any(keys[0].startswith(reading) and (whole_sound or keys[0][len(reading) :] in givens) for reading in families):
            return True
        # サドサブロウ is 佐渡 三郎, though the lists read サワタリ
        return any(keys[0].endswith(reading) and len(keys[0]) - len(reading) >= 2 for reading in givens) and sounds_like(
            "s", family, keys[0]
        )

    def _same_latin(self, keys: Sequence[str], whole: tuple[str, str]) -> bool:
        """:param keys: of the one or two parts in Latin letters (:func:`romaji_key`)."""
        families, givens = latin_keys("s", whole[0]), latin_keys("g", whole[1])
        if len(keys) == 1:
            return keys[0] in families or keys[0] in givens
        one, two = keys
        foreign = self._rather_foreign(whole[0]) and any(is_foreign_spelling(whole[0], key) for key in keys)
        if foreign or is_from_abroad(*whole):  # 王 偉 is Wei Wang, whatever his given name sounds like
            return one in families or two in families
        if not families:  # 雪ノ下 つとむ is Tsutomu Yukinoshita, as far as its first character tells
            return any(given in givens and sounds_like_in_latin("s", whole[0], family) for given, family in ((one, two), (two, one)))
        return (one in families and two in givens) or (two in families and one in givens)


def is_family_of_history(norm: str, why: Sequence[str]) -> bool:
    """Whether a family name alone is that of a person of history rather than anybody's of today: 太宰 beside 夏目漱石, not 樋口さん."""
    lists = lexicon().surnames
    known = len(norm) > 1 and norm in _families_of_history() and lists.get(norm, 0) < _OF_TODAY
    return known and of_names_alone(why)


@cache
def _families_of_history() -> frozenset[str]:
    lists = lexicon()
    return frozenset(name[:size] for name in people_of_history() for size in (2, 3) if name[:size] in lists.surnames and len(name) > size)


def is_kin(hit: Hit) -> bool:
    """Whether a name is said to be that of somebody's family: 保護者 佐藤, 長女 香織."""
    return any(
        reason.startswith("member of a family") or (reason.startswith("label ") and _KIN.search(reason)) for reason in hit.why
    ) or bool(hit.header and _KIN.search(hit.header))


def has_family(whole: str, begin: str) -> bool:
    """Whether a whole name that begins so has that family name: 林愛 is 林, and 西嶋真由美 no 西."""
    if whole in lexicon().surnames:
        return False  # 仲村渠 is no 仲
    parts = split_name(whole)
    if parts is None or parts[0] == begin or parts[1] not in lexicon().given or begin not in lexicon().surnames:
        return True
    return len(begin) > 1 and whole[len(begin) :] in lexicon().given  # 辻元 樹


def _other_families(hit: Hit, whole: tuple[str, str]) -> Iterator[str]:
    """How else a whole name without a gap may begin, as far as the lists know both its parts: 辻元樹 is 辻 元樹, and 辻元 樹."""
    if PARTS.search(hit.value.strip()) is None and len(hit.norm) == len(whole[0]) + len(whole[1]):
        for cut in range(2, len(hit.norm)):
            if cut != len(whole[0]) and hit.norm[:cut] in lexicon().surnames and hit.norm[cut:] in lexicon().given:
                yield hit.norm[:cut]


def is_whole_spelling(hit: Hit) -> bool:
    """Whether a hit is a whole name in kana or Latin letters."""
    script = script_of(hit.value)
    if hit.entity != "PERSON" or script == "kanji":
        return False
    parts = [part for part in PARTS.split(nfkc(hit.value)) if part]
    return len(parts) == 2 or (script == "kana" and len(parts) == 1 and _is_whole_kana(hit.norm))


def _is_whole_kana(norm: str) -> bool:
    """Whether katakana without a gap may be a whole name: トダマリコ, of whose five one part is a known family name and one a given one."""
    if len(norm) >= _WHOLE_KANA:
        return True
    known = lexicon()
    return len(norm) == _WHOLE_KANA - 1 and any(
        norm[:cut] in known.common_surname_readings and norm[cut:] in known.given_readings for cut in (2, 3)
    )


def _stands_aside(hit: Hit) -> bool:
    return is_kin(hit) or SAID_TO_BE_DEAD in hit.why


def _parted(hit: Hit) -> tuple[str, str] | None:
    """Family and given name of a whole name, also of 三　宅　純 with as much between all its characters."""
    if len(hit.value) == len(hit.norm):  # nothing stands between them
        return split_name(hit.value)
    parts = [part for part in PARTS.split(hit.value) if part]
    return split_name(hit.norm if len(parts) > 2 and all(len(part) == 1 for part in parts) else hit.value)


def _is_family_alone(norm: str, whole: tuple[str, str]) -> bool:
    """Whether a name in one piece is a family name and nothing more; 森弘 is hardly anybody's, and 森 and 弘 are well known."""
    lists = lexicon()
    bearers = lists.surnames.get(norm)
    return bearers is not None and (bearers > 0 or not _is_common(whole, _KNOWN))


def _is_given_alone(hit: Hit) -> bool:
    """康平 is a given name, though 康 is a family name too; 北正 is rather 北 and 正."""
    if len(hit.norm) > _GIVEN or hit.norm not in lexicon().given or PARTS.search(hit.value.strip()) is not None:
        return False
    whole = split_name(hit.value)
    return whole is None or not _is_common(whole, _COMMON)


def _unvoiced(kana: str) -> str:
    """Katakana without the marks of voice: ヤマザキ is ヤマサキ."""
    return unicodedata.normalize("NFD", kana).replace("\u3099", "")


def _is_nearly(kana: str, given: str) -> bool:
    """Whether katakana begin and end as some reading of a given name does: 美月 is ミズキ, and ミツキ as well."""
    return any(reading[0] == kana[0] and reading[-1] == kana[-1] and len(reading) == len(kana) for reading in readings("g", given))


def _is_rather_family(hit: Hit, whole: tuple[str, str]) -> bool:
    """Whether two characters in a column of their own may be a family name that no list has: 辻元 in a plan of duties is hardly 辻 and 元."""
    if len(hit.norm) != 2 or PARTS.search(hit.value.strip()) is not None:
        return False
    if any(reason.startswith("column without header") for reason in hit.why):
        return True
    return _fills_column(hit) and hit.norm in lexicon().surnames and not _is_common(whole, _KNOWN)


def _fills_column(hit: Hit) -> bool:
    """Whether a hit is what the column of a table holds, rather than found in a text."""
    return any(reason.startswith("column ") for reason in hit.why)


def _is_common(whole: tuple[str, str], bearers: int) -> bool:
    """Whether both parts of a name are well known, the family name by so many bearers."""
    return lexicon().surnames.get(whole[0], 0) >= bearers and lexicon().given.get(whole[1]) == _FREQUENT


@lru_cache(maxsize=64)  # asked of a document's names again and again
def _in_kana(name: str) -> tuple[list[str], list[str]]:
    """The parts of a name in katakana, and the keys (:func:`kana_key`) of its family and given name."""
    kana = [katakana(part) for part in PARTS.split(nfkc(name)) if part]
    return kana, [kana_key(part) for part in (kana if len(kana) < 3 else (kana[0], "".join(kana[1:])))]


@lru_cache(maxsize=4_096)  # asked of each reading in a text for each name in it
def _kana_keys(kind: str, name: str) -> frozenset[str]:
    """How a part of a name is read, as keys; ジョンソン and さくら as they are written."""
    return frozenset(kana_key(reading) for reading in (readings(kind, name) or ({katakana(name)} if script_of(name) == "kana" else ())))


@lru_cache(maxsize=64)  # asked of a document's names again and again
def _sounds_of(family: str, given: str) -> frozenset[tuple[str, str]]:
    """Under which sounds a full name is looked for."""
    families = {("family", reading[:1]) for reading in _kana_keys("s", family)}
    return frozenset(families.union(*([("given", reading), ("end", reading[-1:])] for reading in _kana_keys("g", given))))


def _begins_with(parts: Sequence[str], families: frozenset[str], *, alone: bool) -> bool:
    """Whether a whole name in kana has one of these family names.

    :param alone: no other is there, so that its given name need not be a known one.
    """
    if len(parts) > 1:
        return parts[0] in families
    rests = [parts[0][len(family) :] for family in families if parts[0].startswith(family)]
    return any(rest in lexicon().given_readings or (alone and len(rest) > 1) for rest in rests)


def one_person_each(hits: Sequence[Hit], *, row: bool = False) -> tuple[Hit, ...]:
    """The hits of one record; a family name, reading or Latin spelling has the form of the one full name that it fits.

    :param row: a row of a table: a given name alone in a column of its own (保護者, 連名) is of the row's family.
    """
    people = [hit for hit in hits if hit.entity == "PERSON"]
    norms = {hit.norm for hit in people}
    if row and len(norms) > 1 and any(CALLED in hit.why for hit in people):
        hits = _called_so(hits)
    if row and len(norms) > 1 and any("旧" in hit.header for hit in people):
        hits = _former_in_cell(hits)
    if len(norms) < 2 or (row and all(hit.header for hit in people) and not _may_be_joined(norms)):
        return tuple(hits)
    if row:
        hits = _of_two_columns(hits, people)
    names = SameNames(record=True)
    names.learn(hits)
    joined = names.joined(hits, row=row)
    if not row:
        return joined
    family, owner = names.only_family(), next((hit.norm for hit in joined if hit.entity == "PERSON" and not _may_be_given(hit.norm)), "")
    if not owner:
        return joined
    return tuple(
        replace(hit, norm=f"{owner}/{hit.norm}" if family is None or family + hit.norm in norms else family + hit.norm)
        if hit.entity == "PERSON"
        and hit.header
        and hit.norm == name_norm(hit.value)
        and _is_given_part(hit)
        and not _DEALS_WITH_IT.search(hit.header)  # 記入者 旭: the same in every row, whoever the row is about
        and (_fills_column(hit) or hit.norm not in lexicon().surnames or lexicon().given.get(hit.norm) == _FREQUENT)  # 博さん, not 蓮實さん
        else hit
        for hit in joined
    )


def _of_two_columns(hits: Sequence[Hit], people: Sequence[Hit]) -> Sequence[Hit]:
    """The hits of a row; a family name alone (のし名入れ 榊) is whose it is that stands in two columns (姓 榊|名 悠)."""
    parts = [(name_norm(hit.value), hit.norm) for hit in people if "/" not in hit.norm]  # 坂口慎一/父 is told apart
    whole = {part: norm for part, norm in parts if part != norm and norm.startswith(part)}
    if not any(hit.norm in whole for hit in people):
        return hits
    return [
        replace(hit, norm=whole[hit.norm])
        if hit.entity == "PERSON" and hit.norm in whole and not is_kin(hit) and not _DEALS_WITH_IT.search(hit.header)
        else hit
        for hit in hits
    ]


def _called_so(hits: Sequence[Hit]) -> Sequence[Hit]:
    """display_name Jianguo beside real_name 陳建国: whatever somebody is called, it is who the row names in a column."""
    owners = {hit.norm for hit in hits if hit.entity == "PERSON" and CALLED not in hit.why and _fills_column(hit)}
    if len(owners) != 1:
        return hits
    (owner,) = owners
    return [replace(hit, norm=owner) if CALLED in hit.why else hit for hit in hits]


def _former_in_cell(hits: Sequence[Hit]) -> Sequence[Hit]:
    """山田 花子（佐藤） in a column 氏名（旧姓）: what stands in brackets has the compared form of the name before it."""
    out: list[Hit] | None = None
    owner: Hit | None = None
    for i, hit in enumerate(hits):
        if hit.entity != "PERSON" or not _FORMER.search(hit.header):
            continue
        if owner is not None and owner.location == hit.location and 0 <= hit.start - owner.end <= 2:
            out = list(hits) if out is None else out
            out[i] = replace(hit, norm=owner.norm)
        else:
            owner = hit
    return hits if out is None else out


def _is_given_part(hit: Hit) -> bool:
    """Whether a hit in a row is a given name alone; 金 実 is a whole one, though some bear 金実 as a given name."""
    if not _may_be_given(hit.norm) or PARTS.search(hit.value.strip()) is not None:
        return False
    rare = lexicon().given.get(hit.norm) != _FREQUENT
    return not (rare and (whole := split_name(hit.value)) is not None and _is_common(whole, _COMMON))  # 星仁 is rather 星 and 仁


def _may_be_given(norm: str) -> bool:
    """Whether a name alone is a given one, in kanji or kana, and no family name."""
    lists = lexicon()
    abroad = norm in foreign_surnames() or norm in foreign_families()  # 陳, キム
    return (norm in lists.given or norm in lists.given_readings) and not lists.surnames.get(norm) and not abroad


def _may_be_joined(norms: set[str]) -> bool:
    """A cheap look at the names of a row: one begins another, is a given name alone, or is in kana or Latin letters."""
    return any(
        norm[:1] <= "ヿ" or _may_be_given(norm) or any(other is not norm and other.startswith(norm) for other in norms)
        for norm in norms
        if len(norm) <= _ALONE or norm[:1] <= "ヿ"
    )
