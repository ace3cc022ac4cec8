"""Telephones, addresses and mailboxes of firms and offices in a text (代表電話：…, 広報部 03-…, 所在地：…): not of whom the text names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.checks import is_role_address
from piiscan.detect.normalize import fold
from piiscan.model import Hit

__all__ = ["without_institutions"]

_CONTACT: Final = frozenset({"PHONE_NUMBER", "EMAIL_ADDRESS", "JP_ADDRESS"})
_MOBILE: Final = ("070", "080", "090", "060")
#: How far before a value, in its line, what it is of stands.
_BEFORE: Final = 30
_SIGN = r"[ \t]*(?:\((?:代表|代|直通)\))?(?:(?:電話|TEL|Tel|℡|FAX|Fax)(?:番号)?)?[ \t]*[:：]?[ \t]*"
_OF_AN_OFFICE = re.compile(
    r"(?:代表(?:電話(?:番号)?|TEL|番号)|代表・?FAX|(?:報道|取材|採用|ご?予約|ご?意見|苦情|受診|入学|ご?注文|各種)?(?:に関する)?(?:の|関係者?の?)?お?問い?合わ?せ(?:先|窓口)?|広報(?:部|課|室|担当)?|案内所|観光案内|相談窓口|総合窓口|窓口"
    r"|コールセンター|お客様(?:相談|サービス|センター)[^\s]{0,6}|カスタマー[^\s]{0,8}|フリーダイヤル|道の駅[^\s]{0,10}|保健(?:センター|所)|図書館|公民館|市役所|役場|区役所)"
    + _SIGN
    + "$"
)
_WHERE_IT_IS = re.compile(
    r"(?:所在地|本社(?:所在地)?|本店(?:所在地)?|会社所在地|事業所|営業所|会場|開催場所|アクセス)"
    + _SIGN
    + r"(?:〒?[ ]?[0-9]{3}-[0-9]{4}[ ]?)?$"
)


def without_institutions(hits: Sequence[Hit], results: Sequence[RecognizerResult], text: str) -> tuple[list[Hit], list[Hit]]:
    """Hits that stand together without those that are a firm's or office's and in whose line nobody is named, and these.

    :param results: what each hit was made of.
    """
    own: list[Hit] = []
    offices: list[Hit] = []
    persons = [r.start for r in results if r.entity_type == "PERSON"]
    last = -1  # where the line of the last one ends
    for hit, result in zip(hits, results, strict=True):
        theirs = False
        if hit.entity in _CONTACT:
            start, end = text.rfind("\n", 0, result.start) + 1, text.find("\n", result.end)
            end = end if end >= 0 else len(text)
            fax = hit.entity == "PHONE_NUMBER" and result.end <= last and not hit.norm.startswith(_MOBILE)  # 代表電話：…　FAX：…
            theirs = (fax or _is_of_one(hit, result.start, start, text)) and not any(start <= person < end for person in persons)
            last = end if theirs else last
        (offices if theirs else own).append(hit)
    return own, offices


def _is_of_one(hit: Hit, at: int, line: int, text: str) -> bool:
    """Whether a contact is that of a firm or office by itself, or by what stands before it in its line."""
    if hit.entity == "EMAIL_ADDRESS":
        return is_role_address(hit.norm)
    if hit.entity == "PHONE_NUMBER" and hit.norm.startswith(_MOBILE):
        return False
    said = _WHERE_IT_IS if hit.entity == "JP_ADDRESS" else _OF_AN_OFFICE
    return said.search(fold(text), max(line, at - _BEFORE), at) is not None
