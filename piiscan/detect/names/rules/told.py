"""Family names that a sentence gives away by what is done with their bearers: 林に連絡, 佐藤、森の2名, 月 佐藤　火 林."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import bearers, is_borne_by, is_family, is_place
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.openings import WHO_IS, Place
from piiscan.detect.names.rules.spans import RuleSpan, windows, within
from piiscan.detect.names.variants import foreign_surnames, katakana
from piiscan.detect.names.words import NAME_CHARS, any_of, name_words

__all__ = [
    "BOOKED",
    "PARENTS",
    "ROOM",
    "booked",
    "by_weekday",
    "counted",
    "handed",
    "in_brackets",
    "in_rooms",
    "of_a_parent",
    "told",
    "who_is",
]

#: Who is told, asked or telephoned.
_ACT = re.compile(
    r"(?:に|へ|から|まで)(?:は)?(?:再度|改めて|直接|至急|一度|すぐ|後で|折り返し)?(?:電話|お電話|連絡|ご連絡|確認|報告|ご報告|相談|入電|架電|伝言|問い合わせ|引き?継ぎ?|依頼|転送|共有|渡(?=[すしさ]))(?:済|あり|した|して|し[、。]|する|す[。、\n]|を|の|が|く|下|。|、|\n|$)"
    r"|も(?:同行|同席)(?:。|、|します|する|予定|希望|可|\n|$)"
)
#: How far before its word such an act begins.
_BEFORE_ACT = 9
_BEFORE = re.compile(
    rf"(?:^|(?<=[\s、。「（(・:→])|(?<=[はがを])|(?<=たら)|(?<=看護師)|(?<=保健師)|(?<=相談員)|(?<=支援員)|(?<=主治医))(?P<name>(?:(?![はがをに])[{NAME_CHARS}]){{1,4}})$"
)
#: の2名 behind a list.
_COUNT = re.compile(r"の(?:[0-9]{1,2}|[二三四五六七八九十両数]{1,2})(?:名|人|氏)(?![一-鿿])")
_LISTED = re.compile(rf"[{NAME_CHARS}]{{1,9}}(?:[ ]?(?:[・、,]|と)[ ]?[{NAME_CHARS}]{{1,5}}){{1,9}}$")
_ITEM = re.compile(r"[ ]?(?:[・、,]|(?<=[々㐀-鿿ァ-ヺ])と)[ ]?")
#: 月 佐藤　火 林: who comes when.
_WEEKDAY = re.compile(rf"(?<![々㐀-鿿])[月火水木金土日](?:曜日?)?[ ]?[ :][ ]?(?P<name>[{NAME_CHARS}]{{1,5}}?)(?=[ \t、,/|\n]|$)")
#: 上司は上野: who somebody is, where nothing else is said.
_WHO = re.compile(rf"{any_of(WHO_IS)}(?P<name>[{NAME_CHARS}]{{1,4}}?)(?=$|[。、\n)(]|です|さん|先生|医師)")
#: はた様 3名
BOOKED = "様[ ]{0,2}[0-9]{1,2}名"
_BOOKED = re.compile(rf"(?<![ぁ-ゖァ-ヺー々㐀-鿿])(?P<name>[ぁ-ゖ]{{2,5}}){BOOKED}")
#: （5年 建国さん保護者）
PARENTS = "保護者)"
_PARENT_OF = re.compile(
    rf"\((?:[小中高]?[1-6]年)(?:[0-9A-D]組)?[ ]?(?P<name>[{NAME_CHARS}]{{1,4}}?)(?:さん|くん|君|ちゃん)の?(?:保護者|父|母)\)"
)
#: 大久保→在庫確認、中津→図面: who does what, two at least.
_HANDED = re.compile(rf"(?:^|(?<=[\s、。:・/]))(?P<name>[{NAME_CHARS}]{{1,4}})[ ]?(?:→|⇒|->)[ ]?(?=[^\s、。→]{{2}})")
#: （柿崎・城）
_BRACKETED = re.compile(r"\((?P<names>[々一-鿿]{1,4}(?:[ ]?[・、][ ]?[々一-鿿]{1,4}){1,2})\)")
_NAME_ITEM = re.compile(r"[々一-鿿]+")
#: 101 我孫子、102 空、201 渡部、202 外国の方
ROOM = re.compile(r"(?<![0-9])[1-9][0-9]{2}(?:号室?)?[ ](?P<name>[々一-鿿ァ-ヺー]{1,5})(?=[、,/ \n]|$)")
#: 304号 シルバ：費用対効果を示してほしい。
_ROOM_SPEAKS = re.compile(rf"(?m)^[ \t・]{{0,4}}[0-9]{{3,4}}号室?[ ](?P<name>[{NAME_CHARS}]{{1,5}}):")
_EMPTY, _LEAST_ROOMS = frozenset(("空", "空室", "空き", "不在", "留守", "未入居")), 3
#: So many bear a family name that stands among others, and one that stands alone.
_SEVERAL, _SEVERAL_OF_ONE = 500, 5_000
_FREQUENT, _FREQUENT_OF_ONE = 8_000, 30_000
#: From this score on a text is a family and a given name.
_WHOLE = 0.8
#: So far apart are two who are listed.
_BETWEEN = 40
_LEAST_DAYS = 3
_REACH = 60


def told(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    """Whom somebody telephones, tells or asks; not what is a place as well."""
    for act in within(_ACT, text, windows(places, _BEFORE_ACT, 0, len(text))):
        match = _BEFORE.search(text, max(0, act.start() - 6), act.start())
        if (
            match
            and (is_borne_by(match["name"], _FREQUENT, _FREQUENT_OF_ONE) or match["name"] in foreign_surnames())
            and not is_place(match["name"])
        ):
            yield RuleSpan(*match.span("name"), 0.8, "title of one who is told, surname list")


def booked(text: str) -> Iterator[RuleSpan]:
    """Who has booked for how many, in hiragana: 19:30　はた様 3名."""
    for match in _BOOKED.finditer(text):
        if katakana(match["name"]) in lexicon().surname_readings and match["name"] not in name_words().nobody:
            yield RuleSpan(*match.span("name"), 0.8, "title 様, surname list")


def of_a_parent(text: str) -> Iterator[RuleSpan]:
    """The child of whom somebody is a parent, whatever its name: （5年 建国さん保護者）."""
    for match in _PARENT_OF.finditer(text):
        if match["name"] not in name_words().nobody:
            yield RuleSpan(*match.span("name"), 0.85, "title of a child")


def who_is(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    """Of whom it is said that he is somebody's superior, doctor, teacher: 上司は上野."""
    for match in within(_WHO, text, windows(places, 0, 0, len(text))):
        if is_borne_by(match["name"], _FREQUENT, _FREQUENT_OF_ONE) and judge(match["name"]).why not in {"a word", "no person"}:
            yield RuleSpan(*match.span("name"), 0.8, "title of one who is told, surname list")


