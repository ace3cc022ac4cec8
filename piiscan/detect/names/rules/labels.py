"""Names behind a label: 氏名：…, 担当者　…, 出席者：…、…, Attn: …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from piiscan.detect.names.cells import judge
from piiscan.detect.names.rules.spans import RuleSpan, is_family, windows, within
from piiscan.detect.names.rules.words import NAME_CHARS, Place, any_of, name_words

__all__ = ["labelled"]

_STOP = re.compile(
    r"(?<=[ ])(?:[MTSHR]|明治?|大正?|昭和?|平成?|令和?)[. ]{0,2}(?=[0-9元])|[\n\r\t\x0b,、，;；/／|｜<>＜＞()（）\[\]【】「」『』〔〕:：。\"“”@0-9]|[ ]{2,}|(?<=[^ ])(?=様|さん|殿(?:[^ ]|$))"
)
#: Müller, Hans behind a label: the comma parts no two people.
_LATIN_NAME = re.compile(
    r"[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.\-]+(?:[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'’.\-]*){0,2},[ ]?[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.\-]+(?:[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'’.\-]*){0,2}(?![A-Za-zÀ-ɏ@])"
)
#: One of a list whose others are names.
_MATE = re.compile(rf"[{NAME_CHARS}]{{1,5}}")


@cache
def _label() -> re.Pattern[str]:
    words = name_words().label
    return re.compile(
        rf"(?P<label>(?:{any_of(words.of)}?{any_of(words.polite)}?{any_of(words.name)}|{any_of(words.reading)}|"
        rf"(?:{any_of(words.person)}|{any_of(words.list)}{any_of(words.members)}?)|"
        rf"[々\u4e00-\u9fff]{{0,6}}{any_of(words.role_ends)}(?=[ ]{{0,2}}[:\t])|"
        rf"(?i:{any_of((*words.english, *words.english_lists))})))"
        r"(?:\s*[(][^()\n]{1,12}[)])?[ ]{0,4}(?P<sep>[:：=|\t]|[】\]〕］]|[ ]{1,8}|\n)[ \t]{0,8}"
    )


@cache
def _list_labels() -> tuple[str, ...]:
    words = name_words().label
    return (*words.list, *words.role_lists, *words.english_lists)


def labelled(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    for match in within(_label(), text, windows(places, 16, 0, len(text))):
        at = match.end()
        weak = match["sep"].strip() == "" and match["sep"] != "\t"
        before = text[match.start() - 1] if match.start() else "\n"
        if match["label"].isascii() and (before.isalnum() or before in "_-.$" or weak):
            continue
        if ("\u4e00" <= before <= "\u9fff" or "ァ" <= before <= "ヺ") and match["label"][0] != "氏":
            weak = True
        lists = match["label"].lower().startswith(_list_labels())
        limit = min(len(text), at + (400 if lists else 40))
        first = True
        mates: list[Place] = []
        named = 0
        while at < limit and (first or lists):
            whole = None if lists else _LATIN_NAME.match(text, at, limit)
            stop = _STOP.search(text, whole.end() if whole else at, limit)
            end = whole.end() if whole else stop.start() if stop else limit
            if stop and not whole and stop.group() == ":" and (gap := text.rfind(" ", at, end)) > at:
                end = gap  # 承認者：所属長　確認者：…: the last word is the next label
            if end > at:
                judged = judge(text[at:end])
                need = 0.8 if weak else 0.25
                if weak and (not stop or stop.group() in "\n\r") and before in "\n 。、(" and is_family(text[at:end].strip()):
                    need = 0.2  # 担当 瀬戸内, alone in its line
                if judged.score >= need:
                    named += 1
                    score = 0.95 if whole else 0.7 + 0.28 * judged.score
                    yield RuleSpan(at + judged.start, at + judged.end, score, f"label {match['label'].strip()}, {judged.why}")
                elif lists and text[at - 1] != "(" and _MATE.fullmatch(name := text[at:end].strip()) and judged.why != "no person":
                    mates.append((text.index(name, at), len(name)))
            first = False
            if not lists or not stop or stop.group() in "\n\r":
                break
            at = max(stop.end(), end + 1)
        if named > len(mates):
            for start, size in mates:
                yield RuleSpan(start, start + size, 0.65, f"label {match['label'].strip()}, among names")
