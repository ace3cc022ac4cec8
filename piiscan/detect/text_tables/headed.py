"""Lines under a header of label words with single blanks between: what is left of a table on a page of a PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from piiscan.detect.tables.words import Words
from piiscan.detect.text_tables.lines import LABEL, LEAST_ALIKE, NAMED, TOKEN, Cells, Line, TextTable, Value, share_of_labels, table_of

__all__ = ["asks_again", "heads_days", "heads_names", "is_filled_in", "is_led_by_label", "may_head", "same_count", "under_header"]

_HINTED: Final = 0.3
#: From this probability on words that belong together are rather one cell than two.
_FITTING: Final = 0.4
_HEAD_WORD: Final = 10
#: A word of a header that may be a name with this probability is taken for one.
_NAME_LIKE: Final = 0.3
_SPREAD = re.compile(r"[ \u3000]*((?:[々一-鿿ぁ-ゖァ-ヺ][ \u3000]{1,3}){1,4}[々一-鿿ぁ-ゖァ-ヺ])[ \u3000:：]")
_MOST_EXTRA: Final = 5
#: What the columns of a line must have gained on the average, and where lines above it fit and it has fewer words than they:
#: a guest from abroad has no address.
_LEAST_GAIN: Final = 0.4
_GOES_ON_GAIN: Final = 0.2
#: What is said of somebody, but names nobody.
_OF_SOMEBODY: Final = frozenset({"AGE", "GENDER"})
_READING = re.compile(r"[ \u3000]?[(（][ぁ-ゖァ-ヺーｦ-ﾟ \u3000・]{2,24}[)）]$")
#: What it costs to part a line at a blank of the rarer width: among half-width ones 轟　和子 is one cell, among full-width ones 平出 明美.
_WIDE_GAP: Final = 0.8
_UNIT = re.compile(r"[^ \u3000]{1,12}(?:[部課係室局科班]|センター|グループ|チーム|病棟)[ \u3000][々〆ヶノ一-鿿]{1,5}")
#: So many labels that come again in every line are those of a form in lines.
_ASKED: Final = 2
#: The first words of a plan of days, and what stands below them.
_DAY_HEADS: Final = frozenset(("日", "日付", "日にち", "月日", "期日"))
_WEEKDAY_HEADS: Final = frozenset(("曜", "曜日"))
_WEEKDAYS: Final = frozenset("月火水木金土日祝")
_DAY = re.compile(r"(?:[0-9０-９]{1,2}[/月.])?[0-9０-９]{1,2}日?(?:[(（][月火水木金土日祝]{1,2}[)）])?")
#: Lines in a row that fit no header end its table.
_MISSES: Final = 3
_FITS: Final = 20_000


def may_head(block: list[Line], at: int, head: Sequence[str], words: Words) -> bool:
    """Whether a line of short words, some of them labels, may head the lines below, which hold figures: 組 レーン 選手名 ヨミ 学年 タイム."""
    if len(head) < 4 or any(len(word) > _HEAD_WORD for word in head) or sum(any(map(str.isdigit, word)) for word in head) > 1:
        return False
    labels = [words.label(word) for word in head]
    if not any(label.weight >= LABEL for label in labels) or not any(weight >= _HINTED for label in labels for _, weight in label.kinds):
        return False
    below = block[at + 1 : at + 1 + LEAST_ALIKE]
    return len(below) == LEAST_ALIKE and all(any(map(str.isdigit, line.text)) for line in below)


def heads_names(block: list[Line], at: int, head: Sequence[str], words: Words, value: Value) -> bool:
    """Whether a line names persons in its first word and no person in the others, and the lines below begin with no labels."""
    if len(head) < 3 or not any(entity == "PERSON" and weight >= NAMED for entity, weight in words.label(head[0]).kinds):
        return False
    if any((match := value("PERSON", word)) is not None and match.score >= _NAME_LIKE for word in head[1:]):
        return False  # 氏名 梶谷 優子
    return not words.labels([line.text.split()[0] for line in block[at + 1 : at + 4]], LABEL)


def heads_days(block: list[Line], at: int, head: Sequence[str]) -> bool:
    """Whether a line is the header of a plan of days, 日 曜 1階 2階 鍵, over lines of as many words that begin with a day: 21 月 酒井 水口 朴."""
    if len(head) < 3 or head[0] not in _DAY_HEADS:
        return False
    below = [line.text.split() for line in block[at + 1 : at + 1 + LEAST_ALIKE]]
    if len(below) < LEAST_ALIKE or any(len(tokens) != len(head) or not _DAY.fullmatch(tokens[0]) for tokens in below):
        return False
    return head[1] not in _WEEKDAY_HEADS or all(tokens[1].strip("()（）") in _WEEKDAYS for tokens in below)


def under_header(block: list[Line], at: int, head: Cells, words: Words, value: Value) -> tuple[TextTable | None, int]:
    """Lines whose pieces fit a header of label words: what is left of a table on a page of a PDF."""
    heads = [cell for _, cell in head]
    kinds = _kinds(heads, words)
    # 緊急連絡先（続柄） holds 山田 悦子（長女）080-…, which is no name
    others = [words.other_person(cell) and "続柄" not in cell and not words.against("PERSON", cell) for cell in heads]
    people = [frozenset({"PERSON"} if other else ()) for other in others]
    maybe = [hinted | person for hinted, person in zip(_kinds(heads, words, _HINTED, NAMED), people, strict=True)]
    prose = [words.prose(cell) for cell in heads]
    if not any(kinds) and sum(map(bool, maybe)) >= 2:  # 患者 … 担当
        kinds, maybe = maybe, kinds
    elif not any(kind not in _OF_SOMEBODY for own in kinds for kind in own) and any(
        "PERSON" in own for own in maybe
    ):  # 患者 年齢 術式 助手
        kinds = [own or hinted for own, hinted in zip(kinds, maybe, strict=True)]
    if not any(kinds) and not any(map(words.name_part, heads)):
        return same_count(block, at, head)
    if (
        sum(map(bool, kinds)) + 0.5 * sum(map(bool, maybe)) < 1.5
        and share_of_labels(heads, words) < 0.7
        and not any(map(words.name_part, heads))
    ):
        return None, at
    fits: dict[tuple[str, str], float] = {}

    def of_unit(cell: str) -> bool:
        """Whether a cell is a unit and the name of one of its people: 福祉課 遊佐."""
        if _UNIT.fullmatch(cell) is None:
            return False
        match = value("PERSON", cell)
        return match is not None and match.start > 0 and match.end == len(cell) and match.score >= _HINTED

    def fit(entity: str, cell: str) -> float:
        known = fits.get((entity, cell))
        if known is None:
            text = _READING.sub("", cell) if entity == "PERSON" else cell  # 根本　大輔 （ネモト ダイスケ）
            text = text.rstrip("MFmf") if entity == "AGE" else text  # 61F
            match = value(entity, text)
            whole = match is not None and match.end - match.start >= 0.9 * len(text) and match.end > text.rfind(" ")
            known = match.score if match is not None and whole else 0.0
            if len(fits) < _FITS:
                fits[entity, cell] = known
        return known

    rows: list[Cells] = [head]
    lines = [block[at - 1]] if at and head[0][0] >= 0 else []
    end, missed = at, 0
    while end < len(block) and missed < _MISSES:
        tokens = [(block[end].start + m.start(), m[0]) for m in TOKEN.finditer(block[end].text)]
        least = _GOES_ON_GAIN if len(rows) > LEAST_ALIKE and len(tokens) < len(kinds) else _LEAST_GAIN
        row = _fit(block[end], tokens, kinds, maybe, prose, fit, of_unit, least=least)
        missed = 0 if row is not None else missed + 1
        if row is not None:
            rows.append(row)
            lines.append(block[end])
        end += 1
    if len(rows) < 3:
        return None, at
    return table_of(rows, lines), end - missed


def same_count(block: list[Line], at: int, head: Cells) -> tuple[TextTable | None, int]:
    """Lines of as many words as their header, which names nothing personal: what stands there is under 図番, ロット …"""
    end = at
    while end < len(block) and len(TOKEN.findall(block[end].text)) == len(head):
        end += 1
    if end - at < 3 or head[0][0] < 0:
        return None, at
    rows = [[(line.start + m.start(), m[0]) for m in TOKEN.finditer(line.text)] for line in block[at:end]]
    return table_of([head, *rows], block[at - 1 : end]), end


def _kinds(head: Sequence[str], words: Words, least: float = NAMED, below: float = 2.0) -> list[frozenset[str]]:
    """The kinds that each header cell names, so surely; none for the parts of one value (姓 名, TEL1 TEL2 TEL3) and for what has no form."""
    stems = [cell.rstrip("123１２３①②③") for cell in head]
    return [
        frozenset(entity for entity, weight in words.label(cell).kinds if least <= weight < below and not entity.startswith("JP_SENSITIVE"))
        if stems.count(stem) == 1 and words.name_part(cell) is None
        else frozenset()
        for cell, stem in zip(head, stems, strict=True)
    ]


def _fit(
    line: Line,
    tokens: Cells,
    kinds: Sequence[frozenset[str]],
    maybe: Sequence[frozenset[str]],
    prose: Sequence[bool],
    fit: Callable[[str, str], float],
    of_unit: Callable[[str], bool],
    *,
    least: float,
) -> Cells | None:
    """The tokens of a line as cells under the header: neighbours joined where a value holds spaces, blanks where one is missing.

    :param maybe: kinds that a column may hold or not (緊急連絡先: a name, a number, an address).
    :param prose: whether the cells of a column are prose, of any number of words.
    :param least: what each column whose kind is known must have gained on the average.
    """
    most = _MOST_EXTRA + 6 * sum(prose)
    if not 0.5 * len(kinds) <= len(tokens) <= len(kinds) + most or len(tokens) < 2:
        return None

    def piece(first: int, last: int) -> str:
        return line.text[tokens[first][0] - line.start : tokens[last][0] - line.start + len(tokens[last][1])]

    half, wide = line.text.count(" "), line.text.count("\u3000")
    rare = "" if half == wide else "\u3000" if half > wide else " "
    inside = [line.text[max(place - line.start - 1, 0)] == rare for place, _ in tokens]
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for column, wanted in enumerate(kinds):
        nxt: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {}
        rest = len(kinds) - column - 1
        for used, (known, cut) in best.items():
            longest = 10 if prose[column] else 6 if "JP_ADDRESS" in wanted else 4
            for size in range(min(longest, len(tokens) - used) + 1):
                if len(tokens) - used - size > rest + most:
                    continue
                known_here = known - _WIDE_GAP if size and inside[used] else known
                if not size:
                    gain = -0.7 if wanted else -0.3
                elif prose[column]:
                    gain = 0.0
                else:
                    cell = piece(used, used + size - 1)
                    right = max((fit(entity, cell) for entity in wanted), default=0.0)
                    likely = 0.0 if right else max((fit(entity, cell) for entity in maybe[column]), default=0.0)
                    gain = min(0.5, 2 * right) + right if right else 0.6 * likely if likely else -0.6 if wanted else 0.0
                    fitting = max(right, likely) >= _FITTING or (size > 1 and not wanted and of_unit(cell))
                    gain += (0.2 if fitting else 0.0 if right or likely else -0.4) * (size - 1)
                score = known_here + gain
                if used + size not in nxt or nxt[used + size][0] < score:
                    nxt[used + size] = (score, (*cut, (used, size)))
        best = nxt
    found = best.get(len(tokens))
    if found is None or found[0] < least * sum(map(bool, kinds)):
        return None
    return [(tokens[first][0], piece(first, first + size - 1)) if size else (line.start, "") for first, size in found[1]]


def asks_again(lines: Sequence[Line], words: Words) -> bool:
    """Whether every line has the same labels inside, each before its value: 甲　住所 …　氏名 …　㊞ over 乙　住所 …　氏名 …　㊞."""
    first = [word for word in dict.fromkeys(lines[0].text.split()[1:]) if words.label(word).weight >= LABEL]
    rest = [set(line.text.split()) for line in lines[1:]]
    return sum(sum(word in own for own in rest) >= 0.8 * len(rest) for word in first) >= _ASKED


def is_led_by_label(line: str, words: Words) -> bool:
    """Whether a line begins with a label that gives each character its room: 氏　名　佐々木　樹"""
    return _spread_label(line, words) > 0


def is_filled_in(line: str, words: Words) -> bool:
    """Whether a line is a spread label and what was filled in beside it (氏　　名 角　健太), not a header whose first word is spread."""
    end = _spread_label(line, words)
    rest = line[end:]
    return bool(end and rest.strip()) and not words.labels([*rest.split(), "".join(rest.split())], LABEL)


def _spread_label(line: str, words: Words) -> int:
    """Where the spread label ends that a line begins with; 0 where there is none."""
    match = _SPREAD.match(line)
    if match is None:
        return 0
    letters = list(TOKEN.finditer(match[1]))
    for count in range(len(letters), 1, -1):  # the longest: 氏　名 before a name of one character, too
        if words.label("".join(letter[0] for letter in letters[:count])).weight >= LABEL:
            return match.start(1) + letters[count - 1].end()
    return 0
