"""What single cells hold, once their column or label is known.

Each column remembers what its values were found to be (bounded), so that the cost is a value's, not a cell's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import starmap
from typing import Final

from piiscan.detect.around import said_of
from piiscan.detect.base import ValueMatch
from piiscan.detect.checks import is_role_address
from piiscan.detect.names.cells import TITLE, judge, unit_and_gap, without_rank, without_title
from piiscan.detect.names.families import is_family, is_place, may_be_family
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.parted import parted
from piiscan.detect.names.spoken import is_given_sound
from piiscan.detect.names.variants import foreign_surnames, modern_forms, no_persons
from piiscan.detect.names.words import any_of, name_words
from piiscan.detect.names.writing import BRIDGED, SURNAME_ENDING
from piiscan.detect.normalize import fold, nfkc
from piiscan.detect.readings import CALLED, is_reading, script_of
from piiscan.detect.samples import is_sample
from piiscan.detect.tables.documents import kind_shown
from piiscan.detect.tables.grid import cell_of
from piiscan.detect.tables.measure import ANSWERS, MARKS, SPREAD, closed, given_names, is_nothing, mere_place, surely_named
from piiscan.detect.tables.plans import ColumnPlan, Found, Kept, Mode, found_of, pieces_of
from piiscan.detect.tables.words import TableKit, Words, may_be_name_in_mei
from piiscan.model import Hit

__all__ = ["Cells"]

_CACHE: Final = 30_000
_LABEL: Final = 0.7
_REPORTED: Final = 0.5
#: A whole cell that only the model takes for a name, where firms stand too.
_NAMED_AMONG_FIRMS: Final = 0.9
#: A name that stands where the column does not say that one does.
_NAMED: Final = 0.4
#: What the judge of sensitive words is told of a note in a row: it is about the row's person as a form is.
_ROW: Final = "row"
_NAME_SHAPE = re.compile(r"[㐀-鿿豈-﫿々〆ヶぁ-ゖァ-ヺー・･ｦ-ﾟA-Za-z\U00020000-\U0003ffffÀ-ɏ'’.\-−‐ \u3000]{2,40}")
#: Between the names of a list in a cell (グエン・ヴァン・アン is one), what is said of one behind it, and how long one is.
_PARTED = re.compile(r"[ \u3000]*(?:[、，,/／\n]|(?<=[々㐀-鿿])・(?=[々㐀-鿿]))[ \u3000]*")
_NOTED = re.compile(r"[ \u3000]*[(（][^()（）]{1,12}[)）][ \u3000]*$")
_LONGEST: Final = 10
_SURELY, _SHAPED = 0.85, 0.2
#: From so many further characters on a cell is looked at for what else it holds.
_REST: Final = 3
#: How sure a family name behind a word for what its bearer does is.
_ROLE_NAME: Final = 0.75
#: … and from this score on a whole name is one there.
_WHOLE_NAME: Final = 0.9
_LEAST_DIGITS: Final = 7
#: A date at the end of a cell that a name begins, and the last year of whoever may sign something.
_BORN_BEHIND = re.compile(
    r"(?:[ \u3000]?[(（][^()（）]{1,12}[)）])?[ \u3000\n]{1,3}(?P<date>(?:西暦|明治|大正|昭和|平成|[SHTsht大昭平]|[12])[^ \u3000()（）]{4,16})[ \u3000]?生?$"
)
_GROWN: Final = 2012
_KANA_WORD = re.compile(r"[ァ-ヺー]{2,8}|[ぁ-ゖー]{2,8}")
#: A rare name in a column of names; in one of which so many pass, a word that is made of a frequent family name and a given one is a name.
_SHAPED_SCORE, _SHARE_WHOLE, _OFTEN = 0.75, 0.75, 20_000
#: In a column of which so many pass, what bears a title is a name, too.
_SHARE_TITLED: Final = 0.6
_IN_BRACKETS = re.compile(r"[ \u3000]?[(（][ \u3000]?(?P<former>旧姓?[:：・ \u3000]?)?(?P<given>[々㐀-鿿ぁ-ゖァ-ヺー]{1,5})[ \u3000]?[)）]")
_READ_SO = re.compile(r"\s?[(（〔\[]\s?(?P<kana>[ぁ-ゖァ-ヺｦ-ﾟ][ぁ-ゖァ-ヺーｦ-ﾟ・ \u3000]{2,22}[ぁ-ゖァ-ヺーｦ-ﾟ])\s?[)）〕\]]")
#: A name's reading by its writing alone, without a header that says so.
_READING: Final = 0.6
_FORMER = re.compile(r"旧姓|旧氏|旧名")
_GIVEN: Final = 0.95
#: Given names alone in the column of a family.
_GIVEN_SHAPE = re.compile(r"[々㐀-鿿ぁ-ゖァ-ヺー]{1,4}")
_GIVEN_ALONE: Final = 0.8
_WORDED = re.compile(r"[㐀-鿿ぁ-ゖァ-ヺ]{2}|[㐀-鿿][ \u3000][㐀-鿿]|[妻夫父母娘][ \u3000:：][㐀-鿿]|[A-Z][a-z]+ [A-Z]")
_LINE_END = re.compile(r"[\n\x0b]+")
_POSTAL = re.compile(r"\s*〒?\s*(?P<code>[0-9]{3}-?[0-9]{4})[\s,]*")
#: ふりがな　おざわ よしお: a label inside its cell.
_LABEL_INSIDE = re.compile(r"(?:ふりがな|フリガナ|ﾌﾘｶﾞﾅ|よみがな|よみ|ヨミ|カナ)[ \u3000:：]+")
#: 故 高木文子
_LATE_BEFORE = re.compile(r"故[ \u3000]?(?=[㐀-鿿]{2})")
_KATAKANA_WORD = re.compile(r"[ァ-ヺー]{2,6}")
#: 岩本母, 横山様奥様: of whom somebody is the mother or wife; the family name is hers as well.
_PARENT = re.compile(
    r"(?P<name>[々㐀-鿿]{1,4}?|[㐀-鿿]{1,2}[ノツッヶケ][㐀-鿿]{1,2}?|[ァ-ヺー]{2,8})(?:母|父|ママ|パパ|祖母|祖父"
    r"|(?:様|さま|さん|氏)の?[ごお御]?(?:祖?[父母]|主人|夫人|奥|子息|息女|嬢|息子|娘|家族|夫|妻)(?:様|さま|さん)?)"
)
#: 北山小児科 under 主治医: the doctor, named by the practice.
_DOCTOR = re.compile(r"主治医|担当医|かかりつけ医|嘱託医|校医|園医|産業医")
_PRACTICE = re.compile(
    r"(?P<name>[々㐀-鿿ァ-ヺー]{1,4}?)(?:小児科|内科|外科|眼科|耳鼻科|耳鼻咽喉科|皮膚科|整形外科|産婦人科|歯科|こども|クリニック|医院|診療所)[々㐀-鿿ァ-ヺーぁ-ゖ]*"
)
#: 早計, 日勤計: the total of some rows.
_TOTAL = re.compile(r"[^ \u3000]{1,3}計")
#: From this share on a column is of names, and what may be a family name is one there (a row of days is known by its others: ``rows.py``).
_MOSTLY: Final = 0.7
#: 森本・古山: two, not one.
_TWO_NAMES = re.compile(r"[々㐀-鿿]・[々㐀-鿿]")
_DOT = re.compile("・")
_KATAKANA, _KANJI = re.compile(r"[ァ-ヺ]"), re.compile(r"[㐀-鿿]")
#: From this share on the cells of a column are names.
_MOST: Final = 0.5
#: Under the header of a reading stand kana.
_OF_READING = re.compile(r"フリガナ|ふりがな|ﾌﾘｶﾞﾅ|よみがな|読み仮名|カナ$|かな$")


@cache
def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(nfkc(word) for word in words)


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)) or "(?!)")


@cache
def _kin_before() -> re.Pattern[str]:
    """長女 中野絵未様: what somebody is to whom the form is about; 孫 may be the family name of somebody from abroad."""
    words = name_words()
    kin = any_of(word for word in (*words.kin, *words.kin_in_cells) if word not in foreign_surnames())
    return re.compile(rf"{kin}[ \u3000:：]+(?=[^ \u3000]{{3}})")


def _remember(cache: dict[str, tuple[Kept, ...]], cell: str, found: tuple[Kept, ...]) -> tuple[Kept, ...]:
    if len(cache) >= _CACHE:
        cache.clear()
    kept = cache[cell] = (found[0][:],) if len(found) == 1 else tuple([thing[:] for thing in found])
    return kept


@lru_cache(maxsize=1_024)
def _column_and_share(header: str, share: float) -> tuple[str, ...]:
    return (f"column {header} {share:.0%}" if header else f"column without header {share:.0%}", *said_of(header))


class Cells:
    """Reads cells by the plan of their column, or by their label."""

    def __init__(self, kit: TableKit, words: Words) -> None:
        self._kit = kit
        self._words = words
        self._checked = frozenset(words.rules.checked)
        self._never_names = _plain(words.rules.not_a_name)
        self._never_inside = _any_of(self._never_names)

    def value(self, plan: ColumnPlan, cell: str) -> tuple[Found, ...]:
        """What a cell of a ``VALUE`` or ``SENSITIVE`` column holds; remembered."""
        return tuple(starmap(Found, self.kept(plan, cell)))

    def kept(self, plan: ColumnPlan, cell: str) -> tuple[Kept, ...]:
        """The same as it is remembered."""
        known = plan.cache.get(cell)
        return _remember(plan.cache, cell, self._value(plan, cell)) if known is None else known

    def _value(self, plan: ColumnPlan, cell: str) -> tuple[Kept, ...]:
        text = cell.strip()
        if not text or is_nothing(text):
            return ()
        lead = 0 if text is cell else cell.find(text)
        if plan.mode is Mode.SENSITIVE:
            return self.sensitive(plan.entity, plan.raw_header, cell)
        if plan.inside and plan.cut is not None:
            return self._inside(plan, plan.cut, cell)
        entity = plan.entity
        match = self._kit.value(entity, text)
        if entity == "PERSON":
            if len(text) == 1 and not _KANJI.search(text):
                return ()  # レ
            if (
                text in ANSWERS
                or (text in MARKS and not plan.raw_header)
                or text in self._never_names
                or (_TOTAL.fullmatch(text) and not (match is not None and match.whole))
                or (self._is_label(text, match) and not (match is not None and plan.share >= _MOST and may_be_name_in_mei(text)))
            ):
                return ()
            if plan.surely:
                return self._among_firms(plan, cell, text, lead)
            if match is None or not match.whole or _LABEL_INSIDE.match(text):
                if text in lexicon().after_titles and text not in lexicon().surnames:
                    return ()
                bare, lead = _bare_name(plan.raw_header, text, lead)
                if bare != text:
                    text, match = bare, self._kit.value(entity, bare)
                if _TWO_NAMES.search(text) and (names := self._several(text, lead, plan)):
                    return names
        if entity in {"PERSON", "JP_ADDRESS"} and is_sample(entity, text, 0, len(text)):
            return ()  # 性別　男・女 where a name would stand, 〇〇市〇〇町
        why = self._why(plan)
        if plan.called:
            known = is_given_sound(text) or (plan.share >= _SHARE_TITLED and _KANA_WORD.fullmatch(text))
            return (
                (Found("PERSON", lead, lead + len(text), _GIVEN_ALONE, "column", text, "".join(nfkc(text).split()), (*why, CALLED)),)
                if known
                else ()
            )
        if entity == "PERSON" and "、" in text and (match is None or not match.whole) and (several := self._children(cell, why)):
            return several
        if plan.given_alone and (given := self._given(cell, why)):
            return given
        if match is not None:
            if (entity == "PERSON" and not match.whole and _no_reading(plan, match, text)) or mere_place(entity, match, text):
                return ()
            start, end = lead + match.start, lead + match.end
            score = 1 - (1 - plan.confidence) * (1 - match.score)
            if entity == "EMAIL_ADDRESS" and is_role_address(match.norm):
                score = match.score  # info@ is an address, but nobody's: no header makes it one person's
            if entity == "JP_ADDRESS" and (parted := self._postal_before(cell, start, end, score, why)):
                return (*parted, *self._contacts_behind(cell, end))
            norm = match.norm if match.norm not in plan.apart else "".join(nfkc(cell[start:end]).split())
            value = (entity, start, end, round(score, 4), "column", cell[start:end], norm, why)
            return self._beside(plan.raw_header, cell, Found(*value)) if len(cell) - (end - start) >= _REST else (value,)
        if (
            plan.entity in SPREAD
            and (whole := closed(plan.entity, text)) != text
            and (spread := self._kit.value(plan.entity, whole)) is not None
        ):
            score = round(1 - (1 - plan.confidence) * (1 - spread.score), 4)
            return (Found(plan.entity, lead, lead + len(text), score, "column", text, spread.norm, why),)
        if plan.as_written:
            return (Found(plan.entity, lead, lead + len(text), round(plan.confidence, 4), "column", text, nfkc(text), why),)
        if plan.entity in self._checked:
            return ()
        core = without_title(text) if plan.entity == "PERSON" else text
        if text in plan.known or (plan.entity == "PERSON" and plan.share >= _MOSTLY and may_be_family(core)):  # 岐阜, 米 among names
            norm = modern_forms("".join(nfkc(core).split()))
            return (Found("PERSON", lead, lead + len(core), round(plan.confidence, 4), "column", core, norm, why),)
        if plan.entity == "PERSON" and plan.share >= 0.5 and (found := self._shaped_name(plan, cell, text, lead, why)):
            return found
        if plan.entity == "DATE_OF_BIRTH" and "\n" in text:  # 父 昭和21年4月3日, and below it 母 S46.3.26
            lines = pieces_of(_LINE_END, cell)
            return tuple(_moved(thing, at) for at, line in lines for thing in self.labelled(plan.raw_header, line))
        said = self.labelled(plan.raw_header, cell)
        if plan.entity != "PERSON" or len(said) != 1 or said[0].entity != "PERSON":
            return said
        born = self._born_behind(cell, said[0].end)
        return (*said, born) if born else said

    def shown(self, plan: ColumnPlan, row: Sequence[str]) -> tuple[Found, ...]:
        """The number of the document that a row names in another column."""
        cell, kind = cell_of(row, plan.index), kind_shown(cell_of(row, plan.shown_by))
        match = self._kit.value(kind, cell) if kind and cell else None
        if match is None:
            return ()
        lead = row[plan.index].find(cell)
        score = round(1 - (1 - plan.confidence) * (1 - match.score), 4)
        value = cell[match.start : match.end]
        return (Found(kind, lead + match.start, lead + match.end, score, "column", value, match.norm, self._why(plan)),)

    def _is_label(self, text: str, match: ValueMatch | None) -> bool:
        """Whether a cell is a label; of a whole name each part would have to be: not ｵｵﾊｼ ｺｳｾｲ, which ends as セイ does."""
        label = self._words.label
        if match is None or not match.whole:
            return label(text).weight >= _LABEL
        return all(label(part).weight >= _LABEL for part in text.split())

    def _among_firms(self, plan: ColumnPlan, cell: str, text: str, lead: int) -> tuple[Found, ...]:
        """A whole name, or one with a title, where firms stand too."""
        match = surely_named(self._kit, text)
        if match is None:
            if self._never_inside.search(text) or text.endswith("御中"):
                return ()
            seen = [found for found in self.labelled("", cell) if found.entity == "PERSON"]
            titled = TITLE.search(text) is not None
            return tuple(found for found in seen if titled or (found.value == text and found.score >= _NAMED_AMONG_FIRMS))
        start, end = lead + match.start, lead + match.end
        score = round(1 - (1 - plan.confidence) * (1 - match.score), 4)
        return (Found("PERSON", start, end, score, "column", cell[start:end], match.norm, self._why(plan)),)

    def _inside(self, plan: ColumnPlan, cut: re.Pattern[str], cell: str) -> tuple[Found, ...]:
        """What the pieces of a cell hold, each read by its own plan; the reading of a name with the name's compared form."""
        start = len(cell) - len(cell.lstrip())
        pieces = [(start + at, text) for at, text in pieces_of(cut, cell.strip())]
        if len(plan.inside) == 1:
            pieces = list(_not_parted(cell, pieces))
            return tuple(_moved(thing, at) for at, text in pieces for thing in self.kept(plan.inside[0], text))
        if len(pieces) != len(plan.inside):
            return self._line_by_line(plan, pieces, cell)
        found: list[Found] = []
        for (at, text), own in zip(pieces, plan.inside, strict=True):
            if own.mode is Mode.VALUE:
                found += (_moved(thing, at) for thing in self.kept(own, text))
            elif own.mode is Mode.TEXT:
                found += (_moved(found_of(r, text), at) for r in self._kit.spot(text))
        return _one_person(found)

    def _line_by_line(self, plan: ColumnPlan, pieces: Sequence[tuple[int, str]], cell: str) -> tuple[Found, ...]:
        """A cell of more or fewer lines than the others: each is what it passes for, in order; the whole is prose where none does."""
        found: list[Found] = []
        wanted = [own for own in plan.inside if own.mode is Mode.VALUE]
        for at, text in pieces:
            own = next((own for own in wanted if self.passes(own.entity, text.strip())), None)
            if own is not None:
                wanted.remove(own)
                found += (_moved(thing, at) for thing in self.kept(own, text))
        return _one_person(found) if found else self.labelled(plan.raw_header, cell)

    def passes(self, entity: str, text: str) -> bool:
        """Whether a text is a value of a kind by itself, a name a probable one."""
        match = self._kit.value(entity, text)
        return match is not None and (entity != "PERSON" or match.score >= _NAMED)

    def _beside(self, header: str, cell: str, found: Found) -> tuple[Found, ...]:
        """A value and what else its cell says: the given name in 谷中（美穂）, the name in 山田 太郎 <yamada@example.jp>, the former one in 塩見 誠（旧姓 小山）."""
        if found.entity == "PERSON":
            if (reading := _READ_SO.match(cell, found.end)) and self._is_reading(header, found.value, reading["kana"]):
                a, b = reading.span("kana")
                return (found, found._replace(start=a, end=b, value=cell[a:b]))
            match = _IN_BRACKETS.match(cell, found.end)
            if match is not None and (match["former"] or _FORMER.search(header)) and self._kit.value("PERSON", match["given"]):
                former = found._replace(start=match.start("given"), end=match.end("given"), value=match["given"])
                return (found, former)
            if match is None or modern_forms(found.value) not in lexicon().surnames or not self._is_given(match["given"]):
                return (found,)
            norm = self.name_norm(found.value, match["given"])
            given = found._replace(start=match.start("given"), end=match.end("given"), value=match["given"], norm=norm)
            return (found._replace(norm=norm), given)
        if found.entity == "JP_ADDRESS":
            return (found, *self._contacts_behind(cell, found.end))
        if found.entity in {"EMAIL_ADDRESS", "PHONE_NUMBER"} and _says_more(cell[: found.start] + " " + cell[found.end :]):
            others = [found_of(r, cell) for r in self._kit.spot(cell) if r.end <= found.start or found.end <= r.start]
            return (found, *(other for other in others if other.score >= _REPORTED))
        return (found,)

    def _born_behind(self, cell: str, end: int) -> Found | None:
        """The birth date that ends a name's cell: 連帯保証人|岩瀬 正人（配偶者） 昭和55年7月21日."""
        match = _BORN_BEHIND.match(cell, end)
        date = self._kit.value("DATE_OF_BIRTH", match["date"]) if match else None
        if match is None or date is None or not date.norm[:4].isdigit() or int(date.norm[:4]) > _GROWN:
            return None
        a, b = match.start("date") + date.start, match.start("date") + date.end
        return Found("DATE_OF_BIRTH", a, b, _ROLE_NAME, "column", cell[a:b], date.norm, ("beside a person's name",))

    def _contacts_behind(self, cell: str, end: int) -> tuple[Found, ...]:
        """Whoever lives at an address (東京都…1-2-3 平塚 小雪 様), or the telephone number or address of mail behind it in its cell."""
        rest = cell[end:]
        others: list[Found] = []
        if _holds_contact(rest):
            others = [found_of(r, cell) for r in self._kit.spot(cell) if r.start >= end]
        elif TITLE.search(rest.rstrip()) or _LINE_END.search(rest):
            others = [_moved(found_of(r, rest), end) for r in self._kit.spot(rest) if r.entity_type == "PERSON"]
        return tuple(other for other in others if other.score >= _REPORTED)

    def _is_reading(self, header: str, name: str, kana: str) -> bool:
        """Whether kana in brackets behind a name are how it is read: the header says so, or they are a name and the name is in kanji."""
        match = self._kit.value("PERSON", kana)
        return match is not None and (is_reading(header) or (script_of(name) == "kanji" and match.score >= _READING))

    def _given(self, cell: str, why: tuple[str, ...]) -> tuple[Found, ...]:
        """Given names, one or several in a cell; nothing where it says anything else too."""
        words = given_names(cell)
        names = [(word, start) for word, start in words if modern_forms(word) in lexicon().given and word not in MARKS]
        rest = [word for word, _ in words if _GIVEN_SHAPE.fullmatch(word) is None or word in self._never_names]
        if not names or rest:
            return ()
        return tuple(
            Found("PERSON", start, start + len(word), _GIVEN_ALONE, "column", word, modern_forms(nfkc(word)), why)
            for word, start in words
            if word not in MARKS
        )

    def _children(self, cell: str, why: tuple[str, ...]) -> tuple[Found, ...]:
        """Given names, each with what is said of its bearer: 明美（6年）、清（3年）; nothing where one of the pieces is anything else."""
        lex = lexicon()
        pieces = [(at, _NOTED.sub("", text).strip()) for at, text in pieces_of(_PARTED, cell)]
        if len(pieces) < 2 or not all(_GIVEN_SHAPE.fullmatch(word) and modern_forms(nfkc(word)) in lex.given for _, word in pieces):
            return ()
        if not all(lex.given.get(modern_forms(nfkc(word))) or _NOTED.search(cell) for _, word in pieces):
            return ()
        return tuple(
            Found("PERSON", start, start + len(word), _GIVEN_ALONE, "column", word, modern_forms(nfkc(word)), why)
            for at, word in pieces
            if (start := cell.index(word, at)) >= 0
        )

    def _several(self, text: str, lead: int, plan: ColumnPlan) -> tuple[Found, ...]:
        """Family names with dots between them, 森本・古山; nothing where one of the pieces is none."""
        pieces = [(at, piece) for at, piece in pieces_of(_DOT, text)]
        if not all(modern_forms(nfkc(piece)) in lexicon().surnames or piece in foreign_surnames() for _, piece in pieces):
            return ()
        why, score = self._why(plan), round(plan.confidence, 4)
        return tuple(
            Found("PERSON", lead + at, lead + at + len(piece), score, "column", piece, modern_forms(nfkc(piece)), why)
            for at, piece in pieces
        )

    def _is_given(self, word: str) -> bool:
        match = self._kit.value("PERSON", f"山田 {word}")
        return match is not None and match.score >= _GIVEN

    def _postal_before(self, cell: str, start: int, end: int, score: float, why: tuple[str, ...]) -> tuple[Found, ...]:
        """``〒380-0824 長野県…`` in one cell: the postal code and the address, each by itself."""
        code = _POSTAL.match(fold(cell), start, end)
        rest = self._kit.value("JP_ADDRESS", cell[code.end() : end]) if code else None
        if code is None or rest is None:
            return ()
        match = self._kit.value("JP_POSTAL_CODE", cell[code.start() : code.end()].strip())
        begin = code.end() + rest.start
        address = Found(
            "JP_ADDRESS", begin, code.end() + rest.end, round(score, 4), "column", cell[begin : code.end() + rest.end], rest.norm, why
        )
        if match is None:
            return (address,)
        a, b = code.start("code"), code.end("code")
        return (Found("JP_POSTAL_CODE", a, b, round(score, 4), "column", cell[a:b], match.norm, why), address)

    def _shaped_name(self, plan: ColumnPlan, cell: str, text: str, lead: int, why: tuple[str, ...]) -> tuple[Found, ...]:
        """A rare name in a column of names: it only has to look like one."""
        core = without_rank(without_title(text) or text)
        if plan.share >= _SHARE_WHOLE and core == text and _in_two(text):  # 南学, 西進 among whole names
            return (Found("PERSON", lead, lead + len(text), _SHAPED_SCORE, "column", text, modern_forms(nfkc(text)), why),)
        if plan.confidence < 0.9 and plan.share < (0.9 if core == text else _SHARE_TITLED):
            return ()
        if before := unit_and_gap(core):
            core, lead = core[before:], lead + before
        sure = plan.name_pair >= 0 or core != text or (plan.share >= 0.8 and plan.confidence >= 0.9)
        short = len(core) == 1 and sure and core not in (() if plan.name_pair >= 0 else MARKS)
        if not (_NAME_SHAPE.fullmatch(core) or (short and _KANJI.search(core))):
            return ()
        flat = nfkc(core)
        if (_TWO_NAMES.search(core) and not _KATAKANA.search(core)) or _no_reading(plan, None, core):
            return ()
        if (
            self._never_inside.search(flat)
            or (plan.name_pair < 0 and len(core) > 1 and core[-1] not in SURNAME_ENDING and judge(core).why == "no person")  # 必要人数
            or text.endswith("御中")
            or "".join(flat.split()).lower() in no_persons()
            or TITLE.fullmatch(text)
        ):
            return ()
        norm = "".join(flat.split())
        score = 0.9 if plan.name_pair >= 0 else _SHAPED_SCORE
        return (Found("PERSON", lead, lead + len(core), score, "column", cell[lead : lead + len(core)], norm, why),)

    def sensitive(self, entity: str, header: str, cell: str) -> tuple[Found, ...]:
        """What a cell says that is sensitive of the row's person."""
        match = self._kit.sensitive.cell(entity, header, cell)
        if match is None:
            return ()
        value = cell[match.start : match.end]
        return (
            Found(
                self._kit.sensitive.kind_of_cell(entity, value),
                match.start,
                match.end,
                round(match.score, 4),
                "sensitive",
                value,
                match.norm,
                (f"column {self.safe_header(header)}",),
            ),
        )

    def talk(self, plan: ColumnPlan, cell: str, known: Sequence[Hit]) -> tuple[Found, ...]:
        """What a note in a person's row says that is sensitive of that person."""
        kept = plan.cache.get(cell)
        if kept is None:
            candidates = self._kit.sensitive.note(plan.raw_header, cell)
            judged = self._kit.sensitive.judge(candidates, fold(cell), persons=(), form=_ROW, subject_elsewhere=True) if candidates else ()
            said = tuple(found_of(r, cell, why=(f"column {plan.header}",)) for r in judged if r.score >= _REPORTED)
            kept = _remember(plan.cache, cell, said)
        if not kept:
            return ()
        # what is hardly said of another in the cell is said of the row's person
        taken = {(hit.entity, hit.start) for hit in known if hit.score >= _REPORTED}
        names = [(hit.start, hit.end) for hit in known if hit.entity == "PERSON"]
        return tuple(
            f
            for f in starmap(Found, kept)
            if (f.entity, f.start) not in taken
            and not any(a <= f.start and f.end <= b and (b - a > f.end - f.start or not _KANA_WORD.fullmatch(f.value)) for a, b in names)
        )  # 大本 of 大本 健太; but パーキンソン, which looks like a name from abroad

    def label_value(self, plan: ColumnPlan, cell: str) -> tuple[Found, ...]:
        """What a cell holds behind a label of a form."""
        if plan.entity == "PERSON":
            cell = parted(cell)
        found = self._listed(plan, cell) or self._value(plan, cell)
        why = (f"label {plan.header}", *said_of(plan.header))
        return tuple(Found(*thing[:-1], why) for thing in found)

    def _listed(self, plan: ColumnPlan, cell: str) -> tuple[Kept, ...]:
        """Several names in the cell of a form, where each looks like one and one surely is: 面接官|中村 京子（製造部長）、辻 舞."""
        if plan.entity != "PERSON" or plan.inside:
            return ()
        pieces = list(pieces_of(_PARTED, cell))
        bare = [_NOTED.sub("", text).strip() for _, text in pieces]
        if len(pieces) < 2 or not all(_NAME_SHAPE.fullmatch(name) and len(name) <= _LONGEST for name in bare):
            return ()
        scores = [match.score if (match := self._kit.value("PERSON", name)) is not None else 0.0 for name in bare]
        if min(scores) < _SHAPED or (max(scores) < _SURELY and not (all(map(is_family, bare)) and not all(map(is_place, bare)))):
            return ()  # 面接官|新村、福島, but not 担当|福島、宮城
        found = [[_moved(thing, at) for thing in self._value(plan, text)] for at, text in pieces]
        return tuple(thing for things in found for thing in things) if all(found) else ()

    def family(self, label: str, cell: str, *, among: bool = False) -> tuple[Found, ...]:
        """A name and nothing else behind a word for what its bearer does: 依頼医|出雲, 監督|奈良 花子.

        :param among: such names stand beside it, so that a word or a town may be one too.
        """
        text = cell.strip()
        if self._words.label(text).weight >= _LABEL:
            return ()
        match = self._kit.value("PERSON", text)
        if match is None or not (is_family(text) or (match.whole and match.score >= _WHOLE_NAME)):
            if not (among and may_be_family(text)):
                return ()
            match = ValueMatch(_ROLE_NAME, modern_forms(text), 0, len(text))
        start = cell.find(text) + match.start
        why = (f"label {self.safe_header(label)}", *said_of(label))
        return (
            Found("PERSON", start, start + match.end - match.start, _ROLE_NAME, "column", text[match.start : match.end], match.norm, why),
        )

    def joined(self, plan: ColumnPlan, first: str, whole: str, match: ValueMatch) -> Found:
        """One value that stands in several cells, at the first of them."""
        lead = first.find(first.strip())
        score = round(1 - (1 - plan.confidence) * (1 - match.score), 4)
        value = whole[match.start : match.end]
        return Found(plan.entity, lead, lead + len(first.strip()), score, "column", value, match.norm, self._why(plan))

    def name_part(self, plan: ColumnPlan, cell: str) -> Found | None:
        """The family or given name in a cell of its own column; remembered."""
        kept = plan.parts.get(cell)
        if kept is None:
            text = cell.strip()
            found = self._shaped_name(plan, cell, text, cell.find(text), self._why(plan)) if text and not is_nothing(text) else ()
            kept = _remember(plan.parts, cell, found)
        return Found(*kept[0]) if kept else None

    def name_norm(self, family: str, given: str) -> str:
        """Both parts as a whole name is compared."""
        whole = f"{family.strip()} {TITLE.sub('', given.strip())}"
        match = self._kit.value("PERSON", whole)
        return match.norm if match is not None else "".join(nfkc(whole).split())

    def labelled(self, label: str, cell: str) -> tuple[Found, ...]:
        """A cell read as prose behind its label."""
        head = f"{label}：" if label else ""
        results = self._kit.spot(head + cell)
        return tuple(found_of(r, head + cell, shift=len(head)) for r in results if r.start >= len(head))

    def _why(self, plan: ColumnPlan) -> tuple[str, ...]:
        return _column_and_share(plan.header, plan.share)

    def safe_header(self, header: str) -> str:
        """A header fit for reports: known words, or nothing that looks personal. A first row of data may pass for a header."""
        header = " ".join(header.split())[:60]
        if not header or self._words.label(header).weight >= 0.7:
            return header
        if any(r.score >= 0.3 for r in self._kit.spot(header)) or re.search(r"\d{4,}", nfkc(header)):
            return ""
        return header


