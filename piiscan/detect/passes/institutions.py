"""Telephones, addresses and mailboxes of firms and offices in a text (代表電話：…, 広報部 03-…, 所在地：…): not of whom the text names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from presidio_analyzer import RecognizerResult

from piiscan.detect.base import norm_of
from piiscan.detect.checks import is_role_address
from piiscan.detect.normalize import fold

__all__ = ["of_institutions"]

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


def of_institutions(results: Sequence[RecognizerResult], text: str) -> list[bool]:
    """Of each of the results that stand together: whether it is a firm's or office's, and nobody is named in its line."""
    persons = [r for r in results if r.entity_type == "PERSON"]
    out: list[bool] = []
    last = -1  # where the line of the last one ends
    for r in results:
        fax = r.entity_type == "PHONE_NUMBER" and r.end <= last and not norm_of(r).startswith(_MOBILE)  # 代表電話：…　FAX：…
        out.append(r.entity_type in _CONTACT and (fax or _is_of_one(r, text)) and not _is_named(r, persons, text))
        if out[-1]:
            end = text.find("\n", r.end)
            last = end if end >= 0 else len(text)
    return out


def _is_of_one(result: RecognizerResult, text: str) -> bool:
    norm = norm_of(result)
    if result.entity_type == "EMAIL_ADDRESS":
        return is_role_address(norm)
    if result.entity_type == "PHONE_NUMBER" and norm.startswith(_MOBILE):
        return False
    begin = max(text.rfind("\n", 0, result.start) + 1, result.start - _BEFORE)
    before = fold(text[begin : result.start])
    return (_WHERE_IT_IS if result.entity_type == "JP_ADDRESS" else _OF_AN_OFFICE).search(before) is not None


def _is_named(result: RecognizerResult, persons: Sequence[RecognizerResult], text: str) -> bool:
    start = text.rfind("\n", 0, result.start) + 1
    end = text.find("\n", result.end)
    return any(start <= person.start and (end < 0 or person.end <= end) for person in persons)
