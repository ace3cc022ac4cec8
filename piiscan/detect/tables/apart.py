"""People of one name in the rows of a table, told apart by what stands beside them.

A family name alone is weak: 石川 of 三浦印刷所 and 石川 of 桜丘学園 in a book of visitors are two people, and neither is the 石川 in
the house whom somebody visits. A given name alone is the row's own person where the relation says so (続柄 本人). A father is not the child who bears his name, and nobody comes with himself (連名1, 連名2). Whoever
is another than the one of that name before gets a compared form with what tells them apart; the first keeps the plain one, so that
the same person in another file is still the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from piiscan.detect.names.features import lexicon
from piiscan.detect.normalize import nfkc
from piiscan.detect.tables.plans import ColumnPlan, Mode
from piiscan.detect.tables.words import Words
from piiscan.model import Hit

__all__ = ["Apart"]

#: 会社名, 勤務先: the people of such a column come from elsewhere. 所属: they are of this house.
_ELSEWHERE = re.compile(r"会社|社名|法人|団体|企業|勤務先|取引先|貴社|御社|company")
_HOUSE = re.compile(r"所属|部署|課名|部名|department")
_RELATION = re.compile(r"続柄|関係|間柄")
_KIN = re.compile(r".{0,2}(?:[父母夫妻兄弟姉妹子孫]|[長次二三四][男女]|配偶者|両親|親)(?:.{0,2})")
#: The relation of somebody to himself.
_SELF = re.compile(r"(?:ご?本人|世帯主|戸主|筆頭者|加入者)(?:本人)?")
_NUMBERED = re.compile(r"[0-9]+")
_FORMS = re.compile(r"株式会社|有限会社|合同会社|\((?:株|有|同)\)|\s")
#: Entities by which the count itself tells namesakes apart.
_SIGNS = frozenset(
    {"PHONE_NUMBER", "EMAIL_ADDRESS", "DATE_OF_BIRTH", "JP_EMPLOYEE_NUMBER", "JP_STUDENT_NUMBER", "JP_MY_NUMBER", "JP_ADDRESS"}
)
#: Family names that are remembered.
_FAMILIES: Final = 20_000


class Apart:
    """What a table's columns say of namesakes.

    :param plans: of the columns, judged.
    """

    def __init__(self, plans: Sequence[ColumnPlan], words: Words) -> None:
        people = [p for p in plans if p.entity == "PERSON" and p.mode is Mode.VALUE and p.name_part < 0]
        mine = [p for p in people if not words.other_person(p.raw_header) and not words.role(p.raw_header)]
        #: index of the column that says where somebody is from, and of the people it speaks of
        self._from = self._of = -1
        self._elsewhere = False
        for plan in plans:
            if plan in people or not mine:
                continue
            header = nfkc(plan.raw_header)
            if (elsewhere := _ELSEWHERE.search(header) is not None) or _HOUSE.search(header):
                self._from, self._elsewhere = plan.index, elsewhere
                self._of = min(mine, key=lambda p: (abs(p.index - plan.index), -p.index)).index
                break
        relations = [p.index for p in plans if _RELATION.search(nfkc(p.raw_header))]
        self._mine = {p.index for p in mine}
        self._relations = tuple(relations) if len(people) > 1 else ()
        #: columns of somebody's family, with the column of the relation behind each
        self._kin = {p.index: i for p in people if p not in mine for i in relations if 0 < i - p.index <= 2}
        stems: dict[str, list[int]] = {}
        for p in people:  # 連名1, 連名2; 父 and 母 below one 保護者
            if _NUMBERED.search(header := nfkc(p.raw_header)) or (header and p not in mine):
                stems.setdefault(_NUMBERED.sub("", header), []).append(p.index)
        self._numbered = {i: frozenset(alike) for alike in stems.values() if len(alike) > 1 for i in alike}
        # where the first of each family name is from
        self._first: dict[str, str] = {}

    @property
    def idle(self) -> bool:
        """Whether nothing here tells anybody apart."""
        return self._from < 0 and not self._kin and not self._numbered and not self._relations

    def parted(self, hits: list[tuple[int, Hit]], row: Sequence[str]) -> list[tuple[int, Hit]]:
        """A row's hits by column; those of people who are not the one of that name elsewhere have a compared form of their own."""
        if any(i < len(row) and _SELF.fullmatch(row[i].strip()) for i in self._relations):
            return _of_himself(hits)
        if self._kin or self._numbered:
            hits = self._in_row(hits, row)
        if self._from < 0 or any(hit.entity in _SIGNS for _, hit in hits):
            return hits
        mine = {hit.norm: self._from_elsewhere(i, hit, row).norm for i, hit in hits if hit.entity == "PERSON" and i == self._of}
        return [
            (i, replace(hit, norm=mine[hit.norm]) if hit.norm in mine else self._from_elsewhere(i, hit, row))  # 署名 of the visitor
            if hit.entity == "PERSON"
            else (i, hit)
            for i, hit in hits
        ]

    def _in_row(self, hits: list[tuple[int, Hit]], row: Sequence[str]) -> list[tuple[int, Hit]]:
        people = [(n, i, hit) for n, (i, hit) in enumerate(hits) if hit.entity == "PERSON"]
        if len({hit.norm for *_, hit in people}) == len(people):
            return hits
        out = list(hits)
        for n, i, hit in people:
            others = {j for _, j, other in people if j != i and other.norm == hit.norm}
            relation = row[self._kin[i]].strip() if i in self._kin and self._kin[i] < len(row) else ""
            if others & self._mine and relation and _KIN.fullmatch(relation):  # whom the row is about; 緊急連絡先 妻 is who 配偶者 is
                out[n] = i, replace(hit, norm=f"{hit.norm}/{relation}")
            elif any(j < i for j in others & self._numbered.get(i, frozenset())):
                out[n] = i, replace(hit, norm=f"{hit.norm}/{i}")
        return out

    def _from_elsewhere(self, index: int, hit: Hit, row: Sequence[str]) -> Hit:
        if hit.norm not in lexicon().surnames or (index != self._of and not self._elsewhere):
            return hit
        where = _FORMS.sub("", nfkc(row[self._from])) if index == self._of and self._from < len(row) else ""
        if index == self._of and not where:
            return hit
        first = self._first.setdefault(hit.norm, where) if len(self._first) < _FAMILIES else self._first.get(hit.norm, where)
        return hit if where == first else replace(hit, norm=f"{hit.norm}/{where}")


def _of_himself(hits: list[tuple[int, Hit]]) -> list[tuple[int, Hit]]:
    """A row's hits; 茜 in a row of 原 茜 whose 続柄 is 本人 is she."""
    wholes = [hit.norm for _, hit in hits if hit.entity == "PERSON"]
    return [
        (i, replace(hit, norm=whole))
        if hit.entity == "PERSON" and (whole := next((w for w in wholes if len(w) > len(hit.norm) and w.endswith(hit.norm)), ""))
        else (i, hit)
        for i, hit in hits
    ]
