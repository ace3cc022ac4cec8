"""Names that other names give away: the reading or the former name in brackets behind one, the rest of a list of which most are names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Generator, Iterator, Sequence
from itertools import pairwise

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import is_family, is_family_among_names, is_family_or_place, is_place
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.spans import RuleSpan
from piiscan.detect.names.variants import katakana, modern_forms
from piiscan.detect.names.words import NAME_CHARS, name_words

__all__ = ["neighbours"]

#: 三好 杏奈（みよし あんな）
_READING = re.compile(
    r"(?:様|さん|氏|くん|ちゃん)?[ ]?\([ ]?(?:(?:ふりがな|フリガナ|よみがな|よみ|読み|カナ)[ :]{1,2})?(?P<name>[ぁ-ゖァ-ヺー]{1,8}(?:[ ・][ぁ-ゖァ-ヺー]{1,8}){0,3})[ ]?\)"
)
#: 宍戸衡子（蓮實）
_FORMER = re.compile(r"[ ]?\((?:旧姓[ :]?)?(?P<name>[々〆ヶ一-鿿]{2,4})\)")
#: A list in one line: 中橋・岡山, 大内（課長）、戸塚
_ITEM = rf"[{NAME_CHARS}]{{1,6}}"
_RUN = re.compile(rf"{_ITEM}(?:[ ]?(?:\([^()\n]{{1,8}}\))?[ ]?[・、/][ ]?{_ITEM}){{1,30}}(?=[ \n\t)(\]」|。]|$)")
_NAMES = re.compile(rf"(?P<name>{_ITEM})[ ]?(?:\([^()\n]{{1,8}}\))?[ ]?(?:[・、/][ ]?)?")
#: 南：岡田さんの…: who has been named speaks.
_SPEAKS = re.compile(rf"(?m)^[ \t・○●◇◆-]{{0,4}}(?P<name>[{NAME_CHARS}]{{1,5}}):(?=[ ]?[^\s0-9/])")
#: A list goes on behind a name, or began before it, with an item as short as a name.
_GOES_ON = re.compile(rf"[ ]?(?:\([^()\n]{{1,8}}\))?[ ]?[・、/][ ]?{_ITEM}(?=[ ]?(?:\([^()\n]{{1,8}}\))?[ ]?[・、/]|[ \n\t)(\]」|。]|$)")
_BEGAN = re.compile(rf"{_ITEM}[ ]?(?:\([^()\n]{{1,8}}\))?[ ]?[・、/][ ]?$")
#: What may stand behind an item of a list, and what right before the next one.
_BEHIND_ITEM, _BEFORE_ITEM = frozenset(" (・、/"), frozenset(" ・、/")
#: From these probabilities on kana are the reading of a name, a name is believed, and believed so that another one follows from it.
_KANA, _NAME, _SURE = 0.4, 0.5, 0.8
#: … and a single character, of which nothing but the model says that it is one.
_SINGLE = 0.7
#: 1班 道下　2班 榊, PT 小谷　ST 台: a number or letters, and who is there.
_SLOT = re.compile(
    rf"(?P<of>[0-9A-Z](?<![0-9A-Za-z].)(?:(?:(?<=[0-9])[0-9]{{0,2}}|(?<=[A-Z]))(?:班|区|組|丁目|号|号室|号車|号棟|年|階|列|卓|便)|(?<=[A-Z])[A-Z]{{1,2}}))[ :](?P<name>[{NAME_CHARS}]{{1,5}})(?=[ /、,・(\n]|$)"
)
#: What any of them has: a figure or letter, its unit and a sign; they begin with the sign, which is quickly found.
_SLOTTED = tuple(
    re.compile(f"{sign}(?:(?<=[0-9A-Z][班区組丁号年階列卓便A-Z].)|(?<=[0-9A-Z][班区組丁号年階列卓便A-Z][目室車棟A-Z].))") for sign in " :"
)
#: What stands alone between two names.
_MIDDLE = re.compile(r"[ ]{1,2}(?P<name>[々一-鿿豈-\ufaffぁ-ゖァ-ヺ]{2,6})[ ]{1,2}")
#: Two words of kana in brackets, and two words before them.
_TWO_READINGS = re.compile(r"\((?:[ぁ-ゖ]{1,8}[ ](?P<hira>[ぁ-ゖ]{2,6})|[ァ-ヺー]{1,8}[ ](?P<kata>[ァ-ヺー]{2,6}))\)")
_TWO_WORDS = re.compile(rf"(?<![{NAME_CHARS}])(?P<name>[々〆ヶ一-鿿豈-\ufaffノツッケ]{{1,5}}[ ][{NAME_CHARS}]{{1,4}})[ ]?$")
_FIGURES, _LETTERS = re.compile(r"[0-9]+"), re.compile(r"[A-Z]+")
#: So long is a line that has such.
_LINE = 240
#: A surname of so many is frequent.
_FREQUENT, _FREQUENT_ONE = 8_000, 30_000
#: What a sentence says of whom it begins with.
_SAID = re.compile(r"(?:は|が|から|より|及び|も(?=[、一-鿿]))")
#: What a family name and a rank can be read as as well: 岡部 長.
_RANK = re.compile(r"(?:部長|課長|係長|次長|室長|社長|会長|主任)(?![一-鿿])")
_OF_RANK = 0.985
#: Of more people than these a text is a list.
_MOST = 30
#: How far before a name its list may have begun, and how far one item reaches.
_REACH = 60
_ITEM_REACH, _PLAIN_ITEM_REACH = 18, 10


def neighbours(text: str, spans: Sequence[RuleSpan]) -> Iterator[RuleSpan]:
    """Further names of ``text`` (folded) beside ``spans``, which are in order; they may overlap those."""
    names = [span for span in spans if span.score >= _NAME]
    hinted = {(span.start, span.end) for span in spans if span.score < _NAME}
    if "(" in text:
        for span in names:
            if (match := _READING.match(text, span.end)) and judge(match["name"]).score >= _KANA:
                yield RuleSpan(*match.span("name"), 0.9, "title of a reading in brackets")
            elif (match := _FORMER.match(text, span.end)) and _is_former(text[span.start : span.end], match["name"]):
                yield RuleSpan(*match.span("name"), 0.7, "title of a former name in brackets")
    if "→" in text:
        yield from _handed_on(text, spans)
    yield from _between(text, names)
    if "(" in text:
        yield from _read_so(text)
    yield from _in_slots(text, spans)
    yield from _named_before(text, names)
    yield from _again(text, names)
    done = -1
    for span in names:
        if span.start >= done and (
            (text[span.end : span.end + 1] in _BEHIND_ITEM and _GOES_ON.match(text, span.end)) or _began_before(text, span.start, 0)
        ):
            done = yield from _mates(text, span, names, hinted)


def _handed_on(text: str, spans: Sequence[RuleSpan]) -> Iterator[RuleSpan]:
    """Of two that an arrow joins, one of them a name, the other: 19:00 馬場→横田."""
    for one, other in pairwise(spans):
        if other.start - one.end == 1 and text[one.end] == "→" and max(one.score, other.score) >= _NAME > min(one.score, other.score):
            unsure = min(one, other, key=lambda span: span.score)
            if is_family_among_names(text[unsure.start : unsure.end]):
                yield RuleSpan(unsure.start, unsure.end, 0.65, "among names, surname list")


def _between(text: str, names: Sequence[RuleSpan]) -> Iterator[RuleSpan]:
    """What stands between two names with a blank on either side, where the lists know it as a whole one: 白水三郎　髙﨑学　宮沢聖史."""
    for one, other in pairwise(names):
        if one.end - one.start > 2 < other.end - other.start and (match := _MIDDLE.fullmatch(text, one.end, other.start)):
            judged = judge(match["name"])
            if judged.score >= _KANA and judged.why == "surname list + given-name list":
                yield RuleSpan(*match.span("name"), 0.75, f"among names, {judged.why}")


def _read_so(text: str) -> Iterator[RuleSpan]:
    """Two words whose reading follows in brackets, the second a given name's: 八ッ橋 ゆかり（やつはし ゆかり）."""
    for reading in _TWO_READINGS.finditer(text):
        name = _TWO_WORDS.search(text, max(0, reading.start() - _ITEM_REACH), reading.start())
        if (
            name is None
            or katakana(reading["hira"] or reading["kata"]) not in lexicon().given_readings
            or judge(name["name"]).score < _NAME
        ):
            continue
        yield RuleSpan(*name.span("name"), 0.9, "title of a reading in brackets")
        yield RuleSpan(reading.start() + 1, reading.end() - 1, 0.9, "title of a reading in brackets")


