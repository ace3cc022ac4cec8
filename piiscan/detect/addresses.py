"""Finds Japanese addresses (JP_ADDRESS) in every notation, by gazetteer and grammar.

One search over the raw text, by the few characters that names of prefectures and
municipalities end in, finds those names (and 〒 and a few labels); where there is
none, nothing else is done. From each place found, a small grammar reads on over a window of folded
text::

    [〒ddd-dddd] [prefecture] [county] municipality [ward] [京都 street] town number [building] [room]

with spaces or one line break between parts. What proves an address is that the
town is known in that municipality and that a number follows in one of its forms
(``1-2-3``, ``一丁目二番三号``, ``29番地の25``, ``第5地割12``). A place alone, or a place and a
count (``横浜市3位``), is none. Word lists are in ``recognizers/patterns/jp_address.yaml``.

``norm`` is the same for the same address in other notations: NFKC, canonical
place-name characters, no spaces and line breaks, no postal code, no 大字 and 字, kanji numbers
in digits, numbers joined by ``-`` (``丁目``, ``番地``, ``の`` are dropped), the building after ``|`` with
``号室`` dropped and ``階`` as ``F``; the prefecture is added when the municipality leaves no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from piiscan.catalogue import Catalogue, Rule
from piiscan.detect.base import ValueMatch, result
from piiscan.detect.gazetteer import canonical, gazetteer, number_of
from piiscan.detect.latin_addresses import latin_addresses
from piiscan.detect.normalize import fold, nfkc

__all__ = ["AddressRecognizer"]

_ENTITY = "JP_ADDRESS"
_BEFORE = 40
_AFTER = 220

# ------------------------------------------------------------------ the grammar's small parts

#: Cheap look before the dictionary search: without one of these there is no address.
_GATE = re.compile("[都道府県市区町村郡〒住所籍宅先]")
_GAP = re.compile(r" {0,3}(?:\r?[\n\x0b] {0,8})?")
_SPACES = re.compile(r" {0,3}")
_KANJI_DIGITS = "〇零一二三四五六七八九十百千壱弐参廿卅"
_N = rf"(?:\d{{1,5}}(?!\d)|[{_KANJI_DIGITS}]{{1,9}}(?![{_KANJI_DIGITS}]))"
_UNIT = r"丁目|丁(?!目)|地割|番地割?|番(?![組目線出人手街館町丁])|号(?![線機車館棟])"
#: Lot letters: 甲1234番地, 12番地ロ.
_LETTER = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥イロハニホヘトチリヌルヲ"
_FIRST = re.compile(rf"(?P<letter>(?:[{_LETTER}] ?[-の]? ?)|第)?(?P<number>{_N})(?: ?(?P<unit>{_UNIT}))?|(?P<none>無番地|番外地)")
_NEXT_AFTER_UNIT = re.compile(
    rf"(?: ?の ?| ?- ?| ?(?=[\d{_KANJI_DIGITS}{_LETTER}])|(?<=目) ?\r?[\n\x0b] {{0,8}}(?={_N} ?(?:番|号|-|の)))"
    rf"(?P<letter>[{_LETTER}] ?-? ?)?(?P<number>{_N})(?: ?(?P<unit>{_UNIT}))?"
)
_NEXT_AFTER_NUMBER = re.compile(rf"(?: ?- ?|の|ノ|之)(?P<letter>[{_LETTER}] ?-? ?)?(?P<number>{_N})(?: ?(?P<unit>{_UNIT}))?")
_LOT_LETTER = re.compile(rf"(?:の|ノ|-)?(?P<letter>[{_LETTER}])(?![ァ-ヺー一-龥])")
_NUMBER_START = re.compile(rf"[\d{_KANJI_DIGITS}無番]|[{_LETTER}第](?= ?[-の]? ?[\d{_KANJI_DIGITS}])")
_TOWN_CHARS = r"一-龥々〆〇ぁ-んァ-ヺーヶヵﾟｦ-ﾝ0-9０-９A-Z"
_TOWN_RUN = re.compile(rf"[{_TOWN_CHARS}]{{0,26}}")
_PARTICLES = re.compile(r"[はをにでへもやと、。]|から|まで|より|など|した|する|ある|いる|の$|が$")
_BIG_WORD = re.compile(r"^(?:大字|小字|字)")
_ODD_TOWN = re.compile(r"[0-9](?![0-9]*(?:条|線|号|区|丁|の|番町|軒|地割|字|部))|[A-Z]")
#: A remark in brackets that ends the cell of an address (家賃滞納3か月), and contact details behind one: none of it.
_REMARK = re.compile(
    r" ?\((?![^()]*(?:方|内|気付|[0-9A-Z号階棟室番館荘寮]\)|丁目|番地|ビル|マンション|アパート|ハイツ|コーポ|団地|旧|字|通))[^()]{1,20}\)\s*$"
)
_CONTACT = re.compile(r"(?i:tel|fax|電話|携帯|℡|☎)|@|[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4}|0[789]0[0-9]{8}")
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@")
_SMALL_PLACE = re.compile(r"字|通$|町$|条|線|沢$|田$|川$|原$|山$|野$")
_OLD_PLACE = re.compile(r"^[一-龥ぁ-んァ-ヶー]{1,7}?[市郡区町村]")
_STREET = re.compile(
    r"(?:[一-龥々ァ-ヺーぁ-ん]{2,14}?(?:上る|上ル|上がる|上ガル|下る|下ル|下がる|下ガル|東入る|東入ル|東入(?!る|ル)|西入る|西入ル|西入(?!る|ル)|入る|入ル)"
    r"(?:[\d一二三四五六七八九十]{1,2}(?:丁目|筋目))?[ 、]?){1,3}"
)
_POSTAL_BEFORE = re.compile(
    r"(?P<code>(?:〒 ?)?(?<!\d)(?<!\d-)(?P<a>\d{3}) ?- ?(?P<b>\d{4})|〒 ?(?P<all>\d{7}))(?: {0,4}|(?: {0,4}\r?[\n\x0b] {0,8}))$"
)
#: A lone number goes on as a figure: 1,000 12:30 3/4.
_FIGURE = re.compile(r",\d{3}(?![\d-])|[:/]\d")
_POSTAL_HERE = re.compile(r"〒 ?(\d{3}) ?-? ?(\d{4})(?!\d) {0,4}(?:\r?[\n\x0b] {0,8})?")
_HIRAGANA = re.compile(r"[ぁ-ん]")
_NEW_LINE = re.compile(r"[\n\x0b] {0,8}")
#: Towns of Hokkaido whose blocks are counted in 丁目: 北1条西.
_GRID_TOWN = re.compile(r"条(?:東|西|南|北)?$")
_KANJI = re.compile(r"[一-龥々]")
_ENDINGS = frozenset(" \t\r\n\x0b、。，．・,.;:；：()（）「」『』【】[]〔〕<>〈〉《》|｜/／\"'”’“‘!?！？…→←↑↓※★●■◆○◎*#&+=~^_`$@\\{}")
_LABEL_SEP = re.compile(r"(?:欄|地)?(?:は|[：:＝= 　\t|｜」】\]）)（(\[「\r\n、,>＞・]|[0-9①②])*$")
_ALONE_SEP = re.compile(r"(?:欄)?(?:[（(][^（）()\n]{1,8}[）)])?(?: {0,4}[：:=|｜\t」】\]]\s{0,4}|は| {1,6})")


#: Units that only the numbers of addresses have.
_SURE_UNITS = frozenset({"番", "番地", "番地割", "号", "地割", "none"})
#: How probable an address is whose town is known (or known in part, or not) by the strength of its number.
_SCORES = {
    "town": {"full": 0.95, "two": 0.93, "plain": 0.85, "chome": 0.4},
    "town+": {"full": 0.9, "two": 0.85, "plain": 0.65, "chome": 0.35},
    "": {"full": 0.8, "two": 0.65, "plain": 0.4, "chome": 0.2},
}
_BIG_WORDS = re.compile(r"大字|小字|字(?=.)")
_COUNTED_IN_KANJI = re.compile(r"[一二三四五六七八九十百〇]+(?=条|線|号|丁|番町|地割)")
_ROOM_WORD = re.compile(r"号室?(?=$|-)|室$")
_FLOOR = re.compile(r"(?<=\d)階")
#: The postal code that begins a cell.
_POSTAL_FIRST = re.compile(r"(?:〒 ?)?\d{3}-\d{4}\s{0,4}|〒 ?\d{7}\s{0,4}")


def _joined(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


@dataclass(slots=True)
class _Number:
    """The number part of an address: where it ends, its parts in digits, and how much it proves."""

    end: int
    parts: list[str]
    units: list[str]
    loose: bool = False
    """A word follows at once (15-8山田太郎): an address only when the town is known."""
    counted: bool = False
    """The sentence goes on (2丁目の, 2丁目で): a place in it, rather than an address."""

    strength: str = ""
    """``full``, ``two`` (1-2), ``plain`` (12) or ``chome`` (2丁目 alone)."""

    def __post_init__(self) -> None:
        self.strength = self._strength()

    def _strength(self) -> str:
        if not _SURE_UNITS.isdisjoint(self.units):
            return "full"
        if len(self.parts) == 1:
            return "chome" if self.units[0] in {"丁目", "丁"} else "plain"
        if len(self.parts) >= 3 or self.units[0] in {"丁目", "丁"}:
            return "full"
        return "two"


@dataclass(slots=True)
class _Found:
    """An address read from the window; offsets are the window's."""

    start: int
    end: int
    score: float
    prefecture: str = ""
    municipality: str = ""
    town: str = ""
    parts: list[str] = field(default_factory=list)
    building: str = ""
    why: list[str] = field(default_factory=list)

    def norm(self) -> str:
        place = _plain_town(canonical(nfkc(self.prefecture + self.municipality + self.town)))
        norm = place + "-".join(self.parts)
        if self.building:
            building = _ROOM_WORD.sub("", _joined(nfkc(self.building)).upper())
            norm += "|" + _FLOOR.sub("F", building)
        return norm


