"""Which candidates count, and how surely: a person must be linked to them, and the wording must assert it.

The evidence is added up with the weights of ``recognizers/context/sensitive.yaml``,
so that ``--explain`` can name every part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property, lru_cache
from itertools import islice

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import result
from piiscan.detect.normalize import fold
from piiscan.detect.prefilter import Prefilter
from piiscan.detect.sensitive.cues import Cues, load_cues
from piiscan.detect.sensitive.forms import article_likeness
from piiscan.detect.sensitive.roles import ClauseRole
from piiscan.detect.sensitive.words import Candidate

__all__ = ["OF_SUBJECT", "Person", "Standing", "judge", "only_works", "own_persons", "standings"]

RECOGNIZER = "SensitiveRecognizer"
#: How a word hangs together with a person whom only the head of the paper names.
OF_SUBJECT = "subject"
_VICTIM = "JP_SENSITIVE_CRIME_VICTIM"
_NEAR = 200
_OFFICE = 12
_WHOLE_NAME = 3
_BLANKS = " \t\u3000"
_ALONE = re.compile(r"[ \t]*(?:様|さま|殿|氏|さん|先生|印)?[ \t]*(?:\n|$)")
#: What makes whom a name names the topic of a sentence.
_IS_TOPIC = re.compile("(?:さん|様|氏|君|くん|ちゃん)?(?:[はがも、]|に(?:は|も))")
_SUBJECT = re.compile(r"(?:さん|氏|様)?(?:が|は|も)")
_SAID_OF = 30
_CROWD = 3
_FIELDS = 3
_FIELD = re.compile(r"(?m)^[ \t]*[■□●○◆・【\[(]?[^\n:、。]{1,20}[】\])]?[ \t]*(?:[:|]|\t| {2,})")
_SHORT_LINE = 60
#: How much less a short line with a name proves than a record.
_OF_LINE = 0.1
_HEADING = 40
_CODE_LINES = 3
_CODE_CHARS = 6_000
_QUOTED = 200
_PREDICATE = re.compile(r"[はがを。]|ます|です|した")
#: Whoever bears such a word behind the name does it for a living.
_CALLING = re.compile(r"[司官員師士]$")


class Standing(IntEnum):
    """What may be said of a person that is named."""

    ROLE = 0  # who treats, writes, sells, gave a disease its name
    ADDRESSEE = 1  # a greeting or signature
    PLAIN = 2
    STRONG = 3  # surely somebody that something may be said about


@cache
def _wordings() -> tuple[Sequence[re.Pattern[str]], Prefilter]:
    """The asserting and then the general wording, and which of it could be in a text."""
    patterns = (*load_cues().specific, *load_cues().generic)
    return patterns, Prefilter(pattern.pattern for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Person:
    """A named person in the text judged."""

    start: int
    end: int
    score: float
    standing: Standing
    works: bool = False


def standings(folded: str, persons: Sequence[tuple[int, int, float]], candidates: Sequence[Candidate]) -> list[Person]:
    """The persons with what may be said of them; names inside disease names (橋本病) are left out."""
    out: list[Person] = []
    for start, end, score in persons:
        if any(c.start < end and start < c.end and not (_may_name(c) and c.start <= start and end <= c.end) for c in candidates):
            continue
        standing = _standing(folded, start, end)
        if standing is Standing.ROLE and _said_of_office(folded, start, end, candidates):
            standing = Standing.PLAIN
        elif standing is Standing.ROLE and _is_said_of_him(folded, end, candidates):
            standing = Standing.STRONG
        elif standing is Standing.PLAIN and _only_labelled(folded, start, end, candidates):
            standing = Standing.ROLE
        works = load_cues().persons.worker_before.search(folded, max(0, start - _OFFICE), start) is not None
        out.append(Person(start, end, score, standing, works))
    return out


def _may_name(c: Candidate) -> bool:
    """Whether somebody may be named in a candidate: in what a label introduces, a whole statement, or what an expression takes in (健診で東さんが要再検査)."""
    return "label" in c.why or c.why[0].startswith(("statement", "pattern"))


@cache
def _told_before() -> Prefilter:
    """Whether words before a name could say who bears it."""
    cues = load_cues().persons
    return Prefilter(pattern.pattern for pattern in (cues.works_before, cues.strong_before, cues.role_before))


def _without_state(folded: str, person: tuple[int, int, float], candidates: Sequence[Candidate]) -> tuple[int, int, float]:
    """A name without the sensitive word that a model has read as its last part: 北岡 蒼　心雑音, アフメト・ヤルチン　クルド(人)."""
    start, end, score = person
    for c in candidates:
        if start + _WHOLE_NAME < c.start < end <= c.end and folded[c.start - 1] in _BLANKS:
            return start, start + len(folded[start : c.start].rstrip()), score
    return person


def _standing(folded: str, start: int, end: int) -> Standing:
    cues = load_cues().persons
    before, after = folded[max(0, start - 24) : start], folded[end : end + 24]
    line_start = folded.rfind("\n", 0, start) + 1
    told = _told_before().could_match(before)
    if (
        cues.role_line.match(folded, line_start, start)
        or cues.author_mark.match(folded, end)
        or (told and cues.works_before.search(before))
        or cues.works_after.match(after)
        or (before[-1:] in {":", " "} and _is_labelled_in_paren(before))
    ):
        return Standing.ROLE
    if before and "\n" in before and not _ALONE.match(folded, end):  # 担任 in the line above, and more than a name in this one
        before = folded[line_start:start]
    role = told and cues.role_before.search(before)
    if told and not role and cues.strong_before.search(before):
        return Standing.STRONG
    if role or cues.role_after.match(after) or cues.role_in_paren.match(folded, end):
        return Standing.ROLE
    if not folded[line_start:start].strip() and cues.addressee.match(after):
        return Standing.ADDRESSEE
    return Standing.STRONG if cues.strong_after.match(after) else Standing.PLAIN


def _by_office(folded: str, start: int) -> bool:
    """Whether an office stands before the name (取締役, 課長), whose bearer may be ill as well as anybody."""
    return load_cues().persons.office_before.search(folded, max(0, start - _OFFICE), start) is not None


def _said_of_office(folded: str, start: int, end: int, candidates: Sequence[Candidate]) -> bool:
    """Whether the line names somebody by his office and goes on with what is said of him: 取締役　大西 俊介　令和3年 懲役1年"""
    if not _by_office(folded, start) or folded[end : end + 1] not in {" ", "\t", ":", "("}:
        return False
    line_end = folded.find("\n", end)
    return any(end <= c.start < (line_end if line_end >= 0 else len(folded)) and not c.hypothetical for c in candidates)


def _is_said_of_him(folded: str, end: int, candidates: Sequence[Candidate]) -> bool:
    """Whether the sentence says of the bearer of an office what his state is: 大西理事長が脳出血で倒れ"""
    match = load_cues().persons.office_subject.match(folded, end) or _SUBJECT.match(folded, end)
    if match is None:
        return False
    near = [c for c in candidates if match.end() <= c.start < match.end() + _SAID_OF]
    return any(c.role is ClauseRole.STATE and not re.search(r"[。\n」]", folded[match.end() : c.start]) for c in near)


def _is_of_work(label: str) -> bool:
    """Whether a label says what somebody does, and not who he is."""
    cues = load_cues().persons
    return not cues.label_of_somebody.match(label) or cues.label_of_work.match(label) is not None


def _is_labelled_in_paren(before: str) -> bool:
    match = load_cues().persons.label_in_paren.search(before)
    return match is not None and _is_of_work(match["label"])


def _only_labelled(folded: str, start: int, end: int, candidates: Sequence[Candidate]) -> bool:
    """Whether the line of a name says only what its bearer does: 司会　大西 俊介. A line that says more (欠席　大西（風邪）) is about him."""
    cues = load_cues().persons
    line_start = folded.rfind("\n", 0, start) + 1
    match = cues.label_line.fullmatch(folded, line_start, start)
    if match is None or not cues.rest_of_label_line.match(folded, end):
        return False
    if not _is_of_work(match["label"]):
        return False
    line_end = folded.find("\n", end)
    line_end = line_end if line_end >= 0 else len(folded)
    return not any(line_start <= c.start < line_end and not c.hypothetical for c in candidates)


def only_works(folded: str, start: int, end: int) -> bool:
    """Whether the words around a name say that its bearer treats, writes or teaches: nothing is said of him (…クリニック院長)."""
    if _standing(folded, start, end) is not Standing.ROLE or _by_office(folded, start):
        return False
    return load_cues().persons.office_subject.match(folded, end) is None


def own_persons(text: str) -> list[tuple[int, int, float]]:
    """Persons by labels, honorifics and ages alone, for texts judged without a name recognizer."""
    folded = fold(text)
    cues = load_cues().persons
    spans: dict[tuple[int, int], float] = {}
    for pattern, score in (
        (cues.label_value, 0.85),
        (cues.subject_word, 0.75),
        (cues.sentence_subject, 0.75),
        (cues.named_in_paren, 0.8),
        (cues.aged, 0.75),
        (cues.honorific, 0.75),
    ):
        for match in pattern.finditer(folded):
            name = match.group("name").strip()
            if cues.not_a_name.search(name):
                continue
            if pattern is cues.honorific and cues.not_honorific.search(name):
                continue
            span = match.span("name")
            spans[span] = max(spans.get(span, 0.0), score)
    kept: list[tuple[int, int, float]] = []
    for (start, end), score in sorted(spans.items(), key=lambda item: -item[1]):
        if all(end <= a or b <= start for a, b, _ in kept):
            kept.append((start, end, score))
    return sorted(kept)


def judge(
    candidates: Sequence[Candidate],
    folded: str,
    *,
    persons: Sequence[tuple[int, int, float]],
    form: str,
    subject_elsewhere: bool,
    around: str = "",
    pronouns: bool = False,
) -> list[RecognizerResult]:
    """The candidates of this section that are about a person.

    :param candidates: with offsets in ``folded``.
    :param folded: the section.
    :param persons: ``(start, end, score)`` of the names in it.
    :param form: the personal form that the document is, or ``""``.
    :param subject_elsewhere: the head of the document named whom it is about.
    :param around: the larger text (folded) that the section is from, as far as it is known; tells an article.
    :param pronouns: 本人 or 私 alone is a person (texts judged alone).
    """
    if not candidates or not (persons or subject_elsewhere or pronouns):
        return []
    return _Bench(candidates, folded, persons, form, subject_elsewhere, around, pronouns).results()


@lru_cache(maxsize=4)  # asked of each section of a text
def _is_program(text: str) -> bool:
    """Whether some lines near the beginning of a text are those of a program."""
    return sum(1 for _ in islice(load_cues().code.finditer(text, 0, _CODE_CHARS), _CODE_LINES)) >= _CODE_LINES


class _Bench:
    def __init__(
        self,
        candidates: Sequence[Candidate],
        folded: str,
        persons: Sequence[tuple[int, int, float]],
        form: str,
        subject_elsewhere: bool,
        around: str,
        pronouns: bool,
    ) -> None:
        self.cues: Cues = load_cues()
        self.folded = folded
        persons = [_without_state(self.folded, person, candidates) for person in persons]
        # 大本 of 大本 健太 is no creed
        self.candidates = [c for c in candidates if not any(a <= c.start and c.end <= b and b - a > c.end - c.start for a, b, _ in persons)]
        ends = {b for _, b, _ in persons}  # 滝保護司 has to do with such procedures, and is not in one
        self.candidates = [c for c in self.candidates if c.start not in ends or not _CALLING.search(self.folded, c.start, c.end)]
        starts = {a for a, _, _ in persons}
        self.candidates = [c for c in self.candidates if not self._is_of_job(c, starts)]
        self.people = [p for p in standings(self.folded, persons, candidates) if p.standing is not Standing.ROLE]
        self._crowd = len({self.folded[p.start : p.end] for p in self.people})
        self.form = form
        self.subject = subject_elsewhere
        self.pronouns = pronouns
        self._around = around
        self.fields = any(p.standing is Standing.STRONG for p in self.people) and len(_FIELD.findall(self.folded)) >= 2
        self.wording: dict[tuple[int, int], tuple[int, int]] = {}

    @cached_property
    def code(self) -> bool:
        """Whether the larger text, or else the section, is a program."""
        return _is_program(self._around or self.folded)

    @cached_property
    def article(self) -> float:
        """How much this reads like an article: the section, or the larger text where that is another."""
        likeness = article_likeness(self._around) if self._around else 0.0
        return likeness if likeness == 1 or self._around == self.folded + "\n" else max(likeness, article_likeness(self.folded))

    def results(self) -> list[RecognizerResult]:
        if not (self.people or self.subject or self.pronouns):
            return []
        judged = [(c, *self._score(c)) for c in self.candidates]
        out = []
        for c, score, why in judged:
            if score <= 0:
                continue
            score = max(0.01, min(0.99, score))
            out.append(result(c.entity, c.start, c.end, score, recognizer=RECOGNIZER, norm=c.norm, why=(*c.why, *why)))
        return out

    def _is_of_job(self, c: Candidate, starts: set[int]) -> bool:
        """Whether the phrase of a word ends with what the person named behind it does for a living: 精神科医の大塚さん."""
        for start in starts:
            if c.end <= start <= c.end + _OFFICE and (job := self.cues.persons.calling.search(self.folded, c.start, start)):
                return not any(mark in self.folded[c.end : job.start()] for mark in "のをがはで、")
        return False

    # -------------------------------------------------------------------- score

    def _score(self, c: Candidate) -> tuple[float, tuple[str, ...]]:
        weights = self.cues.weights
        if c.hypothetical or (c.negated and c.entity == _VICTIM and not c.labelled):  # 家庭内暴力はない
            return 0.0, ()
        start, end = self._sentence(c)
        link, base, person = self._link(c, start, end)
        if base <= 0 or (not (link == "sentence" and c.role is ClauseRole.STATE) and self.code):
            return 0.0, ()
        specific, generic = self._wording(start, end)
        why = [f"person: {link}"]
        score = base + weights["grade"] * (c.grade - 0.7)
        if person is not None:
            if person.works and c.role is not ClauseRole.STATE and not c.labelled:
                score += weights["worker"]
            score += weights["person"] * min(0.0, person.score - 0.8)
            if link.startswith("section") and min(abs(c.start - person.end), abs(person.start - c.end)) > _NEAR:
                score += weights["far"]
            if link.startswith("section") and not self._is_heading(start, end) and not any(p.start < c.start for p in self.people):
                score += weights["later"]
            if link == "section section_plain" and self._crowd >= _CROWD and not self._of_the_item(c):
                score += weights["crowd"]
        score += weights["specific"] * min(3, specific)
        talk = weights["generic"] * min(3, generic)
        if c.labelled:
            score += weights["labelled"]
            talk *= weights["labelled_generic"]
        elif self._is_said_of_topic(c, person):
            talk *= weights["said_of_topic"]
        elif c.why[:1] == ("check-up item with its value",):
            talk *= weights["labelled_generic"]
        score += talk
        firm = link in {"form", "record", OF_SUBJECT, "subject in its sentence"} or (
            person is not None and person.standing is Standing.STRONG and link == "sentence"
        )
        score += weights["article_strong" if firm else "article"] * self.article
        if c.role is ClauseRole.STATE:
            score += weights["state"]
        elif c.role is ClauseRole.THING and not any(c.end <= p.start < c.end + c.rest for p in self.people):
            of_him = person is not None and person.end <= c.start and base >= weights["record"] - _OF_LINE  # 早坂 凛　補聴器の電池切れ
            score += weights["thing_strong" if firm or of_him else "thing"]
            why.append("of a thing")
        if specific:
            why.append("asserted")
        if generic:
            why.append("general wording")
        if c.negated:
            score += weights["negated"]
            why.append("negated")
            if firm and not generic:
                score = max(score, weights["negated_least"])
        if c.family:
            why.append("of a relative")
        return score, tuple(why)

    def _link(self, c: Candidate, start: int, end: int) -> tuple[str, float, Person | None]:
        """How the candidate hangs together with a person: ``(name of the link, its weight, the person)``."""
        weights = self.cues.weights
        options: list[tuple[float, str, Person | None]] = []
        of_sentence = [p for p in self.people if start <= p.start < end]
        inside = [p for p in of_sentence if not self._speaks_of_all(c, p) and not self._is_of_another(c, p)]
        for p in inside:
            if p.standing is Standing.STRONG:
                options.append((weights["sentence_strong"], "sentence", p))
            elif p.standing is Standing.PLAIN:
                short = (
                    end - start <= _SHORT_LINE
                    and "。" not in self.folded[start : end + 1]
                    and not re.search(r"[はがをに]", self.folded[p.end : c.start] if p.end <= c.start else "")
                )
                options.append(
                    (weights["record"] - _OF_LINE, "sentence", p)
                    if short and self.article < 0.3
                    else (weights["sentence_plain"], "sentence", p)
                )
            else:
                options.append((weights["addressee"] + 0.1, "sentence", p))
        usable = [p for p in self.people if p.standing is not Standing.ADDRESSEE]
        if self.form and (self.subject or usable):
            options.append((weights["form"], "form", None))
        if self.fields and usable:
            options.append((weights["record"], "record", next((p for p in usable if p.standing is Standing.STRONG), usable[0])))
        if self.subject:
            # beside another's name it may be said of that one
            options.append((weights["subject"], "subject in its sentence" if inside else OF_SUBJECT, None))
        idle = [] if of_sentence else [p for p in self.people if not (p.works or self.cues.persons.busy.match(self.folded, p.end))]
        if idle:
            p = min(idle, key=lambda q: (-q.standing, abs(q.start - c.start)))
            name = {Standing.STRONG: "section_strong", Standing.PLAIN: "section_plain"}.get(p.standing, "addressee")
            options.append((weights[name], f"section {name}", p))
        if (self.people or self.subject or self.pronouns) and self.cues.persons.pronoun.search(self.folded, start, end):
            options.append((weights["pronoun"], "pronoun", None))
        if not options:
            return "", 0.0, None
        weight, name, person = max(options, key=lambda option: option[0])
        return name, weight, person

    def _is_said_of_topic(self, c: Candidate, person: Person | None) -> bool:
        """Whether a word is said as the state of whom its sentence begins with."""
        return (
            c.role is ClauseRole.STATE
            and person is not None
            and person.end <= c.start <= person.end + _NEAR
            and _IS_TOPIC.match(self.folded, person.end) is not None
            and not re.search(r"[。\n]", self.folded[person.end : c.start])
        )

    def _is_of_another(self, c: Candidate, person: Person) -> bool:
        """Whether a word is said of somebody without a name: 大西は夫に殴られた女性から電話を受けた."""
        if not person.end <= c.start <= person.end + _NEAR or _IS_TOPIC.match(self.folded, person.end) is None:
            return False
        if c.role is not ClauseRole.STATE and c.role is not ClauseRole.OPEN:
            return False
        behind = self.cues.other_behind.match(self.folded, c.end)
        if behind and not (behind["owned"] is not None and any(p.start == behind.end() for p in self.people)):
            return True
        before = [match.end() for match in self.cues.other_before.finditer(self.folded, person.end, c.start)]
        return bool(before) and not re.search(r"[。、\n]", self.folded[before[-1] : c.start])

    def _speaks_of_all(self, c: Candidate, person: Person) -> bool:
        """Whether a word stands in what somebody says to the public, or as an expert: 「…」と相川氏は呼びかける."""
        opened = self.folded.rfind("「", 0, c.start)
        if opened < 0 or c.start - opened > _QUOTED or "」" in self.folded[opened : c.start]:
            return False
        close = self.folded.find("」", c.end, c.end + _QUOTED)
        if close < 0 or opened < person.start < close:
            return False
        cues = self.cues
        if cues.of_the_public.match(self.folded, close):
            return True
        return person.works and cues.of_the_expert.match(self.folded, close) is not None

    def _is_heading(self, start: int, end: int) -> bool:
        """Whether a line is the heading of what stands below it: 休職者一覧"""
        return end - start <= _HEADING and _PREDICATE.search(self.folded, start, end + 1) is None

    def _of_the_item(self, c: Candidate) -> bool:
        """Whether somebody is named before the word in its line, or in the line that its indented line goes on; or the line is a record of data."""
        start = self.folded.rfind("\n", 0, c.start) + 1
        if self.folded.count(",", start, c.start) >= _FIELDS:  # SY,2500013,5071201,1,,糖尿病性…
            return True
        while start and self.folded[start : start + 1] in {" ", "\t"}:
            start = self.folded.rfind("\n", 0, start - 1) + 1
        return any(start <= p.start < c.start for p in self.people)

    # ------------------------------------------------------------------ wording

    def _sentence(self, c: Candidate) -> tuple[int, int]:
        start = max((self.folded.rfind(mark, 0, c.start) for mark in "。！？!?\n"), default=-1) + 1
        ends = [at for mark in "。！？!?\n" if (at := self.folded.find(mark, c.end)) >= 0]
        return start, min(ends, default=len(self.folded))

    def _wording(self, start: int, end: int) -> tuple[int, int]:
        """How many kinds of asserting and of general wording the sentence holds."""
        key = (start, end)
        counted = self.wording.get(key)
        if counted is None:
            sentence = self.folded[start : min(end + 1, start + 400)]
            patterns, could = _wordings()
            said = [number for number in could.matching(sentence) if patterns[number].search(sentence)]
            specific = sum(number < len(self.cues.specific) for number in said)
            counted = self.wording[key] = (specific, len(said) - specific)
        return counted
