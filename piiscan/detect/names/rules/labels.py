"""Names behind a label: 氏名：…, 担当者　…, 出席者：…、…, Attn: …"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import is_family, is_place, is_plain_word
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.openings import Place
from piiscan.detect.names.rules.spans import RuleSpan, windows, within
from piiscan.detect.names.variants import CAPITAL, LATIN, katakana, modern_forms
from piiscan.detect.names.words import NAME_CHARS, any_of, name_words

__all__ = ["in_two", "labelled", "of_a_register"]

_STOP = re.compile(
    r"(?<=[ ])(?:[MTSHR]|明治?|大正?|昭和?|平成?|令和?)[. ]{0,2}(?=[0-9元])|[\n\r\t\x0b,、，;；/／|｜│┃<>＜＞()（）\[\]【】「」『』〔〕:：。\"“”@0-9]|[ ]{2,}|(?<=[^ ])(?=様|さん|殿(?:[^ ]|$))"
)
#: 白川・日向・今: names in a list; グエン・ヴァン・アン is one.
_LIST_STOP = re.compile(rf"{_STOP.pattern}|(?<![ァ-ヺー])[・･]|[・･](?![ァ-ヺー])")
#: What follows a list's label that has no sign, where it can be seen that it is a list.
_PLAIN_LIST = re.compile(
    rf"[{NAME_CHARS}]{{1,5}}(?:\([^()\n]{{1,8}}\))?(?:[ ]?[・、][ ]?(?:[A-Z]{{2,4}})?[{NAME_CHARS}]{{1,5}}(?:\([^()\n]{{1,8}}\))?)+(?=[ \n\t。(]|$)"
)
_NEXT_TASK = re.compile(rf"[ ]?(?P<name>[{NAME_CHARS}]{{1,5}})[ ](?P<task>[^ ]+)")
#: The label of the next value of a line, behind the value of this one: 依頼医 福田 採取日 2026/2/21; user=福田 reason=….
_NEXT_LABEL = re.compile(
    r"(?<=[々\u4e00-\u9fff])[ ]+(?:[々\u4e00-\u9fff]{1,3}(?:日|番号|区分|科|病棟)|時[刻間]|日[時付]|場所|内容|年齢)[ ]*$|[ ][a-z][a-z_.]*="
)
#: 福祉司 山本 が指導: what is said of one behind the name.
_SAID_BEHIND = re.compile(
    r"(?<=[々\u3400-\u9fffァ-ヺーぁ-ゖ])[ ]+(?:[がをへで][\u4e00-\u9fffァ-ヺ]|(?:に|は|と|も|から|より|まで)[\u4e00-\u9fffァ-ヺ]{2})"
)
#: Müller, Hans behind a label: the comma parts no two people.
_LATIN_NAME = re.compile(
    rf"[{CAPITAL}][{LATIN}'’.\-]+(?:[ ][{CAPITAL}][{LATIN}'’.\-]*){{0,2}},[ ]?[{CAPITAL}][{LATIN}'’.\-]+(?:[ ][{CAPITAL}][{LATIN}'’.\-]*){{0,2}}(?![{LATIN}@])"
)
#: What stands behind how many there are.
_COUNTERS = frozenset("名人社校組")
#: "name": "…" is also the name of a thing, and 有 the answer to a question.
_QUOTED = 0.5
#: What any name needs behind a label with its sign.
_LISTED = 0.25
#: What a family name that the lists know needs.
_ALONE = 0.2
#: What a whole name needs behind the word that asks for one, alone in its line.
_ASKED = 0.6
#: From this probability on a family and a given name belong together.
_TOGETHER = 0.4
#: A reading of a name.
_READING = re.compile(r"[ぁ-ゖァ-ヺー]{1,8}[ ]?[ぁ-ゖァ-ヺー]{2,8}")
#: The rest of a line that lists names.
_MORE = re.compile(rf"(?:[ ]?[、,・][ ]?[{NAME_CHARS}]{{1,5}}){{1,5}}(?=[ \t]*(?:[\r\n]|$))")
#: Of these the names of people are listed, of 先方 those of branches as well.
_OURS = ("当社", "弊社", "当方", "同行", "同席")
#: Who comes or stays away is a person, of whatever name; what else may stand there.
_COMES, _STATES = ("出席", "欠席", "参加", "列席", "遅刻", "早退"), frozenset("有無可否未済全各多少他")
#: A family name that so many bear.
_SOME = 5_000
#: What stands before a label of a form on the web.
_WHOSE = re.compile(
    r"(?<![A-Za-z])(?:your|user|customer|client|patient|member|contact|billing|shipping|staff|employee|guest|applicant|sender|receiver|owner|student|name)[_-]?$",
    re.IGNORECASE,
)
#: One of a list whose others are names.
_MATE = re.compile(rf"[{NAME_CHARS}]{{1,5}}")

#: 姓 Okada　名 Mai: both parts under a label of their own.
_TWO_LABELS = re.compile(
    rf"(?:姓|氏|セイ|せい|Surname|Last name)[ ]?[/:]?[ ]{{0,4}}(?P<family>[{NAME_CHARS}{LATIN}'\-]{{1,16}})"
    rf"(?:[ \t,、/]{{1,4}}|[ ]?\n[ ]?(?=[^\n:]{{1,11}}:))(?:名|メイ|めい|Given names?|First name)[ ]?[/:]?[ ]{{0,4}}(?P<given>[{NAME_CHARS}{LATIN}'\-]{{1,16}})"
)

#: 【名】学【父】千葉実: as extracts from family registers are laid out, their values right behind.
_REGISTERED = re.compile(
    rf"【(?P<label>(?:従前の)?名|父|母|養父|養母|配偶者(?:氏名)?|夫|妻)】[ ]{{0,2}}(?P<name>[{NAME_CHARS}]{{1,6}}[ ]?[{NAME_CHARS}]{{0,6}})"
)


@cache
def _label() -> re.Pattern[str]:
    words = name_words().label
    return re.compile(
        rf"(?P<label>(?:{any_of(words.of)}?{any_of(words.polite)}?{any_of(words.name)}|{any_of(words.reading)}|"
        rf"(?:{any_of((*words.person, *words.former, *words.sides))}|{any_of(words.list)}{any_of(words.members)}?)|"
        rf"[々\u4e00-\u9fff]{{0,6}}{any_of(words.role_ends)}(?=[ ]{{0,2}}[:\t│┃…‥])|[々\u4e00-\u9fff]{{1,6}}{any_of(words.role_ends_alone)}[1-9①-⑨]?(?=[ ]{{1,4}}[{NAME_CHARS}])|"
        rf"(?i:{any_of((*words.english, *words.english_lists))})))"
        r"(?P<quote>[\"'])?(?:\s*[(][^()\n]{1,12}[)])?[ ]{0,4}(?P<sep>[:：=|\t│┃]|[…‥]{1,30}|[・.．]{3,60}|[】\]〕］]|[ ]{1,8}|\n)[ \t]{0,8}(?P<opens>[\"'])?"
    )


@cache
def _ranked() -> re.Pattern[str]:
    words = name_words()
    ranks = any_of(rank for rank in (*words.rank, *words.rank_before) if len(rank) > 1 and rank not in words.rank_behind_only)
    return re.compile(rf"[ ]?{ranks}[ ](?=[{NAME_CHARS}]{{1,5}}(?![{NAME_CHARS}]))")


@cache
def _list_labels() -> tuple[str, ...]:
    words = name_words().label
    return (*words.list, *words.sides, *words.role_lists, *words.english_lists)


def labelled(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    for match in within(_label(), text, windows(places, 16, 0, len(text))):
        at = match.end()
        weak = match["sep"].strip() == "" and match["sep"] != "\t" and match["label"] not in name_words().label.former
        before = text[match.start() - 1] if match.start() else "\n"
        if match["label"].isascii() and (weak or ((before.isalnum() or before in "_-.$") and not _whose(text, match.start()))):
            continue
        if ("\u4e00" <= before <= "\u9fff" or "ァ" <= before <= "ヺ") and match["label"][0] != "氏":
            weak = True
        lists = match["label"].lower().startswith(_list_labels())
        if lists and weak and not ("\u4e00" <= before <= "\u9fff") and _PLAIN_LIST.match(text, at):
            weak = False
        limit = min(len(text), at + (400 if lists else 40))
        first = True
        found: list[RuleSpan] = []
        mates: list[Place] = []
        while at < limit and (first or lists):
            whole = None if lists else _LATIN_NAME.match(text, at, limit)
            stop = (_LIST_STOP if lists else _STOP).search(text, whole.end() if whole else at, limit)
            if stop and not whole and stop.end() == at and text.startswith("さん", at):  # さんとす かるろす
                stop = (_LIST_STOP if lists else _STOP).search(text, at + 1, limit)
            end = whole.end() if whole else stop.start() if stop else limit
            labelled_on = False
            if stop and not whole and stop.group() == ":" and (gap := text.rfind(" ", at, end)) > at:
                end, labelled_on = gap, True  # 承認者：所属長　確認者：…: the last word is the next label
            elif lists and (task := _NEXT_TASK.match(text, at, end)) and task["task"] in name_words().unit:
                end = task.end("name")  # 時田・内田　ファシリ 喜屋武
            if not lists and (behind := _NEXT_LABEL.search(text, at, end)):
                stop, end = None, behind.start()
            if match["opens"] and (closed := text.find(match["opens"], at, end)) > 0:
                stop, end = None, closed  # name_kanji = '城美月' AND …
            if said := _SAID_BEHIND.search(text, at, end):
                stop, end = None, said.start()
            if lists and (rank := _ranked().match(text, at, end)):
                at = rank.end()  # 理事長 鏡、監事 大仏
            if end > at:
                judged = judge("" if text[at - 1].isdigit() and text[at:end].strip() in _COUNTERS else text[at:end])  # 出席理事　5名（…
                ends = labelled_on or not stop or stop.group() in "\n\r"
                alone = ends and before in "\n 。、(の"
                others = [] if lists or weak or not stop or stop.group() not in "、,・" else _others(text, stop.start(), match["label"])
                need = _need(match, text[at:end].strip(), weak=weak, first=at == match.end(), alone=alone, ends=ends or bool(others))
                if judged.score >= need:
                    score = 0.95 if whole else 0.7 + 0.28 * judged.score
                    found.append(RuleSpan(at + judged.start, at + judged.end, score, f"label {match['label'].strip()}, {judged.why}"))
                    found += others
                elif (
                    lists
                    and text.rfind("(", match.end(), at) <= text.rfind(")", match.end(), at)
                    and _MATE.fullmatch(text[at:end].strip())
                    and _MATE.fullmatch(name := text[at + judged.start : at + judged.end])
                    and judged.why != "no person"
                    and not (_is_below(text, match.end(), at) and is_plain_word(name) and name not in lexicon().surnames)
                ):
                    mates.append((at + judged.start, len(name)))
            first = False
            if not lists or not stop or stop.group() in "\n\r:":
                break
            at = max(stop.end(), end + 1)
        outnumber = len(found) > len(mates) or (len(found) == len(mates) and _are_people(text, match["label"], found, mates))
        if match["label"].startswith(name_words().label.sides) and not outnumber:
            continue  # 先方：大阪、京都、神戸
        yield from found
        if outnumber:
            for start, size in mates:
                yield RuleSpan(start, start + size, 0.65, f"label {match['label'].strip()}, among names")


def _is_below(text: str, label_end: int, at: int) -> bool:
    """Whether a place is not in the line of the label: 参加者 as the last header, and below it what the meeting is about."""
    return text.find("\n", max(0, label_end - 1), at) >= 0


def _whose(text: str, at: int) -> bool:
    """Whether a label in Latin letters stands behind the word for whoever fills in a form: your-kana, user_name, nameKana."""
    return (text[at - 1] in "_-" or text[at].isupper()) and _WHOSE.search(text, max(0, at - 12), at) is not None


def _are_people(text: str, label: str, found: Sequence[RuleSpan], mates: Sequence[Place]) -> bool:
    """Whether as many names as others stand in a list, the others family names that some bear, and the names no places but of one's own side: 寺本、神."""
    others = [text[start : start + size] for start, size in mates]
    known = lexicon().surnames
    return all(is_family(name) and known.get(modern_forms(name), 0) >= _SOME for name in others) and (
        label.startswith(_OURS) or not any(is_place(text[span.start : span.end]) for span in found)
    )


