"""A second share as another stranger would make it: municipality, clinic, nursing home, school, insurer, bank, law office.

Written before looking at any rule of the detector, at the templates of ``stranger_*.yaml`` or at the figures of either. The
templates are in ``blind2_people.yaml`` and ``blind2_nobody.yaml`` (and the set written after the first had been scored, in
``blind2_more.yaml``), in the notation of ``stranger.py``. ``level: critical`` says how high a file must at least be rated.
"""

from __future__ import annotations

import random
from typing import Any

from tools.share_maker import invented, stranger
from tools.share_maker.building import Labelled
from tools.share_maker.invented import Person
from tools.share_maker.prose import load
from tools.share_maker.stranger import StrangerMaker

__all__ = ["Blind2Maker", "make_blind2"]

_PLAIN = ("xml", "ics", "mbox", "dat", "tsv", "yaml", "htm")


class Blind2Maker(StrangerMaker):
    """The keys that fixed-width lists, dumps and forms need beside the stranger's."""

    hand = "blind2"

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        if key == "maiden":  # a former name is the same person's
            return labelled.add("PERSON", self.someone().family)
        a, b, c = who.mobile
        made = {
            "padkana": ("PERSON", invented.half_kana(who.kana(" ")), 24),
            "padname": ("PERSON", who.spaced("　"), 12),
            "padtel": ("PHONE_NUMBER", a + b + c, 14),
            "padaddr": ("JP_ADDRESS", who.town.prefecture + who.place + invented.full_width("－".join(map(str, who.number))), 40),
            "kanjidob": ("DATE_OF_BIRTH", invented.born(who, random.Random(1), "wareki"), 0),
            "shortdob": ("DATE_OF_BIRTH", invented.born(who, random.Random(1), "short0"), 0),
            "isodob": ("DATE_OF_BIRTH", who.born.isoformat(), 0),
            "romajilast": ("PERSON", who.romaji[0], 0),
            "romajifirst": ("PERSON", who.romaji[1], 0),
            "usdob": ("DATE_OF_BIRTH", who.born.strftime("%d %b %Y"), 0),
        }.get(key)
        if made is None:
            return super().value(key, who, labelled)
        entity, text, width = made
        if entity == "PERSON":
            labelled.people.add(who.name)
        labelled.add(entity, text, who.born.isoformat() if entity == "DATE_OF_BIRTH" else "")
        return text.ljust(width, "　" if key in ("padname", "padaddr") else " ")

    def content(self, made: Labelled, template: dict[str, Any], form: str, text: str) -> bytes:
        """A filled template as the bytes of a file."""
        text = text.replace("~", "\n") if form == "vcf" else text
        return _encoded(self, template, text) if form in _PLAIN else stranger.written(self, made, template, form, text)


def make_blind2(
    maker: Blind2Maker, positive: int, negative: int, people: str = "blind2_people.yaml", nobody: str = "blind2_nobody.yaml"
) -> None:
    for name, count, is_negative in ((people, positive, False), (nobody, negative, True)):
        templates = [t for t in load(name) if bool(t.get("nobody", is_negative and people != nobody)) is is_negative]
        for number in range(count):
            template = templates[number % len(templates)]
            form = template["forms"][number // len(templates) % len(template["forms"])]
            _file(maker, template, form, negative=is_negative)


def _file(maker: Blind2Maker, template: dict[str, Any], form: str, *, negative: bool) -> None:
    made = maker.new(template["folder"], template["name"], form.split("_", maxsplit=1)[0], negative=negative, kind=f"{maker.hand}/{form}")
    made.sensitive.update(template.get("sensitive", ()))
    made.level = template.get("level", "")
    made.ignored += [*template.get("ignored", []), "noreply@example.or.jp", "all@example.or.jp"]
    made.planted += template.get("planted", [])
    text = template["text"].rstrip("\n") if template.get("raw") else maker.filled(template["text"], made)
    made.content = maker.content(made, template, form, text)


def _encoded(maker: Blind2Maker, template: dict[str, Any], text: str) -> bytes:
    encoding = template.get("encoding", "utf-8")
    end = "\n" if template.get("name", "").startswith("mbox") or maker.rng.random() < 0.5 else "\r\n"
    return (text.replace("\n", end) + end).encode(encoding if encoding != "cp932" or stranger.is_sjis(text) else "utf-8")
