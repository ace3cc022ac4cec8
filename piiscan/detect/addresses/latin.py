"""Japanese addresses in Latin letters: ``1-2-3 Nishi-Shinjuku, Shinjuku-ku, Tokyo 160-0023``, and the other way round.

What proves one is a lot number, parts that end as Japanese places do (``-ku``, ``-shi``, ``-cho`` …) or a prefecture's name,
and that all of it stands in one run of parts with commas or line ends between. A place alone is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from piiscan.detect.prefilter import Prefilter

__all__ = ["PREFECTURES", "LatinAddress", "latin_addresses"]

PREFECTURES = """Hokkaido Aomori Iwate Miyagi Akita Yamagata Fukushima Ibaraki Tochigi Gunma Gumma Saitama Chiba Tokyo Kanagawa Niigata Toyama
Ishikawa Fukui Yamanashi Nagano Gifu Shizuoka Aichi Mie Shiga Kyoto Osaka Hyogo Nara Wakayama Tottori Shimane Okayama Hiroshima Yamaguchi
Tokushima Kagawa Ehime Kochi Fukuoka Saga Nagasaki Kumamoto Oita Miyazaki Kagoshima Okinawa""".split()  # noqa: SIM905
_VOWELS = str.maketrans("āīūēōĀĪŪĒŌâîûêôÂÎÛÊÔ", "aiueoAIUEOaiueoAIUEO")
_LONG_VOWEL = re.compile(f"[{''.join(map(chr, _VOWELS))}]")
#: One of these must be there: a cheap look before anything else.
_GATE = re.compile(
    rf"(?i)-(?:ku|shi|gun|cho|cyo|machi|mura|son|to|fu|ken)(?![a-z])| (?:City|Ward)(?![a-z])|(?:{'|'.join(PREFECTURES)})(?![a-z])"
)
_COULD = Prefilter([_GATE.pattern], ends=False)
#: What such a place is written in, and four letters that are other cases of some of them.
_LATIN_RUN = re.compile("[ -~\u0130\u0131\u017f\u212a]+")
#: Characters on either side of such a place that an address may reach.
_REACH = 160
_PREFECTURE = rf"(?:{'|'.join(PREFECTURES)}|{'|'.join(map(str.upper, PREFECTURES))})(?:[ -](?i:to|fu|ken|pref(?:ecture|\.)?))?"
_WORD = r"[A-Z][A-Za-z']{1,14}"
#: Shinjuku-ku, Nishi-Shinjuku, Minami Aoyama, Chuo Ward.
_PLACE = rf"{_WORD}(?:[ -]{_WORD}){{0,2}}(?:-[a-z]{{2,6}}){{0,2}}(?: (?:City|Ward|Town))?"
_ENDING = re.compile(r"-(?:ku|shi|gun|cho|cyo|machi|mura|son)$| (?:City|Ward|Town)$", re.IGNORECASE)
_LOT = r"(?:[0-9]{1,2}-?(?:[Cc]ho-?me|CHOME)[ ,]{0,2})?[0-9]{1,5}(?:-[0-9]{1,4}){0,3}"
_BUILDING = r"(?:(?:#|Room |Rm\.? ?|Apt\.? ?|No\.? ?)?[0-9]{1,4}[A-Z]?, ?)?(?:[A-Z][A-Za-z0-9'&.]{1,15}(?: [A-Z0-9][A-Za-z0-9'&.]{0,15}){0,3}(?: [0-9]{1,4}[A-Z]?)?, ?)?"
_SEP = r",? ?\n? {0,4}"
_POSTAL = rf"(?:{_SEP}(?:〒 ?)?[0-9]{{3}}-[0-9]{{4}})?"
_JAPAN = rf"(?:{_SEP}(?:Japan|JAPAN)\b)?"
_FORWARD = re.compile(
    rf"(?<![A-Za-z0-9\-/.])(?P<building>{_BUILDING})(?P<lot>{_LOT})[ ,]\s?(?P<places>{_PLACE}(?: [0-9]{{1,2}}-?[Cc]ho-?me)?(?:,\s{{0,3}}{_PLACE}){{0,4}}){_POSTAL}{_JAPAN}{_POSTAL}(?![A-Za-z0-9])"
)
_BACKWARD = re.compile(
    rf"(?<![A-Za-z0-9\-/.])(?:[0-9]{{3}}-[0-9]{{4}},?\s{{0,2}})?(?P<places>{_PREFECTURE}(?:,\s{{0,3}}{_PLACE}){{1,4}}),?\s{{0,2}}(?P<lot>[0-9]{{1,5}}(?:-[0-9]{{1,4}}){{1,3}})(?![A-Za-z0-9\-])"
)
_IS_PREFECTURE = re.compile(_PREFECTURE)
_CODE = re.compile(r"(?<![0-9-])[0-9]{3}-[0-9]{4}(?![0-9-])")


class LatinAddress(NamedTuple):
    """An address with its place in the text, its probability, its compared form and the reasons."""

    start: int
    end: int
    score: float
    norm: str
    why: tuple[str, ...]


def latin_addresses(folded: str) -> Iterator[LatinAddress]:
    """Addresses in a text (folded), in order, not overlapping."""
    if not _COULD.could_match(folded):
        return
    plain = folded.translate(_VOWELS) if _LONG_VOWEL.search(folded) else folded
    windows: list[tuple[int, int]] = []
    for hit in _GATE.finditer(plain) if plain.isascii() else _gates(plain):
        start = max(0, hit.start() - _REACH)
        if windows and start <= windows[-1][1]:
            start = windows.pop()[0]
        windows.append((start, min(len(plain), hit.end() + _REACH)))
    done = 0
    matches = sorted(
        (match for pattern in (_FORWARD, _BACKWARD) for window in windows for match in pattern.finditer(plain, *window)),
        key=lambda match: (match.start(), -match.end()),
    )
    for match in matches:
        if match.start() < done:
            continue
        places = [place.strip() for place in match["places"].split(",")]
        endings = sum(_ENDING.search(place) is not None for place in places)
        prefecture = any(_IS_PREFECTURE.fullmatch(place) for place in places)
        code = _CODE.search(match[0]) is not None
        parts = match["lot"].count("-") + 1
        if len(places) < 2 and not code:
            continue  # version 1-2-3 Tokyo
        if endings + prefecture < 2 and not (code and endings + prefecture) and not (parts >= 3 and endings + prefecture):
            continue
        if parts < 2 and not code:
            continue  # 5 Chuo-ku, Osaka counts five of something
        score = 0.8 + 0.05 * min(3, (endings > 0) + prefecture + code)
        why = ["Latin letters", f"{len(places)} places", *(["prefecture"] if prefecture else []), *(["postal code"] if code else [])]
        yield LatinAddress(match.start(), match.end(), score, _norm(match["lot"], places), tuple(why))
        done = match.end()


def _gates(plain: str) -> Iterator[re.Match[str]]:
    """Matches of :data:`_GATE`, looked for where there are Latin letters."""
    for run in _LATIN_RUN.finditer(plain):
        yield from _GATE.finditer(plain, run.start(), run.end())


def _norm(lot: str, places: list[str]) -> str:
    """Lot and places without hyphens, case and order of writing."""
    named = sorted(re.sub(r"[^a-z]", "", unicodedata.normalize("NFKC", place).lower()) for place in places)
    return f"{re.sub('[^0-9]+', '-', lot).strip('-')}|{'|'.join(named)}"
