"""If this were lost or leaked today, would it have to be reported, and why?

Rules are data with an as-of date (``recognizers/law/appi.yaml``): 個人情報保護法
26条 and 施行規則 7条 (what must be reported), 8条 (by when, and which items), 番号法
29条の4. It helps people to see and prepare; it is no legal advice, and the text
says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from piiscan.catalogue import Catalogue, load_catalogue
from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["Duty", "LawError", "LawRules", "LawView", "assess_leak", "concerns", "law_of", "load_law"]

#: Name of an entity for people: ``label(entity, lang)``.
Label = Callable[[str, str], str]


class LawError(ValueError):
    """A law file that cannot be used; the message says which, where and why."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class _DutyRule(_Frozen):
    id: str
    article: str
    entities: tuple[str, ...] = ()
    with_: tuple[str, ...] = Field((), alias="with")
    more_than: int = Field(ge=0)
    bodies: Literal["public", "private", "all"]
    ja: str
    en: str


class _Note(_Frozen):
    entities: tuple[str, ...] = ()
    ja: str
    en: str


class _Deadline(_Frozen):
    days: tuple[int, ...]
    article: str
    ja: str
    en: str


class _Deadlines(_Frozen):
    preliminary: _Deadline
    final: _Deadline
    final_wrongful: _Deadline


class _ReportItem(_Frozen):
    id: str
    ja: str
    en: str


class LawRules(_Frozen):
    """The content of a file in ``recognizers/law/``."""

    as_of: dt.date
    source: tuple[str, ...]
    duties: tuple[_DutyRule, ...]
    notes: tuple[_Note, ...]
    deadlines: _Deadlines
    report_items: tuple[_ReportItem, ...]