def _in_slots(text: str, spans: Sequence[RuleSpan]) -> Iterator[RuleSpan]:
    """Family names behind numbers or letters of one kind, where most of a line's are names: 1班 道下　2班 榊　3班 高塚."""
    met = list(_SLOT.finditer(text)) if any(sign.search(text) for sign in _SLOTTED) else []
    if len(met) < 2:
        return
    done = -1
    for span in spans:
        if span.start < done:
            continue
        line = max(text.rfind("\n", 0, span.start) + 1, span.start - _LINE)
        after = text.find("\n", span.end, span.end + _LINE)
        done = after if after >= 0 else min(len(text), span.end + _LINE)
        slots = [slot for slot in met if line <= slot.start() and slot.end() <= done]
        if len(slots) < 2 or len({_LETTERS.sub("A", _FIGURES.sub("0", slot["of"])) for slot in slots}) > 1:
            continue
        rest = [slot.span("name") for slot in slots]
        known = {(other.start, other.end) for other in spans}.intersection(rest)
        rest = [place for place in rest if place not in known]
        if len(known) >= max(2, len(rest)) and all(is_family_among_names(text[a:b]) for a, b in rest):
            yield from (RuleSpan(a, b, 0.65, "among names, surname list") for a, b in sorted((*rest, *known)))


