"""Values that stand in several columns, and columns that are understood by the ones beside them.

Each rule looks at all plans of a table and changes those that it knows better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from piiscan.detect.names.features import lexicon
from piiscan.detect.names.rules.spans import is_family, is_place
from piiscan.detect.names.spoken import is_given_sound
from piiscan.detect.names.variants import modern_forms
from piiscan.detect.normalize import fold
from piiscan.detect.readings import is_reading, script_of
from piiscan.detect.tables.documents import numbers_by_document
from piiscan.detect.tables.measure import (
    FAMILY,
    MARKS,
    NAME_PAIR,
    NUMERAL,
    WORD,
    Measure,
    family_names,
    given_names,
    is_nothing,
    surely_named,
)
from piiscan.detect.tables.plans import ColumnPlan, Mode, cell_of, join_parts, samples
from piiscan.detect.tables.rosters import in_series, same_people
from piiscan.detect.tables.unheaded import CITY, PREFECTURE, address_in_parts, readings_in_parts
from piiscan.detect.tables.words import plain

__all__ = ["insured_below", "judge_together"]

_SURE_HEADER: Final = 0.8
#: A plan of seats has no more rows and columns, and so many names.
_SEATED, _LEAST_SEATED = 12, 4
#: … among rarer ones too, where nearly every word is one.
_ONLY_NAMES: Final = 0.8
_WEEKDAYS: Final = frozenset("月火水木金土日")
#: A family name is no longer.
_LONGEST_FAMILY: Final = 5
_SYMBOL = re.compile(r"1[0-9]{3}0-")
_OF_SOMEBODY: Final = frozenset({"DATE_OF_BIRTH", "GENDER"})
_SEVEN = re.compile(r"[0-9]{6,7}")
_INSURANCE = re.compile(r"保険者|保険証|健保|国保|健康保険|資格確認")
_MEMBERS = re.compile(r"続柄|資格|記号|組合員|加入者|被保険者")
_BRANCH = frozenset({"枝番", "枝番号"})
_SHORT_NUMBER = re.compile(r"[0-9]{1,8}")
#: Said above a table of insured people; what then heads their numbers, and the form of one.
_INSURER = re.compile(r"保険者番号|保険者名|健康保険|被保険者証|資格確認書|資格情報")
_INSURED_NUMBERS: Final = frozenset({"番号", "被保険者番号", "記号・番号", "記号番号", "被保険者等番号"})
_INSURED: Final = frozenset({"被保険者番号", "被保険者等番号"})
_CONTRIBUTIONS = re.compile(r"標準報酬|報酬月額|健康保険料|健保")
_INSURED_NUMBER = re.compile(r"[0-9]{1,8}(?:[-・ ][0-9]{1,8}){0,2}")
_ACCOUNT_KINDS = frozenset({"普通", "当座", "貯蓄", "普", "当", "1", "2", "4", "普通預金", "当座預金"})
_BANK = re.compile(r"銀行$|信用金庫$|信金$|信用組合$|農業協同組合$|農協$|労働金庫$|ゆうちょ")
#: The word for a part of a name says so by itself when it is so long (姓カナ); 名 behind other words is in 会社名 too.
_WORDY: Final = 2
_LOST_ZERO = re.compile(r"[6-9]0[0-9]{8}")
#: What a program calls a column whose header is blank, in lower case.
_NO_HEADER = re.compile(r"(?:col|column|field|unnamed|列|f|c)[ :_-]{0,2}[0-9]{1,3}")
#: A number with its groups apart: 03-1234-5678, (082)799-3868.
_GROUPED = re.compile(r"[+(]{0,2}[0-9]{2,5}[)-][ ]?[0-9]{1,4}[)-][0-9]{3,4}|\(0[0-9]{1,4}\) ?[0-9]{1,4}-[0-9]{4}")
#: A part of a date in a column of its own, and what it is a date of: 元号, 生年（元号）, birth_y, 年, 生月.
_DATE_PART = re.compile(
    r"(?P<stem>[^\s]*?)[_\s(-]?(?:(?P<era>元号|和暦|era|gengo)|(?P<year>年|yyyy|year|yy|y)|(?P<month>月|mm|month|m)|(?P<day>日|dd|day|d))\)?"
)
_DAY = re.compile(r"[0-9]{1,2}(?:日|\([月火水木金土日]\))?")
_GAP_IN = re.compile(r"\S[ \u3000・]+\S")
#: A header of the family of the row's person, without what may stand around it; share of words below it that are given names, and how many.
_FAMILY_MEMBER = re.compile(
    r"[お御ご]?(?P<who>.+?)(?:の?(?:学年|クラス|組|年齢)(?:組)?[・/と、,]?)?(?:の?お?名前|の?氏名|名)?[0-9]{0,2}(?:\([^()]*\))?"
)
_GIVEN_SHARE: Final = 0.7
_LEAST_GIVEN: Final = 2
#: In a column of the names by which people go so many are given names; the others are shops, jokes, initials.
_CALLED_SHARE: Final = 0.4
_LEAST_TOWNS: Final = 5
#: A list of people with their numbers has so many.
_LEAST_LISTED: Final = 4
#: The time, the speech and the speaker of a chat: 山田母 is known by the family name.
_CLOCK = re.compile(r"\[?(?:午[前後] ?)?[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?\]?")
_SPEECH = re.compile(r"[。、！？!?…♪]|[ぁ-ゖ]{3}")
_PARENT_OF = re.compile(r"(?<=.)(?:母|父|ママ|パパ|祖母|祖父)$")
_LEAST_SPEECHES: Final = 3
_SPEAKER: Final = 12
_THREE_GROUPS = re.compile(r"[0-9]{2,5}-[0-9]{1,4}-[0-9]{3,4}")


def _name_parts(plans: list[ColumnPlan], headers: Sequence[str], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """姓 and 名 (also 名 before 姓, 注文者姓 and 注文者名): both are a person's name, compared as one."""
    parts = [measure.words.name_parts(header) if header else [] for header in headers]
    labels = [bool(own) and measure.are_labels(samples(rows, i, measure.rules.sample)) for i, own in enumerate(parts)]
    for i, own in enumerate(parts):
        families = {(pair, whose) for pair, which, whose in own if which == 0}
        if not families:
            continue
        for j in (*range(i + 1, min(i + 4, len(headers))), *range(max(0, i - 3), i)):
            named = plans[i].entity == "PERSON" or plans[j].entity == "PERSON"
            both = families.intersection((pair, whose) for pair, which, whose in parts[j] if which == 1)
            if plans[j].name_pair < 0 and any(named or not whose or len(plain(headers[j])) - len(whose) >= _WORDY for _, whose in both):
                if labels[i] or labels[j]:
                    break  # 氏　　名 of a form, above 生年月日 and 連絡先
                for k, pair, which in ((i, j, 0), (j, i, 1)):
                    plan = plans[k]
                    plan.holds("PERSON", 0.9)
                    plan.name_pair, plan.name_part = pair, which
                break