def _plain_town(town: str) -> str:
    """Without 大字 and 字, counted kanji in digits (北一条西 -> 北1条西)."""
    return _COUNTED_IN_KANJI.sub(lambda m: str(number_of(m[0])), _BIG_WORDS.sub("", _joined(town)))


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))


class _Grammar:
    """Compiled word lists and the reading of one address. One for a process."""

    def __init__(self, rule: Rule) -> None:
        extra = rule.extra
        gazette = gazetteer()
        self.gazette = gazette
        self.names = gazette.names
        self.short_names = gazette.short_names
        self.longest = max(map(len, self.names))
        self.prefectures = {canonical(name): name for name in gazette.prefectures}
        self.plain_prefecture = {name: plain for plain, name in self.prefectures.items()}
        self.municipalities = gazette.municipalities
        self.labels = re.compile(rf"(?:{_any_of(rule.context.words)})")
        self.label_end = re.compile(rf"(?:{_any_of(rule.context.words)})(?:{_LABEL_SEP.pattern})")
        self.no_town = re.compile(_any_of(extra["no_town"]))
        self.after_number = re.compile(_any_of(extra["after_number"]))
        self.counters = re.compile(_any_of(extra["counters"]))
        self._build(extra)
        # The search goes by the last character, which is one of few, then by the last two: ten times faster than an automaton.
        self.surfaces = dict.fromkeys(gazette.spellings(), False) | dict.fromkeys(extra["labels_alone"], True)
        lengths: dict[str, set[int]] = {}
        for word in self.surfaces:
            lengths.setdefault(word[-2:], set()).add(len(word))
        self.lengths = {tail: tuple(sorted(found, reverse=True)) for tail, found in lengths.items()}
        self.last = re.compile(f"[〒{''.join(sorted({tail[-1] for tail in lengths}))}]")

    def _build(self, extra: Mapping[str, Any]) -> None:
        words = _any_of(extra["building"])
        stop = _any_of(extra["after_building"])
        name = r"[一-龥々〆ァ-ヺー・ｦ-ﾟA-Za-z0-9Ⅰ-Ⅻ'’&.]"
        soft = r"[一-龥々〆ァ-ヺー・ｦ-ﾟA-Za-zぁ-んⅠ-Ⅻ'’&.]"
        kana = r"[ァ-ヺー・ｦ-ﾟA-Za-zⅠ-Ⅻ'’&.]"
        guard = r"(?![\d年月日時分人円件歳名回%]|-\d|[A-Za-z])"
        core = r"(?:地下 ?)?(?:[A-Za-z]{1,2} ?-? ?)?\d{1,4}(?:-[A-Za-z]?\d{1,4})?"
        unit = r"(?:号室|号館|号棟|番館|号|室|階|F(?![A-Za-z])|f(?![A-Za-z])|棟)"
        wing = r"(?:(?:[A-Za-z東西南北中]|[新本別])(?:棟|館)|(?:[A-Z]|\d{1,2})(?:号棟|番館|号館|棟))"
        room = (
            rf"(?:{wing} ?-?(?: ?{core}{unit}?{guard}(?: ?{core}{unit}{guard})?)?|{core}{unit}?{guard}(?:[ -]?{core}{unit}?{guard}){{0,2}})"
        )
        sure_room = rf"(?:{wing} ?-? ?{core}{unit}?{guard}|{core}(?:号室|号|室|階|F(?![A-Za-z])){guard}(?: ?{core}{unit}{guard})?|[A-Za-z] ?-? ?\d{{1,4}}{guard})"
        not_here = rf"(?!(?i:{_any_of(extra['no_building'])}))"
        ext = rf"(?:(?!{stop})[一-龥々〆ァ-ヺー・ｦ-ﾟA-ZⅠ-Ⅻ])"
        # 1 a name with a building's word, and maybe a room
        self.building_word = re.compile(
            rf"{not_here}(?P<name>(?:{name}|[ぁ-ん]){{0,16}}?(?:{words})(?:(?:(?!{stop}){soft}){{0,12}}?(?P<gap> {{0,2}}|\r?\n {{0,4}}){room}|{ext}{{0,8}}))"
        )
        # 2 a katakana or Latin name, which needs its room
        self.building_kana = re.compile(
            rf"{not_here}(?P<name>[一-龥々]{{0,4}}{kana}{{2,20}}(?: {kana}{{2,20}})?(?:[一-龥々]{{0,4}}|(?!から|まで|より|など|[のはがをにでともへや])[ぁ-ん]{{2,6}})(?P<gap> {{0,2}}|\r?\n {{0,4}}){room})"
        )
        # 3 any name before a room that says so
        self.building_room = re.compile(rf"{not_here}(?P<name>{soft}{{1,12}}?(?P<gap> ?|\r?\n {{0,4}}){sure_room})")
        # 4 a room without a name
        self.room_only = re.compile(rf"(?P<name>{sure_room})")
        self.room_bare = re.compile(r"(?P<name>\d{2,4})(?=\r?\n|$|[、。，,)）」])")
        self.room_bracketed = re.compile(r"[1-9]\d{2,3}(?=\))")
        self.bare_tail = re.compile(r"(?:号室|室)")

    # -------------------------------------------------------------- the place

    def name_at(self, plain: str, at: int) -> str:
        """The longest municipality, county or ward name at ``at``, or empty."""
        for length in range(min(self.longest, len(plain) - at), 1, -1):
            if plain[at + length - 1] in "市区町村郡島" and plain[at : at + length] in self.names:
                return plain[at : at + length]
        return ""

    def prefecture_at(self, plain: str, at: int) -> str:
        for length in (3, 4):
            if plain[at : at + length] in self.prefectures:
                return plain[at : at + length]
        return ""

    def read(self, window: str, at: int, *, labelled: bool, postal: bool) -> _Found | None:
        """The address whose prefecture or municipality begins at ``at``."""
        plain = canonical(window)
        prefecture = self.prefecture_at(plain, at)
        here = _GAP.match(window, at + len(prefecture)).end() if prefecture else at  # type: ignore[union-attr]
        name = self.name_at(plain, here)
        if not name:
            return self._read_old(window, at, here, prefecture, labelled=labelled) if prefecture else None
        places = self.names[name]
        if prefecture:
            places = tuple(i for i in places if self.plain_prefecture[self.municipalities[i].prefecture] == prefecture)
            if not places:
                return self._read_elsewhere(window, plain, at, here, here + len(name), prefecture, labelled=labelled)
        elif not labelled and not postal and not self._begins(window, at, name):
            return None
        end = here + len(name)
        # county or designated city alone: its town or ward follows
        if name[-1] in "市郡島":
            after = _GAP.match(window, end).end()  # type: ignore[union-attr]
            inner = self.name_at(plain, after)
            both = tuple(i for i in self.names.get(inner, ()) if i in places and i in self.names.get(name, ())) if inner else ()
            if inner and both and canonical(self.municipalities[both[0]].name) != name:
                places, end = both, after + len(inner)
            elif name[-1] in "郡島":
                return None
            elif len(places) > 1 and (old := re.match(r"[一-龥]{1,3}区(?!画)", window[after:])):
                end = after + old.end()  # a ward of former days: 浜松市中区
        short = name in self.short_names
        return self._read_town(
            window,
            plain,
            at,
            end,
            prefecture,
            places,
            labelled=labelled,
            postal=postal,
            short=short and not prefecture,
            city=window[here:end],
        )

    def _begins(self, window: str, at: int, name: str) -> bool:
        """Whether a municipality's name may begin here without its prefecture: not in the middle of another word."""
        before = window[at - 1] if at else ""
        if not before or not _KANJI.match(before):
            return True
        return len(name) >= 4 and name not in self.short_names

    def _read_old(self, window: str, at: int, here: int, prefecture: str, *, labelled: bool) -> _Found | None:
        """A prefecture and a municipality of former days (静岡県清水市…)."""
        run = _TOWN_RUN.match(window, here)
        if run is None or not _OLD_PLACE.match(run[0]) or _PARTICLES.search(run[0][:4]):
            return None
        found = self._read_town(window, canonical(window), at, here, prefecture, (), labelled=labelled, postal=False, short=False, city="")
        if found is not None and (_OLD_PLACE.match(found.town) is None or not found.parts):
            return None
        return found

    def _read_elsewhere(self, window: str, plain: str, at: int, here: int, end: int, prefecture: str, *, labelled: bool) -> _Found | None:
        """A prefecture and right behind it a municipality of another one, mistyped or made up (京都府豊島区…); a number of two parts must follow."""
        if here > at + len(prefecture):
            return None
        city = window[here:end]
        found = self._read_town(window, plain, at, end, prefecture, (), labelled=labelled, postal=False, short=False, city=city)
        return found if found is not None and len(found.parts) > 1 else None

    # --------------------------------------------------------- town and number

    def _read_town(
        self,
        window: str,
        plain: str,
        start: int,
        at: int,
        prefecture: str,
        places: Sequence[int],
        *,
        labelled: bool,
        postal: bool,
        short: bool,
        city: str,
    ) -> _Found | None:
        begin = _GAP.match(window, at).end()  # type: ignore[union-attr]
        kyoto = bool(places) and all(self.municipalities[i].name.startswith("京都市") for i in places)
        town_at = begin
        if kyoto and (street := _STREET.match(window, begin)):
            town_at = street.end()
        best: tuple[float, int, _Number, str] | None = None
        for number_at, number, town_end in self._numbers(window, town_at):
            town = plain[town_at:town_end]
            if "\n" in town and self._begins_anew(plain, town_at, town_end):
                break  # the next line is an address of its own
            known, score = self._judge(town, number, places, labelled=labelled or postal, prefecture=bool(prefecture), short=short)
            if score > 0 and (best is None or score > best[0] + 0.001):
                best = (score, number_at, number, known)
            if best is not None and known == "town" and number.strength != "chome":
                break
        if best is None or best[0] < 0.5:
            bare = self._bare_town(window, plain, town_at, places, kyoto=town_at > begin, labelled=labelled or postal)
            if bare is not None and (best is None or bare[0] > best[0]):
                score, end = bare
                return self._made(start, end, score, prefecture, places, city, window[begin:end], [], "", ["town known, no number"])
        if best is None:
            return None
        score, number_at, number, known = best
        end = number.end
        building = ""
        if number.strength != "chome" or labelled or postal:
            b_start, b_end = self.building(window, end, strong=number.strength in {"full", "two"})
            if b_end > end:
                building = window[b_start:b_end]
                end = b_end
                score += 0.05 if known else 0.15
        if not known and score >= 0.3 and self._alone_on_line(window, start, end):
            score += 0.15
        score = min(0.99, score + (0.05 if labelled else 0.0) + (0.05 if postal else 0.0))
        why = [{"town": "town known", "town+": "town known in part"}.get(known, "town not in the gazetteer"), f"number {number.strength}"]
        if building:
            why.append("building")
        return self._made(start, end, score, prefecture, places, city, window[begin:number_at], number.parts, building, why)

    @staticmethod
    def _alone_on_line(window: str, start: int, end: int) -> bool:
        """Nothing else stands between the line breaks, tabs or commas around it."""
        return window[:start].rstrip(" ")[-1:] in {"", "\n", "\t", ",", '"'} and window[end:].lstrip(" ")[:1] in {
            "",
            "\r",
            "\n",
            "\t",
            ",",
            '"',
        }

    def _made(
        self,
        start: int,
        end: int,
        score: float,
        prefecture: str,
        places: Sequence[int],
        city: str,
        town: str,
        parts: list[str],
        building: str,
        why: list[str],
    ) -> _Found:
        municipality = _joined(city)
        if places:
            prefectures = {self.municipalities[i].prefecture for i in places}
            if len(prefectures) == 1:
                prefecture = next(iter(prefectures))
            if len(places) == 1:
                municipality = self.municipalities[places[0]].name
            why.insert(0, "municipality" + ("" if prefecture else " without prefecture"))
        return _Found(start, end, score, prefecture, municipality, town, parts, building, why)

    def _numbers(self, window: str, town_at: int) -> Iterator[tuple[int, _Number, int]]:
        """``(where it begins, number, where the town before it ends)`` for every number in reach, left to right."""
        at = town_at
        limit = at
        gaps = 0
        while True:
            run = _TOWN_RUN.match(window, limit)
            stop = run.end() if run else limit
            while (begins := _NUMBER_START.search(window, at)) is not None and begins.start() <= stop:
                at = begins.start()
                before = window[at - 1] if at > town_at else ""
                inside = (before in "0123456789" and window[at] in "0123456789") or (
                    before in _KANJI_DIGITS and window[at] in _KANJI_DIGITS
                )
                if not (before and inside) and (number := self._number(window, at)) is not None:
                    town_end = at
                    while town_end > town_at and window[town_end - 1] in " \r\n\x0b":
                        town_end -= 1
                    if town_end - town_at > 1 and window[town_end - 1] in "のノ" and window[town_end - 2] in _LETTER:
                        town_end -= 1  # 旭市ニの669: the letter is the town
                    yield at, number, town_end
                at += 1
            if gaps == 2 or (stop == limit and gaps):
                return
            gap = _GAP.match(window, stop)
            if gap is None or gap.end() == stop or stop - town_at > 26:
                return
            gaps += 1
            at = limit = gap.end()

    def _number(self, window: str, at: int) -> _Number | None:
        """The number part at ``at``, cut back to where it may end; None when there is none."""
        match = _FIRST.match(window, at)
        if match is None or (match["number"] or "").startswith("0"):
            return None  # no lot has the number 090-1234-5678
        if match["none"]:
            return _Number(match.end(), [match["none"]], ["none"])
        steps = [match]
        ends = [match.end()]
        while len(steps) < 6:
            last = steps[-1]
            after = _NEXT_AFTER_UNIT if last["unit"] and last["unit"] != "号" else _NEXT_AFTER_NUMBER
            following = after.match(window, ends[-1])
            if following is None or following["number"].startswith("0"):
                break  # 2119番地 080-1234-5678
            steps.append(following)
            ends.append(following.end())
        while steps:
            parts = [_letter(step) + str(number_of(step["number"])) for step in steps]
            units = [step["unit"] or "" for step in steps]
            number = _Number(ends[-1], parts, units)
            if units[-1] in {"番地", "番"} and (letter := _LOT_LETTER.match(window, ends[-1])):
                number = _Number(letter.end(), [*parts, letter["letter"]], [*units, ""])
            number.counted = _HIRAGANA.match(window, number.end) is not None
            if self._may_end(window, number, steps[-1]):
                return number
            steps.pop()
            ends.pop()
        return None

    def _may_end(self, window: str, number: _Number, last: re.Match[str]) -> bool:
        end = number.end
        following = window[end : end + 1]
        strength = number.strength
        if not following or following in " \r\n\x0b\t":
            return not (last["number"][0] in _KANJI_DIGITS and strength == "plain" and len(last["number"]) < 3)
        if following in "-." and window[end + 1 : end + 2].isdigit():
            return False
        if strength == "plain" and _FIGURE.match(window, end):
            return False
        if following.isdigit() or following in _KANJI_DIGITS:
            return False
        kanji = last["number"][0] in _KANJI_DIGITS and not number.units[-1]
        counted = self.counters.match(window, end) is not None
        if kanji and (_KANJI.match(following) or following in "ノ々ケヶツッー"):
            return self.after_number.match(window, end) is not None and len(number.parts) > 1
        if following in _ENDINGS or _HIRAGANA.match(following):
            if kanji and strength == "plain" and len(last["number"]) < 3:
                return False
            return not (counted and strength in {"plain", "two"})
        if counted and (strength != "full" or not number.units[-1]):
            return False
        if number.units[-1] in {"番地", "号", "地割"} or (strength == "full" and not number.units[-1]):
            return True
        if self.after_number.match(window, end) is not None:
            return True
        _, stop = self.building(window, end, strong=strength in {"full", "two"})
        if stop > end:
            return True
        number.loose = strength == "two"
        return number.loose

    def _judge(
        self,
        town: str,
        number: _Number,
        places: Sequence[int],
        *,
        labelled: bool,
        prefecture: bool,
        short: bool,
    ) -> tuple[str, float]:
        """``(how the town is known, score)`` of a town followed by a number; score 0: no address."""
        strength = number.strength
        town = _joined(town)
        if not town:
            village = bool(places) and self.municipalities[places[0]].name[-1] in "町村"
            if strength == "full" and number.units[0] in {"番地", "none"}:
                return "none", 0.6 if prefecture or labelled else 0.5
            if strength in {"full", "two"} and (labelled or (prefecture and village)):
                return "none", 0.55
            return "none", 0.2 if strength in {"full", "two"} else 0.0
        known = self.known(town, places)
        if known == "":
            if not self._plausible(town):
                return "", 0.0
            if _ODD_TOWN.search(town):
                return "", 0.0
        if number.loose:
            return known, (0.6 if known == "town" else 0.0)
        score = _SCORES[known][strength]
        if strength == "chome" and known == "town" and _GRID_TOWN.search(town) and not number.counted:
            score = 0.75  # 札幌市中央区北1条西2丁目 is as far as many addresses there go
        if not known and strength == "plain" and _SMALL_PLACE.search(town) and len(town) <= 8:
            score += 0.15
        if labelled and strength == "chome":
            score = 0.65
        elif labelled and strength == "plain" and known != "town":
            score += 0.15
        if known != "town" and not prefecture:
            score -= 0.05
        if not prefecture:
            score -= 0.03
        if short:
            score -= 0.15 if known == "town" else 0.3
        return known, max(score, 0.0)

    def known(self, town: str, places: Sequence[int]) -> str:
        """``town``: known in one of the places; ``town+``: it begins with a known one and goes on plausibly; else empty."""
        bare = _BIG_WORD.sub("", town)
        part = False
        for index in places:
            towns = self.gazette.towns(index)
            if bare in towns or town in towns:
                return "town"
            if not part:
                for length in range(len(bare) - 1, 0, -1):
                    if bare[:length] in towns:
                        rest = bare[length:]
                        if len(rest) <= 12 and (length > 1 or rest[0] == "字") and self._plausible(rest) and not _ODD_TOWN.search(rest):
                            part = True
                        break
        return "town+" if part else ""

    def _plausible(self, town: str) -> bool:
        return (
            len(town) <= 15
            and not _PARTICLES.search(town)
            and not self.no_town.search(town)
            and not any(town[i : i + 3] in self.prefectures for i in range(len(town) - 2))
            and not self.name_at(town, 0).endswith("市")  # 大阪市 名古屋市 3-1
        )

    def _begins_anew(self, plain: str, at: int, end: int) -> bool:
        """Whether a line after the first begins with a prefecture or municipality."""
        for match in _NEW_LINE.finditer(plain, at, end):
            if self.prefecture_at(plain, match.end()) or self.name_at(plain, match.end()):
                return True
        return False

    def _bare_town(
        self, window: str, plain: str, at: int, places: Sequence[int], *, kyoto: bool, labelled: bool
    ) -> tuple[float, int] | None:
        """A known town that ends the address: enough only under a label or after a Kyoto street."""
        if not (kyoto or labelled):
            return None
        prefix = _BIG_WORD.match(plain[at : at + 2])
        skip = prefix.end() if prefix else 0
        for length in range(min(14, len(plain) - at - skip), 0, -1):
            name = plain[at + skip : at + skip + length]
            if any(name in self.gazette.towns(i) for i in places):
                end = at + skip + length
                following = window[end : end + 1]
                if not following or following in _ENDINGS or _HIRAGANA.match(following):
                    return (0.7 if kyoto else 0.6), end
                return None
        return None

    # ---------------------------------------------------------------- building

    def building(self, window: str, at: int, *, strong: bool) -> tuple[int, int]:
        """``(start, end)`` of building and room after the number that ends at ``at``; ``(at, at)`` when there is none."""
        if match := self.bare_tail.match(window, at):
            return at, match.end()
        gap = _GAP.match(window, at)
        start = gap.end() if gap else at
        if start >= len(window):
            return at, at
        if _MAIL.match(window, start):
            return at, at
        line = "\n" in window[at:start] or "\x0b" in window[at:start]
        first = window[start]
        if first == "(" and not line:
            return (start, end) if (end := self._in_brackets(window, start)) else (at, at)
        if first == "-" or (start == at and _HIRAGANA.match(first)):
            return at, at
        # 1259パークタワー1204: right behind a lone number only what is a building with its room
        tight = start == at and not strong and not _KANJI.match(first)
        end = at
        for pattern in (self.building_word, self.building_kana, self.building_room):
            if pattern is self.building_room and (line or start == at):
                continue
            match = pattern.match(window, start)
            if match is None or match.end() <= end:
                continue
            if "\n" in match["name"] and not re.search(r"\n *[A-Za-z]?-?\d+(?:号|階|F|室|-)|\n *[A-Z]-?\d", match["name"]):
                continue
            if tight and not re.search(r"\d", window[start : match.end()]):
                continue
            end = match.end()
            break
        if end == at and not line and not tight:
            match = self.room_only.match(window, start)
            if match is None and start > at:
                match = self.room_bare.match(window, start)
            if match is not None and (start > at or not match["name"][0].isdigit()):
                end = match.end()
        return (start, end) if end > at else (at, at)

    def _in_brackets(self, window: str, at: int) -> int:
        """Where the bracket that holds a building, its room or both ends: 5-25-24(メゾン緑102); 0 when it holds anything else."""
        for pattern in (self.building_word, self.building_kana, self.building_room, self.room_only, self.room_bracketed):
            match = pattern.match(window, at + 1)
            if match is not None and "\n" not in match.group() and window[match.end() : match.end() + 1] == ")":
                return match.end() + 1
        return 0

    # ------------------------------------------------------------- without city

    def read_town(self, window: str, at: int, places: Sequence[int]) -> _Found | None:
        """An address that begins with its town (住所：本町1-2-3), under a label or a postal code."""
        plain = canonical(window)
        best: _Found | None = None
        for _, number, town_end in self._numbers(window, at):
            town = plain[at:town_end]
            if not town or "\n" in window[at:town_end] or not self._plausible(town) or _ODD_TOWN.search(_BIG_WORD.sub("", town)):
                continue
            bare = _BIG_WORD.sub("", town)
            if places and self.known(town, places) == "town":
                score = 0.85
            elif self.gazette.is_town(bare):
                score = 0.6 if number.strength in {"full", "two"} else 0.5
            elif number.strength in {"full", "two"}:
                score = 0.5
            else:
                continue
            if number.strength == "chome":
                score -= 0.1
            start, end = self.building(window, number.end, strong=True)
            building = window[start:end] if end > number.end else ""
            if best is None or score > best.score:
                best = _Found(
                    at,
                    max(end, number.end),
                    score,
                    "",
                    "",
                    town,
                    number.parts,
                    building,
                    ["town under a label", f"number {number.strength}"],
                )
        return best


