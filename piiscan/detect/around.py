"""What the words and values around a value say of it that its own rule cannot see.

A number that passes its check is somebody's beside a name; a date in brackets behind a name is when that person was born; an
insurer's number in a sentence is nobody's; a name may be that of somebody who died.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import norm_of, why_of
from piiscan.detect.checks import few_pass
from piiscan.resources import recognizers_dir

__all__ = ["PERSON_OF_HISTORY", "SAID_TO_BE_DEAD", "of_names_alone", "people_of_history", "said_of", "weigh"]

SAID_TO_BE_DEAD: Final = "said to be dead"
#: Why a name is not counted (``recognizers/levels.yaml``).
PERSON_OF_HISTORY: Final = "a person of history"
#: What else may be known of a name that is one: a label, a title other than 公, a header say that it is somebody of today.
_OF_NAMES_ALONE: Final = ("model", "surname", "given", "foreign name", "a name of this document", "title 公", "first in", "alone in")

#: What is reported at the usual threshold.
_SURE: Final = 0.5
#: How far a name may be from the number that it supports.
_NEAR: Final = 40
#: A number that passes its check, with nothing against it.
_UNOPPOSED: Final = 0.25
#: 番号 and nothing else right before a number.
_BARE_NUMBER = re.compile(r"(?<![一-鿿ァ-ヺー])番号(?:は|が|[ 　:：])?[ 　]?$")
#: From a title on to a bracket and what comes after.
_BRACKET_BEFORE = re.compile(r"[ \u3000]{0,2}(?:様|さん|殿|氏|くん|ちゃん|君)?[ \u3000]{0,2}[(（][ \u3000]?$")
_PADDING_BEFORE = re.compile(r"[ \u3000]{2,}$")
_RECORD_KINDS: Final = frozenset({"JP_ADDRESS", "JP_POSTAL_CODE", "PHONE_NUMBER"})
#: A date behind one of these says when something was written or approved.
_WRITER = re.compile(r"label \S*(?:承認|作成|記入|記録|確認|報告|起案|更新|担当|受付|決裁|検印|署名)")
#: Dates from this year on are those of something else as often.
_RECENT_YEAR: Final = "2012"
#: What an insured person is known by beside the insurer, in its line or the next.
_OF_INSURED = re.compile(r"記号|枝番|被保険者|(?<!保険者)(?<!保険者の)番号|氏名|患者|生年月日|続柄|受給者|負担者")
_SAID = re.compile(r"[ぁ-ゖ]")
#: Before the name of somebody who died, and behind it.
_LATE_BEFORE = re.compile(
    r"(?:(?<![一-鿿])[故亡]|(?<![一-鿿])亡(?:き)?(?:[祖養義]?[父母]|[夫妻兄姉弟妹]|主人|家内|長男|長女)|(?:故人|被相続人|物故者|没者)(?:俗名|氏名|名)?|俗名)[ \u3000\t・:：]{0,3}$"
)
#: … of whom several are listed: 物故者　高木 弘、芦田 進.
_LATE_LIST = re.compile(r"(?:物故者|故人|没者)[ \u3000\t:：]{1,3}$")
_NEXT_OF_LIST = re.compile(r"(?:様|氏)?[ \u3000]?[、・,，][ \u3000]?")
#: A header or label of names of the dead; 故人との関係 is one of the living.
_LATE_HEADER = re.compile(r"(?:故人|霊位|被相続人|物故者?|戒名|法名|法号|俗名|没者|死亡者|亡くなった(?:方|人))(?!と|から)")
#: … 母 トメが九十五歳にて永眠, but not 佐藤さん、昨日ネコが死去: what died is who is named, not something behind a further が or の.
_LATE_BEHIND = re.compile(
    r"[ \u3000]{0,2}(?:様|さま|さん|氏|殿|儀|先生|翁|君)?[ \u3000]{0,2}"
    r"(?:[(（][ \u3000]?(?:故人|享年|行年|没|(?:(?:明治|大正|昭和|平成|令和|[0-9０-９]{4})[^()（）\n]{0,14})?(?:死亡|没|逝去|死去|他界))"
    r"|[、,]?(?:享年|行年)[^の]|死亡(?:により|のため|後)|之霊|・故人(?=[)）])"
    r"|(?:が|は|儀|には|におかれまして(?:は|も)?)?[^。\nがの父母夫妻祖兄弟姉妹息娘主葬通喪]{0,24}?(?:療養中のところ[^。\nがの]{0,14})?"
    r"(?:永眠|ご?逝去(?!され?た方)|他界(?:し|さ|い)|死去(?:し|さ|い)|亡くな(?:り|っ|ら)))"
)
_LATE_REACH: Final = 48
#: 奥様の由美子さん: of somebody's family.
_KIN_BEFORE = re.compile(
    r"(?:奥様|奥さん|奥方|主人|旦那|[長次二三][男女]|息子|子息|令息|令嬢|娘|嬢|[父母兄姉弟妹夫妻孫])(?:さん|さま|様)?の[ \u3000]?$"
)
#: What stands right before a name and says what it is, where no label does: （旧姓 勅使河原、…, (フリガナ) コダマ.
_NAMED_SO = re.compile(r"(?P<label>旧姓|旧氏|フリガナ|ふりがな|ﾌﾘｶﾞﾅ)[ \u3000:：)）]{0,3}$")
_KIN: Final = "member of a family"
#: What all that is said before a name ends with, and what may stand between.
_TELLING: Final = frozenset("の姓氏ナなﾅ故亡父母夫妻兄姉弟妹人内男女者名")
_BETWEEN: Final = " \u3000\t・:：)）"
#: What could be a My Number by its form; so many of them say together whether they are.
_TWELVE_DIGITS = re.compile(r"[0-9](?<![0-9].)[0-9]{11}(?![0-9])")
_SEVERAL: Final = 4


def weigh(found: Sequence[RecognizerResult], text: str, *, of_my_number: bool, cells: bool) -> None:
    """Raise, lower or note what the text around says of some results; they are changed in place.

    :param of_my_number: whether the document says in its name or head that it is about My Numbers.
    :param cells: whether the text is cells of a table, where a number beside a name may be that of anything.
    """
    persons = [r for r in found if r.entity_type == "PERSON" and r.score >= _SURE]
    if persons:
        _born(found, persons, text)
        _my_numbers(found, persons, text, of_my_number=of_my_number, cells=cells)
        _families_and_dead(persons, text)
        _historic(persons, text)
    _lone_insurers(found, text)


@lru_cache(maxsize=1_024)
def said_of(header: str) -> tuple[str, ...]:
    """What a header or label says of those who are named below it or behind it: reasons, or nothing.

    >>> said_of("故人氏名"), said_of("施主")
    (('said to be dead',), ())
    """
    return (SAID_TO_BE_DEAD,) if _LATE_HEADER.search(header) else ()


def _note(result: RecognizerResult, reason: str) -> None:
    result.recognition_metadata["why"] = (*why_of(result), reason)


def _my_numbers(
    found: Sequence[RecognizerResult], persons: Sequence[RecognizerResult], text: str, *, of_my_number: bool, cells: bool
) -> None:
    """A number that passes its check beside a person's name is supported by it, also against the delivery that a line above speaks of
    where it is called 番号 in a document about My Numbers; not one of many such long numbers, most of which do not pass: those are numbers of orders or parcels.
    """
    by_chance = not of_my_number and _pass_by_chance(found, text)
    for result in found:
        if result.entity_type != "JP_MY_NUMBER" or result.score >= _SURE:
            continue
        named = of_my_number and _BARE_NUMBER.search(text, max(0, result.start - 12), result.start)
        supported = result.score >= _UNOPPOSED and (of_my_number or not cells) and not by_chance
        if (named or supported) and any(0 <= result.start - p.end <= _NEAR or 0 <= p.start - result.end <= _NEAR for p in persons):
            result.score = 0.6
            _note(result, "beside a person's name")


def _pass_by_chance(found: Sequence[RecognizerResult], text: str) -> bool:
    """Whether fewer than half of several numbers of twelve digits pass the check of a My Number, as one in ten does by chance."""
    passed = sum(result.entity_type == "JP_MY_NUMBER" for result in found)
    if not passed:
        return False
    return few_pass(passed, sum(1 for _ in _TWELVE_DIGITS.finditer(text)), least=_SEVERAL)


def _born(found: Sequence[RecognizerResult], persons: Sequence[RecognizerResult], text: str) -> None:
    """A date right behind a name, in brackets or behind the padding of its column, is a date of birth, unless it is recent."""
    dates = [r for r in found if r.entity_type == "DATE_OF_BIRTH" and r.score < _SURE and norm_of(r)[:4] < _RECENT_YEAR]
    if not dates:
        return
    ends = {r.end for r in persons if not _WRITER.search(" ".join(why_of(r)))}
    records = {text.rfind("\n", 0, r.start) for r in found if r.entity_type in _RECORD_KINDS and r.score >= _SURE}
    for result in dates:
        if "pattern in_brackets" in why_of(result):  # 山田 太郎（S50.4.1）
            before = _BRACKET_BEFORE.search(text, max(0, result.start - 10), result.start)
        elif "pattern behind_padding" in why_of(result) and text.rfind("\n", 0, result.start) in records:  # in the line of an address
            before = _PADDING_BEFORE.search(text, max(0, result.start - 40), result.start)
        else:
            continue
        if before and before.start() in ends:
            result.score = 0.75
            _note(result, "behind a person's name")


def _families_and_dead(persons: Sequence[RecognizerResult], text: str) -> None:
    """Note who is said to be of somebody's family (娘の美咲), and to have died: 故 山田太郎, 母 トメが九十五歳にて永眠いたしました, 被相続人 佐藤一郎."""
    ordered = sorted(persons, key=lambda r: r.start)
    listed = -1  # where the last of a list of the dead ends
    for person, following in pairwise((*ordered, None)):
        assert person is not None
        end = min(person.end + _LATE_REACH, following.start if following is not None else len(text))
        told = text[max(0, person.start - 9) : person.start].rstrip(_BETWEEN)[-1:] in _TELLING
        if (told and (named := _NAMED_SO.search(text, max(0, person.start - 9), person.start))) and not any(
            reason.startswith(f"label {named['label']}") for reason in why_of(person)
        ):
            _note(person, f"label {named['label']}")
        if told and _KIN_BEFORE.search(text, max(0, person.start - 8), person.start) and _KIN not in why_of(person):
            _note(person, _KIN)
        if (told and _LATE_LIST.search(text, max(0, person.start - 8), person.start)) or (
            listed >= 0 and _NEXT_OF_LIST.fullmatch(text, listed, person.start)
        ):
            listed = person.end
        if (
            listed == person.end
            or (told and _LATE_BEFORE.search(text, max(0, person.start - 8), person.start))
            or _LATE_BEHIND.match(text, person.end, end)
        ):
            _note(person, SAID_TO_BE_DEAD)


