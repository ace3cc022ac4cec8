"""Which names that stand together in a text are one person's: 林 after 林 愛, a reading in brackets, what somebody is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from piiscan.detect.around import SAID_TO_BE_DEAD
from piiscan.detect.names.features import lexicon
from piiscan.detect.same_names import has_family, is_kin
from piiscan.model import Hit

__all__ = ["Mentions"]

#: What somebody is called is no longer: テツ, あゆみ.
_SHORT_NAME: Final = 5
#: Names of a document that are remembered, to know a family name again.
_NAMES: Final = 500
#: No family name alone is longer, and a name that is remembered has as many characters at least.
_FAMILY_NAME: Final = 3
#: What somebody is called as well begins no farther behind the name.
_BESIDE: Final = 40
_BLANK: Final = frozenset(" \u3000\r\n")
_LINE_END = re.compile(r"[ \u3000]*\r?\n[ \u3000]*")
_BRACKET = re.compile(r"[ \u3000]?[(（\[][ \u3000]?")
#: … with what it is: 陳 志明 副總（英語名 Jimmy Chen）.
_ALSO = re.compile(
    r"[^()（）\[\]、。,\n]{0,8}[(（\[][ \u3000]?(?:英語|英|日本|中国|通称|通|本|別|旧|芸|愛称|戸籍|ペン|クリスチャン|ビジネス)(?:名|ネーム)?[ \u3000]?[:：はが]?[ \u3000]?"
)
#: テツさんと呼んで: what somebody is called who was named before.
_CALLED_SO = re.compile(
    r"(?:さん|ちゃん|くん|君|先生)?[」』]?と(?:(?:も|は)?(?:呼|よ)[びばんぶ]|いう(?:愛称|ニックネーム|あだ名|呼び名)|の愛称)"
)


class Mentions:
    """The names of a document's text so far."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def one_norm_each(self, hits: Sequence[Hit], spans: Sequence[tuple[int, int]], text: str) -> list[Hit]:
        """Hits of one cluster, a person's with one compared form.

        :param spans: where each hit stands in ``text``.
        """
        out: list[Hit] = []
        before: tuple[int, str] | None = None
        for hit, (start, end) in zip(hits, spans, strict=True):
            if hit.entity == "PERSON":
                if before and (
                    (
                        start - before[0] <= _BESIDE
                        and (_BRACKET.fullmatch(text, before[0], start) or _ALSO.fullmatch(text, before[0], start))
                    )
                    or (len(hit.norm) <= _SHORT_NAME and _CALLED_SO.match(text, end) and text.find("\n", before[0], start) < 0)
                ):
                    hit = replace(hit, norm=before[1])
                elif (
                    before
                    and text[before[0]] in _BLANK
                    and _LINE_END.fullmatch(text, before[0], start)
                    and _is_family_then_given(before[1], hit.norm)
                ):
                    whole_name = before[1] + hit.norm  # a letter's 和泉, and 英寿様 on the next line
                    out[-1], hit = replace(out[-1], norm=whole_name), replace(hit, norm=whole_name)
                elif len(hit.norm) <= _FAMILY_NAME and not is_kin(hit) and SAID_TO_BE_DEAD not in hit.why:
                    whole = {name for name in self._names if name.startswith(hit.norm) and name != hit.norm}
                    if len(whole) == 1 and has_family(next(iter(whole)), hit.norm):
                        hit = replace(hit, norm=whole.pop())
                if len(hit.norm) >= _FAMILY_NAME and len(self._names) < _NAMES:
                    self._names.add(hit.norm)
                before = (end, hit.norm)
            out.append(hit)
        return out


def _is_family_then_given(family: str, given: str) -> bool:
    """Whether two names can only be the parts of one."""
    lists = lexicon()
    listed = given in lists.given or given in lists.given_readings  # ゆかり, as ユカリ
    return family in lists.surnames and listed and not lists.surnames.get(given)