def _letter(match: re.Match[str]) -> str:
    letter = (match["letter"] or "").strip(" -の")
    return "" if letter == "第" else letter


class AddressRecognizer(EntityRecognizer):
    """JP_ADDRESS: see the module. Loads its gazetteer when the first text with a place name comes.

    :param catalogue: the rules; ``JP_ADDRESS`` holds labels and word lists.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._rule = catalogue.rule(_ENTITY)
        super().__init__(supported_entities=[_ENTITY], name="AddressRecognizer", supported_language="ja", version="1")

    def load(self) -> None:
        """Nothing: the gazetteer loads lazily."""

    @cached_property
    def _grammar(self) -> _Grammar:
        return _Grammar(self._rule)

    def analyze(self, text: str, entities: list[str] | None = None, nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
        """Addresses of ``text``, in order, not overlapping; places that are no address are not returned."""
        if entities and _ENTITY not in entities:
            return []
        found = [
            result(_ENTITY, at.start, at.end, at.score, recognizer=self.name, norm=at.norm, why=at.why)
            for at in latin_addresses(fold(text))
        ]
        if text.isascii() or not _GATE.search(text):
            return found
        done = 0
        grammar = self._grammar
        folded = ""
        for start, alone in self._hits(text):
            if start < done:
                continue
            folded = folded or fold(text)
            base = max(0, start - _BEFORE, done)
            window = folded[base : start + _AFTER]
            at = start - base
            read = self._read_alone(grammar, window, at) if alone else self._read_place(grammar, window, at)
            if read is None or read.score < 0.3:
                continue
            found.append(
                result(_ENTITY, base + read.start, base + read.end, read.score, recognizer=self.name, norm=read.norm(), why=read.why)
            )
            done = base + read.end
        return sorted(found, key=lambda r: r.start)

    def _hits(self, text: str) -> Iterator[tuple[int, bool]]:
        """``(start, is a label)`` of each name in the text; of names that overlap the one that begins first, then the longest."""
        pending: tuple[int, int, bool] | None = None
        for start, end, alone in self._words(text):
            if pending is not None:
                if start <= pending[0]:
                    pending = (start, end, alone)
                    continue
                if alone == pending[2] and start < pending[1]:
                    continue
                yield pending[0], pending[2]
            pending = (start, end, alone)
        if pending is not None:
            yield pending[0], pending[2]

    def _words(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """``(start, end, is a label)`` of the longest name, label or 〒 that ends at each place, by end."""
        grammar = self._grammar
        lengths, surfaces = grammar.lengths, grammar.surfaces
        for match in grammar.last.finditer(text):
            end = match.end()
            for length in lengths.get(text[end - 2 : end], ()):
                if length <= end and (alone := surfaces.get(text[end - length : end])) is not None:
                    yield end - length, end, alone
                    break
            else:
                if text[end - 1] == "〒":
                    yield end - 1, end, True

    def _read_place(self, grammar: _Grammar, window: str, at: int) -> _Found | None:
        before = window[:at]
        postal = _POSTAL_BEFORE.search(before) if before[-1:] and before[-1] in "0123456789 \n\x0b" else None
        head = before[: postal.start()] if postal else before
        label = self._label(grammar, head)
        read = grammar.read(window, at, labelled=bool(label), postal=postal is not None)
        if read is None:
            return None
        if postal is not None:
            if "\n" not in before[postal.start() :]:  # a code on its own line is read by itself
                read.start = postal.start()
            read.why.append("postal code before it")
        if label:
            read.why.append(f"label {label}")
        return read

    def _read_alone(self, grammar: _Grammar, window: str, at: int) -> _Found | None:
        if window[at] == "〒":
            match = _POSTAL_HERE.match(window, at)
            if match is None:
                return None
            here = match.end()
            if grammar.prefecture_at(canonical(window[here : here + 5]), 0) or grammar.name_at(canonical(window[here : here + 20]), 0):
                return None
            wanted = {(p.prefecture, p.municipality) for p in grammar.gazette.postal(match[1] + match[2])}
            places = [m.index for m in grammar.municipalities if (m.prefecture, m.name) in wanted]
            read = grammar.read_town(window, here, places) if places else None
            if read is not None:
                if "\n" not in match[0]:
                    read.start = match.start()
                read.why.append("postal code before it")
            return read
        word = grammar.labels.match(window, at)
        if word is None:
            return None
        label = word[0]
        separator = _ALONE_SEP.match(window, word.end())
        if separator is None:
            return None
        here = separator.end()
        if grammar.prefecture_at(canonical(window[here : here + 5]), 0) or grammar.name_at(canonical(window[here : here + 20]), 0):
            return None
        read = grammar.read_town(window, here, ())
        if read is not None:
            read.why.append(f"label {label}")
        return read

    @staticmethod
    def _label(grammar: _Grammar, before: str) -> str:
        """The label that ends right before, or empty."""
        tail = before[-22:]
        separator = _LABEL_SEP.search(tail)
        if separator is None or separator[0].count("\n") > 1:
            return ""
        stem = tail[: separator.start()] + ("地" if separator[0].startswith("地") else "")
        for match in reversed(list(grammar.labels.finditer(stem))):
            if match.end() == len(stem) or (separator[0][:1] in "地欄" and match.end() == len(tail[: separator.start()])):
                return match[0]
        return ""

    # ------------------------------------------------------------------- cells

    def value(self, entity: str, text: str) -> ValueMatch | None:
        """Whether a whole cell is an address or the part of one that a column holds (住所1, 住所2)."""
        if entity != _ENTITY:
            return None
        cell = text.strip()
        if not 2 <= len(cell) <= 200:
            return None
        start = text.index(cell[0]) if cell else 0
        grammar = self._grammar
        window = fold(cell)
        plain = canonical(window)
        postal = _POSTAL_FIRST.match(window)
        at = postal.end() if postal else 0
        read = grammar.read(window, at, labelled=True, postal=postal is not None) or grammar.read_town(window, at, ())
        if read is not None and read.score >= 0.45:
            rest = len(window) - read.end
            score = read.score if rest == 0 else read.score - min(0.4, rest * 0.01)
            if _REMARK.match(window, read.end):
                return ValueMatch(round(read.score, 3), read.norm(), start, start + read.end)
            end = len(cell) if rest <= 30 and "\n" not in window[read.end :] and not _CONTACT.search(window, read.end) else read.end
            return ValueMatch(round(score, 3), read.norm(), start, start + end)
        return self._partial(grammar, window, plain, at, start, len(cell))

    @staticmethod
    def _partial(grammar: _Grammar, window: str, plain: str, at: int, start: int, length: int) -> ValueMatch | None:
        """A cell with less than an address: prefecture, municipality, or town alone."""
        prefecture = grammar.prefecture_at(plain, at)
        here = at + len(prefecture)
        norm = _plain_town(plain[at:])
        if prefecture and here == len(plain):
            return ValueMatch(0.4, norm, start, start + length)
        here = _SPACES.match(window, here).end()  # type: ignore[union-attr]
        name = grammar.name_at(plain, here)
        if name:
            rest = here + len(name)
            if rest == len(plain):
                return ValueMatch(0.7 if prefecture else 0.6, norm, start, start + length)
            return ValueMatch(0.6 if len(plain) - rest <= 20 else 0.45, norm, start, start + length)
        town = _BIG_WORD.sub("", plain[at:])
        if not prefecture and grammar.gazette.is_town(town):
            return ValueMatch(0.45, norm, start, start + length)
        return None