def _holds_contact(text: str) -> bool:
    """Whether a telephone number or an address of mail may stand in a text."""
    return "@" in text or "＠" in text or sum(map(str.isdigit, text)) >= _LEAST_DIGITS


def _says_more(rest: str) -> bool:
    """Whether what a cell says beside a contact may be a name or another contact: 090-…, and the address of mail on the next line."""
    return _holds_contact(rest) or _WORDED.search(rest) is not None


@lru_cache(maxsize=1_024)
def _is_of_readings(header: str) -> bool:
    return _OF_READING.search(header) is not None


@lru_cache(maxsize=1_024)
def _is_of_doctors(header: str) -> bool:
    return _DOCTOR.search(header) is not None


def _no_reading(plan: ColumnPlan, match: ValueMatch | None, text: str) -> bool:
    """Whether kanji that are hardly a name stand where the reading of one would: ふりがな|写真, a label beside an empty field."""
    if plan.entity != "PERSON" or not _KANJI.search(text) or not _is_of_readings(plan.raw_header) or not _KANJI.search(without_title(text)):
        return False
    return match is None or match.score < _REPORTED


def _bare_name(header: str, text: str, lead: int) -> tuple[str, int]:
    """A name without what its cell says around it, and where it begins."""
    if label := _LABEL_INSIDE.match(text):
        return text[label.end() :], lead + label.end()
    if kin := _kin_before().match(text) or _LATE_BEFORE.match(text):
        return text[kin.end() :], lead + kin.end()
    untitled = without_title(text)
    if untitled != text and modern_forms(untitled) in lexicon().surnames:
        return untitled, lead  # 神様 among 角様 and 金城様
    parent = _PARENT.fullmatch(text) or (_PRACTICE.fullmatch(text) if _is_of_doctors(header) else None)
    family = modern_forms(parent["name"]) if parent else ""
    listed = family in lexicon().surnames or family in lexicon().foreign or family in foreign_surnames()
    known = parent and (listed or BRIDGED.fullmatch(family))
    return (parent["name"], lead) if parent and known else (text, lead)