def _others(text: str, at: int, label: str) -> list[RuleSpan]:
    """Further names in the line behind the one that a label of one has, where it holds nothing else: 面接官：新村、福島."""
    match = _MORE.match(text, at)
    names = list(_MATE.finditer(text, *match.span())) if match else []
    if not all(_is_family_or_whole(name.group()) for name in names):
        return []
    return [RuleSpan(*name.span(), 0.75, f"label {label.strip()}, among names") for name in names]


def _is_family_or_whole(name: str) -> bool:
    """Whether a text is a family name, or a whole name, that the lists have, and no unit."""
    lists = lexicon()
    known = modern_forms(name) in lists.surnames or name in lists.foreign or judge(name).why == "surname list + given-name list"
    return known and is_family(name) and name not in name_words().unit


def _need(match: re.Match[str], value: str, *, weak: bool, first: bool, alone: bool, ends: bool) -> float:
    """How probable a name must be behind a label.

    :param weak: only a blank stands between, or the label is a part of a longer word.
    :param first: it stands right behind the label, not farther on in its list.
    :param alone: label and value are all of their line.
    :param ends: nothing follows it in its line.
    """
    label = match["label"]
    if label in name_words().label.former and modern_forms(value) in lexicon().surnames:
        return 0.0  # 旧姓 青森
    if weak and match["sep"].isspace() and _is_reading(label, value):
        return _LISTED  # ふりがな　おざわ よしお
    if weak:
        named = alone and (is_family(value) or (label.endswith(("名", "名前")) and lexicon().given.get(value)))
        asked = ends and label.endswith("氏名")  # 当該者氏名　南清
        return _ALONE if named else _ASKED if asked else 0.8  # 担当 瀬戸内; 子の氏名　凛
    if _is_reading(label, value):
        return 0.05  # フリガナ：チェウンジ
    if len(value) == 1 and not label.endswith(("名", "名前")):
        if not is_family(value):
            only = alone and label.startswith(_COMES) and value in lexicon().surnames and value not in _STATES  # 欠席者：台
            return 0.0 if only else _QUOTED  # 希望者：有
        return _ALONE if first else _LISTED  # 対応者：城; 出席者：佐藤、南
    if first and ends and lexicon().surnames.get(modern_forms(value), 0) >= _SOME:
        return _ALONE  # 所長：伊勢, a place as well
    return _QUOTED if match["opens"] and label.lower() == "name" else _LISTED