def handed(text: str) -> Iterator[RuleSpan]:
    """Who does what, with an arrow between; two in a line at least, all of them family names and most of them no places."""
    for found in _in_lines(text, _HANDED):
        names = [match["name"] for match in found]
        if len(found) < 2 or not all(is_borne_by(name, _SEVERAL, _FREQUENT_OF_ONE) or name in foreign_surnames() for name in names):
            continue
        if 2 * sum(map(is_place, names)) <= len(names):
            yield from (RuleSpan(*match.span("name"), 0.75, "title of a task, surname list") for match in found)


def _in_lines(text: str, pattern: re.Pattern[str]) -> Iterator[list[re.Match[str]]]:
    """Matches that follow each other in a line, not far apart."""
    run: list[re.Match[str]] = []
    for match in pattern.finditer(text):
        if run and (match.start() - run[-1].end() > _BETWEEN or text.find("\n", run[-1].end(), match.start()) >= 0):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def in_brackets(text: str) -> Iterator[RuleSpan]:
    """Two or three family names and nothing else in brackets, one of them no word and not all of them places: （柿崎・城）."""
    for match in _BRACKETED.finditer(text):
        items = [item.span() for item in _NAME_ITEM.finditer(text, *match.span("names"))]
        names = [text[a:b] for a, b in items]
        if not all(is_family(name) and bearers(name) >= _SEVERAL for name in names) or all(map(is_place, names)):
            continue
        if any(judge(name).why == "one surname" for name in names):
            yield from (RuleSpan(a, b, 0.75, "in a list, surname list") for a, b in items)


def in_rooms(text: str) -> Iterator[RuleSpan]:
    """Who lives behind which number: 101 我孫子、102 空、201 渡部; three rooms of a line at least, and nobody but family names."""
    for match in _ROOM_SPEAKS.finditer(text) if "号" in text and ":" in text else ():
        if is_family(match["name"]) and judge(match["name"]).why not in {"a word", "no person"}:
            yield RuleSpan(*match.span("name"), 0.8, "title of a room, surname list")
    for found in _in_lines(text, ROOM):
        named = [match for match in found if is_family(match["name"]) and is_borne_by(match["name"], 0, _FREQUENT_OF_ONE)]
        empty = sum(match["name"] in _EMPTY for match in found)
        if (
            len(found) >= _LEAST_ROOMS
            and len(named) >= 2
            and len(named) + empty == len(found)
            and not all(is_place(m["name"]) for m in named)
        ):
            yield from (RuleSpan(*match.span("name"), 0.75, "title of a room, surname list") for match in named)


def counted(text: str) -> Iterator[RuleSpan]:
    """Names of a list whose bearers are counted behind it, where the lists know every one of them."""
    for count in _COUNT.finditer(text):
        match = _LISTED.search(text, max(0, count.start() - _REACH), count.start())
        if match is None:
            continue
        spans: list[tuple[int, int]] = []
        at = match.start()
        for cut in _ITEM.finditer(text, match.start(), match.end()):
            spans.append((at, cut.start()))
            at = cut.end()
        spans.append((at, match.end()))
        first = _tail(text, *spans[0])
        rest = spans[1:]
        if rest and all(_is_several_or_whole(text[a:b]) for a, b in rest):
            yield from (RuleSpan(a, b, 0.85, "title of some who are counted, surname list") for a, b in ([first] if first else []) + rest)


def by_weekday(text: str) -> Iterator[RuleSpan]:
    """Who comes on which day of the week; three days of a text at least, and nearly each with a name."""
    found = list(_WEEKDAY.finditer(text))
    named = [match for match in found if _is_several_or_whole(match["name"])]
    if len(named) >= _LEAST_DAYS and len(named) >= 0.7 * len(found):
        yield from (RuleSpan(*match.span("name"), 0.85, "title of a day, surname list") for match in named)


def _tail(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The longest family name that ends a piece: 出席は佐藤."""
    for at in range(max(start, end - 5), end):
        if _is_several_or_whole(text[at:end]) and (at == start or text[at - 1] in "はがをも、。 :"):
            return at, end
    return None


def _is_several_or_whole(name: str) -> bool:
    """Whether a text is a family name that several bear, one from abroad, or a whole name that the lists have."""
    if is_borne_by(name, _SEVERAL, _SEVERAL_OF_ONE) or name in foreign_surnames():
        return True
    judged = judge(name)
    return judged.why == "surname list + given-name list" and judged.score >= _WHOLE