@cache
def load_law(path: Path | None = None) -> LawRules:
    """:raises LawError: when the file cannot be read or says something unknown."""
    path = path or recognizers_dir() / "law" / "appi.yaml"
    try:
        return LawRules.model_validate(read_yaml(path))
    except OSError as error:
        raise LawError(f"{path}: cannot be read ({type(error).__name__})") from error
    except yaml.YAMLError as error:
        raise LawError(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise LawError(f"{path}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error


def law_of(entity: str, catalogue: Catalogue | None = None) -> str:
    """The article that makes a kind personal, sensitive or reportable; empty when there is none."""
    rule = (catalogue or load_catalogue()).rules.get(entity)
    return rule.law if rule else ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty to report that would arise.

    :ivar persons: how many persons it is about.
    :ivar entities: the kinds that it is about; empty when the number of persons alone is the reason.
    :ivar at_most: whether there may be fewer persons.
    """

    id: str
    article: str
    persons: int
    entities: tuple[str, ...]
    ja: str
    en: str
    at_most: bool = False

    def text(self, lang: str) -> str:
        """Why, in ``lang``, with the number of persons and the article."""
        if lang == "ja":
            return f"{self.ja}（該当 {'最大 ' if self.at_most else ''}{self.persons:,} 人、{self.article}）"
        return f"{self.en} ({'at most ' if self.at_most else ''}{self.persons:,} persons; {self.article})"


@dataclass(frozen=True, slots=True)
class LawView:
    """What the law would ask for if the selection were lost.

    :ivar persons: distinct persons in all.
    :ivar by_entity: entity to persons, most persons first.
    :ivar duties: why it would have to be reported; empty when nothing in the files says so.
    :ivar at_most: kinds whose number of persons is an upper bound (a person in several files may be counted twice).
    """

    as_of: dt.date
    persons: int
    exact: bool
    by_entity: tuple[tuple[str, int], ...]
    duties: tuple[Duty, ...]
    notes: tuple[_Note, ...]
    rules: LawRules
    at_most: frozenset[str] = frozenset()

    @property
    def reportable(self) -> bool:
        """Whether what was found in the files is by itself enough for a duty to report."""
        return bool(self.duties)

    def summary(self, lang: str) -> str:
        """One sentence."""
        about = "" if self.exact else ("約" if lang == "ja" else "about ")
        if lang == "ja":
            if self.duties:
                return f"漏えい等が起きた場合、個人情報保護委員会への報告と本人への通知が必要になる見込みです（本人の数 {about}{self.persons:,} 人）。"
            return f"ファイルの内容だけからは、報告義務に当たる事項は見つかりませんでした（本人の数 {about}{self.persons:,} 人）。"
        if self.duties:
            return f"A leak would probably have to be reported, and the persons told ({about}{self.persons:,} persons)."
        return f"Nothing in the files by itself makes a leak reportable ({about}{self.persons:,} persons)."

    def deadlines(self) -> tuple[tuple[str, _Deadline], ...]:
        """By when a report is due, by name."""
        due = self.rules.deadlines
        return (("preliminary", due.preliminary), ("final", due.final), ("final-wrongful", due.final_wrongful))

    def items(self, lang: str, label: Label) -> Iterator[tuple[str, str, str]]:
        """``(id, title, content)`` of what a report must say; what files cannot tell is left to be filled in."""
        for item in self.rules.report_items:
            yield item.id, item.ja if lang == "ja" else item.en, self._fill(item.id, lang, label)

    def remarks(self, lang: str) -> Iterator[str]:
        """What cannot be seen in files, as of when the rules are, and that this is no legal advice."""
        for note in self.notes:
            yield note.ja if lang == "ja" else note.en
        asof = self.as_of.isoformat()
        yield f"{asof} 現在の法令による整理で、法的助言ではありません。" if lang == "ja" else f"As of {asof}; this is no legal advice."

    def text(self, lang: str, label: Label | None = None) -> str:
        """The whole view as text that a person can paste: reasons, deadlines, items of the report (施行規則8条).

        :param label: name of an entity: ``label(entity, lang)``; the catalogue's by default.
        """
        ja = lang == "ja"
        label = label or load_catalogue().label
        lines = [self.summary(lang), ""]
        if self.duties:
            lines.append("理由" if ja else "Reasons")
            lines += [f"- {duty.text(lang)}" for duty in self.duties]
            lines += ["", "期限" if ja else "Deadlines"]
            lines += [f"- {deadline.ja if ja else deadline.en} ({deadline.article})" for _, deadline in self.deadlines()]
            lines.append("")
        lines.append("報告事項（施行規則8条1項）" if ja else "Items of the report (Enforcement Rules, Article 8)")
        lines += [f"- {title}: {content}" for _, title, content in self.items(lang, label)]
        lines += ["", "注意" if ja else "Notes"]
        lines += [f"- {remark}" for remark in self.remarks(lang)]
        return "\n".join(lines) + "\n"

    def _fill(self, item: str, lang: str, label: Label) -> str:
        ja = lang == "ja"
        if item == "data":
            found = (self._of_kind(entity, persons, lang, label) for entity, persons in self.by_entity)
            return ("、" if ja else ", ").join(found) or ("なし" if ja else "none")
        if item == "persons":
            about = "" if self.exact else ("約" if ja else "about ")
            return f"{about}{self.persons:,}{'人' if ja else ''}"
        return "（記入）" if ja else "(to be filled in)"

    def _of_kind(self, entity: str, persons: int, lang: str, label: Label) -> str:
        if lang == "ja":
            return f"{label(entity, lang)}（{'最大' if entity in self.at_most else ''}{persons:,}人）"
        return f"{label(entity, lang)} ({'at most ' if entity in self.at_most else ''}{persons:,})"


def _is(entity: str, names: tuple[str, ...]) -> bool:
    """Whether a rule names a kind: by its name, by its beginning (``JP_SENSITIVE_*``), and not excepted (``!JP_SENSITIVE_FIN_*``)."""

    def named(name: str) -> bool:
        return entity.startswith(name[:-1]) if name.endswith("*") else entity == name

    return any(named(name) for name in names if name[0] != "!") and not any(named(name[1:]) for name in names if name[0] == "!")


def concerns(rules: LawRules, entity: str) -> bool:
    """Whether the number of persons of this kind decides on a duty."""
    return any(_is(entity, rule.entities) for rule in rules.duties)


def assess_leak(
    persons_by_entity: Mapping[str, int],
    persons: int,
    *,
    exact: bool = True,
    at_most: frozenset[str] = frozenset(),
    together: Collection[tuple[str, str]] | None = None,
    public_body: bool = False,
    rules: LawRules | None = None,
) -> LawView:
    """Which duties a loss of these data would bring.

    :param persons_by_entity: distinct persons for each kind found. A kind found
        that is linked to nobody (0 persons) counts as one.
    :param persons: distinct persons in all.
    :param exact: whether ``persons`` is exact or an estimate.
    :param at_most: kinds whose number is an upper bound.
    :param together: pairs of kinds that stand in one file; a rule that asks for two kinds looks there. Without it
        both anywhere are enough.
    :param public_body: whether the owner is a public body (行政機関等, 施行規則43条).
    """
    rules = rules or load_law()
    found = {entity: max(1, n) for entity, n in persons_by_entity.items()}
    body = "public" if public_body else "private"
    duties = []
    for rule in rules.duties:
        if rule.bodies not in {"all", body}:
            continue
        if rule.entities:
            kinds = tuple(sorted(e for e in found if _is(e, rule.entities) and _has_company(e, rule, found, together)))
            if not kinds:
                continue
            largest = max(kinds, key=lambda entity: found[entity])
            number, bounded = found[largest], largest in at_most
        else:
            kinds, number, bounded = (), persons, False
        if number > rule.more_than:
            duties.append(Duty(rule.id, rule.article, number, kinds, rule.ja, rule.en, bounded))
    notes = tuple(note for note in rules.notes if not note.entities or any(_is(e, note.entities) for e in found))
    ordered = tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
    return LawView(rules.as_of, persons, exact, ordered, tuple(duties), notes, rules, at_most)


def _has_company(entity: str, rule: _DutyRule, found: Mapping[str, int], together: Collection[tuple[str, str]] | None) -> bool:
    """Whether the other kind that a rule asks for is there, too."""
    if not rule.with_:
        return True
    if together is None:
        return any(_is(other, rule.with_) for other in found)
    return any((one == entity and _is(other, rule.with_)) or (other == entity and _is(one, rule.with_)) for one, other in together)