def _joined(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """090|1234|5678 under one 電話番号; 1975|4|1 under one 生年月日."""
    extra = {plain(h) for h in measure.rules.joined_headers} | {""}
    for plan in plans:
        if plan.mode is Mode.VALUE and plan.share >= 0.5:
            continue
        label = measure.words.label(plan.raw_header)
        stem = label.plain.rstrip("1１①").rstrip("_-(")
        for entity, weight in label.kinds:
            signs = measure.rules.joined.get(entity)
            if signs is None or weight < _SURE_HEADER:
                continue
            more: list[int] = []
            for other in plans[plan.index + 1 : plan.index + 16]:
                own = plain(other.raw_header)
                if own in extra or _NO_HEADER.fullmatch(own) or (stem and own.startswith(stem) and own[len(stem) :].strip("()_-") in extra):
                    more.append(other.index)
                else:
                    break
            if not more:
                continue
            for sign in signs:
                for length in range(len(more), 0, -1):
                    parts = (plan.index, *more[:length])
                    texts = [t for t in (join_parts([cell_of(row, i) for i in parts], sign) for row in rows[: measure.rules.sample]) if t]
                    if texts and sum(measure.kit.value(entity, t) is not None for t in texts) >= 0.6 * len(texts):
                        plan.holds(entity, 0.9)
                        plan.joins, plan.joiner = parts[1:], sign
                        for i in parts[1:]:
                            plans[i].mode, plans[i].taken = Mode.SKIP, True
                        break
                if plan.joins:
                    break
            if plan.joins:
                break


def _birth_in_parts(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """元号|年|月|日, birth_y|birth_m|birth_d: three columns that are a date together, of births where the headers say so, or an era
    is given, and the years lie as far apart as births do.
    """
    parts = [_DATE_PART.fullmatch(plain(plan.raw_header)) for plan in plans]
    for day, match in enumerate(parts):
        kinds = [part.lastgroup if part else "" for part in parts[max(0, day - 3) : day + 1]]
        if match is None or kinds[-3:] != ["year", "month", "day"]:
            continue
        first = day - 2 - (kinds[:-3] == ["era"])
        own = plans[first : day + 1]
        if any(plan.mode is Mode.VALUE or plan.taken for plan in own):
            continue
        names = [entity for plan in own for head in (plan.raw_header, _stem(plan)) for entity, _ in measure.words.label(head).kinds]
        dates = [join_parts([cell_of(row, plan.index) for plan in own], "年月日") for row in rows[: measure.rules.sample]]
        dates = [date for date in dates if date]
        right = sum(measure.kit.value("DATE_OF_BIRTH", date) is not None for date in dates)
        if len(dates) < 2 or right < 0.8 * len(dates) or not (len(own) > 3 or "DATE_OF_BIRTH" in names):
            continue
        if measure.years_apart(dates):
            own[0].holds("DATE_OF_BIRTH", 0.9)
            western = len(own) == 3 and own[0].raw_header.isascii()
            own[0].takes(own[1:], "/" if western else "年月日")


def _stem(plan: ColumnPlan) -> str:
    match = _DATE_PART.fullmatch(plain(plan.raw_header))
    return match["stem"] if match else ""


def _phones_in_three(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """080|1234|5678 in a table without headers: three columns of digits that are telephone numbers together."""
    for plan in plans[:-2]:
        three = plans[plan.index : plan.index + 3]
        if any(p.mode is Mode.VALUE or p.taken for p in three):
            continue
        texts = [
            t for row in rows[: measure.rules.sample] if (t := join_parts([cell_of(row, p.index) for p in three], "-")).count("-") == 2
        ]
        if len(texts) < 3 or not all(_THREE_GROUPS.fullmatch(t) for t in texts):
            continue
        if sum(measure.kit.value("PHONE_NUMBER", t) is not None for t in texts) >= 0.9 * len(texts):
            plan.holds("PHONE_NUMBER", 0.8)
            plan.joins, plan.joiner = tuple(p.index for p in three[1:]), "-"
            for p in three[1:]:
                p.mode, p.taken = Mode.SKIP, True


def _symbol_and_number(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """記号|番号 of the Japan Post Bank: 1xxx0 beside up to eight digits, which under 記号 of a health insurance do not stand."""
    for plan, other in pairwise(plans):
        if not (plain(plan.raw_header).endswith("記号") and plain(other.raw_header).endswith("番号")):
            continue
        whole = [f"{a}-{b}" for row in rows[: measure.rules.sample] if (a := cell_of(row, plan.index)) and (b := cell_of(row, other.index))]
        if whole and sum(
            measure.kit.value("JP_BANK_ACCOUNT", text) is not None and bool(_SYMBOL.match(text)) for text in whole
        ) >= 0.8 * len(whole):
            plan.holds("JP_BANK_ACCOUNT", 0.9)
            plan.takes([other], "-")


def _insured(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """記号|番号 where another header says that it is a health insurance: 保険者番号, 健保, 被保険者証."""
    if not any(_INSURANCE.search(plan.raw_header) for plan in plans):
        return
    for plan, other in pairwise(plans):
        if (
            plan.mode is Mode.VALUE
            or other.mode is Mode.VALUE
            or plain(plan.raw_header)[-2:] != "記号"
            or plain(other.raw_header)[-2:] != "番号"
        ):
            continue
        whole = [
            f"{a}・{b}" for row in rows[: measure.rules.sample] if (a := cell_of(row, plan.index)) and (b := cell_of(row, other.index))
        ]
        if whole and sum(measure.kit.value("JP_HEALTH_INSURANCE", text) is not None for text in whole) >= 0.6 * len(whole):
            plan.holds("JP_HEALTH_INSURANCE", 0.9)
            plan.takes([other], "・")


def _branches(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """番号|枝番 of a health insurance's members: a household's number and who of it, beside 続柄 or 資格取得."""
    if not any(_MEMBERS.search(plan.raw_header) for plan in plans):
        return
    if not any(plan.mode is Mode.VALUE and plan.entity == "PERSON" for plan in plans):
        return
    for plan, other in pairwise(plans):
        if plan.mode is Mode.VALUE or not plain(plan.raw_header).endswith("番号") or plain(other.raw_header) not in _BRANCH:
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        if values and measure.share("JP_HEALTH_INSURANCE", values)[0] >= 0.8 and all(_SHORT_NUMBER.fullmatch(v.strip()) for v in values):
            plan.holds("JP_HEALTH_INSURANCE", 0.9)


def insured_below(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], above: str, measure: Measure) -> None:
    """番号 beside names below 保険者番号 06… 記号 5909: the numbers of the insured, when the rows above the table speak of their insurance.

    So are the 被保険者番号 of a table of wages that contributions are paid on (標準報酬月額), short as a firm's first numbers are.
    """
    if not any(p.mode is Mode.VALUE and p.entity == "PERSON" for p in plans):
        return
    told = _INSURER.search(above) is not None
    paid = any(_CONTRIBUTIONS.search(p.raw_header) for p in plans)
    for plan in plans:
        header = plain(plan.raw_header)
        if plan.mode is Mode.VALUE or plan.taken or not (header in _INSURED_NUMBERS if told else paid and header in _INSURED):
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        if not values or not all(_INSURED_NUMBER.fullmatch(fold(value.strip())) for value in values):
            continue
        plan.as_written = header in _INSURED  # 番号 may count the rows
        if plan.as_written or measure.share("JP_HEALTH_INSURANCE", values)[0] >= 0.8:
            plan.holds("JP_HEALTH_INSURANCE", 0.85)


def _names_alike(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """A plan of who does what: several columns of family names under headers that say nothing of persons (給湯室, 14:00, 窓側),
    or one beside a calendar.
    """
    mine: list[ColumnPlan] = []
    scores: list[float] = []
    others = sum(p.mode is Mode.VALUE and p.entity == "PERSON" and p.confidence < _SURE_HEADER for p in plans)
    of_days = sum(_DAY.fullmatch(p.raw_header) is not None for p in plans) >= max(4, 0.7 * len(plans))
    for plan in plans:
        if (
            plan.taken
            or plan.mode in {Mode.VALUE, Mode.SENSITIVE}
            or (plan.raw_header and measure.words.against("PERSON", plan.raw_header))
        ):
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        if values and not plan.raw_header and not values[0].strip().isalpha():
            values = values[1:]  # 14:00: a header that was none
        own = measure.short_names(values)
        least = 0.3 if others >= 2 else 0.4
        if (
            len(own) >= (4 if others >= 2 else 2)
            and sum(score >= WORD for score in own) >= 0.6 * len(own)
            and sum(s >= FAMILY for s in own) >= least * len(own)
        ):
            mine.append(plan)
            scores += own
    if mine and (others >= 2 or (len(mine) + others + of_days >= 2 and family_names(scores))):
        for plan in mine:
            plan.holds("PERSON", 0.75, 0.8)


#: What nobody but a person does: no place stands there (営業 千葉).
_SIGNED = re.compile(r"承認|決裁|検印|検収|照査|起案|確認")


def _done_by_one(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """承認 or 受付 over the same 森田 in every row: a word for what somebody does, above one family name and nothing else."""
    for plan in plans:
        if plan.taken or plan.mode in {Mode.VALUE, Mode.SENSITIVE} or not plan.raw_header:
            continue
        said = any(entity == "PERSON" for entity, _ in measure.words.label(plan.raw_header).kinds)
        if not said or measure.words.against("PERSON", plan.raw_header):
            continue
        words = {value.strip() for value in samples(rows, plan.index, measure.rules.sample) if not is_nothing(value.strip())}
        word = words.pop() if len(words) == 1 else ""
        if (
            word
            and word not in MARKS
            and measure.short_names([word])
            and is_family(word)
            and (_SIGNED.search(plan.raw_header) or not is_place(word))
        ):
            plan.holds("PERSON", 0.75)


def _given_names_alone(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """家族 明野、茂 beside 世帯主, 母 愛 beside 父: given names of those whose family name stands elsewhere in the row."""
    if not any(p.mode is Mode.VALUE and p.entity == "PERSON" for p in plans):
        return
    for plan in plans:
        match = _FAMILY_MEMBER.fullmatch(plain(plan.raw_header))
        if match is None or match["who"] not in measure.rules.family_members or plan.mode in {Mode.VALUE, Mode.SENSITIVE} or plan.taken:
            continue
        names = [name for value in samples(rows, plan.index, measure.rules.sample) for name, _ in given_names(value)]
        known = sum(modern_forms(name) in lexicon().given for name in names)
        if len(names) >= _LEAST_GIVEN and known >= _GIVEN_SHARE * len(names):
            plan.holds("PERSON", 0.75, known / len(names))
            plan.given_alone = True


def _called(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """LINE表示名 ミホ, display_name Shigeo: given names in kana or Latin letters, by which those go who are named beside them."""
    for plan in plans:
        *_, header = plain(plan.raw_header).split(".")
        if header not in measure.rules.called or plan.mode in {Mode.VALUE, Mode.SENSITIVE} or plan.taken:
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        known = sum(is_given_sound(value.strip()) for value in values)
        if known and known >= _CALLED_SHARE * len(values):
            plan.holds("PERSON", 0.75, known / len(values))
            plan.called = True


def _readings_alone(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """読み, カナ, エキメイ in a table without names are readings of words, stations, branches; ヤマダ タロウ is a name by itself."""
    readings = [p for p in plans if p.name_part < 0 and is_reading(p.raw_header) and (p.mode is not Mode.VALUE or p.entity == "PERSON")]
    if not readings or any(p.mode is Mode.VALUE and p.entity == "PERSON" and not is_reading(p.raw_header) for p in plans):
        return
    about = any(p.mode is Mode.VALUE and p.entity in _OF_SOMEBODY for p in plans)
    for plan in readings:
        values = samples(rows, plan.index, measure.rules.sample)
        if about and values and measure.are_names(values):
            continue  # フクダレイナ beside a date of birth, where the name stands elsewhere in the form
        kana = [text for value in values if script_of(text := value.strip()) == "kana"]
        if len(kana) >= 0.8 * len(values) and sum(_GAP_IN.search(text) is not None for text in kana) < 0.3 * len(kana):
            plan.mode, plan.entity, plan.of_words = Mode.SKIP, "", True


def _names_by_value(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """山田|太郎 in a table without headers: two columns of short words that are names together."""
    _names_in_pairs(list(pairwise(plans)), rows, measure)


def _names_under_one_header(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """山田|太郎 under one 氏名, the header beside it blank: as in a list whose columns are parted by blanks, or whose header is merged."""
    pairs = [
        (plan, other)
        for plan, other in pairwise(plans)
        if plan.mode is Mode.VALUE and plan.entity == "PERSON" and not plan.joins and not plan.inside and not other.raw_header.strip()
    ]
    _names_in_pairs(pairs, rows, measure)


def _names_in_pairs(pairs: Sequence[tuple[ColumnPlan, ColumnPlan]], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """The pairs of columns that hold the two parts of names."""
    for plan, other in pairs:
        if plan.name_pair >= 0 or (other.mode is Mode.VALUE and other.entity != "PERSON"):
            continue
        if plan.mode is Mode.VALUE and plan.entity != "PERSON":
            continue
        parts = [(cell_of(row, plan.index), cell_of(row, other.index)) for row in rows[: measure.rules.sample]]
        parts = list(dict.fromkeys((a, b) for a, b in parts if a and b))
        if len({given for _, given in parts}) < 0.5 * len(parts):
            continue  # 空 in every other seat
        if sum(b in MARKS for _, b in parts) > 0.3 * len(parts):
            continue  # 明, 公, 休: a plan of shifts
        if len(parts) < 3 or any(len(a) > 6 or len(b) > 6 or " " in a or "　" in a or any(map(str.isdigit, a + b)) for a, b in parts):
            continue
        if sum(modern_forms(a) in lexicon().surnames or a in lexicon().foreign for a, _ in parts) < 0.5 * len(parts):
            continue  # 看護部|大池慎一
        scores = [match.score for a, b in parts if (match := measure.kit.value("PERSON", f"{a} {b}")) is not None]
        if len(scores) < 0.8 * len(parts) or sum(scores) / len(scores) < NAME_PAIR:
            continue
        if len({a for a, _ in parts}) < 2 or len({b for _, b in parts}) < 2:
            continue  # 空, 空, 空: no names
        if sum(measure.in_order(a, b) for a, b in parts) < 0.5 * len(parts):
            continue  # two columns of family names: who does what
        if sum(_is_family_only(b) for _, b in parts) > 0.5 * len(parts):
            continue  # 竹内|廣瀬, 磯村|日下: neighbours in a plan of seats
        for p, pair, which in ((plan, other, 0), (other, plan, 1)):
            p.holds("PERSON", 0.8, len(scores) / len(parts))
            p.name_pair, p.name_part = pair.index, which


def _names_with_numbers(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """泉|0176-88-2762 over 藤井|0263-83-4234: family names, rare ones and those that are words too, each with a telephone number or an
    address of e-mail, in a table without headers. A list of branches has places there: 渋谷, 上野, 目黒.
    """
    if not any(p.mode is Mode.VALUE and p.entity in {"PHONE_NUMBER", "EMAIL_ADDRESS"} and p.share >= _SURE_HEADER for p in plans):
        return
    if any(p.mode is Mode.VALUE and p.entity == "PERSON" for p in plans):
        return
    for plan in plans:
        if plan.taken or plan.mode in {Mode.VALUE, Mode.SENSITIVE}:
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        scores = measure.short_names(values)
        if len(scores) < _LEAST_LISTED or len(scores) < len(values) or sum(score >= WORD for score in scores) < 0.8 * len(scores):
            continue
        if sum(score >= FAMILY for score in scores) >= 0.3 * len(scores) and sum(map(is_place, values)) <= 0.5 * len(values):
            plan.holds("PERSON", 0.75, sum(score >= WORD for score in scores) / len(scores))
            return


def _is_family_only(word: str) -> bool:
    """Whether a word is a family name that hardly anybody has as a given one."""
    modern, lex = modern_forms(word), lexicon()
    return (modern in lex.surnames or modern in lex.foreign) and not lex.given.get(modern)


def _towns(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """兵庫県|神戸市東灘区|住吉浜町 in a list of places: the towns behind prefectures and municipalities are no people, whatever they are called."""
    people = [p for p in plans if p.mode is Mode.VALUE and p.entity == "PERSON"]
    for prefecture, city, town in zip(plans, plans[1:], plans[2:], strict=False):
        first, second, third = (samples(rows, p.index, measure.rules.sample) for p in (prefecture, city, town))
        if len(third) < _LEAST_TOWNS or any(p is not town for p in people) or any(NUMERAL.search(value) for value in third):
            continue
        if (town.mode is not Mode.TEXT and town not in people) or measure.are_names(third):
            continue
        if all(PREFECTURE.fullmatch(value.strip()) for value in first) and all(CITY.search(value.strip()) for value in second):
            town.mode, town.entity, town.of_words = Mode.SKIP, "", True


def _speakers(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """19:22|Minoru|こんばんは。 of a chat that was saved: who speaks stands between the time and what is said."""
    for time, plan, said in zip(plans, plans[1:], plans[2:], strict=False):
        times, speeches = samples(rows, time.index, measure.rules.sample), samples(rows, said.index, measure.rules.sample)
        if plan.mode is Mode.VALUE or plan.taken or len(times) < _LEAST_SPEECHES or not all(map(_CLOCK.fullmatch, times)):
            continue
        if sum(_SPEECH.search(speech) is not None for speech in speeches) < 0.4 * len(speeches):
            continue
        names = [_PARENT_OF.sub("", value.strip()) for value in samples(rows, plan.index, measure.rules.sample)]
        scores = [match.score if (match := measure.kit.value("PERSON", name)) else 0.0 for name in names]
        known = sum(score >= FAMILY or is_given_sound(name) for name, score in zip(names, scores, strict=True))
        if len(names) >= 2 and known >= 0.6 * len(names) and not any(any(map(str.isdigit, name)) or len(name) > _SPEAKER for name in names):
            plan.holds("PERSON", 0.75, known / len(names))


def _accounts(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """普通|1234567 behind the name of a bank in a table without headers."""
    for plan in plans[1:]:
        if plan.mode is Mode.VALUE or plan.taken:
            continue
        texts = [
            (cell_of(row, plan.index - 1), cell_of(row, plan.index), row)
            for row in rows[: measure.rules.sample]
            if cell_of(row, plan.index)
        ]
        if len(texts) < 2 or not all(_SEVEN.fullmatch(number) and kind in _ACCOUNT_KINDS for kind, number, _ in texts):
            continue
        if all(any(_BANK.search(cell) for cell in row[: plan.index]) for _, _, row in texts):
            plan.holds("JP_BANK_ACCOUNT", 0.8)


def _phones(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """(082)799-3868 beside names in a table without headers, and 9012345678, whose zero a spreadsheet took away."""
    if not any(p.entity == "PERSON" and p.mode is Mode.VALUE for p in plans):
        return
    for plan in plans:
        values = samples(rows, plan.index, measure.rules.sample)
        if plan.mode is Mode.VALUE or plan.taken or len(values) < 3:
            continue
        texts = [fold(v.strip()) for v in values]
        grouped = all(map(_GROUPED.fullmatch, texts))
        if (grouped or all(map(_LOST_ZERO.fullmatch, texts))) and measure.share("PHONE_NUMBER", values)[0] >= (0.8 if grouped else 1):
            plan.holds("PHONE_NUMBER", 0.75)


def _birth_dates(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """In a table without headers, dates of plausible ages beside names are birth dates."""
    if not any(p.entity == "PERSON" and p.mode is Mode.VALUE for p in plans):
        return
    for plan in plans:
        if plan.mode is Mode.VALUE:
            continue
        values = samples(rows, plan.index, measure.rules.sample)
        if len(values) < 3:
            continue
        years = []
        for value in values:
            match = measure.kit.value("DATE_OF_BIRTH", value.strip())
            if match is not None and match.norm[:4].isdigit():
                years.append(int(match.norm[:4]))
        if len(years) < 0.8 * len(values):
            continue
        if max(years) - min(years) >= 12 and sum(1920 <= y <= 2010 for y in years) >= 0.9 * len(years):
            plan.holds("DATE_OF_BIRTH", 0.6, len(years) / len(values))


def _unlikely_without_names(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:  # noqa: ARG001 -- as its neighbours
    """Kinds that prove little by their form alone (postal codes) are nothing where no column is of persons."""
    if any(plan.entity == "PERSON" for plan in plans):
        return
    for plan in plans:
        if plan.entity in measure.rules.by_value and measure.rules.by_value[plan.entity].bare:
            plan.entity, plan.mode = "", Mode.TEXT


def _says_no_more_than_when(header: str) -> bool:
    return not header or header in _WEEKDAYS or _CLOCK.fullmatch(header) is not None


def _seats(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """A small plan of seats, interviews or duties without headers, or with those of days: whichever column they stand in, its words are family names, most of
    them no places. 窓側, 空席 and 14:00 stand there too.
    """
    if len(rows) > _SEATED or not 2 <= len(plans) <= _SEATED or any(p.mode is Mode.VALUE and p.entity != "PERSON" for p in plans):
        return
    mine = [
        plan
        for plan in plans
        if not plan.taken and plan.mode not in {Mode.VALUE, Mode.SENSITIVE} and _says_no_more_than_when(plan.raw_header)
    ]
    known = [p for p in plans if p.mode is Mode.VALUE and p.confidence < _SURE_HEADER and p.name_pair < 0]
    if not mine or len(mine) + len(known) < 2:
        return
    named: list[str] = []
    scores: dict[int, list[float]] = {}
    for plan in (*mine, *known):
        texts = [text for cell in samples(rows, plan.index, measure.rules.sample) if (text := cell.strip()).isalpha()]
        words = {text: sum(measure.short_names([text])) for text in texts if len(text) <= _LONGEST_FAMILY and text not in MARKS}
        mostly = [text for text, score in words.items() if score >= WORD]
        if mostly and 2 * len(mostly) >= len(words):  # 島A, 島B stand before the names
            scores[plan.index] = list(words.values())
            named += mostly
    every = [score for own in scores.values() for score in own]
    alone = len(named) >= _ONLY_NAMES * len(every) and 2 * sum(score >= FAMILY for score in every) >= len(every)
    if len(scores) < 2 or len(set(named)) < _LEAST_SEATED or not (alone or family_names(every)):
        return
    whole = any(surely_named(measure.kit, value) for p in (*mine, *known) for value in samples(rows, p.index, measure.rules.sample))
    days = any(plan.raw_header in _WEEKDAYS for plan in plans)
    if not (whole or days) and 2 * sum(map(is_place, named)) > len(named):
        return
    for plan in mine:
        if plan.index in scores:
            plan.holds("PERSON", 0.75, 0.8)


_ALWAYS = (
    _joined,
    _birth_in_parts,
    _symbol_and_number,
    _insured,
    _branches,
    numbers_by_document,
    _names_alike,
    _given_names_alone,
    _called,
)
_WITH_HEADER = (_done_by_one, _readings_alone, _names_under_one_header, _seats)
_WITHOUT = (
    _unlikely_without_names,
    _phones_in_three,
    _names_by_value,
    _names_with_numbers,
    _seats,
    _speakers,
    readings_in_parts,
    _towns,
    address_in_parts,
    _accounts,
    _phones,
    _birth_dates,
)


def judge_together(
    plans: list[ColumnPlan], headers: Sequence[str], rows: Sequence[Sequence[str]], measure: Measure, *, has_header: bool
) -> None:
    """Apply the rules, in order."""
    _name_parts(plans, headers, rows, measure)
    for rule in (*_ALWAYS, *(_WITH_HEADER if has_header else _WITHOUT), in_series, same_people):
        rule(plans, rows, measure)
