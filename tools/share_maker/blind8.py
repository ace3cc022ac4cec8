"""A ninth share as yet another stranger would make it: every entity, rule, trap and layout that the product's papers name, one by one.

Written before looking at any rule of the detector or at the templates of the others. The templates are in ``blind8_people.yaml``
and ``blind8_nobody.yaml``, in the notation of ``stranger.py``, ``blind4.py``, ``blind5.py`` and ``blind6.py``. Some of their
people bear family names that the other strangers have not, and some of their numbers, dates and addresses are written as these did not.
"""

from __future__ import annotations

import dataclasses
import re

from piiscan.detect.gazetteer import kanji_number
from tools.share_maker import invented
from tools.share_maker.blind3 import _era
from tools.share_maker.blind7 import Blind7Maker
from tools.share_maker.building import Labelled
from tools.share_maker.invented import Person

__all__ = ["Blind8Maker"]

#: How often a value of these keys is in a notation of this stranger.
_OWN = {"tel": 0.3, "dob": 0.3, "addr": 0.3}
_RARE = """四月一日 ワタヌキ|栗花落 ツユリ|月見里 ヤマナシ|五百旗頭 イオキベ|左衛門三郎 サエモンサブロウ|勘解由小路 カデノコウジ|一尺八寸 カマツカ|京 キョウ|平 タイラ|沖 オキ|滝 タキ|巽 タツミ|鵜飼 ウカイ|纐纈 コウケツ|一色 イッシキ|鍛治 カジ
国府田 コウダ|青森 アオモリ|福島 フクシマ|石川 イシカワ|宮城 ミヤギ|山梨 ヤマナシ|長野 ナガノ|茨木 イバラキ|春日 カスガ|朝日 アサヒ|港 ミナト|浜 ハマ|梅 ウメ|幸 ユキ|和 カズ|宝 タカラ|光 ヒカリ|仲 ナカ|牧 マキ|曽 ソ|毛利 モウリ|油井 ユイ
二階堂 ニカイドウ|三田村 ミタムラ|五十嵐 イガラシ|八重樫 ヤエガシ|十河 ソゴウ|百々 ドド|千田 チダ|万木 ユルギ|日本 ヒモト|大分 オオイタ|秋田 アキタ|和歌山 ワカヤマ|会田 アイダ|社 ヤシロ|部田 ヘタ|間 ハザマ|丸 マル"""


class Blind8Maker(Blind7Maker):
    """Family names of one sign, of four, of dates, prefectures and common words; numbers in the notations of fax covers and old forms."""

    hand = "blind8"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        pairs = [entry.split() for entry in re.split(r"[|\n]", _RARE)]
        self._own = [(family, kana) for family, kana in pairs]

    def someone(self) -> Person:
        who = super().someone()
        if who.foreign or self.rng.random() >= 0.12:
            return who
        family, kana = self.rng.choice(self._own)
        latin = invented.romaji(kana)
        return dataclasses.replace(
            who,
            family=family,
            family_kana=kana,
            romaji=(latin, who.romaji[1]),
            email=f"{who.romaji[1][0].lower()}_{latin.lower()}{self.rng.randrange(99)}@example.net",
        )

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        if key not in _OWN or self.rng.random() >= _OWN[key]:
            return super().value(key, who, labelled)
        match key:
            case "tel":
                return labelled.add("PHONE_NUMBER", self._call(who))
            case "dob":
                return labelled.add("DATE_OF_BIRTH", self._birth(who), who.born.isoformat())
        return labelled.add("JP_ADDRESS", self._home(who))

    def _call(self, who: Person) -> str:
        a, b, c = who.mobile
        return self.rng.choice(
            (f"{a}―{b}―{c}", f"{a} {b} {c}", f"({a}) {b}-{c}", invented.full_width(f"{a}（{b}）{c}"), f"{a}–{b}–{c}", f"(+81){a[1:]}-{b}-{c}", f"{a}-{b}-{c}", invented.full_width(f"{a} {b} {c}"))
        )  # fmt: skip

    def _birth(self, who: Person) -> str:
        day, (_, era, year) = who.born, _era(who.born)
        letter = "S" if era == "昭和" else "H"
        return self.rng.choice(
            (f"{letter}{year:02d}-{day.month:02d}-{day.day:02d}", f"{era}{kanji_number(year)}年{kanji_number(day.month)}月{kanji_number(day.day)}日", f"{letter} {year}. {day.month}. {day.day}", f"{day.year}.{day.month:02d}.{day.day:02d}",
             f"{era[0]}和{year}/{day.month}/{day.day}" if era == "昭和" else f"平成{year}/{day.month}/{day.day}", invented.full_width(f"{day.year}/{day.month}/{day.day}"), f"{day.year}年{day.month}月{day.day}日", invented.full_width(f"{letter}{year}.{day.month}.{day.day}"))
        )  # fmt: skip

    def _home(self, who: Person) -> str:
        place, number = who.town.prefecture + who.place, who.number
        plain = "-".join(map(str, number))
        room = self.rng.choice((101, 203, 508, 1204))
        units = ("丁目", "番", "号")[3 - len(number) :]
        words = "".join(f"{x}{unit}" for x, unit in zip(number, units, strict=True)) if len(number) > 1 else f"{number[0]}番地"
        return self.rng.choice(
            (f"{place}{words}　{room}号室", f"{place}{words}-{room}" if len(number) > 2 else f"{place}{words}", f"{place}{plain}　都営アパート{room}", f"{place} {plain}", invented.full_width(f"{place}{plain}") + f"　ハイツ光{room}",
             f"{who.place}{words}", f"{place}{'ー'.join(map(str, number))}", f"{place}{plain}、{room}号")
        )  # fmt: skip
