"""Where a name of the document stands once more: one that is surely a name (labelled, with a title, whole), where the model alone would not see it: 大豆生田より報告."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import is_modelled, norm_of, result, why_of
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.spoken import PARTS, split_name
from piiscan.detect.names.variants import name_norm
from piiscan.detect.readings import script_of

__all__ = ["Echoes"]

#: Names looked for once more.
_ECHOED = 60
_SURE = 0.85
_ECHO = 0.8
_INSIDE = re.compile(r"[々〆ヶ㐀-鿿豈-﫿ァ-ヺーA-Za-zÀ-ɏ0-9０-９@_]")
#: What may stand right behind a family name of one character when it is one.
_AFTER_SINGLE = re.compile(r"[ \u3000]{0,2}(?:$|[\n\t、。:：)）>,]|さん|様|氏|殿|先生|より|です)")
#: 樋口運転の社用車, 成田担当分: what somebody does right behind the name.
_DONE_BY = re.compile(
    r"(?:運転|担当|所有|名義|使用|発見|発言|提出|作成|対応|撮影|執筆|引率|同乗|搭乗|操作|操縦|監修|設計|記入|持参|自筆|署名)(?:の|し[、たて]|が|中[のにで、]|分[のをは、。])"
)
_TITLES = ("様", "氏", "殿", "先生", "部長", "課長", "係長", "主任", "社長", "次長", "室長", "医師", "君")
_BEFORE_SINGLE = frozenset("\n\t 　、。(（「:：→・>")


class Echoes:
    """The sure names of a document so far."""

    def __init__(self) -> None:
        self._echoed: dict[str, str] = {}

    def of(self, text: str, found: Sequence[RecognizerResult]) -> list[RecognizerResult]:
        """The names of ``found`` that are sure, and those of the text before, wherever else they stand in this text."""
        names = [r for r in found if r.entity_type == "PERSON" and r.score >= 0.5]
        for name in names:
            if len(self._echoed) < _ECHOED and name.score >= _SURE and not is_modelled(why_of(name)):
                value = text[name.start : name.end]
                self._echoed.setdefault(value, norm_of(name))
                parts = [part for part in PARTS.split(value) if part]
                if script_of(value) == "kanji" and (family := parts[0] if len(parts) == 2 else _listed_family(value)):
                    self._echoed.setdefault(family, name_norm(family))
        if not self._echoed:
            return []
        taken = sorted((r.start, r.end) for r in found if r.score >= 0.5)
        out = []
        for value, norm in self._echoed.items():
            at = text.find(value)
            while at >= 0:
                end = at + len(value)
                if not any(a < end and at < b for a, b in taken) and _stands_alone(text, at, end):
                    out.append(result("PERSON", at, end, _ECHO, recognizer="NameRecognizer", norm=norm, why=["a name of this document"]))
                    taken.append((at, end))
                at = text.find(value, end)
        return out


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing touches a name that would make it part of a longer word."""
    if end - start == 1:
        return (start == 0 or text[start - 1] in _BEFORE_SINGLE) and _AFTER_SINGLE.match(text, end) is not None
    if start and _INSIDE.match(text, start - 1):
        return False
    return end == len(text) or not _INSIDE.match(text, end) or text.startswith(_TITLES, end) or _DONE_BY.match(text, end) is not None


def _listed_family(value: str) -> str:
    """The family name of two characters or more that a whole name begins with, where the lists know both parts."""
    whole = split_name(value)
    return value[: len(whole[0])] if whole and len(whole[0]) > 1 and whole[1] in lexicon().given and whole[0] in lexicon().surnames else ""
