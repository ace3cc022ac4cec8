"""Which columns of a table name the same person: 氏名|フリガナ|英字氏名, 氏名|旧姓, 代表者|ﾀﾞｲﾋﾖｳｼﾔ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, islice
from typing import Final

from piiscan.detect.names.cells import TITLE
from piiscan.detect.names.spelled import could_be_spelled
from piiscan.detect.names.spoken import could_be_given, could_be_read
from piiscan.detect.normalize import nfkc
from piiscan.detect.readings import is_reading, script_of
from piiscan.detect.tables.grid import cell_of
from piiscan.detect.tables.measure import is_nothing
from piiscan.detect.tables.plans import ColumnPlan, Mode
from piiscan.detect.tables.words import Words

__all__ = ["SamePerson"]

_FORMER = re.compile(r"旧姓|旧氏")
#: So many of a column's readings must be those of the names, for the lists do not know them all.
_MOSTLY: Final = 0.8
#: What somebody calls himself beside his name.
_NICKNAME = re.compile(r"表示名|ニックネーム|愛称|あだ名|呼び名|通称|ハンドル|display.?name|nick.?name", re.IGNORECASE)
#: Headers of the row's own name in kanji.
_OWN_NAME = re.compile(r"氏名|姓名|名前|通称|本名|漢字|和名|和文|日本語|(?:real|full).?name|^name$", re.IGNORECASE)
#: So many rows say whether a column in kana is the reading of one in kanji, and no fewer names than this.
_READ_ROWS: Final = 50
_LEAST_READ: Final = 3


class SamePerson:
    """Looks at the columns of a table that hold names."""

    def __init__(self, plans: Sequence[ColumnPlan], words: Words) -> None:
        self._plans = plans
        self._words = words

    def found(self, values: Sequence[ColumnPlan], rows: Sequence[Sequence[str]]) -> dict[int, int]:
        """Columns that hold the name of another column once more, in kana or in Latin letters: index to that column's."""
        names = [
            p for p in values if p.entity == "PERSON" and not self._words.other_person(p.raw_header) and not self._words.role(p.raw_header)
        ]
        split = [p for p in self._plans if p.name_part == 0 and not self._words.other_person(p.raw_header)]
        scripts = {p.index: _script(row[p.index] for row in rows if p.index < len(row)) for p in (*names, *split)}
        for p in split:
            scripts[p.name_pair] = scripts[p.index]
        others = [p.index for p in values if p.entity == "PERSON" and p.index not in scripts]
        if (
            others and scripts and all(is_reading(self._plans[i].raw_header) and not self._plans[i].inside for i in scripts)
        ):  # 氏名カナ beside who took the call
            return {i: others[0] for i in scripts if not self._reads_otherwise(i, others[0], rows)}
        called = [p.index for p in values if p.called]
        for index in called:
            scripts.pop(index, None)
        whose = next((i for i in scripts if not is_reading(self._plans[i].raw_header)), None)
        called_so = dict.fromkeys(called, whose) if whose is not None else {}
        same = called_so | self._once_more(values, rows, scripts) | self._other_spellings(scripts, rows)
        headers = {i: nfkc(self._plans[i].raw_header) for i in scripts}
        own = next(
            (i for i, header in headers.items() if i not in same and _OWN_NAME.search(header) and not _NICKNAME.search(header)), None
        )
        if own is not None:
            nicknames = (p.index for p in self._plans if p.mode is not Mode.SKIP and _NICKNAME.search(nfkc(p.raw_header)))
            same |= {i: own for i in nicknames if i not in same}
        return {i: main for i, main in same.items() if scripts.get(i) != "latin" or not self._spelled_otherwise(i, main, rows)}

    def _spelled_otherwise(self, latin: int, main: int, rows: Sequence[Sequence[str]]) -> bool:
        """Whether names in Latin letters are not those of a column in kanji: 氏名 of foreigners beside 上長, not beside their 通称名."""
        if is_reading(self._plans[latin].raw_header) or _OWN_NAME.search(nfkc(self._plans[main].raw_header)):
            return False
        pairs = [(row[latin], row[main]) for row in rows[:50] if max(latin, main) < len(row) and row[latin].strip() and row[main].strip()]
        return len(pairs) > 1 and sum(could_be_spelled(spelling, name) for spelling, name in pairs) < 0.5 * len(pairs)

    def _once_more(self, values: Sequence[ColumnPlan], rows: Sequence[Sequence[str]], scripts: dict[int, str]) -> dict[int, int]:
        """氏名|旧姓 is one person; so is 代表者|ﾀﾞｲﾋﾖｳｼﾔ, a column in kana beside one in kanji whose reading it is."""
        people = [p for p in values if p.entity == "PERSON"]
        former = {p.index for p in people if _FORMER.search(nfkc(p.raw_header))}
        main = next((i for i in scripts if i not in former and self._plans[i].name_part != 1), None)
        same = dict.fromkeys(former, main) if main is not None else {}
        for one, other in combinations(people, 2):
            if (
                other.index in same
                or (other.index - one.index != 1 and not is_reading(other.raw_header))
                or _script(r[other.index] for r in rows if other.index < len(r)) != "kana"
            ):
                continue
            pairs = [
                (r[other.index], r[one.index])
                for r in rows[:50]
                if other.index < len(r) and r[one.index].strip() and r[other.index].strip()
            ]
            if len(pairs) < 2 or _script(name for _, name in pairs) != "kanji":
                continue
            read = sum(could_be_read(kana, name) for kana, name in pairs)
            if read == len(pairs) or (is_reading(other.raw_header) and read >= _MOSTLY * len(pairs)):
                same[other.index] = one.index
        return same

    def _reads_otherwise(self, kana: int, main: int, rows: Sequence[Sequence[str]]) -> bool:
        """Whether most cells of a column cannot be how the names of another are read: 氏名カナ of the callers beside who took the call."""
        plan, beside = self._plans[kana], self._plans[main]
        if is_reading(plan.raw_header) and (beside.name_part >= 0 or _OWN_NAME.search(nfkc(beside.raw_header))):
            return False  # 氏名|フリガナ: its header says so, whatever lists know of it
        family = plan.name_pair if plan.name_part == 1 else kana
        given = self._plans[main].name_pair if self._plans[main].name_part == 0 else -1  # 名（ヨミガナ） beside 姓 and 名
        cells = [
            (TITLE.sub("", cell_of(row, family)), cell_of(row, main), cell_of(row, given) if given >= 0 else "")
            for row in rows[:_READ_ROWS]
        ]
        read = [
            could_be_read(reading, name) or (bool(first) and could_be_given(reading, first))
            for reading, name, first in cells
            if script_of(reading) == "kana" and script_of(name) == "kanji"
        ]
        other = len(read) >= _LEAST_READ and sum(read) < 0.5 * len(read)
        plan.own_people = other
        return other

    def _other_spellings(self, scripts: dict[int, str], rows: Sequence[Sequence[str]]) -> dict[int, int]:
        """Columns of names in other letters beside a column in kanji (else beside one that no header calls a reading)."""
        firsts = [i for i in scripts if self._plans[i].name_part != 1]
        main = next((i for i in firsts if scripts[i] == "kanji"), None)
        if main is not None:
            return {i: main for i, script in scripts.items() if script in {"kana", "latin"} and not self._reads_otherwise(i, main, rows)}
        # 氏名 of foreigners, in kana or now and then in kanji, beside 英字氏名
        readings = {i for i in scripts if is_reading(self._plans[i].raw_header)}
        main = next((i for i in firsts if i not in readings), None)
        return {i: main for i in readings if scripts[i] in {"kana", "latin"}} if main is not None else {}


def _script(cells: Iterable[str]) -> str:
    """What most of some names are written in: ``kanji``, ``kana``, ``latin``; empty when mixed."""
    told = (text for cell in cells if (text := cell.strip()) and not is_nothing(text))  # 同伴者 なし
    counts = Counter(script_of(TITLE.sub("", text)) for text in islice(told, 50))
    best, count = counts.most_common(1)[0] if counts else ("", 0)
    return best if count > 0.7 * counts.total() else ""
