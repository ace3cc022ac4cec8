"""Where a span of the model begins and ends too far out: with a title, the town in a bracket, the end of a rank before it."""

from __future__ import annotations

import re
from functools import cache

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import is_family
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.titles import before_unit
from piiscan.detect.names.words import name_words

__all__ = ["trimmed"]

#: 増田 舞 儀, 中條拓也　拝, 寺崎あゆみ方, 神山薬剤師
_BEHIND_ENDS = frozenset("儀拝白具記師士員長医生授牧職督子妻弟妹将チ方")
_BEHIND = re.compile(
    r"(?:[ \u3000]+(?:儀|拝|謹白|敬白|拝具|記)|[ \u3000]*(?:薬剤師|看護師|保健師|助産師|栄養士|保育士|療法士|相談員|支援員|指導員|弁護士|税理士|司法書士|医師|先生|准?教授|牧師|住職|監督|親子|父子|母子|夫妻|兄弟|姉妹|兄妹|班長|組長|団長|隊長|主将|コーチ)|(?<=[^ \u3000])方)$"
)
#: Dr.佐藤, Mr. Hisamatsu
_BEFORE = re.compile(r"(?:Dr|Mr|Mrs|Ms|Prof)\.[ \u3000]?|(?:MR|DI|MS)[ \u3000](?=[々㐀-鿿])|笑[ \u3000]+")
#: 甲 濵口 寿子 of a contract, 4月1日　平野 of a plan of duties.
_PARTY = re.compile(r"[甲乙丙丁][ \u3000]+(?=[^ \u3000]+[ \u3000]+[^ \u3000])|(?<![^\n])[甲乙][ \u3000]+(?=[^ \u3000]{2})")
_DAY = re.compile(r"(?<=[0-9０-９])日[ \u3000]+")
#: チャン・ティ・ラン thilan(_tran@…): an address begins; カルロス・シルバ wrote(:).
_ADDRESS_BEHIND = re.compile(r"(?<=[ァ-ヺー一-鿿])[ \u3000]+[a-z]+$")
#: 中村記: who wrote it down, at the end of a note.
_WROTE = re.compile(r"(?<=[^ \u3000])記(?=[)）\n]|[ \u3000]*$)")
#: 金三千円　富田 みどり: what somebody gave, before the name.
_GIFT = re.compile(r"一?金?[ \u3000]?[一二三四五六七八九十百千万壱弐参拾阡萬0-9０-９,，]+円也?[ \u3000]+")
_BRACKET = re.compile(r"[（(]|[）)]")
#: Columns of a list: Lena Bergström          FRA
_WIDE_GAP = re.compile(r"[ \u3000]{3,}")
#: 水野 望 | りょうかい: the rule between two cells
_RULE = re.compile(r"[ \u3000]*[|｜│┃]")
#: 本町　佐渡 湊, うさぎ組　やまな ゆい: who lives or is where.
_PLACED = re.compile(r"(?:[^ \u3000]*[ \u3000]+)?[^ \u3000]*[町村区組班課部室係科園校][ \u3000]+")
_BLANK = re.compile(r"[ \u3000]")
#: The word that a 長 before a name ends: 支店長石倉, 課 長 神 舞.
_HEAD = re.compile(r"[員課係部所室局区班組団校院園会店場社次務館駅隊署船機議座][ \u3000]?$")
#: 203号(室江藤様)
_ROOM = re.compile(r"[0-9０-９]号?$")
#: 大神ゼウス, 妃キャサリン・パー, エレナ・パヴロヴナ大公妃: what somebody is, in kanji, grown together with a name in katakana.
_ROLE = (
    "王妃|皇后|女王|国王|大王|皇帝|皇太子|王太子|王子|王女|大公妃|大公|選帝侯|総督|提督|大神|女神|教皇|法王|司教|大司教|司祭|神父|修道士|大統領|首相|宰相|外相|議員|長官"
    "|司令官|将軍|元帥|[大中少准]将|[大中少]佐|船長|艦長|公爵|侯爵|伯爵|子爵|男爵|監督|博士|教授|作曲家|哲学者|詩人|画家|妃"
)
#: 王 before a name may be a family name: 王メイリン.
_ROLE_AND_FOREIGN = re.compile(
    rf"(?:[前元故副]?(?:{_ROLE})|[父母兄弟姉妹妻夫]|祖父|祖母|息子)?(?P<name>[ァ-ヺ][ァ-ヺー・＝=]+(?:[0-9０-９]+世)?)(?:[前元副]?(?:{_ROLE}|[王帝卿公]))?"
)
_PERSON, _SURE = 0.45, 0.8
#: Most names: no sign, no blank, no katakana is in them.
_KANJI_AND_HIRAGANA = re.compile(r"[々㐀-鿿ぁ-ゖ]+")


