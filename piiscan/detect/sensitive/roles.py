"""What a sensitive word does in its clause: the state of somebody, or what some thing, work, event or number is about.

The words behind it are one noun phrase as far as compounds, ``の`` and ``に関する`` go on; the last noun says what
the phrase is (抗がん剤の包装: a packing). Then the particle and the verb behind the phrase are asked, and the
quotation marks around it. The nouns and verbs are data: ``recognizers/context/roles.yaml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["ClauseRole", "role_of"]

_LINKS = 5
_QUOTED = 40
_BEFORE = 16
_NOUN = r"(?:子ども(?:たち)?(?=の)|(?:お|ご)?[一-龠々ヶァ-ヶーA-Za-z]{1,16}(?:(?:[りみきいけせれえげちしびめ]|わせ|らせ|かけ)(?=[のをがはにでへとも、。\s()」』\]]|$))?|まとめ|しくみ|お知らせ|おすすめ|しおり|まつり|つどい|せい|おかげ|はがき)"
#: What goes on behind a word: a compound, a phrase linked to it, one more of its kind.
_COMPOUND = re.compile(_NOUN)
_LINK = re.compile(
    r"(?:者|児|病|教|徒|罪)?(?:の|における|に関する|について(?:の|書いた)|に対する|への|からの|に係る|をめぐる|を(?:題材|テーマ|主題)にした|を(?:扱|描)った)(?:本当の|ある|見える|[一-龠]{1,3}(?:しい|い|な|的な|した|する))?(?P<noun>"
    + _NOUN
    + ")"
)
#: A noun that is a verb, and what it is said of: 服役した主人公
_SAID_OF = re.compile(rf"(?:を?(?:し|され|させ)(?:た|て(?:い)?(?:た|る))|した|する)(?P<noun>{_NOUN})(?:の(?P<of>{_NOUN}))?")
#: … and what did so by it: 結核で死にかけた会社
_SUFFERED_BY = re.compile(rf"(?:で|に)[ぁ-ん一-龠]{{1,8}}た(?P<noun>{_NOUN})(?!の)(?P<of>)")
#: … and what a verb stands before: 警察に連れて行かれる場面
_ADNOMINAL = re.compile(rf"[ぁ-ん]{{0,4}}[るたいだ](?P<noun>{_NOUN})(?:の(?P<of>{_NOUN}))?")
_LINE_HEAD = re.compile(r"(?:^|\n|[ \t・●○■◆0-9.)]|[一-龠ァ-ヶ])$")
_BEHIND_TITLE = re.compile(r"[ \t0-9]|[(]|\n|$")
_BESIDE = re.compile(rf"(?:[・とや]|及び|および|または|又は){_NOUN}(?=[の・とや])")
_MARKS = {"「": "」", "『": "』"}
_NO_MARKS = frozenset("\n「」『』")
#: It has not happened: めまいで倒れたら
_SUPPOSED = re.compile(r"[^。、\n]{0,10}(?:[ただ]ら(?!し)|れば|場合)")
#: What says before quotation marks that a statement stands in them: 診断「うつ病」, 理由は「うつ病」
_LABEL_BEFORE = re.compile(
    r"[一-龠ァ-ヶー:|\t ]$|(?:診断[名書]?|病名|理由|主訴|持病|既往歴?|所見|罪名|容疑)(?:は|が|に|には|として)[、 ]?$"
)
#: How much of it somebody takes: アムロジピン5mg.
_DOSE = re.compile(r"[ ]?(?:[A-Z]?錠|OD錠|注|散|カプセル|テープ)?[0-9.]{1,6}[ ]?(?:mg|g|μg|mL|ml|錠|T(?![A-Za-z])|単位|包|枚|カプセル|滴)")
#: Behind a word that ends so no compound goes on: こだわりが強く段取りを変えると
_INFLECTED = frozenset("くてでず")
#: Nouns that say nothing of what the phrase is: 包装変更の件.
_LIGHT = frozenset({"件", "話", "点", "分", "際", "方", "等", "他", "ほか"})


class ClauseRole(IntEnum):
    """What a word does."""

    TOPIC = 0  # something else is about it, or it is somebody's work
    THING = 1  # a part of a phrase whose noun nobody knows: rather a thing's than a person's
    OPEN = 2
    STATE = 3  # said as the state of somebody


@dataclass(frozen=True, slots=True)
class _Roles:
    things: re.Pattern[str]
    no_things: re.Pattern[str]
    joins: re.Pattern[str]
    states: re.Pattern[str]
    state_after: re.Pattern[str]
    topic_after: re.Pattern[str]
    quoted_after: re.Pattern[str]
    title_of: re.Pattern[str]


@lru_cache(maxsize=1)
def _roles() -> _Roles:
    data = read_yaml(recognizers_dir() / "context" / "roles.yaml")
    return _Roles(
        things=re.compile(f"(?:{'|'.join(data['things'])})(?:{data['light']})*$"),
        no_things=re.compile(f"(?:{data['no_things']})$"),
        joins=re.compile(data["joins"]),
        states=re.compile(f"(?:{data['states']}|{data['persons']})$"),
        state_after=re.compile("|".join(f"(?:{one})" for one in data["state_after"])),
        topic_after=re.compile("|".join(f"(?:{one})" for one in data["topic_after"])),
        quoted_after=re.compile("|".join(f"(?:{one})" for one in data["quoted_after"])),
        title_of=re.compile(data["title_of"]),
    )


def role_of(folded: str, start: int, end: int) -> tuple[ClauseRole, int]:
    """What the word at ``start``:``end`` does, and where its noun phrase ends."""
    roles = _roles()
    marks = _quotation(folded, start, end)
    if marks and _is_title(roles, folded, *marks):
        return ClauseRole.TOPIC, end
    nouns, at = _phrase(folded, end)
    head = nouns[-1] if nouns else ""
    said = None if head else _SAID_OF.match(folded, end) or _SUFFERED_BY.match(folded, end) or _ADNOMINAL.match(folded, end)
    if said and (_is_thing(said["noun"]) or _is_thing(said["of"] or "")):
        return ClauseRole.TOPIC, said.end()
    if any(map(_is_thing, nouns)) and not roles.no_things.search(folded[start:at]):
        return (ClauseRole.OPEN if roles.joins.match(folded, at) else ClauseRole.TOPIC), at
    if roles.topic_after.match(folded, end) or (at > end and roles.topic_after.match(folded, at)):
        return ClauseRole.TOPIC, at
    if marks == (start - 1, end) and not _is_labelled(
        folded, start - 1
    ):  # alone in them: a manner of speaking, unless somebody is said to have it
        return (ClauseRole.STATE if roles.state_after.match(folded, end + 1) else ClauseRole.TOPIC), end + 1
    leaves_it_a_state = not head or _is_state(head)
    state = (
        _is_all_that_is_said(folded, start, at)
        or roles.state_after.match(folded, end)
        or (at > end and leaves_it_a_state and roles.state_after.match(folded, at))
    )
    if (state and not _SUPPOSED.match(folded, end)) or (at == end and _DOSE.match(folded, end)):
        return ClauseRole.STATE, at
    if leaves_it_a_state:
        return ClauseRole.OPEN, at
    return (ClauseRole.TOPIC if marks and _is_heading(folded, *marks) else ClauseRole.THING), at


@lru_cache(maxsize=2048)
def _is_thing(noun: str) -> bool:
    return _roles().things.search(noun) is not None


@lru_cache(maxsize=2048)
def _is_state(noun: str) -> bool:
    return _roles().states.search(noun) is not None


def _is_all_that_is_said(folded: str, start: int, end: int) -> bool:
    """Whether the phrase is what a sentence says of somebody: 祖母はアイヌ。"""
    return folded[start - 1 : start] == "は" and folded[end : end + 1] in {"。", "", "\n", ")"}


def _phrase(folded: str, end: int) -> tuple[list[str], int]:
    """The nouns of the phrase that goes on at ``end``, and where it ends; none where the word itself is the last."""
    nouns: list[str] = []
    dose = _DOSE.match(folded, end)
    if dose and folded.startswith("の", dose.end()):
        end = dose.end()
    elif (compound := _COMPOUND.match(folded, end)) and folded[end - 1] not in _INFLECTED:
        nouns.append(compound.group())
        end = compound.end()
    for _ in range(_LINKS):
        link = _LINK.match(folded, end)
        if link:
            if link["noun"] not in _LIGHT:
                nouns.append(link["noun"])
            end = link.end()
            continue
        beside = _BESIDE.match(folded, end)
        if not beside:
            break
        end = beside.end()
    return nouns, end


def _quotation(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the quotation marks around the word stand, in its line and not far away."""
    opened = max(folded.rfind(mark, max(0, start - _QUOTED), start) for mark in _MARKS)
    if opened < 0:
        return None
    close = folded.find(_MARKS[folded[opened]], end, end + _QUOTED)
    if close < 0 or not _NO_MARKS.isdisjoint(folded[opened + 1 : close]):
        return None
    return opened, close


def _is_labelled(folded: str, opened: int) -> bool:
    """Whether what stands in quotation marks has a label before them: 病名「…」, 理由は「…」."""
    return _LABEL_BEFORE.search(folded, max(0, opened - _BEFORE), opened) is not None


def _is_title(roles: _Roles, folded: str, opened: int, close: int) -> bool:
    """Whether the words before and behind quotation marks say that they hold a title or a wording; 『』 hold titles anyway."""
    return (
        roles.title_of.search(folded, max(0, opened - _BEFORE), opened) is not None
        or roles.quoted_after.match(folded, close + 1) is not None
        or (folded[close] == "』" and not roles.state_after.match(folded, close + 1) and not _is_labelled(folded, opened))
    )


def _is_heading(folded: str, opened: int, close: int) -> bool:
    """Whether quotation marks hold a heading: 「受刑者の社会復帰と農業」 大西 俊介"""
    return _LINE_HEAD.search(folded, max(0, opened - _BEFORE), opened) is not None and _BEHIND_TITLE.match(folded, close + 1) is not None
