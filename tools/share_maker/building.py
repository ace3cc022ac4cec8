"""A labelled file as it is being made, and the pools that keep the development and the test half of the templates apart."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tools.share_maker import invented
from tools.share_maker.invented import Person

__all__ = ["COMPANIES", "DEPARTMENTS", "Labelled", "Maker", "half"]

T = TypeVar("T")
DEPARTMENTS = (
    "総務部",
    "人事部",
    "営業一課",
    "経理部",
    "開発部",
    "製造部",
    "品質保証課",
    "情報システム部",
    "広報室",
    "法務部",
    "資材課",
    "お客様相談室",
    "第二営業部",
    "看護部",
    "健康推進課",
    "福祉課",
)
COMPANIES = (
    "株式会社例示商事",
    "例示製作所株式会社",
    "有限会社サンプル工務店",
    "合同会社テスト企画",
    "医療法人例示会",
    "社会福祉法人見本園",
    "例示電機㈱",
    "見本運輸（株）",
    "学校法人例示学園",
)
_TITLES = ("部長", "課長", "係長", "主任", "一般", "マネージャー", "リーダー", "担当部長", "室長", "嘱託")


def half(pool: Sequence[T], variant: str) -> list[T]:
    """The part of a pool that this variant may use: ``dev`` and ``test`` share nothing, ``all`` has both."""
    if variant == "all" or len(pool) < 2:
        return list(pool)
    return list(pool[0 if variant == "dev" else 1 :: 2])


@dataclass
class Labelled:
    """One file and what is in it."""

    path: str
    negative: bool = False
    content: bytes = b""
    truth: list[tuple[str, str, str]] = field(default_factory=list)
    sensitive: set[str] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    kind: str = ""
    #: The level that the file must at least reach, where the template says so.
    level: str = ""

    def add(self, entity: str, value: str, norm: str = "") -> str:
        self.truth.append((entity, value, norm))
        return value


class Maker:
    """What the templates draw from: a seeded generator and the variant's half of each pool."""

    def __init__(self, seed: int, variant: str) -> None:
        self.rng = random.Random(seed)
        self.variant = variant
        self.files: list[Labelled] = []
        self._used: set[str] = set()
        self._queues: dict[int, list[object]] = {}

    def pick(self, pool: Sequence[T]) -> T:
        """One of the variant's half; each comes once before any comes again."""
        queue = self._queues.get(id(pool))
        if not queue:
            queue = list(half(pool, self.variant))
            self.rng.shuffle(queue)
            self._queues[id(pool)] = queue
        return queue.pop()  # type: ignore[return-value]

    def choose(self, pool: Sequence[T]) -> T:
        return self.rng.choice(half(pool, self.variant))

    def people(self, count: int) -> list[Person]:
        """Different people of different names."""
        found: dict[str, Person] = {}
        while len(found) < count:
            who = invented.person(self.rng)
            found.setdefault(who.name, who)
        return list(found.values())

    def new(self, folder: str, name: str, suffix: str, *, negative: bool = False, kind: str = "") -> Labelled:
        path = f"{folder}/{name}.{suffix}"
        number = 1
        while path in self._used:
            number += 1
            path = f"{folder}/{name}_{number}.{suffix}"
        self._used.add(path)
        labelled = Labelled(path, negative, kind=kind)
        self.files.append(labelled)
        return labelled

    def date(self, first: int = 2018, last: int = 2026) -> str:
        rng = self.rng
        y, m, d = rng.randrange(first, last), rng.randrange(1, 13), rng.randrange(1, 29)
        return rng.choice(
            (
                f"{y}/{m:02d}/{d:02d}",
                f"{y}年{m}月{d}日",
                f"令和{y - 2018 or '元'}年{m}月{d}日" if y > 2018 else f"平成30年{m}月{d}日",
                f"{y}-{m:02d}-{d:02d}",
            )
        )

    # ------------------------------------------------------------------ templates

    def fill(self, template: str, labelled: Labelled, people: Sequence[Person]) -> str:
        """A template with ``{name}``, ``{mobile2}`` (of the second person) …; personal ones are noted as true."""

        def one(match: re.Match[str]) -> str:
            key, number = match.group(1), int(match.group(2) or 1)
            who = people[(number - 1) % len(people)]
            return self._of_the_late(key[5:], who, labelled) if key.startswith("late_") else self.value(key, who, labelled)

        return re.sub(r"\{([a-z_]+)([0-9]?)\}", one, template)

    def _of_the_late(self, key: str, who: Person, labelled: Labelled) -> str:
        """``{late_name}``: a value of somebody who died counts neither way, and he is nobody of the file (法 2条1項)."""
        people, known = set(labelled.people), len(labelled.truth)
        text = self.value(key, who, labelled)
        labelled.ignored += [value for _, value, _ in labelled.truth[known:]]
        del labelled.truth[known:]
        labelled.people = people
        return text

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        """One value; personal ones are noted as true."""
        made = _PERSONAL.get(key)
        if made:
            entity, make = made
            text = make(who, self.rng)
            if entity == "PERSON":
                labelled.people.add(who.name)
            return labelled.add(entity, text, who.born.isoformat() if entity == "DATE_OF_BIRTH" else "")
        rng = self.rng
        plain: dict[str, Callable[[], str]] = {
            "dept": lambda: rng.choice(DEPARTMENTS), "company": lambda: rng.choice(COMPANIES), "title": lambda: rng.choice(_TITLES), "date": self.date,
            "time": lambda: f"{rng.randrange(8, 19)}:{rng.randrange(60):02d}", "amount": lambda: f"{rng.randrange(1, 999) * 1000:,}", "age": lambda: str(2026 - who.born.year),
            "sex": lambda: "男" if who.male else "女", "sexes": lambda: "男性" if who.male else "女性", "emp": lambda: who.employee, "num": lambda: str(rng.randrange(100, 9999)),
            "big": lambda: str(rng.randrange(10**11, 10**12)), "small": lambda: str(rng.randrange(2, 12)), "prefecture": lambda: rng.choice(invented.towns()).prefecture,
            "city": lambda: rng.choice(invented.towns()).city, "corporate": lambda: invented.corporate_number(rng), "waybill": lambda: invented.waybill(rng),
            "bank": lambda: rng.choice(("例示銀行", "見本信用金庫", "サンプル銀行", "例示農業協同組合")), "branch": lambda: rng.choice(("本店", "丸の内支店", "駅前支店", "中央支店")),
            "insno": lambda: labelled.ignored.append("-".join(who.insurance)) or f"{who.insurance[0]}", "insnum": lambda: who.insurance[1],
            "officetel": lambda: self.ignored(labelled, "-".join(invented.phone(rng, mobile=False))),
            "officemail": lambda: self.ignored(labelled, rng.choice(("info", "support", "soumu", "jinji", "contact")) + "@example.co.jp"),
            "officeaddress": lambda: self.ignored(labelled, invented.address(invented.person(rng), rng, prefecture=True)),
        }  # fmt: skip
        return plain[key]()

    @staticmethod
    def ignored(labelled: Labelled, value: str) -> str:
        labelled.ignored.append(value)
        return value


