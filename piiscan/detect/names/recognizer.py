"""The name recognizer: rules for labelled names, a trained model for the rest, judged together."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from presidio_analyzer import EntityRecognizer, RecognizerResult

from piiscan.detect.base import ValueMatch, result
from piiscan.detect.names.cells import judge, unit_before, whole_name
from piiscan.detect.names.families import is_place
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.model import NameModel
from piiscan.detect.names.neighbours import neighbours
from piiscan.detect.names.parted import parted
from piiscan.detect.names.paths import Spotted
from piiscan.detect.names.repeats import first_look
from piiscan.detect.names.rules import RuleSpan, rule_spans
from piiscan.detect.names.spans import overlapping
from piiscan.detect.names.things import is_word
from piiscan.detect.names.tokens import Stream, split_sentences
from piiscan.detect.names.trims import trimmed
from piiscan.detect.names.unlikely import is_unlikely
from piiscan.detect.names.variants import LATIN, foreign_surnames, name_norm
from piiscan.detect.names.words import name_words
from piiscan.detect.names.writing import PLAIN
from piiscan.detect.ner import SecondOpinion
from piiscan.detect.normalize import fold
from piiscan.resources import recognizers_dir

if TYPE_CHECKING:
    from piiscan.catalogue import Catalogue

__all__ = ["NameRecognizer"]

#: A rule that knows both parts of a name by the lists.
_LISTED = "surname list + given-name list"
#: Spans of the model below this probability are not even weighed.
_FLOOR = 0.2
#: Of less probable names a cell holds none.
_LEAST = 0.1
#: Between these probabilities GiNZA is asked; by these factors its answer changes the odds (fitted on held-out training folds).
_UNSURE = (0.05, 0.95)
_AGREED, _DISAGREED = 2.0, 0.7
#: A title before the end of what the model took for a name.
_TITLE_INSIDE = re.compile(r"(?:様|さん|殿)(?=[宅邸方宛分]|[ \u3000])|(?:ちゃん|くん)(?=ママ|パパ)")
#: 窪田 隆　H22.11.22生: the sign of an era, and its year.
_ERA_SIGNS = "MTSHRＭＴＳＨＲ"
_ERA_AT_END, _FIGURE = re.compile(rf"[ \u3000]+[{_ERA_SIGNS}]$"), re.compile(r"\.?[0-9０-９]")
#: 野崎 舞　044170292240, 鶴見支店 普7438076
_FIGURE_BEHIND = re.compile(r"[ \u3000]+[^ \u3000]?[0-9０-９]")
_BLANK = re.compile(r"[ \u3000]")
#: What stands between two names, or a name and something else.
_PARTING = re.compile(r"[ \u3000\t(（/／]")
#: 愛称 ひかる: what somebody is called who is named beside it.
_NICKNAME = re.compile(r"(?:愛称|呼び名|あだ名|ニックネーム)[ \u3000]")
#: What minutes of an assembly say of a member.
_MINUTES = re.compile(r"(?:登壇|降壇|起立|着席|退席|入場)")
#: 福祉司 李: the end of what somebody is, before the name.
_ROLE_INSIDE = re.compile(r"(?:福祉司|相談員|支援員|指導員|看護師|保健師|医師|師長|巡査)[ \u3000](?=[^ \u3000])")
#: 姓 Okada　名 Mai: two names, of which rules tell.
_LABEL_INSIDE = re.compile(r"[ \u3000](?:名|メイ)[ \u3000:：/]")
#: 八ッ, 保ケ部: the beginning of a surname with a small sign inside.
_BRIDGES = frozenset("ノツッヶケ")
_BRIDGE_BEFORE = re.compile(r"(?<![㐀-鿿])[㐀-鿿][ノツッヶケ][㐀-鿿]?$")
_HIRAGANA_BEFORE = re.compile(r"(?<![ぁ-ゖ])[ぁ-ゖ]{1,5}$")
_WHOLE_KANA = 0.9
#: From this probability on the lists know a whole text as a name.
_BORDERS = 0.5
#: From this probability on two words of so many characters are whole names.
_BORDERS_TWO, _LEAST_WHOLE = 0.6, 3
#: 大場・辰巳, お岩・お梅: dots part only names in katakana
_DOTTED = re.compile(r"(?:[ぁ-ゖ]*[㐀-鿿][々㐀-鿿ぁ-ゖ]*・)+[ぁ-ゖ]*[㐀-鿿][々㐀-鿿ぁ-ゖ]*")
_BETWEEN_DOTS = re.compile("[^・]+")
_KANJI = re.compile(r"[々㐀-鿿豈-\ufaff]")
#: Between the parts of a foreign name; katakana of one or more parts; one more part; the most that a name has.
_DOTS = frozenset("・･")
_KATAKANA = re.compile(r"[ァ-ヺー]+(?:[・･ \u3000][ァ-ヺー]+)*")
_DOT_BEHIND = re.compile(r"[・･](?P<part>[ァ-ヺー]{2,12})(?![ァ-ヺー・･㐀-鿿])")
_PARTS_OF_ONE = re.compile(r"[ァ-ヺー]+")
_MOST_PARTS = 4
_WORD = re.compile(r"[^ \u3000]+")
#: More words than these, and more characters than letters with room between, may be family names each.
_TWO_FAMILIES, _SPREAD = 2, 5
_NAME_WORDS = re.compile(r"[々㐀-鿿]+[ \u3000][々㐀-鿿]+|(?:[々㐀-鿿]+|[ァ-ヺー]+)(?:[ \u3000](?:[々㐀-鿿]+|[ァ-ヺー]+)){2,4}")
#: A family name of so many bearers is no given name by chance.
_MANY, _MANY_OF_ONE = 5_000, 30_000
#: 辻本 陸  Riku Tsujimoto
_TWO_FORMS = re.compile(
    rf"(?P<first>[々〆ヶヵ㐀-鿿豈-\ufaffぁ-ゖァ-ヺー]+(?:[ \u3000][々〆ヶヵ㐀-鿿豈-\ufaffぁ-ゖァ-ヺー]+)?)[ \u3000\t(（/／]+(?P<latin>[{LATIN}][{LATIN} ,.'’\-]+)"
)


@lru_cache(maxsize=1)
def _model(path: Path) -> NameModel:
    return NameModel(path)


class NameRecognizer(EntityRecognizer):
    """PERSON in Japanese text: kanji, kana, half-width kana, romaji, foreign names in katakana.

    The span is the name alone, without title (様, 部長). The score is the probability of that exact span.
    """

    def __init__(
        self,
        catalogue: Catalogue | None = None,
        model: Path | None = None,
        ner: Literal["off", "unsure", "all"] = "off",
        ner_budget: float = 20.0,
    ) -> None:
        """The model loads with the first text.

        :param model: another model file; the one of ``recognizers/models`` is used by default.
        :param ner: ask GiNZA about no sentence, those in which the model is unsure, or all (``detection.ner``).
        :param ner_budget: seconds for that between two calls of :meth:`reset`.
        """
        self._path = model or recognizers_dir() / "models" / "names.npz"
        self.catalogue = catalogue
        self._ner = ner
        self._second = None if ner == "off" else SecondOpinion(ner_budget)
        super().__init__(supported_entities=["PERSON"], supported_language="ja", name="NameRecognizer", version="1")

    def load(self) -> None:
        """Nothing: the model and the lists load when the first text needs them."""

    @property
    def problems(self) -> list[str]:
        """What names were not looked for and why (kind ``names-skipped``), one sentence each; since the last :meth:`reset`."""
        return list(self._second.problems) if self._second else []

    def reset(self) -> None:
        """A new file begins: GiNZA's budget is whole again."""
        if self._second:
            self._second.reset()

    @property
    def model(self) -> NameModel:
        """The model of this process."""
        return _model(self._path)

    def analyze(self, text: str, entities: Sequence[str] | None = None, nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Names in ``text``, in order, not overlapping; scores below the reporting threshold are included."""
        del nlp_artifacts
        if entities and "PERSON" not in entities:
            return []
        if not text or text.isspace():
            return []
        text = parted(text)
        folded = fold(text)
        spans = list(rule_spans(folded))
        spans += self._modelled(text)
        found = []
        best = _best(text, spans)
        if more := list(neighbours(folded, best)):
            best = _best(text, [*best, *more])
        for span in _dotted(text, best):
            why = span.why.split(", ")
            if is_unlikely(text, span.start, span.end, span.score, why):
                continue
            norm = name_norm(text[span.start : span.end])
            found.append(result("PERSON", span.start, span.end, span.score, recognizer="NameRecognizer", norm=norm, why=why))
        return found

    def analyze_batch(self, texts: Sequence[str]) -> list[list[RecognizerResult]]:
        """:meth:`analyze` of each."""
        return [self.analyze(text) for text in texts]

    def value(self, entity: str, text: str) -> ValueMatch | None:
        """Whether a whole cell is a name."""
        if entity != "PERSON":
            return None
        if found := whole_name(text):  # as judge() would say
            return ValueMatch(found[0], found[2], 0, len(text), whole=True)
        score, _, start, end, whole = judge(text)
        return ValueMatch(score, name_norm(text[start:end]), start, end, whole) if score >= _LEAST else None

    def is_listed(self, text: str, least: float) -> bool:
        """Whether a text by itself is a name with at least this probability: :meth:`value` for less."""
        return judge(text, least).score >= least

    def _modelled(self, text: str) -> list[RuleSpan]:
        if text.isascii():
            return []
        self.model.make_room()
        sentences = split_sentences(text)
        if self._second:
            return self._spans(text, sentences)
        read, kinds = first_look(text, sentences)
        found = self._spans(text, read)
        if kinds:
            named = sorted(span.start for span in found)
            found += self._spans(text, sorted(span for samples, others in kinds if _holds_any(samples, named) for span in others))
        return found

    def _spans(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[RuleSpan]:
        """What the model sees in some sentences."""
        model = self.model
        found: list[RuleSpan] = []
        for stream in model.vocabulary.streams(text, sentences):
            spotted = model.spot(stream, _UNSURE[0] if self._second else _FLOOR)
            if self._second:
                found += self._weighed(text, stream, spotted, self._second)
                continue
            for s in spotted:
                found += _parted(
                    text, RuleSpan(int(stream.starts[s.first]), int(stream.ends[s.last]), s.probability, f"model {s.probability:.2f}")
                )
        return found

    def _weighed(self, text: str, stream: Stream, spotted: list[Spotted], second: SecondOpinion) -> list[RuleSpan]:
        """The model's spans with GiNZA's word on them where it was asked."""
        sentences = stream.sentences()
        begins = [first for first, _ in sentences]
        of = [bisect_right(begins, s.first) - 1 for s in spotted]
        unsure = {i for i, s in zip(of, spotted, strict=True) if _UNSURE[0] < s.probability < _UNSURE[1]}
        asked = sorted(range(len(sentences)) if self._ner == "all" else unsure)
        edges = [(int(stream.starts[first]), int(stream.ends[after - 1])) for first, after in sentences]
        answers = dict(zip(asked, second.persons([text[a:b] for a, b in (edges[i] for i in asked)]), strict=True))
        found = []
        for i, s in zip(of, spotted, strict=True):
            start, end, score = int(stream.starts[s.first]), int(stream.ends[s.last]), s.probability
            why = f"model {score:.2f}"
            answer = answers.get(i)
            if answer is not None and score < _UNSURE[1]:
                agreed = (start - edges[i][0], end - edges[i][0]) in answer
                odds = score / (1 - score) * (_AGREED if agreed else _DISAGREED)
                score = odds / (1 + odds)
                why += f", GiNZA {'agrees' if agreed else 'does not'}"
            if score >= _FLOOR:
                found += _parted(text, RuleSpan(start, end, score, why))
        return found


def _parted(text: str, span: RuleSpan) -> list[RuleSpan]:
    """A span of the model without what is no part of the name: 辻本様宅　太陽光, 佐野運輸張; a name and its Latin form are two."""
    start, end = trimmed(text, span.start, span.end)
    plain = PLAIN.fullmatch(text, start, end) is not None
    if not plain:
        if _NICKNAME.match(text, start, end):
            return []
        if role := _ROLE_INSIDE.match(text, start, end):
            start = role.end()
        if title := _TITLE_INSIDE.search(text, start + 1, end):
            end = title.start()
        if text[end - 1] in _ERA_SIGNS and (era := _ERA_AT_END.search(text, max(start + 1, end - 4), end)) and _FIGURE.match(text, end):
            end = era.start()
    if text[end - 1] == "君" and _MINUTES.match(text, end) and judge(text[start : end - 1]).score >= _WHOLE_KANA:
        end -= 1  # 〔辻元昭君登壇〕
    if not plain and "・" in text[start:end] and _DOTTED.fullmatch(text, start, end):
        names = (part.span() for part in _BETWEEN_DOTS.finditer(text, start, end) if not is_word(part.group()))
        return [replace(span, start=first, end=last) for first, last in names]
    if not plain and (arrow := text.find("→", start, end)) > 0:  # 引継ぎ（安東→大槻）
        return [replace(span, start=a, end=b) for a, b in ((start, arrow), (arrow + 1, end)) if a < b]
    if not plain and _PARTING.search(text, start, end):
        words = [word.span() for word in _WORD.finditer(text, start, end)]
        if len(words) > _TWO_FAMILIES and end - start > _SPREAD and all(text[first:last] in lexicon().surnames for first, last in words):
            return [replace(span, start=first, end=last) for first, last in words]  # 岩崎　桂　来栖
        figure = _FIGURE_BEHIND.search(text, start + 1, end)
        if figure and (not _BLANK.search(text, start, figure.start()) or judge(text[start : figure.start()]).score >= _FLOOR):
            end = figure.start()
        if _LABEL_INSIDE.search(text, start + 1, end):
            return []
        if forms := _TWO_FORMS.fullmatch(text, start, end):
            return [replace(span, start=forms.start(group), end=forms.end(group)) for group in ("first", "latin")]
        if wholes := _wholes(text, start, end):
            return [replace(span, start=first, end=last) for first, last in wholes]
        if families := _families(text, start, end):
            return [replace(span, start=first, end=last) for first, last in families]
    if not _BRIDGES.isdisjoint(text[max(0, start - 2) : start]) and (before := _BRIDGE_BEFORE.search(text, max(0, start - 4), start)):
        start = before.start()  # 八ッ橋治昌, of which the model sees 橋治昌
    elif _begins_before(text, start, end):
        start -= 1
    elif cut := unit_before(text[start:end]):
        start += cut
    elif "ぁ" <= text[start] <= "ゖ" and (kana := _HIRAGANA_BEFORE.search(text, max(0, start - 6), start)):
        start = kana.start() if judge(text[kana.start() : end]).score >= _WHOLE_KANA else start  # もうり ひろし, せ ななみ
    return [span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end)]


def _begins_before(text: str, start: int, end: int) -> bool:
    """Whether the character before a name is the first of its family name, and of no word before that: 担当の長曽我部様, of which 曽我部 was seen."""
    if not start or not _KANJI.match(text, start - 1) or (start > 1 and _KANJI.match(text, start - 2)):
        return False
    return any(text[start - 1 : stop] in lexicon().surnames for stop in range(start + 2, min(start + 3, end) + 1))


def _dotted(text: str, spans: Sequence[RuleSpan]) -> list[RuleSpan]:
    """The spans; the parts of a foreign name with dots between them are one: グエン・ヴァン・アン, of which グエン・ヴァン and アン were seen."""
    out: list[RuleSpan] = []
    for span in spans:
        last = out[-1] if out else None
        if (
            last
            and span.start == last.end + 1
            and text[last.end] in _DOTS
            and _is_foreign(text[last.start : last.end], text[span.start : span.end])
        ):
            out[-1] = replace(last, end=span.end, score=max(last.score, span.score))
        else:
            out.append(span)
    for i, span in enumerate(out):
        more = _DOT_BEHIND.match(text, span.end) if text[span.end : span.end + 1] in _DOTS else None
        following = out[i + 1].start if i + 1 < len(out) else len(text)
        if (
            more
            and more.end() <= following
            and more["part"] in lexicon().foreign
            and _is_foreign(text[span.start : span.end], more["part"])
        ):
            out[i] = replace(span, end=more.end())
    return out


def _is_foreign(one: str, other: str) -> bool:
    """Whether two pieces of text are katakana, of no more parts than a name has."""
    return bool(_KATAKANA.fullmatch(one) and _KATAKANA.fullmatch(other)) and len(_PARTS_OF_ONE.findall(f"{one}・{other}")) <= _MOST_PARTS


def _wholes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The places of two whole names with a blank between: 水野彩　台陽子; else nothing."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    if len(words) != 2 or any(b - a < _LEAST_WHOLE for a, b in words):
        return []
    whole = all(judge(text[a:b]).why == "surname list + given-name list" for a, b in words)
    return words if whole and all(judge(text[a:b]).score >= _BORDERS_TWO for a, b in words) else []


def _families(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The places of family names that stand in a row with blanks between, as duties are listed: 細井 落合 浜崎; else nothing."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    if len(words) < 2 or not _NAME_WORDS.fullmatch(text, start, end):
        return []
    lex = lexicon()
    names = [text[a:b] for a, b in words]
    frequent = [lex.surnames.get(name, 0) >= (_MANY if len(name) > 1 else _MANY_OF_ONE) or name in foreign_surnames() for name in names]
    if len(names) > 2:  # three in a row are no name of one
        return words if sum(frequent) > 1 and all(name in lex.surnames or name in lex.foreign for name in names) else []
    return words if all(frequent) and not lex.given.get(names[1]) else []


def _holds_any(sentences: Sequence[tuple[int, int]], places: Sequence[int]) -> bool:
    """:param places: in order."""
    return any((at := bisect_left(places, start)) < len(places) and places[at] < end for start, end in sentences)


def _best(text: str, spans: list[RuleSpan]) -> list[RuleSpan]:
    """Overlaps resolved: a span that rule and model agree on is surer than both; else the higher score, then the longer."""
    merged: dict[tuple[int, int], RuleSpan] = {}
    whole = {edge: span for span in spans if _LISTED in span.why for edge in (span.start, -span.end)}
    for span in spans:
        longer = whole.get(span.start) or whole.get(-span.end)
        if (
            longer
            and span.why.startswith("model")
            and longer.end - longer.start > span.end - span.start
            and longer.start <= span.start
            and span.end <= longer.end
        ):
            span = replace(span, start=longer.start, end=longer.end)  # 野崎 of 野崎 舞
        other = merged.get((span.start, span.end))
        if other is None:
            merged[span.start, span.end] = span
        else:
            score = max(span.score, other.score, 1 - (1 - span.score) * (1 - other.score))
            whys = dict.fromkeys((*other.why.split(", "), *span.why.split(", ")))
            merged[span.start, span.end] = RuleSpan(span.start, span.end, min(score, 0.99), ", ".join(whys))
    return [span for run in overlapping(merged.values(), lambda s: (s.start, s.end)) for span in _apart(text, run)]


def _behind_speaker(text: str, run: list[RuleSpan]) -> list[RuleSpan]:
    """A run whose model took who speaks and the family name with which his words begin for one: 油井　大橋とは年に一度は会います。"""
    speakers = {span.start: span.end for span in run if "speaker" in span.why}
    if not speakers:
        return run
    out = []
    for span in run:
        end = speakers.get(span.start, span.end)
        rest = text[end : span.end].strip()
        if (
            span.why.startswith("model")
            and rest
            and not lexicon().given.get(rest)
            and not is_place(rest)
            and (rest in lexicon().surnames or text.count(rest) > 1)
        ):
            span = replace(span, start=span.end - len(rest))
        out.append(span)
    return out


def _apart(text: str, run: list[RuleSpan]) -> list[RuleSpan]:
    """The spans of a run of overlapping ones that stay, in order.

    What the model alone sees gives way to a label's or title's name where the lists do not know the whole: 内田　ファシリ, 南部長.
    """
    if len(run) < 2:
        return run
    run = _behind_speaker(text, run)
    kept: list[RuleSpan] = []
    ruled = any(not span.why.startswith("model") for span in run)

    def rank(span: RuleSpan) -> float:
        if not ruled or not span.why.startswith("model"):
            return span.score
        name = text[span.start : span.end]
        if name[-1] in "部課係" and any(o.why.startswith(f"title {name[-1]}長") and o.start == span.start for o in run):
            return span.score - 1  # 岡部長: no 岡部 is a 長
        judged = judge(name)
        whole = judged.score >= _BORDERS and judged.end == len(name) and not set(_WORD.findall(name)[1:]).intersection(name_words().unit)
        return span.score if whole else span.score - 1

    for span in sorted(run, key=lambda s: (-rank(s), s.start - s.end, s.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
