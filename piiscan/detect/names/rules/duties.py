"""Family names in lists of who is on duty when (3日(火) 南, 第2週　森　千葉, 早番：安田、東　遅番：南), and in plans of seats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import is_borne_by, is_family, is_place
from piiscan.detect.names.rules.spans import RuleSpan
from piiscan.detect.names.variants import foreign_surnames
from piiscan.detect.names.words import NAME_CHARS

__all__ = ["DUTIES", "families_on_duty", "on_duty", "seated", "words_of_turns"]

#: What says that somebody has to be somewhere by turns.
DUTIES: Final = (
    r"当番|当直|宿直|日直|シフト|早番|遅番|日勤|夜勤|輪番|勤務表|勤務予定|出勤者|持ち回り|分担|掃除|清掃|立哨|見守り|留守番|戸締"
)
_TURNS: Final = ("早番", "中番", "遅番", "日勤", "夜勤", "準夜", "深夜", "明け", "当直", "宿直", "日直", "待機", "午前", "午後")
#: A line that begins with a day, a week, a class or a time, or with a turn.
_LINE = re.compile(
    r"(?m)^[ \t・]{0,8}(?:(?:[0-9]{4}[/年.-])?[0-9]{1,2}[/月.-][0-9]{1,2}日?|[0-9]{1,2}日|第?[0-9一二三四五六七八九十]{1,2}(?:週目?|回|班|組|番|日目)|[月火水木金土日](?:曜日?)?(?=[ :(])"
    r"|[0-9]{1,2}:[0-9]{2}(?:[ ]?[-~〜][ ]?[0-9]{1,2}:[0-9]{2})?|(?:" + "|".join(_TURNS) + r")(?=[ :]))"
    r"(?:[ ]?\([月火水木金土日祝休・]{1,3}\))?[ \t:]{0,4}(?P<rest>[^\n]{1,60})$"
)
#: A row of a plan of seats: 安田   東    星
_SEATS = re.compile(rf"(?m)^[ \t]*[{NAME_CHARS}]{{1,4}}(?:[ \t]{{1,12}}[{NAME_CHARS}]{{1,4}}){{1,11}}[ \t]*$")
_LEAST_ROWS: Final = 2
_WORD = re.compile(r"[^\s、,・/|:]+")
_TITLE = re.compile(r"(?:さん|くん|ちゃん|君|氏|様|先生)?(?:\([^()]{0,10}\))?$")
#: What stands there in nobody's place, or names the turn.
_NOBODY = frozenset(
    (
        *_TURNS,
        *("休", "休み", "公休", "有休", "祝", "祝日", "定休日", "休業", "休館"),
        *("空き", "なし", "無し", "未定", "全員", "各自", "業者"),
        *("正", "副", "主", "代", "早", "遅", "日", "夜", "明"),
    )
)
_SEVERAL, _SEVERAL_OF_ONE = 500, 3_000
#: Surer than two of them as one whole name: 安田　東.
_SCORE: Final = 0.985
_LEAST_LINES: Final = 3
_LEAST_NAMES: Final = 4
_NAME_CHARS: Final = 4
#: Such a share of the words is on the lists of family names, and such a share, of two at least, is neither a word nor a place.
_LISTED: Final = 0.85
_SURE: Final = 0.2
_LEAST_SURE: Final = 2


def on_duty(text: str) -> Iterator[RuleSpan]:
    """Those of ``text`` (folded), where nearly all that the lines say is family names."""
    spans: list[tuple[int, int]] = []
    lines = others = 0
    for line in _LINE.finditer(text):
        own = list(words_of_turns(text, *line.span("rest")))
        if len(own) > 1 and any(end - start > _NAME_CHARS for start, end in own):
            others += 1  # 3日 南体育館 にて
            continue
        lines += bool(own)
        spans += own
    if lines >= _LEAST_LINES and lines >= 3 * others:
        known = families_on_duty([text[start:end] for start, end in spans])
        yield from (RuleSpan(start, end, _SCORE, "title of a day, surname list") for start, end in spans if text[start:end] in known)


def seated(text: str) -> Iterator[RuleSpan]:
    """Those of a plan of seats of several columns, in ``text`` (folded), where nearly all that its rows say is family names."""
    rows = [list(words_of_turns(text, *row.span())) for row in _SEATS.finditer(text)]
    if len(rows) >= _LEAST_ROWS:
        spans = [span for row in rows for span in row]
        known = families_on_duty([text[start:end] for start, end in spans])
        yield from (RuleSpan(start, end, _SCORE, "in a list, surname list") for start, end in spans if text[start:end] in known)


def families_on_duty(names: Sequence[str]) -> frozenset[str]:
    """Those of the words of a list of duties that are family names; none where not nearly all may be, and some surely are."""
    known = frozenset(name for name in names if is_borne_by(name, _SEVERAL, _SEVERAL_OF_ONE) or name in foreign_surnames())
    if len(names) < _LEAST_NAMES or sum(name in known for name in names) < _LISTED * len(names):
        return frozenset()
    sure = {name for name in known if len(name) > 1 and is_family(name) and judge(name).why != "a word" and not is_place(name)}
    return known if len(sure) >= _LEAST_SURE and sum(name in sure for name in names) >= _SURE * len(names) else frozenset()


def words_of_turns(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the words of a line or cell stand that may name somebody, without titles; no labels and marks."""
    for match in _WORD.finditer(text, start, end):
        if text[match.end() : match.end() + 1] == ":":
            continue
        word = _TITLE.sub("", match[0])
        if word and word not in _NOBODY and not word.isascii():
            yield match.start(), match.start() + len(word)
