"""An eighth share as yet another stranger would make it: the exports of the programs that offices use, and papers of every trade.

Written before looking at any rule of the detector or at the templates of the others. The templates are in ``blind7_people.yaml``
and ``blind7_nobody.yaml``, in the notation of ``stranger.py``, ``blind4.py``, ``blind5.py`` and ``blind6.py``. Some of their
phone numbers, birth dates and addresses are in notations that those did not write.
"""

from __future__ import annotations

from tools.share_maker import invented
from tools.share_maker.blind3 import _era
from tools.share_maker.blind6 import Blind6Maker
from tools.share_maker.building import Labelled
from tools.share_maker.invented import Person

__all__ = ["Blind7Maker"]

#: How often a value of these keys is in a notation of this stranger.
_OWN = {"tel": 0.25, "dob": 0.3, "addr": 0.3}


class Blind7Maker(Blind6Maker):
    """Room numbers at the end of the house number, eras with every sign between the numbers, brackets around a part of a phone number."""

    hand = "blind7"

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        if key not in _OWN or self.rng.random() >= _OWN[key]:
            return super().value(key, who, labelled)
        match key:
            case "tel":
                return labelled.add("PHONE_NUMBER", self._tel(who))
            case "dob":
                return labelled.add("DATE_OF_BIRTH", self._born(who), who.born.isoformat())
        return labelled.add("JP_ADDRESS", self._address(who))

    def _tel(self, who: Person) -> str:
        a, b, c = who.mobile
        return self.rng.choice(
            (f"({a}){b}-{c}", f"{a} ({b}) {c}", f"{a}‐{b}‐{c}", f"{a}ー{b}ー{c}", f"{a}-{b} {c}", invented.full_width(f"{a}({b}){c}"), f"{a}−{b}−{c}", f"+81{a[1:]}-{b}-{c}")
        )  # fmt: skip

    def _born(self, who: Person) -> str:
        day, (_, era, year) = who.born, _era(who.born)
        letter = "S" if era == "昭和" else "H"
        return self.rng.choice(
            (f"{letter}{year}-{day.month}-{day.day}", f"{era}{year}.{day.month}.{day.day}", invented.full_width(f"{era[0]}{year}.{day.month}.{day.day}"), f"{era}　{year}年　{day.month}月　{day.day}日",
             f"{day.year}年{day.month:02d}月{day.day:02d}日", f"{letter}{year}年{day.month}月{day.day}日", f"{era}{year}/{day.month}/{day.day}", f"{day.year} 年 {day.month} 月 {day.day} 日")
        )  # fmt: skip

    def _address(self, who: Person) -> str:
        place, number = who.town.prefecture + who.place, "-".join(map(str, who.number))
        room = self.rng.choice((102, 205, 303, 1107))
        return self.rng.choice(
            (f"{place}{number}-{room}", f"{place}{number} #{room}", f"{place}{number}（メゾン緑{room}）", f"{place}{number}　コーポ泉{room}号室", invented.full_width(f"{place}{number}-{room}"), f"{who.place}{number}-{room}",
             f"{place} {number} 県営住宅3-{room}", f"{place}{number}（{room}）")
        )  # fmt: skip
