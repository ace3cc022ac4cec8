"""Dates that no label calls a birth date, and that a person's name before them does: 妻 山田 花子 S50.4.1, （山田様、昭和50年4月1日）.

A date behind a name may be that of anything, a signature or an approval, so between the two must stand what is said of a person:
a title, a relation, a sex, an age; or a label before the name asks for one. Asked of the names of a text only, each once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect import dates
from piiscan.detect.base import result, why_of
from piiscan.detect.normalize import fold

__all__ = ["born_beside"]

_SURE: Final = 0.5
#: A date behind the name of whoever wrote or approved something says when.
_WRITER = re.compile(
    r"label \S*(?:承認|作成|記入|記録|確認|報告|起案|更新|担当|受付|決裁|検印|署名|提出|発行|検査|点検|審査|撮影|著者|作者)"
)
_RELATION = (
    r"(?:(?:同居|別居)?(?:の)?(?:夫|妻|[祖義養実]?[父母]|配偶者|内縁の[夫妻]|[長次二三四五]?[男女](?![性子])|[兄弟姉妹甥姪嫁婿孫子]|[伯叔][父母]|子供|子ども|本人|世帯主|続柄[ :]?[一-鿿]{1,2})"
    r"|[男女]性?|[MF](?![a-z])|(?:満 ?)?[0-9]{1,3} ?[歳才])"
)
_DATE = (
    r"(?:(?:西暦 ?)?(?:19[0-9]{2}|20[0-2][0-9]) ?(?:年|(?P<s>[./\-・])) ?[0-9]{1,2} ?(?(s)(?P=s)|月) ?[0-9]{1,2}(?: ?日)?"
    r"|(?:大正|昭和|平成|令和|[大昭平令㍽㍼㍻㋿TSHR])\.? ?(?:元|[0-9]{1,2}|[〇一二三四五六七八九十]{1,3}) ?"
    r"(?:年(?: ?\((?:19|20)[0-9]{2}年?\))?|(?P<e>[./\-・])) ?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}) ?(?(e)(?P=e)|月) ?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?: ?日)?)"
)
#: Behind a name: its title, its reading, what is said of the person, and the date with nothing of its own behind it.
_BORN = re.compile(
    r"(?P<title>様|さま|さん|殿|氏|くん|君|ちゃん)?"
    r"(?: {0,2}[(\[](?![12][0-9]{3}|[SHTR大昭平令])[^()\[\]\n]{1,24}[)\]])?"
    rf"(?P<gap>[ \t]{{1,4}}| ?[(,、・] ?)"
    rf"(?P<said>(?:{_RELATION}(?:[ \t・、,/]{{1,3}})){{0,3}})"
    rf"(?P<date>{_DATE})"
    r"(?=[ \t]*(?:$|[\n)、,・。/|]|生(?!産|育|息|徒)|[\[(]|(?:満 ?)?[0-9]{1,3} ?[歳才]|[男女]性?(?![一-鿿])|〒|〠|[一-鿿]{2,3}[都道府県]|[一-鿿ぁ-ゖァ-ヺ]{1,7}[市区町村郡]|[一-鿿ァ-ヺー]{2,10}(?:$|[ \t\n)、])))"
    r"(?![ \t]*(?:付|から|より|まで|現在|時点|以降|没|死亡|逝去|永眠|入社|退社|入職|退職|採用|異動|着任|就任|作成|記入|承認|提出|受付|発行|更新|登録|撮影|受診|入院|退院|来所|訪問|面談|締結|洗礼|加入|入会|認定|交付|取得|[0-9]{1,2} ?[:時]))",
    re.MULTILINE,
)
#: What stands between a name and a birth date in its line is no longer.
_REACH: Final = 72
#: Without a relation that a child too may have, a date from this year on is that of something else as often.
_RECENT: Final = 2012


def born_beside(text: str, found: Sequence[RecognizerResult]) -> list[RecognizerResult]:
    """Birth dates behind the names of a text that were not found as such; those found and doubted are raised in place."""
    persons = [r for r in found if r.entity_type == "PERSON" and r.score >= _SURE]
    if not persons:
        return []
    folded = fold(text)
    known = [r for r in found if r.entity_type == "DATE_OF_BIRTH"]
    more: list[RecognizerResult] = []
    for person in persons:
        match = _BORN.match(folded, person.end, person.end + _REACH)
        if match is None or (date := dates.parse(match["date"])) is None or not date.day or not date.plausible_birth():
            continue
        why = " ".join(why_of(person))
        if not (match["said"] or match["title"] or "label " in why) or _WRITER.search(why):
            continue
        if date.year >= _RECENT and not match["said"]:
            continue
        start, end = match.span("date")
        doubted = [r for r in known if r.start < end and start < r.end]
        for other in doubted:
            if other.score < _SURE:
                other.score = 0.75
                other.recognition_metadata["why"] = (*why_of(other), "behind a person's name")
        if not doubted:
            more.append(
                result("DATE_OF_BIRTH", start, end, 0.75, recognizer="DATE_OF_BIRTH", norm=date.iso, why=("behind a person's name",))
            )
    return more