_PERSONAL: dict[str, tuple[str, Callable[[Person, random.Random], str]]] = {
    "name": ("PERSON", lambda p, r: p.name if r.random() < 0.6 else p.spaced(r.choice((" ", "　")))),
    "spaced": ("PERSON", lambda p, _: p.spaced("　")),
    "family": ("PERSON", lambda p, _: p.family),
    "given": ("PERSON", lambda p, _: p.given),
    "kana": ("PERSON", lambda p, r: p.kana(r.choice((" ", "　", "")))),
    "halfkana": ("PERSON", lambda p, _: invented.half_kana(p.kana())),
    "hira": ("PERSON", lambda p, _: invented.hiragana(p.kana())),
    "romaji": ("PERSON", lambda p, _: f"{p.romaji[1]} {p.romaji[0]}"),
    "romajirev": ("PERSON", lambda p, _: f"{p.romaji[0].upper()} {p.romaji[1]}"),
    "mobile": ("PHONE_NUMBER", lambda p, r: invented.tel(p.mobile, r)),
    "phone": ("PHONE_NUMBER", lambda p, r: invented.tel(p.tel, r)),
    "email": ("EMAIL_ADDRESS", lambda p, _: p.email),
    "address": ("JP_ADDRESS", invented.address),
    "postal": ("JP_POSTAL_CODE", lambda p, r: ("〒" if r.random() < 0.5 else "") + f"{p.town.postal[:3]}-{p.town.postal[3:]}"),
    "dob": ("DATE_OF_BIRTH", invented.born),
    "mynum": ("JP_MY_NUMBER", lambda p, r: r.choice((p.my_number, f"{p.my_number[:4]} {p.my_number[4:8]} {p.my_number[8:]}", f"{p.my_number[:4]}-{p.my_number[4:8]}-{p.my_number[8:]}"))),
    "licence": ("JP_DRIVER_LICENSE", lambda p, _: p.licence),
    "card": ("CREDIT_CARD", lambda p, r: r.choice((p.card, "-".join(p.card[i : i + 4] for i in (0, 4, 8, 12)), " ".join(p.card[i : i + 4] for i in (0, 4, 8, 12))))),
    "pension": ("JP_BASIC_PENSION_NUMBER", lambda p, _: p.pension),
    "account": ("JP_BANK_ACCOUNT", lambda p, _: p.account),
    "passport": ("JP_PASSPORT", lambda p, _: p.passport),
    "residence": ("JP_RESIDENCE_CARD", lambda p, _: p.residence),
}  # fmt: skip


def write_share(files: Iterable[Labelled], folder: Path) -> None:
    """``files/`` and the four label files that ``score_share.py`` reads, and ``people.jsonl`` (persons per file)."""
    lists: dict[str, list[dict[str, object]]] = {"truth": [], "ignore": [], "negatives": [], "files": [], "people": []}
    for made in files:
        target = folder / "files" / made.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(made.content)
        for entity, value, norm in made.truth:
            lists["truth"].append({"file": made.path, "entity": entity, "value": value, **({"norm": norm} if norm else {})})
        lists["truth"] += [{"file": made.path, "entity": kind, "value": ""} for kind in sorted(made.sensitive)]
        plain = [form for value in made.ignored for form in dict.fromkeys((value, re.sub(r"[\s\-()（）.〒]", "", value))) if form]
        lists["ignore"] += [{"file": made.path, "value": value} for value in plain]
        lists["negatives"] += [{"file": made.path, "value": value} for value in made.planted]
        lists["files"].append(
            {"file": made.path, "negative": made.negative, "kind": made.kind, **({"level": made.level} if made.level else {})}
        )
        if made.people:
            lists["people"].append({"file": made.path, "persons": len(made.people)})
    for name, entries in lists.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")