def _historic(persons: Sequence[RecognizerResult], text: str) -> None:
    """Note who is a well-known person of history, 徳川家康公 and 樋口一葉, where nothing else says that it is somebody of that name."""
    for person in persons:
        name = "".join(text[person.start : person.end].split())
        if name in people_of_history() and of_names_alone(why_of(person)):
            _note(person, PERSON_OF_HISTORY)


def of_names_alone(why: Sequence[str]) -> bool:
    """Whether nothing but a name itself says that it is one: no label, title or header of somebody of today."""
    return all(reason.startswith(_OF_NAMES_ALONE) for reason in why)


@cache
def people_of_history() -> frozenset[str]:
    """Whole names of well-known people of history."""
    lines = (recognizers_dir() / "dictionaries" / "historic_persons.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if not line.startswith("#"))


def _lone_insurers(found: Sequence[RecognizerResult], text: str) -> None:
    """The number of an insurer in a sentence (返戻の多い保険者番号 33120015 は…) is nobody's where nothing beside it is an insured person's."""
    for result in found:
        if result.entity_type != "JP_HEALTH_INSURANCE" or "pattern insurer" not in why_of(result):
            continue
        start, end = text.rfind("\n", 0, result.start) + 1, text.find("\n", result.end)
        end = len(text) if end < 0 else end
        if not _SAID.search(text, start, result.start) or not _SAID.search(text, result.end, end):
            continue
        first, last = text.rfind("\n", 0, max(0, start - 1)) + 1, text.find("\n", end + 1)
        if not _OF_INSURED.search(text[first : result.start] + "\n" + text[result.end : last if last >= 0 else len(text)]):
            result.score = 0.3
            _note(result, "an insurer's, and nobody's beside it")
