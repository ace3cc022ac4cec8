"""Of which names something may be said: not of those who only treat, write or teach, nor of what a model alone takes for a name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import is_modelled, norm_of, why_of
from piiscan.detect.names import NameRecognizer
from piiscan.detect.names.families import is_family
from piiscan.detect.normalize import fold
from piiscan.detect.passes.hits import norm_in
from piiscan.detect.sensitive import SensitiveRecognizer

__all__ = ["Workers", "is_somebody"]

#: A name that only the model sees is somebody from this score on.
_SURE_NAME: Final = 0.98
#: … or from the reporting threshold on when the lists know family and given name.
_LISTED_NAME: Final = 0.9
#: A family name alone that only the model sees: from this score on where lists know it as one, from less in a short note.
_SURE_SURNAME: Final = 0.9
_LISTED_SURNAME: Final = 0.45
_SURNAME_IN_NOTE: Final = 0.7
#: How far behind a name its bearer's state may be said: 大西、腱鞘炎だって.
_SAID_OF: Final = 20
#: … of one whom the sentence begins with, or who is named by his part: 石動は…, 2年B組の早見は…
_SAID_OF_TOPIC: Final = 50
_TOPIC_NAME: Final = 0.55
_SURE_TOPIC: Final = 0.95
_TOPIC = re.compile("[はがも、]")
_BEGINNING: Final = 4
_BEGINS = re.compile(r"(?:(?:^|\n|[。・])[ \u3000]?|[一-龠ァ-ヶー][の、])$")
#: 財前の件：主治医と面談。
_MATTER = re.compile("の件(?:$|[:：、はで。\n])")
_SENTENCE_END = re.compile(r"[。\n]")
_NOTE_CHARS: Final = 80
#: 木村の母は: what follows is said of somebody in the family of one who is named.
_KIN = re.compile(
    r"の(?:実?[父母](?:親|さん)?|お(?:父|母|じい|ばあ)さん|祖[父母]|両親|[兄弟姉妹](?:さん)?|[長次三][男女]|息子|娘|子(?:ども|供)?|夫|妻|主人|家内|奥さん|旦那)(?:さん)?(?:は|が|も|に|、)"
)
#: From this score on a family name is believed there.
_KIN_NAME: Final = 0.9
_ANY_HONORIFIC = re.compile(r"[ \u3000]{0,2}(?:様|さま|さん|殿|氏|君|くん|ちゃん)")
#: How an article calls an expert whom it has named in full.
_OF_AN_EXPERT = re.compile(r"氏|さん|先生|医師|院長|教授")
#: 橋本　収大, チャン・ティ・ラン: written as names are.
_PARTED = re.compile(r"[㐀-鿿々ぁ-ゖァ-ヺー][ \u3000・][㐀-鿿々ぁ-ゖァ-ヺー]")
#: How many mentions of names are remembered, and how much around them, to know later who only writes or teaches.
_MENTIONS: Final = 40
#: Of so many names nobody is asked about in vain before all are asked about at once (bounded memory).
_NAMES: Final = 400
_BEFORE_NAME: Final = 80
_AFTER_NAME: Final = 40
_FAMILY_NAME: Final = 2


class Workers:
    """Those of a document's people who treat, write or teach; asked once something sensitive is found."""

    def __init__(self, sensitive: SensitiveRecognizer) -> None:
        self._sensitive = sensitive
        # of each compared form the lines that were not asked about yet, with the name's place in them
        self._mentions: dict[str, list[tuple[str, int, int]]] = {}
        self._noted = 0  # since somebody was asked about
        self._norms: set[str] = set()

    def note(self, found: Sequence[RecognizerResult], text: str) -> None:
        """Remember how whole names stand."""
        if self._noted > _MENTIONS:
            return
        folded = fold(text)
        for r in found:
            if r.entity_type == "PERSON" and len(norm := norm_in(r, text)) > _FAMILY_NAME:
                line = max(text.rfind("\n", max(0, r.start - _BEFORE_NAME), r.start) + 1, r.start - _BEFORE_NAME, 0)
                around = folded[line : r.end + _AFTER_NAME]
                self._mentions.setdefault(norm, []).append((around, r.start - line, r.end - line))
                self._noted += 1

    def has(self, result: RecognizerResult, text: str) -> bool:
        """Whether some mention of the name says that its bearer treats, writes or teaches, and nothing here that he is somebody else."""
        self._noted = 0
        if len(self._mentions) > _NAMES:
            for one in list(self._mentions):
                self._works(one)
        norm = norm_in(result, text)
        if self._works(norm):
            return not _ANY_HONORIFIC.match(text, result.end)
        if len(norm) < _FAMILY_NAME or not _OF_AN_EXPERT.match(text, result.end):
            return False
        # 相川氏 of 院長・相川俊哉氏
        return any(self._works(one) for one in (*self._norms, *self._mentions) if one.startswith(norm))

    def _works(self, norm: str) -> bool:
        if norm not in self._norms and any(self._sensitive.only_works(*mention) for mention in self._mentions.pop(norm, ())):
            self._norms.add(norm)
        return norm in self._norms


def is_somebody(result: RecognizerResult, text: str, states: Sequence[int], names: NameRecognizer) -> bool:
    """Whether a name is sure enough that something may be said of its bearer: labelled, addressed, a whole name, or before a state (at ``states``).

    A model alone takes 小網 and spicula in a case report for names; 中島翔太 the lists know by both its parts.
    """
    if not is_modelled(why_of(result)) or _ANY_HONORIFIC.match(text, result.end):
        return True
    if result.score >= _KIN_NAME and (_KIN.match(text, result.end) or _MATTER.match(text, result.end)):
        return True
    if len(norm_of(result)) <= _FAMILY_NAME:
        return _is_somebody_by_family_name(result, text, states, names)
    if result.score >= _SURE_NAME or _PARTED.search(text, result.start, result.end):
        return True
    name = text[result.start : result.end]
    if is_family(name):  # of three signs: 佐久間
        return _is_somebody_by_family_name(result, text, states, names)
    return names.is_listed(name, _LISTED_NAME)


def _is_somebody_by_family_name(result: RecognizerResult, text: str, states: Sequence[int], names: NameRecognizer) -> bool:
    if text.startswith("ら", result.end):  # 大森ら(2012)
        return False
    following = states[bisect_right(states, result.end) :][:1]
    sure = bool(result.score >= _SURE_SURNAME)
    topic = _TOPIC.match(text, result.end) and _BEGINS.search(text, max(0, result.start - _BEGINNING), result.start)
    if (
        following
        and following[0] - result.end <= (_SAID_OF_TOPIC if topic else _SAID_OF)
        and not _SENTENCE_END.search(text, result.end, following[0])
    ):
        return sure or bool(topic and result.score >= _TOPIC_NAME) or names.is_listed(text[result.start : result.end], _LISTED_SURNAME)
    if topic and result.score >= _SURE_TOPIC:
        return True
    if _is_in_note(result, text):
        return bool(result.score >= _SURNAME_IN_NOTE)
    return sure and names.is_listed(text[result.start : result.end], _LISTED_SURNAME)


def _is_in_note(name: RecognizerResult, text: str) -> bool:
    """Whether a name stands in a short line without a full stop, as a list or a note has it: 配慮事項: 笹原(難聴)、矢島(車いす)"""
    start = text.rfind("\n", 0, name.start) + 1
    end = text.find("\n", name.end)
    line = text[start : end if end >= 0 else len(text)]
    return len(line) <= _NOTE_CHARS and "。" not in line