def _again(text: str, names: Sequence[RuleSpan]) -> Iterator[RuleSpan]:
    """Family names alone of those whose whole names a text has, where a sentence begins with them: 南 由美子 … 南は8月, 畑から."""
    wholes = {text[span.start : span.end] for span in names if span.score >= _SURE and span.end - span.start > 2}
    if not wholes or len(wholes) > _MOST:
        return
    families = sorted({family for whole in wholes if (family := _family_of(whole))})
    taken = [(span.start, span.end) for span in names]

    for family in families:
        at = text.find(family)
        while at >= 0:
            end = at + len(family)
            begins = not at or text[at - 1] in "。\n「 、"
            if begins and _SAID.match(text, end) and not _is_taken(taken, at):
                yield RuleSpan(at, end, 0.75, "named before, surname list")
            elif begins and (rank := _RANK.match(text, end)) and _is_nowhere_else(text, family, rank.group()):
                yield RuleSpan(at, end, _OF_RANK, "title of a rank, named before")  # 岡部長 of 岡 昭, and no 岡部
            at = text.find(family, end)


def _is_nowhere_else(text: str, family: str, rank: str) -> bool:
    """Whether 岡部 is never anything but the beginning of 岡部長."""
    return text.count(family + rank[0]) == text.count(family + rank)


def _family_of(whole: str) -> str:
    """The family name of a whole one where no word is one as likely: 南 of 南 由美子."""
    if not "㐀" <= whole[0] <= "鿿":  # no frequent one is in kana
        return ""
    lex = lexicon()
    family, gap, _ = whole.partition(" ")
    if not gap:
        cuts = [cut for cut in range(1, min(len(whole), 4)) if whole[:cut] in lex.surnames and whole[cut:] in lex.given]
        family = whole[: max(cuts, key=lambda cut: (lex.surnames[whole[:cut]], cut))] if cuts else ""
    return family if lex.surnames.get(modern_forms(family), 0) >= _FREQUENT else ""


def _is_taken(taken: Sequence[tuple[int, int]], at: int) -> bool:
    place = bisect_left(taken, (at + 1,)) - 1
    return place >= 0 and taken[place][0] <= at < taken[place][1]


