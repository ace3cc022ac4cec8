"""What a whole text is: a personal form of a named person, or an article that is about nobody.

Titles and labels are data: ``recognizers/context/personal_forms.yaml``. All texts here are folded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from piiscan.detect.prefilter import Prefilter
from piiscan.detect.sensitive.cues import load_cues
from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["article_likeness", "is_of_subject", "is_spoken_of", "personal_form"]

_HEAD_LINES = 14
_TITLE_CHARS = 40
_LABEL_CHARS = 40
_SPACED = re.compile(r"(?<=[一-龠ぁ-んァ-ヶー]) +(?=[一-龠ぁ-んァ-ヶー])")
_BRACKETS = re.compile(r"^[\s■□●○◆◇【\[(「『<〈《*#=\-・]+|[\s】\])」』>〉》*#=\-]+$")
_SAYS_TITLE = re.compile(r"件名|Subject|題名|表題|標題|文書名|書類名|種別")
#: A line that is nothing but somebody's name: to whom the paper is, or whose.
_TO_SOMEBODY = re.compile(r"(?m)^[ \t]*(?P<name>[^\n:。、()]{2,14}?)[ \t]*(?:様|さま|殿)[ \t]*$")
_ARTICLE_CHARS = 6_000


@dataclass(frozen=True, slots=True)
class _Forms:
    titles: tuple[tuple[str, str], ...]
    any_title: re.Pattern[str]
    not_after: re.Pattern[str]
    not_before: re.Pattern[str]
    subject: re.Pattern[str]
    before_subject: re.Pattern[str]
    after_subject: re.Pattern[str]
    personal: re.Pattern[str]


@lru_cache(maxsize=1)
def _forms() -> _Forms:
    data = read_yaml(recognizers_dir() / "context" / "personal_forms.yaml")
    titles = sorted(((title, name) for name, listed in data["forms"].items() for title in listed), key=lambda pair: -len(pair[0]))
    separator = r"[)\]】」]?(?:[ \t]*[:|][ \t]*|[ \t]+|[ \t]*\n[ \t]*)"
    value = r"(?P<value>[^\n\t|]{1,30})"
    return _Forms(
        titles=tuple(titles),
        any_title=re.compile("|".join(re.escape(title) for title, _ in titles)),
        not_after=re.compile(data["not_after"]),
        not_before=re.compile(data["not_before"]),
        subject=re.compile(rf"(?:^|[\s|【\[(「■●・,、。]){data['subject_labels']}(?:[(][^)\n]{{0,8}}[)])?{separator}{value}", re.MULTILINE),
        before_subject=re.compile(
            rf"(?:[^\n。]{{0,24}}[ \t|])?[■□●○・*【\[(「0-9.)]*{data['said_of']}(?:[(][^)\n]{{0,8}}[)])?[】\])」]?(?:[ \t]*[:|][ \t]*|[ \t]+)"
        ),
        after_subject=re.compile(data["spoken_of"]),
        personal=re.compile(rf"(?:^|[\s|【\[(「■●・,、。])(?:{data['personal_labels']})[ \t]*(?=[:|\t\n ]|$)", re.MULTILINE),
    )


def personal_form(folded: str) -> str:
    """Name of the personal form that a text (file name and head) is, e.g. ``診断書``; empty when it is none.

    A form counts only when it names its person: an empty template, instructions
    about a form, or an article with the word in its title are none.
    """
    name = _title(folded)
    return name if name and _filled(folded) else ""


def _title(folded: str) -> str:
    forms = _forms()
    for number, line in enumerate(islice((line for line in folded.split("\n") if line.strip()), _HEAD_LINES)):
        for piece in re.split(r"\t+| {3,}", line) if "\t" in line or "   " in line else (line,):
            stem = piece.strip()
            if number == 0:  # the file name, maybe with folders and a suffix
                stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem.replace("\\", "/").rsplit("/", 1)[-1])
            if "。" in stem:  # prose, and no title
                continue
            title = _SPACED.sub("", _BRACKETS.sub("", stem))
            title = re.sub(r"\s+", "", title) if len(title) <= 2 * _TITLE_CHARS else title
            if not title or len(title) > _TITLE_CHARS:
                continue
            if not forms.any_title.search(title) or (re.search(r"[:：]", title[:-1]) and not _SAYS_TITLE.match(title)):
                continue
            for words, name in forms.titles:
                at = title.find(words)
                if at < 0:
                    continue
                after = title[at + len(words) :]
                if forms.not_after.match(after) or forms.not_before.search(title):
                    continue
                return name
    return ""


def _filled(folded: str) -> bool:
    """Whether a label of the subject has a value that can be a name, here or in a table's next row."""
    forms, cues = _forms(), load_cues()
    for match in forms.subject.finditer(folded):
        value = match.group("value").strip()
        if _can_be_name(value):
            return True
        if "\t" in folded and _can_be_name(_below(folded, match.start() + 1)):
            return True
    if any(_can_be_name(match.group("name")) for match in _TO_SOMEBODY.finditer(folded)):
        return True
    strong = cues.persons.strong_after
    return bool(
        forms.personal.search(folded)
        and any(
            _can_be_name(found.group("name")) and strong.match(folded, found.end("name"))
            for found in cues.persons.honorific.finditer(folded)
        )
    )


