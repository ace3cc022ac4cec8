"""How well the cells of a column pass for values of a kind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from piiscan.detect.base import ValueMatch
from piiscan.detect.names.cells import without_title
from piiscan.detect.names.families import may_be_family
from piiscan.detect.tables.words import TableKit, Words

__all__ = [
    "ANSWERS",
    "FAMILY",
    "MARKS",
    "NAME_PAIR",
    "NUMERAL",
    "PLACE",
    "SPREAD",
    "WORD",
    "Measure",
    "Remembering",
    "closed",
    "family_names",
    "given_names",
    "is_nothing",
    "mere_place",
    "plausible",
    "signs_of",
    "surely_named",
]

_LABEL: Final = 0.7
#: Values of a kind.
_REMEMBERED: Final = 4_000
_ROUNDED: Final = 1e-6
_UNASKED: Final = ValueMatch(-1.0, "", 0, 0)
#: From this score on, and of so many characters, a text is a whole name, where a firm may stand as well.
_SURELY, _WHOLE = 0.9, 3
#: Mean score from which two columns of words are names together.
NAME_PAIR: Final = 0.75
#: Mean score of a column of family names alone, frequent and rare ones.
FAMILY: Final = 0.45
#: A family name is no longer; a word that is also one scores at least this.
_SHORT: Final = 5
WORD: Final = 0.2
#: A cell judged an address with no more than this names a place only, unless it holds a number.
PLACE: Final = 0.7
#: A figure; kanji ones are in names of places too (一関市).
NUMERAL = re.compile(r"[0-9０-９]")
#: Dates under a header that says no more than that they are dates are births when so many years lie between them.
_BIRTH_YEARS: Final = 8
#: 小原(裕): which of several of that name.
_NOTE = re.compile(r"[ \u3000]?[(（][々㐀-鿿ぁ-ゖァ-ヺー]{1,2}[)）]$")
#: Kinds whose values are read also with their letters apart, and a letter that a blank follows.
SPREAD: Final = frozenset({"JP_ADDRESS", "DATE_OF_BIRTH"})
_APART = re.compile(r"([^\x00-\x7f0-9 ]|[0-9](?= [^\x00-\x7f])) (?=\S)")
_PLACEHOLDER = re.compile(r"[\s\-－―ー−—–─_＿*＊/／.・…]*|なし|無し|無|不明|未定|未登録|N/?A|null|none", re.IGNORECASE)
_PLACEHOLDER_BEGINS = frozenset(("", *"-－―ー−—–─_＿*＊/／.・…な無不未Nn", *filter(str.isspace, map(chr, range(0x3001)))))


class Remembering:
    """A kit that remembers what some values were found to be: those of a column are asked about when it is judged and when it is read."""

    def __init__(self, kit: TableKit) -> None:
        self.catalogue = kit.catalogue
        self.sensitive = kit.sensitive
        self.spot = kit.spot
        self._value = kit.value
        self._known: defaultdict[str, dict[str, ValueMatch | None]] = defaultdict(dict)

    def value(self, entity: str, text: str) -> ValueMatch | None:
        known = self._known[entity]
        match = known.get(text, _UNASKED)
        if match is _UNASKED:
            match = self._value(entity, text)
            if len(known) < _REMEMBERED:
                known[text] = match
        return match

    def forget(self) -> None:
        """Another table begins."""
        self._known.clear()

    @property
    def read(self) -> Recalling:
        """The same for reading: what is remembered is told once, and no more is remembered."""
        return Recalling(self, self._value, self._known)


class Recalling:
    """A kit for reading the columns that were judged with :class:`Remembering`.

    What is found in the cells of a column is remembered there (:class:`ColumnPlan`); to remember each value here as well would be so much
    more for the collector of garbage to look through.
    """

    def __init__(
        self,
        kit: TableKit,
        value: Callable[[str, str], ValueMatch | None],
        known: defaultdict[str, dict[str, ValueMatch | None]],
    ) -> None:
        self.catalogue = kit.catalogue
        self.sensitive = kit.sensitive
        self.spot = kit.spot
        self._value = value
        self._known = known

    def value(self, entity: str, text: str) -> ValueMatch | None:
        match = self._known[entity].pop(text, _UNASKED)
        return self._value(entity, text) if match is _UNASKED else match


class Measure:
    """Judges the values of columns with the kit."""

    def __init__(self, kit: TableKit, words: Words) -> None:
        self.kit = kit
        self.words = words
        self.rules = words.rules

    def are_names(self, values: Sequence[str]) -> bool:
        """Whether the values are full names, nearly all of them."""
        least = self.rules.by_value["PERSON"].share
        passed, mean = self.share("PERSON", values, least) if plausible("PERSON", values) else (0.0, 0.0)
        return passed >= least and mean >= NAME_PAIR

    def share(self, entity: str, values: Sequence[str], least: float = 0.0) -> tuple[float, float]:
        """Share of the values that pass, and their mean score.

        :param least: of a lower share no more is asked than that it is lower (0 is returned): most columns of figures could be of any kind,
            and a few of them say that they are of none.
        """
        scores = []
        counted = 0
        spared = (1 - least) * len(values) + _ROUNDED
        for value in values:
            text = value.strip()
            if is_nothing(text):
                continue
            counted += 1
            if entity == "PERSON" and (text in ANSWERS or self.words.label(text).weight >= _LABEL):
                continue  # an empty form has labels where a name would stand
            match = self.kit.value(entity, text)
            if match is None and entity in SPREAD:
                match = self.kit.value(entity, closed(entity, text))
            if match is not None and not mere_place(entity, match, text):
                scores.append(match.score)
            elif counted - len(scores) > spared:
                return 0.0, 0.0
        return (len(scores) / counted, sum(scores) / len(scores)) if scores else (0.0, 0.0)

    def may_be_families(self, values: Sequence[str]) -> float:
        """Share of the values that pass for names, where words and towns that are family names as well count (岐阜, 米)."""
        texts = [text for value in values if not is_nothing(text := value.strip())]
        named = [self.kit.value("PERSON", text) is not None or may_be_family(without_title(text)) for text in texts if text not in MARKS]
        return sum(named) / len(texts) if texts else 0.0

    def are_labels(self, values: Sequence[str]) -> bool:
        """Whether the values are labels of a form, most of them."""
        return bool(values) and sum(self.words.label(value.strip()).weight >= _LABEL for value in values) >= 0.5 * len(values)

    def years_apart(self, values: Sequence[str]) -> bool:
        """Whether dates lie as far apart as births do."""
        years = [
            int(match.norm[:4])
            for value in values
            if (match := self.kit.value("DATE_OF_BIRTH", value.strip())) and match.norm[:4].isdigit()
        ]
        return bool(years) and max(years) - min(years) >= _BIRTH_YEARS

    def short_names(self, values: Iterable[str]) -> list[float]:
        """How much each of some cells is a name, where all are short words; else nothing."""
        texts = [text for value in values if (text := _NOTE.sub("", value.strip())) and not is_nothing(text)]
        if any(len(text) > _SHORT or not text.isalpha() for text in texts):
            return []
        return [match.score if (match := self.kit.value("PERSON", text)) else 0.0 for text in texts]

    def in_order(self, family: str, given: str) -> bool:
        """Whether two words are a name in this order rather than in the other."""
        match, turned = self.kit.value("PERSON", f"{family} {given}"), self.kit.value("PERSON", f"{given} {family}")
        return match is not None and (turned is None or match.score > turned.score + 0.05)


def surely_named(kit: TableKit, text: str) -> ValueMatch | None:
    """A whole name that the lists know for sure, where a firm may stand as well."""
    match = kit.value("PERSON", text)
    return match if match is not None and match.score >= _SURELY and len(match.norm) >= _WHOLE else None


def closed(entity: str, text: str) -> str:
    """A value whose letters stand apart, as old forms and scanned lists have them (群 馬 県 高 崎 市, 昭 和9年3月20日), without those blanks."""
    if " " not in text:
        return text
    if entity == "DATE_OF_BIRTH":
        return text.replace(" ", "")
    return _APART.sub(r"\1", text) if len(_APART.findall(text)) >= 0.4 * (len(text) - text.count(" ") - 1) else text


def family_names(scores: Sequence[float]) -> bool:
    """Whether words that score so are family names rather than places and words that are family names too (石川－岡崎)."""
    named = [score for score in scores if score >= WORD]
    return (
        len(scores) >= 4
        and len(named) >= 0.6 * len(scores)
        and sum(named) >= FAMILY * len(named)
        and sum(s >= 0.5 for s in named) >= 0.4 * len(scores)
    )


#: Between given names in one cell, and what is said of one behind it.
_AND = re.compile(r"[、,，・/／\s&＆]+|[(（][^()（）]{0,12}[)）]")
#: 6-1, 2年, 3年2組, 5歳: the class or the age before or behind a child's name.
_CLASS = re.compile(r"[小中高]?[0-9０-９]{1,2}(?:[-－‐ー][0-9０-９A-Z]{1,2}|年生?|組|歳|才|年[0-9０-９A-Z]{1,2}組)?")
#: Words of one character that given names are written with too and that mark something.
MARKS: Final = frozenset("有無済未可否良優空欠休出早遅日夜明公振代他同計男女勝敗")


#: Answers of a form of one character, whatever they are called that bear them as a name: 配偶者 有.
ANSWERS: Final = frozenset("有無済未可否")


def given_names(cell: str) -> list[tuple[str, int]]:
    """The words of a cell that may be given names, and where each begins: 明野、茂, 莉子（2年）."""
    out: list[tuple[str, int]] = []
    start = 0
    for end, behind in (*((m.start(), m.end()) for m in _AND.finditer(cell)), (len(cell), 0)):
        word = cell[start:end]
        if word and not is_nothing(word) and not _CLASS.fullmatch(word):
            out.append((word, start))
        start = behind
    return out


def is_nothing(text: str) -> bool:
    """Whether a cell says that nothing is in it: a dash, なし, 不明."""
    return text[:1] in _PLACEHOLDER_BEGINS and _PLACEHOLDER.fullmatch(text) is not None


def mere_place(entity: str, match: ValueMatch, text: str) -> bool:
    """Whether an address is but the name of a place: a prefecture, a city, a family name that is also a town."""
    return entity == "JP_ADDRESS" and match.score <= PLACE and not NUMERAL.search(text)


#: Kinds whose values need other signs than figures.
_OF_OTHER_SIGNS: Final = frozenset({"EMAIL_ADDRESS", "JP_ADDRESS", "PERSON"})


def signs_of(entity: str) -> str:
    """Kinds of which :func:`plausible` says the same of any values have the same signs."""
    return entity if entity in _OF_OTHER_SIGNS else "figures"


def plausible(entity: str, values: Sequence[str]) -> bool:
    """A cheap look before a costly check: most values have the signs that the kind needs."""
    need = 0.6 * len(values)
    if entity == "EMAIL_ADDRESS":
        return sum("@" in v or "＠" in v for v in values) >= need
    if entity == "JP_ADDRESS":
        return sum(len(v) >= 5 and not v.isascii() for v in values) >= need
    if entity == "PERSON":
        return sum(2 <= len(v.strip()) <= 30 and not any(map(str.isdigit, v)) for v in values) >= need
    return sum(len(v) >= 7 and sum(map(str.isdigit, v)) >= 7 for v in values) >= need