#: Characters of the longest rank that is cut off.
_RANK = 5
#: The rank of a unit's head, before which the unit stands: 杉本文化(課長).
_HEAD_BEHIND = re.compile(r"(?:部|課|係|室|局|科|班)長")


@cache
def _ranks() -> frozenset[str]:
    return frozenset(name_words().rank)


def _without_rank(text: str, start: int, end: int) -> int:
    """Where a family name ends that a rank or the unit of a rank goes on from: 陳副總, 杉本文化 of 杉本文化課長."""
    for size in range(2, min(_RANK, end - start - 1) + 1):
        if text[end - size : end] in _ranks() and text[start : end - size] in lexicon().surnames:
            return end - size
    if _HEAD_BEHIND.match(text, end) and (family := before_unit(text[start:end])):
        return start + family
    return end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a span that is the name."""
    plain = _KANJI_AND_HIRAGANA.fullmatch(text, start, end) is not None
    if not plain:
        start, end = _without_other_parts(text, start, end)
        if role := _ROLE_AND_FOREIGN.fullmatch(text, start, end):
            return role.span("name")
    if (
        text[end - 1] in _BEHIND_ENDS
        and (behind := _BEHIND.search(text, start + 1, end))
        and judge(text[start : behind.start()]).score >= _PERSON
    ):
        end = behind.start()
    if "\u4e00" <= text[end - 1] <= "\u9fff":
        end = _without_rank(text, start, end)
    if text[end - 1] == "記" and _WROTE.match(text, end - 1) and is_family(text[start : end - 1]):
        end -= 1
    if text[end - 1] == "家" and end - start > 1 and is_family(text[start : end - 1]) and not is_family(text[start:end]):
        end -= 1  # 坂家のトーク履歴
    if text[end - 1] == "主" and end - start > 1 and is_family(text[start : end - 1]) and text[start:end] not in lexicon().surnames:
        end -= 1  # 湯浅主より来電: the head of a household
    if not plain:
        start, end = _without_address_or_place(text, start, end)
    if text[start] == "室" and _ROOM.search(text, max(0, start - 2), start) and judge(text[start + 1 : end]).score >= _PERSON:
        start += 1
    if text[start] == "長" and end - start > 2 and _HEAD.search(text, max(0, start - 2), start):
        rest_start = start + 1 + (text[start + 1] in " \u3000")
        rest = judge(text[rest_start:end])
        if rest.score >= _PERSON and rest.score >= judge(text[start:end]).score:  # 編集部　長嶺次郎 is no 嶺次郎
            start = rest_start
    while start < end - 1 and text[start] in " \u3000":
        start += 1
    return start, end


def _without_other_parts(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without what signs, blanks or Latin letters part from the name."""
    if (before := _BEFORE.match(text, start, end)) and before.end() < end:
        start = before.end()
    if (party := _PARTY.match(text, start, end)) or (party := _DAY.match(text, start, end)):
        start = party.end()
    if (gift := _GIFT.match(text, start, end)) and gift.end() < end:
        start = gift.end()
    for bracket in _BRACKET.finditer(text, start + 1, end - 1):
        start, end = (start, bracket.start()) if bracket.group() in "（(" else (bracket.end(), end)
        break
    if gap := _WIDE_GAP.search(text, start + 1, end):
        end = gap.start()
    if rule := _RULE.search(text, start + 1, end):
        end = rule.start()
    return start, end


def _without_address_or_place(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the address that begins behind a blank, and without the place or unit before one."""
    if address := _ADDRESS_BEHIND.search(text, start + 1, end):
        end = address.start() if text[end : end + 1] in {"_", "@", ".", "-", "+", ":", "："} else end
    placed = _PLACED.match(text, start, end)
    if (
        placed
        and placed.end() < end
        and (text[start : placed.end()].strip() not in lexicon().surnames or _BLANK.search(text, placed.end() + 1, end - 1))
    ):
        rest = judge(text[placed.end() : end])
        if rest.score >= max(_SURE, judge(text[start:end]).score):
            start = placed.end()
    return start, end