def _not_parted(cell: str, pieces: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The names of a list, of which those with a point inside are one: スミス・優子, not グエン・谷."""
    lex = lexicon()
    at = 0
    while at < len(pieces):
        start, text = pieces[at]
        if at + 1 < len(pieces) and _KATAKANA_WORD.fullmatch(text) and cell[start + len(text)] == "・":
            following, given = pieces[at + 1]
            if following == start + len(text) + 1 and lex.given.get(given) and not lex.surnames.get(given):
                text, at = f"{text}・{given}", at + 1
        yield start, text
        at += 1


def _in_two(text: str) -> bool:
    """Whether a word of the dictionary is a frequent family name and a given name as well: 南学, 西進."""
    lex = lexicon()
    return 2 <= len(text) <= 4 and any(
        lex.surnames.get(text[:cut], 0) >= _OFTEN and lex.given.get(text[cut:]) for cut in range(1, len(text))
    )


def _moved(found: Kept, by: int) -> Found:
    """Something found in a piece of a cell, at its place in the cell."""
    return Found(found[0], found[1] + by, found[2] + by, *found[3:])


def _one_person(found: Sequence[Found]) -> tuple[Found, ...]:
    """A name and its reading in one cell, with one compared form."""
    people = [thing for thing in found if thing.entity == "PERSON"]
    if [script_of(thing.value) for thing in people].count("kanji") != 1 or len(people) != 2:
        return tuple(found)
    norm = next(thing.norm for thing in people if script_of(thing.value) == "kanji")
    return tuple(thing._replace(norm=norm) if thing.entity == "PERSON" else thing for thing in found)
