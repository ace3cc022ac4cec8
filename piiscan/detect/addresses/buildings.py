"""The building and the room behind the number: コーポ桜306号室, メゾン緑102, 3階."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from piiscan.detect.addresses.signs import GAP, HIRAGANA, KANJI, any_of

__all__ = ["Buildings"]

_MAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@")
#: A room in the line below the building's name.
_ROOM_BELOW = re.compile(r"\n *[A-Za-z]?-?\d+(?:号|階|F|室|-)|\n *[A-Z]-?\d")
_DIGIT = re.compile(r"\d")


class Buildings:
    """How buildings and rooms are written.

    :param words: lists of ``jp_address.yaml``: ``building``, ``no_building``, ``after_building``.
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        kinds = any_of(words["building"])
        stop = any_of(words["after_building"])
        name = r"[一-龥々〆ァ-ヺー・ｦ-ﾟA-Za-z0-9Ⅰ-Ⅻ'’&.]"
        soft = r"[一-龥々〆ァ-ヺー・ｦ-ﾟA-Za-zぁ-んⅠ-Ⅻ'’&.]"
        kana = r"[ァ-ヺー・ｦ-ﾟA-Za-zⅠ-Ⅻ'’&.]"
        guard = r"(?![\d年月日時分人円件歳名回%]|-\d|[A-Za-z])"
        core = r"(?:地下 ?)?(?:[A-Za-z]{1,2} ?-? ?)?\d{1,4}(?:-[A-Za-z]?\d{1,4})?"
        unit = r"(?:号室|号館|号棟|番館|号|室|階|F(?![A-Za-z])|f(?![A-Za-z])|棟)"
        wing = r"(?:(?:[A-Za-z東西南北中]|[新本別])(?:棟|館)|(?:[A-Z]|\d{1,2})(?:号棟|番館|号館|棟))"
        room = (
            rf"(?:{wing} ?-?(?: ?{core}{unit}?{guard}(?: ?{core}{unit}{guard})?)?|{core}{unit}?{guard}(?:[ -]?{core}{unit}?{guard}){{0,2}})"
        )
        sure_room = rf"(?:{wing} ?-? ?{core}{unit}?{guard}|{core}(?:号室|号|室|階|F(?![A-Za-z])){guard}(?: ?{core}{unit}{guard})?|[A-Za-z] ?-? ?\d{{1,4}}{guard})"
        not_here = rf"(?!(?i:{any_of(words['no_building'])}))"
        ext = rf"(?:(?!{stop})[一-龥々〆ァ-ヺー・ｦ-ﾟA-ZⅠ-Ⅻ])"
        # 1 a name with a building's word, and maybe a room
        self._named = re.compile(
            rf"{not_here}(?P<name>(?:{name}|[ぁ-ん]){{0,16}}?(?:{kinds})(?:(?:(?!{stop}){soft}){{0,12}}?(?P<gap> {{0,2}}|\r?\n {{0,4}}){room}|{ext}{{0,8}}))"
        )
        # 2 a katakana or Latin name, which needs its room
        self._in_kana = re.compile(
            rf"{not_here}(?P<name>[一-龥々]{{0,4}}{kana}{{2,20}}(?: {kana}{{2,20}})?(?:[一-龥々]{{0,4}}|(?!から|まで|より|など|[のはがをにでともへや])[ぁ-ん]{{2,6}})(?P<gap> {{0,2}}|\r?\n {{0,4}}){room})"
        )
        # 3 any name before a room that says so
        self._before_room = re.compile(rf"{not_here}(?P<name>{soft}{{1,12}}?(?P<gap> ?|\r?\n {{0,4}}){sure_room})")
        # 4 a room without a name
        self._room = re.compile(rf"(?P<name>{sure_room})")
        self._bare_room = re.compile(r"(?P<name>\d{2,4})(?=\r?\n|$|[、。，,)）」])")
        self._bracketed_room = re.compile(r"[1-9]\d{2,3}(?=\))")
        self._room_word = re.compile(r"(?:号室|室)")

    def after(self, window: str, at: int, *, strong: bool) -> tuple[int, int]:
        """``(start, end)`` of building and room after the number that ends at ``at``; ``(at, at)`` when there is none."""
        if match := self._room_word.match(window, at):
            return at, match.end()
        gap = GAP.match(window, at)
        start = gap.end() if gap else at
        if start >= len(window):
            return at, at
        if _MAIL.match(window, start):
            return at, at
        line = "\n" in window[at:start] or "\x0b" in window[at:start]
        first = window[start]
        if first == "(" and not line:
            return (start, end) if (end := self._in_brackets(window, start)) else (at, at)
        if first == "-" or (start == at and HIRAGANA.match(first)):
            return at, at
        # 1259パークタワー1204: right behind a lone number only what is a building with its room
        tight = start == at and not strong and not KANJI.match(first)
        end = at
        for pattern in (self._named, self._in_kana, self._before_room):
            if pattern is self._before_room and (line or start == at):
                continue
            match = pattern.match(window, start)
            if match is None or match.end() <= end:
                continue
            if "\n" in match["name"] and not _ROOM_BELOW.search(match["name"]):
                continue
            if tight and not _DIGIT.search(window, start, match.end()):
                continue
            end = match.end()
            break
        if end == at and not line and not tight:
            match = self._room.match(window, start)
            if match is None and start > at:
                match = self._bare_room.match(window, start)
            if match is not None and (start > at or not match["name"][0].isdigit()):
                end = match.end()
        return (start, end) if end > at else (at, at)

    def _in_brackets(self, window: str, at: int) -> int:
        """Where the bracket that holds a building, its room or both ends: 5-25-24(メゾン緑102); 0 when it holds anything else."""
        for pattern in (self._named, self._in_kana, self._before_room, self._room, self._bracketed_room):
            match = pattern.match(window, at + 1)
            if match is not None and "\n" not in match.group() and window[match.end() : match.end() + 1] == ")":
                return match.end() + 1
        return 0