def _is_reading(label: str, value: str) -> bool:
    """Whether a label asks for the reading of a name and kana of the length of one stand behind it."""
    value = unicodedata.normalize("NFKC", value)
    if not label.lower().endswith(("kana", "furigana", "カナ", "ガナ", "ﾌﾘｶﾞﾅ", "がな", "仮名")) or not _READING.fullmatch(value):
        return False
    return not katakana(value).startswith(name_words().no_reading) and judge(value).why in {
        "kana",
        "foreign name",
        "kana surname + given name",
    }


def of_a_register(text: str) -> Iterator[RuleSpan]:
    """A given name behind 【名】, whole ones behind 【父】 and 【母】."""
    for match in _REGISTERED.finditer(text):
        name = match["name"].strip()
        known = lexicon().given.get(modern_forms(name)) if match["label"].endswith("名") else None
        if known or judge(name).score >= _LISTED:
            start = match.start("name")
            yield RuleSpan(start, start + len(name), 0.95, f"label {match['label']}")


def in_two(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    """Family and given name, each behind its label; what the two make together must be a name."""
    for match in within(_TWO_LABELS, text, windows(places, 0, 0, len(text))):
        if judge(f"{match['family']} {match['given']}").score >= _TOGETHER:
            for part in ("family", "given"):
                yield RuleSpan(match.start(part), match.end(part), 0.98, "label 姓・名")
