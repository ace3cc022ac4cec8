"""What a note of a few words beside a person says of that person: 備考|手帳2級, 休暇理由|抜糸.

Such a note is nothing but what it says, so that words count in it that would say little in prose. It is cut into pieces;
of each what stands before and behind is taken away (月1回 … 通院中), and what is left must be listed as a whole. Words, headers
and what stands around are data: ``recognizers/context/remarks.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from piiscan.detect.normalize import fold
from piiscan.detect.sensitive.roles import ClauseRole
from piiscan.detect.sensitive.words import Candidate
from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["of_work", "remarks", "takes_remarks"]

_PREFIX = "JP_SENSITIVE_"
_GRADE = 0.75
_TURNS = 4
_LONGEST_WORD = 10
_OF = re.compile("の")
_PARTICLE = re.compile("[でがをはへ]|に(?!関|つ|よる|対)|$")


@dataclass(frozen=True, slots=True)
class _Remarks:
    headers: re.Pattern[str]
    against: re.Pattern[str]
    of_the_body: re.Pattern[str]
    about_things: re.Pattern[str]
    parted: re.Pattern[str]
    work: re.Pattern[str]
    otherwise: re.Pattern[str]
    longest: int
    before: re.Pattern[str]
    after: re.Pattern[str]
    words: dict[str, str]
    things: frozenset[str]
    uses: re.Pattern[str]
    short: frozenset[str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=1)
def _remarks() -> _Remarks:
    data = read_yaml(recognizers_dir() / "context" / "remarks.yaml")
    return _Remarks(
        headers=re.compile(data["headers"], re.IGNORECASE),
        against=re.compile(data["against"]),
        of_the_body=re.compile(data["of_the_body"]),
        about_things=re.compile(data["about_things"]),
        parted=re.compile(data["parted"]),
        work=re.compile(data["work"]),
        otherwise=re.compile(data["otherwise"]),
        longest=int(data["longest"]),
        before=re.compile(data["before"]),
        after=re.compile(f"{data['after']}$"),
        words={fold(word): _PREFIX + entity for entity, listed in data["words"].items() for word in listed.split()},
        things=frozenset(fold(word) for word in data["things"].split()),
        uses=re.compile(data["uses"]),
        short=frozenset(data["short"].split()),
        patterns=tuple(
            (_PREFIX + entity, re.compile("|".join(f"(?:{one})" for one in listed))) for entity, listed in data["patterns"].items()
        ),
    )


@lru_cache(maxsize=4096)
def takes_remarks(header: str) -> bool:
    """Whether notes about somebody stand under a header: 備考, 配慮事項, 休暇理由."""
    data, folded = _remarks(), fold(header)
    return data.headers.search(folded) is not None and not data.against.search(folded)


def remarks(header: str, note: str, entities: frozenset[str]) -> list[Candidate]:
    """What a note under ``header`` says of its person by pieces that are listed whole; offsets point into ``note``."""
    data, folded = _remarks(), fold(note)
    if len(folded) > data.longest or len(folded) != len(note) or data.about_things.search(folded):
        return []
    of_the_body = data.of_the_body.search(fold(header)) is not None
    found: list[Candidate] = []
    short: list[Candidate] = []
    for start, end in _pieces(folded):
        entity, is_short = _said(folded[start:end], of_the_body=of_the_body)
        if entity in entities:
            said = Candidate(entity, start, end, _GRADE, folded[start:end], ("note",), role=ClauseRole.STATE)
            (short if is_short else found).append(said)
    if found or len(short) > 1 or of_the_body:
        found += short
    return sorted(found, key=lambda c: c.start)


def of_work(note: str) -> list[tuple[int, int]]:
    """The pieces of a note that say what somebody does, or that are of something else: 支援級担任, 入院（機械）."""
    data, folded = _remarks(), fold(note)
    if len(folded) > data.longest:
        return []
    if data.otherwise.search(folded):
        return [(0, len(folded))]
    return [(start, end) for start, end in _pieces(folded) if data.work.search(folded, start, end)]


def _pieces(folded: str) -> Iterator[tuple[int, int]]:
    """The pieces of a note, and the note as a whole where it has several."""
    at = 0
    for mark in _remarks().parted.finditer(folded):
        if mark.start() > at:
            yield at, mark.start()
        at = mark.end()
    if at < len(folded):
        yield at, len(folded)


def _said(piece: str, *, of_the_body: bool) -> tuple[str, bool]:
    """The kind of what a piece says, or ``""``, and whether it is only short for an illness."""
    data = _remarks()
    for entity, pattern in data.patterns:
        if pattern.fullmatch(piece):
            return entity, False
    behind = ""
    for turn in range(_TURNS + 1):
        entity = data.words.get(piece, "")
        if entity and (piece not in data.things or of_the_body or data.uses.match(behind)):
            return entity, False
        if piece in data.short:
            return _PREFIX + "MEDICAL_HISTORY", True
        if turn == _TURNS:
            break
        before = data.before.match(piece)
        if before and before.end() < len(piece) and not entity:
            piece = piece[before.end() :]
            continue
        after = data.after.search(piece)
        if after is None or not after.start():
            break
        behind = piece[after.start() :]
        piece = piece[: after.start()]
    return _before_particle(piece, of_the_body=of_the_body), False


def _before_particle(piece: str, *, of_the_body: bool) -> str:
    """The kind of a listed word at the beginning of a piece, or behind の, that a particle follows: RSで1週間お休み, 膝の注射に月2回."""
    data = _remarks()
    for begin in (0, *(at.end() for at in _OF.finditer(piece))):
        for end in range(min(len(piece), begin + _LONGEST_WORD), begin + 1, -1):
            word = piece[begin:end]
            if (entity := data.words.get(word)) and _PARTICLE.match(piece, end):
                return entity if word not in data.things or of_the_body else ""
    return ""