def _below(folded: str, at: int) -> str:
    """The cell below the one that begins at ``at`` (or just before it), in a table whose cells are parted by tabs."""
    row_end = folded.find("\n", at)
    cells = folded[row_end + 1 : row_end + 400].split("\n", 1)[0].split("\t") if row_end >= 0 else []
    index = folded.count("\t", folded.rfind("\n", 0, at) + 1, at)
    return cells[index].strip() if index < len(cells) else ""


def is_of_subject(folded: str, start: int) -> bool:
    """Whether the line before the name at ``start`` is a label that says whom the paper is about: 対象　山田 花子, 被災者：…"""
    floor = max(0, start - _LABEL_CHARS)  # a long line is not searched for its beginning
    line = folded.rfind("\n", floor, start) + 1
    return (line > 0 or floor == 0) and _forms().before_subject.fullmatch(folded, line, start) is not None


def is_spoken_of(folded: str, end: int) -> bool:
    """Whether the words behind the name that ends at ``end`` say that the paper is about its bearer: 大西さんより, 大西様の件."""
    return _forms().after_subject.match(folded, end, end + _LABEL_CHARS) is not None


_NAME = re.compile(
    r"[一-龠々ヶ]{1,4}[ \t]?[一-龠々ヶぁ-んァ-ヴー]{1,5}|[ァ-ヴー]{2,10}[ ・][ァ-ヴー]{2,10}|[ァ-ヴー ]{4,16}|[A-Z][A-Za-z]+ [A-Z][A-Za-z]+|[ぁ-ん]{2,5} [ぁ-ん]{2,5}"
)


def _can_be_name(value: str) -> bool:
    cues = load_cues()
    name = _NAME.match(value)  # what stands behind it may be the next label: 松林 裕子 ID 1184063 生年月日 …
    return name is not None and not cues.blank.match(value) and not cues.persons.not_a_name.search(name.group())


@lru_cache(maxsize=1)
def _article() -> Prefilter:
    return Prefilter(pattern.pattern for _, _, pattern in load_cues().article)


@lru_cache(maxsize=4)
def article_likeness(folded: str) -> float:
    """How much a text reads like an article, law, leaflet, product page, statistics, job advert, manual or code: 0 to 1.

    The kinds and their wording are data (``article:`` in ``recognizers/context/sensitive.yaml``). Only
    the first 6,000 characters are read.
    """
    folded = folded[:_ARTICLE_CHARS]
    cues = load_cues()
    likeness = 0.0
    could = frozenset(_article().matching(folded))
    for number, (weight, least, pattern) in enumerate(cues.article):
        if number not in could:
            continue
        count = 0
        for _ in pattern.finditer(folded):
            count += 1
            if count >= least:
                likeness += weight * (1.3 if least == 1 else 1.0)
                break
        if likeness >= 1.0:
            return 1.0
    return min(1.0, likeness * 1.4)
