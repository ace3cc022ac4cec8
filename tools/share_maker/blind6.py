"""A sixth share as yet another stranger would make it: every kind of value, sensitive facts told in running text, who is counted, prose.

Written before looking at any rule of the detector or at the templates of the others. The templates are in ``blind6_people.yaml``
and ``blind6_nobody.yaml``, in the notation of ``stranger.py``, ``blind4.py`` and ``blind5.py``, and with words written out and
labelled where they stand: ``[[山田]]`` is a person (``[[山田@山田太郎]]`` says which), ``[[JP_ADDRESS!…]]`` another kind of
value (``[[DATE_OF_BIRTH!…@1950-04-01]]`` with its other form) and ``[[?…]]`` what counts neither way.
"""

from __future__ import annotations

import dataclasses
import re

from tools.share_maker.blind5 import Blind5Maker
from tools.share_maker.building import Labelled
from tools.share_maker.invented import Person

__all__ = ["Blind6Maker"]


class Blind6Maker(Blind5Maker):
    """Names written out where they stand; namesakes (``{twin}``, then ``{twindob}``, ``{twintel}`` … of that one), and the dead (``{late}``)."""

    hand = "blind6"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._twin: Person | None = None

    def filled(self, template: str, labelled: Labelled) -> str:
        text = super().filled(template, labelled)
        return re.sub(r"\[\[(?:(\?)|([A-Z_]+)!)?(.+?)(?:@([^@\]]+))?\]\]", lambda match: _noted(match, labelled), text)

    def value(self, key: str, who: Person, labelled: Labelled) -> str:
        if key == "late":  # the law protects the living: the name of a dead relative counts neither way
            return self.ignored(labelled, who.family + self.someone().given)
        if key.startswith("un_"):  # a name in an account or an address of a page, or a part of one that is labelled as a whole
            return self.ignored(labelled, self._unlabelled(key.removeprefix("un_"), who, labelled))
        if key in {"viet", "brazil", "china"}:  # few names: whoever bears one again has a card and a birth date of their own
            count = len(labelled.people)
            text = super().value(key, who, labelled)
            if len(labelled.people) == count:
                labelled.people.add(f"{text} {len(labelled.truth)}")
            return text
        if not key.startswith("twin"):
            return super().value(key, who, labelled)
        if key == "twin":
            other = self.someone()
            self._twin = dataclasses.replace(
                other, **{part: getattr(who, part) for part in ("family", "given", "family_kana", "given_kana", "romaji", "foreign")}
            )
            labelled.people.add(f"{who.name} of the same name")
            return labelled.add("PERSON", who.name)
        assert self._twin
        people = set(labelled.people)
        text = super().value(key.removeprefix("twin"), self._twin, labelled)
        labelled.people &= people
        return text

    def _unlabelled(self, key: str, who: Person, labelled: Labelled) -> str:
        people, count = set(labelled.people), len(labelled.truth)
        text = super().value(key, who, labelled)
        labelled.people &= people
        del labelled.truth[count:]
        return text


def _noted(match: re.Match[str], labelled: Labelled) -> str:
    ignored, entity, text, other = match.groups()
    if ignored:
        labelled.ignored.append(text)
    elif entity:
        labelled.add(entity, text, other or "")
    else:
        labelled.people.add(other or text)
        labelled.add("PERSON", text)
    return text