def _is_former(name: str, other: str) -> bool:
    return (
        judge(name).why == "surname list + given-name list"
        and is_family(other)
        and judge(other).why != "a word"
        and other not in name_words().nobody
        and not is_place(other)
    )


def _named_before(text: str, names: Sequence[RuleSpan]) -> Iterator[RuleSpan]:
    """Family names whose given name follows as it did elsewhere (三宅 昭は…), and lines that those begin who have been named."""
    wholes: dict[str, set[str]] = {}
    known: set[str] = set()
    for span in names:
        family, gap, given = text[span.start : span.end].partition(" ")
        known.add(family)
        if gap and span.score >= _SURE:
            wholes.setdefault(family, set()).add(given)
    for span in names:
        if span.end < len(text) and text[span.end] == " " and (givens := wholes.get(text[span.start : span.end])):
            given = max((given for given in givens if text.startswith(given, span.end + 1)), key=len, default="")
            if given:
                yield RuleSpan(span.start, span.end + 1 + len(given), 0.95, "named before, surname list + given-name list")
    if names and ":" in text:
        for match in _SPEAKS.finditer(text):
            if match["name"] in known and is_family(match["name"]):
                yield RuleSpan(*match.span("name"), 0.8, "speaker, named before")


def _began_before(text: str, at: int, least: int) -> re.Match[str] | None:
    """The item of a list, not before ``least``, that stands right before a place."""
    if text[at - 1 : at] not in _BEFORE_ITEM:
        return None
    reach = _ITEM_REACH if ")" in text[max(0, at - 4) : at] else _PLAIN_ITEM_REACH
    return _BEGAN.search(text, max(least, at - reach), at)


def _mates(text: str, span: RuleSpan, names: Sequence[RuleSpan], hinted: Collection[tuple[int, int]]) -> Generator[RuleSpan, None, int]:
    """The items of the list around a name that are family names as well, where most of the others are names; returns its end.

    :param hinted: what the model half takes for a name.
    """
    line = text.rfind("\n", 0, span.start) + 1
    first = span.start
    while first > max(line, span.start - _REACH) and (item := _began_before(text, first, line)):
        first = item.start()
    run = _RUN.match(text, first, span.end + 4 * _REACH)
    if run is None or run.end() <= span.start:
        return span.end
    inside = names[bisect_left(names, run.start(), key=lambda s: s.start) : bisect_left(names, run.end(), key=lambda s: s.start)]
    known: list[RuleSpan] = []
    rest: list[tuple[int, int]] = []
    for item in _NAMES.finditer(text, *run.span()):
        start, end = item.span("name")
        name = next((other for other in inside if start <= other.start and other.end <= end), None)
        if name and (end - start > 1 or name.score >= _SINGLE or not name.why.startswith("model")):
            known.append(name)
        else:
            rest.append((start, end))
    if (
        rest
        and (
            len(known) >= max(2, len(rest))
            or (len(known) == 1 == len(rest) and (_is_pair(text, known[0], rest[0]) or (rest[0] in hinted and known[0].score >= _SURE)))
        )
        and all(is_family_among_names(text[a:b]) for a, b in rest)
    ):
        yield from (RuleSpan(a, b, 0.65, "among names, surname list") for a, b in rest)
    return run.end()


def _is_pair(text: str, known: RuleSpan, other: tuple[int, int]) -> bool:
    """Whether one of two is so surely a person that the other, a frequent family name, is one too: 中橋・岡山."""
    name, mate = text[known.start : known.end], text[slice(*other)]
    bearers = lexicon().surnames.get(mate, 0)
    if text[min(known.start, other[0]) - 1 : min(known.start, other[0])] == "(" and text.startswith(")", max(known.end, other[1])):
        bearers = _FREQUENT if is_family_or_place(mate) else bearers  # （我孫子・菊地）
    return known.score >= _SURE and not is_place(name) and bearers >= (_FREQUENT if len(mate) > 1 else _FREQUENT_ONE)
