"""Which document a form's 記号番号 is the number of: 確認書類|運転免許証 beside 記号番号|第123456789012号 names a licence, no health insurance.

So does in a list of people each row's own document, that of the next row another: 本人確認書類|書類番号 above 運転免許証|309012345620 and パスポート|TK1234567.

番号 and nothing else is that of an insured person where the form also asks for 記号, and for the insurer or the card.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from piiscan.detect.normalize import nfkc
from piiscan.detect.tables.grid import cell_of
from piiscan.detect.tables.measure import Measure
from piiscan.detect.tables.plans import ColumnPlan, Mode

__all__ = ["kind_shown", "kinds_by_document", "numbers_by_document"]

_NUMBER: Final = frozenset(
    {"記号番号", "記号・番号", "書類番号", "証明書番号", "本人確認書類番号", "確認書類番号", "確認書類の番号", "書類の記号番号"}
)
_SHOWN = (
    (re.compile(r"(?:自動車|普通|運転経歴|☑|■|✓|レ| )*(?:運転)?免許証.{0,8}"), "JP_DRIVER_LICENSE"),
    (re.compile(r"(?:日本国|☑|■|✓|レ| )*(?:旅券|パスポート).{0,8}"), "JP_PASSPORT"),
    (re.compile(r"(?:☑|■|✓|レ| )*(?:在留カード|特別永住者証明書).{0,8}"), "JP_RESIDENCE_CARD"),
)
#: So many rows name their document, and so many of their numbers are those of it.
_NAMED, _PASSED = 0.5, 0.6
_NUMBERS = re.compile(r".{0,10}(?:番号|No\.?|ナンバー)", re.IGNORECASE)
_HEALTH_INSURANCE = re.compile("健康保険|被保険者|被扶養者|健保組合|協会けんぽ|資格確認書")
_INSURANCE = re.compile("保険|資格確認書|健保|国保")
#: What such a form calls the number, and the symbol beside it, and by what else it is known.
_INSURED: Final = frozenset({"番号", "被保険者番号", "証番号"})
_SYMBOL = re.compile(r"(?:被?保険者?証?(?:等)?の?)?記号[:：]?")
_INSURER = re.compile(r"保険者番号[:：]?|.{0,8}(?:被保険者証|保険証|資格確認書).{0,12}")


def kinds_by_document(kinds: Sequence[tuple[str, float]], label: str, rows: Sequence[Sequence[str]]) -> Sequence[tuple[str, float]]:
    """The kinds that a label names, where the form says what document was shown; as they are where it does not.

    :param label: as compared (:attr:`piiscan.detect.tables.words.Label.plain`).
    """
    if label not in _NUMBER and label not in _INSURED:
        return kinds
    cells = [nfkc(cell.strip()) for row in rows for cell in row if cell]
    if label in _INSURED:
        named = any(map(_INSURER.fullmatch, cells)) or (label == "番号" and any(map(_HEALTH_INSURANCE.search, cells)))
        insured = named and any(map(_SYMBOL.fullmatch, cells))
        return (("JP_HEALTH_INSURANCE", 1.0),) if insured and not any("雇用保険" in cell for cell in cells) else kinds
    if any(_INSURANCE.search(cell) for cell in cells):
        return kinds
    shown = {entity for cell in cells for words, entity in _SHOWN if words.fullmatch(cell)}
    return ((shown.pop(), 1.0),) if len(shown) == 1 else kinds


def kind_shown(cell: str) -> str:
    """The kind of number that a document has; empty for what is none, or no one's alone."""
    text = nfkc(cell.strip())
    return next((entity for words, entity in _SHOWN if words.fullmatch(text)), "") if text else ""


def numbers_by_document(plans: list[ColumnPlan], rows: Sequence[Sequence[str]], measure: Measure) -> None:
    """A column of the numbers of the documents that another column names row by row."""
    for plan in plans:
        if plan.mode is Mode.VALUE or plan.taken or not _NUMBERS.fullmatch(nfkc(plan.raw_header)):
            continue
        looked = rows[: measure.rules.sample]
        for other in plans:
            if other is plan or other.mode is Mode.VALUE:
                continue
            shown = [(kind_shown(cell_of(row, other.index)), cell_of(row, plan.index)) for row in looked]
            named = [(kind, number) for kind, number in shown if kind and number]
            if len(named) < 2 or len(named) < _NAMED * sum(bool(number) for _, number in shown):
                continue
            if sum(measure.kit.value(kind, number) is not None for kind, number in named) >= _PASSED * len(named):
                plan.holds(named[0][0], 0.9)
                plan.shown_by = other.index
                break
